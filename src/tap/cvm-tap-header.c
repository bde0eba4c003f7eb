/* cvm-tap-header.c: the headers that Tapper reads from comments
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-tap-header.h"

#include <string.h>

#define EXPLICIT   "explicit-section-start"
#define ENTRY_COST 128   /* bytes that a header takes beside its text, about */

/* In the order in which they first came; names are looked up in index. */
struct _CvmTapHeaders
{
  GPtrArray  *keys;
  GPtrArray  *values;
  GHashTable *index;   /* key, borrowed → position */
  gsize       bytes;
};

/* Perl's \s */
static gboolean
is_space (char c)
{
  return c == ' ' || (c >= '\t' && c <= '\r');
}

static gboolean
is_key (char c)
{
  return g_ascii_isalnum (c) || c == '_' || c == '-';
}

static gboolean
take_prefix (const char **p,
             const char  *end)
{
  static const char * const prefixes[] = { "Tapper-", "Artemis-", "Test-" };

  for (gsize i = 0; i < G_N_ELEMENTS (prefixes); i++)
    {
      gsize len = strlen (prefixes[i]);

      if ((gsize)(end - *p) >= len && g_ascii_strncasecmp (*p, prefixes[i], len) == 0)
        {
          *p += len;
          return TRUE;
        }
    }

  return FALSE;
}

/**
 * cvm_tap_header_parse:
 * @line: a line without its end
 * @len: bytes of it
 * @header: (out): what it says, valid only with TRUE
 *
 * A header is what a Tapper server takes for one:
 * `^#\s*((?:Tapper|Artemis|Test)-)([-\w]+):(.+)$` in any case. An empty value is none, but
 * `explicit-section-start` needs no value.
 *
 * Returns: whether the line is a header
 */
gboolean
cvm_tap_header_parse (const char   *line,
                      gsize         len,
                      CvmTapHeader *header)
{
  const char *p = line;
  const char *end = line + len;

  if (p == end || *p++ != '#')
    return FALSE;

  while (p < end && is_space (*p))
    p++;
  if (!take_prefix (&p, end))
    return FALSE;

  header->key = p;
  while (p < end && is_key (*p))
    p++;
  header->key_len = p - header->key;
  if (header->key_len == 0 || p == end || *p++ != ':')
    return FALSE;

  while (p < end && is_space (*p))
    p++;
  while (end > p && is_space (end[-1]))
    end--;
  header->value = p;
  header->value_len = end - p;

  return header->value_len > 0 || cvm_tap_header_is (header, EXPLICIT);
}

/**
 * cvm_tap_header_is:
 * @self: a header
 * @key: a key in lower case, as in "suite-name"
 */
gboolean
cvm_tap_header_is (const CvmTapHeader *self,
                   const char         *key)
{
  return self->key_len == strlen (key) && g_ascii_strncasecmp (self->key, key, self->key_len) == 0;
}

CvmTapHeaders *
cvm_tap_headers_new (void)
{
  CvmTapHeaders *self = g_atomic_rc_box_new0 (CvmTapHeaders);

  self->keys = g_ptr_array_new_with_free_func (g_free);
  self->values = g_ptr_array_new_with_free_func (g_free);
  self->index = g_hash_table_new (g_str_hash, g_str_equal);

  return self;
}

CvmTapHeaders *
cvm_tap_headers_ref (CvmTapHeaders *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
clear_headers (gpointer data)
{
  CvmTapHeaders *self = data;

  g_hash_table_unref (self->index);
  g_ptr_array_unref (self->values);
  g_ptr_array_unref (self->keys);
}

void
cvm_tap_headers_unref (CvmTapHeaders *self)
{
  g_atomic_rc_box_release_full (self, clear_headers);
}

/**
 * cvm_tap_headers_set:
 * @self: a set
 * @header: what to keep; of several with one key the last stays
 */
void
cvm_tap_headers_set (CvmTapHeaders      *self,
                     const CvmTapHeader *header)
{
  g_autofree char *key = g_ascii_strdown (header->key, header->key_len);
  char *value = g_utf8_make_valid (header->value, header->value_len);
  gpointer at;

  if (g_hash_table_lookup_extended (self->index, key, NULL, &at))
    {
      char **old = (char **)&self->values->pdata[GPOINTER_TO_UINT (at)];

      self->bytes -= strlen (*old);
      g_free (*old);
      *old = value;
    }
  else
    {
      self->bytes += strlen (key) + ENTRY_COST;
      g_hash_table_insert (self->index, key, GUINT_TO_POINTER (self->keys->len));
      g_ptr_array_add (self->keys, g_steal_pointer (&key));
      g_ptr_array_add (self->values, value);
    }

  self->bytes += strlen (value);
}

/**
 * cvm_tap_headers_get_bytes:
 * @self: a set
 *
 * Returns: bytes of memory it takes, about
 */
gsize
cvm_tap_headers_get_bytes (const CvmTapHeaders *self)
{
  return self->bytes;
}

guint
cvm_tap_headers_get_n (const CvmTapHeaders *self)
{
  return self->keys->len;
}

/**
 * cvm_tap_headers_get_key:
 * @self: a set
 * @index: less than its number
 *
 * Returns: (transfer none): a key in lower case, without its prefix
 */
const char *
cvm_tap_headers_get_key (const CvmTapHeaders *self,
                         guint                index)
{
  return g_ptr_array_index (self->keys, index);
}

/**
 * cvm_tap_headers_get_value:
 * @self: a set
 * @index: less than its number
 *
 * Returns: (transfer none): a value, made valid UTF-8
 */
const char *
cvm_tap_headers_get_value (const CvmTapHeaders *self,
                           guint                index)
{
  return g_ptr_array_index (self->values, index);
}

/**
 * cvm_tap_headers_lookup:
 * @self: a set
 * @key: in lower case, as in "suite-name"
 *
 * Returns: (transfer none) (nullable): the value
 */
const char *
cvm_tap_headers_lookup (const CvmTapHeaders *self,
                        const char          *key)
{
  gpointer at;

  if (!g_hash_table_lookup_extended (self->index, key, NULL, &at))
    return NULL;

  return g_ptr_array_index (self->values, GPOINTER_TO_UINT (at));
}
