/* cvm-virt-facts.c: what a host is and can do
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-virt-facts.h"

#include <libxml/parser.h>
#include <libxml/tree.h>
#include <libxml/xpath.h>
#include <stdlib.h>
#include <string.h>

#define STR(text) ((const xmlChar *)(text))

#define OWN_TYPES "/capabilities/guest/arch[@name = /capabilities/host/cpu/arch]/domain/@type"
#define ALL_TYPES "/capabilities/guest/arch/domain/@type"
#define HOST_ARCH "/capabilities/host/cpu/arch"

/* What an expression finds, each once (transfer full) */
static GStrv
find_strings (xmlXPathContext *context,
              const char      *expression)
{
  xmlXPathObject *found = xmlXPathEvalExpression (STR (expression), context);
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  g_autoptr(GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  int n = found != NULL && found->nodesetval != NULL ? found->nodesetval->nodeNr : 0;

  for (int i = 0; i < n; i++)
    {
      xmlChar *text = xmlNodeGetContent (found->nodesetval->nodeTab[i]);

      if (g_hash_table_add (seen, g_strdup ((const char *)text)))
        g_strv_builder_add (builder, (const char *)text);
      xmlFree (text);
    }

  xmlXPathFreeObject (found);

  return g_strv_builder_end (builder);
}

gboolean
cvm_virt_facts_take_capabilities (CvmHostFacts *facts,
                                  const char   *capabilities)
{
  xmlDoc *doc = xmlReadMemory (capabilities, (int)strlen (capabilities), "capabilities.xml", NULL,
                               XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
  xmlXPathContext *context;
  g_auto(GStrv) arch = NULL;
  g_auto(GStrv) types = NULL;

  if (doc == NULL)
    return FALSE;

  context = xmlXPathNewContext (doc);
  arch = find_strings (context, HOST_ARCH);
  types = find_strings (context, OWN_TYPES);
  if (types[0] == NULL)
    {
      g_strfreev (types);
      types = find_strings (context, ALL_TYPES);
    }

  facts->arch = g_strdup (arch[0] != NULL ? arch[0] : "");
  facts->hypervisors = g_steal_pointer (&types);
  xmlXPathFreeContext (context);
  xmlFreeDoc (doc);

  return TRUE;
}

gboolean
cvm_virt_facts_uri_is_local (const char *uri)
{
  g_autoptr(GUri) parsed = g_uri_parse (uri, G_URI_FLAGS_PARSE_RELAXED | G_URI_FLAGS_NON_DNS, NULL);
  const char *server = parsed != NULL ? g_uri_get_host (parsed) : NULL;
  const char *transport = parsed != NULL ? strchr (g_uri_get_scheme (parsed), '+') : NULL;

  return parsed != NULL && (server == NULL || *server == '\0')
         && (transport == NULL || g_str_equal (transport, "+unix"));
}

/* libvirt's numbers: 1 000 000 × major + 1000 × minor + release */
static char *
format_version (gulong version)
{
  return g_strdup_printf ("%lu.%lu.%lu", version / 1000000, version / 1000 % 1000, version % 1000);
}

/* As libvirt gave it: its strings are freed by free () */
static char *
take_string (char *text)
{
  char *copy = g_strdup (text != NULL ? text : "");

  free (text);

  return copy;
}

CvmHostFacts *
cvm_virt_facts_new (virConnectPtr conn)
{
  g_autoptr(CvmHostFacts) facts = cvm_host_facts_new ();
  g_autofree char *capabilities = take_string (virConnectGetCapabilities (conn));
  gulong libvirt_version = 0, hypervisor_version = 0;
  virNodeInfo node = { 0 };

  if (!cvm_virt_facts_take_capabilities (facts, capabilities))
    return NULL;

  /* What a driver cannot tell stays empty: these are for the report. */
  virConnectGetLibVersion (conn, &libvirt_version);
  virConnectGetVersion (conn, &hypervisor_version);
  virNodeGetInfo (conn, &node);

  facts->uri = take_string (virConnectGetURI (conn));
  facts->driver = g_strdup (virConnectGetType (conn));
  facts->host_name = take_string (virConnectGetHostname (conn));
  facts->libvirt_version = format_version (libvirt_version);
  facts->hypervisor_version = format_version (hypervisor_version);
  facts->is_local = cvm_virt_facts_uri_is_local (facts->uri);
  facts->cpus = node.cpus;
  facts->memory_kib = node.memory;

  return g_steal_pointer (&facts);
}
