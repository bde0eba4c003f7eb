/* cvm-job-names.h: jobs by what tells them apart, for the heads of columns, and whole
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui. Pure.
 * Trust:   image, host and suite may be another's: no line breaks or controls come through. */
#pragma once

#include "cvm-result.h"

/**
 * cvm_job_names_whole:
 *
 * Returns: (transfer full): "image on host: suite", as much of it as is known
 */
char  *cvm_job_names_whole (const CvmJobResult *job);

/**
 * cvm_job_names_short:
 *
 * Returns: (transfer full): a name a job: a line each of its image, its host and its suite where
 * the jobs differ in it; of jobs that differ in none the image
 */
char **cvm_job_names_short (const CvmJobResult *const *jobs,
                            guint                      n_jobs);
