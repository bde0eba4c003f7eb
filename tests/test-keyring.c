/* test-keyring.c: passwords out of a real keyring, on the bus that dbus-run-session gives the test
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-keyring.h"

#include <libsecret/secret.h>
#include <string.h>

#include "cvm-logins.h"
#include "cvm-test-home.h"
#include "cvm-wait.h"

#define SOON cvm_deadline_in_ms (20000)

static void
on_name (GDBusConnection *connection,
         const char      *name,
         const char      *owner,
         gpointer         loop)
{
  g_main_loop_quit (loop);
}

static gboolean
on_late (gpointer data)
{
  g_error ("gnome-keyring-daemon is not on the bus after 20 s");

  return G_SOURCE_REMOVE;
}

/* It goes to the background before it is on the bus */
static void
wait_for_keyring (void)
{
  g_autoptr(GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  guint watch = g_bus_watch_name (G_BUS_TYPE_SESSION, "org.freedesktop.secrets", G_BUS_NAME_WATCHER_FLAGS_NONE,
                                  on_name, NULL, loop, NULL);
  guint late = g_timeout_add_seconds (20, on_late, NULL);

  g_main_loop_run (loop);
  g_source_remove (late);
  g_bus_unwatch_name (watch);
}

/* gnome-keyring, unlocked by the password on its standard input; it ends with its bus */
static void
start_keyring (void)
{
  const char *const argv[] = { "gnome-keyring-daemon", "--unlock", "--components=secrets", NULL };
  g_autoptr(GError) error = NULL;
  g_autoptr(GSubprocess) keyring = g_subprocess_newv (argv, G_SUBPROCESS_FLAGS_STDIN_PIPE
                                                            | G_SUBPROCESS_FLAGS_STDOUT_SILENCE, &error);

  g_assert_no_error (error);
  g_assert_true (g_subprocess_communicate_utf8 (keyring, "pw", NULL, NULL, NULL, &error));
  g_assert_no_error (error);
  wait_for_keyring ();
}

/* As secret-tool does it, with attributes and no schema of ours */
static void
store (const char *name,
       const char *password)
{
  static const SecretSchema plain = {
    "org.freedesktop.Secret.Generic", SECRET_SCHEMA_NONE,
    { { "application", SECRET_SCHEMA_ATTRIBUTE_STRING }, { "name", SECRET_SCHEMA_ATTRIBUTE_STRING }, { NULL } }
  };
  g_autoptr(GError) error = NULL;

  secret_password_store_sync (&plain, NULL, "test", password, NULL, &error, "application", "cvmtester", "name", name, NULL);
  g_assert_no_error (error);
}

static guint
count (const char *name)
{
  g_auto(GStrv) names = cvm_keyring_list (SOON, NULL, NULL);
  guint n = 0;

  for (guint i = 0; names != NULL && names[i] != NULL; i++)
    n += g_str_equal (names[i], name);

  return n;
}

static void
test_lookup (void)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *found = NULL;

  store ("web-admin", "Sesame 9");
  store ("other", "wrong");
  found = cvm_keyring_lookup ("web-admin", SOON, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (found, ==, "Sesame 9");
}

static void
test_missing (void)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (cvm_keyring_lookup ("nobody", SOON, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (error->message, "secret-tool store --label=nobody application cvmtester name nobody"));
}

static void
test_cancelled (void)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;

  g_cancellable_cancel (cancellable);
  g_assert_null (cvm_keyring_lookup ("web-admin", SOON, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_login (void)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *user = NULL, *password = NULL;
  g_auto(GStrv) names = NULL;

  g_assert_true (cvm_keyring_store ("esx://lab/", "root", "one", SOON, NULL, &error));
  g_assert_true (cvm_keyring_store ("esx://lab/", "admin", "two", SOON, NULL, &error));
  g_assert_no_error (error);
  password = cvm_keyring_lookup_login ("esx://lab/", &user, SOON, NULL, &error);
  g_assert_cmpstr (password, ==, "two");
  g_assert_cmpstr (user, ==, "admin");
  g_assert_cmpuint (count ("esx://lab/"), ==, 1);

  names = cvm_keyring_list (SOON, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_strv_contains ((const char *const *)names, "esx://lab/"));
  g_assert_true (g_strv_contains ((const char *const *)names, "web-admin"));

  g_assert_true (cvm_keyring_forget ("esx://lab/", SOON, NULL, &error));
  g_assert_null (cvm_keyring_lookup ("esx://lab/", SOON, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
}

/* What the user has put there by hand gives way, too */
static void
test_in_place (void)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *password = NULL;

  store ("vnc://lab/", "old");
  g_assert_true (cvm_keyring_store ("vnc://lab/", NULL, "new", SOON, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (count ("vnc://lab/"), ==, 1);
  password = cvm_keyring_lookup ("vnc://lab/", SOON, NULL, &error);
  g_assert_cmpstr (password, ==, "new");
}

/* What was typed, what the keyring has, and what was refused */
static void
test_logins (void)
{
  g_autofree char *none = NULL, *typed = NULL, *kept = NULL, *refused = NULL;
  g_autofree char *user = NULL, *user_kept = NULL, *nobody = NULL;

  none = cvm_logins_find ("xen+tcp://lab/", &nobody, NULL);
  g_assert_null (none);
  cvm_logins_keep ("xen+tcp://lab/", "ali", "sesame", TRUE);
  typed = cvm_logins_find ("xen+tcp://lab/", &user, NULL);
  g_assert_cmpstr (typed, ==, "sesame");
  g_assert_cmpstr (user, ==, "ali");

  cvm_logins_clear ();   /* as the next start */
  kept = cvm_logins_find ("xen+tcp://lab/", &user_kept, NULL);
  g_assert_cmpstr (kept, ==, "sesame");
  g_assert_cmpstr (user_kept, ==, "ali");

  cvm_logins_refuse ("xen+tcp://lab/");
  refused = cvm_logins_find ("xen+tcp://lab/", &nobody, NULL);
  g_assert_null (refused);
  cvm_logins_clear ();
}

int
main (int   argc,
      char *argv[])
{
  int status;

  cvm_test_home_enter ();
  g_test_init (&argc, &argv, NULL);
  start_keyring ();
  g_test_add_func ("/keyring/lookup", test_lookup);
  g_test_add_func ("/keyring/missing", test_missing);
  g_test_add_func ("/keyring/cancelled", test_cancelled);
  g_test_add_func ("/keyring/login", test_login);
  g_test_add_func ("/keyring/in-place", test_in_place);
  g_test_add_func ("/keyring/logins", test_logins);
  status = g_test_run ();
  secret_service_disconnect ();
  cvm_test_home_clear ();

  return status;
}
