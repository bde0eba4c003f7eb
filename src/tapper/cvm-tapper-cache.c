/* cvm-tapper-cache.c: fetched reports, kept on the disk
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-tapper-cache.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "cvm-file.h"

#define MAGIC    "cvmtester-cache 1 "   /* then the content's SHA-256 and a line's end */
#define HEAD_LEN (sizeof MAGIC - 1 + 64 + 1)

typedef struct
{
  char    *path;
  guint64  size;
  gint64   used_s;
} Entry;

static char *
root_folder (void)
{
  return g_build_filename (g_get_user_cache_dir (), "cvmtester", "reports", NULL);
}

/* By where the reports are, not by the name: a server that moves is another one. */
static char *
entry_path (const CvmTapperServer *server,
            const char            *name)
{
  g_autofree char *receiver = cvm_tapper_server_dup_receiver (server);
  g_autofree char *api = cvm_tapper_server_dup_api (server);
  g_autofree char *where = g_strjoin (" ", receiver, api != NULL ? api : "-",
                                      server->web != NULL ? server->web : "-", NULL);
  g_autofree char *sum = g_compute_checksum_for_string (G_CHECKSUM_SHA256, where, -1);
  g_autofree char *root = root_folder ();

  sum[16] = '\0';

  return g_build_filename (root, sum, name, NULL);
}

static GBytes *
check_entry (char *data,
             gsize len)
{
  g_autofree char *owned = data;
  g_autofree char *sum = NULL;

  if (len < HEAD_LEN || !g_str_has_prefix (data, MAGIC) || data[HEAD_LEN - 1] != '\n')
    return NULL;

  sum = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *)data + HEAD_LEN,
                                     len - HEAD_LEN);

  return memcmp (sum, data + strlen (MAGIC), 64) == 0
         ? g_bytes_new (data + HEAD_LEN, len - HEAD_LEN) : NULL;
}

/**
 * cvm_tapper_cache_get:
 * @name: of the entry: constants and integers
 * @stored_us: (out) (optional): when it was put, UTC
 *
 * Returns: (nullable): %NULL where it is not there, or not whole
 */
GBytes *
cvm_tapper_cache_get (const CvmTapperServer *server,
                      const char            *name,
                      gint64                *stored_us)
{
  const struct timespec used[2] = { { .tv_nsec = UTIME_NOW }, { .tv_nsec = UTIME_OMIT } };
  g_autofree char *path = entry_path (server, name);
  struct stat info;
  gsize len;
  char *data = cvm_file_read (path, HEAD_LEN + CVM_TAPPER_CACHE_ENTRY_MAX, &len, NULL);
  GBytes *bytes = data != NULL ? check_entry (data, len) : NULL;

  if (bytes == NULL)
    {
      g_unlink (path);
      return NULL;
    }

  /* The time of access tells what was used, that of the change when it was put. */
  if (stored_us != NULL)
    *stored_us = stat (path, &info) == 0 ? info.st_mtime * G_USEC_PER_SEC : 0;
  utimensat (AT_FDCWD, path, used, 0);

  return bytes;
}

/**
 * cvm_tapper_cache_put:
 *
 * Keeps @bytes whole or not at all.
 */
void
cvm_tapper_cache_put (const CvmTapperServer *server,
                      const char            *name,
                      GBytes                *bytes)
{
  g_autofree char *path = entry_path (server, name);
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *sum = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes);
  g_autoptr(GByteArray) data = g_byte_array_new ();
  g_autoptr(GError) error = NULL;
  gsize len;
  const guint8 *content = g_bytes_get_data (bytes, &len);

  if (len > CVM_TAPPER_CACHE_ENTRY_MAX || g_mkdir_with_parents (folder, 0700) != 0)
    return;

  g_byte_array_append (data, (const guint8 *)MAGIC, strlen (MAGIC));
  g_byte_array_append (data, (const guint8 *)sum, 64);
  g_byte_array_append (data, (const guint8 *)"\n", 1);
  if (len > 0)
    g_byte_array_append (data, content, (guint)len);
  if (!cvm_file_write (path, (const char *)data->data, data->len, 0600, &error))
    g_debug ("Not cached: %s", error->message);

  cvm_tapper_cache_trim (CVM_TAPPER_CACHE_MAX);
}

void
cvm_tapper_cache_remove (const CvmTapperServer *server,
                         const char            *name)
{
  g_autofree char *path = entry_path (server, name);

  g_unlink (path);
}

/* The limit ---------------------------------------------------------------------------------- */

static void
entry_clear (gpointer data)
{
  g_free (((Entry *)data)->path);
}

static gint
compare_used (gconstpointer a,
              gconstpointer b)
{
  gint64 left = ((const Entry *)a)->used_s, right = ((const Entry *)b)->used_s;

  return (left > right) - (left < right);
}

static guint64
add_folder (GArray     *entries,
            const char *folder)
{
  g_autoptr(GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;
  guint64 total = 0;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      Entry entry = { .path = g_build_filename (folder, name, NULL) };
      struct stat info;

      if (lstat (entry.path, &info) != 0 || !S_ISREG (info.st_mode))
        {
          g_free (entry.path);
          continue;
        }

      entry.size = (guint64)info.st_size;
      entry.used_s = MAX (info.st_atime, info.st_mtime);
      total += entry.size;
      g_array_append_val (entries, entry);
    }

  return total;
}

/**
 * cvm_tapper_cache_trim:
 * @max: bytes
 *
 * Removes what was used least lately, until the rest is no larger.
 */
void
cvm_tapper_cache_trim (guint64 max)
{
  g_autofree char *root = root_folder ();
  g_autoptr(GDir) dir = g_dir_open (root, 0, NULL);
  g_autoptr(GArray) entries = g_array_new (FALSE, FALSE, sizeof (Entry));
  const char *name;
  guint64 total = 0;

  g_array_set_clear_func (entries, entry_clear);
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *folder = g_build_filename (root, name, NULL);

      total += add_folder (entries, folder);
    }

  if (total <= max)
    return;

  g_array_sort (entries, compare_used);
  for (guint i = 0; i < entries->len && total > max; i++)
    {
      Entry *entry = &g_array_index (entries, Entry, i);

      if (g_unlink (entry->path) == 0)
        total -= entry->size;
    }
}
