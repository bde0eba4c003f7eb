/* cvm-suite-row.c: a suite as a row of the list
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-suite-row.h"

#include <glib/gi18n.h>

#include "cvm-run-strip.h"

struct _CvmSuiteRow
{
  GtkListBoxRow  parent_instance;

  GtkImage      *icon;
  GtkLabel      *title;
  GtkLabel      *facts;
  GtkLabel      *about;
  CvmRunStrip   *strip;
  GtkWidget     *run_button;
  GtkMenuButton *menu_button;

  char          *path;
  char          *words;      /* casefolded: what a search looks in */
};

G_DEFINE_FINAL_TYPE (CvmSuiteRow, cvm_suite_row, GTK_TYPE_LIST_BOX_ROW)

static void
append (GMenu      *menu,
        const char *label,
        const char *action,
        const char *path)
{
  g_autoptr(GMenuItem) item = g_menu_item_new (label, NULL);

  g_menu_item_set_action_and_target (item, action, "s", path);
  g_menu_append_item (menu, item);
}

static void
build_menu (CvmSuiteRow         *self,
            const CvmSuiteEntry *entry)
{
  g_autoptr(GMenu) menu = g_menu_new ();
  g_autoptr(GMenu) edit = g_menu_new ();
  g_autoptr(GMenu) file = g_menu_new ();
  g_autoptr(GMenu) end = g_menu_new ();

  append (edit, entry->is_own ? _("_Edit") : _("_View"), "suites.edit", entry->path);
  append (edit, entry->is_own ? _("_Duplicate") : _("_Duplicate to Edit"), "suites.duplicate",
          entry->path);
  append (file, _("E_xport…"), "suites.export", entry->path);
  append (file, _("_Open Folder"), "suites.folder", entry->path);
  g_menu_append_section (menu, NULL, G_MENU_MODEL (edit));
  g_menu_append_section (menu, NULL, G_MENU_MODEL (file));
  if (entry->is_own)
    {
      append (end, _("_Remove"), "suites.remove", entry->path);
      g_menu_append_section (menu, NULL, G_MENU_MODEL (end));
    }

  gtk_menu_button_set_menu_model (self->menu_button, G_MENU_MODEL (menu));
}

/* Whose it is, the heading above says. NULL: it cannot be read */
static char *
describe (const CvmSuiteEntry *entry)
{
  g_autofree char *checks = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u check", "%u checks",
                                                          entry->n_checks), entry->n_checks);

  if (entry->version == NULL)
    return NULL;

  /* Translators: version, "12 checks" */
  return g_strdup_printf (_("version %s · %s"), entry->version, checks);
}

static void
name_all (CvmSuiteRow         *self,
          const CvmSuiteEntry *entry)
{
  const char *facts = gtk_label_get_text (self->facts);
  g_autofree char *name = g_strconcat (entry->title, ", ", facts, *facts != '\0' ? ". " : "",
                                       gtk_label_get_text (self->about), NULL);
  g_autofree char *run = g_strdup_printf (_("Run %s"), entry->title);
  g_autofree char *menu = g_strdup_printf (_("Actions for %s"), entry->title);

  atk_object_set_name (gtk_widget_get_accessible (GTK_WIDGET (self)), name);
  atk_object_set_name (gtk_widget_get_accessible (self->run_button), run);
  atk_object_set_name (gtk_widget_get_accessible (GTK_WIDGET (self->menu_button)), menu);
  gtk_widget_set_tooltip_text (self->run_button, run);
}

static void
show_problem (CvmSuiteRow *self)
{
  gtk_image_set_from_icon_name (self->icon, "dialog-warning-symbolic", GTK_ICON_SIZE_BUTTON);
  gtk_style_context_add_class (gtk_widget_get_style_context (GTK_WIDGET (self->icon)), "cvm-odd");
  gtk_label_set_ellipsize (self->about, PANGO_ELLIPSIZE_NONE);
  gtk_label_set_line_wrap (self->about, TRUE);
}

static void
cvm_suite_row_finalize (GObject *object)
{
  CvmSuiteRow *self = CVM_SUITE_ROW (object);

  g_free (self->path);
  g_free (self->words);

  G_OBJECT_CLASS (cvm_suite_row_parent_class)->finalize (object);
}

static void
cvm_suite_row_class_init (CvmSuiteRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = cvm_suite_row_finalize;

  g_type_ensure (CVM_TYPE_RUN_STRIP);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/cvmtester/CvmTester/ui/cvm-suite-row.ui");
  gtk_widget_class_bind_template_child (widget_class, CvmSuiteRow, icon);
  gtk_widget_class_bind_template_child (widget_class, CvmSuiteRow, title);
  gtk_widget_class_bind_template_child (widget_class, CvmSuiteRow, facts);
  gtk_widget_class_bind_template_child (widget_class, CvmSuiteRow, about);
  gtk_widget_class_bind_template_child (widget_class, CvmSuiteRow, strip);
  gtk_widget_class_bind_template_child (widget_class, CvmSuiteRow, run_button);
  gtk_widget_class_bind_template_child (widget_class, CvmSuiteRow, menu_button);
}

static void
cvm_suite_row_init (CvmSuiteRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
cvm_suite_row_new (const CvmSuiteEntry *entry)
{
  CvmSuiteRow *self = g_object_new (CVM_TYPE_SUITE_ROW, NULL);
  g_autofree char *facts = describe (entry);
  const char *about = entry->problem != NULL ? entry->problem : entry->about;
  g_autofree char *words = g_strjoin ("\n", entry->id, entry->title, facts != NULL ? facts : "",
                                      about != NULL ? about : "", NULL);

  self->path = g_strdup (entry->path);
  self->words = g_utf8_casefold (words, -1);
  gtk_label_set_text (self->title, entry->title);
  gtk_label_set_text (self->facts, facts != NULL ? facts : "");
  gtk_widget_set_visible (GTK_WIDGET (self->facts), facts != NULL);
  gtk_label_set_text (self->about, about != NULL ? about : "");
  gtk_widget_set_visible (GTK_WIDGET (self->about), about != NULL && *about != '\0');
  if (entry->problem != NULL)
    show_problem (self);

  cvm_run_strip_set_outcomes (self->strip, entry->outcomes);
  gtk_widget_set_visible (GTK_WIDGET (self->strip), *entry->outcomes != '\0');
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->run_button), "s", entry->path);
  gtk_widget_set_visible (self->run_button, entry->problem == NULL && entry->has_guest);
  build_menu (self, entry);
  name_all (self, entry);

  return GTK_WIDGET (self);
}

const char *
cvm_suite_row_get_path (CvmSuiteRow *self)
{
  return self->path;
}

gboolean
cvm_suite_row_matches (CvmSuiteRow *self,
                       const char  *text)
{
  return strstr (self->words, text) != NULL;
}
