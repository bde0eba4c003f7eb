/* cvm-submission.c: what became of the reports of a run
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-submission.h"

#include <glib/gi18n.h>
#include <string.h>

#include "cvm-format.h"
#include "cvm-sent.h"

#define MINUTE_S 60

static CvmSubmission *
submission_new (void)
{
  return g_new0 (CvmSubmission, 1);
}

void
cvm_submission_free (CvmSubmission *self)
{
  if (self == NULL)
    return;

  g_free (self->server);
  g_free (self->url);
  g_free (self->why);
  g_free (self->told);
  g_free (self);
}

/* Reading ------------------------------------------------------------------------------------ */

static void
take_sent (CvmSubmission *self,
           GPtrArray     *sent)
{
  const CvmSent *first = sent->len > 0 ? sent->pdata[0] : NULL;

  if (first == NULL)
    return;

  self->state = CVM_SUBMISSION_SENT;
  self->n_reports = sent->len;
  self->server = g_strdup (first->server);
  self->report_id = first->report_id;
  self->url = g_strdup (first->url);
  self->told = g_strdup (first->told);
  self->is_confirmed = TRUE;
  for (guint i = 0; i < sent->len; i++)
    {
      const CvmSent *one = sent->pdata[i];

      self->sent_s = MAX (self->sent_s, one->time_s);
      self->is_confirmed &= one->is_confirmed;
    }
}

static gboolean
is_asked (const CvmSpoolEntry *entry)
{
  return entry->state == CVM_SPOOL_MAYBE || entry->state == CVM_SPOOL_BROKEN;
}

/* What waits says more than what was sent of the same run before */
static void
take_waiting (CvmSubmission       *self,
              const CvmSpoolEntry *entry)
{
  gboolean is_first = self->state == CVM_SUBMISSION_NONE || self->state == CVM_SUBMISSION_SENT;

  self->n_reports = is_first ? 1 : self->n_reports + 1;
  if (!is_first && !is_asked (entry))
    return;

  self->state = is_asked (entry) ? CVM_SUBMISSION_ASKED : CVM_SUBMISSION_WAITING;
  self->next_try_s = entry->next_try_s;
  g_free (self->server);
  self->server = entry->server != NULL ? g_strdup (cvm_tapper_server_get_label (entry->server))
                                       : NULL;
  g_free (self->why);
  self->why = g_strdup (entry->why);
  if (entry->report_id != 0)
    self->report_id = entry->report_id;
}

GPtrArray *
cvm_submission_list_waiting (void)
{
  g_autoptr(CvmSpool) spool = cvm_spool_new_for_user ();
  GPtrArray *waiting = NULL;

  if (g_file_test (cvm_spool_get_path (spool), G_FILE_TEST_IS_DIR))
    waiting = cvm_spool_list (spool, NULL);

  return waiting != NULL
         ? waiting : g_ptr_array_new_with_free_func ((GDestroyNotify)cvm_spool_entry_free);
}

CvmSubmission *
cvm_submission_read (const char *dir,
                     GPtrArray  *waiting)
{
  CvmSubmission *self = submission_new ();
  g_autoptr(GPtrArray) sent = cvm_sent_read (dir);
  g_autofree char *real = realpath (dir, NULL);

  take_sent (self, sent);
  for (guint i = 0; i < waiting->len; i++)
    {
      const CvmSpoolEntry *entry = waiting->pdata[i];

      if (entry->run != NULL && g_strcmp0 (entry->run, real) == 0)
        take_waiting (self, entry);
    }

  return self;
}

CvmSubmission *
cvm_submission_new_of_waiting (const CvmSpoolEntry *entry)
{
  CvmSubmission *self = submission_new ();

  take_waiting (self, entry);

  return self;
}

/* In words ----------------------------------------------------------------------------------- */

char *
cvm_submission_clause (const char *why)
{
  const char *colon = g_strrstr (why, ": ");
  const char *clause = colon != NULL && colon[2] != '\0' ? colon + 2 : why;
  g_autofree char *line = cvm_format_line (clause);

  if (g_ascii_isupper (line[0]) && g_ascii_islower (line[1]))
    line[0] = g_ascii_tolower (line[0]);

  return g_steal_pointer (&line);
}

/* " Trying again in 4 min.", or "" when the next try has no time */
static char *
describe_pause (gint64 next_try_s,
                gint64 now_s)
{
  gint64 left_s = next_try_s - now_s;
  guint minutes;

  if (next_try_s == 0)
    return g_strdup ("");
  if (left_s <= 0)
    return g_strdup (_(" Trying again now."));
  if (left_s < MINUTE_S)
    return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, " Trying again in %u s.",
                                         " Trying again in %u s.", (guint)left_s), (guint)left_s);

  minutes = (guint)MIN ((left_s + MINUTE_S / 2) / MINUTE_S, 9999);

  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, " Trying again in %u min.",
                                       " Trying again in %u min.", minutes), minutes);
}

/* "Waiting for the server “tapper”: connection refused. Trying again in 4 min." */
static char *
sentence_of_waiting (const CvmSubmission *self,
                     gint64               now_s)
{
  g_autofree char *server = cvm_format_line (self->server != NULL ? self->server : "");
  g_autofree char *pause = describe_pause (self->next_try_s, now_s);
  g_autofree char *why = self->why != NULL ? cvm_submission_clause (self->why) : NULL;

  if (why == NULL)
    return g_strdup_printf (_("Being sent to the server “%s”…"), server);

  return g_strdup_printf (_("Waiting for the server “%s”: %s.%s"), server, why, pause);
}

static char *
sentence_of_asked (const CvmSubmission *self)
{
  g_autofree char *why = cvm_submission_clause (self->why != NULL ? self->why : "");

  g_autofree char *id = g_strdup_printf ("%" G_GUINT64_FORMAT, self->report_id);

  if (self->report_id == 0)
    return g_strdup_printf (_("The report in the spool cannot be sent: %s."), why);

  return g_strdup_printf (_("Maybe sent as %s: the server cannot be asked. Look at the server, then "
                            "send it again or remove it."), id);
}

static char *
sentence_of_sent (const CvmSubmission *self)
{
  g_autofree char *server = cvm_format_line (self->server);
  g_autofree char *id = g_strdup_printf ("%" G_GUINT64_FORMAT, self->report_id);

  if (self->n_reports > 1)
    return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE,
                                         "%u report sent to “%s”, the first as %s.",
                                         "%u reports sent to “%s”, the first as %s.",
                                         self->n_reports), self->n_reports, server, id);

  if (self->is_confirmed)
    return g_strdup_printf (_("Sent as %s to “%s”, stored and confirmed."), id, server);

  return g_strdup_printf (_("Sent as %s to “%s”. The server did not confirm it."), id, server);
}

char *
cvm_submission_sentence (const CvmSubmission *self,
                         gint64               now_s)
{
  switch (self->state)
    {
    case CVM_SUBMISSION_WAITING:
      return sentence_of_waiting (self, now_s);
    case CVM_SUBMISSION_ASKED:
      return sentence_of_asked (self);
    case CVM_SUBMISSION_SENT:
      return sentence_of_sent (self);
    case CVM_SUBMISSION_NONE:
    default:
      return g_strdup (_("Not sent."));
    }
}

char *
cvm_submission_brief (const CvmSubmission *self)
{
  g_autofree char *id = g_strdup_printf ("%" G_GUINT64_FORMAT, self->report_id);
  g_autofree char *why = NULL;

  switch (self->state)
    {
    case CVM_SUBMISSION_WAITING:
      if (self->why == NULL)
        return g_strdup (C_("report", "being sent"));
      why = cvm_submission_clause (self->why);
      return g_strdup_printf (C_("report", "waits: %s"), why);
    case CVM_SUBMISSION_ASKED:
      return g_strdup (C_("report", "maybe sent"));
    case CVM_SUBMISSION_SENT:
      return g_strdup_printf (_("report %s"), id);
    case CVM_SUBMISSION_NONE:
    default:
      return g_strdup (C_("report", "not sent"));
    }
}

/* Of several: the first that has a reason, and the earliest next try */
static const CvmSpoolEntry *
find_telling (GPtrArray *waiting,
              gint64    *next_try_s)
{
  const CvmSpoolEntry *telling = NULL;

  *next_try_s = 0;
  for (guint i = 0; i < waiting->len; i++)
    {
      const CvmSpoolEntry *entry = waiting->pdata[i];

      if (entry->why == NULL)
        continue;

      telling = telling == NULL || is_asked (telling) ? entry : telling;
      if (entry->next_try_s > 0 && (*next_try_s == 0 || entry->next_try_s < *next_try_s))
        *next_try_s = entry->next_try_s;
    }

  return telling;
}

char *
cvm_submission_summary (GPtrArray *waiting,
                        gint64     now_s)
{
  gint64 next_try_s;
  const CvmSpoolEntry *telling = find_telling (waiting, &next_try_s);
  g_autofree char *server = NULL;
  g_autofree char *why = NULL;
  g_autofree char *pause = NULL;

  if (telling == NULL)
    return NULL;

  if (telling->server == NULL)
    return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u report in the spool is damaged.",
                                         "%u reports wait, and one of them is damaged.",
                                         waiting->len), waiting->len);

  server = cvm_format_line (cvm_tapper_server_get_label (telling->server));
  why = cvm_submission_clause (telling->why);
  pause = describe_pause (next_try_s, now_s);

  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE,
                                       "%u report waits for the server “%s”: %s.%s",
                                       "%u reports wait for the server “%s”: %s.%s",
                                       waiting->len), waiting->len, server, why, pause);
}

char *
cvm_submission_fingerprint (GPtrArray *waiting)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < waiting->len; i++)
    {
      const CvmSpoolEntry *entry = waiting->pdata[i];

      g_string_append_printf (text, "%" G_GUINT64_FORMAT ":%u:%" G_GINT64_FORMAT " ",
                              entry->number, (guint)entry->state, entry->next_try_s);
    }

  return g_string_free (text, FALSE);
}
