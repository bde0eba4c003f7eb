/* cvm-json.c: the one door by which text becomes JSON nodes
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-json.h"

#include <gio/gio.h>
#include <string.h>

/* json-glib also takes comments, assignments and what follows the first value. The scan lets
 * none of it pass: else the two could disagree about where a string ends, and so about depth. */
typedef struct
{
  const char *at;
  const char *end;
  guint       depth;
  guint       line;
} Scan;

static gboolean
refuse (const Scan  *scan,
        const char  *what,
        GError     **error)
{
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "JSON, line %u: %s", scan->line, what);

  return FALSE;
}

/* The four digits after \u, or -1 */
static int
scan_unit (Scan *scan)
{
  int unit = 0;

  if (scan->end - scan->at < 4)
    return -1;

  for (guint i = 0; i < 4; i++, scan->at++)
    {
      if (!g_ascii_isxdigit (*scan->at))
        return -1;
      unit = unit * 16 + g_ascii_xdigit_value (*scan->at);
    }

  return unit;
}

static gboolean
scan_unicode_escape (Scan *scan)
{
  int unit = scan_unit (scan);

  if (unit < 0xd800 || unit > 0xdfff)
    return unit >= 0;

  /* json-glib asserts on a lone surrogate */
  if (unit > 0xdbff || scan->end - scan->at < 2 || scan->at[0] != '\\' || scan->at[1] != 'u')
    return FALSE;

  scan->at += 2;
  unit = scan_unit (scan);

  return unit >= 0xdc00 && unit <= 0xdfff;
}

/* From the byte after the opening quote to the byte after the closing one */
static gboolean
scan_string (Scan    *scan,
             GError **error)
{
  while (scan->at < scan->end)
    {
      char c = *scan->at++;

      if (c == '"')
        return TRUE;

      if ((guchar)c < ' ')
        return refuse (scan, "a control character in a string", error);

      if (c != '\\')
        continue;

      if (scan->at == scan->end || strchr ("\"\\/bfnrtu", *scan->at) == NULL)
        return refuse (scan, "an unknown escape in a string", error);

      if (*scan->at++ == 'u' && !scan_unicode_escape (scan))
        return refuse (scan, "a \\u escape that is no character", error);
    }

  return refuse (scan, "a string does not end", error);
}

static gboolean
scan_token (Scan    *scan,
            GError **error)
{
  char c = *scan->at++;

  if (c == '"')
    return scan_string (scan, error);

  if (c == '\n')
    scan->line++;

  if (c == '[' || c == '{')
    {
      if (++scan->depth > CVM_JSON_MAX_DEPTH)
        return refuse (scan, "nested too deeply", error);
    }
  else if (c == ']' || c == '}')
    {
      scan->depth--;
    }
  else if (!g_ascii_isalnum (c) && strchr (" \t\r\n,:+-.", c) == NULL)
    {
      return refuse (scan, "a character that does not belong there", error);
    }

  return TRUE;
}

static gboolean
scan_all (const char  *text,
          gsize        len,
          GError     **error)
{
  Scan scan = { text, text + len, 0, 1 };
  gboolean has_value = FALSE;

  while (scan.at < scan.end)
    {
      char c = *scan.at;

      if (strchr (" \t\r\n", c) == NULL && scan.depth == 0)
        {
          if (has_value)
            return refuse (&scan, "something follows the value", error);
          if (c != '{' && c != '[')
            return refuse (&scan, "neither an object nor an array", error);
          has_value = TRUE;
        }

      if (!scan_token (&scan, error))
        return FALSE;
    }

  if (!has_value)
    return refuse (&scan, "there is no value", error);

  if (scan.depth > 0)
    return refuse (&scan, "a bracket is not closed", error);

  return TRUE;
}

JsonNode *
cvm_json_parse (const char  *text,
                gsize        len,
                gsize        max_len,
                GError     **error)
{
  g_autoptr(JsonParser) parser = NULL;

  if (len > max_len)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE,
                   "JSON: larger than %" G_GSIZE_FORMAT " bytes", max_len);
      return NULL;
    }

  if (!g_utf8_validate_len (text, len, NULL))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "JSON: not UTF-8");
      return NULL;
    }

  if (!scan_all (text, len, error))
    return NULL;

  parser = json_parser_new ();
  if (!json_parser_load_from_data (parser, text, len, error))
    return NULL;

  return json_parser_steal_root (parser);
}

/* json-glib 1.6 leaves 0x1f as it is, which no JSON may hold (and we would not read back) */
static char *
to_text (JsonNode *node,
         gboolean  pretty)
{
  g_autofree char *text = json_to_string (node, pretty);
  g_auto(GStrv) parts = NULL;

  if (strchr (text, '\x1f') == NULL)
    return g_steal_pointer (&text);

  parts = g_strsplit (text, "\x1f", -1);

  return g_strjoinv ("\\u001f", parts);
}

char *
cvm_json_to_line (JsonNode *node)
{
  return to_text (node, FALSE);
}

char *
cvm_json_to_pretty (JsonNode *node)
{
  return to_text (node, TRUE);
}

/* The member, if it is a plain value of exactly this type */
static JsonNode *
find_value (JsonObject *object,
            const char *name,
            GType       type)
{
  JsonNode *node = object != NULL ? json_object_get_member (object, name) : NULL;

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == type
         ? node : NULL;
}

const char *
cvm_json_string (JsonObject *object,
                 const char *name,
                 const char *fallback)
{
  JsonNode *node = find_value (object, name, G_TYPE_STRING);

  return node != NULL ? json_node_get_string (node) : fallback;
}

gint64
cvm_json_int (JsonObject *object,
              const char *name,
              gint64      fallback)
{
  JsonNode *node = find_value (object, name, G_TYPE_INT64);

  return node != NULL ? json_node_get_int (node) : fallback;
}

gboolean
cvm_json_boolean (JsonObject *object,
                  const char *name,
                  gboolean    fallback)
{
  JsonNode *node = find_value (object, name, G_TYPE_BOOLEAN);

  return node != NULL ? json_node_get_boolean (node) : fallback;
}

JsonObject *
cvm_json_object (JsonObject *object,
                 const char *name)
{
  JsonNode *node = object != NULL ? json_object_get_member (object, name) : NULL;

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}
