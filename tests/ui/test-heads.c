/* test-heads.c: the heads of what differs between jobs, as their guests come
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Needs a display. */
#include "cvm-differences-view.h"

static void
tell (CvmResult     *result,
      CvmRecordType  type,
      const char    *job,
      const char    *name,
      const char    *text)
{
  g_autoptr(CvmRecord) record = cvm_record_new (type, job);

  record->time_us = 1000 * G_USEC_PER_SEC;
  record->number = 1;
  record->name = g_strdup (name);
  record->text = g_strdup (text);
  cvm_result_add (result, record);
}

static void
find_table (GtkWidget *widget,
            gpointer   found)
{
  if (GTK_IS_TREE_VIEW (widget))
    *(GtkTreeView **)found = GTK_TREE_VIEW (widget);
  else if (GTK_IS_CONTAINER (widget))
    gtk_container_forall (GTK_CONTAINER (widget), find_table, found);
}

/* Who comes back to it sees it as it is now */
static void
expect_heads (GtkWidget  *view,
              const char *first,
              const char *second)
{
  const char *const names[] = { first, second };
  GtkTreeView *table = NULL;

  gtk_widget_hide (view);
  gtk_widget_show (view);
  find_table (view, &table);
  g_assert_nonnull (table);
  g_assert_cmpuint (gtk_tree_view_get_n_columns (table), ==, 3);
  for (int i = 0; i < 2; i++)
    {
      GtkTreeViewColumn *column = gtk_tree_view_get_column (table, i + 1);
      g_autofree char *about = gtk_widget_get_tooltip_text (gtk_tree_view_column_get_widget (column));

      g_assert_cmpstr (gtk_tree_view_column_get_title (column), ==, names[i]);
      g_assert_true (g_str_equal (first, "demo") || g_str_has_suffix (about, names[i]));
    }
}

static void
test_late (void)
{
  GtkWidget *window = gtk_window_new (GTK_WINDOW_TOPLEVEL);
  GtkWidget *view = cvm_differences_view_new ("/nowhere");
  g_autoptr(CvmResult) result = cvm_result_new ();

  tell (result, CVM_RECORD_JOB_BEGIN, "01", "demo", NULL);
  tell (result, CVM_RECORD_JOB_BEGIN, "02", "demo", NULL);
  gtk_container_add (GTK_CONTAINER (window), view);
  gtk_widget_show (view);
  gtk_widget_show (window);
  cvm_differences_view_update (CVM_DIFFERENCES_VIEW (view), result);
  expect_heads (view, "demo", "demo");

  tell (result, CVM_RECORD_FACT, "01", "hypervisor", "kvm");
  tell (result, CVM_RECORD_FACT, "02", "hypervisor", "qemu");
  expect_heads (view, "kvm", "qemu");

  gtk_widget_destroy (window);
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  g_test_add_func ("/heads/late", test_late);

  return g_test_run ();
}
