/* cvm-tapper-submit.c: drives one report of the spool to the server
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-tapper-submit-private.h"

#include <gio/gunixinputstream.h>

#include "cvm-file.h"
#include "cvm-tapper-error.h"
#include "cvm-tapper-receiver.h"

static void
tell (CvmTapperSubmit *self)
{
  if (self->flush->on_step != NULL)
    self->flush->on_step (self->entry, self->flush->data);
}

void
cvm_tapper_submit_progress (CvmTapperSubmit *self,
                            const char      *what,
                            guint64          done,
                            guint64          total)
{
  if (self->flush->on_progress != NULL)
    self->flush->on_progress (self->entry, what, done, total, self->flush->data);
}

/* A step forward: on the disk, then told. Whatever went wrong before is over. */
gboolean
cvm_tapper_submit_enter (CvmTapperSubmit  *self,
                         CvmSpoolState     state,
                         GError          **error)
{
  CvmSpoolEntry *entry = self->entry;

  entry->state = state;
  entry->n_tries = 0;
  entry->next_try_s = 0;
  g_clear_pointer (&entry->why, g_free);

  if (!cvm_spool_save (self->spool, entry, error))
    return FALSE;

  tell (self);

  return TRUE;
}

gboolean
cvm_tapper_submit_stop (CvmTapperSubmit    *self,
                        CvmTapperSubmitEnd  end)
{
  self->is_over = TRUE;
  self->end = end;

  return TRUE;
}

static gint64
pause_s (const CvmTapperSubmit *self)
{
  guint64 pause_ms = self->limits->first_pause_ms;

  for (guint i = 1; i < self->entry->n_tries && pause_ms < self->limits->longest_pause_ms; i++)
    pause_ms *= 2;

  return (MIN (pause_ms, self->limits->longest_pause_ms) + 999) / 1000;
}

/* Not now: CAUSE (owned) says why, and each such time makes the pause longer. */
gboolean
cvm_tapper_submit_later (CvmTapperSubmit     *self,
                         CvmSpoolState        state,
                         CvmTapperSubmitEnd   end,
                         GError              *cause,
                         GError             **error)
{
  CvmSpoolEntry *entry = self->entry;

  if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_propagate_error (error, cause);
      return FALSE;
    }

  entry->state = state;
  entry->n_tries++;
  entry->next_try_s = g_get_real_time () / G_USEC_PER_SEC + pause_s (self);
  g_free (entry->why);
  entry->why = g_strdup (cause->message);
  g_error_free (cause);

  if (!cvm_spool_save (self->spool, entry, error))
    return FALSE;

  tell (self);

  return cvm_tapper_submit_stop (self, end);
}

/* Sending */

typedef struct
{
  CvmTapperSubmit *submit;
  guint            n_ports;   /* lost before this connection */
  GError          *disk;      /* what kept a hook from saving */
} Sending;

static gboolean
save_for (Sending  *self,
          GError  **error)
{
  if (cvm_spool_save (self->submit->spool, self->submit->entry, &self->disk))
    return TRUE;

  g_propagate_error (error, g_error_copy (self->disk));

  return FALSE;
}

/* From here on the server may make a report of the connection. */
static gboolean
on_port (guint16   port,
         gpointer  data,
         GError  **error)
{
  Sending *self = data;
  CvmSpoolEntry *entry = self->submit->entry;

  entry->state = CVM_SPOOL_SENDING;
  g_array_append_val (entry->lost_ports, port);

  return save_for (self, error);
}

static gboolean
on_id (guint64   id,
       gpointer  data,
       GError  **error)
{
  Sending *self = data;
  CvmSpoolEntry *entry = self->submit->entry;

  entry->report_id = id;
  g_array_set_size (entry->lost_ports, self->n_ports);
  if (!save_for (self, error))
    return FALSE;

  tell (self->submit);

  return TRUE;
}

static void
on_progress (guint64  done,
             gpointer data)
{
  Sending *self = data;

  cvm_tapper_submit_progress (self->submit, "report", done, self->submit->entry->size);
}

static gboolean
send_stream (Sending       *self,
             GInputStream  *stream,
             GError       **error)
{
  CvmTapperReceiverHooks hooks = { on_port, on_id, on_progress, self };
  CvmTapperSubmit *submit = self->submit;

  return cvm_tapper_receiver_send (submit->entry->server, stream, &hooks,
                                   submit->limits->connect_ms, submit->limits->idle_ms,
                                   submit->cancellable, error);
}

static gboolean
has_come_about (const GError *cause)
{
  return !g_error_matches (cause, CVM_TAPPER_ERROR, CVM_TAPPER_ERROR_UNREACHABLE) &&
         !g_error_matches (cause, CVM_TAPPER_ERROR, CVM_TAPPER_ERROR_WRONG_GREETING);
}

/* Without an id nothing was sent: the report waits again. With one, the server's copy must tell;
 * that is the next step, and the state on the disk is already that of it. */
static gboolean
on_failed (Sending  *self,
           GError   *cause,
           GError  **error)
{
  CvmTapperSubmit *submit = self->submit;
  CvmSpoolEntry *entry = submit->entry;

  if (entry->report_id > 0)
    {
      gboolean is_cancelled = g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_CANCELLED);

      g_free (entry->why);
      entry->why = g_strdup (cause->message);
      if (is_cancelled)
        g_propagate_error (error, g_steal_pointer (&cause));
      g_clear_error (&cause);

      return cvm_spool_save (submit->spool, entry, is_cancelled ? NULL : error) && !is_cancelled;
    }

  if (!has_come_about (cause))
    g_array_set_size (entry->lost_ports, self->n_ports);

  entry->state = CVM_SPOOL_QUEUED;
  if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    cvm_spool_save (submit->spool, entry, NULL);

  return cvm_tapper_submit_later (submit, CVM_SPOOL_QUEUED, CVM_TAPPER_SUBMIT_BLOCKED, cause,
                                  error);
}

/* What lies in the spool may have been changed since; a report of other bytes is not ours. */
static GInputStream *
open_report (CvmTapperSubmit  *self,
             GError          **error)
{
  g_autofree char *sha256 = cvm_file_sha256 (self->entry->path, self->cancellable, error);
  int fd;

  if (sha256 == NULL)
    return NULL;

  if (!g_str_equal (sha256, self->entry->sha256))
    {
      g_set_error (error, CVM_TAPPER_ERROR, CVM_TAPPER_ERROR_BROKEN,
                   "%s was changed since it entered the spool", self->entry->path);
      return NULL;
    }

  fd = cvm_file_open (self->entry->path, error);

  return fd >= 0 ? g_unix_input_stream_new (fd, TRUE) : NULL;
}

static gboolean
send_report (CvmTapperSubmit  *self,
             GError          **error)
{
  Sending sending = { self, self->entry->lost_ports->len, NULL };
  GError *local = NULL;
  g_autoptr(GInputStream) stream = open_report (self, &local);

  if (stream == NULL)
    return cvm_tapper_submit_later (self, CVM_SPOOL_BROKEN, CVM_TAPPER_SUBMIT_LATER, local, error);

  if (send_stream (&sending, stream, &local))
    {
      self->entry->has_ended = TRUE;
      return cvm_tapper_submit_enter (self, CVM_SPOOL_SENT, error);
    }

  if (sending.disk != NULL)
    {
      g_clear_error (&local);
      g_propagate_error (error, sending.disk);
      return FALSE;
    }

  return on_failed (&sending, local, error);
}

/* The steps */

static gboolean
step_sending (CvmTapperSubmit  *self,
              GError          **error)
{
  /* A process that died before the server told an id: nothing was sent. */
  if (self->entry->report_id == 0)
    return cvm_tapper_submit_enter (self, CVM_SPOOL_QUEUED, error);

  return cvm_tapper_submit_settle (self, error);
}

static gboolean
step_maybe (CvmTapperSubmit  *self,
            GError          **error)
{
  return self->entry->has_ended ? cvm_tapper_submit_confirm (self, error)
                                : cvm_tapper_submit_settle (self, error);
}

static gboolean
step_done (CvmTapperSubmit  *self,
           GError          **error)
{
  return cvm_tapper_submit_stop (self, CVM_TAPPER_SUBMIT_DONE);
}

static gboolean
step_broken (CvmTapperSubmit  *self,
             GError          **error)
{
  return cvm_tapper_submit_stop (self, CVM_TAPPER_SUBMIT_LATER);
}

static const CvmTapperStep steps[] = {
  [CVM_SPOOL_QUEUED] = send_report,
  [CVM_SPOOL_SENDING] = step_sending,
  [CVM_SPOOL_MAYBE] = step_maybe,
  [CVM_SPOOL_SENT] = cvm_tapper_submit_confirm,
  [CVM_SPOOL_STORED] = cvm_tapper_submit_attach,
  [CVM_SPOOL_DONE] = step_done,
  [CVM_SPOOL_BROKEN] = step_broken,
};

/* Takes steps until there is nothing more to do now. FALSE: cancelled, or the disk fails. */
gboolean
cvm_tapper_submit (CvmSpool             *spool,
                   CvmSpoolEntry        *entry,
                   const CvmSpoolFlush  *flush,
                   gint64               *short_since_us,
                   CvmTapperSubmitEnd   *end,
                   GCancellable         *cancellable,
                   GError              **error)
{
  CvmTapperSubmit self = {
    .spool = spool,
    .limits = &spool->limits,
    .entry = entry,
    .flush = flush,
    .short_since_us = short_since_us,
    .cancellable = cancellable,
  };

  while (!self.is_over)
    {
      if (g_cancellable_set_error_if_cancelled (cancellable, error) ||
          !steps[entry->state] (&self, error))
        return FALSE;
    }

  *end = self.end;

  return TRUE;
}
