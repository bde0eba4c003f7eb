/* cvm-web-session.h: a browser's part in a web interface: cookies, referer, redirects
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   check.
 * Threads: one thread at a time.
 * Trust:   the server is a guest. Every request goes to this guest's port, wherever a redirect
 *          points; cookies are bounded in number and length, and go nowhere else. */
#pragma once

#include "cvm-context.h"

typedef struct _CvmWebSession CvmWebSession;

CvmWebSession *cvm_web_session_new    (CvmContext    *context,
                                       guint16        port);
void           cvm_web_session_free   (CvmWebSession *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvmWebSession, cvm_web_session_free)

CvmContext    *cvm_web_session_get_context (CvmWebSession *self);

/**
 * cvm_web_session_get:
 *
 * The page at PATH, or where it redirects to (transfer full); NULL with the error in the context.
 * A status of any kind is a reply.
 */
CvmHttpReply  *cvm_web_session_get    (CvmWebSession *self,
                                       const char    *path);

/**
 * cvm_web_session_post:
 * @page: the page that has the form: the Referer
 * @form: of cvm_web_form_add ()
 *
 * Sends a form, once; what it redirects to is the reply
 */
CvmHttpReply  *cvm_web_session_post   (CvmWebSession *self,
                                       const char    *page,
                                       const char    *path,
                                       const GString *form);

/**
 * cvm_web_session_cookie:
 *
 * Of those that would go to PATH, the one of that NAME with the longest path; or NULL
 */
const char    *cvm_web_session_cookie (CvmWebSession *self,
                                       const char    *path,
                                       const char    *name);

/**
 * cvm_web_form_add:
 *
 * Appends NAME=VALUE, urlencoded
 */
void           cvm_web_form_add       (GString       *form,
                                       const char    *name,
                                       const char    *value);

/**
 * cvm_web_form_free:
 *
 * Wipes it: a form may hold a password
 */
void           cvm_web_form_free      (GString       *form);

typedef GString CvmWebForm;
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvmWebForm, cvm_web_form_free)
