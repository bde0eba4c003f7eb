/* cvm-param-row.c: one parameter: its name, its value, its help, and what is wrong with it
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-param-row.h"

#include <glib/gi18n.h>

#include "cvm-param-field.h"

struct _CvmParamRow
{
  GtkBox          parent_instance;

  GtkLabel       *name;
  GtkBox         *place;         /* of the field */
  GtkWidget      *reset;
  GtkLabel       *help;
  GtkLabel       *message;
  GtkRevealer    *revealer;

  CvmParamField  *field;
  const CvmParam *param;
  char           *fallback;      /* what holds without a value; NULL: there must be one */
  char           *text;          /* the value, or NULL */
  char           *complaint;     /* of who knows more than the table, or NULL */
  gboolean        keeps_empty;
};

enum { CHANGED, N_SIGNALS };

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (CvmParamRow, cvm_param_row, GTK_TYPE_BOX)

/* What is wrong, or NULL */
static char *
find_fault (CvmParamRow *self)
{
  g_autoptr(GError) error = NULL;

  if (self->text == NULL && self->fallback == NULL)
    return g_strdup_printf (_("%s must be given"), gtk_label_get_text (self->name));
  if (self->text == NULL)
    return g_strdup (self->complaint);

  if (!cvm_param_validate (self->param, self->text, &error))
    return g_strdup (error->message);

  return g_strdup (self->complaint);
}

static void
describe (CvmParamRow *self,
          const char  *fault)
{
  AtkObject *input = gtk_widget_get_accessible (cvm_param_field_get_input (self->field));
  const char *help = gtk_label_get_text (self->help);
  g_autofree char *text = fault != NULL ? g_strdup_printf ("%s. %s", fault, help)
                                        : g_strdup (help);

  atk_object_set_description (input, text);
}

/* A preset's value may go, whatever the case needs */
static gboolean
can_reset (CvmParamRow *self)
{
  return self->text != NULL && (self->fallback != NULL || self->keeps_empty);
}

/* The message and who is at the default */
static void
refresh (CvmParamRow *self)
{
  g_autofree char *fault = find_fault (self);
  GtkWidget *input = cvm_param_field_get_input (self->field);
  GtkStyleContext *style = gtk_widget_get_style_context (input);

  if (fault != NULL)
    gtk_label_set_text (self->message, fault);
  gtk_revealer_set_reveal_child (self->revealer, fault != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->revealer), fault != NULL);
  gtk_widget_set_child_visible (self->reset, can_reset (self));   /* its room stays */

  if (fault != NULL)
    gtk_style_context_add_class (style, "error");
  else
    gtk_style_context_remove_class (style, "error");
  if (self->text == NULL)
    gtk_style_context_add_class (style, "cvm-at-default");
  else
    gtk_style_context_remove_class (style, "cvm-at-default");

  describe (self, fault);
}

static void
show_value (CvmParamRow *self)
{
  const char *text = self->text != NULL ? self->text : self->fallback;

  cvm_param_field_set_text (self->field, text != NULL ? text : "");
}

/* An empty field where nothing is the default says nothing */
static void
on_field_changed (CvmParamRow *self)
{
  g_autofree char *text = cvm_param_field_dup_text (self->field);
  gboolean says_nothing = *text == '\0' && !self->keeps_empty
                          && (self->fallback == NULL || *self->fallback == '\0');

  g_free (self->text);
  self->text = says_nothing ? NULL : g_steal_pointer (&text);
  g_clear_pointer (&self->complaint, g_free);
  refresh (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
on_reset_clicked (CvmParamRow *self)
{
  GtkWidget *input = cvm_param_field_get_input (self->field);

  g_clear_pointer (&self->text, g_free);
  g_clear_pointer (&self->complaint, g_free);
  show_value (self);
  gtk_widget_grab_focus (input);     /* the button is about to go */
  refresh (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
show_default (CvmParamRow *self)
{
  g_autofree char *name = NULL;
  g_autofree char *help = NULL;

  if (self->fallback == NULL)
    help = g_strdup_printf (_("%s. It must be given."), _(self->param->help));
  else if (*self->fallback == '\0')
    help = g_strdup_printf (_("%s."), _(self->param->help));
  else
    help = g_strdup_printf (_("%s. Default: %s"), _(self->param->help), self->fallback);
  gtk_label_set_text (self->help, help);

  if (self->fallback != NULL && *self->fallback != '\0')
    name = g_strdup_printf (_("Set %s back to %s"), self->param->name, self->fallback);
  else
    name = g_strdup_printf (_("Clear %s"), self->param->name);
  gtk_widget_set_tooltip_text (self->reset, name);
  atk_object_set_name (gtk_widget_get_accessible (self->reset), name);
}

static void
cvm_param_row_finalize (GObject *object)
{
  CvmParamRow *self = CVM_PARAM_ROW (object);

  g_free (self->fallback);
  g_free (self->text);
  g_free (self->complaint);

  G_OBJECT_CLASS (cvm_param_row_parent_class)->finalize (object);
}

static void
cvm_param_row_class_init (CvmParamRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = cvm_param_row_finalize;

  signals[CHANGED] = g_signal_new ("changed", CVM_TYPE_PARAM_ROW, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/cvmtester/CvmTester/ui/cvm-param-row.ui");
  gtk_widget_class_bind_template_child (widget_class, CvmParamRow, name);
  gtk_widget_class_bind_template_child (widget_class, CvmParamRow, place);
  gtk_widget_class_bind_template_child (widget_class, CvmParamRow, reset);
  gtk_widget_class_bind_template_child (widget_class, CvmParamRow, help);
  gtk_widget_class_bind_template_child (widget_class, CvmParamRow, message);
  gtk_widget_class_bind_template_child (widget_class, CvmParamRow, revealer);
  gtk_widget_class_bind_template_callback (widget_class, on_reset_clicked);
}

static void
cvm_param_row_init (CvmParamRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
cvm_param_row_new (const CvmParam *param)
{
  CvmParamRow *self = g_object_new (CVM_TYPE_PARAM_ROW, NULL);
  GtkWidget *field = cvm_param_field_new (param);
  g_autofree char *label = cvm_param_field_dup_label (param);

  self->param = param;
  self->field = CVM_PARAM_FIELD (field);
  self->fallback = g_strdup (param->default_value);
  gtk_widget_set_hexpand (field, TRUE);
  gtk_container_add (GTK_CONTAINER (self->place), field);
  gtk_label_set_text (self->name, label);
  gtk_label_set_mnemonic_widget (self->name, cvm_param_field_get_input (self->field));
  g_signal_connect_object (field, "changed", G_CALLBACK (on_field_changed), self,
                           G_CONNECT_SWAPPED);
  show_default (self);
  show_value (self);
  refresh (self);

  return GTK_WIDGET (self);
}

const CvmParam *
cvm_param_row_get_param (CvmParamRow *self)
{
  return self->param;
}

void
cvm_param_row_set_default (CvmParamRow *self,
                           const char  *text)
{
  if (g_strcmp0 (self->fallback, text) == 0)
    return;

  g_free (self->fallback);
  self->fallback = g_strdup (text);
  show_default (self);
  if (self->text == NULL)
    show_value (self);
  refresh (self);
}

void
cvm_param_row_set_keeps_empty (CvmParamRow *self,
                               gboolean     keeps_empty)
{
  self->keeps_empty = keeps_empty;
  refresh (self);
}

void
cvm_param_row_set_text (CvmParamRow *self,
                        const char  *text)
{
  g_autofree char *shown = cvm_param_field_dup_text (self->field);
  char *copy = g_strdup (text);

  g_free (self->text);
  self->text = copy;
  if (g_strcmp0 (shown, text) != 0)     /* else the cursor would jump in what one types */
    show_value (self);
  refresh (self);
}

const char *
cvm_param_row_get_text (CvmParamRow *self)
{
  return self->text;
}

gboolean
cvm_param_row_is_valid (CvmParamRow *self)
{
  return self->text != NULL ? cvm_param_validate (self->param, self->text, NULL)
                            : self->fallback != NULL;
}

void
cvm_param_row_set_message (CvmParamRow *self,
                           const char  *message)
{
  g_free (self->complaint);
  self->complaint = g_strdup (message);
  refresh (self);
}

void
cvm_param_row_align (CvmParamRow  *self,
                     GtkSizeGroup *labels)
{
  gtk_size_group_add_widget (labels, GTK_WIDGET (self->name));
}
