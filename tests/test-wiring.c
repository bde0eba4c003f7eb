/* test-wiring.c: the engine's ports, where what speaks with hosts and guests cannot be loaded
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * This program has no rpath, so that the module is not found; the command line's tests use it. */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "cvm-engine-error.h"
#include "cvm-reach.h"
#include "cvm-wait.h"
#include "cvm-wiring.h"

static void
assert_not_loaded (GError *error)
{
  g_assert_error (error, CVM_ENGINE_ERROR, CVM_ENGINE_ERROR_REFUSED);
  g_assert_nonnull (strstr (error->message, "libcvmtester-reach"));
  g_assert_nonnull (strstr (error->message, "install the program anew"));
}

static void
test_host (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) again = NULL;

  g_assert_null (cvm_wiring_ports ()->open_host ("test:///default", CVM_DEADLINE_NEVER, NULL, &error));
  assert_not_loaded (error);
  g_assert_null (cvm_wiring_ports ()->peek_host ("test:///default", CVM_DEADLINE_NEVER, NULL, &again));
  assert_not_loaded (again);
}

static void
test_channels (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) key_error = NULL;
  CvmHttpRequest request = { .uri = "http://127.0.0.1:1/" };
  CvmSshTarget target = { .address = "127.0.0.1", .port = 1 };

  g_assert_null (cvm_wiring_ports ()->http_send (&request, CVM_DEADLINE_NEVER, NULL, NULL));
  g_assert_null (cvm_wiring_ports ()->open_ssh (&target, CVM_DEADLINE_NEVER, NULL, &error));
  assert_not_loaded (error);
  g_assert_null (cvm_wiring_ports ()->ssh_key ("key", &key_error));
  assert_not_loaded (key_error);
}

/* It belongs to the display also on failure */
static void
test_display (void)
{
  g_autoptr(GError) error = NULL;
  int fd = open ("/dev/null", O_RDONLY | O_CLOEXEC);

  g_assert_null (cvm_wiring_ports ()->open_display (fd, CVM_DEADLINE_NEVER, NULL, &error));
  assert_not_loaded (error);
  g_assert_cmpint (fcntl (fd, F_GETFD), ==, -1);
  g_assert_cmpint (errno, ==, EBADF);
}

static void
test_settle (void)
{
  g_assert_null (cvm_reach_peek ());
  g_assert_true (cvm_wiring_settle (CVM_DEADLINE_NEVER));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/wiring/host", test_host);
  g_test_add_func ("/wiring/channels", test_channels);
  g_test_add_func ("/wiring/display", test_display);
  g_test_add_func ("/wiring/settle", test_settle);

  return g_test_run ();
}
