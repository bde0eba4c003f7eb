/* cvm-page.c: a place of the window, or a page that is shown over the places
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-page.h"

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
