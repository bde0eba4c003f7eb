/* cvm-page.c: a place of the window, or a page that is shown over the places
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-page.h"

#include <handy.h>

#include "cvm-stage.h"

G_DEFINE_INTERFACE (CvmPage, cvm_page, GTK_TYPE_WIDGET)

static void
cvm_page_default_init (CvmPageInterface *iface)
{
}

void
cvm_page_show (CvmPage *self)
{
  CvmPageInterface *iface = CVM_PAGE_GET_IFACE (self);

  if (iface->show != NULL)
    iface->show (self);
}

gboolean
cvm_page_can_search (CvmPage *self)
{
  return CVM_PAGE_GET_IFACE (self)->search != NULL;
}

void
cvm_page_search (CvmPage    *self,
                 const char *text)
{
  CvmPageInterface *iface = CVM_PAGE_GET_IFACE (self);

  if (iface->search != NULL)
    iface->search (self, text);
}

void
cvm_page_find (CvmPage *self)
{
  CvmPageInterface *iface = CVM_PAGE_GET_IFACE (self);

  if (iface->find != NULL)
    iface->find (self);
}

/* Only the way back, or nothing at all, had been there to have it */
static gboolean
is_focus_free (CvmPage *self)
{
  GtkWidget *focus = cvm_stage_get_focus (GTK_WIDGET (self));

  return focus == NULL || (gtk_widget_is_ancestor (focus, GTK_WIDGET (self))
                           && gtk_widget_get_ancestor (focus, HDY_TYPE_HEADER_BAR) != NULL);
}

void
cvm_page_focus (CvmPage *self)
{
  gboolean is_done = !gtk_widget_get_child_visible (GTK_WIDGET (self)) || !is_focus_free (self);

  for (g_autoptr(GList) at = gtk_container_get_children (GTK_CONTAINER (self));
       at != NULL && !is_done; at = g_list_delete_link (at, at))
    is_done = !HDY_IS_HEADER_BAR (at->data)
              && gtk_widget_child_focus (at->data, GTK_DIR_TAB_FORWARD);

  if (!is_done)
    gtk_widget_child_focus (GTK_WIDGET (self), GTK_DIR_TAB_FORWARD);
}

static GtkWidget *
find_widget (GtkWidget *from,
             GType      type)
{
  GtkWidget *found = NULL;

  if (G_TYPE_CHECK_INSTANCE_TYPE (from, type))
    return from;
  if (!GTK_IS_CONTAINER (from))
    return NULL;

  for (g_autoptr(GList) at = gtk_container_get_children (GTK_CONTAINER (from));
       at != NULL && found == NULL; at = g_list_delete_link (at, at))
    if (gtk_widget_get_visible (at->data))
      found = find_widget (at->data, type);

  return found;
}

void
cvm_page_open_menu (CvmPage *self)
{
  GtkWidget *header = find_widget (GTK_WIDGET (self), HDY_TYPE_HEADER_BAR);
  GtkWidget *button = header != NULL ? find_widget (header, GTK_TYPE_MENU_BUTTON) : NULL;

  if (button != NULL)
    gtk_button_clicked (GTK_BUTTON (button));
}

gboolean
cvm_page_leave (CvmPage *self)
{
  CvmPageInterface *iface = CVM_PAGE_GET_IFACE (self);

  return iface->leave == NULL || iface->leave (self);
}

gboolean
cvm_page_is_busy (CvmPage *self)
{
  CvmPageInterface *iface = CVM_PAGE_GET_IFACE (self);

  return iface->is_busy != NULL && iface->is_busy (self);
}

gboolean
cvm_page_tell (CvmPage    *self,
               const char *message)
{
  CvmPageInterface *iface = CVM_PAGE_GET_IFACE (self);

  return iface->tell != NULL && iface->tell (self, message);
}

const char *
cvm_page_get_help (CvmPage *self)
{
  CvmPageInterface *iface = CVM_PAGE_GET_IFACE (self);

  return iface->get_help != NULL ? iface->get_help (self) : NULL;
}

void
cvm_page_save (CvmPage  *self,
               GKeyFile *state)
{
  CvmPageInterface *iface = CVM_PAGE_GET_IFACE (self);

  if (iface->save != NULL)
    iface->save (self, state);
}

void
cvm_page_restore (CvmPage  *self,
                  GKeyFile *state)
{
  CvmPageInterface *iface = CVM_PAGE_GET_IFACE (self);

  if (iface->restore != NULL)
    iface->restore (self, state);
}
