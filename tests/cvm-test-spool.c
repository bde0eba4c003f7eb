/* cvm-test-spool.c: a spool, a report to put into it, and a stand-in server to send it to
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-test-spool.h"

#include <string.h>

/* LeakSanitizer crashes on the thread-local storage of gio's TLS module, which is loaded late. */
const char *__asan_default_options (void);

const char *
__asan_default_options (void)
{
  return "intercept_tls_get_addr=0";
}

const CvmSpoolLimits cvm_test_spool_limits = {
  .connect_ms = 1000,
  .idle_ms = 1000,
  .confirm_ms = 300,
  .settle_ms = 300,
  .poll_ms = 20,
  .first_pause_ms = 1,
  .longest_pause_ms = 2000,
  .confirm_tries = 3,
};

CvmTapperServer *
cvm_test_spool_server (CvmPeerTapper *peer,
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

char *
cvm_test_spool_write (CvmTestSpool        *bed,
            const char *name,
            const char *bytes,
            gssize      len)
{
  char *path = g_build_filename (bed->folder, name, NULL);

  g_assert_true (g_file_set_contents (path, bytes, len, NULL));

  return path;
}

CvmTestSpool *
cvm_test_spool_new (gboolean has_api,
         gboolean has_web)
{
  CvmTestSpool *bed = g_new0 (CvmTestSpool, 1);
  g_autofree char *path = NULL;

  bed->peer = cvm_peer_tapper_new ();
  bed->server = cvm_test_spool_server (bed->peer, has_api, has_web);
  bed->folder = g_dir_make_tmp ("cvm-spool-XXXXXX", NULL);
  path = g_build_filename (bed->folder, "spool", NULL);
  bed->spool = cvm_spool_new (path, &cvm_test_spool_limits);
  bed->report = cvm_test_spool_write (bed, "demo.tap", REPORT, -1);
  bed->steps = g_string_new (NULL);

  return bed;
}

void
cvm_test_spool_free (CvmTestSpool *bed)
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

guint64
cvm_test_spool_add (CvmTestSpool                *bed,
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

void
cvm_test_spool_on_step (const CvmSpoolEntry *entry,
         gpointer             data)
{
  CvmTestSpool *bed = data;

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
  CvmTestSpool *bed = data;

  g_assert_cmpuint (done, <=, total);
  bed->progress++;
}

void
cvm_test_spool_flush (CvmTestSpool *bed)
{
  CvmSpoolFlush how = { .is_now = TRUE, .on_step = cvm_test_spool_on_step, .on_progress = on_progress, .data = bed };
  g_autoptr(GError) error = NULL;

  cvm_spool_flush (bed->spool, &how, NULL, &error);
  g_assert_no_error (error);
}

guint
cvm_test_spool_n_left (CvmTestSpool *bed)
{
  g_autoptr(GPtrArray) entries = cvm_spool_list (bed->spool, NULL);

  return entries->len;
}

guint
cvm_test_spool_n_orphans (CvmTestSpool *bed)
{
  g_autoptr(GPtrArray) orphans = cvm_spool_orphans (bed->spool, NULL);

  return orphans->len;
}

void
cvm_test_spool_mend (CvmTestSpool *bed)
{
  cvm_peer_tapper_fault (bed->peer, NULL);
  if (!cvm_peer_tapper_is_running (bed->peer))
    {
      cvm_peer_tapper_stop (bed->peer);
      cvm_peer_tapper_start (bed->peer);
    }
}
