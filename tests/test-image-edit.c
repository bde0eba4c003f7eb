/* test-image-edit.c: settings of an image changed in its file, which otherwise stays as it is
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-image-edit.h"

#include <glib/gstdio.h>

#include "cvm-file.h"
#include "cvm-keyfile.h"

#define KERNEL "# mine\n[Image]\n# how it starts\nKernel=vmlinuz\n\nMemory=256   \n# the end\n"

typedef struct
{
  const char *name;
  const char *settings[5];
  const char *text;     /* after it; NULL: nothing was written */
  const char *error;    /* part of it */
} Case;

static const Case cases[] = {
  { "change", { "Memory", "512" },
    "# mine\n[Image]\n# how it starts\nKernel=vmlinuz\n\nMemory=512   \n# the end\n" },
  { "two", { "Memory", "512", "Cpus", "2" },
    "# mine\n[Image]\n# how it starts\nKernel=vmlinuz\n\nMemory=512   \nCpus=2\n# the end\n" },
  { "remove", { "Memory", "" }, "# mine\n[Image]\n# how it starts\nKernel=vmlinuz\n\n# the end\n" },
  { "nothing", { NULL }, KERNEL },
  { "bad-number", { "Memory", "8" }, NULL, "Memory" },
  { "no-number", { "Cpus", "two" }, NULL, "Cpus" },
  { "bad-pattern", { "Ready", "(" }, NULL, "Ready" },
  { "two-words", { "Arch", "x86 64" }, NULL, "Arch" },
  { "option", { "User", "-oProxyCommand=x" }, NULL, "User" },
  { "unknown", { "Memry", "512" }, NULL, "did you mean 'Memory'" },
  { "nothing-to-boot", { "Kernel", "" }, NULL, "nothing to boot from" },
  { "one-bad-of-two", { "Cpus", "2", "Memory", "0" }, NULL, "Memory" },
};

static void
test_edit (gconstpointer data)
{
  const Case *self = data;
  g_autofree char *dir = g_dir_make_tmp ("cvm-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (dir, "vm.image", NULL);
  g_autofree char *kernel = g_build_filename (dir, "vmlinuz", NULL);
  g_autofree char *text = NULL;
  g_autoptr(GError) error = NULL;
  gboolean is_written;

  g_assert_true (g_file_set_contents (kernel, "x", -1, NULL));
  g_assert_true (g_file_set_contents (path, KERNEL, -1, NULL));
  is_written = cvm_image_edit (path, self->settings, &error);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));

  if (self->text != NULL)
    {
      g_assert_no_error (error);
      g_assert_true (is_written);
      g_assert_cmpstr (text, ==, self->text);
    }
  else
    {
      g_assert_false (is_written);
      g_assert_error (error, CVM_KEYFILE_ERROR, CVM_KEYFILE_ERROR_INVALID);
      g_assert_nonnull (strstr (error->message, self->error));
      g_assert_cmpstr (text, ==, KERNEL);
    }
  cvm_file_remove_tree (dir);
}

static void
test_missing (void)
{
  const char *settings[] = { "Memory", "512", NULL };
  g_autoptr(GError) error = NULL;

  g_assert_false (cvm_image_edit ("/nowhere/vm.image", settings, &error));
  g_assert_error (error, CVM_KEYFILE_ERROR, CVM_KEYFILE_ERROR_UNREADABLE);
}

static const struct
{
  const char *key, *value;
  gboolean    is_good;
} settings[] = {
  { "Memory", "512", TRUE },     { "Memory", "8", FALSE },     { "Memory", "much", FALSE },
  { "Memory", "", TRUE },        { "Cpus", "257", FALSE },     { "Ready", "login:", TRUE },
  { "Ready", "(", FALSE },       { "Arch", "aarch64", TRUE },  { "Arch", "a b", FALSE },
  { "User", "-x", FALSE },       { "Cmdline", "a b c", TRUE }, { "Description", "ä ö", TRUE },
  { "Version", "2.5.1", TRUE },  { "Nonsense", "1", FALSE },
};

/* While it is typed: the message has no place in a file, which there is none of */
static void
test_check (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (settings); i++)
    {
      g_autofree char *fault = cvm_image_check_setting (settings[i].key, settings[i].value);

      g_assert_cmpint (fault == NULL, ==, settings[i].is_good);
      g_assert_true (fault == NULL || strstr (fault, "/image") == NULL);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/image-edit/%s", cases[i].name);

      g_test_add_data_func (path, &cases[i], test_edit);
    }
  g_test_add_func ("/image-edit/missing", test_missing);
  g_test_add_func ("/image-edit/check", test_check);

  return g_test_run ();
}
