/* cvm-hosts-page.c: the place of the hosts
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-hosts-page.h"

#include <glib/gi18n.h>
#include <handy.h>

#include "cvm-host-form.h"
#include "cvm-host-row.h"
#include "cvm-host-titles.h"
#include "cvm-hosts.h"
#include "cvm-list-keys.h"
#include "cvm-page.h"
#include "cvm-stage.h"

#define LOOK_S 10   /* how old what is seen may be, while it is seen */

struct _CvmHostsPage
{
  GtkBox            parent_instance;

  GtkStack         *stack;
  GtkListBox       *list;

  const CvmBackend *backend;
  char             *search;       /* or NULL */
  char             *new_id;       /* of the host that was just saved, or NULL */
  GHashTable       *leaving;      /* ids of those that are being removed */
  guint             timer;
  GCancellable     *cancellable;
};

static void page_init (CvmPageInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (CvmHostsPage, cvm_hosts_page, GTK_TYPE_BOX,
                               G_IMPLEMENT_INTERFACE (CVM_TYPE_PAGE, page_init))

static void load (CvmHostsPage *self);

/* Rows ------------------------------------------------------------------------------------- */

static void
on_saved (CvmHostsPage *self,
          const char   *id)
{
  g_free (self->new_id);
  self->new_id = g_strdup (id);
  load (self);
}

static void
show_form (CvmHostsPage *self,
           GtkWidget    *form,
           const char   *id)
{
  g_autofree char *name = g_strconcat ("host ", id, NULL);

  g_signal_connect_object (form, "saved", G_CALLBACK (on_saved), self, G_CONNECT_SWAPPED);
  cvm_stage_push (GTK_WIDGET (self), form, name);
}

static void
add_host (CvmHostsPage *self)
{
  show_form (self, cvm_host_form_new (self->backend, NULL, NULL, NULL, FALSE), "");
}

static void
on_edit (CvmHostsPage *self,
         CvmHostRow   *row)
{
  show_form (self, cvm_host_form_new (self->backend, cvm_host_row_get_id (row),
                                      cvm_host_row_get_uri (row),
                                      cvm_host_row_get_saved_title (row),
                                      cvm_host_row_is_found (row)),
             cvm_host_row_get_id (row));
}

static void
sync_stack (CvmHostsPage *self)
{
  g_autoptr(GList) rows = gtk_container_get_children (GTK_CONTAINER (self->list));
  guint n = 0;

  for (GList *at = rows; at != NULL; at = at->next)
    n += g_hash_table_contains (self->leaving, cvm_host_row_get_id (at->data)) ? 0 : 1;

  gtk_stack_set_visible_child_name (self->stack, n > 0 ? "list" : "empty");
  gtk_list_box_invalidate_filter (self->list);
  cvm_stage_set_count (GTK_WIDGET (self), CVM_PLACE_HOSTS, n, FALSE);
}

static gboolean
filter (GtkListBoxRow *row,
        gpointer       data)
{
  CvmHostsPage *self = data;

  return !g_hash_table_contains (self->leaving, cvm_host_row_get_id (CVM_HOST_ROW (row)))
         && (self->search == NULL || cvm_host_row_has (CVM_HOST_ROW (row), self->search));
}

/* Removing --------------------------------------------------------------------------------- */

typedef struct
{
  CvmHostsPage      *page;
  const char *const *found;
  char              *id;
} Leaving;

static void
leaving_free (gpointer data)
{
  Leaving *self = data;

  g_object_unref (self->page);
  g_free (self->id);
  g_free (self);
}

static void
on_undone (gpointer data)
{
  Leaving *leaving = data;

  g_hash_table_remove (leaving->page->leaving, leaving->id);
  if (!gtk_widget_in_destruction (GTK_WIDGET (leaving->page)))
    sync_stack (leaving->page);
  leaving_free (leaving);
}

static void
remove_in_thread (GTask        *task,
                  gpointer      source,
                  gpointer      data,
                  GCancellable *cancellable)
{
  const Leaving *leaving = data;
  GError *error = NULL;

  if (cvm_hosts_remove (leaving->id, leaving->found, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
on_removed (GObject      *source,
            GAsyncResult *result,
            gpointer      data)
{
  CvmHostsPage *self = CVM_HOSTS_PAGE (source);
  const Leaving *leaving = g_task_get_task_data (G_TASK (result));
  g_autoptr(GError) error = NULL;

  g_application_release (g_application_get_default ());
  g_hash_table_remove (self->leaving, leaving->id);
  if (g_cancellable_is_cancelled (self->cancellable))
    return;

  if (!g_task_propagate_boolean (G_TASK (result), &error))
    cvm_stage_tell (GTK_WIDGET (self), error->message);
  load (self);
}

/* Also when the window goes: the program stays until it is done */
static void
on_committed (gpointer data)
{
  Leaving *leaving = data;
  g_autoptr(GTask) task = g_task_new (leaving->page, NULL, on_removed, NULL);

  g_application_hold (g_application_get_default ());
  g_task_set_task_data (task, leaving, leaving_free);
  g_task_run_in_thread (task, remove_in_thread);
}

static void
on_remove (CvmHostsPage *self,
           CvmHostRow   *row)
{
  Leaving *leaving = g_new0 (Leaving, 1);
  g_autofree char *text =
    g_strdup_printf (_("“%s” removed"), hdy_preferences_row_get_title (HDY_PREFERENCES_ROW (row)));

  leaving->page = g_object_ref (self);
  leaving->found = self->backend->hosts;
  leaving->id = g_strdup (cvm_host_row_get_id (row));
  g_hash_table_add (self->leaving, g_strdup (leaving->id));
  sync_stack (self);
  cvm_stage_offer_undo (GTK_WIDGET (self), text, on_undone, on_committed, leaving);
}

/* Loading ---------------------------------------------------------------------------------- */

static void
load_in_thread (GTask        *task,
                gpointer      source,
                gpointer      data,
                GCancellable *cancellable)
{
  GError *error = NULL;
  GPtrArray *hosts = cvm_hosts_load (data, &error);

  if (hosts != NULL)
    cvm_host_titles_learn (hosts);
  if (hosts != NULL)
    g_task_return_pointer (task, hosts, (GDestroyNotify)g_ptr_array_unref);
  else
    g_task_return_error (task, error);
}

/* The row of a host that did not change stays: what it found, and whether it is open */
static CvmHostRow *
take_row (GList              **rows,
          const CvmSavedHost  *host)
{
  for (GList *at = *rows; at != NULL; at = at->next)
    {
      CvmHostRow *row = at->data;

      if (g_str_equal (cvm_host_row_get_id (row), host->id)
          && g_str_equal (cvm_host_row_get_uri (row), host->uri)
          && g_strcmp0 (cvm_host_row_get_saved_title (row), host->title) == 0)
        {
          *rows = g_list_delete_link (*rows, at);
          return row;
        }
    }

  return NULL;
}

static void
add_row (CvmHostsPage       *self,
         const CvmSavedHost *host)
{
  GtkWidget *row = cvm_host_row_new (self->backend, host);

  g_signal_connect_object (row, "edit", G_CALLBACK (on_edit), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (row, "remove-host", G_CALLBACK (on_remove), self, G_CONNECT_SWAPPED);
  gtk_container_add (GTK_CONTAINER (self->list), row);
  cvm_host_row_look (CVM_HOST_ROW (row), g_strcmp0 (self->new_id, host->id) == 0);
  if (g_strcmp0 (self->new_id, host->id) == 0)
    {
      hdy_expander_row_set_expanded (HDY_EXPANDER_ROW (row), TRUE);
      gtk_widget_grab_focus (row);
    }
}

static void
show_hosts (CvmHostsPage *self,
            GPtrArray    *hosts)
{
  GList *rows = gtk_container_get_children (GTK_CONTAINER (self->list));

  for (guint i = 0; i < hosts->len; i++)
    {
      const CvmSavedHost *host = hosts->pdata[i];
      CvmHostRow *row = host->is_hidden ? NULL : take_row (&rows, host);

      if (row != NULL)
        cvm_host_row_look (row, FALSE);
      else if (!host->is_hidden)
        add_row (self, host);
    }

  g_list_free_full (rows, (GDestroyNotify)gtk_widget_destroy);
  g_clear_pointer (&self->new_id, g_free);
  sync_stack (self);
}

static void
on_loaded (GObject      *source,
           GAsyncResult *result,
           gpointer      data)
{
  g_autoptr(CvmHostsPage) self = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) hosts = g_task_propagate_pointer (G_TASK (result), &error);

  if (g_cancellable_is_cancelled (self->cancellable))
    return;

  if (hosts != NULL)
    show_hosts (self, hosts);
  else
    cvm_stage_tell (GTK_WIDGET (self), error->message);
}

static void
load (CvmHostsPage *self)
{
  g_autoptr(GTask) task = g_task_new (NULL, self->cancellable, on_loaded, g_object_ref (self));

  g_task_set_task_data (task, (gpointer)self->backend->hosts, NULL);
  g_task_run_in_thread (task, load_in_thread);
}

static void
look (GtkWidget *row,
      gpointer   data)
{
  cvm_host_row_look (CVM_HOST_ROW (row), FALSE);
}

static gboolean
on_timer (gpointer data)
{
  CvmHostsPage *self = data;

  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    gtk_container_foreach (GTK_CONTAINER (self->list), look, NULL);

  return G_SOURCE_CONTINUE;
}

/* Page ------------------------------------------------------------------------------------- */

static void
page_show (CvmPage *page)
{
  CvmHostsPage *self = CVM_HOSTS_PAGE (page);

  load (self);
  if (self->timer == 0)
    self->timer = g_timeout_add_seconds (LOOK_S, on_timer, self);
}

static void
page_search (CvmPage    *page,
             const char *text)
{
  CvmHostsPage *self = CVM_HOSTS_PAGE (page);

  g_free (self->search);
  self->search = text != NULL && *text != '\0' ? g_strdup (text) : NULL;
  gtk_list_box_invalidate_filter (self->list);
}

static const char *
page_get_help (CvmPage *page)
{
  return "hosts";
}

static void
page_init (CvmPageInterface *iface)
{
  iface->show = page_show;
  iface->search = page_search;
  iface->get_help = page_get_help;
}

static void
cvm_hosts_page_dispose (GObject *object)
{
  CvmHostsPage *self = CVM_HOSTS_PAGE (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->timer, g_source_remove);

  G_OBJECT_CLASS (cvm_hosts_page_parent_class)->dispose (object);
}

static void
cvm_hosts_page_finalize (GObject *object)
{
  CvmHostsPage *self = CVM_HOSTS_PAGE (object);

  g_object_unref (self->cancellable);
  g_hash_table_unref (self->leaving);
  g_free (self->search);
  g_free (self->new_id);

  G_OBJECT_CLASS (cvm_hosts_page_parent_class)->finalize (object);
}

static void
cvm_hosts_page_class_init (CvmHostsPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cvm_hosts_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = cvm_hosts_page_finalize;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/cvmtester/CvmTester/ui/cvm-hosts-page.ui");
  gtk_widget_class_bind_template_child (widget_class, CvmHostsPage, stack);
  gtk_widget_class_bind_template_child (widget_class, CvmHostsPage, list);
  gtk_widget_class_bind_template_callback (widget_class, add_host);
}

static void
cvm_hosts_page_init (CvmHostsPage *self)
{
  self->cancellable = g_cancellable_new ();
  self->leaving = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  gtk_widget_init_template (GTK_WIDGET (self));
  cvm_list_keys_add (self->list);
  gtk_list_box_set_filter_func (self->list, filter, self, NULL);
}

GtkWidget *
cvm_hosts_page_new (const CvmBackend *backend)
{
  CvmHostsPage *self = g_object_new (CVM_TYPE_HOSTS_PAGE, NULL);

  self->backend = backend;

  return GTK_WIDGET (self);
}
