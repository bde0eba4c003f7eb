/* test-watch.c: when a guest looks stuck
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-watch.h"

#include <string.h>

#define SILENT_MS 60000

static const struct
{
  const char   *name;
  const char   *said;
  CvmWatchNews  news;
  const char   *line;
} cases[] = {
  { "boot",       "Linux version 6.1\n[ 1.0] Freeing memory\nlogin: ", CVM_WATCH_NOTHING, NULL },
  { "panic",      "[ 2.1] Kernel panic - not syncing: VFS: Unable to mount root fs\n",
    CVM_WATCH_PANIC, "[ 2.1] Kernel panic - not syncing: VFS: Unable to mount root fs" },
  { "panic-then", "Kernel panic - not syncing: x\n---[ end Kernel panic - not syncing: x ]---\n",
    CVM_WATCH_PANIC, "Kernel panic - not syncing: x" },
  { "initramfs",  "ALERT! /dev/vda1 does not exist.\r\n(initramfs) ", CVM_WATCH_SHELL,
    "(initramfs) " },
  { "emergency",  "You are in emergency mode. After logging in, type\n", CVM_WATCH_SHELL,
    "You are in emergency mode. After logging in, type" },
  { "coloured",   "\033[1;31mKernel panic - \033[0mnot syncing: x\n", CVM_WATCH_PANIC,
    "Kernel panic - not syncing: x" },
  { "no-disk",    "Booting from Hard Disk...\r\nNo bootable device.\r\n", CVM_WATCH_NO_BOOT,
    "No bootable device." },
  { "grub",       "error: no such partition.\ngrub rescue> ", CVM_WATCH_NO_BOOT, "grub rescue> " },
  { "again",      "Kernel panic - not syncing: x\nRebooting in 1 seconds..\n[ 0.0] Linux version 6\n",
    CVM_WATCH_NOTHING, NULL },
  { "latin1",     "caf\xe9: Kernel panic - not syncing\n", CVM_WATCH_PANIC,
    "caf\xef\xbf\xbd: Kernel panic - not syncing" },
};

static void
test_said (gconstpointer data)
{
  const typeof (cases[0]) *c = data;
  g_autoptr(CvmWatch) watch = cvm_watch_new (SILENT_MS, 0);
  g_autofree char *line = NULL;
  g_autofree char *more = NULL;

  /* byte by byte: as consoles come */
  for (const char *p = c->said; *p != '\0'; p++)
    cvm_watch_hear (watch, p, 1, 1);

  g_assert_cmpint (cvm_watch_step (watch, 2, TRUE, &line), ==, c->news);
  g_assert_cmpstr (line, ==, c->line);
  g_assert_cmpint (cvm_watch_step (watch, 3, TRUE, &more), ==, CVM_WATCH_NOTHING);
}

static CvmWatchNews
step_at (CvmWatch *watch,
         gint64    ms,
         gboolean  is_awaited,
         char    **line)
{
  g_clear_pointer (line, g_free);

  return cvm_watch_step (watch, ms * 1000, is_awaited, line);
}

static void
test_silence (void)
{
  g_autoptr(CvmWatch) watch = cvm_watch_new (SILENT_MS, 0);
  g_autofree char *line = NULL;

  cvm_watch_hear (watch, "Loading\n\n", 9, 1000 * 1000);
  g_assert_cmpint (step_at (watch, 60999, TRUE, &line), ==, CVM_WATCH_NOTHING);
  g_assert_false (cvm_watch_wants_activity (watch, 30999 * 1000));
  g_assert_true (cvm_watch_wants_activity (watch, 31000 * 1000));
  g_assert_cmpint (step_at (watch, 61000, FALSE, &line), ==, CVM_WATCH_NOTHING);
  g_assert_cmpint (step_at (watch, 61000, TRUE, &line), ==, CVM_WATCH_SILENT);
  g_assert_cmpstr (line, ==, "Loading");
  g_assert_cmpint (step_at (watch, 99000, TRUE, &line), ==, CVM_WATCH_NOTHING);

  /* it moves again, and is silent again */
  cvm_watch_stir (watch, 100000 * 1000);
  g_assert_cmpint (step_at (watch, 100001, TRUE, &line), ==, CVM_WATCH_MOVES);
  g_assert_cmpint (step_at (watch, 159999, TRUE, &line), ==, CVM_WATCH_NOTHING);
  g_assert_cmpint (step_at (watch, 160000, TRUE, &line), ==, CVM_WATCH_SILENT);
}

/* A guest that panicked is silent, too: that is no news. One that restarts is. */
static void
test_after_panic (void)
{
  g_autoptr(CvmWatch) watch = cvm_watch_new (SILENT_MS, 0);
  g_autofree char *line = NULL;

  cvm_watch_hear (watch, "Kernel panic - not syncing\n", 27, 0);
  g_assert_cmpint (step_at (watch, 1, TRUE, &line), ==, CVM_WATCH_PANIC);
  g_assert_cmpint (step_at (watch, 90000, TRUE, &line), ==, CVM_WATCH_NOTHING);
  cvm_watch_hear (watch, "Linux version 6\n", 16, 91000 * 1000);
  g_assert_cmpint (step_at (watch, 91001, TRUE, &line), ==, CVM_WATCH_MOVES);
}

static void
test_endless_line (void)
{
  g_autoptr(CvmWatch) watch = cvm_watch_new (SILENT_MS, 0);
  g_autofree char *line = NULL;
  g_autofree char *long_line = g_strnfill (10 * 1000 * 1000, 'x');

  cvm_watch_hear (watch, long_line, 10 * 1000 * 1000, 0);
  g_assert_cmpint (step_at (watch, SILENT_MS, TRUE, &line), ==, CVM_WATCH_SILENT);
  g_assert_cmpuint (strlen (line), <, 1000);
}

static void
test_kinds (void)
{
  for (CvmWatchNews news = CVM_WATCH_PANIC; news <= CVM_WATCH_MOVES; news++)
    g_assert_cmpint (cvm_watch_news_of_kind (cvm_watch_news_kind (news)), ==, news);

  g_assert_cmpint (cvm_watch_news_of_kind ("warning"), ==, CVM_WATCH_NOTHING);
  g_assert_cmpint (cvm_watch_news_of_kind (NULL), ==, CVM_WATCH_NOTHING);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *name = g_strdup_printf ("/watch/said/%s", cases[i].name);

      g_test_add_data_func (name, &cases[i], test_said);
    }
  g_test_add_func ("/watch/silence", test_silence);
  g_test_add_func ("/watch/after-panic", test_after_panic);
  g_test_add_func ("/watch/endless-line", test_endless_line);
  g_test_add_func ("/watch/kinds", test_kinds);

  return g_test_run ();
}
