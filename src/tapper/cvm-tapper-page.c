/* cvm-tapper-page.c: the list page, and what "missing" looks like
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-tapper-page.h"

#include <stdlib.h>
#include <string.h>

#include "cvm-tapper-html.h"

#define CELL_MAX  (4 * CVM_TAPPER_TEXT_MAX)   /* before blanks are joined and encodings undone */
#define N_COLUMNS 8

/* In the order of the page. Rows of a group's other members end before the group. */
enum { COLUMN_ID, COLUMN_CREATED, COLUMN_SUITE, COLUMN_MACHINE, COLUMN_GRADE, COLUMN_RATIO,
       COLUMN_GROUP, COLUMN_OWNER };

typedef struct
{
  CvmTapperListPage *page;
  CvmTapperReport   *report;   /* of the row, once its link was seen */
  GString           *cell;
  int                column;   /* -1: before the first */
  gboolean           in_row;
  int                green, red;   /* the two parts of the ratio's bar, in pixels; -1: not seen */
} List;

/**
 * cvm_tapper_link_id:
 * @link: (nullable): an address within Tapper, whole or not
 * @mark: `/reports/id/` or `/reportfile/id/`
 *
 * Returns: the number that follows @mark, or 0
 */
guint64
cvm_tapper_link_id (const char *link,
                    const char *mark)
{
  const char *found = link != NULL ? strstr (link, mark) : NULL;
  const char *digits = found != NULL ? found + strlen (mark) : "";
  gsize len = strspn (digits, G_CSET_DIGITS);
  g_autofree char *number = g_strndup (digits, len);
  guint64 id = 0;

  if (strchr ("/?#", digits[len]) != NULL)
    g_ascii_string_to_unsigned (number, 10, 1, G_MAXINT64, &id, NULL);

  return id;
}

/**
 * cvm_tapper_page_is_missing:
 *
 * Returns: whether this is how the server says, with HTTP 200, that there is no such report or
 *   file, or that a report is not parsed
 */
gboolean
cvm_tapper_page_is_missing (const char *bytes,
                            gsize       len)
{
  static const char *const starts[] = {
    "No such report", "No such testsuite with id:", "Error: No report ", "Error: File with id ",
  };

  for (guint i = 0; i < G_N_ELEMENTS (starts); i++)
    {
      gsize n = strlen (starts[i]);

      if (len >= n && len < n + 64 && memcmp (bytes, starts[i], n) == 0)
        return TRUE;
    }

  return FALSE;
}

/* A row of the list -------------------------------------------------------------------------- */

static void
take_text (char    **text,
           GString  *cell)
{
  g_free (*text);
  *text = cvm_tapper_text_mend (cell->str, (gssize)cell->len);
}

static void
end_cell (List *self)
{
  CvmTapperReport *report = self->report;
  char **const texts[N_COLUMNS] = {
    [COLUMN_SUITE] = &report->suite, [COLUMN_MACHINE] = &report->machine,
    [COLUMN_GRADE] = &report->grade, [COLUMN_GROUP] = &report->group,
    [COLUMN_OWNER] = &report->owner,
  };

  if (report == NULL || self->column < 0 || self->column >= N_COLUMNS)
    return;

  if (self->column == COLUMN_CREATED)
    {
      g_autofree char *text = cvm_tapper_text_mend (self->cell->str, (gssize)self->cell->len);

      report->created_us = cvm_tapper_time_parse (text);
    }
  else if (texts[self->column] != NULL)
    {
      take_text (texts[self->column], self->cell);
    }
}

static gboolean
end_row (List    *self,
         GError **error)
{
  g_autoptr(CvmTapperReport) report = NULL;

  if (self->in_row && self->report != NULL)
    end_cell (self);
  report = g_steal_pointer (&self->report);
  self->in_row = FALSE;
  if (report == NULL)
    return TRUE;

  if (report->ratio < 0 && self->green >= 0 && self->red >= 0 && self->green + self->red > 0)
    report->ratio = 100.0 * self->green / (self->green + self->red);

  if (self->page->reports->len >= CVM_TAPPER_REPORTS_MAX)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE,
                   "the page lists more than %d reports", CVM_TAPPER_REPORTS_MAX);
      return FALSE;
    }

  if (report->grade != NULL)
    g_ptr_array_add (self->page->reports, g_steal_pointer (&report));

  return TRUE;
}

static void
begin_row (List *self)
{
  self->in_row = TRUE;
  self->column = -1;
  self->green = self->red = -1;
  g_string_truncate (self->cell, 0);
}

static void
begin_cell (List *self)
{
  if (self->report != NULL)
    end_cell (self);
  self->column++;
  g_string_truncate (self->cell, 0);
}

/* "66.67% - Click…": 3.x says the ratio there */
static void
read_title (List                *self,
            const CvmTapperHtml *html)
{
  g_autofree char *title = cvm_tapper_html_dup (html, "title");
  char *end = title;
  double ratio = title != NULL ? g_ascii_strtod (title, &end) : -1;

  if (end > title && *end == '%' && ratio >= 0 && ratio <= 100)
    self->report->ratio = ratio;
}

static void
read_link (List                *self,
           const CvmTapperHtml *html)
{
  if (self->column == COLUMN_ID && self->report == NULL)
    {
      g_autofree char *link = cvm_tapper_html_dup (html, "href");
      guint64 id = cvm_tapper_link_id (link, "/reports/id/");

      if (id > 0)
        self->report = cvm_tapper_report_new (id);
    }
  else if (self->column == COLUMN_GRADE && self->report != NULL)
    {
      read_title (self, html);
    }
}

/* <div class="sratio dbggreen" style="width:50px">: the one ratio that 5.x shows */
static void
read_bar (List                *self,
          const CvmTapperHtml *html)
{
  g_autofree char *class = cvm_tapper_html_dup (html, "class");
  g_autofree char *style = cvm_tapper_html_dup (html, "style");
  const char *width = style != NULL ? strstr (style, "width:") : NULL;
  int pixels = width != NULL ? CLAMP (atoi (width + strlen ("width:")), 0, 1000) : -1;

  if (self->column != COLUMN_RATIO || class == NULL || pixels < 0)
    return;

  if (strstr (class, "dbggreen") != NULL)
    self->green = pixels;
  else if (strstr (class, "dbgred") != NULL)
    self->red = pixels;
}

static void
see_table (List                *self,
           const CvmTapperHtml *html)
{
  g_autofree char *class = cvm_tapper_html_dup (html, "class");
  g_autofree char *id = cvm_tapper_html_dup (html, "id");

  if (class == NULL || strstr (class, "reportlist") == NULL)
    return;

  self->page->is_list = TRUE;
  if (g_strcmp0 (id, "idx_reportlist") == 0)
    self->page->is_5 = TRUE;
}

static void
begin_in_row (List                *self,
              const CvmTapperHtml *html)
{
  if (g_str_equal (html->name, "td"))
    begin_cell (self);
  else if (g_str_equal (html->name, "a"))
    read_link (self, html);
  else if (g_str_equal (html->name, "div") && self->report != NULL)
    read_bar (self, html);
}

/* A row ends where the next one begins, whether it is closed or not. */
static gboolean
read_token (List                *self,
            const CvmTapperHtml *html,
            GError             **error)
{
  gboolean is_begin = html->kind == CVM_TAPPER_HTML_BEGIN;
  gboolean is_tag = is_begin || html->kind == CVM_TAPPER_HTML_END;

  if (is_tag && (g_str_equal (html->name, "tr") || g_str_equal (html->name, "table")))
    {
      if (!end_row (self, error))
        return FALSE;

      if (is_begin && g_str_equal (html->name, "table"))
        see_table (self, html);
      else if (is_begin)
        begin_row (self);
    }
  else if (is_begin && self->in_row)
    {
      begin_in_row (self, html);
    }
  else if (!is_tag && self->in_row)
    {
      cvm_tapper_html_append (html, self->cell, CELL_MAX);
    }

  return TRUE;
}

/**
 * cvm_tapper_list_page_read:
 *
 * Reads the table of reports. Rows that do not link to a report are passed over.
 *
 * Returns: (transfer full): %NULL with %G_IO_ERROR_MESSAGE_TOO_LARGE for more than
 *   CVM_TAPPER_REPORTS_MAX reports, with %G_IO_ERROR_INVALID_DATA for another page
 */
CvmTapperListPage *
cvm_tapper_list_page_read (const char  *bytes,
                           gsize        len,
                           GError     **error)
{
  g_autoptr(CvmTapperListPage) page = g_new0 (CvmTapperListPage, 1);
  g_autoptr(GString) cell = g_string_new (NULL);
  List list = { .page = page, .cell = cell, .column = -1 };
  gboolean is_fine = TRUE;
  CvmTapperHtml html;

  page->reports = g_ptr_array_new_with_free_func ((GDestroyNotify)cvm_tapper_report_free);
  cvm_tapper_html_init (&html, bytes, len);
  while (is_fine && cvm_tapper_html_next (&html))
    is_fine = read_token (&list, &html, error);
  if (!is_fine || !end_row (&list, error))
    return NULL;

  if (!page->is_list)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                           "this is no list of reports; is the web address that of Tapper, and "
                           "does it need no login?");
      return NULL;
    }

  return g_steal_pointer (&page);
}

void
cvm_tapper_list_page_free (CvmTapperListPage *self)
{
  if (self == NULL)
    return;

  g_ptr_array_unref (self->reports);
  g_free (self);
}
