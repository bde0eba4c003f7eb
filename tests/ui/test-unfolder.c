/* test-unfolder.c: rows unfold piece by piece, not too many, and no longer than wanted
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Needs a display. */
#include "cvm-unfolder.h"

#define WIDE 1000   /* rows in each that has some */

typedef struct
{
  GtkTreeView  *view;
  GtkTreeStore *store;
  CvmUnfolder  *unfolder;
} Fixture;

static void
add_rows (Fixture     *f,
          GtkTreeIter *parent,
          guint        n)
{
  GtkTreeIter iter;

  for (guint i = 0; i < n; i++)
    gtk_tree_store_insert_with_values (f->store, &iter, parent, -1, 0, "row", -1);
}

/* N rows at the top with WIDE in each, and in the first of those two more */
static void
set_up (Fixture       *f,
        gconstpointer  data)
{
  guint n = GPOINTER_TO_UINT (data);
  GtkTreeIter top, deep;

  f->store = gtk_tree_store_new (1, G_TYPE_STRING);
  for (guint i = 0; i < n; i++)
    {
      gtk_tree_store_append (f->store, &top, NULL);
      gtk_tree_store_append (f->store, &deep, &top);
      add_rows (f, &deep, 2);
      add_rows (f, &top, WIDE - 1);
    }
  f->view = GTK_TREE_VIEW (g_object_ref_sink (gtk_tree_view_new_with_model (
    GTK_TREE_MODEL (f->store))));
  f->unfolder = cvm_unfolder_new (f->view);
}

static void
tear_down (Fixture       *f,
           gconstpointer  data)
{
  cvm_unfolder_free (f->unfolder);
  gtk_widget_destroy (GTK_WIDGET (f->view));
  g_assert_finalize_object (GTK_WIDGET (f->view));
  g_assert_finalize_object (f->store);
}

static gboolean
is_unfolded (Fixture    *f,
             const char *name)
{
  g_autoptr(GtkTreePath) path = gtk_tree_path_new_from_string (name);

  return gtk_tree_view_row_expanded (f->view, path);
}

static void
begin (Fixture    *f,
       const char *name)
{
  g_autoptr(GtkTreePath) path = gtk_tree_path_new_from_string (name);

  cvm_unfolder_begin (f->unfolder, path);
}

static void
settle (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static void
test_all_below (Fixture       *f,
                gconstpointer  data)
{
  begin (f, "1");
  g_assert_true (is_unfolded (f, "1"));
  g_assert_false (is_unfolded (f, "1:0"));
  settle ();
  g_assert_true (is_unfolded (f, "1:0"));
  g_assert_false (is_unfolded (f, "0"));
  g_assert_false (is_unfolded (f, "2"));
}

static void
test_limit (Fixture       *f,
            gconstpointer  data)
{
  GtkTreeIter whole, top;
  guint n_unfolded = 0;

  gtk_tree_store_append (f->store, &whole, NULL);
  for (guint i = 0; i < 2 * CVM_UNFOLDER_MAX_ROWS / WIDE; i++)
    {
      gtk_tree_store_append (f->store, &top, &whole);
      add_rows (f, &top, WIDE);
    }

  begin (f, "0");
  settle ();
  for (guint i = 0; i < 2 * CVM_UNFOLDER_MAX_ROWS / WIDE; i++)
    {
      g_autofree char *name = g_strdup_printf ("0:%u", i);

      n_unfolded += is_unfolded (f, name);
    }
  g_assert_cmpuint (n_unfolded, ==, CVM_UNFOLDER_MAX_ROWS / WIDE);
}

static void
test_stop (Fixture       *f,
           gconstpointer  data)
{
  begin (f, "1");
  cvm_unfolder_stop (f->unfolder);
  settle ();
  g_assert_false (is_unfolded (f, "1:0"));

  begin (f, "1:5");     /* nothing is in it */
  settle ();
  begin (f, "0");
  begin (f, "2");       /* instead of what was begun before */
  settle ();
  g_assert_false (is_unfolded (f, "0:0"));
  g_assert_true (is_unfolded (f, "2:0"));
}

/* Rows that go while they are unfolded */
static void
test_rows_go (Fixture       *f,
              gconstpointer  data)
{
  begin (f, "2");
  gtk_tree_store_clear (f->store);
  settle ();
  add_rows (f, NULL, 3);
  settle ();
  g_assert_false (is_unfolded (f, "2"));
}

/* Another model: whoever gives it stops first */
static void
test_model_goes (Fixture       *f,
                 gconstpointer  data)
{
  begin (f, "0");
  cvm_unfolder_stop (f->unfolder);
  gtk_tree_view_set_model (f->view, NULL);
  settle ();
  gtk_tree_view_set_model (f->view, GTK_TREE_MODEL (f->store));
  begin (f, "1");
  settle ();
  g_assert_true (is_unfolded (f, "1:0"));
  g_assert_false (is_unfolded (f, "0:0"));
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);

#define ADD(name, n, test) \
  g_test_add ("/unfolder/" name, Fixture, GUINT_TO_POINTER (n), set_up, test, tear_down)
  ADD ("all-below", 3, test_all_below);
  ADD ("limit", 0, test_limit);
  ADD ("stop", 3, test_stop);
  ADD ("rows-go", 3, test_rows_go);
  ADD ("model-goes", 3, test_model_goes);
#undef ADD

  return g_test_run ();
}
