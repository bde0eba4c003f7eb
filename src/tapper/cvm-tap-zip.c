/* cvm-tap-zip.c: the bytes of a zip as libarchive asks for them, bounded
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * libarchive reads the list at a zip's end into memory, whatever its size, before it gives the first
 * file, and unpacks what was packed in ways that take up to 4 GiB of memory. It does verify the
 * checksums. */
#include "cvm-tap-archive-private.h"

#include <string.h>

#define BLOCK    (64 * 1024)
#define LIST_MAX (16 * 1024 * 1024)   /* bytes read before the first file; 10000 names take less */

struct _CvmTapZip
{
  GInputStream *stream;
  GCancellable *cancellable;
  gboolean      is_listed;     /* the list has been read */
  guint64       n_list;        /* bytes read for it */
  guint64       size;          /* of the whole; at least what was read */
  guint64       n_out;
  char          block[BLOCK];
};

gboolean
cvm_tap_zip_is (const char *bytes,
                gsize       len)
{
  return len >= 4 && memcmp (bytes, "PK\x03\x04", 4) == 0;
}

CvmTapZip *
cvm_tap_zip_new (GInputStream *stream,
                 GCancellable *cancellable)
{
  CvmTapZip *self = g_new0 (CvmTapZip, 1);

  self->stream = g_object_ref (stream);
  self->cancellable = cancellable;

  return self;
}

void
cvm_tap_zip_free (CvmTapZip *self)
{
  g_object_unref (self->stream);
  g_free (self);
}

gssize
cvm_tap_zip_next (CvmTapZip    *self,
                  const char  **bytes,
                  GError      **error)
{
  gssize n = g_input_stream_read (self->stream, self->block, BLOCK, self->cancellable, error);

  *bytes = self->block;
  if (n < 0)
    return -1;

  self->n_list += self->is_listed ? 0 : (guint64)n;
  if (self->n_list > LIST_MAX)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE, "it holds more than %d files",
                   CVM_TAP_ARCHIVE_MEMBERS_MAX);
      return -1;
    }

  return n;
}

gint64
cvm_tap_zip_seek (CvmTapZip  *self,
                  gint64      offset,
                  GSeekType   whence,
                  GError    **error)
{
  GSeekable *seekable = G_SEEKABLE (self->stream);
  gint64 place;

  if (!g_seekable_seek (seekable, offset, whence, self->cancellable, error))
    return -1;

  place = g_seekable_tell (seekable);
  self->size = MAX (self->size, (guint64)place);

  return place;
}

/* "ZIP 2.0 (deflation)" */
gboolean
cvm_tap_zip_begin_file (CvmTapZip   *self,
                        const char  *format,
                        GError     **error)
{
  self->is_listed = TRUE;
  if (strstr (format, "(uncompressed)") != NULL || strstr (format, "(deflation)") != NULL)
    return TRUE;

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
               "it is packed in a way that is not read: %s; pack it by “deflate”", format);

  return FALSE;
}

gboolean
cvm_tap_zip_take (CvmTapZip  *self,
                  gsize       n,
                  GError    **error)
{
  self->n_out += n;
  if (self->n_out <= CVM_TAP_ARCHIVE_RATIO_FREE
      || (self->n_out <= CVM_TAP_ARCHIVE_BYTES_MAX
          && self->n_out / CVM_TAP_ARCHIVE_RATIO_MAX <= self->size))
    return TRUE;

  cvm_tap_archive_refuse_size (error);

  return FALSE;
}
