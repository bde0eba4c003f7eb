/* test-tapper-browse.c: lists and reports by threads, what is remembered of them, and the cache
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * test-report-browse.py does the same from outside, with all the ways of a whole server. */
#include "cvm-tapper-browse.h"

#include <glib/gstdio.h>
#include <string.h>
#include <utime.h>

#include "cvm-peer.h"
#include "cvm-tap-archive.h"
#include "cvm-tapper-cache.h"
#include "cvm-tapper-error.h"
#include "cvm-test-home.h"
#include "cvm-wait.h"

#define LIMIT_MS 20000   /* no test waits that long unless something hangs */

/* A server's two doors, each of which gives one answer to all that is asked ----------------- */

typedef struct
{
  const char *answer;     /* of the API, or a body of the web */
  const char *type;       /* of the web; NULL: the API */
  gsize       len;        /* 0: to its NUL */
  int         n_asked;    /* atomic */
  char       *question;   /* the last; read once the peer has gone */
} Door;

/* Reads to the end of a template, or of a request's head */
static void
read_question (GSocket      *client,
               GCancellable *stop,
               GString      *question)
{
  char block[1024];
  gssize n;

  while (strstr (question->str, "\nEOF\n") == NULL && strstr (question->str, "\r\n\r\n") == NULL)
    {
      n = g_socket_receive (client, block, sizeof block, stop, NULL);
      if (n <= 0)
        return;

      g_string_append_len (question, block, n);
    }
}

static void
serve (GSocket      *client,
       GCancellable *stop,
       gpointer      data)
{
  Door *door = data;
  g_autoptr(GString) question = g_string_new (NULL);
  g_autoptr(GString) answer = g_string_new (NULL);
  gsize len = door->len > 0 ? door->len : strlen (door->answer);
  gsize sent = 0;
  gssize n = 0;

  read_question (client, stop, question);
  g_atomic_int_inc (&door->n_asked);
  g_free (door->question);
  door->question = g_strdup (question->str);
  if (door->type != NULL)
    g_string_printf (answer, "HTTP/1.0 200 OK\r\nContent-Type: %s\r\nContent-Length: %" G_GSIZE_FORMAT
                     "\r\n\r\n", door->type, len);
  g_string_append_len (answer, door->answer, (gssize)len);
  for (; sent < answer->len && n >= 0; sent += (gsize)n)
    n = g_socket_send (client, answer->str + sent, answer->len - sent, stop, NULL);
}

static void
serve_nothing (GSocket      *client,
               GCancellable *stop,
               gpointer      data)
{
  g_autoptr(GString) question = g_string_new (NULL);
  char byte;

  read_question (client, stop, question);
  g_cancellable_cancel (data);
  g_socket_receive (client, &byte, 1, stop, NULL);   /* until the client gives up */
}

typedef struct
{
  Door             api_door, web_door;
  CvmPeer         *api, *web;
  CvmTapperServer *server;
  CvmTapperBrowse *browse;
} Fixture;

static CvmTapperServer *
server_at (CvmPeer *api,
           CvmPeer *web)
{
  g_autofree char *api_text = api != NULL ? g_strdup_printf ("127.0.0.1:%u", cvm_peer_get_port (api)) : NULL;
  g_autofree char *web_text = web != NULL ? g_strdup_printf ("http://127.0.0.1:%u/tapper", cvm_peer_get_port (web))
                                          : NULL;
  g_autoptr(GError) error = NULL;
  CvmTapperServer *server = cvm_tapper_server_new (NULL, "127.0.0.1:1", api_text, web_text, &error);

  g_assert_no_error (error);

  return server;
}

static void
open_doors (Fixture    *f,
            const char *api,
            const char *web,
            gsize       web_len,
            const char *type)
{
  f->api_door = (Door) { .answer = api };
  f->web_door = (Door) { .answer = web, .len = web_len, .type = type };
  f->api = api != NULL ? cvm_peer_new (serve, &f->api_door) : NULL;
  f->web = web != NULL ? cvm_peer_new (serve, &f->web_door) : NULL;
  f->server = server_at (f->api, f->web);
  f->browse = cvm_tapper_browse_new (f->server);
}

static void
fixture_clear (Fixture *f)
{
  g_clear_pointer (&f->browse, cvm_tapper_browse_free);
  g_clear_pointer (&f->server, cvm_tapper_server_free);
  g_clear_pointer (&f->api, cvm_peer_free);
  g_clear_pointer (&f->web, cvm_peer_free);
  g_free (f->api_door.question);
  g_free (f->web_door.question);
  cvm_test_home_clear ();
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Fixture, fixture_clear)

/* Lists -------------------------------------------------------------------------------------- */

static char *
json_of (const char *suite,
         guint       n)
{
  g_autoptr(GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *created = g_date_time_format (now, "%Y-%m-%d %H:%M:%S");
  g_autoptr(GString) text = g_string_new ("[");

  for (guint i = 1; i <= n; i++)
    g_string_append_printf (text, "%s{\"id\":%u,\"suite_name\":\"%s\",\"successgrade\":\"PASS\","
                            "\"created_at\":\"%s\"}", i > 1 ? "," : "", i, suite, created);
  g_string_append (text, "]\n\n");

  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
on_ready (GObject      *source,
          GAsyncResult *result,
          gpointer      data)
{
  GAsyncResult **kept = data;

  g_assert_null (*kept);   /* called once */
  *kept = g_object_ref (result);
}

static GPtrArray *
next (CvmTapperList  *list,
      guint           n,
      GCancellable   *cancellable,
      GError        **error)
{
  g_autoptr(GAsyncResult) result = NULL;

  cvm_tapper_list_next_async (list, n, cvm_deadline_in_ms (LIMIT_MS), cancellable, on_ready, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);

  return cvm_tapper_list_next_finish (result, error);
}

static void
test_pages (void)
{
  g_autofree char *json = json_of ("S", 7);
  g_auto(Fixture) f = { 0 };
  CvmTapperFilter filter = { .from_us = g_get_real_time () - G_USEC_PER_SEC * G_GINT64_CONSTANT (60) };
  static const guint lengths[] = { 3, 3, 1, 0 };
  g_autoptr(CvmTapperList) list = NULL;
  g_autoptr(GError) error = NULL;
  guint64 expected = 7;

  open_doors (&f, json, NULL, 0, NULL);
  list = cvm_tapper_list_new (f.browse, &filter);
  g_assert_cmpint (g_atomic_int_get (&f.api_door.n_asked), ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      g_autoptr(GPtrArray) page = next (list, 3, NULL, &error);

      g_assert_no_error (error);
      g_assert_cmpuint (page->len, ==, lengths[i]);
      for (guint j = 0; j < page->len; j++)
        g_assert_cmpuint (((CvmTapperReport *)page->pdata[j])->id, ==, expected--);
    }
}

/* The very condition that goes out, and what of a filter is in it */
static void
test_condition (void)
{
  static const struct { const char *suite, *machine, *grade; const char *has, *has_not; } rows[] = {
    { NULL, NULL, NULL, "{ id => { \">\", 0 }, suite_id => { \">\", 0 }, \"me.created_at\"", "suite.name" },
    { "S-1.a_b", NULL, NULL, ", \"suite.name\" => \"S-1.a_b\"", "machine_name" },
    { NULL, "m", "FAIL", ", \"me.machine_name\" => \"m\", \"me.successgrade\" => \"FAIL\"", "suite.name" },
    { "a\" => 1", "$ENV{X}", "PASS\"", "suite_id", "ENV" },
    { "@{[1]}", "a'b", NULL, "suite_id", "[1]" },
    { "a b", ".", "x", "suite_id", "suite.name" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      CvmTapperFilter filter = { .from_us = g_get_real_time () - G_USEC_PER_SEC,
                                 .suite = (char *)rows[i].suite, .machine = (char *)rows[i].machine,
                                 .grade = (char *)rows[i].grade };
      g_auto(Fixture) f = { 0 };
      g_autoptr(CvmTapperList) list = NULL;
      g_autoptr(GPtrArray) page = NULL;
      g_autoptr(GError) error = NULL;

      open_doors (&f, "\n", NULL, 0, NULL);
      list = cvm_tapper_list_new (f.browse, &filter);
      page = cvm_tapper_list_next (list, 1, cvm_deadline_in_ms (LIMIT_MS), NULL, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (page->len, ==, 0);
      g_clear_pointer (&f.api, cvm_peer_free);
      g_assert_true (g_str_has_prefix (f.api_door.question, "#! tt <<EOF\n[% reportdata('{ id => "));
      g_assert_nonnull (strstr (f.api_door.question, rows[i].has));
      g_assert_null (strstr (f.api_door.question, rows[i].has_not));
    }
}

/* A name that the server is not asked for is looked for here. */
static void
test_filter_here (void)
{
  g_autofree char *json = json_of ("A B", 2);
  CvmTapperFilter filter = { .from_us = g_get_real_time () - G_USEC_PER_SEC * G_GINT64_CONSTANT (60) };

  for (guint i = 0; i < 2; i++)
    {
      g_auto(Fixture) f = { 0 };
      g_autoptr(CvmTapperList) list = NULL;
      g_autoptr(GPtrArray) page = NULL;

      filter.suite = i == 0 ? (char *)"A B" : (char *)"A  B";
      open_doors (&f, json, NULL, 0, NULL);
      list = cvm_tapper_list_new (f.browse, &filter);
      page = cvm_tapper_list_next (list, 9, cvm_deadline_in_ms (LIMIT_MS), NULL, NULL);
      g_assert_cmpuint (page->len, ==, i == 0 ? 2 : 0);
    }
}

/* A server that hangs: a cancel and a deadline both end it, and nothing stays open. */
static void
test_hanging (void)
{
  CvmTapperFilter filter = { 0 };
  guint n_sockets = cvm_peer_count_sockets ();

  for (guint i = 0; i < 4; i++)
    {
      g_autoptr(GCancellable) heard = g_cancellable_new ();
      CvmPeer *peer = cvm_peer_new (serve_nothing, heard);
      g_autoptr(CvmTapperServer) server = server_at (i < 2 ? peer : NULL, i < 2 ? NULL : peer);
      g_autoptr(CvmTapperBrowse) browse = cvm_tapper_browse_new (server);
      g_autoptr(CvmTapperList) list = cvm_tapper_list_new (browse, &filter);
      g_autoptr(GError) error = NULL;

      if (i % 2 == 0)
        {
          g_assert_null (next (list, 1, heard, &error));
          g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
        }
      else
        {
          g_assert_null (cvm_tapper_list_next (list, 1, cvm_deadline_in_ms (200), NULL, &error));
          g_assert_nonnull (error);
        }
      cvm_peer_free (peer);
    }
  g_assert_cmpuint (cvm_peer_count_sockets (), ==, n_sockets);
  cvm_test_home_clear ();
}

/* One report --------------------------------------------------------------------------------- */

static void
test_show (void)
{
  g_auto(Fixture) f = { 0 };
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(CvmTapperReport) report = NULL;
  CvmTapperBrowse *browse;

  open_doors (&f, "[{\"id\":7,\"suite_name\":\"S\",\"total\":3,\"successgrade\":\"PASS\"}]\n",
              "<h3>Report 7: <strong>S</strong></h3><table class=\"reportfile\"><tr><td>"
              "<a href=\"/tapper/reportfile/id/9\">a.log</a></td></tr></table>", 0, "text/html");
  browse = g_steal_pointer (&f.browse);
  cvm_tapper_browse_show_async (browse, 7, cvm_deadline_in_ms (LIMIT_MS), NULL, on_ready, &result);
  cvm_tapper_browse_free (browse);   /* the call keeps it */
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);

  report = cvm_tapper_browse_show_finish (result, &error);
  g_assert_no_error (error);
  g_assert_cmpint (report->total, ==, 3);
  g_assert_cmpuint (report->files->len, ==, 1);
  g_assert_cmpstr (((CvmTapperFile *)report->files->pdata[0])->name, ==, "a.log");
}

/* An answer about another report is none. */
static void
test_show_other (void)
{
  g_auto(Fixture) f = { 0 };
  g_autoptr(GError) error = NULL;

  open_doors (&f, "[{\"id\":8,\"successgrade\":\"PASS\"}]\n", NULL, 0, NULL);
  g_assert_null (cvm_tapper_browse_show (f.browse, 7, cvm_deadline_in_ms (LIMIT_MS), NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
}

#define TAP "1..2\nok 1 - login - Log in\nnot ok 2 - net - Reach the net\n"

static void
test_result (void)
{
  g_auto(Fixture) f = { 0 };
  g_autoptr(GError) error = NULL;

  open_doors (&f, NULL, TAP, 0, "text/plain; charset=UTF-8");
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr(CvmResult) result = cvm_tapper_browse_result (f.browse, 7, cvm_deadline_in_ms (LIMIT_MS),
                                                              NULL, &error);
      const CvmJobResult *job;

      g_assert_no_error (error);
      g_assert_cmpuint (cvm_result_n_jobs (result), ==, 1);
      job = cvm_result_job (result, 0);
      g_assert_cmpuint (job->passed, ==, 1);
      g_assert_cmpuint (job->failed, ==, 1);
      g_assert_cmpstr (((CvmPoint *)job->points->pdata[0])->id, ==, "login");
    }
  g_assert_cmpint (g_atomic_int_get (&f.web_door.n_asked), ==, 1);   /* then it was in the cache */
}

static GBytes *
make_archive (void)
{
  g_autoptr(GOutputStream) out = g_memory_output_stream_new_resizable ();
  g_autoptr(CvmTapArchiveWriter) writer = cvm_tap_archive_writer_new (out);
  g_autoptr(GError) error = NULL;

  g_assert_true (cvm_tap_archive_writer_add (writer, "a.t", TAP, strlen (TAP), 0, 0, &error));
  g_assert_true (cvm_tap_archive_writer_add (writer, "b.t", "1..1\nok\n", 8, 0, 0, &error));
  g_assert_true (cvm_tap_archive_writer_close (writer, 0, 0, &error));
  g_assert_true (g_output_stream_close (out, NULL, &error));

  return g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (out));
}

static void
test_result_archive (void)
{
  g_autoptr(GBytes) archive = make_archive ();
  g_auto(Fixture) f = { 0 };
  g_autoptr(GError) error = NULL;
  g_autoptr(CvmResult) result = NULL;
  gsize len;
  const char *bytes = g_bytes_get_data (archive, &len);

  open_doors (&f, NULL, bytes, len, "application/x-compressed");
  result = cvm_tapper_browse_result (f.browse, 7, cvm_deadline_in_ms (LIMIT_MS), NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (cvm_result_n_jobs (result), ==, 2);
  g_assert_cmpuint (cvm_result_job (result, 0)->failed, ==, 1);
  g_assert_cmpuint (cvm_result_job (result, 1)->passed, ==, 1);
}

static void
test_no_web (void)
{
  g_auto(Fixture) f = { 0 };
  g_autoptr(GError) error = NULL;

  open_doors (&f, "\n", NULL, 0, NULL);
  g_assert_null (cvm_tapper_browse_tap (f.browse, 7, cvm_deadline_in_ms (LIMIT_MS), NULL, &error));
  g_assert_error (error, CVM_TAPPER_SERVER_ERROR, CVM_TAPPER_SERVER_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, "--web"));
}

/* The cache ---------------------------------------------------------------------------------- */

static void
put (const CvmTapperServer *server,
     const char            *name,
     const char            *text,
     gsize                  len)
{
  g_autoptr(GBytes) bytes = g_bytes_new (text, len);

  cvm_tapper_cache_put (server, name, bytes);
}

static gboolean
has (const CvmTapperServer *server,
     const char            *name,
     const char            *text,
     gsize                  len)
{
  g_autoptr(GBytes) bytes = cvm_tapper_cache_get (server, name, NULL);
  g_autoptr(GBytes) expected = g_bytes_new (text, len);

  return bytes != NULL && g_bytes_equal (bytes, expected);
}

static void
test_cache (void)
{
  g_autoptr(CvmTapperServer) one = cvm_tapper_server_new ("a", "h:1", NULL, NULL, NULL);
  g_autoptr(CvmTapperServer) moved = cvm_tapper_server_new ("a", "h:2", NULL, NULL, NULL);
  g_autoptr(CvmTapperServer) renamed = cvm_tapper_server_new ("b", "h:1", NULL, NULL, NULL);

  g_assert_null (cvm_tapper_cache_get (one, "1.tap", NULL));
  put (one, "1.tap", "a\0b", 3);
  put (one, "2.tap", "", 0);
  g_assert_true (has (one, "1.tap", "a\0b", 3));
  g_assert_true (has (one, "2.tap", "", 0));
  g_assert_null (cvm_tapper_cache_get (moved, "1.tap", NULL));
  g_assert_true (has (renamed, "1.tap", "a\0b", 3));
  put (one, "1.tap", "new", 3);
  g_assert_true (has (one, "1.tap", "new", 3));
  cvm_tapper_cache_remove (one, "1.tap");
  g_assert_null (cvm_tapper_cache_get (one, "1.tap", NULL));
  cvm_test_home_clear ();
}

/* The three of them, oldest first by their use and not by their making */
static void
test_cache_trim (void)
{
  g_autoptr(CvmTapperServer) server = cvm_tapper_server_new (NULL, "h", NULL, NULL, NULL);
  g_autofree char *text = g_strnfill (1000, 'x');
  static const char *const names[] = { "1.tap", "2.tap", "3.tap" };
  g_autofree char *root = g_build_filename (g_get_user_cache_dir (), "cvmtester", "reports", NULL);
  g_autoptr(GDir) dir = NULL;
  g_autofree char *folder = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    put (server, names[i], text, 1000);
  dir = g_dir_open (root, 0, NULL);
  folder = g_build_filename (root, g_dir_read_name (dir), NULL);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (folder, names[i], NULL);
      struct utimbuf old = { .actime = 1000 + i, .modtime = 1000 + i };

      g_assert_cmpint (g_utime (path, &old), ==, 0);
    }
  g_assert_true (has (server, "1.tap", text, 1000));   /* used: now the newest */

  cvm_tapper_cache_trim (2500);
  g_assert_true (has (server, "1.tap", text, 1000));
  g_assert_false (has (server, "2.tap", text, 1000));
  g_assert_true (has (server, "3.tap", text, 1000));
  cvm_tapper_cache_trim (0);
  g_assert_false (has (server, "1.tap", text, 1000));
  cvm_test_home_clear ();
}

int
main (int    argc,
      char **argv)
{
  cvm_test_home_enter ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tapper-browse/pages", test_pages);
  g_test_add_func ("/tapper-browse/condition", test_condition);
  g_test_add_func ("/tapper-browse/filter-here", test_filter_here);
  g_test_add_func ("/tapper-browse/hanging", test_hanging);
  g_test_add_func ("/tapper-browse/show", test_show);
  g_test_add_func ("/tapper-browse/show-other", test_show_other);
  g_test_add_func ("/tapper-browse/result", test_result);
  g_test_add_func ("/tapper-browse/result-archive", test_result_archive);
  g_test_add_func ("/tapper-browse/no-web", test_no_web);
  g_test_add_func ("/tapper-browse/cache", test_cache);
  g_test_add_func ("/tapper-browse/cache-trim", test_cache_trim);

  return cvm_test_home_run ();
}
