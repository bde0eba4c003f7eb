/* cvm-serial-part.c: a part of a serial.log of any size, read off the main thread
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-serial-part.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cvm-file.h"
#include "cvm-serial-times.h"

#define TEXT_MAX 256

typedef struct
{
  char   *path;
  char   *text;       /* searched for, or NULL */
  gint64  end;        /* or -1 */
  gint64  time_us;
} Wish;

static void
wish_free (gpointer data)
{
  Wish *self = data;

  g_free (self->path);
  g_free (self->text);
  g_free (self);
}

void
cvm_serial_part_free (CvmSerialPart *self)
{
  g_bytes_unref (self->bytes);
  g_free (self);
}

static gboolean
read_at (int       fd,
         guint64   start,
         gsize     len,
         char     *buffer,
         GError  **error)
{
  for (gsize done = 0; done < len;)
    {
      gssize n = pread (fd, buffer + done, len - done, start + done);

      if (n < 0 && errno == EINTR)
        continue;

      if (n <= 0)
        {
          g_set_error (error, G_IO_ERROR, n < 0 ? g_io_error_from_errno (errno) : G_IO_ERROR_FAILED,
                       "%s", n < 0 ? g_strerror (errno) : "the file became shorter");
          return FALSE;
        }

      done += n;
    }

  return TRUE;
}

static CvmSerialPart *
read_part (int       fd,
           guint64   end,
           guint64   size,
           GError  **error)
{
  guint64 start = end > CVM_SERIAL_PART_MAX ? end - CVM_SERIAL_PART_MAX : 0;
  g_autofree char *buffer = g_malloc (end - start + 1);
  CvmSerialPart *self;

  if (!read_at (fd, start, end - start, buffer, error))
    return NULL;

  self = g_new0 (CvmSerialPart, 1);
  self->bytes = g_bytes_new_take (g_steal_pointer (&buffer), end - start);
  self->start = start;
  self->size = size;

  return self;
}

static guint64
end_of (const Wish *wish,
        guint64     size)
{
  if (wish->time_us != 0)
    {
      g_autoptr(GArray) times = cvm_serial_times_load (wish->path);

      return cvm_serial_times_find (times, wish->time_us, size);
    }

  return wish->end < 0 ? size : MIN ((guint64)wish->end, size);
}

/* The last place in BUFFER, or LEN */
static gsize
find_last (const char *buffer,
           gsize       len,
           const char *text)
{
  gsize text_len = strlen (text);

  for (gsize i = len >= text_len ? len - text_len + 1 : 0; i > 0; i--)
    if (g_ascii_strncasecmp (buffer + i - 1, text, text_len) == 0)
      return i - 1;

  return len;
}

/* Block by block towards the beginning; they overlap, for what lies across the edge */
static gint64
search (int            fd,
        const char    *text,
        guint64        before,
        GCancellable  *cancellable,
        GError       **error)
{
  g_autofree char *block = g_malloc (CVM_SERIAL_PART_MAX + TEXT_MAX + 1);
  guint64 end = before;

  while (end > 0 && !g_cancellable_set_error_if_cancelled (cancellable, error))
    {
      guint64 start = end > CVM_SERIAL_PART_MAX ? end - CVM_SERIAL_PART_MAX : 0;
      gsize len = MIN (end + strlen (text) - 1, before) - start;
      gsize place;

      if (!read_at (fd, start, len, block, error))
        return -1;

      block[len] = '\0';
      place = find_last (block, len, text);
      if (place < len)
        return start + place;

      end = start;
    }

  g_set_error (*error == NULL ? error : NULL, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
               "“%s” is not found", text);

  return -1;
}

static void
load_in_thread (GTask        *task,
                gpointer      source,
                gpointer      data,
                GCancellable *cancellable)
{
  const Wish *wish = data;
  GError *error = NULL;
  CvmSerialPart *part = NULL;
  struct stat status = { 0 };
  int fd = cvm_file_open (wish->path, &error);

  if (fd >= 0 && fstat (fd, &status) == 0)
    {
      guint64 size = status.st_size;
      gint64 end = end_of (wish, size);

      if (wish->text != NULL)
        {
          end = search (fd, wish->text, end, cancellable, &error);
          end = end >= 0 ? MIN (end + CVM_SERIAL_PART_MAX / 2, (gint64)size) : -1;
        }
      part = end >= 0 ? read_part (fd, end, size, &error) : NULL;
    }

  if (fd >= 0)
    close (fd);
  if (part != NULL)
    g_task_return_pointer (task, part, (GDestroyNotify)cvm_serial_part_free);
  else
    g_task_return_error (task, error != NULL ? error
                               : g_error_new_literal (G_IO_ERROR, G_IO_ERROR_FAILED, "fstat"));
}

static void
start (Wish                *wish,
       GCancellable        *cancellable,
       GAsyncReadyCallback  callback,
       gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, start);
  g_task_set_task_data (task, wish, wish_free);
  g_task_run_in_thread (task, load_in_thread);
}

void
cvm_serial_part_load_async (const char          *path,
                            gint64               end,
                            gint64               time_us,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  Wish *wish = g_new0 (Wish, 1);

  wish->path = g_strdup (path);
  wish->end = end;
  wish->time_us = time_us;
  start (wish, cancellable, callback, user_data);
}

void
cvm_serial_part_search_async (const char          *path,
                              const char          *text,
                              guint64              before,
                              GCancellable        *cancellable,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  Wish *wish = g_new0 (Wish, 1);

  wish->path = g_strdup (path);
  wish->text = g_strndup (text, TEXT_MAX);
  wish->end = before;
  start (wish, cancellable, callback, user_data);
}

CvmSerialPart *
cvm_serial_part_finish (GAsyncResult  *result,
                        GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
