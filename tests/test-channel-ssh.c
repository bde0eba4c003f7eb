/* test-channel-ssh.c: the ssh channel against a real dropbear, and against stand-ins that misbehave
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-channel-ssh.h"

#include <glib/gstdio.h>
#include <gio/gunixsocketaddress.h>
#include <libssh/libssh.h>
#include <pwd.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cvm-engine-error.h"
#include "cvm-file.h"
#include "cvm-peer-ssh.h"
#include "cvm-wait.h"

#define LIMIT_MS  20000   /* for what must succeed, on a busy machine */
#define SHORT_MS  300     /* for what must give up */
#define OTHER_HOST_KEY "AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
#define PASSWORD  "cvm s3cret"
#define CRYPTED   "$6$cvm$Lem.DtTslNaimgtlSeDJdWcn8pyMTZtCSjAP5d4Gvs6Q" \
                  "gzZuzJa.4pFUaPEPOCTaxNJWnTbxqRgIeX.RwbUSL0"

typedef struct
{
  char    *dir;
  char    *home;          /* of the account in dropbear */
  char    *user_home;     /* of who runs this program, as libssh sees it */
  char    *key;
  char    *other_key;
  char    *known;
  char    *host_key;
  CvmPeerDropbear dropbear;
  CvmPeer *peer;          /* dropbear */
  guint    sockets;      /* of this process, before the test */
} Fixture;

static char *user_home;

/* Libssh asks this for the user's home, not $HOME. */
int
getpwuid_r (uid_t           uid,
            struct passwd  *account,
            char           *buffer,
            size_t          size,
            struct passwd **result)
{
  static char empty[] = "";

  *account = (struct passwd) {
    .pw_name = empty,
    .pw_dir = user_home != NULL ? user_home : empty,
    .pw_shell = empty,
    .pw_gecos = empty,
    .pw_passwd = empty,
    .pw_uid = uid,
  };
  *result = account;

  return 0;
}

/* Fixture */

static char *
make_key (Fixture    *f,
          const char *name,
          char      **public_text)
{
  char *path = g_build_filename (f->dir, name, NULL);
  ssh_key key = NULL;

  g_assert_cmpint (ssh_pki_generate (SSH_KEYTYPE_ED25519, 0, &key), ==, SSH_OK);
  g_assert_cmpint (ssh_pki_export_privkey_file (key, NULL, NULL, NULL, path), ==, SSH_OK);
  g_assert_cmpint (g_chmod (path, 0600), ==, 0);   /* ssh-add insists */
  g_assert_cmpint (ssh_pki_export_pubkey_base64 (key, public_text), ==, SSH_OK);
  ssh_key_free (key);

  return path;
}

static void
write_text (const char *dir,
            const char *name,
            const char *text)
{
  g_autofree char *path = g_build_filename (dir, name, NULL);
  g_autofree char *parent = g_path_get_dirname (path);
  g_autoptr(GError) error = NULL;

  g_assert_cmpint (g_mkdir_with_parents (parent, 0700), ==, 0);
  cvm_file_write (path, text, -1, 0600, &error);
  g_assert_no_error (error);
}

static void
start_dropbear (Fixture    *f,
                const char *host_key_name,
                const char *option)       /* -B: an empty password is one */
{
  f->host_key = g_build_filename (f->dir, host_key_name, NULL);
  f->dropbear = (CvmPeerDropbear) { f->home, option != NULL ? "" : CRYPTED, f->host_key, option };
  f->peer = cvm_peer_dropbear_start (&f->dropbear);
}

static void
stop_dropbear (Fixture *f)
{
  cvm_peer_dropbear_stop (&f->dropbear, f->peer);
  g_clear_pointer (&f->host_key, g_free);
}

static void
set_up (Fixture       *f,
        gconstpointer  data)
{
  g_autofree char *authorized = NULL;
  char *public_text = NULL;
  char *other_public_text = NULL;
  g_autoptr(GError) error = NULL;

  f->sockets = cvm_peer_count_sockets ();
  f->dir = g_dir_make_tmp ("cvm-ssh-XXXXXX", &error);
  g_assert_no_error (error);
  f->home = g_build_filename (f->dir, "home", NULL);
  f->user_home = g_build_filename (f->dir, "user", NULL);
  f->known = g_build_filename (f->dir, "known-key", NULL);
  f->key = make_key (f, "key", &public_text);
  f->other_key = make_key (f, "other-key", &other_public_text);

  authorized = g_strdup_printf ("ssh-ed25519 %s test\n", public_text);
  write_text (f->home, ".ssh/authorized_keys", authorized);
  ssh_string_free_char (public_text);
  ssh_string_free_char (other_public_text);

  user_home = f->user_home;
  g_unsetenv ("SSH_AUTH_SOCK");
  start_dropbear (f, "host-key", NULL);
}

static void
tear_down (Fixture       *f,
           gconstpointer  data)
{
  const char *remove[] = { "rm", "-rf", f->dir, NULL };

  stop_dropbear (f);
  g_spawn_sync (NULL, (char **)remove, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL,
                NULL);
  user_home = NULL;
  g_free (f->dir);
  g_free (f->home);
  g_free (f->user_home);
  g_free (f->key);
  g_free (f->other_key);
  g_free (f->known);

  g_assert_cmpuint (cvm_peer_count_sockets (), ==, f->sockets);
}

static CvmSshTarget
target_of (Fixture *f,
           CvmPeer *peer)
{
  return (CvmSshTarget) { "127.0.0.1", cvm_peer_get_port (peer), "tester", f->key, NULL, f->known };
}

static CvmSsh *
open_ok (Fixture *f)
{
  g_autoptr(GError) error = NULL;
  CvmSshTarget target = target_of (f, f->peer);
  CvmSsh *ssh = cvm_channel_ssh_open (&target, cvm_deadline_in_ms (LIMIT_MS), NULL, &error);

  g_assert_no_error (error);
  g_assert_nonnull (ssh);

  return ssh;
}

/* Fails, names what MESSAGE names, and names no password. */
static void
open_fails (const CvmSshTarget *target,
            gint64              limit_ms,
            GCancellable       *cancellable,
            GQuark              domain,
            int                 code,
            const char         *message)
{
  g_autoptr(GError) error = NULL;
  gint64 start_us = g_get_monotonic_time ();
  CvmSsh *ssh = cvm_channel_ssh_open (target, cvm_deadline_in_ms (limit_ms), cancellable, &error);

  g_assert_null (ssh);
  g_assert_error (error, domain, code);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, message));
  g_assert_null (strstr (error->message, PASSWORD));
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
  g_assert_cmpint (g_get_monotonic_time () - start_us, <, (limit_ms + 3000) * 1000);
}

typedef struct
{
  GString      *out;
  GString      *err;
  gsize         total;
  gsize         keep;          /* bytes of each */
  GCancellable *cancels;       /* at the first output */
} Output;

static void
on_output (GString    *text,
           Output     *output,
           const char *bytes,
           gsize       len)
{
  output->total += len;
  g_string_append_len (text, bytes, MIN (len, output->keep - MIN (output->keep, text->len)));
  if (output->cancels != NULL)
    g_cancellable_cancel (output->cancels);
}

static void
on_stdout (const char *bytes,
           gsize       len,
           gpointer    data)
{
  on_output (((Output *)data)->out, data, bytes, len);
}

static void
on_stderr (const char *bytes,
           gsize       len,
           gpointer    data)
{
  on_output (((Output *)data)->err, data, bytes, len);
}

static Output
output_new (void)
{
  return (Output) { g_string_new (NULL), g_string_new (NULL), 0, 65536, NULL };
}

static void
output_clear (Output *output)
{
  g_string_free (output->out, TRUE);
  g_string_free (output->err, TRUE);
}

/* Tests: what works */

static void
test_login (Fixture       *f,
            gconstpointer  data)
{
  g_autoptr(CvmSsh) first = open_ok (f);
  g_autoptr(CvmSsh) second = open_ok (f);
  g_autofree char *known = cvm_file_read (f->known, 1000, NULL, NULL);
  struct stat info;

  g_assert_true (g_str_has_prefix (known, "SHA256:"));
  g_assert_cmpint (stat (f->known, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 07777, ==, 0600);
}

static const struct
{
  const char *name;
  const char *command;
  const char *input;
  int         exit_status;
  const char *out;
  const char *err;
} commands[] = {
  { "output", "echo hello", NULL, 0, "hello\n", "" },
  { "two-streams", "echo out; echo err >&2; exit 3", NULL, 3, "out\n", "err\n" },
  { "status-255", "exit 255", NULL, 255, "", "" },
  { "silent", "true", NULL, 0, "", "" },
  { "input", "cat", "a line\nand \xff another", 0, "a line\nand \xff another", "" },
  { "input-ends", "cat; echo end", "", 0, "end\n", "" },
  { "input-unread", "exit 7", "nobody reads this\n", 7, "", "" },
  { "no-input", "cat; echo end", NULL, 0, "end\n", "" },
  { "shell", "printf '%s-' a 'b c' \"$HOME\" | tr -d /; echo; test -n \"$HOME\"", NULL, 0, NULL,
    "" },
  { "killed", "kill -9 $$", NULL, 255, "", "" },
};

static void
test_command (Fixture       *f,
              gconstpointer  data)
{
  const typeof (commands[0]) *c = data;
  g_autoptr(CvmSsh) ssh = open_ok (f);
  g_autoptr(GError) error = NULL;
  Output output = output_new ();
  int exit_status = -1;

  cvm_ssh_exec (ssh, c->command, c->input, c->input != NULL ? strlen (c->input) : 0, on_stdout,
                on_stderr,
                &output, cvm_deadline_in_ms (LIMIT_MS), NULL, &exit_status, &error);

  g_assert_no_error (error);
  g_assert_cmpint (exit_status, ==, c->exit_status);
  if (c->out != NULL)
    g_assert_cmpstr (output.out->str, ==, c->out);
  g_assert_cmpstr (output.err->str, ==, c->err);
  output_clear (&output);
}

static void
test_several_commands (Fixture       *f,
                       gconstpointer  data)
{
  g_autoptr(CvmSsh) ssh = open_ok (f);

  for (int i = 0; i < 20; i++)
    {
      g_autofree char *command = g_strdup_printf ("exit %d", i);
      g_autoptr(GError) error = NULL;
      int exit_status = -1;

      cvm_ssh_exec (ssh, command, NULL, 0, NULL, NULL, NULL, cvm_deadline_in_ms (LIMIT_MS), NULL,
                    &exit_status, &error);
      g_assert_no_error (error);
      g_assert_cmpint (exit_status, ==, i);
    }
}

/* A hundred megabytes out, and a few in and out again */
static void
test_flood (Fixture       *f,
            gconstpointer  data)
{
  g_autoptr(CvmSsh) ssh = open_ok (f);
  g_autoptr(GError) error = NULL;
  Output output = output_new ();
  gsize size = 4 * 1024 * 1024;
  g_autofree char *input = g_malloc (size);
  int exit_status = -1;

  cvm_ssh_exec (ssh, "head -c 104857600 /dev/zero; head -c 1000000 /dev/zero >&2; exit 9", NULL, 0,
                on_stdout, on_stderr,
                &output, cvm_deadline_in_ms (LIMIT_MS * 2), NULL, &exit_status, &error);
  g_assert_no_error (error);
  g_assert_cmpint (exit_status, ==, 9);
  g_assert_cmpuint (output.total, ==, 105857600);

  memset (input, 'x', size);
  output.total = 0;
  cvm_ssh_exec (ssh, "cat", input, size, on_stdout, on_stderr, &output,
                cvm_deadline_in_ms (LIMIT_MS), NULL,
                &exit_status, &error);
  g_assert_no_error (error);
  g_assert_cmpint (exit_status, ==, 0);
  g_assert_cmpuint (output.total, ==, size);
  output_clear (&output);
}

static void
test_password (Fixture       *f,
               gconstpointer  data)
{
  CvmSshTarget target = target_of (f, f->peer);
  g_autoptr(GError) error = NULL;
  g_autoptr(CvmSsh) ssh = NULL;

  target.key_file = NULL;
  target.password = PASSWORD;
  ssh = cvm_channel_ssh_open (&target, cvm_deadline_in_ms (LIMIT_MS), NULL, &error);
  g_assert_no_error (error);
  g_clear_object (&ssh);

  /* A key that is not taken, and then the password */
  target.key_file = f->other_key;
  ssh = cvm_channel_ssh_open (&target, cvm_deadline_in_ms (LIMIT_MS), NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (ssh);
}

/* By questions (keyboard-interactive), where a server takes no password as such */
static void
test_questions (Fixture       *f,
                gconstpointer  data)
{
  CvmPeerAsker asker = { f->other_key, PASSWORD };
  CvmPeer *peer = cvm_peer_new (cvm_peer_ask, &asker);
  CvmSshTarget target = target_of (f, peer);
  g_autoptr(GError) error = NULL;
  CvmSsh *ssh;

  target.key_file = NULL;
  target.password = PASSWORD;
  ssh = cvm_channel_ssh_open (&target, cvm_deadline_in_ms (LIMIT_MS), NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (ssh);
  g_object_unref (ssh);
  g_assert_cmpuint (asker.rounds, ==, 1);

  /* One that no answer pleases is not answered for ever. */
  asker.password = NULL;
  open_fails (&target, LIMIT_MS, NULL, CVM_ENGINE_ERROR, CVM_ENGINE_ERROR_REFUSED,
              "it takes: keyboard-interactive");
  g_assert_cmpuint (asker.rounds, <, 20);
  cvm_peer_free (peer);
}

/* Tests: what is refused */

static void
test_refused (Fixture       *f,
              gconstpointer  data)
{
  CvmSshTarget target = target_of (f, f->peer);
  g_autofree char *missing = g_build_filename (f->dir, "no-such-key", NULL);
  g_autofree char *empty = g_build_filename (f->dir, "empty", NULL);

  write_text (f->dir, "empty", "");

  target.key_file = f->other_key;
  open_fails (&target, LIMIT_MS, NULL, CVM_ENGINE_ERROR, CVM_ENGINE_ERROR_REFUSED,
              "it takes: publickey, password");
  target.key_file = missing;
  open_fails (&target, LIMIT_MS, NULL, CVM_ENGINE_ERROR, CVM_ENGINE_ERROR_REFUSED, "no-such-key");
  target.key_file = empty;
  open_fails (&target, LIMIT_MS, NULL, CVM_ENGINE_ERROR, CVM_ENGINE_ERROR_REFUSED,
              "no private key");
  target.key_file = f->dir;
  open_fails (&target, LIMIT_MS, NULL, CVM_ENGINE_ERROR, CVM_ENGINE_ERROR_REFUSED,
              "not a regular file");
  target.key_file = NULL;
  open_fails (&target, LIMIT_MS, NULL, CVM_ENGINE_ERROR, CVM_ENGINE_ERROR_REFUSED,
              "without key or password");
  target.password = PASSWORD "x";
  open_fails (&target, LIMIT_MS, NULL, CVM_ENGINE_ERROR, CVM_ENGINE_ERROR_REFUSED, "the password");

  g_assert_false (g_file_test (f->known, G_FILE_TEST_EXISTS));
}

/* OpenSSL would ask for it on the terminal. */
static void
test_passphrase (Fixture       *f,
                 gconstpointer  data)
{
  CvmSshTarget target = target_of (f, f->peer);
  g_autofree char *path = g_build_filename (f->dir, "locked-key", NULL);
  ssh_key key = NULL;

  g_assert_cmpint (ssh_pki_generate (SSH_KEYTYPE_RSA, 2048, &key), ==, SSH_OK);
  g_assert_cmpint (ssh_pki_export_privkey_file (key, "opensesame", NULL, NULL, path), ==, SSH_OK);
  ssh_key_free (key);

  target.key_file = path;
  open_fails (&target, LIMIT_MS, NULL, CVM_ENGINE_ERROR, CVM_ENGINE_ERROR_REFUSED, "passphrase");
}

static void
test_other_host_key (Fixture       *f,
                     gconstpointer  data)
{
  CvmSshTarget target;
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;

  g_object_unref (open_ok (f));
  before = cvm_file_read (f->known, 1000, NULL, NULL);

  stop_dropbear (f);
  start_dropbear (f, "another-host-key", NULL);
  target = target_of (f, f->peer);
  open_fails (&target, LIMIT_MS, NULL, CVM_ENGINE_ERROR, CVM_ENGINE_ERROR_REFUSED,
              "the server's key has changed");
  after = cvm_file_read (f->known, 1000, NULL, NULL);
  g_assert_cmpstr (before, ==, after);

  stop_dropbear (f);
  start_dropbear (f, "host-key", NULL);
  g_object_unref (open_ok (f));
}

/* The user's own files say: run a program, trust another key, log in with this key. */
static void
test_user_files (Fixture       *f,
                 gconstpointer  data)
{
  CvmSshTarget target = target_of (f, f->peer);
  g_autofree char *ran = g_build_filename (f->dir, "ran", NULL);
  g_autofree char *config = g_strdup_printf ("Host *\n  ProxyCommand touch %s\n  Port 1\n"
                                              "  HostKeyAlgorithms rsa-sha2-512\n", ran);
  g_autofree char *known_hosts = g_strdup_printf ("[127.0.0.1]:%u ssh-ed25519 " OTHER_HOST_KEY "\n",
                                                  target.port);
  g_autofree char *key = cvm_file_read (f->key, 10000, NULL, NULL);
  g_autofree char *after = NULL;
  g_autofree char *known_hosts_file = g_build_filename (f->user_home, ".ssh", "known_hosts", NULL);

  write_text (f->user_home, ".ssh/config", config);
  write_text (f->user_home, ".ssh/known_hosts", known_hosts);
  write_text (f->user_home, ".ssh/id_ed25519", key);

  g_object_unref (open_ok (f));

  target.key_file = NULL;
  open_fails (&target, LIMIT_MS, NULL, CVM_ENGINE_ERROR, CVM_ENGINE_ERROR_REFUSED,
              "without key or password");

  after = cvm_file_read (known_hosts_file, 10000, NULL, NULL);
  g_assert_cmpstr (after, ==, known_hosts);
  g_assert_false (g_file_test (ran, G_FILE_TEST_EXISTS));
}

/* An account without a password lets in who brings nothing, and so proves nothing about a key. */
static void
test_open_account (Fixture       *f,
                   gconstpointer  data)
{
  CvmSshTarget target;
  g_autoptr(GError) error = NULL;
  g_autoptr(CvmSsh) ssh = NULL;

  stop_dropbear (f);
  start_dropbear (f, "host-key", "-B");
  target = target_of (f, f->peer);

  target.key_file = f->other_key;
  open_fails (&target, LIMIT_MS, NULL, CVM_ENGINE_ERROR, CVM_ENGINE_ERROR_REFUSED, "other-key");

  target.key_file = NULL;
  ssh = cvm_channel_ssh_open (&target, cvm_deadline_in_ms (LIMIT_MS), NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (ssh);
}

/* Tests: an agent */

static void
test_agent (Fixture       *f,
            gconstpointer  data)
{
  CvmSshTarget target = target_of (f, f->peer);
  g_autofree char *path = g_build_filename (f->dir, "agent", NULL);
  const char *add[] = { "ssh-add", "-q", f->key, NULL };
  g_autoptr(GSubprocess) agent = NULL;
  g_autoptr(GDataInputStream) lines = NULL;
  g_autofree char *line = NULL;
  g_autoptr(CvmSsh) ssh = NULL;
  g_autoptr(GError) error = NULL;
  int status = -1;

  agent = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, "ssh-agent", "-D", "-a", path,
                            NULL);
  g_assert_no_error (error);

  /* It prints its address when it listens. */
  lines = g_data_input_stream_new (g_subprocess_get_stdout_pipe (agent));
  line = g_data_input_stream_read_line (lines, NULL, NULL, &error);
  g_assert_nonnull (line);

  g_setenv ("SSH_AUTH_SOCK", path, TRUE);
  g_spawn_sync (NULL, (char **)add, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, &status,
                &error);
  g_assert_no_error (error);
  g_assert_cmpint (status, ==, 0);

  target.key_file = NULL;
  ssh = cvm_channel_ssh_open (&target, cvm_deadline_in_ms (LIMIT_MS), NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (ssh);

  /* A key that is named, and wrong, is not made good by the agent's. */
  target.key_file = f->other_key;
  open_fails (&target, LIMIT_MS, NULL, CVM_ENGINE_ERROR, CVM_ENGINE_ERROR_REFUSED, "other-key");

  g_subprocess_force_exit (agent);
  g_subprocess_wait (agent, NULL, NULL);
}

/* The stand-in for an agent listens and says nothing. */
static void
test_silent_agent (Fixture       *f,
                   gconstpointer  data)
{
  CvmSshTarget target = target_of (f, f->peer);
  g_autofree char *path = g_build_filename (f->dir, "agent", NULL);
  g_autoptr(GSocketAddress) address = g_unix_socket_address_new (path);
  g_autoptr(GError) error = NULL;
  g_autoptr(GSocket) listener = g_socket_new (G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_STREAM,
                                              G_SOCKET_PROTOCOL_DEFAULT, &error);

  g_assert_no_error (error);
  g_socket_bind (listener, address, TRUE, &error);
  g_assert_no_error (error);
  g_socket_listen (listener, &error);
  g_assert_no_error (error);

  g_setenv ("SSH_AUTH_SOCK", path, TRUE);
  target.key_file = NULL;
  open_fails (&target, 1500, NULL, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "agent");
}

/* Tests: what hangs or breaks */

#define X40 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"

static const struct
{
  const char   *name;
  CvmPeerScript script;
  int           code;          /* of G_IO_ERROR; -1: any */
  const char   *message;
} stand_ins[] = {
  { "silent", { .says = NULL }, G_IO_ERROR_TIMED_OUT, "no ssh server has answered" },
  { "closes", { .hangs_up = TRUE }, G_IO_ERROR_CONNECTION_CLOSED,
    "while waiting for an ssh server" },
  { "half-banner", { "SSH-2.0-half" }, G_IO_ERROR_TIMED_OUT, "no ssh server has answered" },
  { "banner-closes", { "SSH-2.0-half\r\n", .hangs_up = TRUE }, G_IO_ERROR_CONNECTION_CLOSED,
    "while agreeing on a key" },
  { "banner-silent", { "SSH-2.0-half\r\n" }, G_IO_ERROR_TIMED_OUT, "stopped answering" },
  { "http", { "HTTP/1.0 400 Bad Request\r\n\r\n", .hangs_up = TRUE }, -1, "" },
  { "flood-no-line", { .then = X40 }, -1, "" },
  { "flood-lines", { .then = "not yet\r\n" }, -1, "" },
  { "flood-after-banner", { "SSH-2.0-flood\r\n", X40 }, -1, "" },
  { "big-packet", { "SSH-2.0-big\r\n\x7f\xff\xff\xff\x04\x14" }, -1, "" },
  { "ssh-1", { "SSH-1.5-old\r\n" }, -1, "" },
};

static void
test_stand_in (Fixture       *f,
               gconstpointer  data)
{
  const typeof (stand_ins[0]) *c = data;
  CvmPeerScript script = c->script;
  CvmPeer *peer = cvm_peer_new (cvm_peer_play, &script);
  CvmSshTarget target = target_of (f, peer);
  g_autoptr(GError) error = NULL;
  gint64 start_us = g_get_monotonic_time ();
  CvmSsh *ssh = cvm_channel_ssh_open (&target, cvm_deadline_in_ms (SHORT_MS), NULL, &error);

  g_assert_null (ssh);
  g_assert_nonnull (error);
  g_test_message ("%s", error->message);
  g_assert_true (error->domain == G_IO_ERROR);   /* the next try may find the guest up */
  if (c->code != -1)
    g_assert_cmpint (error->code, ==, c->code);
  g_assert_nonnull (strstr (error->message, c->message));
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
  g_assert_cmpint (g_get_monotonic_time () - start_us, <, (SHORT_MS + 3000) * 1000);
  cvm_peer_free (peer);
}

static void
test_nobody_listens (Fixture       *f,
                     gconstpointer  data)
{
  CvmPeerScript script = { NULL };
  CvmPeer *peer = cvm_peer_new (cvm_peer_play, &script);
  CvmSshTarget target = target_of (f, peer);

  cvm_peer_free (peer);
  open_fails (&target, LIMIT_MS, NULL, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED,
              "ssh tester@127.0.0.1");

  target.address = "no-address.invalid";
  open_fails (&target, LIMIT_MS, NULL, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
              "no-address.invalid");
}

static void
test_cancel_open (Fixture       *f,
                  gconstpointer  data)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  CvmPeerScript script = { .cancels = cancellable };
  CvmPeer *peer = cvm_peer_new (cvm_peer_play, &script);
  CvmSshTarget target = target_of (f, peer);

  open_fails (&target, LIMIT_MS, cancellable, G_IO_ERROR, G_IO_ERROR_CANCELLED, "");
  open_fails (&target, LIMIT_MS, cancellable, G_IO_ERROR, G_IO_ERROR_CANCELLED, "");
  cvm_peer_free (peer);
}

static const struct
{
  const char *name;
  const char *command;
  gboolean    cancels;
  int         code;          /* of G_IO_ERROR */
  gboolean    is_usable;     /* the session, afterwards */
} breaks[] = {
  { "deadline", "sleep 10", FALSE, G_IO_ERROR_TIMED_OUT, TRUE },
  { "deadline-flood", "cat /dev/zero", FALSE, G_IO_ERROR_TIMED_OUT, TRUE },
  { "cancel", "echo go; exec sleep 10", TRUE, G_IO_ERROR_CANCELLED, TRUE },
  { "cancel-flood", "cat /dev/zero", TRUE, G_IO_ERROR_CANCELLED, TRUE },
  { "server-dies", "echo go; kill -9 $PPID; sleep 10", FALSE, G_IO_ERROR_CONNECTION_CLOSED, FALSE },
  { "server-dies-flood", "(sleep 0.1; kill -9 $PPID) & cat /dev/zero", FALSE,
    G_IO_ERROR_CONNECTION_CLOSED, FALSE },
  { "server-stops", "echo go; kill -STOP $PPID; sleep 10", FALSE, G_IO_ERROR_TIMED_OUT, FALSE },
};

static void
test_break (Fixture       *f,
            gconstpointer  data)
{
  const typeof (breaks[0]) *c = data;
  g_autoptr(CvmSsh) ssh = open_ok (f);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) second_error = NULL;
  Output output = output_new ();
  gint64 start_us = g_get_monotonic_time ();
  gint64 limit_ms = c->code == G_IO_ERROR_TIMED_OUT ? SHORT_MS : LIMIT_MS;
  int exit_status = -1;

  output.cancels = c->cancels ? cancellable : NULL;
  g_assert_false (cvm_ssh_exec (ssh, c->command, NULL, 0, on_stdout, on_stderr, &output,
                                cvm_deadline_in_ms (limit_ms), cancellable, &exit_status, &error));
  g_assert_error (error, G_IO_ERROR, c->code);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, "ssh tester@127.0.0.1"));
  g_assert_cmpint (exit_status, ==, -1);
  g_assert_cmpint (g_get_monotonic_time () - start_us, <, (limit_ms + 3000) * 1000);

  /* What the first one left behind neither disturbs the second nor comes as its output. */
  output.cancels = NULL;
  g_string_truncate (output.out, 0);
  cvm_ssh_exec (ssh, "echo again", NULL, 0, on_stdout, on_stderr, &output,
                cvm_deadline_in_ms (c->is_usable ? LIMIT_MS : SHORT_MS), NULL, &exit_status,
                &second_error);
  if (c->is_usable)
    {
      g_assert_no_error (second_error);
      g_assert_cmpint (exit_status, ==, 0);
      g_assert_cmpstr (output.out->str, ==, "again\n");
    }
  else
    {
      g_assert_nonnull (second_error);
    }
  output_clear (&output);
}

/* A key is made once, private, and its public half is what ssh-keygen says it is */
static void
test_key (void)
{
  g_autofree char *dir = g_dir_make_tmp ("cvm-key-XXXXXX", NULL);
  g_autofree char *file = g_build_filename (dir, "key", NULL);
  g_autofree char *first = NULL;
  g_autofree char *again = NULL;
  g_autofree char *said = NULL;
  g_autoptr(GError) error = NULL;
  const char *argv[] = { "ssh-keygen", "-y", "-f", file, NULL };
  struct stat info;

  first = cvm_channel_ssh_key (file, &error);
  g_assert_no_error (error);
  g_assert_true (g_str_has_prefix (first, "ssh-ed25519 AAAA"));
  g_assert_cmpint (stat (file, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0600);
  again = cvm_channel_ssh_key (file, &error);
  g_assert_cmpstr (again, ==, first);

  g_assert_true (g_spawn_sync (NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &said,
                               NULL, NULL, NULL));
  g_strchomp (said);
  g_assert_true (g_str_has_prefix (first, said));

  g_assert_true (g_file_set_contents (file, "no key", -1, NULL));
  g_assert_null (cvm_channel_ssh_key (file, &error));
  g_assert_error (error, CVM_ENGINE_ERROR, CVM_ENGINE_ERROR_REFUSED);
  g_unlink (file);
  g_rmdir (dir);
}

int
main (int    argc,
      char **argv)
{
  static const struct { const char *path; void (*test) (Fixture *, gconstpointer); } tests[] = {
    { "/channel/ssh/login", test_login },
    { "/channel/ssh/several-commands", test_several_commands },
    { "/channel/ssh/flood", test_flood },
    { "/channel/ssh/password", test_password },
    { "/channel/ssh/questions", test_questions },
    { "/channel/ssh/refused", test_refused },
    { "/channel/ssh/passphrase", test_passphrase },
    { "/channel/ssh/other-host-key", test_other_host_key },
    { "/channel/ssh/user-files", test_user_files },
    { "/channel/ssh/open-account", test_open_account },
    { "/channel/ssh/agent", test_agent },
    { "/channel/ssh/silent-agent", test_silent_agent },
    { "/channel/ssh/nobody-listens", test_nobody_listens },
    { "/channel/ssh/cancel-open", test_cancel_open },
  };

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/channel/ssh/public-key", test_key);

  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].test, tear_down);

  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      g_autofree char *path = g_strdup_printf ("/channel/ssh/command/%s", commands[i].name);

      g_test_add (path, Fixture, &commands[i], set_up, test_command, tear_down);
    }

  for (gsize i = 0; i < G_N_ELEMENTS (stand_ins); i++)
    {
      g_autofree char *path = g_strdup_printf ("/channel/ssh/stand-in/%s", stand_ins[i].name);

      g_test_add (path, Fixture, &stand_ins[i], set_up, test_stand_in, tear_down);
    }

  for (gsize i = 0; i < G_N_ELEMENTS (breaks); i++)
    {
      g_autofree char *path = g_strdup_printf ("/channel/ssh/break/%s", breaks[i].name);

      g_test_add (path, Fixture, &breaks[i], set_up, test_break, tear_down);
    }

  return g_test_run ();
}
