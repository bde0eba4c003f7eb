/* cvm-choices.c: the images and suites that a run can be made of, read off the main thread
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-choices.h"

#include <glib/gi18n.h>

#include "cvm-format.h"
#include "cvm-image.h"
#include "cvm-paths.h"

#define MAX_OPTIONS 500

static void
option_free (CvmOption *option)
{
  g_free (option->id);
  g_free (option->path);
  g_free (option->title);
  g_free (option->about);
  g_free (option);
}

void
cvm_choices_free (CvmChoices *self)
{
  g_ptr_array_unref (self->images);
  g_ptr_array_unref (self->suites);
  g_free (self);
}

static void
describe (CvmOption    *option,
          const char   *title,
          const char   *about,
          const GError *error)
{
  option->is_usable = error == NULL;
  option->title = cvm_format_line (title != NULL ? title : option->id);
  option->about = cvm_format_line (error != NULL ? error->message : about != NULL ? about : "");
}

static gboolean
describe_image (CvmOption      *option,
                CvmCheckLookup  lookup)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(CvmImage) image = cvm_image_load (option->path, &error);

  describe (option, image != NULL ? image->name : NULL, image != NULL ? image->description : NULL,
            error);

  return TRUE;
}

/* One that only looks at the host is the doctor's */
static gboolean
has_guest (CvmSuite *suite)
{
  for (guint i = 0; i < cvm_suite_n_cases (suite); i++)
    {
      if (!g_str_has_prefix (cvm_suite_case (suite, i)->check->id, "host."))
        return TRUE;
    }

  return FALSE;
}

static gboolean
describe_suite (CvmOption      *option,
                CvmCheckLookup  lookup)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(CvmSuite) suite = cvm_suite_load (option->path, lookup, &error);

  if (suite != NULL && !has_guest (suite))
    return FALSE;

  describe (option, suite != NULL ? cvm_suite_get_name (suite) : NULL,
            suite != NULL ? cvm_suite_get_description (suite) : NULL, error);

  return TRUE;
}

static void
add_folder (GPtrArray      *options,
            const char     *folder,
            const char     *suffix,
            CvmCheckLookup  lookup,
            gboolean      (*describe_it) (CvmOption *, CvmCheckLookup))
{
  g_autoptr(GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && options->len < MAX_OPTIONS && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *id = g_strndup (name, strlen (name) - MIN (strlen (suffix), strlen (name)));
      CvmOption *option;

      /* the first folder that has it wins, as on the command line */
      if (!g_str_has_suffix (name, suffix) || name[0] == '.' || cvm_choices_find (options, id) >= 0)
        continue;

      option = g_new0 (CvmOption, 1);
      option->id = g_steal_pointer (&id);
      option->path = g_build_filename (folder, name, NULL);
      if (describe_it (option, lookup))
        g_ptr_array_add (options, option);
      else
        option_free (option);
    }
}

static int
compare_titles (gconstpointer a,
                gconstpointer b)
{
  const CvmOption *x = *(const CvmOption *const *)a;
  const CvmOption *y = *(const CvmOption *const *)b;

  return g_utf8_collate (x->title, y->title);
}

static GPtrArray *
list (const char      *kind,
      const char      *suffix,
      CvmCheckLookup   lookup,
      gboolean       (*describe_it) (CvmOption *, CvmCheckLookup))
{
  GPtrArray *options = g_ptr_array_new_with_free_func ((GDestroyNotify)option_free);
  g_auto(GStrv) folders = cvm_paths_dirs (kind);

  for (gsize i = 0; folders[i] != NULL; i++)
    add_folder (options, folders[i], suffix, lookup, describe_it);

  g_ptr_array_sort (options, compare_titles);

  return options;
}

static void
load_in_thread (GTask        *task,
                gpointer      source,
                gpointer      data,
                GCancellable *cancellable)
{
  CvmCheckLookup lookup = (CvmCheckLookup)data;
  CvmChoices *self = g_new0 (CvmChoices, 1);

  self->images = list ("images", ".image", lookup, describe_image);
  self->suites = list ("suites", ".suite", lookup, describe_suite);
  g_task_return_pointer (task, self, (GDestroyNotify)cvm_choices_free);
}

void
cvm_choices_load_async (CvmCheckLookup       lookup,
                        GCancellable        *cancellable,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, cvm_choices_load_async);
  g_task_set_task_data (task, (gpointer)lookup, NULL);
  g_task_run_in_thread (task, load_in_thread);
}

CvmChoices *
cvm_choices_load_finish (GAsyncResult  *result,
                         GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

int
cvm_choices_find (GPtrArray  *options,
                  const char *id)
{
  for (guint i = 0; i < options->len; i++)
    {
      const CvmOption *option = options->pdata[i];

      if (g_strcmp0 (option->id, id) == 0)
        return (int)i;
    }

  return -1;
}
