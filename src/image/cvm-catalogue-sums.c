/* cvm-catalogue-sums.c: checksum files
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * As sha256sum writes them, "SUM  FILE" or "SUM *FILE"; as BSD's sha256 does,
 * "SHA256 (FILE) = SUM"; or a sum alone. What surrounds them in a signed message is passed
 * over. */
#include "cvm-catalogue-private.h"

#include <string.h>

#define HEX     "0123456789abcdefABCDEF"
#define SUM_LEN 64

static gboolean
is_sum (const char *text)
{
  return strspn (text, HEX) == SUM_LEN;
}

/* A file's own name: "./" before it is only how the list was made. */
static const char *
check_name (const char **name)
{
  if (g_str_has_prefix (*name, "./"))
    *name += 2;

  if (strchr (*name, '/') != NULL)
    return "it names a file in another folder";
  if ((*name)[0] == '\0')
    return "it names no file";

  return NULL;
}

/* A name with two sums has none. */
static const char *
add (GHashTable *sums,
     const char *name,
     const char *sum)
{
  g_autofree char *lower = g_ascii_strdown (sum, SUM_LEN);
  const char *known = g_hash_table_lookup (sums, name);

  if (known != NULL && !g_str_equal (known, lower))
    {
      g_hash_table_insert (sums, g_strdup (name), g_strdup (""));
      return "it gives a file another sum than a line above; neither is believed";
    }

  if (known == NULL)
    g_hash_table_insert (sums, g_strdup (name), g_steal_pointer (&lower));

  return NULL;
}

static const char *
parse_gnu (GHashTable *sums,
           const char *text)
{
  const char *name = text + SUM_LEN;
  const char *fault;

  if (*name == '\0')
    return add (sums, "", text);
  if (*name != ' ' && *name != '\t')
    return "that is no SHA-256: it has too many digits, or something behind them";

  name += strspn (name, " \t");
  if (*name == '*')
    name++;
  fault = check_name (&name);

  return fault != NULL ? fault : add (sums, name, text);
}

static const char *
parse_bsd (GHashTable *sums,
           char       *text)
{
  char *close = strrchr (text, ')');
  const char *name = strchr (text, '(');
  const char *sum;
  const char *fault;

  if (name == NULL || close == NULL || close < name)
    return "there is no file's name in parentheses";

  *close = '\0';
  name++;
  sum = close + 1;
  sum += strspn (sum, " =\t");
  if (!is_sum (sum) || sum[SUM_LEN] != '\0')
    return "a SHA-256 has 64 hex digits";
  fault = check_name (&name);

  return fault != NULL ? fault : add (sums, name, sum);
}

static const char *
parse_line (GHashTable *sums,
            char       *text)
{
  if (text[0] == '\\')
    return "a file's name with a backslash or a line's end in it is not taken";
  if (is_sum (text))
    return parse_gnu (sums, text);
  if (g_str_has_prefix (text, "SHA256") || g_str_has_prefix (text, "SHA2-256"))
    return parse_bsd (sums, text);
  if (strspn (text, HEX) >= 32)
    return "it is no SHA-256, which has 64 hex digits; other sums are not looked at";

  return "it is no line of a checksum file: SUM  FILE, or SHA256 (FILE) = SUM";
}

static const char *
check_text (const CvmPageLines *line)
{
  if (line->len > CVM_CATALOGUE_MAX_LINE)
    return "the line is longer than 8192 bytes";
  if (memchr (line->text, '\0', line->len) != NULL ||
      !g_utf8_validate (line->text, (gssize)line->len, NULL))
    return "the line is no UTF-8 text";

  return NULL;
}

static gboolean
is_passed_over (const CvmPageLines *line,
                gboolean           *is_in_signature)
{
  g_autofree char *text = g_strndup (line->text, MIN (line->len, 40));

  if (g_str_has_prefix (text, "-----BEGIN PGP SIGNATURE"))
    *is_in_signature = TRUE;

  return *is_in_signature || text[0] == '\0' || text[0] == '#' ||
         g_str_has_prefix (text, "-----BEGIN PGP SIGNED") || g_str_has_prefix (text, "Hash: ");
}

GHashTable *
cvm_sums_parse (const char *text,
                gsize       len,
                const char *place,
                GPtrArray  *warnings)
{
  GHashTable *sums = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  gboolean is_in_signature = FALSE;
  CvmPageLines line;

  cvm_page_lines_init (&line, text, len);
  while (cvm_page_lines_next (&line))
    {
      const char *fault;

      if (is_passed_over (&line, &is_in_signature))
        continue;

      fault = check_text (&line);
      if (fault == NULL)
        {
          g_autofree char *copy = g_strndup (line.text, line.len);

          fault = parse_line (sums, g_strstrip (copy));
        }
      if (fault != NULL)
        cvm_catalogue_warn (warnings, place, line.number, "%s", fault);
    }

  return sums;
}
