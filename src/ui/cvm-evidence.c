/* cvm-evidence.c: the files that a job kept, as a page shows and opens them
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-evidence.h"

#include <gio/gunixinputstream.h>
#include <string.h>

#include "cvm-file.h"
#include "cvm-format.h"
#include "cvm-id.h"

char *
cvm_evidence_dup_path (const CvmJobResult *job,
                       const char         *dir,
                       const CvmRecord    *record)
{
  g_autofree char *folder = g_strdup_printf ("job-%s", job->id);
  g_auto(GStrv) parts = g_strsplit (record->path, "/", -1);

  if (!cvm_id_is_valid (job->id) || g_path_is_absolute (record->path)
      || g_strv_contains ((const char *const *)parts, ".."))
    return NULL;

  return g_build_filename (dir, folder, record->path, NULL);
}

char *
cvm_evidence_dup_name (const CvmRecord *record,
                       const char      *id)
{
  g_autofree char *base = g_path_get_basename (record->path);
  g_autofree char *line = cvm_format_line (base);
  g_autofree char *prefix = g_strdup_printf ("%s-", id);

  return g_strdup (g_str_has_prefix (line, prefix) && line[strlen (prefix)] != '\0'
                   ? line + strlen (prefix) : line);
}

GBytes *
cvm_evidence_read (const char    *path,
                   gsize          max,
                   GCancellable  *cancellable,
                   GError       **error)
{
  int fd = cvm_file_open (path, error);
  g_autoptr(GInputStream) stream = fd >= 0 ? g_unix_input_stream_new (fd, TRUE) : NULL;
  g_autofree char *bytes = stream != NULL ? g_malloc (max) : NULL;
  gsize len = 0;

  if (stream == NULL || !g_input_stream_read_all (stream, bytes, max, &len, cancellable, error))
    return NULL;

  return g_bytes_new_take (g_steal_pointer (&bytes), len);   /* of an empty file too: never NULL */
}
