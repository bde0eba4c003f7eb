/* cvm-tapper-browse.h: the reports that a Tapper server has, in the program's own terms
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   tapper.
 * Threads: calls block. A browser may be used by several threads at once, a list by one at a time;
 *          a window uses the _async calls.
 * Trust:   the server may say anything, within limits; a report is not harmed by browsing, and
 *          neither the receiver nor a page that changes something is ever asked.
 *
 * A server is asked by the API's JSON, else by the web pages, else by RSS. Which of them works is
 * found once and remembered; when it stops working the others are tried again. */
#pragma once

#include "cvm-result.h"
#include "cvm-tapper-report.h"
#include "cvm-tapper-server.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define CVM_TAPPER_TAP_MAX  (64 * 1024 * 1024)             /* bytes of a report's TAP, or archive */
#define CVM_TAPPER_FILE_MAX (G_GUINT64_CONSTANT (4) << 30) /* bytes of an attachment */

/**
 * CvmTapperWay:
 * @CVM_TAPPER_WAY_NONE: none is known to work
 * @CVM_TAPPER_WAY_API: all of it
 * @CVM_TAPPER_WAY_WEB: lists without counts and versions
 * @CVM_TAPPER_WAY_RSS: the last days only, without groups and owners either
 */
typedef enum
{
  CVM_TAPPER_WAY_NONE,
  CVM_TAPPER_WAY_API,
  CVM_TAPPER_WAY_WEB,
  CVM_TAPPER_WAY_RSS,
} CvmTapperWay;

/* Which reports; NULL: any */
typedef struct
{
  gint64  from_us, to_us;   /* UTC; to_us excluded, 0: now */
  char   *suite;
  char   *machine;
  char   *owner;            /* of its group; as far as the server tells it */
  char   *grade;            /* "PASS", "FAIL" or "NOTESTS" */
} CvmTapperFilter;

typedef struct _CvmTapperBrowse CvmTapperBrowse;
typedef struct _CvmTapperList   CvmTapperList;

CvmTapperBrowse *cvm_tapper_browse_new      (const CvmTapperServer  *server);
void             cvm_tapper_browse_free     (CvmTapperBrowse        *self);
gboolean         cvm_tapper_browse_test     (CvmTapperBrowse        *self,
                                             CvmTapperWay            way,
                                             gint64                  deadline_us,
                                             GCancellable           *cancellable,
                                             GError                **error);
const char      *cvm_tapper_way_name        (CvmTapperWay            way);

CvmTapperReport *cvm_tapper_browse_show     (CvmTapperBrowse        *self,
                                             guint64                 id,
                                             gint64                  deadline_us,
                                             GCancellable           *cancellable,
                                             GError                **error);
GBytes          *cvm_tapper_browse_tap      (CvmTapperBrowse        *self,
                                             guint64                 id,
                                             gint64                  deadline_us,
                                             GCancellable           *cancellable,
                                             GError                **error);
CvmResult       *cvm_tapper_browse_result   (CvmTapperBrowse        *self,
                                             guint64                 id,
                                             gint64                  deadline_us,
                                             GCancellable           *cancellable,
                                             GError                **error);
gboolean         cvm_tapper_browse_save     (CvmTapperBrowse        *self,
                                             const CvmTapperReport  *report,
                                             const CvmTapperFile    *file,
                                             GOutputStream          *out,
                                             gint64                  deadline_us,
                                             GCancellable           *cancellable,
                                             GError                **error);
gboolean         cvm_tapper_is_archive      (GBytes                 *tap);

CvmTapperList   *cvm_tapper_list_new        (CvmTapperBrowse        *browse,
                                             const CvmTapperFilter  *filter);
void             cvm_tapper_list_free       (CvmTapperList          *self);
GPtrArray       *cvm_tapper_list_next       (CvmTapperList          *self,
                                             guint                   n,
                                             gint64                  deadline_us,
                                             GCancellable           *cancellable,
                                             GError                **error);

void             cvm_tapper_list_next_async    (CvmTapperList        *self,
                                                guint                 n,
                                                gint64                deadline_us,
                                                GCancellable         *cancellable,
                                                GAsyncReadyCallback   callback,
                                                gpointer              user_data);
GPtrArray       *cvm_tapper_list_next_finish   (GAsyncResult         *result,
                                                GError              **error);
void             cvm_tapper_browse_show_async  (CvmTapperBrowse      *self,
                                                guint64               id,
                                                gint64                deadline_us,
                                                GCancellable         *cancellable,
                                                GAsyncReadyCallback   callback,
                                                gpointer              user_data);
CvmTapperReport *cvm_tapper_browse_show_finish (GAsyncResult         *result,
                                                GError              **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvmTapperBrowse, cvm_tapper_browse_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvmTapperList, cvm_tapper_list_free)

G_END_DECLS
