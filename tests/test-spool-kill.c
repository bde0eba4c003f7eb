/* test-spool-kill.c: program and server killed at random moments while reports are sent
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The program that is killed is this one: "--flush SPOOL RECEIVER API WEB". In the end every report is on
 * the server whole, and once, and everything else there is an orphan that the spool names. */
#include "cvm-spool.h"

#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cvm-peer-tapper.h"
#include "cvm-tapper-raw.h"
#include "cvm-test-spool.h"
#include "cvm-wait.h"

#define N_REPORTS   (g_test_thorough () ? 50 : 10)
#define N_MAX       50
#define N_SIGNS     12    /* of life that a program gives, before its end comes … */
#define LONGEST_MS  8     /* … and so much later */
#define FLUSHES_MAX 200

static const CvmSpoolLimits quick = {
  .connect_ms = 5000,
  .idle_ms = 5000,
  .confirm_ms = 500,
  .settle_ms = 100,
  .poll_ms = 20,
  .first_pause_ms = 1,
  .longest_pause_ms = 1000,
};

typedef struct
{
  CvmPeerTapper   *peer;
  CvmTapperServer *server;
  CvmSpool        *spool;
  char            *folder;
  char            *urls[3];
  char            *reports[N_MAX];
  char            *log;         /* an attachment */
} Bed;

static Bed *
bed_new (void)
{
  Bed *bed = g_new0 (Bed, 1);
  g_autofree char *path = NULL;
  g_autofree char *bytes = g_strnfill (100000, 'x');

  bed->peer = cvm_peer_tapper_new ();
  bed->urls[0] = g_strdup_printf ("127.0.0.1:%u", bed->peer->receiver);
  bed->urls[1] = g_strdup_printf ("127.0.0.1:%u", bed->peer->api);
  bed->urls[2] = g_strdup_printf ("http://127.0.0.1:%u/tapper", bed->peer->web);
  bed->server = cvm_tapper_server_new ("stand-in", bed->urls[0], bed->urls[1], bed->urls[2], NULL);
  bed->folder = g_dir_make_tmp ("cvm-spool-kill-XXXXXX", NULL);
  path = g_build_filename (bed->folder, "spool", NULL);
  bed->spool = cvm_spool_new (path, &quick);
  bed->log = g_build_filename (bed->folder, "console.log", NULL);
  g_assert_true (g_file_set_contents (bed->log, bytes, -1, NULL));

  return bed;
}

static void
bed_free (Bed *bed)
{
  cvm_spool_free (bed->spool);
  cvm_tapper_server_free (bed->server);
  cvm_peer_tapper_free (bed->peer);
  cvm_peer_tapper_remove_tree (bed->folder);
  for (guint i = 0; i < G_N_ELEMENTS (bed->urls); i++)
    g_free (bed->urls[i]);
  for (guint i = 0; i < N_MAX; i++)
    g_free (bed->reports[i]);
  g_free (bed->folder);
  g_free (bed->log);
  g_free (bed);
}

static void
add_report (Bed *bed,
            int  i)
{
  g_autofree char *name = g_strdup_printf ("report-%d.tap", i);
  g_autofree char *padding = g_strnfill (g_test_rand_int_range (0, 300000), '#');
  g_autofree char *text = g_strdup_printf ("1..1\n# Tapper-Suite-Name: kill\nok - report %d\n#%s\n", i,
                                           padding);
  CvmSpoolFile file = { .path = bed->log };
  CvmSpoolReport report = { .server = bed->server, .attachments = &file, .n_attachments = i % 2 };
  g_autoptr(GError) error = NULL;
  guint64 number;

  bed->reports[i] = g_build_filename (bed->folder, name, NULL);
  report.path = bed->reports[i];
  g_assert_true (g_file_set_contents (bed->reports[i], text, -1, NULL));
  cvm_spool_add (bed->spool, &report, &number, NULL, &error);
  g_assert_no_error (error);
}

/* Another process flushes, and writes a byte at each step; whom the moment hits, is killed. */
static void
flush_and_kill (Bed      *bed,
                gboolean  kill_program,
                gboolean  kill_server)
{
  char signs[N_SIGNS];
  g_autoptr(GError) error = NULL;
  g_autoptr(GSubprocess) program =
    g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, "/proc/self/exe", "--flush",
                      cvm_spool_get_path (bed->spool), bed->urls[0], bed->urls[1], bed->urls[2], NULL);

  g_assert_no_error (error);
  g_input_stream_read_all (g_subprocess_get_stdout_pipe (program), signs,
                           g_test_rand_int_range (0, N_SIGNS), NULL, NULL, &error);
  g_assert_no_error (error);
  cvm_wait_ms (g_test_rand_int_range (0, LONGEST_MS), CVM_DEADLINE_NEVER, NULL, NULL);
  if (kill_server)
    cvm_peer_tapper_stop (bed->peer);
  if (kill_program)
    g_subprocess_force_exit (program);
  g_subprocess_wait (program, NULL, NULL);
  if (kill_server)
    cvm_peer_tapper_start (bed->peer);
}

static guint
n_left (Bed *bed)
{
  g_autoptr(GPtrArray) entries = cvm_spool_list (bed->spool, NULL);

  for (guint i = 0; i < entries->len; i++)
    {
      CvmSpoolEntry *entry = g_ptr_array_index (entries, i);
      g_autofree char *text = cvm_spool_entry_describe (entry);

      g_assert_cmpint (entry->state, !=, CVM_SPOOL_BROKEN);
      g_test_message ("left %u: %s", (guint)entry->number, text);
    }

  return entries->len;
}

static void
finish (Bed *bed)
{
  CvmSpoolFlush how = { .is_now = TRUE };

  for (guint i = 0; i < FLUSHES_MAX && n_left (bed) > 0; i++)
    {
      g_autoptr(GError) error = NULL;

      cvm_spool_flush (bed->spool, &how, NULL, &error);
      g_assert_no_error (error);
    }

  g_assert_cmpuint (n_left (bed), ==, 0);
}

/* Which of the reports was sent as ID, or -1 */
static int
which (Bed     *bed,
       guint64  id)
{
  g_autofree char *path = g_strdup_printf ("%s/received/%" G_GUINT64_FORMAT, bed->peer->folder, id);
  g_autofree char *text = NULL;
  const char *mark;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    return -1;

  mark = strstr (text, "ok - report ");

  return mark != NULL ? atoi (mark + strlen ("ok - report ")) : -1;
}

/* As the server tells it: what it took in and lost does not count. */
static gboolean
is_whole (Bed     *bed,
          guint64  id,
          int      i)
{
  CvmTapperRaw result = CVM_TAPPER_RAW_OTHER;
  g_autoptr(GError) error = NULL;

  if (i < 0 || i >= N_REPORTS)
    return FALSE;

  cvm_tapper_raw_compare (bed->server->web, id, bed->reports[i], &result, 10000, NULL, &error);
  g_assert_no_error (error);

  return result == CVM_TAPPER_RAW_SAME;
}

static gboolean
is_orphan (GPtrArray *orphans,
           guint64    id)
{
  for (guint i = 0; i < orphans->len; i++)
    {
      const CvmSpoolOrphan *orphan = g_ptr_array_index (orphans, i);

      if (orphan->report_id == id)
        return TRUE;
    }

  return FALSE;
}

/* Of a connection that told no id, when the server was not there to be asked for it */
static guint
count_nameless (GPtrArray *orphans)
{
  guint n = 0;

  for (guint i = 0; i < orphans->len; i++)
    n += ((CvmSpoolOrphan *)orphans->pdata[i])->report_id == 0;

  return n;
}

/* Ids begin at 1 and have no gaps. */
static void
check_server (Bed      *bed,
              gboolean  was_away)
{
  g_autoptr(GPtrArray) orphans = cvm_spool_orphans (bed->spool, NULL);
  guint found[N_MAX] = { 0 };
  guint n_all = cvm_peer_tapper_last_id (bed->peer);
  guint n_nameless = count_nameless (orphans);
  guint n_orphans = 0, n_untold = 0;

  for (guint64 id = 1; id <= n_all; id++)
    {
      int i = which (bed, id);
      gboolean whole = is_whole (bed, id, i);

      if (whole)
        found[i]++;
      else if (is_orphan (orphans, id))
        n_orphans++;
      else
        n_untold++;

      if (whole && is_orphan (orphans, id))
        g_error ("report %u on the server is whole, and called an orphan", (guint)id);
    }

  for (int i = 0; i < N_REPORTS; i++)
    g_assert_cmpuint (found[i], ==, 1);
  g_assert_cmpuint (orphans->len - n_nameless, ==, n_orphans);
  g_assert_cmpuint (n_untold, <=, n_nameless);
  g_assert_true (was_away || n_nameless == 0);
  g_test_message ("%u reports on the server, %u orphans, %u nameless", n_all, n_orphans, n_nameless);
}

static void
test_kill (gconstpointer data)
{
  const char *whom = data;
  Bed *bed = bed_new ();

  for (int i = 0; i < N_REPORTS; i++)
    add_report (bed, i);

  for (int i = 0; i < N_REPORTS && n_left (bed) > 0; i++)
    flush_and_kill (bed, strchr (whom, 'p') != NULL, strchr (whom, 's') != NULL);

  finish (bed);
  check_server (bed, strchr (whom, 's') != NULL);
  bed_free (bed);
}

static void
on_step (const CvmSpoolEntry *entry,
         gpointer             data)
{
  g_assert_cmpint (write (STDOUT_FILENO, "s", 1), ==, 1);
}

static void
on_progress (const CvmSpoolEntry *entry,
             const char          *what,
             guint64              done,
             guint64              total,
             gpointer             data)
{
  on_step (entry, data);
}

static int
be_killed (char **argv)
{
  g_autoptr(CvmSpool) spool = cvm_spool_new (argv[0], &quick);
  CvmSpoolFlush how = { .is_now = TRUE, .on_step = on_step, .on_progress = on_progress };

  return cvm_spool_flush (spool, &how, NULL, NULL) ? EXIT_SUCCESS : EXIT_FAILURE;
}

int
main (int    argc,
      char **argv)
{
  if (argc > 2 && strcmp (argv[1], "--flush") == 0)
    return be_killed (argv + 2);

  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/spool-kill/program", "p", test_kill);
  g_test_add_data_func ("/spool-kill/server", "s", test_kill);
  g_test_add_data_func ("/spool-kill/both", "ps", test_kill);

  return g_test_run ();
}
