/* cvm-window.c: the main window: the places, and the runs that are looked at
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-window.h"

#include <glib/gi18n.h>

#include "cvm-compare-page.h"
#include "cvm-launcher.h"
#include "cvm-leftovers.h"
#include "cvm-main-page.h"
#include "cvm-new-run-page.h"
#include "cvm-pages.h"
#include "cvm-report-keeper.h"
#include "cvm-run-page.h"
#include "cvm-runs-page.h"
#include "cvm-stage.h"
#include "cvm-submitter.h"
#include "cvm-toast.h"
#include "cvm-window-state.h"

#define NEW_RUN "new"    /* the page's name; those of run pages are paths */
#define STATE_GROUP "Window"
#define KEEP_AFTER_S 1

struct _CvmWindow
{
  HdyApplicationWindow  parent_instance;

  GtkWidget            *content;
  CvmPages             *pages;        /* a run's page is named by its folder */
  CvmMainPage          *main_page;
  CvmToast             *toast;
  CvmRunsPage          *runs_page;    /* a place of the main page */
  CvmLeftovers         *leftovers;

  const CvmBackend     *backend;
  CvmLauncher          *launcher;
  CvmWindowState       *state;
  guint                 keep_timer;
  GPtrArray            *live;         /* of CvmReportKeeper: the runs that live */
  GCancellable         *cancellable;
  gboolean              is_loaded;    /* the window has been seen, and what there is was asked for */
  gboolean              is_leaving;
  gboolean              was_stopped;  /* a run was, by closing the window */
};

enum { LEFT, N_SIGNALS };

static guint signals[N_SIGNALS];

static void stage_init (CvmStageInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (CvmWindow, cvm_window, HDY_TYPE_APPLICATION_WINDOW,
                               G_IMPLEMENT_INTERFACE (CVM_TYPE_STAGE, stage_init))

static GtkWidget *
get_page (CvmWindow *self)
{
  return gtk_stack_get_visible_child (GTK_STACK (self->pages));
}

static CvmRunPage *
get_run_page (CvmWindow *self)
{
  GtkWidget *page = get_page (self);

  return CVM_IS_RUN_PAGE (page) ? CVM_RUN_PAGE (page) : NULL;
}

static void
enable (CvmWindow  *self,
        const char *name,
        gboolean    is_enabled)
{
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self), name);

  g_simple_action_set_enabled (G_SIMPLE_ACTION (action), is_enabled);
}

static void
sync_actions (CvmWindow *self)
{
  CvmRunPage *page = get_run_page (self);
  gboolean can_launch = self->launcher != NULL && !cvm_launcher_is_busy (self->launcher)
                        && !self->is_leaving;
  gboolean is_over = page != NULL && !cvm_run_page_is_live (page);

  enable (self, "back", get_page (self) != GTK_WIDGET (self->main_page));
  enable (self, "pause", page != NULL && cvm_run_page_can_stop (page));
  enable (self, "stop", page != NULL && cvm_run_page_can_stop (page));
  enable (self, "again", is_over && can_launch);
  enable (self, "again-failed", is_over && can_launch);
  enable (self, "new", !self->is_leaving);
  enable (self, "demo", can_launch);
}

/* State ----------------------------------------------------------------------------------- */

static void
save_place (GtkWidget *page,
            gpointer   state)
{
  cvm_page_save (CVM_PAGE (page), state);
}

static void
note_state (CvmWindow *self)
{
  GKeyFile *keys = cvm_window_state_get (self->state);
  CvmRunPage *run_page = get_run_page (self);
  int width, height;

  gtk_window_get_size (GTK_WINDOW (self), &width, &height);
  if (!gtk_window_is_maximized (GTK_WINDOW (self)))
    {
      g_key_file_set_integer (keys, STATE_GROUP, "Width", width);
      g_key_file_set_integer (keys, STATE_GROUP, "Height", height);
    }
  g_key_file_set_boolean (keys, STATE_GROUP, "Maximized",
                          gtk_window_is_maximized (GTK_WINDOW (self)));
  g_key_file_set_string (keys, STATE_GROUP, "Place", cvm_main_page_get_place (self->main_page));
  /* one that lives is not come back to: if the program dies, the places tell of that */
  g_key_file_set_string (keys, STATE_GROUP, "Run",
                         run_page != NULL && !cvm_run_page_is_live (run_page)
                           ? cvm_run_page_get_dir (run_page) : "");
  cvm_main_page_for_each (self->main_page, save_place, keys);
}

static void
keep_state (CvmWindow *self)
{
  g_clear_handle_id (&self->keep_timer, g_source_remove);
  note_state (self);
  cvm_window_state_keep (self->state);
}

static gboolean
on_keep (gpointer data)
{
  CvmWindow *self = data;

  self->keep_timer = 0;
  keep_state (self);

  return G_SOURCE_REMOVE;
}

/* Soon, so that a program that is killed loses little; not at each pixel of a resize */
static void
keep_state_soon (CvmWindow *self)
{
  if (self->keep_timer == 0 && self->is_loaded && !self->is_leaving)
    self->keep_timer = g_timeout_add_seconds (KEEP_AFTER_S, on_keep, self);
}

static void
restore_size (CvmWindow *self)
{
  GKeyFile *keys = cvm_window_state_get (self->state);
  int width = g_key_file_get_integer (keys, STATE_GROUP, "Width", NULL);
  int height = g_key_file_get_integer (keys, STATE_GROUP, "Height", NULL);

  if (width > 0 && height > 0 && width <= G_MAXINT16 && height <= G_MAXINT16)
    gtk_window_set_default_size (GTK_WINDOW (self), width, height);
  if (g_key_file_get_boolean (keys, STATE_GROUP, "Maximized", NULL))
    gtk_window_maximize (GTK_WINDOW (self));
}

/* Pages ----------------------------------------------------------------------------------- */

static void
on_page_shown (CvmWindow *self)
{
  if (self->pages == NULL || gtk_widget_in_destruction (GTK_WIDGET (self)))
    return;

  sync_actions (self);
  keep_state_soon (self);
}

static void
push (CvmStage   *stage,
      GtkWidget  *page,
      const char *name)
{
  cvm_pages_push (CVM_WINDOW (stage)->pages, page, name);
}

static void
pop (CvmStage *stage)
{
  cvm_pages_pop (CVM_WINDOW (stage)->pages);
}

static void
add_run_page (CvmWindow  *self,
              CvmRunPage *page)
{
  g_signal_connect_object (page, "changed", G_CALLBACK (sync_actions), self, G_CONNECT_SWAPPED);
  cvm_pages_add (self->pages, GTK_WIDGET (page), cvm_run_page_get_dir (page));
}

static void
open_run (CvmStage   *stage,
          const char *dir)
{
  CvmWindow *self = CVM_WINDOW (stage);

  if (gtk_stack_get_child_by_name (GTK_STACK (self->pages), dir) == NULL)
    add_run_page (self, cvm_run_page_new_past (dir));
  push (stage, gtk_stack_get_child_by_name (GTK_STACK (self->pages), dir), dir);
}

static void
go (CvmStage   *stage,
    const char *place)
{
  CvmWindow *self = CVM_WINDOW (stage);

  cvm_main_page_go (self->main_page, place);
  cvm_pages_go_home (self->pages);
}

/* Runs ------------------------------------------------------------------------------------ */

static void
leave_now (CvmWindow *self)
{
  g_signal_emit (self, signals[LEFT], 0,
                 self->was_stopped ? CVM_STATUS_CANCELLED : CVM_STATUS_PASSED);
  gtk_widget_destroy (GTK_WIDGET (self));
}

static void
show_running (CvmWindow *self)
{
  cvm_main_page_set_running (self->main_page, self->live->len);
}

static void
on_run_finished (CvmWindow *self,
                 CvmRun    *run)
{
  g_autoptr(CvmWindow) alive = g_object_ref (self);
  g_autoptr(CvmRun) kept = g_object_ref (run);

  for (guint i = 0; i < self->live->len; i++)
    {
      if (cvm_report_keeper_get_run (self->live->pdata[i]) == run)
        {
          g_ptr_array_remove_index (self->live, i);
          break;
        }
    }

  cvm_submitter_run_ended (cvm_submitter_get_default (), cvm_run_get_dir (run));
  show_running (self);
  if (self->is_leaving && self->live->len == 0)
    leave_now (self);
}

/* Where the user looks: on the page that is seen, if it can tell */
static void
tell (CvmStage   *stage,
      const char *message)
{
  CvmWindow *self = CVM_WINDOW (stage);

  if (!cvm_page_tell (CVM_PAGE (get_page (self)), message))
    cvm_main_page_tell (self->main_page, message, NULL, NULL, NULL);
}

/* The way back from a run does not lead to the choice that made it, or to the run before it */
static gboolean
makes_runs (GtkWidget *page)
{
  return CVM_IS_NEW_RUN_PAGE (page) || CVM_IS_RUN_PAGE (page);
}

/* Its page is there, and not seen before it is opened */
static void
start_run (CvmWindow *self,
           CvmRun    *run,
           gint64     usual_ms)
{
  g_ptr_array_add (self->live, cvm_report_keeper_new (run));
  cvm_runs_page_add_live (self->runs_page, run);
  show_running (self);
  add_run_page (self, cvm_run_page_new_live (run, usual_ms));
  g_signal_connect_object (run, "finished", G_CALLBACK (on_run_finished), self, G_CONNECT_SWAPPED);
  cvm_run_start (run);
}

static void
on_run_ready (CvmWindow *self,
              CvmRun    *run,
              gint64     usual_ms)
{
  const char *server = cvm_plan_get_server (cvm_run_get_plan (run));

  if (self->is_leaving)
    return;

  if (server != NULL)
    cvm_submitter_send_at_end (cvm_submitter_get_default (), cvm_run_get_dir (run), server);
  start_run (self, run, usual_ms);
  cvm_pages_cut (self->pages, makes_runs);
  open_run (CVM_STAGE (self), cvm_run_get_dir (run));
}

static void
on_launch_failed (CvmWindow  *self,
                  const char *message)
{
  if (!self->is_leaving)
    tell (CVM_STAGE (self), message);
}

static void
launch_past (CvmWindow  *self,
             const char *dir,
             gboolean    only_failed)
{
  tell (CVM_STAGE (self), NULL);
  cvm_launcher_past (self->launcher, dir, only_failed);
}

static void
on_leftovers_again (CvmWindow  *self,
                    const char *dir)
{
  launch_past (self, dir, FALSE);
}

static void
on_leftovers_removed (CvmWindow *self)
{
  cvm_runs_page_load (self->runs_page);
}

static void
on_place_made (CvmWindow *self,
               CvmPage   *page)
{
  cvm_page_restore (page, cvm_window_state_get (self->state));
  if (!CVM_IS_RUNS_PAGE (page))
    return;

  self->runs_page = CVM_RUNS_PAGE (page);
  g_signal_connect_object (page, "died", G_CALLBACK (cvm_leftovers_look), self->leftovers,
                           G_CONNECT_SWAPPED);
}

/* Leaving --------------------------------------------------------------------------------- */

static void
stop_all (CvmWindow *self)
{
  for (guint i = 0; i < self->live->len; i++)
    {
      CvmRun *run = cvm_report_keeper_get_run (self->live->pdata[i]);

      self->was_stopped |= !cvm_run_is_idle (run);
      cvm_run_cancel (run);
    }

  for (g_autoptr(GList) children = gtk_container_get_children (GTK_CONTAINER (self->pages));
       children != NULL; children = g_list_delete_link (children, children))
    {
      if (CVM_IS_RUN_PAGE (children->data))
        cvm_run_page_stop (children->data);
    }
}

/* The window goes when the last guest is gone; until then it shows that it stops */
static gboolean
cvm_window_delete_event (GtkWidget   *widget,
                         GdkEventAny *event)
{
  cvm_window_leave (CVM_WINDOW (widget));

  return GDK_EVENT_STOP;
}

/* What has the keys of a guest gets them before the shortcuts do */
static gboolean
cvm_window_key_press_event (GtkWidget   *widget,
                            GdkEventKey *event)
{
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (widget));

  if (focus != NULL
      && gtk_style_context_has_class (gtk_widget_get_style_context (focus), "cvm-guest-input")
      && gtk_window_propagate_key_event (GTK_WINDOW (widget), event))
    return GDK_EVENT_STOP;

  return GTK_WIDGET_CLASS (cvm_window_parent_class)->key_press_event (widget, event);
}

/* Actions --------------------------------------------------------------------------------- */

static void
on_back (GSimpleAction *action,
         GVariant      *parameter,
         gpointer       data)
{
  pop (data);
}

static void
on_find (GSimpleAction *action,
         GVariant      *parameter,
         gpointer       data)
{
  CvmWindow *self = data;

  cvm_page_find (CVM_PAGE (get_page (self)));
}

static void
on_menu (GSimpleAction *action,
         GVariant      *parameter,
         gpointer       data)
{
  cvm_page_open_menu (CVM_PAGE (get_page (data)));
}

static void
on_stop (GSimpleAction *action,
         GVariant      *parameter,
         gpointer       data)
{
  CvmRunPage *page = get_run_page (data);

  if (page != NULL)
    cvm_run_page_stop (page);
}

static void
on_pause (GSimpleAction *action,
          GVariant      *parameter,
          gpointer       data)
{
  CvmRunPage *page = get_run_page (data);

  if (page != NULL)
    cvm_run_page_toggle_pause (page);
}

static void
on_again (GSimpleAction *action,
          GVariant      *parameter,
          gpointer       data)
{
  CvmWindow *self = data;
  CvmRunPage *page = get_run_page (self);
  CvmRun *run = page != NULL ? cvm_run_page_get_run (page) : NULL;

  if (run != NULL)
    cvm_launcher_plan (self->launcher, cvm_run_get_plan (run));
  else if (page != NULL)
    launch_past (self, cvm_run_page_get_dir (page), FALSE);
}

static void
on_again_of (GSimpleAction *action,
             GVariant      *parameter,
             gpointer       data)
{
  launch_past (data, g_variant_get_string (parameter, NULL), FALSE);
}

static void
on_again_failed_of (GSimpleAction *action,
                    GVariant      *parameter,
                    gpointer       data)
{
  launch_past (data, g_variant_get_string (parameter, NULL), TRUE);
}

static void
on_again_check_of (GSimpleAction *action,
                   GVariant      *parameter,
                   gpointer       data)
{
  CvmWindow *self = data;
  const char *dir, *job, *only;

  if (self->is_leaving)
    return;

  tell (CVM_STAGE (self), NULL);
  g_variant_get (parameter, "(&s&s&s)", &dir, &job, &only);
  cvm_launcher_check (self->launcher, dir, job, only);
}

static void
on_compare_of (GSimpleAction *action,
               GVariant      *parameter,
               gpointer       data)
{
  const char *dir, *other;

  g_variant_get (parameter, "(&s&s)", &dir, &other);
  cvm_compare_page_open (data, CVM_WINDOW (data)->backend->history, dir, other);
}

static void
on_again_failed (GSimpleAction *action,
                 GVariant      *parameter,
                 gpointer       data)
{
  CvmRunPage *page = get_run_page (data);

  if (page != NULL)
    cvm_run_page_again_failed (page);
}

static void
on_demo (GSimpleAction *action,
         GVariant      *parameter,
         gpointer       data)
{
  CvmWindow *self = data;
  CvmOrder *order = cvm_order_new ();

  cvm_order_add_suite (order, "demo");
  cvm_order_add_cell (order, "demo", NULL, NULL);
  tell (CVM_STAGE (self), NULL);
  cvm_launcher_order (self->launcher, order);
}

static void
on_new (GSimpleAction *action,
        GVariant      *parameter,
        gpointer       data)
{
  cvm_window_new_run (data, NULL);
}

static const GActionEntry actions[] = {
  { "back",  on_back },
  { "stop",  on_stop },
  { "pause", on_pause },
  { "again", on_again },
  { "again-failed", on_again_failed },
  { "again-of", on_again_of, "s" },                 /* the folder of a run of the past */
  { "again-failed-of", on_again_failed_of, "s" },
  { "again-check-of", on_again_check_of, "(sss)" },   /* folder, job, check */
  { "compare-of", on_compare_of, "(ss)" },            /* folders of runs; the second, or "" */
  { "demo",  on_demo },
  { "new",   on_new },
  { "find",  on_find },
  { "menu",  on_menu },
};

static void
cvm_window_dispose (GObject *object)
{
  CvmWindow *self = CVM_WINDOW (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_handle_id (&self->keep_timer, g_source_remove);
  g_clear_pointer (&self->live, g_ptr_array_unref);
  if (self->launcher != NULL)
    cvm_launcher_stop (self->launcher);
  if (self->leftovers != NULL)
    cvm_leftovers_stop (self->leftovers);
  g_clear_object (&self->launcher);
  g_clear_object (&self->leftovers);

  G_OBJECT_CLASS (cvm_window_parent_class)->dispose (object);
}

static void
cvm_window_finalize (GObject *object)
{
  g_object_unref (CVM_WINDOW (object)->state);

  G_OBJECT_CLASS (cvm_window_parent_class)->finalize (object);
}

static void
cvm_window_class_init (CvmWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cvm_window_dispose;
  G_OBJECT_CLASS (klass)->finalize = cvm_window_finalize;
  widget_class->delete_event = cvm_window_delete_event;
  widget_class->key_press_event = cvm_window_key_press_event;

  signals[LEFT] = g_signal_new ("left", CVM_TYPE_WINDOW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 1, G_TYPE_INT);

  g_type_ensure (CVM_TYPE_MAIN_PAGE);
  g_type_ensure (CVM_TYPE_PAGES);
  g_type_ensure (CVM_TYPE_TOAST);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/cvmtester/CvmTester/ui/cvm-window.ui");
  gtk_widget_class_bind_template_child (widget_class, CvmWindow, pages);
  gtk_widget_class_bind_template_child (widget_class, CvmWindow, content);
  gtk_widget_class_bind_template_child (widget_class, CvmWindow, main_page);
  gtk_widget_class_bind_template_child (widget_class, CvmWindow, toast);
  gtk_widget_class_bind_template_callback (widget_class, on_page_shown);
  gtk_widget_class_bind_template_callback (widget_class, on_place_made);
}

static void
cvm_window_init (CvmWindow *self)
{
  self->live = g_ptr_array_new_with_free_func ((GDestroyNotify)cvm_report_keeper_free);
  self->state = cvm_window_state_new (NULL);
  self->cancellable = g_cancellable_new ();
  g_action_map_add_action_entries (G_ACTION_MAP (self), actions, G_N_ELEMENTS (actions), self);

  gtk_widget_init_template (GTK_WIDGET (self));
  restore_size (self);
  g_signal_connect (self, "size-allocate", G_CALLBACK (keep_state_soon), NULL);
}

GtkWidget *
cvm_window_new (GtkApplication   *application,
                const CvmBackend *backend)
{
  CvmWindow *self = g_object_new (CVM_TYPE_WINDOW, "application", application, NULL);

  self->backend = backend;
  self->leftovers = cvm_leftovers_new (self->main_page, backend);
  g_signal_connect_object (self->leftovers, "removed", G_CALLBACK (on_leftovers_removed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->leftovers, "again", G_CALLBACK (on_leftovers_again), self,
                           G_CONNECT_SWAPPED);
  self->launcher = cvm_launcher_new (backend);
  g_signal_connect_object (self->launcher, "ready", G_CALLBACK (on_run_ready), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->launcher, "failed", G_CALLBACK (on_launch_failed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->launcher, "changed", G_CALLBACK (sync_actions), self,
                           G_CONNECT_SWAPPED);
  cvm_main_page_set_backend (self->main_page, backend);
  cvm_main_page_go (self->main_page, CVM_PLACE_RUNS);
  sync_actions (self);
  gtk_widget_show (self->content);

  return GTK_WIDGET (self);
}

/* A run that is gone meanwhile is not missed */
static void
on_run_seen (GObject      *source,
             GAsyncResult *result,
             gpointer      data)
{
  g_autoptr(CvmWindow) self = data;
  g_autoptr(GFileInfo) info = g_file_query_info_finish (G_FILE (source), result, NULL);
  g_autofree char *dir = g_file_get_path (G_FILE (source));

  if (info != NULL && !self->is_leaving && get_page (self) == GTK_WIDGET (self->main_page))
    open_run (CVM_STAGE (self), dir);
}

static void
restore_place (CvmWindow *self)
{
  GKeyFile *keys = cvm_window_state_get (self->state);
  g_autofree char *place = g_key_file_get_string (keys, STATE_GROUP, "Place", NULL);
  g_autofree char *run = g_key_file_get_string (keys, STATE_GROUP, "Run", NULL);
  g_autoptr(GFile) file = NULL;

  if (place != NULL)
    cvm_main_page_go (self->main_page, place);
  if (run == NULL || !g_path_is_absolute (run))
    return;

  file = g_file_new_for_path (run);
  g_file_query_info_async (file, G_FILE_ATTRIBUTE_STANDARD_TYPE, G_FILE_QUERY_INFO_NONE,
                           G_PRIORITY_DEFAULT, self->cancellable, on_run_seen,
                           g_object_ref (self));
}

void
cvm_window_load (CvmWindow *self)
{
  cvm_main_page_load (self->main_page);
  cvm_runs_page_load (self->runs_page);
  if (get_page (self) == GTK_WIDGET (self->main_page))
    restore_place (self);
  self->is_loaded = TRUE;
}

void
cvm_window_new_run (CvmWindow  *self,
                    const char *wanted)
{
  GtkWidget *page = gtk_stack_get_child_by_name (GTK_STACK (self->pages), NEW_RUN);

  if (page == NULL)
    page = cvm_new_run_page_new (self->backend, wanted);
  else
    cvm_new_run_page_want (CVM_NEW_RUN_PAGE (page), wanted);
  push (CVM_STAGE (self), page, NEW_RUN);
}

void
cvm_window_leave (CvmWindow *self)
{
  if (self->is_leaving)
    return;

  keep_state (self);
  self->is_leaving = TRUE;
  cvm_toast_commit (self->toast);
  if (self->live->len == 0)
    {
      leave_now (self);
      return;
    }

  stop_all (self);
  sync_actions (self);
}

/* What pages ask of it -------------------------------------------------------------------- */

static void
new_run (CvmStage   *stage,
         const char *image,
         CvmOrder   *order)
{
  cvm_window_new_run (CVM_WINDOW (stage), image);
  if (order != NULL)
    cvm_new_run_page_want_order (CVM_NEW_RUN_PAGE (get_page (CVM_WINDOW (stage))), order);
}

static void
launch (CvmStage *stage,
        CvmPlan  *plan)
{
  cvm_launcher_plan (CVM_WINDOW (stage)->launcher, plan);
}

static void
take_run (CvmStage *stage,
          CvmRun   *run)
{
  if (!CVM_WINDOW (stage)->is_leaving)
    start_run (CVM_WINDOW (stage), run, 0);
}

static void
end_search (CvmStage *stage)
{
  cvm_main_page_end_search (CVM_WINDOW (stage)->main_page);
}

static void
set_count (CvmStage   *stage,
           const char *place,
           guint       count,
           gboolean    is_attention)
{
  cvm_main_page_set_count (CVM_WINDOW (stage)->main_page, place, count, is_attention);
}

static void
offer_undo (CvmStage    *stage,
            const char  *text,
            CvmUndoFunc  undo,
            CvmUndoFunc  commit,
            gpointer     data)
{
  cvm_toast_offer (CVM_WINDOW (stage)->toast, text, undo, commit, data);
}

static void
stage_init (CvmStageInterface *iface)
{
  iface->push = push;
  iface->pop = pop;
  iface->go = go;
  iface->end_search = end_search;
  iface->open_run = open_run;
  iface->new_run = new_run;
  iface->launch = launch;
  iface->take_run = take_run;
  iface->tell = tell;
  iface->set_count = set_count;
  iface->offer_undo = offer_undo;
}

const char *
cvm_window_get_help (CvmWindow *self)
{
  return cvm_page_get_help (CVM_PAGE (get_page (self)));
}
