/* cvm-fake-ports.c: ports that obey the test
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-fake-ports.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#include <glib/gstdio.h>

#include "cvm-engine-error.h"
#include "cvm-id.h"
#include "cvm-wait.h"

CvmFakeWorld cvm_fake_world;

/* Waits as a thing that never answers does */
static void
hang (gint64         deadline_us,
      GCancellable  *cancellable,
      GError       **error)
{
  while (cvm_wait_ms (1000, deadline_us, cancellable, error))
    ;
}

static gboolean
refuses (const char  *what,
         GError     **error)
{
  return cvm_fake_world.touch != NULL && cvm_fake_world.touch (what, error);
}

/* Domains are files ------------------------------------------------------------------------ */

static char *
domain_path (const char *uuid)
{
  return g_strdup_printf ("%s/domain-%s", cvm_fake_world.dir, uuid);
}

static void
write_domain (const char *uuid,
              const char *name,
              const char *run_id,
              const char *run_dir,
              guint       uid)
{
  g_autofree char *path = domain_path (uuid);
  g_autofree char *text = g_strdup_printf ("%s\n%s\n%s\n%s\n%u\n", name, run_id, run_dir,
                                           cvm_id_machine (), uid);

  g_file_set_contents (path, text, -1, NULL);
}

static guint
count_files (const char *prefix)
{
  g_autoptr(GDir) dir = g_dir_open (cvm_fake_world.dir, 0, NULL);
  guint n = 0;

  for (const char *name = g_dir_read_name (dir); name != NULL; name = g_dir_read_name (dir))
    n += g_str_has_prefix (name, prefix);

  return n;
}

guint
cvm_fake_n_domains (void)
{
  return count_files ("domain-") + count_files ("defined-");
}

guint
cvm_fake_n_networks (void)
{
  return count_files ("network-");
}

void
cvm_fake_remove_domains (void)
{
  g_autoptr(GDir) dir = g_dir_open (cvm_fake_world.dir, 0, NULL);

  for (const char *name = g_dir_read_name (dir); name != NULL; name = g_dir_read_name (dir))
    {
      g_autofree char *path = g_build_filename (cvm_fake_world.dir, name, NULL);

      if (g_str_has_prefix (name, "domain-"))
        g_unlink (path);
    }
}

void
cvm_fake_add_foreign (const char *uuid,
                      const char *name,
                      gboolean    marked_by_other_user)
{
  write_domain (uuid, name, marked_by_other_user ? "2020-01-01T000000Z-0000" : "",
                marked_by_other_user ? "/nowhere" : "", getuid () + 1);
}

/* Guest ------------------------------------------------------------------------------------ */

#define CVM_TYPE_FAKE_GUEST (cvm_fake_guest_get_type ())
G_DECLARE_FINAL_TYPE (CvmFakeGuest, cvm_fake_guest, CVM, FAKE_GUEST, GObject)

struct _CvmFakeGuest
{
  GObject    parent_instance;
  char      *uuid, *name, *run_id, *run_dir, *hypervisor, *xml;
  CvmSerial *serial;
  gint       is_on;
  gboolean   outlives_us;
};

static const char *
fake_get_xml (CvmGuest *guest)
{
  return CVM_FAKE_GUEST (guest)->xml;
}

static void
count_running (void)
{
  gint n = g_atomic_int_add (&cvm_fake_world.n_running, 1) + 1;
  gint max = g_atomic_int_get (&cvm_fake_world.max_running);

  while (n > max && !g_atomic_int_compare_and_exchange (&cvm_fake_world.max_running, max, n))
    max = g_atomic_int_get (&cvm_fake_world.max_running);
}

static gboolean
fake_start (CvmGuest      *guest,
            gint64         deadline_us,
            GCancellable  *cancellable,
            GError       **error)
{
  CvmFakeGuest *self = CVM_FAKE_GUEST (guest);
  const char *text = cvm_fake_world.boot_text != NULL ? cvm_fake_world.boot_text
    : "Linux version 0\nREADY\n";

  if (refuses ("start", error))
    return FALSE;

  write_domain (self->uuid, self->name, self->run_id, self->run_dir, getuid ());
  if (cvm_fake_world.start_hangs)
    {
      hang (deadline_us, cancellable, error);
      return FALSE;
    }

  count_running ();
  g_atomic_int_inc (&cvm_fake_world.n_boots);
  g_atomic_int_add (&cvm_fake_world.n_cut_boots, g_atomic_int_get (&cvm_fake_world.is_cut));
  g_atomic_int_set (&self->is_on, TRUE);
  if (g_strcmp0 (self->hypervisor, cvm_fake_world.silent_hypervisor) != 0)
    cvm_serial_append (self->serial, text, strlen (text));

  return TRUE;
}

static gboolean
fake_destroy (CvmGuest  *guest,
              gint64     deadline_us,
              GError   **error)
{
  CvmFakeGuest *self = CVM_FAKE_GUEST (guest);
  g_autofree char *path = domain_path (self->uuid);

  if (refuses ("destroy", error) || !cvm_deadline_check (deadline_us, NULL, error))
    return FALSE;

  if (cvm_fake_world.destroy_fails)
    {
      g_set_error (error, CVM_ENGINE_ERROR, CVM_ENGINE_ERROR_HOST_LOST, "the fake host is away");
      return FALSE;
    }

  g_unlink (path);
  if (g_atomic_int_compare_and_exchange (&self->is_on, TRUE, FALSE))
    g_atomic_int_add (&cvm_fake_world.n_running, -1);
  cvm_serial_end (self->serial, "the guest is off");

  return TRUE;
}

static gboolean
fake_shut_down (CvmGuest      *guest,
                gint64         deadline_us,
                GCancellable  *cancellable,
                GError       **error)
{
  return !refuses ("shut-down", error) && fake_destroy (guest, deadline_us, error);
}

static gboolean
fake_reboot (CvmGuest      *guest,
             gint64         deadline_us,
             GCancellable  *cancellable,
             GError       **error)
{
  CvmFakeGuest *self = CVM_FAKE_GUEST (guest);

  if (cvm_fake_world.reboot_is_ignored)
    return TRUE;

  g_atomic_int_inc (&cvm_fake_world.n_boots);
  cvm_serial_append (self->serial, "READY\n", 6);

  return TRUE;
}

static gboolean
fake_set_link (CvmGuest      *guest,
               gboolean       is_up,
               gint64         deadline_us,
               GCancellable  *cancellable,
               GError       **error)
{
  if (!cvm_deadline_check (deadline_us, cancellable, error))
    return FALSE;

  g_atomic_int_set (&cvm_fake_world.is_cut, !is_up);

  return TRUE;
}

static gboolean
fake_is_running (CvmGuest *guest)
{
  return g_atomic_int_get (&CVM_FAKE_GUEST (guest)->is_on)
         && !g_atomic_int_get (&cvm_fake_world.guest_is_dead);
}

static gboolean
fake_send_serial (CvmGuest    *guest,
                  const char  *bytes,
                  gsize        len,
                  GError     **error)
{
  cvm_serial_append (CVM_FAKE_GUEST (guest)->serial, bytes, len);

  return TRUE;
}

static int
fake_host_port (CvmGuest      *guest,
                guint16        guest_port,
                gint64         deadline_us,
                GCancellable  *cancellable,
                GError       **error)
{
  return 40000 + guest_port % 1000;
}

static int
fake_open_display (CvmGuest      *guest,
                   gint64         deadline_us,
                   GCancellable  *cancellable,
                   GError       **error)
{
  if (cvm_fake_world.has_screen)
    return open ("/dev/null", O_RDWR | O_CLOEXEC);

  g_set_error (error, CVM_ENGINE_ERROR, CVM_ENGINE_ERROR_UNSUPPORTED,
               "the fake guest has no screen");

  return -1;
}

static void
cvm_fake_guest_iface_init (CvmGuestInterface *iface)
{
  iface->get_xml = fake_get_xml;
  iface->start = fake_start;
  iface->shut_down = fake_shut_down;
  iface->reboot = fake_reboot;
  iface->set_link = fake_set_link;
  iface->destroy = fake_destroy;
  iface->is_running = fake_is_running;
  iface->send_serial = fake_send_serial;
  iface->host_port = fake_host_port;
  iface->open_display = fake_open_display;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (CvmFakeGuest, cvm_fake_guest, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (CVM_TYPE_GUEST, cvm_fake_guest_iface_init))

static void
cvm_fake_guest_finalize (GObject *object)
{
  CvmFakeGuest *self = CVM_FAKE_GUEST (object);

  /* as libvirt ends it with the connection */
  if (!self->outlives_us && !cvm_fake_world.destroy_fails && g_atomic_int_get (&self->is_on))
    fake_destroy (CVM_GUEST (self), CVM_DEADLINE_NEVER, NULL);

  g_free (self->uuid);
  g_free (self->name);
  g_free (self->run_id);
  g_free (self->run_dir);
  g_free (self->hypervisor);
  g_free (self->xml);
  g_clear_object (&self->serial);

  G_OBJECT_CLASS (cvm_fake_guest_parent_class)->finalize (object);
}

static void
cvm_fake_guest_class_init (CvmFakeGuestClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = cvm_fake_guest_finalize;
}

static void
cvm_fake_guest_init (CvmFakeGuest *self)
{
}

/* Host ------------------------------------------------------------------------------------- */

#define CVM_TYPE_FAKE_HOST (cvm_fake_host_get_type ())
G_DECLARE_FINAL_TYPE (CvmFakeHost, cvm_fake_host, CVM, FAKE_HOST, GObject)

struct _CvmFakeHost
{
  GObject       parent_instance;
  CvmHostFacts *facts;
  int           n_losses;       /* of the world, when it was opened */
};

static gboolean
fake_check_host (CvmHost  *host,
                 GError  **error)
{
  if (g_atomic_int_get (&cvm_fake_world.n_losses) == CVM_FAKE_HOST (host)->n_losses)
    return TRUE;

  g_set_error (error, CVM_ENGINE_ERROR, CVM_ENGINE_ERROR_HOST_LOST, "the fake host is away");

  return FALSE;
}

static const CvmHostFacts *
fake_get_facts (CvmHost *host)
{
  return CVM_FAKE_HOST (host)->facts;
}

static CvmGuest *
fake_new_guest (CvmHost             *host,
                const CvmGuestSpec  *spec,
                CvmSerial           *serial,
                GError             **error)
{
  CvmFakeGuest *guest;

  if (refuses ("new-guest", error))
    return NULL;

  if (cvm_fake_world.on_spec != NULL)
    cvm_fake_world.on_spec (spec);

  guest = g_object_new (CVM_TYPE_FAKE_GUEST, NULL);
  guest->uuid = g_strdup (spec->uuid);
  guest->name = g_strdup (spec->name);
  guest->run_id = g_strdup (spec->run_id);
  guest->run_dir = g_strdup (spec->run_dir);
  guest->hypervisor = g_strdup (spec->hypervisor);
  guest->xml = g_strdup_printf ("<domain><uuid>%s</uuid>%s</domain>\n", spec->uuid,
                                spec->memory_mib == 4 ? "incomplete" : "");
  guest->outlives_us = spec->outlives_us;
  guest->serial = g_object_ref (serial);

  return CVM_GUEST (guest);
}

static CvmHostObject *
read_domain (const char *file)
{
  g_autofree char *path = g_build_filename (cvm_fake_world.dir, file, NULL);
  g_autofree char *text = NULL;
  g_auto(GStrv) lines = NULL;
  CvmHostObject *object = cvm_host_object_new ();

  g_file_get_contents (path, &text, NULL, NULL);
  lines = g_strsplit (text, "\n", -1);
  object->kind = g_strdup ("domain");
  object->uuid = g_strdup (file + strlen ("domain-"));
  object->name = g_strdup (lines[0]);
  object->is_marked = *lines[1] != '\0';
  object->run_id = g_strdup (lines[1]);
  object->run_dir = g_strdup (lines[2]);
  object->machine_id = g_strdup (lines[3]);
  object->uid = strtoul (lines[4], NULL, 10);

  return object;
}

static GPtrArray *
fake_list_objects (CvmHost       *host,
                   gint64         deadline_us,
                   GCancellable  *cancellable,
                   GError       **error)
{
  GPtrArray *objects = g_ptr_array_new_with_free_func ((GDestroyNotify)cvm_host_object_free);
  g_autoptr(GDir) dir = g_dir_open (cvm_fake_world.dir, 0, NULL);

  for (const char *name = g_dir_read_name (dir); name != NULL; name = g_dir_read_name (dir))
    if (g_str_has_prefix (name, "domain-"))
      g_ptr_array_add (objects, read_domain (name));

  return objects;
}

static gboolean
fake_read_load (CvmHost       *host,
                CvmHostLoad   *load,
                gint64         deadline_us,
                GCancellable  *cancellable,
                GError       **error)
{
  g_autoptr(GPtrArray) objects = fake_list_objects (host, deadline_us, cancellable, error);

  load->guests = objects->len;
  load->has_memory = load->has_cpus = TRUE;
  load->memory_free_kib = CVM_FAKE_HOST (host)->facts->memory_kib / 2;
  load->cpu_percent = 50;

  return TRUE;
}

static gboolean
fake_remove_object (CvmHost       *host,
                    const char    *kind,
                    const char    *uuid,
                    gint64         deadline_us,
                    GCancellable  *cancellable,
                    GError       **error)
{
  static const char *const prefixes[] = { "domain-", "defined-", "network-" };

  for (gsize i = 0; i < G_N_ELEMENTS (prefixes); i++)
    {
      g_autofree char *path = g_strconcat (cvm_fake_world.dir, "/", prefixes[i], uuid, NULL);

      if (g_unlink (path) < 0 && errno != ENOENT)
        {
          g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "%s", g_strerror (errno));
          return FALSE;
        }
    }

  return TRUE;
}

static char *
fake_network_xml (CvmHost               *host,
                  const CvmNetworkSpec  *spec,
                  GError               **error)
{
  return g_strdup_printf ("<network><name>%s</name><uuid>%s</uuid></network>", spec->name, spec->uuid);
}

/* What is not whole says so itself: the domain of a guest of 4 MiB */
static gboolean
fake_check_xml (CvmHost      *host,
                const char   *kind,
                const char   *xml,
                CvmXmlLevel   level,
                GError      **error)
{
  if (!g_str_has_prefix (xml, "<"))
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "the %s is no XML: line 1", kind);
  else if (level == CVM_XML_COMPLETE && strstr (xml, "incomplete") != NULL)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "the %s has no memory", kind);
  else
    return TRUE;

  return FALSE;
}

/* By the UUID that stands in the XML */
static char *
defined_path (const char *kind,
              const char *xml)
{
  const char *begin = strstr (xml, "<uuid>");
  g_autofree char *uuid = g_strndup (begin + strlen ("<uuid>"), 36);

  return g_strdup_printf ("%s/%s-%s", cvm_fake_world.dir, g_str_equal (kind, "network") ? "network" : "defined",
                          uuid);
}

static gboolean
fake_define_object (CvmHost       *host,
                    const char    *kind,
                    const char    *xml,
                    gint64         deadline_us,
                    GCancellable  *cancellable,
                    GError       **error)
{
  g_autofree char *what = g_strconcat ("define-", kind, NULL);
  g_autofree char *path = defined_path (kind, xml);

  return !refuses (what, error) && g_file_set_contents (path, xml, -1, error);
}

static gboolean
fake_start_network (CvmHost       *host,
                    const char    *uuid,
                    gint64         deadline_us,
                    GCancellable  *cancellable,
                    GError       **error)
{
  if (!cvm_fake_world.network_is_forbidden)
    return !refuses ("start-network", error);

  g_set_error (error, CVM_ENGINE_ERROR, CVM_ENGINE_ERROR_UNSUPPORTED, "fake: may not make a bridge");

  return FALSE;
}

static void
cvm_fake_host_iface_init (CvmHostInterface *iface)
{
  iface->get_facts = fake_get_facts;
  iface->new_guest = fake_new_guest;
  iface->read_load = fake_read_load;
  iface->check = fake_check_host;
  iface->list_objects = fake_list_objects;
  iface->remove_object = fake_remove_object;
  iface->network_xml = fake_network_xml;
  iface->check_xml = fake_check_xml;
  iface->define_object = fake_define_object;
  iface->start_network = fake_start_network;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (CvmFakeHost, cvm_fake_host, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (CVM_TYPE_HOST, cvm_fake_host_iface_init))

static void
cvm_fake_host_finalize (GObject *object)
{
  g_clear_pointer (&CVM_FAKE_HOST (object)->facts, cvm_host_facts_free);

  G_OBJECT_CLASS (cvm_fake_host_parent_class)->finalize (object);
}

static void
cvm_fake_host_class_init (CvmFakeHostClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = cvm_fake_host_finalize;
}

static void
cvm_fake_host_init (CvmFakeHost *self)
{
  static const char *const only_qemu[] = { "qemu", NULL };
  const char *const *offered = cvm_fake_world.hypervisors;

  self->n_losses = g_atomic_int_get (&cvm_fake_world.n_losses);
  self->facts = cvm_host_facts_new ();
  self->facts->uri = g_strdup ("fake:///world");
  self->facts->driver = g_strdup ("Fake");
  self->facts->host_name = g_strdup ("fake-host");
  self->facts->arch = g_strdup (cvm_fake_world.arch != NULL ? cvm_fake_world.arch : "x86_64");
  self->facts->libvirt_version = g_strdup ("0.0.0");
  self->facts->hypervisor_version = g_strdup ("0.0.0");
  self->facts->hypervisors = g_strdupv ((char **)(offered != NULL ? offered : only_qemu));
  self->facts->is_local = !cvm_fake_world.is_remote;
}

/* Channels --------------------------------------------------------------------------------- */

#define CVM_TYPE_FAKE_SSH (cvm_fake_ssh_get_type ())
G_DECLARE_FINAL_TYPE (CvmFakeSsh, cvm_fake_ssh, CVM, FAKE_SSH, GObject)

struct _CvmFakeSsh
{
  GObject parent_instance;
};

static gboolean
exec_hook (const char     *command,
           const char     *input,
           CvmOutputFunc   on_stdout,
           CvmOutputFunc   on_stderr,
           gpointer        data,
           int            *exit_status,
           GError        **error)
{
  g_autoptr(GString) out = g_string_new (NULL);
  g_autoptr(GString) err = g_string_new (NULL);

  *exit_status = cvm_fake_world.exec (command, input, out, err);
  if (on_stdout != NULL)
    on_stdout (out->str, out->len, data);
  if (on_stderr != NULL)
    on_stderr (err->str, err->len, data);
  if (*exit_status >= 0)
    return TRUE;

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED, "connection closed");
  return FALSE;
}

static gboolean
fake_exec (CvmSsh         *ssh,
           const char     *command,
           const char     *input,
           gsize           input_len,
           CvmOutputFunc   on_stdout,
           CvmOutputFunc   on_stderr,
           gpointer        data,
           gint64          deadline_us,
           GCancellable   *cancellable,
           int            *exit_status,
           GError        **error)
{
  const char *output = cvm_fake_world.exec_output != NULL ? cvm_fake_world.exec_output : "";

  g_atomic_int_inc (&cvm_fake_world.n_frames);
  if (cvm_fake_world.exec_hangs)
    {
      hang (deadline_us, cancellable, error);
      return FALSE;
    }

  if (cvm_fake_world.exec_error != NULL)
    {
      g_propagate_error (error, g_error_copy (cvm_fake_world.exec_error));
      return FALSE;
    }

  if (cvm_fake_world.exec != NULL)
    return exec_hook (command, input, on_stdout, on_stderr, data, exit_status, error);

  if (on_stdout != NULL)
    on_stdout (output, strlen (output), data);

  *exit_status = cvm_fake_world.exec_status;

  return TRUE;
}

static void
cvm_fake_ssh_iface_init (CvmSshInterface *iface)
{
  iface->exec = fake_exec;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (CvmFakeSsh, cvm_fake_ssh, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (CVM_TYPE_SSH, cvm_fake_ssh_iface_init))

static void
cvm_fake_ssh_class_init (CvmFakeSshClass *klass)
{
}

static void
cvm_fake_ssh_init (CvmFakeSsh *self)
{
}

#define CVM_TYPE_FAKE_DISPLAY (cvm_fake_display_get_type ())
G_DECLARE_FINAL_TYPE (CvmFakeDisplay, cvm_fake_display, CVM, FAKE_DISPLAY, GObject)

struct _CvmFakeDisplay
{
  GObject parent_instance;
};

static gboolean
fake_wait_frame (CvmDisplay    *display,
                 guint64        after,
                 guint64       *frame,
                 gint64         deadline_us,
                 GCancellable  *cancellable,
                 GError       **error)
{
  *frame = g_atomic_int_get (&cvm_fake_world.n_frames);
  if (*frame > after)
    return TRUE;

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "no new frame");

  return FALSE;
}

static GBytes *
fake_dup_png (CvmDisplay  *display,
              GError     **error)
{
  g_autofree char *picture = g_strdup_printf ("picture %d",
                                              g_atomic_int_get (&cvm_fake_world.n_frames));

  return g_bytes_new (picture, strlen (picture));
}

static void
cvm_fake_display_iface_init (CvmDisplayInterface *iface)
{
  iface->wait_frame = fake_wait_frame;
  iface->dup_png = fake_dup_png;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (CvmFakeDisplay, cvm_fake_display, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (CVM_TYPE_DISPLAY, cvm_fake_display_iface_init))

static void
cvm_fake_display_class_init (CvmFakeDisplayClass *klass)
{
}

static void
cvm_fake_display_init (CvmFakeDisplay *self)
{
}

static CvmDisplay *
fake_open_display_on (int            fd,
                      gint64         deadline_us,
                      GCancellable  *cancellable,
                      GError       **error)
{
  close (fd);

  return g_object_new (CVM_TYPE_FAKE_DISPLAY, NULL);
}

static CvmHost *
fake_open_host (const char    *uri,
                gint64         deadline_us,
                GCancellable  *cancellable,
                GError       **error)
{
  if (refuses ("open-host", error))
    return NULL;

  if (cvm_fake_world.host_refuses)
    {
      g_set_error (error, CVM_ENGINE_ERROR, CVM_ENGINE_ERROR_HOST_LOST, "%s: connection refused",
                   uri);
      return NULL;
    }

  if (cvm_fake_world.host_hangs)
    {
      hang (deadline_us, cancellable, error);
      return NULL;
    }

  return g_object_new (CVM_TYPE_FAKE_HOST, NULL);
}

static const char *
fake_disk_format (const char *hypervisor)
{
  return "qcow2";
}

static gboolean
fake_make_disk (const char    *base,
                const char    *format,
                const char    *path,
                const char    *path_format,
                gint64         deadline_us,
                GCancellable  *cancellable,
                GError       **error)
{
  return g_file_set_contents (path, "overlay", -1, error) && !refuses ("overlay", error);
}

static CvmSsh *
fake_open_ssh (const CvmSshTarget *target,
               gint64              deadline_us,
               GCancellable       *cancellable,
               GError            **error)
{
  if (cvm_fake_world.on_ssh != NULL)
    cvm_fake_world.on_ssh (target);

  if (cvm_fake_world.ssh_denies)
    {
      g_set_error (error, CVM_ENGINE_ERROR, CVM_ENGINE_ERROR_REFUSED, "the key was refused");
      return NULL;
    }

  if (g_atomic_int_get (&cvm_fake_world.is_cut)
      || g_atomic_int_add (&cvm_fake_world.ssh_silences, -1) > 0)
    {
      hang (deadline_us, cancellable, error);
      return NULL;
    }

  if (g_atomic_int_add (&cvm_fake_world.ssh_refusals, -1) > 0)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED, "connection refused");
      return NULL;
    }

  return g_object_new (CVM_TYPE_FAKE_SSH, NULL);
}

static char *
fake_ssh_key (const char  *file,
              GError     **error)
{
  if (!g_file_test (file, G_FILE_TEST_EXISTS) && !g_file_set_contents (file, "a key", -1, error))
    return NULL;

  return g_strdup ("ssh-ed25519 FAKE test");
}

static CvmHttpReply *
fake_http_send (const CvmHttpRequest  *request,
                gint64                 deadline_us,
                GCancellable          *cancellable,
                GError               **error)
{
  const char *body = cvm_fake_world.http_body != NULL ? cvm_fake_world.http_body : "fake";
  CvmHttpReply *reply;

  cvm_fake_world.last_uri = g_intern_string (request->uri);
  if (cvm_fake_world.http != NULL)
    return cvm_fake_world.http (request, error);

  reply = cvm_http_reply_new ();
  reply->status = cvm_fake_world.http_status;
  reply->body = g_bytes_new_static (body, strlen (body));

  return reply;
}

const CvmPorts *
cvm_fake_ports (void)
{
  static CvmPorts ports = {
    .open_host = fake_open_host,
    .peek_host = fake_open_host,
    .disk_format = fake_disk_format,
    .make_disk = fake_make_disk,
    .open_ssh = fake_open_ssh,
    .ssh_key = fake_ssh_key,
    .http_send = fake_http_send,
    .open_display = fake_open_display_on,
  };

  ports.first_sign_ms = cvm_fake_world.first_sign_ms != 0 ? cvm_fake_world.first_sign_ms : 300;

  return &ports;
}
