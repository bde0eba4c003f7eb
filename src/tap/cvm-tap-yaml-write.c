/* cvm-tap-yaml-write.c: values as YAML that also Perl's TAP::Parser reads
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Its YAMLish is a small part of YAML: maps and lists by indentation, scalars on one line. */
#include "cvm-tap-writer-private.h"

#include <string.h>

typedef struct
{
  GString *out;
  gsize    end;   /* no more than this long */
} Writing;

static gboolean write_inner (Writing           *self,
                             const CvmTapValue *value,
                             guint              indent);

static void
append_indent (Writing *self,
               guint    indent)
{
  for (guint i = 0; i < indent; i++)
    g_string_append_c (self->out, ' ');
}

static gboolean
has_inner (const CvmTapValue *value)
{
  return cvm_tap_value_get_size (value) > 0;
}

static void
append_scalar (Writing           *self,
               const CvmTapValue *value)
{
  switch (cvm_tap_value_get_type (value))
    {
    case CVM_TAP_VALUE_NULL:
      g_string_append_c (self->out, '~');
      break;
    case CVM_TAP_VALUE_LIST:
      g_string_append (self->out, "[]");
      break;
    case CVM_TAP_VALUE_MAP:
      g_string_append (self->out, "{}");
      break;
    case CVM_TAP_VALUE_STRING:
      cvm_tap_append_quoted (self->out, cvm_tap_value_get_text (value));
      break;
    case CVM_TAP_VALUE_BOOLEAN:
    case CVM_TAP_VALUE_INT:
    case CVM_TAP_VALUE_DOUBLE:
    default:
      g_string_append (self->out, cvm_tap_value_get_text (value));
      break;
    }
}

/* YAMLish takes `- "a: b"` for a map. */
static void
append_item (Writing           *self,
             const CvmTapValue *value)
{
  g_autoptr(GString) text = g_string_new (NULL);
  Writing inner = { text, 0 };

  append_scalar (&inner, value);
  for (const char *p = text->str; *p != '\0'; p++)
    {
      if (*p == ':')
        g_string_append (self->out, "\\x3a");
      else
        g_string_append_c (self->out, *p);
    }
}

static void
append_key (Writing           *self,
            const CvmTapValue *key)
{
  const char *text = cvm_tap_value_get_text (key);

  if (cvm_tap_is_plain_key (text))
    g_string_append (self->out, text);
  else
    cvm_tap_append_quoted (self->out, text);
  g_string_append_c (self->out, ':');
}

/* What stands behind `key:` or `-`. */
static gboolean
write_value (Writing           *self,
             const CvmTapValue *value,
             guint              indent,
             gboolean           in_list)
{
  if (has_inner (value))
    {
      g_string_append_c (self->out, '\n');
      return write_inner (self, value, indent + 2);
    }

  g_string_append_c (self->out, ' ');
  if (in_list)
    append_item (self, value);
  else
    append_scalar (self, value);
  g_string_append_c (self->out, '\n');

  return self->out->len <= self->end;
}

static gboolean
write_inner (Writing           *self,
             const CvmTapValue *value,
             guint              indent)
{
  gboolean is_map = cvm_tap_value_get_type (value) == CVM_TAP_VALUE_MAP;
  guint n = cvm_tap_value_get_size (value);

  for (guint i = 0; i < n; i++)
    {
      append_indent (self, indent);
      if (!is_map)
        g_string_append_c (self->out, '-');
      else if (cvm_tap_value_get_text (cvm_tap_value_get_key (value, i)) != NULL)
        append_key (self, cvm_tap_value_get_key (value, i));
      else
        return FALSE;

      if (!write_value (self, cvm_tap_value_get_item (value, i), indent, !is_map))
        return FALSE;
    }

  return TRUE;
}

/**
 * cvm_tap_yaml_write:
 * @yaml: a document
 * @indent: spaces before each line
 * @max_bytes: how much may be written; aliases are written out, so little can become much
 * @out: gets the block, its marks included
 *
 * Returns: FALSE when it is too much, or has keys that are no scalars; nothing is then added
 */
gboolean
cvm_tap_yaml_write (const CvmTapYaml *yaml,
                    guint             indent,
                    gsize             max_bytes,
                    GString          *out)
{
  const CvmTapValue *root = cvm_tap_yaml_get_root (yaml);
  gsize before = out->len;
  Writing writing = { out, before + max_bytes };
  gboolean good = TRUE;

  append_indent (&writing, indent);
  g_string_append (out, "---");
  if (has_inner (root))
    {
      g_string_append_c (out, '\n');
      good = write_inner (&writing, root, indent);
    }
  else
    {
      g_string_append_c (out, ' ');
      append_scalar (&writing, root);
      g_string_append_c (out, '\n');
    }

  append_indent (&writing, indent);
  g_string_append (out, "...\n");
  if (!good)
    g_string_truncate (out, before);

  return good;
}
