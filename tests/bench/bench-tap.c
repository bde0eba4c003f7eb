/* bench-tap.c: how fast TAP is read, against prove and against the bytes themselves
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Prints a table; fails when a limit is missed: 24 MiB whatever the stream's length, a second for
 * the worst lines, a hundred times prove's speed (fifty for subtests, twenty with all YAML values),
 * twelve times wc -l, and 48 bytes a point beside the text of a tree. CVM_CLI is the program that
 * summarises; times are processor time, so that a busy machine does not decide. */
#include "cvm-tap-tree.h"
#include "cvm-tap-yaml.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>

static gboolean missed;

static void
expect (gboolean    met,
        const char *what)
{
  if (met)
    return;

  g_print ("MISSED: %s\n", what);
  missed = TRUE;
}

static double
spent (const struct rusage *usage)
{
  return usage->ru_utime.tv_sec + usage->ru_stime.tv_sec
         + (usage->ru_utime.tv_usec + usage->ru_stime.tv_usec) / 1e6;
}

static double
now (void)
{
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);
  return spent (&usage);
}

/* "VmHWM:" is the peak, "VmRSS:" what is used now; of this program alone */
static double
memory_mib (const char *what)
{
  g_autofree char *status = NULL;
  const char *value;

  if (!g_file_get_contents ("/proc/self/status", &status, NULL, NULL))
    return 0;

  value = strstr (status, what);

  return value != NULL ? g_ascii_strtod (value + strlen (what), NULL) / 1024.0 : 0;
}

typedef void (*AddPoint) (GString *stream,
                          guint    number);

static void
add_plain (GString *stream,
           guint    number)
{
  g_string_append_printf (stream, "ok %u - this is a plain test point with a name\n", number);
}

static void
add_with_yaml (GString *stream,
               guint    number)
{
  g_string_append_printf (stream,
                          "not ok %u - a point # TODO with diagnostics\n"
                          "  ---\n  message: \"it is %u\"\n  severity: fail\n  at:\n    file: a.c\n"
                          "    line: %u\n  got: [1, 2, three]\n  output: |\n    one line\n"
                          "    and a second one\n  ...\n", number, number, number);
}

static void
add_nested (GString *stream,
            guint    number)
{
  g_string_append_printf (stream,
                          "    # Subtest: %u\n        ok 1 - deepest\n        1..1\n    ok 1 - deep\n"
                          "    1..1\nok %u - outer\n", number, number);
}

static GString *
make_stream (AddPoint add,
             guint    n)
{
  GString *stream = g_string_new ("TAP version 13\n");

  g_string_append_printf (stream, "1..%u\n", n);
  for (guint i = 1; i <= n; i++)
    add (stream, i);

  return stream;
}

/* As from a file or a pipe: in blocks. */
static double
time_verdict (const GString *stream,
              guint          n)
{
  double start = now ();
  g_autoptr(CvmTapVerdict) verdict = cvm_tap_verdict_new ();
  g_autoptr(CvmTapReader) reader = cvm_tap_reader_new (cvm_tap_verdict_take, verdict);
  const CvmTapNumbers *numbers;

  for (gsize at = 0; at < stream->len; at += 65536)
    cvm_tap_reader_feed (reader, stream->str + at, MIN (65536, stream->len - at));

  cvm_tap_reader_end (reader);
  numbers = cvm_tap_verdict_end (verdict);
  expect (numbers->run == n && numbers->word == CVM_TAP_PASS, "the right verdict");

  return now () - start;
}

/* Beside the text: what the process grew by, less the bytes of the stream */
static void
keep_tree (const char *name,
           AddPoint    add,
           guint       n,
           guint       points)
{
  g_autoptr(GString) stream = make_stream (add, n);
  double before = memory_mib ("VmRSS:");
  double start = now ();
  g_autoptr(CvmTapTree) tree = cvm_tap_tree_new (G_MAXSIZE);
  double seconds, beside;

  for (gsize at = 0; at < stream->len; at += 65536)
    cvm_tap_tree_feed (tree, stream->str + at, MIN (65536, stream->len - at));

  cvm_tap_tree_end (tree);
  seconds = now () - start;
  beside = ((memory_mib ("VmRSS:") - before) * 1024 * 1024 - stream->len) / points;
  g_print ("%-7s %8u  tree %6.3f s, %.1f bytes a point beside the text\n", name, n, seconds, beside);
  if (add == add_plain)
    expect (beside <= 48, "48 bytes a point");
}

static void
parse_values (const CvmTapEvent *event,
              gpointer           user_data)
{
  g_autoptr(CvmTapYaml) yaml = NULL;

  if (event->kind == CVM_TAP_EVENT_DIAGNOSTICS)
    yaml = cvm_tap_yaml_parse (event->text, event->text_len, NULL);
}

static void
compare_values (AddPoint add,
                guint    n,
                double   prove)
{
  g_autoptr(GString) stream = make_stream (add, n);
  double start = now ();
  g_autoptr(CvmTapReader) reader = cvm_tap_reader_new (parse_values, NULL);
  double values;

  cvm_tap_reader_feed (reader, stream->str, stream->len);
  cvm_tap_reader_end (reader);
  values = now () - start;
  g_print ("%-7s all values parsed %.3f s: %.0f x prove\n", "", values, prove / values);
  expect (prove == 0 || prove / values >= 20, "twenty times prove with all values");
}

/* A program's best of @rounds; 0 when there is no such program. @peak_mib counts no less than what
 * this process used when it started the other. */
static double
time_program (guint        rounds,
              const char **argv,
              double      *peak_mib)
{
  double best = G_MAXDOUBLE;

  for (guint i = 0; i < rounds; i++)
    {
      struct rusage usage;
      int status;
      GPid pid;

      if (!g_spawn_async (NULL, (char **)argv, NULL,
                          G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_STDOUT_TO_DEV_NULL
                          | G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, &pid, NULL))
        return 0;

      wait4 (pid, &status, 0, &usage);
      best = MIN (best, spent (&usage));
      if (peak_mib != NULL)
        *peak_mib = usage.ru_maxrss / 1024.0;
    }

  return best;
}

/* In blocks, so that this process stays small */
static char *
write_file (AddPoint add,
            guint    n)
{
  char *path = NULL;
  int fd = g_file_open_tmp ("bench-tap-XXXXXX.tap", &path, NULL);
  g_autoptr(GString) block = g_string_new ("TAP version 13\n");

  g_assert_cmpint (fd, >=, 0);
  g_string_append_printf (block, "1..%u\n", n);
  for (guint i = 1; i <= n; i++)
    {
      add (block, i);
      if (block->len < 60000 && i < n)
        continue;

      g_assert_cmpint (write (fd, block->str, block->len), ==, block->len);
      g_string_truncate (block, 0);
    }

  close (fd);
  return path;
}

/* What a user runs: tap summary, against prove and wc -l on the same file */
static void
compare_programs (const char *name,
                  AddPoint    add,
                  guint       n,
                  double      least)
{
  const char *cli = g_getenv ("CVM_CLI");
  g_autofree char *path = write_file (add, n);
  double peak = 0;
  double summary = time_program (5, (const char *[]) { cli, "tap", "summary", path, NULL }, &peak);
  double json = time_program (5, (const char *[]) { cli, "tap", "summary", "--json", path, NULL }, NULL);
  double lines = time_program (5, (const char *[]) { "wc", "-l", path, NULL }, NULL);
  double prove = time_program (1, (const char *[]) { "prove", "--exec", "cat", path, NULL }, NULL);

  g_unlink (path);
  g_print ("%-7s %8u  summary %6.3f s, json %6.3f s, peak %4.1f MiB; wc -l %6.3f s: %4.1f x; "
           "prove %6.2f s: %.0f x\n", name, n, summary, json, peak, lines, summary / lines, prove, prove / summary);
  expect (peak <= 24, "24 MiB");
  expect (prove == 0 || prove / MAX (summary, json) >= least, "so many times prove's speed");
  if (add == add_plain)
    expect (MAX (summary, json) <= 12 * lines, "twelve times wc -l");
  if (add == add_with_yaml)
    compare_values (add, n, prove);
}

/* Nothing is kept: memory must not grow with the stream. */
static double
time_streamed (guint n)
{
  g_autoptr(CvmTapVerdict) verdict = cvm_tap_verdict_new ();
  g_autoptr(CvmTapReader) reader = cvm_tap_reader_new (cvm_tap_verdict_take, verdict);
  g_autoptr(GString) block = g_string_new (NULL);
  double start, seconds = 0;

  for (guint i = 1; i <= n; i++)
    {
      add_plain (block, i);
      if (block->len < 60000 && i < n)
        continue;

      start = now ();
      cvm_tap_reader_feed (reader, block->str, block->len);
      seconds += now () - start;
      g_string_truncate (block, 0);
    }

  cvm_tap_reader_end (reader);
  expect (cvm_tap_verdict_end (verdict)->run == n, "all points counted");

  return seconds;
}

static void
grow (void)
{
  double least = G_MAXDOUBLE;
  double each = 0;

  for (guint n = 1000; n <= 10 * 1000 * 1000; n *= 10)
    {
      double seconds = time_streamed (n);

      each = seconds / n * 1e9;
      least = n >= 100 * 1000 ? MIN (least, each) : least;   /* less is too short to be measured */
      g_print ("streamed %8u points %8.4f s, %5.1f ns a point, peak %.1f MiB\n", n, seconds, each,
               memory_mib ("VmHWM:"));
    }

  expect (each <= 2 * least, "time linear in the points");
  expect (memory_mib ("VmHWM:") <= 24, "24 MiB");
}

static double
feed_often (const char *head,
            const char *piece,
            gsize       total)
{
  double start = now ();
  gsize len = strlen (piece);
  g_autoptr(CvmTapVerdict) verdict = cvm_tap_verdict_new ();
  g_autoptr(CvmTapReader) reader = cvm_tap_reader_new (cvm_tap_verdict_take, verdict);

  cvm_tap_reader_feed (reader, head, strlen (head));
  for (gsize at = 0; at < total; at += len)
    cvm_tap_reader_feed (reader, piece, len);

  cvm_tap_reader_feed (reader, "\n  ...\n1..1\n", 12);
  cvm_tap_reader_end (reader);
  expect (cvm_tap_verdict_end (verdict)->word == CVM_TAP_PASS, "the right verdict");

  return now () - start;
}

static double
indent_deeply (void)
{
  double start;
  g_autoptr(GString) stream = g_string_new ("1..1\nok 1\n");
  g_autoptr(GString) indent = g_string_new (NULL);

  for (guint i = 0; i < 10000; i++)
    {
      g_string_append_c (indent, ' ');
      g_string_append_printf (stream, "%sok 1\n", indent->str);
    }

  start = now ();
  time_verdict (stream, 1);
  return now () - start;
}

static void
endure (void)
{
  g_autofree char *piece = g_strnfill (8192, 'x');
  double line = feed_often ("ok 1 - ", piece, 50 * 1000 * 1000);
  double yaml = feed_often ("ok 1\n  ---\n", "  key: a value, again and again\n", 100 * 1000 * 1000);
  double peak = memory_mib ("VmHWM:");
  double deep = indent_deeply ();

  g_print ("a line of 50 MB %.3f s, 100 MB of YAML %.3f s, peak %.1f MiB; 10000 indentations %.3f s\n",
           line, yaml, peak, deep);
  expect (peak <= 24, "24 MiB");
  expect (line < 1 && yaml < 1 && deep < 1, "a second each");
}

int
main (int    argc,
      char **argv)
{
  compare_programs ("plain", add_plain, 1000 * 1000, 100);
  grow ();
  endure ();
  compare_programs ("nested", add_nested, 100 * 1000, 50);
  compare_programs ("yaml", add_with_yaml, 200 * 1000, 100);
  keep_tree ("plain", add_plain, 1000 * 1000, 1000 * 1000);
  keep_tree ("plain", add_plain, 1100 * 1000, 1100 * 1000);
  keep_tree ("nested", add_nested, 100 * 1000, 300 * 1000);

  return missed ? EXIT_FAILURE : EXIT_SUCCESS;
}
