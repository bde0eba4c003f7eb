/* cvm-toast.c: says what was just done, and offers to take it back
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-toast.h"

#include "cvm-announce.h"

#define SHOWN_S 8

struct _CvmToast
{
  GtkRevealer  parent_instance;

  GtkLabel    *text;

  CvmUndoFunc  undo;
  CvmUndoFunc  commit;   /* NULL: nothing is offered */
  gpointer     data;
  guint        timer;
};

G_DEFINE_FINAL_TYPE (CvmToast, cvm_toast, GTK_TYPE_REVEALER)

static void
settle (CvmToast *self,
        gboolean  is_undone)
{
  CvmUndoFunc settled = is_undone ? self->undo : self->commit;

  g_clear_handle_id (&self->timer, g_source_remove);
  if (settled == NULL)
    return;

  self->undo = self->commit = NULL;
  gtk_revealer_set_reveal_child (GTK_REVEALER (self), FALSE);
  settled (self->data);
}

static void
on_undo_clicked (CvmToast *self)
{
  settle (self, TRUE);
}

static void
on_close_clicked (CvmToast *self)
{
  settle (self, FALSE);
}

static gboolean
on_time_over (gpointer data)
{
  CvmToast *self = data;

  self->timer = 0;
  settle (self, FALSE);

  return G_SOURCE_REMOVE;
}

static void
cvm_toast_dispose (GObject *object)
{
  settle (CVM_TOAST (object), FALSE);

  G_OBJECT_CLASS (cvm_toast_parent_class)->dispose (object);
}

static void
cvm_toast_class_init (CvmToastClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cvm_toast_dispose;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/cvmtester/CvmTester/ui/cvm-toast.ui");
  gtk_widget_class_bind_template_child (widget_class, CvmToast, text);
  gtk_widget_class_bind_template_callback (widget_class, on_undo_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_close_clicked);
}

static void
cvm_toast_init (CvmToast *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static void
tell (CvmToast   *self,
      const char *text)
{
  gtk_label_set_text (self->text, text);
  atk_object_set_name (gtk_widget_get_accessible (GTK_WIDGET (self->text)), text);
  cvm_announce (GTK_WIDGET (self), text);
}

void
cvm_toast_offer (CvmToast    *self,
                 const char  *text,
                 CvmUndoFunc  undo,
                 CvmUndoFunc  commit,
                 gpointer     data)
{
  cvm_toast_commit (self);

  self->undo = undo;
  self->commit = commit;
  self->data = data;
  tell (self, text);
  gtk_revealer_set_reveal_child (GTK_REVEALER (self), TRUE);
  self->timer = g_timeout_add_seconds (SHOWN_S, on_time_over, self);
}

void
cvm_toast_commit (CvmToast *self)
{
  settle (self, FALSE);
}
