/* cvm-point-state.h: what a point is to whoever looks at it: one word, one icon
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui; needs no display.
 * Threads: no state. */
#pragma once

#include "cvm-result.h"

typedef enum
{
  CVM_POINT_STATE_PENDING,
  CVM_POINT_STATE_RUNNING,
  CVM_POINT_STATE_PASSED,
  CVM_POINT_STATE_FAILED,
  CVM_POINT_STATE_TODO,         /* failed, and known to */
  CVM_POINT_STATE_SKIPPED,
  CVM_POINT_STATE_CANCELLED,
} CvmPointState;

CvmPointState  cvm_point_state_of         (const CvmPoint *point);

/**
 * cvm_point_state_get_word:
 *
 * translated
 */
const char    *cvm_point_state_get_word   (CvmPointState   state);

const char    *cvm_point_state_get_icon   (CvmPointState   state);

/**
 * cvm_point_state_get_colour:
 *
 * The name of the theme's colour for it, or NULL for that of text
 */
const char    *cvm_point_state_get_colour (CvmPointState   state);

/**
 * cvm_point_state_of_status:
 *
 * A whole run or job, in the same words
 */
CvmPointState  cvm_point_state_of_status  (CvmStatus       status);
