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

#define CVM_PLAN_MAX_PARALLEL 64

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
 * cvm_plan_get_server:
 *
 * Of servers.ini, that the reports shall go to at the end; or NULL
 */
const char       *cvm_plan_get_server (CvmPlan    *self);
void              cvm_plan_set_server (CvmPlan    *self,
                                       const char *server);

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

/**
 * CvmPlanChoose:
 * @only: (out) (transfer full): "ID", "ID/N"; left at NULL: all that the job had
 *
 * FALSE: the job is left out
 */
typedef gboolean (*CvmPlanChoose) (const char   *job,
                                   char       ***only,
                                   gpointer      data);

/* What of an old plan is wanted again, and what it may do */
typedef struct
{
  CvmPlanChoose choose;      /* NULL: all jobs as they were */
  gpointer      data;        /* of it */
  gboolean      allow_exec;  /* its suites may run programs on this host… */
  char        **allowed;     /* …or those with these SHA-256; or NULL */
} CvmPlanAgain;

/**
 * cvm_plan_load:
 * @path: a run's plan.ini, which may be anybody's
 * @again: (nullable)
 *
 * The same jobs once more, of suites and images as they are today. A suite that is still the same
 * gets every value of the plan; one that was changed gets what was set for that run.
 * Errors: CVM_KEYFILE_ERROR, with file:line, and CVM_SUITE_ERROR
 */
CvmPlan          *cvm_plan_load          (const char          *path,
                                          CvmCheckLookup       lookup,
                                          const CvmPlanAgain  *again,
                                          GError             **error);

CvmPlan          *cvm_plan_new_from_data (const char          *data,
                                          gsize                len,
                                          const char          *name,
                                          CvmCheckLookup       lookup,
                                          const CvmPlanAgain  *again,
                                          GError             **error);
