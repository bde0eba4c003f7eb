/* cvm-image-removal.c: images that are removed, unless the user wants them back
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-image-removal.h"

#include <glib/gi18n.h>

#include "cvm-image-worker.h"
#include "cvm-stage.h"

typedef struct
{
  GtkWidget  *from;             /* weak */
  GPtrArray  *items;            /* of CvmImageItem */
  void      (*show) (GtkWidget *from);
} Removal;

static void
removal_free (Removal *self)
{
  g_clear_weak_pointer (&self->from);
  g_ptr_array_unref (self->items);
  g_free (self);
}

static void
set_hidden (Removal  *self,
            gboolean  is_hidden)
{
  for (guint i = 0; i < self->items->len; i++)
    cvm_image_item_set_hidden (self->items->pdata[i], is_hidden);

  if (self->from != NULL && !gtk_widget_in_destruction (self->from))
    self->show (self->from);
}

static void
undo (gpointer data)
{
  set_hidden (data, FALSE);
  removal_free (data);
}

static void
commit (gpointer data)
{
  Removal *self = data;

  for (guint i = 0; i < self->items->len; i++)
    cvm_image_worker_remove (cvm_image_worker_get_default (), self->items->pdata[i]);
  removal_free (self);
}

static char *
describe (GPtrArray *items)
{
  if (items->len == 1)
    return g_strdup_printf (_("%s removed"), cvm_image_item_get_title (items->pdata[0]));

  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u image removed", "%u images removed",
                                       items->len), items->len);
}

void
cvm_image_removal_offer (GtkWidget  *from,
                         GPtrArray  *items,
                         void      (*show) (GtkWidget *from))
{
  Removal *self = g_new0 (Removal, 1);
  g_autofree char *text = describe (items);

  g_set_weak_pointer (&self->from, from);
  self->items = g_ptr_array_ref (items);
  self->show = show;
  set_hidden (self, TRUE);
  cvm_stage_offer_undo (from, text, undo, commit, self);
}
