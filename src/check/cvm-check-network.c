/* cvm-check-network.c: a guest without its network
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <glib/gi18n.h>

#include "cvm-check-families.h"
#include "cvm-check-restart.h"
#include "cvm-wait.h"

static const CvmParam cut_params[] = {
  { "ready", CVM_PARAM_PATTERN, "",
    N_("What the console says when the guest is up, network or not; empty: the image's Ready") },
  { "port", CVM_PARAM_INTEGER, "22",
    N_("TCP port that must answer once the network is back; 22: a login over ssh"), 1, 65535 },
  { NULL }
};

static gboolean
boot_without (CvmContext *context,
              const char *ready)
{
  gint64 begun_us;

  cvm_context_waiting (context, "the guest shuts down");
  if (!cvm_context_stop_guest (context, FALSE) || !cvm_context_set_link (context, FALSE)
      || !cvm_context_start_guest (context))
    return FALSE;

  begun_us = g_get_monotonic_time ();
  if (!cvm_check_restart_await_ready (context, ready))
    {
      cvm_context_blame (context, "without its network");
      return FALSE;
    }

  cvm_context_detail (context, "boot without a network", "%.1f s",
                      (g_get_monotonic_time () - begun_us) / 1e6);

  return TRUE;
}

static gboolean
come_back (CvmContext *context)
{
  guint16 port = (guint16)cvm_context_integer (context, "port");
  gboolean is_back;

  if (!cvm_context_set_link (context, TRUE))
    return FALSE;

  if (port == 22)
    {
      g_autoptr(CvmSsh) ssh = cvm_context_ssh (context, "", NULL);

      is_back = ssh != NULL;
    }
  else
    {
      g_autoptr(CvmHttpReply) reply = cvm_context_http_get (context, port, "/");

      is_back = reply != NULL;
    }

  if (!is_back)
    cvm_context_blame (context, "with its network back");

  return is_back;
}

/* The cable is plugged in on every way out: later cases need it */
static CvmOutcome
cut_run (CvmContext *context)
{
  const char *ready = cvm_context_string (context, "ready");
  CvmOutcome outcome;

  if (cvm_context_guest (context) == NULL)
    return cvm_context_fail (context);

  if (*ready == '\0')
    ready = cvm_context_get_image (context)->ready;
  if (ready == NULL)
    return cvm_context_skip_with (context, "nothing would tell that the guest is up without its "
                                           "network: the image has no Ready");

  if (boot_without (context, ready))
    return come_back (context) ? CVM_OUTCOME_PASS : cvm_context_fail (context);

  outcome = cvm_context_fail (context);
  cvm_context_set_link (context, TRUE);

  return outcome;
}

const CvmCheck cvm_check_network[] = {
  {
    { "network.cut", N_("It boots without a network"),
      N_("Shuts the guest down, pulls its network cable and starts it: it must get ready all the "
         "same. Then plugs the cable in again and waits until the guest answers."),
      cut_params, 5 * 60 * 1000 },
    cut_run
  },
  { { NULL } }
};
