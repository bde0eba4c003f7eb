/* cvm-job-private.h: one cell of a plan, in its own thread
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   engine, private to it.
 * Threads: a job's fields belong to its thread; the guest and the serial console may be asked
 *          for from others, under the lock. */
#pragma once

#include "cvm-context.h"
#include "cvm-film.h"
#include "cvm-job-control.h"
#include "cvm-plan.h"
#include "cvm-run-folder.h"
#include "cvm-secrets.h"

#define CVM_LOG_KEPT   "guest-kept"     /* kinds of records: it waits for more to run there… */
#define CVM_LOG_UNUSED "guest-unused"   /* …and nobody came */
#define CVM_TRIED " (try)"           /* after the name of a suite whose job stays open */
#define CVM_JOB_TEARDOWN_MS 30000   /* the limit on ending a guest, a cancel's too */

/* Writes the record to the journal, then passes it on; FALSE when it cannot be kept. Takes it. */
typedef gboolean (*CvmRecordSink) (CvmRecord *record, gpointer data, GError **error);

typedef struct _CvmJobWatch CvmJobWatch;

/* Of a job that stays open when its cases are over: more may be run on its guest */
typedef struct
{
  gint64    idle_ms;    /* the longest wait for more; 0: it does not stay open. Set before it runs. */
  gboolean  is_idle;    /* it waits for more */
  CvmSuite *next;       /* what it is given; owned, or NULL */
  GCond     changed;
} CvmJobMore;

struct _CvmJob
{
  const CvmJobSpec *spec;
  const CvmPorts   *ports;
  CvmCheckFind      find;
  CvmRunFolder     *folder;
  GCancellable     *run_cancellable;
  GCancellable     *cancellable;      /* of what it does now: the run's or a case's; not owned */
  CvmHold          *hold;             /* the run's; outlives it */
  gboolean          keep_failed;
  gboolean          may_keep;         /* the user may ask for that yet */
  CvmRecordSink     sink;
  gpointer          sink_data;

  CvmSecrets       *secrets;
  char             *key;              /* the file of a key made for this job, or NULL */
  CvmSerial        *serial;
  gint64            deadline_us;      /* of the whole job */

  GMutex            lock;             /* guards guest, control, suite and more */
  CvmJobControl     control;
  CvmSuite         *suite;            /* what it runs now; owned; changed by its thread, locked */
  guint             n_done;           /* cases of suites before it; likewise */
  CvmJobMore        more;
  CvmHost          *host;
  CvmGuest         *guest;
  gboolean          guest_is_on;      /* as the job left it */
  gboolean          is_first_boot_probe;  /* kvm not proven: silence means it does not work */
  CvmImage         *image;            /* the plan's, or what a case of the job fetched; or NULL */
  CvmGuestWish      wish;             /* its strings belong to the job */
  gboolean          is_defined;       /* the host keeps the domain: it is undefined at the end */
  char             *network_name, *network_uuid, *network_xml;   /* described; or NULL */
  gboolean          has_network;      /* it may be there: it is removed at the end */
  char             *hypervisor;
  char             *overlay;
  char             *domain_name, *domain_uuid;
  CvmDisplay       *display;
  guint64           frame;
  guint64           boot_offset;
  CvmFilm          *film;             /* NULL before the first guest */
  CvmJobWatch      *watch;            /* while a guest is on, or NULL */
  gint              is_waiting;       /* the case waits for something; atomic */

  GArray           *outcomes;         /* of CvmOutcome, a case each */
  GPtrArray        *reasons;          /* of char *, beside it */
  GArray           *roots;            /* of guint, beside it: the case to blame, or itself */
  gboolean          is_not_needed;    /* the last case was skipped, and nothing is missing without
                                         it */
  gboolean          has_failed;       /* a case has */
  char             *stop;             /* why no later case is run, or NULL */
  gboolean          is_lost;          /* the host is; or a precondition is not met: status 3 */
  gboolean          is_cancelled;
  gboolean          has_fault;        /* the journal cannot be written */
};

CvmJob   *cvm_job_new       (const CvmJobSpec *spec);
void      cvm_job_free      (CvmJob *self);

/**
 * cvm_job_run:
 *
 * The whole of it, from job.begin to job.end; returns its status
 */
CvmStatus cvm_job_run       (CvmJob *self);

/* cvm-job.c, for the others */

/**
 * cvm_job_record:
 *
 * Takes it
 */
gboolean  cvm_job_record    (CvmJob *self, CvmRecord *record, GError **error);

void      cvm_job_log       (CvmJob *self, const char *kind, const char *format, ...)
                             G_GNUC_PRINTF (3, 4);
void      cvm_job_fact      (CvmJob *self, const char *name, const char *value);
void      cvm_job_evidence  (CvmJob *self, const char *case_id, const char *name,
                             const char *media_type);

/* Something outside is about to be touched: nothing may be, unless this is on the disk */
typedef struct
{
  const char *kind, *name, *uuid, *path;
} CvmAct;

gboolean  cvm_job_act       (CvmJob *self, const CvmAct *act, GError **error);
void      cvm_job_acted     (CvmJob *self, const CvmAct *act, const GError *error);

/**
 * cvm_job_offer:
 *
 * cvm-job-more.c: SUITE is run on the guest that is kept. FALSE: the job does not wait for it. Any
 * thread.
 */
gboolean  cvm_job_offer       (CvmJob *self, CvmSuite *suite);

/**
 * cvm_job_stay_open:
 *
 * Before it runs; of its suite it runs at first what is selected
 */
void      cvm_job_stay_open   (CvmJob *self, gint64 idle_ms);
gboolean  cvm_job_is_idle     (CvmJob *self);

/**
 * cvm_job_take_more:
 *
 * Waits for what comes next, and takes it; FALSE: the job is to end
 */
gboolean  cvm_job_take_more   (CvmJob *self);

/**
 * cvm_job_note_facts:
 *
 * cvm-job-facts.c: the run, the suite's version, this machine and the image, as facts
 */
void      cvm_job_note_facts  (CvmJob *self);

/**
 * cvm_job_open_host:
 *
 * cvm-job-guest.c
 */
gboolean  cvm_job_open_host   (CvmJob *self, gint64 deadline_us, GError **error);

gboolean  cvm_job_start_guest (CvmJob *self, gint64 deadline_us, GError **error);

/**
 * cvm_job_describe_guest:
 *
 * All that comes before a start: the host is open, the hypervisor chosen, the overlay made; and
 * nothing is made on the host
 */
gboolean  cvm_job_describe_guest (CvmJob *self, gint64 deadline_us, GError **error);

/**
 * cvm_job_begin_act:
 *
 * cvm_job_act (), unless the job is cancelled: such a job begins nothing new
 */
gboolean  cvm_job_begin_act    (CvmJob *self, const CvmAct *act, GError **error);

/**
 * cvm_job_end_act:
 * @failed: (nullable) (transfer full): what the act ended with
 *
 * Tells the journal, and passes the error on. TRUE without one.
 */
gboolean  cvm_job_end_act      (CvmJob *self, const CvmAct *act, GError *failed, GError **error);

/**
 * cvm_job_describe_network:
 *
 * cvm-job-network.c: the steps before a guest that is given a place on its host first
 */
gboolean  cvm_job_describe_network (CvmJob *self, gint64 deadline_us, GError **error);
gboolean  cvm_job_define_network   (CvmJob *self, gint64 deadline_us, GError **error);
gboolean  cvm_job_start_network    (CvmJob *self, gint64 deadline_us, GError **error);
gboolean  cvm_job_define_guest     (CvmJob *self, gint64 deadline_us, GError **error);
void      cvm_job_remove_defined   (CvmJob *self);
gboolean  cvm_job_stop_guest  (CvmJob *self, gboolean force, gint64 deadline_us, GError **error);
CvmGuest *cvm_job_dup_guest   (CvmJob *self);
void      cvm_job_save_frame  (CvmJob *self, guint number, const char *case_id);
void      cvm_job_teardown    (CvmJob *self, gboolean keep);

/**
 * cvm_job_begin_watch:
 *
 * cvm-job-watch.c: looks after the guest, in a thread of its own, until the end of the watch
 */
void      cvm_job_begin_watch (CvmJob *self);
void      cvm_job_end_watch   (CvmJob *self);

/**
 * cvm_job_new_spec:
 *
 * A domain of the job's own: journalled, made, started; and ended again, journalled too
 */
CvmGuestSpec *cvm_job_new_spec   (CvmJob *self, const char *suffix);

gboolean  cvm_job_run_domain     (CvmJob *self, CvmGuest *guest, const CvmGuestSpec *spec,
                                  gint64 deadline_us, GError **error);
gboolean  cvm_job_end_domain     (CvmJob *self, CvmGuest *guest, const char *name, const char *uuid,
                                  GError **error);

/**
 * cvm_job_choose_hypervisor:
 *
 * cvm-hypervisor.c: the domain type to use, and why, for people
 */
char     *cvm_job_choose_hypervisor (CvmJob *self, gint64 deadline_us, char **why,
                                     gboolean *unproven, GError **error);

void      cvm_job_remember_hypervisor (CvmJob *self, gboolean works, const char *why);

/**
 * cvm_context_run:
 *
 * cvm-context.c
 */
CvmOutcome cvm_context_run  (CvmJob *job, const CvmCase *item, guint number, CvmRecord *end);
