/* cvm-tap-unzip.c: the unpacked bytes of an archive
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * libarchive unpacks gzip as well, but looks at neither its checksum nor its length; zlib, behind
 * GLib's converter, does. */
#include "cvm-tap-archive-private.h"

#include <string.h>

#define BLOCK (64 * 1024)

struct _CvmTapUnzip
{
  GInputStream *stream;
  GCancellable *cancellable;
  GConverter   *converter;    /* NULL: a tar that is not compressed */
  gboolean      is_begun;
  gboolean      is_between;   /* a compressed stream ended; another may follow */
  gboolean      is_dry;       /* no more bytes come in */
  gsize         in_start;
  gsize         in_end;
  guint64       n_in;
  guint64       n_out;
  char          in[BLOCK];
  char          out[BLOCK];
};

CvmTapUnzip *
cvm_tap_unzip_new (GInputStream *stream,
                   GCancellable *cancellable)
{
  CvmTapUnzip *self = g_new0 (CvmTapUnzip, 1);

  self->stream = g_object_ref (stream);
  self->cancellable = cancellable;

  return self;
}

void
cvm_tap_unzip_free (CvmTapUnzip *self)
{
  g_object_unref (self->stream);
  g_clear_object (&self->converter);
  g_free (self);
}

static gboolean
is_gzip (const char *bytes,
         gsize       len)
{
  return len >= 2 && memcmp (bytes, "\x1f\x8b", 2) == 0;
}

gboolean
cvm_tap_archive_detect (const char *bytes,
                        gsize       len)
{
  return is_gzip (bytes, len) || cvm_tap_zip_is (bytes, len) || (len >= 262 && memcmp (bytes + 257, "ustar", 5) == 0);
}

/* Moves what is left to the front and reads more behind it */
static gboolean
fill (CvmTapUnzip  *self,
      GError      **error)
{
  gsize left = self->in_end - self->in_start;
  gsize n;

  memmove (self->in, self->in + self->in_start, left);
  self->in_start = 0;
  self->in_end = left;
  if (self->is_dry || left == BLOCK)
    return TRUE;

  if (!g_input_stream_read_all (self->stream, self->in + left, BLOCK - left, &n,
                                self->cancellable, error))
    return FALSE;

  self->is_dry = n < BLOCK - left;
  self->in_end += n;
  self->n_in += n;

  return TRUE;
}

/* After a compressed stream another may follow; tapes fill up with zeros */
static gboolean
begin_next (CvmTapUnzip  *self,
            GError      **error)
{
  if (is_gzip (self->in + self->in_start, self->in_end - self->in_start))
    {
      g_converter_reset (self->converter);
      self->is_between = FALSE;
      return TRUE;
    }

  for (; self->in_start < self->in_end; self->in_start++)
    if (self->in[self->in_start] != '\0')
      {
        g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                             "something that is not compressed follows its end");
        return FALSE;
      }

  return TRUE;
}

void
cvm_tap_archive_refuse_size (GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE,
                       "it is far larger unpacked than packed, or than what is read (4 GiB)");
}

static gssize
take (CvmTapUnzip  *self,
      gsize         n,
      GError      **error)
{
  self->n_out += n;
  if (self->n_out <= CVM_TAP_ARCHIVE_RATIO_FREE
      || (self->n_out <= CVM_TAP_ARCHIVE_BYTES_MAX
          && self->n_out / CVM_TAP_ARCHIVE_RATIO_MAX <= self->n_in))
    return (gssize)n;

  cvm_tap_archive_refuse_size (error);

  return -1;
}

/* One step of the converter: bytes in OUT, or none yet */
static gboolean
convert (CvmTapUnzip  *self,
         gsize        *n_out,
         GError      **error)
{
  GConverterFlags flags = self->is_dry ? G_CONVERTER_INPUT_AT_END : G_CONVERTER_NO_FLAGS;
  gsize n_in = 0;
  GConverterResult result;

  *n_out = 0;
  if (self->in_start == self->in_end && self->is_dry)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "it is cut off");
      return FALSE;
    }

  result = g_converter_convert (self->converter, self->in + self->in_start,
                                self->in_end - self->in_start, self->out, BLOCK, flags, &n_in,
                                n_out, error);
  if (result == G_CONVERTER_ERROR)
    {
      g_prefix_error_literal (error, "it is damaged or cut off: ");
      if (error != NULL)
        (*error)->code = G_IO_ERROR_INVALID_DATA;
      return FALSE;
    }

  self->in_start += n_in;
  self->is_between = result == G_CONVERTER_FINISHED;

  return TRUE;
}

static gssize
next_plain (CvmTapUnzip  *self,
            const char  **bytes,
            GError      **error)
{
  gsize n = self->in_end - self->in_start;

  *bytes = self->in + self->in_start;
  self->in_start = self->in_end;

  return take (self, n, error);
}

gssize
cvm_tap_unzip_next (CvmTapUnzip  *self,
                    const char  **bytes,
                    GError      **error)
{
  gsize n = 0;

  *bytes = self->out;
  if (g_cancellable_set_error_if_cancelled (self->cancellable, error))
    return -1;

  while (n == 0)
    {
      if (self->in_end - self->in_start < BLOCK / 2 && !fill (self, error))
        return -1;

      if (!self->is_begun && is_gzip (self->in, self->in_end))
        self->converter = G_CONVERTER (g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP));
      self->is_begun = TRUE;

      if (self->converter == NULL)
        return next_plain (self, bytes, error);

      if (self->is_between && !begin_next (self, error))
        return -1;

      if (self->is_between && self->in_start == self->in_end && self->is_dry)
        return 0;

      if (!self->is_between && !convert (self, &n, error))
        return -1;
    }

  return take (self, n, error);
}
