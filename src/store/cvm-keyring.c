/* cvm-keyring.c: passwords that the user's keyring has
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-keyring.h"

#include <libsecret/secret.h>

#include "cvm-alarm.h"

#define APPLICATION "cvmtester"

static const SecretSchema schema = {
  "org.cvmtester.Password", SECRET_SCHEMA_DONT_MATCH_NAME,
  {
    { "application", SECRET_SCHEMA_ATTRIBUTE_STRING },
    { "name", SECRET_SCHEMA_ATTRIBUTE_STRING },
    { "user", SECRET_SCHEMA_ATTRIBUTE_STRING },
    { NULL }
  }
};

static int
compare_names (gconstpointer a,
               gconstpointer b)
{
  return g_strcmp0 (*(const char *const *)a, *(const char *const *)b);
}

static void
ring (gpointer cancellable)
{
  g_cancellable_cancel (cancellable);
}

/* What libsecret said, in words that help; FALSE */
static gboolean
tell (const GError  *failed,
      gint64         deadline_us,
      GCancellable  *cancellable,
      GError       **error)
{
  if (!cvm_deadline_check (deadline_us, cancellable, error))
    g_prefix_error (error, "the keyring did not answer: ");
  else
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED,
                 "no keyring answers in this session (%s); name a file of mode 0600 instead",
                 failed->message);

  return FALSE;
}

char *
cvm_keyring_lookup (const char    *name,
                    gint64         deadline_us,
                    GCancellable  *cancellable,
                    GError       **error)
{
  g_autoptr(GCancellable) stop = g_cancellable_new ();
  g_autoptr(CvmAlarm) alarm = cvm_alarm_new (ring, stop, deadline_us, cancellable);
  g_autoptr(GError) local = NULL;
  char *found, *password;

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;      /* the alarm may ring later than the keyring answers */

  found = secret_password_lookup_sync (&schema, stop, &local, "application", APPLICATION, "name",
                                       name, NULL);
  password = g_strdup (found);
  secret_password_free (found);   /* libsecret's own memory, which it wipes */
  if (password != NULL)
    return password;

  if (local == NULL)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                 "the keyring has no password “%s”; put it there: secret-tool store --label=%s "
                 "application cvmtester name %s", name, name, name);
  else
    tell (local, deadline_us, cancellable, error);

  return NULL;
}

/* A name of ours, and the user it is for; either may be NULL */
typedef struct
{
  char *name, *user;
} Entry;

static void
entry_free (gpointer data)
{
  Entry *self = data;

  g_free (self->name);
  g_free (self->user);
  g_free (self);
}

static void
on_answered (GObject      *source,
             GAsyncResult *result,
             gpointer      data)
{
  *(GAsyncResult **)data = g_object_ref (result);
}

static void
wait_for_answer (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (g_main_context_get_thread_default (), TRUE);
}

/* What is done with all that was found, a list of SecretRetrievable */
typedef void (*Use) (GList         *found,
                     GCancellable  *stop,
                     gpointer       data,
                     GError       **error);

static void
take_entries (GList         *found,
              GCancellable  *stop,
              gpointer       entries,
              GError       **error)
{
  for (GList *at = found; at != NULL; at = at->next)
    {
      g_autoptr(GHashTable) attributes = secret_retrievable_get_attributes (at->data);
      Entry *entry = g_new0 (Entry, 1);

      entry->name = g_strdup (g_hash_table_lookup (attributes, "name"));
      entry->user = g_strdup (g_hash_table_lookup (attributes, "user"));
      g_ptr_array_add (entries, entry);
    }
}

/* secret_password_search_sync () would drop its main context with what the proxies of the entries
 * have still to do there, and so lose memory: hence one of our own, emptied at the end */
static gboolean
search (const char    *name,
        Use            use,
        gpointer       data,
        gint64         deadline_us,
        GCancellable  *cancellable,
        GError       **error)
{
  g_autoptr(GMainContext) context = g_main_context_new ();
  g_autoptr(GCancellable) stop = g_cancellable_new ();
  g_autoptr(CvmAlarm) alarm = cvm_alarm_new (ring, stop, deadline_us, cancellable);
  g_autoptr(GError) local = NULL;
  g_autoptr(GAsyncResult) result = NULL;
  GList *found;

  g_main_context_push_thread_default (context);
  secret_password_search (&schema, SECRET_SEARCH_ALL, stop, on_answered, &result, "application",
                          APPLICATION, name != NULL ? "name" : NULL, name, NULL);
  wait_for_answer (&result);
  found = secret_password_search_finish (result, &local);
  if (local == NULL)
    use (found, stop, data, &local);
  g_list_free_full (found, g_object_unref);
  while (g_main_context_iteration (context, FALSE))
    continue;
  g_main_context_pop_thread_default (context);

  return local == NULL || tell (local, deadline_us, cancellable, error);
}

char *
cvm_keyring_lookup_login (const char    *name,
                          char         **user,
                          gint64         deadline_us,
                          GCancellable  *cancellable,
                          GError       **error)
{
  char *password = cvm_keyring_lookup (name, deadline_us, cancellable, error);
  g_autoptr(GPtrArray) entries = g_ptr_array_new_with_free_func (entry_free);

  *user = NULL;
  if (password != NULL)
    search (name, take_entries, entries, deadline_us, cancellable, NULL);
  if (entries->len > 0)
    *user = g_steal_pointer (&((Entry *)entries->pdata[0])->user);

  return password;
}

/* Whether it is what cvm_keyring_store () makes for that user. Keyrings tell what libsecret adds to
 * the attributes, the schema's name, or do not. */
static gboolean
is_stored_for (SecretRetrievable *item,
               const char        *user)
{
  g_autoptr(GHashTable) attributes = secret_retrievable_get_attributes (item);
  const char *made_by = g_hash_table_lookup (attributes, "xdg:schema");

  return g_strcmp0 (g_hash_table_lookup (attributes, "user"), user) == 0 &&
         (made_by == NULL || g_str_equal (made_by, schema.name));
}

static gboolean
delete_item (SecretItem    *item,
             GCancellable  *stop,
             GError       **error)
{
  g_autoptr(GAsyncResult) result = NULL;

  secret_item_delete (item, stop, on_answered, &result);
  wait_for_answer (&result);

  return secret_item_delete_finish (item, result, error);
}

/* Those of the name but the one for USER. Where that is missing, a question of the keyring's was
 * dismissed: libsecret does not always take this for an error. */
static void
drop_others (GList         *found,
             GCancellable  *stop,
             gpointer       user,
             GError       **error)
{
  GList *stored = found;

  while (stored != NULL && !is_stored_for (stored->data, user))
    stored = stored->next;
  if (stored == NULL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "it did not take the password");
      return;
    }

  for (GList *at = found; at != NULL; at = at->next)
    if (!is_stored_for (at->data, user) && SECRET_IS_ITEM (at->data) &&
        !secret_item_get_locked (at->data) && !delete_item (at->data, stop, error))
      return;
}

gboolean
cvm_keyring_store (const char    *name,
                   const char    *user,
                   const char    *password,
                   gint64         deadline_us,
                   GCancellable  *cancellable,
                   GError       **error)
{
  g_autoptr(GCancellable) stop = g_cancellable_new ();
  g_autoptr(CvmAlarm) alarm = cvm_alarm_new (ring, stop, deadline_us, cancellable);
  g_autoptr(GError) local = NULL;
  g_autofree char *label = g_strdup_printf ("cvmtester: %s", name);

  if (!secret_password_store_sync (&schema, SECRET_COLLECTION_DEFAULT, label, password, stop,
                                   &local, "application", APPLICATION, "name", name,
                                   user != NULL ? "user" : NULL, user, NULL))
    return tell (local, deadline_us, cancellable, error);

  /* Another user's would lie beside it. Only now: had the store failed, nothing would be left. */
  return search (name, drop_others, (gpointer)user, deadline_us, cancellable, error);
}

char **
cvm_keyring_list (gint64         deadline_us,
                  GCancellable  *cancellable,
                  GError       **error)
{
  g_autoptr(GPtrArray) entries = g_ptr_array_new_with_free_func (entry_free);
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func (g_free);

  if (!search (NULL, take_entries, entries, deadline_us, cancellable, error))
    return NULL;

  for (guint i = 0; i < entries->len; i++)
    {
      Entry *entry = entries->pdata[i];

      if (entry->name != NULL)
        g_ptr_array_add (names, g_steal_pointer (&entry->name));
    }
  g_ptr_array_sort (names, compare_names);
  g_ptr_array_add (names, NULL);

  return (char **)g_ptr_array_steal (names, NULL);
}

gboolean
cvm_keyring_forget (const char    *name,
                    gint64         deadline_us,
                    GCancellable  *cancellable,
                    GError       **error)
{
  g_autoptr(GCancellable) stop = g_cancellable_new ();
  g_autoptr(CvmAlarm) alarm = cvm_alarm_new (ring, stop, deadline_us, cancellable);
  g_autoptr(GError) local = NULL;

  secret_password_clear_sync (&schema, stop, &local, "application", APPLICATION, "name", name,
                              NULL);

  return local == NULL || tell (local, deadline_us, cancellable, error);
}
