/* cvm-history-list.c: what the index is asked
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-history-private.h"

#include <stdlib.h>

#define ALL_ROWS  G_MAXINT32

/* The columns of a run; its strip comes last, from the newest on */
enum
{
  AT_ID, AT_DIR, AT_TITLE, AT_IMAGE, AT_SUITE, AT_HOST, AT_HYPERVISOR, AT_PROBLEM, AT_N_JOBS,
  AT_PASSED, AT_FAILED, AT_SKIPPED, AT_PLANNED, AT_STATE, AT_BEGUN, AT_TOOK, AT_CANCELLED, AT_STRIP
};

/* An outcome of 1 is CVM_OUTCOME_FAIL: a literal, so that the index of failed points serves;
 * of 3 CVM_OUTCOME_CANCELLED, looked for only in runs of the state of that name */
#define WHERE \
  " WHERE (?1 = '' OR instr (r.folded, ?1) > 0 OR r.id IN (SELECT p.run FROM label l" \
  "        JOIN point p ON p.label = l.id AND p.outcome = 1 WHERE instr (l.folded, ?1) > 0))" \
  " AND (?2 = '' OR EXISTS (SELECT 1 FROM job WHERE run = r.id AND image = ?2))" \
  " AND (?3 = '' OR EXISTS (SELECT 1 FROM job WHERE run = r.id AND suite = ?3))" \
  " AND (?4 = '' OR EXISTS (SELECT 1 FROM job WHERE run = r.id AND host = ?4))" \
  " AND (?5 < 0 OR r.state = ?5) AND r.begun_us >= ?6" \
  " AND (?7 = '' OR substr (r.name, 1, length (?7)) = ?7)"

static const char list_sql[] =
  "SELECT r.name, r.dir, r.title, r.image, r.suite, r.host, r.hypervisor, r.problem, r.n_jobs,"
  " r.passed, r.failed, r.skipped, r.planned, r.state, r.begun_us, r.took_ms,"
  " CASE r.state WHEN 3 THEN (SELECT count (*) FROM point WHERE run = r.id AND outcome = 3)"
  "   ELSE 0 END,"
  " (SELECT group_concat (mark, '') FROM (SELECT mark FROM run s WHERE s.mark != ''"
  "   AND s.suite = r.suite AND s.image = r.image AND s.host = r.host"
  "   AND (s.begun_us, s.dir) <= (r.begun_us, r.dir)"
  "   ORDER BY s.begun_us DESC, s.dir DESC LIMIT 20))"
  " FROM run r" WHERE " AND (r.begun_us, r.dir) < (?8, ?9)"
  " ORDER BY r.begun_us DESC, r.dir DESC LIMIT ?10";

static const char count_sql[] = "SELECT count (*) FROM run r" WHERE;

/* A suite's newest jobs that passed; what is not asked for is '' */
static const char usual_sql[] =
  "SELECT ms FROM job WHERE status = 0 AND suite = ?1 AND (?2 = 0 OR image = ?3)"
  " AND (?4 = '' OR host = ?4) AND (?5 = '' OR hypervisor = ?5)"
  " ORDER BY begun_us DESC LIMIT 5";

static const char memory_sql[] =
  "SELECT memory FROM job WHERE image = ?1 AND memory > 0 ORDER BY begun_us DESC LIMIT 1";

void
cvm_history_run_free (CvmHistoryRun *run)
{
  g_free (run->id);
  g_free (run->dir);
  g_free (run->title);
  g_free (run->image);
  g_free (run->suite);
  g_free (run->host_uri);
  g_free (run->hypervisor);
  g_free (run->strip);
  g_free (run->problem);
  g_free (run);
}

static char *
dup_column (sqlite3_stmt *statement,
            int           column)
{
  const char *text = (const char *)sqlite3_column_text (statement, column);

  return text != NULL && *text != '\0' ? g_strdup (text) : NULL;
}

static void
take_counts (CvmHistoryRun *run,
             sqlite3_stmt  *statement)
{
  run->n_jobs = sqlite3_column_int (statement, AT_N_JOBS);
  run->passed = sqlite3_column_int (statement, AT_PASSED);
  run->failed = sqlite3_column_int (statement, AT_FAILED);
  run->skipped = sqlite3_column_int (statement, AT_SKIPPED);
  run->planned = sqlite3_column_int (statement, AT_PLANNED);
  run->cancelled = sqlite3_column_int (statement, AT_CANCELLED);
}

static CvmHistoryRun *
take_row (sqlite3_stmt *statement)
{
  CvmHistoryRun *run = g_new0 (CvmHistoryRun, 1);

  run->id = dup_column (statement, AT_ID);
  run->dir = dup_column (statement, AT_DIR);
  run->title = dup_column (statement, AT_TITLE);
  run->image = dup_column (statement, AT_IMAGE);
  run->suite = dup_column (statement, AT_SUITE);
  run->host_uri = dup_column (statement, AT_HOST);
  run->hypervisor = dup_column (statement, AT_HYPERVISOR);
  run->problem = dup_column (statement, AT_PROBLEM);
  take_counts (run, statement);
  run->state = sqlite3_column_int (statement, AT_STATE);
  run->begun_us = sqlite3_column_int64 (statement, AT_BEGUN);
  run->took_ms = sqlite3_column_int64 (statement, AT_TOOK);
  run->strip = dup_column (statement, AT_STRIP);
  run->strip = run->strip != NULL ? g_strreverse (run->strip) : g_strdup ("");

  return run;
}

static gint64
since (const CvmHistoryQuery *query)
{
  return query->since_us != 0 ? query->since_us : G_MININT64;
}

/* TRUE: they are all there. The index that failed is another one now. */
static gboolean
try_list (CvmHistory            *self,
          const CvmHistoryQuery *query,
          guint                  limit,
          GPtrArray             *runs,
          GCancellable          *cancellable)
{
  CvmHistoryBase *base = cvm_history_begin (self, CVM_HISTORY_READER, cancellable);
  g_autofree char *text = query->text != NULL ? cvm_history_fold (query->text) : NULL;
  sqlite3_stmt *statement;

  statement = cvm_history_base_ask (base, list_sql, "ssssiisisi", text, query->image, query->suite,
                                    query->host_uri, (gint64)query->state, since (query),
                                    query->id, query->before_us != 0 ? query->before_us : G_MAXINT64,
                                    query->before_dir,
                                    limit != 0 ? (gint64)limit : (gint64)ALL_ROWS);
  while (cvm_history_base_next (base, statement))
    g_ptr_array_add (runs, take_row (statement));

  return cvm_history_end (self, base);
}

GPtrArray *
cvm_history_list (CvmHistory             *self,
                  const CvmHistoryQuery  *query,
                  guint                   limit,
                  GCancellable           *cancellable,
                  GError                **error)
{
  g_autoptr(GPtrArray) runs = NULL;

  runs = g_ptr_array_new_with_free_func ((GDestroyNotify)cvm_history_run_free);
  for (guint i = 0; i < CVM_HISTORY_TRIES && !try_list (self, query, limit, runs, cancellable); i++)
    g_ptr_array_set_size (runs, 0);

  return g_cancellable_set_error_if_cancelled (cancellable, error) ? NULL
                                                                   : g_steal_pointer (&runs);
}

guint
cvm_history_count (CvmHistory            *self,
                   const CvmHistoryQuery *query,
                   GCancellable          *cancellable)
{
  CvmHistoryBase *base = cvm_history_begin (self, CVM_HISTORY_READER, cancellable);
  g_autofree char *text = query->text != NULL ? cvm_history_fold (query->text) : NULL;
  sqlite3_stmt *statement;
  guint n = 0;

  statement = cvm_history_base_ask (base, count_sql, "ssssiis", text, query->image, query->suite,
                                    query->host_uri, (gint64)query->state, since (query),
                                    query->id);
  if (cvm_history_base_next (base, statement))
    n = sqlite3_column_int (statement, 0);

  return cvm_history_end (self, base) ? n : 0;
}

char **
cvm_history_names (CvmHistory      *self,
                   CvmHistoryNames  which,
                   GCancellable    *cancellable)
{
  static const char *const sql[] = {
    [CVM_HISTORY_IMAGES] = "SELECT DISTINCT image FROM job WHERE image != '' ORDER BY 1",
    [CVM_HISTORY_SUITES] = "SELECT DISTINCT suite FROM job WHERE suite != '' ORDER BY 1",
    [CVM_HISTORY_HOSTS] = "SELECT DISTINCT host FROM job WHERE host != '' ORDER BY 1",
  };
  CvmHistoryBase *base = cvm_history_begin (self, CVM_HISTORY_READER, cancellable);
  sqlite3_stmt *statement = cvm_history_base_ask (base, sql[which], "");
  g_autoptr(GStrvBuilder) names = g_strv_builder_new ();

  while (cvm_history_base_next (base, statement))
    g_strv_builder_add (names, (const char *)sqlite3_column_text (statement, 0));
  cvm_history_end (self, base);

  return g_strv_builder_end (names);
}

/* What is usual -------------------------------------------------------------------------------- */

static int
compare_ms (gconstpointer a,
            gconstpointer b)
{
  const gint64 *x = a, *y = b;

  return *x < *y ? -1 : *x > *y;
}

static void
take_times (CvmHistoryUsual *usual,
            CvmHistoryBase  *base,
            sqlite3_stmt    *statement)
{
  gint64 times[5];

  while (usual->n_runs < G_N_ELEMENTS (times) && cvm_history_base_next (base, statement))
    times[usual->n_runs++] = sqlite3_column_int64 (statement, 0);

  if (usual->n_runs == 0)
    return;

  qsort (times, usual->n_runs, sizeof *times, compare_ms);
  usual->ms = times[usual->n_runs / 2];
}

/* From the narrowest cell that has passed */
static void
find_times (CvmHistoryUsual      *usual,
            CvmHistoryBase       *base,
            const CvmHistoryCell *cell)
{
  gboolean is_any = g_strcmp0 (cell->hypervisor, "auto") == 0;
  const char *hypervisor = is_any ? "" : cell->hypervisor;
  const struct { gint64 has_image; const char *host, *hypervisor; } steps[] = {
    { 1, cell->host_uri, hypervisor }, { 1, cell->host_uri, "" }, { 1, "", "" }, { 0, "", "" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (steps) && usual->n_runs == 0; i++)
    {
      sqlite3_stmt *statement
        = cvm_history_base_ask (base, usual_sql, "sisss", cell->suite, steps[i].has_image,
                                cell->image, steps[i].host, steps[i].hypervisor);

      take_times (usual, base, statement);
      usual->is_same = i == 0 && usual->n_runs > 0;
    }
}

CvmHistoryUsual
cvm_history_usual (CvmHistory           *self,
                   const CvmHistoryCell *cell,
                   GCancellable         *cancellable)
{
  CvmHistoryBase *base = cvm_history_begin (self, CVM_HISTORY_READER, cancellable);
  CvmHistoryUsual usual = { 0 };
  sqlite3_stmt *statement;

  find_times (&usual, base, cell);
  statement = cvm_history_base_ask (base, memory_sql, "s", cell->image);
  if (cvm_history_base_next (base, statement))
    usual.memory = sqlite3_column_int64 (statement, 0);
  cvm_history_end (self, base);

  return usual;
}

gint64
cvm_history_usual_ms (CvmHistory *self,
                      const char *image,
                      const char *suite,
                      const char *host_uri,
                      const char *hypervisor)
{
  return cvm_history_usual (self, &(CvmHistoryCell){ image, suite, host_uri, hypervisor }, NULL).ms;
}

guint64
cvm_history_usual_memory (CvmHistory *self,
                          const char *image,
                          const char *suite,
                          const char *host_uri,
                          const char *hypervisor)
{
  return cvm_history_usual (self, &(CvmHistoryCell){ image, suite, host_uri, hypervisor }, NULL)
         .memory;
}
