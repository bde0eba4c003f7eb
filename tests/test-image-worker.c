/* test-image-worker.c: images fetched, imported, checked and removed off the main thread
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-image-worker.h"

#include <glib/gstdio.h>
#include <string.h>

#include "cvm-file.h"
#include "cvm-image-loader.h"
#include "cvm-test-home.h"

#define SECTOR 512

typedef struct
{
  char           *dir;
  char           *path;      /* of a disk that is there */
  char           *sha256;
  CvmImageWorker *worker;
  guint           n_changed;
} Fixture;

static void
count (guint *n)
{
  (*n)++;
}

static void
set_up (Fixture       *f,
        gconstpointer  data)
{
  char disk[4 * SECTOR] = { 0 };

  cvm_test_home_clear ();
  memcpy (disk + 446, "\x80\0\2\0\x83\0\2\0\1\0\0\0\x02\0\0", 16);
  memcpy (disk + 510, "\x55\xaa", 2);
  f->dir = g_dir_make_tmp ("cvm-XXXXXX", NULL);
  f->path = g_build_filename (f->dir, "vm-1.0.img", NULL);
  g_assert_true (g_file_set_contents (f->path, disk, sizeof disk, NULL));
  f->sha256 = cvm_file_sha256 (f->path, NULL, NULL);
  f->worker = cvm_image_worker_new ();
  g_signal_connect_swapped (f->worker, "changed", G_CALLBACK (count), &f->n_changed);
}

static void
tear_down (Fixture       *f,
           gconstpointer  data)
{
  g_assert_false (cvm_image_worker_is_busy (f->worker));
  g_assert_finalize_object (f->worker);
  cvm_file_remove_tree (f->dir);
  g_free (f->dir);
  g_free (f->path);
  g_free (f->sha256);
}

static void
wait_idle (Fixture *f)
{
  while (cvm_image_worker_is_busy (f->worker))
    g_main_context_iteration (NULL, TRUE);
}

static CvmImageItem *
new_entry (Fixture    *f,
           const char *sha256)
{
  g_autoptr(CvmCatalogueEntry) entry = cvm_catalogue_entry_for (f->path, NULL);

  entry->sha256 = g_strdup (sha256);

  return cvm_image_item_new_entry (entry, NULL);
}

static void
on_loaded (GObject      *source,
           GAsyncResult *result,
           gpointer      data)
{
  g_set_object ((GAsyncResult **)data, result);
}

static CvmImagesHere *
load (void)
{
  g_autoptr(GAsyncResult) done = NULL;
  CvmImagesHere *here;

  cvm_images_here_load_async (NULL, on_loaded, &done);
  while (done == NULL)
    g_main_context_iteration (NULL, TRUE);
  here = cvm_images_here_load_finish (done, NULL);
  g_assert_nonnull (here);

  return here;
}

static void
test_fetch (Fixture       *f,
            gconstpointer  data)
{
  g_autoptr(CvmImageItem) item = new_entry (f, f->sha256);
  g_autoptr(CvmImagesHere) here = NULL;
  const CvmShelfImage *image;

  cvm_image_worker_fetch (f->worker, item);
  g_assert_true (cvm_image_item_is_busy (item));
  cvm_image_worker_fetch (f->worker, item);      /* twice is once */
  wait_idle (f);
  g_assert_cmpuint (f->n_changed, ==, 1);
  g_assert_cmpint (cvm_image_item_get_state (item), ==, CVM_IMAGE_STATE_HERE);

  here = load ();
  g_assert_cmpuint (here->items->len, ==, 1);
  image = cvm_image_item_get_here (here->items->pdata[0]);
  g_assert_cmpstr (image->name, ==, "vm-1.0");
  g_assert_cmpint (image->checked_us, >, 0);
}

/* Without a promised sum nothing was compared, and nothing claims it was */
static void
test_fetch_unsummed (Fixture       *f,
                     gconstpointer  data)
{
  g_autoptr(CvmImageItem) item = new_entry (f, NULL);
  g_autoptr(CvmImagesHere) here = NULL;

  cvm_image_worker_fetch (f->worker, item);
  wait_idle (f);
  here = load ();
  g_assert_cmpint (cvm_image_item_get_state (here->items->pdata[0]), ==, CVM_IMAGE_STATE_HERE);
}

/* A byte changes where the image lies, and a check finds it */
static void
damage (Fixture      *f,
        CvmImageItem *item)
{
  const char *disk = cvm_image_item_get_here (item)->image->disk;
  g_autofree char *bytes = NULL;
  gsize len;

  g_assert_true (g_file_get_contents (disk, &bytes, &len, NULL));
  bytes[len - 1] ^= 1;
  g_assert_true (g_file_set_contents (disk, bytes, len, NULL));
  cvm_image_worker_check (f->worker, item);
  wait_idle (f);
  g_assert_cmpint (cvm_image_item_get_state (item), ==, CVM_IMAGE_STATE_DAMAGED);
}

/* DATA: whether a sum is promised */
static void
test_fetch_again (Fixture       *f,
                  gconstpointer  data)
{
  g_autoptr(CvmImageItem) item = new_entry (f, data != NULL ? f->sha256 : NULL);
  g_autoptr(CvmImagesHere) first = NULL;
  g_autoptr(CvmImagesHere) noted = NULL;
  g_autoptr(CvmImagesHere) last = NULL;
  g_autofree char *sha256 = NULL;

  cvm_image_worker_fetch (f->worker, item);
  wait_idle (f);
  first = load ();
  damage (f, first->items->pdata[0]);
  noted = load ();
  cvm_image_item_take_here (item, cvm_image_item_steal_here (noted->items->pdata[0]));
  g_assert_cmpint (cvm_image_item_get_state (item), ==, CVM_IMAGE_STATE_DAMAGED);

  cvm_image_worker_fetch (f->worker, item);
  wait_idle (f);
  g_assert_cmpstr (cvm_image_item_get_problem (item), ==, NULL);
  g_assert_cmpint (cvm_image_item_get_state (item), ==, CVM_IMAGE_STATE_HERE);
  last = load ();
  g_assert_cmpint (cvm_image_item_get_state (last->items->pdata[0]), ==, CVM_IMAGE_STATE_CHECKED);
  sha256 = cvm_file_sha256 (cvm_image_item_get_here (last->items->pdata[0])->image->disk, NULL, NULL);
  g_assert_cmpstr (sha256, ==, f->sha256);
}

static void
test_wrong_sum (Fixture       *f,
                gconstpointer  data)
{
  g_autofree char *zeros = g_strnfill (64, '0');
  g_autoptr(CvmImageItem) item = new_entry (f, zeros);
  g_autoptr(CvmImagesHere) here = NULL;

  cvm_image_worker_fetch (f->worker, item);
  wait_idle (f);
  g_assert_cmpint (cvm_image_item_get_state (item), ==, CVM_IMAGE_STATE_DAMAGED);
  g_assert_nonnull (strstr (cvm_image_item_get_problem (item), zeros));
  here = load ();
  g_assert_cmpuint (here->items->len, ==, 0);
}

static void
test_cancel (Fixture       *f,
             gconstpointer  data)
{
  g_autoptr(CvmImageItem) item = new_entry (f, f->sha256);

  cvm_image_worker_fetch (f->worker, item);
  cvm_image_worker_stop (f->worker);
  wait_idle (f);
  g_assert_false (cvm_image_item_is_busy (item));
  g_assert_null (cvm_image_item_get_problem (item));   /* the user knows */
}

/* Of what never began to come nothing is here, if nothing was */
static void
test_fetch_fails (Fixture       *f,
                  gconstpointer  data)
{
  static const CvmImageState states[] = { CVM_IMAGE_STATE_AWAY, CVM_IMAGE_STATE_PARTLY };

  g_assert_cmpint (g_unlink (f->path), ==, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (states); i++)
    {
      g_autoptr(CvmImageItem) item = new_entry (f, f->sha256);

      cvm_image_item_set_state (item, states[i], NULL);
      cvm_image_worker_fetch (f->worker, item);
      wait_idle (f);
      g_assert_cmpint (cvm_image_item_get_state (item), ==, states[i]);
      g_assert_nonnull (cvm_image_item_get_problem (item));
    }
}

/* More at once than there are threads */
static void
test_queue (Fixture       *f,
            gconstpointer  data)
{
  g_autoptr(GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < 4 * CVM_IMAGE_WORKERS; i++)
    {
      g_autofree char *name = g_strdup_printf ("vm-%u", i);
      CvmImageWanted *wanted = g_new0 (CvmImageWanted, 1);

      wanted->path = g_strdup (f->path);
      wanted->name = g_strdup (name);
      g_ptr_array_add (items, cvm_image_item_new_import (name));
      cvm_image_worker_import (f->worker, items->pdata[i], wanted);
    }
  wait_idle (f);
  for (guint i = 0; i < items->len; i++)
    g_assert_cmpint (cvm_image_item_get_state (items->pdata[i]), ==, CVM_IMAGE_STATE_HERE);
}

static void
import (Fixture      *f,
        const char   *name,
        const char   *memory,
        CvmImageItem *item)
{
  const char *settings[] = { "Memory", memory, NULL };
  CvmImageWanted *wanted = g_new0 (CvmImageWanted, 1);

  wanted->path = g_strdup (f->path);
  wanted->name = g_strdup (name);
  wanted->settings = g_strdupv ((char **)settings);
  cvm_image_worker_import (f->worker, item, wanted);
  wait_idle (f);
}

static void
test_import (Fixture       *f,
             gconstpointer  data)
{
  g_autoptr(CvmImageItem) item = cvm_image_item_new_import ("mine");
  g_autoptr(CvmImageItem) again = cvm_image_item_new_import ("no name");
  g_autoptr(CvmImagesHere) here = NULL;
  const CvmShelfImage *image;

  import (f, "mine", "128", item);
  here = load ();
  g_assert_cmpuint (here->items->len, ==, 1);
  image = cvm_image_item_get_here (here->items->pdata[0]);
  g_assert_cmpstr (image->name, ==, "mine");
  g_assert_cmpuint (image->image->memory_mib, ==, 128);

  import (f, "no name", "128", again);
  g_assert_cmpint (cvm_image_item_get_state (again), ==, CVM_IMAGE_STATE_AWAY);
  g_assert_nonnull (strstr (cvm_image_item_get_problem (again), "no name"));
}

static void
test_check_and_remove (Fixture       *f,
                       gconstpointer  data)
{
  g_autoptr(CvmImageItem) item = cvm_image_item_new_import ("mine");
  g_autoptr(CvmImagesHere) here = NULL;
  CvmImageItem *found;
  const char *disk;

  import (f, "mine", "128", item);
  here = load ();
  found = here->items->pdata[0];
  cvm_image_worker_check (f->worker, found);
  wait_idle (f);
  g_assert_cmpint (cvm_image_item_get_state (found), ==, CVM_IMAGE_STATE_HERE);

  disk = cvm_image_item_get_here (found)->image->disk;
  g_assert_cmpint (g_chmod (disk, 0644), ==, 0);
  g_assert_true (g_file_set_contents (disk, "other", -1, NULL));
  cvm_image_worker_check (f->worker, found);
  wait_idle (f);
  g_assert_cmpint (cvm_image_item_get_state (found), ==, CVM_IMAGE_STATE_DAMAGED);
  g_assert_nonnull (strstr (cvm_image_item_get_problem (found), "another"));

  cvm_image_worker_remove (f->worker, found);
  wait_idle (f);
  cvm_images_here_free (g_steal_pointer (&here));
  here = load ();
  g_assert_cmpuint (here->items->len, ==, 0);
}

/* What is still there is not hidden any more, and says why */
static void
test_remove_fails (Fixture       *f,
                   gconstpointer  data)
{
  const CvmImageWish any = { NULL };
  g_autoptr(CvmImageItem) item = cvm_image_item_new_import ("mine");
  g_autoptr(CvmImagesHere) here = NULL;
  CvmImageItem *found;
  const char *path;

  import (f, "mine", "128", item);
  here = load ();
  found = here->items->pdata[0];
  path = cvm_image_item_get_here (found)->path;
  g_assert_cmpint (g_unlink (path), ==, 0);
  g_assert_cmpint (g_mkdir (path, 0755), ==, 0);    /* even root cannot unlink a folder */

  cvm_image_item_set_hidden (found, TRUE);
  cvm_image_worker_remove (f->worker, found);
  wait_idle (f);
  g_assert_true (cvm_image_item_matches (found, &any));
  g_assert_cmpint (cvm_image_item_get_state (found), ==, CVM_IMAGE_STATE_HERE);
  g_assert_nonnull (strstr (cvm_image_item_get_problem (found), "Cannot remove"));
  g_assert_cmpint (g_rmdir (path), ==, 0);
}

/* A catalogue is a folder with a page, too; one that is none says so */
static void
test_catalogue (Fixture       *f,
                gconstpointer  data)
{
  g_autoptr(GAsyncResult) done = NULL;
  g_autoptr(GAsyncResult) failed = NULL;
  g_autoptr(GPtrArray) items = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *page = g_build_filename (f->dir, "index.html", NULL);
  g_autofree char *gone = g_build_filename (f->dir, "gone", NULL);

  g_assert_true (g_file_set_contents (page, "<a href=\"vm-1.0.img\">x</a><a href=\"vm-2.0.img\">x</a>",
                                      -1, NULL));
  cvm_images_listed_load_async (page, NULL, NULL, on_loaded, &done);
  cvm_images_listed_load_async (gone, NULL, NULL, on_loaded, &failed);
  while (done == NULL || failed == NULL)
    g_main_context_iteration (NULL, TRUE);

  items = cvm_images_listed_load_finish (done, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (items->len, ==, 2);
  g_assert_cmpstr (cvm_image_item_get_name (items->pdata[0]), ==, "vm-2.0");
  g_assert_null (cvm_images_listed_load_finish (failed, &error));
  g_assert_nonnull (error);
}

#define ADD(name, func) g_test_add ("/image-worker/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  cvm_test_home_enter ();

  ADD ("fetch", test_fetch);
  ADD ("fetch-unsummed", test_fetch_unsummed);
  g_test_add ("/image-worker/fetch-again/summed", Fixture, "", set_up, test_fetch_again, tear_down);
  g_test_add ("/image-worker/fetch-again/unsummed", Fixture, NULL, set_up, test_fetch_again, tear_down);
  ADD ("wrong-sum", test_wrong_sum);
  ADD ("cancel", test_cancel);
  ADD ("fetch-fails", test_fetch_fails);
  ADD ("queue", test_queue);
  ADD ("import", test_import);
  ADD ("check-and-remove", test_check_and_remove);
  ADD ("remove-fails", test_remove_fails);
  ADD ("catalogue", test_catalogue);

  return cvm_test_home_run ();
}
