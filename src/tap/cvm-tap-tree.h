/* cvm-tap-tree.h: a stream of TAP kept whole, to walk in
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   tap.  Needs GLib, and nothing above it.
 * Threads: a tree belongs to one thread at a time; once ended, any may read it.
 * Trust:   the bytes come from a guest. Memory is bounded by the caller's limit.
 *
 * The nodes lie in one array in the order of the stream. A node is its index there; a subtest is
 * a node whose children follow it. */
#pragma once

#include "cvm-tap-verdict.h"

G_BEGIN_DECLS

#define CVM_TAP_NODE_NONE G_MAXUINT

typedef guint CvmTapNode;

typedef struct _CvmTapTree CvmTapTree;

CvmTapTree          *cvm_tap_tree_new         (gsize             max_bytes);
void                 cvm_tap_tree_feed        (CvmTapTree       *self,
                                               const char       *bytes,
                                               gsize             len);
void                 cvm_tap_tree_end         (CvmTapTree       *self);
void                 cvm_tap_tree_free        (CvmTapTree       *self);

const char          *cvm_tap_tree_get_bytes   (const CvmTapTree *self,
                                               gsize            *len);
gboolean             cvm_tap_tree_is_whole    (const CvmTapTree *self);
const CvmTapNumbers *cvm_tap_tree_get_numbers (const CvmTapTree *self);

CvmTapNode           cvm_tap_tree_first       (const CvmTapTree *self);
CvmTapNode           cvm_tap_tree_next        (const CvmTapTree *self,
                                               CvmTapNode        node);
CvmTapNode           cvm_tap_tree_children    (const CvmTapTree *self,
                                               CvmTapNode        node);
CvmTapNode           cvm_tap_tree_diagnostics (const CvmTapTree *self,
                                               CvmTapNode        node);

CvmTapEventKind      cvm_tap_node_kind        (const CvmTapTree *self,
                                               CvmTapNode        node);
guint                cvm_tap_node_depth       (const CvmTapTree *self,
                                               CvmTapNode        node);
gboolean             cvm_tap_node_ok          (const CvmTapTree *self,
                                               CvmTapNode        node);
gboolean             cvm_tap_node_good        (const CvmTapTree *self,
                                               CvmTapNode        node);
gboolean             cvm_tap_node_buffered    (const CvmTapTree *self,
                                               CvmTapNode        node);
CvmTapDialect        cvm_tap_node_dialect     (const CvmTapTree *self,
                                               CvmTapNode        node);
guint64              cvm_tap_node_number      (const CvmTapTree *self,
                                               CvmTapNode        node);
guint64              cvm_tap_node_line_number (const CvmTapTree *self,
                                               CvmTapNode        node);
const char          *cvm_tap_node_text        (const CvmTapTree *self,
                                               CvmTapNode        node,
                                               gsize            *len);
CvmTapLine           cvm_tap_node_line        (const CvmTapTree *self,
                                               CvmTapNode        node);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvmTapTree, cvm_tap_tree_free)

G_END_DECLS
