/* cvm-cli-tap.c: the verb tap
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <unistd.h>

#include "cvm-cli-list.h"
#include "cvm-cli-verbs.h"
#include "cvm-cli.h"
#include "cvm-tap-sections.h"
#include "cvm-tap-verdict.h"

#define PATH        "cvmtester-cli tap"
#define BLOCK       (256 * 1024)
#define FAILURE_MAX (1024 * 1024)   /* bytes of failures that are told; the numbers count all */

/* One stream being read */
typedef struct
{
  CvmTapVerdict  *verdict;
  CvmTapSections *sections;      /* for machines; NULL: not wanted */
  GString        *failures;      /* for people; NULL: not wanted */
  gboolean        is_cut;
  gboolean        has_failed;    /* the last point; its diagnostics may follow */
} Reading;

/* Failures for people ------------------------------------------------------------------------ */

static void
append_path (GString           *text,
             const CvmTapEvent *event)
{
  for (guint i = 0; i <= event->depth; i++)
    g_string_append_printf (text, "%s%" G_GUINT64_FORMAT, i > 0 ? "." : "", event->path[i]);
}

static void
tell_point (Reading           *self,
            const CvmTapEvent *event)
{
  g_autofree char *text = cvm_tap_text_dup (event->line.text, event->line.text_len);
  g_autofree char *clean = cvm_cli_clean (text);

  g_string_append_printf (self->failures, _("  line %llu: not ok "),
                          (unsigned long long)event->line_number);
  append_path (self->failures, event);
  g_string_append_printf (self->failures, "%s%s\n", *clean != '\0' ? " - " : "", clean);
}

static void
tell_diagnostics (Reading           *self,
                  const CvmTapEvent *event)
{
  g_autofree char *text = g_strndup (event->text, event->text_len);
  g_auto(GStrv) lines = g_strsplit (text, "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_autofree char *clean = cvm_cli_clean (lines[i]);

      if (*clean != '\0' && !g_str_equal (clean, "---") && !g_str_equal (clean, "..."))
        g_string_append_printf (self->failures, "    %s\n", clean);
    }
}

static void
tell (Reading           *self,
      const CvmTapEvent *event)
{
  if (event->kind == CVM_TAP_EVENT_POINT)
    self->has_failed = !event->line.ok && event->line.directive == CVM_TAP_NO_DIRECTIVE;

  if (!self->has_failed || self->is_cut)
    return;

  if (self->failures->len > FAILURE_MAX)
    {
      self->is_cut = TRUE;
      g_string_append (self->failures, _("  … more failures are not shown\n"));
      return;
    }

  if (event->kind == CVM_TAP_EVENT_POINT)
    tell_point (self, event);
  else if (event->kind == CVM_TAP_EVENT_DIAGNOSTICS)
    tell_diagnostics (self, event);
}

static void
on_event (const CvmTapEvent *event,
          gpointer           data)
{
  Reading *self = data;

  cvm_tap_verdict_take (event, self->verdict);
  if (self->sections != NULL)
    cvm_tap_sections_take (event, self->sections);
  if (self->failures != NULL)
    tell (self, event);
}

/* Reading ------------------------------------------------------------------------------------ */

static gboolean
feed_descriptor (CvmTapReader *reader,
                 int           fd,
                 const char   *file)
{
  g_autofree char *block = g_malloc (BLOCK);
  gssize n;

  while ((n = read (fd, block, BLOCK)) != 0)
    {
      if (n > 0)
        {
          cvm_tap_reader_feed (reader, block, (gsize)n);
        }
      else if (errno != EINTR)
        {
          cvm_cli_message (_("%s cannot be read: %s"), file, g_strerror (errno));
          return FALSE;
        }
    }

  cvm_tap_reader_end (reader);
  return TRUE;
}

static gboolean
read_stream (Reading    *self,
             const char *file)
{
  g_autoptr(CvmTapReader) reader = cvm_tap_reader_new (on_event, self);
  gboolean is_stdin = g_str_equal (file, "-");
  int fd = is_stdin ? STDIN_FILENO : g_open (file, O_RDONLY | O_CLOEXEC, 0);
  gboolean is_read;

  if (fd < 0)
    {
      cvm_cli_message (_("%s cannot be read: %s"), file, g_strerror (errno));
      return FALSE;
    }

  is_read = feed_descriptor (reader, fd, file);
  if (!is_stdin)
    close (fd);

  return is_read;
}

/* Telling ------------------------------------------------------------------------------------ */

static int
version_of (CvmTapDialect dialect)
{
  return dialect == CVM_TAP_DIALECT_13 ? 13 : dialect == CVM_TAP_DIALECT_14 ? 14 : 12;
}

static void
fill_errors (JsonObject          *object,
             const CvmTapNumbers *numbers)
{
  JsonObject *kinds = json_object_new ();

  for (guint i = 0; i < CVM_TAP_N_ERRORS; i++)
    if (numbers->errors[i] > 0)
      json_object_set_int_member (kinds, cvm_tap_error_to_string ((CvmTapError)i),
                                  (gint64)numbers->errors[i]);
  json_object_set_object_member (object, "parse_error_kinds", kinds);
}

static void
fill_failed (JsonObject          *object,
             const CvmTapNumbers *numbers)
{
  JsonArray *failed = json_array_new ();

  for (guint i = 0; i < numbers->failed_tests->len; i++)
    json_array_add_int_element (failed, (gint64)g_array_index (numbers->failed_tests, guint64, i));
  json_object_set_array_member (object, "failed_tests", failed);
}

static JsonObject *
make_headers (const CvmTapHeaders *headers)
{
  JsonObject *object = json_object_new ();

  for (guint i = 0; i < cvm_tap_headers_get_n (headers); i++)
    json_object_set_string_member (object, cvm_tap_headers_get_key (headers, i),
                                   cvm_tap_headers_get_value (headers, i));

  return object;
}

static void
add_section (JsonArray           *list,
             const CvmTapSection *section)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "name", section->name);
  if (section->has_plan)
    json_object_set_int_member (object, "planned", (gint64)section->planned);
  else
    json_object_set_null_member (object, "planned");
  json_object_set_int_member (object, "run", (gint64)section->run);
  json_object_set_int_member (object, "passed", (gint64)section->passed);
  json_object_set_int_member (object, "failed", (gint64)section->failed);
  json_object_set_object_member (object, "headers", make_headers (section->headers));
  json_array_add_object_element (list, object);
}

/* The sections and headers that a Tapper server would see */
static void
fill_sections (JsonObject           *object,
               const CvmTapSections *sections)
{
  JsonArray *list = json_array_new ();

  for (guint i = 0; i < cvm_tap_sections_get_n (sections); i++)
    add_section (list, cvm_tap_sections_get (sections, i));
  json_object_set_array_member (object, "sections", list);
  json_object_set_object_member (object, "headers",
                                 make_headers (cvm_tap_sections_get_headers (sections)));
}

static void
fill_summary (JsonObject           *object,
              const char           *file,
              const CvmTapNumbers  *numbers,
              const CvmTapSections *sections)
{
  json_object_set_string_member (object, "file", file);
  if (numbers->dialect == CVM_TAP_DIALECT_KTAP)
    json_object_set_string_member (object, "version", "KTAP");
  else
    json_object_set_int_member (object, "version", version_of (numbers->dialect));
  if (numbers->has_plan)
    json_object_set_int_member (object, "planned", (gint64)numbers->planned);
  else
    json_object_set_null_member (object, "planned");
  json_object_set_int_member (object, "run", (gint64)numbers->run);
  json_object_set_int_member (object, "passed", (gint64)numbers->passed);
  json_object_set_int_member (object, "failed", (gint64)numbers->failed);
  json_object_set_int_member (object, "todo", (gint64)numbers->todo);
  json_object_set_int_member (object, "todo_passed", (gint64)numbers->todo_passed);
  json_object_set_int_member (object, "skipped", (gint64)numbers->skipped);
  json_object_set_int_member (object, "parse_errors", (gint64)numbers->parse_errors);
  json_object_set_string_member (object, "skip_all", numbers->skip_all);
  json_object_set_string_member (object, "bailout", numbers->bailout);
  json_object_set_string_member (object, "verdict", cvm_tap_word_to_string (numbers->word));
  fill_errors (object, numbers);
  fill_failed (object, numbers);
  fill_sections (object, sections);
}

static void
print_summary (const char          *file,
               const CvmTapNumbers *numbers,
               const char          *failures)
{
  cvm_cli_print (_("%s: %s, %llu run"), file, cvm_tap_word_to_string (numbers->word),
                 (unsigned long long)numbers->run);
  if (!numbers->has_plan)
    cvm_cli_print (_(", no plan"));
  else if (numbers->planned != numbers->run)
    cvm_cli_print (_(", %llu planned"), (unsigned long long)numbers->planned);
  cvm_cli_print (_(", %llu failed"), (unsigned long long)numbers->failed);
  if (numbers->todo > 0)
    cvm_cli_print (_(", %llu to do"), (unsigned long long)numbers->todo);
  if (numbers->skipped > 0)
    cvm_cli_print (_(", %llu skipped"), (unsigned long long)numbers->skipped);
  if (numbers->subtest_run > 0)
    cvm_cli_print (_(", %llu in subtests"), (unsigned long long)numbers->subtest_run);
  if (numbers->bailout != NULL)
    {
      g_autofree char *reason = cvm_cli_clean (numbers->bailout);

      cvm_cli_print (_(", bailed out: %s"), reason);
    }
  for (guint i = 0; i < CVM_TAP_N_ERRORS; i++)
    if (numbers->errors[i] > 0)
      cvm_cli_print (", %s: %" G_GUINT64_FORMAT, cvm_tap_error_to_string ((CvmTapError)i),
                     numbers->errors[i]);
  cvm_cli_print ("\n%s", failures);
}

static int
summarise (const char *file,
           JsonArray  *list)
{
  g_autoptr(CvmTapVerdict) verdict = cvm_tap_verdict_new ();
  g_autoptr(CvmTapSections) sections = list != NULL ? cvm_tap_sections_new () : NULL;
  g_autoptr(GString) failures = list == NULL ? g_string_new (NULL) : NULL;
  Reading reading = { .verdict = verdict, .sections = sections, .failures = failures };
  const CvmTapNumbers *numbers;

  if (!read_stream (&reading, file))
    return CVM_STATUS_USAGE;

  numbers = cvm_tap_verdict_end (verdict);
  if (list != NULL)
    {
      cvm_tap_sections_end (sections);
      fill_summary (cvm_cli_list_add (list), file, numbers, sections);
    }
  else
    {
      print_summary (file, numbers, failures->str);
    }

  return numbers->word == CVM_TAP_FAIL ? CVM_STATUS_FAILED : CVM_STATUS_PASSED;
}

static int
summary_run (int    argc,
             char **argv)
{
  g_autoptr(JsonArray) list = NULL;
  gboolean is_json = FALSE;
  int status = CVM_STATUS_PASSED;
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &is_json, N_("Print an array of objects, one a file"), NULL },
    { NULL }
  };
  CvmCliSyntax syntax = {
    PATH " summary", "FILE…", _("Says what came of test programs, from the TAP they printed."),
    _("FILE may be “-”, standard input. Exit status: 0 pass or no tests, 1 fail, 2 cannot be read."),
    entries, 1, -1
  };

  if (!cvm_cli_parse (&syntax, &argc, &argv))
    return CVM_STATUS_USAGE;

  list = is_json ? json_array_new () : NULL;
  for (int i = 1; i < argc; i++)
    {
      int one = summarise (argv[i], list);

      status = MAX (status, one);
    }

  if (is_json)
    cvm_cli_list_print_json (list);

  return status;
}

int
cvm_cli_tap (int    argc,
             char **argv)
{
  static const CvmCliVerb verbs[] = {
    { "summary", N_("Say what came of test programs"), summary_run },
    { NULL }
  };

  return cvm_cli_dispatch (verbs, PATH, _("TAP, the Test Anything Protocol: what test programs print."),
                           argc, argv);
}
