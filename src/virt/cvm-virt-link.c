/* cvm-virt-link.c: one connection to libvirt, shared by a host, its guests and their calls
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-virt-link.h"

#include "cvm-engine-error.h"

#define KEEPALIVE_S     5
#define KEEPALIVE_COUNT 4

struct _CvmVirtLink
{
  gatomicrefcount  references;
  virConnectPtr    conn;
  char            *uri;
  GCancellable    *lost;
  GMutex           lock;      /* guards events */
  GArray          *events;    /* of int */
};

static void
on_closed (virConnectPtr  conn,
           int            reason,
           void          *data)
{
  g_cancellable_cancel (data);
}

CvmVirtLink *
cvm_virt_link_new (virConnectPtr  conn,
                   const char    *uri)
{
  CvmVirtLink *self = g_new0 (CvmVirtLink, 1);

  g_atomic_ref_count_init (&self->references);
  g_mutex_init (&self->lock);
  self->conn = conn;
  self->uri = g_strdup (uri);
  self->lost = g_cancellable_new ();
  self->events = g_array_new (FALSE, FALSE, sizeof (int));

  /* Both fail where the connection is in this process, and cannot be lost. */
  if (virConnectRegisterCloseCallback (conn, on_closed, g_object_ref (self->lost),
                                       g_object_unref) < 0)
    g_object_unref (self->lost);
  virConnectSetKeepAlive (conn, KEEPALIVE_S, KEEPALIVE_COUNT);

  return self;
}

CvmVirtLink *
cvm_virt_link_ref (CvmVirtLink *self)
{
  g_atomic_ref_count_inc (&self->references);

  return self;
}

static void
link_free (CvmVirtLink *self)
{
  g_array_unref (self->events);
  g_object_unref (self->lost);
  g_free (self->uri);
  g_mutex_clear (&self->lock);
  g_free (self);
}

typedef struct
{
  CvmVirtCall  call;
  CvmVirtLink *link;
} CloseCall;

static gboolean
close_run (CvmVirtCall  *call,
           GError      **error)
{
  CvmVirtLink *link = ((CloseCall *)call)->link;

  for (guint i = 0; i < link->events->len; i++)
    virConnectDomainEventDeregisterAny (link->conn, g_array_index (link->events, int, i));
  virConnectUnregisterCloseCallback (link->conn, on_closed);
  virConnectClose (link->conn);

  return TRUE;
}

static void
close_clear (CvmVirtCall *call)
{
  link_free (((CloseCall *)call)->link);
}

static const CvmVirtCallClass close_class = { sizeof (CloseCall), close_run, NULL, close_clear };

void
cvm_virt_link_unref (CvmVirtLink *self)
{
  CloseCall *call;

  if (!g_atomic_ref_count_dec (&self->references))
    return;

  call = cvm_virt_call_new (&close_class);
  call->link = self;
  cvm_virt_call_detach (call);
}

virConnectPtr
cvm_virt_link_conn (CvmVirtLink *self)
{
  return self->conn;
}

const char *
cvm_virt_link_uri (CvmVirtLink *self)
{
  return self->uri;
}

GCancellable *
cvm_virt_link_lost (CvmVirtLink *self)
{
  return self->lost;
}

gboolean
cvm_virt_link_check (CvmVirtLink  *self,
                     GError      **error)
{
  if (!g_cancellable_is_cancelled (self->lost))
    return TRUE;

  g_set_error (error, CVM_ENGINE_ERROR, CVM_ENGINE_ERROR_HOST_LOST,
               "The host %s does not answer any more. Check that libvirtd runs there, then run "
               "“cvmtester-cli sweep” to remove what was left", self->uri);

  return FALSE;
}

void
cvm_virt_link_add_event (CvmVirtLink *self,
                         int          callback_id)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  g_array_append_val (self->events, callback_id);
}

/* Does what FAILED tells about a call mean that nothing more can be asked? */
static gboolean
is_lost (CvmVirtLink  *self,
         const GError *failed,
         gint64        begun_us)
{
  if (g_error_matches (failed, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return FALSE;

  if (g_error_matches (failed, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    return g_get_monotonic_time () - begun_us >= CVM_VIRT_PATIENCE_US;

  return g_error_matches (failed, CVM_ENGINE_ERROR, CVM_ENGINE_ERROR_HOST_LOST)
         || virConnectIsAlive (self->conn) == 0;
}

gboolean
cvm_virt_link_run (CvmVirtLink   *self,
                   gpointer       call,
                   gint64         deadline_us,
                   GCancellable  *cancellable,
                   GError       **error)
{
  g_autoptr(GError) local = NULL;
  gint64 begun_us = g_get_monotonic_time ();

  if (!cvm_virt_link_check (self, error))
    return FALSE;

  if (cvm_virt_call_run (call, deadline_us, cancellable, &local))
    return TRUE;

  if (is_lost (self, local, begun_us))
    g_cancellable_cancel (self->lost);

  if (cvm_virt_link_check (self, error))
    g_propagate_error (error, g_steal_pointer (&local));

  return FALSE;
}
