/* cvm-job-guest.c: a job's host and guest: made, watched and removed, each act journalled first
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-job-private.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>
#include <glib/gstdio.h>

#include "cvm-engine-error.h"
#include "cvm-file.h"
#include "cvm-id.h"
#include "cvm-wait.h"

#define FIRST_OUTPUT_MS 20000   /* an unproven hypervisor's guest is silent for at most this long */
#define DISPLAY_MS      15000   /* a window that is busy answers late; a run goes on without */
#define COME_BACK_MS    10000   /* a lost host is waited for so long, to remove its guest */
#define TRY_AGAIN_MS      500

static void
set_string (char       **string,
            const char  *value)
{
  g_free (*string);
  *string = g_strdup (value);
}

static void
note_host (CvmJob *self)
{
  const CvmHostFacts *facts = cvm_host_get_facts (self->host);
  g_autofree char *versions = g_strdup_printf ("libvirt %s, %s %s", facts->libvirt_version,
                                               facts->driver, facts->hypervisor_version);

  cvm_job_fact (self, "host name", facts->host_name);
  cvm_job_fact (self, "versions", versions);
}

gboolean
cvm_job_open_host (CvmJob  *self,
                   gint64   deadline_us,
                   GError **error)
{
  if (self->host != NULL)
    return TRUE;

  self->host = self->ports->open_host (self->spec->host_uri, deadline_us, self->cancellable, error);
  if (self->host == NULL)
    return FALSE;

  note_host (self);

  return TRUE;
}

/* The spec --------------------------------------------------------------------------------- */

CvmGuestSpec *
cvm_job_new_spec (CvmJob     *self,
                  const char *suffix)
{
  CvmGuestSpec *spec = cvm_guest_spec_new ();
  const char *run_id = cvm_run_folder_get_id (self->folder);

  spec->name = g_strdup_printf ("cvmtester-%s-%s%s", run_id, self->spec->id, suffix);
  spec->uuid = cvm_id_uuid_for (run_id, spec->name);
  spec->run_id = g_strdup (run_id);
  spec->job_id = g_strdup (self->spec->id);
  spec->run_dir = g_strdup (cvm_run_folder_get_path (self->folder));
  spec->machine_id = g_strdup (cvm_id_machine ());
  spec->uid = getuid ();
  spec->arch = g_strdup ("x86_64");
  spec->memory_mib = 256;
  spec->cpus = 1;

  return spec;
}

static void
add_port (CvmGuestSpec *spec,
          gint64        port)
{
  guint16 value = port;

  if (port < 1 || port > 65535)
    return;

  for (guint i = 0; i < spec->ports->len; i++)
    if (g_array_index (spec->ports, guint16, i) == value)
      return;

  g_array_append_val (spec->ports, value);
}

/* Every case that names a guest's port gets it forwarded, and ssh always */
static void
add_ports (CvmJob       *self,
           CvmGuestSpec *spec)
{
  add_port (spec, 22);

  for (guint i = 0; i < cvm_suite_n_cases (self->spec->suite); i++)
    {
      const CvmCase *item = cvm_suite_case (self->spec->suite, i);
      const char *text = g_hash_table_lookup (item->values, "port");
      gint64 port;

      if (text != NULL && cvm_param_parse_integer (text, &port))
        add_port (spec, port);
    }
}

/* Of the job's disk: once the hypervisor is chosen */
static const char *
disk_format (CvmJob *self)
{
  const char *format = self->ports->disk_format (self->hypervisor);

  return format != NULL ? format : "qcow2";
}

static CvmGuestSpec *
image_spec (CvmJob *self)
{
  const CvmImage *image = self->image;
  const CvmGuestWish *wish = &self->wish;
  CvmGuestSpec *spec = cvm_job_new_spec (self, "");

  g_free (spec->arch);
  spec->arch = g_strdup (image->arch);
  spec->title = g_strdup_printf ("%s: %s", image->name, cvm_suite_get_name (self->spec->suite));
  spec->hypervisor = g_strdup (self->hypervisor);
  spec->memory_mib = wish->memory_mib != 0 ? wish->memory_mib : image->memory_mib;
  spec->cpus = wish->cpus != 0 ? wish->cpus : image->cpus;
  spec->video_kib = wish->video_kib;
  spec->mac = g_strdup (wish->mac);
  spec->kernel = g_strdup (wish->kernel != NULL ? wish->kernel : image->kernel);
  spec->initrd = g_strdup (wish->kernel != NULL ? wish->initrd : image->initrd);
  spec->cmdline = g_strdup (wish->cmdline != NULL ? wish->cmdline : image->cmdline);
  spec->disk = g_strdup (self->overlay);
  spec->disk_format = self->overlay != NULL ? g_strdup (disk_format (self)) : NULL;
  spec->seed = g_strdup (image->seed);
  spec->context = g_strdup (image->context);
  spec->has_display = TRUE;
  spec->outlives_us = self->keep_failed || self->may_keep;
  add_ports (self, spec);

  return spec;
}

/* Domains ---------------------------------------------------------------------------------- */

gboolean
cvm_job_begin_act (CvmJob        *self,
                   const CvmAct  *act,
                   GError       **error)
{
  return !g_cancellable_set_error_if_cancelled (self->cancellable, error)
         && cvm_job_act (self, act, error);
}

gboolean
cvm_job_end_act (CvmJob        *self,
                 const CvmAct  *act,
                 GError        *failed,
                 GError       **error)
{
  cvm_job_acted (self, act, failed);
  if (failed == NULL)
    return TRUE;

  g_propagate_error (error, failed);

  return FALSE;
}

gboolean
cvm_job_run_domain (CvmJob              *self,
                    CvmGuest            *guest,
                    const CvmGuestSpec  *spec,
                    gint64               deadline_us,
                    GError             **error)
{
  CvmAct act = { "domain", spec->name, spec->uuid };
  g_autoptr(GError) local = NULL;

  if (!cvm_job_begin_act (self, &act, error))
    return FALSE;

  cvm_guest_start (guest, deadline_us, self->cancellable, &local);

  return cvm_job_end_act (self, &act, g_steal_pointer (&local), error);
}

gboolean
cvm_job_end_domain (CvmJob      *self,
                    CvmGuest    *guest,
                    const char  *name,
                    const char  *uuid,
                    GError     **error)
{
  CvmAct act = { "domain-remove", name, uuid };
  g_autoptr(GError) local = NULL;

  /* a guest is ended also when the journal can say nothing any more */
  cvm_job_act (self, &act, NULL);
  cvm_guest_destroy (guest, cvm_deadline_in_ms (CVM_JOB_TEARDOWN_MS), &local);
  cvm_job_acted (self, &act, local);
  if (local == NULL)
    return TRUE;

  cvm_job_log (self, "warning", "%s could not be removed: %s; run “cvmtester-cli sweep” later",
               name, local->message);
  g_propagate_error (error, g_steal_pointer (&local));

  return FALSE;
}

static void
remove_overlay (CvmJob *self)
{
  g_autofree char *file = self->overlay != NULL ? g_path_get_basename (self->overlay) : NULL;
  CvmAct act = { "overlay-remove", file, NULL, self->overlay };
  g_autoptr(GError) error = NULL;

  if (self->overlay == NULL)
    return;

  cvm_job_act (self, &act, NULL);
  if (g_unlink (self->overlay) < 0 && errno != ENOENT)
    error = g_error_new (G_IO_ERROR, g_io_error_from_errno (errno), "%s: %s", self->overlay,
                         g_strerror (errno));

  cvm_job_acted (self, &act, error);
  g_clear_pointer (&self->overlay, g_free);
}

static gboolean
make_overlay (CvmJob  *self,
              gint64   deadline_us,
              GError **error)
{
  const CvmImage *image = self->image;
  g_autofree char *file = NULL;
  g_autofree char *path = NULL;
  g_autoptr(GError) local = NULL;

  if (image->disk == NULL || self->overlay != NULL)
    return TRUE;

  file = g_strconcat ("disk.", disk_format (self), NULL);
  path = cvm_run_folder_job_file (self->folder, self->spec->id, file, error);
  if (path == NULL)
    return FALSE;

  CvmAct act = { "overlay", file, NULL, path };

  if (!cvm_job_begin_act (self, &act, error))
    return FALSE;

  self->overlay = g_strdup (path);
  self->ports->make_disk (image->disk, image->format, path, disk_format (self), deadline_us,
                          self->cancellable, &local);
  cvm_job_acted (self, &act, local);
  if (local == NULL)
    return TRUE;

  remove_overlay (self);   /* what there is of it */
  g_propagate_error (error, g_steal_pointer (&local));

  return FALSE;
}

/* The recorder of the guest's screen; a run goes on without one */
static void
open_display (CvmJob *self)
{
  g_autoptr(GError) error = NULL;
  gint64 deadline_us = cvm_deadline_in_ms (DISPLAY_MS);
  int fd = cvm_guest_open_display (self->guest, deadline_us, self->cancellable, &error);

  g_clear_object (&self->display);
  self->frame = 0;
  if (fd >= 0)
    self->display = self->ports->open_display (fd, deadline_us, self->cancellable, &error);

  if (self->display == NULL)
    cvm_job_log (self, "warning", "the guest's screen is not recorded: %s", error->message);
}

/* It is off, or about to be */
static void
leave_guest (CvmJob *self)
{
  cvm_job_end_watch (self);
  g_clear_object (&self->display);
  self->guest_is_on = FALSE;
}

void
cvm_job_save_frame (CvmJob     *self,
                    guint       number,
                    const char *case_id)
{
  g_autofree char *name = g_strdup_printf ("frames/%04u-%s.png", number, case_id);
  g_autofree char *path = NULL;
  g_autoptr(GError) error = NULL;
  guint64 frame;

  if (self->display == NULL
      || !cvm_display_wait_frame (self->display, self->frame, &frame, g_get_monotonic_time (), NULL,
                                  NULL))
    return;

  path = cvm_run_folder_job_file (self->folder, self->spec->id, name, &error);
  if (path != NULL && cvm_display_save_png (self->display, path, &error))
    {
      self->frame = frame;
      cvm_job_evidence (self, case_id, name, "image/png");
      return;
    }

  cvm_job_log (self, "warning", "%s was not kept: %s", name, error->message);
}

/* Start ------------------------------------------------------------------------------------ */

static gboolean
keep_xml (CvmJob    *self,
          CvmGuest  *guest,
          GError   **error)
{
  g_autofree char *path = cvm_run_folder_job_file (self->folder, self->spec->id, "domain.xml",
                                                   error);

  if (path == NULL || !cvm_file_write (path, cvm_guest_get_xml (guest), -1, 0600, error))
    return FALSE;

  cvm_job_evidence (self, NULL, "domain.xml", "application/xml");

  return TRUE;
}

static void
set_guest (CvmJob   *self,
           CvmGuest *guest)
{
  g_mutex_lock (&self->lock);
  g_set_object (&self->guest, guest);
  g_mutex_unlock (&self->lock);
}

CvmGuest *
cvm_job_dup_guest (CvmJob *self)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return self->guest != NULL ? g_object_ref (self->guest) : NULL;
}

static gboolean
describe (CvmJob  *self,
          GError **error)
{
  g_autoptr(CvmGuestSpec) spec = NULL;
  g_autoptr(CvmGuest) guest = NULL;

  if (self->guest != NULL)
    return TRUE;

  spec = image_spec (self);
  guest = cvm_host_new_guest (self->host, spec, self->serial, error);
  if (guest == NULL || !keep_xml (self, guest, error))
    return FALSE;

  set_guest (self, guest);
  set_string (&self->domain_name, spec->name);
  set_string (&self->domain_uuid, spec->uuid);

  return TRUE;
}

static gboolean
boot (CvmJob  *self,
      gint64   deadline_us,
      GError **error)
{
  g_autoptr(CvmGuestSpec) spec = image_spec (self);

  if (!describe (self, error))
    return FALSE;

  self->boot_offset = cvm_serial_offset (self->serial);
  self->guest_is_on = cvm_job_run_domain (self, self->guest, spec, deadline_us, error);
  if (self->guest_is_on && spec->has_display)
    open_display (self);
  if (self->guest_is_on)
    cvm_job_begin_watch (self);

  return self->guest_is_on;
}

/* The first byte of a guest under an unproven hypervisor proves it; silence disproves it, if it
 * was waited for long enough: a case's short limit proves nothing */
static gboolean
prove (CvmJob  *self,
       gint64   deadline_us,
       GError **error)
{
  g_autoptr(GRegex) any = g_regex_new (".", 0, 0, NULL);
  g_autoptr(GError) local = NULL;
  guint limit_ms = self->ports->first_sign_ms != 0 ? self->ports->first_sign_ms : FIRST_OUTPUT_MS;
  gint64 limit_us = MIN (deadline_us, cvm_deadline_in_ms (limit_ms));

  if (cvm_serial_wait (self->serial, any, self->boot_offset, limit_us, self->cancellable, NULL,
                       &local))
    {
      self->is_first_boot_probe = FALSE;
      cvm_job_remember_hypervisor (self, TRUE, "a guest booted");
      return TRUE;
    }

  if (g_error_matches (local, G_IO_ERROR, G_IO_ERROR_TIMED_OUT) && limit_us < deadline_us)
    {
      g_clear_error (&local);
      g_set_error (&local, G_IO_ERROR, G_IO_ERROR_FAILED, "no output within %.3g s",
                   limit_ms / 1000.0);
      cvm_job_remember_hypervisor (self, FALSE, local->message);
    }

  g_propagate_error (error, g_steal_pointer (&local));

  return FALSE;
}

/* Not so when the time was up, by the user's wish, or with the host itself away */
static gboolean
may_be_hypervisors_fault (const GError *error)
{
  return !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT)
         && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)
         && !g_error_matches (error, CVM_ENGINE_ERROR, CVM_ENGINE_ERROR_HOST_LOST);
}

/* What came up under the unproven hypervisor goes, with what it wrote, and comes up once more */
static gboolean
boot_as_qemu (CvmJob      *self,
              const char  *finding,
              gint64       deadline_us,
              GError     **error)
{
  g_autofree char *fact = g_strdup_printf ("qemu (%s: %s, started once more)", self->hypervisor,
                                           finding);

  self->is_first_boot_probe = FALSE;
  cvm_job_fact (self, "hypervisor", fact);
  leave_guest (self);
  if (self->guest != NULL
      && !cvm_job_end_domain (self, self->guest, self->domain_name, self->domain_uuid, error))
    return FALSE;

  remove_overlay (self);
  set_guest (self, NULL);
  set_string (&self->hypervisor, "qemu");

  return make_overlay (self, deadline_us, error) && boot (self, deadline_us, error);
}

static gboolean
boot_and_prove (CvmJob  *self,
                gint64   deadline_us,
                GError **error)
{
  g_autoptr(GError) local = NULL;

  if ((self->guest_is_on && cvm_guest_is_running (self->guest))
      || boot (self, deadline_us, &local))
    {
      if (!self->is_first_boot_probe || prove (self, deadline_us, &local))
        return TRUE;
    }

  if (self->is_first_boot_probe && may_be_hypervisors_fault (local))
    return boot_as_qemu (self, local->message, deadline_us, error);

  g_propagate_error (error, g_steal_pointer (&local));

  return FALSE;
}

static gboolean
choose_hypervisor (CvmJob  *self,
                   gint64   deadline_us,
                   GError **error)
{
  g_autofree char *why = NULL;
  g_autofree char *fact = NULL;

  if (self->hypervisor != NULL)
    return TRUE;

  self->hypervisor = cvm_job_choose_hypervisor (self, deadline_us, &why, &self->is_first_boot_probe,
                                                error);
  if (self->hypervisor == NULL)
    return FALSE;

  fact = g_strdup_printf ("%s (%s)", self->hypervisor, why);
  cvm_job_fact (self, "hypervisor", fact);

  return TRUE;
}

static gboolean
can_boot_here (CvmJob  *self,
               GError **error)
{
  const CvmHostFacts *facts = cvm_host_get_facts (self->host);

  if (self->image == NULL)
    g_set_error (error, CVM_ENGINE_ERROR, CVM_ENGINE_ERROR_REFUSED,
                 "the suite boots a guest: name an image with --image");
  else if (!facts->is_local)
    g_set_error (error, CVM_ENGINE_ERROR, CVM_ENGINE_ERROR_REFUSED,
                 "%s is another machine: images are booted on this one only; use a local host "
                 "such as qemu:///session",
                 facts->uri);
  else
    return TRUE;

  return FALSE;
}

gboolean
cvm_job_describe_guest (CvmJob  *self,
                        gint64   deadline_us,
                        GError **error)
{
  return cvm_job_open_host (self, deadline_us, error)
         && can_boot_here (self, error)
         && choose_hypervisor (self, deadline_us, error)
         && make_overlay (self, deadline_us, error)
         && describe (self, error);
}

gboolean
cvm_job_start_guest (CvmJob  *self,
                     gint64   deadline_us,
                     GError **error)
{
  return cvm_job_describe_guest (self, deadline_us, error)
         && boot_and_prove (self, deadline_us, error);
}

gboolean
cvm_job_stop_guest (CvmJob    *self,
                    gboolean   force,
                    gint64     deadline_us,
                    GError   **error)
{
  CvmAct act = { "domain-stop", self->domain_name, self->domain_uuid };
  g_autoptr(GError) local = NULL;

  if (force)
    {
      leave_guest (self);
      return cvm_job_end_domain (self, self->guest, self->domain_name, self->domain_uuid, error);
    }

  if (!cvm_job_begin_act (self, &act, error))
    return FALSE;

  cvm_guest_shut_down (self->guest, deadline_us, self->cancellable, &local);
  cvm_job_acted (self, &act, local);
  if (local != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }

  leave_guest (self);

  return TRUE;
}

/* Teardown --------------------------------------------------------------------------------- */

/* FALSE when the journal cannot say so: sweep would take it from the user later */
static gboolean
keep_guest (CvmJob *self)
{
  CvmAct act = { "domain-keep", self->domain_name, self->domain_uuid, self->overlay };

  if (!cvm_guest_is_running (self->guest) || !cvm_job_act (self, &act, NULL))
    return FALSE;

  cvm_job_acted (self, &act, NULL);
  cvm_job_log (self, "info", "%s is kept, as asked; end it with: virsh -c %s destroy %s",
               self->domain_name, self->spec->host_uri, self->domain_name);

  return TRUE;
}

/* The host was lost with the guest on it. A daemon that was restarted has kept it; so it is removed
 * over a connection of its own. FALSE: the host stays away. */
static gboolean
remove_when_back (CvmJob *self)
{
  CvmAct act = { "domain-remove", self->domain_name, self->domain_uuid };
  gint64 deadline_us = cvm_deadline_in_ms (COME_BACK_MS);
  g_autoptr(GError) error = NULL;
  CvmHost *host;

  do
    host = self->ports->open_host (self->spec->host_uri, deadline_us, NULL, NULL);
  while (host == NULL && cvm_wait_ms (TRY_AGAIN_MS, deadline_us, NULL, NULL));

  if (host == NULL)
    return FALSE;

  g_object_unref (self->host);
  self->host = host;
  cvm_job_act (self, &act, NULL);
  cvm_host_remove_object (host, "domain", act.uuid, cvm_deadline_in_ms (CVM_JOB_TEARDOWN_MS), NULL,
                          &error);
  cvm_job_acted (self, &act, error);
  if (error == NULL)
    cvm_job_log (self, "host-back", "the host is back; the guest was removed");

  return error == NULL;
}

static gboolean
is_host_lost (CvmJob *self)
{
  return self->host != NULL && !cvm_host_check (self->host, NULL);
}

/**
 * cvm_job_teardown:
 * @keep: the guest and its overlay stay, by the user's wish
 *
 * Every way out of a job comes through here: nothing of it is left but its folder.
 */
void
cvm_job_teardown (CvmJob   *self,
                  gboolean  keep)
{
  gboolean is_gone = TRUE;

  leave_guest (self);

  if (self->guest != NULL)
    is_gone = (is_host_lost (self) && !keep && remove_when_back (self))
              || (!(keep && keep_guest (self))
                  && cvm_job_end_domain (self, self->guest, self->domain_name, self->domain_uuid,
                                         NULL));

  set_guest (self, NULL);
  if (self->key != NULL)
    g_unlink (self->key);

  /* a disk is not taken from under a guest that may still run */
  if (is_gone)
    {
      cvm_job_remove_defined (self);
      remove_overlay (self);
    }

  g_clear_object (&self->host);
}
