/* cvm-seed.c: what a guest is told at its first boot, on a CD
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-seed.h"

#include <string.h>

#include "cvm-iso.h"
#include "cvm-json.h"
#include "cvm-text.h"

#define MAX_USER_DATA (16 * 1024)   /* CernVM takes no more */

static gboolean
refuse (const char  *what,
        const char  *value,
        const char  *allowed,
        GError     **error)
{
  g_autofree char *shown = cvm_text_quote (value);

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "%s is no %s: %s", shown, what,
               allowed);

  return FALSE;
}

/* Keys ----------------------------------------------------------------------------------------- */

static gboolean
check_key (const char  *line,
           GError     **error)
{
  if (strstr (line, "PRIVATE KEY") != NULL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                   "that is a private key, which no guest gets: give the public one (.pub)");
      return FALSE;
    }

  return g_regex_match_simple ("^(\\S+ +)?(ssh|ecdsa|sk-ssh|sk-ecdsa)-[a-z0-9@.-]+ "
                               "+[A-Za-z0-9+/=]+( .*)?$",
                               line, 0, 0)
         || refuse ("public key", line, "a line as ssh-keygen writes it to a .pub file is one",
                    error);
}

/* NULL with an error when one is none, or there is none at all */
static JsonArray *
read_keys (const char  *text,
           GError     **error)
{
  g_auto(GStrv) lines = g_strsplit (text, "\n", -1);
  g_autoptr(JsonArray) keys = json_array_new ();

  for (char **line = lines; *line != NULL; line++)
    {
      g_strstrip (*line);
      if (**line == '\0' || **line == '#')
        continue;

      if (!check_key (*line, error))
        return NULL;

      json_array_add_string_element (keys, *line);
    }

  if (json_array_get_length (keys) > 0)
    return g_steal_pointer (&keys);

  refuse ("public key", text, "there is nothing in it", error);

  return NULL;
}

/* NoCloud: https://cloudinit.readthedocs.io. JSON is YAML too, and quotes whatever it is
 * given. ------------------------------------------------------------------------------------ */

static char *
to_text (JsonObject *object,
         const char *head)
{
  g_autoptr(JsonNode) node = json_node_init_object (json_node_alloc (), object);
  g_autofree char *json = cvm_json_to_pretty (node);

  return g_strconcat (head, json, "\n", NULL);
}

static char *
make_user_data (const CvmSeed *seed,
                JsonArray     *keys)
{
  gboolean is_root = g_str_equal (seed->user, "root");
  g_autoptr(JsonObject) config = json_object_new ();
  JsonArray *users = json_array_new ();
  JsonObject *user = json_object_new ();

  json_object_set_string_member (user, "name", seed->user);
  json_object_set_boolean_member (user, "lock_passwd", TRUE);
  json_object_set_array_member (user, "ssh_authorized_keys", json_array_ref (keys));
  if (!is_root)
    {
      json_object_set_string_member (user, "shell", "/bin/bash");
      json_object_set_string_member (user, "sudo", "ALL=(ALL) NOPASSWD:ALL");
    }

  json_array_add_object_element (users, user);
  json_object_set_array_member (config, "users", users);
  json_object_set_boolean_member (config, "disable_root", !is_root);
  json_object_set_boolean_member (config, "ssh_pwauth", FALSE);

  return to_text (config, "#cloud-config\n");
}

static char *
make_meta_data (const CvmSeed *seed,
                const char    *user_data)
{
  g_autoptr(JsonObject) meta = json_object_new ();
  g_autofree char *all = g_strconcat (seed->host_name, "\n", user_data, NULL);
  g_autofree char *sum = g_compute_checksum_for_string (G_CHECKSUM_SHA256, all, -1);
  g_autofree char *id = g_strdup_printf ("cvmtester-%.16s", sum);

  json_object_set_string_member (meta, "instance-id", id);
  json_object_set_string_member (meta, "local-hostname", seed->host_name);

  return to_text (meta, "");
}

static char *
make_network (void)
{
  g_autoptr(JsonObject) config = json_object_new ();
  JsonObject *cables = json_object_new ();
  JsonObject *all = json_object_new ();
  JsonObject *match = json_object_new ();

  json_object_set_string_member (match, "name", "e*");
  json_object_set_object_member (all, "match", match);
  json_object_set_boolean_member (all, "dhcp4", TRUE);
  json_object_set_object_member (cables, "all", all);
  json_object_set_int_member (config, "version", 2);
  json_object_set_object_member (config, "ethernets", cables);

  return to_text (config, "");
}

static gboolean
check_names (const CvmSeed  *seed,
             GError        **error)
{
  if (!g_regex_match_simple ("^[a-z_][a-z0-9_-]{0,31}$", seed->user, G_REGEX_DOLLAR_ENDONLY, 0))
    return refuse ("user's name", seed->user,
                   "small letters, digits, - and _, at most 32, make one", error);

  return g_regex_match_simple ("^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$", seed->host_name,
                               G_REGEX_DOLLAR_ENDONLY, 0)
         || refuse ("host name", seed->host_name, "letters, digits and -, at most 63, make one",
                    error);
}

gboolean
cvm_seed_write (const CvmSeed  *seed,
                const char     *path,
                GError        **error)
{
  g_autoptr(JsonArray) keys = NULL;
  g_autofree char *user_data = NULL;
  g_autofree char *meta_data = NULL;
  g_autofree char *network = NULL;

  if (!check_names (seed, error))
    return FALSE;

  keys = read_keys (seed->keys, error);
  if (keys == NULL)
    return FALSE;

  user_data = make_user_data (seed, keys);
  meta_data = make_meta_data (seed, user_data);
  network = make_network ();

  return cvm_iso_write (path, "cidata",
                        (const CvmIsoFile[]) { { "meta-data", meta_data, strlen (meta_data) },
                                               { "network-config", network, strlen (network) },
                                               { "user-data", user_data, strlen (user_data) },
                                               { NULL } },
                        0644, error);
}

/* CernVM: context.sh is read by a shell; base64 has nothing that one would act on. ------------- */

gboolean
cvm_seed_write_context (const char  *user_data,
                        gsize        len,
                        const char  *path,
                        GError     **error)
{
  g_autofree char *packed = NULL;
  g_autofree char *script = NULL;

  if (len == 0 || len > MAX_USER_DATA)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                   "the user-data has %" G_GSIZE_FORMAT " bytes: CernVM takes 1 to "
                   "%d", len, MAX_USER_DATA);
      return FALSE;
    }

  packed = g_base64_encode ((const guchar *)user_data, len);
  script = g_strdup_printf ("EC2_USER_DATA=\"%s\"\nONE_CONTEXT_PATH=\"/var/lib/amiconfig\"\n",
                            packed);

  return cvm_iso_write (path, "CONTEXT_INFO",
                        (const CvmIsoFile[]) { { "context.sh", script, strlen (script) },
                                               { "prolog.sh", "", 0 },
                                               { NULL } },
                        0600, error);
}
