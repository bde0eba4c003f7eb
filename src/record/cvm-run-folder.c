/* cvm-run-folder.c: the folder of a run: made exclusively, locked while the run lives
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-run-folder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cvm-file.h"
#include "cvm-id.h"
#include "cvm-paths.h"

#define ID_FILE   "id"
#define MAX_ID    64
#define MAX_NAME  100
#define MAX_TRIES 100     /* ids that somebody else took in the same second */

struct _CvmRunFolder
{
  GObject  parent_instance;

  char    *id;
  char    *path;
  int      lock;
};

G_DEFINE_FINAL_TYPE (CvmRunFolder, cvm_run_folder, G_TYPE_OBJECT)

static gboolean
fail_with_errno (const char  *path,
                 const char  *what,
                 GError     **error)
{
  int code = errno;

  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), "%s: %s: %s; "
               "name another folder, or make room or permission for it",
               path, what, g_strerror (code));

  return FALSE;
}

/* An id goes into names and UUIDs of guests: one from somebody's file must look like ours */
static gboolean
is_run_id (const char *id)
{
  gsize len = strspn (id, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-");

  return len > 0 && len <= MAX_ID && id[len] == '\0';
}

char *
cvm_run_folder_read_id (const char  *folder,
                        GError     **error)
{
  g_autofree char *file = g_build_filename (folder, ID_FILE, NULL);
  g_autofree char *id = cvm_file_read (file, MAX_ID + 1, NULL, error);

  if (id == NULL)
    return NULL;

  g_strchomp (id);

  if (!is_run_id (id))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                   "%s: is not the id of a run; name the folder of a run", file);
      return NULL;
    }

  return g_steal_pointer (&id);
}

static gboolean
make_parents (const char  *path,
              GError     **error)
{
  g_autofree char *parent = g_path_get_dirname (path);

  return g_mkdir_with_parents (parent, 0700) == 0 ||
         fail_with_errno (parent, "cannot make the folder", error);
}

/* Takes the lock of a folder, and by that what is in it */
static gboolean
lock_folder (CvmRunFolder  *self,
             const char    *path,
             GError       **error)
{
  g_autofree char *real = realpath (path, NULL);

  if (real == NULL)
    return fail_with_errno (path, "cannot find the folder", error);

  self->lock = cvm_file_lock (real, error);
  self->path = g_strdup (real);

  return self->lock >= 0;
}

static gboolean
check_empty (const char  *path,
             GError     **error)
{
  g_autoptr(GDir) dir = g_dir_open (path, 0, error);

  if (dir == NULL)
    return FALSE;

  if (g_dir_read_name (dir) == NULL)
    return TRUE;

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_EMPTY,
               "%s: the folder is not empty; name one that is, or that is not there yet", path);

  return FALSE;
}

/* The id is written last: a folder without one was never a run, and nobody's dead run either */
static gboolean
write_id (CvmRunFolder  *self,
          GError       **error)
{
  g_autofree char *file = cvm_run_folder_file (self, ID_FILE);
  g_autofree char *line = g_strconcat (self->id, "\n", NULL);

  return cvm_file_write (file, line, -1, 0600, error);
}

/* A new folder runs/ID */
static gboolean
make_in_runs (CvmRunFolder  *self,
              const char    *runs,
              GError       **error)
{
  for (guint i = 0; i < MAX_TRIES; i++)
    {
      g_autofree char *id = cvm_id_new_run ();
      g_autofree char *path = g_build_filename (runs, id, NULL);

      if (mkdir (path, 0700) == 0)
        {
          self->id = g_steal_pointer (&id);
          return lock_folder (self, path, error);
        }

      if (errno != EEXIST)
        return fail_with_errno (path, "cannot make the folder", error);
    }

  errno = EEXIST;

  return fail_with_errno (runs, "cannot make a folder in it", error);
}

/* A new name runs/ID for the folder that we have */
static gboolean
link_from_runs (CvmRunFolder  *self,
                const char    *runs,
                GError       **error)
{
  for (guint i = 0; i < MAX_TRIES; i++)
    {
      g_autofree char *id = cvm_id_new_run ();
      g_autofree char *link = g_build_filename (runs, id, NULL);

      if (symlink (self->path, link) == 0)
        {
          self->id = g_steal_pointer (&id);
          return TRUE;
        }

      if (errno != EEXIST)
        return fail_with_errno (link, "cannot link to the run's folder", error);
    }

  errno = EEXIST;

  return fail_with_errno (runs, "cannot link from it", error);
}

static gboolean
is_directly_in (const char *path,
                const char *folder)
{
  g_autofree char *parent = g_path_get_dirname (path);
  g_autofree char *real = realpath (folder, NULL);

  return g_strcmp0 (parent, real) == 0;
}

static gboolean
is_folder (const char *path)
{
  struct stat info;

  if (stat (path, &info) != 0)
    return FALSE;

  errno = ENOTDIR;

  return S_ISDIR (info.st_mode);
}

/* RUNS NULL: nothing is entered there */
static gboolean
make_at (CvmRunFolder  *self,
         const char    *path,
         const char    *runs,
         GError       **error)
{
  if (!make_parents (path, error))
    return FALSE;

  if (mkdir (path, 0700) != 0 && (errno != EEXIST || !is_folder (path)))
    return fail_with_errno (path, "cannot make the folder", error);

  if (!lock_folder (self, path, error) || !check_empty (self->path, error))
    return FALSE;

  if (runs != NULL && !is_directly_in (self->path, runs))
    return link_from_runs (self, runs, error);

  self->id = cvm_id_new_run ();

  return TRUE;
}

CvmRunFolder *
cvm_run_folder_new (const char  *path,
                    GError     **error)
{
  g_autoptr(CvmRunFolder) self = g_object_new (CVM_TYPE_RUN_FOLDER, NULL);
  g_autofree char *runs = cvm_paths_runs ();
  gboolean is_made;

  if (g_mkdir_with_parents (runs, 0700) != 0)
    {
      fail_with_errno (runs, "cannot make the folder", error);
      return NULL;
    }

  is_made = path != NULL ? make_at (self, path, runs, error) : make_in_runs (self, runs, error);

  if (!is_made || !write_id (self, error))
    return NULL;

  return g_steal_pointer (&self);
}

CvmRunFolder *
cvm_run_folder_new_unlisted (const char  *path,
                             GError     **error)
{
  g_autoptr(CvmRunFolder) self = g_object_new (CVM_TYPE_RUN_FOLDER, NULL);

  return make_at (self, path, NULL, error) && write_id (self, error) ? g_steal_pointer (&self)
                                                                     : NULL;
}

CvmRunFolder *
cvm_run_folder_open_dead (const char  *path,
                          GError     **error)
{
  g_autoptr(CvmRunFolder) self = g_object_new (CVM_TYPE_RUN_FOLDER, NULL);

  self->id = cvm_run_folder_read_id (path, error);

  if (self->id == NULL || !lock_folder (self, path, error))
    return NULL;

  return g_steal_pointer (&self);
}

typedef struct
{
  char *id;
  char *path;
} Entry;

static void
entry_clear (gpointer data)
{
  Entry *entry = data;

  g_free (entry->id);
  g_free (entry->path);
}

/* Ids sort by time */
static int
entry_compare (gconstpointer a,
               gconstpointer b)
{
  const Entry *x = a, *y = b;

  return strcmp (x->id, y->id) != 0 ? strcmp (x->id, y->id) : strcmp (x->path, y->path);
}

/* A link whose folder is gone (or not mounted now), or a folder without an id, is no run; nor is
 * what is being removed, whose name begins with a '.' */
static void
add_entry (GArray     *entries,
           const char *runs,
           const char *name)
{
  g_autofree char *path = g_build_filename (runs, name, NULL);
  g_autofree char *real = realpath (path, NULL);
  g_autofree char *id = real != NULL ? cvm_run_folder_read_id (real, NULL) : NULL;

  if (id != NULL && name[0] != '.')
    g_array_append_val (entries, ((Entry) { g_steal_pointer (&id), g_strdup (real) }));
}

GPtrArray *
cvm_run_folder_list (void)
{
  g_autofree char *runs = cvm_paths_runs ();
  g_autoptr(GDir) dir = g_dir_open (runs, 0, NULL);
  g_autoptr(GArray) entries = g_array_new (FALSE, FALSE, sizeof (Entry));
  GPtrArray *paths = g_ptr_array_new_with_free_func (g_free);
  const char *name;

  g_array_set_clear_func (entries, entry_clear);

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    add_entry (entries, runs, name);

  g_array_sort (entries, entry_compare);

  for (guint i = 0; i < entries->len; i++)
    {
      const Entry *entry = &g_array_index (entries, Entry, i);

      /* two names of one folder have one id */
      if (i == 0 || strcmp (entry[-1].path, entry->path) != 0)
        g_ptr_array_add (paths, g_strdup (entry->path));
    }

  return paths;
}

const char *
cvm_run_folder_get_id (CvmRunFolder *self)
{
  return self->id;
}

const char *
cvm_run_folder_get_path (CvmRunFolder *self)
{
  return self->path;
}

char *
cvm_run_folder_file (CvmRunFolder *self,
                     const char   *name)
{
  return g_build_filename (self->path, name, NULL);
}

char *
cvm_run_folder_job_file (CvmRunFolder  *self,
                         const char    *job,
                         const char    *name,
                         GError       **error)
{
  g_autofree char *folder = g_strconcat ("job-", job, NULL);
  g_autofree char *file = g_build_filename (self->path, folder, name, NULL);

  g_return_val_if_fail (cvm_id_is_valid (job) && strstr (name, "..") == NULL, NULL);

  if (!make_parents (file, error))
    return NULL;

  return g_steal_pointer (&file);
}

char *
cvm_run_folder_safe_name (const char *wish)
{
  char *name = g_strndup (*wish != '\0' ? wish : "_", MAX_NAME);

  g_strcanon (name, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "._-", '_');

  if (name[0] == '.')
    name[0] = '_';

  return name;
}

static void
cvm_run_folder_finalize (GObject *object)
{
  CvmRunFolder *self = CVM_RUN_FOLDER (object);

  if (self->lock >= 0)
    close (self->lock);

  g_free (self->id);
  g_free (self->path);

  G_OBJECT_CLASS (cvm_run_folder_parent_class)->finalize (object);
}

static void
cvm_run_folder_class_init (CvmRunFolderClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = cvm_run_folder_finalize;
}

static void
cvm_run_folder_init (CvmRunFolder *self)
{
  self->lock = -1;
}
