/* test-catalogue.c: what pages of catalogues and checksum files say, and what they do not
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <glib/gstdio.h>
#include <locale.h>
#include <string.h>

#include "cvm-catalogue-private.h"
#include "cvm-wait.h"

#define SUM_A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define SUM_B "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define RELEASE "7;2.5.1;3;64;http://h/cernvm-basic-2.5.1-1-3-x86_64.hdd.gz;image (QEMU,KVM)"

/* Versions ------------------------------------------------------------------------------------ */

static const struct { const char *older, *newer; } versions[] = {
  { "2.9", "2.10" }, { "2", "2.0.1" }, { "2.5", "2.5.1" }, { "2.5rc1", "2.5" },
  { "2.5rc1", "2.5rc2" }, { "2.5beta", "2.5rc1" }, { "2.5alpha9", "2.5beta1" }, { "2.5", "2.5a" },
  { "2020.04-1", "2020.07-1" }, { "2020.07-9", "2020.07-10" }, { NULL, "0" }, { "", "0" },
  { "9", "10000000000000000000000000000000" }, { "1.a", "1.1" }, { "12", "13~" }, { "1.2.3", "1.2.4-dev" },
};

static void
test_versions (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (versions); i++)
    {
      const char *older = versions[i].older, *newer = versions[i].newer;

      g_test_message ("%s < %s", older, newer);
      g_assert_cmpint (cvm_catalogue_compare_versions (older, newer), <, 0);
      g_assert_cmpint (cvm_catalogue_compare_versions (newer, older), >, 0);
      g_assert_cmpint (cvm_catalogue_compare_versions (newer, newer), ==, 0);
    }

  g_assert_cmpint (cvm_catalogue_compare_versions ("2.05", "2.5"), ==, 0);
  g_assert_cmpint (cvm_catalogue_compare_versions ("2-5", "2.5"), ==, 0);
}

/* Names --------------------------------------------------------------------------------------- */

static const struct
{
  const char *file, *name, *version, *type, *arch, *hypervisor;
} names[] = {
  { "cernvm-basic-2.5.1-1-3-x86_64.hdd.gz", "cernvm-basic-2.5.1-1-3-x86_64", "2.5.1-1-3", "basic",
    "x86_64", "kvm" },
  { "cernvm4-micro-2020.07-1.vdi", "cernvm4-micro-2020.07-1", "2020.07-1", "micro", NULL, "vbox" },
  { "cernvm4-micro-2020.07-1.ova", "cernvm4-micro-2020.07-1", "2020.07-1", "micro", NULL, "vbox" },
  { "cernvm4-micro-2020.07-1.tar.gz", "cernvm4-micro-2020.07-1", "2020.07-1", "micro", NULL, NULL },
  { "debian-12-genericcloud-amd64.qcow2", "debian-12-genericcloud-amd64", "12", "genericcloud",
    "x86_64", "kvm" },
  { "Fedora-Cloud-Base-38-1.6.x86_64.raw.xz", "Fedora-Cloud-Base-38-1.6.x86_64", "38-1.6", "cloud",
    "x86_64", "kvm" },
  { "jammy-server-cloudimg-arm64.img", "jammy-server-cloudimg-arm64", NULL, "server", "aarch64",
    "kvm" },
  { "disk.VMDK", "disk", NULL, NULL, NULL, "vmware" },
  { "a b;c.qcow2", "a-b-c", NULL, NULL, NULL, "kvm" },
};

static void
test_names (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr(CvmCatalogueEntry) entry = cvm_catalogue_entry_new ();

      g_assert_true (cvm_catalogue_is_image (names[i].file));
      cvm_catalogue_describe (entry, names[i].file);
      g_assert_cmpstr (entry->name, ==, names[i].name);
      g_assert_cmpstr (entry->version, ==, names[i].version);
      g_assert_cmpstr (entry->type, ==, names[i].type);
      g_assert_cmpstr (entry->arch, ==, names[i].arch);
      g_assert_cmpstr (entry->hypervisor, ==, names[i].hypervisor);
    }
}

static void
test_no_images (void)
{
  static const char *const files[] = { "README", "a.txt", "a.gz", "SHA256SUMS", ".hidden.qcow2",
                                       ".qcow2", ".tar.gz", "a.iso", "a.qcow2.sha256", "" };

  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_test_message ("%s", files[i]);
      g_assert_false (cvm_catalogue_is_image (files[i]));
    }
}

static const struct { const char *url, *file; } file_names[] = {
  { "http://h/a/b.qcow2", "b.qcow2" },
  { "http://h/a/b.qcow2?x=/y#z", "b.qcow2" },
  { "http://h/a%20b.img", "a b.img" },
  { "http://h/a/", NULL }, { "http://h/..", NULL }, { "http://h/.a", NULL },
  { "http://h/a%2Fb.img", NULL }, { "http://h/a%00b.img", NULL }, { "http://h/a%0Ab.img", NULL },
  { "http://h/%ff.img", NULL }, { "/a/b.img", "b.img" }, { "/a/b%20.img", "b%20.img" },
};

static void
test_file_names (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (file_names); i++)
    {
      g_autofree char *file = cvm_catalogue_file_name (file_names[i].url);

      g_assert_cmpstr (file, ==, file_names[i].file);
    }
}

/* Release pages -------------------------------------------------------------------------------- */

static GPtrArray *
new_entries (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify)cvm_catalogue_entry_unref);
}

static const struct
{
  const char *name;
  const char *line;
  gssize      len;       /* 0: to its end */
  const char *warning;   /* NULL: a good line */
  const char *arch, *hypervisor, *type;
} releases[] = {
  { "kvm", RELEASE, 0, NULL, "x86_64", "kvm", "basic" },
  { "crlf", RELEASE "\r\n", 0, NULL, "x86_64", "kvm", "basic" },
  { "vbox", "7;2;3;32;https://h/x-desktop-2.vdi.gz;VirtualBox Image", 0, NULL, "i686", "vbox", "desktop" },
  { "vmware", "7;2;3;64;http://h/x.vmdk.zip;VMDK (VMware); more", 0, NULL, "x86_64", "vmware", NULL },
  { "xen", "7;2;3;64;http://h/x-basic-2.ext3.gz;root (Xen)", 0, NULL, "x86_64", "xen", "basic" },
  { "no-text", "7;2;3;64;http://h/x.hdd.gz", 0, NULL, "x86_64", "kvm", NULL },
  { "comment", "# nothing", 0, NULL, NULL, NULL, NULL },
  { "few", "7;2;3;64", 0, "it has too few fields; a release is ID;VERSION;NUMBER;32|64;URL;TEXT" },
  { "no-id", ";2;3;64;http://h/x.hdd", 0, "the release id is empty or longer than 64 characters" },
  { "version", "7;new;3;64;http://h/x.hdd", 0,
    "the version does not begin with a digit, or is longer than 64 characters" },
  { "number", "7;2;three;64;http://h/x.hdd", 0, "the third field is no number" },
  { "number-huge", "7;2;99999999999999999999;64;http://h/x.hdd", 0, "the third field is no number" },
  { "bits", "7;2;3;128;http://h/x.hdd", 0, "the fourth field is neither 32 nor 64" },
  { "scheme", "7;2;3;64;file:///etc/shadow", 0, "the URL is neither http nor https" },
  { "quote", "7;2;3;64;http://h/\"x.hdd", 0, "the URL has a space or a quote in it" },
  { "no-file", "7;2;3;64;http://h/", 0, "the URL ends in no file's name" },
  { "outside", "7;2;3;64;http://h/..%2f..%2fx.hdd", 0, "the URL ends in no file's name" },
  { "latin1", "7;2;3;64;http://h/x.hdd;caf\xe9", 0, "the line is no UTF-8 text" },
  { "escape", "7;2;3;64;http://h/x.hdd;\x1b[2J", 0, "the line has a control character in it" },
  { "nul", "7;2;3;64;http://h/x.hdd;\0", 25, "the line is no UTF-8 text" },
};

static void
test_release (gconstpointer data)
{
  const typeof (releases[0]) *c = data;
  g_autoptr(GPtrArray) entries = new_entries ();
  g_autoptr(GPtrArray) warnings = g_ptr_array_new_with_free_func (g_free);

  cvm_releases_parse (c->line, c->len > 0 ? (gsize)c->len : strlen (c->line), "page", entries,
                      warnings);
  if (c->warning != NULL)
    {
      g_autofree char *wanted = g_strconcat ("page:1: ", c->warning, NULL);

      g_assert_cmpuint (entries->len, ==, 0);
      g_assert_cmpuint (warnings->len, ==, 1);
      g_assert_cmpstr (g_ptr_array_index (warnings, 0), ==, wanted);
      return;
    }

  g_assert_cmpuint (warnings->len, ==, 0);
  g_assert_cmpuint (entries->len, ==, c->arch != NULL ? 1 : 0);
  if (entries->len == 1)
    {
      const CvmCatalogueEntry *entry = g_ptr_array_index (entries, 0);

      g_assert_cmpstr (entry->release_id, ==, "7");
      g_assert_cmpint (entry->number, ==, 3);
      g_assert_cmpstr (entry->arch, ==, c->arch);
      g_assert_cmpstr (entry->hypervisor, ==, c->hypervisor);
      g_assert_cmpstr (entry->type, ==, c->type);
      g_assert_cmpstr (entry->catalogue, ==, "page");
    }
}

static void
test_release_lines (void)
{
  static const char page[] = "\r\n" RELEASE "\r\nbad;line\r\n" RELEASE "\r\n;;;;\r\n";
  g_autoptr(GPtrArray) entries = new_entries ();
  g_autoptr(GPtrArray) warnings = g_ptr_array_new_with_free_func (g_free);

  g_assert_true (cvm_releases_is_page (page, strlen (page)));
  cvm_releases_parse (page, strlen (page), "p", entries, warnings);
  g_assert_cmpuint (entries->len, ==, 2);
  g_assert_cmpuint (warnings->len, ==, 2);
  g_assert_true (g_str_has_prefix (g_ptr_array_index (warnings, 0), "p:3: it has too few fields"));
  g_assert_true (g_str_has_prefix (g_ptr_array_index (warnings, 1), "p:5: the release id is empty"));
}

/* A page of nothing but bad lines is told of in a few. */
static void
test_release_warnings_end (void)
{
  g_autoptr(GString) page = g_string_new (NULL);
  g_autoptr(GPtrArray) entries = new_entries ();
  g_autoptr(GPtrArray) warnings = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < 100000; i++)
    g_string_append (page, "x\n");
  cvm_releases_parse (page->str, page->len, "p", entries, warnings);
  g_assert_cmpuint (warnings->len, ==, CVM_CATALOGUE_MAX_WARNINGS + 1);
  g_assert_cmpstr (g_ptr_array_index (warnings, CVM_CATALOGUE_MAX_WARNINGS), ==,
                   "p: more lines were passed over");
}

static void
test_release_limits (void)
{
  g_autoptr(GString) page = g_string_new (RELEASE);
  g_autoptr(GPtrArray) entries = new_entries ();
  g_autoptr(GPtrArray) warnings = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < 9000; i++)
    g_string_append_c (page, 'x');
  for (guint i = 0; i < CVM_CATALOGUE_MAX_ENTRIES + 2; i++)
    g_string_append (page, "\n" RELEASE);
  cvm_releases_parse (page->str, page->len, "p", entries, warnings);
  g_assert_cmpuint (entries->len, ==, CVM_CATALOGUE_MAX_ENTRIES);
  g_assert_cmpstr (g_ptr_array_index (warnings, 0), ==, "p:1: the line is longer than 8192 bytes");
  g_assert_cmpstr (g_ptr_array_index (warnings, 1), ==,
                   "p:20002: there are more than 20000 releases");
}

/* Checksum files ------------------------------------------------------------------------------- */

static const struct
{
  const char *name, *line;
  const char *file;      /* that has SUM_A; NULL: none has */
  const char *warning;
} sums[] = {
  { "gnu", SUM_A "  x.img", "x.img" },
  { "gnu-binary", SUM_A " *x.img", "x.img" },
  { "gnu-crlf", SUM_A "  x.img\r\n", "x.img" },
  { "gnu-here", SUM_A "  ./x.img", "x.img" },
  { "gnu-blank-in-name", SUM_A "  x y.img", "x y.img" },
  { "upper", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA  x", "x" },
  { "bsd", "SHA256 (x.img) = " SUM_A, "x.img" },
  { "bsd-parenthesis", "SHA256 (x (1).img) = " SUM_A, "x (1).img" },
  { "openssl", "SHA2-256(x.img)= " SUM_A, "x.img" },
  { "bare", SUM_A "\n", "" },
  { "comment", "# " SUM_A "  x.img", NULL },
  { "signed", "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nSHA256 (x) = " SUM_A
    "\n-----BEGIN PGP SIGNATURE-----\n\nrubbish\n-----END PGP SIGNATURE-----\n", "x" },
  { "twice-same", SUM_A "  x\n" SUM_A "  x\n", "x" },
  { "twice", SUM_B "  x\n" SUM_A "  x\n", NULL,
    "s:2: it gives a file another sum than a line above; neither is believed" },
  { "folder", SUM_A "  ../x", NULL, "s:1: it names a file in another folder" },
  { "no-name", SUM_A "  ", "", NULL },
  { "no-name-binary", SUM_A " *", NULL, "s:1: it names no file" },
  { "too-long", SUM_A "a  x", NULL,
    "s:1: it is no SHA-256, which has 64 hex digits; other sums are not looked at" },
  { "behind", SUM_A ";x", NULL,
    "s:1: that is no SHA-256: it has too many digits, or something behind them" },
  { "md5", "d41d8cd98f00b204e9800998ecf8427e  x", NULL,
    "s:1: it is no SHA-256, which has 64 hex digits; other sums are not looked at" },
  { "html", "<html>", NULL,
    "s:1: it is no line of a checksum file: SUM  FILE, or SHA256 (FILE) = SUM" },
  { "bsd-open", "SHA256 x = " SUM_A, NULL, "s:1: there is no file's name in parentheses" },
  { "bsd-short", "SHA256 (x) = abc", NULL, "s:1: a SHA-256 has 64 hex digits" },
  { "escaped", "\\" SUM_A "  a\\nb", NULL,
    "s:1: a file's name with a backslash or a line's end in it is not taken" },
  { "latin1", SUM_A "  caf\xe9", NULL, "s:1: the line is no UTF-8 text" },
};

static void
test_sums (gconstpointer data)
{
  const typeof (sums[0]) *c = data;
  g_autoptr(GPtrArray) warnings = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GHashTable) parsed = cvm_sums_parse (c->line, strlen (c->line), "s", warnings);

  if (c->file != NULL)
    g_assert_cmpstr (g_hash_table_lookup (parsed, c->file), ==, SUM_A);
  else
    g_assert_false (g_strcmp0 (g_hash_table_lookup (parsed, "x"), SUM_A) == 0);

  g_assert_cmpuint (warnings->len, ==, c->warning != NULL ? 1 : 0);
  if (c->warning != NULL)
    g_assert_cmpstr (g_ptr_array_index (warnings, 0), ==, c->warning);
}

/* Directory pages ------------------------------------------------------------------------------ */

static const struct
{
  const char *name, *page;
  const char *file, *url;     /* of the one link; NULL: none */
  const char *warning;
} pages[] = {
  { "plain", "<html><a href=\"x.img\">x</a>", "x.img", "http://h/d/x.img" },
  { "apostrophe", "<A  class=c HREF='x.img' >", "x.img", "http://h/d/x.img" },
  { "bare", "<a href=x.img>", "x.img", "http://h/d/x.img" },
  { "spaces", "<a href = \" x.img \">", "x.img", "http://h/d/x.img" },
  { "absolute", "<a href=\"https://m/x.img\">", "x.img", "https://m/x.img" },
  { "rooted", "<a href=\"/x.img\">", "x.img", "http://h/x.img" },
  { "entity", "<a href=\"x.img?a=1&amp;b=2\">", "x.img", "http://h/d/x.img?a=1&b=2" },
  { "escaped-entity", "<a href=\"x.img?a=&amp;lt;\">", "x.img", "http://h/d/x.img?a=&lt;" },
  { "percent", "<a href=\"a%20b.img\">", "a b.img", "http://h/d/a%20b.img" },
  { "other-attribute", "<a title=\"href=y.img\" href=\"x.img\">", "x.img", "http://h/d/x.img" },
  { "same-twice", "<a href=x.img><a href=x.img>", "x.img", "http://h/d/x.img" },
  { "comment", "<!-- <a href=\"y.img\"> --><a href=\"x.img\">", "x.img", "http://h/d/x.img" },
  { "abbr", "<abbr href=\"x.img\">", NULL, NULL },
  { "parent", "<a href=\"../\">", NULL, NULL },
  { "sorting", "<a href=\"?C=M;O=A\">", NULL, NULL },
  { "script", "<a href=\"javascript:alert(1)\">", NULL, NULL },
  { "file", "<a href=\"file:///etc/passwd\">", NULL, NULL },
  { "ftp", "<a href=\"ftp://h/x.img\">", NULL, NULL },
  { "data", "<a href=\"data:x.img\">", NULL, NULL },
  { "dots", "<a href=\"..%2f..%2fx.img\">", NULL, NULL },
  { "no-end", "<a href=\"x.img\"", NULL, NULL, "http://h/d/:1: a link does not end within 8192 bytes" },
  { "no-quote", "\n<a href=\"x.img>y</a>", NULL, NULL,
    "http://h/d/:2: a link does not end within 8192 bytes" },
  { "comment-no-end", "<html>\n\n<!-- <a href=x.img>", NULL, NULL,
    "http://h/d/:3: a comment does not end; what follows is passed over" },
  { "latin1", "<a href=\"caf\xe9.img\">", NULL, NULL, "http://h/d/:1: a link is no UTF-8 text" },
  { "elsewhere", "<a href=x.img>\n<a href=http://m/x.img>", "x.img", "http://h/d/x.img",
    "http://h/d/:2: a second file of the same name elsewhere; the first link is taken" },
};

static void
test_page (gconstpointer data)
{
  const typeof (pages[0]) *c = data;
  g_autoptr(GPtrArray) warnings = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GPtrArray) links = cvm_directory_parse (c->page, strlen (c->page), "http://h/d/",
                                                    warnings);

  g_assert_cmpuint (links->len, ==, c->file != NULL ? 1 : 0);
  if (c->file != NULL)
    {
      const CvmLink *link = g_ptr_array_index (links, 0);

      g_assert_cmpstr (link->name, ==, c->file);
      g_assert_cmpstr (link->url, ==, c->url);
    }

  g_assert_cmpuint (warnings->len, ==, c->warning != NULL ? 1 : 0);
  if (c->warning != NULL)
    g_assert_cmpstr (g_ptr_array_index (warnings, 0), ==, c->warning);
}

static void
test_beside (void)
{
  static const char page[] = "<a href=x.img><a href=x.img.sha256><a href=x.img.asc>"
                             "<a href=y.img><a href=SHA256SUMS><a href=SHA256SUMS.gpg><a href=README>";
  g_autoptr(GPtrArray) warnings = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GPtrArray) links = cvm_directory_parse (page, strlen (page), "http://h/", warnings);
  g_autoptr(GPtrArray) lists = NULL;
  g_autoptr(GPtrArray) entries = cvm_links_to_entries (links, &lists);
  const CvmCatalogueEntry *x, *y;
  const CvmSumsLink *list;

  g_assert_cmpuint (links->len, ==, 7);
  g_assert_cmpuint (entries->len, ==, 2);
  g_assert_cmpuint (lists->len, ==, 1);
  x = g_ptr_array_index (entries, 0);
  y = g_ptr_array_index (entries, 1);
  list = g_ptr_array_index (lists, 0);
  g_assert_cmpstr (x->sha256_url, ==, "http://h/x.img.sha256");
  g_assert_cmpstr (x->signature_url, ==, "http://h/x.img.asc");
  g_assert_null (y->sha256_url);
  g_assert_null (y->signature_url);
  g_assert_cmpstr (list->url, ==, "http://h/SHA256SUMS");
  g_assert_cmpstr (list->signature_url, ==, "http://h/SHA256SUMS.gpg");
}

/* Folders, sorting, selecting ------------------------------------------------------------------ */

typedef struct
{
  char *dir;
} Folder;

static void
set_up (Folder        *f,
        gconstpointer  data)
{
  f->dir = g_dir_make_tmp ("cvm-catalogue-XXXXXX", NULL);
}

static void
put (Folder     *f,
     const char *name,
     const char *text)
{
  g_autofree char *path = g_build_filename (f->dir, name, NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

static void
tear_down (Folder        *f,
           gconstpointer  data)
{
  g_autoptr(GDir) dir = g_dir_open (f->dir, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (f->dir, name, NULL);

      g_assert_cmpint (g_remove (path), ==, 0);
    }
  g_assert_cmpint (g_remove (f->dir), ==, 0);
  g_free (f->dir);
}

static GPtrArray *
read_folder (const char *location)
{
  g_autoptr(GError) error = NULL;
  GPtrArray *entries = cvm_catalogue_read (location, cvm_deadline_in_ms (10000), NULL, NULL, &error);

  g_assert_no_error (error);

  return entries;
}

static const char *
name_at (GPtrArray *entries,
         guint      i)
{
  return i < entries->len ? ((CvmCatalogueEntry *)g_ptr_array_index (entries, i))->name : NULL;
}

static void
test_folder (Folder        *f,
             gconstpointer  data)
{
  g_autoptr(GPtrArray) entries = NULL;
  g_autoptr(GPtrArray) selected = NULL;
  const CvmCatalogueFilter amd64 = { .arch = "amd64", .hypervisor = "qemu" };
  const CvmCatalogueFilter ten = { .name = "vm", .version = "2.1*" };
  const CvmCatalogueEntry *entry;

  put (f, "vm-2.9-x86_64.qcow2", "a");
  put (f, "vm-2.10-x86_64.vmdk", "a");
  put (f, "vm-2.10-x86_64.qcow2", "a");
  put (f, "vm-2.10-i386.vdi", "a");
  put (f, "README", "a");
  put (f, "SHA256SUMS", SUM_A "  vm-2.9-x86_64.qcow2\nrubbish\n");
  put (f, "vm-2.10-i386.vdi.sha256", SUM_B "\n");

  entries = read_folder (f->dir);
  g_assert_cmpuint (entries->len, ==, 4);
  g_assert_cmpstr (name_at (entries, 0), ==, "vm-2.10-i386");
  g_assert_cmpstr (name_at (entries, 1), ==, "vm-2.10-x86_64");
  g_assert_cmpstr (name_at (entries, 3), ==, "vm-2.9-x86_64");
  entry = g_ptr_array_index (entries, 1);
  g_assert_true (g_str_has_suffix (entry->url, ".qcow2"));
  entry = g_ptr_array_index (entries, 3);
  g_assert_cmpstr (entry->sha256, ==, SUM_A);
  entry = g_ptr_array_index (entries, 0);
  g_assert_null (entry->sha256);
  g_assert_true (cvm_catalogue_resolve ((CvmCatalogueEntry *)entry, CVM_DEADLINE_NEVER, NULL, NULL));
  g_assert_cmpstr (entry->sha256, ==, SUM_B);

  selected = cvm_catalogue_select (entries, &amd64);
  g_assert_cmpuint (selected->len, ==, 2);
  g_assert_cmpstr (name_at (selected, 0), ==, "vm-2.10-x86_64");
  g_ptr_array_unref (selected);
  selected = cvm_catalogue_select (entries, &ten);
  g_assert_cmpuint (selected->len, ==, 3);
}

static void
test_resolve_lacks (Folder        *f,
                    gconstpointer  data)
{
  g_autoptr(GPtrArray) entries = NULL;
  g_autoptr(GError) error = NULL;

  put (f, "vm.qcow2", "a");
  put (f, "vm.qcow2.sha256", "d41d8cd98f00b204e9800998ecf8427e  vm.qcow2\n");
  entries = read_folder (f->dir);
  g_assert_false (cvm_catalogue_resolve (g_ptr_array_index (entries, 0), CVM_DEADLINE_NEVER, NULL,
                                         &error));
  g_assert_error (error, CVM_CATALOGUE_ERROR, CVM_CATALOGUE_ERROR_NOT_ONE);
  g_assert_nonnull (strstr (error->message, "vm.qcow2.sha256 gives no SHA-256 of vm.qcow2: "));
  g_assert_nonnull (strstr (error->message, "vm.qcow2.sha256:1: it is no SHA-256"));
}

static const struct { const char *name, *text, *said; } no_catalogues[] = {
  { "empty", "", "is no catalogue: neither lines of releases" },
  { "text", "hello\n", "is no catalogue: neither lines of releases" },
  { "json", "{\"a\": 1}\n", "is no catalogue: neither lines of releases" },
  { "no-image", "<html><a href=README>", "lists no image" },
  { "bad-lines", "a;b;c;d;e;f\n", "lists no image: " },
};

static void
test_no_catalogue (Folder        *f,
                   gconstpointer  data)
{
  const typeof (no_catalogues[0]) *c = data;
  g_autofree char *path = g_build_filename (f->dir, "page", NULL);
  g_autoptr(GError) error = NULL;

  put (f, "page", c->text);
  g_assert_null (cvm_catalogue_read (path, CVM_DEADLINE_NEVER, NULL, NULL, &error));
  g_assert_error (error, CVM_CATALOGUE_ERROR, CVM_CATALOGUE_ERROR_NOT_ONE);
  g_assert_true (g_str_has_prefix (error->message, path));
  g_assert_nonnull (strstr (error->message, c->said));
}

static void
test_page_of_files (Folder        *f,
                    gconstpointer  data)
{
  g_autofree char *page = g_build_filename (f->dir, "index.html", NULL);
  g_autofree char *image = g_build_filename (f->dir, "vm.qcow2", NULL);
  g_autoptr(GPtrArray) entries = NULL;

  put (f, "index.html", "<a href=vm.qcow2><a href=../up.qcow2><a href=http://h/far.qcow2>");
  entries = read_folder (page);
  g_assert_cmpuint (entries->len, ==, 2);
  g_assert_cmpstr (((CvmCatalogueEntry *)g_ptr_array_index (entries, 1))->url, ==, image);
}

static void
test_newest_release (void)
{
  static const char page[] = "1;2.5.1;1;64;http://h/a-basic-2.5.1.hdd.gz;(QEMU,KVM)\n"
                             "12;2.5.1;4;64;http://h/a-basic-2.5.1.hdd.gz;(QEMU,KVM)\n"
                             "9;2.5.1;4;64;http://h/a-basic-2.5.1.hdd.gz;(QEMU,KVM)\n"
                             "3;2.10.0;1;64;http://h/b-basic-2.10.hdd.gz;(Xen)\n";
  g_autoptr(GPtrArray) entries = new_entries ();
  g_autoptr(GPtrArray) warnings = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GPtrArray) selected = NULL;
  const CvmCatalogueFilter kvm = { .hypervisor = "kvm", .arch = "x86_64", .type = "basic" };
  const CvmCatalogueFilter one = { .release_id = "1" };

  cvm_releases_parse (page, strlen (page), "p", entries, warnings);
  cvm_catalogue_sort (entries);
  g_assert_cmpstr (name_at (entries, 0), ==, "b-basic-2.10");
  selected = cvm_catalogue_select (entries, &kvm);
  g_assert_cmpuint (selected->len, ==, 3);
  g_assert_cmpstr (((CvmCatalogueEntry *)g_ptr_array_index (selected, 0))->release_id, ==, "12");
  g_ptr_array_unref (selected);
  selected = cvm_catalogue_select (entries, &one);
  g_assert_cmpuint (selected->len, ==, 1);
}

#define ADD_ROWS(path, rows, func) \
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) \
    { \
      g_autofree char *name = g_strconcat (path, rows[i].name, NULL); \
      g_test_add_data_func (name, &rows[i], func); \
    }

int
main (int    argc,
      char **argv)
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/catalogue/versions", test_versions);
  g_test_add_func ("/catalogue/names", test_names);
  g_test_add_func ("/catalogue/no-images", test_no_images);
  g_test_add_func ("/catalogue/file-names", test_file_names);
  ADD_ROWS ("/catalogue/release/", releases, test_release);
  g_test_add_func ("/catalogue/release-lines", test_release_lines);
  g_test_add_func ("/catalogue/release-warnings-end", test_release_warnings_end);
  g_test_add_func ("/catalogue/release-limits", test_release_limits);
  g_test_add_func ("/catalogue/newest-release", test_newest_release);
  ADD_ROWS ("/catalogue/sums/", sums, test_sums);
  ADD_ROWS ("/catalogue/page/", pages, test_page);
  g_test_add_func ("/catalogue/beside", test_beside);
  g_test_add ("/catalogue/folder", Folder, NULL, set_up, test_folder, tear_down);
  g_test_add ("/catalogue/resolve-lacks", Folder, NULL, set_up, test_resolve_lacks, tear_down);
  g_test_add ("/catalogue/page-of-files", Folder, NULL, set_up, test_page_of_files, tear_down);
  for (guint i = 0; i < G_N_ELEMENTS (no_catalogues); i++)
    {
      g_autofree char *name = g_strconcat ("/catalogue/none/", no_catalogues[i].name, NULL);

      g_test_add (name, Folder, &no_catalogues[i], set_up, test_no_catalogue, tear_down);
    }

  return g_test_run ();
}
