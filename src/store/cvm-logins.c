/* cvm-logins.c: names and passwords for the rest of the program's life, or the keyring's
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-logins.h"

#include <string.h>

#include "cvm-keyring.h"
#include "cvm-wait.h"

#define KEYRING_MS 5000   /* one that is locked asks the user, who is asked by us otherwise */
#define STORE_MS   60000

typedef struct
{
  char *user, *password;   /* password NULL: it was refused, or the keyring has none */
} Login;

static GMutex lock;
static GHashTable *logins;   /* place → Login */

static void
login_free (Login *login)
{
  if (login->password != NULL)
    explicit_bzero (login->password, strlen (login->password));
  g_free (login->password);
  g_free (login->user);
  g_free (login);
}

static void
put (const char *place,
     const char *user,
     const char *password)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&lock);
  Login *login = g_new0 (Login, 1);

  login->user = g_strdup (user);
  login->password = g_strdup (password);
  if (logins == NULL)
    logins = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)login_free);
  g_hash_table_replace (logins, g_strdup (place), login);
}

/* Whether PLACE is known here, with or without a password */
static gboolean
get (const char  *place,
     char       **user,
     char       **password)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&lock);
  const Login *login = logins != NULL ? g_hash_table_lookup (logins, place) : NULL;

  *user = login != NULL ? g_strdup (login->user) : NULL;
  *password = login != NULL ? g_strdup (login->password) : NULL;

  return login != NULL;
}

char *
cvm_logins_find (const char    *place,
                 char         **user,
                 GCancellable  *cancellable)
{
  char *password;

  if (get (place, user, &password))
    return password;

  password = cvm_keyring_lookup_login (place, user, cvm_deadline_in_ms (KEYRING_MS), cancellable,
                                       NULL);
  if (!g_cancellable_is_cancelled (cancellable))
    put (place, *user, password);

  return password;
}

void
cvm_logins_keep (const char *place,
                 const char *user,
                 const char *password,
                 gboolean    in_keyring)
{
  g_autoptr(GError) error = NULL;

  put (place, user, password);
  if (in_keyring && !cvm_keyring_store (place, user, password, cvm_deadline_in_ms (STORE_MS), NULL,
                                        &error))
    g_message ("The password for %s is not remembered: %s", place, error->message);
}

void
cvm_logins_refuse (const char *place)
{
  put (place, NULL, NULL);
}

void
cvm_logins_clear (void)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&lock);

  g_clear_pointer (&logins, g_hash_table_unref);
}
