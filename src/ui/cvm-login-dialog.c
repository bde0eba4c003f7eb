/* cvm-login-dialog.c: a name and a password, typed
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-login-dialog.h"

#include <glib/gi18n.h>

#include "cvm-format.h"

struct _CvmLoginDialog
{
  GtkDialog  parent_instance;

  GtkLabel  *question, *complaint;
  GtkWidget *user_label;
  GtkEntry  *user, *password;
  GtkWidget *remember;
};

G_DEFINE_FINAL_TYPE (CvmLoginDialog, cvm_login_dialog, GTK_TYPE_DIALOG)

static void
sync_ok (CvmLoginDialog *self)
{
  gboolean has_user = !gtk_widget_get_visible (GTK_WIDGET (self->user))
                      || gtk_entry_get_text_length (self->user) > 0;

  gtk_dialog_set_response_sensitive (GTK_DIALOG (self), GTK_RESPONSE_OK,
                                     has_user && gtk_entry_get_text_length (self->password) > 0);
}

static void
cvm_login_dialog_class_init (CvmLoginDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/cvmtester/CvmTester/ui/cvm-login-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, CvmLoginDialog, question);
  gtk_widget_class_bind_template_child (widget_class, CvmLoginDialog, complaint);
  gtk_widget_class_bind_template_child (widget_class, CvmLoginDialog, user_label);
  gtk_widget_class_bind_template_child (widget_class, CvmLoginDialog, user);
  gtk_widget_class_bind_template_child (widget_class, CvmLoginDialog, password);
  gtk_widget_class_bind_template_child (widget_class, CvmLoginDialog, remember);
  gtk_widget_class_bind_template_callback (widget_class, sync_ok);
}

static void
cvm_login_dialog_init (CvmLoginDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_dialog_set_default_response (GTK_DIALOG (self), GTK_RESPONSE_OK);
}

GtkWidget *
cvm_login_dialog_new (GtkWindow      *parent,
                      const CvmLogin *question)
{
  CvmLoginDialog *self = g_object_new (CVM_TYPE_LOGIN_DIALOG, "transient-for", parent,
                                       "use-header-bar", TRUE, NULL);
  g_autofree char *place = cvm_format_line (question->place);
  g_autofree char *text = g_strdup_printf (question->has_user
                                             ? _("%s asks for a password.")
                                             : _("%s asks who you are."), place);

  gtk_label_set_text (self->question, text);
  gtk_widget_set_visible (GTK_WIDGET (self->complaint), question->complaint != NULL);
  gtk_widget_set_visible (self->user_label, !question->has_user);
  gtk_widget_set_visible (GTK_WIDGET (self->user), !question->has_user);
  gtk_widget_set_visible (self->remember, question->can_keep);
  if (question->user != NULL)
    gtk_entry_set_text (self->user, question->user);
  if (question->has_user || question->user != NULL)
    gtk_widget_grab_focus (GTK_WIDGET (self->password));
  sync_ok (self);

  return GTK_WIDGET (self);
}

void
cvm_login_dialog_fill (CvmLoginDialog *self,
                       CvmLogin       *login)
{
  if (!login->has_user)
    {
      g_free (login->user);
      login->user = g_strdup (gtk_entry_get_text (self->user));
    }
  login->password = g_strdup (gtk_entry_get_text (self->password));
  login->is_kept = login->can_keep
                   && gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (self->remember));
}
