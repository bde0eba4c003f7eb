/* cvm-virt-loop.h: libvirt's events on GLib's default main context
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   virt.
 * Threads: any. */
#pragma once

/**
 * cvm_virt_loop_init:
 *
 * Before the first connection is opened; again is nothing. The program's main thread runs the
 * default context: without it no console says anything, and no guest is seen to end.
 */
void cvm_virt_loop_init (void);
