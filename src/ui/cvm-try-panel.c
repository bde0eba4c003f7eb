/* cvm-try-panel.c: what was tried on the guest that is kept, and that guest
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-try-panel.h"

#include <glib/gi18n.h>

#include "cvm-announce.h"
#include "cvm-format.h"
#include "cvm-host-titles.h"
#include "cvm-list-keys.h"
#include "cvm-stage.h"
#include "cvm-try-row.h"

#define MAX_ROWS 100
#define TICK_MS  500    /* so often the time of a check that runs is shown */

struct _CvmTryPanel
{
  GtkBox      parent_instance;

  GtkRevealer *revealer;
  GtkWidget  *spinner;
  GtkLabel   *status;
  GtkWidget  *show_button;
  GtkWidget  *stop_button;
  GtkWidget  *close_button;
  GtkListBox *list;
  GtkWidget  *list_area;

  CvmTryout  *tryout;       /* owned, or NULL */
  CvmRun     *run;          /* whose points are in the list; owned, or NULL */
  GHashTable *rows;         /* number → CvmTryRow, borrowed: those that have not ended */
  guint       n_seen;       /* points of the run that have a row, from the first */
  guint       tick;
  gboolean    is_closed;
};

G_DEFINE_FINAL_TYPE (CvmTryPanel, cvm_try_panel, GTK_TYPE_BOX)

/* The guest ------------------------------------------------------------------------------- */

static char *
dup_place (CvmRun *run)
{
  const CvmJobSpec *job = cvm_plan_job (cvm_run_get_plan (run), 0);

  return job->image != NULL ? cvm_host_titles_place (job->image->name, job->host_uri)
                            : cvm_host_titles_get (job->host_uri);
}

/* Why the one that was kept does not do, where that is worth a word */
static const char *
get_why (CvmTryoutReason reason)
{
  switch (reason)
    {
    case CVM_TRYOUT_UNUSED:
      return _("the one before was not used for long");
    case CVM_TRYOUT_GONE:
      return _("the one before is gone");
    case CVM_TRYOUT_ELSEWHERE:
      return _("another image or host was chosen");
    case CVM_TRYOUT_OTHER_GUEST:
      return _("this is about how the guest is made");
    case CVM_TRYOUT_NO_PORT:
      return _("the check needs a port that the one before did not have");
    case CVM_TRYOUT_NEW:
    case CVM_TRYOUT_STOPPED:
    default:
      return NULL;
    }
}

static const char *
get_end (CvmTryoutReason reason)
{
  switch (reason)
    {
    case CVM_TRYOUT_STOPPED:
      return _("The guest was stopped; the next try boots another");
    case CVM_TRYOUT_UNUSED:
      return _("The guest was not used for long, and was stopped; the next try boots another");
    case CVM_TRYOUT_GONE:
      return _("The guest is gone; the next try boots another");
    case CVM_TRYOUT_NEW:
    case CVM_TRYOUT_ELSEWHERE:
    case CVM_TRYOUT_OTHER_GUEST:
    case CVM_TRYOUT_NO_PORT:
    default:
      return _("No guest is kept; the next try boots one");
    }
}

static char *
describe_boot (CvmTryoutReason reason)
{
  const char *why = get_why (reason);

  return why != NULL ? g_strdup_printf (_("Booting another guest: %s"), why)
                     : g_strdup (_("Booting a guest; it is kept for the next try"));
}

static char *
describe (CvmTryPanel *self)
{
  CvmTryoutReason reason = cvm_tryout_get_reason (self->tryout);
  CvmRun *run = cvm_tryout_get_run (self->tryout);
  g_autofree char *place = run != NULL ? dup_place (run) : g_strdup ("");

  switch (cvm_tryout_get_state (self->tryout))
    {
    case CVM_TRYOUT_BOOTING:
      return describe_boot (reason);
    case CVM_TRYOUT_TRYING:
      return g_strdup_printf (_("Trying on the guest of %s"), place);
    case CVM_TRYOUT_KEPT:
      return g_strdup_printf (_("Kept for the next try: the guest of %s"), place);
    case CVM_TRYOUT_STOPPING:
      return g_strdup (_("Stopping the guest"));
    case CVM_TRYOUT_EMPTY:
    default:
      return g_strdup (get_end (reason));
    }
}

/* A screen reader hears it where it has changed */
static void
show_status (CvmTryPanel *self)
{
  g_autofree char *text = describe (self);
  g_autofree char *line = cvm_format_line (text);

  if (g_str_equal (gtk_label_get_text (self->status), line))
    return;

  gtk_label_set_text (self->status, line);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->status), line);
  atk_object_set_name (gtk_widget_get_accessible (GTK_WIDGET (self->status)), line);
  cvm_announce (GTK_WIDGET (self->status), line);
}

/* What was tried -------------------------------------------------------------------------- */

static void
forget_rows (CvmTryPanel *self,
             CvmRun      *run)
{
  g_hash_table_remove_all (self->rows);
  gtk_container_foreach (GTK_CONTAINER (self->list), (GtkCallback)gtk_widget_destroy, NULL);
  self->n_seen = 0;
  g_set_object (&self->run, run);
}

static gboolean
is_row (gpointer number,
        gpointer row,
        gpointer wanted)
{
  return row == wanted;
}

/* It may not have ended, or not have been looked at yet */
static void
drop_oldest (CvmTryPanel *self)
{
  GtkListBoxRow *row = gtk_list_box_get_row_at_index (self->list, MAX_ROWS);

  if (row == NULL)
    return;

  g_hash_table_foreach_remove (self->rows, is_row, row);
  gtk_widget_destroy (GTK_WIDGET (row));
}

/* Newest first; what was skipped before it began is told too: it says why the check did not run */
static void
add_rows (CvmTryPanel        *self,
          const CvmJobResult *job)
{
  for (; self->n_seen < job->points->len; self->n_seen++)
    {
      const CvmPoint *point = job->points->pdata[self->n_seen];
      GtkWidget *row;

      if (!point->is_begun && !point->is_ended)
        return;

      row = cvm_try_row_new ();
      g_hash_table_insert (self->rows, GUINT_TO_POINTER (cvm_point_get_number (point)), row);
      gtk_list_box_prepend (self->list, row);
      drop_oldest (self);
    }
}

static void
show_rows (CvmTryPanel        *self,
           const CvmJobResult *job)
{
  GHashTableIter iter;
  gpointer number, row;

  g_hash_table_iter_init (&iter, self->rows);
  while (g_hash_table_iter_next (&iter, &number, &row))
    {
      const CvmPoint *point = cvm_job_result_find_case (job, GPOINTER_TO_UINT (number));

      if (point != NULL && cvm_try_row_show (row, job, point, cvm_run_get_dir (self->run)))
        g_hash_table_iter_remove (&iter);
    }
}

static void
show_points (CvmTryPanel *self)
{
  CvmRun *run = cvm_tryout_get_run (self->tryout);
  CvmResult *result = run != NULL ? cvm_run_get_result (run) : NULL;
  const CvmJobResult *job = result != NULL && cvm_result_n_jobs (result) > 0
                            ? cvm_result_job (result, 0) : NULL;

  if (run != self->run)
    forget_rows (self, run);
  if (job != NULL)
    {
      add_rows (self, job);
      show_rows (self, job);
    }
  gtk_widget_set_visible (self->list_area, self->n_seen > 0);
}

/* Together -------------------------------------------------------------------------------- */

static gboolean
on_tick (gpointer data)
{
  show_points (data);

  return G_SOURCE_CONTINUE;
}

static void
sync_tick (CvmTryPanel *self,
           gboolean     is_busy)
{
  if (is_busy && self->tick == 0)
    self->tick = g_timeout_add (TICK_MS, on_tick, self);
  else if (!is_busy)
    g_clear_handle_id (&self->tick, g_source_remove);
}

static void
show (CvmTryPanel *self)
{
  CvmTryoutState state = cvm_tryout_get_state (self->tryout);
  gboolean is_busy = cvm_tryout_is_busy (self->tryout);
  gboolean is_empty = state == CVM_TRYOUT_EMPTY;

  self->is_closed = self->is_closed && is_empty;
  show_status (self);
  show_points (self);
  sync_tick (self, is_busy);
  g_object_set (self->spinner, "active", is_busy || state == CVM_TRYOUT_STOPPING, NULL);
  gtk_widget_set_visible (self->spinner, is_busy || state == CVM_TRYOUT_STOPPING);
  gtk_widget_set_visible (self->show_button, self->run != NULL);
  gtk_widget_set_visible (self->stop_button, !is_empty);
  gtk_widget_set_sensitive (self->stop_button, state != CVM_TRYOUT_STOPPING);
  gtk_widget_set_visible (self->close_button, is_empty);
  gtk_revealer_set_reveal_child (self->revealer,
                                 !self->is_closed && (!is_empty || self->run != NULL));
}

static void
on_show_clicked (CvmTryPanel *self)
{
  cvm_stage_open_run (GTK_WIDGET (self), cvm_run_get_dir (self->run));
}

static void
on_stop_clicked (CvmTryPanel *self)
{
  cvm_tryout_stop (self->tryout);
}

static void
on_close_clicked (CvmTryPanel *self)
{
  self->is_closed = TRUE;
  gtk_revealer_set_reveal_child (self->revealer, FALSE);
}

static void
cvm_try_panel_dispose (GObject *object)
{
  CvmTryPanel *self = CVM_TRY_PANEL (object);

  g_clear_handle_id (&self->tick, g_source_remove);
  if (self->tryout != NULL)
    g_signal_handlers_disconnect_by_data (self->tryout, self);
  g_clear_object (&self->tryout);
  g_clear_object (&self->run);
  g_clear_pointer (&self->rows, g_hash_table_unref);

  G_OBJECT_CLASS (cvm_try_panel_parent_class)->dispose (object);
}

static void
cvm_try_panel_class_init (CvmTryPanelClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cvm_try_panel_dispose;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/cvmtester/CvmTester/ui/cvm-try-panel.ui");
  gtk_widget_class_bind_template_child (widget_class, CvmTryPanel, revealer);
  gtk_widget_class_bind_template_child (widget_class, CvmTryPanel, spinner);
  gtk_widget_class_bind_template_child (widget_class, CvmTryPanel, status);
  gtk_widget_class_bind_template_child (widget_class, CvmTryPanel, show_button);
  gtk_widget_class_bind_template_child (widget_class, CvmTryPanel, stop_button);
  gtk_widget_class_bind_template_child (widget_class, CvmTryPanel, close_button);
  gtk_widget_class_bind_template_child (widget_class, CvmTryPanel, list);
  gtk_widget_class_bind_template_child (widget_class, CvmTryPanel, list_area);
  gtk_widget_class_bind_template_callback (widget_class, on_show_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_stop_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_close_clicked);
}

static void
cvm_try_panel_init (CvmTryPanel *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->rows = g_hash_table_new (NULL, NULL);
  cvm_list_keys_add (self->list);
}

void
cvm_try_panel_set_tryout (CvmTryPanel *self,
                          CvmTryout   *tryout)
{
  g_return_if_fail (self->tryout == NULL);

  self->tryout = g_object_ref (tryout);
  g_signal_connect_object (tryout, "changed", G_CALLBACK (show), self, G_CONNECT_SWAPPED);
}
