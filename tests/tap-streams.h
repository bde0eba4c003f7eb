/* tap-streams.h: streams of TAP made by a seeded grammar, and Perl's word on them
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <glib.h>

typedef enum
{
  TAP_STREAMS_PLAIN,    /* TAP 12 and 13 that TAP::Parser reads to the end */
  TAP_STREAMS_TAPPER,   /* with headers, sections and what prove prints between */
  TAP_STREAMS_WILD,     /* any dialect, subtests, broken blocks, any bytes */
} TapStreams;

GPtrArray *tap_streams_make (TapStreams        kind,
                             guint             n,
                             guint32           seed);
char     **tap_streams_ask  (const GPtrArray  *streams,
                             const char       *script);
