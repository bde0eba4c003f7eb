/* cvm-run-folder.h: the folder of a run: made exclusively, locked while the run lives
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   record.
 * Threads: immutable after it was made; paths may be asked for from any thread.
 *
 *   DIR/ plan.ini  journal.jsonl  job-01/ report.tap domain.xml serial.log frames/ logs/
 *
 * A run is dead when nobody holds the lock on its folder, and not before. */
#pragma once

#include <gio/gio.h>

#define CVM_TYPE_RUN_FOLDER (cvm_run_folder_get_type ())
G_DECLARE_FINAL_TYPE (CvmRunFolder, cvm_run_folder, CVM, RUN_FOLDER, GObject)

/**
 * cvm_run_folder_new:
 * @path: (nullable): a folder that is empty or not there yet; %NULL: runs/ID of the user's data
 *
 * Makes and locks the folder of a new run. A folder elsewhere than runs/ is also entered there
 * as a symbolic link runs/ID, so that sweep finds it.
 * Errors: G_IO_ERROR_NOT_EMPTY, G_IO_ERROR_BUSY, or of the file system.
 */
CvmRunFolder *cvm_run_folder_new        (const char    *path,
                                         GError       **error);

/**
 * cvm_run_folder_new_unlisted:
 * @path: a folder that is empty or not there yet
 *
 * The same for a run that is in no list of runs and that no sweep finds: it must leave nothing
 */
CvmRunFolder *cvm_run_folder_new_unlisted (const char *path,
                                           GError    **error);

/**
 * cvm_run_folder_open_dead:
 *
 * An existing run's folder, locked; G_IO_ERROR_BUSY while the run lives. The run's id is read
 * from the folder's file "id".
 */
CvmRunFolder *cvm_run_folder_open_dead  (const char    *path,
                                         GError       **error);

/**
 * cvm_run_folder_read_id:
 *
 * The id of the run whose folder it is, live or dead: what makes a folder one of a run
 */
char         *cvm_run_folder_read_id    (const char    *path,
                                         GError       **error);

/**
 * cvm_run_folder_list:
 *
 * Folders (real paths) of all runs that the user's data knows, oldest first; never fails
 */
GPtrArray    *cvm_run_folder_list       (void);

const char   *cvm_run_folder_get_id     (CvmRunFolder  *self);
const char   *cvm_run_folder_get_path   (CvmRunFolder  *self);
char         *cvm_run_folder_file       (CvmRunFolder  *self,
                                         const char    *name);

/**
 * cvm_run_folder_job_file:
 *
 * The path of NAME in the job's folder ("serial.log", "frames/0001.png"), whose folders are
 * made. NAME is ours, never a guest's: make one with cvm_run_folder_safe_name ().
 */
char         *cvm_run_folder_job_file   (CvmRunFolder  *self,
                                         const char    *job,
                                         const char    *name,
                                         GError       **error);

/**
 * cvm_run_folder_safe_name:
 *
 * A name of [A-Za-z0-9._-], at most 100 bytes, never starting with a '.'
 */
char         *cvm_run_folder_safe_name  (const char    *wish);
