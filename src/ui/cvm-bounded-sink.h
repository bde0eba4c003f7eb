/* cvm-bounded-sink.h: a stream into memory that takes no more than so many bytes
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui; needs no display.
 * Threads: one at a time. */
#pragma once

#include <gio/gio.h>

#define CVM_TYPE_BOUNDED_SINK (cvm_bounded_sink_get_type ())
G_DECLARE_FINAL_TYPE (CvmBoundedSink, cvm_bounded_sink, CVM, BOUNDED_SINK, GOutputStream)

/**
 * cvm_bounded_sink_new:
 *
 * What comes behind MAX bytes fails with G_IO_ERROR_NO_SPACE, so that whoever writes breaks off
 */
GOutputStream *cvm_bounded_sink_new       (gsize           max);

GBytes        *cvm_bounded_sink_get_bytes (CvmBoundedSink *self);
gboolean       cvm_bounded_sink_is_full   (CvmBoundedSink *self);   /* there was more */
