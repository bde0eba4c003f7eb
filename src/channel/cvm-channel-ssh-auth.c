/* cvm-channel-ssh-auth.c: logging in, by what the target names and nothing else
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-channel-ssh-private.h"

#include <fcntl.h>
#include <gio/gunixsocketaddress.h>
#include <string.h>

#include "cvm-alarm.h"
#include "cvm-file.h"

#define KEY_FILE_MAX      (64 * 1024)
#define QUESTIONS_MAX     8       /* rounds of keyboard-interactive; honest servers need two */

typedef int (*Attempt) (ssh_session session, gconstpointer secret);

static int
by_key (ssh_session   session,
        gconstpointer key)
{
  return ssh_userauth_publickey (session, NULL, (ssh_key)key);
}

static int
by_password (ssh_session   session,
             gconstpointer password)
{
  return ssh_userauth_password (session, NULL, password);
}

static int
by_questions (ssh_session   session,
              gconstpointer nothing)
{
  return ssh_userauth_kbdint (session, NULL, NULL);
}

static int
by_agent (ssh_session   session,
          gconstpointer nothing)
{
  return ssh_userauth_agent (session, NULL);
}

static int
by_nothing (ssh_session   session,
            gconstpointer nothing)
{
  return ssh_userauth_none (session, NULL);
}

/* Repeats ATTEMPT until the server has decided; SSH_AUTH_ERROR comes with an error set. */
static int
try_login (const CvmSshWait  *wait,
           Attempt            attempt,
           gconstpointer      secret,
           GError           **error)
{
  int rc;

  while ((rc = attempt (wait->session, secret)) == SSH_AUTH_AGAIN)
    {
      if (!cvm_channel_ssh_wait (wait, error))
        {
          g_prefix_error (error, "the ssh server stopped answering at the login: ");
          return SSH_AUTH_ERROR;
        }
    }

  if (rc == SSH_AUTH_ERROR)
    cvm_channel_ssh_take (wait->session, "logging in", error);

  return rc;
}

/* Answers whatever is asked without an echo with the password. */
static int
answer_questions (const CvmSshWait  *wait,
                  const char        *password,
                  GError           **error)
{
  for (guint round = 0; round < QUESTIONS_MAX; round++)
    {
      int rc = try_login (wait, by_questions, NULL, error);

      if (rc != SSH_AUTH_INFO)
        return rc;

      for (int i = 0; i < ssh_userauth_kbdint_getnprompts (wait->session); i++)
        {
          char has_echo = 1;

          ssh_userauth_kbdint_getprompt (wait->session, i, &has_echo);
          ssh_userauth_kbdint_setanswer (wait->session, i, has_echo ? "" : password);
        }
    }

  return SSH_AUTH_DENIED;
}

static int
try_password (const CvmSshWait  *wait,
              const char        *password,
              GError           **error)
{
  int rc = try_login (wait, by_password, password, error);

  if (rc == SSH_AUTH_DENIED &&
      (ssh_userauth_list (wait->session, NULL) & SSH_AUTH_METHOD_INTERACTIVE) != 0)
    return answer_questions (wait, password, error);

  return rc;
}

/* Without it, libssh lets OpenSSL ask for the passphrase on the terminal. */
static int
refuse_passphrase (const char *prompt,
                   char       *buf,
                   size_t      len,
                   int         echo,
                   int         verify,
                   void       *data)
{
  gboolean *was_asked = data;

  *was_asked = TRUE;

  return -1;
}

ssh_key
cvm_channel_ssh_read_key (const char  *file,
                          GError     **error)
{
  g_autofree char *text = NULL;
  g_autoptr(GError) local = NULL;
  gboolean wants_passphrase = FALSE;
  gsize len = 0;
  ssh_key key = NULL;

  text = cvm_file_read (file, KEY_FILE_MAX, &len, &local);
  if (text == NULL)
    {
      g_set_error (error, CVM_ENGINE_ERROR, CVM_ENGINE_ERROR_REFUSED,
                   "no login without its key: %s", local->message);
      return NULL;
    }

  if (ssh_pki_import_privkey_base64 (text, NULL, refuse_passphrase, &wants_passphrase,
                                     &key) != SSH_OK)
    g_set_error (error, CVM_ENGINE_ERROR, CVM_ENGINE_ERROR_REFUSED,
                 wants_passphrase
                 ? "the key %s wants a passphrase: name a key without one, or none at all to ask "
                   "the agent"
                 : "%s holds no private key that can be used (OpenSSH and PEM can)",
                 file);

  explicit_bzero (text, len);

  return key;
}

static int
try_key (const CvmSshWait  *wait,
         const char        *file,
         GError           **error)
{
  ssh_key key = cvm_channel_ssh_read_key (file, error);
  int rc;

  if (key == NULL)
    return SSH_AUTH_ERROR;

  rc = try_login (wait, by_key, key, error);
  ssh_key_free (key);

  return rc;
}

static void
hang_up (gpointer data)
{
  g_socket_shutdown (data, TRUE, TRUE, NULL);
}

/* Or NULL when none runs */
static GSocket *
connect_agent (void)
{
  const char *path = g_getenv ("SSH_AUTH_SOCK");
  g_autoptr(GSocketAddress) address = NULL;
  g_autoptr(GSocket) socket = NULL;

  if (path == NULL || *path == '\0')
    return NULL;

  address = g_unix_socket_address_new (path);
  socket = g_socket_new (G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT,
                         NULL);
  if (socket == NULL || !g_socket_connect (socket, address, NULL, NULL))
    return NULL;

  return g_steal_pointer (&socket);
}

/* Libssh talks to an agent without any limit: a silent one is hung up on in time. */
static int
try_agent (const CvmSshWait  *wait,
           GError           **error)
{
  g_autoptr(GSocket) agent = connect_agent ();
  CvmAlarm *alarm;
  int rc;

  if (agent == NULL)
    return SSH_AUTH_DENIED;

  ssh_set_agent_socket (wait->session, fcntl (g_socket_get_fd (agent), F_DUPFD_CLOEXEC, 3));
  alarm = cvm_alarm_new (hang_up, agent, wait->deadline_us, wait->cancellable);
  rc = try_login (wait, by_agent, NULL, error);
  cvm_alarm_free (alarm);

  /* One that was hung up on looks to libssh like one without keys. */
  if (rc == SSH_AUTH_DENIED && !cvm_deadline_check (wait->deadline_us, wait->cancellable, error))
    {
      g_prefix_error (error, "the ssh agent does not answer: ");
      return SSH_AUTH_ERROR;
    }

  return rc;
}

static char *
list_methods (ssh_session session)
{
  static const struct { int flag; const char *name; } methods[] = {
    { SSH_AUTH_METHOD_PUBLICKEY, "publickey" },
    { SSH_AUTH_METHOD_PASSWORD, "password" },
    { SSH_AUTH_METHOD_INTERACTIVE, "keyboard-interactive" },
    { SSH_AUTH_METHOD_HOSTBASED, "hostbased" },
    { SSH_AUTH_METHOD_GSSAPI_MIC, "gssapi-with-mic" },
  };
  int offered = ssh_userauth_list (session, NULL);
  g_autoptr(GPtrArray) names = g_ptr_array_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (methods); i++)
    if ((offered & methods[i].flag) != 0)
      g_ptr_array_add (names, (gpointer)methods[i].name);

  if (names->len == 0)
    return g_strdup ("nothing");

  g_ptr_array_add (names, NULL);

  return g_strjoinv (", ", (char **)names->pdata);
}

static void
set_refused (const CvmSshWait    *wait,
             const CvmSshTarget  *target,
             GError             **error)
{
  g_autofree char *offered = list_methods (wait->session);
  g_autofree char *tried = NULL;

  if (target->key_file != NULL)
    tried = g_strdup_printf ("the key %s%s", target->key_file,
                             target->password != NULL ? " and the password" : "");
  else
    tried = g_strdup (target->password != NULL ? "the password"
                                               : "a login without key or password");

  g_set_error (error, CVM_ENGINE_ERROR, CVM_ENGINE_ERROR_REFUSED,
               "the server did not accept %s for %s; it takes: %s",
               tried, target->user, offered);
}

/* A key is tried alone, without asking for a login by nothing first: that would succeed on
 * some guests, and prove nothing about the key. */
gboolean
cvm_channel_ssh_log_in (const CvmSshWait    *wait,
                        const CvmSshTarget  *target,
                        GError             **error)
{
  int rc = SSH_AUTH_DENIED;

  if (target->key_file != NULL)
    rc = try_key (wait, target->key_file, error);

  if (target->password != NULL && (rc == SSH_AUTH_DENIED || rc == SSH_AUTH_PARTIAL))
    rc = try_password (wait, target->password, error);

  if (target->key_file == NULL && target->password == NULL)
    {
      rc = try_login (wait, by_nothing, NULL, error);
      if (rc == SSH_AUTH_DENIED)
        rc = try_agent (wait, error);
    }

  if (rc != SSH_AUTH_SUCCESS && rc != SSH_AUTH_ERROR)
    set_refused (wait, target, error);

  return rc == SSH_AUTH_SUCCESS;
}
