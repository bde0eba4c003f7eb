/* cvm-history.h: the index of all runs: what a list of runs shows, found quickly
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   store.
 * Threads: any number of threads may share one. cvm_history_new () touches no disk; every other
 *          call blocks on it and is never for the main thread, but the _async ones, which answer in
 *          the caller's main context.
 * Trust:   the folders of runs are the truth and may hold anything; history.db is made anew when
 *          it is missing, damaged or of another version, and kept in memory where it cannot be
 *          written. No error comes from the index itself.
 *
 * A page of runs: list_async () answers from what the index has, at once; sync_async () then takes
 * in what the folders say, and when that changed something the page is listed again. While a long
 * sync_async () lasts, CvmHistory::changed tells twice a second that there is more to list. */
#pragma once

#include <gio/gio.h>

#include "cvm-record.h"

typedef enum
{
  CVM_HISTORY_ANY = -1,      /* in a query */
  CVM_HISTORY_PASSED,
  CVM_HISTORY_FAILED,
  CVM_HISTORY_ERROR,         /* the environment, or a fault */
  CVM_HISTORY_CANCELLED,
  CVM_HISTORY_RUNNING,       /* its folder is locked */
  CVM_HISTORY_DEAD,          /* its program died */
  CVM_HISTORY_UNREADABLE,
} CvmHistoryState;

/* How a run ended that ended so */
CvmHistoryState cvm_history_state_of (CvmStatus status);

/* One run. Texts are UTF-8 of any origin, and NULL where the journal does not say. */
typedef struct
{
  char            *id;                        /* its name in the folder of runs */
  char            *dir;                       /* a real path */
  char            *title;
  char            *image, *suite, *host_uri;  /* of the first job, as its job.begin names them */
  char            *hypervisor;                /* "kvm", without what chose it */
  guint            n_jobs;
  guint            passed, failed, skipped, planned;   /* points, of all jobs */
  guint            cancelled;                          /* of those failed, of a run that was */
  CvmHistoryState  state;
  gint64           begun_us;                  /* UTC */
  gint64           took_ms;                   /* 0: it is on, or nobody knows */
  char            *strip;                     /* the last 20 ended runs of the same suite, image
                                                 and host up to this one, oldest first, a letter a
                                                 run: p f e c; "" if none ended */
  char            *problem;                   /* of an unreadable one: what is wrong, where */
} CvmHistoryRun;

void cvm_history_run_free (CvmHistoryRun *run);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvmHistoryRun, cvm_history_run_free)

/* Which runs; a member that is NULL or 0 (state: ANY) leaves all. Begin with
 * CVM_HISTORY_QUERY_ALL. */
typedef struct
{
  const char *text;          /* in title, image, suite or host, or in the id or title of a point
                                that failed; in whatever case */
  const char *id;            /* as its id begins */
  const char *image, *suite, *host_uri;   /* exactly; of any of its jobs */
  int         state;         /* a CvmHistoryState */
  gint64      since_us;      /* begun then or later */
  gint64      before_us;     /* the next page: what was begun before the last run of this one … */
  const char *before_dir;    /* … and its dir, since two may have begun at once */
} CvmHistoryQuery;

#define CVM_HISTORY_QUERY_ALL { .state = CVM_HISTORY_ANY }

#define CVM_TYPE_HISTORY (cvm_history_get_type ())
G_DECLARE_FINAL_TYPE (CvmHistory, cvm_history, CVM, HISTORY, GObject)

/**
 * cvm_history_new:
 * @path: (nullable): the index; %NULL: history.db of the user's data
 *
 * Opens nothing yet: the first call that looks does
 */
CvmHistory *cvm_history_new           (const char             *path);

/**
 * cvm_history_take_notice:
 *
 * What the user should be told of the index (that it is in memory only, and why), each thing once;
 * %NULL if there is nothing. Does not block; for after a list or a sync.
 */
char       *cvm_history_take_notice   (CvmHistory             *self);

/**
 * cvm_history_list:
 * @limit: 0: all
 *
 * Returns: (transfer full): of #CvmHistoryRun, newest first. Fails only when it is cancelled.
 */
GPtrArray  *cvm_history_list          (CvmHistory             *self,
                                       const CvmHistoryQuery  *query,
                                       guint                   limit,
                                       GCancellable           *cancellable,
                                       GError                **error);
void        cvm_history_list_async    (CvmHistory             *self,
                                       const CvmHistoryQuery  *query,
                                       guint                   limit,
                                       GCancellable           *cancellable,
                                       GAsyncReadyCallback     callback,
                                       gpointer                user_data);
GPtrArray  *cvm_history_list_finish   (CvmHistory             *self,
                                       GAsyncResult           *result,
                                       GError                **error);

/**
 * cvm_history_count:
 *
 * How many runs a query finds, whatever page it asks for; 0 when it is cancelled
 */
guint       cvm_history_count         (CvmHistory             *self,
                                       const CvmHistoryQuery  *query,
                                       GCancellable           *cancellable);

typedef enum
{
  CVM_HISTORY_IMAGES,
  CVM_HISTORY_SUITES,
  CVM_HISTORY_HOSTS,
} CvmHistoryNames;

/**
 * cvm_history_names:
 *
 * Returns: (transfer full): all images (suites, hosts) that runs had, sorted: what filters offer
 */
char      **cvm_history_names         (CvmHistory             *self,
                                       CvmHistoryNames         which,
                                       GCancellable           *cancellable);
void        cvm_history_names_async   (CvmHistory             *self,
                                       CvmHistoryNames         which,
                                       GCancellable           *cancellable,
                                       GAsyncReadyCallback     callback,
                                       gpointer                user_data);
char      **cvm_history_names_finish  (CvmHistory             *self,
                                       GAsyncResult           *result,
                                       GError                **error);

/**
 * cvm_history_sync:
 * @n_changed: (out) (optional): rows that are new, different or gone now
 *
 * Takes in the run folders: newest first, so that a list meanwhile has the newest. What did not
 * change since the last time costs a stat. Fails when the folder of runs cannot be read or it is
 * cancelled; what it took in until then stays.
 */
gboolean    cvm_history_sync          (CvmHistory             *self,
                                       guint                  *n_changed,
                                       GCancellable           *cancellable,
                                       GError                **error);
void        cvm_history_sync_async    (CvmHistory             *self,
                                       GCancellable           *cancellable,
                                       GAsyncReadyCallback     callback,
                                       gpointer                user_data);
gboolean    cvm_history_sync_finish   (CvmHistory             *self,
                                       GAsyncResult           *result,
                                       guint                  *n_changed,
                                       GError                **error);

/**
 * cvm_history_remove:
 * @dir: of a #CvmHistoryRun
 * @force: also one whose guest may still be there, or was kept
 *
 * Removes a run for good, from the disk and the index: its folder in runs/ as a whole; of a folder
 * elsewhere (--output) only what runs write there, and the folder itself if nothing is left in it.
 * Either it is gone from every list, or it is whole: also when the program is killed meanwhile.
 *
 * Errors: G_IO_ERROR_BUSY for one that is on; G_IO_ERROR_EXISTS for one that has a guest, unless
 * forced; G_IO_ERROR_NOT_FOUND for what is no run of this user; or of the file system.
 */
gboolean    cvm_history_remove        (CvmHistory             *self,
                                       const char             *dir,
                                       gboolean                force,
                                       GCancellable           *cancellable,
                                       GError                **error);
void        cvm_history_remove_async  (CvmHistory             *self,
                                       const char             *dir,
                                       gboolean                force,
                                       GCancellable           *cancellable,
                                       GAsyncReadyCallback     callback,
                                       gpointer                user_data);
gboolean    cvm_history_remove_finish (CvmHistory             *self,
                                       GAsyncResult           *result,
                                       GError                **error);

/* A job that is thought of. Names as in job.begin: cvm-image's name, cvm_suite_get_name (). */
typedef struct
{
  const char *image;         /* NULL: none */
  const char *suite;
  const char *host_uri;      /* NULL: any */
  const char *hypervisor;    /* NULL, "" or "auto": any */
} CvmHistoryCell;

typedef struct
{
  gint64   ms;               /* median of the last 5 that passed; 0: never seen */
  guint64  memory;           /* bytes its guest had the last time; 0: not known */
  guint    n_runs;           /* that MS is from; at most 5 */
  gboolean is_same;          /* from jobs of just this cell; else of this suite elsewhere */
} CvmHistoryUsual;

/**
 * cvm_history_usual:
 *
 * What such a job usually takes. Where this very cell has not passed yet: from the same suite and
 * image on the host, then anywhere, then from the suite with any image.
 */
CvmHistoryUsual cvm_history_usual        (CvmHistory             *self,
                                          const CvmHistoryCell   *cell,
                                          GCancellable           *cancellable);
gint64          cvm_history_usual_ms     (CvmHistory             *self,
                                          const char             *image,
                                          const char             *suite,
                                          const char             *host_uri,
                                          const char             *hypervisor);
guint64         cvm_history_usual_memory (CvmHistory             *self,
                                          const char             *image,
                                          const char             *suite,
                                          const char             *host_uri,
                                          const char             *hypervisor);

/**
 * cvm_history_usual_async:
 * @cells: (array length=n_cells): a whole matrix at once
 */
void            cvm_history_usual_async  (CvmHistory             *self,
                                          const CvmHistoryCell   *cells,
                                          guint                   n_cells,
                                          GCancellable           *cancellable,
                                          GAsyncReadyCallback     callback,
                                          gpointer                user_data);

/**
 * cvm_history_usual_finish:
 *
 * Returns: (transfer full): of #CvmHistoryUsual, one a cell, in their order
 */
GArray         *cvm_history_usual_finish (CvmHistory             *self,
                                          GAsyncResult           *result,
                                          GError                **error);
