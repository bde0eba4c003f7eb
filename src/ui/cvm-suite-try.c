/* cvm-suite-try.c: where one check is tried: an image and a host, chosen once
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-suite-try.h"

#include <glib/gi18n.h>

#include "cvm-choices.h"
#include "cvm-image.h"

struct _CvmSuiteTry
{
  GtkPopover        parent_instance;

  GtkLabel         *about;
  GtkComboBoxText  *image;
  GtkComboBoxText  *host;
  GtkWidget        *button;

  const CvmBackend *backend;
  CvmChoices       *choices;        /* owned; NULL until they are read */
  GCancellable     *cancellable;
};

/* What a thread is given */
typedef struct
{
  char           *text, *path, *id, *image, *host;
  CvmCheckLookup  lookup;
} Order;

enum { CHOSEN, N_SIGNALS };

static guint signals[N_SIGNALS];

static char *last_image;        /* chosen once, for all suites that are edited */
static char *last_host;

G_DEFINE_FINAL_TYPE (CvmSuiteTry, cvm_suite_try, GTK_TYPE_POPOVER)

static void
remember (char       **last,
          const char  *text)
{
  g_free (*last);
  *last = g_strdup (text);
}

static void
on_changed (CvmSuiteTry *self)
{
  int image = gtk_combo_box_get_active (GTK_COMBO_BOX (self->image));

  gtk_widget_set_sensitive (self->button, self->choices != NULL && image >= 0
                            && ((CvmOption *)self->choices->images->pdata[image])->is_usable
                            && gtk_combo_box_get_active (GTK_COMBO_BOX (self->host)) >= 0);
}

static void
choose (GtkComboBoxText *box,
        const char      *last)
{
  if (last == NULL || !gtk_combo_box_set_active_id (GTK_COMBO_BOX (box), last))
    gtk_combo_box_set_active (GTK_COMBO_BOX (box), 0);
}

static void
fill (CvmSuiteTry *self)
{
  for (guint i = 0; i < self->choices->images->len; i++)
    {
      const CvmOption *option = self->choices->images->pdata[i];

      gtk_combo_box_text_append (self->image, option->path, option->title);
    }
  for (guint i = 0; i < self->choices->hosts->len; i++)
    {
      const CvmHostOption *option = self->choices->hosts->pdata[i];

      gtk_combo_box_text_append (self->host, option->uri, option->title);
    }

  choose (self->image, last_image);
  choose (self->host, last_host);
}

static void
on_loaded (GObject      *source,
           GAsyncResult *result,
           gpointer      data)
{
  g_autoptr(CvmSuiteTry) self = data;
  g_autoptr(CvmChoices) choices = cvm_choices_load_finish (result, NULL);

  if (choices == NULL || self->cancellable == NULL)
    return;

  self->choices = g_steal_pointer (&choices);
  fill (self);
  on_changed (self);
  gtk_widget_grab_focus (self->button);
}

static void
on_button_clicked (CvmSuiteTry *self)
{
  remember (&last_image, gtk_combo_box_get_active_id (GTK_COMBO_BOX (self->image)));
  remember (&last_host, gtk_combo_box_get_active_id (GTK_COMBO_BOX (self->host)));
  gtk_popover_popdown (GTK_POPOVER (self));
  g_signal_emit (self, signals[CHOSEN], 0);
}

static void
cvm_suite_try_dispose (GObject *object)
{
  CvmSuiteTry *self = CVM_SUITE_TRY (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);

  G_OBJECT_CLASS (cvm_suite_try_parent_class)->dispose (object);

  g_clear_pointer (&self->choices, cvm_choices_free);
}

static void
cvm_suite_try_class_init (CvmSuiteTryClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cvm_suite_try_dispose;

  signals[CHOSEN] = g_signal_new ("chosen", CVM_TYPE_SUITE_TRY, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/cvmtester/CvmTester/ui/cvm-suite-try.ui");
  gtk_widget_class_bind_template_child (widget_class, CvmSuiteTry, about);
  gtk_widget_class_bind_template_child (widget_class, CvmSuiteTry, image);
  gtk_widget_class_bind_template_child (widget_class, CvmSuiteTry, host);
  gtk_widget_class_bind_template_child (widget_class, CvmSuiteTry, button);
  gtk_widget_class_bind_template_callback (widget_class, on_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_button_clicked);
}

static void
cvm_suite_try_init (CvmSuiteTry *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->cancellable = g_cancellable_new ();
}

GtkWidget *
cvm_suite_try_new (const CvmBackend *backend)
{
  CvmSuiteTry *self = g_object_new (CVM_TYPE_SUITE_TRY, NULL);

  self->backend = backend;

  return GTK_WIDGET (self);
}

void
cvm_suite_try_open (CvmSuiteTry *self,
                    const char  *id)
{
  g_autofree char *about = g_strdup_printf (_("Boots a guest and runs “%s” on it, after all "
                                              "preconditions. The guest is kept for the next try, "
                                              "until you leave the suite."), id);

  gtk_label_set_text (self->about, about);
  if (self->choices == NULL)
    cvm_choices_load_async (self->backend, self->cancellable, on_loaded,
                            g_object_ref (self));
  gtk_popover_popup (GTK_POPOVER (self));
  gtk_widget_grab_focus (self->button);
}

/* The plan --------------------------------------------------------------------------------- */

static void
order_free (Order *order)
{
  g_free (order->text);
  g_free (order->path);
  g_free (order->id);
  g_free (order->image);
  g_free (order->host);
  g_free (order);
}

static CvmPlan *
make_plan (const Order  *order,
           GError      **error)
{
  const char *const only[] = { order->id, NULL };
  g_autoptr(CvmSuite) raw = cvm_suite_new_from_data (order->text, strlen (order->text), order->path,
                                                     order->lookup, error);
  g_autoptr(CvmSuite) suite = raw != NULL ? cvm_suite_resolve (raw, NULL, NULL, only, error) : NULL;
  g_autoptr(CvmImage) image = NULL;
  CvmPlan *plan;

  if (suite == NULL || !cvm_suite_check_exec (suite, FALSE, error))
    return NULL;

  image = cvm_image_find (order->image, error);
  if (image == NULL)
    return NULL;

  plan = cvm_plan_new ();
  cvm_plan_add_job (plan, image, order->host, "auto", suite);

  return plan;
}

static void
plan_in_thread (GTask        *task,
                gpointer      source,
                gpointer      data,
                GCancellable *cancellable)
{
  GError *error = NULL;
  CvmPlan *plan = make_plan (data, &error);

  if (plan != NULL)
    g_task_return_pointer (task, plan, g_object_unref);
  else
    g_task_return_error (task, error);
}

gboolean
cvm_suite_try_is_chosen (void)
{
  return last_image != NULL && last_host != NULL;
}

void
cvm_suite_try_plan_async (CvmSuiteEdit        *edit,
                          const char          *id,
                          CvmCheckLookup       lookup,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Order *order = g_new0 (Order, 1);

  *order = (Order) {
    .text = g_strdup (cvm_suite_edit_get_text (edit)),
    .path = g_strdup (cvm_suite_edit_get_path (edit)),
    .id = g_strdup (id),
    .image = g_strdup (last_image),
    .host = g_strdup (last_host),
    .lookup = lookup,
  };
  g_task_set_source_tag (task, cvm_suite_try_plan_async);
  g_task_set_task_data (task, order, (GDestroyNotify)order_free);
  g_task_run_in_thread (task, plan_in_thread);
}

CvmPlan *
cvm_suite_try_plan_finish (GAsyncResult  *result,
                           GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
