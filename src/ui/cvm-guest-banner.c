/* cvm-guest-banner.c: a guest that looks stuck, or a host that is away
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-guest-banner.h"

#include <glib/gi18n.h>

#include "cvm-announce.h"
#include "cvm-format.h"
#include "cvm-watch.h"

#define MORE_MS (2 * 60 * 1000)

struct _CvmGuestBanner
{
  GtkBox      parent_instance;

  GtkInfoBar *bar;
  GtkLabel   *text;
  GtkWidget  *display_button;
  GtkWidget  *more_button;

  CvmRun     *run;    /* owned, or NULL */
  char       *job;
};

enum { DISPLAY_WANTED, N_SIGNALS };

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (CvmGuestBanner, cvm_guest_banner, GTK_TYPE_BOX)

static char *
describe (CvmWatchNews  news,
          const char   *line)
{
  switch (news)
    {
    case CVM_WATCH_PANIC:
      return g_strdup_printf (_("The guest's kernel gave up: %s"), line);
    case CVM_WATCH_SHELL:
      return g_strdup_printf (_("The guest waits in an emergency shell: %s"), line);
    case CVM_WATCH_NO_BOOT:
      return g_strdup_printf (_("The guest found nothing to boot from: %s"), line);
    case CVM_WATCH_SILENT:
      if (*line == '\0')
        return g_strdup (_("The guest looks stuck: for a minute nothing moved. It never said a "
                           "word."));
      return g_strdup_printf (_("The guest looks stuck: for a minute nothing moved. Its last "
                                "line: %s"), line);
    case CVM_WATCH_NOTHING:
    case CVM_WATCH_MOVES:
      break;
    }

  return NULL;
}

static void
show (CvmGuestBanner *self,
      const char     *text,
      gboolean        is_guest)
{
  gtk_label_set_text (self->text, text);
  gtk_widget_set_visible (self->display_button, is_guest);
  gtk_widget_set_visible (self->more_button, is_guest);
  gtk_widget_show (GTK_WIDGET (self));
  cvm_announce (GTK_WIDGET (self), text);
}

static void
show_host_lost (CvmGuestBanner *self,
                const char     *line)
{
  g_autofree char *text =
    g_strdup_printf (_("%s. The image is not to blame; if the host is back soon, its guest is "
                       "removed."), line);

  show (self, text, FALSE);
}

static void
on_display (CvmGuestBanner *self)
{
  g_signal_emit (self, signals[DISPLAY_WANTED], 0);
}

static void
on_more (CvmGuestBanner *self)
{
  if (self->run != NULL && cvm_run_extend (self->run, self->job, MORE_MS))
    gtk_widget_hide (GTK_WIDGET (self));
}

static void
cvm_guest_banner_dispose (GObject *object)
{
  CvmGuestBanner *self = CVM_GUEST_BANNER (object);

  g_clear_object (&self->run);
  g_clear_pointer (&self->job, g_free);

  G_OBJECT_CLASS (cvm_guest_banner_parent_class)->dispose (object);
}

static void
cvm_guest_banner_class_init (CvmGuestBannerClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cvm_guest_banner_dispose;

  signals[DISPLAY_WANTED] = g_signal_new ("display-wanted", CVM_TYPE_GUEST_BANNER,
                                          G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/cvmtester/CvmTester/ui/cvm-guest-banner.ui");
  gtk_widget_class_bind_template_child (widget_class, CvmGuestBanner, bar);
  gtk_widget_class_bind_template_child (widget_class, CvmGuestBanner, text);
  gtk_widget_class_bind_template_child (widget_class, CvmGuestBanner, display_button);
  gtk_widget_class_bind_template_child (widget_class, CvmGuestBanner, more_button);
  gtk_widget_class_bind_template_callback (widget_class, on_display);
  gtk_widget_class_bind_template_callback (widget_class, on_more);
}

static void
cvm_guest_banner_init (CvmGuestBanner *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
cvm_guest_banner_set_run (CvmGuestBanner *self,
                          CvmRun         *run,
                          const char     *job)
{
  g_set_object (&self->run, run);
  g_free (self->job);
  self->job = g_strdup (job);
  gtk_widget_hide (GTK_WIDGET (self));
}

void
cvm_guest_banner_hear (CvmGuestBanner  *self,
                       const CvmRecord *record)
{
  CvmWatchNews news;
  g_autofree char *line = NULL;
  g_autofree char *text = NULL;

  if (self->run == NULL || g_strcmp0 (record->job, self->job) != 0
      || record->type != CVM_RECORD_LOG)
    return;

  news = cvm_watch_news_of_kind (record->kind);
  line = cvm_format_line (record->text != NULL ? record->text : "");
  text = describe (news, line);
  if (g_strcmp0 (record->kind, "host-lost") == 0)
    show_host_lost (self, line);
  else if (news == CVM_WATCH_MOVES || g_strcmp0 (record->kind, "host-back") == 0)
    gtk_widget_hide (GTK_WIDGET (self));
  else if (text != NULL)
    show (self, text, TRUE);
}
