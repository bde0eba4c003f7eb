/* cvm-signature.c: detached GnuPG signatures
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * gpgv says what it found in lines "[GNUPG:] KEYWORD …" on the descriptor that it is told; those
 * are its contract, its exit status alone does not tell bad from unknown. */
#include "cvm-signature.h"

#include <string.h>

#include "cvm-process.h"
#include "cvm-text.h"

#define MAX_STATUS (64 * 1024)

static const struct
{
  const char          *keyword;
  CvmSignatureVerdict  verdict;
} keywords[] = {
  /* In this order: what makes a signature worthless stands before what would make it good. */
  { "BADSIG", CVM_SIGNATURE_BAD },
  { "EXPSIG", CVM_SIGNATURE_EXPIRED },
  { "EXPKEYSIG", CVM_SIGNATURE_EXPIRED },
  { "REVKEYSIG", CVM_SIGNATURE_EXPIRED },
  { "ERRSIG", CVM_SIGNATURE_UNKNOWN_KEY },
  { "NO_PUBKEY", CVM_SIGNATURE_UNKNOWN_KEY },
  { "VALIDSIG", CVM_SIGNATURE_GOOD },
};

static void
on_status (const char *bytes,
           gsize       len,
           gpointer    data)
{
  GString *status = data;

  g_string_append_len (status, bytes, (gssize)MIN (len, MAX_STATUS - status->len));
}

/* What stands behind "[GNUPG:] KEYWORD " in the first such line, or NULL */
static char *
find_line (const char *status,
           const char *keyword)
{
  g_autofree char *start = g_strdup_printf ("[GNUPG:] %s ", keyword);
  const char *line = g_str_has_prefix (status, start) ? status : NULL;

  if (line == NULL)
    {
      g_autofree char *later = g_strconcat ("\n", start, NULL);

      line = strstr (status, later);
      if (line == NULL)
        return NULL;
      line++;
    }

  line += strlen (start);

  return g_strndup (line, strcspn (line, "\n"));
}

/* "KEYID WHO" → who */
static char *
name_signer (const char *status,
             const char *keyword)
{
  gboolean is_valid = g_str_equal (keyword, "VALIDSIG");   /* that line has no name in it */
  g_autofree char *line = find_line (status, is_valid ? "GOODSIG" : keyword);
  g_autofree char *valid = line != NULL ? g_utf8_make_valid (line, -1) : NULL;
  const char *who = valid != NULL ? strchr (valid, ' ') : NULL;

  return cvm_text_quote (who != NULL ? who + 1 : valid != NULL ? valid : "nobody");
}

static char *
describe (CvmSignatureVerdict  verdict,
          const char          *status,
          const char          *keyword)
{
  g_autofree char *line = keyword != NULL ? find_line (status, keyword) : NULL;
  g_autofree char *who = keyword != NULL ? name_signer (status, keyword) : NULL;

  switch (verdict)
    {
    case CVM_SIGNATURE_GOOD:
      return g_strdup_printf ("a good signature by %s", who);
    case CVM_SIGNATURE_BAD:
      return g_strdup_printf ("the file is not what %s signed", who);
    case CVM_SIGNATURE_UNKNOWN_KEY:
      line[strcspn (line, " ")] = '\0';
      return g_strdup_printf ("it is signed with the key %s, which the keyring does not have",
                              line);
    case CVM_SIGNATURE_EXPIRED:
      return g_strdup_printf ("the signature by %s, or its key, has expired or was revoked", who);
    case CVM_SIGNATURE_UNREADABLE:
    default:
      return g_strdup ("it is no signature");
    }
}

static CvmSignatureVerdict
judge (const char  *status,
       int          exit_status,
       const char **keyword)
{
  for (guint i = 0; i < G_N_ELEMENTS (keywords); i++)
    {
      g_autofree char *line = find_line (status, keywords[i].keyword);

      if (line == NULL || (keywords[i].verdict == CVM_SIGNATURE_GOOD && exit_status != 0))
        continue;

      *keyword = keywords[i].keyword;
      return keywords[i].verdict;
    }

  *keyword = NULL;

  return CVM_SIGNATURE_UNREADABLE;
}

static gboolean
check_files (const char *const  *paths,
             GError            **error)
{
  for (guint i = 0; paths[i] != NULL; i++)
    {
      if (g_file_test (paths[i], G_FILE_TEST_IS_REGULAR))
        continue;

      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "There is no file %s", paths[i]);
      return FALSE;
    }

  return TRUE;
}

gboolean
cvm_signature_check (const char           *file,
                     const char           *signature,
                     const char           *keyring,
                     gint64                deadline_us,
                     GCancellable         *cancellable,
                     CvmSignatureVerdict  *verdict,
                     char                **detail,
                     GError              **error)
{
  /* gpgv looks for a keyring without a '/' in the user's own folder. */
  g_autofree char *ring = g_canonicalize_filename (keyring, NULL);
  g_autofree char *file_path = g_canonicalize_filename (file, NULL);
  g_autofree char *signature_path = g_canonicalize_filename (signature, NULL);
  const char *paths[] = { file_path, signature_path, ring, NULL };
  const char *argv[] = { "gpgv", "--status-fd", "1", "--keyring", ring, "--", signature_path,
                         file_path, NULL };
  g_autofree char *program = g_find_program_in_path ("gpgv");
  g_autoptr(GString) status = g_string_new (NULL);
  const CvmProcess process = { .argv = argv, .on_stdout = on_status, .data = status };
  const char *keyword;
  int exit_status;

  if (program == NULL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                   "The signature cannot be checked without gpgv; install it (Debian: gpgv)");
      return FALSE;
    }

  if (!check_files (paths, error) ||
      !cvm_process_run (&process, deadline_us, cancellable, &exit_status, error))
    return FALSE;

  *verdict = judge (status->str, exit_status, &keyword);
  if (detail != NULL)
    *detail = describe (*verdict, status->str, keyword);

  return TRUE;
}
