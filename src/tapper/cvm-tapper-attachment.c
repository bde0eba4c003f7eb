/* cvm-tapper-attachment.c: how a file goes with a report: its name, its type, its bytes
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-tapper-attachment.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gunixinputstream.h>
#include <gio/gunixoutputstream.h>
#include <string.h>
#include <unistd.h>

#define BLOCK    (64 * 1024)
#define NAME_SET G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS ".-"

/* The web pages show text/plain in place; whatever else they offer to save. */
static const struct
{
  const char *suffix;
  const char *type;
} types[] = {
  { ".gz", "application/gzip" },     { ".tgz", "application/gzip" },
  { ".log", "text/plain" },          { ".txt", "text/plain" },
  { ".tap", "text/plain" },          { ".out", "text/plain" },
  { ".err", "text/plain" },          { ".suite", "text/plain" },
  { ".ini", "text/plain" },          { ".html", "text/html" },
  { ".xml", "application/xml" },     { ".json", "application/json" },
  { ".jsonl", "application/json" },  { ".png", "image/png" },
  { ".jpg", "image/jpeg" },          { ".ppm", "image/x-portable-pixmap" },
};

static const char *
find_type (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    {
      gsize len = strlen (name);
      gsize suffix_len = strlen (types[i].suffix);

      if (len > suffix_len &&
          g_ascii_strcasecmp (name + len - suffix_len, types[i].suffix) == 0)
        return types[i].type;
    }

  return NULL;
}

/**
 * cvm_tapper_attachment_type:
 *
 * Returns: the content type that a name tells
 */
const char *
cvm_tapper_attachment_type (const char *name)
{
  const char *type = find_type (name);

  return type != NULL ? type : "application/octet-stream";
}

/**
 * cvm_tapper_attachment_compresses:
 *
 * Returns: whether a file of that name and size goes out as .gz: large text does
 */
gboolean
cvm_tapper_attachment_compresses (const char *name,
                                  guint64     size)
{
  const char *type = cvm_tapper_attachment_type (name);

  return size > CVM_TAPPER_COMPRESS_ABOVE
         && (g_str_has_prefix (type, "text/") || g_str_equal (type, "application/xml") ||
             g_str_equal (type, "application/json"));
}

static char *
number_name (const char *name,
             guint       number)
{
  const char *dot = strchr (name + 1, '.');
  g_autofree char *stem = dot != NULL ? g_strndup (name, dot - name) : g_strdup (name);

  return g_strdup_printf ("%s-%u%s", stem, number, dot != NULL ? dot : "");
}

/**
 * cvm_tapper_attachment_name:
 * @wish: any bytes
 * @taken: (element-type utf8 utf8): names in lower case; the new one is added
 *
 * Returns: a name of [A-Za-z0-9.-], not beginning with a dot, that no other has, whatever the
 *   case: the server compares without it, and takes `_` for any character
 */
char *
cvm_tapper_attachment_name (const char *wish,
                            GHashTable *taken)
{
  gsize len = strlen (wish);
  g_autofree char *base = NULL;
  char *name;

  /* A long name keeps its end, which tells its type. */
  base = g_strdup (len > CVM_TAPPER_NAME_MAX ? wish + len - CVM_TAPPER_NAME_MAX : wish);
  g_strcanon (base, NAME_SET, '-');
  if (*base == '.')
    *base = '-';
  if (*base == '\0')
    {
      g_free (base);
      base = g_strdup ("file");
    }

  name = g_strdup (base);
  for (guint i = 2;; i++)
    {
      char *lower = g_ascii_strdown (name, -1);

      if (g_hash_table_add (taken, lower))
        return name;

      g_free (name);
      name = number_name (base, i);
    }
}

static gboolean
pour (GInputStream   *in,
      GOutputStream  *out,
      GCancellable   *cancellable,
      GError        **error)
{
  g_autofree char *block = g_malloc (BLOCK);
  gssize n;

  while ((n = g_input_stream_read (in, block, BLOCK, cancellable, error)) > 0)
    {
      if (!g_output_stream_write_all (out, block, n, NULL, cancellable, error))
        return FALSE;
    }

  return n == 0;
}

/* Reads back what was written: its checksum is then that of the file, not of a wish. */
static gboolean
sum_up (int       fd,
        guint64  *size,
        char    **sha256,
        GError  **error)
{
  g_autoptr(GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autofree char *block = g_malloc (BLOCK);
  gssize n;

  *size = 0;
  while ((n = pread (fd, block, BLOCK, *size)) > 0)
    {
      *size += n;
      g_checksum_update (sum, (const guchar *)block, n);
    }

  if (n < 0)
    {
      g_set_error_literal (error, G_IO_ERROR, g_io_error_from_errno (errno), g_strerror (errno));
      return FALSE;
    }

  *sha256 = g_strdup (g_checksum_get_string (sum));

  return TRUE;
}

static gboolean
copy_to (GInputStream   *in,
         int             to,
         gboolean        compress,
         guint64        *size,
         char          **sha256,
         GCancellable   *cancellable,
         GError        **error)
{
  g_autoptr(GOutputStream) out = g_unix_output_stream_new (to, FALSE);

  if (compress)
    {
      g_autoptr(GZlibCompressor) gzip = g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, -1);
      GOutputStream *packed = g_converter_output_stream_new (out, G_CONVERTER (gzip));

      g_object_unref (out);
      out = packed;
    }

  if (!pour (in, out, cancellable, error) || !g_output_stream_close (out, cancellable, error))
    return FALSE;

  if (fsync (to) != 0)
    {
      g_set_error_literal (error, G_IO_ERROR, g_io_error_from_errno (errno), g_strerror (errno));
      return FALSE;
    }

  return sum_up (to, size, sha256, error);
}

/**
 * cvm_tapper_attachment_copy:
 * @from: a descriptor to read from; stays open
 * @to: a path where nothing is yet
 * @compress: as gzip
 * @size: (out): bytes of the new file, as @sha256
 *
 * Copies in blocks; the new file is on the disk when it returns.
 */
gboolean
cvm_tapper_attachment_copy (int            from,
                            const char    *to,
                            gboolean       compress,
                            guint64       *size,
                            char         **sha256,
                            GCancellable  *cancellable,
                            GError       **error)
{
  g_autoptr(GInputStream) in = g_unix_input_stream_new (from, FALSE);
  int fd = open (to, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  int code = errno;
  gboolean is_done;

  if (fd < 0)
    {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), "Cannot make %s: %s", to,
                   g_strerror (code));
      return FALSE;
    }

  is_done = copy_to (in, fd, compress, size, sha256, cancellable, error);
  close (fd);
  if (!is_done)
    g_prefix_error (error, "Cannot write %s: ", to);

  return is_done;
}
