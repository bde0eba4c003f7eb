/* cvm-sha256.h: SHA-256 of bytes as they come, by the processor's own instructions
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   image.
 * Threads: one thread at a time.
 *
 * GChecksum has none of them: it takes 2.4 s for a GiB where GnuTLS takes 0.6 s, and an image is
 * summed twice, as it comes and as it is unpacked. */
#pragma once

#include <gio/gio.h>

typedef struct _CvmSha256 CvmSha256;

CvmSha256  *cvm_sha256_new        (void);
void        cvm_sha256_free       (CvmSha256    *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvmSha256, cvm_sha256_free)

void        cvm_sha256_update     (CvmSha256    *self,
                                   const void   *bytes,
                                   gsize         len);

/**
 * cvm_sha256_reset:
 *
 * As if it were new
 */
void        cvm_sha256_reset      (CvmSha256    *self);

/**
 * cvm_sha256_get_string:
 *
 * Hex, in lower case, of all bytes until now; borrowed until the next call
 */
const char *cvm_sha256_get_string (CvmSha256    *self);

/**
 * cvm_sha256_file:
 *
 * As cvm_file_sha256 ()
 */
char       *cvm_sha256_file       (const char   *path,
                                   GCancellable *cancellable,
                                   GError      **error);
