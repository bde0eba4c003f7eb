/* cvm-context.c: what a check sees of the job it runs in
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-context-private.h"

#include <string.h>

#include "cvm-engine-error.h"
#include "cvm-file.h"
#include "cvm-wait.h"

#define EVIDENCE_MAX     (64 * 1024 * 1024)
#define OUTPUT_MAX       (1024 * 1024)
#define HTTP_BODY_MAX    (4 * 1024 * 1024)
#define FIRST_TRY_MS     2000
#define LAST_TRY_MS      20000   /* one connection that hangs does not eat the case's whole limit */
#define PAUSE_MS         200
#define PLUG_IN_MS       5000

/* Parameters ------------------------------------------------------------------------------- */

const char *
cvm_context_string (CvmContext *self,
                    const char *param)
{
  const char *value = g_hash_table_lookup (self->item->values, param);

  g_return_val_if_fail (value != NULL, "");

  return value;
}

const char *
cvm_context_string_or_null (CvmContext *self,
                            const char *param)
{
  const char *value = cvm_context_string (self, param);

  return *value != '\0' ? value : NULL;
}

gint64
cvm_context_integer (CvmContext *self,
                     const char *param)
{
  gint64 value = 0;

  cvm_param_parse_integer (cvm_context_string (self, param), &value);

  return value;
}

gboolean
cvm_context_boolean (CvmContext *self,
                     const char *param)
{
  gboolean value = FALSE;

  cvm_param_parse_boolean (cvm_context_string (self, param), &value);

  return value;
}

gint64
cvm_context_duration_ms (CvmContext *self,
                         const char *param)
{
  gint64 value = 0;

  cvm_param_parse_duration (cvm_context_string (self, param), &value);

  return value;
}

GRegex *
cvm_context_pattern (CvmContext *self,
                     const char *param)
{
  g_autoptr(GError) error = NULL;
  GRegex *regex = g_regex_new (cvm_context_string (self, param), G_REGEX_MULTILINE, 0, &error);

  g_return_val_if_fail (regex != NULL, g_regex_new ("", 0, 0, NULL));

  return regex;
}

char **
cvm_context_list (CvmContext *self,
                  const char *param)
{
  return cvm_param_parse_list (cvm_context_string (self, param));
}

char *
cvm_context_file (CvmContext *self,
                  const char *param)
{
  return cvm_file_beside (cvm_suite_get_path (self->job->suite),
                          cvm_context_string (self, param));
}

const CvmImage *
cvm_context_get_image (CvmContext *self)
{
  return self->job->image;
}

gint64
cvm_context_get_deadline (CvmContext *self)
{
  return cvm_limit_get_deadline (CVM_LIMIT (self->job->cancellable));
}

GCancellable *
cvm_context_get_cancellable (CvmContext *self)
{
  return self->job->cancellable;
}

/* Outcomes --------------------------------------------------------------------------------- */

GError **
cvm_context_error (CvmContext *self)
{
  g_clear_error (&self->error);

  return &self->error;
}

const GError *
cvm_context_last_error (CvmContext *self)
{
  return self->error;
}

void
cvm_context_take_reason (CvmContext *self,
                         char       *reason)
{
  g_free (self->end->reason);
  self->end->reason = reason;
}

void
cvm_context_lose_host (CvmContext *self)
{
  self->job->is_lost = TRUE;
  if (self->job->stop != NULL)
    return;

  self->job->stop = g_strdup_printf ("the host was lost in %s", self->item->id);
  cvm_job_log (self->job, "host-lost", "%s", self->end->reason);
}

/* Whose limit it was: the case's own, or what the suite's had left for it */
static char *
describe_timeout (CvmContext *self)
{
  gboolean is_suites = self->deadline_us == self->job->deadline_us;
  gint64 limit_ms = is_suites ? cvm_suite_get_timeout_ms (self->job->suite)
                              : self->item->timeout_ms;

  limit_ms += (cvm_context_get_deadline (self) - self->deadline_us) / 1000;

  return g_strdup_printf ("not within %s%.3g s: %s", is_suites ? "the suite's limit of " : "",
                          limit_ms / 1000.0, self->error->message);
}

CvmOutcome
cvm_context_fail (CvmContext *self)
{
  g_return_val_if_fail (self->error != NULL, CVM_OUTCOME_FAIL);

  /* a port that gave up by itself has failed: only the user cancels */
  if (g_error_matches (self->error, G_IO_ERROR, G_IO_ERROR_CANCELLED)
      && g_cancellable_is_cancelled (self->job->run_cancellable))
    {
      cvm_context_take_reason (self, g_strdup ("cancelled"));
      return CVM_OUTCOME_CANCELLED;
    }

  cvm_context_take_reason (self, g_error_matches (self->error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT)
                                 ? describe_timeout (self) : g_strdup (self->error->message));

  if (g_error_matches (self->error, CVM_ENGINE_ERROR, CVM_ENGINE_ERROR_UNSUPPORTED))
    return CVM_OUTCOME_SKIP;

  if (g_error_matches (self->error, CVM_ENGINE_ERROR, CVM_ENGINE_ERROR_HOST_LOST))
    cvm_context_lose_host (self);

  return CVM_OUTCOME_FAIL;
}

const GError *
cvm_context_peek_error (CvmContext *self)
{
  return self->error;
}

gboolean
cvm_context_refuse (CvmContext *self,
                    const char *format,
                    ...)
{
  g_autofree char *message = NULL;
  va_list args;

  va_start (args, format);
  message = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error_literal (cvm_context_error (self), G_IO_ERROR, G_IO_ERROR_FAILED, message);

  return FALSE;
}

void
cvm_context_blame (CvmContext *self,
                   const char *what)
{
  g_prefix_error (&self->error, "%s: ", what);
}

CvmOutcome
cvm_context_fail_with (CvmContext *self,
                       const char *format,
                       ...)
{
  va_list args;

  va_start (args, format);
  cvm_context_take_reason (self, g_strdup_vprintf (format, args));
  va_end (args);

  return CVM_OUTCOME_FAIL;
}

CvmOutcome
cvm_context_skip_with (CvmContext *self,
                       const char *format,
                       ...)
{
  va_list args;

  va_start (args, format);
  cvm_context_take_reason (self, g_strdup_vprintf (format, args));
  va_end (args);

  return CVM_OUTCOME_SKIP;
}

CvmOutcome
cvm_context_pass_over (CvmContext *self,
                       const char *format,
                       ...)
{
  va_list args;

  va_start (args, format);
  cvm_context_take_reason (self, g_strdup_vprintf (format, args));
  va_end (args);
  self->job->is_not_needed = TRUE;

  return CVM_OUTCOME_SKIP;
}

void
cvm_context_detail (CvmContext *self,
                    const char *key,
                    const char *format,
                    ...)
{
  g_autofree char *value = NULL;
  va_list args;

  va_start (args, format);
  value = g_strdup_vprintf (format, args);
  va_end (args);
  cvm_record_add_detail (self->end, key, value);
}

void
cvm_context_waiting (CvmContext *self,
                     const char *format,
                     ...)
{
  g_autofree char *text = NULL;
  CvmRecord *record;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  if (g_strcmp0 (text, self->waiting) == 0)
    return;

  record = cvm_record_new (CVM_RECORD_CASE_WAIT, self->job->spec->id);
  record->number = self->number;
  record->id = g_strdup (self->item->id);
  record->text = g_strdup (text);
  record->ms = cvm_deadline_left_ms (cvm_context_get_deadline (self));
  cvm_job_record (self->job, record, NULL);
  g_atomic_int_set (&self->job->is_waiting, TRUE);
  g_free (self->waiting);
  self->waiting = g_steal_pointer (&text);
}

void
cvm_context_log (CvmContext *self,
                 const char *format,
                 ...)
{
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  cvm_job_log (self->job, "info", "%s: %s", self->item->id, text);
}

void
cvm_context_fact (CvmContext *self,
                  const char *name,
                  const char *value)
{
  cvm_job_fact (self->job, name, value);
}

void
cvm_context_evidence (CvmContext *self,
                      const char *name,
                      const char *media_type,
                      const char *bytes,
                      gsize       len)
{
  g_autofree char *safe = cvm_run_folder_safe_name (name);
  g_autofree char *file = g_strdup_printf ("logs/%s-%s", self->item->id, safe);
  g_autofree char *path = NULL;
  g_autoptr(GError) error = NULL;

  g_autofree char *shown = g_memdup2 (bytes, MIN (len, EVIDENCE_MAX));

  cvm_secrets_hide (self->job->secrets, shown, MIN (len, EVIDENCE_MAX));
  path = cvm_run_folder_job_file (self->job->folder, self->job->spec->id, file, &error);
  if (path != NULL && cvm_file_write (path, len > 0 ? shown : "", MIN (len, EVIDENCE_MAX), 0600,
                                      &error))
    cvm_job_evidence (self->job, self->item->id, file, media_type);
  else
    cvm_context_log (self, "%s was not kept: %s", file, error->message);
}

/* Host and guest --------------------------------------------------------------------------- */

CvmHost *
cvm_context_host (CvmContext *self)
{
  if (!cvm_job_open_host (self->job, cvm_context_get_deadline (self), cvm_context_error (self)))
    return NULL;

  return self->job->host;
}

CvmGuest *
cvm_context_guest (CvmContext *self)
{
  if (self->job->guest_is_on && cvm_guest_is_running (self->job->guest))
    return self->job->guest;

  g_set_error (cvm_context_error (self), CVM_ENGINE_ERROR, CVM_ENGINE_ERROR_GUEST_LOST, "%s",
               self->job->guest_is_on ? "the guest went off by itself"
                                      : "no guest runs: it needs a guest.start before it");

  return NULL;
}

gboolean
cvm_context_start_guest (CvmContext *self)
{
  return cvm_job_start_guest (self->job, cvm_context_get_deadline (self), cvm_context_error (self));
}

gboolean
cvm_context_stop_guest (CvmContext *self,
                        gboolean    force)
{
  if (cvm_context_guest (self) == NULL)
    return FALSE;

  return cvm_job_stop_guest (self->job, force, cvm_context_get_deadline (self),
                             cvm_context_error (self));
}

/* The cable goes back in for later cases also where this one's time is over */
gboolean
cvm_context_set_link (CvmContext *self,
                      gboolean    is_up)
{
  gint64 deadline_us = is_up ? MAX (cvm_context_get_deadline (self),
                                    cvm_deadline_in_ms (PLUG_IN_MS))
                             : cvm_context_get_deadline (self);

  if (self->job->guest != NULL)
    return cvm_guest_set_link (self->job->guest, is_up, deadline_us, self->job->cancellable,
                               cvm_context_error (self));

  return cvm_context_guest (self) != NULL;
}

CvmSerial *
cvm_context_serial (CvmContext *self)
{
  return self->job->serial;
}

guint64
cvm_context_boot_offset (CvmContext *self)
{
  return self->job->boot_offset;
}

void
cvm_context_mark_boot (CvmContext *self)
{
  self->job->boot_offset = cvm_serial_offset (self->job->serial);
}

/* Channels --------------------------------------------------------------------------------- */

/* A wrong key stays wrong; a guest that is off, a lost host and a cancel end it as well */
static gboolean
may_pass (const GError *error)
{
  return error->domain != CVM_ENGINE_ERROR
         && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* TRUE when another try is worth it; else the last error is in the context, with what was tried */
static gboolean
try_again (CvmContext *self,
           GError     *error,
           const char *what)
{
  g_autoptr(GError) last = error;

  if (may_pass (last) && cvm_context_guest (self) != NULL
      && cvm_wait_ms (PAUSE_MS, cvm_context_get_deadline (self), self->job->cancellable,
                      cvm_context_error (self)))
    return TRUE;

  if (!may_pass (last) || self->error->domain != CVM_ENGINE_ERROR)
    {
      gboolean is_cancel = g_error_matches (self->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      gboolean is_late = may_pass (last) && !is_cancel;
      GError **slot = cvm_context_error (self);

      if (is_cancel)
        g_set_error_literal (slot, G_IO_ERROR, G_IO_ERROR_CANCELLED, "cancelled");
      else if (is_late)
        g_set_error (slot, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "%s: %s", what, last->message);
      else
        g_set_error (slot, last->domain, last->code, "%s: %s", what, last->message);
    }

  return FALSE;
}

/* A user network accepts before the guest listens, and says nothing: the first tries are short, so
 * that such a one costs little, and later ones longer, for a guest that is slow. One that ends with
 * the case's limit is still its own: where that is put off, another try is worth more. */
static gint64
one_try (CvmContext *self)
{
  self->try_ms = CLAMP (self->try_ms * 3 / 2, FIRST_TRY_MS, LAST_TRY_MS);

  return MIN (cvm_context_get_deadline (self) - 1, cvm_deadline_in_ms (self->try_ms));
}

/* Or NULL */
static const char *
image_password_file (CvmContext *self,
                     const char *reference)
{
  const CvmImage *image = self->job->image;

  if (image == NULL)
    return NULL;

  if (g_str_equal (reference, "image"))
    return image->password_file;

  return g_str_equal (reference, "image-web") ? image->web_password_file : NULL;
}

/* What is made up or typed is one for each account; the others are one for each source */
static gboolean
is_of_account (const char *reference)
{
  return g_str_equal (reference, "generated") || g_str_equal (reference, "prompt");
}

static const char *
why_no_password (const char *reference)
{
  if (g_str_has_prefix (reference, "image"))
    return "the image names no such file (PasswordFile, WebPasswordFile)";

  return g_str_equal (reference, "prompt") ? "there is nobody to ask"
                                           : "there is no keyring to take the password from";
}

static char *
find_password (CvmContext *self,
               const char *account,
               const char *reference)
{
  const CvmPorts *ports = self->job->ports;
  const char *image_file = image_password_file (self, reference);
  GError **error = cvm_context_error (self);

  if (g_str_equal (reference, "generated"))
    return cvm_secrets_generate (error);

  if (g_str_has_prefix (reference, CVM_PASSWORD_FILE))
    return cvm_secrets_read_file (reference + strlen (CVM_PASSWORD_FILE), error);

  if (image_file != NULL)
    return cvm_secrets_read_file (image_file, error);

  if (g_str_equal (reference, "prompt") && ports->ask_password != NULL)
    return ports->ask_password (account, cvm_context_get_deadline (self),
                                self->job->cancellable, error);

  if (g_str_has_prefix (reference, CVM_PASSWORD_KEYRING) && ports->keyring != NULL)
    return ports->keyring (reference + strlen (CVM_PASSWORD_KEYRING),
                           cvm_context_get_deadline (self),
                           self->job->cancellable, error);

  g_set_error_literal (error, CVM_ENGINE_ERROR, CVM_ENGINE_ERROR_REFUSED,
                       why_no_password (reference));

  return NULL;
}

const char *
cvm_context_password (CvmContext *self,
                      const char *account,
                      const char *reference)
{
  g_autofree char *key = g_strconcat (reference, " ",
                                      is_of_account (reference) ? account : "", NULL);
  const char *kept = cvm_secrets_find (self->job->secrets, key);
  char *password;

  if (kept != NULL)
    return kept;

  password = find_password (self, account, reference);
  if (password != NULL)
    return cvm_secrets_keep (self->job->secrets, key, password);

  g_prefix_error (&self->error, "no password for %s: ", account);

  return NULL;
}

char *
cvm_context_public_key (CvmContext *self)
{
  const CvmImage *image = self->job->image;
  g_autofree char *made = NULL;
  char *line;

  if (image != NULL && image->key != NULL)
    return self->job->ports->ssh_key (image->key, cvm_context_error (self));

  made = cvm_run_folder_job_file (self->job->folder, self->job->spec->id, "ssh-key",
                                  cvm_context_error (self));
  line = made != NULL ? self->job->ports->ssh_key (made, cvm_context_error (self)) : NULL;
  if (line != NULL && self->job->key == NULL)
    self->job->key = g_steal_pointer (&made);

  return line;
}

gboolean
cvm_context_can_log_in (CvmContext *self)
{
  const CvmImage *image = self->job->image;

  return image->key != NULL || self->job->key != NULL || image->password_file != NULL;
}

static gboolean
fill_target (CvmContext    *self,
             CvmSshTarget  *target,
             const char    *password)
{
  const CvmImage *image = self->job->image;
  const char *key = image->key != NULL ? image->key : self->job->key;

  target->address = "127.0.0.1";
  target->password = password;
  target->key_file = password == NULL ? key : NULL;

  if (password == NULL && key == NULL && image->password_file != NULL)
    target->password = cvm_context_password (self, "the image's user", "image");

  return target->password != NULL || key != NULL || image->password_file == NULL;
}

/* The port of 127.0.0.1 that leads to the running guest's, or -1 */
static int
host_port (CvmContext  *self,
           guint16      guest_port,
           GError     **error)
{
  CvmGuest *guest = cvm_context_guest (self);

  if (guest == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&self->error));
      return -1;
    }

  return cvm_guest_host_port (guest, guest_port, cvm_context_get_deadline (self),
                              self->job->cancellable, error);
}

static CvmSsh *
try_ssh (CvmContext    *self,
         CvmSshTarget  *target,
         GError       **error)
{
  int port = host_port (self, 22, error);

  if (port < 0)
    return NULL;

  target->port = port;

  return self->job->ports->open_ssh (target, one_try (self), self->job->cancellable, error);
}

CvmSsh *
cvm_context_ssh (CvmContext *self,
                 const char *user,
                 const char *password)
{
  CvmSshTarget target = { NULL };
  g_autofree char *known = NULL;
  g_autofree char *what = NULL;
  g_autoptr(CvmSsh) ssh = NULL;

  if (cvm_context_guest (self) == NULL)
    return NULL;

  target.user = *user != '\0' ? user : self->job->image->user;
  known = cvm_run_folder_job_file (self->job->folder, self->job->spec->id, "known-host-key",
                                   cvm_context_error (self));
  target.known_key_file = known;
  if (known == NULL || !fill_target (self, &target, password))
    return NULL;

  what = g_strdup_printf ("ssh as %s", target.user);
  cvm_context_waiting (self, "%s", what);

  while (ssh == NULL)
    {
      g_autoptr(GError) error = NULL;

      ssh = try_ssh (self, &target, &error);
      if (ssh == NULL && !try_again (self, g_steal_pointer (&error), what))
        return NULL;
    }

  return g_steal_pointer (&ssh);
}

/* What was sent once may have been done although no reply came. A form has the whole limit; an act
 * may be what keeps its reply from coming. */
static gint64
limit_of (CvmContext           *self,
          const CvmHttpRequest *request)
{
  if (request->is_act)
    return MIN (cvm_context_get_deadline (self), cvm_deadline_in_ms (LAST_TRY_MS));

  return request->form != NULL ? cvm_context_get_deadline (self) : one_try (self);
}

static CvmHttpReply *
try_http (CvmContext            *self,
          guint16                guest_port,
          const CvmHttpRequest  *request,
          GError               **error)
{
  CvmHttpRequest whole = *request;
  g_autofree char *uri = NULL;
  g_autofree char *referer = NULL;
  int port = host_port (self, guest_port, error);

  if (port < 0)
    return NULL;

  uri = g_strdup_printf ("http://127.0.0.1:%d%s%s", port, *request->uri == '/' ? "" : "/",
                         request->uri);
  if (request->referer != NULL)
    referer = g_strdup_printf ("http://127.0.0.1:%d%s", port, request->referer);
  whole.uri = uri;
  whole.referer = referer;
  whole.max_body = HTTP_BODY_MAX;

  return self->job->ports->http_send (&whole, limit_of (self, request), self->job->cancellable,
                                      error);
}

CvmHttpReply *
cvm_context_http (CvmContext           *self,
                  guint16               port,
                  const CvmHttpRequest *request)
{
  g_autofree char *what = g_strdup_printf ("http on the guest's port %u", port);
  g_autoptr(CvmHttpReply) reply = NULL;

  if (cvm_context_guest (self) == NULL)
    return NULL;

  cvm_context_waiting (self, "%s", what);

  while (reply == NULL)
    {
      g_autoptr(GError) error = NULL;

      reply = try_http (self, port, request, &error);
      if (reply == NULL && (request->form != NULL || request->is_act))
        {
          g_propagate_error (cvm_context_error (self), g_steal_pointer (&error));
          return NULL;
        }

      if (reply == NULL && !try_again (self, g_steal_pointer (&error), what))
        return NULL;
    }

  return g_steal_pointer (&reply);
}

CvmHttpReply *
cvm_context_http_get (CvmContext *self,
                      guint16     port,
                      const char *path)
{
  return cvm_context_http (self, port, &(CvmHttpRequest) { .uri = path });
}

static void
collect (const char *bytes,
         gsize       len,
         gpointer    data)
{
  GString *output = data;

  g_string_append_len (output, bytes, MIN (len, OUTPUT_MAX - output->len));
}

char *
cvm_context_guest_output (CvmContext *self,
                          CvmSsh     *ssh,
                          const char *command,
                          int        *exit_status)
{
  g_autoptr(GString) output = g_string_new (NULL);

  if (!cvm_ssh_exec (ssh, command, NULL, 0, collect, NULL, output, cvm_context_get_deadline (self),
                     self->job->cancellable, exit_status, cvm_context_error (self)))
    return NULL;

  return g_string_free (g_steal_pointer (&output), FALSE);
}
