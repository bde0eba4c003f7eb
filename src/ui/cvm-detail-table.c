/* cvm-detail-table.c: what a point says of itself, as a table that can be read and selected
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-detail-table.h"

#include "cvm-format.h"
#include "cvm-record.h"
#include "cvm-tap-yaml.h"

#define MAX_ROWS  300
#define MAX_DEPTH 8
#define INDENT    12    /* pixels a level */
#define YAML_MAX  (256 * 1024)

typedef struct
{
  GtkGrid    *grid;
  GString    *text;       /* or NULL */
  guint       n_rows;
  const char *last_key;   /* one that comes again is not said again */
} Table;

static GtkWidget *
new_label (const char *text,
           const char *style)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_set_valign (label, GTK_ALIGN_BASELINE);
  if (style != NULL)
    gtk_style_context_add_class (gtk_widget_get_style_context (label), style);
  gtk_widget_show (label);

  return label;
}

static void
add_row (Table      *table,
         guint       depth,
         const char *key,
         const char *value)
{
  g_autofree char *shown_key = cvm_format_line (key);
  g_autofree char *shown = cvm_format_text (value);
  gboolean is_code = strchr (g_strchomp (shown), '\n') != NULL || g_strcmp0 (key, "line") == 0;
  GtkWidget *key_label = new_label (g_strcmp0 (key, table->last_key) == 0 ? "" : shown_key,
                                    "dim-label");
  GtkWidget *label = new_label (shown, is_code ? "monospace" : NULL);

  gtk_widget_set_margin_start (key_label, (int)depth * INDENT);
  gtk_widget_set_valign (key_label, GTK_ALIGN_START);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  gtk_label_set_line_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_line_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_grid_attach (table->grid, key_label, 0, (int)table->n_rows, 1, 1);
  gtk_grid_attach (table->grid, label, 1, (int)table->n_rows, 1, 1);
  table->n_rows++;
  table->last_key = g_str_equal (key, "•") ? NULL : key;
  if (table->text != NULL)
    g_string_append_printf (table->text, "%*s%s: %s\n", (int)depth * 2, "", shown_key, shown);
}

static void add_value (Table             *table,
                       guint              depth,
                       const char        *key,
                       const CvmTapValue *value);

static void
add_items (Table             *table,
           guint              depth,
           const CvmTapValue *value)
{
  gboolean is_map = cvm_tap_value_get_type (value) == CVM_TAP_VALUE_MAP;

  for (guint i = 0; i < cvm_tap_value_get_size (value) && table->n_rows < MAX_ROWS; i++)
    add_value (table, depth,
               is_map ? cvm_tap_value_get_text (cvm_tap_value_get_key (value, i)) : "•",
               cvm_tap_value_get_item (value, i));
}

static void
add_value (Table             *table,
           guint              depth,
           const char        *key,
           const CvmTapValue *value)
{
  CvmTapValueType type = cvm_tap_value_get_type (value);
  gboolean holds = type == CVM_TAP_VALUE_MAP || type == CVM_TAP_VALUE_LIST;

  if (table->n_rows >= MAX_ROWS || depth > MAX_DEPTH)
    return;

  if (!holds)
    {
      const char *text = cvm_tap_value_get_text (value);

      add_row (table, depth, key != NULL ? key : "?", text != NULL ? text : "");
      return;
    }

  add_row (table, depth, key != NULL ? key : "?", "");
  add_items (table, depth + 1, value);
}

/* FALSE: it is no YAML with keys in it */
static gboolean
add_yaml (Table      *table,
          const char *text)
{
  gsize len = strlen (text);
  g_autoptr(CvmTapYaml) yaml = len <= YAML_MAX ? cvm_tap_yaml_parse (text, len, NULL) : NULL;
  const CvmTapValue *root = yaml != NULL ? cvm_tap_yaml_get_root (yaml) : NULL;

  if (root == NULL || cvm_tap_value_get_type (root) != CVM_TAP_VALUE_MAP)
    return FALSE;

  add_items (table, 0, root);
  table->last_key = NULL;   /* it goes with the document */

  return TRUE;
}

static void
add_detail (Table           *table,
            const CvmDetail *detail)
{
  if (table->n_rows >= MAX_ROWS
      || (g_str_equal (detail->key, "diagnostics") && add_yaml (table, detail->value)))
    return;

  add_row (table, 0, detail->key, detail->value);
}

static gboolean
is_comparison (const CvmDetail *detail)
{
  static const char *const keys[] = {
    "expected", "wanted", "want", "found", "got", "actual", NULL
  };

  return g_strv_contains (keys, detail->key);
}

guint
cvm_detail_table_fill (GtkGrid   *grid,
                       GPtrArray *details,
                       GString   *text)
{
  Table table = { grid, text };

  gtk_container_foreach (GTK_CONTAINER (grid), (GtkCallback)gtk_widget_destroy, NULL);
  for (int first = TRUE; first >= FALSE; first--)
    for (guint i = 0; details != NULL && i < details->len; i++)
      if (is_comparison (details->pdata[i]) == first)
        add_detail (&table, details->pdata[i]);

  return table.n_rows;
}
