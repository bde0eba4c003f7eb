/* cvm-report-json.c: a result for programs
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-report.h"

#include "cvm-json.h"

static void
set_string (JsonObject *object,
            const char *name,
            const char *bytes)
{
  g_autofree char *text = bytes != NULL ? cvm_record_dup_utf8 (bytes) : NULL;

  if (text != NULL)
    json_object_set_string_member (object, name, text);
  else
    json_object_set_null_member (object, name);
}

/* A status is there once it is final: the 0 of what has not ended would read as passed */
static void
set_end (JsonObject *object,
         gboolean    is_ended,
         CvmStatus   status)
{
  json_object_set_boolean_member (object, "ended", is_ended);

  if (is_ended)
    json_object_set_int_member (object, "status", status);
  else
    json_object_set_null_member (object, "status");
}

static const char *
directive_name (CvmDirective directive)
{
  if (directive == CVM_DIRECTIVE_TODO)
    return "todo";

  return directive == CVM_DIRECTIVE_SKIP ? "skip" : NULL;
}

static void
set_details (JsonObject      *object,
             const GPtrArray *details)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; details != NULL && i < details->len; i++)
    {
      const CvmDetail *detail = g_ptr_array_index (details, i);
      JsonObject *item = json_object_new ();

      set_string (item, "key", detail->key);
      set_string (item, "value", detail->value);
      json_array_add_object_element (array, item);
    }

  json_object_set_array_member (object, "details", array);
}

static void set_points (JsonObject      *object,
                        const GPtrArray *points);

static JsonObject *
point_to_json (const CvmPoint *point)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "path", point->path);
  set_string (object, "id", point->id);
  set_string (object, "title", point->title);
  json_object_set_boolean_member (object, "precondition", point->is_precondition);
  set_string (object, "outcome", point->is_ended ? cvm_outcome_name (point->outcome) : NULL);
  json_object_set_boolean_member (object, "ok", point->ok);
  set_string (object, "directive", directive_name (point->directive));
  set_string (object, "reason", point->reason);
  json_object_set_int_member (object, "ms", point->ms);
  set_details (object, point->details);
  set_points (object, point->children);

  return object;
}

static void
set_points (JsonObject      *object,
            const GPtrArray *points)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; points != NULL && i < points->len; i++)
    json_array_add_object_element (array, point_to_json (g_ptr_array_index (points, i)));

  json_object_set_array_member (object, "points", array);
}

static void
set_facts (JsonObject      *object,
           const GPtrArray *facts)
{
  JsonObject *members = json_object_new ();

  for (guint i = 0; i < facts->len; i++)
    {
      const CvmDetail *fact = g_ptr_array_index (facts, i);
      g_autofree char *name = cvm_record_dup_utf8 (fact->key);

      set_string (members, name, fact->value);
    }

  json_object_set_object_member (object, "facts", members);
}

static void
set_evidence (JsonObject      *object,
              const GPtrArray *evidence)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < evidence->len; i++)
    {
      const CvmRecord *record = g_ptr_array_index (evidence, i);
      JsonObject *item = json_object_new ();

      set_string (item, "name", record->name);
      set_string (item, "path", record->path);
      set_string (item, "kind", record->kind);
      set_string (item, "case", record->id);
      json_array_add_object_element (array, item);
    }

  json_object_set_array_member (object, "evidence", array);
}

static JsonObject *
job_to_json (const CvmJobResult *job)
{
  JsonObject *object = json_object_new ();

  set_string (object, "id", job->id);
  set_string (object, "image", job->image);
  set_string (object, "host", job->host_uri);
  set_string (object, "suite", job->suite);
  set_end (object, job->ended_us != 0, job->status);
  set_string (object, "why", job->why);
  json_object_set_int_member (object, "planned", job->planned);
  json_object_set_int_member (object, "passed", job->passed);
  json_object_set_int_member (object, "failed", job->failed);
  json_object_set_int_member (object, "skipped", job->skipped);
  set_points (object, job->points);
  set_facts (object, job->facts);
  set_evidence (object, job->evidence);

  return object;
}

char *
cvm_report_json (CvmResult *result)
{
  JsonObject *object = json_object_new ();
  g_autoptr(JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  g_autofree char *text = NULL;
  JsonArray *jobs = json_array_new ();

  json_node_take_object (node, object);
  set_string (object, "title", cvm_result_get_title (result));
  set_end (object, cvm_result_is_ended (result), cvm_result_get_status (result));

  for (guint i = 0; i < cvm_result_n_jobs (result); i++)
    json_array_add_object_element (jobs, job_to_json (cvm_result_job (result, i)));

  json_object_set_array_member (object, "jobs", jobs);
  text = cvm_json_to_pretty (node);

  return g_strconcat (text, "\n", NULL);
}
