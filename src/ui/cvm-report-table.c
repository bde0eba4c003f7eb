/* cvm-report-table.c: the table of the place of the reports: its rows, and which of them are seen
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-report-table.h"

#include <glib/gi18n.h>

#include "cvm-verdict-cell.h"

#define PAD      12
#define TURN_US  8000
#define PAUSE_MS 4      /* in which the rows that came are drawn */
#define PALE     0.55

struct _CvmReportTable
{
  GtkTreeView  *view;
  GtkListStore *store;     /* a pointer a row, to an item of all */
  GPtrArray    *all;       /* of CvmReportItem */
  GPtrArray    *old;       /* of CvmReportItem: no longer wanted, but rows may be of them */
  GHashTable   *runs;      /* char * → CvmReportItem: by the run's folder */
  GHashTable   *hidden;    /* guint64: numbers in the spool */
  char         *text;      /* folded */
  guint         n_appended;    /* of all; the others come when there is time */
  gboolean      is_emptying;   /* the rows that are there have to go first */
  guint         timer;
  char         *wanted;       /* name of the row to be selected when it comes; or NULL */
};

static CvmReportItem *
get_item (GtkTreeModel *model,
          GtkTreeIter  *iter)
{
  CvmReportItem *item;

  gtk_tree_model_get (model, iter, 0, &item, -1);

  return item;
}

/* Columns ------------------------------------------------------------------------------------ */

static void
set_verdict (GtkTreeViewColumn *column,
             GtkCellRenderer   *cell,
             GtkTreeModel      *model,
             GtkTreeIter       *iter,
             gpointer           data)
{
  g_object_set (cell, "state", (int)get_item (model, iter)->verdict, NULL);
}

static void
set_time (GtkTreeViewColumn *column,
          GtkCellRenderer   *cell,
          GtkTreeModel      *model,
          GtkTreeIter       *iter,
          gpointer           data)
{
  g_autofree char *text = cvm_report_item_time (get_item (model, iter)->time_us,
                                                g_get_real_time ());

  g_object_set (cell, "text", text, NULL);
}

static void
set_text (GtkTreeViewColumn *column,
          GtkCellRenderer   *cell,
          GtkTreeModel      *model,
          GtkTreeIter       *iter,
          gpointer           data)
{
  gsize offset = GPOINTER_TO_SIZE (data);

  g_object_set (cell, "text", G_STRUCT_MEMBER (const char *, get_item (model, iter), offset), NULL);
}

/* That a report was not sent is no news, and is so in most rows */
static void
set_state (GtkTreeViewColumn *column,
           GtkCellRenderer   *cell,
           GtkTreeModel      *model,
           GtkTreeIter       *iter,
           gpointer           data)
{
  const CvmReportItem *item = get_item (model, iter);
  g_autoptr(PangoAttrList) looks = pango_attr_list_new ();

  if (item->is_silent)
    pango_attr_list_insert (looks, pango_attr_foreground_alpha_new ((guint16)(PALE * G_MAXUINT16)));
  g_object_set (cell, "text", item->state, "attributes", looks, NULL);
}

/* Wide enough for the longest that it usually has, in this language and font */
static int
width_of (GtkTreeView *view,
          const char  *sample,
          const char  *title)
{
  g_autoptr(PangoLayout) layout = gtk_widget_create_pango_layout (GTK_WIDGET (view), sample);
  int sample_width, title_width;

  pango_layout_get_pixel_size (layout, &sample_width, NULL);
  pango_layout_set_text (layout, title, -1);
  pango_layout_get_pixel_size (layout, &title_width, NULL);

  return MAX (sample_width, MIN (title_width, 2 * sample_width)) + 2 * PAD;
}

static void
add_column (GtkTreeView           *view,
            const char            *title,
            GtkCellRenderer       *cell,
            const char            *sample,
            gboolean               is_wide,
            GtkTreeCellDataFunc    set,
            gsize                  offset)
{
  GtkTreeViewColumn *column = gtk_tree_view_column_new ();

  gtk_tree_view_column_set_title (column, title);
  gtk_tree_view_column_pack_start (column, cell, TRUE);
  gtk_tree_view_column_set_cell_data_func (column, cell, set, GSIZE_TO_POINTER (offset), NULL);
  gtk_tree_view_column_set_sizing (column, GTK_TREE_VIEW_COLUMN_FIXED);
  gtk_tree_view_column_set_fixed_width (column, width_of (view, sample, title));
  gtk_tree_view_column_set_resizable (column, TRUE);
  gtk_tree_view_column_set_expand (column, is_wide);
  gtk_tree_view_append_column (view, column);
}

static GtkCellRenderer *
text_cell (void)
{
  GtkCellRenderer *cell = gtk_cell_renderer_text_new ();

  g_object_set (cell, "ellipsize", PANGO_ELLIPSIZE_END, "ypad", 6, "xpad", PAD / 2, NULL);

  return cell;
}

static void
add_columns (GtkTreeView *view)
{
  GtkCellRenderer *verdict = cvm_verdict_cell_new ();

  add_column (view, "", verdict, "mm", FALSE, set_verdict, 0);
  add_column (view, _("Time"), text_cell (), _("30 Nov 2026 23:59"), FALSE, set_time, 0);
  add_column (view, _("Suite"), text_cell (), "Boots and ans", TRUE, set_text,
              G_STRUCT_OFFSET (CvmReportItem, suite));
  add_column (view, _("Machine"), text_cell (), "cernvm-host", TRUE, set_text,
              G_STRUCT_OFFSET (CvmReportItem, machine));
  add_column (view, _("Result"), text_cell (), _("137 of 137 passed"), FALSE, set_text,
              G_STRUCT_OFFSET (CvmReportItem, result));
  add_column (view, _("Report"), text_cell (), _("waits to be sent"), FALSE, set_state, 0);
  gtk_tree_view_set_fixed_height_mode (view, TRUE);
}

/* Rows --------------------------------------------------------------------------------------- */

static gboolean
is_hidden (CvmReportTable      *self,
           const CvmReportItem *item)
{
  return item->number != 0 && g_hash_table_contains (self->hidden, &item->number);
}

/* A run keeps its row's place while it waits, and when it was sent */
static char *
name_of (const CvmReportItem *item)
{
  return item->dir != NULL ? g_strdup (item->dir)
                           : g_strdup_printf ("%d %" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT,
                                              item->kind, item->number, item->id);
}

static gboolean
is_seen (CvmReportTable      *self,
         const CvmReportItem *item)
{
  return cvm_report_item_has (item, self->text) && !is_hidden (self, item);
}

static void
select_wanted (CvmReportTable *self,
               GtkTreeIter    *iter)
{
  g_autofree char *name = name_of (get_item (GTK_TREE_MODEL (self->store), iter));
  g_autoptr(GtkTreePath) path = NULL;

  if (g_strcmp0 (name, self->wanted) != 0)
    return;

  g_clear_pointer (&self->wanted, g_free);
  path = gtk_tree_model_get_path (GTK_TREE_MODEL (self->store), iter);
  gtk_tree_view_set_cursor (self->view, path, NULL, FALSE);
}

static void
append (CvmReportTable *self,
        CvmReportItem  *item)
{
  GtkTreeIter iter;

  if (!is_seen (self, item))
    return;

  gtk_list_store_insert_with_values (self->store, &iter, -1, 0, item, -1);
  if (self->wanted != NULL)
    select_wanted (self, &iter);
}

/* FALSE: there is none left, and nobody points to what they were */
static gboolean
drop_last (CvmReportTable *self)
{
  GtkTreeModel *model = GTK_TREE_MODEL (self->store);
  int n = gtk_tree_model_iter_n_children (model, NULL);
  GtkTreeIter iter;

  if (n == 0 || !gtk_tree_model_iter_nth_child (model, &iter, NULL, n - 1))
    {
      g_ptr_array_set_size (self->old, 0);
      return FALSE;
    }

  gtk_list_store_remove (self->store, &iter);

  return TRUE;
}

/* FALSE: all is as it should be */
static gboolean
take_step (CvmReportTable *self)
{
  if (self->is_emptying)
    {
      self->is_emptying = drop_last (self);
      return TRUE;
    }

  if (self->n_appended == self->all->len)
    return FALSE;

  append (self, self->all->pdata[self->n_appended++]);

  return TRUE;
}

/* A view tells a screen reader of each cell of each row that comes and goes: so they do a few at a
 * time, and keys are heard in between */
static gboolean
on_turn (gpointer data)
{
  CvmReportTable *self = data;
  gint64 until_us = g_get_monotonic_time () + TURN_US;

  while (g_get_monotonic_time () < until_us)
    {
      if (!take_step (self))
        {
          self->timer = 0;
          return G_SOURCE_REMOVE;
        }
    }

  return G_SOURCE_CONTINUE;
}

static void
begin_steps (CvmReportTable *self)
{
  if (self->timer == 0)
    self->timer = g_timeout_add (PAUSE_MS, on_turn, self);
}

static char *
dup_selected (CvmReportTable *self)
{
  const CvmReportItem *item = cvm_report_table_selected (self);

  return item != NULL ? name_of (item) : NULL;
}

/* The row that is selected stays so, if it comes again */
static void
refill (CvmReportTable *self)
{
  g_autofree char *selected = dup_selected (self);

  if (selected != NULL)
    {
      g_free (self->wanted);
      self->wanted = g_steal_pointer (&selected);
    }

  self->is_emptying = TRUE;
  self->n_appended = 0;
  begin_steps (self);
}

CvmReportTable *
cvm_report_table_new (GtkTreeView *view)
{
  CvmReportTable *self = g_new0 (CvmReportTable, 1);

  self->view = view;
  self->store = gtk_list_store_new (1, G_TYPE_POINTER);
  self->all = g_ptr_array_new_with_free_func ((GDestroyNotify)cvm_report_item_free);
  self->old = g_ptr_array_new_with_free_func ((GDestroyNotify)cvm_report_item_free);
  self->runs = g_hash_table_new (g_str_hash, g_str_equal);
  self->hidden = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  self->text = g_strdup ("");
  add_columns (view);
  gtk_tree_view_set_model (view, GTK_TREE_MODEL (self->store));

  return self;
}

void
cvm_report_table_free (CvmReportTable *self)
{
  g_clear_handle_id (&self->timer, g_source_remove);
  gtk_tree_view_set_model (self->view, NULL);
  g_object_unref (self->store);
  g_hash_table_unref (self->runs);
  g_hash_table_unref (self->hidden);
  g_ptr_array_unref (self->all);
  g_ptr_array_unref (self->old);
  g_free (self->text);
  g_free (self->wanted);
  g_free (self);
}

void
cvm_report_table_clear (CvmReportTable *self)
{
  g_ptr_array_extend_and_steal (self->old, self->all);    /* there are rows of them still */
  self->all = g_ptr_array_new_with_free_func ((GDestroyNotify)cvm_report_item_free);
  g_hash_table_remove_all (self->runs);
  refill (self);
}

void
cvm_report_table_add (CvmReportTable *self,
                      GPtrArray      *items)
{
  for (guint i = 0; i < items->len; i++)
    {
      CvmReportItem *item = g_steal_pointer (&items->pdata[i]);

      g_ptr_array_add (self->all, item);
      if (item->kind == CVM_REPORT_RUN)
        g_hash_table_insert (self->runs, item->dir, item);
    }
  begin_steps (self);
}

void
cvm_report_table_search (CvmReportTable *self,
                         const char     *text)
{
  g_autofree char *folded = g_utf8_casefold (text != NULL ? text : "", -1);

  if (g_str_equal (folded, self->text))
    return;

  g_free (self->text);
  self->text = g_steal_pointer (&folded);
  refill (self);
}

guint
cvm_report_table_n_items (CvmReportTable *self)
{
  guint n = 0;

  for (guint i = 0; i < self->all->len; i++)
    n += !is_hidden (self, self->all->pdata[i]);

  return n;
}

gboolean
cvm_report_table_is_filled (CvmReportTable *self)
{
  return self->timer == 0;
}

guint
cvm_report_table_n_seen (CvmReportTable *self)
{
  guint n = 0;

  for (guint i = 0; i < self->all->len; i++)
    n += is_seen (self, self->all->pdata[i]);

  return n;
}

CvmReportItem *
cvm_report_table_get_at (CvmReportTable *self,
                         GtkTreePath    *path)
{
  GtkTreeIter iter;

  return gtk_tree_model_get_iter (GTK_TREE_MODEL (self->store), &iter, path)
         ? get_item (GTK_TREE_MODEL (self->store), &iter) : NULL;
}

CvmReportItem *
cvm_report_table_selected (CvmReportTable *self)
{
  GtkTreeModel *model;
  GtkTreeIter iter;

  return gtk_tree_selection_get_selected (gtk_tree_view_get_selection (self->view), &model, &iter)
         ? get_item (model, &iter) : NULL;
}

CvmReportItem *
cvm_report_table_find_run (CvmReportTable *self,
                           const char     *dir)
{
  return g_hash_table_lookup (self->runs, dir);
}

void
cvm_report_table_draw (CvmReportTable *self)
{
  gtk_widget_queue_draw (GTK_WIDGET (self->view));
}

void
cvm_report_table_hide (CvmReportTable *self,
                       guint64         number,
                       gboolean        is_hiding)
{
  if (is_hiding)
    g_hash_table_add (self->hidden, g_memdup2 (&number, sizeof number));
  else
    g_hash_table_remove (self->hidden, &number);
  refill (self);
}
