/* test-mask.c: which messages a mask covers, and what is wrong with a bad one
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-mask.h"

#include <glib/gstdio.h>

#include "cvm-check-mend.h"
#include "cvm-check-output.h"

typedef struct
{
  const char *name;
  const char *mask;
  const char *line;
  gboolean    covers;
} Cover;

static const Cover covers[] = {
  { "empty", "", "an error", FALSE },
  { "word", "known error\n", "[ 1.0] a known error in x", TRUE },
  { "other", "known error\n", "[ 1.0] an unknown mistake", FALSE },
  { "second-line", "never\nFrequency (format )?error\n", "Frequency format error", TRUE },
  { "comment", "# error\n", "an # error", FALSE },
  { "blank-covers-nothing", "\n   \n", "an error", FALSE },
  { "crlf", "^exact error$\r\n", "exact error", TRUE },
  { "anchored", "^error$\n", "no error", FALSE },
  { "no-last-newline", "a|b error", "b error", TRUE },
};

typedef struct
{
  const char *name;
  const char *mask;
  const char *where;
} Bad;

static const Bad bads[] = {
  { "bracket", "fine\n[a-\n", ":2: " },
  { "parenthesis", "# comment\n\n(open\n", ":3: " },
  { "repeat", "a{2,1}\n", ":1: " },
};

static char *
write_mask (const char *text)
{
  char *path = NULL;
  int fd = g_file_open_tmp ("test-mask-XXXXXX", &path, NULL);

  g_assert_cmpint (fd, >=, 0);
  g_close (fd, NULL);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));

  return path;
}

static void
test_covers (gconstpointer data)
{
  const Cover *cover = data;
  g_autoptr(GError) error = NULL;
  g_autofree char *path = write_mask (cover->mask);
  g_autoptr(CvmMask) mask = cvm_mask_load (path, &error);

  g_assert_no_error (error);
  g_assert_cmpint (cvm_mask_covers (mask, cover->line), ==, cover->covers);
  g_unlink (path);
}

static void
test_bad (gconstpointer data)
{
  const Bad *bad = data;
  g_autoptr(GError) error = NULL;
  g_autofree char *path = write_mask (bad->mask);
  g_autofree char *where = g_strconcat (path, bad->where, NULL);

  g_assert_null (cvm_mask_load (path, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
  g_assert_true (g_str_has_prefix (error->message, where));
  g_unlink (path);
}

static void
test_none (void)
{
  g_autoptr(CvmMask) mask = cvm_mask_load (NULL, NULL);
  g_autoptr(GError) error = NULL;

  g_assert_false (cvm_mask_covers (mask, "an error"));
  g_assert_null (cvm_mask_load ("/nowhere/at/all", &error));
  g_assert_nonnull (error);
}

static void
test_output (void)
{
  g_autoptr(CvmCheckOutput) output = cvm_check_output_new ();
  g_autofree char *block = g_strnfill (CVM_CHECK_OUTPUT_MAX - 1, 'x');
  g_autoptr(GRegex) pattern = g_regex_new ("^caf. bar$", G_REGEX_MULTILINE, 0, NULL);

  cvm_check_output_on_stdout (block, CVM_CHECK_OUTPUT_MAX - 1, output);
  cvm_check_output_on_stdout ("yz", 2, output);
  cvm_check_output_on_stdout ("z", 1, output);
  cvm_check_output_on_stderr ("e", 1, output);
  g_assert_cmpuint (output->out->len, ==, CVM_CHECK_OUTPUT_MAX);
  g_assert_cmpstr (output->out->str + CVM_CHECK_OUTPUT_MAX - 1, ==, "y");
  g_assert_cmpstr (output->err->str, ==, "e");

  /* Latin-1 is no UTF-8: the odd byte becomes a character that a dot matches */
  g_assert_true (cvm_check_output_matches (pattern, "foo\ncaf\xe9 bar\n", -1, NULL));
  g_assert_false (cvm_check_output_matches (pattern, "foo\ncafe bar2\n", -1, NULL));
}

static const struct
{
  const char *ids;
  const char *command;
} mends[] = {
  { "debian ", "sudo apt install qemu-utils" },
  { "linuxmint ubuntu debian", "sudo apt install qemu-utils" },
  { "fedora", "sudo dnf install qemu-img" },
  { "almalinux rhel centos fedora", "sudo dnf install qemu-img" },
  { "opensuse-leap suse opensuse", "sudo zypper install qemu-tools" },
  { "macos", "brew install qemu" },
  { "plan9", "install qemu-img with this system's package manager" },
  { NULL, "install qemu-img with this system's package manager" },
};

static void
test_mend (void)
{
  g_autofree char *here = cvm_check_mend_install (CVM_MEND_LIBVIRT);

  for (gsize i = 0; i < G_N_ELEMENTS (mends); i++)
    {
      g_autofree char *command = cvm_check_mend_for (CVM_MEND_QEMU_IMG, mends[i].ids);

      g_assert_cmpstr (command, ==, mends[i].command);
    }
  g_assert_nonnull (strstr (here, "libvirt"));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (covers); i++)
    {
      g_autofree char *path = g_strconcat ("/mask/covers/", covers[i].name, NULL);

      g_test_add_data_func (path, &covers[i], test_covers);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (bads); i++)
    {
      g_autofree char *path = g_strconcat ("/mask/bad/", bads[i].name, NULL);

      g_test_add_data_func (path, &bads[i], test_bad);
    }
  g_test_add_func ("/mask/none", test_none);
  g_test_add_func ("/check-output", test_output);
  g_test_add_func ("/check-mend", test_mend);

  return g_test_run ();
}
