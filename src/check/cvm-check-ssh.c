/* cvm-check-ssh.c: the guest over ssh
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <glib/gi18n.h>

#include "cvm-check-families.h"
#include "cvm-check-account.h"
#include "cvm-check-output.h"

static const CvmParam login_params[] = {
  { "user", CVM_PARAM_STRING, "", N_("Account to log in to; empty: the image's own") },
  { "password", CVM_PARAM_PASSWORD, "",
    N_("Where its password comes from; empty: log in with the image's key") },
  { NULL }
};

static const CvmParam command_params[] = {
  { "command", CVM_PARAM_STRING, NULL, N_("What the guest's shell is to run") },
  { "status", CVM_PARAM_INTEGER, "0", N_("Exit status that is expected"), 0, 255 },
  { "output", CVM_PARAM_PATTERN, "",
    N_("Pattern that its standard output must match; ^ and $ match at every line") },
  { "user", CVM_PARAM_STRING, "", N_("Account to log in to; empty: the image's own") },
  { NULL }
};

static CvmOutcome
login_run (CvmContext *context)
{
  const char *user = cvm_context_string (context, "user");
  const char *reference = cvm_context_string (context, "password");
  const char *password = NULL;
  g_autoptr(CvmSsh) ssh = NULL;

  if (*reference != '\0')
    {
      g_autofree char *account = cvm_check_account (context, user);

      password = cvm_context_password (context, account, reference);
      if (password == NULL)
        return cvm_context_fail (context);
    }

  ssh = cvm_context_ssh (context, user, password);

  return ssh != NULL ? CVM_OUTCOME_PASS : cvm_context_fail (context);
}

static CvmOutcome
judge_command (CvmContext           *context,
               const CvmCheckOutput *output,
               int                   status)
{
  int expected = (int)cvm_context_integer (context, "status");
  g_autoptr(GRegex) pattern = cvm_context_pattern (context, "output");
  g_autoptr(GError) error = NULL;

  cvm_context_detail (context, "status", "%d", status);
  cvm_check_output_detail (context, "output", output->out);
  cvm_check_output_detail (context, "errors", output->err);

  if (status != expected)
    return cvm_context_fail_with (context, "the command ended with status %d; expected: %d",
                                  status, expected);

  if (cvm_check_output_matches (pattern, output->out->str, output->out->len, &error))
    return CVM_OUTCOME_PASS;

  if (error != NULL)
    return cvm_context_fail_with (context, "the output could not be searched: %s", error->message);

  return cvm_context_fail_with (context, "the output does not match /%s/",
                                cvm_context_string (context, "output"));
}

static CvmOutcome
command_run (CvmContext *context)
{
  const char *command = cvm_context_string (context, "command");
  g_autoptr(CvmSsh) ssh = cvm_context_ssh (context, cvm_context_string (context, "user"), NULL);
  g_autoptr(CvmCheckOutput) output = cvm_check_output_new ();
  int status;

  if (ssh == NULL)
    return cvm_context_fail (context);

  cvm_context_detail (context, "command", "%s", command);
  cvm_context_waiting (context, "the command ends");
  if (!cvm_ssh_exec (ssh, command, NULL, 0, cvm_check_output_on_stdout, cvm_check_output_on_stderr,
                     output, cvm_context_get_deadline (context),
                     cvm_context_get_cancellable (context), &status, cvm_context_error (context)))
    {
      cvm_check_output_detail (context, "output", output->out);
      cvm_check_output_detail (context, "errors", output->err);
      return cvm_context_fail (context);
    }

  return judge_command (context, output, status);
}

const CvmCheck cvm_check_ssh[] = {
  {
    { "ssh.login", N_("Log in over ssh"),
      N_("Logs in to the guest over ssh and tries again until it answers or the limit is over. A "
         "refused key or password fails at once."),
      login_params, 3 * 60 * 1000 },
    login_run
  },
  {
    { "ssh.command", N_("Run a command over ssh"),
      N_("Runs a command in the guest's shell and passes when it ends with the expected exit "
         "status and its standard output matches the pattern."),
      command_params, 60 * 1000 },
    command_run
  },
  { { NULL } }
};
