/* cvm-check-domain.c: what a host is given before a guest starts: its domain, its network
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <glib/gi18n.h>

#include "cvm-check-families.h"
#include "cvm-engine-error.h"
#include "cvm-file.h"

#define XML_MAX (1024 * 1024)

#define STAGES "made;kept;valid;complete"
#define STAGE_HELP N_("How far to look: it is made; it stands in its file; libvirt's schema " \
                      "allows it; nothing that it needs is missing")

static const CvmParam domain_params[] = {
  { "stage", CVM_PARAM_CHOICE, "complete", STAGE_HELP, .choices = STAGES },
  { "memory", CVM_PARAM_INTEGER, "0", N_("Memory in MiB; 0: what the image says"),
    0, 1024 * 1024, .step = 4 },
  { "cpus", CVM_PARAM_INTEGER, "0", N_("Number of CPUs; 0: what the image says"), 0, 64 },
  { "video-memory", CVM_PARAM_INTEGER, "0",
    N_("Memory of the display in KiB; 0: the hypervisor's choice"),
    0, 1024 * 1024, .step = 1024 },
  { "mac", CVM_PARAM_STRING, "", N_("Address of the network card; empty: the hypervisor's choice"),
    .form = "|[0-9a-f][02468ace](:[0-9a-f]{2}){5}",
    .form_help = N_("six pairs of hexadecimal digits in small letters, the first one even: "
                    "52:54:00:12:34:56") },
  { "kernel", CVM_PARAM_FILE, "", N_("Kernel to boot instead of the image's own") },
  { "initrd", CVM_PARAM_FILE, "", N_("Initial ramdisk of that kernel") },
  { "cmdline", CVM_PARAM_STRING, "", N_("Command line of the kernel; empty: the image's") },
  { NULL }
};

static const CvmParam network_params[] = {
  { "stage", CVM_PARAM_CHOICE, "complete", STAGE_HELP, .choices = STAGES },
  { NULL }
};

static const CvmParam active_params[] = {
  { "stage", CVM_PARAM_CHOICE, "active",
    N_("How far to look: the host knows it; it is on, and will be after the host's next start"),
    .choices = "defined;active" },
  { NULL }
};

static const CvmParam no_params[] = {
  { NULL }
};

/* XML -------------------------------------------------------------------------------------- */

static char *
file_or_null (CvmContext *context,
              const char *param)
{
  return cvm_context_string_or_null (context, param) != NULL ? cvm_context_file (context, param)
                                                             : NULL;
}

static const char *
describe_domain (CvmContext *context)
{
  g_autofree char *mac = g_strdup (cvm_context_string_or_null (context, "mac"));
  g_autofree char *kernel = file_or_null (context, "kernel");
  g_autofree char *initrd = file_or_null (context, "initrd");
  g_autofree char *cmdline = g_strdup (cvm_context_string_or_null (context, "cmdline"));
  CvmGuestWish wish = {
    (guint)cvm_context_integer (context, "memory"), (guint)cvm_context_integer (context, "cpus"),
    (guint)cvm_context_integer (context, "video-memory"), mac, kernel, initrd, cmdline,
  };

  return cvm_context_describe_guest (context, &wish);
}

/* It stands in its file as it was made */
static gboolean
check_kept (CvmContext *context,
            const char *kind,
            const char *xml)
{
  g_autofree char *name = g_strconcat (kind, ".xml", NULL);
  g_autofree char *path = cvm_context_dup_path (context, name);
  g_autofree char *kept = NULL;
  gsize len;

  if (path != NULL)
    kept = cvm_file_read (path, XML_MAX, &len, cvm_context_error (context));
  if (kept == NULL)
    return FALSE;

  return g_str_equal (kept, xml)
         || cvm_context_refuse (context, "%s is not what was made: somebody changed it", name);
}

static gboolean
check_xml (CvmContext *context,
           const char *kind,
           const char *xml)
{
  const char *stage = cvm_context_string (context, "stage");
  CvmXmlLevel level = g_str_equal (stage, "complete") ? CVM_XML_COMPLETE : CVM_XML_VALID;

  cvm_context_detail (context, "file", "%s.xml", kind);
  if (g_str_equal (stage, "made"))
    return TRUE;
  if (g_str_equal (stage, "kept"))
    return check_kept (context, kind, xml);

  return cvm_host_check_xml (cvm_context_host (context), kind, xml, level,
                             cvm_context_error (context));
}

static CvmOutcome
domain_xml_run (CvmContext *context)
{
  const char *xml = describe_domain (context);

  return xml != NULL && check_xml (context, "domain", xml) ? CVM_OUTCOME_PASS
                                                           : cvm_context_fail (context);
}

static CvmOutcome
network_xml_run (CvmContext *context)
{
  const char *xml = cvm_context_describe_network (context);

  return xml != NULL && check_xml (context, "network", xml) ? CVM_OUTCOME_PASS
                                                            : cvm_context_fail (context);
}

/* On the host ------------------------------------------------------------------------------ */

static CvmOutcome
network_active_run (CvmContext *context)
{
  gboolean is_wanted_on = g_str_equal (cvm_context_string (context, "stage"), "active");
  const GError *error;

  if (!cvm_context_define_network (context))
    return cvm_context_fail (context);

  if (!is_wanted_on || cvm_context_start_network (context))
    return CVM_OUTCOME_PASS;

  error = cvm_context_last_error (context);
  if (!g_error_matches (error, CVM_ENGINE_ERROR, CVM_ENGINE_ERROR_UNSUPPORTED))
    return cvm_context_fail (context);

  cvm_context_detail (context, "network", "the hypervisor's own NAT, in each guest: %s",
                      error->message);
  return CVM_OUTCOME_PASS;
}

static CvmOutcome
define_run (CvmContext *context)
{
  return cvm_context_define_guest (context) ? CVM_OUTCOME_PASS : cvm_context_fail (context);
}

const CvmCheck cvm_check_domain[] = {
  {
    { "domain.xml", N_("The guest's domain is described"),
      N_("Makes the XML of the guest's domain from the image, the host and the settings here, and "
         "looks at it. The settings count for every later start in the job; so this stands above "
         "guest.start. The file is kept as domain.xml."),
      domain_params, 60 * 1000, .makes_guest = TRUE },
    domain_xml_run
  },
  {
    { "network.xml", N_("The network is described"),
      N_("Makes the XML of a NAT network of the job's own, and looks at it. The file is kept as "
         "network.xml."),
      network_params, 60 * 1000, .makes_guest = TRUE },
    network_xml_run
  },
  {
    { "network.active", N_("The network is active"),
      N_("Defines the job's network on the host and starts it; it is removed when the job ends. In "
         "a user's own libvirt session, which may make no network, the hypervisor's own NAT takes "
         "its place, and the result says so."),
      active_params, 60 * 1000, .makes_guest = TRUE },
    network_active_run
  },
  {
    { "guest.define", N_("The guest is defined"),
      N_("Lets the host keep the guest's domain, which it checks in full; it is undefined when the "
         "job ends. Where a host cannot keep domains, guest.start alone makes them."),
      no_params, 60 * 1000, .makes_guest = TRUE },
    define_run
  },
  { { NULL } }
};
