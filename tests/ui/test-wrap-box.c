/* test-wrap-box.c: where widgets of several widths are put, in places of several widths
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Needs a display. Children are 100, 60 and 80 wide and 20, 30 and 20 high; between is 6. */
#include "cvm-wrap-box.h"

typedef struct
{
  const char *name;
  int         width;
  int         hidden;      /* this child, counted from 1 */
  int         expanding;
  gboolean    is_rtl;
  const char *places;      /* x,y,width of each that is seen */
  int         height;
  gboolean    is_linked;
} Case;

static const Case cases[] = {
  { "one-line", 252, 0, 0, FALSE, "0,0,100 106,0,60 172,0,80", 30 },
  { "wider", 300, 0, 0, FALSE, "0,0,100 106,0,60 172,0,80", 30 },
  { "a-pixel-less", 251, 0, 0, FALSE, "0,0,100 106,0,60 0,36,80", 56 },
  { "two-of-three", 150, 0, 0, FALSE, "0,0,100 0,26,60 66,26,80", 56 },
  { "each-its-line", 100, 0, 0, FALSE, "0,0,100 0,26,60 0,62,80", 82 },
  { "hidden-first", 146, 1, 0, FALSE, "0,0,60 66,0,80", 30 },
  { "hidden-last", 166, 3, 0, FALSE, "0,0,100 106,0,60", 30 },
  { "expands", 300, 0, 2, FALSE, "0,0,100 106,0,108 220,0,80", 30 },
  { "expands-alone", 200, 0, 3, FALSE, "0,0,100 106,0,60 0,36,200", 56 },
  { "linked", 260, 0, 0, FALSE, "0,0,100 100,0,60 160,0,80", 30, TRUE },
  { "linked-no-place", 251, 0, 0, FALSE, "0,0,100 106,0,60 0,36,80", 56, TRUE },
  { "linked-right-to-left", 260, 0, 0, TRUE, "160,0,100 94,0,60 8,0,80", 30, TRUE },
  { "right-to-left", 252, 0, 0, TRUE, "152,0,100 86,0,60 0,0,80", 30 },
  { "right-to-left-lines", 150, 0, 0, TRUE, "50,0,100 90,26,60 4,26,80", 56 },
};

static const int sizes[][2] = { { 100, 20 }, { 60, 30 }, { 80, 20 } };

static GtkWidget *
make_box (const Case *c)
{
  GtkWidget *box = g_object_ref_sink (g_object_new (CVM_TYPE_WRAP_BOX, "visible", TRUE,
                                                    "linked", c->is_linked, NULL));

  gtk_widget_set_direction (box, c->is_rtl ? GTK_TEXT_DIR_RTL : GTK_TEXT_DIR_LTR);
  for (int i = 0; i < (int)G_N_ELEMENTS (sizes); i++)
    {
      GtkWidget *child = gtk_drawing_area_new ();

      gtk_widget_set_size_request (child, sizes[i][0], sizes[i][1]);
      gtk_widget_set_hexpand (child, c->expanding == i + 1);
      gtk_widget_set_visible (child, c->hidden != i + 1);
      gtk_container_add (GTK_CONTAINER (box), child);
    }

  return box;
}

static void
add_place (GtkWidget *child,
           gpointer   data)
{
  GtkAllocation place;

  if (!gtk_widget_get_visible (child))
    return;

  gtk_widget_get_allocation (child, &place);
  g_string_append_printf (data, "%s%d,%d,%d", ((GString *)data)->len > 0 ? " " : "", place.x,
                          place.y, place.width);
}

static void
test_places (gconstpointer data)
{
  const Case *c = data;
  GtkWidget *box = make_box (c);
  GtkAllocation area = { 0, 0, c->width, c->height };
  g_autoptr(GString) places = g_string_new ("");
  int narrow, height;

  gtk_widget_get_preferred_width (box, &narrow, NULL);
  g_assert_cmpint (narrow, ==, c->hidden == 1 ? 80 : 100);
  gtk_widget_get_preferred_height_for_width (box, c->width, &height, NULL);
  g_assert_cmpint (height, ==, c->height);

  gtk_widget_size_allocate (box, &area);
  gtk_container_foreach (GTK_CONTAINER (box), add_place, places);
  g_assert_cmpstr (places->str, ==, c->places);

  gtk_widget_destroy (box);
  g_assert_finalize_object (box);
}

/* What is taken out is gone, and nothing is no line */
static void
test_remove (void)
{
  GtkWidget *box = make_box (&cases[0]);
  int wide, height;

  for (g_autoptr(GList) at = gtk_container_get_children (GTK_CONTAINER (box)); at != NULL;
       at = g_list_delete_link (at, at))
    {
      gtk_widget_get_preferred_width (box, NULL, &wide);
      gtk_container_remove (GTK_CONTAINER (box), at->data);
    }
  g_assert_cmpint (wide, ==, 80);    /* before the last went */
  gtk_widget_get_preferred_width (box, NULL, &wide);
  gtk_widget_get_preferred_height (box, &height, NULL);
  g_assert_cmpint (wide, ==, 0);
  g_assert_cmpint (height, ==, 0);

  gtk_widget_destroy (box);
  g_assert_finalize_object (box);
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/wrap-box/", cases[i].name, NULL);

      g_test_add_data_func (path, &cases[i], test_places);
    }
  g_test_add_func ("/wrap-box/remove", test_remove);

  return g_test_run ();
}
