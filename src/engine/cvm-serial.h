/* cvm-serial.h: a guest's serial console: kept whole on disk, watched, waited on
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   engine. The virt layer feeds it; checks and the window read it.
 * Threads: all functions may be called from any thread.
 * Trust:   the bytes come from a guest: any bytes, any amount. The file stops at
 *          CVM_SERIAL_MAX_FILE (the cut is marked in it), memory at CVM_SERIAL_WINDOW. */
#pragma once

#include <gio/gio.h>

#define CVM_SERIAL_MAX_FILE (256 * 1024 * 1024)
#define CVM_SERIAL_WINDOW   (1024 * 1024)

#define CVM_TYPE_SERIAL (cvm_serial_get_type ())
G_DECLARE_FINAL_TYPE (CvmSerial, cvm_serial, CVM, SERIAL, GObject)

/**
 * cvm_serial_new:
 *
 * PATH: serial.log, made or appended to; NULL: kept in memory only
 */
CvmSerial *cvm_serial_new      (const char    *path,
                                GError       **error);

/**
 * cvm_serial_append:
 *
 * What the guest said; called by the one reader of its console
 */
void       cvm_serial_append   (CvmSerial     *self,
                                const char    *bytes,
                                gsize          len);

/**
 * cvm_serial_end:
 *
 * The console is at its end (guest off, connection lost): waits fail from here on, until
 * more arrives
 */
void       cvm_serial_end      (CvmSerial     *self,
                                const char    *why);

/**
 * cvm_serial_offset:
 *
 * Bytes seen since the beginning: a position to wait or read from
 */
guint64    cvm_serial_offset   (CvmSerial     *self);

/**
 * cvm_serial_read:
 *
 * Copies what there is from OFFSET on, at most MAX bytes, and moves OFFSET behind it. What has
 * left the window is skipped.
 */
char      *cvm_serial_read     (CvmSerial     *self,
                                guint64       *offset,
                                gsize          max,
                                gsize         *len);

/**
 * cvm_serial_wait:
 * @from: where to look from, of cvm_serial_offset (); 0: the beginning
 * @matched: (out) (optional): the line that matched
 *
 * Waits until a line, complete or not, matches. Carriage returns and terminal escapes are
 * removed before the match. Fails with TIMED_OUT, CANCELLED, or GUEST_LOST at the console's end;
 * the message holds the console's last line.
 */
gboolean   cvm_serial_wait     (CvmSerial     *self,
                                const GRegex  *pattern,
                                guint64        from,
                                gint64         deadline_us,
                                GCancellable  *cancellable,
                                char         **matched,
                                GError       **error);

/**
 * cvm_serial_dup_file_error:
 *
 * What stopped serial.log from being written (a full disk), or NULL
 */
char      *cvm_serial_dup_file_error (CvmSerial *self);

/**
 * cvm_serial_last_line:
 *
 * The last line with something in it, clean of escapes; "" if none
 */
char      *cvm_serial_last_line (CvmSerial    *self);
