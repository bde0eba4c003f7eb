/* cvm-check-guest.c: the guest's life: start, stop, restart
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <glib/gi18n.h>

#include "cvm-check-families.h"
#include "cvm-check-restart.h"

static const CvmParam no_params[] = {
  { NULL }
};

static const CvmParam stop_params[] = {
  { "force", CVM_PARAM_BOOLEAN, "false", N_("Whether to end it at once instead of asking it to") },
  { NULL }
};

static CvmOutcome
start_run (CvmContext *context)
{
  if (cvm_context_guest (context) != NULL)
    return cvm_context_fail_with (context, "the guest runs already");

  return cvm_context_start_guest (context) ? CVM_OUTCOME_PASS : cvm_context_fail (context);
}

static CvmOutcome
stop_run (CvmContext *context)
{
  gboolean force = cvm_context_boolean (context, "force");

  if (cvm_context_guest (context) == NULL)
    return cvm_context_fail (context);

  cvm_context_waiting (context, force ? "the guest is ended" : "the guest shuts down");
  return cvm_context_stop_guest (context, force) ? CVM_OUTCOME_PASS : cvm_context_fail (context);
}

static CvmOutcome
restart_run (CvmContext *context)
{
  g_auto(CvmCheckRestart) restart = { NULL };

  if (cvm_context_guest (context) == NULL || !cvm_check_restart_begin (context, &restart)
      || !cvm_guest_reboot (cvm_context_guest (context), cvm_context_get_deadline (context),
                            cvm_context_get_cancellable (context), cvm_context_error (context))
      || !cvm_check_restart_await (context, &restart))
    return cvm_context_fail (context);

  return CVM_OUTCOME_PASS;
}

const CvmCheck cvm_check_guest[] = {
  {
    { "guest.start", N_("Start the guest"),
      N_("Makes an overlay over the image, so that the image itself is never written, makes the "
         "guest on the host and starts it."),
      no_params, 2 * 60 * 1000, .makes_guest = TRUE },
    start_run
  },
  {
    { "guest.stop", N_("Stop the guest"),
      N_("Asks the guest to shut down and waits until it is off, or ends it at once if forced. "
         "What it has written stays for another start in the same job."),
      stop_params, 2 * 60 * 1000 },
    stop_run
  },
  {
    { "guest.restart", N_("Restart the guest"),
      N_("Asks the guest to restart and waits until it is back: its console shows the image's "
         "Ready again, if it has one, and the kernel's boot id, read over ssh if the image has a "
         "key or password, is a new one."),
      no_params, 5 * 60 * 1000 },
    restart_run
  },
  { { NULL } }
};
