/* cvm-runs-filter.c: which runs of the history are shown: by result, image, suite and host
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-runs-filter.h"

#include <glib/gi18n.h>

struct _CvmRunsFilter
{
  GtkBox            parent_instance;

  GtkBox           *choice_box;
  GtkToggleButton  *all;
  GtkToggleButton  *passed;
  GtkToggleButton  *failed;
  GtkToggleButton  *stopped;
  GtkComboBox      *choices[3];     /* by CvmHistoryNames */

  GCancellable     *cancellable;
  gboolean          is_filling;
};

enum { CHANGED, N_SIGNALS };

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (CvmRunsFilter, cvm_runs_filter, GTK_TYPE_BOX)

static const char *const anything[] = {
  [CVM_HISTORY_IMAGES] = N_("Any image"),
  [CVM_HISTORY_SUITES] = N_("Any suite"),
  [CVM_HISTORY_HOSTS] = N_("Any host"),
};

static void
on_changed (CvmRunsFilter *self)
{
  if (!self->is_filling)
    g_signal_emit (self, signals[CHANGED], 0);
}

/* A group tells of the one that goes and of the one that comes: once is enough */
static void
on_toggled (CvmRunsFilter   *self,
            GtkToggleButton *button)
{
  if (gtk_toggle_button_get_active (button))
    on_changed (self);
}

static void
offer (CvmRunsFilter   *self,
       CvmHistoryNames  which,
       char           **names)
{
  GtkComboBoxText *choice = GTK_COMBO_BOX_TEXT (self->choices[which]);
  g_autofree char *chosen = g_strdup (gtk_combo_box_get_active_id (self->choices[which]));

  self->is_filling = TRUE;
  gtk_combo_box_text_remove_all (choice);
  gtk_combo_box_text_append (choice, "", _(anything[which]));
  for (gsize i = 0; names[i] != NULL; i++)
    gtk_combo_box_text_append (choice, names[i], names[i]);
  if (chosen == NULL || !gtk_combo_box_set_active_id (self->choices[which], chosen))
    gtk_combo_box_set_active_id (self->choices[which], "");
  self->is_filling = FALSE;

  gtk_widget_set_visible (GTK_WIDGET (choice), names[0] != NULL && names[1] != NULL);
}

typedef struct
{
  CvmRunsFilter   *filter;
  CvmHistoryNames  which;
} Names;

static void
on_names (GObject      *source,
          GAsyncResult *result,
          gpointer      data)
{
  g_autofree Names *names = data;
  g_autoptr(CvmRunsFilter) self = names->filter;
  g_auto(GStrv) found = cvm_history_names_finish (CVM_HISTORY (source), result, NULL);

  if (found != NULL && self->cancellable != NULL)
    offer (self, names->which, found);
}

static void
cvm_runs_filter_dispose (GObject *object)
{
  CvmRunsFilter *self = CVM_RUNS_FILTER (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->is_filling = TRUE;

  G_OBJECT_CLASS (cvm_runs_filter_parent_class)->dispose (object);
}

static void
cvm_runs_filter_class_init (CvmRunsFilterClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cvm_runs_filter_dispose;

  signals[CHANGED] = g_signal_new ("changed", CVM_TYPE_RUNS_FILTER, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/cvmtester/CvmTester/ui/cvm-runs-filter.ui");
  gtk_widget_class_bind_template_child (widget_class, CvmRunsFilter, choice_box);
  gtk_widget_class_bind_template_child (widget_class, CvmRunsFilter, all);
  gtk_widget_class_bind_template_child (widget_class, CvmRunsFilter, passed);
  gtk_widget_class_bind_template_child (widget_class, CvmRunsFilter, failed);
  gtk_widget_class_bind_template_child (widget_class, CvmRunsFilter, stopped);
  gtk_widget_class_bind_template_callback (widget_class, on_toggled);
}

static GtkWidget *
make_choice (CvmRunsFilter *self,
             const char    *name)
{
  GtkWidget *choice = gtk_combo_box_text_new ();
  g_autoptr(GList) cells = gtk_cell_layout_get_cells (GTK_CELL_LAYOUT (choice));

  g_object_set (cells->data, "ellipsize", PANGO_ELLIPSIZE_END, "width-chars", 10,
                "max-width-chars", 16, NULL);
  atk_object_set_name (gtk_widget_get_accessible (choice), name);
  gtk_container_add (GTK_CONTAINER (self->choice_box), choice);
  g_signal_connect_object (choice, "changed", G_CALLBACK (on_changed), self, G_CONNECT_SWAPPED);

  return choice;
}

static void
cvm_runs_filter_init (CvmRunsFilter *self)
{
  static const char *const names[] = { N_("Image"), N_("Suite"), N_("Host") };

  gtk_widget_init_template (GTK_WIDGET (self));
  self->cancellable = g_cancellable_new ();
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    self->choices[i] = GTK_COMBO_BOX (make_choice (self, _(names[i])));
}

void
cvm_runs_filter_load (CvmRunsFilter *self,
                      CvmHistory    *history)
{
  for (CvmHistoryNames which = CVM_HISTORY_IMAGES; which <= CVM_HISTORY_HOSTS; which++)
    {
      Names *names = g_new0 (Names, 1);

      names->filter = g_object_ref (self);
      names->which = which;
      cvm_history_names_async (history, which, self->cancellable, on_names, names);
    }
}

static const char *
get_choice (CvmRunsFilter   *self,
            CvmHistoryNames  which)
{
  const char *id = gtk_combo_box_get_active_id (self->choices[which]);

  return id != NULL && id[0] != '\0' ? id : NULL;
}

static int
get_state (CvmRunsFilter *self)
{
  if (gtk_toggle_button_get_active (self->passed))
    return CVM_HISTORY_PASSED;
  if (gtk_toggle_button_get_active (self->failed))
    return CVM_HISTORY_FAILED;
  if (gtk_toggle_button_get_active (self->stopped))
    return CVM_HISTORY_CANCELLED;

  return CVM_HISTORY_ANY;
}

void
cvm_runs_filter_fill (CvmRunsFilter   *self,
                      CvmHistoryQuery *query)
{
  query->state = get_state (self);
  query->image = get_choice (self, CVM_HISTORY_IMAGES);
  query->suite = get_choice (self, CVM_HISTORY_SUITES);
  query->host_uri = get_choice (self, CVM_HISTORY_HOSTS);
}

gboolean
cvm_runs_filter_is_active (CvmRunsFilter *self)
{
  CvmHistoryQuery query;

  cvm_runs_filter_fill (self, &query);

  return query.state != CVM_HISTORY_ANY || query.image != NULL || query.suite != NULL
         || query.host_uri != NULL;
}

void
cvm_runs_filter_clear (CvmRunsFilter *self)
{
  self->is_filling = TRUE;
  gtk_toggle_button_set_active (self->all, TRUE);
  for (gsize i = 0; i < G_N_ELEMENTS (self->choices); i++)
    gtk_combo_box_set_active_id (self->choices[i], "");
  self->is_filling = FALSE;
  on_changed (self);
}

#define STATE_GROUP "Runs"

static const char *const state_keys[] = {
  [CVM_HISTORY_IMAGES] = "Image",
  [CVM_HISTORY_SUITES] = "Suite",
  [CVM_HISTORY_HOSTS] = "Host",
};

static void
save_text (GKeyFile   *state,
           const char *key,
           const char *text)
{
  if (text != NULL)
    g_key_file_set_string (state, STATE_GROUP, key, text);
  else
    g_key_file_remove_key (state, STATE_GROUP, key, NULL);
}

void
cvm_runs_filter_save (CvmRunsFilter *self,
                      GKeyFile      *state)
{
  GtkToggleButton *const buttons[] = { self->passed, self->failed, self->stopped };
  const char *result = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (buttons); i++)
    {
      if (gtk_toggle_button_get_active (buttons[i]))
        result = gtk_buildable_get_name (GTK_BUILDABLE (buttons[i]));
    }

  save_text (state, "Result", result);
  for (gsize i = 0; i < G_N_ELEMENTS (state_keys); i++)
    save_text (state, state_keys[i], get_choice (self, i));
}

/* It is there before the history has said which there are */
static void
restore_choice (CvmRunsFilter *self,
                gsize          which,
                const char    *text)
{
  GtkComboBoxText *choice = GTK_COMBO_BOX_TEXT (self->choices[which]);

  gtk_combo_box_text_append (choice, "", _(anything[which]));
  if (text == NULL || !g_utf8_validate (text, -1, NULL))
    return;

  gtk_combo_box_text_append (choice, text, text);
  gtk_combo_box_set_active_id (self->choices[which], text);
  gtk_widget_show (GTK_WIDGET (choice));
}

void
cvm_runs_filter_restore (CvmRunsFilter *self,
                         GKeyFile      *state)
{
  GtkToggleButton *const buttons[] = { self->passed, self->failed, self->stopped };
  g_autofree char *result = g_key_file_get_string (state, STATE_GROUP, "Result", NULL);

  self->is_filling = TRUE;
  for (gsize i = 0; i < G_N_ELEMENTS (buttons); i++)
    {
      if (g_strcmp0 (result, gtk_buildable_get_name (GTK_BUILDABLE (buttons[i]))) == 0)
        gtk_toggle_button_set_active (buttons[i], TRUE);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (state_keys); i++)
    {
      g_autofree char *text = g_key_file_get_string (state, STATE_GROUP, state_keys[i], NULL);

      restore_choice (self, i, text);
    }
  self->is_filling = FALSE;
}
