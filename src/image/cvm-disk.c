/* cvm-disk.c: what is a disk, told by content
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-disk-private.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cvm-engine-error.h"
#include "cvm-json.h"
#include "cvm-overlay-private.h"
#include "cvm-qemu-img.h"
#include "cvm-text.h"

#define HEAD_MAX   (68 * 1024)   /* as far as btrfs puts its mark */
#define INFO_MAX   (1024 * 1024)
#define TAIL       512           /* a fixed vhd is a raw disk with this much behind it */

typedef struct
{
  const char *format;
  const char *content;
  guint       at;
  const char *magic;
  guint       len;
} Mark;

#define MARK(text) text, sizeof (text) - 1

/* The first one that fits. Formats with a header first: what they hold may begin with a raw disk's.
 * UEFI 5.3.2 (a GPT lies in the second block, of 512 or 4096 bytes), ext4's super block at 1024. */
static const Mark marks[] = {
  { "qcow2", NULL, 0, MARK ("QFI\xfb\0\0\0\2") },
  { "qcow2", NULL, 0, MARK ("QFI\xfb\0\0\0\3") },
  { "vmdk", NULL, 0, MARK ("KDMV") },
  { "vmdk", NULL, 0, MARK ("COWD") },
  { "vmdk", NULL, 0, MARK ("# Disk DescriptorFile") },
  { "vdi", NULL, 0x40, MARK ("\x7f\x10\xda\xbe") },
  { "vhdx", NULL, 0, MARK ("vhdxfile") },
  { "vpc", NULL, 0, MARK ("conectix") },
  { "raw", "GPT", 512, MARK ("EFI PART") },
  { "raw", "GPT", 4096, MARK ("EFI PART") },
  { "raw", "ISO 9660", 0x8001, MARK ("CD001") },
  { "raw", "MBR", 510, MARK ("\x55\xaa") },
  { "raw", "ext", 1080, MARK ("\x53\xef") },
  { "raw", "XFS", 0, MARK ("XFSB") },
  { "raw", "Btrfs", 0x10040, MARK ("_BHRfS_M") },
  { "raw", "squashfs", 0, MARK ("hsqs") },
};

void
cvm_disk_free (CvmDisk *self)
{
  g_free (self->path);
  g_free (self->format);
  g_free (self->content);
  g_strfreev (self->parts);
  g_free (self);
}

void
cvm_disk_look_clear (CvmDiskLook *look)
{
  g_clear_pointer (&look->descriptor, g_free);
}

static const Mark *
find_mark (const char *head,
           gsize       len)
{
  for (gsize i = 0; i < G_N_ELEMENTS (marks); i++)
    if (marks[i].at + marks[i].len <= len
        && memcmp (head + marks[i].at, marks[i].magic, marks[i].len) == 0)
      return &marks[i];

  return NULL;
}

static gboolean
has_vhd_tail (int     fd,
              guint64 size)
{
  char tail[8];

  return size >= TAIL && pread (fd, tail, sizeof tail, size - TAIL) == sizeof tail
         && memcmp (tail, "conectix", sizeof tail) == 0;
}

static void
look_into (int          fd,
           CvmDiskLook *look)
{
  g_autofree char *head = g_malloc0 (HEAD_MAX + 1);
  gssize len = pread (fd, head, HEAD_MAX, 0);
  const Mark *mark = len > 0 ? find_mark (head, len) : NULL;

  if (has_vhd_tail (fd, look->size))
    {
      look->format = "vpc";
    }
  else if (mark != NULL)
    {
      look->format = mark->format;
      look->content = mark->content;
    }

  if (mark != NULL && mark->magic[0] == '#')
    look->descriptor = g_steal_pointer (&head);
}

gboolean
cvm_disk_look (const char   *path,
               CvmDiskLook  *look,
               GError      **error)
{
  int fd = open (path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  struct stat info;
  int code = errno;

  if (fd < 0 || fstat (fd, &info) != 0)
    {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), "Cannot read %s: %s", path,
                   g_strerror (code));
      if (fd >= 0)
        close (fd);
      return FALSE;
    }

  look->size = info.st_size;
  if (S_ISREG (info.st_mode))
    look_into (fd, look);
  close (fd);

  return TRUE;
}

/* Probe ---------------------------------------------------------------------------------------- */

guint64
cvm_disk_read_info (const char  *info,
                    gsize        len,
                    GError     **error)
{
  g_autoptr(JsonNode) root = cvm_json_parse (info, len, INFO_MAX, error);
  JsonObject *object;
  gint64 size;

  if (root == NULL)
    return 0;

  object = JSON_NODE_HOLDS_OBJECT (root) ? json_node_get_object (root) : NULL;
  size = object != NULL ? cvm_json_int (object, "virtual-size", 0) : 0;
  if (size <= 0)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                   "qemu-img tells no size of it: it is damaged");
      return 0;
    }

  if (!cvm_json_boolean (object, "encrypted", FALSE))
    return size;

  g_set_error (error, CVM_ENGINE_ERROR, CVM_ENGINE_ERROR_REFUSED,
               "it is encrypted: decrypt it with qemu-img convert, and take the result");

  return 0;
}

static guint64
ask_size (const char    *path,
          const char    *format,
          gint64         deadline_us,
          GCancellable  *cancellable,
          GError       **error)
{
  const char *argv[] = { "qemu-img", "info", "--output=json", "-f", format, path, NULL };
  g_autoptr(GString) info = g_string_new (NULL);

  if (!cvm_qemu_img_run (argv, info, deadline_us, cancellable, error))
    return 0;

  return cvm_disk_read_info (info->str, info->len, error);
}

static gboolean
is_known (const char         *path,
          const CvmDiskLook  *look,
          GError            **error)
{
  if (look->format != NULL)
    return TRUE;

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
               "%s is no disk that is known here: no qcow2, vmdk, vdi, vhd or vhdx, and no "
               "partition table nor file system is at its start; convert it with qemu-img", path);

  return FALSE;
}

CvmDisk *
cvm_disk_probe (const char    *path,
                gint64         deadline_us,
                GCancellable  *cancellable,
                GError       **error)
{
  g_autofree char *file = g_canonicalize_filename (path, NULL);
  g_auto(CvmDiskLook) look = { NULL };
  g_autoptr(CvmDisk) self = g_new0 (CvmDisk, 1);

  if (!cvm_disk_look (file, &look, error) || !is_known (file, &look, error)
      || !cvm_overlay_check_base (file, look.format, deadline_us, cancellable, error))
    return NULL;

  self->virtual_size = look.size;
  if (look.content == NULL)
    self->virtual_size = ask_size (file, look.format, deadline_us, cancellable, error);
  if (self->virtual_size == 0)
    {
      g_prefix_error (error, "%s: ", file);
      return NULL;
    }

  self->path = g_steal_pointer (&file);
  self->format = g_strdup (look.format);
  self->content = g_strdup (look.content);
  self->parts = cvm_overlay_extents (look.descriptor != NULL ? look.descriptor : "");

  return g_steal_pointer (&self);
}
