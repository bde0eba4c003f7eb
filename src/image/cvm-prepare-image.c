/* cvm-prepare-image.c: an image made ready for a hypervisor, with an .image file that names it
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-prepare-image.h"

#include <glib/gstdio.h>

#include "cvm-image-store.h"
#include "cvm-prepare.h"

static void
set_text (char       **text,
          const char  *value)
{
  g_free (*text);
  *text = g_strdup (value);
}

static gboolean
fail_exists (const char  *path,
             GError     **error)
{
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS,
               "%s is there already: remove it, or choose another folder", path);

  return FALSE;
}

/* QEMU's guests get an overlay of their own in each run, so there it names the image's own disk */
static gboolean
save (CvmImage           *image,
      const char         *path,
      const CvmPrepared  *prepared,
      GError            **error)
{
  set_text (&image->path, path);
  if (!g_str_equal (prepared->format, "qcow2"))
    {
      set_text (&image->disk, prepared->disk);
      set_text (&image->format, prepared->format);
      set_text (&image->disk_sha256, NULL);
    }

  return cvm_image_save (image, error);
}

static gboolean
check (const CvmImage  *image,
       const char      *path,
       GError         **error)
{
  if (g_file_test (path, G_FILE_TEST_EXISTS))
    return fail_exists (path, error);

  if (image->disk != NULL)
    return TRUE;

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
               "%s has no disk: it boots from its kernel alone, and needs nothing to be prepared",
               image->name);

  return FALSE;
}

char *
cvm_prepare_image (const char    *path,
                   const char    *hypervisor,
                   const char    *dir,
                   gint64         deadline_us,
                   GCancellable  *cancellable,
                   GError       **error)
{
  g_autoptr(CvmImage) image = cvm_image_load (path, error);
  g_autofree char *name = image != NULL ? cvm_image_store_make_name (image->name) : NULL;
  g_autofree char *file = g_strconcat (name != NULL ? name : "", ".image", NULL);
  g_autofree char *new_path = g_build_filename (dir, file, NULL);
  g_autoptr(CvmPrepared) prepared = NULL;

  if (image == NULL || !check (image, new_path, error))
    return NULL;

  prepared = cvm_prepare_run (&(CvmPrepare) { .disk = image->disk, .format = image->format,
                                              .hypervisor = hypervisor, .dir = dir,
                                              .name = name },
                              deadline_us, cancellable, error);
  if (prepared == NULL)
    return NULL;

  if (save (image, new_path, prepared, error))
    return g_steal_pointer (&new_path);

  g_unlink (prepared->disk);

  return NULL;
}
