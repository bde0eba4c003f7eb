/* cvm-wrap-box.c: widgets beside each other, and in further lines where the place is narrow
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-wrap-box.h"

#define SPACING 6
#define SLACK   8   /* linked buttons may be narrower: what they leave must not unlink them again */

struct _CvmWrapBox
{
  GtkContainer  parent_instance;

  GPtrArray    *children;   /* of GtkWidget, borrowed: the container holds them */
  gboolean      may_link;
  gboolean      is_linked;
};

typedef enum { PROP_LINKED = 1 } CvmWrapBoxProp;

G_DEFINE_FINAL_TYPE (CvmWrapBox, cvm_wrap_box, GTK_TYPE_CONTAINER)

/* Those of one line: of the children from FIRST up to END, as far as they are visible */
typedef struct
{
  guint first, end;
  int   used;         /* the natural widths, and what is between */
  int   n_expanding;
  int   height;
} Line;

static int
natural_width (GtkWidget *child,
               int        available)
{
  int minimum, natural;

  gtk_widget_get_preferred_width (child, &minimum, &natural);

  return MAX (minimum, MIN (natural, available));
}

static gboolean
expands (GtkWidget *child)
{
  return gtk_widget_compute_expand (child, GTK_ORIENTATION_HORIZONTAL);
}

/* All are in one line. GTK sorts the corners of linked buttons right to left only in its own box. */
static gboolean
should_link (CvmWrapBox *self,
             int         width)
{
  int needed = self->is_linked ? 0 : SLACK;

  for (guint i = 0; i < self->children->len; i++)
    if (gtk_widget_get_visible (self->children->pdata[i]))
      needed += natural_width (self->children->pdata[i], width) + SPACING;

  return self->may_link && needed - SPACING <= width
         && gtk_widget_get_direction (GTK_WIDGET (self)) != GTK_TEXT_DIR_RTL;
}

static Line
line_from (CvmWrapBox *self,
           guint       first,
           int         width,
           int         spacing)
{
  Line line = { first, first, 0, 0, 0 };

  for (; line.end < self->children->len; line.end++)
    {
      GtkWidget *child = self->children->pdata[line.end];
      int more;

      if (!gtk_widget_get_visible (child))
        continue;

      more = natural_width (child, width) + (line.used > 0 ? spacing : 0);
      if (line.used > 0 && line.used + more > width)
        break;

      line.used += more;
      line.n_expanding += expands (child);
    }

  return line;
}

/* How wide CHILD becomes; what the line leaves over is shared */
static int
final_width (GtkWidget  *child,
             const Line *line,
             int         width)
{
  int extra = line->n_expanding > 0 && expands (child)
              ? MAX (width - line->used, 0) / line->n_expanding : 0;

  return natural_width (child, width) + extra;
}

static void
measure_line (CvmWrapBox *self,
              Line       *line,
              int         width)
{
  for (guint i = line->first; i < line->end; i++)
    {
      GtkWidget *child = self->children->pdata[i];
      int natural;

      if (!gtk_widget_get_visible (child))
        continue;

      gtk_widget_get_preferred_height_for_width (child, final_width (child, line, width), NULL,
                                                 &natural);
      line->height = MAX (line->height, natural);
    }
}

static void
allocate_line (CvmWrapBox          *self,
               const Line          *line,
               const GtkAllocation *area,
               int                  y,
               int                  spacing)
{
  gboolean is_rtl = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;
  int x = 0;

  for (guint i = line->first; i < line->end; i++)
    {
      GtkWidget *child = self->children->pdata[i];
      GtkAllocation place;

      if (!gtk_widget_get_visible (child))
        continue;

      place.width = final_width (child, line, area->width);
      place.height = line->height;
      place.x = area->x + (is_rtl ? area->width - x - place.width : x);
      place.y = y;
      gtk_widget_size_allocate (child, &place);
      x += place.width + spacing;
    }
}

/* The height of all lines; AREA: NULL, or where they are put */
static int
lay_out (CvmWrapBox          *self,
         int                  width,
         const GtkAllocation *area)
{
  int spacing = should_link (self, width) ? 0 : SPACING;
  int height = 0;

  for (guint first = 0; first < self->children->len;)
    {
      Line line = line_from (self, first, width, spacing);

      measure_line (self, &line, width);
      if (line.used > 0 && height > 0)
        height += SPACING;
      if (area != NULL)
        allocate_line (self, &line, area, area->y + height, spacing);
      height += line.height;
      first = line.end;
    }

  return height;
}

/* Widget ---------------------------------------------------------------------------------- */

static GtkSizeRequestMode
cvm_wrap_box_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
cvm_wrap_box_get_preferred_width (GtkWidget *widget,
                                  int       *minimum,
                                  int       *natural)
{
  CvmWrapBox *self = CVM_WRAP_BOX (widget);

  *minimum = 0;
  *natural = 0;
  for (guint i = 0; i < self->children->len; i++)
    {
      GtkWidget *child = self->children->pdata[i];
      int child_minimum, child_natural;

      if (!gtk_widget_get_visible (child))
        continue;

      gtk_widget_get_preferred_width (child, &child_minimum, &child_natural);
      *minimum = MAX (*minimum, child_minimum);
      *natural += child_natural + (*natural > 0 ? SPACING : 0);
    }
}

static void
cvm_wrap_box_get_preferred_height_for_width (GtkWidget *widget,
                                             int        width,
                                             int       *minimum,
                                             int       *natural)
{
  *minimum = *natural = lay_out (CVM_WRAP_BOX (widget), width, NULL);
}

static void
cvm_wrap_box_get_preferred_height (GtkWidget *widget,
                                   int       *minimum,
                                   int       *natural)
{
  int narrow, wide;

  cvm_wrap_box_get_preferred_width (widget, &narrow, &wide);
  *minimum = *natural = lay_out (CVM_WRAP_BOX (widget), wide, NULL);
}

static void
show_linked (CvmWrapBox *self,
             gboolean    is_linked)
{
  GtkStyleContext *style = gtk_widget_get_style_context (GTK_WIDGET (self));

  if (is_linked == self->is_linked)
    return;

  self->is_linked = is_linked;
  if (is_linked)
    gtk_style_context_add_class (style, "linked");
  else
    gtk_style_context_remove_class (style, "linked");
}

static void
cvm_wrap_box_size_allocate (GtkWidget     *widget,
                            GtkAllocation *area)
{
  CvmWrapBox *self = CVM_WRAP_BOX (widget);

  GTK_WIDGET_CLASS (cvm_wrap_box_parent_class)->size_allocate (widget, area);
  show_linked (self, should_link (self, area->width));
  lay_out (self, area->width, area);
}

/* Container ------------------------------------------------------------------------------- */

static void
cvm_wrap_box_add (GtkContainer *container,
                  GtkWidget    *child)
{
  g_ptr_array_add (CVM_WRAP_BOX (container)->children, child);
  gtk_widget_set_parent (child, GTK_WIDGET (container));
}

static void
cvm_wrap_box_remove (GtkContainer *container,
                     GtkWidget    *child)
{
  if (!g_ptr_array_remove (CVM_WRAP_BOX (container)->children, child))
    return;

  gtk_widget_unparent (child);
  gtk_widget_queue_resize (GTK_WIDGET (container));
}

/* A callback may take its child away */
static void
cvm_wrap_box_forall (GtkContainer *container,
                     gboolean      with_internals,
                     GtkCallback   callback,
                     gpointer      data)
{
  g_autoptr(GPtrArray) children = g_ptr_array_copy (CVM_WRAP_BOX (container)->children, NULL,
                                                    NULL);

  for (guint i = 0; i < children->len; i++)
    callback (children->pdata[i], data);
}

static GType
cvm_wrap_box_child_type (GtkContainer *container)
{
  return GTK_TYPE_WIDGET;
}

static void
cvm_wrap_box_set_property (GObject      *object,
                           guint         id,
                           const GValue *value,
                           GParamSpec   *pspec)
{
  CvmWrapBox *self = CVM_WRAP_BOX (object);

  switch ((CvmWrapBoxProp)id)
    {
    case PROP_LINKED:
      self->may_link = g_value_get_boolean (value);
      gtk_widget_queue_resize (GTK_WIDGET (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
cvm_wrap_box_finalize (GObject *object)
{
  g_ptr_array_unref (CVM_WRAP_BOX (object)->children);

  G_OBJECT_CLASS (cvm_wrap_box_parent_class)->finalize (object);
}

static void
cvm_wrap_box_class_init (CvmWrapBoxClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GtkContainerClass *container_class = GTK_CONTAINER_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = cvm_wrap_box_finalize;
  G_OBJECT_CLASS (klass)->set_property = cvm_wrap_box_set_property;
  g_object_class_install_property (G_OBJECT_CLASS (klass), PROP_LINKED,
                                   g_param_spec_boolean ("linked", NULL, NULL, FALSE,
                                                         G_PARAM_WRITABLE
                                                         | G_PARAM_STATIC_STRINGS));

  widget_class->get_request_mode = cvm_wrap_box_get_request_mode;
  widget_class->get_preferred_width = cvm_wrap_box_get_preferred_width;
  widget_class->get_preferred_height = cvm_wrap_box_get_preferred_height;
  widget_class->get_preferred_height_for_width = cvm_wrap_box_get_preferred_height_for_width;
  widget_class->size_allocate = cvm_wrap_box_size_allocate;

  container_class->add = cvm_wrap_box_add;
  container_class->remove = cvm_wrap_box_remove;
  container_class->forall = cvm_wrap_box_forall;
  container_class->child_type = cvm_wrap_box_child_type;
}

static void
cvm_wrap_box_init (CvmWrapBox *self)
{
  self->children = g_ptr_array_new ();
  gtk_widget_set_has_window (GTK_WIDGET (self), FALSE);
}
