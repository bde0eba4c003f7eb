/* cvm-virt-start.c: the call that makes a guest, whole
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-virt-start.h"

#include "cvm-virt-ask.h"
#include "cvm-virt-error.h"
#include "cvm-virt-objects.h"

/* Events come in order, so that the last one is right, also when the main loop is late */
static int
on_lifecycle (virConnectPtr  conn,
              virDomainPtr   domain,
              int            event,
              int            detail,
              void          *data)
{
  if (event == VIR_DOMAIN_EVENT_STOPPED || event == VIR_DOMAIN_EVENT_CRASHED)
    cvm_virt_life_set_on (data, FALSE);
  else if (event == VIR_DOMAIN_EVENT_STARTED)
    cvm_virt_life_set_on (data, TRUE);

  return 0;
}

static void
unref_life (void *data)
{
  cvm_virt_life_unref (data);
}

static gboolean
watch (CvmVirtStart  *self,
       GError       **error)
{
  int id;

  if (self->is_watched)
    return TRUE;

  id = virConnectDomainEventRegisterAny (cvm_virt_link_conn (self->link), self->domain,
                                         VIR_DOMAIN_EVENT_ID_LIFECYCLE,
                                         VIR_DOMAIN_EVENT_CALLBACK (on_lifecycle),
                                         cvm_virt_life_ref (self->life), unref_life);
  if (id < 0)
    {
      cvm_virt_life_unref (self->life);
      cvm_virt_error_take ("watch the guest", error);
      return FALSE;
    }

  cvm_virt_link_add_event (self->link, id);

  return TRUE;
}

static gboolean
open_console (CvmVirtStart  *self,
              GError       **error)
{
  if (!self->is_qemu)
    return TRUE;

  self->console = cvm_virt_console_open (self->link, self->domain, self->serial, error);

  return self->console != NULL;
}

static gboolean
cut (CvmVirtStart  *self,
     GError       **error)
{
  return !self->is_cut || cvm_virt_ask_link (self->domain, FALSE, error);
}

static gboolean
resume (CvmVirtStart  *self,
        GError       **error)
{
  if (!cvm_virt_call_is_wanted (self))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "Nobody waits for the guest");
      return FALSE;
    }

  if (!self->is_qemu || virDomainResume (self->domain) == 0)
    return TRUE;

  cvm_virt_error_take ("let the guest run", error);

  return FALSE;
}

static void
start_undo (CvmVirtCall *call)
{
  CvmVirtStart *self = (CvmVirtStart *)call;

  if (self->console != NULL)
    cvm_virt_console_stop (self->console, "the guest was ended while it started");
  cvm_virt_objects_end_domain (self->domain, NULL);
  cvm_virt_life_set_on (self->life, FALSE);
}

static gboolean
start_run (CvmVirtCall  *call,
           GError      **error)
{
  CvmVirtStart *self = (CvmVirtStart *)call;
  guint flags = self->is_qemu ? VIR_DOMAIN_START_PAUSED : 0;

  if (self->is_qemu && !self->outlives_us)
    flags |= VIR_DOMAIN_START_AUTODESTROY;

  self->domain = virDomainCreateXML (cvm_virt_link_conn (self->link), self->xml, flags);
  if (self->domain == NULL)
    {
      cvm_virt_error_take ("start the guest", error);
      return FALSE;
    }

  cvm_virt_life_set_on (self->life, TRUE);
  if (watch (self, error) && open_console (self, error) && cut (self, error)
      && resume (self, error))
    return TRUE;

  start_undo (call);

  return FALSE;
}

static void
start_clear (CvmVirtCall *call)
{
  CvmVirtStart *self = (CvmVirtStart *)call;

  if (self->domain != NULL)
    virDomainFree (self->domain);
  g_clear_pointer (&self->console, cvm_virt_console_unref);
  g_object_unref (self->serial);
  g_free (self->xml);
  cvm_virt_life_end_start (self->life);
  cvm_virt_life_unref (self->life);
  cvm_virt_link_unref (self->link);
}

static const CvmVirtCallClass start_class = { sizeof (CvmVirtStart), start_run, start_undo,
                                              start_clear };

CvmVirtStart *
cvm_virt_start_new (CvmVirtLink *link,
                    CvmVirtLife *life,
                    CvmSerial   *serial,
                    const char  *xml)
{
  CvmVirtStart *self = cvm_virt_call_new (&start_class);

  self->link = cvm_virt_link_ref (link);
  self->life = cvm_virt_life_ref (life);
  self->serial = g_object_ref (serial);
  self->xml = g_strdup (xml);
  cvm_virt_life_begin_start (life);

  return self;
}
