/* cvm-job-facts.c: what a job runs with, noted at its begin so that its report can tell it
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-job-private.h"

#include <sys/utsname.h>

/* What follows "NAME :" in one of /proc's lists, or NULL */
static char *
read_proc (const char *path,
           const char *name)
{
  g_autofree char *text = NULL;
  g_autoptr(GRegex) regex = NULL;
  g_autoptr(GMatchInfo) match = NULL;
  g_autofree char *pattern = g_strdup_printf ("^%s\\s*:\\s*(\\S.*)$", name);

  if (!g_file_get_contents (path, &text, NULL, NULL))
    return NULL;

  regex = g_regex_new (pattern, G_REGEX_MULTILINE | G_REGEX_RAW, 0, NULL);
  g_regex_match (regex, text, 0, &match);

  return g_match_info_fetch (match, 1);
}

static void
note (CvmJob     *self,
      const char *name,
      char       *value)
{
  g_autofree char *owned = value;

  if (value != NULL && *value != '\0')
    cvm_job_fact (self, name, value);
}

static char *
describe_processor (void)
{
  g_autofree char *model = read_proc ("/proc/cpuinfo", "model name");

  return model != NULL ? g_strdup_printf ("%u x %s", g_get_num_processors (), model)
                       : g_strdup_printf ("%u processors", g_get_num_processors ());
}

static char *
describe_memory (void)
{
  g_autofree char *total = read_proc ("/proc/meminfo", "MemTotal");

  return total != NULL ? g_strdup_printf ("%" G_GUINT64_FORMAT " MiB",
                                          g_ascii_strtoull (total, NULL, 10) / 1024)
                       : NULL;
}

static char *
describe_kernel (void)
{
  struct utsname name;

  if (uname (&name) != 0)
    return NULL;

  return g_strdup_printf ("%s %s %s %s", name.sysname, name.release, name.version, name.machine);
}

static void
note_machine (CvmJob *self)
{
  note (self, "machine", g_strdup (g_get_host_name ()));
  note (self, "reporter", g_strdup (g_get_user_name ()));
  note (self, "host uname", describe_kernel ());
  note (self, "host system", g_get_os_info (G_OS_INFO_KEY_PRETTY_NAME));
  note (self, "host processor", describe_processor ());
  note (self, "host memory", describe_memory ());
}

static void
note_image (CvmJob         *self,
            const CvmImage *image)
{
  gboolean has_disk = image->disk != NULL;

  note (self, "image version", g_strdup (image->version));
  note (self, "image release", g_strdup (image->release_id));
  note (self, "image architecture", g_strdup (image->arch));
  note (self, "image path", g_strdup (has_disk ? image->disk : image->kernel));
  note (self, "image checksum", g_strdup (has_disk ? image->disk_sha256 : image->kernel_sha256));
  note (self, "image description", g_strdup (image->description));
  note (self, "guest", g_strdup_printf ("%s, %u MiB, %u CPUs", image->arch, image->memory_mib,
                                        image->cpus));
}

void
cvm_job_note_facts (CvmJob *self)
{
  note (self, "run", g_strdup (cvm_run_folder_get_id (self->folder)));
  note (self, "suite version", g_strdup (cvm_suite_get_version (self->spec->suite)));
  note_machine (self);
  note (self, "flags", g_strdup_printf ("hypervisor=%s", self->spec->hypervisor));
  if (self->spec->image != NULL)
    note_image (self, self->spec->image);
}
