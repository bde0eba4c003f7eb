/* cvm-watch.h: does a guest look stuck? Judged by what its console says, and by silence
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   engine.
 * Threads: one at a time; asks for no time itself.
 * Trust:   the bytes come from a guest: any bytes, any amount. At most one line is kept. */
#pragma once

#include <glib.h>

typedef enum
{
  CVM_WATCH_NOTHING,    /* nothing new */
  CVM_WATCH_PANIC,      /* its kernel gave up */
  CVM_WATCH_SHELL,      /* it waits in an emergency shell */
  CVM_WATCH_NO_BOOT,    /* firmware or boot loader found nothing to boot */
  CVM_WATCH_SILENT,     /* awaited, and it does nothing that could be seen */
  CVM_WATCH_MOVES,      /* after one of these: it goes on after all */
} CvmWatchNews;

typedef struct _CvmWatch CvmWatch;

/**
 * cvm_watch_new:
 * @silent_ms: how long nothing may happen
 */
CvmWatch    *cvm_watch_new    (gint64       silent_ms,
                               gint64       now_us);
void         cvm_watch_free   (CvmWatch    *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvmWatch, cvm_watch_free)

/**
 * cvm_watch_hear:
 *
 * What the console said since the last call
 */
void         cvm_watch_hear   (CvmWatch    *self,
                               const char  *bytes,
                               gsize        len,
                               gint64       now_us);

/**
 * cvm_watch_stir:
 *
 * Something else moved: a new picture, the disk
 */
void         cvm_watch_stir   (CvmWatch    *self,
                               gint64       now_us);

/**
 * cvm_watch_wants_activity:
 *
 * It was silent for half the time: now it is worth asking its disk
 */
gboolean     cvm_watch_wants_activity (CvmWatch *self,
                                       gint64    now_us);

/**
 * cvm_watch_step:
 * @is_awaited: a check waits for the guest; a guest that nobody waits for may well be idle
 * @line: (out): what it said, of a console that told; or the last line, of a silent one
 *
 * What is new since the last step; each finding is told once.
 */
CvmWatchNews cvm_watch_step   (CvmWatch    *self,
                               gint64       now_us,
                               gboolean     is_awaited,
                               char       **line);

/**
 * cvm_watch_news_kind:
 *
 * The kind of the log record that tells it: "guest-panic"
 */
const char  *cvm_watch_news_kind (CvmWatchNews news);

CvmWatchNews cvm_watch_news_of_kind (const char *kind);
