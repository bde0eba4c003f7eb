/* cvm-opener.h: opens a file with the page that is made for it
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui.
 * Threads: the main one's; files are read off it. */
#pragma once

#include <gtk/gtk.h>

/**
 * cvm_opener_open:
 * @from: a widget in the window
 *
 * TAP and archives of it become a result, disks are imported, a suite or a configuration is
 * taken to the suites, the folder of a run is shown. What cannot be opened the banner says, and
 * what can.
 */
void cvm_opener_open         (GtkWidget  *from,
                              GFile      *file);

/**
 * cvm_opener_choose:
 *
 * Lets the user choose the file
 */
void cvm_opener_choose       (GtkWidget  *from);

/**
 * cvm_opener_accept_drops:
 *
 * Files that are dropped on the window are opened
 */
void cvm_opener_accept_drops (GtkWidget  *window);
