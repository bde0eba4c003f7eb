/* cvm-host-look.c: what a host is, how busy, and what of ours is there: asked off the main thread
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-host-look.h"

#include <string.h>
#include <unistd.h>

#include "cvm-file.h"
#include "cvm-id.h"
#include "cvm-wait.h"

#define LIMIT_MS 8000   /* for all of it */

typedef struct
{
  const CvmPorts *ports;
  char           *uri;
  gboolean        may_ask;
} Question;

static void
question_free (Question *self)
{
  g_free (self->uri);
  g_free (self);
}

static void
thing_free (CvmHostThing *self)
{
  g_free (self->name);
  g_free (self->kind);
  g_free (self->run_id);
  g_free (self->run_dir);
  g_free (self);
}

void
cvm_host_look_free (CvmHostLook *self)
{
  g_free (self->driver);
  g_free (self->hypervisors);
  g_ptr_array_unref (self->things);
  g_free (self);
}

static CvmGuestOwner
owner_of (const CvmHostObject *object)
{
  g_autoptr(GError) error = NULL;
  int fd;

  if (!object->is_marked || object->uid != getuid () || object->run_dir == NULL
      || g_strcmp0 (object->machine_id, cvm_id_machine ()) != 0)
    return CVM_GUEST_OWNER_UNKNOWN;

  fd = cvm_file_lock (object->run_dir, &error);
  if (fd >= 0)
    close (fd);

  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_BUSY) ? CVM_GUEST_OWNER_LIVES
                                                              : CVM_GUEST_OWNER_DIED;
}

static void
add_thing (CvmHostLook         *self,
           const CvmHostObject *object)
{
  CvmHostThing *thing = g_new0 (CvmHostThing, 1);

  thing->name = g_strdup (object->name);
  thing->kind = g_strdup (object->kind);
  thing->run_id = g_strdup (object->run_id);
  thing->run_dir = g_strdup (object->run_dir);
  thing->owner = owner_of (object);
  self->n_dead += thing->owner == CVM_GUEST_OWNER_DIED ? 1 : 0;
  g_ptr_array_add (self->things, thing);
}

static CvmHostLook *
look_new (const CvmHostFacts *facts)
{
  CvmHostLook *self = g_new0 (CvmHostLook, 1);

  self->driver = g_strdup (facts->driver);
  self->hypervisors = g_strjoinv (", ", facts->hypervisors);
  self->cpus = facts->cpus;
  self->memory_kib = facts->memory_kib;
  self->is_local = facts->is_local;
  self->things = g_ptr_array_new_with_free_func ((GDestroyNotify)thing_free);

  return self;
}

/* A host that answers is shown, even if it cannot tell all of it */
static CvmHostLook *
look (const Question  *question,
      GCancellable    *cancellable,
      GError         **error)
{
  gint64 deadline_us = cvm_deadline_in_ms (LIMIT_MS);
  g_autoptr(CvmHost) host = (question->may_ask ? question->ports->open_host
                                               : question->ports->peek_host)
                              (question->uri, deadline_us, cancellable, error);
  g_autoptr(GPtrArray) objects = NULL;
  CvmHostLook *self;

  if (host == NULL)
    return NULL;

  deadline_us = cvm_deadline_in_ms (LIMIT_MS);   /* a person may have typed for long */
  self = look_new (cvm_host_get_facts (host));
  self->has_load = cvm_host_read_load (host, &self->load, deadline_us, cancellable, NULL);
  objects = cvm_host_list_objects (host, deadline_us, cancellable, NULL);
  for (guint i = 0; objects != NULL && i < objects->len; i++)
    add_thing (self, objects->pdata[i]);

  return self;
}

static gpointer
look_in_thread (gpointer data)
{
  g_autoptr(GTask) task = data;
  GError *error = NULL;
  CvmHostLook *self = look (g_task_get_task_data (task), g_task_get_cancellable (task), &error);

  if (self != NULL)
    g_task_return_pointer (task, self, (GDestroyNotify)cvm_host_look_free);
  else
    g_task_return_error (task, error);

  return NULL;
}

void
cvm_host_look_async (const CvmPorts      *ports,
                     const char          *uri,
                     gboolean             may_ask,
                     GCancellable        *cancellable,
                     GAsyncReadyCallback  callback,
                     gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Question *question = g_new0 (Question, 1);
  GError *error = NULL;
  GThread *thread;

  question->ports = ports;
  question->uri = g_strdup (uri);
  question->may_ask = may_ask;
  g_task_set_source_tag (task, cvm_host_look_async);
  g_task_set_task_data (task, question, (GDestroyNotify)question_free);
  thread = g_thread_try_new ("cvm-look", look_in_thread, g_object_ref (task), &error);
  if (thread != NULL)
    {
      g_thread_unref (thread);
      return;
    }

  g_task_return_error (task, error);
  g_object_unref (task);
}

CvmHostLook *
cvm_host_look_finish (GAsyncResult  *result,
                      GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
