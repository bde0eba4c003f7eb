/* cvm-seed.h: what a guest is told at its first boot, on a CD
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   image.
 * Threads: no state. */
#pragma once

#include <gio/gio.h>

typedef struct
{
  const char *user;        /* who can log in with the keys, and become root; "root" is one too */
  const char *keys;        /* lines as in authorized_keys */
  const char *host_name;
} CvmSeed;

/**
 * cvm_seed_write:
 *
 * A CD for cloud-init's NoCloud: label "cidata", with user-data, meta-data and network-config
 * (DHCP on every cable). The instance's id comes from what is told, so that a guest which has
 * booted with another seed does all of it again. No password is in it.
 *
 * Errors: G_IO_ERROR_INVALID_ARGUMENT for a name or key that is none, what writing fails with
 */
gboolean cvm_seed_write          (const CvmSeed  *seed,
                                  const char     *path,
                                  GError        **error);

/**
 * cvm_seed_write_context:
 * @user_data: as CernVM's amiconfig reads it; any bytes, at most 16 KiB
 *
 * A CD with CernVM's contextualisation, as its HEPIX scripts look for it: label "CONTEXT_INFO" with
 * context.sh and an empty prolog.sh. Mode 0600: user-data may hold passwords.
 */
gboolean cvm_seed_write_context  (const char     *user_data,
                                  gsize           len,
                                  const char     *path,
                                  GError        **error);
