/* cvm-cfg.h: a shell file of settings, read as data
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   suite.
 * Threads: no state outside the object; immutable.
 * Trust:   the file may be anybody's. Nothing of it is ever run: what a shell would run is an
 *          error with its line. Limits: 1 MiB, 10 000 settings, 64 KiB a value.
 *
 * The part of the shell's grammar (POSIX, Shell Command Language, 2.2 and 2.6) in which the
 * configurations of CernVM Release Testing are written: NAME=VALUE with or without `export`,
 * comments, 'single' and "double" quotes, continuation by \, and $NAME or ${NAME} of a setting
 * above. */
#pragma once

#include <gio/gio.h>

typedef struct
{
  char     *name;
  char     *value;
  guint     line;
  gboolean  is_exported;
} CvmCfgSetting;

typedef struct _CvmCfg CvmCfg;

/**
 * cvm_cfg_load:
 *
 * Errors: CVM_KEYFILE_ERROR, "FILE:LINE: what, and what to do"
 */
CvmCfg              *cvm_cfg_load          (const char    *path,
                                            GError       **error);

CvmCfg              *cvm_cfg_new_from_data (const char    *data,
                                            gsize          len,
                                            const char    *name,
                                            GError       **error);
void                 cvm_cfg_free          (CvmCfg        *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvmCfg, cvm_cfg_free)

const char          *cvm_cfg_get_name      (const CvmCfg  *self);

/**
 * cvm_cfg_n_settings:
 *
 * In file order; a name that is set again is there again
 */
guint                cvm_cfg_n_settings    (const CvmCfg  *self);
const CvmCfgSetting *cvm_cfg_setting       (const CvmCfg  *self,
                                            guint          index);

/**
 * cvm_cfg_find:
 *
 * The last setting of NAME, which is the one that counts; or NULL
 */
const CvmCfgSetting *cvm_cfg_find          (const CvmCfg  *self,
                                            const char    *name);
