/* cvm-result-from-tap.h: TAP, or an archive of it, as the result that a run has
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   tapper.
 * Threads: no state. Calls block but those that end in _async; the result then belongs to who asked.
 * Trust:   the bytes come from anywhere. Memory is bounded by cvm-result-tap.h and
 *          cvm-tap-archive.h; nothing is unpacked onto the disk.
 *
 * What it is its first bytes tell. Each file of an archive is a job, by its name; a stream of TAP
 * is one job. Bytes that are no TAP at all make a job that failed and says that it has no plan, as
 * TAP has it. */
#pragma once

#include "cvm-result.h"

/**
 * cvm_result_from_tap:
 * @stream: read to its end; an archive is read twice, so that it must be seekable
 * @title: the result's, and of the one job of a stream of TAP
 *
 * Errors: what @stream says; of an archive, what cvm_tap_archive_new () says.
 */
CvmResult *cvm_result_from_tap             (GInputStream         *stream,
                                            const char           *title,
                                            GCancellable         *cancellable,
                                            GError              **error);

CvmResult *cvm_result_from_tap_bytes       (GBytes               *bytes,
                                            const char           *title,
                                            GCancellable         *cancellable,
                                            GError              **error);

/**
 * cvm_result_from_tap_file:
 *
 * Of a regular file, titled by its name; one that is none fails and never waits.
 */
CvmResult *cvm_result_from_tap_file        (GFile                *file,
                                            GCancellable         *cancellable,
                                            GError              **error);

void       cvm_result_from_tap_file_async  (GFile                *file,
                                            GCancellable         *cancellable,
                                            GAsyncReadyCallback   callback,
                                            gpointer              user_data);

CvmResult *cvm_result_from_tap_file_finish (GAsyncResult         *result,
                                            GError              **error);
