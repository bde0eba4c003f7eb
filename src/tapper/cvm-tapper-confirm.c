/* cvm-tapper-confirm.c: what a server counted in a report, and which reports it made unasked
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-tapper-confirm.h"

#include "cvm-json.h"
#include "cvm-tapper-api.h"
#include "cvm-tapper-error.h"

#define ANSWER_MAX (4 * 1024 * 1024)   /* bytes */
#define LOOK_BACK  200                 /* reports */

/* Perl's JSON has numbers as they were last used: "2" or 2 */
static guint64
number_of (JsonObject *object,
           const char *name)
{
  const char *text = cvm_json_string (object, name, NULL);
  guint64 number = 0;

  if (text == NULL)
    return MAX (cvm_json_int (object, name, 0), 0);

  g_ascii_string_to_unsigned (text, 10, 0, G_MAXINT64, &number, NULL);

  return number;
}

static void
read_numbers (JsonObject       *object,
              CvmTapperNumbers *numbers)
{
  const char *grade = cvm_json_string (object, "successgrade", "");

  numbers->word = g_str_equal (grade, "PASS") ? CVM_TAP_PASS
                  : g_str_equal (grade, "NOTESTS") ? CVM_TAP_NOTESTS : CVM_TAP_FAIL;
  numbers->total = number_of (object, "total");
  numbers->passed = number_of (object, "passed");
  numbers->failed = number_of (object, "failed");
  numbers->skipped = number_of (object, "skipped");
  numbers->todo = number_of (object, "todo");
  numbers->todo_passed = number_of (object, "todo_passed");
  numbers->parse_errors = number_of (object, "parse_errors");
}

static gboolean
is_blank (const char *text,
          gsize       len)
{
  for (gsize i = 0; i < len; i++)
    {
      if (!g_ascii_isspace (text[i]))
        return FALSE;
    }

  return TRUE;
}

/* The array of an answer; NULL without an error: it says that there is none */
static JsonNode *
read_array (const char  *text,
            gsize        len,
            GError     **error)
{
  GError *local = NULL;
  JsonNode *node;

  if (is_blank (text, len))
    return NULL;

  node = cvm_json_parse (text, len, ANSWER_MAX, &local);
  if (node != NULL && JSON_NODE_HOLDS_ARRAY (node))
    return node;

  g_clear_pointer (&node, json_node_unref);
  cvm_tapper_error_take (error, CVM_TAPPER_ERROR_NO_ANSWER, local,
                         "The reports API answers with what is no list of reports");

  return NULL;
}

static JsonObject *
element (JsonArray *array,
         guint      index)
{
  JsonNode *node = json_array_get_element (array, index);

  return JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

/**
 * cvm_tapper_confirm_read:
 * @text: what the API answered
 *
 * Fails with %CVM_TAPPER_ERROR_NO_ANSWER for what is neither JSON nor empty.
 */
gboolean
cvm_tapper_confirm_read (const char        *text,
                         gsize              len,
                         guint64            id,
                         gboolean          *is_found,
                         CvmTapperNumbers  *numbers,
                         GError           **error)
{
  g_autoptr(GError) local = NULL;
  g_autoptr(JsonNode) node = read_array (text, len, &local);
  JsonArray *array = node != NULL ? json_node_get_array (node) : NULL;

  *is_found = FALSE;
  if (local != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }

  for (guint i = 0; array != NULL && i < json_array_get_length (array) && !*is_found; i++)
    {
      JsonObject *object = element (array, i);

      if (object == NULL || number_of (object, "id") != id)
        continue;

      read_numbers (object, numbers);
      *is_found = TRUE;
    }

  return TRUE;
}

/**
 * cvm_tapper_confirm:
 * @is_found: (out): whether the server has parsed the report; it may still do so
 * @numbers: (out): set if it has
 *
 * Asks once. Errors as those of cvm-tapper-api.h.
 */
gboolean
cvm_tapper_confirm (const CvmTapperServer  *server,
                    guint64                 id,
                    gboolean               *is_found,
                    CvmTapperNumbers       *numbers,
                    gint64                  deadline_us,
                    GCancellable           *cancellable,
                    GError                **error)
{
  g_autoptr(GBytes) answer = cvm_tapper_api_reports (server, &id, 1, ANSWER_MAX, deadline_us,
                                                     cancellable, error);
  gconstpointer text;
  gsize len;

  if (answer == NULL)
    return FALSE;

  text = g_bytes_get_data (answer, &len);

  return cvm_tapper_confirm_read (text, len, id, is_found, numbers, error);
}

/* Lost reports */

static gboolean
has_port (GArray  *ports,
          guint64  port)
{
  for (guint i = 0; i < ports->len; i++)
    {
      if (g_array_index (ports, guint16, i) == port)
        return TRUE;
    }

  return FALSE;
}

/* Made of a connection that said nothing: whatever came over it would have been counted. */
static void
collect (JsonArray *array,
         GArray    *ports,
         GArray    *lost)
{
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonObject *object = element (array, i);
      CvmTapperLost found;

      if (object == NULL || number_of (object, "total") > 0 ||
          !has_port (ports, number_of (object, "peerport")))
        continue;

      found.id = number_of (object, "id");
      found.port = (guint16)number_of (object, "peerport");
      if (found.id > 0)
        g_array_append_val (lost, found);
    }
}

/**
 * cvm_tapper_find_lost:
 * @below: the id of a later report
 * @ports: (element-type guint16): of this end of connections that told no id
 *
 * Returns: (element-type CvmTapperLost): the empty reports that the server made of them, among the
 *   200 before @below
 */
GArray *
cvm_tapper_find_lost (const CvmTapperServer  *server,
                      guint64                 below,
                      GArray                 *ports,
                      gint64                  deadline_us,
                      GCancellable           *cancellable,
                      GError                **error)
{
  GArray *lost = g_array_new (FALSE, FALSE, sizeof (CvmTapperLost));
  guint64 first = below > LOOK_BACK ? below - LOOK_BACK : 1;
  g_autoptr(GArray) ids = g_array_new (FALSE, FALSE, sizeof (guint64));
  g_autoptr(GBytes) answer = NULL;
  g_autoptr(JsonNode) node = NULL;
  GError *local = NULL;
  gconstpointer text;
  gsize len;

  for (guint64 id = first; id < below; id++)
    g_array_append_val (ids, id);

  if (ids->len == 0)
    return lost;

  answer = cvm_tapper_api_reports_once (server, &g_array_index (ids, guint64, 0), ids->len,
                                        ANSWER_MAX, deadline_us, cancellable, &local);
  if (answer != NULL)
    {
      text = g_bytes_get_data (answer, &len);
      node = read_array (text, len, &local);
    }

  if (local != NULL)
    {
      g_propagate_error (error, local);
      g_array_unref (lost);
      return NULL;
    }

  if (node != NULL)
    collect (json_node_get_array (node), ports, lost);

  return lost;
}
