/* cvm-history-base.h: one connection to the database that the index of runs is kept in
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   store, and only here.
 * Threads: between lock () and unlock () one thread has it for itself.
 * Trust:   the file may be damaged, anybody's, or of another version.
 *
 * The first thing that fails makes all after it do nothing, until the lock is given back: callers
 * look once, at the end. */
#pragma once

#include <gio/gio.h>
#include <sqlite3.h>

typedef struct _CvmHistoryBase CvmHistoryBase;

/**
 * cvm_history_base_open:
 * @afresh: what is in it is not to be trusted
 *
 * The database at PATH, made when it is missing, emptied when it is not ours or AFRESH. Fails with
 * G_IO_ERROR_FAILED where it cannot be had: a folder that is read-only, a full disk.
 */
CvmHistoryBase *cvm_history_base_open      (const char      *path,
                                            gboolean         afresh,
                                            GError         **error);

/**
 * cvm_history_base_open_memory:
 * @path: what can be read of this one is copied
 *
 * One that goes when it is freed
 */
CvmHistoryBase *cvm_history_base_open_memory (const char     *path);

CvmHistoryBase *cvm_history_base_ref       (CvmHistoryBase  *self);
void            cvm_history_base_unref     (CvmHistoryBase  *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvmHistoryBase, cvm_history_base_unref)

void            cvm_history_base_lock      (CvmHistoryBase  *self,
                                            GCancellable    *cancellable);

/**
 * cvm_history_base_unlock:
 *
 * Returns: SQLITE_OK, or what failed first (SQLITE_INTERRUPT: it was cancelled); what was begun
 * and not committed is then undone
 */
int             cvm_history_base_unlock    (CvmHistoryBase  *self);

/**
 * cvm_history_base_check:
 *
 * Reads it all; what does not hang together fails as SQLITE_CORRUPT
 */
void            cvm_history_base_check     (CvmHistoryBase  *self);

/**
 * cvm_history_base_ask:
 * @sql: a literal: it is kept ready under its address
 * @types: one a parameter: 's' a string (%NULL as ""), 'i' a gint64
 *
 * Returns: (nullable) (transfer none): the statement, before its first row; valid until the same
 * SQL is asked again
 */
sqlite3_stmt   *cvm_history_base_ask       (CvmHistoryBase  *self,
                                            const char      *sql,
                                            const char      *types,
                                            ...);

/**
 * cvm_history_base_next:
 * @statement: (nullable)
 *
 * Is there another row?
 */
gboolean        cvm_history_base_next      (CvmHistoryBase  *self,
                                            sqlite3_stmt    *statement);

/**
 * cvm_history_base_do:
 *
 * As ask (), to its end. Returns how many rows it changed.
 */
guint           cvm_history_base_do        (CvmHistoryBase  *self,
                                            const char      *sql,
                                            const char      *types,
                                            ...);
