/* test-spool.c: reports that wait in the spool: order, states, choices, and a disk that fails
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-spool.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "cvm-file.h"
#include "cvm-tapper-api.h"
#include "cvm-tapper-error.h"
#include "cvm-test-spool.h"
#include "cvm-wait.h"

/* What becomes of a report when all goes well */

static void
test_good (void)
{
  CvmTestSpool *bed = cvm_test_spool_new (TRUE, TRUE);
  guint n_all;

  g_assert_cmpuint (cvm_test_spool_add (bed, bed->report, NULL, 0), ==, 1);
  cvm_test_spool_flush (bed);

  g_assert_cmpstr (bed->steps->str, ==, "S+*D");
  g_assert_cmpstr (bed->last, ==, "sent as 1 and stored: 2 passed, 0 failed");
  g_assert_cmpuint (cvm_test_spool_n_left (bed), ==, 0);
  g_assert_cmpuint (cvm_test_spool_n_orphans (bed), ==, 0);
  g_assert_cmpuint (bed->progress, >, 0);
  g_assert_cmpuint (cvm_peer_tapper_count (bed->peer, bed->report, &n_all), ==, 1);
  g_assert_cmpuint (n_all, ==, 1);

  cvm_test_spool_free (bed);
}

/* Attachments */

static void
test_attachments (void)
{
  CvmTestSpool *bed = cvm_test_spool_new (TRUE, TRUE);
  g_autofree char *large = g_strnfill (400000, 'l');
  g_autofree char *log = cvm_test_spool_write (bed, "console log.txt", large, -1);
  g_autofree char *frame = cvm_test_spool_write (bed, "frame.png", "\x89PNG\0\xff", 6);
  g_autofree char *empty = cvm_test_spool_write (bed, "empty", "", 0);
  CvmSpoolFile files[] = { { log }, { frame }, { frame, "FRAME.png" }, { empty }, { frame, "../a b" } };
  static const char *const names[] = { "console-log.txt.gz", "frame.png", "FRAME-2.png", "empty", "a-b" };
  guint64 number = cvm_test_spool_add (bed, bed->report, files, G_N_ELEMENTS (files));
  g_autoptr(CvmSpoolEntry) entry = cvm_spool_find (bed->spool, number, NULL);
  const CvmSpoolAttachment *first = g_ptr_array_index (entry->attachments, 0);

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    g_assert_cmpstr (((CvmSpoolAttachment *)g_ptr_array_index (entry->attachments, i))->name, ==,
                     names[i]);
  g_assert_cmpstr (first->type, ==, "application/gzip");
  g_assert_cmpuint (first->size, <, 10000);

  cvm_test_spool_flush (bed);
  g_assert_cmpstr (bed->last, ==, "sent as 1 and stored: 2 passed, 0 failed; 5 of 5 attachments");
  g_assert_cmpuint (cvm_test_spool_n_left (bed), ==, 0);

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autofree char *sha256 = NULL;
      guint64 len;
      const CvmSpoolAttachment *item = g_ptr_array_index (entry->attachments, i);

      cvm_tapper_api_download (bed->server, 1, names[i], 0, NULL, 1000000, &len, &sha256, 1000, NULL,
                               &error);
      g_assert_no_error (error);
      g_assert_cmpuint (len, ==, item->size);
      if (item->size > 0)
        g_assert_cmpstr (sha256, ==, item->sha256);
    }

  cvm_test_spool_free (bed);
}

/* Order, and servers that are away */

static void
test_order (void)
{
  CvmTestSpool *bed = cvm_test_spool_new (TRUE, TRUE);
  CvmSpoolFlush patient = { .on_step = cvm_test_spool_on_step, .data = bed };
  g_autoptr(GError) error = NULL;
  guint64 numbers[3];

  cvm_peer_tapper_stop (bed->peer);
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    numbers[i] = cvm_test_spool_add (bed, bed->report, NULL, 0);
  cvm_test_spool_flush (bed);

  /* Only the first was tried: the others go behind it. */
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      g_autoptr(CvmSpoolEntry) entry = cvm_spool_find (bed->spool, numbers[i], NULL);

      g_assert_cmpuint (entry->n_tries, ==, i == 0);
      g_assert_cmpuint (entry->number, ==, i + 1);
    }

  cvm_peer_tapper_start (bed->peer);
  g_assert_true (cvm_spool_retry (bed->spool, numbers[0], NULL));
  cvm_spool_flush (bed->spool, &patient, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (bed->last, ==, "sent as 3 and stored: 2 passed, 0 failed");
  g_assert_cmpuint (cvm_test_spool_n_left (bed), ==, 0);

  cvm_test_spool_free (bed);
}

static void
test_two_servers (void)
{
  CvmTestSpool *bed = cvm_test_spool_new (TRUE, TRUE);
  CvmTapperServer *alive = g_steal_pointer (&bed->server);

  bed->server = cvm_tapper_server_new ("dead", "127.0.0.1:1", "127.0.0.1:1", NULL, NULL);
  cvm_test_spool_add (bed, bed->report, NULL, 0);
  cvm_tapper_server_free (bed->server);
  bed->server = alive;
  cvm_test_spool_add (bed, bed->report, NULL, 0);
  cvm_test_spool_flush (bed);

  g_assert_cmpuint (cvm_test_spool_n_left (bed), ==, 1);
  g_assert_cmpstr (bed->last, ==, "sent as 1 and stored: 2 passed, 0 failed");

  cvm_test_spool_free (bed);
}

static CvmTapperServer *
find_moved (const char *name,
            gpointer    data)
{
  g_assert_cmpstr (name, ==, "stand-in");

  return cvm_tapper_server_copy (data);
}

/* A queued report goes where its server is by now. */
static void
test_moved (void)
{
  CvmTestSpool *bed = cvm_test_spool_new (TRUE, TRUE);
  CvmTapperServer *here = g_steal_pointer (&bed->server);
  CvmSpoolFlush how = { .is_now = TRUE, .find_server = find_moved, .data = here };
  g_autoptr(GError) error = NULL;

  bed->server = cvm_tapper_server_new ("stand-in", "127.0.0.1:1", NULL, NULL, NULL);
  cvm_test_spool_add (bed, bed->report, NULL, 0);
  cvm_test_spool_flush (bed);
  g_assert_cmpuint (cvm_test_spool_n_left (bed), ==, 1);
  cvm_spool_flush (bed->spool, &how, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (cvm_test_spool_n_left (bed), ==, 0);

  cvm_tapper_server_free (here);
  cvm_test_spool_free (bed);
}

/* State files */

static void
edit_state (CvmTestSpool        *bed,
            guint64     number,
            const char *text)
{
  g_autofree char *path = g_strdup_printf ("%s/%08u/state.json", cvm_spool_get_path (bed->spool),
                                           (guint)number);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

/* A pause may be long, but a clock that was set back must not make it longer than the longest. */
static void
test_clock (void)
{
  static const struct { gint64 ahead_s; guint n_left; } rows[] = { { 1, 1 }, { 1000000, 0 }, { -5, 0 } };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      CvmTestSpool *bed = cvm_test_spool_new (TRUE, TRUE);
      CvmSpoolFlush patient = { .is_now = FALSE };
      g_autoptr(CvmSpoolEntry) entry = NULL;
      g_autoptr(GError) error = NULL;
      g_autofree char *text = NULL;
      guint64 number = cvm_test_spool_add (bed, bed->report, NULL, 0);

      entry = cvm_spool_find (bed->spool, number, NULL);
      entry->next_try_s = g_get_real_time () / G_USEC_PER_SEC + rows[i].ahead_s;
      text = cvm_spool_entry_to_json (entry);
      edit_state (bed, number, text);
      cvm_spool_flush (bed->spool, &patient, NULL, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (cvm_test_spool_n_left (bed), ==, rows[i].n_left);
      cvm_test_spool_free (bed);
    }
}

/* Words and paths of any bytes leave a state that can be read again. */
static void
test_other_bytes (void)
{
  CvmTestSpool *bed = cvm_test_spool_new (TRUE, TRUE);
  guint64 number = cvm_test_spool_add (bed, bed->report, NULL, 0);
  g_autoptr(CvmSpoolEntry) entry = cvm_spool_find (bed->spool, number, NULL);
  g_autoptr(CvmSpoolEntry) again = NULL;
  g_autoptr(CvmSpoolOrphan) orphan_again = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;
  g_autofree char *orphan_text = NULL;
  CvmSpoolOrphan orphan = { .title = (char *)"", .server = (char *)"", .why = (char *)"D\xe9sol\xe9" };

  g_clear_pointer (&entry->why, g_free);
  entry->why = g_strdup (orphan.why);
  entry->run = g_strdup ("/runs/caf\xe9");
  entry->job = g_strdup ("1");
  text = cvm_spool_entry_to_json (entry);
  again = cvm_spool_entry_from_json (text, strlen (text), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (again->why, ==, "D\357\277\275sol\357\277\275");
  g_assert_null (again->run);
  g_assert_null (again->job);

  orphan_text = cvm_spool_orphan_to_json (&orphan);
  orphan_again = cvm_spool_orphan_from_json (orphan_text, strlen (orphan_text), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (orphan_again->why, ==, again->why);

  cvm_test_spool_free (bed);
}

static void
test_broken (void)
{
  CvmTestSpool *bed = cvm_test_spool_new (TRUE, TRUE);
  guint64 torn = cvm_test_spool_add (bed, bed->report, NULL, 0);
  guint64 changed = cvm_test_spool_add (bed, bed->report, NULL, 0);
  guint64 good = cvm_test_spool_add (bed, bed->report, NULL, 0);
  g_autofree char *path = g_strdup_printf ("%s/%08u/report.tap", cvm_spool_get_path (bed->spool),
                                           (guint)changed);
  g_autoptr(CvmSpoolEntry) entry = NULL;
  g_autoptr(CvmSpoolEntry) other = NULL;
  g_autoptr(GError) error = NULL;

  edit_state (bed, torn, "{\"v\":1,\"state\":\"que");
  g_assert_true (g_file_set_contents (path, "1..1\nok\n", -1, NULL));
  cvm_test_spool_flush (bed);

  g_assert_cmpuint (cvm_test_spool_n_left (bed), ==, 2);
  g_assert_null (cvm_spool_find (bed->spool, good, NULL));
  entry = cvm_spool_find (bed->spool, torn, NULL);
  g_assert_cmpint (entry->state, ==, CVM_SPOOL_BROKEN);
  g_assert_true (g_str_has_prefix (entry->why, "its state makes no sense: "));
  g_assert_true (g_file_test (entry->path, G_FILE_TEST_EXISTS));
  other = cvm_spool_find (bed->spool, changed, NULL);
  g_assert_cmpint (other->state, ==, CVM_SPOOL_BROKEN);
  g_assert_nonnull (strstr (other->why, "was changed since it entered the spool"));

  g_assert_false (cvm_spool_retry (bed->spool, torn, &error));
  g_assert_error (error, CVM_TAPPER_ERROR, CVM_TAPPER_ERROR_BROKEN);
  g_assert_true (cvm_spool_drop (bed->spool, torn, NULL));
  g_assert_true (cvm_spool_drop (bed->spool, changed, NULL));
  g_assert_cmpuint (cvm_test_spool_n_left (bed), ==, 0);
  g_clear_error (&error);
  g_assert_false (cvm_spool_drop (bed->spool, changed, &error));
  g_assert_error (error, CVM_TAPPER_ERROR, CVM_TAPPER_ERROR_NO_SUCH_REPORT);

  cvm_test_spool_free (bed);
}

/* The server counts otherwise: its raw bytes tell whether it has all, where it can be asked. */
static void
test_differs (gconstpointer data)
{
  const char *web = data;
  CvmTestSpool *bed = cvm_test_spool_new (TRUE, strcmp (web, "none") != 0);
  guint64 number = cvm_test_spool_add (bed, bed->report, NULL, 0);
  g_autoptr(CvmSpoolEntry) entry = cvm_spool_find (bed->spool, number, NULL);
  gboolean is_dead = strcmp (web, "dead") == 0;
  g_autofree char *text = NULL;

  entry->counted.total = 99;
  if (is_dead)
    {
      g_free (entry->server->web);
      entry->server->web = g_strdup ("http://127.0.0.1:1/tapper");
    }
  text = cvm_spool_entry_to_json (entry);
  edit_state (bed, number, text);
  cvm_test_spool_flush (bed);

  g_assert_true (g_str_has_prefix (bed->last, "sent as 1 and stored: 2 passed, 0 failed; the server "
                                   "counts otherwise: 99 points sent, 2 stored"));
  g_assert_cmpuint (cvm_test_spool_n_left (bed), ==, is_dead);

  cvm_test_spool_free (bed);
}

/* The end is unknown and there is nobody to ask: a person chooses. */
static void
test_choice (gconstpointer data)
{
  gboolean again = data != NULL;
  CvmTestSpool *bed = cvm_test_spool_new (TRUE, FALSE);
  guint64 number = cvm_test_spool_add (bed, bed->report, NULL, 0);
  g_autoptr(CvmSpoolEntry) entry = NULL;

  cvm_peer_tapper_fault (bed->peer, "{\"receiver\": {\"reset\": \"receiving\", \"after\": 10, \"times\": 1}}");
  cvm_test_spool_flush (bed);
  cvm_test_spool_flush (bed);
  entry = cvm_spool_find (bed->spool, number, NULL);
  g_assert_cmpint (entry->state, ==, CVM_SPOOL_MAYBE);
  g_assert_cmpstr (bed->last, ==, "maybe sent as 1: the server cannot be asked "
                   "(the server stand-in has no web pages to ask)");

  g_assert_true (again ? cvm_spool_retry (bed->spool, number, NULL)
                       : cvm_spool_drop (bed->spool, number, NULL));
  g_assert_cmpuint (cvm_test_spool_n_orphans (bed), ==, 1);
  cvm_test_spool_flush (bed);
  g_assert_cmpuint (cvm_test_spool_n_left (bed), ==, 0);
  if (again)
    g_assert_cmpstr (bed->last, ==, "sent as 2 and stored: 2 passed, 0 failed");

  cvm_test_spool_free (bed);
}

/* The folder */

static void
test_busy (void)
{
  CvmTestSpool *bed = cvm_test_spool_new (TRUE, TRUE);
  CvmSpoolFlush how = { .is_now = TRUE };
  g_autoptr(GError) error = NULL;
  guint64 number = cvm_test_spool_add (bed, bed->report, NULL, 0);
  int lock = cvm_file_lock (cvm_spool_get_path (bed->spool), NULL);

  g_assert_cmpint (lock, >=, 0);
  g_assert_false (cvm_spool_flush (bed->spool, &how, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_BUSY);
  g_clear_error (&error);
  g_assert_false (cvm_spool_drop (bed->spool, number, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_BUSY);
  cvm_test_spool_add (bed, bed->report, NULL, 0);
  close (lock);
  cvm_test_spool_flush (bed);
  g_assert_cmpuint (cvm_test_spool_n_left (bed), ==, 0);

  cvm_test_spool_free (bed);
}

/* What dead processes left behind is taken away; what a live one makes is not. */
static void
test_leftovers (void)
{
  CvmTestSpool *bed = cvm_test_spool_new (TRUE, TRUE);
  const char *spool = cvm_spool_get_path (bed->spool);
  g_autofree char *dead = g_build_filename (spool, ".new-dead", NULL);
  g_autofree char *gone = g_build_filename (spool, ".gone-7", NULL);
  g_autofree char *live = g_build_filename (spool, ".new-live", NULL);
  int lock;

  g_assert_cmpint (g_mkdir_with_parents (dead, 0700), ==, 0);
  g_assert_cmpint (g_mkdir_with_parents (gone, 0700), ==, 0);
  g_assert_cmpint (g_mkdir_with_parents (live, 0700), ==, 0);
  lock = cvm_file_lock (live, NULL);
  cvm_test_spool_flush (bed);
  g_assert_false (g_file_test (dead, G_FILE_TEST_EXISTS));
  g_assert_false (g_file_test (gone, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (live, G_FILE_TEST_EXISTS));
  close (lock);

  cvm_test_spool_free (bed);
}

/* No room on the disk, here by a limit on the size of files */
static void
test_full (void)
{
  CvmTestSpool *bed = cvm_test_spool_new (TRUE, TRUE);
  struct rlimit old;
  struct rlimit none = { 0 };
  CvmSpoolReport report = { bed->server, bed->report };
  CvmSpoolFlush how = { .is_now = TRUE };
  g_autoptr(GError) added = NULL;
  g_autoptr(GError) flushed = NULL;
  gboolean has_added, has_flushed;
  guint64 number = cvm_test_spool_add (bed, bed->report, NULL, 0);
  guint n_all;

  signal (SIGXFSZ, SIG_IGN);
  getrlimit (RLIMIT_FSIZE, &old);
  none.rlim_max = old.rlim_max;
  setrlimit (RLIMIT_FSIZE, &none);
  has_added = cvm_spool_add (bed->spool, &report, &number, NULL, &added);
  has_flushed = cvm_spool_flush (bed->spool, &how, NULL, &flushed);
  setrlimit (RLIMIT_FSIZE, &old);

  g_assert_false (has_added);
  g_assert_nonnull (strstr (added->message, "Cannot write"));
  g_assert_false (has_flushed);
  g_assert_nonnull (flushed);
  g_assert_cmpuint (cvm_test_spool_n_left (bed), ==, 1);

  cvm_test_spool_flush (bed);
  g_assert_cmpuint (cvm_test_spool_n_left (bed), ==, 0);
  g_assert_cmpuint (cvm_peer_tapper_count (bed->peer, bed->report, &n_all), ==, 1);

  cvm_test_spool_free (bed);
}

static void
test_no_folder (void)
{
  CvmTestSpool *bed = cvm_test_spool_new (TRUE, TRUE);
  g_autofree char *path = g_build_filename (bed->report, "spool", NULL);
  g_autoptr(CvmSpool) spool = cvm_spool_new (path, &cvm_test_spool_limits);
  CvmSpoolReport report = { bed->server, bed->report };
  CvmSpoolFlush how = { .is_now = FALSE };
  g_autoptr(GError) error = NULL;
  guint64 number;

  g_assert_false (cvm_spool_add (spool, &report, &number, NULL, &error));
  g_assert_nonnull (strstr (error->message, path));
  g_clear_error (&error);
  g_assert_null (cvm_spool_list (spool, &error));
  g_clear_error (&error);
  g_assert_false (cvm_spool_flush (spool, &how, NULL, &error));

  cvm_test_spool_free (bed);
}

static void
test_refused (void)
{
  CvmTestSpool *bed = cvm_test_spool_new (FALSE, TRUE);
  g_autofree char *bad = cvm_test_spool_write (bed, "bad.tap", "ok - \xe2\x9c\x93\n1..1\n", -1);
  CvmSpoolFile file = { bed->report };
  CvmSpoolReport report = { bed->server, bad };
  g_autoptr(GError) error = NULL;
  guint64 number;

  g_assert_false (cvm_spool_add (bed->spool, &report, &number, NULL, &error));
  g_assert_error (error, CVM_TAPPER_ERROR, CVM_TAPPER_ERROR_WOULD_LOSE);
  g_assert_true (g_str_has_prefix (error->message, bad));
  g_clear_error (&error);

  report.path = bed->report;
  report.attachments = &file;
  report.n_attachments = 1;
  g_assert_false (cvm_spool_add (bed->spool, &report, &number, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
  g_assert_cmpuint (cvm_test_spool_n_left (bed), ==, 0);

  cvm_test_spool_free (bed);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/spool/good", test_good);
  g_test_add_func ("/spool/attachments", test_attachments);
  g_test_add_func ("/spool/order", test_order);
  g_test_add_func ("/spool/two servers", test_two_servers);
  g_test_add_func ("/spool/moved", test_moved);
  g_test_add_func ("/spool/clock", test_clock);
  g_test_add_func ("/spool/other bytes", test_other_bytes);
  g_test_add_func ("/spool/broken", test_broken);
  g_test_add_data_func ("/spool/choice/drop", NULL, test_choice);
  g_test_add_data_func ("/spool/choice/retry", "again", test_choice);
  g_test_add_data_func ("/spool/differs/all told", "good", test_differs);
  g_test_add_data_func ("/spool/differs/no pages", "none", test_differs);
  g_test_add_data_func ("/spool/differs/pages away", "dead", test_differs);
  g_test_add_func ("/spool/busy", test_busy);
  g_test_add_func ("/spool/leftovers", test_leftovers);
  g_test_add_func ("/spool/full", test_full);
  g_test_add_func ("/spool/no folder", test_no_folder);
  g_test_add_func ("/spool/refused", test_refused);

  return g_test_run ();
}
