/* fuzz-suite-edit.c: any text as a suite, and any changes to it
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The input: how many changes (one byte), three bytes for each, and the text. */
#include "cvm-suite-edit.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput (const uint8_t *data,
                            size_t         size);

static const CvmParam params[] = {
  { "text", CVM_PARAM_STRING, NULL, "Text" },
  { "number", CVM_PARAM_INTEGER, "1", "Number", 1, 9 },
  { "argv", CVM_PARAM_ARGV, "true", "Program" },
  { NULL }
};

static const CvmCheckInfo check = { "any", "Any check", "", params, 30000, FALSE };

static const CvmCheckInfo *
lookup (const char *id)
{
  return strchr (id, 'x') == NULL ? &check : NULL;
}

/* Nothing is wrong exactly where it can be run */
static void
check_problems (const char *text)
{
  g_autoptr(GPtrArray) problems = cvm_suite_edit_find_problems (text, "f", lookup);
  g_autoptr(CvmSuite) suite = cvm_suite_new_from_data (text, strlen (text), "f", lookup, NULL);
  g_autoptr(CvmSuite) resolved = suite != NULL ? cvm_suite_resolve (suite, NULL, NULL, NULL, NULL)
                                               : NULL;
  guint last = 1;

  g_assert_true ((problems->len == 0) == (resolved != NULL));
  for (guint i = 0; i < problems->len; i++)
    {
      const CvmSuiteProblem *problem = problems->pdata[i];

      g_assert_cmpuint (problem->line, >=, last);
      g_assert_cmpuint (*problem->message, !=, 0);
      last = problem->line;
    }
}

static void
change (CvmSuiteEdit  *edit,
        const uint8_t *op)
{
  static const char *const keys[] = { "text", "argv", "Needs", "Title", "Check", "a.b", "=", "" };
  static const char *const values[] = { "1", "", " ", ";", "a;b", "\\", "\n[Case q]", NULL };
  guint n = MAX (cvm_suite_edit_n_items (edit), 1);
  guint item = op[1] % n;
  const char *key = keys[op[2] % 8];
  const char *value = values[op[2] / 8 % 8];

  switch (op[0] % 10)
    {
    case 0: cvm_suite_edit_set (edit, item, key, value, NULL); break;
    case 1: cvm_suite_edit_move (edit, item, op[2] % n, NULL); break;
    case 2: cvm_suite_edit_rename (edit, item, value != NULL ? value : "new", NULL); break;
    case 3: cvm_suite_edit_add (edit, key, op[2] > 127, (int)item - 1, NULL); break;
    case 4: cvm_suite_edit_remove (edit, item, NULL); break;
    case 5: cvm_suite_edit_duplicate (edit, item, NULL); break;
    case 6: cvm_suite_edit_set_suite (edit, key, value, NULL); break;
    case 7: cvm_suite_edit_set_preset (edit, "p", key, value, NULL); break;
    case 8: cvm_suite_edit_remove_preset (edit, "p", NULL); break;
    default: cvm_suite_edit_undo (edit); break;
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  size_t n_ops = size > 0 ? data[0] % 16 : 0;
  size_t head = 1 + 3 * n_ops;
  g_autofree char *text = NULL;
  g_autoptr(CvmSuiteEdit) edit = NULL;
  gboolean is_readable;

  if (size < head || !g_utf8_validate_len ((const char *)data + head, size - head, NULL))
    return 0;

  text = g_strndup ((const char *)data + head, size - head);
  edit = cvm_suite_edit_new (text, "f", lookup);
  is_readable = cvm_suite_edit_is_readable (edit);
  check_problems (text);

  for (size_t i = 0; i < n_ops && cvm_suite_edit_is_readable (edit); i++)
    {
      if (cvm_suite_edit_n_items (edit) == 0 && data[1 + 3 * i] % 10 == 0)
        continue;

      change (edit, data + 1 + 3 * i);
      g_assert_true (cvm_suite_edit_is_readable (edit));
    }
  check_problems (cvm_suite_edit_get_text (edit));

  while (cvm_suite_edit_can_undo (edit))
    cvm_suite_edit_undo (edit);
  g_assert_cmpstr (cvm_suite_edit_get_text (edit), ==, text);
  g_assert_true (cvm_suite_edit_is_readable (edit) == is_readable);

  return 0;
}
