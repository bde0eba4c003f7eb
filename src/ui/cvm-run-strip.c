/* cvm-run-strip.c: how the last runs of a kind ended, a dot a run
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-run-strip.h"

#include <glib/gi18n.h>
#include <string.h>

#define N_DOTS 20
#define DOT    5      /* pixels */
#define STEP   7

struct _CvmRunStrip
{
  GtkDrawingArea  parent_instance;

  char           *outcomes;
};

G_DEFINE_FINAL_TYPE (CvmRunStrip, cvm_run_strip, GTK_TYPE_DRAWING_AREA)

static int
count_dots (CvmRunStrip *self)
{
  return (int)MIN (strlen (self->outcomes), N_DOTS);
}

static void
choose_colour (CvmRunStrip *self,
               cairo_t     *cr,
               char         outcome)
{
  GtkStyleContext *style = gtk_widget_get_style_context (GTK_WIDGET (self));
  const char *name = outcome == 'p' ? "cvm_good" : outcome == 'f' ? "cvm_bad"
                     : outcome == 'e' ? "cvm_odd" : NULL;
  GdkRGBA colour;

  gtk_style_context_get_color (style, gtk_style_context_get_state (style), &colour);
  if (name == NULL || !gtk_style_context_lookup_color (style, name, &colour))
    colour.alpha *= 0.35;
  gdk_cairo_set_source_rgba (cr, &colour);
}

/* One that failed is also longer: colour alone tells nothing to some */
static void
draw_dot (cairo_t *cr,
          double   x,
          double   middle,
          char     outcome)
{
  double half = outcome == 'f' || outcome == 'e' ? DOT : DOT / 2.0;

  cairo_move_to (cr, x, middle - half + DOT / 2.0);
  cairo_line_to (cr, x, middle + half - DOT / 2.0);
  cairo_stroke (cr);
}

/* The newest is always at the end of the line, so that those of all rows stand in a column. There is
   no more room than for the dots, which leaves the rest of the row to its words */
static gboolean
cvm_run_strip_draw (GtkWidget *widget,
                    cairo_t   *cr)
{
  CvmRunStrip *self = CVM_RUN_STRIP (widget);
  gboolean is_rtl = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  double middle = gtk_widget_get_allocated_height (widget) / 2.0;
  double begin = gtk_widget_get_allocated_width (widget) - count_dots (self) * STEP;

  cairo_set_line_width (cr, DOT);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
  for (int i = 0; i < count_dots (self); i++)
    {
      double x = begin + i * STEP + STEP / 2.0;

      choose_colour (self, cr, self->outcomes[i]);
      draw_dot (cr, is_rtl ? gtk_widget_get_allocated_width (widget) - x : x, middle,
                self->outcomes[i]);
    }

  return GDK_EVENT_PROPAGATE;
}

static void
cvm_run_strip_finalize (GObject *object)
{
  g_free (CVM_RUN_STRIP (object)->outcomes);

  G_OBJECT_CLASS (cvm_run_strip_parent_class)->finalize (object);
}

static void
cvm_run_strip_class_init (CvmRunStripClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = cvm_run_strip_finalize;
  GTK_WIDGET_CLASS (klass)->draw = cvm_run_strip_draw;
}

static void
cvm_run_strip_init (CvmRunStrip *self)
{
  self->outcomes = g_strdup ("");
  gtk_widget_set_size_request (GTK_WIDGET (self), 0, 3 * DOT);
}

void
cvm_run_strip_set_outcomes (CvmRunStrip *self,
                            const char  *outcomes)
{
  guint total = (guint)strlen (outcomes);
  guint passed = 0;
  g_autofree char *words = NULL;

  for (const char *each = outcomes; *each != '\0'; each++)
    passed += *each == 'p';

  g_free (self->outcomes);
  self->outcomes = g_strdup (outcomes);
  gtk_widget_set_size_request (GTK_WIDGET (self), count_dots (self) * STEP, 3 * DOT);
  words = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u of the last %u run passed",
                                        "%u of the last %u runs passed", total), passed, total);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), total > 0 ? words : NULL);
  atk_object_set_name (gtk_widget_get_accessible (GTK_WIDGET (self)), total > 0 ? words : "");
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
