/* cvm-tapper-api.c: the reports API: one command a connection
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-tapper-api.h"

#include <string.h>

#include "cvm-tapper-error.h"
#include "cvm-tapper-socket.h"

#define BLOCK        (64 * 1024)
#define CONNECT_MS   30000
#define ANSWER_MAX   BLOCK      /* bytes after an upload; the API says none */

static const char no_templates[] = "Template Toolkit is not enabled";

static CvmTapperSocket *
open_socket (const CvmTapperServer  *server,
             gint64                  deadline_us,
             GCancellable           *cancellable,
             GError                **error)
{
  g_autofree char *address = cvm_tapper_server_dup_api (server);
  GError *local = NULL;
  CvmTapperSocket *socket;

  if (address == NULL)
    {
      g_set_error (error, CVM_TAPPER_ERROR, CVM_TAPPER_ERROR_UNREACHABLE,
                   "The server %s has no reports API", cvm_tapper_server_get_label (server));
      return NULL;
    }

  socket = cvm_tapper_socket_new (server->api_host, server->api_port, server->api_tls, NULL, NULL,
                                  deadline_us, cancellable, &local);
  if (socket == NULL)
    cvm_tapper_error_take (error, CVM_TAPPER_ERROR_UNREACHABLE, local,
                           "Cannot reach the reports API %s", address);

  return socket;
}

static gboolean
break_off (GError  *local,
           GError **error)
{
  cvm_tapper_error_take (error, CVM_TAPPER_ERROR_NO_ANSWER, local,
                         "The reports API broke off");

  return FALSE;
}

static GByteArray *
read_answer (CvmTapperSocket  *socket,
             gsize             max,
             gint64            deadline_us,
             GCancellable     *cancellable,
             GError          **error)
{
  g_autoptr(GByteArray) answer = g_byte_array_new ();
  g_autofree char *block = g_malloc (BLOCK);
  gssize n;

  while ((n = cvm_tapper_socket_read (socket, block, BLOCK, deadline_us, cancellable, error)) > 0)
    {
      if ((gsize)n > max - answer->len)
        {
          g_set_error (error, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE,
                       "its answer is larger than %" G_GSIZE_FORMAT " bytes", max);
          return NULL;
        }
      g_byte_array_append (answer, (const guint8 *)block, n);
    }

  return n == 0 ? g_steal_pointer (&answer) : NULL;
}

/* COMMAND is whole, from "#! " to its last line's end, and never made of a stranger's text. The
 * answer has at most MAX bytes; an empty one is the API's way to say that it did not understand. */
static GBytes *
ask (const CvmTapperServer  *server,
     const char             *command,
     gsize                   max,
     gint64                  deadline_us,
     GCancellable           *cancellable,
     GError                **error)
{
  g_autoptr(CvmTapperSocket) socket = open_socket (server, deadline_us, cancellable, error);
  int left_ms = cvm_deadline_left_ms (deadline_us);
  GByteArray *answer = NULL;
  GError *local = NULL;

  if (socket == NULL)
    return NULL;

  if (cvm_tapper_socket_write (socket, command, strlen (command), left_ms < 0 ? G_MAXINT : left_ms,
                               cancellable, &local))
    answer = read_answer (socket, max, deadline_us, cancellable, &local);

  if (answer == NULL)
    {
      break_off (local, error);
      return NULL;
    }

  return g_byte_array_free_to_bytes (answer);
}

/* The condition that leaves out reports which are not parsed yet: the server caches every answer
 * for ever, and one that had met such a report would stay as it was. "id" stands first, since the
 * server qualifies only the first key. */
static char *
make_question (const guint64 *ids,
               gsize          n_ids,
               gboolean       with_pending)
{
  GString *text = g_string_new ("#! tt <<EOF\n[% reportdata('{ id => ");

  if (n_ids != 1)
    g_string_append_c (text, '[');
  for (gsize i = 0; i < n_ids; i++)
    g_string_append_printf (text, "%s%" G_GUINT64_FORMAT, i > 0 ? "," : "", ids[i]);
  if (n_ids != 1)
    g_string_append_c (text, ']');

  if (!with_pending)
    g_string_append (text, ", suite_id => { \">\", 0 }");
  g_string_append (text, " } :: /report').to_json %]\nEOF\n");

  return g_string_free (text, FALSE);
}

/* Templates answer at least their last line's end, found or not; nothing at all is a failure. */
static gboolean
check_answer (GBytes  *answer,
              GError **error)
{
  gsize len;
  const char *text = g_bytes_get_data (answer, &len);

  if (len == 0)
    {
      g_set_error_literal (error, CVM_TAPPER_ERROR, CVM_TAPPER_ERROR_NO_ANSWER,
                           "The reports API gave no answer at all");
      return FALSE;
    }

  if (len >= strlen (no_templates) && memcmp (text, no_templates, strlen (no_templates)) == 0)
    {
      g_set_error_literal (error, CVM_TAPPER_ERROR, CVM_TAPPER_ERROR_NO_TEMPLATES,
                           "The reports API has no templates (tt), so it tells no results");
      return FALSE;
    }

  return TRUE;
}

/**
 * cvm_tapper_api_query:
 * @condition: the inside of the hash that selects reports, `id` first and `suite_id` in it as
 *   above: integers and constants alone, since the server evaluates it
 *
 * Returns: as cvm_tapper_api_reports()
 */
GBytes *
cvm_tapper_api_query (const CvmTapperServer  *server,
                      const char             *condition,
                      gsize                   max,
                      gint64                  deadline_us,
                      GCancellable           *cancellable,
                      GError                **error)
{
  g_autofree char *question = g_strdup_printf ("#! tt <<EOF\n[%% reportdata('{ %s } :: /report')"
                                               ".to_json %%]\nEOF\n", condition);
  g_autoptr(GBytes) answer = ask (server, question, max, deadline_us, cancellable, error);

  return answer != NULL && check_answer (answer, error) ? g_steal_pointer (&answer) : NULL;
}

static GBytes *
ask_reports (const CvmTapperServer  *server,
             const guint64          *ids,
             gsize                   n_ids,
             gboolean                with_pending,
             gsize                   max,
             gint64                  deadline_us,
             GCancellable           *cancellable,
             GError                **error)
{
  g_autofree char *question = NULL;
  g_autoptr(GBytes) answer = NULL;

  g_return_val_if_fail (n_ids > 0 && n_ids <= CVM_TAPPER_API_IDS_MAX, NULL);

  question = make_question (ids, n_ids, with_pending);
  answer = ask (server, question, max, deadline_us, cancellable, error);
  if (answer == NULL || !check_answer (answer, error))
    return NULL;

  return g_steal_pointer (&answer);
}

/**
 * cvm_tapper_api_reports:
 * @n_ids: 1 to %CVM_TAPPER_API_IDS_MAX
 *
 * Returns: JSON, an array of those that are there and parsed; only white space if none is
 */
GBytes *
cvm_tapper_api_reports (const CvmTapperServer  *server,
                        const guint64          *ids,
                        gsize                   n_ids,
                        gsize                   max,
                        gint64                  deadline_us,
                        GCancellable           *cancellable,
                        GError                **error)
{
  return ask_reports (server, ids, n_ids, FALSE, max, deadline_us, cancellable, error);
}

/**
 * cvm_tapper_api_reports_once:
 *
 * The same with those that are not parsed; the same ids asked for again get this same answer for
 * ever.
 */
GBytes *
cvm_tapper_api_reports_once (const CvmTapperServer  *server,
                             const guint64          *ids,
                             gsize                   n_ids,
                             gsize                   max,
                             gint64                  deadline_us,
                             GCancellable           *cancellable,
                             GError                **error)
{
  return ask_reports (server, ids, n_ids, TRUE, max, deadline_us, cancellable, error);
}

/**
 * cvm_tapper_api_is_name:
 *
 * Returns: whether a file of that name can be asked for: printable ASCII without a blank. (The
 *   API has no quoting; `%` and `_` are wildcards of its download.)
 */
gboolean
cvm_tapper_api_is_name (const char *name)
{
  for (const char *c = name; *c != '\0'; c++)
    {
      if (!g_ascii_isgraph (*c))
        return FALSE;
    }

  return *name != '\0';
}

static gboolean
check_name (const char  *name,
            GError     **error)
{
  if (cvm_tapper_api_is_name (name))
    return TRUE;

  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_FILENAME,
                       "The reports API has no way to tell a file name with blanks or others than "
                       "ASCII characters");

  return FALSE;
}

/**
 * cvm_tapper_api_upload:
 * @name: see cvm_tapper_api_is_name()
 * @type: a content type without blanks
 * @idle_ms: for the connection, for each piece to get on, and for the server's leave
 *
 * Returns: %TRUE when all went out and the API took leave. It does so whether it kept the file or
 *   not: download it to know. It never keeps an empty one.
 */
gboolean
cvm_tapper_api_upload (const CvmTapperServer  *server,
                       guint64                 id,
                       const char             *name,
                       const char             *type,
                       GInputStream           *file,
                       guint                   idle_ms,
                       CvmTapperProgress       on_progress,
                       gpointer                data,
                       GCancellable           *cancellable,
                       GError                **error)
{
  g_autofree char *command = g_strdup_printf ("#! upload %" G_GUINT64_FORMAT " %s %s\n", id, name,
                                              type);
  g_autoptr(CvmTapperSocket) socket = NULL;
  g_autoptr(GByteArray) answer = NULL;
  GError *local = NULL;

  if (!check_name (name, error) || !check_name (type, error))
    return FALSE;

  socket = open_socket (server, cvm_deadline_in_ms (MIN (idle_ms, CONNECT_MS)), cancellable, error);
  if (socket == NULL)
    return FALSE;

  if (cvm_tapper_socket_write (socket, command, strlen (command), idle_ms, cancellable, &local) &&
      cvm_tapper_socket_pour (socket, file, idle_ms, on_progress, data, cancellable, &local) &&
      cvm_tapper_socket_end (socket, cvm_deadline_in_ms (idle_ms), cancellable, &local))
    answer = read_answer (socket, ANSWER_MAX, cvm_deadline_in_ms (idle_ms), cancellable, &local);

  if (answer != NULL)
    return TRUE;

  cvm_tapper_socket_abort (socket);

  return break_off (local, error);
}

typedef struct
{
  GOutputStream *out;    /* or NULL */
  GChecksum     *sum;
  guint64        max;
  guint64        len;
} Sink;

static gboolean
drink (CvmTapperSocket  *socket,
       Sink             *sink,
       guint             idle_ms,
       GCancellable     *cancellable,
       GError          **error)
{
  g_autofree char *block = g_malloc (BLOCK);
  gssize n;

  while ((n = cvm_tapper_socket_read (socket, block, BLOCK, cvm_deadline_in_ms (idle_ms),
                                      cancellable, error)) > 0)
    {
      if ((guint64)n > sink->max - sink->len)
        {
          g_set_error (error, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE,
                       "it sends more than %" G_GUINT64_FORMAT " bytes", sink->max);
          return FALSE;
        }

      sink->len += n;
      g_checksum_update (sink->sum, (const guchar *)block, n);
      if (sink->out != NULL &&
          !g_output_stream_write_all (sink->out, block, n, NULL, cancellable, error))
        return FALSE;
    }

  return n == 0;
}

/**
 * cvm_tapper_api_download:
 * @index: 0: the oldest file of a name that is like @name
 * @out: (nullable): where the bytes go; it is not closed
 * @max: more bytes are an error
 * @len: (out): bytes of the file; 0: there is none
 * @sha256: (out) (optional): of the bytes
 *
 * Streams: memory does not grow with the file.
 */
gboolean
cvm_tapper_api_download (const CvmTapperServer  *server,
                         guint64                 id,
                         const char             *name,
                         guint                   index,
                         GOutputStream          *out,
                         guint64                 max,
                         guint64                *len,
                         char                  **sha256,
                         guint                   idle_ms,
                         GCancellable           *cancellable,
                         GError                **error)
{
  g_autofree char *command = g_strdup_printf ("#! download %" G_GUINT64_FORMAT " %s %u\n", id, name,
                                              index);
  g_autoptr(GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autoptr(CvmTapperSocket) socket = NULL;
  Sink sink = { out, sum, max, 0 };
  GError *local = NULL;

  if (!check_name (name, error))
    return FALSE;

  socket = open_socket (server, cvm_deadline_in_ms (MIN (idle_ms, CONNECT_MS)), cancellable, error);
  if (socket == NULL)
    return FALSE;

  if (!cvm_tapper_socket_write (socket, command, strlen (command), idle_ms, cancellable, &local) ||
      !drink (socket, &sink, idle_ms, cancellable, &local))
    return break_off (local, error);

  *len = sink.len;
  if (sha256 != NULL)
    *sha256 = g_strdup (g_checksum_get_string (sum));

  return TRUE;
}
