/* cvm-qemu-img.h: qemu-img by its argv, and the formats it is asked for
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   image, and only here.
 * Threads: blocks; for job threads and workers. */
#pragma once

#include <gio/gio.h>

/**
 * cvm_qemu_img_run:
 * @argv: of which [0] is "qemu-img"; names of files are absolute, since qemu-img takes "json:…",
 *   "nbd:…" and "-…" for more than names
 * @out: gets what it prints, at most 1 MiB
 *
 * Fails with what it says to standard error unless its status is 0
 */
gboolean cvm_qemu_img_run          (const char *const  *argv,
                                    GString            *out,
                                    gint64              deadline_us,
                                    GCancellable       *cancellable,
                                    GError            **error);

gboolean cvm_qemu_img_check_format (const char         *format,
                                    GError            **error);
