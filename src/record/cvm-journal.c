/* cvm-journal.c: what a run did, on the disk before anything goes on
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-journal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ALL_TYPES G_MAXUINT

struct _CvmJournal
{
  GObject  parent_instance;

  GMutex   mutex;          /* guards all below */
  char    *path;
  int      fd;
  off_t    size;           /* of the whole lines */
  guint64  last_seq;
  gint64   last_time_us;
};

G_DEFINE_FINAL_TYPE (CvmJournal, cvm_journal, G_TYPE_OBJECT)

/* Reading, once */
typedef struct
{
  const char    *path;
  guint          types;
  CvmRecordFunc  func;
  gpointer       data;
  GCancellable  *cancellable;
} Scan;

static gboolean
fail_with_errno (const char  *path,
                 const char  *what,
                 const char  *cure,
                 GError     **error)
{
  int code = errno;

  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), "%s: %s: %s; %s",
               path, what, g_strerror (code), cure);

  return FALSE;
}

static int
open_regular (const char  *path,
              int          flags,
              struct stat *info,
              GError     **error)
{
  int fd = open (path, flags | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, 0600);

  if (fd < 0 || fstat (fd, info) != 0)
    {
      fail_with_errno (path, "cannot open the journal", "check that its folder is there and yours",
                       error);
    }
  else if (!S_ISREG (info->st_mode))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE,
                   "%s: is not a regular file; name a run's journal.jsonl", path);
    }
  else
    {
      return fd;
    }

  if (fd >= 0)
    close (fd);

  return -1;
}

/* One line without its newline. Returns FALSE at the end of the file or at a torn line; a line
 * longer than a record can be comes with LEN over the limit. */
static gboolean
read_line (FILE  *file,
           char  *line,
           gsize *len)
{
  int c;

  *len = 0;

  while ((c = getc_unlocked (file)) != EOF && c != '\n' && *len <= CVM_RECORD_MAX_LINE)
    line[(*len)++] = c;

  return c != EOF;
}

/* Is it a line of another type, as cvm_record_to_line () writes them? The type stands before all
 * that a guest can have a hand in. */
static gboolean
is_passed_over (guint       types,
                const char *line,
                gsize       len)
{
  static const char member[] = ",\"type\":\"";
  const char *type = memmem (line, len, member, strlen (member));

  if (type == NULL || types == ALL_TYPES)
    return FALSE;

  type += strlen (member);

  for (guint i = 0; i <= CVM_RECORD_LOG; i++)
    {
      const char *name = cvm_record_type_name (i);
      gsize name_len = strlen (name);

      if (type + name_len < line + len && memcmp (type, name, name_len) == 0
          && type[name_len] == '"')
        return (types & 1u << i) == 0;
    }

  return FALSE;
}

static gboolean
take_line (const Scan  *scan,
           const char  *line,
           gsize        len,
           guint        number,
           GError     **error)
{
  g_autoptr(GError) why = NULL;
  g_autoptr(CvmRecord) record = cvm_record_from_line (line, len, &why);

  if (record != NULL)
    {
      if ((scan->types & 1u << record->type) != 0)
        scan->func (record, scan->data);
    }
  else if (!g_error_matches (why, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                   "%s:%u: %s; the journal was damaged, restore it or remove the line",
                   scan->path, number, why->message);
      return FALSE;
    }

  return TRUE;
}

static gboolean
scan_lines (const Scan  *scan,
            FILE        *file,
            GError     **error)
{
  g_autofree char *line = g_malloc (CVM_RECORD_MAX_LINE + 1);
  gsize len;

  for (guint number = 1; read_line (file, line, &len); number++)
    {
      if (g_cancellable_set_error_if_cancelled (scan->cancellable, error))
        return FALSE;

      if (!is_passed_over (scan->types, line, len) && !take_line (scan, line, len, number, error))
        return FALSE;
    }

  if (ferror (file))
    return fail_with_errno (scan->path, "cannot read the journal", "check the disk", error);

  return TRUE;
}

gboolean
cvm_journal_scan (const char     *path,
                  guint           types,
                  CvmRecordFunc   func,
                  gpointer        data,
                  GCancellable   *cancellable,
                  GError        **error)
{
  const Scan scan = { path, types, func, data, cancellable };
  struct stat info;
  int fd = open_regular (path, O_RDONLY, &info, error);
  gboolean is_read;
  FILE *file;

  if (fd < 0)
    return FALSE;

  file = fdopen (fd, "r");
  is_read = scan_lines (&scan, file, error);
  fclose (file);

  return is_read;
}

gboolean
cvm_journal_each (const char     *path,
                  CvmRecordFunc   func,
                  gpointer        data,
                  GError        **error)
{
  return cvm_journal_scan (path, ALL_TYPES, func, data, NULL, error);
}

static void
keep_record (CvmRecord *record,
             gpointer   records)
{
  g_ptr_array_add (records, cvm_record_ref (record));
}

GPtrArray *
cvm_journal_read (const char  *path,
                  GError     **error)
{
  g_autoptr(GPtrArray) records = g_ptr_array_new_with_free_func ((GDestroyNotify)cvm_record_unref);

  if (!cvm_journal_each (path, keep_record, records, error))
    return NULL;

  return g_steal_pointer (&records);
}

/* Where the line begins whose end (its newline, or the file's end) is at END */
static gsize
line_start (const char *bytes,
            gsize       end)
{
  const char *newline = memrchr (bytes, '\n', end);

  return newline != NULL ? newline + 1 - bytes : 0;
}

static gboolean
take_up_last_line (CvmJournal  *self,
                   const char  *line,
                   gsize        len,
                   GError     **error)
{
  g_autoptr(CvmRecord) last = cvm_record_from_line (line, len, error);

  if (last == NULL)
    {
      g_prefix_error (error, "%s: the last line cannot be read, so nothing is added after it: ",
                      self->path);
      return FALSE;
    }

  self->last_seq = last->seq;
  self->last_time_us = last->time_us;

  return TRUE;
}

/* Goes on from the last whole line; a torn one after it is beyond our size, so the first append
 * cuts it off. The end of the file is enough: no line is longer than CVM_RECORD_MAX_LINE. */
static gboolean
take_up (CvmJournal  *self,
         off_t        size,
         GError     **error)
{
  const gsize window = 2 * CVM_RECORD_MAX_LINE;
  g_autofree char *tail = g_malloc (window);
  off_t offset = MAX (0, size - (off_t)window);
  gssize len = pread (self->fd, tail, window, offset);
  gsize whole;

  if (len < 0)
    return fail_with_errno (self->path, "cannot read the journal", "check the disk", error);

  whole = line_start (tail, len);
  self->size = offset + whole;

  if (len - whole > CVM_RECORD_MAX_LINE)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                   "%s: is not a journal; name a run's journal.jsonl", self->path);
      return FALSE;
    }

  if (whole == 0)
    return TRUE;

  whole -= 1;

  return take_up_last_line (self, tail + line_start (tail, whole),
                            whole - line_start (tail, whole), error);
}

/* A file is there after a loss of power only when its folder is on the disk too */
static void
sync_folder (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);
  int fd = open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

  if (fd < 0)
    return;

  fsync (fd);
  close (fd);
}

CvmJournal *
cvm_journal_open (const char  *path,
                  GError     **error)
{
  g_autoptr(CvmJournal) self = g_object_new (CVM_TYPE_JOURNAL, NULL);
  struct stat info;

  self->path = g_strdup (path);
  self->fd = open_regular (path, O_RDWR | O_CREAT | O_APPEND, &info, error);

  if (self->fd < 0 || !take_up (self, info.st_size, error))
    return NULL;

  if (info.st_size == 0)
    sync_folder (path);

  return g_steal_pointer (&self);
}

static gboolean
must_be_on_disk (CvmRecordType type)
{
  return type == CVM_RECORD_ACT || type == CVM_RECORD_ACTED || type == CVM_RECORD_CASE_END ||
         type == CVM_RECORD_JOB_END || type == CVM_RECORD_RUN_END;
}

static gssize
write_at_once (int         fd,
               const char *line,
               gsize       len)
{
  gssize written;

  do
    written = write (fd, line, len);
  while (written < 0 && errno == EINTR);

  if (written >= 0 && (gsize)written < len)
    errno = ENOSPC;       /* the file system took a part and will say so at the next write */

  return written;
}

static gboolean
append (CvmJournal  *self,
        const char  *line,
        gsize        len,
        gboolean     sync,
        GError     **error)
{
  struct stat info;

  /* A torn line: the last writer's, or one that could not be taken back when it failed */
  if (fstat (self->fd, &info) == 0 && info.st_size > self->size &&
      ftruncate (self->fd, self->size) != 0)
    return fail_with_errno (self->path, "cannot mend the journal", "check the disk", error);

  if (write_at_once (self->fd, line, len) == (gssize)len && (!sync || fdatasync (self->fd) == 0))
    {
      self->size += len;
      return TRUE;
    }

  fail_with_errno (self->path, "cannot write the journal",
                   "make room on this disk, then start the run again", error);

  if (ftruncate (self->fd, self->size) != 0)
    g_debug ("%s: a torn line stays until the next append", self->path);

  return FALSE;
}

gboolean
cvm_journal_write (CvmJournal  *self,
                   CvmRecord   *record,
                   GError     **error)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  g_autofree char *line = NULL;

  record->seq = self->last_seq + 1;
  record->time_us = MAX (g_get_real_time (), self->last_time_us);
  line = cvm_record_to_line (record);

  if (!append (self, line, strlen (line), must_be_on_disk (record->type), error))
    return FALSE;

  self->last_seq = record->seq;
  self->last_time_us = record->time_us;

  return TRUE;
}

static void
cvm_journal_finalize (GObject *object)
{
  CvmJournal *self = CVM_JOURNAL (object);

  if (self->fd >= 0)
    close (self->fd);

  g_free (self->path);
  g_mutex_clear (&self->mutex);

  G_OBJECT_CLASS (cvm_journal_parent_class)->finalize (object);
}

static void
cvm_journal_class_init (CvmJournalClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = cvm_journal_finalize;
}

static void
cvm_journal_init (CvmJournal *self)
{
  g_mutex_init (&self->mutex);
  self->fd = -1;
}
