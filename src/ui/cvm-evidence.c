/* cvm-evidence.c: the files that a job kept, as a page shows and opens them
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-evidence.h"

#include <gio/gunixinputstream.h>
#include <glib/gi18n.h>
#include <string.h>

#include "cvm-file.h"
#include "cvm-format.h"
#include "cvm-id.h"

static void
evidence_free (CvmEvidence *self)
{
  g_free (self->path);
  g_free (self->name);
  g_free (self);
}

static char *
make_name (const CvmRecord *record)
{
  g_autofree char *base = g_path_get_basename (record->path);
  g_autofree char *line = cvm_format_line (base);
  g_autofree char *prefix = g_strdup_printf ("%s-", record->id);

  if (g_str_has_prefix (record->path, "frames/"))
    return g_strdup (_("Screen"));

  return g_strdup (g_str_has_prefix (line, prefix) && line[strlen (prefix)] != '\0'
                   ? line + strlen (prefix) : line);
}

char *
cvm_evidence_dup_path (const CvmJobResult *job,
                       const char         *dir,
                       const CvmRecord    *record)
{
  g_autofree char *folder = g_strdup_printf ("job-%s", job->id);
  g_auto(GStrv) parts = record->path != NULL ? g_strsplit (record->path, "/", -1) : NULL;

  if (!cvm_id_is_valid (job->id) || parts == NULL || g_path_is_absolute (record->path)
      || g_strv_contains ((const char *const *)parts, ".."))
    return NULL;

  return g_build_filename (dir, folder, record->path, NULL);
}

static CvmEvidence *
evidence_new (const CvmJobResult *job,
              const char         *dir,
              const CvmRecord    *record)
{
  g_autofree char *path = cvm_evidence_dup_path (job, dir, record);
  CvmEvidence *self;

  if (path == NULL)
    return NULL;

  self = g_new0 (CvmEvidence, 1);
  self->path = g_steal_pointer (&path);
  self->name = make_name (record);
  self->is_text = record->kind != NULL && g_str_has_prefix (record->kind, "text/");

  return self;
}

GPtrArray *
cvm_evidence_list (const CvmJobResult *job,
                   const char         *dir,
                   const char         *id,
                   guint               max)
{
  GPtrArray *files = g_ptr_array_new_with_free_func ((GDestroyNotify)evidence_free);

  for (guint i = 0; id != NULL && i < job->evidence->len && files->len < max; i++)
    {
      const CvmRecord *record = job->evidence->pdata[i];
      CvmEvidence *file = g_strcmp0 (record->id, id) == 0 ? evidence_new (job, dir, record) : NULL;

      if (file != NULL)
        g_ptr_array_add (files, file);
    }

  return files;
}

static GBytes *
read_first (const char    *path,
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

typedef struct
{
  char     *path;
  gsize     max;
  gboolean  is_cut;
  GBytes   *shown;      /* as it was read, or NULL */
} Load;

static void
load_free (Load *load)
{
  g_clear_pointer (&load->shown, g_bytes_unref);
  g_free (load->path);
  g_free (load);
}

static void
load_in_thread (GTask        *task,
                gpointer      source,
                gpointer      data,
                GCancellable *cancellable)
{
  Load *load = data;
  GError *error = NULL;
  g_autoptr(GBytes) bytes = read_first (load->path, load->max + 1, cancellable, &error);

  if (bytes == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  load->is_cut = g_bytes_get_size (bytes) > load->max;
  load->shown = g_bytes_new_from_bytes (bytes, 0, MIN (g_bytes_get_size (bytes), load->max));
  g_task_return_pointer (task, cvm_format_log (load->shown), g_free);
}

void
cvm_evidence_load_async (const char          *path,
                         gsize                max,
                         GCancellable        *cancellable,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Load *load = g_new0 (Load, 1);

  load->path = g_strdup (path);
  load->max = max;
  g_task_set_source_tag (task, cvm_evidence_load_async);
  g_task_set_task_data (task, load, (GDestroyNotify)load_free);
  g_task_run_in_thread (task, load_in_thread);
}

char *
cvm_evidence_load_finish (GAsyncResult  *result,
                          gboolean      *is_cut,
                          GError       **error)
{
  const Load *load = g_task_get_task_data (G_TASK (result));
  char *text = g_task_propagate_pointer (G_TASK (result), error);

  if (is_cut != NULL)
    *is_cut = text != NULL && load->is_cut;

  return text;
}

char *
cvm_evidence_load_dup_source (GAsyncResult *result)
{
  const Load *load = g_task_get_task_data (G_TASK (result));
  gsize len = 0;
  const char *bytes = load->shown != NULL ? g_bytes_get_data (load->shown, &len) : NULL;

  return load->shown != NULL ? g_utf8_make_valid (len > 0 ? bytes : "", (gssize)len) : NULL;
}
