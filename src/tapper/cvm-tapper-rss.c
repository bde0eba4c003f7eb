/* cvm-tapper-rss.c: reports read from a Tapper server's RSS
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-tapper-page.h"

#include <stdio.h>
#include <string.h>

#include "cvm-tapper-html.h"

#define TEXT_MAX (4 * CVM_TAPPER_TEXT_MAX)

typedef struct
{
  GPtrArray *reports;
  gboolean   is_rss, in_item;
  GString   *text;           /* of the element that is open */
  char      *title, *link, *date;
} Feed;

static void
clear_item (Feed *self)
{
  g_clear_pointer (&self->title, g_free);
  g_clear_pointer (&self->link, g_free);
  g_clear_pointer (&self->date, g_free);
}

/* "Sat, 21 Nov 2026 07:02:26 -0000" */
static gint64
parse_date (const char *text)
{
  static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug",
                                        "Sep", "Oct", "Nov", "Dec" };
  const char *comma = text != NULL ? strchr (text, ',') : NULL;
  char name[4] = "", zone[7] = "";
  int day, year, hour, minute, second;
  g_autoptr(GTimeZone) offset = NULL;
  g_autoptr(GDateTime) time = NULL;

  if (comma == NULL || sscanf (comma + 1, " %2d %3s %4d %2d:%2d:%2d %6s", &day, name, &year, &hour,
                               &minute, &second, zone) < 6)
    return 0;

  offset = g_time_zone_new_identifier (zone[0] == '+' || zone[0] == '-' ? zone : "UTC");
  for (int i = 0; i < 12 && time == NULL; i++)
    {
      if (g_str_equal (months[i], name) && offset != NULL)
        time = g_date_time_new (offset, year, i + 1, day, hour, minute, second);
    }

  return time != NULL ? g_date_time_to_unix (time) * G_USEC_PER_SEC : 0;
}

/* "PASS 100.00% Tapper-Deployment @ cernvm-host"; of a report that is not parsed only some of it */
static void
read_title (CvmTapperReport *report,
            const char      *title)
{
  gsize grade_len = strspn (title, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_");
  const char *at = strrchr (title, '@');
  const char *rest = title + grade_len + strspn (title + grade_len, " ");
  char *end = NULL;
  double ratio = g_ascii_strtod (rest, &end);

  report->grade = g_strndup (title, grade_len);
  if (end > rest && *end == '%' && ratio >= 0 && ratio <= 100)
    {
      report->ratio = ratio;
      rest = end + 1;
    }
  else if (*rest == '%')
    {
      rest++;
    }

  if (at == NULL || at < rest)
    return;

  report->suite = cvm_tapper_text_mend (rest, at - rest);
  report->machine = cvm_tapper_text_mend (at + 1, -1);
}

static gboolean
end_item (Feed    *self,
          GError **error)
{
  guint64 id = cvm_tapper_link_id (self->link, "/reports/id/");
  CvmTapperReport *report;

  if (id == 0)
    return TRUE;

  if (self->reports->len >= CVM_TAPPER_REPORTS_MAX)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE,
                   "the feed lists more than %d reports", CVM_TAPPER_REPORTS_MAX);
      return FALSE;
    }

  report = cvm_tapper_report_new (id);
  report->created_us = parse_date (self->date);
  read_title (report, self->title != NULL ? self->title : "");
  g_ptr_array_add (self->reports, report);

  return TRUE;
}

static void
end_element (Feed       *self,
             const char *name)
{
  char **text = g_str_equal (name, "title") ? &self->title
                : g_str_equal (name, "link") ? &self->link
                : g_str_equal (name, "pubdate") ? &self->date : NULL;

  if (text == NULL)
    return;

  g_free (*text);
  *text = cvm_tapper_text_mend (self->text->str, (gssize)self->text->len);
}

static gboolean
read_tag (Feed                *self,
          const CvmTapperHtml *html,
          GError             **error)
{
  gboolean is_begin = html->kind == CVM_TAPPER_HTML_BEGIN;
  gboolean is_fine = TRUE;

  if (g_str_equal (html->name, "item"))
    {
      if (!is_begin && self->in_item)
        is_fine = end_item (self, error);
      clear_item (self);
      self->in_item = is_begin;
    }
  else if (self->in_item && !is_begin)
    {
      end_element (self, html->name);
    }
  else if (is_begin && g_str_equal (html->name, "rss"))
    {
      self->is_rss = TRUE;
    }
  g_string_truncate (self->text, 0);

  return is_fine;
}

static gboolean
read_feed (Feed        *self,
           const char  *bytes,
           gsize        len,
           GError     **error)
{
  CvmTapperHtml html;

  cvm_tapper_html_init (&html, bytes, len);
  while (cvm_tapper_html_next (&html))
    {
      if (html.kind == CVM_TAPPER_HTML_TEXT || html.kind == CVM_TAPPER_HTML_DATA)
        cvm_tapper_html_append (&html, self->text, TEXT_MAX);
      else if (!read_tag (self, &html, error))
        return FALSE;
    }

  if (!self->is_rss)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "this is no RSS");

  return self->is_rss;
}

/**
 * cvm_tapper_rss_read:
 *
 * Reads the feed's items. It knows no versions, counts and groups, and also lists reports that
 * are not parsed, with an empty grade; their order is the server's.
 *
 * Returns: (element-type CvmTapperReport) (transfer full): %NULL as cvm_tapper_list_page_read()
 */
GPtrArray *
cvm_tapper_rss_read (const char  *bytes,
                     gsize        len,
                     GError     **error)
{
  g_autoptr(GPtrArray) reports =
    g_ptr_array_new_with_free_func ((GDestroyNotify)cvm_tapper_report_free);
  g_autoptr(GString) text = g_string_new (NULL);
  Feed feed = { .reports = reports, .text = text };
  gboolean is_fine = read_feed (&feed, bytes, len, error);

  clear_item (&feed);

  return is_fine ? g_steal_pointer (&reports) : NULL;
}
