/* cvm-result-tap-streams.c: several streams of TAP, each a job of one result
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-result-tap.h"

void
cvm_result_tap_streams_take (guint       index,
                             const char *bytes,
                             gsize       len,
                             gpointer    streams)
{
  CvmResultTapStreams *self = streams;

  if (self->tap == NULL)
    self->tap = cvm_result_tap_new (self->result, index);

  if (bytes != NULL)
    {
      cvm_result_tap_feed (self->tap, bytes, len);
      return;
    }

  cvm_result_tap_end (self->tap);
  g_clear_pointer (&self->tap, cvm_result_tap_free);
}

void
cvm_result_tap_streams_clear (CvmResultTapStreams *self)
{
  g_clear_pointer (&self->tap, cvm_result_tap_free);
}
