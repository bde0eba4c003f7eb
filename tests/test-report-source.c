/* test-report-source.c: the rows of the place of the reports, and a report that is opened from them
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "cvm-bounded-sink.h"
#include "cvm-open-report.h"
#include "cvm-paths.h"
#include "cvm-peer-tapper.h"
#include "cvm-report-source.h"
#include "cvm-test-home.h"

/* LeakSanitizer crashes on the thread-local storage of gio's TLS module, which is loaded late. */
const char *__asan_default_options (void);

const char *
__asan_default_options (void)
{
  return "intercept_tls_get_addr=0";
}

static const char report[] =
  "TAP version 13\n1..2\n# Tapper-Suite-Name: basic\n# Tapper-Machine-Name: demo\n"
  "ok 1 - start - It starts\nnot ok 2 - login - ssh lets in\n";

typedef struct
{
  CvmPeerTapper *peer;
  char          *folder;
  char          *path;     /* of a report */
} Bed;

static Bed *
bed_new (void)
{
  Bed *bed = g_new0 (Bed, 1);
  g_autofree char *receiver = NULL;
  g_autofree char *api = NULL;
  g_autofree char *web = NULL;
  g_autoptr(CvmTapperServer) server = NULL;
  g_autoptr(GError) error = NULL;

  cvm_test_home_clear ();
  bed->peer = cvm_peer_tapper_new ();
  receiver = g_strdup_printf ("127.0.0.1:%u", bed->peer->receiver);
  api = g_strdup_printf ("127.0.0.1:%u", bed->peer->api);
  web = g_strdup_printf ("http://127.0.0.1:%u/tapper", bed->peer->web);
  server = cvm_tapper_server_new ("main", receiver, api, web, &error);
  g_assert_no_error (error);
  g_assert_true (cvm_tapper_servers_save (server, TRUE, NULL));

  bed->folder = g_dir_make_tmp ("cvm-source-XXXXXX", NULL);
  bed->path = g_build_filename (bed->folder, "report.tap", NULL);
  g_assert_true (g_file_set_contents (bed->path, report, -1, NULL));

  return bed;
}

static void
bed_free (Bed *bed)
{
  cvm_peer_tapper_free (bed->peer);
  cvm_test_remove_tree (bed->folder);
  g_free (bed->folder);
  g_free (bed->path);
  g_free (bed);
}

static void
on_done (GObject      *source,
         GAsyncResult *result,
         gpointer      data)
{
  *(GAsyncResult **)data = g_object_ref (result);
}

static GAsyncResult *
wait_for (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);

  return *result;
}

/* The next page, or what is kept of the first */
static CvmReportPage *
read_page (CvmReportSource  *source,
           gboolean          is_kept,
           GError          **error)
{
  g_autoptr(GAsyncResult) result = NULL;

  if (is_kept)
    cvm_report_source_kept_async (source, NULL, on_done, &result);
  else
    cvm_report_source_next_async (source, NULL, on_done, &result);

  return cvm_report_source_finish (source, wait_for (&result), error);
}

/* One report on the server, and another that waits when it is not sent at once */
static void
put (Bed        *bed,
     const char *attachment,
     gboolean    is_sent)
{
  g_autoptr(CvmSpool) spool = cvm_spool_new_for_user ();
  g_autoptr(CvmTapperServer) server = cvm_tapper_servers_find (NULL, NULL);
  const CvmSpoolFile file = { .path = attachment };
  const CvmSpoolReport wanted = { .server = server, .path = bed->path, .attachments = &file,
                                  .n_attachments = attachment != NULL };
  const CvmSpoolFlush flush = { .is_now = TRUE };
  g_autoptr(GError) error = NULL;
  guint64 number;

  cvm_spool_add (spool, &wanted, &number, NULL, &error);
  g_assert_no_error (error);
  if (is_sent)
    cvm_spool_flush (spool, &flush, NULL, &error);
  g_assert_no_error (error);
}

/* ------------------------------------------------------------------------------------------- */

static void
test_server (void)
{
  Bed *bed = bed_new ();
  const CvmReportFilter all = { .is_passed = -1, .days = 7 };
  const CvmReportFilter passed = { .is_passed = 1, .days = 7 };
  g_autoptr(CvmReportSource) source = cvm_report_source_new_server (NULL, &all);
  g_autoptr(CvmReportSource) narrow = cvm_report_source_new_server ("main", &passed);
  g_autoptr(CvmReportSource) later = cvm_report_source_new_server (NULL, &all);
  g_autoptr(CvmReportPage) nothing = NULL;
  g_autoptr(CvmReportPage) page = NULL;
  g_autoptr(CvmReportPage) none = NULL;
  g_autoptr(CvmReportPage) kept = NULL;
  g_autoptr(CvmReportPage) away = NULL;
  g_autoptr(GError) error = NULL;
  const CvmReportItem *item;

  put (bed, NULL, TRUE);
  nothing = read_page (source, TRUE, &error);
  g_assert_no_error (error);
  g_assert_null (nothing);

  page = read_page (source, FALSE, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (page->items->len, ==, 1);
  g_assert_true (page->is_over);
  g_assert_cmpint (page->as_of_us, ==, 0);
  item = page->items->pdata[0];
  g_assert_cmpuint (item->id, ==, 1);
  g_assert_cmpstr (item->suite, ==, "basic");
  g_assert_cmpstr (item->machine, ==, "demo");
  g_assert_cmpstr (item->result, ==, "1 of 2 passed");
  g_assert_cmpint (item->verdict, ==, CVM_POINT_STATE_FAILED);
  g_assert_true (g_str_has_suffix (item->url, "/reports/id/1"));
  g_assert_true (cvm_report_item_has (item, "dem"));
  g_assert_false (cvm_report_item_has (item, "another"));

  none = read_page (narrow, FALSE, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (none->items->len, ==, 0);

  /* The server goes; the next program still has its list, and says that it is old */
  cvm_peer_tapper_stop (bed->peer);
  kept = read_page (later, TRUE, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (kept->items->len, ==, 1);
  g_assert_cmpint (kept->as_of_us, >, 0);
  g_assert_cmpstr (kept->server, ==, "main");
  away = read_page (later, FALSE, &error);
  g_assert_null (away);
  g_assert_nonnull (error);
  bed_free (bed);
}

static void
test_no_server (void)
{
  const CvmReportFilter all = { .is_passed = -1 };
  g_autoptr(CvmReportSource) source = NULL;
  g_autoptr(CvmReportPage) page = NULL;
  g_autoptr(GError) error = NULL;

  cvm_test_home_clear ();
  source = cvm_report_source_new_server (NULL, &all);
  page = read_page (source, FALSE, &error);
  g_assert_null (page);
  g_assert_error (error, CVM_TAPPER_SERVER_ERROR, CVM_TAPPER_SERVER_ERROR_UNKNOWN);
}

static void
test_mine (void)
{
  Bed *bed = bed_new ();
  const CvmReportFilter all = { .is_passed = -1 };
  const CvmReportFilter narrow = { .is_passed = -1, .suite = (char *)"no such suite" };
  g_autoptr(CvmHistory) history = cvm_history_new (NULL);
  g_autoptr(CvmReportSource) source = cvm_report_source_new_mine (history, &all);
  g_autoptr(CvmReportSource) other = cvm_report_source_new_mine (history, &narrow);
  g_autoptr(CvmReportPage) page = NULL;
  g_autoptr(CvmReportPage) none = NULL;
  g_autoptr(GError) error = NULL;
  const CvmReportItem *item;

  put (bed, NULL, FALSE);
  page = read_page (source, FALSE, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (page->items->len, ==, 1);
  item = page->items->pdata[0];
  g_assert_cmpint (item->kind, ==, CVM_REPORT_WAITING);
  g_assert_cmpuint (item->number, ==, 1);
  g_assert_null (item->dir);
  g_assert_cmpstr (item->suite, ==, "report.tap");
  g_assert_cmpstr (item->state, ==, "being sent");
  g_assert_cmpint (item->verdict, ==, CVM_POINT_STATE_FAILED);

  none = read_page (other, FALSE, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (none->items->len, ==, 0);
  bed_free (bed);
}

/* Opening ------------------------------------------------------------------------------------ */

static CvmOpenReport *
open_report (guint64   id,
             GError  **error)
{
  g_autoptr(GAsyncResult) result = NULL;

  cvm_open_report_async (NULL, id, NULL, on_done, &result);

  return cvm_open_report_finish (wait_for (&result), error);
}

static char *
read_text (CvmOpenReport       *self,
           const CvmTapperFile *file,
           gboolean            *is_cut)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  char *text;

  cvm_open_report_text_async (self, file, NULL, on_done, &result);
  text = cvm_open_report_text_finish (self, wait_for (&result), is_cut, &error);
  g_assert_no_error (error);

  return text;
}

static gboolean
save (CvmOpenReport       *self,
      const CvmTapperFile *file,
      const char          *path)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GFile) target = g_file_new_for_path (path);

  cvm_open_report_save_async (self, file, target, NULL, on_done, &result);

  return cvm_open_report_save_finish (self, wait_for (&result), NULL);
}

/* Text of 3 MiB that packs well: sent packed, shown unpacked, and only its beginning */
static void
test_open (void)
{
  Bed *bed = bed_new ();
  g_autofree char *log = g_build_filename (bed->folder, "serial.log", NULL);
  g_autofree char *saved = g_build_filename (bed->folder, "saved.gz", NULL);
  g_autofree char *tap = g_build_filename (bed->folder, "saved.tap", NULL);
  g_autofree char *large = g_strnfill (3 * 1024 * 1024, 'x');
  g_autofree char *text = NULL;
  g_autofree char *name = NULL;
  g_autofree char *bytes = NULL;
  g_autoptr(CvmOpenReport) self = NULL;
  g_autoptr(GError) error = NULL;
  const CvmTapperReport *known;
  gboolean is_cut;

  memcpy (large, "a\r\nb\x1b[1m\n", 9);
  g_assert_true (g_file_set_contents (log, large, -1, NULL));
  put (bed, log, TRUE);
  self = open_report (1, &error);
  g_assert_no_error (error);

  known = cvm_open_report_get_report (self);
  g_assert_cmpstr (known->suite, ==, "basic");
  g_assert_cmpuint (cvm_result_job (cvm_open_report_get_result (self), 0)->failed, ==, 1);
  g_assert_cmpuint (known->files->len, ==, 1);
  g_assert_true (cvm_open_report_is_text (known->files->pdata[0]));

  text = read_text (self, known->files->pdata[0], &is_cut);
  g_assert_true (is_cut);
  g_assert_true (g_str_has_prefix (text, "a\nb\xef\xbf\xbd[1m\nxxx"));
  /* what it cannot show is longer, and so is what is broken into lines */
  g_assert_cmpuint (strlen (text), <=, CVM_OPEN_TEXT_MAX + CVM_OPEN_TEXT_MAX / 1000);

  g_assert_true (save (self, known->files->pdata[0], saved));
  g_assert_true (save (self, NULL, tap));
  g_assert_true (g_file_get_contents (tap, &bytes, NULL, NULL));
  g_assert_cmpstr (bytes, ==, report);
  name = cvm_open_report_dup_name (self, NULL);
  g_assert_cmpstr (name, ==, "report-1.tap");

  /* The server breaks off: what was there is as it was, and nothing else is left */
  cvm_peer_tapper_stop (bed->peer);
  g_assert_false (save (self, known->files->pdata[0], tap));
  g_clear_pointer (&bytes, g_free);
  g_assert_true (g_file_get_contents (tap, &bytes, NULL, NULL));
  g_assert_cmpstr (bytes, ==, report);
  {
    g_autoptr(GDir) dir = g_dir_open (bed->folder, 0, NULL);
    const char *entry;

    while ((entry = g_dir_read_name (dir)) != NULL)
      g_assert_false (g_str_has_prefix (entry, "."));
  }
  bed_free (bed);
}

static void
test_missing (void)
{
  Bed *bed = bed_new ();
  g_autoptr(CvmOpenReport) self = NULL;
  g_autoptr(GError) error = NULL;

  self = open_report (77, &error);
  g_assert_null (self);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  bed_free (bed);
}

static const struct
{
  const char *name;
  const char *type;
  const char *safe;
  gboolean    is_text;
} names[] = {
  { "serial.log", "text/plain", "serial.log", TRUE },
  { "../../.ssh/authorized_keys", "plain", "authorized_keys", TRUE },
  { "/etc/passwd", NULL, "passwd", FALSE },
  { ".bashrc", "text/plain", "_bashrc", TRUE },
  { "-rf", "text/x-log", "_rf", TRUE },
  { "a b;c\n.png", "image/png", "a_b_c_.png", FALSE },
  { "console.LOG.gz", "application/gzip", "console.LOG.gz", TRUE },
  { "frame.png.gz", "application/gzip", "frame.png.gz", FALSE },
  { "domain", "application/xml", "domain", TRUE },
  { ".gz", "text/plain", "_gz", FALSE },
  { "..", NULL, "_.", FALSE },
};

static void
test_names (void)
{
  Bed *bed = bed_new ();
  g_autoptr(CvmOpenReport) self = NULL;

  put (bed, NULL, TRUE);
  self = open_report (1, NULL);
  g_assert_nonnull (self);
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      const CvmTapperFile file = { .name = (char *)names[i].name, .type = (char *)names[i].type };
      g_autofree char *safe = cvm_open_report_dup_name (self, &file);

      g_assert_cmpstr (safe, ==, names[i].safe);
      g_assert_cmpint (cvm_open_report_is_text (&file), ==, names[i].is_text);
    }
  bed_free (bed);
}

static void
test_sink (void)
{
  g_autoptr(GOutputStream) sink = cvm_bounded_sink_new (5);
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_true (g_output_stream_write_all (sink, "abc", 3, NULL, NULL, NULL));
  g_assert_false (cvm_bounded_sink_is_full (CVM_BOUNDED_SINK (sink)));
  g_assert_false (g_output_stream_write_all (sink, "defg", 4, NULL, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
  g_assert_true (cvm_bounded_sink_is_full (CVM_BOUNDED_SINK (sink)));
  bytes = cvm_bounded_sink_get_bytes (CVM_BOUNDED_SINK (sink));
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), "abcde", 5);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  cvm_test_home_enter ();
  g_setenv ("CVM_TEST_SPOOL_MS", "300:2000:500", TRUE);

  g_test_add_func ("/report-source/server", test_server);
  g_test_add_func ("/report-source/no-server", test_no_server);
  g_test_add_func ("/report-source/mine", test_mine);
  g_test_add_func ("/open-report/open", test_open);
  g_test_add_func ("/open-report/missing", test_missing);
  g_test_add_func ("/open-report/names", test_names);
  g_test_add_func ("/bounded-sink/full", test_sink);

  return cvm_test_home_run ();
}
