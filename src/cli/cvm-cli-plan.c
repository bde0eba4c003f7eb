/* cvm-cli-plan.c: what a run is to do, from what the command line says
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-cli-plan.h"

#include <glib/gi18n.h>

#include "cvm-checks.h"
#include "cvm-hosts.h"
#include "cvm-keyfile.h"
#include "cvm-settings.h"
#include "cvm-wiring.h"

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
  g_strfreev (self->cells);
  g_strfreev (self->presets);
  g_free (self->hypervisor);
  g_free (self->kernel_args);
  g_clear_pointer (&self->profile, cvm_order_free);
}

static gboolean
check_wish (const CvmCliWish  *wish,
            GError           **error)
{
  if (wish->suites == NULL && wish->profile == NULL)
    return cvm_order_refuse (error, _("name a suite: --suite NAME; “cvmtester-cli suites list” "
                                      "shows what there is"));

  if (wish->hypervisor != NULL && !g_strv_contains (hypervisors, wish->hypervisor))
    {
      g_autofree char *allowed = g_strjoinv (", ", (char **)hypervisors);

      return cvm_order_refuse (error, _("--hypervisor: there is no “%s”; allowed: %s"),
                               wish->hypervisor, allowed);
    }

  if (wish->parallel < 0 || wish->parallel > CVM_PLAN_MAX_PARALLEL)
    return cvm_order_refuse (error, _("--parallel is %d; allowed: 1 to %d"), wish->parallel,
                             CVM_PLAN_MAX_PARALLEL);

  if (wish->repeat < 0 || wish->repeat > CVM_ORDER_MAX_REPEAT)
    return cvm_order_refuse (error, _("--repeat is %d; allowed: 1 to %d"), wish->repeat,
                             CVM_ORDER_MAX_REPEAT);

  return TRUE;
}

/* Suites ------------------------------------------------------------------------------------ */

static void
copy_settings (const CvmOrderSuite *from,
               CvmOrderSuite       *to)
{
  to->preset = g_strdup (from->preset);
  for (gsize i = 0; from->sets[i] != NULL; i++)
    cvm_order_suite_set (to, from->sets[i]);
  for (gsize i = 0; from->only[i] != NULL; i++)
    cvm_order_suite_only (to, from->only[i]);
}

/* What the profile sets for a suite of the command line: its only one is any */
static const CvmOrderSuite *
find_in_profile (const CvmOrder *profile,
                 const char     *suite)
{
  g_autofree char *id = cvm_order_scope_id (suite);

  for (guint i = 0; profile != NULL && i < profile->suites->len; i++)
    {
      const CvmOrderSuite *item = profile->suites->pdata[i];
      g_autofree char *other = cvm_order_scope_id (item->suite);

      if (profile->suites->len == 1 || g_str_equal (id, other))
        return item;
    }

  return NULL;
}

static void
add_suites (const CvmCliWish *wish,
            CvmOrder         *order)
{
  for (gsize i = 0; wish->suites != NULL && wish->suites[i] != NULL; i++)
    {
      CvmOrderSuite *item = cvm_order_add_suite (order, wish->suites[i]);
      const CvmOrderSuite *from = find_in_profile (wish->profile, wish->suites[i]);

      if (from != NULL)
        copy_settings (from, item);
    }

  for (guint i = 0; wish->suites == NULL && i < wish->profile->suites->len; i++)
    {
      const CvmOrderSuite *from = wish->profile->suites->pdata[i];

      copy_settings (from, cvm_order_add_suite (order, from->suite));
    }
}

static void
set_preset (CvmOrderSuite *item,
            const char    *preset)
{
  g_free (item->preset);
  item->preset = g_strdup (preset);
}

typedef void (*Apply) (CvmOrderSuite *item,
                       const char    *text);

/* "SUITE:text" is for that suite, else it is for all */
static gboolean
apply_scoped (CvmOrder    *order,
              const char  *option,
              char       **texts,
              char         stop,
              Apply        apply,
              GError     **error)
{
  for (gsize i = 0; texts != NULL && texts[i] != NULL; i++)
    {
      g_autofree char *suite = NULL;
      const char *text = cvm_order_split_scope (texts[i], stop, &suite);
      gboolean is_applied = FALSE;

      for (guint j = 0; j < order->suites->len; j++)
        {
          CvmOrderSuite *item = order->suites->pdata[j];
          g_autofree char *id = cvm_order_scope_id (item->suite);

          if (suite != NULL && !g_str_equal (id, suite))
            continue;

          apply (item, text);
          is_applied = TRUE;
        }

      if (!is_applied)
        return cvm_order_refuse (error, _("%s %s: there is no suite “%s” in this run"), option,
                                 texts[i], suite);
    }

  return TRUE;
}

/* --only of the command line replaces the profile's */
static void
forget_only (const CvmCliWish *wish,
             CvmOrder         *order)
{
  for (guint i = 0; wish->only != NULL && i < order->suites->len; i++)
    {
      CvmOrderSuite *item = order->suites->pdata[i];

      g_strfreev (item->only);
      item->only = g_new0 (char *, 1);
    }
}

/* Cells ------------------------------------------------------------------------------------- */

static void
add_once (GPtrArray  *list,
          const char *text)
{
  if (text != NULL && !g_ptr_array_find_with_equal_func (list, text, g_str_equal, NULL))
    g_ptr_array_add (list, (gpointer)text);
}

/* One side of the matrix: as the command line says, else as the profile's cells have it */
static GPtrArray *
collect (char          **said,
         const CvmOrder *profile,
         gsize           field)
{
  GPtrArray *list = g_ptr_array_new ();

  for (gsize i = 0; said != NULL && said[i] != NULL; i++)
    add_once (list, said[i]);

  for (guint i = 0; said == NULL && profile != NULL && i < profile->cells->len; i++)
    add_once (list, *(char *const *)((const char *)profile->cells->pdata[i] + field));

  if (list->len == 0)
    g_ptr_array_add (list, NULL);

  return list;
}

static void
add_product (const CvmCliWish *wish,
             CvmOrder         *order)
{
  char *one[] = { wish->hypervisor, NULL };
  char **hypervisor = wish->hypervisor != NULL ? one : NULL;
  g_autoptr(GPtrArray) images =
    collect (wish->images, wish->profile, G_STRUCT_OFFSET (CvmOrderCell, image));
  g_autoptr(GPtrArray) hosts =
    collect (wish->hosts, wish->profile, G_STRUCT_OFFSET (CvmOrderCell, host_uri));
  g_autoptr(GPtrArray) types =
    collect (hypervisor, wish->profile, G_STRUCT_OFFSET (CvmOrderCell, hypervisor));

  for (guint i = 0; i < hosts->len; i++)
    for (guint j = 0; j < types->len; j++)
      for (guint k = 0; k < images->len; k++)
        cvm_order_add_cell (order, images->pdata[k], hosts->pdata[i], types->pdata[j]);
}

static gboolean
add_written_cells (const CvmCliWish  *wish,
                   CvmOrder          *order,
                   GError           **error)
{
  if (wish->images != NULL || wish->hosts != NULL || wish->hypervisor != NULL)
    return cvm_order_refuse (error, _("give either --cell, or --image, --host and --hypervisor"));

  for (gsize i = 0; wish->cells[i] != NULL; i++)
    {
      g_auto(GStrv) items = cvm_keyfile_split_text (wish->cells[i]);
      guint n = g_strv_length (items);

      if (n < 2 || n > 3 || !g_strv_contains (hypervisors, items[0]))
        return cvm_order_refuse (error, _("--cell: “%s” is not understood; write TYPE;HOST;IMAGE, "
                                          "such as qemu;qemu:///session;demo"), wish->cells[i]);

      cvm_order_add_cell (order, items[2], items[1], items[0]);
    }

  return TRUE;
}

static gboolean
add_cells (const CvmCliWish  *wish,
           CvmOrder          *order,
           GError           **error)
{
  gboolean is_silent = wish->images == NULL && wish->hosts == NULL && wish->hypervisor == NULL;

  if (wish->cells != NULL)
    return add_written_cells (wish, order, error);

  if (!is_silent || wish->profile == NULL || wish->profile->cells->len == 0)
    {
      add_product (wish, order);
      return TRUE;
    }

  for (guint i = 0; i < wish->profile->cells->len; i++)
    {
      const CvmOrderCell *cell = wish->profile->cells->pdata[i];

      cvm_order_add_cell (order, cell->image, cell->host_uri, cell->hypervisor);
    }

  return TRUE;
}

char **
cvm_cli_resolve_hosts (char   **words,
                       GError **error)
{
  static const char *const usual[] = { CVM_ORDER_HOST, NULL };
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

/* What the command line and the profile leave open is as the settings say */
static gboolean
complete_cells (CvmOrder           *order,
                const CvmSettings  *settings,
                GError            **error)
{
  for (guint i = 0; i < order->cells->len; i++)
    {
      CvmOrderCell *cell = order->cells->pdata[i];
      char *uri = cvm_hosts_resolve (cell->host_uri != NULL ? cell->host_uri : CVM_ORDER_HOST,
                                     cvm_wiring_hosts (), error);

      if (uri == NULL)
        return FALSE;

      g_free (cell->host_uri);
      cell->host_uri = uri;
      if (cell->hypervisor == NULL)
        cell->hypervisor = g_strdup (settings->hypervisor);
    }

  return TRUE;
}

/* ------------------------------------------------------------------------------------------- */

static void
take_numbers (const CvmCliWish  *wish,
              const CvmSettings *settings,
              CvmOrder          *order)
{
  const CvmOrder *profile = wish->profile;

  order->parallel = settings->jobs;
  order->keep_failed = settings->keep_failed;
  if (profile != NULL)
    {
      order->parallel = profile->parallel > 0 ? profile->parallel : settings->jobs;
      order->repeat = profile->repeat;
      order->keep_failed = profile->keep_failed;
      order->kernel_args = g_strdup (profile->kernel_args);
      order->server = g_strdup (profile->server);
    }

  if (wish->parallel > 0)
    order->parallel = (guint)wish->parallel;
  if (wish->repeat > 0)
    order->repeat = (guint)wish->repeat;
  if (wish->keep_failed)
    order->keep_failed = TRUE;
  if (wish->kernel_args != NULL)
    {
      g_free (order->kernel_args);
      order->kernel_args = g_strdup (wish->kernel_args);
    }
  order->allow_exec = wish->allow_exec;
}

CvmPlan *
cvm_cli_plan_new (const CvmCliWish  *wish,
                  GError           **error)
{
  g_autoptr(CvmOrder) order = cvm_order_new ();
  g_autoptr(CvmSettings) settings = NULL;

  if (!check_wish (wish, error))
    return NULL;

  settings = cvm_settings_load (error);
  if (settings == NULL)
    return NULL;

  add_suites (wish, order);
  forget_only (wish, order);
  take_numbers (wish, settings, order);
  if (!apply_scoped (order, "--preset", wish->presets, '\0', set_preset, error)
      || !apply_scoped (order, "--set", wish->sets, '=', cvm_order_suite_set, error)
      || !apply_scoped (order, "--only", wish->only, '/', cvm_order_suite_only, error)
      || !add_cells (wish, order, error) || !complete_cells (order, settings, error))
    return NULL;

  return cvm_order_make_plan (order, cvm_checks_lookup, error);
}
