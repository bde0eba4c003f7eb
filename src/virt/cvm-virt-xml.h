/* cvm-virt-xml.h: XML for libvirt, built node by node and never by printf
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   virt. Pure.
 * Threads: no state.
 * Trust:   any text; what XML cannot say is told before. */
#pragma once

#include <glib.h>
#include <libxml/tree.h>

#define CVM_VIRT_STR(text) ((const xmlChar *)(text))

typedef struct
{
  const char *name;
  const char *value;
} CvmVirtAttribute;

/**
 * cvm_virt_xml_add:
 * @text: (nullable): its content
 * @attributes: (nullable): the last is { NULL }
 *
 * Adds <NAME …>TEXT</NAME> to PARENT, whose it is.
 */
xmlNode  *cvm_virt_xml_add         (xmlNode                *parent,
                                    const char             *name,
                                    const char             *text,
                                    const CvmVirtAttribute *attributes);

#define CVM_VIRT_ADD(parent, name, text, ...) \
  cvm_virt_xml_add (parent, name, text, (const CvmVirtAttribute[]){ __VA_ARGS__ { NULL, NULL } })

/**
 * cvm_virt_xml_new:
 *
 * The root of a document of its own; cvm_virt_xml_end () takes it
 */
xmlNode  *cvm_virt_xml_new         (const char             *root);

char     *cvm_virt_xml_end         (xmlNode                *root);

/**
 * cvm_virt_xml_is_sayable:
 *
 * UTF-8 without the control characters that XML 1.0 has no way to write
 */
gboolean  cvm_virt_xml_is_sayable  (const char             *text);
