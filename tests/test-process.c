/* test-process.c: programs run within limits, and leave nothing behind
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-process.h"
#include "cvm-limit.h"
#include "cvm-wait.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

#define LIMIT_MS (30 * 1000)
#define SH(script) { "sh", "-c", script, NULL }

typedef struct
{
  GString      *out;
  GString      *err;
  GCancellable *cancellable;
} Got;

static void
on_stdout (const char *bytes,
           gsize       len,
           gpointer    data)
{
  g_string_append_len (((Got *)data)->out, bytes, len);
}

static void
on_stderr (const char *bytes,
           gsize       len,
           gpointer    data)
{
  g_string_append_len (((Got *)data)->err, bytes, len);
}

/* Runs argv, and returns its status or, with an error, -1. */
static int
run (const char *const  *argv,
     gint64              limit_ms,
     Got                *got,
     GError            **error)
{
  CvmProcess process = { .argv = argv, .on_stdout = on_stdout, .on_stderr = on_stderr, .data = got };
  int status = -1;

  got->out = g_string_new (NULL);
  got->err = g_string_new (NULL);
  cvm_process_run (&process, cvm_deadline_in_ms (limit_ms), got->cancellable, &status, error);

  return status;
}

static void
got_clear (Got *got)
{
  g_string_free (got->out, TRUE);
  g_string_free (got->err, TRUE);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Got, got_clear)

static void
assert_no_children (void)
{
  g_assert_cmpint (waitpid (-1, NULL, WNOHANG), ==, -1);
  g_assert_cmpint (errno, ==, ECHILD);
}

static const struct { const char *name, *argv[6]; int status; const char *out, *err; } runs[] = {
  { "both", SH ("echo a; echo b >&2; echo c"), 0, "a\nc\n", "b\n" },
  { "status", SH ("exit 42"), 42, "", "" },
  { "signal", SH ("kill -9 $$"), 128 + SIGKILL, "", "" },
  { "no-shell", { "echo", "$HOME;ls", "*", NULL }, 0, "$HOME;ls *\n", "" },
  { "stdin-empty", { "cat", NULL }, 0, "", "" },
  { "own-group", SH ("test $(ps -o pgid= $$ | tr -d ' ') = $$ && echo own"), 0, "own\n", "" },
  { "late-output", SH ("exec 2>&-; printf x; exec sh -c 'printf y'"), 0, "xy", "" },
  { "closed-output", SH ("exec >&- 2>&-; exit 3"), 3, "", "" },
  { "no-signals-blocked", SH ("kill -TERM $$; echo survived"), 128 + SIGTERM, "", "" },
};

static void
test_run (gconstpointer data)
{
  const typeof (runs[0]) *c = data;
  g_autoptr(GError) error = NULL;
  g_auto(Got) got = { 0 };
  int status = run (c->argv, LIMIT_MS, &got, &error);

  g_assert_no_error (error);
  g_assert_cmpint (status, ==, c->status);
  g_assert_cmpstr (got.out->str, ==, c->out);
  g_assert_cmpstr (got.err->str, ==, c->err);
  assert_no_children ();
}

/* More than any pipe holds, on both at once */
static void
test_much (void)
{
  const char *argv[] = SH ("head -c 3000000 /dev/zero & head -c 2000000 /dev/zero >&2; wait");
  g_autoptr(GError) error = NULL;
  g_auto(Got) got = { 0 };

  g_assert_cmpint (run (argv, LIMIT_MS, &got, &error), ==, 0);
  g_assert_cmpuint (got.out->len, ==, 3000000);
  g_assert_cmpuint (got.err->len, ==, 2000000);
}

static void
test_dropped (void)
{
  const char *argv[] = SH ("head -c 300000 /dev/zero; head -c 300000 /dev/zero >&2; exit 5");
  CvmProcess process = { .argv = argv };
  g_autoptr(GError) error = NULL;
  int status = -1;

  g_assert_true (cvm_process_run (&process, cvm_deadline_in_ms (LIMIT_MS), NULL, &status, &error));
  g_assert_cmpint (status, ==, 5);
}

static void
test_surroundings (void)
{
  const char *argv[] = SH ("pwd; echo $WORD");
  const char *env[] = { "WORD=here", "PATH=/usr/bin:/bin", NULL };
  g_auto(Got) got = { g_string_new (NULL), g_string_new (NULL), NULL };
  CvmProcess process = {
    .argv = argv, .env = env, .cwd = "/", .on_stdout = on_stdout, .data = &got,
  };

  g_assert_true (cvm_process_run (&process, cvm_deadline_in_ms (LIMIT_MS), NULL, NULL, NULL));
  g_assert_cmpstr (got.out->str, ==, "/\nhere\n");
}

static void
test_missing (void)
{
  const char *argv[] = { "no-such-program-here", NULL };
  g_autoptr(GError) error = NULL;
  g_auto(Got) got = { 0 };

  g_assert_cmpint (run (argv, LIMIT_MS, &got, &error), ==, -1);
  g_assert_error (error, G_SPAWN_ERROR, G_SPAWN_ERROR_NOENT);
  assert_no_children ();
}

/* The process is gone (a zombie of init's may still be there for a moment). */
static void
assert_ends (const char *pid_text)
{
  pid_t pid = (pid_t)atoi (pid_text);
  gint64 deadline = cvm_deadline_in_ms (LIMIT_MS);

  g_assert_cmpint (pid, >, 1);

  while (TRUE)
    {
      g_autofree char *path = g_strdup_printf ("/proc/%d/stat", pid);
      g_autofree char *stat = NULL;

      if (kill (pid, 0) != 0 ||
          (g_file_get_contents (path, &stat, NULL, NULL) && strstr (stat, ") Z ") != NULL))
        return;

      g_assert_true (cvm_wait_ms (5, deadline, NULL, NULL));
    }
}

/* The whole group ends, what ignores SIGTERM too; output until then is kept. */
static void
test_deadline (void)
{
  const char *argv[] = SH ("trap '' TERM; sleep 1000 & echo $!; wait; sleep 1000");
  gint64 began = g_get_monotonic_time ();
  g_autoptr(GError) error = NULL;
  g_auto(Got) got = { 0 };

  g_assert_cmpint (run (argv, 1000, &got, &error), ==, -1);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  g_assert_cmpint (g_get_monotonic_time () - began, >=, 3000 * 1000);
  g_assert_cmpint (g_get_monotonic_time () - began, <, LIMIT_MS * 1000);
  assert_ends (got.out->str);
  assert_no_children ();
}

static void
cancel_on_output (const char *bytes,
                  gsize       len,
                  gpointer    data)
{
  on_stdout (bytes, len, data);
  g_cancellable_cancel (((Got *)data)->cancellable);
}

/* Runs argv until its first output, and returns how long it took to end after that, in ms. */
static gint64
cancel (const char *const *argv,
        Got               *got)
{
  CvmProcess process = { .argv = argv, .on_stdout = cancel_on_output, .data = got };
  gint64 began = g_get_monotonic_time ();
  g_autoptr(GError) error = NULL;

  g_assert_false (cvm_process_run (&process, CVM_DEADLINE_NEVER, got->cancellable, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  assert_no_children ();

  return (g_get_monotonic_time () - began) / 1000;
}

/* Who heeds SIGTERM may say good-bye, and need not wait for the grace to end (a machine that is
 * busy gets three tries). */
static void
test_polite (void)
{
  const char *argv[] = SH ("trap 'echo bye; exit 1' TERM; echo up; while :; do sleep 0.05; done");
  gint64 ms = G_MAXINT64;

  for (guint i = 0; i < 3 && ms >= 1900; i++)
    {
      g_autoptr(GCancellable) cancellable = g_cancellable_new ();
      g_auto(Got) got = { g_string_new (NULL), g_string_new (NULL), cancellable };

      ms = cancel (argv, &got);
      g_assert_cmpstr (got.out->str, ==, "up\nbye\n");
    }

  g_assert_cmpint (ms, <, 1900);
}

/* A cancel that came before starts nothing. */
static void
test_cancelled_before (void)
{
  const char *argv[] = { "echo", "up", NULL };
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_auto(Got) got = { g_string_new (NULL), g_string_new (NULL), cancellable };

  g_cancellable_cancel (cancellable);
  cancel (argv, &got);
  g_assert_cmpstr (got.out->str, ==, "");
}

/* A child that the program leaves behind keeps the pipe open; it is not waited for, but ended. */
static void
test_left_behind (void)
{
  const char *argv[] = SH ("sleep 1000 & echo $!");
  g_autoptr(GError) error = NULL;
  g_auto(Got) got = { 0 };

  g_assert_cmpint (run (argv, LIMIT_MS, &got, &error), ==, 0);
  assert_ends (got.out->str);
}

/* Slower than who writes: the pipe is never empty. */
static void
on_much (const char *bytes,
         gsize       len,
         gpointer    data)
{
  GString *out = ((Got *)data)->out;

  if (out->len < 100)
    g_string_append_len (out, bytes, len);
  g_usleep (500);
}

/* One that left the group may write for ever: the call comes back nevertheless. */
static void
test_run_away (void)
{
  g_autofree char *folder = g_dir_make_tmp ("process-XXXXXX", NULL);
  g_autofree char *flag = g_build_filename (folder, "up", NULL);
  g_autofree char *script = g_strdup_printf ("setsid sh -c 'echo $$; touch %s; exec yes' & "
                                             "until test -e %s; do sleep 0.01; done", flag, flag);
  const char *argv[] = SH (script);
  g_autoptr(GError) error = NULL;
  g_auto(Got) got = { g_string_new (NULL), g_string_new (NULL), NULL };
  CvmProcess process = { .argv = argv, .on_stdout = on_much, .data = &got };

  g_assert_true (cvm_process_run (&process, cvm_deadline_in_ms (LIMIT_MS), NULL, NULL, &error));
  g_assert_true (g_ascii_isdigit (got.out->str[0]));
  assert_ends (got.out->str);     /* by SIGPIPE */

  g_unlink (flag);
  g_rmdir (folder);
}

/* A limit that was put off is waited for without turning in circles meanwhile */
static void
test_put_off (void)
{
  gint64 first_us = cvm_deadline_in_ms (100);
  g_autoptr(CvmLimit) limit = cvm_limit_new (first_us);
  const char *argv[] = SH ("sleep 1");
  CvmProcess process = { .argv = argv };
  g_autoptr(GError) error = NULL;
  clock_t before = clock ();

  g_assert_true (cvm_limit_put_off (limit, LIMIT_MS));
  g_assert_true (cvm_process_run (&process, first_us, G_CANCELLABLE (limit), NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpint (clock () - before, <, CLOCKS_PER_SEC / 2);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (runs); i++)
    {
      g_autofree char *path = g_strdup_printf ("/process/run/%s", runs[i].name);

      g_test_add_data_func (path, &runs[i], test_run);
    }

  g_test_add_func ("/process/much", test_much);
  g_test_add_func ("/process/dropped", test_dropped);
  g_test_add_func ("/process/surroundings", test_surroundings);
  g_test_add_func ("/process/missing", test_missing);
  g_test_add_func ("/process/deadline", test_deadline);
  g_test_add_func ("/process/polite", test_polite);
  g_test_add_func ("/process/put-off", test_put_off);
  g_test_add_func ("/process/cancelled-before", test_cancelled_before);
  g_test_add_func ("/process/left-behind", test_left_behind);
  g_test_add_func ("/process/run-away", test_run_away);

  return g_test_run ();
}
