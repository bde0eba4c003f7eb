/* cvm-check-guest.c: the guest's life: start, stop, restart
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <glib/gi18n.h>

#include "cvm-check-families.h"
#include "cvm-check-output.h"
#include "cvm-wait.h"

#define BOOT_ID_COMMAND "cat /proc/sys/kernel/random/boot_id"
#define BOOT_ID_LEN     36
#define TRY_AGAIN_MS    500

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

/* Linux makes a new one at each boot; NULL when the guest has none or is going down just now */
static char *
read_boot_id (CvmContext *context,
              CvmSsh     *ssh)
{
  g_autoptr(CvmCheckOutput) output = cvm_check_output_new ();
  int status;

  if (!cvm_ssh_exec (ssh, BOOT_ID_COMMAND, NULL, 0, cvm_check_output_on_stdout, NULL, output,
                     cvm_context_get_deadline (context), cvm_context_get_cancellable (context),
                     &status, NULL))
    return NULL;

  g_strstrip (output->out->str);
  if (status != 0 || strlen (output->out->str) != BOOT_ID_LEN)
    return NULL;

  return g_utf8_make_valid (output->out->str, BOOT_ID_LEN);
}

static gboolean
wait_ready (CvmContext *context,
            const char *ready)
{
  g_autoptr(GRegex) pattern = g_regex_new (ready, 0, 0, cvm_context_error (context));

  cvm_context_waiting (context, "the console says /%s/ again", ready);
  return pattern != NULL &&
         cvm_serial_wait (cvm_context_serial (context), pattern, cvm_context_boot_offset (context),
                          cvm_context_get_deadline (context), cvm_context_get_cancellable (context),
                          NULL, cvm_context_error (context));
}

static CvmOutcome
fail_unless_cancelled (CvmContext *context,
                       const char *boot_id)
{
  if (g_cancellable_is_cancelled (cvm_context_get_cancellable (context)))
    return cvm_context_fail (context);

  return cvm_context_fail_with (context, "the guest did not restart: its boot id is still %s",
                                boot_id);
}

/* An ssh daemon answers until the guest goes down, hence again and again */
static CvmOutcome
wait_boot_id (CvmContext *context,
              const char *before)
{
  cvm_context_waiting (context, "ssh answers with a new boot id");
  for (;;)
    {
      g_autoptr(CvmSsh) ssh = cvm_context_ssh (context, "", NULL);
      g_autofree char *now = ssh != NULL ? read_boot_id (context, ssh) : NULL;

      if (ssh == NULL)
        return cvm_context_fail (context);

      if (now != NULL && !g_str_equal (now, before))
        {
          cvm_context_detail (context, "boot id", "%s", now);
          return CVM_OUTCOME_PASS;
        }

      if (!cvm_wait_ms (TRY_AGAIN_MS, cvm_context_get_deadline (context),
                        cvm_context_get_cancellable (context), cvm_context_error (context)))
        return fail_unless_cancelled (context, before);
    }
}

/* A console's ready line and a boot id that changed, each where the image has the means */
static CvmOutcome
restart (CvmContext     *context,
         const CvmImage *image,
         const char     *boot_id)
{
  cvm_context_mark_boot (context);
  if (!cvm_guest_reboot (cvm_context_guest (context), cvm_context_get_deadline (context),
                         cvm_context_get_cancellable (context), cvm_context_error (context)))
    return cvm_context_fail (context);

  if (image->ready != NULL && !wait_ready (context, image->ready))
    return cvm_context_fail (context);

  return boot_id != NULL ? wait_boot_id (context, boot_id) : CVM_OUTCOME_PASS;
}

static CvmOutcome
restart_run (CvmContext *context)
{
  const CvmImage *image = cvm_context_get_image (context);
  g_autoptr(CvmSsh) ssh = NULL;
  g_autofree char *boot_id = NULL;

  if (cvm_context_guest (context) == NULL)
    return cvm_context_fail (context);

  if (cvm_context_can_log_in (context))
    {
      ssh = cvm_context_ssh (context, "", NULL);
      if (ssh == NULL)
        return cvm_context_fail (context);

      boot_id = read_boot_id (context, ssh);
      g_clear_object (&ssh);
    }

  if (boot_id == NULL && image->ready == NULL)
    return cvm_context_skip_with (context, "nothing would tell that the guest restarted: the image "
                                           "has neither Ready nor a boot id to be read over ssh");

  return restart (context, image, boot_id);
}

const CvmCheck cvm_check_guest[] = {
  {
    { "guest.start", N_("Start the guest"),
      N_("Makes an overlay over the image, so that the image itself is never written, makes the "
         "guest on the host and starts it."),
      no_params, 2 * 60 * 1000 },
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
