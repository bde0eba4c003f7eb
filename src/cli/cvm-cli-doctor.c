/* cvm-cli-doctor.c: the verb doctor
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <glib/gi18n.h>

#include "cvm-cli-execute.h"
#include "cvm-cli-plan.h"
#include "cvm-cli-verbs.h"
#include "cvm-cli.h"

int
cvm_cli_doctor (int    argc,
                char **argv)
{
  g_auto(CvmCliWish) wish = { 0 };
  g_autoptr(CvmPlan) plan = NULL;
  g_autoptr(GError) error = NULL;
  gboolean is_json = FALSE;
  const GOptionEntry entries[] = {
    { "host", 'H', 0, G_OPTION_ARG_STRING_ARRAY, &wish.hosts,
      N_("Host to look at, by id or libvirt URI; may be given again; default: qemu:///session"),
      N_("HOST") },
    { "json", 0, 0, G_OPTION_ARG_NONE, &is_json, N_("Print what the run found as JSON"), NULL },
    { NULL }
  };
  CvmCliSyntax syntax = {
    "cvmtester-cli doctor", NULL, _("Looks whether this machine has what guests need."),
    _("It runs the suite “doctor”, whose checks need no guest; "
      "what fails says how to mend it here.\n"
      "Exit status: 0 all is there, 1 something is missing, 3 the environment failed."),
    entries, 0, 0
  };

  if (!cvm_cli_parse (&syntax, &argc, &argv))
    return CVM_STATUS_USAGE;

  wish.suites = g_strdupv ((char *[]){ (char *)"doctor", NULL });
  plan = cvm_cli_plan_new (&wish, &error);
  if (plan == NULL)
    {
      int status = cvm_cli_fail (error);

      return error->domain == CVM_SUITE_ERROR ? CVM_STATUS_FAULT : status;   /* it is our own */
    }

  return cvm_cli_execute (plan, NULL, is_json ? CVM_CLI_FORMAT_JSON : CVM_CLI_FORMAT_LINES,
                          NULL);
}
