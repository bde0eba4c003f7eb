/* cvm-kill-at.c: preloaded into a run, ends it by SIGKILL at one chosen line of its journal
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * CVM_KILL_AT=after:act:domain:1    after the 1st line of type act and kind domain is written:
 *                                   the act is journalled, and not begun
 * CVM_KILL_AT=before:acted:domain:1 before that line is written: the act is done, and not told
 * CVM_KILL_AT=seq:17                after the line with this number
 * CVM_KILL_MS=30                    and this much later (in the middle of what comes next) */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static void *
kill_later (void *delay)
{
  long ms = (long)delay;
  struct timespec pause_time = { ms / 1000, (ms % 1000) * 1000000 };

  nanosleep (&pause_time, NULL);
  kill (getpid (), SIGKILL);

  return NULL;
}

static void
die (void)
{
  const char *delay = getenv ("CVM_KILL_MS");
  pthread_t thread;

  if (delay == NULL || atol (delay) == 0
      || pthread_create (&thread, NULL, kill_later, (void *)atol (delay)) != 0)
    kill (getpid (), SIGKILL);
}

/* TRUE when the line is of the type and kind, and it is the Nth such */
static int
is_wanted (const char *line,
           const char *type,
           const char *kind,
           long        n)
{
  static long seen;
  char type_member[64], kind_member[64];

  snprintf (type_member, sizeof type_member, "\"type\":\"%s\"", type);
  snprintf (kind_member, sizeof kind_member, "\"kind\":\"%s\"", kind);

  return strstr (line, type_member) != NULL && (*kind == '-' || strstr (line, kind_member) != NULL)
         && ++seen == n;
}

static int
is_hit (const char *line)
{
  const char *where = getenv ("CVM_KILL_AT");
  char when[16] = "", type[32] = "", kind[32] = "", seq_member[32];
  long n = 0;

  if (where == NULL)
    return 0;

  if (sscanf (where, "seq:%ld", &n) == 1)
    {
      snprintf (seq_member, sizeof seq_member, "\"seq\":%ld,", n);
      return strstr (line, seq_member) != NULL ? 2 : 0;
    }

  if (sscanf (where, "%15[^:]:%31[^:]:%31[^:]:%ld", when, type, kind, &n) != 4 || !is_wanted (line, type, kind, n))
    return 0;

  return strcmp (when, "before") == 0 ? 1 : 2;
}

ssize_t
write (int         fd,
       const void *bytes,
       size_t      len)
{
  static const char head[] = "{\"v\":1,\"seq\":";
  char line[4096];
  int hit = 0;
  ssize_t n;

  if (len > sizeof head && memcmp (bytes, head, sizeof head - 1) == 0)
    {
      size_t kept = len < sizeof line ? len : sizeof line - 1;

      memcpy (line, bytes, kept);
      line[kept] = '\0';
      hit = is_hit (line);
    }

  if (hit == 1)
    die ();

  n = syscall (SYS_write, fd, bytes, len);
  if (hit == 2)
    die ();

  return n;
}
