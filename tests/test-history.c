/* test-history.c: the index of runs says what their folders say
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cvm-file.h"
#include "cvm-paths.h"
#include "cvm-run-folder.h"
#include "cvm-test-history.h"

static guint
sync_index (CvmHistory *history)
{
  g_autoptr(GError) error = NULL;
  guint n_changed = 0;

  g_assert_true (cvm_history_sync (history, &n_changed, NULL, &error));
  g_assert_no_error (error);

  return n_changed;
}

static GPtrArray *
list (CvmHistory            *history,
      const CvmHistoryQuery *query,
      guint                  limit)
{
  static const CvmHistoryQuery all = CVM_HISTORY_QUERY_ALL;
  g_autoptr(GError) error = NULL;
  GPtrArray *runs = cvm_history_list (history, query != NULL ? query : &all, limit, NULL, &error);
  char *notice = cvm_history_take_notice (history);

  g_assert_no_error (error);
  g_assert_null (notice);

  return runs;
}

/* Names of folders, newest first */
static char *
names_of (GPtrArray *runs)
{
  GString *names = g_string_new (NULL);

  for (guint i = 0; i < runs->len; i++)
    {
      g_autofree char *name = g_path_get_basename (((CvmHistoryRun *)runs->pdata[i])->dir);

      g_string_append_printf (names, "%s%s", i > 0 ? " " : "", name);
    }

  return g_string_free (names, FALSE);
}

static void
assert_listed (CvmHistory            *history,
               const CvmHistoryQuery *query,
               const char            *expected)
{
  g_autoptr(GPtrArray) runs = list (history, query, 0);
  g_autofree char *names = names_of (runs);

  g_assert_cmpstr (names, ==, expected);
}

/* What a journal comes to ---------------------------------------------------------------------- */

typedef struct
{
  const char      *name;
  CvmTestRun       run;
  CvmHistoryState  state;
  guint            passed, failed, skipped;
  const char      *strip;
  guint            cancelled;
} StateRow;

static const StateRow states[] = {
  { "passed", { .points = "a+ b+ c/" }, CVM_HISTORY_PASSED, 2, 0, 1, "p" },
  { "failed", { .points = "a+ b-", .end = "failed" }, CVM_HISTORY_FAILED, 1, 1, 0, "f" },
  { "error", { .points = "a-", .end = "error" }, CVM_HISTORY_ERROR, 0, 1, 0, "e" },
  { "fault", { .points = "a+", .end = "fault" }, CVM_HISTORY_ERROR, 1, 0, 0, "e" },
  { "cancelled", { .points = "a+", .end = "cancelled" }, CVM_HISTORY_CANCELLED, 1, 0, 0, "c" },
  { "cancelled-in-one", { .points = "a+ b! c/", .end = "cancelled" }, CVM_HISTORY_CANCELLED, 1, 1, 1,
    "c", 1 },
  { "dead", { .points = "a+", .end = "none" }, CVM_HISTORY_DEAD, 1, 0, 0, "" },
};

static void
test_state (gconstpointer data)
{
  const StateRow *row = data;
  CvmTestRun run = row->run;
  g_autofree char *dir = NULL;
  g_autoptr(CvmHistory) history = cvm_history_new (NULL);
  g_autoptr(GPtrArray) runs = NULL;
  const CvmHistoryRun *found;

  run.name = "r";
  run.minute = 5;
  run.seconds = 42;
  dir = cvm_test_run_make (&run);
  g_assert_cmpuint (sync_index (history), ==, 1);
  runs = list (history, NULL, 0);
  g_assert_cmpuint (runs->len, ==, 1);

  found = runs->pdata[0];
  g_assert_cmpint (found->state, ==, row->state);
  g_assert_cmpuint (found->passed, ==, row->passed);
  g_assert_cmpuint (found->failed, ==, row->failed);
  g_assert_cmpuint (found->skipped, ==, row->skipped);
  g_assert_cmpuint (found->cancelled, ==, row->cancelled);
  g_assert_cmpstr (found->strip, ==, row->strip);
  g_assert_cmpuint (found->planned, ==, row->passed + row->failed + row->skipped);
  g_assert_cmpuint (found->n_jobs, ==, 1);
  g_assert_cmpstr (found->id, ==, "r");
  g_assert_cmpstr (found->dir, ==, dir);
  g_assert_cmpstr (found->title, ==, "demo: Demo appliance");
  g_assert_cmpstr (found->image, ==, "demo");
  g_assert_cmpstr (found->suite, ==, "Demo appliance");
  g_assert_cmpstr (found->host_uri, ==, "qemu:///session");
  g_assert_cmpstr (found->hypervisor, ==, "qemu");
  g_assert_cmpint (found->begun_us, ==, CVM_TEST_EPOCH_US + 5 * 60 * G_USEC_PER_SEC);
  g_assert_cmpint (found->took_ms, ==, 42000);
  g_assert_null (found->problem);
}

/* What no run of this program wrote ------------------------------------------------------------- */

typedef struct
{
  const char      *name;
  char          *(*make) (void);      /* a journal; or NULL and it made what it wants itself */
  CvmHistoryState  state;
  const char      *problem;           /* a part of it */
} HostileRow;

static char *
make_broken (void)
{
  return g_strdup ("{\"v\":1,\"seq\":1,\n");
}

static char *
make_deep (void)
{
  g_autofree char *open = g_strnfill (60000, '[');

  return g_strconcat ("{\"v\":1,\"seq\":1,\"t\":\"2026-01-01T00:00:00.000000Z\",\"type\":", open, "\n",
                      NULL);
}

static char *
make_long_line (void)
{
  g_autofree char *text = g_strnfill (70000, 'x');

  return g_strconcat ("{\"v\":1,", text, "}\n", NULL);
}

static char *
make_torn (void)
{
  const CvmTestRun run = { .points = "a+", .end = "none" };
  g_autofree char *text = cvm_test_run_text (&run);

  return g_strconcat (text, "{\"v\":1,\"se", NULL);
}

static char *
make_empty (void)
{
  return g_strdup ("");
}

static char *
make_nothing (void)
{
  return NULL;
}

static char *
journal_path (void)
{
  return cvm_test_data_path ("runs/r/journal.jsonl");
}

static char *
make_huge (void)
{
  g_autofree char *path = journal_path ();
  int fd = g_open (path, O_WRONLY | O_CREAT, 0600);

  g_assert_cmpint (ftruncate (fd, G_GINT64_CONSTANT (1) << 40), ==, 0);
  close (fd);

  return NULL;
}

static char *
make_folder (void)
{
  g_autofree char *path = journal_path ();

  g_assert_cmpint (g_mkdir (path, 0700), ==, 0);

  return NULL;
}

static char *
make_fifo (void)
{
  g_autofree char *path = journal_path ();

  g_assert_cmpint (mkfifo (path, 0600), ==, 0);

  return NULL;
}

/* Cases of which nobody asked how many there are, with titles as long as a line may be */
static char *
make_greedy (void)
{
  g_autofree char *title = g_strnfill (5000, 'x');
  GString *text = g_string_new (NULL);

  g_string_append (text, "{\"v\":1,\"seq\":1,\"t\":\"2026-01-01T00:00:00.000000Z\",\"job\":\"01\","
                   "\"type\":\"job.begin\",\"image\":\"i\",\"points\":4294967295}\n");
  for (guint i = 1; i <= 2000; i++)
    g_string_append_printf (text, "{\"v\":1,\"seq\":%u,\"t\":\"2026-01-01T00:00:00.000000Z\","
                            "\"job\":\"01\",\"type\":\"case.planned\",\"number\":%u,\"id\":\"a\","
                            "\"title\":\"%s\"}\n", i + 1, i, title);

  return g_string_free (text, FALSE);
}

/* What of a run's texts and cases the index takes is bounded, whatever the journal has */
static void
test_bounds (gconstpointer data)
{
  g_autofree char *title = g_strnfill (5000, 'x');
  g_autoptr(GString) text = g_string_new (NULL);
  g_autoptr(CvmHistory) history = cvm_history_new (NULL);
  g_autoptr(GPtrArray) runs = NULL;
  const char head[] = "{\"v\":1,\"seq\":1,\"t\":\"2026-01-01T00:00:00.000000Z\",\"job\":\"%02u\","
                      "\"type\":";

  for (guint job = 1; job <= 3; job++)
    {
      g_string_append_printf (text, head, job);
      g_string_append_printf (text, "\"job.begin\",\"image\":\"%s\",\"points\":1}\n", title);
      for (guint i = 1; i <= 7000; i++)
        {
          g_string_append_printf (text, head, job);
          g_string_append_printf (text, "\"case.planned\",\"number\":%u,\"id\":\"a\"}\n", i);
          g_string_append_printf (text, head, job);
          g_string_append_printf (text, "\"case.end\",\"number\":%u,\"outcome\":\"pass\"}\n", i);
        }
    }

  g_free (cvm_test_run_write ("r", text->str));
  sync_index (history);
  runs = list (history, NULL, 0);
  g_assert_cmpuint (((CvmHistoryRun *)runs->pdata[0])->passed, ==, 20000);
  g_assert_cmpuint (strlen (((CvmHistoryRun *)runs->pdata[0])->image), ==, 400);
}

static const HostileRow hostile[] = {
  { "broken", make_broken, CVM_HISTORY_UNREADABLE, "journal.jsonl:1:" },
  { "deep", make_deep, CVM_HISTORY_UNREADABLE, "journal.jsonl:1:" },
  { "long-line", make_long_line, CVM_HISTORY_UNREADABLE, "journal.jsonl:1:" },
  { "huge", make_huge, CVM_HISTORY_UNREADABLE, "larger than" },
  { "folder", make_folder, CVM_HISTORY_UNREADABLE, "not a regular file" },
  { "fifo", make_fifo, CVM_HISTORY_UNREADABLE, "not a regular file" },
  { "nothing", make_nothing, CVM_HISTORY_UNREADABLE, "journal.jsonl" },
  { "torn", make_torn, CVM_HISTORY_DEAD },
  { "empty", make_empty, CVM_HISTORY_DEAD },
  { "greedy", make_greedy, CVM_HISTORY_DEAD },
};

static void
test_hostile (gconstpointer data)
{
  const HostileRow *row = data;
  const CvmTestRun good = { "q", -1 };
  g_autofree char *other = cvm_test_run_make (&good);
  g_autofree char *dir = cvm_test_run_write ("r", NULL);
  g_autofree char *text = row->make ();
  g_autofree char *again = text != NULL ? cvm_test_run_write ("r", text) : NULL;
  g_autoptr(CvmHistory) history = cvm_history_new (NULL);
  g_autoptr(GPtrArray) runs = NULL;
  const CvmHistoryRun *found;

  sync_index (history);
  runs = list (history, NULL, 0);
  g_assert_cmpuint (runs->len, ==, 2);
  found = runs->pdata[0];
  g_assert_cmpstr (found->dir, ==, dir);
  g_assert_cmpint (found->state, ==, row->state);
  g_assert_cmpint (found->begun_us, >=, CVM_TEST_EPOCH_US);
  if (row->problem == NULL)
    g_assert_null (found->problem);
  else
    g_assert_nonnull (strstr (found->problem, row->problem));
  g_assert_cmpuint (sync_index (history), ==, 0);
}

/* Queries -------------------------------------------------------------------------------------- */

static const CvmTestRun many[] = {
  { "a", 1 },
  { "b", 2, "failed", "start+ Größe-", .image = "Debian 12" },
  { "c", 3, "error", "start- answers/", .suite = "CernVM release" },
  { "d", 4, "cancelled", "start+", .host_uri = "qemu+ssh://lab-3/system", .hypervisor = "kvm" },
  { "e", 5, "passed", "start+ Größe+", .image = "ÄTHER" },
  { "f", 5, "none" },
};

static void
make_many (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (many); i++)
    g_free (cvm_test_run_make (&many[i]));
}

typedef struct
{
  const char      *name;
  CvmHistoryQuery  query;
  const char      *found;
} QueryRow;

#define ALL .state = CVM_HISTORY_ANY
#define MINUTE(n) (CVM_TEST_EPOCH_US + (n) * 60 * G_USEC_PER_SEC)

static const QueryRow queries[] = {
  { "all", { ALL }, "f e d c b a" },
  { "image", { ALL, .image = "Debian 12" }, "b" },
  { "part-of-image", { ALL, .image = "Debian" }, "" },
  { "suite", { ALL, .suite = "CernVM release" }, "c" },
  { "host", { ALL, .host_uri = "qemu+ssh://lab-3/system" }, "d" },
  { "passed", { .state = CVM_HISTORY_PASSED }, "e a" },
  { "failed", { .state = CVM_HISTORY_FAILED }, "b" },
  { "error", { .state = CVM_HISTORY_ERROR }, "c" },
  { "cancelled", { .state = CVM_HISTORY_CANCELLED }, "d" },
  { "dead", { .state = CVM_HISTORY_DEAD }, "f" },
  { "running", { .state = CVM_HISTORY_RUNNING }, "" },
  { "since", { ALL, .since_us = MINUTE (4) }, "f e d" },
  { "before", { ALL, .before_us = MINUTE (3) }, "b a" },
  { "next-page", { ALL, .before_us = MINUTE (5), .before_dir = "/zzz" }, "f e d c b a" },
  { "id", { ALL, .id = "d" }, "d" },
  { "id-percent", { ALL, .id = "%" }, "" },
  { "both", { .image = "demo", .state = CVM_HISTORY_PASSED }, "a" },
  { "text-image", { ALL, .text = "debian" }, "b" },
  { "text-suite", { ALL, .text = "RELEASE" }, "c" },
  { "text-host", { ALL, .text = "lab-3" }, "d" },
  { "text-capitals", { ALL, .text = "äther" }, "e" },
  { "text-composed", { ALL, .text = "A\xcc\x88ther" }, "e" },
  { "text-failed-point", { ALL, .text = "the größe works" }, "b" },
  { "text-failed-id", { ALL, .text = "START" }, "c" },
  { "text-percent", { ALL, .text = "%" }, "" },
  { "text-quote", { ALL, .text = "'; DROP TABLE run; --" }, "" },
  { "text-not-utf-8", { ALL, .text = "\xff" }, "" },
  { "text-empty", { ALL, .text = "" }, "f e d c b a" },
  { "text-and-state", { .text = "demo", .state = CVM_HISTORY_DEAD }, "f" },
};

static void
test_query (gconstpointer data)
{
  const QueryRow *row = data;
  g_autoptr(CvmHistory) history = cvm_history_new (NULL);
  CvmHistoryQuery unpaged = row->query;
  g_autoptr(GPtrArray) runs = NULL;

  make_many ();
  g_assert_cmpuint (sync_index (history), ==, G_N_ELEMENTS (many));
  assert_listed (history, &row->query, row->found);

  unpaged.before_us = 0;
  runs = list (history, &unpaged, 0);
  g_assert_cmpuint (cvm_history_count (history, &row->query, NULL), ==, runs->len);
}

/* Page by page, each run once: also those that began at the same time */
static void
test_pages (gconstpointer data)
{
  g_autoptr(CvmHistory) history = cvm_history_new (NULL);
  g_autofree char *before = NULL;
  CvmHistoryQuery query = CVM_HISTORY_QUERY_ALL;
  g_autoptr(GString) names = g_string_new (NULL);

  for (guint i = 0; i < 17; i++)
    {
      g_autofree char *name = g_strdup_printf ("r%02u", i);
      const CvmTestRun run = { name, i / 4 };

      g_free (cvm_test_run_make (&run));
    }

  sync_index (history);
  for (;;)
    {
      g_autoptr(GPtrArray) page = list (history, &query, 3);
      g_autofree char *some = names_of (page);
      const CvmHistoryRun *last;

      if (page->len == 0)
        break;

      g_assert_cmpuint (page->len, <=, 3);
      g_string_append_printf (names, "%s ", some);
      last = page->pdata[page->len - 1];
      query.before_us = last->begun_us;
      g_free (before);
      query.before_dir = before = g_strdup (last->dir);
    }

  g_assert_cmpstr (names->str, ==, "r16 r15 r14 r13 r12 r11 r10 r09 r08 r07 r06 r05 r04 r03 r02 r01 "
                   "r00 ");
}

/* Of the same suite, image and host only, at most 20, oldest first, up to the run itself */
static void
test_strip (gconstpointer data)
{
  static const char *const ends[] = { "passed", "failed", "error", "cancelled", "none" };
  g_autoptr(CvmHistory) history = cvm_history_new (NULL);
  g_autoptr(GPtrArray) runs = NULL;
  g_autoptr(GPtrArray) page = NULL;

  for (guint i = 0; i < 30; i++)
    {
      g_autofree char *name = g_strdup_printf ("r%02u", i);
      const CvmTestRun run = { name, i, ends[i % 5], .image = i == 28 ? "other" : NULL };

      g_free (cvm_test_run_make (&run));
    }

  sync_index (history);
  runs = list (history, NULL, 0);
  g_assert_cmpstr (((CvmHistoryRun *)runs->pdata[29])->strip, ==, "p");
  g_assert_cmpstr (((CvmHistoryRun *)runs->pdata[23])->strip, ==, "pfecpf");
  g_assert_cmpstr (((CvmHistoryRun *)runs->pdata[1])->strip, ==, "c");
  g_assert_cmpstr (((CvmHistoryRun *)runs->pdata[0])->strip, ==, "ecpfecpfecpfecpfecpfe" + 1);
  page = list (history, NULL, 1);
  g_assert_cmpstr (((CvmHistoryRun *)page->pdata[0])->strip, ==,
                   ((CvmHistoryRun *)runs->pdata[0])->strip);
}

/* Sync ----------------------------------------------------------------------------------------- */

static void
test_sync (gconstpointer data)
{
  g_autoptr(CvmHistory) history = cvm_history_new (NULL);
  g_autofree char *runs = cvm_paths_runs ();
  g_autofree char *a = g_build_filename (runs, "a", NULL);
  g_autofree char *z = g_build_filename (runs, "z", NULL);
  g_autofree char *id = g_build_filename (runs, "b", "id", NULL);
  g_autofree char *no_journal = g_build_filename (runs, "empty", "id", NULL);
  g_autofree char *stray = g_build_filename (runs, "stray", NULL);
  const CvmTestRun changed = { "c", 3, "failed", "start-" };
  CvmHistoryQuery failed = { .state = CVM_HISTORY_FAILED };

  make_many ();
  g_assert_cmpint (g_mkdir (stray, 0700), ==, 0);
  g_free (cvm_test_run_write ("empty", NULL));
  g_assert_cmpuint (sync_index (history), ==, 7);
  g_assert_cmpuint (sync_index (history), ==, 0);
  g_assert_cmpint (g_unlink (no_journal), ==, 0);
  g_assert_cmpuint (sync_index (history), ==, 1);
  g_assert_cmpuint (sync_index (history), ==, 0);

  /* changed, renamed, no run any more, gone */
  g_free (cvm_test_run_make (&changed));
  g_assert_cmpuint (sync_index (history), ==, 1);
  assert_listed (history, &failed, "c b");
  g_assert_cmpint (g_rename (a, z), ==, 0);
  g_assert_cmpuint (sync_index (history), ==, 2);
  assert_listed (history, NULL, "f e d c b z");
  g_assert_cmpint (g_unlink (id), ==, 0);
  cvm_file_remove_tree (z);
  g_assert_cmpuint (sync_index (history), ==, 1);
  assert_listed (history, NULL, "f e d c b");
  cvm_file_remove_tree (runs);
  g_assert_cmpuint (sync_index (history), ==, 5);
  assert_listed (history, NULL, "");
}

static void
assert_one (CvmHistory      *history,
            CvmHistoryState  state)
{
  g_autoptr(GPtrArray) runs = NULL;

  sync_index (history);
  runs = list (history, NULL, 0);
  g_assert_cmpuint (runs->len, ==, 1);
  g_assert_cmpint (((CvmHistoryRun *)runs->pdata[0])->state, ==, state);
}

/* A run that is on is looked at each time, whether it wrote something or not */
static void
test_live (gconstpointer data)
{
  g_autoptr(CvmHistory) history = cvm_history_new (NULL);
  g_autoptr(CvmRunFolder) folder = cvm_run_folder_new (NULL, NULL);
  g_autofree char *journal = cvm_run_folder_file (folder, "journal.jsonl");
  const CvmTestRun begun = { .end = "none" }, ended = { .end = "passed" };
  g_autofree char *begun_text = cvm_test_run_text (&begun);
  g_autofree char *ended_text = cvm_test_run_text (&ended);

  assert_one (history, CVM_HISTORY_RUNNING);
  g_assert_true (g_file_set_contents (journal, begun_text, -1, NULL));
  assert_one (history, CVM_HISTORY_RUNNING);
  g_clear_object (&folder);
  assert_one (history, CVM_HISTORY_DEAD);
  g_assert_true (g_file_set_contents (journal, ended_text, -1, NULL));
  assert_one (history, CVM_HISTORY_PASSED);
}

/* A folder that the user named, and a link to it that nobody can follow now */
static void
test_elsewhere (gconstpointer data)
{
  g_autoptr(CvmHistory) history = cvm_history_new (NULL);
  g_autofree char *wish = cvm_test_data_path ("elsewhere");
  g_autofree char *away = cvm_test_data_path ("away");
  g_autoptr(CvmRunFolder) folder = cvm_run_folder_new (wish, NULL);
  g_autofree char *journal = cvm_run_folder_file (folder, "journal.jsonl");
  const CvmTestRun run = { NULL };
  g_autofree char *text = cvm_test_run_text (&run);

  g_assert_true (g_file_set_contents (journal, text, -1, NULL));
  sync_index (history);
  assert_listed (history, NULL, "elsewhere");
  g_assert_cmpint (g_rename (wish, away), ==, 0);
  g_assert_cmpuint (sync_index (history), ==, 1);
  assert_listed (history, NULL, "");
  g_assert_cmpint (g_rename (away, wish), ==, 0);
  g_assert_cmpuint (sync_index (history), ==, 1);
  assert_listed (history, NULL, "elsewhere");
}

/* Another program's history: what one writes the other has, without a sync of its own */
static void
test_shared (gconstpointer data)
{
  g_autoptr(CvmHistory) one = cvm_history_new (NULL);
  g_autoptr(CvmHistory) other = cvm_history_new (NULL);

  assert_listed (other, NULL, "");
  make_many ();
  g_assert_cmpuint (sync_index (one), ==, 6);
  assert_listed (other, NULL, "f e d c b a");
  g_assert_cmpuint (sync_index (other), ==, 0);
}

/* What is usual -------------------------------------------------------------------------------- */

static const CvmTestRun times[] = {
  { "a", 1, .seconds = 1000 }, { "b", 2, .seconds = 10 }, { "c", 3, .seconds = 50 },
  { "d", 4, .seconds = 20 }, { "e", 5, .seconds = 40 }, { "f", 6, .seconds = 30 },
  { "g", 7, "failed", "start-", .seconds = 5 },
  { "h", 8, .hypervisor = "kvm", .seconds = 3 },
  { "i", 9, .host_uri = "xen:///", .hypervisor = "xen", .seconds = 7 },
  { "j", 10, .image = "debian", .seconds = 100 }, { "k", 11, .suite = "other", .seconds = 200 },
};

typedef struct
{
  const char     *name;
  CvmHistoryCell  cell;
  gint64          seconds;
  guint           n_runs;
  gboolean        is_same;
} UsualRow;

static const UsualRow usuals[] = {
  { "last-five", { "demo", "Demo appliance", "qemu:///session", "qemu" }, 30, 5, TRUE },
  { "hypervisor", { "demo", "Demo appliance", "qemu:///session", "kvm" }, 3, 1, TRUE },
  { "auto", { "demo", "Demo appliance", "qemu:///session", "auto" }, 30, 5, TRUE },
  { "any-host", { "demo", "Demo appliance" }, 20, 5, TRUE },
  { "new-hypervisor", { "demo", "Demo appliance", "xen:///", "kvm" }, 7, 1, FALSE },
  { "new-host", { "demo", "Demo appliance", "test:///default", "test" }, 20, 5, FALSE },
  { "new-image", { "new", "Demo appliance", "qemu:///session", "qemu" }, 30, 5, FALSE },
  { "new-suite", { "demo", "new", "qemu:///session", "qemu" }, 0, 0, FALSE },
  { "other-suite", { "demo", "other", "qemu:///session", "qemu" }, 200, 1, TRUE },
};

static void
test_usual (gconstpointer data)
{
  const UsualRow *row = data;
  const CvmHistoryCell *cell = &row->cell;
  g_autoptr(CvmHistory) history = cvm_history_new (NULL);
  gboolean is_known = g_str_equal (cell->image, "demo");
  CvmHistoryUsual usual;

  for (gsize i = 0; i < G_N_ELEMENTS (times); i++)
    g_free (cvm_test_run_make (&times[i]));
  sync_index (history);

  usual = cvm_history_usual (history, cell, NULL);
  g_assert_cmpint (usual.ms, ==, row->seconds * 1000);
  g_assert_cmpuint (usual.n_runs, ==, row->n_runs);
  g_assert_cmpint (usual.is_same, ==, row->is_same);
  g_assert_cmpuint (usual.memory, ==, is_known ? 256 * 1024 * 1024 : 0);
  g_assert_cmpint (cvm_history_usual_ms (history, cell->image, cell->suite, cell->host_uri,
                                         cell->hypervisor), ==, usual.ms);
  g_assert_cmpuint (cvm_history_usual_memory (history, cell->image, cell->suite, cell->host_uri,
                                              cell->hypervisor), ==, usual.memory);
}

static void
test_names (gconstpointer data)
{
  static const char *const expected[] = {
    [CVM_HISTORY_IMAGES] = "Debian 12,demo,ÄTHER",
    [CVM_HISTORY_SUITES] = "CernVM release,Demo appliance",
    [CVM_HISTORY_HOSTS] = "qemu+ssh://lab-3/system,qemu:///session",
  };
  g_autoptr(CvmHistory) history = cvm_history_new (NULL);

  make_many ();
  sync_index (history);
  for (gsize i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      g_auto(GStrv) names = cvm_history_names (history, i, NULL);
      g_autofree char *joined = g_strjoinv (",", names);

      g_assert_cmpstr (joined, ==, expected[i]);
    }
}

/* In the main context -------------------------------------------------------------------------- */

typedef struct
{
  GAsyncResult *result;
  GThread      *thread;
} Answer;

static void
on_answer (GObject      *source,
           GAsyncResult *result,
           gpointer      data)
{
  Answer *answer = data;

  g_assert_null (answer->result);
  answer->result = g_object_ref (result);
  answer->thread = g_thread_self ();
}

static void
await (Answer *answer)
{
  while (answer->result == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (answer->thread == g_thread_self ());
}

static void
answer_clear (Answer *answer)
{
  g_clear_object (&answer->result);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Answer, answer_clear)

static void
test_async (gconstpointer data)
{
  g_autoptr(CvmHistory) history = cvm_history_new (NULL);
  CvmHistoryQuery query = CVM_HISTORY_QUERY_ALL;
  const CvmHistoryCell cells[] = { { "demo", "Demo appliance" }, { "demo", "none" } };
  g_autoptr(GPtrArray) before = NULL;
  g_autoptr(GPtrArray) after = NULL;
  g_autoptr(GArray) usual = NULL;
  g_auto(GStrv) names = NULL;
  g_auto(Answer) first = { NULL }, synced = { NULL }, second = { NULL };
  g_auto(Answer) estimated = { NULL }, named = { NULL };
  guint n_changed = 0;

  make_many ();
  cvm_history_list_async (history, &query, 10, NULL, on_answer, &first);
  await (&first);
  before = cvm_history_list_finish (history, first.result, NULL);
  g_assert_cmpuint (before->len, ==, 0);

  cvm_history_sync_async (history, NULL, on_answer, &synced);
  await (&synced);
  g_assert_true (cvm_history_sync_finish (history, synced.result, &n_changed, NULL));
  g_assert_cmpuint (n_changed, ==, 6);

  query.text = "demo";
  cvm_history_list_async (history, &query, 3, NULL, on_answer, &second);
  cvm_history_usual_async (history, cells, 2, NULL, on_answer, &estimated);
  cvm_history_names_async (history, CVM_HISTORY_SUITES, NULL, on_answer, &named);
  await (&second);
  await (&estimated);
  await (&named);
  after = cvm_history_list_finish (history, second.result, NULL);
  g_assert_cmpuint (after->len, ==, 3);
  usual = cvm_history_usual_finish (history, estimated.result, NULL);
  g_assert_cmpint (g_array_index (usual, CvmHistoryUsual, 0).ms, ==, 60000);
  g_assert_cmpint (g_array_index (usual, CvmHistoryUsual, 1).ms, ==, 0);
  names = cvm_history_names_finish (history, named.result, NULL);
  g_assert_cmpuint (g_strv_length (names), ==, 2);
}

static void
on_changed (CvmHistory *history,
            guint      *n_listed)
{
  CvmHistoryQuery query = CVM_HISTORY_QUERY_ALL;

  *n_listed = cvm_history_count (history, &query, NULL);
}

static void
add_runs (guint from,
          guint to)
{
  for (guint i = from; i < to; i++)
    {
      g_autofree char *name = g_strdup_printf ("r%06u", i);
      const CvmTestRun run = { name, (int)i };

      g_free (cvm_test_run_make (&run));
    }
}

/* While a sync lasts, what is new already can be listed: as many runs as it takes to see that */
static void
test_changed (gconstpointer data)
{
  guint n_listed = 0;

  for (guint n_runs = 500, n_before = 0; n_listed == 0; n_before = n_runs, n_runs *= 2)
    {
      g_autofree char *name = g_strdup_printf ("index-%u.db", n_runs);
      g_autofree char *path = cvm_test_data_path (name);
      g_autoptr(CvmHistory) history = cvm_history_new (path);
      g_auto(Answer) synced = { NULL };

      add_runs (n_before, n_runs);
      g_signal_connect (history, "changed", G_CALLBACK (on_changed), &n_listed);
      cvm_history_sync_async (history, NULL, on_answer, &synced);
      await (&synced);
      g_assert_true (cvm_history_sync_finish (history, synced.result, NULL, NULL));
      g_assert_cmpuint (n_listed, <=, n_runs);
    }
}

static void
test_cancelled (gconstpointer data)
{
  g_autoptr(CvmHistory) history = cvm_history_new (NULL);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  CvmHistoryQuery query = CVM_HISTORY_QUERY_ALL;
  g_autoptr(GError) list_error = NULL;
  g_autoptr(GError) sync_error = NULL;
  g_auto(Answer) listed = { NULL }, synced = { NULL };

  make_many ();
  g_cancellable_cancel (cancellable);
  cvm_history_list_async (history, &query, 10, cancellable, on_answer, &listed);
  cvm_history_sync_async (history, cancellable, on_answer, &synced);
  await (&listed);
  await (&synced);
  g_assert_null (cvm_history_list_finish (history, listed.result, &list_error));
  g_assert_error (list_error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_false (cvm_history_sync_finish (history, synced.result, NULL, &sync_error));
  g_assert_error (sync_error, G_IO_ERROR, G_IO_ERROR_CANCELLED);

  /* and it goes on as if nothing had been */
  sync_index (history);
  assert_listed (history, NULL, "f e d c b a");
}

#define ADD_TABLE(prefix, table, test) \
  for (gsize i = 0; i < G_N_ELEMENTS (table); i++) \
    { \
      g_autofree char *path = g_strconcat (prefix, table[i].name, NULL); \
      cvm_test_history_add (path, test, &table[i]); \
    }

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD_TABLE ("/history/state/", states, test_state)
  ADD_TABLE ("/history/hostile/", hostile, test_hostile)
  ADD_TABLE ("/history/query/", queries, test_query)
  ADD_TABLE ("/history/usual/", usuals, test_usual)
  cvm_test_history_add ("/history/bounds", test_bounds, NULL);
  cvm_test_history_add ("/history/pages", test_pages, NULL);
  cvm_test_history_add ("/history/strip", test_strip, NULL);
  cvm_test_history_add ("/history/sync", test_sync, NULL);
  cvm_test_history_add ("/history/live", test_live, NULL);
  cvm_test_history_add ("/history/elsewhere", test_elsewhere, NULL);
  cvm_test_history_add ("/history/shared", test_shared, NULL);
  cvm_test_history_add ("/history/names", test_names, NULL);
  cvm_test_history_add ("/history/async", test_async, NULL);
  cvm_test_history_add ("/history/changed", test_changed, NULL);
  cvm_test_history_add ("/history/cancelled", test_cancelled, NULL);

  return cvm_test_history_main ();
}
