/* cvm-journal.h: what a run did, on the disk before anything goes on
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   record.
 * Threads: writing may be called from any thread; the order of calls is the order of lines.
 * Trust:   a journal that is read may be torn or anybody's: a torn last line is dropped, any
 *          other bad line is an error with its number. */
#pragma once

#include "cvm-record.h"

#define CVM_TYPE_JOURNAL (cvm_journal_get_type ())
G_DECLARE_FINAL_TYPE (CvmJournal, cvm_journal, CVM, JOURNAL, GObject)

/**
 * cvm_journal_open:
 *
 * Makes PATH, or opens it to append (a torn last line is cut off before the first one)
 */
CvmJournal *cvm_journal_open   (const char  *path,
                                GError     **error);

/**
 * cvm_journal_write:
 *
 * Sets seq and time, appends the line, and for act, acted, case.end, job.end and run.end waits
 * until the disk has it (fdatasync). On failure (a full disk) the line is taken back whole.
 */
gboolean    cvm_journal_write  (CvmJournal  *self,
                                CvmRecord   *record,
                                GError     **error);

typedef void (*CvmRecordFunc) (CvmRecord *record,
                               gpointer   data);

/**
 * cvm_journal_each:
 *
 * Calls FUNC with one record after the other, so that a journal need not fit into memory.
 * Records of a type that this program does not know are passed over.
 */
gboolean    cvm_journal_each   (const char     *path,
                                CvmRecordFunc   func,
                                gpointer        data,
                                GError        **error);

/**
 * cvm_journal_scan:
 * @types: a bit (1 << CVM_RECORD_…) for each type that is wanted
 *
 * As cvm_journal_each (), for who wants few of many records: lines that this program wrote of
 * other types are passed over unread, and so is damage in them.
 */
gboolean    cvm_journal_scan   (const char     *path,
                                guint           types,
                                CvmRecordFunc   func,
                                gpointer        data,
                                GCancellable   *cancellable,
                                GError        **error);

/**
 * cvm_journal_read:
 *
 * All records of a journal, in order
 */
GPtrArray  *cvm_journal_read   (const char  *path,
                                GError     **error);
