/* cvm-run-row.c: a run as a row of the list
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-run-row.h"

#include <glib/gi18n.h>

#include "cvm-format.h"
#include "cvm-run-strip.h"
#include "cvm-submitter.h"

struct _CvmRunRow
{
  GtkListBoxRow  parent_instance;

  GtkImage      *icon;
  GtkLabel      *title;
  GtkLabel      *about;
  CvmRunStrip   *strip;
  GtkWidget     *progress;
  GtkLabel      *outcome;
  GtkWidget     *menu_button;

  CvmRunItem    *item;       /* owned */
  CvmColumn     *outcomes;   /* owned */
};

enum { MENU_ASKED, N_SIGNALS };

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (CvmRunRow, cvm_run_row, GTK_TYPE_LIST_BOX_ROW)

static void
set_state (CvmRunRow     *self,
           CvmPointState  state)
{
  static const char *const classes[] = { "cvm-good", "cvm-bad", "cvm-odd", "cvm-busy" };
  GtkStyleContext *style = gtk_widget_get_style_context (GTK_WIDGET (self->icon));
  int wanted = state == CVM_POINT_STATE_PASSED ? 0 : state == CVM_POINT_STATE_FAILED ? 1
               : state == CVM_POINT_STATE_CANCELLED ? 2 : 3;

  for (int i = 0; i < (int)G_N_ELEMENTS (classes); i++)
    {
      if (i == wanted)
        gtk_style_context_add_class (style, classes[i]);
      else
        gtk_style_context_remove_class (style, classes[i]);
    }

  gtk_image_set_from_icon_name (self->icon, cvm_point_state_get_icon (state), GTK_ICON_SIZE_BUTTON);
}

/* The progress takes the place of the strip while the run lives */
static void
show_progress (CvmRunRow           *self,
               const CvmRunSummary *summary)
{
  cvm_run_strip_set_outcomes (self->strip, summary->strip);
  gtk_widget_set_visible (GTK_WIDGET (self->strip), !summary->is_live);
  gtk_progress_bar_set_fraction (GTK_PROGRESS_BAR (self->progress), summary->fraction);
  gtk_widget_set_visible (self->progress, summary->is_live);
}

/* How it ended, and which report it became */
static char *
describe_outcome (const CvmRunSummary *summary)
{
  const CvmSubmission *submission =
    summary->is_on ? NULL : cvm_submitter_peek (cvm_submitter_get_default (), summary->dir);
  g_autofree char *report = NULL;

  if (submission == NULL || submission->state == CVM_SUBMISSION_NONE)
    return g_strdup (summary->outcome);

  report = cvm_submission_brief (submission);
  return g_strdup_printf ("%s · %s", summary->outcome, report);
}

static void
name_all (CvmRunRow           *self,
          const CvmRunSummary *summary,
          const char          *outcome)
{
  g_autofree char *name = g_strdup_printf ("%s, %s: %s, %s", summary->title, summary->about,
                                           cvm_point_state_get_word (summary->state), outcome);
  g_autofree char *menu = g_strdup_printf (_("Actions for %s"), summary->title);

  atk_object_set_name (gtk_widget_get_accessible (GTK_WIDGET (self)), name);
  atk_object_set_name (gtk_widget_get_accessible (self->menu_button), menu);
}

static void
set_outcome (CvmRunRow  *self,
             const char *outcome)
{
  if (g_str_equal (gtk_label_get_text (self->outcome), outcome))
    return;

  gtk_label_set_text (self->outcome, outcome);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->outcome), outcome);
  cvm_column_fit (self->outcomes, GTK_WIDGET (self->outcome));
}

static void
on_changed (CvmRunRow *self)
{
  const CvmRunSummary *summary = cvm_run_item_get_summary (self->item);
  g_autofree char *outcome = describe_outcome (summary);

  set_state (self, summary->state);
  gtk_label_set_text (self->title, summary->title);
  gtk_label_set_text (self->about, summary->about);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->about), summary->about);
  set_outcome (self, outcome);
  show_progress (self, summary);
  name_all (self, summary, outcome);
}

static void
on_submission_changed (CvmRunRow  *self,
                       const char *dir)
{
  if (dir == NULL || g_str_equal (dir, cvm_run_item_get_summary (self->item)->dir))
    on_changed (self);
}

static void
on_menu_clicked (CvmRunRow *self)
{
  g_signal_emit (self, signals[MENU_ASKED], 0, self->menu_button);
}

static gboolean
cvm_run_row_popup_menu (GtkWidget *widget)
{
  on_menu_clicked (CVM_RUN_ROW (widget));

  return GDK_EVENT_STOP;
}

static void
cvm_run_row_dispose (GObject *object)
{
  g_clear_object (&CVM_RUN_ROW (object)->item);
  g_clear_object (&CVM_RUN_ROW (object)->outcomes);

  G_OBJECT_CLASS (cvm_run_row_parent_class)->dispose (object);
}

static void
cvm_run_row_class_init (CvmRunRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cvm_run_row_dispose;
  widget_class->popup_menu = cvm_run_row_popup_menu;

  signals[MENU_ASKED] = g_signal_new ("menu-asked", CVM_TYPE_RUN_ROW, G_SIGNAL_RUN_LAST, 0, NULL,
                                      NULL, NULL, G_TYPE_NONE, 1, GTK_TYPE_WIDGET);

  g_type_ensure (CVM_TYPE_RUN_STRIP);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/cvmtester/CvmTester/ui/cvm-run-row.ui");
  gtk_widget_class_bind_template_child (widget_class, CvmRunRow, icon);
  gtk_widget_class_bind_template_child (widget_class, CvmRunRow, title);
  gtk_widget_class_bind_template_child (widget_class, CvmRunRow, about);
  gtk_widget_class_bind_template_child (widget_class, CvmRunRow, strip);
  gtk_widget_class_bind_template_child (widget_class, CvmRunRow, progress);
  gtk_widget_class_bind_template_child (widget_class, CvmRunRow, outcome);
  gtk_widget_class_bind_template_child (widget_class, CvmRunRow, menu_button);
  gtk_widget_class_bind_template_callback (widget_class, on_menu_clicked);
}

static void
cvm_run_row_init (CvmRunRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
cvm_run_row_new (CvmRunItem *item,
                 CvmColumn  *outcomes)
{
  CvmRunRow *self = g_object_new (CVM_TYPE_RUN_ROW, NULL);

  self->item = g_object_ref (item);
  self->outcomes = g_object_ref (outcomes);
  cvm_column_add (outcomes, GTK_WIDGET (self->outcome));
  g_signal_connect_object (item, "changed", G_CALLBACK (on_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (cvm_submitter_get_default (), "changed",
                           G_CALLBACK (on_submission_changed), self, G_CONNECT_SWAPPED);
  on_changed (self);

  return GTK_WIDGET (self);
}

CvmRunItem *
cvm_run_row_get_item (CvmRunRow *self)
{
  return self->item;
}

/* Days -------------------------------------------------------------------------------------- */

static char *
dup_day (GtkListBoxRow *row)
{
  const CvmRunSummary *summary = cvm_run_item_get_summary (CVM_RUN_ROW (row)->item);

  return cvm_format_day (summary->begun_us, g_get_real_time ());
}

static void
set_class (GtkListBoxRow *row,
           const char    *name,
           gboolean       has)
{
  GtkStyleContext *style = gtk_widget_get_style_context (GTK_WIDGET (row));

  if (has)
    gtk_style_context_add_class (style, name);
  else
    gtk_style_context_remove_class (style, name);
}

void
cvm_run_row_update_header (GtkListBoxRow *row,
                           GtkListBoxRow *before,
                           gpointer       data)
{
  g_autofree char *day = dup_day (row);
  g_autofree char *day_before = before != NULL ? dup_day (before) : NULL;
  gboolean is_first = g_strcmp0 (day, day_before) != 0;
  GtkWidget *label = NULL;

  set_class (row, "cvm-first", is_first);
  if (is_first)
    {
      label = gtk_label_new (day);
      gtk_label_set_xalign (GTK_LABEL (label), 0);
      gtk_style_context_add_class (gtk_widget_get_style_context (label), "cvm-day");
      gtk_widget_show (label);
    }
  gtk_list_box_row_set_header (row, label);
}
