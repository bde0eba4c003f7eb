/* cvm-cli-report.c: the verb report
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-cli-report.h"

#include <glib/gi18n.h>

#include "cvm-cli-verbs.h"
#include "cvm-cli.h"

#define PATH "cvmtester-cli report"

int
cvm_cli_report (int    argc,
                char **argv)
{
  static const CvmCliVerb verbs[] = {
    { "submit", N_("Send reports to a Tapper server"), cvm_cli_report_submit },
    { NULL }
  };

  return cvm_cli_dispatch (verbs, PATH, _("Reports: what came of runs, here and on a Tapper server."),
                           argc, argv);
}
