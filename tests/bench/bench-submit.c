/* bench-submit.c: a large report and a large attachment to the stand-in server, in little memory
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * 20 MB of TAP with 200 000 points and a file of 100 MB that does not compress, from their folder into
 * the spool, to the server, and read back. Fails when the program's own memory is ever over 64 MiB. */
#include "cvm-spool.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cvm-peer-tapper.h"

#define N_POINTS  200000
#define FILE_SIZE (100 * 1024 * 1024)
#define LIMIT_MIB 64.0

/* Of this program alone: ru_maxrss also counts what the parent had when it forked */
static double
peak_mib (void)
{
  g_autofree char *status = NULL;
  const char *peak;

  if (!g_file_get_contents ("/proc/self/status", &status, NULL, NULL))
    return 0;

  peak = strstr (status, "VmHWM:");

  return peak != NULL ? g_ascii_strtod (peak + strlen ("VmHWM:"), NULL) / 1024.0 : 0;
}

static void
write_report (const char *path)
{
  FILE *file = fopen (path, "w");

  g_assert_nonnull (file);
  fprintf (file, "1..%d\n# Tapper-Suite-Name: large\n", N_POINTS);
  for (guint i = 1; i <= N_POINTS; i++)
    fprintf (file, "ok %u - a point with a description that is as long as they are, and a little "
             "longer, to make 100 bytes\n", i);
  g_assert_cmpint (fclose (file), ==, 0);
}

static void
write_file (const char *path)
{
  g_autoptr(GRand) rand = g_rand_new_with_seed (1);
  FILE *file = fopen (path, "w");

  g_assert_nonnull (file);
  for (guint i = 0; i < FILE_SIZE / 4096; i++)
    {
      guint32 block[1024];

      for (guint j = 0; j < G_N_ELEMENTS (block); j++)
        block[j] = g_rand_int (rand);
      g_assert_cmpuint (fwrite (block, sizeof block, 1, file), ==, 1);
    }
  g_assert_cmpint (fclose (file), ==, 0);
}

typedef struct
{
  guint    n_pieces;
  char    *says;
  gboolean is_done;
} Told;

static void
on_step (const CvmSpoolEntry *entry,
         gpointer             data)
{
  Told *told = data;

  g_free (told->says);
  told->says = cvm_spool_entry_describe (entry);
  told->is_done = entry->state == CVM_SPOOL_DONE;
}

static void
on_progress (const CvmSpoolEntry *entry,
             const char          *what,
             guint64              done,
             guint64              total,
             gpointer             data)
{
  ((Told *)data)->n_pieces++;
}

static double
submit (CvmPeerTapper *peer,
        const char    *folder,
        Told          *told)
{
  g_autofree char *receiver = g_strdup_printf ("127.0.0.1:%u", peer->receiver);
  g_autofree char *api = g_strdup_printf ("127.0.0.1:%u", peer->api);
  g_autofree char *web = g_strdup_printf ("http://127.0.0.1:%u/tapper", peer->web);
  g_autoptr(CvmTapperServer) server = cvm_tapper_server_new (NULL, receiver, api, web, NULL);
  g_autofree char *spool_path = g_build_filename (folder, "spool", NULL);
  g_autofree char *path = g_build_filename (folder, "large.tap", NULL);
  g_autofree char *core = g_build_filename (folder, "core", NULL);
  CvmSpoolLimits limits = { .confirm_ms = 120000 };
  g_autoptr(CvmSpool) spool = cvm_spool_new (spool_path, &limits);
  CvmSpoolFile file = { core };
  CvmSpoolReport report = { server, path, NULL, &file, 1 };
  CvmSpoolFlush how = { .is_now = TRUE, .on_step = on_step, .on_progress = on_progress, .data = told };
  gint64 begun_us = g_get_monotonic_time ();
  g_autoptr(GError) error = NULL;
  guint64 number;

  write_report (path);
  write_file (core);
  begun_us = g_get_monotonic_time ();
  if (!cvm_spool_add (spool, &report, &number, NULL, &error) ||
      !cvm_spool_flush (spool, &how, NULL, &error))
    g_error ("%s", error->message);

  return (g_get_monotonic_time () - begun_us) / 1e6;
}

int
main (int    argc,
      char **argv)
{
  g_autofree char *folder = NULL;
  CvmPeerTapper *peer;
  Told told = { 0 };
  double seconds;

  g_test_init (&argc, &argv, NULL);
  folder = g_dir_make_tmp ("cvm-bench-submit-XXXXXX", NULL);
  peer = cvm_peer_tapper_new ();
  seconds = submit (peer, folder, &told);
  cvm_peer_tapper_free (peer);
  cvm_peer_tapper_remove_tree (folder);

  printf ("20 MB of TAP, 100 MB attached: %.1f s, %u pieces, %.1f MiB at most (limit %.0f): %s\n",
          seconds, told.n_pieces, peak_mib (), LIMIT_MIB, told.says);
  g_free (told.says);

  return told.is_done && peak_mib () <= LIMIT_MIB ? EXIT_SUCCESS : EXIT_FAILURE;
}
