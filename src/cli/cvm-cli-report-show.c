/* cvm-cli-report-show.c: the verbs report show, tap and files
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <glib/gi18n.h>
#include <unistd.h>

#include "cvm-cli-list.h"
#include "cvm-cli-report-browse.h"
#include "cvm-cli-report.h"
#include "cvm-cli-worker.h"
#include "cvm-cli.h"
#include "cvm-wait.h"

typedef struct
{
  CvmTapperBrowse *browse;
  guint64          id;
  CvmTapperReport *report;   /* found */
  GBytes          *tap;      /* found */
} Asked;

static void
asked_clear (Asked *self)
{
  g_clear_pointer (&self->browse, cvm_tapper_browse_free);
  g_clear_pointer (&self->report, cvm_tapper_report_free);
  g_clear_pointer (&self->tap, g_bytes_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Asked, asked_clear)

/* In a worker */
static gboolean
ask_report (gpointer       data,
            GCancellable  *cancellable,
            GError       **error)
{
  Asked *self = data;

  self->report = cvm_tapper_browse_show (self->browse, self->id,
                                         cvm_deadline_in_ms (CVM_CLI_BROWSE_MS), cancellable,
                                         error);

  return self->report != NULL;
}

static gboolean
ask_tap (gpointer       data,
         GCancellable  *cancellable,
         GError       **error)
{
  Asked *self = data;

  self->tap = cvm_tapper_browse_tap (self->browse, self->id,
                                     cvm_deadline_in_ms (CVM_CLI_BROWSE_MS), cancellable, error);

  return self->tap != NULL;
}

/* Opens and asks; all that went wrong was told when it is not CVM_STATUS_PASSED. */
static int
ask (Asked               *self,
     const char          *path,
     const char          *text,
     const CvmCliServer  *options,
     CvmCliWork           work,
     CvmTapperServer    **server)
{
  g_autoptr(GError) error = NULL;
  int status = CVM_STATUS_USAGE;

  if (!cvm_cli_browse_id (path, text, &self->id))
    return status;

  self->browse = cvm_cli_browse_open (options, server, &status);
  if (self->browse == NULL)
    return status;

  return cvm_cli_work (work, self, &error) ? CVM_STATUS_PASSED : cvm_cli_fail (error);
}

/* Lists ------------------------------------------------------------------------------------- */

/* A verb that asks for a report and lists what it finds there */
typedef struct
{
  const char        *path;
  const char        *summary;
  const char        *json_help;
  int              (*fill) (JsonArray             *list,
                            const CvmTapperReport *report,
                            const CvmTapperServer *server,
                            gboolean               is_json);
  const char *const *columns;
} Listing;

static int
list_report (const Listing  *listing,
             int             argc,
             char          **argv)
{
  g_auto(CvmCliServer) options = { 0 };
  g_auto(Asked) asked = { 0 };
  g_autoptr(CvmTapperServer) server = NULL;
  g_autoptr(JsonArray) list = json_array_new ();
  gboolean is_json = FALSE;
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &is_json, listing->json_help, NULL },
    CVM_CLI_SERVER_ENTRIES (options),
    { NULL }
  };
  CvmCliSyntax syntax = { listing->path, "ID", _(listing->summary), NULL, entries, 1, 1 };
  int status;

  if (!cvm_cli_parse (&syntax, &argc, &argv))
    return CVM_STATUS_USAGE;

  status = ask (&asked, listing->path, argv[1], &options, ask_report, &server);
  if (status == CVM_STATUS_PASSED)
    status = listing->fill (list, asked.report, server, is_json);
  if (status == CVM_STATUS_PASSED)
    cvm_cli_list_print (list, is_json, listing->columns);

  return status;
}

/* files -------------------------------------------------------------------------------------- */

static void
fill_files (JsonArray             *list,
            const CvmTapperReport *report,
            gboolean               is_json)
{
  for (guint i = 0; report->files != NULL && i < report->files->len; i++)
    {
      const CvmTapperFile *file = report->files->pdata[i];
      JsonObject *object = cvm_cli_list_add (list);
      g_autofree char *created = is_json ? cvm_cli_browse_stamp (file->created_us)
                                         : cvm_cli_browse_time (file->created_us);

      json_object_set_int_member (object, "id", (gint64)file->id);
      json_object_set_string_member (object, "created", created);
      json_object_set_string_member (object, "type", file->type);
      json_object_set_string_member (object, "name", file->name);
    }
}

static int
list_files (JsonArray             *list,
            const CvmTapperReport *report,
            const CvmTapperServer *server,
            gboolean               is_json)
{
  if (report->files == NULL)
    {
      cvm_cli_message (_("only the web pages of the server tell which files a report has; give "
                         "their address by --web, or see why they do not answer by “report "
                         "server test”"));
      return CVM_STATUS_ENVIRONMENT;
    }

  fill_files (list, report, is_json);

  return CVM_STATUS_PASSED;
}

int
cvm_cli_report_files (int    argc,
                      char **argv)
{
  static const char *const columns[] = { "id", "created", "type", "name", NULL };
  static const Listing files = {
    "cvmtester-cli report files", N_("Lists the files that are attached to a report."),
    N_("Print an array of objects"), list_files, columns
  };

  return list_report (&files, argc, argv);
}

/* show --------------------------------------------------------------------------------------- */

static void
set_time (JsonObject *object,
          const char *name,
          gint64      time_us,
          gboolean    is_json)
{
  g_autofree char *text = is_json ? cvm_cli_browse_stamp (time_us) : cvm_cli_browse_time (time_us);

  json_object_set_string_member (object, name, text);
}

static int
describe_report (JsonArray             *list,
                 const CvmTapperReport *report,
                 const CvmTapperServer *server,
                 gboolean               is_json)
{
  JsonObject *object = cvm_cli_list_add (list);
  JsonArray *files = json_array_new ();

  cvm_cli_browse_fill (object, report, server);
  set_time (object, "created", report->created_us, is_json);
  set_time (object, "started", report->started_us, is_json);
  set_time (object, "ended", report->ended_us, is_json);
  json_object_set_string_member (object, "machine_description", report->description);
  json_object_set_string_member (object, "reporter", report->reporter);
  json_object_set_string_member (object, "from", report->peer);

  if (is_json)
    fill_files (files, report, TRUE);
  for (guint i = 0; !is_json && report->files != NULL && i < report->files->len; i++)
    json_array_add_string_element (files, ((CvmTapperFile *)report->files->pdata[i])->name);
  json_object_set_array_member (object, "files", files);
  if (report->files == NULL)
    json_object_set_null_member (object, "files");

  return CVM_STATUS_PASSED;
}

int
cvm_cli_report_show (int    argc,
                     char **argv)
{
  static const Listing report = {
    "cvmtester-cli report show", N_("Shows what a Tapper server knows of a report."),
    N_("Print an array of one object"), describe_report, NULL
  };

  return list_report (&report, argc, argv);
}

/* tap ---------------------------------------------------------------------------------------- */

/* What a server has in a report could speak to the terminal, too. */
static void
print_clean (const char *bytes,
             gsize       len)
{
  g_autofree char *valid = g_utf8_make_valid (bytes, (gssize)len);
  g_autoptr(GString) clean = g_string_sized_new (len);

  for (const char *c = valid; *c != '\0'; c = g_utf8_next_char (c))
    {
      gunichar wide = g_utf8_get_char (c);

      g_string_append_unichar (clean, wide == '\n' || wide == '\t' || !g_unichar_iscntrl (wide)
                                      ? wide : ' ');
    }
  cvm_cli_write (clean->str, clean->len);
}

int
cvm_cli_report_tap (int    argc,
                    char **argv)
{
  const char *path = "cvmtester-cli report tap";
  g_auto(CvmCliServer) options = { 0 };
  g_auto(Asked) asked = { 0 };
  g_autoptr(CvmTapperServer) server = NULL;
  const GOptionEntry entries[] = {
    CVM_CLI_SERVER_ENTRIES (options),
    { NULL }
  };
  CvmCliSyntax syntax = {
    path, "ID", _("Prints a report as it was sent."),
    _("That is TAP, or an archive of TAP. “tap summary -” reads both."), entries, 1, 1
  };
  const char *bytes;
  gsize len;
  int status;

  if (!cvm_cli_parse (&syntax, &argc, &argv))
    return CVM_STATUS_USAGE;

  status = ask (&asked, path, argv[1], &options, ask_tap, &server);
  if (status != CVM_STATUS_PASSED)
    return status;

  bytes = g_bytes_get_data (asked.tap, &len);
  if (!isatty (STDOUT_FILENO))
    cvm_cli_write (bytes, len);
  else if (cvm_tapper_is_archive (asked.tap))
    return cvm_cli_usage (path,
                          _("this report is an archive: write it to a file (“> FILE.tar.gz”)"));
  else
    print_clean (bytes, len);

  return CVM_STATUS_PASSED;
}
