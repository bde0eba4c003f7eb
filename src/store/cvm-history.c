/* cvm-history.c: the index of all runs, and what it becomes when its file fails
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-history-private.h"

#include <string.h>

#include "cvm-paths.h"

struct _CvmHistory
{
  GObject         parent_instance;

  char           *path;

  GMutex          mutex;          /* guards all below; never held while the index works */
  CvmHistoryBase *bases[CVM_HISTORY_N_BASES];
  gboolean        is_damaged;     /* the file, and is emptied when it is opened */
  gboolean        was_emptied;    /* once: what fails again is not the file's content */
  gboolean        is_checked;
  gboolean        in_memory;

  GMutex          notice_mutex;   /* of its own: the main thread takes the notice */
  char           *notice;
};

enum { CHANGED, N_SIGNALS };

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (CvmHistory, cvm_history, G_TYPE_OBJECT)

static void
drop_bases (CvmHistory *self)
{
  for (guint i = 0; i < CVM_HISTORY_N_BASES; i++)
    g_clear_pointer (&self->bases[i], cvm_history_base_unref);
}

static void
cvm_history_finalize (GObject *object)
{
  CvmHistory *self = CVM_HISTORY (object);

  drop_bases (self);
  g_free (self->path);
  g_free (self->notice);
  g_mutex_clear (&self->mutex);
  g_mutex_clear (&self->notice_mutex);

  G_OBJECT_CLASS (cvm_history_parent_class)->finalize (object);
}

static void
cvm_history_class_init (CvmHistoryClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = cvm_history_finalize;

  signals[CHANGED] = g_signal_new ("changed", CVM_TYPE_HISTORY, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
}

static void
cvm_history_init (CvmHistory *self)
{
  g_mutex_init (&self->mutex);
  g_mutex_init (&self->notice_mutex);
}

CvmHistory *
cvm_history_new (const char *path)
{
  CvmHistory *self = g_object_new (CVM_TYPE_HISTORY, NULL);

  self->path = path != NULL ? g_strdup (path) : cvm_paths_data ("history.db");

  return self;
}

void
cvm_history_emit_changed (CvmHistory *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}

char *
cvm_history_take_notice (CvmHistory *self)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->notice_mutex);

  return g_steal_pointer (&self->notice);
}

static void
leave_notice (CvmHistory *self,
              const char *why)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->notice_mutex);

  self->notice = g_strdup_printf ("The index of runs cannot be written (%s). It is kept in memory, "
                                  "and read from the runs again the next time.", why);
}

gboolean
cvm_history_needs_check (CvmHistory *self)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  gboolean needs_check = !self->is_checked;

  self->is_checked = TRUE;

  return needs_check;
}

static void
move_to_memory (CvmHistory *self,
                const char *why)
{
  if (!self->in_memory)
    leave_notice (self, why);

  drop_bases (self);
  self->in_memory = TRUE;
  self->bases[CVM_HISTORY_WRITER] = cvm_history_base_open_memory (self->path);
  self->bases[CVM_HISTORY_READER] = cvm_history_base_ref (self->bases[CVM_HISTORY_WRITER]);
}

static void
open_base (CvmHistory    *self,
           CvmHistoryUse  use)
{
  g_autoptr(GError) error = NULL;

  self->bases[use] = cvm_history_base_open (self->path, self->is_damaged, &error);
  self->is_damaged = FALSE;
  if (self->bases[use] == NULL)
    move_to_memory (self, error->message);
}

CvmHistoryBase *
cvm_history_begin (CvmHistory    *self,
                   CvmHistoryUse  use,
                   GCancellable  *cancellable)
{
  CvmHistoryBase *base;

  g_mutex_lock (&self->mutex);
  if (self->bases[use] == NULL)
    open_base (self, use);
  base = cvm_history_base_ref (self->bases[use]);
  g_mutex_unlock (&self->mutex);

  cvm_history_base_lock (base, cancellable);

  return base;
}

/* The file is emptied once when its content is at fault; all else is beyond mending here */
static void
mend (CvmHistory *self,
      int         failure)
{
  gboolean is_content = failure == SQLITE_CORRUPT || failure == SQLITE_NOTADB
                        || failure == SQLITE_ERROR || failure == SQLITE_SCHEMA;

  if (is_content && !self->was_emptied && !self->in_memory)
    {
      drop_bases (self);
      self->is_damaged = self->was_emptied = TRUE;
    }
  else
    {
      move_to_memory (self, sqlite3_errstr (failure));
    }
}

gboolean
cvm_history_end (CvmHistory     *self,
                 CvmHistoryBase *base)
{
  g_autoptr(CvmHistoryBase) owned = base;
  int failure = cvm_history_base_unlock (base);
  g_autoptr(GMutexLocker) locker = NULL;

  if (failure == SQLITE_OK || failure == SQLITE_INTERRUPT)
    return failure == SQLITE_OK;

  locker = g_mutex_locker_new (&self->mutex);
  if (base == self->bases[CVM_HISTORY_READER] || base == self->bases[CVM_HISTORY_WRITER])
    mend (self, failure);

  return FALSE;
}
