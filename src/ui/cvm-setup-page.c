/* cvm-setup-page.c: the place of the set-up
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-setup-page.h"

#include <glib/gi18n.h>
#include <handy.h>

#include "cvm-doctor.h"
#include "cvm-format.h"
#include "cvm-list-keys.h"
#include "cvm-mend-panel.h"
#include "cvm-page.h"
#include "cvm-point-state.h"
#include "cvm-stage.h"

struct _CvmSetupPage
{
  GtkBox            parent_instance;

  GtkWidget        *spinner, *again;
  GtkLabel         *summary;
  GtkWidget        *list;
  CvmMendPanel     *mend;

  CvmDoctor        *doctor;
};

static void page_init (CvmPageInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (CvmSetupPage, cvm_setup_page, GTK_TYPE_BOX,
                               G_IMPLEMENT_INTERFACE (CVM_TYPE_PAGE, page_init))

/* Rows ------------------------------------------------------------------------------------- */

/* What was found, without what is only for the mending */
static char *
describe (const CvmPoint *point)
{
  const char *mend = cvm_doctor_point_detail (point, "mend");
  GString *text = g_string_new (point->reason);

  for (guint i = 0; point->reason == NULL && point->details != NULL && i < point->details->len; i++)
    {
      const CvmDetail *detail = point->details->pdata[i];

      if (!g_str_equal (detail->key, "mend") && !g_str_equal (detail->key, "command"))
        g_string_append_printf (text, "%s%s", text->len > 0 ? " · " : "", detail->value);
    }

  if (mend != NULL)
    g_string_append_printf (text, _("%sTo mend it: %s"), text->len > 0 ? "\n" : "", mend);

  return g_string_free (text, FALSE);
}

static GtkWidget *
icon_new (CvmPointState state)
{
  const char *colour = cvm_point_state_get_colour (state);
  GtkWidget *icon = gtk_image_new_from_icon_name (cvm_point_state_get_icon (state),
                                                  GTK_ICON_SIZE_MENU);

  gtk_widget_show (icon);
  if (colour != NULL)
    gtk_style_context_add_class (gtk_widget_get_style_context (icon),
                                 state == CVM_POINT_STATE_PASSED   ? "cvm-good"
                                 : state == CVM_POINT_STATE_FAILED ? "cvm-bad"
                                                                   : "cvm-odd");

  return icon;
}

static void
on_mend_clicked (CvmSetupPage *self,
                 GtkWidget    *button)
{
  cvm_mend_panel_show (self->mend, g_object_get_data (G_OBJECT (button), "command"));
}

static void
add_mend_button (CvmSetupPage *self,
                 GtkWidget    *row,
                 const char   *command)
{
  GtkWidget *button = gtk_button_new_with_mnemonic (_("_Mend…"));

  g_object_set (button, "visible", TRUE, "valign", GTK_ALIGN_CENTER, NULL);
  g_object_set_data_full (G_OBJECT (button), "command", g_strdup (command), g_free);
  g_signal_connect_object (button, "clicked", G_CALLBACK (on_mend_clicked), self,
                           G_CONNECT_SWAPPED);
  gtk_container_add (GTK_CONTAINER (row), button);
}

static void
add_row (CvmSetupPage   *self,
         const CvmPoint *point)
{
  CvmPointState state = cvm_point_state_of (point);
  const char *command = cvm_doctor_point_detail (point, "command");
  g_autofree char *title = cvm_format_line (_(point->title));   /* those of checks have words */
  g_autofree char *found = describe (point);
  g_autofree char *text = cvm_format_text (found);
  g_autofree char *name = g_strdup_printf ("%s: %s. %s", title, cvm_point_state_get_word (state),
                                           text);
  GtkWidget *row = g_object_new (HDY_TYPE_ACTION_ROW, "visible", TRUE, "title", title, "subtitle",
                                 text, "subtitle-lines", 0, NULL);

  hdy_action_row_add_prefix (HDY_ACTION_ROW (row), icon_new (state));
  atk_object_set_name (gtk_widget_get_accessible (row), name);
  if (command != NULL && state != CVM_POINT_STATE_PASSED)
    add_mend_button (self, row, command);
  gtk_container_add (GTK_CONTAINER (self->list), row);
}

static void
show_points (CvmSetupPage       *self,
             const CvmJobResult *job)
{
  gtk_container_foreach (GTK_CONTAINER (self->list), (GtkCallback)gtk_widget_destroy, NULL);
  for (guint i = 0; job != NULL && i < job->points->len; i++)
    add_row (self, job->points->pdata[i]);
  gtk_widget_set_visible (self->list, job != NULL);
}

/* State ------------------------------------------------------------------------------------ */

static char *
summarise (CvmSetupPage *self)
{
  guint n_failed = cvm_doctor_n_failed (self->doctor);

  if (cvm_doctor_get_problem (self->doctor) != NULL)
    return g_strdup (cvm_doctor_get_problem (self->doctor));

  if (cvm_doctor_get_job (self->doctor) == NULL)
    return g_strdup (_("Looking at what this computer has for running guests…"));

  if (n_failed == 0)
    return g_strdup (_("This computer has what guests need."));

  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u thing is missing for running guests.",
                                       "%u things are missing for running guests.", n_failed),
                          n_failed);
}

static void
on_changed (CvmSetupPage *self)
{
  gboolean is_looking = cvm_doctor_is_looking (self->doctor);
  g_autofree char *summary = summarise (self);

  gtk_label_set_text (self->summary, summary);
  gtk_widget_set_visible (self->spinner, is_looking);
  g_object_set (self->spinner, "active", is_looking, NULL);
  if (is_looking)
    {
      gtk_widget_set_sensitive (self->again, FALSE);
      return;
    }

  cvm_stage_enable_again (self->again);
  show_points (self, cvm_doctor_get_job (self->doctor));
}

static void
look_again (CvmSetupPage *self)
{
  cvm_doctor_look (self->doctor);
}

/* Page ------------------------------------------------------------------------------------- */

static void
page_show (CvmPage *page)
{
  CvmSetupPage *self = CVM_SETUP_PAGE (page);

  if (cvm_doctor_get_job (self->doctor) == NULL)
    look_again (self);
}

static const char *
page_get_help (CvmPage *page)
{
  return "setup";
}

static void
page_init (CvmPageInterface *iface)
{
  iface->show = page_show;
  iface->get_help = page_get_help;
}

static void
cvm_setup_page_dispose (GObject *object)
{
  CvmSetupPage *self = CVM_SETUP_PAGE (object);

  if (self->doctor != NULL)
    g_signal_handlers_disconnect_by_data (self->doctor, self);
  g_clear_object (&self->doctor);

  G_OBJECT_CLASS (cvm_setup_page_parent_class)->dispose (object);
}

static void
cvm_setup_page_class_init (CvmSetupPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cvm_setup_page_dispose;

  g_type_ensure (CVM_TYPE_MEND_PANEL);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/cvmtester/CvmTester/ui/cvm-setup-page.ui");
  gtk_widget_class_bind_template_child (widget_class, CvmSetupPage, spinner);
  gtk_widget_class_bind_template_child (widget_class, CvmSetupPage, again);
  gtk_widget_class_bind_template_child (widget_class, CvmSetupPage, summary);
  gtk_widget_class_bind_template_child (widget_class, CvmSetupPage, list);
  gtk_widget_class_bind_template_child (widget_class, CvmSetupPage, mend);
  gtk_widget_class_bind_template_callback (widget_class, look_again);
}

static void
cvm_setup_page_init (CvmSetupPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  cvm_list_keys_add (GTK_LIST_BOX (self->list));
}

GtkWidget *
cvm_setup_page_new (const CvmBackend *backend)
{
  CvmSetupPage *self = g_object_new (CVM_TYPE_SETUP_PAGE, NULL);

  self->doctor = g_object_ref (cvm_doctor_get_default (backend));
  g_signal_connect_swapped (self->doctor, "changed", G_CALLBACK (on_changed), self);
  on_changed (self);

  return GTK_WIDGET (self);
}
