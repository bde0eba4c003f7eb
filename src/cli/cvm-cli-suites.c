/* cvm-cli-suites.c: the verb suites
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <glib/gi18n.h>

#include "cvm-checks.h"
#include "cvm-cli-import.h"
#include "cvm-cli-list.h"
#include "cvm-cli-verbs.h"
#include "cvm-cli.h"
#include "cvm-paths.h"
#include "cvm-suite.h"

#define PATH   "cvmtester-cli suites"
#define SUFFIX ".suite"

/* list --------------------------------------------------------------------------------------- */

/* A suite that cannot be read is listed too, with what is wrong with it */
static void
fill_suite (JsonObject *object,
            const char *id,
            const char *path)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(CvmSuite) suite = cvm_suite_load (path, cvm_checks_lookup, &error);

  json_object_set_string_member (object, "id", id);
  json_object_set_string_member (object, "name", suite != NULL ? cvm_suite_get_name (suite) : NULL);
  json_object_set_string_member (object, "version",
                                 suite != NULL ? cvm_suite_get_version (suite) : NULL);
  json_object_set_string_member (object, "description",
                                 suite != NULL ? cvm_suite_get_description (suite) : NULL);
  json_object_set_int_member (object, "cases", suite != NULL ? cvm_suite_n_cases (suite) : 0);
  cvm_cli_list_strv (object, "presets",
                     suite != NULL ? (const char *const *)cvm_suite_get_presets (suite) : NULL);
  json_object_set_string_member (object, "path", path);
  json_object_set_string_member (object, "error", error != NULL ? error->message : NULL);
}

static int
compare_names (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

/* Names of the suites that any of the folders has */
static GPtrArray *
suite_names (void)
{
  g_auto(GStrv) dirs = cvm_paths_dirs ("suites");
  g_autoptr(GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func (g_free);

  for (gsize i = 0; dirs[i] != NULL; i++)
    {
      g_autoptr(GDir) dir = g_dir_open (dirs[i], 0, NULL);
      const char *file;

      while (dir != NULL && (file = g_dir_read_name (dir)) != NULL)
        if (g_str_has_suffix (file, SUFFIX) && !g_hash_table_contains (seen, file))
          {
            g_ptr_array_add (names, g_strdup (file));
            g_hash_table_add (seen, names->pdata[names->len - 1]);
          }
    }
  g_ptr_array_sort (names, compare_names);

  return g_steal_pointer (&names);
}

static int
list_run (int    argc,
          char **argv)
{
  static const char *const columns[] = { "id", "cases", "name", "error", NULL };
  g_autoptr(GPtrArray) names = suite_names ();
  g_autoptr(JsonArray) list = json_array_new ();
  gboolean is_json = FALSE;
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &is_json, N_("Print an array of objects"), NULL },
    { NULL }
  };
  CvmCliSyntax syntax = { PATH " list", NULL, _("Lists the suites that can be run by name."), NULL,
                          entries, 0, 0 };

  if (!cvm_cli_parse (&syntax, &argc, &argv))
    return CVM_STATUS_USAGE;

  for (guint i = 0; i < names->len; i++)
    {
      const char *file = names->pdata[i];
      g_autofree char *id = g_strndup (file, strlen (file) - strlen (SUFFIX));
      g_autofree char *path = cvm_paths_find ("suites", file);

      if (path != NULL)
        fill_suite (cvm_cli_list_add (list), id, path);
    }

  cvm_cli_list_print (list, is_json, columns);

  return CVM_STATUS_PASSED;
}

/* show --------------------------------------------------------------------------------------- */

static void
fill_case (JsonObject    *object,
           const CvmCase *item)
{
  JsonObject *values = json_object_new ();

  json_object_set_string_member (object, "id", item->id);
  json_object_set_boolean_member (object, "precondition", item->is_precondition);
  json_object_set_string_member (object, "check", item->check->id);
  json_object_set_string_member (object, "title", item->title);
  cvm_cli_list_strv (object, "needs", (const char *const *)item->needs);
  cvm_cli_list_strv (object, "tags", (const char *const *)item->tags);
  json_object_set_int_member (object, "timeout_ms", item->timeout_ms);
  for (const CvmParam *param = item->check->params; param->name != NULL; param++)
    json_object_set_string_member (values, param->name,
                                   g_hash_table_lookup (item->values, param->name));
  json_object_set_object_member (object, "parameters", values);
}

static void
print_suite (CvmSuite *suite)
{
  g_autofree char *presets = g_strjoinv (", ", cvm_suite_get_presets (suite));

  cvm_cli_print ("%s %s\n", cvm_suite_get_name (suite), cvm_suite_get_version (suite));
  if (*cvm_suite_get_description (suite) != '\0')
    cvm_cli_print ("%s\n", cvm_suite_get_description (suite));
  if (*presets != '\0')
    cvm_cli_print (_("Presets: %s\n"), presets);
  cvm_cli_print ("\n");
  for (guint i = 0; i < cvm_suite_n_cases (suite); i++)
    {
      const CvmCase *item = cvm_suite_case (suite, i);

      cvm_cli_print ("%3u  %s - %s (%s%s)\n", i + 1, item->id, item->title, item->check->id,
                     item->is_precondition ? _(", precondition") : "");
    }
}

static CvmSuite *
load_suite (const char  *name,
            const char  *preset,
            GError     **error)
{
  g_autofree char *path = cvm_suite_find (name, error);
  g_autoptr(CvmSuite) suite = path != NULL ? cvm_suite_load (path, cvm_checks_lookup, error) : NULL;

  return suite != NULL ? cvm_suite_resolve (suite, preset, NULL, NULL, error) : NULL;
}

static void
print_cases_json (CvmSuite *suite)
{
  g_autoptr(JsonArray) list = json_array_new ();

  for (guint i = 0; i < cvm_suite_n_cases (suite); i++)
    fill_case (cvm_cli_list_add (list), cvm_suite_case (suite, i));
  cvm_cli_list_print_json (list);
}

static int
show_run (int    argc,
          char **argv)
{
  g_autoptr(CvmSuite) suite = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *preset = NULL;
  gboolean is_json = FALSE;
  const GOptionEntry entries[] = {
    { "preset", 0, 0, G_OPTION_ARG_STRING, &preset, N_("Preset of the suite"), N_("NAME") },
    { "json", 0, 0, G_OPTION_ARG_NONE, &is_json,
      N_("Print an array of objects, one a case"), NULL },
    { NULL }
  };
  CvmCliSyntax syntax = { PATH " show", "SUITE", _("Shows a suite's preconditions and cases."),
                          NULL, entries, 1, 1 };

  if (!cvm_cli_parse (&syntax, &argc, &argv))
    return CVM_STATUS_USAGE;

  suite = load_suite (argv[1], preset, &error);
  if (suite == NULL)
    {
      cvm_cli_fail (error);
      return CVM_STATUS_USAGE;
    }

  if (is_json)
    print_cases_json (suite);
  else
    print_suite (suite);

  return CVM_STATUS_PASSED;
}

/* validate ----------------------------------------------------------------------------------- */

static gboolean
validate_suite (const char *name)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *path = cvm_suite_find (name, &error);
  g_autoptr(CvmSuite) suite = path != NULL ? cvm_suite_load (path, cvm_checks_lookup, &error)
                                           : NULL;
  g_auto(GStrv) presets = suite != NULL ? g_strdupv (cvm_suite_get_presets (suite)) : NULL;
  g_autoptr(CvmSuite) plain = suite != NULL ? cvm_suite_resolve (suite, NULL, NULL, NULL, &error)
                                            : NULL;

  for (gsize i = 0; plain != NULL && error == NULL && presets[i] != NULL; i++)
    {
      CvmSuite *resolved = cvm_suite_resolve (suite, presets[i], NULL, NULL, &error);

      g_clear_object (&resolved);
    }

  if (error != NULL)
    cvm_cli_message ("%s", error->message);
  else
    cvm_cli_print (_("%s: valid, %u points\n"), path, cvm_suite_n_cases (suite));

  return error == NULL;
}

static int
validate_run (int    argc,
              char **argv)
{
  int status = CVM_STATUS_PASSED;
  const GOptionEntry entries[] = { { NULL } };
  CvmCliSyntax syntax = { PATH " validate", "SUITE…",
                          _("Reads suites, and says what is wrong with them."),
                          NULL, entries, 1, -1 };

  if (!cvm_cli_parse (&syntax, &argc, &argv))
    return CVM_STATUS_USAGE;

  for (int i = 1; i < argc; i++)
    if (!validate_suite (argv[i]))
      status = CVM_STATUS_USAGE;

  return status;
}

int
cvm_cli_suites (int    argc,
                char **argv)
{
  static const CvmCliVerb verbs[] = {
    { "list", N_("List the suites that are installed or your own"), list_run },
    { "show", N_("Show a suite's preconditions and cases"), show_run },
    { "import-cfg", N_("Make a suite of an old CVM_* configuration"), cvm_cli_import_run },
    { "validate", N_("Say what is wrong with suite files"), validate_run },
    { NULL }
  };

  return cvm_cli_dispatch (verbs, PATH, _("Suites: what is tested, in which order."), argc, argv);
}
