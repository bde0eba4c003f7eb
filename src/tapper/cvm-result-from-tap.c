/* cvm-result-from-tap.c: TAP, or an archive of it, as the result that a run has
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-result-from-tap.h"

#include "cvm-result-tap.h"
#include "cvm-tap-archive.h"

#define BLOCK (256 * 1024)
#define HEAD  512   /* bytes that tell an archive surely */

static gboolean
read_archive (CvmResultTapStreams  *self,
              GInputStream         *stream,
              GCancellable         *cancellable,
              GError              **error)
{
  g_autoptr(CvmTapArchive) archive = cvm_tap_archive_new (stream, cancellable, error);

  if (archive == NULL)
    return FALSE;

  for (guint i = 0; i < cvm_tap_archive_n_members (archive); i++)
    {
      const CvmTapMember *member = cvm_tap_archive_member (archive, i);

      cvm_result_tap_add_job (self->result, member->name, member->start_us, member->end_us);
    }

  return cvm_tap_archive_read (archive, cvm_result_tap_streams_take, self, cancellable, error);
}

/* HEAD is what was read of it already */
static gboolean
read_stream (CvmResultTapStreams  *self,
             GInputStream         *stream,
             const char           *title,
             const char           *head,
             gsize                 head_len,
             GCancellable         *cancellable,
             GError              **error)
{
  g_autofree char *block = g_malloc (BLOCK);
  gssize n;

  cvm_result_tap_add_job (self->result, title, 0, 0);
  cvm_result_tap_streams_take (0, head, head_len, self);
  while ((n = g_input_stream_read (stream, block, BLOCK, cancellable, error)) > 0)
    cvm_result_tap_streams_take (0, block, (gsize)n, self);
  if (n == 0)
    cvm_result_tap_streams_take (0, NULL, 0, self);

  return n == 0;
}

CvmResult *
cvm_result_from_tap (GInputStream  *stream,
                     const char    *title,
                     GCancellable  *cancellable,
                     GError       **error)
{
  g_autoptr(CvmResult) result = cvm_result_new ();
  g_auto(CvmResultTapStreams) streams = { .result = result };
  char head[HEAD];
  gsize len = 0;
  gboolean is_read = g_input_stream_read_all (stream, head, sizeof head, &len, cancellable, error);

  if (is_read && cvm_tap_archive_detect (head, len))
    is_read = g_seekable_seek (G_SEEKABLE (stream), 0, G_SEEK_SET, cancellable, error) &&
              read_archive (&streams, stream, cancellable, error);
  else if (is_read)
    is_read = read_stream (&streams, stream, title, head, len, cancellable, error);

  if (!is_read)
    return NULL;

  cvm_result_tap_finish (result, title);

  return g_steal_pointer (&result);
}

CvmResult *
cvm_result_from_tap_bytes (GBytes        *bytes,
                           const char    *title,
                           GCancellable  *cancellable,
                           GError       **error)
{
  g_autoptr(GInputStream) stream = g_memory_input_stream_new_from_bytes (bytes);

  return cvm_result_from_tap (stream, title, cancellable, error);
}

/* To open a FIFO would wait for who writes into it */
static gboolean
check_regular (GFile         *file,
               GCancellable  *cancellable,
               GError       **error)
{
  g_autoptr(GFileInfo) info = g_file_query_info (file, G_FILE_ATTRIBUTE_STANDARD_TYPE,
                                                 G_FILE_QUERY_INFO_NONE, cancellable, error);

  if (info == NULL || g_file_info_get_file_type (info) == G_FILE_TYPE_REGULAR)
    return info != NULL;

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE, "%s is not a regular file",
               g_file_peek_path (file) != NULL ? g_file_peek_path (file) : "it");

  return FALSE;
}

CvmResult *
cvm_result_from_tap_file (GFile         *file,
                          GCancellable  *cancellable,
                          GError       **error)
{
  g_autofree char *base = g_file_get_basename (file);
  g_autofree char *title = g_filename_display_name (base != NULL ? base : "TAP");
  g_autoptr(GFileInputStream) stream = NULL;

  if (!check_regular (file, cancellable, error))
    return NULL;

  stream = g_file_read (file, cancellable, error);
  if (stream == NULL)
    return NULL;

  return cvm_result_from_tap (G_INPUT_STREAM (stream), title, cancellable, error);
}

static void
read_in_thread (GTask        *task,
                gpointer      source,
                gpointer      data,
                GCancellable *cancellable)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(CvmResult) result = cvm_result_from_tap_file (data, cancellable, &error);

  if (result != NULL)
    g_task_return_pointer (task, g_steal_pointer (&result), g_object_unref);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

void
cvm_result_from_tap_file_async (GFile               *file,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, cvm_result_from_tap_file_async);
  g_task_set_task_data (task, g_object_ref (file), g_object_unref);
  g_task_run_in_thread (task, read_in_thread);
}

CvmResult *
cvm_result_from_tap_file_finish (GAsyncResult  *result,
                                 GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
