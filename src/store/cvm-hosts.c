/* cvm-hosts.c: the hosts that the user wrote down, and those that are found
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-hosts.h"

#include <string.h>

#include "cvm-config.h"
#include "cvm-id.h"
#include "cvm-text.h"

#define FILE_NAME "hosts.ini"
#define KIND      "Host"
#define ID_MAX    60      /* leaves room for a number behind it */
#define URI_MAX   1024    /* bytes */

G_DEFINE_QUARK (cvm-hosts-error-quark, cvm_hosts_error)

static const char *const keys[] = { "Title", "URI", "Hidden", NULL };

void
cvm_saved_host_free (CvmSavedHost *self)
{
  g_free (self->id);
  g_free (self->title);
  g_free (self->uri);
  g_free (self);
}

/* Ids and URIs ---------------------------------------------------------------------------- */

char *
cvm_hosts_make_id (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  g_autofree char *plain = g_str_to_ascii (valid, "C");
  GString *id = g_string_new (NULL);

  for (const char *at = plain; *at != '\0' && id->len < ID_MAX; at++)
    {
      if (g_ascii_isalnum (*at))
        g_string_append_c (id, g_ascii_tolower (*at));
      else if (id->len > 0 && id->str[id->len - 1] != '-')
        g_string_append_c (id, '-');
    }

  while (id->len > 0 && id->str[id->len - 1] == '-')
    g_string_truncate (id, id->len - 1);
  if (id->len == 0)
    g_string_append (id, "host");

  return g_string_free (id, FALSE);
}

/* The machine if it names one, else all of it */
static char *
make_id_of_uri (const char *uri)
{
  const char *at = strstr (uri, "://");
  const char *from, *end, *user;
  g_autofree char *name = NULL;

  if (at == NULL || at[3] == '/' || at[3] == '\0')
    return cvm_hosts_make_id (uri);

  from = at + 3;
  end = from + strcspn (from, "/?");
  user = memchr (from, '@', (gsize)(end - from));
  if (user != NULL)
    from = user + 1;
  name = g_strndup (from, (gsize)(end - from));

  return cvm_hosts_make_id (name);
}

static gboolean
refuse (const char  *uri,
        const char  *why,
        GError     **error)
{
  g_autofree char *shown = cvm_text_quote (uri);

  g_set_error (error, CVM_HOSTS_ERROR, CVM_HOSTS_ERROR_INVALID,
               "%s is no libvirt URI: %s", shown, why);

  return FALSE;
}

/* "user:password@" is taken by no driver, and would lie in a file and in every log */
static gboolean
has_password (const char *authority)
{
  gsize len = strcspn (authority, "/?#");
  const char *user_end = memchr (authority, '@', len);

  return user_end != NULL && memchr (authority, ':', (gsize)(user_end - authority)) != NULL;
}

gboolean
cvm_hosts_check_uri (const char  *uri,
                     GError     **error)
{
  gsize scheme = strspn (uri, "abcdefghijklmnopqrstuvwxyz0123456789+");

  if (strlen (uri) > URI_MAX)
    return refuse (uri, "it is too long", error);

  for (const char *at = uri; *at != '\0'; at++)
    if (!g_ascii_isgraph (*at))
      return refuse (uri, "it has a blank, or a letter that must be written %XX", error);

  if (scheme == 0 || uri[scheme] != ':' || uri[scheme + 1] != '/')
    return refuse (uri, "it begins like qemu:///session or qemu+ssh://HOST/system", error);

  if (g_str_has_prefix (uri + scheme, "://") && has_password (uri + scheme + 3))
    return refuse (uri, "leave the password out; it is asked for when it is needed", error);

  return TRUE;
}

/* Reading --------------------------------------------------------------------------------- */

static CvmSavedHost *
find_id (GPtrArray  *hosts,
         const char *id)
{
  for (guint i = 0; i < hosts->len; i++)
    {
      CvmSavedHost *host = hosts->pdata[i];

      if (g_str_equal (host->id, id))
        return host;
    }

  return NULL;
}

static const CvmSavedHost *
find_uri (GPtrArray  *hosts,
          const char *uri)
{
  for (guint i = 0; i < hosts->len; i++)
    {
      const CvmSavedHost *host = hosts->pdata[i];

      if (g_str_equal (host->uri, uri))
        return host;
    }

  return NULL;
}

const CvmSavedHost *
cvm_hosts_find (GPtrArray  *hosts,
                const char *id_or_uri)
{
  const CvmSavedHost *host = find_id (hosts, id_or_uri);

  return host != NULL ? host : find_uri (hosts, id_or_uri);
}

static GPtrArray *
list_found (const char *const *found)
{
  GPtrArray *hosts = g_ptr_array_new_with_free_func ((GDestroyNotify)cvm_saved_host_free);

  for (gsize i = 0; found != NULL && found[i] != NULL; i++)
    {
      CvmSavedHost *host = g_new0 (CvmSavedHost, 1);

      host->id = make_id_of_uri (found[i]);
      host->uri = g_strdup (found[i]);
      host->is_found = TRUE;
      g_ptr_array_add (hosts, host);
    }

  return hosts;
}

static gboolean
read_hidden (CvmKeyfile             *file,
             const CvmKeyfileEntry  *entry,
             CvmSavedHost           *host,
             GError                **error)
{
  host->is_hidden = g_str_equal (entry->value, "true");
  if (host->is_hidden || g_str_equal (entry->value, "false"))
    return TRUE;

  cvm_keyfile_error_at (file, entry->line, error, "Hidden is true or false");

  return FALSE;
}

static gboolean
read_uri (CvmKeyfile             *file,
          const CvmKeyfileEntry  *entry,
          CvmSavedHost           *host,
          GError                **error)
{
  g_autoptr(GError) local = NULL;

  if (host->is_found)
    {
      cvm_keyfile_error_at (file, entry->line, error,
                            "the host '%s' is found and has a URI of its own; remove this line, or "
                            "give the group another id", host->id);
      return FALSE;
    }

  if (!cvm_hosts_check_uri (entry->value, &local))
    {
      cvm_keyfile_error_at (file, entry->line, error, "%s", local->message);
      return FALSE;
    }

  host->uri = g_strdup (entry->value);

  return TRUE;
}

static gboolean
read_entry (CvmKeyfile             *file,
            const CvmKeyfileEntry  *entry,
            CvmSavedHost           *host,
            GError                **error)
{
  const char *nearest;

  if (g_str_equal (entry->key, "URI"))
    return read_uri (file, entry, host, error);

  if (g_str_equal (entry->key, "Hidden"))
    return read_hidden (file, entry, host, error);

  if (g_str_equal (entry->key, "Title"))
    {
      host->title = *entry->value != '\0' ? g_strdup (entry->value) : NULL;
      return TRUE;
    }

  nearest = cvm_text_nearest (entry->key, keys);
  cvm_keyfile_error_at (file, entry->line, error, "a host has no key '%s'; %s%s", entry->key,
                        nearest != NULL ? "did you mean " : "allowed: Title, URI, Hidden",
                        nearest != NULL ? nearest : "");

  return FALSE;
}

static gboolean
fill_host (CvmKeyfile    *file,
           guint          group,
           CvmSavedHost  *host,
           GError       **error)
{
  for (guint i = 0; i < cvm_keyfile_n_entries (file, group); i++)
    if (!read_entry (file, cvm_keyfile_entry (file, group, i), host, error))
      return FALSE;

  if (host->uri != NULL)
    return TRUE;

  cvm_keyfile_error_at (file, cvm_keyfile_group (file, group)->line, error,
                        "a host needs URI=, such as qemu+ssh://HOST/system");

  return FALSE;
}

static gboolean
read_group (CvmKeyfile  *file,
            guint        group,
            GPtrArray   *hosts,
            GError     **error)
{
  const CvmKeyfileGroup *head = cvm_keyfile_group (file, group);
  CvmSavedHost *host;

  if (!g_str_equal (head->kind, KIND) || !cvm_id_is_valid (head->id))
    {
      cvm_keyfile_error_at (file, head->line, error,
                            "only groups [Host ID] are known here; an ID is of a-z, 0-9 and '-'");
      return FALSE;
    }

  host = find_id (hosts, head->id);
  if (host == NULL)
    {
      host = g_new0 (CvmSavedHost, 1);
      host->id = g_strdup (head->id);
      g_ptr_array_add (hosts, host);
    }

  return fill_host (file, group, host, error);
}

static GPtrArray *
read_hosts (CvmKeyfile         *file,
            const char *const  *found,
            GError            **error)
{
  g_autoptr(GPtrArray) hosts = list_found (found);

  for (guint i = 0; i < cvm_keyfile_n_groups (file); i++)
    if (!read_group (file, i, hosts, error))
      return NULL;

  return g_steal_pointer (&hosts);
}

GPtrArray *
cvm_hosts_load (const char *const  *found,
                GError            **error)
{
  g_autoptr(CvmKeyfile) file = cvm_config_load (FILE_NAME, error);

  return file != NULL ? read_hosts (file, found, error) : NULL;
}

static void
tell_unknown (const char  *word,
              GPtrArray   *hosts,
              GError     **error)
{
  g_autoptr(GPtrArray) ids = g_ptr_array_new ();
  g_autofree char *list = NULL;
  g_autofree char *shown = cvm_text_quote (word);

  for (guint i = 0; i < hosts->len; i++)
    g_ptr_array_add (ids, ((CvmSavedHost *)hosts->pdata[i])->id);
  g_ptr_array_add (ids, NULL);
  list = g_strjoinv (", ", (char **)ids->pdata);
  g_set_error (error, CVM_HOSTS_ERROR, CVM_HOSTS_ERROR_UNKNOWN,
               "there is no host %s; a host is a URI such as qemu:///session, or one of: %s",
               shown, list);
}

char *
cvm_hosts_resolve (const char         *word,
                   const char *const  *found,
                   GError            **error)
{
  g_autoptr(GPtrArray) hosts = NULL;
  const CvmSavedHost *host;

  if (strchr (word, ':') != NULL)
    return g_strdup (word);

  hosts = cvm_hosts_load (found, error);
  if (hosts == NULL)
    return NULL;

  host = find_id (hosts, word);
  if (host == NULL)
    tell_unknown (word, hosts, error);

  return host != NULL ? g_strdup (host->uri) : NULL;
}

/* Writing --------------------------------------------------------------------------------- */

typedef struct
{
  const char        *id, *uri, *title;
  const char *const *found;
  char              *new_id;
} Change;

static char *
free_id (GPtrArray  *hosts,
         const char *wanted)
{
  g_autofree char *id = g_strdup (wanted);

  for (guint i = 2; find_id (hosts, id) != NULL; i++)
    {
      g_free (id);
      id = g_strdup_printf ("%s-%u", wanted, i);
    }

  return g_steal_pointer (&id);
}

static gboolean
show_again (CvmKeyfile          *file,
            const CvmSavedHost  *host,
            Change              *change,
            GError             **error)
{
  if (!host->is_hidden)
    {
      g_set_error (error, CVM_HOSTS_ERROR, CVM_HOSTS_ERROR_EXISTS,
                   "the host '%s' has this URI already", host->id);
      return FALSE;
    }

  change->new_id = g_strdup (host->id);
  cvm_keyfile_set (file, KIND, host->id, "Hidden", NULL);
  if (change->title != NULL)
    cvm_keyfile_set (file, KIND, host->id, "Title", change->title);

  return TRUE;
}

static gboolean
add (CvmKeyfile  *file,
     gpointer     data,
     GError     **error)
{
  Change *change = data;
  g_autoptr(GPtrArray) hosts = read_hosts (file, change->found, error);
  g_autofree char *wanted = NULL;
  const CvmSavedHost *known;

  if (hosts == NULL)
    return FALSE;

  known = find_uri (hosts, change->uri);
  if (known != NULL)
    return show_again (file, known, change, error);

  wanted = change->title != NULL ? cvm_hosts_make_id (change->title)
                                 : make_id_of_uri (change->uri);
  change->new_id = free_id (hosts, wanted);
  if (change->title != NULL)
    cvm_keyfile_set (file, KIND, change->new_id, "Title", change->title);
  cvm_keyfile_set (file, KIND, change->new_id, "URI", change->uri);

  return TRUE;
}

/* An empty title is none */
static const char *
title_or_null (const char *title)
{
  return title != NULL && *title != '\0' ? title : NULL;
}

char *
cvm_hosts_add (const char         *uri,
               const char         *title,
               const char *const  *found,
               GError            **error)
{
  Change change = { .uri = uri, .title = title_or_null (title), .found = found };

  if (!cvm_hosts_check_uri (uri, error))
    return NULL;

  if (!cvm_config_edit (FILE_NAME, add, &change, error))
    g_clear_pointer (&change.new_id, g_free);

  return change.new_id;
}

/* The hosts, if the one that is to be changed is among them */
static GPtrArray *
read_known (CvmKeyfile    *file,
            const Change  *change,
            GError       **error)
{
  g_autoptr(GPtrArray) hosts = read_hosts (file, change->found, error);

  if (hosts != NULL && find_id (hosts, change->id) == NULL)
    {
      tell_unknown (change->id, hosts, error);
      return NULL;
    }

  return g_steal_pointer (&hosts);
}

static gboolean
alter (CvmKeyfile  *file,
       gpointer     data,
       GError     **error)
{
  Change *change = data;
  g_autoptr(GPtrArray) hosts = read_known (file, change, error);
  const CvmSavedHost *host, *other;

  if (hosts == NULL)
    return FALSE;

  host = find_id (hosts, change->id);
  other = find_uri (hosts, change->uri);
  if (other != NULL && other != host)
    {
      g_set_error (error, CVM_HOSTS_ERROR, CVM_HOSTS_ERROR_EXISTS,
                   "the host '%s' has this URI already", other->id);
      return FALSE;
    }

  if (!host->is_found)
    cvm_keyfile_set (file, KIND, change->id, "URI", change->uri);
  cvm_keyfile_set (file, KIND, change->id, "Title", change->title);

  return TRUE;
}

gboolean
cvm_hosts_change (const char         *id,
                  const char         *uri,
                  const char         *title,
                  const char *const  *found,
                  GError            **error)
{
  Change change = { id, uri, title_or_null (title), found, NULL };

  return cvm_hosts_check_uri (uri, error) && cvm_config_edit (FILE_NAME, alter, &change, error);
}

static gboolean
drop (CvmKeyfile  *file,
      gpointer     data,
      GError     **error)
{
  Change *change = data;
  g_autoptr(GPtrArray) hosts = read_known (file, change, error);

  if (hosts == NULL)
    return FALSE;

  if (find_id (hosts, change->id)->is_found)
    cvm_keyfile_set (file, KIND, change->id, "Hidden", "true");
  else
    cvm_keyfile_remove_group (file, KIND, change->id);

  return TRUE;
}

gboolean
cvm_hosts_remove (const char         *id,
                  const char *const  *found,
                  GError            **error)
{
  Change change = { .id = id, .found = found };

  return cvm_config_edit (FILE_NAME, drop, &change, error);
}
