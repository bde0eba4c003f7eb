/* cvm-channel.h: the ports to what is in a guest: ssh, http, display
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   engine; filled by channel/ and by the tests' fakes.
 * Threads: synchronous, for job threads. A channel belongs to one thread at a time.
 * Trust:   whatever answers is a guest: any bytes, any amount, any delay. */
#pragma once

#include "cvm-process.h"

/* ssh */

typedef struct
{
  const char *address;          /* "127.0.0.1" */
  guint16     port;
  const char *user;
  const char *key_file;         /* or NULL; an agent is asked if there is no password either */
  const char *password;         /* or NULL; never logged */
  const char *known_key_file;   /* this guest's own: the key learnt at the first login, checked at
                                   every later one. No file of the user is read or written. */
} CvmSshTarget;

#define CVM_TYPE_SSH (cvm_ssh_get_type ())
G_DECLARE_INTERFACE (CvmSsh, cvm_ssh, CVM, SSH, GObject)

struct _CvmSshInterface
{
  GTypeInterface parent_iface;

  gboolean (*exec) (CvmSsh *self, const char *command, const char *input, gsize input_len,
                    CvmOutputFunc on_stdout, CvmOutputFunc on_stderr, gpointer data,
                    gint64 deadline_us, GCancellable *cancellable, int *exit_status,
                    GError **error);
};

/**
 * cvm_ssh_exec:
 * @command: for the guest's shell
 * @input: (nullable): written to its standard input, which is then closed
 * @on_stdout: (nullable): called as output arrives, in this thread
 * @exit_status: (out): 0–255, or 255 when a signal ended it or the guest gave none
 */
gboolean cvm_ssh_exec (CvmSsh         *self,
                       const char     *command,
                       const char     *input,
                       gsize           input_len,
                       CvmOutputFunc   on_stdout,
                       CvmOutputFunc   on_stderr,
                       gpointer        data,
                       gint64          deadline_us,
                       GCancellable   *cancellable,
                       int            *exit_status,
                       GError        **error);

/* http */

#define CVM_HTTP_COOKIES_MAX 32     /* Set-Cookie lines of a reply that are kept */
#define CVM_HTTP_HEADER_MAX  4096   /* bytes of such a line, and of a Location */

/* What to ask for; all borrowed. Nothing is remembered from one request to the next. */
typedef struct
{
  const char *uri;              /* cvm_context_http (): a path of the guest */
  const char *form;             /* urlencoded; makes it a POST; never logged. NULL: a GET */
  const char *cookies;          /* "a=b; c=d", or NULL; never logged */
  const char *referer;          /* or NULL; cvm_context_http (): a path of the guest */
  gboolean    is_act;           /* cvm_context_http (): does something, so it is sent once */
  gboolean    keeps_redirect;   /* a redirect is the reply; else a GET follows it within the same
                                   address and port */
  gsize       max_body;         /* bytes of the body that are kept */
} CvmHttpRequest;

typedef struct
{
  guint    status;
  char    *content_type;        /* or NULL */
  char    *location;            /* of a redirect, as it was sent, or NULL */
  char   **set_cookies;         /* Set-Cookie lines, as they were sent; never NULL */
  GBytes  *body;                /* at most the limit asked for */
  gboolean is_cut;              /* there was more */
} CvmHttpReply;

CvmHttpReply *cvm_http_reply_new  (void);
void          cvm_http_reply_free (CvmHttpReply *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvmHttpReply, cvm_http_reply_free)

/* display */

#define CVM_TYPE_DISPLAY (cvm_display_get_type ())
G_DECLARE_INTERFACE (CvmDisplay, cvm_display, CVM, DISPLAY, GObject)

struct _CvmDisplayInterface
{
  GTypeInterface parent_iface;

  gboolean (*wait_frame) (CvmDisplay *self, guint64 after, guint64 *frame, gint64 deadline_us,
                          GCancellable *cancellable, GError **error);
  GBytes  *(*dup_png)    (CvmDisplay *self, GError **error);
  gboolean (*type_text)  (CvmDisplay *self, const char *text, gint64 deadline_us,
                          GCancellable *cancellable, GError **error);
};

/**
 * cvm_display_wait_frame:
 *
 * Waits for a frame later than the AFTERth (0: any); FRAME is its number
 */
gboolean cvm_display_wait_frame (CvmDisplay    *self,
                                 guint64        after,
                                 guint64       *frame,
                                 gint64         deadline_us,
                                 GCancellable  *cancellable,
                                 GError       **error);

/**
 * cvm_display_dup_png:
 *
 * The latest frame; fails where none has come yet. This and cvm_display_wait_frame () may be
 * called from several threads at once.
 */
GBytes  *cvm_display_dup_png    (CvmDisplay    *self,
                                 GError       **error);

/**
 * cvm_display_save_png:
 *
 * The same into a file
 */
gboolean cvm_display_save_png   (CvmDisplay    *self,
                                 const char    *path,
                                 GError       **error);

/**
 * cvm_display_type_text:
 *
 * Presses the keys that make TEXT on a US keyboard; ASCII and newline only
 */
gboolean cvm_display_type_text  (CvmDisplay    *self,
                                 const char    *text,
                                 gint64         deadline_us,
                                 GCancellable  *cancellable,
                                 GError       **error);
