/* cvm-image-worker.c: what is being done with images: fetched, imported, checked, removed
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-image-worker.h"

#include <glib/gi18n.h>
#include <gtk/gtk.h>

#include "cvm-image-edit.h"
#include "cvm-image-fetch.h"
#include "cvm-image-import.h"
#include "cvm-wait.h"

#define TICK_MS  100
#define GRACE_MS 2000   /* a disk that hangs cannot be interrupted */

struct _CvmImageWorker
{
  GObject      parent_instance;

  GThreadPool *pool;     /* of Work */
  GPtrArray   *works;    /* of Work: that are not done */
  guint        timer;
  guint        grace;    /* after which the program does not wait for the works any more */
  gboolean     is_holding;
};

typedef struct _Work Work;

typedef gboolean (*WorkFunc) (Work           *self,
                              CvmImageStore  *store,
                              GError        **error);

/* Shared by the main thread and one of the pool */
struct _Work
{
  gatomicrefcount     ref_count;
  CvmImageWorker     *worker;       /* owned */
  CvmImageItem       *item;         /* owned; the main thread's */
  WorkFunc            run;
  CvmImageState       back_to;      /* the item's state if this is cancelled */
  CvmCatalogueEntry  *entry;        /* of a fetch */
  char               *keyring;
  char               *name;
  CvmImageWanted     *wanted;       /* of an import */
  gboolean            mends;        /* a fetch in place of an image that is damaged */
  GCancellable       *cancellable;
  GError             *error;        /* once it is done */
  gint64              fetched_bytes;
  char               *damage;       /* that a check found */

  GMutex              mutex;
  CvmFetchStream     *stream;       /* under the mutex, as the next */
  CvmFetchProgress    progress;
  CvmImageState       state;
  gint64              begun_us;
};

enum { CHANGED, IMPORTING, N_SIGNALS };

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (CvmImageWorker, cvm_image_worker, G_TYPE_OBJECT)

void
cvm_image_wanted_free (CvmImageWanted *self)
{
  g_free (self->path);
  g_free (self->name);
  g_free (self->description);
  g_free (self->arch);
  g_strfreev (self->settings);
  g_free (self);
}

static void
work_unref (gpointer data)
{
  Work *self = data;

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_object_unref (self->worker);
  g_object_unref (self->item);
  g_clear_pointer (&self->entry, cvm_catalogue_entry_unref);
  g_free (self->keyring);
  g_free (self->name);
  g_clear_pointer (&self->wanted, cvm_image_wanted_free);
  g_object_unref (self->cancellable);
  g_clear_error (&self->error);
  g_free (self->damage);
  g_clear_object (&self->stream);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

static Work *
work_new (CvmImageWorker *worker,
          CvmImageItem   *item,
          WorkFunc        run,
          CvmImageState   back_to)
{
  CvmCatalogueEntry *entry = cvm_image_item_get_entry (item);
  Work *self = g_new0 (Work, 1);

  g_atomic_ref_count_init (&self->ref_count);
  g_mutex_init (&self->mutex);
  self->worker = g_object_ref (worker);
  self->item = g_object_ref (item);
  self->run = run;
  self->back_to = back_to;
  self->entry = entry != NULL ? cvm_catalogue_entry_ref (entry) : NULL;
  self->keyring = g_strdup (cvm_image_item_get_keyring (item));
  self->name = g_strdup (cvm_image_item_get_name (item));
  self->cancellable = g_cancellable_new ();
  self->state = CVM_IMAGE_STATE_WAITING;
  self->progress = (CvmFetchProgress) { .total = -1, .left_ms = -1 };

  return self;
}

/* In a thread of the pool -------------------------------------------------------------------- */

static void
enter (Work           *self,
       CvmImageState   state,
       CvmFetchStream *stream)
{
  g_mutex_lock (&self->mutex);
  self->state = state;
  g_set_object (&self->stream, stream);
  g_mutex_unlock (&self->mutex);
}

static void
on_stage (CvmImageFetchStage  stage,
          CvmFetchStream     *stream,
          gpointer            data)
{
  if (stage == CVM_IMAGE_FETCH_CHECKING)
    enter (data, CVM_IMAGE_STATE_CHECKING, NULL);
  else
    enter (data, CVM_IMAGE_STATE_FETCHING, stage == CVM_IMAGE_FETCH_DONE ? NULL : stream);
}

/* "disk.img: has another checksum": the first few of what differs */
static char *
describe_changes (GPtrArray *changes)
{
  static const char *const words[] = {
    [CVM_IMAGE_CHANGE_MISSING] = N_("%s is missing"),
    [CVM_IMAGE_CHANGE_EXTRA] = N_("%s belongs to no image"),
    [CVM_IMAGE_CHANGE_SIZE] = N_("%s has another size"),
    [CVM_IMAGE_CHANGE_SUM] = N_("%s has another checksum"),
    [CVM_IMAGE_CHANGE_UNREADABLE] = N_("%s cannot be read"),
  };
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint i = 0; i < changes->len; i++)
    {
      const CvmImageChange *change = changes->pdata[i];
      g_autofree char *file = g_path_get_basename (change->path);

      if (change->kind == CVM_IMAGE_CHANGE_EXTRA)
        continue;
      if (text->len > 0)
        g_string_append (text, "; ");
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
      g_string_append_printf (text, _(words[change->kind]), file);
#pragma GCC diagnostic pop
    }

  if (text->len == 0)
    return NULL;

  g_string_append (text, _(". Remove the image, and fetch or import it again."));

  return g_string_free (g_steal_pointer (&text), FALSE);
}

static gboolean
check (Work           *self,
       CvmImageStore  *store,
       GError        **error)
{
  g_autoptr(GPtrArray) changes = NULL;

  enter (self, CVM_IMAGE_STATE_CHECKING, NULL);
  changes = cvm_image_store_verify (store, self->name, NULL, self->cancellable, error);
  if (changes == NULL)
    return FALSE;

  self->damage = describe_changes (changes);

  return cvm_shelf_note (store, self->name, self->damage, NULL, error);
}

static gboolean
fetch (Work           *self,
       CvmImageStore  *store,
       GError        **error)
{
  const CvmImageFetch spec = { .entry = self->entry, .keyring = self->keyring,
                               .replaces = self->mends, .on_stage = on_stage, .data = self };
  CvmImageFetched fetched = { NULL };
  gboolean is_done = cvm_image_fetch_run (store, &spec, self->cancellable, &fetched, error);

  /* Its bytes were compared with the promised sum as they came; not those that were here already */
  if (is_done && self->entry->sha256 != NULL && !fetched.was_here)
    cvm_shelf_note (store, fetched.name, NULL, fetched.signature, NULL);
  self->fetched_bytes = fetched.bytes;
  cvm_image_fetched_clear (&fetched);

  /* The damage is noted until a check finds none */
  return is_done && (!self->mends || check (self, store, error));
}

static void
on_imported (guint64  n_packed,
             guint64  n_unpacked,
             gpointer data)
{
  Work *self = data;
  gint64 took_us = g_get_monotonic_time () - self->begun_us;

  g_mutex_lock (&self->mutex);
  self->progress.bytes = (gint64)n_packed;
  if (took_us > G_USEC_PER_SEC / 2)
    self->progress.bytes_per_s = (gint64)((double)n_packed * G_USEC_PER_SEC / (double)took_us);
  g_mutex_unlock (&self->mutex);
}

static gboolean
import (Work           *self,
        CvmImageStore  *store,
        GError        **error)
{
  const CvmImageImport spec = { .path = self->wanted->path, .name = self->wanted->name,
                                .description = self->wanted->description,
                                .arch = self->wanted->arch, .on_progress = on_imported,
                                .data = self };
  g_autofree char *path = NULL;

  self->begun_us = g_get_monotonic_time ();
  enter (self, CVM_IMAGE_STATE_IMPORTING, NULL);
  path = cvm_image_import_run (store, &spec, CVM_DEADLINE_NEVER, self->cancellable, error);

  return path != NULL && (self->wanted->settings == NULL ||
                          cvm_image_edit (path, (const char *const *)self->wanted->settings,
                                          error));
}

static gboolean
remove_it (Work           *self,
           CvmImageStore  *store,
           GError        **error)
{
  if (cvm_image_store_remove (store, self->name, NULL, error))
    return TRUE;

  if (error != NULL && *error == NULL)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, _("It is still there"));

  return FALSE;
}

/* In the main thread ------------------------------------------------------------------------- */

static CvmImageState
state_after (const Work *work)
{
  return work->fetched_bytes > 0 ? CVM_IMAGE_STATE_PARTLY : work->back_to;
}

static void
tell_end (Work *work)
{
  gboolean was_cancelled = g_error_matches (work->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);

  if (work->error == NULL && work->run == remove_it)
    return;

  if (work->run == remove_it)     /* it was hidden as if it were gone */
    cvm_image_item_set_hidden (work->item, FALSE);

  if (work->error == NULL)
    cvm_image_item_set_state (work->item, work->damage != NULL ? CVM_IMAGE_STATE_DAMAGED
                                                               : CVM_IMAGE_STATE_HERE,
                              work->damage);
  else if (g_error_matches (work->error, CVM_FETCH_ERROR, CVM_FETCH_ERROR_WRONG_SUM))
    cvm_image_item_set_state (work->item, CVM_IMAGE_STATE_DAMAGED, work->error->message);
  else
    cvm_image_item_set_state (work->item, state_after (work),
                              was_cancelled ? NULL : work->error->message);
}

/* The program does not end in the midst of them */
static void
hold (CvmImageWorker *self,
      gboolean        is_holding)
{
  GApplication *application = g_application_get_default ();

  if (application == NULL || self->is_holding == is_holding)
    return;

  self->is_holding = is_holding;
  if (is_holding)
    g_application_hold (application);
  else
    g_application_release (application);
}

static gboolean
on_done (gpointer data)
{
  Work *work = data;
  CvmImageWorker *self = work->worker;

  g_ptr_array_remove (self->works, work);
  tell_end (work);
  g_signal_emit (self, signals[CHANGED], 0);
  if (self->works->len == 0)
    hold (self, FALSE);

  return G_SOURCE_REMOVE;
}

static gboolean
on_grace_over (gpointer data)
{
  CvmImageWorker *self = data;

  self->grace = 0;
  hold (self, FALSE);

  return G_SOURCE_REMOVE;
}

static void
run_in_pool (gpointer data,
             gpointer user_data)
{
  Work *work = data;

  if (!g_cancellable_set_error_if_cancelled (work->cancellable, &work->error))
    {
      g_autoptr(CvmImageStore) store = cvm_image_store_open (NULL, &work->error);

      if (store != NULL)
        work->run (work, store, &work->error);
    }

  g_idle_add_full (G_PRIORITY_DEFAULT, on_done, work, work_unref);
}

static void
tell_progress (Work *work)
{
  g_autoptr(CvmFetchStream) stream = NULL;
  CvmFetchProgress progress;
  CvmImageState state;

  g_mutex_lock (&work->mutex);
  g_set_object (&stream, work->stream);
  state = work->state;
  progress = work->progress;
  g_mutex_unlock (&work->mutex);

  if (stream != NULL)
    cvm_fetch_stream_get_progress (stream, &progress);
  if (state != cvm_image_item_get_state (work->item))
    cvm_image_item_set_state (work->item, state, NULL);
  if (state != CVM_IMAGE_STATE_WAITING && state != CVM_IMAGE_STATE_CHECKING)
    cvm_image_item_set_progress (work->item, &progress);
}

static gboolean
on_tick (gpointer data)
{
  CvmImageWorker *self = data;

  for (guint i = 0; i < self->works->len; i++)
    {
      Work *work = self->works->pdata[i];

      if (work->run != remove_it)
        tell_progress (work);
    }

  if (self->works->len > 0)
    return G_SOURCE_CONTINUE;

  self->timer = 0;
  return G_SOURCE_REMOVE;
}

static void
begin (Work *work)
{
  CvmImageWorker *self = work->worker;

  hold (self, TRUE);
  g_ptr_array_add (self->works, work);
  g_atomic_ref_count_inc (&work->ref_count);
  g_thread_pool_push (self->pool, work, NULL);
  if (self->timer == 0)
    self->timer = g_timeout_add (TICK_MS, on_tick, self);
}

static void
cvm_image_worker_finalize (GObject *object)
{
  CvmImageWorker *self = CVM_IMAGE_WORKER (object);

  g_clear_handle_id (&self->timer, g_source_remove);
  g_clear_handle_id (&self->grace, g_source_remove);
  g_thread_pool_free (self->pool, FALSE, FALSE);
  g_ptr_array_unref (self->works);

  G_OBJECT_CLASS (cvm_image_worker_parent_class)->finalize (object);
}

static void
cvm_image_worker_class_init (CvmImageWorkerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = cvm_image_worker_finalize;

  signals[CHANGED] = g_signal_new ("changed", CVM_TYPE_IMAGE_WORKER, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
  signals[IMPORTING] = g_signal_new ("importing", CVM_TYPE_IMAGE_WORKER, G_SIGNAL_RUN_LAST, 0,
                                     NULL, NULL, NULL, G_TYPE_NONE, 1, CVM_TYPE_IMAGE_ITEM);
}

static void
cvm_image_worker_init (CvmImageWorker *self)
{
  self->works = g_ptr_array_new_with_free_func (work_unref);
  self->pool = g_thread_pool_new (run_in_pool, NULL, CVM_IMAGE_WORKERS, FALSE, NULL);
}

CvmImageWorker *
cvm_image_worker_new (void)
{
  return g_object_new (CVM_TYPE_IMAGE_WORKER, NULL);
}

static void
on_window_removed (CvmImageWorker *self,
                   GtkWindow      *window,
                   GtkApplication *application)
{
  if (gtk_application_get_windows (application) == NULL)
    cvm_image_worker_stop (self);
}

CvmImageWorker *
cvm_image_worker_get_default (void)
{
  static CvmImageWorker *worker;
  GApplication *application = g_application_get_default ();

  if (worker == NULL)
    {
      worker = cvm_image_worker_new ();
      if (application != NULL)
        g_signal_connect_object (application, "window-removed", G_CALLBACK (on_window_removed),
                                 worker, G_CONNECT_SWAPPED);
    }

  return worker;
}

void
cvm_image_worker_fetch (CvmImageWorker *self,
                        CvmImageItem   *item)
{
  CvmImageState before = cvm_image_item_get_state (item);
  Work *work;

  if (cvm_image_item_is_busy (item) || cvm_image_item_get_entry (item) == NULL)
    return;

  if (before != CVM_IMAGE_STATE_PARTLY && before != CVM_IMAGE_STATE_DAMAGED)
    before = CVM_IMAGE_STATE_AWAY;
  work = work_new (self, item, fetch, before);
  work->mends = cvm_image_item_get_here (item) != NULL && before == CVM_IMAGE_STATE_DAMAGED;
  begin (work);
  cvm_image_item_set_state (item, CVM_IMAGE_STATE_WAITING, NULL);
}

void
cvm_image_worker_check (CvmImageWorker *self,
                        CvmImageItem   *item)
{
  if (cvm_image_item_is_busy (item) || cvm_image_item_get_here (item) == NULL)
    return;

  begin (work_new (self, item, check, cvm_image_item_get_state (item)));
  cvm_image_item_set_state (item, CVM_IMAGE_STATE_WAITING, NULL);
}

void
cvm_image_worker_import (CvmImageWorker *self,
                         CvmImageItem   *item,
                         CvmImageWanted *wanted)
{
  Work *work = work_new (self, item, import, CVM_IMAGE_STATE_AWAY);

  work->wanted = wanted;
  begin (work);
  cvm_image_item_set_state (item, CVM_IMAGE_STATE_WAITING, NULL);
  g_signal_emit (self, signals[IMPORTING], 0, item);
}

void
cvm_image_worker_remove (CvmImageWorker *self,
                         CvmImageItem   *item)
{
  begin (work_new (self, item, remove_it, cvm_image_item_get_state (item)));
}

void
cvm_image_worker_cancel (CvmImageWorker *self,
                         CvmImageItem   *item)
{
  for (guint i = 0; i < self->works->len; i++)
    {
      Work *work = self->works->pdata[i];

      if (work->item == item && work->run != remove_it)
        g_cancellable_cancel (work->cancellable);
    }
}

void
cvm_image_worker_stop (CvmImageWorker *self)
{
  for (guint i = 0; i < self->works->len; i++)
    {
      Work *work = self->works->pdata[i];

      if (work->run != remove_it)
        g_cancellable_cancel (work->cancellable);
    }

  if (self->works->len > 0 && self->grace == 0)
    self->grace = g_timeout_add (GRACE_MS, on_grace_over, self);
}

GPtrArray *
cvm_image_worker_list_imports (CvmImageWorker *self)
{
  GPtrArray *items = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < self->works->len; i++)
    {
      Work *work = self->works->pdata[i];

      if (work->run == import)
        g_ptr_array_add (items, g_object_ref (work->item));
    }

  return items;
}

gboolean
cvm_image_worker_is_busy (CvmImageWorker *self)
{
  return self->works->len > 0;
}
