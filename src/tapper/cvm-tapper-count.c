/* cvm-tapper-count.c: what a Tapper server will count in a report
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-tapper-count.h"

#include <gio/gunixinputstream.h>
#include <string.h>

#include "cvm-file.h"
#include "cvm-tapper-lines.h"

/* Where the server cuts a report into sections: with one plan nowhere; at each explicit start if
 * there is one; else at each plan, unless it follows a version line, and at each version line. */
typedef struct
{
  guint         n_plans;
  gboolean      has_explicit;
  gboolean      after_version;
  gboolean      is_open;         /* a section has begun */
  CvmTapVerdict *verdict;
  CvmTapReader  *reader;
  CvmTapperNumbers *numbers;
  guint          n_sections;
  guint          n_skipped;      /* sections */
} Count;

static gboolean
is_plan (const char *head)
{
  return strncmp (head, "1..", 3) == 0 && g_ascii_isdigit (head[3]);
}

static gboolean
is_version (const char *head)
{
  return g_ascii_strncasecmp (head, "TAP version ", 12) == 0;
}

static gboolean
is_explicit (const char *head)
{
  const char *value;

  return cvm_tapper_line_is_header (head, "explicit-section-start", &value);
}

static void
survey (const char *head,
        gpointer    data)
{
  Count *self = data;

  if (is_plan (head))
    self->n_plans++;
  else if (is_explicit (head))
    self->has_explicit = TRUE;
}

static void
end_section (Count *self)
{
  CvmTapperNumbers *sum = self->numbers;
  const CvmTapNumbers *numbers;

  cvm_tap_reader_end (self->reader);
  numbers = cvm_tap_verdict_end (self->verdict);

  sum->total += numbers->run;
  sum->passed += numbers->passed;
  sum->failed += numbers->failed;
  sum->skipped += numbers->skipped;
  sum->todo += numbers->todo;
  sum->todo_passed += numbers->todo_passed;
  sum->parse_errors += numbers->parse_errors - numbers->errors[CVM_TAP_ERROR_YAML]
                       - numbers->errors[CVM_TAP_ERROR_SUBTEST];
  self->n_sections++;
  self->n_skipped += numbers->skip_all != NULL;

  g_clear_pointer (&self->reader, cvm_tap_reader_free);
  g_clear_pointer (&self->verdict, cvm_tap_verdict_free);
}

static void
begin_section (Count *self)
{
  self->verdict = cvm_tap_verdict_new ();
  self->reader = cvm_tap_reader_new (cvm_tap_verdict_take, self->verdict);
  self->is_open = FALSE;
}

/* What comes before a first section's start belongs to it. */
static void
split (const char *head,
       gpointer    data)
{
  Count *self = data;
  gboolean starts;

  if (self->has_explicit)
    starts = is_explicit (head);
  else
    starts = self->n_plans > 1 &&
             (is_version (head) || (is_plan (head) && !self->after_version));

  if (starts && self->is_open)
    {
      end_section (self);
      begin_section (self);
    }

  self->is_open |= starts;
  self->after_version = is_version (head);
}

static void
feed (const char *bytes,
      gsize       len,
      gpointer    data)
{
  Count *self = data;

  cvm_tap_reader_feed (self->reader, bytes, len);
}

static CvmTapWord
judge (const Count *self)
{
  if (self->numbers->failed > 0 || self->numbers->parse_errors > 0)
    return CVM_TAP_FAIL;

  return self->n_skipped == self->n_sections ? CVM_TAP_NOTESTS : CVM_TAP_PASS;
}

/**
 * cvm_tapper_count:
 * @path: a TAP file, not an archive
 *
 * Counts as the server will: section by section, in the terms of Perl's TAP::Parser. Reads the
 * file twice, in blocks.
 */
gboolean
cvm_tapper_count (const char        *path,
                  CvmTapperNumbers  *numbers,
                  GCancellable      *cancellable,
                  GError           **error)
{
  Count self = { .numbers = numbers };
  gboolean done;

  memset (numbers, 0, sizeof *numbers);
  if (!cvm_tapper_lines_read (path, survey, NULL, &self, cancellable, error))
    return FALSE;

  begin_section (&self);
  done = cvm_tapper_lines_read (path, split, feed, &self, cancellable, error);
  end_section (&self);
  numbers->word = judge (&self);

  return done;
}

/**
 * cvm_tapper_numbers_to_text:
 *
 * Returns: such as "35 passed, 2 failed"
 */
char *
cvm_tapper_numbers_to_text (const CvmTapperNumbers *self)
{
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, "%" G_GUINT64_FORMAT " passed, %" G_GUINT64_FORMAT " failed",
                          self->passed, self->failed);
  if (self->skipped > 0)
    g_string_append_printf (text, ", %" G_GUINT64_FORMAT " skipped", self->skipped);
  if (self->parse_errors > 0)
    g_string_append_printf (text, ", %" G_GUINT64_FORMAT " parse errors", self->parse_errors);

  return g_string_free (text, FALSE);
}

static void
compare_one (GString    *text,
             const char *name,
             guint64     sent,
             guint64     stored)
{
  if (sent == stored)
    return;

  g_string_append_printf (text, "%s%" G_GUINT64_FORMAT " %s sent, %" G_GUINT64_FORMAT " stored",
                          text->len > 0 ? "; " : "", sent, name, stored);
}

/**
 * cvm_tapper_numbers_compare:
 *
 * Returns: (nullable): what the server counted otherwise, such as "37 points sent, 36 stored"
 */
char *
cvm_tapper_numbers_compare (const CvmTapperNumbers *sent,
                            const CvmTapperNumbers *stored)
{
  GString *text = g_string_new (NULL);

  compare_one (text, "points", sent->total, stored->total);
  compare_one (text, "passed", sent->passed, stored->passed);
  compare_one (text, "failed", sent->failed, stored->failed);
  compare_one (text, "skipped", sent->skipped, stored->skipped);
  compare_one (text, "parse errors", sent->parse_errors, stored->parse_errors);

  return g_string_free (text, text->len == 0);
}
