/* cvm-keyfile.c: a key file that knows its lines and forgets no byte
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The file's bytes are kept as they came; groups and entries are an index of them. An edit
 * splices the bytes and makes the index anew. */
#include "cvm-keyfile-private.h"

#include "cvm-file.h"
#include "cvm-text.h"

#include <string.h>

#define MAX_SIZE   (1024 * 1024)
#define MAX_LINE   (64 * 1024)
#define MAX_GROUPS 10000

#define WORD "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
#define BLANK " \t\r"

typedef struct
{
  CvmKeyfileGroup group;
  const char     *header;
  guint           first;      /* of its entries */
  guint           n_entries;
  gsize           end;        /* offset behind the line of its last entry, or of its header */
} Group;

typedef struct
{
  CvmKeyfileEntry entry;
  gsize           line_begin, line_end;     /* offsets in the data, with the newline */
  gsize           value_begin, value_end;
} Entry;

struct _CvmKeyfile
{
  GObject       parent_instance;

  char         *name;
  GString      *data;
  GArray       *groups;      /* of Group */
  GArray       *entries;     /* of Entry, in the order of the file */
  GHashTable   *by_header;   /* header → number of the group + 1 */
  GStringChunk *strings;     /* what groups and entries point to */
};

/* Where the parser stands */
typedef struct
{
  CvmKeyfile *file;
  GHashTable *keys;     /* of the group that it is in → Entry's line */
  guint       line;
  gsize       begin;    /* of the line */
  gsize       len;      /* of the line, without its newline */
} Parser;

G_DEFINE_QUARK (cvm-keyfile-error-quark, cvm_keyfile_error)
G_DEFINE_FINAL_TYPE (CvmKeyfile, cvm_keyfile, G_TYPE_OBJECT)

static gboolean
check_escapes (Parser      *parser,
               const char  *raw,
               GError     **error)
{
  for (const char *at = strchr (raw, '\\'); at != NULL; at = strchr (at + 2, '\\'))
    {
      if (cvm_keyfile_unescape (at[1]) != '\0')
        continue;

      cvm_keyfile_error_at (parser->file, parser->line, error,
                            "a '\\' here must be followed by one of s n t r \\ ; "
                            "(a backslash itself is written '\\\\')");
      return FALSE;
    }

  return TRUE;
}

static const char *
keep (Parser     *parser,
      const char *text,
      gsize       len)
{
  return g_string_chunk_insert_len (parser->file->strings, text, len);
}

static gboolean
check_controls (Parser      *parser,
                const char  *line,
                GError     **error)
{
  const char *end = line + parser->len;

  for (const char *at = line; at < end; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);

      if (!g_unichar_iscntrl (c) || c == '\t' || (c == '\r' && at + 1 == end))
        continue;

      cvm_keyfile_error_at (parser->file, parser->line, error,
                            "a control character (0x%02x); remove it, or write \\n, \\t or \\r",
                            c);
      return FALSE;
    }

  return TRUE;
}

static gboolean
check_line (Parser      *parser,
            const char  *line,
            GError     **error)
{
  const char *end;

  if (parser->len > MAX_LINE)
    {
      cvm_keyfile_error_at (parser->file, parser->line, error,
                            "longer than 64 KiB; shorten the line");
      return FALSE;
    }

  if (memchr (line, '\0', parser->len) != NULL)
    {
      cvm_keyfile_error_at (parser->file, parser->line, error,
                            "a NUL byte; this is no text file, or not UTF-8: save it as UTF-8");
      return FALSE;
    }

  if (!g_utf8_validate_len (line, parser->len, &end) || g_str_has_prefix (line, "\xef\xbb\xbf"))
    {
      cvm_keyfile_error_at (parser->file, parser->line, error, "byte %" G_GSIZE_FORMAT
                            " is not plain UTF-8; save the file as UTF-8, without a byte order "
                            "mark",
                            (gsize)(end == line + parser->len ? 1 : end - line + 1));
      return FALSE;
    }

  return check_controls (parser, line, error);
}

static gboolean
add_group (Parser      *parser,
           const char  *header,
           GError     **error)
{
  CvmKeyfile *self = parser->file;
  const char *space = strchr (header, ' ');
  gpointer other;
  Group group = {
    .header = header,
    .group.kind = space != NULL ? keep (parser, header, space - header) : header,
    .group.id = space != NULL ? space + 1 : "",
    .group.line = parser->line,
    .first = self->entries->len,
    .end = MIN (parser->begin + parser->len + 1, self->data->len),
  };

  if (self->groups->len == MAX_GROUPS)
    {
      cvm_keyfile_error_at (self, parser->line, error, "more than %d groups; remove some",
                            MAX_GROUPS);
      return FALSE;
    }

  other = g_hash_table_lookup (self->by_header, header);
  if (other != NULL)
    {
      g_autofree char *shown = cvm_text_quote (header);

      cvm_keyfile_error_at (self, parser->line, error,
                            "the group %s stands in line %u already; join the two, or rename one",
                            shown, cvm_keyfile_group (self, GPOINTER_TO_UINT (other) - 1)->line);
      return FALSE;
    }

  g_array_append_val (self->groups, group);
  g_hash_table_insert (self->by_header, (gpointer)header, GUINT_TO_POINTER (self->groups->len));
  g_hash_table_remove_all (parser->keys);

  return TRUE;
}

static gboolean
parse_header (Parser      *parser,
              const char  *line,
              gsize        len,
              GError     **error)
{
  gsize kind_len = strspn (line + 1, WORD);
  const char *id = line + 1 + kind_len;
  gsize id_len = len - kind_len - 1;
  gboolean is_whole = id_len > 0 && line[len - 1] == ']' && strcspn (id, "[]") == id_len - 1;

  /* One word, or a word, a space, and an id without spaces around it */
  if (!is_whole || kind_len == 0 ||
      (id_len > 1 && (id[0] != ' ' || id[1] == ' ' || line[len - 2] == ' ')))
    {
      cvm_keyfile_error_at (parser->file, parser->line, error,
                            "not a group; write [Kind] or [Kind id]");
      return FALSE;
    }

  return add_group (parser, keep (parser, line + 1, len - 2), error);
}

static gboolean
add_entry (Parser      *parser,
           Entry       *entry,
           GError     **error)
{
  CvmKeyfile *self = parser->file;
  gpointer other = g_hash_table_lookup (parser->keys, entry->entry.key);
  Group *group;

  if (other != NULL)
    {
      cvm_keyfile_error_at (self, parser->line, error,
                            "'%s' is set in line %u already; remove one of the two",
                            entry->entry.key, GPOINTER_TO_UINT (other));
      return FALSE;
    }

  group = &g_array_index (self->groups, Group, self->groups->len - 1);
  group->n_entries++;
  group->end = entry->line_end;

  g_array_append_val (self->entries, *entry);
  g_hash_table_insert (parser->keys, (gpointer)entry->entry.key, GUINT_TO_POINTER (parser->line));

  return TRUE;
}

/* The length of KEY in "KEY = value", or 0 */
static gsize
measure_key (const char *line)
{
  gsize len = strspn (line, WORD "-_.");

  return line[0] != '-' && line[0] != '.' && line[len + strspn (line + len, BLANK)] == '='
         ? len : 0;
}

static gboolean
parse_entry (Parser      *parser,
             const char  *line,
             gsize        len,
             GError     **error)
{
  gsize key_len = measure_key (line);
  g_autoptr(GString) value = g_string_new (NULL);
  const char *raw;
  Entry entry;

  if (key_len == 0 || key_len > 200)
    {
      g_autofree char *shown = cvm_text_quote (line);

      cvm_keyfile_error_at (parser->file, parser->line, error,
                            "%s is not understood; write Key=value, [Kind id] or # comment", shown);
      return FALSE;
    }

  if (parser->file->groups->len == 0)
    {
      cvm_keyfile_error_at (parser->file, parser->line, error,
                            "a key before the first group; put a [Kind] line above it");
      return FALSE;
    }

  raw = strchr (line, '=') + 1;
  raw += strspn (raw, BLANK);
  cvm_keyfile_append_unescaped (value, raw, strlen (raw));

  entry = (Entry) {
    .entry.key = keep (parser, line, key_len),
    .entry.value = keep (parser, value->str, value->len),
    .entry.raw = keep (parser, raw, strlen (raw)),
    .entry.line = parser->line,
    .line_begin = parser->begin,
    .line_end = MIN (parser->begin + parser->len + 1, parser->file->data->len),
    .value_begin = parser->begin + (raw - line),
    .value_end = parser->begin + len,
  };

  return check_escapes (parser, raw, error) && add_entry (parser, &entry, error);
}

static gboolean
parse_line (Parser      *parser,
            const char  *text,
            GError     **error)
{
  gsize len = parser->len;
  g_autofree char *line = NULL;

  if (!check_line (parser, text, error))
    return FALSE;

  while (len > 0 && strchr (BLANK, text[len - 1]) != NULL)
    len--;

  if (len == 0 || text[0] == '#')
    return TRUE;

  line = g_strndup (text, len);

  if (strchr (BLANK, line[0]) != NULL)
    {
      cvm_keyfile_error_at (parser->file, parser->line, error,
                            "begins with a space; a value cannot go on in a second line: "
                            "remove the space, or join the lines (a break is written \\n)");
      return FALSE;
    }

  return line[0] == '[' ? parse_header (parser, line, len, error)
                        : parse_entry (parser, line, len, error);
}

static gboolean
parse (CvmKeyfile  *self,
       GError     **error)
{
  g_autoptr(GHashTable) keys = g_hash_table_new (g_str_hash, g_str_equal);
  Parser parser = { .file = self, .keys = keys };

  g_array_set_size (self->groups, 0);
  g_array_set_size (self->entries, 0);
  g_hash_table_remove_all (self->by_header);
  g_string_chunk_clear (self->strings);

  while (parser.begin < self->data->len)
    {
      const char *line = self->data->str + parser.begin;
      const char *newline = memchr (line, '\n', self->data->len - parser.begin);

      parser.line++;
      parser.len = newline != NULL ? (gsize)(newline - line) : self->data->len - parser.begin;

      if (!parse_line (&parser, line, error))
        return FALSE;

      parser.begin += parser.len + 1;
    }

  return TRUE;
}

static void
cvm_keyfile_finalize (GObject *object)
{
  CvmKeyfile *self = CVM_KEYFILE (object);

  g_free (self->name);
  g_string_free (self->data, TRUE);
  g_array_unref (self->groups);
  g_array_unref (self->entries);
  g_hash_table_unref (self->by_header);
  g_string_chunk_free (self->strings);

  G_OBJECT_CLASS (cvm_keyfile_parent_class)->finalize (object);
}

static void
cvm_keyfile_class_init (CvmKeyfileClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = cvm_keyfile_finalize;
}

static void
cvm_keyfile_init (CvmKeyfile *self)
{
  self->data = g_string_new (NULL);
  self->groups = g_array_new (FALSE, FALSE, sizeof (Group));
  self->entries = g_array_new (FALSE, FALSE, sizeof (Entry));
  self->by_header = g_hash_table_new (g_str_hash, g_str_equal);
  self->strings = g_string_chunk_new (4096);
}

CvmKeyfile *
cvm_keyfile_new_from_data (const char  *data,
                           gsize        len,
                           const char  *name,
                           GError     **error)
{
  g_autoptr(CvmKeyfile) self = g_object_new (CVM_TYPE_KEYFILE, NULL);

  self->name = g_strdup (name);

  if (len > MAX_SIZE)
    {
      cvm_keyfile_error_at (self, 1, error, "the file is larger than 1 MiB; this cannot be meant");
      return NULL;
    }

  g_string_append_len (self->data, data, len);

  return parse (self, error) ? g_steal_pointer (&self) : NULL;
}

CvmKeyfile *
cvm_keyfile_load (const char  *path,
                  GError     **error)
{
  g_autoptr(GError) local = NULL;
  gsize len = 0;
  g_autofree char *data = cvm_file_read (path, MAX_SIZE, &len, &local);

  if (data != NULL)
    return cvm_keyfile_new_from_data (data, len, path, error);

  if (g_error_matches (local, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE))
    g_set_error (error, CVM_KEYFILE_ERROR, CVM_KEYFILE_ERROR_UNREADABLE,
                 "%s:1: the file is larger than 1 MiB; this cannot be meant", path);
  else
    g_set_error (error, CVM_KEYFILE_ERROR, CVM_KEYFILE_ERROR_UNREADABLE,
                 "%s; check the name and the permissions", local->message);

  return NULL;
}

const char *
cvm_keyfile_get_name (CvmKeyfile *self)
{
  return self->name;
}

guint
cvm_keyfile_n_groups (CvmKeyfile *self)
{
  return self->groups->len;
}

const CvmKeyfileGroup *
cvm_keyfile_group (CvmKeyfile *self,
                   guint       group)
{
  return &g_array_index (self->groups, Group, group).group;
}

guint
cvm_keyfile_n_entries (CvmKeyfile *self,
                       guint       group)
{
  return g_array_index (self->groups, Group, group).n_entries;
}

const CvmKeyfileEntry *
cvm_keyfile_entry (CvmKeyfile *self,
                   guint       group,
                   guint       entry)
{
  guint first = g_array_index (self->groups, Group, group).first;

  return &g_array_index (self->entries, Entry, first + entry).entry;
}

static char *
make_header (const char *kind,
             const char *id)
{
  return id == NULL || id[0] == '\0' ? g_strdup (kind) : g_strdup_printf ("%s %s", kind, id);
}

static Group *
find_group (CvmKeyfile *self,
            const char *kind,
            const char *id)
{
  g_autofree char *header = make_header (kind, id);
  guint found = GPOINTER_TO_UINT (g_hash_table_lookup (self->by_header, header));

  return found > 0 ? &g_array_index (self->groups, Group, found - 1) : NULL;
}

static Entry *
find_entry (CvmKeyfile *self,
            Group      *group,
            const char *key)
{
  for (guint i = 0; group != NULL && i < group->n_entries; i++)
    {
      Entry *entry = &g_array_index (self->entries, Entry, group->first + i);

      if (g_str_equal (entry->entry.key, key))
        return entry;
    }

  return NULL;
}

const CvmKeyfileEntry *
cvm_keyfile_find (CvmKeyfile *self,
                  const char *kind,
                  const char *id,
                  const char *key)
{
  Entry *entry = find_entry (self, find_group (self, kind, id), key);

  return entry != NULL ? &entry->entry : NULL;
}

char **
cvm_keyfile_split (CvmKeyfile            *self,
                   const CvmKeyfileEntry *entry)
{
  return cvm_keyfile_split_text (entry->raw);
}

static void
splice (CvmKeyfile *self,
        gsize       begin,
        gsize       end,
        const char *text)
{
  g_autofree char *before = g_strdup (self->data->str);
  g_autoptr(GError) error = NULL;

  g_string_erase (self->data, begin, end - begin);
  g_string_insert (self->data, begin, text);

  if (parse (self, &error))
    return;

  g_warning ("Not edited: %s", error->message);
  g_string_assign (self->data, before);
  parse (self, NULL);
}

/* Appends behind the group, or as a new group at the end. */
static void
insert_entry (CvmKeyfile *self,
              Group      *group,
              const char *kind,
              const char *id,
              const char *line)
{
  gsize at = group != NULL ? group->end : self->data->len;
  g_autofree char *header = make_header (kind, id);
  g_autofree char *opening = g_strdup_printf ("%s[%s]\n", at > 0 ? "\n" : "", header);
  g_autofree char *text = NULL;

  text = g_strconcat (at > 0 && self->data->str[at - 1] != '\n' ? "\n" : "",
                      group == NULL ? opening : "", line, NULL);
  splice (self, at, at, text);
}

/* RAW as it shall stand in the file; NULL removes the line */
static void
set_raw (CvmKeyfile *self,
         const char *kind,
         const char *id,
         const char *key,
         const char *raw)
{
  Group *group = find_group (self, kind, id);
  Entry *entry = find_entry (self, group, key);

  if (raw == NULL)
    {
      if (entry != NULL)
        splice (self, entry->line_begin, entry->line_end, "");
    }
  else if (entry != NULL)
    {
      splice (self, entry->value_begin, entry->value_end, raw);
    }
  else
    {
      g_autofree char *line = g_strdup_printf ("%s=%s\n", key, raw);

      insert_entry (self, group, kind, id, line);
    }
}

void
cvm_keyfile_set (CvmKeyfile *self,
                 const char *kind,
                 const char *id,
                 const char *key,
                 const char *value)
{
  g_autofree char *raw = value != NULL ? cvm_keyfile_escape (value) : NULL;

  set_raw (self, kind, id, key, raw);
}

void
cvm_keyfile_set_list (CvmKeyfile        *self,
                      const char        *kind,
                      const char        *id,
                      const char        *key,
                      const char *const *items)
{
  g_autofree char *raw = items != NULL && *items != NULL ? cvm_keyfile_join (items) : NULL;

  set_raw (self, kind, id, key, raw);
}

/* Where line NUMBER (from 1) begins */
static gsize
line_begin (CvmKeyfile *self,
            guint       number)
{
  const char *at = self->data->str;

  for (guint i = 1; i < number; i++)
    at = strchr (at, '\n') + 1;

  return (gsize)(at - self->data->str);
}

void
cvm_keyfile_remove_group (CvmKeyfile *self,
                          const char *kind,
                          const char *id)
{
  Group *group = find_group (self, kind, id);

  if (group != NULL)
    splice (self, line_begin (self, group->group.line), group->end, "");
}

char *
cvm_keyfile_to_data (CvmKeyfile *self,
                     gsize      *len)
{
  if (len != NULL)
    *len = self->data->len;

  return g_strndup (self->data->str, self->data->len);
}

void
cvm_keyfile_error_at (CvmKeyfile  *self,
                      guint        line,
                      GError     **error,
                      const char  *format,
                      ...)
{
  g_autofree char *message = NULL;
  va_list args;

  va_start (args, format);
  message = g_strdup_vprintf (format, args);
  va_end (args);

  g_set_error (error, CVM_KEYFILE_ERROR, CVM_KEYFILE_ERROR_INVALID, "%s:%u: %s", self->name, line,
               message);
}
