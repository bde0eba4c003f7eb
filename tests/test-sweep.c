/* test-sweep.c: what a dead run left goes, and nothing else
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <glib/gstdio.h>

#include "cvm-fake-checks.h"
#include "cvm-fake-ports.h"
#include "cvm-id.h"
#include "cvm-journal.h"
#include "cvm-paths.h"
#include "cvm-run.h"
#include "cvm-run-folder.h"
#include "cvm-sweep.h"
#include "cvm-test-home.h"
#include "cvm-wait.h"

typedef struct
{
  char      *dir;
  GString   *told;      /* "removed domain\n"… sorted by time */
} Fixture;

static void
set_up (Fixture       *f,
        gconstpointer  data)
{
  f->dir = g_dir_make_tmp ("cvm-sweep-XXXXXX", NULL);
  f->told = g_string_new (NULL);
  cvm_test_home_clear ();
  cvm_fake_world = (CvmFakeWorld) { .dir = f->dir };
}

static void
tear_down (Fixture       *f,
           gconstpointer  data)
{
  cvm_test_remove_tree (f->dir);
  g_free (f->dir);
  g_string_free (f->told, TRUE);
}

static CvmPlan *
make_plan (Fixture *f,
           gboolean keep)
{
  static const char text[] = "[Suite]\nName=T\nVersion=1\n[Precondition start]\nCheck=fake.start\n"
                             "[Case fail]\nCheck=fake.fail\n[Case hang]\nCheck=fake.hang\n";
  g_autofree char *path = g_build_filename (f->dir, "t.suite", NULL);
  g_autofree char *disk = g_build_filename (f->dir, "base.raw", NULL);
  g_autoptr(CvmSuite) suite = NULL, resolved = NULL;
  g_autoptr(CvmImage) image = NULL;
  CvmPlan *plan = cvm_plan_new ();

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  g_assert_true (g_file_set_contents (disk, "base", -1, NULL));
  suite = cvm_suite_load (path, cvm_fake_checks_lookup, NULL);
  resolved = cvm_suite_resolve (suite, NULL, NULL, NULL, NULL);
  image = cvm_image_find (disk, NULL);
  cvm_plan_add_job (plan, image, "fake:///world", "qemu", resolved);
  cvm_plan_set_keep_failed (plan, keep);

  return plan;
}

/* In a process of its own: runs until its case hangs, says so on FD, and is killed there */
static G_GNUC_NORETURN void
be_killed (Fixture *f,
           int      fd)
{
  g_autoptr(CvmPlan) plan = make_plan (f, FALSE);
  g_autofree char *out = g_build_filename (f->dir, "out", NULL);
  CvmRun *run = cvm_run_new (plan, cvm_fake_ports (), cvm_fake_checks_find, out, NULL);
  const CvmPoint *hang;

  cvm_run_start (run);
  do
    {
      g_main_context_iteration (NULL, TRUE);
      const CvmJobResult *job = cvm_result_find_job (cvm_run_get_result (run), "01");
      hang = job != NULL && job->points->len == 3 ? g_ptr_array_index (job->points, 2) : NULL;
    }
  while (hang == NULL || !hang->is_begun);

  g_assert_cmpint (write (fd, "x", 1), ==, 1);
  while (TRUE)
    pause ();
}

static pid_t
start_run (Fixture *f)
{
  int fds[2];
  char byte;
  pid_t pid;

  g_assert_cmpint (pipe (fds), ==, 0);
  pid = fork ();
  if (pid == 0)
    be_killed (f, fds[1]);

  close (fds[1]);
  g_assert_cmpint (read (fds[0], &byte, 1), ==, 1);
  close (fds[0]);

  return pid;
}

static void
kill_run (pid_t pid)
{
  kill (pid, SIGKILL);
  waitpid (pid, NULL, 0);
}

static void
on_swept (CvmSwept    what,
          const char *kind,
          const char *name,
          const char *reason,
          gpointer    data)
{
  static const char *const words[] = { "removed", "would-remove", "left", "failed", "settled" };
  Fixture *f = data;

  g_string_append_printf (f->told, "%s %s%s%s\n", words[what], kind, reason != NULL ? ": " : "",
                          reason != NULL ? reason : "");
}

static gboolean
sweep (Fixture *f,
       gboolean dry_run)
{
  static const char *const hosts[] = { "fake:///world", NULL };

  g_string_truncate (f->told, 0);

  return cvm_sweep (cvm_fake_ports (), hosts, dry_run, cvm_deadline_in_ms (20000), NULL, on_swept, f);
}

static gboolean
has_overlay (Fixture *f)
{
  g_autofree char *path = g_build_filename (f->dir, "out", "job-01", "disk.qcow2", NULL);

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

static void
test_dead (Fixture       *f,
           gconstpointer  data)
{
  g_autofree char *journal = g_build_filename (f->dir, "out", "journal.jsonl", NULL);
  g_autoptr(CvmResult) result = NULL;

  kill_run (start_run (f));
  g_assert_cmpuint (cvm_fake_n_domains (), ==, 1);
  g_assert_true (has_overlay (f));

  g_assert_true (sweep (f, TRUE));
  g_assert_cmpstr (f->told->str, ==, "would-remove domain\nwould-remove overlay\n");
  g_assert_cmpuint (cvm_fake_n_domains (), ==, 1);

  g_assert_true (sweep (f, FALSE));
  g_assert_cmpstr (f->told->str, ==, "removed domain\nremoved overlay\nsettled run: it had died\n");
  g_assert_cmpuint (cvm_fake_n_domains (), ==, 0);
  g_assert_false (has_overlay (f));

  g_assert_true (sweep (f, FALSE));
  g_assert_cmpstr (f->told->str, ==, "");

  result = cvm_result_new_from_journal (journal, NULL);
  g_assert_cmpint (((const CvmPoint *)g_ptr_array_index (cvm_result_job (result, 0)->points, 1))->outcome,
                   ==, CVM_OUTCOME_FAIL);
  g_assert_true (cvm_result_is_ended (result));
}

static void
test_alive (Fixture       *f,
            gconstpointer  data)
{
  pid_t pid = start_run (f);

  g_assert_true (sweep (f, FALSE));
  g_assert_cmpstr (f->told->str, ==, "");
  g_assert_cmpuint (cvm_fake_n_domains (), ==, 1);
  g_assert_true (has_overlay (f));
  kill_run (pid);
}

/* The run's folder is gone: what the host says of itself is enough */
static void
test_folder_gone (Fixture       *f,
                  gconstpointer  data)
{
  g_autofree char *out = g_build_filename (f->dir, "out", NULL);
  g_autofree char *moved = g_build_filename (f->dir, "moved", NULL);

  kill_run (start_run (f));
  g_assert_cmpint (g_rename (out, moved), ==, 0);
  g_assert_true (sweep (f, FALSE));
  g_assert_cmpstr (f->told->str, ==, "removed domain\n");
  g_assert_cmpuint (cvm_fake_n_domains (), ==, 0);
}

static void
test_foreign (Fixture       *f,
              gconstpointer  data)
{
  cvm_fake_add_foreign ("11111111-1111-4111-8111-111111111111", "cvmtester-mine-not-yours", FALSE);
  cvm_fake_add_foreign ("22222222-2222-4222-8222-222222222222", "cvmtester-of-another", TRUE);
  g_assert_true (sweep (f, FALSE));
  g_assert_nonnull (strstr (f->told->str, "left domain: only its name is like ours\n"));
  g_assert_nonnull (strstr (f->told->str, "left domain: it is another user's or another machine's\n"));
  g_assert_cmpuint (cvm_fake_n_domains (), ==, 2);
}

static void
test_host_away (Fixture       *f,
                gconstpointer  data)
{
  kill_run (start_run (f));
  cvm_fake_world.host_refuses = TRUE;
  g_assert_false (sweep (f, FALSE));
  g_assert_nonnull (strstr (f->told->str, "left overlay: its guest may still run\n"));
  g_assert_null (strstr (f->told->str, "settled"));
  g_assert_true (has_overlay (f));

  cvm_fake_world.host_refuses = FALSE;
  g_assert_true (sweep (f, FALSE));
  g_assert_false (has_overlay (f));
  g_assert_cmpuint (cvm_fake_n_domains (), ==, 0);
}

/* Journals that lie ---------------------------------------------------------------------------- */

static char *
out_file (Fixture    *f,
          const char *name)
{
  return g_build_filename (f->dir, "out", name, NULL);
}

static void
add_act (Fixture    *f,
         const char *kind,
         const char *name,
         const char *uuid,
         const char *path,
         const char *host)
{
  g_autofree char *file = out_file (f, "journal.jsonl");
  g_autoptr(CvmJournal) journal = cvm_journal_open (file, NULL);
  g_autoptr(CvmRecord) record = cvm_record_new (CVM_RECORD_ACT, "01");

  record->kind = g_strdup (kind);
  record->name = g_strdup (name);
  record->uuid = g_strdup (uuid);
  record->path = g_strdup (path);
  record->text = g_strdup (host);
  g_assert_true (cvm_journal_write (journal, record, NULL));
}

/* A file outside the run's folder, told in each way that looks as if it were inside */
static const struct
{
  const char *name, *path, *victim;   /* against the test's folder */
} outside[] = {
  { "elsewhere",    "victim",                    "victim" },
  { "dots",         "out/job-01/../../victim",   "victim" },
  { "dots-as-job",  "out/job-01/../job-01/../../victim", "victim" },
  { "no-job",       "out/victim",                "out/victim" },
  { "not-a-job",    "out/other/victim",          "out/other/victim" },
  { "deeper",       "out/job-01/logs/victim",    "out/job-01/logs/victim" },
  { "link",         "out/job-99/victim",         "victim" },
};

static void
test_outside (Fixture       *f,
              gconstpointer  data)
{
  const typeof (outside[0]) *c = data;
  g_autofree char *victim = g_build_filename (f->dir, c->victim, NULL);
  g_autofree char *path = g_build_filename (f->dir, c->path, NULL);
  g_autofree char *link = out_file (f, "job-99");
  g_autofree char *folder = g_path_get_dirname (victim);

  kill_run (start_run (f));
  g_mkdir_with_parents (folder, 0700);
  g_assert_true (g_file_set_contents (victim, "precious", -1, NULL));
  g_assert_cmpint (symlink (f->dir, link), ==, 0);
  add_act (f, "overlay", "disk.qcow2", NULL, path, NULL);

  g_assert_true (sweep (f, FALSE));
  g_assert_nonnull (strstr (f->told->str, "left overlay: it is not in the run's folder\n"));
  g_assert_true (g_file_test (victim, G_FILE_TEST_EXISTS));
  g_assert_false (has_overlay (f));
}

static void
test_relative (Fixture       *f,
               gconstpointer  data)
{
  kill_run (start_run (f));
  add_act (f, "overlay", "disk.qcow2", NULL, "job-01/disk.qcow2", NULL);
  g_assert_true (sweep (f, FALSE));
  g_assert_nonnull (strstr (f->told->str, "left overlay: it is not in the run's folder\n"));
}

/* A link that stands where the overlay was: the link goes, not what it leads to */
static void
test_overlay_is_link (Fixture       *f,
                      gconstpointer  data)
{
  g_autofree char *victim = g_build_filename (f->dir, "victim", NULL);
  g_autofree char *overlay = out_file (f, "job-01/disk.qcow2");

  kill_run (start_run (f));
  g_assert_true (g_file_set_contents (victim, "precious", -1, NULL));
  g_assert_cmpint (g_unlink (overlay), ==, 0);
  g_assert_cmpint (symlink (victim, overlay), ==, 0);
  g_assert_true (sweep (f, FALSE));
  g_assert_false (g_file_test (overlay, G_FILE_TEST_IS_SYMLINK));
  g_assert_true (g_file_test (victim, G_FILE_TEST_EXISTS));
}

/* Somebody else's domain, named in a journal of ours */
static void
test_foreign_uuid (Fixture       *f,
                   gconstpointer  data)
{
  static const char uuid[] = "33333333-3333-4333-8333-333333333333";

  kill_run (start_run (f));
  cvm_fake_add_foreign (uuid, "production", FALSE);
  add_act (f, "domain", "production", uuid, NULL, "fake:///world");
  g_assert_true (sweep (f, FALSE));
  g_assert_nonnull (strstr (f->told->str, "left domain: its UUID is not one of this run\n"));
  g_assert_cmpuint (cvm_fake_n_domains (), ==, 1);
}

static GPtrArray *opened;

static gboolean
note_opened (const char  *what,
             GError     **error)
{
  g_ptr_array_add (opened, (gpointer)what);

  return FALSE;
}

/* A URI that makes libvirt run a program */
static void
test_hostile_uri (Fixture       *f,
                  gconstpointer  uri)
{
  g_autoptr(GPtrArray) said = g_ptr_array_new ();
  g_autofree char *path = out_file (f, "id");
  g_autofree char *id = NULL;
  g_autofree char *uuid = NULL;

  kill_run (start_run (f));
  g_assert_true (g_file_get_contents (path, &id, NULL, NULL));
  uuid = cvm_id_uuid_for (g_strchomp (id), "n");
  add_act (f, "domain", "n", uuid, NULL, uri);
  opened = said;
  cvm_fake_world.touch = note_opened;
  g_assert_false (sweep (f, FALSE));
  cvm_fake_world.touch = NULL;
  g_assert_cmpuint (said->len, ==, 1);   /* the host that is asked for */
  g_assert_nonnull (strstr (f->told->str, "name it with --host if it is yours\n"));
}

static void
test_unreadable (Fixture       *f,
                 gconstpointer  data)
{
  g_autofree char *path = out_file (f, "journal.jsonl");
  g_autofree char *text = NULL;
  g_autofree char *now = NULL;

  kill_run (start_run (f));
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  memset (strstr (text, "\n{") + 1, 'x', 5);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));

  g_assert_true (sweep (f, FALSE));
  g_assert_nonnull (strstr (f->told->str, "left run: "));
  g_assert_nonnull (strstr (f->told->str, "left domain: its run's journal cannot be read\n"));
  g_assert_cmpuint (cvm_fake_n_domains (), ==, 1);
  g_assert_true (has_overlay (f));
  g_assert_true (g_file_get_contents (path, &now, NULL, NULL));
  g_assert_cmpstr (now, ==, text);
}

/* More things than a run can have made */
static void
test_too_many (Fixture       *f,
               gconstpointer  data)
{
  g_autofree char *file = out_file (f, "journal.jsonl");
  g_autoptr(GString) lines = g_string_new (NULL);
  g_autofree char *text = NULL;

  kill_run (start_run (f));
  g_assert_true (g_file_get_contents (file, &text, NULL, NULL));
  g_string_append (lines, text);
  for (int i = 0; i < 5000; i++)
    g_string_append_printf (lines, "{\"v\":1,\"seq\":%d,\"t\":\"2026-11-21T07:25:13.123456Z\",\"job\":\"01\","
                            "\"type\":\"act\",\"kind\":\"overlay\",\"name\":\"n\",\"path\":\"/%d\"}\n", 1000 + i, i);
  g_assert_true (g_file_set_contents (file, lines->str, -1, NULL));

  g_assert_true (sweep (f, FALSE));
  g_assert_nonnull (strstr (f->told->str, "more than 4096 things are named in it"));
  g_assert_true (has_overlay (f));
}

static void
add_record (Fixture   *f,
            CvmRecord *record)
{
  g_autofree char *file = out_file (f, "journal.jsonl");
  g_autoptr(CvmJournal) journal = cvm_journal_open (file, NULL);
  g_autoptr(CvmRecord) owned = record;

  g_assert_true (cvm_journal_write (journal, owned, NULL));
}

/* The domain's act, as the journal has it */
static CvmRecord *
domain_act (Fixture *f)
{
  g_autofree char *file = out_file (f, "journal.jsonl");
  g_autoptr(GPtrArray) records = cvm_journal_read (file, NULL);

  for (guint i = 0; i < records->len; i++)
    {
      CvmRecord *record = g_ptr_array_index (records, i);

      if (record->type == CVM_RECORD_ACT && g_str_equal (record->kind, "domain"))
        return cvm_record_ref (record);
    }

  g_assert_not_reached ();
}

/* A removal that failed is none; one that went well is not done again */
static void
test_removed_before (Fixture       *f,
                     gconstpointer  is_ok)
{
  g_autoptr(CvmRecord) made = NULL;
  CvmRecord *acted = cvm_record_new (CVM_RECORD_ACTED, "01");

  kill_run (start_run (f));
  made = domain_act (f);
  acted->kind = g_strdup ("domain-remove");
  acted->uuid = g_strdup (made->uuid);
  acted->ok = is_ok != NULL;
  add_record (f, acted);
  cvm_fake_remove_domains ();
  g_assert_true (sweep (f, FALSE));
  g_assert_cmpstr (f->told->str, ==, is_ok != NULL ? "removed overlay\nsettled run: it had died\n"
                   : "removed domain\nremoved overlay\nsettled run: it had died\n");
}

/* A run that came to its end and could not remove all: its end stays the one it has */
static void
test_ended (Fixture       *f,
            gconstpointer  data)
{
  kill_run (start_run (f));
  add_record (f, cvm_record_new (CVM_RECORD_RUN_END, NULL));
  g_assert_true (sweep (f, FALSE));
  g_assert_cmpstr (f->told->str, ==, "removed domain\nremoved overlay\n");
}

static void
test_no_journal (Fixture       *f,
                 gconstpointer  data)
{
  g_autofree char *file = out_file (f, "journal.jsonl");

  kill_run (start_run (f));
  g_assert_cmpint (g_unlink (file), ==, 0);
  g_assert_true (sweep (f, FALSE));
  g_assert_null (strstr (f->told->str, "left"));
  g_assert_cmpuint (cvm_fake_n_domains (), ==, 0);
}

/* “Keep” without saying what keeps nothing */
static void
test_keep_nothing (Fixture       *f,
                   gconstpointer  data)
{
  kill_run (start_run (f));
  add_act (f, "domain-keep", "n", NULL, NULL, NULL);
  g_assert_true (sweep (f, FALSE));
  g_assert_cmpuint (cvm_fake_n_domains (), ==, 0);
  g_assert_false (has_overlay (f));
}

/* What the user names may be opened */
static void
test_asked_uri (Fixture       *f,
                gconstpointer  data)
{
  static const char *const hosts[] = { "fake:///world?socket=/run/x", NULL };
  g_autofree char *path = out_file (f, "id");
  g_autofree char *id = NULL;
  g_autofree char *uuid = NULL;

  kill_run (start_run (f));
  g_assert_true (g_file_get_contents (path, &id, NULL, NULL));
  uuid = cvm_id_uuid_for (g_strchomp (id), "n");
  add_act (f, "domain", "n", uuid, NULL, hosts[0]);
  g_assert_true (cvm_sweep (cvm_fake_ports (), hosts, FALSE, cvm_deadline_in_ms (20000), NULL, on_swept, f));
  g_assert_null (strstr (f->told->str, "failed"));
}

/* Several ------------------------------------------------------------------------------------- */

/* The run's folder is somebody's who sweeps as well: another sweep */
static void
test_two_sweeps (Fixture       *f,
                 gconstpointer  data)
{
  g_autofree char *out = g_build_filename (f->dir, "out", NULL);
  g_autoptr(CvmRunFolder) other = NULL;

  kill_run (start_run (f));
  other = cvm_run_folder_open_dead (out, NULL);
  g_assert_true (sweep (f, FALSE));
  g_assert_cmpstr (f->told->str, ==, "");
  g_assert_cmpuint (cvm_fake_n_domains (), ==, 1);
}

static void
copy_folder (Fixture *f)
{
  static const char *const names[] = { "id", "journal.jsonl" };
  g_autofree char *runs = cvm_paths_runs ();
  g_autofree char *copy = g_build_filename (runs, "0-copy", NULL);

  g_assert_cmpint (g_mkdir (copy, 0700), ==, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *from = out_file (f, names[i]);
      g_autofree char *to = g_build_filename (copy, names[i], NULL);
      g_autofree char *text = NULL;
      gsize len;

      g_assert_true (g_file_get_contents (from, &text, &len, NULL));
      g_assert_true (g_file_set_contents (to, text, len, NULL));
    }
}

/* A copy of a live run's folder has no lock: the run lives all the same */
static void
test_copy_of_alive (Fixture       *f,
                    gconstpointer  data)
{
  pid_t pid = start_run (f);

  copy_folder (f);
  g_assert_true (sweep (f, FALSE));
  g_assert_cmpstr (f->told->str, ==, "left run: a run of this id lives\n");
  g_assert_cmpuint (cvm_fake_n_domains (), ==, 1);
  g_assert_true (has_overlay (f));
  kill_run (pid);
}

static void
test_copy_of_dead (Fixture       *f,
                   gconstpointer  data)
{
  kill_run (start_run (f));
  copy_folder (f);
  g_assert_true (sweep (f, FALSE));
  g_assert_cmpuint (cvm_fake_n_domains (), ==, 0);
  g_assert_false (has_overlay (f));
}

/* More runs in the history than a process may have files open */
static void
test_long_history (Fixture       *f,
                   gconstpointer  data)
{
  struct rlimit old, few = { 40, 40 };
  g_autofree char *runs = cvm_paths_runs ();

  for (int i = 0; i < 60; i++)
    {
      g_autofree char *path = g_strdup_printf ("%s/old-%d", runs, i);
      g_autofree char *id = g_build_filename (path, "id", NULL);
      g_autofree char *file = g_build_filename (path, "journal.jsonl", NULL);
      g_autofree char *line = g_strdup_printf ("old-%d\n", i);
      g_autoptr(CvmRecord) end = cvm_record_new (CVM_RECORD_RUN_END, NULL);

      g_assert_cmpint (g_mkdir_with_parents (path, 0700), ==, 0);
      g_assert_true (g_file_set_contents (id, line, -1, NULL));
      g_autoptr(CvmJournal) journal = cvm_journal_open (file, NULL);
      g_assert_true (cvm_journal_write (journal, end, NULL));
    }

  kill_run (start_run (f));
  g_assert_cmpint (getrlimit (RLIMIT_NOFILE, &old), ==, 0);
  few.rlim_max = old.rlim_max;
  g_assert_cmpint (setrlimit (RLIMIT_NOFILE, &few), ==, 0);
  g_assert_true (sweep (f, FALSE));
  g_assert_cmpint (setrlimit (RLIMIT_NOFILE, &old), ==, 0);
  g_assert_cmpstr (f->told->str, ==, "removed domain\nremoved overlay\nsettled run: it had died\n");
}

/* A live run of somebody with another data folder: only its lock tells */
static void
test_alive_elsewhere (Fixture       *f,
                      gconstpointer  data)
{
  g_autofree char *runs = cvm_paths_runs ();
  pid_t pid = start_run (f);

  cvm_test_remove_tree (runs);
  g_assert_true (sweep (f, FALSE));
  g_assert_cmpstr (f->told->str, ==, "");
  g_assert_cmpuint (cvm_fake_n_domains (), ==, 1);
  kill_run (pid);
}

/* A domain on a host that several machines reach */
static void
test_another_machine (Fixture       *f,
                      gconstpointer  data)
{
  g_autofree char *out = g_build_filename (f->dir, "out", NULL);
  g_autoptr(CvmRecord) made = NULL;
  g_autofree char *domain = NULL;
  g_autofree char *text = NULL;
  g_autoptr(GString) moved = NULL;

  kill_run (start_run (f));
  made = domain_act (f);
  domain = g_strdup_printf ("%s/domain-%s", f->dir, made->uuid);
  g_assert_true (g_file_get_contents (domain, &text, NULL, NULL));
  moved = g_string_new (text);
  g_string_replace (moved, cvm_id_machine (), "another", 0);
  g_assert_true (g_file_set_contents (domain, moved->str, -1, NULL));
  cvm_test_remove_tree (out);
  g_assert_true (sweep (f, FALSE));
  g_assert_cmpstr (f->told->str, ==, "left domain: it is another user's or another machine's\n");
}

static void
test_cancelled (Fixture       *f,
                gconstpointer  data)
{
  static const char *const hosts[] = { "fake:///world", NULL };
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();

  kill_run (start_run (f));
  g_cancellable_cancel (cancellable);
  cvm_sweep (cvm_fake_ports (), hosts, FALSE, cvm_deadline_in_ms (20000), cancellable, on_swept, f);
  g_assert_cmpstr (f->told->str, ==, "");
  g_assert_true (has_overlay (f));
  g_assert_cmpuint (cvm_fake_n_domains (), ==, 1);
}

static void
test_kept (Fixture       *f,
           gconstpointer  data)
{
  g_autofree char *path = g_build_filename (f->dir, "out", "journal.jsonl", NULL);
  g_autoptr(CvmJournal) journal = NULL;
  g_autoptr(GPtrArray) records = NULL;
  g_autoptr(CvmRecord) keep = cvm_record_new (CVM_RECORD_ACT, "01");

  kill_run (start_run (f));
  records = cvm_journal_read (path, NULL);
  for (guint i = 0; i < records->len; i++)
    {
      const CvmRecord *record = g_ptr_array_index (records, i);

      if (record->type == CVM_RECORD_ACT && g_str_equal (record->kind, "domain"))
        keep->uuid = g_strdup (record->uuid);
      if (record->type == CVM_RECORD_ACT && g_str_equal (record->kind, "overlay"))
        keep->path = g_strdup (record->path);
    }

  keep->kind = g_strdup ("domain-keep");
  journal = cvm_journal_open (path, NULL);
  g_assert_true (cvm_journal_write (journal, keep, NULL));
  g_assert_true (sweep (f, FALSE));
  g_assert_cmpuint (cvm_fake_n_domains (), ==, 1);
  g_assert_true (has_overlay (f));
}

#define ADD(name, func) g_test_add ("/sweep/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int    argc,
      char **argv)
{
  cvm_test_home_enter ();
  g_test_init (&argc, &argv, NULL);

  ADD ("dead", test_dead);
  ADD ("alive", test_alive);
  ADD ("folder-gone", test_folder_gone);
  ADD ("foreign", test_foreign);
  ADD ("host-away", test_host_away);
  ADD ("relative", test_relative);
  ADD ("overlay-is-link", test_overlay_is_link);
  ADD ("foreign-uuid", test_foreign_uuid);
  ADD ("unreadable", test_unreadable);
  ADD ("too-many", test_too_many);
  ADD ("two-sweeps", test_two_sweeps);
  ADD ("copy-of-alive", test_copy_of_alive);
  ADD ("copy-of-dead", test_copy_of_dead);
  ADD ("long-history", test_long_history);
  ADD ("cancelled", test_cancelled);
  ADD ("ended", test_ended);
  ADD ("no-journal", test_no_journal);
  ADD ("keep-nothing", test_keep_nothing);
  ADD ("uri/asked", test_asked_uri);
  ADD ("alive-elsewhere", test_alive_elsewhere);
  ADD ("another-machine", test_another_machine);
  ADD ("kept", test_kept);

  for (gsize i = 0; i < G_N_ELEMENTS (outside); i++)
    {
      g_autofree char *path = g_strconcat ("/sweep/outside/", outside[i].name, NULL);

      g_test_add (path, Fixture, &outside[i], set_up, test_outside, tear_down);
    }

  g_test_add ("/sweep/removed-before/ok", Fixture, "", set_up, test_removed_before, tear_down);
  g_test_add ("/sweep/removed-before/failed", Fixture, NULL, set_up, test_removed_before, tear_down);
  g_test_add ("/sweep/uri/ext", Fixture, "qemu+EXT:///session", set_up, test_hostile_uri, tear_down);
  g_test_add ("/sweep/uri/query", Fixture, "qemu+ssh://h/system?%63ommand=/bin/evil", set_up,
              test_hostile_uri, tear_down);

  return cvm_test_home_run ();
}
