/* cvm-verdict-cell.c: a point's state in a tree: an icon to see, a word to hear
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-verdict-cell.h"

#include "cvm-point-state.h"

#define ICON_SIZE 16
#define MARGIN    3

struct _CvmVerdictCell
{
  GtkCellRendererText parent_instance;

  CvmPointState       state;
};

typedef enum { PROP_STATE = 1 } CvmVerdictCellProp;

G_DEFINE_FINAL_TYPE (CvmVerdictCell, cvm_verdict_cell, GTK_TYPE_CELL_RENDERER_TEXT)

static void
choose_colour (CvmVerdictCell       *self,
               GtkStyleContext      *style,
               GtkCellRendererState  flags,
               GdkRGBA              *colour)
{
  const char *name = cvm_point_state_get_colour (self->state);

  gtk_style_context_get_color (style, gtk_style_context_get_state (style), colour);
  if ((flags & GTK_CELL_RENDERER_SELECTED) != 0)
    return;

  if (name == NULL || !gtk_style_context_lookup_color (style, name, colour))
    colour->alpha *= 0.5;
}

static void
cvm_verdict_cell_render (GtkCellRenderer      *cell,
                         cairo_t              *cr,
                         GtkWidget            *widget,
                         const GdkRectangle   *background_area,
                         const GdkRectangle   *area,
                         GtkCellRendererState  flags)
{
  CvmVerdictCell *self = CVM_VERDICT_CELL (cell);
  GtkStyleContext *style = gtk_widget_get_style_context (widget);
  int scale = gtk_widget_get_scale_factor (widget);
  GdkRGBA colour;
  g_autoptr(GtkIconInfo) info =
    gtk_icon_theme_lookup_icon_for_scale (gtk_icon_theme_get_default (),
                                          cvm_point_state_get_icon (self->state),
                                          ICON_SIZE, scale, GTK_ICON_LOOKUP_FORCE_SIZE);
  g_autoptr(GdkPixbuf) pixbuf = NULL;
  cairo_surface_t *surface;

  choose_colour (self, style, flags, &colour);
  if (info != NULL)
    pixbuf = gtk_icon_info_load_symbolic (info, &colour, NULL, NULL, NULL, NULL, NULL);
  if (pixbuf == NULL)
    return;

  surface = gdk_cairo_surface_create_from_pixbuf (pixbuf, scale, gtk_widget_get_window (widget));
  gtk_render_icon_surface (style, cr, surface, area->x + (area->width - ICON_SIZE) / 2,
                           area->y + (area->height - ICON_SIZE) / 2);
  cairo_surface_destroy (surface);
}

static void
cvm_verdict_cell_get_preferred_width (GtkCellRenderer *cell,
                                      GtkWidget       *widget,
                                      int             *minimum,
                                      int             *natural)
{
  *minimum = *natural = ICON_SIZE + 2 * MARGIN;
}

static void
cvm_verdict_cell_get_preferred_height (GtkCellRenderer *cell,
                                       GtkWidget       *widget,
                                       int             *minimum,
                                       int             *natural)
{
  *minimum = *natural = ICON_SIZE + 2 * MARGIN;
}

static void
cvm_verdict_cell_get_preferred_height_for_width (GtkCellRenderer *cell,
                                                 GtkWidget       *widget,
                                                 int              width,
                                                 int             *minimum,
                                                 int             *natural)
{
  cvm_verdict_cell_get_preferred_height (cell, widget, minimum, natural);
}

static void
cvm_verdict_cell_set_property (GObject      *object,
                               guint         id,
                               const GValue *value,
                               GParamSpec   *pspec)
{
  CvmVerdictCell *self = CVM_VERDICT_CELL (object);

  switch ((CvmVerdictCellProp)id)
    {
    case PROP_STATE:
      self->state = (CvmPointState)g_value_get_int (value);
      g_object_set (self, "text", cvm_point_state_get_word (self->state), NULL);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
cvm_verdict_cell_class_init (CvmVerdictCellClass *klass)
{
  GtkCellRendererClass *cell_class = GTK_CELL_RENDERER_CLASS (klass);

  G_OBJECT_CLASS (klass)->set_property = cvm_verdict_cell_set_property;
  cell_class->render = cvm_verdict_cell_render;
  cell_class->get_preferred_width = cvm_verdict_cell_get_preferred_width;
  cell_class->get_preferred_height = cvm_verdict_cell_get_preferred_height;
  cell_class->get_preferred_height_for_width = cvm_verdict_cell_get_preferred_height_for_width;

  g_object_class_install_property (G_OBJECT_CLASS (klass), PROP_STATE,
                                   g_param_spec_int ("state", NULL, NULL,
                                                     CVM_POINT_STATE_PENDING,
                                                     CVM_POINT_STATE_CANCELLED,
                                                     CVM_POINT_STATE_PENDING,
                                                     G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS));
}

static void
cvm_verdict_cell_init (CvmVerdictCell *self)
{
}

GtkCellRenderer *
cvm_verdict_cell_new (void)
{
  return g_object_new (CVM_TYPE_VERDICT_CELL, NULL);
}
