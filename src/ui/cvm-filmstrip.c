/* cvm-filmstrip.c: a job from its begin to its end: what was seen, and each check at its moment
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-filmstrip.h"

#include <glib/gi18n.h>

#include "cvm-film-marks.h"
#include "cvm-film-reel.h"
#include "cvm-format.h"

#define THUMB_HEIGHT   48
#define THUMB_WIDTH    72     /* of a slot; the picture may be narrower */
#define GAP            4
#define MARK_SIZE      8
#define INSET          8      /* from the widget's edge to the middle of the scale's knob at it */
#define LOAD_EVERY_US  (2 * G_USEC_PER_SEC)
#define LOOK_EVERY_US  (G_USEC_PER_SEC / 5)

struct _CvmFilmstrip
{
  GtkBox         parent_instance;

  GtkWidget     *strip;
  GtkRange      *scale;
  GtkAdjustment *adjustment;
  GtkLabel      *where;
  GtkLabel      *end;
  GtkWidget     *now_button;

  char          *folder;        /* of the job, or NULL */
  GPtrArray     *more;          /* of CvmFilmFrame: pictures that are evidence */
  GPtrArray     *marks;         /* of CvmFilmMark */
  CvmFilmReel   *reel;          /* or NULL */
  GCancellable  *cancellable;   /* of the load under way, or NULL */
  gint64         begin_us, end_us;
  gint64         loaded_us;     /* when the last load began, monotonic */
  gint64         updated_us;    /* monotonic */
  guint          n_slots;
  gboolean       is_live;
  gboolean       must_load;     /* again: what the load under way was asked for is not all */
  gboolean       is_at_end;     /* follows what comes */
  gboolean       is_setting;    /* the scale is moved by us */
};

enum { MOVED, N_SIGNALS };

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (CvmFilmstrip, cvm_filmstrip, GTK_TYPE_BOX)

/* Time and place --------------------------------------------------------------------------- */

static double
x_of (CvmFilmstrip *self,
      gint64        time_us)
{
  double width = gtk_widget_get_allocated_width (self->strip) - 2 * INSET;
  double part = (double)(time_us - self->begin_us) / MAX (self->end_us - self->begin_us, 1);
  double x = INSET + CLAMP (part, 0, 1) * width;

  return gtk_widget_get_direction (self->strip) == GTK_TEXT_DIR_RTL ? width + 2 * INSET - x : x;
}

static gint64
time_of (CvmFilmstrip *self,
         double        x)
{
  double width = MAX (gtk_widget_get_allocated_width (self->strip) - 2 * INSET, 1);

  if (gtk_widget_get_direction (self->strip) == GTK_TEXT_DIR_RTL)
    x = width + 2 * INSET - x;

  return self->begin_us + CLAMP ((x - INSET) / width, 0, 1) * (self->end_us - self->begin_us);
}

static gint64
shown_us (CvmFilmstrip *self)
{
  return self->is_at_end ? self->end_us
                         : self->begin_us
                           + (gint64)(gtk_adjustment_get_value (self->adjustment) * G_USEC_PER_SEC);
}

static char *
describe_moment (CvmFilmstrip *self)
{
  g_autofree char *clock = cvm_format_clock ((shown_us (self) - self->begin_us) / 1000);
  const CvmFilmMark *mark = cvm_film_marks_find (self->marks, shown_us (self));
  g_autofree char *title = mark != NULL && mark->title != NULL ? cvm_format_line (mark->title)
                                                               : NULL;

  if (title == NULL)
    return g_steal_pointer (&clock);

  return g_strdup_printf ("%s · %s %s", clock, mark->path, title);
}

static void
show_words (CvmFilmstrip *self)
{
  g_autofree char *moment = describe_moment (self);
  g_autofree char *total = cvm_format_clock ((self->end_us - self->begin_us) / 1000);
  g_autofree char *now = g_strdup_printf (_("now %s"), total);
  g_autofree char *begin = cvm_format_clock (0);
  GtkStyleContext *style = gtk_widget_get_style_context (GTK_WIDGET (self->where));

  gtk_label_set_text (self->where, self->is_at_end ? begin : moment);
  if (self->is_at_end)
    gtk_style_context_add_class (style, "dim-label");
  else
    gtk_style_context_remove_class (style, "dim-label");
  gtk_label_set_text (self->end, self->is_live ? now : total);
  gtk_widget_set_visible (self->now_button, self->is_live && !self->is_at_end);
}

/* Loading ---------------------------------------------------------------------------------- */

static void load (CvmFilmstrip *self);

static void
on_loaded (GObject      *source,
           GAsyncResult *result,
           gpointer      data)
{
  g_autoptr(CvmFilmstrip) self = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(CvmFilmReel) reel = cvm_film_reel_load_finish (result, &error);

  if (reel == NULL)
    return;

  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->reel, cvm_film_reel_unref);
  self->reel = g_steal_pointer (&reel);
  gtk_widget_set_visible (self->strip, self->reel->frames->len > 0);
  gtk_widget_queue_draw (self->strip);
  if (!self->is_live || !self->is_at_end)
    g_signal_emit (self, signals[MOVED], 0);
  if (self->must_load)
    load (self);
}

static void
stop_loading (CvmFilmstrip *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

static void
load (CvmFilmstrip *self)
{
  CvmFilmWish wish = { 0 };

  self->must_load = self->cancellable != NULL;
  if (self->folder == NULL || self->begin_us == 0 || self->cancellable != NULL)
    return;

  wish.folder = g_build_filename (self->folder, "frames", NULL);
  wish.more = g_ptr_array_ref (self->more);
  wish.begin_us = self->begin_us;
  wish.end_us = self->end_us;
  wish.n_slots = self->n_slots;
  wish.height = THUMB_HEIGHT * gtk_widget_get_scale_factor (GTK_WIDGET (self));

  self->loaded_us = g_get_monotonic_time ();
  self->cancellable = g_cancellable_new ();
  cvm_film_reel_load_async (&wish, self->reel, self->cancellable, on_loaded, g_object_ref (self));
}

/* The width decides how many pictures there is room for */
static void
on_allocated (CvmFilmstrip *self)
{
  guint n = MAX (gtk_widget_get_allocated_width (self->strip) - 2 * INSET, 0)
            / (THUMB_WIDTH + GAP);

  if (n == self->n_slots)
    return;

  self->n_slots = n;
  load (self);
}

/* Drawing ---------------------------------------------------------------------------------- */

static void
draw_thumb (CvmFilmstrip *self,
            cairo_t      *cr,
            GdkPixbuf    *thumb,
            double        x)
{
  double scale = MIN ((double)THUMB_WIDTH / gdk_pixbuf_get_width (thumb),
                      (double)THUMB_HEIGHT / gdk_pixbuf_get_height (thumb));

  cairo_save (cr);
  cairo_translate (cr, x + (THUMB_WIDTH - scale * gdk_pixbuf_get_width (thumb)) / 2,
                   (THUMB_HEIGHT - scale * gdk_pixbuf_get_height (thumb)) / 2);
  cairo_scale (cr, scale, scale);
  gdk_cairo_set_source_pixbuf (cr, thumb, 0, 0);
  cairo_paint (cr);
  cairo_restore (cr);
}

static void
set_colour (CvmFilmstrip *self,
            cairo_t      *cr,
            const char   *name)
{
  GtkStyleContext *style = gtk_widget_get_style_context (self->strip);
  GdkRGBA colour;

  if (name == NULL || !gtk_style_context_lookup_color (style, name, &colour))
    {
      gtk_style_context_get_color (style, gtk_style_context_get_state (style), &colour);
      colour.alpha *= name == NULL ? 0.55 : 1;
    }

  gdk_cairo_set_source_rgba (cr, &colour);
}

static void
draw_thumbs (CvmFilmstrip *self,
             cairo_t      *cr)
{
  guint n = self->reel != NULL ? self->reel->thumbs->len : 0;
  double width = gtk_widget_get_allocated_width (self->strip) - 2 * INSET;
  gboolean is_rtl = gtk_widget_get_direction (self->strip) == GTK_TEXT_DIR_RTL;

  for (guint i = 0; i < n; i++)
    {
      GdkPixbuf *thumb = self->reel->thumbs->pdata[is_rtl ? n - 1 - i : i];
      double x = INSET + (i + 0.5) * width / n - THUMB_WIDTH / 2.0;

      cairo_rectangle (cr, x, 0, THUMB_WIDTH, THUMB_HEIGHT);
      cairo_set_source_rgb (cr, 0, 0, 0);
      cairo_fill (cr);
      if (thumb != NULL)
        draw_thumb (self, cr, thumb, x);

      /* a black picture is seen on a dark ground too */
      set_colour (self, cr, "borders");
      cairo_rectangle (cr, x + 0.5, 0.5, THUMB_WIDTH - 1, THUMB_HEIGHT - 1);
      cairo_set_line_width (cr, 1);
      cairo_stroke (cr);
    }
}

/* A shape each, so that no colour need be told from another: a cross for what failed, a ring for
 * what was skipped or is known, a dot for what passed */
static void
draw_mark (CvmFilmstrip      *self,
           cairo_t           *cr,
           const CvmFilmMark *mark)
{
  double x = x_of (self, mark->time_us);
  double y = THUMB_HEIGHT + 4 + MARK_SIZE / 2.0;
  double half = MARK_SIZE / 2.0;

  set_colour (self, cr, cvm_point_state_get_colour (mark->state));
  cairo_new_path (cr);
  if (mark->state == CVM_POINT_STATE_FAILED || mark->state == CVM_POINT_STATE_CANCELLED)
    {
      cairo_move_to (cr, x - half, y - half);
      cairo_line_to (cr, x + half, y + half);
      cairo_move_to (cr, x - half, y + half);
      cairo_line_to (cr, x + half, y - half);
      cairo_set_line_width (cr, 2);
      cairo_stroke (cr);
      return;
    }

  cairo_arc (cr, x, y, half - 1, 0, 2 * G_PI);
  cairo_set_line_width (cr, 1.5);
  if (mark->state == CVM_POINT_STATE_PASSED)
    cairo_fill (cr);
  else
    cairo_stroke (cr);
}

/* Those that failed are drawn over the others */
static void
draw_marks (CvmFilmstrip *self,
            cairo_t      *cr)
{
  for (guint bad = 0; bad < 2; bad++)
    for (guint i = 0; i < self->marks->len; i++)
      {
        const CvmFilmMark *mark = self->marks->pdata[i];

        if (mark->time_us != 0 && (mark->state == CVM_POINT_STATE_FAILED) == (bad == 1))
          draw_mark (self, cr, mark);
      }
}

static gboolean
on_draw (CvmFilmstrip *self,
         cairo_t      *cr)
{
  double x = x_of (self, shown_us (self));

  draw_thumbs (self, cr);
  draw_marks (self, cr);
  if (!self->is_at_end)
    {
      set_colour (self, cr, "cvm_busy");
      cairo_rectangle (cr, x - 1, 0, 2, gtk_widget_get_allocated_height (self->strip));
      cairo_fill (cr);
    }

  return GDK_EVENT_STOP;
}

/* Moving ----------------------------------------------------------------------------------- */

static void
on_value_changed (CvmFilmstrip *self)
{
  if (self->is_setting)
    return;

  self->is_at_end = gtk_adjustment_get_value (self->adjustment)
                    >= gtk_adjustment_get_upper (self->adjustment);
  show_words (self);
  gtk_widget_queue_draw (self->strip);
  g_signal_emit (self, signals[MOVED], 0);
}

static void
go_to_end (CvmFilmstrip *self)
{
  gtk_adjustment_set_value (self->adjustment, gtk_adjustment_get_upper (self->adjustment));
}

static void
go_to_x (CvmFilmstrip *self,
         double        x)
{
  gtk_adjustment_set_value (self->adjustment,
                            (double)(time_of (self, x) - self->begin_us) / G_USEC_PER_SEC);
}

static gboolean
on_strip_pressed (CvmFilmstrip   *self,
                  GdkEventButton *event)
{
  gtk_widget_grab_focus (GTK_WIDGET (self->scale));
  go_to_x (self, event->x);

  return GDK_EVENT_STOP;
}

static gboolean
on_strip_dragged (CvmFilmstrip   *self,
                  GdkEventMotion *event)
{
  go_to_x (self, event->x);

  return GDK_EVENT_STOP;
}

static gboolean
on_tooltip (CvmFilmstrip *self,
            int           x,
            int           y,
            gboolean      is_keyboard,
            GtkTooltip   *tooltip)
{
  gint64 time_us = time_of (self, x);
  const CvmFilmMark *mark =
    cvm_film_marks_nearest (self->marks, time_us, ABS (time_of (self, x + MARK_SIZE) - time_us));
  g_autofree char *clock = NULL;
  g_autofree char *title = NULL;
  g_autofree char *text = NULL;

  if (mark == NULL)
    return FALSE;

  clock = cvm_format_clock ((mark->time_us - self->begin_us) / 1000);
  title = cvm_format_line (mark->title != NULL ? mark->title : "");
  text = g_strdup_printf (_("%s · %s %s: %s"), clock, mark->path, title,
                          cvm_point_state_get_word (mark->state));
  gtk_tooltip_set_text (tooltip, text);

  return TRUE;
}

/* Object ----------------------------------------------------------------------------------- */

static void
cvm_filmstrip_dispose (GObject *object)
{
  CvmFilmstrip *self = CVM_FILMSTRIP (object);

  stop_loading (self);
  g_clear_pointer (&self->folder, g_free);
  g_clear_pointer (&self->more, g_ptr_array_unref);
  g_clear_pointer (&self->marks, g_ptr_array_unref);
  g_clear_pointer (&self->reel, cvm_film_reel_unref);

  G_OBJECT_CLASS (cvm_filmstrip_parent_class)->dispose (object);
}

static void
cvm_filmstrip_class_init (CvmFilmstripClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cvm_filmstrip_dispose;

  signals[MOVED] = g_signal_new ("moved", CVM_TYPE_FILMSTRIP, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/cvmtester/CvmTester/ui/cvm-filmstrip.ui");
  gtk_widget_class_bind_template_child (widget_class, CvmFilmstrip, strip);
  gtk_widget_class_bind_template_child (widget_class, CvmFilmstrip, scale);
  gtk_widget_class_bind_template_child (widget_class, CvmFilmstrip, adjustment);
  gtk_widget_class_bind_template_child (widget_class, CvmFilmstrip, where);
  gtk_widget_class_bind_template_child (widget_class, CvmFilmstrip, end);
  gtk_widget_class_bind_template_child (widget_class, CvmFilmstrip, now_button);
  gtk_widget_class_bind_template_callback (widget_class, on_draw);
  gtk_widget_class_bind_template_callback (widget_class, on_allocated);
  gtk_widget_class_bind_template_callback (widget_class, on_strip_pressed);
  gtk_widget_class_bind_template_callback (widget_class, on_strip_dragged);
  gtk_widget_class_bind_template_callback (widget_class, on_tooltip);
  gtk_widget_class_bind_template_callback (widget_class, on_value_changed);
  gtk_widget_class_bind_template_callback (widget_class, go_to_end);
}

static GPtrArray *
new_frames (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify)cvm_film_frame_free);
}

static void
cvm_filmstrip_init (CvmFilmstrip *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->more = new_frames ();
  self->marks = g_ptr_array_new ();
  self->is_at_end = TRUE;
}

void
cvm_filmstrip_set_job (CvmFilmstrip *self,
                       const char   *folder,
                       gboolean      is_live)
{
  stop_loading (self);
  g_free (self->folder);
  self->folder = g_strdup (folder);
  g_clear_pointer (&self->reel, cvm_film_reel_unref);
  self->must_load = FALSE;
  self->is_live = is_live;
  self->is_at_end = TRUE;
  self->begin_us = 0;
  self->loaded_us = 0;
  self->updated_us = 0;
  g_ptr_array_set_size (self->marks, 0);
  g_ptr_array_set_size (self->more, 0);
  gtk_widget_hide (GTK_WIDGET (self));
}

static gboolean
has_guest (const CvmJobResult *job)
{
  for (guint i = 0; i < job->evidence->len; i++)
    if (g_strcmp0 (((CvmRecord *)job->evidence->pdata[i])->path, "domain.xml") == 0)
      return TRUE;

  return FALSE;
}

static GPtrArray *
evidence_frames (CvmFilmstrip       *self,
                 const CvmJobResult *job)
{
  GPtrArray *frames = new_frames ();

  for (guint i = 0; i < job->evidence->len; i++)
    {
      const CvmRecord *record = job->evidence->pdata[i];
      CvmFilmFrame *frame;

      if (g_strcmp0 (record->kind, "image/png") != 0 || record->path == NULL
          || !g_str_has_prefix (record->path, "frames/") || strstr (record->path, "..") != NULL)
        continue;

      frame = g_new (CvmFilmFrame, 1);
      frame->time_us = record->time_us;
      frame->path = g_build_filename (self->folder, record->path, NULL);
      g_ptr_array_add (frames, frame);
    }

  return frames;
}

static void
set_span (CvmFilmstrip       *self,
          const CvmJobResult *job)
{
  double span;

  self->begin_us = job->begun_us;
  self->end_us = MAX (job->ended_us > 0 ? job->ended_us : g_get_real_time (), job->begun_us + 1);
  span = (double)(self->end_us - self->begin_us) / G_USEC_PER_SEC;

  self->is_setting = TRUE;
  gtk_adjustment_set_upper (self->adjustment, span);
  gtk_adjustment_set_step_increment (self->adjustment, MAX (span / 200, 0.5));
  gtk_adjustment_set_page_increment (self->adjustment, MAX (span / 20, 1));
  if (self->is_at_end)
    gtk_adjustment_set_value (self->adjustment, span);
  self->is_setting = FALSE;
}

void
cvm_filmstrip_update (CvmFilmstrip       *self,
                      const CvmJobResult *job)
{
  gint64 now_us = g_get_monotonic_time ();
  gboolean is_due;

  if (job->begun_us == 0 || self->folder == NULL)
    return;
  if (self->begin_us != 0 && job->ended_us == self->end_us)
    return;                    /* of the past, and shown */
  if (job->ended_us == 0 && now_us - self->updated_us < LOOK_EVERY_US)
    return;

  self->updated_us = now_us;
  g_ptr_array_unref (self->marks);
  self->marks = cvm_film_marks_new (job);
  g_ptr_array_unref (self->more);
  self->more = evidence_frames (self, job);
  set_span (self, job);
  show_words (self);
  gtk_widget_set_visible (GTK_WIDGET (self), has_guest (job));
  gtk_widget_queue_draw (self->strip);

  is_due = !self->is_live || now_us - self->loaded_us > LOAD_EVERY_US;
  if (is_due && (!self->is_live || gtk_widget_get_mapped (GTK_WIDGET (self))))
    load (self);
}

void
cvm_filmstrip_end (CvmFilmstrip *self)
{
  self->is_live = FALSE;
  show_words (self);
  load (self);
}

gint64
cvm_filmstrip_get_moment (CvmFilmstrip *self)
{
  return self->is_at_end ? 0 : shown_us (self);
}

char *
cvm_filmstrip_dup_picture (CvmFilmstrip  *self,
                           char         **caption)
{
  const CvmFilmFrame *frame = self->reel != NULL ? cvm_film_reel_find (self->reel, shown_us (self))
                                                 : NULL;
  g_autofree char *clock =
    cvm_format_clock (((frame != NULL ? frame->time_us : shown_us (self)) - self->begin_us) / 1000);

  *caption = g_strdup_printf (_("The guest as it was at %s"), clock);

  return frame != NULL ? g_strdup (frame->path) : NULL;
}

const char *
cvm_filmstrip_get_check (CvmFilmstrip *self)
{
  const CvmFilmMark *mark = cvm_film_marks_find (self->marks, shown_us (self));

  return mark != NULL ? mark->path : NULL;
}

gboolean
cvm_filmstrip_has_pictures (CvmFilmstrip *self)
{
  return self->reel != NULL && self->reel->frames->len > 0;
}
