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
 * Returns: (transfer full): "image on host, hypervisor: suite", as much of it as is known
 */
char  *cvm_job_names_whole (const CvmJobResult *job);

/**
 * cvm_job_names_short:
 *
 * Returns: (transfer full): a name a job: a line each of its image, its host, its hypervisor and
 * its suite where the jobs differ in it; of jobs that differ in none the image
 */
char **cvm_job_names_short (const CvmJobResult *const *jobs,
                            guint                      n_jobs);

/**
 * cvm_job_names_places:
 *
 * Returns: (transfer full): what stands below each job's image: its host, and its hypervisor and
 * suite where the jobs differ in it; of a job whose host nobody knows the suite
 */
char **cvm_job_names_places (const CvmJobResult *const *jobs,
                             guint                      n_jobs);
