/* cvm-leftovers.c: tells of a run whose program died, and offers to clean up and to finish it
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-leftovers.h"

#include <glib/gi18n.h>

#include "cvm-sweeper.h"

struct _CvmLeftovers
{
  GObject           parent_instance;

  CvmMainPage      *page;
  const CvmBackend *backend;
  char             *title;        /* of the run that was found last */
  char             *dir;
  GCancellable     *cancellable;
};

enum { REMOVED, AGAIN, N_SIGNALS };

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (CvmLeftovers, cvm_leftovers, G_TYPE_OBJECT)

static void
cvm_leftovers_dispose (GObject *object)
{
  cvm_leftovers_stop (CVM_LEFTOVERS (object));

  G_OBJECT_CLASS (cvm_leftovers_parent_class)->dispose (object);
}

static void
cvm_leftovers_finalize (GObject *object)
{
  CvmLeftovers *self = CVM_LEFTOVERS (object);

  g_free (self->title);
  g_free (self->dir);

  G_OBJECT_CLASS (cvm_leftovers_parent_class)->finalize (object);
}

static void
cvm_leftovers_class_init (CvmLeftoversClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = cvm_leftovers_dispose;
  G_OBJECT_CLASS (klass)->finalize = cvm_leftovers_finalize;

  signals[REMOVED] = g_signal_new ("removed", CVM_TYPE_LEFTOVERS, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
  signals[AGAIN] = g_signal_new ("again", CVM_TYPE_LEFTOVERS, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
cvm_leftovers_init (CvmLeftovers *self)
{
  self->cancellable = g_cancellable_new ();
}

CvmLeftovers *
cvm_leftovers_new (CvmMainPage      *page,
                   const CvmBackend *backend)
{
  CvmLeftovers *self = g_object_new (CVM_TYPE_LEFTOVERS, NULL);

  self->page = page;
  self->backend = backend;

  return self;
}

static void
run_again (CvmLeftovers *self)
{
  cvm_main_page_tell (self->page, NULL, NULL, NULL, NULL);
  g_signal_emit (self, signals[AGAIN], 0, self->dir);
}

static void
on_removed (GObject      *source,
            GAsyncResult *result,
            gpointer      data)
{
  g_autoptr(CvmLeftovers) self = data;
  g_autoptr(GError) error = NULL;
  g_autofree char *message = NULL;
  guint found;
  gboolean is_clean = cvm_sweeper_run_finish (result, &found, &error);

  if (self->cancellable == NULL)
    return;

  if (is_clean)
    message = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "Cleaned up: %u thing was removed.",
                                            "Cleaned up: %u things were removed.", found), found);
  else
    message = g_strdup_printf (_("Not all could be removed: %s"), error->message);

  cvm_main_page_tell (self->page, message, _("Run Again"), G_CALLBACK (run_again), self);
  g_signal_emit (self, signals[REMOVED], 0);
}

static void
clean_up (CvmLeftovers *self)
{
  cvm_main_page_tell (self->page, _("Cleaning up…"), NULL, NULL, NULL);
  cvm_sweeper_run_async (self->backend->ports, NULL, FALSE, self->cancellable, on_removed,
                         g_object_ref (self));
}

static void
tell (CvmLeftovers *self,
      guint         found)
{
  g_autofree char *died = g_strdup_printf (_("cvmtester ended unexpectedly during “%s”."),
                                           self->title);
  g_autofree char *left = NULL;

  if (found == 0)
    {
      cvm_main_page_tell (self->page, died, _("Run Again"), G_CALLBACK (run_again), self);
      return;
    }

  /* Translators: the sentence before, then what is still there of the run: guests, files */
  left = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%s %u leftover can be cleaned up.",
                                       "%s %u leftovers can be cleaned up.", found), died, found);
  cvm_main_page_tell (self->page, left, _("Clean Up"), G_CALLBACK (clean_up), self);
}

static void
on_looked (GObject      *source,
           GAsyncResult *result,
           gpointer      data)
{
  g_autoptr(CvmLeftovers) self = data;
  guint found;

  cvm_sweeper_run_finish (result, &found, NULL);
  if (self->cancellable != NULL)
    tell (self, found);
}

void
cvm_leftovers_look (CvmLeftovers *self,
                    const char   *title,
                    const char   *dir)
{
  g_free (self->title);
  g_free (self->dir);
  self->title = g_strdup (title);
  self->dir = g_strdup (dir);
  cvm_sweeper_run_async (self->backend->ports, NULL, TRUE, self->cancellable, on_looked,
                         g_object_ref (self));
}

void
cvm_leftovers_stop (CvmLeftovers *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}
