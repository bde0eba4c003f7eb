/* test-tap-archive.c: TAP archives, good ones and hostile ones
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-tap-archive.h"

#include <string.h>

#define META "---\nfile_order:\n  - t/a.t\n  - ./t/b.t\nstart_time: 1763726000\nstop_time: 1763726009\n"

/* Archives made by hand ---------------------------------------------------------------------- */

static void
put_octal (char    *field,
           gsize    width,
           guint64  value)
{
  g_autofree char *text = g_strdup_printf ("%0*" G_GINT64_MODIFIER "o", (int)width - 1, value);

  memcpy (field, text, strlen (text));
}

/* An entry of a ustar: CLAIMED bytes by its header, and the bytes of TEXT behind it */
static void
put_entry (GByteArray *tar,
           const char *name,
           char        type,
           const char *text,
           gsize       len,
           gsize       claimed)
{
  char header[512] = { 0 };
  char zeros[512] = { 0 };
  guint sum = 0;

  g_strlcpy (header, name, 100);
  put_octal (header + 100, 8, 0644);
  put_octal (header + 108, 8, 0);
  put_octal (header + 116, 8, 0);
  put_octal (header + 124, 12, claimed);
  put_octal (header + 136, 12, 0);
  memset (header + 148, ' ', 8);
  header[156] = type;
  if (type == '2' || type == '1')
    g_strlcpy (header + 157, "/etc/passwd", 100);
  memcpy (header + 257, "ustar\00000", 8);
  for (gsize i = 0; i < sizeof header; i++)
    sum += (guchar)header[i];
  g_snprintf (header + 148, 8, "%06o", sum);

  g_byte_array_append (tar, (guint8 *)header, sizeof header);
  g_byte_array_append (tar, (const guint8 *)text, (guint)len);
  g_byte_array_append (tar, (guint8 *)zeros, (guint)((512 - len % 512) % 512));
}

static void
put_file (GByteArray *tar,
          const char *name,
          const char *text)
{
  put_entry (tar, name, '0', text, strlen (text), strlen (text));
}

static void
put_end (GByteArray *tar)
{
  char zeros[1024] = { 0 };

  g_byte_array_append (tar, (guint8 *)zeros, sizeof zeros);
}

static GByteArray *
zip (GByteArray *tar)
{
  g_autoptr(GConverter) gzip = G_CONVERTER (g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, 6));
  g_autoptr(GInputStream) bytes = g_memory_input_stream_new_from_data (tar->data, tar->len, NULL);
  g_autoptr(GInputStream) packed = g_converter_input_stream_new (bytes, gzip);
  GByteArray *out = g_byte_array_new ();
  guint8 block[4096];
  gssize n;

  while ((n = g_input_stream_read (packed, block, sizeof block, NULL, NULL)) > 0)
    g_byte_array_append (out, block, (guint)n);
  g_assert_cmpint (n, ==, 0);

  return out;
}

static GByteArray *
good_tar (void)
{
  GByteArray *tar = g_byte_array_new ();

  put_file (tar, "./t/b.t", "1..1\nok 1 - b\n");
  put_entry (tar, "t/", '5', "", 0, 0);
  put_file (tar, "t/a.t", "1..1\nnot ok 1 - a\n");
  put_file (tar, "notes.txt", "not a test\n");
  put_file (tar, "meta.yml", META);
  put_end (tar);

  return tar;
}

/* Reading ------------------------------------------------------------------------------------ */

static CvmTapArchive *
open_bytes (const GByteArray  *bytes,
            GError           **error)
{
  g_autoptr(GInputStream) stream = g_memory_input_stream_new_from_data (bytes->data, bytes->len, NULL);

  return cvm_tap_archive_new (stream, NULL, error);
}

static void
on_member (guint       index,
           const char *bytes,
           gsize       len,
           gpointer    data)
{
  GString *told = data;

  if (bytes == NULL)
    g_string_append_printf (told, "<%u>", index);
  else
    g_string_append_len (told, bytes, len);
}

static char *
read_all (CvmTapArchive *archive)
{
  GString *told = g_string_new (NULL);
  g_autoptr(GError) error = NULL;

  g_assert_true (cvm_tap_archive_read (archive, on_member, told, NULL, &error));
  g_assert_no_error (error);

  return g_string_free (told, FALSE);
}

static void
test_reads (gconstpointer data)
{
  gboolean is_zipped = GPOINTER_TO_INT (data);
  g_autoptr(GByteArray) tar = good_tar ();
  g_autoptr(GByteArray) bytes = is_zipped ? zip (tar) : g_byte_array_ref (tar);
  g_autoptr(GError) error = NULL;
  g_autoptr(CvmTapArchive) archive = open_bytes (bytes, &error);
  gint64 start_us, stop_us;

  g_assert_no_error (error);
  g_assert_true (cvm_tap_archive_detect ((char *)bytes->data, MIN (bytes->len, 512)));
  g_assert_cmpuint (cvm_tap_archive_n_members (archive), ==, 2);
  g_assert_cmpstr (cvm_tap_archive_member (archive, 0)->name, ==, "t/a.t");
  g_assert_cmpstr (cvm_tap_archive_member (archive, 1)->name, ==, "t/b.t");
  g_assert_cmpuint (cvm_tap_archive_member (archive, 0)->size, ==, 18);
  cvm_tap_archive_get_times (archive, &start_us, &stop_us);
  g_assert_cmpint (start_us, ==, G_GINT64_CONSTANT (1763726000) * G_USEC_PER_SEC);
  g_assert_cmpint (stop_us - start_us, ==, 9 * G_USEC_PER_SEC);

  for (guint i = 0; i < 2; i++)   /* it can be read again */
    {
      g_autofree char *told = read_all (archive);

      g_assert_cmpstr (told, ==, "1..1\nok 1 - b\n<1>1..1\nnot ok 1 - a\n<0>");
    }
}

/* What is in an archive beside t/a.t, and what comes of it */
typedef struct
{
  const char *name;
  const char *meta;       /* NULL: none */
  const char *told;       /* by the reading; NULL: it is refused */
  const char *message;    /* a part of it */
  const char *member;     /* another one, or NULL */
  char        type;
} Case;

static const Case cases[] = {
  { "no-meta", NULL, "ok 1\n<0>ok 2\n<1>", NULL, "x.t", '0' },
  { "no-order", "---\nstart_time: 1\n", "ok 1\n<0>ok 2\n<1>", NULL, "x.t", '0' },
  { "missing", "---\nfile_order:\n  - t/a.t\n  - gone.t\n", "ok 1\n<0><1>" },
  { "not-listed", "---\nfile_order:\n  - t/a.t\n", "ok 1\n<0>", NULL, "x.t", '0' },
  { "extra", "---\nextra_files:\n  - x.t\n", "ok 1\n<0>", NULL, "x.t", '0' },
  { "twice-listed", "---\nfile_order:\n  - t/a.t\n  - t/a.t\n", "ok 1\n<0>" },
  { "absolute-listed", "---\nfile_order:\n  - /t/a.t\n", "ok 1\n<0>" },
  { "symlink", "---\nfile_order:\n  - t/a.t\n  - x.t\n", "ok 1\n<0><1>", NULL, "x.t", '2' },
  { "hardlink", "---\nfile_order:\n  - t/a.t\n  - x.t\n", "ok 1\n<0><1>", NULL, "x.t", '1' },
  { "device", "---\nfile_order:\n  - t/a.t\n  - x.t\n", "ok 1\n<0><1>", NULL, "x.t", '3' },
  { "twice", NULL, NULL, "twice: “t/a.t”", "t/a.t", '0' },
  { "twice-dot", NULL, NULL, "twice: “t/a.t”", "./t//a.t", '0' },
  { "meta-twice", META, NULL, "twice: “meta.yml”", "./meta.yml", '0' },
  { "outside", NULL, NULL, "outside its folder: “t/../../x”", "t/../../x", '0' },
  { "absolute", NULL, NULL, "outside its folder: “/etc/cron.d/x”", "/etc/cron.d/x", '0' },
  { "folder-outside", NULL, NULL, "outside its folder: “../x/”", "../x/", '5' },
  { "not-utf-8", NULL, NULL, "outside its folder: “\\303(”", "\xc3(", '0' },
  { "meta-outside", "---\nfile_order:\n  - ../../etc/passwd\n", NULL, "lists a file outside" },
  { "meta-broken", "---\nfile_order: [\n", NULL, "its meta.yml cannot be read" },
  { "meta-list", "---\n- a\n", NULL, "is not a map" },
  { "meta-empty", "", NULL, "is not a map" },
  { "laughs", "---\na: &a [x,x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\n"
    "c: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]\n"
    "file_order: [*d,*d,*d,*d,*d,*d,*d,*d,*d,*d]\n", NULL, "its meta.yml cannot be read" },
};

static void
test_case (gconstpointer data)
{
  const Case *self = data;
  g_autoptr(GByteArray) tar = g_byte_array_new ();
  g_autoptr(GByteArray) bytes = NULL;
  g_autoptr(CvmTapArchive) archive = NULL;
  g_autoptr(GError) error = NULL;

  put_file (tar, "t/a.t", "ok 1\n");
  if (self->meta != NULL)
    put_file (tar, "meta.yml", self->meta);
  if (self->member != NULL)
    put_entry (tar, self->member, self->type, "ok 2\n", self->type == '0' ? 5 : 0,
               self->type == '0' ? 5 : 0);
  put_end (tar);
  bytes = zip (tar);
  archive = open_bytes (bytes, &error);

  if (self->told == NULL)
    {
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
      g_assert_nonnull (strstr (error->message, self->message));
    }
  else
    {
      g_autofree char *told = NULL;

      g_assert_no_error (error);
      told = read_all (archive);
      g_assert_cmpstr (told, ==, self->told);
    }
}

static void
assert_refused (const GByteArray *bytes,
                int               code,
                const char       *part)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(CvmTapArchive) archive = open_bytes (bytes, &error);

  g_assert_null (archive);
  g_assert_error (error, G_IO_ERROR, code);
  if (strstr (error->message, part) == NULL)
    g_error ("“%s” does not say “%s”", error->message, part);
}

/* Wherever it is cut, it is refused; libarchive alone would take most of these */
static void
test_cut (void)
{
  g_autoptr(GByteArray) tar = good_tar ();
  g_autoptr(GByteArray) bytes = zip (tar);

  for (guint len = bytes->len - 1; len > 2; len--)
    {
      g_byte_array_set_size (bytes, len);
      assert_refused (bytes, G_IO_ERROR_INVALID_DATA, "cut off");
    }
}

static void
test_tar_cut (void)
{
  g_autoptr(GByteArray) tar = g_byte_array_new ();
  g_autoptr(GByteArray) bytes = NULL;

  put_entry (tar, "t/a.t", '0', "ok 1\n", 5, 100000);
  bytes = zip (tar);
  assert_refused (bytes, G_IO_ERROR_INVALID_DATA, "Truncated");
}

static void
test_huge_claim (void)
{
  g_autoptr(GByteArray) tar = g_byte_array_new ();
  g_autoptr(GByteArray) bytes = NULL;

  put_entry (tar, "meta.yml", '0', "---\n", 4, (gsize)8 * 1024 * 1024 * 1024 - 1);
  bytes = zip (tar);
  assert_refused (bytes, G_IO_ERROR_INVALID_DATA, "Truncated");
}

/* Of the checksum and of the length, each byte */
static void
test_checksum (void)
{
  g_autoptr(GByteArray) tar = good_tar ();

  for (guint i = 1; i <= 8; i++)
    {
      g_autoptr(GByteArray) bytes = zip (tar);

      bytes->data[bytes->len - i] ^= 0x40;
      assert_refused (bytes, G_IO_ERROR_INVALID_DATA, "damaged");
    }
}

static void
test_behind_end (void)
{
  g_autoptr(GByteArray) tar = good_tar ();
  g_autoptr(GByteArray) bytes = zip (tar);
  g_autoptr(GByteArray) half = g_byte_array_new ();
  g_autoptr(GByteArray) rest = g_byte_array_new ();
  g_autoptr(GByteArray) first = NULL;
  g_autoptr(GByteArray) second = NULL;
  g_autoptr(CvmTapArchive) archive = NULL;
  g_autoptr(GError) error = NULL;

  g_byte_array_append (half, tar->data, 700);
  g_byte_array_append (rest, tar->data + 700, tar->len - 700);
  first = zip (half);
  second = zip (rest);
  g_byte_array_append (first, second->data, second->len);
  g_byte_array_append (first, (const guint8 *)"\0\0\0\0", 4);
  archive = open_bytes (first, &error);   /* two streams, as cat joins them, and a tape's zeros */
  g_assert_no_error (error);
  g_assert_cmpuint (cvm_tap_archive_n_members (archive), ==, 2);

  g_byte_array_append (bytes, (const guint8 *)"junk", 4);
  assert_refused (bytes, G_IO_ERROR_INVALID_DATA, "not compressed");
}

static void
test_no_archive (void)
{
  static const char *const texts[] = { "", "\x1f\x8b", "1..1\nok 1\n", "\x1f\x8b\x08 and no more" };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr(GByteArray) bytes = g_byte_array_new ();

      g_byte_array_append (bytes, (const guint8 *)texts[i], (guint)strlen (texts[i]));
      assert_refused (bytes, G_IO_ERROR_INVALID_DATA, "");
    }

  g_assert_false (cvm_tap_archive_detect ("1..1\nok 1\n", 10));
  g_assert_false (cvm_tap_archive_detect ("", 0));
}

/* 256 MiB of zeros in 256 KiB */
static void
test_bomb (void)
{
  g_autoptr(GByteArray) tar = g_byte_array_new ();
  g_autoptr(GByteArray) bytes = NULL;
  gsize len = 256 * 1024 * 1024;
  g_autofree char *zeros = g_malloc0 (len);

  put_entry (tar, "t/a.t", '0', zeros, len, len);
  put_end (tar);
  bytes = zip (tar);
  g_assert_cmpuint (bytes->len, <, 512 * 1024);
  assert_refused (bytes, G_IO_ERROR_MESSAGE_TOO_LARGE, "far larger");
}

static void
test_too_many (void)
{
  g_autoptr(GByteArray) tar = g_byte_array_new ();
  g_autoptr(GByteArray) bytes = NULL;

  for (guint i = 0; i <= CVM_TAP_ARCHIVE_MEMBERS_MAX; i++)
    {
      g_autofree char *name = g_strdup_printf ("t/%u.t", i);

      put_file (tar, name, "");
    }
  put_end (tar);
  bytes = zip (tar);
  assert_refused (bytes, G_IO_ERROR_MESSAGE_TOO_LARGE, "more than 10000 files");
}

static void
test_large_meta (void)
{
  g_autoptr(GByteArray) tar = g_byte_array_new ();
  g_autoptr(GByteArray) bytes = NULL;
  gsize len = CVM_TAP_ARCHIVE_META_MAX + 1;
  g_autofree char *text = g_malloc (len);

  memset (text, '#', len);
  put_entry (tar, "meta.yml", '0', text, len, len);
  put_end (tar);
  bytes = zip (tar);
  assert_refused (bytes, G_IO_ERROR_MESSAGE_TOO_LARGE, "larger than 4 MiB");
}

static void
test_cancelled (void)
{
  g_autoptr(GByteArray) tar = good_tar ();
  g_autoptr(GInputStream) stream = g_memory_input_stream_new_from_data (tar->data, tar->len, NULL);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;

  g_cancellable_cancel (cancellable);
  g_assert_null (cvm_tap_archive_new (stream, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* Writing ------------------------------------------------------------------------------------ */

static GBytes *
write_two (void)
{
  g_autoptr(GOutputStream) out = g_memory_output_stream_new_resizable ();
  g_autoptr(CvmTapArchiveWriter) writer = cvm_tap_archive_writer_new (out);
  g_autoptr(GError) error = NULL;

  cvm_tap_archive_writer_add (writer, "t/a.t", "1..0\n", 5, 1500000, 3250001, &error);
  g_assert_no_error (error);
  cvm_tap_archive_writer_add (writer, "a \"b\" \\ ü: #c", "", 0, 0, 0, &error);
  g_assert_no_error (error);
  cvm_tap_archive_writer_add (writer, "1", "ok\n", 3, 0, 0, &error);
  g_assert_no_error (error);
  cvm_tap_archive_writer_close (writer, 1000000, 4000000, &error);
  g_assert_no_error (error);
  g_output_stream_close (out, NULL, NULL);

  return g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (out));
}

static void
test_round_trip (void)
{
  g_autoptr(GBytes) bytes = write_two ();
  g_autoptr(GBytes) again = write_two ();
  g_autoptr(GInputStream) stream = g_memory_input_stream_new_from_bytes (bytes);
  g_autoptr(GError) error = NULL;
  g_autoptr(CvmTapArchive) archive = cvm_tap_archive_new (stream, NULL, &error);
  g_autofree char *told = NULL;
  gint64 start_us, stop_us;

  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (bytes, again));
  g_assert_cmpuint (cvm_tap_archive_n_members (archive), ==, 3);
  g_assert_cmpstr (cvm_tap_archive_member (archive, 0)->name, ==, "t/a.t");
  g_assert_cmpint (cvm_tap_archive_member (archive, 0)->start_us, ==, 1500000);
  g_assert_cmpint (cvm_tap_archive_member (archive, 0)->end_us, ==, 3250001);
  g_assert_cmpstr (cvm_tap_archive_member (archive, 1)->name, ==, "a \"b\" \\ ü: #c");
  g_assert_cmpint (cvm_tap_archive_member (archive, 1)->start_us, ==, 0);
  g_assert_cmpstr (cvm_tap_archive_member (archive, 2)->name, ==, "1");
  cvm_tap_archive_get_times (archive, &start_us, &stop_us);
  g_assert_cmpint (start_us, ==, 1000000);
  g_assert_cmpint (stop_us, ==, 4000000);
  told = read_all (archive);
  g_assert_cmpstr (told, ==, "1..0\n<0><1>ok\n<2>");
}

static void
test_bad_names (void)
{
  static const char *const names[] = {
    "", "/x", "./x", "../x", "a/../../x", "a//x", "a/", "meta.yml", "a\nb", "a\x1b[1m", "\xff", "."
  };
  g_autoptr(GOutputStream) out = g_memory_output_stream_new_resizable ();
  g_autoptr(CvmTapArchiveWriter) writer = cvm_tap_archive_writer_new (out);
  g_autoptr(GError) twice = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_false (cvm_tap_archive_writer_add (writer, names[i], "", 0, 0, 0, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_FILENAME);
    }

  g_assert_true (cvm_tap_archive_writer_add (writer, "x", "", 0, 0, 0, NULL));
  g_assert_false (cvm_tap_archive_writer_add (writer, "x", "", 0, 0, 0, &twice));
  g_assert_error (twice, G_IO_ERROR, G_IO_ERROR_EXISTS);
}

static void
test_full_disk (void)
{
  char room[64];
  g_autoptr(GOutputStream) out = g_memory_output_stream_new (room, sizeof room, NULL, NULL);
  g_autoptr(CvmTapArchiveWriter) writer = cvm_tap_archive_writer_new (out);
  g_autoptr(GError) error = NULL;

  g_assert_true (cvm_tap_archive_writer_add (writer, "x", "ok 1\n", 5, 0, 0, NULL));
  g_assert_false (cvm_tap_archive_writer_close (writer, 0, 0, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_data_func ("/tap-archive/reads/zipped", GINT_TO_POINTER (TRUE), test_reads);
  g_test_add_data_func ("/tap-archive/reads/plain", GINT_TO_POINTER (FALSE), test_reads);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/tap-archive/case/", cases[i].name, NULL);

      g_test_add_data_func (path, &cases[i], test_case);
    }
  g_test_add_func ("/tap-archive/cut", test_cut);
  g_test_add_func ("/tap-archive/tar-cut", test_tar_cut);
  g_test_add_func ("/tap-archive/huge-claim", test_huge_claim);
  g_test_add_func ("/tap-archive/checksum", test_checksum);
  g_test_add_func ("/tap-archive/behind-end", test_behind_end);
  g_test_add_func ("/tap-archive/no-archive", test_no_archive);
  g_test_add_func ("/tap-archive/bomb", test_bomb);
  g_test_add_func ("/tap-archive/too-many", test_too_many);
  g_test_add_func ("/tap-archive/large-meta", test_large_meta);
  g_test_add_func ("/tap-archive/cancelled", test_cancelled);
  g_test_add_func ("/tap-archive/round-trip", test_round_trip);
  g_test_add_func ("/tap-archive/bad-names", test_bad_names);
  g_test_add_func ("/tap-archive/full-disk", test_full_disk);

  return g_test_run ();
}
