/* fuzz-journal.c: what must hold for any bytes that come as a journal
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-journal.h"
#include "cvm-json.h"
#include "cvm-report.h"
#include "cvm-tap-verdict.h"

#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput (const uint8_t *data,
                            size_t         size);

/* What was read can be written, and is then read as the same */
static void
check_line (CvmRecord *record)
{
  g_autofree char *line = cvm_record_to_line (record);
  g_autoptr(CvmRecord) again = cvm_record_from_line (line, strlen (line), NULL);
  g_autofree char *line_again = NULL;

  g_assert_cmpuint (strlen (line), <=, CVM_RECORD_MAX_LINE);
  g_assert_true (strchr (line, '\n') == line + strlen (line) - 1);
  g_assert_nonnull (again);
  line_again = cvm_record_to_line (again);
  g_assert_cmpstr (line_again, ==, line);
}

/* The records of all lines that are good, whatever stands between them */
static GPtrArray *
read_lines (const char *bytes,
            gsize       len)
{
  GPtrArray *records = g_ptr_array_new_with_free_func ((GDestroyNotify)cvm_record_unref);
  const char *end = bytes + len;

  while (bytes < end)
    {
      const char *newline = memchr (bytes, '\n', end - bytes);
      const char *stop = newline != NULL ? newline : end;
      CvmRecord *record = cvm_record_from_line (bytes, stop - bytes, NULL);

      if (record != NULL)
        {
          check_line (record);
          g_ptr_array_add (records, record);
        }

      bytes = stop + 1;
    }

  return records;
}

/* The TAP of a job is whole, whatever its records were */
static void
check_tap (const GPtrArray    *records,
           const CvmJobResult *job)
{
  g_autoptr(CvmReportTap) tap = cvm_report_tap_new (job->id);
  g_autoptr(CvmTapVerdict) verdict = cvm_tap_verdict_new ();
  g_autoptr(CvmTapReader) reader = cvm_tap_reader_new (cvm_tap_verdict_take, verdict);
  g_autoptr(CvmRecord) end = cvm_record_new (CVM_RECORD_JOB_END, job->id);
  g_autoptr(GString) text = g_string_new (NULL);
  const CvmTapNumbers *numbers;

  for (guint i = 0; i < records->len; i++)
    cvm_report_tap_add (tap, g_ptr_array_index (records, i), text);

  cvm_report_tap_add (tap, end, text);
  cvm_tap_reader_feed (reader, text->str, text->len);
  cvm_tap_reader_end (reader);
  numbers = cvm_tap_verdict_end (verdict);

  g_assert_true (g_str_is_ascii (text->str));
  g_assert_cmpuint (numbers->parse_errors, ==, 0);
  g_assert_cmpuint (numbers->run, ==, numbers->planned);
  g_assert_cmpuint (numbers->planned, ==, MIN (job->planned, CVM_RESULT_MAX_CASES));
}

static void
check_result (const GPtrArray *records)
{
  g_autoptr(CvmResult) result = cvm_result_new ();
  g_autofree char *json = NULL;
  g_autoptr(JsonNode) node = NULL;

  for (guint i = 0; i < records->len; i++)
    cvm_result_add (result, g_ptr_array_index (records, i));

  json = cvm_report_json (result);
  node = cvm_json_parse (json, strlen (json), G_MAXSIZE, NULL);
  g_assert_nonnull (node);

  for (guint i = 0; i < MIN (cvm_result_n_jobs (result), 3); i++)
    check_tap (records, cvm_result_job (result, i));
}

/* A file that is opened to append and was good is good after it, with one record more */
static void
check_file (const char *bytes,
            gsize       len)
{
  int fd = memfd_create ("journal", MFD_CLOEXEC);
  g_autofree char *path = g_strdup_printf ("/proc/self/fd/%d", fd);
  g_autoptr(CvmRecord) record = cvm_record_new (CVM_RECORD_LOG, NULL);
  g_autoptr(CvmJournal) journal = NULL;
  g_autoptr(GPtrArray) before = NULL;

  g_assert_cmpint (write (fd, bytes, len), ==, len);
  before = cvm_journal_read (path, NULL);
  journal = cvm_journal_open (path, NULL);

  if (before != NULL && journal != NULL)
    {
      g_autoptr(GPtrArray) after = NULL;

      g_assert_true (cvm_journal_write (journal, record, NULL));
      after = cvm_journal_read (path, NULL);
      g_assert_cmpuint (after->len, ==, before->len + 1);
    }

  close (fd);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  const char *bytes = (const char *)data;
  g_autoptr(GPtrArray) records = read_lines (bytes, size);

  check_result (records);
  check_file (bytes, size);

  return 0;
}
