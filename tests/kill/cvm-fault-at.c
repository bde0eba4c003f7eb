/* cvm-fault-at.c: preloaded into a program, ends it or fills its disk at one chosen step
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A step is a call that changes a file or a folder, or does something on a connection: open to
 * write, write, sync, rename, unlink, mkdir, connect, send, shutdown.
 *
 * CVM_FAULT=before:N or after:N   SIGKILL before or after step N, from 1
 * CVM_FAULT=full:N                from step N on the disk is full: what needs room fails with ENOSPC
 * CVM_FAULT=count                 nothing goes wrong
 * CVM_FAULT_STEPS=FILE            gets a line a step at its begin: number and name */
#undef _FILE_OFFSET_BITS   /* open and open64 are two names here */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

typedef struct
{
  int is_last;   /* the program ends after it */
  int is_full;   /* it finds no room */
} Step;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static long n_steps;

static void
note (const char *name)
{
  const char *path = getenv ("CVM_FAULT_STEPS");
  char line[64];
  int fd, len;

  if (path == NULL)
    return;

  len = snprintf (line, sizeof line, "%ld %s\n", n_steps, name);
  fd = (int)syscall (SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (fd < 0)
    return;

  if (syscall (SYS_write, fd, line, (size_t)len) != len)
    kill (getpid (), SIGABRT);
  syscall (SYS_close, fd);
}

static Step
step_begin (const char *name,
            int         needs_room)
{
  const char *wish = getenv ("CVM_FAULT");
  const char *colon = wish != NULL ? strchr (wish, ':') : NULL;
  long at = colon != NULL ? strtol (colon + 1, NULL, 10) : 0;
  Step step = { 0, 0 };

  if (wish == NULL)
    return step;

  pthread_mutex_lock (&lock);
  n_steps++;
  note (name);
  if (at == n_steps && strncmp (wish, "before:", 7) == 0)
    kill (getpid (), SIGKILL);
  step.is_last = at == n_steps && strncmp (wish, "after:", 6) == 0;
  step.is_full = needs_room && at > 0 && n_steps >= at && strncmp (wish, "full:", 5) == 0;
  pthread_mutex_unlock (&lock);

  return step;
}

static void
step_end (Step step)
{
  int code = errno;

  if (step.is_last)
    kill (getpid (), SIGKILL);
  errno = code;
}

/* Not the descriptors by which threads wake one another */
static int
counts (int fd)
{
  struct stat about;

  return fd > STDERR_FILENO && fstat (fd, &about) == 0
         && (S_ISREG (about.st_mode) || S_ISSOCK (about.st_mode));
}

#define WRAP(type, name, label, needs_room, is_counted, arguments, ...) \
  type name arguments \
  { \
    static type (*next) arguments; \
    Step step = { 0, 0 }; \
    type result; \
    if (next == NULL) \
      next = (type (*) arguments)dlsym (RTLD_NEXT, #name); \
    if (is_counted) \
      step = step_begin (label, needs_room); \
    if (step.is_full) \
      { \
        errno = ENOSPC; \
        return (type)-1; \
      } \
    result = next (__VA_ARGS__); \
    step_end (step); \
    return result; \
  }

WRAP (ssize_t, write, "write", 1, counts (fd), (int fd, const void *data, size_t len), fd, data, len)
WRAP (ssize_t, writev, "write", 1, counts (fd), (int fd, const struct iovec *data, int n), fd, data, n)
WRAP (ssize_t, pwrite, "write", 1, counts (fd), (int fd, const void *data, size_t len, off_t at), fd, data, len, at)
WRAP (ssize_t, pwrite64, "write", 1, counts (fd), (int fd, const void *data, size_t len, off64_t at), fd, data, len, at)
WRAP (ssize_t, copy_file_range, "write", 1, 1,
      (int in, off64_t *in_at, int out, off64_t *out_at, size_t len, unsigned flags), in, in_at, out, out_at, len, flags)
WRAP (int, fsync, "sync", 1, 1, (int fd), fd)
WRAP (int, fdatasync, "sync", 1, 1, (int fd), fd)
WRAP (int, rename, "rename", 1, 1, (const char *from, const char *to), from, to)
WRAP (int, renameat, "rename", 1, 1, (int a, const char *from, int b, const char *to), a, from, b, to)
WRAP (int, unlink, "unlink", 0, 1, (const char *path), path)
WRAP (int, unlinkat, "unlink", 0, 1, (int fd, const char *path, int flags), fd, path, flags)
WRAP (int, rmdir, "unlink", 0, 1, (const char *path), path)
WRAP (int, remove, "unlink", 0, 1, (const char *path), path)
WRAP (int, mkdir, "mkdir", 1, 1, (const char *path, mode_t mode), path, mode)
WRAP (char *, mkdtemp, "mkdir", 0, 1, (char *path), path)
WRAP (int, connect, "connect", 0, 1, (int fd, const struct sockaddr *to, socklen_t len), fd, to, len)
WRAP (int, shutdown, "shutdown", 0, 1, (int fd, int how), fd, how)
WRAP (ssize_t, send, "send", 0, 1, (int fd, const void *data, size_t len, int flags), fd, data, len, flags)
WRAP (ssize_t, sendmsg, "send", 0, 1, (int fd, const struct msghdr *message, int flags), fd, message, flags)
WRAP (int, close, "close", 0, counts (fd), (int fd), fd)

static int
open_step (const char *name,
           int         flags,
           Step       *step)
{
  int is_counted = (flags & O_ACCMODE) != O_RDONLY && strncmp (name, "/proc", 5) != 0
                   && strncmp (name, "/dev", 4) != 0;

  *step = is_counted ? step_begin ("open", (flags & O_CREAT) != 0) : (Step){ 0, 0 };
  if (step->is_full)
    errno = ENOSPC;

  return !step->is_full;
}

#define WRAP_OPEN(name, head, path, ...) \
  int name head \
  { \
    static int (*next) head; \
    va_list more; \
    mode_t mode; \
    Step step; \
    int result; \
    va_start (more, flags); \
    mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg (more, mode_t) : 0; \
    va_end (more); \
    if (next == NULL) \
      next = (int (*) head)dlsym (RTLD_NEXT, #name); \
    if (!open_step (path, flags, &step)) \
      return -1; \
    result = next (__VA_ARGS__, mode); \
    step_end (step); \
    return result; \
  }

WRAP_OPEN (open, (const char *file, int flags, ...), file, file, flags)
WRAP_OPEN (open64, (const char *file, int flags, ...), file, file, flags)
WRAP_OPEN (openat, (int at, const char *file, int flags, ...), file, at, file, flags)
WRAP_OPEN (openat64, (int at, const char *file, int flags, ...), file, at, file, flags)
