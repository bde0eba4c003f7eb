/* test-report-tap.c: the TAP of a run, byte for byte, live and rebuilt
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * tests/golden/report holds journals, and beside each the report.tap of its job, both written by
 * hand. */
#include <ftw.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "cvm-journal.h"
#include "cvm-report.h"
#include "cvm-tap-verdict.h"

typedef struct
{
  const char *name;
  guint       n_points;
  guint       n_failed;
} Golden;

static const Golden goldens[] = {
  { "passed", 2, 0 },
  { "mixed", 7, 2 },
  { "precondition", 3, 1 },
  { "cancelled", 4, 1 },
  { "cancelled-told", 3, 1 },
  { "early", 5, 1 },
  { "empty", 0, 0 },
  { "dead", 4, 3 },
  { "repeated", 1, 1 },
  { "headers", 1, 0 },
  { "open", 2, 1 },
};

static char *
golden_file (const char *name,
             const char *suffix)
{
  g_autofree char *file = g_strconcat (name, suffix, NULL);

  return g_test_build_filename (G_TEST_DIST, "golden", "report", file, NULL);
}

static char *
read_file (const char *path)
{
  g_autoptr(GError) error = NULL;
  char *text = NULL;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);

  return text;
}

static char *
read_golden (const char *name)
{
  g_autofree char *path = golden_file (name, ".tap");

  return read_file (path);
}

static GPtrArray *
read_journal (const char *name)
{
  g_autofree char *path = golden_file (name, ".jsonl");
  g_autoptr(GError) error = NULL;
  GPtrArray *records = cvm_journal_read (path, &error);

  g_assert_no_error (error);

  return records;
}

static char *
tap_of (const GPtrArray *records)
{
  g_autoptr(CvmReportTap) tap = cvm_report_tap_new ("01");
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < records->len; i++)
    cvm_report_tap_add (tap, g_ptr_array_index (records, i), out);

  return g_string_free (out, FALSE);
}

/* What our own reader makes of it: whole, in order, ASCII */
static void
assert_verdict (const char *tap,
                guint       n_points,
                guint       n_failed)
{
  g_autoptr(CvmTapVerdict) verdict = cvm_tap_verdict_new ();
  g_autoptr(CvmTapReader) reader = cvm_tap_reader_new (cvm_tap_verdict_take, verdict);
  const CvmTapNumbers *numbers;

  cvm_tap_reader_feed (reader, tap, strlen (tap));
  cvm_tap_reader_end (reader);
  numbers = cvm_tap_verdict_end (verdict);

  g_assert_true (g_str_is_ascii (tap));
  g_assert_cmpuint (numbers->parse_errors, ==, 0);
  g_assert_true (numbers->is_good_plan);
  g_assert_cmpuint (numbers->planned, ==, n_points);
  g_assert_cmpuint (numbers->run, ==, n_points);
  g_assert_cmpuint (numbers->failed, ==, n_failed);
}

/* Everything outside is lenient but prove: it must find nothing to complain of */
static void
assert_prove (const char *path,
              gboolean    passes)
{
  const char *argv[] = { "prove", "-e", "cat", path, NULL };
  g_autofree char *out = NULL;
  g_autofree char *err = NULL;
  g_autoptr(GError) error = NULL;
  int status;

  g_spawn_sync (NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &out, &err, &status,
                &error);
  g_assert_no_error (error);
  g_assert_null (strstr (out, "Parse errors"));
  g_assert_cmpstr (err, ==, "");
  g_assert_cmpint (g_spawn_check_wait_status (status, NULL), ==, passes);
}

static void
test_golden (gconstpointer data)
{
  const Golden *golden = data;
  g_autofree char *path = golden_file (golden->name, ".tap");
  g_autofree char *wanted = read_file (path);

  if (strcmp (golden->name, "dead") != 0)   /* which is only whole when it was rebuilt */
    {
      g_autoptr(GPtrArray) records = read_journal (golden->name);
      g_autofree char *tap = tap_of (records);

      g_assert_cmpstr (tap, ==, wanted);
    }

  assert_verdict (wanted, golden->n_points, golden->n_failed);
  assert_prove (path, golden->n_failed == 0);
}

/* Points appear as soon as their case has ended, and what has appeared stays */
static void
test_grows (void)
{
  g_autoptr(GPtrArray) records = read_journal ("mixed");
  g_autoptr(CvmReportTap) tap = cvm_report_tap_new ("01");
  g_autoptr(GString) out = g_string_new (NULL);
  guint n_ended = 0;

  for (guint i = 0; i < records->len; i++)
    {
      const CvmRecord *record = g_ptr_array_index (records, i);
      gsize before = out->len;
      g_autofree char *point = NULL;

      cvm_report_tap_add (tap, record, out);

      if (record->type == CVM_RECORD_CASE_END)
        {
          point = g_strdup_printf ("ok %u", ++n_ended);
          g_assert_nonnull (strstr (out->str + before, point));
        }
    }

  g_assert_cmpuint (n_ended, ==, 7);
}

static void
test_foreign (void)
{
  g_autoptr(CvmReportTap) tap = cvm_report_tap_new ("01");
  g_autoptr(GString) out = g_string_new (NULL);
  g_autoptr(GPtrArray) records = read_journal ("mixed");
  g_autofree char *whole = NULL;

  /* another job's, the run's own, and all that comes before the job's begin */
  for (guint type = 0; type <= CVM_RECORD_LOG; type++)
    {
      g_autoptr(CvmRecord) other = cvm_record_new (type, "02");
      g_autoptr(CvmRecord) of_run = cvm_record_new (type, NULL);
      g_autoptr(CvmRecord) early = cvm_record_new (type, "01");

      cvm_report_tap_add (tap, other, out);
      cvm_report_tap_add (tap, of_run, out);
      if (type != CVM_RECORD_JOB_BEGIN)
        cvm_report_tap_add (tap, early, out);
    }

  g_assert_cmpuint (out->len, ==, 0);

  /* once it has ended, nothing is added */
  for (guint round = 0; round < 2; round++)
    for (guint i = 0; i < records->len; i++)
      cvm_report_tap_add (tap, g_ptr_array_index (records, i), out);

  whole = read_golden ("mixed");
  g_assert_cmpstr (out->str, ==, whole);
}

/* A plan that nobody can fill, from somebody's journal */
static void
test_huge_plan (void)
{
  g_autoptr(CvmReportTap) tap = cvm_report_tap_new ("01");
  g_autoptr(GString) out = g_string_new (NULL);
  g_autoptr(CvmRecord) begin = cvm_record_new (CVM_RECORD_JOB_BEGIN, "01");
  g_autoptr(CvmRecord) end = cvm_record_new (CVM_RECORD_JOB_END, "01");

  begin->number = G_MAXUINT;
  cvm_report_tap_add (tap, begin, out);
  cvm_report_tap_add (tap, end, out);
  assert_verdict (out->str, CVM_RESULT_MAX_CASES, 0);
}

/* Facts without end, from somebody's journal of a job that stays open: the result's own bound */
static void
test_endless_facts (void)
{
  g_autoptr(CvmReportTap) tap = cvm_report_tap_new ("01");
  g_autoptr(GString) out = g_string_new (NULL);
  g_autoptr(CvmRecord) begin = cvm_record_new (CVM_RECORD_JOB_BEGIN, "01");
  g_autoptr(CvmRecord) end = cvm_record_new (CVM_RECORD_JOB_END, "01");
  g_auto(GStrv) lines = NULL;

  cvm_report_tap_add (tap, begin, out);
  for (guint i = 0; i < 5000; i++)
    {
      g_autoptr(CvmRecord) fact = cvm_record_new (CVM_RECORD_FACT, "01");

      fact->name = g_strdup_printf ("fact %u", i);
      fact->text = g_strdup ("told");
      cvm_report_tap_add (tap, fact, out);
    }
  g_assert_cmpuint (out->len, ==, 0);

  cvm_report_tap_add (tap, end, out);
  lines = g_strsplit (out->str, "\n# fact ", -1);
  g_assert_cmpuint (g_strv_length (lines), ==, 1 + 1000);
}

static void
test_join (void)
{
  g_autofree char *passed = read_golden ("passed");
  g_autofree char *early = read_golden ("early");
  const char *jobs[] = { passed, early, "" };
  const char *titles[] = { "doctor", "demo # Größe\n2", "nothing" };
  const gboolean oks[] = { TRUE, FALSE, FALSE };
  g_autofree char *joined = cvm_report_tap_join (jobs, titles, oks, 3);
  g_autofree char *none = cvm_report_tap_join (NULL, NULL, NULL, 0);
  g_autofree char *wanted = read_golden ("joined");
  g_autofree char *path = golden_file ("joined", ".tap");

  g_assert_cmpstr (joined, ==, wanted);
  assert_verdict (joined, 3, 2);
  assert_prove (path, FALSE);
  g_assert_cmpstr (none, ==, "TAP version 13\n1..0 # SKIP there is no job\n");
}

/* Files ------------------------------------------------------------------------------------- */

typedef struct
{
  char *dir;
  char *journal;
  char *report;
} Fixture;

static void
set_up (Fixture       *f,
        gconstpointer  data)
{
  f->dir = g_dir_make_tmp ("cvm-report-XXXXXX", NULL);
  f->journal = g_build_filename (f->dir, "journal.jsonl", NULL);
  f->report = g_build_filename (f->dir, "job-01", "report.tap", NULL);
}

static int
remove_entry (const char        *path,
              const struct stat *info,
              int                type,
              struct FTW        *place)
{
  return remove (path);
}

static void
tear_down (Fixture       *f,
           gconstpointer  data)
{
  g_assert_cmpint (nftw (f->dir, remove_entry, 16, FTW_DEPTH | FTW_PHYS), ==, 0);
  g_free (f->dir);
  g_free (f->journal);
  g_free (f->report);
}

static void
add_all (CvmReportFiles  *files,
         const GPtrArray *records)
{
  g_autoptr(GError) error = NULL;

  for (guint i = 0; i < records->len; i++)
    {
      cvm_report_files_add (files, g_ptr_array_index (records, i), &error);
      g_assert_no_error (error);
    }
}

static void
rebuild (Fixture *f)
{
  g_autoptr(GError) error = NULL;

  cvm_report_files_rebuild (f->dir, &error);
  g_assert_no_error (error);
}

/* Written while the records come, and rebuilt from the journal alone: the same bytes */
static void
test_files (Fixture       *f,
            gconstpointer  data)
{
  for (gsize i = 0; i < G_N_ELEMENTS (goldens); i++)
    {
      g_autoptr(CvmReportFiles) files = cvm_report_files_new (f->dir);
      g_autoptr(GPtrArray) records = read_journal (goldens[i].name);
      g_autofree char *source = golden_file (goldens[i].name, ".jsonl");
      g_autofree char *journal = read_file (source);
      g_autofree char *wanted = read_golden (goldens[i].name);
      g_autofree char *live = NULL;
      g_autofree char *rebuilt = NULL;

      add_all (files, records);
      live = read_file (f->report);
      g_assert_true (g_file_set_contents (f->journal, journal, -1, NULL));
      g_assert_cmpint (g_unlink (f->report), ==, 0);
      rebuild (f);
      rebuilt = read_file (f->report);

      g_assert_cmpstr (rebuilt, ==, wanted);
      g_assert_true (g_str_has_prefix (wanted, live));
      g_assert_cmpint (strcmp (wanted, live) == 0, ==, strcmp (goldens[i].name, "dead") != 0);
    }
}

/* However early a run died: every point that is planned is in its report, and what had ended is
 * told as it was */
static void
test_rebuild (Fixture       *f,
              gconstpointer  data)
{
  g_autofree char *source = golden_file ("mixed", ".jsonl");
  g_autofree char *journal = read_file (source);
  gsize len = strlen (journal);
  guint last_failed = 7;

  for (gsize cut = 0; cut <= len; cut += cut < len && journal[cut] != '\n' ? 37 : 1)
    {
      g_autofree char *tap = NULL;
      const char *failed;
      guint n_failed = 0;

      g_assert_true (g_file_set_contents (f->journal, journal, cut, NULL));
      rebuild (f);
      if (!g_file_test (f->report, G_FILE_TEST_EXISTS))
        continue;

      tap = read_file (f->report);
      for (failed = tap; (failed = strstr (failed, "\nnot ok")) != NULL; failed++)
        n_failed++;

      assert_verdict (tap, 7, n_failed);
      g_assert_cmpuint (n_failed, <=, last_failed);
      last_failed = n_failed;
    }

  g_assert_cmpuint (last_failed, ==, 2);
}

static void
test_no_journal (Fixture       *f,
                 gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  g_assert_false (cvm_report_files_rebuild (f->dir, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (error->message, f->journal));
}

/* A job's id becomes a folder's name: one from somebody's journal must not lead elsewhere */
static void
test_hostile_job (Fixture       *f,
                  gconstpointer  data)
{
  static const char *const ids[] = { "../../out", "/out", "..", "", "a/b", "A", "01\n" };
  g_autoptr(CvmReportFiles) files = cvm_report_files_new (f->dir);
  g_autoptr(GDir) dir = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      g_autoptr(CvmRecord) begin = cvm_record_new (CVM_RECORD_JOB_BEGIN, ids[i]);

      g_assert_true (cvm_report_files_add (files, begin, NULL));
    }

  dir = g_dir_open (f->dir, 0, NULL);
  g_assert_null (g_dir_read_name (dir));
}

static void
limit_file_size (rlim_t bytes)
{
  struct rlimit limit;

  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  limit.rlim_cur = bytes;
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
}

/* What finds no room is told, kept, and written with the next record */
static void
fill_disk (Fixture *f)
{
  g_autoptr(CvmReportFiles) files = cvm_report_files_new (f->dir);
  g_autoptr(GPtrArray) records = read_journal ("mixed");
  g_autofree char *wanted = read_golden ("mixed");
  g_autofree char *text = NULL;
  guint n_errors = 0;

  for (guint i = 0; i < records->len; i++)
    {
      g_autoptr(GError) error = NULL;

      limit_file_size (i + 3 < records->len ? 500 : RLIM_INFINITY);

      if (!cvm_report_files_add (files, g_ptr_array_index (records, i), &error))
        {
          g_assert_nonnull (strstr (error->message, f->report));
          n_errors++;
        }
    }

  text = read_file (f->report);
  g_assert_cmpuint (n_errors, >, 2);
  g_assert_cmpstr (text, ==, wanted);
}

static void
test_full_disk (Fixture       *f,
                gconstpointer  data)
{
  if (g_test_subprocess ())
    {
      signal (SIGXFSZ, SIG_IGN);
      fill_disk (f);
      return;
    }

  g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
  g_test_trap_assert_passed ();
}

#define ADD(name, func) g_test_add ("/report-tap/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (goldens); i++)
    {
      g_autofree char *path = g_strconcat ("/report-tap/golden/", goldens[i].name, NULL);

      g_test_add_data_func (path, &goldens[i], test_golden);
    }

  g_test_add_func ("/report-tap/grows", test_grows);
  g_test_add_func ("/report-tap/foreign", test_foreign);
  g_test_add_func ("/report-tap/huge-plan", test_huge_plan);
  g_test_add_func ("/report-tap/endless-facts", test_endless_facts);
  g_test_add_func ("/report-tap/join", test_join);
  ADD ("files", test_files);
  ADD ("rebuild", test_rebuild);
  ADD ("no-journal", test_no_journal);
  ADD ("hostile-job", test_hostile_job);
  ADD ("full-disk", test_full_disk);

  return g_test_run ();
}
