/* cvm-virt-xml-check.c: is this what libvirt takes for a domain, or a network?
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-virt-xml-check.h"

#include <libxml/parser.h>
#include <libxml/relaxng.h>
#include <libxml/xpath.h>
#include <string.h>

#include "cvm-virt-xml.h"

#define MAX_LEN (1024 * 1024)
#define SCHEMAS "libvirt/schemas"

/* What must be there, and what it is called */
typedef struct
{
  const char *expression, *what;
} Setting;

static const Setting domain_settings[] = {
  { "/domain/@type[. != '']", "hypervisor (type)" },
  { "/domain/name[. != '']", "name" },
  { "/domain/uuid[. != '']", "uuid" },
  { "/domain/memory[number (.) > 0]", "memory" },
  { "/domain/vcpu[number (.) > 0]", "CPU (vcpu)" },
  { "/domain/os/type[. != '']", "type of system (os)" },
  { "/domain/devices/disk/source/@file | /domain/os/kernel", "disk, nor a kernel" },
  { "/domain/devices/interface | /domain/*[local-name () = 'commandline']", "network interface" },
  { NULL }
};

static const Setting network_settings[] = {
  { "/network/name[. != '']", "name" },
  { "/network/uuid[. != '']", "uuid" },
  { "/network/forward[@mode = 'nat']", "NAT (forward)" },
  { "/network/ip[@address and @netmask]", "address (ip)" },
  { "/network/ip/dhcp/range[@start and @end]", "addresses for guests (dhcp)" },
  { NULL }
};

#define FILES "/domain/devices/disk/source/@file | /domain/os/kernel | /domain/os/initrd"

/* Schema ----------------------------------------------------------------------------------- */

static char *
find_schema (const char *kind)
{
  g_autofree char *name = g_strconcat (kind, ".rng", NULL);

  for (const char *const *dir = g_get_system_data_dirs (); *dir != NULL; dir++)
    {
      g_autofree char *path = g_build_filename (*dir, SCHEMAS, name, NULL);

      if (g_file_test (path, G_FILE_TEST_EXISTS))
        return g_steal_pointer (&path);
    }

  return NULL;
}

static void
keep_first (void           *data,
            const xmlError *error)
{
  char **first = data;

  if (*first == NULL && error->message != NULL)
    *first = g_strchomp (g_strdup_printf ("line %d: %s", error->line, error->message));
}

static gboolean
is_valid (xmlDoc     *doc,
          const char *schema_path,
          char      **why)
{
  xmlRelaxNGParserCtxt *parser = xmlRelaxNGNewParserCtxt (schema_path);
  xmlRelaxNG *schema = xmlRelaxNGParse (parser);
  xmlRelaxNGValidCtxt *validator = schema != NULL ? xmlRelaxNGNewValidCtxt (schema) : NULL;
  gboolean valid = TRUE;   /* where the schema itself cannot be read */

  if (validator != NULL)
    {
      xmlRelaxNGSetValidStructuredErrors (validator, (xmlStructuredErrorFunc)keep_first, why);
      valid = xmlRelaxNGValidateDoc (validator, doc) == 0;
    }

  xmlRelaxNGFreeValidCtxt (validator);
  xmlRelaxNGFree (schema);
  xmlRelaxNGFreeParserCtxt (parser);

  return valid;
}

static gboolean
check_schema (xmlDoc      *doc,
              const char  *kind,
              GError     **error)
{
  g_autofree char *path = find_schema (kind);
  g_autofree char *why = NULL;

  if (path == NULL || is_valid (doc, path, &why))
    return TRUE;

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
               "libvirt's schema does not allow this %s: %s",
               kind, why != NULL ? why : "it gives no reason");

  return FALSE;
}

/* Settings --------------------------------------------------------------------------------- */

static gboolean
check_settings (xmlXPathContext  *context,
                const char       *kind,
                const Setting    *settings,
                GError          **error)
{
  for (const Setting *setting = settings; setting->expression != NULL; setting++)
    {
      xmlXPathObject *found = xmlXPathEvalExpression (CVM_VIRT_STR (setting->expression), context);
      gboolean is_there = found != NULL && !xmlXPathNodeSetIsEmpty (found->nodesetval);

      xmlXPathFreeObject (found);
      if (is_there)
        continue;

      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "the %s has no %s",
                   kind, setting->what);
      return FALSE;
    }

  return TRUE;
}

static gboolean
check_files (xmlXPathContext  *context,
             GError          **error)
{
  xmlXPathObject *found = xmlXPathEvalExpression (CVM_VIRT_STR (FILES), context);
  gboolean are_there = TRUE;

  for (int i = 0; are_there && i < xmlXPathNodeSetGetLength (found->nodesetval); i++)
    {
      xmlChar *path = xmlNodeGetContent (xmlXPathNodeSetItem (found->nodesetval, i));

      are_there = g_file_test ((const char *)path, G_FILE_TEST_EXISTS);
      if (!are_there)
        g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                     "the domain names %s, which is not there", (const char *)path);
      xmlFree (path);
    }

  xmlXPathFreeObject (found);

  return are_there;
}

static gboolean
check_complete (xmlDoc      *doc,
                const char  *kind,
                GError     **error)
{
  gboolean is_domain = g_str_equal (kind, "domain");
  xmlXPathContext *context = xmlXPathNewContext (doc);
  gboolean is_complete = check_settings (context, kind,
                                         is_domain ? domain_settings : network_settings, error)
                         && (!is_domain || check_files (context, error));

  xmlXPathFreeContext (context);

  return is_complete;
}

gboolean
cvm_virt_xml_check (const char   *kind,
                    const char   *xml,
                    CvmXmlLevel   level,
                    GError      **error)
{
  gsize len = strlen (xml);
  xmlDoc *doc = len <= MAX_LEN
                ? xmlReadMemory (xml, (int)len, "libvirt.xml", NULL,
                                 XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING)
                : NULL;
  gboolean is_good;

  if (doc == NULL)
    {
      const xmlError *last = xmlGetLastError ();

      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "the %s is no XML: line %d", kind,
                   last != NULL ? last->line : 0);
      return FALSE;
    }

  is_good = check_schema (doc, kind, error)
            && (level < CVM_XML_COMPLETE || check_complete (doc, kind, error));
  xmlFreeDoc (doc);

  return is_good;
}
