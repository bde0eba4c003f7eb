/* cvm-virt-loop.c: libvirt's events on GLib's default main context
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-virt-loop.h"

#include <libvirt-glib/libvirt-glib-event.h>
#include <libvirt/virterror.h>

/* libvirt prints every error on stderr unless told otherwise; ours are returned */
static void
on_libvirt_error (void        *data,
                  virErrorPtr  error)
{
}

static gpointer
set_up (gpointer data)
{
  virInitialize ();
  virSetErrorFunc (NULL, on_libvirt_error);
  gvir_event_register ();

  return NULL;
}

void
cvm_virt_loop_init (void)
{
  static GOnce once = G_ONCE_INIT;

  g_once (&once, set_up, NULL);
}
