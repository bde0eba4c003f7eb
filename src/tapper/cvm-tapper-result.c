/* cvm-tapper-result.c: a server's report as the result tree that a local run has
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-tapper-browse.h"

#include "cvm-result-tap.h"
#include "cvm-tap-archive.h"

static gboolean
read_archive (CvmResultTapStreams  *self,
              GBytes               *tap,
              GCancellable         *cancellable,
              GError              **error)
{
  g_autoptr(GInputStream) stream = g_memory_input_stream_new_from_bytes (tap);
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

static void
read_stream (CvmResultTapStreams *self,
             GBytes              *tap,
             const char          *title)
{
  gsize len;
  const char *bytes = g_bytes_get_data (tap, &len);

  cvm_result_tap_add_job (self->result, title, 0, 0);
  cvm_result_tap_streams_take (0, bytes, len, self);
  cvm_result_tap_streams_take (0, NULL, 0, self);
}

/**
 * cvm_tapper_browse_result:
 *
 * Returns: (transfer full): the report's TAP, or its archive of TAP, as a local run's result
 */
CvmResult *
cvm_tapper_browse_result (CvmTapperBrowse  *self,
                          guint64           id,
                          gint64            deadline_us,
                          GCancellable     *cancellable,
                          GError          **error)
{
  g_autoptr(GBytes) tap = cvm_tapper_browse_tap (self, id, deadline_us, cancellable, error);
  g_autoptr(CvmResult) result = cvm_result_new ();
  g_autofree char *title = g_strdup_printf ("report %" G_GUINT64_FORMAT, id);
  g_auto(CvmResultTapStreams) streams = { .result = result };
  gboolean is_read = tap != NULL;

  if (is_read && cvm_tapper_is_archive (tap))
    is_read = read_archive (&streams, tap, cancellable, error);
  else if (is_read)
    read_stream (&streams, tap, title);

  if (!is_read)
    return NULL;

  cvm_result_tap_finish (result, title);

  return g_steal_pointer (&result);
}
