/* cvm-serial-times.h: when the console said what: serial.log.times beside serial.log
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   engine.
 * Threads: one at a time.
 * Trust:   a file of a run that came from anywhere: any bytes, bounded.
 *
 * A line "MS OFFSET" each: at MS since 1970, serial.log had OFFSET bytes, and then got more. The
 * longer the job, the farther they lie apart (a thousandth of its time), so the file stays small. */
#pragma once

#include <gio/gio.h>

/* Writing */
typedef struct
{
  int    fd;            /* or -1 */
  gint64 begun_ms, last_ms;
} CvmSerialClock;

void    cvm_serial_clock_open  (CvmSerialClock *self,
                                const char     *log_path);
void    cvm_serial_clock_close (CvmSerialClock *self);

/**
 * cvm_serial_clock_tell:
 *
 * More comes behind OFFSET, at NOW_MS
 */
void    cvm_serial_clock_tell  (CvmSerialClock *self,
                                gint64          now_ms,
                                guint64         offset);

/* Reading */
typedef struct
{
  gint64  time_ms;
  guint64 offset;
} CvmSerialTime;

/**
 * cvm_serial_times_load:
 *
 * Of the log at LOG_PATH, of CvmSerialTime, in order; empty where nothing is known. Blocks on the
 * disk.
 */
GArray *cvm_serial_times_load  (const char     *log_path);

GArray *cvm_serial_times_parse (const char     *text);

/**
 * cvm_serial_times_find:
 *
 * How much of a log of SIZE bytes was there at TIME_US
 */
guint64 cvm_serial_times_find  (GArray         *times,
                                gint64          time_us,
                                guint64         size);
