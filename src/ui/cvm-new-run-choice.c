/* cvm-new-run-choice.c: what is chosen on the page of a new run, and how it begins
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-new-run-private.h"

#include <glib/gi18n.h>
#include <string.h>

#include "cvm-choice-row.h"
#include "cvm-report-again.h"
#include "cvm-stage.h"
#include "cvm-suite-editor.h"
#include "cvm-suite-options-page.h"

#define USUAL_SUITE "boots-and-answers"   /* holds for every image */

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
  cvm_new_run_page_show_matrix (self);
}

static void
on_suite_toggled (CvmNewRunPage *self,
                  CvmChoiceRow  *row)
{
  cvm_matrix_set_suite (self->matrix, find_suite (self, cvm_choice_row_get_option (row)),
                        cvm_choice_row_is_on (row));
  cvm_new_run_page_show_matrix (self);
}

/* Each key that is typed there comes here: it is looked at when this page is seen again */
static void
on_options_changed (CvmNewRunPage *self)
{
  self->is_stale = TRUE;
}

static void
on_suite_options (CvmNewRunPage *self,
                  CvmChoiceRow  *row)
{
  CvmSuiteChoice *suite = find_suite (self, cvm_choice_row_get_option (row));
  g_autofree char *name = NULL;
  GtkWidget *page;

  if (self->is_reading)
    return;

  name = g_strconcat ("suite-options ", suite->option->path, NULL);
  page = cvm_suite_options_page_new (suite);
  g_signal_connect_object (page, "changed", G_CALLBACK (on_options_changed), self,
                           G_CONNECT_SWAPPED);
  cvm_stage_push (GTK_WIDGET (self), page, name);
}

/* The choice stays meanwhile: below the editor, or as the last one */
static void
on_row_mend (CvmNewRunPage *self,
             CvmChoiceRow  *row)
{
  const CvmOption *option = cvm_choice_row_get_option (row);
  g_autofree char *name = g_strconcat ("suite ", option->path, NULL);

  if (find_suite (self, option) == NULL)
    {
      cvm_new_run_page_mend (self, CVM_PLACE_IMAGES);
      return;
    }

  self->is_mending = TRUE;
  cvm_stage_push (GTK_WIDGET (self),
                  cvm_suite_editor_new (self->backend, option->path, option->can_write), name);
}

void
cvm_new_run_page_catch_up (CvmNewRunPage *self)
{
  if (self->is_mending)
    {
      self->is_mending = FALSE;
      cvm_new_run_page_reload (self);
    }

  if (!self->is_stale || self->matrix == NULL)
    return;

  self->is_stale = FALSE;
  sync_rows (self);
  cvm_new_run_page_show_matrix (self);
}

static void
add_row (CvmNewRunPage *self,
         GtkContainer  *list,
         CvmOption     *option,
         GCallback      toggled)
{
  GtkWidget *row = cvm_choice_row_new (option, list == self->suites);

  g_signal_connect_object (row, "toggled", toggled, self, G_CONNECT_SWAPPED);
  g_signal_connect_object (row, "options", G_CALLBACK (on_suite_options), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (row, "mend", G_CALLBACK (on_row_mend), self, G_CONNECT_SWAPPED);
  gtk_container_add (list, row);
}

void
cvm_new_run_page_add_rows (CvmNewRunPage *self)
{
  CvmChoices *choices = cvm_matrix_get_choices (self->matrix);

  for (guint i = 0; i < choices->images->len; i++)
    add_row (self, self->images, choices->images->pdata[i], G_CALLBACK (on_image_toggled));
  for (guint i = 0; i < choices->suites->len; i++)
    add_row (self, self->suites, choices->suites->pdata[i], G_CALLBACK (on_suite_toggled));
}

void
cvm_new_run_page_add_suite (CvmNewRunPage *self,
                            CvmOption     *option)
{
  cvm_matrix_add_suite (self->matrix, option);
  add_row (self, self->suites, option, G_CALLBACK (on_suite_toggled));
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
  cvm_new_run_page_show_matrix (self);
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
  cvm_new_run_page_show_matrix (self);
}

static void
on_wanted_read (GObject      *source,
                GAsyncResult *result,
                gpointer      data)
{
  g_autoptr(CvmNewRunPage) self = data;
  CvmOption *option = cvm_choices_read_suite_finish (result, NULL);

  if (option == NULL || self->cancellable == NULL)
    {
      g_clear_pointer (&option, cvm_option_free);
      return;
    }

  cvm_new_run_page_add_suite (self, option);
  choose_wanted_suite (self, option->path);
}

void
cvm_new_run_page_choose_wanted (CvmNewRunPage *self,
                                const char    *id)
{
  CvmChoices *choices = cvm_matrix_get_choices (self->matrix);
  int index = cvm_choices_find (choices->images, id);

  if (index >= 0)
    {
      choose_alone (self, choices->images->pdata[index]);
      choose_usual_suite (self, choices->images->pdata[index]);
      sync_rows (self);
      cvm_new_run_page_show_matrix (self);
    }
  else if (g_str_has_suffix (id, ".profile"))
    {
      cvm_new_run_page_load_preset (self, id);
    }
  else if (g_path_is_absolute (id) && cvm_choices_find (choices->suites, id) >= 0)
    {
      choose_wanted_suite (self, id);
    }
  else if (g_path_is_absolute (id))
    {
      cvm_choices_read_suite_async (self->backend, id, self->cancellable, on_wanted_read,
                                    g_object_ref (self));
    }
}

/* Orders, whose suites may lie anywhere ------------------------------------------------------ */

/* An order that waits until the next of its suites is read */
typedef struct
{
  CvmNewRunPage *page;
  CvmOrder      *order;
  guint          index;   /* of the next suite to look at */
} Waiting;

static void
waiting_free (Waiting *self)
{
  g_object_unref (self->page);
  cvm_order_free (self->order);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Waiting, waiting_free)

static void read_next (Waiting *waiting);

static void
on_suite_read (GObject      *source,
               GAsyncResult *result,
               gpointer      data)
{
  g_autoptr(Waiting) waiting = data;
  CvmOption *option = cvm_choices_read_suite_finish (result, NULL);

  if (option != NULL && waiting->page->cancellable != NULL)
    {
      cvm_new_run_page_add_suite (waiting->page, option);
      read_next (g_steal_pointer (&waiting));
    }
  else
    {
      g_clear_pointer (&option, cvm_option_free);
    }
}

static const CvmOption *
find_usable (GPtrArray *options)
{
  for (guint i = 0; i < options->len; i++)
    if (((CvmOption *)options->pdata[i])->is_usable)
      return options->pdata[i];

  return NULL;
}

/* Beside what the last choice was */
static void
choose_wanted_at_first (CvmNewRunPage *self)
{
  const CvmOption *usable = find_usable (cvm_matrix_get_choices (self->matrix)->images);
  g_autofree char *wanted = g_steal_pointer (&self->wanted);

  if (self->is_fresh && usable != NULL)
    cvm_new_run_page_choose_wanted (self, usable->id);
  self->is_fresh = FALSE;
  if (wanted != NULL)
    cvm_new_run_page_choose_wanted (self, wanted);
  if (self->wanted_order != NULL)
    cvm_new_run_page_take_wanted_order (self);
}

/* Takes WAITING */
static void
read_next (Waiting *waiting)
{
  CvmNewRunPage *self = waiting->page;
  GPtrArray *known = cvm_matrix_get_choices (self->matrix)->suites;

  while (waiting->index < waiting->order->suites->len)
    {
      const CvmOrderSuite *item = waiting->order->suites->pdata[waiting->index++];

      if (!g_path_is_absolute (item->suite) || cvm_choices_find (known, item->suite) >= 0)
        continue;

      cvm_choices_read_suite_async (self->backend, item->suite, self->cancellable, on_suite_read,
                                    waiting);
      return;
    }

  show_order (self, waiting->order);
  choose_wanted_at_first (self);
  waiting_free (waiting);
}

void
cvm_new_run_page_take_order (CvmNewRunPage *self,
                             CvmOrder      *order)
{
  Waiting *waiting = g_new0 (Waiting, 1);

  waiting->page = g_object_ref (self);
  waiting->order = order;
  read_next (waiting);
}

void
cvm_new_run_page_take_wanted_order (CvmNewRunPage *self)
{
  CvmOrder *order = g_steal_pointer (&self->wanted_order);
  g_autofree char *missing =
    cvm_report_again_settle (order, cvm_matrix_get_choices (self->matrix));

  cvm_new_run_page_take_order (self, order);
  cvm_page_tell (CVM_PAGE (self), missing);
}

void
cvm_new_run_page_choose_first (CvmNewRunPage *self)
{
  CvmChoices *choices = cvm_matrix_get_choices (self->matrix);
  CvmOrder *order = g_steal_pointer (&choices->last);

  self->is_fresh = order == NULL;
  if (order == NULL)
    {
      order = cvm_order_new ();
      order->parallel = choices->parallel;
      order->keep_failed = choices->keep_failed;
    }

  cvm_new_run_page_take_order (self, order);
}
