/* test-tapper-attachment.c: names that a Tapper server keeps apart, types, and copies
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-tapper-attachment.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

static void
test_names (void)
{
  static const struct { const char *wish; const char *name; } rows[] = {
    { "console.log", "console.log" },      { "Console.LOG", "Console-2.LOG" },
    { "console_log", "console-log" },      { "console log", "console-log-2" },
    { "", "file" },                        { ".hidden", "-hidden" },
    { "../../etc/passwd", "-.-..-etc-passwd" }, { "f\xc3\xbc.txt", "f--.txt" },
    { "a\nb; rm %", "a-b--rm--" },         { "file", "file-2" },
    { "file", "file-3" },                  { "console.log", "console-3.log" },
    { "x.tar.gz", "x.tar.gz" },            { "x.tar.gz", "x-2.tar.gz" },
  };
  g_autoptr(GHashTable) taken = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *name = cvm_tapper_attachment_name (rows[i].wish, taken);

      g_assert_cmpstr (name, ==, rows[i].name);
    }
}

static void
test_long_name (void)
{
  g_autoptr(GHashTable) taken = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autofree char *stem = g_strnfill (5000, 'x');
  g_autofree char *wish = g_strconcat (stem, ".log", NULL);
  g_autofree char *name = cvm_tapper_attachment_name (wish, taken);

  g_assert_cmpuint (strlen (name), ==, CVM_TAPPER_NAME_MAX);
  g_assert_true (g_str_has_suffix (name, ".log"));
}

static void
test_types (void)
{
  g_assert_cmpstr (cvm_tapper_attachment_type ("serial.log"), ==, "text/plain");
  g_assert_cmpstr (cvm_tapper_attachment_type ("serial.LOG.gz"), ==, "application/gzip");
  g_assert_cmpstr (cvm_tapper_attachment_type ("domain.xml"), ==, "application/xml");
  g_assert_cmpstr (cvm_tapper_attachment_type ("0001.png"), ==, "image/png");
  g_assert_cmpstr (cvm_tapper_attachment_type ("core"), ==, "application/octet-stream");
  g_assert_cmpstr (cvm_tapper_attachment_type (".log"), ==, "application/octet-stream");
  g_assert_true (cvm_tapper_attachment_compresses ("serial.log", CVM_TAPPER_COMPRESS_ABOVE + 1));
  g_assert_false (cvm_tapper_attachment_compresses ("serial.log", CVM_TAPPER_COMPRESS_ABOVE));
  g_assert_false (cvm_tapper_attachment_compresses ("0001.png", G_MAXINT));
}

static void
copy (const char  *from,
      const char  *to,
      gboolean     compress,
      guint64     *size,
      char       **sha256)
{
  g_autoptr(GError) error = NULL;
  int fd = open (from, O_RDONLY | O_CLOEXEC);

  g_assert_cmpint (fd, >=, 0);
  cvm_tapper_attachment_copy (fd, to, compress, size, sha256, NULL, &error);
  g_assert_no_error (error);
  close (fd);
}

static void
test_copy (gconstpointer data)
{
  gboolean compress = data != NULL;
  g_autofree char *dir = g_dir_make_tmp ("cvm-copy-XXXXXX", NULL);
  g_autofree char *from = g_build_filename (dir, "from", NULL);
  g_autofree char *to = g_build_filename (dir, "to", NULL);
  g_autofree char *bytes = g_strnfill (300000, 'c');
  g_autofree char *sha256 = NULL;
  g_autofree char *written = NULL;
  g_autofree char *own = NULL;
  guint64 size;
  gsize len;

  g_assert_true (g_file_set_contents (from, bytes, -1, NULL));
  copy (from, to, compress, &size, &sha256);
  g_assert_true (g_file_get_contents (to, &written, &len, NULL));
  own = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (guchar *)written, len);
  g_assert_cmpuint (size, ==, len);
  g_assert_cmpstr (sha256, ==, own);

  if (compress)
    {
      g_autoptr(GZlibDecompressor) gzip = g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP);
      g_autofree char *unpacked = g_malloc (400000);
      gsize n_read, n_written;

      g_assert_cmpint (g_converter_convert (G_CONVERTER (gzip), written, len, unpacked, 400000,
                                            G_CONVERTER_INPUT_AT_END, &n_read, &n_written, NULL), ==,
                       G_CONVERTER_FINISHED);
      g_assert_cmpmem (unpacked, n_written, bytes, strlen (bytes));
    }
  else
    {
      g_assert_cmpmem (written, len, bytes, strlen (bytes));
    }

  g_unlink (from);
  g_unlink (to);
  g_rmdir (dir);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tapper-attachment/names", test_names);
  g_test_add_func ("/tapper-attachment/long name", test_long_name);
  g_test_add_func ("/tapper-attachment/types", test_types);
  g_test_add_data_func ("/tapper-attachment/copy", NULL, test_copy);
  g_test_add_data_func ("/tapper-attachment/compress", "gzip", test_copy);

  return g_test_run ();
}
