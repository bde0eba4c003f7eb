/* cvm-opener.h: opens a file with the page that is made for it
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui.
 * Threads: the main one's; files are read off it. */
#pragma once

#include <gtk/gtk.h>

#include "cvm-backend.h"

/**
 * cvm_opener_open:
 * @from: a widget in the window
 *
 * TAP and archives of it are shown as a run, disks are about to be imported, a suite is edited
 * where it is, a configuration becomes a suite of the user's own and the choice of a new run, the
 * folder of a run is shown.
 * What cannot be opened is told, and what can.
 */
void cvm_opener_open         (GtkWidget        *from,
                              GFile            *file,
                              const CvmBackend *backend);

/**
 * cvm_opener_choose:
 *
 * Lets the user choose the file
 */
void cvm_opener_choose       (GtkWidget        *from,
                              const CvmBackend *backend);

/**
 * cvm_opener_accept_drops:
 *
 * Files that are dropped on the window are opened
 */
void cvm_opener_accept_drops (GtkWidget        *window,
                              const CvmBackend *backend);
