/* cvm-tap-line.h: one line of TAP, understood
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   tap.  Needs GLib, and nothing above it.
 * Threads: no state; every function may be called from any thread.
 * Trust:   the bytes come from a guest. No input aborts, logs or allocates. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define CVM_TAP_LINE_MAX (64 * 1024) /* bytes of a line that are looked at */

/**
 * CvmTapDialect:
 * @CVM_TAP_DIALECT_12: no version line
 * @CVM_TAP_DIALECT_13: `TAP version 13`
 * @CVM_TAP_DIALECT_14: `TAP version 14`
 * @CVM_TAP_DIALECT_KTAP: `KTAP version 1`, the Linux kernel's
 */
typedef enum
{
  CVM_TAP_DIALECT_12,
  CVM_TAP_DIALECT_13,
  CVM_TAP_DIALECT_14,
  CVM_TAP_DIALECT_KTAP,
} CvmTapDialect;

/**
 * CvmTapKind:
 * @CVM_TAP_TEXT: nothing TAP knows; @text is the whole line
 * @CVM_TAP_VERSION: @number is the version
 * @CVM_TAP_PLAN: @number is what is planned, @reason why all is skipped
 * @CVM_TAP_POINT: a test point
 * @CVM_TAP_COMMENT: @text is what follows `#`
 * @CVM_TAP_BAIL_OUT: @reason is what follows `Bail out!`
 * @CVM_TAP_PRAGMA: @text is the list, as in `+strict, -other`
 * @CVM_TAP_YAML_BEGIN: an indented `---`
 * @CVM_TAP_SUBTEST: the comment `# Subtest: NAME`; @text is the name
 * @CVM_TAP_BLOCK_END: `}` alone, the end of a buffered subtest
 */
typedef enum
{
  CVM_TAP_TEXT,
  CVM_TAP_VERSION,
  CVM_TAP_PLAN,
  CVM_TAP_POINT,
  CVM_TAP_COMMENT,
  CVM_TAP_BAIL_OUT,
  CVM_TAP_PRAGMA,
  CVM_TAP_YAML_BEGIN,
  CVM_TAP_SUBTEST,
  CVM_TAP_BLOCK_END,
} CvmTapKind;

typedef enum
{
  CVM_TAP_NO_DIRECTIVE,
  CVM_TAP_SKIP,
  CVM_TAP_TODO,
} CvmTapDirective;

typedef struct
{
  CvmTapKind       kind;
  CvmTapDirective  directive;
  guint            indent;      /* leading spaces */
  guint            ok : 1;
  guint            numbered : 1;
  guint            buffered : 1; /* a point that ends in `{`: its subtest follows */
  guint            ktap : 1;     /* a version line of the kernel's */
  guint64          number;      /* 0 if none was given; stops at %G_MAXINT64 */
  const char      *text;        /* borrowed from the parsed buffer; not terminated, still escaped */
  gsize            text_len;    /* bytes */
  const char      *reason;      /* of a directive, a plan or a bail-out; likewise */
  gsize            reason_len;  /* bytes */
} CvmTapLine;

CvmTapLine cvm_tap_line_parse (const char    *data,
                               gsize          len,
                               CvmTapDialect  dialect);
gboolean   cvm_tap_line_strip (const char   **text,
                               gsize         *len,
                               gboolean       first);
char      *cvm_tap_text_dup   (const char    *text,
                               gsize          len);
gboolean   cvm_tap_text_next_number (const char **text,
                                     gsize       *len,
                                     guint64     *number);

G_END_DECLS
