/* test-point-model.c: a job's points as rows of a tree, live and in batches
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-point-model.h"

#include <locale.h>

#include "cvm-log-line.h"
#include "cvm-point-find.h"

typedef struct
{
  CvmResult     *result;
  CvmPointIndex *index;
  CvmPointModel *store;
  guint          n_changed, n_inserted, n_deleted;
} Fixture;

static CvmRecord *
add (Fixture       *f,
     CvmRecordType  type,
     guint          number,
     const char    *id)
{
  CvmRecord *record = cvm_record_new (type, "01");

  record->number = number;
  record->id = g_strdup (id);
  record->time_us = 1000 * G_USEC_PER_SEC;

  return record;
}

static void
give (Fixture   *f,
      CvmRecord *record)
{
  cvm_result_add (f->result, record);
  if (f->index != NULL)
    cvm_point_index_take (f->index, record);
  cvm_record_unref (record);
}

static void
plan (Fixture    *f,
      guint       number,
      const char *id,
      const char *title,
      gboolean    precondition)
{
  CvmRecord *record = add (f, CVM_RECORD_CASE_PLANNED, number, id);

  record->name = g_strdup (title);
  record->precondition = precondition;
  give (f, record);
}

static void
end (Fixture    *f,
     guint       number,
     const char *id,
     CvmOutcome  outcome,
     const char *reason)
{
  CvmRecord *record = add (f, CVM_RECORD_CASE_END, number, id);

  record->outcome = outcome;
  record->ms = 1200;
  record->reason = g_strdup (reason);
  give (f, record);
}

static void
point (Fixture    *f,
       guint       number,
       const char *path,
       const char *title,
       gboolean    ok)
{
  CvmRecord *record = add (f, CVM_RECORD_POINT, number, NULL);

  record->path = g_strdup (path);
  record->text = g_strdup (title);
  record->ok = ok;
  give (f, record);
}

static void
count_changed (Fixture *f)
{
  f->n_changed++;
}

static void
count_inserted (Fixture *f)
{
  f->n_inserted++;
}

static void
count_deleted (Fixture *f)
{
  f->n_deleted++;
}

static void
look_at (Fixture        *f,
         CvmPointFilter  filter)
{
  g_clear_object (&f->store);
  f->store = cvm_point_model_new (f->index, filter);
  g_signal_connect_swapped (f->store, "row-changed", G_CALLBACK (count_changed), f);
  g_signal_connect_swapped (f->store, "row-inserted", G_CALLBACK (count_inserted), f);
  g_signal_connect_swapped (f->store, "row-deleted", G_CALLBACK (count_deleted), f);
}

static void
set_up (Fixture       *f,
        gconstpointer  data)
{
  CvmRecord *begin = NULL;

  f->result = cvm_result_new ();

  begin = add (f, CVM_RECORD_JOB_BEGIN, 3, NULL);
  begin->name = g_strdup ("demo");
  give (f, begin);
  plan (f, 1, "start", "The guest starts", TRUE);
  plan (f, 2, "login", "ssh <lets> in & out", FALSE);
  plan (f, 3, "stop", "It stops", FALSE);

  f->index = cvm_point_index_new (cvm_result_job (f->result, 0));
  look_at (f, CVM_POINT_FILTER_ALL);
}

static void
tear_down (Fixture       *f,
           gconstpointer  data)
{
  g_assert_finalize_object (f->store);
  cvm_point_index_free (f->index);
  g_assert_finalize_object (f->result);
}

static void
update (Fixture *f)
{
  f->n_changed = f->n_inserted = f->n_deleted = 0;
  cvm_point_model_update (f->store, 1031 * G_USEC_PER_SEC);
}

/* "STATE NUMBER TITLE|TIME" of the row at PATH ("1:0"), or NULL */
static char *
row (Fixture    *f,
     const char *path)
{
  GtkTreeModel *model = GTK_TREE_MODEL (f->store);
  g_autofree char *number = NULL;
  g_autofree char *title = NULL;
  g_autofree char *time = NULL;
  GtkTreeIter iter;
  int state;

  if (!gtk_tree_model_get_iter_from_string (model, &iter, path))
    return NULL;

  gtk_tree_model_get (model, &iter, CVM_POINT_COLUMN_STATE, &state, CVM_POINT_COLUMN_NUMBER,
                      &number, CVM_POINT_COLUMN_TITLE, &title, CVM_POINT_COLUMN_TIME, &time, -1);

  return g_strdup_printf ("%s %s %s|%s", cvm_point_state_get_word (state), number, title, time);
}

static void
assert_row (Fixture    *f,
            const char *path,
            const char *expected)
{
  g_autofree char *is = row (f, path);

  g_assert_cmpstr (is, ==, expected);
}

static void
test_planned (Fixture       *f,
              gconstpointer  data)
{
  update (f);
  assert_row (f, "0", "not begun  Preconditions|0 of 1");
  assert_row (f, "0:0", "not begun 1 The guest starts|");
  assert_row (f, "1", "not begun  Cases|0 of 2");
  assert_row (f, "1:0", "not begun 2 ssh &lt;lets&gt; in &amp; out|");
  assert_row (f, "1:1", "not begun 3 It stops|");
  assert_row (f, "1:2", NULL);
}

static void
test_running (Fixture       *f,
              gconstpointer  data)
{
  CvmRecord *begin = add (f, CVM_RECORD_CASE_BEGIN, 2, "login");
  CvmRecord *wait = add (f, CVM_RECORD_CASE_WAIT, 2, "login");

  begin->ms = 180000;
  give (f, begin);
  wait->text = g_strdup ("port <22> answers");
  give (f, wait);
  end (f, 1, "start", CVM_OUTCOME_PASS, NULL);
  update (f);

  assert_row (f, "0", "passed  Preconditions|1.2 s");
  assert_row (f, "1", "running  Cases|0 of 2");
  assert_row (f, "1:0", "running 2 ssh &lt;lets&gt; in &amp; out\n<span size=\"small\" alpha=\"65%\">"
              "waiting 00:31 of 03:00: port &lt;22&gt; answers</span>|31 s");
}

static void
test_ended (Fixture       *f,
            gconstpointer  data)
{
  end (f, 1, "start", CVM_OUTCOME_PASS, NULL);
  end (f, 2, "login", CVM_OUTCOME_FAIL, "refused");
  end (f, 3, "stop", CVM_OUTCOME_SKIP, "needs <login>");
  update (f);

  assert_row (f, "1", "failed  Cases|2.4 s");
  assert_row (f, "1:0", "failed 2 ssh &lt;lets&gt; in &amp; out <span alpha=\"65%\">— refused</span>|1.2 s");
  assert_row (f, "1:1", "skipped 3 It stops <span alpha=\"65%\">— needs &lt;login&gt;</span>|");
}

static void
test_subtests (Fixture       *f,
               gconstpointer  data)
{
  point (f, 2, "1", "first", TRUE);
  update (f);
  assert_row (f, "1:0:0", "passed 1 first|");
  assert_row (f, "1:0:1", NULL);

  point (f, 2, "2", "second", FALSE);
  update (f);
  assert_row (f, "1:0:1", "failed 2 second|");
}

/* A batch that brings nothing new redraws nothing */
static void
test_quiet (Fixture       *f,
            gconstpointer  data)
{
  end (f, 1, "start", CVM_OUTCOME_PASS, NULL);
  update (f);
  assert_row (f, "1:0", "not begun 2 ssh &lt;lets&gt; in &amp; out|");
  end (f, 2, "login", CVM_OUTCOME_PASS, NULL);
  update (f);
  g_assert_cmpuint (f->n_changed, ==, 2);   /* it, and its group */
  update (f);
  g_assert_cmpuint (f->n_changed, ==, 0);
}

/* What a row is of, as its path; NULL: no point */
static char *
dup_chain (Fixture    *f,
           const char *path)
{
  const CvmPoint *chain[CVM_RESULT_MAX_CHAIN];
  GtkTreeIter iter;
  guint n;

  g_assert_true (gtk_tree_model_get_iter_from_string (GTK_TREE_MODEL (f->store), &iter, path));
  n = cvm_point_model_get_chain (f->store, &iter, chain);
  if (n == 0)
    return NULL;

  g_autoptr(GtkTreePath) back = cvm_point_model_dup_path (f->store, chain, n);
  g_autofree char *text = gtk_tree_path_to_string (back);

  g_assert_cmpstr (text, ==, path);

  return g_strdup (chain[n - 1]->path);
}

static void
assert_chain (Fixture    *f,
              const char *path,
              const char *expected)
{
  g_autofree char *is = dup_chain (f, path);

  g_assert_cmpstr (is, ==, expected);
}

static void
points (Fixture *f,
        guint    from,
        guint    to)
{
  for (guint i = from; i <= to; i++)
    {
      g_autofree char *path = g_strdup_printf ("%u", i);

      point (f, 2, path, "one", i % 1500 != 0);
    }
}

/* Many points are a few rows, which grow with them; nothing is made of what nobody opened */
static void
test_ranges (Fixture       *f,
             gconstpointer  data)
{
  points (f, 1, 1000);
  update (f);
  assert_row (f, "1:0:999", "passed 1000 one|");
  assert_chain (f, "1:0:999", "2.1000");

  points (f, 1001, 1001);
  update (f);
  g_assert_cmpuint (f->n_deleted, ==, 1000);
  assert_row (f, "1:0:0", "passed  1 – 1000|");
  assert_row (f, "1:0:1", "passed  1001 – 1001|");
  assert_row (f, "1:0:2", NULL);
  assert_row (f, "1:0:1:0", "passed 1001 one|");
  assert_chain (f, "1:0:1", NULL);
  assert_chain (f, "1:0:1:0", "2.1001");

  points (f, 1002, 3500);
  update (f);
  g_assert_cmpuint (f->n_deleted, ==, 0);
  g_assert_cmpuint (f->n_inserted, ==, 999 + 2);   /* of the range that was opened; and ranges */
  assert_row (f, "1:0:1", "failed  1001 – 2000 <span alpha=\"65%\">— 1 failed</span>|");
  assert_row (f, "1:0:3", "passed  3001 – 3500|");
  assert_chain (f, "1:0:2:999", "2.3000");
  g_assert_cmpuint (cvm_point_index_count (f->index, CVM_POINT_FILTER_FAILED), ==, 2);
}

/* One that comes late belongs before others */
static void
test_late (Fixture       *f,
           gconstpointer  data)
{
  point (f, 2, "1", "first", TRUE);
  point (f, 2, "3", "third", TRUE);
  update (f);
  assert_row (f, "1:0:1", "passed 3 third|");
  point (f, 2, "2", "second", FALSE);
  point (f, 2, "3.7", "deep", TRUE);
  update (f);
  assert_row (f, "1:0:1", "failed 2 second|");
  assert_row (f, "1:0:2", "passed 3 third|");
  assert_row (f, "1:0:2:0", "passed 7 deep|");
  assert_chain (f, "1:0:2:0", "2.3.7");
}

/* A filter shows what it is for and what is above it, also when it comes while one looks */
static void
test_filter (Fixture       *f,
             gconstpointer  data)
{
  look_at (f, CVM_POINT_FILTER_FAILED);
  update (f);
  assert_row (f, "0", NULL);

  point (f, 2, "1", "good", TRUE);
  point (f, 2, "2.1", "bad", FALSE);
  update (f);
  assert_row (f, "0", "not begun  Cases|0 of 2");
  assert_row (f, "0:0:0:0", "failed 1 bad|");
  assert_chain (f, "0:0:0:0", "2.2.1");
  assert_row (f, "0:0:1", NULL);

  end (f, 1, "start", CVM_OUTCOME_FAIL, "no");
  end (f, 3, "stop", CVM_OUTCOME_SKIP, "no");
  update (f);
  assert_row (f, "0", "failed  Preconditions|1.2 s");
  assert_row (f, "1:1", NULL);
  g_assert_cmpuint (cvm_point_index_count (f->index, CVM_POINT_FILTER_FAILED), ==, 2);
  g_assert_cmpuint (cvm_point_index_count (f->index, CVM_POINT_FILTER_SKIPPED), ==, 1);
  g_assert_cmpuint (cvm_point_index_count (f->index, CVM_POINT_FILTER_ALL), ==, 6);

  look_at (f, CVM_POINT_FILTER_SKIPPED);
  update (f);
  assert_row (f, "0:0", "skipped 3 It stops <span alpha=\"65%\">— no</span>|");
}

/* An index made afterwards knows the same as one that was there from the start */
static void
test_index_later (Fixture       *f,
                  gconstpointer  data)
{
  points (f, 1, 3000);
  end (f, 2, "login", CVM_OUTCOME_FAIL, "no");

  g_autoptr(CvmPointIndex) later = cvm_point_index_new (cvm_result_job (f->result, 0));

  for (CvmPointFilter filter = 0; filter < CVM_POINT_N_FILTERS; filter++)
    {
      const GPtrArray *a = cvm_point_index_children (f->index, filter, NULL);
      const GPtrArray *b = cvm_point_index_children (later, filter, NULL);

      g_assert_cmpuint (cvm_point_index_count (f->index, filter), ==,
                        cvm_point_index_count (later, filter));
      g_assert_true ((a == NULL) == (b == NULL));
      if (a != NULL)
        g_assert_cmpmem (a->pdata, a->len * sizeof (gpointer), b->pdata, b->len * sizeof (gpointer));
    }
}

static void
on_indexed (GObject      *source,
            GAsyncResult *result,
            gpointer      data)
{
  *(GPtrArray **)data = cvm_point_index_all_finish (result, NULL);
}

static GPtrArray *
index_all (CvmResult *result,
           GPtrArray *known)
{
  GPtrArray *indexes = NULL;

  cvm_point_index_all_async (result, known, NULL, on_indexed, &indexes);
  g_assert_null (indexes);        /* nor does what is known come before its time */
  while (indexes == NULL)
    g_main_context_iteration (NULL, TRUE);

  return indexes;
}

/* What was made already is not made once more */
static void
test_index_once (Fixture       *f,
                 gconstpointer  data)
{
  g_autoptr(GPtrArray) made = index_all (f->result, NULL);
  g_autoptr(GPtrArray) again = index_all (f->result, made);

  g_assert_cmpuint (made->len, ==, 1);
  g_assert_true (cvm_point_index_get_job (made->pdata[0]) == cvm_result_job (f->result, 0));
  g_assert_true (again == made);

  /* the thread may hold what it worked on a moment longer */
  while (g_atomic_int_get (&G_OBJECT (f->result)->ref_count) > 1)
    g_thread_yield ();
}

static const struct
{
  const char *name, *text, *found;
} finds[] = {
  { "title",      "SSH <lets",  "2 " },
  { "subtest",    "neEdle",     "2.2.1 2.3 " },
  { "reason",     "refused",    "2 " },
  { "details",    "0x8004",     "2.3 " },
  { "not-ascii",  "GRÜN",       "2.1 " },
  { "id",         "login",      "2 " },
  { "evidence",   "dmesg",      "3 " },
  { "nothing",    "absent",     "" },
  { "empty",      "",           "" },
};

static void
fill_to_find (Fixture *f)
{
  CvmRecord *record = add (f, CVM_RECORD_POINT, 2, NULL);
  CvmRecord *evidence = add (f, CVM_RECORD_EVIDENCE, 0, "stop");

  point (f, 2, "1", "ist grün", TRUE);
  point (f, 2, "2.1", "a needle here", FALSE);
  record->path = g_strdup ("3");
  record->text = g_strdup ("no Needle");
  cvm_record_add_detail (record, "port", "it was 0x8004");
  give (f, record);
  evidence->path = g_strdup ("logs/stop-dmesg.log");
  give (f, evidence);
  end (f, 2, "login", CVM_OUTCOME_FAIL, "was Refused");
}

static void
test_find (Fixture       *f,
           gconstpointer  data)
{
  fill_to_find (f);

  for (gsize i = 0; i < G_N_ELEMENTS (finds); i++)
    {
      g_autoptr(CvmPointFind) find = cvm_point_find_new (f->index, CVM_POINT_FILTER_ALL,
                                                         finds[i].text);
      g_autoptr(GString) found = g_string_new (NULL);

      while (cvm_point_find_step (find, 0))
        ;
      for (guint k = 0; k < cvm_point_find_count (find); k++)
        {
          const CvmPoint *chain[CVM_RESULT_MAX_CHAIN];
          guint n = cvm_point_find_get (find, k, chain);

          g_string_append_printf (found, "%s ", chain[n - 1]->path);
        }

      g_test_message ("%s", finds[i].name);
      g_assert_cmpstr (found->str, ==, finds[i].found);
    }
}

/* It looks only where the filter does, and stops when it should */
static void
test_find_filtered (Fixture       *f,
                    gconstpointer  data)
{
  g_autoptr(CvmPointFind) find = NULL;
  g_autoptr(CvmPointFind) many = NULL;

  fill_to_find (f);
  find = cvm_point_find_new (f->index, CVM_POINT_FILTER_SKIPPED, "needle");
  g_assert_false (cvm_point_find_step (find, G_USEC_PER_SEC));
  g_assert_cmpuint (cvm_point_find_count (find), ==, 0);

  points (f, 4, 5000);
  many = cvm_point_find_new (f->index, CVM_POINT_FILTER_ALL, "one");
  g_assert_true (cvm_point_find_step (many, 0));
  g_assert_cmpuint (cvm_point_find_count (many), <, 100);
  g_assert_false (cvm_point_find_step (many, 10 * G_USEC_PER_SEC));
  g_assert_cmpuint (cvm_point_find_count (many), ==, 4997);
}

static void
test_log_lines (void)
{
  static const struct
  {
    CvmRecordType type;
    const char   *kind, *name, *text, *reason;
    gboolean      ok;
    const char   *line;
  } cases[] = {
    { CVM_RECORD_LOG, "info", NULL, "a\x1b[1m line", NULL, FALSE, "a [1m line" },
    { CVM_RECORD_ACTED, "domain", "demo-01", NULL, NULL, TRUE, "made domain demo-01" },
    { CVM_RECORD_ACTED, "domain-remove", "demo-01", NULL, NULL, TRUE, "removed domain demo-01" },
    { CVM_RECORD_ACTED, "overlay", "disk", "no space", NULL, FALSE, "failed: overlay disk: no space" },
    { CVM_RECORD_FACT, NULL, "hypervisor", "qemu", NULL, FALSE, "hypervisor: qemu" },
    { CVM_RECORD_CASE_END, NULL, NULL, NULL, "why", FALSE, "x: passed after < 0.1 s: why" },
    { CVM_RECORD_JOB_END, NULL, NULL, NULL, NULL, FALSE, "the job ended" },
    { CVM_RECORD_JOB_END, NULL, NULL, "no host", NULL, FALSE, "the job ended: no host" },
    { CVM_RECORD_ACT, "domain", "demo-01", NULL, NULL, FALSE, NULL },
    { CVM_RECORD_POINT, NULL, NULL, "text", NULL, TRUE, NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(CvmRecord) record = cvm_record_new (cases[i].type, "01");
      g_autofree char *line = NULL;

      record->id = g_strdup ("x");
      record->kind = g_strdup (cases[i].kind);
      record->name = g_strdup (cases[i].name);
      record->text = g_strdup (cases[i].text);
      record->reason = g_strdup (cases[i].reason);
      record->ok = cases[i].ok;
      line = cvm_log_line (record);
      g_assert_cmpstr (line != NULL ? line + strlen ("00:00:00  ") : NULL, ==, cases[i].line);
    }
}

#define ADD(name, function) \
  g_test_add ("/point-model/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int    argc,
      char **argv)
{
  setlocale (LC_ALL, "C.UTF-8");
  g_test_init (&argc, &argv, NULL);

  ADD ("planned", test_planned);
  ADD ("running", test_running);
  ADD ("ended", test_ended);
  ADD ("subtests", test_subtests);
  ADD ("quiet", test_quiet);
  ADD ("ranges", test_ranges);
  ADD ("late", test_late);
  ADD ("filter", test_filter);
  ADD ("index-later", test_index_later);
  ADD ("index-once", test_index_once);
  ADD ("find", test_find);
  ADD ("find-filtered", test_find_filtered);
  g_test_add_func ("/log-line/all", test_log_lines);

  return g_test_run ();
}
