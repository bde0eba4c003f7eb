/* cvm-browser.h: a browser's part in a web interface: cookies, referer, redirects
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   check.
 * Threads: one thread at a time.
 * Trust:   the server is a guest. Every request goes to this guest's port, wherever a redirect
 *          points; cookies are bounded in number and length, and go nowhere else. */
#pragma once

#include "cvm-context.h"

typedef struct _CvmBrowser CvmBrowser;

CvmBrowser   *cvm_browser_new         (CvmContext    *context,
                                       guint16        port);
void          cvm_browser_free        (CvmBrowser    *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvmBrowser, cvm_browser_free)

CvmContext   *cvm_browser_get_context (CvmBrowser    *self);

/**
 * cvm_browser_get:
 *
 * The page at PATH, or where it redirects to (transfer full); NULL with the error in the context.
 * A status of any kind is a reply.
 */
CvmHttpReply *cvm_browser_get         (CvmBrowser    *self,
                                       const char    *path);

/**
 * cvm_browser_post:
 * @page: the page that has the form: the Referer
 * @form: of cvm_browser_form_add ()
 *
 * Sends a form, once; what it redirects to is the reply
 */
CvmHttpReply *cvm_browser_post        (CvmBrowser    *self,
                                       const char    *page,
                                       const char    *path,
                                       const GString *form);

/**
 * cvm_browser_act:
 *
 * Asks for PATH, which does something, once
 */
CvmHttpReply *cvm_browser_act         (CvmBrowser    *self,
                                       const char    *path);

/**
 * cvm_browser_cookie:
 *
 * Of those that would go to PATH, the one of that NAME with the longest path; or NULL
 */
const char   *cvm_browser_cookie      (CvmBrowser    *self,
                                       const char    *path,
                                       const char    *name);

/**
 * cvm_browser_form_add:
 *
 * Appends NAME=VALUE, urlencoded
 */
void          cvm_browser_form_add    (GString       *form,
                                       const char    *name,
                                       const char    *value);

/**
 * cvm_browser_form_free:
 *
 * Wipes it: a form may hold a password
 */
void          cvm_browser_form_free   (GString       *form);

typedef GString CvmBrowserForm;
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvmBrowserForm, cvm_browser_form_free)
