/* cvm-image-shelf.c: which images are here, and all that is known of each
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-image-shelf.h"

#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "cvm-file.h"
#include "cvm-image-store-private.h"
#include "cvm-keyfile.h"
#include "cvm-paths.h"
#include "cvm-run-folder.h"

#define NOTES  "notes.ini"
#define KIND   "Note"
#define SUFFIX ".image"
#define NO_DISK "-"    /* of an image whose disk lies elsewhere, or that has none */
#define MAX_DAMAGE 500

void
cvm_shelf_image_free (CvmShelfImage *self)
{
  g_free (self->name);
  g_free (self->path);
  g_clear_pointer (&self->image, cvm_image_unref);
  g_free (self->problem);
  g_free (self->source);
  g_free (self->source_sha256);
  g_free (self->signature);
  g_free (self);
}

void
cvm_shelf_free (CvmShelf *self)
{
  g_free (self->folder);
  g_ptr_array_unref (self->images);
  g_free (self);
}

/* Notes -------------------------------------------------------------------------------------- */

static CvmKeyfile *
load_notes (CvmImageStore *store)
{
  g_autofree char *path = cvm_image_store_build (store, NOTES, NULL);
  CvmKeyfile *notes = cvm_keyfile_load (path, NULL);

  return notes != NULL ? notes : cvm_keyfile_new_from_data ("", 0, path, NULL);
}

static const char *
get_note (CvmKeyfile *notes,
          const char *name,
          const char *key)
{
  const CvmKeyfileEntry *entry = cvm_keyfile_find (notes, KIND, name, key);

  return entry != NULL && entry->value[0] != '\0' ? entry->value : NULL;
}

static char *
disk_of (CvmImageStore *store,
         const char    *path)
{
  gboolean is_readable;
  char *key = cvm_image_store_key_of (store, path, &is_readable);

  return key != NULL ? key : g_strdup (NO_DISK);
}

/* Of images that have gone */
static void
forget_notes (CvmImageStore *store,
              CvmKeyfile    *notes)
{
  for (guint i = cvm_keyfile_n_groups (notes); i > 0; i--)
    {
      g_autofree char *id = g_strdup (cvm_keyfile_group (notes, i - 1)->id);
      g_autofree char *path = cvm_image_store_image (store, id);

      if (!g_file_test (path, G_FILE_TEST_EXISTS))
        cvm_keyfile_remove_group (notes, KIND, id);
    }
}

static void
set_note (CvmKeyfile *notes,
          const char *name,
          const char *disk,
          const char *damage,
          const char *signature)
{
  g_autoptr(GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *time = g_date_time_format (now, "%Y-%m-%dT%H:%M:%SZ");
  g_autofree char *valid = damage != NULL ? g_utf8_make_valid (damage, -1) : NULL;
  g_autofree char *cut = valid != NULL ? g_utf8_substring (valid, 0, MIN (g_utf8_strlen (valid, -1),
                                                                          MAX_DAMAGE)) : NULL;

  if (g_strcmp0 (get_note (notes, name, "Disk"), disk) != 0)
    cvm_keyfile_set (notes, KIND, name, "Signature", NULL);
  cvm_keyfile_set (notes, KIND, name, "Disk", disk);
  cvm_keyfile_set (notes, KIND, name, "Checked", time);
  cvm_keyfile_set (notes, KIND, name, "Damage", cut);
  if (signature != NULL)
    cvm_keyfile_set (notes, KIND, name, "Signature", signature);
}

gboolean
cvm_shelf_note (CvmImageStore  *store,
                const char     *name,
                const char     *damage,
                const char     *signature,
                GError        **error)
{
  g_autofree char *path = cvm_image_store_image (store, name);
  g_autofree char *notes_path = cvm_image_store_build (store, NOTES, NULL);
  g_autofree char *disk = disk_of (store, path);
  g_autofree char *text = NULL;
  g_autoptr(CvmKeyfile) notes = NULL;
  gboolean is_written;
  gsize len;
  int lock = cvm_image_store_lock (store, NULL, error);

  if (lock < 0)
    return FALSE;

  notes = load_notes (store);
  forget_notes (store, notes);
  set_note (notes, name, disk, damage, signature);
  text = cvm_keyfile_to_data (notes, &len);
  is_written = cvm_file_write (notes_path, text, (gssize)len, 0644, error);
  close (lock);

  return is_written;
}

static void
take_note (CvmShelfImage *self,
           CvmImageStore *store,
           CvmKeyfile    *notes)
{
  g_autofree char *disk = disk_of (store, self->path);
  const char *checked = get_note (notes, self->name, "Checked");
  g_autoptr(GDateTime) time = checked != NULL ? g_date_time_new_from_iso8601 (checked, NULL) : NULL;

  if (time == NULL || g_strcmp0 (get_note (notes, self->name, "Disk"), disk) != 0)
    return;

  self->checked_us = g_date_time_to_unix (time) * G_USEC_PER_SEC;
  self->signature = g_strdup (get_note (notes, self->name, "Signature"));
  if (self->problem == NULL)
    self->problem = g_strdup (get_note (notes, self->name, "Damage"));
}

/* Images ------------------------------------------------------------------------------------- */

static gint64
bytes_of (const char *path)
{
  struct stat info;

  return path != NULL && stat (path, &info) == 0 ? (gint64)info.st_blocks * 512 : 0;
}

/* Where it came from, and what its disk takes with all its extents */
static void
take_contents (CvmShelfImage *self,
               CvmImageStore *store)
{
  gboolean is_readable;
  g_autofree char *key = cvm_image_store_key_of (store, self->path, &is_readable);
  g_autofree char *folder = key != NULL ? cvm_image_store_build (store, "disks", key) : NULL;
  g_autoptr(CvmContents) contents = folder != NULL ? cvm_contents_load (folder, NULL) : NULL;

  if (contents == NULL)
    return;

  self->source = g_strdup (contents->source);
  self->source_sha256 = g_strdup (contents->source_sha256);
  for (guint i = 1; i < contents->files->len; i++)
    {
      const CvmDiskFile *file = contents->files->pdata[i];
      g_autofree char *path = g_build_filename (folder, file->name, NULL);

      self->bytes += bytes_of (path);
    }
  if (!cvm_contents_has_sizes (contents, folder))
    self->problem = g_strdup ("a file of its disk is missing, or has another size");
}

static CvmShelfImage *
read_image (const char    *folder,
            const char    *file,
            CvmImageStore *store,
            CvmKeyfile    *notes)
{
  CvmShelfImage *self = g_new0 (CvmShelfImage, 1);
  g_autoptr(GError) error = NULL;

  self->name = g_strndup (file, strlen (file) - strlen (SUFFIX));
  self->path = g_build_filename (folder, file, NULL);
  self->is_own = store != NULL && g_strcmp0 (folder, cvm_image_store_get_path (store)) == 0;
  self->image = cvm_image_load (self->path, &error);
  if (self->image == NULL)
    self->problem = g_strdup (error->message);
  else
    self->bytes = bytes_of (self->image->disk) + bytes_of (self->image->kernel)
                  + bytes_of (self->image->initrd);

  if (self->is_own)
    {
      if (self->image != NULL)
        take_contents (self, store);
      take_note (self, store, notes);
    }

  return self;
}

static int
compare_names (gconstpointer a,
               gconstpointer b)
{
  return g_utf8_collate ((*(CvmShelfImage *const *)a)->name, (*(CvmShelfImage *const *)b)->name);
}

char *
cvm_shelf_find_damage (CvmImageStore *store,
                       const char    *path)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *file = g_path_get_basename (path);
  g_autoptr(CvmKeyfile) notes = load_notes (store);
  g_autoptr(CvmShelfImage) image = NULL;

  if (!g_str_equal (folder, cvm_image_store_get_path (store)) || !g_str_has_suffix (file, SUFFIX))
    return NULL;

  image = read_image (folder, file, store, notes);

  return g_steal_pointer (&image->problem);
}

/* The first folder that has a name is the one where it is found */
static void
read_images (CvmShelf      *self,
             CvmImageStore *store,
             GCancellable  *cancellable)
{
  g_auto(GStrv) folders = cvm_paths_dirs ("images");
  g_autoptr(GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr(CvmKeyfile) notes = store != NULL ? load_notes (store) : NULL;

  for (gsize i = 0; folders[i] != NULL; i++)
    {
      g_autoptr(GDir) dir = g_dir_open (folders[i], 0, NULL);
      const char *file;

      while (dir != NULL && !g_cancellable_is_cancelled (cancellable)
             && (file = g_dir_read_name (dir)) != NULL)
        if (file[0] != '.' && g_str_has_suffix (file, SUFFIX) &&
            g_utf8_validate (file, -1, NULL) && g_hash_table_add (seen, g_strdup (file)))
          g_ptr_array_add (self->images, read_image (folders[i], file, store, notes));
    }

  g_ptr_array_sort (self->images, compare_names);
}

/* Room --------------------------------------------------------------------------------------- */

static gint64
bytes_below (const char *path,
             guint       depth)
{
  g_autoptr(GDir) dir = g_dir_open (path, 0, NULL);
  gint64 bytes = 0;
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *inner = g_build_filename (path, name, NULL);
      struct stat info;

      if (lstat (inner, &info) != 0)
        continue;
      bytes += (gint64)info.st_blocks * 512;
      if (S_ISDIR (info.st_mode) && depth > 0)
        bytes += bytes_below (inner, depth - 1);
    }

  return bytes;
}

static void
measure (CvmShelf *self)
{
  struct statvfs info;

  self->bytes = bytes_below (self->folder, 3);
  self->free_bytes = statvfs (self->folder, &info) == 0
                       ? (gint64)info.f_bavail * (gint64)info.f_frsize : -1;
}

/* Runs --------------------------------------------------------------------------------------- */

static gboolean
is_alive (const char *dir)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(CvmRunFolder) folder = cvm_run_folder_open_dead (dir, &error);

  return folder == NULL && g_error_matches (error, G_IO_ERROR, G_IO_ERROR_BUSY);
}

static void
take_run (CvmShelf   *self,
          CvmKeyfile *plan,
          const char *dir,
          gint64      made_us)
{
  gboolean is_live = is_alive (dir);

  for (guint i = 0; i < self->images->len; i++)
    {
      CvmShelfImage *image = self->images->pdata[i];

      for (guint j = 0; j < cvm_keyfile_n_groups (plan); j++)
        {
          const CvmKeyfileGroup *job = cvm_keyfile_group (plan, j);
          const CvmKeyfileEntry *path = cvm_keyfile_find (plan, job->kind, job->id, "ImagePath");

          if (path == NULL || !g_str_equal (path->value, image->path))
            continue;
          image->n_runs++;
          image->used_us = MAX (image->used_us, made_us);
          image->is_in_use |= is_live;
          break;
        }
    }
}

static void
read_runs (CvmShelf     *self,
           GCancellable *cancellable)
{
  g_autoptr(GPtrArray) dirs = cvm_run_folder_list ();

  for (guint i = 0; i < MIN (dirs->len, CVM_SHELF_RUNS); i++)
    {
      const char *dir = dirs->pdata[dirs->len - 1 - i];
      g_autofree char *path = g_build_filename (dir, "plan.ini", NULL);
      g_autoptr(CvmKeyfile) plan = NULL;
      struct stat info;

      if (g_cancellable_is_cancelled (cancellable))
        return;

      plan = stat (path, &info) == 0 ? cvm_keyfile_load (path, NULL) : NULL;
      if (plan != NULL)
        take_run (self, plan, dir, (gint64)info.st_mtime * G_USEC_PER_SEC);
    }
}

CvmShelf *
cvm_shelf_read (GCancellable  *cancellable,
                GError       **error)
{
  g_autoptr(CvmShelf) self = g_new0 (CvmShelf, 1);
  g_autoptr(CvmImageStore) store = cvm_image_store_open (NULL, NULL);

  self->images = g_ptr_array_new_with_free_func ((GDestroyNotify)cvm_shelf_image_free);
  self->folder = store != NULL ? g_strdup (cvm_image_store_get_path (store))
                               : cvm_paths_images (NULL);
  read_images (self, store, cancellable);
  read_runs (self, cancellable);
  measure (self);

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;

  return g_steal_pointer (&self);
}
