/* cvm-param-field.c: what a parameter's value is typed or chosen in
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-param-field.h"

#include <glib/gi18n.h>
#include <string.h>

#include "cvm-keyfile.h"

/* How one kind of value is shown */
typedef struct
{
  void   (*build)    (CvmParamField *self);
  void   (*set_text) (CvmParamField *self, const char *text);
  char  *(*dup_text) (CvmParamField *self);
} Kind;

struct _CvmParamField
{
  GtkBox          parent_instance;

  const CvmParam *param;
  const Kind     *kind;
  GtkWidget      *input;       /* takes the keys */
  GtkEntry       *where;       /* PASSWORD: of which file or keyring entry */
  char           *raw;         /* ARGV: the text as it came, while nobody has changed it */
  gboolean        is_quiet;    /* the program changes it, not the user */
};

enum { CHANGED, N_SIGNALS };

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (CvmParamField, cvm_param_field, GTK_TYPE_BOX)

static void
on_changed (CvmParamField *self)
{
  if (!self->is_quiet)
    g_signal_emit (self, signals[CHANGED], 0);
}

static void
add (CvmParamField *self,
     GtkWidget     *widget,
     gboolean       does_expand)
{
  gtk_widget_set_hexpand (widget, does_expand);
  gtk_widget_show (widget);
  gtk_container_add (GTK_CONTAINER (self), widget);
}

static void
call_it (GtkWidget  *widget,
         const char *name)
{
  atk_object_set_name (gtk_widget_get_accessible (widget), name);
}

/* Text ------------------------------------------------------------------------------------- */

static void
build_entry (CvmParamField *self)
{
  self->input = gtk_entry_new ();
  if (self->param->type == CVM_PARAM_INTEGER)
    gtk_entry_set_input_purpose (GTK_ENTRY (self->input), GTK_INPUT_PURPOSE_NUMBER);
  gtk_entry_set_width_chars (GTK_ENTRY (self->input), 8);
  gtk_entry_set_activates_default (GTK_ENTRY (self->input), TRUE);
  g_signal_connect_object (self->input, "changed", G_CALLBACK (on_changed), self,
                           G_CONNECT_SWAPPED);
  add (self, self->input, TRUE);
}

static void
set_entry (CvmParamField *self,
           const char    *text)
{
  gtk_entry_set_text (GTK_ENTRY (self->input), text);
}

static char *
dup_entry (CvmParamField *self)
{
  return g_strdup (gtk_entry_get_text (GTK_ENTRY (self->input)));
}

/* A file ----------------------------------------------------------------------------------- */

static void
on_file_chosen (GtkNativeDialog *dialog,
                int              response,
                CvmParamField   *self)
{
  g_autofree char *path = response == GTK_RESPONSE_ACCEPT
                          ? gtk_file_chooser_get_filename (GTK_FILE_CHOOSER (dialog)) : NULL;

  if (path != NULL)
    gtk_entry_set_text (GTK_ENTRY (self->input), path);
  gtk_native_dialog_destroy (dialog);
}

static void
on_browse_clicked (CvmParamField *self)
{
  GtkWidget *window = gtk_widget_get_toplevel (GTK_WIDGET (self));
  g_autoptr(GtkFileChooserNative) dialog =
    gtk_file_chooser_native_new (_("Choose a File"), GTK_WINDOW (window),
                                 GTK_FILE_CHOOSER_ACTION_OPEN, _("_Choose"), _("_Cancel"));

  g_signal_connect_object (dialog, "response", G_CALLBACK (on_file_chosen), self, 0);
  g_object_set_data_full (G_OBJECT (self), "dialog", g_object_ref (dialog), g_object_unref);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

static void
build_file (CvmParamField *self)
{
  GtkWidget *browse = gtk_button_new_from_icon_name ("document-open-symbolic",
                                                     GTK_ICON_SIZE_BUTTON);
  g_autofree char *name = g_strdup_printf (_("Choose a file for %s"), self->param->name);

  build_entry (self);
  add (self, browse, FALSE);
  gtk_style_context_add_class (gtk_widget_get_style_context (GTK_WIDGET (self)), "linked");
  gtk_widget_set_tooltip_text (browse, name);
  call_it (browse, name);
  g_signal_connect_object (browse, "clicked", G_CALLBACK (on_browse_clicked), self,
                           G_CONNECT_SWAPPED);
}

/* Yes or no -------------------------------------------------------------------------------- */

static void
build_switch (CvmParamField *self)
{
  self->input = gtk_switch_new ();
  gtk_widget_set_valign (self->input, GTK_ALIGN_CENTER);
  gtk_widget_set_halign (self->input, GTK_ALIGN_START);
  g_signal_connect_object (self->input, "notify::active", G_CALLBACK (on_changed), self,
                           G_CONNECT_SWAPPED);
  add (self, self->input, FALSE);
}

static void
set_switch (CvmParamField *self,
            const char    *text)
{
  gtk_switch_set_active (GTK_SWITCH (self->input), g_str_equal (text, "true"));
}

static char *
dup_switch (CvmParamField *self)
{
  return g_strdup (gtk_switch_get_active (GTK_SWITCH (self->input)) ? "true" : "false");
}

/* One of a few ----------------------------------------------------------------------------- */

static void
build_combo (CvmParamField *self)
{
  self->input = gtk_combo_box_text_new ();
  g_signal_connect_object (self->input, "changed", G_CALLBACK (on_changed), self,
                           G_CONNECT_SWAPPED);
  add (self, self->input, TRUE);
}

static void
build_choice (CvmParamField *self)
{
  g_auto(GStrv) choices = g_strsplit (self->param->choices, ";", -1);

  build_combo (self);
  for (gsize i = 0; choices[i] != NULL; i++)
    gtk_combo_box_text_append (GTK_COMBO_BOX_TEXT (self->input), choices[i], choices[i]);
}

static void
set_choice (CvmParamField *self,
            const char    *text)
{
  gtk_combo_box_set_active_id (GTK_COMBO_BOX (self->input), text);
}

static char *
dup_choice (CvmParamField *self)
{
  const char *id = gtk_combo_box_get_active_id (GTK_COMBO_BOX (self->input));

  return g_strdup (id != NULL ? id : "");
}

/* Where a password comes from -------------------------------------------------------------- */

static const struct { const char *id, *label; } sources[] = {
  { "generated", N_("A new one for each run") },
  { "image", N_("As the image says") },
  { "image-web", N_("As the image says, of its web interface") },
  { "prompt", N_("Ask when a check needs it") },
  { CVM_PASSWORD_FILE, N_("From a file") },
  { CVM_PASSWORD_KEYRING, N_("From the keyring") },
};

static gboolean
needs_where (const char *source)
{
  return g_strcmp0 (source, CVM_PASSWORD_FILE) == 0
         || g_strcmp0 (source, CVM_PASSWORD_KEYRING) == 0;
}

static void
on_source_changed (CvmParamField *self)
{
  gboolean is_file = g_strcmp0 (gtk_combo_box_get_active_id (GTK_COMBO_BOX (self->input)),
                                CVM_PASSWORD_FILE) == 0;

  gtk_widget_set_visible (GTK_WIDGET (self->where),
                          needs_where (gtk_combo_box_get_active_id (GTK_COMBO_BOX (self->input))));
  gtk_entry_set_placeholder_text (self->where, is_file ? _("Path of a file only you can read")
                                                       : _("Name in the keyring"));
  on_changed (self);
}

static void
build_password (CvmParamField *self)
{
  g_autofree char *name = g_strdup_printf (_("%s: which file or keyring entry"),
                                           self->param->name);

  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 6);
  self->input = gtk_combo_box_text_new ();
  if (g_strcmp0 (self->param->default_value, "") == 0)
    gtk_combo_box_text_append (GTK_COMBO_BOX_TEXT (self->input), "", _("None"));
  for (gsize i = 0; i < G_N_ELEMENTS (sources); i++)
    gtk_combo_box_text_append (GTK_COMBO_BOX_TEXT (self->input), sources[i].id,
                               _(sources[i].label));
  add (self, self->input, TRUE);

  self->where = GTK_ENTRY (gtk_entry_new ());
  add (self, GTK_WIDGET (self->where), TRUE);
  gtk_widget_set_no_show_all (GTK_WIDGET (self->where), TRUE);
  gtk_widget_hide (GTK_WIDGET (self->where));
  call_it (GTK_WIDGET (self->where), name);
  g_signal_connect_object (self->where, "changed", G_CALLBACK (on_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->input, "changed", G_CALLBACK (on_source_changed), self,
                           G_CONNECT_SWAPPED);
}

static void
set_password (CvmParamField *self,
              const char    *text)
{
  const char *colon = strchr (text, ':');
  g_autofree char *source = colon != NULL ? g_strndup (text, colon + 1 - text) : g_strdup (text);

  gtk_entry_set_text (self->where, needs_where (source) ? colon + 1 : "");
  gtk_combo_box_set_active_id (GTK_COMBO_BOX (self->input), source);
}

static char *
dup_password (CvmParamField *self)
{
  const char *source = gtk_combo_box_get_active_id (GTK_COMBO_BOX (self->input));

  if (needs_where (source))
    return g_strconcat (source, gtk_entry_get_text (self->where), NULL);

  return g_strdup (source != NULL ? source : "");
}

/* A program and its arguments, one a line -------------------------------------------------- */

static void
on_list_changed (CvmParamField *self)
{
  if (!self->is_quiet)
    g_clear_pointer (&self->raw, g_free);
  on_changed (self);
}

static void
build_list (CvmParamField *self)
{
  GtkWidget *scroller = gtk_scrolled_window_new (NULL, NULL);

  self->input = gtk_text_view_new ();
  gtk_text_view_set_monospace (GTK_TEXT_VIEW (self->input), TRUE);
  gtk_text_view_set_accepts_tab (GTK_TEXT_VIEW (self->input), FALSE);
  gtk_text_view_set_left_margin (GTK_TEXT_VIEW (self->input), 6);
  gtk_text_view_set_top_margin (GTK_TEXT_VIEW (self->input), 6);
  gtk_widget_set_tooltip_text (self->input, _("One word a line: the program, then its arguments"));
  g_signal_connect_object (gtk_text_view_get_buffer (GTK_TEXT_VIEW (self->input)), "changed",
                           G_CALLBACK (on_list_changed), self, G_CONNECT_SWAPPED);

  gtk_scrolled_window_set_shadow_type (GTK_SCROLLED_WINDOW (scroller), GTK_SHADOW_IN);
  gtk_scrolled_window_set_min_content_height (GTK_SCROLLED_WINDOW (scroller), 66);
  gtk_widget_show (self->input);
  gtk_container_add (GTK_CONTAINER (scroller), self->input);
  add (self, scroller, TRUE);
}

/* A word with a line break in it cannot be a line: then the list is only shown */
static void
set_list (CvmParamField *self,
          const char    *text)
{
  g_auto(GStrv) words = cvm_keyfile_split_text (text);
  g_autofree char *lines = g_strjoinv ("\n", words);
  gsize n_breaks = 0;

  for (gsize i = 0; words[i] != NULL; i++)
    n_breaks += strchr (words[i], '\n') != NULL;

  gtk_text_buffer_set_text (gtk_text_view_get_buffer (GTK_TEXT_VIEW (self->input)), lines, -1);
  gtk_text_view_set_editable (GTK_TEXT_VIEW (self->input), n_breaks == 0);
  g_free (self->raw);
  self->raw = g_strdup (text);
}

static char *
dup_list (CvmParamField *self)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (self->input));
  g_autofree char *lines = NULL;
  g_auto(GStrv) words = NULL;
  gsize len;

  if (self->raw != NULL)
    return g_strdup (self->raw);

  g_object_get (buffer, "text", &lines, NULL);
  words = g_strsplit (lines, "\n", -1);
  for (len = g_strv_length (words); len > 0 && *words[len - 1] == '\0'; len--)
    g_clear_pointer (&words[len - 1], g_free);

  return cvm_keyfile_join ((const char *const *)words);
}

static const Kind kinds[] = {
  [CVM_PARAM_STRING] = { build_entry, set_entry, dup_entry },
  [CVM_PARAM_INTEGER] = { build_entry, set_entry, dup_entry },
  [CVM_PARAM_BOOLEAN] = { build_switch, set_switch, dup_switch },
  [CVM_PARAM_DURATION] = { build_entry, set_entry, dup_entry },
  [CVM_PARAM_PATTERN] = { build_entry, set_entry, dup_entry },
  [CVM_PARAM_CHOICE] = { build_choice, set_choice, dup_choice },
  [CVM_PARAM_FILE] = { build_file, set_entry, dup_entry },
  [CVM_PARAM_ARGV] = { build_list, set_list, dup_list },
  [CVM_PARAM_PASSWORD] = { build_password, set_password, dup_password },
};

static void
cvm_param_field_finalize (GObject *object)
{
  g_free (CVM_PARAM_FIELD (object)->raw);

  G_OBJECT_CLASS (cvm_param_field_parent_class)->finalize (object);
}

static void
cvm_param_field_class_init (CvmParamFieldClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = cvm_param_field_finalize;

  signals[CHANGED] = g_signal_new ("changed", CVM_TYPE_PARAM_FIELD, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
}

static void
cvm_param_field_init (CvmParamField *self)
{
}

char *
cvm_param_field_dup_label (const CvmParam *param)
{
  char *label = g_strdup (param->label != NULL ? _(param->label) : param->name);

  if (strchr (label, '.') == NULL)    /* "login.Timeout" begins with an id */
    label[0] = g_ascii_toupper (label[0]);

  return label;
}

GtkWidget *
cvm_param_field_new (const CvmParam *param)
{
  CvmParamField *self = g_object_new (CVM_TYPE_PARAM_FIELD, "visible", TRUE, NULL);
  g_autofree char *label = cvm_param_field_dup_label (param);

  self->param = param;
  self->kind = &kinds[param->type];
  self->kind->build (self);
  call_it (self->input, label);

  return GTK_WIDGET (self);
}

void
cvm_param_field_set_text (CvmParamField *self,
                          const char    *text)
{
  self->is_quiet = TRUE;
  self->kind->set_text (self, text);
  self->is_quiet = FALSE;
}

char *
cvm_param_field_dup_text (CvmParamField *self)
{
  return self->kind->dup_text (self);
}

GtkWidget *
cvm_param_field_get_input (CvmParamField *self)
{
  return self->input;
}
