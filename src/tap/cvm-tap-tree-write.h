/* cvm-tap-tree-write.h: any tree as a stream of TAP 13 or 14
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   tap.  Needs GLib, and nothing above it.
 * Threads: no state of its own; the tree must have been ended.
 * Trust:   the tree may be of any bytes. What is written is read back, or not written. */
#pragma once

#include "cvm-tap-tree.h"

G_BEGIN_DECLS

void cvm_tap_tree_write (const CvmTapTree *tree,
                         guint             version,
                         GString          *out);

G_END_DECLS
