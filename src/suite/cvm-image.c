/* cvm-image.c: what a guest boots from, as NAME.image describes it
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-image.h"

#include "cvm-file.h"
#include "cvm-keyfile.h"
#include "cvm-param.h"
#include "cvm-paths.h"
#include "cvm-text.h"

#include <stddef.h>
#include <string.h>
#include <sys/stat.h>

typedef enum
{
  KEY_TEXT,
  KEY_FILE,       /* must be there */
  KEY_SECRET,     /* the same, and nobody else may read it */
  KEY_SHA256,
  KEY_WORD,       /* without spaces, and not like an option */
  KEY_FORMAT,
  KEY_PATTERN,
  KEY_NUMBER,
} KeyType;

typedef struct
{
  const char *name;
  KeyType     type;
  gsize       offset;      /* in CvmImage */
  const char *needs;       /* a key without which this one says nothing */
  guint       min, max;
} Key;

#define AT(field) offsetof (CvmImage, field)

static const Key keys[] = {
  { "Name", KEY_TEXT, AT (name) },
  { "Description", KEY_TEXT, AT (description) },
  { "Version", KEY_TEXT, AT (version) },
  { "Release", KEY_TEXT, AT (release_id) },
  { "Disk", KEY_FILE, AT (disk) },
  { "DiskSha256", KEY_SHA256, AT (disk_sha256), "Disk" },
  { "Format", KEY_FORMAT, AT (format), "Disk" },
  { "Kernel", KEY_FILE, AT (kernel) },
  { "KernelSha256", KEY_SHA256, AT (kernel_sha256), "Kernel" },
  { "Initrd", KEY_FILE, AT (initrd), "Kernel" },
  { "InitrdSha256", KEY_SHA256, AT (initrd_sha256), "Initrd" },
  { "Cmdline", KEY_TEXT, AT (cmdline), "Kernel" },
  { "Seed", KEY_FILE, AT (seed) },
  { "Context", KEY_FILE, AT (context) },
  { "Arch", KEY_WORD, AT (arch) },
  { "Memory", KEY_NUMBER, AT (memory_mib), NULL, 16, 1024 * 1024 },
  { "Cpus", KEY_NUMBER, AT (cpus), NULL, 1, 256 },
  { "User", KEY_WORD, AT (user) },
  { "Key", KEY_FILE, AT (key) },
  { "PasswordFile", KEY_SECRET, AT (password_file) },
  { "WebPasswordFile", KEY_SECRET, AT (web_password_file) },
  { "Ready", KEY_PATTERN, AT (ready) },
  { "Mask", KEY_FILE, AT (mask) },
};

/* As qemu-img names them */
static const char *const formats[] = { "raw", "qcow2", "qcow", "vmdk", "vdi", "vpc", "vhdx", NULL };

static const struct { const char *suffix, *format; } suffixes[] = {
  { ".raw", "raw" }, { ".img", "raw" }, { ".hdd", "raw" }, { ".qcow2", "qcow2" },
  { ".vmdk", "vmdk" }, { ".vdi", "vdi" }, { ".vhd", "vpc" }, { ".vhdx", "vhdx" },
};

static const char *
format_of_suffix (const char *disk)
{
  for (guint i = 0; i < G_N_ELEMENTS (suffixes); i++)
    {
      if (g_str_has_suffix (disk, suffixes[i].suffix))
        return suffixes[i].format;
    }

  return NULL;
}

static char **
string_at (CvmImage  *self,
           const Key *key)
{
  return G_STRUCT_MEMBER_P (self, key->offset);
}

CvmImage *
cvm_image_new (const char *path)
{
  CvmImage *self = g_new0 (CvmImage, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->path = g_canonicalize_filename (path, NULL);
  self->memory_mib = 512;
  self->cpus = 1;

  return self;
}

static void
default_to (char       **text,
            const char  *value)
{
  if (*text == NULL)
    *text = g_strdup (value);
}

/* The file's name without its folder and its last suffix */
static char *
name_of_path (const char *path)
{
  char *base = g_path_get_basename (path);
  char *dot = strrchr (base, '.');

  if (dot != NULL && dot != base)
    *dot = '\0';

  return base;
}

static void
fill_defaults (CvmImage *self)
{
  if (self->name == NULL)
    self->name = name_of_path (self->path);

  default_to (&self->arch, "x86_64");
  default_to (&self->user, "root");
}

/* "KEY is 'value'; ALLOWED" */
static gboolean
refuse (CvmKeyfile             *file,
        const CvmKeyfileEntry  *entry,
        const char             *allowed,
        GError                **error)
{
  g_autofree char *shown = cvm_text_quote (entry->value);

  cvm_keyfile_error_at (file, entry->line, error, "%s is %s; %s", entry->key, shown, allowed);

  return FALSE;
}

static gboolean
read_file (CvmKeyfile             *file,
           const CvmKeyfileEntry  *entry,
           const Key              *key,
           char                  **path,
           GError                **error)
{
  struct stat info;

  *path = cvm_file_beside (cvm_keyfile_get_name (file), entry->value);

  if (stat (*path, &info) != 0 || S_ISDIR (info.st_mode))
    return refuse (file, entry, "there is no such file beside this one; correct the path, "
                   "or fetch the file", error);

  if (key->type == KEY_SECRET && (info.st_mode & 077) != 0)
    return refuse (file, entry, "others may read that file; 'chmod 600' it", error);

  return TRUE;
}

static gboolean
read_sha256 (CvmKeyfile             *file,
             const CvmKeyfileEntry  *entry,
             char                  **sum,
             GError                **error)
{
  *sum = g_ascii_strdown (entry->value, -1);

  return (strlen (*sum) == 64 && strspn (*sum, "0123456789abcdef") == 64) ||
         refuse (file, entry, "a SHA-256 is 64 hex digits, as sha256sum prints it", error);
}

static gboolean
read_number (CvmKeyfile             *file,
             const CvmKeyfileEntry  *entry,
             const Key              *key,
             guint                  *number,
             GError                **error)
{
  CvmParam param = { .name = key->name, .type = CVM_PARAM_INTEGER,
                     .min = key->min, .max = key->max };
  g_autoptr(GError) local = NULL;
  gint64 value;

  if (!cvm_param_validate (&param, entry->value, &local))
    {
      cvm_keyfile_error_at (file, entry->line, error, "%s", local->message);
      return FALSE;
    }

  cvm_param_parse_integer (entry->value, &value);
  *number = (guint)value;

  return TRUE;
}

static gboolean
read_pattern (CvmKeyfile             *file,
              const CvmKeyfileEntry  *entry,
              char                  **pattern,
              GError                **error)
{
  CvmParam param = { .name = entry->key, .type = CVM_PARAM_PATTERN };
  g_autoptr(GError) local = NULL;

  *pattern = g_strdup (entry->value);
  if (cvm_param_validate (&param, entry->value, &local))
    return TRUE;

  cvm_keyfile_error_at (file, entry->line, error, "%s", local->message);

  return FALSE;
}

static gboolean
read_text (CvmKeyfile             *file,
           const CvmKeyfileEntry  *entry,
           const Key              *key,
           char                  **text,
           GError                **error)
{
  *text = g_strdup (entry->value);

  if (key->type == KEY_WORD
      && (entry->value[0] == '-' || strpbrk (entry->value, " \t\r\n") != NULL))
    return refuse (file, entry, "it must not contain spaces, nor begin with '-'", error);

  if (key->type == KEY_FORMAT && !g_strv_contains (formats, entry->value))
    return refuse (file, entry, "allowed: raw, qcow2, qcow, vmdk, vdi, vpc, vhdx", error);

  return TRUE;
}

static gboolean
read_key (CvmImage               *self,
          CvmKeyfile             *file,
          const CvmKeyfileEntry  *entry,
          const Key              *key,
          GError                **error)
{
  char **text = string_at (self, key);

  if (entry->value[0] == '\0')
    return refuse (file, entry, "give it a value, or remove the line", error);

  if (key->needs != NULL && cvm_keyfile_find (file, "Image", "", key->needs) == NULL)
    {
      cvm_keyfile_error_at (file, entry->line, error,
                            "%s without %s; add the %s, or remove this line",
                            key->name, key->needs, key->needs);
      return FALSE;
    }

  switch (key->type)
    {
    case KEY_FILE:
    case KEY_SECRET:
      return read_file (file, entry, key, text, error);
    case KEY_SHA256:
      return read_sha256 (file, entry, text, error);
    case KEY_PATTERN:
      return read_pattern (file, entry, text, error);
    case KEY_NUMBER:
      return read_number (file, entry, key, G_STRUCT_MEMBER_P (self, key->offset), error);
    case KEY_TEXT:
    case KEY_WORD:
    case KEY_FORMAT:
    default:
      return read_text (file, entry, key, text, error);
    }
}

static const Key *
find_key (CvmKeyfile             *file,
          const CvmKeyfileEntry  *entry,
          GError                **error)
{
  const char *names[G_N_ELEMENTS (keys) + 1] = { NULL };
  const char *nearest;

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      if (g_str_equal (keys[i].name, entry->key))
        return &keys[i];
      names[i] = keys[i].name;
    }

  nearest = cvm_text_nearest (entry->key, names);
  if (nearest != NULL)
    {
      cvm_keyfile_error_at (file, entry->line, error, "[Image] has no key '%s'; did you mean '%s'?",
                            entry->key, nearest);
    }
  else
    {
      g_autofree char *list = g_strjoinv (", ", (char **)names);

      cvm_keyfile_error_at (file, entry->line, error, "[Image] has no key '%s'; allowed: %s",
                            entry->key, list);
    }

  return NULL;
}

/* The file holds [Image], and nothing else. */
static gboolean
check_groups (CvmKeyfile  *file,
              GError     **error)
{
  for (guint i = 0; i < cvm_keyfile_n_groups (file); i++)
    {
      const CvmKeyfileGroup *group = cvm_keyfile_group (file, i);

      if (g_str_equal (group->kind, "Image") && group->id[0] == '\0')
        continue;

      cvm_keyfile_error_at (file, group->line, error,
                            "an image's file holds the group [Image] only; remove this one");
      return FALSE;
    }

  if (cvm_keyfile_n_groups (file) > 0)
    return TRUE;

  cvm_keyfile_error_at (file, 1, error, "there is no [Image]; begin the file with it");

  return FALSE;
}

/* Something to boot from, in a format that is known */
static gboolean
check_disk (CvmImage    *self,
            CvmKeyfile  *file,
            GError     **error)
{
  const CvmKeyfileEntry *disk = cvm_keyfile_find (file, "Image", "", "Disk");

  if (disk == NULL && self->kernel == NULL)
    {
      cvm_keyfile_error_at (file, cvm_keyfile_group (file, 0)->line, error,
                            "there is nothing to boot from; add Disk= or Kernel=");
      return FALSE;
    }

  if (disk == NULL || self->format != NULL)
    return TRUE;

  self->format = g_strdup (format_of_suffix (self->disk));

  return self->format != NULL ||
         refuse (file, disk, "its name does not tell its format; add Format=raw, qcow2, …", error);
}

CvmImage *
cvm_image_load (const char  *path,
                GError     **error)
{
  g_autoptr(CvmKeyfile) file = cvm_keyfile_load (path, error);

  return file != NULL ? cvm_image_new_from_keyfile (file, error) : NULL;
}

CvmImage *
cvm_image_new_from_keyfile (CvmKeyfile  *file,
                            GError     **error)
{
  g_autoptr(CvmImage) self = NULL;

  if (!check_groups (file, error))
    return NULL;

  self = cvm_image_new (cvm_keyfile_get_name (file));

  for (guint i = 0; i < cvm_keyfile_n_entries (file, 0); i++)
    {
      const CvmKeyfileEntry *entry = cvm_keyfile_entry (file, 0, i);
      const Key *key = find_key (file, entry, error);

      if (key == NULL || !read_key (self, file, entry, key, error))
        return NULL;
    }

  if (!check_disk (self, file, error))
    return NULL;

  fill_defaults (self);

  return g_steal_pointer (&self);
}

static CvmImage *
image_of_disk (const char  *path,
               const char  *format,
               GError     **error)
{
  CvmImage *self;

  if (!g_file_test (path, G_FILE_TEST_EXISTS) || g_file_test (path, G_FILE_TEST_IS_DIR))
    {
      g_set_error (error, CVM_KEYFILE_ERROR, CVM_KEYFILE_ERROR_UNREADABLE,
                   "There is no disk %s; check the path", path);
      return NULL;
    }

  self = cvm_image_new (path);
  self->disk = g_strdup (self->path);
  self->format = g_strdup (format);
  fill_defaults (self);

  return self;
}

CvmImage *
cvm_image_find (const char  *name_or_path,
                GError     **error)
{
  const char *format = format_of_suffix (name_or_path);
  g_autofree char *file = g_strconcat (name_or_path, ".image", NULL);
  g_autofree char *path = cvm_paths_find ("images", file);
  g_autofree char *shown = NULL;
  g_autofree char *places = NULL;
  g_auto(GStrv) dirs = NULL;

  if (path != NULL)
    return cvm_image_load (path, error);

  if (format != NULL)
    return image_of_disk (name_or_path, format, error);

  if (strchr (name_or_path, '/') != NULL || g_str_has_suffix (name_or_path, ".image"))
    return cvm_image_load (name_or_path, error);

  shown = cvm_text_quote (name_or_path);
  dirs = cvm_paths_dirs ("images");
  places = g_strjoinv (", ", dirs);
  g_set_error (error, CVM_KEYFILE_ERROR, CVM_KEYFILE_ERROR_UNREADABLE,
               "There is no image %s; name an image, or the path of an .image file or a disk "
               "(looked in %s)", shown, places);

  return NULL;
}

CvmImage *
cvm_image_ref (CvmImage *self)
{
  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

void
cvm_image_unref (CvmImage *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      if (keys[i].type != KEY_NUMBER)
        g_free (*string_at (self, &keys[i]));
    }

  g_free (self->path);
  g_free (self);
}

static CvmImage *
copy_image (CvmImage *self)
{
  CvmImage *copy = cvm_image_new (self->path);

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      if (keys[i].type != KEY_NUMBER)
        *string_at (copy, &keys[i]) = g_strdup (*string_at (self, &keys[i]));
    }

  copy->memory_mib = self->memory_mib;
  copy->cpus = self->cpus;

  return copy;
}

CvmImage *
cvm_image_with_ready (CvmImage   *self,
                      const char *ready)
{
  CvmImage *copy = copy_image (self);

  g_free (copy->ready);
  copy->ready = g_strdup (ready);

  return copy;
}

CvmImage *
cvm_image_with_args (CvmImage   *self,
                     const char *kernel_args)
{
  CvmImage *copy = copy_image (self);

  g_free (copy->cmdline);
  copy->cmdline = self->cmdline == NULL ? g_strdup (kernel_args)
                                        : g_strdup_printf ("%s %s", self->cmdline, kernel_args);

  return copy;
}

/* Relative where it lies below the image's own folder, so that the folder can be moved */
static char *
path_beside (const CvmImage *self,
             const char     *path)
{
  g_autofree char *dir = g_path_get_dirname (self->path);
  gsize len = strlen (dir);

  if (g_str_has_prefix (path, dir) && path[len] == '/')
    return g_strdup (path + len + 1);

  return g_strdup (path);
}

static char *
value_of (const CvmImage *self,
          const Key      *key)
{
  const char *text;

  if (key->type == KEY_NUMBER)
    return g_strdup_printf ("%u", G_STRUCT_MEMBER (guint, self, key->offset));

  text = G_STRUCT_MEMBER (char *, self, key->offset);
  if (text != NULL && (key->type == KEY_FILE || key->type == KEY_SECRET))
    return path_beside (self, text);

  return g_strdup (text);
}

gboolean
cvm_image_save (const CvmImage  *self,
                GError         **error)
{
  g_autoptr(CvmKeyfile) file = cvm_keyfile_new_from_data ("", 0, self->path, error);
  g_autofree char *text = NULL;
  gsize len;

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      g_autofree char *value = value_of (self, &keys[i]);

      if (value != NULL)
        cvm_keyfile_set (file, "Image", "", keys[i].name, value);
    }

  text = cvm_keyfile_to_data (file, &len);

  return cvm_file_write (self->path, text, (gssize)len, 0644, error);
}
