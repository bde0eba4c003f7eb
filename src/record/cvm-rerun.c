/* cvm-rerun.c: a run of the past, planned once more
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-rerun.h"

#include <string.h>

static gboolean
has_failed (const CvmPoint *point)
{
  if (point->directive == CVM_DIRECTIVE_TODO)
    return FALSE;

  if (point->outcome == CVM_OUTCOME_FAIL || point->outcome == CVM_OUTCOME_CANCELLED)
    return TRUE;

  for (guint i = 0; point->children != NULL && i < point->children->len; i++)
    if (has_failed (point->children->pdata[i]))
      return TRUE;

  return FALSE;
}

/* The subtests of a case that failed. FALSE where none did: what failed is the case itself. */
static gboolean
add_subtests (GStrvBuilder   *only,
              const CvmPoint *point)
{
  gboolean is_added = FALSE;

  for (guint i = 0; point->children != NULL && i < point->children->len; i++)
    {
      const CvmPoint *child = point->children->pdata[i];
      const char *number = strrchr (child->path, '.');
      g_autofree char *name = NULL;

      if (!has_failed (child) || number == NULL)
        continue;

      name = g_strdup_printf ("%s/%s", point->id, number + 1);
      g_strv_builder_add (only, name);
      is_added = TRUE;
    }

  return is_added;
}

char **
cvm_rerun_list_failed (const CvmJobResult *job)
{
  g_autoptr(GStrvBuilder) only = g_strv_builder_new ();

  for (guint i = 0; i < job->points->len; i++)
    {
      const CvmPoint *point = job->points->pdata[i];

      if (point->id != NULL && has_failed (point) && !add_subtests (only, point))
        g_strv_builder_add (only, point->id);
    }

  return g_strv_builder_end (only);
}

/* What was tried once more on the same guest, "kernel.3", is the case "kernel" */
static char *
dup_case (const char *only)
{
  g_autofree char *id = g_strndup (only, strcspn (only, "./"));

  return g_strconcat (id, only + strcspn (only, "/"), NULL);
}

static char **
list_failed_cases (const CvmJobResult *job)
{
  char **only = cvm_rerun_list_failed (job);

  for (gsize i = 0; only[i] != NULL; i++)
    {
      g_autofree char *tried = only[i];

      only[i] = dup_case (tried);
    }

  return only;
}

/* Of a job that ended early nobody knows what else would have failed */
static gboolean
choose_failed (const char   *id,
               char       ***only,
               gpointer      data)
{
  const CvmJobResult *job = cvm_result_find_job (data, id);

  if (job == NULL || job->ended_us == 0 || job->status != CVM_STATUS_FAILED)
    return job == NULL || job->ended_us == 0 || job->status != CVM_STATUS_PASSED;

  *only = list_failed_cases (job);
  if (**only == NULL)
    g_clear_pointer (only, g_strfreev);

  return TRUE;
}

static gboolean
has_any_failed (CvmResult *result)
{
  return !cvm_result_is_ended (result) || cvm_result_get_status (result) != CVM_STATUS_PASSED;
}

CvmPlan *
cvm_rerun_plan (const char          *dir,
                gboolean             only_failed,
                CvmCheckLookup       lookup,
                const CvmPlanAgain  *again,
                GError             **error)
{
  g_autofree char *plan_path = g_build_filename (dir, "plan.ini", NULL);
  g_autofree char *journal_path = g_build_filename (dir, "journal.jsonl", NULL);
  g_autoptr(CvmResult) result = NULL;
  CvmPlanAgain failed = { 0 };

  if (!only_failed)
    return cvm_plan_load (plan_path, lookup, again, error);

  result = cvm_result_new_from_journal (journal_path, error);
  if (result == NULL)
    return NULL;

  if (!has_any_failed (result))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "%s: nothing failed in that run", dir);
      return NULL;
    }

  if (again != NULL)
    failed = *again;
  failed.choose = choose_failed;
  failed.data = result;

  return cvm_plan_load (plan_path, lookup, &failed, error);
}

typedef struct
{
  const char *job, *only;
} OneCheck;

static gboolean
choose_check (const char   *id,
              char       ***only,
              gpointer      data)
{
  const OneCheck *check = data;
  g_autofree char *wanted = dup_case (check->only);
  const char *const one[] = { wanted, NULL };

  if (!g_str_equal (id, check->job))
    return FALSE;

  *only = g_strdupv ((char **)one);

  return TRUE;
}

CvmPlan *
cvm_rerun_plan_check (const char          *dir,
                      const char          *job,
                      const char          *only,
                      CvmCheckLookup       lookup,
                      const CvmPlanAgain  *again,
                      GError             **error)
{
  g_autofree char *path = g_build_filename (dir, "plan.ini", NULL);
  OneCheck check = { job, only };
  CvmPlanAgain alone = again != NULL ? *again : (CvmPlanAgain) { 0 };

  alone.choose = choose_check;
  alone.data = &check;

  return cvm_plan_load (path, lookup, &alone, error);
}
