/* cvm-announce.c: says a result to who does not see it
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-announce.h"

#define SIGNAL "announcement"   /* of ATK since 2.46 */

void
cvm_announce (GtkWidget  *from,
              const char *text)
{
  if (text != NULL && *text != '\0' && g_signal_lookup (SIGNAL, ATK_TYPE_OBJECT) != 0)
    g_signal_emit_by_name (gtk_widget_get_accessible (from), SIGNAL, text);
}
