/* test-open-kind.c: what a file is that the program is asked to open
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-open-kind.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "cvm-tap-archive.h"

/* The head of a file in a zip: method, packed size, length of the name */
#define ZIP(method, packed, name)                                                                \
  "PK\3\4\24\0\0\0" method "\0\0\0\0\0\0\0\0\0" packed "\0\0\0\0" name "\0\0\0"
#define ZIP_LEN 30

typedef struct
{
  const char  *name;      /* of the test */
  const char  *file;
  const char  *text;
  gsize        len;       /* 0: all of the text */
  CvmOpenKind  kind;
} Case;

static const Case cases[] = {
  { "suite", "a.suite", "# mine\n[Suite]\nName=x\n", 0, CVM_OPEN_SUITE },
  { "suite-unnamed", "a", "\n# mine\r\n[Suite]\r\n", 0, CVM_OPEN_SUITE },
  { "suite-broken", "a.suite", "ok 1\n", 0, CVM_OPEN_SUITE },
  { "suite-large-letters", "A.SUITE", "", 0, CVM_OPEN_SUITE },
  { "tap", "a.tap", "TAP version 13\n1..1\nok 1\n", 0, CVM_OPEN_TAP },
  { "tap-unnamed", "log", "hello\n1..2\nok 1 - a\n", 0, CVM_OPEN_TAP },
  { "tap-txt", "a.txt", "ok 1\nok 2\n", 0, CVM_OPEN_TAP },
  { "tap-empty", "a.tap", "", 0, CVM_OPEN_TAP },
  { "ktap", "dmesg", "KTAP version 1\n1..1\n", 0, CVM_OPEN_TAP },
  { "cfg", "vm.cfg", "whatever\n", 0, CVM_OPEN_CFG },
  { "cfg-unnamed", "vm", "#!/bin/sh\nexport CVM_TEST_X='1'\n", 0, CVM_OPEN_CFG },
  { "cfg-plain", "vm", "CVM_TEST_X=1\n", 0, CVM_OPEN_CFG },
  { "cfg-not", "vm", "echo CVM_TEST_X = 1\n", 0, CVM_OPEN_UNKNOWN },
  { "qcow2", "disk", "QFI\xfb\0\0\0\3", 8, CVM_OPEN_DISK },
  { "qcow2-named-tap", "disk.tap", "QFI\xfb\0\0\0\3", 8, CVM_OPEN_DISK },
  { "vmdk-descriptor", "x", "# Disk DescriptorFile\nversion=1\n", 0, CVM_OPEN_DISK },
  { "zip", "x", "PK\3\4rest", 0, CVM_OPEN_DISK },
  { "zip-of-tests", "x.zip", ZIP ("\0", "\0\0\0\0", "\5") "t/a.t", ZIP_LEN + 5, CVM_OPEN_TAP },
  { "zip-of-tap", "x.zip", ZIP ("\0", "\5\0\0\0", "\3") "onetwook 1\n", ZIP_LEN + 11, CVM_OPEN_DISK },
  { "zip-plain", "x.zip", ZIP ("\0", "\5\0\0\0", "\3") "oneok 1\n", ZIP_LEN + 8, CVM_OPEN_TAP },
  { "zip-deflate", "x.zip", ZIP ("\x8", "\7\0\0\0", "\3") "one\313\317\126\060\344\002\000", ZIP_LEN + 10,
    CVM_OPEN_TAP },
  { "zip-second", "x.zip", ZIP ("\0", "\2\0\0\0", "\1") "d\n\n" ZIP ("\0", "\0\0\0\0", "\5") "a.tap",
    2 * ZIP_LEN + 8, CVM_OPEN_TAP },
  { "zip-of-disk", "x.zip", ZIP ("\x8", "\xff\xff\xff\x7f", "\6") "sd.img\x4b\xcb", ZIP_LEN + 8,
    CVM_OPEN_DISK },
  { "zip-lying-name", "x.zip", ZIP ("\0", "\xff\xff\xff\xff", "\xff") "a.tap", ZIP_LEN + 5, CVM_OPEN_DISK },
  { "zip-cut", "x.zip", ZIP ("\0", "\0\0\0\0", "\5"), ZIP_LEN, CVM_OPEN_DISK },
  { "raw-by-name", "x.img", "\0\0\0\0", 4, CVM_OPEN_DISK },
  { "text-by-name", "x.img", "hello\n", 0, CVM_OPEN_DISK },
  { "gzip-cut", "x", "\x1f\x8b", 2, CVM_OPEN_DISK },
  { "text", "notes.txt", "These are notes.\n", 0, CVM_OPEN_UNKNOWN },
  { "binary", "a.out", "\x7f" "ELF\0ok 1\n", 10, CVM_OPEN_UNKNOWN },
  { "empty", "x", "", 0, CVM_OPEN_UNKNOWN },
};

static void
test_bytes (gconstpointer data)
{
  const Case *self = data;
  gsize len = self->len > 0 ? self->len : strlen (self->text);
  g_autofree char *tight = g_malloc (MAX (len, 1));   /* a byte too far is seen */

  memcpy (tight, self->text, len);
  g_assert_cmpint (cvm_open_kind_of_bytes (tight, len, self->file), ==, self->kind);
}

/* Archives ------------------------------------------------------------------------------------ */

static GBytes *
make_tap_archive (void)
{
  g_autoptr(GOutputStream) out = g_memory_output_stream_new_resizable ();
  g_autoptr(CvmTapArchiveWriter) writer = cvm_tap_archive_writer_new (out);

  g_assert_true (cvm_tap_archive_writer_add (writer, "x", "1..1\nok 1\n", 10, 0, 0, NULL));
  g_assert_true (cvm_tap_archive_writer_close (writer, 0, 0, NULL));
  g_assert_true (g_output_stream_close (out, NULL, NULL));

  return g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (out));
}

/* One entry, of SIZE bytes by its header */
static GByteArray *
make_tar (const char *name,
          guint       size,
          const char *text)
{
  GByteArray *tar = g_byte_array_new ();
  char header[512] = { 0 };

  g_strlcpy (header, name, 100);
  g_snprintf (header + 124, 12, "%011o", size);
  memcpy (header + 257, "ustar", 5);
  g_byte_array_append (tar, (guint8 *)header, sizeof header);
  g_byte_array_append (tar, (const guint8 *)text, (guint)strlen (text));

  return tar;
}

static void
test_archives (void)
{
  g_autoptr(GBytes) tap = make_tap_archive ();
  g_autoptr(GByteArray) named = make_tar ("t/a.t", 0, "");
  g_autoptr(GByteArray) plain = make_tar ("some", 10, "1..1\nok 1\n");
  g_autoptr(GByteArray) disk = make_tar ("disk.img", 0x7fffffff, "\x01\x02");
  g_autoptr(GByteArray) lying = make_tar ("x", 10, "");
  gsize len;
  const char *bytes = g_bytes_get_data (tap, &len);

  g_assert_cmpint (cvm_open_kind_of_bytes (bytes, len, "x.tgz"), ==, CVM_OPEN_TAP);
  g_assert_cmpint (cvm_open_kind_of_bytes (bytes, len / 2, "x.tgz"), !=, CVM_OPEN_UNKNOWN);
  g_assert_cmpint (cvm_open_kind_of_bytes ((char *)named->data, named->len, NULL), ==, CVM_OPEN_TAP);
  g_assert_cmpint (cvm_open_kind_of_bytes ((char *)plain->data, plain->len, NULL), ==, CVM_OPEN_TAP);
  g_assert_cmpint (cvm_open_kind_of_bytes ((char *)disk->data, disk->len, NULL), ==, CVM_OPEN_DISK);
  g_assert_cmpint (cvm_open_kind_of_bytes ((char *)lying->data, lying->len, NULL), ==, CVM_OPEN_DISK);
}

/* Files --------------------------------------------------------------------------------------- */

static CvmOpenKind
look (const char  *dir,
      const char  *name,
      GError     **error)
{
  g_autofree char *path = g_build_filename (dir, name, NULL);
  g_autoptr(GFile) file = g_file_new_for_path (path);

  return cvm_open_kind_of (file, NULL, error);
}

static void
test_files (void)
{
  g_autofree char *dir = g_dir_make_tmp ("cvm-XXXXXX", NULL);
  g_autofree char *suite = g_build_filename (dir, "one", NULL);
  g_autofree char *journal = g_build_filename (dir, "journal.jsonl", NULL);
  g_autofree char *fifo = g_build_filename (dir, "fifo", NULL);
  g_autoptr(GError) error = NULL;

  g_assert_true (g_file_set_contents (suite, "[Suite]\n", -1, NULL));
  g_assert_cmpint (look (dir, "one", &error), ==, CVM_OPEN_SUITE);
  g_assert_cmpint (look (dir, ".", &error), ==, CVM_OPEN_DISK);
  g_assert_true (g_file_set_contents (journal, "", -1, NULL));
  g_assert_cmpint (look (dir, ".", &error), ==, CVM_OPEN_RUN);
  g_assert_no_error (error);

  g_assert_cmpint (look (dir, "two", &error), ==, CVM_OPEN_UNKNOWN);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_clear_error (&error);

  g_assert_cmpint (mkfifo (fifo, 0600), ==, 0);
  g_assert_cmpint (look (dir, "fifo", &error), ==, CVM_OPEN_UNKNOWN);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE);

  g_remove (suite);
  g_remove (journal);
  g_remove (fifo);
  g_rmdir (dir);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/open-kind/%s", cases[i].name);

      g_test_add_data_func (path, &cases[i], test_bytes);
    }
  g_test_add_func ("/open-kind/archives", test_archives);
  g_test_add_func ("/open-kind/files", test_files);

  return g_test_run ();
}
