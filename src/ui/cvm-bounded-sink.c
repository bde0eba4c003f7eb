/* cvm-bounded-sink.c: a stream into memory that takes no more than so many bytes
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-bounded-sink.h"

struct _CvmBoundedSink
{
  GOutputStream  parent_instance;

  GByteArray    *bytes;
  gsize          max;
  gboolean       is_full;
};

G_DEFINE_FINAL_TYPE (CvmBoundedSink, cvm_bounded_sink, G_TYPE_OUTPUT_STREAM)

static gssize
cvm_bounded_sink_write (GOutputStream  *stream,
                        const void     *buffer,
                        gsize           len,
                        GCancellable   *cancellable,
                        GError        **error)
{
  CvmBoundedSink *self = CVM_BOUNDED_SINK (stream);
  gsize n = MIN (len, self->max - self->bytes->len);

  if (n == 0 && len > 0)
    {
      self->is_full = TRUE;
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE, "No more is wanted");
      return -1;
    }

  g_byte_array_append (self->bytes, buffer, (guint)n);

  return (gssize)n;
}

static void
cvm_bounded_sink_finalize (GObject *object)
{
  g_byte_array_unref (CVM_BOUNDED_SINK (object)->bytes);

  G_OBJECT_CLASS (cvm_bounded_sink_parent_class)->finalize (object);
}

static void
cvm_bounded_sink_class_init (CvmBoundedSinkClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = cvm_bounded_sink_finalize;
  G_OUTPUT_STREAM_CLASS (klass)->write_fn = cvm_bounded_sink_write;
}

static void
cvm_bounded_sink_init (CvmBoundedSink *self)
{
  self->bytes = g_byte_array_new ();
}

GOutputStream *
cvm_bounded_sink_new (gsize max)
{
  CvmBoundedSink *self = g_object_new (CVM_TYPE_BOUNDED_SINK, NULL);

  self->max = MIN (max, G_MAXUINT);

  return G_OUTPUT_STREAM (self);
}

GBytes *
cvm_bounded_sink_get_bytes (CvmBoundedSink *self)
{
  return g_bytes_new (self->bytes->data, self->bytes->len);
}

gboolean
cvm_bounded_sink_is_full (CvmBoundedSink *self)
{
  return self->is_full;
}
