/* cvm-cli-list.c: listings, for people and for programs
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-cli-list.h"

#include "cvm-cli.h"

#define WIDEST 60   /* characters; a longer value pushes the next column aside */

JsonObject *
cvm_cli_list_add (JsonArray *list)
{
  JsonObject *object = json_object_new ();

  json_array_add_object_element (list, object);

  return object;
}

void
cvm_cli_list_strv (JsonObject        *object,
                   const char        *name,
                   const char *const *strv)
{
  JsonArray *array = json_array_new ();

  for (gsize i = 0; strv != NULL && strv[i] != NULL; i++)
    json_array_add_string_element (array, strv[i]);
  json_object_set_array_member (object, name, array);
}

void
cvm_cli_list_print_json (JsonArray *list)
{
  g_autoptr(JsonNode) node = json_node_new (JSON_NODE_ARRAY);
  g_autofree char *text = NULL;

  json_node_set_array (node, list);
  text = cvm_json_to_pretty (node);
  cvm_cli_print ("%s\n", text);
}

static char *value_text (JsonNode *node);

static char *
array_text (JsonArray *array)
{
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      g_autofree char *item = value_text (json_array_get_element (array, i));

      g_string_append_printf (text, "%s%s", i > 0 ? ", " : "", item);
    }

  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* As a person reads it: no quotes, nothing for null */
static char *
value_text (JsonNode *node)
{
  if (JSON_NODE_HOLDS_ARRAY (node))
    return array_text (json_node_get_array (node));

  if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
    return cvm_cli_clean (json_node_get_string (node));

  return JSON_NODE_HOLDS_NULL (node) ? g_strdup ("") : cvm_json_to_line (node);
}

static char *
member_text (JsonObject *object,
             const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL ? value_text (node) : g_strdup ("");
}

static int
column_width (JsonArray  *list,
              const char *name)
{
  glong width = 0;

  for (guint i = 0; i < json_array_get_length (list); i++)
    {
      g_autofree char *text = member_text (json_array_get_object_element (list, i), name);

      width = MAX (width, g_utf8_strlen (text, -1));
    }

  return (int)MIN (width, WIDEST);
}

void
cvm_cli_list_print_columns (JsonArray         *list,
                            const char *const *columns)
{
  guint n_columns = g_strv_length ((char **)columns);
  g_autofree int *widths = g_new0 (int, n_columns);

  for (guint i = 0; i < n_columns; i++)
    widths[i] = column_width (list, columns[i]);

  for (guint row = 0; row < json_array_get_length (list); row++)
    {
      g_autoptr(GString) line = g_string_new (NULL);

      for (guint i = 0; i < n_columns; i++)
        {
          g_autofree char *text = member_text (json_array_get_object_element (list, row),
                                               columns[i]);
          int pad = MAX (widths[i] - (int)g_utf8_strlen (text, -1), 0) + 2;

          g_string_append_printf (line, "%s%*s", text, pad, "");
        }
      cvm_cli_print ("%s\n", g_strchomp (line->str));
    }
}

/* Every member of each object on a line of its own, lists joined by commas */
static void
print_members (JsonArray *list)
{
  for (guint row = 0; row < json_array_get_length (list); row++)
    {
      JsonObject *object = json_array_get_object_element (list, row);
      g_autoptr(GList) names = json_object_get_members (object);

      if (row > 0)
        cvm_cli_print ("\n");
      for (GList *name = names; name != NULL; name = name->next)
        {
          g_autofree char *text = member_text (object, name->data);

          if (*text != '\0')
            cvm_cli_print ("%-20s %s\n", (const char *)name->data, text);
        }
    }
}

void
cvm_cli_list_print (JsonArray         *list,
                    gboolean           is_json,
                    const char *const *columns)
{
  if (is_json)
    cvm_cli_list_print_json (list);
  else if (columns != NULL)
    cvm_cli_list_print_columns (list, columns);
  else
    print_members (list);
}
