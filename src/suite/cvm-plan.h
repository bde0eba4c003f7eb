/* cvm-plan.h: what a run is to do: images × hosts × suites
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   suite.
 * Threads: immutable once a run has it. */
#pragma once

#include "cvm-image.h"
#include "cvm-suite.h"

typedef struct
{
  char     *id;            /* "01" */
  CvmImage *image;         /* NULL for a suite without a guest (doctor) */
  char     *host_uri;
  char     *hypervisor;    /* auto, kvm, hvf, qemu, xen, vbox, vmware, lxc, test */
  CvmSuite *suite;         /* resolved */
} CvmJobSpec;

#define CVM_TYPE_PLAN (cvm_plan_get_type ())
G_DECLARE_FINAL_TYPE (CvmPlan, cvm_plan, CVM, PLAN, GObject)

CvmPlan          *cvm_plan_new        (void);

/**
 * cvm_plan_add_job:
 *
 * A job for IMAGE on HOST_URI, of what of SUITE is for that host; ids are given in order. At most
 * 999 jobs.
 */
void              cvm_plan_add_job    (CvmPlan    *self,
                                       CvmImage   *image,
                                       const char *host_uri,
                                       const char *hypervisor,
                                       CvmSuite   *suite);

guint             cvm_plan_n_jobs     (CvmPlan    *self);
const CvmJobSpec *cvm_plan_job        (CvmPlan    *self,
                                       guint       index);

/**
 * cvm_plan_get_parallel:
 *
 * Jobs at once; 2 unless set
 */
guint             cvm_plan_get_parallel (CvmPlan  *self);

void              cvm_plan_set_parallel (CvmPlan  *self,
                                         guint     jobs);
gboolean          cvm_plan_get_keep_failed (CvmPlan *self);
void              cvm_plan_set_keep_failed (CvmPlan *self,
                                            gboolean keep);

/**
 * cvm_plan_to_data:
 *
 * plan.ini: enough to run it again, with every resolved value; it holds no secret
 */
char             *cvm_plan_to_data    (CvmPlan    *self,
                                       gsize      *len);

/**
 * cvm_plan_dup_title:
 *
 * A short title for people: "demo: Boots and answers"
 */
char             *cvm_plan_dup_title  (CvmPlan    *self);
