/* cvm-image-contents.c: contents.ini, what a disk of the store consists of
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-image-store-private.h"

#include <string.h>
#include <sys/stat.h>

#include "cvm-file.h"
#include "cvm-keyfile.h"

#define MAX_FILES 1000

static void
disk_file_free (CvmDiskFile *file)
{
  g_free (file->name);
  g_free (file->sha256);
  g_free (file);
}

CvmContents *
cvm_contents_new (void)
{
  CvmContents *self = g_new0 (CvmContents, 1);

  self->files = g_ptr_array_new_with_free_func ((GDestroyNotify)disk_file_free);

  return self;
}

void
cvm_contents_free (CvmContents *self)
{
  g_free (self->format);
  g_free (self->source);
  g_free (self->source_sha256);
  g_ptr_array_unref (self->files);
  g_free (self);
}

void
cvm_contents_add (CvmContents *self,
                  const char  *name,
                  gint64       size,
                  char        *sha256)
{
  CvmDiskFile *file = g_new0 (CvmDiskFile, 1);

  file->name = g_strdup (name);
  file->size = size;
  file->sha256 = sha256;
  g_ptr_array_add (self->files, file);
}

static const CvmDiskFile *
file_at (const CvmContents *self,
         guint              i)
{
  return g_ptr_array_index (self->files, i);
}

char *
cvm_contents_key (const CvmContents *self)
{
  g_autoptr(GString) list = g_string_new (NULL);

  if (self->files->len == 1)
    return g_strdup (file_at (self, 0)->sha256);

  for (guint i = 0; i < self->files->len; i++)
    g_string_append_printf (list, "%s  %s\n", file_at (self, i)->sha256, file_at (self, i)->name);

  return g_compute_checksum_for_string (G_CHECKSUM_SHA256, list->str, (gssize)list->len);
}

gboolean
cvm_contents_has_sizes (const CvmContents *self,
                        const char        *dir)
{
  for (guint i = 0; i < self->files->len; i++)
    {
      g_autofree char *path = g_build_filename (dir, file_at (self, i)->name, NULL);
      struct stat info;

      if (lstat (path, &info) != 0 || !S_ISREG (info.st_mode) ||
          info.st_size != file_at (self, i)->size)
        return FALSE;
    }

  return TRUE;
}

/* Writing -------------------------------------------------------------------------------------- */

static void
set (CvmKeyfile *file,
     const char *kind,
     const char *id,
     const char *key,
     const char *value)
{
  if (value != NULL)
    cvm_keyfile_set (file, kind, id, key, value);
}

gboolean
cvm_contents_save (const CvmContents  *self,
                   const char         *dir,
                   GError            **error)
{
  g_autofree char *path = g_build_filename (dir, CVM_STORE_CONTENTS, NULL);
  g_autoptr(CvmKeyfile) file = cvm_keyfile_new_from_data ("", 0, path, error);
  g_autofree char *text = NULL;
  gsize len;

  set (file, "Disk", "", "Format", self->format);
  set (file, "Disk", "", "Source", self->source);
  set (file, "Disk", "", "SourceSha256", self->source_sha256);
  for (guint i = 0; i < self->files->len; i++)
    {
      g_autofree char *id = g_strdup_printf ("%u", i + 1);
      g_autofree char *size = g_strdup_printf ("%" G_GINT64_FORMAT, file_at (self, i)->size);

      set (file, "File", id, "Name", file_at (self, i)->name);
      set (file, "File", id, "Size", size);
      set (file, "File", id, "Sha256", file_at (self, i)->sha256);
    }

  text = cvm_keyfile_to_data (file, &len);

  return cvm_file_write (path, text, (gssize)len, 0644, error);
}

/* Reading -------------------------------------------------------------------------------------- */

static const char *
get (CvmKeyfile *file,
     const char *kind,
     const char *id,
     const char *key)
{
  const CvmKeyfileEntry *entry = cvm_keyfile_find (file, kind, id, key);

  return entry != NULL ? entry->value : NULL;
}

static gboolean
is_sum (const char *text)
{
  return text != NULL && strlen (text) == 64 && strspn (text, "0123456789abcdef") == 64;
}

static gboolean
is_file_name (const char *text)
{
  return text != NULL && text[0] != '\0' && text[0] != '.' && strchr (text, '/') == NULL;
}

static gboolean
load_file (CvmContents            *self,
           CvmKeyfile             *file,
           const CvmKeyfileGroup  *group,
           GError                **error)
{
  const char *name = get (file, "File", group->id, "Name");
  const char *sum = get (file, "File", group->id, "Sha256");
  const char *size_text = get (file, "File", group->id, "Size");
  gint64 size;

  if (is_file_name (name) && is_sum (sum) && size_text != NULL && self->files->len < MAX_FILES &&
      g_ascii_string_to_signed (size_text, 10, 0, G_MAXINT64, &size, NULL))
    {
      cvm_contents_add (self, name, size, g_strdup (sum));
      return TRUE;
    }

  cvm_keyfile_error_at (file, group->line, error,
                        "a file needs a Name without a folder, a Size and a Sha256");

  return FALSE;
}

CvmContents *
cvm_contents_load (const char  *dir,
                   GError     **error)
{
  g_autofree char *path = g_build_filename (dir, CVM_STORE_CONTENTS, NULL);
  g_autoptr(CvmKeyfile) file = cvm_keyfile_load (path, error);
  g_autoptr(CvmContents) self = cvm_contents_new ();

  if (file == NULL)
    return NULL;

  self->format = g_strdup (get (file, "Disk", "", "Format"));
  self->source = g_strdup (get (file, "Disk", "", "Source"));
  self->source_sha256 = g_strdup (get (file, "Disk", "", "SourceSha256"));
  for (guint i = 0; i < cvm_keyfile_n_groups (file); i++)
    {
      const CvmKeyfileGroup *group = cvm_keyfile_group (file, i);

      if (g_str_equal (group->kind, "File") && !load_file (self, file, group, error))
        return NULL;
    }

  if (self->format != NULL && self->files->len > 0)
    return g_steal_pointer (&self);

  cvm_keyfile_error_at (file, 1, error, "it names no Format, or no file");

  return NULL;
}
