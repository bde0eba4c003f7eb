/* cvm-point-index.c: which points of a job a filter shows, known before anybody asks
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-point-index.h"

#define SLOW_MS 10000

struct _CvmPointIndex
{
  const CvmJobResult *job;
  GHashTable         *kept[CVM_POINT_N_FILTERS];   /* of GPtrArray of CvmPoint, by what is above
                                                      them; that of the cases is under JOB */
  guint               n_slow;
};

gboolean
cvm_point_filter_shows (CvmPointFilter  filter,
                        const CvmPoint *point)
{
  CvmPointState state = cvm_point_state_of (point);

  switch (filter)
    {
    case CVM_POINT_FILTER_FAILED:
      return state == CVM_POINT_STATE_FAILED || state == CVM_POINT_STATE_CANCELLED;
    case CVM_POINT_FILTER_SKIPPED:
      return state == CVM_POINT_STATE_SKIPPED;
    case CVM_POINT_FILTER_TODO:
      return state == CVM_POINT_STATE_TODO;
    case CVM_POINT_FILTER_SLOW:
      return point->is_ended && (point->ms >= SLOW_MS
                                 || (point->limit_ms > 0 && point->ms > point->limit_ms / 2));
    case CVM_POINT_FILTER_ALL:
    case CVM_POINT_N_FILTERS:
      break;
    }

  return TRUE;
}

static gconstpointer
key_of (CvmPointIndex  *self,
        const CvmPoint *parent)
{
  return parent != NULL ? (gconstpointer)parent : self->job;
}

static GPtrArray *
siblings_below (CvmPointIndex  *self,
                CvmPointFilter  filter,
                const CvmPoint *parent)
{
  gpointer key = (gpointer)key_of (self, parent);
  GPtrArray *siblings = g_hash_table_lookup (self->kept[filter], key);

  if (siblings == NULL)
    {
      siblings = g_ptr_array_new ();
      g_hash_table_insert (self->kept[filter], key, siblings);
    }

  return siblings;
}

/* Where POINT is among its siblings, or belongs. They nearly always come in order. */
static guint
find_place (const GPtrArray *siblings,
            const CvmPoint  *point)
{
  guint number = cvm_point_get_number (point);
  guint low = 0, high = siblings->len;

  while (low < high)
    {
      guint middle = high == siblings->len ? high - 1 : low + (high - low) / 2;

      if (cvm_point_get_number (siblings->pdata[middle]) < number)
        low = middle + 1;
      else
        high = middle;
    }

  return low;
}

/* FALSE: it is there already */
static gboolean
add_sorted (GPtrArray      *siblings,
            const CvmPoint *point)
{
  guint place = find_place (siblings, point);

  if (place < siblings->len && siblings->pdata[place] == point)
    return FALSE;

  g_ptr_array_insert (siblings, (int)place, (gpointer)point);

  return TRUE;
}

static void
add_chain (CvmPointIndex         *self,
           CvmPointFilter         filter,
           const CvmPoint *const *chain,
           guint                  n)
{
  gboolean is_new = FALSE;

  for (guint i = 0; i < n; i++)
    is_new = add_sorted (siblings_below (self, filter, i > 0 ? chain[i - 1] : NULL), chain[i]);

  self->n_slow += is_new && filter == CVM_POINT_FILTER_SLOW;
}

static void
add_if_shown (CvmPointIndex         *self,
              const CvmPoint *const *chain,
              guint                  n)
{
  for (CvmPointFilter filter = CVM_POINT_FILTER_FAILED; filter < CVM_POINT_N_FILTERS; filter++)
    if (cvm_point_filter_shows (filter, chain[n - 1]))
      add_chain (self, filter, chain, n);
}

static void
add_all (CvmPointIndex   *self,
         const GPtrArray *points,
         const CvmPoint **chain,
         guint            depth)
{
  for (guint i = 0; points != NULL && i < points->len && depth < CVM_RESULT_MAX_CHAIN; i++)
    {
      chain[depth] = points->pdata[i];
      add_if_shown (self, chain, depth + 1);
      add_all (self, chain[depth]->children, chain, depth + 1);
    }
}

CvmPointIndex *
cvm_point_index_new (const CvmJobResult *job)
{
  CvmPointIndex *self = g_new0 (CvmPointIndex, 1);
  const CvmPoint *chain[CVM_RESULT_MAX_CHAIN];

  self->job = job;
  for (guint i = CVM_POINT_FILTER_FAILED; i < CVM_POINT_N_FILTERS; i++)
    self->kept[i] = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify)g_ptr_array_unref);
  add_all (self, job->points, chain, 0);

  return self;
}

GPtrArray *
cvm_point_indexes_new (CvmResult *result)
{
  GPtrArray *indexes = g_ptr_array_new_with_free_func ((GDestroyNotify)cvm_point_index_free);

  for (guint i = 0; i < cvm_result_n_jobs (result); i++)
    g_ptr_array_add (indexes, cvm_point_index_new (cvm_result_job (result, i)));

  return indexes;
}

void
cvm_point_index_free (CvmPointIndex *self)
{
  for (guint i = CVM_POINT_FILTER_FAILED; i < CVM_POINT_N_FILTERS; i++)
    g_hash_table_unref (self->kept[i]);
  g_free (self);
}

void
cvm_point_index_take (CvmPointIndex   *self,
                      const CvmRecord *record)
{
  const CvmPoint *chain[CVM_RESULT_MAX_CHAIN];
  guint n;

  if ((record->type != CVM_RECORD_CASE_END && record->type != CVM_RECORD_POINT)
      || g_strcmp0 (record->job, self->job->id) != 0)
    return;

  n = cvm_job_result_find_chain (self->job, record->number, record->path, chain);
  if (n > 0)
    add_if_shown (self, chain, n);
}

const CvmJobResult *
cvm_point_index_get_job (CvmPointIndex *self)
{
  return self->job;
}

const GPtrArray *
cvm_point_index_children (CvmPointIndex  *self,
                          CvmPointFilter  filter,
                          const CvmPoint *parent)
{
  if (filter == CVM_POINT_FILTER_ALL)
    return parent != NULL ? parent->children : self->job->points;

  return g_hash_table_lookup (self->kept[filter], key_of (self, parent));
}

guint
cvm_point_index_count (CvmPointIndex  *self,
                       CvmPointFilter  filter)
{
  switch (filter)
    {
    case CVM_POINT_FILTER_FAILED:
      return self->job->all_failed;
    case CVM_POINT_FILTER_SKIPPED:
      return self->job->all_skipped;
    case CVM_POINT_FILTER_TODO:
      return self->job->all_todo;
    case CVM_POINT_FILTER_SLOW:
      return self->n_slow;
    case CVM_POINT_FILTER_ALL:
    case CVM_POINT_N_FILTERS:
      break;
    }

  return self->job->points->len + self->job->n_kept;
}

GPtrArray *
cvm_point_index_all (CvmResult *result)
{
  GPtrArray *all = g_ptr_array_new_with_free_func ((GDestroyNotify)cvm_point_index_free);

  for (guint i = 0; i < cvm_result_n_jobs (result); i++)
    g_ptr_array_add (all, cvm_point_index_new (cvm_result_job (result, i)));

  return all;
}

static void
index_in_thread (GTask        *task,
                 gpointer      source,
                 gpointer      data,
                 GCancellable *cancellable)
{
  g_task_return_pointer (task, cvm_point_index_all (data), (GDestroyNotify)g_ptr_array_unref);
}

void
cvm_point_index_all_async (CvmResult           *result,
                           GPtrArray           *known,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, cvm_point_index_all_async);
  g_task_set_task_data (task, g_object_ref (result), g_object_unref);
  if (known != NULL)
    g_task_return_pointer (task, g_ptr_array_ref (known), (GDestroyNotify)g_ptr_array_unref);
  else
    g_task_run_in_thread (task, index_in_thread);
}

GPtrArray *
cvm_point_index_all_finish (GAsyncResult  *result,
                            GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
