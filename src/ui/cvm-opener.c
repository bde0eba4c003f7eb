/* cvm-opener.c: opens a file with the page that is made for it
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-opener.h"

#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "cvm-drop-hint.h"
#include "cvm-fact-grid.h"
#include "cvm-format.h"
#include "cvm-image-import-page.h"
#include "cvm-open-kind.h"
#include "cvm-point-index.h"
#include "cvm-result-from-tap.h"
#include "cvm-run-page.h"
#include "cvm-stage.h"
#include "cvm-suite-editor.h"
#include "cvm-suite-files.h"
#include "cvm-suite-list.h"

#define MAX_FILES 20    /* at once: each is a page */
#define MAX_FACTS 200
#define BACKEND   "cvm-backend"

/* A file on its way */
typedef struct
{
  GtkWidget        *from;      /* weak */
  GFile            *file;
  const CvmBackend *backend;
  CvmOpenKind       kind;      /* once it was looked at */
  gboolean          can_write; /* likewise */
} Opening;

static void
opening_free (Opening *self)
{
  g_clear_weak_pointer (&self->from);
  g_object_unref (self->file);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Opening, opening_free)

static void
tell (Opening    *self,
      const char *why)
{
  g_autofree char *name = g_file_get_parse_name (self->file);
  g_autofree char *text = g_strdup_printf (_("%s cannot be opened: %s"), name, why);

  if (self->from != NULL)
    cvm_stage_tell (self->from, text);
}

/* TAP ----------------------------------------------------------------------------------------- */

/* A read result, and what the tree of its points needs: there may be millions */
typedef struct
{
  CvmResult *result;
  GPtrArray *indexes;
} Read;

static void
read_free (Read *self)
{
  g_ptr_array_unref (self->indexes);
  g_object_unref (self->result);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Read, read_free)

static void
read_in_thread (GTask        *task,
                gpointer      source,
                gpointer      data,
                GCancellable *cancellable)
{
  Opening *self = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(CvmResult) result = cvm_result_from_tap_file (self->file, cancellable, &error);
  Read *read;

  if (result == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  read = g_new0 (Read, 1);
  read->indexes = cvm_point_indexes_new (result);
  read->result = g_steal_pointer (&result);
  g_task_return_pointer (task, read, (GDestroyNotify)read_free);
}

/* Beside the points: of one program what it said of itself, of several how each did */
static GtkWidget *
make_side (Read       *read,
           const char *name)
{
  GtkWidget *window = gtk_scrolled_window_new (NULL, NULL);
  CvmFactGrid *facts = g_object_new (CVM_TYPE_FACT_GRID, "visible", TRUE, "margin", 12, NULL);
  guint n_jobs = cvm_result_n_jobs (read->result);
  const CvmJobResult *first = n_jobs == 1 ? cvm_result_job (read->result, 0) : NULL;

  cvm_fact_grid_add (facts, _("File"), name);
  for (guint i = 0; first != NULL && i < MIN (first->facts->len, MAX_FACTS); i++)
    {
      const CvmDetail *fact = first->facts->pdata[i];

      cvm_fact_grid_add (facts, fact->key, fact->value);
    }
  for (guint i = 0; n_jobs > 1 && i < MIN (n_jobs, MAX_FACTS); i++)
    {
      const CvmJobResult *job = cvm_result_job (read->result, i);
      g_autofree char *counts = cvm_format_counts (job);

      cvm_fact_grid_add (facts, job->suite, counts);
    }
  gtk_container_add (GTK_CONTAINER (window), GTK_WIDGET (facts));
  gtk_widget_show (window);

  return window;
}

static void
show_result (Opening *self,
             Read    *read)
{
  g_autofree char *name = g_file_get_parse_name (self->file);
  GtkWidget *side = make_side (read, name);

  cvm_stage_push (self->from,
                  GTK_WIDGET (cvm_run_page_new_result (read->result, read->indexes, name, side)),
                  name);
}

static void
on_read (GObject      *source,
         GAsyncResult *result,
         gpointer      data)
{
  g_autoptr(Opening) self = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(Read) read = g_task_propagate_pointer (G_TASK (result), &error);

  if (read == NULL)
    tell (self, error->message);
  else if (self->from != NULL)
    show_result (self, read);
}

/* Takes SELF */
static void
open_tap (Opening *self)
{
  g_autoptr(GTask) task = g_task_new (NULL, NULL, on_read, self);

  g_task_set_task_data (task, self, NULL);
  g_task_run_in_thread (task, read_in_thread);
}

/* All others ---------------------------------------------------------------------------------- */

/* What is of another host has no path, and no page but that of TAP */
static const char *
get_path (Opening *self)
{
  const char *path = g_file_peek_path (self->file);

  if (path == NULL)
    tell (self, _("it is not a file of this computer; copy it here first"));

  return path;
}

static void
open_disk (Opening *self)
{
  const char *path = get_path (self);

  if (path != NULL)
    cvm_image_import_page_push (self->from, path);
}

static void
open_run (Opening *self)
{
  const char *path = get_path (self);

  if (path != NULL)
    cvm_stage_open_run (self->from, path);
}

static void
edit (Opening    *self,
      const char *path,
      gboolean    can_write)
{
  g_autofree char *name = g_strconcat ("suite ", path, NULL);

  cvm_stage_push (self->from, cvm_suite_editor_new (self->backend, path, can_write), name);
}

static void
open_suite (Opening *self)
{
  const char *path = get_path (self);

  if (path != NULL)
    edit (self, path, self->can_write);
}

/* Beside the suite that a configuration became lies the profile with all else it said */
static void
choose_run (Opening    *self,
            const char *suite)
{
  g_autofree char *stem = g_strndup (suite, strlen (suite) - strlen (CVM_SUITE_SUFFIX));
  g_autofree char *profile = g_strconcat (stem, ".profile", NULL);

  cvm_stage_new_run (self->from, profile);
}

static void
on_cfg_added (GObject      *source,
              GAsyncResult *result,
              gpointer      data)
{
  g_autoptr(Opening) self = data;
  g_autoptr(GError) error = NULL;
  g_autofree char *path = cvm_suite_files_finish (result, &error);

  if (path == NULL)
    tell (self, error->message);
  else if (self->from != NULL)
    choose_run (self, path);
}

/* Takes SELF */
static void
open_cfg (Opening *self)
{
  const char *path = get_path (self);

  if (path != NULL)
    cvm_suite_files_add_async (path, self->backend, NULL, on_cfg_added, self);
  else
    opening_free (self);
}

static void
tell_unknown (Opening *self)
{
  tell (self, _("it is no suite, TAP, TAP archive, configuration (.cfg), disk or folder of a run"));
}

static void
look_in_thread (GTask        *task,
                gpointer      source,
                gpointer      data,
                GCancellable *cancellable)
{
  Opening *self = data;
  g_autoptr(GError) error = NULL;

  self->kind = cvm_open_kind_of (self->file, cancellable, &error);
  self->can_write = g_file_peek_path (self->file) != NULL &&
                    g_access (g_file_peek_path (self->file), W_OK) == 0;
  if (error == NULL)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
on_looked (GObject      *source,
           GAsyncResult *result,
           gpointer      data)
{
  g_autoptr(Opening) self = data;
  g_autoptr(GError) error = NULL;

  if (!g_task_propagate_boolean (G_TASK (result), &error))
    {
      tell (self, error->message);
      return;
    }
  if (self->from == NULL)
    return;

  switch (self->kind)
    {
    case CVM_OPEN_TAP:
      open_tap (g_steal_pointer (&self));
      break;
    case CVM_OPEN_DISK:
      open_disk (self);
      break;
    case CVM_OPEN_RUN:
      open_run (self);
      break;
    case CVM_OPEN_SUITE:
      open_suite (self);
      break;
    case CVM_OPEN_CFG:
      open_cfg (g_steal_pointer (&self));
      break;
    case CVM_OPEN_UNKNOWN:
    default:
      tell_unknown (self);
      break;
    }
}

void
cvm_opener_open (GtkWidget        *from,
                 GFile            *file,
                 const CvmBackend *backend)
{
  Opening *self = g_new0 (Opening, 1);
  g_autoptr(GTask) task = g_task_new (NULL, NULL, on_looked, self);

  g_set_weak_pointer (&self->from, from);
  self->file = g_object_ref (file);
  self->backend = backend;
  g_task_set_task_data (task, self, NULL);
  g_task_run_in_thread (task, look_in_thread);
}

/* Chosen, or dropped --------------------------------------------------------------------------- */

static void
on_chosen (GtkNativeDialog *dialog,
           int              response,
           gpointer         data)
{
  g_autoptr(GtkWidget) from = data;
  const CvmBackend *backend = g_object_get_data (G_OBJECT (dialog), BACKEND);
  g_autoptr(GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));

  if (response == GTK_RESPONSE_ACCEPT && file != NULL)
    cvm_opener_open (from, file, backend);
  g_object_unref (dialog);
}

void
cvm_opener_choose (GtkWidget        *from,
                   const CvmBackend *backend)
{
  GtkWindow *window = GTK_WINDOW (gtk_widget_get_toplevel (from));
  GtkFileChooserNative *dialog =
    gtk_file_chooser_native_new (_("Open a Suite, a Result or a Disk"), window,
                                 GTK_FILE_CHOOSER_ACTION_OPEN, _("_Open"), _("_Cancel"));

  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  g_object_set_data (G_OBJECT (dialog), BACKEND, (gpointer)backend);
  g_signal_connect (dialog, "response", G_CALLBACK (on_chosen), g_object_ref (from));
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

static void
on_dropped (GtkWidget        *window,
            GdkDragContext   *context,
            int               x,
            int               y,
            GtkSelectionData *data,
            guint             info,
            guint             time,
            const CvmBackend *backend)
{
  g_auto(GStrv) uris = gtk_selection_data_get_uris (data);

  for (guint i = 0; uris != NULL && uris[i] != NULL && i < MAX_FILES; i++)
    {
      g_autoptr(GFile) file = g_file_new_for_uri (uris[i]);

      cvm_opener_open (window, file, backend);
    }
  gtk_drag_finish (context, uris != NULL, FALSE, time);
}

void
cvm_opener_accept_drops (GtkWidget        *window,
                         const CvmBackend *backend)
{
  cvm_drop_hint_accept_files (window);
  g_signal_connect (window, "drag-data-received", G_CALLBACK (on_dropped), (gpointer)backend);
}
