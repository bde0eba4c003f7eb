/* cvm-image-import.c: from files of this machine to an image that boots
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-image-import.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "cvm-catalogue-private.h"
#include "cvm-disk-private.h"
#include "cvm-text.h"

#define MAX_FILES 1000   /* of a folder */

typedef struct
{
  const CvmImageImport *import;
  const char           *folder;       /* of the work folder; holds what is added */
  gint64                deadline_us;
  GCancellable         *cancellable;
} Importing;

/* Files of a folder ---------------------------------------------------------------------------- */

/* Copies, or unpacks, FILE of DIR into the folder */
static GPtrArray *
take_file (const Importing  *self,
           const char       *dir,
           const char       *name,
           GError          **error)
{
  g_autofree char *path = g_build_filename (dir, name, NULL);
  g_autoptr(GFile) file = g_file_new_for_path (path);
  g_autoptr(GFileInputStream) stream = g_file_read (file, self->cancellable, error);
  g_autofree char *target = g_path_get_basename (name);
  CvmUnpack unpack = { .packed = G_INPUT_STREAM (stream), .name = target, .dir = self->folder,
                       .on_progress = self->import->on_progress, .data = self->import->data };

  return stream != NULL ? cvm_unpack_run (&unpack, self->deadline_us, self->cancellable,
                                          error) : NULL;
}

/* Copies FILES of DIR, which are all parts of one disk */
static gboolean
take_parts (const Importing   *self,
            const char        *dir,
            const char *const *names,
            GError           **error)
{
  for (; *names != NULL; names++)
    {
      g_autoptr(GPtrArray) files = take_file (self, dir, *names, error);

      if (files == NULL)
        return FALSE;
    }

  return TRUE;
}

static int
compare_names (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

/* The regular files of a folder, sorted: what a message says does not depend on the disk */
static GPtrArray *
list_files (const char  *dir,
            GError     **error)
{
  g_autoptr(GDir) folder = g_dir_open (dir, 0, error);
  g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func (g_free);
  const char *name;

  while (folder != NULL && files->len < MAX_FILES && (name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *path = g_build_filename (dir, name, NULL);
      struct stat info;

      if (stat (path, &info) == 0 && S_ISREG (info.st_mode))
        g_ptr_array_add (files, g_strdup (name));
    }

  g_ptr_array_sort (files, compare_names);

  return folder != NULL ? g_steal_pointer (&files) : NULL;
}

/* Picks the disk where it lies, and copies what belongs to it */
static CvmDisk *
take_from_folder (const Importing  *self,
                  const char       *dir,
                  const char       *wanted,
                  GError          **error)
{
  g_autoptr(GPtrArray) files = list_files (dir, error);
  g_autoptr(CvmDisk) disk = NULL;
  g_autofree char *name = NULL;
  g_autofree char *path = NULL;

  if (files == NULL)
    return NULL;

  disk = cvm_disk_find (dir, files, wanted, self->deadline_us, self->cancellable, error);
  if (disk == NULL)
    return NULL;

  name = g_path_get_basename (disk->path);
  if (!take_parts (self, dir, (const char *[]) { name, NULL }, error)
      || !take_parts (self, dir, (const char *const *)disk->parts, error))
    return NULL;

  path = g_build_filename (self->folder, name, NULL);

  return cvm_disk_probe (path, self->deadline_us, self->cancellable, error);
}

/* Files ---------------------------------------------------------------------------------------- */

static CvmDisk *
take_from_archive (const Importing  *self,
                   GError          **error)
{
  g_autofree char *dir = g_path_get_dirname (self->import->path);
  g_autofree char *name = g_path_get_basename (self->import->path);
  g_autoptr(GPtrArray) files = take_file (self, dir, name, error);

  if (files == NULL)
    return NULL;

  return cvm_disk_find (self->folder, files, self->import->disk, self->deadline_us,
                        self->cancellable, error);
}

static CvmDisk *
take (const Importing  *self,
      GError          **error)
{
  const char *path = self->import->path;
  g_autofree char *dir = g_path_get_dirname (path);
  g_autofree char *name = g_path_get_basename (path);
  g_auto(CvmDiskLook) look = { NULL };

  if (g_file_test (path, G_FILE_TEST_IS_DIR))
    return take_from_folder (self, path, self->import->disk, error);

  if (!cvm_disk_look (path, &look, error))
    return NULL;

  if (!g_file_test (path, G_FILE_TEST_IS_REGULAR))   /* a FIFO would be waited for */
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                   "it is neither a file nor a folder");
      return NULL;
    }

  return look.format != NULL ? take_from_folder (self, dir, name, error)
                             : take_from_archive (self, error);
}

/* The disk's folder may lie below the one that was unpacked into; its parts are beside it. */
static char *
add (CvmImageStore     *store,
     const Importing   *self,
     const CvmDisk     *disk,
     GError           **error)
{
  const CvmImageImport *import = self->import;
  g_autoptr(CvmCatalogueEntry) entry = cvm_catalogue_entry_new ();
  g_autofree char *source = g_canonicalize_filename (import->path, NULL);
  g_autofree char *last = g_path_get_basename (source);
  g_autofree char *folder = g_path_get_dirname (disk->path);
  g_autofree char *name = g_path_get_basename (disk->path);
  CvmImageNew image = { .folder = folder, .disk = name, .parts = (const char *const *)disk->parts,
                        .format = disk->format, .description = import->description,
                        .source = source, .replaces = import->replaces };

  cvm_catalogue_describe (entry, last);
  image.name = import->name != NULL ? import->name : entry->name;
  image.arch = import->arch != NULL ? import->arch : entry->arch;

  return cvm_image_store_add (store, &image, self->cancellable, error);
}

char *
cvm_image_import_run (CvmImageStore         *store,
                      const CvmImageImport  *import,
                      gint64                 deadline_us,
                      GCancellable          *cancellable,
                      GError               **error)
{
  g_autoptr(CvmImageWork) work = cvm_image_work_new (store, error);
  g_autofree char *folder = work != NULL ? g_build_filename (cvm_image_work_get_path (work),
                                                             "files", NULL) : NULL;
  Importing self = { import, folder, deadline_us, cancellable };
  g_autoptr(CvmDisk) disk = NULL;

  if (work == NULL)
    return NULL;

  if (import->name != NULL && !cvm_image_store_is_name (import->name))
    {
      g_autofree char *shown = cvm_text_quote (import->name);

      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                   "%s is no name of an image: letters, digits, and . _ + - behind the first, at "
                   "most 100", shown);
      return NULL;
    }

  if (g_mkdir (folder, 0755) != 0)
    {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "Cannot make %s", folder);
      return NULL;
    }

  disk = take (&self, error);

  return disk != NULL ? add (store, &self, disk, error) : NULL;
}
