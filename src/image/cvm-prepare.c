/* cvm-prepare.c: what a hypervisor boots, made out of an image that stays as it is
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-prepare.h"

#include <glib/gstdio.h>

#include "cvm-convert.h"
#include "cvm-overlay.h"
#include "cvm-text.h"

/* vbox, vmware and xen were not run, only what is made for them was looked at. */
static const struct { const char *hypervisor, *format; } formats[] = {
  { "kvm", "qcow2" }, { "qemu", "qcow2" }, { "hvf", "qcow2" }, { "test", "qcow2" },
  { "vbox", "vdi" }, { "vmware", "vmdk" }, { "xen", "raw" },
};

const char *
cvm_prepare_format (const char *hypervisor)
{
  for (gsize i = 0; i < G_N_ELEMENTS (formats); i++)
    if (g_str_equal (formats[i].hypervisor, hypervisor))
      return formats[i].format;

  return NULL;
}

void
cvm_prepared_free (CvmPrepared *self)
{
  g_free (self->disk);
  g_free (self->format);
  g_free (self->seed);
  g_free (self->context);
  g_free (self);
}

static void
unlink_if (const char *path)
{
  if (path != NULL)
    g_unlink (path);
}

/* Where NAME would have this ending; NULL with an error when something is there. */
static char *
new_path (const CvmPrepare  *prepare,
          const char        *ending,
          GError           **error)
{
  g_autofree char *file = g_strconcat (prepare->name, ending, NULL);
  g_autofree char *path = g_build_filename (prepare->dir, file, NULL);

  if (!g_file_test (path, G_FILE_TEST_EXISTS) && !g_file_test (path, G_FILE_TEST_IS_SYMLINK))
    return g_canonicalize_filename (path, NULL);

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS,
               "%s is there already: remove it, or have it made in another folder", path);

  return NULL;
}

gboolean
cvm_prepare_disk (const char    *base,
                  const char    *format,
                  const char    *path,
                  const char    *path_format,
                  gint64         deadline_us,
                  GCancellable  *cancellable,
                  GError       **error)
{
  g_autofree char *uuid = g_uuid_string_random ();

  if (g_str_equal (path_format, "qcow2"))
    return cvm_image_overlay_make (base, format, path, deadline_us, cancellable, error);

  if (!cvm_convert_disk (base, format, path, path_format, deadline_us, cancellable, error))
    return FALSE;

  if (!g_str_equal (path_format, "vdi") || cvm_convert_set_vdi_uuid (path, uuid, error))
    return TRUE;

  g_unlink (path);

  return FALSE;
}

static gboolean
make_disk (const CvmPrepare  *prepare,
           CvmPrepared       *prepared,
           gint64             deadline_us,
           GCancellable      *cancellable,
           GError           **error)
{
  g_autofree char *ending = g_strconcat (".", prepared->format, NULL);
  g_autofree char *path = new_path (prepare, ending, error);

  if (path == NULL || !cvm_prepare_disk (prepare->disk, prepare->format, path, prepared->format,
                                         deadline_us,
                                         cancellable, error))
    return FALSE;

  prepared->disk = g_steal_pointer (&path);

  return TRUE;
}

static gboolean
make_seed (const CvmPrepare  *prepare,
           CvmPrepared       *prepared,
           GError           **error)
{
  g_autofree char *path = NULL;

  if (prepare->seed == NULL)
    return TRUE;

  path = new_path (prepare, "-seed.iso", error);
  if (path == NULL || !cvm_seed_write (prepare->seed, path, error))
    return FALSE;

  prepared->seed = g_steal_pointer (&path);

  return TRUE;
}

static gboolean
make_context (const CvmPrepare  *prepare,
              CvmPrepared       *prepared,
              GError           **error)
{
  g_autofree char *path = NULL;

  if (prepare->user_data == NULL)
    return TRUE;

  path = new_path (prepare, "-context.iso", error);
  if (path == NULL || !cvm_seed_write_context (prepare->user_data, prepare->user_data_len, path,
                                               error))
    return FALSE;

  prepared->context = g_steal_pointer (&path);

  return TRUE;
}

/* The small ones first: what they refuse costs nothing. */
CvmPrepared *
cvm_prepare_run (const CvmPrepare  *prepare,
                 gint64             deadline_us,
                 GCancellable      *cancellable,
                 GError           **error)
{
  g_autoptr(CvmPrepared) prepared = g_new0 (CvmPrepared, 1);

  prepared->format = g_strdup (cvm_prepare_format (prepare->hypervisor));
  if (prepared->format == NULL)
    {
      g_autofree char *shown = cvm_text_quote (prepare->hypervisor);

      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                   "%s is no hypervisor: kvm, qemu, hvf, vbox, vmware and xen are", shown);
      return NULL;
    }

  if (make_seed (prepare, prepared, error) && make_context (prepare, prepared, error)
      && make_disk (prepare, prepared, deadline_us, cancellable, error))
    return g_steal_pointer (&prepared);

  unlink_if (prepared->seed);
  unlink_if (prepared->context);

  return NULL;
}
