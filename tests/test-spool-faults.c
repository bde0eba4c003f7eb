/* test-spool-faults.c: reports to a stand-in server that does all that can go wrong
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-spool.h"

#include <glib/gstdio.h>
#include <string.h>

#include "cvm-peer.h"
#include "cvm-tapper-api.h"
#include "cvm-test-spool.h"
#include "cvm-wait.h"

/* A server that can tell less: what is said then */
typedef struct
{
  const char *name;
  gboolean    has_api;
  gboolean    has_web;
  const char *faults;
  const char *says;
  gboolean    leaves;     /* the spool */
} Door;

static const Door doors[] = {
  { "no doors", FALSE, FALSE, NULL, "sent as 1, not confirmed", TRUE },
  { "pages only", FALSE, TRUE, NULL, "sent as 1 and stored to the byte, not counted by the server", TRUE },
  { "API only", TRUE, FALSE, NULL, "sent as 1 and stored: 2 passed, 0 failed", TRUE },
  { "templates off", TRUE, TRUE, "{\"api\": {\"tt\": \"off\"}}",
    "sent as 1 and stored to the byte, not counted by the server", TRUE },
  { "templates silent", TRUE, TRUE, "{\"api\": {\"tt\": \"silent\"}}",
    "sent as 1 and stored to the byte, not counted by the server", TRUE },
  { "half of a JSON", TRUE, TRUE, "{\"api\": {\"tt\": \"broken\"}}",
    "sent as 1 and stored to the byte, not counted by the server", TRUE },
  { "parser dies", TRUE, TRUE, "{\"receiver\": {\"lost\": true}}",
    "sent as 1 and stored to the byte, not counted by the server", TRUE },
  { "parsed late", TRUE, TRUE, "{\"receiver\": {\"parse_s\": 0.2}}",
    "sent as 1 and stored: 2 passed, 0 failed", TRUE },
  { "stored late", TRUE, TRUE, "{\"receiver\": {\"store_s\": 0.4}}",
    "sent as 1 and stored: 2 passed, 0 failed", TRUE },
  { "greeting in bytes", TRUE, TRUE, "{\"receiver\": {\"greeting\": \"bytes\"}}",
    "sent as 1 and stored: 2 passed, 0 failed", TRUE },
  { "templates off, no pages", TRUE, FALSE, "{\"api\": {\"tt\": \"off\"}}",
    "sent as 1, not confirmed (The reports API has no templates (tt), so it tells no results)", FALSE },
};

static void
test_door (gconstpointer data)
{
  const Door *door = data;
  CvmTestSpool *bed = cvm_test_spool_new (door->has_api, door->has_web);

  cvm_peer_tapper_fault (bed->peer, door->faults);
  cvm_test_spool_add (bed, bed->report, NULL, 0);
  cvm_test_spool_flush (bed);

  g_assert_cmpstr (bed->last, ==, door->says);
  g_assert_cmpuint (cvm_test_spool_n_left (bed), ==, !door->leaves);
  g_assert_cmpuint (cvm_test_spool_n_orphans (bed), ==, 0);

  cvm_test_spool_free (bed);
}

/* A status whose words are Latin-1: the next load still knows that the report was sent. */
static void
test_latin1_phrase (void)
{
  CvmTestSpool *bed = cvm_test_spool_new (FALSE, TRUE);
  guint64 number = cvm_test_spool_add (bed, bed->report, NULL, 0);
  g_autoptr(CvmSpoolEntry) entry = NULL;

  cvm_peer_tapper_fault (bed->peer, "{\"web\": {\"status\": 503, \"phrase\": \"D\\u00e9sol\\u00e9\"}}");
  cvm_test_spool_flush (bed);
  entry = cvm_spool_find (bed->spool, number, NULL);
  g_assert_nonnull (entry);
  g_test_message ("%s", entry->why);
  g_assert_cmpint (entry->state, ==, CVM_SPOOL_SENT);
  g_assert_cmpuint (entry->report_id, ==, 1);
  g_assert_true (g_str_has_suffix (entry->why, "the web server answers 503 Service Unavailable"));

  cvm_test_spool_mend (bed);
  cvm_test_spool_flush (bed);
  g_assert_cmpuint (cvm_test_spool_n_left (bed), ==, 0);

  cvm_test_spool_free (bed);
}

#define ANY CVM_SPOOL_BROKEN   /* a reset may overtake the greeting, or not */

/* A server that fails: after its mending there is one whole report, and every other is named. */
typedef struct
{
  const char   *name;
  const char   *faults;
  CvmSpoolState state;      /* in which the failure leaves it; DONE: it got through at once */
  guint         n_orphans;  /* in the end */
} Fault;

static const Fault faults[] = {
  { "no greeting", "{\"receiver\": {\"greeting\": \"none\"}}", CVM_SPOOL_QUEUED, 0 },
  { "wrong greeting", "{\"receiver\": {\"greeting\": \"wrong\"}}", CVM_SPOOL_QUEUED, 0 },
  { "greeting cut", "{\"receiver\": {\"greeting\": \"cut\", \"after\": 30}}", CVM_SPOOL_QUEUED, 1 },
  { "dies: accepted", "{\"receiver\": {\"die\": \"accepted\"}}", CVM_SPOOL_QUEUED, 1 },
  { "dies: greeted", "{\"receiver\": {\"die\": \"greeted\"}}", CVM_SPOOL_MAYBE, 1 },
  { "dies: receiving", "{\"receiver\": {\"die\": \"receiving\", \"after\": 20}}", CVM_SPOOL_MAYBE, 1 },
  { "dies: eof", "{\"receiver\": {\"die\": \"eof\"}}", CVM_SPOOL_SENT, 1 },
  { "dies: store", "{\"receiver\": {\"die\": \"store\"}}", CVM_SPOOL_SENT, 1 },
  { "dies: parse", "{\"receiver\": {\"die\": \"parse\"}}", CVM_SPOOL_SENT, 0 },
  { "dies: parsed", "{\"receiver\": {\"die\": \"parsed\"}}", CVM_SPOOL_SENT, 0 },
  { "reset: accepted", "{\"receiver\": {\"reset\": \"accepted\", \"times\": 1}}", CVM_SPOOL_QUEUED, 1 },
  { "reset: greeted", "{\"receiver\": {\"reset\": \"greeted\", \"times\": 1}}", ANY, 1 },
  { "reset: receiving", "{\"receiver\": {\"reset\": \"receiving\", \"after\": 50, \"times\": 1}}", CVM_SPOOL_DONE, 1 },
  { "reset: eof", "{\"receiver\": {\"reset\": \"eof\", \"times\": 1}}", CVM_SPOOL_DONE, 0 },
  { "stall: accepted", "{\"receiver\": {\"stall\": \"accepted\"}}", CVM_SPOOL_QUEUED, 1 },
  { "lost", "{\"receiver\": {\"lost\": \"tap\", \"times\": 1}}", CVM_SPOOL_DONE, 1 },
};

static void
check_left (CvmTestSpool         *bed,
            const Fault *fault,
            guint64      number)
{
  g_autoptr(CvmSpoolEntry) entry = cvm_spool_find (bed->spool, number, NULL);

  if (fault->state == ANY)
    return;

  if (fault->state == CVM_SPOOL_DONE)
    {
      g_assert_null (entry);
      return;
    }

  g_assert_nonnull (entry);
  g_assert_nonnull (entry->why);
  if (entry->state != fault->state)
    g_test_message ("%s", entry->why);
  g_assert_cmpstr (cvm_spool_state_to_string (entry->state), ==,
                   cvm_spool_state_to_string (fault->state));
}

static void
test_fault (gconstpointer data)
{
  const Fault *fault = data;
  CvmTestSpool *bed = cvm_test_spool_new (TRUE, TRUE);
  guint sockets = cvm_peer_count_sockets ();
  guint64 number;
  guint n_all;

  cvm_peer_tapper_fault (bed->peer, fault->faults);
  number = cvm_test_spool_add (bed, bed->report, NULL, 0);
  cvm_test_spool_flush (bed);
  check_left (bed, fault, number);
  g_assert_cmpuint (cvm_peer_count_sockets (), ==, sockets);

  cvm_test_spool_mend (bed);
  for (guint i = 0; i < 20 && cvm_test_spool_n_left (bed) > 0; i++)
    cvm_test_spool_flush (bed);

  g_assert_cmpuint (cvm_test_spool_n_left (bed), ==, 0);
  g_assert_true (g_str_has_prefix (bed->last, "sent as "));
  g_assert_cmpuint (cvm_peer_tapper_count (bed->peer, bed->report, &n_all), >=, 1);
  g_assert_cmpuint (cvm_test_spool_n_orphans (bed), ==, fault->n_orphans);

  cvm_test_spool_free (bed);
}

typedef struct
{
  const char *name;
  const char *faults;
  guint       n_copies;    /* of the file in the end */
} Upload;

static const Upload uploads[] = {
  { "lost", "{\"api\": {\"upload\": \"lost\"}}", 1 },
  { "corrupt", "{\"api\": {\"upload\": \"corrupt\"}}", 2 },
  { "cut off", "{\"api\": {\"reset\": \"uploading\", \"after\": 1000}}", 1 },
  { "whole, and then cut off", "{\"api\": {\"reset\": \"uploaded\"}}", 1 },
  { "dies while it comes", "{\"api\": {\"die\": \"uploading\", \"after\": 100}}", 1 },
  { "dies behind it", "{\"api\": {\"die\": \"uploaded\"}}", 1 },
  { "stalls", "{\"api\": {\"stall\": \"uploading\", \"after\": 100}}", 1 },
};

static void
on_stored (const CvmSpoolEntry *entry,
           gpointer             data)
{
  const Upload *upload = data;
  g_autofree char *folder = g_path_get_dirname (entry->path);
  g_autofree char *fault = g_build_filename (folder, "..", "..", "fault", NULL);

  if (entry->state == CVM_SPOOL_STORED)
    g_rename (fault, upload->name);
}

/* The report gets through, and then the file does not. */
static void
test_upload (gconstpointer data)
{
  const Upload *upload = data;
  CvmTestSpool *bed = cvm_test_spool_new (FALSE, TRUE);
  g_autofree char *bytes = g_strnfill (200000, 'u');
  g_autofree char *path = cvm_test_spool_write (bed, "core", bytes, -1);
  CvmSpoolFile file = { path };
  g_autofree char *target = g_build_filename (bed->peer->folder, "faults.json", NULL);
  g_autofree char *fault = cvm_test_spool_write (bed, "fault", upload->faults, -1);
  Upload how = { target };
  CvmSpoolFlush first = { .is_now = TRUE, .on_step = on_stored, .data = &how };
  g_autoptr(GError) error = NULL;
  guint64 len = 1;
  guint n = 0;

  cvm_tapper_server_free (bed->server);
  bed->server = cvm_test_spool_server (bed->peer, TRUE, TRUE);
  cvm_test_spool_add (bed, bed->report, &file, 1);
  cvm_spool_flush (bed->spool, &first, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (cvm_test_spool_n_left (bed), ==, 1);

  cvm_test_spool_mend (bed);
  cvm_test_spool_flush (bed);
  g_assert_cmpuint (cvm_test_spool_n_left (bed), ==, 0);
  g_assert_cmpstr (bed->last, ==, "sent as 1 and stored: 2 passed, 0 failed; 1 of 1 attachments");

  while (len > 0)
    {
      cvm_tapper_api_download (bed->server, 1, "core", n, NULL, 1000000, &len, NULL, 1000, NULL, &error);
      g_assert_no_error (error);
      n += len == strlen (bytes);
      g_assert_true (len == 0 || len == strlen (bytes) || n < 10);
      if (len > 0 && len < strlen (bytes))
        break;
    }
  g_assert_cmpuint (n, >=, 1);
  g_assert_cmpuint (n, <=, upload->n_copies);

  cvm_test_spool_free (bed);
}

static gpointer
cancel_later (gpointer cancellable)
{
  cvm_wait_ms (100, CVM_DEADLINE_NEVER, NULL, NULL);
  g_cancellable_cancel (cancellable);

  return NULL;
}

/* A cancel ends each wait at once, and the report goes on from there later. */
static void
test_cancel (gconstpointer data)
{
  CvmTestSpool *bed = cvm_test_spool_new (TRUE, TRUE);
  CvmSpoolFlush how = { .is_now = TRUE };
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;
  gint64 begun_us = g_get_monotonic_time ();
  CvmSpoolLimits slow = cvm_test_spool_limits;
  GThread *thread;
  guint n_all;

  slow.connect_ms = slow.idle_ms = slow.settle_ms = slow.confirm_ms = 30000;
  cvm_spool_free (bed->spool);
  {
    g_autofree char *path = g_build_filename (bed->folder, "spool", NULL);

    bed->spool = cvm_spool_new (path, &slow);
  }
  cvm_peer_tapper_fault (bed->peer, data);
  cvm_test_spool_add (bed, bed->report, NULL, 0);
  thread = g_thread_new ("cancel", cancel_later, cancellable);
  g_assert_false (cvm_spool_flush (bed->spool, &how, cancellable, &error));
  g_thread_join (thread);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (g_get_monotonic_time () - begun_us, <, 15 * G_USEC_PER_SEC);

  cvm_test_spool_mend (bed);
  cvm_spool_free (bed->spool);
  {
    g_autofree char *path = g_build_filename (bed->folder, "spool", NULL);

    bed->spool = cvm_spool_new (path, &cvm_test_spool_limits);
  }
  cvm_test_spool_flush (bed);
  g_assert_cmpuint (cvm_test_spool_n_left (bed), ==, 0);
  g_assert_cmpuint (cvm_peer_tapper_count (bed->peer, bed->report, &n_all), ==, 1);

  cvm_test_spool_free (bed);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/spool-faults/cancel/greeting", "{\"receiver\": {\"stall\": \"accepted\"}}", test_cancel);
  g_test_add_data_func ("/spool-faults/cancel/parsing", "{\"receiver\": {\"parse_s\": 30}}", test_cancel);
  g_test_add_data_func ("/spool-faults/cancel/asking", "{\"api\": {\"stall\": \"asked\"}}", test_cancel);
  g_test_add_func ("/spool-faults/phrase in Latin-1", test_latin1_phrase);
  for (guint i = 0; i < G_N_ELEMENTS (uploads); i++)
    {
      g_autofree char *path = g_strconcat ("/spool-faults/upload/", uploads[i].name, NULL);

      g_test_add_data_func (path, &uploads[i], test_upload);
    }
  for (guint i = 0; i < G_N_ELEMENTS (doors); i++)
    {
      g_autofree char *path = g_strconcat ("/spool-faults/door/", doors[i].name, NULL);

      g_test_add_data_func (path, &doors[i], test_door);
    }
  for (guint i = 0; i < G_N_ELEMENTS (faults); i++)
    {
      g_autofree char *path = g_strconcat ("/spool-faults/fault/", faults[i].name, NULL);

      g_test_add_data_func (path, &faults[i], test_fault);
    }

  return g_test_run ();
}
