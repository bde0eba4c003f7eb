/* cvm-try-row.c: a check that is tried: its verdict, why, how long, and what it kept
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-try-row.h"

#include <string.h>

#include "cvm-evidence-buttons.h"
#include "cvm-format.h"
#include "cvm-open-file.h"
#include "cvm-point-state.h"
#include "cvm-point-text.h"
#include "cvm-wrap-box.h"

#define MAX_FILES    12
#define MAX_SUBTESTS 5    /* of those that failed */
#define MAX_DETAILS  4

struct _CvmTryRow
{
  GtkListBoxRow  parent_instance;

  GtkImage      *icon;
  GtkLabel      *title;
  GtkLabel      *about;
  GtkLabel      *time;
  GtkLabel      *reason;
  GtkLabel      *details;
  GtkContainer  *files;

  gboolean       is_over;
};

G_DEFINE_FINAL_TYPE (CvmTryRow, cvm_try_row, GTK_TYPE_LIST_BOX_ROW)

static void
cvm_try_row_class_init (CvmTryRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (CVM_TYPE_WRAP_BOX);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/cvmtester/CvmTester/ui/cvm-try-row.ui");
  gtk_widget_class_bind_template_child (widget_class, CvmTryRow, icon);
  gtk_widget_class_bind_template_child (widget_class, CvmTryRow, title);
  gtk_widget_class_bind_template_child (widget_class, CvmTryRow, about);
  gtk_widget_class_bind_template_child (widget_class, CvmTryRow, time);
  gtk_widget_class_bind_template_child (widget_class, CvmTryRow, reason);
  gtk_widget_class_bind_template_child (widget_class, CvmTryRow, details);
  gtk_widget_class_bind_template_child (widget_class, CvmTryRow, files);
}

static void
cvm_try_row_init (CvmTryRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
cvm_try_row_new (void)
{
  return g_object_new (CVM_TYPE_TRY_ROW, NULL);
}

static void
show_state (CvmTryRow     *self,
            CvmPointState  state)
{
  static const char *const classes[] = {
    [CVM_POINT_STATE_RUNNING] = "cvm-busy", [CVM_POINT_STATE_PASSED] = "cvm-good",
    [CVM_POINT_STATE_FAILED] = "cvm-bad", [CVM_POINT_STATE_TODO] = "cvm-odd",
    [CVM_POINT_STATE_CANCELLED] = "cvm-odd",
  };
  GtkStyleContext *style = gtk_widget_get_style_context (GTK_WIDGET (self->icon));

  for (int i = 0; i < (int)G_N_ELEMENTS (classes); i++)
    if (classes[i] != NULL && i != (int)state)
      gtk_style_context_remove_class (style, classes[i]);
  if (state < G_N_ELEMENTS (classes) && classes[state] != NULL)
    gtk_style_context_add_class (style, classes[state]);

  gtk_image_set_from_icon_name (self->icon, cvm_point_state_get_icon (state), GTK_ICON_SIZE_BUTTON);
}

/* Why, and of a program's own tests the first that failed */
static char *
dup_reason (const CvmPoint *point)
{
  GString *text = g_string_new (point->reason);
  guint told = 0;

  for (guint i = 0; point->children != NULL && i < point->children->len && told < MAX_SUBTESTS; i++)
    {
      const CvmPoint *child = point->children->pdata[i];

      if (cvm_point_state_of (child) != CVM_POINT_STATE_FAILED)
        continue;

      g_string_append_printf (text, "%s%u: %s", text->len > 0 ? "\n" : "",
                              cvm_point_get_number (child), child->title);
      told++;
    }

  return g_string_free (text, FALSE);
}

static void
show_reason (CvmTryRow      *self,
             const CvmPoint *point)
{
  g_autofree char *why = point->is_ended ? dup_reason (point) : NULL;
  g_autofree char *text = why != NULL ? cvm_format_text (why)
                          : point->waiting != NULL
                            ? cvm_point_wait (point, g_get_real_time ()) : g_strdup ("");

  gtk_label_set_text (self->reason, text);
  gtk_widget_set_visible (GTK_WIDGET (self->reason), *text != '\0');
}

/* What it saw, a line each: all of it is in its run */
static void
show_details (CvmTryRow      *self,
              const CvmPoint *point)
{
  g_autoptr(GString) text = g_string_new (NULL);
  guint count = point->details != NULL ? MIN (point->details->len, MAX_DETAILS) : 0;

  for (guint i = 0; i < count; i++)
    {
      const CvmDetail *detail = point->details->pdata[i];
      g_autofree char *key = cvm_format_line (detail->key);
      g_autofree char *value = cvm_format_line (detail->value);

      g_string_append_printf (text, "%s%s: %s", i > 0 ? "\n" : "", key, value);
    }

  gtk_label_set_text (self->details, text->str);
  gtk_widget_set_visible (GTK_WIDGET (self->details), count > 0);
}

static void
open_file (GtkWidget         *self,
           const CvmEvidence *file)
{
  cvm_open_file (self, file->path);
}

static void
show_files (CvmTryRow          *self,
            const CvmJobResult *job,
            const CvmPoint     *point,
            const char         *dir)
{
  g_autoptr(GPtrArray) files = cvm_evidence_list (job, dir, point->id, MAX_FILES);

  cvm_evidence_buttons_fill (self->files, files, open_file, GTK_WIDGET (self));
}

/* Each try of a case on a guest has an id of its own, "kernel.3" */
static void
show_title (CvmTryRow      *self,
            const CvmPoint *point,
            CvmPointState   state)
{
  g_autofree char *id = g_strndup (point->id, strcspn (point->id, "."));
  g_autofree char *shown = cvm_format_line (id);
  g_autofree char *about = cvm_format_line (point->title);
  g_autofree char *time = cvm_point_time (point, g_get_real_time ());
  gboolean is_titled = *about != '\0';
  g_autofree char *name = g_strdup_printf ("%s%s%s, %s", about, is_titled ? ", " : "", shown,
                                           cvm_point_state_get_word (state));
  g_autofree char *heard = point->reason != NULL
    ? g_strdup_printf ("%s: %s", name, point->reason) : g_strdup (name);
  g_autofree char *clean = cvm_format_line (heard);

  gtk_label_set_text (self->title, is_titled ? about : shown);
  gtk_label_set_text (self->about, is_titled ? shown : "");
  gtk_label_set_text (self->time, time);
  atk_object_set_name (gtk_widget_get_accessible (GTK_WIDGET (self)), clean);
}

gboolean
cvm_try_row_show (CvmTryRow          *self,
                  const CvmJobResult *job,
                  const CvmPoint     *point,
                  const char         *dir)
{
  CvmPointState state = cvm_point_state_of (point);

  if (self->is_over)
    return TRUE;

  self->is_over = point->is_ended;
  show_state (self, state);
  show_title (self, point, state);
  show_reason (self, point);
  show_details (self, point);
  if (self->is_over)
    show_files (self, job, point, dir);

  return self->is_over;
}
