/* cvm-fetch-download.c: a file from afar as a stream: the worker's side
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-fetch-private.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "cvm-alarm.h"
#include "cvm-text.h"

#define BLOCK          (256 * 1024)
#define PAUSE_FIRST_MS 100
#define PAUSE_LAST_MS  10000
#define TRIES_MAX      30               /* without GAIN more bytes */
#define TRIES_FIRST    4                /* when the server has never answered */
#define GAIN           (1024 * 1024)
#define SPARE_BYTES    (64 * 1024 * 1024)   /* a disk is not filled to its last byte */
#define RATE_US        (3 * G_USEC_PER_SEC)

typedef enum
{
  PULL_WHOLE,      /* all of it is here */
  PULL_BROKE,      /* another try may go on from here */
  PULL_FAILED,     /* no other try helps */
} Pull;

static gboolean
fail_errno (CvmDownload  *self,
            const char   *doing,
            GError      **error)
{
  int code = errno;

  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), "Cannot %s %s: %s", doing,
               self->part != NULL ? self->part : self->url, g_strerror (code));

  return FALSE;
}

/* What the reader sees ------------------------------------------------------------------------ */

static void
publish (CvmDownload *self)
{
  gint64 now = g_get_monotonic_time ();

  g_mutex_lock (&self->mutex);
  self->ready = self->have;
  self->is_open = TRUE;
  if (now - self->mark_us[1] > RATE_US)
    {
      gboolean is_first = self->mark_us[1] == 0;

      self->mark_us[0] = is_first ? now : self->mark_us[1];
      self->mark_bytes[0] = is_first ? self->have : self->mark_bytes[1];
      self->mark_us[1] = now;
      self->mark_bytes[1] = self->have;
    }
  g_cond_broadcast (&self->cond);
  g_mutex_unlock (&self->mutex);
}

/* Whether what was published can still be taken back; then it is. */
static gboolean
take_back (CvmDownload *self)
{
  gboolean is_free;

  g_mutex_lock (&self->mutex);
  is_free = !self->is_read;
  if (is_free)
    self->ready = 0;
  g_mutex_unlock (&self->mutex);

  return is_free;
}

static void
set_total (CvmDownload *self,
           gint64       total)
{
  g_mutex_lock (&self->mutex);
  self->total = total;
  g_mutex_unlock (&self->mutex);
}

/* Bytes: to the part file and into the sum ---------------------------------------------------- */

static gboolean
write_all (CvmDownload   *self,
           const guint8  *bytes,
           gsize          len,
           GError       **error)
{
  while (len > 0)
    {
      gssize n = pwrite (self->fd, bytes, len, self->have);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return fail_errno (self, "write", error);

      cvm_sha256_update (self->sum, bytes, n);
      self->have += n;
      self->n_summed += n;
      bytes += n;
      len -= (gsize)n;
    }

  return TRUE;
}

/* Sums what lies in the file already, from an earlier process or of a local file; the reader may
 * have it meanwhile. */
static gboolean
sum_file (CvmDownload  *self,
          GError      **error)
{
  g_autofree guint8 *block = g_malloc (BLOCK);

  while (self->n_summed < self->have)
    {
      gsize len = (gsize)MIN (BLOCK, self->have - self->n_summed);
      gssize n = pread (self->fd, block, len, self->n_summed);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return fail_errno (self, "read", error);
      if (n == 0)
        {
          g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s became shorter while it was read",
                       self->part != NULL ? self->part : self->url);
          return FALSE;
        }
      if (g_cancellable_set_error_if_cancelled (self->stop, error))
        return FALSE;

      cvm_sha256_update (self->sum, block, n);
      self->n_summed += n;
    }

  return TRUE;
}

static gboolean
begin_again (CvmDownload  *self,
             GError      **error)
{
  if (!take_back (self))
    {
      g_set_error (error, CVM_FETCH_ERROR, CVM_FETCH_ERROR_CHANGED,
                   self->validator != NULL
                     ? "the server has another file there now than it had when this began"
                     : "the connection broke, and the server says nothing to go on from there by");
      return FALSE;
    }

  self->have = self->n_summed = 0;
  cvm_sha256_reset (self->sum);

  return ftruncate (self->fd, 0) == 0 || fail_errno (self, "empty", error);
}

static gboolean
fail_changed (GError **error)
{
  g_set_error (error, CVM_FETCH_ERROR, CVM_FETCH_ERROR_BROKEN,
               "the file has changed on the server");

  return FALSE;
}

/* Replies ------------------------------------------------------------------------------------- */

static gboolean
refuse_status (guint    status,
               GError **error)
{
  gboolean may_pass = status >= 500 || status == 408 || status == 425 || status == 429;

  g_set_error (error, CVM_FETCH_ERROR, may_pass ? CVM_FETCH_ERROR_BROKEN : CVM_FETCH_ERROR_REFUSED,
               "the server answers %u %s", status, soup_status_get_phrase (status));

  return FALSE;
}

static gboolean
check_size (CvmDownload  *self,
            gint64        total,
            GError      **error)
{
  struct statvfs disk;
  guint64 room;

  if (total > self->max_bytes)
    {
      g_set_error (error, CVM_FETCH_ERROR, CVM_FETCH_ERROR_REFUSED,
                   "it has %" G_GINT64_FORMAT " bytes; at most %" G_GINT64_FORMAT " are taken",
                   total, self->max_bytes);
      return FALSE;
    }

  if (total < 0 || fstatvfs (self->fd, &disk) != 0)
    return TRUE;

  room = (guint64)disk.f_bavail * disk.f_frsize;
  if ((guint64)(total - self->have) + SPARE_BYTES <= room)
    return TRUE;

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE,
               "it has %" G_GINT64_FORMAT " MiB, and the disk of %s has room for %" G_GUINT64_FORMAT
               " MiB; make room there", total >> 20, self->part, room >> 20);

  return FALSE;
}

/* A strong ETag, or else the date: what If-Range takes */
static char *
dup_validator (SoupMessageHeaders *headers)
{
  const char *tag = soup_message_headers_get_one (headers, "ETag");

  if (tag != NULL && tag[0] == '"' && strlen (tag) < 1024)
    return g_strdup (tag);

  return g_strdup (soup_message_headers_get_one (headers, "Last-Modified"));
}

/* 206: what was asked for, of the same file? */
static gboolean
is_same_file (CvmDownload         *self,
              SoupMessageHeaders  *headers,
              gint64               total)
{
  const char *tag = soup_message_headers_get_one (headers, "ETag");
  gboolean has_tag = self->validator != NULL && self->validator[0] == '"';

  return (self->total < 0 || total < 0 || total == self->total) &&
         (!has_tag || tag == NULL || g_str_equal (tag, self->validator));
}

static gboolean
take_range (CvmDownload         *self,
            SoupMessageHeaders  *headers,
            GError             **error)
{
  goffset start, end, total;

  if (!soup_message_headers_get_content_range (headers, &start, &end, &total) ||
      start != self->have)
    {
      g_set_error (error, CVM_FETCH_ERROR, CVM_FETCH_ERROR_REFUSED,
                   "the server was asked to go on at byte %" G_GINT64_FORMAT
                   ", and answers with another part", self->have);
      return FALSE;
    }

  if (!is_same_file (self, headers, total))
    return begin_again (self, error) && fail_changed (error);

  if (total >= 0)
    set_total (self, total);

  return check_size (self, self->total, error);
}

/* 200: the whole file, from its first byte. If it is still the same, what is here is passed
 * over. */
static gboolean
take_whole (CvmDownload         *self,
            SoupMessageHeaders  *headers,
            gint64              *passed_over,
            GError             **error)
{
  g_autofree char *validator = dup_validator (headers);
  gboolean has_length = soup_message_headers_get_encoding (headers) == SOUP_ENCODING_CONTENT_LENGTH;
  gint64 total = has_length ? soup_message_headers_get_content_length (headers) : -1;
  gboolean is_same = validator != NULL && g_strcmp0 (validator, self->validator) == 0 &&
                     total == self->total;

  *passed_over = is_same ? self->have : 0;
  if (self->have > 0 && !is_same && !begin_again (self, error))
    return FALSE;

  g_free (self->validator);
  self->validator = g_steal_pointer (&validator);
  set_total (self, total);
  if (!check_size (self, total, error))
    return FALSE;

  cvm_download_note (self);

  return TRUE;
}

static Pull
read_body (CvmDownload   *self,
           GInputStream  *body,
           gint64         passed_over,
           GError       **error)
{
  g_autofree guint8 *block = g_malloc (BLOCK);
  gssize n;

  while ((n = g_input_stream_read (body, block, BLOCK, self->stop, error)) > 0)
    {
      gsize skipped = (gsize)MIN (passed_over, n);

      passed_over -= (gint64)skipped;
      self->last_byte_us = g_get_monotonic_time ();
      if (self->have + n - (gssize)skipped > self->max_bytes)
        {
          g_set_error (error, CVM_FETCH_ERROR, CVM_FETCH_ERROR_REFUSED,
                       "it does not end; at most %" G_GINT64_FORMAT " bytes are taken",
                       self->max_bytes);
          return PULL_FAILED;
        }
      if (!write_all (self, block + skipped, (gsize)n - skipped, error))
        return PULL_FAILED;
      publish (self);
    }

  if (n < 0)
    return PULL_BROKE;

  if (self->total < 0)
    set_total (self, self->have);
  if (self->have == self->total)
    return PULL_WHOLE;

  g_set_error (error, CVM_FETCH_ERROR, CVM_FETCH_ERROR_BROKEN,
               "the server stopped after %" G_GINT64_FORMAT " of %" G_GINT64_FORMAT " bytes",
               self->have, self->total);

  return PULL_BROKE;
}

static void
cancel (gpointer data)
{
  g_cancellable_cancel (data);
}

/* A server that sends its headers drop by drop is not silent, so that the session's limit does not
 * end it; this one does. */
static gboolean
get_in_time (CvmDownload          *self,
             SoupSession          *session,
             const CvmWebRequest  *request,
             CvmWebReply          *reply,
             GError              **error)
{
  g_autoptr(GCancellable) limit = g_cancellable_new ();
  CvmAlarm *alarm = cvm_alarm_new (cancel, limit, cvm_deadline_in_ms (self->patience_ms),
                                   self->stop);
  gboolean is_there = cvm_web_get (session, request, reply, limit, error);

  cvm_alarm_free (alarm);
  if (!is_there && g_error_matches (*error, G_IO_ERROR, G_IO_ERROR_CANCELLED) &&
      !g_cancellable_is_cancelled (self->stop))
    {
      g_clear_error (error);
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "the server does not answer");
    }

  return is_there;
}

static Pull
judge (const GError *error)
{
  if (error->domain == CVM_FETCH_ERROR && error->code != CVM_FETCH_ERROR_BROKEN)
    return PULL_FAILED;

  return error->domain == G_TLS_ERROR ? PULL_FAILED : PULL_BROKE;
}

static gboolean
take (CvmDownload  *self,
      SoupMessage  *message,
      gint64       *passed_over,
      GError      **error)
{
  SoupMessageHeaders *headers = soup_message_get_response_headers (message);
  guint status = soup_message_get_status (message);

  if (status == 206)
    return take_range (self, headers, error);
  if (status == 200)
    return take_whole (self, headers, passed_over, error);
  if (status == 416 && self->have > 0)
    return begin_again (self, error) && fail_changed (error);

  return refuse_status (status, error);
}

/* One request, and what comes of it. A range is asked for only where a changed file would show. */
static Pull
pull (CvmDownload  *self,
      SoupSession  *session,
      GError      **error)
{
  gboolean can_tell = self->validator != NULL || self->wanted_sha256 != NULL;
  CvmWebRequest request = { self->url, can_tell ? self->have : 0, self->validator };
  g_auto(CvmWebReply) reply = { NULL };
  gint64 passed_over = 0;

  if (!get_in_time (self, session, &request, &reply, error))
    return judge (*error);

  if (!take (self, reply.message, &passed_over, error))
    return g_error_matches (*error, CVM_FETCH_ERROR, CVM_FETCH_ERROR_BROKEN) ? PULL_BROKE
                                                                             : PULL_FAILED;

  publish (self);

  return sum_file (self, error) ? read_body (self, reply.body, passed_over, error) : PULL_FAILED;
}

/* Tries --------------------------------------------------------------------------------------- */

typedef struct
{
  guint  n;          /* since GAIN bytes came */
  gint64 have;
} Tries;

/* What is told at the end is what the last try said. */
static gboolean
give_up (CvmDownload   *self,
         const GError  *last,
         GError       **error)
{
  if (self->have > 0)
    g_set_error (error, CVM_FETCH_ERROR, CVM_FETCH_ERROR_BROKEN,
                 "given up after %u breaks, with %" G_GINT64_FORMAT " bytes here: %s; fetch it "
                 "again to go on from there", self->n_breaks, self->have, last->message);
  else
    g_set_error (error, CVM_FETCH_ERROR, CVM_FETCH_ERROR_BROKEN, "given up after %u tries: %s",
                 self->n_breaks, last->message);

  return FALSE;
}

/* Whether it is time for another try; waits until then. */
static gboolean
try_again (CvmDownload   *self,
           Tries         *tries,
           const GError  *last,
           GError       **error)
{
  gint64 end_us = self->last_byte_us + self->patience_ms * 1000;
  gboolean has_answered = self->is_open;
  gint64 pause_ms;

  if (self->have - tries->have >= GAIN)
    *tries = (Tries) { 0, self->have };

  g_mutex_lock (&self->mutex);
  self->n_breaks++;
  g_mutex_unlock (&self->mutex);

  pause_ms = MIN (PAUSE_FIRST_MS << MIN (tries->n, 10), PAUSE_LAST_MS);
  tries->n++;
  if (tries->n >= (has_answered ? TRIES_MAX : TRIES_FIRST) ||
      g_get_monotonic_time () + pause_ms * 1000 >= end_us)
    return give_up (self, last, error);

  return cvm_wait_ms ((guint)pause_ms, CVM_DEADLINE_NEVER, self->stop, error);
}

static gboolean
pull_all (CvmDownload  *self,
          GError      **error)
{
  g_autoptr(SoupSession) session = cvm_web_session_new (self->patience_ms / 2);
  Tries tries = { 0 };

  self->last_byte_us = g_get_monotonic_time ();

  while (TRUE)
    {
      g_autoptr(GError) local = NULL;
      Pull pulled = pull (self, session, &local);

      if (pulled == PULL_WHOLE)
        return TRUE;

      if (g_cancellable_set_error_if_cancelled (self->stop, error))
        return FALSE;

      if (pulled == PULL_FAILED)
        {
          g_propagate_error (error, g_steal_pointer (&local));
          return FALSE;
        }

      if (!try_again (self, &tries, local, error))
        return FALSE;
    }
}

/* The two kinds ------------------------------------------------------------------------------- */

static gboolean
open_part (CvmDownload  *self,
           GError      **error)
{
  struct stat info;

  self->fd = open (self->part, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
  if (self->fd < 0)
    return fail_errno (self, "open", error);

  if (flock (self->fd, LOCK_EX | LOCK_NB) != 0)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_BUSY,
                   "another process is fetching it now; wait for that one");
      return FALSE;
    }

  /* Whoever had it before was done with it, and has removed it. */
  if (fstat (self->fd, &info) != 0 || info.st_nlink == 0)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_BUSY, "another process has just fetched it");
      return FALSE;
    }

  self->have = info.st_size;
  cvm_download_load_note (self);
  if (self->total >= 0 && self->have >= self->total)
    self->have = MAX (self->total - 1, 0);

  return ftruncate (self->fd, self->have) == 0 || fail_errno (self, "shorten", error);
}

static gboolean
download (CvmDownload  *self,
          GError      **error)
{
  return open_part (self, error) && pull_all (self, error);
}

/* A local file is read where it is. */
static gboolean
read_local (CvmDownload  *self,
            GError      **error)
{
  struct stat info;

  self->fd = open (self->url, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (self->fd < 0 || fstat (self->fd, &info) != 0)
    return fail_errno (self, "open", error);

  if (!S_ISREG (info.st_mode))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE,
                   "Cannot read %s: it is not a regular file", self->url);
      return FALSE;
    }

  self->have = info.st_size;
  set_total (self, self->have);
  if (self->have > self->max_bytes)
    return check_size (self, self->have, error);
  publish (self);

  return sum_file (self, error);
}

static gboolean
check_sum (CvmDownload  *self,
           GError      **error)
{
  const char *found = cvm_sha256_get_string (self->sum);

  if (self->wanted_sha256 == NULL || g_ascii_strcasecmp (found, self->wanted_sha256) == 0)
    return TRUE;

  g_set_error (error, CVM_FETCH_ERROR, CVM_FETCH_ERROR_WRONG_SUM,
               "its SHA-256 is %s, and %s was promised", found, self->wanted_sha256);

  return FALSE;
}

/* What cannot be gone on with is no use to anybody. */
static gboolean
is_kept (const GError *error)
{
  return g_error_matches (error, CVM_FETCH_ERROR, CVM_FETCH_ERROR_BROKEN) ||
         g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) ||
         g_error_matches (error, G_IO_ERROR, G_IO_ERROR_BUSY);
}

void
cvm_download_run (CvmDownload *self)
{
  g_autoptr(GError) error = NULL;
  gboolean is_whole = self->part != NULL ? download (self, &error) : read_local (self, &error);

  if (is_whole)
    is_whole = check_sum (self, &error);

  if (!is_whole && self->part != NULL && !is_kept (error))
    cvm_fetch_part_remove (self->part);
  if (!is_whole && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_autofree char *shown = cvm_text_quote (self->url);

      g_prefix_error (&error, "Cannot fetch %s: ", shown);
    }

  g_mutex_lock (&self->mutex);
  self->error = g_steal_pointer (&error);
  self->is_over = TRUE;
  g_cond_broadcast (&self->cond);
  g_mutex_unlock (&self->mutex);
}

CvmDownload *
cvm_download_new (const CvmFetchSpec *spec)
{
  CvmDownload *self = g_new0 (CvmDownload, 1);

  if (cvm_web_is_url (spec->url))
    {
      self->url = g_strdup (spec->url);
      self->part = g_strdup (spec->part);
    }
  else
    {
      g_autoptr(GFile) file = g_file_new_for_commandline_arg (spec->url);

      self->url = g_file_get_path (file);
      if (self->url == NULL)
        self->url = g_strdup (spec->url);
    }

  self->wanted_sha256 = g_strdup (spec->sha256);
  self->max_bytes = spec->max_bytes > 0 ? spec->max_bytes : CVM_FETCH_MAX_BYTES;
  self->patience_ms = spec->patience_ms > 0 ? spec->patience_ms : CVM_FETCH_PATIENCE_MS;
  self->stop = g_cancellable_new ();
  self->fd = -1;
  self->sum = cvm_sha256_new ();
  self->total = -1;
  g_mutex_init (&self->mutex);
  g_cond_init (&self->cond);

  return self;
}

void
cvm_download_free (CvmDownload *self)
{
  if (self->fd >= 0)
    close (self->fd);
  g_free (self->url);
  g_free (self->part);
  g_free (self->wanted_sha256);
  g_free (self->validator);
  g_object_unref (self->stop);
  cvm_sha256_free (self->sum);
  g_clear_error (&self->error);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->cond);
  g_free (self);
}
