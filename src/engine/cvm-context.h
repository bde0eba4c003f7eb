/* cvm-context.h: what a check sees of the job it runs in
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   engine.
 * Threads: a context lives in its job's thread, for one case. A check is a plain function that
 *          reads straight down.
 *
 * Functions that can fail leave their error in the context: return cvm_context_fail () then.
 * It tells a failed test from a lost host (the job ends, status 3), a cancel, and a case that
 * this host cannot do (skip). */
#pragma once

#include "cvm-image.h"
#include "cvm-ports.h"
#include "cvm-record.h"
#include "cvm-suite.h"

typedef struct _CvmContext CvmContext;

typedef CvmOutcome (*CvmCheckRun) (CvmContext *context);

/* A check the program knows; src/check/ has the tables */
typedef struct
{
  CvmCheckInfo info;
  CvmCheckRun  run;
} CvmCheck;

typedef const CvmCheck *(*CvmCheckFind) (const char *id);

/* What a guest is made of where it differs from its image; 0 or NULL: the image's */
typedef struct
{
  guint  memory_mib, cpus, video_kib;
  char  *mac;
  char  *kernel, *initrd, *cmdline;   /* without a kernel, the image's boots it */
} CvmGuestWish;

/**
 * cvm_context_string:
 *
 * The case's parameters; validated before the run, so these cannot fail. Strings are borrowed.
 */
const char    *cvm_context_string       (CvmContext *self, const char *param);

/* NULL for an empty one */
const char    *cvm_context_string_or_null (CvmContext *self, const char *param);

gint64         cvm_context_integer      (CvmContext *self, const char *param);
gboolean       cvm_context_boolean      (CvmContext *self, const char *param);
gint64         cvm_context_duration_ms  (CvmContext *self, const char *param);

/**
 * cvm_context_pattern:
 *
 * (transfer full): ^ and $ match at every line, as in grep
 */
GRegex        *cvm_context_pattern      (CvmContext *self, const char *param);

char         **cvm_context_list         (CvmContext *self, const char *param);

/**
 * cvm_context_file:
 *
 * absolute
 */
char          *cvm_context_file         (CvmContext *self, const char *param);

/**
 * cvm_context_get_image:
 *
 * Or NULL: no guest
 */
const CvmImage *cvm_context_get_image       (CvmContext *self);

/**
 * cvm_context_get_deadline:
 *
 * The case's Timeout
 */
gint64          cvm_context_get_deadline    (CvmContext *self);

GCancellable   *cvm_context_get_cancellable (CvmContext *self);

/**
 * cvm_context_error:
 *
 * The error of the last call that failed; NULL if none. Use as the GError ** of ports:
 * cvm_ssh_exec (…, cvm_context_error (context))
 */
GError        **cvm_context_error       (CvmContext *self);

/**
 * cvm_context_last_error:
 *
 * Why the last call failed, for a check that goes on all the same; or NULL. Borrowed.
 */
const GError   *cvm_context_last_error  (CvmContext *self);

/**
 * cvm_context_fail:
 *
 * The outcome that the error in the context makes: FAIL with it as the reason; SKIP for
 * UNSUPPORTED; CANCELLED when the user did; and the end of the job for HOST_LOST. A guest that is
 * lost fails the cases that need it, and another guest.start brings it back.
 */
CvmOutcome      cvm_context_fail        (CvmContext *self);

/**
 * cvm_context_peek_error:
 *
 * The error that is in the context, for a check that knows better what it means; or NULL
 */
const GError   *cvm_context_peek_error  (CvmContext *self);

/**
 * cvm_context_refuse:
 *
 * Puts an error of the check's own into the context, when a port was well but what it gave is not;
 * returns FALSE
 */
gboolean        cvm_context_refuse      (CvmContext *self, const char *format, ...)
                                         G_GNUC_PRINTF (2, 3);

/**
 * cvm_context_blame:
 *
 * Puts "WHAT: " before the message of the error in the context
 */
void            cvm_context_blame       (CvmContext *self, const char *what);

/**
 * cvm_context_fail_with:
 *
 * FAIL or SKIP with a reason of the check's own
 */
CvmOutcome      cvm_context_fail_with   (CvmContext *self, const char *format, ...)
                                         G_GNUC_PRINTF (2, 3);

CvmOutcome      cvm_context_skip_with   (CvmContext *self, const char *format, ...)
                                         G_GNUC_PRINTF (2, 3);

/**
 * cvm_context_pass_over:
 *
 * SKIP of what this host or image does without: as a precondition it does not end the job
 */
CvmOutcome      cvm_context_pass_over   (CvmContext *self, const char *format, ...)
                                         G_GNUC_PRINTF (2, 3);

/**
 * cvm_context_detail:
 *
 * What the reader of a result wants to know: "expected" "0", "output" "…"
 */
void            cvm_context_detail      (CvmContext *self, const char *key, const char *format, ...)
                                         G_GNUC_PRINTF (3, 4);

/**
 * cvm_context_waiting:
 *
 * What the case waits for now ("port 8004 answers"); shown while it does
 */
void            cvm_context_waiting     (CvmContext *self, const char *format, ...)
                                         G_GNUC_PRINTF (2, 3);

void            cvm_context_log         (CvmContext *self, const char *format, ...)
                                         G_GNUC_PRINTF (2, 3);

/**
 * cvm_context_fact:
 *
 * A fact of the job ("boot id"), once in its report
 */
void            cvm_context_fact        (CvmContext *self, const char *name, const char *value);

/**
 * cvm_context_evidence:
 *
 * Keeps BYTES in the job's folder logs/ID-NAME, named in the report. At most 64 MiB are kept.
 */
void            cvm_context_evidence    (CvmContext *self, const char *name, const char *media_type,
                                         const char *bytes, gsize len);

/* Host and guest ------------------------------------------------------------------------- */

/**
 * cvm_context_host:
 *
 * The job's host, opened at the first call; NULL: see above
 */
CvmHost        *cvm_context_host        (CvmContext *self);

/**
 * cvm_context_guest:
 *
 * The job's running guest; NULL if no case started it, or it is off
 */
CvmGuest       *cvm_context_guest       (CvmContext *self);

/**
 * cvm_context_set_image:
 *
 * What the job's guest boots from now on: a case fetched it
 */
void            cvm_context_set_image       (CvmContext *self, CvmImage *image);

/**
 * cvm_context_describe_guest:
 * @wish: (nullable): counts as long as no guest was described
 *
 * The domain's XML as it will be given to the host: the overlay is made and the hypervisor chosen,
 * nothing is started. Borrowed; NULL with the error in the context.
 */
const char     *cvm_context_describe_guest  (CvmContext *self, const CvmGuestWish *wish);

/**
 * cvm_context_define_guest:
 *
 * The host keeps the domain, off, until the job ends
 */
gboolean        cvm_context_define_guest    (CvmContext *self);

/**
 * cvm_context_describe_network:
 *
 * The XML of a NAT network of the job's own. Borrowed; NULL with the error in the context.
 */
const char     *cvm_context_describe_network (CvmContext *self);

gboolean        cvm_context_define_network  (CvmContext *self);

/**
 * cvm_context_start_network:
 *
 * On, and whenever the host starts, until the job ends. UNSUPPORTED where the user's session may
 * make none: the hypervisor's own NAT serves its guests.
 */
gboolean        cvm_context_start_network   (CvmContext *self);

/**
 * cvm_context_dup_path:
 *
 * Where the job keeps NAME ("domain.xml", "network.xml")
 */
char           *cvm_context_dup_path        (CvmContext *self, const char *name);

/**
 * cvm_context_start_guest:
 *
 * Makes the overlay, chooses the hypervisor, makes the guest and starts it: all journalled
 */
gboolean        cvm_context_start_guest (CvmContext *self);

/**
 * cvm_context_stop_guest:
 *
 * Shuts it down politely, or at once; the job's overlay stays for another start. GUEST_LOST when
 * none runs.
 */
gboolean        cvm_context_stop_guest  (CvmContext *self, gboolean force);

/**
 * cvm_context_set_link:
 *
 * Pulls the guest's network cable or plugs it in, now or for its next start
 */
gboolean        cvm_context_set_link    (CvmContext *self, gboolean is_up);

CvmSerial      *cvm_context_serial      (CvmContext *self);

/**
 * cvm_context_boot_offset:
 *
 * Where the console stood at the last start or restart: to look for that boot's lines
 */
guint64         cvm_context_boot_offset (CvmContext *self);

void            cvm_context_mark_boot   (CvmContext *self);

/* Channels -------------------------------------------------------------------------------- */

/**
 * cvm_context_ssh:
 * @user: "" for the image's own
 * @password: (nullable): instead of the image's key
 *
 * Logs in, trying again until the guest answers or the case's limit is over.
 * Returns: (transfer full): or NULL with the error in the context
 */
CvmSsh         *cvm_context_ssh         (CvmContext *self, const char *user, const char *password);

/**
 * cvm_context_password:
 * @account: whose it is, for people, and the same words wherever it is meant: "web admin"
 * @reference: the value of a PASSWORD parameter: where it comes from
 *
 * A "generated" one is made up at the first call for an account, and is the same in all later
 * cases of the job. Goes into ports and a guest only; records and evidence show asterisks for it.
 * Returns: (transfer none): as long as the job; NULL with the error in the context
 */
const char     *cvm_context_password    (CvmContext *self, const char *account,
                                         const char *reference);

/**
 * cvm_context_public_key:
 *
 * The line of authorized_keys that lets cvm_context_ssh () in: of the image's key, or of one made
 * for this job, which is removed with it and used from now on (transfer full)
 */
char           *cvm_context_public_key  (CvmContext *self);

/**
 * cvm_context_can_log_in:
 *
 * Whether cvm_context_ssh () has a key or a password to try
 */
gboolean        cvm_context_can_log_in  (CvmContext *self);

/**
 * cvm_context_http:
 * @request: its URI is a path; max_body is not looked at (4 MiB)
 *
 * Asks the guest's PORT. A GET is tried again while nothing answers; a POST, and what is an act, is
 * not: it may have been heard (transfer full).
 */
CvmHttpReply   *cvm_context_http        (CvmContext *self, guint16 port,
                                         const CvmHttpRequest *request);

/**
 * cvm_context_http_get:
 *
 * Gets a page of the guest's PORT, trying again while nothing answers (transfer full)
 */
CvmHttpReply   *cvm_context_http_get    (CvmContext *self, guint16 port, const char *path);

/**
 * cvm_context_guest_output:
 * Runs a command in the guest and collects its standard output (at most 1 MiB; more is cut).
 * Returns: (transfer full): UTF-8 or not, terminated; NULL with the error in the context
 */
char           *cvm_context_guest_output (CvmContext *self, CvmSsh *ssh, const char *command,
                                          int *exit_status);

/* TAP programs ---------------------------------------------------------------------------- */

/**
 * cvm_context_tap_feed:
 *
 * Feeds what a TAP program prints: its points become subtests of the case as they arrive (16 MiB
 * of them; all are counted), and all of it, up to 16 MiB, the evidence logs/ID-output.tap, also
 * where the check gets to no end. Ends with the verdict of its TAP and its exit status.
 *
 * Where --only named subtests, the program runs whole and they alone count: the outermost points
 * of other numbers and names are skipped, "not chosen", and what is below them is left out.
 */
void            cvm_context_tap_feed    (CvmContext *self, const char *bytes, gsize len);

CvmOutcome      cvm_context_tap_end     (CvmContext *self, int exit_status);
