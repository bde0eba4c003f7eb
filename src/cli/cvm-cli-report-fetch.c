/* cvm-cli-report-fetch.c: the verb report fetch
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <gio/gunixoutputstream.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cvm-cli-report-browse.h"
#include "cvm-cli-report.h"
#include "cvm-cli-worker.h"
#include "cvm-cli.h"
#include "cvm-wait.h"

#define PATH     "cvmtester-cli report fetch"
#define FILE_MS  600000   /* for a file to come */
#define NAME_MAX_LEN 150

typedef struct
{
  CvmTapperBrowse *browse;
  guint64          id;
  CvmTapperReport *report;     /* of it */
  const char      *dir;
  gboolean         may_overwrite;
  GHashTable      *names;      /* given in DIR so far */
  guint            n_failed;
} Fetch;

/* Whoever uploaded a file chose its name: what remains of it is one plain name in DIR. */
static char *
safe_name (Fetch               *self,
           const CvmTapperFile *file)
{
  g_autofree char *base = g_path_get_basename (file->name);
  char *name;

  g_strcanon (base, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "._-+", '_');
  if (strlen (base) > NAME_MAX_LEN)
    memmove (base, base + strlen (base) - NAME_MAX_LEN, NAME_MAX_LEN + 1);
  if (base[0] == '.' || base[0] == '-')
    base[0] = '_';

  name = g_hash_table_contains (self->names, base)
         ? g_strdup_printf ("%" G_GUINT64_FORMAT "-%s", file->id, base) : g_strdup (base);
  g_hash_table_add (self->names, g_strdup (name));

  return name;
}

static gboolean
set_errno (GError     **error,
           const char  *path)
{
  int code = errno;

  if (code == EEXIST)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS,
                 _("%s is there already; --force writes over it"), path);
  else
    g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), "%s: %s", path,
                 g_strerror (code));

  return FALSE;
}

/* A file of that name is the whole file, or is not there. */
static gboolean
put_in_place (Fetch       *self,
              const char  *temporary,
              const char  *path,
              GError     **error)
{
  guint flags = self->may_overwrite ? 0 : RENAME_NOREPLACE;

  if (renameat2 (AT_FDCWD, temporary, AT_FDCWD, path, flags) == 0)
    return TRUE;

  /* A file system that cannot tell: look first */
  if (errno == EINVAL && !g_file_test (path, G_FILE_TEST_EXISTS) && rename (temporary, path) == 0)
    return TRUE;

  return set_errno (error, path);
}

static gboolean
write_body (Fetch                *self,
            const CvmTapperFile  *file,
            GBytes               *tap,
            GOutputStream        *out,
            GCancellable         *cancellable,
            GError              **error)
{
  gsize len = 0;
  const char *bytes = tap != NULL ? g_bytes_get_data (tap, &len) : NULL;

  if (file != NULL &&
      !cvm_tapper_browse_save (self->browse, self->report, file, out, cvm_deadline_in_ms (FILE_MS),
                               cancellable, error))
    return FALSE;

  return g_output_stream_write_all (out, bytes, len, NULL, cancellable, error) &&
         g_output_stream_close (out, cancellable, error);
}

/* FILE of the server, or TAP, as NAME */
static gboolean
fetch_as (Fetch                *self,
          const char           *name,
          const CvmTapperFile  *file,
          GBytes               *tap,
          GCancellable         *cancellable,
          GError              **error)
{
  g_autofree char *path = g_build_filename (self->dir, name, NULL);
  g_autofree char *temporary = g_build_filename (self->dir, ".fetch-XXXXXX", NULL);
  g_autoptr(GOutputStream) out = NULL;
  gboolean is_done;
  int fd;

  if (!self->may_overwrite && g_file_test (path, G_FILE_TEST_EXISTS))
    {
      errno = EEXIST;
      return set_errno (error, path);
    }

  fd = g_mkstemp_full (temporary, O_WRONLY | O_CLOEXEC, 0666);
  if (fd < 0)
    return set_errno (error, temporary);

  out = g_unix_output_stream_new (fd, TRUE);
  is_done = write_body (self, file, tap, out, cancellable, error) &&
            put_in_place (self, temporary, path, error);
  if (!is_done)
    g_unlink (temporary);
  else
    cvm_cli_print ("%s\n", path);

  return is_done;
}

static gboolean
fetch_tap (Fetch         *self,
           GCancellable  *cancellable,
           GError       **error)
{
  g_autoptr(GBytes) tap = cvm_tapper_browse_tap (self->browse, self->id,
                                                 cvm_deadline_in_ms (FILE_MS), cancellable, error);
  const char *name;

  if (tap == NULL)
    return FALSE;

  name = cvm_tapper_is_archive (tap) ? "report.tar.gz" : "report.tap";
  g_hash_table_add (self->names, g_strdup (name));

  return fetch_as (self, name, NULL, tap, cancellable, error);
}

/* A file that cannot be had does not keep the others away. */
static gboolean
fetch_file (Fetch                *self,
            const CvmTapperFile  *file,
            GCancellable         *cancellable,
            GError              **error)
{
  g_autofree char *name = safe_name (self, file);
  g_autofree char *shown = cvm_cli_clean (file->name);
  g_autoptr(GError) local = NULL;

  if (!g_str_equal (name, file->name))
    cvm_cli_message (_("“%s” is kept as “%s”"), shown, name);

  if (fetch_as (self, name, file, NULL, cancellable, &local))
    return TRUE;

  if (g_error_matches (local, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }

  cvm_cli_message ("%s", local->message);
  self->n_failed++;

  return TRUE;
}

static gboolean
fetch_all (Fetch         *self,
           GCancellable  *cancellable,
           GError       **error)
{
  GPtrArray *files = self->report->files;

  if (!fetch_tap (self, cancellable, error))
    return FALSE;

  for (guint i = 0; files != NULL && i < files->len; i++)
    {
      if (!fetch_file (self, files->pdata[i], cancellable, error))
        return FALSE;
    }

  return TRUE;
}

/* In a worker */
static gboolean
fetch_report (gpointer       data,
              GCancellable  *cancellable,
              GError       **error)
{
  Fetch *self = data;
  g_autoptr(CvmTapperReport) report = NULL;

  report = cvm_tapper_browse_show (self->browse, self->id, cvm_deadline_in_ms (CVM_CLI_BROWSE_MS),
                                   cancellable, error);
  if (report == NULL)
    return FALSE;

  if (g_mkdir_with_parents (self->dir, 0777) != 0)
    return set_errno (error, self->dir);

  self->report = report;

  return fetch_all (self, cancellable, error);
}

int
cvm_cli_report_fetch (int    argc,
                      char **argv)
{
  g_auto(CvmCliServer) options = { 0 };
  g_autoptr(CvmTapperServer) server = NULL;
  g_autoptr(CvmTapperBrowse) browse = NULL;
  g_autoptr(GHashTable) names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr(GError) error = NULL;
  Fetch fetch = { .names = names };
  const GOptionEntry entries[] = {
    { "force", 0, 0, G_OPTION_ARG_NONE, &fetch.may_overwrite,
      N_("Write over files that are there already"), NULL },
    CVM_CLI_SERVER_ENTRIES (options),
    { NULL }
  };
  CvmCliSyntax syntax = {
    PATH, "ID DIR", _("Fetches a report and its files into a folder."),
    _("The report is report.tap or report.tar.gz; the files keep their names, made safe."),
    entries, 2, 2
  };
  int status;

  if (!cvm_cli_parse (&syntax, &argc, &argv) || !cvm_cli_browse_id (PATH, argv[1], &fetch.id))
    return CVM_STATUS_USAGE;

  browse = cvm_cli_browse_open (&options, &server, &status);
  if (browse == NULL)
    return status;

  fetch.browse = browse;
  fetch.dir = argv[2];
  if (!cvm_cli_work (fetch_report, &fetch, &error))
    return cvm_cli_fail (error);

  return fetch.n_failed == 0 ? CVM_STATUS_PASSED : CVM_STATUS_ENVIRONMENT;
}
