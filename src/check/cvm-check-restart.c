/* cvm-check-restart.c: what tells that a guest restarted, whoever asked it to
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-check-restart.h"

#include <string.h>

#include "cvm-check-output.h"
#include "cvm-engine-error.h"
#include "cvm-wait.h"

#define BOOT_ID_COMMAND "cat /proc/sys/kernel/random/boot_id"
#define BOOT_ID_LEN     36
#define TRY_AGAIN_MS    500

void
cvm_check_restart_clear (CvmCheckRestart *self)
{
  g_clear_pointer (&self->boot_id, g_free);
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

gboolean
cvm_check_restart_begin (CvmContext      *context,
                         CvmCheckRestart *self)
{
  if (cvm_context_can_log_in (context))
    {
      g_autoptr(CvmSsh) ssh = cvm_context_ssh (context, "", NULL);

      if (ssh == NULL)
        return FALSE;

      self->boot_id = read_boot_id (context, ssh);
    }

  if (self->boot_id == NULL && cvm_context_get_image (context)->ready == NULL)
    {
      g_set_error_literal (cvm_context_error (context), CVM_ENGINE_ERROR,
                           CVM_ENGINE_ERROR_UNSUPPORTED,
                           "nothing would tell that the guest restarted: the image has neither "
                           "Ready nor a boot id to be read over ssh");
      return FALSE;
    }

  cvm_context_mark_boot (context);

  return TRUE;
}

gboolean
cvm_check_restart_await_ready (CvmContext *context,
                               const char *pattern)
{
  g_autoptr(GRegex) regex = g_regex_new (pattern, 0, 0,
                                         cvm_context_error (context));
  CvmSerial *serial = cvm_context_serial (context);
  guint64 from = cvm_context_boot_offset (context);
  GError **error;

  cvm_context_waiting (context, "the console says /%s/ again", pattern);
  error = cvm_context_error (context);
  if (regex == NULL
      || cvm_serial_wait (serial, regex, from, cvm_context_get_deadline (context),
                          cvm_context_get_cancellable (context), NULL, error))
    return regex != NULL;

  if (g_error_matches (*error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    cvm_context_blame (context, cvm_serial_offset (serial) == from
                                  ? "the guest did not restart: its console stayed silent"
                                  : "the guest booted, or began to, and did not get ready");

  return FALSE;
}

/* An ssh daemon answers until the guest goes down, hence again and again */
static gboolean
await_boot_id (CvmContext *context,
               const char *before)
{
  cvm_context_waiting (context, "ssh answers with a new boot id");
  for (;;)
    {
      g_autoptr(CvmSsh) ssh = cvm_context_ssh (context, "", NULL);
      g_autofree char *now = ssh != NULL ? read_boot_id (context, ssh) : NULL;
      g_autofree char *blame = NULL;

      if (ssh == NULL)
        return FALSE;

      if (now != NULL && !g_str_equal (now, before))
        {
          cvm_context_detail (context, "boot id", "%s", now);
          return TRUE;
        }

      if (cvm_wait_ms (TRY_AGAIN_MS, cvm_context_get_deadline (context),
                       cvm_context_get_cancellable (context), cvm_context_error (context)))
        continue;

      blame = g_strconcat ("the guest did not restart: its boot id is still ", before, NULL);
      cvm_context_blame (context, blame);
      return FALSE;
    }
}

gboolean
cvm_check_restart_await (CvmContext      *context,
                         CvmCheckRestart *self)
{
  const char *ready = cvm_context_get_image (context)->ready;

  return (ready == NULL || cvm_check_restart_await_ready (context, ready))
         && (self->boot_id == NULL || await_boot_id (context, self->boot_id));
}
