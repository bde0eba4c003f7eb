/* cvm-case-row.c: a check of a suite: whether it runs, and with what
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-case-row.h"

#include <glib/gi18n.h>
#include <string.h>

#include "cvm-format.h"
#include "cvm-param-row.h"

struct _CvmCaseRow
{
  GtkBox           parent_instance;

  GtkToggleButton *check;
  GtkLabel        *title;
  GtkLabel        *about;
  GtkToggleButton *open;
  GtkImage        *arrow;
  GtkRevealer     *revealer;
  GtkBox          *params;

  CvmSuiteChoice  *choice;
  const CvmCase   *item;      /* of the suite as it is */

  const CvmCase   *defaults;  /* with the preset */
  gboolean         is_made;   /* the parameters' rows are there */
};

enum { CHANGED, N_SIGNALS };

static guint signals[N_SIGNALS];

/* A case's limit, beside the check's own parameters */
static const CvmParam timeout_param = {
  "Timeout", CVM_PARAM_DURATION, NULL, N_("The longest that it may take")
};

G_DEFINE_FINAL_TYPE (CvmCaseRow, cvm_case_row, GTK_TYPE_BOX)

/* Parameters --------------------------------------------------------------------------------- */

static char *
dup_default (CvmCaseRow     *self,
             const CvmParam *param)
{
  const char *value;

  if (param == &timeout_param)
    return g_strdup_printf ("%" G_GINT64_FORMAT "s", (self->defaults->timeout_ms + 999) / 1000);

  value = g_hash_table_lookup (self->defaults->values, param->name);

  return g_strdup (value != NULL ? value : param->default_value);
}

static void
sync_param (GtkWidget *widget,
            gpointer   data)
{
  CvmCaseRow *self = data;
  CvmParamRow *row = CVM_PARAM_ROW (widget);
  const CvmParam *param = cvm_param_row_get_param (row);
  g_autofree char *name = g_strdup_printf ("%s.%s", self->item->id, param->name);
  g_autofree char *value = dup_default (self, param);

  cvm_param_row_set_default (row, value);
  cvm_param_row_set_text (row, g_hash_table_lookup (self->choice->sets, name));
}

/* What is not allowed is shown as wrong, and is not taken */
static void
on_param_changed (CvmCaseRow  *self,
                  CvmParamRow *row)
{
  const CvmParam *param = cvm_param_row_get_param (row);
  const char *text = cvm_param_row_is_valid (row) ? cvm_param_row_get_text (row) : NULL;

  cvm_suite_choice_set_value (self->choice, self->item->id, param->name, text);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
add_param (CvmCaseRow     *self,
           const CvmParam *param,
           GtkSizeGroup   *labels)
{
  GtkWidget *row = cvm_param_row_new (param);

  cvm_param_row_align (CVM_PARAM_ROW (row), labels);
  gtk_container_add (GTK_CONTAINER (self->params), row);
  sync_param (row, self);
  g_signal_connect_object (row, "changed", G_CALLBACK (on_param_changed), self, G_CONNECT_SWAPPED);
}

static void
make_params (CvmCaseRow *self)
{
  g_autoptr(GtkSizeGroup) labels = gtk_size_group_new (GTK_SIZE_GROUP_HORIZONTAL);

  if (self->is_made)
    return;

  self->is_made = TRUE;
  for (const CvmParam *p = self->item->check->params; p != NULL && p->name != NULL; p++)
    add_param (self, p, labels);
  add_param (self, &timeout_param, labels);
}

static void
on_open_toggled (CvmCaseRow *self)
{
  gboolean is_open = gtk_toggle_button_get_active (self->open);

  if (is_open)
    make_params (self);
  gtk_revealer_set_reveal_child (self->revealer, is_open);
  gtk_image_set_from_icon_name (self->arrow, is_open ? "pan-down-symbolic" : "pan-end-symbolic",
                                GTK_ICON_SIZE_BUTTON);
}

/* On and off --------------------------------------------------------------------------------- */

static void
show_check (CvmCaseRow *self)
{
  g_signal_handlers_block_matched (self->check, G_SIGNAL_MATCH_DATA, 0, 0, NULL, NULL, self);
  gtk_toggle_button_set_active (self->check, cvm_suite_choice_is_on (self->choice, self->item));
  g_signal_handlers_unblock_matched (self->check, G_SIGNAL_MATCH_DATA, 0, 0, NULL, NULL, self);
}

static void
on_check_toggled (CvmCaseRow *self)
{
  if (cvm_suite_choice_set_on (self->choice, self->item,
                               gtk_toggle_button_get_active (self->check)))
    g_signal_emit (self, signals[CHANGED], 0);
  else
    show_check (self);
}

/* -------------------------------------------------------------------------------------------- */

static void
cvm_case_row_class_init (CvmCaseRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  signals[CHANGED] = g_signal_new ("changed", CVM_TYPE_CASE_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/cvmtester/CvmTester/ui/cvm-case-row.ui");
  gtk_widget_class_bind_template_child (widget_class, CvmCaseRow, check);
  gtk_widget_class_bind_template_child (widget_class, CvmCaseRow, title);
  gtk_widget_class_bind_template_child (widget_class, CvmCaseRow, about);
  gtk_widget_class_bind_template_child (widget_class, CvmCaseRow, open);
  gtk_widget_class_bind_template_child (widget_class, CvmCaseRow, arrow);
  gtk_widget_class_bind_template_child (widget_class, CvmCaseRow, revealer);
  gtk_widget_class_bind_template_child (widget_class, CvmCaseRow, params);
  gtk_widget_class_bind_template_callback (widget_class, on_check_toggled);
  gtk_widget_class_bind_template_callback (widget_class, on_open_toggled);
}

static void
cvm_case_row_init (CvmCaseRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
cvm_case_row_new (CvmSuiteChoice *choice,
                  const CvmCase  *item)
{
  CvmCaseRow *self = g_object_new (CVM_TYPE_CASE_ROW, NULL);
  g_autofree char *title = cvm_format_line (item->title);
  g_autofree char *about = NULL;
  g_autofree char *spoken = g_strdup_printf (_("Parameters of “%s”"), title);

  about = g_strdup_printf (item->is_precondition ? _("%s · precondition, always runs") : "%s",
                           item->check->id);
  self->choice = choice;
  self->item = item;
  self->defaults = item;
  gtk_label_set_text (self->title, title);
  gtk_label_set_text (self->about, about);
  gtk_widget_set_sensitive (GTK_WIDGET (self->check), !item->is_precondition);
  atk_object_set_name (gtk_widget_get_accessible (GTK_WIDGET (self->check)), title);
  atk_object_set_name (gtk_widget_get_accessible (GTK_WIDGET (self->open)), spoken);
  show_check (self);

  return GTK_WIDGET (self);
}

const char *
cvm_case_row_get_id (CvmCaseRow *self)
{
  return self->item->id;
}

void
cvm_case_row_sync (CvmCaseRow    *self,
                   const CvmCase *defaults)
{
  self->defaults = defaults;
  show_check (self);
  gtk_container_foreach (GTK_CONTAINER (self->params), sync_param, self);
}

gboolean
cvm_case_row_has (CvmCaseRow *self,
                  const char *text)
{
  GString *all = g_string_new (self->item->title);
  g_autofree char *folded = NULL;

  g_string_append_printf (all, "\n%s\n%s", self->item->id, self->item->check->id);
  for (const CvmParam *p = self->item->check->params; p != NULL && p->name != NULL; p++)
    g_string_append_printf (all, "\n%s", p->name);
  folded = g_utf8_casefold (all->str, -1);
  g_string_free (all, TRUE);

  return strstr (folded, text) != NULL;
}
