/* test-serial-times.c: when the console said what
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-serial-times.h"

#include <glib/gstdio.h>

#include "cvm-file.h"
#include "cvm-serial.h"

static const struct
{
  const char *name;
  const char *text;
  guint       n;          /* times that are taken */
  gint64      time_ms;    /* what was there then */
  guint64     found;      /* of 1000 bytes */
} cases[] = {
  { "empty",     "",                               0, 5,    1000 },
  { "before",    "100 0\n200 50\n300 90\n",        3, 50,   0 },
  { "first",     "100 0\n200 50\n300 90\n",        3, 100,  50 },
  { "between",   "100 0\n200 50\n300 90\n",        3, 250,  90 },
  { "after",     "100 0\n200 50\n300 90\n",        3, 300,  1000 },
  { "torn",      "100 0\n200 50\n300 9",           2, 150,  50 },
  { "back",      "100 0\n90 50\n300 60\n",         2, 100,  60 },
  { "shrinks",   "100 50\n200 40\n300 60\n",       2, 150,  60 },
  { "beyond",    "100 0\n200 99999999\n",          2, 100,  1000 },
  { "garbage",   "\xff\xfe\nx y\n100\n100 0 7\n",  0, 100,  1000 },
  { "blank",     "\n\n\n100 0\n\n",                1, 50,   0 },
  { "huge",      "99999999999999999999 99999999999999999999999\n", 1, 50, 1000 },
};

static void
test_find (gconstpointer data)
{
  const typeof (cases[0]) *c = data;
  g_autoptr(GArray) times = cvm_serial_times_parse (c->text);

  g_assert_cmpuint (times->len, ==, c->n);
  g_assert_cmpuint (cvm_serial_times_find (times, c->time_ms * 1000, 1000), ==, c->found);
}

static void
test_bounded (void)
{
  g_autofree char *dir = g_dir_make_tmp ("cvm-times-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (dir, "serial.log", NULL);
  CvmSerialClock clock = { .fd = -1 };
  g_autoptr(GArray) times = NULL;

  cvm_serial_clock_open (&clock, path);
  for (gint64 ms = 1; ms < 24 * 3600 * 1000; ms += 97)
    cvm_serial_clock_tell (&clock, ms, ms);
  cvm_serial_clock_close (&clock);

  times = cvm_serial_times_load (path);
  g_assert_cmpuint (times->len, >, 5000);
  g_assert_cmpuint (times->len, <, 10000);
  g_assert_cmpuint (cvm_serial_times_find (times, 3600 * 1000 * G_GINT64_CONSTANT (1000), G_MAXUINT64),
                    <, 3604 * 1000);
  cvm_file_remove_tree (dir);
}

/* The console itself keeps them */
static void
test_serial (void)
{
  g_autofree char *dir = g_dir_make_tmp ("cvm-times-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (dir, "serial.log", NULL);
  g_autoptr(CvmSerial) serial = cvm_serial_new (path, NULL);
  g_autoptr(GArray) times = NULL;

  cvm_serial_append (serial, "one\n", 4);
  cvm_serial_append (serial, "two\n", 4);   /* too soon for a time of its own */
  times = cvm_serial_times_load (path);
  g_assert_cmpuint (times->len, ==, 1);
  g_assert_cmpuint (g_array_index (times, CvmSerialTime, 0).offset, ==, 0);
  g_assert_cmpint (ABS (g_array_index (times, CvmSerialTime, 0).time_ms
                        - g_get_real_time () / 1000), <, 60000);
  cvm_file_remove_tree (dir);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *name = g_strdup_printf ("/serial-times/%s", cases[i].name);

      g_test_add_data_func (name, &cases[i], test_find);
    }
  g_test_add_func ("/serial-times/bounded", test_bounded);
  g_test_add_func ("/serial-times/serial", test_serial);

  return g_test_run ();
}
