/* cvm-disk-find.c: which of an archive's files is the disk
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-disk-private.h"

#include <string.h>

#include "cvm-engine-error.h"
#include "cvm-file.h"
#include "cvm-manifest.h"
#include "cvm-overlay-private.h"
#include "cvm-text.h"

#define OVF_MAX    (1024 * 1024)
#define OVF_SUFFIX ".ovf"
#define SHOWN_MAX  8             /* names in a message */

/* OVF: DSP0243. A Disk's fileRef is the id of a File, whose href is the name. ------------------ */

typedef struct
{
  GHashTable   *files;     /* id → href */
  GHashTable   *packed;    /* ids of files that are compressed once more */
  GPtrArray    *refs;      /* of the disks */
} Ovf;

static const char *
without_prefix (const char *name)
{
  const char *colon = strchr (name, ':');

  return colon != NULL ? colon + 1 : name;
}

static const char *
attribute (const char **names,
           const char **values,
           const char  *wanted)
{
  for (; *names != NULL; names++, values++)
    if (g_str_equal (without_prefix (*names), wanted))
      return *values;

  return NULL;
}

static void
on_ovf_element (GMarkupParseContext  *context,
                const char           *element,
                const char          **names,
                const char          **values,
                gpointer              data,
                GError              **error)
{
  Ovf *self = data;
  const char *id = attribute (names, values, "id");
  const char *href = attribute (names, values, "href");
  const char *ref = attribute (names, values, "fileRef");
  const char *compression = attribute (names, values, "compression");

  if (g_str_equal (without_prefix (element), "File") && id != NULL && href != NULL)
    {
      g_hash_table_insert (self->files, g_strdup (id), g_strdup (href));
      if (compression != NULL && !g_str_equal (compression, "identity"))
        g_hash_table_add (self->packed, g_strdup (id));
    }

  if (g_str_equal (without_prefix (element), "Disk") && ref != NULL)
    g_ptr_array_add (self->refs, g_strdup (ref));
}

static char **
names_of_refs (Ovf     *self,
               GError **error)
{
  g_autoptr(GStrvBuilder) names = g_strv_builder_new ();

  for (guint i = 0; i < self->refs->len; i++)
    {
      const char *ref = g_ptr_array_index (self->refs, i);
      const char *name = g_hash_table_lookup (self->files, ref);
      g_autofree char *shown = cvm_text_quote (name != NULL ? name : ref);

      if (name == NULL || g_hash_table_contains (self->packed, ref))
        {
          g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "the OVF's disk %s %s", shown,
                       name == NULL ? "is no file that it lists: it is damaged; fetch it again"
                                    : "is packed once more: unpack it by hand, and take the disk");
          return NULL;
        }

      g_strv_builder_add (names, name);
    }

  return g_strv_builder_end (names);
}

char **
cvm_disk_read_ovf (const char  *ovf,
                   gsize        len,
                   GError     **error)
{
  static const GMarkupParser parser = { .start_element = on_ovf_element };
  Ovf self = { g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free),
               g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL),
               g_ptr_array_new_with_free_func (g_free) };
  g_autoptr(GMarkupParseContext) context = g_markup_parse_context_new (&parser, 0, &self, NULL);
  char **names = NULL;

  if (g_markup_parse_context_parse (context, ovf, len, error)
      && g_markup_parse_context_end_parse (context, error))
    names = names_of_refs (&self, error);

  g_hash_table_unref (self.files);
  g_hash_table_unref (self.packed);
  g_ptr_array_unref (self.refs);

  return names;
}

/* Candidates ----------------------------------------------------------------------------------- */

/* "'a', 'b' and 3 more" */
static char *
show_names (GPtrArray *names)
{
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint i = 0; i < MIN (names->len, SHOWN_MAX); i++)
    {
      g_autofree char *shown = cvm_text_quote (g_ptr_array_index (names, i));

      g_string_append_printf (text, "%s%s", i > 0 ? ", " : "", shown);
    }

  if (names->len > SHOWN_MAX)
    g_string_append_printf (text, " and %u more", names->len - SHOWN_MAX);

  return g_string_free (g_steal_pointer (&text), FALSE);
}

static gboolean
has_name (GPtrArray  *names,
          const char *name)
{
  return g_ptr_array_find_with_equal_func (names, name, g_str_equal, NULL);
}

/* The extents that the descriptor NAME lists, as names below the folder */
static void
add_extents (GHashTable *extents,
             const char *name,
             const char *descriptor)
{
  g_auto(GStrv) listed = cvm_overlay_extents (descriptor);
  g_autofree char *dir = g_path_get_dirname (name);

  for (char **extent = listed; *extent != NULL; extent++)
    if (!g_str_equal (*extent, name))
      g_hash_table_add (extents, g_str_equal (dir, ".") ? g_strdup (*extent)
                                                        : g_build_filename (dir, *extent, NULL));
}

/* (element-type filename): the files that look like disks, but are no parts of others */
static GPtrArray *
find_candidates (const char  *dir,
                 GPtrArray   *files,
                 GError     **error)
{
  g_autoptr(GPtrArray) disks = g_ptr_array_new ();
  g_autoptr(GPtrArray) whole = g_ptr_array_new ();
  g_autoptr(GHashTable) extents = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < files->len; i++)
    {
      const char *name = g_ptr_array_index (files, i);
      g_autofree char *path = g_build_filename (dir, name, NULL);
      g_auto(CvmDiskLook) look = { NULL };

      if (!cvm_disk_look (path, &look, error))
        return NULL;

      if (look.format != NULL)
        g_ptr_array_add (disks, (gpointer)name);
      if (look.descriptor != NULL)
        add_extents (extents, name, look.descriptor);
    }

  for (guint i = 0; i < disks->len; i++)
    if (!g_hash_table_contains (extents, g_ptr_array_index (disks, i)))
      g_ptr_array_add (whole, g_ptr_array_index (disks, i));

  return g_steal_pointer (&whole);
}

/* The files that the OVF's disks lie in; being among FILES keeps them in the folder */
static GPtrArray *
find_in_ovf (const char  *dir,
             GPtrArray   *files,
             const char  *ovf,
             GError     **error)
{
  g_autofree char *path = g_build_filename (dir, ovf, NULL);
  g_autoptr(GPtrArray) named = g_ptr_array_new ();
  g_autofree char *text = NULL;
  g_auto(GStrv) names = NULL;
  gsize len;
  guint at;

  text = cvm_file_read (path, OVF_MAX, &len, error);
  names = text != NULL ? cvm_disk_read_ovf (text, len, error) : NULL;
  if (names == NULL)
    g_prefix_error (error, "%s: ", ovf);

  for (char **name = names; names != NULL && *name != NULL; name++)
    {
      g_autofree char *beside = cvm_file_beside (ovf, *name);

      if (!g_ptr_array_find_with_equal_func (files, beside, g_str_equal, &at)
          && !g_ptr_array_find_with_equal_func (files, *name, g_str_equal, &at))
        {
          g_autofree char *shown = cvm_text_quote (*name);

          g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                       "the OVF's disk %s is not in the archive: it is damaged; fetch it "
                       "again", shown);
          return NULL;
        }

      g_ptr_array_add (named, g_ptr_array_index (files, at));
    }

  return names != NULL ? g_steal_pointer (&named) : NULL;
}

static const char *
find_ovf (GPtrArray *files)
{
  for (guint i = 0; i < files->len; i++)
    if (g_str_has_suffix (g_ptr_array_index (files, i), OVF_SUFFIX))
      return g_ptr_array_index (files, i);

  return NULL;
}

static const char *
choose (GPtrArray   *disks,
        GPtrArray   *files,
        const char  *wanted,
        GError     **error)
{
  g_autofree char *all = show_names (disks->len > 0 ? disks : files);
  g_autofree char *shown = cvm_text_quote (wanted != NULL ? wanted : "");

  if (wanted != NULL && has_name (files, wanted))
    return wanted;

  if (wanted != NULL)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "there is no disk %s in it; there is: %s",
                 shown, all);
  else if (disks->len == 0)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                 "there is no disk in it; there is: %s", all);
  else if (disks->len > 1)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                 "there are %u disks in it, so say which one is meant: %s", disks->len, all);

  return wanted == NULL && disks->len == 1 ? g_ptr_array_index (disks, 0) : NULL;
}

/* A tar has no sums of what lies in it; the manifest beside BOX.ovf, BOX.mf, has. */
static gboolean
check_sum (const char    *dir,
           GPtrArray     *files,
           const char    *ovf,
           const char    *name,
           GCancellable  *cancellable,
           GError       **error)
{
  g_autofree char *stem = g_strndup (ovf, strlen (ovf) - strlen (OVF_SUFFIX));
  g_autofree char *manifest = g_strconcat (stem, ".mf", NULL);
  g_autofree char *path = g_build_filename (dir, manifest, NULL);

  return !has_name (files, manifest) || cvm_manifest_check (path, dir, name, cancellable, error);
}

CvmDisk *
cvm_disk_find (const char    *dir,
               GPtrArray     *files,
               const char    *wanted,
               gint64         deadline_us,
               GCancellable  *cancellable,
               GError       **error)
{
  const char *ovf = find_ovf (files);
  g_autoptr(GPtrArray) disks = NULL;
  g_autofree char *path = NULL;
  const char *name;

  disks = ovf != NULL ? find_in_ovf (dir, files, ovf, error) : find_candidates (dir, files, error);
  name = disks != NULL ? choose (disks, files, wanted, error) : NULL;
  if (name == NULL)
    return NULL;

  if (ovf != NULL && !check_sum (dir, files, ovf, name, cancellable, error))
    return NULL;

  path = g_build_filename (dir, name, NULL);

  return cvm_disk_probe (path, deadline_us, cancellable, error);
}
