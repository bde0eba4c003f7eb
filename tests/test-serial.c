/* test-serial.c: the serial console: kept whole, watched, waited on
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <glib/gstdio.h>

#include "cvm-engine-error.h"
#include "cvm-serial.h"
#include "cvm-wait.h"

static const struct
{
  const char *name, *bytes, *pattern, *line;   /* line NULL: no match */
} lines[] = {
  { "whole",       "boot\nREADY now\nmore\n", "READY",        "READY now" },
  { "unfinished",  "boot\nlogin: ",           "login: $",     "login: " },
  { "cr-lf",       "READY\r\n",               "^READY$",      "READY" },
  { "colours",     "\033[1;32mOK\033[0m up\n", "^OK up$",      "OK up" },
  { "not-utf8",    "caf\xe9 READY\n",         "READY$",       "caf\xef\xbf\xbd READY" },
  { "over-lines",  "REA\nDY\n",               "REA.*DY",      NULL },
  { "nothing",     "",                        ".",            NULL },
};

static void
test_line (gconstpointer data)
{
  const typeof (lines[0]) *c = data;
  g_autoptr(CvmSerial) serial = cvm_serial_new (NULL, NULL);
  g_autoptr(GRegex) pattern = g_regex_new (c->pattern, 0, 0, NULL);
  g_autofree char *matched = NULL;
  g_autoptr(GError) error = NULL;

  cvm_serial_append (serial, c->bytes, strlen (c->bytes));
  g_assert_true (cvm_serial_wait (serial, pattern, 0, cvm_deadline_in_ms (1), NULL, &matched,
                                  &error)
                 == (c->line != NULL));
  g_assert_cmpstr (matched, ==, c->line);
  if (c->line == NULL)
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
}

static gpointer
say_ready (gpointer data)
{
  for (const char *p = "noise\nGUEST READY\n"; *p != '\0'; p++)
    cvm_serial_append (data, p, 1);

  return NULL;
}

static void
test_bytes_from_another_thread (void)
{
  g_autoptr(CvmSerial) serial = cvm_serial_new (NULL, NULL);
  g_autoptr(GRegex) pattern = g_regex_new ("GUEST READY", 0, 0, NULL);
  GThread *thread = g_thread_new ("guest", say_ready, serial);

  g_assert_true (cvm_serial_wait (serial, pattern, 0, cvm_deadline_in_ms (20000), NULL, NULL,
                                  NULL));
  g_thread_join (thread);
}

static void
test_position (void)
{
  g_autoptr(CvmSerial) serial = cvm_serial_new (NULL, NULL);
  g_autoptr(GRegex) pattern = g_regex_new ("READY", 0, 0, NULL);
  guint64 second;

  cvm_serial_append (serial, "READY\n", 6);
  second = cvm_serial_offset (serial);
  g_assert_cmpuint (second, ==, 6);
  g_assert_false (cvm_serial_wait (serial, pattern, second, cvm_deadline_in_ms (1), NULL, NULL,
                                   NULL));
  cvm_serial_append (serial, "READY\n", 6);
  g_assert_true (cvm_serial_wait (serial, pattern, second, cvm_deadline_in_ms (1), NULL, NULL,
                                  NULL));
}

static void
test_end (void)
{
  g_autoptr(CvmSerial) serial = cvm_serial_new (NULL, NULL);
  g_autoptr(GRegex) pattern = g_regex_new ("READY", 0, 0, NULL);
  g_autoptr(GError) error = NULL;

  cvm_serial_append (serial, "panic: no root\n", 15);
  cvm_serial_end (serial, "the guest is off");
  g_assert_false (cvm_serial_wait (serial, pattern, 0, CVM_DEADLINE_NEVER, NULL, NULL, &error));
  g_assert_error (error, CVM_ENGINE_ERROR, CVM_ENGINE_ERROR_GUEST_LOST);
  g_assert_nonnull (strstr (error->message, "panic: no root"));
}

static gpointer
cancel (gpointer data)
{
  g_cancellable_cancel (data);

  return NULL;
}

static void
test_cancel (void)
{
  g_autoptr(CvmSerial) serial = cvm_serial_new (NULL, NULL);
  g_autoptr(GRegex) pattern = g_regex_new ("READY", 0, 0, NULL);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;
  GThread *thread = g_thread_new ("user", cancel, cancellable);

  g_assert_false (cvm_serial_wait (serial, pattern, 0, CVM_DEADLINE_NEVER, cancellable, NULL,
                                   &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_thread_join (thread);
}

typedef struct
{
  CvmSerial *serial;
  gint       is_over;
} Chatter;

static gpointer
chatter (gpointer data)
{
  Chatter *self = data;

  while (!g_atomic_int_get (&self->is_over))
    cvm_serial_append (self->serial, "still here\n", 11);

  return NULL;
}

/* A guest that says more than can be looked at: the limit and a cancel hold all the same */
static void
test_never_silent (gconstpointer is_cancel)
{
  g_autoptr(CvmSerial) serial = cvm_serial_new (NULL, NULL);
  g_autoptr(GRegex) pattern = g_regex_new ("READY", 0, 0, NULL);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;
  Chatter self = { serial };
  GThread *guest = g_thread_new ("guest", chatter, &self);
  GThread *user = is_cancel != NULL ? g_thread_new ("user", cancel, cancellable) : NULL;
  gint64 begun_us = g_get_monotonic_time ();
  int code = is_cancel != NULL ? G_IO_ERROR_CANCELLED : G_IO_ERROR_TIMED_OUT;

  g_assert_false (cvm_serial_wait (serial, pattern, 0, cvm_deadline_in_ms (is_cancel != NULL ? 20000
    : 100),
                                   cancellable, NULL, &error));
  g_assert_cmpint (g_get_monotonic_time () - begun_us, <, 10 * G_USEC_PER_SEC);
  g_assert_error (error, G_IO_ERROR, code);

  g_atomic_int_set (&self.is_over, TRUE);
  g_thread_join (guest);
  if (user != NULL)
    g_thread_join (user);
}

/* Ten megabytes through a window of one: the file has all, memory the end */
static void
test_flood (void)
{
  g_autofree char *dir = g_dir_make_tmp ("cvm-serial-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (dir, "serial.log", NULL);
  g_autoptr(CvmSerial) serial = cvm_serial_new (path, NULL);
  g_autofree char *block = g_malloc (100000);
  g_autofree char *rest = NULL;
  g_autoptr(GMappedFile) file = NULL;
  guint64 offset = 0;
  gsize len;

  memset (block, 'x', 100000);
  for (int i = 0; i < 100; i++)
    cvm_serial_append (serial, block, 100000);
  cvm_serial_append (serial, "\nEND\n", 5);

  rest = cvm_serial_read (serial, &offset, G_MAXSIZE, &len);
  g_assert_cmpuint (offset, ==, 10000005);
  g_assert_cmpuint (len, <=, 2 * CVM_SERIAL_WINDOW);
  g_assert_cmpmem (rest + len - 5, 5, "\nEND\n", 5);

  file = g_mapped_file_new (path, FALSE, NULL);
  g_assert_cmpuint (g_mapped_file_get_length (file), ==, 10000005);
  g_unlink (path);
  g_rmdir (dir);
}

/* A disk that takes no more for a while: a pipe that nobody reads */
typedef struct
{
  CvmSerial *serial;
  int        fd;
} Pipe;

static gpointer
fill (gpointer data)
{
  g_autofree char *block = g_strnfill (200000, 'x');

  cvm_serial_append (((Pipe *)data)->serial, block, 200000);

  return NULL;
}

static gpointer
drain_later (gpointer data)
{
  const Pipe *self = data;
  char buffer[65536];
  gssize n;

  cvm_wait_ms (2000, CVM_DEADLINE_NEVER, NULL, NULL);
  for (gssize left = 200000; left > 0; left -= MAX (n, 0))
    {
      cvm_wait_fd (self->fd, G_IO_IN, CVM_DEADLINE_NEVER, NULL, NULL);
      n = read (self->fd, buffer, sizeof buffer);
    }

  return NULL;
}

static void
test_slow_disk (void)
{
  g_autofree char *dir = g_dir_make_tmp ("cvm-serial-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (dir, "serial.log", NULL);
  g_autoptr(CvmSerial) serial = NULL;
  GThread *writer, *reader;
  Pipe self;
  gint64 begun_us;

  g_assert_cmpint (mkfifo (path, 0600), ==, 0);
  self.fd = open (path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  self.serial = serial = cvm_serial_new (path, NULL);
  writer = g_thread_new ("guest", fill, &self);
  reader = g_thread_new ("disk", drain_later, &self);
  g_assert_true (cvm_wait_fd (self.fd, G_IO_IN, CVM_DEADLINE_NEVER, NULL, NULL));

  begun_us = g_get_monotonic_time ();
  g_assert_cmpuint (cvm_serial_offset (serial), ==, 0);
  g_assert_cmpint (g_get_monotonic_time () - begun_us, <, G_USEC_PER_SEC);

  g_thread_join (writer);
  g_thread_join (reader);
  g_assert_cmpuint (cvm_serial_offset (serial), ==, 200000);
  close (self.fd);
  g_unlink (path);
  g_rmdir (dir);
}

/* The file that cannot be written says so, and all else goes on */
static void
test_full_disk (void)
{
  g_autoptr(CvmSerial) serial = cvm_serial_new ("/dev/full", NULL);
  g_autofree char *none = cvm_serial_dup_file_error (serial);
  g_autofree char *error = NULL;
  g_autofree char *last = NULL;

  g_assert_null (none);
  cvm_serial_append (serial, "one\n", 4);
  cvm_serial_append (serial, "two\n", 4);
  error = cvm_serial_dup_file_error (serial);
  last = cvm_serial_last_line (serial);
  g_assert_cmpstr (error, ==, "No space left on device");
  g_assert_cmpstr (last, ==, "two");
}

static void
test_no_file (void)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (cvm_serial_new ("/nowhere/serial.log", &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
}

/* What came after the end was told is looked at first, and a console that opens again has none */
static void
test_end_again (void)
{
  g_autoptr(CvmSerial) serial = cvm_serial_new (NULL, NULL);
  g_autoptr(GRegex) pattern = g_regex_new ("READY", 0, 0, NULL);
  g_autoptr(GError) error = NULL;

  cvm_serial_end (serial, "the guest is off");
  cvm_serial_append (serial, "", 0);
  g_assert_false (cvm_serial_wait (serial, pattern, 0, cvm_deadline_in_ms (1), NULL, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  cvm_serial_append (serial, "READY\n", 6);
  cvm_serial_end (serial, "the guest is off");
  g_assert_true (cvm_serial_wait (serial, pattern, 0, CVM_DEADLINE_NEVER, NULL, NULL, NULL));
}

/* A line without an end is matched in pieces of 64 KiB, and none is lost */
static void
test_long_line (void)
{
  g_autoptr(CvmSerial) serial = cvm_serial_new (NULL, NULL);
  g_autoptr(GRegex) pattern = g_regex_new ("READY", 0, 0, NULL);
  g_autofree char *block = g_strnfill (100000, 'x');

  cvm_serial_append (serial, block, 100000);
  cvm_serial_append (serial, "READY", 5);
  g_assert_true (cvm_serial_wait (serial, pattern, 0, cvm_deadline_in_ms (1), NULL, NULL, NULL));
}

static void
test_last_line (void)
{
  g_autoptr(CvmSerial) serial = cvm_serial_new (NULL, NULL);
  g_autofree char *none = cvm_serial_last_line (serial);
  g_autofree char *last = NULL;

  g_assert_cmpstr (none, ==, "");
  cvm_serial_append (serial, "one\r\ntwo\r\n\r\n", 12);
  last = cvm_serial_last_line (serial);
  g_assert_cmpstr (last, ==, "two");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_autofree char *path = g_strconcat ("/serial/line/", lines[i].name, NULL);

      g_test_add_data_func (path, &lines[i], test_line);
    }

  g_test_add_func ("/serial/another-thread", test_bytes_from_another_thread);
  g_test_add_func ("/serial/position", test_position);
  g_test_add_func ("/serial/end", test_end);
  g_test_add_func ("/serial/cancel", test_cancel);
  g_test_add_data_func ("/serial/never-silent/limit", NULL, test_never_silent);
  g_test_add_data_func ("/serial/never-silent/cancel", "", test_never_silent);
  g_test_add_func ("/serial/flood", test_flood);
  g_test_add_func ("/serial/slow-disk", test_slow_disk);
  g_test_add_func ("/serial/full-disk", test_full_disk);
  g_test_add_func ("/serial/no-file", test_no_file);
  g_test_add_func ("/serial/end-again", test_end_again);
  g_test_add_func ("/serial/long-line", test_long_line);
  g_test_add_func ("/serial/last-line", test_last_line);

  return g_test_run ();
}
