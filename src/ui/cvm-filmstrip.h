/* cvm-filmstrip.h: a job from its begin to its end: what was seen, and each check at its moment
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui. */
#pragma once

#include <gtk/gtk.h>

#include "cvm-result.h"

/**
 * CvmFilmstrip::moved:
 *
 * The user went to another moment, or there are other pictures of this one
 */
#define CVM_TYPE_FILMSTRIP (cvm_filmstrip_get_type ())
G_DECLARE_FINAL_TYPE (CvmFilmstrip, cvm_filmstrip, CVM, FILMSTRIP, GtkBox)

/**
 * cvm_filmstrip_set_job:
 * @folder: of the job
 */
void        cvm_filmstrip_set_job     (CvmFilmstrip       *self,
                                       const char         *folder,
                                       gboolean            is_live);

/**
 * cvm_filmstrip_update:
 *
 * As often as something changes, and once a second of a live one
 */
void        cvm_filmstrip_update      (CvmFilmstrip       *self,
                                       const CvmJobResult *job);

/**
 * cvm_filmstrip_end:
 *
 * It lives no more
 */
void        cvm_filmstrip_end         (CvmFilmstrip       *self);

/**
 * cvm_filmstrip_get_moment:
 *
 * Microseconds since 1970, UTC; 0: the end, or now
 */
gint64      cvm_filmstrip_get_moment  (CvmFilmstrip       *self);

/**
 * cvm_filmstrip_dup_picture:
 * @caption: (out): of it
 *
 * The file of what is seen at the moment; NULL: nothing is
 */
char       *cvm_filmstrip_dup_picture (CvmFilmstrip       *self,
                                       char              **caption);

gboolean    cvm_filmstrip_has_pictures (CvmFilmstrip      *self);

/**
 * cvm_filmstrip_get_check:
 *
 * The path of the check that ran at the moment, or NULL
 */
const char *cvm_filmstrip_get_check   (CvmFilmstrip       *self);
