/* cvm-log-line.h: a record as a line of the log that a person reads
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui; needs no display.
 * Threads: no state. */
#pragma once

#include "cvm-record.h"

/**
 * cvm_log_line:
 *
 * "12:03:04  Made domain cvmtester-…", without a newline; NULL for what is not worth a line
 */
char *cvm_log_line (const CvmRecord *record);
