/* cvm-sweeper.c: looks for what a dead run left, and removes it, off the main thread
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-sweeper.h"

#include <glib/gi18n.h>

#include "cvm-sweep.h"
#include "cvm-wait.h"

#define LIMIT_MS 60000

typedef struct
{
  const CvmPorts *ports;
  char           *host;       /* looked at too, or NULL */
  gboolean        is_dry;
  guint           found;
  char           *problem;    /* the first, or NULL */
} Sweep;

static void
sweep_free (Sweep *sweep)
{
  g_free (sweep->host);
  g_free (sweep->problem);
  g_free (sweep);
}

static void
on_swept (CvmSwept    what,
          const char *kind,
          const char *name,
          const char *reason,
          gpointer    data)
{
  Sweep *sweep = data;

  if (what == CVM_SWEPT_REMOVED || what == CVM_SWEPT_WOULD_REMOVE)
    sweep->found++;
  else if (what == CVM_SWEPT_FAILED && sweep->problem == NULL)
    sweep->problem = g_strdup_printf ("%s %s: %s", kind, name, reason != NULL ? reason : "");
}

static void
sweep_in_thread (GTask        *task,
                 gpointer      source,
                 gpointer      data,
                 GCancellable *cancellable)
{
  Sweep *sweep = data;
  const char *const others[] = { sweep->host, NULL };

  if (cvm_sweep (sweep->ports, others, sweep->is_dry, cvm_deadline_in_ms (LIMIT_MS),
                 cancellable, on_swept, sweep))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_FAILED, "%s",
                             sweep->problem != NULL ? sweep->problem : _("a host does not answer"));
}

void
cvm_sweeper_run_async (const CvmPorts      *ports,
                       const char          *host,
                       gboolean             is_dry,
                       GCancellable        *cancellable,
                       GAsyncReadyCallback  callback,
                       gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Sweep *sweep = g_new0 (Sweep, 1);

  sweep->ports = ports;
  sweep->host = g_strdup (host);
  sweep->is_dry = is_dry;
  g_task_set_source_tag (task, cvm_sweeper_run_async);
  g_task_set_check_cancellable (task, FALSE);   /* what was removed is told */
  g_task_set_task_data (task, sweep, (GDestroyNotify)sweep_free);
  g_task_run_in_thread (task, sweep_in_thread);
}

gboolean
cvm_sweeper_run_finish (GAsyncResult  *result,
                        guint         *found,
                        GError       **error)
{
  const Sweep *sweep = g_task_get_task_data (G_TASK (result));

  *found = sweep->found;

  return g_task_propagate_boolean (G_TASK (result), error);
}
