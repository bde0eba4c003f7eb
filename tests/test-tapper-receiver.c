/* test-tapper-receiver.c: one report to receivers that do, and do not, what a receiver does
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-tapper-receiver.h"

#include <glib/gstdio.h>
#include <string.h>

#include "cvm-peer-tapper.h"
#include "cvm-peer.h"
#include "cvm-tapper-error.h"
#include "cvm-wait.h"

#define GREETING "Tapper::Reports::Receiver. Protocol is TAP. Your report id: 42\n"
#define LARGE    (8 * 1024 * 1024)   /* more than the system takes unread */
#define SHORT_MS 300
#define LIMIT_MS 20000

/* The other end */

typedef enum
{
  READS_ALL,       /* to the end, and leaves: a receiver */
  READS_NOTHING,   /* and stays */
  LEAVES,          /* at once */
  STAYS,           /* reads to the end, and does not leave */
  TALKS,           /* reads to the end, and then says more and more */
} Manner;

typedef struct
{
  const char *name;
  const char *says;
  Manner      manner;
  gboolean    in_bytes;   /* one at a time */
  gsize       len;        /* of the report */
  int         code;       /* of CvmTapperError; -1: none */
  guint64     id;         /* 0: none was told */
} Row;

typedef struct
{
  const Row       *row;
  GTlsCertificate *certificate;  /* or NULL */
  GByteArray      *heard;
  guint64          heard_before_id;
} Peer;

static void
say (GOutputStream *out,
     const Row     *row,
     GCancellable  *stop)
{
  gsize len = row->says != NULL ? strlen (row->says) : 0;
  gsize step = row->in_bytes ? 1 : MAX (len, 1);

  for (gsize i = 0; i < len; i += step)
    g_output_stream_write_all (out, row->says + i, step, NULL, stop, NULL);
}

static void
hear (Peer         *peer,
      GInputStream *in,
      GCancellable *stop)
{
  guint8 block[4096];
  gssize n;

  while ((n = g_input_stream_read (in, block, sizeof block, stop, NULL)) > 0)
    g_byte_array_append (peer->heard, block, n);
}

static void
wait_for_leave (GSocket      *client,
                GCancellable *stop)
{
  while (g_socket_condition_wait (client, G_IO_HUP, stop, NULL) &&
         !g_cancellable_is_cancelled (stop))
    return;
}

static void
play (Peer         *peer,
      GIOStream    *stream,
      GSocket      *client,
      GCancellable *stop)
{
  GInputStream *in = g_io_stream_get_input_stream (stream);
  GOutputStream *out = g_io_stream_get_output_stream (stream);

  say (out, peer->row, stop);
  if (peer->row->manner == LEAVES)
    return;

  if (peer->row->manner != READS_NOTHING)
    hear (peer, in, stop);
  while (peer->row->manner == TALKS &&
         g_output_stream_write_all (out, "more\n", 5, NULL, stop, NULL))
    continue;
  if (peer->row->manner == STAYS || peer->row->manner == READS_NOTHING)
    wait_for_leave (client, stop);
}

static void
serve (GSocket      *client,
       GCancellable *stop,
       gpointer      data)
{
  Peer *peer = data;
  g_autoptr(GSocketConnection) connection = g_socket_connection_factory_create_connection (client);
  g_autoptr(GIOStream) tls = NULL;
  g_autoptr(GError) error = NULL;

  if (peer->certificate != NULL)
    {
      tls = g_tls_server_connection_new (G_IO_STREAM (connection), peer->certificate, &error);
      g_assert_no_error (error);
      if (!g_tls_connection_handshake (G_TLS_CONNECTION (tls), stop, NULL))
        return;
    }

  play (peer, tls != NULL ? tls : G_IO_STREAM (connection), client, stop);
  g_io_stream_close (tls != NULL ? tls : G_IO_STREAM (connection), NULL, NULL);
}

/* This end */

typedef struct
{
  guint64   id;
  guint16   port;
  guint64   done;
  gboolean  refuses_id;
} Told;

static gboolean
on_port (guint16   port,
         gpointer  data,
         GError  **error)
{
  ((Told *)data)->port = port;

  return TRUE;
}

static gboolean
on_id (guint64   id,
       gpointer  data,
       GError  **error)
{
  Told *told = data;

  told->id = id;
  if (told->refuses_id)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE, "no room");

  return !told->refuses_id;
}

static void
on_progress (guint64  done,
             gpointer data)
{
  Told *told = data;

  g_assert_cmpuint (done, >, told->done);
  told->done = done;
}

static gboolean
send_to (guint16        port,
         gboolean       is_tls,
         Told          *told,
         const char    *bytes,
         gsize          len,
         guint          limit_ms,
         GCancellable  *cancellable,
         GError       **error)
{
  g_autofree char *address = g_strdup_printf ("%s127.0.0.1:%u", is_tls ? "tls://" : "", port);
  g_autoptr(CvmTapperServer) server = cvm_tapper_server_new (NULL, address, NULL, NULL, NULL);
  g_autoptr(GInputStream) report = g_memory_input_stream_new_from_data (bytes, len, NULL);
  CvmTapperReceiverHooks hooks = { on_port, on_id, on_progress, told };

  return cvm_tapper_receiver_send (server, report, &hooks, limit_ms, limit_ms, cancellable, error);
}

static const Row rows[] = {
  { "good", GREETING, READS_ALL, FALSE, 161, -1, 42 },
  { "large", GREETING, READS_ALL, FALSE, LARGE, -1, 42 },
  { "single bytes", GREETING, READS_ALL, TRUE, 161, -1, 42 },
  { "empty", GREETING, READS_ALL, FALSE, 0, -1, 42 },
  { "leaves at once", NULL, LEAVES, FALSE, 161, CVM_TAPPER_ERROR_NO_GREETING, 0 },
  { "says nothing", NULL, READS_NOTHING, FALSE, 161, CVM_TAPPER_ERROR_NO_GREETING, 0 },
  { "half a greeting", "Tapper::Reports::Recei", LEAVES, FALSE, 161, CVM_TAPPER_ERROR_NO_GREETING, 0 },
  { "half, and stays", "Tapper::Reports::Recei", STAYS, FALSE, 161, CVM_TAPPER_ERROR_NO_GREETING, 0 },
  { "another server", "220 mail.example.org ESMTP\n", STAYS, FALSE, 161,
    CVM_TAPPER_ERROR_WRONG_GREETING, 0 },
  { "greets and leaves", GREETING, LEAVES, FALSE, 161, CVM_TAPPER_ERROR_CUT_BEFORE_END, 42 },
  { "greets and leaves, large", GREETING, LEAVES, FALSE, LARGE, CVM_TAPPER_ERROR_CUT_BEFORE_END, 42 },
  { "reads nothing", GREETING, READS_NOTHING, FALSE, LARGE, CVM_TAPPER_ERROR_CUT_BEFORE_END, 42 },
  { "does not leave", GREETING, STAYS, FALSE, 161, CVM_TAPPER_ERROR_CUT_AFTER_END, 42 },
  { "talks", GREETING, TALKS, FALSE, 161, CVM_TAPPER_ERROR_CUT_AFTER_END, 42 },
};

static void
check_sent (const Row  *row,
            const char *bytes,
            const Peer *peer,
            const Told *told,
            GError     *error)
{
  if (row->code < 0)
    {
      g_assert_no_error (error);
      g_assert_cmpmem (peer->heard->data, peer->heard->len, bytes, row->len);
      g_assert_cmpuint (told->done, ==, row->len);
    }
  else
    {
      g_assert_error (error, CVM_TAPPER_ERROR, row->code);
      if (row->id == 0)
        g_assert_cmpuint (peer->heard->len, ==, 0);
    }

  g_assert_cmpuint (told->id, ==, row->id);
  g_assert_cmpuint (told->port, >, 0);
}

static void
test_row (gconstpointer data)
{
  const Row *row = data;
  Peer peer = { row, NULL, g_byte_array_new () };
  guint sockets = cvm_peer_count_sockets ();
  CvmPeer *listener = cvm_peer_new (serve, &peer);
  g_autofree char *bytes = g_strnfill (row->len, 't');
  gboolean waits = row->manner == READS_NOTHING || row->manner == STAYS;
  g_autoptr(GError) error = NULL;
  Told told = { 0 };

  g_assert_true (send_to (cvm_peer_get_port (listener), FALSE, &told, bytes, row->len,
                          waits ? SHORT_MS : LIMIT_MS, NULL, &error) == (row->code < 0));
  cvm_peer_free (listener);
  check_sent (row, bytes, &peer, &told, error);
  g_assert_cmpuint (cvm_peer_count_sockets (), ==, sockets);
  g_byte_array_unref (peer.heard);
}

/* No byte goes out before the id is on the disk. */
static void
test_id_first (void)
{
  Row row = { .says = GREETING, .manner = READS_ALL };
  Peer peer = { &row, NULL, g_byte_array_new () };
  CvmPeer *listener = cvm_peer_new (serve, &peer);
  g_autoptr(GError) error = NULL;
  Told told = { .refuses_id = TRUE };

  g_assert_false (send_to (cvm_peer_get_port (listener), FALSE, &told, "1..0\n", 5, LIMIT_MS, NULL,
                           &error));
  cvm_peer_free (listener);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
  g_assert_cmpuint (told.id, ==, 42);
  g_assert_cmpuint (peer.heard->len, ==, 0);
  g_byte_array_unref (peer.heard);
}

static void
test_refused (void)
{
  Row row = { .manner = LEAVES };
  Peer peer = { &row };
  CvmPeer *listener = cvm_peer_new (serve, &peer);
  guint16 port = cvm_peer_get_port (listener);
  g_autoptr(GError) error = NULL;
  Told told = { 0 };

  cvm_peer_free (listener);
  g_assert_false (send_to (port, FALSE, &told, "1..0\n", 5, LIMIT_MS, NULL, &error));
  g_assert_error (error, CVM_TAPPER_ERROR, CVM_TAPPER_ERROR_UNREACHABLE);
  g_assert_nonnull (strstr (error->message, "127.0.0.1"));
}

static gpointer
cancel_soon (gpointer cancellable)
{
  cvm_wait_ms (50, CVM_DEADLINE_NEVER, NULL, NULL);
  g_cancellable_cancel (cancellable);

  return NULL;
}

static const Row hangs[] = {
  { "greeting", NULL, READS_NOTHING, FALSE, 161 },
  { "sending", GREETING, READS_NOTHING, FALSE, LARGE },
  { "leave", GREETING, STAYS, FALSE, 161 },
};

static void
test_cancel (gconstpointer data)
{
  const Row *row = data;
  Peer peer = { row, NULL, g_byte_array_new () };
  CvmPeer *listener = cvm_peer_new (serve, &peer);
  g_autofree char *bytes = g_strnfill (row->len, 't');
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;
  gint64 begun_us = g_get_monotonic_time ();
  GThread *thread = g_thread_new ("cancel", cancel_soon, cancellable);
  Told told = { 0 };

  g_assert_false (send_to (cvm_peer_get_port (listener), FALSE, &told, bytes, row->len, LIMIT_MS,
                           cancellable, &error));
  g_thread_join (thread);
  cvm_peer_free (listener);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (g_get_monotonic_time () - begun_us, <, LIMIT_MS / 2 * 1000);
  g_byte_array_unref (peer.heard);
}

/* The wait and the cancel end at the same moment: in some of these rounds the first is faster, and
 * the sanitizer would see what neither had freed */
static void
test_cancel_often (void)
{
  for (guint i = 0; i < 50; i++)
    test_cancel (&hangs[0]);
}

/* TLS: the certificate must be good, and the end of what we say must be told without leaving */

static GTlsCertificate *
new_certificate (const char    *dir,
                 GTlsDatabase **trust)
{
  g_autofree char *certificate = g_build_filename (dir, "certificate.pem", NULL);
  g_autofree char *key = g_build_filename (dir, "key.pem", NULL);
  const char *argv[] = { "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
                         "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1",
                         "-keyout", key, "-out", certificate, NULL };
  g_autoptr(GError) error = NULL;
  GTlsCertificate *made;

  g_spawn_sync (NULL, (char **)argv, NULL,
                G_SPAWN_SEARCH_PATH | G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  made = g_tls_certificate_new_from_files (certificate, key, &error);
  g_assert_no_error (error);
  *trust = g_tls_file_database_new (certificate, &error);
  g_assert_no_error (error);

  return made;
}

static void
test_tls (void)
{
  Row row = { .says = GREETING, .manner = READS_ALL };
  g_autofree char *dir = g_dir_make_tmp ("cvm-tls-XXXXXX", NULL);
  g_autoptr(GTlsDatabase) trust = NULL;
  g_autoptr(GTlsCertificate) certificate = new_certificate (dir, &trust);
  Peer peer = { &row, certificate, g_byte_array_new () };
  CvmPeer *listener = cvm_peer_new (serve, &peer);
  g_autofree char *bytes = g_strnfill (LARGE / 8, 't');
  g_autoptr(GError) error = NULL;
  Told told = { 0 };

  g_assert_false (send_to (cvm_peer_get_port (listener), TRUE, &told, bytes, LARGE / 8, LIMIT_MS, NULL,
                           &error));
  g_assert_error (error, CVM_TAPPER_ERROR, CVM_TAPPER_ERROR_UNREACHABLE);
  g_assert_cmpuint (peer.heard->len, ==, 0);
  g_clear_error (&error);

  g_tls_backend_set_default_database (g_tls_backend_get_default (), trust);
  send_to (cvm_peer_get_port (listener), TRUE, &told, bytes, LARGE / 8, LIMIT_MS, NULL, &error);
  g_assert_no_error (error);
  g_tls_backend_set_default_database (g_tls_backend_get_default (), NULL);
  cvm_peer_free (listener);
  g_assert_cmpmem (peer.heard->data, peer.heard->len, bytes, LARGE / 8);
  g_byte_array_unref (peer.heard);
  cvm_peer_tapper_remove_tree (dir);
}

/* A TLS client's words to one who does not speak it */
static void
test_tls_silence (void)
{
  Row row = { .manner = READS_NOTHING };
  Peer peer = { &row, NULL, g_byte_array_new () };
  CvmPeer *listener = cvm_peer_new (serve, &peer);
  g_autoptr(GError) error = NULL;
  Told told = { 0 };

  g_assert_false (send_to (cvm_peer_get_port (listener), TRUE, &told, "1..0\n", 5, SHORT_MS, NULL,
                           &error));
  g_assert_error (error, CVM_TAPPER_ERROR, CVM_TAPPER_ERROR_UNREACHABLE);
  cvm_peer_free (listener);
  g_byte_array_unref (peer.heard);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strconcat ("/tapper-receiver/", rows[i].name, NULL);

      g_test_add_data_func (path, &rows[i], test_row);
    }
  for (guint i = 0; i < G_N_ELEMENTS (hangs); i++)
    {
      g_autofree char *path = g_strconcat ("/tapper-receiver/cancel/", hangs[i].name, NULL);

      g_test_add_data_func (path, &hangs[i], test_cancel);
    }
  g_test_add_func ("/tapper-receiver/cancel/often", test_cancel_often);
  g_test_add_func ("/tapper-receiver/id first", test_id_first);
  g_test_add_func ("/tapper-receiver/refused", test_refused);
  g_test_add_func ("/tapper-tls/certificate", test_tls);
  g_test_add_func ("/tapper-tls/silence", test_tls_silence);

  return g_test_run ();
}
