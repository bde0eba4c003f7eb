/* cvm-host-titles.c: what people call a host, for wherever one is named
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-host-titles.h"

#include <glib/gi18n.h>

#include "cvm-format.h"
#include "cvm-hosts.h"

#define SESSION "qemu:///session"
#define SYSTEM  "qemu:///system"

static GMutex titles_lock;
static GHashTable *titles;   /* URI → title: the user's own */

static char *
dup_title (const char *uri)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&titles_lock);

  return titles != NULL ? g_strdup (g_hash_table_lookup (titles, uri)) : NULL;
}

void
cvm_host_titles_learn (GPtrArray *hosts)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&titles_lock);

  g_clear_pointer (&titles, g_hash_table_unref);
  titles = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  for (guint i = 0; i < hosts->len; i++)
    {
      const CvmSavedHost *host = hosts->pdata[i];

      if (host->title != NULL && *host->title != '\0')
        g_hash_table_insert (titles, g_strdup (host->uri), cvm_format_line (host->title));
    }
}

char *
cvm_host_titles_get (const char *uri)
{
  g_autofree char *title = dup_title (uri);

  if (title != NULL)
    return g_steal_pointer (&title);

  /* what people call the connections that need no line in hosts.ini */
  if (g_str_equal (uri, SESSION))
    return g_strdup (_("This computer"));
  if (g_str_equal (uri, SYSTEM))
    return g_strdup (_("This computer, system"));

  return g_str_has_prefix (uri, "test:") ? g_strdup (_("Test driver")) : cvm_format_line (uri);
}

char *
cvm_host_titles_place (const char *what,
                       const char *uri)
{
  g_autofree char *shown = cvm_format_line (what);
  g_autofree char *title = NULL;

  if (uri == NULL || *uri == '\0')
    return g_steal_pointer (&shown);

  title = dup_title (uri);
  if (title == NULL && g_str_equal (uri, SESSION))
    /* Translators: an image or a hypervisor: "demo on this computer" */
    return g_strdup_printf (_("%s on this computer"), shown);
  if (title == NULL && g_str_equal (uri, SYSTEM))
    /* Translators: an image or a hypervisor, under the connection of the whole computer */
    return g_strdup_printf (_("%s on this computer, system"), shown);
  if (title == NULL && g_str_has_prefix (uri, "test:"))
    return g_strdup_printf (_("%s on libvirt’s test driver"), shown);

  g_free (title);
  title = cvm_host_titles_get (uri);

  return g_strdup_printf (_("%s on %s"), shown, title);
}
