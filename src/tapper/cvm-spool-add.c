/* cvm-spool-add.c: a report and its files into the spool, whole or not at all
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-spool-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cvm-file.h"
#include "cvm-tapper-attachment.h"
#include "cvm-tapper-error.h"
#include "cvm-tapper-safe.h"

#define TRIES 100

static gboolean
fail (GError     **error,
      const char  *doing,
      const char  *path)
{
  int code = errno;

  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), "Cannot %s %s: %s", doing, path,
               g_strerror (code));

  return FALSE;
}

/* An empty folder that nobody lists yet, locked: whoever cleans up after dead processes may be
 * quicker than the lock; then it takes another. */
static char *
make_folder (CvmSpool  *self,
             int       *lock,
             GError   **error)
{
  if (!cvm_spool_make_folders (self, error))
    return NULL;

  for (guint i = 0; i < TRIES; i++)
    {
      g_autofree char *path = g_build_filename (self->path, ".new-XXXXXX", NULL);

      if (g_mkdtemp (path) == NULL)
        {
          fail (error, "make a folder in", self->path);
          return NULL;
        }

      *lock = cvm_file_lock (path, NULL);
      if (*lock >= 0)
        return g_steal_pointer (&path);
    }

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "Cannot lock a new folder in %s", self->path);

  return NULL;
}

static gboolean
copy_report (CvmSpoolEntry         *entry,
             const CvmSpoolReport  *report,
             const char            *folder,
             GCancellable          *cancellable,
             GError               **error)
{
  int fd = cvm_file_open (report->path, error);
  gboolean is_done;

  if (fd < 0)
    return FALSE;

  entry->path = g_build_filename (folder, "report.tap", NULL);
  is_done = cvm_tapper_attachment_copy (fd, entry->path, FALSE, &entry->size, &entry->sha256,
                                        cancellable, error);
  close (fd);

  return is_done;
}

/* The copy is looked at, since the file itself may change. */
static gboolean
examine_report (CvmSpoolEntry         *entry,
                const CvmSpoolReport  *report,
                const char            *folder,
                GCancellable          *cancellable,
                GError               **error)
{
  g_autofree char *archive = g_build_filename (folder, "report.tgz", NULL);

  if (!cvm_tapper_safe_check (entry->path, report->path, &entry->is_archive, cancellable, error))
    return FALSE;

  if (!entry->is_archive)
    {
      entry->has_counted = TRUE;
      return cvm_tapper_count (entry->path, &entry->counted, cancellable, error);
    }

  return g_rename (entry->path, archive) == 0 ? TRUE : fail (error, "rename", entry->path);
}

static gboolean
copy_file (CvmSpoolEntry       *entry,
           const CvmSpoolFile  *file,
           const char          *folder,
           GHashTable          *taken,
           GCancellable        *cancellable,
           GError             **error)
{
  g_autofree char *base = g_path_get_basename (file->name != NULL ? file->name : file->path);
  g_autofree char *path = NULL;
  CvmSpoolAttachment *item = g_new0 (CvmSpoolAttachment, 1);
  int fd = cvm_file_open (file->path, error);
  struct stat info;
  gboolean compress;
  gboolean is_done;

  g_ptr_array_add (entry->attachments, item);
  if (fd < 0)
    return FALSE;

  compress = fstat (fd, &info) == 0 && cvm_tapper_attachment_compresses (base, info.st_size);
  if (compress)
    {
      char *packed = g_strconcat (base, ".gz", NULL);

      g_free (base);
      base = packed;
    }

  item->name = cvm_tapper_attachment_name (base, taken);
  item->type = g_strdup (file->type != NULL && !compress ? file->type
                                                         : cvm_tapper_attachment_type (item->name));
  path = g_build_filename (folder, item->name, NULL);
  is_done = cvm_tapper_attachment_copy (fd, path, compress, &item->size, &item->sha256, cancellable,
                                        error);
  item->state = item->size > 0 ? CVM_SPOOL_FILE_WAITS : CVM_SPOOL_FILE_EMPTY;
  close (fd);

  return is_done;
}

static gboolean
copy_files (CvmSpoolEntry         *entry,
            const CvmSpoolReport  *report,
            const char            *folder,
            GCancellable          *cancellable,
            GError               **error)
{
  g_autoptr(GHashTable) taken = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autofree char *path = g_build_filename (folder, "attachments", NULL);

  if (g_mkdir (path, 0700) != 0)
    return fail (error, "make the folder", path);

  for (gsize i = 0; i < report->n_attachments; i++)
    {
      if (!copy_file (entry, &report->attachments[i], path, taken, cancellable, error))
        return FALSE;
    }

  return cvm_file_sync_folder (path, error);
}

static gboolean
write_state (CvmSpoolEntry  *entry,
             const char     *folder,
             GError        **error)
{
  g_autofree char *path = g_build_filename (folder, "state.json", NULL);
  g_autofree char *text = cvm_spool_entry_to_json (entry);

  return cvm_file_write (path, text, -1, 0600, error);   /* and its folder, to the disk */
}

/* The last step, which makes it a report of the spool: the rename fails on a number that another
 * has taken meanwhile, since that folder is not empty. */
static gboolean
enter (CvmSpool    *self,
       const char  *folder,
       guint64     *number,
       GError     **error)
{
  g_autofree char *last = g_build_filename (self->path, "last-number", NULL);
  g_autofree char *text = NULL;

  *number = cvm_spool_next_number (self);
  for (guint i = 0; i < TRIES; i++, (*number)++)
    {
      g_autofree char *path = cvm_spool_entry_folder (self, *number);

      if (g_rename (folder, path) == 0)
        {
          text = g_strdup_printf ("%" G_GUINT64_FORMAT "\n", *number);
          cvm_file_write (last, text, -1, 0600, NULL);   /* only lest numbers come back */
          return cvm_file_sync_folder (self->path, error);
        }

      if (errno != ENOTEMPTY && errno != EEXIST)
        break;
    }

  return fail (error, "enter a report into", self->path);
}

static CvmSpoolEntry *
new_entry (const CvmSpoolReport *report)
{
  CvmSpoolEntry *entry = cvm_spool_entry_new ();

  entry->server = cvm_tapper_server_copy (report->server);
  entry->title = report->title != NULL ? g_utf8_make_valid (report->title, -1)
                                       : g_filename_display_basename (report->path);
  entry->run = g_strdup (report->run);
  entry->job = g_strdup (report->job);
  entry->added_s = g_get_real_time () / G_USEC_PER_SEC;

  return entry;
}

static gboolean
fill (CvmSpoolEntry         *entry,
      const CvmSpoolReport  *report,
      const char            *folder,
      GCancellable          *cancellable,
      GError               **error)
{
  return copy_report (entry, report, folder, cancellable, error)
         && examine_report (entry, report, folder, cancellable, error)
         && copy_files (entry, report, folder, cancellable, error)
         && write_state (entry, folder, error);
}

/**
 * cvm_spool_add:
 * @number: (out): of the report in the spool
 *
 * Copies the report and its attachments (large text compressed) into the spool; they are on the
 * disk when it returns. May be called while another process flushes.
 *
 * Errors: %CVM_TAPPER_ERROR_WOULD_LOSE with the reason; %G_IO_ERROR_NOT_SUPPORTED for attachments
 * to a server without an API; of the files and the disk. Then nothing of it is in the spool.
 */
gboolean
cvm_spool_add (CvmSpool              *self,
               const CvmSpoolReport  *report,
               guint64               *number,
               GCancellable          *cancellable,
               GError               **error)
{
  g_autoptr(CvmSpoolEntry) entry = NULL;
  g_autofree char *folder = NULL;
  gboolean is_done;
  int lock = -1;

  if (report->n_attachments > 0 && report->server->api_host == NULL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                   "The server %s has no reports API, so it takes no attachments",
                   cvm_tapper_server_get_label (report->server));
      return FALSE;
    }

  folder = make_folder (self, &lock, error);
  if (folder == NULL)
    return FALSE;

  entry = new_entry (report);
  is_done = fill (entry, report, folder, cancellable, error)
            && enter (self, folder, number, error);
  if (!is_done)
    cvm_spool_remove_tree (folder);
  close (lock);

  return is_done;
}
