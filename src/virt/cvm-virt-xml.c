/* cvm-virt-xml.c: XML for libvirt, built node by node and never by printf
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-virt-xml.h"

xmlNode *
cvm_virt_xml_add (xmlNode                *parent,
                  const char             *name,
                  const char             *text,
                  const CvmVirtAttribute *attributes)
{
  xmlNode *node = xmlNewTextChild (parent, NULL, CVM_VIRT_STR (name), CVM_VIRT_STR (text));

  for (; attributes != NULL && attributes->name != NULL; attributes++)
    xmlNewProp (node, CVM_VIRT_STR (attributes->name), CVM_VIRT_STR (attributes->value));

  return node;
}

xmlNode *
cvm_virt_xml_new (const char *root)
{
  xmlDoc *doc = xmlNewDoc (CVM_VIRT_STR ("1.0"));
  xmlNode *node = xmlNewNode (NULL, CVM_VIRT_STR (root));

  xmlDocSetRootElement (doc, node);

  return node;
}

char *
cvm_virt_xml_end (xmlNode *root)
{
  xmlDoc *doc = root->doc;
  xmlChar *text = NULL;
  char *copy;
  int len;

  xmlDocDumpFormatMemoryEnc (doc, &text, &len, "UTF-8", 1);
  copy = g_strndup ((const char *)text, len);
  xmlFree (text);
  xmlFreeDoc (doc);

  return copy;
}

gboolean
cvm_virt_xml_is_sayable (const char *text)
{
  if (!g_utf8_validate (text, -1, NULL))
    return FALSE;

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if ((c < ' ' && c != '\t' && c != '\n' && c != '\r') || c == 0xfffe || c == 0xffff)
        return FALSE;
    }

  return TRUE;
}
