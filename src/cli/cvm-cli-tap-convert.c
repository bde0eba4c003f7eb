/* cvm-cli-tap-convert.c: the verb tap convert
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-cli-tap.h"

#include <glib/gi18n.h>
#include <unistd.h>

#include "cvm-cli.h"
#include "cvm-report.h"
#include "cvm-tap-verdict.h"

#define PATH       CVM_CLI_TAP " convert"
#define PACKED_MAX (1024 * 1024 * 1024)   /* bytes that go into an archive */

typedef struct _Format Format;

struct _Format
{
  const char    *name;
  CvmReportMake  make;                          /* from the result tree … */
  int          (*convert) (const char   *file,  /* … or from the streams themselves */
                           CvmCliOutput *output);
  gboolean       is_binary;
};

static int
convert_result (const Format *format,
                const char   *file,
                CvmCliOutput *output)
{
  g_autoptr(CvmResult) result = cvm_cli_tap_result (file);

  if (result == NULL)
    return CVM_STATUS_USAGE;

  format->make (result, cvm_cli_output_write, output);

  return cvm_result_get_status (result);
}

/* Archives ----------------------------------------------------------------------------------- */

/* They come in any order, and are written in that in which they ran */
typedef struct
{
  CvmCliTapInput *input;
  GByteArray    **streams;   /* one a member: a tar says the length first */
  guint           n_streams;
  gsize           n_bytes;
  CvmTapVerdict  *verdict;   /* of the stream that comes now */
  CvmTapReader   *reader;
  gboolean        is_too_large;
  int             status;
} Packing;

static void
end_stream (Packing *self)
{
  cvm_tap_reader_end (self->reader);
  if (cvm_tap_verdict_end (self->verdict)->word == CVM_TAP_FAIL)
    self->status = CVM_STATUS_FAILED;

  g_clear_pointer (&self->reader, cvm_tap_reader_free);
  g_clear_pointer (&self->verdict, cvm_tap_verdict_free);
}

static void
on_packed_bytes (guint       index,
                 const char *bytes,
                 gsize       len,
                 gpointer    data)
{
  Packing *self = data;

  if (self->reader == NULL)
    {
      self->verdict = cvm_tap_verdict_new ();
      self->reader = cvm_tap_reader_new (cvm_tap_verdict_take, self->verdict);
      self->streams[index] = g_byte_array_new ();
    }

  if (bytes == NULL)
    {
      end_stream (self);
      return;
    }

  self->n_bytes += len;
  self->is_too_large |= self->n_bytes > PACKED_MAX;
  if (self->is_too_large)
    return;

  cvm_tap_reader_feed (self->reader, bytes, len);
  g_byte_array_append (self->streams[index], (const guint8 *)bytes, (guint)len);
}

/* A file's name may be one that no archive should have */
static char *
member_name (const char *file)
{
  g_autofree char *base = g_str_equal (file, "-") ? g_strdup ("stdin.tap")
                                                  : g_path_get_basename (file);
  g_autofree char *clean = cvm_cli_clean (base);

  return g_str_equal (clean, "meta.yml") ? g_strdup ("meta.yml.tap") : g_steal_pointer (&clean);
}

static void
packing_clear (Packing *self)
{
  g_clear_pointer (&self->input, cvm_cli_tap_input_free);
  g_clear_pointer (&self->reader, cvm_tap_reader_free);
  g_clear_pointer (&self->verdict, cvm_tap_verdict_free);
  for (guint i = 0; i < self->n_streams; i++)
    g_clear_pointer (&self->streams[i], g_byte_array_unref);
  g_free (self->streams);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Packing, packing_clear)

static gboolean
write_members (Packing        *self,
               const char     *file,
               GOutputStream  *stream,
               GError        **error)
{
  g_autoptr(CvmTapArchiveWriter) writer = cvm_tap_archive_writer_new (stream);
  g_autofree char *name = member_name (file);
  gint64 start_us = 0, stop_us = 0;

  for (guint i = 0; i < self->n_streams; i++)
    {
      const CvmTapMember *member = cvm_cli_tap_input_member (self->input, i);
      gint64 begun_us = member != NULL ? member->start_us : 0;
      gint64 ended_us = member != NULL ? member->end_us : 0;

      if (member != NULL && member->is_missing)
        continue;

      if (!cvm_tap_archive_writer_add (writer, member != NULL ? member->name : name,
                                       (const char *)self->streams[i]->data, self->streams[i]->len,
                                       begun_us, ended_us, error))
        return FALSE;

      start_us = start_us == 0 || (begun_us > 0 && begun_us < start_us) ? begun_us : start_us;
      stop_us = MAX (stop_us, ended_us);
    }

  return cvm_tap_archive_writer_close (writer, start_us, stop_us, error);
}

static int
convert_tgz (const char   *file,
             CvmCliOutput *output)
{
  g_auto(Packing) self = { .input = cvm_cli_tap_input_open (file) };
  g_autoptr(GError) error = NULL;

  if (self.input == NULL)
    return CVM_STATUS_USAGE;

  self.n_streams = cvm_cli_tap_input_n_streams (self.input);
  self.streams = g_new0 (GByteArray *, self.n_streams);
  if (!cvm_cli_tap_input_read (self.input, on_packed_bytes, &self))
    return CVM_STATUS_USAGE;

  if (self.is_too_large)
    {
      cvm_cli_message (_("%s is not made an archive: it has more than 1 GiB"), file);
      return CVM_STATUS_USAGE;
    }

  if (write_members (&self, file, cvm_cli_output_get_stream (output), &error))
    return self.status;

  cvm_cli_message (_("%s cannot be made an archive: %s"), file, error->message);

  return CVM_STATUS_USAGE;
}

/* --------------------------------------------------------------------------------------------- */

static int
convert_tap13 (const char   *file,
               CvmCliOutput *output)
{
  return cvm_cli_tap_rewrite (file, 13, output);
}

static int
convert_tap14 (const char   *file,
               CvmCliOutput *output)
{
  return cvm_cli_tap_rewrite (file, 14, output);
}

static const Format formats[] = {
  { "tap13", NULL, convert_tap13 },
  { "tap14", NULL, convert_tap14 },
  { "json", cvm_report_json_write },
  { "junit", cvm_report_junit_write },
  { "html", cvm_report_html_write },
  { "tgz", NULL, convert_tgz, TRUE },
};

static const Format *
find_format (const char *name)
{
  for (gsize i = 0; name != NULL && i < G_N_ELEMENTS (formats); i++)
    if (g_str_equal (formats[i].name, name))
      return &formats[i];

  return NULL;
}

static int
convert (const Format *format,
         const char   *file,
         const char   *path)
{
  g_autoptr(CvmCliOutput) output = cvm_cli_output_open (path);
  int status;

  if (output == NULL)
    return CVM_STATUS_USAGE;

  status = format->make != NULL ? convert_result (format, file, output)
                                : format->convert (file, output);
  if (status == CVM_STATUS_USAGE)
    return status;   /* what was there before stays */

  if (cvm_cli_output_close (output))
    return status;

  return path == NULL ? CVM_STATUS_FAULT : CVM_STATUS_USAGE;
}

int
cvm_cli_tap_convert (int    argc,
                     char **argv)
{
  g_autofree char *to = NULL;
  g_autofree char *path = NULL;
  const Format *format;
  const GOptionEntry entries[] = {
    { "to", 't', 0, G_OPTION_ARG_STRING, &to,
      N_("What to make: tap13, tap14, json, junit, html or tgz"), N_("FORMAT") },
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &path,
      N_("File to write; default: standard output"), N_("FILE") },
    { NULL }
  };
  CvmCliSyntax syntax = {
    PATH, "FILE", _("Makes something else of TAP: for a build server, a person, a program."),
    _("FILE may be “-”, standard input, and a TAP archive. Exit status: 0 pass or no tests, "
      "1 fail,\n"
      "2 cannot be read or written."),
    entries, 1, 1
  };

  if (!cvm_cli_parse (&syntax, &argc, &argv))
    return CVM_STATUS_USAGE;

  format = find_format (to);
  if (to == NULL)
    return cvm_cli_usage (PATH, _("say what to make: --to tap13, tap14, json, junit, html or tgz"));
  if (format == NULL)
    return cvm_cli_usage (PATH,
                          _("--to: there is no “%s”; allowed: tap13, tap14, json, junit, html, "
                            "tgz"), to);
  if (format->is_binary && path == NULL && isatty (STDOUT_FILENO))
    return cvm_cli_usage (PATH,
                          _("an archive is nothing for a terminal: name a file with --output"));

  return convert (format, argv[1], path);
}
