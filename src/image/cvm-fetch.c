/* cvm-fetch.c: a file from afar as a stream: the reader's side
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-fetch-private.h"

#include <errno.h>
#include <unistd.h>

#include "cvm-wait.h"

struct _CvmFetchStream
{
  GInputStream  parent_instance;

  CvmDownload  *download;   /* owned; shared with the worker while that runs */
  GThread      *worker;     /* NULL: not started, or waited for */
  gint64        position;
};

G_DEFINE_FINAL_TYPE (CvmFetchStream, cvm_fetch_stream, G_TYPE_INPUT_STREAM)
G_DEFINE_QUARK (cvm-fetch-error-quark, cvm_fetch_error)

static gpointer
work (gpointer data)
{
  cvm_download_run (data);

  return NULL;
}

static void
start (CvmFetchStream *self)
{
  if (self->worker == NULL && !self->download->is_over)
    self->worker = g_thread_new ("fetch", work, self->download);
}

static void
stop (CvmFetchStream *self)
{
  g_cancellable_cancel (self->download->stop);
  g_clear_pointer (&self->worker, g_thread_join);
}

typedef struct
{
  CvmDownload *download;
  gint64       wanted;     /* byte; G_MAXINT64: all of them */
} Wait;

static gboolean
has_bytes (gpointer data)
{
  Wait *wait = data;

  return wait->download->is_over || wait->download->ready > wait->wanted;
}

/* Waits under the mutex, and hands on why the download has failed. */
static gboolean
wait_for (CvmFetchStream  *self,
          gint64           wanted,
          GCancellable    *cancellable,
          GError         **error)
{
  CvmDownload *download = self->download;
  Wait wait = { download, wanted };

  if (!cvm_wait_until (&download->mutex, &download->cond, has_bytes, &wait, CVM_DEADLINE_NEVER,
                       cancellable, error))
    return FALSE;

  if (download->error == NULL)
    return TRUE;

  g_propagate_error (error, g_error_copy (download->error));

  return FALSE;
}

static gssize
read_part (CvmFetchStream  *self,
           void            *buffer,
           gsize            count,
           GError         **error)
{
  gssize n;

  do
    n = pread (self->download->fd, buffer, count, self->position);
  while (n < 0 && errno == EINTR);

  if (n < 0)
    g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "Cannot read %s: %s",
                 cvm_fetch_stream_get_path (self), g_strerror (errno));
  else
    self->position += n;

  return n;
}

static gssize
cvm_fetch_stream_read (GInputStream  *stream,
                       void          *buffer,
                       gsize          count,
                       GCancellable  *cancellable,
                       GError       **error)
{
  CvmFetchStream *self = CVM_FETCH_STREAM (stream);
  gint64 ready = 0;

  start (self);
  g_mutex_lock (&self->download->mutex);
  if (wait_for (self, self->position, cancellable, error))
    ready = self->download->ready - self->position;
  else
    ready = -1;
  if (ready > 0)
    self->download->is_read = TRUE;
  g_mutex_unlock (&self->download->mutex);

  return ready <= 0 ? ready : read_part (self, buffer, MIN (count, (guint64)ready), error);
}

static gboolean
cvm_fetch_stream_close (GInputStream  *stream,
                        GCancellable  *cancellable,
                        GError       **error)
{
  stop (CVM_FETCH_STREAM (stream));

  return TRUE;
}

static void
cvm_fetch_stream_finalize (GObject *object)
{
  CvmFetchStream *self = CVM_FETCH_STREAM (object);

  stop (self);
  g_clear_pointer (&self->download, cvm_download_free);

  G_OBJECT_CLASS (cvm_fetch_stream_parent_class)->finalize (object);
}

static void
cvm_fetch_stream_class_init (CvmFetchStreamClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = cvm_fetch_stream_finalize;
  G_INPUT_STREAM_CLASS (klass)->read_fn = cvm_fetch_stream_read;
  G_INPUT_STREAM_CLASS (klass)->close_fn = cvm_fetch_stream_close;
}

static void
cvm_fetch_stream_init (CvmFetchStream *self)
{
}

CvmFetchStream *
cvm_fetch_stream_new (const CvmFetchSpec *spec)
{
  CvmFetchStream *self = g_object_new (CVM_TYPE_FETCH_STREAM, NULL);

  self->download = cvm_download_new (spec);

  return self;
}

gboolean
cvm_fetch_stream_finish (CvmFetchStream  *self,
                         GCancellable    *cancellable,
                         GError         **error)
{
  gboolean is_whole;

  start (self);
  g_mutex_lock (&self->download->mutex);
  is_whole = wait_for (self, G_MAXINT64, cancellable, error);
  g_mutex_unlock (&self->download->mutex);

  return is_whole;
}

static gint64
rate_of (const CvmDownload *download)
{
  gint64 us = g_get_monotonic_time () - download->mark_us[0];

  return us > 0 ? (gint64)((double)(download->ready - download->mark_bytes[0]) * 1e6 / (double)us)
                : 0;
}

void
cvm_fetch_stream_get_progress (CvmFetchStream   *self,
                               CvmFetchProgress *progress)
{
  CvmDownload *download = self->download;

  g_mutex_lock (&download->mutex);
  *progress = (CvmFetchProgress) {
    .bytes = download->ready,
    .total = download->total,
    .bytes_per_s = download->mark_us[0] > 0 ? MAX (rate_of (download), 0) : 0,
    .left_ms = -1,
    .n_breaks = download->n_breaks,
  };
  g_mutex_unlock (&download->mutex);

  if (progress->total >= progress->bytes && progress->bytes_per_s > 0)
    progress->left_ms = (gint64)((double)(progress->total - progress->bytes) * 1000.0 /
                                 (double)progress->bytes_per_s);
}

const char *
cvm_fetch_stream_get_sha256 (CvmFetchStream *self)
{
  g_return_val_if_fail (self->download->is_over, NULL);

  return cvm_sha256_get_string (self->download->sum);
}

const char *
cvm_fetch_stream_get_path (CvmFetchStream *self)
{
  return self->download->part != NULL ? self->download->part : self->download->url;
}
