/* cvm-serial-part.h: a part of a serial.log of any size, read off the main thread
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui; needs no display. */
#pragma once

#include <gio/gio.h>

#define CVM_SERIAL_PART_MAX (1024 * 1024)

typedef struct
{
  GBytes  *bytes;    /* from START on, at most CVM_SERIAL_PART_MAX */
  guint64  start;
  guint64  size;     /* of the whole file */
} CvmSerialPart;

void           cvm_serial_part_free        (CvmSerialPart        *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvmSerialPart, cvm_serial_part_free)

/**
 * cvm_serial_part_load_async:
 * @end: where it ends, bytes; -1: at the file's end
 * @time_us: if not 0: where it ends is what was there at that time
 */
void           cvm_serial_part_load_async  (const char           *path,
                                            gint64                end,
                                            gint64                time_us,
                                            GCancellable         *cancellable,
                                            GAsyncReadyCallback   callback,
                                            gpointer              user_data);

/**
 * cvm_serial_part_search_async:
 * @text: to be found, without regard to the case of ASCII letters
 * @before: looks from here towards the beginning
 *
 * The part that has the last occurrence before that; G_IO_ERROR_NOT_FOUND: there is none
 */
void           cvm_serial_part_search_async (const char          *path,
                                             const char          *text,
                                             guint64              before,
                                             GCancellable        *cancellable,
                                             GAsyncReadyCallback  callback,
                                             gpointer             user_data);

/**
 * cvm_serial_part_finish:
 *
 * Of either
 */
CvmSerialPart *cvm_serial_part_finish      (GAsyncResult         *result,
                                            GError              **error);
