/* cvm-runs-page.c: the place where all runs are
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-runs-page.h"

#include <glib/gi18n.h>
#include <handy.h>

#include "cvm-format.h"
#include "cvm-page.h"
#include "cvm-run-row.h"
#include "cvm-stage.h"

#define USUAL_OF 5    /* runs */

struct _CvmRunsPage
{
  GtkBox        parent_instance;

  GtkStack     *stack;
  GtkListBox   *list;

  GListStore   *items;         /* of CvmRunItem, newest first; owned */
  GCancellable *cancellable;
};

enum { DIED, N_SIGNALS };

static guint signals[N_SIGNALS];

static void
page_init (CvmPageInterface *iface)
{
}

G_DEFINE_FINAL_TYPE_WITH_CODE (CvmRunsPage, cvm_runs_page, GTK_TYPE_BOX,
                               G_IMPLEMENT_INTERFACE (CVM_TYPE_PAGE, page_init))

static void
on_items_changed (CvmRunsPage *self)
{
  guint count = g_list_model_get_n_items (G_LIST_MODEL (self->items));

  gtk_stack_set_visible_child_name (self->stack, count > 0 ? "list" : "empty");
}

static GtkWidget *
make_row (gpointer item,
          gpointer data)
{
  return cvm_run_row_new (item);
}

static char *
dup_day (GtkListBoxRow *row)
{
  CvmRunItem *item = cvm_run_row_get_item (CVM_RUN_ROW (row));

  return cvm_format_day (cvm_run_item_get_summary (item)->begun_us, g_get_real_time ());
}

static void
update_header (GtkListBoxRow *row,
               GtkListBoxRow *before,
               gpointer       data)
{
  g_autofree char *day = dup_day (row);
  g_autofree char *day_before = before != NULL ? dup_day (before) : NULL;
  GtkWidget *label;

  if (g_strcmp0 (day, day_before) == 0)
    {
      gtk_list_box_row_set_header (row, NULL);
      return;
    }

  label = gtk_label_new (day);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_style_context_add_class (gtk_widget_get_style_context (label), "cvm-day");
  gtk_widget_show (label);
  gtk_list_box_row_set_header (row, label);
}

static void
on_row_activated (CvmRunsPage *self,
                  CvmRunRow   *row)
{
  cvm_stage_open_run (GTK_WIDGET (self),
                      cvm_run_item_get_summary (cvm_run_row_get_item (row))->dir);
}

/* The index of the run in this folder, or -1 */
static int
find_item (CvmRunsPage *self,
           const char  *dir)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->items)); i++)
    {
      g_autoptr(CvmRunItem) item = g_list_model_get_item (G_LIST_MODEL (self->items), i);

      if (g_strcmp0 (cvm_run_item_get_summary (item)->dir, dir) == 0)
        return (int)i;
    }

  return -1;
}

/* A run that was begun here is followed already; what was dead may have its end now */
static void
take_item (CvmRunsPage *self,
           CvmRunItem  *item)
{
  GListModel *model = G_LIST_MODEL (self->items);
  int known = find_item (self, cvm_run_item_get_summary (item)->dir);
  g_autoptr(CvmRunItem) old = known >= 0 ? g_list_model_get_item (model, (guint)known) : NULL;

  if (old == NULL)
    g_list_store_append (self->items, item);
  else if (cvm_run_item_get_summary (old)->is_dead)
    g_list_store_splice (self->items, (guint)known, 1, (gpointer *)&item, 1);
}

static void
on_loaded (GObject      *source,
           GAsyncResult *result,
           gpointer      data)
{
  g_autoptr(CvmRunsPage) self = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) loaded = cvm_run_item_load_all_finish (result, &error);
  gboolean has_dead = FALSE;

  if (loaded == NULL || self->cancellable == NULL)
    return;

  for (guint i = 0; i < loaded->len; i++)
    {
      has_dead |= cvm_run_item_get_summary (loaded->pdata[i])->is_dead;
      take_item (self, loaded->pdata[i]);
    }
  on_items_changed (self);

  if (has_dead)
    g_signal_emit (self, signals[DIED], 0);
}

static void
cvm_runs_page_dispose (GObject *object)
{
  CvmRunsPage *self = CVM_RUNS_PAGE (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (self->items != NULL)
    g_signal_handlers_disconnect_by_data (self->items, self);
  g_clear_object (&self->items);

  G_OBJECT_CLASS (cvm_runs_page_parent_class)->dispose (object);
}

static void
cvm_runs_page_class_init (CvmRunsPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cvm_runs_page_dispose;

  signals[DIED] = g_signal_new ("died", CVM_TYPE_RUNS_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/cvmtester/CvmTester/ui/cvm-runs-page.ui");
  gtk_widget_class_bind_template_child (widget_class, CvmRunsPage, stack);
  gtk_widget_class_bind_template_child (widget_class, CvmRunsPage, list);
  gtk_widget_class_bind_template_callback (widget_class, on_row_activated);
}

static void
cvm_runs_page_init (CvmRunsPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  self->cancellable = g_cancellable_new ();
  self->items = g_list_store_new (CVM_TYPE_RUN_ITEM);
  gtk_list_box_bind_model (self->list, G_LIST_MODEL (self->items), make_row, NULL, NULL);
  gtk_list_box_set_header_func (self->list, update_header, NULL, NULL);
}

GtkWidget *
cvm_runs_page_new (const CvmBackend *backend)
{
  return g_object_new (CVM_TYPE_RUNS_PAGE, NULL);
}

void
cvm_runs_page_load (CvmRunsPage *self)
{
  cvm_run_item_load_all_async (self->cancellable, on_loaded, g_object_ref (self));
}

static void
on_live_changed (CvmRunItem *item,
                 gpointer    records,
                 CvmRun     *run)
{
  cvm_run_item_update (item, cvm_run_get_result (run));
}

static void
on_live_finished (CvmRunItem *item,
                  CvmRun     *run)
{
  cvm_run_item_update (item, cvm_run_get_result (run));
}

void
cvm_runs_page_add_live (CvmRunsPage *self,
                        CvmRun      *run)
{
  g_autoptr(CvmRunItem) item = cvm_run_item_new (cvm_run_get_dir (run));

  cvm_run_item_update (item, cvm_run_get_result (run));
  g_signal_connect_object (run, "records", G_CALLBACK (on_live_changed), item, G_CONNECT_SWAPPED);
  g_signal_connect_object (run, "finished", G_CALLBACK (on_live_finished), item,
                           G_CONNECT_SWAPPED);
  g_list_store_insert (self->items, 0, item);
  on_items_changed (self);
}

static int
compare_ms (gconstpointer a,
            gconstpointer b)
{
  gint64 x = *(const gint64 *)a;
  gint64 y = *(const gint64 *)b;

  return x < y ? -1 : x > y;
}

gint64
cvm_runs_page_usual_ms (CvmRunsPage *self,
                        const char  *title)
{
  gint64 took[USUAL_OF];
  gsize count = 0;

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->items)); i++)
    {
      g_autoptr(CvmRunItem) item = g_list_model_get_item (G_LIST_MODEL (self->items), i);
      const CvmRunSummary *summary = cvm_run_item_get_summary (item);

      if (count < USUAL_OF && summary->took_ms > 0 && g_strcmp0 (summary->key, title) == 0
          && summary->state == CVM_POINT_STATE_PASSED)
        took[count++] = summary->took_ms;
    }

  if (count == 0)
    return 0;

  qsort (took, count, sizeof took[0], compare_ms);
  return took[count / 2];
}
