/* cvm-peer-tapper.c: the stand-in Tapper server (standin-tapper.py), for a test in C
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-peer-tapper.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

CvmPeerTapper *
cvm_peer_tapper_new (void)
{
  CvmPeerTapper *self = g_new0 (CvmPeerTapper, 1);
  g_autoptr(GError) error = NULL;

  self->folder = g_dir_make_tmp ("cvm-standin-XXXXXX", &error);
  g_assert_no_error (error);
  cvm_peer_tapper_start (self);

  return self;
}

void
cvm_peer_tapper_start (CvmPeerTapper *self)
{
  g_autofree char *script = g_test_build_filename (G_TEST_DIST, "peer", "standin-tapper.py", NULL);
  g_autoptr(GDataInputStream) out = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *line = NULL;

  self->process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE,
                                    &error, "python3", script, self->folder, NULL);
  g_assert_no_error (error);
  out = g_data_input_stream_new (g_subprocess_get_stdout_pipe (self->process));
  line = g_data_input_stream_read_line (out, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (line);
  g_assert_cmpint (sscanf (line, "{\"receiver\": %u, \"api\": %u, \"web\": %u", &self->receiver,
                           &self->api, &self->web), ==, 3);
}

void
cvm_peer_tapper_stop (CvmPeerTapper *self)
{
  if (self->process == NULL)
    return;

  g_subprocess_force_exit (self->process);
  g_subprocess_wait (self->process, NULL, NULL);
  g_clear_object (&self->process);
}

gboolean
cvm_peer_tapper_is_running (CvmPeerTapper *self)
{
  g_autofree char *path = NULL;
  g_autofree char *text = NULL;

  if (self->process == NULL || g_subprocess_get_identifier (self->process) == NULL)
    return FALSE;

  path = g_strdup_printf ("/proc/%s/stat", g_subprocess_get_identifier (self->process));

  return g_file_get_contents (path, &text, NULL, NULL) && strstr (text, ") Z ") == NULL;
}

void
cvm_peer_tapper_fault (CvmPeerTapper *self,
                       const char    *faults)
{
  g_autofree char *path = g_build_filename (self->folder, "faults.json", NULL);
  g_autoptr(GError) error = NULL;

  if (faults == NULL)
    g_unlink (path);
  else
    g_file_set_contents (path, faults, -1, &error);
  g_assert_no_error (error);
}

guint
cvm_peer_tapper_count (CvmPeerTapper *self,
                       const char    *path,
                       guint         *n_all)
{
  g_autofree char *folder = g_build_filename (self->folder, "received", NULL);
  g_autoptr(GDir) dir = g_dir_open (folder, 0, NULL);
  g_autofree char *ours = NULL;
  gsize len;
  const char *name;
  guint n = 0;

  g_assert_true (g_file_get_contents (path, &ours, &len, NULL));
  *n_all = 0;
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *file = g_build_filename (folder, name, NULL);
      g_autofree char *text = NULL;
      gsize text_len;

      g_assert_true (g_file_get_contents (file, &text, &text_len, NULL));
      n += text_len == len && memcmp (text, ours, len) == 0;
      ++*n_all;
    }

  return n;
}

guint
cvm_peer_tapper_last_id (CvmPeerTapper *self)
{
  g_autofree char *path = g_build_filename (self->folder, "tapper.db", NULL);
  g_autofree char *out = NULL;
  const char *argv[] = { "python3", "-c",
                         "import sqlite3, sys\n"
                         "print (sqlite3.connect (sys.argv[1]).execute ('SELECT MAX (id) FROM report').fetchone ()[0] or 0)",
                         path, NULL };
  g_autoptr(GError) error = NULL;

  g_spawn_sync (NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &out, NULL, NULL, &error);
  g_assert_no_error (error);

  return (guint)strtoul (out, NULL, 10);
}

void
cvm_peer_tapper_remove_tree (const char *folder)
{
  g_autoptr(GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (g_file_test (path, G_FILE_TEST_IS_DIR) && !g_file_test (path, G_FILE_TEST_IS_SYMLINK))
        cvm_peer_tapper_remove_tree (path);
      else
        g_unlink (path);
    }

  g_rmdir (folder);
}

void
cvm_peer_tapper_free (CvmPeerTapper *self)
{
  cvm_peer_tapper_stop (self);
  cvm_peer_tapper_remove_tree (self->folder);
  g_free (self->folder);
  g_free (self);
}
