/* cvm-tap-yaml.c: the values of a diagnostics block
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-tap-yaml.h"

#include <errno.h>
#include <string.h>
#include <yaml.h>

G_DEFINE_QUARK (cvm-tap-yaml-error-quark, cvm_tap_yaml_error)

struct _CvmTapValue
{
  CvmTapValueType      type;
  gboolean             boolean;
  guint                n_items;
  guint                weight;    /* values in it, aliases counted as what they stand for */
  gint64               integer;
  double               real;
  char                *text;      /* as written, for all scalars */
  const CvmTapValue  **items;     /* of a list its items, of a map key and value in turn */
};

/* Everything of a document lies in a few blocks, since most values are tiny. */
typedef struct _Block Block;

struct _Block
{
  Block *next;
  gsize  used;
  gsize  size;
  char   memory[] __attribute__ ((aligned (16)));
};

struct _CvmTapYaml
{
  Block       *blocks;
  guint        n_values;
  CvmTapValue *root;
};

typedef struct
{
  CvmTapValue *value;
  guint        start;   /* its first item on the stack */
  char        *anchor;  /* owned; NULL for none */
} Open;

typedef struct
{
  yaml_parser_t  parser;
  CvmTapYaml    *yaml;
  GHashTable    *anchors;   /* name → CvmTapValue, closed ones only; NULL until there is one */
  GPtrArray     *stack;     /* items of the lists and maps that are open */
  Open           open[CVM_TAP_YAML_DEPTH_MAX];
  guint          depth;
  GError       **error;
} Loader;

static gpointer
allocate (CvmTapYaml *self,
          gsize       size)
{
  Block *block = self->blocks;
  gpointer memory;

  size = (size + 15) & ~(gsize)15;
  if (block == NULL || block->size - block->used < size)
    {
      gsize room = MAX (size, 4000);

      block = g_malloc0 (sizeof *block + room);
      block->size = room;
      block->next = self->blocks;
      self->blocks = block;
    }

  memory = block->memory + block->used;
  block->used += size;
  return memory;
}

static gboolean
fail (Loader          *loader,
      CvmTapYamlError  code,
      const char      *message)
{
  g_set_error (loader->error, CVM_TAP_YAML_ERROR, code, "line %zu: %s",
               loader->parser.mark.line + 1, message);

  return FALSE;
}

static CvmTapValue *
add_value (CvmTapYaml      *yaml,
           CvmTapValueType  type)
{
  CvmTapValue *value = allocate (yaml, sizeof *value);

  yaml->n_values++;
  value->type = type;
  value->weight = 1;

  return value;
}

static void
remember (Loader      *loader,
          const char  *anchor,
          CvmTapValue *value)
{
  if (anchor == NULL)
    return;

  if (loader->anchors == NULL)
    loader->anchors = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_hash_table_replace (loader->anchors, g_strdup (anchor), value);
}

static gboolean
is_null (const char *text)
{
  return *text == '\0' || strcmp (text, "~") == 0 || strcmp (text, "null") == 0
         || strcmp (text, "Null") == 0 || strcmp (text, "NULL") == 0;
}

static gboolean
is_boolean (const char *text)
{
  return strcmp (text, "true") == 0 || strcmp (text, "True") == 0 || strcmp (text, "TRUE") == 0
         || strcmp (text, "false") == 0 || strcmp (text, "False") == 0
         || strcmp (text, "FALSE") == 0;
}

static gboolean
is_number_like (const char *text)
{
  text += *text == '-' || *text == '+';
  text += *text == '.';

  return g_ascii_isdigit (*text);
}

static void
read_number (CvmTapValue *value)
{
  const char *text = value->text;
  char *end = NULL;

  errno = 0;
  value->integer = g_ascii_strtoll (text, &end, 10);
  if (*end == '\0' && errno == 0)
    {
      value->type = CVM_TAP_VALUE_INT;
      value->real = value->integer;
      return;
    }

  value->integer = 0;
  value->real = g_ascii_strtod (text, &end);
  if (*end == '\0' && strpbrk (text, "xXpP") == NULL)
    value->type = CVM_TAP_VALUE_DOUBLE;
}

/* YAML's core schema. */
static void
guess_type (CvmTapValue *value)
{
  if (is_null (value->text))
    {
      value->type = CVM_TAP_VALUE_NULL;
    }
  else if (is_boolean (value->text))
    {
      value->type = CVM_TAP_VALUE_BOOLEAN;
      value->boolean = g_ascii_tolower (*value->text) == 't';
    }
  else if (is_number_like (value->text))
    {
      read_number (value);
    }
}

static gboolean
put (Loader      *loader,
     CvmTapValue *value)
{
  CvmTapValue *parent;

  if (loader->depth == 0)
    {
      loader->yaml->root = value;
      return TRUE;
    }

  parent = loader->open[loader->depth - 1].value;
  parent->weight += value->weight;
  g_ptr_array_add (loader->stack, value);
  if (parent->weight > CVM_TAP_YAML_VALUES_MAX
      || loader->yaml->n_values > CVM_TAP_YAML_VALUES_MAX)
    return fail (loader, CVM_TAP_YAML_ERROR_LIMIT, "too many values");

  return TRUE;
}

/* libyaml lets only UTF-8 through, but also the NUL that an escape makes. */
static void
set_text (Loader      *loader,
          CvmTapValue *value,
          const char  *text,
          gsize        len)
{
  g_autofree char *valid = NULL;

  if (memchr (text, '\0', len) != NULL)
    {
      text = valid = g_utf8_make_valid (text, len);
      len = strlen (text);
    }

  value->text = allocate (loader->yaml, len + 1);
  memcpy (value->text, text, len);
}

static gboolean
load_scalar (Loader       *loader,
             yaml_event_t *event)
{
  CvmTapValue *value = add_value (loader->yaml, CVM_TAP_VALUE_STRING);

  set_text (loader, value, (const char *)event->data.scalar.value, event->data.scalar.length);
  if (event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE && event->data.scalar.tag == NULL)
    guess_type (value);

  remember (loader, (const char *)event->data.scalar.anchor, value);
  return put (loader, value);
}

static gboolean
load_alias (Loader       *loader,
            yaml_event_t *event)
{
  CvmTapValue *value = NULL;

  if (loader->anchors != NULL)
    value = g_hash_table_lookup (loader->anchors, event->data.alias.anchor);
  if (value == NULL)
    return fail (loader, CVM_TAP_YAML_ERROR_SYNTAX, "an alias of nothing, or of itself");

  return put (loader, value);
}

static gboolean
open_value (Loader          *loader,
            CvmTapValueType  type,
            const char      *anchor)
{
  if (loader->depth >= CVM_TAP_YAML_DEPTH_MAX)
    return fail (loader, CVM_TAP_YAML_ERROR_LIMIT, "too deep");

  loader->open[loader->depth++] = (Open) {
    .value = add_value (loader->yaml, type),
    .start = loader->stack->len,
    .anchor = g_strdup (anchor),
  };

  return TRUE;
}

/* A list or map gets its name only now, so that it cannot hold itself. */
static gboolean
close_value (Loader *loader)
{
  Open *open = &loader->open[--loader->depth];
  CvmTapValue *value = open->value;
  gsize size;

  value->n_items = loader->stack->len - open->start;
  size = value->n_items * sizeof (gpointer);
  value->items = allocate (loader->yaml, size);
  if (size > 0)
    memcpy (value->items, loader->stack->pdata + open->start, size);

  g_ptr_array_set_size (loader->stack, open->start);
  remember (loader, open->anchor, value);
  g_clear_pointer (&open->anchor, g_free);

  return put (loader, value);
}

static gboolean
load_event (Loader       *loader,
            yaml_event_t *event)
{
  switch (event->type)
    {
    case YAML_SCALAR_EVENT:
      return load_scalar (loader, event);
    case YAML_ALIAS_EVENT:
      return load_alias (loader, event);
    case YAML_SEQUENCE_START_EVENT:
      return open_value (loader, CVM_TAP_VALUE_LIST,
                         (const char *)event->data.sequence_start.anchor);
    case YAML_MAPPING_START_EVENT:
      return open_value (loader, CVM_TAP_VALUE_MAP,
                         (const char *)event->data.mapping_start.anchor);
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
      return close_value (loader);
    case YAML_NO_EVENT:
    case YAML_STREAM_START_EVENT:
    case YAML_STREAM_END_EVENT:
    case YAML_DOCUMENT_START_EVENT:
    case YAML_DOCUMENT_END_EVENT:
    default:
      return TRUE;
    }
}

static gboolean
load_document (Loader *loader)
{
  gboolean going = TRUE;
  gboolean good = TRUE;

  while (good && going)
    {
      yaml_event_t event;

      if (!yaml_parser_parse (&loader->parser, &event))
        return fail (loader, CVM_TAP_YAML_ERROR_SYNTAX,
                     loader->parser.problem != NULL ? loader->parser.problem : "no YAML");

      going = event.type != YAML_DOCUMENT_END_EVENT && event.type != YAML_STREAM_END_EVENT;
      good = load_event (loader, &event);
      yaml_event_delete (&event);
    }

  return good;
}

static void
loader_clear (Loader *loader)
{
  while (loader->depth > 0)
    g_free (loader->open[--loader->depth].anchor);

  yaml_parser_delete (&loader->parser);
  g_ptr_array_unref (loader->stack);
  g_clear_pointer (&loader->anchors, g_hash_table_unref);
}

/* The block's indentation belongs to TAP; YAML begins behind it. */
static GString *
unindent (const char *text,
          gsize       len)
{
  GString *plain = g_string_sized_new (len + 1);
  const char *end = text + len;
  gsize indent = 0;

  while (indent < len && text[indent] == ' ')
    indent++;

  while (text < end)
    {
      const char *newline = memchr (text, '\n', end - text);
      const char *stop = newline != NULL ? newline + 1 : end;

      for (gsize i = 0; i < indent && text < stop && *text == ' '; i++)
        text++;
      g_string_append_len (plain, text, stop - text);
      text = stop;
    }

  return plain;
}

/**
 * cvm_tap_yaml_parse:
 * @text: a diagnostics block as the reader's event has it, indented, markers included
 * @len: bytes of it
 * @error: a #CvmTapYamlError; the message names the block's line
 *
 * Returns: (transfer full) (nullable): the values
 */
CvmTapYaml *
cvm_tap_yaml_parse (const char  *text,
                    gsize        len,
                    GError     **error)
{
  g_autoptr(CvmTapYaml) yaml = g_new0 (CvmTapYaml, 1);
  g_autoptr(GString) plain = unindent (text, len);
  Loader loader = { .yaml = yaml, .stack = g_ptr_array_new (), .error = error };
  gboolean good;

  if (!yaml_parser_initialize (&loader.parser))
    g_error ("out of memory");

  yaml_parser_set_input_string (&loader.parser, (const guchar *)plain->str, plain->len);
  yaml_parser_set_encoding (&loader.parser, YAML_UTF8_ENCODING);
  good = load_document (&loader);
  if (good && yaml->root == NULL)
    yaml->root = add_value (yaml, CVM_TAP_VALUE_NULL);
  loader_clear (&loader);

  return good ? g_steal_pointer (&yaml) : NULL;
}

void
cvm_tap_yaml_free (CvmTapYaml *self)
{
  for (Block *block = self->blocks, *next; block != NULL; block = next)
    {
      next = block->next;
      g_free (block);
    }

  g_free (self);
}

/**
 * cvm_tap_yaml_get_root:
 * @self: a document
 *
 * Returns: (transfer none): the outermost value; it and all in it live as long as @self
 */
const CvmTapValue *
cvm_tap_yaml_get_root (const CvmTapYaml *self)
{
  return self->root;
}

CvmTapValueType
cvm_tap_value_get_type (const CvmTapValue *self)
{
  return self->type;
}

/**
 * cvm_tap_value_get_text:
 * @self: a value
 *
 * Returns: (transfer none) (nullable): a scalar as it was written, valid UTF-8; NULL for others
 */
const char *
cvm_tap_value_get_text (const CvmTapValue *self)
{
  return self->text;
}

gboolean
cvm_tap_value_get_boolean (const CvmTapValue *self)
{
  return self->boolean;
}

gint64
cvm_tap_value_get_int (const CvmTapValue *self)
{
  return self->integer;
}

/**
 * cvm_tap_value_get_double:
 * @self: a double or an integer
 */
double
cvm_tap_value_get_double (const CvmTapValue *self)
{
  return self->real;
}

/**
 * cvm_tap_value_get_size:
 * @self: a value
 *
 * Returns: items of a list, members of a map, 0 for others
 */
guint
cvm_tap_value_get_size (const CvmTapValue *self)
{
  return self->type == CVM_TAP_VALUE_MAP ? self->n_items / 2 : self->n_items;
}

/**
 * cvm_tap_value_get_item:
 * @self: a list or a map
 * @index: less than its size
 *
 * Returns: (transfer none): the item, or the member's value
 */
const CvmTapValue *
cvm_tap_value_get_item (const CvmTapValue *self,
                        guint              index)
{
  g_return_val_if_fail (index < cvm_tap_value_get_size (self), NULL);

  if (self->type == CVM_TAP_VALUE_MAP)
    index = index * 2 + 1;

  return self->items[index];
}

/**
 * cvm_tap_value_get_key:
 * @self: a map
 * @index: less than its size
 *
 * Returns: (transfer none): the member's key, which need not be a scalar
 */
const CvmTapValue *
cvm_tap_value_get_key (const CvmTapValue *self,
                       guint              index)
{
  g_return_val_if_fail (index < cvm_tap_value_get_size (self), NULL);

  return self->items[index * 2];
}

/**
 * cvm_tap_value_get_member:
 * @self: any value
 * @key: a member's key
 *
 * Returns: (transfer none) (nullable): the value, or NULL when there is none or @self is no map
 */
const CvmTapValue *
cvm_tap_value_get_member (const CvmTapValue *self,
                          const char        *key)
{
  guint n = self->type == CVM_TAP_VALUE_MAP ? cvm_tap_value_get_size (self) : 0;

  for (guint i = 0; i < n; i++)
    {
      if (g_strcmp0 (cvm_tap_value_get_key (self, i)->text, key) == 0)
        return cvm_tap_value_get_item (self, i);
    }

  return NULL;
}
