/* bench-points.c: a run of a million points in its page, against one of a thousand
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Needs a display. Both runs lie in a folder and are opened as any old run is; then filters are
 * turned, text is found, and the tree is scrolled while 5 000 points a second arrive in another.
 * Time in which others had the processors is not counted. Prints a table; fails when the main loop stands still for more than 100 ms, when frames are more
 * than 50 ms apart (95 of 100) while points arrive, or when the million costs more than 400 bytes a
 * point. What is compared are ratios and gaps within this run, so any machine will do. */
#include <glib/gstdio.h>
#include <handy.h>
#include <stdio.h>
#include <string.h>

#include "cvm-file.h"
#include "cvm-point-tree.h"
#include "cvm-run-page.h"

#define FEW        1000
#define MANY       1000000
#define PER_SECOND 5000
#define LIVE_S     5
#define BEAT_MS    2
#define MAX_GAP_MS 100
#define MAX_P95_MS 50
#define MAX_BYTES  400   /* resident, a point: its record's texts are a third of it */

static gboolean missed;

static void
expect (gboolean    is_met,
        const char *what)
{
  if (is_met)
    return;

  g_print ("MISSED: %s\n", what);
  missed = TRUE;
}

static double
now_ms (void)
{
  return g_get_monotonic_time () / 1000.0;
}

static double
resident_mib (void)
{
  g_autofree char *status = NULL;

  g_file_get_contents ("/proc/self/status", &status, NULL, NULL);

  return g_ascii_strtod (strstr (status, "VmRSS:") + 6, NULL) / 1024;
}

/* How long this thread wanted to run and got no processor, since others had them all */
static double
starved_ms (void)
{
  g_autofree char *text = NULL;
  guint64 ran, starved;

  if (!g_file_get_contents ("/proc/thread-self/schedstat", &text, NULL, NULL)
      || sscanf (text, "%" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT, &ran, &starved) != 2)
    return 0;

  return starved / 1e6;
}

/* How long the main loop stands still by its own doing: a timer of the priority of events ----- */

static double last_beat, last_starved, worst_gap;

static gboolean
on_beat (gpointer data)
{
  double now = now_ms ();
  double starved = starved_ms ();

  worst_gap = MAX (worst_gap, now - last_beat - (starved - last_starved));
  last_beat = now;
  last_starved = starved;

  return G_SOURCE_CONTINUE;
}

static void
begin_gaps (void)
{
  last_beat = now_ms ();
  last_starved = starved_ms ();
  worst_gap = 0;
}

/* A run in a folder ------------------------------------------------------------------------- */

#define LINE(format) "{\"v\":1,\"seq\":%u,\"t\":\"2026-11-20T10:11:12.000000Z\",\"job\":" format "}\n"

static char *
write_run (const char *folder,
           guint       n_points)
{
  g_autofree char *name = g_strdup_printf ("run-%u", n_points);
  char *dir = g_build_filename (folder, name, NULL);
  g_autofree char *path = g_build_filename (dir, "journal.jsonl", NULL);
  g_autofree char *id = g_build_filename (dir, "id", NULL);
  guint seq = 1;

  g_mkdir (dir, 0700);
  g_file_set_contents (id, "run\n", -1, NULL);
  FILE *file = fopen (path, "w");
  fprintf (file, LINE ("null,\"type\":\"run.begin\",\"title\":\"big\",\"version\":\"1\",\"jobs\":1"), seq++);
  fprintf (file, LINE ("\"01\",\"type\":\"job.begin\",\"image\":\"demo\",\"host\":\"test:///default\","
                       "\"suite\":\"Big\",\"points\":1"), seq++);
  fprintf (file, LINE ("\"01\",\"type\":\"case.planned\",\"number\":1,\"id\":\"tap\",\"title\":\"TAP\","
                       "\"precondition\":false"), seq++);
  fprintf (file, LINE ("\"01\",\"type\":\"case.begin\",\"number\":1,\"id\":\"tap\",\"limit_ms\":1000"), seq++);
  for (guint i = 1; i <= n_points; i++, seq++)
    fprintf (file, LINE ("\"01\",\"type\":\"point\",\"number\":1,\"path\":\"%u\",\"ok\":%s,"
                         "\"text\":\"virDomainGetInfo of guest %u\""), seq, i,
             i % 1000 == 0 ? "false" : "true", i);
  fprintf (file, LINE ("\"01\",\"type\":\"case.end\",\"number\":1,\"id\":\"tap\",\"outcome\":\"fail\",\"ms\":9"), seq++);
  fprintf (file, LINE ("\"01\",\"type\":\"job.end\",\"status\":1"), seq++);
  fprintf (file, LINE ("null,\"type\":\"run.end\",\"status\":1"), seq);
  fclose (file);

  return dir;
}

/* The page ---------------------------------------------------------------------------------- */

static GtkWidget *
find_named (GtkWidget  *widget,
            const char *name)
{
  GtkWidget *found = NULL;

  if (g_strcmp0 (gtk_buildable_get_name (GTK_BUILDABLE (widget)), name) == 0)
    return widget;
  if (!GTK_IS_CONTAINER (widget))
    return NULL;

  for (g_autoptr(GList) at = gtk_container_get_children (GTK_CONTAINER (widget)); at != NULL && found == NULL;
       at = g_list_delete_link (at, at))
    found = find_named (at->data, name);

  return found;
}

static void
iterate (void)
{
  g_main_context_iteration (NULL, TRUE);
}

/* Until nothing of drawing or less is left to do */
static gboolean
on_idle (gpointer data)
{
  *(gboolean *)data = TRUE;

  return G_SOURCE_REMOVE;
}

static void
settle (void)
{
  gboolean is_idle = FALSE;

  g_idle_add_full (G_PRIORITY_LOW, on_idle, &is_idle, NULL);
  while (!is_idle)
    iterate ();
}

typedef struct
{
  double opened, gap_open, failed, all, found, gap_use, destroyed, mib;
} Seen;

static double
turn (GtkWidget  *tree,
      const char *button)
{
  double begun = now_ms ();

  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (find_named (tree, button)), TRUE);
  settle ();

  return now_ms () - begun;
}

static double
find_text (GtkWidget  *page,
           const char *text)
{
  CvmPointTree *tree = CVM_POINT_TREE (find_named (page, "tree"));
  GtkWidget *entry;
  GtkLabel *count;
  double begun;

  cvm_point_tree_find (tree);
  entry = find_named (GTK_WIDGET (tree), "entry");
  count = GTK_LABEL (find_named (GTK_WIDGET (tree), "count"));
  begun = now_ms ();
  gtk_entry_set_text (GTK_ENTRY (entry), text);
  while (!g_str_equal (gtk_label_get_text (count), "1 of 1"))
    iterate ();

  return now_ms () - begun;
}

static Seen
look_at (GtkWidget  *window,
         const char *dir,
         guint       n_points)
{
  g_autofree char *last = g_strdup_printf ("guest %u", n_points);
  g_autofree char *all = g_strdup_printf ("All %u", n_points + 1);
  double before = resident_mib ();
  double begun = now_ms ();
  GtkWidget *page, *tree;
  Seen seen;

  begin_gaps ();
  page = GTK_WIDGET (cvm_run_page_new_past (dir));
  gtk_container_add (GTK_CONTAINER (window), page);
  gtk_widget_show (page);
  tree = find_named (page, "tree");
  while (!g_str_equal (gtk_button_get_label (GTK_BUTTON (find_named (tree, "all_button"))), all))
    iterate ();
  settle ();
  seen.opened = now_ms () - begun;
  seen.gap_open = worst_gap;
  seen.mib = resident_mib () - before;

  begin_gaps ();
  seen.failed = turn (tree, "failed_button");
  seen.all = turn (tree, "all_button");
  seen.found = find_text (page, last);
  settle ();
  seen.gap_use = worst_gap;

  begin_gaps ();
  gtk_widget_destroy (page);
  settle ();
  seen.destroyed = worst_gap;

  return seen;
}

/* While points arrive ------------------------------------------------------------------------ */

typedef struct
{
  CvmResult     *result;
  CvmPointIndex *index;
  CvmPointTree  *tree;
  guint          n_points;
  gint64         begun_us;
  GArray        *frames;      /* of double: ms between two */
  double         last_frame, last_starved;
} Live;

static void
give (Live      *live,
      CvmRecord *record)
{
  cvm_result_add (live->result, record);
  if (live->index != NULL)
    cvm_point_index_take (live->index, record);
  cvm_record_unref (record);
}

static CvmRecord *
record_new (CvmRecordType type)
{
  CvmRecord *record = cvm_record_new (type, "01");

  record->number = 1;
  record->id = g_strdup ("tap");
  record->name = g_strdup ("TAP");

  return record;
}

/* A batch as the run hands it over: once a frame */
static gboolean
on_batch (gpointer data)
{
  Live *live = data;
  guint due = (guint)((g_get_monotonic_time () - live->begun_us) * PER_SECOND / G_USEC_PER_SEC);

  for (; live->n_points < due; live->n_points++)
    {
      CvmRecord *record = record_new (CVM_RECORD_POINT);

      record->path = g_strdup_printf ("%u", live->n_points + 1);
      record->text = g_strdup_printf ("virDomainGetInfo of guest %u", live->n_points);
      record->ok = live->n_points % 1000 != 0;
      give (live, record);
    }
  cvm_point_tree_update (live->tree);

  return G_SOURCE_CONTINUE;
}

static gboolean
on_frame (GtkWidget     *view,
          GdkFrameClock *clock,
          gpointer       data)
{
  Live *live = data;
  GtkAdjustment *place = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (view));
  double now = now_ms ();
  double starved = starved_ms ();
  double gap = now - live->last_frame - (starved - live->last_starved);
  double end = gtk_adjustment_get_upper (place) - gtk_adjustment_get_page_size (place);

  g_array_append_val (live->frames, gap);
  live->last_frame = now;
  live->last_starved = starved;
  gtk_adjustment_set_value (place, end > 0 ? (double)((gint64)now % (gint64)(end + 1)) : 0);

  return G_SOURCE_CONTINUE;
}

static int
compare (gconstpointer a,
         gconstpointer b)
{
  return *(const double *)a > *(const double *)b ? 1 : -1;
}

static double
watch_live (GtkWidget *window)
{
  Live live = { .result = cvm_result_new (), .frames = g_array_new (FALSE, FALSE, sizeof (double)) };
  GtkWidget *view;
  GtkTreePath *first = gtk_tree_path_new_first ();
  guint batches;
  double p95;

  give (&live, record_new (CVM_RECORD_JOB_BEGIN));
  give (&live, record_new (CVM_RECORD_CASE_PLANNED));
  give (&live, record_new (CVM_RECORD_CASE_BEGIN));
  live.index = cvm_point_index_new (cvm_result_job (live.result, 0));
  live.tree = g_object_new (CVM_TYPE_POINT_TREE, "visible", TRUE, NULL);
  gtk_container_add (GTK_CONTAINER (window), GTK_WIDGET (live.tree));
  cvm_point_tree_set_index (live.tree, live.index);
  view = find_named (GTK_WIDGET (live.tree), "view");
  settle ();

  begin_gaps ();
  live.begun_us = g_get_monotonic_time () - G_USEC_PER_SEC / 2;   /* some are there to be unfolded */
  live.last_frame = now_ms ();
  live.last_starved = starved_ms ();
  batches = g_timeout_add (16, on_batch, &live);
  gtk_widget_add_tick_callback (view, on_frame, &live, NULL);
  while (g_get_monotonic_time () - live.begun_us < LIVE_S * G_USEC_PER_SEC)
    {
      gtk_tree_view_expand_row (GTK_TREE_VIEW (view), first, TRUE);
      iterate ();
    }

  g_array_sort (live.frames, compare);
  p95 = g_array_index (live.frames, double, live.frames->len * 95 / 100);
  g_print ("%u points arrived in %d s: %u frames, median %.1f ms apart, 95 %%: %.1f ms, loop gap %.1f ms\n",
           live.n_points, LIVE_S, live.frames->len,
           g_array_index (live.frames, double, live.frames->len / 2), p95, worst_gap);

  g_source_remove (batches);
  cvm_point_tree_set_index (live.tree, NULL);
  gtk_widget_destroy (GTK_WIDGET (live.tree));
  cvm_point_index_free (live.index);
  g_object_unref (live.result);
  g_array_unref (live.frames);
  gtk_tree_path_free (first);

  return p95;
}

static void
print_seen (const char *what,
            const Seen *seen)
{
  g_print ("%-10s opened %8.1f ms (gap %5.1f), failed %5.1f, all %5.1f, found %7.1f (gap %5.1f), "
           "closed in a gap of %5.1f ms, %7.1f MiB\n", what, seen->opened, seen->gap_open, seen->failed,
           seen->all, seen->found, seen->gap_use, seen->destroyed, seen->mib);
}

int
main (int    argc,
      char **argv)
{
  g_autofree char *folder = g_dir_make_tmp ("cvm-bench-XXXXXX", NULL);
  g_autofree char *few = write_run (folder, FEW);
  g_autofree char *many = write_run (folder, MANY);
  GtkWidget *window;
  Seen a, b;
  double p95;

  gtk_init (&argc, &argv);
  hdy_init ();
  window = gtk_window_new (GTK_WINDOW_TOPLEVEL);
  gtk_window_set_default_size (GTK_WINDOW (window), 1200, 800);
  gtk_widget_show (window);
  settle ();
  g_timeout_add_full (G_PRIORITY_DEFAULT, BEAT_MS, on_beat, NULL, NULL);

  look_at (window, few, FEW);   /* what is loaded once, is */
  a = look_at (window, few, FEW);
  b = look_at (window, many, MANY);
  p95 = watch_live (window);
  cvm_file_remove_tree (folder);

  print_seen ("thousand", &a);
  print_seen ("million", &b);
  g_print ("bytes a point: %.0f; to turn a filter: %.1f x\n", (b.mib - a.mib) * 1048576 / MANY,
           MAX (b.failed, b.all) / MAX (a.failed, a.all));
  expect (b.gap_open < MAX_GAP_MS, "opening a million points, the loop stood still for too long");
  expect (b.gap_use < MAX_GAP_MS, "filters and finding: the loop stood still for too long");
  expect (b.destroyed < MAX_GAP_MS, "closing it, the loop stood still for too long");
  expect (MAX (b.failed, b.all) < 5 * MAX (a.failed, a.all) + MAX_GAP_MS, "a filter is slow");
  expect ((b.mib - a.mib) * 1048576 / MANY < MAX_BYTES, "a point takes too much memory");
  expect (p95 < MAX_P95_MS, "frames are too far apart while points arrive");

  return missed ? 1 : 0;
}
