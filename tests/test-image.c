/* test-image.c: image files, their errors with file and line, and where images are found
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-image.h"
#include "cvm-keyfile.h"

#include <glib/gstdio.h>
#include <string.h>

#define SUM "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static char *folder;

static char *
at (const char *name)
{
  return g_build_filename (folder, name, NULL);
}

static void
put (const char *name,
     const char *text)
{
  g_autofree char *path = at (name);

  g_assert_true (g_file_set_contents_full (path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, NULL));
}

static CvmImage *
load (const char  *text,
      GError     **error)
{
  g_autofree char *path = at ("x.image");

  put ("x.image", text);

  return cvm_image_load (path, error);
}

static void
assert_path (const char *path,
             const char *name)
{
  g_autofree char *expected = at (name);

  g_assert_cmpstr (path, ==, expected);
}

static void
test_whole (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(CvmImage) image = load (
    "[Image]\nName=A name\nDescription=What it is\nVersion=2.7.2\nRelease=4-3\nDisk=disk.qcow2\nDiskSha256=" SUM "\nFormat=raw\n"
    "Kernel=vmlinuz\nKernelSha256=" SUM "\nInitrd=initrd\nInitrdSha256=" SUM "\n"
    "Cmdline=console=ttyS0 quiet\nSeed=initrd\nContext=mask\nArch=aarch64\nMemory=256\nCpus=2\nUser=debian\nKey=key\n"
    "PasswordFile=password\nWebPasswordFile=password\nReady=^login: \\\\w\nMask=mask\n", &error);

  g_assert_no_error (error);
  g_assert_cmpstr (image->name, ==, "A name");
  g_assert_cmpstr (image->version, ==, "2.7.2");
  g_assert_cmpstr (image->release_id, ==, "4-3");
  g_assert_cmpstr (image->description, ==, "What it is");
  assert_path (image->path, "x.image");
  assert_path (image->disk, "disk.qcow2");
  g_assert_cmpstr (image->disk_sha256, ==, SUM);
  g_assert_cmpstr (image->format, ==, "raw");
  assert_path (image->kernel, "vmlinuz");
  g_assert_cmpstr (image->kernel_sha256, ==, SUM);
  assert_path (image->initrd, "initrd");
  g_assert_cmpstr (image->initrd_sha256, ==, SUM);
  g_assert_cmpstr (image->cmdline, ==, "console=ttyS0 quiet");
  assert_path (image->seed, "initrd");
  assert_path (image->context, "mask");
  g_assert_cmpstr (image->arch, ==, "aarch64");
  g_assert_cmpuint (image->memory_mib, ==, 256);
  g_assert_cmpuint (image->cpus, ==, 2);
  g_assert_cmpstr (image->user, ==, "debian");
  assert_path (image->key, "key");
  assert_path (image->password_file, "password");
  assert_path (image->web_password_file, "password");
  g_assert_cmpstr (image->ready, ==, "^login: \\w");
  assert_path (image->mask, "mask");
}

static void
test_defaults (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(CvmImage) image = load ("[Image]\nDisk=disk.qcow2\n", &error);

  g_assert_no_error (error);
  g_assert_cmpstr (image->name, ==, "x");
  g_assert_cmpstr (image->format, ==, "qcow2");
  g_assert_cmpstr (image->arch, ==, "x86_64");
  g_assert_cmpuint (image->memory_mib, ==, 512);
  g_assert_cmpuint (image->cpus, ==, 1);
  g_assert_cmpstr (image->user, ==, "root");
  g_assert_null (image->description);
  g_assert_null (image->kernel);
  g_assert_null (image->cmdline);
  g_assert_null (image->key);
  g_assert_null (image->ready);
}

static const struct { const char *name, *text, *message; } errors[] = {
  { "empty", "", "F:1: there is no [Image]*" },
  { "group", "[Image]\nDisk=disk.qcow2\n[Suite]\n", "F:3: *[Image] only*" },
  { "image-id", "[Image x]\nDisk=disk.qcow2\n", "F:1: *[Image] only*" },
  { "nothing-to-boot", "\n[Image]\nName=x\n", "F:2: there is nothing to boot from*" },
  { "key", "[Image]\nDsik=disk.qcow2\n", "F:2: *'Dsik'; did you mean 'Disk'?" },
  { "strange-key", "[Image]\nBootloader=grub\n", "F:2: *'Bootloader'; allowed: Name, *" },
  { "lower-key", "[Image]\ndisk=disk.qcow2\n", "F:2: *'disk'; did you mean 'Disk'?" },
  { "empty-value", "[Image]\nDisk=\n", "F:2: Disk is ''; give it a value*" },
  { "missing-disk", "[Image]\nDisk=no.raw\n", "F:2: Disk is 'no.raw'; there is no such file*" },
  { "folder", "[Image]\nDisk=/\n", "F:2: Disk is '/'; there is no such file*" },
  { "missing-kernel", "[Image]\nKernel=no\n", "F:2: Kernel is 'no'*" },
  { "missing-seed", "[Image]\nDisk=disk.qcow2\nSeed=no\n", "F:3: Seed is 'no'*" },
  { "missing-mask", "[Image]\nDisk=disk.qcow2\nMask=no\n", "F:3: Mask is 'no'*" },
  { "no-suffix", "[Image]\nDisk=key\n", "F:2: Disk is 'key'; *add Format=raw*" },
  { "format", "[Image]\nDisk=disk.qcow2\nFormat=QCOW2\n", "F:3: Format is 'QCOW2'; allowed: raw*" },
  { "sum", "[Image]\nDisk=disk.qcow2\nDiskSha256=abc\n", "F:3: DiskSha256 is 'abc'; *64 hex*" },
  { "sum-longer", "[Image]\nDisk=disk.qcow2\nDiskSha256=" SUM "0\n", "F:3: DiskSha256 is*" },
  { "sum-alone", "[Image]\nKernel=vmlinuz\nDiskSha256=" SUM "\n", "F:3: DiskSha256 without Disk*" },
  { "initrd-alone", "[Image]\nDisk=disk.qcow2\nInitrd=initrd\n", "F:3: Initrd without Kernel*" },
  { "cmdline-alone", "[Image]\nDisk=disk.qcow2\nCmdline=quiet\n", "F:3: Cmdline without Kernel*" },
  { "memory", "[Image]\nDisk=disk.qcow2\nMemory=1G\n", "F:3: Memory is '1G'; allowed: 16 to 1048576" },
  { "memory-0", "[Image]\nDisk=disk.qcow2\nMemory=0\n", "F:3: Memory is '0'*" },
  { "cpus", "[Image]\nDisk=disk.qcow2\nCpus=-1\n", "F:3: Cpus is '-1'; allowed: 1 to 256" },
  { "user", "[Image]\nDisk=disk.qcow2\nUser=-oProxyCommand\n", "F:3: User is '-oP*" },
  { "user-space", "[Image]\nDisk=disk.qcow2\nUser=a b\n", "F:3: User is 'a b'; *spaces*" },
  { "ready", "[Image]\nDisk=disk.qcow2\nReady=(\n", "F:3: Ready is '('; allowed: a regular*" },
  { "open-web-password", "[Image]\nDisk=disk.qcow2\nWebPasswordFile=open\n", "F:3: *chmod 600*" },
  { "open-password", "[Image]\nDisk=disk.qcow2\nPasswordFile=open\n", "F:3: *chmod 600*" },
  { "latin-1", "[Image]\nName=caf\xe9\n", "F:2: byte 9 is not plain UTF-8*" },
};

static void
test_error (gconstpointer data)
{
  const typeof (errors[0]) *c = data;
  g_autoptr(GError) error = NULL;
  g_autofree char *path = at ("x.image");
  g_autoptr(GString) message = NULL;

  g_assert_null (load (c->text, &error));
  g_assert_error (error, CVM_KEYFILE_ERROR, CVM_KEYFILE_ERROR_INVALID);

  message = g_string_new (error->message);
  g_string_replace (message, path, "F", 0);
  if (!g_pattern_match_simple (c->message, message->str))
    g_error ("'%s' is not like '%s'", message->str, c->message);
}

/* WHAT is looked for; its name and format, or NULL when there is none */
static void
assert_found (const char *what,
              const char *name,
              const char *format)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(CvmImage) image = cvm_image_find (what, &error);

  if (name == NULL)
    {
      g_assert_null (image);
      g_assert_error (error, CVM_KEYFILE_ERROR, CVM_KEYFILE_ERROR_UNREADABLE);
      return;
    }

  g_assert_no_error (error);
  g_assert_cmpstr (image->name, ==, name);
  g_assert_cmpstr (image->format, ==, format);
}

static void
test_find (void)
{
  g_autofree char *images = at ("images");
  g_autofree char *file = at ("images/demo.image");
  g_autofree char *kernel = at ("images/kernel");
  g_autofree char *disk = at ("disk.qcow2");
  g_autofree char *no_disk = at ("no.qcow2");
  g_autofree char *bare = at ("key");

  g_assert_cmpint (g_mkdir (images, 0700), ==, 0);
  put ("images/demo.image", "[Image]\nKernel=kernel\nName=The demo\n");
  put ("images/kernel", "");
  g_setenv ("CVMTESTER_DATA_DIR", folder, TRUE);

  assert_found ("demo", "The demo", NULL);
  assert_found (file, "The demo", NULL);
  assert_found (disk, "disk", "qcow2");
  assert_found (no_disk, NULL, NULL);
  assert_found (images, NULL, NULL);
  assert_found ("demo2", NULL, NULL);
  assert_found ("../demo", NULL, NULL);
  assert_found ("", NULL, NULL);

  g_unsetenv ("CVMTESTER_DATA_DIR");
  assert_found ("demo", NULL, NULL);
  g_unlink (file);
  g_unlink (kernel);
  g_rmdir (images);
}

static void
test_suffixes (void)
{
  static const char *const pairs[][2] = {
    { "a.raw", "raw" }, { "a.img", "raw" }, { "a.hdd", "raw" }, { "a.qcow2", "qcow2" },
    { "a.vmdk", "vmdk" }, { "a.vdi", "vdi" }, { "a.vhd", "vpc" }, { "a.vhdx", "vhdx" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (pairs); i++)
    {
      g_autofree char *path = at (pairs[i][0]);

      put (pairs[i][0], "");
      assert_found (path, "a", pairs[i][1]);
      g_unlink (path);
    }
}

static void
test_with_args (void)
{
  g_autoptr(CvmImage) bare = load ("[Image]\nKernel=vmlinuz\n", NULL);
  g_autoptr(CvmImage) image = load ("[Image]\nKernel=vmlinuz\nCmdline=quiet\nMemory=64\n", NULL);
  g_autoptr(CvmImage) first = cvm_image_with_args (bare, "cvm.fault=panic");
  g_autoptr(CvmImage) second = cvm_image_with_args (image, "cvm.fault=panic");

  g_assert_cmpstr (first->cmdline, ==, "cvm.fault=panic");
  g_assert_cmpstr (second->cmdline, ==, "quiet cvm.fault=panic");
  g_assert_cmpstr (image->cmdline, ==, "quiet");
  g_assert_cmpuint (second->memory_mib, ==, 64);
  g_assert_cmpstr (second->kernel, ==, image->kernel);
  g_assert_cmpstr (second->path, ==, image->path);
  g_assert_cmpstr (second->user, ==, "root");
}

static gpointer
hold_often (gpointer data)
{
  for (guint i = 0; i < 20000; i++)
    cvm_image_unref (cvm_image_ref (data));

  return NULL;
}

/* The threads of several jobs hold one image. */
static void
test_held_by_threads (void)
{
  g_autoptr(CvmImage) image = load ("[Image]\nKernel=vmlinuz\n", NULL);
  GThread *other = g_thread_new ("hold", hold_often, image);

  hold_often (image);
  g_thread_join (other);
  g_assert_cmpint (g_atomic_int_get (&image->ref_count), ==, 1);
}

int
main (int    argc,
      char **argv)
{
  static const char *const files[] = {
    "disk.qcow2", "vmlinuz", "initrd", "key", "password", "mask", "open", "x.image"
  };
  g_autofree char *open = NULL;
  int status;

  g_test_init (&argc, &argv, NULL);

  folder = g_dir_make_tmp ("image-XXXXXX", NULL);
  open = at ("open");
  for (gsize i = 0; i < G_N_ELEMENTS (files); i++)
    put (files[i], "");
  g_assert_cmpint (g_chmod (open, 0644), ==, 0);

  g_test_add_func ("/image/whole", test_whole);
  g_test_add_func ("/image/defaults", test_defaults);
  g_test_add_func ("/image/find", test_find);
  g_test_add_func ("/image/suffixes", test_suffixes);
  g_test_add_func ("/image/with-args", test_with_args);
  g_test_add_func ("/image/held-by-threads", test_held_by_threads);

  for (gsize i = 0; i < G_N_ELEMENTS (errors); i++)
    {
      g_autofree char *path = g_strdup_printf ("/image/error/%s", errors[i].name);

      g_test_add_data_func (path, &errors[i], test_error);
    }

  status = g_test_run ();

  for (gsize i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *path = at (files[i]);

      g_unlink (path);
    }
  g_assert_cmpint (g_rmdir (folder), ==, 0);
  g_free (folder);

  return status;
}
