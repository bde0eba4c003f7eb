/* cvm-run-page.c: a run, live or of last month: its checks, and its guest as it was seen
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-run-page-private.h"

#include <glib/gi18n.h>

#include "cvm-announce.h"
#include "cvm-differences-view.h"
#include "cvm-format.h"
#include "cvm-guest-grid.h"
#include "cvm-job-names.h"
#include "cvm-notice.h"
#include "cvm-page.h"
#include "cvm-progress.h"
#include "cvm-stage.h"
#include "cvm-verdict-image.h"

enum { CHANGED, N_SIGNALS };

static guint signals[N_SIGNALS];

static gboolean
is_busy (CvmPage *page)
{
  return cvm_run_page_is_live (CVM_RUN_PAGE (page));
}

static void
show_text (CvmRunPage     *self,
           GtkMessageType  type,
           const char     *text)
{
  gtk_label_set_text (self->banner_text, text);
  gtk_style_context_remove_class (gtk_widget_get_style_context (GTK_WIDGET (self->banner_text)),
                                  "cvm-row-title");
  gtk_widget_hide (GTK_WIDGET (self->banner_icon));
  gtk_info_bar_set_message_type (self->banner, type);
}

static gboolean
tell (CvmPage    *page,
      const char *message)
{
  CvmRunPage *self = CVM_RUN_PAGE (page);

  show_text (self, GTK_MESSAGE_WARNING, message != NULL ? message : "");
  gtk_info_bar_set_revealed (self->banner, message != NULL);
  cvm_announce (GTK_WIDGET (self->banner), message);

  return TRUE;
}

/* In what is looked at beside the tree, where that can be searched; else among the checks */
static void
find (CvmPage *page)
{
  CvmRunPage *self = CVM_RUN_PAGE (page);

  if (!cvm_guest_view_find (self->guest))
    cvm_point_tree_find (self->tree);
}

/* Escape goes back, but first it leaves the bar that one types in */
static gboolean
leave (CvmPage *page)
{
  return !cvm_point_tree_close_find (CVM_RUN_PAGE (page)->tree);
}

/* So that the keys are heard from the start */
static void
show (CvmPage *page)
{
  CvmRunPage *self = CVM_RUN_PAGE (page);
  GtkWidget *focus = cvm_stage_get_focus (GTK_WIDGET (self));

  if (focus == NULL || !gtk_widget_is_ancestor (focus, GTK_WIDGET (self)))
    gtk_widget_grab_focus (GTK_WIDGET (self->tree));
}

static const char *
get_help (CvmPage *page)
{
  return "run";
}

static void
page_init (CvmPageInterface *iface)
{
  iface->get_help = get_help;
  iface->show = show;
  iface->is_busy = is_busy;
  iface->tell = tell;
  iface->find = find;
  iface->leave = leave;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (CvmRunPage, cvm_run_page, GTK_TYPE_BOX,
                               G_IMPLEMENT_INTERFACE (CVM_TYPE_PAGE, page_init))

/* The one shown, or NULL */
static const CvmJobResult *
find_job (CvmRunPage *self)
{
  return self->result != NULL ? cvm_result_find_job (self->result, self->job) : NULL;
}

static char *
describe_progress (CvmRunPage         *self,
                   const CvmJobResult *sum)
{
  guint ended = sum->passed + sum->failed + sum->skipped;
  gint64 end_us = sum->ended_us > 0 ? sum->ended_us : g_get_real_time ();
  gint64 elapsed_ms = sum->begun_us > 0 ? (end_us - sum->begun_us) / 1000 : 0;
  g_autofree char *clock = cvm_format_clock (elapsed_ms);
  g_autofree char *counts = cvm_format_counts (sum);
  g_autofree char *left = NULL;

  if (!cvm_run_page_is_live (self))
    return g_strdup_printf ("%s · %s", counts, clock);
  if (self->is_stopping)
    return g_strdup_printf (_("stopping · %s"), clock);

  if (cvm_run_is_paused (self->run))
    return g_strdup_printf (_("%u of %u · %s · paused"), ended, sum->planned, clock);

  left = cvm_format_left (cvm_estimate_left_ms (elapsed_ms, self->usual_ms, ended, sum->planned));
  if (left == NULL)
    return g_strdup_printf (_("%u of %u · %s"), ended, sum->planned, clock);

  return g_strdup_printf (_("%u of %u · %s · %s"), ended, sum->planned, clock, left);
}

static void
show_title (CvmRunPage *self)
{
  const char *title = self->result != NULL ? cvm_result_get_title (self->result) : NULL;
  g_autofree char *line = cvm_format_line (title != NULL ? title : _("Run"));

  hdy_header_bar_set_title (self->header, line);
}

/* Of the run: the title is the run's too */
static void
show_progress (CvmRunPage *self)
{
  CvmJobResult sum;
  g_autofree char *subtitle = NULL;
  guint ended;

  cvm_progress_sum (self->result,
                    cvm_run_page_is_live (self) ? cvm_run_get_plan (self->run) : NULL, &sum);
  ended = sum.passed + sum.failed + sum.skipped;
  subtitle = describe_progress (self, &sum);

  hdy_header_bar_set_subtitle (self->header, subtitle);
  gtk_progress_bar_set_fraction (self->progress,
                                 sum.planned > 0 ? MIN ((double)ended / sum.planned, 1) : 0);
}

static void
show_details (CvmRunPage         *self,
              const CvmJobResult *job)
{
  const CvmPoint *chain[CVM_RESULT_MAX_CHAIN];
  guint n = cvm_point_tree_get_selected (self->tree, chain);

  if (n > 0)
    cvm_point_details_show (self->details, chain[n - 1], job, self->dir);
  gtk_revealer_set_reveal_child (self->details_revealer, n > 0);
}

/* One job: nothing to choose */
static void
show_jobs (CvmRunPage *self)
{
  gboolean is_live = cvm_run_page_is_live (self);

  cvm_job_list_update (self->jobs, self->result, is_live);
  if (cvm_result_n_jobs (self->result) > 1 && !gtk_widget_get_visible (self->side))
    {
      gtk_widget_show (self->side);
      cvm_job_list_select (self->jobs, self->job);
    }
}

static CvmPointIndex *
find_index (CvmRunPage *self)
{
  const CvmJobResult *job = find_job (self);

  for (guint i = 0; i < self->indexes->len; i++)
    if (cvm_point_index_get_job (self->indexes->pdata[i]) == job)
      return self->indexes->pdata[i];

  return NULL;
}

/* Jobs come one by one */
static void
index_records (CvmRunPage *self,
               GPtrArray  *records)
{
  for (guint i = 0; i < self->indexes->len; i++)
    for (guint k = 0; k < records->len; k++)
      cvm_point_index_take (self->indexes->pdata[i], records->pdata[k]);

  for (guint i = self->indexes->len; i < cvm_result_n_jobs (self->result); i++)
    {
      CvmPointIndex *index = cvm_point_index_new (cvm_result_job (self->result, i));

      g_ptr_array_add (self->indexes, index);
      if (g_strcmp0 (cvm_result_job (self->result, i)->id, self->job) == 0)
        cvm_point_tree_set_index (self->tree, index);
    }
}

static void
show_differences (CvmRunPage *self)
{
  GtkWidget *view = gtk_stack_get_child_by_name (self->center, "differences");

  if (view != NULL)
    cvm_differences_view_update (CVM_DIFFERENCES_VIEW (view), self->result);
}

void
cvm_run_page_refresh (CvmRunPage *self)
{
  const CvmJobResult *job = find_job (self);

  if (self->result == NULL)
    return;

  show_title (self);
  show_jobs (self);
  show_differences (self);
  if (job == NULL)
    return;

  cvm_point_tree_update (self->tree);
  cvm_running_bar_update (self->running_bar, cvm_run_page_is_live (self) ? self->run : NULL, job);
  cvm_guest_view_update (self->guest, job);
  show_progress (self);
  show_details (self, job);
}

void
cvm_run_page_show_banner (CvmRunPage     *self,
                          GtkMessageType  type,
                          const char     *text)
{
  gboolean is_ours = self->run != NULL || self->past != NULL;

  show_text (self, type, text);
  gtk_widget_set_visible (self->banner_again, is_ours && !cvm_run_page_is_live (self));
  gtk_info_bar_set_revealed (self->banner, TRUE);
  cvm_announce (GTK_WIDGET (self->banner), text);
}

/* The loudest line of the page */
static void
show_state (CvmRunPage    *self,
            CvmPointState  state,
            const char    *text)
{
  cvm_run_page_show_banner (self, state == CVM_POINT_STATE_PASSED ? GTK_MESSAGE_OTHER
                                                                  : GTK_MESSAGE_WARNING, text);
  cvm_verdict_image_set (self->banner_icon, state);
  gtk_widget_show (GTK_WIDGET (self->banner_icon));
  gtk_style_context_add_class (gtk_widget_get_style_context (GTK_WIDGET (self->banner_text)),
                               "cvm-row-title");
}

static char *
name_job (CvmRunPage         *self,
          const CvmJobResult *job)
{
  guint n_jobs = cvm_result_n_jobs (self->result);
  g_autofree const CvmJobResult **jobs = g_new (const CvmJobResult *, n_jobs);
  g_auto(GStrv) names = NULL;
  g_auto(GStrv) parts = NULL;
  guint at = 0;

  for (guint i = 0; i < n_jobs; i++)
    {
      jobs[i] = cvm_result_job (self->result, i);
      at = jobs[i] == job ? i : at;
    }
  names = cvm_job_names_short (jobs, n_jobs);
  parts = g_strsplit (names[at], "\n", -1);

  return g_strjoinv (" · ", parts);
}

/* Of several jobs it says which: the head speaks of all */
static char *
describe_verdict (CvmRunPage         *self,
                  const CvmJobResult *job)
{
  g_autofree char *verdict = cvm_format_verdict (job);
  g_autofree char *name = NULL;

  if (cvm_result_n_jobs (self->result) == 1)
    return g_steal_pointer (&verdict);

  name = name_job (self, job);

  return g_strdup_printf ("%s: %s", name, verdict);
}

static void
show_verdict (CvmRunPage *self)
{
  const CvmJobResult *job = find_job (self);
  g_autofree char *text = NULL;

  if (job == NULL || job->ended_us == 0)
    {
      show_state (self, CVM_POINT_STATE_CANCELLED,
                  _("This run ended without a result: cvmtester ended unexpectedly, or it runs "
                    "elsewhere."));
      return;
    }

  text = self->keeps_guest
         ? g_strdup (_("Stopped. The guest still runs: the log says how to end it."))
         : describe_verdict (self, job);
  show_state (self, cvm_point_state_of_status (job->status), text);
  cvm_point_tree_select_failed (self->tree);
}

void
cvm_run_page_show_live (CvmRunPage *self)
{
  gboolean is_live = cvm_run_page_is_live (self);

  gtk_widget_set_visible (self->live_buttons, is_live);
  gtk_widget_set_visible (GTK_WIDGET (self->progress), is_live);
  gtk_label_set_text (self->stop_label, self->is_stopping ? _("Stopping…") : _("Stop"));
  cvm_run_page_sync_actions (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

/* What another job of the run shows when it is chosen later */
static void
keep_records (CvmRunPage *self,
              GPtrArray  *records)
{
  for (guint i = 0; i < records->len; i++)
    {
      CvmRecord *record = records->pdata[i];

      if (record->type != CVM_RECORD_POINT)
        g_ptr_array_add (self->told, cvm_record_ref (record));
    }
}

static void
on_records (CvmRunPage *self,
            GPtrArray  *records)
{
  keep_records (self, records);
  index_records (self, records);
  cvm_guest_view_add_records (self->guest, records);
  cvm_run_page_refresh (self);
}

static gboolean
on_second (gpointer data)
{
  cvm_run_page_refresh (data);

  return G_SOURCE_CONTINUE;
}

static void
on_point_selected (CvmRunPage *self)
{
  const CvmJobResult *job = find_job (self);

  if (job != NULL)
    show_details (self, job);
  cvm_run_page_sync_actions (self);
}

static void
on_details_told (CvmRunPage *self,
                 const char *text)
{
  cvm_run_page_show_banner (self, GTK_MESSAGE_OTHER, text);
}

static void
on_point_activated (CvmRunPage *self)
{
  gtk_widget_child_focus (GTK_WIDGET (self->details), GTK_DIR_TAB_FORWARD);
}

/* The check that ran at the moment of the film that is looked at */
static void
on_moment_chosen (CvmRunPage *self,
                  const char *path)
{
  if (path != NULL)
    cvm_point_tree_select (self->tree, path);
}

/* They took their place from the tree */
static void
on_details_revealed (CvmRunPage *self)
{
  cvm_point_tree_show_selected (self->tree);
}

void
cvm_run_page_open_file (CvmRunPage *self,
                        const char *path)
{
  g_autofree char *uri = g_filename_to_uri (path, NULL, NULL);
  g_autofree char *text = NULL;
  g_autoptr(GError) error = NULL;
  GtkWidget *toplevel = gtk_widget_get_toplevel (GTK_WIDGET (self));

  if (gtk_show_uri_on_window (GTK_WINDOW (toplevel), uri, gtk_get_current_event_time (), &error))
    return;

  text = g_strdup_printf (_("%s could not be opened here: %s"), path, error->message);
  cvm_run_page_show_banner (self, GTK_MESSAGE_WARNING, text);
}

static void
show_job_of_past (CvmRunPage *self)
{
  if (self->past != NULL)
    cvm_guest_view_show_past (self->guest, self->dir, self->past->records, self->job);
  cvm_run_page_refresh (self);
  show_verdict (self);
}

/* One that has ended is looked at as one of the past, though others of the run go on */
static void
show_job_of_now (CvmRunPage *self)
{
  const CvmJobResult *job = find_job (self);
  gboolean is_over = job != NULL && job->ended_us > 0;

  if (is_over)
    {
      cvm_guest_view_show_past (self->guest, self->dir, self->told, self->job);
    }
  else
    {
      cvm_guest_view_show_live (self->guest, self->run, self->job);
      cvm_guest_view_add_records (self->guest, self->told);
    }
  cvm_run_page_refresh (self);
  if (is_over)
    show_verdict (self);
}

static void
show_job (CvmRunPage *self,
          const char *id)
{
  g_free (self->job);
  self->job = g_strdup (id);
  cvm_point_tree_set_index (self->tree, find_index (self));
  if (g_strcmp0 (gtk_stack_get_visible_child_name (self->center), "job") == 0)
    cvm_job_list_select (self->jobs, id);
  if (self->run != NULL)
    show_job_of_now (self);
  else
    show_job_of_past (self);
}

/* Of several jobs the first that failed: it is what one looks for */
static void
turn_to_failed (CvmRunPage *self)
{
  const CvmJobResult *shown = find_job (self);

  if (shown != NULL && cvm_job_result_n_failed (shown) > 0)
    return;

  for (guint i = 0; i < cvm_result_n_jobs (self->result); i++)
    {
      const CvmJobResult *job = cvm_result_job (self->result, i);

      if (cvm_job_result_n_failed (job) > 0)
        {
          show_job (self, job->id);
          return;
        }
    }
}

static void
on_finished (CvmRunPage *self)
{
  g_clear_handle_id (&self->timer, g_source_remove);
  cvm_guest_view_end (self->guest);
  cvm_run_page_show_live (self);
  cvm_run_page_refresh (self);
  show_verdict (self);
  turn_to_failed (self);
  cvm_notice_run_ended (GTK_WIDGET (self), self->result, self->dir);
}

static void
on_job_chosen (CvmRunPage *self,
               const char *id)
{
  gtk_stack_set_visible_child_name (self->center, "job");
  if (g_strcmp0 (id, self->job) != 0)
    show_job (self, id);
}

static void
on_tile_chosen (CvmRunPage *self,
                const char *id)
{
  cvm_job_list_select (self->jobs, id);
  on_job_chosen (self, id);
}

/* Connected to every guest that is seen, so it is made only for those who look */
static void
on_all_chosen (CvmRunPage *self)
{
  GtkWidget *grid = gtk_stack_get_child_by_name (self->center, "grid");

  if (self->run == NULL)
    return;

  if (grid == NULL)
    {
      grid = cvm_guest_grid_new (self->run);
      g_signal_connect_object (grid, "chosen", G_CALLBACK (on_tile_chosen), self,
                               G_CONNECT_SWAPPED);
      gtk_widget_show (grid);
      gtk_stack_add_named (self->center, grid, "grid");
    }
  gtk_stack_set_visible_child (self->center, grid);
}

static void
on_differences_chosen (CvmRunPage *self)
{
  GtkWidget *view = gtk_stack_get_child_by_name (self->center, "differences");

  if (view == NULL)
    {
      view = cvm_differences_view_new (self->dir);
      gtk_stack_add_named (self->center, view, "differences");
    }
  gtk_stack_set_visible_child (self->center, view);
  cvm_differences_view_update (CVM_DIFFERENCES_VIEW (view), self->result);
}

static void
on_past_loaded (GObject      *source,
                GAsyncResult *result,
                gpointer      data)
{
  g_autoptr(CvmRunPage) self = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(CvmPastRun) past = cvm_past_run_load_finish (result, &error);
  g_autofree char *text = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  if (past == NULL)
    {
      text = g_strdup_printf (_("The run in %s cannot be read: %s"), self->dir, error->message);
      cvm_run_page_show_banner (self, GTK_MESSAGE_WARNING, text);
      return;
    }

  self->result = g_object_ref (past->result);
  g_ptr_array_unref (self->indexes);
  self->indexes = g_ptr_array_ref (past->indexes);
  self->past = g_steal_pointer (&past);
  show_job (self, "01");
  turn_to_failed (self);
}

static void
cvm_run_page_dispose (GObject *object)
{
  CvmRunPage *self = CVM_RUN_PAGE (object);

  g_clear_handle_id (&self->timer, g_source_remove);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (self->run != NULL)
    g_signal_handlers_disconnect_by_data (self->run, self);
  g_clear_object (&self->run);
  if (self->tree != NULL)
    cvm_point_tree_set_index (self->tree, NULL);
  g_clear_pointer (&self->indexes, g_ptr_array_unref);
  g_clear_object (&self->run_actions);
  g_clear_object (&self->point_actions);
  g_clear_object (&self->result);
  g_clear_pointer (&self->past, cvm_past_run_free);

  G_OBJECT_CLASS (cvm_run_page_parent_class)->dispose (object);
}

static void
cvm_run_page_finalize (GObject *object)
{
  CvmRunPage *self = CVM_RUN_PAGE (object);

  g_ptr_array_unref (self->told);
  g_free (self->dir);
  g_free (self->job);

  G_OBJECT_CLASS (cvm_run_page_parent_class)->finalize (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/cvmtester/CvmTester/ui/cvm-run-page.ui");
  gtk_widget_class_bind_template_child (widget_class, CvmRunPage, header);
  gtk_widget_class_bind_template_child (widget_class, CvmRunPage, live_buttons);
  gtk_widget_class_bind_template_child (widget_class, CvmRunPage, stop_button);
  gtk_widget_class_bind_template_child (widget_class, CvmRunPage, stop_label);
  gtk_widget_class_bind_template_child (widget_class, CvmRunPage, pause_button);
  gtk_widget_class_bind_template_child (widget_class, CvmRunPage, pause_icon);
  gtk_widget_class_bind_template_child (widget_class, CvmRunPage, progress);
  gtk_widget_class_bind_template_child (widget_class, CvmRunPage, banner);
  gtk_widget_class_bind_template_child (widget_class, CvmRunPage, banner_icon);
  gtk_widget_class_bind_template_child (widget_class, CvmRunPage, banner_text);
  gtk_widget_class_bind_template_child (widget_class, CvmRunPage, banner_again);
  gtk_widget_class_bind_template_child (widget_class, CvmRunPage, send_bar);
  gtk_widget_class_bind_template_child (widget_class, CvmRunPage, side);
  gtk_widget_class_bind_template_child (widget_class, CvmRunPage, jobs);
  gtk_widget_class_bind_template_child (widget_class, CvmRunPage, center);
  gtk_widget_class_bind_template_child (widget_class, CvmRunPage, tree);
  gtk_widget_class_bind_template_child (widget_class, CvmRunPage, running_bar);
  gtk_widget_class_bind_template_child (widget_class, CvmRunPage, details_revealer);
  gtk_widget_class_bind_template_child (widget_class, CvmRunPage, details);
  gtk_widget_class_bind_template_child (widget_class, CvmRunPage, guest);
  gtk_widget_class_bind_template_callback (widget_class, on_point_selected);
  gtk_widget_class_bind_template_callback (widget_class, on_details_told);
  gtk_widget_class_bind_template_callback (widget_class, on_point_activated);
  gtk_widget_class_bind_template_callback (widget_class, on_details_revealed);
  gtk_widget_class_bind_template_callback (widget_class, cvm_run_page_show_file);
  gtk_widget_class_bind_template_callback (widget_class, on_job_chosen);
  gtk_widget_class_bind_template_callback (widget_class, on_all_chosen);
  gtk_widget_class_bind_template_callback (widget_class, on_differences_chosen);
  gtk_widget_class_bind_template_callback (widget_class, on_moment_chosen);
}

static void
cvm_run_page_class_init (CvmRunPageClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = cvm_run_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = cvm_run_page_finalize;

  signals[CHANGED] = g_signal_new ("changed", CVM_TYPE_RUN_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);

  g_type_ensure (CVM_TYPE_SEND_BAR);
  g_type_ensure (CVM_TYPE_JOB_LIST);
  g_type_ensure (CVM_TYPE_RUNNING_BAR);
  g_type_ensure (CVM_TYPE_POINT_TREE);
  g_type_ensure (CVM_TYPE_POINT_DETAILS);
  g_type_ensure (CVM_TYPE_GUEST_VIEW);
  bind_template (GTK_WIDGET_CLASS (klass));
}

static void
cvm_run_page_init (CvmRunPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->cancellable = g_cancellable_new ();
  self->told = g_ptr_array_new_with_free_func ((GDestroyNotify)cvm_record_unref);
  self->indexes = g_ptr_array_new_with_free_func ((GDestroyNotify)cvm_point_index_free);
  cvm_run_page_add_actions (self);
}

CvmRunPage *
cvm_run_page_new_live (CvmRun *run,
                       gint64  usual_ms)
{
  CvmRunPage *self = g_object_new (CVM_TYPE_RUN_PAGE, NULL);

  self->run = g_object_ref (run);
  self->dir = g_strdup (cvm_run_get_dir (run));
  self->result = g_object_ref (cvm_run_get_result (run));
  self->usual_ms = usual_ms;

  g_signal_connect_swapped (run, "records", G_CALLBACK (on_records), self);
  g_signal_connect_swapped (run, "finished", G_CALLBACK (on_finished), self);
  self->timer = g_timeout_add_seconds (1, on_second, self);

  cvm_run_page_show_live (self);
  show_job (self, "01");

  return self;
}

CvmRunPage *
cvm_run_page_new_past (const char *dir)
{
  CvmRunPage *self = g_object_new (CVM_TYPE_RUN_PAGE, NULL);

  self->dir = g_strdup (dir);
  cvm_run_page_show_live (self);
  cvm_past_run_load_async (dir, self->cancellable, on_past_loaded, g_object_ref (self));

  return self;
}

static void
on_indexed (GObject      *source,
            GAsyncResult *result,
            gpointer      data)
{
  g_autoptr(CvmRunPage) self = data;
  g_autoptr(GPtrArray) indexes = cvm_point_index_all_finish (result, NULL);

  if (indexes == NULL)
    return;

  g_ptr_array_unref (self->indexes);
  self->indexes = g_steal_pointer (&indexes);
  if (self->indexes->len > 0)
    show_job (self, cvm_result_job (self->result, 0)->id);
}

CvmRunPage *
cvm_run_page_new_result (CvmResult  *result,
                         GPtrArray  *indexes,
                         const char *name,
                         GtkWidget  *side)
{
  CvmRunPage *self = g_object_new (CVM_TYPE_RUN_PAGE, NULL);
  GtkWidget *paned = gtk_widget_get_parent (GTK_WIDGET (self->guest));

  self->dir = g_strdup (name);
  self->result = g_object_ref (result);
  gtk_widget_hide (GTK_WIDGET (self->guest));
  g_object_ref (self->guest);       /* it stays the template's */
  gtk_container_remove (GTK_CONTAINER (paned), GTK_WIDGET (self->guest));
  gtk_paned_pack2 (GTK_PANED (paned), side, TRUE, FALSE);

  cvm_run_page_show_live (self);
  cvm_point_index_all_async (result, indexes, self->cancellable, on_indexed, g_object_ref (self));

  return self;
}

const char *
cvm_run_page_get_dir (CvmRunPage *self)
{
  return self->dir;
}

CvmRun *
cvm_run_page_get_run (CvmRunPage *self)
{
  return self->run;
}

gboolean
cvm_run_page_is_live (CvmRunPage *self)
{
  return self->run != NULL && !cvm_run_is_finished (self->run);
}

gboolean
cvm_run_page_can_stop (CvmRunPage *self)
{
  return cvm_run_page_is_live (self) && !self->is_stopping;
}

void
cvm_run_page_stop (CvmRunPage *self)
{
  if (!cvm_run_page_can_stop (self))
    return;

  self->is_stopping = TRUE;
  cvm_run_cancel (self->run);
  cvm_run_page_show_live (self);
  cvm_run_page_refresh (self);
}
