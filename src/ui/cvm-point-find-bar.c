/* cvm-point-find-bar.c: what to find, how often it is there, and on to the next
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-point-find-bar.h"

#include <glib/gi18n.h>
#include <handy.h>

#include "cvm-stage.h"

#define STEP_US       6000   /* of a frame's 16 ms */
#define LOOK_AGAIN_MS 2000   /* while points go on coming */

struct _CvmPointFindBar
{
  GtkBox          parent_instance;

  HdySearchBar   *bar;
  GtkSearchEntry *entry;
  GtkLabel       *count;
  GtkWidget      *previous_button;
  GtkWidget      *next_button;

  CvmPointIndex  *index;       /* borrowed, or NULL */
  CvmPointFilter  filter;
  CvmPointFind   *find;        /* owned, or NULL */
  guint           current;
  gboolean        is_looking;
  gboolean        is_shown;    /* the current one was told of */
  guint           idle;
  guint           timer;
};

enum { FOUND, N_SIGNALS };

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (CvmPointFindBar, cvm_point_find_bar, GTK_TYPE_BOX)

static char *
describe_count (CvmPointFindBar *self)
{
  guint n = self->find != NULL ? cvm_point_find_count (self->find) : 0;
  const char *more = self->is_looking || n >= CVM_POINT_FIND_MAX ? "+" : "";

  if (self->find == NULL)
    return g_strdup ("");
  if (n == 0)
    return g_strdup (self->is_looking ? _("Looking…") : _("Not found"));

  return g_strdup_printf (_("%u of %u%s"), self->current + 1, n, more);
}

static void
show_count (CvmPointFindBar *self)
{
  g_autofree char *text = describe_count (self);
  gboolean has_any = self->find != NULL && cvm_point_find_count (self->find) > 0;

  if (g_strcmp0 (gtk_label_get_text (self->count), text) != 0)
    gtk_label_set_text (self->count, text);
  gtk_widget_set_visible (GTK_WIDGET (self->count), self->find != NULL);
  gtk_widget_set_sensitive (self->previous_button, has_any);
  gtk_widget_set_sensitive (self->next_button, has_any);
}

static void
show_current (CvmPointFindBar *self)
{
  self->is_shown = TRUE;
  show_count (self);
  g_signal_emit (self, signals[FOUND], 0);
}

static gboolean
on_idle (gpointer data)
{
  CvmPointFindBar *self = data;

  self->is_looking = cvm_point_find_step (self->find, STEP_US);
  if (!self->is_looking)
    self->idle = 0;

  if (!self->is_shown && cvm_point_find_count (self->find) > self->current)
    show_current (self);
  else
    show_count (self);

  return self->is_looking;
}

static void
stop (CvmPointFindBar *self)
{
  g_clear_handle_id (&self->idle, g_source_remove);
  g_clear_handle_id (&self->timer, g_source_remove);
  g_clear_pointer (&self->find, cvm_point_find_free);
  self->is_looking = FALSE;
}

/* Below drawing, so that what is on the screen is never late */
static void
start (CvmPointFindBar *self)
{
  const char *text = gtk_entry_get_text (GTK_ENTRY (self->entry));

  stop (self);
  if (self->index != NULL && *text != '\0' && hdy_search_bar_get_search_mode (self->bar))
    {
      self->find = cvm_point_find_new (self->index, self->filter, text);
      self->is_looking = TRUE;
      self->idle = g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, on_idle, self, NULL);
    }

  show_count (self);
}

static void
on_search_changed (CvmPointFindBar *self)
{
  self->current = 0;
  self->is_shown = FALSE;
  start (self);
}

static void
move_by (CvmPointFindBar *self,
         int              by)
{
  guint n = self->find != NULL ? cvm_point_find_count (self->find) : 0;

  if (n == 0)
    return;

  self->current = (self->current + n + by) % n;
  show_current (self);
}

static void
on_next (CvmPointFindBar *self)
{
  move_by (self, 1);
}

static void
on_previous (CvmPointFindBar *self)
{
  move_by (self, -1);
}

static gboolean
on_key (CvmPointFindBar *self,
        GdkEventKey     *event)
{
  gboolean is_return = event->keyval == GDK_KEY_Return || event->keyval == GDK_KEY_KP_Enter;

  if (!is_return || (event->state & GDK_SHIFT_MASK) == 0)
    return GDK_EVENT_PROPAGATE;

  on_previous (self);

  return GDK_EVENT_STOP;
}

static void
on_mode_changed (CvmPointFindBar *self)
{
  if (hdy_search_bar_get_search_mode (self->bar))
    on_search_changed (self);
  else
    stop (self);
}

static gboolean
on_look_again (gpointer data)
{
  CvmPointFindBar *self = data;

  self->timer = 0;
  start (self);

  return G_SOURCE_REMOVE;
}

static void
cvm_point_find_bar_dispose (GObject *object)
{
  stop (CVM_POINT_FIND_BAR (object));

  G_OBJECT_CLASS (cvm_point_find_bar_parent_class)->dispose (object);
}

static void
cvm_point_find_bar_class_init (CvmPointFindBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cvm_point_find_bar_dispose;

  signals[FOUND] = g_signal_new ("found", CVM_TYPE_POINT_FIND_BAR, G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/cvmtester/CvmTester/ui/cvm-point-find-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, CvmPointFindBar, bar);
  gtk_widget_class_bind_template_child (widget_class, CvmPointFindBar, entry);
  gtk_widget_class_bind_template_child (widget_class, CvmPointFindBar, count);
  gtk_widget_class_bind_template_child (widget_class, CvmPointFindBar, previous_button);
  gtk_widget_class_bind_template_child (widget_class, CvmPointFindBar, next_button);
  gtk_widget_class_bind_template_callback (widget_class, on_search_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_next);
  gtk_widget_class_bind_template_callback (widget_class, on_previous);
  gtk_widget_class_bind_template_callback (widget_class, on_key);
  gtk_widget_class_bind_template_callback (widget_class, on_mode_changed);
}

static void
cvm_point_find_bar_init (CvmPointFindBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  hdy_search_bar_connect_entry (self->bar, GTK_ENTRY (self->entry));
  show_count (self);
}

void
cvm_point_find_bar_open (CvmPointFindBar *self)
{
  hdy_search_bar_set_search_mode (self->bar, TRUE);
  gtk_widget_grab_focus (GTK_WIDGET (self->entry));
}

gboolean
cvm_point_find_bar_close (CvmPointFindBar *self)
{
  GtkWidget *focus = cvm_stage_get_focus (GTK_WIDGET (self));

  if (focus == NULL || !gtk_widget_is_ancestor (focus, GTK_WIDGET (self)))
    return FALSE;

  hdy_search_bar_set_search_mode (self->bar, FALSE);

  return TRUE;
}

void
cvm_point_find_bar_set_source (CvmPointFindBar *self,
                               CvmPointIndex   *index,
                               CvmPointFilter   filter)
{
  self->index = index;
  self->filter = filter;
  self->current = 0;
  self->is_shown = TRUE;   /* the user has not asked to go anywhere */
  start (self);
}

void
cvm_point_find_bar_look_again (CvmPointFindBar *self)
{
  if (self->find != NULL && !self->is_looking && self->timer == 0)
    self->timer = g_timeout_add (LOOK_AGAIN_MS, on_look_again, self);
}

guint
cvm_point_find_bar_get (CvmPointFindBar *self,
                        const CvmPoint  *chain[CVM_RESULT_MAX_CHAIN])
{
  if (self->find == NULL || self->current >= cvm_point_find_count (self->find))
    return 0;

  return cvm_point_find_get (self->find, self->current, chain);
}
