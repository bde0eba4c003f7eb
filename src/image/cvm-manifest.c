/* cvm-manifest.c: the sums that an OVF's package lists, compared with its files
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-manifest.h"

#include "cvm-file.h"
#include "cvm-text.h"

#define MANIFEST_MAX (1024 * 1024)
#define BLOCK        (256 * 1024)

/* Hex, or NULL with an error */
static char *
sum_of (const char     *path,
        GChecksumType   type,
        GCancellable   *cancellable,
        GError        **error)
{
  g_autoptr(GFile) file = g_file_new_for_path (path);
  g_autoptr(GFileInputStream) stream = g_file_read (file, cancellable, error);
  g_autoptr(GChecksum) sum = g_checksum_new (type);
  g_autofree guint8 *block = g_malloc (BLOCK);
  gssize n = stream != NULL ? 1 : -1;

  while (n > 0)
    {
      n = g_input_stream_read (G_INPUT_STREAM (stream), block, BLOCK, cancellable, error);
      if (n > 0)
        g_checksum_update (sum, block, n);
    }

  return n == 0 ? g_strdup (g_checksum_get_string (sum)) : NULL;
}

static GChecksumType
type_of (const char *word)
{
  return g_str_equal (word, "1") ? G_CHECKSUM_SHA1
         : g_str_equal (word, "256") ? G_CHECKSUM_SHA256 : G_CHECKSUM_SHA512;
}

static gboolean
check_line (GMatchInfo    *match,
            const char    *path,
            const char    *name,
            GCancellable  *cancellable,
            GError       **error)
{
  g_autofree char *type = g_match_info_fetch (match, 1);
  g_autofree char *listed = g_match_info_fetch (match, 3);
  g_autofree char *sum = sum_of (path, type_of (type), cancellable, error);
  g_autofree char *shown = cvm_text_quote (name);

  if (sum == NULL)
    return FALSE;

  if (g_ascii_strcasecmp (sum, listed) == 0)
    return TRUE;

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
               "%s is damaged: its SHA-%s is %s, and its manifest says %s; fetch it "
               "again", shown, type, sum, listed);

  return FALSE;
}

/* DSP0243 6.3.2: lines such as SHA256(box-disk1.vmdk)= 0123… */
gboolean
cvm_manifest_check (const char    *manifest,
                    const char    *dir,
                    const char    *name,
                    GCancellable  *cancellable,
                    GError       **error)
{
  g_autoptr(GRegex) line = g_regex_new ("^SHA(1|256|512)\\s*\\(([^)\\r\\n]*)\\)"
                                        "\\s*=\\s*([0-9A-Fa-f]{40,128})\\s*$",
                                        G_REGEX_RAW | G_REGEX_MULTILINE, 0, NULL);
  g_autoptr(GMatchInfo) match = NULL;
  g_autofree char *path = g_build_filename (dir, name, NULL);
  g_autofree char *base = g_path_get_basename (name);
  g_autofree char *text = NULL;
  gsize len;

  text = cvm_file_read (manifest, MANIFEST_MAX, &len, error);
  if (text == NULL)
    return FALSE;

  for (g_regex_match_full (line, text, len, 0, 0, &match, NULL); g_match_info_matches (match);
       g_match_info_next (match, NULL))
    {
      g_autofree char *listed = g_match_info_fetch (match, 2);

      if (g_str_equal (listed, base) && !check_line (match, path, name, cancellable, error))
        return FALSE;
    }

  return TRUE;
}
