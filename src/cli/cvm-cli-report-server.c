/* cvm-cli-report-server.c: the verb report server
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <glib/gi18n.h>

#include "cvm-cli-list.h"
#include "cvm-cli-report-browse.h"
#include "cvm-cli-report.h"
#include "cvm-cli-worker.h"
#include "cvm-cli.h"
#include "cvm-wait.h"

#define PATH    "cvmtester-cli report server"
#define TEST_MS 10000   /* for one way to answer */

/* list --------------------------------------------------------------------------------------- */

static int
list_run (int    argc,
          char **argv)
{
  static const char *const columns[] = { "name", "receiver", "api", "web", "note", NULL };
  g_autoptr(JsonArray) list = json_array_new ();
  g_autoptr(GPtrArray) servers = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *default_name = NULL;
  gboolean is_json = FALSE;
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &is_json, N_("Print an array of objects"), NULL },
    { NULL }
  };
  CvmCliSyntax syntax = { PATH " list", NULL, _("Lists the Tapper servers that are known."), NULL,
                          entries, 0, 0 };

  if (!cvm_cli_parse (&syntax, &argc, &argv))
    return CVM_STATUS_USAGE;

  servers = cvm_tapper_servers_load (&default_name, &error);
  if (servers == NULL)
    return cvm_cli_fail (error);

  for (guint i = 0; i < servers->len; i++)
    {
      const CvmTapperServer *server = servers->pdata[i];
      JsonObject *object = cvm_cli_list_add (list);
      g_autofree char *receiver = cvm_tapper_server_dup_receiver (server);
      g_autofree char *api = cvm_tapper_server_dup_api (server);
      gboolean is_default = g_strcmp0 (server->name, default_name) == 0;

      json_object_set_string_member (object, "name", server->name);
      json_object_set_string_member (object, "receiver", receiver);
      json_object_set_string_member (object, "api", api);
      json_object_set_string_member (object, "web", server->web);
      if (is_json)
        json_object_set_boolean_member (object, "default", is_default);
      else
        json_object_set_string_member (object, "note", is_default ? _("default") : NULL);
    }

  cvm_cli_list_print (list, is_json, columns);

  return CVM_STATUS_PASSED;
}

/* add, rm ------------------------------------------------------------------------------------ */

/* The first one is the default without a word. */
static gboolean
save (const CvmTapperServer  *server,
      gboolean                is_default,
      GError                **error)
{
  g_autofree char *default_name = NULL;
  g_autoptr(GPtrArray) servers = cvm_tapper_servers_load (&default_name, error);

  return servers != NULL &&
         cvm_tapper_servers_save (server, is_default || servers->len == 0, error);
}

static int
add_run (int    argc,
         char **argv)
{
  g_autofree char *receiver = NULL;
  g_autofree char *api = NULL;
  g_autofree char *web = NULL;
  g_autoptr(CvmTapperServer) server = NULL;
  g_autoptr(GError) error = NULL;
  gboolean is_default = FALSE;
  const GOptionEntry entries[] = {
    { "receiver", 0, 0, G_OPTION_ARG_STRING, &receiver,
      N_("Where it takes reports; default port: 7357"), N_("[tls://]HOST:PORT") },
    { "api", 0, 0, G_OPTION_ARG_STRING, &api,
      N_("Where it takes files and answers questions; default port: 7358"),
      N_("[tls://]HOST:PORT") },
    { "web", 0, 0, G_OPTION_ARG_STRING, &web, N_("Its web pages, such as http://HOST/tapper"),
      N_("URL") },
    { "default", 0, 0, G_OPTION_ARG_NONE, &is_default, N_("Use it when none is named"), NULL },
    { NULL }
  };
  CvmCliSyntax syntax = { PATH " add", "NAME", _("Remembers a Tapper server, or changes it."), NULL,
                          entries, 1, 1 };

  if (!cvm_cli_parse (&syntax, &argc, &argv))
    return CVM_STATUS_USAGE;

  if (receiver == NULL)
    return cvm_cli_usage (PATH " add", _("it needs --receiver"));

  server = cvm_tapper_server_new (argv[1], receiver, api, web, &error);
  if (server == NULL || !save (server, is_default, &error))
    return cvm_cli_fail (error);

  if (cvm_tapper_server_is_exposed (server))
    cvm_cli_message (_("reports and their files will cross the network unencrypted; write tls:// "
                       "before the addresses where the server speaks TLS"));

  return CVM_STATUS_PASSED;
}

static int
rm_run (int    argc,
        char **argv)
{
  g_autoptr(GError) error = NULL;
  const GOptionEntry entries[] = { { NULL } };
  CvmCliSyntax syntax = { PATH " rm", "NAME", _("Forgets a Tapper server; its reports stay."), NULL,
                          entries, 1, 1 };

  if (!cvm_cli_parse (&syntax, &argc, &argv))
    return CVM_STATUS_USAGE;

  return cvm_tapper_servers_remove (argv[1], &error) ? CVM_STATUS_PASSED : cvm_cli_fail (error);
}

/* test --------------------------------------------------------------------------------------- */

typedef struct
{
  CvmTapperBrowse *browse;
  JsonArray       *list;
  guint            n_working;
} Test;

static void
test_way (Test         *self,
          CvmTapperWay  way,
          GCancellable *cancellable)
{
  g_autoptr(GError) error = NULL;
  JsonObject *object = cvm_cli_list_add (self->list);
  gboolean is_working = cvm_tapper_browse_test (self->browse, way, cvm_deadline_in_ms (TEST_MS),
                                                cancellable, &error);

  json_object_set_string_member (object, "way", cvm_tapper_way_name (way));
  json_object_set_boolean_member (object, "works", is_working);
  json_object_set_string_member (object, "reason", is_working ? NULL : error->message);
  self->n_working += is_working ? 1 : 0;
}

/* In a worker */
static gboolean
test_ways (gpointer       data,
           GCancellable  *cancellable,
           GError       **error)
{
  for (guint way = CVM_TAPPER_WAY_API; way <= CVM_TAPPER_WAY_RSS; way++)
    {
      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;

      test_way (data, (CvmTapperWay)way, cancellable);
    }

  return TRUE;
}

static void
print_test (JsonArray *list)
{
  for (guint i = 0; i < json_array_get_length (list); i++)
    {
      JsonObject *object = json_array_get_object_element (list, i);
      g_autofree char *reason = cvm_cli_clean (cvm_json_string (object, "reason", ""));

      cvm_cli_print ("%-4s %s\n", cvm_json_string (object, "way", ""),
                     cvm_json_boolean (object, "works", FALSE) ? _("works") : reason);
    }
}

static int
test_run (int    argc,
          char **argv)
{
  g_auto(CvmCliServer) options = { 0 };
  g_autoptr(CvmTapperServer) server = NULL;
  g_autoptr(CvmTapperBrowse) browse = NULL;
  g_autoptr(JsonArray) list = json_array_new ();
  g_autoptr(GError) error = NULL;
  gboolean is_json = FALSE;
  Test test = { .list = list };
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &is_json, N_("Print an array of objects"), NULL },
    CVM_CLI_SERVER_ENTRIES (options),
    { NULL }
  };
  CvmCliSyntax syntax = {
    PATH " test", "[NAME]", _("Asks a Tapper server for its reports, each way there is."),
    _("The receiver is not asked: it makes a report of every connection."), entries, 0, 1
  };
  int status;

  if (!cvm_cli_parse (&syntax, &argc, &argv))
    return CVM_STATUS_USAGE;

  if (argc > 1 && options.name == NULL)
    options.name = g_strdup (argv[1]);
  browse = cvm_cli_browse_open (&options, &server, &status);
  if (browse == NULL)
    return status;

  test.browse = browse;
  if (!cvm_cli_work (test_ways, &test, &error))
    return cvm_cli_fail (error);

  if (is_json)
    cvm_cli_list_print_json (list);
  else
    print_test (list);

  return test.n_working > 0 ? CVM_STATUS_PASSED : CVM_STATUS_ENVIRONMENT;
}

int
cvm_cli_report_server (int    argc,
                       char **argv)
{
  static const CvmCliVerb verbs[] = {
    { "list", N_("List the servers that are known"), list_run },
    { "add", N_("Remember a server, or change it"), add_run },
    { "test", N_("See which ways of asking a server work"), test_run },
    { "rm", N_("Forget a server"), rm_run },
    { NULL }
  };

  return cvm_cli_dispatch (verbs, PATH, _("Tapper servers: where reports go, and are read."), argc,
                           argv);
}
