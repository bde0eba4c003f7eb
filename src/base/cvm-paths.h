/* cvm-paths.h: where the program's files are, after the XDG base directory specification
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   base.
 * Threads: no state but where the images are, which is set once, at the start. */
#pragma once

#include <glib.h>

/* Where the user keeps images (transfer full), or NULL with the error set; may read the disk */
typedef char *(*CvmPathsImages) (GError **error);

/**
 * cvm_paths_data:
 *
 * $XDG_DATA_HOME/cvmtester/NAME
 */
char  *cvm_paths_data     (const char *name);

/**
 * cvm_paths_config:
 *
 * $XDG_CONFIG_HOME/cvmtester/NAME
 */
char  *cvm_paths_config   (const char *name);

char  *cvm_paths_runs     (void);

/**
 * cvm_paths_images:
 *
 * The folder of the user's images: what was set, else $XDG_DATA_HOME/cvmtester/images
 */
char  *cvm_paths_images     (GError         **error);

/**
 * cvm_paths_set_images:
 *
 * Asked whenever the folder is wanted, in any thread: so a change counts at once
 */
void   cvm_paths_set_images (CvmPathsImages   images);

/**
 * cvm_paths_dirs:
 *
 * The folders where KIND ("suites", "images", "masks") is looked for, best first: the user's
 * config (suites, masks), the user's data (images: where the user keeps them), $CVMTESTER_DATA_DIR (a build tree), the installed
 * folder, $XDG_DATA_DIRS.
 */
char **cvm_paths_dirs     (const char *kind);

/**
 * cvm_paths_find:
 *
 * The path of FILE in the first of those folders that has it, or NULL. FILE is one name: one
 * with a '/' or a leading '.' is never found.
 */
char  *cvm_paths_find     (const char *kind,
                           const char *file);
