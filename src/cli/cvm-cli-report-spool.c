/* cvm-cli-report-spool.c: the verbs report spool …
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <glib/gi18n.h>

#include "cvm-cli-list.h"
#include "cvm-cli-report.h"
#include "cvm-cli-submit.h"
#include "cvm-cli-worker.h"
#include "cvm-cli.h"
#include "cvm-tapper-error.h"

#define PATH "cvmtester-cli report spool"

/* As JSON ------------------------------------------------------------------------------------ */

static void
set_time (JsonObject *object,
          const char *name,
          gint64      time_s)
{
  g_autoptr(GDateTime) time = time_s > 0 ? g_date_time_new_from_unix_utc (time_s) : NULL;
  g_autofree char *text = time != NULL ? g_date_time_format_iso8601 (time) : NULL;

  json_object_set_string_member (object, name, text);
}

static void
set_id (JsonObject *object,
        guint64     report_id)
{
  if (report_id != 0)
    json_object_set_int_member (object, "report_id", (gint64)report_id);
  else
    json_object_set_null_member (object, "report_id");
}

static JsonArray *
attachments_of (const CvmSpoolEntry *entry)
{
  JsonArray *list = json_array_new ();

  for (guint i = 0; entry->attachments != NULL && i < entry->attachments->len; i++)
    {
      const CvmSpoolAttachment *file = g_ptr_array_index (entry->attachments, i);
      JsonObject *object = cvm_cli_list_add (list);

      json_object_set_string_member (object, "name", file->name);
      json_object_set_string_member (object, "type", file->type);
      json_object_set_int_member (object, "size", (gint64)file->size);
      json_object_set_string_member (object, "state", cvm_spool_file_state_to_string (file->state));
    }

  return list;
}

static void
fill_entry (JsonObject          *object,
            const CvmSpoolEntry *entry)
{
  g_autofree char *told = cvm_spool_entry_describe (entry);
  g_autofree char *url = entry->server != NULL && entry->report_id != 0
                           ? cvm_tapper_server_dup_report_url (entry->server, entry->report_id)
                           : NULL;

  json_object_set_int_member (object, "number", (gint64)entry->number);
  json_object_set_string_member (object, "state", cvm_spool_state_to_string (entry->state));
  json_object_set_string_member (object, "title", entry->title);
  json_object_set_string_member (object, "server",
                                 entry->server != NULL ? cvm_tapper_server_get_label (entry->server)
                                                       : NULL);
  set_id (object, entry->report_id);
  json_object_set_string_member (object, "url", url);
  json_object_set_int_member (object, "size", (gint64)entry->size);
  set_time (object, "added", entry->added_s);
  json_object_set_int_member (object, "tries", entry->n_tries);
  set_time (object, "next_try", entry->next_try_s);
  json_object_set_int_member (object, "orphans", entry->n_orphans);
  json_object_set_string_member (object, "why", entry->why);
  json_object_set_string_member (object, "told", told);
  json_object_set_array_member (object, "attachments", attachments_of (entry));
}

static void
fill_orphan (JsonObject           *object,
             const CvmSpoolOrphan *orphan)
{
  json_object_set_int_member (object, "number", (gint64)orphan->number);
  json_object_set_string_member (object, "title", orphan->title);
  json_object_set_string_member (object, "server", orphan->server);
  set_id (object, orphan->report_id);
  set_time (object, "time", orphan->time_s);
  json_object_set_string_member (object, "why", orphan->why);
}

/* list --------------------------------------------------------------------------------------- */

static JsonArray *
list_entries (CvmSpool  *spool,
              GError   **error)
{
  g_autoptr(GPtrArray) entries = cvm_spool_list (spool, error);
  JsonArray *list;

  if (entries == NULL)
    return NULL;

  list = json_array_new ();
  for (guint i = 0; i < entries->len; i++)
    fill_entry (cvm_cli_list_add (list), g_ptr_array_index (entries, i));

  return list;
}

static JsonArray *
list_orphans (CvmSpool  *spool,
              GError   **error)
{
  g_autoptr(GPtrArray) orphans = cvm_spool_orphans (spool, error);
  JsonArray *list;

  if (orphans == NULL)
    return NULL;

  list = json_array_new ();
  for (guint i = 0; i < orphans->len; i++)
    fill_orphan (cvm_cli_list_add (list), g_ptr_array_index (orphans, i));

  return list;
}

static void
tell_orphans (CvmSpool *spool)
{
  g_autoptr(GPtrArray) orphans = cvm_spool_orphans (spool, NULL);

  if (orphans != NULL && orphans->len > 0)
    cvm_cli_message (ngettext ("%u send came to nothing, and the server keeps it; “--orphans” "
                               "lists it",
                               "%u sends came to nothing, and the server keeps them; “--orphans” "
                               "lists them", orphans->len), orphans->len);
}

static int
list_run (int    argc,
          char **argv)
{
  static const char *const entry_columns[] = { "number", "state", "server", "report_id", "title",
                                               "why", NULL };
  static const char *const orphan_columns[] = { "number", "server", "report_id", "time", "title",
                                                "why", NULL };
  g_autoptr(CvmCliSubmit) submit = NULL;
  g_autoptr(JsonArray) list = NULL;
  g_autoptr(GError) error = NULL;
  gboolean is_json = FALSE;
  gboolean is_orphans = FALSE;
  const GOptionEntry entries[] = {
    { "orphans", 0, 0, G_OPTION_ARG_NONE, &is_orphans,
      N_("List what servers keep of sends that came to nothing"), NULL },
    { "json", 0, 0, G_OPTION_ARG_NONE, &is_json, N_("Print an array of objects"), NULL },
    { NULL }
  };
  CvmCliSyntax syntax = {
    PATH " list", NULL, _("Lists the reports that wait to be sent, in that order."), NULL,
    entries, 0, 0
  };
  CvmSpool *spool;

  if (!cvm_cli_parse (&syntax, &argc, &argv))
    return CVM_STATUS_USAGE;

  submit = cvm_cli_submit_new (FALSE);
  spool = cvm_cli_submit_get_spool (submit);
  list = is_orphans ? list_orphans (spool, &error) : list_entries (spool, &error);
  if (list == NULL)
    return cvm_cli_fail (error);

  if (is_json)
    cvm_cli_list_print_json (list);
  else
    cvm_cli_list_print_columns (list, is_orphans ? orphan_columns : entry_columns);
  if (!is_json && !is_orphans)
    tell_orphans (spool);

  return CVM_STATUS_PASSED;
}

/* One report --------------------------------------------------------------------------------- */

/* A number that the spool has not is a wrong usage */
static int
fail (const GError *error)
{
  int status = cvm_cli_fail (error);

  return g_error_matches (error, CVM_TAPPER_ERROR, CVM_TAPPER_ERROR_NO_SUCH_REPORT)
           ? CVM_STATUS_USAGE
           : status;
}

static gboolean
read_number (const char *path,
             const char *text,
             guint64    *number)
{
  if (g_ascii_string_to_unsigned (text, 10, 1, G_MAXUINT64, number, NULL))
    return TRUE;

  cvm_cli_usage (path, _("“%s” is no number of a report in the spool"), text);

  return FALSE;
}

/* The arguments of a verb about one report, which have no options */
static gboolean
parse_number (const char  *path,
              const char  *summary,
              const char  *description,
              int          argc,
              char       **argv,
              guint64     *number)
{
  const GOptionEntry entries[] = { { NULL } };
  CvmCliSyntax syntax = { path, "NUMBER", summary, description, entries, 1, 1 };

  return cvm_cli_parse (&syntax, &argc, &argv) && read_number (path, argv[1], number);
}

static int
show_run (int    argc,
          char **argv)
{
  g_autoptr(CvmCliSubmit) submit = NULL;
  g_autoptr(CvmSpoolEntry) entry = NULL;
  g_autoptr(JsonArray) list = json_array_new ();
  g_autoptr(GError) error = NULL;
  gboolean is_json = FALSE;
  guint64 number;
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &is_json, N_("Print an array of one object"), NULL },
    { NULL }
  };
  CvmCliSyntax syntax = {
    PATH " show", "NUMBER", _("Shows a report that waits to be sent, and its files."), NULL,
    entries, 1, 1
  };

  if (!cvm_cli_parse (&syntax, &argc, &argv) || !read_number (PATH " show", argv[1], &number))
    return CVM_STATUS_USAGE;

  submit = cvm_cli_submit_new (FALSE);
  entry = cvm_spool_find (cvm_cli_submit_get_spool (submit), number, &error);
  if (entry == NULL)
    return fail (error);

  fill_entry (cvm_cli_list_add (list), entry);
  cvm_cli_list_print (list, is_json, NULL);

  return CVM_STATUS_PASSED;
}

static int
drop_run (int    argc,
          char **argv)
{
  g_autoptr(CvmCliSubmit) submit = NULL;
  g_autoptr(GError) error = NULL;
  guint64 number;

  if (!parse_number (PATH " drop", _("Takes a report out of the spool without sending it."),
                     _("What the server has of it already stays there. The report itself is lost, "
                       "unless its file\n"
                       "or run is elsewhere, too."), argc, argv, &number))
    return CVM_STATUS_USAGE;

  submit = cvm_cli_submit_new (FALSE);
  if (!cvm_spool_drop (cvm_cli_submit_get_spool (submit), number, &error))
    return fail (error);

  return CVM_STATUS_PASSED;
}

/* Sending ------------------------------------------------------------------------------------ */

static gboolean
flush_work (gpointer       data,
            GCancellable  *cancellable,
            GError       **error)
{
  return cvm_cli_submit_flush (data, TRUE, cancellable, error);
}

static int
flush (CvmCliSubmit *submit)
{
  g_autoptr(GError) error = NULL;

  if (!cvm_cli_work (flush_work, submit, &error))
    return cvm_cli_fail (error);

  return cvm_cli_submit_n_waiting (submit) > 0 ? CVM_STATUS_ENVIRONMENT : CVM_STATUS_PASSED;
}

static int
flush_run (int    argc,
           char **argv)
{
  g_autoptr(CvmCliSubmit) submit = NULL;
  const GOptionEntry entries[] = { { NULL } };
  CvmCliSyntax syntax = {
    PATH " flush", NULL, _("Sends now what waits in the spool."),
    _("Exit status: 0 the spool is empty, 3 some reports still wait."), entries, 0, 0
  };

  if (!cvm_cli_parse (&syntax, &argc, &argv))
    return CVM_STATUS_USAGE;

  submit = cvm_cli_submit_new (FALSE);

  return flush (submit);
}

static int
retry_run (int    argc,
           char **argv)
{
  g_autoptr(CvmCliSubmit) submit = NULL;
  g_autoptr(GError) error = NULL;
  guint64 number;

  if (!parse_number (PATH " retry",
                     _("Sends a report again that was maybe sent, or that is broken."),
                     _("If the server had it after all it has it twice then.\n"
                       "Exit status: 0 sent, 3 it still waits."), argc, argv, &number))
    return CVM_STATUS_USAGE;

  submit = cvm_cli_submit_new (FALSE);
  if (!cvm_spool_retry (cvm_cli_submit_get_spool (submit), number, &error))
    return fail (error);

  cvm_cli_submit_want (submit, number);

  return flush (submit);
}

int
cvm_cli_report_spool (int    argc,
                      char **argv)
{
  static const CvmCliVerb verbs[] = {
    { "list", N_("List the reports that wait to be sent"), list_run },
    { "flush", N_("Send them now"), flush_run },
    { "show", N_("Show one of them"), show_run },
    { "drop", N_("Take one out without sending it"), drop_run },
    { "retry", N_("Send one again that was maybe sent, or that is broken"), retry_run },
    { NULL }
  };

  return cvm_cli_dispatch (verbs, PATH, _("The spool: reports that wait to be sent."), argc, argv);
}
