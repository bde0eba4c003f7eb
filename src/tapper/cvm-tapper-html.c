/* cvm-tapper-html.c: the tags and the text of a page, one after the other
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-tapper-html.h"

#include <string.h>

#define CDATA      "<![CDATA["
#define ENTITY_MAX 12   /* bytes between '&' and ';' */
#define VALUE_MAX  4096 /* bytes of an attribute's value */

/**
 * cvm_tapper_html_init:
 *
 * The bytes are borrowed by the cursor.
 */
void
cvm_tapper_html_init (CvmTapperHtml *self,
                      const char    *bytes,
                      gsize          len)
{
  *self = (CvmTapperHtml) { .at = bytes, .end = len > 0 ? bytes + len : bytes };
}

/* Tokens ------------------------------------------------------------------------------------- */

static gboolean
starts_with (const CvmTapperHtml *self,
             const char          *prefix)
{
  gsize len = strlen (prefix);

  return (gsize)(self->end - self->at) >= len && memcmp (self->at, prefix, len) == 0;
}

/* Behind the next MARK, or the end */
static const char *
find_behind (const CvmTapperHtml *self,
             const char          *mark)
{
  const char *found = memmem (self->at, (gsize)(self->end - self->at), mark, strlen (mark));

  return found != NULL ? found + strlen (mark) : self->end;
}

static gboolean
take (CvmTapperHtml     *self,
      CvmTapperHtmlKind  kind,
      const char        *text,
      const char        *text_end,
      const char        *next)
{
  self->kind = kind;
  self->text = text;
  self->len = (gsize)(text_end - text);
  self->at = next;

  return TRUE;
}

/* The '>' that ends a tag: none within quotes. A quote that nothing closes is no quote, since the
 * rest of the page would be in it; a '<' ends the tag that somebody forgot to end. */
static const char *
find_tag_end (const CvmTapperHtml *self,
              const char          *at)
{
  while (at < self->end && *at != '>' && *at != '<')
    {
      gboolean is_quoted = (*at == '"' || *at == '\'') && at[-1] == '=';
      const char *close = is_quoted
                          ? memchr (at + 1, *at, MIN ((gsize)(self->end - at - 1), VALUE_MAX))
                          : NULL;

      at = close != NULL ? close + 1 : at + 1;
    }

  return at;
}

static gboolean
take_tag (CvmTapperHtml *self)
{
  gboolean is_end = starts_with (self, "</");
  const char *name = self->at + (is_end ? 2 : 1);
  const char *behind = name;
  const char *end;
  gsize len;

  while (behind < self->end && (g_ascii_isalnum (*behind) || *behind == ':'))
    behind++;

  len = MIN ((gsize)(behind - name), sizeof self->name - 1);
  for (gsize i = 0; i < len; i++)
    self->name[i] = g_ascii_tolower (name[i]);
  self->name[len] = '\0';

  end = find_tag_end (self, behind);

  return take (self, is_end ? CVM_TAPPER_HTML_END : CVM_TAPPER_HTML_BEGIN, behind, end,
               end < self->end && *end == '>' ? end + 1 : end);
}

static gboolean
is_tag (const CvmTapperHtml *self)
{
  const char *at = self->at + (starts_with (self, "</") ? 2 : 1);

  return *self->at == '<' && at < self->end && g_ascii_isalpha (*at);
}

/* Neither a tag nor text: TRUE if something was passed over */
static gboolean
skip (CvmTapperHtml *self)
{
  if (starts_with (self, "<!--"))
    self->at = find_behind (self, "-->");
  else if (starts_with (self, "<!") || starts_with (self, "<?"))
    self->at = find_behind (self, ">");
  else
    return FALSE;

  return TRUE;
}

static gboolean
take_data (CvmTapperHtml *self)
{
  const char *text = self->at + strlen (CDATA);
  const char *close = memmem (text, (gsize)(self->end - text), "]]>", 3);

  return close != NULL ? take (self, CVM_TAPPER_HTML_DATA, text, close, close + 3)
                       : take (self, CVM_TAPPER_HTML_DATA, text, self->end, self->end);
}

/* What a script or a style sheet says is not the page's text. */
static void
skip_foreign (CvmTapperHtml *self)
{
  g_autofree char *close = NULL;

  if (self->kind != CVM_TAPPER_HTML_BEGIN ||
      (!g_str_equal (self->name, "script") && !g_str_equal (self->name, "style")))
    return;

  close = g_strconcat ("</", self->name, NULL);
  for (; self->at < self->end; self->at++)
    {
      self->at = memchr (self->at, '<', (gsize)(self->end - self->at));
      if (self->at == NULL)
        self->at = self->end - 1;
      else if ((gsize)(self->end - self->at) >= strlen (close) &&
               g_ascii_strncasecmp (self->at, close, strlen (close)) == 0)
        return;
    }
}

/**
 * cvm_tapper_html_next:
 *
 * Returns: whether there was another tag or text, which is in @self now
 */
gboolean
cvm_tapper_html_next (CvmTapperHtml *self)
{
  const char *next;

  if (self->text != NULL)
    skip_foreign (self);

  while (self->at < self->end && !starts_with (self, CDATA) && skip (self))
    ;

  if (self->at >= self->end)
    return FALSE;

  if (starts_with (self, CDATA))
    return take_data (self);

  if (is_tag (self))
    return take_tag (self);

  next = memchr (self->at + 1, '<', (gsize)(self->end - self->at - 1));
  if (next == NULL)
    next = self->end;

  return take (self, CVM_TAPPER_HTML_TEXT, self->at, next, next);
}

/* Text --------------------------------------------------------------------------------------- */

static gunichar
named_entity (const char *name,
              gsize       len)
{
  static const struct { const char *name; gunichar wide; } entities[] = {
    { "amp", '&' }, { "lt", '<' }, { "gt", '>' }, { "quot", '"' }, { "apos", '\'' },
    { "nbsp", 0xa0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (entities); i++)
    {
      if (strlen (entities[i].name) == len && memcmp (entities[i].name, name, len) == 0)
        return entities[i].wide;
    }

  return 0;
}

/* "#65" or "#x41"; 0 for what is no character */
static gunichar
numeric_entity (const char *name,
                gsize       len)
{
  gboolean is_hex = len > 1 && (name[1] == 'x' || name[1] == 'X');
  char digits[ENTITY_MAX + 1] = "";
  guint64 wide;

  memcpy (digits, name + (is_hex ? 2 : 1), len - (is_hex ? 2 : 1));

  return g_ascii_string_to_unsigned (digits, is_hex ? 16 : 10, 1, 0x10ffff, &wide, NULL) &&
         g_unichar_validate ((gunichar)wide) ? (gunichar)wide : 0;
}

/* Appends what the '&' at AT begins; returns the byte behind it. What is no entity stays. */
static const char *
append_entity (GString    *text,
               const char *at,
               const char *end)
{
  gsize len = MIN ((gsize)(end - at - 1), ENTITY_MAX + 1);
  const char *close = memchr (at + 1, ';', len);
  gunichar wide = 0;

  if (close != NULL && close > at + 1)
    wide = at[1] == '#' ? numeric_entity (at + 1, (gsize)(close - at - 1))
                        : named_entity (at + 1, (gsize)(close - at - 1));

  if (wide == 0)
    {
      g_string_append_c (text, '&');
      return at + 1;
    }

  g_string_append_unichar (text, wide);

  return close + 1;
}

static void
append_decoded (GString    *text,
                const char *at,
                const char *end,
                gsize       max)
{
  while (at < end && text->len < max)
    {
      if (*at == '&')
        at = append_entity (text, at, end);
      else
        g_string_append_c (text, *at++);
    }
}

/**
 * cvm_tapper_html_append:
 * @max: bytes that @text grows to, about
 *
 * Appends the text, its entities resolved. It may be no UTF-8.
 */
void
cvm_tapper_html_append (const CvmTapperHtml *self,
                        GString             *text,
                        gsize                max)
{
  if (self->kind == CVM_TAPPER_HTML_TEXT)
    append_decoded (text, self->text, self->text + self->len, max);
  else if (self->kind == CVM_TAPPER_HTML_DATA && text->len < max)
    g_string_append_len (text, self->text, (gssize)MIN (self->len, max - text->len));
}

/* Reads one NAME=VALUE at AT; returns the byte behind it */
static const char *
read_attribute (const char  *at,
                const char  *end,
                gsize       *name_len,
                const char **value,
                const char **value_end)
{
  const char *begin = at;
  char quote;

  while (at < end && !g_ascii_isspace (*at) && *at != '=')
    at++;
  *name_len = (gsize)(at - begin);
  *value = *value_end = at;
  if (at + 1 >= end || *at != '=')
    return at < end ? at + 1 : end;

  quote = at[1];
  if (quote == '"' || quote == '\'')
    {
      const char *close = memchr (at + 2, quote, (gsize)(end - at - 2));

      *value = at + 2;
      *value_end = close != NULL ? close : end;
      return close != NULL ? close + 1 : end;
    }

  *value = ++at;
  while (at < end && !g_ascii_isspace (*at))
    at++;
  *value_end = at;

  return at;
}

/**
 * cvm_tapper_html_dup:
 *
 * Returns: (nullable): the tag's attribute, its entities resolved; %NULL where it has none
 */
char *
cvm_tapper_html_dup (const CvmTapperHtml *self,
                     const char          *attribute)
{
  const char *end = self->text + self->len;
  const char *at = self->text;

  while (self->kind == CVM_TAPPER_HTML_BEGIN && at < end)
    {
      const char *begin = at;
      const char *value, *value_end;
      gsize len;

      at = read_attribute (at, end, &len, &value, &value_end);
      if (len == strlen (attribute) && g_ascii_strncasecmp (begin, attribute, len) == 0)
        {
          g_autoptr(GString) text = g_string_new (NULL);

          append_decoded (text, value, value_end, VALUE_MAX);
          return g_string_free (g_steal_pointer (&text), FALSE);
        }
    }

  return NULL;
}
