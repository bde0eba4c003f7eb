/* cvm-suite-edit-file.c: an edited suite's file: read, checked, written, merged
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cvm-file.h"
#include "cvm-suite-edit-private.h"
#include "cvm-suite-private.h"

#define MAX_SIZE (1024 * 1024)
#define NEW_MODE 0644

/* Problems --------------------------------------------------------------------------------- */

static void
problem_free (CvmSuiteProblem *self)
{
  g_free (self->message);
  g_free (self);
}

CvmSuiteProblem *
cvm_suite_problem_new (const char   *name,
                       const GError *error)
{
  CvmSuiteProblem *self = g_new (CvmSuiteProblem, 1);
  gsize len = strlen (name);
  const char *place = error->message + len + 1;
  char *end = NULL;

  *self = (CvmSuiteProblem) { 1, NULL };
  if (strncmp (error->message, name, len) == 0 && error->message[len] == ':')
    self->line = (guint)g_ascii_strtoull (place, &end, 10);
  self->message = g_strdup (end != NULL && g_str_has_prefix (end, ": ") ? end + 2
                                                                        : error->message);

  return self;
}

static int
compare_problems (gconstpointer a,
                  gconstpointer b)
{
  const CvmSuiteProblem *x = *(const CvmSuiteProblem *const *)a;
  const CvmSuiteProblem *y = *(const CvmSuiteProblem *const *)b;

  return x->line < y->line ? -1 : x->line > y->line;
}

GPtrArray *
cvm_suite_edit_find_problems (const char     *text,
                              const char     *path,
                              CvmCheckLookup  lookup)
{
  GPtrArray *problems = g_ptr_array_new_with_free_func ((GDestroyNotify)problem_free);
  g_autoptr(GError) error = NULL;
  g_autoptr(CvmKeyfile) file = cvm_keyfile_new_from_data (text, strlen (text), path, &error);

  if (file != NULL)
    cvm_suite_read_problems (file, lookup, problems);
  else
    g_ptr_array_add (problems, cvm_suite_problem_new (path, error));

  g_ptr_array_sort (problems, compare_problems);

  return problems;
}

/* Reading and writing ---------------------------------------------------------------------- */

char *
cvm_suite_edit_read (const char  *path,
                     GError     **error)
{
  gsize len = 0;
  g_autofree char *text = cvm_file_read (path, MAX_SIZE, &len, error);
  const char *end = text;
  guint line = 1;

  if (text == NULL || g_utf8_validate_len (text, len, &end))
    return g_steal_pointer (&text);

  for (const char *at = text; at < end; at++)
    line += *at == '\n';
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
               "%s:%u: this is no text file, or not UTF-8; save it as UTF-8", path, line);

  return NULL;
}

/* Whether the file holds what is EXPECTED (NULL: is not there) */
static gboolean
check_unchanged (const char  *path,
                 const char  *expected,
                 GError     **error)
{
  g_autoptr(GError) local = NULL;
  g_autofree char *found = cvm_file_read (path, MAX_SIZE, NULL, &local);

  if (g_strcmp0 (found, expected) == 0
      && (found != NULL || g_error_matches (local, G_IO_ERROR, G_IO_ERROR_NOT_FOUND)))
    return TRUE;

  if (found == NULL && !g_error_matches (local, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }

  g_set_error (error, CVM_SUITE_EDIT_ERROR, CVM_SUITE_EDIT_ERROR_CHANGED,
               found == NULL ? "%s is gone: another program removed it" :
               expected == NULL ? "%s is there already" :
               "%s has been changed by another program", path);

  return FALSE;
}

gboolean
cvm_suite_edit_write (const char  *path,
                      const char  *text,
                      const char  *expected,
                      GError     **error)
{
  g_autofree char *real = realpath (path, NULL);
  const char *target = real != NULL ? real : path;
  struct stat info;
  int mode = stat (target, &info) == 0 ? (int)(info.st_mode & 0777) : NEW_MODE;

  return check_unchanged (path, expected, error)
         && cvm_file_write (target, text, (gssize)strlen (text), mode, error);
}

/* Merging ---------------------------------------------------------------------------------- */

/* The lines [begin, end) of BASE that are others in TEXT, and where they end there */
typedef struct
{
  gsize begin, end, new_end;      /* offsets */
} Hunk;

static Hunk
compare_texts (const char *base,
               const char *text)
{
  gsize base_len = strlen (base), text_len = strlen (text);
  gsize begin = 0, tail = 0;

  for (gsize i = 0; base[i] != '\0' && base[i] == text[i]; i++)
    {
      if (base[i] == '\n')
        begin = i + 1;
    }

  for (gsize i = 1; i <= MIN (base_len, text_len) - begin
                    && base[base_len - i] == text[text_len - i]; i++)
    {
      gboolean is_line = i == base_len || i == text_len || base[base_len - i - 1] == '\n';

      if (is_line && (i == text_len || i == base_len
                      || text[text_len - i - 1] == base[base_len - i - 1]))
        tail = i;
    }

  return (Hunk) { begin, base_len - tail, text_len - tail };
}

/* BASE with both changes, if they are in other places; else NULL */
static char *
merge_texts (const char *base,
             const char *ours,
             const char *theirs)
{
  Hunk own = compare_texts (base, ours);
  Hunk other = compare_texts (base, theirs);
  gboolean is_own_first = own.begin < other.begin || (own.begin == other.begin
                                                      && own.end <= other.begin);
  const char *first = is_own_first ? ours : theirs;
  const char *second = is_own_first ? theirs : ours;
  Hunk a = is_own_first ? own : other;
  Hunk b = is_own_first ? other : own;

  /* two changes that touch might mean the same line */
  if (a.end >= b.begin)
    return NULL;

  return g_strdup_printf ("%.*s%.*s%s", (int)a.new_end, first,
                          (int)(b.begin - a.end), base + a.end, second + b.begin);
}

CvmSuiteEditMerge
cvm_suite_edit_merge (CvmSuiteEdit *self,
                      const char   *disk)
{
  gboolean is_edited = cvm_suite_edit_is_modified (self);
  char *both;

  if (g_strcmp0 (self->saved, disk) == 0)
    return CVM_SUITE_EDIT_SAME;

  if (!is_edited || g_str_equal (self->text, disk))
    {
      cvm_suite_edit_take (self, g_strdup (disk), NULL);
      cvm_suite_edit_set_saved (self, disk);
      return CVM_SUITE_EDIT_TAKEN;
    }

  both = self->saved != NULL ? merge_texts (self->saved, self->text, disk) : NULL;
  if (both == NULL)
    return CVM_SUITE_EDIT_CONFLICT;

  cvm_suite_edit_take (self, both, NULL);
  cvm_suite_edit_set_saved (self, disk);

  return CVM_SUITE_EDIT_MERGED;
}
