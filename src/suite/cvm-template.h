/* cvm-template.h: what a domain template of the old test client asks for
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   suite.
 * Threads: no state.
 * Trust:   the file may be anybody's. Only the settings below are taken from it; it never reaches
 *          libvirt. */
#pragma once

#include <gio/gio.h>

/* Where a setting is not in the template it is NULL */
typedef struct
{
  char *memory_kib, *cpus, *video_kib;
  char *mac;
  char *kernel, *initrd, *cmdline;
} CvmTemplate;

/**
 * cvm_template_load:
 *
 * libvirt's domain XML (https://libvirt.org/formatdomain.html). Errors: CVM_KEYFILE_ERROR, with
 * file:line
 */
CvmTemplate *cvm_template_load (const char   *path,
                                GError      **error);

void         cvm_template_free (CvmTemplate  *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvmTemplate, cvm_template_free)
