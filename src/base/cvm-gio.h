/* cvm-gio.h: GIO used by several threads
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   base.
 * Threads: the main one, while it is alone. */
#pragma once

/**
 * cvm_gio_prepare:
 *
 * Early in main (): makes GIO's types of sockets known. GLib (seen: 2.74) can lock up for ever where
 * one thread makes such a type known, which waits for the lock of all class initialisers, while the
 * initialiser that another thread is in asks for the same type: GSocket here, GSocketClient there.
 * GDBus has a list of its own for the same reason (ensure_required_types).
 */
void cvm_gio_prepare (void);
