/* cvm-wiring.c: the engine's ports on the real world
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-wiring.h"

#include <libintl.h>
#include <locale.h>

#include "cvm-channel-display.h"
#include "cvm-channel-http.h"
#include "cvm-channel-ssh.h"
#include "cvm-prepare.h"
#include "cvm-keyring.h"
#include "cvm-logins.h"
#include "cvm-paths.h"
#include "cvm-settings.h"
#include "cvm-virt-call.h"
#include "cvm-virt-host.h"
#include "cvm-wiring-login.h"

/* A build tree has its translations elsewhere than an installed program */
static void
set_locale (void)
{
  const char *folder = g_getenv ("CVMTESTER_LOCALE_DIR");

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, folder != NULL ? folder : CVM_LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
}

void
cvm_wiring_init (void)
{
  set_locale ();
  cvm_paths_set_images (cvm_settings_dup_images_folder);
}

const CvmPorts *
cvm_wiring_ports (void)
{
  static const CvmPorts ports = {
    .open_host = cvm_wiring_open_host,
    .peek_host = cvm_wiring_peek_host,
    .disk_format = cvm_prepare_format,
    .make_disk = cvm_prepare_disk,
    .open_ssh = cvm_channel_ssh_open,
    .ssh_key = cvm_channel_ssh_key,
    .http_send = cvm_channel_http_send,
    .open_display = cvm_channel_display_open,
    .keyring = cvm_keyring_lookup,
  };

  return &ports;
}

const char *const *
cvm_wiring_hosts (void)
{
  return cvm_virt_host_local_uris ();
}

static void
drain_main_context (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    continue;
}

gboolean
cvm_wiring_settle (gint64 deadline_us)
{
  gboolean is_settled;

  cvm_logins_clear ();
  drain_main_context ();   /* libvirt drops its callbacks there, and with them a connection */
  is_settled = cvm_virt_settle (deadline_us);
  drain_main_context ();

  return is_settled;
}
