/* cvm-tapper-raw.c: is what a server keeps of a report the same as ours, to the byte?
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-tapper-raw.h"

#include <gio/gunixinputstream.h>
#include <libsoup/soup.h>
#include <string.h>

#include "cvm-alarm.h"
#include "cvm-file.h"
#include "cvm-tapper-error.h"

#define BLOCK      (64 * 1024)
#define PAGE_MAX   64          /* bytes of a page that tell whether there is such a report */
#define TOTAL_IDLE 10          /* a page may take so many times the longest silence */

/* Our bytes, as they are or as the web pages send text: read as Latin-1, sent as UTF-8. (Catalyst
 * encodes text a second time.) Ours are ASCII, and then both are one; a stranger's need not be. */
typedef struct
{
  GInputStream *file;
  gboolean      is_encoded;
  guint8        second;      /* of a character of two bytes; 0: none */
  guint8        last;        /* byte of the file that was compared */
  gboolean      holds;       /* all so far is the same */
} Match;

static gboolean
match_new (Match       *self,
           const char  *path,
           gboolean     is_encoded,
           GError     **error)
{
  int fd = cvm_file_open (path, error);
  g_autoptr(GInputStream) raw = NULL;

  if (fd < 0)
    return FALSE;

  raw = g_unix_input_stream_new (fd, TRUE);
  self->file = g_buffered_input_stream_new_sized (raw, BLOCK);
  self->is_encoded = is_encoded;
  self->holds = TRUE;

  return TRUE;
}

/* -1 at the end */
static int
next_byte (Match *self)
{
  int byte;

  if (self->second != 0)
    {
      byte = self->second;
      self->second = 0;
      return byte;
    }

  byte = g_buffered_input_stream_read_byte (G_BUFFERED_INPUT_STREAM (self->file), NULL, NULL);
  if (byte < 0)
    return -1;

  self->last = (guint8)byte;
  if (!self->is_encoded || byte < 0x80)
    return byte;

  self->second = (guint8)(0x80 | (byte & 0x3f));

  return 0xc0 | (byte >> 6);
}

static void
match_bytes (Match      *self,
             const char *bytes,
             gsize       len)
{
  for (gsize i = 0; i < len && self->holds; i++)
    self->holds = next_byte (self) == (guint8)bytes[i];
}

/* Text that ends in another than an ASCII character is never taken for whole as it is: cut short
 * and encoded, it could look the same. */
static CvmTapperRaw
judge (Match    *plain,
       Match    *encoded,
       gboolean  is_text)
{
  gboolean is_whole = plain->holds && next_byte (plain) < 0;
  gboolean is_whole_encoded = encoded->holds && next_byte (encoded) < 0;

  if (is_whole_encoded && is_text)
    return CVM_TAPPER_RAW_SAME;

  if (is_whole)
    return !is_text || plain->last < 0x80 ? CVM_TAPPER_RAW_SAME : CVM_TAPPER_RAW_OTHER;

  return plain->holds || (encoded->holds && is_text) ? CVM_TAPPER_RAW_SHORT : CVM_TAPPER_RAW_OTHER;
}

static gboolean
compare_body (GInputStream  *body,
              const char    *path,
              gboolean       is_text,
              CvmTapperRaw  *result,
              GCancellable  *cancellable,
              GError       **error)
{
  g_autofree char *block = g_malloc (BLOCK);
  Match plain = { NULL };
  Match encoded = { NULL };
  gssize n = -1;

  if (match_new (&plain, path, FALSE, error) && match_new (&encoded, path, TRUE, error))
    {
      do
        {
          n = g_input_stream_read (body, block, BLOCK, cancellable, error);
          match_bytes (&plain, block, MAX (n, 0));
          match_bytes (&encoded, block, MAX (n, 0));
        }
      while (n > 0 && (plain.holds || encoded.holds));
    }

  if (n >= 0)
    *result = judge (&plain, &encoded, is_text);
  g_clear_object (&plain.file);
  g_clear_object (&encoded.file);

  return n >= 0;
}

typedef struct
{
  SoupSession  *session;
  const char   *web;
  guint64       id;
  GCancellable *limit;
} Pages;

static GInputStream *
open_page (const Pages   *self,
           const char    *kind,
           SoupMessage  **message,
           GError       **error)
{
  g_autofree char *url = g_strdup_printf ("%s/reports/%s/%" G_GUINT64_FORMAT, self->web, kind,
                                          self->id);

  *message = soup_message_new (SOUP_METHOD_GET, url);
  if (*message != NULL)
    return soup_session_send (self->session, *message, self->limit, error);

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "%s is no web address", url);

  return NULL;
}

static gboolean
refuse_status (SoupMessage  *message,
               GError      **error)
{
  guint status = soup_message_get_status (message);

  /* Not the server's own words: these may be in any encoding */
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "the web server answers %u %s", status,
               soup_status_get_phrase (status));

  return FALSE;
}

/* For raw TAP that is empty the server answers 500, as it does when it is in trouble: a report page
 * that works tells that this is not so. */
static gboolean
check_page (const Pages   *self,
            CvmTapperRaw  *result,
            GError       **error)
{
  g_autoptr(SoupMessage) message = NULL;
  g_autoptr(GInputStream) body = open_page (self, "id", &message, error);
  char text[PAGE_MAX + 1] = "";
  gsize len;

  if (body == NULL || !g_input_stream_read_all (body, text, PAGE_MAX, &len, self->limit, error))
    return FALSE;

  if (soup_message_get_status (message) != SOUP_STATUS_OK)
    return refuse_status (message, error);

  *result = g_str_has_prefix (text, "No such report") ? CVM_TAPPER_RAW_OTHER : CVM_TAPPER_RAW_SHORT;

  return TRUE;
}

static gboolean
compare (const Pages   *self,
         const char    *path,
         CvmTapperRaw  *result,
         GError       **error)
{
  g_autoptr(SoupMessage) message = NULL;
  g_autoptr(GInputStream) body = open_page (self, "tap", &message, error);
  const char *type;

  if (body == NULL)
    return FALSE;

  if (soup_message_get_status (message) == SOUP_STATUS_INTERNAL_SERVER_ERROR)
    return check_page (self, result, error);

  if (soup_message_get_status (message) != SOUP_STATUS_OK)
    return refuse_status (message, error);

  type = soup_message_headers_get_content_type (soup_message_get_response_headers (message), NULL);

  return compare_body (body, path, type == NULL || g_str_has_prefix (type, "text/"), result,
                       self->limit, error);
}

static void
cancel (gpointer limit)
{
  g_cancellable_cancel (limit);
}

static SoupSession *
new_session (guint idle_ms)
{
  SoupSession *session = soup_session_new_with_options ("user-agent", "cvmtester/" CVM_VERSION,
                                                        "timeout", MAX (idle_ms / 1000, 1), NULL);

  soup_session_set_proxy_resolver (session, NULL);

  return session;
}

/**
 * cvm_tapper_raw_compare:
 * @web: base URL of the server's pages
 * @path: our report
 * @idle_ms: the longest silence, in whole seconds
 *
 * Asks for the raw TAP (or archive) of report @id and compares it as it comes. Fails with
 * %CVM_TAPPER_ERROR_NO_ANSWER when the pages cannot be asked.
 */
gboolean
cvm_tapper_raw_compare (const char    *web,
                        guint64        id,
                        const char    *path,
                        CvmTapperRaw  *result,
                        guint          idle_ms,
                        GCancellable  *cancellable,
                        GError       **error)
{
  g_autoptr(GCancellable) limit = g_cancellable_new ();
  g_autoptr(SoupSession) session = new_session (idle_ms);
  Pages pages = { session, web, id, limit };
  CvmAlarm *alarm = cvm_alarm_new (cancel, limit, cvm_deadline_in_ms (TOTAL_IDLE * (gint64)idle_ms),
                                   cancellable);
  GError *local = NULL;
  gboolean is_done = compare (&pages, path, result, &local);

  soup_session_abort (session);
  cvm_alarm_free (alarm);

  if (is_done)
    return TRUE;

  if (g_error_matches (local, G_IO_ERROR, G_IO_ERROR_CANCELLED) &&
      !g_cancellable_is_cancelled (cancellable))
    local->code = G_IO_ERROR_TIMED_OUT;
  cvm_tapper_error_take (error, CVM_TAPPER_ERROR_NO_ANSWER, local,
                         "Cannot read report %" G_GUINT64_FORMAT " from %s", id, web);

  return FALSE;
}
