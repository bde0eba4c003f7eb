/* cvm-wiring.c: the engine's ports on the real world
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-wiring.h"

#include <libintl.h>
#include <locale.h>
#include <unistd.h>

#include "cvm-gio.h"
#include "cvm-keyring.h"
#include "cvm-logins.h"
#include "cvm-paths.h"
#include "cvm-prepare.h"
#include "cvm-reach.h"
#include "cvm-settings.h"

static CvmLoginAsk ask_person;   /* set before there is a second thread; or NULL */

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
  cvm_gio_prepare ();
  set_locale ();
  cvm_paths_set_images (cvm_settings_dup_images_folder);
}

void
cvm_wiring_set_ask (CvmLoginAsk ask)
{
  ask_person = ask;
}

/* Ports that load what is behind them --------------------------------------------------------- */

static CvmHost *
open_host (const char    *uri,
           gint64         deadline_us,
           GCancellable  *cancellable,
           GError       **error)
{
  const CvmReach *reach = cvm_reach_load (ask_person, error);

  return reach != NULL ? reach->ports.open_host (uri, deadline_us, cancellable, error) : NULL;
}

static CvmHost *
peek_host (const char    *uri,
           gint64         deadline_us,
           GCancellable  *cancellable,
           GError       **error)
{
  const CvmReach *reach = cvm_reach_load (ask_person, error);

  return reach != NULL ? reach->ports.peek_host (uri, deadline_us, cancellable, error) : NULL;
}

static CvmSsh *
open_ssh (const CvmSshTarget *target,
          gint64              deadline_us,
          GCancellable       *cancellable,
          GError            **error)
{
  const CvmReach *reach = cvm_reach_load (ask_person, error);

  return reach != NULL ? reach->ports.open_ssh (target, deadline_us, cancellable, error) : NULL;
}

static char *
ssh_key (const char  *file,
         GError     **error)
{
  const CvmReach *reach = cvm_reach_load (ask_person, error);

  return reach != NULL ? reach->ports.ssh_key (file, error) : NULL;
}

static CvmHttpReply *
http_send (const CvmHttpRequest *request,
           gint64                deadline_us,
           GCancellable         *cancellable,
           GError              **error)
{
  const CvmReach *reach = cvm_reach_load (ask_person, error);

  return reach != NULL ? reach->ports.http_send (request, deadline_us, cancellable, error) : NULL;
}

static CvmDisplay *
open_display (int            fd,
              gint64         deadline_us,
              GCancellable  *cancellable,
              GError       **error)
{
  const CvmReach *reach = cvm_reach_load (ask_person, error);

  if (reach == NULL)
    {
      close (fd);
      return NULL;
    }

  return reach->ports.open_display (fd, deadline_us, cancellable, error);
}

const CvmPorts *
cvm_wiring_ports (void)
{
  static const CvmPorts ports = {
    .open_host = open_host,
    .peek_host = peek_host,
    .disk_format = cvm_prepare_format,
    .make_disk = cvm_prepare_disk,
    .open_ssh = open_ssh,
    .ssh_key = ssh_key,
    .http_send = http_send,
    .open_display = open_display,
    .keyring = cvm_keyring_lookup,
  };

  return &ports;
}

const char *const *
cvm_wiring_hosts (void)
{
  static const char *const uris[] = { "qemu:///session", "qemu:///system", "test:///default",
                                      NULL };

  return uris;
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
  const CvmReach *reach = cvm_reach_peek ();
  gboolean is_settled;

  cvm_logins_clear ();
  drain_main_context ();   /* libvirt drops its callbacks there, and with them a connection */
  is_settled = reach == NULL || reach->settle (deadline_us);
  drain_main_context ();

  return is_settled;
}
