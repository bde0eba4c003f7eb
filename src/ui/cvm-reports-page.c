/* cvm-reports-page.c: the place of the reports: those of this computer, and those of a server
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-reports-page.h"

#include <glib/gi18n.h>
#include <handy.h>

#include "cvm-format.h"
#include "cvm-open-report.h"
#include "cvm-page.h"
#include "cvm-report-filters.h"
#include "cvm-report-save.h"
#include "cvm-report-table.h"
#include "cvm-report-view.h"
#include "cvm-send-bar.h"
#include "cvm-stage.h"
#include "cvm-submitter.h"

/* What an empty table offers */
typedef enum
{
  STEP_NEW_RUN,
  STEP_ALL,
  STEP_PREFERENCES,
} Step;

struct _CvmReportsPage
{
  GtkBox            parent_instance;

  CvmSendBar       *send_bar;
  CvmReportFilters *filters;
  GtkStack         *stack;
  GtkScrolledWindow *scrolled;
  GtkTreeView      *view;
  HdyStatusPage    *empty;
  GtkButton        *empty_button;
  GtkSpinner       *spinner;
  GtkLabel         *status;
  GtkWidget        *again_button;
  GtkWidget        *open_button;
  GtkButton        *send_button;
  GtkWidget        *try_button;
  GtkWidget        *remove_button;
  GtkWidget        *save_button;
  GtkWidget        *browser_button;

  const CvmBackend *backend;
  CvmSubmitter     *submitter;
  CvmReportTable   *table;
  CvmReportSource  *source;       /* of the rows that are there */
  GCancellable     *cancellable;  /* of what is read of it */
  GCancellable     *opening;      /* of a report that is about to be shown; or NULL */
  char             *waiting;      /* fingerprint of what waited when it was read */
  char             *away;         /* why nothing came, until it is asked again; or NULL */
  Step              step;
  gint64            as_of_us;     /* the rows are of then; 0: fresh */
  gboolean          is_stale;     /* the rows are read again; what comes takes their place */
  gboolean          is_reading;
  gboolean          is_over;      /* all was read */
  gboolean          is_shown;     /* it was looked at before */
};

static void page_init (CvmPageInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (CvmReportsPage, cvm_reports_page, GTK_TYPE_BOX,
                               G_IMPLEMENT_INTERFACE (CVM_TYPE_PAGE, page_init))

static gboolean
is_mine (CvmReportsPage *self)
{
  return cvm_report_filters_is_mine (self->filters);
}

/* What is said below the table ---------------------------------------------------------------- */

static void
say (CvmReportsPage *self,
     const char     *text,
     gboolean        can_ask_again)
{
  gtk_label_set_text (self->status, text);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->status), text);
  gtk_widget_set_visible (self->again_button, can_ask_again);
}

/* How many there are, or that the server is away, which can be asked again */
static void
say_state (CvmReportsPage *self)
{
  guint n = cvm_report_table_n_seen (self->table);
  guint n_all = cvm_report_table_n_items (self->table);
  g_autofree char *text = NULL;

  if (n < n_all)
    text = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u of %u report", "%u of %u reports",
                                         n_all), n, n_all);
  else if (self->is_over)
    text = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u report", "%u reports", n_all), n_all);
  else
    text = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u report, and older ones",
                                         "%u reports, and older ones", n_all), n_all);
  say (self, self->away != NULL ? self->away : text, self->away != NULL);
}

static void
spin (CvmReportsPage *self)
{
  gboolean is_busy = self->is_reading || self->opening != NULL;

  g_object_set (self->spinner, "active", is_busy, "visible", is_busy, NULL);
}

static void
set_reading (CvmReportsPage *self,
             gboolean        is_reading)
{
  self->is_reading = is_reading;
  if (is_reading)
    g_clear_pointer (&self->away, g_free);
  spin (self);
}

static void
say_away (CvmReportsPage *self,
          const GError   *error)
{
  g_autofree char *why = cvm_submission_clause (error->message);
  g_autofree char *time = self->as_of_us != 0
                          ? cvm_report_item_time (self->as_of_us, g_get_real_time ()) : NULL;

  g_free (self->away);
  self->away = time != NULL ? g_strdup_printf (_("As of %s. The server is away: %s."), time, why)
                            : g_strdup_printf (_("The server is away: %s."), why);
  say_state (self);
}

/* An empty table ------------------------------------------------------------------------------ */

static void
offer (CvmReportsPage *self,
       Step            step,
       const char     *title,
       const char     *description,
       const char     *label)
{
  self->step = step;
  hdy_status_page_set_title (self->empty, title);
  hdy_status_page_set_description (self->empty, description);
  gtk_button_set_label (self->empty_button, label);
  gtk_stack_set_visible_child_name (self->stack, "empty");
}

static void
show_table (CvmReportsPage *self)
{
  if (cvm_report_table_n_seen (self->table) > 0 || self->is_reading)
    gtk_stack_set_visible_child_name (self->stack, "table");
  else if (cvm_report_filters_is_narrow (self->filters)
           || cvm_report_table_n_items (self->table) > 0)
    offer (self, STEP_ALL, _("No Such Report"), _("None is what the filters ask for."),
           _("_Show All"));
  else if (is_mine (self))
    offer (self, STEP_NEW_RUN, _("No Reports Yet"),
           _("A finished run becomes a report, which can be sent to a Tapper server."),
           _("_New Run"));
  else
    offer (self, STEP_ALL, _("No Reports in These Days"),
           _("The server has none that are so new."), _("_Show All"));
}

static void
offer_preferences (CvmReportsPage *self)
{
  offer (self, STEP_PREFERENCES, _("No Tapper Server Yet"),
         _("A Tapper server collects the reports of everybody. Tell its address, and reports can be "
           "sent to it and read from it."), _("_Preferences"));
  say (self, "", FALSE);
}

/* Buttons for the row that is selected -------------------------------------------------------- */

static void
sync_buttons (CvmReportsPage *self)
{
  const CvmReportItem *item = self->table != NULL ? cvm_report_table_selected (self->table) : NULL;
  gboolean is_run = item != NULL && item->kind == CVM_REPORT_RUN;
  gboolean is_waiting = item != NULL && item->kind == CVM_REPORT_WAITING;

  gtk_widget_set_sensitive (self->open_button, item != NULL
                            && (item->dir != NULL || item->kind == CVM_REPORT_SERVER));
  gtk_widget_set_visible (GTK_WIDGET (self->send_button), is_run);
  gtk_button_set_label (self->send_button, is_run && item->is_sent ? _("_Send Again") : _("_Send"));
  gtk_widget_set_visible (self->try_button, is_waiting);
  gtk_widget_set_visible (self->remove_button, is_waiting);
  gtk_widget_set_visible (self->save_button, item != NULL && item->kind == CVM_REPORT_SERVER);
  gtk_widget_set_visible (self->browser_button, item != NULL && item->url != NULL);
}

/* Reading ------------------------------------------------------------------------------------- */

/* What the reading of a page is about; it may have been given up meanwhile */
typedef struct
{
  CvmReportsPage  *self;
  CvmReportSource *source;
} Reading;

static Reading *
reading_new (CvmReportsPage *self)
{
  Reading *reading = g_new (Reading, 1);

  reading->self = g_object_ref (self);
  reading->source = g_object_ref (self->source);

  return reading;
}

static void
reading_free (Reading *reading)
{
  g_object_unref (reading->self);
  g_object_unref (reading->source);
  g_free (reading);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Reading, reading_free)

static gboolean
is_given_up (const Reading *reading)
{
  return reading->self->table == NULL || reading->self->source != reading->source;
}

static void
take_page (CvmReportsPage *self,
           CvmReportPage  *page)
{
  if (self->as_of_us != 0 || self->is_stale)
    cvm_report_table_clear (self->table);    /* what was there is in what came */

  self->as_of_us = page->as_of_us;
  self->is_stale = FALSE;
  self->is_over = page->is_over;
  cvm_report_table_add (self->table, page->items);
  show_table (self);
}

/* Is the end of the rows seen, or nearly? */
static gboolean
is_end_near (CvmReportsPage *self)
{
  GtkAdjustment *vertical = gtk_scrolled_window_get_vadjustment (self->scrolled);
  double height = gtk_adjustment_get_page_size (vertical);

  return gtk_adjustment_get_value (vertical) + 3 * height > gtk_adjustment_get_upper (vertical);
}

static void read_next (CvmReportsPage *self);

static void
read_on (CvmReportsPage *self)
{
  if (self->source != NULL && !self->is_reading && !self->is_over && self->as_of_us == 0
      && cvm_report_table_is_filled (self->table) && cvm_report_table_n_items (self->table) > 0
      && is_end_near (self))
    read_next (self);
}

static void
on_read (GObject      *source,
         GAsyncResult *result,
         gpointer      data)
{
  g_autoptr(Reading) reading = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(CvmReportPage) page = cvm_report_source_finish (reading->source, result, &error);
  CvmReportsPage *self = reading->self;

  if (is_given_up (reading))
    return;

  set_reading (self, FALSE);
  if (page != NULL)
    {
      take_page (self, page);
      say_state (self);
      read_on (self);
    }
  else if (g_error_matches (error, CVM_TAPPER_SERVER_ERROR, CVM_TAPPER_SERVER_ERROR_UNKNOWN))
    {
      offer_preferences (self);
    }
  else
    {
      say_away (self, error);
      gtk_stack_set_visible_child_name (self->stack, "table");
    }
}

static void
read_next (CvmReportsPage *self)
{
  set_reading (self, TRUE);
  cvm_report_source_next_async (self->source, self->cancellable, on_read, reading_new (self));
}

static void
on_kept_read (GObject      *source,
              GAsyncResult *result,
              gpointer      data)
{
  g_autoptr(Reading) reading = data;
  g_autoptr(CvmReportPage) page = cvm_report_source_finish (reading->source, result, NULL);
  CvmReportsPage *self = reading->self;
  g_autofree char *time = NULL;
  g_autofree char *text = NULL;

  if (is_given_up (reading))
    return;

  if (page != NULL && page->items->len > 0)
    {
      take_page (self, page);
      time = cvm_report_item_time (self->as_of_us, g_get_real_time ());
      text = g_strdup_printf (_("As of %s. Asking the server…"), time);
      say (self, text, FALSE);
    }

  read_next (self);
}

static void
make_source (CvmReportsPage *self)
{
  const CvmReportFilter filter = cvm_report_filters_get (self->filters);

  g_clear_object (&self->source);
  self->source = is_mine (self)
                 ? cvm_report_source_new_mine (self->backend->history, &filter)
                 : cvm_report_source_new_server (cvm_report_filters_get_server (self->filters),
                                                 &filter);
}

/* Gives up what goes on, and reads from the beginning */
static void
read_anew (CvmReportsPage *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();

  make_source (self);
  self->is_over = FALSE;
  self->as_of_us = 0;
  g_free (self->waiting);
  self->waiting = cvm_submission_fingerprint (cvm_submitter_get_waiting (self->submitter));
  set_reading (self, TRUE);
  if (is_mine (self))
    read_next (self);
  else
    cvm_report_source_kept_async (self->source, self->cancellable, on_kept_read,
                                  reading_new (self));
}

/* The same rows, as they are now: they stay until those have come */
static void
refresh (CvmReportsPage *self)
{
  self->is_stale = TRUE;
  read_anew (self);
}

/* Other rows */
static void
restart (CvmReportsPage *self)
{
  self->is_stale = FALSE;
  g_cancellable_cancel (self->opening);
  g_clear_object (&self->opening);
  cvm_report_table_clear (self->table);
  sync_buttons (self);
  read_anew (self);
  say (self, _("Reading…"), FALSE);
  show_table (self);
}

/* Filters ------------------------------------------------------------------------------------- */

static void
show_all (CvmReportsPage *self)
{
  cvm_report_filters_widen (self->filters);
  cvm_report_table_search (self->table, "");
  restart (self);
}

static void
on_next_step (CvmReportsPage *self)
{
  switch (self->step)
    {
    case STEP_NEW_RUN:
      cvm_stage_new_run (GTK_WIDGET (self), NULL);
      break;
    case STEP_PREFERENCES:
      g_action_group_activate_action (G_ACTION_GROUP (g_application_get_default ()), "preferences",
                                      NULL);
      break;
    case STEP_ALL:
    default:
      show_all (self);
      break;
    }
}

/* What can be done with a report -------------------------------------------------------------- */

static void
on_report_opened (GObject      *source,
                  GAsyncResult *result,
                  gpointer      data)
{
  g_autoptr(CvmReportsPage) self = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(CvmOpenReport) report = cvm_open_report_finish (result, &error);
  g_autofree char *line = NULL;
  g_autofree char *text = NULL;

  if (self->table == NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  g_clear_object (&self->opening);
  spin (self);
  say_state (self);
  if (report != NULL)
    {
      if (gtk_widget_get_mapped (GTK_WIDGET (self)))    /* not when one looks at something else */
        cvm_report_view_push (GTK_WIDGET (self), report);
      return;
    }

  line = cvm_format_line (error->message);
  text = g_strdup_printf (_("The report cannot be read: %s"), line);
  cvm_stage_tell (GTK_WIDGET (self), text);
}

static void
open_of_server (CvmReportsPage      *self,
                const CvmReportItem *item)
{
  g_cancellable_cancel (self->opening);
  g_clear_object (&self->opening);
  self->opening = g_cancellable_new ();

  spin (self);
  say (self, _("Reading the report…"), FALSE);
  cvm_open_report_async (cvm_report_filters_get_server (self->filters), item->id, self->opening,
                         on_report_opened, g_object_ref (self));
}

static void
open_item (CvmReportsPage      *self,
           const CvmReportItem *item)
{
  if (item == NULL)
    return;

  if (item->kind == CVM_REPORT_SERVER)
    open_of_server (self, item);
  else if (item->dir != NULL)
    cvm_stage_open_run (GTK_WIDGET (self), item->dir);
}

static void
on_row_activated (CvmReportsPage *self,
                  GtkTreePath    *path)
{
  open_item (self, cvm_report_table_get_at (self->table, path));
}

static void
on_open (CvmReportsPage *self)
{
  open_item (self, cvm_report_table_selected (self->table));
}

static void
on_send (CvmReportsPage *self)
{
  const CvmReportItem *item = cvm_report_table_selected (self->table);

  if (item == NULL || item->kind != CVM_REPORT_RUN)
    return;

  if (item->is_sent)
    cvm_send_bar_send_again (self->send_bar, item->dir, NULL);
  else
    cvm_send_bar_send (self->send_bar, item->dir, NULL);
}

static void
on_retried (GObject      *source,
            GAsyncResult *result,
            gpointer      data)
{
  g_autoptr(CvmReportsPage) self = data;
  g_autoptr(GError) error = NULL;

  if (!cvm_submitter_act_finish (CVM_SUBMITTER (source), result, &error) && self->table != NULL)
    cvm_stage_tell (GTK_WIDGET (self), error->message);
}

static void
on_try (CvmReportsPage *self)
{
  const CvmReportItem *item = cvm_report_table_selected (self->table);

  if (item != NULL && item->kind == CVM_REPORT_WAITING)
    cvm_submitter_retry_async (self->submitter, item->number, on_retried, g_object_ref (self));
}

static void
on_browser (CvmReportsPage *self)
{
  const CvmReportItem *item = cvm_report_table_selected (self->table);

  if (item != NULL)
    cvm_report_browse (GTK_WIDGET (self), item->url);
}

static void
on_save (CvmReportsPage *self)
{
  const CvmReportItem *item = cvm_report_table_selected (self->table);

  if (item != NULL && item->kind == CVM_REPORT_SERVER)
    cvm_report_save_of (GTK_WIDGET (self), cvm_report_filters_get_server (self->filters), item->id);
}

/* Out of the spool, unless it is taken back --------------------------------------------------- */

typedef struct
{
  CvmReportsPage *self;
  guint64         number;
} Removal;

static void
removal_free (Removal *removal)
{
  cvm_submitter_release (removal->self->submitter);
  g_object_unref (removal->self);
  g_free (removal);
}

static void
on_undone (gpointer data)
{
  Removal *removal = data;

  if (removal->self->table != NULL)
    {
      cvm_report_table_hide (removal->self->table, removal->number, FALSE);
      show_table (removal->self);
      say_state (removal->self);
    }
  removal_free (removal);
}

/* One that was sent just before is gone already, which is as well */
static void
on_dropped (GObject      *source,
            GAsyncResult *result,
            gpointer      data)
{
  cvm_submitter_act_finish (CVM_SUBMITTER (source), result, NULL);
}

static void
on_committed (gpointer data)
{
  Removal *removal = data;

  cvm_submitter_drop_async (removal->self->submitter, removal->number, on_dropped, NULL);
  removal_free (removal);
}

static void
on_remove (CvmReportsPage *self)
{
  const CvmReportItem *item = cvm_report_table_selected (self->table);
  Removal *removal;

  if (item == NULL || item->kind != CVM_REPORT_WAITING)
    return;

  removal = g_new0 (Removal, 1);
  removal->self = g_object_ref (self);
  removal->number = item->number;
  cvm_submitter_hold (self->submitter);
  cvm_report_table_hide (self->table, item->number, TRUE);
  show_table (self);
  say_state (self);
  cvm_stage_offer_undo (GTK_WIDGET (self), _("Report removed, unsent"), on_undone, on_committed,
                        removal);
}

static gboolean
on_key_pressed (CvmReportsPage *self,
                GdkEventKey    *event)
{
  if (event->keyval != GDK_KEY_Delete)
    return GDK_EVENT_PROPAGATE;

  on_remove (self);

  return GDK_EVENT_STOP;
}

/* What the submitter tells -------------------------------------------------------------------- */

static void
on_submitter_changed (CvmReportsPage *self,
                      const char     *dir)
{
  CvmReportItem *item = dir != NULL && self->table != NULL
                        ? cvm_report_table_find_run (self->table, dir) : NULL;
  const CvmSubmission *submission = dir != NULL ? cvm_submitter_peek (self->submitter, dir) : NULL;
  g_autofree char *waiting = NULL;

  if (item != NULL && submission != NULL)
    {
      cvm_report_item_set_submission (item, submission);
      cvm_report_table_draw (self->table);
      sync_buttons (self);
    }

  if (dir != NULL || self->table == NULL || !is_mine (self) || !self->is_shown)
    return;

  waiting = cvm_submission_fingerprint (cvm_submitter_get_waiting (self->submitter));
  if (g_strcmp0 (waiting, self->waiting) != 0)
    refresh (self);
}

/* The page ------------------------------------------------------------------------------------ */

static void
cvm_reports_page_show (CvmPage *page)
{
  CvmReportsPage *self = CVM_REPORTS_PAGE (page);

  cvm_submitter_look (self->submitter);
  cvm_report_filters_look (self->filters);
  if (!self->is_shown)
    restart (self);
  else if (is_mine (self))
    refresh (self);    /* a server is asked again by hand */
  self->is_shown = TRUE;
}

static void
cvm_reports_page_search (CvmPage    *page,
                         const char *text)
{
  CvmReportsPage *self = CVM_REPORTS_PAGE (page);

  cvm_report_table_search (self->table, text);
  sync_buttons (self);
  if (!self->is_shown)
    return;

  show_table (self);
  if (!self->is_reading)
    say_state (self);
  read_on (self);
}

static const char *
cvm_reports_page_get_help (CvmPage *page)
{
  return is_mine (CVM_REPORTS_PAGE (page)) ? "submit" : "browse";
}

static void
page_init (CvmPageInterface *iface)
{
  iface->show = cvm_reports_page_show;
  iface->search = cvm_reports_page_search;
  iface->get_help = cvm_reports_page_get_help;
}

static void
cvm_reports_page_dispose (GObject *object)
{
  CvmReportsPage *self = CVM_REPORTS_PAGE (object);
  g_autoptr(CvmReportTable) table = g_steal_pointer (&self->table);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_cancellable_cancel (self->opening);
  g_clear_object (&self->opening);
  g_clear_object (&self->source);
  g_clear_pointer (&self->waiting, g_free);
  g_clear_pointer (&self->away, g_free);
  g_clear_pointer (&table, cvm_report_table_free);

  G_OBJECT_CLASS (cvm_reports_page_parent_class)->dispose (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, CvmReportsPage, send_bar);
  gtk_widget_class_bind_template_child (widget_class, CvmReportsPage, filters);
  gtk_widget_class_bind_template_child (widget_class, CvmReportsPage, stack);
  gtk_widget_class_bind_template_child (widget_class, CvmReportsPage, scrolled);
  gtk_widget_class_bind_template_child (widget_class, CvmReportsPage, view);
  gtk_widget_class_bind_template_child (widget_class, CvmReportsPage, empty);
  gtk_widget_class_bind_template_child (widget_class, CvmReportsPage, empty_button);
  gtk_widget_class_bind_template_child (widget_class, CvmReportsPage, spinner);
  gtk_widget_class_bind_template_child (widget_class, CvmReportsPage, status);
  gtk_widget_class_bind_template_child (widget_class, CvmReportsPage, again_button);
  gtk_widget_class_bind_template_child (widget_class, CvmReportsPage, open_button);
  gtk_widget_class_bind_template_child (widget_class, CvmReportsPage, send_button);
  gtk_widget_class_bind_template_child (widget_class, CvmReportsPage, try_button);
  gtk_widget_class_bind_template_child (widget_class, CvmReportsPage, remove_button);
  gtk_widget_class_bind_template_child (widget_class, CvmReportsPage, save_button);
  gtk_widget_class_bind_template_child (widget_class, CvmReportsPage, browser_button);
}

static void
bind_callbacks (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_callback (widget_class, on_row_activated);
  gtk_widget_class_bind_template_callback (widget_class, on_key_pressed);
  gtk_widget_class_bind_template_callback (widget_class, sync_buttons);
  gtk_widget_class_bind_template_callback (widget_class, on_next_step);
  gtk_widget_class_bind_template_callback (widget_class, restart);
  gtk_widget_class_bind_template_callback (widget_class, on_open);
  gtk_widget_class_bind_template_callback (widget_class, on_send);
  gtk_widget_class_bind_template_callback (widget_class, on_try);
  gtk_widget_class_bind_template_callback (widget_class, on_remove);
  gtk_widget_class_bind_template_callback (widget_class, on_save);
  gtk_widget_class_bind_template_callback (widget_class, on_browser);
}

static void
cvm_reports_page_class_init (CvmReportsPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cvm_reports_page_dispose;

  g_type_ensure (CVM_TYPE_REPORT_FILTERS);
  g_type_ensure (CVM_TYPE_SEND_BAR);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/cvmtester/CvmTester/ui/cvm-reports-page.ui");
  bind_children (widget_class);
  bind_callbacks (widget_class);
}

static void
cvm_reports_page_init (CvmReportsPage *self)
{
  GtkAdjustment *vertical;

  gtk_widget_init_template (GTK_WIDGET (self));
  self->submitter = cvm_submitter_get_default ();
  self->table = cvm_report_table_new (self->view);
  sync_buttons (self);
  g_signal_connect_object (self->submitter, "changed", G_CALLBACK (on_submitter_changed), self,
                           G_CONNECT_SWAPPED);

  vertical = gtk_scrolled_window_get_vadjustment (self->scrolled);
  g_signal_connect_object (vertical, "value-changed", G_CALLBACK (read_on), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (vertical, "changed", G_CALLBACK (read_on), self, G_CONNECT_SWAPPED);
}

GtkWidget *
cvm_reports_page_new (const CvmBackend *backend)
{
  CvmReportsPage *self = g_object_new (CVM_TYPE_REPORTS_PAGE, NULL);

  self->backend = backend;

  return GTK_WIDGET (self);
}
