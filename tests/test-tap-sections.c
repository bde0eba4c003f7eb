/* test-tap-sections.c: reports cut into sections as a Tapper server cuts them
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-tap-sections.h"
#include "tap-streams.h"

#include <string.h>

#define V13 "TAP version 13\n"

/* Sections one after the other: name planned/run/passed/failed {headers}; then those of all. */
static const struct
{
  const char *name, *input, *told;
} cases[] = {
  { "nothing", "", "section-000 -/0/0/0 {} | {}" },
  { "junk", "junk\n", "section-000 -/0/0/0 {} | {}" },
  { "one-plan", "1..2\nok\nnot ok\n", "section-000 2/2/1/1 {} | {}" },
  { "walkthrough", "1..2\n# Tapper-Suite-Name: D\n# Tapper-Machine-Name: h\nok - a\nok - b\n",
    "section-000 2/2/2/0 {suite-name=D machine-name=h} | {suite-name=D machine-name=h}" },
  { "one-plan-last-name", "# Tapper-Section: a b\nok\n# Tapper-Section: c\n1..1\n",
    "c 1/1/1/0 {section=c} | {section=c}" },
  { "one-plan-same-name", "# Tapper-Section: a\nok\n# Tapper-Section: a\n1..1\n",
    "a1 1/1/1/0 {section=a} | {section=a}" },
  { "one-plan-in-comment", "# 1..5\n1..1\nok\n    1..3\n", "section-000 1/1/1/0 {} | {}" },
  { "no-plan", "# Tapper-Section: x\nok\nok\n", "x -/2/2/0 {section=x} | {section=x}" },
  { "two-plans", "1..1\nok\n1..2\nok\nnot ok\n", "section-000 1/1/1/0 {}, section-001 2/2/1/1 {} | {}" },
  { "plans-last", "ok\n1..1\nok\nok\n1..2\n",
    "section-000 -/1/1/0 {}, section-001 1/2/1/1 {}, section-002 2/0/0/0 {} | {}" },
  { "headers-before-plan", "# Tapper-Section: a\n1..1\nok\n1..1\nok\n",
    "a -/0/0/0 {section=a}, section-001 1/1/1/0 {}, section-002 1/1/1/0 {} | {section=a}" },
  { "junk-before-plan", "junk\n1..1\nok\n1..1\nok\n",
    "section-000 -/0/0/0 {}, section-001 1/1/1/0 {}, section-002 1/1/1/0 {} | {}" },
  { "junk-before-version", "junk\n" V13 "1..1\nok\n" V13 "1..1\nok\n",
    "section-000 1/1/1/0 {}, section-001 1/1/1/0 {} | {}" },
  { "versions", V13 "1..1\nok\n" V13 "1..1\nnot ok\n", "section-000 1/1/1/0 {}, section-001 1/1/0/1 {} | {}" },
  { "version-behind-plan", "1..1\n" V13 "ok\n1..1\nok\n", "section-000 1/1/1/0 {}, section-001 1/1/1/0 {} | {}" },
  { "headers-of-each", "1..1\n# Tapper-Section: one\n# Tapper-RAM: 1\nok\n1..1\n# Tapper-Section: two\n# Tapper-ram: 2\nok\n",
    "one 1/1/1/0 {section=one ram=1}, two 1/1/1/0 {section=two ram=2} | {section=two ram=2}" },
  { "names-again", "1..0\n#Test-section:one\n1..0\n#Test-section:one\n1..0\n#Test-section:one\n1..0\n#Test-section:one1\n",
    "one 0/0/0/0 {section=one}, one1 0/0/0/0 {section=one}, one2 0/0/0/0 {section=one}, "
    "one3 0/0/0/0 {section=one1} | {section=one1}" },
  { "names-with-number", "1..0\n#Test-section:k7\n1..0\n#Test-section:k7\n", 
    "k7 0/0/0/0 {section=k7}, k2 0/0/0/0 {section=k7} | {section=k7}" },
  { "name-first-stays", "1..0\n#Test-section: a\n#Test-section: b\n1..0\n",
    "a 0/0/0/0 {section=b}, section-001 0/0/0/0 {} | {section=b}" },
  { "name-blanks", "1..0\n#Test-section:  a b\tc \n1..0\n", "a-b-c 0/0/0/0 {section=a b\tc}, section-001 0/0/0/0 {} | {section=a b\tc}" },
  { "name-empty", "1..0\n#Test-section: \n1..0\n", "section-000 0/0/0/0 {}, section-001 0/0/0/0 {} | {}" },
  { "explicit", "# Tapper-explicit-section-start: x\n# Tapper-Section: a\nok\n1..1\n"
                "# Tapper-explicit-section-start: y\n# Tapper-Section: b\nok\nok\n1..2\n",
    "a 1/1/1/0 {explicit-section-start=x section=a}, b 2/2/2/0 {explicit-section-start=y section=b} | "
    "{explicit-section-start=y section=b}" },
  { "explicit-bare", "#tapper-explicit-section-start:\n1..1\nok\n#tapper-explicit-section-start:\n1..1\nok\n",
    "section-000 1/1/1/0 {}, section-001 1/1/1/0 {} | {}" },
  { "explicit-one-plan", "#Test-explicit-section-start:\nok\n1..1\n#Test-explicit-section-start:\nok\n",
    "section-000 1/2/1/1 {} | {}" },
  { "explicit-late", "1..1\nok\n#Test-explicit-section-start:\nok\n1..1\nok\n1..1\n",
    "section-000 1/1/1/0 {}, section-001 1/2/1/1 {} | {}" },
  { "prove", "t/a.t ..\n1..2\nok 1\nok 2\nok\nt/b.t .. \n1..1\nnot ok 1\nFailed\nResult: FAIL\n",
    "t/a.t 2/2/2/0 {}, t/b.t 1/1/0/1 {} | {}" },
  { "prove-13", V13 "t/a.t ..\n1..1\nok\nt/b.t....\n1..1\nok\nok\n", "t/a.t 1/0/0/0 {}, t/b.t 1/1/1/0 {} | {}" },
  { "todo-and-skip", "1..3\nnot ok # TODO\nok # SKIP\nnot ok # SKIP\n1..0 # SKIP all\n",
    "section-000 3/3/2/1 {}, section-001 0/0/0/0 {} | {}" },
  { "plan-12", "1..2 todo 1 2\nnot ok\n1..0 # Skipped: x\n1..1\nok\n", "section-000 -/1/0/1 {}, section-001 1/1/1/0 {} | {}" },
  { "plan-14", "TAP version 14\n1..2 # two\nok\nok\n1..1\nok\n", "section-000 -/2/2/0 {}, section-001 1/1/1/0 {} | {}" },
  { "subtests", "1..1\n    1..2\n    ok\n    # Tapper-X: y\n    ok\nok\n1..1\nok\n",
    "section-000 1/1/1/0 {}, section-001 1/1/1/0 {} | {}" },
  { "yaml", "1..1\nok\n  ---\n  1..1: x\n  ...\n1..1\nok\n", "section-000 1/1/1/0 {}, section-001 1/1/1/0 {} | {}" },
};

static void
tell_headers (const CvmTapHeaders *headers,
              GString             *told)
{
  g_string_append_c (told, '{');
  for (guint i = 0; i < cvm_tap_headers_get_n (headers); i++)
    g_string_append_printf (told, "%s%s=%s", i > 0 ? " " : "", cvm_tap_headers_get_key (headers, i),
                            cvm_tap_headers_get_value (headers, i));
  g_string_append_c (told, '}');
}

static char *
tell (const CvmTapSections *sections)
{
  GString *told = g_string_new (NULL);

  for (guint i = 0; i < cvm_tap_sections_get_n (sections); i++)
    {
      const CvmTapSection *section = cvm_tap_sections_get (sections, i);

      g_string_append_printf (told, "%s%s ", i > 0 ? ", " : "", section->name);
      if (section->has_plan)
        g_string_append_printf (told, "%" G_GUINT64_FORMAT, section->planned);
      else
        g_string_append_c (told, '-');
      g_string_append_printf (told, "/%" G_GUINT64_FORMAT "/%" G_GUINT64_FORMAT "/%" G_GUINT64_FORMAT " ",
                              section->run, section->passed, section->failed);
      tell_headers (section->headers, told);
    }

  g_string_append (told, " | ");
  tell_headers (cvm_tap_sections_get_headers (sections), told);

  return g_string_free (told, FALSE);
}

static CvmTapSections *
cut (const char *input)
{
  CvmTapSections *sections = cvm_tap_sections_new ();
  g_autoptr(CvmTapReader) reader = cvm_tap_reader_new (cvm_tap_sections_take, sections);

  cvm_tap_reader_feed (reader, input, strlen (input));
  cvm_tap_reader_end (reader);
  cvm_tap_sections_end (sections);

  return sections;
}

static void
test_sections (gconstpointer data)
{
  const typeof (cases[0]) *c = data;
  g_autoptr(CvmTapSections) sections = cut (c->input);
  g_autofree char *told = tell (sections);

  g_assert_cmpstr (told, ==, c->told);
  g_assert_true (cvm_tap_sections_is_whole (sections));
}

static void
test_many_sections (void)
{
  g_autoptr(GString) input = g_string_new (NULL);
  g_autoptr(CvmTapSections) sections = NULL;

  for (guint i = 0; i < CVM_TAP_SECTIONS_MAX + 5; i++)
    g_string_append (input, "1..1\n# Tapper-Section: same\nok\n");

  sections = cut (input->str);
  g_assert_cmpuint (cvm_tap_sections_get_n (sections), ==, CVM_TAP_SECTIONS_MAX);
  g_assert_cmpuint (cvm_tap_sections_get (sections, CVM_TAP_SECTIONS_MAX - 1)->run, ==, 6);
  g_assert_cmpstr (cvm_tap_sections_get (sections, 9)->name, ==, "same9");
  g_assert_false (cvm_tap_sections_is_whole (sections));
}

/* Neither names nor headers may fill the memory, but what is only said again takes none. */
static void
test_many_headers (void)
{
  g_autoptr(GString) again = g_string_new (NULL);
  g_autoptr(GString) other = g_string_new (NULL);
  g_autoptr(CvmTapSections) same = NULL;
  g_autoptr(CvmTapSections) different = NULL;
  g_autoptr(CvmTapSections) named = NULL;

  for (guint i = 0; i < 100000; i++)
    {
      g_string_append (again, "# Tapper-Uptime: as long as it takes, and longer than that\n");
      g_string_append_printf (other, "# Tapper-%u: x\n", i);
    }

  same = cut (again->str);
  different = cut (other->str);
  g_assert_true (cvm_tap_sections_is_whole (same));
  g_assert_false (cvm_tap_sections_is_whole (different));
  g_assert_cmpuint (cvm_tap_headers_get_n (cvm_tap_sections_get_headers (different)), <, 50000);

  g_string_truncate (other, 0);
  for (guint i = 0; i < 100000; i++)
    g_string_append_printf (other, "# Tapper-Section: %u\n", i);
  named = cut (other->str);
  g_assert_false (cvm_tap_sections_is_whole (named));
}

static void
compare (const GPtrArray    *streams)
{
  g_auto(GStrv) theirs = tap_streams_ask (streams, "sections-oracle.pl");
  guint n_different = 0;

  if (theirs == NULL)
    {
      g_test_skip ("no perl");
      return;
    }

  g_assert_cmpuint (g_strv_length (theirs), ==, streams->len);
  for (guint i = 0; i < streams->len; i++)
    {
      const GString *stream = g_ptr_array_index (streams, i);
      g_autoptr(CvmTapSections) sections = cut (stream->str);
      g_autofree char *ours = tell (sections);

      if (strcmp (ours, theirs[i]) != 0 && n_different++ < 5)
        g_test_message ("stream %u\n%s\nours   %s\ntheirs %s", i, stream->str, ours, theirs[i]);
    }

  g_assert_cmpuint (n_different, ==, 0);
}

/* The rows above were written by hand: the server's rules must say the same of them. */
static void
test_oracle_rows (void)
{
  g_autoptr(GPtrArray) streams = g_ptr_array_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_ptr_array_add (streams, g_string_new (cases[i].input));

  compare (streams);
  for (guint i = 0; i < streams->len; i++)
    g_string_free (g_ptr_array_index (streams, i), TRUE);
}

static void
test_oracle_streams (void)
{
  g_autoptr(GPtrArray) streams = tap_streams_make (TAP_STREAMS_TAPPER, 3000, 1);

  compare (streams);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/tap/sections/", cases[i].name, NULL);

      g_test_add_data_func (path, &cases[i], test_sections);
    }

  g_test_add_func ("/tap/sections/many-sections", test_many_sections);
  g_test_add_func ("/tap/sections/many-headers", test_many_headers);

  g_test_add_func ("/tap/sections/oracle-rows", test_oracle_rows);
  g_test_add_func ("/tap/sections/oracle-streams", test_oracle_streams);

  return g_test_run ();
}
