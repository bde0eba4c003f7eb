/* cvm-image-loader.c: the images that are here and those of catalogues, read off the main thread
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-image-loader.h"

#include "cvm-settings.h"
#include "cvm-wait.h"

#define LIMIT_MS 60000   /* for one catalogue */

/* Here --------------------------------------------------------------------------------------- */

void
cvm_images_here_free (CvmImagesHere *self)
{
  g_clear_pointer (&self->items, g_ptr_array_unref);
  g_clear_pointer (&self->catalogues, g_ptr_array_unref);
  g_free (self->problem);
  g_free (self->folder);
  g_free (self);
}

static int
compare_titles (gconstpointer a,
                gconstpointer b)
{
  return g_utf8_collate (cvm_image_item_get_title (*(CvmImageItem *const *)a),
                         cvm_image_item_get_title (*(CvmImageItem *const *)b));
}

static GPtrArray *
items_of (CvmShelf *shelf)
{
  GPtrArray *items = g_ptr_array_new_with_free_func (g_object_unref);

  g_ptr_array_set_free_func (shelf->images, NULL);
  for (guint i = 0; i < shelf->images->len; i++)
    g_ptr_array_add (items, cvm_image_item_new_here (shelf->images->pdata[i]));
  g_ptr_array_set_size (shelf->images, 0);
  g_ptr_array_sort (items, compare_titles);

  return items;
}

static void
load_here_in_thread (GTask        *task,
                     gpointer      source,
                     gpointer      data,
                     GCancellable *cancellable)
{
  g_autoptr(CvmImagesHere) self = g_new0 (CvmImagesHere, 1);
  g_autoptr(GError) error = NULL;
  g_autoptr(CvmShelf) shelf = cvm_shelf_read (cancellable, &error);
  g_autoptr(CvmSettings) settings = NULL;

  if (shelf == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  self->items = items_of (shelf);
  self->folder = g_steal_pointer (&shelf->folder);
  self->bytes = shelf->bytes;
  self->free_bytes = shelf->free_bytes;
  self->catalogues = cvm_catalogues_load (&error);
  if (error != NULL)
    self->problem = g_strdup (error->message);

  settings = cvm_settings_load (NULL);
  self->budget = settings != NULL ? (gint64)MIN (settings->images_budget, G_MAXINT64) : 0;

  g_task_return_pointer (task, g_steal_pointer (&self), (GDestroyNotify)cvm_images_here_free);
}

void
cvm_images_here_load_async (GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, cvm_images_here_load_async);
  g_task_run_in_thread (task, load_here_in_thread);
}

CvmImagesHere *
cvm_images_here_load_finish (GAsyncResult  *result,
                             GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* Listed ------------------------------------------------------------------------------------- */

typedef struct
{
  char *location;
  char *keyring;
} Ask;

static void
ask_free (gpointer data)
{
  Ask *self = data;

  g_free (self->location);
  g_free (self->keyring);
  g_free (self);
}

/* The names of the downloads that can go on; NULL where there is none */
static GHashTable *
list_parts (CvmImageStore *store)
{
  g_autofree char *folder = g_build_filename (cvm_image_store_get_path (store), "parts", NULL);
  g_autoptr(GDir) dir = g_dir_open (folder, 0, NULL);
  g_autoptr(GHashTable) parts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    g_hash_table_add (parts, g_build_filename (folder, name, NULL));

  return g_hash_table_size (parts) > 0 ? g_steal_pointer (&parts) : NULL;
}

static CvmImageItem *
item_of (CvmCatalogueEntry *entry,
         const char        *keyring,
         CvmImageStore     *store,
         GHashTable        *parts)
{
  CvmImageItem *item = cvm_image_item_new_entry (entry, keyring);
  g_autofree char *part = parts != NULL ? cvm_image_store_part (store, entry->url) : NULL;

  if (part != NULL && g_hash_table_contains (parts, part))
    cvm_image_item_set_state (item, CVM_IMAGE_STATE_PARTLY, NULL);

  return item;
}

static gpointer
ask_in_thread (gpointer data)
{
  g_autoptr(GTask) task = data;
  Ask *ask = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;
  g_auto(GStrv) warnings = NULL;
  g_autoptr(GPtrArray) entries = cvm_catalogue_read (ask->location, cvm_deadline_in_ms (LIMIT_MS),
                                                     g_task_get_cancellable (task), &warnings,
                                                     &error);
  g_autoptr(CvmImageStore) store = entries != NULL ? cvm_image_store_open (NULL, NULL) : NULL;
  g_autoptr(GHashTable) parts = store != NULL ? list_parts (store) : NULL;
  GPtrArray *items;

  if (entries == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return NULL;
    }

  items = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < entries->len; i++)
    g_ptr_array_add (items, item_of (entries->pdata[i], ask->keyring, store, parts));
  g_task_return_pointer (task, items, (GDestroyNotify)g_ptr_array_unref);

  return NULL;
}

void
cvm_images_listed_load_async (const char          *location,
                              const char          *keyring,
                              GCancellable        *cancellable,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);
  Ask *ask = g_new0 (Ask, 1);

  ask->location = g_strdup (location);
  ask->keyring = g_strdup (keyring);
  g_task_set_source_tag (task, cvm_images_listed_load_async);
  g_task_set_task_data (task, ask, ask_free);
  g_thread_unref (g_thread_new ("catalogue", ask_in_thread, task));
}

GPtrArray *
cvm_images_listed_load_finish (GAsyncResult  *result,
                               GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
