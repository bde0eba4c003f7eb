/* test-cli-progress.c: what the progress line says, cut to the terminal's width
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-cli-progress.h"

#include "cvm-cli.h"

#define BEGUN G_GINT64_CONSTANT (1000000000)

static void
add (CvmResult     *result,
     CvmRecordType  type,
     guint          number,
     const char    *text,
     CvmOutcome     outcome)
{
  g_autoptr(CvmRecord) record = cvm_record_new (type, "01");

  record->time_us = BEGUN;
  record->number = number;
  record->id = number > 0 ? g_strdup_printf ("case-%u", number) : NULL;
  record->name = g_strdup ("demo");
  record->kind = g_strdup ("test:///default");
  record->text = g_strdup (text);
  record->outcome = outcome;
  cvm_result_add (result, record);
}

/* A job of three cases: the first passed, the second failed, the third waits for WAITING */
static CvmResult *
make_result (const char *waiting)
{
  CvmResult *result = cvm_result_new ();
  g_autoptr(CvmRecord) begin = cvm_record_new (CVM_RECORD_JOB_BEGIN, "01");

  begin->name = g_strdup ("demo");
  begin->kind = g_strdup ("test:///default");
  begin->text = g_strdup ("Suite");
  begin->number = 3;
  cvm_result_add (result, begin);
  for (guint i = 1; i <= 3; i++)
    add (result, CVM_RECORD_CASE_PLANNED, i, NULL, 0);
  add (result, CVM_RECORD_CASE_BEGIN, 1, NULL, 0);
  add (result, CVM_RECORD_CASE_END, 1, NULL, CVM_OUTCOME_PASS);
  add (result, CVM_RECORD_CASE_BEGIN, 2, NULL, 0);
  add (result, CVM_RECORD_CASE_END, 2, NULL, CVM_OUTCOME_FAIL);
  add (result, CVM_RECORD_CASE_BEGIN, 3, NULL, 0);
  if (waiting != NULL)
    add (result, CVM_RECORD_CASE_WAIT, 3, waiting, 0);

  return result;
}

static const struct
{
  const char *name;
  const char *waiting;
  int         width;
  const char *line;
} rows[] = {
  { "idle", NULL, 80, "[2/3] 1 failed case-3 7 s" },
  { "waits", "port 80 answers", 80, "[2/3] 1 failed case-3 7 s: port 80 answers" },
  { "cut", "port 80 answers", 30, "[2/3] 1 failed case-3 7 s: por" },
  { "none", "port 80 answers", 0, "" },
  { "accent", "caf\xc3\xa9", 80, "[2/3] 1 failed case-3 7 s: caf\xc3\xa9" },
  { "wide-fits", "\xe6\xbc\xa2\xe5\xad\x97", 31, "[2/3] 1 failed case-3 7 s: \xe6\xbc\xa2\xe5\xad\x97" },
  { "wide-cut", "\xe6\xbc\xa2\xe5\xad\x97", 30, "[2/3] 1 failed case-3 7 s: \xe6\xbc\xa2" },
  { "escapes", "a\033[31mb\nc", 80, "[2/3] 1 failed case-3 7 s: a [31mb c" },
};

static void
test_line (gconstpointer data)
{
  const typeof (rows[0]) *row = data;
  g_autoptr(CvmResult) result = make_result (row->waiting);
  g_autofree char *line = cvm_cli_progress_text (result, BEGUN + 7 * G_USEC_PER_SEC, row->width);

  g_assert_cmpstr (line, ==, row->line);
}

/* What was stopped has not failed */
static void
test_stopped (void)
{
  g_autoptr(CvmResult) result = make_result (NULL);
  g_autofree char *before = cvm_cli_progress_stopped (cvm_result_job (result, 0));
  g_autofree char *after = NULL;
  g_autofree char *line = NULL;

  g_assert_cmpstr (before, ==, "");
  add (result, CVM_RECORD_CASE_END, 3, NULL, CVM_OUTCOME_CANCELLED);
  line = cvm_cli_progress_text (result, BEGUN, 80);
  g_assert_cmpstr (line, ==, "[3/3] 1 failed 1 stopped");
  after = cvm_cli_progress_stopped (cvm_result_job (result, 0));
  g_assert_cmpstr (after, ==, ", 1 stopped");
}

static void
test_clean (void)
{
  g_autofree char *clean = cvm_cli_clean (" caf\xe9\t\001x\xc2\x9b \r\n");

  g_assert_cmpstr (clean, ==, "caf\xef\xbf\xbd  x");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strconcat ("/cli-progress/", rows[i].name, NULL);

      g_test_add_data_func (path, &rows[i], test_line);
    }
  g_test_add_func ("/cli-progress/stopped", test_stopped);
  g_test_add_func ("/cli/clean", test_clean);

  return g_test_run ();
}
