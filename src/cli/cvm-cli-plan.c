/* cvm-cli-plan.c: what a run is to do, from what the command line says
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-cli-plan.h"

#include <glib/gi18n.h>

#include "cvm-checks.h"
#include "cvm-hosts.h"
#include "cvm-settings.h"
#include "cvm-wiring.h"

#define JOBS_MAX     999   /* of a plan */
#define PARALLEL_MAX 64

static const char *const hypervisors[] = {
  "auto", "kvm", "hvf", "qemu", "xen", "vbox", "vmware", "lxc", "test", NULL
};

void
cvm_cli_wish_clear (CvmCliWish *self)
{
  g_strfreev (self->suites);
  g_strfreev (self->images);
  g_strfreev (self->hosts);
  g_strfreev (self->sets);
  g_strfreev (self->only);
  g_free (self->hypervisor);
  g_free (self->preset);
  g_free (self->kernel_args);
}

static gboolean
refuse (GError     **error,
        const char  *format,
        ...) G_GNUC_PRINTF (2, 3);

static gboolean
refuse (GError     **error,
        const char  *format,
        ...)
{
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error_literal (error, CVM_SUITE_ERROR, CVM_SUITE_ERROR_BAD_VALUE, text);

  return FALSE;
}

static gboolean
check_wish (const CvmCliWish  *wish,
            GError           **error)
{
  if (wish->suites == NULL)
    return refuse (error, _("name a suite: --suite NAME; “cvmtester-cli suites list” shows what "
                            "there is"));

  if (wish->hypervisor != NULL && !g_strv_contains (hypervisors, wish->hypervisor))
    {
      g_autofree char *allowed = g_strjoinv (", ", (char **)hypervisors);

      return refuse (error, _("--hypervisor: there is no “%s”; allowed: %s"), wish->hypervisor,
                     allowed);
    }

  if (wish->parallel < 0 || wish->parallel > PARALLEL_MAX)
    return refuse (error, _("--parallel is %d; allowed: 1 to %d"), wish->parallel, PARALLEL_MAX);

  return TRUE;
}

static CvmSuite *
load_suite (const CvmCliWish  *wish,
            const char        *name,
            GError           **error)
{
  g_autofree char *path = cvm_suite_find (name, error);
  g_autoptr(CvmSuite) read = path != NULL ? cvm_suite_load (path, cvm_checks_lookup, error) : NULL;
  g_autoptr(CvmSuite) suite = NULL;

  if (read == NULL)
    return NULL;

  suite = cvm_suite_resolve (read, wish->preset, (const char *const *)wish->sets,
                             (const char *const *)wish->only, error);
  if (suite == NULL || !cvm_suite_check_exec (suite, wish->allow_exec, error))
    return NULL;

  return g_steal_pointer (&suite);
}

static GPtrArray *
load_suites (const CvmCliWish  *wish,
             GError           **error)
{
  g_autoptr(GPtrArray) suites = g_ptr_array_new_with_free_func (g_object_unref);

  for (gsize i = 0; wish->suites[i] != NULL; i++)
    {
      CvmSuite *suite = load_suite (wish, wish->suites[i], error);

      if (suite == NULL)
        return NULL;

      g_ptr_array_add (suites, suite);
    }

  return g_steal_pointer (&suites);
}

static GPtrArray *
load_images (const CvmCliWish  *wish,
             GError           **error)
{
  g_autoptr(GPtrArray) images = g_ptr_array_new_with_free_func ((GDestroyNotify)cvm_image_unref);

  for (gsize i = 0; wish->images != NULL && wish->images[i] != NULL; i++)
    {
      g_autoptr(CvmImage) image = cvm_image_find (wish->images[i], error);

      if (image == NULL)
        return NULL;

      g_ptr_array_add (images, wish->kernel_args != NULL
                                 ? cvm_image_with_args (image, wish->kernel_args)
                                 : cvm_image_ref (image));
    }

  return g_steal_pointer (&images);
}

static gboolean
has_check (CvmSuite   *suite,
           const char *id)
{
  for (guint i = 0; i < cvm_suite_n_cases (suite); i++)
    if (g_str_equal (cvm_suite_case (suite, i)->check->id, id))
      return TRUE;

  return FALSE;
}

static gboolean
add_jobs (CvmPlan           *plan,
          char             **hosts,
          const char        *hypervisor,
          CvmSuite          *suite,
          GPtrArray         *images,
          GError           **error)
{
  gboolean has_guest = has_check (suite, "guest.start");
  gboolean needs_image = has_guest && !has_check (suite, "image.fetched");

  if (needs_image && images->len == 0)
    return refuse (error, _("suite “%s” starts a guest: name its image with --image; "
                            "“cvmtester-cli images list” shows what there is"),
                   cvm_suite_get_id (suite));

  for (gsize i = 0; hosts[i] != NULL; i++)
    for (guint n = 0; n < (has_guest ? MAX (images->len, 1) : 1); n++)
      {
        if (cvm_plan_n_jobs (plan) == JOBS_MAX)
          return refuse (error,
                         _("these are more than %d jobs; name fewer images, hosts or suites"),
                         JOBS_MAX);

        cvm_plan_add_job (plan, has_guest && images->len > 0 ? images->pdata[n] : NULL,
                          hosts[i], hypervisor, suite);
      }

  return TRUE;
}

char **
cvm_cli_resolve_hosts (char   **words,
                       GError **error)
{
  static const char *const usual[] = { CVM_CLI_HOST, NULL };
  const char *const *wanted = words != NULL ? (const char *const *)words : usual;
  g_autoptr(GPtrArray) uris = g_ptr_array_new_with_free_func (g_free);

  for (gsize i = 0; wanted[i] != NULL; i++)
    {
      char *uri = cvm_hosts_resolve (wanted[i], cvm_wiring_hosts (), error);

      if (uri == NULL)
        return NULL;

      g_ptr_array_add (uris, uri);
    }
  g_ptr_array_add (uris, NULL);

  return (char **)g_ptr_array_steal (uris, NULL);
}

CvmPlan *
cvm_cli_plan_new (const CvmCliWish  *wish,
                  GError           **error)
{
  g_autoptr(CvmPlan) plan = cvm_plan_new ();
  g_autoptr(GPtrArray) suites = NULL;
  g_autoptr(GPtrArray) images = NULL;
  g_autoptr(CvmSettings) settings = NULL;
  g_auto(GStrv) hosts = NULL;

  if (!check_wish (wish, error))
    return NULL;

  settings = cvm_settings_load (error);
  suites = settings != NULL ? load_suites (wish, error) : NULL;
  images = suites != NULL ? load_images (wish, error) : NULL;
  hosts = images != NULL ? cvm_cli_resolve_hosts (wish->hosts, error) : NULL;
  if (hosts == NULL)
    return NULL;

  for (guint i = 0; i < suites->len; i++)
    if (!add_jobs (plan, hosts, wish->hypervisor != NULL ? wish->hypervisor : settings->hypervisor,
                   suites->pdata[i], images, error))
      return NULL;

  cvm_plan_set_parallel (plan, wish->parallel > 0 ? (guint)wish->parallel : settings->jobs);
  cvm_plan_set_keep_failed (plan, wish->keep_failed || settings->keep_failed);

  return g_steal_pointer (&plan);
}
