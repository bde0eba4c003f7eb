/* cvm-serial.c: a guest's serial console
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-serial.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "cvm-engine-error.h"
#include "cvm-serial-times.h"
#include "cvm-wait.h"

#define MAX_LINE 65536   /* of a line that is matched; the rest counts as the next line */

struct _CvmSerial
{
  GObject     parent_instance;

  GMutex      writing;       /* guards these; held while the disk is waited for */
  int         fd;            /* of serial.log, or -1 */
  CvmSerialClock clock;      /* beside it */
  gboolean    file_ended;    /* full, or an error: nothing more goes to the file */
  char       *file_error;

  GMutex      mutex;         /* guards these; taken after WRITING, and for moments only */
  GCond       changed;
  GByteArray *window;        /* the last bytes seen, cut at 2 × CVM_SERIAL_WINDOW */
  guint64     total;         /* bytes seen since the beginning; changed with both locks held */
  char       *ended;         /* why the console is at its end, or NULL */
};

G_DEFINE_FINAL_TYPE (CvmSerial, cvm_serial, G_TYPE_OBJECT)

static void
cvm_serial_finalize (GObject *object)
{
  CvmSerial *self = CVM_SERIAL (object);

  if (self->fd >= 0)
    close (self->fd);
  cvm_serial_clock_close (&self->clock);

  g_byte_array_unref (self->window);
  g_free (self->file_error);
  g_free (self->ended);
  g_mutex_clear (&self->writing);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->changed);

  G_OBJECT_CLASS (cvm_serial_parent_class)->finalize (object);
}

static void
cvm_serial_class_init (CvmSerialClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = cvm_serial_finalize;
}

static void
cvm_serial_init (CvmSerial *self)
{
  g_mutex_init (&self->writing);
  g_mutex_init (&self->mutex);
  g_cond_init (&self->changed);
  self->fd = -1;
  self->clock.fd = -1;
  self->window = g_byte_array_new ();
}

CvmSerial *
cvm_serial_new (const char  *path,
                GError     **error)
{
  g_autoptr(CvmSerial) self = g_object_new (CVM_TYPE_SERIAL, NULL);

  if (path == NULL)
    return g_steal_pointer (&self);

  self->fd = open (path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (self->fd < 0)
    {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno),
                   "%s: cannot be written: %s", path, g_strerror (errno));
      return NULL;
    }

  cvm_serial_clock_open (&self->clock, path);

  return g_steal_pointer (&self);
}

/* What is written goes at once: no buffer is lost with the process */
static void
write_file (CvmSerial  *self,
            const char *bytes,
            gsize       len)
{
  while (len > 0)
    {
      gssize n = write (self->fd, bytes, len);

      if (n < 0 && errno == EINTR)
        continue;

      if (n < 0)
        {
          self->file_ended = TRUE;
          self->file_error = g_strdup (g_strerror (errno));
          return;
        }

      bytes += n;
      len -= n;
    }
}

static void
append_file (CvmSerial  *self,
             const char *bytes,
             gsize       len)
{
  static const char mark[] = "\n[cvmtester: the console said more than is kept]\n";
  guint64 left = CVM_SERIAL_MAX_FILE - MIN (self->total, CVM_SERIAL_MAX_FILE);

  if (self->fd < 0 || self->file_ended)
    return;

  write_file (self, bytes, MIN (len, left));

  if (len > left && !self->file_ended)
    {
      write_file (self, mark, strlen (mark));
      self->file_ended = TRUE;
    }
}

void
cvm_serial_append (CvmSerial  *self,
                   const char *bytes,
                   gsize       len)
{
  g_autoptr(GMutexLocker) writing = g_mutex_locker_new (&self->writing);

  cvm_serial_clock_tell (&self->clock, g_get_real_time () / 1000, self->total);
  append_file (self, bytes, len);

  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  g_byte_array_append (self->window, (const guint8 *)bytes, len);
  self->total += len;
  g_clear_pointer (&self->ended, g_free);

  if (self->window->len > 2 * CVM_SERIAL_WINDOW)
    g_byte_array_remove_range (self->window, 0, self->window->len - CVM_SERIAL_WINDOW);

  g_cond_broadcast (&self->changed);
}

void
cvm_serial_end (CvmSerial  *self,
                const char *why)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  g_free (self->ended);
  self->ended = g_strdup (why);
  g_cond_broadcast (&self->changed);
}

guint64
cvm_serial_offset (CvmSerial *self)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  return self->total;
}

char *
cvm_serial_dup_file_error (CvmSerial *self)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->writing);

  return g_strdup (self->file_error);
}

static char *
read_locked (CvmSerial *self,
             guint64   *offset,
             gsize      max,
             gsize     *len)
{
  guint64 start = self->total - self->window->len;
  guint64 from = CLAMP (*offset, start, self->total);
  gsize n = MIN (self->total - from, max);
  char *copy = g_malloc (n + 1);

  if (n > 0)
    memcpy (copy, self->window->data + (from - start), n);

  copy[n] = '\0';
  *offset = from + n;
  *len = n;

  return copy;
}

char *
cvm_serial_read (CvmSerial *self,
                 guint64   *offset,
                 gsize      max,
                 gsize     *len)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  return read_locked (self, offset, max, len);
}

/* The end of a terminal escape (ECMA-48: CSI … final byte, or ESC and one byte) */
static const char *
skip_escape (const char *p,
             const char *end)
{
  p++;
  if (p < end && *p == '[')
    {
      p++;
      while (p < end && (guchar)*p >= 0x20 && (guchar)*p <= 0x3f)
        p++;
    }

  return p < end ? p + 1 : end;
}

static char *
clean_line (const char *line,
            gsize       len)
{
  const char *end = line + len;
  g_autoptr(GString) clean = g_string_sized_new (len);

  for (const char *p = line; p < end;)
    {
      if (*p == '\033')
        {
          p = skip_escape (p, end);
          continue;
        }

      if (*p != '\r' && *p != '\0')
        g_string_append_c (clean, *p);

      p++;
    }

  return g_utf8_make_valid (clean->str, clean->len);
}

/* Looks at each line of BYTES. CONSUMED gets the bytes of whole lines: they need no second look */
static char *
find_line (const char   *bytes,
           gsize         len,
           const GRegex *pattern,
           gsize        *consumed)
{
  *consumed = 0;

  while (*consumed < len)
    {
      const char *line = bytes + *consumed;
      gsize left = len - *consumed;
      const char *newline = memchr (line, '\n', MIN (left, MAX_LINE));
      gsize line_len = newline != NULL ? (gsize)(newline - line) : MIN (left, MAX_LINE);
      g_autofree char *clean = clean_line (line, line_len);

      if (g_regex_match (pattern, clean, 0, NULL))
        return g_steal_pointer (&clean);

      if (newline == NULL && line_len < MAX_LINE)
        return NULL;

      *consumed += line_len + (newline != NULL ? 1 : 0);
    }

  return NULL;
}

typedef struct
{
  CvmSerial *serial;
  guint64    seen;
} Growth;

static gboolean
has_grown (gpointer data)
{
  Growth *growth = data;

  return growth->serial->total != growth->seen || growth->serial->ended != NULL;
}

/* What stands behind a wait's error, so that its reader knows where the guest was */
static void
add_last_line (CvmSerial  *self,
               GError    **error)
{
  g_autofree char *last = cvm_serial_last_line (self);
  g_autofree char *old = error != NULL ? g_strdup ((*error)->message) : NULL;

  if (old == NULL || g_error_matches (*error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  g_free ((*error)->message);
  (*error)->message = *last != '\0'
    ? g_strdup_printf ("%s; the console's last line: %s", old, last)
    : g_strdup_printf ("%s; the console said nothing", old);
}

/* One look at what is new. TRUE when the wait is over, with MATCHED or the error set. */
static gboolean
wait_step (CvmSerial     *self,
           const GRegex  *pattern,
           guint64       *position,
           gint64         deadline_us,
           GCancellable  *cancellable,
           char         **matched,
           GError       **error)
{
  g_autofree char *bytes = NULL;
  gsize len, consumed;
  guint64 end = *position;
  Growth growth = { self };

  g_mutex_lock (&self->mutex);
  bytes = read_locked (self, &end, G_MAXSIZE, &len);
  growth.seen = self->total;
  g_mutex_unlock (&self->mutex);

  *matched = find_line (bytes, len, pattern, &consumed);
  *position = end - len + consumed;
  if (*matched != NULL)
    return TRUE;

  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  if (self->ended != NULL && self->total == growth.seen)
    {
      g_set_error (error, CVM_ENGINE_ERROR, CVM_ENGINE_ERROR_GUEST_LOST,
                   "the console ended: %s", self->ended);
      return TRUE;
    }

  /* a guest that never falls silent does not keep us beyond the limit, nor a cancel */
  if (!cvm_deadline_check (deadline_us, cancellable, error))
    return TRUE;

  return !cvm_wait_until (&self->mutex, &self->changed, has_grown, &growth,
                          deadline_us, cancellable, error);
}

gboolean
cvm_serial_wait (CvmSerial     *self,
                 const GRegex  *pattern,
                 guint64        from,
                 gint64         deadline_us,
                 GCancellable  *cancellable,
                 char         **matched,
                 GError       **error)
{
  g_autofree char *line = NULL;
  g_autoptr(GError) local = NULL;

  while (!wait_step (self, pattern, &from, deadline_us, cancellable, &line, &local))
    ;

  if (line == NULL)
    {
      add_last_line (self, &local);
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }

  if (matched != NULL)
    *matched = g_steal_pointer (&line);

  return TRUE;
}

char *
cvm_serial_last_line (CvmSerial *self)
{
  guint64 offset;
  gsize len;
  g_autofree char *bytes = NULL;
  g_autofree char *clean = NULL;

  g_mutex_lock (&self->mutex);
  offset = self->total - MIN (self->total, 4096);
  bytes = read_locked (self, &offset, 4096, &len);
  g_mutex_unlock (&self->mutex);

  clean = clean_line (bytes, len);
  g_strchomp (clean);

  const char *newline = strrchr (clean, '\n');

  return g_strdup (newline != NULL ? newline + 1 : clean);
}
