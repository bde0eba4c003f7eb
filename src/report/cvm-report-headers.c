/* cvm-report-headers.c: what a report tells a Tapper server of its run, beside its points
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-report-headers.h"

#include <string.h>

#define MAX_VALUE 255   /* bytes; a server's columns may be no wider */

/* The facts that the engine notes, by the header that carries them */
static const struct
{
  const char *fact;
  const char *header;
} headers[] = {
  { "run", "Tapper-Reportgroup-Arbitrary" },
  { "suite version", "Tapper-Suite-Version" },
  { "reporter", "Tapper-Reportername" },
  { "machine", "Tapper-Machine-Name" },
  { "machine description", "Tapper-Machine-Description" },
  { "host uname", "Tapper-Uname" },
  { "host system", "Tapper-Osname" },
  { "host processor", "Tapper-Cpuinfo" },
  { "host memory", "Tapper-Ram" },
  { "flags", "Tapper-Flags" },
  { "image checksum", "Tapper-Changeset" },
  { "image version", "Tapper-CernVM-Version" },
  { "image release", "Tapper-CernVM-ReleaseID" },
  { "image architecture", "Tapper-CernVM-Architecture" },
  { "image path", "Tapper-CernVM-Image-Path" },
  { "image description", "Tapper-CernVM-Description" },
};

static void
write_header (CvmTapWriter *writer,
              const char   *name,
              const char   *value)
{
  g_autofree char *cut = g_strndup (value, MAX_VALUE);

  cvm_tap_writer_header (writer, name, cut);
}

static void
write_time (CvmTapWriter *writer,
            const char   *name,
            gint64        time_us)
{
  g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc (time_us / G_USEC_PER_SEC);
  g_autofree char *text = NULL;

  if (time == NULL || time_us <= 0)   /* of a run that died the end is not known */
    return;

  text = g_date_time_format (time, "%Y-%m-%d %H:%M:%S");
  write_header (writer, name, text);
}

void
cvm_report_headers_begin (CvmTapWriter    *writer,
                          const CvmRecord *begin)
{
  g_autofree char *section = g_strdup_printf ("job-%s", begin->job);

  write_header (writer, "Tapper-Suite-Name", begin->text != NULL ? begin->text : "");
  write_header (writer, "Tapper-Section", section);
  write_header (writer, "Tapper-CernVM-Name", begin->name != NULL ? begin->name : "");
  write_time (writer, "Tapper-Starttime-Test-Program", begin->time_us);
  write_time (writer, "Tapper-CernVM-Test-Start", begin->time_us);
}

static const char *
find_fact (const CvmJobResult *job,
           const char         *name)
{
  for (guint i = 0; i < job->facts->len; i++)
    {
      const CvmDetail *fact = g_ptr_array_index (job->facts, i);

      if (strcmp (fact->key, name) == 0)
        return fact->value;
    }

  return NULL;
}

/* The server tells guests by the hypervisor: of KVM (and so of QEMU), or of Xen */
static void
write_guest (CvmTapWriter       *writer,
             const CvmJobResult *job,
             const char         *hypervisor)
{
  const char *guest = find_fact (job, "guest");
  g_autofree char *text = g_strdup_printf ("%s%s%s", guest != NULL ? guest : "",
                                           guest != NULL ? ", " : "", hypervisor);

  write_header (writer, g_str_has_prefix (hypervisor, "xen") ? "Tapper-Xen-Guest-Description"
                                                             : "Tapper-KVM-Guest-Description",
                text);
}

gboolean
cvm_report_headers_fact (CvmTapWriter       *writer,
                         const CvmJobResult *job,
                         const char         *name,
                         const char         *text)
{
  if (text == NULL || *text == '\0')
    return FALSE;

  if (strcmp (name, "hypervisor") == 0)
    write_guest (writer, job, text);

  for (guint i = 0; i < G_N_ELEMENTS (headers); i++)
    if (strcmp (name, headers[i].fact) == 0)
      {
        write_header (writer, headers[i].header, text);
        return TRUE;
      }

  return FALSE;
}

void
cvm_report_headers_end (CvmTapWriter    *writer,
                        const CvmRecord *end)
{
  write_time (writer, "Tapper-Endtime-Test-Program", end->time_us);
}
