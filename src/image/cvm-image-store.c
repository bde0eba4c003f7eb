/* cvm-image-store.c: the user's images, each disk once
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-image-store-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cvm-fetch.h"
#include "cvm-file.h"
#include "cvm-keyfile.h"
#include "cvm-paths.h"
#include "cvm-wait.h"

#define LOCK_MS  30000
#define LOCK_TRY 20
#define PART_AGE (14 * 24 * 3600)   /* seconds that a download is kept to be gone on with */

struct _CvmImageStore
{
  GObject  parent_instance;

  char    *path;
};

struct _CvmImageWork
{
  char *path;
  int   lock;
};

G_DEFINE_FINAL_TYPE (CvmImageStore, cvm_image_store, G_TYPE_OBJECT)

static void
cvm_image_store_finalize (GObject *object)
{
  g_free (CVM_IMAGE_STORE (object)->path);

  G_OBJECT_CLASS (cvm_image_store_parent_class)->finalize (object);
}

static void
cvm_image_store_class_init (CvmImageStoreClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = cvm_image_store_finalize;
}

static void
cvm_image_store_init (CvmImageStore *self)
{
}

char *
cvm_image_store_build (CvmImageStore *self,
                       const char    *a,
                       const char    *b)
{
  return g_build_filename (self->path, a, b, NULL);
}

char *
cvm_image_store_image (CvmImageStore *self,
                       const char    *name)
{
  g_autofree char *file = g_strconcat (name, ".image", NULL);

  return cvm_image_store_build (self, file, NULL);
}

int
cvm_image_store_lock (CvmImageStore  *self,
                      GCancellable   *cancellable,
                      GError        **error)
{
  gint64 deadline_us = cvm_deadline_in_ms (LOCK_MS);

  while (TRUE)
    {
      g_autoptr(GError) local = NULL;
      int fd = cvm_file_lock (self->path, &local);

      if (fd >= 0)
        return fd;

      if (!g_error_matches (local, G_IO_ERROR, G_IO_ERROR_BUSY) ||
          g_get_monotonic_time () >= deadline_us)
        {
          g_propagate_error (error, g_steal_pointer (&local));
          return -1;
        }

      if (!cvm_wait_ms (LOCK_TRY, CVM_DEADLINE_NEVER, cancellable, error))
        return -1;
    }
}

/* What dead processes left --------------------------------------------------------------------- */

static void
clear_work (CvmImageStore *self,
            const char    *path)
{
  g_autofree char *adding = g_build_filename (path, CVM_STORE_ADDING, NULL);
  g_autofree char *key = NULL;
  int lock = cvm_file_lock (path, NULL);

  if (lock < 0)
    return;

  key = g_file_read_link (adding, NULL);
  if (key != NULL && strchr (key, '/') == NULL && key[0] != '.')
    cvm_image_store_drop_disk (self, key, NULL);
  cvm_file_remove_tree (path);
  close (lock);
}

static void
clear_part (CvmImageStore *self,
            const char    *path)
{
  struct stat info;
  int lock;

  if (lstat (path, &info) != 0 || !S_ISREG (info.st_mode) ||
      g_get_real_time () / G_USEC_PER_SEC - info.st_mtime < PART_AGE)
    return;

  lock = cvm_file_lock (path, NULL);
  if (lock < 0)
    return;

  g_unlink (path);
  close (lock);
}

static void
each_in (CvmImageStore *self,
         const char    *kind,
         void         (*func) (CvmImageStore *self, const char *path))
{
  g_autofree char *folder = cvm_image_store_build (self, kind, NULL);
  g_autoptr(GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      func (self, path);
    }
}

static gboolean
make_folders (CvmImageStore  *self,
              GError        **error)
{
  static const char *const kinds[] = { "disks", "parts", "work" };

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autofree char *folder = cvm_image_store_build (self, kinds[i], NULL);

      if (g_mkdir_with_parents (folder, 0755) != 0)
        {
          int code = errno;

          g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), "Cannot make %s: %s",
                       folder, g_strerror (code));
          return FALSE;
        }
    }

  return TRUE;
}

CvmImageStore *
cvm_image_store_open (const char  *folder,
                      GError     **error)
{
  g_autoptr(CvmImageStore) self = g_object_new (CVM_TYPE_IMAGE_STORE, NULL);
  int lock;

  self->path = folder != NULL ? g_canonicalize_filename (folder, NULL) : cvm_paths_images (error);
  if (self->path == NULL || !make_folders (self, error))
    return NULL;

  lock = cvm_image_store_lock (self, NULL, error);
  if (lock < 0)
    return NULL;

  each_in (self, "work", clear_work);
  each_in (self, "parts", clear_part);
  close (lock);

  return g_steal_pointer (&self);
}

const char *
cvm_image_store_get_path (CvmImageStore *self)
{
  return self->path;
}

char *
cvm_image_store_part (CvmImageStore *self,
                      const char    *url)
{
  g_autofree char *sum = g_compute_checksum_for_string (G_CHECKSUM_SHA256, url, -1);

  sum[32] = '\0';

  return cvm_image_store_build (self, "parts", sum);
}

/* Work folders --------------------------------------------------------------------------------- */

CvmImageWork *
cvm_image_work_new (CvmImageStore  *store,
                    GError        **error)
{
  g_autofree char *path = cvm_image_store_build (store, "work", "XXXXXX");
  int store_lock = cvm_image_store_lock (store, NULL, error);  /* or it would be cleared away now */
  CvmImageWork *self = NULL;
  int lock = -1;

  if (store_lock < 0)
    return NULL;

  if (g_mkdtemp_full (path, 0755) == NULL)
    g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "Cannot make a folder in %s: %s",
                 store->path, g_strerror (errno));
  else
    lock = cvm_file_lock (path, error);

  if (lock >= 0)
    {
      self = g_new0 (CvmImageWork, 1);
      self->path = g_steal_pointer (&path);
      self->lock = lock;
    }

  close (store_lock);

  return self;
}

const char *
cvm_image_work_get_path (CvmImageWork *self)
{
  return self->path;
}

void
cvm_image_work_free (CvmImageWork *self)
{
  cvm_file_remove_tree (self->path);
  close (self->lock);
  g_free (self->path);
  g_free (self);
}

/* Which disk an image needs -------------------------------------------------------------------- */

static int
compare_names (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

char **
cvm_image_store_names (CvmImageStore *self)
{
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GDir) dir = g_dir_open (self->path, 0, NULL);
  const char *file;

  while (dir != NULL && (file = g_dir_read_name (dir)) != NULL)
    {
      if (file[0] != '.' && g_str_has_suffix (file, ".image"))
        g_ptr_array_add (names, g_strndup (file, strlen (file) - strlen (".image")));
    }

  g_ptr_array_sort (names, compare_names);
  g_ptr_array_add (names, NULL);

  return (char **)g_ptr_array_steal (names, NULL);
}

char *
cvm_image_store_key_of (CvmImageStore *self,
                        const char    *image_path,
                        gboolean      *is_readable)
{
  g_autoptr(CvmKeyfile) file = cvm_keyfile_load (image_path, NULL);
  const CvmKeyfileEntry *entry = file != NULL ? cvm_keyfile_find (file, "Image", "", "Disk") : NULL;
  g_autofree char *disks = cvm_image_store_build (self, "disks", NULL);
  g_autofree char *beside = NULL;
  g_autofree char *disk = NULL;
  gsize len = strlen (disks);

  *is_readable = file != NULL;
  if (entry == NULL)
    return NULL;

  beside = cvm_file_beside (image_path, entry->value);
  disk = g_canonicalize_filename (beside, NULL);
  if (!g_str_has_prefix (disk, disks) || disk[len] != '/')
    return NULL;

  return g_strndup (disk + len + 1, strcspn (disk + len + 1, "/"));
}

/* Whether an image needs the disk KEY, or may: under the lock */
static gboolean
is_needed (CvmImageStore *self,
           const char    *key)
{
  g_auto(GStrv) names = cvm_image_store_names (self);

  for (guint i = 0; names[i] != NULL; i++)
    {
      g_autofree char *path = cvm_image_store_image (self, names[i]);
      gboolean is_readable;
      g_autofree char *needed = cvm_image_store_key_of (self, path, &is_readable);

      if (!is_readable || g_strcmp0 (needed, key) == 0)
        return TRUE;
    }

  return FALSE;
}

static gint64
bytes_on_disk (const char *folder)
{
  g_autoptr(GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;
  gint64 bytes = 0;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      struct stat info;

      if (lstat (path, &info) == 0)
        bytes += (gint64)info.st_blocks * 512;
    }

  return bytes;
}

/* By way of a work folder: a disk vanishes at once, or not at all. */
void
cvm_image_store_drop_disk (CvmImageStore *self,
                           const char    *key,
                           gint64        *freed_bytes)
{
  g_autofree char *folder = cvm_image_store_build (self, "disks", key);
  g_autofree char *work = cvm_image_store_build (self, "work", "XXXXXX");
  g_autofree char *away = NULL;
  gint64 bytes;

  if (is_needed (self, key) || g_mkdtemp_full (work, 0755) == NULL)
    return;

  bytes = bytes_on_disk (folder);
  away = g_build_filename (work, "disk", NULL);
  if (rename (folder, away) == 0 && freed_bytes != NULL)
    *freed_bytes += bytes;
  cvm_file_remove_tree (work);
}

gboolean
cvm_image_store_remove (CvmImageStore  *self,
                        const char     *name,
                        gint64         *freed_bytes,
                        GError        **error)
{
  g_autofree char *path = cvm_image_store_image (self, name);
  g_autofree char *key = NULL;
  gboolean is_readable;
  int lock;

  if (freed_bytes != NULL)
    *freed_bytes = 0;

  if (!cvm_image_store_is_name (name) || !g_file_test (path, G_FILE_TEST_EXISTS))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "%s has no image of that name",
                   self->path);
      return FALSE;
    }

  lock = cvm_image_store_lock (self, NULL, error);
  if (lock < 0)
    return FALSE;

  key = cvm_image_store_key_of (self, path, &is_readable);
  if (g_unlink (path) != 0)
    g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "Cannot remove %s: %s", path,
                 g_strerror (errno));
  else if (key != NULL)
    cvm_image_store_drop_disk (self, key, freed_bytes);
  close (lock);

  return !g_file_test (path, G_FILE_TEST_EXISTS);
}
