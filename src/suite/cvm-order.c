/* cvm-order.c: what somebody wants to be run: suites, and where
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-order.h"

#include <string.h>

static void
suite_free (CvmOrderSuite *self)
{
  g_free (self->suite);
  g_free (self->preset);
  g_strfreev (self->sets);
  g_strfreev (self->only);
  g_free (self);
}

static void
cell_free (CvmOrderCell *self)
{
  g_free (self->image);
  g_free (self->host_uri);
  g_free (self->hypervisor);
  g_free (self);
}

CvmOrder *
cvm_order_new (void)
{
  CvmOrder *self = g_new0 (CvmOrder, 1);

  self->suites = g_ptr_array_new_with_free_func ((GDestroyNotify)suite_free);
  self->cells = g_ptr_array_new_with_free_func ((GDestroyNotify)cell_free);

  return self;
}

void
cvm_order_free (CvmOrder *self)
{
  g_ptr_array_unref (self->suites);
  g_ptr_array_unref (self->cells);
  g_strfreev (self->allowed);
  g_free (self->kernel_args);
  g_free (self->server);
  g_free (self->receiver);
  g_free (self);
}

CvmOrderSuite *
cvm_order_add_suite (CvmOrder   *self,
                     const char *suite)
{
  CvmOrderSuite *item = g_new0 (CvmOrderSuite, 1);

  item->suite = g_strdup (suite);
  item->sets = g_new0 (char *, 1);
  item->only = g_new0 (char *, 1);
  g_ptr_array_add (self->suites, item);

  return item;
}

static void
append (char       ***list,
        const char   *text)
{
  guint n = g_strv_length (*list);

  *list = g_renew (char *, *list, n + 2);
  (*list)[n] = g_strdup (text);
  (*list)[n + 1] = NULL;
}

void
cvm_order_suite_set (CvmOrderSuite *self,
                     const char    *set)
{
  append (&self->sets, set);
}

void
cvm_order_suite_only (CvmOrderSuite *self,
                      const char    *only)
{
  append (&self->only, only);
}

void
cvm_order_add_cell (CvmOrder   *self,
                    const char *image,
                    const char *host_uri,
                    const char *hypervisor)
{
  CvmOrderCell *cell = g_new (CvmOrderCell, 1);

  *cell = (CvmOrderCell) { g_strdup (image), g_strdup (host_uri), g_strdup (hypervisor) };
  g_ptr_array_add (self->cells, cell);
}

gboolean
cvm_order_refuse (GError     **error,
                  const char  *format,
                  ...)
{
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error_literal (error, CVM_SUITE_ERROR, CVM_SUITE_ERROR_BAD_VALUE, text);

  return FALSE;
}

const char *
cvm_order_split_scope (const char  *text,
                       char         stop,
                       char       **suite)
{
  const char *colon = strchr (text, ':');
  const char *end = strchr (text, stop);

  *suite = NULL;
  if (colon == NULL || (end != NULL && end < colon))
    return text;

  *suite = g_strndup (text, colon - text);

  return colon + 1;
}

char *
cvm_order_scope_id (const char *suite)
{
  g_autofree char *name = g_path_get_basename (suite);

  if (g_str_has_suffix (name, ".suite"))
    name[strlen (name) - strlen (".suite")] = '\0';

  return g_steal_pointer (&name);
}
