/* cvm-file.c: files read within bounds, written whole, locked
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-file.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <glib/gstdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define BLOCK (64 * 1024)

static void
take_errno (GError     **error,
            const char  *doing,
            const char  *path)
{
  int code = errno;

  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), "Cannot %s %s: %s",
               doing, path, g_strerror (code));
}

static int
open_again (const char *path,
            int         flags)
{
  int fd;

  do
    fd = open (path, flags | O_CLOEXEC);
  while (fd < 0 && errno == EINTR);

  return fd;
}

static gssize
read_again (int     fd,
            char   *buffer,
            gsize   len)
{
  gssize n;

  do
    n = read (fd, buffer, len);
  while (n < 0 && errno == EINTR);

  return n;
}

int
cvm_file_open (const char  *path,
               GError     **error)
{
  struct stat info;
  int fd = open_again (path, O_RDONLY | O_NONBLOCK | O_NOCTTY);

  if (fd < 0 || fstat (fd, &info) != 0)
    {
      take_errno (error, "open", path);
    }
  else if (!S_ISREG (info.st_mode))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE,
                   "Cannot read %s: it is not a regular file", path);
    }
  else
    {
      return fd;
    }

  if (fd >= 0)
    close (fd);

  return -1;
}

static gboolean
read_into (GString     *text,
           int          fd,
           gsize        max,
           const char  *path,
           GError     **error)
{
  g_autofree char *block = g_malloc (BLOCK);
  gssize n;

  while ((n = read_again (fd, block, BLOCK)) > 0)
    {
      if ((gsize)n > max - text->len)
        {
          g_set_error (error, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE,
                       "Cannot read %s: it is larger than %" G_GSIZE_FORMAT " bytes", path, max);
          return FALSE;
        }
      g_string_append_len (text, block, n);
    }

  if (n < 0)
    take_errno (error, "read", path);

  return n == 0;
}

char *
cvm_file_read (const char  *path,
               gsize        max,
               gsize       *len,
               GError     **error)
{
  int fd = cvm_file_open (path, error);
  GString *text;
  gboolean done;

  if (fd < 0)
    return NULL;

  text = g_string_new (NULL);
  done = read_into (text, fd, max, path, error);
  close (fd);

  if (done && len != NULL)
    *len = text->len;

  return g_string_free (text, !done);
}

gboolean
cvm_file_write (const char  *path,
                const char  *data,
                gssize       len,
                int          mode,
                GError     **error)
{
  return g_file_set_contents_full (path, data, len,
                                   G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE,
                                   mode, error);
}

gboolean
cvm_file_sync_folder (const char  *path,
                      GError     **error)
{
  int fd = open_again (path, O_RDONLY | O_DIRECTORY);
  gboolean is_done = fd >= 0 && fsync (fd) == 0;

  if (!is_done)
    take_errno (error, "sync", path);
  if (fd >= 0)
    close (fd);

  return is_done;
}

int
cvm_file_lock (const char  *path,
               GError     **error)
{
  int fd = open_again (path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
  int result;

  if (fd < 0)
    {
      take_errno (error, "open", path);
      return -1;
    }

  do
    result = flock (fd, LOCK_EX | LOCK_NB);
  while (result != 0 && errno == EINTR);

  if (result == 0)
    return fd;

  if (errno == EWOULDBLOCK)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_BUSY, "%s is in use by another run", path);
  else
    take_errno (error, "lock", path);

  close (fd);

  return -1;
}

static gboolean
sum_up (GChecksum     *sum,
        int            fd,
        const char    *path,
        GCancellable  *cancellable,
        GError       **error)
{
  gsize size = 16 * BLOCK;
  g_autofree char *block = g_malloc (size);
  gssize n;

  while ((n = read_again (fd, block, size)) > 0)
    {
      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;

      g_checksum_update (sum, (const guchar *)block, n);
    }

  if (n < 0)
    take_errno (error, "read", path);

  return n == 0;
}

char *
cvm_file_sha256 (const char   *path,
                 GCancellable *cancellable,
                 GError      **error)
{
  g_autoptr(GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  int fd = cvm_file_open (path, error);
  gboolean done;

  if (fd < 0)
    return NULL;

  done = sum_up (sum, fd, path, cancellable, error);
  close (fd);

  return done ? g_strdup (g_checksum_get_string (sum)) : NULL;
}

char *
cvm_file_beside (const char *file,
                 const char *name)
{
  g_autofree char *dir = NULL;

  if (g_path_is_absolute (name))
    return g_strdup (name);

  dir = g_path_get_dirname (file);

  if (!g_path_is_absolute (dir))
    {
      g_autofree char *here = g_get_current_dir ();

      return g_build_filename (here, g_str_equal (dir, ".") ? "" : dir, name, NULL);
    }

  return g_build_filename (dir, name, NULL);
}

static int
remove_entry (const char        *path,
              const struct stat *info,
              int                kind,
              struct FTW        *at)
{
  (void)remove (path);

  return 0;
}

void
cvm_file_remove_tree (const char *path)
{
  nftw (path, remove_entry, 16, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
}
