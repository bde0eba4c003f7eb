/* test-order.c: what is wanted becomes jobs, a command line, and a profile
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-order.h"

#include <glib/gstdio.h>
#include <string.h>

#include "cvm-keyfile.h"
#include "cvm-profile.h"

static const CvmParam params[] = {
  { "text", CVM_PARAM_STRING, "as it was", "Text" },
  { "argv", CVM_PARAM_ARGV, "true", "Program" },
  { NULL }
};

static const CvmCheckInfo checks[] = {
  { "guest.start", "Starts", "", params, 1000, FALSE },
  { "image.fetched", "Fetches", "", params, 1000, FALSE },
  { "host.looks", "Looks", "", params, 1000, FALSE },
  { "tap.exec", "Runs", "", params, 1000, TRUE },
};

static const CvmCheckInfo *
lookup (const char *id)
{
  for (gsize i = 0; i < G_N_ELEMENTS (checks); i++)
    if (g_str_equal (checks[i].id, id))
      return &checks[i];

  return NULL;
}

typedef struct { char *dir; } Fixture;

static char *
put (Fixture    *f,
     const char *name,
     const char *text)
{
  char *path = g_build_filename (f->dir, name, NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));

  return path;
}

static void
set_up (Fixture       *f,
        gconstpointer  data)
{
  g_autofree char *guest = NULL, *free_one = NULL, *host = NULL, *exec = NULL, *one = NULL, *two = NULL;

  f->dir = g_dir_make_tmp ("order-XXXXXX", NULL);
  guest = put (f, "guest.suite", "[Suite]\nName=Guest\nVersion=1\n[Precondition a]\nCheck=guest.start\n"
               "[Case b]\nCheck=host.looks\n[Preset slow]\nb.text=slow\n");
  free_one = put (f, "free.suite", "[Suite]\nName=Free\nVersion=1\n[Precondition f]\nCheck=image.fetched\n"
                  "[Case a]\nCheck=guest.start\n");
  host = put (f, "host.suite", "[Suite]\nName=Host\nVersion=1\n[Case b]\nCheck=host.looks\n");
  exec = put (f, "exec.suite", "[Suite]\nName=Exec\nVersion=1\n[Case b]\nCheck=tap.exec\nargv=/bin/true;x\n");
  one = put (f, "one.image", "[Image]\nName=one\nKernel=one.image\n");
  two = put (f, "two.image", "[Image]\nName=two\nKernel=one.image\n");
}

static void
remove_below (const char *path)
{
  g_autoptr(GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *below = g_build_filename (path, name, NULL);

      remove_below (below);
    }
  g_remove (path);
}

static void
tear_down (Fixture       *f,
           gconstpointer  data)
{
  remove_below (f->dir);
  g_free (f->dir);
}

static CvmOrderSuite *
add_suite (Fixture    *f,
           CvmOrder   *order,
           const char *name)
{
  g_autofree char *path = g_build_filename (f->dir, name, NULL);

  return cvm_order_add_suite (order, path);
}

static void
add_cell (Fixture    *f,
          CvmOrder   *order,
          const char *image,
          const char *host,
          const char *hypervisor)
{
  g_autofree char *path = image != NULL ? g_build_filename (f->dir, image, NULL) : NULL;

  cvm_order_add_cell (order, path, host, hypervisor);
}

/* "Guest one qemu:///session auto; …" */
static char *
describe (CvmPlan *plan)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < cvm_plan_n_jobs (plan); i++)
    {
      const CvmJobSpec *job = cvm_plan_job (plan, i);

      g_string_append_printf (text, "%s%s %s %s %s", i > 0 ? "; " : "", cvm_suite_get_name (job->suite),
                              job->image != NULL ? job->image->name : "-", job->host_uri,
                              job->hypervisor);
    }

  return g_string_free (text, FALSE);
}

static const struct
{
  const char *name, *suites[4], *cells[4][3], *jobs;
  guint repeat;
} plans[] = {
  { "one", { "guest.suite" }, { { "one.image", NULL, NULL } }, "Guest one qemu:///session auto" },
  { "matrix-with-holes", { "guest.suite" },
    { { "one.image", "test:///default", "test" }, { "two.image", NULL, "qemu" } },
    "Guest one test:///default test; Guest two qemu:///session qemu" },
  { "suites-outermost", { "guest.suite", "free.suite" },
    { { "one.image", NULL, NULL }, { "two.image", NULL, NULL } },
    "Guest one qemu:///session auto; Guest two qemu:///session auto; "
    "Free one qemu:///session auto; Free two qemu:///session auto" },
  { "a-host-is-looked-at-once", { "host.suite" },
    { { "one.image", NULL, "kvm" }, { "two.image", NULL, "qemu" }, { "one.image", "test:///x", "test" } },
    "Host - qemu:///session kvm; Host - test:///x test" },
  { "cells-without-an-image", { "guest.suite", "host.suite", "free.suite" },
    { { "one.image", NULL, NULL }, { NULL, "test:///x", "test" } },
    "Guest one qemu:///session auto; Host - test:///x test; "
    "Free one qemu:///session auto; Free - test:///x test" },
  { "repeat", { "host.suite", "free.suite" }, { { NULL, NULL, NULL } },
    "Host - qemu:///session auto; Free - qemu:///session auto; "
    "Host - qemu:///session auto; Free - qemu:///session auto", 2 },
};

static void
test_plans (Fixture       *f,
            gconstpointer  data)
{
  for (gsize i = 0; i < G_N_ELEMENTS (plans); i++)
    {
      g_autoptr(CvmOrder) order = cvm_order_new ();
      g_autoptr(CvmPlan) plan = NULL;
      g_autoptr(GError) error = NULL;
      g_autofree char *jobs = NULL;

      g_test_message ("%s", plans[i].name);
      order->repeat = plans[i].repeat;
      for (gsize j = 0; plans[i].suites[j] != NULL; j++)
        add_suite (f, order, plans[i].suites[j]);
      for (gsize j = 0; j < 4; j++)
        if (j == 0 || plans[i].cells[j][0] != NULL || plans[i].cells[j][1] != NULL)
          add_cell (f, order, plans[i].cells[j][0], plans[i].cells[j][1], plans[i].cells[j][2]);

      plan = cvm_order_make_plan (order, lookup, &error);
      g_assert_no_error (error);
      jobs = describe (plan);
      g_assert_cmpstr (jobs, ==, plans[i].jobs);
    }
}

static void
expect_refusal (CvmOrder   *order,
                const char *message)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (cvm_order_make_plan (order, lookup, &error));
  if (!g_pattern_match_simple (message, error->message))
    g_error ("“%s” is not like “%s”", error->message, message);
}

static void
test_refusals (Fixture       *f,
               gconstpointer  data)
{
  g_autoptr(CvmOrder) order = cvm_order_new ();
  CvmOrderSuite *suite;

  expect_refusal (order, "name a suite*");
  suite = add_suite (f, order, "guest.suite");
  expect_refusal (order, "suite “guest” starts a guest: name its image*");
  add_cell (f, order, "none.image", NULL, NULL);
  expect_refusal (order, "*none.image*");
  g_ptr_array_set_size (order->cells, 0);
  add_cell (f, order, "one.image", NULL, NULL);
  order->repeat = 101;
  expect_refusal (order, "--repeat is 101; allowed: 1 to 100");
  order->repeat = 1;
  cvm_order_suite_set (suite, "b.nothing=1");
  expect_refusal (order, "--set b: *nothing*");
}

/* It runs programs here only when it was allowed to: wholly, or just these bytes */
static void
test_exec (Fixture       *f,
           gconstpointer  data)
{
  g_autoptr(CvmOrder) order = cvm_order_new ();
  g_autoptr(GError) error = NULL;
  g_autofree char *path = g_build_filename (f->dir, "exec.suite", NULL);
  g_autoptr(CvmSuite) suite = cvm_suite_load (path, lookup, NULL);
  const char *other[] = { "0000", NULL };
  const char *own[] = { "0000", cvm_suite_get_sha256 (suite), NULL };
  g_autoptr(CvmPlan) plan = NULL, again = NULL;

  add_suite (f, order, "exec.suite");
  add_cell (f, order, NULL, NULL, NULL);
  expect_refusal (order, "*exec.suite:4: ?b] runs '/bin/true' on this host*");
  order->allowed = g_strdupv ((char **)other);
  expect_refusal (order, "*runs '/bin/true'*");
  g_strfreev (order->allowed);
  order->allowed = g_strdupv ((char **)own);
  plan = cvm_order_make_plan (order, lookup, &error);
  g_assert_no_error (error);
  g_clear_pointer (&order->allowed, g_strfreev);
  order->allow_exec = TRUE;
  again = cvm_order_make_plan (order, lookup, &error);
  g_assert_no_error (error);
}

static const struct { const char *text; char stop; const char *suite, *rest; } scopes[] = {
  { "a.b=c", '=', NULL, "a.b=c" },
  { "a.b=c:d", '=', NULL, "a.b=c:d" },
  { "s:a.b=c:d", '=', "s", "a.b=c:d" },
  { "my.suite:a.b=c", '=', "my.suite", "a.b=c" },
  { "a/x:y", '/', NULL, "a/x:y" },
  { "s:a/x:y", '/', "s", "a/x:y" },
  { "slow", '\0', NULL, "slow" },
  { "s:slow", '\0', "s", "slow" },
};

static void
test_scopes (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (scopes); i++)
    {
      g_autofree char *suite = NULL;
      const char *rest = cvm_order_split_scope (scopes[i].text, scopes[i].stop, &suite);

      g_assert_cmpstr (suite, ==, scopes[i].suite);
      g_assert_cmpstr (rest, ==, scopes[i].rest);
    }
}

/* The command --------------------------------------------------------------------------------- */

static void
test_command (void)
{
  g_autoptr(CvmOrder) order = cvm_order_new ();
  CvmOrderSuite *one = cvm_order_add_suite (order, "demo");
  g_autofree char *simple = NULL, *product = NULL, *holes = NULL;

  cvm_order_add_cell (order, "demo", NULL, NULL);
  cvm_order_suite_set (one, "a.text=it's; $HOME");
  simple = cvm_order_to_command (order);
  g_assert_cmpstr (simple, ==, "cvmtester-cli run --suite demo --set 'a.text=it'\\''s; $HOME' "
                   "--image demo --host qemu:///session --hypervisor auto");

  cvm_order_suite_only (cvm_order_add_suite (order, "/x y/other.suite"), "c/2");
  one->preset = g_strdup ("slow");
  cvm_order_add_cell (order, "demo", "test:///x", "auto");
  order->repeat = 3;
  order->parallel = 4;
  order->keep_failed = TRUE;
  order->server = g_strdup ("cern");
  product = cvm_order_to_command (order);
  g_assert_cmpstr (product, ==, "cvmtester-cli run --suite demo --suite '/x y/other.suite' --preset demo:slow "
                   "--set 'demo:a.text=it'\\''s; $HOME' --only other:c/2 --image demo "
                   "--host qemu:///session --host test:///x --hypervisor auto --repeat 3 "
                   "--parallel 4 --keep-failed --submit --server cern");

  cvm_order_add_cell (order, NULL, "test:///x", "test");
  holes = cvm_order_to_command (order);
  g_assert_nonnull (strstr (holes, " --cell 'auto;qemu:///session;demo;' --cell 'auto;test:///x;demo;' "
                            "--cell 'test;test:///x;' --repeat"));
}

/* Profiles ------------------------------------------------------------------------------------ */

static CvmOrder *
make_full_order (void)
{
  CvmOrder *order = cvm_order_new ();
  CvmOrderSuite *one = cvm_order_add_suite (order, "demo");
  CvmOrderSuite *two = cvm_order_add_suite (order, "/x y/other.suite");

  cvm_order_suite_set (one, "a.text= edges \\ and ; and\ttabs ");
  cvm_order_suite_set (one, "a.argv=ls;a\\;b");
  cvm_order_suite_only (one, "b/2");
  cvm_order_suite_only (one, "b/a;b");
  two->preset = g_strdup ("slow");
  cvm_order_add_cell (order, "demo", "qemu:///session", "auto");
  cvm_order_add_cell (order, NULL, "test:///x", "test");
  order->repeat = 2;
  order->parallel = 5;
  order->keep_failed = TRUE;
  order->kernel_args = g_strdup ("fault=web");
  order->server = g_strdup ("cern");

  return order;
}

static void
assert_same (const CvmOrder *a,
             const CvmOrder *b)
{
  g_autofree char *left = cvm_order_to_command (a);
  g_autofree char *right = cvm_order_to_command (b);

  g_assert_cmpstr (left, ==, right);
}

static void
test_round_trip (Fixture       *f,
                 gconstpointer  data)
{
  g_autofree char *path = g_build_filename (f->dir, "new", "x.profile", NULL);
  g_autoptr(CvmOrder) order = make_full_order ();
  g_autoptr(CvmOrder) read = NULL, small = cvm_order_new (), again = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL, *with_comment = NULL, *after = NULL;

  g_assert_true (cvm_profile_save (order, path, &error));
  read = cvm_profile_load (path, &error);
  g_assert_no_error (error);
  assert_same (order, read);

  /* what somebody wrote beside it stays, what does not hold any more goes */
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  with_comment = g_strconcat ("# mine\n", text, NULL);
  g_assert_true (g_file_set_contents (path, with_comment, -1, NULL));
  cvm_order_suite_set (cvm_order_add_suite (small, "demo"), "z.text=1");
  cvm_order_add_cell (small, "demo", "test:///x", "test");
  g_assert_true (cvm_profile_save (small, path, &error));
  again = cvm_profile_load (path, &error);
  g_assert_no_error (error);
  assert_same (small, again);
  g_assert_true (g_file_get_contents (path, &after, NULL, NULL));
  g_assert_true (g_str_has_prefix (after, "# mine\n"));
}

static const struct { const char *text, *message; } wrong[] = {
  { "[Profile]\nHost=x\n", "*:1: the profile names no suite*" },
  { "[Profile]\nSuite=a\nRepeat=0\n", "*:3: Repeat is no number from 1 to 100" },
  { "[Profile]\nSuite=a\nParallel=x\n", "*:3: Parallel is no number from 1 to 64" },
  { "[Profile]\nSuite=a\nKeepFailed=maybe\n", "*:3: KeepFailed is neither true nor false" },
  { "[Suite 1]\nSuite=a\n[Set 2]\na.b=1\n", "*:3: there is no ?Suite 2] above for this*" },
  { "[Suite 1]\nColour=a\n", "*:2: ?Suite] has no key 'Colour'*" },
  { "[Suite 1]\nPreset=a\n", "*:1: the profile names no suite*" },
  { "[Profile]\nSuite=a\n[Cell 1]\nImage=a\nFormat=b\n", "*:5: ?Cell] has no key 'Format'*" },
};

static void
test_wrong_profiles (Fixture       *f,
                     gconstpointer  data)
{
  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autofree char *path = put (f, "wrong.profile", wrong[i].text);
      g_autoptr(GError) error = NULL;

      g_assert_null (cvm_profile_load (path, &error));
      if (!g_pattern_match_simple (wrong[i].message, error->message))
        g_error ("“%s” is not like “%s”", error->message, wrong[i].message);
    }
}

static void
test_presets (Fixture       *f,
              gconstpointer  data)
{
  g_autoptr(CvmOrder) order = make_full_order ();
  g_auto(GStrv) none = cvm_profile_list ();
  g_auto(GStrv) two = NULL, renamed = NULL;
  g_autofree char *path = cvm_profile_path_of ("Fast one");
  g_autofree char *other = cvm_profile_path_of ("nightly");
  g_autofree char *found = NULL, *file = cvm_profile_find ("sub/x"), *unknown = cvm_profile_find ("nobody");
  g_autoptr(GError) error = NULL;

  g_assert_null (none[0]);
  g_assert_true (cvm_profile_save (order, path, NULL));
  g_assert_true (cvm_profile_save (order, other, NULL));
  two = cvm_profile_list ();
  g_assert_cmpuint (g_strv_length (two), ==, 2);
  found = cvm_profile_find ("Fast one");
  g_assert_cmpstr (found, ==, path);
  g_assert_cmpstr (file, ==, "sub/x");
  g_assert_cmpstr (unknown, ==, "nobody");

  g_assert_false (cvm_profile_rename ("Fast one", "nightly", &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS);
  g_clear_error (&error);
  g_assert_false (cvm_profile_rename ("Fast one", "../x", &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_FILENAME);
  g_clear_error (&error);
  g_assert_true (cvm_profile_rename ("Fast one", "Slow ö", &error));
  g_assert_true (cvm_profile_remove ("nightly", &error));
  g_assert_false (cvm_profile_remove ("nightly", NULL));
  renamed = cvm_profile_list ();
  g_assert_cmpuint (g_strv_length (renamed), ==, 1);
  g_assert_cmpstr (renamed[0], ==, "Slow ö");

  g_assert_false (cvm_profile_is_name (""));
  g_assert_false (cvm_profile_is_name (".hidden"));
  g_assert_false (cvm_profile_is_name ("a\nb"));
  g_assert_false (cvm_profile_is_name ("\xff"));
}

int
main (int    argc,
      char **argv)
{
  g_autofree char *config = g_dir_make_tmp ("order-XXXXXX", NULL);
  int status;

  g_setenv ("XDG_CONFIG_HOME", config, TRUE);
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/order/plans", Fixture, NULL, set_up, test_plans, tear_down);
  g_test_add ("/order/refusals", Fixture, NULL, set_up, test_refusals, tear_down);
  g_test_add ("/order/exec", Fixture, NULL, set_up, test_exec, tear_down);
  g_test_add_func ("/order/scopes", test_scopes);
  g_test_add_func ("/order/command", test_command);
  g_test_add ("/profile/round-trip", Fixture, NULL, set_up, test_round_trip, tear_down);
  g_test_add ("/profile/wrong", Fixture, NULL, set_up, test_wrong_profiles, tear_down);
  g_test_add ("/profile/presets", Fixture, NULL, set_up, test_presets, tear_down);

  status = g_test_run ();
  remove_below (config);

  return status;
}
