/* test-virt-guest.c: the guest port, on real guests under TCG
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * For an ordinary user: as root the session's daemon is the system's. CVM_TEST_DEMO names the
 * folder of the demo image. */
#include "cvm-virt-host.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cvm-engine-error.h"
#include "cvm-id.h"
#include "cvm-test-virt.h"

#define LIMIT_MS 120000   /* of what must work, on a slow machine, with sanitizers */

#define SOON     cvm_deadline_in_ms (LIMIT_MS)

static char *session_dir;

typedef struct
{
  CvmHost      *host;
  CvmSerial    *serial;
  CvmGuest     *guest;
  CvmGuestSpec *spec;
} Fixture;

static char *
demo_file (const char *name)
{
  return g_build_filename (g_getenv ("CVM_TEST_DEMO"), name, NULL);
}

static CvmGuestSpec *
demo_spec (const char *name)
{
  CvmGuestSpec *spec = cvm_guest_spec_new ();
  guint16 ports[] = { 22, 8004 };

  spec->name = g_strdup_printf ("cvmtester-virttest-%d-%s", (int)getpid (), name);
  spec->uuid = cvm_id_uuid_for ("virt-test", spec->name);
  spec->title = g_strdup ("A test's & <guest>");
  spec->run_id = g_strdup ("virt-test");
  spec->job_id = g_strdup ("01");
  spec->run_dir = g_strdup ("/nonexistent/virt & test");
  spec->machine_id = g_strdup (cvm_id_machine ());
  spec->uid = getuid ();
  spec->hypervisor = g_strdup ("qemu");
  spec->arch = g_strdup ("x86_64");
  spec->memory_mib = 256;
  spec->cpus = 1;
  spec->kernel = demo_file ("demo-kernel");
  spec->initrd = demo_file ("demo-initrd");
  spec->cmdline = g_strdup ("console=tty0 console=ttyS0");
  g_array_append_vals (spec->ports, ports, G_N_ELEMENTS (ports));
  spec->has_display = TRUE;

  return spec;
}

static CvmHost *
open_host (void)
{
  g_autoptr(GError) error = NULL;
  CvmHost *host = cvm_virt_host_open ("qemu:///session", SOON, NULL, &error);

  g_assert_no_error (error);

  return host;
}

/* Takes SPEC */
static void
setup_spec (Fixture      *f,
            CvmGuestSpec *spec)
{
  g_autoptr(GError) error = NULL;

  f->host = open_host ();
  f->serial = cvm_serial_new (NULL, &error);
  g_assert_no_error (error);
  f->spec = spec;
  f->guest = cvm_host_new_guest (f->host, f->spec, f->serial, &error);
  g_assert_no_error (error);
}

static void
setup (Fixture    *f,
       const char *name)
{
  setup_spec (f, demo_spec (name));
}

static void
expect_objects (CvmHost *host,
                guint    n)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) objects = cvm_host_list_objects (host, SOON, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (objects->len, ==, n);
}

static void
forget (Fixture *f)
{
  g_assert_finalize_object (f->guest);
  g_assert_finalize_object (f->host);
  g_clear_pointer (&f->spec, cvm_guest_spec_free);
  g_object_unref (f->serial);
}

/* Nothing is left, on the host or in memory */
static void
teardown (Fixture *f)
{
  g_autoptr(GError) error = NULL;

  g_assert_true (cvm_guest_destroy (f->guest, SOON, &error));
  g_assert_no_error (error);
  g_assert_false (cvm_guest_is_running (f->guest));
  expect_objects (f->host, 0);
  forget (f);
}

static void
start (Fixture *f)
{
  g_autoptr(GError) error = NULL;

  cvm_guest_start (f->guest, SOON, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (cvm_guest_is_running (f->guest));
}

static void
expect (Fixture    *f,
        const char *pattern,
        guint64     from)
{
  g_autoptr(GRegex) regex = g_regex_new (pattern, 0, 0, NULL);
  g_autoptr(GError) error = NULL;

  cvm_serial_wait (f->serial, regex, from, SOON, NULL, NULL, &error);
  g_assert_no_error (error);
}

static void
type (Fixture    *f,
      const char *text)
{
  g_autoptr(GError) error = NULL;

  cvm_guest_send_serial (f->guest, text, strlen (text), &error);
  g_assert_no_error (error);
}

/* What PORT of this machine says first */
static char *
greeting (int port)
{
  g_autoptr(GSocketClient) client = g_socket_client_new ();
  g_autoptr(GSocketConnection) connection = NULL;
  g_autoptr(GError) error = NULL;
  char buffer[64] = "";

  connection = g_socket_client_connect_to_host (client, "127.0.0.1", port, NULL, &error);
  g_assert_no_error (error);
  g_input_stream_read (g_io_stream_get_input_stream (G_IO_STREAM (connection)), buffer, sizeof buffer - 1,
                       NULL, &error);
  g_assert_no_error (error);

  return g_strdup (buffer);
}

static int
host_port (Fixture *f,
           guint16  guest_port)
{
  g_autoptr(GError) error = NULL;
  int port = cvm_guest_host_port (f->guest, guest_port, SOON, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpint (port, >, 0);

  return port;
}

static void
expect_vnc (Fixture *f)
{
  g_autoptr(GError) error = NULL;
  char banner[13] = "";
  int fd = cvm_guest_open_display (f->guest, SOON, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpint (recv (fd, banner, 12, MSG_WAITALL), ==, 12);
  g_assert_true (g_str_has_prefix (banner, "RFB 003."));
  close (fd);
}

/* The demo's disk, a copy: nothing but an overlay is ever given to a guest */
static CvmGuestSpec *
spec_with_disk (const char *name)
{
  CvmGuestSpec *spec = demo_spec (name);
  g_autofree char *original = demo_file ("demo-disk.raw");
  g_autoptr(GFile) from = g_file_new_for_path (original);
  g_autoptr(GFile) to = NULL;

  spec->disk = g_build_filename (session_dir, "disk & 'copy',x.raw", NULL);
  spec->disk_format = g_strdup ("raw");
  to = g_file_new_for_path (spec->disk);
  g_assert_true (g_file_copy (from, to, G_FILE_COPY_OVERWRITE, NULL, NULL, NULL, NULL));

  return spec;
}

/* A life from the first byte to the last: the boot whole on the console, typing, ports, two
 * viewers, a restart, the button, another start */
static void
test_life (gconstpointer data)
{
  Fixture f;
  g_autoptr(GError) error = NULL;
  g_autofree char *said = NULL;
  g_autofree char *hello = NULL;
  guint64 begin = 0, mark;
  gsize len;

  setup_spec (&f, spec_with_disk ("life"));
  start (&f);
  expect_vnc (&f);
  expect (&f, "CVMTESTER GUEST READY", 0);
  said = cvm_serial_read (f.serial, &begin, 4 * 1024 * 1024, &len);
  g_assert_nonnull (strstr (said, "Linux version"));
  g_assert_nonnull (strstr (said, "Command line: console=tty0 console=ttyS0"));

  mark = cvm_serial_offset (f.serial);
  type (&f, "echo typed-$((20 + 22))\n");
  expect (&f, "typed-42", mark);

  mark = cvm_serial_offset (f.serial);
  type (&f, "grep -c '^/dev/vda ' /proc/mounts | sed s/^/disks-/\n");
  expect (&f, "disks-1", mark);

  hello = greeting (host_port (&f, 22));
  g_assert_true (g_str_has_prefix (hello, "SSH-2.0-"));
  g_assert_cmpint (cvm_guest_host_port (f.guest, 23, SOON, NULL, &error), ==, -1);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_FAILED);
  g_clear_error (&error);
  expect_vnc (&f);

  mark = cvm_serial_offset (f.serial);
  cvm_guest_reboot (f.guest, SOON, NULL, &error);
  g_assert_no_error (error);
  expect (&f, "CVMTESTER GUEST READY", mark);
  g_assert_true (cvm_guest_is_running (f.guest));
  g_assert_cmpint (host_port (&f, 8004), >, 0);

  cvm_guest_shut_down (f.guest, SOON, NULL, &error);
  g_assert_no_error (error);
  g_assert_false (cvm_guest_is_running (f.guest));
  g_assert_cmpint (cvm_guest_host_port (f.guest, 22, SOON, NULL, &error), ==, -1);
  g_assert_error (error, CVM_ENGINE_ERROR, CVM_ENGINE_ERROR_GUEST_LOST);

  mark = cvm_serial_offset (f.serial);
  start (&f);
  expect (&f, "CVMTESTER GUEST READY", mark);
  teardown (&f);
}

/* A cable that is out is out from the first instruction on; no word from the guest's ssh server is
 * heard until it is plugged in */
static void
test_cable (gconstpointer data)
{
  Fixture f;
  g_autoptr(GError) error = NULL;
  g_autofree char *hello = NULL;
  guint64 mark;

  setup_spec (&f, spec_with_disk ("cable"));
  g_assert_true (cvm_guest_set_link (f.guest, FALSE, SOON, NULL, &error));
  start (&f);
  expect (&f, "CVMTESTER GUEST READY", 0);

  mark = cvm_serial_offset (f.serial);
  type (&f, "cat /sys/class/net/eth0/carrier | sed s/^/carrier-/\n");
  expect (&f, "carrier-0", mark);

  cvm_guest_set_link (f.guest, TRUE, SOON, NULL, &error);
  g_assert_no_error (error);
  hello = greeting (host_port (&f, 22));
  g_assert_true (g_str_has_prefix (hello, "SSH-2.0-"));

  mark = cvm_serial_offset (f.serial);
  cvm_guest_set_link (f.guest, FALSE, SOON, NULL, &error);
  g_assert_no_error (error);
  type (&f, "cat /sys/class/net/eth0/carrier | sed s/^/carrier-/\n");
  expect (&f, "carrier-0", mark);
  teardown (&f);
}

static gpointer
live_shortly (gpointer data)
{
  Fixture f;

  setup (&f, data);
  start (&f);
  expect (&f, "CVMTESTER GUEST READY", 0);
  host_port (&f, 22);
  g_assert_true (cvm_guest_destroy (f.guest, SOON, NULL));
  forget (&f);

  return NULL;
}

/* As jobs do: a thread, a host and a guest each */
static void
test_parallel (gconstpointer data)
{
  static const char *const names[] = { "one", "two", "three" };
  GThread *threads[G_N_ELEMENTS (names)];
  CvmHost *host = open_host ();

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    threads[i] = g_thread_new (names[i], live_shortly, (gpointer)names[i]);
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    g_thread_join (threads[i]);

  expect_objects (host, 0);
  g_assert_finalize_object (host);
}

/* The console ---------------------------------------------------------------------------- */

static void
expect_counted (const char *said,
                guint       to)
{
  const char *p = said;

  for (guint i = 1; i <= to; i++)
    {
      g_autofree char *line = g_strdup_printf ("\n%u\r\n", i);

      p = strstr (p, line);
      g_assert_nonnull (p);
      p += strlen (line) - 1;
    }
}

/* No byte is lost in a flood, and too much typing is refused */
static void
test_console (gconstpointer data)
{
  Fixture f;
  g_autofree char *said = NULL;
  g_autofree char *flood = g_strnfill (70 * 1000, 'x');
  g_autoptr(GError) error = NULL;
  guint64 mark;
  gsize len;

  setup (&f, "console");
  start (&f);
  expect (&f, "CVMTESTER GUEST READY", 0);
  mark = cvm_serial_offset (f.serial);
  type (&f, "seq 1 20000; echo counted-$((1 + 1))\n");
  expect (&f, "counted-2", mark);
  said = cvm_serial_read (f.serial, &mark, 1024 * 1024, &len);
  expect_counted (said, 20000);

  g_assert_false (cvm_guest_send_serial (f.guest, flood, strlen (flood), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
  teardown (&f);
}

/* Ends ------------------------------------------------------------------------------------- */

static void
wait_until_off (Fixture *f)
{
  while (cvm_guest_is_running (f->guest))
    g_assert_true (cvm_wait_ms (10, SOON, NULL, NULL));
}

static void
expect_console_end (Fixture *f)
{
  g_autoptr(GRegex) never = g_regex_new ("never said", 0, 0, NULL);
  g_autoptr(GError) error = NULL;

  g_assert_false (cvm_serial_wait (f->serial, never, 0, SOON, NULL, NULL, &error));
  g_assert_error (error, CVM_ENGINE_ERROR, CVM_ENGINE_ERROR_GUEST_LOST);
}

/* It goes off by itself: seen without asking, and the port says so */
static void
test_ends_itself (gconstpointer data)
{
  Fixture f;
  g_autoptr(GError) error = NULL;

  setup (&f, "ends");
  start (&f);
  expect (&f, "CVMTESTER GUEST READY", 0);
  type (&f, "poweroff -f\n");
  wait_until_off (&f);
  expect_console_end (&f);
  g_assert_cmpint (cvm_guest_host_port (f.guest, 22, SOON, NULL, &error), ==, -1);
  g_assert_error (error, CVM_ENGINE_ERROR, CVM_ENGINE_ERROR_GUEST_LOST);
  g_assert_true (cvm_guest_shut_down (f.guest, SOON, NULL, NULL));
  teardown (&f);
}

static void
test_deaf_to_the_button (gconstpointer data)
{
  Fixture f;
  g_autoptr(GError) error = NULL;
  CvmGuestSpec *spec = demo_spec ("deaf");

  /* firmware alone, which finds nothing to boot */
  g_clear_pointer (&spec->kernel, g_free);
  g_clear_pointer (&spec->initrd, g_free);
  g_clear_pointer (&spec->cmdline, g_free);
  setup_spec (&f, spec);
  start (&f);
  g_assert_false (cvm_guest_shut_down (f.guest, cvm_deadline_in_ms (4000), NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  g_assert_nonnull (strstr (error->message, "power button"));
  teardown (&f);
}

/* The message names the file, and what keeps QEMU from it */
static void
test_cannot_start (gconstpointer data)
{
  static const struct
  {
    const char *file;
    int         mode, code;
    const char *words;
  } kernels[] = {
    { "absent", -1, -1, "absent" },
    { "unreadable", 0, CVM_ENGINE_ERROR_REFUSED, "chmod" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (kernels); i++)
    {
      Fixture f;
      g_autoptr(GError) error = NULL;
      CvmGuestSpec *spec = demo_spec ("cannot");

      g_free (spec->kernel);
      spec->kernel = g_build_filename (session_dir, kernels[i].file, NULL);
      g_chmod (session_dir, 0755);
      if (kernels[i].mode >= 0)
        {
          g_assert_true (g_file_set_contents (spec->kernel, "", 0, NULL));
          g_assert_cmpint (g_chmod (spec->kernel, kernels[i].mode), ==, 0);
        }

      setup_spec (&f, spec);
      g_assert_false (cvm_guest_start (f.guest, SOON, NULL, &error));
      g_test_message ("%s", error->message);
      g_assert_nonnull (strstr (error->message, f.spec->kernel));
      g_assert_nonnull (strstr (error->message, kernels[i].words));
      if (kernels[i].code >= 0)
        g_assert_error (error, CVM_ENGINE_ERROR, kernels[i].code);
      teardown (&f);
    }
}

static gpointer
cancel_later (gpointer data)
{
  GCancellable *cancellable = data;
  guint ms = GPOINTER_TO_UINT (g_object_get_data (data, "ms"));

  cvm_wait_ms (ms, CVM_DEADLINE_NEVER, NULL, NULL);
  g_cancellable_cancel (cancellable);

  return NULL;
}

/* At any moment of a start, a cancel returns at once, and the guest can be ended right after */
static void
test_cancelled_start (gconstpointer data)
{
  guint n_cancelled = 0;

  for (guint ms = 0; ms <= 700; ms += 70)
    {
      Fixture f;
      g_autoptr(GCancellable) cancellable = g_cancellable_new ();
      g_autoptr(GError) error = NULL;
      GThread *thread;

      setup (&f, "cancelled");
      g_object_set_data (G_OBJECT (cancellable), "ms", GUINT_TO_POINTER (ms));
      thread = g_thread_new ("canceller", cancel_later, cancellable);
      if (!cvm_guest_start (f.guest, SOON, cancellable, &error))
        {
          g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
          n_cancelled++;
        }

      g_thread_join (thread);
      teardown (&f);
    }

  g_test_message ("%u starts were cancelled", n_cancelled);
  g_assert_cmpuint (n_cancelled, >, 0);
}

/* Who ends: us, or the connection ---------------------------------------------------------- */

/* Starts a guest and forgets it, as after kill -9: nobody ends it, its connection is closed */
static char *
start_and_forget (const char *name,
                  gboolean    outlives_us)
{
  Fixture f;
  CvmGuestSpec *spec = demo_spec (name);
  char *uuid = g_strdup (spec->uuid);

  spec->outlives_us = outlives_us;
  setup_spec (&f, spec);
  start (&f);
  forget (&f);
  g_assert_true (cvm_virt_settle (SOON));

  return uuid;
}

static void
wait_for_objects (CvmHost *host,
                  guint    n)
{
  guint found = G_MAXUINT;

  while (found != n)
    {
      g_autoptr(GPtrArray) objects = cvm_host_list_objects (host, SOON, NULL, NULL);

      found = objects->len;
      g_assert_true (cvm_wait_ms (found != n ? 50 : 0, SOON, NULL, NULL));
    }
}

/* libvirt ends a guest with its connection; not the one that may be kept, which is still there
 * when another, forgotten after it, is gone */
static void
test_outlives (gconstpointer data)
{
  CvmHost *host = open_host ();
  g_autofree char *kept = start_and_forget ("kept", TRUE);
  g_autofree char *dropped = start_and_forget ("dropped", FALSE);
  g_autoptr(GPtrArray) objects = NULL;
  g_autoptr(GError) error = NULL;

  wait_for_objects (host, 1);
  objects = cvm_host_list_objects (host, SOON, NULL, NULL);
  g_assert_cmpstr (((CvmHostObject *)g_ptr_array_index (objects, 0))->uuid, ==, kept);
  g_assert_true (cvm_host_remove_object (host, "domain", kept, SOON, NULL, &error));
  g_assert_no_error (error);
  expect_objects (host, 0);
  g_assert_finalize_object (host);
}

/* Lost hosts ------------------------------------------------------------------------------- */

/* A daemon that is stopped: a call with little time only runs out of it; one with time finds
 * the host lost, and after it every call says so at once. */
static void
test_stopped_daemon (gconstpointer data)
{
  Fixture f;
  g_autoptr(GError) error = NULL;
  gint64 begin;
  int pid;

  setup (&f, "stopped");
  start (&f);
  pid = cvm_test_daemon_pid (session_dir, "libvirtd");
  g_assert_cmpint (pid, >, 0);
  g_assert_cmpint (kill (pid, SIGSTOP), ==, 0);

  g_assert_cmpint (cvm_guest_host_port (f.guest, 22, cvm_deadline_in_ms (200), NULL, &error), ==, -1);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  g_clear_error (&error);
  kill (pid, SIGCONT);
  g_assert_cmpint (host_port (&f, 22), >, 0);

  kill (pid, SIGSTOP);
  g_assert_cmpint (cvm_guest_host_port (f.guest, 22, cvm_deadline_in_ms (5500), NULL, &error), ==, -1);
  g_assert_error (error, CVM_ENGINE_ERROR, CVM_ENGINE_ERROR_HOST_LOST);
  g_clear_error (&error);
  g_assert_false (cvm_guest_is_running (f.guest));
  expect_console_end (&f);

  begin = g_get_monotonic_time ();
  g_assert_false (cvm_guest_destroy (f.guest, SOON, &error));
  g_assert_error (error, CVM_ENGINE_ERROR, CVM_ENGINE_ERROR_HOST_LOST);
  g_clear_error (&error);
  g_assert_null (cvm_host_list_objects (f.host, SOON, NULL, &error));
  g_assert_error (error, CVM_ENGINE_ERROR, CVM_ENGINE_ERROR_HOST_LOST);
  g_assert_cmpint (g_get_monotonic_time () - begin, <, G_USEC_PER_SEC);
  g_assert_cmpuint (cvm_virt_orphans (), >, 0);

  /* it ends the guest when it can close the connection again */
  forget (&f);
  kill (pid, SIGCONT);
  g_assert_true (cvm_virt_settle (SOON));
}

/* A start that was given up while the daemon says nothing: it is not "gone" before that start has
 * come to its end */
static void
test_stopped_start (gconstpointer data)
{
  Fixture f;
  g_autoptr(GError) error = NULL;
  int pid;

  setup (&f, "given-up");
  pid = cvm_test_daemon_pid (session_dir, "libvirtd");
  kill (pid, SIGSTOP);
  g_assert_false (cvm_guest_start (f.guest, cvm_deadline_in_ms (200), NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  g_clear_error (&error);
  g_assert_false (cvm_guest_destroy (f.guest, cvm_deadline_in_ms (200), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  g_assert_nonnull (strstr (error->message, "start"));
  kill (pid, SIGCONT);
  teardown (&f);
}

/* A daemon that dies: known at once. Its guest lives on, and a later run's sweep finds it. */
static void
test_killed_daemon (gconstpointer data)
{
  Fixture f;
  g_autoptr(GError) error = NULL;
  CvmHost *host;
  int pid;

  setup (&f, "killed");
  start (&f);
  pid = cvm_test_daemon_pid (session_dir, "libvirtd");
  g_assert_cmpint (kill (pid, SIGKILL), ==, 0);

  wait_until_off (&f);
  expect_console_end (&f);
  g_assert_false (cvm_guest_destroy (f.guest, SOON, &error));
  g_assert_error (error, CVM_ENGINE_ERROR, CVM_ENGINE_ERROR_HOST_LOST);
  g_clear_error (&error);

  cvm_test_start_daemon ();
  host = open_host ();
  expect_objects (host, 1);
  g_assert_true (cvm_host_remove_object (host, "domain", f.spec->uuid, SOON, NULL, &error));
  g_assert_no_error (error);
  expect_objects (host, 0);
  g_assert_finalize_object (host);
  forget (&f);
}

static const CvmTestCase cases[] = {
  { "life", test_life },
  { "cable", test_cable },
  { "parallel", test_parallel },
  { "console", test_console },
  { "ends-itself", test_ends_itself },
  { "deaf-to-the-button", test_deaf_to_the_button },
  { "cannot-start", test_cannot_start },
  { "cancelled-start", test_cancelled_start },
  { "outlives", test_outlives },
  { "stopped-daemon", test_stopped_daemon },
  { "stopped-start", test_stopped_start },
  { "killed-daemon", test_killed_daemon },
};

static void
run_case (gconstpointer data)
{
  if (g_getenv ("CVM_TEST_DEMO") == NULL || geteuid () == 0)
    {
      g_test_skip ("wants an ordinary user, and CVM_TEST_DEMO with the demo image's folder");
      return;
    }

  if (cvm_test_daemon_pid (session_dir, "libvirtd") == 0)
    cvm_test_start_daemon ();
  cvm_test_run_case (data);
}

int
main (int   argc,
      char *argv[])
{
  int status;

  session_dir = cvm_test_own_session ();
  g_test_init (&argc, &argv, NULL);
  cvm_test_add_cases ("virt-guest", cases, G_N_ELEMENTS (cases), run_case);
  status = g_test_run ();
  cvm_test_end_session (session_dir);

  return status;
}
