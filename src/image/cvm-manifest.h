/* cvm-manifest.h: the sums that an OVF's package lists, compared with its files
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   image, and only here.
 * Threads: blocks; for job threads and workers.
 * Trust:   the manifest comes with the files: it tells of damage, not of who made them. */
#pragma once

#include <gio/gio.h>

/**
 * cvm_manifest_check:
 * @manifest: path of the .mf file
 * @name: of a file below @dir
 *
 * Whether the file has the sum that the manifest lists for it. One that it does not list passes.
 */
gboolean cvm_manifest_check (const char    *manifest,
                             const char    *dir,
                             const char    *name,
                             GCancellable  *cancellable,
                             GError       **error);
