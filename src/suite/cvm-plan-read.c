/* cvm-plan-read.c: a plan made again from the plan.ini of a run
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-plan.h"

#include <string.h>

#include "cvm-keyfile.h"
#include "cvm-text.h"

#define MAX_JOBS 999   /* of a plan */

typedef struct
{
  CvmKeyfile         *file;
  CvmCheckLookup      lookup;
  const CvmPlanAgain *again;    /* or NULL */
} Reader;

static const char *
find (const Reader *self,
      const char   *job,
      const char   *key)
{
  const CvmKeyfileEntry *entry = cvm_keyfile_find (self->file, "Job", job, key);

  return entry != NULL ? entry->value : NULL;
}

static gboolean
refuse_job (const Reader           *self,
            const CvmKeyfileGroup  *group,
            const char             *message,
            GError                **error)
{
  cvm_keyfile_error_at (self->file, group->line, error, "[Job %s] %s", group->id, message);

  return FALSE;
}

/* The image ------------------------------------------------------------------------------------ */

/* What was appended to the kernel command line for that run stays appended */
static CvmImage *
with_same_args (CvmImage   *image,
                const char *cmdline)
{
  gsize len = image->cmdline != NULL ? strlen (image->cmdline) : 0;

  if (cmdline == NULL || g_strcmp0 (cmdline, image->cmdline) == 0)
    return cvm_image_ref (image);

  if (len > 0 && g_str_has_prefix (cmdline, image->cmdline) && cmdline[len] == ' ')
    return cvm_image_with_args (image, cmdline + len + 1);

  return len == 0 ? cvm_image_with_args (image, cmdline) : cvm_image_ref (image);
}

static gboolean
load_image (const Reader  *self,
            const char    *job,
            CvmImage     **image,
            GError       **error)
{
  const char *path = find (self, job, "ImagePath");
  g_autoptr(CvmImage) found = NULL;

  if (path == NULL)
    return TRUE;

  found = cvm_image_find (path, error);
  if (found == NULL)
    return FALSE;

  *image = with_same_args (found, find (self, job, "Cmdline"));

  return TRUE;
}

/* Settings ------------------------------------------------------------------------------------- */

/* A case holds a list as it stands in a file, and so it is in [Job N]; a set is written as any
 * other value */
static const char *
text_of (const CvmCase         *item,
         const char            *key,
         const CvmKeyfileEntry *entry,
         gboolean               is_set)
{
  const CvmParam *param = cvm_param_find (item->check->params, key);

  return !is_set && param != NULL && param->type == CVM_PARAM_ARGV ? entry->raw : entry->value;
}

static gboolean
is_own_value (const CvmCase *item,
              const char    *key,
              const char    *text)
{
  const CvmParam *param = cvm_param_find (item->check->params, key);
  const char *own = g_hash_table_lookup (item->values, key);
  g_autofree char *timeout = NULL;

  if (g_str_equal (key, "Timeout"))
    {
      timeout = g_strdup_printf ("%" G_GINT64_FORMAT, (item->timeout_ms + 999) / 1000);
      return g_str_equal (timeout, text);
    }

  return g_strcmp0 (own != NULL || param == NULL ? own : param->default_value, text) == 0;
}

/* The case and the key of "ID.key", if the suite (still) has them */
static const CvmCase *
find_setting (CvmSuite    *suite,
              const char  *name,
              const char **key)
{
  const char *dot = strchr (name, '.');
  g_autofree char *id = dot != NULL ? g_strndup (name, dot - name) : NULL;
  const CvmCase *item = id != NULL ? cvm_suite_find_case (suite, id) : NULL;

  if (item == NULL)
    return NULL;

  *key = dot + 1;

  return g_str_equal (*key, "Timeout") || cvm_param_find (item->check->params, *key) != NULL
           ? item : NULL;
}

/* A plan may be anybody's: it must not make a trusted suite run a program that the suite does not
 * name */
static gboolean
may_set (const Reader           *self,
         const CvmCase          *item,
         const char             *key,
         const CvmKeyfileEntry  *entry,
         GError                **error)
{
  const CvmParam *param = cvm_param_find (item->check->params, key);
  g_autofree char *shown = NULL;

  if ((self->again != NULL && self->again->allow_exec) || !item->check->runs_on_host || param == NULL || param->type != CVM_PARAM_ARGV)
    return TRUE;

  shown = cvm_text_quote (entry->value);
  g_set_error (error, CVM_SUITE_ERROR, CVM_SUITE_ERROR_EXEC_DENIED,
               "%s:%u: it would run %s on this host, which the suite does not say; look at it, "
               "then allow it with --allow-exec", cvm_keyfile_get_name (self->file), entry->line,
               shown);

  return FALSE;
}

/* "ID.key=value" where that is not what the suite says itself */
static gboolean
add_set (const Reader           *self,
         CvmSuite               *suite,
         const CvmKeyfileEntry  *entry,
         gboolean                is_set,
         GStrvBuilder           *sets,
         GError                **error)
{
  const char *key = NULL;
  const CvmCase *item = find_setting (suite, entry->key, &key);
  const char *text = item != NULL ? text_of (item, key, entry, is_set) : NULL;
  g_autofree char *set = NULL;

  if (item == NULL || is_own_value (item, key, text))
    return TRUE;

  if (!may_set (self, item, key, entry, error))
    return FALSE;

  set = g_strconcat (entry->key, "=", text, NULL);
  g_strv_builder_add (sets, set);

  return TRUE;
}

/* Of the job's group KIND */
static gboolean
add_sets (const Reader  *self,
          CvmSuite      *suite,
          const char    *kind,
          const char    *job,
          GStrvBuilder  *sets,
          GError       **error)
{
  gboolean is_set = g_str_equal (kind, "Set");

  for (guint i = 0; i < cvm_keyfile_n_groups (self->file); i++)
    {
      const CvmKeyfileGroup *group = cvm_keyfile_group (self->file, i);
      gboolean is_it = g_str_equal (group->kind, kind) && g_str_equal (group->id, job);

      for (guint j = 0; is_it && j < cvm_keyfile_n_entries (self->file, i); j++)
        if (!add_set (self, suite, cvm_keyfile_entry (self->file, i, j), is_set, sets, error))
          return FALSE;
    }

  return TRUE;
}

/* What is to run ------------------------------------------------------------------------------- */

static char **
split_list (const Reader *self,
            const char   *job,
            const char   *key)
{
  const CvmKeyfileEntry *entry = cvm_keyfile_find (self->file, "Job", job, key);

  return entry != NULL ? cvm_keyfile_split (self->file, entry) : g_new0 (char *, 1);
}

static gboolean
is_still_there (CvmSuite   *suite,
                const char *only)
{
  g_autofree char *id = g_strndup (only, strcspn (only, "/"));

  return cvm_suite_find_case (suite, id) != NULL;
}

/* What a suite that was changed has lost cannot run */
static char **
keep_known (CvmSuite *suite,
            char    **only)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();

  for (gsize i = 0; only[i] != NULL; i++)
    if (is_still_there (suite, only[i]))
      g_strv_builder_add (builder, only[i]);

  return g_strv_builder_end (builder);
}

/* An empty list is all of it; NULL with an error where nothing of what is wanted is left */
static char **
choose_only (const Reader           *self,
             const CvmKeyfileGroup  *group,
             char                  **chosen,
             CvmSuite               *suite,
             GError                **error)
{
  g_auto(GStrv) had = split_list (self, group->id, "Only");
  char **wanted = chosen != NULL ? chosen : had;
  g_auto(GStrv) only = keep_known (suite, wanted);

  if (only[0] == NULL && wanted[0] != NULL)
    {
      refuse_job (self, group, "ran checks that its suite does not have any more", error);
      return NULL;
    }

  return g_steal_pointer (&only);
}

/* The suite ------------------------------------------------------------------------------------ */

static gboolean
is_allowed (const CvmPlanAgain *again,
            CvmSuite           *suite)
{
  return again != NULL
         && (again->allow_exec
             || (again->allowed != NULL
                 && g_strv_contains ((const char *const *)again->allowed,
                                     cvm_suite_get_sha256 (suite))));
}

static CvmSuite *
resolve (const Reader  *self,
         const char    *job,
         CvmSuite      *raw,
         char         **only,
         GError       **error)
{
  const CvmPlanAgain *again = self->again;
  gboolean is_same = g_strcmp0 (find (self, job, "SuiteSha256"), cvm_suite_get_sha256 (raw)) == 0;
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  g_autoptr(CvmSuite) suite = NULL;
  g_auto(GStrv) sets = NULL;

  if (!add_sets (self, raw, is_same ? "Job" : "Set", job, builder, error))
    return NULL;

  sets = g_strv_builder_end (builder);
  suite = cvm_suite_resolve (raw, is_same ? NULL : find (self, job, "Preset"),
                             (const char *const *)sets, (const char *const *)only, error);
  if (suite == NULL || !cvm_suite_check_exec (suite, is_allowed (again, raw), error))
    return NULL;

  return g_steal_pointer (&suite);
}

static CvmSuite *
load_suite (const Reader           *self,
            const CvmKeyfileGroup  *group,
            char                  **chosen,
            GError                **error)
{
  const char *path = find (self, group->id, "SuitePath");
  g_autoptr(CvmSuite) raw = NULL;
  g_auto(GStrv) only = NULL;

  if (path == NULL || !g_path_is_absolute (path))
    {
      refuse_job (self, group, "does not say which suite it ran", error);
      return NULL;
    }

  raw = cvm_suite_load (path, self->lookup, error);
  only = raw != NULL ? choose_only (self, group, chosen, raw, error) : NULL;

  return only != NULL ? resolve (self, group->id, raw, only, error) : NULL;
}

/* The plan ------------------------------------------------------------------------------------- */

static gboolean
is_wanted (const Reader   *self,
           const char     *job,
           char         ***only)
{
  return self->again == NULL || self->again->choose == NULL
         || self->again->choose (job, only, self->again->data);
}

static gboolean
add_job (const Reader  *self,
         CvmPlan       *plan,
         guint          index,
         GError       **error)
{
  const CvmKeyfileGroup *group = cvm_keyfile_group (self->file, index);
  g_autoptr(CvmImage) image = NULL;
  g_autoptr(CvmSuite) suite = NULL;
  g_auto(GStrv) only = NULL;
  const char *host, *hypervisor;

  if (!g_str_equal (group->kind, "Job") || !is_wanted (self, group->id, &only))
    return TRUE;

  host = find (self, group->id, "Host");
  hypervisor = find (self, group->id, "Hypervisor");
  if (host == NULL || hypervisor == NULL)
    return refuse_job (self, group, "does not say where it ran", error);

  if (cvm_plan_n_jobs (plan) == MAX_JOBS)
    return refuse_job (self, group, "is one job too many", error);

  suite = load_suite (self, group, only, error);
  if (suite == NULL || !load_image (self, group->id, &image, error))
    return FALSE;

  cvm_plan_add_job (plan, image, host, hypervisor, suite);

  return TRUE;
}

static void
take_settings (const Reader *self,
               CvmPlan      *plan)
{
  const CvmKeyfileEntry *parallel = cvm_keyfile_find (self->file, "Plan", "", "Parallel");
  const CvmKeyfileEntry *keep = cvm_keyfile_find (self->file, "Plan", "", "KeepFailed");
  const CvmKeyfileEntry *server = cvm_keyfile_find (self->file, "Plan", "", "Server");
  gboolean is_kept;
  gint64 n;

  if (parallel != NULL && cvm_param_parse_integer (parallel->value, &n))
    cvm_plan_set_parallel (plan, CLAMP (n, 1, CVM_PLAN_MAX_PARALLEL));
  if (keep != NULL && cvm_param_parse_boolean (keep->value, &is_kept))
    cvm_plan_set_keep_failed (plan, is_kept);
  if (server != NULL)
    cvm_plan_set_server (plan, server->value);
}

static CvmPlan *
read_plan (const Reader  *self,
           GError       **error)
{
  g_autoptr(CvmPlan) plan = cvm_plan_new ();

  for (guint i = 0; i < cvm_keyfile_n_groups (self->file); i++)
    if (!add_job (self, plan, i, error))
      return NULL;

  if (cvm_plan_n_jobs (plan) == 0)
    {
      cvm_keyfile_error_at (self->file, 1, error, "there is no job in it that can be run again");
      return NULL;
    }

  take_settings (self, plan);

  return g_steal_pointer (&plan);
}

CvmPlan *
cvm_plan_load (const char          *path,
               CvmCheckLookup       lookup,
               const CvmPlanAgain  *again,
               GError             **error)
{
  g_autoptr(CvmKeyfile) file = cvm_keyfile_load (path, error);
  const Reader self = { file, lookup, again };

  return file != NULL ? read_plan (&self, error) : NULL;
}

CvmPlan *
cvm_plan_new_from_data (const char          *data,
                        gsize                len,
                        const char          *name,
                        CvmCheckLookup       lookup,
                        const CvmPlanAgain  *again,
                        GError             **error)
{
  g_autoptr(CvmKeyfile) file = cvm_keyfile_new_from_data (data, len, name, error);
  const Reader self = { file, lookup, again };

  return file != NULL ? read_plan (&self, error) : NULL;
}
