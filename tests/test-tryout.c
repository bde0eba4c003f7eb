/* test-tryout.c: checks tried one at a time on a guest that is kept
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "cvm-fake-checks.h"
#include "cvm-fake-ports.h"
#include "cvm-journal.h"
#include "cvm-report.h"
#include "cvm-test-home.h"
#include "cvm-tryout.h"

#define HEAD  "[Suite]\nName=Test\nVersion=1\n"
#define START "[Precondition start]\nCheck=fake.start\n"
#define LOGIN "[Precondition login]\nCheck=fake.ssh\n"
#define TAP(text, status) "[Case tap]\nCheck=fake.tap\ntext=" text "\nstatus=" status "\n"
#define PASS  "[Case pass]\nCheck=fake.pass\n"
#define FAIL  "[Case fail]\nCheck=fake.fail\n"

typedef struct
{
  char           *dir;
  CvmTryout      *tryout;
  CvmReportFiles *files;     /* of the last run */
  char           *run_dir;
  guint           n_made;
  GPtrArray      *runs;      /* of CvmRun: they outlive the tryout, as in the window */
  char           *failure;
} Fixture;

static void
on_records (Fixture   *f,
            GPtrArray *records)
{
  for (guint i = 0; i < records->len; i++)
    g_assert_true (cvm_report_files_add (f->files, records->pdata[i], NULL));
}

static void
on_made (Fixture *f,
         CvmRun  *run)
{
  g_clear_pointer (&f->files, cvm_report_files_free);
  f->files = cvm_report_files_new (cvm_run_get_dir (run));
  g_free (f->run_dir);
  f->run_dir = g_strdup (cvm_run_get_dir (run));
  f->n_made++;
  g_ptr_array_add (f->runs, g_object_ref (run));
  g_signal_connect_swapped (run, "records", G_CALLBACK (on_records), f);
  cvm_run_start (run);
}

static void
on_failed (Fixture    *f,
           const char *message)
{
  g_free (f->failure);
  f->failure = g_strdup (message);
}

static void
set_up (Fixture       *f,
        gconstpointer  data)
{
  cvm_test_home_clear ();
  f->dir = g_dir_make_tmp ("cvm-tryout-XXXXXX", NULL);
  f->runs = g_ptr_array_new_with_free_func (g_object_unref);
  cvm_fake_world = (CvmFakeWorld) { .dir = f->dir, .http_status = 200 };
  f->tryout = cvm_tryout_new (cvm_fake_ports (), cvm_fake_checks_find);
  g_signal_connect_swapped (f->tryout, "made", G_CALLBACK (on_made), f);
  g_signal_connect_swapped (f->tryout, "failed", G_CALLBACK (on_failed), f);
}

static void
wait_runs (Fixture *f)
{
  for (guint i = 0; i < f->runs->len; i++)
    while (!cvm_run_is_finished (f->runs->pdata[i]))
      g_main_context_iteration (NULL, TRUE);
}

/* Whoever leaves it leaves no guest */
static void
tear_down (Fixture       *f,
           gconstpointer  data)
{
  if (f->tryout != NULL)
    g_assert_finalize_object (g_steal_pointer (&f->tryout));
  wait_runs (f);
  g_assert_cmpint (g_atomic_int_get (&cvm_fake_world.n_running), ==, 0);
  g_assert_cmpuint (cvm_fake_n_domains (), ==, 0);
  while (f->runs->len > 0)
    g_assert_finalize_object (g_ptr_array_steal_index (f->runs, 0));
  g_ptr_array_unref (f->runs);
  g_clear_pointer (&f->files, cvm_report_files_free);
  cvm_test_remove_tree (f->dir);
  g_free (f->dir);
  g_free (f->run_dir);
  g_free (f->failure);
}

static CvmPlan *
new_plan (Fixture    *f,
          const char *image_name,
          const char *text,
          const char *id)
{
  const char *const only[] = { id, NULL };
  g_autofree char *disk = g_build_filename (f->dir, image_name, NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(CvmSuite) raw = NULL;
  g_autoptr(CvmSuite) suite = NULL;
  g_autoptr(CvmImage) image = NULL;
  CvmPlan *plan = cvm_plan_new ();

  g_assert_true (g_file_set_contents (disk, "the base", -1, NULL));
  image = cvm_image_find (disk, &error);
  g_assert_no_error (error);
  raw = cvm_suite_new_from_data (text, strlen (text), "/nowhere/test.suite",
                                 cvm_fake_checks_lookup, &error);
  g_assert_no_error (error);
  suite = cvm_suite_resolve (raw, NULL, NULL, only, &error);
  g_assert_no_error (error);
  cvm_plan_add_job (plan, image, "fake:///world", "auto", suite);

  return plan;
}

static void
wait_state (Fixture        *f,
            CvmTryoutState  state)
{
  while (cvm_tryout_get_state (f->tryout) != state)
    g_main_context_iteration (NULL, TRUE);
}

static void
begin_try (Fixture    *f,
           const char *text,
           const char *id)
{
  g_autoptr(CvmPlan) plan = new_plan (f, "base.raw", text, id);

  g_assert_true (cvm_tryout_try (f->tryout, plan, id));
  g_assert_true (cvm_tryout_is_busy (f->tryout));
}

/* The whole of a try, whose guest stays */
static void
try_it (Fixture    *f,
        const char *text,
        const char *id)
{
  begin_try (f, text, id);
  wait_state (f, CVM_TRYOUT_KEPT);
}

static const CvmJobResult *
get_job (Fixture *f)
{
  return cvm_result_job (cvm_run_get_result (cvm_tryout_get_run (f->tryout)), 0);
}

/* "start pass,pass.2 fail": ids and outcomes of all points */
static char *
points (Fixture *f)
{
  static const char *const words[] = { "pass", "fail", "skip", "cancelled" };
  const CvmJobResult *job = get_job (f);
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint i = 0; i < job->points->len; i++)
    {
      const CvmPoint *point = job->points->pdata[i];

      g_string_append_printf (text, "%s%s %s", i > 0 ? "," : "", point->id,
                              point->is_ended ? words[point->outcome] : "open");
    }

  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
assert_points (Fixture    *f,
               const char *expected)
{
  g_autofree char *found = points (f);

  g_assert_cmpstr (found, ==, expected);
}

static void
assert_boots (int n_boots)
{
  g_assert_cmpint (g_atomic_int_get (&cvm_fake_world.n_boots), ==, n_boots);
}

static char *
report (Fixture *f)
{
  g_autofree char *path = g_build_filename (f->run_dir, "job-01", "report.tap", NULL);
  char *text = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));

  return text;
}

static const char *
last_reason (Fixture *f)
{
  const CvmJobResult *job = get_job (f);

  return ((const CvmPoint *)job->points->pdata[job->points->len - 1])->reason;
}

/* One guest ------------------------------------------------------------------------------- */

static void
test_same_guest (Fixture       *f,
                 gconstpointer  data)
{
  try_it (f, HEAD START PASS FAIL, "pass");
  assert_points (f, "start pass,pass pass");
  begin_try (f, HEAD START PASS FAIL, "fail");
  g_assert_cmpint (cvm_tryout_get_state (f->tryout), ==, CVM_TRYOUT_TRYING);
  wait_state (f, CVM_TRYOUT_KEPT);
  assert_points (f, "start pass,pass pass,fail.2 fail");
  g_assert_nonnull (last_reason (f));
  try_it (f, HEAD START PASS FAIL, "pass");
  assert_points (f, "start pass,pass pass,fail.2 fail,pass.3 pass");

  assert_boots (1);
  g_assert_cmpuint (f->n_made, ==, 1);
  g_assert_cmpuint (cvm_fake_n_domains (), ==, 1);
}

/* What is tried is the text as it stands */
static void
test_changed_text (Fixture       *f,
                   gconstpointer  data)
{
  try_it (f, HEAD START TAP ("1..1\\nok 1\\n", "0"), "tap");
  try_it (f, HEAD START TAP ("1..1\\nnot ok 1\\n", "0"), "tap");
  g_assert_cmpstr (last_reason (f), ==, "1 of 1 points failed");
  try_it (f, HEAD START TAP ("1..2\\nok 1\\nok 2\\n", "0"), "tap");
  assert_points (f, "start pass,tap pass,tap.2 fail,tap.3 pass");
  assert_boots (1);
}

/* A need is run once, and again when it was changed; so is a precondition that makes no guest */
static void
test_needs (Fixture       *f,
            gconstpointer  data)
{
  const char *needy = "[Case needy]\nCheck=fake.pass\nNeeds=tap\n";
  g_autofree char *one = g_strconcat (HEAD START TAP ("1..1\\nok 1\\n", "0"), needy, NULL);
  g_autofree char *two = g_strconcat (HEAD START LOGIN TAP ("1..1\\nnot ok 1\\n", "0"), needy,
                                      NULL);

  try_it (f, one, "needy");
  try_it (f, one, "needy");
  assert_points (f, "start pass,tap pass,needy pass,needy.2 pass");
  try_it (f, two, "needy");
  assert_points (f, "start pass,tap pass,needy pass,needy.2 pass,"
                    "login.3 pass,tap.3 fail,needy.3 skip");
  g_assert_cmpstr (last_reason (f), ==, "needs tap.3, which failed: 1 of 1 points failed");
  assert_boots (1);
}

/* A precondition that fails where it is tried costs no guest */
static void
test_precondition (Fixture       *f,
                   gconstpointer  data)
{
  cvm_fake_world.ssh_denies = TRUE;
  try_it (f, HEAD START LOGIN PASS, "pass");
  assert_points (f, "start pass,login fail,pass skip");
  cvm_fake_world.ssh_denies = FALSE;
  try_it (f, HEAD START LOGIN PASS, "login");
  assert_points (f, "start pass,login fail,pass skip,login.2 pass");
  try_it (f, HEAD START LOGIN PASS, "pass");
  assert_points (f, "start pass,login fail,pass skip,login.2 pass,pass.3 pass");
  assert_boots (1);
}

/* What was passed over made nothing of the guest, and is passed over again on another one */
static void
test_passed_over (Fixture       *f,
                  gconstpointer  data)
{
  const char *text = HEAD "[Precondition listed]\nCheck=fake.pass-over\n" START PASS;

  try_it (f, text, "pass");
  try_it (f, text, "pass");
  assert_points (f, "listed skip,start pass,pass pass,pass.2 pass");
  assert_boots (1);
}

/* The report of a job that stayed open has all its points, and its plan first */
static void
test_report (Fixture       *f,
             gconstpointer  data)
{
  g_autofree char *text = NULL;
  g_autofree char *again = NULL;
  const char *plan;

  try_it (f, HEAD START PASS FAIL, "pass");
  try_it (f, HEAD START PASS FAIL, "fail");
  cvm_tryout_stop (f->tryout);
  wait_state (f, CVM_TRYOUT_EMPTY);
  g_assert_cmpint (cvm_tryout_get_reason (f->tryout), ==, CVM_TRYOUT_STOPPED);
  g_assert_cmpint (cvm_run_get_status (cvm_tryout_get_run (f->tryout)), ==, CVM_STATUS_FAILED);

  text = report (f);
  plan = strstr (text, "\n1..3\n");
  g_assert_nonnull (plan);
  g_assert_true (strstr (text, "\nok 1 - start") > plan);
  g_assert_nonnull (strstr (text, "\nnot ok 3 - fail - Fails (try 2)"));
  g_assert_nonnull (strstr (text, "Test (try)"));

  /* the same from its journal alone */
  g_assert_true (cvm_report_files_rebuild (f->run_dir, NULL));
  again = report (f);
  g_assert_cmpstr (again, ==, text);
}

/* Another guest --------------------------------------------------------------------------- */

typedef struct
{
  const char      *name;
  const char      *first, *first_id;
  const char      *second, *second_id;
  const char      *image;      /* of the second */
  CvmTryoutReason  reason;
} Other;

static const Other others[] = {
  { "image", HEAD START PASS, "pass", HEAD START PASS, "pass", "other.raw",
    CVM_TRYOUT_ELSEWHERE },
  { "made-otherwise", HEAD START PASS, "pass",
    HEAD "[Precondition boot]\nCheck=fake.start\n" PASS, "pass", "base.raw",
    CVM_TRYOUT_OTHER_GUEST },
  { "its-start", HEAD START PASS, "pass", HEAD START PASS, "start", "base.raw",
    CVM_TRYOUT_OTHER_GUEST },
  { "port", HEAD START PASS, "pass",
    HEAD START PASS "[Case web]\nCheck=fake.http\nport=8080\n", "web", "base.raw",
    CVM_TRYOUT_NO_PORT },
};

static void
test_other (Fixture       *f,
            gconstpointer  data)
{
  const Other *other = data;
  g_autoptr(CvmPlan) plan = new_plan (f, other->image, other->second, other->second_id);

  try_it (f, other->first, other->first_id);
  g_assert_true (cvm_tryout_try (f->tryout, plan, other->second_id));
  wait_state (f, CVM_TRYOUT_KEPT);

  g_assert_cmpint (cvm_tryout_get_reason (f->tryout), ==, other->reason);
  g_assert_cmpuint (f->n_made, ==, 2);
  assert_boots (2);
  g_assert_cmpint (cvm_fake_world.max_running, ==, 1);
}

/* The ports of all cases are there, also of those that are tried later */
static void
test_later_port (Fixture       *f,
                 gconstpointer  data)
{
  const char *text = HEAD START PASS "[Case web]\nCheck=fake.http\nport=8080\n";

  try_it (f, text, "pass");
  try_it (f, text, "web");
  assert_points (f, "start pass,pass pass,web.2 pass");
  assert_boots (1);
}

/* Its end --------------------------------------------------------------------------------- */

static void
assert_gone (Fixture         *f,
             CvmTryoutReason  reason)
{
  wait_state (f, CVM_TRYOUT_EMPTY);
  g_assert_cmpint (cvm_tryout_get_reason (f->tryout), ==, reason);
  g_assert_cmpuint (cvm_fake_n_domains (), ==, 0);
  try_it (f, HEAD START PASS, "pass");
  g_assert_cmpint (cvm_tryout_get_reason (f->tryout), ==, reason);
  g_assert_cmpuint (f->n_made, ==, 2);
}

static void
test_unused (Fixture       *f,
             gconstpointer  data)
{
  cvm_tryout_set_idle_ms (f->tryout, 50);
  begin_try (f, HEAD START PASS, "pass");
  wait_state (f, CVM_TRYOUT_EMPTY);
  assert_points (f, "start pass,pass pass");
  cvm_tryout_set_idle_ms (f->tryout, 60000);
  assert_gone (f, CVM_TRYOUT_UNUSED);
}

static void
test_dies (Fixture       *f,
           gconstpointer  data)
{
  try_it (f, HEAD START PASS, "pass");
  g_atomic_int_set (&cvm_fake_world.guest_is_dead, TRUE);
  wait_state (f, CVM_TRYOUT_EMPTY);
  g_atomic_int_set (&cvm_fake_world.guest_is_dead, FALSE);
  assert_gone (f, CVM_TRYOUT_GONE);
}

static void
test_host_lost (Fixture       *f,
                gconstpointer  data)
{
  try_it (f, HEAD START PASS, "pass");
  g_atomic_int_inc (&cvm_fake_world.n_losses);
  wait_state (f, CVM_TRYOUT_EMPTY);
  g_atomic_int_set (&cvm_fake_world.n_running, 0);   /* the guest itself was not asked */
  assert_gone (f, CVM_TRYOUT_GONE);
}

/* A check that switches it off is told its verdict; the next one gets another guest */
static void
test_switched_off (Fixture       *f,
                   gconstpointer  data)
{
  try_it (f, HEAD START PASS, "pass");
  begin_try (f, HEAD START "[Case stop]\nCheck=fake.stop\n", "stop");
  wait_state (f, CVM_TRYOUT_EMPTY);
  assert_points (f, "start pass,pass pass,stop.2 pass");
  assert_gone (f, CVM_TRYOUT_GONE);
}

/* One that needs no guest leaves none, and nothing to tell */
static void
test_no_guest (Fixture       *f,
               gconstpointer  data)
{
  begin_try (f, HEAD FAIL, "fail");
  wait_state (f, CVM_TRYOUT_EMPTY);
  assert_points (f, "fail fail");
  g_assert_cmpint (cvm_tryout_get_reason (f->tryout), ==, CVM_TRYOUT_NEW);
  assert_boots (0);
}

static void
test_boot_fails (Fixture       *f,
                 gconstpointer  data)
{
  cvm_fake_world.host_refuses = TRUE;
  begin_try (f, HEAD START PASS, "pass");
  wait_state (f, CVM_TRYOUT_EMPTY);
  assert_points (f, "start fail,pass skip");
  g_assert_cmpint (cvm_run_get_status (cvm_tryout_get_run (f->tryout)), ==, CVM_STATUS_ENVIRONMENT);
}

/* While it boots, or tries: at once */
static void
test_stop_busy (Fixture       *f,
                gconstpointer  data)
{
  const char *text = HEAD START "[Case hang]\nCheck=fake.hang\n";
  g_autoptr(CvmPlan) plan = new_plan (f, "base.raw", text, "hang");

  begin_try (f, text, "hang");
  g_assert_false (cvm_tryout_try (f->tryout, plan, "hang"));
  cvm_tryout_stop (f->tryout);
  wait_state (f, CVM_TRYOUT_EMPTY);
  g_assert_cmpint (cvm_tryout_get_reason (f->tryout), ==, CVM_TRYOUT_STOPPED);

  begin_try (f, text, "hang");
  while (g_atomic_int_get (&cvm_fake_world.n_running) == 0)
    g_main_context_iteration (NULL, TRUE);
  cvm_tryout_stop (f->tryout);
  wait_state (f, CVM_TRYOUT_EMPTY);
  g_assert_cmpint (cvm_run_get_status (cvm_tryout_get_run (f->tryout)), ==, CVM_STATUS_CANCELLED);
}

/* Left in the middle: nobody waits for it, and the guest goes all the same */
static void
test_left (Fixture       *f,
           gconstpointer  data)
{
  begin_try (f, HEAD START "[Case hang]\nCheck=fake.hang\n", "hang");
  while (g_atomic_int_get (&cvm_fake_world.n_running) == 0)
    g_main_context_iteration (NULL, TRUE);
  g_clear_object (&f->tryout);
  wait_runs (f);
  g_assert_cmpuint (cvm_fake_n_domains (), ==, 0);
}

/* No folder for its run: told, and nothing is on */
static void
test_no_folder (Fixture       *f,
                gconstpointer  data)
{
  g_autofree char *runs = g_build_filename (g_get_user_data_dir (), "cvmtester", NULL);

  g_mkdir_with_parents (g_get_user_data_dir (), 0700);
  g_assert_true (g_file_set_contents (runs, "in the way", -1, NULL));
  begin_try (f, HEAD START PASS, "pass");
  wait_state (f, CVM_TRYOUT_EMPTY);
  while (f->failure == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (f->n_made, ==, 0);
}

static void
add (const char *name,
     void      (*test) (Fixture *f, gconstpointer data),
     const void *data)
{
  g_test_add (name, Fixture, data, set_up, test, tear_down);
}

int
main (int   argc,
      char *argv[])
{
  cvm_test_home_enter ();
  g_test_init (&argc, &argv, NULL);

  add ("/tryout/same-guest", test_same_guest, NULL);
  add ("/tryout/changed-text", test_changed_text, NULL);
  add ("/tryout/needs", test_needs, NULL);
  add ("/tryout/precondition", test_precondition, NULL);
  add ("/tryout/passed-over", test_passed_over, NULL);
  add ("/tryout/report", test_report, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (others); i++)
    {
      g_autofree char *name = g_strconcat ("/tryout/other-guest/", others[i].name, NULL);

      add (name, test_other, &others[i]);
    }
  add ("/tryout/later-port", test_later_port, NULL);
  add ("/tryout/unused", test_unused, NULL);
  add ("/tryout/dies", test_dies, NULL);
  add ("/tryout/host-lost", test_host_lost, NULL);
  add ("/tryout/switched-off", test_switched_off, NULL);
  add ("/tryout/no-guest", test_no_guest, NULL);
  add ("/tryout/boot-fails", test_boot_fails, NULL);
  add ("/tryout/stop-busy", test_stop_busy, NULL);
  add ("/tryout/left", test_left, NULL);
  add ("/tryout/no-folder", test_no_folder, NULL);

  return cvm_test_home_run ();
}
