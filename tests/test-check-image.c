/* test-check-image.c: an image that a job finds, fetches and boots by itself
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <glib/gstdio.h>
#include <string.h>

#include "cvm-checks.h"
#include "cvm-fake-ports.h"
#include "cvm-test-home.h"
#include "cvm-test-run.h"

#define CASES "[Precondition start]\nCheck=guest.start\n[Case login]\nCheck=ssh.login\n"
#define STEPS(more) HEAD "[Precondition listed]\nCheck=image.listed\ncatalogue=%s\n" more \
                    "[Precondition fetched]\nCheck=image.fetched\ncatalogue=%s\n" more \
                    "[Precondition uuid]\nCheck=image.new-uuid\n" CASES

static void
set_up (CvmTestRun    *f,
        gconstpointer  data)
{
  g_autofree char *folder = NULL;

  cvm_test_run_set_up (f, data);
  f->find = cvm_checks_find;
  f->lookup = cvm_checks_lookup;
  folder = g_build_filename (f->dir, "catalogue", NULL);
  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
}

/* A disk of 1 MiB that a BIOS would take for one; MARK tells it from others */
static void
put_disk (CvmTestRun *f,
          const char *name,
          char        mark)
{
  g_autofree char *path = g_build_filename (f->dir, "catalogue", name, NULL);
  g_autofree char *disk = g_malloc0 (1024 * 1024);

  disk[0] = mark;
  disk[510] = 0x55;
  disk[511] = (char)0xaa;
  g_assert_true (g_file_set_contents (path, disk, 1024 * 1024, NULL));
}

static const CvmJobResult *
run (CvmTestRun *f,
     const char *format)
{
  g_autofree char *folder = g_build_filename (f->dir, "catalogue", NULL);
  g_autoptr(GString) text = g_string_new (format);
  g_autoptr(CvmSuite) suite = NULL;
  g_autoptr(CvmPlan) plan = cvm_plan_new ();

  g_string_replace (text, "%s", folder, 0);
  suite = cvm_test_run_new_suite (f, text->str);
  cvm_plan_add_job (plan, NULL, "fake:///world", "qemu", suite);
  cvm_test_run_plan (f, plan);

  return cvm_result_job (cvm_run_get_result (f->run), 0);
}

static const char *
detail (const CvmPoint *point,
        const char     *key)
{
  for (guint i = 0; point->details != NULL && i < point->details->len; i++)
    {
      const CvmDetail *item = point->details->pdata[i];

      if (g_str_equal (item->key, key))
        return item->value;
    }

  return NULL;
}

static void
test_newest (CvmTestRun    *f,
             gconstpointer  data)
{
  const CvmJobResult *job;

  put_disk (f, "tiny-2.9-x86_64.raw", 'a');
  put_disk (f, "tiny-2.10-x86_64.raw", 'b');
  job = run (f, STEPS (""));
  g_assert_cmpint (job->status, ==, CVM_STATUS_PASSED);
  g_assert_cmpstr (detail (cvm_test_run_point (job, 1), "version"), ==, "2.10");
  g_assert_cmpstr (detail (cvm_test_run_point (job, 2), "fetched"), ==, "yes");
  g_assert_cmpstr (cvm_test_run_point (job, 3)->reason, ==, "VirtualBox only");
  g_assert_nonnull (cvm_test_run_fact (job, "image"));

  cvm_test_run_again (f);
  job = run (f, STEPS ("version=2.9\n"));
  g_assert_cmpint (job->status, ==, CVM_STATUS_PASSED);
  g_assert_cmpstr (detail (cvm_test_run_point (job, 2), "version"), ==, "2.9");
}

static void
test_none (CvmTestRun    *f,
           gconstpointer  data)
{
  const CvmJobResult *job;

  put_disk (f, "tiny-2.9-x86_64.raw", 'a');
  job = run (f, STEPS ("version=3.0\n"));
  g_assert_cmpint (job->status, ==, CVM_STATUS_ENVIRONMENT);
  g_assert_nonnull (strstr (cvm_test_run_point (job, 1)->reason, "lists 1 images, and none as asked for"));
  g_assert_cmpstr (cvm_test_run_point (job, 4)->reason, ==, "precondition listed failed");
}

static void
test_no_catalogue (CvmTestRun    *f,
                   gconstpointer  data)
{
  const CvmJobResult *job = run (f, HEAD "[Precondition listed]\nCheck=image.listed\n" CASES);

  g_assert_cmpint (job->status, ==, CVM_STATUS_ENVIRONMENT);
  g_assert_nonnull (strstr (cvm_test_run_point (job, 1)->reason, "name one with --image"));
}

/* With an image of the plan's there is nothing to find */
static void
test_given (CvmTestRun    *f,
            gconstpointer  data)
{
  const CvmJobResult *job = cvm_test_run_suite (f, HEAD "[Precondition listed]\nCheck=image.listed\n"
                                                   "[Precondition fetched]\nCheck=image.fetched\n" CASES);

  g_assert_cmpint (job->status, ==, CVM_STATUS_PASSED);
  g_assert_cmpuint (job->skipped, ==, 2);
  g_assert_cmpstr (cvm_test_run_point (job, 2)->reason, ==, "the run was given the image base");
}

/* Two jobs that want the same at once: one fetches, the other waits for it */
static void
test_two_jobs (CvmTestRun    *f,
               gconstpointer  data)
{
  g_autofree char *folder = g_build_filename (f->dir, "catalogue", NULL);
  g_autoptr(GString) text = g_string_new (STEPS (""));
  g_autoptr(CvmSuite) suite = NULL;
  g_autoptr(CvmPlan) plan = cvm_plan_new ();

  put_disk (f, "tiny-2.9-x86_64.raw", 'a');
  g_string_replace (text, "%s", folder, 0);
  suite = cvm_test_run_new_suite (f, text->str);
  for (guint i = 0; i < 4; i++)
    cvm_plan_add_job (plan, NULL, "fake:///world", "qemu", suite);
  cvm_plan_set_parallel (plan, 4);
  cvm_test_run_plan (f, plan);
  g_assert_cmpint (cvm_run_get_status (f->run), ==, CVM_STATUS_PASSED);
}

int
main (int   argc,
      char *argv[])
{
  cvm_test_home_enter ();
  g_test_init (&argc, &argv, NULL);
#define ADD(name, test) g_test_add ("/check-image/" name, CvmTestRun, NULL, set_up, test, cvm_test_run_tear_down)
  ADD ("newest", test_newest);
  ADD ("none", test_none);
  ADD ("no-catalogue", test_no_catalogue);
  ADD ("given", test_given);
  ADD ("two-jobs", test_two_jobs);

  return cvm_test_home_run ();
}
