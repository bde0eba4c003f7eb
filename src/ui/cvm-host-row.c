/* cvm-host-row.c: a host in the list of hosts
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-host-row.h"

#include <glib/gi18n.h>
#include <string.h>

#include "cvm-engine-error.h"
#include "cvm-format.h"
#include "cvm-host-kind.h"
#include "cvm-host-look.h"
#include "cvm-stage.h"
#include "cvm-sweeper.h"

struct _CvmHostRow
{
  HdyExpanderRow    parent_instance;

  GtkWidget        *spinner, *warning, *sign_in, *clean_up;
  GtkLabel         *state;
  HdyActionRow     *problem, *facts;
  GPtrArray        *thing_rows;

  const CvmBackend *backend;
  char             *id, *uri, *saved_title, *title;
  gboolean          is_found;
  gboolean          is_looking;
  GCancellable     *cancellable;
};

enum { EDIT, REMOVE, N_SIGNALS };

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (CvmHostRow, cvm_host_row, HDY_TYPE_EXPANDER_ROW)

/* libhandy shows its labels to no screen reader */
static void
set_subtitle (HdyActionRow *row,
              const char   *text)
{
  const char *title = hdy_preferences_row_get_title (HDY_PREFERENCES_ROW (row));
  g_autofree char *name = g_strdup_printf ("%s: %s", title, text);

  hdy_action_row_set_subtitle (row, text);
  atk_object_set_name (gtk_widget_get_accessible (GTK_WIDGET (row)), name);
}

/* What is seen ----------------------------------------------------------------------------- */

static void
show_state (CvmHostRow *self,
            const char *text,
            gboolean    is_bad)
{
  g_autofree char *name = g_strdup_printf ("%s, %s, %s", self->title, self->uri, text);

  gtk_label_set_text (self->state, text);
  gtk_widget_set_visible (self->warning, is_bad);
  gtk_widget_set_visible (self->spinner, self->is_looking);
  g_object_set (self->spinner, "active", self->is_looking, NULL);
  atk_object_set_name (gtk_widget_get_accessible (GTK_WIDGET (self)), name);
}

/* "2 guests · 5.2 GB free · 12 % busy" */
static char *
describe_load (const CvmHostLook *look)
{
  const CvmHostLoad *load = &look->load;
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, g_dngettext (GETTEXT_PACKAGE, "%u guest", "%u guests",
                                             load->guests), load->guests);
  if (load->has_memory)
    {
      g_autofree char *size = g_format_size_full (load->memory_free_kib * 1024,
                                                  G_FORMAT_SIZE_IEC_UNITS);

      g_string_append_printf (text, _(" · %s free"), size);
    }
  if (load->has_cpus)
    g_string_append_printf (text, _(" · %u %% busy"), load->cpu_percent);

  return g_string_free (text, FALSE);
}

static char *
describe_facts (const CvmHostLook *look)
{
  g_autofree char *memory = g_format_size_full (look->memory_kib * 1024, G_FORMAT_SIZE_IEC_UNITS);
  g_autofree char *hypervisors = cvm_format_line (look->hypervisors);

  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE,
                                       "%s · %u processor · %s of memory",
                                       "%s · %u processors · %s of memory", look->cpus),
                          hypervisors, look->cpus, memory);
}

static const char *
word_for_owner (CvmGuestOwner owner)
{
  switch (owner)
    {
    case CVM_GUEST_OWNER_LIVES:
      return _("its run goes on");
    case CVM_GUEST_OWNER_DIED:
      return _("its run died");
    case CVM_GUEST_OWNER_UNKNOWN:
    default:
      return _("not known to be yours");
    }
}

static void
open_run_of (GtkWidget  *button,
             const char *dir)
{
  cvm_stage_open_run (button, dir);
}

static void
free_dir (gpointer  dir,
          GClosure *closure)
{
  g_free (dir);
}

static GtkWidget *
thing_row_new (const CvmHostThing *thing)
{
  g_autofree char *name = cvm_format_line (thing->name);
  g_autofree char *run = cvm_format_line (thing->run_id != NULL ? thing->run_id : "");
  g_autofree char *about = g_strdup_printf ("%s · %s · %s",
                                            g_str_equal (thing->kind, "network") ? _("Network")
                                                                                 : _("Guest"),
                                            run, word_for_owner (thing->owner));
  GtkWidget *row = g_object_new (HDY_TYPE_ACTION_ROW, "visible", TRUE, "title", name,
                                 "title-lines", 1, NULL);

  set_subtitle (HDY_ACTION_ROW (row), about);
  if (thing->owner != CVM_GUEST_OWNER_UNKNOWN && thing->run_dir != NULL)
    {
      GtkWidget *button = gtk_button_new_with_mnemonic (_("_Open Run"));

      g_object_set (button, "visible", TRUE, "valign", GTK_ALIGN_CENTER, NULL);
      g_signal_connect_data (button, "clicked", G_CALLBACK (open_run_of),
                             g_strdup (thing->run_dir), free_dir, 0);
      gtk_container_add (GTK_CONTAINER (row), button);
    }

  return row;
}

static void
show_things (CvmHostRow        *self,
             const CvmHostLook *look)
{
  for (guint i = 0; i < self->thing_rows->len; i++)
    gtk_widget_destroy (self->thing_rows->pdata[i]);
  g_ptr_array_set_size (self->thing_rows, 0);

  for (guint i = 0; look != NULL && i < look->things->len; i++)
    {
      GtkWidget *row = thing_row_new (look->things->pdata[i]);

      g_ptr_array_add (self->thing_rows, row);
      gtk_container_add (GTK_CONTAINER (self), row);
    }

  gtk_widget_set_visible (self->clean_up, look != NULL && look->n_dead > 0);
}

static void
show_look (CvmHostRow        *self,
           const CvmHostLook *look)
{
  g_autofree char *facts = describe_facts (look);
  g_autofree char *load = look->has_load ? describe_load (look) : g_strdup (_("Answers"));

  set_subtitle (self->facts, facts);
  gtk_widget_set_visible (GTK_WIDGET (self->facts), TRUE);
  gtk_widget_set_visible (GTK_WIDGET (self->problem), FALSE);
  show_things (self, look);
  show_state (self, load, FALSE);
}

static void
show_problem (CvmHostRow   *self,
              const GError *error)
{
  gboolean is_locked = g_error_matches (error, CVM_ENGINE_ERROR, CVM_ENGINE_ERROR_UNAUTHORIZED);
  g_autofree char *message = cvm_format_line (error->message);

  hdy_preferences_row_set_title (HDY_PREFERENCES_ROW (self->problem),
                                 is_locked ? _("Sign in to see it") : _("It does not answer"));
  set_subtitle (self->problem, message);
  gtk_widget_set_visible (GTK_WIDGET (self->problem), TRUE);
  gtk_widget_set_visible (GTK_WIDGET (self->facts), FALSE);
  gtk_widget_set_visible (self->sign_in, is_locked);
  show_things (self, NULL);
  show_state (self, is_locked ? _("Wants a password") : _("Does not answer"), TRUE);
}

/* What is asked ---------------------------------------------------------------------------- */

static void
on_looked (GObject      *source,
           GAsyncResult *result,
           gpointer      data)
{
  g_autoptr(CvmHostRow) self = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(CvmHostLook) look = cvm_host_look_finish (result, &error);

  if (gtk_widget_in_destruction (GTK_WIDGET (self))
      || g_cancellable_is_cancelled (self->cancellable))
    return;

  self->is_looking = FALSE;
  if (look != NULL)
    show_look (self, look);
  else
    show_problem (self, error);
}

void
cvm_host_row_look (CvmHostRow *self,
                   gboolean    may_ask)
{
  if (self->is_looking)
    return;

  self->is_looking = TRUE;
  if (may_ask || *gtk_label_get_text (self->state) == '\0')
    show_state (self, _("Looking…"), FALSE);
  cvm_host_look_async (self->backend->ports, self->uri, may_ask, self->cancellable, on_looked,
                       g_object_ref (self));
}

static void
look_again (CvmHostRow *self)
{
  cvm_host_row_look (self, TRUE);
}

static void
on_cleaned (GObject      *source,
            GAsyncResult *result,
            gpointer      data)
{
  g_autoptr(CvmHostRow) self = data;
  g_autoptr(GError) error = NULL;
  guint found;

  if (!cvm_sweeper_run_finish (result, &found, &error)
      && !g_cancellable_is_cancelled (self->cancellable))
    cvm_stage_tell (GTK_WIDGET (self), error->message);
  if (g_cancellable_is_cancelled (self->cancellable))
    return;

  cvm_stage_enable_again (self->clean_up);
  cvm_host_row_look (self, FALSE);
}

static void
clean_up (CvmHostRow *self)
{
  gtk_widget_set_sensitive (self->clean_up, FALSE);
  cvm_sweeper_run_async (self->backend->ports, self->uri, FALSE, self->cancellable, on_cleaned,
                         g_object_ref (self));
}

static void
edit (CvmHostRow *self)
{
  g_signal_emit (self, signals[EDIT], 0);
}

static void
remove_it (CvmHostRow *self)
{
  g_signal_emit (self, signals[REMOVE], 0);
}

/* Type ------------------------------------------------------------------------------------- */

static void
cvm_host_row_dispose (GObject *object)
{
  CvmHostRow *self = CVM_HOST_ROW (object);

  g_cancellable_cancel (self->cancellable);

  G_OBJECT_CLASS (cvm_host_row_parent_class)->dispose (object);
}

static void
cvm_host_row_finalize (GObject *object)
{
  CvmHostRow *self = CVM_HOST_ROW (object);

  g_object_unref (self->cancellable);
  g_ptr_array_unref (self->thing_rows);
  g_free (self->id);
  g_free (self->uri);
  g_free (self->saved_title);
  g_free (self->title);

  G_OBJECT_CLASS (cvm_host_row_parent_class)->finalize (object);
}

static void
cvm_host_row_class_init (CvmHostRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cvm_host_row_dispose;
  G_OBJECT_CLASS (klass)->finalize = cvm_host_row_finalize;

  signals[EDIT] = g_signal_new ("edit", CVM_TYPE_HOST_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 0);
  signals[REMOVE] = g_signal_new ("remove-host", CVM_TYPE_HOST_ROW, G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/cvmtester/CvmTester/ui/cvm-host-row.ui");
  gtk_widget_class_bind_template_child (widget_class, CvmHostRow, spinner);
  gtk_widget_class_bind_template_child (widget_class, CvmHostRow, warning);
  gtk_widget_class_bind_template_child (widget_class, CvmHostRow, state);
  gtk_widget_class_bind_template_child (widget_class, CvmHostRow, sign_in);
  gtk_widget_class_bind_template_child (widget_class, CvmHostRow, clean_up);
  gtk_widget_class_bind_template_child (widget_class, CvmHostRow, problem);
  gtk_widget_class_bind_template_child (widget_class, CvmHostRow, facts);
  gtk_widget_class_bind_template_callback (widget_class, look_again);
  gtk_widget_class_bind_template_callback (widget_class, clean_up);
  gtk_widget_class_bind_template_callback (widget_class, edit);
  gtk_widget_class_bind_template_callback (widget_class, remove_it);
}

static void
cvm_host_row_init (CvmHostRow *self)
{
  self->cancellable = g_cancellable_new ();
  self->thing_rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
cvm_host_row_new (const CvmBackend   *backend,
                  const CvmSavedHost *host)
{
  CvmHostRow *self = g_object_new (CVM_TYPE_HOST_ROW, NULL);
  const char *usual = cvm_host_kind_title (host->uri);

  self->backend = backend;
  self->id = g_strdup (host->id);
  self->uri = g_strdup (host->uri);
  self->saved_title = g_strdup (host->title);
  self->is_found = host->is_found;
  self->title = cvm_format_line (host->title != NULL ? host->title
                                 : usual != NULL     ? usual
                                                     : host->uri);
  hdy_preferences_row_set_title (HDY_PREFERENCES_ROW (self), self->title);
  hdy_expander_row_set_subtitle (HDY_EXPANDER_ROW (self), self->uri);

  return GTK_WIDGET (self);
}

const char *
cvm_host_row_get_id (CvmHostRow *self)
{
  return self->id;
}

const char *
cvm_host_row_get_uri (CvmHostRow *self)
{
  return self->uri;
}

const char *
cvm_host_row_get_saved_title (CvmHostRow *self)
{
  return self->saved_title;
}

gboolean
cvm_host_row_is_found (CvmHostRow *self)
{
  return self->is_found;
}

gboolean
cvm_host_row_has (CvmHostRow *self,
                  const char *text)
{
  g_autofree char *wanted = g_utf8_casefold (text, -1);
  g_autofree char *title = g_utf8_casefold (self->title, -1);
  g_autofree char *uri = g_utf8_casefold (self->uri, -1);

  return strstr (title, wanted) != NULL || strstr (uri, wanted) != NULL;
}
