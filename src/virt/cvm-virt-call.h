/* cvm-virt-call.h: a libvirt call with a limit
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   virt. Knows nothing of libvirt: anything that blocks can be called so.
 * Threads: cvm_virt_call_run () blocks its caller, and only until the deadline or the cancel.
 *
 * libvirt's calls cannot be interrupted and may hang for ever. So each runs in a thread of its
 * own, and is abandoned when its limit is over: it then belongs to that thread alone, which
 * undoes what it did after all, and drops it. */
#pragma once

#include <gio/gio.h>

typedef struct _CvmVirtCall CvmVirtCall;

typedef struct
{
  gsize      size;                                       /* of the struct that embeds
                                                            CvmVirtCall */
  gboolean (*run)   (CvmVirtCall *call, GError **error); /* in the thread */
  void     (*undo)  (CvmVirtCall *call);                 /* in the thread: it succeeded too late;
                                                            or NULL */
  void     (*clear) (CvmVirtCall *call);                 /* frees the fields, in either thread;
                                                            or NULL */
} CvmVirtCallClass;

/* First member of a call's struct: what goes in and what comes out are its other fields. The
 * caller may touch them before the run, and after one that was not abandoned. */
struct _CvmVirtCall
{
  const CvmVirtCallClass *klass;
  gatomicrefcount         references;
  GMutex                  lock;
  GCond                   changed;
  gboolean                is_done, is_ok, is_abandoned;
  gint64                  paused_us;   /* since when it waits for a person; 0: it does not */
  gint64                  rested_us;   /* how long it did so far */
  GError                 *error;
};

/**
 * cvm_virt_call_new:
 *
 * Zeroed fields
 */
gpointer cvm_virt_call_new       (const CvmVirtCallClass *klass);

void     cvm_virt_call_unref     (gpointer                call);

/**
 * cvm_virt_call_run:
 *
 * Fails with what the call itself says, or with TIMED_OUT or CANCELLED: then it is abandoned.
 * A call that was done a moment before the cancel has been done.
 */
gboolean cvm_virt_call_run       (gpointer                call,
                                  gint64                  deadline_us,
                                  GCancellable           *cancellable,
                                  GError                **error);

/**
 * cvm_virt_call_is_wanted:
 *
 * For a run function of several steps: nobody waits for the next one any more
 */
gboolean cvm_virt_call_is_wanted (gpointer                call);

/**
 * cvm_virt_call_pause:
 *
 * For a run function that asks a person now: the deadline rests until cvm_virt_call_resume ()
 */
void     cvm_virt_call_pause     (gpointer                call);
void     cvm_virt_call_resume    (gpointer                call);

/**
 * cvm_virt_call_detach:
 *
 * Runs it with nobody waiting for it, and drops the reference given
 */
void     cvm_virt_call_detach    (gpointer                call);

/**
 * cvm_virt_orphans:
 *
 * Threads that somebody started and nobody waits for: abandoned calls, closing connections
 */
guint    cvm_virt_orphans        (void);

void     cvm_virt_orphan_begin   (void);
void     cvm_virt_orphan_end     (void);

/**
 * cvm_virt_settle:
 *
 * For a program's end: waits until there are no orphans, and no call is under way. FALSE: some
 * hang; leave by _exit (), since exit () would pull the ground from under them.
 */
gboolean cvm_virt_settle         (gint64                  deadline_us);
