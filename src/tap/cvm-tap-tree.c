/* cvm-tap-tree.c: a stream of TAP kept whole, to walk in
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-tap-tree.h"

/* Everything a line says is read again from the kept bytes when somebody asks. */
typedef struct
{
  guint64  number;
  guint32  offset;
  guint32  length;
  guint32  line_number;
  guint32  next;      /* 0: no later sibling */
  guint32  subtest;   /* of a point: the node of its subtest + 1; 0 without one */
  guint8   kind;
  guint8   depth;
  guint8   dialect;
  guint8   ok : 1;
  guint8   good : 1;
  guint8   todo : 1;
  guint8   buffered : 1;
} Node;

struct _CvmTapTree
{
  CvmTapReader  *reader;
  CvmTapVerdict *verdict;
  const CvmTapNumbers *numbers;
  GByteArray    *bytes;
  gsize          max_bytes;
  gboolean       cut;
  GArray        *nodes;
  guint          last[CVM_TAP_DEPTH_MAX + 2];       /* node + 1 that waits for its next sibling */
  guint          last_point[CVM_TAP_DEPTH_MAX + 2]; /* node + 1 */
  guint          subtest[CVM_TAP_DEPTH_MAX + 2];    /* node + 1 that waits for its point */
};

static Node *
node_at (const CvmTapTree *self,
         guint             index)
{
  return &g_array_index (self->nodes, Node, index);
}

static void
link_subtest (CvmTapTree *self,
              guint       index)
{
  Node *node = node_at (self, index);

  if (node->kind == CVM_TAP_EVENT_POINT)
    {
      self->last_point[node->depth] = index + 1;
      node->subtest = self->subtest[node->depth];
      self->subtest[node->depth] = 0;
    }
  else if (node->kind == CVM_TAP_EVENT_SUBTEST_BEGIN)
    {
      if (!node->buffered)
        self->subtest[node->depth] = index + 1;
      else if (self->last_point[node->depth] > 0)
        node_at (self, self->last_point[node->depth] - 1)->subtest = index + 1;
    }
}

/* A subtest's node stands among its parent's children, so its depth is the parent's. */
static void
add_node (CvmTapTree        *self,
          const CvmTapEvent *event)
{
  gboolean subtest = event->kind == CVM_TAP_EVENT_SUBTEST_BEGIN;
  guint depth = subtest ? event->depth - 1 : event->depth;
  guint index = self->nodes->len;
  Node node = {
    .number = event->number,
    .offset = event->offset,
    .length = event->length,
    .line_number = MIN (event->line_number, G_MAXUINT32),
    .kind = event->kind,
    .depth = depth,
    .dialect = event->dialect,
    .ok = event->line.ok,
    .buffered = event->buffered,
  };

  if (event->kind == CVM_TAP_EVENT_POINT)
    {
      node.todo = cvm_tap_verdict_last_todo (self->verdict);
      node.good = cvm_tap_verdict_last_good (self->verdict);
    }

  g_array_append_val (self->nodes, node);
  if (self->last[depth] > 0)
    node_at (self, self->last[depth] - 1)->next = index;
  self->last[depth] = index + 1;
  self->last[depth + 1] = 0;
  if (subtest)
    {
      self->last_point[depth + 1] = 0;
      self->subtest[depth + 1] = 0;
    }

  link_subtest (self, index);
}

static void
on_event (const CvmTapEvent *event,
          gpointer           user_data)
{
  CvmTapTree *self = user_data;

  cvm_tap_verdict_take (event, self->verdict);
  if (event->offset + event->length > self->bytes->len)
    self->cut = TRUE;
  if (!self->cut && event->kind != CVM_TAP_EVENT_SUBTEST_END)
    add_node (self, event);
}

/**
 * cvm_tap_tree_new:
 * @max_bytes: how much of the stream to keep, at most 2 GiB; the numbers always count all of it
 */
CvmTapTree *
cvm_tap_tree_new (gsize max_bytes)
{
  CvmTapTree *self = g_new0 (CvmTapTree, 1);

  self->reader = cvm_tap_reader_new (on_event, self);
  self->verdict = cvm_tap_verdict_new ();
  self->bytes = g_byte_array_new ();
  self->nodes = g_array_new (FALSE, FALSE, sizeof (Node));
  self->max_bytes = MIN (max_bytes, G_MAXINT32);

  return self;
}

/**
 * cvm_tap_tree_feed:
 * @self: a tree that was not ended
 * @bytes: the next bytes of the stream, cut anywhere
 * @len: how many
 *
 * Nodes appear as their lines end; those that are there do not change but for their siblings.
 */
void
cvm_tap_tree_feed (CvmTapTree *self,
                   const char *bytes,
                   gsize       len)
{
  gsize room = self->max_bytes - self->bytes->len;

  g_byte_array_append (self->bytes, (const guint8 *)bytes, MIN (len, room));
  cvm_tap_reader_feed (self->reader, bytes, len);
}

/**
 * cvm_tap_tree_end:
 * @self: a tree; to be called once, and before its numbers are asked for
 */
void
cvm_tap_tree_end (CvmTapTree *self)
{
  cvm_tap_reader_end (self->reader);
  self->numbers = cvm_tap_verdict_end (self->verdict);
}

void
cvm_tap_tree_free (CvmTapTree *self)
{
  cvm_tap_reader_free (self->reader);
  cvm_tap_verdict_free (self->verdict);
  g_byte_array_unref (self->bytes);
  g_array_unref (self->nodes);
  g_free (self);
}

/**
 * cvm_tap_tree_get_bytes:
 * @self: a tree
 * @len: (out): how many
 *
 * Returns: (transfer none): the kept bytes of the stream, as they came; not terminated, and moved
 *   by the next feed
 */
const char *
cvm_tap_tree_get_bytes (const CvmTapTree *self,
                        gsize            *len)
{
  *len = self->bytes->len;

  return (const char *)self->bytes->data;
}

/**
 * cvm_tap_tree_is_whole:
 * @self: a tree
 *
 * Returns: FALSE when the stream was larger than what was to be kept; the nodes are then those of
 *   its beginning
 */
gboolean
cvm_tap_tree_is_whole (const CvmTapTree *self)
{
  return !self->cut;
}

/**
 * cvm_tap_tree_get_numbers:
 * @self: a tree
 *
 * Returns: (transfer none) (nullable): what the stream amounts to; NULL before the end
 */
const CvmTapNumbers *
cvm_tap_tree_get_numbers (const CvmTapTree *self)
{
  return self->numbers;
}

/**
 * cvm_tap_tree_first:
 * @self: a tree
 *
 * Returns: the first node of the outermost level, or %CVM_TAP_NODE_NONE
 */
CvmTapNode
cvm_tap_tree_first (const CvmTapTree *self)
{
  return self->nodes->len > 0 ? 0 : CVM_TAP_NODE_NONE;
}

/**
 * cvm_tap_tree_next:
 * @self: a tree
 * @node: a node
 *
 * Returns: the next node of the same level, or %CVM_TAP_NODE_NONE
 */
CvmTapNode
cvm_tap_tree_next (const CvmTapTree *self,
                   CvmTapNode        node)
{
  guint32 next = node_at (self, node)->next;

  return next > 0 ? next : CVM_TAP_NODE_NONE;
}

/**
 * cvm_tap_tree_children:
 * @self: a tree
 * @node: a subtest, or a point
 *
 * Returns: the first node inside the subtest, or inside the point's subtest, wherever that stands;
 *   %CVM_TAP_NODE_NONE when there is none
 */
CvmTapNode
cvm_tap_tree_children (const CvmTapTree *self,
                       CvmTapNode        node)
{
  const Node *at = node_at (self, node);

  if (at->kind == CVM_TAP_EVENT_POINT)
    {
      if (at->subtest == 0)
        return CVM_TAP_NODE_NONE;
      node = at->subtest - 1;
    }
  else if (at->kind != CVM_TAP_EVENT_SUBTEST_BEGIN)
    {
      return CVM_TAP_NODE_NONE;
    }

  return node + 1 < self->nodes->len ? node + 1 : CVM_TAP_NODE_NONE;
}

/**
 * cvm_tap_tree_diagnostics:
 * @self: a tree
 * @node: a point
 *
 * Returns: the diagnostics block right behind the point, or %CVM_TAP_NODE_NONE
 */
CvmTapNode
cvm_tap_tree_diagnostics (const CvmTapTree *self,
                          CvmTapNode        node)
{
  CvmTapNode next = cvm_tap_tree_next (self, node);

  if (next == CVM_TAP_NODE_NONE || node_at (self, next)->kind != CVM_TAP_EVENT_DIAGNOSTICS)
    return CVM_TAP_NODE_NONE;

  return next;
}

CvmTapEventKind
cvm_tap_node_kind (const CvmTapTree *self,
                   CvmTapNode        node)
{
  return node_at (self, node)->kind;
}

guint
cvm_tap_node_depth (const CvmTapTree *self,
                    CvmTapNode        node)
{
  return node_at (self, node)->depth;
}

gboolean
cvm_tap_node_ok (const CvmTapTree *self,
                 CvmTapNode        node)
{
  return node_at (self, node)->ok;
}

/**
 * cvm_tap_node_good:
 * @self: a tree
 * @node: a point
 *
 * Returns: whether it passed, or failed as it may: to do, or skipped where the dialect says so
 */
gboolean
cvm_tap_node_good (const CvmTapTree *self,
                   CvmTapNode        node)
{
  return node_at (self, node)->good;
}

/**
 * cvm_tap_node_buffered:
 * @self: a tree
 * @node: a subtest
 *
 * Returns: whether it stands behind its point, in a block of braces
 */
gboolean
cvm_tap_node_buffered (const CvmTapTree *self,
                       CvmTapNode        node)
{
  return node_at (self, node)->buffered;
}

/**
 * cvm_tap_node_dialect:
 * @self: a tree
 * @node: a node
 *
 * Returns: what it was read as
 */
CvmTapDialect
cvm_tap_node_dialect (const CvmTapTree *self,
                      CvmTapNode        node)
{
  return node_at (self, node)->dialect;
}

/**
 * cvm_tap_node_number:
 * @self: a tree
 * @node: a point
 *
 * Returns: its number: as given, or counted where none was
 */
guint64
cvm_tap_node_number (const CvmTapTree *self,
                     CvmTapNode        node)
{
  return node_at (self, node)->number;
}

/**
 * cvm_tap_node_line_number:
 * @self: a tree
 * @node: a node
 *
 * Returns: its first line, from 1
 */
guint64
cvm_tap_node_line_number (const CvmTapTree *self,
                          CvmTapNode        node)
{
  return node_at (self, node)->line_number;
}

/**
 * cvm_tap_node_text:
 * @self: a tree
 * @node: a node
 * @len: (out): bytes
 *
 * Returns: (transfer none): the node's bytes, line ends included; those of all nodes in order are
 *   the stream
 */
const char *
cvm_tap_node_text (const CvmTapTree *self,
                   CvmTapNode        node,
                   gsize            *len)
{
  const Node *at = node_at (self, node);

  *len = at->length;

  return (const char *)self->bytes->data + at->offset;
}

/**
 * cvm_tap_node_line:
 * @self: a tree
 * @node: a node that is one line
 *
 * Returns: what the line says: description, directive (also one that the plan gave), reason
 */
CvmTapLine
cvm_tap_node_line (const CvmTapTree *self,
                   CvmTapNode        node)
{
  const Node *at = node_at (self, node);
  gsize len;
  const char *text = cvm_tap_node_text (self, node, &len);

  CvmTapLine line;

  cvm_tap_line_strip (&text, &len, at->offset == 0);
  line = cvm_tap_line_parse (text, len, at->dialect);
  if (at->todo)
    line.directive = CVM_TAP_TODO;   /* a plan of TAP 12 may have said so */

  return line;
}
