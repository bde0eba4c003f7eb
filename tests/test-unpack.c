/* test-unpack.c: archives that are honest, and a table of those that are not
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-unpack.h"

#include <archive.h>
#include <archive_entry.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "cvm-wait.h"

#define LIMIT_MS  30000
#define DISK_SIZE (300 * 1000)

/* Archives ------------------------------------------------------------------------------------- */

typedef struct
{
  const char *name;
  mode_t      type;      /* AE_IFREG unless given */
  const char *target;    /* of a link */
  GBytes     *data;
} Entry;

typedef struct
{
  struct archive *archive;
  GByteArray     *bytes;
} Writer;

static la_ssize_t
on_write (struct archive *archive,
          void           *data,
          const void     *bytes,
          size_t          len)
{
  g_byte_array_append (data, bytes, len);

  return len;
}

/* FORMAT is libarchive's name ("pax", "zip", "raw"), FILTER too ("gzip", or NULL) */
static Writer
writer_new (const char *format,
            const char *filter,
            const char *options)
{
  Writer self = { archive_write_new (), g_byte_array_new () };

  g_assert_cmpint (archive_write_set_format_by_name (self.archive, format), ==, ARCHIVE_OK);
  if (filter != NULL)
    g_assert_cmpint (archive_write_add_filter_by_name (self.archive, filter), ==, ARCHIVE_OK);
  archive_write_set_bytes_per_block (self.archive, 0);   /* nothing is held back */
  if (options != NULL)
    g_assert_cmpint (archive_write_set_options (self.archive, options), ==, ARCHIVE_OK);
  archive_write_set_passphrase (self.archive, "secret");
  g_assert_cmpint (archive_write_open (self.archive, self.bytes, NULL, on_write, NULL), ==, ARCHIVE_OK);

  return self;
}

static void
writer_add (Writer      *self,
            const Entry *e)
{
  struct archive_entry *entry = archive_entry_new ();
  mode_t type = e->type != 0 ? e->type : AE_IFREG;
  gsize len = e->data != NULL ? g_bytes_get_size (e->data) : 0;

  archive_entry_set_pathname (entry, e->name);
  archive_entry_set_filetype (entry, type);
  archive_entry_set_perm (entry, 0644);
  archive_entry_set_size (entry, len);
  if (type == AE_IFLNK)
    archive_entry_set_symlink (entry, e->target);
  else if (e->target != NULL)
    archive_entry_set_hardlink (entry, e->target);

  g_assert_cmpint (archive_write_header (self->archive, entry), >=, ARCHIVE_WARN);
  if (len > 0)
    g_assert_cmpint (archive_write_data (self->archive, g_bytes_get_data (e->data, NULL), len), ==, len);
  archive_entry_free (entry);
}

static GBytes *
writer_end (Writer *self)
{
  g_assert_cmpint (archive_write_close (self->archive), ==, ARCHIVE_OK);
  archive_write_free (self->archive);

  return g_byte_array_free_to_bytes (self->bytes);
}

static GBytes *
pack (const char  *format,
      const char  *filter,
      const Entry *entries,
      gsize        n)
{
  Writer writer = writer_new (format, filter, NULL);

  for (gsize i = 0; i < n; i++)
    writer_add (&writer, &entries[i]);

  return writer_end (&writer);
}

static GBytes *
pack_raw (const char *filter,
          GBytes     *data)
{
  Entry entry = { "disk", 0, NULL, data };

  return pack ("raw", filter, &entry, 1);
}

/* Noise that hardly packs, with a hole of zeros in its middle */
static GBytes *
disk_new (void)
{
  guint8 *bytes = g_malloc0 (DISK_SIZE);
  g_autoptr(GRand) rand = g_rand_new_with_seed (7);

  for (gsize i = 0; i < DISK_SIZE; i++)
    if (i < 50000 || i > 200000)
      bytes[i] = g_rand_int (rand);

  return g_bytes_new_take (bytes, DISK_SIZE);
}

/* Fixture ------------------------------------------------------------------------------------------ */

typedef struct
{
  char   *outer;    /* holds the folder, to see what is written beside it */
  char   *dir;
  GBytes *disk;
} Fixture;

static void
set_up (Fixture       *f,
        gconstpointer  data)
{
  f->outer = g_dir_make_tmp ("cvm-unpack-XXXXXX", NULL);
  f->dir = g_build_filename (f->outer, "into", NULL);
  g_assert_cmpint (g_mkdir (f->dir, 0700), ==, 0);
  f->disk = disk_new ();
}

static guint
count_files (const char *dir)
{
  g_autoptr(GDir) folder = g_dir_open (dir, 0, NULL);
  guint n = 0;

  g_assert_nonnull (folder);
  while (g_dir_read_name (folder) != NULL)
    n++;

  return n;
}

static void
remove_all (const char *path)
{
  const char *argv[] = { "rm", "-rf", "--", path, NULL };

  g_spawn_sync (NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL);
}

static void
tear_down (Fixture       *f,
           gconstpointer  data)
{
  remove_all (f->outer);
  g_free (f->outer);
  g_free (f->dir);
  g_bytes_unref (f->disk);
}

static GPtrArray *
unpack_within (Fixture                *f,
               GBytes                 *packed,
               const CvmUnpackLimits  *limits,
               GError                **error)
{
  g_autoptr(GInputStream) stream = g_memory_input_stream_new_from_bytes (packed);
  CvmUnpack unpack = { .packed = stream, .name = "disk", .dir = f->dir };

  if (limits != NULL)
    unpack.limits = *limits;

  return cvm_unpack_run (&unpack, cvm_deadline_in_ms (LIMIT_MS), NULL, error);
}

static void
assert_file (Fixture    *f,
             const char *name,
             GBytes     *data)
{
  g_autofree char *path = g_build_filename (f->dir, name, NULL);
  g_autofree char *bytes = NULL;
  gsize len;

  g_assert_true (g_file_get_contents (path, &bytes, &len, NULL));
  g_assert_cmpmem (bytes, len, g_bytes_get_data (data, NULL), g_bytes_get_size (data));
}

/* What is honest ------------------------------------------------------------------------------------ */

static const struct { const char *format, *filter; } honest[] = {
  { "raw", NULL }, { "raw", "gzip" }, { "raw", "bzip2" }, { "raw", "xz" }, { "raw", "zstd" },
  { "pax", NULL }, { "pax", "gzip" }, { "ustar", "bzip2" }, { "gnutar", "xz" }, { "v7tar", "zstd" },
  { "zip", NULL },
};

static void
test_honest (Fixture       *f,
             gconstpointer  data)
{
  const typeof (honest[0]) *h = data;
  Entry entry = { "disk", 0, NULL, f->disk };
  g_autoptr(GBytes) packed = pack (h->format, h->filter, &entry, 1);
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) files = unpack_within (f, packed, NULL, &error);
  g_autofree char *path = g_build_filename (f->dir, "disk", NULL);
  struct stat info;

  g_assert_no_error (error);
  g_assert_cmpuint (files->len, ==, 1);
  g_assert_cmpstr (g_ptr_array_index (files, 0), ==, "disk");
  assert_file (f, "disk", f->disk);
  g_assert_cmpint (stat (path, &info), ==, 0);
  g_assert_cmpint (info.st_blocks * 512, <, 200 * 1000);   /* the zeros are a hole */
  g_assert_cmpuint (count_files (f->dir), ==, 1);
}

/* Gzip --------------------------------------------------------------------------------------------------- */

static GBytes *
joined (GBytes *a,
        GBytes *b)
{
  GByteArray *both = g_byte_array_new ();

  g_byte_array_append (both, g_bytes_get_data (a, NULL), g_bytes_get_size (a));
  g_byte_array_append (both, g_bytes_get_data (b, NULL), g_bytes_get_size (b));

  return g_byte_array_free_to_bytes (both);
}

/* PACKED with the byte AT changed; from the end if negative */
static GBytes *
flipped (GBytes *packed,
         gssize  at)
{
  gsize len = g_bytes_get_size (packed);
  guint8 *bytes = g_memdup2 (g_bytes_get_data (packed, NULL), len);

  bytes[at < 0 ? (gssize)len + at : at] ^= 0x10;

  return g_bytes_new_take (bytes, len);
}

/* Fails, says WHAT, and leaves nothing. */
static void
assert_refused (Fixture               *f,
                GBytes                *packed,
                const CvmUnpackLimits *limits,
                const char            *what)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) files = unpack_within (f, packed, limits, &error);

  g_assert_null (files);
  g_test_message ("%s", error->message);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
  if (strstr (error->message, what) == NULL)
    g_test_fail_printf ("'%s' is not in: %s", what, error->message);
  g_assert_cmpuint (count_files (f->dir), ==, 0);
  g_assert_cmpuint (count_files (f->outer), ==, 1);
}

static void
test_gzip_members (Fixture       *f,
                   gconstpointer  data)
{
  g_autoptr(GBytes) one = pack_raw ("gzip", f->disk);
  g_autoptr(GBytes) two = joined (one, one);
  g_autoptr(GBytes) zeros = g_bytes_new_take (g_malloc0 (1000), 1000);
  g_autoptr(GBytes) padded = joined (two, zeros);
  g_autoptr(GBytes) expected = joined (f->disk, f->disk);
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) files = unpack_within (f, padded, NULL, &error);

  g_assert_no_error (error);
  assert_file (f, "disk", expected);
}

/* Its suffix goes with its packing, and only then */
static const struct { const char *name, *filter, *becomes; } names[] = {
  { "disk.img.gz", "gzip", "disk.img" },
  { "disk.img.gz", NULL, "disk.img.gz" },
  { "disk.gz", "xz", "disk.gz" },
  { ".xz", "xz", ".xz" },
};

static void
test_name (Fixture       *f,
           gconstpointer  data)
{
  const typeof (names[0]) *n = data;
  g_autoptr(GBytes) packed = pack_raw (n->filter, f->disk);
  g_autoptr(GInputStream) stream = g_memory_input_stream_new_from_bytes (packed);
  CvmUnpack unpack = { .packed = stream, .name = n->name, .dir = f->dir };
  g_autoptr(GPtrArray) files = cvm_unpack_run (&unpack, CVM_DEADLINE_NEVER, NULL, NULL);

  g_assert_nonnull (files);
  g_assert_cmpstr (g_ptr_array_index (files, 0), ==, n->becomes);
}

static void
test_gzip_cut (Fixture       *f,
               gconstpointer  data)
{
  g_autoptr(GBytes) whole = pack_raw ("gzip", f->disk);
  gsize len = g_bytes_get_size (whole);

  for (gsize n = 2; n < len; n += n < 16 || n > len - 16 ? 1 : 4096)
    {
      g_autoptr(GBytes) cut = g_bytes_new_from_bytes (whole, 0, n);
      g_autofree char *place = g_strdup_printf ("ends too early, after byte %" G_GSIZE_FORMAT ":", n);

      assert_refused (f, cut, NULL, place);
    }
}

/* Cut off at any block: nothing passes, whatever the packing */
static void
test_cut (Fixture       *f,
          gconstpointer  data)
{
  const typeof (honest[0]) *h = data;
  Entry entries[] = { { "disk", 0, NULL, f->disk }, { "more", 0, NULL, f->disk } };
  g_autoptr(GBytes) whole = pack (h->format, h->filter, entries, g_str_equal (h->format, "raw") ? 1 : 2);
  gsize len = g_bytes_get_size (whole);

  for (gsize n = 1024; n < len; n += 4096 - len % 512)
    {
      g_autoptr(GBytes) cut = g_bytes_new_from_bytes (whole, 0, n);

      assert_refused (f, cut, NULL, "");
    }
}

/* Given up in the middle --------------------------------------------------------------------------------- */

static void
on_progress_cancel (guint64  n_packed,
                    guint64  n_unpacked,
                    gpointer data)
{
  g_cancellable_cancel (data);
}

static void
test_cancel (Fixture       *f,
             gconstpointer  data)
{
  const typeof (honest[0]) *h = data;
  Entry entries[] = { { "disk", 0, NULL, f->disk }, { "more", 0, NULL, f->disk } };
  g_autoptr(GBytes) packed = pack (h->format, h->filter, entries, G_N_ELEMENTS (entries));
  g_autoptr(GInputStream) stream = g_memory_input_stream_new_from_bytes (packed);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;
  CvmUnpack unpack = { .packed = stream, .name = "disk", .dir = f->dir, .on_progress = on_progress_cancel,
                       .data = cancellable };

  g_assert_null (cvm_unpack_run (&unpack, CVM_DEADLINE_NEVER, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (count_files (f->dir), ==, 0);
}

static void
test_deadline (Fixture       *f,
               gconstpointer  data)
{
  g_autoptr(GBytes) packed = pack_raw ("gzip", f->disk);
  g_autoptr(GInputStream) stream = g_memory_input_stream_new_from_bytes (packed);
  g_autoptr(GError) error = NULL;
  CvmUnpack unpack = { .packed = stream, .name = "disk", .dir = f->dir };

  g_assert_null (cvm_unpack_run (&unpack, cvm_deadline_in_ms (-1), NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  g_assert_cmpuint (count_files (f->dir), ==, 0);
}

/* What was there before is neither overwritten nor removed */
static void
test_there (Fixture       *f,
            gconstpointer  data)
{
  g_autofree char *path = g_build_filename (f->dir, "disk", NULL);
  g_autoptr(GBytes) packed = pack_raw ("gzip", f->disk);
  g_autoptr(GBytes) mine = g_bytes_new ("mine", 4);
  g_autoptr(GError) error = NULL;

  g_assert_true (g_file_set_contents (path, "mine", 4, NULL));
  g_assert_null (unpack_within (f, packed, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS);
  assert_file (f, "disk", mine);
}

/* Hostile --------------------------------------------------------------------------------------------------- */

static const CvmUnpackLimits limits = { .max_bytes = 64 * 1024 * 1024, .max_entries = 20, .max_ratio = 100 };

static GBytes *
text_new (const char *text)
{
  return g_bytes_new (text, strlen (text));
}

static GBytes *
filled (guint8 byte,
        gsize  len)
{
  return g_bytes_new_take (memset (g_malloc (len), byte, len), len);
}

static GBytes *
tar_of_one (const char *name,
            mode_t      type,
            const char *target)
{
  g_autoptr(GBytes) data = text_new (target == NULL && (type == 0 || type == AE_IFREG) ? "data" : "");
  Entry entry = { name, type, target, data };

  return pack ("pax", NULL, &entry, 1);
}

static GBytes *make_absolute (GBytes *disk) { return tar_of_one ("/etc/passwd", 0, NULL); }
static GBytes *make_dots (GBytes *disk) { return tar_of_one ("../escaped", 0, NULL); }
static GBytes *make_inner_dots (GBytes *disk) { return tar_of_one ("a/../../escaped", 0, NULL); }
static GBytes *make_dots_dir (GBytes *disk) { return tar_of_one ("a/../../../escaped", AE_IFDIR, NULL); }
static GBytes *make_symlink (GBytes *disk) { return tar_of_one ("disk", AE_IFLNK, "/etc/passwd"); }
static GBytes *make_hardlink (GBytes *disk) { return tar_of_one ("disk", 0, "/etc/passwd"); }
static GBytes *make_fifo (GBytes *disk) { return tar_of_one ("pipe", AE_IFIFO, NULL); }
static GBytes *make_device (GBytes *disk) { return tar_of_one ("sda", AE_IFBLK, NULL); }
static GBytes *make_control (GBytes *disk) { return tar_of_one ("di\033[2Jsk", 0, NULL); }
static GBytes *make_newline (GBytes *disk) { return tar_of_one ("di\nsk", 0, NULL); }
static GBytes *make_latin1 (GBytes *disk) { return tar_of_one ("caf\xe9", 0, NULL); }
static GBytes *make_folder_only (GBytes *disk) { return tar_of_one ("./.", AE_IFREG, NULL); }

static GBytes *
make_long (GBytes *disk)
{
  g_autofree char *name = g_strnfill (300, 'x');

  return tar_of_one (name, 0, NULL);
}

static GBytes *
make_overlong (GBytes *disk)
{
  g_autoptr(GString) name = g_string_new (NULL);

  for (guint i = 0; i < 600; i++)
    g_string_append (name, "x/");
  g_string_append (name, "disk");

  return tar_of_one (name->str, 0, NULL);
}

static GBytes *make_deep (GBytes *disk) { return tar_of_one ("a/b/c/d/e/f/g/h/i", 0, NULL); }

static GBytes *
make_twice (GBytes *disk)
{
  Entry entries[] = { { "disk", 0, NULL, disk }, { "./disk", 0, NULL, disk } };

  return pack ("pax", "gzip", entries, 2);
}

static GBytes *
make_below_file (GBytes *disk)
{
  Entry entries[] = { { "disk", 0, NULL, disk }, { "disk/inner", 0, NULL, disk } };

  return pack ("pax", NULL, entries, 2);
}

static GBytes *
make_link_then_file (GBytes *disk)
{
  Entry entries[] = { { "out", AE_IFLNK, "/tmp", NULL }, { "out/escaped", 0, NULL, disk } };

  return pack ("pax", NULL, entries, 2);
}

static GBytes *
make_zip_link (GBytes *disk)
{
  Entry entry = { "out", AE_IFLNK, "/etc/passwd", NULL };

  return pack ("zip", NULL, &entry, 1);
}

static GBytes *
make_zip_dots (GBytes *disk)
{
  Entry entry = { "../escaped", 0, NULL, disk };

  return pack ("zip", NULL, &entry, 1);
}

static GBytes *
make_zip_encrypted (GBytes *disk)
{
  Writer writer = writer_new ("zip", NULL, "zip:encryption=traditional");
  Entry entry = { "disk", 0, NULL, disk };

  writer_add (&writer, &entry);

  return writer_end (&writer);
}

static GBytes *
make_zip_damaged (GBytes *disk)
{
  Entry entry = { "disk", 0, NULL, disk };
  g_autoptr(GBytes) zip = pack ("zip", NULL, &entry, 1);

  return flipped (zip, 1000);
}

static GBytes *
make_zip_cut (GBytes *disk)
{
  Entry entry = { "disk", 0, NULL, disk };
  g_autoptr(GBytes) zip = pack ("zip", NULL, &entry, 1);

  return g_bytes_new_from_bytes (zip, 0, g_bytes_get_size (zip) - 30);
}

static GBytes *
make_zip_packed (GBytes *disk)
{
  Entry entry = { "disk", 0, NULL, disk };
  g_autoptr(GBytes) zip = pack ("zip", NULL, &entry, 1);

  return pack_raw ("gzip", zip);
}

static GBytes *
make_many (GBytes *disk)
{
  Writer writer = writer_new ("pax", "gzip", NULL);

  for (guint i = 0; i < 21; i++)
    {
      g_autofree char *name = g_strdup_printf ("file-%u", i);
      Entry entry = { name, 0, NULL, NULL };

      writer_add (&writer, &entry);
    }

  return writer_end (&writer);
}

static GBytes *
make_many_dirs (GBytes *disk)
{
  Writer writer = writer_new ("pax", "gzip", NULL);

  for (guint i = 0; i < 21; i++)
    {
      g_autofree char *name = g_strdup_printf ("d%u", i);
      Entry entry = { name, AE_IFDIR, NULL, NULL };

      writer_add (&writer, &entry);
    }

  return writer_end (&writer);
}

static GBytes *
make_size_bomb (GBytes *disk)
{
  g_autoptr(GBytes) zeros = filled (0, 65 * 1024 * 1024);

  return pack_raw ("gzip", zeros);
}

static GBytes *
make_ratio_bomb (GBytes *disk)
{
  g_autoptr(GBytes) same = filled ('A', 20 * 1024 * 1024);

  return pack_raw ("gzip", same);
}

static GBytes *
make_zip_bomb (GBytes *disk)
{
  g_autoptr(GBytes) same = filled ('A', 20 * 1024 * 1024);
  Entry entry = { "bomb", 0, NULL, same };

  return pack ("zip", NULL, &entry, 1);
}

static GBytes *
make_zstd_bomb (GBytes *disk)
{
  g_autoptr(GBytes) same = filled ('A', 20 * 1024 * 1024);

  return pack_raw ("zstd", same);
}

/* A header that claims too much; or one whose archive is small, but has a large hole */
static GBytes *
make_claim (gboolean is_sparse)
{
  Writer writer = writer_new ("pax", NULL, NULL);
  struct archive_entry *entry = archive_entry_new ();
  gsize size = 65 * 1024 * 1024;
  g_autoptr(GBytes) zeros = filled (0, size);

  archive_entry_set_pathname (entry, is_sparse ? "sparse" : "huge");
  archive_entry_set_filetype (entry, AE_IFREG);
  archive_entry_set_size (entry, size);
  if (is_sparse)
    archive_entry_sparse_add_entry (entry, size - 512, 512);
  archive_write_header (writer.archive, entry);
  archive_write_data (writer.archive, g_bytes_get_data (zeros, NULL), size);
  archive_entry_free (entry);

  return writer_end (&writer);
}

static GBytes *make_huge (GBytes *disk) { return make_claim (FALSE); }
static GBytes *make_sparse (GBytes *disk) { return make_claim (TRUE); }

static GBytes *
make_nested (GBytes *disk)
{
  g_autoptr(GBytes) inner = pack_raw ("xz", disk);
  Entry entry = { "disk.xz", 0, NULL, inner };

  return pack ("pax", "gzip", &entry, 1);
}

static GBytes *
make_nested_tar (GBytes *disk)
{
  g_autoptr(GBytes) inner = tar_of_one ("disk", 0, NULL);
  Entry entry = { "inner.ova", 0, NULL, inner };

  return pack ("zip", NULL, &entry, 1);
}

static GBytes *
make_gz_in_gz (GBytes *disk)
{
  g_autoptr(GBytes) inner = pack_raw ("gzip", disk);

  return pack_raw ("gzip", inner);
}

static GBytes *
make_7z (GBytes *disk)
{
  Entry entry = { "disk", 0, NULL, disk };

  return pack ("7zip", NULL, &entry, 1);
}

static GBytes *make_empty (GBytes *disk) { return g_bytes_new (NULL, 0); }

static GBytes *
make_gz_empty (GBytes *disk)
{
  g_autoptr(GBytes) nothing = g_bytes_new (NULL, 0);

  return pack_raw ("gzip", nothing);
}

static GBytes *
make_gz_checksum (GBytes *disk)
{
  g_autoptr(GBytes) gz = pack_raw ("gzip", disk);

  return flipped (gz, -8);
}

static GBytes *
make_gz_length (GBytes *disk)
{
  g_autoptr(GBytes) gz = pack_raw ("gzip", disk);

  return flipped (gz, -4);
}

static GBytes *
make_gz_trailing (GBytes *disk)
{
  g_autoptr(GBytes) gz = pack_raw ("gzip", disk);
  g_autoptr(GBytes) tail = text_new ("#!/bin/sh");

  return joined (gz, tail);
}

static GBytes *
make_gz_method (GBytes *disk)
{
  g_autoptr(GBytes) gz = pack_raw ("gzip", disk);

  return flipped (gz, 2);
}

static GBytes *
make_targz_checksum (GBytes *disk)
{
  Entry entry = { "disk", 0, NULL, disk };
  g_autoptr(GBytes) gz = pack ("pax", "gzip", &entry, 1);

  return flipped (gz, -7);
}

static GBytes *
trailed (const char *filter,
         GBytes     *disk)
{
  g_autoptr(GBytes) packed = pack_raw (filter, disk);
  g_autoptr(GBytes) tail = text_new ("#!/bin/sh\n# not of the image\n");

  return joined (packed, tail);
}

static GBytes *make_bz2_trailing (GBytes *disk) { return trailed ("bzip2", disk); }
static GBytes *make_xz_trailing (GBytes *disk) { return trailed ("xz", disk); }
static GBytes *make_zst_trailing (GBytes *disk) { return trailed ("zstd", disk); }

static GBytes *
damaged (const char *filter,
         GBytes     *disk)
{
  g_autoptr(GBytes) packed = pack_raw (filter, disk);

  return flipped (packed, g_bytes_get_size (packed) / 2);
}

static GBytes *make_bz2_damaged (GBytes *disk) { return damaged ("bzip2", disk); }
static GBytes *make_xz_damaged (GBytes *disk) { return damaged ("xz", disk); }

/* As zstd(1) makes it: with a checksum, which libarchive's writer leaves out */
static GBytes *
make_zst_checksum (GBytes *disk)
{
  static const char frame[] = "\x28\xb5\x2f\xfd\x04\x58\x31\x00\x00\x61\x20\x64\x69\x73\x6b\xcb\x8a\xab\x10";
  g_autoptr(GBytes) packed = g_bytes_new (frame, sizeof frame - 1);

  return flipped (packed, -1);
}

/* Without its end, or with something else there */
static GBytes *
make_tar_no_end (GBytes *disk)
{
  g_autoptr(GBytes) tar = tar_of_one ("disk", 0, NULL);
  g_autoptr(GBytes) entry = g_bytes_new_from_bytes (tar, 0, g_bytes_get_size (tar) - 1024);

  return g_bytes_ref (entry);
}

static GBytes *
make_tar_trailing (GBytes *disk)
{
  g_autoptr(GBytes) tar = tar_of_one ("disk", 0, NULL);
  g_autoptr(GBytes) tail = text_new ("#!/bin/sh");

  return joined (tar, tail);
}

static GBytes *
make_tar_header (GBytes *disk)
{
  Entry entries[] = { { "disk", 0, NULL, disk }, { "more", 0, NULL, disk } };
  g_autoptr(GBytes) tar = pack ("ustar", NULL, entries, 2);

  return flipped (tar, 512 + (DISK_SIZE + 511) / 512 * 512 + 3);
}

static const struct
{
  const char *name;
  GBytes   *(*make) (GBytes *disk);
  const char *what;      /* the message has this: what, where, what to do */
} hostile[] = {
  { "absolute", make_absolute, "'/etc/passwd' points outside the folder (/)" },
  { "dots", make_dots, "'../escaped' points outside the folder (..)" },
  { "inner-dots", make_inner_dots, "'a/../../escaped' points outside the folder (..)" },
  { "dots-dir", make_dots_dir, "'a/../../../escaped/' points outside the folder (..)" },
  { "symlink", make_symlink, "'disk' is a symbolic link" },
  { "hardlink", make_hardlink, "'disk' is a hard link" },
  { "link-then-file", make_link_then_file, "'out' is a symbolic link" },
  { "fifo", make_fifo, "'pipe' is a device, a FIFO or a socket" },
  { "device", make_device, "'sda' is a device, a FIFO or a socket" },
  { "control", make_control, "'di\\x1b[2Jsk' has control characters" },
  { "newline", make_newline, "'di\\nsk' has control characters" },
  { "latin1", make_latin1, "not UTF-8" },
  { "no-name", make_folder_only, "'./.' is no name of a file" },
  { "long", make_long, "is too long: a name has at most 255 bytes" },
  { "overlong", make_overlong, "is too long: a name with its folders has at most 1024 bytes" },
  { "deep", make_deep, "'a/b/c/d/e/f/g/h/i' lies too deep" },
  { "twice", make_twice, "'disk' is there twice" },
  { "below-file", make_below_file, "'disk/inner' lies below what is a file" },
  { "many", make_many, "'file-20' is one too many: more than 20 entries" },
  { "many-dirs", make_many_dirs, "'d20' is one too many" },
  { "size-bomb", make_size_bomb, "'disk' makes it more than 67108864 bytes" },
  { "ratio-bomb", make_ratio_bomb, "'disk' grows to more than 100 times" },
  { "zip-bomb", make_zip_bomb, "'bomb' grows to more than 100 times" },
  { "zstd-bomb", make_zstd_bomb, "'disk' grows to more than 100 times" },
  { "huge", make_huge, "'huge' makes it more than 67108864 bytes" },
  { "sparse", make_sparse, "'sparse' makes it more than 67108864 bytes" },
  { "nested", make_nested, "'disk.xz' is packed once more (xz)" },
  { "nested-tar", make_nested_tar, "'inner.ova' is packed once more (tar)" },
  { "gz-in-gz", make_gz_in_gz, "it is packed twice (gz)" },
  { "zip-packed", make_zip_packed, "it is packed twice (zip)" },
  { "7z", make_7z, "not known here (7z)" },
  { "empty", make_empty, "there is nothing in it" },
  { "gz-empty", make_gz_empty, "there is nothing in it" },
  { "gz-checksum", make_gz_checksum, "the gz data has the wrong checksum" },
  { "gz-length", make_gz_length, "the gz data has the wrong length" },
  { "gz-trailing", make_gz_trailing, "there is something behind the gz data" },
  { "gz-method", make_gz_method, "the gz data is damaged at byte 4 (unknown compression method)" },
  { "tar.gz-checksum", make_targz_checksum, "the gz data has the wrong checksum" },
  { "bz2-trailing", make_bz2_trailing, "there is something behind the bz2 data" },
  { "xz-trailing", make_xz_trailing, "the xz data is damaged" },
  { "zst-trailing", make_zst_trailing, "the zst data is damaged" },
  { "bz2-damaged", make_bz2_damaged, "the bz2 data is damaged" },
  { "xz-damaged", make_xz_damaged, "the xz data is damaged" },
  { "zst-checksum", make_zst_checksum, "the zst data is damaged" },
  { "tar-no-end", make_tar_no_end, "the tar has no end" },
  { "tar-trailing", make_tar_trailing, "the tar has no end" },
  { "tar-header", make_tar_header, "the archive is damaged" },
  { "zip-symlink", make_zip_link, "'out' is a symbolic link" },
  { "zip-dots", make_zip_dots, "'../escaped' points outside the folder (..)" },
  { "zip-encrypted", make_zip_encrypted, "'disk' is encrypted" },
  { "zip-damaged", make_zip_damaged, "'disk' is damaged" },
  { "zip-cut", make_zip_cut, "the zip has no index" },
};

static void
test_hostile (Fixture       *f,
              gconstpointer  data)
{
  const typeof (hostile[0]) *h = data;
  g_autoptr(GBytes) packed = h->make (f->disk);

  assert_refused (f, packed, &limits, h->what);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (honest); i++)
    {
      const char *filter = honest[i].filter != NULL ? honest[i].filter : "plain";
      g_autofree char *path = g_strdup_printf ("/unpack/honest/%s-%s", honest[i].format, filter);
      g_autofree char *cut = g_strdup_printf ("/unpack/cut/%s-%s", honest[i].format, filter);
      g_autofree char *cancel = g_strdup_printf ("/unpack/cancel/%s-%s", honest[i].format, filter);

      g_test_add (path, Fixture, &honest[i], set_up, test_honest, tear_down);
      if (!g_str_equal (honest[i].format, "raw"))   /* small ones are done before they can be cancelled */
        g_test_add (cancel, Fixture, &honest[i], set_up, test_cancel, tear_down);
      if (i > 0)   /* a bare disk does not say how long it is */
        g_test_add (cut, Fixture, &honest[i], set_up, test_cut, tear_down);
    }

  for (gsize i = 0; i < G_N_ELEMENTS (hostile); i++)
    {
      g_autofree char *path = g_strconcat ("/unpack/hostile/", hostile[i].name, NULL);

      g_test_add (path, Fixture, &hostile[i], set_up, test_hostile, tear_down);
    }

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_strdup_printf ("/unpack/name/%s-%s", names[i].name, names[i].filter);

      g_test_add (path, Fixture, &names[i], set_up, test_name, tear_down);
    }

  g_test_add ("/unpack/deadline", Fixture, NULL, set_up, test_deadline, tear_down);
  g_test_add ("/unpack/there", Fixture, NULL, set_up, test_there, tear_down);
  g_test_add ("/unpack/gzip/members", Fixture, NULL, set_up, test_gzip_members, tear_down);
  g_test_add ("/unpack/gzip/cut", Fixture, NULL, set_up, test_gzip_cut, tear_down);

  return g_test_run ();
}
