/* test-spool.c: reports through the spool to a stand-in server that does all that can go wrong
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-spool.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cvm-file.h"
#include "cvm-peer-tapper.h"
#include "cvm-peer.h"
#include "cvm-tapper-error.h"
#include "cvm-wait.h"

#define REPORT \
  "1..2\n# Tapper-Suite-Name: Tapper-Deployment\n# Tapper-Suite-Version: 1.001\n" \
  "# Tapper-Machine-Name: cernvm-host\nok - Hello test world\nok - Just another description\n"

/* LeakSanitizer crashes on the thread-local storage of gio's TLS module, which is loaded late. */
const char *__asan_default_options (void);

const char *
__asan_default_options (void)
{
  return "intercept_tls_get_addr=0";
}

static const CvmSpoolLimits quick = {
  .connect_ms = 1000,
  .idle_ms = 1000,
  .confirm_ms = 300,
  .settle_ms = 300,
  .poll_ms = 20,
  .first_pause_ms = 1,
  .longest_pause_ms = 2000,
  .confirm_tries = 3,
};

typedef struct
{
  CvmPeerTapper   *peer;
  CvmTapperServer *server;
  char            *folder;
  CvmSpool        *spool;
  char            *report;      /* a path */
  GString         *steps;       /* states of the entry that were told, a letter each */
  char            *last;        /* what was told last, in words */
  guint            progress;
} Bed;

static CvmTapperServer *
new_server (CvmPeerTapper *peer,
            gboolean       has_api,
            gboolean       has_web)
{
  g_autofree char *receiver = g_strdup_printf ("127.0.0.1:%u", peer->receiver);
  g_autofree char *api = g_strdup_printf ("127.0.0.1:%u", peer->api);
  g_autofree char *web = g_strdup_printf ("http://127.0.0.1:%u/tapper", peer->web);
  g_autoptr(GError) error = NULL;
  CvmTapperServer *server = cvm_tapper_server_new ("stand-in", receiver, has_api ? api : NULL,
                                                   has_web ? web : NULL, &error);

  g_assert_no_error (error);

  return server;
}

static char *
write_file (Bed        *bed,
            const char *name,
            const char *bytes,
            gssize      len)
{
  char *path = g_build_filename (bed->folder, name, NULL);

  g_assert_true (g_file_set_contents (path, bytes, len, NULL));

  return path;
}

static Bed *
bed_new (gboolean has_api,
         gboolean has_web)
{
  Bed *bed = g_new0 (Bed, 1);
  g_autofree char *path = NULL;

  bed->peer = cvm_peer_tapper_new ();
  bed->server = new_server (bed->peer, has_api, has_web);
  bed->folder = g_dir_make_tmp ("cvm-spool-XXXXXX", NULL);
  path = g_build_filename (bed->folder, "spool", NULL);
  bed->spool = cvm_spool_new (path, &quick);
  bed->report = write_file (bed, "demo.tap", REPORT, -1);
  bed->steps = g_string_new (NULL);

  return bed;
}

static void
bed_free (Bed *bed)
{
  cvm_spool_free (bed->spool);
  cvm_peer_tapper_free (bed->peer);
  cvm_tapper_server_free (bed->server);
  cvm_peer_tapper_remove_tree (bed->folder);
  g_free (bed->folder);
  g_free (bed->report);
  g_free (bed->last);
  g_string_free (bed->steps, TRUE);
  g_free (bed);
}

static guint64
add (Bed                *bed,
     const char         *path,
     const CvmSpoolFile *files,
     gsize               n_files)
{
  CvmSpoolReport report = { bed->server, path, NULL, files, n_files };
  g_autoptr(GError) error = NULL;
  guint64 number = 0;

  cvm_spool_add (bed->spool, &report, &number, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (number, >, 0);

  return number;
}

static void
on_step (const CvmSpoolEntry *entry,
         gpointer             data)
{
  Bed *bed = data;

  g_string_append_c (bed->steps, "QSM+*DB"[entry->state]);
  g_free (bed->last);
  bed->last = cvm_spool_entry_describe (entry);
}

static void
on_progress (const CvmSpoolEntry *entry,
             const char          *what,
             guint64              done,
             guint64              total,
             gpointer             data)
{
  Bed *bed = data;

  g_assert_cmpuint (done, <=, total);
  bed->progress++;
}

static void
flush (Bed *bed)
{
  CvmSpoolFlush how = { .is_now = TRUE, .on_step = on_step, .on_progress = on_progress, .data = bed };
  g_autoptr(GError) error = NULL;

  cvm_spool_flush (bed->spool, &how, NULL, &error);
  g_assert_no_error (error);
}

static guint
n_left (Bed *bed)
{
  g_autoptr(GPtrArray) entries = cvm_spool_list (bed->spool, NULL);

  return entries->len;
}

static guint
n_orphans (Bed *bed)
{
  g_autoptr(GPtrArray) orphans = cvm_spool_orphans (bed->spool, NULL);

  return orphans->len;
}

/* What becomes of a report when all goes well */

static void
test_good (void)
{
  Bed *bed = bed_new (TRUE, TRUE);
  guint n_all;

  g_assert_cmpuint (add (bed, bed->report, NULL, 0), ==, 1);
  flush (bed);

  g_assert_cmpstr (bed->steps->str, ==, "S+*D");
  g_assert_cmpstr (bed->last, ==, "sent as 1 and stored: 2 passed, 0 failed");
  g_assert_cmpuint (n_left (bed), ==, 0);
  g_assert_cmpuint (n_orphans (bed), ==, 0);
  g_assert_cmpuint (bed->progress, >, 0);
  g_assert_cmpuint (cvm_peer_tapper_count (bed->peer, bed->report, &n_all), ==, 1);
  g_assert_cmpuint (n_all, ==, 1);

  bed_free (bed);
}

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
  Bed *bed = bed_new (door->has_api, door->has_web);

  cvm_peer_tapper_fault (bed->peer, door->faults);
  add (bed, bed->report, NULL, 0);
  flush (bed);

  g_assert_cmpstr (bed->last, ==, door->says);
  g_assert_cmpuint (n_left (bed), ==, !door->leaves);
  g_assert_cmpuint (n_orphans (bed), ==, 0);

  bed_free (bed);
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
check_left (Bed         *bed,
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
mend (Bed *bed)
{
  cvm_peer_tapper_fault (bed->peer, NULL);
  if (!cvm_peer_tapper_is_running (bed->peer))
    {
      cvm_peer_tapper_stop (bed->peer);
      cvm_peer_tapper_start (bed->peer);
    }
}

static void
test_fault (gconstpointer data)
{
  const Fault *fault = data;
  Bed *bed = bed_new (TRUE, TRUE);
  guint sockets = cvm_peer_count_sockets ();
  guint64 number;
  guint n_all;

  cvm_peer_tapper_fault (bed->peer, fault->faults);
  number = add (bed, bed->report, NULL, 0);
  flush (bed);
  check_left (bed, fault, number);
  g_assert_cmpuint (cvm_peer_count_sockets (), ==, sockets);

  mend (bed);
  for (guint i = 0; i < 20 && n_left (bed) > 0; i++)
    flush (bed);

  g_assert_cmpuint (n_left (bed), ==, 0);
  g_assert_true (g_str_has_prefix (bed->last, "sent as "));
  g_assert_cmpuint (cvm_peer_tapper_count (bed->peer, bed->report, &n_all), >=, 1);
  g_assert_cmpuint (n_orphans (bed), ==, fault->n_orphans);

  bed_free (bed);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/spool/good", test_good);
  for (guint i = 0; i < G_N_ELEMENTS (doors); i++)
    {
      g_autofree char *path = g_strconcat ("/spool/door/", doors[i].name, NULL);

      g_test_add_data_func (path, &doors[i], test_door);
    }
  for (guint i = 0; i < G_N_ELEMENTS (faults); i++)
    {
      g_autofree char *path = g_strconcat ("/spool/fault/", faults[i].name, NULL);

      g_test_add_data_func (path, &faults[i], test_fault);
    }

  return g_test_run ();
}
