/* cvm-image-group.c: the images of one place: here, or a catalogue
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-image-group.h"

#include <glib/gi18n.h>

#include "cvm-list-keys.h"

#define PAGE 25   /* rows that are made at once */

struct _CvmImageGroup
{
  GtkBox      parent_instance;

  GtkLabel   *title;
  GtkLabel   *count;
  GtkSpinner *spinner;
  GtkWidget  *remove_button;
  GtkWidget  *problem_box;
  GtkLabel   *problem;
  GtkListBox *list;
  GtkButton  *more_button;

  GtkSizeGroup *buttons;   /* of all rows, in a column */
  GCancellable *cancellable;
  GPtrArray  *items;       /* of CvmImageItem: all, or NULL */
  GPtrArray  *shown;       /* those that are looked for, or NULL */
  guint       n_made;      /* rows, of SHOWN */
};

enum { ASKED, AGAIN, REMOVED, N_SIGNALS };

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (CvmImageGroup, cvm_image_group, GTK_TYPE_BOX)

static void
on_asked (CvmImageGroup *self,
          int            what,
          CvmImageRow   *row)
{
  g_signal_emit (self, signals[ASKED], 0, cvm_image_row_get_item (row), what);
}

static void
show_more_button (CvmImageGroup *self)
{
  guint left = self->shown->len - self->n_made;
  g_autofree char *label = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "Show %u More",
                                                         "Show %u More", left), left);

  gtk_button_set_label (self->more_button, label);
  gtk_widget_set_visible (GTK_WIDGET (self->more_button), left > 0);
}

static void
make_rows (CvmImageGroup *self)
{
  guint end = MIN (self->shown->len, self->n_made + PAGE);

  for (; self->n_made < end; self->n_made++)
    {
      GtkWidget *row = cvm_image_row_new (self->shown->pdata[self->n_made]);

      g_signal_connect_object (row, "asked", G_CALLBACK (on_asked), self, G_CONNECT_SWAPPED);
      cvm_image_row_align (CVM_IMAGE_ROW (row), self->buttons);
      gtk_container_add (GTK_CONTAINER (self->list), row);
    }
  show_more_button (self);
}

static void
on_more (CvmImageGroup *self)
{
  guint first = self->n_made;

  make_rows (self);
  gtk_widget_grab_focus (GTK_WIDGET (gtk_list_box_get_row_at_index (self->list, (int)first)));
}

static void
on_row_activated (CvmImageGroup *self,
                  CvmImageRow   *row)
{
  CvmImageItem *item = cvm_image_row_get_item (row);

  if (cvm_image_item_get_here (item) != NULL)
    g_signal_emit (self, signals[ASKED], 0, item, CVM_IMAGE_ASK_DETAILS);
  else if (!cvm_image_item_is_busy (item))
    g_signal_emit (self, signals[ASKED], 0, item, CVM_IMAGE_ASK_FETCH);
}

static void
on_again (CvmImageGroup *self)
{
  g_signal_emit (self, signals[AGAIN], 0);
}

static void
on_remove (CvmImageGroup *self)
{
  g_signal_emit (self, signals[REMOVED], 0);
}

static void
show_count (CvmImageGroup *self)
{
  guint all = self->items != NULL ? self->items->len : 0;
  guint shown = self->shown != NULL ? self->shown->len : 0;
  g_autofree char *text = shown == all ? g_strdup_printf ("%u", all)
                                       : g_strdup_printf (_("%u of %u"), shown, all);

  gtk_label_set_text (self->count, self->items != NULL ? text : "");
}

static void
cvm_image_group_dispose (GObject *object)
{
  g_cancellable_cancel (CVM_IMAGE_GROUP (object)->cancellable);

  G_OBJECT_CLASS (cvm_image_group_parent_class)->dispose (object);
}

static void
cvm_image_group_finalize (GObject *object)
{
  CvmImageGroup *self = CVM_IMAGE_GROUP (object);

  g_object_unref (self->buttons);
  g_object_unref (self->cancellable);
  g_clear_pointer (&self->items, g_ptr_array_unref);
  g_clear_pointer (&self->shown, g_ptr_array_unref);

  G_OBJECT_CLASS (cvm_image_group_parent_class)->finalize (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/cvmtester/CvmTester/ui/cvm-image-group.ui");
  gtk_widget_class_bind_template_child (widget_class, CvmImageGroup, title);
  gtk_widget_class_bind_template_child (widget_class, CvmImageGroup, count);
  gtk_widget_class_bind_template_child (widget_class, CvmImageGroup, spinner);
  gtk_widget_class_bind_template_child (widget_class, CvmImageGroup, remove_button);
  gtk_widget_class_bind_template_child (widget_class, CvmImageGroup, problem_box);
  gtk_widget_class_bind_template_child (widget_class, CvmImageGroup, problem);
  gtk_widget_class_bind_template_child (widget_class, CvmImageGroup, list);
  gtk_widget_class_bind_template_child (widget_class, CvmImageGroup, more_button);
  gtk_widget_class_bind_template_callback (widget_class, on_again);
  gtk_widget_class_bind_template_callback (widget_class, on_remove);
  gtk_widget_class_bind_template_callback (widget_class, on_more);
  gtk_widget_class_bind_template_callback (widget_class, on_row_activated);
}

static void
cvm_image_group_class_init (CvmImageGroupClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = cvm_image_group_dispose;
  G_OBJECT_CLASS (klass)->finalize = cvm_image_group_finalize;

  signals[ASKED] = g_signal_new ("asked", CVM_TYPE_IMAGE_GROUP, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 2, CVM_TYPE_IMAGE_ITEM, G_TYPE_INT);
  signals[AGAIN] = g_signal_new ("again", CVM_TYPE_IMAGE_GROUP, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 0);
  signals[REMOVED] = g_signal_new ("removed", CVM_TYPE_IMAGE_GROUP, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);

  bind_template (GTK_WIDGET_CLASS (klass));
}

static void
cvm_image_group_init (CvmImageGroup *self)
{
  self->buttons = gtk_size_group_new (GTK_SIZE_GROUP_HORIZONTAL);
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  cvm_list_keys_add (self->list);
}

GtkWidget *
cvm_image_group_new (const char *title,
                     gboolean    can_remove)
{
  CvmImageGroup *self = g_object_new (CVM_TYPE_IMAGE_GROUP, NULL);
  g_autofree char *remove = g_strdup_printf (_("Remove the catalogue %s"), title);

  gtk_label_set_text (self->title, title);
  atk_object_set_name (gtk_widget_get_accessible (GTK_WIDGET (self->list)), title);
  atk_object_set_name (gtk_widget_get_accessible (self->remove_button), remove);
  gtk_widget_set_visible (self->remove_button, can_remove);

  return GTK_WIDGET (self);
}

const char *
cvm_image_group_get_title (CvmImageGroup *self)
{
  return gtk_label_get_text (self->title);
}

static void
set_spinning (CvmImageGroup *self,
              gboolean       is_spinning)
{
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), is_spinning);
  g_object_set (self->spinner, "active", is_spinning, NULL);
}

GCancellable *
cvm_image_group_set_loading (CvmImageGroup *self)
{
  gtk_widget_hide (self->problem_box);
  set_spinning (self, TRUE);

  return self->cancellable;
}

void
cvm_image_group_set_items (CvmImageGroup *self,
                           GPtrArray     *items)
{
  set_spinning (self, FALSE);
  gtk_widget_hide (self->problem_box);
  g_clear_pointer (&self->items, g_ptr_array_unref);
  self->items = g_ptr_array_ref (items);
}

GPtrArray *
cvm_image_group_get_items (CvmImageGroup *self)
{
  return self->items;
}

void
cvm_image_group_set_problem (CvmImageGroup *self,
                             const char    *problem)
{
  set_spinning (self, FALSE);
  gtk_label_set_text (self->problem, problem);
  gtk_widget_show (self->problem_box);
}

static gboolean
is_same (GPtrArray *a,
         GPtrArray *b)
{
  if (a == NULL || a->len != b->len)
    return FALSE;

  for (guint i = 0; i < a->len; i++)
    if (a->pdata[i] != b->pdata[i])
      return FALSE;

  return TRUE;
}

void
cvm_image_group_filter (CvmImageGroup      *self,
                        const CvmImageWish *wish,
                        gboolean            is_newest)
{
  g_autoptr(GPtrArray) shown = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(GPtrArray) newest = NULL;

  if (self->items == NULL)
    return;

  for (guint i = 0; i < self->items->len; i++)
    if (cvm_image_item_matches (self->items->pdata[i], wish))
      g_ptr_array_add (shown, g_object_ref (self->items->pdata[i]));
  newest = is_newest ? cvm_image_items_newest (shown) : g_ptr_array_ref (shown);

  /* The same rows stay: the focus is on one of them */
  if (!is_same (self->shown, newest))
    {
      gtk_container_foreach (GTK_CONTAINER (self->list), (GtkCallback)gtk_widget_destroy, NULL);
      g_clear_pointer (&self->shown, g_ptr_array_unref);
      self->shown = g_steal_pointer (&newest);
      self->n_made = 0;
      make_rows (self);
    }

  gtk_widget_set_visible (GTK_WIDGET (self->list), self->shown->len > 0);
  gtk_widget_set_visible (GTK_WIDGET (self),
                          self->shown->len > 0 || gtk_widget_get_visible (self->problem_box));
  show_count (self);
}
