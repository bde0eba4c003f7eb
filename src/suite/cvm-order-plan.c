/* cvm-order-plan.c: from what somebody wants to the jobs of a run
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-order.h"

#define MAX_JOBS 999   /* of a plan */

static gboolean
has_check (CvmSuite   *suite,
           const char *id)
{
  for (guint i = 0; i < cvm_suite_n_cases (suite); i++)
    if (g_str_equal (cvm_suite_case (suite, i)->check->id, id))
      return TRUE;

  return FALSE;
}

CvmImageNeed
cvm_order_image_need (CvmSuite *suite)
{
  if (!has_check (suite, "guest.start"))
    return CVM_IMAGE_NEED_NONE;

  return has_check (suite, "image.fetched") ? CVM_IMAGE_NEED_EITHER : CVM_IMAGE_NEED_MUST;
}

static gboolean
is_allowed (const CvmOrder *self,
            CvmSuite       *suite)
{
  return self->allow_exec
         || (self->allowed != NULL
             && g_strv_contains ((const char *const *)self->allowed,
                                 cvm_suite_get_sha256 (suite)));
}

static CvmSuite *
load_suite (const CvmOrder       *self,
            const CvmOrderSuite  *item,
            CvmCheckLookup        lookup,
            GError              **error)
{
  g_autofree char *path = cvm_suite_find (item->suite, error);
  g_autoptr(CvmSuite) read = path != NULL ? cvm_suite_load (path, lookup, error) : NULL;
  g_autoptr(CvmSuite) suite = NULL;

  if (read == NULL)
    return NULL;

  suite = cvm_suite_resolve (read, item->preset, (const char *const *)item->sets,
                             (const char *const *)item->only, error);
  if (suite == NULL || !cvm_suite_check_exec (suite, is_allowed (self, suite), error))
    return NULL;

  return g_steal_pointer (&suite);
}

/* Each once, by the name that the order has for it; cells without one have no entry */
static GHashTable *
load_images (const CvmOrder  *self,
             GError         **error)
{
  g_autoptr(GHashTable) images =
    g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify)cvm_image_unref);

  for (guint i = 0; i < self->cells->len; i++)
    {
      const CvmOrderCell *cell = self->cells->pdata[i];
      g_autoptr(CvmImage) image = NULL;

      if (cell->image == NULL || g_hash_table_contains (images, cell->image))
        continue;

      image = cvm_image_find (cell->image, error);
      if (image == NULL)
        return NULL;

      g_hash_table_insert (images, cell->image,
                           self->kernel_args != NULL
                             ? cvm_image_with_args (image, self->kernel_args)
                             : cvm_image_ref (image));
    }

  return g_steal_pointer (&images);
}

static const char *
host_of (const CvmOrderCell *cell)
{
  return cell->host_uri != NULL ? cell->host_uri : CVM_ORDER_HOST;
}

static gboolean
has_cell_without_image (const CvmOrder *self)
{
  for (guint i = 0; i < self->cells->len; i++)
    if (((CvmOrderCell *)self->cells->pdata[i])->image == NULL)
      return TRUE;

  return FALSE;
}

static gboolean
is_first_of_host (const CvmOrder *self,
                  guint           index)
{
  for (guint i = 0; i < index; i++)
    if (g_str_equal (host_of (self->cells->pdata[i]), host_of (self->cells->pdata[index])))
      return FALSE;

  return TRUE;
}

static gboolean
is_cell_for (const CvmOrder *self,
             guint           index,
             CvmImageNeed    need)
{
  const CvmOrderCell *cell = self->cells->pdata[index];

  switch (need)
    {
    case CVM_IMAGE_NEED_MUST:
      return cell->image != NULL;
    case CVM_IMAGE_NEED_NONE:
      return has_cell_without_image (self) ? cell->image == NULL : is_first_of_host (self, index);
    case CVM_IMAGE_NEED_EITHER:
    default:
      return TRUE;
    }
}

static gboolean
add_jobs (const CvmOrder  *self,
          CvmPlan         *plan,
          CvmSuite        *suite,
          GHashTable      *images,
          GError         **error)
{
  CvmImageNeed need = cvm_order_image_need (suite);

  if (need == CVM_IMAGE_NEED_MUST && g_hash_table_size (images) == 0)
    return cvm_order_refuse (error, "suite “%s” starts a guest: name its image with --image; "
                             "“cvmtester-cli images list” shows what there is",
                             cvm_suite_get_id (suite));

  for (guint i = 0; i < self->cells->len; i++)
    {
      const CvmOrderCell *cell = self->cells->pdata[i];
      CvmImage *image = cell->image != NULL && need != CVM_IMAGE_NEED_NONE
                          ? g_hash_table_lookup (images, cell->image) : NULL;

      if (!is_cell_for (self, i, need))
        continue;

      if (cvm_plan_n_jobs (plan) == MAX_JOBS)
        return cvm_order_refuse (error, "these are more than %d jobs; name fewer images, hosts "
                                 "or suites", MAX_JOBS);

      cvm_plan_add_job (plan, image, host_of (cell),
                        cell->hypervisor != NULL ? cell->hypervisor : "auto", suite);
    }

  return TRUE;
}

static gboolean
check_numbers (const CvmOrder  *self,
               GError         **error)
{
  if (self->suites->len == 0)
    return cvm_order_refuse (error, "name a suite: --suite NAME; “cvmtester-cli suites list” "
                             "shows what there is");

  if (self->repeat > CVM_ORDER_MAX_REPEAT)
    return cvm_order_refuse (error, "--repeat is %u; allowed: 1 to %d", self->repeat,
                             CVM_ORDER_MAX_REPEAT);

  return TRUE;
}

static GPtrArray *
load_suites (const CvmOrder  *self,
             CvmCheckLookup   lookup,
             GError         **error)
{
  g_autoptr(GPtrArray) suites = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < self->suites->len; i++)
    {
      CvmSuite *suite = load_suite (self, self->suites->pdata[i], lookup, error);

      if (suite == NULL)
        return NULL;

      g_ptr_array_add (suites, suite);
    }

  return g_steal_pointer (&suites);
}

CvmPlan *
cvm_order_make_plan (const CvmOrder  *self,
                     CvmCheckLookup   lookup,
                     GError         **error)
{
  g_autoptr(CvmPlan) plan = cvm_plan_new ();
  g_autoptr(GPtrArray) suites = NULL;
  g_autoptr(GHashTable) images = NULL;
  guint n;

  if (!check_numbers (self, error))
    return NULL;

  suites = load_suites (self, lookup, error);
  images = suites != NULL ? load_images (self, error) : NULL;
  if (images == NULL)
    return NULL;

  n = suites->len * MAX (self->repeat, 1);
  for (guint i = 0; i < n; i++)
    if (!add_jobs (self, plan, suites->pdata[i % suites->len], images, error))
      return NULL;

  if (self->parallel > 0)
    cvm_plan_set_parallel (plan, self->parallel);
  cvm_plan_set_keep_failed (plan, self->keep_failed);
  cvm_plan_set_server (plan, self->server);

  return g_steal_pointer (&plan);
}
