/* cvm-cli-worker.c: work that blocks, while the main context runs; and what Ctrl-C does
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-cli-worker.h"

#include <glib-unix.h>
#include <glib/gi18n.h>
#include <signal.h>

#include "cvm-cli.h"

/* One program, one interrupt: the first call's handler is taken, also by its last signal */
typedef struct
{
  void    (*on_interrupt) (gpointer data);
  gpointer  data;
  gboolean  is_told;
} Interrupt;

static gboolean
on_signal (gpointer data)
{
  Interrupt *interrupt = data;

  if (interrupt->is_told)
    {
      cvm_cli_message (_("stopping; what was made is removed first, which takes a few seconds"));
    }
  else
    {
      interrupt->is_told = TRUE;
      interrupt->on_interrupt (interrupt->data);
    }

  return G_SOURCE_CONTINUE;
}

void
cvm_cli_on_interrupt (void    (*on_interrupt) (gpointer data),
                      gpointer  data)
{
  static Interrupt interrupt;
  gboolean is_first = interrupt.on_interrupt == NULL;

  interrupt = (Interrupt){ on_interrupt, data, FALSE };
  if (!is_first)
    return;

  g_unix_signal_add (SIGINT, on_signal, &interrupt);
  g_unix_signal_add (SIGTERM, on_signal, &interrupt);
  g_unix_signal_add (SIGHUP, on_signal, &interrupt);
}

typedef struct
{
  CvmCliWork work;
  gpointer   data;
} Job;

static void
work_in_thread (GTask        *task,
                gpointer      source,
                gpointer      task_data,
                GCancellable *cancellable)
{
  Job *job = task_data;
  GError *error = NULL;

  if (job->work (job->data, cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
on_done (GObject      *source,
         GAsyncResult *result,
         gpointer      data)
{
  GAsyncResult **kept = data;

  *kept = g_object_ref (result);
}

static void
on_interrupt_cancel (gpointer data)
{
  g_cancellable_cancel (data);
}

gboolean
cvm_cli_work (CvmCliWork   work,
              gpointer     data,
              GError     **error)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GTask) task = g_task_new (NULL, cancellable, on_done, &result);
  Job job = { work, data };

  cvm_cli_on_interrupt (on_interrupt_cancel, g_object_ref (cancellable));
  g_task_set_source_tag (task, cvm_cli_work);
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, &job, NULL);
  g_task_run_in_thread (task, work_in_thread);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
