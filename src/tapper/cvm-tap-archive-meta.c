/* cvm-tap-archive-meta.c: what meta.yml says about a TAP archive
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-tap-archive-private.h"

#include "cvm-tap-yaml.h"

/* Seconds since 1970, as prove writes them: whole, or with a fraction */
static gint64
read_time (const CvmTapValue *map,
           const char        *key)
{
  const CvmTapValue *value = cvm_tap_value_get_member (map, key);
  double seconds = 0;

  if (value != NULL && cvm_tap_value_get_type (value) == CVM_TAP_VALUE_INT)
    seconds = (double)cvm_tap_value_get_int (value);
  else if (value != NULL && cvm_tap_value_get_type (value) == CVM_TAP_VALUE_DOUBLE)
    seconds = cvm_tap_value_get_double (value);
  else if (value != NULL && cvm_tap_value_get_type (value) == CVM_TAP_VALUE_STRING)
    seconds = g_ascii_strtod (cvm_tap_value_get_text (value), NULL);

  return seconds > 0 && seconds < 1e11 ? (gint64)(seconds * 1e6) : 0;
}

/* The names a list holds; a scalar of any type is a name, since "1" is read as a number. NULL for
 * one that leads out of the archive. */
static char *
name_of (const CvmTapValue *value)
{
  const char *text = cvm_tap_value_get_type (value) < CVM_TAP_VALUE_LIST
                       ? cvm_tap_value_get_text (value) : NULL;

  return text != NULL ? cvm_tap_archive_clean_name (text) : NULL;
}

static const CvmTapValue *
list_of (const CvmTapValue *map,
         const char        *key)
{
  const CvmTapValue *list = cvm_tap_value_get_member (map, key);

  return list != NULL && cvm_tap_value_get_type (list) == CVM_TAP_VALUE_LIST ? list : NULL;
}

static GHashTable *
by_name (GPtrArray *members)
{
  GHashTable *table = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < members->len; i++)
    {
      CvmTapMember *member = members->pdata[i];

      g_hash_table_insert (table, member->name, member);
    }

  return table;
}

static gboolean
refuse (GError     **error,
        int          code,
        const char  *what)
{
  g_set_error (error, G_IO_ERROR, code, "its " CVM_TAP_ARCHIVE_META " %s", what);

  return FALSE;
}

/* Puts what LIST names into MEMBERS, in its order; what it does not name is no test */
static gboolean
apply_order (const CvmTapValue  *list,
             GPtrArray          *members,
             GError            **error)
{
  g_autoptr(GHashTable) there = by_name (members);
  g_autoptr(GHashTable) listed = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr(GPtrArray) order = g_ptr_array_new_with_free_func ((GDestroyNotify)cvm_tap_member_free);
  guint n = cvm_tap_value_get_size (list);

  if (n > CVM_TAP_ARCHIVE_MEMBERS_MAX)
    return refuse (error, G_IO_ERROR_MESSAGE_TOO_LARGE, "lists too many files");

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *name = name_of (cvm_tap_value_get_item (list, i));
      const CvmTapMember *found = name != NULL ? g_hash_table_lookup (there, name) : NULL;
      CvmTapMember *member;

      if (name == NULL)
        return refuse (error, G_IO_ERROR_INVALID_DATA, "lists a file outside the archive's folder");

      if (g_hash_table_contains (listed, name))
        continue;   /* prove runs a program as often as it is named, and keeps the last output */

      member = cvm_tap_member_new (name);
      member->is_missing = found == NULL;
      member->size = found != NULL ? found->size : 0;
      g_hash_table_add (listed, member->name);
      g_ptr_array_add (order, member);
    }

  g_ptr_array_set_size (members, 0);
  g_ptr_array_extend_and_steal (members, g_steal_pointer (&order));

  return TRUE;
}

static void
remove_extra (const CvmTapValue *list,
              GPtrArray         *members)
{
  g_autoptr(GHashTable) there = by_name (members);

  for (guint i = 0; list != NULL && i < cvm_tap_value_get_size (list); i++)
    {
      g_autofree char *name = name_of (cvm_tap_value_get_item (list, i));
      CvmTapMember *member = name != NULL ? g_hash_table_lookup (there, name) : NULL;

      if (member != NULL)
        {
          g_hash_table_remove (there, name);
          g_ptr_array_remove (members, member);
        }
    }
}

static void
apply_attributes (const CvmTapValue *list,
                  GPtrArray         *members)
{
  g_autoptr(GHashTable) there = by_name (members);

  for (guint i = 0; list != NULL && i < cvm_tap_value_get_size (list); i++)
    {
      const CvmTapValue *map = cvm_tap_value_get_item (list, i);
      const CvmTapValue *description = cvm_tap_value_get_member (map, "description");
      g_autofree char *name = description != NULL ? name_of (description) : NULL;
      CvmTapMember *member = name != NULL ? g_hash_table_lookup (there, name) : NULL;

      if (member != NULL)
        {
          member->start_us = read_time (map, "start_time");
          member->end_us = read_time (map, "end_time");
        }
    }
}

gboolean
cvm_tap_archive_read_meta (const char  *text,
                           gsize        len,
                           GPtrArray   *members,
                           gint64      *start_us,
                           gint64      *stop_us,
                           GError     **error)
{
  g_autoptr(GError) local = NULL;
  g_autoptr(CvmTapYaml) yaml = cvm_tap_yaml_parse (text, len, &local);
  const CvmTapValue *root = yaml != NULL ? cvm_tap_yaml_get_root (yaml) : NULL;
  const CvmTapValue *order;

  if (yaml == NULL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                   "its " CVM_TAP_ARCHIVE_META " cannot be read: %s", local->message);
      return FALSE;
    }

  if (root == NULL || cvm_tap_value_get_type (root) != CVM_TAP_VALUE_MAP)
    return refuse (error, G_IO_ERROR_INVALID_DATA, "is not a map with file_order");

  order = list_of (root, "file_order");
  if (order != NULL && cvm_tap_value_get_size (order) > 0)
    {
      if (!apply_order (order, members, error))
        return FALSE;
    }
  else
    {
      remove_extra (list_of (root, "extra_files"), members);
    }

  apply_attributes (list_of (root, "file_attributes"), members);
  *start_us = read_time (root, "start_time");
  *stop_us = read_time (root, "stop_time");

  return TRUE;
}
