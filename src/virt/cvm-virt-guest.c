/* cvm-virt-guest.c: the guest port on libvirt
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-virt-guest.h"

#include "cvm-engine-error.h"
#include "cvm-limit.h"
#include "cvm-virt-ask.h"
#include "cvm-virt-domain-xml.h"
#include "cvm-virt-start.h"
#include "cvm-virt-usernet.h"
#include "cvm-wait.h"

#define ASK_AGAIN_MS   3000   /* a guest that still boots does not hear the power button */
#define LAST_WORDS_MS  2000   /* from a guest's end to its console's */

struct _CvmVirtGuest
{
  GObject         parent_instance;

  CvmVirtLink    *link;
  CvmVirtLife    *life;
  CvmSerial      *serial;
  char           *xml;
  char           *uuid;
  gboolean        is_qemu;
  gboolean        has_display;
  gboolean        outlives_us;
  gboolean        is_cut;
  gboolean        is_watched;
  gulong          lost_handler;

  GMutex          lock;         /* guards these: the window asks from other threads */
  virDomainPtr    domain;       /* NULL: not started, or ended by us */
  CvmVirtConsole *console;
};

static void cvm_virt_guest_iface_init (CvmGuestInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (CvmVirtGuest, cvm_virt_guest, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (CVM_TYPE_GUEST, cvm_virt_guest_iface_init))

/* State ------------------------------------------------------------------------------------ */

static CvmVirtConsole *
dup_console (CvmVirtGuest *self)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return self->console != NULL ? cvm_virt_console_ref (self->console) : NULL;
}

static void
stop_console (CvmVirtGuest *self,
              const char   *why)
{
  CvmVirtConsole *console = dup_console (self);

  if (console == NULL)
    return;

  cvm_virt_console_stop (console, why);
  cvm_virt_console_unref (console);
}

static void
on_link_lost (GCancellable *lost,
              gpointer      data)
{
  CvmVirtGuest *self = data;

  cvm_virt_life_set_on (self->life, FALSE);
  stop_console (self, "the connection to the host was lost");
}

static void
set_started (CvmVirtGuest *self,
             CvmVirtStart *start)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  self->domain = g_steal_pointer (&start->domain);
  self->console = g_steal_pointer (&start->console);
}

/* It is off: hears its last words, then forgets it */
static void
set_off (CvmVirtGuest *self,
         gint64        deadline_us)
{
  gint64 patience_us = MIN (deadline_us, cvm_deadline_in_ms (LAST_WORDS_MS));
  CvmVirtConsole *console = dup_console (self);
  virDomainPtr domain;

  cvm_virt_life_wait_off (self->life, patience_us, NULL, NULL);
  cvm_virt_life_set_on (self->life, FALSE);
  if (console != NULL)
    {
      if (!cvm_virt_console_wait_end (console, patience_us, NULL))
        cvm_virt_console_stop (console, "the guest is off");
      cvm_virt_console_unref (console);
    }

  g_mutex_lock (&self->lock);
  domain = g_steal_pointer (&self->domain);
  console = g_steal_pointer (&self->console);
  g_mutex_unlock (&self->lock);

  if (console != NULL)
    cvm_virt_console_unref (console);
  if (domain != NULL)
    virDomainFree (domain);
}

/* Asking ----------------------------------------------------------------------------------- */

static void
set_guest_lost (GError **error)
{
  g_set_error_literal (error, CVM_ENGINE_ERROR, CVM_ENGINE_ERROR_GUEST_LOST, "The guest is off");
}

/* NULL with GUEST_LOST when there is no guest to ask */
static CvmVirtAsk *
ask_new (CvmVirtGuest            *self,
         const CvmVirtCallClass  *klass,
         GError                 **error)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  if (self->domain != NULL)
    return cvm_virt_ask_new (klass, self->link, self->domain, NULL);

  set_guest_lost (error);

  return NULL;
}

/* What libvirt does not find is a guest that is lost */
static gboolean
ask (CvmVirtGuest  *self,
     CvmVirtAsk    *call,
     gint64         deadline_us,
     GCancellable  *cancellable,
     GError       **error)
{
  g_autoptr(GError) local = NULL;

  if (call == NULL)
    return FALSE;

  if (cvm_virt_link_run (self->link, call, deadline_us, cancellable, &local))
    return TRUE;

  if (g_error_matches (local, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
    set_guest_lost (error);
  else
    g_propagate_error (error, g_steal_pointer (&local));

  return FALSE;
}

/* Interface -------------------------------------------------------------------------------- */

static const char *
cvm_virt_guest_get_xml (CvmGuest *guest)
{
  return CVM_VIRT_GUEST (guest)->xml;
}

static gboolean
cvm_virt_guest_start (CvmGuest      *guest,
                      gint64         deadline_us,
                      GCancellable  *cancellable,
                      GError       **error)
{
  CvmVirtGuest *self = CVM_VIRT_GUEST (guest);
  CvmVirtStart *start;
  gboolean is_started;

  /* an earlier start that nobody waited for, an earlier guest that ended by itself */
  if (!cvm_virt_life_wait_still (self->life, deadline_us, cancellable, error))
    return FALSE;
  if (!cvm_virt_life_is_on (self->life))
    set_off (self, deadline_us);

  start = cvm_virt_start_new (self->link, self->life, self->serial, self->xml);
  start->is_qemu = self->is_qemu;
  start->outlives_us = self->outlives_us;
  start->is_cut = self->is_cut;
  start->is_watched = self->is_watched;
  is_started = cvm_virt_link_run (self->link, start, deadline_us, cancellable, error);
  if (is_started)
    {
      self->is_watched = TRUE;
      set_started (self, start);
    }

  cvm_virt_call_unref (start);

  return is_started;
}

static gboolean
is_guest_lost (const GError *error)
{
  return g_error_matches (error, CVM_ENGINE_ERROR, CVM_ENGINE_ERROR_GUEST_LOST);
}

/* One press of the button. FALSE without an error: it has not gone off yet. */
static gboolean
press_button (CvmVirtGuest  *self,
              gint64         deadline_us,
              GCancellable  *cancellable,
              GError       **error)
{
  /* never the limit's own deadline, since this one wait would be put off with it */
  gint64 again_us = MIN (cvm_limit_find_deadline (cancellable, deadline_us) - 1,
                         cvm_deadline_in_ms (ASK_AGAIN_MS));
  g_autoptr(GError) local = NULL;
  CvmVirtAsk *call = ask_new (self, &cvm_virt_ask_shut_down, &local);
  gboolean is_off;

  ask (self, call, deadline_us, cancellable, local != NULL ? NULL : &local);
  g_clear_pointer (&call, cvm_virt_call_unref);
  is_off = is_guest_lost (local);
  if (local != NULL && !is_off)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }

  return is_off || cvm_virt_life_wait_off (self->life, again_us, cancellable, NULL);
}

static gboolean
cvm_virt_guest_shut_down (CvmGuest      *guest,
                          gint64         deadline_us,
                          GCancellable  *cancellable,
                          GError       **error)
{
  CvmVirtGuest *self = CVM_VIRT_GUEST (guest);
  g_autoptr(GError) local = NULL;

  while (!press_button (self, deadline_us, cancellable, &local))
    {
      if (local == NULL)
        cvm_deadline_check (deadline_us, cancellable, &local);

      if (g_error_matches (local, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
        g_prefix_error (&local, "The guest did not shut down when asked to; does it listen to the "
                                "ACPI power button? ");

      if (local != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&local));
          return FALSE;
        }
    }

  /* a lost host looks like a guest that is off */
  if (!cvm_virt_link_check (self->link, error))
    return FALSE;

  set_off (self, cvm_limit_find_deadline (cancellable, deadline_us));

  return TRUE;
}

static gboolean
cvm_virt_guest_reboot (CvmGuest      *guest,
                       gint64         deadline_us,
                       GCancellable  *cancellable,
                       GError       **error)
{
  CvmVirtGuest *self = CVM_VIRT_GUEST (guest);
  CvmVirtAsk *call = ask_new (self, &cvm_virt_ask_reboot, error);
  gboolean is_asked = ask (self, call, deadline_us, cancellable, error);

  g_clear_pointer (&call, cvm_virt_call_unref);

  return is_asked;
}

static gboolean
cvm_virt_guest_set_link (CvmGuest      *guest,
                         gboolean       is_up,
                         gint64         deadline_us,
                         GCancellable  *cancellable,
                         GError       **error)
{
  CvmVirtGuest *self = CVM_VIRT_GUEST (guest);
  CvmVirtAsk *call;
  gboolean is_set;

  if (!self->is_qemu)
    {
      g_set_error_literal (error, CVM_ENGINE_ERROR, CVM_ENGINE_ERROR_UNSUPPORTED,
                           "Only QEMU's guests have a network cable that can be pulled");
      return FALSE;
    }

  self->is_cut = !is_up;
  if (!cvm_virt_life_is_on (self->life))
    return TRUE;

  call = ask_new (self, &cvm_virt_ask_set_link, error);
  if (call != NULL)
    call->is_up = is_up;
  is_set = ask (self, call, deadline_us, cancellable, error);
  g_clear_pointer (&call, cvm_virt_call_unref);

  return is_set;
}

/* A start that was given up may still be making the domain; its thread ends it then. */
static gboolean
wait_still (CvmVirtGuest  *self,
            gint64         deadline_us,
            GError       **error)
{
  if (!cvm_virt_link_check (self->link, error))
    return FALSE;

  if (cvm_virt_life_wait_still (self->life, deadline_us, cvm_virt_link_lost (self->link), NULL))
    return TRUE;

  if (cvm_virt_link_check (self->link, error))
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT,
                         "The guest's start did not come to an end in time");

  return FALSE;
}

static gboolean
cvm_virt_guest_destroy (CvmGuest  *guest,
                        gint64     deadline_us,
                        GError   **error)
{
  CvmVirtGuest *self = CVM_VIRT_GUEST (guest);
  CvmVirtAsk *call;
  gboolean is_gone;

  if (!wait_still (self, deadline_us, error))
    return FALSE;

  call = cvm_virt_ask_new (&cvm_virt_ask_remove, self->link, NULL, self->uuid);
  is_gone = cvm_virt_link_run (self->link, call, deadline_us, NULL, error);
  cvm_virt_call_unref (call);
  if (is_gone)
    set_off (self, deadline_us);

  return is_gone;
}

static gboolean
cvm_virt_guest_is_running (CvmGuest *guest)
{
  return cvm_virt_life_is_on (CVM_VIRT_GUEST (guest)->life);
}

static gboolean
cvm_virt_guest_send_serial (CvmGuest    *guest,
                            const char  *bytes,
                            gsize        len,
                            GError     **error)
{
  CvmVirtConsole *console = dup_console (CVM_VIRT_GUEST (guest));
  gboolean is_taken;

  if (console == NULL)
    {
      set_guest_lost (error);
      return FALSE;
    }

  is_taken = cvm_virt_console_send (console, bytes, len, error);
  cvm_virt_console_unref (console);

  return is_taken;
}

static int
cvm_virt_guest_host_port (CvmGuest      *guest,
                          guint16        guest_port,
                          gint64         deadline_us,
                          GCancellable  *cancellable,
                          GError       **error)
{
  CvmVirtGuest *self = CVM_VIRT_GUEST (guest);
  CvmVirtAsk *call;
  int port = -1;

  if (!self->is_qemu)
    {
      g_set_error_literal (error, CVM_ENGINE_ERROR, CVM_ENGINE_ERROR_UNSUPPORTED,
                           "Only QEMU forwards ports to a guest; this hypervisor does not");
      return -1;
    }

  call = ask_new (self, &cvm_virt_ask_usernet, error);
  if (ask (self, call, deadline_us, cancellable, error))
    {
      port = cvm_virt_usernet_host_port (call->text, guest_port);
      if (port < 0)
        g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED,
                     "No port of this machine leads to port %u of the guest: it was not forwarded "
                     "when the guest was made", guest_port);
    }

  g_clear_pointer (&call, cvm_virt_call_unref);

  return port;
}

static int
cvm_virt_guest_open_display (CvmGuest      *guest,
                             gint64         deadline_us,
                             GCancellable  *cancellable,
                             GError       **error)
{
  CvmVirtGuest *self = CVM_VIRT_GUEST (guest);
  CvmVirtAsk *call;
  int fd = -1;

  if (!self->is_qemu || !self->has_display)
    {
      g_set_error_literal (error, CVM_ENGINE_ERROR, CVM_ENGINE_ERROR_UNSUPPORTED,
                           "The guest has no screen that can be opened");
      return -1;
    }

  call = ask_new (self, &cvm_virt_ask_display, error);
  if (ask (self, call, deadline_us, cancellable, error))
    {
      fd = call->fd;
      call->fd = -1;
    }

  g_clear_pointer (&call, cvm_virt_call_unref);

  return fd;
}

/* Type ------------------------------------------------------------------------------------- */

static void
cvm_virt_guest_dispose (GObject *object)
{
  CvmVirtGuest *self = CVM_VIRT_GUEST (object);

  if (self->lost_handler != 0)
    g_cancellable_disconnect (cvm_virt_link_lost (self->link), self->lost_handler);
  self->lost_handler = 0;
  stop_console (self, "nobody reads it any more");

  G_OBJECT_CLASS (cvm_virt_guest_parent_class)->dispose (object);
}

static void
cvm_virt_guest_finalize (GObject *object)
{
  CvmVirtGuest *self = CVM_VIRT_GUEST (object);

  if (self->domain != NULL)
    virDomainFree (self->domain);
  g_clear_pointer (&self->console, cvm_virt_console_unref);
  g_clear_pointer (&self->life, cvm_virt_life_unref);
  g_clear_pointer (&self->link, cvm_virt_link_unref);
  g_clear_object (&self->serial);
  g_free (self->xml);
  g_free (self->uuid);
  g_mutex_clear (&self->lock);

  G_OBJECT_CLASS (cvm_virt_guest_parent_class)->finalize (object);
}

static gint64
cvm_virt_guest_get_activity (CvmGuest     *guest,
                             gint64        deadline_us,
                             GCancellable *cancellable)
{
  CvmVirtGuest *self = CVM_VIRT_GUEST (guest);
  CvmVirtAsk *call = ask_new (self, &cvm_virt_ask_activity, NULL);
  gint64 activity = ask (self, call, deadline_us, cancellable, NULL) ? call->n_bytes : -1;

  g_clear_pointer (&call, cvm_virt_call_unref);

  return activity;
}

static void
cvm_virt_guest_iface_init (CvmGuestInterface *iface)
{
  iface->get_xml = cvm_virt_guest_get_xml;
  iface->start = cvm_virt_guest_start;
  iface->shut_down = cvm_virt_guest_shut_down;
  iface->reboot = cvm_virt_guest_reboot;
  iface->set_link = cvm_virt_guest_set_link;
  iface->destroy = cvm_virt_guest_destroy;
  iface->get_activity = cvm_virt_guest_get_activity;
  iface->is_running = cvm_virt_guest_is_running;
  iface->send_serial = cvm_virt_guest_send_serial;
  iface->host_port = cvm_virt_guest_host_port;
  iface->open_display = cvm_virt_guest_open_display;
}

static void
cvm_virt_guest_class_init (CvmVirtGuestClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = cvm_virt_guest_dispose;
  G_OBJECT_CLASS (klass)->finalize = cvm_virt_guest_finalize;
}

static void
cvm_virt_guest_init (CvmVirtGuest *self)
{
  g_mutex_init (&self->lock);
  self->life = cvm_virt_life_new ();
}

CvmGuest *
cvm_virt_guest_new (CvmVirtLink        *link,
                    const CvmGuestSpec *spec,
                    const char         *xml,
                    CvmSerial          *serial)
{
  CvmVirtGuest *self = g_object_new (CVM_TYPE_VIRT_GUEST, NULL);

  self->link = cvm_virt_link_ref (link);
  self->serial = g_object_ref (serial);
  self->xml = g_strdup (xml);
  self->uuid = g_strdup (spec->uuid);
  self->is_qemu = cvm_virt_domain_is_qemu (spec->hypervisor);
  self->has_display = spec->has_display;
  self->outlives_us = spec->outlives_us;
  self->lost_handler = g_cancellable_connect (cvm_virt_link_lost (link), G_CALLBACK (on_link_lost),
                                              self, NULL);

  return CVM_GUEST (self);
}
