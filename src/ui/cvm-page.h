/* cvm-page.h: a place of the window, or a page that is shown over the places
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui. */
#pragma once

#include <gtk/gtk.h>

#define CVM_TYPE_PAGE (cvm_page_get_type ())
G_DECLARE_INTERFACE (CvmPage, cvm_page, CVM, PAGE, GtkWidget)

struct _CvmPageInterface
{
  GTypeInterface parent_iface;

  /* All are optional */
  void        (*show)     (CvmPage *self);   /* it came to the front */
  void        (*search)   (CvmPage *self, const char *text);
  void        (*find)     (CvmPage *self);
  gboolean    (*leave)    (CvmPage *self);
  gboolean    (*is_busy)  (CvmPage *self);
  gboolean    (*tell)     (CvmPage *self, const char *message);
  const char *(*get_help) (CvmPage *self);
  void        (*save)     (CvmPage *self, GKeyFile *state);
  void        (*restore)  (CvmPage *self, GKeyFile *state);
};

/**
 * cvm_page_show:
 *
 * It came to the front: it looks again at what it shows, off the main thread
 */
void        cvm_page_show       (CvmPage    *self);

/**
 * cvm_page_can_search:
 *
 * It is searched by what is typed into the main page's search bar
 */
gboolean    cvm_page_can_search (CvmPage    *self);

/**
 * cvm_page_search:
 *
 * Shows only what has TEXT in it; "" is all
 */
void        cvm_page_search     (CvmPage    *self,
                                 const char *text);

/**
 * cvm_page_find:
 *
 * Opens its own search bar, of a page over the places
 */
void        cvm_page_find       (CvmPage    *self);

/**
 * cvm_page_focus:
 *
 * Gives the focus to the first of what it shows, unless something there has it: for a page that
 * came to the front, and for one that came before there was anything to show
 */
void        cvm_page_focus      (CvmPage    *self);

/**
 * cvm_page_open_menu:
 *
 * Opens the menu of its header bar, if there is one
 */
void        cvm_page_open_menu  (CvmPage    *self);

/**
 * cvm_page_leave:
 *
 * FALSE: it wants to stay, and says why itself
 */
gboolean    cvm_page_leave      (CvmPage    *self);

/**
 * cvm_page_is_busy:
 *
 * It lives on while another page is looked at
 */
gboolean    cvm_page_is_busy    (CvmPage    *self);

/**
 * cvm_page_tell:
 *
 * Shows MESSAGE in a banner of its own, NULL takes it away; FALSE: it has none
 */
gboolean    cvm_page_tell       (CvmPage    *self,
                                 const char *message);

/**
 * cvm_page_get_help:
 *
 * The id of its page of the help, or NULL
 */
const char *cvm_page_get_help   (CvmPage    *self);

/**
 * cvm_page_save:
 *
 * Puts what should be the same after a restart (filters) into a group of its own
 */
void        cvm_page_save       (CvmPage    *self,
                                 GKeyFile   *state);

/**
 * cvm_page_restore:
 *
 * Before it is shown for the first time; STATE may lack it all, or hold nonsense
 */
void        cvm_page_restore    (CvmPage    *self,
                                 GKeyFile   *state);
