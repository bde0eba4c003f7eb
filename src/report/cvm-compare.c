/* cvm-compare.c: what differs between jobs: their cases and subtests, row by row
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-compare.h"

#define SLOWER_MS 1000   /* below that it is chance */

typedef struct
{
  const CvmJobResult *const *jobs;
  guint                      n_jobs;
  CvmCompareFlags            flags;
  GPtrArray                 *rows;
} Comparison;

/* Matching ------------------------------------------------------------------------------------ */

static const char *
name_of (const CvmPoint *point)
{
  return point->id != NULL && *point->id != '\0' ? point->id : point->title;
}

static CvmCompareRow *
row_new (const CvmPoint *point,
         guint           depth,
         guint           n_jobs)
{
  CvmCompareRow *row = g_malloc0 (sizeof *row + n_jobs * sizeof *row->points);

  row->id = point->id;
  row->title = point->title;
  row->depth = depth;
  row->n_points = n_jobs;

  return row;
}

/* The points of one job into the rows of their level, the second of a name into its second row */
static void
match_job (GPtrArray       *level,
           GHashTable      *by_key,
           const GPtrArray *points,
           guint            job,
           guint            depth,
           guint            n_jobs)
{
  g_autoptr(GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; points != NULL && i < points->len; i++)
    {
      const CvmPoint *point = points->pdata[i];
      const char *name = name_of (point);
      guint nth = GPOINTER_TO_UINT (g_hash_table_lookup (seen, name));
      g_autofree char *key = g_strdup_printf ("%u %s", nth, name);
      CvmCompareRow *row = g_hash_table_lookup (by_key, key);

      g_hash_table_insert (seen, (gpointer)name, GUINT_TO_POINTER (nth + 1));
      if (row == NULL)
        {
          row = row_new (point, depth, n_jobs);
          g_ptr_array_add (level, row);
          g_hash_table_insert (by_key, g_steal_pointer (&key), row);
        }
      row->points[job] = point;
    }
}

/* LISTS: a list of points a job, or NULL */
static GPtrArray *
match (const GPtrArray *const *lists,
       guint                   n_jobs,
       guint                   depth)
{
  g_autoptr(GHashTable) by_key = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GPtrArray *level = g_ptr_array_new ();

  for (guint i = 0; i < n_jobs; i++)
    match_job (level, by_key, lists[i], i, depth, n_jobs);

  return level;
}

/* Judging ------------------------------------------------------------------------------------- */

static gboolean
is_passed (const CvmPoint *point)
{
  return point->is_ended && point->outcome == CVM_OUTCOME_PASS;
}

static gboolean
is_skipped (const CvmPoint *point)
{
  return point->is_ended && point->outcome == CVM_OUTCOME_SKIP;
}

/* What was never reached did not pass either */
static gboolean
is_failed (const CvmPoint *point)
{
  return !is_passed (point) && !is_skipped (point);
}

static gboolean
is_slower (const CvmPoint *first,
           const CvmPoint *other)
{
  return is_passed (first) && is_passed (other) && first->ms > 0
         && other->ms - first->ms >= SLOWER_MS && other->ms / 3 >= first->ms / 2;
}

static CvmChange
judge (const CvmPoint  *first,
       const CvmPoint  *other,
       CvmCompareFlags  flags)
{
  if ((flags & CVM_COMPARE_LIVE) != 0 && (!first->is_ended || !other->is_ended))
    return CVM_CHANGE_NONE;

  if (is_failed (first) == is_failed (other) && is_skipped (first) == is_skipped (other))
    return (flags & CVM_COMPARE_TIMES) != 0 && is_slower (first, other) ? CVM_CHANGE_SLOWER
                                                                        : CVM_CHANGE_NONE;

  if (is_failed (other) || is_passed (first))
    return CVM_CHANGE_WORSE;

  return is_passed (other) ? CVM_CHANGE_BETTER : CVM_CHANGE_OTHER;
}

/* It may still come to the points that it does not have */
static gboolean
is_awaited (const Comparison *self,
            guint             job)
{
  return (self->flags & CVM_COMPARE_LIVE) != 0 && self->jobs[job]->ended_us == 0;
}

/* A point that only some have is a difference, and one for the worse if it fails where it came */
static CvmChange
judge_row (const Comparison    *self,
           const CvmCompareRow *row)
{
  const CvmPoint *first = NULL;
  CvmChange change = CVM_CHANGE_NONE;

  for (guint i = 0; i < row->n_points; i++)
    {
      const CvmPoint *point = row->points[i];

      if (point == NULL && !is_awaited (self, i))
        change = MAX (change, CVM_CHANGE_OTHER);
      if (point == NULL)
        continue;

      if (first != NULL)
        change = MAX (change, judge (first, point, self->flags));
      else if (i > 0 && point->is_ended && is_failed (point))
        change = CVM_CHANGE_WORSE;
      first = first != NULL ? first : point;
    }

  return change;
}

/* Rows ---------------------------------------------------------------------------------------- */

/* A row, and those below it. One that does not differ stays only above one that does. */
static void
add_level (Comparison             *self,
           const GPtrArray *const *lists,
           guint                   depth)
{
  g_autoptr(GPtrArray) level = match (lists, self->n_jobs, depth);
  g_autofree const GPtrArray **children = g_new0 (const GPtrArray *, self->n_jobs);

  for (guint i = 0; i < level->len; i++)
    {
      CvmCompareRow *row = level->pdata[i];
      guint place = self->rows->len;
      gboolean has_children = FALSE;

      row->change = judge_row (self, row);
      g_ptr_array_add (self->rows, row);
      for (guint j = 0; j < self->n_jobs; j++)
        {
          children[j] = row->points[j] != NULL ? row->points[j]->children : NULL;
          has_children |= children[j] != NULL;
        }

      if (has_children)
        add_level (self, children, depth + 1);
      if (self->rows->len == place + 1 && row->change == CVM_CHANGE_NONE
          && (self->flags & CVM_COMPARE_ALL) == 0)
        g_ptr_array_set_size (self->rows, (int)place);
    }
}

GPtrArray *
cvm_compare_jobs (const CvmJobResult *const *jobs,
                  guint                      n_jobs,
                  CvmCompareFlags            flags)
{
  Comparison self = { jobs, n_jobs, flags, g_ptr_array_new_with_free_func (g_free) };
  g_autofree const GPtrArray **lists = g_new0 (const GPtrArray *, n_jobs);

  for (guint i = 0; i < n_jobs; i++)
    lists[i] = jobs[i]->points;
  add_level (&self, lists, 0);

  return self.rows;
}

CvmChange
cvm_compare_worst (GPtrArray *rows)
{
  CvmChange worst = CVM_CHANGE_NONE;

  for (guint i = 0; i < rows->len; i++)
    worst = MAX (worst, ((const CvmCompareRow *)rows->pdata[i])->change);

  return worst;
}

/* Groups -------------------------------------------------------------------------------------- */

/* A case and what is below it */
typedef struct
{
  guint     start, n;
  CvmChange change;
} Group;

static int
compare_groups (gconstpointer a,
                gconstpointer b)
{
  const Group *left = a, *right = b;

  if (left->change != right->change)
    return left->change > right->change ? -1 : 1;

  return left->start < right->start ? -1 : 1;
}

static GArray *
find_groups (GPtrArray *rows)
{
  GArray *groups = g_array_new (FALSE, FALSE, sizeof (Group));

  for (guint i = 0; i < rows->len; i++)
    {
      const CvmCompareRow *row = rows->pdata[i];
      Group *last;

      if (row->depth == 0 || groups->len == 0)
        g_array_append_val (groups, ((Group) { i, 0, CVM_CHANGE_NONE }));
      last = &g_array_index (groups, Group, groups->len - 1);
      last->n++;
      last->change = MAX (last->change, row->change);
    }

  return groups;
}

void
cvm_compare_count (GPtrArray *rows,
                   guint      counts[CVM_CHANGE_WORSE + 1])
{
  g_autoptr(GArray) groups = find_groups (rows);

  for (int i = 0; i <= CVM_CHANGE_WORSE; i++)
    counts[i] = 0;
  for (guint i = 0; i < groups->len; i++)
    counts[g_array_index (groups, Group, i).change]++;
}

void
cvm_compare_sort (GPtrArray *rows)
{
  g_autoptr(GArray) groups = find_groups (rows);
  g_autofree gpointer *sorted = g_new (gpointer, rows->len + 1);
  guint n = 0;

  g_array_sort (groups, compare_groups);
  for (guint i = 0; i < groups->len; i++)
    {
      const Group *group = &g_array_index (groups, Group, i);

      for (guint j = 0; j < group->n; j++)
        sorted[n++] = rows->pdata[group->start + j];
    }

  for (guint i = 0; i < n; i++)
    rows->pdata[i] = sorted[i];
}

/* Pairs --------------------------------------------------------------------------------------- */

/* Of a job and another, what must be alike at each try */
enum
{
  ALIKE_SUITE = 1 << 0,
  ALIKE_IMAGE = 1 << 1,
  ALIKE_HOST  = 1 << 2,
};

static gboolean
is_alike (const CvmJobResult *a,
          const CvmJobResult *b,
          guint               what)
{
  return ((what & ALIKE_SUITE) == 0 || g_strcmp0 (a->suite, b->suite) == 0)
         && ((what & ALIKE_IMAGE) == 0 || g_strcmp0 (a->image, b->image) == 0)
         && ((what & ALIKE_HOST) == 0 || g_strcmp0 (a->host_uri, b->host_uri) == 0);
}

static void
pair_up (GArray    *pairs,
         GPtrArray *left,
         guint      what)
{
  for (guint i = 0; i < pairs->len; i++)
    {
      CvmComparePair *pair = &g_array_index (pairs, CvmComparePair, i);

      for (guint j = 0; pair->after == NULL && j < left->len; j++)
        {
          if (is_alike (pair->before, left->pdata[j], what))
            pair->after = g_ptr_array_remove_index (left, j);
        }
    }
}

GArray *
cvm_compare_pairs (CvmResult *before,
                   CvmResult *after)
{
  static const guint tries[] = { ALIKE_SUITE | ALIKE_IMAGE | ALIKE_HOST, ALIKE_SUITE | ALIKE_IMAGE,
                                 ALIKE_SUITE | ALIKE_HOST, ALIKE_SUITE };
  GArray *pairs = g_array_new (FALSE, FALSE, sizeof (CvmComparePair));
  g_autoptr(GPtrArray) left = g_ptr_array_new ();

  for (guint i = 0; i < cvm_result_n_jobs (before); i++)
    g_array_append_val (pairs, ((CvmComparePair) { cvm_result_job (before, i), NULL }));
  for (guint i = 0; i < cvm_result_n_jobs (after); i++)
    g_ptr_array_add (left, (gpointer)cvm_result_job (after, i));

  for (gsize i = 0; i < G_N_ELEMENTS (tries); i++)
    pair_up (pairs, left, tries[i]);
  if (pairs->len == 1 && cvm_result_n_jobs (after) == 1)
    pair_up (pairs, left, 0);

  for (guint i = 0; i < left->len; i++)
    g_array_append_val (pairs, ((CvmComparePair) { NULL, left->pdata[i] }));

  return pairs;
}
