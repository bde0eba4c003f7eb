/* slow-disk.c: preloaded into a program, makes it wait for its disk as long as a test wants
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * While the file CVM_SLOW_WHILE exists, each open, stat, read of a folder, rename, unlink and sync
 * below the folder CVM_SLOW_FOLDER waits until it is gone, whatever thread asks: what a disk does
 * that hangs. CVM_SLOW_TOLD gets a byte for each that waited, so that a test sees that some did. */
#undef _FILE_OFFSET_BITS   /* open and open64 are two names here */
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define LOOK_NS 2000000

static int
exists (const char *path)
{
  return path != NULL && syscall (SYS_access, path, F_OK) == 0;
}

static void
tell (void)
{
  const char *path = getenv ("CVM_SLOW_TOLD");
  int fd = path != NULL ? (int)syscall (SYS_openat, AT_FDCWD, path,
                                        O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600) : -1;

  if (fd < 0)
    return;

  if (syscall (SYS_write, fd, ".", 1) < 0)
    perror ("slow-disk");
  syscall (SYS_close, fd);
}

static void
wait_for_disk (const char *path)
{
  const char *folder = getenv ("CVM_SLOW_FOLDER");
  const char *flag = getenv ("CVM_SLOW_WHILE");
  struct timespec look = { 0, LOOK_NS };

  if (path == NULL || folder == NULL || strncmp (path, folder, strlen (folder)) != 0
      || !exists (flag))
    return;

  tell ();
  while (exists (flag))
    nanosleep (&look, NULL);
}

static void
wait_for_descriptor (int fd)
{
  char name[64], path[PATH_MAX];
  ssize_t len;

  snprintf (name, sizeof name, "/proc/self/fd/%d", fd);
  len = readlink (name, path, sizeof path - 1);
  if (len < 0)
    return;

  path[len] = '\0';
  wait_for_disk (path);
}

#define NEXT(type, name) type real = (type)dlsym (RTLD_NEXT, name)

typedef int (*OpenFunc) (const char *, int, ...);
typedef int (*OpenAtFunc) (int, const char *, int, ...);
typedef int (*StatFunc) (const char *, void *);
typedef int (*PathFunc) (const char *);
typedef int (*TwoPathsFunc) (const char *, const char *);
typedef int (*DescriptorFunc) (int);
typedef void *(*FolderFunc) (const char *);

#define OPEN(name)                                     \
  int name (const char *path, int flags, ...);         \
  int                                                  \
  name (const char *path, int flags, ...)              \
  {                                                    \
    NEXT (OpenFunc, #name);                            \
    va_list more;                                      \
    int mode;                                          \
                                                       \
    va_start (more, flags);                            \
    mode = va_arg (more, int);                         \
    va_end (more);                                     \
    wait_for_disk (path);                              \
    return real (path, flags, mode);                   \
  }

#define OPEN_AT(name)                                  \
  int name (int at, const char *path, int flags, ...); \
  int                                                  \
  name (int at, const char *path, int flags, ...)      \
  {                                                    \
    NEXT (OpenAtFunc, #name);                          \
    va_list more;                                      \
    int mode;                                          \
                                                       \
    va_start (more, flags);                            \
    mode = va_arg (more, int);                         \
    va_end (more);                                     \
    wait_for_disk (path);                              \
    return real (at, path, flags, mode);               \
  }

#define STAT(name)                                     \
  int name (const char *path, void *about);            \
  int                                                  \
  name (const char *path, void *about)                 \
  {                                                    \
    NEXT (StatFunc, #name);                            \
                                                       \
    wait_for_disk (path);                              \
    return real (path, about);                         \
  }

#define PATH(name)                                     \
  int name (const char *path);                         \
  int                                                  \
  name (const char *path)                              \
  {                                                    \
    NEXT (PathFunc, #name);                            \
                                                       \
    wait_for_disk (path);                              \
    return real (path);                                \
  }

#define DESCRIPTOR(name)                               \
  int name (int fd);                                   \
  int                                                  \
  name (int fd)                                        \
  {                                                    \
    NEXT (DescriptorFunc, #name);                      \
                                                       \
    wait_for_descriptor (fd);                          \
    return real (fd);                                  \
  }

OPEN (open)
OPEN (open64)
OPEN_AT (openat)
OPEN_AT (openat64)
STAT (stat)
STAT (stat64)
STAT (lstat)
STAT (lstat64)
PATH (unlink)
PATH (rmdir)
DESCRIPTOR (fsync)
DESCRIPTOR (fdatasync)

int rename (const char *from, const char *to);

int
rename (const char *from,
        const char *to)
{
  NEXT (TwoPathsFunc, "rename");

  wait_for_disk (from);
  return real (from, to);
}

void *opendir (const char *path);

void *
opendir (const char *path)
{
  NEXT (FolderFunc, "opendir");

  wait_for_disk (path);
  return real (path);
}
