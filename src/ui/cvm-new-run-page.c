/* cvm-new-run-page.c: images, suites and hosts on one page, one matrix, one button
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-new-run-private.h"

#include <glib/gi18n.h>

#include "cvm-announce.h"
#include "cvm-launch.h"
#include "cvm-presets.h"
#include "cvm-stage.h"

static gboolean
tell (CvmPage    *page,
      const char *message)
{
  CvmNewRunPage *self = CVM_NEW_RUN_PAGE (page);

  if (message != NULL)
    gtk_label_set_text (self->banner_text, message);
  gtk_info_bar_set_revealed (self->banner, message != NULL);
  cvm_announce (GTK_WIDGET (self->banner), message);

  return TRUE;
}

static const char *
get_help (CvmPage *page)
{
  return "new-run";
}

static void
page_init (CvmPageInterface *iface)
{
  iface->tell = tell;
  iface->get_help = get_help;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (CvmNewRunPage, cvm_new_run_page, GTK_TYPE_BOX,
                               G_IMPLEMENT_INTERFACE (CVM_TYPE_PAGE, page_init))

/* The order ---------------------------------------------------------------------------------- */

static CvmOrder *
make_order (CvmNewRunPage *self)
{
  CvmOrder *order = cvm_matrix_to_order (self->matrix);
  const char *server = gtk_combo_box_get_active_id (GTK_COMBO_BOX (self->server));

  order->repeat = gtk_spin_button_get_value_as_int (self->repeat);
  order->parallel = gtk_spin_button_get_value_as_int (self->parallel);
  order->keep_failed = gtk_toggle_button_get_active (self->keep_failed);
  order->server = server != NULL && *server != '\0' ? g_strdup (server) : NULL;

  return order;
}

/* The same with what the user allowed, which is for this program alone and in no file */
static CvmOrder *
make_allowed_order (CvmNewRunPage *self)
{
  CvmOrder *order = make_order (self);

  order->allowed = g_strdupv (cvm_matrix_get_choices (self->matrix)->allowed);

  return order;
}

/* What it comes to --------------------------------------------------------------------------- */

/* Unless the user goes elsewhere meanwhile */
static void
focus_start_once_enabled (CvmNewRunPage *self)
{
  self->landing = cvm_stage_get_focus (GTK_WIDGET (self));
  self->waits_for_start = TRUE;
}

static void
enable_start (CvmNewRunPage *self,
              gboolean       is_enabled)
{
  gboolean had_focus = cvm_stage_get_focus (GTK_WIDGET (self)) == self->start_button;
  GtkWidget *focus;

  gtk_widget_set_sensitive (self->start_button, is_enabled);
  focus = cvm_stage_get_focus (GTK_WIDGET (self));
  if (had_focus && !is_enabled)
    focus_start_once_enabled (self);
  if (!is_enabled || !self->waits_for_start)
    return;

  if (focus == NULL || focus == self->landing)
    gtk_widget_grab_focus (self->start_button);
  self->waits_for_start = FALSE;
}

static void
offer_fewer (CvmNewRunPage *self)
{
  guint parallel = cvm_forecast_find_parallel (self->forecast);
  /* Translators: a button; so many jobs at once need less memory */
  g_autofree char *label = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "Run %u at Once",
                                                         "Run %u at Once", parallel), parallel);

  gtk_button_set_label (self->fewer_button, label);
  gtk_widget_set_visible (GTK_WIDGET (self->fewer_button), parallel > 0);
}

static void
on_fewer_clicked (CvmNewRunPage *self)
{
  gtk_spin_button_set_value (self->parallel, cvm_forecast_find_parallel (self->forecast));
  gtk_widget_grab_focus (GTK_WIDGET (self->parallel));
}

static void
show_forecast (CvmNewRunPage *self)
{
  g_autofree char *problem = cvm_matrix_find_problem (self->matrix);
  g_autofree char *text = problem == NULL ? cvm_forecast_dup_text (self->forecast) : NULL;
  g_autofree char *warning = problem == NULL ? cvm_forecast_dup_warning (self->forecast) : NULL;

  gtk_label_set_text (self->summary, problem != NULL ? problem : text);
  gtk_label_set_text (self->warning, warning != NULL ? warning : "");
  gtk_widget_set_visible (self->warning_line, warning != NULL);
  if (warning != NULL)
    offer_fewer (self);
  enable_start (self, problem == NULL && !self->is_launching);
  gtk_widget_set_sensitive (self->copy_button, problem == NULL);
}

/* The first suite that was chosen and must be allowed to run a program here */
static CvmSuiteChoice *
find_asking (CvmNewRunPage *self)
{
  GPtrArray *suites = cvm_matrix_get_suites (self->matrix);

  for (guint i = 0; i < suites->len; i++)
    {
      CvmSuiteChoice *suite = suites->pdata[i];

      if (suite->is_chosen && suite->option->program != NULL)
        return suite;
    }

  return NULL;
}

static void
ask_for_program (CvmNewRunPage *self)
{
  const CvmSuiteChoice *suite = find_asking (self);
  g_autofree char *text = NULL;

  if (suite != NULL)
    {
      text = g_strdup_printf (_("“%s” runs %s on this computer, not in a guest. Allow it only if "
                                "you trust %s. It is asked again when the file changes."),
                              suite->option->title, suite->option->program, suite->option->path);
      gtk_label_set_text (self->allow_text, text);
    }
  gtk_info_bar_set_revealed (self->allow, suite != NULL);
}

static void
forecast (CvmNewRunPage *self)
{
  guint repeat = gtk_spin_button_get_value_as_int (self->repeat);
  guint parallel = gtk_spin_button_get_value_as_int (self->parallel);

  cvm_forecast_look (self->forecast, self->matrix, repeat, parallel);
  show_forecast (self);
}

static void
on_numbers_changed (CvmNewRunPage *self)
{
  if (self->matrix != NULL && !self->is_filling)
    forecast (self);
}

static void
on_cell_changed (CvmNewRunPage *self)
{
  forecast (self);
}

void
cvm_new_run_page_show_matrix (CvmNewRunPage *self)
{
  g_autoptr(GPtrArray) rows = cvm_matrix_list_rows (self->matrix);

  gtk_widget_set_visible (self->where, rows->len > 0);
  cvm_matrix_view_show (self->matrix_view, self->matrix);
  ask_for_program (self);
  forecast (self);
}

/* Hosts -------------------------------------------------------------------------------------- */

static void
on_host_known (GObject      *source,
               GAsyncResult *result,
               gpointer      data)
{
  g_autoptr(CvmNewRunPage) self = data;

  if (!cvm_scout_ask_finish (result, NULL) || self->cancellable == NULL)
    return;

  cvm_matrix_learn (self->matrix);
  cvm_new_run_page_show_matrix (self);
}

static void
ask_host (CvmNewRunPage *self,
          const char    *uri,
          gboolean       may_ask)
{
  cvm_scout_ask_async (self->backend, uri, may_ask, self->cancellable, on_host_known, g_object_ref (self));
}

static void
ask_hosts (CvmNewRunPage *self)
{
  GPtrArray *hosts = cvm_matrix_get_choices (self->matrix)->hosts;

  for (guint i = 0; i < hosts->len; i++)
    {
      const CvmHostOption *host = hosts->pdata[i];

      const CvmScouted *known = cvm_scout_peek (host->uri);

      if (known == NULL || known->facts == NULL)    /* it may answer now */
        ask_host (self, host->uri, FALSE);
    }
}

void
cvm_new_run_page_mend (CvmNewRunPage *self,
                       const char    *place)
{
  CvmOrder *order = make_order (self);

  if (order->suites->len > 0)
    cvm_presets_save_async (order, NULL, NULL, NULL, NULL);
  else
    cvm_order_free (order);
  cvm_stage_go (GTK_WIDGET (self), place);
}

static void
on_mend (CvmNewRunPage *self,
         int            mend,
         const char    *uri)
{
  if (mend == CVM_MEND_ASK_AGAIN)
    ask_host (self, uri, TRUE);
  else
    cvm_new_run_page_mend (self, mend == CVM_MEND_SETUP ? CVM_PLACE_SETUP : CVM_PLACE_IMAGES);
}

static void
on_get_image (CvmNewRunPage *self)
{
  cvm_stage_go (GTK_WIDGET (self), CVM_PLACE_IMAGES);
}

static void
fill_servers (CvmNewRunPage *self)
{
  char **servers = cvm_matrix_get_choices (self->matrix)->servers;

  gtk_combo_box_text_remove_all (self->server);
  gtk_combo_box_text_append (self->server, "", _("Do not send"));
  for (gsize i = 0; servers[i] != NULL; i++)
    {
      g_autofree char *text = g_strdup_printf (_("Send to “%s”"), servers[i]);

      gtk_combo_box_text_append (self->server, servers[i], text);
    }
  gtk_combo_box_set_active (GTK_COMBO_BOX (self->server), 0);
  gtk_widget_set_visible (self->reports_box, servers[0] != NULL);
}

/* What is chosen of what was read before; NULL if nothing was */
static CvmOrder *
forget_choices (CvmNewRunPage *self)
{
  CvmOrder *order = self->matrix != NULL ? make_order (self) : NULL;

  gtk_container_foreach (self->images, (GtkCallback)gtk_widget_destroy, NULL);
  gtk_container_foreach (self->suites, (GtkCallback)gtk_widget_destroy, NULL);
  cvm_matrix_view_show (self->matrix_view, NULL);
  g_clear_pointer (&self->matrix, cvm_matrix_free);

  return order;
}

static void
on_loaded (GObject      *source,
           GAsyncResult *result,
           gpointer      data)
{
  g_autoptr(CvmNewRunPage) self = data;
  CvmChoices *choices = cvm_choices_load_finish (result, NULL);
  CvmOrder *order;

  if (choices == NULL)
    return;

  if (self->cancellable == NULL)
    {
      cvm_choices_free (choices);
      return;
    }

  order = forget_choices (self);
  self->is_reading = FALSE;
  self->matrix = cvm_matrix_new (choices, self->backend->ports->disk_format);
  cvm_preset_menu_set_names (self->presets, (const char *const *)choices->presets);
  fill_servers (self);
  cvm_new_run_page_add_rows (self);
  gtk_widget_set_visible (self->no_image, choices->images->len == 0);
  gtk_widget_set_visible (self->images_frame, choices->images->len > 0);
  focus_start_once_enabled (self);
  if (order != NULL)
    cvm_new_run_page_take_order (self, order);
  else
    cvm_new_run_page_choose_first (self);
  ask_hosts (self);
}

void
cvm_new_run_page_reload (CvmNewRunPage *self)
{
  self->is_reading = TRUE;
  cvm_choices_load_async (self->backend, self->cancellable, on_loaded, g_object_ref (self));
}

/* Actions ------------------------------------------------------------------------------------ */

static void
on_planned (GObject      *source,
            GAsyncResult *result,
            gpointer      data)
{
  g_autoptr(CvmNewRunPage) self = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(CvmPlan) plan = cvm_launch_plan_finish (result, &error);

  if (self->cancellable == NULL)
    return;

  self->is_launching = FALSE;
  show_forecast (self);
  if (plan == NULL)
    {
      tell (CVM_PAGE (self), error->message);
      return;
    }

  cvm_presets_save_async (make_order (self), NULL, NULL, NULL, NULL);
  cvm_stage_launch (GTK_WIDGET (self), plan);
}

static void
on_start_clicked (CvmNewRunPage *self)
{
  tell (CVM_PAGE (self), NULL);
  self->is_launching = TRUE;
  show_forecast (self);
  cvm_launch_plan_async (make_allowed_order (self), self->backend, self->cancellable, on_planned,
                         g_object_ref (self));
}

/* One that runs programs here only since the user said so once */
static gboolean
has_allowed_suite (CvmNewRunPage *self)
{
  GPtrArray *suites = cvm_matrix_get_suites (self->matrix);

  for (guint i = 0; i < suites->len; i++)
    {
      const CvmSuiteChoice *suite = suites->pdata[i];

      if (suite->is_chosen && suite->option->is_allowed)
        return TRUE;
    }

  return FALSE;
}

static void
on_copy_clicked (CvmNewRunPage *self)
{
  g_autoptr(CvmOrder) order = make_order (self);
  g_autofree char *command = NULL;

  order->allow_exec = has_allowed_suite (self);
  command = cvm_order_to_command (order);
  gtk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self), GDK_SELECTION_CLIPBOARD),
                          command, -1);
  tell (CVM_PAGE (self), _("The command is on the clipboard."));
}

static void
on_other_read (GObject      *source,
               GAsyncResult *result,
               gpointer      data)
{
  g_autoptr(CvmNewRunPage) self = data;
  CvmOption *option = cvm_choices_read_suite_finish (result, NULL);
  gboolean is_new = option != NULL && self->cancellable != NULL
                    && cvm_choices_find (cvm_matrix_get_choices (self->matrix)->suites,
                                         option->path) < 0;

  if (is_new)
    cvm_new_run_page_add_suite (self, option);
  else
    g_clear_pointer (&option, cvm_option_free);
}

static void
on_other_chosen (GtkNativeDialog *chooser,
                 int              response,
                 CvmNewRunPage   *self)
{
  g_autofree char *path = gtk_file_chooser_get_filename (GTK_FILE_CHOOSER (chooser));

  if (response == GTK_RESPONSE_ACCEPT && path != NULL && self->matrix != NULL)
    cvm_choices_read_suite_async (self->backend, path, self->cancellable, on_other_read,
                                  g_object_ref (self));
  g_clear_object (&self->chooser);
}

static void
on_other_suite (CvmNewRunPage *self)
{
  GtkWidget *window = gtk_widget_get_toplevel (GTK_WIDGET (self));
  g_autoptr(GtkFileChooserNative) chooser =
    gtk_file_chooser_native_new (_("Other Suite"), GTK_WINDOW (window),
                                 GTK_FILE_CHOOSER_ACTION_OPEN, NULL, NULL);
  GtkFileFilter *filter = gtk_file_filter_new ();

  gtk_file_filter_set_name (filter, _("Suites"));
  gtk_file_filter_add_pattern (filter, "*.suite");
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (chooser), filter);
  g_signal_connect_object (chooser, "response", G_CALLBACK (on_other_chosen), self, 0);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (chooser), TRUE);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
  self->chooser = g_steal_pointer (&chooser);
}

static void
on_banner_response (CvmNewRunPage *self)
{
  gtk_info_bar_set_revealed (self->banner, FALSE);
}

static void
tell_error (CvmNewRunPage *self,
            GAsyncResult  *result)
{
  g_autoptr(GError) error = NULL;

  if (!cvm_presets_finish (result, &error) && self->cancellable != NULL)
    tell (CVM_PAGE (self), error->message);
}

static void
on_allowed (GObject      *source,
            GAsyncResult *result,
            gpointer      data)
{
  g_autoptr(CvmNewRunPage) self = data;

  tell_error (self, result);
}

static void
on_allow_response (CvmNewRunPage *self)
{
  CvmChoices *choices = cvm_matrix_get_choices (self->matrix);
  const CvmSuiteChoice *suite = find_asking (self);
  int index = suite != NULL ? cvm_choices_find (choices->suites, suite->option->id) : -1;
  CvmOption *option = index >= 0 ? choices->suites->pdata[index] : NULL;
  const char *sha256 = option != NULL ? cvm_suite_get_sha256 (option->suite) : NULL;
  guint n = g_strv_length (choices->allowed);

  if (option == NULL)
    return;

  cvm_presets_allow_async (sha256, option->title, option->program, NULL, on_allowed,
                           g_object_ref (self));
  choices->allowed = g_renew (char *, choices->allowed, n + 2);
  choices->allowed[n] = g_strdup (sha256);
  choices->allowed[n + 1] = NULL;
  g_clear_pointer (&option->program, g_free);
  option->is_allowed = TRUE;
  cvm_new_run_page_show_matrix (self);
}

/* Presets ------------------------------------------------------------------------------------ */

static void
on_preset_loaded (GObject      *source,
                  GAsyncResult *result,
                  gpointer      data)
{
  g_autoptr(CvmNewRunPage) self = data;
  g_autoptr(GError) error = NULL;
  CvmOrder *order = cvm_presets_load_finish (result, &error);

  if (self->cancellable == NULL)
    g_clear_pointer (&order, cvm_order_free);
  else if (order != NULL)
    cvm_new_run_page_take_order (self, order);
  else
    tell (CVM_PAGE (self), error->message);
}

void
cvm_new_run_page_load_preset (CvmNewRunPage *self,
                              const char    *name_or_path)
{
  cvm_presets_load_async (name_or_path, self->cancellable, on_preset_loaded, g_object_ref (self));
}

static void
on_preset_chosen (CvmNewRunPage *self,
                  const char    *name)
{
  tell (CVM_PAGE (self), NULL);
  cvm_new_run_page_load_preset (self, name);
}

static void
on_preset_saved (GObject      *source,
                 GAsyncResult *result,
                 gpointer      data)
{
  g_autoptr(CvmNewRunPage) self = data;

  tell_error (self, result);
}

static void
on_preset_save (CvmNewRunPage *self,
                const char    *name)
{
  cvm_preset_menu_add (self->presets, name);
  cvm_presets_save_async (make_order (self), name, NULL, on_preset_saved, g_object_ref (self));
}

/* -------------------------------------------------------------------------------------------- */

static void
cvm_new_run_page_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (cvm_new_run_page_parent_class)->map (widget);
  cvm_new_run_page_catch_up (CVM_NEW_RUN_PAGE (widget));
}

static void
cvm_new_run_page_dispose (GObject *object)
{
  CvmNewRunPage *self = CVM_NEW_RUN_PAGE (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->chooser);
  if (self->matrix_view != NULL)
    cvm_matrix_view_show (self->matrix_view, NULL);
  self->matrix_view = NULL;
  g_clear_object (&self->forecast);

  G_OBJECT_CLASS (cvm_new_run_page_parent_class)->dispose (object);
}

static void
cvm_new_run_page_finalize (GObject *object)
{
  CvmNewRunPage *self = CVM_NEW_RUN_PAGE (object);

  g_clear_pointer (&self->matrix, cvm_matrix_free);
  g_free (self->wanted);
  g_clear_pointer (&self->wanted_order, cvm_order_free);

  G_OBJECT_CLASS (cvm_new_run_page_parent_class)->finalize (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, CvmNewRunPage, presets);
  gtk_widget_class_bind_template_child (widget_class, CvmNewRunPage, banner);
  gtk_widget_class_bind_template_child (widget_class, CvmNewRunPage, banner_text);
  gtk_widget_class_bind_template_child (widget_class, CvmNewRunPage, allow);
  gtk_widget_class_bind_template_child (widget_class, CvmNewRunPage, allow_text);
  gtk_widget_class_bind_template_child (widget_class, CvmNewRunPage, images);
  gtk_widget_class_bind_template_child (widget_class, CvmNewRunPage, images_frame);
  gtk_widget_class_bind_template_child (widget_class, CvmNewRunPage, no_image);
  gtk_widget_class_bind_template_child (widget_class, CvmNewRunPage, suites);
  gtk_widget_class_bind_template_child (widget_class, CvmNewRunPage, where);
  gtk_widget_class_bind_template_child (widget_class, CvmNewRunPage, matrix_view);
  gtk_widget_class_bind_template_child (widget_class, CvmNewRunPage, repeat);
  gtk_widget_class_bind_template_child (widget_class, CvmNewRunPage, parallel);
  gtk_widget_class_bind_template_child (widget_class, CvmNewRunPage, keep_failed);
  gtk_widget_class_bind_template_child (widget_class, CvmNewRunPage, reports_box);
  gtk_widget_class_bind_template_child (widget_class, CvmNewRunPage, server);
  gtk_widget_class_bind_template_child (widget_class, CvmNewRunPage, summary);
  gtk_widget_class_bind_template_child (widget_class, CvmNewRunPage, warning_line);
  gtk_widget_class_bind_template_child (widget_class, CvmNewRunPage, warning);
  gtk_widget_class_bind_template_child (widget_class, CvmNewRunPage, fewer_button);
  gtk_widget_class_bind_template_child (widget_class, CvmNewRunPage, copy_button);
  gtk_widget_class_bind_template_child (widget_class, CvmNewRunPage, start_button);
}

static void
cvm_new_run_page_class_init (CvmNewRunPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cvm_new_run_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = cvm_new_run_page_finalize;
  widget_class->map = cvm_new_run_page_map;

  g_type_ensure (CVM_TYPE_PRESET_MENU);
  g_type_ensure (CVM_TYPE_MATRIX_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/cvmtester/CvmTester/ui/cvm-new-run-page.ui");
  bind_children (widget_class);
  gtk_widget_class_bind_template_callback (widget_class, on_banner_response);
  gtk_widget_class_bind_template_callback (widget_class, on_allow_response);
  gtk_widget_class_bind_template_callback (widget_class, on_get_image);
  gtk_widget_class_bind_template_callback (widget_class, on_other_suite);
  gtk_widget_class_bind_template_callback (widget_class, on_cell_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_mend);
  gtk_widget_class_bind_template_callback (widget_class, on_numbers_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_fewer_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_start_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_copy_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_preset_chosen);
  gtk_widget_class_bind_template_callback (widget_class, on_preset_save);
}

static void
on_forecast_changed (CvmNewRunPage *self)
{
  if (self->cancellable != NULL && self->matrix != NULL)
    show_forecast (self);
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

  self->backend = backend;
  self->wanted = g_strdup (wanted);
  self->forecast = cvm_forecast_new (backend->history);
  g_signal_connect_object (self->forecast, "changed", G_CALLBACK (on_forecast_changed), self,
                           G_CONNECT_SWAPPED);
  cvm_new_run_page_reload (self);

  return GTK_WIDGET (self);
}

void
cvm_new_run_page_want (CvmNewRunPage *self,
                       const char    *image)
{
  if (self->matrix == NULL)
    {
      g_free (self->wanted);
      self->wanted = g_strdup (image);
    }
  else if (image != NULL)
    {
      cvm_new_run_page_choose_wanted (self, image);
    }
}

void
cvm_new_run_page_want_order (CvmNewRunPage *self,
                             CvmOrder      *order)
{
  g_clear_pointer (&self->wanted_order, cvm_order_free);
  self->wanted_order = order;
  if (self->matrix != NULL)
    cvm_new_run_page_take_wanted_order (self);
}
