/* cvm-cli.c: what every verb of the command line needs
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-cli.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <stdio.h>

#include "cvm-catalogue.h"
#include "cvm-engine-error.h"
#include "cvm-hosts.h"
#include "cvm-keyfile.h"
#include "cvm-suite.h"
#include "cvm-tapper-error.h"
#include "cvm-tapper-server.h"
#include "cvm-text.h"

#define PROGRAM "cvmtester-cli"

static int write_errno;   /* of the first write to standard output that failed, or 0 */

void
cvm_cli_message (const char *format,
                 ...)
{
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  fprintf (stderr, PROGRAM ": %s\n", text);
}

int
cvm_cli_usage (const char *path,
               const char *format,
               ...)
{
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  cvm_cli_message ("%s", text);
  cvm_cli_message (_("“%s --help” tells what can be given"), path);

  return CVM_STATUS_USAGE;
}

/* What the user wrote is status 2, all that is around it 3 */
static int
status_of (const GError *error)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return CVM_STATUS_CANCELLED;

  if (error->domain == CVM_CATALOGUE_ERROR || error->domain == CVM_HOSTS_ERROR ||
      error->domain == CVM_KEYFILE_ERROR || error->domain == CVM_SUITE_ERROR ||
      error->domain == CVM_TAPPER_SERVER_ERROR ||
      g_error_matches (error, CVM_TAPPER_ERROR, CVM_TAPPER_ERROR_WOULD_LOSE))
    return CVM_STATUS_USAGE;

  return CVM_STATUS_ENVIRONMENT;
}

int
cvm_cli_fail (const GError *error)
{
  cvm_cli_message ("%s", error->message);

  return status_of (error);
}

void
cvm_cli_write (const char *bytes,
               gsize       len)
{
  if (fwrite (bytes, 1, len, stdout) != len && write_errno == 0)
    write_errno = errno;
}

void
cvm_cli_print (const char *format,
               ...)
{
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  cvm_cli_write (text, strlen (text));
}

void
cvm_cli_flush (void)
{
  if (fflush (stdout) != 0 && write_errno == 0)
    write_errno = errno;
}

int
cvm_cli_finish (int status)
{
  cvm_cli_flush ();
  if (write_errno == 0)
    return status;

  cvm_cli_message (_("the results could not be written to standard output: %s"),
                   g_strerror (write_errno));
  return CVM_STATUS_FAULT;
}

char *
cvm_cli_clean (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  g_autoptr(GString) clean = g_string_new (NULL);

  for (const char *p = valid; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      g_string_append_unichar (clean, g_unichar_isprint (c) ? c : ' ');
    }

  return g_strstrip (g_string_free (g_steal_pointer (&clean), FALSE));
}

/* Options ------------------------------------------------------------------------------------ */

gboolean
cvm_cli_parse (const CvmCliSyntax *syntax,
               int                *argc,
               char             ***argv)
{
  g_autoptr(GOptionContext) context = g_option_context_new (syntax->arguments);
  g_autoptr(GError) error = NULL;
  int n;

  g_set_prgname (syntax->path);
  g_option_context_set_summary (context, syntax->summary);
  g_option_context_set_description (context, syntax->description);
  g_option_context_add_main_entries (context, syntax->entries, GETTEXT_PACKAGE);
  if (!g_option_context_parse (context, argc, argv, &error))
    {
      cvm_cli_usage (syntax->path, "%s", error->message);
      return FALSE;
    }

  if (*argc > 1 && g_str_equal ((*argv)[1], "--"))
    {
      (*argv)++;
      (*argc)--;
    }

  n = *argc - 1;
  if (n < syntax->least)
    cvm_cli_usage (syntax->path, _("it needs %s"), syntax->arguments);
  else if (syntax->most >= 0 && n > syntax->most)
    cvm_cli_usage (syntax->path, _("“%s” is one argument too many"), (*argv)[syntax->most + 1]);

  return n >= syntax->least && (syntax->most < 0 || n <= syntax->most);
}

/* Verbs -------------------------------------------------------------------------------------- */

static void
print_help (const CvmCliVerb *verbs,
            const char       *path,
            const char       *summary)
{
  cvm_cli_print (_("Usage:\n  %s VERB [OPTION…]\n\n%s\n\nVerbs:\n"), path, summary);
  for (const CvmCliVerb *verb = verbs; verb->name != NULL; verb++)
    cvm_cli_print ("  %-10s  %s\n", verb->name, _(verb->summary));
  cvm_cli_print (_("\n“%s VERB --help” tells what can be given to a verb.\n"), path);
}

static int
unknown_verb (const CvmCliVerb *verbs,
              const char       *path,
              const char       *name)
{
  g_autoptr(GPtrArray) names = g_ptr_array_new ();
  g_autofree char *shown = cvm_text_quote (name);
  const char *nearest;

  for (const CvmCliVerb *verb = verbs; verb->name != NULL; verb++)
    g_ptr_array_add (names, (gpointer)verb->name);
  g_ptr_array_add (names, NULL);

  nearest = cvm_text_nearest (name, (const char *const *)names->pdata);
  if (nearest != NULL)
    return cvm_cli_usage (path, _("there is no verb %s; did you mean “%s”?"), shown, nearest);

  return cvm_cli_usage (path, _("there is no verb %s"), shown);
}

int
cvm_cli_dispatch (const CvmCliVerb  *verbs,
                  const char        *path,
                  const char        *summary,
                  int                argc,
                  char             **argv)
{
  if (argc < 2)
    return cvm_cli_usage (path, _("name a verb"));

  if (g_str_equal (argv[1], "--help") || g_str_equal (argv[1], "-h") ||
      g_str_equal (argv[1], "-?"))
    {
      print_help (verbs, path, summary);
      return CVM_STATUS_PASSED;
    }

  for (const CvmCliVerb *verb = verbs; verb->name != NULL; verb++)
    if (g_str_equal (verb->name, argv[1]))
      return verb->run (argc - 1, argv + 1);

  return unknown_verb (verbs, path, argv[1]);
}
