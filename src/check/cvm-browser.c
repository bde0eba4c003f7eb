/* cvm-browser.c: a browser's part in a web interface: cookies, referer, redirects
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-browser.h"

#include <string.h>

#define REDIRECTS_MAX 5
#define COOKIES_MAX   64
#define ORIGIN        "http://127.0.0.1"   /* for a redirect to be relative to */

typedef struct
{
  char *name, *value, *path;
} Cookie;

struct _CvmBrowser
{
  CvmContext *context;
  guint16     port;
  GPtrArray  *cookies;   /* of Cookie, the oldest first */
};

static void
cookie_free (gpointer data)
{
  Cookie *self = data;

  g_free (self->name);
  g_free (self->value);
  g_free (self->path);
  g_free (self);
}

CvmBrowser *
cvm_browser_new (CvmContext *context,
                 guint16     port)
{
  CvmBrowser *self = g_new (CvmBrowser, 1);

  self->context = context;
  self->port = port;
  self->cookies = g_ptr_array_new_with_free_func (cookie_free);

  return self;
}

void
cvm_browser_free (CvmBrowser *self)
{
  g_ptr_array_unref (self->cookies);
  g_free (self);
}

CvmContext *
cvm_browser_get_context (CvmBrowser *self)
{
  return self->context;
}

/* Cookies ---------------------------------------------------------------------------------- */

/* What goes into a request's header must not be able to add to it */
static gboolean
is_plain (const char *text)
{
  for (const char *c = text; *c != '\0'; c++)
    if (*c <= ' ' || *c > '~' || *c == ';' || *c == ',')
      return FALSE;

  return TRUE;
}

static void
forget (CvmBrowser   *self,
        const Cookie *cookie)
{
  for (guint i = self->cookies->len; i-- > 0; )
    {
      const Cookie *old = self->cookies->pdata[i];

      if (g_str_equal (old->name, cookie->name) && g_str_equal (old->path, cookie->path))
        g_ptr_array_remove_index (self->cookies, i);
    }
}

/* "name=value; Path=/; Max-Age=0". Its host is this guest whatever it says, and a browser is too
 * short for a date. */
static void
take_cookie (CvmBrowser *self,
             const char *line)
{
  g_auto(GStrv) parts = g_strsplit (line, ";", 16);
  char *equals = strchr (parts[0] != NULL ? parts[0] : "", '=');
  gboolean is_over = FALSE;
  Cookie *cookie;

  if (equals == NULL)
    return;

  cookie = g_new (Cookie, 1);
  cookie->path = g_strdup ("/");
  cookie->value = g_strdup (g_strstrip (equals + 1));
  *equals = '\0';
  cookie->name = g_strdup (g_strstrip (parts[0]));
  for (guint i = 1; parts[i] != NULL; i++)
    {
      const char *part = g_strstrip (parts[i]);

      if (g_ascii_strncasecmp (part, "path=/", 6) == 0)
        {
          g_free (cookie->path);
          cookie->path = g_strdup (part + 5);
        }
      else if (g_ascii_strcasecmp (part, "max-age=0") == 0)
        is_over = TRUE;
    }

  forget (self, cookie);
  if (is_over || *cookie->name == '\0' || !is_plain (cookie->name) || !is_plain (cookie->value)
      || self->cookies->len == COOKIES_MAX)
    cookie_free (cookie);
  else
    g_ptr_array_add (self->cookies, cookie);
}

static gboolean
goes_to (const Cookie *cookie,
         const char   *path)
{
  gsize len = strlen (cookie->path);

  return strncmp (path, cookie->path, len) == 0
         && (cookie->path[len - 1] == '/' || path[len] == '\0' || path[len] == '/'
             || path[len] == '?');
}

const char *
cvm_browser_cookie (CvmBrowser *self,
                    const char *path,
                    const char *name)
{
  const Cookie *best = NULL;

  for (guint i = 0; i < self->cookies->len; i++)
    {
      const Cookie *cookie = self->cookies->pdata[i];

      if (g_str_equal (cookie->name, name) && goes_to (cookie, path)
          && (best == NULL || strlen (cookie->path) >= strlen (best->path)))
        best = cookie;
    }

  return best != NULL ? best->value : NULL;
}

/* One a name, the nearest to PATH; NULL when there are none */
static char *
cookies_for (CvmBrowser *self,
             const char *path)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < self->cookies->len; i++)
    {
      const Cookie *cookie = self->cookies->pdata[i];

      if (cookie->value == cvm_browser_cookie (self, path, cookie->name))
        g_string_append_printf (text, "%s%s=%s", text->len > 0 ? "; " : "", cookie->name,
                                cookie->value);
    }

  return g_string_free (text, text->len == 0);
}

/* Requests --------------------------------------------------------------------------------- */

/* PATH, cookies and redirects are this function's own part of REQUEST */
static CvmHttpReply *
ask (CvmBrowser     *self,
     const char     *path,
     CvmHttpRequest  request)
{
  g_autofree char *cookies = cookies_for (self, path);
  CvmHttpReply *reply;

  request.uri = path;
  request.cookies = cookies;
  request.keeps_redirect = TRUE;
  reply = cvm_context_http (self->context, self->port, &request);

  for (guint i = 0; reply != NULL && reply->set_cookies[i] != NULL; i++)
    take_cookie (self, reply->set_cookies[i]);

  return reply;
}

/* The path alone, since the guest may know itself by another address; NULL: it is none */
static char *
redirect_path (const char         *from,
               const CvmHttpReply *reply)
{
  g_autofree char *base = g_strconcat (ORIGIN, from, NULL);
  g_autoptr(GUri) uri = NULL;
  g_autoptr(GUri) to = NULL;
  const char *query;

  if (reply->status < 300 || reply->status > 399 || reply->location == NULL)
    return NULL;

  uri = g_uri_parse (base, G_URI_FLAGS_ENCODED, NULL);
  to = uri != NULL ? g_uri_parse_relative (uri, reply->location, G_URI_FLAGS_ENCODED, NULL) : NULL;
  if (to == NULL || *g_uri_get_path (to) != '/' || !is_plain (g_uri_get_path (to)))
    return NULL;

  query = g_uri_get_query (to);

  return g_strconcat (g_uri_get_path (to), query != NULL ? "?" : NULL, query, NULL);
}

/* Takes REPLY, and goes where it leads */
static CvmHttpReply *
follow (CvmBrowser   *self,
        const char   *path,
        CvmHttpReply *reply)
{
  g_autofree char *here = g_strdup (path);

  for (guint i = 0; reply != NULL; i++)
    {
      g_autofree char *next = redirect_path (here, reply);

      if (next == NULL)
        break;

      g_clear_pointer (&reply, cvm_http_reply_free);
      if (i == REDIRECTS_MAX)
        {
          g_set_error (cvm_context_error (self->context), G_IO_ERROR, G_IO_ERROR_TOO_MANY_LINKS,
                       "%s redirects more than %d times", path, REDIRECTS_MAX);
          break;
        }

      reply = ask (self, next, (CvmHttpRequest) { NULL });
      g_free (here);
      here = g_steal_pointer (&next);
    }

  return reply;
}

CvmHttpReply *
cvm_browser_get (CvmBrowser *self,
                 const char *path)
{
  return follow (self, path, ask (self, path, (CvmHttpRequest) { NULL }));
}

CvmHttpReply *
cvm_browser_post (CvmBrowser    *self,
                  const char    *page,
                  const char    *path,
                  const GString *form)
{
  return follow (self, path, ask (self, path, (CvmHttpRequest) { .form = form->str,
                                                                 .referer = page }));
}

CvmHttpReply *
cvm_browser_act (CvmBrowser *self,
                 const char *path)
{
  return follow (self, path, ask (self, path, (CvmHttpRequest) { .is_act = TRUE }));
}

/* Forms ------------------------------------------------------------------------------------ */

void
cvm_browser_form_add (GString    *form,
                      const char *name,
                      const char *value)
{
  if (form->len > 0)
    g_string_append_c (form, '&');

  g_string_append_uri_escaped (form, name, NULL, FALSE);
  g_string_append_c (form, '=');
  g_string_append_uri_escaped (form, value, NULL, FALSE);
}

void
cvm_browser_form_free (GString *form)
{
  explicit_bzero (form->str, form->allocated_len);
  g_string_free (form, TRUE);
}
