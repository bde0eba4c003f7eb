/* cvm-guest-tile.c: a job in the grid of guests: its screen, small, and how far it is
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-guest-tile.h"

#include <glib/gi18n.h>

#include "cvm-format.h"
#include "cvm-guest-screen.h"
#include "cvm-host-titles.h"
#include "cvm-point-state.h"
#include "cvm-verdict-image.h"

#define WIDTH   300    /* of the picture, at least: as cvm-guest-tile.ui has it */
#define HEIGHT  188
#define LARGEST 600    /* as high as it gets */
#define MARGIN  8      /* around it, with the tile's border */

struct _CvmGuestTile
{
  GtkFlowBoxChild  parent_instance;

  CvmGuestScreen  *screen;
  GtkLabel        *nothing;
  GtkLabel        *title;
  GtkLabel        *progress;
  GtkImage        *verdict;

  CvmRun          *run;       /* owned */
  char            *job;
  gboolean         is_seen;
};

G_DEFINE_FINAL_TYPE (CvmGuestTile, cvm_guest_tile, GTK_TYPE_FLOW_BOX_CHILD)

static void
on_screen_made (CvmGuestTile *self,
                GtkWidget    *vnc)
{
  gtk_widget_set_can_focus (vnc, FALSE);
  vnc_display_set_force_size (VNC_DISPLAY (vnc), FALSE);   /* it takes the place there is */
}

static void
on_screen_changed (CvmGuestTile *self)
{
  gtk_widget_set_visible (GTK_WIDGET (self->nothing),
                          cvm_guest_screen_get_vnc (self->screen) == NULL
                          || !cvm_guest_screen_is_live (self->screen));
}

static void
cvm_guest_tile_dispose (GObject *object)
{
  CvmGuestTile *self = CVM_GUEST_TILE (object);

  g_clear_object (&self->run);
  g_clear_pointer (&self->job, g_free);

  G_OBJECT_CLASS (cvm_guest_tile_parent_class)->dispose (object);
}

static GtkSizeRequestMode
cvm_guest_tile_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

/* The picture gets the width there is: so it needs the height for it */
static void
cvm_guest_tile_get_preferred_height_for_width (GtkWidget *widget,
                                               int        width,
                                               int       *minimum,
                                               int       *natural)
{
  int picture = MIN ((width - 2 * MARGIN) * HEIGHT / WIDTH, LARGEST);
  int more = MAX (picture - HEIGHT, 0);

  GTK_WIDGET_CLASS (cvm_guest_tile_parent_class)
    ->get_preferred_height_for_width (widget, width, minimum, natural);
  *minimum += more;
  *natural += more;
}

static void
cvm_guest_tile_class_init (CvmGuestTileClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (CVM_TYPE_GUEST_SCREEN);
  G_OBJECT_CLASS (klass)->dispose = cvm_guest_tile_dispose;
  widget_class->get_request_mode = cvm_guest_tile_get_request_mode;
  widget_class->get_preferred_height_for_width = cvm_guest_tile_get_preferred_height_for_width;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/cvmtester/CvmTester/ui/cvm-guest-tile.ui");
  gtk_widget_class_bind_template_child (widget_class, CvmGuestTile, screen);
  gtk_widget_class_bind_template_child (widget_class, CvmGuestTile, nothing);
  gtk_widget_class_bind_template_child (widget_class, CvmGuestTile, title);
  gtk_widget_class_bind_template_child (widget_class, CvmGuestTile, progress);
  gtk_widget_class_bind_template_child (widget_class, CvmGuestTile, verdict);
  gtk_widget_class_bind_template_callback (widget_class, on_screen_made);
  gtk_widget_class_bind_template_callback (widget_class, on_screen_changed);
}

static void
cvm_guest_tile_init (CvmGuestTile *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
cvm_guest_tile_new (CvmRun             *run,
                    const CvmJobResult *job)
{
  CvmGuestTile *self = g_object_new (CVM_TYPE_GUEST_TILE, NULL);

  self->run = g_object_ref (run);
  self->job = g_strdup (job->id);
  cvm_guest_tile_update (self, job);

  return GTK_WIDGET (self);
}

const char *
cvm_guest_tile_get_job (CvmGuestTile *self)
{
  return self->job;
}

static CvmPointState
state_of (const CvmJobResult *job)
{
  if (job->ended_us > 0)
    return cvm_point_state_of_status (job->status);
  if (job->begun_us == 0)
    return CVM_POINT_STATE_PENDING;

  return cvm_job_result_n_failed (job) > 0 ? CVM_POINT_STATE_FAILED : CVM_POINT_STATE_RUNNING;
}

static char *
describe_progress (const CvmJobResult *job)
{
  guint ended = job->passed + job->failed + job->skipped;
  guint failed = cvm_job_result_n_failed (job);
  gint64 end_us = job->ended_us > 0 ? job->ended_us : g_get_real_time ();
  g_autofree char *clock = cvm_format_clock (job->begun_us > 0 ? (end_us - job->begun_us) / 1000
                                                               : 0);

  if (failed > 0)
    return g_strdup_printf (_("%u of %u · %u failed · %s"), ended, job->planned, failed, clock);
  if (job->cancelled > 0)
    return g_strdup_printf (_("%u of %u · %u stopped · %s"), ended, job->planned, job->cancelled,
                            clock);

  return g_strdup_printf (_("%u of %u · %s"), ended, job->planned, clock);
}

void
cvm_guest_tile_update (CvmGuestTile       *self,
                       const CvmJobResult *job)
{
  g_autofree char *title = cvm_host_titles_place (job->image != NULL ? job->image : job->id,
                                                  job->host_uri);
  g_autofree char *progress = describe_progress (job);
  CvmPointState state = state_of (job);
  const char *word = cvm_point_state_get_word (state);
  g_autofree char *spoken = g_strdup_printf ("%s, %s, %s", title, progress, word);

  gtk_label_set_text (self->title, title);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->title), title);
  gtk_label_set_text (self->progress, progress);
  cvm_verdict_image_set (self->verdict, state);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->verdict), word);
  atk_object_set_name (gtk_widget_get_accessible (GTK_WIDGET (self)), spoken);
  if (job->ended_us > 0)
    gtk_label_set_text (self->nothing, _("The guest is gone"));
}

void
cvm_guest_tile_set_seen (CvmGuestTile *self,
                         gboolean      is_seen)
{
  if (is_seen == self->is_seen)
    return;

  self->is_seen = is_seen;
  cvm_guest_screen_set_run (self->screen, is_seen ? self->run : NULL, self->job);
  on_screen_changed (self);
}
