/* cvm-cli-report-submit.c: the verb report submit
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <glib/gi18n.h>

#include "cvm-cli-report.h"
#include "cvm-cli-server.h"
#include "cvm-cli.h"

#define PATH "cvmtester-cli report submit"

int
cvm_cli_report_submit (int    argc,
                       char **argv)
{
  g_auto(CvmCliServer) options = { 0 };
  g_autoptr(CvmTapperServer) server = NULL;
  g_autoptr(GError) error = NULL;
  const GOptionEntry entries[] = {
    CVM_CLI_SERVER_ENTRIES (options),
    { NULL }
  };
  CvmCliSyntax syntax = {
    PATH, "FILE|RUN…", _("Sends reports to a Tapper server."),
    _("FILE is TAP, or an archive of TAP (.tar.gz with meta.yml); RUN is a run's id or folder."),
    entries, 1, -1
  };

  if (!cvm_cli_parse (&syntax, &argc, &argv))
    return CVM_STATUS_USAGE;

  server = cvm_cli_server_find (&options, &error);
  if (server == NULL)
    return cvm_cli_fail (error);

  cvm_cli_message (_("%s: this version cannot send it"), argv[1]);
  return CVM_STATUS_FAULT;
}
