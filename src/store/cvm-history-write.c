/* cvm-history-write.c: a run's rows in the index
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-history-private.h"

#include <stdlib.h>
#include <string.h>

typedef struct
{
  CvmHistoryBase *base;
  gint64          run;      /* its row */
} Writing;

/* What all jobs come to */
typedef struct
{
  guint passed, failed, skipped, planned;
} Counts;

char *
cvm_history_fold (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  g_autofree char *folded = g_utf8_casefold (valid, -1);

  return g_utf8_normalize (folded, -1, G_NORMALIZE_ALL);
}

static const char *
find_fact (const CvmJobResult *job,
           const char         *name)
{
  for (guint i = 0; i < job->facts->len; i++)
    {
      const CvmDetail *fact = job->facts->pdata[i];

      if (g_str_equal (fact->key, name))
        return fact->value;
    }

  return "";
}

/* "kvm (it booted before)" → "kvm" */
static char *
dup_hypervisor (const CvmJobResult *job)
{
  const char *fact = find_fact (job, "hypervisor");

  return g_strndup (fact, strcspn (fact, " "));
}

/* "x86_64, 512 MiB, 1 CPUs" → bytes */
static gint64
get_memory (const CvmJobResult *job)
{
  const char *comma = strchr (find_fact (job, "guest"), ',');
  char *end = NULL;
  guint64 mib = comma != NULL ? g_ascii_strtoull (comma + 1, &end, 10) : 0;

  return mib < G_MAXINT32 && end != NULL && g_str_has_prefix (end, " MiB") ? (gint64)mib << 20 : 0;
}

static Counts
count (CvmResult *result)
{
  Counts sum = { 0 };

  for (guint i = 0; i < cvm_result_n_jobs (result); i++)
    {
      const CvmJobResult *job = cvm_result_job (result, i);

      sum.passed += job->passed;
      sum.failed += job->failed;
      sum.skipped += job->skipped;
      sum.planned += MIN (job->planned, CVM_RESULT_MAX_CASES);
    }

  return sum;
}

static const char *
mark_of (CvmHistoryState state)
{
  static const char *const marks[] = { "p", "f", "e", "c" };

  return state <= CVM_HISTORY_CANCELLED ? marks[state] : "";
}

static const char *
text_or_empty (const char *text)
{
  return text != NULL ? text : "";
}

/* What is searched of a run: of all its jobs, each text once */
static void
add_word (GString    *words,
          const char *text)
{
  g_autofree char *folded = text != NULL ? cvm_history_fold (text) : NULL;
  g_autofree char *line = folded != NULL ? g_strconcat (folded, "\n", NULL) : NULL;

  if (line != NULL && strstr (words->str, line) == NULL)
    g_string_append (words, line);
}

static char *
dup_words (CvmResult *result)
{
  GString *words = g_string_new (NULL);

  add_word (words, cvm_result_get_title (result));
  for (guint i = 0; i < cvm_result_n_jobs (result); i++)
    {
      const CvmJobResult *job = cvm_result_job (result, i);

      add_word (words, job->image);
      add_word (words, job->suite);
      add_word (words, job->host_uri);
    }

  return g_string_free (words, FALSE);
}

static void
write_point (const Writing      *self,
             const CvmJobResult *job,
             const CvmPoint     *point)
{
  g_autofree char *both = g_strconcat (text_or_empty (point->id), "\n", point->title, NULL);
  g_autofree char *folded = cvm_history_fold (both);

  cvm_history_base_do (self->base, "INSERT OR IGNORE INTO label (word, title, folded)"
                       " VALUES (?, ?, ?)", "sss", point->id, point->title, folded);
  cvm_history_base_do (self->base,
                       "INSERT OR IGNORE INTO point SELECT ?, ?, ?, id, ?, ? FROM label"
                       " WHERE word = ? AND title = ?", "iiiiiss",
                       self->run, (gint64)atoi (job->id), g_ascii_strtoll (point->path, NULL, 10),
                       (gint64)point->outcome, point->ms, point->id, point->title);
}

static void
write_job (const Writing      *self,
           const CvmJobResult *job)
{
  g_autofree char *hypervisor = dup_hypervisor (job);
  gboolean is_ended = job->ended_us != 0;

  cvm_history_base_do (self->base,
                       "INSERT OR IGNORE INTO job (run, number, image, suite, host, hypervisor,"
                       " memory, status, begun_us, ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                       "iissssiiii", self->run, (gint64)atoi (job->id), job->image, job->suite,
                       job->host_uri, hypervisor, get_memory (job),
                       is_ended ? (gint64)job->status : (gint64)-1, job->begun_us,
                       is_ended ? MAX (job->ended_us - job->begun_us, 0) / 1000 : (gint64)0);

  for (guint i = 0; i < job->points->len; i++)
    {
      const CvmPoint *point = job->points->pdata[i];

      if (point->is_ended)
        write_point (self, job, point);
    }
}

static guint
write_run (const CvmHistoryFound *found,
           CvmHistoryBase        *base)
{
  static const CvmJobResult none = { 0 };
  guint n_jobs = cvm_result_n_jobs (found->result);
  const CvmJobResult *first = n_jobs > 0 ? cvm_result_job (found->result, 0) : &none;
  g_autofree char *hypervisor = n_jobs > 0 ? dup_hypervisor (first) : NULL;
  g_autofree char *words = dup_words (found->result);
  Counts sum = count (found->result);

  return cvm_history_base_do (base,
                              "INSERT OR IGNORE INTO run (name, dir, size, changed_us, state,"
                              " begun_us, took_ms, title, image, suite, host, hypervisor, n_jobs,"
                              " passed, failed, skipped, planned, problem, mark, folded)"
                              " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
                              " ?)", "ssiiiiisssssiiiiisss", found->name, found->dir, found->size,
                              found->changed_us, (gint64)found->state, found->begun_us,
                              found->took_ms, cvm_result_get_title (found->result), first->image,
                              first->suite, first->host_uri, hypervisor,
                              (gint64)MAX (n_jobs, MIN (found->n_jobs, 999)), (gint64)sum.passed,
                              (gint64)sum.failed, (gint64)sum.skipped, (gint64)sum.planned,
                              found->problem, mark_of (found->state), words);
}

guint
cvm_history_found_write (const CvmHistoryFound *found,
                         CvmHistoryBase        *base)
{
  Writing writing = { base, 0 };
  sqlite3_stmt *statement;
  guint n_gone = cvm_history_base_do (base, "DELETE FROM run WHERE name = ?", "s", found->name);

  /* also when its folder is there under another name */
  if (found->dir == NULL || write_run (found, base) == 0)
    return n_gone;

  statement = cvm_history_base_ask (base, "SELECT last_insert_rowid ()", "");
  if (cvm_history_base_next (base, statement))
    writing.run = sqlite3_column_int64 (statement, 0);

  for (guint i = 0; i < cvm_result_n_jobs (found->result); i++)
    write_job (&writing, cvm_result_job (found->result, i));

  return 1;
}
