/* test-job.c: a job whose journal, host, hypervisor or guest fails it at any moment
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>
#include <glib/gstdio.h>

#include "cvm-engine-error.h"
#include "cvm-film.h"
#include "cvm-fake-checks.h"
#include "cvm-fake-ports.h"
#include "cvm-paths.h"
#include "cvm-test-home.h"
#include "cvm-test-run.h"

#define LONG START "[Case a]\nCheck=fake.ssh\n[Case off]\nCheck=fake.stop\n[Case on]\nCheck=fake.start\n"

/* The disk ----------------------------------------------------------------------------------- */

/* What happened, in order: "overlay", "start"… and "disk-failed" */
static struct
{
  GMutex    lock;
  GCond     changed;
  GString  *log;
  guint     n_syncs, fails_at;   /* 0: never */
  guint     n_touches, cancels_at, refuses_at;
  const char *refuses;           /* what is refused; NULL: anything */
  int       code;                /* with which CvmEngineError */
  const char *kernel;            /* that runs here; NULL: the real one */
  CvmRun  **run;
  gboolean  is_slow;             /* the next sync waits for the main thread */
  gboolean  is_waiting, is_released, was_released;
} events;

/* The main thread is told, and has three seconds to go on */
static void
wait_for_main_locked (void)
{
  gint64 end_us = g_get_monotonic_time () + 3 * G_TIME_SPAN_SECOND;

  events.is_slow = FALSE;
  events.is_waiting = TRUE;
  g_cond_broadcast (&events.changed);
  while (!events.is_released && g_cond_wait_until (&events.changed, &events.lock, end_us))
    ;
  events.was_released = events.is_released;
}

/* Instead of the C library's, for the journal */
int
fdatasync (int fd)
{
  gboolean fails;

  g_mutex_lock (&events.lock);
  fails = ++events.n_syncs == events.fails_at;
  if (events.is_slow)
    wait_for_main_locked ();
  if (fails)
    g_string_append (events.log, "disk-failed\n");
  g_mutex_unlock (&events.lock);

  if (!fails)
    return syscall (SYS_fdatasync, fd);

  errno = EIO;

  return -1;
}

/* Instead of the C library's, for what is remembered of a kernel */
int
uname (struct utsname *name)
{
  int result = syscall (SYS_uname, name);

  if (events.kernel != NULL)
    g_strlcpy (name->release, events.kernel, sizeof name->release);

  return result;
}

static gboolean
touch (const char  *what,
       GError     **error)
{
  gboolean is_refused, is_cancel;

  g_mutex_lock (&events.lock);
  g_string_append_printf (events.log, "%s\n", what);
  if (events.refuses == NULL || g_str_equal (events.refuses, what))
    events.n_touches++;
  is_refused = events.n_touches == events.refuses_at && g_strcmp0 (events.refuses, what) == 0;
  is_cancel = events.cancels_at != 0 && events.n_touches == events.cancels_at;
  g_mutex_unlock (&events.lock);

  if (is_cancel)
    cvm_run_cancel (*events.run);
  if (is_refused)
    g_set_error (error, CVM_ENGINE_ERROR, events.code, "the fake %s is refused", what);

  return is_refused;
}

static void
set_up (CvmTestRun    *f,
        gconstpointer  data)
{
  cvm_test_run_set_up (f, data);
  cvm_fake_world.touch = touch;
  events.log = g_string_new (NULL);
  events.n_syncs = events.fails_at = events.n_touches = events.cancels_at = events.refuses_at = 0;
  events.refuses = events.kernel = NULL;
  events.code = CVM_ENGINE_ERROR_REFUSED;
  events.run = &f->run;
  events.is_slow = events.is_waiting = events.is_released = events.was_released = FALSE;
}

static void
tear_down (CvmTestRun    *f,
           gconstpointer  data)
{
  events.fails_at = events.cancels_at = 0;
  cvm_test_run_tear_down (f, data);
  g_string_free (events.log, TRUE);
}

static void
forget_events (void)
{
  g_string_truncate (events.log, 0);
  events.n_syncs = events.n_touches = 0;
}

static gboolean
has_overlay (CvmTestRun *f)
{
  g_autofree char *path = g_build_filename (f->dir, "out", "job-01", "disk.qcow2", NULL);

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

/* The journal -------------------------------------------------------------------------------- */

/* Each write that must reach the disk fails in turn, and only that one: the run ends with a
 * fault, nothing is made after it, and nothing stays */
static void
test_journal_fails (CvmTestRun    *f,
                    gconstpointer  data)
{
  guint n;

  cvm_test_run_suite (f, HEAD LONG);
  g_assert_cmpint (cvm_run_get_status (f->run), ==, CVM_STATUS_PASSED);
  n = events.n_syncs;
  g_assert_cmpuint (n, >, 10);

  for (guint at = 1; at <= n; at++)
    {
      const char *after;

      cvm_test_run_again (f);
      forget_events ();
      events.fails_at = at;
      cvm_test_run_suite (f, HEAD LONG);
      after = strstr (events.log->str, "disk-failed");
      g_assert_nonnull (after);
      g_assert_null (strstr (after, "overlay"));
      g_assert_null (strstr (after, "start"));
      g_assert_cmpint (cvm_run_get_status (f->run), ==, CVM_STATUS_FAULT);
      if (at + 1 < n)   /* of job.end and run.end */
        g_assert_cmpint (cvm_result_job (cvm_run_get_result (f->run), 0)->status, ==, CVM_STATUS_FAULT);
      g_assert_cmpuint (cvm_fake_n_domains (), ==, 0);
      g_assert_false (has_overlay (f));
    }
}

/* One job's journal fails: the other, that is stopped for it, was not cancelled by anybody */
static void
test_journal_fails_all (CvmTestRun    *f,
                        gconstpointer  data)
{
  g_autoptr(CvmSuite) suite = cvm_test_run_new_suite (f, HEAD START "[Case h]\nCheck=fake.hang\n");
  g_autoptr(CvmImage) image = cvm_test_run_new_image (f);
  g_autoptr(CvmPlan) plan = cvm_plan_new ();

  for (int i = 0; i < 2; i++)
    cvm_plan_add_job (plan, image, "fake:///world", "qemu", suite);

  events.fails_at = 10;   /* of ten: both starts, each with its overlay, domain and end */
  cvm_test_run_plan (f, plan);
  g_assert_cmpint (cvm_run_get_status (f->run), ==, CVM_STATUS_FAULT);
  g_assert_cmpuint (cvm_fake_n_domains (), ==, 0);
}

/* While a job waits for a slow disk the main thread goes on */
static void
test_slow_disk (CvmTestRun    *f,
                gconstpointer  data)
{
  g_autoptr(CvmSuite) suite = cvm_test_run_new_suite (f, HEAD PASS);
  g_autoptr(CvmPlan) plan = cvm_plan_new ();
  g_autofree char *out = g_build_filename (f->dir, "out", NULL);

  cvm_plan_add_job (plan, NULL, "fake:///world", "qemu", suite);
  f->run = cvm_run_new (plan, cvm_fake_ports (), cvm_fake_checks_find, out, NULL);
  events.is_slow = TRUE;
  cvm_run_start (f->run);

  g_mutex_lock (&events.lock);
  while (!events.is_waiting)
    g_cond_wait (&events.changed, &events.lock);
  g_mutex_unlock (&events.lock);

  g_assert_cmpint (cvm_run_get_status (f->run), ==, CVM_STATUS_PASSED);
  while (cvm_result_n_jobs (cvm_run_get_result (f->run)) == 0)
    g_main_context_iteration (NULL, TRUE);

  g_mutex_lock (&events.lock);
  events.is_released = TRUE;
  g_cond_broadcast (&events.changed);
  g_mutex_unlock (&events.lock);

  while (!cvm_run_is_finished (f->run))
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (events.was_released);
}

/* The status of job and run is in the journal too */
static void
test_journal_ends (CvmTestRun    *f,
                   gconstpointer  data)
{
  g_autoptr(CvmSuite) bad = cvm_test_run_new_suite (f, HEAD "[Case a]\nCheck=fake.fail\n");
  g_autoptr(CvmSuite) good = cvm_test_run_new_suite (f, HEAD PASS);
  g_autoptr(CvmPlan) plan = cvm_plan_new ();
  g_autoptr(GPtrArray) records = NULL;
  const CvmRecord *record;
  guint n_ends = 0;

  cvm_plan_add_job (plan, NULL, "fake:///world", "qemu", bad);
  cvm_plan_add_job (plan, NULL, "fake:///world", "qemu", good);
  cvm_plan_set_parallel (plan, 1);
  cvm_test_run_plan (f, plan);
  g_assert_cmpint (cvm_run_get_status (f->run), ==, CVM_STATUS_FAILED);

  records = cvm_test_run_journal (f);
  record = g_ptr_array_index (records, 0);
  g_assert_cmpint (record->type, ==, CVM_RECORD_RUN_BEGIN);
  g_assert_cmpuint (record->number, ==, 2);
  for (guint i = 0; i < records->len; i++)
    {
      record = g_ptr_array_index (records, i);
      n_ends += record->type == CVM_RECORD_RUN_END;
    }

  g_assert_cmpuint (n_ends, ==, 1);
  g_assert_cmpint (record->type, ==, CVM_RECORD_RUN_END);
  g_assert_cmpint (record->status, ==, CVM_STATUS_FAILED);
}

/* Cancel ------------------------------------------------------------------------------------- */

static void
test_cancel_anywhere (CvmTestRun    *f,
                      gconstpointer  data)
{
  guint n;

  cvm_test_run_suite (f, HEAD LONG);
  n = events.n_touches;
  for (guint at = 1; at <= n; at++)
    {
      cvm_test_run_again (f);
      forget_events ();
      events.cancels_at = at;
      cvm_test_run_suite (f, HEAD LONG);
      if (at + 1 < n)   /* the last case's start went well, and then the job is over */
        g_assert_cmpint (cvm_run_get_status (f->run), ==, CVM_STATUS_CANCELLED);
      g_assert_cmpuint (cvm_fake_n_domains (), ==, 0);
      g_assert_false (has_overlay (f));
    }
}

static int
interrupt (const char *command,
           const char *input,
           GString    *out,
           GString    *err)
{
  cvm_run_cancel (*events.run);

  return -1;
}

/* What fails while its run is cancelled was interrupted, whatever it says */
static void
test_interrupted (CvmTestRun    *f,
                  gconstpointer  data)
{
  const CvmPoint *a;

  cvm_fake_world.exec = interrupt;
  a = cvm_test_run_point (cvm_test_run_suite (f, HEAD START "[Case a]\nCheck=fake.ssh\n"), 2);
  g_assert_cmpint (a->outcome, ==, CVM_OUTCOME_CANCELLED);
  g_assert_cmpstr (a->reason, ==, "cancelled");
}

static void
test_cancelled_before (CvmTestRun    *f,
                       gconstpointer  data)
{
  g_autoptr(CvmSuite) suite = cvm_test_run_new_suite (f, HEAD START PASS);
  g_autoptr(CvmImage) image = cvm_test_run_new_image (f);
  g_autoptr(CvmPlan) plan = cvm_plan_new ();
  g_autofree char *out = g_build_filename (f->dir, "out", NULL);
  const CvmJobResult *job;

  cvm_plan_add_job (plan, image, "fake:///world", "qemu", suite);
  f->run = cvm_run_new (plan, cvm_fake_ports (), cvm_fake_checks_find, out, NULL);
  cvm_run_cancel (f->run);
  cvm_run_start (f->run);
  while (!cvm_run_is_finished (f->run))
    g_main_context_iteration (NULL, TRUE);

  job = cvm_result_job (cvm_run_get_result (f->run), 0);
  g_assert_cmpstr (cvm_test_run_point (job, 1)->reason, ==, "cancelled before it began");
  g_assert_cmpstr (job->why, ==, "cancelled");
  g_assert_cmpint (job->status, ==, CVM_STATUS_CANCELLED);
  g_assert_cmpstr (events.log->str, ==, "");
}

/* Outcomes ----------------------------------------------------------------------------------- */

static const struct
{
  const char *name;
  gboolean    is_io;
  int         code;
  CvmOutcome  outcome;
  const char *next;        /* what becomes of the case after it; NULL: it passes */
  CvmStatus   status;
} errors[] = {
  { "host-lost",   FALSE, CVM_ENGINE_ERROR_HOST_LOST,   CVM_OUTCOME_FAIL, "the host was lost in a", CVM_STATUS_ENVIRONMENT },
  { "guest-lost",  FALSE, CVM_ENGINE_ERROR_GUEST_LOST,  CVM_OUTCOME_FAIL, NULL, CVM_STATUS_FAILED },
  { "refused",     FALSE, CVM_ENGINE_ERROR_REFUSED,     CVM_OUTCOME_FAIL, NULL, CVM_STATUS_FAILED },
  { "unsupported", FALSE, CVM_ENGINE_ERROR_UNSUPPORTED, CVM_OUTCOME_SKIP, NULL, CVM_STATUS_PASSED },
  { "closed",      TRUE,  G_IO_ERROR_CONNECTION_CLOSED, CVM_OUTCOME_FAIL, NULL, CVM_STATUS_FAILED },
  { "gave-up",     TRUE,  G_IO_ERROR_CANCELLED,         CVM_OUTCOME_FAIL, NULL, CVM_STATUS_FAILED },
};

static void
test_error (CvmTestRun    *f,
            gconstpointer  data)
{
  const typeof (errors[0]) *c = data;
  g_autoptr(GError) error = g_error_new (c->is_io ? G_IO_ERROR : CVM_ENGINE_ERROR, c->code, "so it was");
  const CvmJobResult *job;

  cvm_fake_world.exec_error = error;
  job = cvm_test_run_suite (f, HEAD START "[Case a]\nCheck=fake.ssh\n" PASS);
  g_assert_cmpint (cvm_test_run_point (job, 2)->outcome, ==, c->outcome);
  g_assert_cmpstr (cvm_test_run_point (job, 2)->reason, ==, "so it was");
  g_assert_cmpstr (cvm_test_run_point (job, 3)->reason, ==, c->next);
  g_assert_cmpint (cvm_run_get_status (f->run), ==, c->status);
}

/* The connection to the guest breaks because the host goes: the host is to blame, and when it is
 * back, its guest is removed */
static int
lose_host (const char *command,
           const char *input,
           GString    *out,
           GString    *err)
{
  g_atomic_int_inc (&cvm_fake_world.n_losses);

  return -1;
}

static void
test_host_lost_beside (CvmTestRun    *f,
                       gconstpointer  data)
{
  const CvmJobResult *job;

  cvm_fake_world.exec = lose_host;
  job = cvm_test_run_suite (f, HEAD START "[Case a]\nCheck=fake.ssh\n" PASS);
  g_assert_cmpstr (cvm_test_run_point (job, 2)->reason, ==, "the fake host is away");
  g_assert_cmpstr (cvm_test_run_point (job, 3)->reason, ==, "the host was lost in a");
  g_assert_cmpint (cvm_run_get_status (f->run), ==, CVM_STATUS_ENVIRONMENT);
  g_assert_cmpuint (cvm_fake_n_domains (), ==, 0);
  g_atomic_int_set (&cvm_fake_world.n_running, 0);   /* the guest itself was not asked */
}

/* What the console tells of a guest beside the checks */
static void
test_watch (CvmTestRun    *f,
            gconstpointer  data)
{
  const CvmJobResult *job;
  gboolean is_told = FALSE;

  cvm_fake_world.boot_text = "Linux version 0\nKernel panic - not syncing: no init\nREADY\n";
  job = cvm_test_run_suite (f, HEAD START PASS);
  for (guint i = 0; i < job->log->len; i++)
    {
      const CvmRecord *record = g_ptr_array_index (job->log, i);

      is_told |= g_strcmp0 (record->kind, "guest-panic") == 0
                 && g_strcmp0 (record->text, "Kernel panic - not syncing: no init") == 0;
    }
  g_assert_true (is_told);
}

static void
test_film (CvmTestRun    *f,
           gconstpointer  data)
{
  g_autofree char *folder = NULL;
  g_autoptr(GPtrArray) frames = NULL;

  cvm_fake_world.has_screen = TRUE;
  g_atomic_int_set (&cvm_fake_world.n_frames, 1);
  cvm_test_run_suite (f, HEAD START PASS);
  folder = g_build_filename (cvm_run_get_dir (f->run), "job-01", "frames", NULL);
  frames = cvm_film_list (folder);
  g_assert_cmpuint (frames->len, >=, 1);
}

static void
test_chain (CvmTestRun    *f,
            gconstpointer  data)
{
  const CvmJobResult *job = cvm_test_run_suite (f, HEAD "[Case a]\nCheck=fake.fail\n"
                                                "[Case b]\nCheck=fake.pass\nNeeds=a\n"
                                                "[Case c]\nCheck=fake.pass\nNeeds=b\n"
                                                "[Case s]\nCheck=fake.skip\n"
                                                "[Case d]\nCheck=fake.pass\nNeeds=s\n"
                                                "[Case e]\nCheck=fake.pass\nNeeds=d\n");

  g_assert_cmpstr (cvm_test_run_point (job, 3)->reason, ==, "needs a, which failed: as it was told");
  g_assert_cmpstr (cvm_test_run_point (job, 6)->reason, ==, "needs s, which was skipped: not here");
}

static void
test_precondition_skipped (CvmTestRun    *f,
                           gconstpointer  data)
{
  const CvmJobResult *job = cvm_test_run_suite (f, HEAD "[Precondition p]\nCheck=fake.skip\n"
                                                "[Precondition q]\nCheck=fake.skip\n" PASS);

  g_assert_cmpstr (cvm_test_run_point (job, 1)->reason, ==, "not here");
  g_assert_cmpstr (cvm_test_run_point (job, 2)->reason, ==, "precondition p was skipped");
  g_assert_cmpstr (cvm_test_run_point (job, 3)->reason, ==, "precondition p was skipped");
  g_assert_cmpint (cvm_run_get_status (f->run), ==, CVM_STATUS_ENVIRONMENT);
}

/* What is done without does not end the job */
static void
test_precondition_passed_over (CvmTestRun    *f,
                               gconstpointer  data)
{
  const CvmJobResult *job = cvm_test_run_suite (f, HEAD "[Precondition p]\nCheck=fake.pass-over\n"
                                                "[Precondition q]\nCheck=fake.pass\n" PASS);

  g_assert_cmpint (cvm_test_run_point (job, 1)->outcome, ==, CVM_OUTCOME_SKIP);
  g_assert_cmpstr (cvm_test_run_point (job, 1)->reason, ==, "others only");
  g_assert_cmpint (cvm_test_run_point (job, 3)->outcome, ==, CVM_OUTCOME_PASS);
  g_assert_cmpint (cvm_run_get_status (f->run), ==, CVM_STATUS_PASSED);
}

static void
test_suite_limit (CvmTestRun    *f,
                  gconstpointer  data)
{
  const CvmJobResult *job = cvm_test_run_suite (f, HEAD "Timeout=1s\n[Case h]\nCheck=fake.hang\n" PASS);

  g_assert_cmpstr (cvm_test_run_point (job, 1)->reason, ==,
                   "not within the suite's limit of 1 s: The time limit was reached");
  g_assert_cmpint (cvm_test_run_point (job, 2)->outcome, ==, CVM_OUTCOME_FAIL);
  g_assert_cmpstr (cvm_test_run_point (job, 2)->reason, ==,
                   "not begun: the suite's limit of 1 s was over");
  g_assert_cmpint (cvm_run_get_status (f->run), ==, CVM_STATUS_FAILED);
}

static void
test_only (CvmTestRun    *f,
           gconstpointer  data)
{
  static const char *const only[] = { "c", NULL };
  g_autoptr(CvmSuite) whole = cvm_test_run_new_suite (f, HEAD "[Case a]\nCheck=fake.fail\n"
                                                      "[Case b]\nCheck=fake.pass\n"
                                                      "[Case c]\nCheck=fake.pass\nNeeds=b\n");
  g_autoptr(CvmSuite) suite = cvm_suite_resolve (whole, NULL, NULL, only, NULL);
  g_autoptr(CvmPlan) plan = cvm_plan_new ();
  const CvmJobResult *job;

  cvm_plan_add_job (plan, NULL, "fake:///world", "qemu", suite);
  cvm_test_run_plan (f, plan);
  job = cvm_result_job (cvm_run_get_result (f->run), 0);
  g_assert_cmpstr (cvm_test_run_point (job, 1)->reason, ==, "not selected");
  g_assert_cmpint (cvm_test_run_point (job, 2)->outcome, ==, CVM_OUTCOME_PASS);
  g_assert_cmpint (cvm_test_run_point (job, 3)->outcome, ==, CVM_OUTCOME_PASS);
  g_assert_cmpint (cvm_run_get_status (f->run), ==, CVM_STATUS_PASSED);
}

static char seen[200];   /* by the last note_…: what the fake was asked for */

/* Guests ------------------------------------------------------------------------------------- */

static int
die (const char *command,
     const char *input,
     GString    *out,
     GString    *err)
{
  g_atomic_int_set (&cvm_fake_world.guest_is_dead, TRUE);

  return -1;
}

static void
test_guest_dies (CvmTestRun    *f,
                 gconstpointer  data)
{
  const CvmJobResult *job;

  cvm_fake_world.exec = die;
  job = cvm_test_run_suite (f, HEAD START "[Case a]\nCheck=fake.ssh\n[Case b]\nCheck=fake.ssh\n");
  g_assert_cmpstr (cvm_test_run_point (job, 2)->reason, ==, "connection closed");
  g_assert_cmpstr (cvm_test_run_point (job, 3)->reason, ==, "the guest went off by itself");
  g_assert_cmpuint (cvm_fake_n_domains (), ==, 0);
}

/* It is off by our will, and not by its own */
static void
test_switch_off (CvmTestRun    *f,
                 gconstpointer  data)
{
  const CvmJobResult *job = cvm_test_run_suite (f, HEAD START "[Case off]\nCheck=fake.switch-off\n"
                                                "[Case a]\nCheck=fake.ssh\n[Case on]\nCheck=fake.start\n"
                                                "[Case b]\nCheck=fake.ssh\n");

  g_assert_cmpstr (cvm_test_run_point (job, 3)->reason, ==, "no guest runs: it needs a guest.start before it");
  g_assert_cmpuint (job->passed, ==, 4);
}

/* How the job logs in: NAME is the image's key or password, and what of it arrives */
static const struct
{
  const char *name, *image;
  int         mode;             /* of the file "secret" */
  const char *seen;             /* user, key's name, password; NULL: refused */
} logins[] = {
  { "nothing",  "",                                     0600, "root - -" },
  { "key",      "User=me\nKey=secret\n",                0644, "me secret -" },
  { "password", "PasswordFile=secret\n",                0600, "root - sesame" },
  { "both",     "Key=secret\nPasswordFile=secret\n",    0600, "root secret -" },
  { "readable", "PasswordFile=secret\n",                0640, NULL },
};

static void
note_login (const CvmSshTarget *target)
{
  g_autofree char *key = target->key_file != NULL ? g_path_get_basename (target->key_file) : NULL;

  g_snprintf (seen, sizeof seen, "%s %s %s", target->user, key != NULL ? key : "-",
              target->password != NULL ? target->password : "-");
}

static void
test_login (CvmTestRun    *f,
            gconstpointer  data)
{
  const typeof (logins[0]) *c = data;
  g_autoptr(CvmSuite) suite = cvm_test_run_new_suite (f, HEAD START "[Case a]\nCheck=fake.ssh\n");
  g_autoptr(CvmImage) kernel = cvm_test_run_new_kernel_image (f);
  g_autofree char *secret = g_build_filename (f->dir, "secret", NULL);
  g_autofree char *path = g_build_filename (f->dir, "login.image", NULL);
  g_autofree char *text = g_strdup_printf ("[Image]\nName=l\nKernel=kernel\n%s", c->image);
  g_autoptr(CvmImage) image = NULL;
  g_autoptr(CvmPlan) plan = cvm_plan_new ();
  g_autoptr(GError) error = NULL;
  const CvmPoint *login;

  g_assert_true (g_file_set_contents (secret, "sesame\r\nand more\n", -1, NULL));
  g_assert_cmpint (g_chmod (secret, 0600), ==, 0);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  image = cvm_image_find (path, &error);
  g_assert_no_error (error);
  g_assert_cmpint (g_chmod (secret, c->mode), ==, 0);

  cvm_fake_world.on_ssh = note_login;
  *seen = '\0';
  cvm_plan_add_job (plan, image, "fake:///world", "qemu", suite);
  cvm_test_run_plan (f, plan);
  login = cvm_test_run_point (cvm_result_job (cvm_run_get_result (f->run), 0), 2);
  g_assert_cmpstr (seen, ==, c->seen != NULL ? c->seen : "");
  g_assert_true (c->seen != NULL || strstr (login->reason, "secret can be read by others; run: chmod 600"));
}

/* A guest that goes off while it is waited for ends the wait */
static void
die_at_login (const CvmSshTarget *target)
{
  g_atomic_int_set (&cvm_fake_world.guest_is_dead, TRUE);
}

static void
test_dies_at_login (CvmTestRun    *f,
                    gconstpointer  data)
{
  const CvmJobResult *job;

  cvm_fake_world.ssh_refusals = G_MAXINT;
  cvm_fake_world.on_ssh = die_at_login;
  job = cvm_test_run_suite (f, HEAD START "[Case a]\nCheck=fake.ssh\n");
  g_assert_cmpstr (cvm_test_run_point (job, 2)->reason, ==, "the guest went off by itself");
}

static int
flood (const char *command,
       const char *input,
       GString    *out,
       GString    *err)
{
  g_autofree char *noise = g_strnfill (3 * 1024 * 1024, 'x');

  g_string_append (out, noise);

  return 0;
}

/* Of a command's output at most 1 MiB is kept */
static void
test_output_flood (CvmTestRun    *f,
                   gconstpointer  data)
{
  const CvmPoint *a;

  cvm_fake_world.exec = flood;
  a = cvm_test_run_point (cvm_test_run_suite (f, HEAD START "[Case a]\nCheck=fake.ssh\n"), 2);
  g_assert_cmpint (a->outcome, ==, CVM_OUTCOME_PASS);
  g_assert_cmpuint (strlen (((const CvmDetail *)g_ptr_array_index (a->details, 0))->value), ==, 1024 * 1024);
}

/* What there is of an overlay that could not be made */
static void
test_overlay_fails (CvmTestRun    *f,
                    gconstpointer  data)
{
  g_autofree char *done = NULL;

  events.refuses = "overlay";
  events.refuses_at = 1;
  cvm_test_run_suite (f, HEAD START PASS);
  done = cvm_test_run_acts (f);
  g_assert_false (has_overlay (f));
  g_assert_cmpstr (done, ==, "act overlay\nacted overlay failed\nact overlay-remove\nacted overlay-remove ok\n");
}

/* The second start makes the overlay again */
static void
test_overlay_again (CvmTestRun    *f,
                    gconstpointer  data)
{
  const CvmJobResult *job;
  g_autofree char *done = NULL;

  events.refuses = "overlay";
  events.refuses_at = 1;
  job = cvm_test_run_suite (f, HEAD "[Case start]\nCheck=fake.start\n[Case again]\nCheck=fake.start\n");
  done = cvm_test_run_acts (f);
  g_assert_cmpint (cvm_test_run_point (job, 2)->outcome, ==, CVM_OUTCOME_PASS);
  g_assert_true (g_str_has_prefix (done, "act overlay\nacted overlay failed\nact overlay-remove\n"
                                   "acted overlay-remove ok\nact overlay\nacted overlay ok\nact domain\n"));
}

static void
note_spec (const CvmGuestSpec *spec)
{
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint i = 0; i < spec->ports->len; i++)
    g_string_append_printf (text, "%u ", g_array_index (spec->ports, guint16, i));

  g_snprintf (seen, sizeof seen, "%s%s %s", text->str, spec->disk_format, spec->outlives_us ? "outlives" : "");
}

/* Every port that a case names leads in, once, and ssh's */
static void
test_spec (CvmTestRun    *f,
           gconstpointer  data)
{
  cvm_fake_world.on_spec = note_spec;
  cvm_test_run_suite (f, HEAD START "[Case a]\nCheck=fake.http\nport=8004\n"
                      "[Case b]\nCheck=fake.http\n[Case c]\nCheck=fake.http\nport=8004\n");
  g_assert_cmpstr (seen, ==, "22 8004 80 qcow2 ");
  g_assert_cmpstr (cvm_fake_world.last_uri, ==, "http://127.0.0.1:40004/");
}

/* A picture after each case that changed the screen, while the guest is on */
static void
test_frames (CvmTestRun    *f,
             gconstpointer  data)
{
  g_autoptr(GString) frames = g_string_new (NULL);
  const CvmJobResult *job;

  cvm_fake_world.has_screen = TRUE;
  job = cvm_test_run_suite (f, HEAD START "[Case a]\nCheck=fake.ssh\n[Case b]\nCheck=fake.pass\n"
                            "[Case c]\nCheck=fake.ssh\n[Case off]\nCheck=fake.stop\n" PASS);
  for (guint i = 0; i < job->evidence->len; i++)
    {
      const CvmRecord *evidence = g_ptr_array_index (job->evidence, i);

      if (g_str_has_prefix (evidence->path, "frames/"))
        g_string_append_printf (frames, "%s\n", evidence->path);
    }

  g_assert_cmpstr (frames->str, ==, "frames/0002-a.png\nframes/0004-c.png\n");
}

/* The window types, and asks for the screen: while the guest is on, and when there is none */
typedef struct
{
  CvmTestRun *f;
  int         fd;
  GError     *error;
  gboolean    is_answered;
} Window;

static void
on_display (GObject      *source,
            GAsyncResult *result,
            gpointer      data)
{
  Window *self = data;

  self->fd = cvm_run_open_display_finish (CVM_RUN (source), result, &self->error);
  self->is_answered = TRUE;
}

static void
ask_display (Window *self)
{
  self->is_answered = FALSE;
  cvm_run_open_display_async (self->f->run, "01", NULL, on_display, self);
  while (!self->is_answered)
    g_main_context_iteration (NULL, TRUE);
}

static void
on_hanging (CvmRun    *run,
            GPtrArray *records,
            gpointer   data)
{
  Window *self = data;
  gboolean hangs = FALSE;

  for (guint i = 0; i < records->len; i++)
    hangs |= ((const CvmRecord *)g_ptr_array_index (records, i))->type == CVM_RECORD_CASE_WAIT;

  if (!hangs)
    return;

  g_assert_true (cvm_run_send_serial (run, "01", "typed\n", 6));
  ask_display (self);
  g_assert_no_error (self->error);
  g_assert_cmpint (self->fd, >=, 0);
  close (self->fd);
  cvm_fake_world.has_screen = FALSE;
  ask_display (self);
  g_assert_error (self->error, CVM_ENGINE_ERROR, CVM_ENGINE_ERROR_UNSUPPORTED);
  g_assert_cmpint (self->fd, ==, -1);
  g_clear_error (&self->error);
  cvm_run_cancel (run);
}

static void
test_window (CvmTestRun    *f,
             gconstpointer  data)
{
  g_autoptr(CvmSuite) suite = cvm_test_run_new_suite (f, HEAD START "[Case h]\nCheck=fake.hang\n");
  g_autoptr(CvmImage) image = cvm_test_run_new_image (f);
  g_autoptr(CvmPlan) plan = cvm_plan_new ();
  g_autofree char *out = g_build_filename (f->dir, "out", NULL);
  g_autofree char *last = NULL;
  Window self = { f };

  cvm_fake_world.has_screen = TRUE;
  cvm_plan_add_job (plan, image, "fake:///world", "qemu", suite);
  f->run = cvm_run_new (plan, cvm_fake_ports (), cvm_fake_checks_find, out, NULL);
  g_signal_connect (f->run, "records", G_CALLBACK (on_hanging), &self);
  cvm_run_start (f->run);
  while (!cvm_run_is_finished (f->run))
    g_main_context_iteration (NULL, TRUE);

  last = cvm_serial_last_line (cvm_run_get_serial (f->run, "01"));
  g_assert_cmpstr (last, ==, "typed");
  g_assert_false (cvm_run_send_serial (f->run, "01", "x", 1));
  g_assert_false (cvm_run_send_serial (f->run, "77", "x", 1));
  g_assert_null (cvm_run_get_serial (f->run, "77"));
  ask_display (&self);
  g_assert_error (self.error, CVM_ENGINE_ERROR, CVM_ENGINE_ERROR_GUEST_LOST);
  g_clear_error (&self.error);
}

static void
keep_run (CvmTestRun *f)
{
  g_autoptr(CvmSuite) suite = cvm_test_run_new_suite (f, f->cancel_after > 0
    ? HEAD START "[Case a]\nCheck=fake.fail\n[Case h]\nCheck=fake.hang\n"
    : HEAD START "[Case a]\nCheck=fake.fail\n");
  g_autoptr(CvmImage) image = cvm_test_run_new_image (f);
  g_autoptr(CvmPlan) plan = cvm_plan_new ();

  cvm_plan_add_job (plan, image, "fake:///world", "qemu", suite);
  cvm_plan_set_keep_failed (plan, TRUE);
  cvm_test_run_plan (f, plan);
}

/* A guest is kept only when the journal says so */
static void
test_keep (CvmTestRun    *f,
           gconstpointer  data)
{
  guint n = 100;

  for (guint at = 0; at <= n; at++)
    {
      g_autofree char *done = NULL;
      gboolean is_kept;

      forget_events ();
      events.fails_at = at;
      keep_run (f);
      if (at == 0)
        n = events.n_syncs;

      done = cvm_test_run_acts (f);
      is_kept = strstr (done, "act domain-keep\n") != NULL;
      g_assert_cmpuint (cvm_fake_n_domains (), ==, is_kept ? 1 : 0);
      g_assert_true (has_overlay (f) == is_kept);
      g_assert_true (is_kept || at > 0);
      g_atomic_int_set (&cvm_fake_world.n_running, 0);
      cvm_fake_remove_domains ();
      cvm_test_run_again (f);
    }
}

/* Whoever cancels keeps nothing; a guest that went off by itself cannot be kept */
static void
test_keep_not (CvmTestRun    *f,
               gconstpointer  is_cancel)
{
  f->cancel_after = is_cancel != NULL ? 3 : 0;
  cvm_fake_world.guest_is_dead = is_cancel == NULL;
  cvm_fake_world.on_spec = note_spec;
  keep_run (f);
  g_assert_cmpstr (seen, ==, "22 qcow2 outlives");
  g_assert_cmpuint (cvm_fake_n_domains (), ==, 0);
  g_assert_false (has_overlay (f));
}

/* Hypervisors -------------------------------------------------------------------------------- */

static const char *const kvm_and_qemu[] = { "kvm", "qemu", NULL };

static gboolean
is_remembered (void)
{
  g_autofree char *path = cvm_paths_data ("hypervisors.ini");

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

static const CvmJobResult *
run_auto (CvmTestRun *f,
          CvmImage   *image,
          const char *text)
{
  g_autoptr(CvmSuite) suite = cvm_test_run_new_suite (f, text);
  g_autoptr(CvmImage) owned = image;
  g_autoptr(CvmPlan) plan = cvm_plan_new ();

  cvm_fake_world.hypervisors = kvm_and_qemu;
  cvm_plan_add_job (plan, owned, "fake:///world", "auto", suite);
  cvm_test_run_plan (f, plan);

  return cvm_result_job (cvm_run_get_result (f->run), 0);
}

static CvmImage *
new_image (CvmTestRun    *f,
           gconstpointer  has_kernel)
{
  return has_kernel != NULL ? cvm_test_run_new_kernel_image (f) : cvm_test_run_new_image (f);
}

/* A limit that was too short for the proof says nothing of the hypervisor */
static void
test_no_time_to_prove (CvmTestRun    *f,
                       gconstpointer  has_kernel)
{
  const CvmJobResult *job;

  cvm_fake_world.silent_hypervisor = "kvm";
  cvm_fake_world.first_sign_ms = 20000;
  job = run_auto (f, new_image (f, has_kernel), HEAD START "Timeout=1s\n" PASS);
  g_assert_true (g_str_has_prefix (cvm_test_run_point (job, 1)->reason, "not within 1 s: "));
  g_assert_false (is_remembered ());
  g_assert_cmpuint (cvm_fake_n_domains (), ==, 0);
}

/* A guest that does not start under kvm is started under qemu; what is missing may come back */
static void
test_kvm_refused (CvmTestRun    *f,
                  gconstpointer  has_kernel)
{
  const CvmJobResult *job;
  g_autofree char *acts = NULL;
  const char *rest;

  events.refuses = "start";
  events.refuses_at = 1;
  job = run_auto (f, new_image (f, has_kernel), HEAD START PASS);
  g_assert_cmpint (cvm_run_get_status (f->run), ==, CVM_STATUS_PASSED);
  g_assert_true (g_str_has_prefix (cvm_test_run_fact (job, "hypervisor"), "qemu (kvm: "));
  g_assert_nonnull (strstr (cvm_test_run_fact (job, "hypervisor"), "the fake start is refused"));
  g_assert_false (is_remembered ());

  /* what has come up has a disk that nobody wrote to */
  acts = cvm_test_run_acts (f);
  rest = has_kernel != NULL ? acts : strstr (acts, "acted overlay-remove ok\nact overlay\n");
  g_assert_nonnull (rest);
}

/* The second guest, under qemu, cannot be made: there is none then, for any later case */
static void
test_no_second_guest (CvmTestRun    *f,
                      gconstpointer  has_kernel)
{
  const CvmJobResult *job;

  cvm_fake_world.silent_hypervisor = "kvm";
  events.refuses = "new-guest";
  events.refuses_at = 2;
  job = run_auto (f, new_image (f, has_kernel), HEAD "[Case start]\nCheck=fake.start\n"
                  "[Case a]\nCheck=fake.ssh\n[Case again]\nCheck=fake.start\n");
  g_assert_cmpstr (cvm_test_run_point (job, 1)->reason, ==, "the fake new-guest is refused");
  g_assert_cmpstr (cvm_test_run_point (job, 2)->reason, ==, "no guest runs: it needs a guest.start before it");
  g_assert_cmpint (cvm_test_run_point (job, 3)->outcome, ==, CVM_OUTCOME_PASS);
}

/* A probe that hangs in its start leaves nothing */
static void
test_probe_hangs (CvmTestRun    *f,
                  gconstpointer  data)
{
  g_autofree char *done = NULL;

  cvm_fake_world.start_hangs = TRUE;
  run_auto (f, cvm_test_run_new_kernel_image (f), HEAD START "Timeout=1s\n" PASS);
  done = cvm_test_run_acts (f);
  g_assert_cmpuint (cvm_fake_n_domains (), ==, 0);
  g_assert_cmpstr (done, ==, "act domain\nacted domain failed\nact domain-remove\nacted domain-remove ok\n");
}

static void
test_foreign_arch (CvmTestRun    *f,
                   gconstpointer  data)
{
  const CvmJobResult *job;

  cvm_fake_world.arch = "aarch64";
  job = run_auto (f, cvm_test_run_new_kernel_image (f), HEAD START PASS);
  g_assert_cmpstr (cvm_test_run_fact (job, "hypervisor"), ==,
                   "qemu (the image is for x86_64, and kvm runs aarch64 only)");
  g_assert_false (is_remembered ());
}

/* That the host is away says nothing of kvm, and qemu is on the same host */
static void
test_host_lost_in_start (CvmTestRun    *f,
                         gconstpointer  has_kernel)
{
  const CvmJobResult *job;

  events.refuses = "start";
  events.refuses_at = 1;
  events.code = CVM_ENGINE_ERROR_HOST_LOST;
  job = run_auto (f, new_image (f, has_kernel), HEAD START PASS);
  g_assert_cmpstr (cvm_test_run_point (job, 1)->reason, ==, "the fake start is refused");
  g_assert_cmpint (cvm_run_get_status (f->run), ==, CVM_STATUS_ENVIRONMENT);
  g_assert_cmpuint (events.n_touches, ==, 1);
}

static void
note_arch (const CvmGuestSpec *spec)
{
  g_snprintf (seen, sizeof seen, "%s %s", spec->arch, spec->cmdline != NULL ? spec->cmdline : "");
}

/* The probe is a guest of the host's own kind */
static void
test_probe_arch (CvmTestRun    *f,
                 gconstpointer  data)
{
  g_autofree char *path = g_build_filename (f->dir, "arm.image", NULL);
  g_autoptr(CvmImage) kernel = cvm_test_run_new_kernel_image (f);
  const CvmJobResult *job;

  g_assert_true (g_file_set_contents (path, "[Image]\nName=arm\nKernel=kernel\nArch=aarch64\n", -1, NULL));
  cvm_fake_world.arch = "aarch64";
  cvm_fake_world.on_spec = note_arch;
  events.refuses = "new-guest";
  events.refuses_at = 2;
  job = run_auto (f, cvm_image_find (path, NULL), HEAD START PASS);
  g_assert_cmpstr (cvm_test_run_fact (job, "hypervisor"), ==, "kvm (a probe guest booted)");
  g_assert_cmpstr (seen, ==, "aarch64 console=ttyAMA0 earlycon panic=-1");
}

static void
test_damaged_findings (CvmTestRun    *f,
                       gconstpointer  data)
{
  g_autofree char *path = cvm_paths_data ("hypervisors.ini");
  g_autofree char *folder = g_path_get_dirname (path);
  const CvmJobResult *job;

  g_mkdir_with_parents (folder, 0700);
  g_assert_true (g_file_set_contents (path, "[Finding\n\xff\n", -1, NULL));
  job = run_auto (f, cvm_test_run_new_kernel_image (f), HEAD START PASS);
  g_assert_cmpstr (cvm_test_run_fact (job, "hypervisor"), ==, "kvm (a probe guest booted)");

  cvm_test_run_again (f);
  job = run_auto (f, cvm_test_run_new_kernel_image (f), HEAD START PASS);
  g_assert_cmpstr (cvm_test_run_fact (job, "hypervisor"), ==, "kvm (a probe guest booted, found earlier)");
}

static const struct
{
  const char *name;
  const char *offered[3];
  const char *fact, *reason;
} offers[] = {
  { "qemu",    { "xen", "qemu", NULL }, "qemu (fake:///world offers no kvm)", NULL },
  { "another", { "xen", NULL },         "xen (fake:///world offers no kvm)",  NULL },
  { "hvf",     { "hvf", "qemu", NULL }, "hvf (a probe guest booted)",         NULL },
  { "none",    { NULL },                NULL,
    "fake:///world offers no hypervisor; install QEMU (qemu-system-x86 on Debian, qemu-kvm on Fedora)" },
};

static void
test_offer (CvmTestRun    *f,
            gconstpointer  data)
{
  const typeof (offers[0]) *c = data;
  g_autoptr(CvmSuite) suite = cvm_test_run_new_suite (f, HEAD START PASS);
  g_autoptr(CvmImage) image = cvm_test_run_new_kernel_image (f);
  g_autoptr(CvmPlan) plan = cvm_plan_new ();
  const CvmJobResult *job;

  cvm_fake_world.hypervisors = c->offered;
  cvm_plan_add_job (plan, image, "fake:///world", "auto", suite);
  cvm_test_run_plan (f, plan);
  job = cvm_result_job (cvm_run_get_result (f->run), 0);
  g_assert_cmpstr (cvm_test_run_fact (job, "hypervisor"), ==, c->fact);
  g_assert_cmpstr (cvm_test_run_point (job, 1)->reason, ==, c->reason);
}

/* What was found is believed of this kernel only, and only where it can be read */
static void
test_finding_of_old (CvmTestRun    *f,
                     gconstpointer  has_kernel)
{
  g_autofree char *path = cvm_paths_data ("hypervisors.ini");
  g_autofree char *text = NULL;
  g_autoptr(GString) odd = NULL;
  const CvmJobResult *job;

  events.kernel = "0.0-none";   /* and none that can be read */
  cvm_fake_world.silent_hypervisor = "kvm";
  run_auto (f, new_image (f, has_kernel), HEAD START PASS);

  cvm_test_run_again (f);
  job = run_auto (f, new_image (f, has_kernel), HEAD START PASS);
  g_assert_nonnull (strstr (cvm_test_run_fact (job, "hypervisor"), ", found earlier)"));
  g_assert_true (g_str_has_prefix (cvm_test_run_fact (job, "hypervisor"), "qemu (kvm: "));

  cvm_test_run_again (f);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  odd = g_string_new (text);
  g_assert_cmpuint (g_string_replace (odd, "Works=false", "Works=perhaps", 0), ==, 1);
  g_assert_true (g_file_set_contents (path, odd->str, -1, NULL));
  job = run_auto (f, new_image (f, has_kernel), HEAD START PASS);
  g_assert_null (strstr (cvm_test_run_fact (job, "hypervisor"), "found earlier"));

  cvm_test_run_again (f);
  events.kernel = "0.1-none";
  job = run_auto (f, new_image (f, has_kernel), HEAD START PASS);
  g_assert_null (strstr (cvm_test_run_fact (job, "hypervisor"), "found earlier"));
}

/* TAP programs ------------------------------------------------------------------------------- */

static void
test_tap_without_end (CvmTestRun    *f,
                      gconstpointer  data)
{
  const CvmJobResult *job = cvm_test_run_suite (f, HEAD "[Case t]\nCheck=fake.tap-hang\nTimeout=1s\n"
                                                "text=1..9\\nok 1 - one\\nok 2 - two\\n");
  const CvmPoint *t = cvm_test_run_point (job, 1);
  g_autofree char *path = g_build_filename (f->dir, "out", "job-01", "logs", "t-output.tap", NULL);
  g_autofree char *kept = NULL;

  g_assert_cmpint (t->outcome, ==, CVM_OUTCOME_FAIL);
  g_assert_cmpuint (t->children->len, ==, 2);
  g_assert_true (g_file_get_contents (path, &kept, NULL, NULL));
  g_assert_cmpstr (kept, ==, "1..9\nok 1 - one\nok 2 - two\n");
}

static void
test_tap_nested (CvmTestRun    *f,
                 gconstpointer  data)
{
  const CvmPoint *t = cvm_test_run_point (
    cvm_test_run_suite (f, HEAD "[Case t]\nCheck=fake.tap\ntext=1..2\\nok 1 - one\\n"
                        "# Subtest: two\\n\\s\\s\\s\\s1..2\\n\\s\\s\\s\\sok 1 - deep\\n"
                        "\\s\\s\\s\\snot ok 2 - later # TODO one day\\nok 2 - two\\n\n"), 1);
  const CvmPoint *two, *later;

  g_assert_cmpint (t->outcome, ==, CVM_OUTCOME_PASS);
  g_assert_cmpuint (t->children->len, ==, 2);
  two = g_ptr_array_index (t->children, 1);
  g_assert_cmpstr (two->title, ==, "two");
  g_assert_cmpuint (two->children->len, ==, 2);
  later = g_ptr_array_index (two->children, 1);
  g_assert_cmpstr (later->title, ==, "later");
  g_assert_cmpint (later->directive, ==, CVM_DIRECTIVE_TODO);
  g_assert_cmpstr (later->reason, ==, "one day");
}

static void
test_tap_flood (CvmTestRun    *f,
                gconstpointer  data)
{
  const CvmPoint *t = cvm_test_run_point (cvm_test_run_suite (f, HEAD "[Case t]\nCheck=fake.tap-flood\n"), 1);
  g_autofree char *path = g_build_filename (f->dir, "out", "job-01", "logs", "t-output.tap", NULL);
  GStatBuf info;
  gsize n_bytes = 0;

  g_assert_cmpint (t->outcome, ==, CVM_OUTCOME_PASS);
  for (guint i = 0; i < t->children->len; i++)
    {
      const CvmPoint *child = g_ptr_array_index (t->children, i);

      for (guint j = 0; child->details != NULL && j < child->details->len; j++)
        n_bytes += strlen (((const CvmDetail *)g_ptr_array_index (child->details, j))->value);
    }

  g_assert_cmpint (g_stat (path, &info), ==, 0);
  g_assert_cmpint (info.st_size, ==, 16 * 1024 * 1024);
  g_assert_cmpuint (n_bytes, >, 8 * 1024 * 1024);
  g_assert_cmpuint (n_bytes, <=, 16 * 1024 * 1024);
}

/* ---- */

#define ADD(name, data, func) g_test_add ("/job/" name, CvmTestRun, data, set_up, func, tear_down)

static void
add_hypervisor_tests (void)
{
  ADD ("no-time-to-prove/boot", NULL, test_no_time_to_prove);
  ADD ("no-time-to-prove/probe", "", test_no_time_to_prove);
  ADD ("kvm-refused/boot", NULL, test_kvm_refused);
  ADD ("kvm-refused/probe", "", test_kvm_refused);
  ADD ("no-second-guest/boot", NULL, test_no_second_guest);
  ADD ("no-second-guest/probe", "", test_no_second_guest);
  ADD ("probe-hangs", NULL, test_probe_hangs);
  ADD ("foreign-arch", NULL, test_foreign_arch);
  ADD ("host-lost-in-start/boot", NULL, test_host_lost_in_start);
  ADD ("host-lost-in-start/probe", "", test_host_lost_in_start);
  ADD ("probe-arch", NULL, test_probe_arch);
  ADD ("damaged-findings", NULL, test_damaged_findings);
  ADD ("finding-of-old/boot", NULL, test_finding_of_old);
  ADD ("finding-of-old/probe", "", test_finding_of_old);
}

int
main (int    argc,
      char **argv)
{
  cvm_test_home_enter ();
  g_test_init (&argc, &argv, NULL);

  ADD ("journal-fails", NULL, test_journal_fails);
  ADD ("journal-fails-all", NULL, test_journal_fails_all);
  ADD ("slow-disk", NULL, test_slow_disk);
  ADD ("journal-ends", NULL, test_journal_ends);
  ADD ("cancel-anywhere", NULL, test_cancel_anywhere);
  ADD ("cancelled-before", NULL, test_cancelled_before);
  ADD ("interrupted", NULL, test_interrupted);
  ADD ("only", NULL, test_only);
  ADD ("chain", NULL, test_chain);
  ADD ("precondition-skipped", NULL, test_precondition_skipped);
  ADD ("precondition-passed-over", NULL, test_precondition_passed_over);
  ADD ("suite-limit", NULL, test_suite_limit);
  ADD ("guest-dies", NULL, test_guest_dies);
  ADD ("dies-at-login", NULL, test_dies_at_login);
  ADD ("output-flood", NULL, test_output_flood);
  ADD ("switch-off", NULL, test_switch_off);
  ADD ("overlay-fails", NULL, test_overlay_fails);
  ADD ("overlay-again", NULL, test_overlay_again);
  ADD ("spec", NULL, test_spec);
  ADD ("frames", NULL, test_frames);
  ADD ("film", NULL, test_film);
  ADD ("watch", NULL, test_watch);
  ADD ("host-lost-beside", NULL, test_host_lost_beside);
  ADD ("window", NULL, test_window);
  ADD ("keep", NULL, test_keep);
  ADD ("keep-not/off", NULL, test_keep_not);
  ADD ("keep-not/cancelled", "", test_keep_not);
  ADD ("tap-without-end", NULL, test_tap_without_end);
  ADD ("tap-nested", NULL, test_tap_nested);
  ADD ("tap-flood", NULL, test_tap_flood);
  add_hypervisor_tests ();

  for (gsize i = 0; i < G_N_ELEMENTS (logins); i++)
    {
      g_autofree char *path = g_strconcat ("/job/login/", logins[i].name, NULL);

      g_test_add (path, CvmTestRun, &logins[i], set_up, test_login, tear_down);
    }

  for (gsize i = 0; i < G_N_ELEMENTS (offers); i++)
    {
      g_autofree char *path = g_strconcat ("/job/offer/", offers[i].name, NULL);

      g_test_add (path, CvmTestRun, &offers[i], set_up, test_offer, tear_down);
    }

  for (gsize i = 0; i < G_N_ELEMENTS (errors); i++)
    {
      g_autofree char *path = g_strconcat ("/job/error/", errors[i].name, NULL);

      g_test_add (path, CvmTestRun, &errors[i], set_up, test_error, tear_down);
    }

  return cvm_test_home_run ();
}
