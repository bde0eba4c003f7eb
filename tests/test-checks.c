/* test-checks.c: the tables of checks say what a suite, a dialog and a help page need
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-checks.h"

static const char *const expected_ids[] = {
  "image.listed", "image.fetched", "image.new-uuid",
  "guest.start", "guest.stop", "guest.restart", "domain.xml", "network.xml", "network.active",
  "guest.define", "serial.expect", "ssh.login", "ssh.enable-key", "ssh.command", "http.get",
  "web.present", "web.login", "web.configure", "web.create-user", "web.root-password",
  "web.restart", "user.group", "boot.errors", "time.sync", "network.cut", "cvmfs.automount",
  "cvmfs.cache", "tap.exec", "tap.guest", "host.answers", "host.guests",
  "host.qemu-img", "host.kvm", "host.space", "host.memory", "host.image",
};

static void
test_list (void)
{
  g_autoptr(GPtrArray) list = cvm_checks_list ();

  g_assert_cmpuint (list->len, ==, G_N_ELEMENTS (expected_ids));
  for (guint i = 0; i < list->len; i++)
    {
      const CvmCheckInfo *info = list->pdata[i];

      g_assert_cmpstr (info->id, ==, expected_ids[i]);
      g_assert_true (cvm_checks_lookup (info->id) == info);
      g_assert_true (&cvm_checks_find (info->id)->info == info);
      g_assert_nonnull (cvm_checks_find (info->id)->run);
    }
}

static void
test_unknown (void)
{
  g_assert_null (cvm_checks_find ("ssh.fly"));
  g_assert_null (cvm_checks_lookup (""));
}

static void
check_param (const CvmParam *param)
{
  g_autoptr(GError) error = NULL;

  g_assert_true (g_regex_match_simple ("^[a-z][a-z0-9-]*$", param->name, 0, 0));
  g_assert_false (g_str_has_suffix (param->help, "."));
  g_assert_cmpuint (strlen (param->help), >, 3);
  if (param->default_value != NULL)
    {
      cvm_param_validate (param, param->default_value, &error);
      g_assert_no_error (error);
    }
}

static void
test_info (gconstpointer data)
{
  const CvmCheckInfo *info = data;

  g_assert_true (g_regex_match_simple ("^[a-z]+\\.[a-z-]+$", info->id, 0, 0));
  g_assert_cmpuint (strlen (info->title), >, 3);
  g_assert_false (g_str_has_suffix (info->title, "."));
  g_assert_true (g_str_has_suffix (info->help, "."));
  g_assert_cmpint (info->timeout_ms, >=, 1000);
  g_assert_nonnull (info->params);
  g_assert_cmpint (info->runs_on_host, ==, g_str_equal (info->id, "tap.exec"));
  for (const CvmParam *param = info->params; param->name != NULL; param++)
    check_param (param);
}

int
main (int    argc,
      char **argv)
{
  g_autoptr(GPtrArray) list = cvm_checks_list ();

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/checks/list", test_list);
  g_test_add_func ("/checks/unknown", test_unknown);
  for (guint i = 0; i < list->len; i++)
    {
      const CvmCheckInfo *info = list->pdata[i];
      g_autofree char *path = g_strconcat ("/checks/info/", info->id, NULL);

      g_test_add_data_func (path, info, test_info);
    }

  return g_test_run ();
}
