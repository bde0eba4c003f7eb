/* cvm-cli-tap.c: the verb tap
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-cli-tap.h"

#include <glib/gi18n.h>

#include "cvm-cli-list.h"
#include "cvm-cli-verbs.h"
#include "cvm-cli.h"
#include "cvm-tap-sections.h"
#include "cvm-tap-verdict.h"

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

/* LEFT: so many numbers may still be listed, of all members of an archive together */
static void
fill_failed (JsonObject          *object,
             const CvmTapNumbers *numbers,
             guint               *left)
{
  JsonArray *failed = json_array_new ();

  for (guint i = 0; i < numbers->failed_tests->len && *left > 0; i++, (*left)--)
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
              const CvmTapSections *sections,
              guint                *left)
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
  fill_failed (object, numbers, left);
  fill_sections (object, sections);
}

static char *
summary_text (const char          *file,
              const CvmTapNumbers *numbers,
              const char          *failures)
{
  GString *text = g_string_new (NULL);
  g_autofree char *clean = cvm_cli_clean (file);

  g_string_append_printf (text, _("%s: %s, %llu run"), clean,
                          cvm_tap_word_to_string (numbers->word),
                          (unsigned long long)numbers->run);
  if (!numbers->has_plan)
    g_string_append (text, _(", no plan"));
  else if (numbers->planned != numbers->run)
    g_string_append_printf (text, _(", %llu planned"), (unsigned long long)numbers->planned);
  g_string_append_printf (text, _(", %llu failed"), (unsigned long long)numbers->failed);
  if (numbers->todo > 0)
    g_string_append_printf (text, _(", %llu to do"), (unsigned long long)numbers->todo);
  if (numbers->skipped > 0)
    g_string_append_printf (text, _(", %llu skipped"), (unsigned long long)numbers->skipped);
  if (numbers->subtest_run > 0)
    g_string_append_printf (text, _(", %llu in subtests"),
                            (unsigned long long)numbers->subtest_run);
  if (numbers->bailout != NULL)
    {
      g_autofree char *reason = cvm_cli_clean (numbers->bailout);

      g_string_append_printf (text, _(", bailed out: %s"), reason);
    }
  for (guint i = 0; i < CVM_TAP_N_ERRORS; i++)
    if (numbers->errors[i] > 0)
      g_string_append_printf (text, ", %s: %" G_GUINT64_FORMAT,
                              cvm_tap_error_to_string ((CvmTapError)i), numbers->errors[i]);
  g_string_append_printf (text, "\n%s", failures);

  return g_string_free (text, FALSE);
}

/* A file ------------------------------------------------------------------------------------- */

/* Its streams come one after the other, and are told in the order in which they ran */
typedef struct
{
  CvmCliTapInput  *input;
  CvmTapReader    *reader;     /* of the stream that comes now, or NULL */
  Reading          reading;
  gboolean         is_json;
  guint            n_streams;
  JsonObject     **objects;    /* one a stream, for machines … */
  char           **texts;      /* … or for people */
  gsize            told;       /* bytes of failures */
  guint            left;       /* numbers of failed points that may be listed */
  int              status;
} Summary;

static void
begin_stream (Summary *self)
{
  self->reading.verdict = cvm_tap_verdict_new ();
  self->reading.sections = self->is_json ? cvm_tap_sections_new () : NULL;
  self->reading.failures = self->is_json ? NULL : g_string_new (NULL);
  self->reading.is_cut = self->told > FAILURE_MAX;
  self->reading.has_failed = FALSE;
  self->reader = cvm_tap_reader_new (on_event, &self->reading);
}

static void
clear_stream (Summary *self)
{
  g_clear_pointer (&self->reader, cvm_tap_reader_free);
  g_clear_pointer (&self->reading.verdict, cvm_tap_verdict_free);
  g_clear_pointer (&self->reading.sections, cvm_tap_sections_free);
  if (self->reading.failures != NULL)
    g_string_free (g_steal_pointer (&self->reading.failures), TRUE);
}

static void
end_stream (Summary *self,
            guint    index)
{
  const CvmTapMember *member = cvm_cli_tap_input_member (self->input, index);
  g_autofree char *name = cvm_cli_tap_input_name (self->input, index);
  const CvmTapNumbers *numbers;

  cvm_tap_reader_end (self->reader);
  numbers = cvm_tap_verdict_end (self->reading.verdict);
  if (self->is_json)
    {
      cvm_tap_sections_end (self->reading.sections);
      self->objects[index] = json_object_new ();
      fill_summary (self->objects[index], name, numbers, self->reading.sections, &self->left);
    }
  else
    {
      self->told += self->reading.failures->len;
      if (member != NULL && member->is_missing)
        g_string_append (self->reading.failures, _("  it is missing from the archive\n"));
      self->texts[index] = summary_text (name, numbers, self->reading.failures->str);
    }

  if (numbers->word == CVM_TAP_FAIL)
    self->status = CVM_STATUS_FAILED;
}

static void
on_bytes (guint       index,
          const char *bytes,
          gsize       len,
          gpointer    data)
{
  Summary *self = data;

  if (self->reader == NULL)
    begin_stream (self);

  if (bytes != NULL)
    {
      cvm_tap_reader_feed (self->reader, bytes, len);
      return;
    }

  end_stream (self, index);
  clear_stream (self);
}

static void
summary_clear (Summary *self)
{
  clear_stream (self);
  for (guint i = 0; i < self->n_streams; i++)
    {
      g_clear_pointer (&self->objects[i], json_object_unref);
      g_free (self->texts[i]);
    }
  g_free (self->objects);
  g_free (self->texts);
  g_clear_pointer (&self->input, cvm_cli_tap_input_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Summary, summary_clear)

static int
summarise (const char *file,
           JsonArray  *list)
{
  g_auto(Summary) self = { .is_json = list != NULL, .left = CVM_TAP_FAILED_MAX };

  self.input = cvm_cli_tap_input_open (file);
  if (self.input == NULL)
    return CVM_STATUS_USAGE;

  self.n_streams = cvm_cli_tap_input_n_streams (self.input);
  self.objects = g_new0 (JsonObject *, self.n_streams);
  self.texts = g_new0 (char *, self.n_streams);
  if (!cvm_cli_tap_input_read (self.input, on_bytes, &self))
    return CVM_STATUS_USAGE;

  for (guint i = 0; i < self.n_streams; i++)
    if (list != NULL)
      json_array_add_object_element (list, g_steal_pointer (&self.objects[i]));
    else
      cvm_cli_write (self.texts[i], strlen (self.texts[i]));

  return self.status;
}

static int
summary_run (int    argc,
             char **argv)
{
  g_autoptr(JsonArray) list = NULL;
  gboolean is_json = FALSE;
  int status = CVM_STATUS_PASSED;
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &is_json,
      N_("Print an array of objects, one a file"), NULL },
    { NULL }
  };
  CvmCliSyntax syntax = {
    CVM_CLI_TAP " summary", "FILE…",
    _("Says what came of test programs, from the TAP they printed."),
    _("FILE may be “-”, standard input, and a TAP archive (tar.gz or zip), of which each member "
      "is\n"
      "told. Exit status: 0 pass or no tests, 1 fail, 2 cannot be read."),
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
    { "convert", N_("Make JUnit, HTML, JSON, an archive or other TAP of TAP"),
      cvm_cli_tap_convert },
    { "rerun-list", N_("List what failed, as run --only takes it"), cvm_cli_tap_rerun_list },
    { NULL }
  };

  return cvm_cli_dispatch (verbs, CVM_CLI_TAP,
                           _("TAP, the Test Anything Protocol: what test programs print."),
                           argc, argv);
}
