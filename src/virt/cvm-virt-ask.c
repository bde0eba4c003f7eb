/* cvm-virt-ask.c: calls that ask one thing of a running guest
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-virt-ask.h"

#include <libvirt/libvirt-qemu.h>
#include <stdlib.h>
#include <unistd.h>

#include "cvm-virt-domain-xml.h"
#include "cvm-virt-error.h"
#include "cvm-virt-objects.h"

static gboolean
check (int           result,
       const char   *doing,
       GError      **error)
{
  if (result >= 0)
    return TRUE;

  cvm_virt_error_take (doing, error);

  return FALSE;
}

static gboolean
shut_down_run (CvmVirtCall  *call,
               GError      **error)
{
  return check (virDomainShutdown (((CvmVirtAsk *)call)->domain), "shut the guest down", error);
}

static gboolean
reboot_run (CvmVirtCall  *call,
            GError      **error)
{
  return check (virDomainReboot (((CvmVirtAsk *)call)->domain, 0), "restart the guest", error);
}

static gboolean
remove_run (CvmVirtCall  *call,
            GError      **error)
{
  CvmVirtAsk *self = (CvmVirtAsk *)call;

  return cvm_virt_objects_remove (cvm_virt_link_conn (self->link), "domain", self->uuid, error);
}

static gboolean
usernet_run (CvmVirtCall  *call,
             GError      **error)
{
  CvmVirtAsk *self = (CvmVirtAsk *)call;

  return check (virDomainQemuMonitorCommand (self->domain, "info usernet", &self->text,
                                             VIR_DOMAIN_QEMU_MONITOR_COMMAND_HMP),
                "ask QEMU for the guest's ports", error);
}

/* The monitor says nothing when it is done, and otherwise what is wrong */
gboolean
cvm_virt_ask_link (virDomainPtr   domain,
                   gboolean       is_up,
                   GError       **error)
{
  const char *command = is_up ? "set_link " CVM_VIRT_NETWORK " on"
                              : "set_link " CVM_VIRT_NETWORK " off";
  char *said = NULL;
  gboolean is_done;

  if (!check (virDomainQemuMonitorCommand (domain, command, &said,
                                           VIR_DOMAIN_QEMU_MONITOR_COMMAND_HMP),
              is_up ? "plug in the guest's network cable" : "pull the guest's network cable",
              error))
    return FALSE;

  g_strstrip (said);
  is_done = *said == '\0';
  if (!is_done)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "QEMU says to %s: %s", command, said);
  free (said);

  return is_done;
}

static gboolean
set_link_run (CvmVirtCall  *call,
              GError      **error)
{
  CvmVirtAsk *self = (CvmVirtAsk *)call;

  return cvm_virt_ask_link (self->domain, self->is_up, error);
}

static gboolean
display_run (CvmVirtCall  *call,
             GError      **error)
{
  CvmVirtAsk *self = (CvmVirtAsk *)call;

  self->fd = virDomainOpenGraphicsFD (self->domain, 0, VIR_DOMAIN_OPEN_GRAPHICS_SKIPAUTH);

  return check (self->fd, "open the guest's screen", error);
}

/* No name of a disk: all of them */
static gboolean
activity_run (CvmVirtCall  *call,
              GError      **error)
{
  CvmVirtAsk *self = (CvmVirtAsk *)call;
  virDomainBlockStatsStruct stats = { 0 };

  if (!check (virDomainBlockStats (self->domain, "", &stats, sizeof stats),
              "ask what the guest's disks did", error))
    return FALSE;

  self->n_bytes = MAX (stats.rd_bytes, 0) + MAX (stats.wr_bytes, 0);

  return TRUE;
}

static void
ask_clear (CvmVirtCall *call)
{
  CvmVirtAsk *self = (CvmVirtAsk *)call;

  if (self->domain != NULL)
    virDomainFree (self->domain);
  if (self->fd >= 0)
    close (self->fd);
  free (self->text);
  g_free (self->uuid);
  cvm_virt_link_unref (self->link);
}

const CvmVirtCallClass cvm_virt_ask_shut_down = { sizeof (CvmVirtAsk), shut_down_run, NULL,
                                                  ask_clear };
const CvmVirtCallClass cvm_virt_ask_reboot = { sizeof (CvmVirtAsk), reboot_run, NULL, ask_clear };
const CvmVirtCallClass cvm_virt_ask_remove = { sizeof (CvmVirtAsk), remove_run, NULL, ask_clear };
const CvmVirtCallClass cvm_virt_ask_set_link = { sizeof (CvmVirtAsk), set_link_run, NULL,
                                                 ask_clear };
const CvmVirtCallClass cvm_virt_ask_usernet = { sizeof (CvmVirtAsk), usernet_run, NULL, ask_clear };
const CvmVirtCallClass cvm_virt_ask_display = { sizeof (CvmVirtAsk), display_run, NULL, ask_clear };
const CvmVirtCallClass cvm_virt_ask_activity = { sizeof (CvmVirtAsk), activity_run, NULL,
                                                 ask_clear };

CvmVirtAsk *
cvm_virt_ask_new (const CvmVirtCallClass *klass,
                  CvmVirtLink            *link,
                  virDomainPtr            domain,
                  const char             *uuid)
{
  CvmVirtAsk *self = cvm_virt_call_new (klass);

  self->link = cvm_virt_link_ref (link);
  self->domain = domain;
  self->uuid = g_strdup (uuid);
  self->fd = -1;
  if (domain != NULL)
    virDomainRef (domain);

  return self;
}
