/* cvm-unpack-source.c: a stream's bytes without their gz, bz2, xz or zst
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-unpack-private.h"

#include <archive.h>
#include <string.h>
#include <zlib.h>

#include "cvm-wait.h"

#define BLOCK (256 * 1024)
#define AGAIN "fetch it again"

struct _CvmUnpackSource
{
  GInputStream   *packed;
  gint64          deadline_us;
  GCancellable   *cancellable;

  guint8         *block;          /* packed bytes: those from at to len are still to be taken */
  gsize           at, len;
  guint64         n_packed;       /* up to the end of the block */

  gssize        (*pull) (CvmUnpackSource *self, const guint8 **bytes, GError **error);
  const char     *name;           /* of the packing */
  guint8         *plain;          /* gz: what came out */
  z_stream        gz;
  gboolean        is_in_member;   /* gz: between a header and the checksum behind it */
  struct archive *filter;         /* bz2, xz, zst */
  GError         *read_error;     /* of the stream, below libarchive */

  GByteArray     *head;           /* was peeked at */
  gboolean        is_head_pulled;
  gsize           n_zeros;        /* at the end of what was pulled */
};

/* Packed bytes ------------------------------------------------------------------------------- */

/* Makes sure of a byte to take, unless the stream is at its end: len is 0 then. */
static gboolean
fill (CvmUnpackSource  *self,
      GError          **error)
{
  gssize n;

  if (self->at < self->len)
    return TRUE;

  if (!cvm_deadline_check (self->deadline_us, self->cancellable, error))
    return FALSE;

  n = g_input_stream_read (self->packed, self->block, BLOCK, self->cancellable, error);
  self->at = 0;
  self->len = MAX (n, 0);
  self->n_packed += self->len;

  return n >= 0;
}

static guint64
position (CvmUnpackSource *self)
{
  return self->n_packed - (self->len - self->at);
}

static gssize
pull_plain (CvmUnpackSource  *self,
            const guint8    **bytes,
            GError          **error)
{
  gssize n;

  if (!fill (self, error))
    return -1;

  *bytes = self->block + self->at;
  n = self->len - self->at;
  self->at = self->len;

  return n;
}

static gssize
fail_behind (CvmUnpackSource  *self,
             guint64           at,
             GError          **error)
{
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
               "there is something behind the %s data, from byte %" G_GUINT64_FORMAT " on: the "
               "file is damaged, or somebody put it there; " AGAIN, self->name, at);

  return -1;
}

/* gz: RFC 1952. libarchive reads it too, but does not look at its checksum and its length. ----- */

static void
take_gzip_error (CvmUnpackSource  *self,
                 GError          **error)
{
  const char *why = self->gz.msg != NULL ? self->gz.msg : "no reason given";
  guint64 at = position (self);

  if (g_str_equal (why, "incorrect data check"))
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                 "the gz data has the wrong checksum, at byte %" G_GUINT64_FORMAT ": it is "
                 "damaged; " AGAIN, at);
  else if (g_str_equal (why, "incorrect length check"))
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                 "the gz data has the wrong length, at byte %" G_GUINT64_FORMAT ": it is damaged; "
                 AGAIN, at);
  else
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                 "the gz data is damaged at byte %" G_GUINT64_FORMAT " (%s); " AGAIN, at, why);
}

/* Several members in a row are one file; zeros may fill the last block of a tape. */
static gboolean
begin_member (CvmUnpackSource  *self,
              GError          **error)
{
  while (self->at < self->len && self->block[self->at] == 0 && position (self) > 0)
    self->at++;

  if (self->at == self->len)
    return TRUE;

  if (self->block[self->at] != 0x1f)
    return fail_behind (self, position (self), error) == 0;

  self->is_in_member = inflateReset (&self->gz) == Z_OK;

  return TRUE;
}

/* Takes what is in the block; a member may end within it. */
static gboolean
inflate_block (CvmUnpackSource  *self,
               GError          **error)
{
  int status;

  self->gz.next_in = self->block + self->at;
  self->gz.avail_in = self->len - self->at;
  status = inflate (&self->gz, Z_NO_FLUSH);
  self->at = self->len - self->gz.avail_in;

  if (status == Z_STREAM_END)
    self->is_in_member = FALSE;
  else if (status != Z_OK && status != Z_BUF_ERROR)
    take_gzip_error (self, error);

  return status == Z_STREAM_END || status == Z_OK || status == Z_BUF_ERROR;
}

static gssize
pull_gzip (CvmUnpackSource  *self,
           const guint8    **bytes,
           GError          **error)
{
  self->gz.next_out = self->plain;
  self->gz.avail_out = BLOCK;
  *bytes = self->plain;

  while (self->gz.avail_out == BLOCK)
    {
      if (!fill (self, error))
        return -1;

      if (self->len == 0 && !self->is_in_member)
        return 0;

      if (self->len == 0)
        {
          g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                       "the gz data ends too early, after byte %" G_GUINT64_FORMAT ": it is cut "
                       "off; "
                       AGAIN, self->n_packed);
          return -1;
        }

      if (!self->is_in_member && !begin_member (self, error))
        return -1;

      if (self->is_in_member && !inflate_block (self, error))
        return -1;
    }

  return BLOCK - self->gz.avail_out;
}

static gboolean
open_gzip (CvmUnpackSource  *self,
           GError          **error)
{
  self->plain = g_malloc (BLOCK);
  self->pull = pull_gzip;

  return inflateInit2 (&self->gz, 16 + MAX_WBITS) == Z_OK;
}

/* bz2, xz, zst: by libarchive, whose libraries look at the checksums --------------------------- */

static la_ssize_t
on_filter_read (struct archive  *filter,
                void            *data,
                const void     **buffer)
{
  CvmUnpackSource *self = data;

  return pull_plain (self, (const guint8 **)buffer, &self->read_error);
}

/* Libarchive stops where the packing ends, and does not look behind it. */
static gssize
check_filter_end (CvmUnpackSource  *self,
                  GError          **error)
{
  guint64 taken = archive_filter_bytes (self->filter, -1);

  if (taken < self->n_packed)
    return fail_behind (self, taken, error);

  if (!fill (self, error))
    return -1;

  return self->len == 0 ? 0 : fail_behind (self, taken, error);
}

static void
take_filter_error (CvmUnpackSource  *self,
                   GError          **error)
{
  if (self->read_error != NULL)
    g_propagate_error (error, g_steal_pointer (&self->read_error));
  else
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                 "the %s data is damaged or cut off near byte %" G_GUINT64_FORMAT " (%s); " AGAIN,
                 self->name, (guint64)archive_filter_bytes (self->filter, -1),
                 archive_error_string (self->filter));
}

static gssize
pull_filter (CvmUnpackSource  *self,
             const guint8    **bytes,
             GError          **error)
{
  const void *block = NULL;
  size_t len = 0;
  la_int64_t offset;
  int status = archive_read_data_block (self->filter, &block, &len, &offset);

  *bytes = block;
  if (status == ARCHIVE_OK && len > 0)
    return len;

  if (status == ARCHIVE_EOF)
    return check_filter_end (self, error);

  take_filter_error (self, error);

  return -1;
}

static gboolean
open_filter (CvmUnpackSource  *self,
             CvmPacking        packing,
             GError          **error)
{
  int code = packing == CVM_PACKING_BZIP2 ? ARCHIVE_FILTER_BZIP2
             : packing == CVM_PACKING_XZ ? ARCHIVE_FILTER_XZ : ARCHIVE_FILTER_ZSTD;
  struct archive_entry *entry;

  self->filter = archive_read_new ();
  self->pull = pull_filter;

  if (archive_read_support_format_raw (self->filter) == ARCHIVE_OK
      && archive_read_append_filter (self->filter, code) == ARCHIVE_OK
      && archive_read_open (self->filter, self, NULL, on_filter_read, NULL) == ARCHIVE_OK
      && archive_read_next_header (self->filter, &entry) == ARCHIVE_OK)
    return TRUE;

  take_filter_error (self, error);

  return FALSE;
}

/* Whole ---------------------------------------------------------------------------------------- */

/* The packing is told by the first block, which a slow stream may give in pieces. */
static gboolean
fill_head (CvmUnpackSource  *self,
           GError          **error)
{
  gsize n;

  if (!cvm_deadline_check (self->deadline_us, self->cancellable, error)
      || !g_input_stream_read_all (self->packed, self->block, CVM_PACKING_HEAD, &n,
                                   self->cancellable,
                                   error))
    return FALSE;

  self->len = self->n_packed = n;

  return TRUE;
}

static gboolean
open_packing (CvmUnpackSource  *self,
              GError          **error)
{
  CvmPacking packing;

  if (!fill_head (self, error))
    return FALSE;

  packing = cvm_packing_of (self->block, self->len);
  self->name = cvm_packing_name (self->block, self->len);
  if (packing == CVM_PACKING_GZIP)
    return open_gzip (self, error);

  if (packing == CVM_PACKING_BZIP2 || packing == CVM_PACKING_XZ || packing == CVM_PACKING_ZSTD)
    return open_filter (self, packing, error);

  self->pull = pull_plain;

  return TRUE;
}

CvmUnpackSource *
cvm_unpack_source_new (GInputStream *packed,
                       gint64        deadline_us,
                       GCancellable *cancellable)
{
  CvmUnpackSource *self = g_new0 (CvmUnpackSource, 1);

  self->packed = g_object_ref (packed);
  self->deadline_us = deadline_us;
  self->cancellable = cancellable != NULL ? g_object_ref (cancellable) : NULL;
  self->block = g_malloc (BLOCK);

  return self;
}

void
cvm_unpack_source_free (CvmUnpackSource *self)
{
  if (self->plain != NULL)
    inflateEnd (&self->gz);
  archive_read_free (self->filter);
  g_clear_pointer (&self->head, g_byte_array_unref);
  g_clear_error (&self->read_error);
  g_clear_object (&self->cancellable);
  g_object_unref (self->packed);
  g_free (self->plain);
  g_free (self->block);
  g_free (self);
}

gboolean
cvm_unpack_source_peek (CvmUnpackSource  *self,
                        const guint8    **bytes,
                        gsize            *len,
                        GError          **error)
{
  gssize n = 1;

  if (self->head == NULL)
    {
      if (!open_packing (self, error))
        return FALSE;
      self->head = g_byte_array_new ();
    }

  while (n > 0 && self->head->len < CVM_PACKING_HEAD)
    {
      const guint8 *more;

      n = self->pull (self, &more, error);
      if (n < 0)
        return FALSE;
      g_byte_array_append (self->head, more, n);
    }

  *bytes = self->head->data;
  *len = self->head->len;

  return TRUE;
}

static void
count_zeros (CvmUnpackSource *self,
             const guint8    *bytes,
             gsize            len)
{
  gsize n = 0;

  while (n < len && n < 2 * CVM_PACKING_HEAD && bytes[len - 1 - n] == 0)
    n++;

  self->n_zeros = n == len ? self->n_zeros + n : n;
}

gssize
cvm_unpack_source_pull (CvmUnpackSource  *self,
                        const guint8    **bytes,
                        GError          **error)
{
  gssize n;

  if (!self->is_head_pulled)
    {
      gsize len;

      if (!cvm_unpack_source_peek (self, bytes, &len, error))
        return -1;
      self->is_head_pulled = TRUE;
      n = len;
    }
  else
    {
      n = self->pull (self, bytes, error);
    }

  if (n > 0)
    count_zeros (self, *bytes, n);

  return n;
}

guint64
cvm_unpack_source_n_packed (CvmUnpackSource *self)
{
  return self->n_packed;
}

gboolean
cvm_unpack_source_is_packed (CvmUnpackSource *self)
{
  return self->pull != pull_plain;
}

const char *
cvm_unpack_source_name (CvmUnpackSource *self)
{
  return self->name;
}

gboolean
cvm_unpack_source_ends_in_zeros (CvmUnpackSource *self,
                                 gsize            n)
{
  return self->n_zeros >= n;
}
