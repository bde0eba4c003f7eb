/* cvm-stage.c: what a page asks of the window it is in
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-stage.h"

G_DEFINE_INTERFACE (CvmStage, cvm_stage, GTK_TYPE_WIDGET)

static void
cvm_stage_default_init (CvmStageInterface *iface)
{
}

static CvmStage *
find_stage (GtkWidget *from)
{
  GtkWidget *stage = gtk_widget_get_ancestor (from, CVM_TYPE_STAGE);

  return stage != NULL ? CVM_STAGE (stage) : NULL;
}

GtkWidget *
cvm_stage_get_focus (GtkWidget *from)
{
  GtkWidget *window = gtk_widget_get_toplevel (from);

  return GTK_IS_WINDOW (window) ? gtk_window_get_focus (GTK_WINDOW (window)) : NULL;
}

void
cvm_stage_enable_again (GtkWidget *widget)
{
  gtk_widget_set_sensitive (widget, TRUE);
  if (gtk_widget_get_mapped (widget) && cvm_stage_get_focus (widget) == NULL)
    gtk_widget_grab_focus (widget);
}

void
cvm_stage_push (GtkWidget  *from,
                GtkWidget  *page,
                const char *name)
{
  CvmStage *self = find_stage (from);

  if (self != NULL)
    CVM_STAGE_GET_IFACE (self)->push (self, page, name);
}

void
cvm_stage_pop (GtkWidget *from)
{
  CvmStage *self = find_stage (from);

  if (self != NULL)
    CVM_STAGE_GET_IFACE (self)->pop (self);
}

void
cvm_stage_go (GtkWidget  *from,
              const char *place)
{
  CvmStage *self = find_stage (from);

  if (self != NULL)
    CVM_STAGE_GET_IFACE (self)->go (self, place);
}

void
cvm_stage_end_search (GtkWidget *from)
{
  CvmStage *self = find_stage (from);

  if (self != NULL)
    CVM_STAGE_GET_IFACE (self)->end_search (self);
}

void
cvm_stage_open_run (GtkWidget  *from,
                    const char *dir)
{
  CvmStage *self = find_stage (from);

  if (self != NULL)
    CVM_STAGE_GET_IFACE (self)->open_run (self, dir);
}

void
cvm_stage_new_run (GtkWidget  *from,
                   const char *image)
{
  CvmStage *self = find_stage (from);

  if (self != NULL)
    CVM_STAGE_GET_IFACE (self)->new_run (self, image, NULL);
}

void
cvm_stage_new_run_of (GtkWidget *from,
                      CvmOrder  *order)
{
  CvmStage *self = find_stage (from);

  if (self != NULL)
    CVM_STAGE_GET_IFACE (self)->new_run (self, NULL, order);
  else
    cvm_order_free (order);
}

void
cvm_stage_launch (GtkWidget *from,
                  CvmPlan   *plan)
{
  CvmStage *self = find_stage (from);

  if (self != NULL)
    CVM_STAGE_GET_IFACE (self)->launch (self, plan);
}

void
cvm_stage_take_run (GtkWidget *from,
                    CvmRun    *run)
{
  CvmStage *self = find_stage (from);

  if (self != NULL)
    CVM_STAGE_GET_IFACE (self)->take_run (self, run);
}

void
cvm_stage_tell (GtkWidget  *from,
                const char *message)
{
  CvmStage *self = find_stage (from);

  if (self != NULL)
    CVM_STAGE_GET_IFACE (self)->tell (self, message);
}

void
cvm_stage_set_count (GtkWidget  *from,
                     const char *place,
                     guint       count,
                     gboolean    is_attention)
{
  CvmStage *self = find_stage (from);

  if (self != NULL)
    CVM_STAGE_GET_IFACE (self)->set_count (self, place, count, is_attention);
}

void
cvm_stage_offer_undo (GtkWidget   *from,
                      const char  *text,
                      CvmUndoFunc  undo,
                      CvmUndoFunc  commit,
                      gpointer     data)
{
  CvmStage *self = find_stage (from);

  if (self != NULL)
    CVM_STAGE_GET_IFACE (self)->offer_undo (self, text, undo, commit, data);
  else
    commit (data);
}
