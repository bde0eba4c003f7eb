/* cvm-tapper-result.c: a server's report as the result tree that a local run has
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-tapper-browse.h"

#include "cvm-result-from-tap.h"

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
  g_autofree char *title = g_strdup_printf ("report %" G_GUINT64_FORMAT, id);

  return tap != NULL ? cvm_result_from_tap_bytes (tap, title, cancellable, error) : NULL;
}
