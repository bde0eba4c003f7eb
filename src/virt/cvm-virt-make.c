/* cvm-virt-make.c: domains defined, networks defined and started
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-virt-make.h"

#include <string.h>

#include "cvm-engine-error.h"
#include "cvm-virt-error.h"

typedef struct
{
  CvmVirtCall   call;
  CvmVirtLink  *link;
  char         *kind, *xml;   /* to define */
  char         *uuid;         /* of the network to start */
  virDomainPtr  domain;
  virNetworkPtr network;
} Make;

static gboolean
define (Make    *self,
        GError **error)
{
  virConnectPtr conn = cvm_virt_link_conn (self->link);

  if (g_str_equal (self->kind, "domain"))
    self->domain = virDomainDefineXMLFlags (conn, self->xml, VIR_DOMAIN_DEFINE_VALIDATE);
  else
    self->network = virNetworkDefineXMLFlags (conn, self->xml, VIR_NETWORK_DEFINE_VALIDATE);

  if (self->domain != NULL || self->network != NULL)
    return TRUE;

  cvm_virt_error_take (g_str_equal (self->kind, "domain") ? "define the guest"
                                                          : "define the network", error);

  return FALSE;
}

/* A session's libvirt may not make a bridge, and says so only by these words */
static gboolean
is_forbidden (void)
{
  const virError *last = virGetLastError ();

  return last != NULL && last->message != NULL
         && strstr (last->message, "Operation not permitted") != NULL;
}

static gboolean
start_network (Make    *self,
               GError **error)
{
  virNetworkPtr network = virNetworkLookupByUUIDString (cvm_virt_link_conn (self->link),
                                                        self->uuid);
  gboolean is_started = network != NULL
                        && (virNetworkIsActive (network) == 1 || virNetworkCreate (network) == 0)
                        && virNetworkSetAutostart (network, 1) == 0;

  if (!is_started && is_forbidden ())
    g_set_error (error, CVM_ENGINE_ERROR, CVM_ENGINE_ERROR_UNSUPPORTED,
                 "%s may not make a bridge for a network", cvm_virt_link_uri (self->link));
  else if (!is_started)
    cvm_virt_error_take ("start the network", error);

  if (network != NULL)
    virNetworkFree (network);

  return is_started;
}

static gboolean
make_run (CvmVirtCall  *call,
          GError      **error)
{
  Make *self = (Make *)call;

  return self->xml != NULL ? define (self, error) : start_network (self, error);
}

static void
make_undo (CvmVirtCall *call)
{
  Make *self = (Make *)call;

  if (self->domain != NULL)
    virDomainUndefine (self->domain);
  if (self->network != NULL)
    virNetworkUndefine (self->network);
}

static void
make_clear (CvmVirtCall *call)
{
  Make *self = (Make *)call;

  if (self->domain != NULL)
    virDomainFree (self->domain);
  if (self->network != NULL)
    virNetworkFree (self->network);
  g_free (self->kind);
  g_free (self->xml);
  g_free (self->uuid);
  cvm_virt_link_unref (self->link);
}

static const CvmVirtCallClass make_class = { sizeof (Make), make_run, make_undo, make_clear };

gboolean
cvm_virt_make_define (CvmVirtLink   *link,
                      const char    *kind,
                      const char    *xml,
                      gint64         deadline_us,
                      GCancellable  *cancellable,
                      GError       **error)
{
  Make *call = cvm_virt_call_new (&make_class);
  gboolean is_made;

  call->link = cvm_virt_link_ref (link);
  call->kind = g_strdup (kind);
  call->xml = g_strdup (xml);
  is_made = cvm_virt_link_run (link, call, deadline_us, cancellable, error);
  cvm_virt_call_unref (call);

  return is_made;
}

gboolean
cvm_virt_make_start_network (CvmVirtLink   *link,
                             const char    *uuid,
                             gint64         deadline_us,
                             GCancellable  *cancellable,
                             GError       **error)
{
  Make *call = cvm_virt_call_new (&make_class);
  gboolean is_started;

  call->link = cvm_virt_link_ref (link);
  call->uuid = g_strdup (uuid);
  is_started = cvm_virt_link_run (link, call, deadline_us, cancellable, error);
  cvm_virt_call_unref (call);

  return is_started;
}
