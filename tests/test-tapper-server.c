/* test-tapper-server.c: addresses as users write them, and servers.ini
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-tapper-server.h"

#include <glib/gstdio.h>
#include <string.h>

#include "cvm-keyfile.h"
#include "cvm-test-home.h"

static const struct { const char *name, *text, *host; guint port; gboolean tls; } addresses[] = {
  { "name", "tapper.example", "tapper.example", 7357, FALSE },
  { "port", "tapper.example:17357", "tapper.example", 17357, FALSE },
  { "v4", "127.0.0.1:1", "127.0.0.1", 1, FALSE },
  { "v6", "[::1]:65535", "::1", 65535, FALSE },
  { "v6-no-port", "[fe80::1]", "fe80::1", 7357, FALSE },
  { "tls", "tls://h:9", "h", 9, TRUE },
  { "tls-v6", "tls://[::1]", "::1", 7357, TRUE },
};

static const struct { const char *name, *text; } wrong_addresses[] = {
  { "empty", "" },
  { "port-only", ":7357" },
  { "port-empty", "h:" },
  { "port-zero", "h:0" },
  { "port-large", "h:65536" },
  { "port-sign", "h:+1" },
  { "port-twice", "h:1:2" },
  { "v6-bare", "::1" },
  { "v6-open", "[::1" },
  { "v6-no-v6", "[host]:1" },
  { "v6-rest", "[::1]x" },
  { "option", "-h" },
  { "blank", "a b" },
  { "break", "a\nb" },
  { "scheme", "http://h:1" },
  { "user", "u@h" },
};

static const struct { const char *name, *text, *url; } urls[] = {
  { "whole", "http://h/tapper", "http://h/tapper" },
  { "slash", "https://h:3000/tapper//", "https://h:3000/tapper" },
  { "bare", "http://h:3000", "http://h:3000/tapper" },
  { "root", "http://h/", "http://h/tapper" },
  { "deep", "http://h/a/tapper", "http://h/a/tapper" },
  { "file", "file:///etc/passwd", NULL },
  { "no-host", "http:///tapper", NULL },
  { "no-scheme", "h/tapper", NULL },
  { "user", "http://u:p@h/tapper", NULL },
  { "query", "http://h/tapper?x=1", NULL },
  { "fragment", "http://h/tapper#x", NULL },
  { "break", "http://h/a\r\nHost: x", NULL },
  { "non-ascii", "http://h/\xc3\xbc", NULL },
};

static void
test_address (gconstpointer data)
{
  const typeof (addresses[0]) *c = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(CvmTapperServer) server = cvm_tapper_server_new (NULL, c->text, c->text, NULL, &error);
  g_autofree char *receiver = NULL;
  g_autoptr(CvmTapperServer) again = NULL;

  g_assert_no_error (error);
  g_assert_cmpstr (server->receiver_host, ==, c->host);
  g_assert_cmpuint (server->receiver_port, ==, c->port);
  g_assert_cmpint (server->receiver_tls, ==, c->tls);
  g_assert_cmpstr (server->api_host, ==, c->host);
  g_assert_cmpuint (server->api_port, ==, c->port == 7357 ? 7358 : c->port);

  receiver = cvm_tapper_server_dup_receiver (server);
  again = cvm_tapper_server_new (NULL, receiver, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (again->receiver_host, ==, c->host);
  g_assert_null (again->api_host);
}

static void
test_wrong_address (gconstpointer data)
{
  const typeof (wrong_addresses[0]) *c = data;
  g_autoptr(GError) error = NULL;

  g_assert_null (cvm_tapper_server_new (NULL, c->text, NULL, NULL, &error));
  g_assert_error (error, CVM_TAPPER_SERVER_ERROR, CVM_TAPPER_SERVER_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, "HOST:PORT"));
  g_assert_null (strchr (error->message, '\n'));
}

static void
test_url (gconstpointer data)
{
  const typeof (urls[0]) *c = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(CvmTapperServer) server = cvm_tapper_server_new (NULL, "h", NULL, c->text, &error);

  if (c->url == NULL)
    {
      g_assert_null (server);
      g_assert_error (error, CVM_TAPPER_SERVER_ERROR, CVM_TAPPER_SERVER_ERROR_INVALID);
    }
  else
    {
      g_autofree char *page = cvm_tapper_server_dup_report_url (server, 7);
      g_autofree char *expected = g_strconcat (c->url, "/reports/id/7", NULL);

      g_assert_cmpstr (server->web, ==, c->url);
      g_assert_cmpstr (page, ==, expected);
    }
}

static void
test_exposed (void)
{
  static const struct { const char *receiver, *api; gboolean is_exposed; } rows[] = {
    { "localhost", NULL, FALSE }, { "127.8.9.1", "[::1]", FALSE }, { "h", NULL, TRUE },
    { "tls://h", NULL, FALSE }, { "tls://h", "h", TRUE }, { "tls://h", "tls://h", FALSE },
    { "localhost.example", NULL, TRUE }, { "0.0.0.0", NULL, TRUE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr(CvmTapperServer) server = cvm_tapper_server_new (NULL, rows[i].receiver,
                                                                 rows[i].api, NULL, NULL);

      g_assert_cmpint (cvm_tapper_server_is_exposed (server), ==, rows[i].is_exposed);
    }
}

/* servers.ini -------------------------------------------------------------------------------- */

static void
save (const char *name,
      const char *receiver,
      const char *api,
      gboolean    is_default)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(CvmTapperServer) server = cvm_tapper_server_new (name, receiver, api, NULL, &error);

  g_assert_no_error (error);
  cvm_tapper_servers_save (server, is_default, &error);
  g_assert_no_error (error);
}

static void
test_save (void)
{
  g_autofree char *path = cvm_tapper_servers_path ();
  g_autoptr(GError) error = NULL;
  g_autoptr(CvmTapperServer) server = NULL;

  g_unlink (path);
  g_assert_null (cvm_tapper_servers_find (NULL, &error));
  g_assert_error (error, CVM_TAPPER_SERVER_ERROR, CVM_TAPPER_SERVER_ERROR_UNKNOWN);
  g_clear_error (&error);

  save ("one", "h:1", "tls://h:2", FALSE);
  cvm_test_home_assert ("servers.ini", "[Server one]\nReceiver=h:1\nApi=tls://h:2\n");
  server = cvm_tapper_servers_find (NULL, &error);   /* the only one */
  g_assert_no_error (error);
  g_assert_cmpstr (server->name, ==, "one");
  g_assert_true (server->api_tls);

  save ("two", "h:3", NULL, FALSE);
  g_assert_null (cvm_tapper_servers_find (NULL, &error));
  g_assert_error (error, CVM_TAPPER_SERVER_ERROR, CVM_TAPPER_SERVER_ERROR_UNKNOWN);
}

static void
test_edit (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(CvmTapperServer) server = NULL;

  cvm_test_home_write ("servers.ini",
                       "# mine\n[Servers]\nDefault=b\n\n# A\n[Server a]\nReceiver=h:1 \nApi=h:2\n# B\n"
                       "[Server b]\nReceiver=h:3\n");
  server = cvm_tapper_servers_find (NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (server->receiver_port, ==, 3);

  save ("a", "h:9", NULL, TRUE);
  cvm_test_home_assert ("servers.ini",
                        "# mine\n[Servers]\nDefault=a\n\n# A\n[Server a]\nReceiver=h:9 \n# B\n"
                        "[Server b]\nReceiver=h:3\n");

  cvm_tapper_servers_remove ("a", &error);
  g_assert_no_error (error);
  cvm_test_home_assert ("servers.ini", "# mine\n[Servers]\n\n# A\n# B\n[Server b]\nReceiver=h:3\n");
  g_assert_false (cvm_tapper_servers_remove ("a", &error));
  g_assert_error (error, CVM_TAPPER_SERVER_ERROR, CVM_TAPPER_SERVER_ERROR_UNKNOWN);
}

static const struct { const char *name, *text, *where; } wrong_files[] = {
  { "receiver", "[Server a]\n", "servers.ini:1: " },
  { "address", "\n[Server a]\nReceiver=h:x\n", "servers.ini:2: " },
  { "name", "[Server A]\nReceiver=h\n", "servers.ini:1: " },
  { "no-name", "[Server]\nReceiver=h\n", "servers.ini:1: " },
  { "path-name", "[Server ../x]\nReceiver=h\n", "servers.ini:1: " },
  { "key", "[Server a]\nReceiver=h\nPort=1\n", "servers.ini:3: " },
  { "group", "[Host a]\n", "servers.ini:1: " },
  { "general", "[Servers]\nDefualt=a\n", "servers.ini:2: " },
  { "twice", "[Server a]\nReceiver=h\n[Server a]\n", "servers.ini:3: " },
};

static void
test_wrong_file (gconstpointer data)
{
  const typeof (wrong_files[0]) *c = data;
  g_autoptr(CvmTapperServer) server = cvm_tapper_server_new ("z", "h", NULL, NULL, NULL);
  g_autoptr(GError) error = NULL;

  cvm_test_home_write ("servers.ini", c->text);
  g_assert_null (cvm_tapper_servers_load (NULL, &error));
  g_assert_cmpstr (g_quark_to_string (error->domain), ==, g_quark_to_string (CVM_KEYFILE_ERROR));
  g_assert_nonnull (strstr (error->message, c->where));
  g_assert_false (cvm_tapper_servers_save (server, TRUE, NULL));
  cvm_test_home_assert ("servers.ini", c->text);
}

#define ADD_ROWS(prefix, rows, test) \
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) \
    { \
      g_autofree char *path = g_strconcat ("/tapper-server/" prefix "/", rows[i].name, NULL); \
      g_test_add_data_func (path, &rows[i], test); \
    }

int
main (int    argc,
      char **argv)
{
  cvm_test_home_enter ();
  g_test_init (&argc, &argv, NULL);
  ADD_ROWS ("address", addresses, test_address);
  ADD_ROWS ("wrong-address", wrong_addresses, test_wrong_address);
  ADD_ROWS ("url", urls, test_url);
  ADD_ROWS ("wrong-file", wrong_files, test_wrong_file);
  g_test_add_func ("/tapper-server/exposed", test_exposed);
  g_test_add_func ("/tapper-server/save", test_save);
  g_test_add_func ("/tapper-server/edit", test_edit);

  return cvm_test_home_run ();
}
