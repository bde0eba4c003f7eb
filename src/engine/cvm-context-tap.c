/* cvm-context-tap.c: the TAP that a check's program prints, as subtests of its case
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-context-private.h"

#include <string.h>

#include "cvm-tap-reader.h"
#include "cvm-tap-verdict.h"

#define NOT_CHOSEN     "not chosen"
#define TAP_KEPT_MAX   (16 * 1024 * 1024)
#define TAP_POINTS_MAX 1000000  /* records of one case; all are counted */
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

  /* Where --only named subtests of the case; else NULL and 0 */
  GPtrArray     *held;        /* of CvmRecord: points below one that is still to come */
  gboolean       is_chosen;   /* the last outermost point */
  gboolean       is_behind;   /* what comes now belongs to that point, not to the next */
  guint          n_chosen;
  guint          n_others_failed;
};

/* A record of a point below one that may not have been chosen waits for that, or is dropped */
static void
flush_point (CvmContext *self)
{
  CvmContextTap *tap = self->tap;
  g_autoptr(CvmRecord) last = g_steal_pointer (&tap->last);
  gboolean is_below = last != NULL && tap->held != NULL && strchr (last->path, '.') != NULL;

  if (last == NULL || (is_below && tap->is_behind && !tap->is_chosen))
    return;

  if (is_below && !tap->is_behind)
    g_ptr_array_add (tap->held, g_steal_pointer (&last));
  else
    cvm_job_record (self->job, g_steal_pointer (&last), NULL);
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
take_event (CvmContext        *self,
            const CvmTapEvent *event)
{
  g_autofree char *text = NULL;

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

/* Only some subtests ------------------------------------------------------------------------- */

/* By its number, or its name; "3.1" chooses 3, since no part of a subtest can be judged alone */
static gboolean
is_chosen (const CvmCase     *item,
           const CvmTapEvent *event)
{
  g_autofree char *name = cvm_tap_text_dup (event->line.text, event->line.text_len);

  for (gsize i = 0; item->only[i] != NULL; i++)
    {
      char *end = NULL;
      guint64 number = g_ascii_strtoull (item->only[i], &end, 10);
      gboolean is_number = g_ascii_isdigit (*item->only[i]) && (*end == '\0' || *end == '.');

      if (g_str_equal (item->only[i], name) || (is_number && number == event->number))
        return TRUE;
    }

  return FALSE;
}

static void
release_held (CvmContext *self)
{
  CvmContextTap *tap = self->tap;

  for (guint i = 0; tap->is_chosen && i < tap->held->len; i++)
    cvm_job_record (self->job, cvm_record_ref (tap->held->pdata[i]), NULL);

  g_ptr_array_set_size (tap->held, 0);
}

/* The verdict sees a point that was not chosen as skipped, and so does the report */
static void
choose_point (CvmContext        *self,
              const CvmTapEvent *event)
{
  CvmContextTap *tap = self->tap;
  CvmTapEvent shown = *event;

  flush_point (self);
  tap->is_chosen = is_chosen (self->item, event);
  tap->is_behind = FALSE;
  release_held (self);
  if (tap->is_chosen)
    {
      tap->n_chosen++;
    }
  else
    {
      tap->n_others_failed += !event->line.ok && event->line.directive == CVM_TAP_NO_DIRECTIVE;
      shown.line.ok = TRUE;
      shown.line.directive = CVM_TAP_SKIP;
      shown.line.reason = NOT_CHOSEN;
      shown.line.reason_len = strlen (NOT_CHOSEN);
    }

  cvm_tap_verdict_take (&shown, tap->verdict);
  take_point (self, &shown);
  if (!tap->is_chosen)
    flush_point (self);   /* its diagnostics are not told */
}

/* Of what is below the outermost points the verdict learns nothing: it may not have been chosen */
static void
choose_event (CvmContext        *self,
              const CvmTapEvent *event)
{
  if (event->kind == CVM_TAP_EVENT_POINT && event->depth == 0)
    {
      choose_point (self, event);
      return;
    }

  if (event->kind == CVM_TAP_EVENT_SUBTEST_BEGIN && event->depth == 1)
    {
      flush_point (self);
      self->tap->is_behind = event->buffered;
    }

  if (event->depth == 0)
    cvm_tap_verdict_take (event, self->tap->verdict);
  take_event (self, event);
}

static void
on_event (const CvmTapEvent *event,
          gpointer           data)
{
  CvmContext *self = data;

  if (self->item->only != NULL)
    {
      choose_event (self, event);
      return;
    }

  cvm_tap_verdict_take (event, self->tap->verdict);
  take_event (self, event);
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
      if (self->item->only != NULL)
        self->tap->held = g_ptr_array_new_with_free_func ((GDestroyNotify)cvm_record_unref);
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
                                  numbers->failed,
                                  self->item->only != NULL ? self->tap->n_chosen
                                                           : MAX (numbers->planned, numbers->run));

  if (numbers->parse_errors > 0)
    return cvm_context_fail_with (self, "its TAP is not whole: planned %" G_GUINT64_FORMAT
                                  ", printed %" G_GUINT64_FORMAT, numbers->planned, numbers->run);

  if (numbers->word == CVM_TAP_NOTESTS)
    return cvm_context_skip_with (self, "%s", has_reason ? numbers->skip_all
                                                         : "it has no tests to run here");

  if (numbers->word == CVM_TAP_FAIL)
    return cvm_context_fail_with (self, "its TAP contradicts itself");

  if (self->item->only != NULL && self->tap->n_chosen == 0)
    {
      g_autofree char *wanted = g_strjoinv (", ", self->item->only);

      return cvm_context_fail_with (self, "it has no subtest %s", wanted);
    }

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
  if (outcome == CVM_OUTCOME_PASS && exit_status != 0 && tap->n_others_failed == 0)
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
  g_clear_pointer (&self->tap->held, g_ptr_array_unref);
  g_clear_pointer (&self->tap, g_free);
}
