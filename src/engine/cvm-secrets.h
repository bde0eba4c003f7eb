/* cvm-secrets.h: the passwords of a job, which nothing of it may show
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   engine.
 * Threads: one at a time.
 *
 * What is in the table is wiped with it. */
#pragma once

#include <gio/gio.h>

typedef struct _CvmSecrets CvmSecrets;

CvmSecrets *cvm_secrets_new      (void);
void        cvm_secrets_free     (CvmSecrets  *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvmSecrets, cvm_secrets_free)

/**
 * cvm_secrets_find:
 *
 * The value that was kept under KEY; it lives as long as the table. NULL if there is none.
 */
const char *cvm_secrets_find     (CvmSecrets  *self,
                                  const char  *key);

/**
 * cvm_secrets_keep:
 *
 * Takes VALUE, and tells where it lives now
 */
const char *cvm_secrets_keep     (CvmSecrets  *self,
                                  const char  *key,
                                  char        *value);

/**
 * cvm_secrets_hide:
 *
 * Overwrites each kept value in LEN bytes of TEXT with asterisks. Values under 6 bytes, and those
 * of lower case letters alone, are left: text would be full of them by chance.
 */
void        cvm_secrets_hide     (CvmSecrets  *self,
                                  char        *text,
                                  gsize        len);

/**
 * cvm_secrets_generate:
 *
 * A new password from the kernel's random numbers: 20 letters and digits (116 bits), which need
 * no quoting in a form, a shell or a file
 */
char       *cvm_secrets_generate (GError     **error);

/**
 * cvm_secrets_read_file:
 *
 * The first line of a file that only its owner can read
 */
char       *cvm_secrets_read_file (const char *path,
                                   GError    **error);
