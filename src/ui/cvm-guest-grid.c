/* cvm-guest-grid.c: all guests of a run at a glance
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-guest-grid.h"

#include "cvm-guest-tile.h"

#define CONNECTED_MAX 16
#define FEW           4    /* that share the place, two in a line */
#define MANY_IN_LINE  6

struct _CvmGuestGrid
{
  GtkBox             parent_instance;

  GtkScrolledWindow *scroller;
  GtkFlowBox        *tiles;

  CvmRun            *run;     /* owned */
  guint              n_jobs;  /* that have a tile */
  guint              timer;
  guint              looker;  /* waits to look which tiles are seen, or 0 */
};

enum { CHOSEN, N_SIGNALS };

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (CvmGuestGrid, cvm_guest_grid, GTK_TYPE_BOX)

/* In the part that is scrolled to */
static gboolean
is_in_view (CvmGuestGrid *self,
            GtkWidget    *tile)
{
  int y;

  return gtk_widget_get_mapped (tile)
         && gtk_widget_translate_coordinates (tile, GTK_WIDGET (self->scroller), 0, 0, NULL, &y)
         && y + gtk_widget_get_allocated_height (tile) > 0
         && y < gtk_widget_get_allocated_height (GTK_WIDGET (self->scroller));
}

static gboolean
look (gpointer data)
{
  CvmGuestGrid *self = data;
  guint n_connected = 0;

  self->looker = 0;
  for (guint i = 0; i < self->n_jobs; i++)
    {
      GtkWidget *tile = GTK_WIDGET (gtk_flow_box_get_child_at_index (self->tiles, (int)i));
      gboolean is_seen = n_connected < CONNECTED_MAX && is_in_view (self, tile);

      cvm_guest_tile_set_seen (CVM_GUEST_TILE (tile), is_seen);
      n_connected += is_seen;
    }

  return G_SOURCE_REMOVE;
}

static void
look_soon (CvmGuestGrid *self)
{
  if (self->looker == 0)
    self->looker = g_idle_add (look, self);
}

static void
update (CvmGuestGrid *self)
{
  CvmResult *result = cvm_run_get_result (self->run);

  for (; self->n_jobs < cvm_result_n_jobs (result); self->n_jobs++)
    {
      GtkWidget *tile = cvm_guest_tile_new (self->run, cvm_result_job (result, self->n_jobs));

      gtk_flow_box_insert (self->tiles, tile, -1);
      look_soon (self);
    }
  gtk_flow_box_set_max_children_per_line (self->tiles, self->n_jobs <= FEW ? 2 : MANY_IN_LINE);

  if (!gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;

  for (guint i = 0; i < self->n_jobs; i++)
    cvm_guest_tile_update (CVM_GUEST_TILE (gtk_flow_box_get_child_at_index (self->tiles, (int)i)),
                           cvm_result_job (result, i));
}

static gboolean
on_second (gpointer data)
{
  CvmGuestGrid *self = data;

  update (self);

  return !cvm_run_is_finished (self->run) || (self->timer = 0);
}

static void
on_unmapped (CvmGuestGrid *self)
{
  g_clear_handle_id (&self->looker, g_source_remove);
  for (guint i = 0; i < self->n_jobs; i++)
    cvm_guest_tile_set_seen (CVM_GUEST_TILE (gtk_flow_box_get_child_at_index (self->tiles, (int)i)),
                             FALSE);
}

static void
on_activated (CvmGuestGrid *self,
              CvmGuestTile *tile)
{
  g_signal_emit (self, signals[CHOSEN], 0, cvm_guest_tile_get_job (tile));
}

static void
cvm_guest_grid_dispose (GObject *object)
{
  CvmGuestGrid *self = CVM_GUEST_GRID (object);

  g_clear_handle_id (&self->timer, g_source_remove);
  g_clear_handle_id (&self->looker, g_source_remove);
  if (self->run != NULL)
    g_signal_handlers_disconnect_by_data (self->run, self);
  g_clear_object (&self->run);

  G_OBJECT_CLASS (cvm_guest_grid_parent_class)->dispose (object);
}

static void
cvm_guest_grid_class_init (CvmGuestGridClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cvm_guest_grid_dispose;

  signals[CHOSEN] = g_signal_new ("chosen", CVM_TYPE_GUEST_GRID, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 1, G_TYPE_STRING);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/cvmtester/CvmTester/ui/cvm-guest-grid.ui");
  gtk_widget_class_bind_template_child (widget_class, CvmGuestGrid, scroller);
  gtk_widget_class_bind_template_child (widget_class, CvmGuestGrid, tiles);
  gtk_widget_class_bind_template_callback (widget_class, look_soon);
  gtk_widget_class_bind_template_callback (widget_class, on_unmapped);
  gtk_widget_class_bind_template_callback (widget_class, on_activated);
}

static void
cvm_guest_grid_init (CvmGuestGrid *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_flow_box_set_vadjustment (self->tiles, gtk_scrolled_window_get_vadjustment (self->scroller));
  g_signal_connect_swapped (gtk_scrolled_window_get_vadjustment (self->scroller), "value-changed",
                            G_CALLBACK (look_soon), self);
}

GtkWidget *
cvm_guest_grid_new (CvmRun *run)
{
  CvmGuestGrid *self = g_object_new (CVM_TYPE_GUEST_GRID, NULL);

  self->run = g_object_ref (run);
  g_signal_connect_swapped (run, "records", G_CALLBACK (update), self);
  self->timer = g_timeout_add_seconds (1, on_second, self);
  update (self);

  return GTK_WIDGET (self);
}
