/* cvm-image-store-add.c: how an image comes into the store
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-image-store-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cvm-image.h"
#include "cvm-sha256.h"

static gboolean
fail_errno (const char  *doing,
            const char  *path,
            GError     **error)
{
  int code = errno;

  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), "Cannot %s %s: %s", doing, path,
               g_strerror (code));

  return FALSE;
}

/* On the disk before it gets a name: after a power cut a name must not stand for zeros. */
static gboolean
sync_path (const char  *path,
           GError     **error)
{
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  gboolean is_synced = fd >= 0 && fsync (fd) == 0;

  if (!is_synced)
    fail_errno ("sync", path, error);
  if (fd >= 0)
    close (fd);

  return is_synced;
}

/* Moves one file from the work folder to the stage, and notes it. */
static gboolean
stage_file (const CvmImageNew  *image,
            const char         *name,
            const char         *known_sha256,
            const char         *stage,
            CvmContents        *contents,
            GCancellable       *cancellable,
            GError            **error)
{
  g_autofree char *from = g_build_filename (image->folder, name, NULL);
  g_autofree char *base = g_path_get_basename (name);
  g_autofree char *to = g_build_filename (stage, base, NULL);
  g_autofree char *sum = NULL;
  struct stat info;

  if (lstat (from, &info) != 0)
    return fail_errno ("read", from, error);

  if (!S_ISREG (info.st_mode) || base[0] == '.' || g_file_test (to, G_FILE_TEST_EXISTS))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "%s is no file of its own", name);
      return FALSE;
    }

  sum = known_sha256 != NULL ? g_strdup (known_sha256) : cvm_sha256_file (from, cancellable, error);
  if (sum == NULL)
    return FALSE;

  if (chmod (from, 0444) != 0 || rename (from, to) != 0)
    return fail_errno ("move", from, error);

  cvm_contents_add (contents, base, info.st_size, g_steal_pointer (&sum));

  return sync_path (to, error);
}

static CvmContents *
stage_all (const CvmImageNew  *image,
           const char         *stage,
           GCancellable       *cancellable,
           GError            **error)
{
  g_autoptr(CvmContents) contents = cvm_contents_new ();

  contents->format = g_strdup (image->format);
  contents->source = g_strdup (image->source);
  contents->source_sha256 = g_strdup (image->source_sha256);

  if (g_mkdir (stage, 0755) != 0)
    {
      fail_errno ("make", stage, error);
      return NULL;
    }

  if (!stage_file (image, image->disk, image->disk_sha256, stage, contents, cancellable, error))
    return NULL;

  for (gsize i = 0; image->parts != NULL && image->parts[i] != NULL; i++)
    {
      if (!stage_file (image, image->parts[i], NULL, stage, contents, cancellable, error))
        return NULL;
    }

  if (!cvm_contents_save (contents, stage, error) || !sync_path (stage, error))
    return NULL;

  return g_steal_pointer (&contents);
}

/* NAME.image ----------------------------------------------------------------------------------- */

static gboolean
write_image (CvmImageStore      *self,
             const CvmImageNew  *image,
             const CvmContents  *contents,
             const char         *key,
             const char         *path,
             GError            **error)
{
  const CvmDiskFile *disk = g_ptr_array_index (contents->files, 0);
  g_autofree char *folder = cvm_image_store_build (self, "disks", key);
  g_autoptr(CvmImage) file = cvm_image_new (path);

  file->description = g_strdup (image->description);
  file->disk = g_build_filename (folder, disk->name, NULL);
  file->disk_sha256 = g_strdup (disk->sha256);
  file->format = g_strdup (contents->format);
  file->arch = g_strdup (image->arch);

  return cvm_image_save (file, error);
}

/* Whether the name is free for the disk KEY; OLD_KEY is the disk that it stands for now. */
static gboolean
check_name (CvmImageStore      *self,
            const CvmImageNew  *image,
            const char         *key,
            char              **old_key,
            GError            **error)
{
  g_autofree char *path = cvm_image_store_image (self, image->name);
  gboolean is_readable;

  if (!cvm_image_store_is_name (image->name))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_FILENAME,
                   "an image cannot be called so: take letters, digits and ._+-, at most 100");
      return FALSE;
    }

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return TRUE;

  *old_key = cvm_image_store_key_of (self, path, &is_readable);
  if (image->replaces || g_strcmp0 (*old_key, key) == 0)
    return TRUE;

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS,
               "there is another image called %s; remove it, replace it, or take another name",
               image->name);

  return FALSE;
}

static char *
name_disk (CvmImageStore      *self,
           const CvmImageNew  *image,
           const CvmContents  *contents,
           const char         *key,
           GError            **error)
{
  g_autofree char *path = cvm_image_store_image (self, image->name);
  g_autofree char *old_key = NULL;

  if (!check_name (self, image, key, &old_key, error))
    return NULL;

  /* What the user has written there, a mask or a key, stays. */
  if (g_strcmp0 (old_key, key) != 0 &&
      !write_image (self, image, contents, key, path, error))
    return NULL;

  if (old_key != NULL && !g_str_equal (old_key, key))
    cvm_image_store_drop_disk (self, old_key, NULL);

  return g_steal_pointer (&path);
}

/* Disks ---------------------------------------------------------------------------------------- */

/* Whether the list that lies there is that of the disk KEY */
static gboolean
is_list_of (const CvmContents *contents,
            const char        *key)
{
  g_autofree char *sum = contents != NULL ? cvm_contents_key (contents) : NULL;

  return g_strcmp0 (sum, key) == 0;
}

/* Whether the disk KEY lies there to the byte. That reads all of it, and so is asked without the
 * lock, for which others do not wait so long. */
static gboolean
is_sound (CvmImageStore *self,
          const char    *key,
          GCancellable  *cancellable)
{
  g_autofree char *folder = cvm_image_store_build (self, "disks", key);
  g_autoptr(CvmContents) contents = cvm_contents_load (folder, NULL);

  if (!is_list_of (contents, key) || !cvm_contents_has_sizes (contents, folder))
    return FALSE;

  for (guint i = 0; i < contents->files->len; i++)
    {
      const CvmDiskFile *file = g_ptr_array_index (contents->files, i);
      g_autofree char *path = g_build_filename (folder, file->name, NULL);
      g_autofree char *sum = cvm_sha256_file (path, cancellable, NULL);

      if (g_strcmp0 (sum, file->sha256) != 0)
        return FALSE;
    }

  return TRUE;
}

/* Moves the files of the stage over those of FOLDER, by whose names images know them. */
static gboolean
renew_files (const char         *stage,
             const CvmContents  *contents,
             const char         *folder,
             const CvmContents  *there,
             GError            **error)
{
  for (guint i = 0; i < there->files->len; i++)
    {
      const CvmDiskFile *file = g_ptr_array_index (contents->files, i);
      const CvmDiskFile *damaged = g_ptr_array_index (there->files, i);
      g_autofree char *from = g_build_filename (stage, file->name, NULL);
      g_autofree char *to = g_build_filename (folder, damaged->name, NULL);

      if (rename (from, to) != 0)
        return fail_errno ("replace", to, error);
    }

  return sync_path (folder, error);
}

/* Puts the stage at disks/KEY, unless the same lies there already (IS_THERE), perhaps under another
 * file name: CONTENTS is then what lies there. */
static gboolean
publish (CvmImageStore  *self,
         const char     *stage,
         const char     *key,
         gboolean        is_there,
         CvmContents   **contents,
         GError        **error)
{
  g_autofree char *folder = cvm_image_store_build (self, "disks", key);
  g_autofree char *disks = cvm_image_store_build (self, "disks", NULL);
  g_autofree char *away = g_strconcat (stage, ".old", NULL);
  g_autoptr(CvmContents) there = cvm_contents_load (folder, NULL);

  if (is_list_of (there, key))
    {
      if (!(is_there && cvm_contents_has_sizes (there, folder)) &&
          !renew_files (stage, *contents, folder, there, error))
        return FALSE;

      cvm_contents_free (*contents);
      *contents = g_steal_pointer (&there);
      return TRUE;
    }

  if (rename (folder, away) != 0 && errno != ENOENT)
    return fail_errno ("replace", folder, error);
  if (rename (stage, folder) != 0)
    return fail_errno ("make", folder, error);

  return sync_path (disks, error);
}

/* Tells the next process which disk may be without a name, should this one die now. */
static gboolean
note_adding (const CvmImageNew  *image,
             const char         *key,
             GError            **error)
{
  g_autofree char *work = g_path_get_dirname (image->folder);
  g_autofree char *adding = g_build_filename (work, CVM_STORE_ADDING, NULL);

  return symlink (key, adding) == 0 || fail_errno ("make", adding, error);
}

char *
cvm_image_store_add (CvmImageStore      *self,
                     const CvmImageNew  *image,
                     GCancellable       *cancellable,
                     GError            **error)
{
  g_autofree char *stage = g_strconcat (image->folder, ".stage", NULL);
  g_autoptr(CvmContents) contents = stage_all (image, stage, cancellable, error);
  g_autofree char *key = contents != NULL ? cvm_contents_key (contents) : NULL;
  char *path = NULL;
  gboolean is_there;
  int lock;

  if (contents == NULL || !note_adding (image, key, error))
    return NULL;

  is_there = is_sound (self, key, cancellable);
  lock = cvm_image_store_lock (self, cancellable, error);
  if (lock < 0)
    return NULL;

  if (publish (self, stage, key, is_there, &contents, error))
    {
      path = name_disk (self, image, contents, key, error);
      if (path == NULL)
        cvm_image_store_drop_disk (self, key, NULL);
    }
  close (lock);

  return path;
}

static char *
name_if_from (CvmImageStore      *self,
              const char         *key,
              const char         *source_sha256,
              const CvmImageNew  *image,
              GCancellable       *cancellable,
              GError            **error)
{
  g_autofree char *folder = cvm_image_store_build (self, "disks", key);
  g_autoptr(CvmContents) contents = cvm_contents_load (folder, NULL);
  char *path = NULL;
  int lock;

  if (contents == NULL ||
      (g_strcmp0 (contents->source_sha256, source_sha256) != 0 &&
       !g_str_equal (key, source_sha256)) ||   /* a disk that comes unpacked is its own source */
      !is_sound (self, key, cancellable))
    return NULL;

  lock = cvm_image_store_lock (self, cancellable, error);
  if (lock < 0)
    return NULL;

  if (cvm_contents_has_sizes (contents, folder))   /* not removed since */
    path = name_disk (self, image, contents, key, error);
  close (lock);

  return path;
}

char *
cvm_image_store_find_source (CvmImageStore      *self,
                             const char         *source_sha256,
                             const CvmImageNew  *image,
                             GCancellable       *cancellable,
                             GError            **error)
{
  g_autofree char *disks = cvm_image_store_build (self, "disks", NULL);
  g_autoptr(GError) local = NULL;
  g_autoptr(GDir) dir = g_dir_open (disks, 0, NULL);
  const char *key;
  char *path = NULL;

  while (path == NULL && local == NULL && dir != NULL && (key = g_dir_read_name (dir)) != NULL)
    path = name_if_from (self, key, source_sha256, image, cancellable, &local);

  if (local != NULL)
    g_propagate_error (error, g_steal_pointer (&local));
  else if (path == NULL)
    g_cancellable_set_error_if_cancelled (cancellable, error);

  return path;
}
