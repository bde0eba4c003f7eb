/* planted-race.c: proves that ThreadSanitizer sees a race through GLib, and no race where none is
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <gio/gio.h>
#include <string.h>

static GMutex mutex;
static gboolean locks;
static int counter;

static gpointer
count (gpointer data)
{
  for (int i = 0; i < 1000; i++)
    {
      if (locks)
        g_mutex_lock (&mutex);
      counter++;
      if (locks)
        g_mutex_unlock (&mutex);
    }

  return NULL;
}

static void
run_threads (void)
{
  GThread *a = g_thread_new ("a", count, NULL);
  GThread *b = g_thread_new ("b", count, NULL);

  g_thread_join (a);
  g_thread_join (b);
}

static void
count_in_task (GTask        *task,
               gpointer      source,
               gpointer      data,
               GCancellable *cancellable)
{
  (*(int *)data)++;
  g_task_return_int (task, 0);
}

static void
on_counted (GObject      *source,
            GAsyncResult *result,
            gpointer      data)
{
  g_task_propagate_int (G_TASK (result), NULL);
  counter++;
  g_main_loop_quit (data);
}

static void
run_task (void)
{
  g_autoptr(GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr(GTask) task = g_task_new (NULL, NULL, on_counted, loop);

  counter = 1;
  g_task_set_task_data (task, &counter, NULL);
  g_task_run_in_thread (task, count_in_task);
  g_main_loop_run (loop);
}

static gboolean
on_idle (gpointer data)
{
  counter++;
  g_main_loop_quit (data);

  return G_SOURCE_REMOVE;
}

static gpointer
add_source (gpointer data)
{
  counter++;
  g_idle_add (on_idle, data);

  return NULL;
}

static void
run_source (void)
{
  g_autoptr(GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  GThread *thread = g_thread_new ("a", add_source, loop);

  g_main_loop_run (loop);
  g_thread_join (thread);
}

static void
count_in_pool (gpointer data,
               gpointer done)
{
  (*(int *)data)++;
  g_atomic_int_inc ((int *)done);
}

/* The second is done by the thread of the first, which knew nothing of it when it began. */
static void
run_pool (void)
{
  static int done;
  GThreadPool *pool = g_thread_pool_new (count_in_pool, &done, 1, FALSE, NULL);
  int numbers[2];

  for (int i = 0; i < 2; i++)
    {
      numbers[i] = i;
      g_thread_pool_push (pool, &numbers[i], NULL);
      while (g_atomic_int_get (&done) <= i)
        g_thread_yield ();
    }
  g_thread_pool_free (pool, FALSE, TRUE);
  counter = numbers[0] + numbers[1];
}

#define N_SLICES 1000

static gpointer
use_slices (gpointer data)
{
  int *slices[N_SLICES];

  for (int i = 0; i < N_SLICES; i++)
    {
      slices[i] = g_slice_new (int);
      *slices[i] = i;
    }
  for (int i = 0; i < N_SLICES; i++)
    g_slice_free (int, slices[i]);

  return NULL;
}

static void
run_slices (void)
{
  GThread *threads[8];

  for (int i = 0; i < 8; i++)
    threads[i] = g_thread_new ("slices", use_slices, NULL);
  for (int i = 0; i < 8; i++)
    g_thread_join (threads[i]);
}

int
main (int    argc,
      char **argv)
{
  const char *what = argc > 1 ? argv[1] : "race";

  locks = strcmp (what, "lock") == 0;
  if (strcmp (what, "task") == 0)
    run_task ();
  else if (strcmp (what, "source") == 0)
    run_source ();
  else if (strcmp (what, "pool") == 0)
    run_pool ();
  else if (strcmp (what, "slice") == 0)
    run_slices ();
  else
    run_threads ();

  return 0;
}
