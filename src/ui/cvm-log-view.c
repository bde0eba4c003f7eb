/* cvm-log-view.c: what the run did, a line each
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-log-view.h"

#include <glib/gi18n.h>

#include "cvm-log-model.h"

#define LOOK_AT_ONCE 4000      /* lines: some milliseconds */
#define COPY_MAX     20000     /* lines */

/* Records that wait to be taken in */
typedef struct
{
  GPtrArray *records;
  guint      next;
} Batch;

struct _CvmLogView
{
  GtkBox             parent_instance;

  GtkEntry          *entry;
  GtkComboBox       *level;
  GtkLabel          *count;
  GtkTreeView       *view;
  GtkScrolledWindow *scroller;

  CvmLogModel       *model;
  GQueue             batches;       /* of Batch */
  char              *job;
  char              *wanted;        /* id of the case whose line is turned to, or NULL */
  guint              worker;        /* takes in and looks, or 0 */
  gboolean           follows;       /* the end is to stay in sight */
};

G_DEFINE_FINAL_TYPE (CvmLogView, cvm_log_view, GTK_TYPE_BOX)

static void
batch_free (gpointer data)
{
  Batch *self = data;

  g_ptr_array_unref (self->records);
  g_free (self);
}

static void
show_end (CvmLogView *self)
{
  guint n = cvm_log_model_n_rows (self->model);
  g_autoptr(GtkTreePath) path = n > 0 ? gtk_tree_path_new_from_indices ((int)n - 1, -1) : NULL;

  if (path != NULL && self->follows)
    gtk_tree_view_scroll_to_cell (self->view, path, NULL, FALSE, 0, 0);
}

static void
show_wanted (CvmLogView *self)
{
  int row = self->wanted != NULL ? cvm_log_model_find_case (self->model, self->wanted) : -1;
  g_autoptr(GtkTreePath) path = row >= 0 ? gtk_tree_path_new_from_indices (row, -1) : NULL;

  if (path == NULL)
    return;

  g_clear_pointer (&self->wanted, g_free);
  self->follows = FALSE;
  gtk_tree_view_set_cursor (self->view, path, NULL, FALSE);
  gtk_tree_view_scroll_to_cell (self->view, path, NULL, TRUE, 0.5, 0);
}

static void
show_count (CvmLogView *self)
{
  guint n_rows = cvm_log_model_n_rows (self->model);
  guint n_kept = cvm_log_model_n_kept (self->model);
  g_autofree char *text = NULL;

  if (n_rows == n_kept)
    text = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u line", "%u lines", n_kept), n_kept);
  else
    text = g_strdup_printf (_("%u of %u lines"), n_rows, n_kept);
  gtk_label_set_text (self->count, text);
}

/* Some of the work; the window goes on meanwhile */
static gboolean
work (gpointer data)
{
  CvmLogView *self = data;
  Batch *batch = g_queue_peek_head (&self->batches);
  gboolean has_more;

  if (batch != NULL)
    {
      batch->next = cvm_log_model_add (self->model, batch->records, batch->next, LOOK_AT_ONCE,
                                       self->job);
      if (batch->next == batch->records->len)
        batch_free (g_queue_pop_head (&self->batches));
    }

  has_more = cvm_log_model_look (self->model, LOOK_AT_ONCE);
  if (has_more || !g_queue_is_empty (&self->batches))
    return G_SOURCE_CONTINUE;

  self->worker = 0;
  show_count (self);
  show_wanted (self);
  show_end (self);

  return G_SOURCE_REMOVE;
}

static void
work_soon (CvmLogView *self)
{
  if (self->worker == 0)
    self->worker = g_idle_add (work, self);
}

/* Without its model a view forgets all rows at once */
static void
on_filter_changed (CvmLogView *self)
{
  gtk_tree_view_set_model (self->view, NULL);
  cvm_log_model_set_filter (self->model, gtk_entry_get_text (self->entry),
                            gtk_combo_box_get_active (self->level) == 1);
  gtk_tree_view_set_model (self->view, GTK_TREE_MODEL (self->model));
  self->follows = TRUE;
  work_soon (self);
}

static void
on_scrolled (CvmLogView    *self,
             GtkAdjustment *place)
{
  self->follows = gtk_adjustment_get_value (place) + gtk_adjustment_get_page_size (place)
                  >= gtk_adjustment_get_upper (place) - 20;
}

/* Copying ----------------------------------------------------------------------------------- */

typedef struct
{
  GString *text;
  guint    n;
} Copy;

static gboolean
copy_line (GtkTreeModel *model,
           GtkTreePath  *path,
           GtkTreeIter  *iter,
           gpointer      data)
{
  Copy *copy = data;
  g_autofree char *line = NULL;

  gtk_tree_model_get (model, iter, CVM_LOG_COLUMN_LINE, &line, -1);
  g_string_append_printf (copy->text, "%s\n", line);

  return ++copy->n >= COPY_MAX;
}

static void
copy_selected_line (GtkTreeModel *model,
                    GtkTreePath  *path,
                    GtkTreeIter  *iter,
                    gpointer      data)
{
  if (((Copy *)data)->n < COPY_MAX)
    copy_line (model, path, iter, data);
}

static void
on_copy (CvmLogView *self)
{
  GtkTreeSelection *selection = gtk_tree_view_get_selection (self->view);
  g_autoptr(GString) text = g_string_new (NULL);
  Copy copy = { text, 0 };

  gtk_tree_selection_selected_foreach (selection, copy_selected_line, &copy);
  if (copy.n == 0)
    gtk_tree_model_foreach (GTK_TREE_MODEL (self->model), copy_line, &copy);
  gtk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self), GDK_SELECTION_CLIPBOARD),
                          text->str, (int)text->len);
}

static gboolean
on_key_pressed (CvmLogView  *self,
                GdkEventKey *event)
{
  if ((event->state & gtk_accelerator_get_default_mod_mask ()) != GDK_CONTROL_MASK
      || event->keyval != GDK_KEY_c)
    return GDK_EVENT_PROPAGATE;

  on_copy (self);
  return GDK_EVENT_STOP;
}

/* Object ------------------------------------------------------------------------------------ */

static void
cvm_log_view_dispose (GObject *object)
{
  CvmLogView *self = CVM_LOG_VIEW (object);

  g_clear_handle_id (&self->worker, g_source_remove);
  g_queue_clear_full (&self->batches, batch_free);
  g_clear_object (&self->model);
  g_clear_pointer (&self->job, g_free);
  g_clear_pointer (&self->wanted, g_free);

  G_OBJECT_CLASS (cvm_log_view_parent_class)->dispose (object);
}

static void
cvm_log_view_class_init (CvmLogViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cvm_log_view_dispose;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/cvmtester/CvmTester/ui/cvm-log-view.ui");
  gtk_widget_class_bind_template_child (widget_class, CvmLogView, entry);
  gtk_widget_class_bind_template_child (widget_class, CvmLogView, level);
  gtk_widget_class_bind_template_child (widget_class, CvmLogView, count);
  gtk_widget_class_bind_template_child (widget_class, CvmLogView, view);
  gtk_widget_class_bind_template_child (widget_class, CvmLogView, scroller);
  gtk_widget_class_bind_template_callback (widget_class, on_filter_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_copy);
  gtk_widget_class_bind_template_callback (widget_class, on_key_pressed);
  gtk_widget_class_bind_template_callback (widget_class, show_end);
}

static void
cvm_log_view_init (CvmLogView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  g_queue_init (&self->batches);
  self->follows = TRUE;
  self->model = cvm_log_model_new ();
  gtk_tree_view_set_model (self->view, GTK_TREE_MODEL (self->model));
  g_signal_connect_object (gtk_scrolled_window_get_vadjustment (self->scroller), "value-changed",
                           G_CALLBACK (on_scrolled), self, G_CONNECT_SWAPPED);
}

void
cvm_log_view_add (CvmLogView *self,
                  GPtrArray  *records,
                  const char *job)
{
  Batch *batch = g_new0 (Batch, 1);

  g_free (self->job);
  self->job = g_strdup (job);
  batch->records = g_ptr_array_ref (records);
  g_queue_push_tail (&self->batches, batch);
  work_soon (self);
}

void
cvm_log_view_clear (CvmLogView *self)
{
  g_clear_handle_id (&self->worker, g_source_remove);
  g_queue_clear_full (&self->batches, batch_free);
  g_clear_object (&self->model);
  g_clear_pointer (&self->wanted, g_free);
  self->model = cvm_log_model_new ();
  on_filter_changed (self);
}

void
cvm_log_view_show_case (CvmLogView *self,
                        const char *id)
{
  g_free (self->wanted);
  self->wanted = g_strdup (id);
  gtk_widget_grab_focus (GTK_WIDGET (self->view));
  gtk_entry_set_text (self->entry, "");
  gtk_combo_box_set_active (self->level, 0);
  work_soon (self);
}

void
cvm_log_view_find (CvmLogView *self)
{
  gtk_widget_grab_focus (GTK_WIDGET (self->entry));
}
