/* cvm-fetch-web.c: requests, and how far redirects are followed
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-fetch-private.h"

#include <string.h>

#include "cvm-alarm.h"
#include "cvm-file.h"
#include "cvm-text.h"

#define REDIRECTS_MAX 10
#define BLOCK         (64 * 1024)

gboolean
cvm_web_is_url (const char *text)
{
  return g_ascii_strncasecmp (text, "http://", 7) == 0 ||
         g_ascii_strncasecmp (text, "https://", 8) == 0;
}

SoupSession *
cvm_web_session_new (gint64 silence_ms)
{
  guint silence_s = (guint)CLAMP ((silence_ms + 999) / 1000, 1, 3600);
  SoupSession *session = soup_session_new_with_options ("user-agent", "cvmtester/" CVM_VERSION,
                                                        "timeout", silence_s,
                                                        NULL);

  /* Sums and ranges are of the file as it lies on the server. */
  soup_session_remove_feature_by_type (session, SOUP_TYPE_CONTENT_DECODER);

  return session;
}

static GUri *
refuse (const char  *what,
        GError     **error)
{
  g_set_error (error, CVM_FETCH_ERROR, CVM_FETCH_ERROR_REFUSED, "%s", what);

  return NULL;
}

static GUri *
parse_url (const char  *text,
           GError     **error)
{
  g_autoptr(GUri) uri = NULL;

  for (const char *c = text; *c != '\0'; c++)
    {
      if ((guchar)*c <= ' ' || *c == 0x7f)
        return refuse ("the URL has a space or a control character in it; write it as %XX", error);
    }

  uri = g_uri_parse (text, SOUP_HTTP_URI_FLAGS, NULL);
  if (uri == NULL || g_uri_get_host (uri) == NULL || g_uri_get_host (uri)[0] == '\0')
    return refuse ("that is no URL; write http://HOST/PATH", error);

  if (!cvm_web_is_url (text))
    return refuse ("only http and https URLs can be fetched", error);

  return g_steal_pointer (&uri);
}

/* Where a redirect leads to */
static GUri *
follow (GUri         *from,
        SoupMessage  *message,
        GError      **error)
{
  const char *location = soup_message_headers_get_one (soup_message_get_response_headers (message),
                                                       "Location");
  g_autoptr(GUri) to = NULL;
  const char *scheme;

  if (location == NULL)
    return refuse ("the server redirects, and does not say where to", error);

  to = g_uri_parse_relative (from, location, SOUP_HTTP_URI_FLAGS, NULL);
  scheme = to != NULL ? g_uri_get_scheme (to) : "http";
  if (!g_str_equal (scheme, "http") && !g_str_equal (scheme, "https"))
    return refuse ("the server redirects to what is neither http nor https", error);

  if (to == NULL || g_uri_get_host (to) == NULL || g_uri_get_host (to)[0] == '\0')
    return refuse ("the server redirects to what is no URL", error);

  if (g_str_equal (g_uri_get_scheme (from), "https") && g_str_equal (scheme, "http"))
    return refuse ("the server redirects from https to http, which anybody could change on its way",
                   error);

  return g_steal_pointer (&to);
}

static gboolean
is_redirect (SoupMessage *message)
{
  guint status = soup_message_get_status (message);

  return (status >= 301 && status <= 303) || status == 307 || status == 308;
}

static SoupMessage *
new_message (GUri                 *uri,
             const CvmWebRequest  *request)
{
  SoupMessage *message = soup_message_new_from_uri (SOUP_METHOD_GET, uri);
  SoupMessageHeaders *headers = soup_message_get_request_headers (message);

  soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT);
  soup_message_headers_replace (headers, "Accept-Encoding", "identity");
  if (request->from > 0)
    {
      soup_message_headers_set_range (headers, request->from, -1);
      if (request->validator != NULL)
        soup_message_headers_replace (headers, "If-Range", request->validator);
    }

  return message;
}

gboolean
cvm_web_get (SoupSession          *session,
             const CvmWebRequest  *request,
             CvmWebReply          *reply,
             GCancellable         *cancellable,
             GError              **error)
{
  g_autoptr(GUri) uri = parse_url (request->url, error);

  for (guint i = 0; uri != NULL && i <= REDIRECTS_MAX; i++)
    {
      g_autoptr(SoupMessage) message = new_message (uri, request);
      g_autoptr(GInputStream) body = soup_session_send (session, message, cancellable, error);
      GUri *next;

      if (body == NULL)
        return FALSE;

      if (!is_redirect (message))
        {
          reply->message = g_steal_pointer (&message);
          reply->body = g_steal_pointer (&body);
          reply->uri = g_steal_pointer (&uri);
          return TRUE;
        }

      next = follow (uri, message, error);
      g_uri_unref (uri);
      uri = next;
    }

  if (uri != NULL)
    g_set_error (error, CVM_FETCH_ERROR, CVM_FETCH_ERROR_REFUSED,
                 "the server redirects more than %d times: in a loop, it seems", REDIRECTS_MAX);

  return FALSE;
}

void
cvm_web_reply_clear (CvmWebReply *reply)
{
  g_clear_object (&reply->message);
  g_clear_object (&reply->body);
  g_clear_pointer (&reply->uri, g_uri_unref);
}

/* Pages --------------------------------------------------------------------------------------- */

static GBytes *
read_all (GInputStream  *body,
          gsize          max,
          GCancellable  *cancellable,
          GError       **error)
{
  g_autoptr(GByteArray) page = g_byte_array_new ();
  g_autofree guint8 *block = g_malloc (BLOCK);
  gssize n;

  while ((n = g_input_stream_read (body, block, BLOCK, cancellable, error)) > 0)
    {
      if ((gsize)n > max - page->len)
        {
          g_set_error (error, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE,
                       "the page is larger than %" G_GSIZE_FORMAT " KiB", max / 1024);
          return NULL;
        }
      g_byte_array_append (page, block, n);
    }

  return n < 0 ? NULL : g_byte_array_free_to_bytes (g_steal_pointer (&page));
}

/* libsoup takes a connection that ends early for the body's end. (One without a length that ends
 * between two chunks cannot be told from a whole one.) */
static gboolean
is_whole (SoupMessage  *message,
          GBytes       *page,
          GError      **error)
{
  SoupMessageHeaders *headers = soup_message_get_response_headers (message);
  goffset promised = soup_message_headers_get_content_length (headers);

  if (soup_message_headers_get_encoding (headers) != SOUP_ENCODING_CONTENT_LENGTH ||
      (gsize)promised == g_bytes_get_size (page))
    return TRUE;

  g_set_error (error, CVM_FETCH_ERROR, CVM_FETCH_ERROR_BROKEN,
               "the server stopped after %" G_GSIZE_FORMAT " of %" G_GINT64_FORMAT " bytes",
               g_bytes_get_size (page), (gint64)promised);

  return FALSE;
}

static GBytes *
get_page (SoupSession   *session,
          const char    *url,
          gsize          max,
          GCancellable  *cancellable,
          char         **final_url,
          GError       **error)
{
  const CvmWebRequest request = { .url = url };
  g_auto(CvmWebReply) reply = { NULL };
  g_autoptr(GBytes) page = NULL;
  guint status;

  if (!cvm_web_get (session, &request, &reply, cancellable, error))
    return NULL;

  status = soup_message_get_status (reply.message);
  if (status != 200)
    {
      g_set_error (error, G_IO_ERROR, status == 404 ? G_IO_ERROR_NOT_FOUND : G_IO_ERROR_FAILED,
                   "the server answers %u %s", status, soup_status_get_phrase (status));
      return NULL;
    }

  if (final_url != NULL)
    *final_url = g_uri_to_string (reply.uri);

  page = read_all (reply.body, max, cancellable, error);

  return page != NULL && is_whole (reply.message, page, error) ? g_steal_pointer (&page) : NULL;
}

static void
cancel (gpointer data)
{
  g_cancellable_cancel (data);
}

static GBytes *
get_page_in_time (const char    *url,
                  gsize          max,
                  gint64         deadline_us,
                  GCancellable  *cancellable,
                  char         **final_url,
                  GError       **error)
{
  g_autoptr(GCancellable) limit = g_cancellable_new ();
  g_autoptr(SoupSession) session = cvm_web_session_new (CVM_FETCH_PATIENCE_MS);
  g_autoptr(GError) local = NULL;
  CvmAlarm *alarm = cvm_alarm_new (cancel, limit, deadline_us, cancellable);
  GBytes *page = get_page (session, url, max, limit, final_url, &local);

  soup_session_abort (session);
  cvm_alarm_free (alarm);
  if (page != NULL)
    return page;

  /* Which of the two has rung is a question of the clock and the cancellable alone. */
  if (!g_cancellable_is_cancelled (limit) || cvm_deadline_check (deadline_us, cancellable, error))
    g_propagate_error (error, g_steal_pointer (&local));

  return NULL;
}

static GBytes *
read_local (const char  *location,
            gsize        max,
            char       **final_url,
            GError     **error)
{
  g_autoptr(GFile) file = g_file_new_for_commandline_arg (location);
  g_autofree char *path = g_file_get_path (file);
  char *text;
  gsize len;

  if (path == NULL)
    {
      g_set_error (error, CVM_FETCH_ERROR, CVM_FETCH_ERROR_REFUSED,
                   "only http, https and file URLs and paths can be read");
      return NULL;
    }

  text = cvm_file_read (path, max, &len, error);
  if (text == NULL)
    return NULL;

  if (final_url != NULL)
    *final_url = g_steal_pointer (&path);

  return g_bytes_new_take (text, len);
}

GBytes *
cvm_web_read_page (const char    *location,
                   gsize          max,
                   gint64         deadline_us,
                   GCancellable  *cancellable,
                   char         **final_url,
                   GError       **error)
{
  g_autofree char *shown = NULL;
  GBytes *page;

  if (!cvm_web_is_url (location))
    return read_local (location, max, final_url, error);

  page = get_page_in_time (location, max, deadline_us, cancellable, final_url, error);
  if (page != NULL)
    return page;

  shown = cvm_text_quote (location);
  g_prefix_error (error, "Cannot read %s: ", shown);

  return NULL;
}
