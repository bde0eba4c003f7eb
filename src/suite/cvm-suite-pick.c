/* cvm-suite-pick.c: some cases of a suite alone
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-suite-private.h"

/* Needs that were picked too, by the names they have now */
static void
rename_needs (CvmCase    *item,
              GHashTable *picked,
              const char *suffix)
{
  gsize kept = 0;

  for (gsize i = 0; item->needs[i] != NULL; i++)
    {
      g_autofree char *need = g_steal_pointer (&item->needs[i]);

      if (g_hash_table_contains (picked, need))
        item->needs[kept++] = g_strconcat (need, suffix, NULL);
    }
  item->needs[kept] = NULL;
}

CvmSuite *
cvm_suite_pick (CvmSuite            *self,
                CvmSuiteWantedFunc   is_wanted,
                gpointer             data,
                const char          *suffix)
{
  g_autoptr(GHashTable) picked = g_hash_table_new (g_str_hash, g_str_equal);
  CvmSuite *copy = cvm_suite_copy_empty (self);

  for (guint i = 0; i < self->cases->len; i++)
    {
      const CvmCase *item = self->cases->pdata[i];
      CvmCase *taken;

      if (!is_wanted (item, data))
        continue;

      g_hash_table_add (picked, item->id);
      taken = cvm_case_copy (item);
      g_free (taken->id);
      taken->id = g_strconcat (item->id, suffix, NULL);
      rename_needs (taken, picked, suffix);
      cvm_suite_add_case (copy, taken);
    }

  return copy;
}
