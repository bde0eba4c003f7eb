/* cvm-cli-runs-compare.c: the verb runs compare
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <glib/gi18n.h>

#include "cvm-cli-runs.h"
#include "cvm-cli-worker.h"
#include "cvm-cli.h"
#include "cvm-compare.h"

#define PATH CVM_CLI_RUNS " compare"

typedef struct
{
  const char *const *names;
  GPtrArray         *runs;     /* of CvmCliNamedRun */
} Reading;

/* Jobs side by side, and what came of it */
typedef struct
{
  GPtrArray *jobs;             /* of CvmJobResult */
  GPtrArray *rows;
  guint      n_runs;           /* that they are of: 1 or 2 */
} Table;

static gboolean
read_runs (gpointer       data,
           GCancellable  *cancellable,
           GError       **error)
{
  Reading *self = data;
  g_autoptr(CvmHistory) history = cvm_cli_runs_open (cancellable, error);

  for (gsize i = 0; history != NULL && self->names[i] != NULL; i++)
    {
      CvmCliNamedRun *run = cvm_cli_runs_read (history, self->names[i], cancellable, error);

      if (run == NULL)
        return FALSE;
      g_ptr_array_add (self->runs, run);
    }

  return history != NULL;
}

static const char *
change_name (CvmChange change)
{
  static const char *const names[] = {
    [CVM_CHANGE_NONE] = "same", [CVM_CHANGE_OTHER] = "other", [CVM_CHANGE_SLOWER] = "slower",
    [CVM_CHANGE_BETTER] = "better", [CVM_CHANGE_WORSE] = "worse",
  };

  return names[change];
}

static const char *
outcome_of (const CvmPoint *point)
{
  return point != NULL ? cvm_cli_runs_outcome (point) : "absent";
}

/* For programs ---------------------------------------------------------------------------------- */

static void
add_row (JsonArray           *list,
         const Table         *table,
         const CvmCompareRow *row)
{
  JsonObject *object = cvm_cli_list_add (list);
  JsonArray *points = json_array_new ();

  json_object_set_string_member (object, "id", row->id);
  json_object_set_string_member (object, "title", row->title);
  json_object_set_int_member (object, "depth", row->depth);
  json_object_set_string_member (object, "change", change_name (row->change));

  for (guint i = 0; i < row->n_points; i++)
    {
      const CvmPoint *point = row->points[i];
      JsonObject *item = cvm_cli_list_add (points);

      json_object_set_string_member (item, "job", ((CvmJobResult *)table->jobs->pdata[i])->id);
      json_object_set_string_member (item, "outcome", outcome_of (point));
      json_object_set_string_member (item, "path", point != NULL ? point->path : NULL);
      json_object_set_string_member (item, "reason", point != NULL ? point->reason : NULL);
      json_object_set_int_member (item, "ms", point != NULL ? point->ms : 0);
    }

  json_object_set_array_member (object, "points", points);
}

static void
print_json (GPtrArray *tables)
{
  g_autoptr(JsonArray) list = json_array_new ();

  for (guint i = 0; i < tables->len; i++)
    {
      const Table *table = tables->pdata[i];

      for (guint j = 0; j < table->rows->len; j++)
        add_row (list, table, table->rows->pdata[j]);
    }

  cvm_cli_list_print_json (list);
}

/* For people -------------------------------------------------------------------------------------- */

static void
print_jobs (const Table *table)
{
  for (guint i = 0; i < table->jobs->len; i++)
    {
      const CvmJobResult *job = table->jobs->pdata[i];
      g_autofree char *title = g_strdup_printf ("%s on %s: %s", job->image != NULL ? job->image : "",
                                                job->host_uri != NULL ? job->host_uri : "",
                                                job->suite != NULL ? job->suite : "");
      g_autofree char *clean = cvm_cli_clean (title);
      const char *when = table->n_runs == 1 ? "" : i == 0 ? _("before, ") : _("after, ");

      cvm_cli_print (_("%sjob %s: %s\n"), when, job->id, clean);
    }
}

static char *
dup_name (const CvmCompareRow *row)
{
  gboolean has_id = row->id != NULL && *row->id != '\0';

  return g_strdup_printf ("%*s%s%s%s", (int)row->depth * 2, "", has_id ? row->id : "",
                          has_id ? " - " : "", row->title);
}

static const char *
reason_of (const CvmCompareRow *row)
{
  for (guint i = row->n_points; i > 0; i--)
    {
      if (row->points[i - 1] != NULL && row->points[i - 1]->reason != NULL)
        return row->points[i - 1]->reason;
    }

  return NULL;
}

static char *
describe_times (const CvmCompareRow *row)
{
  return g_strdup_printf (_("%.1f s, then %.1f s"), (double)row->points[0]->ms / 1000,
                          (double)row->points[1]->ms / 1000);
}

static void
print_rows (const Table *table)
{
  static const char *const columns[] = { "change", "point", "outcomes", "reason", NULL };
  g_autoptr(JsonArray) list = json_array_new ();

  for (guint i = 0; i < table->rows->len; i++)
    {
      const CvmCompareRow *row = table->rows->pdata[i];
      JsonObject *object = cvm_cli_list_add (list);
      g_autofree char *name = dup_name (row);
      g_autofree char *times = row->change == CVM_CHANGE_SLOWER ? describe_times (row) : NULL;
      g_autoptr(GString) outcomes = g_string_new (NULL);

      for (guint j = 0; j < row->n_points; j++)
        g_string_append_printf (outcomes, "%s%s", j == 0 ? "" : table->n_runs == 2 ? " → " : ", ",
                                outcome_of (row->points[j]));
      json_object_set_string_member (object, "change", change_name (row->change));
      json_object_set_string_member (object, "point", name);
      json_object_set_string_member (object, "outcomes", outcomes->str);
      json_object_set_string_member (object, "reason", times != NULL ? times : reason_of (row));
    }

  cvm_cli_list_print (list, FALSE, columns);
}

static void
print_lines (GPtrArray *tables)
{
  for (guint i = 0; i < tables->len; i++)
    {
      const Table *table = tables->pdata[i];

      if (i > 0)
        cvm_cli_print ("\n");
      print_jobs (table);
      if (table->jobs->len < 2)
        cvm_cli_print (_("the other run has no such job\n"));
      else if (table->rows->len == 0)
        cvm_cli_print (_("no difference\n"));
      print_rows (table);
    }
}

/* ------------------------------------------------------------------------------------------------- */

static void
table_free (Table *table)
{
  g_ptr_array_unref (table->jobs);
  g_ptr_array_unref (table->rows);
  g_free (table);
}

static Table *
table_new (GPtrArray *jobs,
           guint      n_runs,
           gboolean   is_all)
{
  Table *table = g_new0 (Table, 1);

  table->jobs = jobs;
  table->n_runs = n_runs;
  table->rows = cvm_compare_jobs ((const CvmJobResult *const *)jobs->pdata, jobs->len,
                                  (is_all ? CVM_COMPARE_ALL : CVM_COMPARE_CHANGES)
                                  | (n_runs == 2 ? CVM_COMPARE_TIMES : 0));
  if (n_runs == 2 && !is_all)
    cvm_compare_sort (table->rows);

  return table;
}

static void
add_jobs_of_one (GPtrArray *tables,
                 CvmResult *result,
                 gboolean   is_all)
{
  GPtrArray *jobs = g_ptr_array_new ();

  for (guint i = 0; i < cvm_result_n_jobs (result); i++)
    g_ptr_array_add (jobs, (gpointer)cvm_result_job (result, i));
  g_ptr_array_add (tables, table_new (jobs, 1, is_all));
}

static void
add_pairs (GPtrArray *tables,
           CvmResult *before,
           CvmResult *after,
           gboolean   is_all)
{
  g_autoptr(GArray) pairs = cvm_compare_pairs (before, after);

  for (guint i = 0; i < pairs->len; i++)
    {
      const CvmComparePair *pair = &g_array_index (pairs, CvmComparePair, i);
      GPtrArray *jobs = g_ptr_array_new ();

      if (pair->before != NULL)
        g_ptr_array_add (jobs, (gpointer)pair->before);
      if (pair->after != NULL)
        g_ptr_array_add (jobs, (gpointer)pair->after);
      g_ptr_array_add (tables, table_new (jobs, 2, is_all));
    }
}

/* Then and now: what got worse. Within one run, where nothing comes first: what differs. */
static int
judge (GPtrArray *tables)
{
  for (guint i = 0; i < tables->len; i++)
    {
      const Table *table = tables->pdata[i];
      CvmChange worst = cvm_compare_worst (table->rows);

      if (worst == CVM_CHANGE_WORSE || (table->n_runs == 1 && worst == CVM_CHANGE_BETTER))
        return CVM_STATUS_FAILED;
    }

  return CVM_STATUS_PASSED;
}

static int
compare (GPtrArray *runs,
         gboolean   is_all,
         gboolean   is_json)
{
  g_autoptr(GPtrArray) tables = g_ptr_array_new_with_free_func ((GDestroyNotify)table_free);
  const CvmCliNamedRun *first = runs->pdata[0];

  if (runs->len == 2)
    add_pairs (tables, first->result, ((CvmCliNamedRun *)runs->pdata[1])->result, is_all);
  else if (cvm_result_n_jobs (first->result) < 2)
    return cvm_cli_usage (PATH, _("%s has one job, and nothing to compare it with: name a second "
                                  "run"), first->id);
  else
    add_jobs_of_one (tables, first->result, is_all);

  if (is_json)
    print_json (tables);
  else
    print_lines (tables);

  return judge (tables);
}

int
cvm_cli_runs_compare (int    argc,
                      char **argv)
{
  g_autoptr(GError) error = NULL;
  gboolean is_all = FALSE, is_json = FALSE;
  const GOptionEntry entries[] = {
    { "all", 'a', 0, G_OPTION_ARG_NONE, &is_all, N_("Also what does not differ"), NULL },
    { "json", 0, 0, G_OPTION_ARG_NONE, &is_json, N_("Print an array of objects"), NULL },
    { NULL }
  };
  CvmCliSyntax syntax = {
    PATH, "RUN [RUN]", _("Compares two runs, the older one first, or the jobs of one run."),
    _("Jobs of two runs are compared with those most like them: of the same suite, image and host.\n"
      "Exit status: 0 nothing got worse, 1 something did (of one run: its jobs differ)."),
    entries, 1, 2
  };
  g_autoptr(GPtrArray) runs = NULL;
  Reading reading = { NULL };

  if (!cvm_cli_parse (&syntax, &argc, &argv))
    return CVM_STATUS_USAGE;

  runs = reading.runs = g_ptr_array_new_with_free_func ((GDestroyNotify)cvm_cli_named_run_free);
  reading.names = (const char *const *)argv + 1;
  if (!cvm_cli_work (read_runs, &reading, &error))
    return cvm_cli_runs_fail (error);

  return compare (runs, is_all, is_json);
}
