/* cvm-id.h: names and UUIDs that this program makes
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   base.
 * Threads: no state but one machine id, read once. */
#pragma once

#include <glib.h>

/**
 * cvm_id_is_valid:
 *
 * [a-z0-9][a-z0-9-]{0,63}: ids of cases, presets, images, suites
 */
gboolean    cvm_id_is_valid   (const char *id);

/**
 * cvm_id_uuid_for:
 *
 * RFC 4122, version 5 (SHA-1), in this program's own namespace: the same run and object name
 * give the same UUID, so that what a dead run made can be named without asking it.
 */
char       *cvm_id_uuid_for   (const char *run_id,
                               const char *object_name);

/**
 * cvm_id_new_run:
 *
 * 2026-11-21T072513Z-7f3a: sorts by time, unique enough; whoever makes the folder is exclusive
 */
char       *cvm_id_new_run    (void);

/**
 * cvm_id_machine:
 *
 * This machine, as a hash of /etc/machine-id (man 5 machine-id asks not to show the id itself),
 * or of the host name where there is none (macOS). 32 hex digits.
 */
const char *cvm_id_machine    (void);
