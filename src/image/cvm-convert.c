/* cvm-convert.c: a disk in the format of a hypervisor, as a copy
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-convert.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "cvm-overlay-private.h"
#include "cvm-qemu-img.h"

gboolean
cvm_convert_disk (const char    *from,
                  const char    *format,
                  const char    *to,
                  const char    *to_format,
                  gint64         deadline_us,
                  GCancellable  *cancellable,
                  GError       **error)
{
  g_autofree char *source = g_canonicalize_filename (from, NULL);
  g_autofree char *target = g_canonicalize_filename (to, NULL);
  const char *argv[] = { "qemu-img", "convert", "-q", "-f", format, "-O", to_format, source,
                         target, NULL };
  g_autoptr(GString) out = g_string_new (NULL);

  if (!cvm_qemu_img_check_format (format, error) || !cvm_qemu_img_check_format (to_format, error)
      || !cvm_overlay_check_base (source, format, deadline_us, cancellable, error)
      || !cvm_overlay_reserve (target, error))
    return FALSE;

  if (cvm_qemu_img_run (argv, out, deadline_us, cancellable, error))
    return TRUE;

  g_unlink (target);

  return FALSE;
}

/* The header of a VDI, version 1.1: VirtualBox's VDICore.h, and block/vdi.c of QEMU. All numbers
 * are little-endian; so are the first three fields of a UUID. ---------------------------------- */

#define VDI_SIGNATURE     0x40
#define VDI_VERSION       0x44
#define VDI_UUID_IMAGE    0x188
#define VDI_UUID_MODIFIED 0x198
#define VDI_UUID_LINK     0x1a8   /* of the parent, then of its last modification */
#define VDI_HEADER        0x1c8
#define UUID_LEN          16

static const guint8 vdi_mark[] = { 0x7f, 0x10, 0xda, 0xbe, 0x01, 0x00, 0x01, 0x00 };

static void
put_uuid (guint8     *at,
          const char *uuid)
{
  static const guint8 places[UUID_LEN] = { 3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15 };
  guint n = 0;

  for (; *uuid != '\0' && n < UUID_LEN; uuid++)
    if (g_ascii_isxdigit (uuid[0]) && g_ascii_isxdigit (uuid[1]))
      {
        at[places[n++]] = g_ascii_xdigit_value (uuid[0]) << 4 | g_ascii_xdigit_value (uuid[1]);
        uuid++;
      }
}

static gboolean
fail_vdi (const char  *path,
          const char  *why,
          GError     **error)
{
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "%s cannot get a new UUID: %s", path,
               why);

  return FALSE;
}

static gboolean
write_uuids (int          fd,
             const char  *path,
             const char  *uuid,
             GError     **error)
{
  g_autofree char *modified = g_uuid_string_random ();
  guint8 header[VDI_HEADER];

  if (pread (fd, header, sizeof header, 0) != sizeof header
      || memcmp (header + VDI_SIGNATURE, vdi_mark, sizeof vdi_mark) != 0)
    return fail_vdi (path, "it is no VDI of version 1.1", error);

  put_uuid (header + VDI_UUID_IMAGE, uuid);
  put_uuid (header + VDI_UUID_MODIFIED, modified);
  memset (header + VDI_UUID_LINK, 0, 2 * UUID_LEN);

  return pwrite (fd, header, sizeof header, 0) == sizeof header
         || fail_vdi (path, g_strerror (errno), error);
}

gboolean
cvm_convert_set_vdi_uuid (const char  *path,
                          const char  *uuid,
                          GError     **error)
{
  gboolean is_written;
  int fd;

  if (!g_uuid_string_is_valid (uuid))
    return fail_vdi (path, "what was given is none", error);

  fd = open (path, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0)
    return fail_vdi (path, g_strerror (errno), error);

  is_written = write_uuids (fd, path, uuid, error);
  close (fd);

  return is_written;
}
