/* cvm-mask.c: messages that are known and not looked at
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-mask.h"

#include <regex.h>

#include "cvm-file.h"

#define MASK_MAX (1024 * 1024)   /* bytes of a mask file */

struct _CvmMask
{
  GPtrArray *patterns;   /* of regex_t */
};

static void
pattern_free (gpointer data)
{
  regfree (data);
  g_free (data);
}

static gboolean
add_pattern (CvmMask     *self,
             const char  *path,
             guint        number,
             const char  *text,
             GError     **error)
{
  regex_t *pattern = g_new0 (regex_t, 1);
  int code = regcomp (pattern, text, REG_EXTENDED | REG_NOSUB);
  char why[256];

  if (code == 0)
    {
      g_ptr_array_add (self->patterns, pattern);
      return TRUE;
    }

  regerror (code, pattern, why, sizeof why);
  g_free (pattern);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
               "%s:%u: “%s” is no extended regular expression: %s; mend it, or put # before it",
               path, number, text, why);
  return FALSE;
}

gboolean
cvm_mask_add (CvmMask     *self,
              const char  *path,
              GError     **error)
{
  g_autofree char *text = cvm_file_read (path, MASK_MAX, NULL, error);
  g_auto(GStrv) lines = text != NULL ? g_strsplit (text, "\n", -1) : NULL;

  if (lines == NULL)
    return FALSE;

  for (guint i = 0; lines[i] != NULL; i++)
    {
      const char *line = g_strchomp (lines[i]);

      if (*line != '\0' && *line != '#' && !add_pattern (self, path, i + 1, line, error))
        return FALSE;
    }

  return TRUE;
}

CvmMask *
cvm_mask_load (const char  *path,
               GError     **error)
{
  g_autoptr(CvmMask) self = g_new0 (CvmMask, 1);

  self->patterns = g_ptr_array_new_with_free_func (pattern_free);
  if (path != NULL && !cvm_mask_add (self, path, error))
    return NULL;

  return g_steal_pointer (&self);
}

void
cvm_mask_free (CvmMask *self)
{
  g_ptr_array_unref (self->patterns);
  g_free (self);
}

gboolean
cvm_mask_covers (const CvmMask *self,
                 const char    *line)
{
  for (guint i = 0; i < self->patterns->len; i++)
    if (regexec (self->patterns->pdata[i], line, 0, NULL, 0) == 0)
      return TRUE;

  return FALSE;
}
