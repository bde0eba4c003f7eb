/* cvm-serial-times.c: when the console said what
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-serial-times.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cvm-file.h"

#define FILE_MAX    (1024 * 1024)   /* a year's job has half of it */
#define LEAST_MS    100
#define APART       1000            /* marks in the time that was over before */

void
cvm_serial_clock_open (CvmSerialClock *self,
                       const char     *log_path)
{
  g_autofree char *path = g_strconcat (log_path, ".times", NULL);

  self->fd = open (path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

void
cvm_serial_clock_close (CvmSerialClock *self)
{
  if (self->fd >= 0)
    close (self->fd);
  self->fd = -1;
}

void
cvm_serial_clock_tell (CvmSerialClock *self,
                       gint64          now_ms,
                       guint64         offset)
{
  gint64 apart_ms = MAX (LEAST_MS, (now_ms - self->begun_ms) / APART);
  char line[64];
  int len;

  if (self->fd < 0 || (self->begun_ms != 0 && now_ms - self->last_ms < apart_ms))
    return;

  if (self->begun_ms == 0)
    self->begun_ms = now_ms;
  self->last_ms = now_ms;
  len = snprintf (line, sizeof line, "%" G_GINT64_FORMAT " %" G_GUINT64_FORMAT "\n", now_ms,
                  offset);
  if (write (self->fd, line, len) != len)
    cvm_serial_clock_close (self);   /* times are a comfort: the log itself goes on */
}

/* Only lines that go forward: a clock may be set back, and a file may be anybody's */
GArray *
cvm_serial_times_parse (const char *text)
{
  GArray *times = g_array_new (FALSE, FALSE, sizeof (CvmSerialTime));
  CvmSerialTime last = { 0 };

  for (const char *line = text; line != NULL && *line != '\0'; line = strchr (line, '\n'))
    {
      CvmSerialTime time = { 0 };
      char *end;

      line += *line == '\n';
      time.time_ms = g_ascii_strtoll (line, &end, 10);
      if (*end != ' ')
        continue;

      time.offset = g_ascii_strtoull (end + 1, &end, 10);
      if (*end != '\n' || time.time_ms <= last.time_ms || time.offset < last.offset)
        continue;

      g_array_append_val (times, time);
      last = time;
    }

  return times;
}

GArray *
cvm_serial_times_load (const char *log_path)
{
  g_autofree char *path = g_strconcat (log_path, ".times", NULL);
  g_autofree char *text = cvm_file_read (path, FILE_MAX, NULL, NULL);

  return cvm_serial_times_parse (text);
}

guint64
cvm_serial_times_find (GArray  *times,
                       gint64   time_us,
                       guint64  size)
{
  guint low = 0, high = times->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (g_array_index (times, CvmSerialTime, middle).time_ms > time_us / 1000)
        high = middle;
      else
        low = middle + 1;
    }

  return low < times->len ? MIN (g_array_index (times, CvmSerialTime, low).offset, size) : size;
}
