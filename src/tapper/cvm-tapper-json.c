/* cvm-tapper-json.c: reports read from the JSON that the reports API answers with
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-tapper-json.h"

#include <stdlib.h>
#include <string.h>

#include "cvm-json.h"

/* The member as text, whether it is written as a string or as a number */
static char *
dup_text (JsonObject *object,
          const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  if (node != NULL && JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_INT64)
    return g_strdup_printf ("%" G_GINT64_FORMAT, json_node_get_int (node));

  return cvm_tapper_text_mend (cvm_json_string (object, name, NULL), -1);
}

/* Perl writes a number as one or as a string, as it was used last. */
static int
count_of (JsonObject *object,
          const char *name)
{
  g_autofree char *text = dup_text (object, name);
  guint64 count;

  return text != NULL && g_ascii_string_to_unsigned (text, 10, 0, G_MAXINT, &count, NULL)
         ? (int)count : CVM_TAPPER_UNKNOWN;
}

static double
ratio_of (JsonObject *object)
{
  const char *text = cvm_json_string (object, "success_ratio", NULL);
  JsonNode *node = json_object_get_member (object, "success_ratio");
  char *end = NULL;
  double ratio = CVM_TAPPER_UNKNOWN;

  if (text != NULL)
    ratio = g_ascii_strtod (text, &end);
  else if (node != NULL && JSON_NODE_HOLDS_VALUE (node))
    ratio = json_node_get_double (node);

  return (end == NULL || (end != text && *end == '\0')) && ratio >= 0 && ratio <= 100
         ? ratio : CVM_TAPPER_UNKNOWN;
}

static gint64
time_of (JsonObject *object,
         const char *name)
{
  return cvm_tapper_time_parse (cvm_json_string (object, name, NULL));
}

static void
read_texts (CvmTapperReport *self,
            JsonObject      *object)
{
  const struct { const char *name; char **text; } members[] = {
    { "suite_name", &self->suite }, { "suite_version", &self->version },
    { "machine_name", &self->machine }, { "machine_description", &self->description },
    { "successgrade", &self->grade }, { "reportername", &self->reporter },
    { "owner", &self->owner }, { "reportgroup_arbitrary_id", &self->group },
    { "peerhost", &self->peer },
  };

  for (guint i = 0; i < G_N_ELEMENTS (members); i++)
    *members[i].text = dup_text (object, members[i].name);
  if (self->group == NULL)
    self->group = dup_text (object, "reportgroup_testrun_id");
}

static void
read_counts (CvmTapperReport *self,
             JsonObject      *object)
{
  const struct { const char *name; int *count; } members[] = {
    { "total", &self->total }, { "passed", &self->passed }, { "failed", &self->failed },
    { "skipped", &self->skipped }, { "todo", &self->todo }, { "todo_passed", &self->todo_passed },
    { "parse_errors", &self->parse_errors },
  };

  for (guint i = 0; i < G_N_ELEMENTS (members); i++)
    *members[i].count = count_of (object, members[i].name);
}

/* NULL for what has no id */
static CvmTapperReport *
read_report (JsonNode *node)
{
  JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  g_autofree char *text = object != NULL ? dup_text (object, "id") : NULL;
  CvmTapperReport *report;
  guint64 id;

  if (text == NULL || !g_ascii_string_to_unsigned (text, 10, 1, G_MAXINT64, &id, NULL))
    return NULL;

  report = cvm_tapper_report_new (id);
  report->created_us = time_of (object, "created_at");
  report->started_us = time_of (object, "starttime_test_program");
  report->ended_us = time_of (object, "endtime_test_program");
  report->ratio = ratio_of (object);
  read_texts (report, object);
  read_counts (report, object);

  return report;
}

static gboolean
read_array (JsonNode   *root,
            GPtrArray  *reports,
            GError    **error)
{
  JsonArray *array = JSON_NODE_HOLDS_ARRAY (root) ? json_node_get_array (root) : NULL;

  if (array == NULL || json_array_get_length (array) > CVM_TAPPER_REPORTS_MAX)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                           "the API's answer is no list of reports, or one without end");
      return FALSE;
    }

  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      CvmTapperReport *report = read_report (json_array_get_element (array, i));

      if (report != NULL)
        g_ptr_array_add (reports, report);
    }

  return TRUE;
}

/**
 * cvm_tapper_json_read:
 *
 * Reads `reportdata('… :: /report').to_json`. No match is not `[]` but an empty line, and an
 * empty list here.
 *
 * Returns: (element-type CvmTapperReport) (transfer full): in the server's order, or %NULL with
 *   %G_IO_ERROR_INVALID_DATA
 */
GPtrArray *
cvm_tapper_json_read (const char  *bytes,
                      gsize        len,
                      GError     **error)
{
  g_autoptr(GPtrArray) reports =
    g_ptr_array_new_with_free_func ((GDestroyNotify)cvm_tapper_report_free);
  g_autoptr(JsonNode) root = NULL;
  g_autoptr(GError) local = NULL;
  gsize blank = 0;

  while (blank < len && g_ascii_isspace (bytes[blank]))
    blank++;
  if (blank == len)
    return g_steal_pointer (&reports);

  root = cvm_json_parse (bytes, len, CVM_TAPPER_JSON_MAX, &local);
  if (root == NULL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "the API's answer is no JSON: %s",
                   local->message);
      return NULL;
    }

  return read_array (root, reports, error) ? g_steal_pointer (&reports) : NULL;
}
