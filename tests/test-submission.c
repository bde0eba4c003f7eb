/* test-submission.c: what is said of reports that were sent, wait or were not
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-submission.h"

#define NOW 1000000

static const struct
{
  const char         *name;
  CvmSubmissionState  state;
  guint               n_reports;
  guint64             report_id;
  const char         *why;
  gint64              next_try_s;
  gboolean            is_confirmed;
  const char         *brief;
  const char         *sentence;
} said[] = {
  { "none", CVM_SUBMISSION_NONE, 0, 0, NULL, 0, FALSE, "not sent", "Not sent." },
  { "on", CVM_SUBMISSION_WAITING, 1, 0, NULL, 0, FALSE, "being sent",
    "Being sent to the server “tapper”…" },
  { "minutes", CVM_SUBMISSION_WAITING, 1, 0,
    "Cannot reach the receiver 127.0.0.1:7357: Could not connect to 127.0.0.1: Connection refused",
    NOW + 240, FALSE, "waits: connection refused",
    "Waiting for the server “tapper”: connection refused. Trying again in 4 min." },
  { "seconds", CVM_SUBMISSION_WAITING, 1, 0, "Timed out", NOW + 5, FALSE, "waits: timed out",
    "Waiting for the server “tapper”: timed out. Trying again in 5 s." },
  { "due", CVM_SUBMISSION_WAITING, 1, 0, "TLS broke", NOW - 5, FALSE, "waits: TLS broke",
    "Waiting for the server “tapper”: TLS broke. Trying again now." },
  { "hostile", CVM_SUBMISSION_WAITING, 1, 0, "a: b\nc: \x1b[1m", 0, FALSE, "waits: [1m",
    "Waiting for the server “tapper”: [1m." },
  { "maybe", CVM_SUBMISSION_ASKED, 1, 7, "cut", 0, FALSE, "maybe sent",
    "Maybe sent as 7: the server cannot be asked. Look at the server, then send it again or remove "
    "it." },
  { "broken", CVM_SUBMISSION_ASKED, 1, 0, "it names no step", 0, FALSE, "maybe sent",
    "The report in the spool cannot be sent: it names no step." },
  { "sent", CVM_SUBMISSION_SENT, 1, 1042, NULL, 0, TRUE, "report 1042",
    "Sent as 1042 to “tapper”, stored and confirmed." },
  { "unconfirmed", CVM_SUBMISSION_SENT, 1, 1042, NULL, 0, FALSE, "report 1042",
    "Sent as 1042 to “tapper”. The server did not confirm it." },
  { "several", CVM_SUBMISSION_SENT, 3, 1042, NULL, 0, TRUE, "report 1042",
    "3 reports sent to “tapper”, the first as 1042." },
};

static void
test_said (gconstpointer data)
{
  const typeof (said[0]) *c = data;
  const CvmSubmission submission = {
    .state = c->state, .server = (char *)"tapper", .n_reports = c->n_reports,
    .report_id = c->report_id, .why = (char *)c->why, .next_try_s = c->next_try_s,
    .is_confirmed = c->is_confirmed,
  };
  g_autofree char *brief = cvm_submission_brief (&submission);
  g_autofree char *sentence = cvm_submission_sentence (&submission, NOW);

  g_assert_cmpstr (brief, ==, c->brief);
  g_assert_cmpstr (sentence, ==, c->sentence);
}

static CvmSpoolEntry *
entry_new (CvmSpoolState  state,
           const char    *why,
           gint64         next_try_s)
{
  CvmSpoolEntry *entry = cvm_spool_entry_new ();

  entry->state = state;
  entry->server = cvm_tapper_server_new ("tapper", "127.0.0.1:1", NULL, NULL, NULL);
  entry->why = g_strdup (why);
  entry->next_try_s = next_try_s;

  return entry;
}

/* Of all that waits: the reason of the first that has one, and the earliest try */
static void
test_summary (void)
{
  g_autoptr(GPtrArray) waiting =
    g_ptr_array_new_with_free_func ((GDestroyNotify)cvm_spool_entry_free);
  g_autofree char *nothing = cvm_submission_summary (waiting, NOW);
  g_autofree char *quiet = NULL;
  g_autofree char *one = NULL;
  g_autofree char *more = NULL;

  g_assert_null (nothing);
  g_ptr_array_add (waiting, entry_new (CVM_SPOOL_QUEUED, NULL, 0));
  quiet = cvm_submission_summary (waiting, NOW);
  g_assert_null (quiet);

  g_ptr_array_add (waiting, entry_new (CVM_SPOOL_QUEUED, "x: Connection refused", NOW + 600));
  one = cvm_submission_summary (waiting, NOW);
  g_assert_cmpstr (one, ==, "2 reports wait for the server “tapper”: connection refused. Trying "
                            "again in 10 min.");

  g_ptr_array_add (waiting, entry_new (CVM_SPOOL_QUEUED, "other", NOW + 120));
  more = cvm_submission_summary (waiting, NOW);
  g_assert_cmpstr (more, ==, "3 reports wait for the server “tapper”: connection refused. Trying "
                             "again in 2 min.");
}

static void
test_fingerprint (void)
{
  g_autoptr(GPtrArray) waiting =
    g_ptr_array_new_with_free_func ((GDestroyNotify)cvm_spool_entry_free);
  g_autofree char *none = cvm_submission_fingerprint (waiting);
  g_autofree char *one = NULL;
  g_autofree char *same = NULL;
  g_autofree char *tried = NULL;

  g_ptr_array_add (waiting, entry_new (CVM_SPOOL_QUEUED, NULL, 0));
  one = cvm_submission_fingerprint (waiting);
  same = cvm_submission_fingerprint (waiting);
  ((CvmSpoolEntry *)waiting->pdata[0])->next_try_s = NOW;
  tried = cvm_submission_fingerprint (waiting);
  g_assert_cmpstr (none, ==, "");
  g_assert_cmpstr (one, !=, "");
  g_assert_cmpstr (one, ==, same);
  g_assert_cmpstr (one, !=, tried);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (said); i++)
    {
      g_autofree char *path = g_strconcat ("/submission/said/", said[i].name, NULL);

      g_test_add_data_func (path, &said[i], test_said);
    }
  g_test_add_func ("/submission/summary", test_summary);
  g_test_add_func ("/submission/fingerprint", test_fingerprint);

  return g_test_run ();
}
