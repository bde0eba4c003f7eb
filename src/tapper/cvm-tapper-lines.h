/* cvm-tapper-lines.h: a report line by line, in blocks, with no more than a line's head in memory
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   tapper.
 * Threads: no state; any.
 * Trust:   any bytes. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define CVM_TAPPER_HEAD_MAX 512 /* bytes of a line that are looked at */

typedef struct _CvmTapperLines CvmTapperLines;

/* HEAD: the first bytes of a line, without its end; bytes from a NUL on are not seen */
typedef void (*CvmTapperHeadFunc) (const char *head,
                                   gpointer    data);
typedef void (*CvmTapperByteFunc) (const char *bytes,
                                   gsize       len,
                                   gpointer    data);

CvmTapperLines *cvm_tapper_lines_new       (CvmTapperHeadFunc   on_line,
                                            CvmTapperByteFunc   on_bytes,
                                            gpointer            data);
void            cvm_tapper_lines_feed      (CvmTapperLines     *self,
                                            const char         *bytes,
                                            gsize               len);
void            cvm_tapper_lines_end       (CvmTapperLines     *self);
void            cvm_tapper_lines_free      (CvmTapperLines     *self);

gboolean        cvm_tapper_lines_read      (const char         *path,
                                            CvmTapperHeadFunc   on_line,
                                            CvmTapperByteFunc   on_bytes,
                                            gpointer            data,
                                            GCancellable       *cancellable,
                                            GError            **error);

gboolean        cvm_tapper_line_is_header  (const char         *head,
                                            const char         *key,
                                            const char        **value);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvmTapperLines, cvm_tapper_lines_free)

G_END_DECLS
