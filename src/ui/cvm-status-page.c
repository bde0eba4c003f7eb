/* cvm-status-page.c: what a place shows where there is nothing to show
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-status-page.h"

static void
make_page (GtkStack   *stack,
           const char *name)
{
  g_autofree char *file = g_strdup_printf ("/org/cvmtester/CvmTester/ui/cvm-%s.ui", name);
  g_autoptr(GtkBuilder) builder = gtk_builder_new_from_resource (file);

  gtk_stack_add_named (stack, GTK_WIDGET (gtk_builder_get_object (builder, "page")), name);
}

void
cvm_status_page_show (GtkStack   *stack,
                      const char *name)
{
  if (gtk_stack_get_child_by_name (stack, name) == NULL)
    make_page (stack, name);
  gtk_stack_set_visible_child_name (stack, name);
}
