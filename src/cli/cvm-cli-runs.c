/* cvm-cli-runs.c: the verb runs, and what its own verbs share
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-cli-runs.h"

#include <glib/gi18n.h>
#include <stdlib.h>
#include <string.h>

#include "cvm-cli-verbs.h"
#include "cvm-cli.h"
#include "cvm-run-folder.h"

#define MAX_MATCHES 5   /* that are named when the beginning of an id is that of several */

static const char *const state_names[] = {
  [CVM_HISTORY_PASSED] = "passed",         [CVM_HISTORY_FAILED] = "failed",
  [CVM_HISTORY_ERROR] = "error",           [CVM_HISTORY_CANCELLED] = "cancelled",
  [CVM_HISTORY_RUNNING] = "running",       [CVM_HISTORY_DEAD] = "dead",
  [CVM_HISTORY_UNREADABLE] = "unreadable",
};

const char *
cvm_cli_runs_state_name (CvmHistoryState state)
{
  return state_names[state];
}

gboolean
cvm_cli_runs_state (const char *name,
                    int        *state)
{
  for (guint i = 0; i < G_N_ELEMENTS (state_names); i++)
    {
      if (g_str_equal (state_names[i], name))
        {
          *state = (int)i;
          return TRUE;
        }
    }

  return FALSE;
}

const char *
cvm_cli_runs_outcome (const CvmPoint *point)
{
  return point->is_ended ? cvm_outcome_name (point->outcome) : "none";
}

/* Times --------------------------------------------------------------------------------------- */

static gint64
unit_seconds (char unit)
{
  switch (unit)
    {
    case 'm':
      return 60;
    case 'h':
      return 60 * 60;
    case 'd':
      return 24 * 60 * 60;
    case 'w':
      return 7 * 24 * 60 * 60;
    default:
      return 0;
    }
}

static gboolean
parse_ago (const char *text,
           gint64     *time_us)
{
  char *end;
  guint64 n = g_ascii_isdigit (*text) ? g_ascii_strtoull (text, &end, 10) : 0;
  gint64 seconds = n > 0 && n < 1000000 ? unit_seconds (*end) : 0;

  if (seconds == 0 || end[1] != '\0')
    return FALSE;

  *time_us = g_get_real_time () - (gint64)n * seconds * G_USEC_PER_SEC;

  return TRUE;
}

gboolean
cvm_cli_runs_parse_time (const char *text,
                         gint64     *time_us)
{
  const char *clock = strchr (text, 'T');
  const char *rest = clock == NULL ? "T00:00:00" : strlen (clock) == strlen ("T07:25") ? ":00" : "";
  g_autofree char *whole = g_strconcat (text, rest, NULL);
  g_autoptr(GTimeZone) here = g_time_zone_new_local ();
  g_autoptr(GDateTime) time = g_date_time_new_from_iso8601 (whole, here);

  if (time == NULL)
    return parse_ago (text, time_us);

  *time_us = g_date_time_to_unix (time) * G_USEC_PER_SEC;

  return TRUE;
}

char *
cvm_cli_runs_time_text (gint64 time_us)
{
  g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc (time_us / G_USEC_PER_SEC);

  return time != NULL ? g_date_time_format (time, "%Y-%m-%dT%H:%M:%SZ") : g_strdup ("");
}

char *
cvm_cli_runs_clock (gint64 ms)
{
  gint64 seconds = ms / 1000;

  if (ms == 0)
    return g_strdup ("");

  if (seconds < 3600)
    return g_strdup_printf ("%d:%02d", (int)(seconds / 60), (int)(seconds % 60));

  return g_strdup_printf ("%" G_GINT64_FORMAT ":%02d:%02d", seconds / 3600,
                          (int)(seconds / 60 % 60), (int)(seconds % 60));
}

void
cvm_cli_runs_fill (JsonObject          *object,
                   const CvmHistoryRun *run)
{
  g_autofree char *begun = cvm_cli_runs_time_text (run->begun_us);
  g_autofree char *id = cvm_record_dup_utf8 (run->id);
  g_autofree char *folder = cvm_record_dup_utf8 (run->dir);

  json_object_set_string_member (object, "id", id);
  json_object_set_string_member (object, "folder", folder);
  json_object_set_string_member (object, "title", run->title);
  json_object_set_string_member (object, "state", cvm_cli_runs_state_name (run->state));
  json_object_set_string_member (object, "image", run->image);
  json_object_set_string_member (object, "suite", run->suite);
  json_object_set_string_member (object, "host", run->host_uri);
  json_object_set_string_member (object, "hypervisor", run->hypervisor);
  json_object_set_int_member (object, "jobs", run->n_jobs);
  json_object_set_int_member (object, "passed", run->passed);
  json_object_set_int_member (object, "failed", run->failed);
  json_object_set_int_member (object, "skipped", run->skipped);
  json_object_set_int_member (object, "planned", run->planned);
  json_object_set_string_member (object, "begun", begun);
  json_object_set_int_member (object, "ms", run->took_ms);
  json_object_set_string_member (object, "strip", run->strip);
  json_object_set_string_member (object, "problem", run->problem);
}

/* Finding ------------------------------------------------------------------------------------- */

void
cvm_cli_named_run_free (CvmCliNamedRun *run)
{
  g_free (run->id);
  g_free (run->dir);
  g_clear_object (&run->result);
  g_free (run);
}

CvmHistory *
cvm_cli_runs_open (GCancellable  *cancellable,
                   GError       **error)
{
  g_autoptr(CvmHistory) history = cvm_history_new (NULL);
  g_autofree char *notice = NULL;

  if (!cvm_history_sync (history, NULL, cancellable, error))
    return NULL;

  notice = cvm_history_take_notice (history);
  if (notice != NULL)
    cvm_cli_message ("%s", notice);

  return g_steal_pointer (&history);
}

static CvmCliNamedRun *
named_run_new (const char *id,
               const char *dir)
{
  CvmCliNamedRun *run = g_new0 (CvmCliNamedRun, 1);

  run->id = g_strdup (id);
  run->dir = g_strdup (dir);

  return run;
}

/* A folder need not be in the history: one that was copied from another computer */
static CvmCliNamedRun *
find_folder (const char  *name,
             GError     **error)
{
  g_autofree char *dir = realpath (name, NULL);
  g_autofree char *id = dir != NULL ? cvm_run_folder_read_id (dir, NULL) : NULL;

  if (id != NULL)
    return named_run_new (id, dir);

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
               _("%s: is not the folder of a run; “%s list” lists runs"), name, CVM_CLI_RUNS);

  return NULL;
}

static void
tell_several (const char  *name,
              GPtrArray   *runs,
              GError     **error)
{
  g_autoptr(GString) ids = g_string_new (NULL);

  for (guint i = 0; i < MIN (runs->len, MAX_MATCHES); i++)
    g_string_append_printf (ids, "%s%s", i > 0 ? ", " : "", ((CvmHistoryRun *)runs->pdata[i])->id);

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
               _("%s: several runs begin so (%s%s); give more of the id"), name, ids->str,
               runs->len > MAX_MATCHES ? ", …" : "");
}

static CvmCliNamedRun *
find_id (CvmHistory    *history,
         const char    *name,
         GCancellable  *cancellable,
         GError       **error)
{
  CvmHistoryQuery query = CVM_HISTORY_QUERY_ALL;
  gboolean is_last = g_str_equal (name, "last");
  g_autoptr(GPtrArray) runs = NULL;

  query.id = is_last ? NULL : name;
  runs = cvm_history_list (history, &query, is_last ? 1 : MAX_MATCHES + 1, cancellable, error);
  if (runs == NULL)
    return NULL;

  for (guint i = 0; i < runs->len; i++)
    {
      const CvmHistoryRun *run = runs->pdata[i];

      if (runs->len == 1 || g_str_equal (run->id, name))
        return named_run_new (run->id, run->dir);
    }

  if (runs->len == 0)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                 _("%s: there is no such run; “%s list” lists them"), name, CVM_CLI_RUNS);
  else
    tell_several (name, runs, error);

  return NULL;
}

CvmCliNamedRun *
cvm_cli_runs_find (CvmHistory    *history,
                   const char    *name,
                   GCancellable  *cancellable,
                   GError       **error)
{
  if (*name == '\0' || strchr (name, '/') != NULL || g_str_equal (name, "."))
    return find_folder (name, error);

  return find_id (history, name, cancellable, error);
}

CvmCliNamedRun *
cvm_cli_runs_read (CvmHistory    *history,
                   const char    *name,
                   GCancellable  *cancellable,
                   GError       **error)
{
  g_autoptr(CvmCliNamedRun) run = cvm_cli_runs_find (history, name, cancellable, error);
  g_autofree char *journal = run != NULL ? g_build_filename (run->dir, "journal.jsonl", NULL) : NULL;

  if (run == NULL)
    return NULL;

  run->result = cvm_result_new_from_journal (journal, error);

  return run->result != NULL ? g_steal_pointer (&run) : NULL;
}

int
cvm_cli_runs_fail (const GError *error)
{
  int status = cvm_cli_fail (error);
  gboolean is_users = g_error_matches (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT)
                      || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA)
                      || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND)
                      || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE);

  return is_users ? CVM_STATUS_USAGE : status;
}

int
cvm_cli_runs (int    argc,
              char **argv)
{
  static const CvmCliVerb verbs[] = {
    { "list", N_("List runs, newest first"), cvm_cli_runs_list },
    { "show", N_("Show a run: its jobs, and the points that failed"), cvm_cli_runs_show },
    { "compare", N_("Compare two runs, or the jobs of one"), cvm_cli_runs_compare },
    { "export", N_("Write a run's report for another program"), cvm_cli_runs_export },
    { "rm", N_("Remove runs"), cvm_cli_runs_rm },
    { NULL }
  };

  return cvm_cli_dispatch (verbs, CVM_CLI_RUNS, _("Runs that are on, and those of the past."), argc,
                           argv);
}
