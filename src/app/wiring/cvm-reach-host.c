/* cvm-reach-host.c: hosts that ask who one is, answered from memory, the keyring or a person
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-reach-host.h"

#include "cvm-engine-error.h"
#include "cvm-logins.h"
#include "cvm-virt-host.h"

#define TRIES 3   /* of a person who mistypes */

static CvmLoginAsk ask_person;   /* set before there is a second thread; or NULL */

/* One opening: it may outlive the caller, who stopped waiting */
typedef struct
{
  gatomicrefcount references;
  const char     *complaint;
  gboolean        may_ask;
  gboolean        was_remembered, was_typed;   /* what the host was told last */
} Opening;

void
cvm_reach_set_ask (CvmLoginAsk ask)
{
  ask_person = ask;
}

static void
opening_unref (gpointer data)
{
  Opening *self = data;

  if (g_atomic_ref_count_dec (&self->references))
    g_free (self);
}

static gboolean
answer (CvmLogin      *login,
        gpointer       data,
        GCancellable  *cancellable,
        GError       **error)
{
  Opening *self = data;
  char *user = NULL;

  login->password = cvm_logins_find (login->place, &user, cancellable);
  if (user != NULL && !login->has_user)
    {
      g_free (login->user);
      login->user = g_steal_pointer (&user);
    }
  g_free (user);

  self->was_remembered = login->password != NULL && login->user != NULL;
  if (self->was_remembered)
    return TRUE;

  g_clear_pointer (&login->password, cvm_login_wipe);
  login->complaint = self->complaint;
  login->can_keep = TRUE;
  self->was_typed = self->may_ask && ask_person != NULL
                    && ask_person (login, NULL, cancellable, error);
  if (self->was_typed)
    cvm_logins_keep (login->place, login->user, login->password, login->is_kept);

  return self->was_typed;
}

static CvmHost *
try_open (Opening       *self,
          const char    *uri,
          gint64         deadline_us,
          GCancellable  *cancellable,
          GError       **error)
{
  self->was_remembered = self->was_typed = FALSE;
  g_atomic_ref_count_inc (&self->references);

  return cvm_virt_host_open_as (uri, answer, self, opening_unref, deadline_us, cancellable, error);
}

static CvmHost *
open_host (const char    *uri,
           gboolean       may_ask,
           gint64         deadline_us,
           GCancellable  *cancellable,
           GError       **error)
{
  Opening *self = g_new0 (Opening, 1);
  CvmHost *host = NULL;

  g_atomic_ref_count_init (&self->references);
  self->may_ask = may_ask;
  for (guint i = 0; i < TRIES; i++)
    {
      g_autoptr(GError) local = NULL;

      host = try_open (self, uri, deadline_us, cancellable, &local);
      if (host != NULL)
        break;

      if (g_error_matches (local, CVM_ENGINE_ERROR, CVM_ENGINE_ERROR_UNAUTHORIZED)
          && (self->was_remembered || self->was_typed))
        {
          cvm_logins_refuse (uri);
          self->complaint = "It did not take this name and password";
          if (may_ask && ask_person != NULL && i + 1 < TRIES)
            continue;
        }

      g_propagate_error (error, g_steal_pointer (&local));
      break;
    }
  opening_unref (self);

  return host;
}

CvmHost *
cvm_reach_open_host (const char    *uri,
                      gint64         deadline_us,
                      GCancellable  *cancellable,
                      GError       **error)
{
  return open_host (uri, TRUE, deadline_us, cancellable, error);
}

CvmHost *
cvm_reach_peek_host (const char    *uri,
                      gint64         deadline_us,
                      GCancellable  *cancellable,
                      GError       **error)
{
  return open_host (uri, FALSE, deadline_us, cancellable, error);
}
