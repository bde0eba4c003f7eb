/* cvm-unpack-folder.c: files made in one folder, sparse, within limits, and removed where it fails
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-unpack-private.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cvm-text.h"

#define MAX_NAME       1024                 /* bytes of a name with its folders */
#define MAX_PART        255                 /* NAME_MAX of all file systems that matter */
#define MAX_DEPTH         8
#define RATIO_FROM     (16 * 1024 * 1024)   /* below, any ratio is harmless */
#define BLOCK          4096                 /* what file systems allocate: a hole's grain */

#define DEFAULT_BYTES   (256ull * 1024 * 1024 * 1024)
#define DEFAULT_ENTRIES 1000
#define DEFAULT_RATIO   200

struct _CvmUnpackFolder
{
  char            *path;       /* for messages */
  CvmUnpackLimits  limits;
  int              fd;
  GPtrArray       *files;      /* names below the folder, in order */
  GPtrArray       *dirs;       /* those that were made, outer ones first */
  GHashTable      *entries;    /* names of files and folders, as the archive gave them */

  int              file_fd;    /* of the file that grows, or -1 */
  guint64          claimed;    /* what its size is to be; it may end in a hole */
  guint64          size;       /* of that file */
  guint64          n_bytes;    /* of all files, holes too */
  guint64          n_stored;   /* without holes */
};

/* "ENTRY: what is wrong" */
static gboolean refuse (const char  *entry,
                        GError     **error,
                        const char  *format,
                        ...) G_GNUC_PRINTF (3, 4);

static gboolean
refuse (const char  *entry,
        GError     **error,
        const char  *format,
        ...)
{
  g_autofree char *shown = cvm_text_quote (entry);
  g_autofree char *why = NULL;
  va_list args;

  va_start (args, format);
  why = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "%s %s", shown, why);

  return FALSE;
}

static gboolean
fail_errno (CvmUnpackFolder  *self,
            const char       *entry,
            GError          **error)
{
  int code = errno;
  g_autofree char *shown = cvm_text_quote (entry);

  if (code == ENOSPC || code == EDQUOT)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE,
                 "%s does not fit: the disk of %s is full; make room there", shown, self->path);
  else
    g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), "%s cannot be made in %s: %s",
                 shown, self->path, g_strerror (code));

  return FALSE;
}

/* Names ---------------------------------------------------------------------------------------- */

static gboolean
has_controls (const char *name)
{
  for (const char *p = name; *p != '\0'; p = g_utf8_next_char (p))
    if (g_unichar_iscntrl (g_utf8_get_char (p)))
      return TRUE;

  return FALSE;
}

static gboolean
check_parts (const char         *name,
             const char *const  *parts,
             GError            **error)
{
  guint depth = 0;

  for (; *parts != NULL; parts++, depth++)
    {
      if (g_str_equal (*parts, ".."))
        return refuse (name, error, "points outside the folder (..): do not trust this archive");

      if (strlen (*parts) > MAX_PART)
        return refuse (name, error, "is too long: a name has at most %d bytes", MAX_PART);
    }

  return depth <= MAX_DEPTH
         || refuse (name, error, "lies too deep: at most %d folders within each other", MAX_DEPTH);
}

/* The parts of a name that can be trusted, without "." and empty ones; none for the folder */
static char **
split_name (const char  *name,
            GError     **error)
{
  g_auto(GStrv) all = NULL;
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  g_auto(GStrv) parts = NULL;
  gboolean is_good;

  if (!g_utf8_validate (name, -1, NULL))
    is_good = refuse (name, error, "has a name that is not UTF-8: pack it again under another");
  else if (has_controls (name))
    is_good = refuse (name, error, "has control characters in its name: do not trust this archive");
  else if (strlen (name) > MAX_NAME)
    is_good = refuse (name, error, "is too long: a name with its folders has at most %d bytes",
                      MAX_NAME);
  else
    is_good = name[0] != '/'
              || refuse (name, error, "points outside the folder (/): do not trust this archive");

  if (!is_good)
    return NULL;

  all = g_strsplit (name, "/", -1);
  for (char **part = all; *part != NULL; part++)
    if (**part != '\0' && !g_str_equal (*part, "."))
      g_strv_builder_add (builder, *part);

  parts = g_strv_builder_end (builder);

  return check_parts (name, (const char *const *)parts, error) ? g_steal_pointer (&parts) : NULL;
}

static gboolean
note_entry (CvmUnpackFolder  *self,
            const char       *name,
            gboolean          is_dir,
            GError          **error)
{
  if (!g_hash_table_add (self->entries, g_strdup (name)) && !is_dir)
    return refuse (name, error, "is there twice: it cannot be known which one is meant");

  return g_hash_table_size (self->entries) <= self->limits.max_entries
         || refuse (name, error, "is one too many: more than %u entries; unpack it by hand, and "
                                 "take the disk",
                    self->limits.max_entries);
}

/* Folders -------------------------------------------------------------------------------------- */

/* Opens PART below FD, which it closes; makes it if need be. Never follows a link. */
static int
enter (CvmUnpackFolder  *self,
       int               fd,
       const char       *part,
       const char       *path,
       const char       *name,
       GError          **error)
{
  int inner;

  if (mkdirat (fd, part, 0777) == 0)
    g_ptr_array_add (self->dirs, g_strdup (path));
  else if (errno != EEXIST)
    return fail_errno (self, name, error) - 1;

  inner = openat (fd, part, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (inner < 0 && (errno == ENOTDIR || errno == ELOOP))
    refuse (name, error, "lies below what is a file: do not trust this archive");
  else if (inner < 0)
    fail_errno (self, name, error);

  return inner;
}

/* The descriptor of the folder that the first N of PARTS name */
static int
open_dir (CvmUnpackFolder  *self,
          char            **parts,
          guint             n,
          const char       *name,
          GError          **error)
{
  g_autoptr(GString) path = g_string_new (NULL);
  int fd = fcntl (self->fd, F_DUPFD_CLOEXEC, 0);

  for (guint i = 0; i < n && fd >= 0; i++)
    {
      int inner;

      g_string_append_printf (path, "%s%s", i > 0 ? "/" : "", parts[i]);
      inner = enter (self, fd, parts[i], path->str, name, error);
      close (fd);
      fd = inner;
    }

  return fd;
}

gboolean
cvm_unpack_folder_add_dir (CvmUnpackFolder  *self,
                           const char       *name,
                           GError          **error)
{
  g_auto(GStrv) parts = split_name (name, error);
  g_autofree char *plain = parts != NULL ? g_strjoinv ("/", parts) : NULL;
  int fd;

  if (parts == NULL || !note_entry (self, plain, TRUE, error))
    return FALSE;

  fd = open_dir (self, parts, g_strv_length (parts), plain, error);
  if (fd >= 0)
    close (fd);

  return fd >= 0;
}

/* Files ---------------------------------------------------------------------------------------- */

static const char *
current (CvmUnpackFolder *self)
{
  return g_ptr_array_index (self->files, self->files->len - 1);
}

/* Whether the file may have this size, before a byte of it is written */
static gboolean
check_size (CvmUnpackFolder  *self,
            guint64           size,
            GError          **error)
{
  return size <= self->size || size - self->size <= self->limits.max_bytes - self->n_bytes
         || refuse (current (self), error,
                    "makes it more than %" G_GUINT64_FORMAT " bytes, all together: it is a bomb, "
                    "or needs another limit", self->limits.max_bytes);
}

static gboolean
grow (CvmUnpackFolder  *self,
      guint64           size,
      GError          **error)
{
  if (!check_size (self, size, error))
    return FALSE;

  self->n_bytes += MAX (size, self->size) - self->size;
  self->size = MAX (size, self->size);

  return TRUE;
}

static gboolean
make_file (CvmUnpackFolder  *self,
           char            **parts,
           const char       *name,
           GError          **error)
{
  guint n = g_strv_length (parts);
  int dir = open_dir (self, parts, n - 1, name, error);
  int code;

  if (dir < 0)
    return FALSE;

  self->file_fd = openat (dir, parts[n - 1], O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                          0666);
  code = errno;
  close (dir);
  errno = code;
  if (self->file_fd < 0)
    return fail_errno (self, name, error);

  g_ptr_array_add (self->files, g_strdup (name));
  self->size = 0;

  return TRUE;
}

gboolean
cvm_unpack_folder_begin (CvmUnpackFolder  *self,
                         const char       *name,
                         guint64           size,
                         GError          **error)
{
  g_auto(GStrv) parts = split_name (name, error);
  g_autofree char *plain = parts != NULL ? g_strjoinv ("/", parts) : NULL;

  if (parts == NULL)
    return FALSE;

  self->claimed = size;
  if (parts[0] == NULL)
    return refuse (name, error, "is no name of a file: do not trust this archive");

  return note_entry (self, plain, FALSE, error) && make_file (self, parts, plain, error)
         && check_size (self, size, error);
}

static gboolean
write_all (CvmUnpackFolder  *self,
           guint64           offset,
           const guint8     *bytes,
           gsize             len,
           GError          **error)
{
  while (len > 0)
    {
      gssize n = pwrite (self->file_fd, bytes, len, offset);

      if (n < 0 && errno != EINTR)
        return fail_errno (self, current (self), error);

      n = MAX (n, 0);
      bytes += n;
      len -= n;
      offset += n;
      self->n_stored += n;
    }

  return TRUE;
}

/* How many of the bytes, in whole blocks of the file, are zeros, or not, as the first one is */
static gsize
run_length (guint64        offset,
            const guint8  *bytes,
            gsize          len,
            gboolean      *is_zero)
{
  static const guint8 zeros[BLOCK];
  gsize done = 0;

  while (done < len)
    {
      gsize n = MIN (BLOCK - (offset + done) % BLOCK, len - done);
      gboolean is_hole = memcmp (bytes + done, zeros, n) == 0;

      if (done > 0 && is_hole != *is_zero)
        break;

      *is_zero = is_hole;
      done += n;
    }

  return done;
}

gboolean
cvm_unpack_folder_write (CvmUnpackFolder  *self,
                         guint64           offset,
                         const guint8     *bytes,
                         gsize             len,
                         guint64           n_packed,
                         GError          **error)
{
  if (offset > G_MAXINT64 - len || !grow (self, offset + len, error))
    return FALSE;

  while (len > 0)
    {
      gboolean is_zero = FALSE;
      gsize n = run_length (offset, bytes, len, &is_zero);

      if (!is_zero && !write_all (self, offset, bytes, n, error))
        return FALSE;

      bytes += n;
      len -= n;
      offset += n;
    }

  if (self->n_stored > RATIO_FROM && self->n_stored / self->limits.max_ratio > n_packed)
    return refuse (current (self), error, "grows to more than %u times of what is packed: it is a "
                                          "bomb; do not trust it", self->limits.max_ratio);

  return TRUE;
}

gboolean
cvm_unpack_folder_end (CvmUnpackFolder  *self,
                       GError          **error)
{
  gboolean is_done = grow (self, self->claimed, error);

  if (is_done && ftruncate (self->file_fd, self->size) != 0)
    is_done = fail_errno (self, current (self), error);

  if (close (self->file_fd) != 0 && is_done)
    is_done = fail_errno (self, current (self), error);
  self->file_fd = -1;

  return is_done;
}

int
cvm_unpack_folder_spool (CvmUnpackFolder  *self,
                         GError          **error)
{
  static const char name[] = ".cvmtester-packed";
  int fd = openat (self->fd, name, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);

  if (fd < 0)
    fail_errno (self, name, error);
  else
    unlinkat (self->fd, name, 0);

  return fd;
}

/* Whole ---------------------------------------------------------------------------------------- */

guint64
cvm_unpack_folder_n_bytes (CvmUnpackFolder *self)
{
  return self->n_bytes;
}

CvmUnpackFolder *
cvm_unpack_folder_new (const char             *dir,
                       const CvmUnpackLimits  *limits,
                       GError                **error)
{
  int fd = open (dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  int code = errno;
  CvmUnpackFolder *self;

  if (fd < 0)
    {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), "Cannot unpack into %s: %s",
                   dir,
                   g_strerror (code));
      return NULL;
    }

  self = g_new0 (CvmUnpackFolder, 1);
  self->path = g_strdup (dir);
  self->fd = fd;
  self->file_fd = -1;
  self->limits.max_bytes = limits->max_bytes != 0 ? limits->max_bytes : DEFAULT_BYTES;
  self->limits.max_entries = limits->max_entries != 0 ? limits->max_entries : DEFAULT_ENTRIES;
  self->limits.max_ratio = limits->max_ratio != 0 ? limits->max_ratio : DEFAULT_RATIO;
  self->files = g_ptr_array_new_with_free_func (g_free);
  self->dirs = g_ptr_array_new_with_free_func (g_free);
  self->entries = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  return self;
}

GPtrArray *
cvm_unpack_folder_keep (CvmUnpackFolder *self)
{
  g_ptr_array_set_size (self->dirs, 0);

  return g_steal_pointer (&self->files);
}

/* A folder in which somebody else put something stays: unlinkat refuses it. */
void
cvm_unpack_folder_free (CvmUnpackFolder *self)
{
  if (self->file_fd >= 0)
    close (self->file_fd);

  for (guint i = 0; self->files != NULL && i < self->files->len; i++)
    unlinkat (self->fd, g_ptr_array_index (self->files, i), 0);

  for (guint i = self->dirs->len; i > 0; i--)
    unlinkat (self->fd, g_ptr_array_index (self->dirs, i - 1), AT_REMOVEDIR);

  close (self->fd);
  g_clear_pointer (&self->files, g_ptr_array_unref);
  g_ptr_array_unref (self->dirs);
  g_hash_table_unref (self->entries);
  g_free (self->path);
  g_free (self);
}
