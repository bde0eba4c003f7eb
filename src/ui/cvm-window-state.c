/* cvm-window-state.c: how the window looked when it was left: a key file, kept off the main thread
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-window-state.h"

#include <glib/gstdio.h>

#include "cvm-file.h"

#define MAX_BYTES (64 * 1024)

struct _CvmWindowState
{
  GObject   parent_instance;

  GKeyFile *keys;
  char     *path;
  gboolean  is_writing;
  gboolean  is_wanted_again;    /* it changed while it was written */
};

G_DEFINE_FINAL_TYPE (CvmWindowState, cvm_window_state, G_TYPE_OBJECT)

static void
cvm_window_state_finalize (GObject *object)
{
  CvmWindowState *self = CVM_WINDOW_STATE (object);

  g_key_file_unref (self->keys);
  g_free (self->path);

  G_OBJECT_CLASS (cvm_window_state_parent_class)->finalize (object);
}

static void
cvm_window_state_class_init (CvmWindowStateClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = cvm_window_state_finalize;
}

static void
cvm_window_state_init (CvmWindowState *self)
{
  self->keys = g_key_file_new ();
}

CvmWindowState *
cvm_window_state_new (const char *path)
{
  CvmWindowState *self = g_object_new (CVM_TYPE_WINDOW_STATE, NULL);
  g_autofree char *text = NULL;
  gsize len = 0;

  self->path = path != NULL ? g_strdup (path)
               : g_build_filename (g_get_user_state_dir (), "cvmtester", "window.ini", NULL);
  text = cvm_file_read (self->path, MAX_BYTES, &len, NULL);
  if (text != NULL && len > 0)
    g_key_file_load_from_data (self->keys, text, len, G_KEY_FILE_NONE, NULL);

  return self;
}

GKeyFile *
cvm_window_state_get (CvmWindowState *self)
{
  return self->keys;
}

static void
write_in_thread (GTask        *task,
                 gpointer      source,
                 gpointer      data,
                 GCancellable *cancellable)
{
  CvmWindowState *self = source;
  g_autofree char *folder = g_path_get_dirname (self->path);

  g_mkdir_with_parents (folder, 0700);
  g_task_return_boolean (task, cvm_file_write (self->path, data, -1, 0600, NULL));
}

static void
on_written (GObject      *source,
            GAsyncResult *result,
            gpointer      data)
{
  CvmWindowState *self = CVM_WINDOW_STATE (source);

  g_task_propagate_boolean (G_TASK (result), NULL);
  self->is_writing = FALSE;
  if (self->is_wanted_again)
    cvm_window_state_keep (self);
  if (g_application_get_default () != NULL)
    g_application_release (g_application_get_default ());
}

void
cvm_window_state_keep (CvmWindowState *self)
{
  g_autoptr(GTask) task = NULL;

  self->is_wanted_again = self->is_writing;
  if (self->is_writing)
    return;

  self->is_writing = TRUE;
  if (g_application_get_default () != NULL)
    g_application_hold (g_application_get_default ());
  task = g_task_new (self, NULL, on_written, NULL);
  g_task_set_source_tag (task, cvm_window_state_keep);
  g_task_set_task_data (task, g_key_file_to_data (self->keys, NULL, NULL), g_free);
  g_task_run_in_thread (task, write_in_thread);
}
