/* cvm-job-names.c: jobs by what tells them apart, for the heads of columns, and whole
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-job-names.h"

#include <string.h>

#include "cvm-format.h"
#include "cvm-host-titles.h"

enum { IMAGE, HOST, HYPERVISOR, SUITE, N_PARTS };

/* Which one it became is a fact that comes with the guest: "kvm", "qemu (kvm: no output …)" */
static char *
dup_hypervisor (const CvmJobResult *job)
{
  for (guint i = 0; job->facts != NULL && i < job->facts->len; i++)
    {
      const CvmDetail *fact = job->facts->pdata[i];

      if (g_str_equal (fact->key, "hypervisor") && fact->value != NULL)
        return g_strndup (fact->value, strcspn (fact->value, " "));
    }

  return g_strdup ("");
}

static char *
dup_part (const CvmJobResult *job,
          int                 part)
{
  const char *text = part == IMAGE ? job->image : part == HOST ? job->host_uri : job->suite;

  if (part == HYPERVISOR)
    return dup_hypervisor (job);
  if (text == NULL || *text == '\0')
    return g_strdup (part == IMAGE ? job->id : "");

  return part == HOST ? cvm_host_titles_get (text) : g_strdup (text);
}

static gboolean
do_differ (const CvmJobResult *const *jobs,
           guint                      n_jobs,
           int                        part)
{
  g_autofree char *first = NULL;

  for (guint i = 0; i < n_jobs; i++)
    {
      g_autofree char *text = dup_part (jobs[i], part);

      if (part == HYPERVISOR && *text == '\0')
        continue;    /* it has no guest yet */
      if (first != NULL && !g_str_equal (text, first))
        return TRUE;
      if (first == NULL)
        first = g_steal_pointer (&text);
    }

  return FALSE;
}

/* Those of its PARTS that are known */
static char *
join (const CvmJobResult *job,
      const gboolean      parts[N_PARTS],
      const char         *between)
{
  g_autoptr(GString) name = g_string_new (NULL);

  for (int part = 0; part < N_PARTS; part++)
    {
      g_autofree char *text = parts[part] ? dup_part (job, part) : NULL;
      g_autofree char *line = text != NULL ? cvm_format_line (text) : NULL;

      if (line != NULL && *line != '\0')
        g_string_append_printf (name, "%s%s", name->len > 0 ? between : "", line);
    }

  return g_string_free (g_steal_pointer (&name), FALSE);
}

static char *
name_by (const CvmJobResult *job,
         const gboolean      differ[N_PARTS])
{
  const gboolean image_only[N_PARTS] = { [IMAGE] = TRUE };
  char *name = join (job, differ, "\n");

  if (*name != '\0')
    return name;

  g_free (name);

  return join (job, image_only, "\n");
}

char **
cvm_job_names_short (const CvmJobResult *const *jobs,
                     guint                      n_jobs)
{
  char **names = g_new0 (char *, n_jobs + 1);
  gboolean differ[N_PARTS];

  for (int part = 0; part < N_PARTS; part++)
    differ[part] = do_differ (jobs, n_jobs, part);
  for (guint i = 0; i < n_jobs; i++)
    names[i] = name_by (jobs[i], differ);

  return names;
}

char **
cvm_job_names_places (const CvmJobResult *const *jobs,
                      guint                      n_jobs)
{
  const gboolean suite_only[N_PARTS] = { [SUITE] = TRUE };
  gboolean parts[N_PARTS] = { [HOST] = TRUE };
  char **names = g_new0 (char *, n_jobs + 1);

  parts[HYPERVISOR] = do_differ (jobs, n_jobs, HYPERVISOR);
  parts[SUITE] = do_differ (jobs, n_jobs, SUITE);
  for (guint i = 0; i < n_jobs; i++)
    {
      g_autofree char *place = join (jobs[i], parts, " · ");

      names[i] = *place != '\0' ? g_steal_pointer (&place) : join (jobs[i], suite_only, "");
    }

  return names;
}

char *
cvm_job_names_whole (const CvmJobResult *job)
{
  g_autofree char *image = dup_part (job, IMAGE);
  g_autofree char *place = cvm_host_titles_place (image, job->host_uri);
  g_autofree char *hypervisor = dup_part (job, HYPERVISOR);
  g_autofree char *kind = cvm_format_line (hypervisor);
  g_autofree char *suite = cvm_format_line (job->suite != NULL ? job->suite : "");

  return g_strconcat (place, *kind != '\0' ? ", " : "", kind, *suite != '\0' ? ": " : "", suite,
                      NULL);
}
