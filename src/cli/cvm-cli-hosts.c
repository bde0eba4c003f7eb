/* cvm-cli-hosts.c: the verb hosts
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <glib/gi18n.h>

#include "cvm-cli-list.h"
#include "cvm-cli-verbs.h"
#include "cvm-cli-worker.h"
#include "cvm-cli.h"
#include "cvm-wait.h"
#include "cvm-wiring.h"

#define PATH      "cvmtester-cli hosts"
#define ANSWER_MS 10000   /* for a host to answer */

typedef struct
{
  const char *const *uris;
  JsonArray         *list;
  guint              n_answering;
} Hosts;

static void
fill_facts (JsonObject         *object,
            const CvmHostFacts *facts)
{
  json_object_set_string_member (object, "driver", facts->driver);
  json_object_set_string_member (object, "host_name", facts->host_name);
  json_object_set_string_member (object, "arch", facts->arch);
  json_object_set_string_member (object, "libvirt_version", facts->libvirt_version);
  json_object_set_string_member (object, "hypervisor_version", facts->hypervisor_version);
  cvm_cli_list_strv (object, "hypervisors", (const char *const *)facts->hypervisors);
  json_object_set_boolean_member (object, "is_local", facts->is_local);
  json_object_set_int_member (object, "cpus", facts->cpus);
  json_object_set_int_member (object, "memory_kib", (gint64)facts->memory_kib);
}

static void
ask_host (Hosts        *self,
          const char   *uri,
          GCancellable *cancellable)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(CvmHost) host = cvm_wiring_ports ()->open_host (uri, cvm_deadline_in_ms (ANSWER_MS),
                                                            cancellable, &error);
  JsonObject *object = cvm_cli_list_add (self->list);

  json_object_set_string_member (object, "uri", uri);
  json_object_set_boolean_member (object, "answers", host != NULL);
  json_object_set_string_member (object, "reason", host == NULL ? error->message : NULL);
  if (host == NULL)
    return;

  self->n_answering++;
  fill_facts (object, cvm_host_get_facts (host));
}

/* In a worker: each host is asked, and let go of, off the main thread */
static gboolean
ask_hosts (gpointer       data,
           GCancellable  *cancellable,
           GError       **error)
{
  Hosts *self = data;

  for (gsize i = 0; self->uris[i] != NULL; i++)
    {
      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;

      ask_host (self, self->uris[i], cancellable);
    }

  return TRUE;
}

static int
list_run (int    argc,
          char **argv)
{
  static const char *const columns[] = { "uri", "driver", "hypervisors", "reason", NULL };
  g_autoptr(JsonArray) list = json_array_new ();
  g_autoptr(GError) error = NULL;
  g_auto(GStrv) uris = NULL;
  gboolean is_json = FALSE;
  const GOptionEntry entries[] = {
    { "host", 'H', 0, G_OPTION_ARG_STRING_ARRAY, &uris,
      N_("libvirt URI to ask; may be given again; default: those of this machine"), N_("URI") },
    { "json", 0, 0, G_OPTION_ARG_NONE, &is_json, N_("Print an array of objects"), NULL },
    { NULL }
  };
  CvmCliSyntax syntax = { PATH " list", NULL,
                          _("Asks hosts what they are. "
                            "One that does not answer is listed with the reason."),
                          NULL, entries, 0, 0 };
  Hosts hosts = { .list = list };

  if (!cvm_cli_parse (&syntax, &argc, &argv))
    return CVM_STATUS_USAGE;

  hosts.uris = uris != NULL ? (const char *const *)uris : cvm_wiring_hosts ();
  if (!cvm_cli_work (ask_hosts, &hosts, &error))
    return cvm_cli_fail (error);

  cvm_cli_list_print (list, is_json, columns);

  return CVM_STATUS_PASSED;
}

static int
show_run (int    argc,
          char **argv)
{
  g_autoptr(JsonArray) list = json_array_new ();
  g_autoptr(GError) error = NULL;
  gboolean is_json = FALSE;
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &is_json, N_("Print an array of one object"), NULL },
    { NULL }
  };
  CvmCliSyntax syntax = { PATH " show", "URI", _("Asks a host what it is and what it can do."),
                          NULL, entries, 1, 1 };
  const char *uris[] = { NULL, NULL };
  Hosts hosts = { .uris = uris, .list = list };

  if (!cvm_cli_parse (&syntax, &argc, &argv))
    return CVM_STATUS_USAGE;

  uris[0] = argv[1];
  if (!cvm_cli_work (ask_hosts, &hosts, &error))
    return cvm_cli_fail (error);

  cvm_cli_list_print (list, is_json, NULL);

  return hosts.n_answering > 0 ? CVM_STATUS_PASSED : CVM_STATUS_ENVIRONMENT;
}

int
cvm_cli_hosts (int    argc,
               char **argv)
{
  static const CvmCliVerb verbs[] = {
    { "list", N_("List hosts and whether they answer"), list_run },
    { "show", N_("Show what a host is and what it can do"), show_run },
    { NULL }
  };

  return cvm_cli_dispatch (verbs, PATH, _("Hosts: the libvirt connections that guests run on."),
                           argc, argv);
}
