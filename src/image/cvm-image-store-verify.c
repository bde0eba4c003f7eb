/* cvm-image-store-verify.c: whether the store is still what it was
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-image-store-private.h"

#include <string.h>
#include <sys/stat.h>

#include "cvm-file.h"
#include "cvm-sha256.h"
#include "cvm-keyfile.h"

typedef struct
{
  CvmImageStore *store;
  GPtrArray     *changes;
  GHashTable    *seen;        /* keys of disks */
  guint          n_files;
  GCancellable  *cancellable;
} Verifying;

void
cvm_image_change_free (CvmImageChange *self)
{
  g_free (self->image);
  g_free (self->path);
  g_free (self->expected);
  g_free (self->found);
  g_free (self);
}

/* Takes EXPECTED and FOUND */
static void
report (Verifying          *self,
        CvmImageChangeKind  kind,
        const char         *image,
        const char         *path,
        char               *expected,
        char               *found)
{
  CvmImageChange *change = g_new0 (CvmImageChange, 1);

  change->kind = kind;
  change->image = g_strdup (image);
  change->path = g_strdup (path);
  change->expected = expected;
  change->found = found;
  g_ptr_array_add (self->changes, change);
}

/* SIZE -1: any */
static gboolean
verify_file (Verifying   *self,
             const char  *image,
             const char  *path,
             gint64       size,
             const char  *sha256,
             GError     **error)
{
  g_autoptr(GError) local = NULL;
  g_autofree char *sum = NULL;
  struct stat info;

  if (stat (path, &info) != 0)
    {
      report (self, CVM_IMAGE_CHANGE_MISSING, image, path, NULL, NULL);
      return TRUE;
    }

  if (size >= 0 && info.st_size != size)
    {
      report (self, CVM_IMAGE_CHANGE_SIZE, image, path,
              g_strdup_printf ("%" G_GINT64_FORMAT, size),
              g_strdup_printf ("%" G_GINT64_FORMAT, (gint64)info.st_size));
      return TRUE;
    }

  self->n_files++;
  sum = cvm_sha256_file (path, self->cancellable, &local);
  if (sum == NULL && g_cancellable_set_error_if_cancelled (self->cancellable, error))
    return FALSE;

  if (sum == NULL)
    report (self, CVM_IMAGE_CHANGE_UNREADABLE, image, path, NULL, g_strdup (local->message));
  else if (g_ascii_strcasecmp (sum, sha256) != 0)
    report (self, CVM_IMAGE_CHANGE_SUM, image, path, g_strdup (sha256), g_steal_pointer (&sum));

  return TRUE;
}

static gboolean
is_listed (const CvmContents *contents,
           const char        *name)
{
  if (g_str_equal (name, CVM_STORE_CONTENTS))
    return TRUE;

  for (guint i = 0; i < contents->files->len; i++)
    {
      const CvmDiskFile *file = g_ptr_array_index (contents->files, i);

      if (g_str_equal (file->name, name))
        return TRUE;
    }

  return FALSE;
}

static void
report_extra (Verifying         *self,
              const char        *image,
              const char        *folder,
              const CvmContents *contents)
{
  g_autoptr(GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (!is_listed (contents, name))
        report (self, CVM_IMAGE_CHANGE_EXTRA, image, path, NULL, NULL);
    }
}

/* A disk's folder, after its own list; and that list after the folder's name, which is its sum */
static gboolean
verify_disk (Verifying   *self,
             const char  *image,
             const char  *key,
             GError     **error)
{
  g_autofree char *folder = cvm_image_store_build (self->store, "disks", key);
  g_autoptr(GError) local = NULL;
  g_autoptr(CvmContents) contents = NULL;
  g_autofree char *sum = NULL;

  if (!g_hash_table_add (self->seen, g_strdup (key)))
    return TRUE;

  if (!g_file_test (folder, G_FILE_TEST_EXISTS))
    {
      report (self, CVM_IMAGE_CHANGE_MISSING, image, folder, NULL, NULL);
      return TRUE;
    }

  contents = cvm_contents_load (folder, &local);
  if (contents == NULL)
    {
      report (self, CVM_IMAGE_CHANGE_UNREADABLE, image, folder, NULL, g_strdup (local->message));
      return TRUE;
    }

  sum = cvm_contents_key (contents);
  if (!g_str_equal (sum, key))
    report (self, CVM_IMAGE_CHANGE_SUM, image, folder, g_strdup (key), g_steal_pointer (&sum));

  for (guint i = 0; i < contents->files->len; i++)
    {
      const CvmDiskFile *file = g_ptr_array_index (contents->files, i);
      g_autofree char *path = g_build_filename (folder, file->name, NULL);

      if (!verify_file (self, image, path, file->size, file->sha256, error))
        return FALSE;
    }

  report_extra (self, image, folder, contents);

  return TRUE;
}

/* A file that NAME.image names: after the sum that stands there, if one does */
static gboolean
verify_key (Verifying   *self,
            const char  *image,
            CvmKeyfile  *file,
            const char  *key,
            const char  *sum_key,
            GError     **error)
{
  const CvmKeyfileEntry *entry = cvm_keyfile_find (file, "Image", "", key);
  const CvmKeyfileEntry *sum = cvm_keyfile_find (file, "Image", "", sum_key);
  g_autofree char *path = NULL;

  if (entry == NULL)
    return TRUE;

  path = cvm_file_beside (cvm_keyfile_get_name (file), entry->value);
  if (sum != NULL)
    return verify_file (self, image, path, -1, sum->value, error);
  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    report (self, CVM_IMAGE_CHANGE_MISSING, image, path, NULL, NULL);

  return TRUE;
}

/* Whether NAME.image means the disk that lies there */
static void
verify_note (Verifying  *self,
             const char *image,
             CvmKeyfile *file,
             const char *key)
{
  const CvmKeyfileEntry *sum = cvm_keyfile_find (file, "Image", "", "DiskSha256");
  g_autofree char *folder = cvm_image_store_build (self->store, "disks", key);
  g_autoptr(CvmContents) contents = cvm_contents_load (folder, NULL);
  const CvmDiskFile *disk = contents != NULL ? g_ptr_array_index (contents->files, 0) : NULL;

  if (sum != NULL && disk != NULL && g_ascii_strcasecmp (sum->value, disk->sha256) != 0)
    report (self, CVM_IMAGE_CHANGE_SUM, image, cvm_keyfile_get_name (file), g_strdup (sum->value),
            g_strdup (disk->sha256));
}

static gboolean
verify_image (Verifying   *self,
              const char  *image,
              GError     **error)
{
  g_autofree char *path = cvm_image_store_image (self->store, image);
  g_autoptr(GError) local = NULL;
  g_autoptr(CvmKeyfile) file = cvm_keyfile_load (path, &local);
  gboolean is_readable;
  g_autofree char *key = cvm_image_store_key_of (self->store, path, &is_readable);

  if (file == NULL)
    {
      report (self, CVM_IMAGE_CHANGE_UNREADABLE, image, path, NULL, g_strdup (local->message));
      return TRUE;
    }

  if (key != NULL)
    verify_note (self, image, file, key);

  return (key != NULL ? verify_disk (self, image, key, error)
                      : verify_key (self, image, file, "Disk", "DiskSha256", error)) &&
         verify_key (self, image, file, "Kernel", "KernelSha256", error) &&
         verify_key (self, image, file, "Initrd", "InitrdSha256", error);
}

static gboolean
verify_all (Verifying  *self,
            GError    **error)
{
  g_auto(GStrv) names = cvm_image_store_names (self->store);
  g_autofree char *disks = cvm_image_store_build (self->store, "disks", NULL);
  g_autoptr(GDir) dir = NULL;
  const char *key;

  for (guint i = 0; names[i] != NULL; i++)
    {
      if (!verify_image (self, names[i], error))
        return FALSE;
    }

  dir = g_dir_open (disks, 0, NULL);
  while (dir != NULL && (key = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (disks, key, NULL);

      if (!g_hash_table_contains (self->seen, key))
        report (self, CVM_IMAGE_CHANGE_EXTRA, NULL, path, NULL, NULL);
    }

  return TRUE;
}

GPtrArray *
cvm_image_store_verify (CvmImageStore  *self,
                        const char     *name,
                        guint          *n_files,
                        GCancellable   *cancellable,
                        GError        **error)
{
  g_autoptr(GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr(GPtrArray) changes =
    g_ptr_array_new_with_free_func ((GDestroyNotify)cvm_image_change_free);
  Verifying verifying = { self, changes, seen, 0, cancellable };
  g_autofree char *path = name != NULL ? cvm_image_store_image (self, name) : NULL;

  if (name != NULL && (!cvm_image_store_is_name (name) || !g_file_test (path, G_FILE_TEST_EXISTS)))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "%s has no image of that name",
                   cvm_image_store_get_path (self));
      return NULL;
    }

  if (!(name != NULL ? verify_image (&verifying, name, error) : verify_all (&verifying, error)))
    return NULL;

  if (n_files != NULL)
    *n_files = verifying.n_files;

  return g_steal_pointer (&changes);
}
