/* test-channel-http.c: the http channel against a real server, and against stand-ins that misbehave
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-channel-http.h"

#include <glib/gstdio.h>
#include <libsoup/soup.h>
#include <string.h>

#include "cvm-peer.h"
#include "cvm-wait.h"

#define LIMIT_MS 20000   /* for what must succeed, on a busy machine */
#define SHORT_MS 300     /* for what must give up */
#define BODY_MAX 1000
#define BOMB_LEN (64 * 1024 * 1024)

typedef struct
{
  GThread      *thread;
  GMainContext *context;
  GMainLoop    *loop;
  SoupServer   *server;      /* in its thread only */
  char         *origin;      /* http://127.0.0.1:PORT */
  GMutex        mutex;
  GCond         cond;
  char         *certificate;
  char         *key;
  guint         requests;    /* under the mutex */
  char         *request;     /* headers of the last */
} Web;

static GBytes *bomb;

/* LeakSanitizer crashes on the thread-local storage of gio's TLS module, which is loaded late. */
const char *__asan_default_options (void);

const char *
__asan_default_options (void)
{
  return "intercept_tls_get_addr=0";
}

static CvmHttpReply *
http_get (const char    *uri,
          gsize          max_body,
          gint64         deadline_us,
          GCancellable  *cancellable,
          GError       **error)
{
  return cvm_channel_http_send (&(CvmHttpRequest) { .uri = uri, .max_body = max_body }, deadline_us,
                                cancellable, error);
}

/* A real server, in a thread with its own main context */

static void
note_header (const char *name,
             const char *value,
             gpointer    text)
{
  g_string_append_printf (text, "%s: %s\n", name, value);
}

static void
reply_text (SoupServerMessage *message,
            guint              status,
            const char        *text)
{
  soup_server_message_set_status (message, status, NULL);
  soup_server_message_set_response (message, "text/plain", SOUP_MEMORY_COPY, text, strlen (text));
}

static void
redirect (SoupServerMessage *message,
          const char        *to)
{
  soup_server_message_set_redirect (message, SOUP_STATUS_FOUND, to);
}

/* One that is too long, and more than are kept */
static void
set_cookies (SoupMessageHeaders *headers)
{
  g_autofree char *huge = g_strnfill (CVM_HTTP_HEADER_MAX + 1, 'x');

  soup_message_headers_append (headers, "Set-Cookie", huge);
  soup_message_headers_append (headers, "Location", huge);
  for (guint i = 0; i < 2 * CVM_HTTP_COOKIES_MAX; i++)
    {
      g_autofree char *cookie = g_strdup_printf ("c%u=v; Path=/p, q", i);

      soup_message_headers_append (headers, "set-cookie", cookie);
    }
}

static void
on_request (SoupServer        *server,
            SoupServerMessage *message,
            const char        *path,
            GHashTable        *query,
            gpointer           data)
{
  Web *self = data;
  GString *text = g_string_new (NULL);
  guint status = 0;

  soup_message_headers_foreach (soup_server_message_get_request_headers (message), note_header,
                                text);
  g_string_append_printf (text, "%s %s\n", soup_server_message_get_method (message),
                          soup_server_message_get_request_body (message)->data);
  g_mutex_lock (&self->mutex);
  self->requests++;
  g_free (self->request);
  self->request = g_string_free (text, FALSE);
  g_mutex_unlock (&self->mutex);

  if (sscanf (path, "/status/%u", &status) == 1)
    {
      reply_text (message, status, "the body\n");
    }
  else if (g_str_has_prefix (path, "/body/"))
    {
      g_autofree char *body = g_strnfill (strtoul (path + 6, NULL, 10), 'b');

      reply_text (message, SOUP_STATUS_OK, body);
    }
  else if (g_str_equal (path, "/bomb"))
    {
      soup_server_message_set_status (message, SOUP_STATUS_OK, NULL);
      soup_message_headers_append (soup_server_message_get_response_headers (message),
                                   "Content-Encoding", "gzip");
      soup_server_message_set_response (message, "text/plain", SOUP_MEMORY_STATIC,
                                        g_bytes_get_data (bomb, NULL),
                                        g_bytes_get_size (bomb));
    }
  else if (g_str_equal (path, "/cookies"))
    {
      set_cookies (soup_server_message_get_response_headers (message));
      reply_text (message, SOUP_STATUS_OK, "x");
    }
  else if (g_str_equal (path, "/moved"))
    {
      soup_message_headers_append (soup_server_message_get_response_headers (message),
                                   "Set-Cookie", "a=b; Path=/");
      redirect (message, "/status/200");
    }
  else if (g_str_equal (path, "/loop"))
    redirect (message, "/loop");
  else if (g_str_equal (path, "/elsewhere"))
    redirect (message, "http://127.0.0.2:80/");
  else if (g_str_equal (path, "/other-port"))
    redirect (message, "http://127.0.0.1:1/");
  else if (g_str_equal (path, "/file"))
    redirect (message, "file:///etc/passwd");
  else
    reply_text (message, SOUP_STATUS_NOT_FOUND, "no such page\n");
}

static gpointer
serve (gpointer data)
{
  Web *self = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GTlsCertificate) certificate = NULL;
  GSList *uris;

  g_main_context_push_thread_default (self->context);

  self->server = soup_server_new (NULL, NULL);
  soup_server_add_handler (self->server, NULL, on_request, self, NULL);
  if (self->certificate != NULL)
    {
      certificate = g_tls_certificate_new_from_files (self->certificate, self->key, &error);
      g_assert_no_error (error);
      soup_server_set_tls_certificate (self->server, certificate);
    }
  soup_server_listen_local (self->server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY |
                            (certificate != NULL ? SOUP_SERVER_LISTEN_HTTPS : 0), &error);
  g_assert_no_error (error);

  uris = soup_server_get_uris (self->server);
  g_mutex_lock (&self->mutex);
  self->origin = g_strdup_printf ("%s://127.0.0.1:%d", g_uri_get_scheme (uris->data),
                                  g_uri_get_port (uris->data));
  g_cond_signal (&self->cond);
  g_mutex_unlock (&self->mutex);
  g_slist_free_full (uris, (GDestroyNotify)g_uri_unref);

  g_main_loop_run (self->loop);

  soup_server_disconnect (self->server);
  g_clear_object (&self->server);
  while (g_main_context_iteration (self->context, FALSE))
    continue;
  g_main_context_pop_thread_default (self->context);

  return NULL;
}

static void
web_start (Web *self)
{
  self->context = g_main_context_new ();
  self->loop = g_main_loop_new (self->context, FALSE);
  self->thread = g_thread_new ("web", serve, self);

  g_mutex_lock (&self->mutex);
  while (self->origin == NULL)
    g_cond_wait (&self->cond, &self->mutex);
  g_mutex_unlock (&self->mutex);
}

static void
set_up (Web           *self,
        gconstpointer  data)
{
  g_mutex_init (&self->mutex);
  g_cond_init (&self->cond);
}

static gboolean
quit (gpointer data)
{
  g_main_loop_quit (data);

  return G_SOURCE_REMOVE;
}

static void
tear_down (Web           *self,
           gconstpointer  data)
{
  g_autoptr(GSource) source = g_idle_source_new ();

  g_source_set_callback (source, quit, self->loop, NULL);
  g_source_attach (source, self->context);
  g_thread_join (self->thread);
  g_main_loop_unref (self->loop);
  g_main_context_unref (self->context);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->cond);
  g_free (self->origin);
  g_free (self->certificate);
  g_free (self->key);
  g_free (self->request);
}

static const struct
{
  const char *name;
  const char *path;
  guint       status;
  gsize       len;          /* of the body */
  gboolean    is_cut;
  guint       requests;
} replies[] = {
  { "ok", "/status/200", 200, 9, FALSE, 1 },
  { "created", "/status/201", 201, 9, FALSE, 1 },
  { "forbidden", "/status/403", 403, 9, FALSE, 1 },
  { "unauthorized", "/status/401", 401, 9, FALSE, 1 },
  { "teapot", "/status/418", 418, 9, FALSE, 1 },
  { "error", "/status/503", 503, 9, FALSE, 1 },
  { "missing", "/nowhere", 404, 13, FALSE, 1 },
  { "empty", "/body/0", 200, 0, FALSE, 1 },
  { "just-fits", "/body/1000", 200, 1000, FALSE, 1 },
  { "one-more", "/body/1001", 200, 1000, TRUE, 1 },
  { "large", "/body/50000000", 200, 1000, TRUE, 1 },
  { "bomb", "/bomb", 200, 1000, TRUE, 1 },
  { "moved", "/moved", 200, 9, FALSE, 2 },
  { "elsewhere", "/elsewhere", 302, 0, FALSE, 1 },
  { "other-port", "/other-port", 302, 0, FALSE, 1 },
  { "file", "/file", 302, 0, FALSE, 1 },
};

static void
test_reply (Web           *self,
            gconstpointer  data)
{
  const typeof (replies[0]) *c = data;
  g_autofree char *uri = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(CvmHttpReply) reply = NULL;

  web_start (self);
  uri = g_strconcat (self->origin, c->path, NULL);
  reply = http_get (uri, BODY_MAX, cvm_deadline_in_ms (LIMIT_MS), NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (reply->status, ==, c->status);
  g_assert_cmpuint (g_bytes_get_size (reply->body), ==, c->len);
  g_assert_cmpint (reply->is_cut, ==, c->is_cut);
  if (c->status != 302)
    g_assert_cmpstr (reply->content_type, ==, "text/plain");
  g_assert_cmpuint (self->requests, ==, c->requests);
  g_assert_null (strstr (self->request, "Cookie"));
  g_assert_nonnull (strstr (self->request, "cvmtester/"));
}

static CvmHttpReply *
send_to (Web           *self,
         const char    *path,
         CvmHttpRequest request)
{
  g_autofree char *uri = g_strconcat (self->origin, path, NULL);
  g_autoptr(GError) error = NULL;
  CvmHttpReply *reply;

  request.uri = uri;
  request.max_body = BODY_MAX;
  reply = cvm_channel_http_send (&request, cvm_deadline_in_ms (LIMIT_MS), NULL, &error);
  g_assert_no_error (error);

  return reply;
}

static void
test_post (Web           *self,
           gconstpointer  data)
{
  g_autoptr(CvmHttpReply) reply = NULL;
  g_autoptr(CvmHttpReply) moved = NULL;

  web_start (self);
  reply = send_to (self, "/status/403", (CvmHttpRequest) { .form = "a=1&b=%20", .cookies = "c=d; e=f",
                                                           .referer = "http://x/login" });
  g_assert_cmpuint (reply->status, ==, 403);
  g_assert_null (reply->location);
  g_assert_null (reply->set_cookies[0]);
  g_assert_nonnull (strstr (self->request, "\nPOST a=1&b=%20\n"));
  g_assert_nonnull (strstr (self->request, "Content-Type: application/x-www-form-urlencoded\n"));
  g_assert_nonnull (strstr (self->request, "Cookie: c=d; e=f\n"));
  g_assert_nonnull (strstr (self->request, "Referer: http://x/login\n"));

  moved = send_to (self, "/moved", (CvmHttpRequest) { .form = "" });
  g_assert_cmpuint (moved->status, ==, 302);   /* a POST is never sent on */
  g_assert_cmpuint (self->requests, ==, 2);
}

static void
test_keeps_redirect (Web           *self,
                     gconstpointer  data)
{
  g_autoptr(CvmHttpReply) reply = NULL;

  web_start (self);
  reply = send_to (self, "/moved", (CvmHttpRequest) { .keeps_redirect = TRUE });
  g_assert_cmpuint (reply->status, ==, 302);
  g_assert_true (g_str_has_suffix (reply->location, "/status/200"));
  g_assert_cmpstr (reply->set_cookies[0], ==, "a=b; Path=/");
  g_assert_null (reply->set_cookies[1]);
  g_assert_cmpuint (self->requests, ==, 1);
}

static void
test_cookies (Web           *self,
              gconstpointer  data)
{
  g_autoptr(CvmHttpReply) reply = NULL;

  web_start (self);
  reply = send_to (self, "/cookies", (CvmHttpRequest) { .keeps_redirect = TRUE });
  g_assert_cmpuint (g_strv_length (reply->set_cookies), ==, CVM_HTTP_COOKIES_MAX);
  g_assert_cmpstr (reply->set_cookies[0], ==, "c0=v; Path=/p, q");
  g_assert_null (reply->location);
}

static void
test_loop (Web           *self,
           gconstpointer  data)
{
  g_autofree char *uri = NULL;
  g_autoptr(GError) error = NULL;

  web_start (self);
  uri = g_strconcat (self->origin, "/loop", NULL);
  g_assert_null (http_get (uri, BODY_MAX, cvm_deadline_in_ms (LIMIT_MS), NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TOO_MANY_LINKS);
  g_assert_nonnull (strstr (error->message, uri));
  g_assert_cmpuint (self->requests, ==, 11);
}

/* The proxy of the user's session is not for guests. */
static void
test_no_proxy (Web           *self,
               gconstpointer  data)
{
  g_autofree char *uri = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(CvmHttpReply) reply = NULL;

  g_setenv ("http_proxy", "http://127.0.0.1:1", TRUE);
  g_setenv ("all_proxy", "http://127.0.0.1:1", TRUE);
  web_start (self);
  uri = g_strconcat (self->origin, "/status/200", NULL);
  reply = http_get (uri, BODY_MAX, cvm_deadline_in_ms (LIMIT_MS), NULL, &error);
  g_unsetenv ("http_proxy");
  g_unsetenv ("all_proxy");
  g_assert_no_error (error);
  g_assert_cmpuint (reply->status, ==, 200);
}

static void
test_https (Web           *self,
            gconstpointer  data)
{
  g_autofree char *dir = g_dir_make_tmp ("cvm-http-XXXXXX", NULL);
  g_autofree char *uri = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(CvmHttpReply) reply = NULL;
  int status = -1;

  self->certificate = g_build_filename (dir, "certificate.pem", NULL);
  self->key = g_build_filename (dir, "key.pem", NULL);

  /* Of another name and signed by itself, like many an appliance's */
  const char *make[] = { "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1",
                         "-subj", "/CN=other",
                         "-keyout", self->key, "-out", self->certificate, NULL };

  g_spawn_sync (NULL, (char **)make, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_STDERR_TO_DEV_NULL, NULL,
                NULL, NULL, NULL,
                &status, &error);
  g_assert_no_error (error);
  g_assert_cmpint (status, ==, 0);

  web_start (self);
  uri = g_strconcat (self->origin, "/moved", NULL);
  reply = http_get (uri, BODY_MAX, cvm_deadline_in_ms (LIMIT_MS), NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (reply->status, ==, 200);

  g_unlink (self->certificate);
  g_unlink (self->key);
  g_rmdir (dir);
}

/* Job threads ask at once, none has a main loop. */
static gpointer
ask (gpointer data)
{
  const char *uri = data;

  for (int i = 0; i < 20; i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(CvmHttpReply) reply =
        http_get (uri, BODY_MAX, cvm_deadline_in_ms (LIMIT_MS), NULL, &error);

      g_assert_no_error (error);
      g_assert_cmpuint (reply->status, ==, 200);
    }

  return NULL;
}

static void
test_threads (Web           *self,
              gconstpointer  data)
{
  g_autofree char *uri = NULL;
  GThread *threads[4];

  web_start (self);
  uri = g_strconcat (self->origin, "/moved", NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("job", ask, uri);
  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);

  g_assert_cmpuint (self->requests, ==, 4 * 20 * 2);
}

/* Stand-ins, for what no real server does */

#define HEAD "HTTP/1.1 200 OK\r\n"
#define ZEROS "0000000000000000000000000000000000000000000000000000000000000000"
#define BLOCK ZEROS ZEROS ZEROS ZEROS ZEROS ZEROS ZEROS ZEROS

static const struct
{
  const char   *name;
  CvmPeerScript script;
  int           code;          /* of G_IO_ERROR; -1: any error; 0: none, and a cut body */
} stand_ins[] = {
  { "silent", { .says = NULL }, G_IO_ERROR_TIMED_OUT },
  { "closes", { .hangs_up = TRUE }, -1 },
  { "half-status", { .says = "HTTP/1.1 2" }, G_IO_ERROR_TIMED_OUT },
  { "half-headers", { .says = HEAD "Content-Type: text/plain\r\n" }, G_IO_ERROR_TIMED_OUT },
  { "half-body", { .says = HEAD "Content-Length: 100\r\n\r\nhalf" }, G_IO_ERROR_TIMED_OUT },
  { "half-body-closes", { .says = HEAD "Content-Length: 100\r\n\r\nhalf", .hangs_up = TRUE }, -1 },
  { "half-chunk", { .says = HEAD "Transfer-Encoding: chunked\r\n\r\n50\r\nhalf" },
    G_IO_ERROR_TIMED_OUT },
  { "ssh", { .says = "SSH-2.0-dropbear\r\n", .hangs_up = TRUE }, -1 },
  { "endless-body", { .says = HEAD "\r\n", .then = BLOCK }, 0 },
  { "endless-chunks",
    { .says = HEAD "Transfer-Encoding: chunked\r\n\r\n",
      .then = "10\r\n0123456789abcdef\r\n" }, 0 },
  { "endless-headers", { .says = HEAD, .then = "X-Header: " BLOCK "\r\n" }, -1 },
  { "endless-header", { .says = HEAD "X-Header: ", .then = BLOCK }, -1 },
  { "endless-100", { .then = "HTTP/1.1 100 Continue\r\n\r\n" }, G_IO_ERROR_TIMED_OUT },
};

static char *
dup_uri (CvmPeer *peer)
{
  return g_strdup_printf ("http://127.0.0.1:%u/", cvm_peer_get_port (peer));
}

static void
test_stand_in (gconstpointer data)
{
  const typeof (stand_ins[0]) *c = data;
  CvmPeerScript script = c->script;
  CvmPeer *peer;
  g_autofree char *uri = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(CvmHttpReply) reply = NULL;
  gint64 start_us = g_get_monotonic_time ();

  script.hears_first = TRUE;
  peer = cvm_peer_new (cvm_peer_play, &script);
  uri = dup_uri (peer);
  reply = http_get (uri, BODY_MAX, cvm_deadline_in_ms (SHORT_MS), NULL, &error);

  g_test_message ("%s", error != NULL ? error->message : "a reply");
  g_assert_cmpint (g_get_monotonic_time () - start_us, <, (SHORT_MS + 3000) * 1000);
  if (c->code == 0)
    {
      g_assert_no_error (error);
      g_assert_true (reply->is_cut);
      g_assert_cmpuint (g_bytes_get_size (reply->body), ==, BODY_MAX);
    }
  else
    {
      g_assert_null (reply);
      g_assert_nonnull (error);
      g_assert_true (c->code == -1 || g_error_matches (error, G_IO_ERROR, c->code));
      g_assert_nonnull (strstr (error->message, uri));
    }
  cvm_peer_free (peer);
}

static void
test_cancel (void)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  CvmPeerScript script = { .cancels = cancellable };
  CvmPeer *peer = cvm_peer_new (cvm_peer_play, &script);
  g_autofree char *uri = dup_uri (peer);
  g_autoptr(GError) error = NULL;

  g_assert_null (http_get (uri, BODY_MAX, CVM_DEADLINE_NEVER, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  cvm_peer_free (peer);
}

static void
test_nobody_listens (void)
{
  CvmPeerScript script = { NULL };
  CvmPeer *peer = cvm_peer_new (cvm_peer_play, &script);
  g_autofree char *uri = dup_uri (peer);
  g_autoptr(GError) error = NULL;

  cvm_peer_free (peer);
  g_assert_null (http_get (uri, BODY_MAX, cvm_deadline_in_ms (LIMIT_MS), NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED);
}

static const char *const bad_uris[] = {
  "", "127.0.0.1", "ftp://127.0.0.1/", "file:///etc/passwd", "http://", "http:///path",
  "http://127.0.0.1:99999/",
  "http://127.0.0.1/a b", "http://127.0.0.1/a\r\nX: y", "javascript:alert(1)", "http://[::1/",
};

static void
test_bad_uri (gconstpointer data)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (http_get (data, BODY_MAX, cvm_deadline_in_ms (LIMIT_MS), NULL,
                                       &error));
  g_assert_nonnull (error);
  g_test_message ("%s", error->message);
  g_assert_true (g_str_has_prefix (error->message, "GET "));
}

static GBytes *
make_bomb (void)
{
  g_autoptr(GZlibCompressor) gzip = g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, 9);
  g_autoptr(GOutputStream) memory = g_memory_output_stream_new_resizable ();
  g_autoptr(GOutputStream) stream = g_converter_output_stream_new (memory, G_CONVERTER (gzip));
  g_autofree char *zeros = g_malloc0 (BOMB_LEN);

  g_output_stream_write_all (stream, zeros, BOMB_LEN, NULL, NULL, NULL);
  g_output_stream_close (stream, NULL, NULL);

  return g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (memory));
}

int
main (int    argc,
      char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  bomb = make_bomb ();

  for (gsize i = 0; i < G_N_ELEMENTS (replies); i++)
    {
      g_autofree char *path = g_strdup_printf ("/channel/http/reply/%s", replies[i].name);

      g_test_add (path, Web, &replies[i], set_up, test_reply, tear_down);
    }

  for (gsize i = 0; i < G_N_ELEMENTS (stand_ins); i++)
    {
      g_autofree char *path = g_strdup_printf ("/channel/http/stand-in/%s", stand_ins[i].name);

      g_test_add_data_func (path, &stand_ins[i], test_stand_in);
    }

  for (gsize i = 0; i < G_N_ELEMENTS (bad_uris); i++)
    {
      g_autofree char *path = g_strdup_printf ("/channel/http/bad-uri/%zu", i);

      g_test_add_data_func (path, bad_uris[i], test_bad_uri);
    }

  g_test_add ("/channel/http/post", Web, NULL, set_up, test_post, tear_down);
  g_test_add ("/channel/http/keeps-redirect", Web, NULL, set_up, test_keeps_redirect, tear_down);
  g_test_add ("/channel/http/cookies", Web, NULL, set_up, test_cookies, tear_down);
  g_test_add ("/channel/http/loop", Web, NULL, set_up, test_loop, tear_down);
  g_test_add ("/channel/http/no-proxy", Web, NULL, set_up, test_no_proxy, tear_down);
  g_test_add ("/channel/http/https", Web, NULL, set_up, test_https, tear_down);
  g_test_add ("/channel/http/threads", Web, NULL, set_up, test_threads, tear_down);
  g_test_add_func ("/channel/http/cancel", test_cancel);
  g_test_add_func ("/channel/http/nobody-listens", test_nobody_listens);

  status = g_test_run ();
  g_bytes_unref (bomb);

  return status;
}
