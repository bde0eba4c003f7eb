/* tap-streams.c: streams of TAP made by a seeded grammar, and Perl's word on them
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "tap-streams.h"

#include <gio/gio.h>
#include <string.h>

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
               "pragma strict", "pragma +x,+strict ", "TAP version 13", "Bail out!",
               "Bail out! dead", "   Bail out! inner", "}", "---", "...", "# Tapper-X: y",
               "\x1b[32mok 6\x1b[0m", "ok 1\x01", "notok 2", "tap VERSION 13 ", "    pragma +strict",
               "1..0", "1..0 # SKIP x", "ok\f", "#not ok", "\vBail out!", "ok 007", "not ok -1",
               "ok -2", "ok +3", "ok 1.5", "not ok# TODO", "ok#skip", "1..3#", "1..3 #", "ok 1 \\",
               "1..00", "1..03", "\xc3\xbc", "1 .. 3", "0..3", "2..3", " 1..3");
}

static const char *
make_header (GRand *rand)
{
  return PICK (rand, "# Tapper-Section: one", "# Tapper-Section: one", "# Test-section: one1", "#Artemis-Section:two 2",
               "# Tapper-Section: k7", "# Tapper-Section: k7", "# Tapper-Section:  a b ", "# Tapper-Section:",
               "# Tapper-Suite-Name: s", "# tapper-SUITE-name: t", "# Tapper-RAM:", "  # Tapper-RAM: 2",
               "# Tapper-RAM: 3", "# Tapper-explicit-section-start: x", "# Test-explicit-section-start:",
               "t/a.t ..", "t/a.t ..", "t/b-2.t....  ", "x ..", "- ..", "a. ..", "a.b...", "one ...", "k7..",
               "ok", "ok", "All tests successful.", "TAP version 13", "TAP Version 13", "tap version 13", "",
               "# plain", "1..2", "1..1", "1..2 # SKIP x", "1..1 todo 1", "1..1 # x", "1..0", "1..0 # Skipped: y");
}

/* Not for sections: a server reads what follows in the grammar of 12, we do not. */
static const char *
make_version (GRand *rand)
{
  return PICK (rand, "TAP version 12", "TAP version", "TAP Version 13 # x", "TAP version 13 ");
}

static const char *
make_wild (GRand *rand)
{
  return PICK (rand, "TAP version 14", "KTAP version 1", "KTAP version 9", "  KTAP version 1", "    KTAP version 1",
               "ok 1 - block {", "}", "    }", "ok {", "not ok 2 - b { # TODO", "pragma +strict", "pragma +bail, -x",
               "    pragma +strict", "# Subtest", "# Subtest: \xff", "      # Subtest: deep", "  # Subtest: k",
               "  ---", "  ...", "    ---", "  --- x", "\t---", "      ---", "   ...", "  a: [", "    - *x",
               "1..3 # three", "not ok 4 x # XFAIL y", "ok 5 # TIMEOUT", "ok 99999999999999999999",
               "1..99999999999999999999", "\xef\xbb\xbfok", "\xef\xbb\xbf", "\x1b[31mnot ok 1\x1b[0m",
               "                                        ok 1", "  ok 1 two", "      ok 1 six", "ok 1\r", "\r",
               "Bail out!\\#", "ok \\# x # SKIP \\# y", "not", "bail OUT! x", "ok 1 # skip \\", "    Bail out! x # y");
}

/* A line, or a block, which must stay whole: at a broken one TAP::Parser gives up, or never ends. */
static void
add_unit (GPtrArray  *units,
          const char *unit)
{
  g_ptr_array_add (units, g_strdup (unit));
}

static void
add_planned (GPtrArray *units,
             GRand     *rand,
             guint      planned)
{
  g_autoptr(GString) unit = g_string_new (NULL);

  add_plan (unit, rand, planned);
  g_string_append_c (unit, '\n');
  add_unit (units, unit->str);
}

static void
add_line (GPtrArray  *units,
          GRand      *rand,
          TapStreams  kind,
          guint      *number)
{
  g_autoptr(GString) unit = g_string_new (NULL);

  if (kind == TAP_STREAMS_TAPPER && chance (rand, 30))
    g_string_append (unit, make_header (rand));
  else if (kind == TAP_STREAMS_WILD && chance (rand, 20))
    g_string_append (unit, make_wild (rand));
  else if (kind != TAP_STREAMS_TAPPER && chance (rand, 3))
    g_string_append (unit, make_version (rand));
  else if (chance (rand, 75))
    add_point (unit, rand, ++*number);
  else
    g_string_append (unit, make_other (rand));

  g_string_append (unit, chance (rand, 95) ? "\n" : "\r\n");
  add_unit (units, unit->str);
}

static void
add_body (GPtrArray  *units,
          GRand      *rand,
          TapStreams  kind,
          guint       n)
{
  guint number = 0;

  for (guint i = 0; i < n; i++)
    {
      add_line (units, rand, kind, &number);
      if (chance (rand, 10))
        add_unit (units, make_diagnostics (rand));
      if (chance (rand, kind == TAP_STREAMS_TAPPER ? 8 : 2))
        add_planned (units, rand, n);
    }
}

static void add_subtest (GPtrArray *units, GRand *rand, const char *indent, guint depth);

/* The points of a good stream, with subtests as TAP 14 and the kernel write them. */
static void
add_level (GPtrArray  *units,
           GRand      *rand,
           const char *indent,
           guint       depth)
{
  guint n = g_rand_int_range (rand, 1, 4);
  gboolean plan_last = chance (rand, 30);

  for (guint i = 0; i <= n; i++)
    {
      g_autoptr(GString) unit = g_string_new (indent);

      if (i == (plan_last ? n : 0))
        g_string_append_printf (unit, "1..%u\n", n);
      else if (depth < 5 && chance (rand, 40))
        add_subtest (units, rand, indent, depth);
      if (i < n)
        {
          g_string_append (unit, unit->len > strlen (indent) ? indent : "");
          add_point (unit, rand, i + 1);
          g_string_append_c (unit, '\n');
        }

      add_unit (units, unit->str);
    }
}

static void
add_subtest (GPtrArray  *units,
             GRand      *rand,
             const char *indent,
             guint       depth)
{
  g_autofree char *inner = g_strconcat (indent, chance (rand, 70) ? "    " : "  ", NULL);
  gboolean buffered = chance (rand, 20);
  g_autofree char *name = g_strdup_printf ("%s%s\n", chance (rand, 50) ? indent : inner,
                                           chance (rand, 80) ? "# Subtest: inner \\# one" : "# Subtest");

  if (buffered)
    add_unit (units, "ok 7 - buffered {\n");
  else if (chance (rand, 60))
    add_unit (units, name);

  if (chance (rand, 20))
    {
      g_autofree char *version = g_strconcat (inner, "KTAP version 1\n", NULL);

      add_unit (units, version);
    }

  add_level (units, rand, inner, depth + 1);
  if (buffered)
    add_unit (units, "}\n");
}

/* Units moved, doubled and dropped. */
static GString *
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

  return stream;
}

static void
mutate (GString *stream,
        GRand   *rand)
{
  for (int i = g_rand_int_range (rand, 0, 6); i > 0 && stream->len > 0; i--)
    {
      gsize at = g_rand_int_range (rand, 0, stream->len);

      if (chance (rand, 50))
        stream->str[at] = g_rand_int_range (rand, 0, 256);
      else
        g_string_erase (stream, at, 1);
    }
}

static void
add_head (GPtrArray  *units,
          GRand      *rand,
          TapStreams  kind)
{
  if (kind == TAP_STREAMS_WILD)
    add_unit (units, PICK (rand, "TAP version 13\n", "TAP version 14\n", "KTAP version 1\n", "TAP version 14\r\n",
                           "\xef\xbb\xbfTAP version 14\n"));
  else
    add_unit (units, PICK (rand, "TAP version 13\n", "TAP version 13\n", "tap Version 13 \n",
                           "# first\nTAP version 13\n"));
}

static GString *
make_stream (GRand      *rand,
             TapStreams  kind)
{
  g_autoptr(GPtrArray) units = g_ptr_array_new_with_free_func (g_free);
  guint n = g_rand_int_range (rand, 0, 12);
  int plan = g_rand_int_range (rand, 0, 10);
  GString *stream;

  if (chance (rand, 50))
    add_head (units, rand, kind);
  if (plan < 6)
    add_planned (units, rand, n);
  if (kind == TAP_STREAMS_WILD && chance (rand, 50))
    add_level (units, rand, "", 0);
  else
    add_body (units, rand, kind, n);
  if (plan >= 6 && plan < 9)
    add_planned (units, rand, n);

  stream = join (units, rand, chance (rand, 30) ? 10 : 0);
  if (kind == TAP_STREAMS_WILD && chance (rand, 30))
    mutate (stream, rand);

  return stream;
}

static void
free_stream (gpointer data)
{
  g_string_free (data, TRUE);
}

/* The streams, as GString; the same ones for the same seed. */
GPtrArray *
tap_streams_make (TapStreams kind,
                  guint      n,
                  guint32    seed)
{
  g_autoptr(GRand) rand = g_rand_new_with_seed (seed);
  GPtrArray *streams = g_ptr_array_new_with_free_func (free_stream);

  while (streams->len < n)
    g_ptr_array_add (streams, make_stream (rand, kind));

  return streams;
}

/* What @script says of each stream, a line a stream; NULL without perl. */
char **
tap_streams_ask (const GPtrArray *streams,
                 const char      *script)
{
  g_autofree char *perl = g_find_program_in_path ("perl");
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, script, NULL);
  g_autoptr(GString) input = g_string_new (NULL);
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(GBytes) answer = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GSubprocess) process = NULL;
  g_autofree char *text = NULL;

  if (perl == NULL)
    return NULL;

  for (guint i = 0; i < streams->len; i++)
    {
      const GString *stream = g_ptr_array_index (streams, i);

      g_string_append_printf (input, "%zu\n", stream->len);
      g_string_append_len (input, stream->str, stream->len);
    }

  bytes = g_bytes_new_static (input->str, input->len);
  process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error,
                              perl, path, NULL);
  g_assert_no_error (error);
  g_subprocess_communicate (process, bytes, NULL, &answer, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_get_successful (process));
  text = g_strndup (g_bytes_get_data (answer, NULL), g_bytes_get_size (answer));
  text[strlen (text) - 1] = '\0';

  return g_strsplit (text, "\n", -1);
}
