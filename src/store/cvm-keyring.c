/* cvm-keyring.c: passwords that the user's keyring has
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-keyring.h"

#include <libsecret/secret.h>

#include "cvm-alarm.h"

static const SecretSchema schema = {
  "org.cvmtester.Password", SECRET_SCHEMA_DONT_MATCH_NAME,
  {
    { "application", SECRET_SCHEMA_ATTRIBUTE_STRING },
    { "name", SECRET_SCHEMA_ATTRIBUTE_STRING },
    { NULL }
  }
};

static void
ring (gpointer cancellable)
{
  g_cancellable_cancel (cancellable);
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
  char *found = secret_password_lookup_sync (&schema, stop, &local, "application", "cvmtester",
                                             "name", name, NULL);
  char *password = g_strdup (found);

  secret_password_free (found);   /* libsecret's own memory, which it wipes */
  if (password != NULL)
    return password;

  if (local == NULL)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                 "the keyring has no password “%s”; put it there: secret-tool store --label=%s "
                 "application cvmtester name %s", name, name, name);
  else if (!cvm_deadline_check (deadline_us, cancellable, error))
    g_prefix_error (error, "the keyring did not answer: ");
  else
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED,
                 "no keyring answers in this session (%s); name a file of mode 0600 instead",
                 local->message);

  return NULL;
}
