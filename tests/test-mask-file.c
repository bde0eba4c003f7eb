/* test-mask-file.c: lines of a guest become patterns that mean themselves and nothing else
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-mask-file.h"

#include <glib/gstdio.h>
#include <regex.h>
#include <string.h>

#include "cvm-file.h"

static const struct
{
  const char *name, *line, *pattern;
  const char *other;   /* that the pattern must not cover */
} cases[] = {
  { "kernel",   "[    1.771234] EXT4-fs (sda1): warning", "EXT4-fs \\(sda1\\): warning", "EXT4-fs sda1: warning" },
  { "level",    "<4>[  12.5] ata2.00: failed",            "ata2\\.00: failed", "ata2x00: failed" },
  { "syslog",   "Nov 21 07:25:13 demo cvmfs: error",      "cvmfs: error", "cvmfs error" },
  { "plain",    "a+b*c?^$|{2}\\",                          "a\\+b\\*c\\?\\^\\$\\|\\{2[}]\\\\", "aab" },
  { "brackets", "[fail] #1",                              "\\[fail[]] [#]1", "f #1" },
  { "comment",  "# error",                                "[#] error", "error" },
  { "not-ascii", "f\xc3\xbcr \x01\x02 x",                 "f.*r .* x", "for x" },
  { "time-only", "[    1.771234] ",                       NULL, NULL },
  { "empty",    "",                                       NULL, NULL },
};

static gboolean
covers (const char *pattern,
        const char *line)
{
  regex_t regex;
  gboolean is_covered;

  g_assert_cmpint (regcomp (&regex, pattern, REG_EXTENDED | REG_NOSUB), ==, 0);
  is_covered = regexec (&regex, line, 0, NULL, 0) == 0;
  regfree (&regex);

  return is_covered;
}

static void
test_pattern (gconstpointer data)
{
  const typeof (cases[0]) *c = data;
  g_autofree char *pattern = cvm_mask_file_pattern (c->line);

  g_assert_cmpstr (pattern, ==, c->pattern);
  if (pattern == NULL)
    return;

  g_assert_true (covers (pattern, c->line));
  g_assert_false (covers (pattern, c->other));
}

static void
test_long (void)
{
  g_autofree char *line = g_strnfill (100000, '(');
  g_autofree char *pattern = cvm_mask_file_pattern (line);

  g_assert_cmpuint (strlen (pattern), <=, 2000);
  g_assert_true (covers (pattern, line));
}

static void
test_add (void)
{
  const char *const first[] = { "[ 1.0] one (error)", "two", "two", NULL };
  const char *const more[] = { "three", "two", NULL };
  g_autofree char *path = cvm_mask_file_path ("demo");
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;

  g_assert_true (cvm_mask_file_add ("demo", first, &error));
  g_assert_no_error (error);
  g_assert_true (g_file_set_contents (path, "# mine\none \\(error\\)\ntwo", -1, NULL));
  g_assert_true (cvm_mask_file_add ("demo", more, &error));
  text = cvm_file_read (path, 10000, NULL, &error);
  g_assert_cmpstr (text, ==, "# mine\none \\(error\\)\ntwo\nthree\n");
  g_unlink (path);
}

/* It stands before the installed one, so it has what that has */
static void
test_installed (void)
{
  const char *const lines[] = { "new", NULL };
  g_autofree char *folder = g_build_filename (g_getenv ("CVMTESTER_DATA_DIR"), "masks", NULL);
  g_autofree char *installed = g_build_filename (folder, "cern.mask", NULL);
  g_autofree char *path = cvm_mask_file_path ("cern");
  g_autofree char *text = NULL;

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_assert_true (g_file_set_contents (installed, "# known\nold\n", -1, NULL));
  g_assert_true (cvm_mask_file_add ("cern", lines, NULL));
  text = cvm_file_read (path, 10000, NULL, NULL);
  g_assert_cmpstr (text, ==, "# known\nold\nnew\n");
}

static void
test_bad_name (void)
{
  static const char *const names[] = { "", "..", "../x", "a/b", ".x" };
  const char *const lines[] = { "x", NULL };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_false (cvm_mask_file_add (names[i], lines, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_FILENAME);
    }
}

int
main (int    argc,
      char **argv)
{
  g_autofree char *home = g_dir_make_tmp ("cvm-mask-XXXXXX", NULL);
  g_autofree char *config = g_build_filename (home, "config", NULL);
  g_autofree char *data = g_build_filename (home, "data", NULL);
  int status;

  g_setenv ("XDG_CONFIG_HOME", config, TRUE);
  g_setenv ("CVMTESTER_DATA_DIR", data, TRUE);
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/mask-file/pattern/", cases[i].name, NULL);

      g_test_add_data_func (path, &cases[i], test_pattern);
    }
  g_test_add_func ("/mask-file/long", test_long);
  g_test_add_func ("/mask-file/add", test_add);
  g_test_add_func ("/mask-file/installed", test_installed);
  g_test_add_func ("/mask-file/bad-name", test_bad_name);

  status = g_test_run ();
  cvm_file_remove_tree (home);

  return status;
}
