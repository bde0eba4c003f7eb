/* test-keyfile.c: the grammar, its errors and their lines, and edits that forget no byte
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-keyfile.h"

#include <glib/gstdio.h>
#include <string.h>

static CvmKeyfile *
parse (const char *text)
{
  g_autoptr(GError) error = NULL;
  CvmKeyfile *file = cvm_keyfile_new_from_data (text, strlen (text), "a.suite", &error);

  g_assert_no_error (error);

  return file;
}

static void
test_groups (void)
{
  g_autoptr(CvmKeyfile) file = parse ("# top\n[Suite]\nName=x\n\n[Case first-boot]  \na = 1 \n"
                                      "b.c_d-e=\n[Job 01]");
  const CvmKeyfileGroup *group = cvm_keyfile_group (file, 1);

  g_assert_cmpstr (cvm_keyfile_get_name (file), ==, "a.suite");
  g_assert_cmpuint (cvm_keyfile_n_groups (file), ==, 3);
  g_assert_cmpstr (cvm_keyfile_group (file, 0)->kind, ==, "Suite");
  g_assert_cmpstr (cvm_keyfile_group (file, 0)->id, ==, "");
  g_assert_cmpuint (cvm_keyfile_group (file, 0)->line, ==, 2);
  g_assert_cmpstr (group->kind, ==, "Case");
  g_assert_cmpstr (group->id, ==, "first-boot");
  g_assert_cmpuint (group->line, ==, 5);
  g_assert_cmpuint (cvm_keyfile_n_entries (file, 1), ==, 2);
  g_assert_cmpstr (cvm_keyfile_entry (file, 1, 0)->key, ==, "a");
  g_assert_cmpstr (cvm_keyfile_entry (file, 1, 0)->value, ==, "1");
  g_assert_cmpuint (cvm_keyfile_entry (file, 1, 0)->line, ==, 6);
  g_assert_cmpstr (cvm_keyfile_entry (file, 1, 1)->value, ==, "");
  g_assert_cmpuint (cvm_keyfile_n_entries (file, 2), ==, 0);
}

static void
test_find (void)
{
  g_autoptr(CvmKeyfile) file = parse ("[A]\nk=1\n[A b]\nk=2\n[B a]\nk=3\n");

  g_assert_cmpstr (cvm_keyfile_find (file, "A", "", "k")->value, ==, "1");
  g_assert_cmpstr (cvm_keyfile_find (file, "A", "b", "k")->value, ==, "2");
  g_assert_cmpstr (cvm_keyfile_find (file, "B", "a", "k")->value, ==, "3");
  g_assert_null (cvm_keyfile_find (file, "B", "a", "j"));
  g_assert_null (cvm_keyfile_find (file, "B", "", "k"));
}

static const struct { const char *name, *raw, *value; } values[] = {
  { "plain", "a b", "a b" },
  { "all", "\\s\\n\\t\\r\\\\\\;", " \n\t\r\\;" },
  { "edge-spaces", "  \\sa\\s  ", " a " },
  { "crlf", "a\r", "a" },
  { "equals", "a=b", "a=b" },
  { "hash", "a # b", "a # b" },
  { "brackets", "[a]", "[a]" },
  { "utf-8", "caf\xc3\xa9", "caf\xc3\xa9" },
  { "regex", "^\\\\d+$", "^\\d+$" },
};

static void
test_value (gconstpointer data)
{
  const typeof (values[0]) *c = data;
  g_autofree char *text = g_strdup_printf ("[G]\nk=%s\nlast=1\n", c->raw);
  g_autoptr(CvmKeyfile) file = parse (text);

  g_assert_cmpstr (cvm_keyfile_find (file, "G", "", "k")->value, ==, c->value);
  g_assert_cmpuint (cvm_keyfile_find (file, "G", "", "last")->line, ==, 3);
}

static const struct { const char *raw, *items; } lists[] = {
  { "", "" },
  { "a", "a|" },
  { "a;b", "a|b|" },
  { "a;b;", "a|b|" },
  { ";", "|" },
  { "a;;b", "a||b|" },
  { "a\\;b;c", "a;b|c|" },
  { "a\\\\;c", "a\\|c|" },
  { "sh;-c;echo\\sx", "sh|-c|echo x|" },
};

static void
test_lists (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (lists); i++)
    {
      g_autofree char *text = g_strdup_printf ("[G]\nk=%s\n", lists[i].raw);
      g_autoptr(CvmKeyfile) file = parse (text);
      g_auto(GStrv) items = cvm_keyfile_split (file, cvm_keyfile_find (file, "G", "", "k"));
      g_autoptr(GString) joined = g_string_new (NULL);

      for (gsize j = 0; items[j] != NULL; j++)
        g_string_append_printf (joined, "%s|", items[j]);

      g_assert_cmpstr (joined->str, ==, lists[i].items);
    }
}

#define TEXT(s) s, sizeof s - 1

static const struct { const char *name, *text; gsize len; const char *message; } errors[] = {
  { "duplicate-group", TEXT ("[A b]\n[C]\n[A b]\n"), "f:3: the group 'A b' stands in line 1 already*" },
  { "duplicate-key", TEXT ("[A]\nk=1\n\nk=2\n"), "f:4: 'k' is set in line 2 already*" },
  { "key-first", TEXT ("# x\nk=1\n"), "f:2: a key before the first group*" },
  { "no-key", TEXT ("[A]\n=1\n"), "f:2: '=1' is not understood*" },
  { "no-equals", TEXT ("[A]\nk=1\nhello\n"), "f:3: 'hello' is not understood*" },
  { "bad-key", TEXT ("[A]\nk\xc3\xa9=1\n"), "f:2: *not understood*" },
  { "space-in-key", TEXT ("[A]\na b=1\n"), "f:2: *not understood*" },
  { "continuation", TEXT ("[A]\nk=1\n  2\n"), "f:3: begins with a space*" },
  { "empty-group", TEXT ("[]\n"), "f:1: not a group*" },
  { "open-group", TEXT ("[A\n"), "f:1: not a group*" },
  { "group-tail", TEXT ("[A] # x\n"), "f:1: not a group*" },
  { "group-in-group", TEXT ("[A [b]]\n"), "f:1: not a group*" },
  { "group-spaces", TEXT ("[A  b]\n"), "f:1: not a group*" },
  { "group-last-space", TEXT ("[A b ]\n"), "f:1: not a group*" },
  { "group-empty-id", TEXT ("[A ]\n"), "f:1: not a group*" },
  { "bad-escape", TEXT ("[A]\nk=\\d\n"), "f:2: a '\\' here must be followed by*" },
  { "last-backslash", TEXT ("[A]\nk=a\\\n"), "f:2: a '\\' here must be followed by*" },
  { "nul", TEXT ("[A]\nk=a\0b\n"), "f:2: a NUL byte*" },
  { "utf-16", TEXT ("\xff\xfe[\0A\0]\0"), "f:1: a NUL byte*" },
  { "latin-1", TEXT ("[A]\n\nk=caf\xe9\n"), "f:3: byte 6 is not plain UTF-8*" },
  { "latin-1-comment", TEXT ("# caf\xe9\n"), "f:1: byte 6 *" },
  { "bom", TEXT ("\xef\xbb\xbf[A]\n"), "f:1: byte 1 *byte order mark*" },
  { "escape-code", TEXT ("[A]\nk=\033[2J\n"), "f:2: a control character (0x1b)*" },
  { "c1", TEXT ("[A]\nk=\xc2\x9b\n"), "f:2: a control character (0x9b)*" },
  { "old-mac", TEXT ("[A]\rk=1\rj=2\r"), "f:1: a control character (0x0d)*" },
};

static void
test_error (gconstpointer data)
{
  const typeof (errors[0]) *c = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(CvmKeyfile) file = cvm_keyfile_new_from_data (c->text, c->len, "f", &error);

  g_assert_null (file);
  g_assert_error (error, CVM_KEYFILE_ERROR, CVM_KEYFILE_ERROR_INVALID);
  if (!g_pattern_match_simple (c->message, error->message))
    g_error ("'%s' is not like '%s'", error->message, c->message);
}

/* What is just within a limit is read; a byte more is refused, with its line. */
static void
assert_limit (GString    *text,
              gsize       len,
              const char *message)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(CvmKeyfile) good = cvm_keyfile_new_from_data (text->str, len, "f", &error);
  g_autoptr(CvmKeyfile) bad = NULL;

  g_assert_no_error (error);
  g_assert_nonnull (good);

  bad = cvm_keyfile_new_from_data (text->str, text->len, "f", &error);
  g_assert_null (bad);
  g_assert_error (error, CVM_KEYFILE_ERROR, CVM_KEYFILE_ERROR_INVALID);
  g_assert_true (g_str_has_prefix (error->message, message));
}

static void
test_limits (void)
{
  g_autoptr(GString) size = g_string_new ("[A]\n");
  g_autoptr(GString) line = g_string_new ("[A]\nk=");
  g_autoptr(GString) groups = g_string_new (NULL);
  gsize len;

  while (size->len < 1024 * 1024)
    g_string_append (size, "#\n");
  assert_limit (g_string_append_c (size, '\n'), 1024 * 1024, "f:1: the file is larger");

  while (line->len < 4 + 64 * 1024)
    g_string_append_c (line, 'x');
  assert_limit (g_string_append_c (line, 'x'), 4 + 64 * 1024, "f:2: longer than 64 KiB");

  for (guint i = 1; i <= 10000; i++)
    g_string_append_printf (groups, "[G %u]\n", i);
  len = groups->len;
  assert_limit (g_string_append (groups, "[H]\n"), len, "f:10001: more than 10000 groups");
}

static const struct { const char *name, *before, *group, *id, *key, *value, *after; } edits[] = {
  { "replace", "# c\r\n[A]\r\nk = 1 \r\n", "A", "", "k", "22", "# c\r\n[A]\r\nk = 22 \r\n" },
  { "replace-last", "[A]\nk=1", "A", "", "k", "2", "[A]\nk=2" },
  { "fill-empty", "[A]\nk=\n", "A", "", "k", "2", "[A]\nk=2\n" },
  { "empty", "[A]\nk=2\n", "A", "", "k", "", "[A]\nk=\n" },
  { "append-key", "[A]\nk=1\n# tail\n\n[B]\n", "A", "", "j", "2", "[A]\nk=1\nj=2\n# tail\n\n[B]\n" },
  { "append-to-empty-group", "[A]\n[B]\n", "A", "", "j", "2", "[A]\nj=2\n[B]\n" },
  { "append-no-newline", "[A]", "A", "", "j", "2", "[A]\nj=2\n" },
  { "append-no-newline-key", "[A]\nk=1", "A", "", "j", "2", "[A]\nk=1\nj=2\n" },
  { "append-group", "[A]\nk=1", "B", "x", "j", "2", "[A]\nk=1\n\n[B x]\nj=2\n" },
  { "first-group", "", "B", "x", "j", "2", "[B x]\nj=2\n" },
  { "remove", "[A]\n# of k\nk=1\nj=2\n", "A", "", "k", NULL, "[A]\n# of k\nj=2\n" },
  { "remove-last", "[A]\nk=1", "A", "", "k", NULL, "[A]\n" },
  { "remove-missing", "[A]\n", "A", "", "k", NULL, "[A]\n" },
  { "remove-no-group", "[A]\n", "B", "", "k", NULL, "[A]\n" },
};

static void
test_edit (gconstpointer data)
{
  const typeof (edits[0]) *c = data;
  g_autoptr(CvmKeyfile) file = parse (c->before);
  g_autofree char *after = NULL;
  const CvmKeyfileEntry *entry;
  gsize len;

  cvm_keyfile_set (file, c->group, c->id, c->key, c->value);
  after = cvm_keyfile_to_data (file, &len);

  g_assert_cmpstr (after, ==, c->after);
  g_assert_cmpuint (len, ==, strlen (c->after));
  entry = cvm_keyfile_find (file, c->group, c->id, c->key);
  g_assert_cmpstr (entry != NULL ? entry->value : NULL, ==, c->value);
}

static void
test_remove_group (void)
{
  static const struct { const char *before, *id, *after; } rows[] = {
    { "[A x]\nk=1\n# in\nj=2\n# B\n[B]\n", "x", "# B\n[B]\n" },
    { "# c\n[B]\n\n[A x]\nk=1", "x", "# c\n[B]\n\n" },
    { "[B]\n[A x]", "x", "[B]\n" },
    { "[A x]\n[A y]\nk=1\n", "x", "[A y]\nk=1\n" },
    { "[A x]\nk=1\n", "y", "[A x]\nk=1\n" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr(CvmKeyfile) file = parse (rows[i].before);
      g_autofree char *after = NULL;

      cvm_keyfile_remove_group (file, "A", rows[i].id);
      after = cvm_keyfile_to_data (file, NULL);
      g_assert_cmpstr (after, ==, rows[i].after);
    }
}

/* What was joined splits into the same items. */
static void
test_join (void)
{
  static const char *const items[] = { "a", "", "b;c", "\\", "d\\;", " e ", "\n", ";", "", NULL };
  static const char *const none[] = { NULL };
  g_autofree char *raw = cvm_keyfile_join (items);
  g_autofree char *empty = cvm_keyfile_join (none);
  g_auto(GStrv) split = cvm_keyfile_split_text (raw);

  g_assert_true (g_strv_equal (items, (const char *const *)split));
  g_assert_cmpstr (empty, ==, "");
}

/* Whatever is set is read back the same, and the rest of the file with it. */
static void
test_set_any (void)
{
  static const char *const samples[] = {
    " ", "  a  ", "\n", "a\nb\r\n\tc", "\\", "\\n", ";;", "#x", "[x]", "a=b", "caf\xc3\xa9 ",
    "\xc3\xa9", "",
  };
  g_autoptr(CvmKeyfile) file = parse ("[A]\nk=1\nj=2\n[B]\n");

  for (gsize i = 0; i < G_N_ELEMENTS (samples); i++)
    {
      g_autofree char *data = NULL;
      g_autoptr(CvmKeyfile) again = NULL;

      cvm_keyfile_set (file, "A", "", "k", samples[i]);
      data = cvm_keyfile_to_data (file, NULL);
      again = parse (data);

      g_assert_cmpstr (cvm_keyfile_find (again, "A", "", "k")->value, ==, samples[i]);
      g_assert_cmpstr (cvm_keyfile_find (again, "A", "", "j")->value, ==, "2");
      g_assert_cmpuint (cvm_keyfile_n_groups (again), ==, 2);
    }
}

/* What no key file can hold is replaced, not written. */
static void
test_set_controls (void)
{
  g_autoptr(CvmKeyfile) file = parse ("[A]\n");

  cvm_keyfile_set (file, "A", "", "k", "a\033b\xff");
  g_assert_cmpstr (cvm_keyfile_find (file, "A", "", "k")->value, ==, "a\xef\xbf\xbd" "b\xef\xbf\xbd");
}

/* An edit beyond a limit changes nothing. */
static void
test_set_too_long (void)
{
  g_autoptr(CvmKeyfile) file = parse ("[A]\nk=1\n");
  g_autofree char *value = g_strnfill (64 * 1024, 'x');
  g_autofree char *data = NULL;

  g_test_expect_message ("cvm-base", G_LOG_LEVEL_WARNING, "Not edited: a.suite:2: longer*");
  cvm_keyfile_set (file, "A", "", "k", value);
  g_test_assert_expected_messages ();

  data = cvm_keyfile_to_data (file, NULL);
  g_assert_cmpstr (data, ==, "[A]\nk=1\n");
  g_assert_cmpstr (cvm_keyfile_find (file, "A", "", "k")->value, ==, "1");
}

static void
assert_unreadable (const char *path,
                   const char *message)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(CvmKeyfile) file = cvm_keyfile_load (path, &error);

  g_assert_null (file);
  g_assert_error (error, CVM_KEYFILE_ERROR, CVM_KEYFILE_ERROR_UNREADABLE);
  g_assert_true (g_pattern_match_simple (message, error->message));
}

static void
test_load (void)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp ("keyfile-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "x.suite", NULL);
  g_autofree char *noise = g_malloc (10 * 1024 * 1024);
  g_autoptr(CvmKeyfile) file = NULL;

  assert_unreadable (path, "*x.suite*No such file*check*");
  assert_unreadable (folder, "*not a regular file*");

  memset (noise, 0xa5, 10 * 1024 * 1024);
  g_assert_true (g_file_set_contents (path, noise, 10 * 1024 * 1024, NULL));
  assert_unreadable (path, "*x.suite:1: the file is larger than 1 MiB*");

  g_assert_true (g_file_set_contents (path, "[A]\nk=1\n", -1, NULL));
  file = cvm_keyfile_load (path, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (cvm_keyfile_find (file, "A", "", "k")->value, ==, "1");

  g_unlink (path);
  g_rmdir (folder);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/keyfile/groups", test_groups);
  g_test_add_func ("/keyfile/find", test_find);
  g_test_add_func ("/keyfile/lists", test_lists);
  g_test_add_func ("/keyfile/remove-group", test_remove_group);
  g_test_add_func ("/keyfile/join", test_join);
  g_test_add_func ("/keyfile/limits", test_limits);
  g_test_add_func ("/keyfile/set-any", test_set_any);
  g_test_add_func ("/keyfile/set-controls", test_set_controls);
  g_test_add_func ("/keyfile/set-too-long", test_set_too_long);
  g_test_add_func ("/keyfile/load", test_load);

  for (gsize i = 0; i < G_N_ELEMENTS (values); i++)
    {
      g_autofree char *path = g_strdup_printf ("/keyfile/value/%s", values[i].name);

      g_test_add_data_func (path, &values[i], test_value);
    }

  for (gsize i = 0; i < G_N_ELEMENTS (errors); i++)
    {
      g_autofree char *path = g_strdup_printf ("/keyfile/error/%s", errors[i].name);

      g_test_add_data_func (path, &errors[i], test_error);
    }

  for (gsize i = 0; i < G_N_ELEMENTS (edits); i++)
    {
      g_autofree char *path = g_strdup_printf ("/keyfile/edit/%s", edits[i].name);

      g_test_add_data_func (path, &edits[i], test_edit);
    }

  return g_test_run ();
}
