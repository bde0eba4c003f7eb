/* cvm-secrets.c: the passwords of a job, which nothing of it may show
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-secrets.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cvm-engine-error.h"
#include "cvm-file.h"

#define FILE_MAX       4096
#define GENERATED_LEN  20
#define HIDDEN_MIN     6

/* Without those that are read for another: 0 O o, 1 I l */
#define ALPHABET "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"

struct _CvmSecrets
{
  GHashTable *values;   /* of char *, wiped when it goes */
};

static void
wipe (gpointer value)
{
  explicit_bzero (value, strlen (value));
  g_free (value);
}

CvmSecrets *
cvm_secrets_new (void)
{
  CvmSecrets *self = g_new (CvmSecrets, 1);

  self->values = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, wipe);

  return self;
}

void
cvm_secrets_free (CvmSecrets *self)
{
  g_hash_table_unref (self->values);
  g_free (self);
}

const char *
cvm_secrets_find (CvmSecrets *self,
                  const char *key)
{
  return g_hash_table_lookup (self->values, key);
}

const char *
cvm_secrets_keep (CvmSecrets *self,
                  const char *key,
                  char       *value)
{
  g_hash_table_replace (self->values, g_strdup (key), value);

  return value;
}

static gboolean
is_hidden (const char *value)
{
  gsize len = strlen (value);

  return len >= HIDDEN_MIN && strspn (value, "abcdefghijklmnopqrstuvwxyz") < len;
}

void
cvm_secrets_hide (CvmSecrets *self,
                  char       *text,
                  gsize       len)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->values);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      gsize value_len = strlen (value);
      char *found = text;

      while (is_hidden (value)
             && (found = memmem (found, text + len - found, value, value_len)) != NULL)
        {
          memset (found, '*', value_len);
          found += value_len;    /* a secret may be asterisks itself */
        }
    }
}

/* Every letter is as likely as any other: what is left of the 256 after the last whole alphabet
 * is not used */
char *
cvm_secrets_generate (GError **error)
{
  const gsize n_letters = strlen (ALPHABET);
  g_autofree char *password = g_malloc0 (GENERATED_LEN + 1);
  gsize len = 0;

  while (len < GENERATED_LEN)
    {
      guint8 byte;

      if (getentropy (&byte, 1) < 0)
        {
          g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno),
                       "no password can be made up: %s", g_strerror (errno));
          return NULL;
        }

      if (byte < 256 / n_letters * n_letters)
        password[len++] = ALPHABET[byte % n_letters];
    }

  return g_steal_pointer (&password);
}

char *
cvm_secrets_read_file (const char  *path,
                       GError     **error)
{
  struct stat info;
  char *password;

  if (stat (path, &info) == 0 && (info.st_mode & 077) != 0)
    {
      g_set_error (error, CVM_ENGINE_ERROR, CVM_ENGINE_ERROR_REFUSED,
                   "%s can be read by others; run: chmod 600 '%s'", path, path);
      return NULL;
    }

  password = cvm_file_read (path, FILE_MAX, NULL, error);
  if (password != NULL)
    password[strcspn (password, "\r\n")] = '\0';

  return password;
}
