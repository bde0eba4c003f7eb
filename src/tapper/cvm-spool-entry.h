/* cvm-spool-entry.h: one report in the spool, and what is known of it
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   tapper.
 * Threads: no state outside the struct.
 * Trust:   a state file is read as if a stranger had written it. */
#pragma once

#include "cvm-tapper-count.h"
#include "cvm-tapper-server.h"

G_BEGIN_DECLS

/**
 * CvmSpoolState:
 * @CVM_SPOOL_QUEUED: nothing of it is on the server
 * @CVM_SPOOL_SENDING: its bytes go out, or went out without a known end
 * @CVM_SPOOL_MAYBE: maybe sent: the end is unknown and the server cannot be asked; it is asked
 *   again at each flush, and a person may choose (retry or drop)
 * @CVM_SPOOL_SENT: all went out well; not seen on the server yet
 * @CVM_SPOOL_STORED: the server has it; its attachments follow
 * @CVM_SPOOL_DONE: all is there, or all that can be; it leaves the spool
 * @CVM_SPOOL_BROKEN: its state file makes no sense (then it has no server), or its report is not
 *   what entered the spool; what there is of it is kept
 */
typedef enum
{
  CVM_SPOOL_QUEUED,
  CVM_SPOOL_SENDING,
  CVM_SPOOL_MAYBE,
  CVM_SPOOL_SENT,
  CVM_SPOOL_STORED,
  CVM_SPOOL_DONE,
  CVM_SPOOL_BROKEN,
} CvmSpoolState;

typedef enum
{
  CVM_SPOOL_FILE_WAITS,
  CVM_SPOOL_FILE_BEGUN,    /* the server may have it, or a part of it */
  CVM_SPOOL_FILE_DONE,     /* came back as it was sent */
  CVM_SPOOL_FILE_EMPTY,    /* has no bytes: the server would not keep it, so it is not sent */
} CvmSpoolFileState;

typedef struct
{
  char              *name;     /* in attachments/ and on the server: [A-Za-z0-9._-], unique */
  char              *type;     /* content type */
  guint64            size;     /* bytes, as sent */
  char              *sha256;   /* of these */
  CvmSpoolFileState  state;
} CvmSpoolAttachment;

typedef struct
{
  guint64            number;         /* in the spool, from 1; sent in this order */
  CvmSpoolState      state;
  CvmTapperServer   *server;         /* NULL if broken */
  char              *title;
  char              *run;            /* folder of the run that it is of; or NULL */
  char              *job;            /* of that run, "01"; NULL with it */
  char              *path;           /* of the report's file */
  gboolean           is_archive;
  guint64            size;           /* bytes of the report */
  char              *sha256;         /* of these */
  gint64             added_s;        /* Unix time */

  guint              n_tries;        /* that failed since it last got on */
  gint64             next_try_s;     /* Unix time; 0: now */
  char              *why;            /* the last failure, or what makes it broken; or NULL */

  guint64            report_id;      /* on the server; 0: none yet */
  gboolean           has_ended;      /* the server read to the end, which proves nothing */
  gboolean           is_same;        /* the server's copy was read back, and is ours to the byte */
  gboolean           has_counted;    /* false for archives */
  CvmTapperNumbers   counted;        /* in what is sent, as the server should count */
  gboolean           has_stored;
  CvmTapperNumbers   stored;         /* as the server counted */
  guint              n_orphans;      /* sends that came to nothing */
  GArray            *lost_ports;     /* guint16: own ends of connections that told no id */

  GPtrArray         *attachments;    /* CvmSpoolAttachment */
} CvmSpoolEntry;

/* What a server keeps for ever of a send that came to nothing */
typedef struct
{
  guint64  number;       /* the report's in the spool */
  char    *title;
  char    *server;       /* its name or address */
  guint64  report_id;    /* 0: the server told none before the connection was lost */
  gint64   time_s;       /* Unix time */
  char    *why;
} CvmSpoolOrphan;

CvmSpoolEntry *cvm_spool_entry_new        (void);
void           cvm_spool_entry_free       (CvmSpoolEntry       *self);
char          *cvm_spool_entry_describe   (const CvmSpoolEntry *self);
const char    *cvm_spool_state_to_string  (CvmSpoolState        state);
const char    *cvm_spool_file_state_to_string (CvmSpoolFileState state);

CvmSpoolEntry *cvm_spool_entry_from_json  (const char          *text,
                                           gsize                len,
                                           GError             **error);
char          *cvm_spool_entry_to_json    (const CvmSpoolEntry *self);

void               cvm_spool_attachment_free  (CvmSpoolAttachment *self);

void            cvm_spool_orphan_free      (CvmSpoolOrphan       *self);
CvmSpoolOrphan *cvm_spool_orphan_from_json (const char           *text,
                                            gsize                 len,
                                            GError              **error);
char           *cvm_spool_orphan_to_json   (const CvmSpoolOrphan *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvmSpoolEntry, cvm_spool_entry_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvmSpoolOrphan, cvm_spool_orphan_free)

G_END_DECLS
