/* cvm-format.c: times, counts and verdicts as people read them
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-format.h"

#include <glib/gi18n.h>
#include <string.h>

#define LINE_CHARS 4000

#define MAX_LINE_CHARS 500
#define MAX_TEXT_BYTES (64 * 1024)

static char *
clean (const char *text,
       gsize       max_bytes,
       const char *controls_kept)
{
  g_autofree char *valid = g_utf8_make_valid (text, strnlen (text, max_bytes));
  GString *out = g_string_sized_new (strlen (valid));

  for (const char *p = valid; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (!g_unichar_iscntrl (c) || (c < 0x80 && strchr (controls_kept, (int)c) != NULL))
        g_string_append_unichar (out, c);
      else
        g_string_append_c (out, ' ');
    }

  return g_string_free (out, FALSE);
}

char *
cvm_format_line (const char *text)
{
  g_autofree char *line = clean (text, 4 * MAX_LINE_CHARS, "");

  if (g_utf8_strlen (line, -1) > MAX_LINE_CHARS)
    strcpy (g_utf8_offset_to_pointer (line, MAX_LINE_CHARS - 1), "…");

  return g_strdup (g_strstrip (line));
}

char *
cvm_format_log (GBytes *bytes)
{
  gsize len;
  const char *data = g_bytes_get_data (bytes, &len);
  g_autofree char *valid = g_utf8_make_valid (data != NULL ? data : "", (gssize)len);
  GString *text = g_string_sized_new (len);
  guint n = 0;

  for (const char *at = valid; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);

      if (c == '\r' && at[1] == '\n')
        continue;

      n = c == '\n' ? 0 : n + 1;
      if (n > LINE_CHARS)
        {
          g_string_append_c (text, '\n');
          n = 1;
        }
      g_string_append_unichar (text, c == '\n' || c == '\t' || !g_unichar_iscntrl (c) ? c : 0xfffd);
    }

  return g_string_free (text, FALSE);
}

char *
cvm_format_problem (const char *message,
                    const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);

  if (g_str_has_prefix (message, folder) && message[strlen (folder)] == '/')
    message += strlen (folder) + 1;

  return cvm_format_line (message);
}

char *
cvm_format_text (const char *text)
{
  return clean (text, MAX_TEXT_BYTES, "\n\t");
}

static char *
colons (gint64      s,
        const char *minutes_format)
{
  if (s >= 3600)
    return g_strdup_printf ("%d:%02d:%02d", (int)(s / 3600), (int)(s / 60 % 60), (int)(s % 60));

  return g_strdup_printf (minutes_format[0] == '0' ? "%02d:%02d" : "%d:%02d",
                          (int)(s / 60), (int)(s % 60));
}

char *
cvm_format_duration (gint64 ms)
{
  ms = CLAMP (ms, 0, (gint64)999 * 3600 * 1000);

  if (ms < 50)
    return g_strdup (_("< 0.1 s"));
  if (ms < 9950)
    return g_strdup_printf (_("%.1f s"), ms / 1000.0);
  if (ms < 59500)
    return g_strdup_printf (_("%d s"), (int)((ms + 500) / 1000));

  return colons ((ms + 500) / 1000, "");
}

char *
cvm_format_clock (gint64 ms)
{
  return colons (CLAMP (ms, 0, (gint64)999 * 3600 * 1000) / 1000, "0");
}

char *
cvm_format_left (gint64 ms)
{
  int s = (int)(MIN (ms, (gint64)999 * 3600 * 1000) / 1000);

  if (ms < 0)
    return NULL;
  if (s < 10)
    return g_strdup (_("a few seconds left"));
  if (s < 55)
    return g_strdup_printf (_("about %d s left"), (s + 9) / 10 * 10);

  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "about %d min left", "about %d min left",
                                       (gulong)(s + 30) / 60), (s + 30) / 60);
}

char *
cvm_format_day (gint64 time_us,
                gint64 now_us)
{
  g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc (time_us / G_USEC_PER_SEC);
  g_autoptr(GDateTime) now_utc = g_date_time_new_from_unix_utc (now_us / G_USEC_PER_SEC);
  g_autoptr(GDateTime) day = utc != NULL ? g_date_time_to_local (utc) : NULL;
  g_autoptr(GDateTime) today = now_utc != NULL ? g_date_time_to_local (now_utc) : NULL;
  g_autoptr(GDateTime) yesterday = NULL;

  if (day == NULL || today == NULL)
    return g_strdup (_("Some day"));
  if (g_date_time_get_year (day) != g_date_time_get_year (today))
    return g_date_time_format (day, _("%e %B %Y"));
  if (g_date_time_get_day_of_year (day) == g_date_time_get_day_of_year (today))
    return g_strdup (_("Today"));

  yesterday = g_date_time_add_days (today, -1);
  if (g_date_time_get_day_of_year (day) == g_date_time_get_day_of_year (yesterday))
    return g_strdup (_("Yesterday"));

  return g_date_time_format (day, _("%A, %e %B"));
}

char *
cvm_format_counts (const CvmJobResult *job)
{
  GString *out = g_string_new (NULL);
  guint failed = cvm_job_result_n_failed (job);

  if (job->passed > 0 || job->failed + job->skipped == 0)
    g_string_append_printf (out, _("%u passed"), job->passed);
  if (failed > 0)
    g_string_append_printf (out, out->len > 0 ? _(", %u failed") : _("%u failed"), failed);
  if (job->cancelled > 0)
    g_string_append_printf (out, out->len > 0 ? _(", %u stopped") : _("%u stopped"),
                            job->cancelled);
  if (job->skipped > 0)
    g_string_append_printf (out, out->len > 0 ? _(", %u skipped") : _("%u skipped"), job->skipped);

  return g_string_free (out, FALSE);
}

char *
cvm_format_verdict (const CvmJobResult *job)
{
  g_autofree char *counts = cvm_format_counts (job);
  g_autofree char *why = cvm_format_line (job->why != NULL ? job->why : _("no reason was told"));

  switch (job->status)
    {
    case CVM_STATUS_PASSED:
      return job->skipped == 0
             ? g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "The check passed.",
                                             "All %u checks passed.", job->passed), job->passed)
             : g_strdup_printf (_("Passed: %s."), counts);
    case CVM_STATUS_FAILED:
      return g_strdup_printf (_("%u of %u checks failed."),
                              job->failed, job->planned);
    case CVM_STATUS_CANCELLED:
      return g_strdup_printf (_("Stopped: %u of %u checks had passed. The guest is gone."),
                              job->passed, job->planned);
    case CVM_STATUS_ENVIRONMENT:
      if (g_str_has_prefix (why, "the host was lost"))
        return g_strdup (_("The host went away, and nothing is wrong with the image. Check that "
                           "libvirtd runs there, then run it again."));
      return g_strdup_printf (_("The checks could not be made: %s"), why);
    case CVM_STATUS_USAGE:
    case CVM_STATUS_FAULT:
      break;
    }

  return g_strdup_printf (_("The program itself failed: %s"), why);
}

gint64
cvm_estimate_left_ms (gint64 elapsed_ms,
                      gint64 usual_ms,
                      guint  ended,
                      guint  planned)
{
  if (usual_ms > 0)
    return MAX (usual_ms - elapsed_ms, 0);
  if (ended < 2 || planned <= ended)
    return -1;

  return elapsed_ms / ended * (planned - ended);
}
