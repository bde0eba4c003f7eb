/* cvm-check-picker.c: all checks with their help, to add one to a suite
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-check-picker.h"

#include <glib/gi18n.h>

#include "cvm-list-keys.h"

struct _CvmCheckPicker
{
  GtkPopover       parent_instance;

  GtkEntry        *search;
  GtkListBox      *list;
  GtkToggleButton *case_button;
  GtkToggleButton *precondition_button;

  char            *text;       /* casefolded: what is searched */
};

enum { PICKED, N_SIGNALS };

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (CvmCheckPicker, cvm_check_picker, GTK_TYPE_POPOVER)

static GtkWidget *
add_label (GtkWidget  *box,
           const char *text,
           const char *style)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_line_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 50);
  if (style != NULL)
    gtk_style_context_add_class (gtk_widget_get_style_context (label), style);
  gtk_container_add (GTK_CONTAINER (box), label);

  return label;
}

static GtkWidget *
row_new (const CvmCheckInfo *check)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  g_autofree char *title = g_strdup_printf ("%s (%s)", _(check->title), check->id);
  g_autofree char *words = g_strjoin ("\n", title, _(check->help), NULL);
  g_autofree char *name = g_strdup_printf ("%s. %s", title, _(check->help));
  GtkWidget *help;

  gtk_container_set_border_width (GTK_CONTAINER (box), 6);
  add_label (box, title, "cvm-row-title");
  help = add_label (box, _(check->help), "dim-label");
  gtk_style_context_add_class (gtk_widget_get_style_context (help), "cvm-small");
  gtk_container_add (GTK_CONTAINER (row), box);
  gtk_widget_show_all (row);

  g_object_set_data (G_OBJECT (row), "check", (gpointer)check);
  g_object_set_data_full (G_OBJECT (row), "words", g_utf8_casefold (words, -1), g_free);
  atk_object_set_name (gtk_widget_get_accessible (row), name);

  return row;
}

static gboolean
is_shown (GtkListBoxRow *row,
          gpointer       data)
{
  CvmCheckPicker *self = data;

  return strstr (g_object_get_data (G_OBJECT (row), "words"), self->text) != NULL;
}

static void
on_search_changed (CvmCheckPicker *self)
{
  g_free (self->text);
  self->text = g_utf8_casefold (gtk_entry_get_text (self->search), -1);
  gtk_list_box_invalidate_filter (self->list);
}

static void
on_row_activated (CvmCheckPicker *self,
                  GtkListBoxRow  *row)
{
  const CvmCheckInfo *check = g_object_get_data (G_OBJECT (row), "check");
  gboolean is_precondition = gtk_toggle_button_get_active (self->precondition_button);

  gtk_popover_popdown (GTK_POPOVER (self));
  g_signal_emit (self, signals[PICKED], 0, check->id, is_precondition);
}

/* Enter takes the first that is found, down goes into the list */
static void
on_search_activated (CvmCheckPicker *self)
{
  GtkListBoxRow *row;

  for (int i = 0; (row = gtk_list_box_get_row_at_index (self->list, i)) != NULL; i++)
    {
      if (is_shown (row, self))
        {
          on_row_activated (self, row);
          return;
        }
    }
}

static gboolean
on_search_key_pressed (CvmCheckPicker *self,
                       GdkEventKey    *event)
{
  if (event->keyval != GDK_KEY_Down)
    return GDK_EVENT_PROPAGATE;

  gtk_widget_child_focus (GTK_WIDGET (self->list), GTK_DIR_TAB_FORWARD);

  return GDK_EVENT_STOP;
}

static void
cvm_check_picker_finalize (GObject *object)
{
  g_free (CVM_CHECK_PICKER (object)->text);

  G_OBJECT_CLASS (cvm_check_picker_parent_class)->finalize (object);
}

static void
cvm_check_picker_class_init (CvmCheckPickerClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = cvm_check_picker_finalize;

  signals[PICKED] = g_signal_new ("picked", CVM_TYPE_CHECK_PICKER, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_BOOLEAN);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/cvmtester/CvmTester/ui/cvm-check-picker.ui");
  gtk_widget_class_bind_template_child (widget_class, CvmCheckPicker, search);
  gtk_widget_class_bind_template_child (widget_class, CvmCheckPicker, list);
  gtk_widget_class_bind_template_child (widget_class, CvmCheckPicker, case_button);
  gtk_widget_class_bind_template_child (widget_class, CvmCheckPicker, precondition_button);
  gtk_widget_class_bind_template_callback (widget_class, on_search_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_search_activated);
  gtk_widget_class_bind_template_callback (widget_class, on_search_key_pressed);
  gtk_widget_class_bind_template_callback (widget_class, on_row_activated);
}

static void
cvm_check_picker_init (CvmCheckPicker *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  cvm_list_keys_add (self->list);
  self->text = g_strdup ("");
  gtk_list_box_set_filter_func (self->list, is_shown, self, NULL);
}

GtkWidget *
cvm_check_picker_new (const CvmBackend *backend)
{
  CvmCheckPicker *self = g_object_new (CVM_TYPE_CHECK_PICKER, NULL);
  g_autoptr(GPtrArray) checks = backend->list_checks ();

  for (guint i = 0; i < checks->len; i++)
    gtk_container_add (GTK_CONTAINER (self->list), row_new (checks->pdata[i]));

  return GTK_WIDGET (self);
}

void
cvm_check_picker_open (CvmCheckPicker *self,
                       gboolean        is_precondition)
{
  gtk_toggle_button_set_active (is_precondition ? self->precondition_button : self->case_button,
                                TRUE);
  gtk_entry_set_text (self->search, "");
  gtk_popover_popup (GTK_POPOVER (self));
  gtk_widget_grab_focus (GTK_WIDGET (self->search));
}
