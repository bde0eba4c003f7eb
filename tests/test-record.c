/* test-record.c: a record is one line of JSON, and comes back from it
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "cvm-record.h"

#define N_TYPES (CVM_RECORD_LOG + 1)
#define HEAD    "{\"v\":1,\"seq\":7,\"t\":\"2026-11-21T07:25:13.123456Z\",\"job\":\"01\",\"type\":"

static const gint64 noon_us = G_GINT64_CONSTANT (1795245913123456);   /* 2026-11-21T07:25:13.123456Z */

static CvmRecord *
make_full (CvmRecordType type)
{
  CvmRecord *record = cvm_record_new (type, "01");

  record->seq = 7;
  record->time_us = noon_us;
  record->number = 3;
  record->id = g_strdup ("root-login");
  record->name = g_strdup ("Log in \"now\"");
  record->kind = g_strdup ("domain");
  record->uuid = g_strdup ("ab3cc598-9eb0-5b05-abad-4d6359bf0c19");
  record->path = g_strdup ("2.1");
  record->text = g_strdup ("Grüße\nof two lines");
  record->reason = g_strdup ("it said \\no");
  record->ms = 4711;
  record->ok = TRUE;
  record->precondition = TRUE;
  record->outcome = CVM_OUTCOME_CANCELLED;
  record->directive = CVM_DIRECTIVE_TODO;
  record->status = CVM_STATUS_CANCELLED;
  cvm_record_add_detail (record, "expected", "0");
  cvm_record_add_detail (record, "output", "a\tb\n");

  return record;
}

static CvmRecord *
parse (const char *line)
{
  g_autoptr(GError) error = NULL;
  CvmRecord *record = cvm_record_from_line (line, strlen (line), &error);

  g_assert_no_error (error);
  g_assert_nonnull (record);

  return record;
}

/* What each type writes of a record that has everything set: written by hand from the table of
 * cvm-record.h */
static const struct
{
  const char *name;
  const char *members;
} expected[] = {
  [CVM_RECORD_RUN_BEGIN] = { "run.begin",
    "\"title\":\"Log in \\\"now\\\"\",\"version\":\"Grüße\\nof two lines\",\"jobs\":3" },
  [CVM_RECORD_RUN_END] = { "run.end", "\"status\":130" },
  [CVM_RECORD_JOB_BEGIN] = { "job.begin",
    "\"image\":\"Log in \\\"now\\\"\",\"host\":\"domain\","
    "\"suite\":\"Grüße\\nof two lines\",\"points\":3" },
  [CVM_RECORD_JOB_END] = { "job.end", "\"status\":130,\"why\":\"Grüße\\nof two lines\"" },
  [CVM_RECORD_ACT] = { "act",
    "\"kind\":\"domain\",\"name\":\"Log in \\\"now\\\"\","
    "\"uuid\":\"ab3cc598-9eb0-5b05-abad-4d6359bf0c19\",\"path\":\"2.1\","
    "\"host\":\"Grüße\\nof two lines\"" },
  [CVM_RECORD_ACTED] = { "acted",
    "\"kind\":\"domain\",\"name\":\"Log in \\\"now\\\"\","
    "\"uuid\":\"ab3cc598-9eb0-5b05-abad-4d6359bf0c19\",\"path\":\"2.1\",\"ok\":true,"
    "\"error\":\"Grüße\\nof two lines\"" },
  [CVM_RECORD_CASE_PLANNED] = { "case.planned",
    "\"number\":3,\"id\":\"root-login\",\"title\":\"Log in \\\"now\\\"\",\"precondition\":true" },
  [CVM_RECORD_CASE_BEGIN] = { "case.begin",
    "\"number\":3,\"id\":\"root-login\",\"limit_ms\":4711" },
  [CVM_RECORD_CASE_WAIT] = { "case.wait",
    "\"number\":3,\"id\":\"root-login\",\"for\":\"Grüße\\nof two lines\",\"limit_ms\":4711" },
  [CVM_RECORD_CASE_END] = { "case.end",
    "\"number\":3,\"id\":\"root-login\",\"outcome\":\"cancelled\",\"ms\":4711,"
    "\"reason\":\"it said \\\\no\","
    "\"details\":[[\"expected\",\"0\"],[\"output\",\"a\\tb\\n\"]]" },
  [CVM_RECORD_POINT] = { "point",
    "\"number\":3,\"path\":\"2.1\",\"ok\":true,\"directive\":\"todo\","
    "\"text\":\"Grüße\\nof two lines\",\"reason\":\"it said \\\\no\","
    "\"details\":[[\"expected\",\"0\"],[\"output\",\"a\\tb\\n\"]]" },
  [CVM_RECORD_FACT] = { "fact",
    "\"name\":\"Log in \\\"now\\\"\",\"text\":\"Grüße\\nof two lines\"" },
  [CVM_RECORD_EVIDENCE] = { "evidence",
    "\"name\":\"Log in \\\"now\\\"\",\"path\":\"2.1\",\"kind\":\"domain\",\"id\":\"root-login\"" },
  [CVM_RECORD_LOG] = { "log", "\"kind\":\"domain\",\"text\":\"Grüße\\nof two lines\"" },
};

static void
test_every_type (void)
{
  g_assert_cmpuint (G_N_ELEMENTS (expected), ==, N_TYPES);

  for (guint type = 0; type < N_TYPES; type++)
    {
      g_autoptr(CvmRecord) record = make_full (type);
      g_autofree char *line = cvm_record_to_line (record);
      g_autofree char *wanted = g_strdup_printf (HEAD "\"%s\",%s}\n", expected[type].name,
                                                 expected[type].members);
      g_autoptr(CvmRecord) again = parse (line);
      g_autofree char *line_again = cvm_record_to_line (again);

      g_assert_cmpstr (line, ==, wanted);
      g_assert_cmpstr (line_again, ==, line);
      g_assert_cmpstr (cvm_record_type_name (type), ==, expected[type].name);
    }
}

/* The same table from the other side: each field is where its users look for it */
static void
test_fields (void)
{
  g_autoptr(CvmRecord) end = parse (HEAD "\"case.end\",\"number\":12,\"id\":\"a\","
                                    "\"outcome\":\"skip\",\"ms\":5,\"reason\":\"no\","
                                    "\"details\":[[\"k\",\"v\"]]}");
  g_autoptr(CvmRecord) point = parse (HEAD "\"point\",\"number\":2,\"path\":\"4.1\",\"ok\":false,"
                                      "\"directive\":\"skip\",\"text\":\"t\"}");
  const CvmDetail *detail = g_ptr_array_index (end->details, 0);

  g_assert_cmpuint (end->seq, ==, 7);
  g_assert_cmpint (end->time_us, ==, noon_us);
  g_assert_cmpstr (end->job, ==, "01");
  g_assert_cmpuint (end->number, ==, 12);
  g_assert_cmpstr (end->id, ==, "a");
  g_assert_cmpint (end->outcome, ==, CVM_OUTCOME_SKIP);
  g_assert_cmpint (end->ms, ==, 5);
  g_assert_cmpstr (end->reason, ==, "no");
  g_assert_cmpstr (detail->key, ==, "k");
  g_assert_cmpstr (detail->value, ==, "v");
  g_assert_cmpstr (point->path, ==, "4.1");
  g_assert_false (point->ok);
  g_assert_cmpint (point->directive, ==, CVM_DIRECTIVE_SKIP);
  g_assert_null (point->reason);
  g_assert_null (point->details);
}

/* Nothing set: nothing invented, and a record of the run itself has no job */
static void
test_empty (void)
{
  for (guint type = 0; type < N_TYPES; type++)
    {
      g_autoptr(CvmRecord) record = cvm_record_new (type, NULL);
      g_autofree char *line = cvm_record_to_line (record);
      g_autoptr(CvmRecord) again = parse (line);

      g_assert_nonnull (strstr (line, "\"t\":\"1970-01-01T00:00:00.000000Z\",\"job\":null,"));
      g_assert_null (strstr (line, "\"title\""));
      g_assert_null (strstr (line, "\"directive\""));
      g_assert_null (again->job);
      g_assert_null (again->text);
      g_assert_cmpint (again->type, ==, type);
    }
}

static void
test_bytes (void)
{
  static const struct { const char *bytes, *text; } rows[] = {
    { "caf\xe9!", "caf\\xe9!" },
    { "\xff\xfe", "\\xff\\xfe" },
    { "\xed\xa0\x80", "\\xed\\xa0\\x80" },      /* a surrogate */
    { "cut \xe2\x82", "cut \\xe2\\x82" },
    { "\x01\x1b[31m\x1f\x7f\t\r\n", "\x01\x1b[31m\x1f\x7f\t\r\n" },
    { "\"quoted\" \\ / <>&", "\"quoted\" \\ / <>&" },
    { "\xe2\x80\xa8\xf0\x9f\x98\x80", "\xe2\x80\xa8\xf0\x9f\x98\x80" },
    { "", "" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr(CvmRecord) record = cvm_record_new (CVM_RECORD_LOG, "01");
      g_autofree char *line = NULL;
      g_autoptr(CvmRecord) again = NULL;

      record->text = g_strdup (rows[i].bytes);
      line = cvm_record_to_line (record);
      again = parse (line);

      g_assert_true (g_utf8_validate (line, -1, NULL));
      g_assert_true (strchr (line, '\n') == line + strlen (line) - 1);
      g_assert_cmpstr (again->text, ==, rows[i].text);
    }
}

static char *
repeat (const char *what,
        gsize       len)
{
  GString *text = g_string_new (NULL);

  while (text->len < len)
    g_string_append (text, what);

  return g_string_free (text, FALSE);
}

static CvmRecord *
pass_through_line (CvmRecord *record)
{
  g_autofree char *line = cvm_record_to_line (record);

  g_assert_cmpuint (strlen (line), <=, CVM_RECORD_MAX_LINE);

  return parse (line);
}

/* Details give way first, and what is cut says so */
static void
test_cut_details (void)
{
  g_autoptr(CvmRecord) record = make_full (CVM_RECORD_CASE_END);
  g_autofree char *big = repeat ("é", 200000);
  g_autoptr(CvmRecord) again = NULL;
  const CvmDetail *detail;

  g_free (record->reason);
  record->reason = repeat ("x", 20000);
  cvm_record_add_detail (record, "big", big);
  cvm_record_add_detail (record, "lost", "y");
  again = pass_through_line (record);

  g_assert_cmpstr (again->reason, ==, record->reason);
  g_assert_cmpuint (again->details->len, ==, 3);
  detail = g_ptr_array_index (again->details, 2);
  g_assert_cmpstr (detail->key, ==, "big");
  g_assert_true (g_str_has_prefix (detail->value, "éééé"));
  g_assert_true (g_str_has_suffix (detail->value, "é… (cut)"));
  g_assert_cmpuint (strlen (detail->value), >, 30000);
}

static void
test_cut_prose (void)
{
  g_autoptr(CvmRecord) record = make_full (CVM_RECORD_POINT);
  g_autoptr(CvmRecord) again = NULL;

  g_free (record->text);
  record->text = repeat ("y", 80000);
  again = pass_through_line (record);

  g_assert_true (g_str_has_suffix (again->text, "y… (cut)"));
  g_assert_cmpstr (again->reason, ==, "it said \\no");
  g_assert_cmpuint (again->details->len, ==, 2);
}

/* Everything too long, in bytes that take six each, in every type */
static void
test_cut_all (void)
{
  static const char *const units[] = { "\x01", "\xff", "\"", "\\", "€", "a" };

  for (guint type = 0; type < N_TYPES; type++)
    for (gsize i = 0; i < G_N_ELEMENTS (units); i++)
      {
        g_autoptr(CvmRecord) record = cvm_record_new (type, "01");
        g_autofree char *big = repeat (units[i], 30000);
        g_autoptr(CvmRecord) again = NULL;

        record->id = g_strdup (big);
        record->name = g_strdup (big);
        record->kind = g_strdup (big);
        record->uuid = g_strdup (big);
        record->path = g_strdup (big);
        record->text = g_strdup (big);
        record->reason = g_strdup (big);
        for (guint n = 0; n < 8000 && (type == CVM_RECORD_CASE_END || type == CVM_RECORD_POINT); n++)
          cvm_record_add_detail (record, "k", "");
        cvm_record_add_detail (record, big, big);

        again = pass_through_line (record);
        g_assert_cmpint (again->type, ==, type);
      }
}

/* A line at its greatest length goes through whole, one byte more is cut */
static void
test_cut_edge (void)
{
  g_autoptr(CvmRecord) record = cvm_record_new (CVM_RECORD_LOG, "01");
  g_autofree char *empty = NULL;
  g_autofree char *line = NULL;

  record->text = g_strdup ("");
  empty = cvm_record_to_line (record);

  for (guint extra = 0; extra < 2; extra++)
    {
      g_autoptr(CvmRecord) again = NULL;

      g_free (record->text);
      record->text = repeat ("a", CVM_RECORD_MAX_LINE - strlen (empty) + extra);
      again = pass_through_line (record);
      g_assert_cmpint (g_strcmp0 (again->text, record->text) == 0, ==, extra == 0);
    }
}

static const struct
{
  const char *name;
  const char *line;
  const char *message;
} bad[] = {
  { "empty", "", "It is not an object of JSON*" },
  { "not-json", "hello", "It is not an object of JSON*" },
  { "torn", HEAD "\"log\",\"te", "It is not an object of JSON*" },
  { "array", "[1]", "It is not an object of JSON" },
  { "latin1", HEAD "\"log\",\"text\":\"caf\xe9\"}", "*UTF-8*" },
  { "lone-surrogate", HEAD "\"log\",\"text\":\"\\ud800\\u0041\"}", "*no character*" },
  { "no-version", "{\"seq\":1}", "It is not a record of version 1" },
  { "version-2", "{\"v\":2}", "It is not a record of version 1" },
  { "no-time", "{\"v\":1,\"seq\":7,\"type\":\"log\"}", "The member \"t\" is not a time" },
  { "bad-time", "{\"v\":1,\"t\":\"2026-13-21T07:25:13.123456Z\",\"type\":\"log\"}", "*time" },
  { "short-time", "{\"v\":1,\"t\":\"2026-11-21T07:25:13.1Z\",\"type\":\"log\"}", "*time" },
  { "long-time", "{\"v\":1,\"t\":\"2026-11-21T07:25:13.123456Z \",\"type\":\"log\"}", "*time" },
  { "signed-time", "{\"v\":1,\"t\":\"2026-11-21T07:25:13.-12345Z\",\"type\":\"log\"}", "*time" },
  { "time-is-number", "{\"v\":1,\"t\":5,\"type\":\"log\"}", "*time" },
  { "bad-job", "{\"v\":1,\"t\":\"2026-11-21T07:25:13.123456Z\",\"job\":1,\"type\":\"log\"}",
    "The member \"job\" is not a string" },
  { "text-is-number", HEAD "\"log\",\"text\":5}", "The member \"text\" is not a string" },
  { "number-is-text", HEAD "\"point\",\"number\":\"5\"}", "*\"number\" is not a whole number" },
  { "number-negative", HEAD "\"point\",\"number\":-1}", "*\"number\" is not within its limits" },
  { "number-huge", HEAD "\"point\",\"number\":4294967296}", "*\"number\" is not within*" },
  { "number-fraction", HEAD "\"point\",\"number\":1.5}", "*\"number\" is not a whole number" },
  { "ok-is-number", HEAD "\"point\",\"ok\":1}", "The member \"ok\" is not true or false" },
  { "no-outcome", HEAD "\"case.end\",\"number\":1}", "The member \"outcome\" is not there" },
  { "null-outcome", HEAD "\"case.end\",\"outcome\":null}", "*\"outcome\" is not a name*" },
  { "bad-outcome", HEAD "\"case.end\",\"outcome\":\"great\"}", "*\"outcome\" is not a name*" },
  { "bad-directive", HEAD "\"point\",\"directive\":\"TODO\"}", "*\"directive\" is not a name*" },
  { "no-status", HEAD "\"run.end\"}", "The member \"status\" is not there" },
  { "bad-status", HEAD "\"run.end\",\"status\":5}", "The member \"status\" is not a status" },
  { "status-131", HEAD "\"run.end\",\"status\":131}", "*\"status\" is not within its limits" },
  { "details-object", HEAD "\"point\",\"details\":{}}", "*\"details\" is not a list" },
  { "details-flat", HEAD "\"point\",\"details\":[\"a\",\"b\"]}", "*list of pairs*" },
  { "details-three", HEAD "\"point\",\"details\":[[\"a\",\"b\",\"c\"]]}", "*list of pairs*" },
  { "details-null", HEAD "\"point\",\"details\":[[\"a\",null]]}", "*list of pairs*" },
};

static void
test_bad (gconstpointer data)
{
  const typeof (bad[0]) *row = data;
  g_autoptr(GError) error = NULL;

  g_assert_null (cvm_record_from_line (row->line, strlen (row->line), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);

  if (!g_pattern_match_simple (row->message, error->message))
    g_error ("\"%s\" is not like \"%s\"", error->message, row->message);

  g_assert_null (cvm_record_from_line (row->line, strlen (row->line), NULL));
}

/* What a later program writes */
static void
test_later (void)
{
  const char *unknown = HEAD "\"frame\",\"number\":true}";
  g_autoptr(GError) error = NULL;
  g_autoptr(CvmRecord) record = parse (HEAD "\"log\",\"text\":\"x\",\"colour\":[1,{\"a\":null}]}");

  g_assert_cmpstr (record->text, ==, "x");
  g_assert_null (cvm_record_from_line (unknown, strlen (unknown), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
}

static void
test_too_long (void)
{
  g_autofree char *filler = repeat (" ", CVM_RECORD_MAX_LINE);
  g_autofree char *line = g_strconcat (HEAD "\"log\"", filler, "}", NULL);
  g_autoptr(GError) error = NULL;

  g_assert_null (cvm_record_from_line (line, strlen (line), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
}

static void
test_worst (void)
{
  static const CvmStatus order[] = {
    CVM_STATUS_PASSED, CVM_STATUS_FAILED, CVM_STATUS_ENVIRONMENT, CVM_STATUS_FAULT,
    CVM_STATUS_CANCELLED,
  };

  for (gsize i = 0; i < G_N_ELEMENTS (order); i++)
    for (gsize j = 0; j < G_N_ELEMENTS (order); j++)
      g_assert_cmpint (cvm_status_worst (order[i], order[j]), ==, order[MAX (i, j)]);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/record/every-type", test_every_type);
  g_test_add_func ("/record/fields", test_fields);
  g_test_add_func ("/record/empty", test_empty);
  g_test_add_func ("/record/bytes", test_bytes);
  g_test_add_func ("/record/cut/details", test_cut_details);
  g_test_add_func ("/record/cut/prose", test_cut_prose);
  g_test_add_func ("/record/cut/all", test_cut_all);
  g_test_add_func ("/record/cut/edge", test_cut_edge);
  g_test_add_func ("/record/later", test_later);
  g_test_add_func ("/record/too-long", test_too_long);
  g_test_add_func ("/record/worst", test_worst);

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autofree char *path = g_strconcat ("/record/bad/", bad[i].name, NULL);

      g_test_add_data_func (path, &bad[i], test_bad);
    }

  return g_test_run ();
}
