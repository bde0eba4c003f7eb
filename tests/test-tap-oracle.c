/* test-tap-oracle.c: our verdicts against those of Perl's TAP::Parser
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Streams are made by a seeded grammar, good, bad and mutated; tap-oracle.pl lets TAP::Parser
 * count them; every number must be the same. Kept out of the streams, since there we differ on
 * purpose: TAP 14 and KTAP, `not` alone on a line (joined with the next for VMS's sake), numbers
 * beyond 63 bits, a byte order mark, and diagnostics blocks that TAP::Parser cannot read, at which
 * it gives up the whole stream. */
#include "cvm-tap-verdict.h"

#include <gio/gio.h>
#include <string.h>

#define N_STREAMS 3000
#define SEED      20261121

static gboolean
chance (GRand *rand,
        int    percent)
{
  return g_rand_int_range (rand, 0, 100) < percent;
}

static const char *
pick (GRand              *rand,
      const char * const *words,
      gsize               n)
{
  return words[g_rand_int_range (rand, 0, n)];
}

#define PICK(rand, ...) \
  pick (rand, (const char * const[]) { __VA_ARGS__ }, \
        G_N_ELEMENTS (((const char * const[]) { __VA_ARGS__ })))

static const char *
make_description (GRand *rand)
{
  return PICK (rand, "", " - login", " login", " - a \\# b", " - a \\\\# TODO c", " - x # y # TODO z",
               " -", " - 7 dwarfs", "- glued", " - caf\xc3\xa9", " - \xff", " 12", " - {", "  -  wide  ",
               " - back\\", " - tab\there", "x", "_", ":", "\tt", " # comment", " - ok", " \v- v");
}

static const char *
make_directive (GRand *rand)
{
  if (chance (rand, 70))
    return "";

  return PICK (rand, " # TODO", " # TODO later", " # SKIP", " # skip no net", "#todo", " #SKIP x", " # Todo: x",
               " # SKIPPED", " # todos", " # SKIP # TODO", " \\# TODO", " # TODO \\", " #  \t skip\ty ",
               " # TODO_x", " # skip-it");
}

static void
add_point (GString *stream,
           GRand   *rand,
           guint    number)
{
  g_string_append (stream, chance (rand, 85) ? "ok" : "not ok");
  if (chance (rand, 80))
    g_string_append_printf (stream, " %u", chance (rand, 95) ? number
                                                             : (guint)g_rand_int_range (rand, 0, 20));
  g_string_append (stream, make_description (rand));
  g_string_append (stream, make_directive (rand));
}

static void
add_plan (GString *stream,
          GRand   *rand,
          guint    planned)
{
  static const char * const tails[] = {
    " ", " # SKIP", " # SKIP no net", " # Skipped: x", " # comment", " junk", " todo 1 2", " todo", "\t",
    " todo 3 3 junk", "#skip x", " # skip", " # SKIPx y", "x",
  };

  g_string_append_printf (stream, "1..%u", chance (rand, 90) ? planned
                                                             : (guint)g_rand_int_range (rand, 0, 9));
  if (chance (rand, 25))
    g_string_append (stream, pick (rand, tails, G_N_ELEMENTS (tails)));
}

static const char *
make_diagnostics (GRand *rand)
{
  return PICK (rand, "  ---\n  a: 1\n  b: two\n  ...\n", "    ---\n    - 1\n    - x\n    ...\n",
               "  ---\n  ok: not ok 3\n  ...\n", "  ---\n  a: |\n    one\n    ok 1\n  ...\n");
}

static const char *
make_other (GRand *rand)
{
  return PICK (rand, "# comment", "#", "# Subtest: x", "    ok 1 - inner", "    1..1", "    not ok 2",
               "        ok 1", "  ok 3", " ok 4", "\tok 5", "junk", "", "   ", "okay", "OK 1", "ok_", "1..", "1.2",
               "not  ok 1", "    # inner", "pragma +strict", "pragma -strict", "pragma +strict, -other",
               "pragma strict", "pragma +x,+strict ", "TAP version 13", "TAP version 12", "Bail out!",
               "Bail out! dead", "   Bail out! inner", "TAP version", "}", "---", "...", "# Tapper-X: y",
               "\x1b[32mok 6\x1b[0m", "ok 1\x01", "notok 2", "tap VERSION 13 ", "    pragma +strict");
}

/* A line, or a block, which must stay whole: at a broken one TAP::Parser gives up, or never ends. */
static void
add_unit (GPtrArray *units,
          GString   *unit)
{
  g_ptr_array_add (units, g_string_free (unit, FALSE));
}

static void
add_planned (GPtrArray *units,
             GRand     *rand,
             guint      planned)
{
  GString *unit = g_string_new (NULL);

  add_plan (unit, rand, planned);
  g_string_append_c (unit, '\n');
  add_unit (units, unit);
}

static void
add_line (GPtrArray *units,
          GRand     *rand,
          guint     *number)
{
  GString *unit = g_string_new (NULL);

  if (chance (rand, 75))
    add_point (unit, rand, ++*number);
  else
    g_string_append (unit, make_other (rand));

  g_string_append (unit, chance (rand, 95) ? "\n" : "\r\n");
  add_unit (units, unit);
}

static void
add_body (GPtrArray *units,
          GRand     *rand,
          guint      n)
{
  guint number = 0;

  for (guint i = 0; i < n; i++)
    {
      add_line (units, rand, &number);
      if (chance (rand, 10))
        add_unit (units, g_string_new (make_diagnostics (rand)));
      if (chance (rand, 2))
        add_planned (units, rand, n);
    }
}

/* Units moved, doubled and dropped. */
static char *
join (GPtrArray *units,
      GRand     *rand,
      int        percent)
{
  GString *stream = g_string_new (NULL);

  for (guint i = 0; i < units->len; i++)
    {
      guint from = chance (rand, percent) ? (guint)g_rand_int_range (rand, 0, units->len) : i;

      if (!chance (rand, percent / 2))
        g_string_append (stream, g_ptr_array_index (units, from));
    }

  if (stream->len > 0 && chance (rand, 10))
    g_string_truncate (stream, stream->len - 1);

  return g_string_free (stream, FALSE);
}

static char *
make_stream (GRand *rand)
{
  g_autoptr(GPtrArray) units = g_ptr_array_new_with_free_func (g_free);
  guint n = g_rand_int_range (rand, 0, 12);
  int plan = g_rand_int_range (rand, 0, 10);

  if (chance (rand, 50))
    add_unit (units, g_string_new (PICK (rand, "TAP version 13\n", "TAP version 13\n",
                                         "tap Version 13 \n", "# first\nTAP version 13\n")));
  if (plan < 6)
    add_planned (units, rand, n);
  add_body (units, rand, n);
  if (plan >= 6 && plan < 9)
    add_planned (units, rand, n);

  return join (units, rand, chance (rand, 30) ? 10 : 0);
}

static int
compare_strings (gconstpointer a,
                 gconstpointer b)
{
  return strcmp (*(char * const *)a, *(char * const *)b);
}

static char *
tell_errors (const CvmTapNumbers *numbers)
{
  g_autoptr(GPtrArray) errors = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < CVM_TAP_N_ERRORS; i++)
    {
      if (numbers->errors[i] > 0)
        g_ptr_array_add (errors, g_strdup_printf ("%s=%" G_GUINT64_FORMAT, cvm_tap_error_to_string (i),
                                                  numbers->errors[i]));
    }

  g_ptr_array_sort (errors, compare_strings);
  if (errors->len == 0)
    g_ptr_array_add (errors, g_strdup ("-"));
  g_ptr_array_add (errors, NULL);

  return g_strjoinv (",", (char **)errors->pdata);
}

static char *
tell_failed (const CvmTapNumbers *numbers)
{
  GString *failed = g_string_new (NULL);

  for (guint i = 0; i < numbers->failed_tests->len; i++)
    g_string_append_printf (failed, "%s%" G_GUINT64_FORMAT, i > 0 ? "," : "",
                            g_array_index (numbers->failed_tests, guint64, i));
  if (failed->len == 0)
    g_string_append_c (failed, '-');

  return g_string_free (failed, FALSE);
}

/* As tap-oracle.pl tells it. */
static char *
tell (const char *stream)
{
  g_autoptr(CvmTapVerdict) verdict = cvm_tap_verdict_new ();
  g_autoptr(CvmTapReader) reader = cvm_tap_reader_new (cvm_tap_verdict_take, verdict);
  g_autofree char *errors = NULL;
  g_autofree char *failed = NULL;
  g_autoptr(GString) told = g_string_new (NULL);
  const CvmTapNumbers *n;

  cvm_tap_reader_feed (reader, stream, strlen (stream));
  cvm_tap_reader_end (reader);
  n = cvm_tap_verdict_end (verdict);
  errors = tell_errors (n);
  failed = tell_failed (n);

  if (n->has_plan)
    g_string_append_printf (told, "%" G_GUINT64_FORMAT, n->planned);
  else
    g_string_append_c (told, '-');

  for (guint i = 0; i < 8; i++)
    g_string_append_printf (told, " %" G_GUINT64_FORMAT,
                            ((const guint64[]) { n->run, n->passed, n->failed, n->actual_passed,
                                                 n->actual_failed, n->todo, n->todo_passed,
                                                 n->skipped })[i]);
  g_string_append_printf (told, " %d %s%s %s %s", n->is_good_plan, n->skip_all ? "skip_all=" : "-",
                          n->skip_all ? n->skip_all : "", errors, failed);

  return g_strdup (told->str);
}

static GPtrArray *
make_streams (GString *input)
{
  g_autoptr(GRand) rand = g_rand_new_with_seed (SEED);
  GPtrArray *streams = g_ptr_array_new_with_free_func (g_free);

  while (streams->len < N_STREAMS)
    {
      char *stream = make_stream (rand);

      g_string_append_printf (input, "%zu\n%s", strlen (stream), stream);
      g_ptr_array_add (streams, stream);
    }

  return streams;
}

static char *
ask_oracle (const GString *input)
{
  g_autofree char *script = g_test_build_filename (G_TEST_DIST, "tap-oracle.pl", NULL);
  g_autoptr(GBytes) bytes = g_bytes_new_static (input->str, input->len);
  g_autoptr(GBytes) answer = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GSubprocess) perl = NULL;

  perl = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error,
                           "perl", script, NULL);
  g_assert_no_error (error);
  g_subprocess_communicate (perl, bytes, NULL, &answer, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_get_successful (perl));

  return g_strndup (g_bytes_get_data (answer, NULL), g_bytes_get_size (answer));
}

static void
compare (GPtrArray          *streams,
         const char * const *theirs)
{
  guint n_different = 0;

  for (guint i = 0; i < streams->len; i++)
    {
      const char *stream = g_ptr_array_index (streams, i);
      g_autofree char *ours = tell (stream);

      if (strcmp (ours, theirs[i]) != 0 && n_different++ < 5)
        g_test_message ("stream %u\n%s\nours   %s\ntheirs %s", i, stream, ours, theirs[i]);
    }

  g_assert_cmpuint (n_different, ==, 0);
}

static void
test_oracle (void)
{
  g_autofree char *perl = g_find_program_in_path ("perl");
  g_autoptr(GString) input = g_string_new (NULL);
  g_autoptr(GPtrArray) streams = make_streams (input);
  g_autofree char *answer = NULL;
  g_auto(GStrv) lines = NULL;

  if (perl == NULL)
    {
      g_test_skip ("no perl");
      return;
    }

  answer = ask_oracle (input);
  lines = g_strsplit (answer, "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), ==, streams->len + 1);
  compare (streams, (const char * const *)lines);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tap/oracle", test_oracle);

  return g_test_run ();
}
