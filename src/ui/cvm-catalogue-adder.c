/* cvm-catalogue-adder.c: a popover that asks for a catalogue's name and address
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-catalogue-adder.h"

#include "cvm-catalogue.h"

struct _CvmCatalogueAdder
{
  GtkPopover  parent_instance;

  GtkEntry   *name;
  GtkEntry   *location;
  GtkLabel   *hint;
  GtkWidget  *add_button;
};

enum { ADDED, N_SIGNALS };

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (CvmCatalogueAdder, cvm_catalogue_adder, GTK_TYPE_POPOVER)

/* While one types: what is missing is no mistake yet */
static void
on_typed (CvmCatalogueAdder *self)
{
  const char *name = gtk_entry_get_text (self->name);
  const char *location = gtk_entry_get_text (self->location);
  g_autoptr(GError) error = NULL;
  gboolean is_whole = *name != '\0' && *location != '\0';
  gboolean is_good = cvm_catalogues_check (name, location, &error);

  gtk_label_set_text (self->hint, is_whole && !is_good ? error->message : "");
  gtk_widget_set_sensitive (self->add_button, is_whole && is_good);
}

static void
on_add (CvmCatalogueAdder *self)
{
  g_autofree char *name = g_strdup (gtk_entry_get_text (self->name));
  g_autofree char *location = g_strdup (gtk_entry_get_text (self->location));

  gtk_popover_popdown (GTK_POPOVER (self));
  gtk_entry_set_text (self->name, "");
  gtk_entry_set_text (self->location, "");
  g_signal_emit (self, signals[ADDED], 0, name, location);
}

static void
cvm_catalogue_adder_class_init (CvmCatalogueAdderClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  signals[ADDED] = g_signal_new ("added", CVM_TYPE_CATALOGUE_ADDER, G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_STRING);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/cvmtester/CvmTester/ui/"
                                               "cvm-catalogue-adder.ui");
  gtk_widget_class_bind_template_child (widget_class, CvmCatalogueAdder, name);
  gtk_widget_class_bind_template_child (widget_class, CvmCatalogueAdder, location);
  gtk_widget_class_bind_template_child (widget_class, CvmCatalogueAdder, hint);
  gtk_widget_class_bind_template_child (widget_class, CvmCatalogueAdder, add_button);
  gtk_widget_class_bind_template_callback (widget_class, on_typed);
  gtk_widget_class_bind_template_callback (widget_class, on_add);
}

static void
cvm_catalogue_adder_init (CvmCatalogueAdder *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
