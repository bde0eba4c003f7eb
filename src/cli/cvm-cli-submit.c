/* cvm-cli-submit.c: reports into the spool, and what waits there to its server
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-cli-submit.h"

#include <glib/gi18n.h>
#include <stdio.h>
#include <unistd.h>

#include "cvm-cli.h"
#include "cvm-run-reports.h"
#include "cvm-tapper-error.h"

#define DRAW_US (G_USEC_PER_SEC / 5)
#define OTHER_MS 1000   /* another process sends already: it will send ours too */

struct _CvmCliSubmit
{
  CvmSpool *spool;
  GArray   *wanted;       /* of guint64, in order */
  guint     n_waiting;
  gboolean  is_quiet;
  gint64    drawn_us;     /* monotonic; 0: no line is on the terminal */
};

CvmCliSubmit *
cvm_cli_submit_new (gboolean is_quiet)
{
  CvmCliSubmit *self = g_new0 (CvmCliSubmit, 1);

  self->spool = cvm_spool_new_for_user ();
  self->wanted = g_array_new (FALSE, FALSE, sizeof (guint64));
  self->is_quiet = is_quiet;

  return self;
}

void
cvm_cli_submit_free (CvmCliSubmit *self)
{
  cvm_spool_free (self->spool);
  g_array_unref (self->wanted);
  g_free (self);
}

CvmSpool *
cvm_cli_submit_get_spool (CvmCliSubmit *self)
{
  return self->spool;
}

guint
cvm_cli_submit_n_waiting (CvmCliSubmit *self)
{
  return self->n_waiting;
}

/* Into the spool ----------------------------------------------------------------------------- */

void
cvm_cli_submit_want (CvmCliSubmit *self,
                     guint64       number)
{
  g_array_append_val (self->wanted, number);
}

static gboolean
add_report (CvmCliSubmit          *self,
            const CvmSpoolReport  *report,
            GCancellable          *cancellable,
            GError               **error)
{
  guint64 number;

  if (!cvm_spool_add (self->spool, report, &number, cancellable, error))
    return FALSE;

  cvm_cli_submit_want (self, number);

  return TRUE;
}

/* Files may hold what nobody else should read: a console, addresses, an image's configuration */
static void
tell_about_files (const CvmTapperServer *server)
{
  if (server->api_host == NULL)
    cvm_cli_message (_("%s: no API address is known, so the logs and pictures are not sent"),
                     cvm_tapper_server_get_label (server));
  else if (cvm_tapper_server_is_exposed (server))
    cvm_cli_message (_("warning: logs and pictures go to %s over the network unencrypted"),
                     cvm_tapper_server_get_label (server));
}

static gboolean
add_run (CvmCliSubmit           *self,
         const CvmTapperServer  *server,
         const char             *dir,
         GCancellable           *cancellable,
         GError                **error)
{
  g_autoptr(GPtrArray) reports = cvm_run_reports_read (dir, error);

  if (reports == NULL)
    return FALSE;

  tell_about_files (server);
  for (guint i = 0; i < reports->len; i++)
    {
      const CvmRunReport *job = g_ptr_array_index (reports, i);
      CvmSpoolReport report = {
        .server = server,
        .path = job->path,
        .title = job->title,
        .run = job->run,
        .job = job->job,
        .attachments = (const CvmSpoolFile *)job->files->data,
        .n_attachments = server->api_host != NULL ? job->files->len : 0,
      };

      if (!add_report (self, &report, cancellable, error))
        return FALSE;
    }

  return TRUE;
}

gboolean
cvm_cli_submit_add (CvmCliSubmit           *self,
                    const CvmTapperServer  *server,
                    const char             *name,
                    GCancellable           *cancellable,
                    GError                **error)
{
  g_autofree char *dir = cvm_run_reports_find (name);
  CvmSpoolReport report = { .server = server, .path = name };

  if (dir != NULL)
    return add_run (self, server, dir, cancellable, error);

  if (!g_file_test (name, G_FILE_TEST_IS_REGULAR))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                   _("%s is no file, and no run is there or has that id"), name);
      return FALSE;
    }

  return add_report (self, &report, cancellable, error);
}

/* To the server ------------------------------------------------------------------------------ */

static void
wipe (CvmCliSubmit *self)
{
  if (self->drawn_us == 0)
    return;

  self->drawn_us = 0;
  fputs ("\r\033[K", stderr);
}

static gboolean
is_wanted (CvmCliSubmit *self,
           guint64       number)
{
  for (guint i = 0; i < self->wanted->len; i++)
    if (g_array_index (self->wanted, guint64, i) == number)
      return TRUE;

  return FALSE;
}

static void
say (CvmCliSubmit        *self,
     const CvmSpoolEntry *entry)
{
  g_autofree char *title = cvm_cli_clean (entry->title);
  g_autofree char *plain = cvm_spool_entry_describe (entry);
  g_autofree char *text = cvm_cli_clean (plain);
  g_autofree char *url = entry->report_id != 0 && entry->server != NULL
                           ? cvm_tapper_server_dup_report_url (entry->server, entry->report_id)
                           : NULL;
  g_autofree char *line = g_strdup_printf ("%s: %s%s%s", title, text, url != NULL ? ": " : "",
                                           url != NULL ? url : "");

  wipe (self);
  if (self->is_quiet || !is_wanted (self, entry->number))
    cvm_cli_message ("%s", line);
  else
    cvm_cli_print ("%s\n", line);
}

static void
on_step (const CvmSpoolEntry *entry,
         gpointer             data)
{
  if (entry->state == CVM_SPOOL_DONE)
    say (data, entry);
}

static void
on_progress (const CvmSpoolEntry *entry,
             const char          *what,
             guint64              done,
             guint64              total,
             gpointer             data)
{
  CvmCliSubmit *self = data;
  gint64 now_us = g_get_monotonic_time ();
  g_autofree char *title = NULL;

  if (!isatty (STDERR_FILENO) || (self->drawn_us != 0 && now_us < self->drawn_us + DRAW_US))
    return;

  title = cvm_cli_clean (entry->title);
  self->drawn_us = now_us;
  fprintf (stderr, "\r\033[K%.40s: %.60s, %" G_GUINT64_FORMAT " %%", title, what,
           total > 0 ? done * 100 / total : 100);
}

/* A server that moved is remembered under its name; one that was forgotten keeps its old address */
static CvmTapperServer *
find_server (const char *name,
             gpointer    data)
{
  return cvm_tapper_servers_find (name, NULL);
}

static gboolean
flush (CvmCliSubmit  *self,
       guint64        only,
       gboolean       is_now,
       GCancellable  *cancellable,
       GError       **error)
{
  const CvmSpoolFlush how = {
    .is_now = is_now, .only = only, .wait_ms = OTHER_MS, .on_step = on_step,
    .on_progress = on_progress, .find_server = find_server, .data = self,
  };
  gboolean is_done = cvm_spool_flush (self->spool, &how, cancellable, error);

  wipe (self);

  return is_done;
}

static gboolean
flush_wanted (CvmCliSubmit  *self,
              GCancellable  *cancellable,
              GError       **error)
{
  for (guint i = 0; i < self->wanted->len; i++)
    if (!flush (self, g_array_index (self->wanted, guint64, i), TRUE, cancellable, error))
      return FALSE;

  return TRUE;
}

/* What is still in the spool of those that were wanted */
static gboolean
tell_waiting (CvmCliSubmit  *self,
              GError       **error)
{
  g_autoptr(GPtrArray) entries = cvm_spool_list (self->spool, error);
  guint n_others = 0;

  self->n_waiting = 0;
  for (guint i = 0; entries != NULL && i < entries->len; i++)
    {
      const CvmSpoolEntry *entry = g_ptr_array_index (entries, i);

      if (self->wanted->len > 0 && !is_wanted (self, entry->number))
        {
          n_others++;
          continue;
        }

      self->n_waiting++;
      say (self, entry);
    }

  if (self->n_waiting > 0)
    cvm_cli_message (ngettext ("%u report is not sent, and waits in the spool; “cvmtester-cli "
                               "report spool flush” sends it",
                               "%u reports are not sent, and wait in the spool; “cvmtester-cli "
                               "report spool flush” sends them",
                               self->n_waiting), self->n_waiting);
  if (n_others > 0)
    cvm_cli_message (ngettext ("%u earlier report waits in the spool, too",
                               "%u earlier reports wait in the spool, too", n_others), n_others);

  return entries != NULL;
}

gboolean
cvm_cli_submit_flush (CvmCliSubmit  *self,
                      gboolean       is_now,
                      GCancellable  *cancellable,
                      GError       **error)
{
  g_autoptr(GError) sending = NULL;

  if (flush_wanted (self, cancellable, &sending) && flush (self, 0, is_now, cancellable, &sending))
    return tell_waiting (self, error);

  if (g_error_matches (sending, G_IO_ERROR, G_IO_ERROR_BUSY))
    {
      cvm_cli_message (_("another process is sending what waits in the spool"));
      return tell_waiting (self, error);
    }

  tell_waiting (self, NULL);
  g_propagate_error (error, g_steal_pointer (&sending));

  return FALSE;
}
