/* main.c: puts the desktop program together
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <glib/gi18n.h>
#include <unistd.h>

#include "cvm-application.h"
#include "cvm-asker.h"
#include "cvm-checks.h"
#include "cvm-memory.h"
#include "cvm-wait.h"
#include "cvm-wiring.h"

#define SETTLE_MS 2000

int
main (int    argc,
      char **argv)
{
  g_autoptr(CvmHistory) history = NULL;
  static CvmPorts ports;   /* threads that hang may outlive this function */
  CvmBackend backend = { &ports, cvm_checks_find, cvm_checks_lookup, cvm_wiring_hosts () };
  CvmApplication *application;
  int status;

  cvm_memory_share ();
  cvm_wiring_init ();
  cvm_wiring_set_ask (cvm_asker_ask_login);
  ports = *cvm_wiring_ports ();
  ports.ask_password = cvm_asker_ask_password;
  g_set_prgname ("org.cvmtester.CvmTester");
  g_set_application_name ("cvmtester");

  backend.history = history = cvm_history_new (NULL);
  backend.list_checks = cvm_checks_list;
  application = cvm_application_new (&backend);
  status = cvm_application_main (application, argc, argv);
  g_object_unref (application);

  if (!cvm_wiring_settle (cvm_deadline_in_ms (SETTLE_MS)))
    _exit (status);   /* a thread hangs in a library for ever */

  return status;
}
