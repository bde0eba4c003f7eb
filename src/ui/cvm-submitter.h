/* cvm-submitter.h: sends the reports of runs in the background, while the window is open
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui; needs no display.
 * Threads: the main thread only, which it never blocks: disk and network are for its threads.
 *
 * A report enters the spool first and leaves it when its server has it (cvm-spool.h), so nothing is
 * lost whatever dies. What waits is tried again when its pause is over, when the network changes,
 * and on demand; never while another program sends. */
#pragma once

#include "cvm-submission.h"

/**
 * CvmSubmitter::changed:
 * @dir: (nullable): of a run whose cvm_submitter_peek() is new; NULL: of all, and of what waits
 *
 * CvmSubmitter::told:
 * @text: what became of a report just now, translated: for a screen reader, a banner or nothing
 */
#define CVM_TYPE_SUBMITTER (cvm_submitter_get_type ())
G_DECLARE_FINAL_TYPE (CvmSubmitter, cvm_submitter, CVM, SUBMITTER, GObject)

/**
 * cvm_submitter_get_default:
 *
 * Borrowed; the one of the program. Touches no file before something is asked of it.
 */
CvmSubmitter        *cvm_submitter_get_default (void);

/**
 * cvm_submitter_begin:
 *
 * Looks at what waits and sends it; once the window is on the screen
 */
void                 cvm_submitter_begin       (CvmSubmitter         *self);

/**
 * cvm_submitter_end:
 *
 * Breaks off what goes on, all of which is on the disk, and waits until its threads are done
 */
void                 cvm_submitter_end         (CvmSubmitter         *self);

/* The state of a run ------------------------------------------------------------------------- */

/**
 * cvm_submitter_peek:
 *
 * What became of the run in DIR, borrowed until the next main loop iteration; NULL while that is
 * not known: it is looked up then, and "changed" is emitted with DIR. Cheap: for every row seen.
 */
const CvmSubmission *cvm_submitter_peek        (CvmSubmitter         *self,
                                                const char           *dir);

/* Sending ------------------------------------------------------------------------------------ */

/**
 * cvm_submitter_send_async:
 * @job: (nullable): "01"; NULL: all of the run, a report each
 * @server: (nullable): a name of servers.ini; NULL: the default
 *
 * Puts the reports of the run in DIR into the spool and begins to send them. It is done as soon as
 * they are in the spool; "changed" tells what becomes of them.
 *
 * Errors: CVM_TAPPER_SERVER_ERROR_UNKNOWN (none is set up, or none of that name),
 * CVM_TAPPER_ERROR_WOULD_LOSE, or of the files and the disk.
 */
void                 cvm_submitter_send_async  (CvmSubmitter         *self,
                                                const char           *dir,
                                                const char           *job,
                                                const char           *server,
                                                GCancellable         *cancellable,
                                                GAsyncReadyCallback   callback,
                                                gpointer              user_data);
gboolean             cvm_submitter_send_finish (CvmSubmitter         *self,
                                                GAsyncResult         *result,
                                                GError              **error);

/**
 * cvm_submitter_send_at_end:
 * @server: (nullable): the default
 *
 * Remembers that the run in DIR is to be sent when it ends
 */
void                 cvm_submitter_send_at_end (CvmSubmitter         *self,
                                                const char           *dir,
                                                const char           *server);

/**
 * cvm_submitter_run_ended:
 *
 * The run in DIR is over and its reports are written: it is sent if that was wished. For whoever
 * keeps the run, once for each.
 */
void                 cvm_submitter_run_ended   (CvmSubmitter         *self,
                                                const char           *dir);

/* What waits --------------------------------------------------------------------------------- */

/**
 * cvm_submitter_get_waiting:
 *
 * CvmSpoolEntry in the order in which they are sent; borrowed until "changed" (NULL)
 */
GPtrArray           *cvm_submitter_get_waiting (CvmSubmitter         *self);

gboolean             cvm_submitter_is_sending  (CvmSubmitter         *self);

/**
 * cvm_submitter_try_now:
 *
 * Sends all that waits, pauses or not
 */
void                 cvm_submitter_try_now     (CvmSubmitter         *self);

/**
 * cvm_submitter_hold:
 *
 * Until released as often as held nothing new is begun: a report is about to be taken out
 */
void                 cvm_submitter_hold        (CvmSubmitter         *self);
void                 cvm_submitter_release     (CvmSubmitter         *self);

/**
 * cvm_submitter_drop_async:
 *
 * Takes a report out of the spool, unsent
 */
void                 cvm_submitter_drop_async  (CvmSubmitter         *self,
                                                guint64               number,
                                                GAsyncReadyCallback   callback,
                                                gpointer              user_data);

/**
 * cvm_submitter_retry_async:
 *
 * Sends one again that is maybe sent; the server may then have it twice
 */
void                 cvm_submitter_retry_async (CvmSubmitter         *self,
                                                guint64               number,
                                                GAsyncReadyCallback   callback,
                                                gpointer              user_data);
gboolean             cvm_submitter_act_finish  (CvmSubmitter         *self,
                                                GAsyncResult         *result,
                                                GError              **error);

/**
 * cvm_submitter_look:
 *
 * Looks at the spool again: another program may have changed it
 */
void                 cvm_submitter_look        (CvmSubmitter         *self);
