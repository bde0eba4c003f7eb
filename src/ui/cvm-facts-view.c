/* cvm-facts-view.c: what a job found out about guest and host
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-facts-view.h"

#include <glib/gi18n.h>

#include "cvm-format.h"

struct _CvmFactsView
{
  GtkBox        parent_instance;

  GtkListStore *store;
  guint         n_shown;    /* of the job's facts */
};

G_DEFINE_FINAL_TYPE (CvmFactsView, cvm_facts_view, GTK_TYPE_BOX)

static void
cvm_facts_view_class_init (CvmFactsViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/cvmtester/CvmTester/ui/cvm-facts-view.ui");
  gtk_widget_class_bind_template_child (widget_class, CvmFactsView, store);
}

static void
cvm_facts_view_init (CvmFactsView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static void
add (CvmFactsView *self,
     const char   *name,
     const char   *value)
{
  g_autofree char *clean_name = cvm_format_line (name);
  g_autofree char *clean_value = cvm_format_line (value != NULL ? value : "");

  gtk_list_store_insert_with_values (self->store, NULL, -1, 0, clean_name, 1, clean_value, -1);
}

void
cvm_facts_view_update (CvmFactsView       *self,
                       const CvmJobResult *job,
                       const char         *dir)
{
  if (gtk_tree_model_iter_n_children (GTK_TREE_MODEL (self->store), NULL) == 0)
    {
      add (self, _("image"), job->image);
      add (self, _("suite"), job->suite);
      add (self, _("host"), job->host_uri);
      add (self, _("folder"), dir);
    }

  for (; self->n_shown < job->facts->len; self->n_shown++)
    {
      const CvmDetail *fact = job->facts->pdata[self->n_shown];

      add (self, fact->key, fact->value);
    }
}

void
cvm_facts_view_clear (CvmFactsView *self)
{
  gtk_list_store_clear (self->store);
  self->n_shown = 0;
}
