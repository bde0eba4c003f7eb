/* cvm-runs-page.c: the place where all runs are: those that live, and the history
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-runs-page.h"

#include <glib/gi18n.h>
#include <handy.h>

#include "cvm-compare-bar.h"
#include "cvm-export.h"
#include "cvm-list-keys.h"
#include "cvm-page.h"
#include "cvm-run-menu.h"
#include "cvm-run-row.h"
#include "cvm-runs-filter.h"
#include "cvm-send-bar.h"
#include "cvm-stage.h"
#include "cvm-status-page.h"

#define FIRST_RUNS 16    /* what a window of a usual size shows, and a little more */
#define TRIM_RUNS  8     /* so many go at once */
#define PAGE_RUNS  16    /* so many at once after them, when one comes near their end */

struct _CvmRunsPage
{
  GtkBox            parent_instance;

  GtkStack         *stack;
  GtkScrolledWindow *scroller;
  GtkListBox       *list;
  CvmRunsFilter    *filter;
  CvmSendBar       *send_bar;
  CvmCompareBar    *compare_bar;

  const CvmBackend *backend;
  CvmColumn        *outcomes;      /* of the rows; owned */
  GListStore       *items;         /* of CvmRunItem: the live ones, then the history; owned */
  guint             n_live;        /* of the items */
  guint             n_stale;       /* at their end: rows that are on their way out… */
  guint             trimmer;       /* …by this, or 0 */
  gboolean          has_begun;     /* one of them, since the page was shown last */
  GHashTable       *hidden;        /* dirs: removed, but that can be taken back yet */
  GHashTable       *mourned;       /* dirs whose death was told */
  char             *text;          /* what is searched for */
  gint64            last_us;       /* of the last item: where the next page begins */
  char             *last_dir;
  gboolean          is_whole;      /* there is no next page */
  GCancellable     *cancellable;   /* of all that goes on until the page goes */
  GCancellable     *listing;       /* of the list that is being read, or NULL */
};

enum { DIED, N_SIGNALS };

static guint signals[N_SIGNALS];

static void page_init (CvmPageInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (CvmRunsPage, cvm_runs_page, GTK_TYPE_BOX,
                               G_IMPLEMENT_INTERFACE (CVM_TYPE_PAGE, page_init))

static const CvmRunSummary *
get_summary (GtkListBoxRow *row)
{
  return cvm_run_item_get_summary (cvm_run_row_get_item (CVM_RUN_ROW (row)));
}

static void
show_what_there_is (CvmRunsPage *self)
{
  gboolean is_empty = g_list_model_get_n_items (G_LIST_MODEL (self->items)) == 0;
  gboolean is_filtered = self->text[0] != '\0' || cvm_runs_filter_is_active (self->filter);

  if (is_empty)
    cvm_status_page_show (self->stack, is_filtered ? "runs-nothing" : "runs-empty");
  else
    gtk_stack_set_visible_child_name (self->stack, "list");
  gtk_widget_set_visible (GTK_WIDGET (self->filter), !is_empty || is_filtered);
}

static void
on_row_activated (CvmRunsPage   *self,
                  GtkListBoxRow *row)
{
  gtk_list_box_unselect_all (self->list);
  cvm_stage_open_run (GTK_WIDGET (self), get_summary (row)->dir);
}

static void
on_menu_asked (CvmRunsPage *self,
               GtkWidget   *at,
               CvmRunRow   *row)
{
  const CvmRunSummary *summary = get_summary (GTK_LIST_BOX_ROW (row));
  g_autoptr(GMenu) compare = cvm_compare_bar_make_menu (self->compare_bar, summary->dir);

  cvm_run_menu_show (at, summary, G_MENU_MODEL (compare));
}

static GtkWidget *
make_row (gpointer item,
          gpointer data)
{
  GtkWidget *row = cvm_run_row_new (item, CVM_RUNS_PAGE (data)->outcomes);

  g_signal_connect_object (row, "menu-asked", G_CALLBACK (on_menu_asked), data,
                           G_CONNECT_SWAPPED);

  return row;
}

/* The list -------------------------------------------------------------------------------- */

static gboolean
is_live (CvmRunsPage *self,
         const char  *dir)
{
  for (guint i = 0; i < self->n_live; i++)
    {
      g_autoptr(CvmRunItem) item = g_list_model_get_item (G_LIST_MODEL (self->items), i);

      if (g_str_equal (cvm_run_item_get_summary (item)->dir, dir))
        return TRUE;
    }

  return FALSE;
}

static GPtrArray *
make_items (CvmRunsPage *self,
            GPtrArray   *runs)
{
  GPtrArray *items = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < runs->len; i++)
    {
      const CvmHistoryRun *run = runs->pdata[i];

      if (!is_live (self, run->dir) && !g_hash_table_contains (self->hidden, run->dir))
        g_ptr_array_add (items, cvm_run_item_new_past (run));
    }

  return items;
}

static void
note_last (CvmRunsPage *self,
           GPtrArray   *runs,
           guint        limit)
{
  const CvmHistoryRun *last = runs->len > 0 ? runs->pdata[runs->len - 1] : NULL;

  self->is_whole = runs->len < limit;
  if (last == NULL)
    return;

  self->last_us = last->begun_us;
  g_free (self->last_dir);
  self->last_dir = g_strdup (last->dir);
}

static void
mourn (CvmRunsPage *self,
       GPtrArray   *items)
{
  for (guint i = 0; i < items->len; i++)
    {
      const CvmRunSummary *summary = cvm_run_item_get_summary (items->pdata[i]);

      if (summary->is_dead && g_hash_table_add (self->mourned, g_strdup (summary->dir)))
        g_signal_emit (self, signals[DIED], 0, summary->title, summary->dir);
    }
}

typedef struct
{
  CvmRunsPage *page;
  guint        limit;
  gboolean     is_next;    /* a page more, at the end */
} Listing;

/* Off while rows go: the day would be made anew for each row that comes to be its first */
static void
set_headers (CvmRunsPage *self,
             gboolean     are_on)
{
  gtk_list_box_set_header_func (self->list, are_on ? cvm_run_row_update_header : NULL, NULL, NULL);
}

static gboolean
on_trim (gpointer data)
{
  CvmRunsPage *self = data;
  guint n = MIN (self->n_stale, TRIM_RUNS);

  g_list_store_splice (self->items, g_list_model_get_n_items (G_LIST_MODEL (self->items)) - n, n,
                       NULL, 0);
  self->n_stale -= n;
  if (self->n_stale > 0)
    return G_SOURCE_CONTINUE;

  self->trimmer = 0;
  set_headers (self, TRUE);
  show_what_there_is (self);

  return G_SOURCE_REMOVE;
}

/* Rows take their time to go: the old ones go bit by bit, but before anything is drawn */
static void
replace_rows (CvmRunsPage *self,
              GPtrArray   *items,
              guint        known)
{
  self->n_stale += known - self->n_live;
  set_headers (self, self->n_stale == 0);
  g_list_store_splice (self->items, self->n_live, 0, items->pdata, items->len);
  if (self->n_stale > 0 && self->trimmer == 0)
    self->trimmer = g_idle_add_full (G_PRIORITY_HIGH_IDLE, on_trim, self, NULL);
}

static void
on_listed (GObject      *source,
           GAsyncResult *result,
           gpointer      data)
{
  g_autofree Listing *listing = data;
  g_autoptr(CvmRunsPage) self = listing->page;
  g_autoptr(GPtrArray) runs = cvm_history_list_finish (CVM_HISTORY (source), result, NULL);
  g_autoptr(GPtrArray) items = NULL;
  g_autoptr(GPtrArray) selected = NULL;
  guint known;

  if (runs == NULL || self->cancellable == NULL)
    return;

  g_clear_object (&self->listing);
  known = g_list_model_get_n_items (G_LIST_MODEL (self->items)) - self->n_stale;
  items = make_items (self, runs);
  note_last (self, runs, listing->limit);
  selected = cvm_compare_bar_list_picked (self->compare_bar);
  if (listing->is_next)
    g_list_store_splice (self->items, known, 0, items->pdata, items->len);
  else
    replace_rows (self, items, known);
  for (guint i = 0; i < selected->len; i++)
    cvm_compare_bar_pick (self->compare_bar, selected->pdata[i]);
  show_what_there_is (self);
  mourn (self, items);
}

static void
list (CvmRunsPage *self,
      guint        limit,
      gboolean     is_next)
{
  CvmHistoryQuery query = CVM_HISTORY_QUERY_ALL;
  Listing *listing = g_new0 (Listing, 1);

  listing->page = g_object_ref (self);
  listing->limit = limit;
  listing->is_next = is_next;
  cvm_runs_filter_fill (self->filter, &query);
  query.text = self->text[0] != '\0' ? self->text : NULL;
  if (is_next)
    {
      query.before_us = self->last_us;
      query.before_dir = self->last_dir;
    }

  g_cancellable_cancel (self->listing);
  g_clear_object (&self->listing);
  self->listing = g_cancellable_new ();
  cvm_history_list_async (self->backend->history, &query, limit, self->listing, on_listed,
                          listing);
}

/* Those that are shown already, and not fewer than a page */
static void
list_again (CvmRunsPage *self)
{
  guint known = g_list_model_get_n_items (G_LIST_MODEL (self->items)) - self->n_live - self->n_stale;

  list (self, MAX (known, FIRST_RUNS), FALSE);
}

static void
list_from_start (CvmRunsPage *self)
{
  list (self, FIRST_RUNS, FALSE);
}

/* Half a window more than is seen is always there, as far as there are more */
static void
on_scrolled (CvmRunsPage   *self,
             GtkAdjustment *scroll)
{
  double seen = gtk_adjustment_get_page_size (scroll);
  double below = gtk_adjustment_get_upper (scroll) - gtk_adjustment_get_value (scroll) - seen;

  if (below < seen / 2 && seen > 1 && !self->is_whole && self->last_dir != NULL
      && self->listing == NULL && self->n_stale == 0)
    list (self, PAGE_RUNS, TRUE);
}

static void
on_synced (GObject      *source,
           GAsyncResult *result,
           gpointer      data)
{
  g_autoptr(CvmRunsPage) self = data;
  g_autoptr(GError) error = NULL;
  g_autofree char *notice = NULL;
  guint n_changed = 0;
  gboolean is_synced = cvm_history_sync_finish (CVM_HISTORY (source), result, &n_changed, &error);

  if (self->cancellable == NULL)
    return;

  notice = cvm_history_take_notice (CVM_HISTORY (source));
  if (!is_synced)
    cvm_stage_tell (GTK_WIDGET (self), error->message);
  else if (notice != NULL)
    cvm_stage_tell (GTK_WIDGET (self), notice);
  if (n_changed > 0)
    list_again (self);
  cvm_runs_filter_load (self->filter, self->backend->history);
}

void
cvm_runs_page_load (CvmRunsPage *self)
{
  list_again (self);
  cvm_history_sync_async (self->backend->history, self->cancellable, on_synced,
                          g_object_ref (self));
}

/* Removing, and taking that back ---------------------------------------------------------- */

typedef struct
{
  CvmRunsPage *page;
  char        *dir;
} Removal;

static void
removal_free (Removal *removal)
{
  g_hash_table_remove (removal->page->hidden, removal->dir);
  g_object_unref (removal->page);
  g_free (removal->dir);
  g_free (removal);
}

static void
on_removed (GObject      *source,
            GAsyncResult *result,
            gpointer      data)
{
  Removal *removal = data;
  g_autoptr(GError) error = NULL;
  g_autofree char *message = NULL;

  if (!cvm_history_remove_finish (CVM_HISTORY (source), result, &error))
    {
      message = g_strdup_printf (_("The run was not deleted: %s"), error->message);
      cvm_stage_tell (GTK_WIDGET (removal->page), message);
    }
  if (removal->page->cancellable != NULL)
    list_again (removal->page);
  removal_free (removal);
  g_application_release (g_application_get_default ());
}

/* Also when the window goes: the program stays until it is done */
static void
commit_removal (gpointer data)
{
  Removal *removal = data;

  g_application_hold (g_application_get_default ());
  cvm_history_remove_async (removal->page->backend->history, removal->dir, FALSE, NULL,
                            on_removed, removal);
}

static void
undo_removal (gpointer data)
{
  Removal *removal = data;
  g_autoptr(CvmRunsPage) self = g_object_ref (removal->page);

  removal_free (removal);
  list_again (self);
}

static void
take_out (CvmRunsPage *self,
          const char  *dir)
{
  for (guint i = self->n_live; i < g_list_model_get_n_items (G_LIST_MODEL (self->items)); i++)
    {
      g_autoptr(CvmRunItem) item = g_list_model_get_item (G_LIST_MODEL (self->items), i);

      if (g_str_equal (cvm_run_item_get_summary (item)->dir, dir))
        {
          g_list_store_remove (self->items, i);
          break;
        }
    }
  show_what_there_is (self);
}

static void
remove_run (CvmRunsPage *self,
            const char  *dir)
{
  Removal *removal = g_new0 (Removal, 1);

  removal->page = g_object_ref (self);
  removal->dir = g_strdup (dir);
  g_hash_table_add (self->hidden, g_strdup (dir));
  take_out (self, dir);
  cvm_stage_offer_undo (GTK_WIDGET (self), _("Run deleted"), undo_removal, commit_removal,
                        removal);
}

static void
on_remove (GSimpleAction *action,
           GVariant      *parameter,
           gpointer       data)
{
  remove_run (data, g_variant_get_string (parameter, NULL));
}

static void
on_open (GSimpleAction *action,
         GVariant      *parameter,
         gpointer       data)
{
  cvm_stage_open_run (data, g_variant_get_string (parameter, NULL));
}

static void
on_pick (GSimpleAction *action,
         GVariant      *parameter,
         gpointer       data)
{
  CvmRunsPage *self = data;

  cvm_compare_bar_pick (self->compare_bar, g_variant_get_string (parameter, NULL));
}

static void
on_submit (GSimpleAction *action,
           GVariant      *parameter,
           gpointer       data)
{
  CvmRunsPage *self = data;

  cvm_send_bar_send (self->send_bar, g_variant_get_string (parameter, NULL), NULL);
}

static void
on_export (GSimpleAction *action,
           GVariant      *parameter,
           gpointer       data)
{
  const char *dir = g_variant_get_string (parameter, NULL);
  g_autofree char *name = g_path_get_basename (dir);

  cvm_export_ask (data, dir, name);
}

static void
on_show_all (GSimpleAction *action,
             GVariant      *parameter,
             gpointer       data)
{
  CvmRunsPage *self = data;

  cvm_stage_end_search (GTK_WIDGET (self));
  cvm_runs_filter_clear (self->filter);
}

static const GActionEntry actions[] = {
  { "show-all", on_show_all },
  { "open",   on_open, "s" },
  { "pick",   on_pick, "s" },
  { "export", on_export, "s" },
  { "submit", on_submit, "s" },
  { "remove", on_remove, "s" },
};

static void
toggle (GtkListBoxRow *row)
{
  GtkListBox *list = GTK_LIST_BOX (gtk_widget_get_parent (GTK_WIDGET (row)));

  if (gtk_list_box_row_is_selected (row))
    gtk_list_box_unselect_row (list, row);
  else
    gtk_list_box_select_row (list, row);
  gtk_widget_grab_focus (GTK_WIDGET (row));
}

static gboolean
on_key_pressed (CvmRunsPage *self,
                GdkEventKey *event)
{
  GtkWidget *focus = gtk_container_get_focus_child (GTK_CONTAINER (self->list));
  GdkModifierType chord = event->state & gtk_accelerator_get_default_mod_mask ();

  /* the list itself would open the run, too */
  if (event->keyval == GDK_KEY_space && chord == GDK_CONTROL_MASK && focus != NULL)
    {
      toggle (GTK_LIST_BOX_ROW (focus));
      return GDK_EVENT_STOP;
    }

  if (event->keyval != GDK_KEY_Delete || focus == NULL
      || get_summary (GTK_LIST_BOX_ROW (focus))->is_on)
    return GDK_EVENT_PROPAGATE;

  remove_run (self, get_summary (GTK_LIST_BOX_ROW (focus))->dir);
  return GDK_EVENT_STOP;
}

/* A click opens a run. With Ctrl it selects, as in every list, and opens nothing. Rows have no
 * window of their own that would hear of it. */
static gboolean
on_button_pressed (CvmRunsPage    *self,
                   GdkEventButton *event)
{
  GdkModifierType chord = event->state & gtk_accelerator_get_default_mod_mask ();
  GtkListBoxRow *row = gtk_list_box_get_row_at_y (self->list, (int)event->y);
  gboolean is_handled = FALSE;

  if (row == NULL || gtk_get_event_widget ((GdkEvent *)event) != GTK_WIDGET (self->list)
      || event->type != GDK_BUTTON_PRESS)
    return GDK_EVENT_PROPAGATE;

  if (gdk_event_triggers_context_menu ((GdkEvent *)event))
    {
      g_signal_emit_by_name (row, "popup-menu", &is_handled);
      return is_handled;
    }

  if (event->button != GDK_BUTTON_PRIMARY || chord != GDK_CONTROL_MASK)
    return GDK_EVENT_PROPAGATE;

  toggle (row);
  return GDK_EVENT_STOP;
}

/* The hosts' names ------------------------------------------------------------------------ */

void
cvm_runs_page_tell_names (CvmRunsPage *self)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->items)); i++)
    {
      g_autoptr(CvmRunItem) item = g_list_model_get_item (G_LIST_MODEL (self->items), i);

      cvm_run_item_tell_names (item);
    }
}

/* Live runs ------------------------------------------------------------------------------- */

/* From now on it is history like all others */
static void
on_live_finished (CvmRunsPage *self,
                  CvmRun      *run)
{
  for (guint i = 0; i < self->n_live; i++)
    {
      g_autoptr(CvmRunItem) item = g_list_model_get_item (G_LIST_MODEL (self->items), i);

      if (g_str_equal (cvm_run_item_get_summary (item)->dir, cvm_run_get_dir (run)))
        {
          self->n_live--;
          g_list_store_remove (self->items, i);
          g_list_store_insert (self->items, self->n_live, item);
          break;
        }
    }
  cvm_runs_page_load (self);
}

void
cvm_runs_page_add_live (CvmRunsPage *self,
                        CvmRun      *run)
{
  g_autoptr(CvmRunItem) item = cvm_run_item_new_live (run);

  g_signal_connect_object (run, "finished", G_CALLBACK (on_live_finished), self,
                           G_CONNECT_SWAPPED);
  g_list_store_insert (self->items, 0, item);
  self->n_live++;
  self->has_begun = TRUE;
  show_what_there_is (self);
}

/* The page -------------------------------------------------------------------------------- */

/* Back from a run that was begun meanwhile: to its row, unless the keys are in a row already */
static void
show (CvmPage *page)
{
  CvmRunsPage *self = CVM_RUNS_PAGE (page);
  GtkWidget *focus = cvm_stage_get_focus (GTK_WIDGET (self));
  GtkListBoxRow *row = gtk_list_box_get_row_at_index (self->list, 0);

  if (self->has_begun && row != NULL && !GTK_IS_LIST_BOX_ROW (focus))
    gtk_widget_grab_focus (GTK_WIDGET (row));
  self->has_begun = FALSE;
  cvm_runs_page_tell_names (self);
}

static void
cvm_runs_page_dispose (GObject *object)
{
  CvmRunsPage *self = CVM_RUNS_PAGE (object);

  g_clear_handle_id (&self->trimmer, g_source_remove);
  g_cancellable_cancel (self->cancellable);
  g_cancellable_cancel (self->listing);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->listing);

  G_OBJECT_CLASS (cvm_runs_page_parent_class)->dispose (object);
}

static void
cvm_runs_page_finalize (GObject *object)
{
  CvmRunsPage *self = CVM_RUNS_PAGE (object);

  g_object_unref (self->outcomes);
  g_object_unref (self->items);
  g_hash_table_unref (self->hidden);
  g_hash_table_unref (self->mourned);
  g_free (self->text);
  g_free (self->last_dir);

  G_OBJECT_CLASS (cvm_runs_page_parent_class)->finalize (object);
}

static void
cvm_runs_page_class_init (CvmRunsPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cvm_runs_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = cvm_runs_page_finalize;

  signals[DIED] = g_signal_new ("died", CVM_TYPE_RUNS_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_STRING);

  g_type_ensure (CVM_TYPE_RUNS_FILTER);
  g_type_ensure (CVM_TYPE_SEND_BAR);
  g_type_ensure (CVM_TYPE_COMPARE_BAR);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/cvmtester/CvmTester/ui/cvm-runs-page.ui");
  gtk_widget_class_bind_template_child (widget_class, CvmRunsPage, stack);
  gtk_widget_class_bind_template_child (widget_class, CvmRunsPage, scroller);
  gtk_widget_class_bind_template_child (widget_class, CvmRunsPage, list);
  gtk_widget_class_bind_template_child (widget_class, CvmRunsPage, filter);
  gtk_widget_class_bind_template_child (widget_class, CvmRunsPage, send_bar);
  gtk_widget_class_bind_template_child (widget_class, CvmRunsPage, compare_bar);
  gtk_widget_class_bind_template_callback (widget_class, on_row_activated);
  gtk_widget_class_bind_template_callback (widget_class, on_key_pressed);
  gtk_widget_class_bind_template_callback (widget_class, on_button_pressed);
  gtk_widget_class_bind_template_callback (widget_class, list_from_start);
}

static void
cvm_runs_page_init (CvmRunsPage *self)
{
  g_autoptr(GSimpleActionGroup) group = g_simple_action_group_new ();
  GtkAdjustment *scroll;

  gtk_widget_init_template (GTK_WIDGET (self));
  cvm_list_keys_add (self->list);
  scroll = gtk_scrolled_window_get_vadjustment (self->scroller);
  g_signal_connect_object (scroll, "changed", G_CALLBACK (on_scrolled), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (scroll, "value-changed", G_CALLBACK (on_scrolled), self,
                           G_CONNECT_SWAPPED);

  g_action_map_add_action_entries (G_ACTION_MAP (group), actions, G_N_ELEMENTS (actions), self);
  gtk_widget_insert_action_group (GTK_WIDGET (self), "runs", G_ACTION_GROUP (group));
  self->text = g_strdup ("");
  self->hidden = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->mourned = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->cancellable = g_cancellable_new ();
  self->outcomes = cvm_column_new ();
  self->items = g_list_store_new (CVM_TYPE_RUN_ITEM);
  gtk_list_box_bind_model (self->list, G_LIST_MODEL (self->items), make_row, self, NULL);
  gtk_list_box_set_header_func (self->list, cvm_run_row_update_header, NULL, NULL);
  cvm_compare_bar_set_list (self->compare_bar, self->list);
}

static void
search (CvmPage    *page,
        const char *text)
{
  CvmRunsPage *self = CVM_RUNS_PAGE (page);

  if (g_str_equal (text, self->text))
    return;

  g_free (self->text);
  self->text = g_strdup (text);
  list_from_start (self);
}

static void
save (CvmPage  *page,
      GKeyFile *state)
{
  cvm_runs_filter_save (CVM_RUNS_PAGE (page)->filter, state);
}

static void
restore (CvmPage  *page,
         GKeyFile *state)
{
  cvm_runs_filter_restore (CVM_RUNS_PAGE (page)->filter, state);
}

static void
page_init (CvmPageInterface *iface)
{
  iface->search = search;
  iface->show = show;
  iface->save = save;
  iface->restore = restore;
}

GtkWidget *
cvm_runs_page_new (const CvmBackend *backend)
{
  CvmRunsPage *self = g_object_new (CVM_TYPE_RUNS_PAGE, NULL);

  self->backend = backend;
  g_signal_connect_object (backend->history, "changed", G_CALLBACK (list_again), self,
                           G_CONNECT_SWAPPED);

  return GTK_WIDGET (self);
}
