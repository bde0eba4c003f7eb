/* cvm-new-run-page.c: images, suites and hosts on one page, one matrix, one button
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-new-run-page.h"

#include <glib/gi18n.h>
#include <handy.h>

#include "cvm-choice-row.h"
#include "cvm-forecast.h"
#include "cvm-launch.h"
#include "cvm-matrix-view.h"
#include "cvm-preset-menu.h"
#include "cvm-presets.h"
#include "cvm-stage.h"
#include "cvm-suite-options-page.h"

#define USUAL_SUITE "boots-and-answers"   /* holds for every image */

struct _CvmNewRunPage
{
  GtkBox            parent_instance;

  CvmPresetMenu    *presets;
  GtkInfoBar       *banner;
  GtkLabel         *banner_text;
  GtkInfoBar       *allow;
  GtkLabel         *allow_text;
  GtkContainer     *images;
  GtkWidget        *images_frame;
  GtkWidget        *no_image;
  GtkContainer     *suites;
  GtkWidget        *where;
  CvmMatrixView    *matrix_view;
  GtkSpinButton    *repeat;
  GtkSpinButton    *parallel;
  GtkToggleButton  *keep_failed;
  GtkWidget        *reports_box;
  GtkComboBoxText  *server;
  GtkLabel         *summary;
  GtkLabel         *warning;
  GtkWidget        *copy_button;
  GtkWidget        *start_button;

  const CvmBackend *backend;
  CvmMatrix        *matrix;        /* NULL until it is known what there is */
  CvmForecast      *forecast;
  char             *wanted;
  gboolean          is_launching;
  gboolean          is_filling;    /* widgets follow the matrix, and not the other way round */
  GCancellable     *cancellable;
};

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

static void
show_forecast (CvmNewRunPage *self)
{
  g_autofree char *problem = cvm_matrix_find_problem (self->matrix);
  g_autofree char *text = problem == NULL ? cvm_forecast_dup_text (self->forecast) : NULL;
  g_autofree char *warning = problem == NULL ? cvm_forecast_dup_warning (self->forecast) : NULL;

  gtk_label_set_text (self->summary, problem != NULL ? problem : text);
  gtk_label_set_text (self->warning, warning != NULL ? warning : "");
  gtk_widget_set_visible (GTK_WIDGET (self->warning), warning != NULL);
  gtk_widget_set_sensitive (self->start_button, problem == NULL && !self->is_launching);
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

static void
show_matrix (CvmNewRunPage *self)
{
  g_autoptr(GPtrArray) rows = cvm_matrix_list_rows (self->matrix);

  gtk_widget_set_visible (self->where, rows->len > 0);
  cvm_matrix_view_show (self->matrix_view, self->matrix);
  ask_for_program (self);
  forecast (self);
}

/* Rows --------------------------------------------------------------------------------------- */

static char *
describe_changes (const CvmSuiteChoice *suite)
{
  guint n_sets = g_hash_table_size (suite->sets), n_off = 0;
  g_autofree char *sets = NULL;
  g_autofree char *off = NULL;

  for (guint i = 0; i < cvm_suite_n_cases (suite->option->suite); i++)
    n_off += !cvm_suite_choice_is_on (suite, cvm_suite_case (suite->option->suite, i));

  sets = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u setting changed",
                                       "%u settings changed", n_sets), n_sets);
  off = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u check left out", "%u checks left out",
                                      n_off), n_off);
  if (n_sets > 0 && n_off > 0)
    return g_strdup_printf ("%s, %s", sets, off);

  return n_sets > 0   ? g_steal_pointer (&sets)
         : n_off > 0  ? g_steal_pointer (&off)
                      : g_strdup (suite->preset);
}

static CvmSuiteChoice *
find_suite (CvmNewRunPage   *self,
            const CvmOption *option)
{
  GPtrArray *suites = cvm_matrix_get_suites (self->matrix);

  for (guint i = 0; i < suites->len; i++)
    if (((CvmSuiteChoice *)suites->pdata[i])->option == option)
      return suites->pdata[i];

  return NULL;
}

static void
sync_row (GtkWidget *row,
          gpointer   data)
{
  CvmNewRunPage *self = data;
  CvmChoiceRow *choice = CVM_CHOICE_ROW (row);
  const CvmOption *option = cvm_choice_row_get_option (choice);
  const CvmSuiteChoice *suite = find_suite (self, option);
  g_autofree char *note = suite != NULL && option->suite != NULL ? describe_changes (suite) : NULL;

  cvm_choice_row_set_on (choice, suite != NULL ? suite->is_chosen
                                               : cvm_matrix_has_image (self->matrix, option));
  cvm_choice_row_set_note (choice, note);
}

static void
sync_rows (CvmNewRunPage *self)
{
  gtk_container_foreach (self->images, sync_row, self);
  gtk_container_foreach (self->suites, sync_row, self);
}

static gboolean
has_chosen_suite (CvmNewRunPage *self)
{
  GPtrArray *suites = cvm_matrix_get_suites (self->matrix);

  for (guint i = 0; i < suites->len; i++)
    if (((CvmSuiteChoice *)suites->pdata[i])->is_chosen)
      return TRUE;

  return FALSE;
}

/* An image comes with the suite of its own name, where there is one */
static void
choose_suite_of (CvmNewRunPage *self,
                 const char    *id)
{
  CvmChoices *choices = cvm_matrix_get_choices (self->matrix);
  int index = cvm_choices_find (choices->suites, id);
  CvmSuiteChoice *suite = index >= 0 ? cvm_matrix_get_suites (self->matrix)->pdata[index] : NULL;

  if (suite != NULL && suite->option->is_usable)
    cvm_matrix_set_suite (self->matrix, suite, TRUE);
}

static void
on_image_toggled (CvmNewRunPage *self,
                  CvmChoiceRow  *row)
{
  const CvmOption *image = cvm_choice_row_get_option (row);

  cvm_matrix_set_image (self->matrix, image, cvm_choice_row_is_on (row));
  if (cvm_choice_row_is_on (row) && !has_chosen_suite (self))
    choose_suite_of (self, image->id);
  sync_rows (self);
  show_matrix (self);
}

static void
on_suite_toggled (CvmNewRunPage *self,
                  CvmChoiceRow  *row)
{
  cvm_matrix_set_suite (self->matrix, find_suite (self, cvm_choice_row_get_option (row)),
                        cvm_choice_row_is_on (row));
  show_matrix (self);
}

static void
on_options_done (CvmNewRunPage *self)
{
  if (self->cancellable == NULL)
    return;

  sync_rows (self);
  show_matrix (self);
}

static void
on_suite_options (CvmNewRunPage *self,
                  CvmChoiceRow  *row)
{
  CvmSuiteChoice *suite = find_suite (self, cvm_choice_row_get_option (row));
  GtkWidget *page = cvm_suite_options_page_new (suite);

  g_signal_connect_object (page, "changed", G_CALLBACK (on_options_done), self,
                           G_CONNECT_SWAPPED);
  cvm_stage_push (GTK_WIDGET (self), page, "suite-options");
}

static void
add_rows (CvmNewRunPage *self,
          GtkContainer  *list,
          GPtrArray     *options,
          GCallback      toggled)
{
  for (guint i = 0; i < options->len; i++)
    {
      GtkWidget *row = cvm_choice_row_new (options->pdata[i]);

      g_signal_connect_object (row, "toggled", toggled, self, G_CONNECT_SWAPPED);
      g_signal_connect_object (row, "options", G_CALLBACK (on_suite_options), self,
                               G_CONNECT_SWAPPED);
      gtk_container_add (list, row);
    }
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
  show_matrix (self);
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

      if (cvm_scout_peek (host->uri) == NULL)
        ask_host (self, host->uri, FALSE);
    }
}

static void
on_mend (CvmNewRunPage *self,
         int            mend,
         const char    *uri)
{
  if (mend == CVM_MEND_ASK_AGAIN)
    ask_host (self, uri, TRUE);
  else
    cvm_stage_go (GTK_WIDGET (self), CVM_PLACE_IMAGES);
}

static void
on_get_image (CvmNewRunPage *self)
{
  cvm_stage_go (GTK_WIDGET (self), CVM_PLACE_IMAGES);
}

/* What is chosen at first -------------------------------------------------------------------- */

static void
show_order (CvmNewRunPage  *self,
            const CvmOrder *order)
{
  self->is_filling = TRUE;
  gtk_spin_button_set_value (self->repeat, MAX (order->repeat, 1));
  if (order->parallel > 0)
    gtk_spin_button_set_value (self->parallel, order->parallel);
  gtk_toggle_button_set_active (self->keep_failed, order->keep_failed);
  if (order->server == NULL
      || !gtk_combo_box_set_active_id (GTK_COMBO_BOX (self->server), order->server))
    gtk_combo_box_set_active (GTK_COMBO_BOX (self->server), 0);
  self->is_filling = FALSE;

  cvm_matrix_take_order (self->matrix, order);
  sync_rows (self);
  show_matrix (self);
}

static void
choose_alone (CvmNewRunPage   *self,
              const CvmOption *wanted)
{
  GPtrArray *images = cvm_matrix_get_choices (self->matrix)->images;

  for (guint i = 0; i < images->len; i++)
    cvm_matrix_set_image (self->matrix, images->pdata[i], images->pdata[i] == wanted);
}

/* The image's own suite alone, where there is one, else the usual one */
static void
choose_usual_suite (CvmNewRunPage   *self,
                    const CvmOption *image)
{
  CvmChoices *choices = cvm_matrix_get_choices (self->matrix);
  GPtrArray *suites = cvm_matrix_get_suites (self->matrix);
  gboolean has_own = cvm_choices_find (choices->suites, image->id) >= 0;

  if (!has_own && has_chosen_suite (self))
    return;

  for (guint i = 0; i < suites->len; i++)
    cvm_matrix_set_suite (self->matrix, suites->pdata[i], FALSE);
  choose_suite_of (self, has_own ? image->id : USUAL_SUITE);
}

/* The suite at this path alone, on what is chosen already */
static void
choose_wanted_suite (CvmNewRunPage *self,
                     const char    *path)
{
  GPtrArray *suites = cvm_matrix_get_suites (self->matrix);

  for (guint i = 0; i < suites->len; i++)
    cvm_matrix_set_suite (self->matrix, suites->pdata[i], FALSE);
  choose_suite_of (self, path);
  sync_rows (self);
  show_matrix (self);
}

static void
on_preset_loaded (GObject      *source,
                  GAsyncResult *result,
                  gpointer      data)
{
  g_autoptr(CvmNewRunPage) self = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(CvmOrder) order = cvm_presets_load_finish (result, &error);

  if (self->cancellable == NULL)
    return;

  if (order != NULL)
    show_order (self, order);
  else
    tell (CVM_PAGE (self), error->message);
}

static void
choose_wanted (CvmNewRunPage *self,
               const char    *id)
{
  GPtrArray *images = cvm_matrix_get_choices (self->matrix)->images;
  int index = cvm_choices_find (images, id);

  if (index < 0)
    {
      if (g_str_has_suffix (id, ".profile"))
        cvm_presets_load_async (id, self->cancellable, on_preset_loaded, g_object_ref (self));
      else if (cvm_choices_find (cvm_matrix_get_choices (self->matrix)->suites, id) >= 0
          && g_path_is_absolute (id))
        choose_wanted_suite (self, id);
      return;
    }

  choose_alone (self, images->pdata[index]);
  choose_usual_suite (self, images->pdata[index]);
  sync_rows (self);
  show_matrix (self);
}

static const CvmOption *
find_usable (GPtrArray *options)
{
  for (guint i = 0; i < options->len; i++)
    if (((CvmOption *)options->pdata[i])->is_usable)
      return options->pdata[i];

  return NULL;
}

static void
choose_first (CvmNewRunPage *self)
{
  CvmChoices *choices = cvm_matrix_get_choices (self->matrix);
  const CvmOption *usable = find_usable (choices->images);
  g_autoptr(CvmOrder) none = cvm_order_new ();

  none->parallel = choices->parallel;
  none->keep_failed = choices->keep_failed;
  show_order (self, choices->last != NULL ? choices->last : none);

  if (choices->last == NULL && usable != NULL)
    choose_wanted (self, usable->id);
  if (self->wanted != NULL)
    choose_wanted (self, self->wanted);
}

static void
fill_servers (CvmNewRunPage *self)
{
  char **servers = cvm_matrix_get_choices (self->matrix)->servers;

  gtk_combo_box_text_append (self->server, "", _("Do not send"));
  for (gsize i = 0; servers[i] != NULL; i++)
    {
      g_autofree char *text = g_strdup_printf (_("Send to “%s”"), servers[i]);

      gtk_combo_box_text_append (self->server, servers[i], text);
    }
  gtk_combo_box_set_active (GTK_COMBO_BOX (self->server), 0);
  gtk_widget_set_visible (self->reports_box, servers[0] != NULL);
}

static void
on_loaded (GObject      *source,
           GAsyncResult *result,
           gpointer      data)
{
  g_autoptr(CvmNewRunPage) self = data;
  CvmChoices *choices = cvm_choices_load_finish (result, NULL);

  if (choices == NULL)
    return;

  if (self->cancellable == NULL)
    {
      cvm_choices_free (choices);
      return;
    }

  self->matrix = cvm_matrix_new (choices, self->backend->ports->disk_format);
  cvm_preset_menu_set_names (self->presets, (const char *const *)choices->presets);
  fill_servers (self);
  add_rows (self, self->images, choices->images, G_CALLBACK (on_image_toggled));
  add_rows (self, self->suites, choices->suites, G_CALLBACK (on_suite_toggled));
  gtk_widget_set_visible (self->no_image, choices->images->len == 0);
  gtk_widget_set_visible (self->images_frame, choices->images->len > 0);
  choose_first (self);
  ask_hosts (self);
  if (gtk_widget_get_sensitive (self->start_button))
    gtk_widget_grab_focus (self->start_button);
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
  show_matrix (self);
}

/* Presets ------------------------------------------------------------------------------------ */

static void
on_preset_chosen (CvmNewRunPage *self,
                  const char    *name)
{
  tell (CVM_PAGE (self), NULL);
  cvm_presets_load_async (name, self->cancellable, on_preset_loaded, g_object_ref (self));
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
cvm_new_run_page_dispose (GObject *object)
{
  CvmNewRunPage *self = CVM_NEW_RUN_PAGE (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
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
  gtk_widget_class_bind_template_child (widget_class, CvmNewRunPage, warning);
  gtk_widget_class_bind_template_child (widget_class, CvmNewRunPage, copy_button);
  gtk_widget_class_bind_template_child (widget_class, CvmNewRunPage, start_button);
}

static void
cvm_new_run_page_class_init (CvmNewRunPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cvm_new_run_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = cvm_new_run_page_finalize;

  g_type_ensure (CVM_TYPE_PRESET_MENU);
  g_type_ensure (CVM_TYPE_MATRIX_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/cvmtester/CvmTester/ui/cvm-new-run-page.ui");
  bind_children (widget_class);
  gtk_widget_class_bind_template_callback (widget_class, on_banner_response);
  gtk_widget_class_bind_template_callback (widget_class, on_allow_response);
  gtk_widget_class_bind_template_callback (widget_class, on_get_image);
  gtk_widget_class_bind_template_callback (widget_class, on_cell_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_mend);
  gtk_widget_class_bind_template_callback (widget_class, on_numbers_changed);
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
  cvm_choices_load_async (backend, self->cancellable, on_loaded, g_object_ref (self));

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
      choose_wanted (self, image);
    }
}
