/* test-tap-streams.c: what holds for any stream: how it is cut changes nothing, and no byte is lost
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-tap-tree.h"
#include "tap-streams.h"

#include <string.h>

#define N_STREAMS 2000

static void
tell_span (GString    *told,
           const char *text,
           gsize       len)
{
  g_string_append_c (told, '|');
  g_string_append_len (told, text, len);
}

/* All that an event says. */
static void
on_event (const CvmTapEvent *event,
          gpointer           user_data)
{
  GString *told = user_data;
  const CvmTapLine *line = &event->line;

  g_string_append_printf (told, "\n%d %d %u %d%d%d %" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT
                          "+%" G_GUINT64_FORMAT " %d %d %d%d%d ", event->kind, event->dialect, event->depth,
                          event->truncated, event->open, event->buffered, event->number, event->line_number,
                          event->offset, event->length, line->kind, line->directive, line->ok, line->numbered,
                          line->buffered);
  if (event->kind == CVM_TAP_EVENT_POINT)
    {
      for (guint i = 0; i <= event->depth; i++)
        g_string_append_printf (told, ".%" G_GUINT64_FORMAT, event->path[i]);
    }

  tell_span (told, event->text, event->text_len);
  tell_span (told, line->text, line->text_len);
  tell_span (told, line->reason, line->reason_len);
}

/* @cut: bytes at a time; 0: another number of them each time */
static GString *
hear (const GString *stream,
      gsize          cut)
{
  GString *told = g_string_new (NULL);
  g_autoptr(CvmTapReader) reader = cvm_tap_reader_new (on_event, told);

  for (gsize at = 0, piece; at < stream->len; at += piece)
    {
      g_autofree char *exact = NULL;

      piece = cut > 0 ? cut : (gsize)g_test_rand_int_range (1, 20);
      piece = MIN (piece, stream->len - at);
      exact = g_memdup2 (stream->str + at, piece);   /* the byte behind it is not the reader's */
      cvm_tap_reader_feed (reader, exact, piece);
    }

  cvm_tap_reader_end (reader);

  return told;
}

static void
test_cuts (gconstpointer data)
{
  g_autoptr(GPtrArray) streams = tap_streams_make (GPOINTER_TO_UINT (data), N_STREAMS, 7);

  for (guint i = 0; i < streams->len; i++)
    {
      const GString *stream = g_ptr_array_index (streams, i);
      g_autoptr(GString) whole = hear (stream, MAX (stream->len, 1));
      g_autoptr(GString) bytes = hear (stream, 1);
      g_autoptr(GString) pieces = hear (stream, 0);

      g_assert_cmpmem (bytes->str, bytes->len, whole->str, whole->len);
      g_assert_cmpmem (pieces->str, pieces->len, whole->str, whole->len);
    }
}

/* Depth first, so in the order of the stream. */
static void
gather (const CvmTapTree *tree,
        CvmTapNode        node,
        GString          *bytes)
{
  for (; node != CVM_TAP_NODE_NONE; node = cvm_tap_tree_next (tree, node))
    {
      gsize len;
      const char *text = cvm_tap_node_text (tree, node, &len);
      guint64 line = 1;

      for (gsize i = 0; i < bytes->len; i++)
        line += bytes->str[i] == '\n';

      if (len > 0)
        g_assert_cmpuint (cvm_tap_node_line_number (tree, node), ==, line);
      g_string_append_len (bytes, text, len);
      if (cvm_tap_node_kind (tree, node) == CVM_TAP_EVENT_SUBTEST_BEGIN)
        gather (tree, cvm_tap_tree_children (tree, node), bytes);
    }
}

static void
test_lossless (gconstpointer data)
{
  g_autoptr(GPtrArray) streams = tap_streams_make (GPOINTER_TO_UINT (data), N_STREAMS, 11);

  for (guint i = 0; i < streams->len; i++)
    {
      const GString *stream = g_ptr_array_index (streams, i);
      g_autoptr(CvmTapTree) tree = cvm_tap_tree_new (G_MAXSIZE);
      g_autoptr(GString) bytes = g_string_new (NULL);

      cvm_tap_tree_feed (tree, stream->str, stream->len);
      cvm_tap_tree_end (tree);
      gather (tree, cvm_tap_tree_first (tree), bytes);
      g_assert_cmpmem (bytes->str, bytes->len, stream->str, stream->len);
    }
}

int
main (int    argc,
      char **argv)
{
  static const char * const kinds[] = { "plain", "tapper", "wild" };

  g_test_init (&argc, &argv, NULL);
  for (guint kind = 0; kind < G_N_ELEMENTS (kinds); kind++)
    {
      g_autofree char *cuts = g_strconcat ("/tap/streams/cuts/", kinds[kind], NULL);
      g_autofree char *lossless = g_strconcat ("/tap/streams/lossless/", kinds[kind], NULL);

      g_test_add_data_func (cuts, GUINT_TO_POINTER (kind), test_cuts);
      g_test_add_data_func (lossless, GUINT_TO_POINTER (kind), test_lossless);
    }

  return g_test_run ();
}
