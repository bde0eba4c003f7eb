/* cvm-profile.h: what to run on what, kept in a file
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   suite.
 * Threads: immutable.
 * Trust:   the file may be anybody's; what it sets is validated like --set.
 *
 *   [Profile] Suite=FILE (beside this one, or a name) Host=URI Hypervisor=TYPE Receiver=HOST:PORT
 *   [Set]     ID.parameter=value */
#pragma once

#include <gio/gio.h>

typedef struct
{
  char  *suite;        /* a path, or a name to find */
  char  *host;         /* or NULL */
  char  *hypervisor;   /* or NULL */
  char  *receiver;     /* of a Tapper server, or NULL */
  char **sets;         /* "ID.parameter=value", as --set takes it */
} CvmProfile;

/**
 * cvm_profile_load:
 *
 * Errors: CVM_KEYFILE_ERROR, with file:line
 */
CvmProfile *cvm_profile_load (const char  *path,
                              GError     **error);

void        cvm_profile_free (CvmProfile  *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvmProfile, cvm_profile_free)
