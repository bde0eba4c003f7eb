/* cvm-image-fetch.c: from a catalogue's entry to an image that boots
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-image-fetch.h"

#include <glib/gstdio.h>
#include <string.h>

#include "cvm-catalogue-private.h"
#include "cvm-disk.h"
#include "cvm-fetch-private.h"
#include "cvm-file.h"
#include "cvm-signature.h"
#include "cvm-unpack.h"
#include "cvm-wait.h"

#define LOOK_UP_MS       60000
#define SIGNATURE_MS     600000
#define MAX_SIGNATURE    (64 * 1024)
#define MAX_BEGINNINGS   3           /* of a file that changes while it is fetched */

typedef struct
{
  CvmImageStore       *store;
  const CvmImageFetch *fetch;
  CvmCatalogueEntry   *entry;
  char                *name;
  char                *part;
  GCancellable        *cancellable;
  CvmImageFetched     *fetched;
} Fetching;

void
cvm_image_fetched_clear (CvmImageFetched *self)
{
  g_clear_pointer (&self->name, g_free);
  g_clear_pointer (&self->path, g_free);
  g_clear_pointer (&self->sha256, g_free);
  g_clear_pointer (&self->signature, g_free);
}

static void
enter (Fetching           *self,
       CvmImageFetchStage  stage,
       CvmFetchStream     *stream)
{
  if (self->fetch->on_stage != NULL)
    self->fetch->on_stage (stage, stream, self->fetch->data);
}

static CvmImageNew
describe_new (Fetching *self)
{
  return (CvmImageNew) {
    .name = self->name,
    .arch = self->entry->arch,
    .source = self->entry->url,
    .replaces = self->fetch->replaces,
  };
}

/* Signatures ----------------------------------------------------------------------------------- */

static gboolean
save_page (Fetching    *self,
           const char  *url,
           gsize        max,
           const char  *path,
           GBytes     **page,
           GError     **error)
{
  g_autoptr(GBytes) bytes = cvm_web_read_page (url, max, cvm_deadline_in_ms (LOOK_UP_MS),
                                               self->cancellable, NULL, error);
  gboolean is_saved;

  if (bytes == NULL)
    return FALSE;

  is_saved = cvm_file_write (path, g_bytes_get_data (bytes, NULL), (gssize)g_bytes_get_size (bytes),
                             0600, error);
  if (is_saved && page != NULL)
    *page = g_steal_pointer (&bytes);

  return is_saved;
}

static gboolean
check_signature (Fetching    *self,
                 const char  *file,
                 const char  *signature,
                 const char  *shown,
                 GError     **error)
{
  g_autofree char *detail = NULL;
  CvmSignatureVerdict verdict;

  if (!cvm_signature_check (file, signature, self->fetch->keyring,
                            cvm_deadline_in_ms (SIGNATURE_MS), self->cancellable, &verdict, &detail,
                            error))
    return FALSE;

  if (verdict == CVM_SIGNATURE_GOOD)
    {
      g_free (self->fetched->signature);
      self->fetched->signature = g_steal_pointer (&detail);
      return TRUE;
    }

  g_set_error (error, CVM_FETCH_ERROR, CVM_FETCH_ERROR_WRONG_SUM, "Signature of %s: %s", shown,
               detail);

  return FALSE;
}

/* The list of sums is signed: what counts is what stands in the very bytes that were checked. */
static gboolean
check_signed_sums (Fetching      *self,
                   CvmImageWork  *work,
                   GError       **error)
{
  g_autofree char *list = g_build_filename (cvm_image_work_get_path (work), "sums", NULL);
  g_autofree char *signature = g_build_filename (cvm_image_work_get_path (work), "sums.sig", NULL);
  g_autofree char *file = cvm_catalogue_file_name (self->entry->url);
  g_autoptr(GPtrArray) warnings = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GHashTable) sums = NULL;
  g_autoptr(GBytes) page = NULL;
  const char *text;
  gsize len;

  if (!save_page (self, self->entry->sums_url, CVM_CATALOGUE_MAX_PAGE, list, &page, error) ||
      !save_page (self, self->entry->sums_signature_url, MAX_SIGNATURE, signature, NULL, error) ||
      !check_signature (self, list, signature, self->entry->sums_url, error))
    return FALSE;

  text = g_bytes_get_data (page, &len);
  sums = cvm_sums_parse (text, len, self->entry->sums_url, warnings);
  if (file != NULL && g_strcmp0 (g_hash_table_lookup (sums, file), self->entry->sha256) == 0)
    return TRUE;

  g_set_error (error, CVM_FETCH_ERROR, CVM_FETCH_ERROR_WRONG_SUM,
               "%s is signed, and gives another sum of %s than the catalogue",
               self->entry->sums_url, file);

  return FALSE;
}

static gboolean
check_signed_file (Fetching        *self,
                   CvmImageWork    *work,
                   CvmFetchStream  *stream,
                   GError         **error)
{
  g_autofree char *signature = g_build_filename (cvm_image_work_get_path (work), "file.sig", NULL);

  return save_page (self, self->entry->signature_url, MAX_SIGNATURE, signature, NULL, error) &&
         check_signature (self, cvm_fetch_stream_get_path (stream), signature, self->entry->url,
                          error);
}

static gboolean
has_wanted_signature (Fetching  *self,
                      GError   **error)
{
  const CvmCatalogueEntry *entry = self->entry;

  if (self->fetch->keyring == NULL || entry->signature_url != NULL ||
      (entry->sums_signature_url != NULL && entry->sha256 != NULL))
    return TRUE;

  g_set_error (error, CVM_FETCH_ERROR, CVM_FETCH_ERROR_REFUSED,
               "%s offers no signature, and one is wanted since a keyring was given", entry->url);

  return FALSE;
}

/* Fetching ------------------------------------------------------------------------------------- */

static GPtrArray *
unpack (Fetching        *self,
        CvmFetchStream  *stream,
        const char      *folder,
        GError         **error)
{
  g_autofree char *file = cvm_catalogue_unpacked_name (self->entry->url);
  const CvmUnpack unpack = {
    .packed = G_INPUT_STREAM (stream),
    .name = file,
    .dir = folder,
  };
  g_autoptr(GError) local = NULL;
  g_autoptr(GPtrArray) files = cvm_unpack_run (&unpack, CVM_DEADLINE_NEVER, self->cancellable,
                                               &local);

  if (files != NULL)
    return cvm_fetch_stream_finish (stream, self->cancellable, error) ? g_steal_pointer (&files)
                                                                      : NULL;

  /* Where a sum was promised, a damaged file is told by that rather than by what its packing makes
   * of it. */
  if (self->entry->sha256 != NULL && g_error_matches (local, G_IO_ERROR, G_IO_ERROR_INVALID_DATA) &&
      !cvm_fetch_stream_finish (stream, self->cancellable, error))
    return NULL;

  if (g_error_matches (local, G_IO_ERROR, G_IO_ERROR_INVALID_DATA))
    cvm_fetch_part_remove (self->part);
  g_propagate_error (error, g_steal_pointer (&local));

  return NULL;
}

/* Names below FOLDER of what lies beside the disk */
static char **
name_parts (const CvmDisk *disk,
            const char    *folder)
{
  g_autofree char *beside = g_path_get_dirname (disk->path);
  gsize len = strlen (folder);
  const char *below = strlen (beside) > len ? beside + len + 1 : "";
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func (g_free);

  for (gsize i = 0; disk->parts != NULL && disk->parts[i] != NULL; i++)
    g_ptr_array_add (names, g_build_filename (below, disk->parts[i], NULL));
  g_ptr_array_add (names, NULL);

  return (char **)g_ptr_array_steal (names, NULL);
}

static gboolean
add (Fetching        *self,
     CvmFetchStream  *stream,
     const char      *folder,
     GPtrArray       *files,
     GError         **error)
{
  g_autoptr(CvmDisk) disk = cvm_disk_find (folder, files, NULL, cvm_deadline_in_ms (LOOK_UP_MS),
                                           self->cancellable, error);
  g_auto(GStrv) parts = disk != NULL ? name_parts (disk, folder) : NULL;
  CvmImageNew image = describe_new (self);

  if (disk == NULL)
    return FALSE;

  image.folder = folder;
  image.disk = disk->path + strlen (folder) + 1;
  image.parts = (const char *const *)parts;
  image.format = disk->format;
  image.source_sha256 = cvm_fetch_stream_get_sha256 (stream);
  self->fetched->path = cvm_image_store_add (self->store, &image, self->cancellable, error);

  return self->fetched->path != NULL;
}

static void
note_progress (Fetching       *self,
               CvmFetchStream *stream)
{
  CvmFetchProgress progress;

  cvm_fetch_stream_get_progress (stream, &progress);
  self->fetched->bytes = progress.bytes;
  self->fetched->n_breaks += progress.n_breaks;
}

static gboolean
fetch_into (Fetching        *self,
            CvmImageWork    *work,
            CvmFetchStream  *stream,
            GError         **error)
{
  g_autofree char *folder = g_build_filename (cvm_image_work_get_path (work), "files", NULL);
  g_autoptr(GPtrArray) files = NULL;

  if (g_mkdir (folder, 0755) != 0)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "Cannot make %s", folder);
      return FALSE;
    }

  files = unpack (self, stream, folder, error);
  note_progress (self, stream);
  if (files == NULL)
    return FALSE;

  enter (self, CVM_IMAGE_FETCH_CHECKING, stream);
  if (self->fetch->keyring != NULL && self->entry->signature_url != NULL &&
      !check_signed_file (self, work, stream, error))
    {
      cvm_fetch_part_remove (self->part);
      return FALSE;
    }

  return add (self, stream, folder, files, error);
}

static gboolean
fetch_once (Fetching  *self,
            GError   **error)
{
  const CvmFetchSpec spec = {
    .url = self->entry->url,
    .part = self->part,
    .sha256 = self->entry->sha256,
    .patience_ms = self->fetch->patience_ms,
  };
  g_autoptr(CvmImageWork) work = cvm_image_work_new (self->store, error);
  g_autoptr(CvmFetchStream) stream = NULL;
  gboolean is_done;

  if (work == NULL)
    return FALSE;

  enter (self, CVM_IMAGE_FETCH_LOOKING_UP, NULL);
  if (self->fetch->keyring != NULL && self->entry->signature_url == NULL &&
      !check_signed_sums (self, work, error))
    return FALSE;

  stream = cvm_fetch_stream_new (&spec);
  enter (self, CVM_IMAGE_FETCH_FETCHING, stream);
  is_done = fetch_into (self, work, stream, error);
  if (is_done)
    {
      self->fetched->sha256 = g_strdup (cvm_fetch_stream_get_sha256 (stream));
      cvm_fetch_part_remove (self->part);
    }
  g_input_stream_close (G_INPUT_STREAM (stream), NULL, NULL);

  return is_done;
}

static gboolean
fetch_all (Fetching  *self,
           GError   **error)
{
  for (guint i = 1; TRUE; i++)
    {
      g_autoptr(GError) local = NULL;

      if (fetch_once (self, &local))
        return TRUE;

      if (i < MAX_BEGINNINGS && g_error_matches (local, CVM_FETCH_ERROR, CVM_FETCH_ERROR_CHANGED))
        continue;

      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
}

/* What is here --------------------------------------------------------------------------------- */

/* Whether the name can be taken; *IS_HERE when the same is here under it now. */
static gboolean
look_here (Fetching  *self,
           gboolean  *is_here,
           GError   **error)
{
  g_autofree char *file = g_strconcat (self->name, ".image", NULL);
  g_autofree char *path = g_build_filename (cvm_image_store_get_path (self->store), file, NULL);
  CvmImageNew image = describe_new (self);
  g_autoptr(GError) local = NULL;

  *is_here = FALSE;
  if (!cvm_image_store_is_name (self->name))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_FILENAME,
                   "an image cannot be called so: take letters, digits and ._+-, at most 100");
      return FALSE;
    }

  if (self->entry->sha256 != NULL)
    self->fetched->path = cvm_image_store_find_source (self->store, self->entry->sha256, &image,
                                                       self->cancellable, &local);
  *is_here = self->fetched->path != NULL;
  if (local != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }

  if (*is_here || self->fetch->replaces || !g_file_test (path, G_FILE_TEST_EXISTS))
    return TRUE;

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS,
               "there is an image called %s already; remove it, replace it, or take another name",
               self->name);

  return FALSE;
}

static gboolean
run (Fetching  *self,
     GError   **error)
{
  gboolean is_here;

  if (!has_wanted_signature (self, error) ||
      !cvm_catalogue_resolve (self->entry, cvm_deadline_in_ms (LOOK_UP_MS), self->cancellable,
                              error) ||
      !look_here (self, &is_here, error))
    return FALSE;

  self->fetched->was_here = is_here;

  return is_here || fetch_all (self, error);
}

gboolean
cvm_image_fetch_run (CvmImageStore        *store,
                     const CvmImageFetch  *fetch,
                     GCancellable         *cancellable,
                     CvmImageFetched      *fetched,
                     GError              **error)
{
  g_autofree char *part = cvm_image_store_part (store, fetch->entry->url);
  Fetching self = { store, fetch, fetch->entry, NULL, part, cancellable, fetched };
  gboolean is_done;

  *fetched = (CvmImageFetched) { NULL };
  fetched->name = g_strdup (fetch->name != NULL ? fetch->name : fetch->entry->name);
  self.name = fetched->name;

  is_done = run (&self, error);
  enter (&self, CVM_IMAGE_FETCH_DONE, NULL);
  if (!is_done)
    cvm_image_fetched_clear (fetched);

  return is_done;
}
