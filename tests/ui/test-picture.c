/* test-picture.c: a picture that is read, and one that is left while it is
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Needs a display. */
#include "cvm-picture.h"

#include <glib/gstdio.h>

#include "cvm-wait.h"

#define LIMIT_MS 20000
#define ROUNDS   500

static char *
make_file (const char *folder)
{
  g_autoptr(GdkPixbuf) pixbuf = gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, 64, 48);
  char *path = g_build_filename (folder, "one.png", NULL);

  gdk_pixbuf_fill (pixbuf, 0x336699ff);
  g_assert_true (gdk_pixbuf_save (pixbuf, path, "png", NULL, NULL));

  return path;
}

static void
test_read (gconstpointer path)
{
  CvmPicture *picture = g_object_ref_sink (g_object_new (CVM_TYPE_PICTURE, NULL));
  gint64 deadline_us = cvm_deadline_in_ms (LIMIT_MS);
  int width = 0;

  gtk_widget_show (GTK_WIDGET (picture));
  cvm_picture_set_path (picture, path);
  while (width != 64 && cvm_deadline_check (deadline_us, NULL, NULL))
    {
      g_main_context_iteration (NULL, FALSE);
      gtk_widget_get_preferred_width (GTK_WIDGET (picture), NULL, &width);
    }
  g_assert_cmpint (width, ==, 64);

  gtk_widget_destroy (GTK_WIDGET (picture));
  g_assert_finalize_object (picture);
}

static GThread *main_thread;
static int n_here, n_elsewhere;   /* pictures that went, and in which thread; atomic */

static void
on_gone (gpointer data)
{
  g_atomic_int_inc (g_thread_self () == main_thread ? &n_here : &n_elsewhere);
  g_main_context_wakeup (NULL);
}

/* A task keeps what it is of until its thread has let go of it, which may be last of all: no widget
 * may be freed there */
static void
test_left (gconstpointer path)
{
  main_thread = g_thread_self ();
  for (int i = 0; i < ROUNDS; i++)
    {
      CvmPicture *picture = g_object_ref_sink (g_object_new (CVM_TYPE_PICTURE, NULL));

      g_object_set_data_full (G_OBJECT (picture), "probe", picture, on_gone);
      cvm_picture_set_path (picture, path);
      gtk_widget_destroy (GTK_WIDGET (picture));
      g_object_unref (picture);
      while (g_atomic_int_get (&n_here) + g_atomic_int_get (&n_elsewhere) <= i)
        g_main_context_iteration (NULL, TRUE);
    }

  g_assert_cmpint (g_atomic_int_get (&n_elsewhere), ==, 0);
  g_assert_cmpint (g_atomic_int_get (&n_here), ==, ROUNDS);
}

int
main (int    argc,
      char **argv)
{
  g_autofree char *folder = g_dir_make_tmp ("cvm-picture-XXXXXX", NULL);
  g_autofree char *path = make_file (folder);
  int status;

  gtk_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/picture/read", path, test_read);
  g_test_add_data_func ("/picture/left", path, test_left);
  status = g_test_run ();

  g_remove (path);
  g_rmdir (folder);

  return status;
}
