/* cvm-tap-archive-writer.c: writes TAP archives
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * As TAP::Harness::Archive writes them, so that its reader, and Tapper's, take them: members named
 * as file_order names them, "meta.yml" without "./", YAML that YAML::Tiny reads. */
#include "cvm-tap-archive-private.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <string.h>

struct _CvmTapArchiveWriter
{
  GOutputStream  *out;
  struct archive *tar;
  GHashTable     *names;
  GString        *order;        /* of meta.yml, the lines of file_order … */
  GString        *attributes;   /* … and of file_attributes */
  GError         *error;        /* of the stream */
};

static la_ssize_t
on_write (struct archive *tar,
          void           *data,
          const void     *buffer,
          size_t          len)
{
  CvmTapArchiveWriter *self = data;

  if (self->error == NULL &&
      g_output_stream_write_all (self->out, buffer, len, NULL, NULL, &self->error))
    return (la_ssize_t)len;

  archive_set_error (tar, EIO, "write");

  return -1;
}

static gboolean
fail (CvmTapArchiveWriter  *self,
      GError              **error)
{
  if (self->error != NULL)
    g_propagate_error (error, g_error_copy (self->error));
  else
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "the archive cannot be written: %s",
                 archive_error_string (self->tar));

  return FALSE;
}

CvmTapArchiveWriter *
cvm_tap_archive_writer_new (GOutputStream *out)
{
  CvmTapArchiveWriter *self = g_new0 (CvmTapArchiveWriter, 1);

  self->out = g_object_ref (out);
  self->names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->order = g_string_new (NULL);
  self->attributes = g_string_new (NULL);
  self->tar = archive_write_new ();
  archive_write_add_filter_gzip (self->tar);
  archive_write_set_filter_option (self->tar, "gzip", "timestamp", NULL);
  archive_write_set_format_gnutar (self->tar);
  archive_write_set_bytes_in_last_block (self->tar, 1);
  archive_write_open (self->tar, self, NULL, on_write, NULL);

  return self;
}

void
cvm_tap_archive_writer_free (CvmTapArchiveWriter *self)
{
  archive_write_free (self->tar);
  g_object_unref (self->out);
  g_hash_table_unref (self->names);
  g_string_free (self->order, TRUE);
  g_string_free (self->attributes, TRUE);
  g_clear_error (&self->error);
  g_free (self);
}

static gboolean
write_file (CvmTapArchiveWriter  *self,
            const char           *name,
            const char           *bytes,
            gsize                 len,
            gint64                time_us,
            GError              **error)
{
  struct archive_entry *entry = archive_entry_new ();
  gboolean is_written;

  archive_entry_copy_pathname (entry, name);
  archive_entry_set_filetype (entry, AE_IFREG);
  archive_entry_set_perm (entry, 0644);
  archive_entry_set_size (entry, (la_int64_t)len);
  archive_entry_set_mtime (entry, time_us / G_USEC_PER_SEC, 0);

  is_written = archive_write_header (self->tar, entry) == ARCHIVE_OK
            && archive_write_data (self->tar, bytes, len) == (la_ssize_t)len;
  archive_entry_free (entry);

  return is_written || fail (self, error);
}

/* In double quotes unless it is plainly a name: YAML::Tiny reads both, and no more than these
 * escapes */
static void
append_name (GString    *out,
             const char *name)
{
  static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./-";

  if (g_ascii_isalpha (*name) && strpbrk (name, "./-") != NULL
      && strspn (name, plain) == strlen (name))
    {
      g_string_append_printf (out, "%s\n", name);
      return;
    }

  g_string_append_c (out, '"');
  for (const char *p = name; *p != '\0'; p++)
    g_string_append_printf (out, *p == '"' || *p == '\\' ? "\\%c" : "%c", *p);
  g_string_append (out, "\"\n");
}

static void
append_time (GString    *out,
             const char *key,
             gint64      time_us)
{
  if (time_us > 0)
    g_string_append_printf (out, "%s: %" G_GINT64_FORMAT ".%06d\n", key, time_us / G_USEC_PER_SEC,
                            (int)(time_us % G_USEC_PER_SEC));
}

static gboolean
check_name (CvmTapArchiveWriter  *self,
            const char           *name,
            GError              **error)
{
  g_autofree char *clean = cvm_tap_archive_clean_name (name);
  gboolean is_bad = clean == NULL || !g_str_equal (clean, name) ||
                    g_str_equal (name, CVM_TAP_ARCHIVE_META);

  for (const char *p = name; *p != '\0'; p++)
    is_bad |= g_ascii_iscntrl (*p);

  if (is_bad)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_FILENAME,
                 "a TAP archive cannot hold a file of the name “%s”", name);
  else if (g_hash_table_contains (self->names, name))
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS, "there are two files of the name “%s”",
                 name);
  else if (g_hash_table_size (self->names) == CVM_TAP_ARCHIVE_MEMBERS_MAX)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE,
                 "a TAP archive holds at most %d files", CVM_TAP_ARCHIVE_MEMBERS_MAX);
  else
    return TRUE;

  return FALSE;
}

gboolean
cvm_tap_archive_writer_add (CvmTapArchiveWriter  *self,
                            const char           *name,
                            const char           *bytes,
                            gsize                 len,
                            gint64                start_us,
                            gint64                end_us,
                            GError              **error)
{
  if (!check_name (self, name, error) ||
      !write_file (self, name, bytes, len, end_us > 0 ? end_us : start_us, error))
    return FALSE;

  g_hash_table_add (self->names, g_strdup (name));
  g_string_append (self->order, "  - ");
  append_name (self->order, name);
  g_string_append (self->attributes, "  - description: ");
  append_name (self->attributes, name);
  append_time (self->attributes, "    start_time", start_us);
  append_time (self->attributes, "    end_time", end_us);

  return TRUE;
}

gboolean
cvm_tap_archive_writer_close (CvmTapArchiveWriter  *self,
                              gint64                start_us,
                              gint64                stop_us,
                              GError              **error)
{
  g_autoptr(GString) meta = g_string_new ("---\n");

  if (self->order->len > 0)
    g_string_append_printf (meta, "file_attributes:\n%sfile_order:\n%s", self->attributes->str,
                            self->order->str);
  append_time (meta, "start_time", start_us);
  append_time (meta, "stop_time", stop_us);

  if (!write_file (self, CVM_TAP_ARCHIVE_META, meta->str, meta->len, stop_us, error))
    return FALSE;

  return archive_write_close (self->tar) == ARCHIVE_OK || fail (self, error);
}
