/* cvm-catalogue-osinfo.c: the images that libosinfo knows
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-catalogue-private.h"

GPtrArray *
cvm_osinfo_list (GError **error)
{
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
               "this program was built without libosinfo");

  return NULL;
}
