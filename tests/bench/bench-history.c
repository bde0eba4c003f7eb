/* bench-history.c: a history of 10 000 runs: how soon its first page is there, and what a sync costs
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The runs are tests/make-history's. What is allowed is a part of what there would be without an
 * index, on this machine now: reading every journal whole. Both in time of the processor, since a disk
 * and other programs would make either longer by chance. */
#include <stdlib.h>
#include <time.h>

#include "cvm-file.h"
#include "cvm-history.h"
#include "cvm-paths.h"
#include "cvm-result.h"

#define N_RUNS 10000
#define PAGE   100

static int status = EXIT_SUCCESS;
static guint number;

static gint64
processor_us (void)
{
  struct timespec time;

  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &time);

  return time.tv_sec * G_USEC_PER_SEC + time.tv_nsec / 1000;
}

static double
ms_since (gint64 begin_us)
{
  return (double)(g_get_monotonic_time () - begin_us) / 1000;
}

static void
report (const char *what,
        double      ms,
        double      allowed_ms)
{
  gboolean is_fast = ms <= allowed_ms;

  g_print ("%s %u - %s: %.1f ms, at most %.1f\n", is_fast ? "ok" : "not ok", ++number, what, ms,
           allowed_ms);
  if (!is_fast)
    status = EXIT_FAILURE;
}

/* Every journal read as a window without an index had to */
static double
measure_reading (const char *runs)
{
  g_autoptr(GDir) dir = g_dir_open (runs, 0, NULL);
  gint64 begin_us = processor_us ();
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (runs, name, "journal.jsonl", NULL);
      g_autoptr(CvmResult) result = cvm_result_new_from_journal (path, NULL);

      g_assert_nonnull (result);
    }

  return (double)(processor_us () - begin_us) / 1000;
}

static void
list (CvmHistory  *history,
      const char  *text,
      gboolean     is_there)
{
  CvmHistoryQuery query = CVM_HISTORY_QUERY_ALL;
  g_autoptr(GPtrArray) runs = NULL;

  query.text = text;
  runs = cvm_history_list (history, &query, PAGE, NULL, NULL);
  g_assert_true ((runs->len > 0) == is_there);
}

static void
measure_sync (const char *what,
              guint       expected,
              double      allowed_ms)
{
  g_autoptr(CvmHistory) history = cvm_history_new (NULL);
  guint n_changed = 0;
  gint64 begin_us = processor_us ();

  g_assert_true (cvm_history_sync (history, &n_changed, NULL, NULL));
  g_assert_cmpuint (n_changed, ==, expected);
  report (what, (double)(processor_us () - begin_us) / 1000, allowed_ms);
}

static void
measure_search (CvmHistory *history,
                const char *what,
                const char *text,
                gboolean    is_there)
{
  gint64 begin_us = g_get_monotonic_time ();

  list (history, text, is_there);
  report (what, ms_since (begin_us), 100);
}

static void
measure_pages (void)
{
  g_autoptr(CvmHistory) history = cvm_history_new (NULL);
  CvmHistoryQuery all = CVM_HISTORY_QUERY_ALL;
  CvmHistoryCell cell = { "demo", "Demo appliance", "qemu:///session", "qemu" };
  gint64 begin_us = g_get_monotonic_time ();

  list (history, NULL, TRUE);
  report ("open, and the first page with its strips", ms_since (begin_us), 100);
  measure_search (history, "search of an image", "DESKTOP", TRUE);
  measure_search (history, "search of a point that failed", "no errors at boot", TRUE);
  measure_search (history, "search of what is not there", "nowhere to be found", FALSE);

  begin_us = g_get_monotonic_time ();
  g_assert_cmpuint (cvm_history_count (history, &all, NULL), ==, N_RUNS);
  report ("count", ms_since (begin_us), 50);

  begin_us = g_get_monotonic_time ();
  g_assert_cmpint (cvm_history_usual (history, &cell, NULL).ms, >, 0);
  report ("what is usual", ms_since (begin_us), 20);
}

int
main (int    argc,
      char **argv)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *home = g_dir_make_tmp ("bench-history-XXXXXX", &error);
  g_autofree char *runs = NULL;
  g_autofree char *many = g_strdup_printf ("%d", N_RUNS);
  const char *make[] = { g_getenv ("CVM_MAKE_HISTORY"), NULL, many, NULL };
  double reading_ms;

  g_assert_no_error (error);
  g_setenv ("XDG_DATA_HOME", home, TRUE);
  make[1] = runs = cvm_paths_runs ();
  g_assert_true (g_spawn_sync (NULL, (char **)make, NULL, G_SPAWN_DEFAULT, NULL, NULL, NULL, NULL,
                               NULL, &error));
  reading_ms = measure_reading (runs);
  g_print ("# all journals: %.0f ms\n", reading_ms);
  measure_sync ("sync from nothing", N_RUNS, reading_ms * 1.2);
  measure_sync ("sync again", 0, reading_ms / 20);
  measure_pages ();
  g_print ("1..%u\n", number);
  cvm_file_remove_tree (home);

  return status;
}
