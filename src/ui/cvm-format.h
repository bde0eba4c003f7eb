/* cvm-format.h: times, counts and verdicts as people read them
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui; needs no display. All strings are translated and the caller's.
 * Threads: no state. */
#pragma once

#include "cvm-result.h"

/**
 * cvm_format_line:
 *
 * One line of TEXT that any widget can show, whatever a guest put in it: valid UTF-8, without
 * controls, at most 500 characters
 */
char   *cvm_format_line     (const char *text);

/**
 * cvm_format_log:
 *
 * Lines that a guest or a server wrote as every text view can show them: valid UTF-8, without other
 * controls, and no line so long that its layout would block the window
 */
char   *cvm_format_log      (GBytes     *bytes);

/**
 * cvm_format_problem:
 * @path: of the file that MESSAGE speaks of
 *
 * The same line, without the folder that the message begins with: the file's name is enough
 * where the file itself is shown
 */
char   *cvm_format_problem  (const char *message,
                             const char *path);

/**
 * cvm_format_text:
 *
 * The same of many lines: newlines and tabs stay; at most 64 KiB
 */
char   *cvm_format_text     (const char *text);

/**
 * cvm_format_duration:
 *
 * "< 0.1 s", "0.4 s", "31 s", "1:25", "1:02:03"
 */
char   *cvm_format_duration (gint64 ms);

/**
 * cvm_format_clock:
 *
 * "02:13": the time since a beginning
 */
char   *cvm_format_clock    (gint64 ms);

/**
 * cvm_format_left:
 *
 * "about 3 min left"; NULL for less than 0: nobody knows
 */
char   *cvm_format_left     (gint64 ms);

/**
 * cvm_format_day:
 *
 * "Today", "Yesterday", "Monday, 16 November"
 */
char   *cvm_format_day      (gint64 time_us,
                             gint64 now_us);

/**
 * cvm_format_counts:
 *
 * "12 passed", "10 passed, 2 failed, 1 skipped"
 */
char   *cvm_format_counts   (const CvmJobResult *job);

/**
 * cvm_format_verdict:
 *
 * A sentence or two on how a job ended: what it means and what can be done
 */
char   *cvm_format_verdict  (const CvmJobResult *job);

/**
 * cvm_estimate_left_ms:
 * @usual_ms: what earlier runs of the same kind took, or 0
 *
 * Milliseconds until the end, from earlier runs, else from the pace so far; -1 while neither
 * says anything.
 */
gint64  cvm_estimate_left_ms (gint64 elapsed_ms,
                              gint64 usual_ms,
                              guint  ended,
                              guint  planned);
