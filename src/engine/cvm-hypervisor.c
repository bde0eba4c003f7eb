/* cvm-hypervisor.c: which hypervisor a job's guest gets, and why
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * That a host offers kvm (or hvf) does not mean that a guest boots on it: firmware may run and
 * a kernel hang for ever. So "auto" takes it only when a boot showed that it works: a small
 * probe guest with a kernel and nothing else, or, where no kernel can be read, the job's own
 * first boot. What was found is remembered until the kernel, libvirt or QEMU changes. */
#include "cvm-job-private.h"

#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "cvm-engine-error.h"
#include "cvm-file.h"
#include "cvm-id.h"
#include "cvm-keyfile.h"
#include "cvm-paths.h"
#include "cvm-wait.h"

#define PROBE_MS 10000

static gboolean
offers (CvmJob     *self,
        const char *hypervisor)
{
  const CvmHostFacts *facts = cvm_host_get_facts (self->host);

  return facts->hypervisors != NULL
         && g_strv_contains ((const char *const *)facts->hypervisors, hypervisor);
}

/* Memory ----------------------------------------------------------------------------------- */

/* A group name for this host as it is today */
static char *
finding_id (CvmJob *self)
{
  const CvmHostFacts *facts = cvm_host_get_facts (self->host);
  struct utsname kernel;
  g_autofree char *text = NULL;

  uname (&kernel);
  text = g_strjoin ("|", facts->uri, facts->host_name, kernel.release, kernel.version,
                    facts->libvirt_version, facts->hypervisor_version, NULL);

  return g_compute_checksum_for_string (G_CHECKSUM_SHA256, text, -1);
}

/* Findings that cannot be read are none: the probe is run again */
static CvmKeyfile *
load_findings (const char *path)
{
  g_autoptr(CvmKeyfile) file = cvm_keyfile_load (path, NULL);

  return file != NULL ? g_steal_pointer (&file) : cvm_keyfile_new_from_data ("", 0, path, NULL);
}

static gboolean
recall (CvmJob    *self,
        gboolean  *works,
        char     **why)
{
  g_autofree char *path = cvm_paths_data ("hypervisors.ini");
  g_autofree char *id = finding_id (self);
  g_autoptr(CvmKeyfile) file = load_findings (path);
  const CvmKeyfileEntry *entry = cvm_keyfile_find (file, "Finding", id, "Works");
  const CvmKeyfileEntry *reason = cvm_keyfile_find (file, "Finding", id, "Why");

  if (entry == NULL || reason == NULL || !cvm_param_parse_boolean (entry->value, works))
    return FALSE;

  *why = g_strdup_printf ("%s, found earlier", reason->value);

  return TRUE;
}

void
cvm_job_remember_hypervisor (CvmJob     *self,
                             gboolean    works,
                             const char *why)
{
  g_autofree char *path = cvm_paths_data ("hypervisors.ini");
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *id = finding_id (self);
  g_autofree char *data = NULL;
  g_autoptr(CvmKeyfile) file = load_findings (path);
  g_autoptr(GError) error = NULL;
  gsize len;

  cvm_keyfile_set (file, "Finding", id, "Host", self->spec->host_uri);
  cvm_keyfile_set (file, "Finding", id, "Works", works ? "true" : "false");
  cvm_keyfile_set (file, "Finding", id, "Why", why);
  data = cvm_keyfile_to_data (file, &len);
  g_mkdir_with_parents (folder, 0700);
  if (!cvm_file_write (path, data, len, 0600, &error))
    cvm_job_log (self, "warning", "what was found of the hypervisor is not remembered: %s",
                 error->message);
}

/* The probe -------------------------------------------------------------------------------- */

static char *
probe_kernel (CvmJob *self)
{
  const CvmImage *image = self->image;
  struct utsname host;
  g_autofree char *installed = NULL;

  if (image != NULL && image->kernel != NULL)
    return g_strdup (image->kernel);

  uname (&host);
  installed = g_strconcat ("/boot/vmlinuz-", host.release, NULL);

  return access (installed, R_OK) == 0 ? g_steal_pointer (&installed) : NULL;
}

static guint
probe_ms (CvmJob *self)
{
  return self->ports->first_sign_ms != 0 ? self->ports->first_sign_ms : PROBE_MS;
}

static CvmGuestSpec *
probe_spec (CvmJob     *self,
            const char *hypervisor,
            const char *kernel)
{
  CvmGuestSpec *spec = cvm_job_new_spec (self, "-probe");
  const char *arch = cvm_host_get_facts (self->host)->arch;

  if (*arch != '\0')
    {
      g_free (spec->arch);
      spec->arch = g_strdup (arch);
    }

  spec->title = g_strdup ("cvmtester: does the hypervisor work?");
  spec->hypervisor = g_strdup (hypervisor);
  spec->kernel = g_strdup (kernel);
  spec->cmdline = g_strdup (strcmp (arch, "aarch64") == 0 ? "console=ttyAMA0 earlycon panic=-1"
                            : "console=ttyS0 earlyprintk=ttyS0 panic=-1");

  return spec;
}

/* SILENT: it ran for as long as a probe may, and its kernel said nothing */
static gboolean
hear_probe (CvmJob     *self,
            CvmSerial  *serial,
            gint64      deadline_us,
            gboolean   *silent,
            GError    **error)
{
  g_autoptr(GRegex) kernel_line = g_regex_new ("Linux version|\\[ *\\d+\\.\\d+\\]", 0, 0, NULL);
  gint64 limit_us = MIN (deadline_us, cvm_deadline_in_ms (probe_ms (self)));
  g_autoptr(GError) local = NULL;

  if (cvm_serial_wait (serial, kernel_line, 0, limit_us, self->cancellable, NULL, &local))
    return TRUE;

  *silent = g_error_matches (local, G_IO_ERROR, G_IO_ERROR_TIMED_OUT) && limit_us < deadline_us;
  g_propagate_error (error, g_steal_pointer (&local));

  return FALSE;
}

/* Ends the probe's guest also when it did not start: part of it may be there */
static gboolean
boot_probe (CvmJob        *self,
            CvmGuestSpec  *spec,
            gint64         deadline_us,
            gboolean      *silent,
            GError       **error)
{
  g_autoptr(CvmSerial) serial = cvm_serial_new (NULL, NULL);
  g_autoptr(CvmGuest) guest = cvm_host_new_guest (self->host, spec, serial, error);
  gboolean has_spoken;

  if (guest == NULL)
    return FALSE;

  has_spoken = cvm_job_run_domain (self, guest, spec, deadline_us, error)
               && hear_probe (self, serial, deadline_us, silent, error);
  cvm_job_end_domain (self, guest, spec->name, spec->uuid, NULL);

  return has_spoken;
}

/* What ends the job, or the case; not what tells something of the hypervisor */
static gboolean
is_final (const GError *error)
{
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)
         || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT)
         || g_error_matches (error, CVM_ENGINE_ERROR, CVM_ENGINE_ERROR_HOST_LOST);
}

/* FALSE with an error only where the start must end; else WORKS tells. Only what a boot has
 * shown is remembered: a missing permission is mended some day. */
static gboolean
probe (CvmJob      *self,
       const char  *hypervisor,
       const char  *kernel,
       gint64       deadline_us,
       gboolean    *works,
       char       **why,
       GError     **error)
{
  g_autoptr(CvmGuestSpec) spec = probe_spec (self, hypervisor, kernel);
  g_autoptr(GError) local = NULL;
  gboolean is_silent = FALSE;

  *works = boot_probe (self, spec, deadline_us, &is_silent, &local);
  if (!is_silent && is_final (local))
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }

  if (*works)
    *why = g_strdup ("a probe guest booted");
  else if (is_silent)
    *why = g_strdup_printf ("a probe guest's kernel said nothing within %.3g s",
                            probe_ms (self) / 1000.0);
  else
    *why = g_strdup_printf ("a probe guest did not boot: %s", local->message);

  if (*works || is_silent)
    cvm_job_remember_hypervisor (self, *works, *why);

  return TRUE;
}

/* Choice ----------------------------------------------------------------------------------- */

static gboolean
runs_natively (const char *guest_arch,
               const char *host_arch)
{
  return *host_arch == '\0' || strcmp (guest_arch, host_arch) == 0
         || (strcmp (host_arch, "x86_64") == 0
             && (strcmp (guest_arch, "i686") == 0 || strcmp (guest_arch, "i386") == 0));
}

static char *
choose_accelerated (CvmJob      *self,
                    const char  *hypervisor,
                    gint64       deadline_us,
                    char       **why,
                    gboolean    *unproven,
                    GError     **error)
{
  const char *arch = cvm_host_get_facts (self->host)->arch;
  const CvmImage *image = self->image;
  g_autofree char *kernel = probe_kernel (self);
  g_autofree char *found = NULL;
  gboolean works = TRUE;

  if (image != NULL && !runs_natively (image->arch, arch))
    {
      *why = g_strdup_printf ("the image is for %s, and %s runs %s only", image->arch, hypervisor,
                              arch);
      return g_strdup ("qemu");
    }

  if (!recall (self, &works, &found))
    {
      if (kernel == NULL)
        {
          *unproven = TRUE;
          found = g_strdup ("not proven yet: this boot is the proof");
        }
      else if (!probe (self, hypervisor, kernel, deadline_us, &works, &found, error))
        {
          return NULL;
        }
    }

  *why = works ? g_steal_pointer (&found) : g_strdup_printf ("%s: %s", hypervisor, found);

  return g_strdup (works ? hypervisor : "qemu");
}

static char *
choose_asked (CvmJob      *self,
              char       **why,
              GError     **error)
{
  const CvmHostFacts *facts = cvm_host_get_facts (self->host);
  g_autofree char *all = NULL;

  if (offers (self, self->spec->hypervisor))
    {
      *why = g_strdup ("asked for");
      return g_strdup (self->spec->hypervisor);
    }

  all = facts->hypervisors != NULL ? g_strjoinv (", ", facts->hypervisors) : g_strdup ("nothing");
  g_set_error (error, CVM_ENGINE_ERROR, CVM_ENGINE_ERROR_REFUSED,
               "%s offers no %s; it offers: %s", facts->uri, self->spec->hypervisor, all);

  return NULL;
}

/**
 * cvm_job_choose_hypervisor:
 * @why: (out): for the report
 * @unproven: (out): the job's first boot is the proof
 *
 * Returns: (transfer full): a domain type the host offers
 */
char *
cvm_job_choose_hypervisor (CvmJob    *self,
                           gint64     deadline_us,
                           char     **why,
                           gboolean  *unproven,
                           GError   **error)
{
  const CvmHostFacts *facts = cvm_host_get_facts (self->host);

  *unproven = FALSE;
  if (strcmp (self->spec->hypervisor, "auto") != 0)
    return choose_asked (self, why, error);

  if (offers (self, "kvm"))
    return choose_accelerated (self, "kvm", deadline_us, why, unproven, error);
  if (offers (self, "hvf"))
    return choose_accelerated (self, "hvf", deadline_us, why, unproven, error);

  if (facts->hypervisors == NULL || facts->hypervisors[0] == NULL)
    {
      g_set_error (error, CVM_ENGINE_ERROR, CVM_ENGINE_ERROR_REFUSED,
                   "%s offers no hypervisor; install "
                   "QEMU (qemu-system-x86 on Debian, qemu-kvm on Fedora)", facts->uri);
      return NULL;
    }

  *why = g_strdup_printf ("%s offers no kvm", facts->uri);

  return g_strdup (offers (self, "qemu") ? "qemu" : facts->hypervisors[0]);
}
