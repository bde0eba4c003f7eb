/* test-param-row.c: every kind of parameter, typed, wrong, and set back
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Needs a display. */
#include "cvm-param-field.h"
#include "cvm-param-row.h"

typedef struct
{
  const char *name;
  CvmParam    param;
  const char *shown;      /* by the field at the default */
  const char *typed;      /* what the user makes of it */
  const char *text;       /* the row's own value then */
  const char *message;    /* a part of what the row says of it, or NULL */
} Case;

static const Case cases[] = {
  { "string", { "user", CVM_PARAM_STRING, "root", "Account" }, "root", "admin", "admin", NULL },
  { "string-empty", { "user", CVM_PARAM_STRING, "root", "Account" }, "root", "", "", NULL },
  { "string-nothing", { "user", CVM_PARAM_STRING, "", "Account" }, "", "", NULL, NULL },
  { "string-needed", { "user", CVM_PARAM_STRING, NULL, "Account" }, "", "", NULL, "must be given" },
  { "form", { "user", CVM_PARAM_STRING, "", "Account", .form = "[a-z]+", .form_help = "letters" },
    "", "a b", "a b", "allowed: letters" },
  { "integer", { "port", CVM_PARAM_INTEGER, "80", "Port", 1, 65535 }, "80", "8004", "8004", NULL },
  { "integer-large", { "port", CVM_PARAM_INTEGER, "80", "Port", 1, 65535 }, "80", "65536", "65536",
    "allowed: 1 to 65535" },
  { "integer-empty", { "port", CVM_PARAM_INTEGER, "80", "Port", 1, 9 }, "80", "", "", "allowed" },
  { "boolean", { "quiet", CVM_PARAM_BOOLEAN, "true", "Quiet" }, "true", "false", "false", NULL },
  { "duration", { "limit", CVM_PARAM_DURATION, "30s", "Limit" }, "30s", "2m", "2m", NULL },
  { "duration-wrong", { "limit", CVM_PARAM_DURATION, "30s", "Limit" }, "30s", "2 m", "2 m",
    "allowed: seconds" },
  { "pattern", { "output", CVM_PARAM_PATTERN, "", "Output" }, "", "a(b)", "a(b)", NULL },
  { "pattern-wrong", { "output", CVM_PARAM_PATTERN, "", "Output" }, "", "a(", "a(", "allowed" },
  { "choice", { "since", CVM_PARAM_CHOICE, "boot", "Since", .choices = "boot;now" }, "boot", "now",
    "now", NULL },
  { "file", { "mask", CVM_PARAM_FILE, "", "Mask" }, "", "a.mask", "a.mask", NULL },
  { "argv", { "argv", CVM_PARAM_ARGV, "true", "Program" }, "true", "sh;-c;a\\;b", "sh;-c;a\\;b",
    NULL },
  { "password", { "password", CVM_PARAM_PASSWORD, "", "Password" }, "", "image", "image", NULL },
  { "password-file", { "password", CVM_PARAM_PASSWORD, "image", "Password" }, "image", "file:x/y",
    "file:x/y", NULL },
  { "password-no-file", { "password", CVM_PARAM_PASSWORD, "image", "Password" }, "image", "file:",
    "file:", "says where" },
};

static GtkWidget *
find (GtkWidget *widget,
      GType      type,
      const char *name)
{
  GtkWidget *found = NULL;

  if (G_TYPE_CHECK_INSTANCE_TYPE (widget, type)
      && (name == NULL || g_strcmp0 (gtk_buildable_get_name (GTK_BUILDABLE (widget)), name) == 0))
    return widget;

  if (!GTK_IS_CONTAINER (widget))
    return NULL;

  for (g_autoptr(GList) all = gtk_container_get_children (GTK_CONTAINER (widget));
       all != NULL && found == NULL; all = g_list_delete_link (all, all))
    found = find (all->data, type, name);

  return found;
}

static void
count (guint *n)
{
  (*n)++;
}

/* As the user does: the field tells the row */
static void
type_in (CvmParamField *field,
         const char    *text)
{
  cvm_param_field_set_text (field, text);
  g_signal_emit_by_name (field, "changed");
}

static void
check_message (GtkWidget  *row,
               const char *part)
{
  GtkRevealer *revealer = GTK_REVEALER (find (row, GTK_TYPE_REVEALER, NULL));
  GtkWidget *input = cvm_param_field_get_input (CVM_PARAM_FIELD (find (row, CVM_TYPE_PARAM_FIELD,
                                                                       NULL)));
  const char *text = gtk_label_get_text (GTK_LABEL (gtk_bin_get_child (GTK_BIN (revealer))));
  const char *heard = atk_object_get_description (gtk_widget_get_accessible (input));

  g_assert_true (gtk_revealer_get_reveal_child (revealer) == (part != NULL));
  if (part != NULL)
    {
      g_assert_nonnull (strstr (text, part));
      g_assert_nonnull (strstr (heard, part));
    }
}

static void
test_row (gconstpointer data)
{
  const Case *c = data;
  GtkWidget *row = g_object_ref_sink (cvm_param_row_new (&c->param));
  CvmParamField *field = CVM_PARAM_FIELD (find (row, CVM_TYPE_PARAM_FIELD, NULL));
  GtkWidget *reset = find (row, GTK_TYPE_BUTTON, "reset");
  g_autofree char *shown = cvm_param_field_dup_text (field);
  g_autofree char *label = cvm_param_field_dup_label (&c->param);
  guint n_changed = 0;

  g_signal_connect_swapped (row, "changed", G_CALLBACK (count), &n_changed);
  g_assert_cmpstr (shown, ==, c->shown);
  g_assert_null (cvm_param_row_get_text (CVM_PARAM_ROW (row)));
  g_assert_false (gtk_widget_get_child_visible (reset));
  g_assert_cmpstr (atk_object_get_name (gtk_widget_get_accessible (
                     cvm_param_field_get_input (field))), ==, label);

  type_in (field, c->typed);
  g_assert_cmpuint (n_changed, ==, 1);
  g_assert_cmpstr (cvm_param_row_get_text (CVM_PARAM_ROW (row)), ==, c->text);
  g_assert_true (cvm_param_row_is_valid (CVM_PARAM_ROW (row)) == (c->message == NULL));
  g_assert_true (gtk_widget_get_child_visible (reset)
                 == (c->text != NULL && c->param.default_value != NULL));
  check_message (row, c->message);

  gtk_button_clicked (GTK_BUTTON (reset));
  g_free (shown);
  shown = cvm_param_field_dup_text (field);
  g_assert_cmpstr (shown, ==, c->shown);
  g_assert_null (cvm_param_row_get_text (CVM_PARAM_ROW (row)));

  gtk_widget_destroy (row);
  g_assert_finalize_object (row);
}

static const CvmParam command = { "command", CVM_PARAM_STRING, NULL, "Command" };

static void
test_default_of_suite (void)
{
  GtkWidget *widget = g_object_ref_sink (cvm_param_row_new (&command));
  CvmParamRow *row = CVM_PARAM_ROW (widget);
  CvmParamField *field = CVM_PARAM_FIELD (find (widget, CVM_TYPE_PARAM_FIELD, NULL));
  g_autofree char *shown = NULL;

  g_assert_false (cvm_param_row_is_valid (row));
  cvm_param_row_set_default (row, "uname");
  shown = cvm_param_field_dup_text (field);
  g_assert_cmpstr (shown, ==, "uname");
  g_assert_null (cvm_param_row_get_text (row));
  g_assert_true (cvm_param_row_is_valid (row));
  check_message (widget, NULL);

  cvm_param_row_set_text (row, "id");
  g_assert_cmpstr (cvm_param_row_get_text (row), ==, "id");
  cvm_param_row_set_message (row, "nobody runs that");
  check_message (widget, "nobody runs that");
  type_in (field, "true");
  check_message (widget, NULL);

  gtk_widget_destroy (widget);
  g_assert_finalize_object (widget);
}

/* A word with a line break has no line of its own: it must come back as it was */
static void
test_list_with_breaks (void)
{
  static const CvmParam argv = { "argv", CVM_PARAM_ARGV, "true", "Program" };
  GtkWidget *widget = g_object_ref_sink (cvm_param_field_new (&argv));
  CvmParamField *field = CVM_PARAM_FIELD (widget);
  GtkTextView *view = GTK_TEXT_VIEW (cvm_param_field_get_input (field));
  g_autofree char *text = NULL;

  cvm_param_field_set_text (field, "sh;-c;one\\ntwo");
  text = cvm_param_field_dup_text (field);
  g_assert_cmpstr (text, ==, "sh;-c;one\\ntwo");
  g_assert_false (gtk_text_view_get_editable (view));

  cvm_param_field_set_text (field, "sh;");
  g_assert_true (gtk_text_view_get_editable (view));
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (view), "sh\n-c\na;b \\d\n\n", -1);
  g_free (text);
  text = cvm_param_field_dup_text (field);
  g_assert_cmpstr (text, ==, "sh;-c;a\\;b \\\\d;");

  gtk_widget_destroy (widget);
  g_assert_finalize_object (widget);
}

static void
test_labels (void)
{
  static const struct { CvmParam param; const char *label; } labels[] = {
    { { "command", CVM_PARAM_STRING }, "Command" },
    { { "Cpus", CVM_PARAM_INTEGER, .label = "CPUs" }, "CPUs" },
    { { "login.Timeout", CVM_PARAM_DURATION }, "login.Timeout" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (labels); i++)
    {
      g_autofree char *label = cvm_param_field_dup_label (&labels[i].param);

      g_assert_cmpstr (label, ==, labels[i].label);
    }
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/param-row/", cases[i].name, NULL);

      g_test_add_data_func (path, &cases[i], test_row);
    }
  g_test_add_func ("/param-row/labels", test_labels);
  g_test_add_func ("/param-row/default-of-suite", test_default_of_suite);
  g_test_add_func ("/param-row/list-with-breaks", test_list_with_breaks);

  return g_test_run ();
}
