/* cvm-pages.c: the main page, the pages that are shown over it, and the way back
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-pages.h"

#define MAIN "main"
#define SEEN "cvm-seen"

struct _CvmPages
{
  GtkStack   parent_instance;

  GPtrArray *trail;   /* of GtkWidget: the pages over the main one; the last is seen */
};

G_DEFINE_FINAL_TYPE (CvmPages, cvm_pages, GTK_TYPE_STACK)

static GtkWidget *
get_seen (CvmPages *self)
{
  return gtk_stack_get_visible_child (GTK_STACK (self));
}

static GtkWidget *
get_main (CvmPages *self)
{
  return gtk_stack_get_child_by_name (GTK_STACK (self), MAIN);
}

/* A page that is busy stays while another is looked at */
static void
drop_if_left (GtkWidget *page,
              gpointer   data)
{
  CvmPages *self = data;

  if (page == get_main (self) || page == get_seen (self)
      || g_ptr_array_find (self->trail, page, NULL) || cvm_page_is_busy (CVM_PAGE (page)))
    return;

  gtk_widget_destroy (page);
}

static void
drop_what_is_left (CvmPages *self)
{
  if (!gtk_stack_get_transition_running (GTK_STACK (self)))
    gtk_container_foreach (GTK_CONTAINER (self), drop_if_left, self);
}

static gboolean
on_idle (gpointer data)
{
  drop_what_is_left (data);

  return G_SOURCE_REMOVE;
}

/* Without animations there is no transition whose end would tell */
static void
on_seen (CvmPages *self)
{
  if (!gtk_widget_in_destruction (GTK_WIDGET (self)))
    g_idle_add_full (G_PRIORITY_LOW, on_idle, g_object_ref (self), g_object_unref);
}

static void
cvm_pages_finalize (GObject *object)
{
  g_ptr_array_unref (CVM_PAGES (object)->trail);

  G_OBJECT_CLASS (cvm_pages_parent_class)->finalize (object);
}

static void
cvm_pages_class_init (CvmPagesClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = cvm_pages_finalize;
}

static void
cvm_pages_init (CvmPages *self)
{
  self->trail = g_ptr_array_new ();
  g_signal_connect (self, "notify::visible-child", G_CALLBACK (on_seen), NULL);
  g_signal_connect (self, "notify::transition-running", G_CALLBACK (drop_what_is_left), NULL);
}

static GtkWidget *
get_last (CvmPages *self)
{
  return self->trail->len > 0 ? self->trail->pdata[self->trail->len - 1]
                              : get_main (self);
}

/* The stack gives the focus back to what had it in the page, if that is still there. In a new page
   it would give it to the way back: there it begins in what the page shows, which may know better */
static void
show_last (CvmPages *self)
{
  GtkWidget *window = gtk_widget_get_toplevel (GTK_WIDGET (self));
  GtkWidget *page = get_last (self);
  gboolean is_new = self->trail->len > 0
                    && g_object_get_data (G_OBJECT (page), SEEN) == NULL;

  g_object_set_data (G_OBJECT (page), SEEN, (gpointer)SEEN);
  gtk_stack_set_visible_child (GTK_STACK (self), page);
  if (is_new && GTK_IS_WINDOW (window))
    gtk_window_set_focus (GTK_WINDOW (window), NULL);
  cvm_page_show (CVM_PAGE (page));
  if (GTK_IS_WINDOW (window) && gtk_window_get_focus (GTK_WINDOW (window)) == NULL)
    cvm_page_focus (CVM_PAGE (page));
}

/* What was opened from PAGE is left with it */
static void
leave_from (CvmPages  *self,
            GtkWidget *page)
{
  guint index;

  if (g_ptr_array_find (self->trail, page, &index))
    g_ptr_array_set_size (self->trail, (int)index);
}

void
cvm_pages_add (CvmPages   *self,
               GtkWidget  *page,
               const char *name)
{
  gtk_widget_show (page);
  gtk_stack_add_named (GTK_STACK (self), page, name);
}

void
cvm_pages_push (CvmPages   *self,
                GtkWidget  *page,
                const char *name)
{
  GtkWidget *known = gtk_stack_get_child_by_name (GTK_STACK (self), name);

  if (known == NULL)
    {
      cvm_pages_add (self, page, name);
    }
  else if (known != page)
    {
      gtk_widget_destroy (g_object_ref_sink (page));
      g_object_unref (page);
      page = known;
    }

  leave_from (self, page);
  g_ptr_array_add (self->trail, page);
  show_last (self);
}

void
cvm_pages_pop (CvmPages *self)
{
  if (self->trail->len == 0 || !cvm_page_leave (CVM_PAGE (get_seen (self))))
    return;

  g_ptr_array_set_size (self->trail, (int)self->trail->len - 1);
  show_last (self);
}

void
cvm_pages_go_home (CvmPages *self)
{
  g_ptr_array_set_size (self->trail, 0);
  show_last (self);
}

void
cvm_pages_cut (CvmPages  *self,
               gboolean (*is_left) (GtkWidget *page))
{
  for (guint i = 0; i < self->trail->len; i++)
    {
      if (is_left (self->trail->pdata[i]))
        {
          g_ptr_array_set_size (self->trail, (int)i);
          return;
        }
    }
}
