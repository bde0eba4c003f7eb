/* fuzz-tap-write.c: any bytes, read as TAP and written as 13 and 14, say the same again
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-tap-tree-write.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput (const uint8_t *data,
                            size_t         size);

static CvmTapTree *
grow (const char *bytes,
      gsize       len)
{
  CvmTapTree *tree = cvm_tap_tree_new (G_MAXSIZE);

  cvm_tap_tree_feed (tree, bytes, len);
  cvm_tap_tree_end (tree);

  return tree;
}

/* What must stay. A point that its subtest contradicts passes as TAP 13, and fails as TAP 14. */
static char *
tell (const CvmTapNumbers *n,
      gboolean             with_word)
{
  return g_strdup_printf ("%" G_GUINT64_FORMAT " run, %" G_GUINT64_FORMAT " in subtests, %" G_GUINT64_FORMAT
                          " passed, %" G_GUINT64_FORMAT " failed, %" G_GUINT64_FORMAT " to do, bail-out %d, %s",
                          n->run, n->subtest_run, n->passed, n->failed, n->todo, n->bailout != NULL,
                          with_word ? cvm_tap_word_to_string (n->word) : "-");
}

static void
check (const CvmTapTree *tree,
       guint             version)
{
  const CvmTapNumbers *numbers = cvm_tap_tree_get_numbers (tree);
  gboolean with_word = numbers->contradicted == 0;
  g_autofree char *before = tell (numbers, with_word);
  g_autofree char *after = NULL;
  g_autoptr(GString) out = g_string_new (NULL);
  g_autoptr(CvmTapTree) again = NULL;

  cvm_tap_tree_write (tree, version, out);
  again = grow (out->str, out->len);
  after = tell (cvm_tap_tree_get_numbers (again), with_word);
  if (!g_str_equal (before, after))
    g_printerr ("written as\n%s\n", out->str);
  g_assert_cmpstr (after, ==, before);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autoptr(CvmTapTree) tree = grow ((const char *)data, size);

  check (tree, 13);
  check (tree, 14);

  return 0;
}
