/* fuzz-hosts.c: any text as a host's URI, as its title, and as a size in the settings
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-hosts.h"
#include "cvm-id.h"
#include "cvm-settings.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput (const uint8_t *data,
                            size_t         size);

/* What is taken can stand in a file, on a line and in a message, and has no password */
static void
check_uri (const char *uri)
{
  g_autoptr(GError) error = NULL;
  const char *authority = strstr (uri, "://");

  if (!cvm_hosts_check_uri (uri, &error))
    {
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      g_assert_cmpuint (strlen (error->message), <, 600);
      return;
    }

  g_assert_no_error (error);
  g_assert_nonnull (strchr (uri, ':'));
  for (const char *at = uri; *at != '\0'; at++)
    g_assert_true (g_ascii_isgraph (*at));

  if (authority != NULL && authority == uri + strcspn (uri, ":"))
    {
      g_autofree char *place = g_strndup (authority + 3, strcspn (authority + 3, "/?#"));
      char *user_end = strchr (place, '@');

      if (user_end != NULL)
        *user_end = '\0';
      g_assert_true (user_end == NULL || strchr (place, ':') == NULL);
    }
}

static void
check_size (const char *text)
{
  guint64 bytes = 0;

  if (cvm_settings_parse_size (text, &bytes))
    g_assert_true (g_ascii_isdigit (*text) && strlen (text) <= 13);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autofree char *text = g_strndup (size > 0 ? (const char *)data : "", size);
  g_autofree char *id = cvm_hosts_make_id (text);

  g_assert_true (cvm_id_is_valid (id));
  check_uri (text);
  check_size (text);

  return 0;
}
