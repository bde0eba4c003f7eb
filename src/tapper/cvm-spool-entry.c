/* cvm-spool-entry.c: one report in the spool, and what is known of it
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-spool-entry.h"

#include <string.h>

#include "cvm-json.h"
#include "cvm-tapper-error.h"
#include "cvm-text.h"

#define JSON_MAX        (1024 * 1024)
#define VERSION         1
#define ATTACHMENTS_MAX 4096
#define PORTS_MAX       64

static const char *const state_names[] = {
  "queued", "sending", "maybe", "sent", "stored", "done", "broken"
};

static const char *const file_state_names[] = { "waits", "begun", "done", "empty" };

static const char *const word_names[] = { "PASS", "FAIL", "NOTESTS" };

static gboolean
refuse (GError     **error,
        const char  *what)
{
  g_set_error (error, CVM_TAPPER_ERROR, CVM_TAPPER_ERROR_BROKEN, "its state makes no sense: %s",
               what);

  return FALSE;
}

static int
find_word (const char *const *words,
           guint              n_words,
           const char        *word)
{
  for (guint i = 0; i < n_words; i++)
    {
      if (g_strcmp0 (words[i], word) == 0)
        return (int)i;
    }

  return -1;
}

const char *
cvm_spool_state_to_string (CvmSpoolState state)
{
  return state_names[state];
}

const char *
cvm_spool_file_state_to_string (CvmSpoolFileState state)
{
  return file_state_names[state];
}

void
cvm_spool_attachment_free (CvmSpoolAttachment *self)
{
  g_free (self->name);
  g_free (self->type);
  g_free (self->sha256);
  g_free (self);
}

CvmSpoolEntry *
cvm_spool_entry_new (void)
{
  CvmSpoolEntry *self = g_new0 (CvmSpoolEntry, 1);

  self->lost_ports = g_array_new (FALSE, FALSE, sizeof (guint16));
  self->attachments = g_ptr_array_new_with_free_func ((GDestroyNotify)cvm_spool_attachment_free);

  return self;
}

void
cvm_spool_entry_free (CvmSpoolEntry *self)
{
  g_clear_pointer (&self->server, cvm_tapper_server_free);
  g_free (self->title);
  g_free (self->run);
  g_free (self->job);
  g_free (self->path);
  g_free (self->sha256);
  g_free (self->why);
  g_array_unref (self->lost_ports);
  g_ptr_array_unref (self->attachments);
  g_free (self);
}

/* Attachments that need nothing more */
static guint
count_verified (const CvmSpoolEntry *self)
{
  guint n = 0;

  for (guint i = 0; i < self->attachments->len; i++)
    {
      const CvmSpoolAttachment *item = g_ptr_array_index (self->attachments, i);

      n += item->state == CVM_SPOOL_FILE_DONE || item->state == CVM_SPOOL_FILE_EMPTY;
    }

  return n;
}

/* Writing */

static JsonNode *
numbers_to_node (const CvmTapperNumbers *numbers)
{
  JsonObject *object = json_object_new ();
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  json_object_set_string_member (object, "word", word_names[numbers->word]);
  json_object_set_int_member (object, "total", numbers->total);
  json_object_set_int_member (object, "passed", numbers->passed);
  json_object_set_int_member (object, "failed", numbers->failed);
  json_object_set_int_member (object, "skipped", numbers->skipped);
  json_object_set_int_member (object, "todo", numbers->todo);
  json_object_set_int_member (object, "todo_passed", numbers->todo_passed);
  json_object_set_int_member (object, "parse_errors", numbers->parse_errors);
  json_node_take_object (node, object);

  return node;
}

static JsonObject *
server_to_object (const CvmTapperServer *server)
{
  JsonObject *object = json_object_new ();
  g_autofree char *receiver = cvm_tapper_server_dup_receiver (server);
  g_autofree char *api = cvm_tapper_server_dup_api (server);

  if (server->name != NULL)
    json_object_set_string_member (object, "name", server->name);
  json_object_set_string_member (object, "receiver", receiver);
  if (api != NULL)
    json_object_set_string_member (object, "api", api);
  if (server->web != NULL)
    json_object_set_string_member (object, "web", server->web);

  return object;
}

static JsonArray *
attachments_to_array (const CvmSpoolEntry *self)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < self->attachments->len; i++)
    {
      const CvmSpoolAttachment *item = g_ptr_array_index (self->attachments, i);
      JsonObject *object = json_object_new ();

      json_object_set_string_member (object, "name", item->name);
      json_object_set_string_member (object, "type", item->type);
      json_object_set_int_member (object, "size", item->size);
      json_object_set_string_member (object, "sha256", item->sha256);
      json_object_set_string_member (object, "state", file_state_names[item->state]);
      json_array_add_object_element (array, object);
    }

  return array;
}

static JsonArray *
ports_to_array (const CvmSpoolEntry *self)
{
  JsonArray *array = json_array_new ();
  guint first = self->lost_ports->len > PORTS_MAX ? self->lost_ports->len - PORTS_MAX : 0;

  for (guint i = first; i < self->lost_ports->len; i++)
    json_array_add_int_element (array, g_array_index (self->lost_ports, guint16, i));

  return array;
}

/* Words of a server or of a disk may be in any encoding; JSON that is not UTF-8 cannot be read
 * again, and all that is known of the report would be lost with it. */
static void
set_why (JsonObject *object,
         const char *why)
{
  g_autofree char *valid = g_utf8_make_valid (why, -1);

  json_object_set_string_member (object, "why", valid);
}

static void
add_progress (JsonObject          *object,
              const CvmSpoolEntry *self)
{
  json_object_set_int_member (object, "tries", self->n_tries);
  json_object_set_int_member (object, "next_try", self->next_try_s);
  if (self->why != NULL)
    set_why (object, self->why);
  json_object_set_int_member (object, "id", self->report_id);
  json_object_set_boolean_member (object, "ended", self->has_ended);
  json_object_set_boolean_member (object, "same", self->is_same);
  if (self->has_counted)
    json_object_set_member (object, "counted", numbers_to_node (&self->counted));
  if (self->has_stored)
    json_object_set_member (object, "stored", numbers_to_node (&self->stored));
  json_object_set_int_member (object, "orphans", self->n_orphans);
  json_object_set_array_member (object, "lost_ports", ports_to_array (self));
}

static char *
take_line (JsonObject *object)
{
  g_autoptr(JsonNode) node = json_node_new (JSON_NODE_OBJECT);

  json_node_take_object (node, object);

  return cvm_json_to_line (node);
}

/* A path of other bytes is left out: a changed one would name another run */
static void
add_run (JsonObject          *object,
         const CvmSpoolEntry *self)
{
  if (self->run == NULL || self->job == NULL ||
      !g_utf8_validate (self->run, -1, NULL) || !g_utf8_validate (self->job, -1, NULL))
    return;

  json_object_set_string_member (object, "run", self->run);
  json_object_set_string_member (object, "job", self->job);
}

/**
 * cvm_spool_entry_to_json:
 *
 * All but the number and the paths, which the folder tells.
 */
char *
cvm_spool_entry_to_json (const CvmSpoolEntry *self)
{
  JsonObject *object = json_object_new ();

  json_object_set_int_member (object, "v", VERSION);
  json_object_set_string_member (object, "state", state_names[self->state]);
  json_object_set_object_member (object, "server", server_to_object (self->server));
  json_object_set_string_member (object, "title", self->title);
  add_run (object, self);
  json_object_set_boolean_member (object, "archive", self->is_archive);
  json_object_set_int_member (object, "size", self->size);
  json_object_set_string_member (object, "sha256", self->sha256);
  json_object_set_int_member (object, "added", self->added_s);
  add_progress (object, self);
  json_object_set_array_member (object, "attachments", attachments_to_array (self));

  return take_line (object);
}

/* Reading */

static guint64
read_size (JsonObject *object,
           const char *name)
{
  return MAX (cvm_json_int (object, name, 0), 0);
}

static gboolean
read_numbers (JsonObject       *object,
              const char       *name,
              CvmTapperNumbers *numbers)
{
  JsonObject *from = cvm_json_object (object, name);
  int word;

  if (from == NULL)
    return FALSE;

  word = find_word (word_names, G_N_ELEMENTS (word_names), cvm_json_string (from, "word", NULL));
  numbers->word = word >= 0 ? (CvmTapWord)word : CVM_TAP_FAIL;
  numbers->total = read_size (from, "total");
  numbers->passed = read_size (from, "passed");
  numbers->failed = read_size (from, "failed");
  numbers->skipped = read_size (from, "skipped");
  numbers->todo = read_size (from, "todo");
  numbers->todo_passed = read_size (from, "todo_passed");
  numbers->parse_errors = read_size (from, "parse_errors");

  return TRUE;
}

static CvmTapperServer *
read_server (JsonObject  *object,
             GError     **error)
{
  JsonObject *from = cvm_json_object (object, "server");
  g_autoptr(GError) local = NULL;
  CvmTapperServer *server = NULL;

  if (from == NULL || cvm_json_string (from, "receiver", NULL) == NULL)
    {
      refuse (error, "it names no server");
      return NULL;
    }

  server = cvm_tapper_server_new (cvm_json_string (from, "name", NULL),
                                  cvm_json_string (from, "receiver", NULL),
                                  cvm_json_string (from, "api", NULL),
                                  cvm_json_string (from, "web", NULL), &local);
  if (server == NULL)
    refuse (error, local->message);

  return server;
}

static gboolean
is_safe_name (const char *name)
{
  return name != NULL && *name != '\0' && *name != '.' && strlen (name) <= 128
         && strspn (name, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "._-") == strlen (name);
}

static CvmSpoolAttachment *
read_attachment (JsonNode  *node,
                 GError   **error)
{
  JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  const char *name = object != NULL ? cvm_json_string (object, "name", NULL) : NULL;
  CvmSpoolAttachment *item;
  int state;

  if (!is_safe_name (name))
    {
      refuse (error, "an attachment has no proper name");
      return NULL;
    }

  state = find_word (file_state_names, G_N_ELEMENTS (file_state_names),
                     cvm_json_string (object, "state", NULL));
  item = g_new0 (CvmSpoolAttachment, 1);
  item->name = g_strdup (name);
  item->type = g_strdup (cvm_json_string (object, "type", ""));
  item->size = read_size (object, "size");
  item->sha256 = g_strdup (cvm_json_string (object, "sha256", ""));
  item->state = state >= 0 ? (CvmSpoolFileState)state : CVM_SPOOL_FILE_BEGUN;

  if (item->type[strspn (item->type, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "/.+-")] != '\0')
    g_clear_pointer (&item->type, g_free);
  if (item->type == NULL || *item->type == '\0')
    {
      g_free (item->type);
      item->type = g_strdup ("application/octet-stream");
    }

  return item;
}

static JsonArray *
get_array (JsonObject *object,
           const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

static gboolean
read_attachments (CvmSpoolEntry  *self,
                  JsonObject     *object,
                  GError        **error)
{
  JsonArray *array = get_array (object, "attachments");
  guint n = array != NULL ? json_array_get_length (array) : 0;

  if (n > ATTACHMENTS_MAX)
    return refuse (error, "it has too many attachments");

  for (guint i = 0; i < n; i++)
    {
      CvmSpoolAttachment *item = read_attachment (json_array_get_element (array, i), error);

      if (item == NULL)
        return FALSE;

      g_ptr_array_add (self->attachments, item);
    }

  return TRUE;
}

static void
read_ports (CvmSpoolEntry *self,
            JsonObject    *object)
{
  JsonArray *array = get_array (object, "lost_ports");
  guint n = array != NULL ? MIN (json_array_get_length (array), PORTS_MAX) : 0;

  for (guint i = 0; i < n; i++)
    {
      JsonNode *node = json_array_get_element (array, i);
      gint64 port = json_node_get_value_type (node) == G_TYPE_INT64 ? json_node_get_int (node) : 0;
      guint16 narrow = (guint16)port;

      if (port > 0 && port <= G_MAXUINT16)
        g_array_append_val (self->lost_ports, narrow);
    }
}

/* Where the number is to be noted once it is sent; without one of the two that is left out */
static void
read_run (CvmSpoolEntry *self,
          JsonObject    *object)
{
  const char *run = cvm_json_string (object, "run", NULL);
  const char *job = cvm_json_string (object, "job", NULL);

  if (run == NULL || job == NULL || !g_path_is_absolute (run))
    return;

  self->run = g_strdup (run);
  self->job = g_strdup (job);
}

static gboolean
read_entry (CvmSpoolEntry  *self,
            JsonObject     *object,
            GError        **error)
{
  int state = find_word (state_names, G_N_ELEMENTS (state_names),
                         cvm_json_string (object, "state", NULL));
  const char *sha256 = cvm_json_string (object, "sha256", "");

  if (cvm_json_int (object, "v", 0) != VERSION)
    return refuse (error, "another version of this program wrote it");
  if (state < 0)
    return refuse (error, "it names no step");
  if (strlen (sha256) != 64 || strspn (sha256, "0123456789abcdef") != 64)
    return refuse (error, "it has no checksum");

  self->state = (CvmSpoolState)state;
  self->sha256 = g_strdup (sha256);
  self->title = g_utf8_make_valid (cvm_json_string (object, "title", ""), -1);
  self->is_archive = cvm_json_boolean (object, "archive", FALSE);
  self->size = read_size (object, "size");
  self->added_s = cvm_json_int (object, "added", 0);
  self->n_tries = (guint)MIN (read_size (object, "tries"), 1000);
  self->next_try_s = cvm_json_int (object, "next_try", 0);
  self->why = g_strdup (cvm_json_string (object, "why", NULL));
  self->report_id = read_size (object, "id");
  self->has_ended = cvm_json_boolean (object, "ended", FALSE);
  self->is_same = cvm_json_boolean (object, "same", FALSE);
  self->has_counted = read_numbers (object, "counted", &self->counted);
  self->has_stored = read_numbers (object, "stored", &self->stored);
  self->n_orphans = (guint)MIN (read_size (object, "orphans"), G_MAXUINT);
  read_ports (self, object);
  read_run (self, object);

  if (self->report_id == 0 && (self->state == CVM_SPOOL_SENT || self->state == CVM_SPOOL_STORED ||
                               self->state == CVM_SPOOL_MAYBE))
    return refuse (error, "it was sent, and has no id");

  self->server = read_server (object, error);

  return self->server != NULL && read_attachments (self, object, error);
}

static JsonNode *
parse_object (const char  *text,
              gsize        len,
              GError     **error)
{
  g_autoptr(GError) local = NULL;
  JsonNode *node = cvm_json_parse (text, len, JSON_MAX, &local);

  if (node != NULL && JSON_NODE_HOLDS_OBJECT (node))
    return node;

  refuse (error, local != NULL ? local->message : "it is no object");
  g_clear_pointer (&node, json_node_unref);

  return NULL;
}

/**
 * cvm_spool_entry_from_json:
 *
 * Fails with %CVM_TAPPER_ERROR_BROKEN, which says what is wrong. Number and path are not set.
 */
CvmSpoolEntry *
cvm_spool_entry_from_json (const char  *text,
                           gsize        len,
                           GError     **error)
{
  g_autoptr(JsonNode) node = parse_object (text, len, error);
  g_autoptr(CvmSpoolEntry) self = NULL;

  if (node == NULL)
    return NULL;

  self = cvm_spool_entry_new ();
  if (!read_entry (self, json_node_get_object (node), error))
    return NULL;

  return g_steal_pointer (&self);
}

/* Orphans */

void
cvm_spool_orphan_free (CvmSpoolOrphan *self)
{
  g_free (self->title);
  g_free (self->server);
  g_free (self->why);
  g_free (self);
}

CvmSpoolOrphan *
cvm_spool_orphan_from_json (const char  *text,
                            gsize        len,
                            GError     **error)
{
  g_autoptr(JsonNode) node = parse_object (text, len, error);
  CvmSpoolOrphan *self;
  JsonObject *object;

  if (node == NULL)
    return NULL;

  object = json_node_get_object (node);
  self = g_new0 (CvmSpoolOrphan, 1);
  self->number = read_size (object, "number");
  self->title = g_strdup (cvm_json_string (object, "title", ""));
  self->server = g_strdup (cvm_json_string (object, "server", ""));
  self->report_id = read_size (object, "id");
  self->time_s = cvm_json_int (object, "time", 0);
  self->why = g_strdup (cvm_json_string (object, "why", ""));

  return self;
}

char *
cvm_spool_orphan_to_json (const CvmSpoolOrphan *self)
{
  JsonObject *object = json_object_new ();

  json_object_set_int_member (object, "number", self->number);
  json_object_set_string_member (object, "title", self->title);
  json_object_set_string_member (object, "server", self->server);
  json_object_set_int_member (object, "id", self->report_id);
  json_object_set_int_member (object, "time", self->time_s);
  set_why (object, self->why);

  return take_line (object);
}

/* In words */

static void
describe_stored (GString             *text,
                 const CvmSpoolEntry *self)
{
  g_autofree char *numbers = cvm_tapper_numbers_to_text (&self->stored);
  g_autofree char *differences = NULL;

  if (self->has_stored)
    g_string_append_printf (text, " and stored: %s", numbers);
  else if (self->is_same)
    g_string_append (text, " and stored to the byte, not counted by the server");
  else
    g_string_append (text, ", not confirmed");

  if (self->has_stored && self->has_counted)
    differences = cvm_tapper_numbers_compare (&self->counted, &self->stored);
  if (differences != NULL)
    g_string_append_printf (text, "; the server counts otherwise: %s", differences);

  if (self->attachments->len > 0)
    g_string_append_printf (text, "; %u of %u attachments", count_verified (self),
                            self->attachments->len);
}

/**
 * cvm_spool_entry_describe:
 *
 * Returns: what became of it in plain English, such as "sent as 1042 and stored: 35 passed,
 *   2 failed" or "sent as 1042, not confirmed"
 */
char *
cvm_spool_entry_describe (const CvmSpoolEntry *self)
{
  GString *text = g_string_new (NULL);

  switch (self->state)
    {
    case CVM_SPOOL_QUEUED:
      g_string_append (text, "waits to be sent");
      break;
    case CVM_SPOOL_SENDING:
      if (self->report_id == 0)
        g_string_append (text, "was being sent");
      else
        g_string_append_printf (text, "was being sent as %" G_GUINT64_FORMAT ", its end is unknown",
                                self->report_id);
      break;
    case CVM_SPOOL_MAYBE:
      g_string_append_printf (text,
                              "maybe sent as %" G_GUINT64_FORMAT ": the server cannot be asked",
                              self->report_id);
      break;
    case CVM_SPOOL_SENT:
    case CVM_SPOOL_STORED:
    case CVM_SPOOL_DONE:
      g_string_append_printf (text, "sent as %" G_GUINT64_FORMAT, self->report_id);
      describe_stored (text, self);
      break;
    case CVM_SPOOL_BROKEN:
    default:
      g_string_append (text, "broken");
      break;
    }

  if (self->why != NULL)
    g_string_append_printf (text, " (%s)", self->why);

  return g_string_free (text, FALSE);
}
