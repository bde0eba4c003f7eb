/* cvm-picture.c: a picture from a file, as large as its place allows
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-picture.h"

#include <glib/gi18n.h>

#define PIXELS_MAX (16 * 1024 * 1024)

struct _CvmPicture
{
  GtkDrawingArea  parent_instance;

  GdkPixbuf      *pixbuf;        /* or NULL */
  char           *path;          /* wanted, or NULL */
  GCancellable   *cancellable;   /* of the one that is read */
};

G_DEFINE_FINAL_TYPE (CvmPicture, cvm_picture, GTK_TYPE_DRAWING_AREA)

static void
cvm_picture_get_preferred_width (GtkWidget *widget,
                                 int       *minimum,
                                 int       *natural)
{
  CvmPicture *self = CVM_PICTURE (widget);

  *minimum = 1;
  *natural = self->pixbuf != NULL ? gdk_pixbuf_get_width (self->pixbuf) : 640;
}

static gboolean
cvm_picture_draw (GtkWidget *widget,
                  cairo_t   *cr)
{
  CvmPicture *self = CVM_PICTURE (widget);
  double width = gtk_widget_get_allocated_width (widget);
  double height = gtk_widget_get_allocated_height (widget);
  double scale;

  if (self->pixbuf == NULL)
    return GDK_EVENT_PROPAGATE;

  scale = MIN (width / gdk_pixbuf_get_width (self->pixbuf),
               height / gdk_pixbuf_get_height (self->pixbuf));
  cairo_translate (cr, (width - scale * gdk_pixbuf_get_width (self->pixbuf)) / 2,
                   (height - scale * gdk_pixbuf_get_height (self->pixbuf)) / 2);
  cairo_scale (cr, scale, scale);
  gdk_cairo_set_source_pixbuf (cr, self->pixbuf, 0, 0);
  cairo_paint (cr);

  return GDK_EVENT_PROPAGATE;
}

static void
stop_reading (CvmPicture *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

static void
cvm_picture_dispose (GObject *object)
{
  CvmPicture *self = CVM_PICTURE (object);

  stop_reading (self);
  g_clear_object (&self->pixbuf);
  g_clear_pointer (&self->path, g_free);

  G_OBJECT_CLASS (cvm_picture_parent_class)->dispose (object);
}

static void
cvm_picture_class_init (CvmPictureClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cvm_picture_dispose;
  widget_class->draw = cvm_picture_draw;
  widget_class->get_preferred_width = cvm_picture_get_preferred_width;
  gtk_widget_class_set_accessible_role (widget_class, ATK_ROLE_IMAGE);
}

static void
cvm_picture_init (CvmPicture *self)
{
}

GdkPixbuf *
cvm_picture_read (const char  *path,
                  int          width,
                  int          height,
                  GError     **error)
{
  int file_width = 0, file_height = 0;

  if (gdk_pixbuf_get_file_info (path, &file_width, &file_height) == NULL || file_width <= 0
      || file_height <= 0)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, _("%s is no picture"), path);
      return NULL;
    }

  if ((gint64)file_width * file_height > PIXELS_MAX)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, _("%s is too large to be shown"),
                   path);
      return NULL;
    }

  if (width <= 0 || (file_width <= width && file_height <= height))
    return gdk_pixbuf_new_from_file (path, error);

  return gdk_pixbuf_new_from_file_at_scale (path, width, height, TRUE, error);
}

static void
read_in_thread (GTask        *task,
                gpointer      source,
                gpointer      data,
                GCancellable *cancellable)
{
  GError *error = NULL;
  GdkPixbuf *pixbuf = cvm_picture_read (data, -1, -1, &error);

  if (pixbuf != NULL)
    g_task_return_pointer (task, pixbuf, g_object_unref);
  else
    g_task_return_error (task, error);
}

static void
on_read (GObject      *source,
         GAsyncResult *result,
         gpointer      data)
{
  g_autoptr(CvmPicture) self = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GdkPixbuf) pixbuf = g_task_propagate_pointer (G_TASK (result), &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  if (pixbuf == NULL)
    g_debug ("no picture: %s", error->message);
  g_set_object (&self->pixbuf, pixbuf);
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

void
cvm_picture_set_path (CvmPicture *self,
                      const char *path)
{
  g_autoptr(GTask) task = NULL;

  if (g_strcmp0 (path, self->path) == 0)
    return;

  stop_reading (self);
  g_free (self->path);
  self->path = g_strdup (path);
  if (path == NULL)
    {
      g_clear_object (&self->pixbuf);
      gtk_widget_queue_resize (GTK_WIDGET (self));
      return;
    }

  self->cancellable = g_cancellable_new ();
  task = g_task_new (NULL, self->cancellable, on_read, g_object_ref (self));
  g_task_set_source_tag (task, cvm_picture_set_path);
  g_task_set_task_data (task, g_strdup (path), g_free);
  g_task_run_in_thread (task, read_in_thread);
}
