/* test-filmstrip.c: the film of a job is read as often as there is more of it
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Needs a display. */
#include "cvm-filmstrip.h"

#define PATIENCE_S 10
#define QUIET_MS   300

static void
tell (CvmResult     *result,
      CvmRecordType  type,
      gint64         time_s)
{
  g_autoptr(CvmRecord) record = cvm_record_new (type, "01");

  record->time_us = time_s * G_USEC_PER_SEC;
  cvm_result_add (result, record);
}

static void
count (guint *n)
{
  (*n)++;
}

static gboolean
on_time (gpointer is_over)
{
  *(gboolean *)is_over = TRUE;

  return G_SOURCE_REMOVE;
}

/* Until so many loads have come, and no more */
static void
expect_loads (const guint *n_loaded,
              guint        n)
{
  gboolean is_over = FALSE;
  guint patience = g_timeout_add_seconds (PATIENCE_S, on_time, &is_over);

  while (*n_loaded < n && !is_over)
    g_main_context_iteration (NULL, TRUE);
  g_assert_false (is_over);
  g_source_remove (patience);

  g_timeout_add (QUIET_MS, on_time, &is_over);
  while (!is_over)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (*n_loaded, ==, n);
}

/* What comes while the film is read, its last pictures above all, is read next */
static void
test_late (void)
{
  CvmFilmstrip *strip = g_object_ref_sink (g_object_new (CVM_TYPE_FILMSTRIP, NULL));
  g_autoptr(CvmResult) result = cvm_result_new ();
  guint n_loaded = 0;

  tell (result, CVM_RECORD_JOB_BEGIN, 1000);
  tell (result, CVM_RECORD_JOB_END, 1010);
  g_signal_connect_swapped (strip, "moved", G_CALLBACK (count), &n_loaded);

  cvm_filmstrip_set_job (strip, "/nowhere", FALSE);
  cvm_filmstrip_update (strip, cvm_result_job (result, 0));
  cvm_filmstrip_end (strip);
  expect_loads (&n_loaded, 2);

  /* another job wants nothing yet */
  cvm_filmstrip_set_job (strip, "/nowhere", FALSE);
  cvm_filmstrip_update (strip, cvm_result_job (result, 0));
  cvm_filmstrip_end (strip);
  cvm_filmstrip_set_job (strip, "/nowhere/else", FALSE);
  cvm_filmstrip_update (strip, cvm_result_job (result, 0));
  expect_loads (&n_loaded, 3);

  gtk_widget_destroy (GTK_WIDGET (strip));
  g_object_unref (strip);
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  g_test_add_func ("/filmstrip/late", test_late);

  return g_test_run ();
}
