/* cvm-spool.c: the folder of reports that wait to be sent
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-spool-private.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cvm-file.h"
#include "cvm-paths.h"
#include "cvm-tapper-error.h"
#include "cvm-wait.h"

#define ORPHAN_MAX (64 * 1024)  /* bytes of an orphan's file */
#define LOCK_POLL_MS 50

static const CvmSpoolLimits defaults = {
  .connect_ms = 30000,
  .idle_ms = 60000,
  .confirm_ms = 10000,
  .settle_ms = 60000,
  .poll_ms = 1000,
  .first_pause_ms = 5000,
  .longest_pause_ms = 3600 * 1000,
  .confirm_tries = 8,
};

static guint
or_default (guint wish,
            guint value)
{
  return wish != 0 ? wish : value;
}

/**
 * cvm_spool_new:
 * @path: (nullable): %NULL: the user's own
 * @limits: (nullable): %NULL, or 0 in a field: the defaults
 *
 * Touches no file.
 */
CvmSpool *
cvm_spool_new (const char           *path,
               const CvmSpoolLimits *limits)
{
  CvmSpool *self = g_new0 (CvmSpool, 1);

  self->path = path != NULL ? g_strdup (path) : cvm_paths_data ("spool");
  self->limits = limits != NULL ? *limits : defaults;
  self->limits.connect_ms = or_default (self->limits.connect_ms, defaults.connect_ms);
  self->limits.idle_ms = or_default (self->limits.idle_ms, defaults.idle_ms);
  self->limits.confirm_ms = or_default (self->limits.confirm_ms, defaults.confirm_ms);
  self->limits.settle_ms = or_default (self->limits.settle_ms, defaults.settle_ms);
  self->limits.poll_ms = or_default (self->limits.poll_ms, defaults.poll_ms);
  self->limits.first_pause_ms = or_default (self->limits.first_pause_ms, defaults.first_pause_ms);
  self->limits.longest_pause_ms = or_default (self->limits.longest_pause_ms,
                                              defaults.longest_pause_ms);
  self->limits.confirm_tries = or_default (self->limits.confirm_tries, defaults.confirm_tries);

  return self;
}

/* CVM_TEST_SPOOL_MS=SETTLE:CONFIRM:PAUSE, for tests, which cannot wait for minutes */
static void
read_limits (CvmSpoolLimits *limits)
{
  const char *wish = g_getenv ("CVM_TEST_SPOOL_MS");
  guint settle_ms, confirm_ms, pause_ms;

  if (wish == NULL || sscanf (wish, "%u:%u:%u", &settle_ms, &confirm_ms, &pause_ms) != 3)
    return;

  limits->settle_ms = settle_ms;
  limits->confirm_ms = confirm_ms;
  limits->first_pause_ms = pause_ms;
  limits->longest_pause_ms = pause_ms;
}

/**
 * cvm_spool_new_for_user:
 *
 * The user's own, as all programs share it. Touches no file.
 */
CvmSpool *
cvm_spool_new_for_user (void)
{
  CvmSpoolLimits limits = { 0 };

  read_limits (&limits);

  return cvm_spool_new (NULL, &limits);
}

void
cvm_spool_free (CvmSpool *self)
{
  g_free (self->path);
  g_free (self);
}

const char *
cvm_spool_get_path (CvmSpool *self)
{
  return self->path;
}

char *
cvm_spool_entry_folder (CvmSpool *self,
                        guint64   number)
{
  g_autofree char *name = g_strdup_printf ("%08" G_GUINT64_FORMAT, number);

  return g_build_filename (self->path, name, NULL);
}

static gboolean
make_folder (const char  *path,
             GError     **error)
{
  int code;

  if (g_mkdir_with_parents (path, 0700) == 0)
    return TRUE;

  code = errno;
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), "Cannot make the folder %s: %s",
               path, g_strerror (code));

  return FALSE;
}

gboolean
cvm_spool_make_folders (CvmSpool  *self,
                        GError   **error)
{
  g_autofree char *orphans = g_build_filename (self->path, "orphans", NULL);

  return make_folder (orphans, error);
}

/* The lock of whoever sends; adding needs none. -1 with G_IO_ERROR_BUSY when another process has
 * it for longer than WAIT_MS. */
int
cvm_spool_lock (CvmSpool      *self,
                guint          wait_ms,
                GCancellable  *cancellable,
                GError       **error)
{
  gint64 deadline_us = cvm_deadline_in_ms (wait_ms);

  if (!cvm_spool_make_folders (self, error))
    return -1;

  while (TRUE)
    {
      g_autoptr(GError) local = NULL;
      int fd = cvm_file_lock (self->path, &local);

      if (fd >= 0)
        return fd;

      if (!g_error_matches (local, G_IO_ERROR, G_IO_ERROR_BUSY))
        {
          g_propagate_error (error, g_steal_pointer (&local));
          return -1;
        }

      if (!cvm_wait_ms (LOCK_POLL_MS, deadline_us, cancellable, NULL))
        break;
    }

  if (!g_cancellable_set_error_if_cancelled (cancellable, error))
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_BUSY,
                         "Another process is sending reports from the spool");

  return -1;
}

/* A name of digits alone, as cvm_spool_entry_folder () makes it; else 0 */
static guint64
number_of (const char *name)
{
  guint64 number = 0;

  if (strlen (name) < 8 || strspn (name, "0123456789") != strlen (name) ||
      !g_ascii_string_to_unsigned (name, 10, 1, G_MAXINT64, &number, NULL))
    return 0;

  return number;
}

static int
by_number (gconstpointer a,
           gconstpointer b)
{
  guint64 left = *(const guint64 *)a;
  guint64 right = *(const guint64 *)b;

  return (left > right) - (left < right);
}

/* Of guint64, ascending */
static GArray *
list_numbers (CvmSpool  *self,
              GError   **error)
{
  g_autoptr(GArray) numbers = g_array_new (FALSE, FALSE, sizeof (guint64));
  g_autoptr(GDir) folder = NULL;
  const char *name;

  if (!cvm_spool_make_folders (self, error))
    return NULL;

  folder = g_dir_open (self->path, 0, error);
  if (folder == NULL)
    return NULL;

  while ((name = g_dir_read_name (folder)) != NULL)
    {
      guint64 number = number_of (name);

      if (number > 0)
        g_array_append_val (numbers, number);
    }

  g_array_sort (numbers, by_number);

  return g_steal_pointer (&numbers);
}

/* One that nobody had, as far as is known; the folder's rename makes sure */
guint64
cvm_spool_next_number (CvmSpool *self)
{
  g_autofree char *path = g_build_filename (self->path, "last-number", NULL);
  g_autoptr(GArray) numbers = list_numbers (self, NULL);
  g_autofree char *text = cvm_file_read (path, 32, NULL, NULL);
  guint64 last = text != NULL ? g_ascii_strtoull (text, NULL, 10) : 0;

  if (numbers != NULL && numbers->len > 0)
    last = MAX (last, g_array_index (numbers, guint64, numbers->len - 1));

  return last < G_MAXINT64 ? last + 1 : 1;
}

static char *
find_report (const char *folder,
             gboolean   *is_archive)
{
  g_autofree char *archive = g_build_filename (folder, "report.tgz", NULL);

  *is_archive = g_file_test (archive, G_FILE_TEST_IS_REGULAR);

  return *is_archive ? g_steal_pointer (&archive) : g_build_filename (folder, "report.tap", NULL);
}

static CvmSpoolEntry *
new_broken (GError *why)
{
  CvmSpoolEntry *entry = cvm_spool_entry_new ();

  entry->state = CVM_SPOOL_BROKEN;
  entry->title = g_strdup ("");
  entry->sha256 = g_strdup ("");
  entry->why = g_strdup (why->message);

  return entry;
}

static CvmSpoolEntry *
load_entry (CvmSpool *self,
            guint64   number)
{
  g_autofree char *folder = cvm_spool_entry_folder (self, number);
  g_autofree char *path = g_build_filename (folder, "state.json", NULL);
  g_autoptr(GError) error = NULL;
  CvmSpoolEntry *entry = NULL;
  gboolean is_archive;
  gsize len;
  g_autofree char *text = cvm_file_read (path, CVM_SPOOL_STATE_MAX, &len, &error);

  if (text != NULL)
    entry = cvm_spool_entry_from_json (text, len, &error);
  if (entry == NULL)
    entry = new_broken (error);

  entry->number = number;
  entry->path = find_report (folder, &is_archive);
  entry->is_archive = is_archive;

  return entry;
}

static gboolean
is_there (CvmSpool *self,
          guint64   number)
{
  g_autofree char *folder = cvm_spool_entry_folder (self, number);

  return g_file_test (folder, G_FILE_TEST_IS_DIR);
}

/**
 * cvm_spool_find:
 *
 * Returns: (transfer full): the report of that number, or %CVM_TAPPER_ERROR_NO_SUCH_REPORT. One
 *   whose state cannot be read is %CVM_SPOOL_BROKEN, and @why says so.
 */
CvmSpoolEntry *
cvm_spool_find (CvmSpool  *self,
                guint64    number,
                GError   **error)
{
  if (is_there (self, number))
    return load_entry (self, number);

  g_set_error (error, CVM_TAPPER_ERROR, CVM_TAPPER_ERROR_NO_SUCH_REPORT,
               "There is no report %" G_GUINT64_FORMAT " in the spool", number);

  return NULL;
}

/**
 * cvm_spool_list:
 *
 * Returns: (transfer full): CvmSpoolEntry, in the order in which they are sent
 */
GPtrArray *
cvm_spool_list (CvmSpool  *self,
                GError   **error)
{
  g_autoptr(GArray) numbers = list_numbers (self, error);
  GPtrArray *entries;

  if (numbers == NULL)
    return NULL;

  entries = g_ptr_array_new_with_free_func ((GDestroyNotify)cvm_spool_entry_free);
  for (guint i = 0; i < numbers->len; i++)
    {
      guint64 number = g_array_index (numbers, guint64, i);

      if (is_there (self, number))
        g_ptr_array_add (entries, load_entry (self, number));
    }

  return entries;
}

gboolean
cvm_spool_save (CvmSpool             *self,
                const CvmSpoolEntry  *entry,
                GError              **error)
{
  g_autofree char *folder = cvm_spool_entry_folder (self, entry->number);
  g_autofree char *path = g_build_filename (folder, "state.json", NULL);
  g_autofree char *text = cvm_spool_entry_to_json (entry);

  return cvm_file_write (path, text, -1, 0600, error);
}

/* PORT tells those apart whose id is not known */
gboolean
cvm_spool_save_orphan (CvmSpool             *self,
                       const CvmSpoolEntry  *entry,
                       guint64               report_id,
                       guint16               port,
                       const char           *why,
                       GError              **error)
{
  CvmSpoolOrphan orphan = {
    .number = entry->number,
    .title = entry->title,
    .server = (char *)cvm_tapper_server_get_label (entry->server),
    .report_id = report_id,
    .time_s = g_get_real_time () / G_USEC_PER_SEC,
    .why = (char *)why,
  };
  g_autofree char *name =
    report_id > 0
    ? g_strdup_printf ("%08" G_GUINT64_FORMAT "-%" G_GUINT64_FORMAT ".json",
                       entry->number, report_id)
    : g_strdup_printf ("%08" G_GUINT64_FORMAT "-port-%u.json", entry->number, port);
  g_autofree char *path = g_build_filename (self->path, "orphans", name, NULL);
  g_autofree char *text = cvm_spool_orphan_to_json (&orphan);

  return cvm_spool_make_folders (self, error) && cvm_file_write (path, text, -1, 0600, error);
}

static int
by_orphan (gconstpointer a,
           gconstpointer b)
{
  const CvmSpoolOrphan *left = *(CvmSpoolOrphan *const *)a;
  const CvmSpoolOrphan *right = *(CvmSpoolOrphan *const *)b;

  if (left->number != right->number)
    return left->number < right->number ? -1 : 1;

  return (left->report_id > right->report_id) - (left->report_id < right->report_id);
}

/**
 * cvm_spool_orphans:
 *
 * Returns: (transfer full): CvmSpoolOrphan, by number and id; files that make no sense are left out
 */
GPtrArray *
cvm_spool_orphans (CvmSpool  *self,
                   GError   **error)
{
  g_autofree char *path = g_build_filename (self->path, "orphans", NULL);
  g_autoptr(GDir) folder = NULL;
  GPtrArray *orphans;
  const char *name;

  if (!cvm_spool_make_folders (self, error))
    return NULL;

  folder = g_dir_open (path, 0, error);
  if (folder == NULL)
    return NULL;

  orphans = g_ptr_array_new_with_free_func ((GDestroyNotify)cvm_spool_orphan_free);
  while ((name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *file = g_build_filename (path, name, NULL);
      gsize len = 0;
      g_autofree char *text = NULL;
      CvmSpoolOrphan *orphan = NULL;

      if (g_str_has_suffix (name, ".json"))
        text = cvm_file_read (file, ORPHAN_MAX, &len, NULL);
      if (text != NULL)
        orphan = cvm_spool_orphan_from_json (text, len, NULL);
      if (orphan != NULL)
        g_ptr_array_add (orphans, orphan);
    }

  g_ptr_array_sort (orphans, by_orphan);

  return orphans;
}

/* Taking away */

/* Two levels, as the spool makes them; what else is there stays, and so does its folder. */
void
cvm_spool_remove_tree (const char *folder)
{
  g_autofree char *inner = g_build_filename (folder, "attachments", NULL);
  const char *const folders[] = { inner, folder };

  for (guint i = 0; i < G_N_ELEMENTS (folders); i++)
    {
      g_autoptr(GDir) dir = g_dir_open (folders[i], 0, NULL);
      const char *name;

      while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
        {
          g_autofree char *path = g_build_filename (folders[i], name, NULL);

          g_unlink (path);
        }
      g_rmdir (folders[i]);
    }
}

/* Out of the list in one step, then away: a program that dies between leaves nothing half. */
gboolean
cvm_spool_remove (CvmSpool  *self,
                  guint64    number,
                  GError   **error)
{
  g_autofree char *folder = cvm_spool_entry_folder (self, number);
  g_autofree char *name = g_strdup_printf (".gone-%" G_GUINT64_FORMAT, number);
  g_autofree char *gone = g_build_filename (self->path, name, NULL);
  int code;

  cvm_spool_remove_tree (gone);
  if (g_rename (folder, gone) == 0)
    {
      cvm_spool_remove_tree (gone);
      return TRUE;
    }

  code = errno;
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), "Cannot remove %s: %s", folder,
               g_strerror (code));

  return FALSE;
}

/* What a dead process had begun to make or to take away. A live one holds its folder's lock. */
void
cvm_spool_clean (CvmSpool *self)
{
  g_autoptr(GDir) folder = g_dir_open (self->path, 0, NULL);
  const char *name;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *path = g_build_filename (self->path, name, NULL);
      int lock;

      if (!g_str_has_prefix (name, ".new-") && !g_str_has_prefix (name, ".gone-"))
        continue;

      lock = cvm_file_lock (path, NULL);
      if (lock < 0)
        continue;

      cvm_spool_remove_tree (path);
      close (lock);
    }
}

/* By choice */

static gboolean
give_up_send (CvmSpool       *self,
              CvmSpoolEntry  *entry,
              const char     *why,
              GError        **error)
{
  gboolean is_open = entry->state == CVM_SPOOL_SENDING || entry->state == CVM_SPOOL_MAYBE;

  return !is_open || entry->report_id == 0 ||
         cvm_spool_save_orphan (self, entry, entry->report_id, 0, why, error);
}

/**
 * cvm_spool_drop:
 *
 * Takes a report out of the spool unsent, or as far as it was sent. %G_IO_ERROR_BUSY while another
 * process sends.
 */
gboolean
cvm_spool_drop (CvmSpool  *self,
                guint64    number,
                GError   **error)
{
  g_autoptr(CvmSpoolEntry) entry = NULL;
  int lock = cvm_spool_lock (self, 0, NULL, error);
  gboolean is_done;

  if (lock < 0)
    return FALSE;

  entry = cvm_spool_find (self, number, error);
  is_done = entry != NULL
            && give_up_send (self, entry, "dropped; the server may have it, whole or in part",
                             error)
            && cvm_spool_remove (self, number, error);
  close (lock);

  return is_done;
}

static gboolean
put_back (CvmSpool       *self,
          CvmSpoolEntry  *entry,
          GError        **error)
{
  if (entry->server == NULL)
    {
      g_set_error (error, CVM_TAPPER_ERROR, CVM_TAPPER_ERROR_BROKEN,
                   "Report %" G_GUINT64_FORMAT " cannot be tried again: %s. The report itself is "
                   "%s: submit that file, then drop this one", entry->number, entry->why,
                   entry->path);
      return FALSE;
    }

  if (!give_up_send (self, entry, "sent again by choice; the server may have this one whole",
                     error))
    return FALSE;

  if (entry->state == CVM_SPOOL_SENDING || entry->state == CVM_SPOOL_MAYBE)
    {
      entry->n_orphans += entry->report_id > 0;
      entry->state = CVM_SPOOL_QUEUED;
      entry->report_id = 0;
      entry->has_ended = FALSE;
    }

  if (entry->state == CVM_SPOOL_BROKEN)
    entry->state = CVM_SPOOL_QUEUED;
  entry->n_tries = 0;
  entry->next_try_s = 0;

  return cvm_spool_save (self, entry, error);
}

/**
 * cvm_spool_retry:
 *
 * The next flush does not wait for this report's pause. One that is maybe sent will be sent again,
 * at the risk that the server then has it twice.
 */
gboolean
cvm_spool_retry (CvmSpool  *self,
                 guint64    number,
                 GError   **error)
{
  g_autoptr(CvmSpoolEntry) entry = NULL;
  int lock = cvm_spool_lock (self, 0, NULL, error);
  gboolean is_done;

  if (lock < 0)
    return FALSE;

  entry = cvm_spool_find (self, number, error);
  is_done = entry != NULL && put_back (self, entry, error);
  close (lock);

  return is_done;
}
