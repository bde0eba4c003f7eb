/* test-id.c: names and UUIDs that this program makes
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-id.h"

#include <string.h>

static void
test_valid (void)
{
  static const char *const good[] = { "a", "0", "first-boot", "a-", "9-9", NULL };
  static const char *const bad[] = {
    "", "-a", "A", "a b", "a.b", "a_b", "a/b", "..", "caf\xc3\xa9", "a\n", NULL
  };
  g_autofree char *longest = g_strnfill (64, 'a');
  g_autofree char *too_long = g_strnfill (65, 'a');

  for (gsize i = 0; good[i] != NULL; i++)
    g_assert_true (cvm_id_is_valid (good[i]));
  for (gsize i = 0; bad[i] != NULL; i++)
    g_assert_false (cvm_id_is_valid (bad[i]));

  g_assert_true (cvm_id_is_valid (longest));
  g_assert_false (cvm_id_is_valid (too_long));
  g_assert_false (cvm_id_is_valid (NULL));
}

static void
test_uuid (void)
{
  g_autofree char *a = cvm_id_uuid_for ("run", "domain");
  g_autofree char *again = cvm_id_uuid_for ("run", "domain");
  g_autofree char *other_run = cvm_id_uuid_for ("run2", "domain");
  g_autofree char *other_name = cvm_id_uuid_for ("run", "network");

  /* Fixed for ever: made by Python's uuid.uuid5 () in the same namespace */
  g_assert_cmpstr (a, ==, "55f5e764-7565-565f-a454-0878cc13731a");
  g_assert_true (g_uuid_string_is_valid (a));
  g_assert_cmpint (a[14], ==, '5');
  g_assert_nonnull (strchr ("89ab", a[19]));

  g_assert_cmpstr (a, ==, again);
  g_assert_cmpstr (a, !=, other_run);
  g_assert_cmpstr (a, !=, other_name);
}

static void
test_run (void)
{
  g_autofree char *run = cvm_id_new_run ();

  g_assert_true (g_regex_match_simple ("^\\d{4}-\\d\\d-\\d\\dT\\d{6}Z-[0-9a-f]{4}$", run, 0, 0));
  g_assert_true (g_str_has_prefix (run, "20"));
}

static void
test_machine (void)
{
  const char *machine = cvm_id_machine ();
  g_autofree char *id = NULL;

  g_assert_true (g_regex_match_simple ("^[0-9a-f]{32}$", machine, 0, 0));
  g_assert_true (machine == cvm_id_machine ());

  if (g_file_get_contents ("/etc/machine-id", &id, NULL, NULL))
    g_assert_cmpstr (g_strstrip (id), !=, machine);     /* it does not leave this machine */
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/id/valid", test_valid);
  g_test_add_func ("/id/uuid", test_uuid);
  g_test_add_func ("/id/run", test_run);
  g_test_add_func ("/id/machine", test_machine);

  return g_test_run ();
}
