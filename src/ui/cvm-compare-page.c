/* cvm-compare-page.c: two runs, then and now: what got worse, what passes now, what takes longer
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-compare-page.h"

#include <glib/gi18n.h>
#include <handy.h>

#include "cvm-compare.h"
#include "cvm-differences-view.h"
#include "cvm-format.h"
#include "cvm-job-names.h"
#include "cvm-page.h"
#include "cvm-past-run.h"
#include "cvm-stage.h"

#define LOOK_BACK 200   /* runs: so many may have been stopped, or have died, one after the other */

enum { BEFORE, AFTER, N_SIDES };

struct _CvmComparePage
{
  GtkBox              parent_instance;

  HdyHeaderBar       *header;
  GtkStack           *stack;
  HdyStatusPage      *nothing;
  GtkWidget          *job_bar;
  GtkComboBoxText    *jobs;
  CvmDifferencesView *view;

  CvmHistory         *history;
  char               *dirs[N_SIDES];    /* NULL: it is looked for */
  CvmPastRun         *runs[N_SIDES];
  char               *times[N_SIDES];   /* "Yesterday, 10:11" */
  GArray             *pairs;            /* of CvmComparePair; borrows from the runs */
  GCancellable       *cancellable;
};

static const char *
get_help (CvmPage *page)
{
  return "compare";
}

static void
page_init (CvmPageInterface *iface)
{
  iface->get_help = get_help;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (CvmComparePage, cvm_compare_page, GTK_TYPE_BOX,
                               G_IMPLEMENT_INTERFACE (CVM_TYPE_PAGE, page_init))

static void
show_nothing (CvmComparePage *self,
              const char     *title,
              const char     *text)
{
  g_autofree char *escaped = g_markup_escape_text (text, -1);

  hdy_status_page_set_title (self->nothing, title);
  hdy_status_page_set_description (self->nothing, escaped);
  gtk_stack_set_visible_child_name (self->stack, "nothing");
  cvm_page_focus (CVM_PAGE (self));
}

/* What is shown ---------------------------------------------------------------------------- */

static gint64
begun_us (CvmResult *result)
{
  gint64 begun = G_MAXINT64;

  for (guint i = 0; i < cvm_result_n_jobs (result); i++)
    begun = MIN (begun, cvm_result_job (result, i)->begun_us);

  return begun;
}

static char *
describe_time (CvmResult *result)
{
  gint64 time_us = begun_us (result);
  g_autofree char *day = cvm_format_day (time_us, g_get_real_time ());
  g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc (time_us / G_USEC_PER_SEC);
  g_autoptr(GDateTime) local = utc != NULL ? g_date_time_to_local (utc) : NULL;
  g_autofree char *clock = local != NULL ? g_date_time_format (local, "%H:%M") : g_strdup ("");

  /* Translators: a day and a time, "Yesterday, 10:11" */
  return g_strdup_printf (_("%s, %s"), day, clock);
}

static CvmDifferencesSide
get_side (CvmComparePage     *self,
          int                 side,
          const CvmJobResult *job)
{
  return (CvmDifferencesSide) { self->runs[side]->result, job, self->dirs[side],
                                self->times[side] };
}

static void
on_job_changed (CvmComparePage *self)
{
  int index = gtk_combo_box_get_active (GTK_COMBO_BOX (self->jobs));
  const CvmComparePair *pair;
  CvmDifferencesSide before, after;

  if (index < 0)
    return;

  pair = &g_array_index (self->pairs, CvmComparePair, index);
  before = get_side (self, BEFORE, pair->before);
  after = get_side (self, AFTER, pair->after);
  cvm_differences_view_show_runs (self->view, &before, &after);
}

static void
show_pairs (CvmComparePage *self)
{
  g_autofree char *title = NULL;

  for (guint i = 0; i < self->pairs->len; i++)
    {
      const CvmComparePair *pair = &g_array_index (self->pairs, CvmComparePair, i);
      g_autofree char *job = cvm_job_names_whole (pair->after != NULL ? pair->after
                                                                       : pair->before);

      gtk_combo_box_text_append_text (self->jobs, job);
      if (i == 0)
        title = g_steal_pointer (&job);
    }

  if (self->pairs->len == 1)
    hdy_header_bar_set_title (self->header, title);
  gtk_widget_set_visible (self->job_bar, self->pairs->len > 1);
  gtk_stack_set_visible_child_name (self->stack, "differences");
  gtk_combo_box_set_active (GTK_COMBO_BOX (self->jobs), 0);
  cvm_page_focus (CVM_PAGE (self));
}

static void
swap_sides (CvmComparePage *self)
{
  CvmPastRun *run = self->runs[BEFORE];
  char *dir = self->dirs[BEFORE];

  self->runs[BEFORE] = self->runs[AFTER];
  self->dirs[BEFORE] = self->dirs[AFTER];
  self->runs[AFTER] = run;
  self->dirs[AFTER] = dir;
}

static void
show_runs (CvmComparePage *self)
{
  g_autofree char *subtitle = NULL;

  if (begun_us (self->runs[BEFORE]->result) > begun_us (self->runs[AFTER]->result))
    swap_sides (self);

  for (int i = 0; i < N_SIDES; i++)
    self->times[i] = describe_time (self->runs[i]->result);
  subtitle = g_strdup_printf ("%s → %s", self->times[BEFORE], self->times[AFTER]);
  hdy_header_bar_set_subtitle (self->header, subtitle);

  self->pairs = cvm_compare_pairs (self->runs[BEFORE]->result, self->runs[AFTER]->result);
  show_pairs (self);
}

/* Reading ---------------------------------------------------------------------------------- */

static CvmPastRun *
take_run (CvmComparePage *self,
          GAsyncResult   *result,
          int             side)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(CvmPastRun) run = cvm_past_run_load_finish (result, &error);
  g_autofree char *text = NULL;

  if (run != NULL && cvm_result_n_jobs (run->result) > 0)
    return g_steal_pointer (&run);

  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      text = g_strdup_printf (_("The run in %s cannot be read: %s"), self->dirs[side],
                              error != NULL ? error->message : _("it has no job"));
      show_nothing (self, _("Nothing to Compare"), text);
    }

  return NULL;
}

static void
on_before_loaded (GObject      *source,
                  GAsyncResult *result,
                  gpointer      data)
{
  g_autoptr(CvmComparePage) self = data;

  self->runs[BEFORE] = take_run (self, result, BEFORE);
  if (self->runs[BEFORE] != NULL)
    show_runs (self);
}

static void
load_before (CvmComparePage *self)
{
  cvm_past_run_load_async (self->dirs[BEFORE], self->cancellable, on_before_loaded,
                           g_object_ref (self));
}

/* The index may not know this run yet; where it does, only what comes behind it was before it */
static const CvmHistoryRun *
find_previous (GPtrArray  *runs,
               const char *dir)
{
  const CvmHistoryRun *found = NULL;
  g_autofree char *id = g_path_get_basename (dir);

  for (guint i = 0; i < runs->len; i++)
    {
      const CvmHistoryRun *run = runs->pdata[i];

      if (g_strcmp0 (run->id, id) == 0)
        found = NULL;
      else if (found == NULL && (run->state == CVM_HISTORY_PASSED
                                 || run->state == CVM_HISTORY_FAILED
                                 || run->state == CVM_HISTORY_ERROR))
        found = run;
    }

  return found;
}

static void
on_listed (GObject      *source,
           GAsyncResult *result,
           gpointer      data)
{
  g_autoptr(CvmComparePage) self = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) runs = cvm_history_list_finish (CVM_HISTORY (source), result, &error);
  const CvmHistoryRun *previous = runs != NULL ? find_previous (runs, self->dirs[AFTER]) : NULL;

  if (self->cancellable == NULL)
    return;

  if (runs == NULL)
    {
      show_nothing (self, _("Nothing to Compare"), error->message);
      return;
    }

  if (previous == NULL)
    {
      show_nothing (self, _("No Earlier Run"),
                    _("No run of the same suite, image and host came to an end before this one. "
                      "Any two runs can be compared: select them in the list of runs with "
                      "Ctrl and a click."));
      return;
    }

  self->dirs[BEFORE] = g_strdup (previous->dir);
  load_before (self);
}

static void
look_for_previous (CvmComparePage *self)
{
  const CvmJobResult *job = cvm_result_job (self->runs[AFTER]->result, 0);
  CvmHistoryQuery query = CVM_HISTORY_QUERY_ALL;

  query.image = job->image;
  query.suite = job->suite;
  query.host_uri = job->host_uri;
  query.before_us = begun_us (self->runs[AFTER]->result) + 1;
  query.before_dir = self->dirs[AFTER];
  cvm_history_list_async (self->history, &query, LOOK_BACK, self->cancellable, on_listed,
                          g_object_ref (self));
}

static void
on_after_loaded (GObject      *source,
                 GAsyncResult *result,
                 gpointer      data)
{
  g_autoptr(CvmComparePage) self = data;

  self->runs[AFTER] = take_run (self, result, AFTER);
  if (self->runs[AFTER] == NULL)
    return;

  if (self->dirs[BEFORE] != NULL)
    load_before (self);
  else
    look_for_previous (self);
}

/* Object ----------------------------------------------------------------------------------- */

static void
open_side (CvmComparePage *self,
           int             side)
{
  if (self->dirs[side] != NULL)
    cvm_stage_open_run (GTK_WIDGET (self), self->dirs[side]);
}

static void
on_open_before (GSimpleAction *action,
                GVariant      *parameter,
                gpointer       data)
{
  open_side (data, BEFORE);
}

static void
on_open_after (GSimpleAction *action,
               GVariant      *parameter,
               gpointer       data)
{
  open_side (data, AFTER);
}

static const GActionEntry actions[] = {
  { "open-before", on_open_before },
  { "open-after",  on_open_after },
};

static void
cvm_compare_page_dispose (GObject *object)
{
  CvmComparePage *self = CVM_COMPARE_PAGE (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->history);

  G_OBJECT_CLASS (cvm_compare_page_parent_class)->dispose (object);
}

static void
cvm_compare_page_finalize (GObject *object)
{
  CvmComparePage *self = CVM_COMPARE_PAGE (object);

  g_clear_pointer (&self->pairs, g_array_unref);
  for (int i = 0; i < N_SIDES; i++)
    {
      g_clear_pointer (&self->runs[i], cvm_past_run_free);
      g_free (self->dirs[i]);
      g_free (self->times[i]);
    }

  G_OBJECT_CLASS (cvm_compare_page_parent_class)->finalize (object);
}

static void
cvm_compare_page_class_init (CvmComparePageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cvm_compare_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = cvm_compare_page_finalize;

  g_type_ensure (CVM_TYPE_DIFFERENCES_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/cvmtester/CvmTester/ui/cvm-compare-page.ui");
  gtk_widget_class_bind_template_child (widget_class, CvmComparePage, header);
  gtk_widget_class_bind_template_child (widget_class, CvmComparePage, stack);
  gtk_widget_class_bind_template_child (widget_class, CvmComparePage, nothing);
  gtk_widget_class_bind_template_child (widget_class, CvmComparePage, job_bar);
  gtk_widget_class_bind_template_child (widget_class, CvmComparePage, jobs);
  gtk_widget_class_bind_template_child (widget_class, CvmComparePage, view);
  gtk_widget_class_bind_template_callback (widget_class, on_job_changed);
}

static void
cvm_compare_page_init (CvmComparePage *self)
{
  g_autoptr(GSimpleActionGroup) group = g_simple_action_group_new ();

  g_action_map_add_action_entries (G_ACTION_MAP (group), actions, G_N_ELEMENTS (actions), self);
  gtk_widget_insert_action_group (GTK_WIDGET (self), "compare", G_ACTION_GROUP (group));
  gtk_widget_init_template (GTK_WIDGET (self));
  self->cancellable = g_cancellable_new ();
}

void
cvm_compare_page_open (GtkWidget  *from,
                       CvmHistory *history,
                       const char *dir,
                       const char *other)
{
  CvmComparePage *self = g_object_new (CVM_TYPE_COMPARE_PAGE, NULL);
  g_autofree char *name = g_strdup_printf ("compare %s %s", dir, other);

  self->history = g_object_ref (history);
  self->dirs[AFTER] = g_strdup (dir);
  self->dirs[BEFORE] = *other != '\0' ? g_strdup (other) : NULL;
  cvm_past_run_load_async (dir, self->cancellable, on_after_loaded, g_object_ref (self));
  cvm_stage_push (from, GTK_WIDGET (self), name);
}
