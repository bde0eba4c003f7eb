/* cvm-log-line.c: a record as a line of the log that a person reads
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-log-line.h"

#include <glib/gi18n.h>

#include "cvm-format.h"

static const char *
or_nothing (const char *text)
{
  return text != NULL ? text : "";
}

static char *
describe_acted (const CvmRecord *record)
{
  const char *name = or_nothing (record->name);
  gboolean is_removal = g_str_has_suffix (or_nothing (record->kind), "-remove");

  if (!record->ok)
    return g_strdup_printf (_("failed: %s %s: %s"), or_nothing (record->kind), name,
                            or_nothing (record->text));
  if (is_removal)
    {
      g_autofree char *kind = g_strndup (record->kind, strlen (record->kind) - strlen ("-remove"));

      return g_strdup_printf (_("removed %s %s"), kind, name);
    }

  return g_strdup_printf (_("made %s %s"), or_nothing (record->kind), name);
}

static char *
describe_case_end (const CvmRecord *record)
{
  static const char *const words[] = {
    [CVM_OUTCOME_PASS]      = N_("passed"),
    [CVM_OUTCOME_FAIL]      = N_("failed"),
    [CVM_OUTCOME_SKIP]      = N_("skipped"),
    [CVM_OUTCOME_CANCELLED] = N_("cancelled"),
  };
  g_autofree char *took = cvm_format_duration (record->ms);

  if (record->reason == NULL)
    return g_strdup_printf (_("%s: %s after %s"), or_nothing (record->id),
                            _(words[record->outcome]), took);

  return g_strdup_printf (_("%s: %s after %s: %s"), or_nothing (record->id),
                          _(words[record->outcome]), took, record->reason);
}

static char *
describe (const CvmRecord *record)
{
  switch (record->type)
    {
    case CVM_RECORD_JOB_BEGIN:
      return g_strdup_printf (_("%s on %s, %u checks"), or_nothing (record->name),
                              or_nothing (record->kind), record->number);
    case CVM_RECORD_JOB_END:
      return record->text == NULL ? g_strdup (_("the job ended"))
                                  : g_strdup_printf (_("the job ended: %s"), record->text);
    case CVM_RECORD_ACTED:
      return describe_acted (record);
    case CVM_RECORD_CASE_BEGIN:
      return g_strdup_printf (_("%s begins"), or_nothing (record->id));
    case CVM_RECORD_CASE_WAIT:
      return record->text == NULL ? NULL : g_strdup_printf (_("%s waits: %s"), or_nothing (record->id),
                              or_nothing (record->text));
    case CVM_RECORD_CASE_END:
      return describe_case_end (record);
    case CVM_RECORD_FACT:
      return g_strdup_printf ("%s: %s", or_nothing (record->name), or_nothing (record->text));
    case CVM_RECORD_EVIDENCE:
      return g_strdup_printf (_("kept %s"), or_nothing (record->path));
    case CVM_RECORD_LOG:
      return g_strdup (or_nothing (record->text));
    case CVM_RECORD_RUN_BEGIN:
    case CVM_RECORD_RUN_END:
    case CVM_RECORD_ACT:
    case CVM_RECORD_CASE_PLANNED:
    case CVM_RECORD_POINT:
      break;
    }

  return NULL;
}

char *
cvm_log_line (const CvmRecord *record)
{
  g_autofree char *text = describe (record);
  g_autofree char *line = text != NULL ? cvm_format_line (text) : NULL;
  g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc (record->time_us / G_USEC_PER_SEC);
  g_autoptr(GDateTime) local = utc != NULL ? g_date_time_to_local (utc) : NULL;
  g_autofree char *clock = local != NULL ? g_date_time_format (local, "%H:%M:%S") : NULL;

  if (line == NULL)
    return NULL;

  return g_strdup_printf ("%s  %s", clock != NULL ? clock : "--:--:--", line);
}
