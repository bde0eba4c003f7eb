/* cvm-point-text.c: a point as a line of a tree
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-point-text.h"

#include <glib/gi18n.h>

#include "cvm-format.h"

void
cvm_point_summary_add (CvmPointSummary *self,
                       const CvmPoint  *point)
{
  CvmPointState state = cvm_point_state_of (point);

  self->total++;
  self->ended += point->is_ended;
  self->ms += point->ms;
  self->skipped += state == CVM_POINT_STATE_SKIPPED;
  self->todo += state == CVM_POINT_STATE_TODO;
  self->failed += state == CVM_POINT_STATE_FAILED;
  self->stopped += state == CVM_POINT_STATE_CANCELLED;

  if (state == CVM_POINT_STATE_RUNNING)
    self->state = CVM_POINT_STATE_RUNNING;
  else if (self->state != CVM_POINT_STATE_RUNNING && state == CVM_POINT_STATE_FAILED)
    self->state = state;
  else if (self->state == CVM_POINT_STATE_PENDING && state == CVM_POINT_STATE_CANCELLED)
    self->state = state;
}

void
cvm_point_summary_close (CvmPointSummary *self)
{
  if (self->ended == 0 && self->state != CVM_POINT_STATE_RUNNING)
    self->state = CVM_POINT_STATE_PENDING;
  else if (self->ended < self->total)
    self->state = CVM_POINT_STATE_RUNNING;
  else if (self->skipped == self->total)
    self->state = CVM_POINT_STATE_SKIPPED;
  else if (self->state == CVM_POINT_STATE_PENDING)
    self->state = CVM_POINT_STATE_PASSED;
}

char *
cvm_point_wait (const CvmPoint *point,
                gint64          now_us)
{
  g_autofree char *what = cvm_format_line (point->waiting);
  g_autofree char *since = cvm_format_clock ((now_us - point->begun_us) / 1000);
  g_autofree char *limit = cvm_format_clock (point->limit_ms);

  if (point->limit_ms <= 0)
    return g_strdup_printf (_("waiting %s: %s"), since, what);

  return g_strdup_printf (_("waiting %s of %s: %s"), since, limit, what);
}

char *
cvm_point_title_markup (const CvmPoint *point,
                        gint64          now_us)
{
  CvmPointState state = cvm_point_state_of (point);
  g_autofree char *title = cvm_format_line (point->title != NULL ? point->title : "");
  g_autofree char *more = NULL;

  if (state == CVM_POINT_STATE_RUNNING && point->waiting != NULL)
    more = cvm_point_wait (point, now_us);
  else if (point->is_ended && state != CVM_POINT_STATE_PASSED && point->reason != NULL)
    more = cvm_format_line (point->reason);

  if (more == NULL)
    return g_markup_escape_text (title, -1);

  return g_markup_printf_escaped (state == CVM_POINT_STATE_RUNNING
                                  ? "%s\n<span size=\"small\" alpha=\"65%%\">%s</span>"
                                  : "%s <span alpha=\"65%%\">— %s</span>", title, more);
}

char *
cvm_point_time (const CvmPoint *point,
                gint64          now_us)
{
  CvmPointState state = cvm_point_state_of (point);

  if (state == CVM_POINT_STATE_RUNNING && point->begun_us > 0)
    {
      /* whole seconds: a tenth that jumps once a second would look broken */
      gint64 s = MAX (now_us - point->begun_us, 0) / G_USEC_PER_SEC;

      return s < 60 ? g_strdup_printf (_("%d s"), (int)s) : cvm_format_duration (s * 1000);
    }
  if (!point->is_ended || state == CVM_POINT_STATE_SKIPPED || (point->id == NULL && point->ms <= 0))
    return g_strdup ("");

  return cvm_format_duration (point->ms);
}

char *
cvm_point_summary_time (const CvmPointSummary *self)
{
  if (self->ended < self->total)
    return g_strdup_printf (_("%u of %u"), self->ended, self->total);

  return self->state == CVM_POINT_STATE_SKIPPED ? g_strdup ("") : cvm_format_duration (self->ms);
}

char *
cvm_point_summary_counts (const CvmPointSummary *self)
{
  GString *out = g_string_new (NULL);

  if (self->failed > 0)
    g_string_append_printf (out, _("%u failed"), self->failed);
  if (self->stopped > 0)
    g_string_append_printf (out, out->len > 0 ? _(", %u stopped") : _("%u stopped"),
                            self->stopped);
  if (self->todo > 0)
    g_string_append_printf (out, out->len > 0 ? _(", %u known broken") : _("%u known broken"),
                            self->todo);
  if (self->skipped > 0)
    g_string_append_printf (out, out->len > 0 ? _(", %u skipped") : _("%u skipped"),
                            self->skipped);

  return g_string_free (out, FALSE);
}
