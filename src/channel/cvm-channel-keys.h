/* cvm-channel-keys.h: which keys of a US keyboard make a character
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   channel, and only here.
 * Threads: no state. */
#pragma once

#include <glib.h>

#define CVM_CHANNEL_KEYSYM_SHIFT 0xffe1
#define CVM_CHANNEL_KEYCODE_SHIFT 0x2a

typedef struct
{
  guint32  keysym;      /* of X, for servers that take no codes */
  guint16  keycode;     /* XT set 1, what a PC's keyboard sends */
  gboolean is_shifted;
} CvmChannelKey;

/**
 * cvm_channel_key_find:
 *
 * FALSE for what such a keyboard cannot make: all but printable ASCII and newline
 */
gboolean cvm_channel_key_find (char           c,
                               CvmChannelKey *key);
