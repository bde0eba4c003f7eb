/* cvm-order-command.c: the command line that runs the same
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-order.h"

#include <string.h>

#include "cvm-keyfile.h"

typedef const char *(*Field) (const CvmOrderCell *cell);

static void
add (GPtrArray  *argv,
     const char *option,
     const char *value)
{
  g_ptr_array_add (argv, g_strdup (option));
  if (value != NULL)
    g_ptr_array_add (argv, g_strdup (value));
}

static void
add_number (GPtrArray  *argv,
            const char *option,
            guint       number)
{
  g_autofree char *text = g_strdup_printf ("%u", number);

  if (number > 0)
    add (argv, option, text);
}

/* One suite is the only one that can be meant */
static void
add_scoped (const CvmOrder *self,
            GPtrArray      *argv,
            const char     *option,
            const char     *suite,
            const char     *value)
{
  g_autofree char *id = cvm_order_scope_id (suite);
  g_autofree char *scoped = g_strconcat (id, ":", value, NULL);

  add (argv, option, self->suites->len > 1 ? scoped : value);
}

static void
add_suites (const CvmOrder *self,
            GPtrArray      *argv)
{
  for (guint i = 0; i < self->suites->len; i++)
    add (argv, "--suite", ((CvmOrderSuite *)self->suites->pdata[i])->suite);

  for (guint i = 0; i < self->suites->len; i++)
    {
      const CvmOrderSuite *item = self->suites->pdata[i];

      if (item->preset != NULL)
        add_scoped (self, argv, "--preset", item->suite, item->preset);
      for (gsize j = 0; item->sets[j] != NULL; j++)
        add_scoped (self, argv, "--set", item->suite, item->sets[j]);
      for (gsize j = 0; item->only[j] != NULL; j++)
        add_scoped (self, argv, "--only", item->suite, item->only[j]);
    }
}

/* Cells -------------------------------------------------------------------------------------- */

static const char *
image_of (const CvmOrderCell *cell)
{
  return cell->image;
}

static const char *
host_of (const CvmOrderCell *cell)
{
  return cell->host_uri != NULL ? cell->host_uri : CVM_ORDER_HOST;
}

static const char *
hypervisor_of (const CvmOrderCell *cell)
{
  return cell->hypervisor != NULL ? cell->hypervisor : "auto";
}

/* What the cells have there, each once, in order (borrowed); NULL is one too */
static GPtrArray *
collect (const CvmOrder *self,
         Field           field)
{
  GPtrArray *values = g_ptr_array_new ();

  for (guint i = 0; i < self->cells->len; i++)
    {
      const char *value = field (self->cells->pdata[i]);
      gboolean is_new = TRUE;

      for (guint j = 0; j < values->len && is_new; j++)
        is_new = g_strcmp0 (values->pdata[j], value) != 0;
      if (is_new)
        g_ptr_array_add (values, (gpointer)value);
    }

  return values;
}

/* Whether the cells are just what --image and --host would make of them: hosts, then images */
static gboolean
is_product (const CvmOrder *self,
            GPtrArray      *images,
            GPtrArray      *hosts,
            GPtrArray      *hypervisors)
{
  if (hypervisors->len != 1 || self->cells->len != hosts->len * images->len
      || (images->len > 1 && g_ptr_array_find (images, NULL, NULL)))
    return FALSE;

  for (guint i = 0; i < self->cells->len; i++)
    {
      const CvmOrderCell *cell = self->cells->pdata[i];

      if (g_strcmp0 (cell->image, images->pdata[i % images->len]) != 0
          || !g_str_equal (host_of (cell), hosts->pdata[i / images->len]))
        return FALSE;
    }

  return TRUE;
}

static void
add_each_cell (const CvmOrder *self,
               GPtrArray      *argv)
{
  for (guint i = 0; i < self->cells->len; i++)
    {
      const CvmOrderCell *cell = self->cells->pdata[i];
      const char *items[] = { hypervisor_of (cell), host_of (cell), cell->image, NULL };
      g_autofree char *joined = cvm_keyfile_join (items);

      add (argv, "--cell", joined);
    }
}

static void
add_cells (const CvmOrder *self,
           GPtrArray      *argv)
{
  g_autoptr(GPtrArray) images = collect (self, image_of);
  g_autoptr(GPtrArray) hosts = collect (self, host_of);
  g_autoptr(GPtrArray) hypervisors = collect (self, hypervisor_of);

  if (!is_product (self, images, hosts, hypervisors))
    {
      add_each_cell (self, argv);
      return;
    }

  for (guint i = 0; i < images->len; i++)
    if (images->pdata[i] != NULL)
      add (argv, "--image", images->pdata[i]);
  for (guint i = 0; i < hosts->len; i++)
    add (argv, "--host", hosts->pdata[i]);
  add (argv, "--hypervisor", hypervisors->pdata[0]);
}

/* -------------------------------------------------------------------------------------------- */

char **
cvm_order_to_argv (const CvmOrder *self)
{
  GPtrArray *argv = g_ptr_array_new ();

  add (argv, "cvmtester-cli", "run");
  add_suites (self, argv);
  add_cells (self, argv);
  add_number (argv, "--repeat", self->repeat > 1 ? self->repeat : 0);
  add_number (argv, "--parallel", self->parallel);
  if (self->keep_failed)
    add (argv, "--keep-failed", NULL);
  if (self->kernel_args != NULL)
    add (argv, "--kernel-args", self->kernel_args);
  if (self->allow_exec || (self->allowed != NULL && self->allowed[0] != NULL))
    add (argv, "--allow-exec", NULL);
  if (self->server != NULL)
    {
      add (argv, "--submit", NULL);
      add (argv, "--server", self->server);
    }
  g_ptr_array_add (argv, NULL);

  return (char **)g_ptr_array_free (argv, FALSE);
}

static gboolean
is_plain (const char *word)
{
  return *word != '\0'
         && strspn (word, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "-_./:=+,@") == strlen (word);
}

char *
cvm_order_to_command (const CvmOrder *self)
{
  g_auto(GStrv) argv = cvm_order_to_argv (self);

  for (gsize i = 0; argv[i] != NULL; i++)
    {
      char *quoted = is_plain (argv[i]) ? g_strdup (argv[i]) : g_shell_quote (argv[i]);

      g_free (argv[i]);
      argv[i] = quoted;
    }

  return g_strjoinv (" ", argv);
}
