/* cvm-choices.c: all that a run can be made of, read off the main thread
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-choices.h"

#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cvm-allowed.h"
#include "cvm-format.h"
#include "cvm-host-titles.h"
#include "cvm-hosts.h"
#include "cvm-image-shelf.h"
#include "cvm-paths.h"
#include "cvm-profile.h"
#include "cvm-settings.h"
#include "cvm-tapper-server.h"

#define MAX_OPTIONS 500

typedef gboolean (*Describe) (CvmOption      *option,
                              CvmCheckLookup  lookup);

void
cvm_option_free (CvmOption *option)
{
  g_free (option->id);
  g_free (option->path);
  g_free (option->title);
  g_free (option->about);
  g_clear_pointer (&option->image, cvm_image_unref);
  g_clear_object (&option->suite);
  g_free (option->program);
  g_free (option);
}

static void
host_free (CvmHostOption *host)
{
  g_free (host->uri);
  g_free (host->title);
  g_free (host);
}

void
cvm_choices_free (CvmChoices *self)
{
  g_ptr_array_unref (self->images);
  g_ptr_array_unref (self->suites);
  g_ptr_array_unref (self->hosts);
  g_strfreev (self->presets);
  g_strfreev (self->servers);
  g_strfreev (self->allowed);
  g_free (self->hypervisor);
  g_clear_pointer (&self->last, cvm_order_free);
  g_free (self);
}

static void
describe (CvmOption    *option,
          const char   *title,
          const char   *about,
          const GError *error)
{
  option->is_usable = error == NULL;
  option->can_write = g_access (option->path, W_OK) == 0;
  option->title = cvm_format_line (title != NULL ? title : option->id);
  option->about = error != NULL ? cvm_format_problem (error->message, option->path)
                                : cvm_format_line (about != NULL ? about : "");
}

/* The description may be right and the files gone */
static gboolean
check_file (const char  *path,
            gint64      *bytes,
            GError     **error)
{
  struct stat info;

  if (path == NULL || stat (path, &info) == 0)
    {
      if (path != NULL && bytes != NULL)
        *bytes = info.st_size;
      return TRUE;
    }

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, _("%s is not there."), path);

  return FALSE;
}

static gboolean
describe_image (CvmOption      *option,
                CvmCheckLookup  lookup)
{
  g_autoptr(GError) error = NULL;
  CvmImage *image = cvm_image_load (option->path, &error);

  option->image = image;
  if (image != NULL && check_file (image->disk, &option->disk_bytes, &error)
      && check_file (image->kernel, NULL, &error))
    check_file (image->initrd, NULL, &error);

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
  CvmSuite *suite = option->suite = cvm_suite_load (option->path, lookup, &error);

  describe (option, suite != NULL ? cvm_suite_get_name (suite) : NULL,
            suite != NULL ? cvm_suite_get_description (suite) : NULL, error);
  if (suite == NULL)
    return TRUE;

  option->need = cvm_order_image_need (suite);
  option->program = cvm_suite_dup_program (suite);

  return has_guest (suite);
}

static CvmOption *
new_option (const char *folder,
            const char *name,
            const char *suffix)
{
  CvmOption *option = g_new0 (CvmOption, 1);

  option->id = g_strndup (name, strlen (name) - strlen (suffix));
  option->path = g_build_filename (folder, name, NULL);

  return option;
}

static void
add_folder (GPtrArray      *options,
            const char     *folder,
            const char     *suffix,
            CvmCheckLookup  lookup,
            Describe        describe_it)
{
  g_autoptr(GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && options->len < MAX_OPTIONS && (name = g_dir_read_name (dir)) != NULL)
    {
      CvmOption *option;

      if (!g_str_has_suffix (name, suffix) || name[0] == '.')
        continue;

      /* the first folder that has it wins, as on the command line */
      option = new_option (folder, name, suffix);
      if (cvm_choices_find (options, option->id) < 0 && describe_it (option, lookup))
        g_ptr_array_add (options, option);
      else
        cvm_option_free (option);
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
list (const char     *kind,
      const char     *suffix,
      CvmCheckLookup  lookup,
      Describe        describe_it)
{
  GPtrArray *options = g_ptr_array_new_with_free_func ((GDestroyNotify)cvm_option_free);
  g_auto(GStrv) folders = cvm_paths_dirs (kind);

  for (gsize i = 0; folders[i] != NULL; i++)
    add_folder (options, folders[i], suffix, lookup, describe_it);

  g_ptr_array_sort (options, compare_titles);

  return options;
}

/* Hosts -------------------------------------------------------------------------------------- */

static GPtrArray *
list_hosts (const CvmBackend *backend)
{
  GPtrArray *options = g_ptr_array_new_with_free_func ((GDestroyNotify)host_free);
  g_autoptr(GPtrArray) hosts = cvm_hosts_load (backend->hosts, NULL);

  if (hosts != NULL)
    cvm_host_titles_learn (hosts);
  for (guint i = 0; hosts != NULL && i < hosts->len; i++)
    {
      const CvmSavedHost *host = hosts->pdata[i];
      CvmHostOption *option;

      if (host->is_hidden)
        continue;

      option = g_new (CvmHostOption, 1);
      *option = (CvmHostOption) { g_strdup (host->uri), cvm_host_titles_get (host->uri) };
      g_ptr_array_add (options, option);
    }

  return options;
}

static char **
list_servers (void)
{
  g_autoptr(GPtrArray) servers = cvm_tapper_servers_load (NULL, NULL);
  g_autoptr(GStrvBuilder) names = g_strv_builder_new ();

  for (guint i = 0; servers != NULL && i < servers->len; i++)
    {
      const CvmTapperServer *server = servers->pdata[i];

      if (server->name != NULL)
        g_strv_builder_add (names, server->name);
    }

  return g_strv_builder_end (names);
}

/* Of everything ------------------------------------------------------------------------------ */

/* Once allowed it is not asked again */
static void
forget_program (CvmOption *option,
                char     **allowed)
{
  if (option->program == NULL
      || !g_strv_contains ((const char *const *)allowed, cvm_suite_get_sha256 (option->suite)))
    return;

  option->is_allowed = TRUE;
  g_clear_pointer (&option->program, g_free);
}

static void
forget_allowed (CvmChoices *self)
{
  for (guint i = 0; i < self->suites->len; i++)
    {
      CvmOption *option = self->suites->pdata[i];

      forget_program (option, self->allowed);
    }
}

char *
cvm_choices_last_path (void)
{
  return g_build_filename (g_get_user_state_dir (), "cvmtester", "last.profile", NULL);
}

/* What the last look at an image found counts here too: a run of it would tell nothing */
static void
find_damage (GPtrArray *images)
{
  g_autoptr(CvmImageStore) store = cvm_image_store_open (NULL, NULL);

  for (guint i = 0; store != NULL && i < images->len; i++)
    {
      CvmOption *option = images->pdata[i];
      g_autofree char *damage = option->is_usable ? cvm_shelf_find_damage (store, option->path)
                                                  : NULL;
      g_autofree char *text = damage != NULL ? g_strdup_printf (_("Damaged: %s"), damage) : NULL;

      if (damage == NULL)
        continue;

      option->is_usable = FALSE;
      g_free (option->about);
      option->about = cvm_format_line (text);
    }
}

static void
load_in_thread (GTask        *task,
                gpointer      source,
                gpointer      data,
                GCancellable *cancellable)
{
  const CvmBackend *backend = data;
  CvmChoices *self = g_new0 (CvmChoices, 1);
  g_autoptr(CvmSettings) settings = cvm_settings_load (NULL);
  g_autofree char *last = cvm_choices_last_path ();

  if (settings == NULL)
    settings = cvm_settings_new ();

  self->images = list ("images", ".image", backend->lookup, describe_image);
  find_damage (self->images);
  self->suites = list ("suites", ".suite", backend->lookup, describe_suite);
  self->hosts = list_hosts (backend);
  self->presets = cvm_profile_list ();
  self->servers = list_servers ();
  self->hypervisor = g_strdup (settings->hypervisor);
  self->parallel = settings->jobs;
  self->keep_failed = settings->keep_failed;
  self->allowed = cvm_allowed_load ();
  self->last = cvm_profile_load (last, NULL);
  forget_allowed (self);
  g_task_return_pointer (task, self, (GDestroyNotify)cvm_choices_free);
}

void
cvm_choices_load_async (const CvmBackend    *backend,
                        GCancellable        *cancellable,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, cvm_choices_load_async);
  g_task_set_task_data (task, (gpointer)backend, NULL);
  g_task_run_in_thread (task, load_in_thread);
}

CvmChoices *
cvm_choices_load_finish (GAsyncResult  *result,
                         GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

typedef struct
{
  char           *path;
  CvmCheckLookup  lookup;
} Reading;

static void
reading_free (Reading *self)
{
  g_free (self->path);
  g_free (self);
}

static void
read_in_thread (GTask        *task,
                gpointer      source,
                gpointer      data,
                GCancellable *cancellable)
{
  const Reading *reading = data;
  CvmOption *option = g_new0 (CvmOption, 1);
  g_auto(GStrv) allowed = cvm_allowed_load ();

  option->id = g_strdup (reading->path);
  option->path = g_strdup (reading->path);
  describe_suite (option, reading->lookup);
  forget_program (option, allowed);
  g_task_return_pointer (task, option, (GDestroyNotify)cvm_option_free);
}

void
cvm_choices_read_suite_async (const CvmBackend    *backend,
                              const char          *path,
                              GCancellable        *cancellable,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Reading *reading = g_new (Reading, 1);

  *reading = (Reading) { g_strdup (path), backend->lookup };
  g_task_set_source_tag (task, cvm_choices_read_suite_async);
  g_task_set_task_data (task, reading, (GDestroyNotify)reading_free);
  g_task_run_in_thread (task, read_in_thread);
}

CvmOption *
cvm_choices_read_suite_finish (GAsyncResult  *result,
                               GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

int
cvm_choices_find (GPtrArray  *options,
                  const char *id_or_path)
{
  for (guint i = 0; i < options->len; i++)
    {
      const CvmOption *option = options->pdata[i];

      if (g_strcmp0 (option->id, id_or_path) == 0 || g_strcmp0 (option->path, id_or_path) == 0)
        return (int)i;
    }

  return -1;
}
