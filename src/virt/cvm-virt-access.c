/* cvm-virt-access.c: what keeps QEMU from a file
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-virt-access.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

static gboolean
is_blocking (const char *path)
{
  GStatBuf info;

  if (g_stat (path, &info) < 0)
    return FALSE;

  return (info.st_mode & (S_ISDIR (info.st_mode) ? S_IXOTH : S_IROTH)) == 0;
}

char *
cvm_virt_access_find_block (const char *path)
{
  const char *end = path;

  while ((end = strchr (end + 1, '/')) != NULL)
    {
      g_autofree char *folder = g_strndup (path, end - path);

      if (is_blocking (folder))
        return g_steal_pointer (&folder);
    }

  return is_blocking (path) ? g_strdup (path) : NULL;
}

char *
cvm_virt_access_advice (const char *message)
{
  g_autoptr(GRegex) quoted = g_regex_new ("'(/[^']+)'.*Permission denied",
                                          G_REGEX_DOTALL | G_REGEX_RAW, 0, NULL);
  g_autoptr(GMatchInfo) match = NULL;
  g_autofree char *path = NULL;
  g_autofree char *block = NULL;

  if (!g_regex_match (quoted, message, 0, &match))
    return g_strdup ("");

  path = g_match_info_fetch (match, 1);
  block = cvm_virt_access_find_block (path);
  if (block == NULL)
    return g_strdup ("");

  return g_strdup_printf (". Not every user may enter or read %s: let QEMU's user in (chmod o+rx), "
                          "move the image to a folder that is open, or use qemu:///session", block);
}
