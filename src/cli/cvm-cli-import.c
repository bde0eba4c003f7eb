/* cvm-cli-import.c: old CVM_* configurations on the command line
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-cli-import.h"

#include <errno.h>
#include <glib/gi18n.h>

#include "cvm-checks.h"
#include "cvm-cli-list.h"
#include "cvm-cli.h"
#include "cvm-file.h"
#include "cvm-import.h"
#include "cvm-paths.h"
#include "cvm-profile.h"

#define PATH "cvmtester-cli suites import-cfg"

/* the suite with all the tests that an old configuration can list */
#define BASE "cernvm-release"

static CvmImport *
read_import (const char  *path,
             CvmCfg     **cfg,
             GError     **error)
{
  g_autofree char *base_path = NULL;
  g_autoptr(CvmSuite) base = NULL;
  g_autoptr(CvmSuite) resolved = NULL;

  *cfg = cvm_cfg_load (path, error);
  base_path = *cfg != NULL ? cvm_suite_find (BASE, error) : NULL;
  base = base_path != NULL ? cvm_suite_load (base_path, cvm_checks_lookup, error) : NULL;

  return base != NULL ? cvm_import_new (*cfg, base, error) : NULL;
}

/* For one run ------------------------------------------------------------------------------ */

gboolean
cvm_cli_imported_make (CvmCliImported  *self,
                       const char      *cfg_path,
                       GError         **error)
{
  g_autoptr(CvmCfg) cfg = NULL;
  g_autoptr(CvmImport) import = read_import (cfg_path, &cfg, error);

  if (import == NULL)
    return FALSE;

  /* in memory, where the system has such a place: passwords reach no disk */
  self->folder = g_build_filename (g_get_user_runtime_dir (), "cvmtester-cfg-XXXXXX", NULL);
  if (g_mkdtemp_full (self->folder, 0700) == NULL)
    {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), _("%s cannot be made: %s"),
                   self->folder, g_strerror (errno));
      g_clear_pointer (&self->folder, g_free);
      return FALSE;
    }

  return cvm_import_write (import, self->folder, &self->profile, error);
}

void
cvm_cli_imported_clear (CvmCliImported *self)
{
  if (self->folder != NULL)
    cvm_file_remove_tree (self->folder);
  g_free (self->folder);
  g_free (self->profile);
}

/* Profiles --------------------------------------------------------------------------------- */

gboolean
cvm_cli_wish_take_profile (CvmCliWish  *self,
                           const char  *name_or_path,
                           GError     **error)
{
  g_autofree char *path = cvm_profile_find (name_or_path);

  g_clear_pointer (&self->profile, cvm_order_free);
  self->profile = cvm_profile_load (path, error);

  return self->profile != NULL;
}

/* The verb --------------------------------------------------------------------------------- */

static const char *
kind_name (CvmImportKind kind)
{
  static const char *const names[] = { "taken", "changed", "ignored" };

  return names[kind];
}

static JsonArray *
list_notes (CvmImport *import)
{
  JsonArray *list = json_array_new ();
  GPtrArray *notes = cvm_import_get_notes (import);

  for (guint i = 0; i < notes->len; i++)
    {
      const CvmImportNote *note = notes->pdata[i];
      JsonObject *object = cvm_cli_list_add (list);

      json_object_set_string_member (object, "outcome", kind_name (note->kind));
      json_object_set_int_member (object, "line", note->line);
      json_object_set_string_member (object, "name", note->name);
      json_object_set_string_member (object, "text", note->text);
    }

  return list;
}

static void
print_notes (JsonArray  *list,
             gboolean    is_json,
             const char *profile)
{
  static const char *const columns[] = { "outcome", "line", "name", "text", NULL };

  if (is_json)
    cvm_cli_list_print_json (list);
  else
    cvm_cli_list_print_columns (list, columns);
  cvm_cli_message (_("to run it: cvmtester-cli run --profile %s"), profile);
}

int
cvm_cli_import_run (int    argc,
                    char **argv)
{
  g_autofree char *output = NULL;
  g_autofree char *profile = NULL;
  g_autoptr(CvmCfg) cfg = NULL;
  g_autoptr(CvmImport) import = NULL;
  g_autoptr(JsonArray) list = NULL;
  g_autoptr(GError) error = NULL;
  gboolean is_json = FALSE;
  const GOptionEntry entries[] = {
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output,
      N_("Folder for what it becomes; default: your own suites"), N_("DIR") },
    { "json", 0, 0, G_OPTION_ARG_NONE, &is_json,
      N_("Print an array of objects, one a setting"), NULL },
    { NULL }
  };
  CvmCliSyntax syntax = {
    PATH, "FILE.cfg",
    _("Turns a configuration of CernVM Release Testing into a suite and a profile."),
    _("The file is read as data: nothing in it is run. What became of each setting is listed.\n"
      "Passwords go into files that only you can read."), entries, 1, 1
  };

  if (!cvm_cli_parse (&syntax, &argc, &argv))
    return CVM_STATUS_USAGE;

  import = read_import (argv[1], &cfg, &error);
  if (import == NULL)
    {
      cvm_cli_fail (error);
      return CVM_STATUS_USAGE;
    }

  if (output == NULL)
    output = cvm_paths_config ("suites");
  if (!cvm_import_write (import, output, &profile, &error))
    return cvm_cli_fail (error);

  list = list_notes (import);
  print_notes (list, is_json, profile);

  return CVM_STATUS_PASSED;
}
