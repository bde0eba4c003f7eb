/* cvm-overlay.c: what a guest writes goes to an overlay, never to its image
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-overlay-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <unistd.h>

#include "cvm-qemu-img.h"

gboolean
cvm_overlay_check_base (const char    *base,
                        const char    *format,
                        gint64         deadline_us,
                        GCancellable  *cancellable,
                        GError       **error)
{
  const char *argv[] = { "qemu-img", "info", "--output=json", "-f", format, base, NULL };
  g_autoptr(GString) info = g_string_new (NULL);

  if (!cvm_overlay_base_is_alone (base, format, error))
    return FALSE;

  return g_str_equal (format, "raw") ||
         (cvm_qemu_img_run (argv, info, deadline_us, cancellable, error) &&
          cvm_overlay_info_is_alone (base, info->str, info->len, error));
}

/* Qemu-img would overwrite whatever is there. */
gboolean
cvm_overlay_reserve (const char  *path,
                     GError     **error)
{
  int fd = open (path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  int code = errno;

  if (fd < 0)
    {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code),
                   "Cannot make the disk %s: %s",
                   path, g_strerror (code));
      return FALSE;
    }

  close (fd);

  return TRUE;
}

/* Names are made absolute: qemu-img takes "json:…", "nbd:…" and "-…" for more than names. */
gboolean
cvm_image_overlay_make (const char    *base,
                        const char    *format,
                        const char    *path,
                        gint64         deadline_us,
                        GCancellable  *cancellable,
                        GError       **error)
{
  g_autofree char *base_file = g_canonicalize_filename (base, NULL);
  g_autofree char *file = g_canonicalize_filename (path, NULL);
  const char *argv[] = { "qemu-img", "create", "-q", "-f", "qcow2", "-F", format, "-b", base_file,
                         file, NULL };
  g_autoptr(GString) out = g_string_new (NULL);

  if (!cvm_qemu_img_check_format (format, error) ||
      !cvm_overlay_check_base (base_file, format, deadline_us, cancellable, error) ||
      !cvm_overlay_reserve (file, error))
    return FALSE;

  if (cvm_qemu_img_run (argv, out, deadline_us, cancellable, error))
    return TRUE;

  g_unlink (file);

  return FALSE;
}
