/* test-tapper-safe.c: what a Tapper server would lose, and what it takes
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-tapper-safe.h"

#include <archive.h>
#include <archive_entry.h>
#include <glib/gstdio.h>
#include <string.h>

#include "cvm-tapper-error.h"

typedef struct
{
  const char *name;
  const char *bytes;
  gssize      len;       /* -1: to the NUL */
  const char *reason;    /* NULL: it is taken */
} Row;

static const Row rows[] = {
  { "plan first", "1..1\nok\n", -1, NULL },
  { "version first", "TAP version 13\n1..1\nok\n", -1, NULL },
  { "tabs and CR LF", "1..1\r\nok\t1\r\n", -1, NULL },
  { "UTF-8 behind 32 bytes", "1..1\n# 90123456789012345678901234\nok - \xc3\xbc\n", -1, NULL },
  { "NUL behind 32 bytes", "1..1\n# 901234567890123456789012\nok\0\n", 36, NULL },
  { "UTF-8 at byte 32", "1..1\n# 90123456789012345678901\xc3\xbc\n", -1, "its first 32 bytes" },
  { "BOM", "\xef\xbb\xbf" "1..1\nok\n", -1, "its first 32 bytes" },
  { "ESC", "1..1\n\033[0mok\n", -1, "its first 32 bytes" },
  { "NUL", "1..1\n\0ok\n", 9, "its first 32 bytes" },
  { "empty", "", 0, "it is empty" },
  { "bzip2", "BZh91AY&SY", -1, "it is a .bz2" },
  { "gzip, cut", "\x1f\x8b\x08\0\0\0\0\0", 8, "no .tar.gz" },
  { "bad header", "1..1\nok\n# Tapper-hardwaredb-systems-id: 5\n", -1, "Hardwaredb" },
  { "bad header, another spelling", "1..1\n#  TEST-HardwareDB-Systems-Id:5\nok\n", -1, "Hardwaredb" },
  { "bad header without a value", "1..1\nok\n# Tapper-hardwaredb-systems-id:  \n", -1, NULL },
  { "bad header, indented", "1..1\nok\n  # Tapper-hardwaredb-systems-id: 5\n", -1, NULL },
  { "another header", "1..1\nok\n# Tapper-hardwaredb-systems-idx: 5\n", -1, NULL },
};

static void
check (const char *path,
       const char *reason,
       gboolean    is_archive)
{
  g_autoptr(GError) error = NULL;
  gboolean found = FALSE;
  gboolean is_safe = cvm_tapper_safe_check (path, "FILE", &found, NULL, &error);

  if (reason == NULL)
    {
      g_assert_no_error (error);
      g_assert_cmpint (found, ==, is_archive);
      return;
    }

  g_assert_false (is_safe);
  g_assert_error (error, CVM_TAPPER_ERROR, CVM_TAPPER_ERROR_WOULD_LOSE);
  g_assert_true (g_str_has_prefix (error->message, "FILE is not sent"));
  if (strstr (error->message, reason) == NULL)
    g_error ("%s", error->message);
}

static char *
new_path (void)
{
  g_autofree char *dir = g_dir_make_tmp ("cvm-safe-XXXXXX", NULL);

  return g_build_filename (dir, "report", NULL);
}

static void
remove_path (const char *path)
{
  g_autofree char *dir = g_path_get_dirname (path);

  g_unlink (path);
  g_rmdir (dir);
}

static void
test_row (gconstpointer data)
{
  const Row *row = data;
  g_autofree char *path = new_path ();

  g_assert_true (g_file_set_contents (path, row->bytes, row->len, NULL));
  check (path, row->reason, FALSE);
  remove_path (path);
}

typedef struct
{
  const char *name;
  const char *members[4];   /* name, bytes, name, bytes */
  gboolean    is_packed;
  const char *reason;
} Archive;

#define META "---\nfile_order:\n  - t/00-load.t\n"

static const Archive archives[] = {
  { "good", { "meta.yml", META, "t/00-load.t", "1..1\nok\n" }, TRUE, NULL },
  { "meta last", { "t/00-load.t", "1..1\nok\n", "meta.yml", META }, TRUE, NULL },
  { "./ before a test", { "meta.yml", META, "./t/00-load.t", "1..1\nok\n" }, TRUE, NULL },
  { "no meta", { "t/00-load.t", "1..1\nok\n" }, TRUE, "no member meta.yml" },
  { "./meta.yml", { "./meta.yml", META, "t/00-load.t", "1..1\nok\n" }, TRUE, "no member meta.yml" },
  { "no order", { "meta.yml", "---\nstart_time: 1\n", "t/00-load.t", "1..1\nok\n" }, TRUE, "no file_order" },
  { "no YAML", { "meta.yml", "---\n{[", "t/00-load.t", "1..1\nok\n" }, TRUE, "no file_order" },
  { "bad header in a test", { "meta.yml", META, "t/00-load.t", "1..1\nok\n# Tapper-hardwaredb-systems-id: 1\n" },
    TRUE, "Hardwaredb" },
  { "not packed", { "meta.yml", META, "t/00-load.t", "1..1\nok\n" }, FALSE, "plain .tar" },
};

static void
write_archive (const Archive *row,
               const char    *path)
{
  struct archive *archive = archive_write_new ();
  struct archive_entry *entry = archive_entry_new ();

  if (row->is_packed)
    archive_write_add_filter_gzip (archive);
  archive_write_set_format_ustar (archive);
  g_assert_cmpint (archive_write_open_filename (archive, path), ==, ARCHIVE_OK);

  for (guint i = 0; i < G_N_ELEMENTS (row->members) && row->members[i] != NULL; i += 2)
    {
      gsize len = strlen (row->members[i + 1]);

      archive_entry_clear (entry);
      archive_entry_set_pathname (entry, row->members[i]);
      archive_entry_set_size (entry, len);
      archive_entry_set_filetype (entry, AE_IFREG);
      archive_entry_set_perm (entry, 0644);
      g_assert_cmpint (archive_write_header (archive, entry), ==, ARCHIVE_OK);
      g_assert_cmpint (archive_write_data (archive, row->members[i + 1], len), ==, len);
    }

  archive_entry_free (entry);
  archive_write_free (archive);
}

static void
test_archive (gconstpointer data)
{
  const Archive *row = data;
  g_autofree char *path = new_path ();

  write_archive (row, path);
  check (path, row->reason, TRUE);
  remove_path (path);
}

static void
test_no_file (void)
{
  g_autoptr(GError) error = NULL;
  gboolean is_archive;

  g_assert_false (cvm_tapper_safe_check ("/", "/", &is_archive, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strconcat ("/tapper-safe/", rows[i].name, NULL);

      g_test_add_data_func (path, &rows[i], test_row);
    }
  for (guint i = 0; i < G_N_ELEMENTS (archives); i++)
    {
      g_autofree char *path = g_strconcat ("/tapper-safe/archive/", archives[i].name, NULL);

      g_test_add_data_func (path, &archives[i], test_archive);
    }
  g_test_add_func ("/tapper-safe/no file", test_no_file);

  return g_test_run ();
}
