/* cvm-cli-progress.c: one line on a terminal that says what a run does now
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-cli-progress.h"

#include <glib/gi18n.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cvm-cli.h"

#define WIDTH 80

struct _CvmCliProgress
{
  CvmResult *result;
  guint      tick;
  char      *shown;   /* or NULL: nothing */
};

static int
terminal_width (void)
{
  struct winsize size;

  if (ioctl (STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
    return WIDTH;

  return size.ws_col - 1;   /* the last column would wrap the line on some terminals */
}

/* Text of a guest may hold wide characters */
static char *
cut (const char *text,
     int         width)
{
  const char *p = text;

  for (; *p != '\0'; p = g_utf8_next_char (p))
    {
      width -= g_unichar_iszerowidth (g_utf8_get_char (p)) ? 0
               : g_unichar_iswide (g_utf8_get_char (p))    ? 2
                                                           : 1;
      if (width < 0)
        break;
    }

  return g_strndup (text, p - text);
}

typedef struct
{
  guint           ended, planned, failed, stopped;
  const CvmPoint *running;   /* of the first job that has one */
} Count;

static Count
count_points (CvmResult *result)
{
  Count count = { 0 };

  for (guint i = 0; i < cvm_result_n_jobs (result); i++)
    {
      const CvmJobResult *job = cvm_result_job (result, i);

      count.planned += job->planned;
      count.ended += job->passed + job->failed + job->skipped;
      count.failed += cvm_job_result_n_failed (job);
      count.stopped += job->cancelled;
      for (guint n = 0; count.running == NULL && n < job->points->len; n++)
        {
          const CvmPoint *point = job->points->pdata[n];

          if (point->is_begun && !point->is_ended)
            count.running = point;
        }
    }

  return count;
}

char *
cvm_cli_progress_stopped (const CvmJobResult *job)
{
  return job->cancelled > 0 ? g_strdup_printf (_(", %u stopped"), job->cancelled) : g_strdup ("");
}

char *
cvm_cli_progress_text (CvmResult *result,
                       gint64     now_us,
                       int        width)
{
  Count count = count_points (result);
  g_autoptr(GString) text = g_string_new (NULL);
  g_autofree char *clean = NULL;

  g_string_append_printf (text, "[%u/%u]", count.ended, count.planned);
  if (count.failed > 0)
    g_string_append_printf (text, _(" %u failed"), count.failed);
  if (count.stopped > 0)
    g_string_append_printf (text, _(" %u stopped"), count.stopped);

  if (count.running != NULL)
    {
      const CvmPoint *point = count.running;

      g_string_append_printf (text, " %s", point->id != NULL ? point->id : point->title);
      g_string_append_printf (text, _(" %d s"), (int)((now_us - point->begun_us) / G_USEC_PER_SEC));
      if (point->waiting != NULL)
        g_string_append_printf (text, ": %s", point->waiting);
    }

  clean = cvm_cli_clean (text->str);
  return cut (clean, width);
}

static gboolean
on_tick (gpointer data)
{
  cvm_cli_progress_draw (data);

  return G_SOURCE_CONTINUE;
}

gboolean
cvm_cli_progress_is_seen (void)
{
  return isatty (STDERR_FILENO) && g_strcmp0 (g_getenv ("TERM"), "dumb") != 0;
}

void
cvm_cli_progress_print (const char *text)
{
  g_autofree char *clean = cvm_cli_clean (text);
  g_autofree char *shown = cut (clean, terminal_width ());

  fprintf (stderr, "\r%s\033[K", shown);
}

CvmCliProgress *
cvm_cli_progress_new (CvmResult *result)
{
  CvmCliProgress *self;

  if (!cvm_cli_progress_is_seen ())
    return NULL;

  self = g_new0 (CvmCliProgress, 1);
  self->result = g_object_ref (result);
  self->tick = g_timeout_add_seconds (1, on_tick, self);

  return self;
}

void
cvm_cli_progress_free (CvmCliProgress *self)
{
  cvm_cli_progress_wipe (self);
  g_source_remove (self->tick);
  g_object_unref (self->result);
  g_free (self);
}

void
cvm_cli_progress_draw (CvmCliProgress *self)
{
  g_autofree char *text = NULL;

  if (self == NULL)
    return;

  text = cvm_cli_progress_text (self->result, g_get_real_time (), terminal_width ());
  if (g_strcmp0 (text, self->shown) == 0)
    return;

  fprintf (stderr, "\r%s\033[K", text);
  g_free (self->shown);
  self->shown = g_steal_pointer (&text);
}

void
cvm_cli_progress_wipe (CvmCliProgress *self)
{
  if (self == NULL || self->shown == NULL)
    return;

  fputs ("\r\033[K", stderr);
  g_clear_pointer (&self->shown, g_free);
}
