/* cvm-cli-runs-show.c: the verb runs show
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <glib/gi18n.h>
#include <string.h>

#include "cvm-cli-progress.h"
#include "cvm-cli-runs.h"
#include "cvm-cli-worker.h"
#include "cvm-cli.h"

#define PATH CVM_CLI_RUNS " show"

typedef struct
{
  const char     *name;
  CvmCliNamedRun *run;
  GPtrArray      *rows;      /* its row in the history, if it has one */
} Showing;

static gboolean
read_run (gpointer       data,
          GCancellable  *cancellable,
          GError       **error)
{
  Showing *self = data;
  CvmHistoryQuery query = CVM_HISTORY_QUERY_ALL;
  g_autoptr(CvmHistory) history = cvm_cli_runs_open (cancellable, error);

  self->run = history != NULL ? cvm_cli_runs_read (history, self->name, cancellable, error) : NULL;
  if (self->run == NULL)
    return FALSE;

  query.id = self->run->id;
  self->rows = cvm_history_list (history, &query, 1, cancellable, error);

  return self->rows != NULL;
}

/* Points that failed ---------------------------------------------------------------------------- */

typedef void (*PointFunc) (const CvmPoint *point,
                           guint           depth,
                           gpointer        data);

static gboolean
is_failed (const CvmPoint *point)
{
  return point->is_ended && (point->outcome == CVM_OUTCOME_FAIL
                             || point->outcome == CVM_OUTCOME_CANCELLED);
}

static void
each_failed (const GPtrArray *points,
             guint            depth,
             PointFunc        func,
             gpointer         data)
{
  for (guint i = 0; points != NULL && i < points->len; i++)
    {
      const CvmPoint *point = points->pdata[i];

      if (is_failed (point))
        func (point, depth, data);
      each_failed (point->children, depth + 1, func, data);
    }
}

/* For programs ------------------------------------------------------------------------------------ */

static void
add_failure (const CvmPoint *point,
             guint           depth,
             gpointer        list)
{
  JsonObject *object = cvm_cli_list_add (list);

  json_object_set_string_member (object, "path", point->path);
  json_object_set_string_member (object, "id", point->id);
  json_object_set_string_member (object, "title", point->title);
  json_object_set_string_member (object, "outcome", cvm_cli_runs_outcome (point));
  json_object_set_string_member (object, "reason", point->reason);
  json_object_set_int_member (object, "ms", point->ms);
}

static const char *
find_fact (const CvmJobResult *job,
           const char         *name)
{
  for (guint i = 0; i < job->facts->len; i++)
    {
      const CvmDetail *fact = job->facts->pdata[i];

      if (g_str_equal (fact->key, name))
        return fact->value;
    }

  return NULL;
}

static gint64
took_ms (const CvmJobResult *job)
{
  return job->ended_us > job->begun_us ? (job->ended_us - job->begun_us) / 1000 : 0;
}

static void
add_job (JsonArray          *list,
         const CvmJobResult *job)
{
  JsonObject *object = cvm_cli_list_add (list);
  JsonArray *failures = json_array_new ();

  json_object_set_string_member (object, "id", job->id);
  json_object_set_string_member (object, "image", job->image);
  json_object_set_string_member (object, "suite", job->suite);
  json_object_set_string_member (object, "host", job->host_uri);
  json_object_set_string_member (object, "hypervisor", find_fact (job, "hypervisor"));
  json_object_set_boolean_member (object, "ended", job->ended_us != 0);
  json_object_set_int_member (object, "status", job->status);
  json_object_set_string_member (object, "why", job->why);
  json_object_set_int_member (object, "passed", job->passed);
  json_object_set_int_member (object, "failed", job->failed);
  json_object_set_int_member (object, "skipped", job->skipped);
  json_object_set_int_member (object, "planned", job->planned);
  json_object_set_int_member (object, "ms", took_ms (job));
  each_failed (job->points, 0, add_failure, failures);
  json_object_set_array_member (object, "failures", failures);
}

static void
print_json (const Showing *self)
{
  g_autoptr(JsonArray) list = json_array_new ();
  JsonObject *object = cvm_cli_list_add (list);
  JsonArray *jobs = json_array_new ();
  g_autofree char *folder = cvm_record_dup_utf8 (self->run->dir);

  if (self->rows->len > 0)
    {
      cvm_cli_runs_fill (object, self->rows->pdata[0]);
    }
  else
    {
      json_object_set_string_member (object, "id", self->run->id);
      json_object_set_string_member (object, "title", cvm_result_get_title (self->run->result));
    }
  json_object_set_string_member (object, "folder", folder);

  for (guint i = 0; i < cvm_result_n_jobs (self->run->result); i++)
    add_job (jobs, cvm_result_job (self->run->result, i));
  json_object_remove_member (object, "jobs");
  json_object_set_array_member (object, "jobs", jobs);
  cvm_cli_list_print_json (list);
}

/* For people -------------------------------------------------------------------------------------- */

static void
print_line (const char *name,
            const char *value)
{
  g_autofree char *clean = value != NULL ? cvm_cli_clean (value) : NULL;

  if (clean != NULL && *clean != '\0')
    cvm_cli_print ("%-12s %s\n", name, clean);
}

static void
print_failure (const CvmPoint *point,
               guint           depth,
               gpointer        data)
{
  g_autofree char *id = point->id != NULL ? cvm_cli_clean (point->id) : NULL;
  g_autofree char *title = cvm_cli_clean (point->title);
  g_autofree char *reason = point->reason != NULL ? cvm_cli_clean (point->reason) : NULL;
  int indent = (int)MIN (depth, CVM_RESULT_MAX_DEPTH) * 2 + 2;

  cvm_cli_print ("%*s✘ %s %s%s%s%s%s\n", indent, "", point->path, id != NULL ? id : "",
                 id != NULL && *title != '\0' ? " - " : "", title, reason != NULL ? ": " : "",
                 reason != NULL ? reason : "");
}

static void
print_job (const CvmJobResult *job)
{
  g_autofree char *image = cvm_cli_clean (job->image != NULL ? job->image : "");
  g_autofree char *suite = cvm_cli_clean (job->suite != NULL ? job->suite : "");
  g_autofree char *host = cvm_cli_clean (job->host_uri != NULL ? job->host_uri : "");
  g_autofree char *clock = cvm_cli_runs_clock (took_ms (job));
  g_autofree char *why = job->why != NULL ? cvm_cli_clean (job->why) : NULL;
  g_autofree char *stopped = cvm_cli_progress_stopped (job);

  cvm_cli_print (_("\nJob %s: %s on %s: %s\n"), job->id, image, host, suite);
  /* Translators: after "failed" comes ", 1 stopped" or nothing, at the end the time */
  cvm_cli_print (_("  %u of %u passed, %u failed%s, %u skipped %s\n"), job->passed, job->planned,
                 cvm_job_result_n_failed (job), stopped, job->skipped, clock);
  if (why != NULL)
    cvm_cli_print ("  %s\n", why);
  each_failed (job->points, 0, print_failure, NULL);
}

static void
print_lines (const Showing *self)
{
  const CvmHistoryRun *row = self->rows->len > 0 ? self->rows->pdata[0] : NULL;
  g_autofree char *begun = row != NULL ? cvm_cli_runs_time_text (row->begun_us) : NULL;
  g_autofree char *took = row != NULL ? cvm_cli_runs_clock (row->took_ms) : NULL;

  print_line (_("run"), self->run->id);
  print_line (_("title"), cvm_result_get_title (self->run->result));
  print_line (_("folder"), self->run->dir);
  print_line (_("state"), row != NULL ? cvm_cli_runs_state_name (row->state) : NULL);
  print_line (_("begun"), begun);
  print_line (_("took"), took);
  for (guint i = 0; i < cvm_result_n_jobs (self->run->result); i++)
    print_job (cvm_result_job (self->run->result, i));
}

int
cvm_cli_runs_show (int    argc,
                   char **argv)
{
  g_autoptr(GError) error = NULL;
  gboolean is_json = FALSE;
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &is_json, N_("Print an array of one object"), NULL },
    { NULL }
  };
  CvmCliSyntax syntax = {
    PATH, "RUN", _("Shows a run: its jobs, and what failed and why."),
    _("RUN is an id, the beginning of one, a folder, or “last”."), entries, 1, 1
  };
  Showing showing = { NULL };
  g_autoptr(CvmCliNamedRun) run = NULL;
  g_autoptr(GPtrArray) rows = NULL;
  gboolean is_read;

  if (!cvm_cli_parse (&syntax, &argc, &argv))
    return CVM_STATUS_USAGE;

  showing.name = argv[1];
  is_read = cvm_cli_work (read_run, &showing, &error);
  run = showing.run;
  rows = showing.rows;
  if (!is_read)
    return cvm_cli_runs_fail (error);

  if (is_json)
    print_json (&showing);
  else
    print_lines (&showing);

  return CVM_STATUS_PASSED;
}
