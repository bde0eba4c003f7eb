/* cvm-check-exec.c: programs that print TAP, on the host and in the guest
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <glib/gi18n.h>

#include "cvm-check-families.h"
#include "cvm-check-output.h"
#include "cvm-file.h"
#include "cvm-process.h"

#define SCRIPT_MAX (1024 * 1024)   /* bytes of a script that is sent into the guest */

static const CvmParam exec_params[] = {
  { "argv", CVM_PARAM_ARGV, NULL, N_("The program and its arguments, separated by semicolons") },
  { "folder", CVM_PARAM_FILE, ".", N_("Where it runs; relative to the suite's folder") },
  { NULL }
};

static const CvmParam guest_params[] = {
  { "script", CVM_PARAM_FILE, "", N_("Shell script of the host that is sent into the guest") },
  { "command", CVM_PARAM_STRING, "", N_("Or: what the guest's shell is to run") },
  { "user", CVM_PARAM_STRING, "", N_("Account to log in to; empty: the image's own") },
  { NULL }
};

/* Where the output of a TAP program goes: standard output is TAP, standard error is kept */
typedef struct
{
  CvmContext     *context;
  CvmCheckOutput *output;
} Sink;

static void
on_tap (const char *bytes,
        gsize       len,
        gpointer    data)
{
  Sink *sink = data;

  cvm_context_tap_feed (sink->context, bytes, len);
}

static void
on_errors (const char *bytes,
           gsize       len,
           gpointer    data)
{
  Sink *sink = data;

  cvm_check_output_on_stderr (bytes, len, sink->output);
}

static CvmOutcome
sink_end (Sink     *sink,
          gboolean  ended,
          int       status)
{
  cvm_check_output_detail (sink->context, "errors", sink->output->err);

  return ended ? cvm_context_tap_end (sink->context, status) : cvm_context_fail (sink->context);
}

static CvmOutcome
exec_run (CvmContext *context)
{
  g_auto(GStrv) argv = cvm_context_list (context, "argv");
  g_autofree char *folder = cvm_context_file (context, "folder");
  g_autoptr(CvmCheckOutput) output = cvm_check_output_new ();
  Sink sink = { context, output };
  CvmProcess process = {
    .argv = (const char *const *)argv,
    .cwd = folder,
    .on_stdout = on_tap,
    .on_stderr = on_errors,
    .data = &sink,
  };
  gboolean ended;
  int status = -1;

  if (argv[0] == NULL)
    return cvm_context_fail_with (context, "argv is empty: name a program");

  cvm_context_waiting (context, "%s ends", argv[0]);
  ended = cvm_process_run (&process, cvm_context_get_deadline (context),
                           cvm_context_get_cancellable (context), &status,
                           cvm_context_error (context));

  return sink_end (&sink, ended, status);
}

static CvmOutcome
run_in_guest (CvmContext *context,
              const char *command,
              const char *input,
              gsize       input_len)
{
  g_autoptr(CvmSsh) ssh = cvm_context_ssh (context, cvm_context_string (context, "user"), NULL);
  g_autoptr(CvmCheckOutput) output = cvm_check_output_new ();
  Sink sink = { context, output };
  gboolean ended;
  int status = -1;

  if (ssh == NULL)
    return cvm_context_fail (context);

  cvm_context_waiting (context, "the guest's program ends");
  ended = cvm_ssh_exec (ssh, command, input, input_len, on_tap, on_errors, &sink,
                        cvm_context_get_deadline (context), cvm_context_get_cancellable (context),
                        &status, cvm_context_error (context));

  return sink_end (&sink, ended, status);
}

static CvmOutcome
guest_run (CvmContext *context)
{
  const char *command = cvm_context_string (context, "command");
  gboolean has_script = *cvm_context_string (context, "script") != '\0';
  g_autofree char *path = NULL;
  g_autofree char *script = NULL;
  gsize len;

  if (has_script == (*command != '\0'))
    return cvm_context_fail_with (context, "set either script or command");

  if (!has_script)
    return run_in_guest (context, command, NULL, 0);

  path = cvm_context_file (context, "script");
  script = cvm_file_read (path, SCRIPT_MAX, &len, cvm_context_error (context));
  if (script == NULL)
    return cvm_context_fail (context);

  return run_in_guest (context, "sh", script, len);
}

const CvmCheck cvm_check_exec[] = {
  {
    { "tap.exec", N_("Run a test program on the host"),
      N_("Runs a program of this host that prints TAP; its points become subtests as they arrive. "
         "Only a suite that is installed, is one of the user's own, or was allowed to may do so."),
      exec_params, 10 * 60 * 1000, TRUE },
    exec_run
  },
  {
    { "tap.guest", N_("Run a test program in the guest"),
      N_("Sends a shell script into the guest, or runs a command there, over ssh. What it prints "
         "is TAP; its points become subtests as they arrive."),
      guest_params, 10 * 60 * 1000 },
    guest_run
  },
  { { NULL } }
};
