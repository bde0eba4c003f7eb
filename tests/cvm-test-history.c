/* cvm-test-history.c: folders of runs, as tests of the history want them
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-test-history.h"

#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

#include "cvm-file.h"
#include "cvm-paths.h"
#include "cvm-record.h"

typedef struct
{
  GTestDataFunc  test;
  gconstpointer  data;
} Added;

static char *data_home;

static void
run_test (gconstpointer data)
{
  const Added *added = data;
  g_autofree char *runs = cvm_paths_runs ();

  g_assert_cmpint (g_mkdir_with_parents (runs, 0700), ==, 0);
  added->test (added->data);
  cvm_file_remove_tree (data_home);
  g_assert_false (g_file_test (data_home, G_FILE_TEST_EXISTS));
}

void
cvm_test_history_add (const char    *path,
                      GTestDataFunc  test,
                      gconstpointer  data)
{
  Added *added = g_new (Added, 1);

  *added = (Added) { test, data };
  g_test_add_data_func_full (path, added, run_test, g_free);
}

int
cvm_test_history_main (void)
{
  g_autofree char *dir = g_dir_make_tmp ("cvm-history-XXXXXX", NULL);
  int status;

  data_home = g_build_filename (dir, "data", NULL);
  g_setenv ("XDG_DATA_HOME", data_home, TRUE);
  status = g_test_run ();
  cvm_file_remove_tree (dir);
  g_clear_pointer (&data_home, g_free);

  return status;
}

char *
cvm_test_data_path (const char *name)
{
  return cvm_paths_data (name);
}

/* Journals ------------------------------------------------------------------------------------ */

typedef struct
{
  GString *text;
  gint64   time_us;
  guint64  seq;
} Journal;

/* Takes the record */
static void
add (Journal   *self,
     CvmRecord *record)
{
  g_autofree char *line = NULL;

  record->seq = ++self->seq;
  record->time_us = self->time_us;
  line = cvm_record_to_line (record);
  g_string_append (self->text, line);
  cvm_record_unref (record);
}

static void
add_fact (Journal    *self,
          const char *name,
          const char *text)
{
  CvmRecord *record = cvm_record_new (CVM_RECORD_FACT, "01");

  record->name = g_strdup (name);
  record->text = g_strdup (text);
  add (self, record);
}

static void
add_case (Journal       *self,
          CvmRecordType  type,
          guint          number,
          const char    *word)
{
  CvmRecord *record = cvm_record_new (type, "01");
  char sign = word[strlen (word) - 1];

  record->number = number;
  record->id = g_strndup (word, strlen (word) - 1);
  record->name = g_strdup_printf ("The %s works", record->id);
  record->ms = 100;
  record->outcome = sign == '-'   ? CVM_OUTCOME_FAIL
                    : sign == '/' ? CVM_OUTCOME_SKIP
                    : sign == '!' ? CVM_OUTCOME_CANCELLED
                                  : CVM_OUTCOME_PASS;
  add (self, record);
}

static const struct
{
  const char *end;
  CvmStatus   status;
} ends[] = {
  { "passed", CVM_STATUS_PASSED }, { "failed", CVM_STATUS_FAILED },
  { "error", CVM_STATUS_ENVIRONMENT }, { "fault", CVM_STATUS_FAULT },
  { "cancelled", CVM_STATUS_CANCELLED },
};

static void
add_end (Journal       *self,
         CvmRecordType  type,
         const char    *job,
         const char    *end)
{
  for (gsize i = 0; i < G_N_ELEMENTS (ends); i++)
    {
      if (g_str_equal (end, ends[i].end))
        {
          CvmRecord *record = cvm_record_new (type, job);

          record->status = ends[i].status;
          add (self, record);
        }
    }
}

static const char *
text_or (const char *text,
         const char *other)
{
  return text != NULL ? text : other;
}

static void
add_begin (Journal          *self,
           const CvmTestRun *run,
           guint             n_points)
{
  CvmRecord *begin = cvm_record_new (CVM_RECORD_RUN_BEGIN, NULL);
  CvmRecord *job = cvm_record_new (CVM_RECORD_JOB_BEGIN, "01");

  job->name = g_strdup (text_or (run->image, "demo"));
  job->text = g_strdup (text_or (run->suite, "Demo appliance"));
  job->kind = g_strdup (text_or (run->host_uri, "qemu:///session"));
  job->number = n_points;
  begin->name = g_strdup_printf ("%s: %s", job->name, job->text);
  begin->number = 1;
  add (self, begin);
  add (self, job);
}

char *
cvm_test_run_text (const CvmTestRun *run)
{
  Journal self = { g_string_new (NULL), CVM_TEST_EPOCH_US + (gint64)run->minute * 60 * G_USEC_PER_SEC };
  g_auto(GStrv) words = g_strsplit (text_or (run->points, "start+ answers+"), " ", -1);
  const char *end = text_or (run->end, "passed");
  g_autofree char *hypervisor = g_strconcat (text_or (run->hypervisor, "qemu"), " (asked for)",
                                             NULL);

  add_begin (&self, run, g_strv_length (words));
  for (guint i = 0; words[i] != NULL; i++)
    add_case (&self, CVM_RECORD_CASE_PLANNED, i + 1, words[i]);
  add_fact (&self, "guest", "x86_64, 256 MiB, 1 CPUs");
  add_fact (&self, "hypervisor", hypervisor);
  self.time_us += (gint64)(run->seconds != 0 ? run->seconds : 60) * G_USEC_PER_SEC;
  for (guint i = 0; words[i] != NULL; i++)
    add_case (&self, CVM_RECORD_CASE_END, i + 1, words[i]);
  add_end (&self, CVM_RECORD_JOB_END, "01", end);
  add_end (&self, CVM_RECORD_RUN_END, NULL, end);

  return g_string_free (self.text, FALSE);
}

char *
cvm_test_run_write (const char *name,
                    const char *journal)
{
  g_autofree char *runs = cvm_paths_runs ();
  g_autofree char *dir = g_build_filename (runs, name, NULL);
  g_autofree char *id = g_build_filename (dir, "id", NULL);
  g_autofree char *path = g_build_filename (dir, "journal.jsonl", NULL);

  g_mkdir (dir, 0700);
  g_assert_true (g_file_set_contents (id, "2026-01-01T000000Z-0001\n", -1, NULL));
  if (journal != NULL)
    g_assert_true (g_file_set_contents (path, journal, -1, NULL));

  return realpath (dir, NULL);
}

char *
cvm_test_run_make (const CvmTestRun *run)
{
  g_autofree char *text = cvm_test_run_text (run);

  return cvm_test_run_write (run->name, text);
}
