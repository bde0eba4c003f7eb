/* cvm-virt-console.c: a guest's serial console, read and written over libvirt
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-virt-console.h"

#include "cvm-engine-error.h"
#include "cvm-virt-error.h"
#include "cvm-wait.h"

#define WATCHED (VIR_STREAM_EVENT_READABLE | VIR_STREAM_EVENT_ERROR | VIR_STREAM_EVENT_HANGUP)

struct _CvmVirtConsole
{
  gatomicrefcount  references;
  CvmVirtLink     *link;
  virStreamPtr     stream;      /* the thread's, but for its creation */
  gpointer         number;
  CvmSerial       *serial;

  GMutex           lock;
  GCond            changed;
  GByteArray      *out;         /* to be typed */
  gboolean         has_input;   /* the loop saw something, and looks no more until told */
  char            *why;         /* it was stopped, or NULL */
  gboolean         has_ended;
};

CvmVirtConsole *
cvm_virt_console_ref (CvmVirtConsole *self)
{
  g_atomic_ref_count_inc (&self->references);

  return self;
}

void
cvm_virt_console_unref (CvmVirtConsole *self)
{
  if (!g_atomic_ref_count_dec (&self->references))
    return;

  g_byte_array_unref (self->out);
  g_free (self->why);
  g_object_unref (self->serial);
  g_cond_clear (&self->changed);
  g_mutex_clear (&self->lock);
  cvm_virt_link_unref (self->link);
  g_free (self);
}

/* Registry --------------------------------------------------------------------------------- */

/* libvirt 9.0 never calls the free function of a remote stream's callback, and may be in the
 * callback while it is removed: so the callback gets a number, and finds its console here. */

static GMutex registry_lock;
static GHashTable *registry;   /* number to owned CvmVirtConsole */

static void
unref_console (gpointer data)
{
  cvm_virt_console_unref (data);
}

static gpointer
enlist (CvmVirtConsole *self)
{
  static guint last_number;
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&registry_lock);
  gpointer number = GUINT_TO_POINTER (++last_number);

  if (registry == NULL)
    registry = g_hash_table_new_full (NULL, NULL, NULL, unref_console);
  g_hash_table_insert (registry, number, cvm_virt_console_ref (self));

  return number;
}

static CvmVirtConsole *
find_enlisted (gpointer number)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&registry_lock);
  CvmVirtConsole *self = g_hash_table_lookup (registry, number);

  return self != NULL ? cvm_virt_console_ref (self) : NULL;
}

/* SELF is held by its caller too: the lock is never held for a last unref */
static void
strike (CvmVirtConsole *self)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&registry_lock);

  g_hash_table_remove (registry, self->number);
}

/* Thread ----------------------------------------------------------------------------------- */

/* On the main thread: no more than a word to the console's own */
static void
on_stream_event (virStreamPtr  stream,
                 int           events,
                 void         *data)
{
  CvmVirtConsole *self = find_enlisted (data);

  virStreamEventUpdateCallback (stream, 0);
  if (self == NULL)
    return;

  g_mutex_lock (&self->lock);
  self->has_input = TRUE;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);

  cvm_virt_console_unref (self);
}

static gboolean
has_work (gpointer data)
{
  CvmVirtConsole *self = data;

  return self->has_input || self->why != NULL || self->out->len > 0;
}

/* Waits for something to do, and takes it; FALSE when the console was stopped */
static gboolean
take_work (CvmVirtConsole *self,
           gboolean       *has_input,
           GByteArray    **out)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  cvm_wait_until (&self->lock, &self->changed, has_work, self, CVM_DEADLINE_NEVER, NULL, NULL);

  *has_input = self->has_input;
  self->has_input = FALSE;
  *out = g_steal_pointer (&self->out);
  self->out = g_byte_array_new ();

  return self->why == NULL;
}

static gboolean
is_stopped (CvmVirtConsole *self)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return self->why != NULL;
}

/* Reads what there is. Returns 1 when more may come, 0 at the end, -1 when it broke. */
static int
receive (CvmVirtConsole *self)
{
  char buffer[16 * 1024];

  while (!is_stopped (self))
    {
      int n = virStreamRecv (self->stream, buffer, sizeof buffer);

      if (n > 0)
        cvm_serial_append (self->serial, buffer, n);
      else if (n == -2)
        return virStreamEventUpdateCallback (self->stream, WATCHED) < 0 ? -1 : 1;
      else
        return n == 0 ? 0 : -1;
    }

  return 1;
}

static gboolean
transmit (CvmVirtConsole   *self,
          const GByteArray *out)
{
  guint sent = 0;

  while (sent < out->len && !is_stopped (self))
    {
      int n = virStreamSend (self->stream, (const char *)out->data + sent, out->len - sent);

      if (n == -1)
        return FALSE;

      if (n > 0)
        sent += n;
      else
        cvm_wait_ms (10, CVM_DEADLINE_NEVER, cvm_virt_link_lost (self->link), NULL);
    }

  return TRUE;
}

/* Until it ends (0), breaks (-1) or is stopped (1) */
static int
pump (CvmVirtConsole *self)
{
  GByteArray *out = NULL;
  gboolean has_input = FALSE;
  int state = 1;

  while (state > 0 && take_work (self, &has_input, &out))
    {
      if (!transmit (self, out))
        state = -1;

      if (has_input && state > 0)
        state = receive (self);

      g_clear_pointer (&out, g_byte_array_unref);
    }

  g_clear_pointer (&out, g_byte_array_unref);

  return state;
}

static void
end_stream (CvmVirtConsole *self,
            int             state)
{
  virStreamEventRemoveCallback (self->stream);
  strike (self);

  /* Both are questions to the other side, and may hang as long as it does: this thread is an
   * orphan by now. A stream that is only freed stays with the connection for ever. */
  if (state == 0)
    virStreamFinish (self->stream);
  else
    virStreamAbort (self->stream);

  virStreamFree (self->stream);
}

/* Also after a stop: what was just being read may have opened the serial log again */
static void
set_ended (CvmVirtConsole *self,
           const char     *why)
{
  g_autofree char *stopped = NULL;

  g_mutex_lock (&self->lock);
  stopped = g_strdup (self->why);
  g_mutex_unlock (&self->lock);

  cvm_serial_end (self->serial, stopped != NULL ? stopped : why);

  g_mutex_lock (&self->lock);
  self->has_ended = TRUE;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
}

static gpointer
run_console (gpointer data)
{
  CvmVirtConsole *self = data;
  int state = pump (self);

  cvm_virt_orphan_begin ();
  set_ended (self, state == 0 ? "the guest is off" : "the console was closed by the host");
  end_stream (self, state);
  cvm_virt_console_unref (self);
  cvm_virt_orphan_end ();

  return NULL;
}

/* Interface -------------------------------------------------------------------------------- */

static virStreamPtr
open_stream (CvmVirtLink   *link,
             virDomainPtr   domain,
             GError       **error)
{
  virStreamPtr stream = virStreamNew (cvm_virt_link_conn (link), VIR_STREAM_NONBLOCK);

  if (stream != NULL && virDomainOpenConsole (domain, NULL, stream, 0) == 0)
    return stream;

  cvm_virt_error_take ("open the guest's serial console", error);
  if (stream != NULL)
    virStreamFree (stream);

  return NULL;
}

static CvmVirtConsole *
console_new (CvmVirtLink  *link,
             virStreamPtr  stream,
             CvmSerial    *serial)
{
  CvmVirtConsole *self = g_new0 (CvmVirtConsole, 1);

  g_atomic_ref_count_init (&self->references);
  g_mutex_init (&self->lock);
  g_cond_init (&self->changed);
  self->link = cvm_virt_link_ref (link);
  self->stream = stream;
  self->serial = g_object_ref (serial);
  self->out = g_byte_array_new ();

  return self;
}

static gboolean
start_pump (CvmVirtConsole  *self,
            GError         **error)
{
  GThread *thread;

  self->number = enlist (self);
  if (virStreamEventAddCallback (self->stream, WATCHED, on_stream_event, self->number, NULL) < 0)
    {
      cvm_virt_error_take ("watch the guest's serial console", error);
      strike (self);
      return FALSE;
    }

  thread = g_thread_try_new ("console", run_console, cvm_virt_console_ref (self), error);
  if (thread != NULL)
    {
      g_thread_unref (thread);
      return TRUE;
    }

  virStreamEventRemoveCallback (self->stream);
  strike (self);
  cvm_virt_console_unref (self);

  return FALSE;
}

CvmVirtConsole *
cvm_virt_console_open (CvmVirtLink   *link,
                       virDomainPtr   domain,
                       CvmSerial     *serial,
                       GError       **error)
{
  virStreamPtr stream = open_stream (link, domain, error);
  CvmVirtConsole *self;

  if (stream == NULL)
    return NULL;

  self = console_new (link, stream, serial);
  cvm_serial_append (serial, "", 0);   /* no byte, but it is open again: who waits on it can */
  if (start_pump (self, error))
    return self;

  virStreamAbort (stream);
  virStreamFree (stream);
  cvm_virt_console_unref (self);

  return NULL;
}

gboolean
cvm_virt_console_send (CvmVirtConsole  *self,
                       const char      *bytes,
                       gsize            len,
                       GError         **error)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  if (self->why != NULL || self->has_ended)
    {
      g_set_error_literal (error, CVM_ENGINE_ERROR, CVM_ENGINE_ERROR_GUEST_LOST,
                           "Nothing can be typed: the guest's serial console is closed");
      return FALSE;
    }

  if (len > CVM_VIRT_CONSOLE_MAX_OUT - self->out->len)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE,
                   "The guest does not read what is typed: %u bytes wait already", self->out->len);
      return FALSE;
    }

  g_byte_array_append (self->out, (const guint8 *)bytes, len);
  g_cond_broadcast (&self->changed);

  return TRUE;
}

void
cvm_virt_console_stop (CvmVirtConsole *self,
                       const char     *why)
{
  gboolean is_first;

  g_mutex_lock (&self->lock);
  is_first = self->why == NULL && !self->has_ended;
  if (is_first)
    self->why = g_strdup (why);
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);

  if (is_first)
    cvm_serial_end (self->serial, why);
}

static gboolean
has_ended (gpointer data)
{
  CvmVirtConsole *self = data;

  return self->has_ended;
}

gboolean
cvm_virt_console_wait_end (CvmVirtConsole  *self,
                           gint64           deadline_us,
                           GError         **error)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return cvm_wait_until (&self->lock, &self->changed, has_ended, self, deadline_us, NULL, error);
}
