/* driver.c: replays a fuzz target's corpus where libFuzzer is absent
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Every file given, or lying in a folder given, is run as it is and then with a few seeded
 * changes, the same ones each time. */
#include <glib.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define N_CHANGED 500

int LLVMFuzzerTestOneInput (const uint8_t *data,
                            size_t         size);

/* Each input lies in a block of its own size, so that a sanitizer sees the byte behind it. */
static void
run_exactly (const char *bytes,
             gsize       len)
{
  g_autofree guint8 *exact = g_memdup2 (bytes, len);

  LLVMFuzzerTestOneInput (exact, len);
}

static void
change (GString *bytes,
        GRand   *rand)
{
  gsize at = g_rand_int_range (rand, 0, bytes->len + 1);
  gsize wanted = g_rand_int_range (rand, 1, 16);   /* not within MIN, which would draw twice */
  gsize len = MIN (wanted, bytes->len - at);
  g_autofree char *piece = g_strndup (bytes->str + at, len);

  switch (g_rand_int_range (rand, 0, 4))
    {
    case 0:
      g_string_erase (bytes, at, len);
      break;
    case 1:
      g_string_insert_len (bytes, g_rand_int_range (rand, 0, bytes->len + 1), piece, len);
      break;
    case 2:
      g_string_insert_c (bytes, at, g_rand_int_range (rand, 0, 256));
      break;
    default:
      if (at < bytes->len)
        bytes->str[at] ^= 1 << g_rand_int_range (rand, 0, 8);
      break;
    }
}

static void
replay_file (const char *path)
{
  g_autoptr(GRand) rand = g_rand_new_with_seed (1);
  g_autoptr(GError) error = NULL;
  g_autofree char *bytes = NULL;
  gsize len;

  if (!g_file_get_contents (path, &bytes, &len, &error))
    g_error ("%s", error->message);

  g_print ("%s\n", path);
  run_exactly (bytes, len);
  for (guint i = 0; i < N_CHANGED; i++)
    {
      g_autoptr(GString) changed = g_string_new_len (bytes, len);

      for (int n = g_rand_int_range (rand, 1, 5); n > 0; n--)
        change (changed, rand);
      run_exactly (changed->str, changed->len);
    }
}

static guint
replay (const char *path)
{
  g_autoptr(GDir) folder = g_dir_open (path, 0, NULL);
  const char *name;
  guint n = 0;

  if (folder == NULL)
    {
      replay_file (path);
      return 1;
    }

  while ((name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *inner = g_build_filename (path, name, NULL);

      n += replay (inner);
    }

  return n;
}

int
main (int    argc,
      char **argv)
{
  guint n = 0;

  run_exactly ("", 0);
  for (int i = 1; i < argc; i++)
    n += replay (argv[i]);

  /* A corpus that cannot be found must not pass for one that holds. */
  return n > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
