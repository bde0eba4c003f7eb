/* cvm-job-names.c: jobs by what tells them apart, for the heads of columns, and whole
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-job-names.h"

#include <glib/gi18n.h>

#include "cvm-format.h"

enum { IMAGE, HOST, SUITE, N_PARTS };

static const char *
get_part (const CvmJobResult *job,
          int                 part)
{
  const char *text = part == IMAGE ? job->image : part == HOST ? job->host_uri : job->suite;

  if (text == NULL || *text == '\0')
    return part == IMAGE ? job->id : "";

  return text;
}

static gboolean
do_differ (const CvmJobResult *const *jobs,
           guint                      n_jobs,
           int                        part)
{
  for (guint i = 1; i < n_jobs; i++)
    if (g_strcmp0 (get_part (jobs[i], part), get_part (jobs[0], part)) != 0)
      return TRUE;

  return FALSE;
}

static char *
name_by (const CvmJobResult *job,
         const gboolean      differ[N_PARTS])
{
  g_autoptr(GString) name = g_string_new (NULL);

  for (int part = 0; part < N_PARTS; part++)
    {
      g_autofree char *line = differ[part] ? cvm_format_line (get_part (job, part)) : NULL;

      if (line != NULL && *line != '\0')
        g_string_append_printf (name, "%s%s", name->len > 0 ? "\n" : "", line);
    }

  return name->len > 0 ? g_strdup (name->str) : cvm_format_line (get_part (job, IMAGE));
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

char *
cvm_job_names_whole (const CvmJobResult *job)
{
  g_autofree char *image = cvm_format_line (get_part (job, IMAGE));
  g_autofree char *host = cvm_format_line (get_part (job, HOST));
  g_autofree char *suite = cvm_format_line (get_part (job, SUITE));

  if (*suite == '\0')
    return *host != '\0' ? g_strdup_printf (_("%s on %s"), image, host) : g_steal_pointer (&image);

  /* Translators: image, host, suite */
  return *host != '\0' ? g_strdup_printf (_("%s on %s: %s"), image, host, suite)
                       : g_strdup_printf ("%s: %s", image, suite);
}
