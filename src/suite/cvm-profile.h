/* cvm-profile.h: what to run on what, kept in a file; those of the user's own are its presets
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   suite.
 * Threads: no state; all calls read or write files.
 * Trust:   the file may be anybody's; what it sets is validated like --set.
 *
 *   [Profile] Suite=FILE (beside this one, or a name) Host=URI Hypervisor=TYPE Receiver=HOST:PORT
 *             Server=NAME Repeat=N Parallel=N KeepFailed=true KernelArgs=TEXT
 *   [Set]     ID.parameter=value, of that suite; Only and Preset stand in [Profile]
 *   [Suite N] Suite=FILE Preset=NAME Only=ID;ID   more suites, each with its [Set N]
 *   [Cell N]  Image=NAME Host=URI Hypervisor=TYPE  where; instead of Host and Hypervisor above */
#pragma once

#include "cvm-order.h"

/**
 * cvm_profile_load:
 *
 * Errors: CVM_KEYFILE_ERROR, with file:line
 */
CvmOrder *cvm_profile_load     (const char      *path,
                                GError         **error);

/**
 * cvm_profile_save:
 *
 * At once or not at all. What is there already is edited: comments stay.
 */
gboolean  cvm_profile_save     (const CvmOrder  *order,
                                const char      *path,
                                GError         **error);

/* Presets: profiles in the user's own folder ------------------------------------------------- */

/**
 * cvm_profile_is_name:
 *
 * A name that a file can have: one line of 1 to 100 bytes, without a '/', no '.' first
 */
gboolean  cvm_profile_is_name  (const char      *name);

/**
 * cvm_profile_path_of:
 *
 * The file of the preset NAME, there or not
 */
char     *cvm_profile_path_of  (const char      *name);

/**
 * cvm_profile_find:
 *
 * By path (it has a '/' or ends in .profile), else the preset of this name, else as a path
 */
char     *cvm_profile_find     (const char      *name_or_path);

/**
 * cvm_profile_list:
 *
 * The names of all presets, sorted; never NULL
 */
char    **cvm_profile_list     (void);

/**
 * cvm_profile_rename:
 *
 * G_IO_ERROR_EXISTS where there is one of the new name
 */
gboolean  cvm_profile_rename   (const char      *name,
                                const char      *new_name,
                                GError         **error);
gboolean  cvm_profile_remove   (const char      *name,
                                GError         **error);
