/* test-overlay.c: overlays over images that are honest, and over some that are not
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-overlay.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cvm-engine-error.h"
#include "cvm-file.h"
#include "cvm-wait.h"

#define LIMIT_MS 20000

typedef struct
{
  char *dir;
  char *base;
  char *overlay;
} Fixture;

static void
set_up (Fixture       *f,
        gconstpointer  data)
{
  f->dir = g_dir_make_tmp ("cvm-overlay-XXXXXX", NULL);
  f->base = g_build_filename (f->dir, "base", NULL);
  f->overlay = g_build_filename (f->dir, "overlay.qcow2", NULL);
}

static void
tear_down (Fixture       *f,
           gconstpointer  data)
{
  const char *argv[] = { "rm", "-rf", "--", f->dir, NULL };

  g_spawn_sync (NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL);
  g_free (f->dir);
  g_free (f->base);
  g_free (f->overlay);
}

static char *
qemu_img (const char *first,
          ...)
{
  g_autoptr(GPtrArray) argv = g_ptr_array_new ();
  g_autoptr(GError) error = NULL;
  char *out = NULL;
  int status = -1;
  va_list args;

  g_ptr_array_add (argv, (gpointer)"qemu-img");
  va_start (args, first);
  for (const char *arg = first; arg != NULL; arg = va_arg (args, const char *))
    g_ptr_array_add (argv, (gpointer)arg);
  va_end (args);
  g_ptr_array_add (argv, NULL);

  g_spawn_sync (NULL, (char **)argv->pdata, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &out, NULL,
                &status, &error);
  g_assert_no_error (error);
  g_assert_cmpint (status, ==, 0);

  return out;
}

static char *
sum_of (const char *path)
{
  g_autoptr(GError) error = NULL;
  char *sum = cvm_file_sha256 (path, NULL, &error);

  g_assert_no_error (error);

  return sum;
}

static void
write_file (const char *path,
            const char *data,
            gssize      len)
{
  g_autoptr(GError) error = NULL;

  g_file_set_contents (path, data, len, &error);
  g_assert_no_error (error);
}

/* A disk that begins with "mark", whatever its format */
static void
make_base (const char *path,
           const char *format)
{
  g_autofree char *raw = g_strconcat (path, ".raw", NULL);

  write_file (raw, "mark", 4);
  g_assert_cmpint (truncate (raw, 4 * 1024 * 1024), ==, 0);
  g_free (qemu_img ("convert", "-f", "raw", "-O", format, raw, path, NULL));
  g_unlink (raw);
}

static gboolean
make (Fixture     *f,
      const char  *format,
      GError     **error)
{
  return cvm_image_overlay_make (f->base, format, f->overlay, cvm_deadline_in_ms (LIMIT_MS), NULL,
                                 error);
}

/* Fails, says NAMES, and leaves nothing. */
static void
make_fails (Fixture    *f,
            const char *format,
            GQuark      domain,
            int         code,
            const char *names)
{
  g_autoptr(GError) error = NULL;

  g_assert_false (make (f, format, &error));
  g_test_message ("%s", error->message);
  g_assert_error (error, domain, code);
  g_assert_nonnull (strstr (error->message, names));
  g_assert_false (g_file_test (f->overlay, G_FILE_TEST_EXISTS));
}

static const char *const formats[] = { "raw", "qcow2", "vmdk", "vdi", "vpc", "vhdx" };

static void
test_format (Fixture       *f,
             gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  g_autofree char *info = NULL;
  g_autofree char *flat = g_strconcat (f->overlay, ".raw", NULL);
  g_autofree char *start = NULL;
  g_autofree char *format_line = g_strdup_printf ("backing file format: %s\n", (const char *)data);
  struct stat status;

  make_base (f->base, data);
  before = sum_of (f->base);

  make (f, data, &error);
  g_assert_no_error (error);

  info = qemu_img ("info", "-f", "qcow2", f->overlay, NULL);
  g_assert_nonnull (strstr (info, format_line));

  /* Read through, write, and the base is as before. */
  g_free (qemu_img ("convert", "-f", "qcow2", "-O", "raw", f->overlay, flat, NULL));
  start = cvm_file_read (flat, 64 * 1024 * 1024, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (start, 4, "mark", 4);

  const char *write[] = { "qemu-io", "-f", "qcow2", "-c", "write -P 7 0 1M", f->overlay, NULL };
  g_spawn_sync (NULL, (char **)write, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL, NULL,
                NULL, NULL, NULL,
                NULL, &error);
  g_assert_no_error (error);

  after = sum_of (f->base);
  g_assert_cmpstr (before, ==, after);

  g_assert_cmpint (stat (f->overlay, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 0777, ==, 0600);
}

/* A base that nobody may write */
static void
test_read_only (Fixture       *f,
                gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  struct stat before, after;

  make_base (f->base, "qcow2");
  g_assert_cmpint (g_chmod (f->base, 0444), ==, 0);
  g_assert_cmpint (stat (f->base, &before), ==, 0);
  make (f, "qcow2", &error);
  g_assert_no_error (error);
  g_assert_cmpint (stat (f->base, &after), ==, 0);
  g_assert_cmpint (before.st_mtim.tv_nsec, ==, after.st_mtim.tv_nsec);
}

static const char *const names[] = {
  "with space", "comma,backing_file=x", "colon:name", "json:{}", "nbd:unix:x", "-o", "'quote\"",
  "new\nline",
  "dollar$HOME", "percent%s", "back\\slash", "latin-\xe9", "\xc3\xa9t\xc3\xa9", "star*",
};

static void
test_name (Fixture       *f,
           gconstpointer  data)
{
  g_autofree char *overlay_name = g_strconcat (data, "-over", NULL);
  g_autofree char *flat = g_build_filename (f->dir, "flat", NULL);
  g_autofree char *start = NULL;
  g_autofree char *here = g_get_current_dir ();
  g_autofree char *moved = g_build_filename (f->dir, data, NULL);
  g_autofree char *overlay = g_build_filename (f->dir, overlay_name, NULL);
  g_autoptr(GError) error = NULL;

  make_base (f->base, "qcow2");
  g_assert_cmpint (g_rename (f->base, moved), ==, 0);

  /* By a bare name, the most dangerous form */
  g_assert_cmpint (g_chdir (f->dir), ==, 0);
  cvm_image_overlay_make (data, "qcow2", overlay_name, cvm_deadline_in_ms (LIMIT_MS), NULL, &error);
  g_assert_cmpint (g_chdir (here), ==, 0);
  g_assert_no_error (error);

  g_free (qemu_img ("convert", "-f", "qcow2", "-O", "raw", overlay, flat, NULL));
  start = cvm_file_read (flat, 64 * 1024 * 1024, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (start, 4, "mark", 4);
}

static void
test_bad_input (Fixture       *f,
                gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *fifo = g_strdup (f->base);

  make_fails (f, "raw", G_IO_ERROR, G_IO_ERROR_NOT_FOUND, f->base);
  make_fails (f, "nbd", G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "'nbd' is no format");
  make_fails (f, NULL, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "is no format");

  g_assert_cmpint (mkfifo (fifo, 0600), ==, 0);
  make_fails (f, "raw", G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "not a regular file");
  g_unlink (fifo);

  g_assert_cmpint (g_mkdir (f->base, 0700), ==, 0);
  make_fails (f, "raw", G_IO_ERROR, G_IO_ERROR_IS_DIRECTORY, f->base);
  g_rmdir (f->base);

  /* Not what its owner says: qemu-img's own words */
  write_file (f->base, "no disk at all", -1);
  make_fails (f, "qcow2", G_IO_ERROR, G_IO_ERROR_FAILED, "not in qcow2 format");
  write_file (f->base, "", 0);
  make_fails (f, "vdi", G_IO_ERROR, G_IO_ERROR_FAILED, "qemu-img info failed");
}

static void
test_overlay_path (Fixture       *f,
                   gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;
  g_autofree char *target = g_build_filename (f->dir, "target", NULL);

  make_base (f->base, "raw");

  /* Something is there, even by a link that leads nowhere: it stays as it is. */
  write_file (f->overlay, "precious", -1);
  g_assert_false (make (f, "raw", &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS);
  text = cvm_file_read (f->overlay, 100, NULL, NULL);
  g_assert_cmpstr (text, ==, "precious");
  g_unlink (f->overlay);
  g_clear_error (&error);

  g_assert_cmpint (symlink (target, f->overlay), ==, 0);
  g_assert_false (make (f, "raw", &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS);
  g_assert_false (g_file_test (target, G_FILE_TEST_EXISTS));
  g_unlink (f->overlay);
  g_clear_error (&error);

  g_free (f->overlay);
  f->overlay = g_build_filename (f->dir, "no-folder", "overlay", NULL);
  make_fails (f, "raw", G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "no-folder");
}

/* Images that would show a guest the files of this machine */

static void
test_backing (Fixture       *f,
              gconstpointer  data)
{
  g_autofree char *secret = g_build_filename (f->dir, "secret", NULL);

  write_file (secret, "the host's secret", -1);
  g_free (qemu_img ("create", "-q", "-f", "qcow2", "-F", "raw", "-b", secret, f->base, "1M", NULL));
  make_fails (f, "qcow2", CVM_ENGINE_ERROR, CVM_ENGINE_ERROR_REFUSED, "qemu-img convert");

  /* With the name of a file that is missing, too */
  g_unlink (secret);
  make_fails (f, "qcow2", CVM_ENGINE_ERROR, CVM_ENGINE_ERROR_REFUSED, "a backing file");
}

static void
test_data_file (Fixture       *f,
                gconstpointer  data)
{
  g_autofree char *secret = g_build_filename (f->dir, "secret", NULL);
  g_autofree char *option = g_strdup_printf ("data_file=%s,data_file_raw=on", secret);

  g_free (qemu_img ("create", "-q", "-f", "qcow2", "-o", option, f->base, "1M", NULL));
  make_fails (f, "qcow2", CVM_ENGINE_ERROR, CVM_ENGINE_ERROR_REFUSED, "external data file");
}

#define DESCRIPTOR \
  "# Disk DescriptorFile\nversion=1\nCID=12345678\nparentCID=ffffffff\n" \
  "createType=\"monolithicFlat\"\n" \
  "%s 2048 FLAT \"%s\" 0\n" \
  "ddb.virtualHWVersion = \"4\"\nddb.geometry.cylinders = \"2\"\nddb.geometry.heads = \"16\"\n" \
  "ddb.geometry.sectors = \"63\"\nddb.adapterType = \"ide\"\n"

static const struct
{
  const char *name;
  const char *access;
  const char *extent;
  gboolean    is_taken;
} extents[] = {
  { "beside", "RW", "flat", TRUE },
  { "absolute", "RW", "/etc/passwd", FALSE },
  { "read-only", "RDONLY", "/etc/passwd", FALSE },
  { "indented", "   RW", "/etc/passwd", FALSE },
  { "many-spaces", "RW  ", "/etc/passwd", FALSE },
  { "tabs", "\tRW\t\t", "/etc/passwd", FALSE },
  { "line-ends", "RW\n\n", "/etc/passwd", FALSE },
  { "tab-before-name", "RW 2048 FLAT\t\"fifo\" 0\nRW", "flat", FALSE },
  { "above", "RW", "../../../../../../../etc/passwd", FALSE },
  { "network", "RW", "nbd://127.0.0.1:1/x", FALSE },
  { "json", "RW", "json:{}", FALSE },
  { "link", "RW", "link", FALSE },
  { "fifo", "RW", "fifo", FALSE },
};

static void
test_extent (Fixture       *f,
             gconstpointer  data)
{
  const typeof (extents[0]) *c = data;
  g_autofree char *flat = g_build_filename (f->dir, "flat", NULL);
  g_autofree char *link = g_build_filename (f->dir, "link", NULL);
  g_autofree char *fifo = g_build_filename (f->dir, "fifo", NULL);
  g_autofree char *text = g_strdup_printf (DESCRIPTOR, c->access, c->extent);
  gint64 start_us = g_get_monotonic_time ();
  g_autoptr(GError) error = NULL;

  write_file (flat, "mark", 4);
  g_assert_cmpint (truncate (flat, 1024 * 1024), ==, 0);
  g_assert_cmpint (symlink ("/etc/passwd", link), ==, 0);
  g_assert_cmpint (mkfifo (fifo, 0600), ==, 0);
  write_file (f->base, text, -1);

  if (c->is_taken)
    {
      make (f, "vmdk", &error);
      g_assert_no_error (error);
    }
  else
    make_fails (f, "vmdk", CVM_ENGINE_ERROR, CVM_ENGINE_ERROR_REFUSED, "extent");
  g_assert_cmpint (g_get_monotonic_time () - start_us, <, LIMIT_MS * 1000 / 2);
}

static void
test_vmdk_tricks (Fixture       *f,
                  gconstpointer  data)
{
  g_autofree char *long_text = g_strnfill (100 * 1024, '#');
  char sparse[512] = "KDMV\1";

  write_file (f->base, long_text, -1);
  make_fails (f, "vmdk", CVM_ENGINE_ERROR, CVM_ENGINE_ERROR_REFUSED, "descriptor");
  write_file (f->base, sparse, sizeof sparse);
  make_fails (f, "vmdk", CVM_ENGINE_ERROR, CVM_ENGINE_ERROR_REFUSED, "descriptor");
}

static void
test_vmdk_parent (Fixture       *f,
                  gconstpointer  data)
{
  g_autofree char *parent = g_build_filename (f->dir, "parent.vmdk", NULL);

  make_base (parent, "vmdk");
  g_free (qemu_img ("create", "-q", "-f", "vmdk", "-F", "vmdk", "-b", parent, f->base, NULL));
  make_fails (f, "vmdk", CVM_ENGINE_ERROR, CVM_ENGINE_ERROR_REFUSED, "parent.vmdk");
}

/* Stand-ins for qemu-img: what it says, and what it does when it hangs */

static void
put_in_path (Fixture    *f,
             const char *script,
             char      **old_path)
{
  g_autofree char *program = g_build_filename (f->dir, "bin", "qemu-img", NULL);
  g_autofree char *bin = g_path_get_dirname (program);
  g_autofree char *path = NULL;

  *old_path = g_strdup (g_getenv ("PATH"));
  path = script != NULL ? g_strconcat (bin, ":", *old_path, NULL) : g_strdup (bin);

  g_assert_cmpint (g_mkdir (bin, 0700), ==, 0);
  if (script != NULL)
    {
      write_file (program, script, -1);
      g_assert_cmpint (g_chmod (program, 0700), ==, 0);
    }
  g_setenv ("PATH", path, TRUE);
}

static void
test_missing_program (Fixture       *f,
                      gconstpointer  data)
{
  g_autofree char *old_path = NULL;

  make_base (f->base, "raw");
  put_in_path (f, NULL, &old_path);
  make_fails (f, "raw", CVM_ENGINE_ERROR, CVM_ENGINE_ERROR_REFUSED, "qemu-utils");
  g_setenv ("PATH", old_path, TRUE);
}

static void
test_stand_in (Fixture       *f,
               gconstpointer  data)
{
  g_autofree char *old_path = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();

  make_base (f->base, "raw");

  /* Fails with more words than anybody wants, some of them no text */
  put_in_path (f, "#!/bin/sh\nprintf 'no \\377 luck\\n' >&2\n"
                  "head -c 10000000 /dev/zero | tr '\\0' x >&2\nexit 3\n", &old_path);
  g_assert_false (make (f, "raw", &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_FAILED);
  g_assert_nonnull (strstr (error->message, "status 3: no "));
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
  g_assert_cmpuint (strlen (error->message), <, 5000);
  g_assert_false (g_file_test (f->overlay, G_FILE_TEST_EXISTS));
  g_clear_error (&error);

  /* Never ends */
  g_autofree char *program = g_build_filename (f->dir, "bin", "qemu-img", NULL);

  write_file (program, "#!/bin/sh\nexec sleep 60\n", -1);
  g_assert_cmpint (g_chmod (program, 0700), ==, 0);
  g_assert_false (cvm_image_overlay_make (f->base, "raw", f->overlay, cvm_deadline_in_ms (200),
                                          NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  g_assert_false (g_file_test (f->overlay, G_FILE_TEST_EXISTS));
  g_clear_error (&error);

  g_cancellable_cancel (cancellable);
  g_assert_false (cvm_image_overlay_make (f->base, "raw", f->overlay, CVM_DEADLINE_NEVER,
                                          cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_false (g_file_test (f->overlay, G_FILE_TEST_EXISTS));

  g_setenv ("PATH", old_path, TRUE);
}

/* A description of a base that is no JSON, none of an object, or too deep */
static void
test_bad_info (Fixture       *f,
               gconstpointer  data)
{
  static const char *const infos[] = { "", "no JSON", "[]",
                                       "{\"format-specific\": 3, \"backing-filename\": [1]}" };
  g_autofree char *old_path = NULL;
  g_autofree char *program = g_build_filename (f->dir, "bin", "qemu-img", NULL);

  make_base (f->base, "vdi");
  put_in_path (f, "", &old_path);

  for (gsize i = 0; i < G_N_ELEMENTS (infos); i++)
    {
      g_autofree char *script = g_strdup_printf ("#!/bin/sh\n[ $1 = info ] || exit 1\necho '%s'\n",
                                                 infos[i]);
      g_autoptr(GError) error = NULL;

      write_file (program, script, -1);
      g_assert_cmpint (g_chmod (program, 0700), ==, 0);
      g_assert_false (make (f, "vdi", &error));
      g_assert_nonnull (error);
      g_test_message ("%s", error->message);
      g_assert_false (g_file_test (f->overlay, G_FILE_TEST_EXISTS));
    }

  g_setenv ("PATH", old_path, TRUE);
}

int
main (int    argc,
      char **argv)
{
  static const struct { const char *path; void (*test) (Fixture *, gconstpointer); } tests[] = {
    { "/overlay/read-only", test_read_only },
    { "/overlay/bad-input", test_bad_input },
    { "/overlay/overlay-path", test_overlay_path },
    { "/overlay/backing", test_backing },
    { "/overlay/data-file", test_data_file },
    { "/overlay/vmdk-tricks", test_vmdk_tricks },
    { "/overlay/vmdk-parent", test_vmdk_parent },
    { "/overlay/missing-program", test_missing_program },
    { "/overlay/stand-in", test_stand_in },
    { "/overlay/bad-info", test_bad_info },
  };

  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].test, tear_down);

  for (gsize i = 0; i < G_N_ELEMENTS (formats); i++)
    {
      g_autofree char *path = g_strdup_printf ("/overlay/format/%s", formats[i]);

      g_test_add (path, Fixture, formats[i], set_up, test_format, tear_down);
    }

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_strdup_printf ("/overlay/name/%zu", i);

      g_test_add (path, Fixture, names[i], set_up, test_name, tear_down);
    }

  for (gsize i = 0; i < G_N_ELEMENTS (extents); i++)
    {
      g_autofree char *path = g_strdup_printf ("/overlay/extent/%s", extents[i].name);

      g_test_add (path, Fixture, &extents[i], set_up, test_extent, tear_down);
    }

  return g_test_run ();
}
