/* cvm-doctor.h: what this computer has for running guests, and what it lacks
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui; needs no display.
 * Threads: the main one; the suite "doctor" is run by the engine, in a folder that is removed. */
#pragma once

#include "cvm-backend.h"

/* CvmDoctor::changed: another state, or another result */
#define CVM_TYPE_DOCTOR (cvm_doctor_get_type ())
G_DECLARE_FINAL_TYPE (CvmDoctor, cvm_doctor, CVM, DOCTOR, GObject)

/**
 * cvm_doctor_get_default:
 *
 * The one of the program, borrowed; made when it is first wanted
 */
CvmDoctor          *cvm_doctor_get_default (const CvmBackend *backend);

/**
 * cvm_doctor_end:
 *
 * At the program's end: a look that is on is given up, and nothing of it is left
 */
void                cvm_doctor_end         (void);

/**
 * cvm_doctor_look:
 *
 * Looks again; nothing while it looks
 */
void                cvm_doctor_look        (CvmDoctor        *self);

gboolean            cvm_doctor_is_looking  (CvmDoctor        *self);

/**
 * cvm_doctor_get_job:
 *
 * What was found last, NULL before the first look
 */
const CvmJobResult *cvm_doctor_get_job     (CvmDoctor        *self);

/**
 * cvm_doctor_get_problem:
 *
 * Why it could not look, or NULL
 */
const char         *cvm_doctor_get_problem (CvmDoctor        *self);

/**
 * cvm_doctor_n_failed:
 *
 * Checks that failed at the last look
 */
guint               cvm_doctor_n_failed    (CvmDoctor        *self);

/**
 * cvm_doctor_point_detail:
 *
 * What POINT says under KEY, or NULL
 */
const char         *cvm_doctor_point_detail (const CvmPoint  *point,
                                             const char      *key);
