/* cvm-channel-ssh.c: the ssh port: connect, prove the server's key, log in
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-channel-ssh-private.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cvm-file.h"

#define FINGERPRINT_MAX 1024

#define CVM_TYPE_CHANNEL_SSH (cvm_channel_ssh_get_type ())
G_DECLARE_FINAL_TYPE (CvmChannelSsh, cvm_channel_ssh, CVM, CHANNEL_SSH, GObject)

struct _CvmChannelSsh
{
  GObject      parent_instance;

  GSocket     *socket;
  ssh_session  session;
  ssh_event    event;      /* only to let libssh look at its socket */
  char        *name;       /* "root@127.0.0.1:2222", for messages */
};

static void cvm_channel_ssh_iface_init (CvmSshInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (CvmChannelSsh, cvm_channel_ssh, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (CVM_TYPE_SSH, cvm_channel_ssh_iface_init))

gboolean
cvm_channel_ssh_wait (const CvmSshWait  *wait,
                      GError           **error)
{
  GIOCondition condition = G_IO_IN;

  if ((ssh_get_poll_flags (wait->session) & SSH_WRITE_PENDING) != 0)
    condition |= G_IO_OUT;

  /* A server that never stops talking keeps the socket readable: look at the clock too. */
  return cvm_deadline_check (wait->deadline_us, wait->cancellable, error) &&
         cvm_wait_fd (ssh_get_fd (wait->session), condition,
                      wait->deadline_us, wait->cancellable, error);
}

/* Libssh's message may quote the server. */
static char *
clean_reason (ssh_session session)
{
  char *reason = g_utf8_make_valid (ssh_get_error (session), -1);

  for (char *c = reason; *c != '\0'; c++)
    if (g_ascii_iscntrl (*c))
      *c = ' ';

  return g_strchomp (reason);
}

void
cvm_channel_ssh_take (ssh_session   session,
                      const char   *doing,
                      GError      **error)
{
  g_autofree char *reason = clean_reason (session);

  if (!ssh_is_connected (session))
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED,
                 "the guest closed the connection while %s (%s)", doing, reason);
  else
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s failed: %s", doing, reason);
}

static GSocket *
connect_to (const CvmSshTarget  *target,
            const CvmSshWait    *wait,
            GError             **error)
{
  g_autoptr(GSocketAddress) address =
    g_inet_socket_address_new_from_string (target->address, target->port);
  g_autoptr(GSocket) socket = NULL;
  g_autoptr(GError) local = NULL;

  if (address == NULL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "'%s' is no IP address",
                   target->address);
      return NULL;
    }

  socket = g_socket_new (g_socket_address_get_family (address), G_SOCKET_TYPE_STREAM,
                         G_SOCKET_PROTOCOL_TCP, error);
  if (socket == NULL)
    return NULL;

  g_socket_set_blocking (socket, FALSE);
  g_socket_set_option (socket, IPPROTO_TCP, TCP_NODELAY, 1, NULL);

  if (g_socket_connect (socket, address, NULL, &local) ||
      (g_error_matches (local, G_IO_ERROR, G_IO_ERROR_PENDING) &&
       cvm_wait_fd (g_socket_get_fd (socket), G_IO_OUT, wait->deadline_us, wait->cancellable,
                    error) &&
       g_socket_check_connect_result (socket, error)))
    return g_steal_pointer (&socket);

  if (!g_error_matches (local, G_IO_ERROR, G_IO_ERROR_PENDING))
    g_propagate_error (error, g_steal_pointer (&local));

  return NULL;
}

/* Everything that would make libssh look into the user's files is pointed away from them. */
static ssh_session
new_session (const CvmSshTarget *target,
             int                 fd)
{
  ssh_session session = ssh_new ();
  const int no = 0;
  unsigned int port = target->port;

  ssh_options_set (session, SSH_OPTIONS_PROCESS_CONFIG, &no);
  ssh_options_set (session, SSH_OPTIONS_SSH_DIR, "/nonexistent");
  ssh_options_set (session, SSH_OPTIONS_KNOWNHOSTS, "/dev/null");
  ssh_options_set (session, SSH_OPTIONS_GLOBAL_KNOWNHOSTS, "/dev/null");
  ssh_options_set (session, SSH_OPTIONS_HOST, target->address);
  ssh_options_set (session, SSH_OPTIONS_PORT, &port);
  ssh_options_set (session, SSH_OPTIONS_USER, target->user);
  ssh_options_set (session, SSH_OPTIONS_FD, &fd);
  ssh_set_blocking (session, 0);

  return session;
}

/* Whether libssh closes the descriptor that it was given depends on its version and on how the
 * connection ended. It has a duplicate, which is closed here if the number is still the same
 * socket (by now it may be another thread's file). */
static void
free_session (ssh_session  session,
              GSocket     *socket)
{
  int fd = ssh_get_fd (session);
  struct stat own, left;

  ssh_disconnect (session);
  ssh_free (session);

  if (fd >= 0 && fstat (g_socket_get_fd (socket), &own) == 0 && fstat (fd, &left) == 0 &&
      own.st_dev == left.st_dev && own.st_ino == left.st_ino)
    close (fd);
}

static gboolean
shake_hands (const CvmSshWait  *wait,
             GError           **error)
{
  int rc;

  while ((rc = ssh_connect (wait->session)) == SSH_AGAIN)
    {
      if (!cvm_channel_ssh_wait (wait, error))
        {
          g_prefix_error (error, ssh_get_serverbanner (wait->session) == NULL
                                 ? "connected, but no ssh server has answered: "
                                 : "the ssh server stopped answering before a key was agreed: ");
          return FALSE;
        }
    }

  if (rc == SSH_OK)
    return TRUE;

  if (strstr (ssh_get_error (wait->session), "no match for method") != NULL)
    {
      g_autofree char *reason = clean_reason (wait->session);

      g_set_error (error, CVM_ENGINE_ERROR, CVM_ENGINE_ERROR_REFUSED,
                   "the ssh server and this program have no algorithm in common: %s", reason);
      return FALSE;
    }

  cvm_channel_ssh_take (wait->session, ssh_get_serverbanner (wait->session) == NULL
                                       ? "waiting for an ssh server" : "agreeing on a key", error);

  return FALSE;
}

/* "SHA256:…", as ssh-keygen -l shows it */
static char *
dup_fingerprint (ssh_session   session,
                 GError      **error)
{
  ssh_key key = NULL;
  unsigned char *hash = NULL;
  gsize hash_len = 0;
  char *text = NULL;
  char *fingerprint;

  if (ssh_get_server_publickey (session, &key) == SSH_OK &&
      ssh_get_publickey_hash (key, SSH_PUBLICKEY_HASH_SHA256, &hash, &hash_len) == SSH_OK)
    text = ssh_get_fingerprint_hash (SSH_PUBLICKEY_HASH_SHA256, hash, hash_len);

  if (text == NULL)
    cvm_channel_ssh_take (session, "reading the server's key", error);

  fingerprint = g_strdup (text);
  ssh_string_free_char (text);
  ssh_clean_pubkey_hash (&hash);
  ssh_key_free (key);

  return fingerprint;
}

/* KNOWN is what was learnt at the first login, or NULL when this is the first. */
static gboolean
read_known_key (const char  *file,
                char       **known,
                GError     **error)
{
  g_autoptr(GError) local = NULL;

  *known = file != NULL ? cvm_file_read (file, FINGERPRINT_MAX, NULL, &local) : NULL;
  if (*known != NULL)
    g_strstrip (*known);

  if (local == NULL || g_error_matches (local, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&local));

  return FALSE;
}

static gboolean
learn_key (const char  *file,
           const char  *fingerprint,
           GError     **error)
{
  g_autofree char *line = g_strconcat (fingerprint, "\n", NULL);

  return cvm_file_write (file, line, -1, 0600, error);
}

static gboolean
enter (const CvmSshWait    *wait,
       const CvmSshTarget  *target,
       GError             **error)
{
  g_autofree char *known = NULL;
  g_autofree char *shown = NULL;

  if (!read_known_key (target->known_key_file, &known, error) ||
      !shake_hands (wait, error))
    return FALSE;

  shown = dup_fingerprint (wait->session, error);
  if (shown == NULL)
    return FALSE;

  if (known != NULL && !g_str_equal (known, shown))
    {
      g_set_error (error, CVM_ENGINE_ERROR, CVM_ENGINE_ERROR_REFUSED,
                   "the server's key has changed: it is %s now, and was %s at the first login; "
                   "either the guest made itself a new one, or another machine answers",
                   shown, known);
      return FALSE;
    }

  if (!cvm_channel_ssh_log_in (wait, target, error))
    return FALSE;

  return known != NULL || target->known_key_file == NULL ||
         learn_key (target->known_key_file, shown, error);
}

static gboolean
cvm_channel_ssh_exec_vfunc (CvmSsh         *ssh,
                            const char     *command,
                            const char     *input,
                            gsize           input_len,
                            CvmOutputFunc   on_stdout,
                            CvmOutputFunc   on_stderr,
                            gpointer        data,
                            gint64          deadline_us,
                            GCancellable   *cancellable,
                            int            *exit_status,
                            GError        **error)
{
  CvmChannelSsh *self = CVM_CHANNEL_SSH (ssh);
  CvmSshWait wait = { self->session, deadline_us, cancellable };

  if (cvm_channel_ssh_exec (&wait, self->event, command, input, input_len, on_stdout, on_stderr,
                            data, exit_status, error))
    return TRUE;

  g_prefix_error (error, "ssh %s: ", self->name);

  return FALSE;
}

static void
cvm_channel_ssh_iface_init (CvmSshInterface *iface)
{
  iface->exec = cvm_channel_ssh_exec_vfunc;
}

static void
cvm_channel_ssh_finalize (GObject *object)
{
  CvmChannelSsh *self = CVM_CHANNEL_SSH (object);

  ssh_event_free (self->event);
  free_session (self->session, self->socket);
  g_object_unref (self->socket);
  g_free (self->name);

  G_OBJECT_CLASS (cvm_channel_ssh_parent_class)->finalize (object);
}

static void
cvm_channel_ssh_class_init (CvmChannelSshClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = cvm_channel_ssh_finalize;
}

static void
cvm_channel_ssh_init (CvmChannelSsh *self)
{
}

CvmSsh *
cvm_channel_ssh_open (const CvmSshTarget *target,
                      gint64              deadline_us,
                      GCancellable       *cancellable,
                      GError            **error)
{
  g_autofree char *name = g_strdup_printf ("%s@%s:%u", target->user, target->address, target->port);
  CvmSshWait wait = { NULL, deadline_us, cancellable };
  g_autoptr(GSocket) socket = connect_to (target, &wait, error);
  CvmChannelSsh *self;

  if (socket == NULL)
    {
      g_prefix_error (error, "ssh %s: ", name);
      return NULL;
    }

  wait.session = new_session (target, fcntl (g_socket_get_fd (socket), F_DUPFD_CLOEXEC, 3));
  if (!enter (&wait, target, error))
    {
      g_prefix_error (error, "ssh %s: ", name);
      free_session (wait.session, socket);
      return NULL;
    }

  self = g_object_new (CVM_TYPE_CHANNEL_SSH, NULL);
  self->socket = g_steal_pointer (&socket);
  self->session = wait.session;
  self->event = ssh_event_new ();
  ssh_event_add_session (self->event, self->session);
  self->name = g_steal_pointer (&name);

  return CVM_SSH (self);
}
