/* cvm-context-tap.c: the TAP that a check's program prints, as subtests of its case
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-context-private.h"

#include <string.h>

#include "cvm-tap-reader.h"
#include "cvm-tap-verdict.h"

#define TAP_KEPT_MAX   (16 * 1024 * 1024)
#define TAP_POINTS_MAX 100000   /* records of one case; all are counted */
#define TAP_TEXT_MAX   (16 * 1024 * 1024)   /* of these records' texts and diagnostics */

struct _CvmContextTap
{
  CvmTapReader  *reader;
  CvmTapVerdict *verdict;
  GString       *kept;        /* the program's output: evidence */
  CvmRecord     *last;        /* a point whose diagnostics may follow */
  guint          n_points;    /* recorded */
  gsize          n_bytes;     /* of their texts and diagnostics */
  gboolean       is_cut;      /* the evidence is */
  gboolean       is_full;     /* no more points are recorded */
  gboolean       is_ended;
};

static void
flush_point (CvmContext *self)
{
  if (self->tap->last != NULL)
    cvm_job_record (self->job, g_steal_pointer (&self->tap->last), NULL);
}

/* Takes LEN bytes of what the case's records may hold, all together */
static gboolean
has_room (CvmContextTap *tap,
          gsize          len)
{
  if (tap->is_full || len > TAP_TEXT_MAX - tap->n_bytes)
    return FALSE;

  tap->n_bytes += len;

  return TRUE;
}

static char *
point_path (const CvmTapEvent *event)
{
  GString *path = g_string_new (NULL);

  for (guint i = 0; i <= event->depth; i++)
    g_string_append_printf (path, "%s%" G_GUINT64_FORMAT, i > 0 ? "." : "", event->path[i]);

  return g_string_free (path, FALSE);
}

static void
take_point (CvmContext        *self,
            const CvmTapEvent *event)
{
  const CvmTapLine *line = &event->line;
  CvmRecord *record;

  flush_point (self);
  if (!has_room (self->tap, line->text_len + line->reason_len)
      || self->tap->n_points == TAP_POINTS_MAX)
    {
      self->tap->is_full = TRUE;
      return;
    }

  self->tap->n_points++;
  record = cvm_record_new (CVM_RECORD_POINT, self->job->spec->id);
  record->number = self->number;
  record->path = point_path (event);
  record->ok = line->ok;
  record->directive = line->directive == CVM_TAP_TODO ? CVM_DIRECTIVE_TODO
                    : line->directive == CVM_TAP_SKIP ? CVM_DIRECTIVE_SKIP : CVM_DIRECTIVE_NONE;
  record->text = g_strndup (line->text, line->text_len);
  record->reason = line->reason_len > 0 ? g_strndup (line->reason, line->reason_len) : NULL;
  self->tap->last = record;
}

/* The lines between the markers, without the block's indentation */
static char *
block_text (const CvmTapEvent *event)
{
  g_autofree char *block = g_strndup (event->text, event->text_len);
  g_auto(GStrv) lines = g_strsplit (block, "\n", -1);
  gsize indent = strspn (lines[0], " ");
  GString *text = g_string_new (NULL);

  for (gsize i = 1; lines[i] != NULL; i++)
    {
      const char *line = lines[i] + MIN (strspn (lines[i], " "), indent);
      gboolean is_last = lines[i + 1] == NULL || *lines[i + 1] == '\0';

      if (is_last && (*line == '\0' || g_str_has_prefix (line, "...")))
        break;

      g_string_append_printf (text, "%s%s", text->len > 0 ? "\n" : "", line);
    }

  return g_string_free (text, FALSE);
}

static void
on_event (const CvmTapEvent *event,
          gpointer           data)
{
  CvmContext *self = data;
  g_autofree char *text = NULL;

  cvm_tap_verdict_take (event, self->tap->verdict);

  if (event->kind == CVM_TAP_EVENT_POINT)
    {
      take_point (self, event);
    }
  else if (event->kind == CVM_TAP_EVENT_DIAGNOSTICS && self->tap->last != NULL
           && has_room (self->tap, event->text_len))
    {
      text = block_text (event);
      cvm_record_add_detail (self->tap->last, "diagnostics", text);
    }
}

static CvmContextTap *
get_tap (CvmContext *self)
{
  if (self->tap == NULL)
    {
      self->tap = g_new0 (CvmContextTap, 1);
      self->tap->reader = cvm_tap_reader_new (on_event, self);
      self->tap->verdict = cvm_tap_verdict_new ();
      self->tap->kept = g_string_new (NULL);
    }

  return self->tap;
}

void
cvm_context_tap_feed (CvmContext *self,
                      const char *bytes,
                      gsize       len)
{
  CvmContextTap *tap = get_tap (self);
  gsize room = TAP_KEPT_MAX - tap->kept->len;

  g_string_append_len (tap->kept, bytes, MIN (len, room));
  tap->is_cut |= len > room;
  cvm_tap_reader_feed (tap->reader, bytes, len);
}

/* What the plan and the points say together, in words */
static CvmOutcome
judge (CvmContext          *self,
       const CvmTapNumbers *numbers)
{
  gboolean has_reason = numbers->skip_all != NULL && *numbers->skip_all != '\0';

  if (numbers->bailout != NULL)
    return cvm_context_fail_with (self, "it bailed out: %s", numbers->bailout);

  if (numbers->failed > 0)
    return cvm_context_fail_with (self,
                                  "%" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT " points failed",
                                  numbers->failed, MAX (numbers->planned, numbers->run));

  if (numbers->parse_errors > 0)
    return cvm_context_fail_with (self, "its TAP is not whole: planned %" G_GUINT64_FORMAT
                                  ", printed %" G_GUINT64_FORMAT, numbers->planned, numbers->run);

  if (numbers->word == CVM_TAP_NOTESTS)
    return cvm_context_skip_with (self, "%s", has_reason ? numbers->skip_all
                                                         : "it has no tests to run here");

  if (numbers->word == CVM_TAP_FAIL)
    return cvm_context_fail_with (self, "its TAP contradicts itself");

  return CVM_OUTCOME_PASS;
}

/* The last point, and the evidence */
static void
keep_output (CvmContext *self)
{
  CvmContextTap *tap = self->tap;

  tap->is_ended = TRUE;
  cvm_tap_reader_end (tap->reader);
  flush_point (self);
  cvm_context_evidence (self, "output.tap", "text/plain", tap->kept->str, tap->kept->len);

  if (tap->is_cut)
    cvm_context_detail (self, "output", "the evidence is cut at %d MiB",
                        TAP_KEPT_MAX / 1024 / 1024);
  if (tap->is_full)
    cvm_context_detail (self, "points", "only the first %u are listed; all are counted",
                        tap->n_points);
}

CvmOutcome
cvm_context_tap_end (CvmContext *self,
                     int         exit_status)
{
  CvmContextTap *tap = get_tap (self);
  CvmOutcome outcome;

  keep_output (self);
  outcome = judge (self, cvm_tap_verdict_end (tap->verdict));
  if (outcome == CVM_OUTCOME_PASS && exit_status != 0)
    return cvm_context_fail_with (self, "its points pass, but it ended with status %d",
                                  exit_status);

  return outcome;
}

/* A check that got no end out of its program (a limit, a lost guest) leaves what was printed */
void
cvm_context_tap_clear (CvmContext *self)
{
  if (self->tap == NULL)
    return;

  if (!self->tap->is_ended)
    keep_output (self);

  cvm_tap_reader_free (self->tap->reader);
  cvm_tap_verdict_free (self->tap->verdict);
  g_string_free (self->tap->kept, TRUE);
  g_clear_pointer (&self->tap->last, cvm_record_unref);
  g_clear_pointer (&self->tap, g_free);
}
