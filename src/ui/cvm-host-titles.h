/* cvm-host-titles.h: what people call a host, for wherever one is named
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui; needs no display.
 * Threads: any. Whoever reads hosts.ini, off the main thread, tells what it read; the names are
 *          then had at once.
 * Trust:   titles and URIs may be another's: no line breaks or controls come through. */
#pragma once

#include <glib.h>

/**
 * cvm_host_titles_learn:
 * @hosts: (element-type CvmSavedHost): all of them; what was learnt before is forgotten
 */
void  cvm_host_titles_learn (GPtrArray  *hosts);

/**
 * cvm_host_titles_get:
 *
 * Returns: (transfer full): the user's title, "This computer", or the URI where nobody named it
 */
char *cvm_host_titles_get   (const char *uri);

/**
 * cvm_host_titles_place:
 * @what: an image, or a hypervisor; as it is shown
 * @uri: (nullable): of the host; NULL or "": nobody knows
 *
 * Returns: (transfer full): "demo on this computer", "demo on Lab, third rack", "demo"
 */
char *cvm_host_titles_place (const char *what,
                             const char *uri);
