/* cvm-peer-ssh.c: ssh servers for tests
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-peer-ssh.h"

#include <libssh/libssh.h>
#include <libssh/server.h>
#include <unistd.h>

/* Dropbear */

static void
serve_dropbear (GSocket      *client,
                GCancellable *stop,
                gpointer      data)
{
  CvmPeerDropbear *self = data;
  g_autoptr(GSubprocessLauncher) launcher =
    g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDERR_SILENCE);
  g_autofree char *preload = g_test_build_filename (G_TEST_BUILT, "peer", "libdropbear-home.so",
                                                    NULL);
  g_autoptr(GError) error = NULL;
  GSubprocess *process;

  g_socket_set_blocking (client, TRUE);
  g_subprocess_launcher_setenv (launcher, "LD_PRELOAD", preload, TRUE);
  g_subprocess_launcher_setenv (launcher, "TEST_HOME", self->home, TRUE);
  g_subprocess_launcher_setenv (launcher, "TEST_CRYPTED_PASSWORD", self->crypted, TRUE);
  g_subprocess_launcher_take_stdin_fd (launcher, dup (g_socket_get_fd (client)));
  g_subprocess_launcher_take_stdout_fd (launcher, dup (g_socket_get_fd (client)));

  process = g_subprocess_launcher_spawn (launcher, &error, "dropbear", "-i", "-r", self->host_key,
                                         self->option, NULL);
  g_assert_no_error (error);
  g_ptr_array_add (self->processes, process);
}

CvmPeer *
cvm_peer_dropbear_start (CvmPeerDropbear *self)
{
  const char *make_key[] = { "dropbearkey", "-t", "ed25519", "-f", self->host_key, NULL };
  g_autoptr(GError) error = NULL;

  if (!g_file_test (self->host_key, G_FILE_TEST_EXISTS))
    g_spawn_sync (NULL, (char **)make_key, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL |
                  G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, NULL, NULL, NULL, &error);
  g_assert_no_error (error);

  self->processes = g_ptr_array_new_with_free_func (g_object_unref);

  return cvm_peer_new (serve_dropbear, self);
}

void
cvm_peer_dropbear_stop (CvmPeerDropbear *self,
                        CvmPeer         *peer)
{
  cvm_peer_free (peer);

  for (guint i = 0; i < self->processes->len; i++)
    {
      g_subprocess_force_exit (self->processes->pdata[i]);
      g_subprocess_wait (self->processes->pdata[i], NULL, NULL);
    }

  g_ptr_array_unref (self->processes);
}

/* The asker */

static void
ask (CvmPeerAsker *self,
     ssh_message   message)
{
  const char *questions[] = { "Your name: ", "Password: " };
  char echo[] = { 1, 0 };

  self->rounds++;
  ssh_message_auth_interactive_request (message, "test", "", 2, questions, echo);
}

static gboolean
is_right (CvmPeerAsker *self,
          ssh_session   session)
{
  return ssh_userauth_kbdint_getnanswers (session) == 2 &&
         g_strcmp0 (ssh_userauth_kbdint_getanswer (session, 0), "") == 0 &&
         g_strcmp0 (ssh_userauth_kbdint_getanswer (session, 1), self->password) == 0;
}

static void
answer (CvmPeerAsker *self,
        ssh_session   session,
        ssh_message   message)
{
  if (ssh_message_type (message) != SSH_REQUEST_AUTH)
    {
      if (ssh_message_type (message) == SSH_REQUEST_SERVICE)
        ssh_message_service_reply_success (message);
      else
        ssh_message_reply_default (message);
    }
  else if (ssh_message_subtype (message) != SSH_AUTH_METHOD_INTERACTIVE)
    {
      ssh_message_auth_set_methods (message, SSH_AUTH_METHOD_INTERACTIVE);
      ssh_message_reply_default (message);
    }
  else if (!ssh_message_auth_kbdint_is_response (message) || !is_right (self, session))
    {
      ask (self, message);
    }
  else
    {
      ssh_message_auth_reply_success (message, 0);
    }
}

void
cvm_peer_ask (GSocket      *client,
              GCancellable *stop,
              gpointer      data)
{
  CvmPeerAsker *self = data;
  ssh_bind bind = ssh_bind_new ();
  ssh_session session = ssh_new ();
  ssh_message message;
  const int no = 0;

  g_socket_set_blocking (client, TRUE);
  ssh_bind_options_set (bind, SSH_BIND_OPTIONS_PROCESS_CONFIG, &no);
  ssh_bind_options_set (bind, SSH_BIND_OPTIONS_HOSTKEY, self->host_key);

  if (ssh_bind_accept_fd (bind, session, dup (g_socket_get_fd (client))) == SSH_OK &&
      ssh_handle_key_exchange (session) == SSH_OK)
    {
      while ((message = ssh_message_get (session)) != NULL)
        {
          answer (self, session, message);
          ssh_message_free (message);
        }
    }

  ssh_free (session);
  ssh_bind_free (bind);
}
