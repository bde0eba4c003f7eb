/* cvm-tap-verdict.h: what a stream of TAP amounts to
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   tap.  Needs GLib, and nothing above it.
 * Threads: a verdict belongs to one thread at a time.
 * Trust:   the events come from a guest's bytes. Memory is bounded. */
#pragma once

#include "cvm-tap-reader.h"

G_BEGIN_DECLS

#define CVM_TAP_FAILED_MAX (1024 * 1024) /* numbers of failed points that are kept */

typedef enum
{
  CVM_TAP_PASS,
  CVM_TAP_FAIL,
  CVM_TAP_NOTESTS,
} CvmTapWord;

/**
 * CvmTapError:
 * @CVM_TAP_ERROR_VERSION: a version line not first, or of a version nobody knows
 * @CVM_TAP_ERROR_NO_PLAN: no plan anywhere; KTAP needs none
 * @CVM_TAP_ERROR_PLANS: more than one plan
 * @CVM_TAP_ERROR_PLAN_PLACE: a plan neither first nor last
 * @CVM_TAP_ERROR_BAD_PLAN: the plan's number is not what was run
 * @CVM_TAP_ERROR_SEQUENCE: a point out of sequence; in TAP 14 one out of the plan's range, or again
 * @CVM_TAP_ERROR_UNKNOWN: a line unknown under `pragma +strict`
 * @CVM_TAP_ERROR_YAML: a diagnostics block without its end
 * @CVM_TAP_ERROR_SUBTEST: a point that passes although its subtest failed (TAP 14 and KTAP)
 * @CVM_TAP_N_ERRORS: how many kinds there are
 *
 * All but the last two are TAP::Parser's.
 */
typedef enum
{
  CVM_TAP_ERROR_VERSION,
  CVM_TAP_ERROR_NO_PLAN,
  CVM_TAP_ERROR_PLANS,
  CVM_TAP_ERROR_PLAN_PLACE,
  CVM_TAP_ERROR_BAD_PLAN,
  CVM_TAP_ERROR_SEQUENCE,
  CVM_TAP_ERROR_UNKNOWN,
  CVM_TAP_ERROR_YAML,
  CVM_TAP_ERROR_SUBTEST,
  CVM_TAP_N_ERRORS,
} CvmTapError;

/**
 * CvmTapNumbers:
 *
 * The numbers of the outermost level, as the methods of the same name of Perl's TAP::Parser
 * count them: a failed TODO passes, a point beyond the plan fails. In TAP 14 and KTAP a failed
 * SKIP passes too.
 */
typedef struct
{
  CvmTapWord     word;
  CvmTapDialect  dialect;
  gboolean       has_plan;
  gboolean       is_good_plan;
  guint64        planned;         /* 0 without a plan */
  guint64        run;
  guint64        passed;
  guint64        failed;
  guint64        actual_passed;
  guint64        actual_failed;
  guint64        todo;
  guint64        todo_passed;
  guint64        skipped;
  guint64        parse_errors;    /* sum of @errors */
  guint64        errors[CVM_TAP_N_ERRORS];
  guint64        subtest_run;     /* points inside subtests, at any depth */
  guint64        subtest_failed;
  guint64        contradicted;    /* points that pass although their subtest failed, any dialect */
  char          *skip_all;        /* why all was skipped; NULL if it was not */
  char          *bailout;         /* the reason, may be empty; NULL without a bail-out */
  GArray        *failed_tests;    /* guint64; the first CVM_TAP_FAILED_MAX of @failed */
} CvmTapNumbers;

typedef struct _CvmTapVerdict CvmTapVerdict;

CvmTapVerdict       *cvm_tap_verdict_new   (void);
void                 cvm_tap_verdict_take  (const CvmTapEvent *event,
                                            gpointer           verdict);
const CvmTapNumbers *cvm_tap_verdict_end   (CvmTapVerdict     *self);
gboolean             cvm_tap_verdict_last_todo (const CvmTapVerdict *self);
gboolean             cvm_tap_verdict_last_good (const CvmTapVerdict *self);
void                 cvm_tap_verdict_free  (CvmTapVerdict     *self);
const char          *cvm_tap_word_to_string (CvmTapWord        word);
const char          *cvm_tap_error_to_string (CvmTapError      error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvmTapVerdict, cvm_tap_verdict_free)

G_END_DECLS
