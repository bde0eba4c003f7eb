/* cvm-tap-writer.h: TAP 13 that every reader reads back
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   tap.  Needs GLib, and nothing above it.
 * Threads: a writer belongs to one thread at a time.
 * Trust:   any bytes may be given as text. What comes out is printable ASCII and newlines, and no
 *          text can pass for a directive, a header, a subtest or another line. */
#pragma once

#include "cvm-tap-line.h"

G_BEGIN_DECLS

typedef struct _CvmTapWriter CvmTapWriter;

CvmTapWriter *cvm_tap_writer_new           (GString            *out);
void          cvm_tap_writer_free          (CvmTapWriter       *self);

void          cvm_tap_writer_version       (CvmTapWriter       *self,
                                            guint               version);
void          cvm_tap_writer_plan          (CvmTapWriter       *self,
                                            guint64             planned,
                                            const char         *skip_reason);
void          cvm_tap_writer_point         (CvmTapWriter       *self,
                                            gboolean            ok,
                                            guint64             number,
                                            const char         *description,
                                            CvmTapDirective     directive,
                                            const char         *reason);
void          cvm_tap_writer_comment       (CvmTapWriter       *self,
                                            const char         *text);
void          cvm_tap_writer_header        (CvmTapWriter       *self,
                                            const char         *name,
                                            const char         *value);
void          cvm_tap_writer_bail_out      (CvmTapWriter       *self,
                                            const char         *reason);
void          cvm_tap_writer_subtest_begin (CvmTapWriter       *self,
                                            const char         *name);
void          cvm_tap_writer_subtest_end   (CvmTapWriter       *self);

void          cvm_tap_writer_yaml_begin    (CvmTapWriter       *self);
void          cvm_tap_writer_yaml_string   (CvmTapWriter       *self,
                                            const char         *key,
                                            const char         *value);
void          cvm_tap_writer_yaml_int      (CvmTapWriter       *self,
                                            const char         *key,
                                            gint64              value);
void          cvm_tap_writer_yaml_text     (CvmTapWriter       *self,
                                            const char         *key,
                                            const char         *text);
void          cvm_tap_writer_yaml_list     (CvmTapWriter       *self,
                                            const char         *key,
                                            const char * const *values);
void          cvm_tap_writer_yaml_end      (CvmTapWriter       *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvmTapWriter, cvm_tap_writer_free)

G_END_DECLS
