/* cvm-tapper-list-window.c: the reports of a span of time, by each of the ways
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-tapper-browse-private.h"

#include <string.h>

#include "cvm-tapper-api.h"
#include "cvm-tapper-json.h"
#include "cvm-tapper-page.h"
#include "cvm-tapper-web.h"

#define DAY_US   (G_USEC_PER_SEC * G_GINT64_CONSTANT (86400))
#define JSON_MAX (16 * 1024 * 1024)

/* What may stand in a condition that a server evaluates as Perl, or in a path: no quote, no '$' or
 * '@', no '/' and no '%'. Other names are looked for here. */
static gboolean
is_word (const char *text)
{
  return text != NULL && *text != '\0' && *text != '.' && strlen (text) <= 100 &&
         strspn (text, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "._-") == strlen (text);
}

static gboolean
is_grade (const char *text)
{
  static const char *const grades[] = { "PASS", "FAIL", "NOTESTS", NULL };

  return text != NULL && g_strv_contains (grades, text);
}

/* Filtering here ----------------------------------------------------------------------------- */

static gboolean
matches (const char *wanted,
         const char *given)
{
  return wanted == NULL || g_strcmp0 (wanted, given) == 0;
}

static gboolean
is_wanted (const CvmTapperWindow *self,
           CvmTapperWay           way,
           const CvmTapperReport *report)
{
  const CvmTapperFilter *filter = self->filter;
  gboolean is_asked = way == CVM_TAPPER_WAY_WEB && is_word (filter->owner);

  /* A page was asked for that owner's reports alone, and does not repeat it in every row. */
  return report->grade != NULL && *report->grade != '\0' &&
         report->created_us >= MAX (self->from_us, filter->from_us) &&
         report->created_us < self->to_us &&
         matches (filter->suite, report->suite) && matches (filter->machine, report->machine) &&
         matches (filter->grade, report->grade) &&
         (matches (filter->owner, report->owner) || (is_asked && report->owner == NULL));
}

static gint
compare_newest (gconstpointer a,
                gconstpointer b)
{
  guint64 left = (*(const CvmTapperReport *const *)a)->id;
  guint64 right = (*(const CvmTapperReport *const *)b)->id;

  return (left < right) - (left > right);
}

static void
take_wanted (CvmTapperWindow *self,
             CvmTapperWay     way,
             GPtrArray       *found)
{
  self->reports = g_ptr_array_new_with_free_func ((GDestroyNotify)cvm_tapper_report_free);
  g_ptr_array_sort (found, compare_newest);
  for (guint i = 0; i < found->len; i++)
    {
      guint64 id = ((CvmTapperReport *)found->pdata[i])->id;
      guint n = self->reports->len;
      gboolean is_twice = n > 0 && ((CvmTapperReport *)self->reports->pdata[n - 1])->id == id;

      if (!is_twice && is_wanted (self, way, found->pdata[i]))
        g_ptr_array_add (self->reports, g_steal_pointer (&found->pdata[i]));
    }
}

/* The API ------------------------------------------------------------------------------------ */

static char *
make_condition (const CvmTapperWindow *self)
{
  const CvmTapperFilter *filter = self->filter;
  g_autofree char *from = cvm_tapper_time_format (self->from_us);
  g_autofree char *to = cvm_tapper_time_format (self->to_us);
  GString *text = g_string_new ("id => { \">\", 0 }, suite_id => { \">\", 0 }");

  g_string_append_printf (text, ", \"me.created_at\" => { \">=\", \"%s\", \"<\", \"%s\" }",
                          from != NULL ? from : "1970-01-01 00:00:00", to);
  if (is_word (filter->suite))
    g_string_append_printf (text, ", \"suite.name\" => \"%s\"", filter->suite);
  if (is_word (filter->machine))
    g_string_append_printf (text, ", \"me.machine_name\" => \"%s\"", filter->machine);
  if (is_grade (filter->grade))
    g_string_append_printf (text, ", \"me.successgrade\" => \"%s\"", filter->grade);

  return g_string_free (text, FALSE);
}

static GPtrArray *
ask_api (CvmTapperWindow        *self,
         const CvmTapperServer  *server,
         gint64                  deadline_us,
         GCancellable           *cancellable,
         GError                **error)
{
  g_autofree char *condition = make_condition (self);
  g_autoptr(GBytes) answer = cvm_tapper_api_query (server, condition, JSON_MAX, deadline_us,
                                                   cancellable, error);
  gsize len;
  const char *text = answer != NULL ? g_bytes_get_data (answer, &len) : NULL;

  return text != NULL ? cvm_tapper_json_read (text, len, error) : NULL;
}

/* Web pages ---------------------------------------------------------------------------------- */

static void
add_pair (GString    *path,
          const char *name,
          const char *value)
{
  if (is_word (value))
    g_string_append_printf (path, "/%s/%s", name, value);
}

/* 5.x looks at the query alone, and 3.x at the path; for the latter one day at a time. */
static char *
list_path (const CvmTapperWindow *self)
{
  const CvmTapperFilter *filter = self->filter;
  g_autofree char *last = cvm_tapper_time_format (self->to_us - G_USEC_PER_SEC);
  gint64 n_days = (self->to_us - 1) / DAY_US - self->from_us / DAY_US + 1;
  GString *path = g_string_new ("/reports");

  add_pair (path, "suite", filter->suite);
  add_pair (path, "host", filter->machine);
  add_pair (path, "owner", filter->owner);
  if (g_strcmp0 (filter->grade, "PASS") == 0 || g_strcmp0 (filter->grade, "FAIL") == 0)
    g_string_append (path, filter->grade[0] == 'P' ? "/success/pass" : "/success/fail");
  g_string_append_printf (path, "/date/%.10s?report_date=%.10s&pager_interval=%" G_GINT64_FORMAT,
                          last, last, n_days);

  return g_string_free (path, FALSE);
}

static GPtrArray *
ask_web (CvmTapperWindow        *self,
         const CvmTapperServer  *server,
         gint64                  deadline_us,
         GCancellable           *cancellable,
         GError                **error)
{
  g_autofree char *path = list_path (self);
  g_autoptr(GBytes) body = cvm_tapper_web_get (server->web, path, CVM_TAPPER_PAGE_MAX, NULL,
                                               deadline_us, cancellable, error);
  g_autoptr(CvmTapperListPage) page = NULL;
  gsize len;
  const char *text = body != NULL ? g_bytes_get_data (body, &len) : NULL;

  if (body == NULL)
    return NULL;

  page = cvm_tapper_list_page_read (text, len, error);
  if (page == NULL)
    {
      g_prefix_error (error, "%s%s: ", server->web, path);
      return NULL;
    }

  self->is_5 = page->is_5;

  return g_ptr_array_ref (page->reports);
}

/* RSS ---------------------------------------------------------------------------------------- */

static GPtrArray *
ask_rss (CvmTapperWindow        *self,
         const CvmTapperServer  *server,
         gint64                  deadline_us,
         GCancellable           *cancellable,
         GError                **error)
{
  gint64 n_days = CLAMP ((g_get_real_time () - self->from_us) / DAY_US + 2, 2, 36500);
  g_autofree char *path = g_strdup_printf ("/rss/days/%" G_GINT64_FORMAT, n_days);
  g_autoptr(GBytes) body = NULL;
  gsize len;
  const char *text;

  if (self->filter->owner != NULL)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                           "the server's RSS does not tell whose a report is");
      return NULL;
    }

  body = cvm_tapper_web_get (server->web, path, CVM_TAPPER_PAGE_MAX, NULL, deadline_us,
                             cancellable, error);
  text = body != NULL ? g_bytes_get_data (body, &len) : NULL;

  return body != NULL ? cvm_tapper_rss_read (text, len, error) : NULL;
}

/**
 * cvm_tapper_window_read:
 *
 * Sets @reports to those of the window that the filter wants, the newest first.
 */
gboolean
cvm_tapper_window_read (CvmTapperWindow        *self,
                        const CvmTapperServer  *server,
                        CvmTapperWay            way,
                        gint64                  deadline_us,
                        GCancellable           *cancellable,
                        GError                **error)
{
  g_autoptr(GPtrArray) found = NULL;

  if (way == CVM_TAPPER_WAY_API)
    found = ask_api (self, server, deadline_us, cancellable, error);
  else if (way == CVM_TAPPER_WAY_WEB)
    found = ask_web (self, server, deadline_us, cancellable, error);
  else
    found = ask_rss (self, server, deadline_us, cancellable, error);

  if (found != NULL)
    take_wanted (self, way, found);

  return found != NULL;
}
