/* cvm-guest.c: the port to a guest
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-guest.h"

G_DEFINE_INTERFACE (CvmGuest, cvm_guest, G_TYPE_OBJECT)

static void
cvm_guest_default_init (CvmGuestInterface *iface)
{
}

CvmGuestSpec *
cvm_guest_spec_new (void)
{
  CvmGuestSpec *self = g_new0 (CvmGuestSpec, 1);

  self->ports = g_array_new (FALSE, FALSE, sizeof (guint16));

  return self;
}

void
cvm_guest_spec_free (CvmGuestSpec *self)
{
  char *strings[] = {
    self->name, self->uuid, self->title, self->run_id, self->job_id, self->run_dir,
    self->machine_id, self->hypervisor, self->arch, self->kernel, self->initrd, self->cmdline,
    self->disk, self->disk_format, self->seed, self->context, self->network, self->mac,
  };

  for (gsize i = 0; i < G_N_ELEMENTS (strings); i++)
    g_free (strings[i]);

  g_array_unref (self->ports);
  g_free (self);
}

const char *
cvm_guest_get_xml (CvmGuest *self)
{
  return CVM_GUEST_GET_IFACE (self)->get_xml (self);
}

gboolean
cvm_guest_start (CvmGuest      *self,
                 gint64         deadline_us,
                 GCancellable  *cancellable,
                 GError       **error)
{
  return CVM_GUEST_GET_IFACE (self)->start (self, deadline_us, cancellable, error);
}

gboolean
cvm_guest_shut_down (CvmGuest      *self,
                     gint64         deadline_us,
                     GCancellable  *cancellable,
                     GError       **error)
{
  return CVM_GUEST_GET_IFACE (self)->shut_down (self, deadline_us, cancellable, error);
}

gboolean
cvm_guest_reboot (CvmGuest      *self,
                  gint64         deadline_us,
                  GCancellable  *cancellable,
                  GError       **error)
{
  return CVM_GUEST_GET_IFACE (self)->reboot (self, deadline_us, cancellable, error);
}

gboolean
cvm_guest_set_link (CvmGuest      *self,
                    gboolean       is_up,
                    gint64         deadline_us,
                    GCancellable  *cancellable,
                    GError       **error)
{
  return CVM_GUEST_GET_IFACE (self)->set_link (self, is_up, deadline_us, cancellable, error);
}

gboolean
cvm_guest_destroy (CvmGuest  *self,
                   gint64     deadline_us,
                   GError   **error)
{
  return CVM_GUEST_GET_IFACE (self)->destroy (self, deadline_us, error);
}

gboolean
cvm_guest_is_running (CvmGuest *self)
{
  return CVM_GUEST_GET_IFACE (self)->is_running (self);
}

gboolean
cvm_guest_send_serial (CvmGuest    *self,
                       const char  *bytes,
                       gsize        len,
                       GError     **error)
{
  return CVM_GUEST_GET_IFACE (self)->send_serial (self, bytes, len, error);
}

int
cvm_guest_host_port (CvmGuest      *self,
                     guint16        guest_port,
                     gint64         deadline_us,
                     GCancellable  *cancellable,
                     GError       **error)
{
  return CVM_GUEST_GET_IFACE (self)->host_port (self, guest_port, deadline_us, cancellable, error);
}

int
cvm_guest_open_display (CvmGuest      *self,
                        gint64         deadline_us,
                        GCancellable  *cancellable,
                        GError       **error)
{
  return CVM_GUEST_GET_IFACE (self)->open_display (self, deadline_us, cancellable, error);
}

gint64
cvm_guest_get_activity (CvmGuest     *self,
                        gint64        deadline_us,
                        GCancellable *cancellable)
{
  CvmGuestInterface *iface = CVM_GUEST_GET_IFACE (self);

  return iface->get_activity != NULL ? iface->get_activity (self, deadline_us, cancellable) : -1;
}
