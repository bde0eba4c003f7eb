/* cvm-job-watch.c: a thread beside a job's own, which is busy with a check: it keeps pictures of the
 * guest's screen and sees when the guest looks stuck
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-job-private.h"

#include "cvm-film.h"
#include "cvm-wait.h"
#include "cvm-watch.h"

#define LOOK_EVERY_MS  1000
#define SILENT_MS      60000
#define ACTIVITY_MS    2000     /* the limit on asking the disk */
#define HEAR_MAX       (256 * 1024)

struct _CvmJobWatch
{
  CvmJob       *job;            /* outlives it */
  CvmDisplay   *display;        /* owned, or NULL */
  CvmGuest     *guest;          /* owned */
  GThread      *thread;
  GCancellable *cancellable;

  CvmWatch     *watch;
  guint64       frame;          /* the last that was looked at */
  guint64       heard;          /* offset in the console */
  gint64        activity;
  gboolean      is_film_full;   /* the disk is */
};

static void
tell (CvmJobWatch  *self,
      CvmWatchNews  news,
      const char   *line)
{
  CvmRecord *record = cvm_record_new (CVM_RECORD_LOG, self->job->spec->id);

  record->kind = g_strdup (cvm_watch_news_kind (news));
  record->text = g_strdup (line);
  self->job->sink (record, self->job->sink_data, NULL);
}

/* A picture more, unless it is one that was there */
static void
film (CvmJobWatch *self)
{
  gint64 now_us = g_get_real_time ();
  g_autoptr(GBytes) png = NULL;
  g_autoptr(GError) error = NULL;
  gboolean is_new = FALSE;

  if (self->display == NULL || self->is_film_full
      || !cvm_film_is_due (self->job->film, now_us)
      || !cvm_display_wait_frame (self->display, self->frame, &self->frame,
                                  g_get_monotonic_time (), NULL, NULL))
    return;

  png = cvm_display_dup_png (self->display, NULL);
  if (png == NULL)
    return;

  self->is_film_full = !cvm_film_add (self->job->film, now_us, png, &is_new, &error);
  if (self->is_film_full)
    tell (self, CVM_WATCH_NOTHING, error->message);
  if (is_new)
    cvm_watch_stir (self->watch, g_get_monotonic_time ());
}

static void
hear (CvmJobWatch *self)
{
  gsize len;
  g_autofree char *bytes = cvm_serial_read (self->job->serial, &self->heard, HEAR_MAX, &len);

  cvm_watch_hear (self->watch, bytes, len, g_get_monotonic_time ());
}

static void
ask_activity (CvmJobWatch *self)
{
  gint64 activity;

  if (!cvm_watch_wants_activity (self->watch, g_get_monotonic_time ()))
    return;

  activity = cvm_guest_get_activity (self->guest, cvm_deadline_in_ms (ACTIVITY_MS),
                                     self->cancellable);
  if (activity > self->activity)
    cvm_watch_stir (self->watch, g_get_monotonic_time ());
  self->activity = MAX (self->activity, activity);
}

static gpointer
watch (gpointer data)
{
  CvmJobWatch *self = data;

  do
    {
      g_autofree char *line = NULL;
      CvmWatchNews news;

      film (self);
      hear (self);
      ask_activity (self);
      news = cvm_watch_step (self->watch, g_get_monotonic_time (),
                             g_atomic_int_get (&self->job->is_waiting), &line);
      if (news != CVM_WATCH_NOTHING)
        tell (self, news, line);
    }
  while (cvm_wait_ms (LOOK_EVERY_MS, CVM_DEADLINE_NEVER, self->cancellable, NULL));

  return NULL;
}

static void
begin_film (CvmJob *job)
{
  g_autofree char *path = NULL;
  g_autofree char *folder = NULL;

  if (job->film != NULL)
    return;

  path = cvm_run_folder_job_file (job->folder, job->spec->id, "frames/film", NULL);
  if (path == NULL)
    return;

  folder = g_path_get_dirname (path);
  job->film = cvm_film_new (folder);
}

void
cvm_job_begin_watch (CvmJob *job)
{
  guint silent_ms = job->ports->silent_ms != 0 ? job->ports->silent_ms : SILENT_MS;
  CvmJobWatch *self;

  cvm_job_end_watch (job);
  begin_film (job);
  self = job->watch = g_new0 (CvmJobWatch, 1);
  self->job = job;
  self->guest = g_object_ref (job->guest);
  if (job->film != NULL)
    g_set_object (&self->display, job->display);
  self->cancellable = g_cancellable_new ();
  self->watch = cvm_watch_new (silent_ms, g_get_monotonic_time ());
  self->heard = job->boot_offset;
  self->thread = g_thread_new ("cvm-watch", watch, self);
}

void
cvm_job_end_watch (CvmJob *job)
{
  CvmJobWatch *self = g_steal_pointer (&job->watch);

  if (self == NULL)
    return;

  g_cancellable_cancel (self->cancellable);
  g_thread_join (self->thread);
  film (self);                  /* the last picture */
  g_clear_object (&self->display);
  g_object_unref (self->guest);
  g_object_unref (self->cancellable);
  cvm_watch_free (self->watch);
  g_free (self);
}
