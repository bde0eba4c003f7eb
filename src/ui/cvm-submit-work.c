/* cvm-submit-work.c: what the submitter does in its threads
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-submit-work.h"

#include "cvm-run-reports.h"
#include "cvm-wait.h"

#define OTHER_MS 1000    /* another program sends: it will send ours, too */
#define CHOICE_MS 60000  /* … but what a person chose waits longer for it */

/* Looking ------------------------------------------------------------------------------------ */

CvmSubmitLook *
cvm_submit_look_new (void)
{
  CvmSubmitLook *self = g_new0 (CvmSubmitLook, 1);

  self->asked = g_ptr_array_new_with_free_func (g_free);
  self->known = g_ptr_array_new_with_free_func (g_free);
  self->found = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                       (GDestroyNotify)cvm_submission_free);

  return self;
}

void
cvm_submit_look_free (CvmSubmitLook *self)
{
  g_ptr_array_unref (self->asked);
  g_ptr_array_unref (self->known);
  g_clear_pointer (&self->waiting, g_ptr_array_unref);
  g_hash_table_unref (self->found);
  g_free (self);
}

static void
look_at (CvmSubmitLook *self,
         const char    *dir)
{
  if (!g_hash_table_contains (self->found, dir))
    g_hash_table_insert (self->found, g_strdup (dir), cvm_submission_read (dir, self->waiting));
}

/* The names of the runs of which something waits */
static GHashTable *
names_of_waiting (GPtrArray *waiting)
{
  GHashTable *names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < waiting->len; i++)
    {
      const CvmSpoolEntry *entry = waiting->pdata[i];

      if (entry->run != NULL)
        g_hash_table_add (names, g_path_get_basename (entry->run));
    }

  return names;
}

void
cvm_submit_look_run (CvmSubmitLook *self)
{
  g_autoptr(GHashTable) names = NULL;

  self->waiting = cvm_submission_list_waiting ();
  names = names_of_waiting (self->waiting);
  for (guint i = 0; i < self->asked->len; i++)
    look_at (self, self->asked->pdata[i]);
  for (guint i = 0; i < self->known->len; i++)
    {
      g_autofree char *name = g_path_get_basename (self->known->pdata[i]);

      if (g_hash_table_contains (names, name))
        look_at (self, self->known->pdata[i]);
    }
}

/* Into the spool, and out of it -------------------------------------------------------------- */

CvmSubmitAdd *
cvm_submit_add_new (const char *dir,
                    const char *job,
                    const char *server)
{
  CvmSubmitAdd *self = g_new0 (CvmSubmitAdd, 1);

  self->dir = g_strdup (dir);
  self->job = g_strdup (job);
  self->server = g_strdup (server);
  self->numbers = g_array_new (FALSE, FALSE, sizeof (guint64));

  return self;
}

void
cvm_submit_add_free (CvmSubmitAdd *self)
{
  g_free (self->dir);
  g_free (self->job);
  g_free (self->server);
  g_array_unref (self->numbers);
  g_free (self);
}

static gboolean
add_report (CvmSubmitAdd           *self,
            CvmSpool               *spool,
            const CvmTapperServer  *server,
            const CvmRunReport     *job,
            GCancellable           *cancellable,
            GError                **error)
{
  const CvmSpoolReport report = {
    .server = server,
    .path = job->path,
    .title = job->title,
    .attachments = (const CvmSpoolFile *)job->files->data,
    .n_attachments = server->api_host != NULL ? job->files->len : 0,
    .run = job->run,
    .job = job->job,
  };
  guint64 number;

  if (!cvm_spool_add (spool, &report, &number, cancellable, error))
    return FALSE;

  g_array_append_val (self->numbers, number);

  return TRUE;
}

gboolean
cvm_submit_add_run (CvmSubmitAdd  *self,
                    GCancellable  *cancellable,
                    GError       **error)
{
  g_autoptr(CvmTapperServer) server = cvm_tapper_servers_find (self->server, error);
  g_autoptr(CvmSpool) spool = NULL;
  g_autoptr(GPtrArray) reports = NULL;

  if (server == NULL)
    return FALSE;

  reports = cvm_run_reports_read (self->dir, error);
  if (reports == NULL)
    return FALSE;

  spool = cvm_spool_new_for_user ();
  for (guint i = 0; i < reports->len; i++)
    {
      const CvmRunReport *job = reports->pdata[i];

      if ((self->job == NULL || g_strcmp0 (job->job, self->job) == 0)
          && !add_report (self, spool, server, job, cancellable, error))
        return FALSE;
    }

  return TRUE;
}

/* Another of our own threads may be sending: then it is waited for, a while */
static gboolean
act (guint64        number,
     gboolean     (*what) (CvmSpool *, guint64, GError **),
     GCancellable  *cancellable,
     GError       **error)
{
  g_autoptr(CvmSpool) spool = cvm_spool_new_for_user ();
  gint64 deadline_us = cvm_deadline_in_ms (CHOICE_MS);

  while (TRUE)
    {
      g_autoptr(GError) local = NULL;

      if (what (spool, number, &local))
        return TRUE;

      if (!g_error_matches (local, G_IO_ERROR, G_IO_ERROR_BUSY) ||
          !cvm_wait_ms (100, deadline_us, cancellable, NULL))
        {
          g_propagate_error (error, g_steal_pointer (&local));
          return FALSE;
        }
    }
}

gboolean
cvm_submit_drop (guint64        number,
                 GCancellable  *cancellable,
                 GError       **error)
{
  return act (number, cvm_spool_drop, cancellable, error);
}

gboolean
cvm_submit_retry (guint64        number,
                  GCancellable  *cancellable,
                  GError       **error)
{
  return act (number, cvm_spool_retry, cancellable, error);
}

/* Sending ------------------------------------------------------------------------------------ */

static CvmTapperServer *
find_server (const char *name,
             gpointer    data)
{
  return cvm_tapper_servers_find (name, NULL);
}

gboolean
cvm_submit_flush (GArray        *wanted,
                  gboolean       is_now,
                  void         (*on_step) (const CvmSpoolEntry *, gpointer),
                  gpointer       data,
                  GCancellable  *cancellable,
                  GError       **error)
{
  g_autoptr(CvmSpool) spool = cvm_spool_new_for_user ();
  CvmSpoolFlush how = { .is_now = TRUE, .wait_ms = OTHER_MS, .on_step = on_step,
                        .find_server = find_server, .data = data };

  for (guint i = 0; i < wanted->len; i++)
    {
      how.only = g_array_index (wanted, guint64, i);
      if (!cvm_spool_flush (spool, &how, cancellable, error))
        return FALSE;
    }

  how.only = 0;
  how.is_now = is_now;

  return cvm_spool_flush (spool, &how, cancellable, error);
}
