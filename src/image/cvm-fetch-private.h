/* cvm-fetch-private.h: what a fetch is made of
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   image, and only here. */
#pragma once

#include <libsoup/soup.h>

#include "cvm-fetch.h"
#include "cvm-sha256.h"

/* The web ------------------------------------------------------------------------------------- */

typedef struct
{
  const char *url;
  gint64      from;        /* byte to begin at; 0: no range is asked for */
  const char *validator;   /* only if it is still this one; or NULL */
} CvmWebRequest;

typedef struct
{
  SoupMessage  *message;
  GInputStream *body;
  GUri         *uri;       /* where it was in the end */
} CvmWebReply;

/**
 * cvm_web_is_url:
 *
 * Whether it is http or https, well formed or not
 */
gboolean     cvm_web_is_url      (const char           *text);

/**
 * cvm_web_session_new:
 * @silence_ms: how long a server may say nothing; rounded up to seconds
 */
SoupSession *cvm_web_session_new (gint64                silence_ms);

/**
 * cvm_web_get:
 *
 * Follows at most ten redirects, to http and https only and never from https back to http. Any
 * status is a reply. CVM_FETCH_ERROR_REFUSED where trying again is futile.
 */
gboolean     cvm_web_get         (SoupSession          *session,
                                  const CvmWebRequest  *request,
                                  CvmWebReply          *reply,
                                  GCancellable         *cancellable,
                                  GError              **error);
void         cvm_web_reply_clear (CvmWebReply          *reply);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CvmWebReply, cvm_web_reply_clear)

/**
 * cvm_web_read_page:
 * @final_url: (out): after redirects
 *
 * A whole page of at most MAX bytes, or of a local file or file URL. The status must be 200.
 * G_IO_ERROR_NOT_FOUND where there is no such page.
 */
GBytes      *cvm_web_read_page   (const char           *location,
                                  gsize                 max,
                                  gint64                deadline_us,
                                  GCancellable         *cancellable,
                                  char                **final_url,
                                  GError              **error);

/* The download: fills the part file in a thread of its own ------------------------------------- */

typedef struct
{
  char         *url;            /* or the path of a local file */
  char         *part;           /* NULL: local */
  char         *wanted_sha256;  /* or NULL */
  gint64        max_bytes;
  gint64        patience_ms;
  GCancellable *stop;

  /* the worker's own */
  int           fd;             /* -1: not open; the reader uses it too, by pread (2) */
  CvmSha256    *sum;
  gint64        n_summed;
  gint64        have;           /* bytes in the part file */
  char         *validator;      /* what the server calls the file's present state, or NULL */
  gint64        last_byte_us;

  GMutex        mutex;
  GCond         cond;
  /* under the mutex */
  gint64        ready;          /* bytes that the reader may have */
  gint64        total;          /* -1: not known */
  gboolean      is_open;        /* the server has answered */
  gboolean      is_read;        /* the reader has had bytes: they cannot be taken back */
  gboolean      is_over;
  GError       *error;          /* if it is over, and has failed */
  guint         n_breaks;
  gint64        mark_us[2], mark_bytes[2];   /* for the rate: a while ago, and a moment ago */
} CvmDownload;

CvmDownload *cvm_download_new  (const CvmFetchSpec *spec);
void         cvm_download_run  (CvmDownload        *self);
void         cvm_download_free (CvmDownload        *self);

/* What is noted beside a part file, so that another process can go on */
void         cvm_download_note      (CvmDownload   *self);
void         cvm_download_load_note (CvmDownload   *self);
