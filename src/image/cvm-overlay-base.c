/* cvm-overlay-base.c: does an image draw on other files of this machine?
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-overlay-private.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cvm-engine-error.h"
#include "cvm-json.h"
#include "cvm-text.h"

#define HEAD_MAX (64 * 1024)
#define INFO_MAX (1024 * 1024)

static void
refuse (const char  *base,
        const char  *draws_on,
        const char  *name,
        GError     **error)
{
  g_autofree char *quoted = name != NULL ? cvm_text_quote (name) : NULL;

  g_set_error (error, CVM_ENGINE_ERROR, CVM_ENGINE_ERROR_REFUSED,
               "%s is not used: it draws on %s%s%s, and by such a name a guest could read any file "
               "of this machine. If you trust it, make it one whole image with qemu-img convert",
               base, draws_on, quoted != NULL ? " " : "", quoted != NULL ? quoted : "");
}

/* The first bytes of a regular file */
static char *
read_head (const char  *path,
           gsize       *len,
           goffset     *size,
           GError     **error)
{
  g_autofree char *head = g_malloc0 (HEAD_MAX + 1);
  struct stat info = { 0 };
  int fd = open (path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  gssize n = -1;

  if (fd >= 0 && fstat (fd, &info) == 0)
    {
      n = S_ISREG (info.st_mode) ? pread (fd, head, HEAD_MAX, 0) : -1;
      if (!S_ISREG (info.st_mode))
        errno = S_ISDIR (info.st_mode) ? EISDIR : EINVAL;
    }

  if (n < 0)
    {
      int code = errno;

      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), "Cannot read the image %s: %s",
                   path, code == EINVAL ? "it is not a regular file" : g_strerror (code));
    }

  if (fd >= 0)
    close (fd);

  *len = MAX (n, 0);
  *size = info.st_size;

  return n >= 0 ? g_steal_pointer (&head) : NULL;
}

static guint64
read_be64 (const char *bytes)
{
  guint64 value;

  memcpy (&value, bytes, sizeof value);

  return GUINT64_FROM_BE (value);
}

/* docs/interop/qcow2.txt of QEMU: the backing file's name begins at the offset of byte 8; bit 2 of
 * the incompatible features (byte 72, from version 3 on) means that the data lies elsewhere. */
static gboolean
qcow2_is_alone (const char  *base,
                const char  *head,
                GError     **error)
{
  if (memcmp (head, "QFI\xfb", 4) != 0)
    return TRUE;   /* qemu-img will say that it is no qcow2 */

  if (head[7] >= 3 && (read_be64 (head + 72) & 4) != 0)
    {
      refuse (base, "an external data file", NULL, error);
      return FALSE;
    }

  if (read_be64 (head + 8) != 0)
    {
      refuse (base, "a backing file", NULL, error);
      return FALSE;
    }

  return TRUE;
}

/* An extent is the image itself, or a file (no link) in its folder. */
static gboolean
is_beside (const char *base,
           const char *extent)
{
  g_autofree char *base_dir = g_path_get_dirname (base);
  g_autofree char *extent_dir = g_path_get_dirname (extent);
  struct stat info;

  return g_str_equal (base, extent) ||
         (g_str_equal (base_dir, extent_dir) && lstat (extent, &info) == 0 &&
          S_ISREG (info.st_mode));
}

/* Extents are lines such as: RW 4192256 FLAT "disk-flat.vmdk" 0. QEMU takes any white space
 * between the words, line ends too. */
char **
cvm_overlay_extents (const char *descriptor)
{
  g_autoptr(GRegex) extent = g_regex_new ("[A-Z]\\s+\"([^\"\\r\\n]*)", G_REGEX_RAW, 0, NULL);
  g_autoptr(GMatchInfo) match = NULL;
  g_autoptr(GStrvBuilder) names = g_strv_builder_new ();

  for (g_regex_match (extent, descriptor, 0, &match); g_match_info_matches (match);
       g_match_info_next (match, NULL))
    {
      g_autofree char *name = g_match_info_fetch (match, 1);

      g_strv_builder_add (names, name);
    }

  return g_strv_builder_end (names);
}

static gboolean
names_are_beside (const char  *base,
                  const char  *descriptor,
                  GError     **error)
{
  g_auto(GStrv) names = cvm_overlay_extents (descriptor);
  g_autofree char *dir = g_path_get_dirname (base);

  for (char **name = names; *name != NULL; name++)
    {
      g_autofree char *path = g_build_filename (dir, *name, NULL);

      if (strpbrk (*name, "/:") != NULL || !is_beside (base, path))
        {
          refuse (base, "the extent", *name, error);
          return FALSE;
        }
    }

  return TRUE;
}

/* A vmdk is one sparse file, or a text that names the files with the data. Those may only lie
 * beside it. */
static gboolean
vmdk_is_alone (const char  *base,
               const char  *head,
               goffset      size,
               GError     **error)
{
  guint64 capacity;

  memcpy (&capacity, head + 12, sizeof capacity);
  if (memcmp (head, "COWD", 4) == 0 || (memcmp (head, "KDMV", 4) == 0 && capacity != 0))
    return TRUE;

  if (size <= HEAD_MAX && memcmp (head, "KDMV", 4) != 0)
    return names_are_beside (base, head, error);

  refuse (base, "files that are named in a descriptor of unknown form", NULL, error);

  return FALSE;
}

gboolean
cvm_overlay_base_is_alone (const char   *base,
                           const char   *format,
                           GError      **error)
{
  gsize len;
  goffset size;
  g_autofree char *head = read_head (base, &len, &size, error);

  if (head == NULL)
    return FALSE;

  if (g_str_equal (format, "qcow2"))
    return qcow2_is_alone (base, head, error);

  return !g_str_equal (format, "vmdk") || vmdk_is_alone (base, head, size, error);
}

static gboolean
extents_are_alone (const char  *base,
                   JsonObject  *data,
                   GError     **error)
{
  JsonNode *node = data != NULL ? json_object_get_member (data, "extents") : NULL;
  JsonArray *extents = node != NULL && JSON_NODE_HOLDS_ARRAY (node)
                       ? json_node_get_array (node) : NULL;

  for (guint i = 0; extents != NULL && i < json_array_get_length (extents); i++)
    {
      JsonNode *item = json_array_get_element (extents, i);
      const char *name = JSON_NODE_HOLDS_OBJECT (item)
                         ? cvm_json_string (json_node_get_object (item), "filename", "") : "";

      if (!is_beside (base, name))
        {
          refuse (base, "the extent", name, error);
          return FALSE;
        }
    }

  return TRUE;
}

gboolean
cvm_overlay_info_is_alone (const char   *base,
                           const char   *info,
                           gsize         info_len,
                           GError      **error)
{
  g_autoptr(JsonNode) root = cvm_json_parse (info, info_len, INFO_MAX, error);
  JsonObject *specific, *data;
  const char *backing;

  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    {
      if (root != NULL)
        g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "it is no object");
      g_prefix_error (error, "qemu-img's description of %s cannot be read: ", base);
      return FALSE;
    }

  specific = cvm_json_object (json_node_get_object (root), "format-specific");
  data = specific != NULL ? cvm_json_object (specific, "data") : NULL;
  backing = cvm_json_string (json_node_get_object (root), "backing-filename", NULL);

  if (backing != NULL)
    {
      refuse (base, "the backing file", backing, error);
      return FALSE;
    }

  if (data != NULL && json_object_has_member (data, "data-file"))
    {
      refuse (base, "the data file", cvm_json_string (data, "data-file", NULL), error);
      return FALSE;
    }

  return extents_are_alone (base, data, error);
}
