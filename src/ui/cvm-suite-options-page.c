/* cvm-suite-options-page.c: what a suite shall do in one run: its checks and their parameters
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-suite-options-page.h"

#include <glib/gi18n.h>
#include <handy.h>

#include "cvm-case-row.h"
#include "cvm-page.h"

struct _CvmSuiteOptionsPage
{
  GtkBox           parent_instance;

  HdyHeaderBar    *header;
  GtkSearchBar    *search_bar;
  GtkEntry        *search;
  GtkWidget       *preset_box;
  GtkComboBoxText *preset;
  GtkContainer    *cases;

  CvmSuiteChoice  *choice;
  CvmSuite        *with_preset;   /* what the defaults are; owned */
};

enum { CHANGED, N_SIGNALS };

static guint signals[N_SIGNALS];

static void
find (CvmPage *page)
{
  CvmSuiteOptionsPage *self = CVM_SUITE_OPTIONS_PAGE (page);

  gtk_search_bar_set_search_mode (self->search_bar, TRUE);
  gtk_widget_grab_focus (GTK_WIDGET (self->search));
}

static const char *
get_help (CvmPage *page)
{
  return "new-run";
}

static void
page_init (CvmPageInterface *iface)
{
  iface->find = find;
  iface->get_help = get_help;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (CvmSuiteOptionsPage, cvm_suite_options_page, GTK_TYPE_BOX,
                               G_IMPLEMENT_INTERFACE (CVM_TYPE_PAGE, page_init))

/* The values that hold where nothing is set; a suite that leaves one open has them without its
 * preset */
static void
find_defaults (CvmSuiteOptionsPage *self)
{
  CvmSuite *suite = self->choice->option->suite;
  CvmSuite *resolved = cvm_suite_resolve (suite, self->choice->preset, NULL, NULL, NULL);

  g_clear_object (&self->with_preset);
  self->with_preset = resolved != NULL ? resolved : g_object_ref (suite);
}

static void
sync_case (GtkWidget *row,
           gpointer   data)
{
  CvmSuiteOptionsPage *self = data;
  CvmCaseRow *item = CVM_CASE_ROW (row);

  cvm_case_row_sync (item, cvm_suite_find_case (self->with_preset, cvm_case_row_get_id (item)));
}

static void
sync_all (CvmSuiteOptionsPage *self)
{
  g_autoptr(CvmSuite) before = g_steal_pointer (&self->with_preset);

  find_defaults (self);
  gtk_container_foreach (self->cases, sync_case, self);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
on_preset_changed (CvmSuiteOptionsPage *self)
{
  const char *id = gtk_combo_box_get_active_id (GTK_COMBO_BOX (self->preset));

  g_free (self->choice->preset);
  self->choice->preset = id != NULL && *id != '\0' ? g_strdup (id) : NULL;
  sync_all (self);
}

static void
on_reset_all (CvmSuiteOptionsPage *self)
{
  g_hash_table_remove_all (self->choice->sets);
  g_strfreev (self->choice->only);
  self->choice->only = g_new0 (char *, 1);
  if (self->choice->preset != NULL)
    gtk_combo_box_set_active (GTK_COMBO_BOX (self->preset), 0);
  else
    sync_all (self);
}

static void
on_case_changed (CvmSuiteOptionsPage *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}

/* Search ------------------------------------------------------------------------------------- */

static void
show_if_wanted (GtkWidget *row,
                gpointer   wanted)
{
  gtk_widget_set_visible (row, cvm_case_row_has (CVM_CASE_ROW (row), wanted));
}

static void
on_search_changed (CvmSuiteOptionsPage *self)
{
  g_autofree char *wanted = g_utf8_casefold (gtk_entry_get_text (self->search), -1);

  gtk_container_foreach (self->cases, show_if_wanted, wanted);
}

/* -------------------------------------------------------------------------------------------- */

static void
cvm_suite_options_page_finalize (GObject *object)
{
  CvmSuiteOptionsPage *self = CVM_SUITE_OPTIONS_PAGE (object);

  g_clear_object (&self->with_preset);

  G_OBJECT_CLASS (cvm_suite_options_page_parent_class)->finalize (object);
}

static void
cvm_suite_options_page_class_init (CvmSuiteOptionsPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = cvm_suite_options_page_finalize;
  signals[CHANGED] = g_signal_new ("changed", CVM_TYPE_SUITE_OPTIONS_PAGE, G_SIGNAL_RUN_LAST, 0,
                                   NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (
    widget_class, "/org/cvmtester/CvmTester/ui/cvm-suite-options-page.ui");
  gtk_widget_class_bind_template_child (widget_class, CvmSuiteOptionsPage, header);
  gtk_widget_class_bind_template_child (widget_class, CvmSuiteOptionsPage, search_bar);
  gtk_widget_class_bind_template_child (widget_class, CvmSuiteOptionsPage, search);
  gtk_widget_class_bind_template_child (widget_class, CvmSuiteOptionsPage, preset_box);
  gtk_widget_class_bind_template_child (widget_class, CvmSuiteOptionsPage, preset);
  gtk_widget_class_bind_template_child (widget_class, CvmSuiteOptionsPage, cases);
  gtk_widget_class_bind_template_callback (widget_class, on_preset_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_reset_all);
  gtk_widget_class_bind_template_callback (widget_class, on_search_changed);
}

static void
cvm_suite_options_page_init (CvmSuiteOptionsPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_search_bar_connect_entry (self->search_bar, self->search);
}

static void
fill_presets (CvmSuiteOptionsPage *self)
{
  char **presets = cvm_suite_get_presets (self->choice->option->suite);

  g_signal_handlers_block_by_func (self->preset, on_preset_changed, self);
  gtk_combo_box_text_append (self->preset, "", _("As the suite says"));
  for (gsize i = 0; presets[i] != NULL; i++)
    gtk_combo_box_text_append (self->preset, presets[i], presets[i]);
  gtk_combo_box_set_active_id (GTK_COMBO_BOX (self->preset),
                               self->choice->preset != NULL ? self->choice->preset : "");
  g_signal_handlers_unblock_by_func (self->preset, on_preset_changed, self);
  gtk_widget_set_visible (self->preset_box, presets[0] != NULL);
}

GtkWidget *
cvm_suite_options_page_new (CvmSuiteChoice *choice)
{
  CvmSuiteOptionsPage *self = g_object_new (CVM_TYPE_SUITE_OPTIONS_PAGE, NULL);
  CvmSuite *suite = choice->option->suite;

  self->choice = choice;
  hdy_header_bar_set_title (self->header, choice->option->title);
  fill_presets (self);
  find_defaults (self);
  for (guint i = 0; i < cvm_suite_n_cases (suite); i++)
    {
      GtkWidget *row = cvm_case_row_new (choice, cvm_suite_case (suite, i));

      cvm_case_row_sync (CVM_CASE_ROW (row), cvm_suite_case (self->with_preset, i));
      g_signal_connect_object (row, "changed", G_CALLBACK (on_case_changed), self,
                               G_CONNECT_SWAPPED);
      gtk_container_add (self->cases, row);
    }

  return GTK_WIDGET (self);
}
