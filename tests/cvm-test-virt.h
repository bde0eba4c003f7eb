/* cvm-test-virt.h: what the tests of virt/ share: a job's thread, a libvirt of their own
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <glib.h>
#include <signal.h>

#include "cvm-process.h"
#include "cvm-virt-call.h"
#include "cvm-wait.h"

/* A job's thread beside a main thread that runs the default context, as in the programs */

typedef struct
{
  void        (*body) (gconstpointer data);
  gconstpointer data;
  gint          is_done;
} CvmTestJob;

static gpointer
cvm_test_run_job (gpointer data)
{
  CvmTestJob *job = data;

  job->body (job->data);
  g_atomic_int_set (&job->is_done, 1);
  g_main_context_wakeup (NULL);

  return NULL;
}

static inline void
cvm_test_in_job (void        (*body) (gconstpointer data),
                 gconstpointer data)
{
  CvmTestJob job = { body, data, 0 };
  GThread *thread = g_thread_new ("job", cvm_test_run_job, &job);

  while (!g_atomic_int_get (&job.is_done))
    g_main_context_iteration (NULL, TRUE);

  g_thread_join (thread);
}

/* Lets the main context run until nothing of virt/ is under way. Fails when it hangs. */
static inline void
cvm_test_settle_body (gconstpointer data)
{
  g_assert_true (cvm_virt_settle (cvm_deadline_in_ms (30000)));
}

static inline void
cvm_test_settle (void)
{
  cvm_test_in_job (cvm_test_settle_body, NULL);
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static inline void
cvm_test_drop_log (const char     *domain,
                   GLogLevelFlags  level,
                   const char     *message,
                   gpointer        data)
{
}

typedef struct
{
  const char *name;
  void      (*body) (gconstpointer data);   /* in a job's thread */
} CvmTestCase;

static inline void
cvm_test_run_case (gconstpointer data)
{
  const CvmTestCase *c = data;

  cvm_test_in_job (c->body, NULL);
  cvm_test_settle ();
}

static inline void
cvm_test_add_cases (const char        *of,
                    const CvmTestCase *cases,
                    gsize              n_cases,
                    GTestDataFunc      run)
{
  /* libvirt-glib tells every change of a watch */
  g_log_set_handler (NULL, G_LOG_LEVEL_DEBUG, cvm_test_drop_log, NULL);

  for (gsize i = 0; i < n_cases; i++)
    {
      g_autofree char *path = g_strdup_printf ("/%s/%s", of, cases[i].name);

      g_test_add_data_func (path, &cases[i], run);
    }
}

/* Starts a session daemon with virsh: libvirt would fork the test, and the child of a program under
 * ASan that has threads can hang */
static inline void
cvm_test_start_daemon (void)
{
  g_auto(GStrv) env = g_environ_setenv (g_get_environ (), "LIBVIRT_AUTOSTART", "1", TRUE);
  const char *const argv[] = { "virsh", "-q", "-c", "qemu:///session", "uri", NULL };
  CvmProcess process = { .argv = argv, .env = (const char *const *)env };
  int status = -1;

  cvm_process_run (&process, cvm_deadline_in_ms (60000), NULL, &status, NULL);
  g_assert_cmpint (status, ==, 0);
}

/* Folders for a session daemon of the test's own */
static inline char *
cvm_test_own_session (void)
{
  char *dir = g_dir_make_tmp ("cvm-virt-XXXXXX", NULL);

  g_assert_nonnull (dir);
  g_setenv ("XDG_RUNTIME_DIR", dir, TRUE);
  g_setenv ("XDG_CONFIG_HOME", dir, TRUE);
  g_setenv ("XDG_CACHE_HOME", dir, TRUE);
  g_setenv ("XDG_DATA_HOME", dir, TRUE);
  g_setenv ("LIBVIRT_AUTOSTART", "0", TRUE);

  return dir;
}

/* The process id that DAEMON ("libvirtd", "virtlogd") wrote down, or 0 */
static inline int
cvm_test_daemon_pid (const char *dir,
                     const char *daemon)
{
  g_autofree char *name = g_strconcat (daemon, ".pid", NULL);
  g_autofree char *path = g_build_filename (dir, "libvirt", name, NULL);
  g_autofree char *text = NULL;

  return g_file_get_contents (path, &text, NULL, NULL) ? (int)g_ascii_strtoll (text, NULL, 10) : 0;
}

static inline void
cvm_test_end_daemon (const char *dir,
                     const char *daemon)
{
  int pid = cvm_test_daemon_pid (dir, daemon);
  gint64 deadline_us = cvm_deadline_in_ms (10000);

  if (pid <= 0 || kill (pid, SIGTERM) < 0)
    return;

  while (kill (pid, 0) == 0 && cvm_wait_ms (20, deadline_us, NULL, NULL)
         && cvm_test_daemon_pid (dir, daemon) == pid)
    ;
}

/* Ends the daemons of the test's own, and removes their folders. Takes DIR. */
static inline void
cvm_test_end_session (char *dir)
{
  const char *const remove[] = { "rm", "-rf", "--", dir, NULL };
  CvmProcess process = { .argv = remove };
  int status;

  cvm_test_end_daemon (dir, "libvirtd");
  cvm_test_end_daemon (dir, "virtlogd");
  cvm_process_run (&process, cvm_deadline_in_ms (10000), NULL, &status, NULL);
  g_free (dir);
}
