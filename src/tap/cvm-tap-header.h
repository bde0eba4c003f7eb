/* cvm-tap-header.h: the headers that Tapper reads from comments
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   tap.  Needs GLib, and nothing above it.
 * Threads: a set of headers belongs to one thread at a time; any may read it.
 * Trust:   the bytes come from a guest. A set grows with what is put into it; whoever fills it
 *          counts its bytes. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  const char *key;        /* borrowed from the line; not terminated, in any case */
  gsize       key_len;    /* bytes */
  const char *value;      /* likewise, without blanks around it */
  gsize       value_len;  /* bytes; 0 only where the key alone means something */
} CvmTapHeader;

typedef struct _CvmTapHeaders CvmTapHeaders;

gboolean       cvm_tap_header_parse      (const char          *line,
                                          gsize                len,
                                          CvmTapHeader        *header);
gboolean       cvm_tap_header_is         (const CvmTapHeader  *self,
                                          const char          *key);

CvmTapHeaders *cvm_tap_headers_new       (void);
CvmTapHeaders *cvm_tap_headers_ref       (CvmTapHeaders       *self);
void           cvm_tap_headers_unref     (CvmTapHeaders       *self);
void           cvm_tap_headers_set       (CvmTapHeaders       *self,
                                          const CvmTapHeader  *header);
gsize          cvm_tap_headers_get_bytes (const CvmTapHeaders *self);
guint          cvm_tap_headers_get_n     (const CvmTapHeaders *self);
const char    *cvm_tap_headers_get_key   (const CvmTapHeaders *self,
                                          guint                index);
const char    *cvm_tap_headers_get_value (const CvmTapHeaders *self,
                                          guint                index);
const char    *cvm_tap_headers_lookup    (const CvmTapHeaders *self,
                                          const char          *key);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvmTapHeaders, cvm_tap_headers_unref)

G_END_DECLS
