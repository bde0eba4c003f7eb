/* test-fit-scroller.c: how high it asks to be, for texts that wrap
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Needs a display. */
#include "cvm-fit-scroller.h"

#define MAX_HEIGHT 140

static const struct
{
  const char *name;
  guint       n_words;
  int         width;
  gboolean    is_cut;
} cases[] = {
  { "one-line", 1, 300, FALSE },
  { "fits", 12, 300, FALSE },
  { "narrow", 12, 60, TRUE },
  { "long", 600, 300, TRUE },
};

static GtkWidget *
make_text (guint n_words)
{
  g_autoptr(GString) text = g_string_new (NULL);
  GtkWidget *label;

  for (guint i = 0; i < n_words; i++)
    g_string_append (text, "words ");
  label = gtk_label_new (text->str);
  gtk_label_set_line_wrap (GTK_LABEL (label), TRUE);
  gtk_widget_show (label);

  return label;
}

static void
test_height (gconstpointer data)
{
  const typeof (cases[0]) *c = data;
  GtkWidget *scroller = g_object_ref_sink (g_object_new (CVM_TYPE_FIT_SCROLLER, "visible", TRUE,
                                                         "max-content-height", MAX_HEIGHT, NULL));
  GtkWidget *text = make_text (c->n_words);
  int height, wanted;

  gtk_container_add (GTK_CONTAINER (scroller), text);
  gtk_widget_get_preferred_height_for_width (text, c->width, NULL, &wanted);
  gtk_widget_get_preferred_height_for_width (scroller, c->width, NULL, &height);
  g_assert_cmpint (wanted > MAX_HEIGHT, ==, c->is_cut);
  g_assert_cmpint (height, ==, MIN (wanted, MAX_HEIGHT));

  gtk_widget_destroy (scroller);
  g_object_unref (scroller);
}

static void
test_empty (void)
{
  GtkWidget *scroller = g_object_ref_sink (g_object_new (CVM_TYPE_FIT_SCROLLER, NULL));
  int height;

  gtk_widget_show (scroller);
  gtk_widget_get_preferred_height_for_width (scroller, 100, NULL, &height);
  g_assert_cmpint (height, ==, 0);
  gtk_widget_destroy (scroller);
  g_object_unref (scroller);
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/fit-scroller/%s", cases[i].name);

      g_test_add_data_func (path, &cases[i], test_height);
    }
  g_test_add_func ("/fit-scroller/empty", test_empty);

  return g_test_run ();
}
