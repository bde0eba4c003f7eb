/* cvm-tapper-html.h: the tags and the text of a page, one after the other
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   tapper.
 * Threads: no state outside the cursor.
 * Trust:   any bytes. Time is linear and memory constant whatever they are: no tree is made and
 *          nothing needs to be closed; comments and scripts are passed over. It reads RSS too. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define CVM_TAPPER_HTML_NAME_MAX 16

typedef enum
{
  CVM_TAPPER_HTML_TEXT,    /* between two tags; entities are still in it */
  CVM_TAPPER_HTML_DATA,    /* of a CDATA section: no entities */
  CVM_TAPPER_HTML_BEGIN,   /* <name …> */
  CVM_TAPPER_HTML_END,     /* </name> */
} CvmTapperHtmlKind;

typedef struct
{
  const char        *at, *end;   /* what is still to be read */
  CvmTapperHtmlKind  kind;
  char               name[CVM_TAPPER_HTML_NAME_MAX];   /* of a tag, lower case, cut */
  const char        *text;       /* of text; of a tag what stands behind its name */
  gsize              len;
} CvmTapperHtml;

void     cvm_tapper_html_init   (CvmTapperHtml       *self,
                                 const char          *bytes,
                                 gsize                len);
gboolean cvm_tapper_html_next   (CvmTapperHtml       *self);
char    *cvm_tapper_html_dup    (const CvmTapperHtml *self,
                                 const char          *attribute);
void     cvm_tapper_html_append (const CvmTapperHtml *self,
                                 GString             *text,
                                 gsize                max);

G_END_DECLS
