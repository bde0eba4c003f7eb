/* test-compare.c: rows where jobs differ, and which of them are for the worse
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "cvm-compare.h"

/* A job is its points: "a+ b- c/ d. a.1+": id, then + passed, - failed, / skipped, ? not reached;
 * "a=1500+" took so many ms; "a.x+" is a subtest x of a. A ';' comes before the next job; a '!' at the end: it has not ended. */
typedef struct
{
  const char      *name;
  const char      *jobs;
  const char      *rows;      /* id or title, then a sign a job, '_' for none, and the change */
  CvmCompareFlags  flags;
} Row;

static const Row rows[] = {
  { "alike", "a+ b-;a+ b-", "" },
  { "worse", "a+ b+;a+ b-", "b +- worse" },
  { "better", "a- b+;a+ b+", "a -+ better" },
  { "skipped-now", "a+;a/", "a +/ worse" },
  { "skipped-instead", "a-;a/", "a -/ other" },
  { "runs-again", "a/;a+", "a /+ better" },
  { "fails-now", "a/;a-", "a /- worse" },
  { "gone", "a+ b+;a+", "b +_ other" },
  { "new", "a+;a+ b+", "b _+ other" },
  { "new-and-fails", "a+;a+ b-", "b _- worse" },
  { "not-reached", "a+ b+;a+ b?", "b +? worse" },
  { "neither-reached", "a?;a-", "" },
  { "other-order", "a+ b+;b- a+", "b +- worse" },
  { "new-comes-last", "b+ c+;a- b-", "b +- worse,c +_ other,a _- worse" },
  { "three", "a+ b+ c-;a+ b- c-;a- b+ c-", "a ++- worse,b +-+ worse" },
  { "all", "a+ b+;a+ b-", "a ++ same,b +- worse", CVM_COMPARE_ALL },
  { "subtest", "a- a.x- a.y+;a- a.x- a.y-", "a -- same, y +- worse" },
  { "subtests-alike", "a+ a.x+;a+ a.x+", "" },
  { "subtest-elsewhere", "a+ a.x+ a.y+;a+ a.y+ a.x+", "" },
  { "subtests-of-one-name", "a+ a.x- a.x+;a+ a.x+ a.x+", "a ++ same, x -+ better" },
  { "below-what-differs", "a- a.x- a.y+;a+ a.x+ a.y+", "a -+ better, x -+ better" },
  { "live-waits", "a+ b+;a+ b?!", "", CVM_COMPARE_LIVE },
  { "live-and-failed", "a+ b+ c+;a- b?!", "a +- worse", CVM_COMPARE_LIVE },
  { "live-not-told", "a+ a.x+;a?!", "", CVM_COMPARE_LIVE },
  { "live-ended", "a+ b+;a+", "b +_ other", CVM_COMPARE_LIVE },
  { "slower", "a=2000+ b+;a=3200+ b+", "a ++ slower", CVM_COMPARE_TIMES },
  { "slower-untold", "a=2000+;a=9000+", "" },
  { "a-little-slower", "a=9000+;a=12000+", "", CVM_COMPARE_TIMES },
  { "slower-by-chance", "a=100+;a=900+", "", CVM_COMPARE_TIMES },
  { "faster", "a=9000+;a=1000+", "", CVM_COMPARE_TIMES },
  { "time-unknown", "a+;a=9000+", "", CVM_COMPARE_TIMES },
  { "slower-to-fail", "a=2000-;a=9000-", "", CVM_COMPARE_TIMES },
  { "slower-and-fails", "a=2000+;a=9000-", "a +- worse", CVM_COMPARE_TIMES },
  { "one", "a+ b-", "" },
  { "empty", ";", "" },
};

static void
add (CvmResult     *result,
     CvmRecordType  type,
     const char    *job,
     guint          number,
     const char    *id,
     char           sign)
{
  g_autoptr(CvmRecord) record = cvm_record_new (type, job);
  const char *ms = id != NULL ? strchr (id, '=') : NULL;

  record->number = number;
  record->id = ms != NULL ? g_strndup (id, (gsize)(ms - id)) : g_strdup (id);
  record->name = g_strdup (record->id);
  record->time_us = 1;
  record->ms = ms != NULL ? g_ascii_strtoll (ms + 1, NULL, 10) : 0;
  record->outcome = sign == '+' ? CVM_OUTCOME_PASS : sign == '/' ? CVM_OUTCOME_SKIP
                                                                 : CVM_OUTCOME_FAIL;
  cvm_result_add (result, record);
}

static void
add_subtest (CvmResult  *result,
             const char *job,
             guint       number,
             guint       place,
             const char *title,
             char        sign)
{
  g_autoptr(CvmRecord) record = cvm_record_new (CVM_RECORD_POINT, job);

  record->number = number;
  record->path = g_strdup_printf ("%u", place);
  record->text = g_strdup (title);
  record->ok = sign == '+';
  cvm_result_add (result, record);
}

static void
add_point (CvmResult  *result,
           const char *job,
           const char *word,
           guint      *number,
           guint      *place)
{
  char sign = word[strlen (word) - 1];
  g_autofree char *id = g_strndup (word, strlen (word) - 1);
  const char *dot = strchr (id, '.');

  if (dot != NULL)
    {
      add_subtest (result, job, *number, ++*place, dot + 1, sign);
      return;
    }

  *place = 0;
  add (result, CVM_RECORD_CASE_PLANNED, job, ++*number, id, sign);
  if (sign != '?')
    add (result, CVM_RECORD_CASE_END, job, *number, id, sign);
}

static void
add_job (CvmResult  *result,
         const char *job,
         const char *points)
{
  gboolean is_live = g_str_has_suffix (points, "!");
  g_autofree char *some = g_strndup (points, strlen (points) - (is_live ? 1 : 0));
  g_auto(GStrv) words = g_strsplit (some, " ", -1);
  guint number = 0, place = 0;

  add (result, CVM_RECORD_JOB_BEGIN, job, 0, NULL, '+');
  for (gsize i = 0; words[i] != NULL && *words[i] != '\0'; i++)
    add_point (result, job, words[i], &number, &place);
  if (!is_live)
    add (result, CVM_RECORD_JOB_END, job, 0, NULL, '+');
}

static CvmResult *
result_of (const char *jobs)
{
  CvmResult *result = cvm_result_new ();
  g_auto(GStrv) each = g_strsplit (jobs, ";", -1);

  for (gsize i = 0; each[i] != NULL; i++)
    {
      g_autofree char *id = g_strdup_printf ("%02" G_GSIZE_FORMAT, i + 1);

      add_job (result, id, each[i]);
    }

  return result;
}

static char
sign_of (const CvmPoint *point)
{
  if (point == NULL)
    return '_';

  return !point->is_ended ? '?' : point->outcome == CVM_OUTCOME_PASS ? '+'
                                : point->outcome == CVM_OUTCOME_SKIP ? '/' : '-';
}

static char *
describe (GPtrArray *made)
{
  static const char *const changes[] = { "same", "other", "slower", "better", "worse" };
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < made->len; i++)
    {
      const CvmCompareRow *row = made->pdata[i];

      g_string_append_printf (text, "%s%*s%s ", i > 0 ? "," : "", (int)row->depth, "",
                              row->id != NULL ? row->id : row->title);
      for (guint j = 0; j < row->n_points; j++)
        g_string_append_c (text, sign_of (row->points[j]));
      g_string_append_printf (text, " %s", changes[row->change]);
    }

  return g_string_free (text, FALSE);
}

static void
test_rows (gconstpointer data)
{
  const Row *row = data;
  g_autoptr(CvmResult) result = result_of (row->jobs);
  const CvmJobResult *jobs[8];
  guint n_jobs = cvm_result_n_jobs (result);
  g_autoptr(GPtrArray) made = NULL;
  g_autofree char *text = NULL;

  for (guint i = 0; i < n_jobs; i++)
    jobs[i] = cvm_result_job (result, i);

  made = cvm_compare_jobs (jobs, n_jobs, row->flags);
  text = describe (made);
  g_assert_cmpstr (text, ==, row->rows);
  g_assert_true ((cvm_compare_worst (made) == CVM_CHANGE_WORSE)
                 == (strstr (row->rows, "worse") != NULL));
}

static const struct
{
  const char *name, *jobs, *order;
} orders[] = {
  { "worse-first", "a+ b=1000+ c+ d- e+;a+ b=9000+ d+ e-",
    "e +- worse,d -+ better,b ++ slower,c +_ other" },
  { "one-change-stays", "a+ b+ c+;a- b- c-", "a +- worse,b +- worse,c +- worse" },
  { "with-its-subtests", "a- b+ b.x+ b.y+;a+ b+ b.x+ b.y-",
    "b ++ same, y +- worse,a -+ better" },
  { "none", "a+;a+", "" },
};

static void
test_order (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (orders); i++)
    {
      g_autoptr(CvmResult) result = result_of (orders[i].jobs);
      const CvmJobResult *jobs[] = { cvm_result_job (result, 0), cvm_result_job (result, 1) };
      g_autoptr(GPtrArray) made = cvm_compare_jobs (jobs, 2, CVM_COMPARE_TIMES);
      g_autofree char *text = NULL;

      cvm_compare_sort (made);
      text = describe (made);
      g_test_message ("%s", orders[i].name);
      g_assert_cmpstr (text, ==, orders[i].order);
    }
}

static void
test_count (void)
{
  g_autoptr(CvmResult) result = result_of ("a+ a.x+ b+ c- d=2000+ e-;a+ a.x- b- c+ d=9000+ e+ f+");
  const CvmJobResult *jobs[] = { cvm_result_job (result, 0), cvm_result_job (result, 1) };
  g_autoptr(GPtrArray) made = cvm_compare_jobs (jobs, 2, CVM_COMPARE_TIMES);
  guint counts[CVM_CHANGE_WORSE + 1];

  cvm_compare_count (made, counts);
  g_assert_cmpuint (counts[CVM_CHANGE_WORSE], ==, 2);
  g_assert_cmpuint (counts[CVM_CHANGE_BETTER], ==, 2);
  g_assert_cmpuint (counts[CVM_CHANGE_SLOWER], ==, 1);
  g_assert_cmpuint (counts[CVM_CHANGE_OTHER], ==, 1);
  g_assert_cmpuint (counts[CVM_CHANGE_NONE], ==, 0);
}

/* "suite/image/host" a job */
typedef struct
{
  const char *name, *before, *after;
  const char *pairs;      /* numbers of jobs, "1-2", 0: none */
} PairRow;

static const PairRow pair_rows[] = {
  { "same", "s/i/h s/i/g", "s/i/h s/i/g", "1-1 2-2" },
  { "crossed", "s/i/h s/i/g", "s/i/g s/i/h", "1-2 2-1" },
  { "other-host", "s/i/h", "s/i/k", "1-1" },
  { "same-image-first", "s/i/h s/j/h", "s/j/k s/i/k", "1-2 2-1" },
  { "same-host-next", "s/i/h s/i/g", "s/new/g s/new/h", "1-2 2-1" },
  { "suite-at-least", "s/i/h t/i/h", "t/j/k s/j/k", "1-2 2-1" },
  { "single-of-anything", "s/i/h", "t/j/k", "1-1" },
  { "other-suite", "s/i/h s/j/h", "t/i/h", "1-0 2-0 0-1" },
  { "more-now", "s/i/h", "s/i/h s/j/h", "1-1 0-2" },
  { "fewer-now", "s/i/h s/i/h", "s/i/h", "1-1 2-0" },
  { "none", "", "s/i/h", "0-1" },
};

static CvmResult *
result_of_kinds (const char *kinds)
{
  CvmResult *result = cvm_result_new ();
  g_auto(GStrv) words = g_strsplit (kinds, " ", -1);

  for (gsize i = 0; words[i] != NULL && *words[i] != '\0'; i++)
    {
      g_auto(GStrv) parts = g_strsplit (words[i], "/", 3);
      g_autofree char *id = g_strdup_printf ("%02" G_GSIZE_FORMAT, i + 1);
      g_autoptr(CvmRecord) record = cvm_record_new (CVM_RECORD_JOB_BEGIN, id);

      record->text = g_strdup (parts[0]);
      record->name = g_strdup (parts[1]);
      record->kind = g_strdup (parts[2]);
      cvm_result_add (result, record);
    }

  return result;
}

static int
number_of (const CvmJobResult *job)
{
  return job != NULL ? (int)g_ascii_strtoll (job->id, NULL, 10) : 0;
}

static void
test_pairs (gconstpointer data)
{
  const PairRow *row = data;
  g_autoptr(CvmResult) before = result_of_kinds (row->before);
  g_autoptr(CvmResult) after = result_of_kinds (row->after);
  g_autoptr(GArray) pairs = cvm_compare_pairs (before, after);
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint i = 0; i < pairs->len; i++)
    {
      const CvmComparePair *pair = &g_array_index (pairs, CvmComparePair, i);

      g_string_append_printf (text, "%s%d-%d", i > 0 ? " " : "", number_of (pair->before),
                              number_of (pair->after));
    }

  g_assert_cmpstr (text->str, ==, row->pairs);
}

/* A job may have 100 000 subtests, and all of one name */
static void
test_many (void)
{
  g_autoptr(CvmResult) result = cvm_result_new ();
  const CvmJobResult *jobs[2];
  g_autoptr(GPtrArray) made = NULL;

  for (guint i = 0; i < 2; i++)
    {
      const char *id = i == 0 ? "01" : "02";

      add_job (result, id, "a+");
      for (guint place = 1; place <= 50000; place++)
        add_subtest (result, id, 1, place, "same", place == 50000 && i == 1 ? '-' : '+');
    }

  jobs[0] = cvm_result_job (result, 0);
  jobs[1] = cvm_result_job (result, 1);
  made = cvm_compare_jobs (jobs, 2, CVM_COMPARE_CHANGES);
  g_assert_cmpuint (made->len, ==, 2);
  g_assert_cmpint (cvm_compare_worst (made), ==, CVM_CHANGE_WORSE);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strconcat ("/compare/rows/", rows[i].name, NULL);

      g_test_add_data_func (path, &rows[i], test_rows);
    }

  for (gsize i = 0; i < G_N_ELEMENTS (pair_rows); i++)
    {
      g_autofree char *path = g_strconcat ("/compare/pairs/", pair_rows[i].name, NULL);

      g_test_add_data_func (path, &pair_rows[i], test_pairs);
    }

  g_test_add_func ("/compare/order", test_order);
  g_test_add_func ("/compare/count", test_count);
  g_test_add_func ("/compare/many", test_many);

  return g_test_run ();
}
