/* cvm-virt-objects.c: what is on a host, and what of it is ours
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-virt-objects.h"

#include <stdlib.h>

#include "cvm-virt-domain-xml.h"
#include "cvm-virt-error.h"

#define NAME_PREFIX "cvmtester-"
#define END_TRIES   3   /* libvirt gives QEMU 15 s at each */

#define UNDEFINE_ALL (VIR_DOMAIN_UNDEFINE_MANAGED_SAVE | VIR_DOMAIN_UNDEFINE_SNAPSHOTS_METADATA \
                      | VIR_DOMAIN_UNDEFINE_CHECKPOINTS_METADATA | VIR_DOMAIN_UNDEFINE_NVRAM)

/* Listing ---------------------------------------------------------------------------------- */

static CvmHostObject *
object_new (const char *kind,
            const char *name,
            const char *uuid)
{
  CvmHostObject *object = cvm_host_object_new ();

  object->kind = g_strdup (kind);
  object->name = g_strdup (name);
  object->uuid = g_strdup (uuid);

  return object;
}

/* NULL when it is not ours, nor named so; or is gone meanwhile */
static CvmHostObject *
look_at_domain (virDomainPtr domain)
{
  char uuid[VIR_UUID_STRING_BUFLEN];
  const char *name = virDomainGetName (domain);
  g_autoptr(CvmHostObject) object = NULL;
  char *mark;

  if (name == NULL || virDomainGetUUIDString (domain, uuid) < 0)
    return NULL;

  object = object_new ("domain", name, uuid);
  mark = virDomainGetMetadata (domain, VIR_DOMAIN_METADATA_ELEMENT, CVM_VIRT_MARK_URI, 0);
  if (mark != NULL)
    cvm_virt_domain_xml_get_mark (mark, object);
  free (mark);

  return object->is_marked || g_str_has_prefix (name, NAME_PREFIX) ? g_steal_pointer (&object)
                                                                   : NULL;
}

static gboolean
list_domains (virConnectPtr   conn,
              GPtrArray      *objects,
              GError        **error)
{
  virDomainPtr *domains = NULL;
  int n = virConnectListAllDomains (conn, &domains, 0);

  if (n < 0)
    {
      cvm_virt_error_take ("list the host's domains", error);
      return FALSE;
    }

  for (int i = 0; i < n; i++)
    {
      CvmHostObject *object = look_at_domain (domains[i]);

      if (object != NULL)
        g_ptr_array_add (objects, object);
      virDomainFree (domains[i]);
    }

  free (domains);

  return TRUE;
}

/* Networks cannot carry a mark */
static CvmHostObject *
look_at_network (virNetworkPtr network)
{
  char uuid[VIR_UUID_STRING_BUFLEN];
  const char *name = virNetworkGetName (network);

  if (name == NULL || !g_str_has_prefix (name, NAME_PREFIX)
      || virNetworkGetUUIDString (network, uuid) < 0)
    return NULL;

  return object_new ("network", name, uuid);
}

static gboolean
list_networks (virConnectPtr   conn,
               GPtrArray      *objects,
               GError        **error)
{
  virNetworkPtr *networks = NULL;
  int n = virConnectListAllNetworks (conn, &networks, 0);

  if (n < 0)
    {
      const virError *last = virGetLastError ();

      if (last != NULL && (last->code == VIR_ERR_NO_SUPPORT || last->code == VIR_ERR_NO_CONNECT))
        return TRUE;   /* a host without the network driver has no networks */

      cvm_virt_error_take ("list the host's networks", error);
      return FALSE;
    }

  for (int i = 0; i < n; i++)
    {
      CvmHostObject *object = look_at_network (networks[i]);

      if (object != NULL)
        g_ptr_array_add (objects, object);
      virNetworkFree (networks[i]);
    }

  free (networks);

  return TRUE;
}

static void
free_object (gpointer data)
{
  cvm_host_object_free (data);
}

GPtrArray *
cvm_virt_objects_list (virConnectPtr   conn,
                       GError        **error)
{
  g_autoptr(GPtrArray) objects = g_ptr_array_new_with_free_func (free_object);

  if (!list_domains (conn, objects, error) || !list_networks (conn, objects, error))
    return NULL;

  return g_steal_pointer (&objects);
}

/* Removing --------------------------------------------------------------------------------- */

gboolean
cvm_virt_objects_end_domain (virDomainPtr   domain,
                             GError       **error)
{
  for (int i = 0; i < END_TRIES; i++)
    if (virDomainDestroy (domain) == 0 || cvm_virt_error_is_gone ())
      return TRUE;

  cvm_virt_error_take ("end the guest", error);

  return FALSE;
}

static gboolean
undefine_domain (virDomainPtr   domain,
                 GError       **error)
{
  if (virDomainUndefineFlags (domain, UNDEFINE_ALL) == 0
      || cvm_virt_error_is_gone ()
      || virDomainUndefine (domain) == 0   /* a driver that has none of these */
      || cvm_virt_error_is_gone ())
    return TRUE;

  cvm_virt_error_take ("undefine the guest", error);

  return FALSE;
}

static gboolean
remove_domain (virConnectPtr   conn,
               const char     *uuid,
               GError        **error)
{
  virDomainPtr domain = virDomainLookupByUUIDString (conn, uuid);
  gboolean is_persistent, is_removed;

  if (domain == NULL)
    {
      if (cvm_virt_error_is_gone ())
        return TRUE;

      cvm_virt_error_take ("look the guest up", error);
      return FALSE;
    }

  is_persistent = virDomainIsPersistent (domain) == 1;
  is_removed = cvm_virt_objects_end_domain (domain, error)
               && (!is_persistent || undefine_domain (domain, error));
  virDomainFree (domain);

  return is_removed;
}

static gboolean
remove_network (virConnectPtr   conn,
                const char     *uuid,
                GError        **error)
{
  virNetworkPtr network = virNetworkLookupByUUIDString (conn, uuid);
  gboolean is_persistent, is_removed;

  if (network == NULL)
    {
      if (cvm_virt_error_is_gone ())
        return TRUE;

      cvm_virt_error_take ("look the network up", error);
      return FALSE;
    }

  is_persistent = virNetworkIsPersistent (network) == 1;
  is_removed = (virNetworkDestroy (network) == 0 || cvm_virt_error_is_gone ())
               && (!is_persistent || virNetworkUndefine (network) == 0
                   || cvm_virt_error_is_gone ());
  if (!is_removed)
    cvm_virt_error_take ("remove the network", error);
  virNetworkFree (network);

  return is_removed;
}

gboolean
cvm_virt_objects_remove (virConnectPtr   conn,
                         const char     *kind,
                         const char     *uuid,
                         GError        **error)
{
  if (g_str_equal (kind, "domain"))
    return remove_domain (conn, uuid, error);

  if (g_str_equal (kind, "network"))
    return remove_network (conn, uuid, error);

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
               "A host has no objects of the kind “%s”", kind);

  return FALSE;
}
