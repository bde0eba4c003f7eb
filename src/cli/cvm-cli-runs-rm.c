/* cvm-cli-runs-rm.c: the verb runs rm
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <glib/gi18n.h>

#include "cvm-cli-runs.h"
#include "cvm-cli-worker.h"
#include "cvm-cli.h"

#define PATH CVM_CLI_RUNS " rm"

typedef struct
{
  const char *const *names;
  gint64             before_us;     /* all that began earlier; 0: none */
  gboolean           is_dry, force;
  GPtrArray         *runs;          /* of CvmCliNamedRun */
  guint              n_left;
} Removing;

static gboolean
is_chosen (Removing   *self,
           const char *dir)
{
  for (guint i = 0; i < self->runs->len; i++)
    {
      if (g_str_equal (((CvmCliNamedRun *)self->runs->pdata[i])->dir, dir))
        return TRUE;
    }

  return FALSE;
}

/* All are found before the first is removed: a wrong name removes nothing */
static gboolean
choose_named (Removing      *self,
              CvmHistory    *history,
              GCancellable  *cancellable,
              GError       **error)
{
  for (gsize i = 0; self->names[i] != NULL; i++)
    {
      g_autoptr(CvmCliNamedRun) run = cvm_cli_runs_find (history, self->names[i], cancellable,
                                                         error);

      if (run == NULL)
        return FALSE;
      if (!is_chosen (self, run->dir))
        g_ptr_array_add (self->runs, g_steal_pointer (&run));
    }

  return TRUE;
}

/* One that is on is not old, whenever it began */
static gboolean
choose_old (Removing      *self,
            CvmHistory    *history,
            GCancellable  *cancellable,
            GError       **error)
{
  CvmHistoryQuery query = CVM_HISTORY_QUERY_ALL;
  g_autoptr(GPtrArray) old = NULL;
  guint n_named = self->runs->len;

  if (self->before_us == 0)
    return TRUE;

  query.before_us = self->before_us;
  old = cvm_history_list (history, &query, 0, cancellable, error);
  for (guint i = 0; old != NULL && i < old->len; i++)
    {
      const CvmHistoryRun *run = old->pdata[i];
      CvmCliNamedRun *named;

      if (run->state == CVM_HISTORY_RUNNING || (n_named > 0 && is_chosen (self, run->dir)))
        continue;

      named = g_new0 (CvmCliNamedRun, 1);
      named->id = g_strdup (run->id);
      named->dir = g_strdup (run->dir);
      g_ptr_array_add (self->runs, named);
    }

  return old != NULL;
}

static gboolean
remove_one (Removing              *self,
            CvmHistory            *history,
            const CvmCliNamedRun  *run,
            GCancellable          *cancellable,
            GError               **error)
{
  g_autofree char *id = cvm_cli_clean (run->id);
  g_autoptr(GError) local = NULL;

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;

  if (self->is_dry || cvm_history_remove (history, run->dir, self->force, cancellable, &local))
    {
      cvm_cli_print (self->is_dry ? _("would remove %s\n") : _("removed %s\n"), id);
      return TRUE;
    }

  self->n_left++;
  if (g_error_matches (local, G_IO_ERROR, G_IO_ERROR_BUSY))
    cvm_cli_message (_("%s: the run is on; stop it first"), id);
  else
    cvm_cli_message ("%s", local->message);

  return TRUE;
}

static gboolean
remove_runs (gpointer       data,
             GCancellable  *cancellable,
             GError       **error)
{
  Removing *self = data;
  g_autoptr(CvmHistory) history = cvm_cli_runs_open (cancellable, error);

  if (history == NULL || !choose_named (self, history, cancellable, error)
      || !choose_old (self, history, cancellable, error))
    return FALSE;

  for (guint i = 0; i < self->runs->len; i++)
    {
      if (!remove_one (self, history, self->runs->pdata[i], cancellable, error))
        return FALSE;
    }

  return TRUE;
}

static int
run (Removing   *self,
     const char *older_than)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) runs = NULL;

  if (older_than != NULL && !cvm_cli_runs_parse_time (older_than, &self->before_us))
    return cvm_cli_usage (PATH, _("--older-than: “%s” is no time; give how long ago as 30d or 12h, "
                                  "or a day as 2026-11-21"), older_than);

  if (self->names[0] == NULL && older_than == NULL)
    return cvm_cli_usage (PATH, _("name runs, or say --older-than"));

  runs = self->runs = g_ptr_array_new_with_free_func ((GDestroyNotify)cvm_cli_named_run_free);
  if (!cvm_cli_work (remove_runs, self, &error))
    return cvm_cli_runs_fail (error);

  return self->n_left > 0 ? CVM_STATUS_ENVIRONMENT : CVM_STATUS_PASSED;
}

int
cvm_cli_runs_rm (int    argc,
                 char **argv)
{
  g_autofree char *older_than = NULL;
  Removing removing = { NULL };
  const GOptionEntry entries[] = {
    { "older-than", 0, 0, G_OPTION_ARG_STRING, &older_than,
      N_("Also all runs begun earlier: 30d, 12h, 2026-11-21"), N_("TIME") },
    { "dry-run", 'n', 0, G_OPTION_ARG_NONE, &removing.is_dry, N_("Only say what would go"), NULL },
    { "force", 0, 0, G_OPTION_ARG_NONE, &removing.force,
      N_("Also runs with a guest that was kept or left behind"), NULL },
    { NULL }
  };
  CvmCliSyntax syntax = {
    PATH, "[RUN…]", _("Removes runs for good, with all that they recorded."),
    _("RUN is an id, the beginning of one, a folder, or “last”. A run that is on stays.\n"
      "Of a folder elsewhere, named when it began, only what a run writes goes (plan.ini,\n"
      "journal.jsonl, report.tap, sent.jsonl, id, job-NN), and the folder itself when nothing\n"
      "else is in it.\n"
      "Exit status: 0 all are gone, 2 a wrong name (and nothing was removed), 3 some are left."),
    entries, 0, -1
  };

  if (!cvm_cli_parse (&syntax, &argc, &argv))
    return CVM_STATUS_USAGE;

  removing.names = (const char *const *)argv + 1;

  return run (&removing, older_than);
}
