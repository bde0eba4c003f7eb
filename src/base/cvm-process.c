/* cvm-process.c: run a program of the host by its argv, within limits
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-process.h"

#include "cvm-limit.h"
#include "cvm-wait.h"

#include <errno.h>
#include <glib-unix.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#define GRACE_MS 2000             /* from SIGTERM to SIGKILL */
#define MAX_DRAIN (1024 * 1024)   /* no pipe holds more */

typedef struct
{
  int           fd;      /* -1: not wanted, or at its end */
  CvmOutputFunc func;
} Stream;

typedef struct
{
  GPid     pid;
  Stream   streams[2];   /* stdout, stderr */
  int      ended_fd;     /* readable once the leader has ended */
  GThread *watcher;
  gpointer data;
} Child;

typedef struct
{
  GPid pid;
  int  ended_fd;
} Watch;

/* Runs between fork and exec: only async-signal-safe calls. */
static void
lead_a_group (gpointer data)
{
  sigset_t none;

  setpgid (0, 0);
  sigemptyset (&none);
  sigprocmask (SIG_SETMASK, &none, NULL);
}

/* Sees the leader end, and leaves it a zombie: as long as it is one, its process group's number
 * cannot become somebody else's. */
static gpointer
watch_leader (gpointer data)
{
  g_autofree Watch *watch = data;
  siginfo_t info;
  int result;

  do
    result = waitid (P_PID, watch->pid, &info, WEXITED | WNOWAIT);
  while (result != 0 && errno == EINTR);

  close (watch->ended_fd);

  return NULL;
}

static gboolean
start_watcher (Child   *child,
               GError **error)
{
  Watch *watch;
  int ends[2];

  if (!g_unix_open_pipe (ends, FD_CLOEXEC, error))
    return FALSE;

  child->ended_fd = ends[0];
  watch = g_new (Watch, 1);
  *watch = (Watch) { child->pid, ends[1] };
  child->watcher = g_thread_try_new ("process", watch_leader, watch, error);

  if (child->watcher != NULL)
    return TRUE;

  close (ends[1]);
  g_free (watch);

  return FALSE;
}

static gboolean
spawn (const CvmProcess  *process,
       Child             *child,
       GError           **error)
{
  GSpawnFlags flags = G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_SEARCH_PATH;

  if (process->on_stdout == NULL)
    flags |= G_SPAWN_STDOUT_TO_DEV_NULL;
  if (process->on_stderr == NULL)
    flags |= G_SPAWN_STDERR_TO_DEV_NULL;

  if (!g_spawn_async_with_pipes (process->cwd, (char **)process->argv, (char **)process->env,
                                 flags, lead_a_group, NULL, &child->pid, NULL,
                                 process->on_stdout != NULL ? &child->streams[0].fd : NULL,
                                 process->on_stderr != NULL ? &child->streams[1].fd : NULL,
                                 error))
    return FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (child->streams); i++)
    {
      if (child->streams[i].fd >= 0)
        g_unix_set_fd_nonblocking (child->streams[i].fd, TRUE, NULL);
    }

  return TRUE;
}

static void
close_stream (Stream *stream)
{
  if (stream->fd >= 0)
    close (stream->fd);
  stream->fd = -1;
}

/* Hands on at most one block; returns its length, 0 when there is nothing now. */
static gsize
read_stream (Stream   *stream,
             gpointer  data)
{
  char block[8192];
  gssize n;

  if (stream->fd < 0)
    return 0;

  n = read (stream->fd, block, sizeof block);

  if (n > 0)
    stream->func (block, n, data);
  else if (n == 0 || (errno != EAGAIN && errno != EINTR))
    close_stream (stream);

  return MAX (n, 0);
}

/* Hands on the output as it comes; TRUE once the leader has ended. */
static gboolean
follow (Child         *child,
        gint64         deadline_us,
        GCancellable  *cancellable,
        GError       **error)
{
  while (cvm_deadline_check (deadline_us, cancellable, error))
    {
      GPollFD fds[4] = {
        { .fd = child->ended_fd, .events = G_IO_IN },
        { .fd = child->streams[0].fd, .events = G_IO_IN },
        { .fd = child->streams[1].fd, .events = G_IO_IN },
      };
      gboolean has_cancel = g_cancellable_make_pollfd (cancellable, &fds[3]);
      gint64 until_us = cvm_limit_find_deadline (cancellable, deadline_us);

      g_poll (fds, has_cancel ? 4 : 3, cvm_deadline_left_ms (until_us));
      if (has_cancel)
        g_cancellable_release_fd (cancellable);

      for (guint i = 0; i < G_N_ELEMENTS (child->streams); i++)
        {
          if (fds[i + 1].revents != 0)
            read_stream (&child->streams[i], child->data);
        }

      if (fds[0].revents != 0)
        return TRUE;
    }

  return FALSE;
}

static void
drain (Child *child)
{
  for (guint i = 0; i < G_N_ELEMENTS (child->streams); i++)
    {
      gsize drained = 0, n;

      /* A process that left the group may go on writing for ever. */
      while (drained < MAX_DRAIN && (n = read_stream (&child->streams[i], child->data)) > 0)
        drained += n;
    }
}

/* Ends what is left of the group, and takes the leader's status. */
static int
finish (Child *child)
{
  int status = 0;

  kill (-child->pid, SIGKILL);
  if (child->watcher != NULL)
    g_thread_join (child->watcher);
  drain (child);

  while (waitpid (child->pid, &status, 0) < 0 && errno == EINTR)
    ;

  for (guint i = 0; i < G_N_ELEMENTS (child->streams); i++)
    close_stream (&child->streams[i]);
  if (child->ended_fd >= 0)
    close (child->ended_fd);

  return WIFSIGNALED (status) ? 128 + WTERMSIG (status) : WEXITSTATUS (status);
}

gboolean
cvm_process_run (const CvmProcess  *process,
                 gint64             deadline_us,
                 GCancellable      *cancellable,
                 int               *exit_status,
                 GError           **error)
{
  Child child = {
    .streams = { { -1, process->on_stdout }, { -1, process->on_stderr } },
    .ended_fd = -1,
    .data = process->data,
  };
  gboolean ended;
  int status;

  if (!cvm_deadline_check (deadline_us, cancellable, error) || !spawn (process, &child, error))
    return FALSE;

  ended = start_watcher (&child, error) && follow (&child, deadline_us, cancellable, error);

  if (!ended && child.watcher != NULL)
    {
      kill (-child.pid, SIGTERM);
      follow (&child, cvm_deadline_in_ms (GRACE_MS), NULL, NULL);
    }

  status = finish (&child);
  if (ended && exit_status != NULL)
    *exit_status = status;

  return ended;
}
