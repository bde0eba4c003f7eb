/* cvm-host.c: the port to a host
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-host.h"

G_DEFINE_INTERFACE (CvmHost, cvm_host, G_TYPE_OBJECT)

static void
cvm_host_default_init (CvmHostInterface *iface)
{
}

CvmHostFacts *
cvm_host_facts_new (void)
{
  return g_new0 (CvmHostFacts, 1);
}

void
cvm_host_facts_free (CvmHostFacts *self)
{
  g_free (self->uri);
  g_free (self->driver);
  g_free (self->host_name);
  g_free (self->arch);
  g_free (self->libvirt_version);
  g_free (self->hypervisor_version);
  g_strfreev (self->hypervisors);
  g_free (self);
}

CvmHostObject *
cvm_host_object_new (void)
{
  return g_new0 (CvmHostObject, 1);
}

void
cvm_host_object_free (CvmHostObject *self)
{
  g_free (self->kind);
  g_free (self->name);
  g_free (self->uuid);
  g_free (self->run_id);
  g_free (self->run_dir);
  g_free (self->machine_id);
  g_free (self);
}

const CvmHostFacts *
cvm_host_get_facts (CvmHost *self)
{
  return CVM_HOST_GET_IFACE (self)->get_facts (self);
}

CvmGuest *
cvm_host_new_guest (CvmHost             *self,
                    const CvmGuestSpec  *spec,
                    CvmSerial           *serial,
                    GError             **error)
{
  return CVM_HOST_GET_IFACE (self)->new_guest (self, spec, serial, error);
}

gboolean
cvm_host_check (CvmHost  *self,
                GError  **error)
{
  CvmHostInterface *iface = CVM_HOST_GET_IFACE (self);

  return iface->check == NULL || iface->check (self, error);
}

GPtrArray *
cvm_host_list_objects (CvmHost       *self,
                       gint64         deadline_us,
                       GCancellable  *cancellable,
                       GError       **error)
{
  return CVM_HOST_GET_IFACE (self)->list_objects (self, deadline_us, cancellable, error);
}

gboolean
cvm_host_read_load (CvmHost       *self,
                    CvmHostLoad   *load,
                    gint64         deadline_us,
                    GCancellable  *cancellable,
                    GError       **error)
{
  *load = (CvmHostLoad){ 0 };

  return CVM_HOST_GET_IFACE (self)->read_load (self, load, deadline_us, cancellable, error);
}

gboolean
cvm_host_remove_object (CvmHost       *self,
                        const char    *kind,
                        const char    *uuid,
                        gint64         deadline_us,
                        GCancellable  *cancellable,
                        GError       **error)
{
  return CVM_HOST_GET_IFACE (self)->remove_object (self, kind, uuid, deadline_us, cancellable,
                                                   error);
}

char *
cvm_host_network_xml (CvmHost               *self,
                      const CvmNetworkSpec  *spec,
                      GError               **error)
{
  return CVM_HOST_GET_IFACE (self)->network_xml (self, spec, error);
}

gboolean
cvm_host_check_xml (CvmHost      *self,
                    const char   *kind,
                    const char   *xml,
                    CvmXmlLevel   level,
                    GError      **error)
{
  return CVM_HOST_GET_IFACE (self)->check_xml (self, kind, xml, level, error);
}

gboolean
cvm_host_define_object (CvmHost       *self,
                        const char    *kind,
                        const char    *xml,
                        gint64         deadline_us,
                        GCancellable  *cancellable,
                        GError       **error)
{
  return CVM_HOST_GET_IFACE (self)->define_object (self, kind, xml, deadline_us, cancellable,
                                                   error);
}

gboolean
cvm_host_start_network (CvmHost       *self,
                        const char    *uuid,
                        gint64         deadline_us,
                        GCancellable  *cancellable,
                        GError       **error)
{
  return CVM_HOST_GET_IFACE (self)->start_network (self, uuid, deadline_us, cancellable, error);
}
