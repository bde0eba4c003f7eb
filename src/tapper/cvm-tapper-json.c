/* cvm-tapper-json.c: reports read from the JSON that the reports API answers with
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-tapper-json.h"

#include <stdlib.h>
#include <string.h>

#include "cvm-json.h"

#define FILES "cvmtester_files"
#define AT(field) G_STRUCT_OFFSET (CvmTapperReport, field)

typedef struct { const char *name; gsize offset; } Member;

static const Member texts[] = {
  { "suite_name", AT (suite) }, { "suite_version", AT (version) },
  { "machine_name", AT (machine) }, { "machine_description", AT (description) },
  { "successgrade", AT (grade) }, { "reportername", AT (reporter) }, { "owner", AT (owner) },
  { "reportgroup_arbitrary_id", AT (group) }, { "peerhost", AT (peer) },
};

static const Member times[] = {
  { "created_at", AT (created_us) }, { "starttime_test_program", AT (started_us) },
  { "endtime_test_program", AT (ended_us) },
};

static const Member counts[] = {
  { "total", AT (total) }, { "passed", AT (passed) }, { "failed", AT (failed) },
  { "skipped", AT (skipped) }, { "todo", AT (todo) }, { "todo_passed", AT (todo_passed) },
  { "parse_errors", AT (parse_errors) },
};

/* The member as text, whether it is written as a string or as a number */
static char *
dup_text (JsonObject *object,
          const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  if (node != NULL && JSON_NODE_HOLDS_VALUE (node)
      && json_node_get_value_type (node) == G_TYPE_INT64)
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
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    G_STRUCT_MEMBER (char *, self, texts[i].offset) = dup_text (object, texts[i].name);
  if (self->group == NULL)
    self->group = dup_text (object, "reportgroup_testrun_id");
}

static void
read_counts (CvmTapperReport *self,
             JsonObject      *object)
{
  for (guint i = 0; i < G_N_ELEMENTS (counts); i++)
    G_STRUCT_MEMBER (int, self, counts[i].offset) = count_of (object, counts[i].name);
}

/* Only what this program has written has files. */
static void
read_files (CvmTapperReport *self,
            JsonObject      *object)
{
  JsonNode *node = json_object_get_member (object, FILES);
  JsonArray *array = node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node)
                                                                  : NULL;

  if (array == NULL)
    return;

  self->files = g_ptr_array_new_with_free_func ((GDestroyNotify)cvm_tapper_file_free);
  for (guint i = 0; i < MIN (json_array_get_length (array), CVM_TAPPER_FILES_MAX); i++)
    {
      JsonNode *item = json_array_get_element (array, i);
      JsonObject *file = JSON_NODE_HOLDS_OBJECT (item) ? json_node_get_object (item) : NULL;
      g_autofree char *name = file != NULL ? dup_text (file, "name") : NULL;
      g_autofree char *type = file != NULL ? dup_text (file, "type") : NULL;

      if (name != NULL && cvm_json_int (file, "id", 0) > 0)
        g_ptr_array_add (self->files,
                         cvm_tapper_file_new ((guint64)cvm_json_int (file, "id", 0), name, type,
                                              time_of (file, "created_at")));
    }
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
  for (guint i = 0; i < G_N_ELEMENTS (times); i++)
    G_STRUCT_MEMBER (gint64, report, times[i].offset) = time_of (object, times[i].name);
  report->ratio = ratio_of (object);
  read_texts (report, object);
  read_counts (report, object);
  read_files (report, object);

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

/* Writing ------------------------------------------------------------------------------------ */

static void
add_time (JsonObject *object,
          const char *name,
          gint64      time_us)
{
  g_autofree char *text = cvm_tapper_time_format (time_us);

  if (text != NULL)
    json_object_set_string_member (object, name, text);
}

static JsonArray *
write_files (GPtrArray *files)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < files->len; i++)
    {
      const CvmTapperFile *file = files->pdata[i];
      JsonObject *object = json_object_new ();

      json_object_set_int_member (object, "id", (gint64)file->id);
      json_object_set_string_member (object, "name", file->name);
      json_object_set_string_member (object, "type", file->type);
      add_time (object, "created_at", file->created_us);
      json_array_add_object_element (array, object);
    }

  return array;
}

static JsonObject *
write_report (const CvmTapperReport *report)
{
  JsonObject *object = json_object_new ();

  json_object_set_int_member (object, "id", (gint64)report->id);
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    json_object_set_string_member (object, texts[i].name,
                                   G_STRUCT_MEMBER (const char *, report, texts[i].offset));
  for (guint i = 0; i < G_N_ELEMENTS (times); i++)
    add_time (object, times[i].name, G_STRUCT_MEMBER (gint64, report, times[i].offset));
  for (guint i = 0; i < G_N_ELEMENTS (counts); i++)
    json_object_set_int_member (object, counts[i].name,
                                G_STRUCT_MEMBER (int, report, counts[i].offset));
  json_object_set_double_member (object, "success_ratio", report->ratio);
  if (report->files != NULL)
    json_object_set_array_member (object, FILES, write_files (report->files));

  return object;
}

/**
 * cvm_tapper_json_write:
 *
 * Returns: what cvm_tapper_json_read() makes the same reports of
 */
char *
cvm_tapper_json_write (const CvmTapperReport *const *reports,
                       guint                         n_reports)
{
  g_autoptr(JsonNode) root = json_node_new (JSON_NODE_ARRAY);
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < n_reports; i++)
    json_array_add_object_element (array, write_report (reports[i]));
  json_node_take_array (root, array);

  return cvm_json_to_line (root);
}
