/* cvm-tsan-glib.c: tells ThreadSanitizer what GLib orders
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A distribution's GLib is not instrumented: its mutexes are futexes of its own, and its
 * reference counts and queues are atomics that ThreadSanitizer never sees, so that correct code
 * is reported. Each function here stands before GLib's own, tells the sanitizer what it orders
 * (release before, acquire after), and calls it. No race in this program's code is hidden: an
 * edge is added only where GLib makes one, and planted-race.c proves that one is still found. */
#include <dlfcn.h>
#include <gio/gio.h>

void __tsan_acquire (void *address);
void __tsan_release (void *address);

/* Looked up at the first call; two threads may, and store the same */
#define REAL(name) \
  static gpointer found; \
  typeof (&name) real = (typeof (&name))g_atomic_pointer_get (&found); \
  if (real == NULL) \
    { \
      real = (typeof (&name))dlsym (RTLD_NEXT, #name); \
      g_atomic_pointer_set (&found, (gpointer)real); \
    }

#undef g_object_ref
#undef g_idle_add
#undef g_timeout_add

#define LOCK(name, type) \
  void name (type *lock) { REAL (name); real (lock); __tsan_acquire (lock); }
#define TRYLOCK(name, type) \
  gboolean name (type *lock) { REAL (name); gboolean got = real (lock); if (got) __tsan_acquire (lock); return got; }
#define UNLOCK(name, type) \
  void name (type *lock) { REAL (name); __tsan_release (lock); real (lock); }

LOCK (g_mutex_lock, GMutex)
TRYLOCK (g_mutex_trylock, GMutex)
UNLOCK (g_mutex_unlock, GMutex)
LOCK (g_rec_mutex_lock, GRecMutex)
TRYLOCK (g_rec_mutex_trylock, GRecMutex)
UNLOCK (g_rec_mutex_unlock, GRecMutex)
LOCK (g_rw_lock_reader_lock, GRWLock)
TRYLOCK (g_rw_lock_reader_trylock, GRWLock)
UNLOCK (g_rw_lock_reader_unlock, GRWLock)
LOCK (g_rw_lock_writer_lock, GRWLock)
TRYLOCK (g_rw_lock_writer_trylock, GRWLock)
UNLOCK (g_rw_lock_writer_unlock, GRWLock)

void
g_cond_wait (GCond  *cond,
             GMutex *mutex)
{
  REAL (g_cond_wait);
  __tsan_release (mutex);
  real (cond, mutex);
  __tsan_acquire (mutex);
}

gboolean
g_cond_wait_until (GCond  *cond,
                   GMutex *mutex,
                   gint64  end_time)
{
  REAL (g_cond_wait_until);
  __tsan_release (mutex);
  gboolean signalled = real (cond, mutex, end_time);
  __tsan_acquire (mutex);

  return signalled;
}

/* Once ------------------------------------------------------------------------------------- */

#undef g_once_init_enter
#undef g_once_init_leave

gboolean
g_once_init_enter (volatile void *location)
{
  REAL (g_once_init_enter);
  gboolean is_first = real (location);

  __tsan_acquire ((void *)location);

  return is_first;
}

void
g_once_init_leave (volatile void *location,
                   gsize          result)
{
  REAL (g_once_init_leave);
  __tsan_release ((void *)location);
  real (location, result);
}

/* References: the last one to let go sees what all others did ------------------------------ */

#define REF(name, type) \
  type name (type object) { REAL (name); __tsan_release (object); return real (object); }
#define UNREF(name, type) \
  void name (type object) { REAL (name); if (object != NULL) { __tsan_release (object); __tsan_acquire (object); } real (object); }

REF (g_object_ref, gpointer)
UNREF (g_object_unref, gpointer)
REF (g_bytes_ref, GBytes *)
UNREF (g_bytes_unref, GBytes *)
REF (g_hash_table_ref, GHashTable *)
UNREF (g_hash_table_unref, GHashTable *)
REF (g_ptr_array_ref, GPtrArray *)
UNREF (g_ptr_array_unref, GPtrArray *)
REF (g_main_loop_ref, GMainLoop *)
UNREF (g_main_loop_unref, GMainLoop *)
REF (g_regex_ref, GRegex *)

#undef g_atomic_ref_count_dec

gboolean
g_atomic_ref_count_dec (gatomicrefcount *count)
{
  REAL (g_atomic_ref_count_dec);
  __tsan_release ((void *)count);
  gboolean is_last = real (count);

  if (is_last)
    __tsan_acquire ((void *)count);

  return is_last;
}

#undef g_atomic_rc_box_acquire

REF (g_atomic_rc_box_acquire, gpointer)
UNREF (g_atomic_rc_box_release, gpointer)

void
g_atomic_rc_box_release_full (gpointer       box,
                              GDestroyNotify clear)
{
  REAL (g_atomic_rc_box_release_full);
  __tsan_release (box);
  __tsan_acquire (box);
  real (box, clear);
}

/* Queues ----------------------------------------------------------------------------------- */

void
g_async_queue_push (GAsyncQueue *queue,
                    gpointer     data)
{
  REAL (g_async_queue_push);
  __tsan_release (queue);
  real (queue, data);
}

#define POP(name) \
  gpointer name (GAsyncQueue *queue) { REAL (name); gpointer data = real (queue); __tsan_acquire (queue); return data; }

POP (g_async_queue_pop)
POP (g_async_queue_try_pop)

/* Sources: what was done before one was attached is seen by its callback ------------------- */

typedef struct
{
  GSourceFunc    func;
  gpointer       data;
  GDestroyNotify notify;
} Callback;

static gboolean
call_source (gpointer data)
{
  Callback *callback = data;

  __tsan_acquire (callback);

  return callback->func (callback->data);
}

static void
free_callback (gpointer data)
{
  Callback *callback = data;

  __tsan_acquire (callback);
  if (callback->notify != NULL)
    callback->notify (callback->data);

  g_free (callback);
}

static Callback *
new_callback (GSourceFunc    func,
              gpointer       data,
              GDestroyNotify notify)
{
  Callback *callback = g_new0 (Callback, 1);

  *callback = (Callback) { func, data, notify };
  __tsan_release (callback);

  return callback;
}

void
g_source_set_callback (GSource        *source,
                       GSourceFunc     func,
                       gpointer        data,
                       GDestroyNotify  notify)
{
  REAL (g_source_set_callback);

  if (func == NULL || (source->source_funcs != &g_timeout_funcs && source->source_funcs != &g_idle_funcs))
    real (source, func, data, notify);
  else
    real (source, call_source, new_callback (func, data, notify), free_callback);
}

guint
g_idle_add_full (gint           priority,
                 GSourceFunc    func,
                 gpointer       data,
                 GDestroyNotify notify)
{
  REAL (g_idle_add_full);

  return real (priority, call_source, new_callback (func, data, notify), free_callback);
}

guint
g_idle_add (GSourceFunc func,
            gpointer    data)
{
  return g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, func, data, NULL);
}

guint
g_timeout_add_full (gint           priority,
                    guint          interval,
                    GSourceFunc    func,
                    gpointer       data,
                    GDestroyNotify notify)
{
  REAL (g_timeout_add_full);

  return real (priority, interval, call_source, new_callback (func, data, notify), free_callback);
}

guint
g_timeout_add (guint       interval,
               GSourceFunc func,
               gpointer    data)
{
  return g_timeout_add_full (G_PRIORITY_DEFAULT, interval, func, data, NULL);
}

void
g_main_context_invoke_full (GMainContext   *context,
                            gint            priority,
                            GSourceFunc     func,
                            gpointer        data,
                            GDestroyNotify  notify)
{
  REAL (g_main_context_invoke_full);
  real (context, priority, call_source, new_callback (func, data, notify), free_callback);
}

void
g_main_context_invoke (GMainContext *context,
                       GSourceFunc   func,
                       gpointer      data)
{
  g_main_context_invoke_full (context, G_PRIORITY_DEFAULT, func, data, NULL);
}

/* Tasks ------------------------------------------------------------------------------------ */

static GQuark
task_func_quark (void)
{
  return g_quark_from_static_string ("cvm-tsan-task-func");
}

static void
run_task (GTask        *task,
          gpointer      source,
          gpointer      data,
          GCancellable *cancellable)
{
  GTaskThreadFunc func;

  __tsan_acquire (task);
  func = (GTaskThreadFunc)g_object_get_qdata (G_OBJECT (task), task_func_quark ());
  func (task, source, data, cancellable);
}

void
g_task_run_in_thread (GTask           *task,
                      GTaskThreadFunc  func)
{
  REAL (g_task_run_in_thread);
  g_object_set_qdata (G_OBJECT (task), task_func_quark (), (gpointer)func);
  __tsan_release (task);
  real (task, run_task);
}

#define TASK_RETURN(name, type) \
  void name (GTask *task, type value) { REAL (name); __tsan_release (task); real (task, value); }
#define TASK_PROPAGATE(name, type) \
  type name (GTask *task, GError **error) { REAL (name); __tsan_acquire (task); return real (task, error); }

TASK_RETURN (g_task_return_int, gssize)
TASK_RETURN (g_task_return_boolean, gboolean)
TASK_RETURN (g_task_return_error, GError *)
TASK_PROPAGATE (g_task_propagate_int, gssize)
TASK_PROPAGATE (g_task_propagate_boolean, gboolean)
TASK_PROPAGATE (g_task_propagate_pointer, gpointer)

void
g_task_return_pointer (GTask          *task,
                       gpointer        value,
                       GDestroyNotify  destroy)
{
  REAL (g_task_return_pointer);
  __tsan_release (task);
  real (task, value, destroy);
}

/* Pools: what was done before a push is seen by the thread that takes it ---------------------- */

typedef struct
{
  GFunc func;
  gpointer data;
} Worker;

static void
call_worker (gpointer item,
             gpointer data)
{
  Worker *worker = data;

  __tsan_acquire (worker);
  worker->func (item, worker->data);
  __tsan_release (&worker->data);
}

/* The worker is kept: a pool that is freed without waiting still calls it. */
GThreadPool *
g_thread_pool_new (GFunc      func,
                   gpointer   data,
                   gint       max_threads,
                   gboolean   exclusive,
                   GError   **error)
{
  REAL (g_thread_pool_new);
  Worker *worker = g_new0 (Worker, 1);

  *worker = (Worker) { func, data };
  __tsan_release (worker);

  return real (call_worker, worker, max_threads, exclusive, error);
}

gboolean
g_thread_pool_push (GThreadPool  *pool,
                    gpointer      item,
                    GError      **error)
{
  REAL (g_thread_pool_push);
  __tsan_release (pool->user_data);

  return real (pool, item, error);
}

void
g_thread_pool_free (GThreadPool *pool,
                    gboolean     immediate,
                    gboolean     waits)
{
  REAL (g_thread_pool_free);
  Worker *worker = pool->user_data;

  real (pool, immediate, waits);
  if (waits)
    __tsan_acquire (&worker->data);
}

/* Cancelling: handlers run in the thread that cancels ---------------------------------------- */

void
g_cancellable_cancel (GCancellable *cancellable)
{
  REAL (g_cancellable_cancel);

  if (cancellable != NULL)
    {
      __tsan_acquire (cancellable);
      __tsan_release (cancellable);
    }

  real (cancellable);
  if (cancellable != NULL)
    __tsan_release (cancellable);
}

gboolean
g_cancellable_is_cancelled (GCancellable *cancellable)
{
  REAL (g_cancellable_is_cancelled);
  gboolean is_cancelled = real (cancellable);

  if (is_cancelled)
    __tsan_acquire (cancellable);

  return is_cancelled;
}

gulong
g_cancellable_connect (GCancellable   *cancellable,
                       GCallback       func,
                       gpointer        data,
                       GDestroyNotify  notify)
{
  REAL (g_cancellable_connect);
  if (cancellable != NULL)
    __tsan_release (cancellable);

  return real (cancellable, func, data, notify);
}

void
g_cancellable_disconnect (GCancellable *cancellable,
                          gulong        id)
{
  REAL (g_cancellable_disconnect);
  real (cancellable, id);
  if (cancellable != NULL)
    __tsan_acquire (cancellable);
}
