/* cvm-cli-checks.c: the verb checks
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <glib/gi18n.h>

#include "cvm-checks.h"
#include "cvm-cli-list.h"
#include "cvm-cli-verbs.h"
#include "cvm-cli.h"
#include "cvm-text.h"

#define PATH "cvmtester-cli checks"

static void
fill_param (JsonObject     *object,
            const CvmParam *param)
{
  g_auto(GStrv) choices = param->choices != NULL ? g_strsplit (param->choices, ";", -1) : NULL;

  json_object_set_string_member (object, "name", param->name);
  json_object_set_string_member (object, "type", cvm_param_type_name (param->type));
  json_object_set_string_member (object, "default", param->default_value);
  json_object_set_string_member (object, "help", _(param->help));
  if (param->min != 0 || param->max != 0)
    {
      json_object_set_int_member (object, "min", param->min);
      json_object_set_int_member (object, "max", param->max);
    }
  cvm_cli_list_strv (object, "choices", (const char *const *)choices);
}

static void
fill_check (JsonObject         *object,
            const CvmCheckInfo *info)
{
  JsonArray *params = json_array_new ();

  json_object_set_string_member (object, "id", info->id);
  json_object_set_string_member (object, "title", _(info->title));
  json_object_set_string_member (object, "help", _(info->help));
  json_object_set_int_member (object, "timeout_ms", info->timeout_ms);
  json_object_set_boolean_member (object, "runs_on_host", info->runs_on_host);
  for (const CvmParam *param = info->params; param->name != NULL; param++)
    fill_param (cvm_cli_list_add (params), param);
  json_object_set_array_member (object, "parameters", params);
}

static int
list_run (int    argc,
          char **argv)
{
  static const char *const columns[] = { "id", "title", NULL };
  g_autoptr(GPtrArray) infos = cvm_checks_list ();
  g_autoptr(JsonArray) list = json_array_new ();
  gboolean is_json = FALSE;
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &is_json, N_("Print an array of objects"), NULL },
    { NULL }
  };
  CvmCliSyntax syntax = { PATH " list", NULL, _("Lists the checks that suites are made of."),
                          NULL, entries, 0, 0 };

  if (!cvm_cli_parse (&syntax, &argc, &argv))
    return CVM_STATUS_USAGE;

  for (guint i = 0; i < infos->len; i++)
    fill_check (cvm_cli_list_add (list), infos->pdata[i]);

  cvm_cli_list_print (list, is_json, columns);

  return CVM_STATUS_PASSED;
}

static void
print_check (const CvmCheckInfo *info)
{
  cvm_cli_print ("%s: %s\n\n%s\n", info->id, _(info->title), _(info->help));
  cvm_cli_print (_("\nTimeout: %lld s unless a case says otherwise\n"),
                 (long long)info->timeout_ms / 1000);
  for (const CvmParam *param = info->params; param->name != NULL; param++)
    {
      cvm_cli_print ("\n%s (%s", param->name, cvm_param_type_name (param->type));
      if (param->choices != NULL)
        cvm_cli_print (": %s", param->choices);
      if (param->min != 0 || param->max != 0)
        cvm_cli_print (_(", %lld to %lld"), (long long)param->min, (long long)param->max);
      if (param->step != 0)
        cvm_cli_print (_(", a multiple of %lld"), (long long)param->step);
      if (param->form_help != NULL)
        cvm_cli_print (", %s", _(param->form_help));
      if (param->default_value == NULL)
        cvm_cli_print (_(", must be set"));
      else if (*param->default_value != '\0')
        cvm_cli_print (_(", default %s"), param->default_value);
      cvm_cli_print (")\n  %s\n", _(param->help));
    }
}

static int
unknown_check (const char *id)
{
  g_autoptr(GPtrArray) infos = cvm_checks_list ();
  g_autoptr(GPtrArray) ids = g_ptr_array_new ();
  g_autofree char *shown = cvm_text_quote (id);
  const char *nearest;

  for (guint i = 0; i < infos->len; i++)
    g_ptr_array_add (ids, (gpointer)((const CvmCheckInfo *)infos->pdata[i])->id);
  g_ptr_array_add (ids, NULL);

  nearest = cvm_text_nearest (id, (const char *const *)ids->pdata);
  cvm_cli_message (_("there is no check %s; did you mean “%s”? “%s list” shows all"), shown,
                   nearest != NULL ? nearest : "ssh.login", PATH);

  return CVM_STATUS_USAGE;
}

static int
show_run (int    argc,
          char **argv)
{
  g_autoptr(JsonArray) list = json_array_new ();
  const CvmCheckInfo *info;
  gboolean is_json = FALSE;
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &is_json, N_("Print an array of one object"), NULL },
    { NULL }
  };
  CvmCliSyntax syntax = { PATH " show", "CHECK",
                          _("Tells what a check does and what it can be set to."),
                          NULL, entries, 1, 1 };

  if (!cvm_cli_parse (&syntax, &argc, &argv))
    return CVM_STATUS_USAGE;

  info = cvm_checks_lookup (argv[1]);
  if (info == NULL)
    return unknown_check (argv[1]);

  if (!is_json)
    {
      print_check (info);
      return CVM_STATUS_PASSED;
    }

  fill_check (cvm_cli_list_add (list), info);
  cvm_cli_list_print_json (list);
  return CVM_STATUS_PASSED;
}

int
cvm_cli_checks (int    argc,
                char **argv)
{
  static const CvmCliVerb verbs[] = {
    { "list", N_("List all checks"), list_run },
    { "show", N_("Show a check and its parameters"), show_run },
    { NULL }
  };

  return cvm_cli_dispatch (verbs, PATH, _("The checks that suites are made of."), argc, argv);
}
