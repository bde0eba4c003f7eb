/* cvm-pref-kinds.c: the lists of the preferences
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-pref-kinds.h"

#include <glib/gi18n.h>

#include "cvm-catalogue.h"
#include "cvm-keyring.h"
#include "cvm-tapper-browse.h"
#include "cvm-tapper-server.h"
#include "cvm-wait.h"

#define TEST_MS    10000   /* for a server to answer, each way */
#define KEYRING_MS 60000   /* one that is locked asks the user */

static GPtrArray *
items_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify)cvm_pref_item_free);
}

static const char *
value_or_null (const char *text)
{
  return text != NULL && *text != '\0' ? text : NULL;
}

/* Tapper servers --------------------------------------------------------------------------- */

static GPtrArray *
load_servers (GCancellable  *cancellable,
              GError       **error)
{
  g_autofree char *default_name = NULL;
  g_autoptr(GPtrArray) servers = cvm_tapper_servers_load (&default_name, error);
  GPtrArray *items = servers != NULL ? items_new () : NULL;

  for (guint i = 0; servers != NULL && i < servers->len; i++)
    {
      const CvmTapperServer *server = servers->pdata[i];
      g_autofree char *receiver = cvm_tapper_server_dup_receiver (server);
      g_autofree char *api = cvm_tapper_server_dup_api (server);
      CvmPrefItem *item = cvm_pref_item_new (server->name, receiver, api, server->web);

      item->is_default = g_strcmp0 (server->name, default_name) == 0;
      g_ptr_array_add (items, item);
    }

  return items;
}

/* The first one is the default without a word */
static gboolean
save_server (const CvmPrefItem  *item,
             GError            **error)
{
  g_autoptr(CvmTapperServer) server = cvm_tapper_server_new (item->values[0], item->values[1],
                                                             value_or_null (item->values[2]),
                                                             value_or_null (item->values[3]),
                                                             error);
  g_autoptr(GPtrArray) servers = server != NULL ? cvm_tapper_servers_load (NULL, error) : NULL;

  return servers != NULL && cvm_tapper_servers_save (server, servers->len == 0, error);
}

static gboolean
make_server_default (const char  *name,
                     GError     **error)
{
  g_autoptr(CvmTapperServer) server = cvm_tapper_servers_find (name, error);

  return server != NULL && cvm_tapper_servers_save (server, TRUE, error);
}

/* One way that works is enough; the receiver would make a report of the question */
static gboolean
test_server (const char    *name,
             GCancellable  *cancellable,
             GError       **error)
{
  g_autoptr(CvmTapperServer) server = cvm_tapper_servers_find (name, error);
  CvmTapperBrowse *browse;
  gboolean works = FALSE;

  if (server == NULL)
    return FALSE;

  browse = cvm_tapper_browse_new (server);
  for (guint way = CVM_TAPPER_WAY_API; way <= CVM_TAPPER_WAY_RSS && !works; way++)
    {
      g_clear_error (error);
      works = cvm_tapper_browse_test (browse, (CvmTapperWay)way, cvm_deadline_in_ms (TEST_MS),
                                      cancellable, error);
    }
  cvm_tapper_browse_free (browse);

  return works;
}

const CvmPrefKind cvm_pref_servers = {
  N_("Tapper Servers"), N_("Where reports are sent, and read."),
  N_("None yet: reports stay on this computer until there is one."), N_("_Add Server…"),
  { { N_("_Name"), "cern" }, { N_("_Receiver"), "tls://tapper.example:7357" },
    { N_("A_PI"), "tls://tapper.example:7358" }, { N_("_Web pages"), "https://tapper.example/tapper" } },
  load_servers, save_server, cvm_tapper_servers_remove, make_server_default, test_server,
};

/* Catalogues ------------------------------------------------------------------------------- */

static GPtrArray *
load_catalogues (GCancellable  *cancellable,
                 GError       **error)
{
  g_autoptr(GPtrArray) catalogues = cvm_catalogues_load (error);
  GPtrArray *items = catalogues != NULL ? items_new () : NULL;

  for (guint i = 0; catalogues != NULL && i < catalogues->len; i++)
    {
      const CvmCatalogue *catalogue = catalogues->pdata[i];

      g_ptr_array_add (items, cvm_pref_item_new (catalogue->name, catalogue->location,
                                                 catalogue->keyring, NULL));
    }

  return items;
}

static gboolean
save_catalogue (const CvmPrefItem  *item,
                GError            **error)
{
  return cvm_catalogues_set (item->values[0], item->values[1], value_or_null (item->values[2]),
                             error);
}

static gboolean
remove_catalogue (const char  *name,
                  GError     **error)
{
  return cvm_catalogues_set (name, NULL, NULL, error);
}

const CvmPrefKind cvm_pref_catalogues = {
  N_("Catalogues"), N_("Lists of images that can be fetched."),
  N_("None yet: add the URL of a release page, or of a folder with images."),
  N_("Add _Catalogue…"),
  { { N_("_Name"), "cernvm" }, { N_("_Location"), "https://images.example/releases" },
    { N_("_Keyring"), "" } },
  load_catalogues, save_catalogue, remove_catalogue, NULL, NULL,
};

/* Passwords -------------------------------------------------------------------------------- */

static GPtrArray *
load_passwords (GCancellable  *cancellable,
                GError       **error)
{
  g_auto(GStrv) names = cvm_keyring_list (cvm_deadline_in_ms (KEYRING_MS), cancellable, error);
  GPtrArray *items = names != NULL ? items_new () : NULL;

  for (gsize i = 0; names != NULL && names[i] != NULL; i++)
    g_ptr_array_add (items, cvm_pref_item_new (names[i], NULL, NULL, NULL));

  return items;
}

static gboolean
forget_password (const char  *name,
                 GError     **error)
{
  return cvm_keyring_forget (name, cvm_deadline_in_ms (KEYRING_MS), NULL, error);
}

const CvmPrefKind cvm_pref_passwords = {
  N_("Remembered Passwords"), N_("In your keyring; only their names are read here."),
  N_("None."), NULL, { { NULL } },
  load_passwords, NULL, forget_password, NULL, NULL,
};
