/* fuzz-unpack.c: any bytes as a download to be unpacked
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-unpack.h"

#include <glib/gstdio.h>
#include <stdint.h>
#include <sys/stat.h>

#define MAX_BYTES   (1024 * 1024)
#define MAX_ENTRIES 8

int LLVMFuzzerTestOneInput (const uint8_t *data,
                            size_t         size);

/* Made once; "into" lies in it, so that what is written beside that is seen */
static char *outer;
static char *into;

static void
remove_folders (void)
{
  g_rmdir (into);
  g_rmdir (outer);
}

static void
make_folders (void)
{
  if (outer != NULL)
    return;

  outer = g_dir_make_tmp ("cvm-fuzz-XXXXXX", NULL);
  into = g_build_filename (outer, "into", NULL);
  g_assert_cmpint (g_mkdir (into, 0700), ==, 0);
  atexit (remove_folders);
}

static guint
count (const char *dir)
{
  g_autoptr(GDir) folder = g_dir_open (dir, 0, NULL);
  guint n = 0;

  g_assert_nonnull (folder);
  while (g_dir_read_name (folder) != NULL)
    n++;

  return n;
}

/* Removes what is below; returns how many bytes it has. All are files of this folder, or folders. */
static guint64
clear (const char *dir,
       guint      *n_files)
{
  g_autoptr(GDir) folder = g_dir_open (dir, 0, NULL);
  guint64 size = 0;
  const char *name;

  while ((name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *path = g_build_filename (dir, name, NULL);
      struct stat info;

      g_assert_cmpint (lstat (path, &info), ==, 0);
      g_assert_true (S_ISREG (info.st_mode) || S_ISDIR (info.st_mode));
      if (S_ISDIR (info.st_mode))
        size += clear (path, n_files);
      else
        size += info.st_size;
      *n_files += S_ISREG (info.st_mode) != 0;
      g_assert_cmpint (g_remove (path), ==, 0);
    }

  return size;
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autoptr(GInputStream) stream = g_memory_input_stream_new_from_data (data, size, NULL);
  g_autoptr(GPtrArray) files = NULL;
  g_autoptr(GError) error = NULL;
  CvmUnpack unpack = { .packed = stream, .name = "disk", .limits = { MAX_BYTES, MAX_ENTRIES, 100 } };
  guint n_files = 0;

  make_folders ();
  unpack.dir = into;
  files = cvm_unpack_run (&unpack, G_MAXINT64, NULL, &error);
  g_assert_true ((files == NULL) == (error != NULL));
  g_assert_cmpuint (count (outer), ==, 1);

  if (files == NULL)
    {
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      g_assert_cmpuint (count (into), ==, 0);
      return 0;
    }

  g_assert_cmpuint (clear (into, &n_files), <=, MAX_BYTES);
  g_assert_cmpuint (n_files, ==, files->len);
  g_assert_cmpuint (n_files, <=, MAX_ENTRIES);

  return 0;
}
