/* cvm-matrix-view.c: images down, hosts across, and what can run in each cell
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-matrix-view.h"

#include <glib/gi18n.h>

#include "cvm-stage.h"

#define MIN_CHARS 12   /* of an image's title */
#define MAX_CHARS 24   /* of what stands in a cell */

struct _CvmMatrixView
{
  GtkBox     parent_instance;

  GtkGrid   *grid;
  CvmMatrix *matrix;    /* borrowed */
};

/* What a check button or a mend button stands for */
typedef struct
{
  CvmMatrixView   *view;
  const CvmOption *image;
  const CvmColumn *column;
  CvmCellMend      mend;
  char            *row;          /* path of the image, or NULL; it outlives that, as do the next */
  char            *uri;
  char            *hypervisor;
} Place;

static void
place_free (Place *self)
{
  g_free (self->row);
  g_free (self->uri);
  g_free (self->hypervisor);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Place, place_free)

enum { CHANGED, MEND, N_SIGNALS };

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (CvmMatrixView, cvm_matrix_view, GTK_TYPE_BOX)

static GtkWidget *
make_label (const char *text,
            const char *style)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars (GTK_LABEL (label), MAX_CHARS);
  if (style != NULL)
    gtk_style_context_add_class (gtk_widget_get_style_context (label), style);

  return label;
}

/* NULL while nobody knows the types of the host */
static const char *
name_type (const CvmColumn *column)
{
  const CvmScouted *known = column->known;

  if (!g_str_equal (column->hypervisor, "auto"))
    return column->hypervisor;

  return known != NULL && known->facts != NULL && known->facts->hypervisors != NULL
         && known->facts->hypervisors[0] != NULL ? _("The fastest") : NULL;
}

static Place *
attach_place (CvmMatrixView   *self,
              GtkWidget       *widget,
              const CvmOption *image,
              const CvmColumn *column)
{
  Place *place = g_new0 (Place, 1);

  *place = (Place) { self, image, column, CVM_MEND_NONE };
  place->row = g_strdup (image != NULL ? image->path : NULL);
  place->uri = g_strdup (column->uri);
  place->hypervisor = g_strdup (column->hypervisor);
  g_object_set_data_full (G_OBJECT (widget), "place", place, (GDestroyNotify)place_free);

  return place;
}

/* Cells -------------------------------------------------------------------------------------- */

static void
on_toggled (GtkToggleButton *button,
            Place           *place)
{
  CvmMatrixView *self = place->view;

  cvm_matrix_set_on (self->matrix, place->image, place->column,
                     gtk_toggle_button_get_active (button));
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
on_mend_clicked (GtkButton *button,
                 Place     *place)
{
  g_autofree char *uri = g_strdup (place->column->uri);

  g_signal_emit (place->view, signals[MEND], 0, (int)place->mend, uri);
}

static void
name_cell (GtkWidget       *widget,
           const CvmOption *image,
           const CvmColumn *column,
           const char      *what)
{
  const char *row = image != NULL ? image->title : _("No image");
  const char *type = name_type (column);
  g_autofree char *name = type != NULL
                            ? g_strdup_printf ("%s, %s, %s: %s", row, type, column->title, what)
                            : g_strdup_printf ("%s, %s: %s", row, column->title, what);

  atk_object_set_name (gtk_widget_get_accessible (widget), name);
}

static GtkWidget *
make_check (CvmMatrixView   *self,
            const CvmOption *image,
            const CvmColumn *column,
            const CvmCell   *cell)
{
  guint n = cvm_matrix_n_checks (self->matrix, image, column);
  g_autofree char *checks = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u check", "%u checks",
                                                          n), n);
  g_autofree char *text = cell->brief != NULL ? g_strdup_printf ("%s\n%s", checks, cell->brief)
                                              : g_strdup (checks);
  GtkWidget *button = gtk_check_button_new ();
  GtkWidget *label;
  Place *place = attach_place (self, button, image, column);

  label = make_label (text, NULL);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_NONE);
  gtk_container_add (GTK_CONTAINER (button), label);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (button),
                                cvm_matrix_is_on (self->matrix, image, column));
  gtk_widget_set_tooltip_text (button, cell->text);
  gtk_widget_set_valign (button, GTK_ALIGN_START);
  name_cell (button, image, column, text);
  g_signal_connect (button, "toggled", G_CALLBACK (on_toggled), place);

  return button;
}

static const char *
name_mend (CvmCellMend mend)
{
  return mend == CVM_MEND_ASK_AGAIN ? _("Try Again")
         : mend == CVM_MEND_SETUP   ? _("Open Set-Up")
                                    : _("Open Images");
}

static GtkWidget *
make_mend (CvmMatrixView   *self,
           const CvmColumn *column,
           CvmCellMend      mend)
{
  GtkWidget *button = gtk_button_new_with_label (name_mend (mend));
  Place *place = attach_place (self, button, NULL, column);

  place->mend = mend;
  gtk_widget_set_halign (button, GTK_ALIGN_START);
  gtk_style_context_add_class (gtk_widget_get_style_context (button), "cvm-mend");
  g_signal_connect (button, "clicked", G_CALLBACK (on_mend_clicked), place);

  return button;
}

static GtkWidget *
make_refusal (CvmMatrixView   *self,
              const CvmOption *image,
              const CvmColumn *column,
              const CvmCell   *cell)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *label = make_label (cell->brief, "dim-label");

  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_NONE);
  gtk_container_add (GTK_CONTAINER (line),
                     gtk_image_new_from_icon_name ("action-unavailable-symbolic",
                                                   GTK_ICON_SIZE_BUTTON));
  gtk_container_add (GTK_CONTAINER (line), label);
  gtk_container_add (GTK_CONTAINER (box), line);
  if ((cell->mend & CVM_MEND_IMAGES) != 0)
    {
      GtkWidget *button = make_mend (self, column, CVM_MEND_IMAGES);

      name_cell (button, image, column, name_mend (CVM_MEND_IMAGES));
      gtk_container_add (GTK_CONTAINER (box), button);
    }

  gtk_widget_set_tooltip_text (box, cell->text);
  atk_object_set_description (gtk_widget_get_accessible (label), cell->text);

  return box;
}

/* MENDS: gets those of the column's host */
static GtkWidget *
make_cell (CvmMatrixView   *self,
           const CvmOption *image,
           const CvmColumn *column,
           guint           *mends)
{
  g_auto(CvmCell) cell = cvm_matrix_get_cell (self->matrix, image, column);

  if (cell.state != CVM_CELL_CANNOT)
    return make_check (self, image, column, &cell);

  *mends |= cell.mend & ~(guint)CVM_MEND_IMAGES;

  return make_refusal (self, image, column, &cell);
}

/* Heads -------------------------------------------------------------------------------------- */

/* What a host lacks is mended for all images at once, so it is offered but once */
static void
add_mends (CvmMatrixView   *self,
           GtkWidget       *head,
           const CvmColumn *column,
           guint            mends)
{
  for (guint mend = CVM_MEND_ASK_AGAIN; mend <= CVM_MEND_SETUP; mend <<= 1)
    if ((mends & mend) != 0)
      {
        GtkWidget *button = make_mend (self, column, mend);
        g_autofree char *name = g_strdup_printf ("%s: %s", column->title, name_mend (mend));

        atk_object_set_name (gtk_widget_get_accessible (button), name);
        gtk_container_add (GTK_CONTAINER (head), button);
      }
}

static GtkWidget *
make_head (const CvmColumn *column)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  const char *type = name_type (column);
  GtkWidget *host = make_label (column->title, type != NULL ? "cvm-small" : "cvm-row-title");

  gtk_label_set_ellipsize (GTK_LABEL (host), PANGO_ELLIPSIZE_NONE);
  gtk_label_set_line_wrap (GTK_LABEL (host), TRUE);
  gtk_label_set_line_wrap_mode (GTK_LABEL (host), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_width_chars (GTK_LABEL (host), MIN_CHARS);
  if (type != NULL)
    {
      GtkWidget *title = make_label (type, "cvm-row-title");

      gtk_label_set_ellipsize (GTK_LABEL (title), PANGO_ELLIPSIZE_NONE);
      gtk_style_context_add_class (gtk_widget_get_style_context (host), "dim-label");
      gtk_container_add (GTK_CONTAINER (box), title);
    }
  gtk_container_add (GTK_CONTAINER (box), host);
  gtk_widget_set_tooltip_text (box, column->uri);

  return box;
}

static GtkWidget *
make_row_head (const CvmOption *image)
{
  GtkWidget *label = make_label (image != NULL ? image->title : _("No image"), "cvm-row-title");

  gtk_label_set_width_chars (GTK_LABEL (label), MIN_CHARS);
  gtk_widget_set_valign (label, GTK_ALIGN_START);
  gtk_widget_set_tooltip_text (label, image != NULL ? image->about
                                                    : _("For suites that need no image"));

  return label;
}

/* The focus ---------------------------------------------------------------------------------- */

typedef struct
{
  const Place *wanted;
  GtkWidget   *best;
  guint        score;    /* of it */
} Search;

/* Each answer of a host brings other cells: where the same is no more, another one of that host is
 * next to it */
static guint
compare_places (const Place *one,
                const Place *other)
{
  gboolean is_same = one->mend == other->mend && g_strcmp0 (one->row, other->row) == 0;

  if (!g_str_equal (one->uri, other->uri))
    return 0;

  return 1 + (guint)g_str_equal (one->hypervisor, other->hypervisor) + 2 * (guint)is_same;
}

static void
find_place (GtkWidget *widget,
            gpointer   data)
{
  Search *search = data;
  const Place *place = g_object_get_data (G_OBJECT (widget), "place");
  guint score = place != NULL ? compare_places (place, search->wanted) : 0;

  if (score > search->score)
    {
      search->best = widget;
      search->score = score;
    }
  if (place == NULL && GTK_IS_CONTAINER (widget))
    gtk_container_foreach (GTK_CONTAINER (widget), find_place, data);
}

/* Takes it from the widget, which is about to go */
static Place *
steal_focused (CvmMatrixView *self)
{
  GtkWidget *focus = cvm_stage_get_focus (GTK_WIDGET (self));

  return focus != NULL && gtk_widget_is_ancestor (focus, GTK_WIDGET (self))
         ? g_object_steal_data (G_OBJECT (focus), "place") : NULL;
}

static void
give_focus_back (CvmMatrixView *self,
                 const Place   *wanted)
{
  Search search = { wanted, NULL, 0 };

  find_place (GTK_WIDGET (self->grid), &search);
  if (search.best != NULL)
    gtk_widget_grab_focus (search.best);
}

/* -------------------------------------------------------------------------------------------- */

static void
fill (CvmMatrixView *self)
{
  g_autoptr(GPtrArray) rows = cvm_matrix_list_rows (self->matrix);
  GPtrArray *columns = cvm_matrix_get_columns (self->matrix);
  g_autofree GtkWidget **heads = g_new (GtkWidget *, columns->len + 1);
  g_autofree guint *mends = g_new0 (guint, columns->len + 1);

  for (guint x = 0; x < columns->len; x++)
    {
      heads[x] = make_head (columns->pdata[x]);
      gtk_widget_set_hexpand (heads[x], x == columns->len - 1);
      gtk_grid_attach (self->grid, heads[x], (int)x + 1, 0, 1, 1);
    }

  for (guint y = 0; y < rows->len; y++)
    {
      gtk_grid_attach (self->grid, make_row_head (rows->pdata[y]), 0, (int)y + 1, 1, 1);
      for (guint x = 0; x < columns->len; x++)
        gtk_grid_attach (self->grid,
                         make_cell (self, rows->pdata[y], columns->pdata[x], &mends[x]),
                         (int)x + 1, (int)y + 1, 1, 1);
    }

  for (guint x = 0; x < columns->len; x++)
    add_mends (self, heads[x], columns->pdata[x], mends[x]);
  gtk_widget_set_visible (GTK_WIDGET (self), rows->len > 0);
  gtk_widget_show_all (GTK_WIDGET (self->grid));
}

void
cvm_matrix_view_show (CvmMatrixView *self,
                      CvmMatrix     *matrix)
{
  g_autoptr(Place) focused = steal_focused (self);

  gtk_container_foreach (GTK_CONTAINER (self->grid), (GtkCallback)gtk_widget_destroy, NULL);
  self->matrix = matrix;
  if (matrix != NULL)
    fill (self);
  if (matrix != NULL && focused != NULL)
    give_focus_back (self, focused);
}

static void
cvm_matrix_view_class_init (CvmMatrixViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  signals[CHANGED] = g_signal_new ("changed", CVM_TYPE_MATRIX_VIEW, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
  signals[MEND] = g_signal_new ("mend", CVM_TYPE_MATRIX_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 2, G_TYPE_INT, G_TYPE_STRING);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/cvmtester/CvmTester/ui/cvm-matrix-view.ui");
  gtk_widget_class_bind_template_child (widget_class, CvmMatrixView, grid);
}

static void
cvm_matrix_view_init (CvmMatrixView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
