/* cvm-run-page-actions.c: what can be done with a run, and with the check that is selected
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-run-page-private.h"

#include <glib/gi18n.h>

#include "cvm-export.h"
#include "cvm-format.h"

/* The window's own: what makes runs is there */
static void
ask_window (CvmRunPage *self,
            const char *action,
            GVariant   *target)
{
  g_autoptr(GVariant) owned = g_variant_ref_sink (target);
  GtkWidget *window = gtk_widget_get_toplevel (GTK_WIDGET (self));

  if (G_IS_ACTION_GROUP (window) && g_action_group_has_action (G_ACTION_GROUP (window), action))
    g_action_group_activate_action (G_ACTION_GROUP (window), action, owned);
}

/* The run --------------------------------------------------------------------------------- */

void
cvm_run_page_toggle_pause (CvmRunPage *self)
{
  if (!cvm_run_page_can_stop (self))
    return;

  if (cvm_run_is_paused (self->run))
    cvm_run_resume (self->run);
  else
    cvm_run_pause (self->run);

  cvm_run_page_sync_actions (self);
  cvm_run_page_refresh (self);
}

static void
on_pause (GSimpleAction *action,
          GVariant      *parameter,
          gpointer       data)
{
  cvm_run_page_toggle_pause (data);
}

static void
on_stop_after (GSimpleAction *action,
               GVariant      *parameter,
               gpointer       data)
{
  CvmRunPage *self = data;

  if (!cvm_run_page_can_stop (self))
    return;

  self->is_stopping = TRUE;
  cvm_run_stop_after_check (self->run);
  cvm_run_page_show_live (self);
  cvm_run_page_refresh (self);
}

static void
on_stop_keep (GSimpleAction *action,
              GVariant      *parameter,
              gpointer       data)
{
  CvmRunPage *self = data;

  if (!cvm_run_page_can_stop (self))
    return;

  self->keeps_guest = TRUE;
  cvm_run_keep_guests (self->run);
  cvm_run_page_stop (self);
}

static void
on_again (GSimpleAction *action,
          GVariant      *parameter,
          gpointer       data)
{
  CvmRunPage *self = data;

  ask_window (self, "again-of", g_variant_new_string (self->dir));
}

static void
on_compare (GSimpleAction *action,
            GVariant      *parameter,
            gpointer       data)
{
  CvmRunPage *self = data;

  ask_window (self, "compare-of", g_variant_new ("(ss)", self->dir, ""));
}

static void
on_again_failed (GSimpleAction *action,
                 GVariant      *parameter,
                 gpointer       data)
{
  cvm_run_page_again_failed (data);
}

static void
on_send (GSimpleAction *action,
         GVariant      *parameter,
         gpointer       data)
{
  CvmRunPage *self = data;

  cvm_send_bar_send (self->send_bar, self->dir, NULL);
}

static void
on_export (GSimpleAction *action,
           GVariant      *parameter,
           gpointer       data)
{
  CvmRunPage *self = data;
  g_autofree char *title = cvm_format_line (cvm_result_get_title (self->result));

  cvm_export_ask (GTK_WIDGET (self), self->dir, title);
}

static void
on_open_folder (GSimpleAction *action,
                GVariant      *parameter,
                gpointer       data)
{
  CvmRunPage *self = data;

  cvm_run_page_open_file (self, self->dir);
}

/* The selected check ---------------------------------------------------------------------- */

/* "boot-log", or "boot-log/3" of a subtest: as it is named to run it alone */
static char *
dup_only (const CvmPoint *const *chain,
          guint                  n)
{
  const char *dot = n > 1 ? strchr (chain[1]->path, '.') : NULL;

  return dot != NULL ? g_strdup_printf ("%s/%s", chain[0]->id, dot + 1) : g_strdup (chain[0]->id);
}

static void
on_point_again (GSimpleAction *action,
                GVariant      *parameter,
                gpointer       data)
{
  CvmRunPage *self = data;
  const CvmPoint *chain[CVM_RESULT_MAX_CHAIN];
  guint n = cvm_point_tree_get_selected (self->tree, chain);
  g_autofree char *only = n > 0 && chain[0]->id != NULL ? dup_only (chain, n) : NULL;

  if (only != NULL)
    ask_window (self, "again-check-of", g_variant_new ("(sss)", self->dir, self->job, only));
}

static void
on_point_skip (GSimpleAction *action,
               GVariant      *parameter,
               gpointer       data)
{
  CvmRunPage *self = data;
  const CvmPoint *chain[CVM_RESULT_MAX_CHAIN];
  g_autofree char *text = NULL;

  if (cvm_point_tree_get_selected (self->tree, chain) == 0 || !cvm_run_page_is_live (self)
      || !cvm_run_skip (self->run, self->job, chain[0]->id))
    return;

  text = g_strdup_printf (_("“%s” will be skipped."), chain[0]->title);
  cvm_run_page_show_banner (self, GTK_MESSAGE_OTHER, text);
}

static void
on_point_copy (GSimpleAction *action,
               GVariant      *parameter,
               gpointer       data)
{
  CvmRunPage *self = data;
  g_autofree char *text = cvm_point_details_dup_text (self->details);

  if (text != NULL)
    gtk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self), GDK_SELECTION_CLIPBOARD),
                            text, -1);
}

/* How the check ended, among what the run did then */
static void
on_point_log (GSimpleAction *action,
              GVariant      *parameter,
              gpointer       data)
{
  CvmRunPage *self = data;
  const CvmPoint *chain[CVM_RESULT_MAX_CHAIN];

  if (cvm_point_tree_get_selected (self->tree, chain) > 0 && chain[0]->id != NULL)
    cvm_guest_view_show_log (self->guest, chain[0]->id);
}

/* The lines that the check speaks of */
static char **
list_lines (const CvmPoint *point)
{
  g_autoptr(GStrvBuilder) lines = g_strv_builder_new ();

  for (guint i = 0; point->details != NULL && i < point->details->len; i++)
    {
      const CvmDetail *detail = point->details->pdata[i];

      if (g_str_equal (detail->key, "line"))
        g_strv_builder_add (lines, detail->value);
    }

  return g_strv_builder_end (lines);
}

void
cvm_run_page_show_file (CvmRunPage        *self,
                        const CvmEvidence *file)
{
  const CvmPoint *chain[CVM_RESULT_MAX_CHAIN];
  guint n = cvm_point_tree_get_selected (self->tree, chain);
  g_auto(GStrv) lines = n > 0 ? list_lines (chain[n - 1]) : NULL;

  if (file->is_text && (self->run != NULL || self->past != NULL))
    cvm_guest_view_show_text (self->guest, file, (const char *const *)lines);
  else
    cvm_run_page_open_file (self, file->path);
}

static void
on_point_open (GSimpleAction *action,
               GVariant      *parameter,
               gpointer       data)
{
  CvmRunPage *self = data;
  const CvmEvidence *file = cvm_point_details_get_text_file (self->details);

  if (file != NULL)
    cvm_run_page_show_file (self, file);
}

static void
on_point_open_outside (GSimpleAction *action,
                       GVariant      *parameter,
                       gpointer       data)
{
  CvmRunPage *self = data;
  const CvmEvidence *file = cvm_point_details_get_text_file (self->details);

  if (file != NULL)
    cvm_run_page_open_file (self, file->path);
}

/* ----------------------------------------------------------------------------------------- */

static const GActionEntry run_entries[] = {
  { "pause",        on_pause, NULL, "false" },
  { "stop-after",   on_stop_after },
  { "stop-keep",    on_stop_keep },
  { "again",        on_again },
  { "again-failed", on_again_failed },
  { "compare",      on_compare },
  { "send",         on_send },
  { "export",       on_export },
  { "open-folder",  on_open_folder },
};

static const GActionEntry point_entries[] = {
  { "again", on_point_again },
  { "skip",  on_point_skip },
  { "copy",  on_point_copy },
  { "log",   on_point_log },
  { "open",  on_point_open },
  { "open-outside", on_point_open_outside },
};

void
cvm_run_page_add_actions (CvmRunPage *self)
{
  self->run_actions = g_simple_action_group_new ();
  self->point_actions = g_simple_action_group_new ();
  g_action_map_add_action_entries (G_ACTION_MAP (self->run_actions), run_entries,
                                   G_N_ELEMENTS (run_entries), self);
  g_action_map_add_action_entries (G_ACTION_MAP (self->point_actions), point_entries,
                                   G_N_ELEMENTS (point_entries), self);
  gtk_widget_insert_action_group (GTK_WIDGET (self), "run", G_ACTION_GROUP (self->run_actions));
  gtk_widget_insert_action_group (GTK_WIDGET (self), "point",
                                  G_ACTION_GROUP (self->point_actions));
}

static void
enable (GSimpleActionGroup *group,
        const char         *name,
        gboolean            is_enabled)
{
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (group), name);

  g_simple_action_set_enabled (G_SIMPLE_ACTION (action), is_enabled);
}

static void
sync_point_actions (CvmRunPage *self,
                    gboolean    is_live)
{
  const CvmPoint *chain[CVM_RESULT_MAX_CHAIN];
  guint n = cvm_point_tree_get_selected (self->tree, chain);
  gboolean is_ours = n > 0 && chain[0]->id != NULL && (self->run != NULL || self->past != NULL);
  gboolean has_text = n > 0 && cvm_point_details_get_text_file (self->details) != NULL;

  enable (self->point_actions, "again", is_ours && !is_live);
  enable (self->point_actions, "skip", is_ours && is_live && !chain[0]->is_ended);
  enable (self->point_actions, "copy", n > 0);
  enable (self->point_actions, "log", is_ours && (chain[0]->is_begun || chain[0]->is_ended));
  enable (self->point_actions, "open", has_text);
  enable (self->point_actions, "open-outside", has_text);
}

/* Some check of it, or it came to no end */
static gboolean
has_failed (CvmRunPage *self)
{
  for (guint i = 0; self->result != NULL && i < cvm_result_n_jobs (self->result); i++)
    {
      const CvmJobResult *job = cvm_result_job (self->result, i);

      if (job->failed > 0 || job->ended_us == 0 || job->status != CVM_STATUS_PASSED)
        return TRUE;
    }

  return FALSE;
}

void
cvm_run_page_sync_actions (CvmRunPage *self)
{
  gboolean is_live = cvm_run_page_is_live (self);
  gboolean is_ours = self->run != NULL || self->past != NULL;
  gboolean is_paused = is_live && cvm_run_is_paused (self->run);
  GAction *pause = g_action_map_lookup_action (G_ACTION_MAP (self->run_actions), "pause");

  g_simple_action_set_state (G_SIMPLE_ACTION (pause), g_variant_new_boolean (is_paused));
  gtk_image_set_from_icon_name (self->pause_icon,
                                is_paused ? "media-playback-start-symbolic"
                                          : "media-playback-pause-symbolic", GTK_ICON_SIZE_BUTTON);
  enable (self->run_actions, "pause", is_live && !self->is_stopping);
  enable (self->run_actions, "stop-after", is_live && !self->is_stopping);
  enable (self->run_actions, "stop-keep", is_live && !self->is_stopping);
  enable (self->run_actions, "again", is_ours && !is_live);
  enable (self->run_actions, "again-failed", is_ours && !is_live && has_failed (self));
  enable (self->run_actions, "compare", is_ours && !is_live);
  enable (self->run_actions, "send", is_ours && !is_live);
  enable (self->run_actions, "export", is_ours);
  enable (self->run_actions, "open-folder", is_ours);
  sync_point_actions (self, is_live);
}

void
cvm_run_page_again_failed (CvmRunPage *self)
{
  if (!cvm_run_page_is_live (self) && (self->run != NULL || self->past != NULL))
    ask_window (self, has_failed (self) ? "again-failed-of" : "again-of",
                g_variant_new_string (self->dir));
}
