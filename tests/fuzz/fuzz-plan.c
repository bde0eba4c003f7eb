/* fuzz-plan.c: any bytes as the plan.ini of a run that is to be run again
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-plan.h"

#include <glib/gstdio.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput (const uint8_t *data,
                            size_t         size);

static const CvmParam params[] = {
  { "text", CVM_PARAM_STRING, "", "Text" },
  { "number", CVM_PARAM_INTEGER, "1", "Number", 1, 9 },
  { "argv", CVM_PARAM_ARGV, "true", "Program" },
  { NULL }
};

static const CvmCheckInfo checks[] = {
  { "any", "Any check", "", params, 30000, FALSE },
  { "exec", "Runs here", "", params, 30000, TRUE },
};

static const CvmCheckInfo *
lookup (const char *id)
{
  return &checks[g_str_equal (id, "exec")];
}

static char *dir, *suite_path;

static void
remove_suite (void)
{
  g_unlink (suite_path);
  g_rmdir (dir);
  g_free (suite_path);
  g_free (dir);
}

/* A suite that the input calls @SUITE@ */
static void
make_suite (void)
{
  if (suite_path != NULL)
    return;

  dir = g_dir_make_tmp ("fuzz-plan-XXXXXX", NULL);
  suite_path = g_build_filename (dir, "s.suite", NULL);
  g_file_set_contents (suite_path, "[Suite]\nName=S\nVersion=1\n[Precondition a]\nCheck=any\n[Case b]\nCheck=any\n"
                       "Needs=a\n[Case x]\nCheck=exec\n[Preset p]\nb.text=preset\n", -1, NULL);
  atexit (remove_suite);
}

/* Whatever it says, no program runs but the suite's own */
static void
check_programs (CvmPlan *plan)
{
  for (guint i = 0; i < cvm_plan_n_jobs (plan); i++)
    {
      CvmSuite *suite = cvm_plan_job (plan, i)->suite;

      for (guint j = 0; j < cvm_suite_n_cases (suite); j++)
        {
          const CvmCase *item = cvm_suite_case (suite, j);

          if (item->check->runs_on_host)
            g_assert_cmpstr (g_hash_table_lookup (item->values, "argv"), ==, "true");
        }
    }
}

static void
check_again (CvmPlan *plan)
{
  gsize len, again_len;
  char **allowed = (char *[]) { (char *)cvm_suite_get_sha256 (cvm_plan_job (plan, 0)->suite), NULL };
  const CvmPlanAgain again = { .allowed = allowed };
  g_autofree char *data = cvm_plan_to_data (plan, &len);
  g_autoptr(CvmPlan) same = cvm_plan_new_from_data (data, len, "g", lookup, &again, NULL);
  g_autofree char *same_data = same != NULL ? cvm_plan_to_data (same, &again_len) : NULL;

  if (same != NULL)
    g_assert_cmpuint (cvm_plan_n_jobs (same), ==, cvm_plan_n_jobs (plan));
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autoptr(GString) text = g_string_new_len ((const char *)data, (gssize)size);
  g_autoptr(CvmSuite) suite = NULL;
  g_autoptr(CvmPlan) plan = NULL;
  g_autoptr(GError) error = NULL;
  CvmPlanAgain again = { 0 };
  char *allowed[2] = { NULL };

  make_suite ();
  suite = cvm_suite_load (suite_path, lookup, NULL);
  allowed[0] = (char *)cvm_suite_get_sha256 (suite);
  again.allowed = allowed;
  if (strlen (text->str) == text->len)
    g_string_replace (text, "@SUITE@", suite_path, 16);

  plan = cvm_plan_new_from_data (text->str, text->len, "f", lookup, &again, &error);
  g_assert_true ((plan == NULL) == (error != NULL));
  if (plan == NULL)
    {
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      return 0;
    }

  g_assert_cmpuint (cvm_plan_n_jobs (plan), >, 0);
  check_programs (plan);
  check_again (plan);

  return 0;
}
