/* cvm-signature.h: detached GnuPG signatures
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   image. gpgv by its argv.
 * Threads: blocks.
 * Trust:   file and signature are untrusted; the keyring is the user's. */
#pragma once

#include <gio/gio.h>

typedef enum
{
  CVM_SIGNATURE_GOOD,
  CVM_SIGNATURE_BAD,           /* the file is not what was signed */
  CVM_SIGNATURE_UNKNOWN_KEY,   /* made with a key that the keyring does not have */
  CVM_SIGNATURE_EXPIRED,       /* the signature, or the key it was made with; or the key was
                                  revoked */
  CVM_SIGNATURE_UNREADABLE,    /* it is no signature */
} CvmSignatureVerdict;

/**
 * cvm_signature_check:
 * @keyring: as gpgv takes it: made by gpg --export, or --dearmor
 * @verdict: (out): what came of it
 * @detail: (out) (optional): who signed, or what is wrong, in a sentence; to be freed
 *
 * Fails only where nothing could be said: no gpgv (G_IO_ERROR_NOT_FOUND), no such file, no time.
 */
gboolean cvm_signature_check (const char           *file,
                              const char           *signature,
                              const char           *keyring,
                              gint64                deadline_us,
                              GCancellable         *cancellable,
                              CvmSignatureVerdict  *verdict,
                              char                **detail,
                              GError              **error);
