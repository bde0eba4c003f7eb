/* cvm-catalogue-names.c: what the name of an image's file tells
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-catalogue-private.h"

#include <string.h>

#include "cvm-fetch-private.h"
#include "cvm-image-store.h"

/* What may lie behind the disk's own suffix, longest first */
static const char *const packed[] = {
  ".tar.gz", ".tar.bz2", ".tar.xz", ".tar.zst", ".tgz", ".tbz2", ".txz", ".tar", ".zip", ".ova",
  ".gz", ".bz2", ".xz", ".zst",
};

/* The guess is a hypervisor that boots it as it is; which file is taken first where a catalogue has
 * the same release in several formats is this table's order. */
static const struct { const char *suffix, *hypervisor; } disks[] = {
  { ".qcow2", "kvm" }, { ".hdd", "kvm" }, { ".raw", "kvm" }, { ".img", "kvm" }, { ".qcow", "kvm" },
  { ".vmdk", "vmware" }, { ".vdi", "vbox" }, { ".vhdx", "hyperv" }, { ".vhd", "hyperv" },
  { ".ext3", "xen" }, { ".ext4", "xen" },
};

static const struct { const char *word, *arch; } archs[] = {
  { "x86_64", "x86_64" }, { "amd64", "x86_64" }, { "x86-64", "x86_64" }, { "x64", "x86_64" },
  { "i686", "i686" }, { "i586", "i686" }, { "i386", "i686" }, { "x86", "i686" },
  { "aarch64", "aarch64" }, { "arm64", "aarch64" }, { "armv7l", "armv7l" }, { "armhf", "armv7l" },
  { "ppc64le", "ppc64le" }, { "ppc64el", "ppc64le" }, { "ppc64", "ppc64" }, { "s390x", "s390x" },
  { "riscv64", "riscv64" },
};

static const char *const types[] = {
  "basic", "desktop", "head", "batch", "bare", "micro", "server", "minimal", "cloud", "cloudimg",
  "genericcloud", "generic", "nocloud", "live", "container",
};

static gboolean
ends_with (const char *text,
           gsize       len,
           const char *suffix)
{
  gsize suffix_len = strlen (suffix);

  return len > suffix_len && g_ascii_strncasecmp (text + len - suffix_len, suffix, suffix_len) == 0;
}

/* The length without a suffix of packing, which *IS_PACKED tells of */
static gsize
len_without_packing (const char *file_name,
                     const char **packing)
{
  gsize len = strlen (file_name);

  *packing = NULL;
  for (guint i = 0; i < G_N_ELEMENTS (packed); i++)
    {
      if (ends_with (file_name, len, packed[i]))
        {
          *packing = packed[i];
          return len - strlen (packed[i]);
        }
    }

  return len;
}

static int
find_disk (const char *file_name,
           gsize       len)
{
  for (guint i = 0; i < G_N_ELEMENTS (disks); i++)
    {
      if (ends_with (file_name, len, disks[i].suffix))
        return (int)i;
    }

  return -1;
}

gboolean
cvm_catalogue_is_image (const char *file_name)
{
  const char *packing;
  gsize len = len_without_packing (file_name, &packing);
  gboolean is_archive = packing != NULL && (strstr (packing, "t") != NULL ||
                                            g_str_equal (packing, ".zip") ||
                                            g_str_equal (packing, ".ova"));

  return file_name[0] != '.' && (find_disk (file_name, len) >= 0 || (is_archive && len > 0));
}

const char *
cvm_catalogue_arch (const char *word)
{
  for (guint i = 0; i < G_N_ELEMENTS (archs); i++)
    {
      if (g_ascii_strcasecmp (archs[i].word, word) == 0)
        return archs[i].arch;
    }

  return NULL;
}

static gboolean
is_edge (char c)
{
  return !g_ascii_isalnum (c);
}

/* Where WORD stands in TEXT by itself, in any case */
static const char *
find_word (const char *text,
           const char *word)
{
  gsize len = strlen (word);

  for (const char *c = text; *c != '\0'; c++)
    {
      if ((c == text || is_edge (c[-1])) && g_ascii_strncasecmp (c, word, len) == 0 &&
          is_edge (c[len]))
        return c;
    }

  return NULL;
}

static const char *
arch_in (const char *stem)
{
  for (guint i = 0; i < G_N_ELEMENTS (archs); i++)
    {
      if (find_word (stem, archs[i].word) != NULL)
        return archs[i].arch;
    }

  return NULL;
}

static const char *
type_in (const char *stem)
{
  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    {
      if (find_word (stem, types[i]) != NULL)
        return types[i];
    }

  return NULL;
}

static gsize
span_number (const char *text)
{
  gsize n = 0;

  while (g_ascii_isdigit (text[n]))
    n++;

  return n;
}

/* "2020.07-1" of "cernvm4-micro-2020.07-1.x": numbers joined by '.', or by '-', that begin a
 * word */
static char *
version_in (const char *stem)
{
  for (const char *c = stem; *c != '\0'; c++)
    {
      gsize len = c == stem || is_edge (c[-1]) ? span_number (c) : 0;
      gsize more;

      if (len == 0 || g_ascii_isalpha (c[len]))
        continue;

      while ((c[len] == '.' || c[len] == '-') && (more = span_number (c + len + 1)) > 0 &&
             !g_ascii_isalpha (c[len + 1 + more]))
        len += more + 1;

      return g_strndup (c, len);
    }

  return NULL;
}

static void
fill (char       **text,
      const char  *value)
{
  if (*text == NULL)
    *text = g_strdup (value);
}

void
cvm_catalogue_describe (CvmCatalogueEntry *entry,
                        const char        *file_name)
{
  const char *packing;
  gsize len = len_without_packing (file_name, &packing);
  int disk = find_disk (file_name, len);
  g_autofree char *stem = NULL;

  if (disk >= 0)
    len -= strlen (disks[disk].suffix);
  stem = g_strndup (file_name, len);

  entry->name = cvm_image_store_make_name (stem);
  if (entry->version == NULL)
    entry->version = version_in (stem);
  fill (&entry->type, type_in (stem));
  fill (&entry->arch, arch_in (stem));
  if (disk >= 0)
    fill (&entry->hypervisor, disks[disk].hypervisor);
  else if (packing != NULL && g_str_equal (packing, ".ova"))
    fill (&entry->hypervisor, "vbox");
}

char *
cvm_catalogue_file_name (const char *url_or_path)
{
  g_autofree char *path = NULL;
  g_autofree char *name = NULL;
  const char *slash;

  if (cvm_web_is_url (url_or_path))
    path = g_strndup (url_or_path, strcspn (url_or_path, "?#"));
  else
    path = g_strdup (url_or_path);

  slash = strrchr (path, '/');
  slash = slash != NULL ? slash + 1 : path;
  name = cvm_web_is_url (url_or_path) ? g_uri_unescape_string (slash, "/") : g_strdup (slash);

  if (name == NULL || name[0] == '\0' || name[0] == '.' || strlen (name) > 255 ||
      !g_utf8_validate (name, -1, NULL))
    return NULL;

  for (const char *c = name; *c != '\0'; c++)
    {
      if ((guchar)*c < ' ' || *c == 0x7f)
        return NULL;
    }

  return g_steal_pointer (&name);
}

char *
cvm_catalogue_unpacked_name (const char *url_or_path)
{
  char *name = cvm_catalogue_file_name (url_or_path);
  const char *packing;

  if (name == NULL)
    return g_strdup ("disk");

  name[len_without_packing (name, &packing)] = '\0';

  return name;
}

/* Which comes first ---------------------------------------------------------------------------- */

static int
rank (const CvmCatalogueEntry *entry)
{
  g_autofree char *file = cvm_catalogue_file_name (entry->url);
  const char *packing;
  int disk = file != NULL ? find_disk (file, len_without_packing (file, &packing)) : -1;

  return disk >= 0 ? disk : (int)G_N_ELEMENTS (disks);
}

static int
compare (gconstpointer a,
         gconstpointer b)
{
  const CvmCatalogueEntry *one = *(const CvmCatalogueEntry *const *)a;
  const CvmCatalogueEntry *two = *(const CvmCatalogueEntry *const *)b;
  int order = cvm_catalogue_compare_versions (two->version, one->version);

  if (order == 0)
    order = (two->number > one->number) - (two->number < one->number);
  if (order == 0)
    order = cvm_catalogue_compare_versions (two->release_id, one->release_id);
  if (order == 0)
    order = g_strcmp0 (one->name, two->name);
  if (order == 0)
    order = rank (one) - rank (two);

  return order != 0 ? order : g_strcmp0 (one->url, two->url);
}

void
cvm_catalogue_sort (GPtrArray *entries)
{
  g_ptr_array_sort (entries, compare);
}
