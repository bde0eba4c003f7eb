/* cvm-tapper-servers.c: the Tapper servers that servers.ini remembers
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-tapper-server.h"

#include <gio/gio.h>

#include "cvm-config.h"
#include "cvm-paths.h"
#include "cvm-text.h"

#define FILE_NAME "servers.ini"
#define KIND      "Server"

static const char *const keys[] = { "Receiver", "Api", "Web", NULL };

/**
 * cvm_tapper_servers_path:
 *
 * Returns: $XDG_CONFIG_HOME/cvmtester/servers.ini, whether it is there or not
 */
char *
cvm_tapper_servers_path (void)
{
  return cvm_paths_config (FILE_NAME);
}

static const char *
value_of (CvmKeyfile *file,
          const char *id,
          const char *key)
{
  const CvmKeyfileEntry *entry = cvm_keyfile_find (file, KIND, id, key);

  return entry != NULL ? entry->value : NULL;
}

static gboolean
check_keys (CvmKeyfile         *file,
            guint               index,
            const char *const  *known,
            GError            **error)
{
  for (guint i = 0; i < cvm_keyfile_n_entries (file, index); i++)
    {
      const CvmKeyfileEntry *entry = cvm_keyfile_entry (file, index, i);
      g_autofree char *list = g_strjoinv (", ", (char **)known);

      if (g_strv_contains (known, entry->key))
        continue;

      cvm_keyfile_error_at (file, entry->line, error, "'%s' is not known here; there may be %s",
                            entry->key, list);
      return FALSE;
    }

  return TRUE;
}

static CvmTapperServer *
read_server (CvmKeyfile             *file,
             guint                   index,
             GError                **error)
{
  const CvmKeyfileGroup *group = cvm_keyfile_group (file, index);
  const char *receiver = value_of (file, group->id, "Receiver");
  g_autoptr(GError) local = NULL;
  CvmTapperServer *server;

  if (!check_keys (file, index, keys, error))
    return NULL;

  if (receiver == NULL)
    {
      cvm_keyfile_error_at (file, group->line, error, "a server needs Receiver=HOST:PORT");
      return NULL;
    }

  server = cvm_tapper_server_new (group->id, receiver, value_of (file, group->id, "Api"),
                                  value_of (file, group->id, "Web"), &local);
  if (server == NULL)
    cvm_keyfile_error_at (file, group->line, error, "%s", local->message);

  return server;
}

static gboolean
read_group (CvmKeyfile  *file,
            guint        index,
            GPtrArray   *servers,
            GError     **error)
{
  static const char *const general[] = { "Default", NULL };
  const CvmKeyfileGroup *group = cvm_keyfile_group (file, index);
  CvmTapperServer *server;

  if (g_str_equal (group->kind, "Servers") && *group->id == '\0')
    return check_keys (file, index, general, error);

  if (!g_str_equal (group->kind, KIND))
    {
      cvm_keyfile_error_at (file, group->line, error,
                            "the group '%s' is not known here; there may be [Servers] and "
                            "[Server NAME]", group->kind);
      return FALSE;
    }

  server = read_server (file, index, error);
  if (server != NULL)
    g_ptr_array_add (servers, server);

  return server != NULL;
}

static GPtrArray *
read_servers (CvmKeyfile  *file,
              GError     **error)
{
  g_autoptr(GPtrArray) servers =
    g_ptr_array_new_with_free_func ((GDestroyNotify)cvm_tapper_server_free);

  for (guint i = 0; i < cvm_keyfile_n_groups (file); i++)
    {
      if (!read_group (file, i, servers, error))
        return NULL;
    }

  return g_steal_pointer (&servers);
}

static CvmTapperServer *
find_in (GPtrArray  *servers,
         const char *name)
{
  for (guint i = 0; i < servers->len; i++)
    {
      CvmTapperServer *server = servers->pdata[i];

      if (g_strcmp0 (server->name, name) == 0)
        return server;
    }

  return NULL;
}

/* A lone server needs no word to be the default. */
static const char *
default_of (CvmKeyfile *file,
            GPtrArray  *servers)
{
  const CvmKeyfileEntry *entry = cvm_keyfile_find (file, "Servers", "", "Default");

  if (entry != NULL && find_in (servers, entry->value) != NULL)
    return entry->value;

  return servers->len == 1 ? ((CvmTapperServer *)servers->pdata[0])->name : NULL;
}

/**
 * cvm_tapper_servers_load:
 * @default_name: (out) (optional) (nullable): the server to use when none is named
 *
 * Returns: (element-type CvmTapperServer): in the file's order; empty where there is no file.
 *   %NULL with CVM_KEYFILE_ERROR, "FILE:LINE: …", when a line of it is wrong
 */
GPtrArray *
cvm_tapper_servers_load (char   **default_name,
                         GError **error)
{
  g_autoptr(CvmKeyfile) file = cvm_config_load (FILE_NAME, error);
  GPtrArray *servers = file != NULL ? read_servers (file, error) : NULL;

  if (servers != NULL && default_name != NULL)
    *default_name = g_strdup (default_of (file, servers));

  return servers;
}

static void
tell_unknown (const char  *name,
              GPtrArray   *servers,
              GError     **error)
{
  g_autofree char *shown = name != NULL ? cvm_text_quote (name) : NULL;

  if (shown != NULL)
    g_set_error (error, CVM_TAPPER_SERVER_ERROR, CVM_TAPPER_SERVER_ERROR_UNKNOWN,
                 "there is no server %s; 'report server list' shows those there are", shown);
  else
    g_set_error_literal (error, CVM_TAPPER_SERVER_ERROR, CVM_TAPPER_SERVER_ERROR_UNKNOWN,
                         servers->len == 0
                         ? "no Tapper server is known yet; add one by 'report server add'"
                         : "there are several servers and none is the default; name one");
}

/**
 * cvm_tapper_servers_find:
 * @name: (nullable): %NULL for the default
 *
 * Fails with %CVM_TAPPER_SERVER_ERROR_UNKNOWN, or as cvm_tapper_servers_load() does.
 */
CvmTapperServer *
cvm_tapper_servers_find (const char  *name,
                         GError     **error)
{
  g_autofree char *default_name = NULL;
  g_autoptr(GPtrArray) servers = cvm_tapper_servers_load (&default_name, error);
  const char *wanted = name != NULL ? name : default_name;
  CvmTapperServer *server;

  if (servers == NULL)
    return NULL;

  server = wanted != NULL ? find_in (servers, wanted) : NULL;
  if (server == NULL)
    {
      tell_unknown (name, servers, error);
      return NULL;
    }

  return cvm_tapper_server_copy (server);
}

typedef struct
{
  const CvmTapperServer *server;
  const char            *name;
  gboolean               is_default;
} Change;

static gboolean
put (CvmKeyfile  *file,
     gpointer     data,
     GError     **error)
{
  const Change *change = data;
  const CvmTapperServer *server = change->server;
  g_autoptr(GPtrArray) servers = read_servers (file, error);
  g_autofree char *receiver = cvm_tapper_server_dup_receiver (server);
  g_autofree char *api = cvm_tapper_server_dup_api (server);

  if (servers == NULL)
    return FALSE;

  cvm_keyfile_set (file, KIND, server->name, "Receiver", receiver);
  cvm_keyfile_set (file, KIND, server->name, "Api", api);
  cvm_keyfile_set (file, KIND, server->name, "Web", server->web);
  if (change->is_default)
    cvm_keyfile_set (file, "Servers", "", "Default", server->name);

  return TRUE;
}

/**
 * cvm_tapper_servers_save:
 * @server: with a name; one of that name is replaced
 * @is_default: to make it the one that is used when none is named
 *
 * All other lines of the file stay as they are. A file with a wrong line is not written.
 */
gboolean
cvm_tapper_servers_save (const CvmTapperServer  *server,
                         gboolean                is_default,
                         GError                **error)
{
  Change change = { .server = server, .is_default = is_default };

  return cvm_config_edit (FILE_NAME, put, &change, error);
}

static gboolean
drop (CvmKeyfile  *file,
      gpointer     data,
      GError     **error)
{
  const Change *change = data;
  g_autoptr(GPtrArray) servers = read_servers (file, error);
  const CvmKeyfileEntry *entry;

  if (servers == NULL)
    return FALSE;

  if (find_in (servers, change->name) == NULL)
    {
      tell_unknown (change->name, servers, error);
      return FALSE;
    }

  entry = cvm_keyfile_find (file, "Servers", "", "Default");
  if (entry != NULL && g_str_equal (entry->value, change->name))
    cvm_keyfile_set (file, "Servers", "", "Default", NULL);
  cvm_keyfile_remove_group (file, KIND, change->name);

  return TRUE;
}

/**
 * cvm_tapper_servers_remove:
 *
 * Forgets the server @name; nothing happens to the server itself. Fails with
 * %CVM_TAPPER_SERVER_ERROR_UNKNOWN.
 */
gboolean
cvm_tapper_servers_remove (const char  *name,
                           GError     **error)
{
  Change change = { .name = name };

  return cvm_config_edit (FILE_NAME, drop, &change, error);
}
