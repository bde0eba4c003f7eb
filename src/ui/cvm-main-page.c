/* cvm-main-page.c: the places: a sidebar of them, and the one that is looked at
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-main-page.h"

#include <glib/gi18n.h>
#include <handy.h>

#include "cvm-banner.h"
#include "cvm-census.h"
#include "cvm-doctor.h"
#include "cvm-hosts-page.h"
#include "cvm-images-page.h"
#include "cvm-list-keys.h"
#include "cvm-place-row.h"
#include "cvm-reports-page.h"
#include "cvm-runs-page.h"
#include "cvm-setup-page.h"
#include "cvm-stage.h"
#include "cvm-suites-page.h"
#include "cvm-waiting-bar.h"

#define SETTLED_S 5   /* after the window is there, the set-up is looked at */

static const struct
{
  const char *name;
  const char *title;
  const char *icon;
  GtkWidget *(*make) (const CvmBackend *backend);
} places[] = {
  { CVM_PLACE_RUNS, N_("Runs"), "media-playback-start-symbolic", cvm_runs_page_new },
  { CVM_PLACE_IMAGES, N_("Images"), "drive-harddisk-symbolic", cvm_images_page_new },
  { CVM_PLACE_SUITES, N_("Suites"), "view-list-symbolic", cvm_suites_page_new },
  { CVM_PLACE_HOSTS, N_("Hosts"), "network-server-symbolic", cvm_hosts_page_new },
  { CVM_PLACE_REPORTS, N_("Reports"), "mail-send-symbolic", cvm_reports_page_new },
  { CVM_PLACE_SETUP, N_("Set-Up"), "cvm-setup-symbolic", cvm_setup_page_new },
};

struct _CvmMainPage
{
  GtkBox            parent_instance;

  HdyHeaderBar     *header;
  GtkToggleButton  *search_button;
  HdySearchBar     *search_bar;      /* NULL until it is wanted, as… */
  GtkEntry         *search_entry;
  GtkListBox       *sidebar;
  GtkBox           *place_box;
  CvmBanner        *banner;          /* …this: the window is there sooner without */
  CvmWaitingBar    *waiting_bar;
  GtkStack         *stack;

  const CvmBackend *backend;
  gboolean          is_loaded;
  guint             settled;     /* a timer, or 0 */
};

enum { PLACE_MADE, N_SIGNALS };

static guint signals[N_SIGNALS];

static void page_init (CvmPageInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (CvmMainPage, cvm_main_page, GTK_TYPE_BOX,
                               G_IMPLEMENT_INTERFACE (CVM_TYPE_PAGE, page_init))

static gsize
find_place (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (places); i++)
    {
      if (g_strcmp0 (places[i].name, name) == 0)
        return i;
    }

  return 0;
}

static CvmPage *
get_place (CvmMainPage *self)
{
  GtkWidget *page = gtk_stack_get_visible_child (self->stack);

  return page != NULL ? CVM_PAGE (page) : NULL;
}

static void
search (CvmMainPage *self)
{
  CvmPage *page = get_place (self);

  if (page != NULL)
    cvm_page_search (page, gtk_toggle_button_get_active (self->search_button)
                             ? gtk_entry_get_text (self->search_entry) : "");
}

static void
make_search_bar (CvmMainPage *self)
{
  GtkWidget *bar = hdy_search_bar_new ();
  GtkWidget *entry = gtk_search_entry_new ();

  self->search_bar = HDY_SEARCH_BAR (bar);
  self->search_entry = GTK_ENTRY (entry);
  gtk_entry_set_width_chars (self->search_entry, 40);
  atk_object_set_name (gtk_widget_get_accessible (entry), _("Search for"));
  hdy_search_bar_set_show_close_button (self->search_bar, TRUE);
  gtk_container_add (GTK_CONTAINER (bar), entry);
  gtk_widget_show_all (bar);
  gtk_container_add (GTK_CONTAINER (self->place_box), bar);
  gtk_box_reorder_child (self->place_box, bar, 0);

  g_object_bind_property (self->search_button, "active", bar, "search-mode-enabled",
                          G_BINDING_BIDIRECTIONAL | G_BINDING_SYNC_CREATE);
  g_signal_connect_object (bar, "notify::search-mode-enabled", G_CALLBACK (search), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (entry, "search-changed", G_CALLBACK (search), self, G_CONNECT_SWAPPED);
}

static void
on_search_toggled (CvmMainPage *self)
{
  if (self->search_bar == NULL)
    make_search_bar (self);
}

static void
make_place (CvmMainPage *self,
            gsize        index)
{
  GtkWidget *page = places[index].make (self->backend);

  gtk_widget_show (page);
  gtk_stack_add_named (self->stack, page, places[index].name);
  g_signal_emit (self, signals[PLACE_MADE], 0, page);
}

static void
on_row_selected (CvmMainPage   *self,
                 GtkListBoxRow *row)
{
  gsize index = row != NULL ? (gsize)gtk_list_box_row_get_index (row) : 0;

  if (row == NULL || self->backend == NULL)
    return;

  cvm_main_page_end_search (self);    /* it is of one place */
  if (gtk_stack_get_child_by_name (self->stack, places[index].name) == NULL)
    make_place (self, index);
  gtk_stack_set_visible_child_name (self->stack, places[index].name);
  hdy_header_bar_set_title (self->header, _(places[index].title));
  gtk_widget_set_sensitive (GTK_WIDGET (self->search_button),
                            cvm_page_can_search (get_place (self)));
  cvm_page_show (get_place (self));
}

static void
on_doctor_changed (CvmMainPage *self,
                   CvmDoctor   *doctor)
{
  if (!cvm_doctor_is_looking (doctor))
    cvm_main_page_set_count (self, CVM_PLACE_SETUP, 0, cvm_doctor_n_failed (doctor) > 0);
}

/* Not what the user waits for: once all else is there */
static gboolean
on_settled (gpointer data)
{
  CvmMainPage *self = data;
  CvmDoctor *doctor = cvm_doctor_get_default (self->backend);

  self->settled = 0;
  g_signal_connect_object (doctor, "changed", G_CALLBACK (on_doctor_changed), self,
                           G_CONNECT_SWAPPED);
  if (cvm_doctor_get_job (doctor) == NULL)
    cvm_doctor_look (doctor);
  else
    on_doctor_changed (self, doctor);

  return G_SOURCE_REMOVE;
}

static void
cvm_main_page_dispose (GObject *object)
{
  g_clear_handle_id (&CVM_MAIN_PAGE (object)->settled, g_source_remove);

  G_OBJECT_CLASS (cvm_main_page_parent_class)->dispose (object);
}

static void
cvm_main_page_class_init (CvmMainPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cvm_main_page_dispose;

  signals[PLACE_MADE] = g_signal_new ("place-made", CVM_TYPE_MAIN_PAGE, G_SIGNAL_RUN_LAST, 0,
                                      NULL, NULL, NULL, G_TYPE_NONE, 1, CVM_TYPE_PAGE);

  g_type_ensure (CVM_TYPE_WAITING_BAR);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/cvmtester/CvmTester/ui/cvm-main-page.ui");
  gtk_widget_class_bind_template_child (widget_class, CvmMainPage, header);
  gtk_widget_class_bind_template_child (widget_class, CvmMainPage, search_button);
  gtk_widget_class_bind_template_child (widget_class, CvmMainPage, sidebar);
  gtk_widget_class_bind_template_child (widget_class, CvmMainPage, place_box);
  gtk_widget_class_bind_template_child (widget_class, CvmMainPage, waiting_bar);
  gtk_widget_class_bind_template_child (widget_class, CvmMainPage, stack);
  gtk_widget_class_bind_template_callback (widget_class, on_row_selected);
  gtk_widget_class_bind_template_callback (widget_class, on_search_toggled);
}

static void
cvm_main_page_init (CvmMainPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  cvm_list_keys_add (self->sidebar);

  for (gsize i = 0; i < G_N_ELEMENTS (places); i++)
    gtk_container_add (GTK_CONTAINER (self->sidebar),
                       cvm_place_row_new (_(places[i].title), places[i].icon));
}

void
cvm_main_page_set_backend (CvmMainPage      *self,
                           const CvmBackend *backend)
{
  self->backend = backend;
}

static CvmPlaceRow *
get_row (CvmMainPage *self,
         const char  *place)
{
  return CVM_PLACE_ROW (gtk_list_box_get_row_at_index (self->sidebar, (int)find_place (place)));
}

/* A place that was made knows better */
static void
suggest_count (CvmMainPage *self,
               const char  *place,
               guint        count)
{
  if (gtk_stack_get_child_by_name (self->stack, place) == NULL)
    cvm_main_page_set_count (self, place, count, FALSE);
}

static void
on_counted (GObject      *source,
            GAsyncResult *result,
            gpointer      data)
{
  g_autoptr(CvmMainPage) self = data;
  CvmCensus census;
  GtkWidget *runs;

  if (!cvm_census_take_finish (result, &census, NULL) || self->stack == NULL)
    return;    /* the window has gone */

  suggest_count (self, CVM_PLACE_IMAGES, census.images);
  suggest_count (self, CVM_PLACE_SUITES, census.suites);
  suggest_count (self, CVM_PLACE_HOSTS, census.hosts);
  runs = gtk_stack_get_child_by_name (self->stack, CVM_PLACE_RUNS);
  if (runs != NULL)
    cvm_runs_page_tell_names (CVM_RUNS_PAGE (runs));
}

static void
count_places (CvmMainPage *self)
{
  cvm_census_take_async (self->backend, NULL, on_counted, g_object_ref (self));
}

void
cvm_main_page_load (CvmMainPage *self)
{
  self->is_loaded = TRUE;
  cvm_waiting_bar_begin (self->waiting_bar);
  self->settled = g_timeout_add_seconds_full (G_PRIORITY_LOW, SETTLED_S, on_settled, self, NULL);
  count_places (self);
}

void
cvm_main_page_go (CvmMainPage *self,
                  const char  *place)
{
  gtk_list_box_select_row (self->sidebar, GTK_LIST_BOX_ROW (get_row (self, place)));
}

const char *
cvm_main_page_get_place (CvmMainPage *self)
{
  return gtk_stack_get_visible_child_name (self->stack);
}

void
cvm_main_page_for_each (CvmMainPage *self,
                        GtkCallback  callback,
                        gpointer     user_data)
{
  gtk_container_foreach (GTK_CONTAINER (self->stack), callback, user_data);
}

void
cvm_main_page_set_count (CvmMainPage *self,
                         const char  *place,
                         guint        count,
                         gboolean     is_attention)
{
  cvm_place_row_set_count (get_row (self, place), count, is_attention);
}

void
cvm_main_page_set_running (CvmMainPage *self,
                           guint        count)
{
  g_autofree char *text = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u running",
                                                        "%u running", count), count);

  hdy_header_bar_set_subtitle (self->header, count > 0 ? text : NULL);
}

void
cvm_main_page_end_search (CvmMainPage *self)
{
  if (self->search_bar == NULL)
    return;

  gtk_entry_set_text (self->search_entry, "");
  gtk_toggle_button_set_active (self->search_button, FALSE);
}

void
cvm_main_page_tell (CvmMainPage *self,
                    const char  *message,
                    const char  *label,
                    GCallback    clicked,
                    gpointer     object)
{
  int below;

  if (self->banner == NULL && message == NULL)
    return;

  if (self->banner == NULL)
    {
      self->banner = g_object_new (CVM_TYPE_BANNER, NULL);
      gtk_container_child_get (GTK_CONTAINER (self->place_box), GTK_WIDGET (self->waiting_bar),
                               "position", &below, NULL);
      gtk_container_add (GTK_CONTAINER (self->place_box), GTK_WIDGET (self->banner));
      gtk_box_reorder_child (self->place_box, GTK_WIDGET (self->banner), below);
    }
  cvm_banner_tell (self->banner, message, label, clicked, object);
}

/* As a page: what its place is -------------------------------------------------------------- */

static void
show (CvmPage *page)
{
  CvmMainPage *self = CVM_MAIN_PAGE (page);
  CvmPage *place = get_place (self);

  if (place != NULL)
    cvm_page_show (place);
  if (self->is_loaded)
    count_places (self);    /* an editor or an import may have made more */
}

static void
find (CvmPage *page)
{
  CvmMainPage *self = CVM_MAIN_PAGE (page);
  CvmPage *place = get_place (self);

  if (place == NULL || !cvm_page_can_search (place))
    return;

  gtk_toggle_button_set_active (self->search_button, TRUE);
  gtk_widget_grab_focus (GTK_WIDGET (self->search_entry));
}

static const char *
get_help (CvmPage *page)
{
  CvmPage *place = get_place (CVM_MAIN_PAGE (page));

  return place != NULL ? cvm_page_get_help (place) : NULL;
}

static void
page_init (CvmPageInterface *iface)
{
  iface->show = show;
  iface->find = find;
  iface->get_help = get_help;
}
