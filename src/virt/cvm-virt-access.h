/* cvm-virt-access.h: what keeps QEMU from a file
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   virt.
 * Threads: no state; looks at the file system. */
#pragma once

#include <glib.h>

/**
 * cvm_virt_access_find_block:
 *
 * The first folder on the way to the absolute PATH, or PATH itself, that only its owner or
 * group may use; or NULL. A system's QEMU runs as a user of its own.
 */
char *cvm_virt_access_find_block (const char *path);

/**
 * cvm_virt_access_advice:
 *
 * What to do about libvirt's MESSAGE when it tells of a file that was denied; "" otherwise
 */
char *cvm_virt_access_advice     (const char *message);
