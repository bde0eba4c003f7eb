/* cvm-image-room.c: the room that images take, and which of them could go
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-image-room.h"

#include <glib/gi18n.h>

char *
cvm_image_room_describe (gint64 bytes,
                         gint64 free_bytes,
                         gint64 budget)
{
  g_autofree char *used = g_format_size ((guint64)MAX (bytes, 0));
  g_autofree char *other = g_format_size ((guint64)MAX (budget > 0 ? budget : free_bytes, 0));

  if (budget > 0)
    return g_strdup_printf (_("%s of %s"), used, other);
  if (free_bytes < 0)
    return g_strdup_printf (_("%s used"), used);

  return g_strdup_printf (_("%s used, %s free"), used, other);
}

static gint64
last_us (const CvmShelfImage *here)
{
  return here->used_us > 0 ? here->used_us : here->checked_us;
}

static int
compare_use (gconstpointer a,
             gconstpointer b)
{
  gint64 x = last_us (cvm_image_item_get_here (*(CvmImageItem *const *)a));
  gint64 y = last_us (cvm_image_item_get_here (*(CvmImageItem *const *)b));

  return x < y ? -1 : x > y;
}

GPtrArray *
cvm_image_room_choose (GPtrArray *items,
                       gint64     bytes)
{
  g_autoptr(GPtrArray) able = g_ptr_array_new ();
  GPtrArray *chosen = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < items->len; i++)
    {
      const CvmShelfImage *here = cvm_image_item_get_here (items->pdata[i]);

      if (here != NULL && here->is_own && !here->is_in_use && here->bytes > 0
          && !cvm_image_item_is_busy (items->pdata[i]))
        g_ptr_array_add (able, items->pdata[i]);
    }
  g_ptr_array_sort (able, compare_use);

  for (guint i = 0; i < able->len && bytes > 0; i++)
    {
      bytes -= cvm_image_item_get_here (able->pdata[i])->bytes;
      g_ptr_array_add (chosen, g_object_ref (able->pdata[i]));
    }

  return chosen;
}
