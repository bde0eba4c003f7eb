/* cvm-suite-form.c: the values of one part of a suite, made from the check's parameter table
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-suite-form.h"

#include <glib/gi18n.h>

#include "cvm-format.h"
#include "cvm-needs-row.h"
#include "cvm-param-row.h"
#include "cvm-preset-row.h"
#include "cvm-suite-outline.h"

#define ID_FORM    "[a-z0-9][a-z0-9-]{0,63}"
#define WORDS_FORM "([a-z0-9][a-z0-9-]{0,63}(;|$))*"

static const CvmParam id_param =
  { "id", CVM_PARAM_STRING, NULL, N_("What results and other cases call it"), .form = ID_FORM,
    .form_help = "lower-case letters, digits and '-', at most 64", .label = N_("ID") };
static const CvmParam title_param =
  { "Title", CVM_PARAM_STRING, "", N_("What a person reads in the results") };
static const CvmParam timeout_param =
  { "Timeout", CVM_PARAM_DURATION, "", N_("It fails when it takes longer") };
static const CvmParam tags_param =
  { "Tags", CVM_PARAM_STRING, "", N_("Words that group cases, with a ; between two"),
    .form = WORDS_FORM, .form_help = "words of lower-case letters, digits and '-': one;two" };
static const CvmParam drivers_param =
  { "Drivers", CVM_PARAM_STRING, "",
    N_("Only on hosts of these libvirt drivers, with a ; between two; none: on all"),
    .form = WORDS_FORM, .form_help = "words of lower-case letters, digits and '-': qemu;vbox" };

static const CvmParam suite_params[] = {
  { "Name", CVM_PARAM_STRING, NULL, N_("What the suite is called") },
  { "Version", CVM_PARAM_STRING, NULL, N_("Changes when what is tested does: reports tell it") },
  { "Description", CVM_PARAM_STRING, "", N_("A sentence on what it shows of an image") },
  { "Timeout", CVM_PARAM_DURATION, "", N_("A whole job ends when it takes longer; none: never") },
};

struct _CvmSuiteForm
{
  GtkBox              parent_instance;

  GtkLabel           *heading;
  GtkLabel           *help;
  GtkLabel           *message;
  GtkBox             *rows;
  GtkSizeGroup       *labels;
  CvmNeedsRow        *needs;        /* borrowed from rows, or NULL */
  CvmPresetRow       *presets;      /* the same */

  CvmSuiteEdit       *edit;
  int                 item;
  char               *preset;
  gboolean            can_write;
  const CvmCheckInfo *check;        /* whose rows there are, or NULL */
  int                 made_for;     /* the kind of part that there are rows for */
  char               *signature;    /* of a preset: its keys */
};

enum { PRESET_ADDED, FAILED, N_SIGNALS };

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (CvmSuiteForm, cvm_suite_form, GTK_TYPE_BOX)

/* From a row to the edit ------------------------------------------------------------------- */

static gboolean
store (CvmSuiteForm  *self,
       const char    *key,
       const char    *text,
       GError       **error)
{
  if (self->item == CVM_OUTLINE_SUITE)
    return cvm_suite_edit_set_suite (self->edit, key, text, error);
  if (self->item == CVM_OUTLINE_PRESET)
    return cvm_suite_edit_set_preset (self->edit, self->preset, key, text, error);

  if (g_str_equal (key, id_param.name))
    return cvm_suite_edit_rename (self->edit, (guint)self->item, text != NULL ? text : "", error);

  return cvm_suite_edit_set (self->edit, (guint)self->item, key, text, error);
}

/* A file of the suite's folder is named without it: others may have the suite elsewhere */
static const char *
get_value (CvmSuiteForm *self,
           CvmParamRow  *row)
{
  const char *text = cvm_param_row_get_text (row);
  g_autofree char *folder = g_path_get_dirname (cvm_suite_edit_get_path (self->edit));
  gsize len = strlen (folder);

  if (text != NULL && cvm_param_row_get_param (row)->type == CVM_PARAM_FILE
      && g_str_has_prefix (text, folder) && text[len] == '/' && text[len + 1] != '\0')
    return text + len + 1;

  return text;
}

static void
on_row_changed (CvmSuiteForm *self,
                CvmParamRow  *row)
{
  g_autoptr(GError) error = NULL;

  if (!store (self, cvm_param_row_get_param (row)->name, get_value (self, row), &error)
      && cvm_param_row_is_valid (row))
    cvm_param_row_set_message (row, error->message);
}

static void
on_needs_changed (CvmSuiteForm *self)
{
  g_autofree char *needs = cvm_needs_row_dup_text (self->needs);
  g_autoptr(GError) error = NULL;

  if (!cvm_suite_edit_set (self->edit, (guint)self->item, "Needs", needs, &error))
    g_message ("Needs are not set: %s", error->message);
}

/* Rows ------------------------------------------------------------------------------------- */

static CvmParamRow *
add_row (CvmSuiteForm   *self,
         const CvmParam *param)
{
  GtkWidget *row = cvm_param_row_new (param);

  cvm_param_row_align (CVM_PARAM_ROW (row), self->labels);
  g_signal_connect_object (row, "changed", G_CALLBACK (on_row_changed), self, G_CONNECT_SWAPPED);
  gtk_container_add (GTK_CONTAINER (self->rows), row);

  return CVM_PARAM_ROW (row);
}

static void
add_needs (CvmSuiteForm *self)
{
  GtkWidget *needs = cvm_needs_row_new ();

  self->needs = CVM_NEEDS_ROW (needs);
  cvm_needs_row_align (self->needs, self->labels);
  g_signal_connect_object (needs, "changed", G_CALLBACK (on_needs_changed), self,
                           G_CONNECT_SWAPPED);
  gtk_container_add (GTK_CONTAINER (self->rows), needs);
}

static void
on_preset_added (CvmSuiteForm *self,
                 const char   *preset)
{
  g_signal_emit (self, signals[PRESET_ADDED], 0, preset);
}

static void
on_preset_failed (CvmSuiteForm *self,
                  const char   *message)
{
  g_signal_emit (self, signals[FAILED], 0, message);
}

static void
add_presets (CvmSuiteForm *self)
{
  GtkWidget *presets = cvm_preset_row_new ();

  self->presets = CVM_PRESET_ROW (presets);
  cvm_preset_row_align (self->presets, self->labels);
  g_signal_connect_object (presets, "added", G_CALLBACK (on_preset_added), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (presets, "failed", G_CALLBACK (on_preset_failed), self,
                           G_CONNECT_SWAPPED);
  gtk_container_add (GTK_CONTAINER (self->rows), presets);
}

static char *
format_timeout (gint64 ms)
{
  gint64 seconds = ms / 1000;

  return seconds % 60 == 0 && seconds > 0 ? g_strdup_printf ("%" G_GINT64_FORMAT "m", seconds / 60)
                                          : g_strdup_printf ("%" G_GINT64_FORMAT "s", seconds);
}

static void
build_item (CvmSuiteForm *self)
{
  const CvmParam *params = self->check != NULL ? self->check->params : NULL;

  add_row (self, &id_param);
  add_row (self, &title_param);
  for (; params != NULL && params->name != NULL; params++)
    add_row (self, params);
  add_needs (self);
  add_row (self, &timeout_param);
  add_row (self, &tags_param);
  add_row (self, &drivers_param);
  add_presets (self);
}

static void
build_suite (CvmSuiteForm *self)
{
  for (gsize i = 0; i < G_N_ELEMENTS (suite_params); i++)
    add_row (self, &suite_params[i]);
}

/* A row "ID.parameter" has a parameter of its own name, which goes with the row */
static void
add_preset_row (CvmSuiteForm *self,
                const char   *key)
{
  g_auto(GStrv) parts = g_strsplit (key, ".", 2);
  int item = parts[0] != NULL && parts[1] != NULL ? cvm_suite_edit_find (self->edit, parts[0]) : -1;
  const CvmCheckInfo *check = item >= 0 ? cvm_suite_edit_item (self->edit, (guint)item).check
                                        : NULL;
  const CvmParam *of = check == NULL ? NULL
                       : g_str_equal (parts[1], "Timeout") ? &timeout_param
                       : cvm_param_find (check->params, parts[1]);
  CvmParam *param = g_new (CvmParam, 1);
  GtkWidget *row;

  *param = of != NULL ? *of : (CvmParam) { .type = CVM_PARAM_STRING, .help = N_("No such value") };
  param->name = g_intern_string (key);
  param->label = NULL;
  row = GTK_WIDGET (add_row (self, param));
  cvm_param_row_set_keeps_empty (CVM_PARAM_ROW (row), TRUE);
  g_object_set_data_full (G_OBJECT (row), "param", param, g_free);
}

static void
build_preset (CvmSuiteForm *self)
{
  g_auto(GStrv) keys = cvm_suite_edit_dup_preset_keys (self->edit, self->preset);

  for (gsize i = 0; keys[i] != NULL; i++)
    add_preset_row (self, keys[i]);
}

static void
build (CvmSuiteForm *self)
{
  gtk_container_foreach (GTK_CONTAINER (self->rows), (GtkCallback)gtk_widget_destroy, NULL);
  self->needs = NULL;
  self->presets = NULL;

  if (self->item == CVM_OUTLINE_SUITE)
    build_suite (self);
  else if (self->item == CVM_OUTLINE_PRESET)
    build_preset (self);
  else
    build_item (self);

  self->made_for = MIN (self->item, 0);
}

/* From the edit to the rows ---------------------------------------------------------------- */

static const char *
load (CvmSuiteForm *self,
      const char   *key)
{
  if (self->item == CVM_OUTLINE_SUITE)
    return cvm_suite_edit_get_suite (self->edit, key);
  if (self->item == CVM_OUTLINE_PRESET)
    return cvm_suite_edit_get_preset (self->edit, self->preset, key);

  return g_str_equal (key, id_param.name) ? cvm_suite_edit_item (self->edit, (guint)self->item).id
                                          : cvm_suite_edit_get (self->edit, (guint)self->item, key);
}

/* What holds without a preset */
static char *
dup_usual (CvmSuiteForm *self,
           const char   *key)
{
  g_auto(GStrv) parts = g_strsplit (key, ".", 2);
  int item = parts[0] != NULL && parts[1] != NULL ? cvm_suite_edit_find (self->edit, parts[0]) : -1;
  const CvmCheckInfo *check = item >= 0 ? cvm_suite_edit_item (self->edit, (guint)item).check
                                        : NULL;
  const char *value = item >= 0 ? cvm_suite_edit_get (self->edit, (guint)item, parts[1]) : NULL;
  const CvmParam *param = check != NULL ? cvm_param_find (check->params, parts[1]) : NULL;

  if (value != NULL)
    return g_strdup (value);
  if (check != NULL && g_str_equal (parts[1], timeout_param.name))
    return format_timeout (check->timeout_ms);

  return g_strdup (param != NULL ? param->default_value : "");
}

static void
set_defaults (CvmSuiteForm *self,
              CvmParamRow  *row)
{
  const char *name = cvm_param_row_get_param (row)->name;
  g_autofree char *text = NULL;

  if (self->item == CVM_OUTLINE_PRESET)
    text = dup_usual (self, name);
  else if (self->item < 0 || self->check == NULL)
    return;
  else if (g_str_equal (name, title_param.name))
    text = g_strdup (self->check->title);
  else if (g_str_equal (name, timeout_param.name))
    text = format_timeout (self->check->timeout_ms);
  else
    return;

  cvm_param_row_set_default (row, text);
}

static void
show_row (GtkWidget *widget,
          gpointer   data)
{
  CvmSuiteForm *self = data;

  if (!CVM_IS_PARAM_ROW (widget))
    return;

  set_defaults (self, CVM_PARAM_ROW (widget));
  cvm_param_row_set_text (CVM_PARAM_ROW (widget),
                          load (self, cvm_param_row_get_param (CVM_PARAM_ROW (widget))->name));
}

static void
show_heading (CvmSuiteForm *self)
{
  CvmSuiteEditItem item;
  g_autofree char *text = NULL;

  if (self->item == CVM_OUTLINE_SUITE)
    {
      gtk_label_set_text (self->heading, _("The Suite"));
      gtk_label_set_text (self->help, _("What is tested, and how long a job may take."));
      return;
    }

  if (self->item == CVM_OUTLINE_PRESET)
    {
      text = g_strdup_printf (_("Preset %s"), self->preset);
      gtk_label_set_text (self->heading, text);
      gtk_label_set_text (self->help, _("Values that a run takes instead of those of the cases "
                                        "when this preset is chosen for it."));
      return;
    }

  item = cvm_suite_edit_item (self->edit, (guint)self->item);
  text = item.check != NULL ? g_strdup_printf ("%s (%s)", _(item.check->title), item.check->id)
                            : g_strdup_printf (_("There is no check %s"), item.check_id);
  gtk_label_set_text (self->heading, text);
  gtk_label_set_text (self->help, item.check != NULL ? _(item.check->help)
                                  : _("Change it in the source, or remove this part."));
}

static gboolean
must_build (CvmSuiteForm *self)
{
  const CvmCheckInfo *check = self->item >= 0
                              ? cvm_suite_edit_item (self->edit, (guint)self->item).check : NULL;
  g_auto(GStrv) keys = self->item == CVM_OUTLINE_PRESET
                       ? cvm_suite_edit_dup_preset_keys (self->edit, self->preset) : NULL;
  g_autofree char *signature = keys != NULL ? g_strjoinv ("\n", keys) : g_strdup ("");
  gboolean is_other = self->made_for != MIN (self->item, 0) || check != self->check
                      || g_strcmp0 (signature, self->signature) != 0;

  self->check = check;
  g_free (self->signature);
  self->signature = g_steal_pointer (&signature);

  return is_other;
}

static void
cvm_suite_form_dispose (GObject *object)
{
  CvmSuiteForm *self = CVM_SUITE_FORM (object);

  g_clear_object (&self->edit);
  g_clear_object (&self->labels);
  g_clear_pointer (&self->preset, g_free);
  g_clear_pointer (&self->signature, g_free);

  G_OBJECT_CLASS (cvm_suite_form_parent_class)->dispose (object);
}

static void
cvm_suite_form_class_init (CvmSuiteFormClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cvm_suite_form_dispose;

  signals[PRESET_ADDED] = g_signal_new ("preset-added", CVM_TYPE_SUITE_FORM, G_SIGNAL_RUN_LAST, 0,
                                        NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[FAILED] = g_signal_new ("failed", CVM_TYPE_SUITE_FORM, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 1, G_TYPE_STRING);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/cvmtester/CvmTester/ui/cvm-suite-form.ui");
  gtk_widget_class_bind_template_child (widget_class, CvmSuiteForm, heading);
  gtk_widget_class_bind_template_child (widget_class, CvmSuiteForm, help);
  gtk_widget_class_bind_template_child (widget_class, CvmSuiteForm, message);
  gtk_widget_class_bind_template_child (widget_class, CvmSuiteForm, rows);
}

static void
cvm_suite_form_init (CvmSuiteForm *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->labels = gtk_size_group_new (GTK_SIZE_GROUP_HORIZONTAL);
  self->made_for = G_MAXINT;
}

void
cvm_suite_form_show (CvmSuiteForm *self,
                     CvmSuiteEdit *edit,
                     int           item,
                     const char   *preset,
                     gboolean      can_write)
{
  char *copy = g_strdup (preset);

  g_set_object (&self->edit, edit);
  self->item = item;
  g_free (self->preset);
  self->preset = copy;

  if (must_build (self))
    build (self);

  gtk_widget_set_sensitive (GTK_WIDGET (self->rows), can_write);
  show_heading (self);
  gtk_container_foreach (GTK_CONTAINER (self->rows), show_row, self);
  if (self->needs != NULL)
    cvm_needs_row_show (self->needs, edit, (guint)item);
  if (self->presets != NULL)
    cvm_preset_row_show (self->presets, edit, (guint)item);
}

/* A message that names a key of a row, "status is '256'…", stands there; a row that is wrong by the
 * table has said so itself */
static gboolean
tell_row (CvmSuiteForm          *self,
          const CvmSuiteProblem *problem)
{
  gboolean is_told = FALSE;

  for (g_autoptr(GList) rows = gtk_container_get_children (GTK_CONTAINER (self->rows));
       rows != NULL; rows = g_list_delete_link (rows, rows))
    {
      const char *name = CVM_IS_PARAM_ROW (rows->data)
                         ? cvm_param_row_get_param (rows->data)->name : NULL;
      gboolean is_its = name != NULL && g_str_has_prefix (problem->message, name)
                        && g_str_has_prefix (problem->message + strlen (name), " is ");

      if (is_its)
        cvm_param_row_set_message (rows->data, problem->message);
      is_told |= is_its || (name != NULL && !cvm_param_row_is_valid (rows->data));
    }

  return is_told;
}

static void
clear_row (GtkWidget *widget,
           gpointer   data)
{
  if (CVM_IS_PARAM_ROW (widget))
    cvm_param_row_set_message (CVM_PARAM_ROW (widget), NULL);
}

/* The suite's own part of one that has only been begun: that is nobody's fault, and what line 1 is
 * told of tells no more than it */
static gboolean
lacks_case (CvmSuiteForm *self)
{
  return self->edit != NULL && self->item == CVM_OUTLINE_SUITE
         && !cvm_suite_edit_has_case (self->edit);
}

void
cvm_suite_form_set_problems (CvmSuiteForm *self,
                             GPtrArray    *problems)
{
  GtkStyleContext *style = gtk_widget_get_style_context (GTK_WIDGET (self->message));
  const char *message = NULL;
  gboolean is_begun;

  if (self->edit == NULL || self->item == CVM_OUTLINE_PRESET)
    problems = NULL;      /* the editor tells those of a preset, with their lines */

  gtk_container_foreach (GTK_CONTAINER (self->rows), clear_row, NULL);
  for (guint i = problems != NULL ? problems->len : 0; i-- > 0;)     /* the first is told */
    {
      const CvmSuiteProblem *problem = problems->pdata[i];

      if (cvm_suite_edit_find_at (self->edit, problem->line) == self->item
          && !tell_row (self, problem) && !(problem->line == 1 && lacks_case (self)))
        message = problem->message;
    }

  is_begun = message == NULL && lacks_case (self);
  if (is_begun)
    message = _("Add a check to begin.");
  gtk_label_set_text (self->message, message != NULL ? message : "");
  gtk_widget_set_visible (GTK_WIDGET (self->message), message != NULL);
  if (is_begun)
    gtk_style_context_remove_class (style, "cvm-bad");
  else
    gtk_style_context_add_class (style, "cvm-bad");
}

void
cvm_suite_form_focus (CvmSuiteForm *self)
{
  g_autoptr(GList) rows = gtk_container_get_children (GTK_CONTAINER (self->rows));
  GtkWidget *first = rows != NULL ? rows->data : NULL;

  for (GList *l = rows; l != NULL; l = l->next)
    {
      if (CVM_IS_PARAM_ROW (l->data) && !cvm_param_row_is_valid (l->data))
        {
          first = l->data;
          break;
        }
    }

  if (first != NULL)
    gtk_widget_child_focus (first, GTK_DIR_TAB_FORWARD);
}
