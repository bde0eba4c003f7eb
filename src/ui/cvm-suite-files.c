/* cvm-suite-files.c: what is done with the files of suites, off the main thread
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-suite-files.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>

#include "cvm-cfg.h"
#include "cvm-file.h"
#include "cvm-import.h"
#include "cvm-paths.h"
#include "cvm-suite-list.h"

#define MAX_SIZE    (1024 * 1024)
#define IMPORT_BASE "cernvm-release"    /* has all tests that an old configuration can list */

/* What a thread is given */
typedef struct
{
  char             *path;
  char             *text;
  char             *base;
  CvmCheckLookup    lookup;
} Order;

static Order *
order_new (const char *path,
           const char *text,
           const char *base)
{
  Order *order = g_new0 (Order, 1);

  order->path = g_strdup (path);
  order->text = g_strdup (text);
  order->base = g_strdup (base);

  return order;
}

static void
order_free (Order *order)
{
  g_free (order->path);
  g_free (order->text);
  g_free (order->base);
  g_free (order);
}

static void
start (Order               *order,
       GTaskThreadFunc      in_thread,
       GCancellable        *cancellable,
       GAsyncReadyCallback  callback,
       gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, (gpointer)in_thread);
  g_task_set_task_data (task, order, (GDestroyNotify)order_free);
  g_task_run_in_thread (task, in_thread);
}

/* The program does not end before what it was told to write or remove is so; without one (a test)
 * there is nothing to hold */
static void
hold (void)
{
  if (g_application_get_default () != NULL)
    g_application_hold (g_application_get_default ());
}

static gboolean
release (gpointer data)
{
  if (g_application_get_default () != NULL)
    g_application_release (g_application_get_default ());

  return G_SOURCE_REMOVE;
}

static gboolean
make_folder (const char  *path,
             GError     **error)
{
  g_autofree char *folder = g_path_get_dirname (path);

  if (g_mkdir_with_parents (folder, 0700) == 0)
    return TRUE;

  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), _("%s cannot be made: %s"), folder,
               g_strerror (errno));

  return FALSE;
}

/* Drafts ----------------------------------------------------------------------------------- */

static char *
draft_path (const char *path,
            const char *suffix)
{
  g_autofree char *sum = g_compute_checksum_for_string (G_CHECKSUM_SHA256, path, -1);
  g_autofree char *folder = cvm_paths_data ("drafts");
  g_autofree char *name = g_strconcat (sum, suffix, NULL);

  return g_build_filename (folder, name, NULL);
}

static void
drop_draft (const char *path)
{
  g_autofree char *draft = draft_path (path, ".suite");
  g_autofree char *base = draft_path (path, ".base");

  g_unlink (draft);
  g_unlink (base);
}

/* The base first: a draft without one would pass for a suite that was never saved */
static gboolean
write_draft (const Order  *order,
             GError      **error)
{
  g_autofree char *draft = draft_path (order->path, ".suite");
  g_autofree char *base = draft_path (order->path, ".base");

  if (!make_folder (draft, error))
    return FALSE;

  if (order->base == NULL)
    g_unlink (base);
  else if (!cvm_file_write (base, order->base, -1, 0600, error))
    return FALSE;

  return cvm_file_write (draft, order->text, -1, 0600, error);
}

static void
keep_draft (gpointer data,
            gpointer user_data)
{
  Order *order = data;
  g_autoptr(GError) error = NULL;

  if (order->text == NULL)
    drop_draft (order->path);
  else if (!write_draft (order, &error))
    g_message ("A draft is not kept: %s", error->message);

  order_free (order);
  g_idle_add (release, NULL);
}

void
cvm_suite_files_keep_draft (const char *path,
                            const char *text,
                            const char *base)
{
  static GThreadPool *pool;       /* of one thread: the last draft is the one that stays */

  if (pool == NULL)
    pool = g_thread_pool_new (keep_draft, NULL, 1, FALSE, NULL);

  hold ();
  g_thread_pool_push (pool, order_new (path, text, base), NULL);
}

/* Opening ---------------------------------------------------------------------------------- */

void
cvm_suite_found_free (CvmSuiteFound *self)
{
  g_free (self->text);
  g_free (self->draft);
  g_free (self->base);
  g_free (self);
}

static char *
read_draft (const char *path,
            const char *suffix)
{
  g_autofree char *draft = draft_path (path, suffix);

  return cvm_suite_edit_read (draft, NULL);
}

static void
open_in_thread (GTask        *task,
                gpointer      source,
                gpointer      data,
                GCancellable *cancellable)
{
  const Order *order = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(CvmSuiteFound) found = g_new0 (CvmSuiteFound, 1);

  found->text = cvm_suite_edit_read (order->path, &error);
  if (error != NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  found->draft = read_draft (order->path, ".suite");
  found->base = read_draft (order->path, ".base");
  g_task_return_pointer (task, g_steal_pointer (&found), (GDestroyNotify)cvm_suite_found_free);
}

void
cvm_suite_files_open_async (const char          *path,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  start (order_new (path, NULL, NULL), open_in_thread, cancellable, callback, user_data);
}

CvmSuiteFound *
cvm_suite_files_open_finish (GAsyncResult  *result,
                             GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* Saving ----------------------------------------------------------------------------------- */

static void
save_in_thread (GTask        *task,
                gpointer      source,
                gpointer      data,
                GCancellable *cancellable)
{
  const Order *order = data;
  GError *error = NULL;

  if (make_folder (order->path, &error)
      && cvm_suite_edit_write (order->path, order->text, order->base, &error))
    g_task_return_pointer (task, g_strdup (order->path), g_free);
  else
    g_task_return_error (task, error);
}

void
cvm_suite_files_save_async (const char          *path,
                            const char          *text,
                            const char          *expected,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  start (order_new (path, text, expected), save_in_thread, cancellable, callback, user_data);
}

/* Checking --------------------------------------------------------------------------------- */

static void
check_in_thread (GTask        *task,
                 gpointer      source,
                 gpointer      data,
                 GCancellable *cancellable)
{
  const Order *order = data;

  g_task_return_pointer (task, cvm_suite_edit_find_problems (order->text, order->path,
                                                             order->lookup),
                         (GDestroyNotify)g_ptr_array_unref);
}

void
cvm_suite_files_check_async (CvmSuiteEdit        *edit,
                             CvmCheckLookup       lookup,
                             GCancellable        *cancellable,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  Order *order = order_new (cvm_suite_edit_get_path (edit), cvm_suite_edit_get_text (edit), NULL);

  order->lookup = lookup;
  start (order, check_in_thread, cancellable, callback, user_data);
}

GPtrArray *
cvm_suite_files_check_finish (GAsyncResult  *result,
                              GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* New files -------------------------------------------------------------------------------- */

/* "Debian 12: überall" becomes "debian-12-uberall" */
static char *
make_id (const char *title)
{
  g_autofree char *ascii = g_str_to_ascii (title, "C");
  GString *id = g_string_new (NULL);

  for (const char *at = ascii; *at != '\0' && id->len < 50; at++)
    {
      if (g_ascii_isalnum (*at))
        g_string_append_c (id, g_ascii_tolower (*at));
      else if (id->len > 0 && id->str[id->len - 1] != '-')
        g_string_append_c (id, '-');
    }
  if (id->len > 0 && id->str[id->len - 1] == '-')
    g_string_truncate (id, id->len - 1);
  if (id->len == 0)
    g_string_append (id, "suite");

  return g_string_free (id, FALSE);
}

/* A path among the user's own suites that nobody has: "my-suite", "my-suite-2"… */
static char *
free_path (const char *title,
           const char *suffix)
{
  g_autofree char *folder = cvm_paths_config ("suites");
  g_autofree char *id = make_id (title);

  for (guint i = 1;; i++)
    {
      g_autofree char *name = i == 1 ? g_strconcat (id, suffix, NULL)
                                     : g_strdup_printf ("%s-%u%s", id, i, suffix);
      g_autofree char *taken = cvm_paths_find ("suites", name);

      if (taken == NULL)
        return g_build_filename (folder, name, NULL);
    }
}

static void
name_in_thread (GTask        *task,
                gpointer      source,
                gpointer      data,
                GCancellable *cancellable)
{
  g_task_return_pointer (task, free_path (((Order *)data)->text, CVM_SUITE_SUFFIX), g_free);
}

void
cvm_suite_files_name_async (const char          *title,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  start (order_new (NULL, title, NULL), name_in_thread, cancellable, callback, user_data);
}

/* All bytes of it but its name, which says that it is a copy where there was one already */
static char *
add_suite (const Order  *order,
           GError      **error)
{
  g_autofree char *text = cvm_suite_edit_read (order->path, error);
  g_autofree char *base = g_path_get_basename (order->path);
  g_autofree char *taken = cvm_paths_find ("suites", base);
  g_autoptr(CvmSuiteEdit) edit = text != NULL ? cvm_suite_edit_new (text, base, order->lookup)
                                              : NULL;
  g_autofree char *path = NULL;
  const char *name;

  if (edit == NULL)
    return NULL;

  base[strlen (base) - strlen (CVM_SUITE_SUFFIX)] = '\0';
  path = free_path (base, CVM_SUITE_SUFFIX);
  name = cvm_suite_edit_get_suite (edit, "Name");
  if (taken != NULL && name != NULL)
    {
      g_autofree char *copy = g_strdup_printf (_("%s (copy)"), name);

      cvm_suite_edit_set_suite (edit, "Name", copy, NULL);
    }

  return make_folder (path, error)
         && cvm_suite_edit_write (path, cvm_suite_edit_get_text (edit), NULL, error)
         ? g_steal_pointer (&path) : NULL;
}

static CvmImport *
read_configuration (const Order   *order,
                    const CvmCfg  *cfg,
                    GError       **error)
{
  g_autofree char *base_path = cvm_suite_find (IMPORT_BASE, error);
  g_autoptr(CvmSuite) base = base_path != NULL
                             ? cvm_suite_load (base_path, order->lookup, error) : NULL;

  return base != NULL ? cvm_import_new (cfg, base, error) : NULL;
}

static char *
add_configuration (const Order  *order,
                   GError      **error)
{
  g_autofree char *folder = cvm_paths_config ("suites");
  g_autoptr(CvmCfg) cfg = cvm_cfg_load (order->path, error);
  g_autoptr(CvmImport) import = cfg != NULL ? read_configuration (order, cfg, error) : NULL;
  g_autofree char *name = import != NULL ? cvm_import_dup_name (import) : NULL;
  g_autofree char *file = g_strconcat (name != NULL ? name : "", CVM_SUITE_SUFFIX, NULL);
  g_autofree char *path = g_build_filename (folder, file, NULL);
  g_autofree char *profile = NULL;

  if (import == NULL)
    return NULL;

  if (g_file_test (path, G_FILE_TEST_EXISTS))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS,
                   _("There is a suite “%s” of yours already; remove it, or give the "
                     "configuration another name."), name);
      return NULL;
    }

  return cvm_import_write (import, folder, &profile, error) ? g_steal_pointer (&path) : NULL;
}

static void
add_in_thread (GTask        *task,
               gpointer      source,
               gpointer      data,
               GCancellable *cancellable)
{
  const Order *order = data;
  GError *error = NULL;
  char *path = g_str_has_suffix (order->path, CVM_SUITE_SUFFIX) ? add_suite (order, &error)
                                                                : add_configuration (order, &error);

  if (path != NULL)
    g_task_return_pointer (task, path, g_free);
  else
    g_task_return_error (task, error);
}

void
cvm_suite_files_add_async (const char          *path,
                           const CvmBackend    *backend,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  Order *order = order_new (path, NULL, NULL);

  order->lookup = backend->lookup;
  start (order, add_in_thread, cancellable, callback, user_data);
}

static void
remove_in_thread (GTask        *task,
                  gpointer      source,
                  gpointer      data,
                  GCancellable *cancellable)
{
  const Order *order = data;

  if (g_unlink (order->path) != 0 && errno != ENOENT)
    {
      g_task_return_new_error (task, G_IO_ERROR, g_io_error_from_errno (errno),
                               _("%s cannot be removed: %s"), order->path, g_strerror (errno));
      return;
    }

  drop_draft (order->path);
  g_task_return_boolean (task, TRUE);
}

void
cvm_suite_files_remove_async (const char          *path,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  hold ();
  start (order_new (path, NULL, NULL), remove_in_thread, NULL, callback, user_data);
}

gboolean
cvm_suite_files_remove_finish (GAsyncResult  *result,
                               GError       **error)
{
  release (NULL);

  return g_task_propagate_boolean (G_TASK (result), error);
}

char *
cvm_suite_files_finish (GAsyncResult  *result,
                        GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
