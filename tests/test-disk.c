/* test-disk.c: disks known by their content, and one picked out of an archive's files
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-disk.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "cvm-engine-error.h"
#include "cvm-wait.h"

#define LIMIT_MS 20000
#define SIZE     (1024 * 1024)

typedef struct
{
  char      *dir;
  GPtrArray *files;
} Fixture;

static void
set_up (Fixture       *f,
        gconstpointer  data)
{
  f->dir = g_dir_make_tmp ("cvm-disk-XXXXXX", NULL);
  f->files = g_ptr_array_new_with_free_func (g_free);
}

static void
tear_down (Fixture       *f,
           gconstpointer  data)
{
  const char *argv[] = { "rm", "-rf", "--", f->dir, NULL };

  g_spawn_sync (NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL);
  g_free (f->dir);
  g_ptr_array_unref (f->files);
}

static void
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
  g_assert_cmpint (status, ==, 0);
}

/* A file of SIZE zeros, but for TEXT at AT */
static char *
add_file (Fixture    *f,
          const char *name,
          gsize       at,
          const char *text,
          gsize       len)
{
  char *path = g_build_filename (f->dir, name, NULL);
  g_autofree char *dir = g_path_get_dirname (path);
  g_autofree char *bytes = g_malloc0 (SIZE);

  memcpy (bytes + at, text, len);
  g_mkdir_with_parents (dir, 0700);
  g_assert_true (g_file_set_contents (path, bytes, SIZE, NULL));
  g_ptr_array_add (f->files, g_strdup (name));

  return path;
}

static void
add_mbr (Fixture    *f,
         const char *name)
{
  g_free (add_file (f, name, 510, "\x55\xaa", 2));
}

static void
add_text (Fixture    *f,
          const char *name,
          const char *text)
{
  g_autofree char *path = g_build_filename (f->dir, name, NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  g_ptr_array_add (f->files, g_strdup (name));
}

/* NAME as qemu-img makes it from a raw disk */
static void
add_format (Fixture    *f,
            const char *name,
            const char *format,
            const char *options)
{
  g_autofree char *raw = g_build_filename (f->dir, "made-from", NULL);
  g_autofree char *path = g_build_filename (f->dir, name, NULL);
  g_autofree char *bytes = g_malloc0 (SIZE);

  bytes[510] = 0x55;
  bytes[511] = (char)0xaa;
  g_assert_true (g_file_set_contents (raw, bytes, SIZE, NULL));
  run ("qemu-img convert -f raw -O %s %s%s %s %s", format, options[0] != '\0' ? "-o " : "",
       options[0] != '\0' ? options : "-q", raw, path);
  g_unlink (raw);
  g_ptr_array_add (f->files, g_strdup (name));
}

static CvmDisk *
find (Fixture     *f,
      const char  *wanted,
      GError     **error)
{
  return cvm_disk_find (f->dir, f->files, wanted, cvm_deadline_in_ms (LIMIT_MS), NULL, error);
}

static void
assert_found (Fixture    *f,
              const char *wanted,
              const char *name,
              const char *format)
{
  g_autofree char *path = g_build_filename (f->dir, name, NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(CvmDisk) disk = find (f, wanted, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (disk->path, ==, path);
  g_assert_cmpstr (disk->format, ==, format);
  g_assert_cmpuint (disk->virtual_size, ==, SIZE);
}

static void
assert_not_found (Fixture    *f,
                  const char *wanted,
                  const char *what)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(CvmDisk) disk = find (f, wanted, &error);

  g_assert_null (disk);
  g_test_message ("%s", error->message);
  if (strstr (error->message, what) == NULL)
    g_test_fail_printf ("'%s' is not in: %s", what, error->message);
}

/* Formats, whatever the name ---------------------------------------------------------------------- */

static const struct { const char *name, *format, *options; } formats[] = {
  { "qcow2", "qcow2", "" },
  { "qcow2-old", "qcow2", "compat=0.10" },
  { "vmdk", "vmdk", "" },
  { "vmdk-stream", "vmdk", "subformat=streamOptimized" },
  { "vdi", "vdi", "" },
  { "vhd", "vpc", "force_size=on" },
  { "vhd-fixed", "vpc", "force_size=on,subformat=fixed" },
  { "vhdx", "vhdx", "" },
};

static void
test_format (Fixture       *f,
             gconstpointer  data)
{
  const typeof (formats[0]) *of = data;

  add_text (f, "README", "not a disk");
  add_format (f, "misleading.img", of->format, of->options);
  assert_found (f, NULL, "misleading.img", of->format);
}

static const struct { const char *content; gsize at; const char *text; gsize len; } contents[] = {
  { "MBR", 510, "\x55\xaa", 2 },
  { "GPT", 512, "EFI PART", 8 },
  { "GPT", 4096, "EFI PART", 8 },
  { "ext", 1080, "\x53\xef", 2 },
  { "XFS", 0, "XFSB", 4 },
  { "Btrfs", 0x10040, "_BHRfS_M", 8 },
  { "squashfs", 0, "hsqs", 4 },
  { "ISO 9660", 0x8001, "CD001", 5 },
};

static void
test_content (Fixture       *f,
              gconstpointer  data)
{
  const typeof (contents[0]) *c = data;
  g_autofree char *path = add_file (f, "rootfs", c->at, c->text, c->len);
  g_autoptr(GError) error = NULL;
  g_autoptr(CvmDisk) disk = cvm_disk_probe (path, cvm_deadline_in_ms (LIMIT_MS), NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (disk->format, ==, "raw");
  g_assert_cmpstr (disk->content, ==, c->content);
  g_assert_cmpuint (disk->virtual_size, ==, SIZE);
  g_assert_cmpuint (g_strv_length (disk->parts), ==, 0);
}

/* Which one ------------------------------------------------------------------------------------------ */

static void
test_none (Fixture       *f,
           gconstpointer  data)
{
  add_text (f, "README", "nothing");
  g_free (add_file (f, "zeros", 0, "", 0));
  assert_not_found (f, NULL, "there is no disk in it; there is: 'README', 'zeros'");
}

static void
test_several (Fixture       *f,
              gconstpointer  data)
{
  add_mbr (f, "first.img");
  add_mbr (f, "second.img");
  assert_not_found (f, NULL, "there are 2 disks in it, so say which one is meant: 'first.img', 'second.img'");
  assert_not_found (f, "third.img", "there is no disk 'third.img' in it; there is: 'first.img', 'second.img'");
  assert_found (f, "second.img", "second.img", "raw");
}

static void
test_split (Fixture       *f,
            gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(CvmDisk) disk = NULL;

  add_format (f, "split.vmdk", "vmdk", data);
  g_ptr_array_add (f->files, g_strdup (strstr (data, "Flat") != NULL ? "split-f001.vmdk" : "split-s001.vmdk"));
  assert_found (f, NULL, "split.vmdk", "vmdk");
  disk = find (f, NULL, &error);
  g_assert_cmpuint (g_strv_length (disk->parts), ==, 1);
  g_assert_cmpstr (disk->parts[0], ==, g_ptr_array_index (f->files, 1));
}

#define DESCRIPTOR(extent) \
  "# Disk DescriptorFile\nversion=1\nCID=fffffffe\nparentCID=ffffffff\ncreateType=\"monolithicFlat\"\n\n" \
  "RW 2048 FLAT \"" extent "\" 0\n"

static void
test_extent_outside (Fixture       *f,
                     gconstpointer  data)
{
  add_text (f, "evil.vmdk", data);
  assert_not_found (f, NULL, "draws on");
}

static void
test_backing (Fixture       *f,
              gconstpointer  data)
{
  g_autofree char *path = g_build_filename (f->dir, "evil", NULL);

  run ("qemu-img create -q -f qcow2 -u -b /etc/passwd -F raw %s 1M", path);
  g_ptr_array_add (f->files, g_strdup ("evil"));
  assert_not_found (f, NULL, "draws on a backing file");
}

static void
test_data_file (Fixture       *f,
                gconstpointer  data)
{
  g_autofree char *path = g_build_filename (f->dir, "evil", NULL);
  g_autofree char *other = g_build_filename (f->dir, "other", NULL);

  run ("qemu-img create -q -f qcow2 -o data_file=%s %s 1M", other, path);
  g_ptr_array_add (f->files, g_strdup ("evil"));
  assert_not_found (f, NULL, "draws on an external data file");
}

static void
test_damaged (Fixture       *f,
              gconstpointer  data)
{
  g_free (add_file (f, "disk", 0, "KDMV\1\0\0\0\0\0\0\0\1", 13));
  assert_not_found (f, NULL, "qemu-img info failed");
}

/* OVF ---------------------------------------------------------------------------------------------------- */

#define OVF(files, disks) \
  "<?xml version=\"1.0\"?>\n<Envelope xmlns=\"http://schemas.dmtf.org/ovf/envelope/1\" " \
  "xmlns:ovf=\"http://schemas.dmtf.org/ovf/envelope/1\"><References>" files "</References>" \
  "<DiskSection><Info>x</Info>" disks "</DiskSection></Envelope>"
#define OVF_FILE(id, href) "<File ovf:href=\"" href "\" ovf:id=\"" id "\" ovf:size=\"5\"/>"
#define OVF_DISK(ref)      "<Disk ovf:diskId=\"d\" ovf:fileRef=\"" ref "\" ovf:capacity=\"1\"/>"

static void
test_ovf (Fixture       *f,
          gconstpointer  data)
{
  add_text (f, "box.ovf", OVF (OVF_FILE ("f1", "box.iso") OVF_FILE ("f2", "box-disk1.vmdk"), OVF_DISK ("f2")));
  add_format (f, "box-disk1.vmdk", "vmdk", "subformat=streamOptimized");
  add_mbr (f, "box.iso");
  assert_found (f, NULL, "box-disk1.vmdk", "vmdk");
}

/* A disk, its OVF and its manifest */
static void
add_package (Fixture       *f,
             GChecksumType  type,
             const char    *word,
             gboolean       is_damaged)
{
  g_autofree char *path = add_file (f, "box.img", 510, "\x55\xaa", 2);
  g_autoptr(GChecksum) sum = g_checksum_new (type);
  g_autofree char *bytes = NULL;
  g_autofree char *manifest = NULL;
  gsize len;

  g_assert_true (g_file_get_contents (path, &bytes, &len, NULL));
  bytes[5000] ^= is_damaged;
  g_checksum_update (sum, (guchar *)bytes, len);
  manifest = g_strdup_printf ("SHA1(box.ovf)= 00\r\n%s(box.img)= %s\r\n", word, g_checksum_get_string (sum));
  add_text (f, "box.mf", manifest);
  add_text (f, "box.ovf", OVF (OVF_FILE ("f", "box.img"), OVF_DISK ("f")));
}

static const struct { const char *word; GChecksumType type; } sums[] = {
  { "SHA1", G_CHECKSUM_SHA1 }, { "SHA256", G_CHECKSUM_SHA256 }, { "SHA512", G_CHECKSUM_SHA512 },
};

static void
test_manifest (Fixture       *f,
               gconstpointer  data)
{
  const typeof (sums[0]) *sum = data;

  add_package (f, sum->type, sum->word, FALSE);
  assert_found (f, NULL, "box.img", "raw");
}

static void
test_manifest_damaged (Fixture       *f,
                       gconstpointer  data)
{
  const typeof (sums[0]) *sum = data;

  add_package (f, sum->type, sum->word, TRUE);
  assert_not_found (f, NULL, "'box.img' is damaged: its SHA-");
}

static const struct { const char *name, *ovf, *what; } bad_ovfs[] = {
  { "outside", OVF (OVF_FILE ("f", "../../etc/passwd"), OVF_DISK ("f")), "'../../etc/passwd' is not in the archive" },
  { "absolute", OVF (OVF_FILE ("f", "/etc/passwd"), OVF_DISK ("f")), "'/etc/passwd' is not in the archive" },
  { "missing", OVF (OVF_FILE ("f", "gone.vmdk"), OVF_DISK ("f")), "'gone.vmdk' is not in the archive" },
  { "dangling", OVF (OVF_FILE ("f", "a.img"), OVF_DISK ("g")), "disk 'g' is no file that it lists" },
  { "two", OVF (OVF_FILE ("f", "a.img") OVF_FILE ("g", "b.img"), OVF_DISK ("f") OVF_DISK ("g")),
    "there are 2 disks in it" },
  { "none", OVF (OVF_FILE ("f", "a.img"), ""), "there is no disk in it" },
  { "packed", OVF ("<File ovf:href=\"a.img\" ovf:id=\"f\" ovf:compression=\"gzip\"/>", OVF_DISK ("f")),
    "'a.img' is packed once more" },
  { "no-xml", "<Envelope", "" },
  { "not-closed", "<Envelope><References></Envelope>", "References" },
};

static void
test_bad_ovf (Fixture       *f,
              gconstpointer  data)
{
  const typeof (bad_ovfs[0]) *bad = data;

  add_text (f, "box.ovf", bad->ovf);
  add_mbr (f, "a.img");
  add_mbr (f, "b.img");
  assert_not_found (f, NULL, bad->what);
}

/* What qemu-img prints -------------------------------------------------------------------------------------- */

static const struct { const char *name, *json; guint64 size; } infos[] = {
  { "good", "{\"virtual-size\": 1048576, \"format\": \"vdi\"}", 1048576 },
  { "encrypted", "{\"virtual-size\": 1048576, \"encrypted\": true}", 0 },
  { "negative", "{\"virtual-size\": -5}", 0 },
  { "text", "{\"virtual-size\": \"5\"}", 0 },
  { "array", "[]", 0 },
  { "empty", "", 0 },
};

static void
test_info (gconstpointer data)
{
  const typeof (infos[0]) *i = data;
  g_autoptr(GError) error = NULL;

  g_assert_cmpuint (cvm_disk_read_info (i->json, strlen (i->json), &error), ==, i->size);
  g_assert_true ((error == NULL) == (i->size > 0));
}

#define ADD(path, data, test) g_test_add ("/disk/" path, Fixture, data, set_up, test, tear_down)

static void
add_named (const char     *group,
           const char     *name,
           gconstpointer   data,
           void          (*test) (Fixture *f, gconstpointer data))
{
  g_autofree char *path = g_strdup_printf ("/disk/%s/%s", group, name);

  g_test_add (path, Fixture, data, set_up, test, tear_down);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (formats); i++)
    add_named ("format", formats[i].name, &formats[i], test_format);
  for (gsize i = 0; i < G_N_ELEMENTS (bad_ovfs); i++)
    add_named ("bad-ovf", bad_ovfs[i].name, &bad_ovfs[i], test_bad_ovf);
  for (gsize i = 0; i < G_N_ELEMENTS (contents); i++)
    {
      g_autofree char *name = g_strdup_printf ("%s-%" G_GSIZE_FORMAT, contents[i].content, contents[i].at);

      add_named ("content", name, &contents[i], test_content);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (sums); i++)
    {
      add_named ("manifest/good", sums[i].word, &sums[i], test_manifest);
      add_named ("manifest/damaged", sums[i].word, &sums[i], test_manifest_damaged);
    }

  for (gsize i = 0; i < G_N_ELEMENTS (infos); i++)
    {
      g_autofree char *path = g_strconcat ("/disk/info/", infos[i].name, NULL);

      g_test_add_data_func (path, &infos[i], test_info);
    }

  ADD ("none", NULL, test_none);
  ADD ("several", NULL, test_several);
  ADD ("split/flat", "subformat=twoGbMaxExtentFlat", test_split);
  ADD ("split/sparse", "subformat=twoGbMaxExtentSparse", test_split);
  ADD ("extent/absolute", DESCRIPTOR ("/etc/passwd"), test_extent_outside);
  ADD ("extent/dots", DESCRIPTOR ("../disk"), test_extent_outside);
  ADD ("extent/missing", DESCRIPTOR ("gone"), test_extent_outside);
  ADD ("backing-file", NULL, test_backing);
  ADD ("data-file", NULL, test_data_file);
  ADD ("damaged", NULL, test_damaged);
  ADD ("ovf", NULL, test_ovf);

  return g_test_run ();
}
