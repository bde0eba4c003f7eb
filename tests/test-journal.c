/* test-journal.c: what was written is there, whatever happens to the writer or the disk
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cvm-journal.h"

#define LOG_LINE(seq, text) \
  "{\"v\":1,\"seq\":" #seq ",\"t\":\"2026-11-21T07:25:13.000001Z\",\"job\":null," \
  "\"type\":\"log\",\"text\":\"" text "\"}\n"

typedef struct
{
  char *dir;
  char *path;
} Fixture;

static void
set_up (Fixture       *f,
        gconstpointer  data)
{
  f->dir = g_dir_make_tmp ("cvm-journal-XXXXXX", NULL);
  f->path = g_build_filename (f->dir, "journal.jsonl", NULL);
}

static void
tear_down (Fixture       *f,
           gconstpointer  data)
{
  g_unlink (f->path);
  g_assert_cmpint (g_rmdir (f->dir), ==, 0);
  g_free (f->path);
  g_free (f->dir);
}

static CvmJournal *
open_journal (Fixture *f)
{
  g_autoptr(GError) error = NULL;
  CvmJournal *journal = cvm_journal_open (f->path, &error);

  g_assert_no_error (error);

  return journal;
}

static gboolean
write_text (CvmJournal    *journal,
            CvmRecordType  type,
            const char    *text,
            GError       **error)
{
  g_autoptr(CvmRecord) record = cvm_record_new (type, NULL);

  record->text = g_strdup (text);

  return cvm_journal_write (journal, record, error);
}

static void
must_write (CvmJournal *journal,
            const char *text)
{
  g_autoptr(GError) error = NULL;

  write_text (journal, CVM_RECORD_LOG, text, &error);
  g_assert_no_error (error);
}

/* The journal's records, whose numbers are whole and whose times never go back */
static GPtrArray *
read_whole (Fixture *f)
{
  g_autoptr(GError) error = NULL;
  GPtrArray *records = cvm_journal_read (f->path, &error);
  gint64 last_us = 0;

  g_assert_no_error (error);

  for (guint i = 0; i < records->len; i++)
    {
      const CvmRecord *record = g_ptr_array_index (records, i);

      g_assert_cmpuint (record->seq, ==, i + 1);
      g_assert_cmpint (record->time_us, >=, last_us);
      last_us = record->time_us;
    }

  return records;
}

static void
assert_texts (Fixture    *f,
              const char *wanted)
{
  g_autoptr(GPtrArray) records = read_whole (f);
  g_autoptr(GString) texts = g_string_new (NULL);

  for (guint i = 0; i < records->len; i++)
    g_string_append_printf (texts, "%s ", ((CvmRecord *)g_ptr_array_index (records, i))->text);

  g_assert_cmpstr (texts->str, ==, wanted);
}

static void
set_content (Fixture    *f,
             const char *content,
             gssize      len)
{
  g_assert_true (g_file_set_contents (f->path, content, len, NULL));
}

static void
test_write (Fixture       *f,
            gconstpointer  data)
{
  gint64 before_us = g_get_real_time ();
  g_autoptr(CvmJournal) journal = open_journal (f);
  g_autoptr(GPtrArray) records = NULL;
  struct stat info;

  must_write (journal, "one");
  must_write (journal, "two");
  records = read_whole (f);

  g_assert_cmpint (((CvmRecord *)g_ptr_array_index (records, 0))->time_us, >=, before_us);
  g_assert_cmpint (((CvmRecord *)g_ptr_array_index (records, 1))->time_us, <=, g_get_real_time ());
  g_assert_cmpint (stat (f->path, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0600);
  assert_texts (f, "one two ");
  g_assert_finalize_object (g_steal_pointer (&journal));
}

static void
test_go_on (Fixture       *f,
            gconstpointer  data)
{
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr(CvmJournal) journal = open_journal (f);

      must_write (journal, "x");
      must_write (journal, "y");
    }

  assert_texts (f, "x y x y x y ");
}

/* Torn at each of its bytes, the last line is dropped by a reader and cut off by the next writer */
static void
test_torn (Fixture       *f,
           gconstpointer  data)
{
  const char *content = LOG_LINE (1, "one") LOG_LINE (2, "two");
  gsize whole = strlen (LOG_LINE (1, "one"));

  for (gsize len = 0; len <= strlen (content); len++)
    {
      g_autoptr(CvmJournal) journal = NULL;

      set_content (f, content, len);
      assert_texts (f, len < whole ? "" : len < strlen (content) ? "one " : "one two ");

      journal = open_journal (f);
      must_write (journal, "new");
      assert_texts (f, len < whole ? "new " : len < strlen (content) ? "one new " : "one two new ");
    }
}

/* A clock that was set back does not turn the journal's order round */
static void
test_clock (Fixture       *f,
            gconstpointer  data)
{
  const char *future = "{\"v\":1,\"seq\":1,\"t\":\"2037-01-01T00:00:00.000009Z\",\"type\":\"log\"}\n";
  g_autoptr(CvmJournal) journal = NULL;
  g_autoptr(GPtrArray) records = NULL;

  set_content (f, future, -1);
  journal = open_journal (f);
  must_write (journal, "later");
  records = read_whole (f);

  g_assert_cmpint (((CvmRecord *)g_ptr_array_index (records, 0))->time_us, ==,
                   ((CvmRecord *)g_ptr_array_index (records, 1))->time_us);
}

static void
assert_unreadable (Fixture    *f,
                   int         code,
                   const char *message)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) records = cvm_journal_read (f->path, &error);

  g_assert_null (records);
  g_assert_error (error, G_IO_ERROR, code);
  g_assert_nonnull (strstr (error->message, f->path));
  g_assert_nonnull (strstr (error->message, message));
}

static void
assert_unopenable (Fixture    *f,
                   int         code,
                   const char *message)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(CvmJournal) journal = cvm_journal_open (f->path, &error);

  g_assert_null (journal);
  g_assert_error (error, G_IO_ERROR, code);
  g_assert_nonnull (strstr (error->message, f->path));
  g_assert_nonnull (strstr (error->message, message));
}

static void
test_damaged (Fixture       *f,
              gconstpointer  data)
{
  g_autofree char *long_line = g_strnfill (CVM_RECORD_MAX_LINE + 1, ' ');
  g_autofree char *too_long = g_strconcat (LOG_LINE (1, "one"), long_line, "{}\n", NULL);
  const char nul[] = LOG_LINE (1, "one") "{\0}\n" LOG_LINE (3, "three");

  set_content (f, LOG_LINE (1, "one") "noise\n" LOG_LINE (3, "three"), -1);
  assert_unreadable (f, G_IO_ERROR_INVALID_DATA, "journal.jsonl:2: It is not an object");

  set_content (f, LOG_LINE (1, "one") "\n", -1);
  assert_unreadable (f, G_IO_ERROR_INVALID_DATA, "journal.jsonl:2: ");

  set_content (f, nul, sizeof nul - 1);
  assert_unreadable (f, G_IO_ERROR_INVALID_DATA, "journal.jsonl:2: ");

  set_content (f, too_long, -1);
  assert_unreadable (f, G_IO_ERROR_INVALID_DATA, "journal.jsonl:2: ");
}

static void
test_later (Fixture       *f,
            gconstpointer  data)
{
  g_autoptr(GPtrArray) records = NULL;

  set_content (f, LOG_LINE (1, "one")
               "{\"v\":1,\"seq\":2,\"t\":\"2026-11-21T07:25:13.000001Z\",\"type\":\"frame\"}\n"
               LOG_LINE (3, "three"), -1);
  records = cvm_journal_read (f->path, NULL);

  g_assert_cmpuint (records->len, ==, 2);
  g_assert_cmpuint (((CvmRecord *)g_ptr_array_index (records, 1))->seq, ==, 3);
}

static void
append_type (CvmRecord *record,
             gpointer   types)
{
  g_string_append_printf (types, "%s ", cvm_record_type_name (record->type));
}

/* What is not asked for is not even read; and what only looks like another type is */
static void
test_scan (Fixture       *f,
           gconstpointer  data)
{
#define HEAD(job) "{\"v\":1,\"seq\":1,\"t\":\"2026-11-21T07:25:13.000001Z\",\"job\":" job ",\"type\":"
  const char text[] = HEAD ("\"01\"") "\"fact\",\"name\":\"a\",\"text\":\"b\"}\n"
                      HEAD ("\"01\"") "\"point\", this is no JSON\n"
                      HEAD ("\",\\\"type\\\":\\\"point\"") "\"job.end\",\"status\":0}\n"
                      HEAD ("null") "\"frame\"}\n"
                      HEAD ("null") "\"run.end\",\"status\":0}\n";
  const guint types = 1u << CVM_RECORD_JOB_END | 1u << CVM_RECORD_RUN_END;
  g_autoptr(GString) found = g_string_new (NULL);
  g_autoptr(GError) cancelled = NULL;
  g_autoptr(GError) damaged = NULL;
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();

  set_content (f, text, -1);
  g_assert_true (cvm_journal_scan (f->path, types, append_type, found, cancellable, NULL));
  g_assert_cmpstr (found->str, ==, "job.end run.end ");

  g_assert_false (cvm_journal_scan (f->path, types | 1u << CVM_RECORD_POINT, append_type, found,
                                    NULL, &damaged));
  g_assert_error (damaged, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
  g_assert_nonnull (strstr (damaged->message, "journal.jsonl:2:"));

  g_cancellable_cancel (cancellable);
  g_assert_false (cvm_journal_scan (f->path, types, append_type, found, cancellable, &cancelled));
  g_assert_error (cancelled, G_IO_ERROR, G_IO_ERROR_CANCELLED);
#undef HEAD
}

/* Someone names a wrong file: it stays as it is */
static void
test_not_a_journal (Fixture       *f,
                    gconstpointer  data)
{
  g_autofree char *noise = g_strnfill (1024 * 1024, 'x');
  g_autofree char *no_such = g_build_filename (f->dir, "no", "such", NULL);
  Fixture nowhere = { f->dir, no_such };
  g_autofree char *content = NULL;
  gsize len;

  assert_unreadable (f, G_IO_ERROR_NOT_FOUND, "cannot open");

  set_content (f, noise, -1);
  assert_unopenable (f, G_IO_ERROR_INVALID_DATA, "is not a journal");
  set_content (f, "dear diary\n", -1);
  assert_unopenable (f, G_IO_ERROR_INVALID_DATA, "the last line");
  g_assert_true (g_file_get_contents (f->path, &content, &len, NULL));
  g_assert_cmpstr (content, ==, "dear diary\n");

  g_unlink (f->path);
  g_assert_cmpint (mkfifo (f->path, 0600), ==, 0);
  assert_unopenable (f, G_IO_ERROR_NOT_REGULAR_FILE, "is not a regular file");
  assert_unreadable (f, G_IO_ERROR_NOT_REGULAR_FILE, "is not a regular file");

  assert_unopenable (&nowhere, G_IO_ERROR_NOT_FOUND, "check that its folder is there");
}

static gpointer
write_250 (gpointer journal)
{
  for (guint i = 0; i < 250; i++)
    {
      g_autoptr(GError) error = NULL;

      /* an act waits for the disk, and the others come between */
      write_text (journal, i % 10 == 0 ? CVM_RECORD_ACT : CVM_RECORD_LOG, "from a thread", &error);
      g_assert_no_error (error);
    }

  return NULL;
}

static void
test_threads (Fixture       *f,
              gconstpointer  data)
{
  g_autoptr(CvmJournal) journal = open_journal (f);
  g_autoptr(GPtrArray) records = NULL;
  GThread *threads[4];

  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("writer", write_250, journal);

  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);

  records = read_whole (f);
  g_assert_cmpuint (records->len, ==, 1000);
}

static void
limit_file_size (rlim_t bytes)
{
  struct rlimit limit;

  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  limit.rlim_cur = bytes;
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
}

/* Disks fill up at each possible byte of a line; the line is then taken back whole */
static void
fill_disk (Fixture *f,
           gsize    room)
{
  g_autoptr(CvmJournal) journal = open_journal (f);
  g_autoptr(GError) error = NULL;
  struct stat before, after;

  must_write (journal, "one");
  g_assert_cmpint (stat (f->path, &before), ==, 0);

  limit_file_size (before.st_size + room);
  g_assert_false (write_text (journal, CVM_RECORD_ACT, "two, which finds no room for all of it", &error));
  limit_file_size (RLIM_INFINITY);

  g_assert_nonnull (strstr (error->message, f->path));
  g_assert_nonnull (strstr (error->message, "make room on this disk"));
  g_assert_cmpint (stat (f->path, &after), ==, 0);
  g_assert_cmpint (after.st_size, ==, before.st_size);

  must_write (journal, "three");
  assert_texts (f, "one three ");
  g_unlink (f->path);
}

static void
test_full_disk (Fixture       *f,
                gconstpointer  data)
{
  if (g_test_subprocess ())
    {
      signal (SIGXFSZ, SIG_IGN);
      for (gsize room = 0; room < 100; room += 9)
        fill_disk (f, room);
      return;
    }

  g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
  g_test_trap_assert_passed ();
}

/* Writes for ever, and tells after each record that it has been written */
static void
write_until_killed (Fixture *f,
                    int      told_fd)
{
  g_autoptr(CvmJournal) journal = open_journal (f);

  for (guint i = 0;; i++)
    {
      CvmRecordType type = i % 8 == 0 ? CVM_RECORD_ACT : CVM_RECORD_LOG;

      if (!write_text (journal, type, "until killed", NULL) || write (told_fd, "x", 1) != 1)
        _exit (1);
    }
}

/* SIGKILL after so many records and a moment more; how many were told of */
static guint
kill_after (Fixture *f,
            guint    n_records,
            guint    spin)
{
  int pipe_fds[2];
  guint told = 0;
  char byte;
  pid_t pid;

  g_assert_cmpint (pipe2 (pipe_fds, O_CLOEXEC), ==, 0);
  pid = fork ();

  if (pid == 0)
    write_until_killed (f, pipe_fds[1]);

  close (pipe_fds[1]);
  while (told < n_records && read (pipe_fds[0], &byte, 1) == 1)
    told++;

  for (volatile guint i = 0; i < spin; i++)
    ;

  g_assert_cmpint (kill (pid, SIGKILL), ==, 0);
  g_assert_cmpint (waitpid (pid, NULL, 0), ==, pid);

  while (read (pipe_fds[0], &byte, 1) == 1)
    told++;

  close (pipe_fds[0]);

  return told;
}

static void
test_killed (Fixture       *f,
             gconstpointer  data)
{
  guint least = 0;

  /* the first one may be killed before it has made its journal */
  g_object_unref (cvm_journal_open (f->path, NULL));

  for (guint round = 0; round < 40; round++)
    {
      g_autoptr(GPtrArray) records = NULL;

      least += kill_after (f, g_test_rand_int_range (0, 60), g_test_rand_int_range (0, 200000));
      records = read_whole (f);
      g_assert_cmpuint (records->len, >=, least);
      least = records->len;
    }
}

#define ADD(name, func) g_test_add ("/journal/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("write", test_write);
  ADD ("go-on", test_go_on);
  ADD ("torn", test_torn);
  ADD ("clock", test_clock);
  ADD ("damaged", test_damaged);
  ADD ("later", test_later);
  ADD ("scan", test_scan);
  ADD ("not-a-journal", test_not_a_journal);
  ADD ("threads", test_threads);
  ADD ("full-disk", test_full_disk);
  ADD ("killed", test_killed);

  return g_test_run ();
}
