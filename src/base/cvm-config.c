/* cvm-config.c: the user's key files, read and edited by several programs at once
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-config.h"

#include <errno.h>
#include <unistd.h>

#include "cvm-file.h"
#include "cvm-paths.h"
#include "cvm-wait.h"

#define LOCK_MS  10000
#define RETRY_MS 20

CvmKeyfile *
cvm_config_load (const char  *name,
                 GError     **error)
{
  g_autofree char *path = cvm_paths_config (name);

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return cvm_keyfile_new_from_data ("", 0, path, error);

  return cvm_keyfile_load (path, error);
}

static gboolean
make_folder (const char  *folder,
             GError     **error)
{
  int code;

  if (g_mkdir_with_parents (folder, 0700) == 0)
    return TRUE;

  code = errno;
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code),
               "The folder '%s' cannot be made: %s", folder, g_strerror (code));

  return FALSE;
}

/* The descriptor that holds the lock, or -1 */
static int
lock_folder (const char  *folder,
             GError     **error)
{
  gint64 deadline_us = cvm_deadline_in_ms (LOCK_MS);

  while (TRUE)
    {
      g_autoptr(GError) local = NULL;
      int fd = cvm_file_lock (folder, &local);

      if (fd >= 0)
        return fd;

      if (!g_error_matches (local, G_IO_ERROR, G_IO_ERROR_BUSY) ||
          !cvm_wait_ms (RETRY_MS, deadline_us, NULL, NULL))
        {
          g_propagate_error (error, g_steal_pointer (&local));
          return -1;
        }
    }
}

static gboolean
save (CvmKeyfile  *file,
      GError     **error)
{
  gsize len;
  g_autofree char *data = cvm_keyfile_to_data (file, &len);

  return cvm_file_write (cvm_keyfile_get_name (file), data, (gssize)len, 0600, error);
}

gboolean
cvm_config_edit (const char     *name,
                 CvmConfigEdit   edit,
                 gpointer        data,
                 GError        **error)
{
  g_autofree char *folder = cvm_paths_config (NULL);
  g_autoptr(CvmKeyfile) file = NULL;
  gboolean is_done;
  int lock;

  if (!make_folder (folder, error))
    return FALSE;

  lock = lock_folder (folder, error);
  if (lock < 0)
    return FALSE;

  file = cvm_config_load (name, error);
  is_done = file != NULL && edit (file, data, error) && save (file, error);
  close (lock);

  return is_done;
}
