/* cvm-virt-xml-check.h: is this what libvirt takes for a domain, or a network?
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   virt.
 * Threads: no state; blocks for the reading of a schema.
 * Trust:   any text: nothing outside of it is read but libvirt's own schemas. */
#pragma once

#include "cvm-host.h"

/**
 * cvm_virt_xml_check:
 *
 * WELL_FORMED: XML, and valid by libvirt's schema where that is installed. COMPLETE: also with
 * all that a guest or a network cannot do without, and the files it names are there.
 */
gboolean cvm_virt_xml_check (const char   *kind,
                             const char   *xml,
                             CvmXmlLevel   level,
                             GError      **error);
