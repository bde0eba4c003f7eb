/* cvm-result-tap.c: the result tree of a stream of TAP
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-result-tap.h"

#include <stdlib.h>
#include <string.h>

#include "cvm-result-private.h"
#include "cvm-tap-verdict.h"
#include "cvm-tap-yaml.h"

#define MAX_FACTS 1000
#define MAX_ID    64
#define NO_POINT  "its point never came"

struct _CvmResultTap
{
  CvmJobResult  *job;          /* the result's, like the … */
  CvmTapRoom    *room;         /* … room for points and text */
  CvmTapReader  *reader;
  CvmTapVerdict *verdict;
  GPtrArray     *open[CVM_RESULT_MAX_DEPTH + 1];   /* of CvmPoint: a level's points so far */
  gboolean       is_behind[CVM_RESULT_MAX_DEPTH + 1];   /* a level's point came before it */
  CvmPoint      *last;         /* whose diagnostics and output may follow */
  GString       *output;       /* of the last point: lines that are no TAP, and comments */
  guint64        planned;      /* of the outermost points, once has_plan */
  guint64        run;          /* of them so far */
  GHashTable    *planned_todo; /* of guint64: "1..3 todo 2" of TAP 12; NULL unless a plan does so */
  gboolean       has_plan;
  gboolean       is_planned;   /* no other plan counts */
  gboolean       is_ours;      /* a report of a run: its comments are facts */
  gboolean       has_point;
  gboolean       is_cut;       /* something was not kept */
};

/* Text --------------------------------------------------------------------------------------- */

/* Takes LEN bytes of what may be kept */
static gboolean
has_room (CvmResultTap *self,
          gsize         len)
{
  if (len > CVM_RESULT_TAP_MAX_TEXT - self->room->n_bytes)
    {
      self->is_cut = TRUE;
      return FALSE;
    }

  self->room->n_bytes += len;

  return TRUE;
}

/* Of "login - Log in as root" the title, within it, and the id; NULL where it begins with no id */
static const char *
split_description (const char  *description,
                   char       **id)
{
  gsize len = strspn (description, "abcdefghijklmnopqrstuvwxyz0123456789-");

  if (len == 0 || len > MAX_ID || *description == '-' ||
      strncmp (description + len, " - ", 3) != 0)
    return NULL;

  *id = g_strndup (description, len);

  return description + len + 3;
}

static void
split_id (CvmPoint *point)
{
  char *id = NULL;
  const char *title = split_description (point->title, &id);

  if (title == NULL)
    return;

  point->id = id;
  memmove (point->title, title, strlen (title) + 1);
}

static gint64
ms_of (const char *number,
       const char *unit)
{
  double value = g_ascii_strtod (number, NULL);

  if (g_str_equal (unit, "s"))
    value *= 1000;

  return value > 0 && value < 1e12 ? (gint64)(value + 0.5) : 0;
}

/* Some write behind a description how long it took: "found # time=3.2ms" */
static void
take_time (CvmPoint *point)
{
  char *mark = strstr (point->title, "# time=");
  const char *number = mark != NULL ? mark + strlen ("# time=") : NULL;
  gsize len = number != NULL ? strspn (number, "0123456789.") : 0;

  if (len == 0 || (strcmp (number + len, "ms") != 0 && strcmp (number + len, "s") != 0))
    return;

  point->ms = ms_of (number, number + len);
  *mark = '\0';
  g_strchomp (point->title);
}

/* Diagnostics -------------------------------------------------------------------------------- */

/* The lines between the markers, without the block's indentation */
static char *
block_text (const CvmTapEvent *event)
{
  const char *text = event->text;
  const char *end = text + event->text_len;
  gsize indent = 0;
  GString *plain = g_string_new (NULL);

  while (text + indent < end && text[indent] == ' ')
    indent++;

  text = memchr (text, '\n', event->text_len);
  text = text != NULL ? text + 1 : end;
  for (const char *next; text < end; text = next)
    {
      const char *newline = memchr (text, '\n', (gsize)(end - text));
      const char *stop = newline != NULL ? newline : end;

      next = stop + 1;
      for (gsize i = 0; i < indent && text < stop && *text == ' '; i++)
        text++;
      if (next >= end && stop - text >= 3 && memcmp (text, "...", 3) == 0)
        break;

      if (plain->len > 0)
        g_string_append_c (plain, '\n');
      g_string_append_len (plain, text, stop - text);
    }

  return g_string_free (plain, FALSE);
}

static gboolean
is_flat (const CvmTapValue *root)
{
  if (cvm_tap_value_get_type (root) != CVM_TAP_VALUE_MAP)
    return FALSE;

  for (guint i = 0; i < cvm_tap_value_get_size (root); i++)
    if (cvm_tap_value_get_type (cvm_tap_value_get_item (root, i)) >= CVM_TAP_VALUE_LIST ||
        cvm_tap_value_get_type (cvm_tap_value_get_key (root, i)) >= CVM_TAP_VALUE_LIST)
      return FALSE;

  return TRUE;
}

static const char *
text_of (const CvmTapValue *map,
         const char        *key)
{
  const CvmTapValue *value = cvm_tap_value_get_member (map, key);

  return value != NULL && cvm_tap_value_get_type (value) < CVM_TAP_VALUE_LIST
           ? cvm_tap_value_get_text (value) : NULL;
}

/* "ms" is ours, "duration_ms" what most write, "time" is in seconds */
static void
take_duration (CvmPoint          *point,
               const CvmTapValue *root)
{
  static const char *const keys[][2] = { { "ms", "ms" }, { "duration_ms", "ms" }, { "time", "s" } };

  for (gsize i = 0; i < G_N_ELEMENTS (keys) && point->ms == 0; i++)
    {
      const char *text = text_of (root, keys[i][0]);

      if (text != NULL)
        point->ms = ms_of (text, keys[i][1]);
    }
}

static void
take_reason (CvmPoint          *point,
             const CvmTapValue *root)
{
  const char *reason = text_of (root, "reason");

  if (reason == NULL)
    reason = text_of (root, "message");

  if (reason == NULL || point->reason != NULL)
    return;

  point->reason = g_strdup (reason);
  if (point->outcome == CVM_OUTCOME_FAIL && g_str_equal (reason, "cancelled"))
    point->outcome = CVM_OUTCOME_CANCELLED;
}

/* Do the point's own fields have it already? */
static gboolean
is_told (const CvmPoint *point,
         const char     *key,
         const char     *value)
{
  return g_str_equal (key, "ms") ||
         ((g_str_equal (key, "reason") || g_str_equal (key, "message")) &&
          g_strcmp0 (value, point->reason) == 0);
}

/* A map of plain values is told value by value, anything else as it stands */
static void
take_values (CvmPoint          *point,
             const CvmTapEvent *event,
             const CvmTapValue *root)
{
  if (root == NULL || !is_flat (root))
    {
      g_autofree char *text = block_text (event);

      cvm_point_add_detail (point, "diagnostics", text);
      return;
    }

  for (guint i = 0; i < cvm_tap_value_get_size (root); i++)
    {
      const char *key = cvm_tap_value_get_text (cvm_tap_value_get_key (root, i));
      const char *value = cvm_tap_value_get_text (cvm_tap_value_get_item (root, i));

      if (key != NULL && !is_told (point, key, value))
        cvm_point_add_detail (point, key, value != NULL ? value : "");
    }
}

static void
on_diagnostics (CvmResultTap      *self,
                const CvmTapEvent *event)
{
  g_autoptr(CvmTapYaml) yaml = NULL;
  const CvmTapValue *root;

  if (self->last == NULL || !has_room (self, event->text_len))
    return;

  yaml = event->truncated ? NULL : cvm_tap_yaml_parse (event->text, event->text_len, NULL);
  root = yaml != NULL ? cvm_tap_yaml_get_root (yaml) : NULL;
  if (root != NULL)
    {
      take_duration (self->last, root);
      take_reason (self->last, root);
    }
  take_values (self->last, event, root);
}

/* Points ------------------------------------------------------------------------------------- */

static guint
level_of (const CvmTapEvent *event)
{
  return MIN (event->depth, CVM_RESULT_MAX_DEPTH);
}

static void
flush_output (CvmResultTap *self)
{
  if (self->last != NULL && self->output->len > 0)
    cvm_point_add_detail (self->last, "output", self->output->str);

  g_string_truncate (self->output, 0);
  self->last = NULL;
}

static char *
path_text (const CvmTapEvent *event)
{
  GString *path = g_string_new (NULL);

  for (guint i = 0; i <= event->depth; i++)
    g_string_append_printf (path, "%s%" G_GUINT64_FORMAT, i > 0 ? "." : "", event->path[i]);

  return g_string_free (path, FALSE);
}

static CvmDirective
directive_of (CvmResultTap      *self,
              const CvmTapEvent *event)
{
  guint64 number = event->number;

  if (event->depth == 0 && event->line.numbered && self->planned_todo != NULL &&
      g_hash_table_remove (self->planned_todo, &number))
    return CVM_DIRECTIVE_TODO;

  return event->line.directive == CVM_TAP_TODO   ? CVM_DIRECTIVE_TODO
         : event->line.directive == CVM_TAP_SKIP ? CVM_DIRECTIVE_SKIP
                                                 : CVM_DIRECTIVE_NONE;
}

/* As the verdict has it: a skipped point that is not ok fails but in TAP 14 and KTAP, and what is
 * beyond the plan fails anyhow */
static void
take_outcome (CvmResultTap      *self,
              CvmPoint          *point,
              const CvmTapEvent *event)
{
  const CvmTapLine *line = &event->line;
  gboolean is_modern = event->dialect == CVM_TAP_DIALECT_14
                       || event->dialect == CVM_TAP_DIALECT_KTAP;
  gboolean is_beyond = event->depth == 0 && self->has_plan && self->run > self->planned;
  gboolean is_good;

  point->ok = line->ok;
  point->directive = directive_of (self, event);
  is_good = line->ok || point->directive == CVM_DIRECTIVE_TODO ||
            (point->directive == CVM_DIRECTIVE_SKIP && is_modern);
  if (line->reason_len > 0)
    point->reason = cvm_tap_text_dup (line->reason, line->reason_len);

  if (is_beyond || !is_good)
    point->outcome = CVM_OUTCOME_FAIL;
  else
    point->outcome = point->directive == CVM_DIRECTIVE_SKIP ? CVM_OUTCOME_SKIP : CVM_OUTCOME_PASS;

  if (is_beyond && point->reason == NULL)
    point->reason = g_strdup_printf ("it is beyond the plan, 1..%" G_GUINT64_FORMAT, self->planned);
}

static CvmPoint *
point_new (CvmResultTap      *self,
           const CvmTapEvent *event)
{
  CvmPoint *point = cvm_point_new (path_text (event));

  g_free (point->title);
  point->title = cvm_tap_text_dup (event->line.text, event->line.text_len);
  point->is_begun = point->is_ended = TRUE;
  take_outcome (self, point, event);
  take_time (point);

  return point;
}

/* The subtest that stood before this point is the point's. In a report of several jobs these are
 * the outer points, and what they hold are cases. */
static void
adopt (CvmResultTap *self,
       CvmPoint     *point,
       guint         level)
{
  if (level == 0)
    split_id (point);

  if (level == CVM_RESULT_MAX_DEPTH || self->open[level + 1] == NULL)
    return;

  point->children = g_steal_pointer (&self->open[level + 1]);
  for (guint i = 0; level == 0 && point->id == NULL && i < point->children->len; i++)
    split_id (point->children->pdata[i]);
}

static void
on_point (CvmResultTap      *self,
          const CvmTapEvent *event)
{
  guint level = level_of (event);
  CvmPoint *point;

  flush_output (self);
  self->has_point = TRUE;
  if (event->depth > 0)
    self->job->n_subtests++;
  else
    {
      self->run++;
      self->is_planned = self->has_plan;
    }

  if (self->room->n_points == CVM_RESULT_TAP_MAX_POINTS ||
      !has_room (self, event->line.text_len + event->line.reason_len))
    {
      self->is_cut = TRUE;
      return;
    }

  self->room->n_points++;
  self->job->n_kept += event->depth > 0;
  point = point_new (self, event);
  cvm_job_result_count_all (self->job, point, 1);
  adopt (self, point, level);
  cvm_points_append (&self->open[level], point);
  self->last = point;
}

/* A subtest whose point never came: TAP 14 lets it count for nothing, but what it held is shown */
static void
close_orphan (CvmResultTap *self,
              guint         level)
{
  GPtrArray *children = self->open[level];
  CvmPoint *orphan;
  char *dot;

  if (children == NULL)
    return;

  if (level < CVM_RESULT_MAX_DEPTH)
    close_orphan (self, level + 1);
  orphan = cvm_point_new (g_strdup (((CvmPoint *)children->pdata[0])->path));
  dot = strrchr (orphan->path, '.');
  if (dot != NULL)
    *dot = '\0';
  orphan->is_begun = orphan->is_ended = orphan->ok = TRUE;
  orphan->outcome = CVM_OUTCOME_SKIP;
  orphan->directive = CVM_DIRECTIVE_SKIP;
  orphan->reason = g_strdup (NO_POINT);
  cvm_job_result_count_all (self->job, orphan, 1);
  adopt (self, orphan, level - 1);
  cvm_points_append (&self->open[level - 1], orphan);
}

static void
on_subtest_begin (CvmResultTap      *self,
                  const CvmTapEvent *event)
{
  if (event->depth <= CVM_RESULT_MAX_DEPTH)
    self->is_behind[event->depth] = event->buffered;
  if (event->buffered)
    return;

  flush_output (self);   /* what comes now belongs to the subtest */
  if (event->depth <= CVM_RESULT_MAX_DEPTH)
    close_orphan (self, event->depth);
}

/* The subtest of a buffered point, which stands before it */
static void
on_subtest_end (CvmResultTap      *self,
                const CvmTapEvent *event)
{
  guint level = event->depth;
  CvmPoint *point;

  if (level > CVM_RESULT_MAX_DEPTH || !self->is_behind[level] || self->open[level] == NULL ||
      self->open[level - 1] == NULL)
    return;

  flush_output (self);
  point = self->open[level - 1]->pdata[self->open[level - 1]->len - 1];
  if (point->children == NULL)
    point->children = g_steal_pointer (&self->open[level]);
}

/* Other lines -------------------------------------------------------------------------------- */

static void
set_fact (CvmJobResult *job,
          const char   *name,
          const char   *value)
{
  CvmDetail *fact;

  for (guint i = 0; i < job->facts->len; i++)
    {
      fact = job->facts->pdata[i];
      if (g_str_equal (fact->key, name))
        {
          g_free (fact->value);
          fact->value = g_strdup (value);
          return;
        }
    }

  if (job->facts->len == MAX_FACTS)
    return;

  fact = g_new0 (CvmDetail, 1);
  fact->key = g_strdup (name);
  fact->value = g_strdup (value);
  g_ptr_array_add (job->facts, fact);
}

static gboolean
is_header (const char *comment)
{
  return g_ascii_strncasecmp (comment, "Tapper-", 7) == 0 ||
         g_ascii_strncasecmp (comment, "Artemis-", 8) == 0 ||
         g_ascii_strncasecmp (comment, "Test-", 5) == 0;
}

static void
take_field (char       **field,
            const char  *value)
{
  g_free (*field);
  *field = g_strdup (value);
}

/* "2026-11-21 07:25:02", in UTC, is how a report tells a Tapper server when its program ran */
static void
take_date (gint64     *time_us,
           const char *text)
{
  g_autoptr(GTimeZone) utc = g_time_zone_new_utc ();
  g_autoptr(GDateTime) date = g_date_time_new_from_iso8601 (text, utc);

  if (date != NULL && *time_us == 0)
    *time_us = g_date_time_to_unix (date) * G_USEC_PER_SEC;
}

/* "name: value" is a fact in a header of Tapper's, and anywhere in a report of ours: that begins
 * with what it was run on */
static gboolean
take_fact (CvmResultTap *self,
           const char   *comment)
{
  const char *colon = strstr (comment, ": ");
  g_autofree char *name = colon != NULL ? g_strndup (comment, (gsize)(colon - comment)) : NULL;
  const char *value = colon != NULL ? colon + 2 : NULL;

  if (name == NULL || strpbrk (name, " \t") != NULL)
    return FALSE;

  if (g_ascii_strcasecmp (name, "Tapper-Starttime-Test-Program") == 0)
    take_date (&self->job->begun_us, value);
  else if (g_ascii_strcasecmp (name, "Tapper-Endtime-Test-Program") == 0)
    take_date (&self->job->ended_us, value);

  if (!self->has_point && g_str_equal (name, "image"))
    take_field (&self->job->image, value);
  else if (!self->has_point && g_str_equal (name, "host"))
    take_field (&self->job->host_uri, value);
  else if (!self->has_point && g_str_equal (name, "suite"))
    take_field (&self->job->suite, value);
  else if (self->is_ours || is_header (name))
    set_fact (self->job, name, value);
  else
    return FALSE;

  self->is_ours |= !self->has_point && g_str_equal (name, "suite");

  return TRUE;
}

static void
add_log (CvmResultTap *self,
         char         *text)
{
  CvmRecord *record = cvm_record_new (CVM_RECORD_LOG, self->job->id);

  record->kind = g_strdup ("info");
  record->text = text;
  if (self->job->log->len < CVM_RESULT_MAX_LOG)
    g_ptr_array_add (self->job->log, record);
  else
    cvm_record_unref (record);
}

/* What a program prints after a point tells of it, most of all why it failed */
static void
on_other (CvmResultTap      *self,
          const CvmTapEvent *event)
{
  g_autofree char *text = g_strndup (event->text, event->text_len);
  gboolean is_comment = event->kind == CVM_TAP_EVENT_COMMENT;
  const char *plain = is_comment ? text + MIN (strspn (text, " #"), strlen (text)) : text;

  if (is_comment && event->line.kind == CVM_TAP_SUBTEST)
    return;

  if (is_comment && event->depth == 0 && take_fact (self, plain))
    return;

  if (event->line.kind == CVM_TAP_BLOCK_END || *plain == '\0' || !has_room (self, event->text_len))
    return;

  if (self->last == NULL)
    add_log (self, g_utf8_make_valid (plain, -1));
  else
    g_string_append_printf (self->output, "%s%s", self->output->len > 0 ? "\n" : "",
                            is_comment ? text + strspn (text, " ") : text);
}

/* Which of several plans counts is the verdict's choice: the first, unless points came before it */
static void
on_plan (CvmResultTap     *self,
         const CvmTapLine *line)
{
  const char *text = line->text;
  gsize len = line->text_len;
  guint64 number;

  if (self->is_planned)
    return;

  self->is_planned = self->has_plan || self->run == 0;
  self->has_plan = TRUE;
  self->planned = line->number;
  if (line->directive != CVM_TAP_TODO)
    return;

  if (self->planned_todo == NULL)
    self->planned_todo = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  while (cvm_tap_text_next_number (&text, &len, &number))
    g_hash_table_add (self->planned_todo, g_memdup2 (&number, sizeof number));
}

static void
on_event (const CvmTapEvent *event,
          gpointer           data)
{
  CvmResultTap *self = data;

  cvm_tap_verdict_take (event, self->verdict);
  switch (event->kind)
    {
    case CVM_TAP_EVENT_POINT:
      on_point (self, event);
      break;
    case CVM_TAP_EVENT_DIAGNOSTICS:
      on_diagnostics (self, event);
      break;
    case CVM_TAP_EVENT_SUBTEST_BEGIN:
      on_subtest_begin (self, event);
      break;
    case CVM_TAP_EVENT_SUBTEST_END:
      on_subtest_end (self, event);
      break;
    case CVM_TAP_EVENT_PLAN:
      if (event->depth == 0)
        on_plan (self, &event->line);
      break;
    case CVM_TAP_EVENT_TEXT:
    case CVM_TAP_EVENT_COMMENT:
    case CVM_TAP_EVENT_BAIL_OUT:
      on_other (self, event);
      break;
    case CVM_TAP_EVENT_VERSION:
    case CVM_TAP_EVENT_PRAGMA:
    default:
      break;
    }
}

/* The stream --------------------------------------------------------------------------------- */

guint
cvm_result_tap_add_job (CvmResult  *result,
                        const char *name,
                        gint64      begun_us,
                        gint64      ended_us)
{
  guint index = cvm_result_n_jobs (result);
  g_autofree char *id = g_strdup_printf ("%02u", index + 1);
  CvmJobResult *job = cvm_result_append_job (result, id);

  job->image = g_strdup ("");
  job->host_uri = g_strdup ("");
  job->suite = g_utf8_make_valid (name, -1);
  job->begun_us = begun_us;
  job->ended_us = ended_us;

  return index;
}

CvmResultTap *
cvm_result_tap_new (CvmResult *result,
                    guint      job)
{
  CvmResultTap *self = g_new0 (CvmResultTap, 1);

  self->job = (CvmJobResult *)cvm_result_job (result, job);
  self->room = cvm_result_tap_room (result);
  self->reader = cvm_tap_reader_new (on_event, self);
  self->verdict = cvm_tap_verdict_new ();
  self->output = g_string_new (NULL);

  return self;
}

void
cvm_result_tap_free (CvmResultTap *self)
{
  for (guint i = 0; i <= CVM_RESULT_MAX_DEPTH; i++)
    g_clear_pointer (&self->open[i], g_ptr_array_unref);
  cvm_tap_reader_free (self->reader);
  cvm_tap_verdict_free (self->verdict);
  g_clear_pointer (&self->planned_todo, g_hash_table_unref);
  g_string_free (self->output, TRUE);
  g_free (self);
}

void
cvm_result_tap_feed (CvmResultTap *self,
                     const char   *bytes,
                     gsize         len)
{
  cvm_tap_reader_feed (self->reader, bytes, len);
}

static char *
why_of (CvmResultTap        *self,
        const CvmTapNumbers *numbers)
{
  g_autoptr(GString) why = g_string_new (NULL);

  if (numbers->bailout != NULL)
    g_string_append_printf (why, "it bailed out: %s", numbers->bailout);
  if (numbers->errors[CVM_TAP_ERROR_BAD_PLAN] > 0)
    g_string_append_printf (why, "; planned %" G_GUINT64_FORMAT ", run %" G_GUINT64_FORMAT,
                            numbers->planned, numbers->run);
  for (guint i = 0; i < CVM_TAP_N_ERRORS; i++)
    if (i != CVM_TAP_ERROR_BAD_PLAN && numbers->errors[i] > 0)
      g_string_append_printf (why, "; %s: %" G_GUINT64_FORMAT,
                              cvm_tap_error_to_string ((CvmTapError)i), numbers->errors[i]);
  if (self->is_cut)
    g_string_append (why, "; there was more than is kept here");

  if (g_str_has_prefix (why->str, "; "))
    g_string_erase (why, 0, 2);

  return why->len > 0 ? g_utf8_make_valid (why->str, -1) : NULL;
}

static void
take_points (CvmResultTap *self)
{
  close_orphan (self, 1);
  if (self->open[0] == NULL)
    return;

  g_ptr_array_unref (self->job->points);
  self->job->points = g_steal_pointer (&self->open[0]);
  for (guint i = 0; i < self->job->points->len; i++)
    {
      CvmPoint *point = self->job->points->pdata[i];

      cvm_job_result_count (self->job, point->outcome);
    }
}

static void
take_numbers (CvmResultTap        *self,
              const CvmTapNumbers *numbers)
{
  static const char *const versions[] = { "12", "13", "14", "KTAP" };
  CvmJobResult *job = self->job;

  job->planned = (guint)MIN (numbers->has_plan ? numbers->planned : numbers->run, G_MAXUINT);
  job->status = numbers->word == CVM_TAP_FAIL ? CVM_STATUS_FAILED : CVM_STATUS_PASSED;
  job->why = why_of (self, numbers);
  set_fact (job, "TAP", versions[numbers->dialect]);
  if (numbers->skip_all != NULL)
    {
      g_autofree char *reason = g_utf8_make_valid (numbers->skip_all, -1);

      set_fact (job, "skipped", *reason != '\0' ? reason : "all");
    }
}

void
cvm_result_tap_end (CvmResultTap *self)
{
  cvm_tap_reader_end (self->reader);
  flush_output (self);
  take_points (self);
  take_numbers (self, cvm_tap_verdict_end (self->verdict));
  if (self->job->ended_us == 0)
    self->job->ended_us = MAX (self->job->begun_us, 1);   /* it did, though nobody says when */
}

void
cvm_result_tap_finish (CvmResult  *result,
                       const char *title)
{
  CvmStatus status = CVM_STATUS_PASSED;

  for (guint i = 0; i < cvm_result_n_jobs (result); i++)
    status = cvm_status_worst (status, cvm_result_job (result, i)->status);

  cvm_result_set_end (result, title, status);
}
