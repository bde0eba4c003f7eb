/* test-check-domain.c: the steps before a guest's start, and what is left of them on the host
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <glib/gstdio.h>
#include <string.h>

#include "cvm-checks.h"
#include "cvm-engine-error.h"
#include "cvm-fake-ports.h"
#include "cvm-test-home.h"
#include "cvm-test-run.h"

#define STEP(id, check, stage) "[Precondition " id "]\nCheck=" check "\nstage=" stage "\n"
#define DOMAIN  STEP ("d-made", "domain.xml", "made") STEP ("d-kept", "domain.xml", "kept") \
                STEP ("d-valid", "domain.xml", "valid") STEP ("d-whole", "domain.xml", "complete")
#define NETWORK STEP ("n-made", "network.xml", "made") STEP ("n-kept", "network.xml", "kept") \
                STEP ("n-valid", "network.xml", "valid") STEP ("n-whole", "network.xml", "complete") \
                STEP ("n-defined", "network.active", "defined") STEP ("n-on", "network.active", "active")
#define DEFINE  "[Precondition define]\nCheck=guest.define\n"
#define GUEST   "[Precondition start]\nCheck=guest.start\n[Precondition stop]\nCheck=guest.stop\n" \
                "[Precondition again]\nCheck=guest.start\n"
#define CASE    "[Case login]\nCheck=ssh.login\n"

static CvmGuestSpec seen;   /* of the last guest that was described */

static void
set_up (CvmTestRun    *f,
        gconstpointer  data)
{
  cvm_test_run_set_up (f, data);
  f->find = cvm_checks_find;
  f->lookup = cvm_checks_lookup;
}

static void
assert_nothing_left (void)
{
  g_assert_cmpuint (cvm_fake_n_domains (), ==, 0);
  g_assert_cmpuint (cvm_fake_n_networks (), ==, 0);
}

static void
test_all (CvmTestRun    *f,
          gconstpointer  data)
{
  const CvmJobResult *job = cvm_test_run_suite (f, HEAD DOMAIN NETWORK DEFINE GUEST CASE);
  g_autofree char *acts = cvm_test_run_acts (f);
  g_autofree char *xml = g_build_filename (f->dir, "out", "job-01", "network.xml", NULL);

  g_assert_cmpint (job->status, ==, CVM_STATUS_PASSED);
  g_assert_cmpuint (job->passed, ==, 15);
  g_test_message ("%s", acts);
  g_assert_true (g_file_test (xml, G_FILE_TEST_EXISTS));
  g_assert_nonnull (strstr (acts, "act overlay\nacted overlay ok\nact network\nacted network ok\n"
                                  "act network-start\nacted network-start ok\n"
                                  "act domain\nacted domain ok\nact domain\nacted domain ok\n"));
  g_assert_nonnull (strstr (acts, "act network-remove\nacted network-remove ok\n"));
  assert_nothing_left ();
}

/* The settings of the first case count; those of a later one come too late */
static void
note_spec (const CvmGuestSpec *spec)
{
  seen = *spec;
  seen.mac = g_strdup (spec->mac);
}

static void
test_settings (CvmTestRun    *f,
               gconstpointer  data)
{
  const CvmJobResult *job;

  cvm_fake_world.on_spec = note_spec;
  job = cvm_test_run_suite (f, HEAD "[Precondition d]\nCheck=domain.xml\nmemory=96\ncpus=3\nvideo-memory=2048\n"
                               "mac=52:54:00:00:00:01\n[Precondition e]\nCheck=domain.xml\nmemory=4\n" GUEST CASE);
  g_assert_cmpint (job->status, ==, CVM_STATUS_PASSED);
  g_assert_cmpuint (seen.memory_mib, ==, 96);
  g_assert_cmpuint (seen.cpus, ==, 3);
  g_assert_cmpuint (seen.video_kib, ==, 2048);
  g_assert_cmpstr (seen.mac, ==, "52:54:00:00:00:01");
  g_free (seen.mac);
}

static void
test_incomplete (CvmTestRun    *f,
                 gconstpointer  data)
{
  const CvmJobResult *job = cvm_test_run_suite (f, HEAD "[Precondition d]\nCheck=domain.xml\nmemory=4\n" GUEST CASE);

  g_assert_cmpint (job->status, ==, CVM_STATUS_ENVIRONMENT);
  g_assert_cmpstr (cvm_test_run_point (job, 1)->reason, ==, "the domain has no memory");
  assert_nothing_left ();
}

/* A user's session has no networks: the hypervisor's own NAT is told, and the guest is fine */
static void
test_session (CvmTestRun    *f,
              gconstpointer  data)
{
  const CvmJobResult *job;
  const CvmPoint *point;

  cvm_fake_world.network_is_forbidden = TRUE;
  job = cvm_test_run_suite (f, HEAD NETWORK GUEST CASE);
  point = cvm_test_run_point (job, 6);
  g_assert_cmpint (job->status, ==, CVM_STATUS_PASSED);
  g_assert_cmpstr (((CvmDetail *)point->details->pdata[0])->key, ==, "network");
  g_assert_nonnull (strstr (((CvmDetail *)point->details->pdata[0])->value, "own NAT"));
  assert_nothing_left ();
}

/* Whichever step fails: the host keeps nothing */
static gboolean
refuse_step (const char  *what,
             GError     **error)
{
  if (!g_str_equal (what, cvm_fake_world.exec_output))
    return FALSE;

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "no %s today", what);

  return TRUE;
}

static void
test_refused (CvmTestRun    *f,
              gconstpointer  data)
{
  const CvmJobResult *job;
  const char *reason = NULL;

  cvm_fake_world.exec_output = data;
  cvm_fake_world.touch = refuse_step;
  job = cvm_test_run_suite (f, HEAD NETWORK DEFINE GUEST CASE);
  for (guint i = 0; reason == NULL && i < job->points->len; i++)
    reason = cvm_test_run_point (job, i + 1)->reason;
  g_assert_cmpint (job->status, ==, CVM_STATUS_ENVIRONMENT);
  g_assert_true (g_str_has_suffix (reason, "today"));
  assert_nothing_left ();
}

int
main (int   argc,
      char *argv[])
{
  cvm_test_home_enter ();
  g_test_init (&argc, &argv, NULL);
#define ADD(name, data, test) \
  g_test_add ("/check-domain/" name, CvmTestRun, data, set_up, test, cvm_test_run_tear_down)
  ADD ("all", NULL, test_all);
  ADD ("settings", NULL, test_settings);
  ADD ("incomplete", NULL, test_incomplete);
  ADD ("session", NULL, test_session);
  ADD ("refused/define-network", "define-network", test_refused);
  ADD ("refused/start-network", "start-network", test_refused);
  ADD ("refused/define-domain", "define-domain", test_refused);
  ADD ("refused/start", "start", test_refused);

  return cvm_test_home_run ();
}
