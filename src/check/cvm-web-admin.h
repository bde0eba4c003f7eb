/* cvm-web-admin.h: the acts of an appliance's web interface (rPath appliance agent)
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   check.
 * Threads: one thread at a time.
 * Trust:   the guest answers anything: a reply is one only if it says what it must.
 *
 * Each act returns FALSE with the error in the browser's context. Passwords are borrowed. */
#pragma once

#include "cvm-browser.h"

/**
 * cvm_web_admin_check_page:
 *
 * Whether REPLY is a page whose title begins with TITLE, with MARK somewhere in it (or NULL)
 */
gboolean cvm_web_admin_check_page        (CvmContext         *context,
                                          const CvmHttpReply *reply,
                                          const char         *title,
                                          const char         *mark);

gboolean cvm_web_admin_log_in            (CvmBrowser *browser,
                                          const char    *user,
                                          const char    *password);

/**
 * cvm_web_admin_set_proxy:
 * @proxy: "HOST:PORT", or "" for none
 */
gboolean cvm_web_admin_set_proxy         (CvmBrowser *browser,
                                          const char    *proxy);

gboolean cvm_web_admin_set_password      (CvmBrowser *browser,
                                          const char    *password);

gboolean cvm_web_admin_set_root_password (CvmBrowser *browser,
                                          const char *current,
                                          const char *password);

gboolean cvm_web_admin_set_desktop       (CvmBrowser *browser,
                                          const char    *resolution,
                                          const char    *keyboard,
                                          gboolean       starts_x);

#define CVM_WEB_EXPERIMENTS "ALICE;ATLAS;CMS;LHCB;LCD;NA61;HONE;HEPSOFT;BOSS;GEANT4"

/**
 * cvm_web_admin_set_experiment:
 * @experiment: one of CVM_WEB_EXPERIMENTS; its repositories are known
 */
gboolean cvm_web_admin_set_experiment    (CvmBrowser *browser,
                                          const char    *experiment);

/**
 * cvm_web_admin_set_user:
 * @password: "": as it is
 *
 * Makes the user, or changes the one there is
 */
gboolean cvm_web_admin_set_user          (CvmBrowser *browser,
                                          const char    *user,
                                          const char    *group,
                                          const char    *password);

/**
 * cvm_web_admin_apply:
 *
 * Asks for what was set to be applied; the guest updates and restarts then
 */
gboolean cvm_web_admin_apply             (CvmBrowser *browser);

gboolean cvm_web_admin_restart           (CvmBrowser *browser);
