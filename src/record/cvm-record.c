/* cvm-record.c: records, and the one line of JSON that each of them is
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-record.h"

#include <stdio.h>
#include <string.h>

#include "cvm-json.h"

#define FORMAT_VERSION 1
#define CUT_MARK       "… (cut)"
#define LAST_SECOND    G_GINT64_CONSTANT (253402300799)   /* of the year 9999 */

typedef enum
{
  FIELD_STRING,
  FIELD_UINT,
  FIELD_INT64,
  FIELD_BOOLEAN,
  FIELD_OUTCOME,
  FIELD_DIRECTIVE,
  FIELD_STATUS,
  FIELD_DETAILS,
} FieldType;

typedef struct
{
  const char *member;     /* of the JSON object */
  FieldType   type;
  gsize       offset;     /* in CvmRecord */
} Field;

#define FIELD(member, type, field) { member, FIELD_##type, G_STRUCT_OFFSET (CvmRecord, field) }

/* The only place that knows what a type of record holds, in the order in which it is written */
static const struct
{
  const char *name;
  Field       fields[9];  /* ended by a NULL member */
} types[] = {
  [CVM_RECORD_RUN_BEGIN] = { "run.begin", {
    FIELD ("title", STRING, name),
    FIELD ("version", STRING, text),
    FIELD ("jobs", UINT, number),
  } },
  [CVM_RECORD_RUN_END] = { "run.end", {
    FIELD ("status", STATUS, status),
  } },
  [CVM_RECORD_JOB_BEGIN] = { "job.begin", {
    FIELD ("image", STRING, name),
    FIELD ("host", STRING, kind),
    FIELD ("suite", STRING, text),
    FIELD ("points", UINT, number),
  } },
  [CVM_RECORD_JOB_END] = { "job.end", {
    FIELD ("status", STATUS, status),
    FIELD ("why", STRING, text),
  } },
  [CVM_RECORD_ACT] = { "act", {
    FIELD ("kind", STRING, kind),
    FIELD ("name", STRING, name),
    FIELD ("uuid", STRING, uuid),
    FIELD ("path", STRING, path),
    FIELD ("host", STRING, text),
  } },
  [CVM_RECORD_ACTED] = { "acted", {
    FIELD ("kind", STRING, kind),
    FIELD ("name", STRING, name),
    FIELD ("uuid", STRING, uuid),
    FIELD ("path", STRING, path),
    FIELD ("ok", BOOLEAN, ok),
    FIELD ("error", STRING, text),
  } },
  [CVM_RECORD_CASE_PLANNED] = { "case.planned", {
    FIELD ("number", UINT, number),
    FIELD ("id", STRING, id),
    FIELD ("title", STRING, name),
    FIELD ("precondition", BOOLEAN, precondition),
  } },
  [CVM_RECORD_CASE_BEGIN] = { "case.begin", {
    FIELD ("number", UINT, number),
    FIELD ("id", STRING, id),
    FIELD ("limit_ms", INT64, ms),
  } },
  [CVM_RECORD_CASE_WAIT] = { "case.wait", {
    FIELD ("number", UINT, number),
    FIELD ("id", STRING, id),
    FIELD ("for", STRING, text),
    FIELD ("limit_ms", INT64, ms),
  } },
  [CVM_RECORD_CASE_END] = { "case.end", {
    FIELD ("number", UINT, number),
    FIELD ("id", STRING, id),
    FIELD ("outcome", OUTCOME, outcome),
    FIELD ("ms", INT64, ms),
    FIELD ("reason", STRING, reason),
    FIELD ("details", DETAILS, details),
  } },
  [CVM_RECORD_POINT] = { "point", {
    FIELD ("number", UINT, number),
    FIELD ("path", STRING, path),
    FIELD ("ok", BOOLEAN, ok),
    FIELD ("directive", DIRECTIVE, directive),
    FIELD ("text", STRING, text),
    FIELD ("reason", STRING, reason),
    FIELD ("details", DETAILS, details),
  } },
  [CVM_RECORD_FACT] = { "fact", {
    FIELD ("name", STRING, name),
    FIELD ("text", STRING, text),
  } },
  [CVM_RECORD_EVIDENCE] = { "evidence", {
    FIELD ("name", STRING, name),
    FIELD ("path", STRING, path),
    FIELD ("kind", STRING, kind),
    FIELD ("id", STRING, id),
  } },
  [CVM_RECORD_LOG] = { "log", {
    FIELD ("kind", STRING, kind),
    FIELD ("text", STRING, text),
  } },
};

/* What every record has, after its version, and before and after its time and type */
static const Field head[] = {
  FIELD ("seq", INT64, seq),
  FIELD ("job", STRING, job),
  { NULL }
};

static const char *const outcome_names[] = { "pass", "fail", "skip", "cancelled" };
static const char *const directive_names[] = { "none", "todo", "skip" };

/* How many bytes of the line each part may take at most, in JSON's escapes. The next row is tried
 * where a line is too long; the last one always fits, since no type has more strings than a point:
 * 16 KiB of details, 2 × 16, and 2 × 4 with the job. */
typedef struct
{
  gsize details;          /* all of them together */
  gsize prose;            /* text and reason, each */
  gsize other;            /* every other string */
} Limits;

static const Limits limits[] = {
  { G_MAXSIZE, G_MAXSIZE, G_MAXSIZE },
  { 40 * 1024, G_MAXSIZE, G_MAXSIZE },
  { 16 * 1024, 16 * 1024, 4 * 1024 },
};

CvmStatus
cvm_status_worst (CvmStatus a,
                  CvmStatus b)
{
  return MAX (a, b);      /* their values are in this order */
}

static void
detail_free (gpointer data)
{
  CvmDetail *detail = data;

  g_free (detail->key);
  g_free (detail->value);
  g_free (detail);
}

CvmRecord *
cvm_record_new (CvmRecordType  type,
                const char    *job)
{
  CvmRecord *self = g_new0 (CvmRecord, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->type = type;
  self->job = g_strdup (job);

  return self;
}

CvmRecord *
cvm_record_ref (CvmRecord *self)
{
  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

void
cvm_record_unref (CvmRecord *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_free (self->job);
  g_free (self->id);
  g_free (self->name);
  g_free (self->kind);
  g_free (self->uuid);
  g_free (self->path);
  g_free (self->text);
  g_free (self->reason);
  g_clear_pointer (&self->details, g_ptr_array_unref);
  g_free (self);
}

void
cvm_record_add_detail (CvmRecord  *self,
                       const char *key,
                       const char *value)
{
  CvmDetail *detail = g_new0 (CvmDetail, 1);

  detail->key = g_strdup (key);
  detail->value = g_strdup (value != NULL ? value : "");

  if (self->details == NULL)
    self->details = g_ptr_array_new_with_free_func (detail_free);

  g_ptr_array_add (self->details, detail);
}

const char *
cvm_record_type_name (CvmRecordType type)
{
  return types[type].name;
}

const char *
cvm_outcome_name (CvmOutcome outcome)
{
  return outcome_names[outcome];
}

char *
cvm_record_dup_utf8 (const char *bytes)
{
  GString *text = g_string_new (NULL);
  const char *bad;

  while (!g_utf8_validate (bytes, -1, &bad))
    {
      g_string_append_len (text, bytes, bad - bytes);
      g_string_append_printf (text, "\\x%02x", (guchar)*bad);
      bytes = bad + 1;
    }

  g_string_append (text, bytes);

  return g_string_free (text, FALSE);
}

/* Bytes that this character takes within a string of JSON */
static gsize
json_cost (const char *character)
{
  guchar c = *character;

  if (c < 0x20 || c == 0x7f)
    return strlen ("\\u001f");

  return c == '"' || c == '\\' ? 2 : g_utf8_skip[c];
}

/* BYTES as UTF-8, cut (and marked as cut) where it would take more than LIMIT bytes in JSON.
 * What it took is taken off *LIMIT. */
static char *
dup_within (const char *bytes,
            gsize      *limit)
{
  g_autofree char *text = cvm_record_dup_utf8 (bytes);
  gsize total = 0, kept = 0;
  const char *p;

  for (p = text; *p != '\0' && total <= *limit; p = g_utf8_next_char (p))
    {
      total += json_cost (p);

      if (total + strlen (CUT_MARK) <= *limit)
        kept = g_utf8_next_char (p) - text;
    }

  if (total <= *limit)
    {
      *limit -= total;
      return g_steal_pointer (&text);
    }

  *limit = 0;
  text[kept] = '\0';

  return g_strconcat (text, CUT_MARK, NULL);
}

static JsonNode *
details_to_json (const GPtrArray *details,
                 gsize            limit)
{
  JsonArray *array = json_array_new ();
  JsonNode *node = json_node_init_array (json_node_alloc (), array);
  const gsize overhead = strlen ("[\"\",\"\"],");

  for (guint i = 0; i < details->len && limit > 0; i++)
    {
      const CvmDetail *detail = g_ptr_array_index (details, i);
      JsonArray *pair = json_array_sized_new (2);
      g_autofree char *key = dup_within (detail->key, &limit);
      g_autofree char *value = dup_within (detail->value, &limit);

      json_array_add_string_element (pair, key);
      json_array_add_string_element (pair, value);
      json_array_add_array_element (array, pair);
      limit -= MIN (limit, overhead);
    }

  json_array_unref (array);

  return node;
}

static void
write_string (JsonObject   *object,
              const Field  *field,
              const char   *text,
              const Limits *limit)
{
  gboolean is_prose = field->offset == G_STRUCT_OFFSET (CvmRecord, text) ||
                      field->offset == G_STRUCT_OFFSET (CvmRecord, reason);
  gsize left = is_prose ? limit->prose : limit->other;
  g_autofree char *within = NULL;

  if (text == NULL)
    return;

  within = dup_within (text, &left);
  json_object_set_string_member (object, field->member, within);
}

static void
write_field (JsonObject      *object,
             const CvmRecord *self,
             const Field     *field,
             const Limits    *limit)
{
  gconstpointer at = G_STRUCT_MEMBER_P (self, field->offset);

  switch (field->type)
    {
    case FIELD_STRING:
      write_string (object, field, *(char *const *)at, limit);
      break;
    case FIELD_UINT:
      json_object_set_int_member (object, field->member, *(const guint *)at);
      break;
    case FIELD_INT64:
      json_object_set_int_member (object, field->member, *(const gint64 *)at);
      break;
    case FIELD_BOOLEAN:
      json_object_set_boolean_member (object, field->member, *(const gboolean *)at);
      break;
    case FIELD_OUTCOME:
      json_object_set_string_member (object, field->member, outcome_names[self->outcome]);
      break;
    case FIELD_DIRECTIVE:
      if (self->directive != CVM_DIRECTIVE_NONE)
        json_object_set_string_member (object, field->member, directive_names[self->directive]);
      break;
    case FIELD_STATUS:
      json_object_set_int_member (object, field->member, self->status);
      break;
    case FIELD_DETAILS:
      if (self->details != NULL)
        json_object_set_member (object, field->member,
                                details_to_json (self->details, limit->details));
      break;
    default:
      g_assert_not_reached ();
    }
}

static char *
time_to_text (gint64 time_us)
{
  gint64 seconds = CLAMP (time_us / G_USEC_PER_SEC, 0, LAST_SECOND);
  g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc (seconds);
  g_autofree char *start = g_date_time_format (time, "%Y-%m-%dT%H:%M:%S");

  return g_strdup_printf ("%s.%06dZ", start, (int)ABS (time_us % G_USEC_PER_SEC));
}

static char *
to_line_within (const CvmRecord *self,
                const Limits    *limit)
{
  JsonObject *object = json_object_new ();
  g_autoptr(JsonNode) node = json_node_init_object (json_node_alloc (), object);
  g_autofree char *time = time_to_text (self->time_us);
  g_autofree char *line = NULL;

  json_object_set_int_member (object, "v", FORMAT_VERSION);
  json_object_set_int_member (object, "seq", self->seq);
  json_object_set_string_member (object, "t", time);

  if (self->job != NULL)
    write_string (object, &head[1], self->job, limit);
  else
    json_object_set_null_member (object, "job");

  json_object_set_string_member (object, "type", types[self->type].name);

  for (const Field *field = types[self->type].fields; field->member != NULL; field++)
    write_field (object, self, field, limit);

  json_object_unref (object);
  line = cvm_json_to_line (node);

  return g_strconcat (line, "\n", NULL);
}

char *
cvm_record_to_line (const CvmRecord *self)
{
  char *line = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (limits); i++)
    {
      g_free (line);
      line = to_line_within (self, &limits[i]);

      if (strlen (line) <= CVM_RECORD_MAX_LINE)
        break;
    }

  return line;
}

static gboolean
bad_member (const Field  *field,
            const char   *wanted,
            GError      **error)
{
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
               "The member \"%s\" is not %s", field->member, wanted);

  return FALSE;
}

static gboolean
read_string (const Field  *field,
             JsonNode     *node,
             char        **value,
             GError      **error)
{
  const char *text = NULL;

  if (JSON_NODE_HOLDS_NULL (node))
    return TRUE;

  if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
    text = json_node_get_string (node);

  if (text == NULL || !g_utf8_validate (text, -1, NULL))
    return bad_member (field, "a string", error);

  g_free (*value);
  *value = g_strdup (text);

  return TRUE;
}

static gboolean
read_int (const Field  *field,
          JsonNode     *node,
          gint64        min,
          gint64        max,
          gint64       *value,
          GError      **error)
{
  if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_INT64)
    return bad_member (field, "a whole number", error);

  *value = json_node_get_int (node);

  if (*value < min || *value > max)
    return bad_member (field, "within its limits", error);

  return TRUE;
}

static gboolean
read_status (const Field  *field,
             JsonNode     *node,
             CvmStatus    *status,
             GError      **error)
{
  gint64 value;

  if (!read_int (field, node, 0, CVM_STATUS_CANCELLED, &value, error))
    return FALSE;

  if (value > CVM_STATUS_FAULT && value != CVM_STATUS_CANCELLED)
    return bad_member (field, "a status", error);

  *status = value;

  return TRUE;
}

static gboolean
read_name (const Field       *field,
           JsonNode          *node,
           const char *const *names,
           gsize              n_names,
           guint             *value,
           GError           **error)
{
  g_autofree char *name = NULL;

  if (!read_string (field, node, &name, error))
    return FALSE;

  for (gsize i = 0; i < n_names; i++)
    if (g_strcmp0 (name, names[i]) == 0)
      {
        *value = i;
        return TRUE;
      }

  return bad_member (field, "a name that is known", error);
}

static gboolean
read_details (CvmRecord    *self,
              const Field  *field,
              JsonNode     *node,
              GError      **error)
{
  JsonArray *array;

  if (!JSON_NODE_HOLDS_ARRAY (node))
    return bad_member (field, "a list", error);

  array = json_node_get_array (node);

  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *item = json_array_get_element (array, i);
      JsonArray *pair = JSON_NODE_HOLDS_ARRAY (item) ? json_node_get_array (item) : NULL;
      g_autofree char *key = NULL;
      g_autofree char *value = NULL;

      if (pair == NULL || json_array_get_length (pair) != 2 ||
          !read_string (field, json_array_get_element (pair, 0), &key, NULL) ||
          !read_string (field, json_array_get_element (pair, 1), &value, NULL) ||
          key == NULL || value == NULL)
        return bad_member (field, "a list of pairs of strings", error);

      cvm_record_add_detail (self, key, value);
    }

  return TRUE;
}

static gboolean
read_field (CvmRecord    *self,
            const Field  *field,
            JsonNode     *node,
            GError      **error)
{
  gpointer at = G_STRUCT_MEMBER_P (self, field->offset);
  gint64 number = 0;

  switch (field->type)
    {
    case FIELD_STRING:
      return read_string (field, node, at, error);
    case FIELD_UINT:
      if (!read_int (field, node, 0, G_MAXUINT, &number, error))
        return FALSE;
      *(guint *)at = number;
      return TRUE;
    case FIELD_INT64:
      return read_int (field, node, G_MININT64, G_MAXINT64, at, error);
    case FIELD_BOOLEAN:
      if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_BOOLEAN)
        return bad_member (field, "true or false", error);
      *(gboolean *)at = json_node_get_boolean (node);
      return TRUE;
    case FIELD_OUTCOME:
      return read_name (field, node, outcome_names, G_N_ELEMENTS (outcome_names), at, error);
    case FIELD_DIRECTIVE:
      return read_name (field, node, directive_names, G_N_ELEMENTS (directive_names), at, error);
    case FIELD_STATUS:
      return read_status (field, node, at, error);
    case FIELD_DETAILS:
      return read_details (self, field, node, error);
    default:
      g_assert_not_reached ();
    }
}

/* What says nothing of its result must not be read as passed */
static gboolean
is_required (const Field *field)
{
  return field->type == FIELD_OUTCOME || field->type == FIELD_STATUS;
}

static gboolean
time_from_text (const char *text,
                gint64     *time_us)
{
  int year, month, day, hour, minute, second, micro, end = 0;
  g_autoptr(GDateTime) time = NULL;

  if (sscanf (text, "%4d-%2d-%2dT%2d:%2d:%2d.%6dZ%n",
              &year, &month, &day, &hour, &minute, &second, &micro, &end) != 7 ||
      end != (int)strlen ("2026-11-21T07:25:13.123456Z") || text[end] != '\0' || micro < 0)
    return FALSE;

  time = g_date_time_new_utc (year, month, day, hour, minute, second);

  if (time == NULL || year < 1970)
    return FALSE;

  *time_us = g_date_time_to_unix (time) * G_USEC_PER_SEC + micro;

  return TRUE;
}

/* Whatever the parser said of it: to the caller, the data is bad */
static CvmRecord *
not_an_object (GError **error)
{
  g_autofree char *why = error != NULL && *error != NULL ? g_strdup ((*error)->message) : NULL;

  g_clear_error (error);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "It is not an object of JSON%s%s",
               why != NULL ? ": " : "", why != NULL ? why : "");

  return NULL;
}

static CvmRecord *
record_for_type (JsonObject  *object,
                 GError     **error)
{
  const char *name = cvm_json_string (object, "type", "");

  if (cvm_json_int (object, "v", 0) != FORMAT_VERSION)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                   "It is not a record of version %d", FORMAT_VERSION);
      return NULL;
    }

  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    if (strcmp (name, types[i].name) == 0)
      return cvm_record_new (i, NULL);

  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                       "It is a record of a type that this program does not know");

  return NULL;
}

static gboolean
read_time (CvmRecord   *self,
           JsonObject  *object,
           GError     **error)
{
  if (time_from_text (cvm_json_string (object, "t", ""), &self->time_us))
    return TRUE;

  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                       "The member \"t\" is not a time");

  return FALSE;
}

static gboolean
read_fields (CvmRecord    *self,
             const Field  *fields,
             JsonObject   *object,
             GError      **error)
{
  for (const Field *field = fields; field->member != NULL; field++)
    {
      JsonNode *node = json_object_get_member (object, field->member);

      if (node != NULL && !read_field (self, field, node, error))
        return FALSE;

      if (node == NULL && is_required (field))
        return bad_member (field, "there", error);
    }

  return TRUE;
}

CvmRecord *
cvm_record_from_line (const char  *line,
                      gsize        len,
                      GError     **error)
{
  g_autoptr(JsonNode) node = NULL;
  g_autoptr(CvmRecord) self = NULL;
  JsonObject *object;

  node = cvm_json_parse (line, len, CVM_RECORD_MAX_LINE, error);

  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    return not_an_object (error);

  object = json_node_get_object (node);
  self = record_for_type (object, error);

  if (self == NULL || !read_time (self, object, error) ||
      !read_fields (self, head, object, error) ||
      !read_fields (self, types[self->type].fields, object, error))
    return NULL;

  return g_steal_pointer (&self);
}
