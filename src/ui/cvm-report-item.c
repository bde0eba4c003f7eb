/* cvm-report-item.c: a report as a row of a table: of this computer, or of a server
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-report-item.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#include "cvm-format.h"

void
cvm_report_item_free (CvmReportItem *self)
{
  if (self == NULL)
    return;

  g_free (self->dir);
  g_free (self->url);
  g_free (self->suite);
  g_free (self->machine);
  g_free (self->result);
  g_free (self->state);
  g_free (self->haystack);
  g_free (self);
}

static void
make_haystack (CvmReportItem *self)
{
  g_autofree char *id = g_strdup_printf ("%" G_GUINT64_FORMAT, self->id);
  g_autofree char *all = g_strjoin ("\n", self->suite, self->machine, self->result, self->state,
                                    self->id != 0 ? id : "", NULL);

  g_free (self->haystack);
  self->haystack = g_utf8_casefold (all, -1);
}

static char *
line_of (const char *text)
{
  return cvm_format_line (text != NULL ? text : "");
}

static char *
count_of (gint64 passed,
          gint64 total)
{
  return g_strdup_printf (_("%d of %d passed"), (int)passed, (int)total);
}

/* Of this computer --------------------------------------------------------------------------- */

static CvmPointState
verdict_of_run (CvmHistoryState state)
{
  switch (state)
    {
    case CVM_HISTORY_PASSED:
      return CVM_POINT_STATE_PASSED;
    case CVM_HISTORY_FAILED:
    case CVM_HISTORY_ERROR:
      return CVM_POINT_STATE_FAILED;
    case CVM_HISTORY_RUNNING:
      return CVM_POINT_STATE_RUNNING;
    case CVM_HISTORY_ANY:
    case CVM_HISTORY_CANCELLED:
    case CVM_HISTORY_DEAD:
    case CVM_HISTORY_UNREADABLE:
    default:
      return CVM_POINT_STATE_CANCELLED;
    }
}

void
cvm_report_item_set_submission (CvmReportItem       *self,
                                const CvmSubmission *submission)
{
  self->is_sent = submission->state == CVM_SUBMISSION_SENT;
  self->is_silent = submission->state == CVM_SUBMISSION_NONE;
  self->id = self->is_sent ? submission->report_id : 0;
  g_free (self->url);
  self->url = self->is_sent ? g_strdup (submission->url) : NULL;
  g_free (self->state);
  self->state = cvm_submission_brief (submission);
  make_haystack (self);
}

CvmReportItem *
cvm_report_item_new_run (const CvmHistoryRun *run,
                         const CvmSubmission *submission)
{
  CvmReportItem *self = g_new0 (CvmReportItem, 1);

  self->kind = CVM_REPORT_RUN;
  self->dir = g_strdup (run->dir);
  self->time_us = run->begun_us;
  self->verdict = verdict_of_run (run->state);
  self->suite = line_of (run->suite != NULL ? run->suite : run->title);
  self->machine = line_of (run->image);
  self->result = count_of (run->passed, run->planned);
  cvm_report_item_set_submission (self, submission);

  return self;
}

static void
take_counted (CvmReportItem       *self,
              const CvmSpoolEntry *entry)
{
  self->verdict = !entry->has_counted ? CVM_POINT_STATE_PENDING
                  : entry->counted.word == CVM_TAP_FAIL ? CVM_POINT_STATE_FAILED
                  : CVM_POINT_STATE_PASSED;
  self->result = entry->has_counted ? count_of ((gint64)entry->counted.passed,
                                                (gint64)entry->counted.total)
                                    : g_strdup ("");
}

/* A run's report is titled "image: suite" */
static void
take_title (CvmReportItem       *self,
            const CvmSpoolEntry *entry)
{
  g_auto(GStrv) parts = g_strsplit (entry->title, ": ", 2);
  gboolean is_both = entry->run != NULL && parts[0] != NULL && parts[1] != NULL;

  self->suite = line_of (is_both ? parts[1] : entry->title);
  self->machine = line_of (is_both ? parts[0] : NULL);
}

CvmReportItem *
cvm_report_item_new_waiting (const CvmSpoolEntry *entry)
{
  CvmReportItem *self = g_new0 (CvmReportItem, 1);
  g_autoptr(CvmSubmission) one = cvm_submission_new_of_waiting (entry);

  self->kind = CVM_REPORT_WAITING;
  self->number = entry->number;
  self->id = entry->report_id;
  self->dir = g_strdup (entry->run);
  self->time_us = entry->added_s * G_USEC_PER_SEC;
  self->is_asked = one->state == CVM_SUBMISSION_ASKED;
  self->state = cvm_submission_brief (one);
  take_title (self, entry);
  take_counted (self, entry);
  make_haystack (self);

  return self;
}

/* Of a server -------------------------------------------------------------------------------- */

static CvmPointState
verdict_of_report (const CvmTapperReport *report)
{
  if (g_strcmp0 (report->grade, "NOTESTS") == 0)
    return CVM_POINT_STATE_SKIPPED;

  return cvm_tapper_report_passed (report) ? CVM_POINT_STATE_PASSED : CVM_POINT_STATE_FAILED;
}

static char *
result_of_report (const CvmTapperReport *report)
{
  if (report->total >= 0 && report->passed >= 0)
    return count_of (report->passed, report->total);

  return report->ratio >= 0 && isfinite (report->ratio)
         ? g_strdup_printf (_("%.0f %%"), MIN (report->ratio, 100.0)) : g_strdup ("");
}

CvmReportItem *
cvm_report_item_new_server (const CvmTapperReport *report,
                            const CvmTapperServer *server)
{
  CvmReportItem *self = g_new0 (CvmReportItem, 1);
  g_autofree char *id = g_strdup_printf ("%" G_GUINT64_FORMAT, report->id);

  self->kind = CVM_REPORT_SERVER;
  self->id = report->id;
  self->time_us = report->created_us;
  self->url = cvm_tapper_server_dup_report_url (server, report->id);
  self->verdict = verdict_of_report (report);
  self->suite = line_of (report->suite);
  self->machine = line_of (report->machine);
  self->result = result_of_report (report);
  self->state = g_strdup_printf (_("report %s"), id);
  make_haystack (self);

  return self;
}

/* ------------------------------------------------------------------------------------------- */

gboolean
cvm_report_item_has (const CvmReportItem *self,
                     const char          *folded)
{
  return *folded == '\0' || strstr (self->haystack, folded) != NULL;
}

static gboolean
is_same_day (GDateTime *a,
             GDateTime *b)
{
  return g_date_time_get_year (a) == g_date_time_get_year (b)
         && g_date_time_get_day_of_year (a) == g_date_time_get_day_of_year (b);
}

char *
cvm_report_item_time (gint64 time_us,
                      gint64 now_us)
{
  g_autoptr(GDateTime) time = g_date_time_new_from_unix_local (time_us / G_USEC_PER_SEC);
  g_autoptr(GDateTime) now = g_date_time_new_from_unix_local (now_us / G_USEC_PER_SEC);
  g_autoptr(GDateTime) yesterday = now != NULL ? g_date_time_add_days (now, -1) : NULL;

  if (time_us == 0 || time == NULL || yesterday == NULL)
    return g_strdup ("");
  if (is_same_day (time, now))
    return g_date_time_format (time, _("Today %H:%M"));
  if (is_same_day (time, yesterday))
    return g_date_time_format (time, _("Yesterday %H:%M"));

  return g_date_time_format (time, _("%-d %b %Y %H:%M"));
}
