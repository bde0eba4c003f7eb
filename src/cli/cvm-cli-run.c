/* cvm-cli-run.c: the verb run
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <glib/gi18n.h>

#include "cvm-checks.h"
#include "cvm-run-reports.h"
#include "cvm-cli-execute.h"
#include "cvm-cli-import.h"
#include "cvm-cli-plan.h"
#include "cvm-cli-server.h"
#include "cvm-cli-submit.h"
#include "cvm-cli-verbs.h"
#include "cvm-cli-worker.h"
#include "cvm-cli.h"
#include "cvm-rerun.h"

#define PATH "cvmtester-cli run"

typedef struct
{
  CvmCliWish    wish;
  char         *output;
  char         *format;
  char         *profile;
  char         *cfg;
  char         *again;
  gboolean      only_failed;
  gboolean      is_plan_only;
  gboolean      is_submit;
  CvmCliServer  server;
} Options;

static void
options_clear (Options *self)
{
  cvm_cli_wish_clear (&self->wish);
  g_free (self->output);
  g_free (self->format);
  g_free (self->profile);
  g_free (self->cfg);
  g_free (self->again);
  cvm_cli_server_clear (&self->server);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static gboolean
parse (Options   *self,
       int       *argc,
       char    ***argv)
{
  CvmCliWish *wish = &self->wish;
  const GOptionEntry entries[] = {
    { "suite", 's', 0, G_OPTION_ARG_FILENAME_ARRAY, &wish->suites,
      N_("Suite to run, by name or path; may be given again"), N_("SUITE") },
    { "image", 'i', 0, G_OPTION_ARG_FILENAME_ARRAY, &wish->images,
      N_("Image to boot, by name or path; may be given again"), N_("IMAGE") },
    { "host", 'H', 0, G_OPTION_ARG_STRING_ARRAY, &wish->hosts,
      N_("Host, by id or libvirt URI; may be given again; default: qemu:///session"),
      N_("HOST") },
    { "hypervisor", 0, 0, G_OPTION_ARG_STRING, &wish->hypervisor,
      N_("Type of guest: auto, kvm, hvf, qemu…; default: that of the settings, or auto"), N_("TYPE") },
    { "cell", 0, 0, G_OPTION_ARG_STRING_ARRAY, &wish->cells,
      N_("Where to run, one cell of the matrix, instead of the three above; may be given again"),
      N_("TYPE;HOST;IMAGE") },
    { "preset", 0, 0, G_OPTION_ARG_STRING_ARRAY, &wish->presets,
      N_("Preset of the suite, or of one of several"), N_("[SUITE:]NAME") },
    { "set", 0, 0, G_OPTION_ARG_STRING_ARRAY, &wish->sets,
      N_("Parameter or Timeout of a case; may be given again"), N_("[SUITE:]ID.KEY=VALUE") },
    { "only", 0, 0, G_OPTION_ARG_STRING_ARRAY, &wish->only,
      N_("Case to run, or ID/N of its subtests; may be given again"), N_("[SUITE:]ID") },
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &self->output,
      N_("Folder for the run; empty or not there yet"), N_("DIR") },
    { "format", 0, 0, G_OPTION_ARG_STRING, &self->format,
      N_("What is printed: tap, json, junit or html; default: tap"), N_("FORMAT") },
    { "parallel", 0, 0, G_OPTION_ARG_INT, &wish->parallel,
      N_("Jobs at once; default: that of the settings, or 2"), N_("N") },
    { "repeat", 0, 0, G_OPTION_ARG_INT, &wish->repeat,
      N_("Each job so often; default: 1"), N_("N") },
    { "allow-exec", 0, 0, G_OPTION_ARG_NONE, &wish->allow_exec,
      N_("Let the suites run programs on this host"), NULL },
    { "keep-failed", 0, 0, G_OPTION_ARG_NONE, &wish->keep_failed,
      N_("Leave a guest running when a case of it failed"), NULL },
    { "kernel-args", 0, 0, G_OPTION_ARG_STRING, &wish->kernel_args,
      N_("Text to append to the image's kernel command line"), N_("TEXT") },
    { "profile", 0, 0, G_OPTION_ARG_FILENAME, &self->profile,
      N_("A preset of the window, or a file: suites, where, settings; what is said here counts first"),
      N_("NAME") },
    { "cfg", 0, 0, G_OPTION_ARG_FILENAME, &self->cfg,
      N_("The same from a configuration of CernVM Release Testing"), N_("FILE") },
    { "again", 0, 0, G_OPTION_ARG_FILENAME, &self->again,
      N_("The jobs of a run once more, of suites and images as they are today"), N_("RUN") },
    { "failed", 0, 0, G_OPTION_ARG_NONE, &self->only_failed,
      N_("With --again: only what failed, and what that needs"), NULL },
    { "plan", 0, 0, G_OPTION_ARG_NONE, &self->is_plan_only,
      N_("Print the plan, and run nothing"), NULL },
    { "submit", 0, 0, G_OPTION_ARG_NONE, &self->is_submit,
      N_("Send the reports to a Tapper server at the end"), NULL },
    CVM_CLI_SERVER_ENTRIES (self->server),
    { NULL }
  };
  CvmCliSyntax syntax = {
    PATH, NULL, _("Runs suites on guests made from images, and prints what came of it."),
    _("A run is a job for each image, host and suite. The image itself is never written.\n"
      "Exit status: 0 all passed, 1 a test failed, 2 wrong usage or file, 3 the environment or a\n"
      "precondition failed, 4 a fault of the program, 130 cancelled."),
    entries, 0, 0
  };

  return cvm_cli_parse (&syntax, argc, argv);
}

static gboolean
read_format (const char   *text,
             CvmCliFormat *format)
{
  static const char *const names[] = { "tap", "json", "junit", "html" };
  static const CvmCliFormat formats[] = {
    CVM_CLI_FORMAT_TAP, CVM_CLI_FORMAT_JSON, CVM_CLI_FORMAT_JUNIT, CVM_CLI_FORMAT_HTML
  };

  *format = CVM_CLI_FORMAT_TAP;
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_strcmp0 (names[i], text) == 0)
      {
        *format = formats[i];
        return TRUE;
      }

  return text == NULL;
}

/* --submit ----------------------------------------------------------------------------------- */

typedef struct
{
  CvmCliSubmit          *submit;
  const CvmTapperServer *server;
  const char            *dir;
} Submission;

static gboolean
submit_work (gpointer       data,
             GCancellable  *cancellable,
             GError       **error)
{
  Submission *self = data;

  return cvm_cli_submit_add (self->submit, self->server, self->dir, cancellable, error)
         && cvm_cli_submit_flush (self->submit, FALSE, cancellable, error);
}

/* The run has its result already, so what goes wrong here is told and changes nothing */
static void
submit (const CvmTapperServer *server,
        const char            *dir)
{
  g_autoptr(CvmCliSubmit) submit = cvm_cli_submit_new (TRUE);
  g_autoptr(GError) error = NULL;
  Submission self = { submit, server, dir };

  cvm_cli_flush ();
  if (!cvm_cli_work (submit_work, &self, &error))
    cvm_cli_message (_("the reports of %s are not sent: %s"), dir, error->message);
}

static int
execute (CvmPlan               *plan,
         const Options         *options,
         CvmCliFormat           format,
         const CvmTapperServer *server)
{
  g_autofree char *dir = NULL;
  int status = cvm_cli_execute (plan, options->output, format, &dir);

  if (server == NULL || dir == NULL)
    return status;

  if (status == CVM_STATUS_CANCELLED)
    cvm_cli_message (_("cancelled, so nothing is sent; “cvmtester-cli report submit %s” sends it"),
                     dir);
  else
    submit (server, dir);

  return status;
}

/* TRUE also without --submit: then there is no SERVER */
static gboolean
find_server (const Options    *options,
             CvmTapperServer **server,
             GError          **error)
{
  const CvmCliServer *asked = &options->server;

  if (options->is_submit)
    {
      *server = cvm_cli_server_find (asked, error);
      return *server != NULL;
    }

  if (asked->name == NULL && asked->receiver == NULL && asked->api == NULL && asked->web == NULL)
    return TRUE;

  g_set_error_literal (error, CVM_TAPPER_SERVER_ERROR, CVM_TAPPER_SERVER_ERROR_INVALID,
                       _("a server is named, but without --submit nothing is sent to it"));
  return FALSE;
}

/* What is to run, from a profile or an old configuration where one is given */
static gboolean
take_profile (Options         *options,
              CvmCliImported  *imported,
              GError         **error)
{
  CvmCliServer *server = &options->server;
  const char *profile;

  if (options->cfg != NULL && !cvm_cli_imported_make (imported, options->cfg, error))
    return FALSE;

  profile = options->cfg != NULL ? imported->profile : options->profile;
  if (profile == NULL)
    return TRUE;

  if (!cvm_cli_wish_take_profile (&options->wish, profile, error))
    return FALSE;

  if (options->is_submit && server->name == NULL && server->receiver == NULL)
    {
      server->name = g_strdup (options->wish.profile->server);
      if (server->name == NULL)
        server->receiver = g_strdup (options->wish.profile->receiver);
    }

  return TRUE;
}

/* The plan ----------------------------------------------------------------------------------- */

static CvmPlan *
plan_again (const Options  *options,
            GError        **error)
{
  const CvmPlanAgain again = { .allow_exec = options->wish.allow_exec };
  g_autofree char *dir = cvm_run_reports_find (options->again);
  CvmPlan *plan;

  if (dir == NULL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                   _("--again: there is no run “%s”; name its folder, or its id"), options->again);
      return NULL;
    }

  plan = cvm_rerun_plan (dir, options->only_failed, cvm_checks_lookup, &again, error);
  if (plan != NULL && options->wish.parallel > 0)
    cvm_plan_set_parallel (plan, (guint)options->wish.parallel);
  if (plan != NULL && options->wish.keep_failed)
    cvm_plan_set_keep_failed (plan, TRUE);

  return plan;
}

static int
print_plan (CvmPlan *plan)
{
  gsize len;
  g_autofree char *data = cvm_plan_to_data (plan, &len);

  cvm_cli_write (data, len);

  return CVM_STATUS_PASSED;
}

/* NULL, or which options do not go together */
static const char *
find_contradiction (const Options *options)
{
  const CvmCliWish *wish = &options->wish;

  if (options->cfg != NULL && options->profile != NULL)
    return _("give either --profile or --cfg");

  if (options->again == NULL)
    return options->only_failed ? _("--failed goes with --again RUN") : NULL;

  if (options->cfg != NULL || options->profile != NULL || wish->suites != NULL
      || wish->images != NULL || wish->hosts != NULL || wish->hypervisor != NULL
      || wish->cells != NULL || wish->presets != NULL || wish->sets != NULL || wish->only != NULL
      || wish->kernel_args != NULL || wish->repeat != 0)
    return _("--again takes what is run from that run; only --failed chooses among it");

  return NULL;
}

int
cvm_cli_run (int    argc,
             char **argv)
{
  g_auto(Options) options = { 0 };
  g_auto(CvmCliImported) imported = { 0 };
  g_autoptr(CvmTapperServer) server = NULL;
  g_autoptr(CvmPlan) plan = NULL;
  g_autoptr(GError) error = NULL;
  CvmCliFormat format;

  if (!parse (&options, &argc, &argv))
    return CVM_STATUS_USAGE;

  if (!read_format (options.format, &format))
    return cvm_cli_usage (PATH, _("--format: there is no “%s”; allowed: tap, json, junit, html"),
                          options.format);

  if (find_contradiction (&options) != NULL)
    return cvm_cli_usage (PATH, "%s", find_contradiction (&options));

  if (!take_profile (&options, &imported, &error) || !find_server (&options, &server, &error))
    return cvm_cli_fail (error);

  plan = options.again != NULL ? plan_again (&options, &error)
                               : cvm_cli_plan_new (&options.wish, &error);
  if (plan == NULL)
    {
      cvm_cli_fail (error);
      return CVM_STATUS_USAGE;
    }

  return options.is_plan_only ? print_plan (plan) : execute (plan, &options, format, server);
}
