/* cvm-virt-host.c: the host port on libvirt
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-virt-host.h"

#include <string.h>

#include "cvm-engine-error.h"
#include "cvm-virt-auth.h"
#include "cvm-virt-domain-xml.h"
#include "cvm-virt-error.h"
#include "cvm-virt-facts.h"
#include "cvm-virt-guest.h"
#include "cvm-virt-load.h"
#include "cvm-virt-loop.h"
#include "cvm-virt-make.h"
#include "cvm-virt-network-xml.h"
#include "cvm-virt-objects.h"
#include "cvm-virt-xml-check.h"

struct _CvmVirtHost
{
  GObject       parent_instance;

  CvmVirtLink  *link;
  CvmHostFacts *facts;
};

static void cvm_virt_host_iface_init (CvmHostInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (CvmVirtHost, cvm_virt_host, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (CVM_TYPE_HOST, cvm_virt_host_iface_init))

/* Objects ---------------------------------------------------------------------------------- */

typedef struct
{
  CvmVirtCall  call;
  CvmVirtLink *link;
  char        *kind, *uuid;   /* to remove; NULL: to list */
  GPtrArray   *objects;
} ObjectsCall;

static gboolean
objects_run (CvmVirtCall  *call,
             GError      **error)
{
  ObjectsCall *self = (ObjectsCall *)call;
  virConnectPtr conn = cvm_virt_link_conn (self->link);

  if (self->kind != NULL)
    return cvm_virt_objects_remove (conn, self->kind, self->uuid, error);

  self->objects = cvm_virt_objects_list (conn, error);

  return self->objects != NULL;
}

static void
objects_clear (CvmVirtCall *call)
{
  ObjectsCall *self = (ObjectsCall *)call;

  g_clear_pointer (&self->objects, g_ptr_array_unref);
  g_free (self->kind);
  g_free (self->uuid);
  cvm_virt_link_unref (self->link);
}

static const CvmVirtCallClass objects_class = { sizeof (ObjectsCall), objects_run, NULL,
                                                objects_clear };

static ObjectsCall *
objects_call_new (CvmVirtHost *self)
{
  ObjectsCall *call = cvm_virt_call_new (&objects_class);

  call->link = cvm_virt_link_ref (self->link);

  return call;
}

static GPtrArray *
cvm_virt_host_list_objects (CvmHost       *host,
                            gint64         deadline_us,
                            GCancellable  *cancellable,
                            GError       **error)
{
  CvmVirtHost *self = CVM_VIRT_HOST (host);
  ObjectsCall *call = objects_call_new (self);
  GPtrArray *objects = NULL;

  if (cvm_virt_link_run (self->link, call, deadline_us, cancellable, error))
    objects = g_steal_pointer (&call->objects);

  cvm_virt_call_unref (call);

  return objects;
}

static gboolean
cvm_virt_host_remove_object (CvmHost       *host,
                             const char    *kind,
                             const char    *uuid,
                             gint64         deadline_us,
                             GCancellable  *cancellable,
                             GError       **error)
{
  CvmVirtHost *self = CVM_VIRT_HOST (host);
  ObjectsCall *call = objects_call_new (self);
  gboolean is_removed;

  call->kind = g_strdup (kind);
  call->uuid = g_strdup (uuid);
  is_removed = cvm_virt_link_run (self->link, call, deadline_us, cancellable, error);
  cvm_virt_call_unref (call);

  return is_removed;
}

/* Load ------------------------------------------------------------------------------------- */

typedef struct
{
  CvmVirtCall  call;
  CvmVirtLink *link;
  CvmHostLoad  load;
} LoadCall;

static gboolean
load_run (CvmVirtCall  *call,
          GError      **error)
{
  LoadCall *self = (LoadCall *)call;

  return cvm_virt_load_read (cvm_virt_link_conn (self->link), &self->load, error);
}

static void
load_clear (CvmVirtCall *call)
{
  cvm_virt_link_unref (((LoadCall *)call)->link);
}

static gboolean
cvm_virt_host_read_load (CvmHost       *host,
                         CvmHostLoad   *load,
                         gint64         deadline_us,
                         GCancellable  *cancellable,
                         GError       **error)
{
  static const CvmVirtCallClass klass = { sizeof (LoadCall), load_run, NULL, load_clear };
  CvmVirtHost *self = CVM_VIRT_HOST (host);
  LoadCall *call = cvm_virt_call_new (&klass);
  gboolean is_read;

  call->link = cvm_virt_link_ref (self->link);
  is_read = cvm_virt_link_run (self->link, call, deadline_us, cancellable, error);
  if (is_read)
    *load = call->load;
  cvm_virt_call_unref (call);

  return is_read;
}

/* XML -------------------------------------------------------------------------------------- */

static char *
cvm_virt_host_network_xml (CvmHost               *host,
                           const CvmNetworkSpec  *spec,
                           GError               **error)
{
  return cvm_virt_network_xml_new (spec, error);
}

static gboolean
cvm_virt_host_check (CvmHost  *host,
                     GError  **error)
{
  return cvm_virt_link_check (CVM_VIRT_HOST (host)->link, error);
}

static gboolean
cvm_virt_host_check_xml (CvmHost      *host,
                         const char   *kind,
                         const char   *xml,
                         CvmXmlLevel   level,
                         GError      **error)
{
  return cvm_virt_xml_check (kind, xml, level, error);
}

static gboolean
cvm_virt_host_define_object (CvmHost       *host,
                             const char    *kind,
                             const char    *xml,
                             gint64         deadline_us,
                             GCancellable  *cancellable,
                             GError       **error)
{
  return cvm_virt_make_define (CVM_VIRT_HOST (host)->link, kind, xml, deadline_us, cancellable,
                               error);
}

static gboolean
cvm_virt_host_start_network (CvmHost       *host,
                             const char    *uuid,
                             gint64         deadline_us,
                             GCancellable  *cancellable,
                             GError       **error)
{
  return cvm_virt_make_start_network (CVM_VIRT_HOST (host)->link, uuid, deadline_us, cancellable,
                                      error);
}

/* Guests ----------------------------------------------------------------------------------- */

static gboolean
check_offer (CvmVirtHost         *self,
             const CvmGuestSpec  *spec,
             GError             **error)
{
  const char *const *offered = (const char *const *)self->facts->hypervisors;
  g_autofree char *list = NULL;

  if (!self->facts->is_local && (spec->kernel != NULL || spec->disk != NULL))
    {
      g_set_error (error, CVM_ENGINE_ERROR, CVM_ENGINE_ERROR_UNSUPPORTED,
                   "The image is on this machine, and %s is another one: images run on local "
                   "hosts only (qemu:///session)", self->facts->uri);
      return FALSE;
    }

  if (spec->hypervisor == NULL || g_strv_contains (offered, spec->hypervisor))
    return TRUE;

  list = g_strjoinv (", ", self->facts->hypervisors);
  g_set_error (error, CVM_ENGINE_ERROR, CVM_ENGINE_ERROR_UNSUPPORTED,
               "The host %s does not offer the hypervisor “%s”, but: %s", self->facts->uri,
               spec->hypervisor, list);

  return FALSE;
}

static CvmGuest *
cvm_virt_host_new_guest (CvmHost             *host,
                         const CvmGuestSpec  *spec,
                         CvmSerial           *serial,
                         GError             **error)
{
  CvmVirtHost *self = CVM_VIRT_HOST (host);
  g_autofree char *xml = NULL;

  if (!check_offer (self, spec, error))
    return NULL;

  xml = cvm_virt_domain_xml_new (spec, error);
  if (xml == NULL)
    return NULL;

  return cvm_virt_guest_new (self->link, spec, xml, serial);
}

/* Type ------------------------------------------------------------------------------------- */

static const CvmHostFacts *
cvm_virt_host_get_facts (CvmHost *host)
{
  return CVM_VIRT_HOST (host)->facts;
}

static void
cvm_virt_host_finalize (GObject *object)
{
  CvmVirtHost *self = CVM_VIRT_HOST (object);

  g_clear_pointer (&self->link, cvm_virt_link_unref);
  g_clear_pointer (&self->facts, cvm_host_facts_free);

  G_OBJECT_CLASS (cvm_virt_host_parent_class)->finalize (object);
}

static void
cvm_virt_host_iface_init (CvmHostInterface *iface)
{
  iface->get_facts = cvm_virt_host_get_facts;
  iface->new_guest = cvm_virt_host_new_guest;
  iface->check = cvm_virt_host_check;
  iface->list_objects = cvm_virt_host_list_objects;
  iface->remove_object = cvm_virt_host_remove_object;
  iface->network_xml = cvm_virt_host_network_xml;
  iface->check_xml = cvm_virt_host_check_xml;
  iface->define_object = cvm_virt_host_define_object;
  iface->read_load = cvm_virt_host_read_load;
  iface->start_network = cvm_virt_host_start_network;
}

static void
cvm_virt_host_class_init (CvmVirtHostClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = cvm_virt_host_finalize;
}

static void
cvm_virt_host_init (CvmVirtHost *self)
{
}

/* Opening ---------------------------------------------------------------------------------- */

typedef struct
{
  CvmVirtCall   call;
  char         *uri;
  CvmVirtAuth   auth;
  GDestroyNotify free_data;
  CvmVirtLink  *link;
  CvmHostFacts *facts;
} OpenCall;

static void
tell_unauthorized (OpenCall  *self,
                   GError   **error)
{
  g_set_error (error, CVM_ENGINE_ERROR, CVM_ENGINE_ERROR_UNAUTHORIZED,
               self->auth.is_declined
                 ? "The host %s asks for a name and a password, and got none"
                 : "The host %s does not take this name and password", self->auth.uri);
}

static gboolean
open_run (CvmVirtCall  *call,
          GError      **error)
{
  OpenCall *self = (OpenCall *)call;
  virConnectPtr conn = cvm_virt_auth_open (&self->auth);

  if (conn != NULL)
    {
      self->link = cvm_virt_link_new (conn, self->uri);
      self->facts = cvm_virt_facts_new (conn);
    }

  if (self->facts == NULL && self->auth.was_asked)
    tell_unauthorized (self, error);
  else if (self->facts == NULL)
    cvm_virt_error_take_open (self->uri, error);

  return self->facts != NULL;
}

static void
open_clear (CvmVirtCall *call)
{
  OpenCall *self = (OpenCall *)call;

  g_clear_pointer (&self->link, cvm_virt_link_unref);
  g_clear_pointer (&self->facts, cvm_host_facts_free);
  cvm_virt_auth_clear (&self->auth);
  g_clear_object (&self->auth.cancellable);
  if (self->free_data != NULL)
    self->free_data (self->auth.data);
  g_free (self->uri);
}

static const CvmVirtCallClass open_class = { sizeof (OpenCall), open_run, NULL, open_clear };

/* ssh would ask its questions on our terminal, and wait for an answer for ever */
static char *
uri_without_questions (const char *uri)
{
  const char *end = strstr (uri, "://");
  const char *plus = memchr (uri, '+', end != NULL ? end - uri : 0);

  if (plus == NULL || !g_str_has_prefix (plus, "+ssh:") || strstr (uri, "no_tty=") != NULL)
    return g_strdup (uri);

  return g_strconcat (uri, strchr (uri, '?') != NULL ? "&" : "?", "no_tty=1", NULL);
}

static CvmHost *
take_opened (OpenCall *call)
{
  CvmVirtHost *self = g_object_new (CVM_TYPE_VIRT_HOST, NULL);

  self->link = g_steal_pointer (&call->link);
  self->facts = g_steal_pointer (&call->facts);

  return CVM_HOST (self);
}

/* That nobody answered is more than that a limit is over */
static void
propagate_open (const char  *uri,
                GError      *failed,
                GError     **error)
{
  if (!g_error_matches (failed, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    {
      g_propagate_error (error, failed);
      return;
    }

  g_set_error (error, CVM_ENGINE_ERROR, CVM_ENGINE_ERROR_HOST_LOST,
               "The host %s did not answer in the time it was given. Check that libvirtd runs "
               "there and answers “virsh -c %s version”", uri, uri);
  g_error_free (failed);
}

static OpenCall *
open_call_new (const char   *uri,
               GCancellable *cancellable)
{
  OpenCall *call = cvm_virt_call_new (&open_class);

  call->uri = uri_without_questions (uri);
  call->auth.call = &call->call;
  call->auth.uri = call->uri;
  call->auth.cancellable = cancellable != NULL ? g_object_ref (cancellable) : NULL;

  return call;
}

CvmHost *
cvm_virt_host_open_as (const char      *uri,
                       CvmLoginAsk      ask,
                       gpointer         data,
                       GDestroyNotify   free_data,
                       gint64           deadline_us,
                       GCancellable    *cancellable,
                       GError         **error)
{
  OpenCall *call;
  CvmHost *host = NULL;
  GError *failed = NULL;

  cvm_virt_loop_init ();
  call = open_call_new (uri, cancellable);
  call->auth.ask = ask;
  call->auth.data = data;
  call->free_data = free_data;

  if (cvm_virt_call_run (call, deadline_us, cancellable, &failed))
    host = take_opened (call);
  else
    propagate_open (uri, failed, error);

  cvm_virt_call_unref (call);

  return host;
}

CvmHost *
cvm_virt_host_open (const char    *uri,
                    gint64         deadline_us,
                    GCancellable  *cancellable,
                    GError       **error)
{
  return cvm_virt_host_open_as (uri, NULL, NULL, NULL, deadline_us, cancellable, error);
}
