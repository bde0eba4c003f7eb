/* test-secrets.c: passwords are made up well, read from private files only, and hidden
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-secrets.h"

#include <glib/gstdio.h>
#include <string.h>

#include "cvm-engine-error.h"

typedef struct
{
  const char *name, *secret, *text, *shown;
} Row;

static const Row rows[] = {
  { "none", "Sesame1", "open it", "open it" },
  { "alone", "Sesame1", "Sesame1", "*******" },
  { "within", "Sesame1", "say Sesame1!", "say *******!" },
  { "twice", "Sesame1", "Sesame1Sesame1", "**************" },
  { "part", "Sesame1", "Sesame", "Sesame" },
  { "short", "Ab1", "Ab1", "Ab1" },
  { "word", "password", "the password", "the password" },
  { "empty", "", "text", "text" },
  { "asterisks", "*******", "*********", "*********" },
};

static void
test_hide (gconstpointer data)
{
  const Row *row = data;
  g_autoptr(CvmSecrets) secrets = cvm_secrets_new ();
  g_autofree char *text = g_strdup (row->text);

  cvm_secrets_keep (secrets, "key", g_strdup (row->secret));
  cvm_secrets_hide (secrets, text, strlen (text));
  g_assert_cmpstr (text, ==, row->shown);
}

/* Evidence may hold a NUL */
static void
test_hide_bytes (void)
{
  g_autoptr(CvmSecrets) secrets = cvm_secrets_new ();
  char bytes[] = "a\0Sesame1";

  cvm_secrets_keep (secrets, "key", g_strdup ("Sesame1"));
  cvm_secrets_hide (secrets, bytes, sizeof bytes - 1);
  g_assert_cmpmem (bytes, sizeof bytes - 1, "a\0*******", 9);
}

static void
test_table (void)
{
  g_autoptr(CvmSecrets) secrets = cvm_secrets_new ();
  const char *kept = cvm_secrets_keep (secrets, "a", g_strdup ("one"));

  g_assert_true (cvm_secrets_find (secrets, "a") == kept);
  g_assert_null (cvm_secrets_find (secrets, "b"));
  cvm_secrets_keep (secrets, "a", g_strdup ("two"));
  g_assert_cmpstr (cvm_secrets_find (secrets, "a"), ==, "two");
}

/* 20 of 56 letters; over 500 passwords each letter comes 178 times on average */
static void
test_generate (void)
{
  g_autoptr(GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  guint counts[128] = { 0 };
  guint n_letters = 0;

  for (guint i = 0; i < 500; i++)
    {
      g_autoptr(GError) error = NULL;
      char *password = cvm_secrets_generate (&error);

      g_assert_no_error (error);
      g_assert_cmpuint (strlen (password), ==, 20);
      for (const char *c = password; *c != '\0'; c++)
        counts[(guchar)*c & 127]++;
      g_assert_true (g_hash_table_add (seen, password));
    }

  for (guint c = 0; c < G_N_ELEMENTS (counts); c++)
    {
      if (counts[c] == 0)
        continue;

      n_letters++;
      g_assert_true (g_ascii_isalnum (c));
      g_assert_cmpuint (counts[c], >, 90);
      g_assert_cmpuint (counts[c], <, 300);
    }

  g_assert_cmpuint (n_letters, ==, 56);
}

static void
test_file (void)
{
  g_autofree char *dir = g_dir_make_tmp ("cvm-secrets-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (dir, "secret", NULL);
  g_autofree char *password = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_null (cvm_secrets_read_file (path, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_clear_error (&error);

  g_assert_true (g_file_set_contents (path, "open sesame\r\nmore\n", -1, NULL));
  g_assert_cmpint (g_chmod (path, 0640), ==, 0);
  g_assert_null (cvm_secrets_read_file (path, &error));
  g_assert_error (error, CVM_ENGINE_ERROR, CVM_ENGINE_ERROR_REFUSED);
  g_assert_nonnull (strstr (error->message, "chmod 600"));
  g_clear_error (&error);

  g_assert_cmpint (g_chmod (path, 0600), ==, 0);
  password = cvm_secrets_read_file (path, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (password, ==, "open sesame");

  g_unlink (path);
  g_rmdir (dir);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strconcat ("/secrets/hide/", rows[i].name, NULL);

      g_test_add_data_func (path, &rows[i], test_hide);
    }
  g_test_add_func ("/secrets/hide-bytes", test_hide_bytes);
  g_test_add_func ("/secrets/table", test_table);
  g_test_add_func ("/secrets/generate", test_generate);
  g_test_add_func ("/secrets/file", test_file);

  return g_test_run ();
}
