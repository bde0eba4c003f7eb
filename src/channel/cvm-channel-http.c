/* cvm-channel-http.c: the http port, by libsoup
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-channel-http.h"

#include <libsoup/soup.h>
#include <string.h>

#include "cvm-alarm.h"
#include "cvm-text.h"

#define REDIRECTS_MAX 10
#define BLOCK         (32 * 1024)

static gboolean
accept_any_certificate (SoupMessage          *message,
                        GTlsCertificate      *certificate,
                        GTlsCertificateFlags  flaws,
                        gpointer              data)
{
  return TRUE;
}

static SoupSession *
new_session (void)
{
  SoupSession *session = soup_session_new_with_options ("user-agent", "cvmtester/" CVM_VERSION,
                                                        "timeout", 0,
                                                        NULL);

  soup_session_set_proxy_resolver (session, NULL);

  return session;
}

static GUri *
parse_uri (const char  *text,
           GError     **error)
{
  g_autoptr(GUri) uri = NULL;

  for (const char *c = text; *c != '\0'; c++)
    {
      if ((guchar)*c <= ' ' || *c == 0x7f)
        {
          g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                       "a space or a control character in a URI must be written as %%%02X",
                       (guchar)*c);
          return NULL;
        }
    }

  uri = g_uri_parse (text, SOUP_HTTP_URI_FLAGS, error);
  if (uri == NULL)
    return NULL;

  if (!g_str_equal (g_uri_get_scheme (uri), "http") &&
      !g_str_equal (g_uri_get_scheme (uri), "https"))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "it is neither http nor https");
      return NULL;
    }

  if (g_uri_get_host (uri) == NULL || *g_uri_get_host (uri) == '\0')
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "it names no host");
      return NULL;
    }

  return g_steal_pointer (&uri);
}

/* Where MESSAGE's reply sends us, or NULL when it is a reply to keep */
static GUri *
find_redirect (SoupMessage *message)
{
  GUri *from = soup_message_get_uri (message);
  const char *location = soup_message_headers_get_one (soup_message_get_response_headers (message),
                                                       "Location");
  g_autoptr(GUri) to = NULL;

  if (!SOUP_STATUS_IS_REDIRECTION (soup_message_get_status (message)) || location == NULL)
    return NULL;

  to = g_uri_parse_relative (from, location, SOUP_HTTP_URI_FLAGS, NULL);
  if (to == NULL || g_uri_get_host (to) == NULL ||
      g_strcmp0 (g_uri_get_scheme (to), g_uri_get_scheme (from)) != 0 ||
      g_strcmp0 (g_uri_get_host (to), g_uri_get_host (from)) != 0 ||
      g_uri_get_port (to) != g_uri_get_port (from))
    return NULL;

  return g_steal_pointer (&to);
}

/* At most MAX bytes of STREAM; IS_CUT when it had more */
static GBytes *
read_body (GInputStream  *stream,
           gsize          max,
           gboolean      *is_cut,
           GCancellable  *cancellable,
           GError       **error)
{
  g_autoptr(GByteArray) body = g_byte_array_new ();
  g_autofree char *block = g_malloc (BLOCK);
  gssize n;

  *is_cut = FALSE;

  while ((n = g_input_stream_read (stream, block, BLOCK, cancellable, error)) > 0)
    {
      gsize room = max - body->len;

      g_byte_array_append (body, (const guint8 *)block, MIN ((gsize)n, room));
      if ((gsize)n > room)
        {
          *is_cut = TRUE;
          break;
        }
    }

  return n < 0 ? NULL : g_byte_array_free_to_bytes (g_steal_pointer (&body));
}

static char *
dup_header (const char *value)
{
  return value != NULL && strlen (value) <= CVM_HTTP_HEADER_MAX ? g_strdup (value) : NULL;
}

static void
add_cookie (const char *name,
            const char *value,
            gpointer    list)
{
  GPtrArray *lines = list;

  if (lines->len < CVM_HTTP_COOKIES_MAX && strlen (value) <= CVM_HTTP_HEADER_MAX
      && g_ascii_strcasecmp (name, "Set-Cookie") == 0)
    g_ptr_array_add (lines, g_strdup (value));
}

static char **
read_cookies (SoupMessageHeaders *headers)
{
  g_autoptr(GPtrArray) lines = g_ptr_array_new ();

  soup_message_headers_foreach (headers, add_cookie, lines);
  g_ptr_array_add (lines, NULL);

  return (char **)g_ptr_array_steal (lines, NULL);
}

static CvmHttpReply *
make_reply (SoupMessage   *message,
            GInputStream  *stream,
            gsize          max_body,
            GCancellable  *cancellable,
            GError       **error)
{
  g_autoptr(CvmHttpReply) reply = cvm_http_reply_new ();
  SoupMessageHeaders *headers = soup_message_get_response_headers (message);

  reply->status = soup_message_get_status (message);
  reply->content_type = g_strdup (soup_message_headers_get_one (headers, "Content-Type"));
  reply->location = dup_header (soup_message_headers_get_one (headers, "Location"));
  g_strfreev (reply->set_cookies);
  reply->set_cookies = read_cookies (headers);
  reply->body = read_body (stream, max_body, &reply->is_cut, cancellable, error);

  return reply->body != NULL ? g_steal_pointer (&reply) : NULL;
}

static void
set_header (SoupMessage *message,
            const char  *name,
            const char  *value)
{
  if (value != NULL)
    soup_message_headers_replace (soup_message_get_request_headers (message), name, value);
}

static SoupMessage *
new_message (const CvmHttpRequest *request,
             GUri                 *uri)
{
  SoupMessage *message = soup_message_new_from_uri (request->form != NULL ? SOUP_METHOD_POST
                                                                          : SOUP_METHOD_GET, uri);

  soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT);
  g_signal_connect (message, "accept-certificate", G_CALLBACK (accept_any_certificate), NULL);
  set_header (message, "Cookie", request->cookies);
  set_header (message, "Referer", request->referer);
  if (request->form != NULL)
    {
      g_autoptr(GBytes) form = g_bytes_new (request->form, strlen (request->form));

      soup_message_set_request_body_from_bytes (message, SOUP_FORM_MIME_TYPE_URLENCODED, form);
    }

  return message;
}

static CvmHttpReply *
send_request (SoupSession           *session,
              const CvmHttpRequest  *request,
              GUri                  *first,
              GCancellable          *cancellable,
              GError               **error)
{
  gboolean follows = request->form == NULL && !request->keeps_redirect;
  g_autoptr(GUri) uri = g_uri_ref (first);

  for (guint i = 0; i <= REDIRECTS_MAX; i++)
    {
      g_autoptr(SoupMessage) message = new_message (request, uri);
      g_autoptr(GInputStream) stream = NULL;
      GUri *next;

      stream = soup_session_send (session, message, cancellable, error);
      if (stream == NULL)
        return NULL;

      next = follows ? find_redirect (message) : NULL;
      if (next == NULL)
        return make_reply (message, stream, request->max_body, cancellable, error);

      g_uri_unref (uri);
      uri = next;
    }

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_TOO_MANY_LINKS, "it redirects more than %d times",
               REDIRECTS_MAX);

  return NULL;
}

static void
cancel (gpointer data)
{
  g_cancellable_cancel (data);
}

CvmHttpReply *
cvm_channel_http_send (const CvmHttpRequest  *request,
                       gint64                 deadline_us,
                       GCancellable          *cancellable,
                       GError               **error)
{
  const char *method = request->form != NULL ? "POST" : "GET";
  g_autoptr(GUri) parsed = parse_uri (request->uri, error);
  g_autoptr(GCancellable) limit = g_cancellable_new ();
  g_autoptr(SoupSession) session = new_session ();
  g_autoptr(GError) local = NULL;
  CvmAlarm *alarm;
  CvmHttpReply *reply = NULL;

  if (parsed == NULL)
    {
      g_autofree char *quoted = cvm_text_quote (request->uri);

      g_prefix_error (error, "%s %s: ", method, quoted);
      return NULL;
    }

  alarm = cvm_alarm_new (cancel, limit, deadline_us, cancellable);
  reply = send_request (session, request, parsed, limit, &local);
  soup_session_abort (session);
  cvm_alarm_free (alarm);

  if (reply != NULL)
    return reply;

  /* Which of the two has rung the alarm is a question of the clock and the cancellable alone. */
  if (!g_cancellable_is_cancelled (limit) || cvm_deadline_check (deadline_us, cancellable, error))
    g_propagate_error (error, g_steal_pointer (&local));

  g_prefix_error (error, "%s %s: ", method, request->uri);

  return NULL;
}
