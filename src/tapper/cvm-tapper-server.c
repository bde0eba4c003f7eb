/* cvm-tapper-server.c: where a Tapper server is
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-tapper-server.h"

#include <gio/gio.h>
#include <string.h>

#include "cvm-text.h"

#define TLS       "tls://"
#define NAME_LEN  64

G_DEFINE_QUARK (cvm-tapper-server-error-quark, cvm_tapper_server_error)

static gboolean
refuse (const char  *what,
        const char  *text,
        const char  *allowed,
        GError     **error)
{
  g_autofree char *shown = cvm_text_quote (text);

  g_set_error (error, CVM_TAPPER_SERVER_ERROR, CVM_TAPPER_SERVER_ERROR_INVALID,
               "%s %s: %s", what, shown, allowed);

  return FALSE;
}

/* As the ids of all key files; it names a folder of the cache too */
static gboolean
check_name (const char  *name,
            GError     **error)
{
  gsize len = strlen (name);

  if (len > 0 && len <= NAME_LEN && name[0] != '-' &&
      strspn (name, "abcdefghijklmnopqrstuvwxyz0123456789-") == len)
    return TRUE;

  return refuse ("the server's name", name, "write at most 64 of a-z 0-9 -, the first no -", error);
}

/* Addresses ---------------------------------------------------------------------------------- */

static gboolean
is_host (const char *host)
{
  gsize len = strlen (host);

  if (strchr (host, ':') != NULL)
    return g_hostname_is_ip_address (host);

  return len > 0 && len <= 253 && host[0] != '-' && host[0] != '.' &&
         strspn (host, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS ".-_") == len;
}

/* Splits "HOST", "HOST:PORT" or "[v6]:PORT"; PORT is borrowed, NULL where none is written */
static char *
split_host (const char  *text,
            const char **port)
{
  const char *colon;

  *port = NULL;
  if (text[0] == '[')
    {
      const char *close = strchr (text, ']');

      if (close == NULL || (close[1] != '\0' && close[1] != ':') ||
          memchr (text, ':', (gsize)(close - text)) == NULL)
        return NULL;

      *port = close[1] == ':' ? close + 2 : NULL;
      return g_strndup (text + 1, (gsize)(close - text - 1));
    }

  colon = strchr (text, ':');
  if (colon == NULL)
    return g_strdup (text);

  *port = colon + 1;

  return g_strndup (text, (gsize)(colon - text));
}

static gboolean
parse_address (const char  *what,
               const char  *text,
               guint16      default_port,
               char       **host,
               guint16     *port,
               gboolean    *tls,
               GError     **error)
{
  const char *rest = g_str_has_prefix (text, TLS) ? text + strlen (TLS) : text;
  const char *digits;
  g_autofree char *name = split_host (rest, &digits);
  guint64 number = default_port;

  if (name == NULL || !is_host (name) ||
      (digits != NULL && !g_ascii_string_to_unsigned (digits, 10, 1, G_MAXUINT16, &number, NULL)))
    return refuse (what, text, "write HOST, HOST:PORT or [IPv6]:PORT, with tls:// before it "
                   "where TLS is spoken", error);

  *host = g_steal_pointer (&name);
  *port = (guint16)number;
  *tls = rest != text;

  return TRUE;
}

static char *
format_address (const char *host,
                guint16     port,
                gboolean    tls)
{
  gboolean is_v6 = strchr (host, ':') != NULL;

  return g_strdup_printf ("%s%s%s%s:%u", tls ? TLS : "", is_v6 ? "[" : "", host,
                          is_v6 ? "]" : "", port);
}

static gboolean
is_plain_url (const char *text)
{
  for (const char *c = text; *c != '\0'; c++)
    {
      if ((guchar)*c <= ' ' || (guchar)*c >= 0x7f)
        return FALSE;
    }

  return TRUE;
}

/* A URL without a path gets the one under which Tapper always lies. */
static gboolean
parse_web (const char  *text,
           char       **web,
           GError     **error)
{
  g_autoptr(GUri) uri = is_plain_url (text) ? g_uri_parse (text, G_URI_FLAGS_ENCODED, NULL) : NULL;
  g_autofree char *url = NULL;
  const char *scheme = uri != NULL ? g_uri_get_scheme (uri) : "";
  gsize len;

  if ((!g_str_equal (scheme, "http") && !g_str_equal (scheme, "https")) ||
      g_uri_get_host (uri) == NULL || !is_host (g_uri_get_host (uri)) ||
      g_uri_get_userinfo (uri) != NULL || g_uri_get_query (uri) != NULL ||
      g_uri_get_fragment (uri) != NULL)
    return refuse ("the web address", text,
                   "write http:// or https://, the host and the path, such as http://HOST/tapper",
                   error);

  url = g_strdup (text);
  for (len = strlen (url); url[len - 1] == '/'; len--)
    url[len - 1] = '\0';
  *web = strspn (g_uri_get_path (uri), "/") == strlen (g_uri_get_path (uri))
         ? g_strconcat (url, "/tapper", NULL) : g_steal_pointer (&url);

  return TRUE;
}

/* Public ------------------------------------------------------------------------------------- */

/**
 * cvm_tapper_server_new:
 * @name: (nullable): `[a-z0-9][a-z0-9-]*`, at most 64; %NULL for a server of one call
 * @receiver: `HOST`, `HOST:PORT`, `[IPv6]:PORT`, each also behind `tls://`
 * @api: (nullable): the same
 * @web: (nullable): `http://HOST/tapper`
 *
 * A port that is not written is Tapper's own. Fails with %CVM_TAPPER_SERVER_ERROR_INVALID.
 */
CvmTapperServer *
cvm_tapper_server_new (const char  *name,
                       const char  *receiver,
                       const char  *api,
                       const char  *web,
                       GError     **error)
{
  g_autoptr(CvmTapperServer) self = g_new0 (CvmTapperServer, 1);

  if (name != NULL && !check_name (name, error))
    return NULL;

  self->name = g_strdup (name);
  self->api_port = CVM_TAPPER_API_PORT;
  if (!parse_address ("the receiver", receiver, CVM_TAPPER_RECEIVER_PORT, &self->receiver_host,
                      &self->receiver_port, &self->receiver_tls, error) ||
      (api != NULL && !parse_address ("the API", api, CVM_TAPPER_API_PORT, &self->api_host,
                                      &self->api_port, &self->api_tls, error)) ||
      (web != NULL && !parse_web (web, &self->web, error)))
    return NULL;

  return g_steal_pointer (&self);
}

CvmTapperServer *
cvm_tapper_server_copy (const CvmTapperServer *self)
{
  CvmTapperServer *copy = g_memdup2 (self, sizeof *self);

  copy->name = g_strdup (self->name);
  copy->receiver_host = g_strdup (self->receiver_host);
  copy->api_host = g_strdup (self->api_host);
  copy->web = g_strdup (self->web);

  return copy;
}

void
cvm_tapper_server_free (CvmTapperServer *self)
{
  if (self == NULL)
    return;

  g_free (self->name);
  g_free (self->receiver_host);
  g_free (self->api_host);
  g_free (self->web);
  g_free (self);
}

/**
 * cvm_tapper_server_dup_receiver:
 *
 * Returns: the receiver as the user would write it, its port always in it
 */
char *
cvm_tapper_server_dup_receiver (const CvmTapperServer *self)
{
  return format_address (self->receiver_host, self->receiver_port, self->receiver_tls);
}

/**
 * cvm_tapper_server_dup_api:
 *
 * Returns: (nullable): the same of the API
 */
char *
cvm_tapper_server_dup_api (const CvmTapperServer *self)
{
  return self->api_host != NULL
         ? format_address (self->api_host, self->api_port, self->api_tls) : NULL;
}

/**
 * cvm_tapper_server_get_label:
 *
 * Returns: what messages call it: its name, else the receiver's host
 */
const char *
cvm_tapper_server_get_label (const CvmTapperServer *self)
{
  return self->name != NULL ? self->name : self->receiver_host;
}

/**
 * cvm_tapper_server_dup_report_url:
 *
 * Returns: (nullable): the page of report @id for a browser
 */
char *
cvm_tapper_server_dup_report_url (const CvmTapperServer *self,
                                  guint64                id)
{
  return self->web != NULL
         ? g_strdup_printf ("%s/reports/id/%" G_GUINT64_FORMAT, self->web, id) : NULL;
}

static gboolean
is_loopback (const char *host)
{
  g_autoptr(GInetAddress) address = g_inet_address_new_from_string (host);

  if (address != NULL)
    return g_inet_address_get_is_loopback (address);

  return g_ascii_strcasecmp (host, "localhost") == 0 ||
         g_str_has_suffix (host, ".localhost");
}

/**
 * cvm_tapper_server_is_exposed:
 *
 * Returns: whether a report or its files would cross a network as everybody on it can read them:
 *   the receiver or the API is on another host and does not speak TLS
 */
gboolean
cvm_tapper_server_is_exposed (const CvmTapperServer *self)
{
  return (!self->receiver_tls && !is_loopback (self->receiver_host)) ||
         (self->api_host != NULL && !self->api_tls && !is_loopback (self->api_host));
}
