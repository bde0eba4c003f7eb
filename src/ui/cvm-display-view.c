/* cvm-display-view.c: the guest's screen, live, or as it was at some moment
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-display-view.h"

#include <glib/gi18n.h>

#include "cvm-full-screen.h"
#include "cvm-guest-keys.h"
#include "cvm-guest-screen.h"
#include "cvm-picture.h"
#include "cvm-screenshot.h"
#include "cvm-stage.h"

struct _CvmDisplayView
{
  GtkBox              parent_instance;

  GtkStack           *stack;
  GtkWidget          *frame;
  GtkScrolledWindow  *scroller;
  CvmGuestScreen     *screen;
  CvmPicture         *still;
  GtkLabel           *nothing;
  GtkLabel           *hint;
  GtkWidget          *save_button;

  GSimpleActionGroup *actions;
  CvmRun             *run;             /* owned, or NULL */
  char               *job;
  char               *still_path;      /* shown instead of the live screen, or NULL */
  char               *caption;         /* of it */
  char               *kept_path;       /* the last screenshot, or NULL */
  gboolean            is_chord;        /* Ctrl and Alt are down, and nothing was pressed with them */
};

G_DEFINE_FINAL_TYPE (CvmDisplayView, cvm_display_view, GTK_TYPE_BOX)

static void
set_class (gpointer    widget,
           const char *name,
           gboolean    is_set)
{
  GtkStyleContext *style = gtk_widget_get_style_context (widget);

  if (is_set)
    gtk_style_context_add_class (style, name);
  else
    gtk_style_context_remove_class (style, name);
}

static void
enable (CvmDisplayView *self,
        const char     *name,
        gboolean        is_enabled)
{
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self->actions), name);

  g_simple_action_set_enabled (G_SIMPLE_ACTION (action), is_enabled);
}

static const char *
choose_hint (CvmDisplayView *self)
{
  if (self->caption != NULL)
    return self->caption;
  if (cvm_display_view_is_typing (self))
    return _("The guest gets keys and mouse. Press Shift+F12 to take them back.");
  if (cvm_guest_screen_is_live (self->screen))
    return _("Click the picture, or press Enter on it, to type into the guest.");

  return _("The display is closed. This is its last picture.");
}

/* What can be seen decides what can be done */
static void
refresh (CvmDisplayView *self)
{
  gboolean is_live = cvm_guest_screen_is_live (self->screen);
  gboolean has_picture = cvm_guest_screen_get_vnc (self->screen) != NULL;
  gboolean is_still = self->caption != NULL;
  const char *child = has_picture ? "live" : "nothing";

  if (is_still)
    child = self->still_path != NULL ? "still" : "unseen";
  gtk_stack_set_visible_child_name (self->stack, child);
  gtk_widget_set_visible (GTK_WIDGET (self->hint), is_still || has_picture);
  gtk_label_set_text (self->hint, choose_hint (self));
  gtk_widget_hide (self->save_button);
  enable (self, "send", is_live && !is_still);
  enable (self, "full-screen", is_live && !is_still);
  enable (self, "fit", has_picture && !is_still);
  enable (self, "screenshot", is_still ? self->still_path != NULL : is_live);
}

/* Keys ------------------------------------------------------------------------------------- */

/* What was pressed to leave goes up in the guest too */
static void
let_go (VncDisplay *vnc)
{
  static const guint chord[] = { GDK_KEY_Control_L, GDK_KEY_Alt_L };

  vnc_display_send_keys_ex (vnc, chord, G_N_ELEMENTS (chord), VNC_DISPLAY_KEY_EVENT_RELEASE);
  vnc_display_force_grab (vnc, FALSE);
}

/* Who holds the class cvm-guest-input gets every key before the window's own shortcuts do */
static void
set_typing (CvmDisplayView *self,
            gboolean        is_typing)
{
  VncDisplay *vnc = cvm_guest_screen_get_vnc (self->screen);

  if (vnc == NULL || is_typing == cvm_display_view_is_typing (self))
    return;

  self->is_chord = FALSE;
  if (!is_typing)
    let_go (vnc);
  vnc_display_set_read_only (vnc, !is_typing);

  set_class (vnc, "cvm-guest-input", is_typing);
  set_class (self->frame, "cvm-typing", is_typing);
  refresh (self);
}

static gboolean
on_button_pressed (CvmDisplayView *self,
                   GdkEventButton *event,
                   GtkWidget      *widget)
{
  gtk_widget_grab_focus (widget);
  if (cvm_guest_screen_is_live (self->screen))
    set_typing (self, TRUE);

  return GDK_EVENT_PROPAGATE;
}

/* The other modifier, if KEYVAL is one of the two that leave; else 0 */
static GdkModifierType
other_modifier (guint keyval)
{
  switch (keyval)
    {
    case GDK_KEY_Control_L:
    case GDK_KEY_Control_R:
      return GDK_MOD1_MASK;
    case GDK_KEY_Alt_L:
    case GDK_KEY_Alt_R:
    case GDK_KEY_Meta_L:
      return GDK_CONTROL_MASK;
    default:
      return 0;
    }
}

static gboolean
on_key_pressed (CvmDisplayView *self,
                GdkEventKey    *event)
{
  gboolean is_enter = event->keyval == GDK_KEY_Return || event->keyval == GDK_KEY_KP_Enter;

  if (!cvm_display_view_is_typing (self))
    {
      if (!is_enter || !cvm_guest_screen_is_live (self->screen))
        return GDK_EVENT_PROPAGATE;

      set_typing (self, TRUE);
      return GDK_EVENT_STOP;
    }

  self->is_chord = (event->state & other_modifier (event->keyval)) != 0;
  if (event->keyval != GDK_KEY_F12 || (event->state & GDK_SHIFT_MASK) == 0)
    return GDK_EVENT_PROPAGATE;

  set_typing (self, FALSE);    /* as in the serial console, where Ctrl and Alt are keys */
  return GDK_EVENT_STOP;
}

static gboolean
on_key_released (CvmDisplayView *self,
                 GdkEventKey    *event)
{
  if (self->is_chord && other_modifier (event->keyval) != 0)
    set_typing (self, FALSE);

  return GDK_EVENT_PROPAGATE;
}

static gboolean
on_focus_left (CvmDisplayView *self)
{
  set_typing (self, FALSE);

  return GDK_EVENT_PROPAGATE;
}

static guint
chord_len (const CvmGuestChord *chord)
{
  guint n = 0;

  while (chord->keys[n] != 0)
    n++;

  return n;
}

static void
on_send (GSimpleAction *action,
         GVariant      *id,
         gpointer       data)
{
  CvmDisplayView *self = data;
  const CvmGuestChord *chord = cvm_guest_chord_find (g_variant_get_string (id, NULL));
  VncDisplay *vnc = cvm_guest_screen_get_vnc (self->screen);
  gboolean is_read_only;

  if (vnc == NULL || chord == NULL)
    return;

  is_read_only = vnc_display_get_read_only (vnc);
  vnc_display_set_read_only (vnc, FALSE);
  vnc_display_send_keys (vnc, chord->keys, (int)chord_len (chord));
  vnc_display_set_read_only (vnc, is_read_only);
}

/* Size ------------------------------------------------------------------------------------- */

static void
set_fit (CvmDisplayView *self,
         gboolean        is_fit)
{
  VncDisplay *vnc = cvm_guest_screen_get_vnc (self->screen);

  gtk_scrolled_window_set_policy (self->scroller,
                                  is_fit ? GTK_POLICY_EXTERNAL : GTK_POLICY_AUTOMATIC,
                                  is_fit ? GTK_POLICY_EXTERNAL : GTK_POLICY_AUTOMATIC);
  if (vnc == NULL)
    return;

  vnc_display_set_force_size (vnc, !is_fit);
  vnc_display_set_scaling (vnc, is_fit);
  if (is_fit)
    gtk_widget_set_size_request (GTK_WIDGET (vnc), -1, -1);
  else
    gtk_widget_set_size_request (GTK_WIDGET (vnc), vnc_display_get_width (vnc),
                                 vnc_display_get_height (vnc));
}

static gboolean
is_fit (CvmDisplayView *self)
{
  g_autoptr(GVariant) state = g_action_group_get_action_state (G_ACTION_GROUP (self->actions),
                                                               "fit");

  return g_variant_get_boolean (state);
}

static void
on_fit (GSimpleAction *action,
        GVariant      *state,
        gpointer       data)
{
  g_simple_action_set_state (action, state);
  set_fit (data, g_variant_get_boolean (state));
}

static void
on_full_screen (GSimpleAction *action,
                GVariant      *parameter,
                gpointer       data)
{
  CvmDisplayView *self = data;
  GtkWidget *toplevel = gtk_widget_get_toplevel (GTK_WIDGET (self));

  if (self->run != NULL && GTK_IS_WINDOW (toplevel))
    cvm_full_screen_show (GTK_WINDOW (toplevel), self->run, self->job);
}

/* Screenshots ------------------------------------------------------------------------------ */

static void
show_kept (CvmDisplayView *self,
           const char     *text)
{
  gtk_label_set_text (self->hint, text);
  gtk_widget_show (GTK_WIDGET (self->hint));
  gtk_widget_set_visible (self->save_button, self->kept_path != NULL);
}

static void
on_kept (GObject      *source,
         GAsyncResult *result,
         gpointer      data)
{
  g_autoptr(CvmDisplayView) self = data;
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;
  g_autofree char *name = NULL;

  g_free (self->kept_path);
  self->kept_path = cvm_screenshot_keep_finish (result, &error);
  if (self->kept_path == NULL)
    text = g_strdup_printf (_("The screenshot was not kept: %s"), error->message);
  else
    {
      name = g_path_get_basename (self->kept_path);
      text = g_strdup_printf (_("Kept with the run as %s"), name);
    }

  show_kept (self, text);
}

static void
on_screenshot (GSimpleAction *action,
               GVariant      *parameter,
               gpointer       data)
{
  CvmDisplayView *self = data;
  VncDisplay *vnc = cvm_guest_screen_get_vnc (self->screen);
  g_autoptr(GdkPixbuf) pixbuf = NULL;

  if (self->still_path != NULL)   /* that one is kept already */
    {
      cvm_screenshot_save_elsewhere (GTK_WIDGET (self), self->still_path);
      return;
    }

  pixbuf = vnc != NULL ? vnc_display_get_pixbuf (vnc) : NULL;
  if (pixbuf != NULL && self->run != NULL)
    cvm_screenshot_keep_async (self->run, self->job, pixbuf, on_kept, g_object_ref (self));
}

static void
on_save (GSimpleAction *action,
         GVariant      *parameter,
         gpointer       data)
{
  CvmDisplayView *self = data;

  if (self->kept_path != NULL)
    cvm_screenshot_save_elsewhere (GTK_WIDGET (self), self->kept_path);
}

/* The screen ------------------------------------------------------------------------------- */

static void
on_screen_made (CvmDisplayView *self,
                GtkWidget      *vnc)
{
  g_signal_connect_object (vnc, "button-press-event", G_CALLBACK (on_button_pressed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (vnc, "key-press-event", G_CALLBACK (on_key_pressed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (vnc, "key-release-event", G_CALLBACK (on_key_released), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (vnc, "focus-out-event", G_CALLBACK (on_focus_left), self,
                           G_CONNECT_SWAPPED);
  gtk_widget_set_can_focus (vnc, TRUE);
  set_class (self->frame, "cvm-typing", FALSE);
  set_fit (self, is_fit (self));
}

static void
on_screen_changed (CvmDisplayView *self)
{
  if (!cvm_guest_screen_is_live (self->screen))
    set_typing (self, FALSE);
  else
    set_fit (self, is_fit (self));
  refresh (self);
}

static void
cvm_display_view_dispose (GObject *object)
{
  CvmDisplayView *self = CVM_DISPLAY_VIEW (object);

  g_clear_object (&self->run);
  g_clear_object (&self->actions);
  g_clear_pointer (&self->job, g_free);
  g_clear_pointer (&self->still_path, g_free);
  g_clear_pointer (&self->caption, g_free);
  g_clear_pointer (&self->kept_path, g_free);

  G_OBJECT_CLASS (cvm_display_view_parent_class)->dispose (object);
}

static void
cvm_display_view_class_init (CvmDisplayViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (CVM_TYPE_GUEST_SCREEN);
  g_type_ensure (CVM_TYPE_PICTURE);
  G_OBJECT_CLASS (klass)->dispose = cvm_display_view_dispose;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/cvmtester/CvmTester/ui/cvm-display-view.ui");
  gtk_widget_class_bind_template_child (widget_class, CvmDisplayView, stack);
  gtk_widget_class_bind_template_child (widget_class, CvmDisplayView, frame);
  gtk_widget_class_bind_template_child (widget_class, CvmDisplayView, scroller);
  gtk_widget_class_bind_template_child (widget_class, CvmDisplayView, screen);
  gtk_widget_class_bind_template_child (widget_class, CvmDisplayView, still);
  gtk_widget_class_bind_template_child (widget_class, CvmDisplayView, nothing);
  gtk_widget_class_bind_template_child (widget_class, CvmDisplayView, hint);
  gtk_widget_class_bind_template_child (widget_class, CvmDisplayView, save_button);
  gtk_widget_class_bind_template_callback (widget_class, on_screen_made);
  gtk_widget_class_bind_template_callback (widget_class, on_screen_changed);
}

static void
cvm_display_view_init (CvmDisplayView *self)
{
  static const GActionEntry entries[] = {
    { "send", on_send, "s", NULL, NULL },
    { "screenshot", on_screenshot, NULL, NULL, NULL },
    { "save", on_save, NULL, NULL, NULL },
    { "full-screen", on_full_screen, NULL, NULL, NULL },
    { "fit", NULL, NULL, "true", on_fit },
  };

  self->actions = g_simple_action_group_new ();
  g_action_map_add_action_entries (G_ACTION_MAP (self->actions), entries, G_N_ELEMENTS (entries),
                                   self);
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_insert_action_group (GTK_WIDGET (self), "display", G_ACTION_GROUP (self->actions));
}

void
cvm_display_view_set_run (CvmDisplayView *self,
                          CvmRun         *run,
                          const char     *job)
{
  g_set_object (&self->run, run);
  g_free (self->job);
  self->job = g_strdup (job);
  g_clear_pointer (&self->still_path, g_free);
  g_clear_pointer (&self->caption, g_free);
  cvm_picture_set_path (self->still, NULL);
  cvm_guest_screen_set_run (self->screen, run, job);
  gtk_label_set_text (self->nothing, run != NULL
                      ? _("The guest's display appears here when it starts.")
                      : _("No pictures of this guest were kept."));
  refresh (self);
}

void
cvm_display_view_connect (CvmDisplayView *self)
{
  cvm_guest_screen_connect (self->screen);
}

void
cvm_display_view_end (CvmDisplayView *self)
{
  cvm_guest_screen_end (self->screen);
  gtk_label_set_text (self->nothing, _("The guest had no display, or never started."));
  refresh (self);
}

void
cvm_display_view_show_still (CvmDisplayView *self,
                             const char     *path,
                             const char     *caption)
{
  g_autofree char *old_caption = g_steal_pointer (&self->caption);
  g_autofree char *old_path = g_steal_pointer (&self->still_path);

  set_typing (self, FALSE);
  self->still_path = g_strdup (path);
  self->caption = g_strdup (caption);
  cvm_picture_set_path (self->still, path);
  atk_object_set_name (gtk_widget_get_accessible (GTK_WIDGET (self->still)),
                       caption != NULL ? caption : "");
  refresh (self);
}

GActionGroup *
cvm_display_view_get_actions (CvmDisplayView *self)
{
  return G_ACTION_GROUP (self->actions);
}

gboolean
cvm_display_view_is_typing (CvmDisplayView *self)
{
  VncDisplay *vnc = cvm_guest_screen_get_vnc (self->screen);

  return vnc != NULL && !vnc_display_get_read_only (vnc);
}
