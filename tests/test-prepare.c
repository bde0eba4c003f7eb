/* test-prepare.c: what hypervisors boot is made, and the image stays as it is
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-prepare.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "cvm-convert.h"
#include "cvm-prepare-image.h"
#include "cvm-file.h"
#include "cvm-wait.h"

#define LIMIT_MS  30000
#define KEY       "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGxYy1 tester@example"
#define UUID_AT   0x188   /* of a VDI's header */

typedef struct
{
  char *dir;
  char *out;
  char *base;
} Fixture;

static int
run (const char *format,
     ...)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *line = NULL;
  g_auto(GStrv) argv = NULL;
  int status = -1;
  va_list args;

  va_start (args, format);
  line = g_strdup_vprintf (format, args);
  va_end (args);
  argv = g_strsplit (line, " ", -1);
  g_spawn_sync (NULL, argv, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL, NULL, NULL, NULL, NULL,
                &status, &error);
  g_assert_no_error (error);

  return status;
}

static void
set_up (Fixture       *f,
        gconstpointer  data)
{
  f->dir = g_dir_make_tmp ("cvm-prepare-XXXXXX", NULL);
  f->out = g_build_filename (f->dir, "out", NULL);
  f->base = g_build_filename (f->dir, "base", NULL);
  g_assert_cmpint (g_mkdir (f->out, 0700), ==, 0);
}

static void
tear_down (Fixture       *f,
           gconstpointer  data)
{
  run ("rm -rf -- %s", f->dir);
  g_free (f->dir);
  g_free (f->out);
  g_free (f->base);
}

static void
make_base (Fixture    *f,
           const char *format)
{
  g_autofree char *raw = g_build_filename (f->dir, "raw", NULL);
  g_autofree char *bytes = g_malloc0 (1024 * 1024);

  memcpy (bytes, "mark", 4);
  memcpy (bytes + 700 * 1024, "more", 4);
  g_assert_true (g_file_set_contents (raw, bytes, 1024 * 1024, NULL));
  g_assert_cmpint (run ("qemu-img convert -f raw -O %s %s %s", format, raw, f->base), ==, 0);
}

static CvmPrepared *
prepare (Fixture     *f,
         const char  *format,
         const char  *hypervisor,
         GError     **error)
{
  static const CvmSeed seed = { "tester", KEY, "box" };
  CvmPrepare what = { .disk = f->base, .format = format, .hypervisor = hypervisor, .dir = f->out, .name = "box",
                      .seed = &seed, .user_data = "[amiconfig]", .user_data_len = 11 };

  return cvm_prepare_run (&what, cvm_deadline_in_ms (LIMIT_MS), NULL, error);
}

static guint
count_files (const char *dir)
{
  g_autoptr(GDir) folder = g_dir_open (dir, 0, NULL);
  guint n = 0;

  while (g_dir_read_name (folder) != NULL)
    n++;

  return n;
}

/* Every hypervisor's own format, out of every format: the same bytes for the guest, and the image
 * is not written, nor even touched. */
static const char *const hypervisors[] = { "kvm", "qemu", "vbox", "vmware", "xen" };
static const char *const formats[] = { "raw", "qcow2", "vmdk", "vdi", "vpc", "vhdx" };

static void
test_hypervisor (Fixture       *f,
                 gconstpointer  data)
{
  const char *hypervisor = data;

  for (gsize i = 0; i < G_N_ELEMENTS (formats); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(CvmPrepared) prepared = NULL;
      g_autofree char *before = NULL;
      g_autofree char *after = NULL;
      struct stat then, later;

      make_base (f, formats[i]);
      before = cvm_file_sha256 (f->base, NULL, NULL);
      g_assert_cmpint (stat (f->base, &then), ==, 0);
      prepared = prepare (f, formats[i], hypervisor, &error);
      g_assert_no_error (error);
      after = cvm_file_sha256 (f->base, NULL, NULL);
      g_assert_cmpint (stat (f->base, &later), ==, 0);

      g_assert_cmpstr (before, ==, after);
      g_assert_cmpint (then.st_mtim.tv_sec, ==, later.st_mtim.tv_sec);
      g_assert_cmpint (then.st_mtim.tv_nsec, ==, later.st_mtim.tv_nsec);
      g_assert_cmpstr (prepared->format, ==, cvm_prepare_format (hypervisor));
      g_assert_cmpint (run ("qemu-img compare -f %s -F %s %s %s", formats[i], prepared->format, f->base, prepared->disk),
                       ==, 0);
      g_assert_true (g_str_has_suffix (prepared->seed, "/out/box-seed.iso"));
      g_assert_true (g_str_has_suffix (prepared->context, "/out/box-context.iso"));
      g_assert_cmpuint (count_files (f->out), ==, 3);
      run ("rm -rf -- %s", f->out);
      g_assert_cmpint (g_mkdir (f->out, 0700), ==, 0);
    }
}

/* VirtualBox ------------------------------------------------------------------------------------- */

static void
test_uuid (Fixture       *f,
           gconstpointer  data)
{
  static const guint8 expected[16] = { 0x33, 0x22, 0x11, 0x00, 0x55, 0x44, 0x77, 0x66,
                                       0x88, 0x99, 0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff };
  static const guint8 none[32] = { 0 };
  g_autoptr(GError) error = NULL;
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  gsize before_len, after_len;

  make_base (f, "vdi");
  g_assert_true (g_file_get_contents (f->base, &before, &before_len, NULL));
  cvm_convert_set_vdi_uuid (f->base, "00112233-4455-6677-8899-aabbccddeeff", &error);
  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (f->base, &after, &after_len, NULL));

  g_assert_cmpmem (after + UUID_AT, 16, expected, 16);
  g_assert_cmpint (memcmp (after + UUID_AT + 16, before + UUID_AT + 16, 16), !=, 0);
  g_assert_cmpmem (after + UUID_AT + 32, 32, none, 32);
  memcpy (before + UUID_AT, after + UUID_AT, 64);
  g_assert_cmpmem (before, before_len, after, after_len);   /* nothing else was changed */
}

static void
test_uuid_differs (Fixture       *f,
                   gconstpointer  data)
{
  g_autoptr(CvmPrepared) prepared = NULL;
  g_autofree char *base = NULL;
  g_autofree char *copy = NULL;

  make_base (f, "vdi");
  prepared = prepare (f, "vdi", "vbox", NULL);
  g_assert_nonnull (prepared);
  g_assert_true (g_file_get_contents (f->base, &base, NULL, NULL));
  g_assert_true (g_file_get_contents (prepared->disk, &copy, NULL, NULL));
  g_assert_cmpint (memcmp (base + UUID_AT, copy + UUID_AT, 16), !=, 0);
}

static void
test_uuid_refused (Fixture       *f,
                   gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *sum = NULL;
  g_autofree char *after = NULL;

  make_base (f, "raw");
  sum = cvm_file_sha256 (f->base, NULL, NULL);
  g_assert_false (cvm_convert_set_vdi_uuid (f->base, "00112233-4455-6677-8899-aabbccddeeff", &error));
  g_assert_nonnull (strstr (error->message, "it is no VDI"));
  g_assert_false (cvm_convert_set_vdi_uuid (f->base, "no uuid", NULL));
  after = cvm_file_sha256 (f->base, NULL, NULL);
  g_assert_cmpstr (sum, ==, after);
}

/* What cannot be done leaves nothing ------------------------------------------------------------------ */

static void
assert_fails (Fixture    *f,
              const char *format,
              const char *hypervisor,
              guint       n_files,
              const char *what)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(CvmPrepared) prepared = prepare (f, format, hypervisor, &error);

  g_assert_null (prepared);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, what));
  g_assert_cmpuint (count_files (f->out), ==, n_files);
}

static void
test_unknown (Fixture       *f,
              gconstpointer  data)
{
  make_base (f, "raw");
  assert_fails (f, "raw", "bhyve", 0, "'bhyve' is no hypervisor");
}

static void
test_missing (Fixture       *f,
              gconstpointer  data)
{
  assert_fails (f, "raw", "kvm", 0, "base");
  assert_fails (f, "qcow2", "vbox", 0, "base");
}

static void
test_wrong_format (Fixture       *f,
                   gconstpointer  data)
{
  make_base (f, "raw");
  assert_fails (f, "qcow2", "vbox", 0, "qemu-img");
  assert_fails (f, "qcow", "vbox", 0, "is no format of a disk");
}

/* A copy of a disk that names another file would hold that file */
static void
test_backing (Fixture       *f,
              gconstpointer  data)
{
  g_assert_cmpint (run ("qemu-img create -q -f qcow2 -u -b /etc/passwd -F raw %s 1M", f->base), ==, 0);
  assert_fails (f, "qcow2", "xen", 0, "draws on a backing file");
  assert_fails (f, "qcow2", "kvm", 0, "draws on a backing file");
}

static void
test_there (Fixture       *f,
            gconstpointer  data)
{
  g_autofree char *path = g_build_filename (f->out, (const char *)data, NULL);
  g_autofree char *text = NULL;

  make_base (f, "raw");
  g_assert_true (g_file_set_contents (path, "mine", -1, NULL));
  assert_fails (f, "raw", "vbox", 1, "is there already");
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "mine");
}

#define ADD(path, data, test) g_test_add ("/prepare/" path, Fixture, data, set_up, test, tear_down)

/* An image's file as its user wrote it, over the base */
static char *
write_image (Fixture    *f,
             const char *text)
{
  char *path = g_build_filename (f->dir, "box.image", NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));

  return path;
}

static void
test_image (Fixture       *f,
            gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(CvmImage) image = NULL;
  g_autofree char *path = NULL;
  g_autofree char *made = NULL;
  g_autofree char *again = NULL;
  g_autofree char *disk = g_build_filename (f->out, "box.vdi", NULL);

  make_base (f, "qcow2");
  path = write_image (f, "[Image]\nDisk=base\nFormat=qcow2\nMemory=300\nReady=login:\n");
  made = cvm_prepare_image (path, "vbox", f->out, cvm_deadline_in_ms (LIMIT_MS), NULL, &error);
  g_assert_no_error (error);
  image = cvm_image_load (made, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (image->disk, ==, disk);
  g_assert_cmpstr (image->format, ==, "vdi");
  g_assert_cmpuint (image->memory_mib, ==, 300);
  g_assert_cmpstr (image->ready, ==, "login:");

  again = cvm_prepare_image (path, "vbox", f->out, cvm_deadline_in_ms (LIMIT_MS), NULL, &error);
  g_assert_null (again);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS);
}

/* It boots from its kernel alone */
static void
test_image_without_disk (Fixture       *f,
                         gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *path = write_image (f, "[Image]\nKernel=base\n");

  make_base (f, "raw");
  g_assert_null (cvm_prepare_image (path, "vbox", f->out, cvm_deadline_in_ms (LIMIT_MS), NULL,
                                    &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (hypervisors); i++)
    {
      g_autofree char *path = g_strconcat ("/prepare/for/", hypervisors[i], NULL);

      g_test_add (path, Fixture, hypervisors[i], set_up, test_hypervisor, tear_down);
    }

  ADD ("uuid/written", NULL, test_uuid);
  ADD ("uuid/differs", NULL, test_uuid_differs);
  ADD ("uuid/refused", NULL, test_uuid_refused);
  ADD ("unknown", NULL, test_unknown);
  ADD ("missing", NULL, test_missing);
  ADD ("wrong-format", NULL, test_wrong_format);
  ADD ("backing-file", NULL, test_backing);
  ADD ("there/disk", "box.vdi", test_there);
  ADD ("there/seed", "box-seed.iso", test_there);
  ADD ("there/context", "box-context.iso", test_there);
  ADD ("image", NULL, test_image);
  ADD ("image-without-disk", NULL, test_image_without_disk);

  return g_test_run ();
}
