/* cvm-tap-verdict.c: what a stream of TAP amounts to
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The outermost level goes through the states of TAP::Parser's table, so that the numbers are
 * those of its methods; subtests, which it does not see, are counted beside them. We differ on
 * purpose: a bail-out always fails, and `bail out!` is one in any case.
 *
 * TAP 14 and KTAP go by their own rules where those say otherwise: there a skipped point cannot
 * fail, nor one pass whose subtest failed; TAP 14 takes points in any order, each once, in the
 * range of the plan; KTAP needs no plan and minds no unknown line. */
#include "cvm-tap-verdict.h"

#include <string.h>

#define SEEN_MAX (8 * 1024 * 1024)   /* numbers of which it is known whether they came before */

typedef enum
{
  STATE_INIT,
  STATE_VERSIONED,
  STATE_PLANNED,    /* the plan came first */
  STATE_UNPLANNED,  /* points came first */
  STATE_ENDED,      /* the plan came behind points */
} State;

typedef struct
{
  guint64  run;
  guint64  planned;
  guint    has_plan : 1;
  guint    failed : 1;
  guint    buffered : 1;
  guint    strict : 1;          /* its own pragma */
  guint    last_ok : 1;         /* the last point here passed */
  guint    subtest_failed : 1;  /* the subtest before the point that is to come failed */
} Level;

struct _CvmTapVerdict
{
  CvmTapNumbers  numbers;
  State          state;
  gboolean       bad_place;
  gboolean       last_todo;     /* the last point, at any depth, is to do */
  gboolean       last_good;     /* it passed, or may fail */
  GByteArray    *seen;          /* a bit a number; NULL while all came in order */
  guint64        largest;       /* number so far; TAP 14 only */
  GHashTable    *planned_todo;  /* of guint64; NULL unless the plan names some */
  Level          levels[CVM_TAP_DEPTH_MAX + 1];
};

/* TAP 14, and KTAP which extends it */
static gboolean
is_modern (CvmTapDialect dialect)
{
  return dialect == CVM_TAP_DIALECT_14 || dialect == CVM_TAP_DIALECT_KTAP;
}

static void
add_error (CvmTapVerdict *self,
           CvmTapError    error)
{
  self->numbers.errors[error]++;
  self->numbers.parse_errors++;
}

static gboolean
is_known_version (const CvmTapLine *line)
{
  return line->ktap ? line->number == 1 : line->number == 13 || line->number == 14;
}

static void
take_version (CvmTapVerdict     *self,
              const CvmTapEvent *event)
{
  if (self->state != STATE_INIT)
    {
      add_error (self, CVM_TAP_ERROR_VERSION);
      return;
    }

  if (!is_known_version (&event->line))
    add_error (self, CVM_TAP_ERROR_VERSION);

  self->numbers.dialect = event->dialect;
  self->state = STATE_VERSIONED;
}

static void
plan_todo (CvmTapVerdict    *self,
           const CvmTapLine *line)
{
  const char *text = line->text;
  gsize len = line->text_len;
  guint64 number;

  if (self->planned_todo == NULL)
    self->planned_todo = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);

  while (cvm_tap_text_next_number (&text, &len, &number))
    g_hash_table_add (self->planned_todo, g_memdup2 (&number, sizeof number));
}

static void
set_plan (CvmTapVerdict    *self,
          const CvmTapLine *line)
{
  CvmTapNumbers *numbers = &self->numbers;

  numbers->has_plan = TRUE;
  numbers->planned = line->number;

  if (line->directive == CVM_TAP_SKIP)
    {
      g_free (numbers->skip_all);
      numbers->skip_all = line->reason_len > 0 ? cvm_tap_text_dup (line->reason, line->reason_len)
                                               : g_strdup ("(no reason given)");
    }
  else if (line->directive == CVM_TAP_TODO)
    {
      plan_todo (self, line);
    }
}

static void
take_plan (CvmTapVerdict    *self,
           const CvmTapLine *line)
{
  switch (self->state)
    {
    case STATE_INIT:
    case STATE_VERSIONED:
      set_plan (self, line);
      self->state = STATE_PLANNED;
      break;
    case STATE_UNPLANNED:
      set_plan (self, line);
      self->state = STATE_ENDED;
      break;
    case STATE_ENDED:
      set_plan (self, line);   /* the second plan counts here, and only here: so does TAP::Parser */
      add_error (self, CVM_TAP_ERROR_PLANS);
      self->state = STATE_PLANNED;
      break;
    case STATE_PLANNED:
    default:
      add_error (self, CVM_TAP_ERROR_PLANS);
      break;
    }
}

static void
enter_point_state (CvmTapVerdict *self)
{
  if (self->state == STATE_ENDED)
    {
      add_error (self, CVM_TAP_ERROR_PLAN_PLACE);
      self->bad_place = TRUE;
      self->state = STATE_PLANNED;
    }
  else if (self->state != STATE_PLANNED)
    {
      self->state = STATE_UNPLANNED;
    }
}

static gboolean
is_todo (CvmTapVerdict    *self,
         const CvmTapLine *line)
{
  if (line->numbered && self->planned_todo != NULL
      && g_hash_table_remove (self->planned_todo, &line->number))
    return TRUE;

  return line->directive == CVM_TAP_TODO;
}

/* Whether the point passed. The modern dialects say that a skipped one cannot fail, TAP::Parser
 * that it can. */
static gboolean
is_good (const CvmTapEvent *event,
         gboolean           todo)
{
  const CvmTapLine *line = &event->line;

  return line->ok || todo || (line->directive == CVM_TAP_SKIP && is_modern (event->dialect));
}

static void
count_point (CvmTapNumbers *numbers,
             guint64        number,
             gboolean       ok,
             gboolean       good)
{
  gboolean unplanned = numbers->has_plan && numbers->run > numbers->planned;

  numbers->actual_passed += ok;
  numbers->actual_failed += !ok;

  if (good && !unplanned)
    {
      numbers->passed++;
      return;
    }

  numbers->failed++;
  if (numbers->failed_tests->len < CVM_TAP_FAILED_MAX)
    g_array_append_val (numbers->failed_tests, number);
}

/* FALSE when the number was there before; numbers beyond SEEN_MAX are taken for new. */
static gboolean
see_number (CvmTapVerdict *self,
            guint64        number)
{
  guint8 bit = 1 << (number % 8);
  gboolean seen;

  if (number >= SEEN_MAX)
    return TRUE;
  if (self->seen->len <= number / 8)
    {
      guint old = self->seen->len;

      g_byte_array_set_size (self->seen, MAX (number / 8 + 1, MIN (2 * old, SEEN_MAX / 8)));
      memset (self->seen->data + old, 0, self->seen->len - old);
    }

  seen = (self->seen->data[number / 8] & bit) != 0;
  self->seen->data[number / 8] |= bit;

  return !seen;
}

/* TAP 14, Test Point ID: any order, but in the range of the plan, and (so we choose) each once. */
static gboolean
is_in_range (CvmTapVerdict *self,
             guint64        number)
{
  CvmTapNumbers *numbers = &self->numbers;

  self->largest = MAX (self->largest, number);
  if (self->seen == NULL && number != numbers->run)
    {
      self->seen = g_byte_array_new ();
      for (guint64 i = 1; i < MIN (numbers->run, SEEN_MAX); i++)
        see_number (self, i);
    }

  if (self->seen != NULL && !see_number (self, number))
    return FALSE;

  return number > 0 && (!numbers->has_plan || number <= numbers->planned
                        || numbers->run > numbers->planned);
}

static gboolean
is_in_sequence (CvmTapVerdict     *self,
                const CvmTapEvent *event)
{
  if (event->dialect == CVM_TAP_DIALECT_14)
    return is_in_range (self, event->number);

  return !event->line.numbered || event->line.number == self->numbers.run;
}

static void
take_point (CvmTapVerdict     *self,
            const CvmTapEvent *event)
{
  const CvmTapLine *line = &event->line;
  CvmTapNumbers *numbers = &self->numbers;
  gboolean todo = is_todo (self, line);

  enter_point_state (self);
  numbers->run++;
  if (!is_in_sequence (self, event))
    add_error (self, CVM_TAP_ERROR_SEQUENCE);

  numbers->todo += todo;
  numbers->todo_passed += todo && line->ok;
  numbers->skipped += line->directive == CVM_TAP_SKIP && !todo;
  self->last_todo = todo;
  self->last_good = is_good (event, todo);
  count_point (numbers, event->number, line->ok, self->last_good);
}

/* TAP 14 and KTAP say that a point whose subtest failed cannot pass; before them it could. */
static void
contradict (CvmTapVerdict *self,
            CvmTapDialect  dialect)
{
  self->numbers.contradicted++;
  if (is_modern (dialect))
    add_error (self, CVM_TAP_ERROR_SUBTEST);
}

static void
check_subtest (CvmTapVerdict     *self,
               const CvmTapEvent *event)
{
  Level *level = &self->levels[event->depth];

  if (level->subtest_failed && event->line.ok)
    contradict (self, event->dialect);

  level->subtest_failed = FALSE;
  level->last_ok = event->line.ok;
}

static void
take_subtest_point (CvmTapVerdict     *self,
                    const CvmTapEvent *event)
{
  Level *level = &self->levels[event->depth];

  level->run++;
  self->numbers.subtest_run++;
  self->last_todo = event->line.directive == CVM_TAP_TODO;
  self->last_good = is_good (event, self->last_todo);
  if (!self->last_good)
    {
      level->failed = TRUE;
      self->numbers.subtest_failed++;
    }
}

static void
take_subtest_plan (CvmTapVerdict     *self,
                   const CvmTapEvent *event)
{
  Level *level = &self->levels[event->depth];

  level->has_plan = TRUE;
  level->planned = event->line.number;
}

static void
end_subtest (CvmTapVerdict     *self,
             const CvmTapEvent *event)
{
  Level *level = &self->levels[event->depth];
  Level *parent = &self->levels[event->depth - 1];

  if (!level->failed && !(level->has_plan && level->planned != level->run))
    return;

  if (!level->buffered)
    parent->subtest_failed = TRUE;
  else if (parent->last_ok)
    contradict (self, event->dialect);
}

static void
take_bail_out (CvmTapVerdict    *self,
               const CvmTapLine *line)
{
  if (self->numbers.bailout == NULL)
    self->numbers.bailout = cvm_tap_text_dup (line->reason, line->reason_len);
}

static gboolean
is_pragma (const char *text,
           gsize       len,
           const char *pragma)
{
  while (len > 0 && g_ascii_isspace (text[len - 1]))
    len--;

  return len == strlen (pragma) && memcmp (text, pragma, len) == 0;
}

/* A subtest's pragma ends with it (TAP 14, Subtest Pragmas). */
static void
take_pragma (CvmTapVerdict     *self,
             const CvmTapEvent *event)
{
  Level *level = &self->levels[event->depth];
  const char *p = event->line.text;
  const char *end = p + event->line.text_len;

  while (p < end)
    {
      const char *comma = memchr (p, ',', end - p);
      const char *stop = comma != NULL ? comma : end;

      while (p < stop && g_ascii_isspace (*p))
        p++;
      if (is_pragma (p, stop - p, "+strict"))
        level->strict = TRUE;
      else if (is_pragma (p, stop - p, "-strict"))
        level->strict = FALSE;

      p = comma != NULL ? comma + 1 : end;
    }
}

static gboolean
is_blank (const CvmTapEvent *event)
{
  gsize i = 0;

  while (i < event->text_len && g_ascii_isspace (event->text[i]))
    i++;

  return i == event->text_len;
}

/* To TAP::Parser blank lines are unknown, and indented ones but bail-outs and diagnostics. */
static gboolean
is_unknown (const CvmTapEvent *event)
{
  if (event->kind == CVM_TAP_EVENT_SUBTEST_BEGIN || event->kind == CVM_TAP_EVENT_SUBTEST_END)
    return FALSE;
  if (event->kind == CVM_TAP_EVENT_TEXT)
    return event->dialect != CVM_TAP_DIALECT_14
           || !(event->line.kind == CVM_TAP_BLOCK_END || is_blank (event));

  return event->dialect == CVM_TAP_DIALECT_13 && event->line.indent > 0
         && event->kind != CVM_TAP_EVENT_BAIL_OUT && event->kind != CVM_TAP_EVENT_DIAGNOSTICS;
}

static gboolean
is_strict (const CvmTapVerdict *self,
           guint                depth)
{
  return self->levels[0].strict || (depth > 0 && self->levels[depth].strict);
}

/* Unknown in a strict subtest: that subtest failed, no more. */
static void
take_unknown (CvmTapVerdict *self,
              guint          depth)
{
  if (self->levels[0].strict)
    add_error (self, CVM_TAP_ERROR_UNKNOWN);
  else
    self->levels[depth].failed = TRUE;
}

/* TAP 12 knows no diagnostics, and the kernel's unknown lines harm nothing. */
static gboolean
minds_open (CvmTapDialect dialect)
{
  return dialect == CVM_TAP_DIALECT_13 || dialect == CVM_TAP_DIALECT_14;
}

static void
take_nested (CvmTapVerdict     *self,
             const CvmTapEvent *event)
{
  if (event->kind == CVM_TAP_EVENT_SUBTEST_BEGIN)
    self->levels[event->depth] = (Level) { .buffered = event->buffered };
  else if (event->kind == CVM_TAP_EVENT_SUBTEST_END)
    end_subtest (self, event);
  else if (event->kind == CVM_TAP_EVENT_POINT)
    take_subtest_point (self, event);
  else if (event->kind == CVM_TAP_EVENT_PLAN)
    take_subtest_plan (self, event);
  else if (event->kind == CVM_TAP_EVENT_PRAGMA)
    take_pragma (self, event);
}

static void
take_outermost (CvmTapVerdict     *self,
                const CvmTapEvent *event)
{
  if (event->kind == CVM_TAP_EVENT_POINT)
    take_point (self, event);
  else if (event->kind == CVM_TAP_EVENT_PLAN)
    take_plan (self, &event->line);
  else if (event->kind == CVM_TAP_EVENT_VERSION)
    take_version (self, event);
  else if (event->kind == CVM_TAP_EVENT_PRAGMA)
    take_pragma (self, event);
}

CvmTapVerdict *
cvm_tap_verdict_new (void)
{
  CvmTapVerdict *self = g_new0 (CvmTapVerdict, 1);

  self->numbers.word = CVM_TAP_FAIL;
  self->numbers.failed_tests = g_array_new (FALSE, FALSE, sizeof (guint64));

  return self;
}

/**
 * cvm_tap_verdict_take:
 * @event: the next event of a stream
 * @verdict: a #CvmTapVerdict
 *
 * Can be a reader's handler as it is.
 */
void
cvm_tap_verdict_take (const CvmTapEvent *event,
                      gpointer           verdict)
{
  CvmTapVerdict *self = verdict;

  if (is_strict (self, event->depth) && is_unknown (event))
    take_unknown (self, event->depth);

  if (event->kind == CVM_TAP_EVENT_BAIL_OUT)
    take_bail_out (self, &event->line);
  else if (event->kind == CVM_TAP_EVENT_DIAGNOSTICS && event->open && minds_open (event->dialect))
    add_error (self, CVM_TAP_ERROR_YAML);
  else if (event->depth > 0)
    take_nested (self, event);
  else
    take_outermost (self, event);

  if (event->kind == CVM_TAP_EVENT_POINT)
    check_subtest (self, event);
}

/**
 * cvm_tap_verdict_end:
 * @self: a verdict that took all events of a stream; to be called once
 *
 * The plan is now checked against what was run: a stream that was cut short fails.
 *
 * Returns: (transfer none): the numbers
 */
const CvmTapNumbers *
cvm_tap_verdict_end (CvmTapVerdict *self)
{
  CvmTapNumbers *numbers = &self->numbers;
  gboolean needs_plan = numbers->dialect != CVM_TAP_DIALECT_KTAP || numbers->run == 0;

  if (!numbers->has_plan && needs_plan)
    add_error (self, CVM_TAP_ERROR_NO_PLAN);
  else if (numbers->has_plan && numbers->planned != numbers->run)
    add_error (self, CVM_TAP_ERROR_BAD_PLAN);
  else if (numbers->has_plan && self->largest > numbers->planned && numbers->parse_errors == 0)
    add_error (self, CVM_TAP_ERROR_SEQUENCE);   /* a plan behind points that it does not cover */

  numbers->is_good_plan = !self->bad_place
                          && (numbers->has_plan ? numbers->planned == numbers->run : !needs_plan);

  if (numbers->failed > 0 || numbers->parse_errors > 0 || numbers->bailout != NULL
      || !numbers->is_good_plan)
    numbers->word = CVM_TAP_FAIL;
  else if (numbers->run == 0)
    numbers->word = CVM_TAP_NOTESTS;
  else
    numbers->word = CVM_TAP_PASS;

  return numbers;
}

/**
 * cvm_tap_verdict_last_todo:
 * @self: a verdict that took a point
 *
 * Returns: whether the last point is to do, by its directive or by a plan of TAP 12
 */
gboolean
cvm_tap_verdict_last_todo (const CvmTapVerdict *self)
{
  return self->last_todo;
}

/**
 * cvm_tap_verdict_last_good:
 * @self: a verdict that took a point
 *
 * Returns: whether the last point passed, or failed as it may by its directive and dialect
 */
gboolean
cvm_tap_verdict_last_good (const CvmTapVerdict *self)
{
  return self->last_good;
}

void
cvm_tap_verdict_free (CvmTapVerdict *self)
{
  g_clear_pointer (&self->planned_todo, g_hash_table_unref);
  g_clear_pointer (&self->seen, g_byte_array_unref);
  g_array_unref (self->numbers.failed_tests);
  g_free (self->numbers.skip_all);
  g_free (self->numbers.bailout);
  g_free (self);
}

/**
 * cvm_tap_word_to_string:
 * @word: a verdict
 *
 * Returns: (transfer none): "pass", "fail" or "notests"
 */
const char *
cvm_tap_word_to_string (CvmTapWord word)
{
  static const char * const words[] = { "pass", "fail", "notests" };

  return words[word];
}

/**
 * cvm_tap_error_to_string:
 * @error: a kind of error
 *
 * Returns: (transfer none): a key for machines, in lower case with dashes
 */
const char *
cvm_tap_error_to_string (CvmTapError error)
{
  static const char * const names[CVM_TAP_N_ERRORS] = {
    "version", "no-plan", "plans", "plan-place", "bad-plan", "sequence", "unknown", "yaml",
    "subtest",
  };

  return names[error];
}
