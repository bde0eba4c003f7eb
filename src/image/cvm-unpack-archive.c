/* cvm-unpack-archive.c: the entries of a tar or a zip become files
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-unpack-private.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <gio/gfiledescriptorbased.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cvm-text.h"
#include "cvm-wait.h"

#define BLOCK (256 * 1024)
#define AGAIN "fetch it again"

typedef struct archive Archive;

static void
archive_close (Archive *archive)
{
  archive_read_free (archive);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Archive, archive_close)

/* What goes on while libarchive reads */
typedef struct
{
  const CvmUnpacking *unpacking;
  const char         *kind;         /* "tar" */
  GError             *read_error;   /* of the source, below libarchive */
} Reading;

static gboolean
take_error (Reading     *self,
            Archive     *archive,
            const char  *entry,
            GError     **error)
{
  g_autofree char *shown = entry != NULL ? cvm_text_quote (entry) : g_strdup ("the archive");
  const char *why = archive_error_string (archive);

  if (self->read_error != NULL)
    g_propagate_error (error, g_steal_pointer (&self->read_error));
  else
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                 "%s is damaged or cut off, near byte %" G_GUINT64_FORMAT " of the %s "
                 "(%s); " AGAIN, shown,
                 (guint64)archive_filter_bytes (archive, -1), self->kind,
                 why != NULL ? why : "no reason given");

  return FALSE;
}

static gboolean
refuse (const char  *entry,
        const char  *what,
        const char  *todo,
        GError     **error)
{
  g_autofree char *shown = cvm_text_quote (entry);

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "%s is %s, which is refused: %s", shown,
               what,
               todo);

  return FALSE;
}

/* Entries -------------------------------------------------------------------------------------- */

static gboolean
check_entry (struct archive_entry  *entry,
             const char            *name,
             GError               **error)
{
  const char *distrust = "an image needs none; do not trust this archive";

  if (archive_entry_hardlink (entry) != NULL)
    return refuse (name, "a hard link", distrust, error);

  if (archive_entry_filetype (entry) == AE_IFLNK || archive_entry_symlink (entry) != NULL)
    return refuse (name, "a symbolic link", distrust, error);

  if (archive_entry_filetype (entry) != AE_IFREG && archive_entry_filetype (entry) != AE_IFDIR)
    return refuse (name, "a device, a FIFO or a socket", distrust, error);

  return !archive_entry_is_encrypted (entry)
         || refuse (name, "encrypted", "unpack it by hand with its password, and take the disk",
                    error);
}

static gboolean
check_nested (const char    *name,
              const guint8  *head,
              gsize          len,
              GError       **error)
{
  g_autofree char *what = NULL;

  if (cvm_packing_of (head, len) == CVM_PACKING_NONE)
    return TRUE;

  what = g_strdup_printf ("packed once more (%s)", cvm_packing_name (head, len));

  return refuse (name, what, "unpack the outer archive by hand, and take the inner one", error);
}

static gboolean
copy_data (Reading     *self,
           Archive     *archive,
           const char  *name,
           GError     **error)
{
  const CvmUnpacking *u = self->unpacking;
  const void *bytes;
  size_t len;
  la_int64_t offset;
  int status;

  while ((status = archive_read_data_block (archive, &bytes, &len, &offset)) == ARCHIVE_OK)
    {
      if (!cvm_deadline_check (u->deadline_us, u->cancellable, error)
          || (offset == 0 && !check_nested (name, bytes, len, error))
          || !cvm_unpack_folder_write (u->folder, offset, bytes, len,
                                       cvm_unpack_source_n_packed (u->source), error))
        return FALSE;

      cvm_unpack_progress (u);
    }

  return status == ARCHIVE_EOF || take_error (self, archive, name, error);
}

static gboolean
make_file (Reading               *self,
           Archive               *archive,
           struct archive_entry  *entry,
           const char            *name,
           GError               **error)
{
  CvmUnpackFolder *folder = self->unpacking->folder;
  guint64 size = archive_entry_size_is_set (entry) ? MAX (archive_entry_size (entry), 0) : 0;

  return cvm_unpack_folder_begin (folder, name, size, error)
         && copy_data (self, archive, name, error)
         && cvm_unpack_folder_end (folder, error);
}

static gboolean
take_entry (Reading               *self,
            Archive               *archive,
            struct archive_entry  *entry,
            GError               **error)
{
  const char *name = archive_entry_pathname_utf8 (entry);

  if (name == NULL)
    name = archive_entry_pathname (entry);

  if (name == NULL || name[0] == '\0')
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                   "an entry near byte %" G_GUINT64_FORMAT " of the %s has no name that can be "
                   "read: do not "
                   "trust this archive", (guint64)archive_filter_bytes (archive, -1), self->kind);
      return FALSE;
    }

  if (!check_entry (entry, name, error))
    return FALSE;

  if (archive_entry_filetype (entry) == AE_IFDIR)
    return cvm_unpack_folder_add_dir (self->unpacking->folder, name, error);

  return make_file (self, archive, entry, name, error);
}

/* A header's warning is about what is not used here: owners, times, names in other encodings. */
static gboolean
take_entries (Reading  *self,
              Archive  *archive,
              GError  **error)
{
  struct archive_entry *entry;
  int status;

  while ((status = archive_read_next_header (archive, &entry)) == ARCHIVE_OK
         || status == ARCHIVE_WARN)
    if (!take_entry (self, archive, entry, error))
      return FALSE;

  return status == ARCHIVE_EOF || take_error (self, archive, NULL, error);
}

/* Tar ------------------------------------------------------------------------------------------ */

static la_ssize_t
on_tar_read (Archive     *archive,
             void        *data,
             const void **buffer)
{
  Reading *self = data;

  return cvm_unpack_source_pull (self->unpacking->source, (const guint8 **)buffer,
                                 &self->read_error);
}

/* Libarchive stops at the end mark and does not ask for one: what follows is read here, so that it
 * is checked too. */
static gboolean
check_tar_end (const CvmUnpacking  *self,
               GError             **error)
{
  const guint8 *bytes;
  gssize n;

  do
    n = cvm_unpack_source_pull (self->source, &bytes, error);
  while (n > 0);

  if (n < 0 || cvm_unpack_source_ends_in_zeros (self->source, CVM_PACKING_HEAD))
    return n == 0;

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
               "the tar has no end: it is cut off between two entries, or something was put behind "
               "it; "
               AGAIN);

  return FALSE;
}

gboolean
cvm_unpack_tar (const CvmUnpacking  *self,
                GError             **error)
{
  g_autoptr(Archive) archive = archive_read_new ();
  Reading reading = { self, "tar" };

  archive_read_support_format_tar (archive);

  return (archive_read_open (archive, &reading, NULL, on_tar_read, NULL) == ARCHIVE_OK
          || take_error (&reading, archive, NULL, error))
         && take_entries (&reading, archive, error)
         && check_tar_end (self, error);
}

/* Zip ------------------------------------------------------------------------------------------ */

static gboolean
spool_block (int            fd,
             const guint8  *bytes,
             gsize          len,
             const char    *dir,
             GError       **error)
{
  while (len > 0)
    {
      gssize n = write (fd, bytes, len);

      if (n < 0 && errno != EINTR)
        {
          int code = errno;

          g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code),
                       "Cannot keep the zip in %s: %s%s", dir, g_strerror (code),
                       code == ENOSPC ? "; make room there" : "");
          return FALSE;
        }

      bytes += MAX (n, 0);
      len -= MAX (n, 0);
    }

  return TRUE;
}

/* A descriptor of the whole zip: of a file without a name */
static int
spool (const CvmUnpacking  *self,
       GError             **error)
{
  int fd = cvm_unpack_folder_spool (self->folder, error);
  const guint8 *bytes;
  gssize n = 1;

  while (fd >= 0 && n > 0)
    {
      n = cvm_unpack_source_pull (self->source, &bytes, error);
      if (n < 0 || !spool_block (fd, bytes, n, self->unpack->dir, error))
        {
          close (fd);
          return -1;
        }

      cvm_unpack_progress (self);
    }

  return fd;
}

/* Libarchive does not know a zip for one without its index. */
static gboolean
take_open_error (Archive  *archive,
                 GError  **error)
{
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
               "the zip has no index at its end: it is cut off, or something was put behind it "
               "(%s); "
               AGAIN, archive_error_string (archive));

  return FALSE;
}

static gboolean
take_zip (const CvmUnpacking  *self,
          int                  fd,
          GError             **error)
{
  g_autoptr(Archive) archive = archive_read_new ();
  Reading reading = { self, "zip" };

  archive_read_support_format_zip_seekable (archive);

  return (archive_read_open_fd (archive, fd, BLOCK) == ARCHIVE_OK
          || take_open_error (archive, error))
         && take_entries (&reading, archive, error);
}

/* A file of this machine is read where it lies. */
static int
open_zip (const CvmUnpacking  *self,
          GError             **error)
{
  GInputStream *packed = self->unpack->packed;
  struct stat info;
  int fd;

  if (!G_IS_FILE_DESCRIPTOR_BASED (packed))
    return spool (self, error);

  fd = g_file_descriptor_based_get_fd (G_FILE_DESCRIPTOR_BASED (packed));
  if (fstat (fd, &info) != 0 || !S_ISREG (info.st_mode))
    return spool (self, error);

  return fcntl (fd, F_DUPFD_CLOEXEC, 0);
}

gboolean
cvm_unpack_zip (const CvmUnpacking  *self,
                GError             **error)
{
  int fd = open_zip (self, error);
  gboolean is_done;

  if (fd < 0)
    return FALSE;

  is_done = lseek (fd, 0, SEEK_SET) == 0 && take_zip (self, fd, error);
  close (fd);

  return is_done;
}
