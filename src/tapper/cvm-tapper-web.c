/* cvm-tapper-web.c: what a Tapper server's web pages answer, by libsoup
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-tapper-web.h"

#include <libsoup/soup.h>
#include <string.h>

#include "cvm-alarm.h"

#define REDIRECTS_MAX 5
#define BLOCK         (64 * 1024)

typedef struct
{
  GOutputStream    *out;
  guint64           max;
  guint64           len;
  CvmTapperWebInfo  info;
} Answer;

/* No proxy, no cookies; and no decoding, so that a file arrives as it was stored */
static SoupSession *
new_session (void)
{
  SoupSession *session = soup_session_new_with_options ("user-agent", "cvmtester/" CVM_VERSION,
                                                        "timeout", 0, NULL);

  soup_session_set_proxy_resolver (session, NULL);
  soup_session_remove_feature_by_type (session, SOUP_TYPE_CONTENT_DECODER);

  return session;
}

static gboolean
is_same_origin (GUri *a,
                GUri *b)
{
  return g_strcmp0 (g_uri_get_scheme (a), g_uri_get_scheme (b)) == 0 &&
         g_strcmp0 (g_uri_get_host (a), g_uri_get_host (b)) == 0 &&
         g_uri_get_port (a) == g_uri_get_port (b);
}

/* That page ends the server. */
static gboolean
is_deadly (GUri *uri)
{
  g_autofree char *path = g_uri_unescape_string (g_uri_get_path (uri), NULL);

  return path == NULL || strstr (path, "/reports/exit") != NULL;
}

/* Where MESSAGE's answer sends us; NULL without an error: nowhere */
static GUri *
find_redirect (SoupMessage  *message,
               GError      **error)
{
  GUri *from = soup_message_get_uri (message);
  const char *location = soup_message_headers_get_one (soup_message_get_response_headers (message),
                                                       "Location");
  g_autoptr(GUri) to = NULL;

  if (!SOUP_STATUS_IS_REDIRECTION (soup_message_get_status (message)) || location == NULL)
    return NULL;

  to = g_uri_parse_relative (from, location, SOUP_HTTP_URI_FLAGS, NULL);
  if (to != NULL && is_same_origin (from, to) && !is_deadly (to))
    return g_steal_pointer (&to);

  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED,
                       "it redirects to another server, which is not followed; if that is right, "
                       "set the web address to it");
  return NULL;
}

static gboolean
read_body (Answer        *self,
           GInputStream  *stream,
           GCancellable  *cancellable,
           GError       **error)
{
  g_autofree char *block = g_malloc (BLOCK);
  gssize n;

  while ((n = g_input_stream_read (stream, block, BLOCK, cancellable, error)) > 0)
    {
      if ((guint64)n > self->max - self->len)
        {
          g_set_error (error, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE,
                       "it answers more than %" G_GUINT64_FORMAT " bytes", self->max);
          return FALSE;
        }

      if (!g_output_stream_write_all (self->out, block, (gsize)n, NULL, cancellable, error))
        return FALSE;

      self->len += (guint64)n;
    }

  return n == 0;
}

static gboolean
take_answer (Answer        *self,
             SoupMessage   *message,
             GInputStream  *stream,
             GCancellable  *cancellable,
             GError       **error)
{
  guint status = soup_message_get_status (message);
  SoupMessageHeaders *headers = soup_message_get_response_headers (message);
  SoupEncoding encoding = soup_message_headers_get_encoding (headers);
  const char *type = soup_message_headers_get_one (headers, "Content-Type");
  goffset expected = soup_message_headers_get_content_length (headers);

  if (!SOUP_STATUS_IS_SUCCESSFUL (status))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "it answers %u (%s)", status,
                   soup_status_get_phrase (status));
      return FALSE;
    }

  self->info.is_text = type == NULL || g_ascii_strncasecmp (type, "text/", 5) == 0;
  self->info.is_whole = encoding != SOUP_ENCODING_EOF;
  if (!read_body (self, stream, cancellable, error))
    return FALSE;

  if (encoding == SOUP_ENCODING_CONTENT_LENGTH && self->len != (guint64)expected)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT,
                           "it broke off in the middle of its answer");
      return FALSE;
    }

  return TRUE;
}

static gboolean
get (Answer        *self,
     SoupSession   *session,
     GUri          *first,
     GCancellable  *cancellable,
     GError       **error)
{
  g_autoptr(GUri) uri = g_uri_ref (first);

  for (guint i = 0; i <= REDIRECTS_MAX; i++)
    {
      g_autoptr(SoupMessage) message = soup_message_new_from_uri (SOUP_METHOD_GET, uri);
      g_autoptr(GInputStream) stream = NULL;
      g_autoptr(GError) local = NULL;
      GUri *next;

      soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT);
      stream = soup_session_send (session, message, cancellable, error);
      if (stream == NULL)
        return FALSE;

      next = find_redirect (message, &local);
      if (local != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&local));
          return FALSE;
        }

      if (next == NULL)
        return take_answer (self, message, stream, cancellable, error);

      g_uri_unref (uri);
      uri = next;
    }

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_TOO_MANY_LINKS, "it redirects more than %d times",
               REDIRECTS_MAX);

  return FALSE;
}

static void
cancel (gpointer data)
{
  g_cancellable_cancel (data);
}

static gboolean
get_within (Answer        *self,
            GUri          *uri,
            gint64         deadline_us,
            GCancellable  *cancellable,
            GError       **error)
{
  g_autoptr(GCancellable) limit = g_cancellable_new ();
  g_autoptr(SoupSession) session = new_session ();
  g_autoptr(GError) local = NULL;
  CvmAlarm *alarm = cvm_alarm_new (cancel, limit, deadline_us, cancellable);
  gboolean is_done = get (self, session, uri, limit, &local);

  soup_session_abort (session);
  cvm_alarm_free (alarm);
  if (is_done)
    return TRUE;

  /* Which of the two has rung the alarm is a question of the clock and the cancellable alone. */
  if (!g_cancellable_is_cancelled (limit) || cvm_deadline_check (deadline_us, cancellable, error))
    g_propagate_error (error, g_steal_pointer (&local));

  return FALSE;
}

/**
 * cvm_tapper_web_save:
 * @web: base URL of a #CvmTapperServer
 * @path: what follows it, from its first '/': constants, integers and escaped words
 * @out: where the body goes; what an error leaves there is no answer
 * @max: bytes that are taken; a larger body is %G_IO_ERROR_MESSAGE_TOO_LARGE
 * @info: (out) (optional): what came
 *
 * Fails with %G_IO_ERROR_FAILED for other answers than success (404 too: Tapper says otherwise that
 * something is missing), %G_IO_ERROR_PERMISSION_DENIED for a redirect elsewhere, and what GIO and
 * libsoup say.
 */
gboolean
cvm_tapper_web_save (const char        *web,
                     const char        *path,
                     GOutputStream     *out,
                     guint64            max,
                     CvmTapperWebInfo  *info,
                     gint64             deadline_us,
                     GCancellable      *cancellable,
                     GError           **error)
{
  g_autofree char *text = g_strconcat (web, path, NULL);
  g_autoptr(GUri) uri = g_uri_parse (text, SOUP_HTTP_URI_FLAGS, error);
  Answer answer = { .out = out, .max = max };
  gboolean is_done;

  if (uri != NULL && is_deadly (uri))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                   "%s is never asked for: it would end the server, or is no path", text);
      return FALSE;
    }

  is_done = uri != NULL && get_within (&answer, uri, deadline_us, cancellable, error);
  if (info != NULL)
    *info = answer.info;
  if (!is_done)
    g_prefix_error (error, "%s: ", text);

  return is_done;
}

/**
 * cvm_tapper_web_get:
 *
 * The same for a body that is wanted in memory.
 */
GBytes *
cvm_tapper_web_get (const char        *web,
                    const char        *path,
                    gsize              max,
                    CvmTapperWebInfo  *info,
                    gint64             deadline_us,
                    GCancellable      *cancellable,
                    GError           **error)
{
  g_autoptr(GOutputStream) out = g_memory_output_stream_new_resizable ();

  if (!cvm_tapper_web_save (web, path, out, max, info, deadline_us, cancellable, error) ||
      !g_output_stream_close (out, NULL, error))
    return NULL;

  return g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (out));
}
