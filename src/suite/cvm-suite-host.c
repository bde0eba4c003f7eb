/* cvm-suite-host.c: what of a suite is for a host
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-suite-private.h"

#include <string.h>

/* The libvirt driver of a URI: "qemu" of qemu+unix:///session */
static char *
driver_of (const char *uri)
{
  return g_strndup (uri, strcspn (uri, "+:"));
}

static gboolean
is_for (const CvmCase *item,
        const char    *driver)
{
  for (gsize i = 0; item->drivers[i] != NULL; i++)
    if (g_str_has_prefix (driver, item->drivers[i]))
      return TRUE;

  return item->drivers[0] == NULL;
}

/* What is not there cannot be needed */
static void
drop_need (CvmSuite   *self,
           const char *id)
{
  for (guint i = 0; i < self->cases->len; i++)
    {
      CvmCase *item = self->cases->pdata[i];
      gsize kept = 0;

      for (gsize j = 0; item->needs[j] != NULL; j++)
        {
          if (g_str_equal (item->needs[j], id))
            g_free (item->needs[j]);
          else
            item->needs[kept++] = item->needs[j];
        }
      item->needs[kept] = NULL;
    }
}

static gboolean
is_all_for (CvmSuite   *self,
            const char *driver)
{
  for (guint i = 0; i < self->cases->len; i++)
    if (!is_for (self->cases->pdata[i], driver))
      return FALSE;

  return TRUE;
}

CvmSuite *
cvm_suite_for_host (CvmSuite   *self,
                    const char *host_uri)
{
  g_autofree char *driver = driver_of (host_uri);
  CvmSuite *copy;

  if (is_all_for (self, driver))
    return g_object_ref (self);

  copy = cvm_suite_copy (self);
  for (guint i = copy->cases->len; i-- > 0;)
    {
      CvmCase *item = copy->cases->pdata[i];

      if (is_for (item, driver))
        continue;

      drop_need (copy, item->id);
      g_hash_table_remove (copy->by_id, item->id);
      g_ptr_array_remove_index (copy->cases, i);
    }

  return copy;
}
