/* cvm-image-form.c: the settings of an image, each checked while it is typed
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-image-form.h"

#include <glib/gi18n.h>

#include "cvm-image-edit.h"
#include "cvm-param-row.h"

/* Their names are those of the file's keys */
static const CvmParam params[] = {
  { "Description", CVM_PARAM_STRING, "", N_("What it is, in a line") },
  { "Version", CVM_PARAM_STRING, "", N_("Of what is in it, for its reports") },
  { "Arch", CVM_PARAM_STRING, "x86_64", N_("Architecture of its guests, as “x86_64” or “aarch64”"),
    .form = "[^- ][^ ]*", .form_help = "one word", .label = N_("Architecture") },
  { "Memory", CVM_PARAM_INTEGER, "512", N_("MiB that a guest has"), 16, 1024 * 1024 },
  { "Cpus", CVM_PARAM_INTEGER, "1", N_("Processors that a guest has"), 1, 256,
    .label = N_("CPUs") },
  { "User", CVM_PARAM_STRING, "root", N_("Account that checks log in with"),
    .form = "[^- ][^ ]*", .form_help = "one word" },
  { "Ready", CVM_PARAM_PATTERN, "", N_("Pattern of the line on the serial console that says it "
                                       "has booted; it is then waited for") },
  { "Cmdline", CVM_PARAM_STRING, "", N_("Options of its kernel") },
};

#define N_PARAMS G_N_ELEMENTS (params)

struct _CvmImageForm
{
  GtkBox        parent_instance;

  GtkSizeGroup *labels;
  CvmParamRow  *rows[N_PARAMS];     /* NULL: not shown */
  char         *saved[N_PARAMS];    /* as it is in the file; NULL: at its default */
};

enum { CHANGED, N_SIGNALS };

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (CvmImageForm, cvm_image_form, GTK_TYPE_BOX)

static void
on_row_changed (CvmImageForm *self,
                CvmParamRow  *row)
{
  const char *text = cvm_param_row_get_text (row);
  g_autofree char *fault = NULL;

  if (text != NULL && cvm_param_row_is_valid (row))
    fault = cvm_image_check_setting (cvm_param_row_get_param (row)->name, text);
  cvm_param_row_set_message (row, fault);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
cvm_image_form_finalize (GObject *object)
{
  CvmImageForm *self = CVM_IMAGE_FORM (object);

  for (guint i = 0; i < N_PARAMS; i++)
    g_free (self->saved[i]);
  g_object_unref (self->labels);

  G_OBJECT_CLASS (cvm_image_form_parent_class)->finalize (object);
}

static void
cvm_image_form_class_init (CvmImageFormClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = cvm_image_form_finalize;

  signals[CHANGED] = g_signal_new ("changed", CVM_TYPE_IMAGE_FORM, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
}

static void
cvm_image_form_init (CvmImageForm *self)
{
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 12);
  self->labels = gtk_size_group_new (GTK_SIZE_GROUP_HORIZONTAL);
}

/* What the image says, or NULL where that is the default */
static char *
dup_value (CvmImage   *image,
           const char *name)
{
  g_autofree char *memory = g_strdup_printf ("%u", image->memory_mib);
  g_autofree char *cpus = g_strdup_printf ("%u", image->cpus);
  const char *values[N_PARAMS] = { image->description, image->version, image->arch, memory, cpus,
                                   image->user, image->ready, image->cmdline };

  for (guint i = 0; i < N_PARAMS; i++)
    if (g_str_equal (params[i].name, name))
      return g_strcmp0 (values[i], params[i].default_value) != 0 ? g_strdup (values[i]) : NULL;

  return NULL;
}

void
cvm_image_form_add (CvmImageForm *self,
                    CvmParamRow  *row)
{
  cvm_param_row_align (row, self->labels);
  gtk_container_add (GTK_CONTAINER (self), GTK_WIDGET (row));
}

void
cvm_image_form_show (CvmImageForm *self,
                     CvmImage     *image)
{
  for (guint i = 0; i < N_PARAMS; i++)
    {
      GtkWidget *row;

      if (g_str_equal (params[i].name, "Cmdline") && (image == NULL || image->kernel == NULL))
        continue;   /* without a kernel of its own the disk's boot loader has them */

      row = cvm_param_row_new (&params[i]);
      self->rows[i] = CVM_PARAM_ROW (row);
      self->saved[i] = image != NULL ? dup_value (image, params[i].name) : NULL;
      cvm_param_row_set_text (self->rows[i], self->saved[i]);
      g_signal_connect_object (row, "changed", G_CALLBACK (on_row_changed), self,
                               G_CONNECT_SWAPPED);
      cvm_image_form_add (self, self->rows[i]);
    }
}

gboolean
cvm_image_form_is_valid (CvmImageForm *self)
{
  for (guint i = 0; i < N_PARAMS; i++)
    {
      const char *text = self->rows[i] != NULL ? cvm_param_row_get_text (self->rows[i]) : NULL;
      g_autofree char *fault = NULL;

      if (text == NULL)
        continue;
      fault = cvm_image_check_setting (params[i].name, text);
      if (fault != NULL || !cvm_param_row_is_valid (self->rows[i]))
        return FALSE;
    }

  return TRUE;
}

char **
cvm_image_form_dup_settings (CvmImageForm *self)
{
  g_autoptr(GStrvBuilder) settings = g_strv_builder_new ();

  for (guint i = 0; i < N_PARAMS; i++)
    {
      const char *text = self->rows[i] != NULL ? cvm_param_row_get_text (self->rows[i]) : NULL;

      if (self->rows[i] == NULL || g_strcmp0 (text, self->saved[i]) == 0)
        continue;
      g_strv_builder_add (settings, params[i].name);
      g_strv_builder_add (settings, text != NULL ? text : "");
    }

  return g_strv_builder_end (settings);
}

gboolean
cvm_image_form_is_changed (CvmImageForm *self)
{
  g_auto(GStrv) settings = cvm_image_form_dup_settings (self);

  return settings[0] != NULL;
}

void
cvm_image_form_set_saved (CvmImageForm *self)
{
  for (guint i = 0; i < N_PARAMS; i++)
    if (self->rows[i] != NULL)
      {
        g_free (self->saved[i]);
        self->saved[i] = g_strdup (cvm_param_row_get_text (self->rows[i]));
      }
}
