/* cvm-image-row.c: an image as a row: what it is, how it is, what can be done
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-image-row.h"

#include <gdk/gdkkeysyms.h>
#include <glib/gi18n.h>

struct _CvmImageRow
{
  GtkListBoxRow   parent_instance;

  GtkImage       *icon;
  GtkLabel       *title;
  GtkLabel       *about;
  GtkLabel       *problem;
  GtkLabel       *status;
  GtkProgressBar *progress;
  GtkButton      *button;
  GtkWidget      *menu_button;

  GtkWidget      *menu;   /* a popover once its button was pressed, or NULL */
  CvmImageItem   *item;   /* owned */
};

enum { ASKED, N_SIGNALS };

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (CvmImageRow, cvm_image_row, GTK_TYPE_LIST_BOX_ROW)

/* How each state is shown, and what its button asks for */
static const struct
{
  const char  *icon;
  const char  *style;
  const char  *label;
  CvmImageAsk  asks;
} looks[] = {
  [CVM_IMAGE_STATE_AWAY] = { "cvm-pending-symbolic", NULL, N_("Fetch"), CVM_IMAGE_ASK_FETCH },
  [CVM_IMAGE_STATE_PARTLY] = { "media-playback-pause-symbolic", NULL, N_("Resume"),
                               CVM_IMAGE_ASK_FETCH },
  [CVM_IMAGE_STATE_WAITING] = { "cvm-running-symbolic", "cvm-busy", N_("Cancel"),
                                CVM_IMAGE_ASK_CANCEL },
  [CVM_IMAGE_STATE_FETCHING] = { "cvm-running-symbolic", "cvm-busy", N_("Cancel"),
                                 CVM_IMAGE_ASK_CANCEL },
  [CVM_IMAGE_STATE_IMPORTING] = { "cvm-running-symbolic", "cvm-busy", N_("Cancel"),
                                  CVM_IMAGE_ASK_CANCEL },
  [CVM_IMAGE_STATE_CHECKING] = { "cvm-running-symbolic", "cvm-busy", N_("Cancel"),
                                 CVM_IMAGE_ASK_CANCEL },
  [CVM_IMAGE_STATE_HERE] = { "drive-harddisk-symbolic", NULL, N_("New Run"), CVM_IMAGE_ASK_RUN },
  [CVM_IMAGE_STATE_CHECKED] = { "cvm-passed-symbolic", "cvm-good", N_("New Run"),
                                CVM_IMAGE_ASK_RUN },
  [CVM_IMAGE_STATE_DAMAGED] = { "cvm-failed-symbolic", "cvm-bad", N_("Check Again"),
                                CVM_IMAGE_ASK_CHECK },
};

static CvmImageAsk
get_primary (CvmImageRow  *self,
             const char  **label)
{
  CvmImageState state = cvm_image_item_get_state (self->item);

  *label = _(looks[state].label);
  if (state == CVM_IMAGE_STATE_DAMAGED && cvm_image_item_get_entry (self->item) != NULL)
    {
      *label = _("Fetch Again");
      return CVM_IMAGE_ASK_FETCH;
    }
  if (state == CVM_IMAGE_STATE_AWAY && cvm_image_item_get_entry (self->item) == NULL)
    {
      *label = _("Dismiss");   /* an import that failed */
      return CVM_IMAGE_ASK_REMOVE;
    }

  return looks[state].asks;
}

static void
ask (CvmImageRow *self,
     CvmImageAsk  what)
{
  g_signal_emit (self, signals[ASKED], 0, what);
}

static void
on_button (CvmImageRow *self)
{
  const char *label;

  ask (self, get_primary (self, &label));
}

/* The menu ----------------------------------------------------------------------------------- */

static const struct
{
  const char  *name;
  const char  *label;
  CvmImageAsk  asks;
  gboolean     needs_own;    /* an image of the user's own folder */
} menu_items[] = {
  { "run",     N_("_New Run"),         CVM_IMAGE_ASK_RUN },
  { "check",   N_("_Check All Bytes"), CVM_IMAGE_ASK_CHECK, TRUE },
  { "details", N_("_Details"),         CVM_IMAGE_ASK_DETAILS },
  { "folder",  N_("_Open Its Folder"), CVM_IMAGE_ASK_FOLDER },
  { "remove",  N_("_Remove"),          CVM_IMAGE_ASK_REMOVE, TRUE },
};

static void
on_menu_chosen (GSimpleAction *action,
                GVariant      *parameter,
                gpointer       data)
{
  const char *name = g_action_get_name (G_ACTION (action));

  for (guint i = 0; i < G_N_ELEMENTS (menu_items); i++)
    if (g_str_equal (menu_items[i].name, name))
      ask (data, menu_items[i].asks);
}

static gboolean
can (CvmImageRow *self,
     guint        at)
{
  const CvmShelfImage *here = cvm_image_item_get_here (self->item);

  if (here == NULL || cvm_image_item_is_busy (self->item))
    return FALSE;
  if (menu_items[at].asks == CVM_IMAGE_ASK_REMOVE && here->is_in_use)
    return FALSE;
  if (menu_items[at].asks == CVM_IMAGE_ASK_RUN)
    return here->image != NULL;

  return here->is_own || !menu_items[at].needs_own;
}

static GMenuModel *
make_menu (CvmImageRow *self)
{
  g_autoptr(GSimpleActionGroup) group = g_simple_action_group_new ();
  GMenu *menu = g_menu_new ();

  for (guint i = 0; i < G_N_ELEMENTS (menu_items); i++)
    {
      g_autoptr(GSimpleAction) action = g_simple_action_new (menu_items[i].name, NULL);
      g_autofree char *full = g_strconcat ("image.", menu_items[i].name, NULL);

      g_simple_action_set_enabled (action, can (self, i));
      g_signal_connect_object (action, "activate", G_CALLBACK (on_menu_chosen), self, 0);
      g_action_map_add_action (G_ACTION_MAP (group), G_ACTION (action));
      g_menu_append (menu, _(menu_items[i].label), full);
    }
  gtk_widget_insert_action_group (GTK_WIDGET (self), "image", G_ACTION_GROUP (group));

  return G_MENU_MODEL (menu);
}

/* Its button is pressed: a popover for each row would make long lists slow */
static void
on_menu (CvmImageRow *self)
{
  g_autoptr(GMenuModel) menu = make_menu (self);

  g_clear_pointer (&self->menu, gtk_widget_destroy);
  self->menu = gtk_popover_new_from_model (self->menu_button, menu);
  gtk_popover_popup (GTK_POPOVER (self->menu));
}

static gboolean
cvm_image_row_popup_menu (GtkWidget *widget)
{
  CvmImageRow *self = CVM_IMAGE_ROW (widget);

  if (gtk_widget_get_visible (self->menu_button))
    on_menu (self);

  return GDK_EVENT_STOP;
}

static gboolean
cvm_image_row_key_press_event (GtkWidget   *widget,
                               GdkEventKey *event)
{
  CvmImageRow *self = CVM_IMAGE_ROW (widget);

  if (event->keyval == GDK_KEY_Delete && gtk_widget_get_visible (self->menu_button)
      && can (self, G_N_ELEMENTS (menu_items) - 1))
    {
      ask (self, CVM_IMAGE_ASK_REMOVE);
      return GDK_EVENT_STOP;
    }

  return GTK_WIDGET_CLASS (cvm_image_row_parent_class)->key_press_event (widget, event);
}

/* How it is ---------------------------------------------------------------------------------- */

static void
show_icon (CvmImageRow   *self,
           CvmImageState  state)
{
  static const char *const styles[] = { "cvm-good", "cvm-bad", "cvm-busy" };
  GtkStyleContext *style = gtk_widget_get_style_context (GTK_WIDGET (self->icon));

  gtk_image_set_from_icon_name (self->icon, looks[state].icon, GTK_ICON_SIZE_BUTTON);
  for (guint i = 0; i < G_N_ELEMENTS (styles); i++)
    gtk_style_context_remove_class (style, styles[i]);
  if (looks[state].style != NULL)
    gtk_style_context_add_class (style, looks[state].style);
}

static void
show_progress (CvmImageRow   *self,
               CvmImageState  state)
{
  double fraction = cvm_image_item_get_fraction (self->item);
  gboolean is_moving = state == CVM_IMAGE_STATE_FETCHING || state == CVM_IMAGE_STATE_IMPORTING ||
                       state == CVM_IMAGE_STATE_CHECKING;

  gtk_widget_set_visible (GTK_WIDGET (self->progress), is_moving);
  if (is_moving && fraction >= 0 && state != CVM_IMAGE_STATE_CHECKING)
    gtk_progress_bar_set_fraction (self->progress, fraction);
  else if (is_moving)
    gtk_progress_bar_pulse (self->progress);
}

static void
show_button (CvmImageRow *self)
{
  const CvmShelfImage *here = cvm_image_item_get_here (self->item);
  const char *label;
  CvmImageAsk asks = get_primary (self, &label);
  const char *title = cvm_image_item_get_title (self->item);
  g_autofree char *name = g_strdup_printf ("%s: %s", label, title);
  g_autofree char *more = g_strdup_printf (_("More: %s"), title);
  gboolean can_check = here != NULL && here->is_own && here->image != NULL;

  gtk_button_set_label (self->button, label);
  gtk_widget_set_visible (GTK_WIDGET (self->button), asks != CVM_IMAGE_ASK_CHECK || can_check);
  atk_object_set_name (gtk_widget_get_accessible (GTK_WIDGET (self->button)), name);
  gtk_widget_set_visible (self->menu_button, here != NULL);
  atk_object_set_name (gtk_widget_get_accessible (self->menu_button), more);
}

static void
name_all (CvmImageRow *self,
          const char  *status)
{
  const char *about = cvm_image_item_get_about (self->item);
  g_autofree char *name = g_strconcat (cvm_image_item_get_title (self->item), ", ", about,
                                       *status != '\0' ? ": " : "", status, NULL);

  atk_object_set_name (gtk_widget_get_accessible (GTK_WIDGET (self)), name);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->about), about);
}

static void
on_changed (CvmImageRow *self)
{
  CvmImageState state = cvm_image_item_get_state (self->item);
  const char *problem = cvm_image_item_get_problem (self->item);
  g_autofree char *status = cvm_image_item_dup_status (self->item);

  show_icon (self, state);
  gtk_label_set_text (self->title, cvm_image_item_get_title (self->item));
  gtk_label_set_text (self->about, cvm_image_item_get_about (self->item));
  gtk_widget_set_visible (GTK_WIDGET (self->about), *cvm_image_item_get_about (self->item) != '\0');
  gtk_label_set_text (self->problem, problem != NULL ? problem : "");
  gtk_widget_set_visible (GTK_WIDGET (self->problem), problem != NULL);
  gtk_label_set_text (self->status, status);
  show_progress (self, state);
  show_button (self);
  name_all (self, status);
}

static void
cvm_image_row_dispose (GObject *object)
{
  CvmImageRow *self = CVM_IMAGE_ROW (object);

  g_clear_pointer (&self->menu, gtk_widget_destroy);
  g_clear_object (&self->item);

  G_OBJECT_CLASS (cvm_image_row_parent_class)->dispose (object);
}

static void
cvm_image_row_class_init (CvmImageRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cvm_image_row_dispose;
  widget_class->popup_menu = cvm_image_row_popup_menu;
  widget_class->key_press_event = cvm_image_row_key_press_event;

  signals[ASKED] = g_signal_new ("asked", CVM_TYPE_IMAGE_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 1, G_TYPE_INT);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/cvmtester/CvmTester/ui/cvm-image-row.ui");
  gtk_widget_class_bind_template_child (widget_class, CvmImageRow, icon);
  gtk_widget_class_bind_template_child (widget_class, CvmImageRow, title);
  gtk_widget_class_bind_template_child (widget_class, CvmImageRow, about);
  gtk_widget_class_bind_template_child (widget_class, CvmImageRow, problem);
  gtk_widget_class_bind_template_child (widget_class, CvmImageRow, status);
  gtk_widget_class_bind_template_child (widget_class, CvmImageRow, progress);
  gtk_widget_class_bind_template_child (widget_class, CvmImageRow, button);
  gtk_widget_class_bind_template_child (widget_class, CvmImageRow, menu_button);
  gtk_widget_class_bind_template_callback (widget_class, on_button);
  gtk_widget_class_bind_template_callback (widget_class, on_menu);
}

static void
cvm_image_row_init (CvmImageRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
cvm_image_row_new (CvmImageItem *item)
{
  CvmImageRow *self = g_object_new (CVM_TYPE_IMAGE_ROW, NULL);

  self->item = g_object_ref (item);
  g_signal_connect_object (item, "changed", G_CALLBACK (on_changed), self, G_CONNECT_SWAPPED);
  on_changed (self);

  return GTK_WIDGET (self);
}

CvmImageItem *
cvm_image_row_get_item (CvmImageRow *self)
{
  return self->item;
}

void
cvm_image_row_align (CvmImageRow  *self,
                     GtkSizeGroup *buttons)
{
  gtk_size_group_add_widget (buttons, GTK_WIDGET (self->button));
}
