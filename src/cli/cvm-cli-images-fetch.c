/* cvm-cli-images-fetch.c: images fetch
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <glib/gi18n.h>
#include <string.h>

#include "cvm-catalogue.h"
#include "cvm-cli-images.h"
#include "cvm-cli-progress.h"
#include "cvm-cli-worker.h"
#include "cvm-image-fetch.h"
#include "cvm-param.h"

#define JOBS    3      /* at once, if not told otherwise */
#define TICK_MS 250

/* One image: filled by its thread, watched by the main one */
typedef struct
{
  CvmCatalogueEntry  *entry;
  char               *keyring;
  CvmImageFetched     fetched;
  GError             *error;

  GMutex              mutex;
  CvmFetchStream     *stream;    /* under the mutex, as the next */
  CvmImageFetchStage  stage;
} Item;

typedef struct
{
  CvmCliCatalogueOptions  options;
  char                  **wanted;
  char                   *name;
  char                   *keyring;
  char                   *sha256;
  gboolean                replaces;
  gint64                  patience_ms;
  int                     n_jobs;

  GMutex                  mutex;
  GPtrArray              *items;       /* under the mutex until all are there */
  GPtrArray              *warnings;
  GCancellable           *cancellable;
} Fetching;

static void
item_free (Item *item)
{
  cvm_catalogue_entry_unref (item->entry);
  g_free (item->keyring);
  cvm_image_fetched_clear (&item->fetched);
  g_clear_error (&item->error);
  g_clear_object (&item->stream);
  g_mutex_clear (&item->mutex);
  g_free (item);
}

static void
add_item (Fetching          *fetching,
          CvmCatalogueEntry *entry,
          const char        *keyring)
{
  Item *item = g_new0 (Item, 1);

  g_mutex_init (&item->mutex);
  item->entry = cvm_catalogue_entry_ref (entry);
  item->keyring = g_strdup (fetching->keyring != NULL ? fetching->keyring : keyring);
  if (fetching->sha256 != NULL)
    {
      g_free (item->entry->sha256);
      item->entry->sha256 = g_ascii_strdown (fetching->sha256, -1);
    }

  g_mutex_lock (&fetching->mutex);
  g_ptr_array_add (fetching->items, item);
  g_mutex_unlock (&fetching->mutex);
}

/* What is wanted ------------------------------------------------------------------------------- */

static gboolean
is_location (const char *text)
{
  return strstr (text, "://") != NULL || strchr (text, '/') != NULL;
}

static gboolean
add_location (Fetching    *fetching,
              const char  *location,
              GError     **error)
{
  g_autoptr(CvmCatalogueEntry) entry = cvm_catalogue_entry_for (location, error);

  if (entry == NULL)
    return FALSE;

  add_item (fetching, entry, NULL);

  return TRUE;
}

/* The newest entry that is called so, or is like it */
static int
find_entry (const CvmCliCatalogueFound *found,
            const char                 *name)
{
  for (guint i = 0; i < found->entries->len; i++)
    {
      const CvmCatalogueEntry *entry = g_ptr_array_index (found->entries, i);

      if (g_str_equal (entry->name, name))
        return (int)i;
    }

  return found->entries->len > 0 ? 0 : -1;
}

static gboolean
add_named (Fetching      *fetching,
           const char    *name,
           GCancellable  *cancellable,
           GError       **error)
{
  g_auto(CvmCliCatalogueFound) found = { NULL };
  int at;

  if (!cvm_cli_catalogues_read (&fetching->options, name, cancellable, &found, error))
    return FALSE;

  for (guint i = 0; i < found.warnings->len; i++)
    g_ptr_array_add (fetching->warnings, g_strdup (g_ptr_array_index (found.warnings, i)));

  at = find_entry (&found, name);
  if (at < 0)
    {
      g_set_error (error, CVM_CATALOGUE_ERROR, CVM_CATALOGUE_ERROR_NO_MATCH,
                   _("no catalogue lists an image like “%s”; see “images list --catalogue”"), name);
      return FALSE;
    }

  add_item (fetching, g_ptr_array_index (found.entries, at),
            g_ptr_array_index (found.keyrings, at));

  return TRUE;
}

/* Fetching, a thread an image ------------------------------------------------------------------ */

static void
on_stage (CvmImageFetchStage  stage,
          CvmFetchStream     *stream,
          gpointer            data)
{
  Item *item = data;

  g_mutex_lock (&item->mutex);
  item->stage = stage;
  g_set_object (&item->stream, stream);
  g_mutex_unlock (&item->mutex);
}

static void
fetch_one (gpointer data,
           gpointer pool_data)
{
  Item *item = data;
  const Fetching *fetching = pool_data;
  const CvmImageFetch fetch = {
    .entry = item->entry,
    .name = fetching->name,
    .keyring = item->keyring,
    .replaces = fetching->replaces,
    .patience_ms = fetching->patience_ms,
    .on_stage = on_stage,
    .data = item,
  };
  g_autoptr(CvmImageStore) store = cvm_image_store_open (NULL, &item->error);

  if (store != NULL)
    cvm_image_fetch_run (store, &fetch, fetching->cancellable, &item->fetched, &item->error);
}

static gboolean
fetch_in_worker (gpointer       data,
                 GCancellable  *cancellable,
                 GError       **error)
{
  Fetching *fetching = data;
  GThreadPool *pool;

  for (gsize i = 0; fetching->wanted[i] != NULL; i++)
    {
      if (!(is_location (fetching->wanted[i])
              ? add_location (fetching, fetching->wanted[i], error)
              : add_named (fetching, fetching->wanted[i], cancellable, error)))
        return FALSE;
    }

  fetching->cancellable = cancellable;
  pool = g_thread_pool_new (fetch_one, fetching, fetching->n_jobs, TRUE, error);
  if (pool == NULL)
    return FALSE;

  for (guint i = 0; i < fetching->items->len; i++)
    g_thread_pool_push (pool, g_ptr_array_index (fetching->items, i), NULL);
  g_thread_pool_free (pool, FALSE, TRUE);

  return !g_cancellable_set_error_if_cancelled (cancellable, error);
}

/* The line on the terminal --------------------------------------------------------------------- */

static void
append_progress (GString                *text,
                 const CvmFetchProgress *progress)
{
  g_autofree char *rate = g_format_size ((guint64)progress->bytes_per_s);

  if (progress->total > 0)
    g_string_append_printf (text, " %d %%", (int)(progress->bytes * 100 / progress->total));
  else
    {
      g_autofree char *size = g_format_size ((guint64)progress->bytes);

      g_string_append_printf (text, " %s", size);
    }

  g_string_append_printf (text, _(", %s/s"), rate);
  if (progress->left_ms >= 0)
    g_string_append_printf (text, _(", %d:%02d left"), (int)(progress->left_ms / 60000),
                            (int)(progress->left_ms / 1000 % 60));
  if (progress->n_breaks > 0)
    g_string_append_printf (text, _(", %u breaks"), progress->n_breaks);
}

static void
append_item (GString *text,
             Item    *item)
{
  CvmFetchProgress progress;

  g_mutex_lock (&item->mutex);
  if (item->stage == CVM_IMAGE_FETCH_FETCHING && item->stream != NULL)
    {
      cvm_fetch_stream_get_progress (item->stream, &progress);
      g_string_append_printf (text, "  %s", item->entry->name);
      append_progress (text, &progress);
    }
  else if (item->stage == CVM_IMAGE_FETCH_CHECKING)
    {
      g_string_append_printf (text, _("  %s is checked"), item->entry->name);
    }
  g_mutex_unlock (&item->mutex);
}

static gboolean
on_tick (gpointer data)
{
  Fetching *fetching = data;
  g_autoptr(GString) text = g_string_new (NULL);
  guint n_done = 0;

  g_mutex_lock (&fetching->mutex);
  for (guint i = 0; i < fetching->items->len; i++)
    {
      Item *item = g_ptr_array_index (fetching->items, i);

      append_item (text, item);
      n_done += item->stage == CVM_IMAGE_FETCH_DONE;
    }
  if (fetching->items->len > 0)
    {
      g_autofree char *line = g_strdup_printf ("[%u/%u]%s", n_done, fetching->items->len,
                                               text->str);

      cvm_cli_progress_print (line);
    }
  g_mutex_unlock (&fetching->mutex);

  return G_SOURCE_CONTINUE;
}

/* What came of it ------------------------------------------------------------------------------ */

static int
status_of (const GError *error)
{
  if (error == NULL)
    return CVM_STATUS_PASSED;
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return CVM_STATUS_CANCELLED;
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_EXISTS) ||
      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_INVALID_FILENAME) ||
      error->domain == CVM_CATALOGUE_ERROR)
    return CVM_STATUS_USAGE;

  return CVM_STATUS_ENVIRONMENT;
}

static void
fill_item (JsonObject *object,
           const Item *item)
{
  json_object_set_string_member (object, "name", item->fetched.name != NULL ? item->fetched.name
                                                                            : item->entry->name);
  json_object_set_string_member (object, "url", item->entry->url);
  json_object_set_string_member (object, "path", item->fetched.path);
  json_object_set_string_member (object, "sha256", item->fetched.sha256);
  json_object_set_string_member (object, "signature", item->fetched.signature);
  json_object_set_boolean_member (object, "was_here", item->fetched.was_here);
  json_object_set_int_member (object, "bytes", item->fetched.bytes);
  json_object_set_int_member (object, "breaks", item->fetched.n_breaks);
  json_object_set_string_member (object, "error",
                                 item->error != NULL ? item->error->message : NULL);
}

static int
report (const Fetching *fetching,
        gboolean        is_json)
{
  static const char *const columns[] = { "name", "path", NULL };
  g_autoptr(JsonArray) list = json_array_new ();
  g_autoptr(JsonArray) good = json_array_new ();
  int status = CVM_STATUS_PASSED;

  for (guint i = 0; i < fetching->items->len; i++)
    {
      const Item *item = g_ptr_array_index (fetching->items, i);
      int one;

      fill_item (cvm_cli_list_add (list), item);
      if (item->error == NULL)
        fill_item (cvm_cli_list_add (good), item);
      else
        cvm_cli_message ("%s: %s", item->entry->name, item->error->message);
      one = status_of (item->error);
      status = MAX (status, one);
    }

  if (is_json)
    cvm_cli_list_print_json (list);
  else
    cvm_cli_list_print_columns (good, columns);

  return status;
}

static int
fetch (Fetching   *fetching,
       const char *path,
       gboolean    is_json)
{
  g_autoptr(GError) error = NULL;
  guint tick = cvm_cli_progress_is_seen () ? g_timeout_add (TICK_MS, on_tick, fetching) : 0;
  gboolean is_begun = cvm_cli_work (fetch_in_worker, fetching, &error);

  if (tick != 0)
    {
      g_source_remove (tick);
      cvm_cli_progress_print ("");
    }

  for (guint i = 0; i < fetching->warnings->len; i++)
    cvm_cli_message ("%s", (const char *)g_ptr_array_index (fetching->warnings, i));

  if (is_begun)
    {
      cvm_cli_images_warn ();
      return report (fetching, is_json);
    }

  return status_of (error) == CVM_STATUS_USAGE ? cvm_cli_usage (path, "%s", error->message)
                                               : cvm_cli_fail (error);
}

/* Options -------------------------------------------------------------------------------------- */

static void
fetching_clear (Fetching *fetching)
{
  cvm_cli_catalogue_options_clear (&fetching->options);
  g_free (fetching->name);
  g_free (fetching->keyring);
  g_free (fetching->sha256);
  g_ptr_array_unref (fetching->items);
  g_ptr_array_unref (fetching->warnings);
  g_mutex_clear (&fetching->mutex);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Fetching, fetching_clear)

static gboolean
check_options (Fetching   *fetching,
               const char *path,
               const char *patience)
{
  guint n = g_strv_length (fetching->wanted);

  if (fetching->name != NULL && n > 1)
    return cvm_cli_usage (path, _("--as names one image, and %u are to be fetched"), n) < 0;

  if (fetching->sha256 != NULL &&
      (n > 1 || strlen (fetching->sha256) != 64 ||
       strspn (fetching->sha256, "0123456789abcdefABCDEF") != 64))
    return cvm_cli_usage (path, _("--sha256 takes 64 hex digits, and is for one image")) < 0;

  if (fetching->n_jobs < 1 || fetching->n_jobs > 16)
    return cvm_cli_usage (path, _("--jobs takes 1 to 16")) < 0;

  if (patience != NULL && (!cvm_param_parse_duration (patience, &fetching->patience_ms) ||
                           fetching->patience_ms < 1000))
    return cvm_cli_usage (path, _("--patience takes a duration of at least 1s: 90, 90s, 5m")) < 0;

  return TRUE;
}

int
cvm_cli_images_fetch (int    argc,
                      char **argv)
{
  g_auto(Fetching) fetching = { .n_jobs = JOBS };
  g_autofree char *patience = NULL;
  gboolean is_json = FALSE;
  const GOptionEntry entries[] = {
    CVM_CLI_CATALOGUE_ENTRIES (fetching.options),
    { "as", 0, 0, G_OPTION_ARG_STRING, &fetching.name, N_("Name to give the image"), N_("NAME") },
    { "replace", 0, 0, G_OPTION_ARG_NONE, &fetching.replaces,
      N_("Put it in the place of an image of that name"), NULL },
    { "sha256", 0, 0, G_OPTION_ARG_STRING, &fetching.sha256,
      N_("SHA-256 that the file must have"), N_("SUM") },
    { "keyring", 0, 0, G_OPTION_ARG_FILENAME, &fetching.keyring,
      N_("Keys, as gpgv takes them: a good signature by one of them is wanted"), N_("FILE") },
    { "jobs", 'j', 0, G_OPTION_ARG_INT, &fetching.n_jobs,
      N_("How many to fetch at once (default: 3)"), N_("N") },
    { "patience", 0, 0, G_OPTION_ARG_STRING, &patience,
      N_("How long to wait for a byte before giving up (default: 60s)"), N_("DURATION") },
    { "json", 0, 0, G_OPTION_ARG_NONE, &is_json, N_("Print an array of objects"), NULL },
    { NULL }
  };
  CvmCliSyntax syntax = { CVM_CLI_IMAGES " fetch", "NAME|URL|PATH…",
                          _("Fetches images, unpacks and checks them: the newest of a catalogue "
                            "that is like NAME, or what lies at a URL or path."),
                          NULL, entries, 1, -1 };

  g_mutex_init (&fetching.mutex);
  fetching.items = g_ptr_array_new_with_free_func ((GDestroyNotify)item_free);
  fetching.warnings = g_ptr_array_new_with_free_func (g_free);
  if (!cvm_cli_parse (&syntax, &argc, &argv))
    return CVM_STATUS_USAGE;

  fetching.wanted = argv + 1;

  return check_options (&fetching, syntax.path, patience) ? fetch (&fetching, syntax.path, is_json)
                                                          : CVM_STATUS_USAGE;
}
