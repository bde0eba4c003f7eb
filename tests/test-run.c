/* test-run.c: runs of small suites on fake ports: outcomes, order, limits, teardown
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>
#include <glib/gstdio.h>

#include "cvm-fake-checks.h"
#include "cvm-fake-ports.h"
#include "cvm-test-home.h"
#include "cvm-test-run.h"

#define WHOLE_LIFE "act overlay\nacted overlay ok\nact domain\nacted domain ok\n" \
                   "act domain-remove\nacted domain-remove ok\nact overlay-remove\nacted overlay-remove ok\n"

/* ---- */

static void
test_passes (CvmTestRun    *f,
             gconstpointer  data)
{
  const CvmJobResult *job = cvm_test_run_suite (f, HEAD START "[Case a]\nCheck=fake.ssh\n[Case b]\nCheck=fake.http\n");
  g_autofree char *done = cvm_test_run_acts (f);

  g_assert_cmpint (cvm_run_get_status (f->run), ==, CVM_STATUS_PASSED);
  g_assert_cmpuint (job->passed, ==, 3);
  g_assert_cmpuint (job->failed + job->skipped, ==, 0);
  g_assert_cmpstr (done, ==, WHOLE_LIFE);
  g_assert_cmpuint (cvm_fake_n_domains (), ==, 0);
}

static void
test_independent (CvmTestRun    *f,
                  gconstpointer  data)
{
  const CvmJobResult *job = cvm_test_run_suite (f, HEAD START "[Case a]\nCheck=fake.fail\n[Case b]\nCheck=fake.pass\n"
                                       "[Case c]\nCheck=fake.pass\nNeeds=a\n");

  g_assert_cmpint (cvm_run_get_status (f->run), ==, CVM_STATUS_FAILED);
  g_assert_cmpint (cvm_test_run_point (job, 2)->outcome, ==, CVM_OUTCOME_FAIL);
  g_assert_cmpint (cvm_test_run_point (job, 3)->outcome, ==, CVM_OUTCOME_PASS);
  g_assert_cmpint (cvm_test_run_point (job, 4)->outcome, ==, CVM_OUTCOME_SKIP);
  g_assert_cmpstr (cvm_test_run_point (job, 4)->reason, ==, "needs a, which failed: as it was told");
}

static void
test_precondition (CvmTestRun    *f,
                   gconstpointer  data)
{
  const CvmJobResult *job = cvm_test_run_suite (f, HEAD START "[Precondition up]\nCheck=fake.fail\n[Case a]\nCheck=fake.pass\n");
  g_autofree char *done = cvm_test_run_acts (f);

  g_assert_cmpint (cvm_run_get_status (f->run), ==, CVM_STATUS_ENVIRONMENT);
  g_assert_cmpint (cvm_test_run_point (job, 3)->outcome, ==, CVM_OUTCOME_SKIP);
  g_assert_cmpstr (cvm_test_run_point (job, 3)->reason, ==, "precondition up failed");
  g_assert_cmpstr (done, ==, WHOLE_LIFE);
}

static void
test_host_away (CvmTestRun    *f,
                gconstpointer  data)
{
  const CvmJobResult *job;

  cvm_fake_world.host_refuses = TRUE;
  job = cvm_test_run_suite (f, HEAD START "[Case a]\nCheck=fake.pass\n");

  g_assert_cmpint (cvm_run_get_status (f->run), ==, CVM_STATUS_ENVIRONMENT);
  g_assert_cmpstr (cvm_test_run_point (job, 1)->reason, ==, "fake:///world: connection refused");
  g_assert_cmpint (cvm_test_run_point (job, 2)->outcome, ==, CVM_OUTCOME_SKIP);
  g_assert_cmpstr (cvm_test_run_point (job, 2)->reason, ==, "precondition start failed");
}

static void
test_host_hangs (CvmTestRun    *f,
                 gconstpointer  data)
{
  const CvmJobResult *job;

  cvm_fake_world.host_hangs = TRUE;
  job = cvm_test_run_suite (f, HEAD START "Timeout=1s\n[Case a]\nCheck=fake.pass\n");

  g_assert_cmpint (cvm_run_get_status (f->run), ==, CVM_STATUS_ENVIRONMENT);
  g_assert_true (g_str_has_prefix (cvm_test_run_point (job, 1)->reason, "not within 1 s"));
  g_assert_cmpint (cvm_test_run_point (job, 1)->ms, >=, 1000);
}

static void
test_remote_host (CvmTestRun    *f,
                  gconstpointer  data)
{
  const CvmJobResult *job;

  cvm_fake_world.is_remote = TRUE;
  job = cvm_test_run_suite (f, HEAD START PASS);

  g_assert_cmpint (cvm_run_get_status (f->run), ==, CVM_STATUS_ENVIRONMENT);
  g_assert_nonnull (strstr (cvm_test_run_point (job, 1)->reason, "another machine"));
}

static void
test_start_hangs (CvmTestRun    *f,
                  gconstpointer  data)
{
  g_autofree char *done = NULL;

  cvm_fake_world.start_hangs = TRUE;
  cvm_test_run_suite (f, HEAD START "Timeout=1s\n" PASS);
  done = cvm_test_run_acts (f);

  g_assert_cmpint (cvm_run_get_status (f->run), ==, CVM_STATUS_ENVIRONMENT);
  g_assert_cmpstr (done, ==, "act overlay\nacted overlay ok\nact domain\nacted domain failed\n"
                   "act domain-remove\nacted domain-remove ok\nact overlay-remove\nacted overlay-remove ok\n");
  g_assert_cmpuint (cvm_fake_n_domains (), ==, 0);
}

/* A host that is lost in the middle is blamed once, and its guest's disk is not taken from it */
static void
test_teardown_fails (CvmTestRun    *f,
                     gconstpointer  data)
{
  g_autofree char *done = NULL;

  cvm_fake_world.destroy_fails = TRUE;
  cvm_test_run_suite (f, HEAD START "[Case a]\nCheck=fake.pass\n");
  done = cvm_test_run_acts (f);

  g_assert_nonnull (strstr (done, "acted domain-remove failed\n"));
  g_assert_null (strstr (done, "overlay-remove"));
  g_assert_cmpuint (cvm_fake_n_domains (), ==, 1);
  g_atomic_int_set (&cvm_fake_world.n_running, 0);
}

static void
test_ssh_retries (CvmTestRun    *f,
                  gconstpointer  data)
{
  cvm_fake_world.ssh_refusals = 3;
  cvm_test_run_suite (f, HEAD START "[Case a]\nCheck=fake.ssh\n");
  g_assert_cmpint (cvm_run_get_status (f->run), ==, CVM_STATUS_PASSED);
}

/* A forwarded port accepts before the guest listens: one silent try must not eat the limit */
static void
test_ssh_silent_first (CvmTestRun    *f,
                       gconstpointer  data)
{
  cvm_fake_world.ssh_silences = 1;
  cvm_test_run_suite (f, HEAD START "[Case a]\nCheck=fake.ssh\nTimeout=8s\n");
  g_assert_cmpint (cvm_run_get_status (f->run), ==, CVM_STATUS_PASSED);
}

static void
test_ssh_never (CvmTestRun    *f,
                gconstpointer  data)
{
  const CvmJobResult *job;

  cvm_fake_world.ssh_refusals = G_MAXINT;
  job = cvm_test_run_suite (f, HEAD START "[Case a]\nCheck=fake.ssh\nTimeout=1s\n");
  g_assert_cmpstr (cvm_test_run_point (job, 2)->reason, ==, "not within 1 s: ssh as root: connection refused");
}

static void
test_ssh_denied (CvmTestRun    *f,
                 gconstpointer  data)
{
  const CvmJobResult *job;

  cvm_fake_world.ssh_denies = TRUE;
  job = cvm_test_run_suite (f, HEAD START "[Case a]\nCheck=fake.ssh\n");
  g_assert_cmpstr (cvm_test_run_point (job, 2)->reason, ==, "ssh as root: the key was refused");
}

static void
test_cancel (CvmTestRun    *f,
             gconstpointer  data)
{
  const CvmJobResult *job;
  g_autofree char *done = NULL;

  f->cancel_after = 2;
  job = cvm_test_run_suite (f, HEAD START "[Case a]\nCheck=fake.hang\n[Case b]\nCheck=fake.pass\n");
  done = cvm_test_run_acts (f);

  g_assert_cmpint (cvm_run_get_status (f->run), ==, CVM_STATUS_CANCELLED);
  g_assert_cmpint (cvm_test_run_point (job, 2)->outcome, ==, CVM_OUTCOME_CANCELLED);
  g_assert_cmpint (cvm_test_run_point (job, 3)->outcome, ==, CVM_OUTCOME_SKIP);
  g_assert_cmpstr (cvm_test_run_point (job, 3)->reason, ==, "cancelled");
  g_assert_cmpstr (done, ==, WHOLE_LIFE);
  g_assert_cmpuint (cvm_fake_n_domains (), ==, 0);
}

static void
test_cancel_while_starting (CvmTestRun    *f,
                            gconstpointer  data)
{
  cvm_fake_world.start_hangs = TRUE;
  f->cancel_after = 1;
  cvm_test_run_suite (f, HEAD START PASS);

  g_assert_cmpint (cvm_run_get_status (f->run), ==, CVM_STATUS_CANCELLED);
  g_assert_cmpuint (cvm_fake_n_domains (), ==, 0);
}

static void
test_restart_after_stop (CvmTestRun    *f,
                         gconstpointer  data)
{
  cvm_test_run_suite (f, HEAD START "[Case off]\nCheck=fake.stop\n[Case lost]\nCheck=fake.ssh\n"
             "[Case on]\nCheck=fake.start\n[Case back]\nCheck=fake.ssh\n");
  const CvmJobResult *job = cvm_result_job (cvm_run_get_result (f->run), 0);

  g_assert_cmpint (cvm_test_run_point (job, 2)->outcome, ==, CVM_OUTCOME_PASS);
  g_assert_cmpint (cvm_test_run_point (job, 3)->outcome, ==, CVM_OUTCOME_FAIL);
  g_assert_cmpstr (cvm_test_run_point (job, 3)->reason, ==, "no guest runs: it needs a guest.start before it");
  g_assert_cmpint (cvm_test_run_point (job, 4)->outcome, ==, CVM_OUTCOME_PASS);
  g_assert_cmpint (cvm_test_run_point (job, 5)->outcome, ==, CVM_OUTCOME_PASS);

  /* on the disk that it had */
  g_autofree char *done = cvm_test_run_acts (f);
  const char *overlay = strstr (done, "act overlay\n");

  g_assert_nonnull (overlay);
  g_assert_null (strstr (overlay + 1, "act overlay\n"));
}

static const struct
{
  const char *name, *text, *status, *reason;
  CvmOutcome  outcome;
  guint       children;
} tap_cases[] = {
  { "passes",    "1..2\\nok 1 - one\\nok 2 - two\\n", "0", NULL, CVM_OUTCOME_PASS, 2 },
  { "fails",     "1..2\\nok 1\\nnot ok 2 - bad\\n",   "0", "1 of 2 points failed", CVM_OUTCOME_FAIL, 2 },
  { "short",     "1..3\\nok 1\\n",                    "0", "its TAP is not whole: planned 3, printed 1", CVM_OUTCOME_FAIL, 1 },
  { "status",    "1..1\\nok 1\\n",                    "7", "its points pass, but it ended with status 7", CVM_OUTCOME_FAIL, 1 },
  { "bails-out", "1..2\\nok 1\\nBail out! no disk\\n", "0", "it bailed out: no disk", CVM_OUTCOME_FAIL, 1 },
  { "skips-all", "1..0 # SKIP no printer\\n",         "0", "no printer", CVM_OUTCOME_SKIP, 0 },
  { "nothing",   "",                                  "0", "its TAP is not whole: planned 0, printed 0", CVM_OUTCOME_FAIL, 0 },
  { "todo",      "1..1\\nnot ok 1 # TODO later\\n",   "0", NULL, CVM_OUTCOME_PASS, 1 },
};

static void
test_tap (CvmTestRun    *f,
          gconstpointer  data)
{
  const typeof (tap_cases[0]) *c = data;
  g_autofree char *text = g_strdup_printf (HEAD "[Case t]\nCheck=fake.tap\ntext=%s\nstatus=%s\n", c->text, c->status);
  const CvmPoint *t = cvm_test_run_point (cvm_test_run_suite (f, text), 1);

  g_assert_cmpint (t->outcome, ==, c->outcome);
  g_assert_cmpstr (t->reason, ==, c->reason);
  g_assert_cmpuint (t->children != NULL ? t->children->len : 0, ==, c->children);
}

static void
test_tap_diagnostics (CvmTestRun    *f,
                      gconstpointer  data)
{
  const CvmPoint *t = cvm_test_run_point (cvm_test_run_suite (f, HEAD "[Case t]\nCheck=fake.tap\n"
                                        "text=1..1\\nnot ok 1 - bad\\n\\s\\s---\\n\\s\\swant: 1\\n\\s\\s\\s\\sgot: 2\\n\\s\\s...\\n\n"), 1);
  const CvmPoint *bad = g_ptr_array_index (t->children, 0);
  const CvmDetail *detail = g_ptr_array_index (bad->details, 0);

  g_assert_cmpstr (bad->title, ==, "bad");
  g_assert_cmpstr (detail->key, ==, "diagnostics");
  g_assert_cmpstr (detail->value, ==, "want: 1\n  got: 2");
}

static void
test_parallel (CvmTestRun    *f,
               gconstpointer  data)
{
  g_autoptr(CvmSuite) suite = cvm_test_run_new_suite (f, HEAD START "[Case a]\nCheck=fake.ssh\n");
  g_autoptr(CvmImage) image = cvm_test_run_new_image (f);
  g_autoptr(CvmPlan) plan = cvm_plan_new ();

  for (int i = 0; i < 5; i++)
    cvm_plan_add_job (plan, image, "fake:///world", "qemu", suite);

  cvm_plan_set_parallel (plan, 2);
  cvm_test_run_plan (f, plan);

  g_assert_cmpint (cvm_run_get_status (f->run), ==, CVM_STATUS_PASSED);
  g_assert_cmpuint (cvm_result_n_jobs (cvm_run_get_result (f->run)), ==, 5);
  g_assert_cmpint (cvm_fake_world.max_running, <=, 2);
  g_assert_cmpuint (cvm_fake_n_domains (), ==, 0);

  g_autoptr(GPtrArray) records = cvm_test_run_journal (f);
  guint n_ends = 0;

  for (guint i = 0; i < records->len; i++)
    n_ends += ((const CvmRecord *)g_ptr_array_index (records, i))->type == CVM_RECORD_RUN_END;
  g_assert_cmpuint (n_ends, ==, 1);
}

static const char *const kvm_and_qemu[] = { "kvm", "qemu", NULL };

/* kvm is offered and silent: the guest comes up under qemu, and the report says why */
static void
test_auto_falls_back (CvmTestRun    *f,
                      gconstpointer  data)
{
  const CvmJobResult *job;

  cvm_fake_world.hypervisors = kvm_and_qemu;
  cvm_fake_world.silent_hypervisor = "kvm";
  job = cvm_test_run_suite (f, HEAD START PASS);

  g_assert_cmpint (cvm_run_get_status (f->run), ==, CVM_STATUS_PASSED);
  g_assert_true (g_str_has_prefix (cvm_test_run_fact (job, "hypervisor"), "qemu (kvm: "));
  g_assert_cmpuint (cvm_fake_n_domains (), ==, 0);
}

/* With a kernel to try, a guest of the probe's own finds out, and is gone before the job's starts */
static void
test_auto_probes (CvmTestRun    *f,
                  gconstpointer  data)
{
  g_autoptr(CvmSuite) suite = cvm_test_run_new_suite (f, HEAD START PASS);
  g_autoptr(CvmImage) image = cvm_test_run_new_kernel_image (f);
  g_autoptr(CvmPlan) plan = cvm_plan_new ();
  g_autofree char *done = NULL;

  cvm_fake_world.hypervisors = kvm_and_qemu;
  cvm_fake_world.silent_hypervisor = "kvm";
  cvm_plan_add_job (plan, image, "fake:///world", "auto", suite);
  cvm_test_run_plan (f, plan);
  done = cvm_test_run_acts (f);

  g_assert_cmpint (cvm_run_get_status (f->run), ==, CVM_STATUS_PASSED);
  g_assert_cmpstr (cvm_test_run_fact (cvm_result_job (cvm_run_get_result (f->run), 0), "hypervisor"), ==,
                   "qemu (kvm: a probe guest's kernel said nothing within 0.3 s)");
  g_assert_cmpstr (done, ==, "act domain\nacted domain ok\nact domain-remove\nacted domain-remove ok\n"
                   "act domain\nacted domain ok\nact domain-remove\nacted domain-remove ok\n");
}

/* What was found before is not asked again */
static void
test_auto_remembers (CvmTestRun    *f,
                     gconstpointer  data)
{
  const CvmJobResult *job;

  cvm_fake_world.hypervisors = kvm_and_qemu;
  job = cvm_test_run_suite (f, HEAD START PASS);
  g_assert_true (g_str_has_prefix (cvm_test_run_fact (job, "hypervisor"), "kvm ("));
  g_clear_object (&f->run);

  g_autofree char *out = g_build_filename (f->dir, "out", NULL);

  cvm_test_remove_tree (out);
  cvm_fake_world.silent_hypervisor = "kvm";   /* a new probe would find this out */
  job = cvm_test_run_suite (f, HEAD START PASS);
  g_assert_true (g_str_has_prefix (cvm_test_run_fact (job, "hypervisor"), "kvm ("));
  g_assert_nonnull (strstr (cvm_test_run_fact (job, "hypervisor"), "found earlier"));
}

static void
test_hypervisor_asked (CvmTestRun    *f,
                       gconstpointer  data)
{
  const CvmJobResult *job = cvm_test_run_suite_on (f, HEAD START PASS, "xen");

  g_assert_cmpint (cvm_run_get_status (f->run), ==, CVM_STATUS_ENVIRONMENT);
  g_assert_cmpstr (cvm_test_run_point (job, 1)->reason, ==, "fake:///world offers no xen; it offers: qemu");
}

/* ---- */

#define ADD(name, func) \
  g_test_add ("/run/" name, CvmTestRun, NULL, cvm_test_run_set_up, func, cvm_test_run_tear_down)

int
main (int    argc,
      char **argv)
{
  cvm_test_home_enter ();
  g_test_init (&argc, &argv, NULL);

  ADD ("passes", test_passes);
  ADD ("independent", test_independent);
  ADD ("precondition", test_precondition);
  ADD ("host-away", test_host_away);
  ADD ("host-hangs", test_host_hangs);
  ADD ("remote-host", test_remote_host);
  ADD ("start-hangs", test_start_hangs);
  ADD ("teardown-fails", test_teardown_fails);
  ADD ("ssh-retries", test_ssh_retries);
  ADD ("ssh-silent-first", test_ssh_silent_first);
  ADD ("ssh-never", test_ssh_never);
  ADD ("ssh-denied", test_ssh_denied);
  ADD ("cancel", test_cancel);
  ADD ("cancel-while-starting", test_cancel_while_starting);
  ADD ("restart-after-stop", test_restart_after_stop);
  ADD ("tap-diagnostics", test_tap_diagnostics);
  ADD ("parallel", test_parallel);
  ADD ("auto-falls-back", test_auto_falls_back);
  ADD ("auto-probes", test_auto_probes);
  ADD ("auto-remembers", test_auto_remembers);
  ADD ("hypervisor-asked", test_hypervisor_asked);

  for (gsize i = 0; i < G_N_ELEMENTS (tap_cases); i++)
    {
      g_autofree char *path = g_strconcat ("/run/tap/", tap_cases[i].name, NULL);

      g_test_add (path, CvmTestRun, &tap_cases[i], cvm_test_run_set_up, test_tap, cvm_test_run_tear_down);
    }

  return cvm_test_home_run ();
}
