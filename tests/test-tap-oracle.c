/* test-tap-oracle.c: our verdicts against those of Perl's TAP::Parser
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Streams are made by a seeded grammar, good, bad and mutated; tap-oracle.pl lets TAP::Parser
 * count them; every number must be the same. Kept out of the streams, since there we differ on
 * purpose: TAP 14 and KTAP, `not` alone on a line (joined with the next for VMS's sake), numbers
 * beyond 63 bits, a byte order mark, and diagnostics blocks that TAP::Parser cannot read, at which
 * it gives up the whole stream. */
#include "cvm-tap-tree-write.h"
#include "tap-streams.h"

#include <string.h>

#define N_STREAMS 3000
#define SEED      20261121

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
tell (const GString *stream)
{
  g_autoptr(CvmTapVerdict) verdict = cvm_tap_verdict_new ();
  g_autoptr(CvmTapReader) reader = cvm_tap_reader_new (cvm_tap_verdict_take, verdict);
  g_autofree char *errors = NULL;
  g_autofree char *failed = NULL;
  g_autoptr(GString) told = g_string_new (NULL);
  const CvmTapNumbers *n;

  cvm_tap_reader_feed (reader, stream->str, stream->len);
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

static void
compare (const GPtrArray *streams)
{
  g_auto(GStrv) theirs = tap_streams_ask (streams, "tap-oracle.pl");
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
      g_autofree char *ours = tell (stream);

      if (strcmp (ours, theirs[i]) != 0 && n_different++ < 5)
        g_test_message ("stream %u\n%s\nours   %s\ntheirs %s", i, stream->str, ours, theirs[i]);
    }

  g_assert_cmpuint (n_different, ==, 0);
}

static void
test_streams (void)
{
  g_autoptr(GPtrArray) streams = tap_streams_make (TAP_STREAMS_PLAIN, N_STREAMS, SEED);

  compare (streams);
}

/* Streams of any dialect, written as TAP 13, are to TAP::Parser what they are to us. */
static void
test_written (void)
{
  g_autoptr(GPtrArray) streams = tap_streams_make (TAP_STREAMS_WILD, N_STREAMS, SEED);

  for (guint i = 0; i < streams->len; i++)
    {
      GString *stream = g_ptr_array_index (streams, i);
      g_autoptr(CvmTapTree) tree = cvm_tap_tree_new (G_MAXSIZE);

      cvm_tap_tree_feed (tree, stream->str, stream->len);
      cvm_tap_tree_end (tree);
      g_string_truncate (stream, 0);
      cvm_tap_tree_write (tree, 13, stream);
    }

  compare (streams);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tap/oracle/streams", test_streams);
  g_test_add_func ("/tap/oracle/written", test_written);

  return g_test_run ();
}
