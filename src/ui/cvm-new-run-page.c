/* cvm-new-run-page.c: which image, which suite, where; and one button
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-new-run-page.h"

#include <glib/gi18n.h>
#include <handy.h>

#include "cvm-choices.h"
#include "cvm-page.h"

struct _CvmNewRunPage
{
  GtkBox            parent_instance;

  GtkComboBoxText  *image;
  GtkComboBoxText  *suite;
  GtkComboBoxText  *host;
  GtkComboBox      *hypervisor;
  GtkLabel         *image_about;
  GtkLabel         *suite_about;
  GtkWidget        *copy_button;
  GtkWidget        *start_button;
  GtkInfoBar       *banner;
  GtkLabel         *banner_text;

  CvmChoices       *choices;       /* owned; NULL until they are read */
  char             *wanted;
  GCancellable     *cancellable;
};

enum { CHOSEN, N_SIGNALS };

static guint signals[N_SIGNALS];

static gboolean
tell (CvmPage    *page,
      const char *message)
{
  CvmNewRunPage *self = CVM_NEW_RUN_PAGE (page);

  if (message != NULL)
    gtk_label_set_text (self->banner_text, message);
  gtk_info_bar_set_revealed (self->banner, message != NULL);

  return TRUE;
}

static void
page_init (CvmPageInterface *iface)
{
  iface->tell = tell;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (CvmNewRunPage, cvm_new_run_page, GTK_TYPE_BOX,
                               G_IMPLEMENT_INTERFACE (CVM_TYPE_PAGE, page_init))

static const CvmOption *
get_option (GtkComboBoxText *box,
            GPtrArray       *options)
{
  int index = gtk_combo_box_get_active (GTK_COMBO_BOX (box));

  return index >= 0 ? options->pdata[index] : NULL;
}

static CvmChoice
get_choice (CvmNewRunPage *self)
{
  const CvmOption *image = get_option (self->image, self->choices->images);
  const CvmOption *suite = get_option (self->suite, self->choices->suites);

  return (CvmChoice) {
    .suite = suite->path,
    .image = image->path,
    .host_uri = gtk_combo_box_get_active_id (GTK_COMBO_BOX (self->host)),
    .hypervisor = gtk_combo_box_get_active_id (self->hypervisor),
  };
}

static gboolean
show_option (GtkComboBoxText *box,
             GPtrArray       *options,
             GtkLabel        *about,
             const char      *if_none)
{
  const CvmOption *option = get_option (box, options);

  gtk_label_set_text (about, option != NULL ? option->about : options->len == 0 ? if_none : "");
  gtk_widget_set_visible (GTK_WIDGET (about), gtk_label_get_text (about)[0] != '\0');
  gtk_widget_set_sensitive (GTK_WIDGET (box), options->len > 0);

  return option != NULL && option->is_usable;
}

static void
on_changed (CvmNewRunPage *self)
{
  gboolean has_image, has_suite;

  if (self->choices == NULL)
    return;

  has_image = show_option (self->image, self->choices->images, self->image_about,
                           _("There is no image yet. Put a .image file, or a link to one, into the "
                             "images folder."));
  has_suite = show_option (self->suite, self->choices->suites, self->suite_about,
                           _("There is no suite."));
  gtk_widget_set_sensitive (self->start_button, has_image && has_suite);
  gtk_widget_set_sensitive (self->copy_button, has_image && has_suite);
}

/* An image comes with the suite of its own name, where there is one */
static void
on_image_changed (CvmNewRunPage *self)
{
  const CvmOption *image =
    self->choices != NULL ? get_option (self->image, self->choices->images) : NULL;
  int suite = image != NULL ? cvm_choices_find (self->choices->suites, image->id) : -1;

  if (suite >= 0)
    gtk_combo_box_set_active (GTK_COMBO_BOX (self->suite), suite);
  on_changed (self);
}

static void
fill (GtkComboBoxText *box,
      GPtrArray       *options)
{
  for (guint i = 0; i < options->len; i++)
    {
      const CvmOption *option = options->pdata[i];

      gtk_combo_box_text_append (box, option->path, option->title);
    }
}

static void
on_loaded (GObject      *source,
           GAsyncResult *result,
           gpointer      data)
{
  g_autoptr(CvmNewRunPage) self = data;
  g_autoptr(CvmChoices) choices = cvm_choices_load_finish (result, NULL);
  int image, suite;

  if (choices == NULL || self->cancellable == NULL)
    return;

  self->choices = g_steal_pointer (&choices);
  fill (self->image, self->choices->images);
  fill (self->suite, self->choices->suites);

  image = MAX (cvm_choices_find (self->choices->images, self->wanted), 0);
  suite = MAX (cvm_choices_find (self->choices->suites, "boots-and-answers"), 0);
  gtk_combo_box_set_active (GTK_COMBO_BOX (self->suite), suite);
  gtk_combo_box_set_active (GTK_COMBO_BOX (self->image), image);
  on_changed (self);
  gtk_widget_grab_focus (self->start_button);
}

static void
on_start_clicked (CvmNewRunPage *self)
{
  CvmChoice choice = get_choice (self);

  cvm_page_tell (CVM_PAGE (self), NULL);
  g_signal_emit (self, signals[CHOSEN], 0, &choice);
}

static void
on_copy_clicked (CvmNewRunPage *self)
{
  CvmChoice choice = get_choice (self);
  g_autofree char *suite = g_shell_quote (choice.suite);
  g_autofree char *image = g_shell_quote (choice.image);
  g_autofree char *host = g_shell_quote (choice.host_uri);
  g_autofree char *command =
    g_strdup_printf ("cvmtester-cli run --suite %s --image %s --host %s --hypervisor %s", suite,
                     image, host, choice.hypervisor);

  gtk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self), GDK_SELECTION_CLIPBOARD),
                          command, -1);
}

static void
on_banner_response (CvmNewRunPage *self)
{
  gtk_info_bar_set_revealed (self->banner, FALSE);
}

static void
cvm_new_run_page_dispose (GObject *object)
{
  CvmNewRunPage *self = CVM_NEW_RUN_PAGE (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->choices, cvm_choices_free);
  g_clear_pointer (&self->wanted, g_free);

  G_OBJECT_CLASS (cvm_new_run_page_parent_class)->dispose (object);
}

static void
cvm_new_run_page_class_init (CvmNewRunPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cvm_new_run_page_dispose;

  signals[CHOSEN] = g_signal_new ("chosen", CVM_TYPE_NEW_RUN_PAGE, G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/cvmtester/CvmTester/ui/cvm-new-run-page.ui");
  gtk_widget_class_bind_template_child (widget_class, CvmNewRunPage, image);
  gtk_widget_class_bind_template_child (widget_class, CvmNewRunPage, suite);
  gtk_widget_class_bind_template_child (widget_class, CvmNewRunPage, host);
  gtk_widget_class_bind_template_child (widget_class, CvmNewRunPage, hypervisor);
  gtk_widget_class_bind_template_child (widget_class, CvmNewRunPage, image_about);
  gtk_widget_class_bind_template_child (widget_class, CvmNewRunPage, suite_about);
  gtk_widget_class_bind_template_child (widget_class, CvmNewRunPage, copy_button);
  gtk_widget_class_bind_template_child (widget_class, CvmNewRunPage, start_button);
  gtk_widget_class_bind_template_child (widget_class, CvmNewRunPage, banner);
  gtk_widget_class_bind_template_child (widget_class, CvmNewRunPage, banner_text);
  gtk_widget_class_bind_template_callback (widget_class, on_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_image_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_start_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_copy_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_banner_response);
}

static void
cvm_new_run_page_init (CvmNewRunPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->cancellable = g_cancellable_new ();
}

GtkWidget *
cvm_new_run_page_new (const CvmBackend *backend,
                      const char       *wanted)
{
  CvmNewRunPage *self = g_object_new (CVM_TYPE_NEW_RUN_PAGE, NULL);

  self->wanted = g_strdup (wanted);
  for (gsize i = 0; backend->hosts[i] != NULL; i++)
    gtk_combo_box_text_append (self->host, backend->hosts[i], backend->hosts[i]);
  gtk_combo_box_set_active (GTK_COMBO_BOX (self->host), 0);
  cvm_choices_load_async (backend->lookup, self->cancellable, on_loaded, g_object_ref (self));

  return GTK_WIDGET (self);
}
