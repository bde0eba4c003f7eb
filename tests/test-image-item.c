/* test-image-item.c: an image in the list of images; which are shown, and which could go
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-image-item.h"

#include <string.h>

#include "cvm-image-room.h"

static CvmImageItem *
new_entry (const char *name,
           const char *version,
           const char *type,
           const char *arch)
{
  g_autoptr(CvmCatalogueEntry) entry = cvm_catalogue_entry_new ();

  entry->name = g_strdup (name);
  entry->version = g_strdup (version);
  entry->type = g_strdup (type);
  entry->arch = g_strdup (arch);
  entry->url = g_strdup_printf ("http://h/%s.img", name);
  entry->size = 2000000;

  return cvm_image_item_new_entry (entry, NULL);
}

static CvmShelfImage *
new_here (const char *name,
          gint64      bytes,
          gint64      used_us)
{
  CvmShelfImage *here = g_new0 (CvmShelfImage, 1);

  here->name = g_strdup (name);
  here->path = g_strdup_printf ("/images/%s.image", name);
  here->image = cvm_image_new (here->path);
  here->image->name = g_strdup (name);
  here->image->arch = g_strdup ("x86_64");
  here->is_own = TRUE;
  here->bytes = bytes;
  here->used_us = used_us;

  return here;
}

static void
count (guint *n)
{
  (*n)++;
}

static void
test_entry (void)
{
  g_autoptr(CvmImageItem) item = new_entry ("vm-1.0", "1.0", "basic", "x86_64");
  g_autofree char *status = cvm_image_item_dup_status (item);
  const char *about = cvm_image_item_get_about (item);

  g_assert_cmpstr (cvm_image_item_get_title (item), ==, "vm-1.0");
  g_assert_nonnull (strstr (about, "1.0 · basic · x86_64 · "));
  g_assert_nonnull (strstr (about, "2.0"));
  g_assert_cmpstr (status, ==, "Not here");
  g_assert_false (cvm_image_item_is_busy (item));
  g_assert_null (cvm_image_item_get_here (item));
}

/* What a catalogue says can be shown, whatever it says */
static void
test_hostile (void)
{
  g_autoptr(CvmImageItem) item = new_entry ("a\xff\nb\x1b[2J", "1\t0", NULL, NULL);

  g_assert_true (g_utf8_validate (cvm_image_item_get_title (item), -1, NULL));
  g_assert_null (strpbrk (cvm_image_item_get_title (item), "\n\x1b\t"));
  g_assert_null (strpbrk (cvm_image_item_get_about (item), "\n\x1b\t"));
}

static const struct
{
  CvmImageState state;
  gboolean      is_busy;
  const char   *status;
} states[] = {
  { CVM_IMAGE_STATE_AWAY, FALSE, "Not here" },
  { CVM_IMAGE_STATE_PARTLY, FALSE, "Partly here" },
  { CVM_IMAGE_STATE_WAITING, TRUE, "Waits for its turn" },
  { CVM_IMAGE_STATE_FETCHING, TRUE, "25 % · " },
  { CVM_IMAGE_STATE_IMPORTING, TRUE, "25 % · " },
  { CVM_IMAGE_STATE_CHECKING, TRUE, "Being checked" },
  { CVM_IMAGE_STATE_HERE, FALSE, "Here" },
  { CVM_IMAGE_STATE_DAMAGED, FALSE, "Damaged" },
};

static void
test_states (void)
{
  const CvmFetchProgress progress = { .bytes = 250, .total = 1000, .bytes_per_s = 100,
                                      .left_ms = -1 };
  g_autoptr(CvmImageItem) item = new_entry ("vm", NULL, NULL, NULL);
  guint n = 0;

  g_signal_connect_swapped (item, "changed", G_CALLBACK (count), &n);
  for (gsize i = 0; i < G_N_ELEMENTS (states); i++)
    {
      g_autofree char *status = NULL;

      cvm_image_item_set_state (item, states[i].state, "a problem");
      g_assert_cmpint (cvm_image_item_is_busy (item), ==, states[i].is_busy);
      if (states[i].is_busy)
        cvm_image_item_set_progress (item, &progress);
      status = cvm_image_item_dup_status (item);
      g_assert_true (g_str_has_prefix (status, states[i].status));
      g_assert_cmpstr (cvm_image_item_get_problem (item), ==, "a problem");
    }
  g_assert_cmpuint (n, ==, G_N_ELEMENTS (states) + 4);
}

/* A total that is not known, or a lie */
static void
test_fraction (void)
{
  static const struct { gint64 bytes, total; double fraction; } cases[] = {
    { 5, 10, 0.5 }, { 0, 10, 0 }, { 20, 10, 1 }, { -5, 10, 0 }, { 5, -1, -1 }, { 5, 0, -1 },
  };
  g_autoptr(CvmImageItem) item = new_entry ("vm", NULL, NULL, NULL);

  cvm_image_item_set_state (item, CVM_IMAGE_STATE_FETCHING, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const CvmFetchProgress progress = { .bytes = cases[i].bytes, .total = cases[i].total,
                                          .bytes_per_s = -1, .left_ms = -1 };
      g_autofree char *status = NULL;

      cvm_image_item_set_progress (item, &progress);
      status = cvm_image_item_dup_status (item);
      g_assert_cmpfloat (cvm_image_item_get_fraction (item), ==, cases[i].fraction);
      g_assert_cmpstr (status, !=, "");
    }
}

static void
test_here (void)
{
  g_autoptr(CvmImageItem) item = cvm_image_item_new_here (new_here ("vm", 1000, 0));
  CvmShelfImage *damaged = new_here ("vm", 1000, 0);
  CvmShelfImage *used = new_here ("vm", 1000, 0);
  g_autofree char *silent = cvm_image_item_dup_status (item);
  g_autofree char *status = NULL;

  g_assert_cmpint (cvm_image_item_get_state (item), ==, CVM_IMAGE_STATE_HERE);
  g_assert_cmpstr (silent, ==, "");    /* the list says it */
  damaged->problem = g_strdup ("it has another checksum");
  cvm_image_item_take_here (item, damaged);
  g_assert_cmpint (cvm_image_item_get_state (item), ==, CVM_IMAGE_STATE_DAMAGED);
  g_assert_cmpstr (cvm_image_item_get_problem (item), ==, "it has another checksum");

  used->is_in_use = TRUE;
  used->checked_us = g_get_real_time ();
  cvm_image_item_take_here (item, used);
  g_assert_cmpint (cvm_image_item_get_state (item), ==, CVM_IMAGE_STATE_CHECKED);
  status = cvm_image_item_dup_status (item);
  g_assert_cmpstr (status, ==, "Used by a run");

  /* why something failed stays told, where nothing else is new */
  cvm_image_item_set_state (item, CVM_IMAGE_STATE_CHECKED, "it cannot be removed");
  cvm_image_item_take_here (item, new_here ("vm", 1000, 0));
  g_assert_cmpstr (cvm_image_item_get_problem (item), ==, "it cannot be removed");
  cvm_image_item_set_state (item, CVM_IMAGE_STATE_HERE, NULL);
  cvm_image_item_take_here (item, new_here ("vm", 1000, 0));
  g_assert_null (cvm_image_item_get_problem (item));

  /* what is being done with it goes on */
  cvm_image_item_set_state (item, CVM_IMAGE_STATE_CHECKING, NULL);
  cvm_image_item_take_here (item, new_here ("vm", 1000, 0));
  g_assert_cmpint (cvm_image_item_get_state (item), ==, CVM_IMAGE_STATE_CHECKING);

  cvm_image_item_set_state (item, CVM_IMAGE_STATE_HERE, NULL);
  cvm_image_item_take_here (item, NULL);
  g_assert_cmpint (cvm_image_item_get_state (item), ==, CVM_IMAGE_STATE_AWAY);
}

/* The name is that of the image everywhere; what it is comes after what can be counted */
static void
test_described (void)
{
  CvmShelfImage *here = new_here ("vm", 1000, 0);
  g_autoptr(CvmImageItem) item = NULL;

  here->image->description = g_strdup ("It has a\ndesktop");
  item = cvm_image_item_new_here (here);
  g_assert_cmpstr (cvm_image_item_get_title (item), ==, "vm");
  g_assert_true (g_str_has_suffix (cvm_image_item_get_about (item), " · It has a desktop"));
}

static const struct
{
  CvmImageWish wish;
  gboolean     matches;
} wishes[] = {
  { { NULL, NULL, NULL }, TRUE },      { { "", NULL, NULL }, TRUE },
  { { "CERN", NULL, NULL }, TRUE },    { { "2.5", NULL, NULL }, TRUE },
  { { "Basic", NULL, NULL }, TRUE },   { { "debian", NULL, NULL }, FALSE },
  { { NULL, "basic", NULL }, TRUE },   { { NULL, "desktop", NULL }, FALSE },
  { { NULL, NULL, "x86_64" }, TRUE },  { { NULL, NULL, "aarch64" }, FALSE },
  { { "cern", "desktop", NULL }, FALSE },
};

static void
test_matches (void)
{
  g_autoptr(CvmImageItem) item = new_entry ("cernvm-2.5", "2.5", "basic", "x86_64");

  for (gsize i = 0; i < G_N_ELEMENTS (wishes); i++)
    g_assert_cmpint (cvm_image_item_matches (item, &wishes[i].wish), ==, wishes[i].matches);

  cvm_image_item_set_hidden (item, TRUE);
  g_assert_false (cvm_image_item_matches (item, &wishes[0].wish));
}

static void
test_newest (void)
{
  g_autoptr(GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(GPtrArray) newest = NULL;

  g_ptr_array_add (items, new_entry ("vm-basic-2.0", "2.0", "basic", "x86_64"));
  g_ptr_array_add (items, new_entry ("vm-basic-1.0", "1.0", "basic", "x86_64"));
  g_ptr_array_add (items, new_entry ("vm-desktop-1.0", "1.0", "desktop", "x86_64"));
  g_ptr_array_add (items, new_entry ("vm-basic-1.0-arm", "1.0", "basic", "aarch64"));
  g_ptr_array_add (items, new_entry ("other-1.0", "1.0", "basic", "x86_64"));
  newest = cvm_image_items_newest (items);
  g_assert_cmpuint (newest->len, ==, 4);
  g_assert_true (newest->pdata[0] == items->pdata[0]);
  g_assert_true (newest->pdata[1] == items->pdata[2]);
}

/* Room ---------------------------------------------------------------------------------------- */

static void
test_room (void)
{
  g_autofree char *budget = cvm_image_room_describe (12000000000, 5, 40000000000);
  g_autofree char *nothing = cvm_image_room_describe (12000000000, 300000000000, 0);
  g_autofree char *nobody = cvm_image_room_describe (0, -1, 0);

  g_assert_nonnull (strstr (budget, "12.0"));
  g_assert_nonnull (strstr (budget, " of 40.0"));
  g_assert_nonnull (strstr (nothing, "300.0"));
  g_assert_nonnull (strstr (nothing, "free"));
  g_assert_null (strstr (nobody, "free"));
}

static void
add (GPtrArray  *items,
     const char *name,
     gint64      used_us,
     gboolean    is_own,
     gboolean    is_in_use)
{
  CvmShelfImage *here = new_here (name, 100, used_us);

  here->is_own = is_own;
  here->is_in_use = is_in_use;
  g_ptr_array_add (items, cvm_image_item_new_here (here));
}

static void
test_choose (void)
{
  g_autoptr(GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(GPtrArray) one = NULL;
  g_autoptr(GPtrArray) all = NULL;
  g_autoptr(GPtrArray) none = NULL;

  add (items, "new", 300, TRUE, FALSE);
  add (items, "old", 100, TRUE, FALSE);
  add (items, "older-but-used", 50, TRUE, TRUE);
  add (items, "oldest-but-installed", 10, FALSE, FALSE);
  add (items, "between", 200, TRUE, FALSE);
  add (items, "busy", 20, TRUE, FALSE);
  cvm_image_item_set_state (items->pdata[5], CVM_IMAGE_STATE_CHECKING, NULL);

  one = cvm_image_room_choose (items, 1);
  g_assert_cmpuint (one->len, ==, 1);
  g_assert_cmpstr (cvm_image_item_get_name (one->pdata[0]), ==, "old");

  all = cvm_image_room_choose (items, 101);
  g_assert_cmpuint (all->len, ==, 2);
  g_assert_cmpstr (cvm_image_item_get_name (all->pdata[1]), ==, "between");

  none = cvm_image_room_choose (items, 0);
  g_assert_cmpuint (none->len, ==, 0);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/image-item/entry", test_entry);
  g_test_add_func ("/image-item/hostile", test_hostile);
  g_test_add_func ("/image-item/states", test_states);
  g_test_add_func ("/image-item/fraction", test_fraction);
  g_test_add_func ("/image-item/here", test_here);
  g_test_add_func ("/image-item/described", test_described);
  g_test_add_func ("/image-item/matches", test_matches);
  g_test_add_func ("/image-item/newest", test_newest);
  g_test_add_func ("/image-item/room", test_room);
  g_test_add_func ("/image-item/choose", test_choose);

  return g_test_run ();
}
