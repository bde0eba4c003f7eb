/* cvm-cli-report-list.c: the verb report list
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <glib/gi18n.h>
#include <string.h>

#include "cvm-cli-list.h"
#include "cvm-cli-report-browse.h"
#include "cvm-cli-report.h"
#include "cvm-cli-worker.h"
#include "cvm-cli.h"
#include "cvm-wait.h"

#define PATH       "cvmtester-cli report list"
#define PAGE       50
#define PAGE_ALL   200     /* of a list without a limit: what is held at a time */
#define DAYS       7
#define DAYS_MAX   36500
#define DAY_US     (G_USEC_PER_SEC * G_GINT64_CONSTANT (86400))

typedef struct
{
  CvmTapperServer *server;
  CvmTapperList   *list;
  int              limit;     /* 0: all */
  int              page;      /* from 1 */
  gboolean         is_json;
  guint            n_shown;
} Listing;

/* "35/37", "not parsed" is never listed */
static char *
numbers_of (const CvmTapperReport *report)
{
  if (report->total != CVM_TAPPER_UNKNOWN && report->passed != CVM_TAPPER_UNKNOWN)
    return g_strdup_printf ("%d/%d", report->passed, report->total);

  return report->ratio >= 0 ? g_strdup_printf ("%.0f%%", report->ratio) : g_strdup ("");
}

static void
print_columns (GPtrArray *reports)
{
  static const char *const columns[] = { "id", "created", "grade", "numbers", "suite", "version",
                                         "machine", "group", "owner", NULL };
  g_autoptr(JsonArray) list = json_array_new ();

  for (guint i = 0; i < reports->len; i++)
    {
      const CvmTapperReport *report = reports->pdata[i];
      JsonObject *object = cvm_cli_list_add (list);
      g_autofree char *created = cvm_cli_browse_time (report->created_us);
      g_autofree char *numbers = numbers_of (report);

      json_object_set_int_member (object, "id", (gint64)report->id);
      json_object_set_string_member (object, "created", created);
      json_object_set_string_member (object, "grade", report->grade);
      json_object_set_string_member (object, "numbers", numbers);
      json_object_set_string_member (object, "suite", report->suite);
      json_object_set_string_member (object, "version", report->version);
      json_object_set_string_member (object, "machine", report->machine);
      json_object_set_string_member (object, "group", report->group);
      json_object_set_string_member (object, "owner", report->owner);
    }
  cvm_cli_list_print_columns (list, columns);
}

/* An object a line, so that no more than a page of a long list is in memory */
static void
print_json (Listing   *self,
            GPtrArray *reports)
{
  for (guint i = 0; i < reports->len; i++)
    {
      g_autoptr(JsonNode) node = json_node_new (JSON_NODE_OBJECT);
      JsonObject *object = json_object_new ();
      g_autofree char *text = NULL;

      cvm_cli_browse_fill (object, reports->pdata[i], self->server);
      json_node_take_object (node, object);
      text = cvm_json_to_line (node);
      cvm_cli_print ("%s\n%s", self->n_shown + i > 0 ? "," : "", text);
    }
}

static gboolean
print_next (Listing       *self,
            guint          n,
            gboolean       is_shown,
            gboolean      *is_over,
            GCancellable  *cancellable,
            GError       **error)
{
  g_autoptr(GPtrArray) reports = cvm_tapper_list_next (self->list, n,
                                                       cvm_deadline_in_ms (CVM_CLI_BROWSE_MS),
                                                       cancellable, error);

  if (reports == NULL)
    return FALSE;

  *is_over = reports->len < n;
  if (!is_shown)
    return TRUE;

  if (self->is_json)
    print_json (self, reports);
  else
    print_columns (reports);
  self->n_shown += reports->len;
  cvm_cli_flush ();

  return TRUE;
}

/* In a worker */
static gboolean
print_pages (gpointer       data,
             GCancellable  *cancellable,
             GError       **error)
{
  Listing *self = data;
  guint n = self->limit > 0 ? (guint)self->limit : PAGE_ALL;
  gboolean is_over = FALSE;

  if (self->is_json)
    cvm_cli_print ("[");
  for (int page = 1; !is_over; page++)
    {
      if (!print_next (self, n, self->limit == 0 || page == self->page, &is_over, cancellable,
                       error))
        return FALSE;

      is_over |= self->limit > 0 && page == self->page;
    }
  if (self->is_json)
    cvm_cli_print ("%s]\n", self->n_shown > 0 ? "\n" : "");
  else if (self->n_shown == 0)
    cvm_cli_message (_("there is no such report, or no such page"));

  return TRUE;
}

static gboolean
check_numbers (int      days,
               Listing *self)
{
  if (days < 1 || days > DAYS_MAX)
    cvm_cli_usage (PATH, _("--days is %d; write 1 to %d"), days, DAYS_MAX);
  else if (self->limit < 0 || self->limit > 10000)
    cvm_cli_usage (PATH, _("--limit is %d; write 0 (all) to 10000"), self->limit);
  else if (self->page < 1)
    cvm_cli_usage (PATH, _("--page is %d; the first is 1"), self->page);
  else if (self->limit == 0 && self->page > 1)
    cvm_cli_usage (PATH, _("--page needs a --limit: without one everything is on one page"));
  else
    return TRUE;

  return FALSE;
}

/* Takes the place of "pass" what the server writes */
static gboolean
read_grade (char **grade)
{
  static const char *const words[] = { "pass", "fail", "notests", NULL };
  g_autofree char *word = *grade != NULL ? g_ascii_strdown (*grade, -1) : NULL;

  if (word == NULL)
    return TRUE;

  if (!g_strv_contains (words, word))
    {
      cvm_cli_usage (PATH, _("--success is “%s”; write pass, fail or notests"), *grade);
      return FALSE;
    }

  g_free (*grade);
  *grade = g_ascii_strup (word, -1);

  return TRUE;
}

static int
print_list (Listing               *self,
            const CvmCliServer    *options,
            const CvmTapperFilter *filter)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(CvmTapperServer) server = NULL;
  g_autoptr(CvmTapperBrowse) browse = NULL;
  g_autoptr(CvmTapperList) list = NULL;
  int status = CVM_STATUS_PASSED;

  browse = cvm_cli_browse_open (options, &server, &status);
  if (browse == NULL)
    return status;

  list = cvm_tapper_list_new (browse, filter);
  self->list = list;
  self->server = server;

  return cvm_cli_work (print_pages, self, &error) ? status : cvm_cli_fail (error);
}

int
cvm_cli_report_list (int    argc,
                     char **argv)
{
  g_auto(CvmCliServer) options = { 0 };
  g_autofree char *suite = NULL;
  g_autofree char *machine = NULL;
  g_autofree char *owner = NULL;
  g_autofree char *grade = NULL;
  Listing listing = { .limit = PAGE, .page = 1 };
  int days = DAYS;
  const GOptionEntry entries[] = {
    { "days", 0, 0, G_OPTION_ARG_INT, &days,
      N_("Reports of the last N days; default: 7"), N_("N") },
    { "suite", 0, 0, G_OPTION_ARG_STRING, &suite, N_("Only those of this suite"), N_("NAME") },
    { "machine", 0, 0, G_OPTION_ARG_STRING, &machine,
      N_("Only those of this machine"), N_("NAME") },
    { "owner", 0, 0, G_OPTION_ARG_STRING, &owner, N_("Only those of this owner"), N_("NAME") },
    { "success", 0, 0, G_OPTION_ARG_STRING, &grade,
      N_("Only those with this grade: pass, fail or notests"), N_("GRADE") },
    { "limit", 0, 0, G_OPTION_ARG_INT, &listing.limit,
      N_("Reports of a page; 0: all; default: 50"), N_("N") },
    { "page", 0, 0, G_OPTION_ARG_INT, &listing.page, N_("Which page; the first is 1"), N_("N") },
    { "json", 0, 0, G_OPTION_ARG_NONE, &listing.is_json, N_("Print an array of objects"), NULL },
    CVM_CLI_SERVER_ENTRIES (options),
    { NULL }
  };
  CvmCliSyntax syntax = {
    PATH, NULL, _("Lists the reports that a Tapper server has, the newest first."),
    _("Times are those of this machine's zone, and UTC in JSON."), entries, 0, 0
  };
  CvmTapperFilter filter = { 0 };

  if (!cvm_cli_parse (&syntax, &argc, &argv) || !check_numbers (days, &listing) ||
      !read_grade (&grade))
    return CVM_STATUS_USAGE;

  filter = (CvmTapperFilter) { .from_us = g_get_real_time () - days * DAY_US, .suite = suite,
                               .machine = machine, .owner = owner, .grade = grade };

  return print_list (&listing, &options, &filter);
}
