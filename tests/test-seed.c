/* test-seed.c: the CDs that a guest is given, read back
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-seed.h"

#include <archive.h>
#include <archive_entry.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "cvm-json.h"

#define KEY   "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGxYy1 tester@example"
#define LABEL (16 * 2048 + 40)   /* of the first volume: ECMA-119 8.4.7 */

typedef struct
{
  char *dir;
  char *path;
} Fixture;

/* Libarchive asks this for the time, so that a CD can be made on any day */
static time_t now = 1000000000;

time_t
time (time_t *at)
{
  if (at != NULL)
    *at = now;

  return now;
}

static void
set_up (Fixture       *f,
        gconstpointer  data)
{
  f->dir = g_dir_make_tmp ("cvm-seed-XXXXXX", NULL);
  f->path = g_build_filename (f->dir, "seed.iso", NULL);
}

static void
tear_down (Fixture       *f,
           gconstpointer  data)
{
  g_unlink (f->path);
  g_assert_cmpint (g_rmdir (f->dir), ==, 0);   /* and nothing else was there */
  g_free (f->dir);
  g_free (f->path);
}

/* Name → text, as libarchive reads the CD; with the label, if it is the first volume's too */
static GHashTable *
read_cd (const char *path,
         const char *label)
{
  GHashTable *files = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  struct archive *archive = archive_read_new ();
  struct archive_entry *entry;
  g_autofree char *bytes = NULL;
  gsize len;

  g_assert_true (g_file_get_contents (path, &bytes, &len, NULL));
  g_assert_cmpint (g_ascii_strncasecmp (bytes + LABEL, label, strlen (label)), ==, 0);

  archive_read_support_format_iso9660 (archive);
  g_assert_cmpint (archive_read_open_memory (archive, bytes, len), ==, ARCHIVE_OK);
  while (archive_read_next_header (archive, &entry) == ARCHIVE_OK)
    {
      char *text;

      if (archive_entry_filetype (entry) != AE_IFREG)
        continue;

      text = g_malloc0 (archive_entry_size (entry) + 1);
      g_assert_cmpint (archive_read_data (archive, text, archive_entry_size (entry)), ==, archive_entry_size (entry));
      g_assert_cmpint (archive_entry_mtime (entry), ==, 0);
      g_hash_table_insert (files, g_strdup (archive_entry_pathname (entry)), text);
    }

  archive_read_free (archive);

  return files;
}

static JsonNode *
parse (GHashTable *files,
       const char *name,
       const char *head)
{
  const char *text = g_hash_table_lookup (files, name);
  g_autoptr(GError) error = NULL;
  JsonNode *node;

  g_assert_nonnull (text);
  g_assert_true (g_str_has_prefix (text, head));
  text += strlen (head);
  node = cvm_json_parse (text, strlen (text), 65536, &error);
  g_assert_no_error (error);

  return node;
}

static void
test_seed (Fixture       *f,
           gconstpointer  data)
{
  CvmSeed seed = { "debian", "# mine\n" KEY "\n\n", "box-1" };
  g_autoptr(GError) error = NULL;
  g_autoptr(GHashTable) files = NULL;
  g_autoptr(JsonNode) user_data = NULL;
  g_autoptr(JsonNode) meta_data = NULL;
  g_autoptr(JsonNode) network = NULL;
  JsonObject *user;

  cvm_seed_write (&seed, f->path, &error);
  g_assert_no_error (error);
  files = read_cd (f->path, "cidata ");
  user_data = parse (files, "user-data", "#cloud-config\n");
  meta_data = parse (files, "meta-data", "");
  network = parse (files, "network-config", "");

  user = json_array_get_object_element (json_object_get_array_member (json_node_get_object (user_data), "users"), 0);
  g_assert_cmpstr (cvm_json_string (user, "name", ""), ==, "debian");
  g_assert_cmpstr (json_array_get_string_element (json_object_get_array_member (user, "ssh_authorized_keys"), 0), ==, KEY);
  g_assert_cmpstr (cvm_json_string (json_node_get_object (meta_data), "local-hostname", ""), ==, "box-1");
  g_assert_true (g_str_has_prefix (cvm_json_string (json_node_get_object (meta_data), "instance-id", ""), "cvmtester-"));
  g_assert_cmpint (cvm_json_int (json_node_get_object (network), "version", 0), ==, 2);
}

static void
test_root (Fixture       *f,
           gconstpointer  data)
{
  CvmSeed seed = { "root", KEY, "box" };
  g_autoptr(GHashTable) files = NULL;
  g_autoptr(JsonNode) user_data = NULL;

  g_assert_true (cvm_seed_write (&seed, f->path, NULL));
  files = read_cd (f->path, "cidata ");
  user_data = parse (files, "user-data", "#cloud-config\n");
  g_assert_false (cvm_json_boolean (json_node_get_object (user_data), "disable_root", TRUE));
}

static char *
id_of (Fixture    *f,
       const char *user)
{
  CvmSeed seed = { user, KEY, "box" };
  g_autoptr(GHashTable) files = NULL;
  g_autoptr(JsonNode) meta_data = NULL;

  g_assert_true (cvm_seed_write (&seed, f->path, NULL));
  files = read_cd (f->path, "cidata ");
  meta_data = parse (files, "meta-data", "");

  return g_strdup (cvm_json_string (json_node_get_object (meta_data), "instance-id", ""));
}

/* Another seed is another instance: cloud-init does its work once for each */
static void
test_instance (Fixture       *f,
               gconstpointer  data)
{
  g_autofree char *first = id_of (f, "one");
  g_autofree char *same = id_of (f, "one");
  g_autofree char *other = id_of (f, "other");

  g_assert_cmpstr (first, ==, same);
  g_assert_cmpstr (first, !=, other);
}

static void
test_same_bytes (Fixture       *f,
                 gconstpointer  data)
{
  CvmSeed seed = { "debian", KEY, "box-1" };
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  gsize first_len, second_len;

  g_assert_true (cvm_seed_write (&seed, f->path, NULL));
  g_assert_true (g_file_get_contents (f->path, &first, &first_len, NULL));
  now += 40 * 24 * 60 * 60 + 12345;
  g_assert_true (cvm_seed_write (&seed, f->path, NULL));
  g_assert_true (g_file_get_contents (f->path, &second, &second_len, NULL));
  g_assert_cmpmem (first, first_len, second, second_len);
}

static void
test_context (Fixture       *f,
              gconstpointer  data)
{
  static const char user_data[] = "[amiconfig]\nplugins=cernvm\n\"$(reboot)\"\n";
  g_autofree char *packed = g_base64_encode ((const guchar *)user_data, strlen (user_data));
  g_autofree char *script = g_strdup_printf ("EC2_USER_DATA=\"%s\"\nONE_CONTEXT_PATH=\"/var/lib/amiconfig\"\n", packed);
  g_autoptr(GHashTable) files = NULL;
  struct stat info;

  g_assert_true (cvm_seed_write_context (user_data, strlen (user_data), f->path, NULL));
  files = read_cd (f->path, "CONTEXT_INFO ");
  g_assert_cmpstr (g_hash_table_lookup (files, "context.sh"), ==, script);
  g_assert_cmpstr (g_hash_table_lookup (files, "prolog.sh"), ==, "");
  g_assert_cmpint (stat (f->path, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0600);
}

static void
test_context_size (Fixture       *f,
                   gconstpointer  data)
{
  g_autofree char *much = g_strnfill (16 * 1024 + 1, 'x');
  g_autoptr(GError) error = NULL;

  g_assert_true (cvm_seed_write_context (much, 16 * 1024, f->path, NULL));
  g_assert_cmpint (g_unlink (f->path), ==, 0);
  g_assert_false (cvm_seed_write_context (much, 16 * 1024 + 1, f->path, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  g_assert_false (cvm_seed_write_context ("", 0, f->path, NULL));
}

static const struct { const char *name; CvmSeed seed; const char *what; } refused[] = {
  { "user-empty", { "", KEY, "box" }, "no user's name" },
  { "user-shell", { "a;reboot", KEY, "box" }, "'a;reboot' is no user's name" },
  { "user-newline", { "debian\n", KEY, "box" }, "no user's name" },
  { "user-long", { "abcdefghijklmnopqrstuvwxyz0123456", KEY, "box" }, "no user's name" },
  { "host-dots", { "debian", KEY, "../box" }, "no host name" },
  { "host-dash", { "debian", KEY, "-box" }, "no host name" },
  { "key-none", { "debian", "# nothing\n", "box" }, "there is nothing in it" },
  { "key-other", { "debian", KEY "\nhello world", "box" }, "'hello world' is no public key" },
  { "key-private", { "debian", "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA", "box" }, "that is a private key" },
};

static void
test_refused (Fixture       *f,
              gconstpointer  data)
{
  const typeof (refused[0]) *r = data;
  g_autoptr(GError) error = NULL;

  g_assert_false (cvm_seed_write (&r->seed, f->path, &error));
  g_test_message ("%s", error->message);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  g_assert_nonnull (strstr (error->message, r->what));
  g_assert_false (g_file_test (f->path, G_FILE_TEST_EXISTS));
}

#define ADD(path, test) g_test_add ("/seed/" path, Fixture, NULL, set_up, test, tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("nocloud", test_seed);
  ADD ("root", test_root);
  ADD ("instance", test_instance);
  ADD ("same-bytes", test_same_bytes);
  ADD ("context", test_context);
  ADD ("context-size", test_context_size);
  for (gsize i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_autofree char *path = g_strconcat ("/seed/refused/", refused[i].name, NULL);

      g_test_add (path, Fixture, &refused[i], set_up, test_refused, tear_down);
    }

  return g_test_run ();
}
