/* cvm-host-form.c: the page that adds a host, or changes one
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-host-form.h"

#include <glib/gi18n.h>
#include <handy.h>

#include "cvm-format.h"
#include "cvm-host-kind.h"
#include "cvm-host-look.h"
#include "cvm-hosts.h"
#include "cvm-page.h"
#include "cvm-stage.h"

struct _CvmHostForm
{
  GtkBox            parent_instance;

  HdyHeaderBar     *header;
  GtkComboBoxText  *kind;
  GtkWidget        *kind_label, *machine_label, *user_label, *port_label;
  GtkEntry         *machine, *user, *uri, *title;
  GtkSpinButton    *port;
  GtkLabel         *hint, *outcome;
  GtkWidget        *spinner, *try, *save;

  const CvmBackend *backend;
  char             *id;            /* NULL: a new one */
  gboolean          is_filling;    /* the URI, from the fields above it */
  GCancellable     *trying;        /* of the try that is waited for, or NULL */
};

enum { SAVED, N_SIGNALS };

static guint signals[N_SIGNALS];

static void page_init (CvmPageInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (CvmHostForm, cvm_host_form, GTK_TYPE_BOX,
                               G_IMPLEMENT_INTERFACE (CVM_TYPE_PAGE, page_init))

static const char *
get_help (CvmPage *page)
{
  return "hosts";
}

static void
page_init (CvmPageInterface *iface)
{
  iface->get_help = get_help;
}

static void
show_outcome (CvmHostForm *self,
              const char  *text,
              const char  *colour)
{
  GtkStyleContext *style = gtk_widget_get_style_context (GTK_WIDGET (self->outcome));

  gtk_style_context_remove_class (style, "cvm-good");
  gtk_style_context_remove_class (style, "cvm-bad");
  if (colour != NULL)
    gtk_style_context_add_class (style, colour);
  gtk_label_set_text (self->outcome, text);
}

static void
set_busy (CvmHostForm *self,
          gboolean     is_busy)
{
  gtk_widget_set_visible (self->spinner, is_busy);
  g_object_set (self->spinner, "active", is_busy, NULL);
}

/* What answers from now on was asked for what the entry has no more */
static void
stop_trying (CvmHostForm *self)
{
  g_cancellable_cancel (self->trying);
  g_clear_object (&self->trying);
  set_busy (self, FALSE);
}

/* The URI ---------------------------------------------------------------------------------- */

static const CvmHostKind *
get_kind (CvmHostForm *self)
{
  int active = gtk_combo_box_get_active (GTK_COMBO_BOX (self->kind));

  return &cvm_host_kinds ()[MAX (active, 0)];
}

static void
fill_uri (CvmHostForm *self)
{
  g_autofree char *uri = cvm_host_kind_uri (get_kind (self), gtk_entry_get_text (self->machine),
                                            gtk_entry_get_text (self->user),
                                            (guint)gtk_spin_button_get_value_as_int (self->port));

  if (get_kind (self)->scheme == NULL)
    return;

  self->is_filling = TRUE;
  gtk_entry_set_text (self->uri, uri != NULL ? uri : "");
  self->is_filling = FALSE;
}

static void
on_kind_changed (CvmHostForm *self)
{
  const CvmHostKind *kind = get_kind (self);
  GtkWidget *of_machine[] = { self->machine_label, GTK_WIDGET (self->machine), self->user_label,
                              GTK_WIDGET (self->user), self->port_label, GTK_WIDGET (self->port) };

  for (gsize i = 0; i < G_N_ELEMENTS (of_machine); i++)
    gtk_widget_set_visible (of_machine[i], kind->has_machine);
  gtk_label_set_text (self->hint, _(kind->hint));
  if (kind->has_machine)
    gtk_spin_button_set_value (self->port, kind->port);
  fill_uri (self);
}

/* Typed by hand, it is what counts */
static void
on_uri_changed (CvmHostForm *self)
{
  const char *uri = gtk_entry_get_text (self->uri);
  g_autoptr(GError) error = NULL;
  gboolean is_good = *uri != '\0' && cvm_hosts_check_uri (uri, &error);

  stop_trying (self);
  if (!self->is_filling && get_kind (self)->scheme != NULL)
    gtk_combo_box_set_active_id (GTK_COMBO_BOX (self->kind), "other");
  gtk_widget_set_sensitive (self->try, is_good);
  gtk_widget_set_sensitive (self->save, is_good);
  show_outcome (self, error != NULL && !self->is_filling ? error->message : "", NULL);
}

/* Trying it -------------------------------------------------------------------------------- */

static void
on_tried (GObject      *source,
          GAsyncResult *result,
          gpointer      data)
{
  g_autoptr(CvmHostForm) self = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(CvmHostLook) look = cvm_host_look_finish (result, &error);
  g_autofree char *text = NULL;

  /* Not by the error: who does not answer when asked for a password cancels too */
  if (g_cancellable_is_cancelled (g_task_get_cancellable (G_TASK (result))))
    return;

  g_clear_object (&self->trying);
  set_busy (self, FALSE);
  cvm_stage_enable_again (self->try);
  if (look != NULL)
    text = g_strdup_printf (_("It answers: %s"), look->driver);
  else
    text = cvm_format_text (error->message);
  show_outcome (self, text, look != NULL ? "cvm-good" : "cvm-bad");
}

static void
try_it (CvmHostForm *self)
{
  stop_trying (self);
  self->trying = g_cancellable_new ();
  set_busy (self, TRUE);
  gtk_widget_set_sensitive (self->try, FALSE);
  show_outcome (self, _("Looking…"), NULL);
  cvm_host_look_async (self->backend->ports, gtk_entry_get_text (self->uri), TRUE, self->trying,
                       on_tried, g_object_ref (self));
}

/* Saving ----------------------------------------------------------------------------------- */

typedef struct
{
  char              *id, *uri, *title;
  const char *const *found;
} Saving;

static void
saving_free (Saving *self)
{
  g_free (self->id);
  g_free (self->uri);
  g_free (self->title);
  g_free (self);
}

static void
save_in_thread (GTask        *task,
                gpointer      source,
                gpointer      data,
                GCancellable *cancellable)
{
  const Saving *saving = data;
  GError *error = NULL;
  char *id;

  if (saving->id == NULL)
    id = cvm_hosts_add (saving->uri, saving->title, saving->found, &error);
  else
    id = cvm_hosts_change (saving->id, saving->uri, saving->title, saving->found, &error)
           ? g_strdup (saving->id)
           : NULL;

  if (id != NULL)
    g_task_return_pointer (task, id, g_free);
  else
    g_task_return_error (task, error);
}

static void
on_saved (GObject      *source,
          GAsyncResult *result,
          gpointer      data)
{
  g_autoptr(CvmHostForm) self = data;
  g_autoptr(GError) error = NULL;
  g_autofree char *id = g_task_propagate_pointer (G_TASK (result), &error);

  if (gtk_widget_get_toplevel (GTK_WIDGET (self)) == GTK_WIDGET (self))
    return;   /* it was left */

  if (id == NULL)
    {
      cvm_stage_enable_again (self->save);
      show_outcome (self, error->message, "cvm-bad");
      return;
    }

  g_signal_emit (self, signals[SAVED], 0, id);
  cvm_stage_pop (GTK_WIDGET (self));
}

static void
save (CvmHostForm *self)
{
  g_autoptr(GTask) task = NULL;
  Saving *saving;

  if (!gtk_widget_get_sensitive (self->save))
    return;

  saving = g_new0 (Saving, 1);
  saving->id = g_strdup (self->id);
  saving->uri = g_strdup (gtk_entry_get_text (self->uri));
  saving->title = g_strdup (gtk_entry_get_text (self->title));
  saving->found = self->backend->hosts;
  gtk_widget_set_sensitive (self->save, FALSE);
  task = g_task_new (NULL, NULL, on_saved, g_object_ref (self));
  g_task_set_task_data (task, saving, (GDestroyNotify)saving_free);
  g_task_run_in_thread (task, save_in_thread);
}

/* Type ------------------------------------------------------------------------------------- */

static void
cvm_host_form_dispose (GObject *object)
{
  CvmHostForm *self = CVM_HOST_FORM (object);

  g_cancellable_cancel (self->trying);
  g_clear_object (&self->trying);

  G_OBJECT_CLASS (cvm_host_form_parent_class)->dispose (object);
}

static void
cvm_host_form_finalize (GObject *object)
{
  g_free (CVM_HOST_FORM (object)->id);

  G_OBJECT_CLASS (cvm_host_form_parent_class)->finalize (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, CvmHostForm, header);
  gtk_widget_class_bind_template_child (widget_class, CvmHostForm, kind);
  gtk_widget_class_bind_template_child (widget_class, CvmHostForm, kind_label);
  gtk_widget_class_bind_template_child (widget_class, CvmHostForm, machine);
  gtk_widget_class_bind_template_child (widget_class, CvmHostForm, machine_label);
  gtk_widget_class_bind_template_child (widget_class, CvmHostForm, user);
  gtk_widget_class_bind_template_child (widget_class, CvmHostForm, user_label);
  gtk_widget_class_bind_template_child (widget_class, CvmHostForm, port);
  gtk_widget_class_bind_template_child (widget_class, CvmHostForm, port_label);
  gtk_widget_class_bind_template_child (widget_class, CvmHostForm, uri);
  gtk_widget_class_bind_template_child (widget_class, CvmHostForm, title);
  gtk_widget_class_bind_template_child (widget_class, CvmHostForm, hint);
  gtk_widget_class_bind_template_child (widget_class, CvmHostForm, outcome);
  gtk_widget_class_bind_template_child (widget_class, CvmHostForm, spinner);
  gtk_widget_class_bind_template_child (widget_class, CvmHostForm, try);
  gtk_widget_class_bind_template_child (widget_class, CvmHostForm, save);
}

static void
cvm_host_form_class_init (CvmHostFormClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cvm_host_form_dispose;
  G_OBJECT_CLASS (klass)->finalize = cvm_host_form_finalize;
  signals[SAVED] = g_signal_new ("saved", CVM_TYPE_HOST_FORM, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 1, G_TYPE_STRING);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/cvmtester/CvmTester/ui/cvm-host-form.ui");
  bind_children (widget_class);
  gtk_widget_class_bind_template_callback (widget_class, on_kind_changed);
  gtk_widget_class_bind_template_callback (widget_class, fill_uri);
  gtk_widget_class_bind_template_callback (widget_class, on_uri_changed);
  gtk_widget_class_bind_template_callback (widget_class, try_it);
  gtk_widget_class_bind_template_callback (widget_class, save);
}

static void
cvm_host_form_init (CvmHostForm *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  for (const CvmHostKind *kind = cvm_host_kinds (); kind->id != NULL; kind++)
    gtk_combo_box_text_append (self->kind, kind->id, _(kind->title));
}

GtkWidget *
cvm_host_form_new (const CvmBackend *backend,
                   const char       *id,
                   const char       *uri,
                   const char       *title,
                   gboolean          is_found)
{
  CvmHostForm *self = g_object_new (CVM_TYPE_HOST_FORM, NULL);

  self->backend = backend;
  self->id = g_strdup (id);
  gtk_combo_box_set_active_id (GTK_COMBO_BOX (self->kind), id == NULL ? "ssh" : "other");
  gtk_widget_set_visible (GTK_WIDGET (self->kind), id == NULL);
  gtk_widget_set_visible (self->kind_label, id == NULL);
  if (id != NULL)
    {
      hdy_header_bar_set_title (self->header, _("Edit Host"));
      gtk_entry_set_text (self->uri, uri);
      gtk_entry_set_text (self->title, title != NULL ? title : "");
      gtk_widget_set_sensitive (GTK_WIDGET (self->uri), !is_found);
    }

  return GTK_WIDGET (self);
}
