/* fuzz-keyfile.c: any bytes as a key file, and as a suite
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-keyfile.h"
#include "cvm-suite.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput (const uint8_t *data,
                            size_t         size);

static const CvmParam params[] = {
  { "text", CVM_PARAM_STRING, "", "Text" },
  { "number", CVM_PARAM_INTEGER, "1", "Number", 1, 9 },
  { "flag", CVM_PARAM_BOOLEAN, "false", "Flag" },
  { "limit", CVM_PARAM_DURATION, "30s", "Time" },
  { "pattern", CVM_PARAM_PATTERN, "", "Pattern" },
  { "from", CVM_PARAM_CHOICE, "boot", "Choice", .choices = "boot;now" },
  { "mask", CVM_PARAM_FILE, "", "File" },
  { "argv", CVM_PARAM_ARGV, "true", "Program" },
  { NULL }
};

static const CvmCheckInfo check = { "any", "Any check", "", params, 30000, TRUE };

static const CvmCheckInfo *
lookup (const char *id)
{
  return strchr (id, 'x') == NULL ? &check : NULL;
}

/* "f:LINE: message", on one line of fit text */
static void
check_error (GError *error)
{
  g_assert_true (g_str_has_prefix (error->message, "f:"));
  g_assert_true (g_ascii_isdigit (error->message[2]));
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
  g_assert_cmpuint (strcspn (error->message, "\n\r\033"), ==, strlen (error->message));
}

/* A value that is set to what it is stays what it is; so does what stands around it. */
static void
check_entry (CvmKeyfile *file,
             guint       group,
             guint       index)
{
  guint n_groups = cvm_keyfile_n_groups (file);
  guint n_entries = cvm_keyfile_n_entries (file, group);
  const CvmKeyfileEntry *entry = cvm_keyfile_entry (file, group, index);
  g_autofree char *kind = g_strdup (cvm_keyfile_group (file, group)->kind);
  g_autofree char *id = g_strdup (cvm_keyfile_group (file, group)->id);
  g_autofree char *key = g_strdup (entry->key);
  g_autofree char *value = g_strdup (entry->value);
  g_auto(GStrv) items = cvm_keyfile_split (file, entry);
  g_autofree char *joined = cvm_keyfile_join ((const char *const *)items);
  g_auto(GStrv) again = cvm_keyfile_split_text (joined);
  guint line = entry->line;

  g_assert_true (g_strv_equal ((const char *const *)items, (const char *const *)again));
  g_assert_true (cvm_keyfile_find (file, kind, id, key) == entry);

  cvm_keyfile_set (file, kind, id, key, value);
  entry = cvm_keyfile_find (file, kind, id, key);
  g_assert_cmpstr (entry->value, ==, value);
  g_assert_cmpuint (entry->line, ==, line);
  g_assert_cmpuint (cvm_keyfile_n_groups (file), ==, n_groups);
  g_assert_cmpuint (cvm_keyfile_n_entries (file, group), ==, n_entries);
}

static void
check_keyfile (CvmKeyfile    *file,
               const uint8_t *data,
               size_t         size)
{
  gsize len;
  g_autofree char *same = cvm_keyfile_to_data (file, &len);

  g_assert_cmpmem (same, len, data, size);

  for (guint i = 0; i < MIN (cvm_keyfile_n_groups (file), 20); i++)
    {
      for (guint j = 0; j < MIN (cvm_keyfile_n_entries (file, i), 20); j++)
        check_entry (file, i, j);
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autoptr(GError) file_error = NULL;
  g_autoptr(GError) suite_error = NULL;
  g_autoptr(CvmKeyfile) file = NULL;
  g_autoptr(CvmSuite) suite = NULL;
  g_autoptr(CvmSuite) resolved = NULL;

  file = cvm_keyfile_new_from_data ((const char *)data, size, "f", &file_error);
  suite = cvm_suite_new_from_data ((const char *)data, size, "f", lookup, &suite_error);
  g_assert_true ((file == NULL) == (file_error != NULL));
  g_assert_true ((suite == NULL) == (suite_error != NULL));

  if (file == NULL)
    g_assert_cmpstr (file_error->message, ==, suite_error->message);
  else
    check_keyfile (file, data, size);

  if (suite_error != NULL)
    check_error (suite_error);
  else
    resolved = cvm_suite_resolve (suite, cvm_suite_get_presets (suite)[0], NULL, NULL, NULL);

  g_assert_true ((suite == NULL) == (resolved == NULL));

  return 0;
}
