/* cvm-point-details.c: what there is to know of one point
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-point-details.h"

#include <glib/gi18n.h>

#include "cvm-detail-table.h"
#include "cvm-evidence-buttons.h"
#include "cvm-fit-scroller.h"
#include "cvm-format.h"
#include "cvm-mask-popover.h"
#include "cvm-verdict-image.h"
#include "cvm-wrap-box.h"

struct _CvmPointDetails
{
  GtkBox         parent_instance;

  GtkImage      *icon;
  GtkLabel      *title;
  GtkLabel      *time;
  GtkLabel      *reason;
  GtkGrid        *table;
  GtkWidget      *table_scroller;
  GtkContainer   *files;
  GtkWidget      *mask_button;
  CvmMaskPopover *mask_popover;

  GString       *text;     /* of the table */
  GPtrArray     *evidence; /* of CvmEvidence, or NULL */
  char          *shown;    /* what is shown: whose, path, state and counts, to draw it only once */
};

enum { OPEN_FILE, TOLD, N_SIGNALS };

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (CvmPointDetails, cvm_point_details, GTK_TYPE_BOX)

static void
show_details (CvmPointDetails *self,
              GPtrArray       *details)
{
  guint n_rows;

  g_string_truncate (self->text, 0);
  n_rows = cvm_detail_table_fill (self->table, details, self->text);
  gtk_widget_set_visible (self->table_scroller, n_rows > 0);
}

/* What the search of the logs has found can be made known */
static void
show_lines (CvmPointDetails    *self,
            const CvmPoint     *point,
            const CvmJobResult *job)
{
  g_autoptr(GPtrArray) lines = g_ptr_array_new ();

  for (guint i = 0; point->details != NULL && i < point->details->len; i++)
    {
      const CvmDetail *detail = point->details->pdata[i];

      if (point->id != NULL && g_str_equal (detail->key, "line"))
        g_ptr_array_add (lines, detail->value);
    }

  gtk_widget_set_visible (self->mask_button, lines->len > 0);
  if (lines->len > 0)
    cvm_mask_popover_set_lines (self->mask_popover, job->image != NULL ? job->image : "", lines);
}

static void
on_masked (CvmPointDetails *self,
           const char      *text)
{
  g_signal_emit (self, signals[TOLD], 0, text);
}

static void
open_file (GtkWidget         *self,
           const CvmEvidence *file)
{
  g_signal_emit (self, signals[OPEN_FILE], 0, file);
}

static void
show_files (CvmPointDetails    *self,
            const CvmPoint     *point,
            const CvmJobResult *job,
            const char         *dir)
{
  g_autoptr(GPtrArray) files = cvm_evidence_list (job, dir, point->id, G_MAXUINT);

  cvm_evidence_buttons_fill (self->files, files, open_file, GTK_WIDGET (self));
  g_clear_pointer (&self->evidence, g_ptr_array_unref);
  self->evidence = g_steal_pointer (&files);
}

static const char *
explain (const CvmPoint *point,
         CvmPointState   state)
{
  if (point->reason != NULL)
    return point->reason;
  if (state == CVM_POINT_STATE_RUNNING && point->waiting != NULL)
    return point->waiting;

  switch (state)
    {
    case CVM_POINT_STATE_PENDING:
      return _("Its turn has not come yet.");
    case CVM_POINT_STATE_RUNNING:
      return _("It runs now.");
    case CVM_POINT_STATE_PASSED:
      return _("It passed.");
    case CVM_POINT_STATE_FAILED:
    case CVM_POINT_STATE_TODO:
      return _("It failed, and gave no reason.");
    case CVM_POINT_STATE_SKIPPED:
      return _("It was skipped, and gave no reason.");
    case CVM_POINT_STATE_CANCELLED:
      return _("The run was stopped while it ran.");
    }

  return "";
}

static void
cvm_point_details_finalize (GObject *object)
{
  CvmPointDetails *self = CVM_POINT_DETAILS (object);

  g_free (self->shown);
  g_clear_pointer (&self->evidence, g_ptr_array_unref);
  g_string_free (self->text, TRUE);

  G_OBJECT_CLASS (cvm_point_details_parent_class)->finalize (object);
}

static void
cvm_point_details_class_init (CvmPointDetailsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = cvm_point_details_finalize;

  signals[OPEN_FILE] = g_signal_new ("open-file", CVM_TYPE_POINT_DETAILS, G_SIGNAL_RUN_LAST, 0,
                                     NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
  signals[TOLD] = g_signal_new ("told", CVM_TYPE_POINT_DETAILS, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 1, G_TYPE_STRING);

  g_type_ensure (CVM_TYPE_FIT_SCROLLER);
  g_type_ensure (CVM_TYPE_MASK_POPOVER);
  g_type_ensure (CVM_TYPE_WRAP_BOX);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/cvmtester/CvmTester/ui/cvm-point-details.ui");
  gtk_widget_class_bind_template_child (widget_class, CvmPointDetails, icon);
  gtk_widget_class_bind_template_child (widget_class, CvmPointDetails, title);
  gtk_widget_class_bind_template_child (widget_class, CvmPointDetails, time);
  gtk_widget_class_bind_template_child (widget_class, CvmPointDetails, reason);
  gtk_widget_class_bind_template_child (widget_class, CvmPointDetails, table);
  gtk_widget_class_bind_template_child (widget_class, CvmPointDetails, table_scroller);
  gtk_widget_class_bind_template_child (widget_class, CvmPointDetails, files);
  gtk_widget_class_bind_template_child (widget_class, CvmPointDetails, mask_button);
  gtk_widget_class_bind_template_child (widget_class, CvmPointDetails, mask_popover);
  gtk_widget_class_bind_template_callback (widget_class, on_masked);
}

static void
cvm_point_details_init (CvmPointDetails *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->text = g_string_new (NULL);
}

void
cvm_point_details_show (CvmPointDetails    *self,
                        const CvmPoint     *point,
                        const CvmJobResult *job,
                        const char         *dir)
{
  CvmPointState state = cvm_point_state_of (point);
  g_autofree char *now = g_strdup_printf ("%s %s %s %d %u %s", dir, job->id, point->path, state,
                                          job->evidence->len,
                                          point->waiting != NULL ? point->waiting : "");
  g_autofree char *title = NULL;
  g_autofree char *time = NULL;
  g_autofree char *reason = NULL;

  if (g_strcmp0 (now, self->shown) == 0)
    return;

  g_free (self->shown);
  self->shown = g_steal_pointer (&now);

  title = cvm_format_line (point->title != NULL ? point->title : point->path);
  time = point->is_ended && point->ms > 0 ? cvm_format_duration (point->ms) : g_strdup ("");
  reason = cvm_format_text (explain (point, state));

  cvm_verdict_image_set (self->icon, state);
  gtk_label_set_text (self->title, title);
  gtk_label_set_text (self->time, time);
  gtk_label_set_text (self->reason, reason);
  show_details (self, point->details);
  show_lines (self, point, job);
  show_files (self, point, job, dir);
}

const CvmEvidence *
cvm_point_details_get_text_file (CvmPointDetails *self)
{
  for (guint i = 0; self->evidence != NULL && i < self->evidence->len; i++)
    {
      const CvmEvidence *file = self->evidence->pdata[i];

      if (file->is_text)
        return file;
    }

  return NULL;
}

char *
cvm_point_details_dup_text (CvmPointDetails *self)
{
  if (self->shown == NULL)
    return NULL;

  return g_strdup_printf ("%s\n%s\n%s", gtk_label_get_text (self->title),
                          gtk_label_get_text (self->reason), self->text->str);
}
