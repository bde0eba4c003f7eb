/* cvm-cli-tap-rerun.c: the verb tap rerun-list
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-cli-tap.h"

#include <glib/gi18n.h>

#include "cvm-cli.h"

/* What is told of all files */
typedef struct
{
  GHashTable *told;        /* what was printed: several jobs have the same cases */
  GPtrArray  *lines;
  guint       n_nameless;  /* failures without an id */
  gboolean    has_failed;
} List;

static gboolean
is_failed (const CvmPoint *point)
{
  return point->outcome == CVM_OUTCOME_FAIL || point->outcome == CVM_OUTCOME_CANCELLED;
}

static gboolean
has_failed (const CvmPoint *point)
{
  if (is_failed (point))
    return TRUE;

  for (guint i = 0; point->children != NULL && i < point->children->len; i++)
    if (has_failed (point->children->pdata[i]))
      return TRUE;

  return FALSE;
}

static void
add (List *self,
     char *line)
{
  if (g_hash_table_contains (self->told, line))
    {
      g_free (line);
      return;
    }

  g_hash_table_add (self->told, line);
  g_ptr_array_add (self->lines, line);
}

/* The subtests of a case that failed. FALSE where none did: what failed is the case itself. */
static gboolean
list_subtests (List           *self,
               const CvmPoint *point)
{
  gboolean is_listed = FALSE;

  for (guint i = 0; point->children != NULL && i < point->children->len; i++)
    {
      const CvmPoint *child = point->children->pdata[i];
      const char *number = strrchr (child->path, '.');

      if (has_failed (child) && number != NULL)
        {
          add (self, g_strdup_printf ("%s/%s", point->id, number + 1));
          is_listed = TRUE;
        }
    }

  return is_listed;
}

static void list_points (List            *self,
                         const GPtrArray *points);

/* A point without an id but with points below it is a job in the report of several */
static void
list_point (List           *self,
            const CvmPoint *point)
{
  if (!has_failed (point))
    return;

  self->has_failed = TRUE;
  if (point->id == NULL && point->children != NULL)
    list_points (self, point->children);
  else if (point->id == NULL)
    self->n_nameless++;
  else if (!list_subtests (self, point))
    add (self, g_strdup (point->id));
}

static void
list_points (List            *self,
             const GPtrArray *points)
{
  for (guint i = 0; i < points->len; i++)
    list_point (self, points->pdata[i]);
}

static int
list_file (List       *self,
           const char *file)
{
  g_autoptr(CvmResult) result = cvm_cli_tap_result (file);

  if (result == NULL)
    return CVM_STATUS_USAGE;

  self->has_failed |= cvm_result_get_status (result) != CVM_STATUS_PASSED;
  for (guint i = 0; i < cvm_result_n_jobs (result); i++)
    list_points (self, cvm_result_job (result, i)->points);

  return CVM_STATUS_PASSED;
}

static void
print_list (const List *self)
{
  for (guint i = 0; i < self->lines->len; i++)
    cvm_cli_print ("%s\n", (const char *)self->lines->pdata[i]);

  if (self->n_nameless > 0)
    cvm_cli_message (ngettext ("%u point that failed has no id, as in “id - Title”, and is not "
                               "listed",
                               "%u points that failed have no id, as in “id - Title”, and are not "
                               "listed", self->n_nameless), self->n_nameless);
}

int
cvm_cli_tap_rerun_list (int    argc,
                        char **argv)
{
  static const GOptionEntry entries[] = { { NULL } };
  CvmCliSyntax syntax = {
    CVM_CLI_TAP " rerun-list", "FILE…",
    _("Lists what failed in the reports of runs, one a line, as “run --only” takes it."),
    _("A line is the id of a case, or ID/N for each subtest N of it that failed. "
      "FILE may be “-”,\n"
      "standard input, and a TAP archive. Exit status: 0 nothing failed, 1 something failed,\n"
      "2 cannot be read."),
    entries, 1, -1
  };
  List list = { NULL };
  int status = CVM_STATUS_PASSED;

  if (!cvm_cli_parse (&syntax, &argc, &argv))
    return CVM_STATUS_USAGE;

  list.told = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  list.lines = g_ptr_array_new ();
  for (int i = 1; i < argc; i++)
    {
      int one = list_file (&list, argv[i]);

      status = MAX (status, one);
    }

  print_list (&list);
  g_ptr_array_unref (list.lines);
  g_hash_table_unref (list.told);

  return MAX (status, list.has_failed ? CVM_STATUS_FAILED : CVM_STATUS_PASSED);
}
