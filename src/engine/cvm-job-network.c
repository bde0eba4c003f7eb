/* cvm-job-network.c: what a job makes on its host before the guest: a network, the domain's
 * definition
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-job-private.h"

#include "cvm-file.h"
#include "cvm-id.h"
#include "cvm-wait.h"

gboolean
cvm_job_describe_network (CvmJob  *self,
                          gint64   deadline_us,
                          GError **error)
{
  const char *run_id = cvm_run_folder_get_id (self->folder);
  g_autofree char *path = NULL;

  if (self->network_xml != NULL)
    return TRUE;

  if (!cvm_job_open_host (self, deadline_us, error))
    return FALSE;

  if (self->network_name == NULL)
    {
      self->network_name = g_strdup_printf ("cvmtester-%s-%s-net", run_id, self->spec->id);
      self->network_uuid = cvm_id_uuid_for (run_id, self->network_name);
    }

  CvmNetworkSpec spec = { self->network_name, self->network_uuid };

  path = cvm_run_folder_job_file (self->folder, self->spec->id, "network.xml", error);
  self->network_xml = path != NULL ? cvm_host_network_xml (self->host, &spec, error) : NULL;
  if (self->network_xml == NULL || !cvm_file_write (path, self->network_xml, -1, 0600, error))
    return FALSE;

  cvm_job_evidence (self, NULL, "network.xml", "application/xml");

  return TRUE;
}

static gboolean
define (CvmJob        *self,
        const CvmAct  *act,
        const char    *xml,
        gboolean      *may_be_there,
        gint64         deadline_us,
        GError       **error)
{
  g_autoptr(GError) local = NULL;

  if (!cvm_job_begin_act (self, act, error))
    return FALSE;

  *may_be_there = TRUE;
  cvm_host_define_object (self->host, act->kind, xml, deadline_us, self->cancellable, &local);

  return cvm_job_end_act (self, act, g_steal_pointer (&local), error);
}

gboolean
cvm_job_define_network (CvmJob  *self,
                        gint64   deadline_us,
                        GError **error)
{
  if (self->has_network)
    return TRUE;

  if (!cvm_job_describe_network (self, deadline_us, error))
    return FALSE;

  CvmAct act = { "network", self->network_name, self->network_uuid };

  return define (self, &act, self->network_xml, &self->has_network, deadline_us, error);
}

gboolean
cvm_job_start_network (CvmJob  *self,
                       gint64   deadline_us,
                       GError **error)
{
  CvmAct act = { "network-start", self->network_name, self->network_uuid };
  g_autoptr(GError) local = NULL;

  if (!cvm_job_begin_act (self, &act, error))
    return FALSE;

  cvm_host_start_network (self->host, self->network_uuid, deadline_us, self->cancellable, &local);

  return cvm_job_end_act (self, &act, g_steal_pointer (&local), error);
}

gboolean
cvm_job_define_guest (CvmJob  *self,
                      gint64   deadline_us,
                      GError **error)
{
  if (self->is_defined)
    return TRUE;

  if (!cvm_job_describe_guest (self, deadline_us, error))
    return FALSE;

  CvmAct act = { "domain", self->domain_name, self->domain_uuid };

  return define (self, &act, cvm_guest_get_xml (self->guest), &self->is_defined, deadline_us,
                 error);
}

static void
remove_object (CvmJob        *self,
               const char    *kind,
               const CvmAct  *act)
{
  g_autoptr(GError) error = NULL;

  /* it is removed also when the journal can say nothing any more */
  cvm_job_act (self, act, NULL);
  cvm_host_remove_object (self->host, kind, act->uuid, cvm_deadline_in_ms (CVM_JOB_TEARDOWN_MS),
                          NULL, &error);
  cvm_job_acted (self, act, error);
  if (error != NULL)
    cvm_job_log (self, "warning", "%s could not be removed: %s; run “cvmtester-cli sweep” later",
                 act->name, error->message);
}

/**
 * cvm_job_remove_defined:
 *
 * What the host would keep: for the teardown, once the guest is off
 */
void
cvm_job_remove_defined (CvmJob *self)
{
  CvmAct domain = { "domain-remove", self->domain_name, self->domain_uuid };
  CvmAct network = { "network-remove", self->network_name, self->network_uuid };

  if (self->is_defined)
    remove_object (self, "domain", &domain);
  if (self->has_network)
    remove_object (self, "network", &network);
  self->is_defined = self->has_network = FALSE;
}
