/* cvm-iso.h: a few small files as a CD for a guest
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   image, and only here. */
#pragma once

#include <gio/gio.h>

typedef struct
{
  const char *name;
  const char *data;
  gsize       len;
} CvmIsoFile;

/**
 * cvm_iso_write:
 * @label: the volume's, by which a guest finds it
 * @files: in its root; ended by a NULL name
 * @mode: of the file PATH
 *
 * ISO 9660 with Rock Ridge and Joliet. The same files give the same bytes, at any time.
 */
gboolean cvm_iso_write (const char        *path,
                        const char        *label,
                        const CvmIsoFile  *files,
                        int                mode,
                        GError           **error);
