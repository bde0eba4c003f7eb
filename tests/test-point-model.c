/* test-point-model.c: a job's points as rows of a tree, live and in batches
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-point-model.h"

#include <locale.h>

#include "cvm-log-line.h"
#include "cvm-point-state.h"

typedef struct
{
  CvmResult    *result;
  GtkTreeStore *store;
  guint         n_changed;
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
set_up (Fixture       *f,
        gconstpointer  data)
{
  CvmRecord *begin = NULL;

  f->result = cvm_result_new ();
  f->store = cvm_point_model_new ();
  g_signal_connect_swapped (f->store, "row-changed", G_CALLBACK (count_changed), f);

  begin = add (f, CVM_RECORD_JOB_BEGIN, 3, NULL);
  begin->name = g_strdup ("demo");
  give (f, begin);
  plan (f, 1, "start", "The guest starts", TRUE);
  plan (f, 2, "login", "ssh <lets> in & out", FALSE);
  plan (f, 3, "stop", "It stops", FALSE);
}

static void
tear_down (Fixture       *f,
           gconstpointer  data)
{
  g_assert_finalize_object (f->store);
  g_assert_finalize_object (f->result);
}

static void
update (Fixture *f)
{
  f->n_changed = 0;
  cvm_point_model_update (f->store, cvm_result_job (f->result, 0), 1031 * G_USEC_PER_SEC);
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
  assert_row (f, "1:0", "failed 2 ssh &lt;lets&gt; in &amp; out|1.2 s");
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
  g_assert_nonnull (cvm_point_find (cvm_result_job (f->result, 0), "2.2"));
  g_assert_null (cvm_point_find (cvm_result_job (f->result, 0), "2.3"));
  g_assert_null (cvm_point_find (cvm_result_job (f->result, 0), ""));
}

/* A batch that brings nothing new redraws nothing */
static void
test_quiet (Fixture       *f,
            gconstpointer  data)
{
  end (f, 1, "start", CVM_OUTCOME_PASS, NULL);
  update (f);
  g_assert_cmpuint (f->n_changed, >, 0);
  update (f);
  g_assert_cmpuint (f->n_changed, ==, 0);
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
  g_test_add_func ("/log-line/all", test_log_lines);

  return g_test_run ();
}
