/* cvm-matrix.c: what is chosen of images, suites and hosts
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-matrix.h"

#include <glib/gi18n.h>
#include <string.h>

struct _CvmMatrix
{
  CvmChoices    *choices;
  CvmDiskFormat  disk_format;
  GHashTable    *images;     /* CvmOption that are chosen; borrowed from choices */
  GPtrArray     *suites;     /* of CvmSuiteChoice */
  GPtrArray     *columns;    /* of CvmColumn */
  GHashTable    *cells;      /* "IMAGE\nURI\nHYPERVISOR" that are on; also of hosts that have not
                                answered yet */
};

/* Parts -------------------------------------------------------------------------------------- */

static void
column_free (CvmColumn *self)
{
  g_free (self->uri);
  g_free (self->title);
  g_free (self->hypervisor);
  g_free (self);
}

static void
suite_free (CvmSuiteChoice *self)
{
  g_free (self->preset);
  g_hash_table_unref (self->sets);
  g_strfreev (self->only);
  g_free (self);
}

static CvmSuiteChoice *
suite_new (const CvmOption *option)
{
  CvmSuiteChoice *self = g_new0 (CvmSuiteChoice, 1);

  self->option = option;
  self->sets = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->only = g_new0 (char *, 1);

  return self;
}

static char *
key_of (const CvmOption *image,
        const char      *uri,
        const char      *hypervisor)
{
  return g_strjoin ("\n", image != NULL ? image->id : "", uri, hypervisor, NULL);
}

/* Cases of a suite --------------------------------------------------------------------------- */

static gboolean
names_case (const char *only,
            const char *id)
{
  gsize len = strlen (id);

  return strncmp (only, id, len) == 0 && (only[len] == '\0' || only[len] == '/');
}

gboolean
cvm_suite_choice_is_on (const CvmSuiteChoice *self,
                        const CvmCase        *item)
{
  if (item->is_precondition || self->only[0] == NULL)
    return TRUE;

  for (gsize i = 0; self->only[i] != NULL; i++)
    if (names_case (self->only[i], item->id))
      return TRUE;

  return FALSE;
}

/* The cases that are on but ITEM, in file order, a subtest as it was said */
static char **
list_but (const CvmSuiteChoice *self,
          const CvmCase        *item,
          gboolean             *is_all)
{
  g_autoptr(GStrvBuilder) only = g_strv_builder_new ();
  CvmSuite *suite = self->option->suite;

  *is_all = TRUE;
  for (guint i = 0; i < cvm_suite_n_cases (suite); i++)
    {
      const CvmCase *other = cvm_suite_case (suite, i);
      gboolean is_told = FALSE;

      if (other == item || other->is_precondition)
        continue;

      for (gsize j = 0; self->only[j] != NULL; j++)
        if (names_case (self->only[j], other->id))
          {
            g_strv_builder_add (only, self->only[j]);
            is_told = TRUE;
            *is_all = *is_all && g_str_equal (self->only[j], other->id);
          }

      if (self->only[0] == NULL)
        g_strv_builder_add (only, other->id);
      else
        *is_all = *is_all && is_told;
    }

  return g_strv_builder_end (only);
}

gboolean
cvm_suite_choice_set_on (CvmSuiteChoice *self,
                         const CvmCase  *item,
                         gboolean        is_on)
{
  gboolean is_all;
  g_auto(GStrv) only = NULL;
  guint n;

  if (item->is_precondition || cvm_suite_choice_is_on (self, item) == is_on)
    return item->is_precondition ? is_on : TRUE;

  only = list_but (self, item, &is_all);
  n = g_strv_length (only);
  if (!is_on && n == 0)
    return FALSE;

  if (is_on && is_all)
    {
      g_strfreev (only);
      only = g_new0 (char *, 1);
    }
  else if (is_on)
    {
      only = g_renew (char *, only, n + 2);
      only[n] = g_strdup (item->id);
      only[n + 1] = NULL;
    }

  g_strfreev (self->only);
  self->only = g_steal_pointer (&only);

  return TRUE;
}

void
cvm_suite_choice_set_value (CvmSuiteChoice *self,
                            const char     *id,
                            const char     *key,
                            const char     *value)
{
  char *name = g_strconcat (id, ".", key, NULL);

  if (value != NULL)
    {
      g_hash_table_replace (self->sets, name, g_strdup (value));
    }
  else
    {
      g_hash_table_remove (self->sets, name);
      g_free (name);
    }
}

/* The matrix --------------------------------------------------------------------------------- */

CvmMatrix *
cvm_matrix_new (CvmChoices    *choices,
                CvmDiskFormat  disk_format)
{
  CvmMatrix *self = g_new0 (CvmMatrix, 1);

  self->choices = choices;
  self->disk_format = disk_format;
  self->images = g_hash_table_new (NULL, NULL);
  self->suites = g_ptr_array_new_with_free_func ((GDestroyNotify)suite_free);
  self->columns = g_ptr_array_new_with_free_func ((GDestroyNotify)column_free);
  self->cells = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < choices->suites->len; i++)
    g_ptr_array_add (self->suites, suite_new (choices->suites->pdata[i]));
  cvm_matrix_learn (self);

  return self;
}

void
cvm_matrix_free (CvmMatrix *self)
{
  g_hash_table_unref (self->images);
  g_ptr_array_unref (self->suites);
  g_ptr_array_unref (self->columns);
  g_hash_table_unref (self->cells);
  cvm_choices_free (self->choices);
  g_free (self);
}

CvmChoices *
cvm_matrix_get_choices (CvmMatrix *self)
{
  return self->choices;
}

void
cvm_matrix_add_suite (CvmMatrix *self,
                      CvmOption *option)
{
  g_ptr_array_add (self->choices->suites, option);
  g_ptr_array_add (self->suites, suite_new (option));
}

GPtrArray *
cvm_matrix_get_columns (CvmMatrix *self)
{
  return self->columns;
}

GPtrArray *
cvm_matrix_get_suites (CvmMatrix *self)
{
  return self->suites;
}

static void
add_column (CvmMatrix           *self,
            const CvmHostOption *host,
            const char          *hypervisor)
{
  CvmColumn *column = g_new (CvmColumn, 1);

  *column = (CvmColumn) {
    g_strdup (host->uri), g_strdup (host->title), g_strdup (hypervisor),
    cvm_scout_peek (host->uri)
  };
  g_ptr_array_add (self->columns, column);
}

/* Where there is nothing to choose, "auto" is what there is */
static void
rename_auto (CvmMatrix  *self,
             const char *uri,
             const char *hypervisor)
{
  g_autofree char *ending = g_strdup_printf ("\n%s\nauto", uri);
  g_autoptr(GList) keys = g_hash_table_get_keys (self->cells);

  for (GList *l = keys; l != NULL; l = l->next)
    {
      g_autofree char *key = g_strdup (l->data);

      if (!g_str_has_suffix (key, ending))
        continue;

      g_hash_table_remove (self->cells, key);
      key[strlen (key) - strlen ("auto")] = '\0';
      g_hash_table_add (self->cells, g_strconcat (key, hypervisor, NULL));
    }
}

static void
add_columns_of (CvmMatrix           *self,
                const CvmHostOption *host)
{
  const CvmScouted *known = cvm_scout_peek (host->uri);
  char **types = known != NULL && known->facts != NULL ? known->facts->hypervisors : NULL;
  guint n = types != NULL ? g_strv_length (types) : 0;

  if (n == 1)
    rename_auto (self, host->uri, types[0]);
  else
    add_column (self, host, "auto");

  for (guint i = 0; i < n; i++)
    add_column (self, host, types[i]);
}

void
cvm_matrix_learn (CvmMatrix *self)
{
  g_ptr_array_set_size (self->columns, 0);
  for (guint i = 0; i < self->choices->hosts->len; i++)
    add_columns_of (self, self->choices->hosts->pdata[i]);
}

CvmCell
cvm_matrix_get_cell (CvmMatrix       *self,
                     const CvmOption *image,
                     const CvmColumn *column)
{
  return cvm_matrix_judge (image, column, self->disk_format);
}

gboolean
cvm_matrix_is_on (CvmMatrix       *self,
                  const CvmOption *image,
                  const CvmColumn *column)
{
  g_autofree char *key = key_of (image, column->uri, column->hypervisor);

  return g_hash_table_contains (self->cells, key);
}

void
cvm_matrix_set_on (CvmMatrix       *self,
                   const CvmOption *image,
                   const CvmColumn *column,
                   gboolean         is_on)
{
  g_autofree char *key = key_of (image, column->uri, column->hypervisor);

  if (is_on)
    g_hash_table_add (self->cells, g_steal_pointer (&key));
  else
    g_hash_table_remove (self->cells, key);
}

static gboolean
has_cell (CvmMatrix       *self,
          const CvmOption *image)
{
  for (guint i = 0; i < self->columns->len; i++)
    if (cvm_matrix_is_on (self, image, self->columns->pdata[i]))
      return TRUE;

  return FALSE;
}

/* In the first cell that can run it: of the type that the settings want, else of any */
static void
choose_first_cell (CvmMatrix       *self,
                   const CvmOption *image)
{
  const CvmColumn *best = NULL;

  if (has_cell (self, image))
    return;

  for (guint i = 0; i < self->columns->len; i++)
    {
      const CvmColumn *column = self->columns->pdata[i];
      g_auto(CvmCell) cell = cvm_matrix_get_cell (self, image, column);

      if (cell.state == CVM_CELL_CANNOT)
        continue;

      if (best == NULL)
        best = column;
      if (g_str_equal (column->uri, best->uri)
          && g_str_equal (column->hypervisor, self->choices->hypervisor))
        best = column;
    }

  if (best != NULL)
    cvm_matrix_set_on (self, image, best, TRUE);
}

gboolean
cvm_matrix_has_image (CvmMatrix       *self,
                      const CvmOption *image)
{
  return g_hash_table_contains (self->images, image);
}

void
cvm_matrix_set_image (CvmMatrix       *self,
                      const CvmOption *image,
                      gboolean         is_chosen)
{
  if (is_chosen)
    {
      g_hash_table_add (self->images, (gpointer)image);
      choose_first_cell (self, image);
    }
  else
    {
      g_hash_table_remove (self->images, image);
    }
}

static gboolean
has_row_without_image (CvmMatrix *self)
{
  for (guint i = 0; i < self->suites->len; i++)
    {
      const CvmSuiteChoice *suite = self->suites->pdata[i];

      if (suite->is_chosen && suite->option->need != CVM_IMAGE_NEED_MUST)
        return TRUE;
    }

  return FALSE;
}

void
cvm_matrix_set_suite (CvmMatrix      *self,
                      CvmSuiteChoice *suite,
                      gboolean        is_chosen)
{
  suite->is_chosen = is_chosen;
  if (is_chosen && suite->option->need == CVM_IMAGE_NEED_NONE)
    choose_first_cell (self, NULL);
}

GPtrArray *
cvm_matrix_list_rows (CvmMatrix *self)
{
  GPtrArray *rows = g_ptr_array_new ();

  for (guint i = 0; i < self->choices->images->len; i++)
    if (cvm_matrix_has_image (self, self->choices->images->pdata[i]))
      g_ptr_array_add (rows, self->choices->images->pdata[i]);

  if (has_row_without_image (self))
    g_ptr_array_add (rows, NULL);

  return rows;
}

static gboolean
runs_in (const CvmSuiteChoice *suite,
         const CvmOption      *image)
{
  if (!suite->is_chosen || suite->option->suite == NULL)
    return FALSE;

  return suite->option->need == CVM_IMAGE_NEED_EITHER
         || (suite->option->need == CVM_IMAGE_NEED_MUST) == (image != NULL);
}

guint
cvm_matrix_n_checks (CvmMatrix       *self,
                     const CvmOption *image,
                     const CvmColumn *column)
{
  guint n = 0;

  for (guint i = 0; i < self->suites->len; i++)
    {
      const CvmSuiteChoice *suite = self->suites->pdata[i];
      g_autoptr(CvmSuite) planned = NULL;

      if (!runs_in (suite, image))
        continue;

      planned = cvm_suite_for_host (suite->option->suite, column->uri);
      for (guint j = 0; j < cvm_suite_n_cases (planned); j++)
        n += cvm_suite_choice_is_on (suite, cvm_suite_case (planned, j));
    }

  return n;
}

static void
add_jobs_of (CvmMatrix            *self,
             const CvmSuiteChoice *suite,
             GPtrArray            *rows,
             GArray               *jobs)
{
  for (guint i = 0; i < self->columns->len; i++)
    for (guint j = 0; j < rows->len; j++)
      {
        CvmMatrixJob job = { suite, rows->pdata[j], self->columns->pdata[i] };
        g_auto(CvmCell) cell = cvm_matrix_get_cell (self, job.image, job.column);

        if (cell.state != CVM_CELL_CANNOT && runs_in (suite, job.image)
            && cvm_matrix_is_on (self, job.image, job.column))
          g_array_append_val (jobs, job);
      }
}

GArray *
cvm_matrix_list_jobs (CvmMatrix *self)
{
  GArray *jobs = g_array_new (FALSE, FALSE, sizeof (CvmMatrixJob));
  g_autoptr(GPtrArray) rows = cvm_matrix_list_rows (self);

  for (guint i = 0; i < self->suites->len; i++)
    add_jobs_of (self, self->suites->pdata[i], rows, jobs);

  return jobs;
}

static gboolean
has_job (GArray               *jobs,
         const CvmSuiteChoice *suite)
{
  for (guint i = 0; i < jobs->len; i++)
    if (g_array_index (jobs, CvmMatrixJob, i).suite == suite)
      return TRUE;

  return FALSE;
}

static char *
find_problem_of (CvmMatrix            *self,
                 const CvmSuiteChoice *suite,
                 GArray               *jobs)
{
  const CvmOption *option = suite->option;

  if (has_job (jobs, suite))
    return option->program == NULL
             ? NULL
             : g_strdup_printf (_("“%s” has to be allowed to run %s on this computer."),
                                option->title, option->program);

  if (option->need == CVM_IMAGE_NEED_MUST && g_hash_table_size (self->images) == 0)
    return g_strdup_printf (_("“%s” starts a guest: choose an image."), option->title);

  return g_strdup_printf (_("“%s” has no place to run: choose one that can."), option->title);
}

char *
cvm_matrix_find_problem (CvmMatrix *self)
{
  g_autoptr(GArray) jobs = cvm_matrix_list_jobs (self);
  gboolean has_suite = FALSE;

  for (guint i = 0; i < self->suites->len; i++)
    {
      const CvmSuiteChoice *suite = self->suites->pdata[i];
      char *problem = suite->is_chosen ? find_problem_of (self, suite, jobs) : NULL;

      has_suite = has_suite || suite->is_chosen;
      if (problem != NULL)
        return problem;
    }

  return has_suite ? NULL : g_strdup (_("Choose a suite."));
}

/* Orders ------------------------------------------------------------------------------------- */

static void
take_suite (CvmMatrix           *self,
            const CvmOrderSuite *item)
{
  int index = cvm_choices_find (self->choices->suites, item->suite);
  CvmSuiteChoice *suite = index >= 0 ? self->suites->pdata[index] : NULL;

  if (suite == NULL)
    return;

  suite->is_chosen = suite->option->is_usable;
  g_free (suite->preset);
  suite->preset = g_strdup (item->preset);
  g_strfreev (suite->only);
  suite->only = g_strdupv (item->only);
  for (gsize i = 0; item->sets[i] != NULL; i++)
    {
      const char *equals = strchr (item->sets[i], '=');

      if (equals != NULL)
        g_hash_table_replace (suite->sets, g_strndup (item->sets[i], equals - item->sets[i]),
                              g_strdup (equals + 1));
    }
}

static void
take_cell (CvmMatrix          *self,
           const CvmOrderCell *cell)
{
  int index = cell->image != NULL ? cvm_choices_find (self->choices->images, cell->image) : -1;
  const CvmOption *image = index >= 0 ? self->choices->images->pdata[index] : NULL;

  if (cell->image != NULL && image == NULL)
    return;

  if (image != NULL)
    g_hash_table_add (self->images, (gpointer)image);
  g_hash_table_add (self->cells,
                    key_of (image, cell->host_uri != NULL ? cell->host_uri : CVM_ORDER_HOST,
                            cell->hypervisor != NULL ? cell->hypervisor : "auto"));
}

void
cvm_matrix_take_order (CvmMatrix      *self,
                       const CvmOrder *order)
{
  g_hash_table_remove_all (self->images);
  g_hash_table_remove_all (self->cells);
  for (guint i = 0; i < self->suites->len; i++)
    {
      CvmSuiteChoice *suite = self->suites->pdata[i];

      suite->is_chosen = FALSE;
      g_hash_table_remove_all (suite->sets);
      g_clear_pointer (&suite->preset, g_free);
      g_strfreev (suite->only);
      suite->only = g_new0 (char *, 1);
    }

  for (guint i = 0; i < order->suites->len; i++)
    take_suite (self, order->suites->pdata[i]);
  for (guint i = 0; i < order->cells->len; i++)
    take_cell (self, order->cells->pdata[i]);
  cvm_matrix_learn (self);
}

static void
give_suite (const CvmSuiteChoice *suite,
            CvmOrder             *order)
{
  CvmOrderSuite *item = cvm_order_add_suite (order, suite->option->id);
  g_autoptr(GList) names = g_list_sort (g_hash_table_get_keys (suite->sets),
                                        (GCompareFunc)strcmp);

  item->preset = g_strdup (suite->preset);
  for (GList *l = names; l != NULL; l = l->next)
    {
      g_autofree char *set = g_strdup_printf ("%s=%s", (char *)l->data,
                                              (char *)g_hash_table_lookup (suite->sets, l->data));

      cvm_order_suite_set (item, set);
    }
  for (gsize i = 0; suite->only[i] != NULL; i++)
    cvm_order_suite_only (item, suite->only[i]);
}

/* Hosts outermost, as the command line has them */
static void
give_cells (CvmMatrix *self,
            CvmOrder  *order)
{
  g_autoptr(GPtrArray) rows = cvm_matrix_list_rows (self);

  for (guint i = 0; i < self->columns->len; i++)
    for (guint j = 0; j < rows->len; j++)
      {
        const CvmColumn *column = self->columns->pdata[i];
        const CvmOption *image = rows->pdata[j];
        g_auto(CvmCell) cell = cvm_matrix_get_cell (self, image, column);

        if (cell.state != CVM_CELL_CANNOT && cvm_matrix_is_on (self, image, column))
          cvm_order_add_cell (order, image != NULL ? image->id : NULL, column->uri,
                              column->hypervisor);
      }
}

CvmOrder *
cvm_matrix_to_order (CvmMatrix *self)
{
  CvmOrder *order = cvm_order_new ();

  for (guint i = 0; i < self->suites->len; i++)
    {
      const CvmSuiteChoice *suite = self->suites->pdata[i];

      if (suite->is_chosen)
        give_suite (suite, order);
    }
  give_cells (self, order);

  return order;
}
