/* cvm-open-kind.c: what a file is that the program is asked to open
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-open-kind.h"

#include <glib/gi18n.h>
#include <string.h>

#include "cvm-tap-line.h"

#define TAR_BLOCK 512
#define TAR_NAME  100
#define TAR_MAGIC 257

/* Names --------------------------------------------------------------------------------------- */

static const struct
{
  const char  *suffix;
  CvmOpenKind  kind;
} suffixes[] = {
  { ".suite", CVM_OPEN_SUITE }, { ".tap", CVM_OPEN_TAP },    { ".cfg", CVM_OPEN_CFG },
  { ".qcow2", CVM_OPEN_DISK },  { ".qcow", CVM_OPEN_DISK },  { ".img", CVM_OPEN_DISK },
  { ".raw", CVM_OPEN_DISK },    { ".hdd", CVM_OPEN_DISK },   { ".vmdk", CVM_OPEN_DISK },
  { ".vdi", CVM_OPEN_DISK },    { ".vhd", CVM_OPEN_DISK },   { ".vhdx", CVM_OPEN_DISK },
  { ".ova", CVM_OPEN_DISK },    { ".zip", CVM_OPEN_DISK },   { ".gz", CVM_OPEN_DISK },
  { ".bz2", CVM_OPEN_DISK },    { ".xz", CVM_OPEN_DISK },    { ".zst", CVM_OPEN_DISK },
};

static CvmOpenKind
kind_of_name (const char *name)
{
  g_autofree char *low = name != NULL ? g_ascii_strdown (name, -1) : NULL;

  for (guint i = 0; low != NULL && i < G_N_ELEMENTS (suffixes); i++)
    if (g_str_has_suffix (low, suffixes[i].suffix))
      return suffixes[i].kind;

  return CVM_OPEN_UNKNOWN;
}

/* Text ---------------------------------------------------------------------------------------- */

/* The next line, without its end; NULL after the last */
static const char *
next_line (const char **bytes,
           gsize       *len,
           gsize       *line_len)
{
  const char *line = *bytes;
  const char *newline = memchr (line, '\n', *len);

  if (*len == 0)
    return NULL;

  *line_len = newline != NULL ? (gsize)(newline - line) : *len;
  *len -= MIN (*len, *line_len + 1);
  *bytes += *line_len + (newline != NULL);
  if (*line_len > 0 && line[*line_len - 1] == '\r')
    (*line_len)--;

  return line;
}

static gboolean
begins (const char *line,
        gsize       len,
        const char *word)
{
  gsize n = strlen (word);

  return len >= n && memcmp (line, word, n) == 0;
}

static gboolean
is_cfg_line (const char *line,
             gsize       len)
{
  const char *equals = memchr (line, '=', len);

  if (begins (line, len, "export "))
    line += strlen ("export ");

  return equals != NULL && equals > line && begins (line, (gsize)(equals - line), "CVM_");
}

/* A line that says what all of the file is; UNKNOWN: it says nothing */
static CvmOpenKind
kind_of_line (const char *line,
              gsize       len)
{
  CvmTapLine tap;

  if (begins (line, len, "[Suite]"))
    return CVM_OPEN_SUITE;
  if (is_cfg_line (line, len))
    return CVM_OPEN_CFG;

  tap = cvm_tap_line_parse (line, len, CVM_TAP_DIALECT_14);

  return tap.kind == CVM_TAP_PLAN || tap.kind == CVM_TAP_POINT || tap.kind == CVM_TAP_VERSION
           ? CVM_OPEN_TAP : CVM_OPEN_UNKNOWN;
}

static CvmOpenKind
kind_of_text (const char *bytes,
              gsize       len)
{
  CvmOpenKind kind = CVM_OPEN_UNKNOWN;
  const char *line;
  gsize line_len;

  if (memchr (bytes, '\0', len) != NULL)
    return kind;

  while (kind == CVM_OPEN_UNKNOWN && (line = next_line (&bytes, &len, &line_len)) != NULL)
    kind = kind_of_line (line, line_len);

  return kind;
}

/* Archives ------------------------------------------------------------------------------------ */

static gboolean
is_test_name (const char *name)
{
  return g_str_has_suffix (name, "meta.yml") || g_str_has_suffix (name, ".t") ||
         g_str_has_suffix (name, ".tap");
}

/* What the head of a tar holds: tests, or else a disk */
static CvmOpenKind
kind_of_tar (const char *bytes,
             gsize       len)
{
  gsize at = 0;

  while (at + TAR_BLOCK <= len && begins (bytes + at + TAR_MAGIC, TAR_BLOCK - TAR_MAGIC, "ustar"))
    {
      g_autofree char *name = g_strndup (bytes + at, TAR_NAME);
      g_autofree char *digits = g_strndup (bytes + at + 124, 11);
      guint64 size = g_ascii_strtoull (digits, NULL, 8);

      at += TAR_BLOCK;
      if (is_test_name (name) || (at < len && size > 0 && kind_of_text (bytes + at, MIN (
                                    size, len - at)) == CVM_OPEN_TAP))
        return CVM_OPEN_TAP;
      if (size > len)
        break;
      at += (size + TAR_BLOCK - 1) / TAR_BLOCK * TAR_BLOCK;
    }

  return CVM_OPEN_DISK;
}

static CvmOpenKind
kind_of_gzip (const char *bytes,
              gsize       len)
{
  g_autoptr(GConverter) unzip =
    G_CONVERTER (g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP));
  g_autofree char *out = g_malloc (CVM_OPEN_HEAD);
  gsize n_out = 0;

  for (gsize at = 0; at < len && n_out < CVM_OPEN_HEAD;)
    {
      gsize n_read, n_written;
      GConverterResult result = g_converter_convert (unzip, bytes + at, len - at, out + n_out,
                                                     CVM_OPEN_HEAD - n_out, G_CONVERTER_NO_FLAGS,
                                                     &n_read, &n_written, NULL);

      if (result == G_CONVERTER_ERROR || n_read + n_written == 0)
        break;
      at += n_read;
      n_out += n_written;
      if (result == G_CONVERTER_FINISHED)
        break;
    }

  return n_out > TAR_MAGIC + 5 && begins (out + TAR_MAGIC, 5, "ustar") ? kind_of_tar (out, n_out)
                                                                       : CVM_OPEN_DISK;
}

#define ZIP_HEAD    30
#define ZIP_METHOD  8
#define ZIP_PACKED  18       /* bytes of the file, as it is packed */
#define ZIP_NAME    26       /* bytes of its name, and then of more that comes before the file */
#define ZIP_DEFLATE 8

static guint
two_bytes (const char *bytes)
{
  return (guint8)bytes[0] | (guint)(guint8)bytes[1] << 8;
}

static gboolean
is_packed_tap (const char *bytes,
               gsize       len,
               gboolean    is_plain)
{
  g_autoptr(GConverter) unpack =
    G_CONVERTER (g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_RAW));
  char head[512];
  gsize n_read, n = 0;

  if (is_plain)
    return kind_of_text (bytes, len) == CVM_OPEN_TAP;

  g_converter_convert (unpack, bytes, len, head, sizeof head, G_CONVERTER_NO_FLAGS, &n_read, &n,
                       NULL);

  return n > 0 && kind_of_text (head, n) == CVM_OPEN_TAP;
}

/* What the first files of a zip are: tests, or else a disk. One whose size is told only behind it
 * ends the look. */
static CvmOpenKind
kind_of_zip (const char *bytes,
             gsize       len)
{
  gsize at = 0;

  while (at + ZIP_HEAD <= len && begins (bytes + at, len - at, "PK\x03\x04"))
    {
      const char *head = bytes + at;
      guint method = two_bytes (head + ZIP_METHOD);
      gsize packed = two_bytes (head + ZIP_PACKED) | (gsize)two_bytes (head + ZIP_PACKED + 2) << 16;
      gsize name_len = two_bytes (head + ZIP_NAME);
      g_autofree char *name = NULL;

      at += ZIP_HEAD;
      if (name_len > len - at)
        break;

      name = g_strndup (bytes + at, name_len);
      at += MIN (name_len + two_bytes (head + ZIP_NAME + 2), len - at);
      if (is_test_name (name)
          || ((method == 0 || method == ZIP_DEFLATE)
              && is_packed_tap (bytes + at, packed > 0 ? MIN (packed, len - at) : len - at,
                                method == 0)))
        return CVM_OPEN_TAP;

      at += MIN (packed, len - at);
    }

  return CVM_OPEN_DISK;
}

/* Disks --------------------------------------------------------------------------------------- */

static const struct
{
  guint       at;
  const char *bytes;
  guint       len;
} magics[] = {
  { 0, "QFI\xfb", 4 },               { 0, "KDMV", 4 },      { 0, "# Disk DescriptorFile", 21 },
  { 0, "vhdxfile", 8 },              { 0, "conectix", 8 },  { 64, "\x7f\x10\xda\xbe", 4 },
  { 0, "BZh", 3 },                   { 0, "\xfd" "7zXZ", 5 },
  { 0, "\x28\xb5\x2f\xfd", 4 },      { 510, "\x55\xaa", 2 },
};

static gboolean
is_disk (const char *bytes,
         gsize       len)
{
  for (guint i = 0; i < G_N_ELEMENTS (magics); i++)
    if (len >= magics[i].at + magics[i].len &&
        memcmp (bytes + magics[i].at, magics[i].bytes, magics[i].len) == 0)
      return TRUE;

  return FALSE;
}

CvmOpenKind
cvm_open_kind_of_bytes (const char *bytes,
                        gsize       len,
                        const char *name)
{
  CvmOpenKind named = kind_of_name (name);
  CvmOpenKind found;

  if (begins (bytes, len, "\x1f\x8b"))
    return kind_of_gzip (bytes, len);
  if (begins (bytes, len, "PK\x03\x04"))
    return kind_of_zip (bytes, len);
  if (len > TAR_MAGIC + 5 && begins (bytes + TAR_MAGIC, 5, "ustar"))
    return kind_of_tar (bytes, len);
  if (is_disk (bytes, len))
    return CVM_OPEN_DISK;

  /* A broken suite is still one, and its page says what is wrong with it */
  if (named == CVM_OPEN_SUITE || named == CVM_OPEN_TAP || named == CVM_OPEN_CFG)
    return named;

  found = kind_of_text (bytes, len);

  return found != CVM_OPEN_UNKNOWN ? found : named;
}

/* Files --------------------------------------------------------------------------------------- */

static CvmOpenKind
kind_of_folder (GFile *folder)
{
  g_autoptr(GFile) journal = g_file_get_child (folder, "journal.jsonl");

  return g_file_query_exists (journal, NULL) ? CVM_OPEN_RUN : CVM_OPEN_DISK;
}

CvmOpenKind
cvm_open_kind_of (GFile         *file,
                  GCancellable  *cancellable,
                  GError       **error)
{
  g_autofree char *name = g_file_get_basename (file);
  g_autofree char *head = g_malloc (CVM_OPEN_HEAD);
  g_autoptr(GFileInputStream) stream = NULL;
  g_autoptr(GFileInfo) info = g_file_query_info (file, G_FILE_ATTRIBUTE_STANDARD_TYPE,
                                                 G_FILE_QUERY_INFO_NONE, cancellable, error);
  gsize len;

  if (info == NULL)
    return CVM_OPEN_UNKNOWN;
  if (g_file_info_get_file_type (info) == G_FILE_TYPE_DIRECTORY)
    return kind_of_folder (file);

  if (g_file_info_get_file_type (info) != G_FILE_TYPE_REGULAR)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE,
                           _("it is not a regular file"));
      return CVM_OPEN_UNKNOWN;
    }

  stream = g_file_read (file, cancellable, error);
  if (stream == NULL || !g_input_stream_read_all (G_INPUT_STREAM (stream), head, CVM_OPEN_HEAD,
                                                  &len, cancellable, error))
    return CVM_OPEN_UNKNOWN;

  return cvm_open_kind_of_bytes (head, len, name);
}
