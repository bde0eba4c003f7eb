/* cvm-catalogue-releases.c: the CernVM release page
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * RELEASE_ID;VERSION;NUMBER;32|64;URL;…text…, a line each, CR LF possible. The hypervisor is told
 * by words in the text, the type by a word in the URL. */
#include "cvm-catalogue-private.h"

#include <string.h>

#include "cvm-fetch-private.h"

enum { ID, VERSION, NUMBER, BITS, URL, TEXT, N_FIELDS };

static const struct { const char *words, *hypervisor; } hypervisors[] = {
  { "(QEMU,KVM)", "kvm" }, { "VirtualBox Image", "vbox" }, { "(VMware)", "vmware" },
  { "(Xen)", "xen" },
};

static gboolean
is_blank (const CvmPageLines *line)
{
  return line->len == 0 || line->text[0] == '#';
}

gboolean
cvm_releases_is_page (const char *text,
                      gsize       len)
{
  CvmPageLines line;
  guint n = 0;

  cvm_page_lines_init (&line, text, len);
  while (cvm_page_lines_next (&line))
    {
      if (is_blank (&line))
        continue;

      for (gsize i = 0; i < line.len; i++)
        n += line.text[i] == ';';

      return n >= URL && line.text[0] != '<';
    }

  return FALSE;
}

/* What is wrong with these fields, or NULL */
static const char *
find_fault (char **fields)
{
  const char *version;

  if (g_strv_length (fields) < TEXT)
    return "it has too few fields; a release is ID;VERSION;NUMBER;32|64;URL;TEXT";

  version = fields[VERSION];
  if (fields[ID][0] == '\0' || strlen (fields[ID]) > 64)
    return "the release id is empty or longer than 64 characters";
  if (!g_ascii_isdigit (version[0]) || strlen (version) > 64)
    return "the version does not begin with a digit, or is longer than 64 characters";
  if (!g_ascii_string_to_signed (fields[NUMBER], 10, 0, G_MAXINT64, NULL, NULL))
    return "the third field is no number";
  if (!g_str_equal (fields[BITS], "32") && !g_str_equal (fields[BITS], "64"))
    return "the fourth field is neither 32 nor 64";
  if (!cvm_web_is_url (fields[URL]))
    return "the URL is neither http nor https";
  if (strpbrk (fields[URL], " \"<>") != NULL)
    return "the URL has a space or a quote in it";

  return NULL;
}

static const char *
hypervisor_of (const char *text)
{
  for (guint i = 0; i < G_N_ELEMENTS (hypervisors); i++)
    {
      if (strstr (text, hypervisors[i].words) != NULL)
        return hypervisors[i].hypervisor;
    }

  return NULL;
}

static CvmCatalogueEntry *
make_entry (char       **fields,
            const char  *place,
            const char  *file_name)
{
  CvmCatalogueEntry *entry = cvm_catalogue_entry_new ();

  entry->release_id = g_strdup (fields[ID]);
  entry->version = g_strdup (fields[VERSION]);
  entry->number = g_ascii_strtoll (fields[NUMBER], NULL, 10);
  entry->arch = g_strdup (g_str_equal (fields[BITS], "64") ? "x86_64" : "i686");
  entry->url = g_strdup (fields[URL]);
  entry->hypervisor = g_strdup (hypervisor_of (fields[TEXT] != NULL ? fields[TEXT] : ""));
  entry->catalogue = g_strdup (place);
  cvm_catalogue_describe (entry, file_name);

  return entry;
}

static const char *
check_text (const CvmPageLines *line)
{
  if (line->len > CVM_CATALOGUE_MAX_LINE)
    return "the line is longer than 8192 bytes";
  if (!g_utf8_validate (line->text, (gssize)line->len, NULL))
    return "the line is no UTF-8 text";

  for (gsize i = 0; i < line->len; i++)
    {
      if (((guchar)line->text[i] < ' ' && line->text[i] != '\t') || line->text[i] == 0x7f)
        return "the line has a control character in it";
    }

  return NULL;
}

static const char *
parse_line (const CvmPageLines  *line,
            const char          *place,
            GPtrArray           *entries)
{
  const char *fault = check_text (line);
  g_autofree char *text = NULL;
  g_autofree char *file_name = NULL;
  g_auto(GStrv) fields = NULL;

  if (fault != NULL)
    return fault;

  text = g_strndup (line->text, line->len);
  fields = g_strsplit (text, ";", N_FIELDS);
  for (guint i = 0; fields[i] != NULL; i++)
    g_strstrip (fields[i]);

  fault = find_fault (fields);
  if (fault != NULL)
    return fault;

  file_name = cvm_catalogue_file_name (fields[URL]);
  if (file_name == NULL)
    return "the URL ends in no file's name";
  if (entries->len >= CVM_CATALOGUE_MAX_ENTRIES)
    return "there are more than 20000 releases";

  g_ptr_array_add (entries, make_entry (fields, place, file_name));

  return NULL;
}

void
cvm_releases_parse (const char *text,
                    gsize       len,
                    const char *place,
                    GPtrArray  *entries,
                    GPtrArray  *warnings)
{
  CvmPageLines line;

  cvm_page_lines_init (&line, text, len);
  while (cvm_page_lines_next (&line))
    {
      const char *fault = is_blank (&line) ? NULL : parse_line (&line, place, entries);

      if (fault != NULL)
        cvm_catalogue_warn (warnings, place, line.number, "%s", fault);
    }
}
