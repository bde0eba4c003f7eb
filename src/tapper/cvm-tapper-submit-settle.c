/* cvm-tapper-submit-settle.c: does the server have a report that was sent?
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-tapper-submit-private.h"

#include "cvm-tapper-confirm.h"
#include "cvm-tapper-error.h"
#include "cvm-tapper-raw.h"
#include "cvm-wait.h"

#define FIRST_LOOK_MS 50

static GError *
new_error (const char *format,
           ...) G_GNUC_PRINTF (1, 2);

static GError *
new_error (const char *format,
           ...)
{
  GError *error;
  va_list args;

  va_start (args, format);
  error = g_error_new_valist (CVM_TAPPER_ERROR, CVM_TAPPER_ERROR_NO_ANSWER, format, args);
  va_end (args);

  return error;
}

/* At once the first time; what keeps breaking off makes an orphan each time, so then it pauses. */
static gboolean
send_again (CvmTapperSubmit  *self,
            GError          **error)
{
  CvmSpoolEntry *entry = self->entry;

  if (entry->n_orphans == 1)
    return cvm_tapper_submit_enter (self, CVM_SPOOL_QUEUED, error);

  entry->n_tries = entry->n_orphans - 2;

  return cvm_tapper_submit_later (self, CVM_SPOOL_QUEUED, CVM_TAPPER_SUBMIT_BLOCKED,
                                  new_error ("the send broke off %u times", entry->n_orphans),
                                  error);
}

/* Short, and still so after a while: the server keeps what it got for ever, and never the rest.
 * The while is this process's own, by a clock that nobody sets. */
static gboolean
wait_or_send_again (CvmTapperSubmit  *self,
                    GError          **error)
{
  CvmSpoolEntry *entry = self->entry;
  gint64 now_us = g_get_monotonic_time ();

  if (*self->short_since_us == 0)
    *self->short_since_us = now_us;

  if (now_us - *self->short_since_us < self->limits->settle_ms * G_GINT64_CONSTANT (1000))
    return cvm_tapper_submit_stop (self, CVM_TAPPER_SUBMIT_SETTLING);

  if (!cvm_spool_save_orphan (self->spool, entry, entry->report_id, 0,
                              "the send broke off; the server has a part of it, or nothing", error))
    return FALSE;

  *self->short_since_us = 0;
  entry->n_orphans++;
  entry->report_id = 0;
  entry->has_stored = FALSE;
  entry->has_ended = FALSE;

  return send_again (self, error);
}

/* NULL, or why the server's copy cannot tell */
static GError *
compare (CvmTapperSubmit *self,
         CvmTapperRaw    *result)
{
  const CvmSpoolEntry *entry = self->entry;
  const CvmTapperServer *server = entry->server;
  GError *cause = NULL;

  if (server->web == NULL)
    return new_error ("the server %s has no web pages to ask",
                      cvm_tapper_server_get_label (server));

  if (cvm_tapper_raw_compare (server->web, entry->report_id, entry->path, result,
                              self->limits->idle_ms, self->cancellable, &cause) &&
      *result == CVM_TAPPER_RAW_OTHER)
    return new_error ("report %" G_GUINT64_FORMAT " at %s is not this one; is the web address "
                      "right?", entry->report_id, server->web);

  return cause;
}

/* The end of its sending is unknown. */
gboolean
cvm_tapper_submit_settle (CvmTapperSubmit  *self,
                          GError          **error)
{
  CvmTapperRaw result = CVM_TAPPER_RAW_OTHER;
  GError *cause = compare (self, &result);

  if (cause != NULL)
    return cvm_tapper_submit_later (self, CVM_SPOOL_MAYBE, CVM_TAPPER_SUBMIT_LATER, cause, error);

  if (result == CVM_TAPPER_RAW_SHORT)
    return wait_or_send_again (self, error);

  *self->short_since_us = 0;
  self->entry->is_same = TRUE;

  return cvm_tapper_submit_enter (self, CVM_SPOOL_SENT, error);
}

/* Its numbers, as soon as the server has parsed it. NULL, or why the API cannot tell them. */
static GError *
ask_numbers (CvmTapperSubmit *self)
{
  CvmSpoolEntry *entry = self->entry;
  gint64 end_us = cvm_deadline_in_ms (self->limits->confirm_ms);
  guint pause_ms = FIRST_LOOK_MS;
  GError *cause = NULL;

  do
    {
      if (!cvm_tapper_confirm (entry->server, entry->report_id, &entry->has_stored, &entry->stored,
                               cvm_deadline_in_ms (self->limits->connect_ms), self->cancellable,
                               &cause))
        return cause;

      if (entry->has_stored)
        return NULL;

      pause_ms = MIN (pause_ms * 2, self->limits->poll_ms);
    }
  while (cvm_wait_ms (pause_ms, end_us, self->cancellable, &cause));

  if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return cause;

  g_clear_error (&cause);

  return new_error ("the reports API does not list it yet");
}

static gboolean
is_proven (const CvmSpoolEntry *entry)
{
  g_autofree char *differences = NULL;

  if (entry->has_stored && entry->has_counted)
    differences = cvm_tapper_numbers_compare (&entry->counted, &entry->stored);

  return entry->is_same || (entry->has_stored && differences == NULL);
}

/* All went out well, which proves nothing, and neither door tells yet. A server that can never be
 * asked is taken at its word, and so is one without pages that counts otherwise; another is asked
 * again, and in the end a person. */
static gboolean
leave_open (CvmTapperSubmit  *self,
            GError           *cause,
            GError          **error)
{
  const CvmSpoolEntry *entry = self->entry;
  gboolean can_be_asked = entry->server->api_host != NULL || entry->server->web != NULL;
  gboolean is_last = entry->state == CVM_SPOOL_MAYBE ||
                     entry->n_tries + 1 >= self->limits->confirm_tries;

  if (!can_be_asked || (entry->has_stored && entry->server->web == NULL))
    {
      g_error_free (cause);
      return cvm_tapper_submit_enter (self, CVM_SPOOL_STORED, error);
    }

  return cvm_tapper_submit_later (self, is_last ? CVM_SPOOL_MAYBE : CVM_SPOOL_SENT,
                                  CVM_TAPPER_SUBMIT_LATER, cause, error);
}

/* All went out well: the API's numbers tell that it is stored, or else its raw bytes do. */
gboolean
cvm_tapper_submit_confirm (CvmTapperSubmit  *self,
                           GError          **error)
{
  CvmSpoolEntry *entry = self->entry;
  CvmTapperRaw result = CVM_TAPPER_RAW_OTHER;
  GError *unlisted = entry->has_stored ? NULL : ask_numbers (self);
  GError *cause;

  if (g_error_matches (unlisted, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_propagate_error (error, unlisted);
      return FALSE;
    }

  if (is_proven (entry))
    {
      g_clear_error (&unlisted);
      return cvm_tapper_submit_enter (self, CVM_SPOOL_STORED, error);
    }

  cause = compare (self, &result);
  if (cause != NULL && unlisted != NULL && entry->server->api_host != NULL &&
      !g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_error_free (cause);
      cause = g_steal_pointer (&unlisted);
    }

  g_clear_error (&unlisted);
  if (cause != NULL)
    return leave_open (self, cause, error);

  if (result == CVM_TAPPER_RAW_SHORT)
    return wait_or_send_again (self, error);

  *self->short_since_us = 0;
  entry->is_same = TRUE;

  return cvm_tapper_submit_enter (self, CVM_SPOOL_STORED, error);
}
