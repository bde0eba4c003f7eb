/* test-tapper-count.c: what a Tapper server will count, section by section
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-tapper-count.h"

#include <glib/gstdio.h>
#include <string.h>

typedef struct
{
  const char       *name;
  const char       *tap;
  CvmTapperNumbers  numbers;   /* word, total, passed, failed, skipped, todo, todo_passed, errors */
} Row;

static const Row rows[] = {
  { "good", "1..2\nok\nok\n", { CVM_TAP_PASS, 2, 2, 0, 0, 0, 0, 0 } },
  { "failed", "1..2\nok\nnot ok\n", { CVM_TAP_FAIL, 2, 1, 1, 0, 0, 0, 0 } },
  { "skipped", "1..2\nok # SKIP x\nok\n", { CVM_TAP_PASS, 2, 2, 0, 1, 0, 0, 0 } },
  { "todo", "1..2\nnot ok # TODO x\nok # TODO y\n", { CVM_TAP_PASS, 2, 2, 0, 0, 2, 1, 0 } },
  { "no plan", "ok\n", { CVM_TAP_FAIL, 1, 1, 0, 0, 0, 0, 1 } },
  { "all skipped", "1..0 # SKIP no\n", { CVM_TAP_NOTESTS, 0, 0, 0, 0, 0, 0, 0 } },
  { "cut", "1..3\nok\nok\n", { CVM_TAP_FAIL, 2, 2, 0, 0, 0, 0, 1 } },
  { "two plans", "1..2\nok\nok\n1..1\nnot ok\n", { CVM_TAP_FAIL, 3, 2, 1, 0, 0, 0, 0 } },
  { "two versions", "TAP version 13\n1..1\nok\nTAP version 13\n1..1\nok\n",
    { CVM_TAP_PASS, 2, 2, 0, 0, 0, 0, 0 } },
  { "explicit, plans last", "# Tapper-explicit-section-start: a\nok\n1..1\n"
    "# Tapper-explicit-section-start: b\nok\nok\n1..2\n", { CVM_TAP_PASS, 3, 3, 0, 0, 0, 0, 0 } },
  { "a subtest", "1..1\n    1..1\n    not ok 1\nok 1\n", { CVM_TAP_PASS, 1, 1, 0, 0, 0, 0, 0 } },
  { "no end of line", "1..1\nok", { CVM_TAP_PASS, 1, 1, 0, 0, 0, 0, 0 } },
};

static void
count (const char       *tap,
       gsize             len,
       CvmTapperNumbers *numbers)
{
  g_autofree char *dir = g_dir_make_tmp ("cvm-count-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (dir, "report.tap", NULL);
  g_autoptr(GError) error = NULL;

  g_assert_true (g_file_set_contents (path, tap, len, NULL));
  cvm_tapper_count (path, numbers, NULL, &error);
  g_assert_no_error (error);
  g_unlink (path);
  g_rmdir (dir);
}

static void
test_row (gconstpointer data)
{
  const Row *row = data;
  CvmTapperNumbers numbers;
  g_autofree char *differences = NULL;

  count (row->tap, strlen (row->tap), &numbers);
  differences = cvm_tapper_numbers_compare (&row->numbers, &numbers);
  g_assert_cmpstr (differences, ==, NULL);
  g_assert_cmpint (numbers.word, ==, row->numbers.word);
  g_assert_cmpuint (numbers.todo, ==, row->numbers.todo);
  g_assert_cmpuint (numbers.todo_passed, ==, row->numbers.todo_passed);
}

/* Lines that lie across the blocks in which a file is read, and longer than what is kept of one */
static void
test_blocks (void)
{
  GString *tap = g_string_new ("1..30000\n");
  g_autofree char *padding = g_strnfill (200000, 'p');
  CvmTapperNumbers numbers;

  for (guint i = 1; i <= 30000; i++)
    g_string_append_printf (tap, "%s %u - a point %.*s\n", i % 7 == 0 ? "not ok" : "ok", i, (int)(i % 50), padding);
  g_string_append_printf (tap, "# %s\n", padding);

  count (tap->str, tap->len, &numbers);
  g_assert_cmpuint (numbers.total, ==, 30000);
  g_assert_cmpuint (numbers.failed, ==, 30000 / 7);
  g_assert_cmpuint (numbers.parse_errors, ==, 0);
  g_string_free (tap, TRUE);
}

static void
test_words (void)
{
  CvmTapperNumbers sent = { CVM_TAP_FAIL, 37, 35, 2 };
  CvmTapperNumbers stored = { CVM_TAP_FAIL, 36, 34, 2, 0, 0, 0, 1 };
  g_autofree char *text = cvm_tapper_numbers_to_text (&sent);
  g_autofree char *differences = cvm_tapper_numbers_compare (&sent, &stored);

  g_assert_cmpstr (text, ==, "35 passed, 2 failed");
  g_assert_cmpstr (differences, ==, "37 points sent, 36 stored; 35 passed sent, 34 stored; "
                   "0 parse errors sent, 1 stored");
  g_assert_null (cvm_tapper_numbers_compare (&sent, &sent));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strconcat ("/tapper-count/", rows[i].name, NULL);

      g_test_add_data_func (path, &rows[i], test_row);
    }
  g_test_add_func ("/tapper-count/blocks", test_blocks);
  g_test_add_func ("/tapper-count/words", test_words);

  return g_test_run ();
}
