/* cvm-cli-report-browse.c: what the verbs that read a server's reports share
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-cli-report-browse.h"

#include <glib/gi18n.h>

#include "cvm-cli.h"
#include "cvm-text.h"

CvmTapperBrowse *
cvm_cli_browse_open (const CvmCliServer  *options,
                     CvmTapperServer    **server,
                     int                 *status)
{
  g_autoptr(GError) error = NULL;

  *server = cvm_cli_server_find (options, &error);
  if (*server == NULL)
    {
      *status = cvm_cli_fail (error);
      return NULL;
    }

  return cvm_tapper_browse_new (*server);
}

gboolean
cvm_cli_browse_id (const char *path,
                   const char *text,
                   guint64    *id)
{
  g_autofree char *shown = cvm_text_quote (text);

  if (g_ascii_string_to_unsigned (text + (text[0] == 'r' ? 1 : 0), 10, 1, G_MAXINT64, id, NULL))
    return TRUE;

  cvm_cli_usage (path, _("%s is not the number of a report"), shown);

  return FALSE;
}

char *
cvm_cli_browse_time (gint64 time_us)
{
  g_autoptr(GDateTime) time = g_date_time_new_from_unix_local (time_us / G_USEC_PER_SEC);

  return time_us != 0 && time != NULL ? g_date_time_format (time, "%Y-%m-%d %H:%M") : g_strdup ("");
}

char *
cvm_cli_browse_stamp (gint64 time_us)
{
  g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc (time_us / G_USEC_PER_SEC);

  return time_us != 0 && time != NULL ? g_date_time_format (time, "%Y-%m-%dT%H:%M:%SZ") : NULL;
}

static void
set_time (JsonObject *object,
          const char *name,
          gint64      time_us)
{
  g_autofree char *text = cvm_cli_browse_stamp (time_us);

  json_object_set_string_member (object, name, text);
}

static void
set_count (JsonObject *object,
           const char *name,
           int         count)
{
  if (count == CVM_TAPPER_UNKNOWN)
    json_object_set_null_member (object, name);
  else
    json_object_set_int_member (object, name, count);
}

void
cvm_cli_browse_fill (JsonObject            *object,
                     const CvmTapperReport *report,
                     const CvmTapperServer *server)
{
  g_autofree char *url = cvm_tapper_server_dup_report_url (server, report->id);

  json_object_set_int_member (object, "id", (gint64)report->id);
  set_time (object, "created", report->created_us);
  json_object_set_string_member (object, "suite", report->suite);
  json_object_set_string_member (object, "version", report->version);
  json_object_set_string_member (object, "machine", report->machine);
  json_object_set_string_member (object, "grade", report->grade);
  if (report->ratio >= 0)
    json_object_set_double_member (object, "ratio", report->ratio);
  else
    json_object_set_null_member (object, "ratio");
  set_count (object, "total", report->total);
  set_count (object, "passed", report->passed);
  set_count (object, "failed", report->failed);
  set_count (object, "skipped", report->skipped);
  set_count (object, "todo", report->todo);
  set_count (object, "parse_errors", report->parse_errors);
  json_object_set_string_member (object, "group", report->group);
  json_object_set_string_member (object, "owner", report->owner);
  json_object_set_string_member (object, "url", url);
}
