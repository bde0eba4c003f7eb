/* cvm-tapper-server.h: where a Tapper server is, and the file that remembers it
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   tapper.
 * Threads: no state outside the struct.
 * Trust:   what the user wrote, in servers.ini or on the command line.
 *
 * A server has up to three doors: the receiver that takes reports, the API that takes files and
 * answers questions, and web pages. In production they lie behind different hosts and ports. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define CVM_TAPPER_RECEIVER_PORT 7357
#define CVM_TAPPER_API_PORT      7358

/**
 * CvmTapperServerError:
 * @CVM_TAPPER_SERVER_ERROR_INVALID: what was written is no address, URL or name: write another
 * @CVM_TAPPER_SERVER_ERROR_UNKNOWN: no such server is remembered, or none is chosen: add or name it
 *
 * Mistakes in servers.ini itself are a CVM_KEYFILE_ERROR with file and line.
 */
typedef enum
{
  CVM_TAPPER_SERVER_ERROR_INVALID,
  CVM_TAPPER_SERVER_ERROR_UNKNOWN,
} CvmTapperServerError;

#define CVM_TAPPER_SERVER_ERROR (cvm_tapper_server_error_quark ())
GQuark cvm_tapper_server_error_quark (void);

typedef struct
{
  char     *name;            /* as servers.ini calls it; NULL: given for one call only */
  char     *receiver_host;
  guint16   receiver_port;
  gboolean  receiver_tls;
  char     *api_host;        /* NULL: it has none */
  guint16   api_port;
  gboolean  api_tls;
  char     *web;             /* base URL, no '/' at its end, such as http://HOST/tapper; or NULL */
} CvmTapperServer;

CvmTapperServer *cvm_tapper_server_new             (const char             *name,
                                                    const char             *receiver,
                                                    const char             *api,
                                                    const char             *web,
                                                    GError                **error);
CvmTapperServer *cvm_tapper_server_copy            (const CvmTapperServer  *self);
void             cvm_tapper_server_free            (CvmTapperServer        *self);

char            *cvm_tapper_server_dup_receiver    (const CvmTapperServer  *self);
char            *cvm_tapper_server_dup_api         (const CvmTapperServer  *self);
const char      *cvm_tapper_server_get_label       (const CvmTapperServer  *self);
char            *cvm_tapper_server_dup_report_url  (const CvmTapperServer  *self,
                                                    guint64                 id);
gboolean         cvm_tapper_server_is_exposed      (const CvmTapperServer  *self);

char            *cvm_tapper_servers_path           (void);
GPtrArray       *cvm_tapper_servers_load           (char                  **default_name,
                                                    GError                **error);
CvmTapperServer *cvm_tapper_servers_find           (const char             *name,
                                                    GError                **error);
gboolean         cvm_tapper_servers_save           (const CvmTapperServer  *server,
                                                    gboolean                is_default,
                                                    GError                **error);
gboolean         cvm_tapper_servers_remove         (const char             *name,
                                                    GError                **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvmTapperServer, cvm_tapper_server_free)

G_END_DECLS
