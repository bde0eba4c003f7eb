/* cvm-log-model.c: records as lines of a log, which are written when they are seen
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-log-model.h"

#include <string.h>

#include "cvm-log-line.h"

struct _CvmLogModel
{
  GObject    parent_instance;

  GPtrArray *kept;          /* of CvmRecord: those that make a line */
  GArray    *shown;         /* of guint: which of them */
  guint      n_looked;      /* of kept */
  char      *text;
  gboolean   is_notable;
  int        stamp;
};

static void cvm_log_model_iface_init (GtkTreeModelIface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (CvmLogModel, cvm_log_model, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (GTK_TYPE_TREE_MODEL,
                                                      cvm_log_model_iface_init))

/* A row is its index, in the iter's pointer */
static gboolean
set_iter (CvmLogModel *self,
          GtkTreeIter *iter,
          guint        row)
{
  if (row >= self->shown->len)
    return FALSE;

  iter->stamp = self->stamp;
  iter->user_data = GUINT_TO_POINTER (row);

  return TRUE;
}

static CvmRecord *
record_of (CvmLogModel *self,
           GtkTreeIter *iter)
{
  guint row = GPOINTER_TO_UINT (iter->user_data);

  return self->kept->pdata[g_array_index (self->shown, guint, row)];
}

/* What went wrong, or looks so */
static gboolean
is_notable (const CvmRecord *record)
{
  switch (record->type)
    {
    case CVM_RECORD_LOG:
      return g_strcmp0 (record->kind, "info") != 0;
    case CVM_RECORD_ACTED:
      return !record->ok;
    case CVM_RECORD_CASE_END:
      return record->outcome == CVM_OUTCOME_FAIL || record->outcome == CVM_OUTCOME_CANCELLED;
    case CVM_RECORD_JOB_END:
      return record->status != CVM_STATUS_PASSED;
    case CVM_RECORD_RUN_BEGIN:
    case CVM_RECORD_RUN_END:
    case CVM_RECORD_JOB_BEGIN:
    case CVM_RECORD_ACT:
    case CVM_RECORD_CASE_PLANNED:
    case CVM_RECORD_CASE_BEGIN:
    case CVM_RECORD_CASE_WAIT:
    case CVM_RECORD_POINT:
    case CVM_RECORD_FACT:
    case CVM_RECORD_EVIDENCE:
      break;
    }

  return FALSE;
}

static gboolean
has_line (const CvmRecord *record)
{
  return record->type != CVM_RECORD_RUN_BEGIN && record->type != CVM_RECORD_RUN_END
         && record->type != CVM_RECORD_ACT && record->type != CVM_RECORD_CASE_PLANNED
         && record->type != CVM_RECORD_POINT;
}

static gboolean
has (const char *field,
     const char *text)
{
  return field != NULL && strcasestr (field, text) != NULL;
}

/* By its fields: a line is written only when it is seen */
static gboolean
is_wanted (CvmLogModel     *self,
           const CvmRecord *record)
{
  const char *text = self->text;

  if (self->is_notable && !is_notable (record))
    return FALSE;

  return *text == '\0' || has (record->text, text) || has (record->name, text)
         || has (record->id, text) || has (record->reason, text) || has (record->kind, text)
         || has (record->path, text);
}

/* GtkTreeModel ------------------------------------------------------------------------------ */

static GtkTreeModelFlags
get_flags (GtkTreeModel *model)
{
  return GTK_TREE_MODEL_LIST_ONLY;
}

static int
get_n_columns (GtkTreeModel *model)
{
  return CVM_LOG_N_COLUMNS;
}

static GType
get_column_type (GtkTreeModel *model,
                 int           column)
{
  return column == CVM_LOG_COLUMN_LINE ? G_TYPE_STRING : G_TYPE_INT;
}

static gboolean
get_iter (GtkTreeModel *model,
          GtkTreeIter  *iter,
          GtkTreePath  *path)
{
  return gtk_tree_path_get_depth (path) == 1
         && set_iter (CVM_LOG_MODEL (model), iter, gtk_tree_path_get_indices (path)[0]);
}

static GtkTreePath *
get_path (GtkTreeModel *model,
          GtkTreeIter  *iter)
{
  return gtk_tree_path_new_from_indices (GPOINTER_TO_INT (iter->user_data), -1);
}

static void
get_value (GtkTreeModel *model,
           GtkTreeIter  *iter,
           int           column,
           GValue       *value)
{
  const CvmRecord *record = record_of (CVM_LOG_MODEL (model), iter);

  g_value_init (value, get_column_type (model, column));
  if (column == CVM_LOG_COLUMN_LINE)
    g_value_take_string (value, cvm_log_line (record));
  else
    g_value_set_int (value, is_notable (record) ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
}

static gboolean
iter_next (GtkTreeModel *model,
           GtkTreeIter  *iter)
{
  return set_iter (CVM_LOG_MODEL (model), iter, GPOINTER_TO_UINT (iter->user_data) + 1);
}

static gboolean
iter_previous (GtkTreeModel *model,
               GtkTreeIter  *iter)
{
  return set_iter (CVM_LOG_MODEL (model), iter, GPOINTER_TO_UINT (iter->user_data) - 1);
}

static gboolean
iter_nth_child (GtkTreeModel *model,
                GtkTreeIter  *iter,
                GtkTreeIter  *parent,
                int           n)
{
  return parent == NULL && set_iter (CVM_LOG_MODEL (model), iter, n);
}

static gboolean
iter_children (GtkTreeModel *model,
               GtkTreeIter  *iter,
               GtkTreeIter  *parent)
{
  return iter_nth_child (model, iter, parent, 0);
}

static gboolean
iter_has_child (GtkTreeModel *model,
                GtkTreeIter  *iter)
{
  return FALSE;
}

static int
iter_n_children (GtkTreeModel *model,
                 GtkTreeIter  *iter)
{
  return iter == NULL ? (int)CVM_LOG_MODEL (model)->shown->len : 0;
}

static gboolean
iter_parent (GtkTreeModel *model,
             GtkTreeIter  *iter,
             GtkTreeIter  *child)
{
  return FALSE;
}

static void
cvm_log_model_iface_init (GtkTreeModelIface *iface)
{
  iface->get_flags = get_flags;
  iface->get_n_columns = get_n_columns;
  iface->get_column_type = get_column_type;
  iface->get_iter = get_iter;
  iface->get_path = get_path;
  iface->get_value = get_value;
  iface->iter_next = iter_next;
  iface->iter_previous = iter_previous;
  iface->iter_children = iter_children;
  iface->iter_has_child = iter_has_child;
  iface->iter_n_children = iter_n_children;
  iface->iter_nth_child = iter_nth_child;
  iface->iter_parent = iter_parent;
}

/* Object ------------------------------------------------------------------------------------ */

static void
cvm_log_model_finalize (GObject *object)
{
  CvmLogModel *self = CVM_LOG_MODEL (object);

  g_ptr_array_unref (self->kept);
  g_array_unref (self->shown);
  g_free (self->text);

  G_OBJECT_CLASS (cvm_log_model_parent_class)->finalize (object);
}

static void
cvm_log_model_class_init (CvmLogModelClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = cvm_log_model_finalize;
}

static void
cvm_log_model_init (CvmLogModel *self)
{
  self->kept = g_ptr_array_new_with_free_func ((GDestroyNotify)cvm_record_unref);
  self->shown = g_array_new (FALSE, FALSE, sizeof (guint));
  self->text = g_strdup ("");
  self->stamp = g_random_int_range (1, G_MAXINT);
}

CvmLogModel *
cvm_log_model_new (void)
{
  return g_object_new (CVM_TYPE_LOG_MODEL, NULL);
}

guint
cvm_log_model_add (CvmLogModel *self,
                   GPtrArray   *records,
                   guint        start,
                   guint        limit,
                   const char  *job)
{
  guint end = MIN (records->len, start + limit);

  for (guint i = start; i < end && self->kept->len < CVM_LOG_MAX; i++)
    {
      CvmRecord *record = records->pdata[i];

      if (has_line (record) && (record->job == NULL || g_strcmp0 (record->job, job) == 0))
        g_ptr_array_add (self->kept, cvm_record_ref (record));
    }

  return end;
}

void
cvm_log_model_set_filter (CvmLogModel *self,
                          const char  *text,
                          gboolean     notable)
{
  g_free (self->text);
  self->text = g_strdup (text);
  self->is_notable = notable;
  self->n_looked = 0;
  g_array_set_size (self->shown, 0);
  self->stamp++;
}

gboolean
cvm_log_model_look (CvmLogModel *self,
                    guint        limit)
{
  guint end = MIN (self->kept->len, self->n_looked + limit);

  for (; self->n_looked < end; self->n_looked++)
    {
      g_autoptr(GtkTreePath) path = NULL;
      GtkTreeIter iter;

      if (!is_wanted (self, self->kept->pdata[self->n_looked]))
        continue;

      g_array_append_val (self->shown, self->n_looked);
      set_iter (self, &iter, self->shown->len - 1);
      path = get_path (GTK_TREE_MODEL (self), &iter);
      gtk_tree_model_row_inserted (GTK_TREE_MODEL (self), path, &iter);
    }

  return self->n_looked < self->kept->len;
}

int
cvm_log_model_find_case (CvmLogModel *self,
                         const char  *id)
{
  for (guint row = self->shown->len; row > 0; row--)
    {
      const CvmRecord *record = self->kept->pdata[g_array_index (self->shown, guint, row - 1)];

      if ((record->type == CVM_RECORD_CASE_END || record->type == CVM_RECORD_CASE_BEGIN)
          && g_strcmp0 (record->id, id) == 0)
        return (int)row - 1;
    }

  return -1;
}

guint
cvm_log_model_n_rows (CvmLogModel *self)
{
  return self->shown->len;
}

guint
cvm_log_model_n_kept (CvmLogModel *self)
{
  return self->kept->len;
}
