/* cvm-cli-report-submit.c: the verb report submit
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <glib/gi18n.h>

#include "cvm-cli-report.h"
#include "cvm-cli-server.h"
#include "cvm-cli-submit.h"
#include "cvm-cli-worker.h"
#include "cvm-cli.h"

#define PATH "cvmtester-cli report submit"

typedef struct
{
  CvmCliSubmit    *submit;
  CvmTapperServer *server;
  char           **names;
  int              n_names;
  int              status;   /* of what could not be put into the spool */
} Submission;

/* A file that is not there was named wrongly; what else goes wrong is told by its error */
static int
fail_to_add (const GError *error)
{
  int status = cvm_cli_fail (error);

  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND) ? CVM_STATUS_USAGE : status;
}

static gboolean
work (gpointer       data,
      GCancellable  *cancellable,
      GError       **error)
{
  Submission *self = data;

  for (int i = 0; i < self->n_names; i++)
    {
      g_autoptr(GError) own = NULL;

      if (!cvm_cli_submit_add (self->submit, self->server, self->names[i], cancellable, &own))
        self->status = fail_to_add (own);
    }

  return cvm_cli_submit_flush (self->submit, FALSE, cancellable, error);
}

static int
status_of (const Submission *self)
{
  if (self->status != CVM_STATUS_PASSED)
    return self->status;

  return cvm_cli_submit_n_waiting (self->submit) > 0 ? CVM_STATUS_ENVIRONMENT : CVM_STATUS_PASSED;
}

int
cvm_cli_report_submit (int    argc,
                       char **argv)
{
  g_auto(CvmCliServer) options = { 0 };
  g_autoptr(CvmTapperServer) server = NULL;
  g_autoptr(CvmCliSubmit) submit = NULL;
  g_autoptr(GError) error = NULL;
  const GOptionEntry entries[] = {
    CVM_CLI_SERVER_ENTRIES (options),
    { NULL }
  };
  CvmCliSyntax syntax = {
    PATH, "FILE|RUN…", _("Sends reports to a Tapper server."),
    _("FILE is TAP, or an archive of TAP (.tar.gz with meta.yml), and goes out to the byte; "
      "RUN is a\n"
      "run's id or folder, and goes with its logs and pictures, a report a job.\n"
      "Each enters the spool first and leaves it when the server has it.\n"
      "Exit status: 0 all sent, 2 the server would lose a file, 3 some wait in the spool."),
    entries, 1, -1
  };
  Submission self = { 0 };

  if (!cvm_cli_parse (&syntax, &argc, &argv))
    return CVM_STATUS_USAGE;

  server = cvm_cli_server_find (&options, &error);
  if (server == NULL)
    return cvm_cli_fail (error);

  submit = cvm_cli_submit_new (FALSE);
  self = (Submission){ submit, server, argv + 1, argc - 1, CVM_STATUS_PASSED };
  if (!cvm_cli_work (work, &self, &error))
    return cvm_cli_fail (error);

  return status_of (&self);
}
