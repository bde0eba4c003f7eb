/* bench-tap.c: how fast TAP is read, against prove and against the bytes themselves
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Prints a table; fails when a limit is missed: 24 MiB whatever the stream's length, a second for
 * the worst lines, a hundred times prove's speed (fifty for subtests, twenty with all YAML values),
 * and twelve times a bare line counter. */
#include "cvm-tap-tree.h"
#include "cvm-tap-yaml.h"

#include <gio/gio.h>
#include <string.h>
#include <sys/resource.h>

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

/* Processor time, so that a busy machine does not decide. */
static double
spent_by (int who)
{
  struct rusage usage;

  getrusage (who, &usage);
  return usage.ru_utime.tv_sec + usage.ru_stime.tv_sec
         + (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static double
now (void)
{
  return spent_by (RUSAGE_SELF);
}

/* Of this program alone: ru_maxrss also counts what the parent had when it forked */
static double
peak_mib (void)
{
  g_autofree char *status = NULL;
  const char *peak;

  if (!g_file_get_contents ("/proc/self/status", &status, NULL, NULL))
    return 0;

  peak = strstr (status, "VmHWM:");

  return peak != NULL ? g_ascii_strtod (peak + strlen ("VmHWM:"), NULL) / 1024.0 : 0;
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

static double
time_lines (const GString *stream)
{
  double start = now ();
  volatile guint n = 0;

  for (const char *p = stream->str; (p = memchr (p, '\n', stream->str + stream->len - p)) != NULL; p++)
    n++;

  return now () - start;
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

static double
time_tree (const GString *stream)
{
  double start = now ();
  g_autoptr(CvmTapTree) tree = cvm_tap_tree_new (G_MAXSIZE);

  cvm_tap_tree_feed (tree, stream->str, stream->len);
  cvm_tap_tree_end (tree);

  return now () - start;
}

static void
parse_values (const CvmTapEvent *event,
              gpointer           user_data)
{
  g_autoptr(CvmTapYaml) yaml = NULL;

  if (event->kind == CVM_TAP_EVENT_DIAGNOSTICS)
    yaml = cvm_tap_yaml_parse (event->text, event->text_len, NULL);
}

static double
time_values (const GString *stream)
{
  double start = now ();
  g_autoptr(CvmTapReader) reader = cvm_tap_reader_new (parse_values, NULL);

  cvm_tap_reader_feed (reader, stream->str, stream->len);
  cvm_tap_reader_end (reader);

  return now () - start;
}

/* 0 when there is no prove. */
static double
time_prove (const GString *stream)
{
  g_autofree char *prove = g_find_program_in_path ("prove");
  g_autoptr(GSubprocess) process = NULL;
  g_autoptr(GFileIOStream) io = NULL;
  g_autoptr(GFile) file = NULL;
  double start;

  if (prove == NULL)
    return 0;

  file = g_file_new_tmp ("bench-tap-XXXXXX.tap", &io, NULL);
  g_assert_nonnull (file);
  g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (io)), stream->str,
                             stream->len, NULL, NULL, NULL);
  g_io_stream_close (G_IO_STREAM (io), NULL, NULL);

  start = spent_by (RUSAGE_CHILDREN);
  process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_SILENCE,
                              NULL, prove, "--exec", "cat", g_file_peek_path (file), NULL);
  g_subprocess_wait (process, NULL, NULL);
  g_file_delete (file, NULL, NULL);

  return spent_by (RUSAGE_CHILDREN) - start;
}

static void
compare (const char *name,
         AddPoint    add,
         guint       n,
         double      least)
{
  g_autoptr(GString) stream = make_stream (add, n);
  double lines = time_lines (stream);
  double verdict = time_verdict (stream, n);
  double tree = time_tree (stream);
  double prove = time_prove (stream);

  g_print ("%-10s %8u %7.1f MB  lines %6.3f s  verdict %6.3f s  tree %6.3f s  prove %6.2f s: %.0f x\n",
           name, n, stream->len / 1e6, lines, verdict, tree, prove, prove / verdict);
  expect (prove == 0 || prove / verdict >= least, "so many times prove's speed");
  if (add == add_plain)
    expect (verdict <= 12 * MAX (lines, 0.001), "twelve times the line counter");
  if (add == add_with_yaml)
    {
      double values = time_values (stream);

      g_print ("%-10s all values parsed %6.3f s: %.0f x\n", name, values, prove / values);
      expect (prove == 0 || prove / values >= 20, "twenty times prove with all values");
    }
}

/* Nothing is kept: memory must not grow with the stream. */
static double
time_streamed (guint n)
{
  g_autoptr(CvmTapVerdict) verdict = cvm_tap_verdict_new ();
  g_autoptr(CvmTapReader) reader = cvm_tap_reader_new (cvm_tap_verdict_take, verdict);
  g_autoptr(GString) block = g_string_new (NULL);
  double start, spent = 0;

  for (guint i = 1; i <= n; i++)
    {
      add_plain (block, i);
      if (block->len < 60000 && i < n)
        continue;

      start = now ();
      cvm_tap_reader_feed (reader, block->str, block->len);
      spent += now () - start;
      g_string_truncate (block, 0);
    }

  cvm_tap_reader_end (reader);
  expect (cvm_tap_verdict_end (verdict)->run == n, "all points counted");

  return spent;
}

static void
grow (void)
{
  for (guint n = 1000; n <= 10 * 1000 * 1000; n *= 10)
    {
      double spent = time_streamed (n);

      g_print ("streamed   %8u points  %8.4f s  %5.1f ns a point  peak %.1f MiB\n", n, spent,
               spent / n * 1e9, peak_mib ());
    }

  expect (peak_mib () <= 24, "24 MiB");
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
  double deep = indent_deeply ();

  g_print ("a line of 50 MB %.3f s, 100 MB of YAML %.3f s, 10000 indentations %.3f s, peak %.1f MiB\n",
           line, yaml, deep, peak_mib ());
  expect (line < 1 && yaml < 1 && deep < 1, "a second each");
}

int
main (int    argc,
      char **argv)
{
  grow ();
  endure ();
  compare ("plain", add_plain, 1000 * 1000, 100);
  compare ("yaml", add_with_yaml, 200 * 1000, 100);
  compare ("nested", add_nested, 100 * 1000, 50);

  return missed ? EXIT_FAILURE : EXIT_SUCCESS;
}
