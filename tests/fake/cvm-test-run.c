/* cvm-test-run.c: runs of small suites on fake ports, for the tests of the engine
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-test-run.h"

#include "cvm-fake-checks.h"
#include "cvm-fake-ports.h"
#include "cvm-journal.h"
#include "cvm-test-home.h"

void
cvm_test_run_set_up (CvmTestRun    *f,
                     gconstpointer  data)
{
  f->dir = g_dir_make_tmp ("cvm-run-XXXXXX", NULL);
  cvm_test_home_clear ();
  cvm_fake_world = (CvmFakeWorld) { .dir = f->dir, .http_status = 200 };
}

void
cvm_test_run_tear_down (CvmTestRun    *f,
                        gconstpointer  data)
{
  cvm_fake_world.destroy_fails = FALSE;
  if (f->run != NULL)
    {
      g_assert_cmpint (g_atomic_int_get (&cvm_fake_world.n_running), ==, 0);
      g_assert_finalize_object (f->run);
    }

  cvm_test_remove_tree (f->dir);
  g_free (f->dir);
}

CvmSuite *
cvm_test_run_new_suite (CvmTestRun *f,
                        const char *text)
{
  g_autofree char *path = g_build_filename (f->dir, "test.suite", NULL);
  g_autoptr(CvmSuite) suite = NULL;
  g_autoptr(GError) error = NULL;
  CvmSuite *resolved;

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  suite = cvm_suite_load (path, f->lookup != NULL ? f->lookup : cvm_fake_checks_lookup, &error);
  g_assert_no_error (error);
  resolved = cvm_suite_resolve (suite, NULL, NULL, NULL, &error);
  g_assert_no_error (error);

  return resolved;
}

CvmImage *
cvm_test_run_new_image (CvmTestRun *f)
{
  g_autofree char *disk = g_build_filename (f->dir, "base.raw", NULL);
  g_autoptr(GError) error = NULL;
  CvmImage *image;

  g_assert_true (g_file_set_contents (disk, "the base", -1, NULL));
  image = cvm_image_find (disk, &error);
  g_assert_no_error (error);

  return image;
}

static void
on_records (CvmRun    *run,
            GPtrArray *records,
            gpointer   data)
{
  CvmTestRun *f = data;

  for (guint i = 0; i < records->len; i++)
    {
      const CvmRecord *record = g_ptr_array_index (records, i);

      if (record->type == CVM_RECORD_CASE_BEGIN && ++f->begun == f->cancel_after)
        cvm_run_cancel (run);
      if (f->on_record != NULL)
        f->on_record (f, record);
    }
}

void
cvm_test_run_plan (CvmTestRun *f,
                   CvmPlan    *plan)
{
  g_autofree char *out = g_build_filename (f->dir, "out", NULL);
  g_autoptr(GError) error = NULL;

  f->run = cvm_run_new (plan, cvm_fake_ports (), f->find != NULL ? f->find : cvm_fake_checks_find, out,
                        &error);
  g_assert_no_error (error);
  g_signal_connect (f->run, "records", G_CALLBACK (on_records), f);
  if (f->on_record != NULL)
    f->on_record (f, NULL);
  cvm_run_start (f->run);
  while (!cvm_run_is_finished (f->run))
    g_main_context_iteration (NULL, TRUE);
}

void
cvm_test_run_again (CvmTestRun *f)
{
  g_autofree char *out = g_build_filename (f->dir, "out", NULL);

  g_assert_finalize_object (g_steal_pointer (&f->run));
  cvm_test_remove_tree (out);
}

const CvmJobResult *
cvm_test_run_suite_on (CvmTestRun *f,
                       const char *text,
                       const char *hypervisor)
{
  g_autoptr(CvmSuite) suite = cvm_test_run_new_suite (f, text);
  g_autoptr(CvmImage) image = cvm_test_run_new_image (f);
  g_autoptr(CvmPlan) plan = cvm_plan_new ();

  cvm_plan_add_job (plan, image, "fake:///world", hypervisor, suite);
  cvm_test_run_plan (f, plan);

  return cvm_result_job (cvm_run_get_result (f->run), 0);
}

CvmImage *
cvm_test_run_new_kernel_image (CvmTestRun *f)
{
  g_autofree char *kernel = g_build_filename (f->dir, "kernel", NULL);
  g_autofree char *path = g_build_filename (f->dir, "k.image", NULL);
  g_autoptr(GError) error = NULL;
  CvmImage *image;

  g_assert_true (g_file_set_contents (kernel, "a kernel", -1, NULL));
  g_assert_true (g_file_set_contents (path, "[Image]\nName=k\nKernel=kernel\n", -1, NULL));
  image = cvm_image_find (path, &error);
  g_assert_no_error (error);

  return image;
}

const CvmJobResult *
cvm_test_run_suite (CvmTestRun *f,
                    const char *text)
{
  return cvm_test_run_suite_on (f, text, "auto");
}

const CvmPoint *
cvm_test_run_point (const CvmJobResult *job,
                    guint               number)
{
  g_assert_cmpuint (number, <=, job->points->len);

  return g_ptr_array_index (job->points, number - 1);
}

GPtrArray *
cvm_test_run_journal (CvmTestRun *f)
{
  g_autofree char *path = g_build_filename (cvm_run_get_dir (f->run), "journal.jsonl", NULL);
  g_autoptr(GError) error = NULL;
  GPtrArray *records = cvm_journal_read (path, &error);

  g_assert_no_error (error);

  return records;
}

/* "act domain", "acted domain"…, in the order of the journal */
char *
cvm_test_run_acts (CvmTestRun *f)
{
  g_autoptr(GPtrArray) records = cvm_test_run_journal (f);
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint i = 0; i < records->len; i++)
    {
      const CvmRecord *record = g_ptr_array_index (records, i);

      if (record->type == CVM_RECORD_ACT)
        g_string_append_printf (text, "act %s\n", record->kind);
      else if (record->type == CVM_RECORD_ACTED)
        g_string_append_printf (text, "acted %s %s\n", record->kind, record->ok ? "ok" : "failed");
    }

  return g_string_free (g_steal_pointer (&text), FALSE);
}

const char *
cvm_test_run_fact (const CvmJobResult *job,
                   const char         *key)
{
  const char *value = NULL;

  for (guint i = 0; i < job->facts->len; i++)
    {
      const CvmDetail *detail = g_ptr_array_index (job->facts, i);

      if (g_str_equal (detail->key, key))
        value = detail->value;
    }

  return value;
}
