/* test-channel-display.c: the display channel against a real QEMU, and against a stand-in for one
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-channel-display.h"

#include <fcntl.h>
#include <gdk-pixbuf/gdk-pixbuf.h>
#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "cvm-engine-error.h"
#include "cvm-peer-vnc.h"
#include "cvm-wait.h"

#define LIMIT_MS 30000   /* for what must succeed, on a busy machine */
#define SHORT_MS 300     /* for what must give up */

/* The job: runs in a thread, while this one turns the main loop */

typedef struct
{
  void   (*func) (gpointer data);
  gpointer data;
  gint     is_done;
} Job;

static gpointer
work (gpointer data)
{
  Job *job = data;

  job->func (job->data);
  g_atomic_int_set (&job->is_done, TRUE);
  g_main_context_wakeup (NULL);

  return NULL;
}

static void
run_job (void   (*func) (gpointer data),
         gpointer data)
{
  Job job = { func, data, FALSE };
  GThread *thread = g_thread_new ("job", work, &job);

  while (!g_atomic_int_get (&job.is_done))
    g_main_context_iteration (NULL, TRUE);

  g_thread_join (thread);

  /* What displays leave to the main context when they are dropped */
  while (g_main_context_iteration (NULL, FALSE))
    continue;
}

/* Opening */

static const struct
{
  const char *name;
  CvmPeerVnc  server;
  GQuark    (*domain) (void);
  int         code;
  const char *message;
} refusals[] = {
  { "silent", { .says_first = "" }, g_io_error_quark, G_IO_ERROR_TIMED_OUT, "" },
  { "half", { .says_first = "RFB 0" }, g_io_error_quark, G_IO_ERROR_TIMED_OUT, "" },
  { "closes", { .says_first = "", .hangs_up = TRUE }, cvm_engine_error_quark,
    CVM_ENGINE_ERROR_GUEST_LOST, "gone" },
  { "garbage", { .says_first = "HTTP/1.1 400 Bad Request\r\n\r\n" }, cvm_engine_error_quark,
    CVM_ENGINE_ERROR_GUEST_LOST, "gone" },
  { "password", { .wants_password = TRUE, .width = 1, .height = 1 }, g_io_error_quark,
    G_IO_ERROR_TIMED_OUT, "" },
  { "huge", { .width = 65535, .height = 65535 }, cvm_engine_error_quark,
    CVM_ENGINE_ERROR_GUEST_LOST,
    "65535 x 65535" },
  { "empty", { .width = 0, .height = 10 }, cvm_engine_error_quark, CVM_ENGINE_ERROR_GUEST_LOST,
    "0 x 10" },
};

static void
open_refused (gpointer data)
{
  const typeof (refusals[0]) *c = data;
  CvmPeerVnc server = c->server;
  g_autoptr(GError) error = NULL;
  gint64 start_us = g_get_monotonic_time ();
  int fd = cvm_peer_vnc_start (&server);
  CvmDisplay *display = cvm_channel_display_open (fd, cvm_deadline_in_ms (SHORT_MS), NULL, &error);

  g_assert_null (display);
  g_assert_error (error, c->domain (), c->code);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, c->message));
  g_assert_cmpint (g_get_monotonic_time () - start_us, <, (SHORT_MS + 3000) * 1000);
  cvm_peer_vnc_join (&server);
  cvm_peer_vnc_clear (&server);
}

static void
test_refused (gconstpointer data)
{
  run_job (open_refused, (gpointer)data);
}

static void
open_no_socket (gpointer data)
{
  g_autoptr(GError) error = NULL;
  int fds[2];
  char byte;

  g_assert_cmpint (pipe2 (fds, O_CLOEXEC), ==, 0);
  g_assert_null (cvm_channel_display_open (fds[1], cvm_deadline_in_ms (LIMIT_MS), NULL, &error));
  g_assert_nonnull (error);
  g_test_message ("%s", error->message);

  /* Closed: the other end of the pipe ends. */
  g_assert_cmpint (read (fds[0], &byte, 1), ==, 0);
  close (fds[0]);
}

static void
test_no_socket (void)
{
  run_job (open_no_socket, NULL);
}

/* Nobody turns the main loop while the job waits: it gives up in time all the same. */
static gpointer
open_unserved (gpointer data)
{
  CvmPeerVnc *server = data;
  g_autoptr(GError) error = NULL;
  int fd = cvm_peer_vnc_start (server);

  g_assert_null (cvm_channel_display_open (fd, cvm_deadline_in_ms (SHORT_MS), NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);

  return NULL;
}

static void
test_no_main_loop (void)
{
  CvmPeerVnc server = { .width = 8, .height = 8 };

  g_thread_join (g_thread_new ("job", open_unserved, &server));
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  cvm_peer_vnc_join (&server);
  cvm_peer_vnc_clear (&server);
}

/* Frames */

static CvmDisplay *
open_ok (int fd)
{
  g_autoptr(GError) error = NULL;
  CvmDisplay *display = cvm_channel_display_open (fd, cvm_deadline_in_ms (LIMIT_MS), NULL, &error);

  g_assert_no_error (error);
  g_assert_nonnull (display);

  return display;
}

static guint64
wait_ok (CvmDisplay *display,
         guint64     after)
{
  g_autoptr(GError) error = NULL;
  guint64 frame = 0;

  cvm_display_wait_frame (display, after, &frame, cvm_deadline_in_ms (LIMIT_MS), NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (frame, >, after);

  return frame;
}

static GdkPixbuf *
photograph (CvmDisplay *display)
{
  g_autofree char *dir = g_dir_make_tmp ("cvm-display-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (dir, "frame.png", NULL);
  g_autoptr(GError) error = NULL;
  GdkPixbuf *pixbuf;

  cvm_display_save_png (display, path, &error);
  g_assert_no_error (error);
  pixbuf = gdk_pixbuf_new_from_file (path, &error);
  g_assert_no_error (error);
  g_unlink (path);
  g_rmdir (dir);

  return pixbuf;
}

static guint32
pixel_of (GdkPixbuf *pixbuf,
          int        x,
          int        y)
{
  const guint8 *rgb = gdk_pixbuf_read_pixels (pixbuf) + y * gdk_pixbuf_get_rowstride (pixbuf) +
                      x * gdk_pixbuf_get_n_channels (pixbuf);

  return (guint32)rgb[0] << 16 | rgb[1] << 8 | rgb[2];
}

static void
assert_shows (CvmDisplay *display,
              int         width,
              int         height)
{
  g_autoptr(GdkPixbuf) pixbuf = photograph (display);

  g_assert_cmpint (gdk_pixbuf_get_width (pixbuf), ==, width);
  g_assert_cmpint (gdk_pixbuf_get_height (pixbuf), ==, height);
  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      g_assert_cmphex (pixel_of (pixbuf, x, y), ==, cvm_peer_vnc_pixel (x, y));
}

static void
watch_frames (gpointer data)
{
  CvmPeerVnc server = { .width = 12, .height = 10, .resizes = TRUE };
  g_autoptr(GError) error = NULL;
  CvmDisplay *display = open_ok (cvm_peer_vnc_start (&server));
  guint64 frame = wait_ok (display, 1);   /* the first is of the old size */

  assert_shows (display, 6, 5);

  /* A frame that was there already is not waited for; one that never comes is, in time. */
  g_assert_true (cvm_display_wait_frame (display, frame - 1, NULL, 0, NULL, NULL));
  g_assert_false (cvm_display_wait_frame (display, frame, NULL, cvm_deadline_in_ms (SHORT_MS),
                                          NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  g_clear_error (&error);

  g_assert_false (cvm_display_save_png (display, "/no-such-folder/frame.png", &error));
  g_assert_nonnull (error);

  g_object_unref (display);
  cvm_peer_vnc_join (&server);
  g_assert_true (server.is_shared);
  cvm_peer_vnc_clear (&server);
}

static void
test_frames (void)
{
  run_job (watch_frames, NULL);
}

static void
lose_display (gpointer data)
{
  CvmPeerVnc server = { .width = 100, .height = 100, .breaks_off = TRUE };
  g_autoptr(GError) error = NULL;
  CvmDisplay *display = open_ok (cvm_peer_vnc_start (&server));

  g_assert_false (cvm_display_wait_frame (display, 0, NULL, cvm_deadline_in_ms (LIMIT_MS), NULL,
                                          &error));
  g_assert_error (error, CVM_ENGINE_ERROR, CVM_ENGINE_ERROR_GUEST_LOST);
  g_clear_error (&error);
  g_assert_false (cvm_display_save_png (display, "never", &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_INITIALIZED);
  g_clear_error (&error);
  g_assert_false (cvm_display_type_text (display, "x", cvm_deadline_in_ms (LIMIT_MS), NULL,
                                         &error));
  g_assert_error (error, CVM_ENGINE_ERROR, CVM_ENGINE_ERROR_GUEST_LOST);

  g_object_unref (display);
  cvm_peer_vnc_join (&server);
  cvm_peer_vnc_clear (&server);
}

static void
test_lost (void)
{
  run_job (lose_display, NULL);
}

static gpointer
cancel_soon (gpointer data)
{
  g_cancellable_cancel (data);

  return NULL;
}

static void
cancel_wait (gpointer data)
{
  CvmPeerVnc server = { .width = 4, .height = 4 };
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;
  CvmDisplay *display = open_ok (cvm_peer_vnc_start (&server));
  guint64 frame = wait_ok (display, 0);
  GThread *thread = g_thread_new ("cancel", cancel_soon, cancellable);

  g_assert_false (cvm_display_wait_frame (display, frame, NULL, CVM_DEADLINE_NEVER, cancellable,
                                          &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  g_assert_false (cvm_display_type_text (display, "never typed", CVM_DEADLINE_NEVER, cancellable,
                                         &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);

  g_thread_join (thread);
  g_object_unref (display);
  cvm_peer_vnc_join (&server);
  cvm_peer_vnc_clear (&server);
}

static void
test_cancel (void)
{
  run_job (cancel_wait, NULL);
}

/* Keys */

static const struct
{
  const char *name;
  const char *text;
  gboolean    has_key_codes;
  const char *keys;
} typings[] = {
  { "plain", "a1 \n", FALSE, "+61 -61 +31 -31 +20 -20 +ff0d -ff0d " },
  { "shifted", "A!", FALSE, "+ffe1 +41 -41 -ffe1 +ffe1 +21 -21 -ffe1 " },
  { "codes", "a1 \n\\`", TRUE, "+1e -1e +2 -2 +39 -39 +1c -1c +2b -2b +29 -29 " },
  { "codes-shifted", "Z~?", TRUE, "+2a +2c -2c -2a +2a +29 -29 -2a +2a +35 -35 -2a " },
  { "nothing", "", TRUE, "" },
};

static void
type_keys (gpointer data)
{
  const typeof (typings[0]) *c = data;
  CvmPeerVnc server = { .width = 4, .height = 4, .has_key_codes = c->has_key_codes };
  g_autoptr(GError) error = NULL;
  CvmDisplay *display = open_ok (cvm_peer_vnc_start (&server));

  wait_ok (display, 0);
  cvm_display_type_text (display, c->text, cvm_deadline_in_ms (LIMIT_MS), NULL, &error);
  g_assert_no_error (error);

  g_object_unref (display);
  cvm_peer_vnc_join (&server);
  g_assert_cmpstr (server.keys->str, ==, c->keys);
  cvm_peer_vnc_clear (&server);
}

static void
test_typing (gconstpointer data)
{
  run_job (type_keys, (gpointer)data);
}

static const char *const untypable[] = { "caf\xc3\xa9", "tab\t", "\x1b", "\x7f", "\xff", "cr\r" };

static void
type_untypable (gpointer data)
{
  CvmPeerVnc server = { .width = 4, .height = 4 };
  CvmDisplay *display = open_ok (cvm_peer_vnc_start (&server));

  for (gsize i = 0; i < G_N_ELEMENTS (untypable); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_false (cvm_display_type_text (display, untypable[i], cvm_deadline_in_ms (LIMIT_MS),
                                             NULL, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
    }

  /* The time is over in the middle of a long text: what was not typed by then never is. */
  g_autofree char *text = g_strnfill (10000, 'x');
  g_autoptr(GError) error = NULL;
  gsize typed;

  g_assert_false (cvm_display_type_text (display, text, cvm_deadline_in_ms (SHORT_MS), NULL,
                                         &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);

  g_object_unref (display);
  cvm_peer_vnc_join (&server);
  typed = server.keys->len / strlen ("+78 -78 ");
  g_assert_cmpuint (typed, <, 1000);
  cvm_peer_vnc_clear (&server);
}

static void
test_untypable (void)
{
  run_job (type_untypable, NULL);
}

/* A real QEMU, whose guest is a boot sector: it says R to the serial port, then shows every key
 * on the screen and says it to the serial port. */

static const guint8 boot_sector[] = {
  0xb0, 'R',                  /*       mov  al, 'R'    */
  0xba, 0xf8, 0x03,           /*       mov  dx, 0x3f8  */
  0xee,                       /*       out  dx, al     */
  0x31, 0xc0,                 /* next: xor  ax, ax     */
  0xcd, 0x16,                 /*       int  0x16       ; wait for a key */
  0xba, 0xf8, 0x03,           /*       mov  dx, 0x3f8  */
  0xee,                       /*       out  dx, al     */
  0xb4, 0x0e,                 /*       mov  ah, 0x0e   */
  0x31, 0xdb,                 /*       xor  bx, bx     */
  0xcd, 0x10,                 /*       int  0x10       ; show it */
  0xeb, 0xf0,                 /*       jmp  next       */
};

typedef struct
{
  char        *dir;
  char        *disk;
  char        *socket_path;
  GSubprocess *process;
  int          serial;        /* borrowed */
} Qemu;

/* Also when the test is aborted */
static void
end_with_this (gpointer data)
{
  prctl (PR_SET_PDEATHSIG, SIGKILL);
}

static void
qemu_start (Qemu *self)
{
  g_autoptr(GSubprocessLauncher) launcher =
    g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE);
  g_autoptr(GError) error = NULL;
  g_autofree char *drive = NULL;
  g_autofree char *vnc = NULL;
  char sector[512] = { 0 };
  GInputStream *out;

  self->dir = g_dir_make_tmp ("cvm-qemu-XXXXXX", &error);
  g_assert_no_error (error);
  self->disk = g_build_filename (self->dir, "disk", NULL);
  self->socket_path = g_build_filename (self->dir, "vnc", NULL);
  drive = g_strdup_printf ("file=%s,format=raw,if=ide", self->disk);
  vnc = g_strdup_printf ("unix:%s", self->socket_path);

  memcpy (sector, boot_sector, sizeof boot_sector);
  memcpy (sector + 510, "\x55\xaa", 2);
  g_file_set_contents (self->disk, sector, sizeof sector, &error);
  g_assert_no_error (error);

  g_subprocess_launcher_set_child_setup (launcher, end_with_this, NULL, NULL);
  self->process = g_subprocess_launcher_spawn (launcher, &error, "qemu-system-x86_64",
                                               "-accel", "tcg", "-nodefaults", "-m", "16",
                                               "-display", "none", "-vga", "std",
                                               "-serial", "stdio", "-vnc", vnc, "-drive", drive,
                                               NULL);
  g_assert_no_error (error);
  out = g_subprocess_get_stdout_pipe (self->process);
  g_object_get (out, "fd", &self->serial, NULL);
}

static char
qemu_read (Qemu *self)
{
  g_autoptr(GError) error = NULL;
  char c = '\0';

  cvm_wait_fd (self->serial, G_IO_IN, cvm_deadline_in_ms (LIMIT_MS), NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (read (self->serial, &c, 1), ==, 1);

  return c;
}

static int
qemu_connect (Qemu *self)
{
  g_autoptr(GSocketAddress) address = g_unix_socket_address_new (self->socket_path);
  g_autoptr(GSocket) socket = NULL;
  g_autoptr(GError) error = NULL;

  socket = g_socket_new (G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT,
                         &error);
  g_assert_no_error (error);
  g_socket_connect (socket, address, NULL, &error);
  g_assert_no_error (error);

  return fcntl (g_socket_get_fd (socket), F_DUPFD_CLOEXEC, 3);
}

static void
qemu_stop (Qemu *self)
{
  g_subprocess_force_exit (self->process);
  g_subprocess_wait (self->process, NULL, NULL);
  g_object_unref (self->process);
  g_unlink (self->disk);
  g_unlink (self->socket_path);
  g_rmdir (self->dir);
  g_free (self->dir);
  g_free (self->disk);
  g_free (self->socket_path);
}

static guint
count_lit (GdkPixbuf *pixbuf)
{
  guint n = 0;

  for (int y = 0; y < gdk_pixbuf_get_height (pixbuf); y++)
    for (int x = 0; x < gdk_pixbuf_get_width (pixbuf); x++)
      n += pixel_of (pixbuf, x, y) != 0;

  return n;
}

static void
use_qemu (gpointer data)
{
  Qemu qemu = { NULL };
  g_autoptr(GString) ascii = g_string_new (NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(CvmDisplay) first = NULL;
  g_autoptr(CvmDisplay) second = NULL;
  g_autoptr(GdkPixbuf) before = NULL;
  g_autoptr(GdkPixbuf) after = NULL;
  guint64 frame;

  qemu_start (&qemu);
  g_assert_cmpint (qemu_read (&qemu), ==, 'R');

  first = open_ok (qemu_connect (&qemu));
  second = open_ok (qemu_connect (&qemu));
  wait_ok (first, 0);
  frame = wait_ok (second, 0);
  before = photograph (second);
  g_assert_cmpint (gdk_pixbuf_get_width (before), ==, 720);
  g_assert_cmpint (gdk_pixbuf_get_height (before), ==, 400);

  /* Every key arrives as what it makes, and is seen by both viewers. */
  for (char c = ' '; c < 0x7f; c++)
    g_string_append_c (ascii, c);
  g_string_append_c (ascii, '\n');
  cvm_display_type_text (first, ascii->str, cvm_deadline_in_ms (LIMIT_MS), NULL, &error);
  g_assert_no_error (error);
  for (gsize i = 0; i < ascii->len; i++)
    g_assert_cmpint (qemu_read (&qemu), ==, ascii->str[i] == '\n' ? '\r' : ascii->str[i]);

  do
    {
      frame = wait_ok (second, frame);
      g_clear_object (&after);
      after = photograph (second);
    }
  while (count_lit (after) < count_lit (before) + 1000);

  /* The guest ends: so does the wait. */
  qemu_stop (&qemu);
  while (cvm_display_wait_frame (first, frame, &frame, cvm_deadline_in_ms (LIMIT_MS), NULL, &error))
    continue;
  g_assert_error (error, CVM_ENGINE_ERROR, CVM_ENGINE_ERROR_GUEST_LOST);
}

static void
test_qemu (void)
{
  run_job (use_qemu, NULL);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (refusals); i++)
    {
      g_autofree char *path = g_strdup_printf ("/channel/display/refused/%s", refusals[i].name);

      g_test_add_data_func (path, &refusals[i], test_refused);
    }

  for (gsize i = 0; i < G_N_ELEMENTS (typings); i++)
    {
      g_autofree char *path = g_strdup_printf ("/channel/display/typing/%s", typings[i].name);

      g_test_add_data_func (path, &typings[i], test_typing);
    }

  g_test_add_func ("/channel/display/no-socket", test_no_socket);
  g_test_add_func ("/channel/display/no-main-loop", test_no_main_loop);
  g_test_add_func ("/channel/display/frames", test_frames);
  g_test_add_func ("/channel/display/lost", test_lost);
  g_test_add_func ("/channel/display/cancel", test_cancel);
  g_test_add_func ("/channel/display/untypable", test_untypable);
  g_test_add_func ("/channel/display/qemu", test_qemu);

  return g_test_run ();
}
