/* fuzz-tap.c: what must hold for any bytes that come as TAP
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-tap-tree.h"
#include "cvm-tap-writer.h"
#include "cvm-tap-yaml.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput (const uint8_t *data,
                            size_t         size);

typedef struct
{
  guint64 offset;
  guint   depth;
  guint   hash;    /* of all that was told */
} Ear;

static void
mix (Ear        *ear,
     const void *bytes,
     gsize       len)
{
  const guint8 *p = bytes;

  while (len-- > 0)
    ear->hash = (ear->hash ^ *p++) * 16777619u;
}

/* The events tile the stream, begins and ends pair, and all text lies inside the line. */
static void
on_event (const CvmTapEvent *event,
          gpointer           user_data)
{
  Ear *ear = user_data;
  const CvmTapLine *line = &event->line;

  g_assert_cmpuint (event->offset, ==, ear->offset);
  ear->offset += event->length;
  ear->depth += event->kind == CVM_TAP_EVENT_SUBTEST_BEGIN;
  g_assert_cmpuint (event->depth, ==, ear->depth);
  g_assert_cmpuint (event->depth, <=, CVM_TAP_DEPTH_MAX);
  ear->depth -= event->kind == CVM_TAP_EVENT_SUBTEST_END;

  if (event->text_len > 0 && line->text_len > 0)
    g_assert_true (line->text >= event->text
                   && line->text + line->text_len <= event->text + event->text_len);
  if (line->reason_len > 0)
    g_assert_true (line->reason >= event->text
                   && line->reason + line->reason_len <= event->text + event->text_len);

  mix (ear, &event->kind, sizeof event->kind);
  mix (ear, &event->number, sizeof event->number);
  mix (ear, &event->line_number, sizeof event->line_number);
  mix (ear, &event->length, sizeof event->length);
  mix (ear, event->text, event->text_len);
  mix (ear, line->text, line->text_len);
  mix (ear, line->reason, line->reason_len);
}

static guint
hear (const char *bytes,
      gsize       size,
      gsize       cut)
{
  Ear ear = { 0 };
  g_autoptr(CvmTapReader) reader = cvm_tap_reader_new (on_event, &ear);

  for (gsize at = 0; at < size; at += cut)
    cvm_tap_reader_feed (reader, bytes + at, MIN (cut, size - at));

  cvm_tap_reader_end (reader);
  g_assert_cmpuint (ear.offset, ==, size);

  return ear.hash;
}

/* What was read, written and read again says the same. */
static void
rewrite_point (const CvmTapTree *tree,
               CvmTapNode        node)
{
  CvmTapLine line = cvm_tap_node_line (tree, node);
  g_autofree char *text = cvm_tap_text_dup (line.text, line.text_len);
  g_autofree char *reason = cvm_tap_text_dup (line.reason, line.reason_len);
  g_autoptr(GString) out = g_string_new (NULL);
  g_autoptr(CvmTapWriter) writer = cvm_tap_writer_new (out);
  CvmTapLine again;

  cvm_tap_writer_point (writer, line.ok, line.number, text, line.directive, reason);
  again = cvm_tap_line_parse (out->str, out->len - 1, CVM_TAP_DIALECT_14);
  g_assert_true (strchr (out->str, '\n') == out->str + out->len - 1);
  g_assert_cmpint (again.kind, ==, CVM_TAP_POINT);
  g_assert_cmpint (again.ok, ==, line.ok);
  g_assert_cmpint (again.directive, ==, line.directive);
  g_assert_cmpuint (again.number, ==, line.number);
}

static void
read_yaml (const CvmTapTree *tree,
           CvmTapNode        node)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(CvmTapYaml) yaml = NULL;
  gsize len;
  const char *text = cvm_tap_node_text (tree, node, &len);

  yaml = cvm_tap_yaml_parse (text, len, &error);
  g_assert_true ((yaml == NULL) == (error != NULL));
}

static gsize
walk (const CvmTapTree *tree,
      CvmTapNode        node)
{
  gsize total = 0;

  for (; node != CVM_TAP_NODE_NONE; node = cvm_tap_tree_next (tree, node))
    {
      gsize len, all;
      const char *text = cvm_tap_node_text (tree, node, &len);
      const char *bytes = cvm_tap_tree_get_bytes (tree, &all);

      g_assert_true (text >= bytes && text + len <= bytes + all);
      total += len;
      if (cvm_tap_node_kind (tree, node) == CVM_TAP_EVENT_POINT)
        rewrite_point (tree, node);
      else if (cvm_tap_node_kind (tree, node) == CVM_TAP_EVENT_DIAGNOSTICS)
        read_yaml (tree, node);
      else
        total += walk (tree, cvm_tap_tree_children (tree, node));
    }

  return total;
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  const char *bytes = (const char *)data;
  g_autoptr(CvmTapTree) tree = cvm_tap_tree_new (G_MAXSIZE);
  const CvmTapNumbers *numbers;
  guint whole = hear (bytes, size, MAX (size, 1));

  g_assert_cmpuint (hear (bytes, size, 1), ==, whole);
  g_assert_cmpuint (hear (bytes, size, 7), ==, whole);

  cvm_tap_tree_feed (tree, bytes, size);
  cvm_tap_tree_end (tree);
  g_assert_cmpuint (walk (tree, cvm_tap_tree_first (tree)), ==, size);

  numbers = cvm_tap_tree_get_numbers (tree);
  g_assert_cmpuint (numbers->passed + numbers->failed, ==, numbers->run);
  g_assert_cmpuint (numbers->actual_passed + numbers->actual_failed, ==, numbers->run);
  g_assert_true (numbers->word != CVM_TAP_PASS || (numbers->failed == 0 && numbers->run > 0));

  return 0;
}
