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
    { "spool", N_("See to the reports that wait to be sent"), cvm_cli_report_spool },
    { "list", N_("List the reports that a Tapper server has"), cvm_cli_report_list },
    { "show", N_("Show what a Tapper server knows of a report"), cvm_cli_report_show },
    { "tap", N_("Print a report as it was sent"), cvm_cli_report_tap },
    { "files", N_("List the files attached to a report"), cvm_cli_report_files },
    { "fetch", N_("Fetch a report and its files into a folder"), cvm_cli_report_fetch },
    { "server", N_("See to the Tapper servers that are known"), cvm_cli_report_server },
    { NULL }
  };

  return cvm_cli_dispatch (verbs, PATH,
                           _("Reports: what came of runs, here and on a Tapper server."),
                           argc, argv);
}
