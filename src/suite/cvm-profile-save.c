/* cvm-profile-save.c: profiles written, and the presets among them
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-profile.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "cvm-file.h"
#include "cvm-keyfile.h"
#include "cvm-paths.h"
#include "cvm-text.h"

#define SUFFIX ".profile"

/* Values of one group: key → value, in order */
typedef struct
{
  char *key, *value;
} Line;

static void
line_free (Line *line)
{
  g_free (line->key);
  g_free (line->value);
  g_free (line);
}

static GPtrArray *
lines_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify)line_free);
}

static void
add (GPtrArray  *lines,
     const char *key,
     const char *value)
{
  Line *line;

  if (value == NULL)
    return;

  line = g_new (Line, 1);
  *line = (Line) { g_strdup (key), g_strdup (value) };
  g_ptr_array_add (lines, line);
}

static void
add_number (GPtrArray  *lines,
            const char *key,
            guint       number)
{
  g_autofree char *text = number > 0 ? g_strdup_printf ("%u", number) : NULL;

  add (lines, key, text);
}

static gboolean
has_key (GPtrArray  *lines,
         const char *key)
{
  for (guint i = 0; i < lines->len; i++)
    if (g_str_equal (((Line *)lines->pdata[i])->key, key))
      return TRUE;

  return FALSE;
}

/* The first key of the group that LINES do not have, or NULL */
static char *
find_stale (CvmKeyfile *file,
            const char *kind,
            const char *id,
            GPtrArray  *lines)
{
  for (guint i = 0; i < cvm_keyfile_n_groups (file); i++)
    {
      const CvmKeyfileGroup *group = cvm_keyfile_group (file, i);

      if (!g_str_equal (group->kind, kind) || !g_str_equal (group->id, id))
        continue;

      for (guint j = 0; j < cvm_keyfile_n_entries (file, i); j++)
        if (!has_key (lines, cvm_keyfile_entry (file, i, j)->key))
          return g_strdup (cvm_keyfile_entry (file, i, j)->key);
    }

  return NULL;
}

/* Afterwards the group says just what LINES say */
static void
put_group (CvmKeyfile *file,
           const char *kind,
           const char *id,
           GPtrArray  *lines)
{
  if (lines->len == 0)
    {
      cvm_keyfile_remove_group (file, kind, id);
      return;
    }

  for (char *stale; (stale = find_stale (file, kind, id, lines)) != NULL; g_free (stale))
    cvm_keyfile_set (file, kind, id, stale, NULL);

  for (guint i = 0; i < lines->len; i++)
    {
      const Line *line = lines->pdata[i];

      cvm_keyfile_set (file, kind, id, line->key, line->value);
    }
}

static void
put_profile (CvmKeyfile     *file,
             const CvmOrder *order)
{
  g_autoptr(GPtrArray) lines = lines_new ();

  add (lines, "Receiver", order->receiver);
  add (lines, "Server", order->server);
  add_number (lines, "Repeat", order->repeat > 1 ? order->repeat : 0);
  add_number (lines, "Parallel", order->parallel);
  add (lines, "KeepFailed", order->keep_failed ? "true" : "false");
  add (lines, "KernelArgs", order->kernel_args);
  put_group (file, "Profile", "", lines);
}

static void
put_sets (CvmKeyfile          *file,
          const char          *id,
          const CvmOrderSuite *suite)
{
  g_autoptr(GPtrArray) lines = lines_new ();

  for (gsize i = 0; suite->sets[i] != NULL; i++)
    {
      const char *equals = strchr (suite->sets[i], '=');
      g_autofree char *key = g_strndup (suite->sets[i], equals - suite->sets[i]);

      add (lines, key, equals + 1);
    }
  put_group (file, "Set", id, lines);
}

static void
put_suite (CvmKeyfile          *file,
           guint                index,
           const CvmOrderSuite *suite)
{
  g_autofree char *id = g_strdup_printf ("%u", index + 1);
  g_autoptr(GPtrArray) lines = lines_new ();

  add (lines, "Suite", suite->suite);
  add (lines, "Preset", suite->preset);
  put_group (file, "Suite", id, lines);
  cvm_keyfile_set_list (file, "Suite", id, "Only", (const char *const *)suite->only);
  put_sets (file, id, suite);
}

static void
put_cell (CvmKeyfile         *file,
          guint               index,
          const CvmOrderCell *cell)
{
  g_autofree char *id = g_strdup_printf ("%u", index + 1);
  g_autoptr(GPtrArray) lines = lines_new ();

  add (lines, "Image", cell->image);
  add (lines, "Host", cell->host_uri != NULL ? cell->host_uri : CVM_ORDER_HOST);
  add (lines, "Hypervisor", cell->hypervisor != NULL ? cell->hypervisor : "auto");
  put_group (file, "Cell", id, lines);
}

/* Groups of more suites and cells than there are now */
static gboolean
remove_one_beyond (CvmKeyfile     *file,
                   const CvmOrder *order)
{
  for (guint i = 0; i < cvm_keyfile_n_groups (file); i++)
    {
      const CvmKeyfileGroup *group = cvm_keyfile_group (file, i);
      guint limit = g_str_equal (group->kind, "Cell") ? order->cells->len : order->suites->len;
      gint64 number;

      if (g_str_equal (group->kind, "Profile")
          || (cvm_param_parse_integer (group->id, &number) && number >= 1 && number <= limit))
        continue;

      cvm_keyfile_remove_group (file, group->kind, group->id);
      return TRUE;
    }

  return FALSE;
}

static CvmKeyfile *
load_or_new (const char *path)
{
  CvmKeyfile *file = cvm_keyfile_load (path, NULL);

  return file != NULL ? file : cvm_keyfile_new_from_data ("", 0, path, NULL);
}

gboolean
cvm_profile_save (const CvmOrder  *order,
                  const char      *path,
                  GError         **error)
{
  g_autoptr(CvmKeyfile) file = load_or_new (path);
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *data = NULL;
  gsize len;

  put_profile (file, order);
  for (guint i = 0; i < order->suites->len; i++)
    put_suite (file, i, order->suites->pdata[i]);
  for (guint i = 0; i < order->cells->len; i++)
    put_cell (file, i, order->cells->pdata[i]);
  while (remove_one_beyond (file, order))
    continue;

  data = cvm_keyfile_to_data (file, &len);
  g_mkdir_with_parents (folder, 0700);

  return cvm_file_write (path, data, len, 0600, error);
}

/* Presets ------------------------------------------------------------------------------------ */

gboolean
cvm_profile_is_name (const char *name)
{
  gsize len = strlen (name);

  if (len == 0 || len > 100 || *name == '.' || !g_utf8_validate (name, len, NULL))
    return FALSE;

  for (const char *p = name; *p != '\0'; p = g_utf8_next_char (p))
    if (*p == '/' || g_unichar_iscntrl (g_utf8_get_char (p)))
      return FALSE;

  return TRUE;
}

char *
cvm_profile_path_of (const char *name)
{
  g_autofree char *file = g_strconcat (name, SUFFIX, NULL);
  g_autofree char *folder = cvm_paths_config ("presets");

  return g_build_filename (folder, file, NULL);
}

char *
cvm_profile_find (const char *name_or_path)
{
  g_autofree char *path = NULL;

  if (g_str_has_suffix (name_or_path, SUFFIX) || !cvm_profile_is_name (name_or_path))
    return g_strdup (name_or_path);

  path = cvm_profile_path_of (name_or_path);

  return g_file_test (path, G_FILE_TEST_EXISTS) ? g_steal_pointer (&path)
                                                : g_strdup (name_or_path);
}

static int
compare_names (gconstpointer a,
               gconstpointer b)
{
  return g_utf8_collate (*(const char *const *)a, *(const char *const *)b);
}

char **
cvm_profile_list (void)
{
  g_autofree char *folder = cvm_paths_config ("presets");
  g_autoptr(GDir) dir = g_dir_open (folder, 0, NULL);
  GPtrArray *names = g_ptr_array_new ();
  const char *file;

  while (dir != NULL && (file = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *name = NULL;

      if (!g_str_has_suffix (file, SUFFIX))
        continue;

      name = g_strndup (file, strlen (file) - strlen (SUFFIX));
      if (cvm_profile_is_name (name))
        g_ptr_array_add (names, g_steal_pointer (&name));
    }

  g_ptr_array_sort (names, compare_names);
  g_ptr_array_add (names, NULL);

  return (char **)g_ptr_array_free (names, FALSE);
}

static gboolean
check_name (const char  *name,
            GError     **error)
{
  g_autofree char *shown = cvm_text_quote (name);

  if (cvm_profile_is_name (name))
    return TRUE;

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_FILENAME,
               "%s cannot be a preset's name: write 1 to 100 characters, without a '/', and no "
               "'.' first", shown);

  return FALSE;
}

gboolean
cvm_profile_rename (const char  *name,
                    const char  *new_name,
                    GError     **error)
{
  g_autofree char *from = cvm_profile_path_of (name);
  g_autofree char *to = NULL;

  if (!check_name (new_name, error))
    return FALSE;

  /* link (2) refuses what is there; rename (2) would replace it */
  to = cvm_profile_path_of (new_name);
  if (link (from, to) != 0)
    {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "%s: %s", to,
                   g_strerror (errno));
      return FALSE;
    }
  g_unlink (from);

  return TRUE;
}

gboolean
cvm_profile_remove (const char  *name,
                    GError     **error)
{
  g_autofree char *path = cvm_profile_path_of (name);

  if (g_unlink (path) == 0)
    return TRUE;

  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "%s: %s", path,
               g_strerror (errno));

  return FALSE;
}
