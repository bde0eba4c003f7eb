/* cvm-check-ssh.c: the guest over ssh
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <glib/gi18n.h>
#include <string.h>

#include "cvm-check-families.h"
#include "cvm-check-account.h"
#include "cvm-check-output.h"

#define PUT_KEY_COMMAND \
  "umask 077; mkdir -p ~/.ssh && chmod 700 ~/.ssh && cat >> ~/.ssh/authorized_keys && " \
  "chmod 600 ~/.ssh/authorized_keys"

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

static const CvmParam key_params[] = {
  { "user", CVM_PARAM_STRING, "", N_("Account to log in to; empty: the image's own") },
  { "password", CVM_PARAM_PASSWORD, "generated", N_("Where its password comes from") },
  { NULL }
};

/* NULL with the error in the context */
static CvmSsh *
open_by_password (CvmContext *context)
{
  const char *user = cvm_context_string (context, "user");
  g_autofree char *account = cvm_check_account (context, user);
  const char *password = cvm_context_password (context, account,
                                               cvm_context_string (context, "password"));

  return password != NULL ? cvm_context_ssh (context, user, password) : NULL;
}

static CvmOutcome
login_run (CvmContext *context)
{
  gboolean has_password = *cvm_context_string (context, "password") != '\0';
  g_autoptr(CvmSsh) ssh = has_password
                            ? open_by_password (context)
                            : cvm_context_ssh (context, cvm_context_string (context, "user"), NULL);

  return ssh != NULL ? CVM_OUTCOME_PASS : cvm_context_fail (context);
}

/* FALSE with the error in the context */
static gboolean
put_key (CvmContext *context,
         CvmSsh     *ssh)
{
  g_autofree char *key = cvm_context_public_key (context);
  g_autofree char *line = key != NULL ? g_strconcat (key, "\n", NULL) : NULL;
  g_autoptr(CvmCheckOutput) output = cvm_check_output_new ();
  int status;

  if (line == NULL
      || !cvm_ssh_exec (ssh, PUT_KEY_COMMAND, line, strlen (line), NULL, cvm_check_output_on_stderr,
                        output, cvm_context_get_deadline (context),
                        cvm_context_get_cancellable (context), &status,
                        cvm_context_error (context)))
    return FALSE;

  cvm_check_output_detail (context, "errors", output->err);

  return status == 0
         || cvm_context_refuse (context, "the key could not be put into .ssh/authorized_keys: "
                                "status %d", status);
}

static CvmOutcome
key_run (CvmContext *context)
{
  g_autoptr(CvmSsh) by_password = open_by_password (context);
  g_autoptr(CvmSsh) by_key = NULL;

  if (by_password == NULL || !put_key (context, by_password))
    return cvm_context_fail (context);

  by_key = cvm_context_ssh (context, cvm_context_string (context, "user"), NULL);
  if (by_key != NULL)
    return CVM_OUTCOME_PASS;

  cvm_context_blame (context, "the key was put there and does not open");

  return cvm_context_fail (context);
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
    { "ssh.enable-key", N_("Let a key in over ssh"),
      N_("Logs in by the password, puts the public half of the image's key, or of one made for "
         "the job, into the account's authorized_keys, and passes when a login by that key "
         "succeeds. Later cases log in by it."),
      key_params, 3 * 60 * 1000 },
    key_run
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
