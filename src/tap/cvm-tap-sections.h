/* cvm-tap-sections.h: the sections of a Tapper report
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   tap.  Needs GLib, and nothing above it.
 * Threads: a set of sections belongs to one thread at a time; once ended, any may read it.
 * Trust:   the events come from a guest's bytes. Memory is bounded by the limits below.
 *
 * A Tapper server cuts a report into sections and counts each by itself; this does the same, so
 * that one knows before sending what the server will say. */
#pragma once

#include "cvm-tap-header.h"
#include "cvm-tap-reader.h"

G_BEGIN_DECLS

#define CVM_TAP_SECTIONS_MAX     10000             /* what comes later belongs to the last */
#define CVM_TAP_HEADER_BYTES_MAX (4 * 1024 * 1024) /* that all headers may take */

/**
 * CvmTapSection:
 *
 * The numbers are those of TAP::Parser for the section alone, read as TAP 13.
 */
typedef struct
{
  char          *name;      /* UTF-8, no blanks */
  gboolean       has_plan;
  guint64        planned;   /* 0 without a plan */
  guint64        run;
  guint64        passed;
  guint64        failed;
  CvmTapHeaders *headers;
} CvmTapSection;

typedef struct _CvmTapSections CvmTapSections;

CvmTapSections      *cvm_tap_sections_new         (void);
void                 cvm_tap_sections_free        (CvmTapSections       *self);
void                 cvm_tap_sections_take        (const CvmTapEvent    *event,
                                                   gpointer              sections);
void                 cvm_tap_sections_end         (CvmTapSections       *self);
guint                cvm_tap_sections_get_n       (const CvmTapSections *self);
const CvmTapSection *cvm_tap_sections_get         (const CvmTapSections *self,
                                                   guint                 index);
const CvmTapHeaders *cvm_tap_sections_get_headers (const CvmTapSections *self);
gboolean             cvm_tap_sections_is_whole    (const CvmTapSections *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvmTapSections, cvm_tap_sections_free)

G_END_DECLS
