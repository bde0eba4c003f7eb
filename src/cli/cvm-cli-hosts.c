/* cvm-cli-hosts.c: the verb hosts
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <glib/gi18n.h>

#include "cvm-cli-list.h"
#include "cvm-cli-verbs.h"
#include "cvm-cli-worker.h"
#include "cvm-cli.h"
#include "cvm-hosts.h"
#include "cvm-wait.h"
#include "cvm-wiring.h"

#define PATH      "cvmtester-cli hosts"
#define ANSWER_MS 10000   /* for a host to answer */
#define AT_ONCE   16      /* hosts that are asked */

typedef struct
{
  const char *id, *title;   /* NULL: it is not written down */
  char       *uri;
  CvmHost    *host;         /* NULL: it does not answer */
  GError     *error;
} Question;

typedef struct
{
  GPtrArray    *questions;
  GCancellable *cancellable;
  int           next;       /* atomic: of questions, to be asked */
} Round;

static void
question_free (Question *self)
{
  g_clear_object (&self->host);
  g_clear_error (&self->error);
  g_free (self->uri);
  g_free (self);
}

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
fill_answer (JsonObject     *object,
             const Question *question)
{
  json_object_set_string_member (object, "id", question->id);
  json_object_set_string_member (object, "title", question->title);
  json_object_set_string_member (object, "uri", question->uri);
  json_object_set_boolean_member (object, "answers", question->host != NULL);
  json_object_set_string_member (object, "reason",
                                 question->host == NULL ? question->error->message : NULL);
  if (question->host != NULL)
    fill_facts (object, cvm_host_get_facts (question->host));
}

/* A thread of several: a host that is silent keeps no other waiting */
static gpointer
ask_next (gpointer data)
{
  Round *self = data;

  for (int i = g_atomic_int_add (&self->next, 1); i < (int)self->questions->len;
       i = g_atomic_int_add (&self->next, 1))
    {
      Question *question = self->questions->pdata[i];

      question->host = cvm_wiring_ports ()->open_host (question->uri,
                                                       cvm_deadline_in_ms (ANSWER_MS),
                                                       self->cancellable, &question->error);
    }

  return NULL;
}

/* In a worker: hosts are asked off the main thread */
static gboolean
ask_hosts (gpointer       data,
           GCancellable  *cancellable,
           GError       **error)
{
  Round *self = data;
  GThread *threads[AT_ONCE];
  guint n = MIN (self->questions->len, AT_ONCE);

  self->cancellable = cancellable;
  for (guint i = 0; i < n; i++)
    threads[i] = g_thread_new ("cvm-ask", ask_next, self);
  for (guint i = 0; i < n; i++)
    g_thread_join (threads[i]);

  return !g_cancellable_set_error_if_cancelled (cancellable, error);
}

static void
add_question (GPtrArray          *questions,
              const CvmSavedHost *host,
              const char         *uri)
{
  Question *question = g_new0 (Question, 1);

  question->id = host != NULL ? host->id : NULL;
  question->title = host != NULL ? host->title : NULL;
  question->uri = g_strdup (uri);
  g_ptr_array_add (questions, question);
}

/* HOSTS lives as long as what is returned; NULL with the error set */
static GPtrArray *
make_questions (GPtrArray          *hosts,
                const char *const  *words,
                GError            **error)
{
  g_autoptr(GPtrArray) questions = g_ptr_array_new_with_free_func ((GDestroyNotify)question_free);

  for (guint i = 0; words == NULL && i < hosts->len; i++)
    {
      const CvmSavedHost *host = hosts->pdata[i];

      if (!host->is_hidden)
        add_question (questions, host, host->uri);
    }

  for (gsize i = 0; words != NULL && words[i] != NULL; i++)
    {
      g_autofree char *uri = cvm_hosts_resolve (words[i], cvm_wiring_hosts (), error);

      if (uri == NULL)
        return NULL;

      add_question (questions, cvm_hosts_find (hosts, words[i]), uri);
    }

  return g_steal_pointer (&questions);
}

/* ENVIRONMENT when not one answers */
static int
ask (const char *const *words,
     gboolean           is_json,
     const char *const *columns)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) hosts = cvm_hosts_load (cvm_wiring_hosts (), &error);
  g_autoptr(GPtrArray) questions = hosts != NULL ? make_questions (hosts, words, &error) : NULL;
  g_autoptr(JsonArray) list = json_array_new ();
  Round round = { .questions = questions };
  guint n_answers = 0;

  if (questions == NULL || !cvm_cli_work (ask_hosts, &round, &error))
    return cvm_cli_fail (error);

  for (guint i = 0; i < questions->len; i++)
    {
      const Question *question = questions->pdata[i];

      fill_answer (cvm_cli_list_add (list), question);
      n_answers += question->host != NULL ? 1 : 0;
    }
  cvm_cli_list_print (list, is_json, columns);

  return n_answers > 0 ? CVM_STATUS_PASSED : CVM_STATUS_ENVIRONMENT;
}

static int
list_run (int    argc,
          char **argv)
{
  static const char *const columns[] = { "id", "title", "uri", "driver", "hypervisors", "reason",
                                         NULL };
  g_auto(GStrv) words = NULL;
  gboolean is_json = FALSE;
  int status;
  const GOptionEntry entries[] = {
    { "host", 'H', 0, G_OPTION_ARG_STRING_ARRAY, &words,
      N_("Host to ask, by id or libvirt URI; may be given again; default: all that are known"),
      N_("HOST") },
    { "json", 0, 0, G_OPTION_ARG_NONE, &is_json, N_("Print an array of objects"), NULL },
    { NULL }
  };
  CvmCliSyntax syntax = { PATH " list", NULL,
                          _("Asks hosts what they are, those of this machine and those that were "
                            "added. One that does not answer is listed with the reason."),
                          NULL, entries, 0, 0 };

  if (!cvm_cli_parse (&syntax, &argc, &argv))
    return CVM_STATUS_USAGE;

  status = ask ((const char *const *)words, is_json, columns);

  return status != CVM_STATUS_ENVIRONMENT ? status : CVM_STATUS_PASSED;
}

static int
show_run (int    argc,
          char **argv)
{
  gboolean is_json = FALSE;
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &is_json, N_("Print an array of one object"), NULL },
    { NULL }
  };
  CvmCliSyntax syntax = { PATH " show", "HOST",
                          _("Asks a host, by id or libvirt URI, what it is and what it can do."),
                          NULL, entries, 1, 1 };
  const char *words[] = { NULL, NULL };

  if (!cvm_cli_parse (&syntax, &argc, &argv))
    return CVM_STATUS_USAGE;

  words[0] = argv[1];

  return ask (words, is_json, NULL);
}

static int
add_run (int    argc,
         char **argv)
{
  g_autofree char *title = NULL;
  g_autofree char *id = NULL;
  g_autoptr(GError) error = NULL;
  const GOptionEntry entries[] = {
    { "title", 0, 0, G_OPTION_ARG_STRING, &title, N_("What to call it"), N_("TEXT") },
    { NULL }
  };
  CvmCliSyntax syntax = { PATH " add", "URI", _("Remembers a host, and prints its id."),
                          _("A host of this machine that was removed is shown again. Nobody is "
                            "asked: “hosts show ID” tells whether it answers."), entries, 1, 1 };

  if (!cvm_cli_parse (&syntax, &argc, &argv))
    return CVM_STATUS_USAGE;

  id = cvm_hosts_add (argv[1], title, cvm_wiring_hosts (), &error);
  if (id == NULL)
    return cvm_cli_fail (error);

  cvm_cli_print ("%s\n", id);

  return CVM_STATUS_PASSED;
}

static int
rm_run (int    argc,
        char **argv)
{
  g_autoptr(GError) error = NULL;
  const GOptionEntry entries[] = { { NULL } };
  CvmCliSyntax syntax = { PATH " rm", "ID",
                          _("Forgets a host; nothing happens on the host itself."), NULL, entries,
                          1, 1 };

  if (!cvm_cli_parse (&syntax, &argc, &argv))
    return CVM_STATUS_USAGE;

  return cvm_hosts_remove (argv[1], cvm_wiring_hosts (), &error) ? CVM_STATUS_PASSED
                                                                 : cvm_cli_fail (error);
}

int
cvm_cli_hosts (int    argc,
               char **argv)
{
  static const CvmCliVerb verbs[] = {
    { "list", N_("List hosts and whether they answer"), list_run },
    { "show", N_("Show what a host is and what it can do"), show_run },
    { "add", N_("Remember a host"), add_run },
    { "rm", N_("Forget a host"), rm_run },
    { NULL }
  };

  return cvm_cli_dispatch (verbs, PATH, _("Hosts: the libvirt connections that guests run on."),
                           argc, argv);
}
