/* cvm-cli-images-import.c: images import
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <glib/gi18n.h>

#include "cvm-cli-images.h"
#include "cvm-cli-progress.h"
#include "cvm-cli-worker.h"
#include "cvm-image-import.h"
#include "cvm-image.h"
#include "cvm-wait.h"

#define TICK_MS 250

typedef struct
{
  CvmImageImport  import;
  char           *path;         /* of NAME.image */

  GMutex          mutex;
  guint64         n_packed;     /* under the mutex, as the next */
  guint64         n_unpacked;
} Importing;

/* In the worker */
static void
on_progress (guint64  n_packed,
             guint64  n_unpacked,
             gpointer data)
{
  Importing *self = data;

  g_mutex_lock (&self->mutex);
  self->n_packed = n_packed;
  self->n_unpacked = n_unpacked;
  g_mutex_unlock (&self->mutex);
}

static gboolean
on_tick (gpointer data)
{
  Importing *self = data;
  g_autofree char *read = NULL;
  g_autofree char *written = NULL;
  g_autofree char *line = NULL;

  g_mutex_lock (&self->mutex);
  read = g_format_size (self->n_packed);
  written = g_format_size (self->n_unpacked);
  g_mutex_unlock (&self->mutex);
  line = g_strdup_printf (_("%s read, %s unpacked"), read, written);
  cvm_cli_progress_print (line);

  return G_SOURCE_CONTINUE;
}

static gboolean
import_in_worker (gpointer       data,
                  GCancellable  *cancellable,
                  GError       **error)
{
  Importing *self = data;
  g_autoptr(CvmImageStore) store = cvm_image_store_open (NULL, error);

  if (store != NULL)
    self->path = cvm_image_import_run (store, &self->import, CVM_DEADLINE_NEVER, cancellable,
                                       error);

  return self->path != NULL;
}

static gboolean
run_import (Importing  *self,
            GError    **error)
{
  guint tick = cvm_cli_progress_is_seen () ? g_timeout_add (TICK_MS, on_tick, self) : 0;
  gboolean is_done = cvm_cli_work (import_in_worker, self, error);

  if (tick != 0)
    {
      g_source_remove (tick);
      cvm_cli_progress_print ("");
    }

  return is_done;
}

static int
print_image (const char *path,
             gboolean    is_json)
{
  g_autoptr(JsonArray) list = json_array_new ();
  g_autoptr(GError) error = NULL;
  g_autoptr(CvmImage) image = cvm_image_load (path, &error);

  if (image == NULL)
    return cvm_cli_fail (error);

  cvm_cli_images_fill (cvm_cli_list_add (list), image);
  if (is_json)
    cvm_cli_list_print_json (list);
  else
    cvm_cli_print ("%s\n", path);

  cvm_cli_images_warn ();

  return CVM_STATUS_PASSED;
}

int
cvm_cli_images_import (int    argc,
                       char **argv)
{
  g_autoptr(GError) error = NULL;
  Importing self = { .import = { .on_progress = on_progress, .data = &self } };
  g_autofree char *name = NULL, *disk = NULL, *description = NULL, *arch = NULL;
  gboolean is_json = FALSE;
  int status;
  const GOptionEntry entries[] = {
    { "as", 0, 0, G_OPTION_ARG_STRING, &name, N_("Name to give the image"), N_("NAME") },
    { "disk", 0, 0, G_OPTION_ARG_FILENAME, &disk, N_("Which disk, where there are several"),
      N_("FILE") },
    { "description", 0, 0, G_OPTION_ARG_STRING, &description, N_("What it is, in a line"),
      N_("TEXT") },
    { "arch", 0, 0, G_OPTION_ARG_STRING, &arch, N_("Architecture: x86_64, aarch64…"), N_("ARCH") },
    { "replace", 0, 0, G_OPTION_ARG_NONE, &self.import.replaces,
      N_("Put it in the place of an image of that name"), NULL },
    { "json", 0, 0, G_OPTION_ARG_NONE, &is_json, N_("Print an array of one object"), NULL },
    { NULL }
  };
  CvmCliSyntax syntax = { CVM_CLI_IMAGES " import", "FILE",
                          _("Copies the disk in a file or folder into the user's images: an "
                            "archive (tar, zip, "
                            "ova), a packed disk (gz, bz2, xz, zst), or a disk."),
                          NULL, entries, 1, 1 };

  if (!cvm_cli_parse (&syntax, &argc, &argv))
    return CVM_STATUS_USAGE;

  self.import.path = argv[1];
  self.import.name = name;
  self.import.disk = disk;
  self.import.description = description;
  self.import.arch = arch;
  g_mutex_init (&self.mutex);
  if (run_import (&self, &error))
    {
      status = print_image (self.path, is_json);
    }
  else
    {
      g_prefix_error (&error, "%s: ", argv[1]);
      status = cvm_cli_images_fail (error);
    }

  g_mutex_clear (&self.mutex);
  g_free (self.path);

  return status;
}
