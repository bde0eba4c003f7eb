/* cvm-channel-ssh-key.c: the public half of a key, and a new key where there is none
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-channel-ssh-private.h"

#include <string.h>

#include "cvm-file.h"

static ssh_key
make_key (const char  *file,
          GError     **error)
{
  char *text = NULL;
  ssh_key key = NULL;
  gboolean is_kept;

  if (ssh_pki_generate (SSH_KEYTYPE_ED25519, 0, &key) != SSH_OK
      || ssh_pki_export_privkey_base64 (key, NULL, NULL, NULL, &text) != SSH_OK)
    {
      g_clear_pointer (&key, ssh_key_free);
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, "no ssh key could be made");
      return NULL;
    }

  is_kept = cvm_file_write (file, text, -1, 0600, error);
  explicit_bzero (text, strlen (text));
  ssh_string_free_char (text);
  if (!is_kept)
    g_clear_pointer (&key, ssh_key_free);

  return key;
}

char *
cvm_channel_ssh_key (const char  *file,
                     GError     **error)
{
  gboolean is_there = g_file_test (file, G_FILE_TEST_EXISTS);
  ssh_key key = is_there ? cvm_channel_ssh_read_key (file, error) : make_key (file, error);
  char *base64 = NULL;
  char *line;

  if (key == NULL)
    return NULL;

  if (ssh_pki_export_pubkey_base64 (key, &base64) != SSH_OK)
    {
      ssh_key_free (key);
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s has no public half", file);
      return NULL;
    }

  line = g_strdup_printf ("%s %s cvmtester", ssh_key_type_to_char (ssh_key_type (key)), base64);
  ssh_string_free_char (base64);
  ssh_key_free (key);

  return line;
}
