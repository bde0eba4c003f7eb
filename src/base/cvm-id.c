/* cvm-id.c: names and UUIDs that this program makes
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-id.h"

#include <string.h>

#define MAX_ID_LEN 64

/* The namespace of this program's UUIDs; drawn at random once, and never to be changed: sweep
 * knows by it what an older version has made. */
static const guint8 namespace_uuid[16] = {
  0xab, 0x3c, 0xc5, 0x98, 0x9e, 0xb0, 0x4b, 0x05, 0xab, 0xad, 0x4d, 0x63, 0x59, 0xbf, 0x0c, 0x19,
};

gboolean
cvm_id_is_valid (const char *id)
{
  gsize len = id != NULL ? strnlen (id, MAX_ID_LEN + 1) : 0;

  return len > 0 && len <= MAX_ID_LEN && id[0] != '-' &&
         strspn (id, "abcdefghijklmnopqrstuvwxyz0123456789-") == len;
}

static char *
format_uuid (const guint8 *b)
{
  return g_strdup_printf ("%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x",
                          b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7],
                          b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]);
}

char *
cvm_id_uuid_for (const char *run_id,
                 const char *object_name)
{
  g_autoptr(GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA1);
  guint8 digest[20];
  gsize len = sizeof digest;

  g_checksum_update (sum, namespace_uuid, sizeof namespace_uuid);
  g_checksum_update (sum, (const guchar *)run_id, -1);
  g_checksum_update (sum, (const guchar *)"/", 1);
  g_checksum_update (sum, (const guchar *)object_name, -1);
  g_checksum_get_digest (sum, digest, &len);

  digest[6] = (digest[6] & 0x0f) | 0x50;   /* version 5 */
  digest[8] = (digest[8] & 0x3f) | 0x80;   /* the variant of RFC 4122 */

  return format_uuid (digest);
}

char *
cvm_id_new_run (void)
{
  g_autoptr(GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *time = g_date_time_format (now, "%Y-%m-%dT%H%M%SZ");

  return g_strdup_printf ("%s-%04x", time, g_random_int () & 0xffff);
}

static char *
hash_machine (void)
{
  g_autofree char *id = NULL;
  g_autofree char *hash = NULL;

  if (g_file_get_contents ("/etc/machine-id", &id, NULL, NULL))
    g_strstrip (id);

  if (id == NULL || id[0] == '\0')
    {
      g_free (id);
      id = g_strdup (g_get_host_name ());
    }

  hash = g_compute_hmac_for_string (G_CHECKSUM_SHA256, (const guchar *)id, strlen (id),
                                    "cvmtester", -1);

  return g_strndup (hash, 32);
}

const char *
cvm_id_machine (void)
{
  static char *machine;

  if (g_once_init_enter (&machine))
    g_once_init_leave (&machine, hash_machine ());

  return machine;
}
