/* cvm-channel-display.h: the display port, by gvnc
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   channel.
 * Threads: blocks; for job threads. The connection itself lives in the default main context,
 *          which somebody must run meanwhile.
 * Trust:   the pictures come from a guest; their size is bounded. */
#pragma once

#include "cvm-channel.h"

/**
 * cvm_channel_display_open:
 * @fd: speaks VNC without a password; it is the display's from now on, also on failure
 *
 * Waits until the display has said its size. The connection is a shared one: it throws no other
 * viewer out. It ends, in the main context, some time after the last reference is dropped.
 */
CvmDisplay *cvm_channel_display_open (int            fd,
                                      gint64         deadline_us,
                                      GCancellable  *cancellable,
                                      GError       **error);
