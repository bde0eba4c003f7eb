/* cvm-run-menu.h: what can be done with a run of the list
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui. */
#pragma once

#include <gtk/gtk.h>

#include "cvm-run-item.h"

/**
 * cvm_run_menu_show:
 * @at: what it points at; above it are the groups of actions "runs" and "win"
 * @compare: what it can be compared with, once it has ended
 *
 * It goes when it is closed.
 */
void cvm_run_menu_show (GtkWidget           *at,
                        const CvmRunSummary *summary,
                        GMenuModel          *compare);
