/* test-wait.c: deadlines and cancels end every wait, and nothing else does
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-limit.h"
#include "cvm-wait.h"

#include <glib-unix.h>
#include <unistd.h>

#define FAR_MS (60 * 1000)

static void
test_deadline (void)
{
  g_autoptr(GError) error = NULL;

  g_assert_cmpint (cvm_deadline_left_ms (CVM_DEADLINE_NEVER), ==, -1);
  g_assert_cmpint (cvm_deadline_left_ms (0), ==, 0);
  g_assert_cmpint (cvm_deadline_left_ms (G_MININT64), ==, 0);
  g_assert_cmpint (cvm_deadline_left_ms (g_get_monotonic_time () + 1), <=, 1);
  g_assert_cmpint (cvm_deadline_left_ms (CVM_DEADLINE_NEVER - 1), ==, G_MAXINT);
  g_assert_cmpint (cvm_deadline_left_ms (cvm_deadline_in_ms (FAR_MS)), >, FAR_MS - 5000);
  g_assert_cmpint (cvm_deadline_left_ms (cvm_deadline_in_ms (FAR_MS)), <=, FAR_MS);
  g_assert_cmpint (cvm_deadline_in_ms (G_MAXINT64), ==, CVM_DEADLINE_NEVER);
  g_assert_cmpint (cvm_deadline_in_ms (-5), <=, g_get_monotonic_time ());
  g_assert_cmpint (cvm_deadline_in_ms (G_MININT64), <=, g_get_monotonic_time ());

  g_assert_true (cvm_deadline_check (CVM_DEADLINE_NEVER, NULL, &error));
  g_assert_true (cvm_deadline_check (cvm_deadline_in_ms (FAR_MS), NULL, &error));
  g_assert_false (cvm_deadline_check (cvm_deadline_in_ms (0), NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
}

/* A poll (2) that ends a moment before the deadline would make its caller spin. */
static void
test_rounded_up (void)
{
  gint64 deadline = g_get_monotonic_time () + 900;
  int left = cvm_deadline_left_ms (deadline);

  if (g_get_monotonic_time () < deadline)
    g_assert_cmpint (left, ==, 1);
}

/* A cancel wins over a deadline that is past as well. */
static void
test_cancelled_first (void)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;

  g_cancellable_cancel (cancellable);
  g_assert_false (cvm_deadline_check (0, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_fd (void)
{
  g_autoptr(GError) error = NULL;
  int ends[2];

  g_assert_true (g_unix_open_pipe (ends, FD_CLOEXEC, NULL));

  g_assert_false (cvm_wait_fd (ends[0], G_IO_IN, cvm_deadline_in_ms (20), NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  g_clear_error (&error);

  g_assert_true (cvm_wait_fd (ends[1], G_IO_OUT, cvm_deadline_in_ms (FAR_MS), NULL, &error));
  g_assert_no_error (error);

  g_assert_cmpint (write (ends[1], "x", 1), ==, 1);
  g_assert_true (cvm_wait_fd (ends[0], G_IO_IN, 0, NULL, &error));     /* is ready: no wait at all */
  g_assert_no_error (error);

  close (ends[1]);
  g_assert_true (cvm_wait_fd (ends[0], G_IO_IN, CVM_DEADLINE_NEVER, NULL, &error));
  close (ends[0]);

  g_assert_false (cvm_wait_fd (ends[0], G_IO_IN, CVM_DEADLINE_NEVER, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_FAILED);
}

static gpointer
cancel_soon (gpointer data)
{
  g_usleep (20 * 1000);
  g_cancellable_cancel (data);

  return NULL;
}

static gboolean
wait_for_fd (GCancellable  *cancellable,
             GError       **error)
{
  int ends[2];
  gboolean done;

  g_assert_true (g_unix_open_pipe (ends, FD_CLOEXEC, NULL));
  done = cvm_wait_fd (ends[0], G_IO_IN, CVM_DEADLINE_NEVER, cancellable, error);
  close (ends[0]);
  close (ends[1]);

  return done;
}

static gboolean
wait_for_time (GCancellable  *cancellable,
               GError       **error)
{
  return cvm_wait_ms (FAR_MS, CVM_DEADLINE_NEVER, cancellable, error);
}

static gboolean
never (gpointer data)
{
  return FALSE;
}

static gboolean
wait_for_never (GCancellable  *cancellable,
                GError       **error)
{
  GMutex mutex;
  GCond cond;
  gboolean done;

  g_mutex_init (&mutex);
  g_cond_init (&cond);

  g_mutex_lock (&mutex);
  done = cvm_wait_until (&mutex, &cond, never, NULL, CVM_DEADLINE_NEVER, cancellable, error);
  g_mutex_unlock (&mutex);

  g_mutex_clear (&mutex);
  g_cond_clear (&cond);

  return done;
}

typedef gboolean (*Waiter) (GCancellable *cancellable, GError **error);

/* Every wait ends by a cancel from another thread, and at once by one that came before. */
static void
test_cancel (gconstpointer data)
{
  Waiter waiter = *(Waiter const *)data;

  for (guint round = 0; round < 2; round++)
    {
      g_autoptr(GCancellable) cancellable = g_cancellable_new ();
      g_autoptr(GError) error = NULL;
      GThread *thread = g_thread_new ("cancel", cancel_soon, cancellable);

      if (round == 1)
        g_thread_join (g_steal_pointer (&thread));

      g_assert_false (waiter (cancellable, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);

      if (thread != NULL)
        g_thread_join (thread);
    }
}

static void
test_pause (void)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;
  gint64 began = g_get_monotonic_time ();

  g_assert_true (cvm_wait_ms (20, CVM_DEADLINE_NEVER, cancellable, &error));
  g_assert_cmpint (g_get_monotonic_time () - began, >=, 20 * 1000);
  g_assert_true (cvm_wait_ms (0, cvm_deadline_in_ms (FAR_MS), NULL, &error));

  g_assert_false (cvm_wait_ms (FAR_MS, cvm_deadline_in_ms (20), NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
}

typedef struct
{
  GMutex mutex;
  GCond  cond;
  guint  items;
  guint  taken;
} Queue;

static gboolean
has_items (gpointer data)
{
  return ((Queue *)data)->items > 0;
}

static gpointer
take_items (gpointer data)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;
  Queue *queue = data;

  for (guint i = 0; i < 500; i++)
    {
      g_mutex_lock (&queue->mutex);
      g_assert_true (cvm_wait_until (&queue->mutex, &queue->cond, has_items, queue,
                                     cvm_deadline_in_ms (FAR_MS), cancellable, &error));
      g_assert_no_error (error);
      g_assert_cmpuint (queue->items, >, 0);     /* it still holds, with the mutex */
      queue->items--;
      queue->taken++;
      g_mutex_unlock (&queue->mutex);
    }

  return NULL;
}

static void
test_until (void)
{
  GThread *threads[4];
  Queue queue = { 0 };

  g_mutex_init (&queue.mutex);
  g_cond_init (&queue.cond);

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("take", take_items, &queue);

  for (guint i = 0; i < 500 * G_N_ELEMENTS (threads); i++)
    {
      g_mutex_lock (&queue.mutex);
      queue.items++;
      g_cond_signal (&queue.cond);
      g_mutex_unlock (&queue.mutex);
    }

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);

  g_assert_cmpuint (queue.taken, ==, 2000);
  g_assert_cmpuint (queue.items, ==, 0);
  g_mutex_clear (&queue.mutex);
  g_cond_clear (&queue.cond);
}

static void
test_until_late (void)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;
  Queue queue = { .items = 1 };

  g_mutex_init (&queue.mutex);
  g_cond_init (&queue.cond);
  g_mutex_lock (&queue.mutex);

  g_assert_true (cvm_wait_until (&queue.mutex, &queue.cond, has_items, &queue, 0, cancellable,
                                 &error));
  g_assert_false (cvm_wait_until (&queue.mutex, &queue.cond, never, &queue,
                                  cvm_deadline_in_ms (20), cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  g_clear_error (&error);
  g_assert_false (cvm_wait_until (&queue.mutex, &queue.cond, never, &queue,
                                  cvm_deadline_in_ms (20), NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);

  g_assert_false (g_mutex_trylock (&queue.mutex));     /* locked again on return */
  g_mutex_unlock (&queue.mutex);
  g_mutex_clear (&queue.mutex);
  g_cond_clear (&queue.cond);
}

/* Looked at for the third time, it is false again: somebody else was faster. */
static gboolean
is_true_at_last (gpointer data)
{
  static const gboolean answers[] = { FALSE, TRUE, FALSE, TRUE, TRUE };
  guint *calls = data;

  g_assert_cmpuint (*calls, <, G_N_ELEMENTS (answers));

  return answers[(*calls)++];
}

/* The mutex is let go once more after the wait; what was true then may not be true any more. */
static void
test_until_taken (void)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;
  guint cancelled = g_signal_lookup ("cancelled", G_TYPE_CANCELLABLE);
  guint calls = 0;
  GMutex mutex;
  GCond cond;

  g_mutex_init (&mutex);
  g_cond_init (&cond);

  g_mutex_lock (&mutex);
  g_assert_true (cvm_wait_until (&mutex, &cond, is_true_at_last, &calls,
                                 cvm_deadline_in_ms (FAR_MS), cancellable, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (calls, ==, 5);
  g_mutex_unlock (&mutex);

  g_assert_false (g_signal_has_handler_pending (cancellable, cancelled, 0, TRUE));

  g_mutex_clear (&mutex);
  g_cond_clear (&cond);
}

/* A cancel at every moment of the wait: none is missed, none deadlocks. */
static void
test_until_race (void)
{
  for (guint i = 0; i < 300; i++)
    {
      g_autoptr(GCancellable) cancellable = g_cancellable_new ();
      g_autoptr(GError) error = NULL;
      GThread *thread = g_thread_new ("cancel", (GThreadFunc)(gpointer)g_cancellable_cancel,
                                      cancellable);

      g_assert_false (wait_for_never (cancellable, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      g_thread_join (thread);
    }
}

/* Put off twice, before and while it is waited for: all who were given it wait on, no others */
static void
test_put_off (void)
{
  gint64 first = cvm_deadline_in_ms (50);
  g_autoptr(CvmLimit) limit = cvm_limit_new (first);
  GCancellable *cancellable = G_CANCELLABLE (limit);
  g_autoptr(GError) error = NULL;

  g_assert_false (cvm_limit_put_off (limit, 0));
  g_assert_false (cvm_limit_put_off (limit, G_MAXINT64));
  g_assert_true (cvm_limit_put_off (limit, 100));
  g_assert_true (cvm_limit_put_off (limit, 100));
  g_assert_cmpint (cvm_limit_get_deadline (limit), ==, first + 200 * 1000);
  g_assert_cmpint (cvm_limit_find_deadline (cancellable, first), ==, first + 200 * 1000);
  g_assert_cmpint (cvm_limit_find_deadline (cancellable, first + 100 * 1000), ==, first + 200 * 1000);
  g_assert_cmpint (cvm_limit_find_deadline (cancellable, first - 1), ==, first - 1);
  g_assert_cmpint (cvm_limit_find_deadline (NULL, first), ==, first);

  g_assert_false (cvm_wait_ms (FAR_MS, first, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  g_assert_cmpint (g_get_monotonic_time (), >=, first + 200 * 1000);
}

int
main (int    argc,
      char **argv)
{
  static const Waiter waiters[] = { wait_for_fd, wait_for_time, wait_for_never };

  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/wait/deadline", test_deadline);
  g_test_add_func ("/wait/rounded-up", test_rounded_up);
  g_test_add_func ("/wait/cancelled-first", test_cancelled_first);
  g_test_add_func ("/wait/fd", test_fd);
  g_test_add_data_func ("/wait/cancel/fd", &waiters[0], test_cancel);
  g_test_add_data_func ("/wait/cancel/ms", &waiters[1], test_cancel);
  g_test_add_data_func ("/wait/cancel/until", &waiters[2], test_cancel);
  g_test_add_func ("/wait/pause", test_pause);
  g_test_add_func ("/wait/until", test_until);
  g_test_add_func ("/wait/until-late", test_until_late);
  g_test_add_func ("/wait/until-taken", test_until_taken);
  g_test_add_func ("/wait/until-race", test_until_race);
  g_test_add_func ("/wait/put-off", test_put_off);

  return g_test_run ();
}
