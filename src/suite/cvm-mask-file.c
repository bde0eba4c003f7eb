/* cvm-mask-file.c: adds messages to those that are known of an image
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-mask-file.h"

#include <gio/gio.h>
#include <string.h>

#include "cvm-file.h"
#include "cvm-paths.h"

#define MASK_MAX    (1024 * 1024)   /* bytes; as much as is read */
#define PATTERN_MAX 1000

/* "[    1.771234] " of the kernel, "Nov 21 07:25:13 host " of syslog */
static const char *
skip_time (const char *line)
{
  static const char *const times[] = {
    "^(<[0-9]+>)?\\[ *[0-9]+\\.[0-9]+\\] *",
    "^[A-Z][a-z][a-z] [ 0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9] [^ ]+ ",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (times); i++)
    {
      g_autoptr(GRegex) regex = g_regex_new (times[i], G_REGEX_RAW, 0, NULL);
      g_autoptr(GMatchInfo) match = NULL;
      int end;

      if (g_regex_match (regex, line, 0, &match) && g_match_info_fetch_pos (match, 0, NULL, &end))
        return line + end;
    }

  return line;
}

char *
cvm_mask_file_pattern (const char *line)
{
  g_autofree char *rest = g_strstrip (g_strndup (skip_time (line), PATTERN_MAX));
  GString *pattern = g_string_new (NULL);

  for (const char *c = rest; *c != '\0'; c++)
    {
      if ((guchar)*c < 0x20 || (guchar)*c >= 0x7f)   /* what it is depends on the locale */
        g_string_append (pattern, g_str_has_suffix (pattern->str, ".*") ? "" : ".*");
      else if (strchr ("#]}", *c) != NULL)           /* a line that begins with # is a comment */
        g_string_append_printf (pattern, "[%c]", *c);
      else if (strchr ("\\^.[$()|*+?{", *c) != NULL)
        g_string_append_printf (pattern, "\\%c", *c);
      else
        g_string_append_c (pattern, *c);
    }

  return g_string_free (pattern, pattern->len == 0);
}

char *
cvm_mask_file_path (const char *image)
{
  g_autofree char *file = g_strconcat (image, ".mask", NULL);
  g_autofree char *folder = cvm_paths_config ("masks");

  if (*image == '\0' || *image == '.' || strchr (image, '/') != NULL)
    return NULL;

  return g_build_filename (folder, file, NULL);
}

/* What the user's own file begins with: itself, or the one it will stand before */
static char *
read_old (const char  *image,
          const char  *path,
          GError     **error)
{
  g_autofree char *file = g_strconcat (image, ".mask", NULL);
  g_autofree char *installed = NULL;

  if (g_file_test (path, G_FILE_TEST_EXISTS))
    return cvm_file_read (path, MASK_MAX, NULL, error);

  installed = cvm_paths_find ("masks", file);

  return installed != NULL ? cvm_file_read (installed, MASK_MAX, NULL, error) : g_strdup ("");
}

static gboolean
has_line (const char *text,
          const char *line)
{
  g_auto(GStrv) lines = g_strsplit (text, "\n", -1);

  return g_strv_contains ((const char *const *)lines, line);
}

gboolean
cvm_mask_file_add (const char         *image,
                   const char *const  *lines,
                   GError            **error)
{
  g_autofree char *path = cvm_mask_file_path (image);
  g_autofree char *folder = path != NULL ? g_path_get_dirname (path) : NULL;
  g_autofree char *old = NULL;
  g_autoptr(GString) text = NULL;

  if (path == NULL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_FILENAME,
                   "“%s” cannot be the name of a mask; name one in the image's Mask", image);
      return FALSE;
    }

  old = read_old (image, path, error);
  if (old == NULL)
    return FALSE;

  text = g_string_new (old);
  if (text->len > 0 && text->str[text->len - 1] != '\n')
    g_string_append_c (text, '\n');
  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_autofree char *pattern = cvm_mask_file_pattern (lines[i]);

      if (pattern != NULL && !has_line (text->str, pattern))
        g_string_append_printf (text, "%s\n", pattern);
    }

  if (text->len > MASK_MAX)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE,
                   "%s would be larger than a mask may be (1 MiB); take out what it has twice",
                   path);
      return FALSE;
    }

  g_mkdir_with_parents (folder, 0700);

  return cvm_file_write (path, text->str, text->len, 0600, error);
}
