/* cvm-scout.c: what hosts can do, asked off the main thread and remembered
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-scout.h"

#include "cvm-format.h"
#include "cvm-wait.h"

#define ASK_MS 10000

typedef struct
{
  char           *uri;
  gboolean        may_ask;
  const CvmPorts *ports;
} Question;

static void
question_free (Question *self)
{
  g_free (self->uri);
  g_free (self);
}

static void
scouted_free (CvmScouted *self)
{
  g_clear_pointer (&self->facts, cvm_host_facts_free);
  g_free (self->problem);
  g_free (self);
}

static GHashTable *
get_known (void)
{
  static GHashTable *known;

  if (known == NULL)
    known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)scouted_free);

  return known;
}

const CvmScouted *
cvm_scout_peek (const char *uri)
{
  return g_hash_table_lookup (get_known (), uri);
}

static CvmHostFacts *
copy_facts (const CvmHostFacts *from)
{
  CvmHostFacts *facts = cvm_host_facts_new ();

  facts->uri = g_strdup (from->uri);
  facts->driver = g_strdup (from->driver);
  facts->host_name = g_strdup (from->host_name);
  facts->arch = g_strdup (from->arch);
  facts->libvirt_version = g_strdup (from->libvirt_version);
  facts->hypervisor_version = g_strdup (from->hypervisor_version);
  facts->hypervisors = g_strdupv (from->hypervisors);
  facts->is_local = from->is_local;
  facts->cpus = from->cpus;
  facts->memory_kib = from->memory_kib;

  return facts;
}

static CvmHost *
open_host (const Question  *self,
           GCancellable    *cancellable,
           GError         **error)
{
  gint64 deadline_us = cvm_deadline_in_ms (ASK_MS);

  return self->may_ask ? self->ports->open_host (self->uri, deadline_us, cancellable, error)
                       : self->ports->peek_host (self->uri, deadline_us, cancellable, error);
}

static void
ask_in_thread (GTask        *task,
               gpointer      source,
               gpointer      data,
               GCancellable *cancellable)
{
  const Question *question = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(CvmHost) host = open_host (question, cancellable, &error);
  CvmScouted *scouted = g_new0 (CvmScouted, 1);

  if (host != NULL)
    scouted->facts = copy_facts (cvm_host_get_facts (host));
  else
    scouted->problem = cvm_format_line (error->message);

  g_task_return_pointer (task, scouted, (GDestroyNotify)scouted_free);
}

void
cvm_scout_ask_async (const CvmBackend    *backend,
                     const char          *uri,
                     gboolean             may_ask,
                     GCancellable        *cancellable,
                     GAsyncReadyCallback  callback,
                     gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Question *question = g_new (Question, 1);

  *question = (Question) { g_strdup (uri), may_ask, backend->ports };
  g_task_set_source_tag (task, cvm_scout_ask_async);
  g_task_set_task_data (task, question, (GDestroyNotify)question_free);
  g_task_run_in_thread (task, ask_in_thread);
}

gboolean
cvm_scout_ask_finish (GAsyncResult  *result,
                      GError       **error)
{
  const Question *question = g_task_get_task_data (G_TASK (result));
  CvmScouted *scouted = g_task_propagate_pointer (G_TASK (result), error);

  if (scouted == NULL)
    return FALSE;

  g_hash_table_replace (get_known (), g_strdup (question->uri), scouted);

  return TRUE;
}
