/* cvm-tapper-page-report.c: the page of one report
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-tapper-page.h"

#include <string.h>

#include "cvm-tapper-html.h"

#define TEXT_MAX (4 * CVM_TAPPER_TEXT_MAX)

typedef enum { IN_NOTHING, IN_HEADING, IN_INFO, IN_SUMMARY, IN_COMMENT, IN_FILES } Place;

typedef struct
{
  CvmTapperReport *report;
  Place            place;
  GString         *text;       /* since the place, or the cell of a file, began */
  CvmTapperFile   *file;       /* of the row, once its link was seen */
  guint            column;     /* of it, from 1 */
  gboolean         in_cell;
  gboolean         is_report;  /* the heading was "Report N" */
} Page;

/* Headings and information ------------------------------------------------------------------- */

static void
end_heading (Page       *self,
             const char *text)
{
  g_autofree char *start = g_strdup_printf ("Report %" G_GUINT64_FORMAT ":", self->report->id);

  if (!g_str_has_prefix (text, start) || self->is_report)
    return;

  self->is_report = TRUE;
  self->report->suite = cvm_tapper_text_mend (text + strlen (start), -1);
}

/* "Host: 'NAME' (DESCRIPTION)", "2026-11-21 06:59 GMT", "report id: 1" */
static void
end_info (Page       *self,
          const char *text)
{
  CvmTapperReport *report = self->report;
  gint64 time_us = cvm_tapper_time_parse (text);

  if (time_us != 0 && report->created_us == 0)
    report->created_us = time_us;

  if (g_str_has_prefix (text, "Host: '") && report->machine == NULL)
    {
      const char *name = text + strlen ("Host: '");
      const char *end = strstr (name, "' (");

      if (end == NULL)
        end = strrchr (name, '\'');
      if (end == NULL)
        return;

      report->machine = cvm_tapper_text_mend (name, end - name);
      if (g_str_has_prefix (end, "' (") && g_str_has_suffix (end, ")"))
        report->description = cvm_tapper_text_mend (end + 3, (gssize)strlen (end + 3) - 1);
    }
}

static void
end_summary (Page       *self,
             const char *text)
{
  if (self->report->grade == NULL && g_str_equal (text, "PASSED"))
    self->report->grade = g_strdup ("PASS");
  else if (self->report->grade == NULL && g_str_equal (text, "FAILED"))
    self->report->grade = g_strdup ("FAIL");
}

/* The headers that nothing else of the page shows; the last one counts, as on the server */
static void
end_comment (Page       *self,
             const char *text)
{
  CvmTapperReport *report = self->report;
  const struct { const char *start; char **value; } headers[] = {
    { "# tapper-suite-version:", &report->version },
    { "# tapper-reportername:", &report->reporter },
    { "# tapper-owner:", &report->owner },
    { "# tapper-reportgroup-arbitrary:", &report->group },
  };

  for (guint i = 0; i < G_N_ELEMENTS (headers); i++)
    {
      gsize len = strlen (headers[i].start);

      if (g_ascii_strncasecmp (text, headers[i].start, len) != 0)
        continue;

      g_free (*headers[i].value);
      *headers[i].value = cvm_tapper_text_mend (text + len, -1);
    }
}

static void
end_place (Page *self)
{
  g_autofree char *text = cvm_tapper_text_mend (self->text->str, (gssize)self->text->len);

  switch (self->place)
    {
    case IN_HEADING:
      end_heading (self, text);
      break;
    case IN_INFO:
      end_info (self, text);
      break;
    case IN_SUMMARY:
      end_summary (self, text);
      break;
    case IN_COMMENT:
      end_comment (self, text);
      break;
    case IN_FILES:
    case IN_NOTHING:
    default:
      break;
    }
  self->place = IN_NOTHING;
}

/* Files -------------------------------------------------------------------------------------- */

static void
end_file_cell (Page *self)
{
  g_autofree char *text = cvm_tapper_text_mend (self->text->str, (gssize)self->text->len);
  CvmTapperFile *file = self->file;

  if (file != NULL && self->in_cell && self->column == 1)
    file->name = g_steal_pointer (&text);
  else if (file != NULL && self->in_cell && self->column == 2)
    file->type = g_steal_pointer (&text);
  else if (file != NULL && self->in_cell && self->column == 3)
    file->created_us = cvm_tapper_time_parse (text);
  self->in_cell = FALSE;
  g_string_truncate (self->text, 0);
}

static void
end_file (Page *self)
{
  g_autoptr(CvmTapperFile) file = NULL;

  end_file_cell (self);
  self->column = 0;
  file = g_steal_pointer (&self->file);
  if (file != NULL && file->name != NULL && *file->name != '\0' &&
      self->report->files->len < CVM_TAPPER_FILES_MAX)
    g_ptr_array_add (self->report->files, g_steal_pointer (&file));
}

static void
see_file_link (Page                *self,
               const CvmTapperHtml *html)
{
  g_autofree char *link = cvm_tapper_html_dup (html, "href");
  guint64 id = cvm_tapper_link_id (link, "/reportfile/id/");

  if (id > 0 && self->file == NULL && self->column == 1)
    self->file = cvm_tapper_file_new (id, NULL, NULL, 0);
}

static void
read_file_tag (Page                *self,
               const CvmTapperHtml *html)
{
  gboolean is_begin = html->kind == CVM_TAPPER_HTML_BEGIN;

  if (g_str_equal (html->name, "tr") || g_str_equal (html->name, "table"))
    {
      end_file (self);
      if (!is_begin && g_str_equal (html->name, "table"))
        self->place = IN_NOTHING;
    }
  else if (g_str_equal (html->name, "td"))
    {
      end_file_cell (self);
      self->in_cell = is_begin;
      self->column += is_begin ? 1 : 0;
    }
  else if (is_begin && g_str_equal (html->name, "a"))
    {
      see_file_link (self, html);
    }
}

/* The page ----------------------------------------------------------------------------------- */

static gboolean
has_class (const CvmTapperHtml *html,
           const char          *word)
{
  g_autofree char *class = cvm_tapper_html_dup (html, "class");
  g_auto(GStrv) words = g_strsplit_set (class != NULL ? class : "", " \t\r\n", 16);

  return g_strv_contains ((const char *const *)words, word);
}

static Place
place_of (const CvmTapperHtml *html)
{
  g_autofree char *id = cvm_tapper_html_dup (html, "id");

  if (g_str_equal (html->name, "h3"))
    return IN_HEADING;

  if (g_str_equal (html->name, "div") && g_strcmp0 (id, "summary") == 0)
    return IN_SUMMARY;

  if (g_str_equal (html->name, "table") && has_class (html, "reportfile"))
    return IN_FILES;

  if (!g_str_equal (html->name, "li"))
    return IN_NOTHING;

  return has_class (html, "cmt") ? IN_COMMENT
         : has_class (html, "date") || has_class (html, "meta") ? IN_INFO : IN_NOTHING;
}

static void
read_tag (Page                *self,
          const CvmTapperHtml *html)
{
  static const char *const blocks[] = { "h3", "div", "li", "ul", "table", "h4", NULL };
  Place place;

  if (self->place == IN_FILES)
    {
      read_file_tag (self, html);
      return;
    }

  if (!g_strv_contains (blocks, html->name))
    return;

  end_place (self);
  g_string_truncate (self->text, 0);
  place = html->kind == CVM_TAPPER_HTML_BEGIN ? place_of (html) : IN_NOTHING;
  self->place = place;
  self->column = 0;
}

/**
 * cvm_tapper_report_page_read:
 * @id: which report was asked for
 *
 * Reads the page of a report: what it is and its files; the page tells no counts.
 *
 * Returns: %NULL with %G_IO_ERROR_NOT_FOUND when the server says that there is no such report or
 *   that it is not parsed, with %G_IO_ERROR_INVALID_DATA for another page
 */
CvmTapperReport *
cvm_tapper_report_page_read (guint64      id,
                             const char  *bytes,
                             gsize        len,
                             GError     **error)
{
  g_autoptr(CvmTapperReport) report = cvm_tapper_report_new (id);
  g_autoptr(GString) text = g_string_new (NULL);
  Page page = { .report = report, .text = text };
  CvmTapperHtml html;

  if (cvm_tapper_page_is_missing (bytes, len))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                   "the server has no report %" G_GUINT64_FORMAT ", or has not parsed it", id);
      return NULL;
    }

  report->files = g_ptr_array_new_with_free_func ((GDestroyNotify)cvm_tapper_file_free);
  cvm_tapper_html_init (&html, bytes, len);
  while (cvm_tapper_html_next (&html))
    {
      if (html.kind == CVM_TAPPER_HTML_TEXT)
        cvm_tapper_html_append (&html, text, TEXT_MAX);
      else if (html.kind != CVM_TAPPER_HTML_DATA)
        read_tag (&page, &html);
    }
  end_place (&page);
  end_file (&page);

  if (!page.is_report)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                   "this is not the page of report %" G_GUINT64_FORMAT "; is the web address that "
                   "of Tapper, and does it need no login?", id);
      return NULL;
    }

  return g_steal_pointer (&report);
}
