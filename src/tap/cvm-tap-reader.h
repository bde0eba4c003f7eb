/* cvm-tap-reader.h: bytes in, TAP events out
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   tap.  Needs GLib, and nothing above it.
 * Threads: a reader belongs to one thread at a time.
 * Trust:   the bytes come from a guest. Memory is bounded by the limits below; no input
 *          aborts or logs. However the bytes are cut, the events are the same. */
#pragma once

#include "cvm-tap-line.h"

G_BEGIN_DECLS

#define CVM_TAP_DEPTH_MAX 64            /* subtests in subtests; deeper ones are text */
#define CVM_TAP_YAML_MAX  (1024 * 1024) /* bytes of a diagnostics block that are kept */

/**
 * CvmTapEventKind:
 * @CVM_TAP_EVENT_TEXT: a line TAP gives no meaning
 * @CVM_TAP_EVENT_VERSION: a version line
 * @CVM_TAP_EVENT_PLAN: a plan
 * @CVM_TAP_EVENT_POINT: a test point
 * @CVM_TAP_EVENT_COMMENT: a comment, `# Subtest: NAME` among them
 * @CVM_TAP_EVENT_BAIL_OUT: the program gave up
 * @CVM_TAP_EVENT_PRAGMA: a pragma
 * @CVM_TAP_EVENT_DIAGNOSTICS: a YAML block, whole, markers included, in @text; it belongs to the
 *   point before it
 * @CVM_TAP_EVENT_SUBTEST_BEGIN: the first line of a subtest comes next; no bytes of its own;
 *   @line.text is its name, if one was told
 * @CVM_TAP_EVENT_SUBTEST_END: the subtest's last line was before this; no bytes of its own
 *
 * Every byte of the stream belongs to exactly one event, in order.
 */
typedef enum
{
  CVM_TAP_EVENT_TEXT,
  CVM_TAP_EVENT_VERSION,
  CVM_TAP_EVENT_PLAN,
  CVM_TAP_EVENT_POINT,
  CVM_TAP_EVENT_COMMENT,
  CVM_TAP_EVENT_BAIL_OUT,
  CVM_TAP_EVENT_PRAGMA,
  CVM_TAP_EVENT_DIAGNOSTICS,
  CVM_TAP_EVENT_SUBTEST_BEGIN,
  CVM_TAP_EVENT_SUBTEST_END,
} CvmTapEventKind;

typedef struct
{
  CvmTapEventKind  kind;
  CvmTapDialect    dialect;
  guint            depth;        /* 0 at the top; of the subtest itself for its begin and end */
  guint            truncated : 1; /* only the head of the bytes is in @text */
  guint            open : 1;     /* a diagnostics block that has no end marker */
  guint            buffered : 1; /* a subtest whose point came before it */
  const guint64   *path;         /* depth + 1 numbers, the point's own last (points only) */
  guint64          number;       /* of a point: given, or counted where none was */
  guint64          line_number;  /* of the first line, from 1 */
  guint64          offset;       /* bytes of the stream before this */
  guint64          length;       /* bytes of the stream, line ends included */
  const char      *text;         /* borrowed until the handler returns; not terminated */
  gsize            text_len;     /* bytes */
  CvmTapLine       line;
} CvmTapEvent;

typedef void (*CvmTapHandler) (const CvmTapEvent *event,
                               gpointer           user_data);

typedef struct _CvmTapReader CvmTapReader;

CvmTapReader *cvm_tap_reader_new  (CvmTapHandler  handler,
                                   gpointer       user_data);
void          cvm_tap_reader_feed (CvmTapReader  *self,
                                   const char    *bytes,
                                   gsize          len);
void          cvm_tap_reader_end  (CvmTapReader  *self);
void          cvm_tap_reader_free (CvmTapReader  *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvmTapReader, cvm_tap_reader_free)

G_END_DECLS
