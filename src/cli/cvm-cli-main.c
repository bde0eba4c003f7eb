/* cvm-cli-main.c: the command line program
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <glib/gi18n.h>
#include <signal.h>
#include <unistd.h>

#include "cvm-cli-ask.h"
#include "cvm-cli-verbs.h"
#include "cvm-cli.h"
#include "cvm-wait.h"
#include "cvm-wiring.h"

static const CvmCliVerb verbs[] = {
  { "run", N_("Run suites on guests made from images"), cvm_cli_run },
  { "runs", N_("List, compare, export and remove runs"), cvm_cli_runs },
  { "suites", N_("List, show, import and validate suites"), cvm_cli_suites },
  { "checks", N_("List and show the checks that suites are made of"), cvm_cli_checks },
  { "hosts", N_("List, add and remove the hosts that guests run on"), cvm_cli_hosts },
  { "images", N_("List, fetch, import, check and remove images"), cvm_cli_images },
  { "tap", N_("Read what test programs print"), cvm_cli_tap },
  { "report", N_("Send reports to a Tapper server, and look at those that it has"),
    cvm_cli_report },
  { "doctor", N_("See whether this machine has what is needed"), cvm_cli_doctor },
  { "sweep", N_("Remove what a run that died has left on a host"), cvm_cli_sweep },
  { NULL }
};

#define SETTLE_MS 2000   /* what is being closed may take that long at the end */

int
main (int    argc,
      char **argv)
{
  int status;

  signal (SIGPIPE, SIG_IGN);   /* a pipe that closed is an error of a write, and told as one */

  cvm_wiring_init ();
  cvm_wiring_set_ask (cvm_cli_ask_login);

  if (argc == 2 && g_str_equal (argv[1], "--version"))
    {
      cvm_cli_print ("cvmtester %s\n", CVM_VERSION);
      return cvm_cli_finish (CVM_STATUS_PASSED);
    }

  status = cvm_cli_dispatch (verbs, "cvmtester-cli",
                             _("Tests virtual machine images on real guests."), argc, argv);
  status = cvm_cli_finish (status);
  if (!cvm_wiring_settle (cvm_deadline_in_ms (SETTLE_MS)))
    _exit (status);   /* a thread hangs in a library for ever */

  return status;
}
