/* cvm-point-state.c: what a point is to whoever looks at it: one word, one icon
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-point-state.h"

#include <glib/gi18n.h>

static const struct
{
  const char *word;
  const char *icon;
  const char *colour;
} looks[] = {
  [CVM_POINT_STATE_PENDING]   = { N_("not begun"),    "cvm-pending-symbolic",   NULL },
  [CVM_POINT_STATE_RUNNING]   = { N_("running"),      "cvm-running-symbolic",   "cvm_busy" },
  [CVM_POINT_STATE_PASSED]    = { N_("passed"),       "cvm-passed-symbolic",    "cvm_good" },
  [CVM_POINT_STATE_FAILED]    = { N_("failed"),       "cvm-failed-symbolic",    "cvm_bad" },
  [CVM_POINT_STATE_TODO]      = { N_("known broken"), "cvm-todo-symbolic",      "cvm_odd" },
  [CVM_POINT_STATE_SKIPPED]   = { N_("skipped"),      "cvm-skipped-symbolic",   NULL },
  [CVM_POINT_STATE_CANCELLED] = { N_("cancelled"),    "cvm-cancelled-symbolic", "cvm_odd" },
};

CvmPointState
cvm_point_state_of (const CvmPoint *point)
{
  if (!point->is_ended)
    return point->is_begun ? CVM_POINT_STATE_RUNNING : CVM_POINT_STATE_PENDING;
  if (point->outcome == CVM_OUTCOME_CANCELLED)
    return CVM_POINT_STATE_CANCELLED;
  if (point->outcome == CVM_OUTCOME_SKIP || point->directive == CVM_DIRECTIVE_SKIP)
    return CVM_POINT_STATE_SKIPPED;
  if (point->ok)
    return CVM_POINT_STATE_PASSED;

  return point->directive == CVM_DIRECTIVE_TODO ? CVM_POINT_STATE_TODO : CVM_POINT_STATE_FAILED;
}

const char *
cvm_point_state_get_word (CvmPointState state)
{
  return _(looks[state].word);
}

const char *
cvm_point_state_get_icon (CvmPointState state)
{
  return looks[state].icon;
}

const char *
cvm_point_state_get_colour (CvmPointState state)
{
  return looks[state].colour;
}

CvmPointState
cvm_point_state_of_status (CvmStatus status)
{
  switch (status)
    {
    case CVM_STATUS_PASSED:
      return CVM_POINT_STATE_PASSED;
    case CVM_STATUS_CANCELLED:
      return CVM_POINT_STATE_CANCELLED;
    case CVM_STATUS_FAILED:
    case CVM_STATUS_USAGE:
    case CVM_STATUS_ENVIRONMENT:
    case CVM_STATUS_FAULT:
      break;
    }

  return CVM_POINT_STATE_FAILED;
}
