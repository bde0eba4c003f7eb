/* test-submitter.c: reports of runs go out in the background: a server that is there, away, or stuck
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-submitter.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "cvm-file.h"
#include "cvm-paths.h"
#include "cvm-peer-tapper.h"
#include "cvm-sent.h"
#include "cvm-tapper-error.h"
#include "cvm-test-home.h"

#define LIMIT_S 30
#define ID      "2026-11-20T101112Z-beef"

/* LeakSanitizer crashes on the thread-local storage of gio's TLS module, which is loaded late. */
const char *__asan_default_options (void);

const char *
__asan_default_options (void)
{
  return "intercept_tls_get_addr=0";
}

static const char journal[] =
  "{\"v\":1,\"seq\":1,\"t\":\"2026-11-20T10:11:12.000001Z\",\"job\":null,\"type\":\"run.begin\","
  "\"title\":\"demo: basic\",\"version\":\"0.1.0\",\"jobs\":2}\n"
  "{\"v\":1,\"seq\":2,\"t\":\"2026-11-20T10:11:12.000002Z\",\"job\":\"01\",\"type\":\"job.begin\","
  "\"image\":\"demo\",\"host\":\"qemu:///session\",\"suite\":\"basic\",\"points\":1}\n"
  "{\"v\":1,\"seq\":3,\"t\":\"2026-11-20T10:11:13.000000Z\",\"job\":\"01\",\"type\":\"job.end\","
  "\"status\":0}\n"
  "{\"v\":1,\"seq\":4,\"t\":\"2026-11-20T10:11:12.000002Z\",\"job\":\"02\",\"type\":\"job.begin\","
  "\"image\":\"other\",\"host\":\"qemu:///session\",\"suite\":\"basic\",\"points\":1}\n"
  "{\"v\":1,\"seq\":5,\"t\":\"2026-11-20T10:11:13.000000Z\",\"job\":\"02\",\"type\":\"job.end\","
  "\"status\":0}\n"
  "{\"v\":1,\"seq\":6,\"t\":\"2026-11-20T10:11:14.000000Z\",\"job\":null,\"type\":\"run.end\","
  "\"status\":0}\n";

static const char report[] =
  "TAP version 13\n1..1\n# Tapper-Suite-Name: basic\n# Tapper-Machine-Name: demo\nok 1 - start - It starts\n";

typedef struct
{
  CvmPeerTapper *peer;
  CvmSubmitter  *submitter;
  char          *dir;          /* of a run of two jobs */
  GString       *told;
  gboolean       is_over;      /* a call ended */
  GError        *error;        /* of it */
} Bed;

static void
put (const char *dir,
     const char *name,
     const char *text)
{
  g_autofree char *path = g_build_filename (dir, name, NULL);
  g_autofree char *folder = g_path_get_dirname (path);

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

static void
on_told (Bed        *bed,
         const char *text)
{
  g_string_append_printf (bed->told, "%s\n", text);
}

static void
remember_server (Bed *bed)
{
  g_autofree char *receiver = g_strdup_printf ("127.0.0.1:%u", bed->peer->receiver);
  g_autofree char *api = g_strdup_printf ("127.0.0.1:%u", bed->peer->api);
  g_autofree char *web = g_strdup_printf ("http://127.0.0.1:%u/tapper", bed->peer->web);
  g_autoptr(GError) error = NULL;
  g_autoptr(CvmTapperServer) server = cvm_tapper_server_new ("main", receiver, api, web, &error);

  g_assert_no_error (error);
  g_assert_true (cvm_tapper_servers_save (server, TRUE, &error));
  g_assert_no_error (error);
}

static void
bed_start (Bed *bed)
{
  bed->submitter = g_object_new (CVM_TYPE_SUBMITTER, NULL);
  g_signal_connect_swapped (bed->submitter, "told", G_CALLBACK (on_told), bed);
  cvm_submitter_begin (bed->submitter);
}

static Bed *
bed_new (const char *limits_ms)
{
  Bed *bed = g_new0 (Bed, 1);
  g_autofree char *runs = cvm_paths_runs ();

  cvm_test_home_clear ();
  g_setenv ("CVM_TEST_SPOOL_MS", limits_ms, TRUE);
  bed->peer = cvm_peer_tapper_new ();
  bed->told = g_string_new (NULL);
  bed->dir = g_build_filename (runs, ID, NULL);
  put (bed->dir, "journal.jsonl", journal);
  put (bed->dir, "job-01/report.tap", report);
  put (bed->dir, "job-02/report.tap", report);
  bed_start (bed);

  return bed;
}

static gboolean
on_tick (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

/* Runs the main loop until IS_SO, which is looked at after each turn */
#define wait_until(is_so) \
  G_STMT_START { \
    gint64 deadline_us = g_get_monotonic_time () + LIMIT_S * G_USEC_PER_SEC; \
    guint tick = g_timeout_add (20, on_tick, NULL); \
    while (!(is_so)) \
      { \
        g_assert_cmpint (g_get_monotonic_time (), <, deadline_us); \
        g_main_context_iteration (NULL, TRUE); \
      } \
    g_source_remove (tick); \
  } G_STMT_END

/* Nobody holds it when it has ended, as soon as what its threads told was heard */
static void
bed_stop (Bed *bed)
{
  cvm_submitter_end (bed->submitter);
  g_object_add_weak_pointer (G_OBJECT (bed->submitter), (gpointer *)&bed->submitter);
  g_object_unref (bed->submitter);
  wait_until (bed->submitter == NULL);
}

static void
bed_free (Bed *bed)
{
  bed_stop (bed);
  cvm_peer_tapper_free (bed->peer);
  g_string_free (bed->told, TRUE);
  g_clear_error (&bed->error);
  g_free (bed->dir);
  g_free (bed);
}

static CvmSubmissionState
state_of (Bed *bed)
{
  const CvmSubmission *submission = cvm_submitter_peek (bed->submitter, bed->dir);

  return submission != NULL ? submission->state : (CvmSubmissionState)-1;
}

static char *
sentence_of (Bed *bed)
{
  return cvm_submission_sentence (cvm_submitter_peek (bed->submitter, bed->dir),
                                  g_get_real_time () / G_USEC_PER_SEC);
}

static guint
n_waiting (Bed *bed)
{
  return cvm_submitter_get_waiting (bed->submitter)->len;
}

static guint
n_on_server (Bed *bed)
{
  g_autofree char *path = g_build_filename (bed->dir, "job-01", "report.tap", NULL);
  guint n_all;

  return cvm_peer_tapper_count (bed->peer, path, &n_all);
}

static void
on_sent (GObject      *source,
         GAsyncResult *result,
         gpointer      data)
{
  Bed *bed = data;

  cvm_submitter_send_finish (bed->submitter, result, &bed->error);
  bed->is_over = TRUE;
}

static void
on_acted (GObject      *source,
          GAsyncResult *result,
          gpointer      data)
{
  Bed *bed = data;

  cvm_submitter_act_finish (bed->submitter, result, &bed->error);
  bed->is_over = TRUE;
}

static void
send (Bed        *bed,
      const char *job)
{
  bed->is_over = FALSE;
  cvm_submitter_send_async (bed->submitter, bed->dir, job, NULL, NULL, on_sent, bed);
  wait_until (bed->is_over);
}

/* ------------------------------------------------------------------------------------------- */

static void
test_sent (void)
{
  Bed *bed = bed_new ("300:2000:500");
  const CvmSubmission *submission;
  g_autoptr(GPtrArray) noted = NULL;
  g_autofree char *sentence = NULL;
  g_autofree char *brief = NULL;

  remember_server (bed);
  g_assert_null (cvm_submitter_peek (bed->submitter, bed->dir));
  wait_until (state_of (bed) == CVM_SUBMISSION_NONE);

  send (bed, NULL);
  g_assert_no_error (bed->error);
  wait_until (state_of (bed) == CVM_SUBMISSION_SENT && n_waiting (bed) == 0);

  submission = cvm_submitter_peek (bed->submitter, bed->dir);
  g_assert_cmpuint (submission->n_reports, ==, 2);
  g_assert_cmpuint (submission->report_id, ==, 1);
  g_assert_true (submission->is_confirmed);
  g_assert_true (g_str_has_suffix (submission->url, "/tapper/reports/id/1"));
  sentence = sentence_of (bed);
  brief = cvm_submission_brief (submission);
  g_assert_cmpstr (sentence, ==, "2 reports sent to “main”, the first as 1.");
  g_assert_cmpstr (brief, ==, "report 1");
  g_assert_nonnull (strstr (bed->told->str, "demo: basic: sent as 1 and stored: 1 passed, 0 failed"));
  g_assert_cmpuint (n_on_server (bed), ==, 2);

  noted = cvm_sent_read (bed->dir);
  g_assert_cmpuint (noted->len, ==, 2);
  bed_free (bed);
}

static void
test_one_job (void)
{
  Bed *bed = bed_new ("300:2000:500");
  g_autofree char *sentence = NULL;

  remember_server (bed);
  send (bed, "02");
  wait_until (state_of (bed) == CVM_SUBMISSION_SENT);
  sentence = sentence_of (bed);
  g_assert_cmpstr (sentence, ==, "Sent as 1 to “main”, stored and confirmed.");
  g_assert_cmpuint (n_on_server (bed), ==, 1);
  bed_free (bed);
}

static void
test_no_server (void)
{
  Bed *bed = bed_new ("300:2000:500");

  send (bed, NULL);
  g_assert_error (bed->error, CVM_TAPPER_SERVER_ERROR, CVM_TAPPER_SERVER_ERROR_UNKNOWN);
  g_assert_cmpuint (n_waiting (bed), ==, 0);
  bed_free (bed);
}

/* It goes by itself when the server is back, and a new program goes on where the old one was */
static void
test_away (gconstpointer is_new_program)
{
  Bed *bed = bed_new ("300:2000:1000");
  g_autofree char *sentence = NULL;
  g_autofree char *summary = NULL;

  remember_server (bed);
  cvm_peer_tapper_stop (bed->peer);
  send (bed, "01");
  g_assert_no_error (bed->error);
  wait_until (state_of (bed) == CVM_SUBMISSION_WAITING
              && cvm_submitter_peek (bed->submitter, bed->dir)->why != NULL);

  sentence = sentence_of (bed);
  g_assert_true (g_str_has_prefix (sentence, "Waiting for the server “main”: connection refused."));
  summary = cvm_submission_summary (cvm_submitter_get_waiting (bed->submitter), 0);
  g_assert_true (g_str_has_prefix (summary, "1 report waits for the server “main”: connection "
                                            "refused. Trying again in "));
  if (GPOINTER_TO_INT (is_new_program))
    {
      bed_stop (bed);
      bed_start (bed);
    }

  cvm_peer_tapper_start (bed->peer);
  wait_until (state_of (bed) == CVM_SUBMISSION_SENT);
  g_assert_cmpuint (n_on_server (bed), ==, 1);
  wait_until (n_waiting (bed) == 0);
  bed_free (bed);
}

static void
test_try_now (void)
{
  Bed *bed = bed_new ("300:2000:3600000");

  remember_server (bed);
  cvm_peer_tapper_stop (bed->peer);
  send (bed, "01");
  wait_until (n_waiting (bed) == 1 && !cvm_submitter_is_sending (bed->submitter));
  wait_until (cvm_submitter_peek (bed->submitter, bed->dir)->next_try_s
              > g_get_real_time () / G_USEC_PER_SEC + 1000);

  cvm_peer_tapper_start (bed->peer);
  cvm_submitter_try_now (bed->submitter);
  wait_until (state_of (bed) == CVM_SUBMISSION_SENT);
  g_assert_cmpuint (n_on_server (bed), ==, 1);
  bed_free (bed);
}

static void
test_at_end (void)
{
  Bed *bed = bed_new ("300:2000:500");

  remember_server (bed);
  cvm_submitter_send_at_end (bed->submitter, bed->dir, "main");
  cvm_submitter_run_ended (bed->submitter, "/another");
  cvm_submitter_run_ended (bed->submitter, bed->dir);
  wait_until (state_of (bed) == CVM_SUBMISSION_SENT);
  cvm_submitter_run_ended (bed->submitter, bed->dir);    /* a wish is fulfilled once */
  wait_until (n_waiting (bed) == 0 && !cvm_submitter_is_sending (bed->submitter));
  g_assert_cmpuint (n_on_server (bed), ==, 2);
  bed_free (bed);
}

/* Of a server that says nothing: the report is taken out although it is being sent just now */
static void
test_drop (void)
{
  Bed *bed = bed_new ("300:2000:500");
  const CvmSpoolEntry *entry;

  remember_server (bed);
  cvm_peer_tapper_fault (bed->peer, "{\"receiver\": {\"stall\": \"accepted\"}}");
  send (bed, "01");
  wait_until (n_waiting (bed) == 1 && cvm_submitter_is_sending (bed->submitter));

  entry = cvm_submitter_get_waiting (bed->submitter)->pdata[0];
  bed->is_over = FALSE;
  cvm_submitter_drop_async (bed->submitter, entry->number, on_acted, bed);
  wait_until (bed->is_over);
  g_assert_no_error (bed->error);
  wait_until (n_waiting (bed) == 0 && state_of (bed) == CVM_SUBMISSION_NONE);
  cvm_peer_tapper_fault (bed->peer, NULL);
  bed_free (bed);
}

/* While it is held nothing is begun; released, it goes */
static void
test_hold (void)
{
  Bed *bed = bed_new ("300:2000:500");

  remember_server (bed);
  cvm_submitter_hold (bed->submitter);
  send (bed, "01");
  wait_until (n_waiting (bed) == 1);
  g_assert_false (cvm_submitter_is_sending (bed->submitter));
  cvm_submitter_release (bed->submitter);
  wait_until (state_of (bed) == CVM_SUBMISSION_SENT);
  bed_free (bed);
}

/* Another program has the spool: nothing is lost, and it goes when that one is done */
static void
test_busy (void)
{
  Bed *bed = bed_new ("300:2000:500");
  g_autofree char *spool = cvm_paths_data ("spool");
  int lock;

  remember_server (bed);
  g_assert_cmpint (g_mkdir_with_parents (spool, 0700), ==, 0);
  lock = cvm_file_lock (spool, NULL);
  g_assert_cmpint (lock, >=, 0);

  send (bed, "01");
  g_assert_no_error (bed->error);
  wait_until (n_waiting (bed) == 1 && !cvm_submitter_is_sending (bed->submitter));
  g_assert_cmpuint (n_on_server (bed), ==, 0);
  close (lock);
  wait_until (state_of (bed) == CVM_SUBMISSION_SENT);
  g_assert_cmpuint (n_on_server (bed), ==, 1);
  bed_free (bed);
}

/* The window goes while the server is stuck: at once, and the report waits for the next time */
static void
test_end_while_stuck (void)
{
  Bed *bed = bed_new ("300:2000:500");
  gint64 begun_us;

  remember_server (bed);
  cvm_peer_tapper_fault (bed->peer, "{\"receiver\": {\"stall\": \"accepted\"}}");
  send (bed, "01");
  wait_until (n_waiting (bed) == 1 && cvm_submitter_is_sending (bed->submitter));

  begun_us = g_get_monotonic_time ();
  bed_stop (bed);
  g_assert_cmpint (g_get_monotonic_time () - begun_us, <, 2 * G_USEC_PER_SEC);

  cvm_peer_tapper_fault (bed->peer, NULL);
  bed_start (bed);
  wait_until (state_of (bed) == CVM_SUBMISSION_SENT);
  g_assert_cmpuint (n_on_server (bed), ==, 1);
  bed_free (bed);
}

/* What another wrote there is read with care */
static void
test_sent_lines (void)
{
  Bed *bed = bed_new ("300:2000:500");
  g_autoptr(GPtrArray) found = NULL;
  const CvmSent *sent;

  put (bed->dir, "sent.jsonl",
       "not JSON\n{}\n[1]\n{\"job\":\"01\",\"report\":-1}\n{\"report\":3}\n"
       "{\"job\":\"02\",\"report\":8,\"server\":7}\n"
       "{\"job\":\"01\",\"report\":4,\"url\":\"file:///etc/passwd\",\"server\":\"a\"}\n"
       "{\"job\":\"01\",\"report\":5,\"url\":\"javascript:1\",\"server\":\"b\"}\n"
       "{\"job\":\"01\",\"repor");
  found = cvm_sent_read (bed->dir);
  g_assert_cmpuint (found->len, ==, 2);
  sent = found->pdata[0];
  g_assert_cmpstr (sent->job, ==, "01");
  g_assert_cmpuint (sent->report_id, ==, 5);
  g_assert_cmpstr (sent->server, ==, "b");
  g_assert_null (sent->url);
  g_assert_cmpstr (((CvmSent *)found->pdata[1])->server, ==, "");

  /* Behind a torn line the next is whole */
  remember_server (bed);
  send (bed, "01");
  wait_until (state_of (bed) == CVM_SUBMISSION_SENT && n_waiting (bed) == 0);
  g_assert_cmpuint (cvm_submitter_peek (bed->submitter, bed->dir)->report_id, ==, 1);
  bed_free (bed);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  cvm_test_home_enter ();

  g_test_add_func ("/submitter/sent", test_sent);
  g_test_add_func ("/submitter/one-job", test_one_job);
  g_test_add_func ("/submitter/no-server", test_no_server);
  g_test_add_data_func ("/submitter/away", GINT_TO_POINTER (0), test_away);
  g_test_add_data_func ("/submitter/away-and-anew", GINT_TO_POINTER (1), test_away);
  g_test_add_func ("/submitter/try-now", test_try_now);
  g_test_add_func ("/submitter/at-end", test_at_end);
  g_test_add_func ("/submitter/drop", test_drop);
  g_test_add_func ("/submitter/hold", test_hold);
  g_test_add_func ("/submitter/busy", test_busy);
  g_test_add_func ("/submitter/end-while-stuck", test_end_while_stuck);
  g_test_add_func ("/submitter/sent-lines", test_sent_lines);

  return cvm_test_home_run ();
}
