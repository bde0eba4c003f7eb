/* test-suite.c: suite files, their errors with file and line, and how they are resolved
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-keyfile.h"
#include "cvm-paths.h"
#include "cvm-suite.h"

#include <glib/gstdio.h>
#include <string.h>

static const CvmParam ssh_params[] = {
  { "command", CVM_PARAM_STRING, NULL, "Command" },
  { "status", CVM_PARAM_INTEGER, "0", "Status", 0, 255 },
  { "output", CVM_PARAM_PATTERN, "", "Pattern" },
  { "mask", CVM_PARAM_FILE, "", "File" },
  { "password", CVM_PARAM_PASSWORD, "", "Password" },
  { NULL }
};

static const CvmParam exec_params[] = {
  { "argv", CVM_PARAM_ARGV, NULL, "Program" },
  { NULL }
};

static const CvmParam no_params[] = { { NULL } };

static const CvmCheckInfo checks[] = {
  { "guest.start", "The guest starts", "", no_params, 120000, FALSE },
  { "ssh.command", "A command succeeds", "", ssh_params, 30000, FALSE },
  { "tap.exec", "A program passes", "", exec_params, 60000, TRUE },
};

static const CvmCheckInfo *
lookup (const char *id)
{
  for (gsize i = 0; i < G_N_ELEMENTS (checks); i++)
    {
      if (g_str_equal (checks[i].id, id))
        return &checks[i];
    }

  return NULL;
}

typedef struct
{
  char *folder;
  char *path;
} Fixture;

static void
set_up (Fixture       *f,
        gconstpointer  data)
{
  f->folder = g_dir_make_tmp ("suite-XXXXXX", NULL);
  f->path = g_build_filename (f->folder, "my-suite.suite", NULL);
}

static void
put (Fixture    *f,
     const char *name,
     const char *text)
{
  g_autofree char *path = g_build_filename (f->folder, name, NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

static void
remove_file (Fixture    *f,
             const char *name)
{
  g_autofree char *path = g_build_filename (f->folder, name, NULL);

  g_unlink (path);
}

static void
tear_down (Fixture       *f,
           gconstpointer  data)
{
  remove_file (f, "my-suite.suite");
  remove_file (f, "mask.txt");
  g_assert_cmpint (g_rmdir (f->folder), ==, 0);
  g_free (f->folder);
  g_free (f->path);
}

/* The path of the fixture is "F" in the patterns of this file. */
static void
assert_message (Fixture    *f,
                GError     *error,
                const char *pattern)
{
  g_autoptr(GString) message = g_string_new (error != NULL ? error->message : "no error");

  g_string_replace (message, f->path, "F", 0);
  if (!g_pattern_match_simple (pattern, message->str))
    g_error ("'%s' is not like '%s'", message->str, pattern);
}

static CvmSuite *
load (Fixture    *f,
      const char *text)
{
  g_autoptr(GError) error = NULL;
  CvmSuite *suite;

  put (f, "my-suite.suite", text);
  suite = cvm_suite_load (f->path, lookup, &error);
  g_assert_no_error (error);

  return suite;
}

#define HEAD "[Suite]\nName=N\nVersion=1\n"
#define CASE "[Case a]\nCheck=guest.start\n"

static const char whole[] =
  "# A comment\n"
  "[Suite]\n"
  "Name=My suite\n"
  "Version=1.0\n"
  "Description=What it is for\n"
  "Timeout=1h\n"
  "[Precondition start]\n"
  "Check=guest.start\n"
  "Timeout=3m\n"
  "[Case root]\n"
  "Title=Root may\n"
  "Check=ssh.command\n"
  "command=echo a\\;b\n"
  "output=^a;\n"
  "mask=mask.txt\n"
  "Needs=start\n"
  "Tags=fast;ssh\n"
  "[Case again]\n"
  "Check=ssh.command\n"
  "Needs=root;start;\n"
  "[Case host]\n"
  "Check=tap.exec\n"
  "argv=sh;-c;echo\\;ls\n"
  "[Preset slow-machine]\n"
  "start.Timeout=10m\n"
  "again.command=sleep 1\n"
  "host.argv=true;\\;\n"
  "[Preset other]\n"
  "root.status=3\n";

static const char *
value_of (CvmSuite   *suite,
          const char *id,
          const char *name)
{
  return g_hash_table_lookup (cvm_suite_find_case (suite, id)->values, name);
}

static void
test_whole (Fixture       *f,
            gconstpointer  data)
{
  g_autoptr(CvmSuite) suite = NULL;
  g_autofree char *sha256 = g_compute_checksum_for_string (G_CHECKSUM_SHA256, whole, -1);
  const CvmCase *item;

  put (f, "mask.txt", "");
  suite = load (f, whole);

  g_assert_cmpstr (cvm_suite_get_id (suite), ==, "my-suite");
  g_assert_cmpstr (cvm_suite_get_path (suite), ==, f->path);
  g_assert_cmpstr (cvm_suite_get_name (suite), ==, "My suite");
  g_assert_cmpstr (cvm_suite_get_version (suite), ==, "1.0");
  g_assert_cmpstr (cvm_suite_get_description (suite), ==, "What it is for");
  g_assert_cmpstr (cvm_suite_get_sha256 (suite), ==, sha256);
  g_assert_cmpint (cvm_suite_get_timeout_ms (suite), ==, 3600000);
  g_assert_cmpuint (g_strv_length (cvm_suite_get_presets (suite)), ==, 2);
  g_assert_cmpstr (cvm_suite_get_presets (suite)[0], ==, "slow-machine");
  g_assert_cmpuint (cvm_suite_n_cases (suite), ==, 4);

  item = cvm_suite_case (suite, 0);
  g_assert_true (item->is_precondition);
  g_assert_cmpstr (item->title, ==, "The guest starts");
  g_assert_cmpint (item->timeout_ms, ==, 180000);
  g_assert_nonnull (item->needs);
  g_assert_nonnull (item->tags);

  item = cvm_suite_case (suite, 1);
  g_assert_false (item->is_precondition);
  g_assert_true (item->is_selected);
  g_assert_cmpstr (item->id, ==, "root");
  g_assert_cmpstr (item->title, ==, "Root may");
  g_assert_cmpstr (item->check->id, ==, "ssh.command");
  g_assert_cmpint (item->timeout_ms, ==, 30000);
  g_assert_cmpuint (item->line, ==, 10);
  g_assert_cmpstr (item->needs[0], ==, "start");
  g_assert_cmpstr (item->tags[1], ==, "ssh");
  g_assert_cmpstr (value_of (suite, "root", "command"), ==, "echo a;b");
  g_assert_cmpstr (value_of (suite, "root", "output"), ==, "^a;");
  g_assert_cmpstr (value_of (suite, "host", "argv"), ==, "sh;-c;echo\\;ls");
  g_assert_true (g_path_is_absolute (value_of (suite, "root", "mask")));

  g_assert_null (cvm_suite_find_case (suite, "nobody"));
  g_assert_finalize_object (g_steal_pointer (&suite));
}

static const struct { const char *name, *text, *message; } errors[] = {
  { "empty", "", "F:1: there is no [Suite]*" },
  { "no-suite", "[Case a]\nCheck=guest.start\n", "F:1: there is no [Suite]*" },
  { "suite-id", "[Suite x]\nName=N\nVersion=1\n" CASE, "F:1: *has no id*" },
  { "no-name", "[Suite]\nVersion=1\n" CASE, "F:1: *needs a Name; write Name=…" },
  { "empty-name", "[Suite]\nName=\nVersion=1\n" CASE, "F:2: *needs a Name*" },
  { "no-version", "\n[Suite]\nName=N\n" CASE, "F:2: *needs a Version*" },
  { "suite-key", HEAD "Descripton=x\n" CASE, "F:4: *'Descripton'; did you mean 'Description'?*" },
  { "suite-lower-key", HEAD "user=x\n" CASE, "F:4: *has no key 'user'; allowed: Name, Version*" },
  { "suite-timeout", HEAD "Timeout=soon\n" CASE, "F:4: Timeout is 'soon'; allowed: seconds*" },
  { "suite-timeout-0", HEAD "Timeout=0\n" CASE, "F:4: Timeout is '0'; allowed:*" },
  { "group", HEAD CASE "[Csae b]\n", "F:6: *no kind of group 'Csae'; did you mean 'Case'?*" },
  { "no-case", HEAD, "F:1: there is no case; add*" },
  { "only-preconditions", HEAD "[Precondition a]\nCheck=guest.start\n", "F:1: there is no case*" },
  { "case-without-id", HEAD "[Case]\nCheck=guest.start\n", "F:4: '' is no id*[Case first-boot]" },
  { "case-id", HEAD "[Case Root]\nCheck=guest.start\n", "F:4: 'Root' is no id*" },
  { "case-ids", HEAD "[Case a b]\nCheck=guest.start\n", "F:4: 'a b' is no id*" },
  { "duplicate-id", HEAD "[Precondition a]\nCheck=guest.start\n" CASE,
    "F:6: the id 'a' is taken by line 4*" },
  { "duplicate-group", HEAD CASE CASE, "F:6: the group 'Case a' stands in line 4 already*" },
  { "duplicate-key", HEAD CASE "Check=x\n", "F:6: 'Check' is set in line 5 already*" },
  { "no-check", HEAD "[Case a]\nTitle=x\n", "F:4: [Case a] needs a Check*" },
  { "unknown-check", HEAD "[Case a]\nCheck=ssh.comand\n", "F:5: there is no check 'ssh.comand'*list*" },
  { "case-key", HEAD CASE "Tilte=x\n", "F:6: [Case] has no key 'Tilte'; did you mean 'Title'?*" },
  { "param", HEAD "[Case a]\nCheck=ssh.command\ncomand=x\n",
    "F:6: ssh.command has no parameter 'comand'; did you mean 'command'?*command, status*" },
  { "no-params", HEAD CASE "user=x\n", "F:6: guest.start has no parameter 'user'*" },
  { "dotted-param", HEAD "[Case a]\nCheck=ssh.command\na.command=x\n", "F:6: *no parameter*" },
  { "number", HEAD "[Case a]\nCheck=ssh.command\nstatus=256\n",
    "F:6: status is '256'; allowed: 0 to 255" },
  { "pattern", HEAD "[Case a]\nCheck=ssh.command\noutput=(\n", "F:6: output is '('; allowed: a reg*" },
  { "argv", HEAD "[Case a]\nCheck=tap.exec\nargv=\n", "F:6: argv is ''; allowed:*" },
  { "no-file", HEAD "[Case a]\nCheck=ssh.command\nmask=no.txt\n", "F:6: mask is 'no.txt'; there is*" },
  { "password-above", HEAD "[Case a]\nCheck=ssh.command\npassword=file:../x\n", "F:6: password is '../x'; *own folder*" },
  { "password-itself", HEAD "[Case a]\nCheck=ssh.command\npassword=Sesame1\n", "F:6: password says where*" },
  { "file-above", HEAD "[Case a]\nCheck=ssh.command\nmask=../x\n", "F:6: mask is '../x'; *own folder*" },
  { "file-below-above", HEAD "[Case a]\nCheck=ssh.command\nmask=x/../../x\n", "F:6: *own folder*" },
  { "file-elsewhere", HEAD "[Case a]\nCheck=ssh.command\nmask=/etc/passwd\n", "F:6: *own folder*" },
  { "timeout", HEAD CASE "Timeout=3 m\n", "F:6: Timeout is '3 m'; allowed:*" },
  { "timeout-0", HEAD CASE "Timeout=0s\n", "F:6: Timeout is '0s'; allowed:*" },
  { "lower-timeout", HEAD CASE "timeout=3m\n", "F:6: *'timeout'; did you mean 'Timeout'?*" },
  { "tags", HEAD CASE "Tags=a;B\n", "F:6: a tag is made of*" },
  { "drivers", HEAD CASE "Drivers=QEMU\n", "F:6: a driver is made of*write Drivers=*" },
  { "needs-itself", HEAD CASE "Needs=a\n", "F:6: Needs names 'a', which is not above*" },
  { "needs-later", HEAD CASE "Needs=b\n[Case b]\nCheck=guest.start\n", "F:6: Needs names 'b'*" },
  { "needs-nobody", HEAD CASE "Needs=x;y\n", "F:6: Needs names 'x'*" },
  { "late-precondition", HEAD CASE "[Precondition b]\nCheck=guest.start\n",
    "F:6: a precondition after a case; move it above [Case a]" },
  { "preset-id", HEAD CASE "[Preset]\n", "F:6: a preset needs an id*" },
  { "preset-case", HEAD CASE "[Preset p]\nb.x=1\n", "F:7: 'b.x' names no value of a case*" },
  { "preset-no-dot", HEAD CASE "[Preset p]\nTimeout=1\n", "F:7: 'Timeout' names no value*" },
  { "preset-param", HEAD CASE "[Preset p]\na.x=1\n", "F:7: guest.start has no parameter 'x'*" },
  { "preset-timeout", HEAD CASE "[Preset p]\na.Timeout=x\n", "F:7: Timeout is 'x'; allowed:*" },
  { "preset-title", HEAD CASE "[Preset p]\na.Title=x\n", "F:7: guest.start has no parameter 'Title'*" },
  { "latin-1", HEAD "Description=caf\xe9\n" CASE, "F:4: byte 16 is not plain UTF-8*" },
  { "terminal-codes", HEAD "[Case a]\nCheck=x\\ny\n", "F:5: there is no check 'x\\ny'*" },
};

static void
test_error (Fixture       *f,
            gconstpointer  data)
{
  const typeof (errors[0]) *c = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(CvmSuite) suite = NULL;

  put (f, "my-suite.suite", c->text);
  suite = cvm_suite_load (f->path, lookup, &error);
  g_assert_null (suite);
  assert_message (f, error, c->message);
  g_assert_error (error, CVM_KEYFILE_ERROR, CVM_KEYFILE_ERROR_INVALID);
}

static void
test_noise (Fixture       *f,
            gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *noise = g_strnfill (10 * 1024 * 1024, '\xa5');

  put (f, "my-suite.suite", noise);
  g_assert_null (cvm_suite_load (f->path, lookup, &error));
  assert_message (f, error, "F:1: the file is larger than 1 MiB*");
  g_clear_error (&error);

  noise[1000] = '\0';
  put (f, "my-suite.suite", noise);
  g_assert_null (cvm_suite_load (f->path, lookup, &error));
  assert_message (f, error, "F:1: byte 1 is not plain UTF-8*");
  g_clear_error (&error);

  g_assert_null (cvm_suite_load (f->folder, lookup, &error));
  g_assert_error (error, CVM_KEYFILE_ERROR, CVM_KEYFILE_ERROR_UNREADABLE);
}

/* Every byte of a good suite changed, cut or doubled in turn: an error or a suite, never more */
static void
test_mutated (Fixture       *f,
              gconstpointer  data)
{
  static const char odd[] = "\n=[];\\ \xff#A";

  put (f, "mask.txt", "");

  for (gsize i = 0; i < sizeof whole - 1; i++)
    {
      g_autofree char *text = g_strdup (whole);
      g_autoptr(GError) error = NULL;
      g_autoptr(CvmSuite) suite = NULL;

      text[i] = odd[i % (sizeof odd - 1)];
      put (f, "my-suite.suite", text);
      suite = cvm_suite_load (f->path, lookup, &error);
      g_assert_true ((suite == NULL) == (error != NULL));
      if (error != NULL)
        assert_message (f, error, "F:*: *");
    }
}

static CvmSuite *
resolve (CvmSuite    *suite,
         const char  *preset,
         const char  *set,
         const char  *only,
         GError     **error)
{
  g_auto(GStrv) sets = set != NULL ? g_strsplit (set, "|", -1) : NULL;
  g_auto(GStrv) onlys = only != NULL ? g_strsplit (only, "|", -1) : NULL;

  return cvm_suite_resolve (suite, preset, (const char *const *)sets, (const char *const *)onlys,
                            error);
}

static void
test_precedence (Fixture       *f,
                 gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(CvmSuite) suite = NULL;
  g_autoptr(CvmSuite) plain = NULL;
  g_autoptr(CvmSuite) preset = NULL;
  g_autoptr(CvmSuite) set = NULL;

  put (f, "mask.txt", "");
  suite = load (f, whole);

  plain = resolve (suite, NULL, "again.command=true", NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (value_of (plain, "root", "status"), ==, "0");           /* the default */
  g_assert_cmpstr (value_of (plain, "root", "command"), ==, "echo a;b");   /* the suite's */
  g_assert_cmpstr (value_of (plain, "again", "mask"), ==, "");
  g_assert_cmpint (cvm_suite_find_case (plain, "start")->timeout_ms, ==, 180000);
  g_assert_cmpstr (cvm_suite_get_sha256 (plain), ==, cvm_suite_get_sha256 (suite));

  preset = resolve (suite, "slow-machine", NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (cvm_suite_find_case (preset, "start")->timeout_ms, ==, 600000);
  g_assert_cmpstr (value_of (preset, "again", "command"), ==, "sleep 1");
  g_assert_cmpstr (value_of (preset, "host", "argv"), ==, "true;\\;");
  g_assert_cmpstr (value_of (preset, "root", "status"), ==, "0");          /* not the other's */

  set = resolve (suite, "slow-machine", "start.Timeout=20m|again.command=a=b.c|root.status=1|"
                 "root.status=2|root.output=\\d|root.mask=", NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (cvm_suite_find_case (set, "start")->timeout_ms, ==, 1200000);
  g_assert_cmpstr (value_of (set, "again", "command"), ==, "a=b.c");
  g_assert_cmpstr (value_of (set, "root", "status"), ==, "2");             /* the last wins */
  g_assert_cmpstr (value_of (set, "root", "output"), ==, "\\d");
  g_assert_cmpstr (value_of (set, "root", "mask"), ==, "");

  /* The suite itself stays as it was read. */
  g_assert_null (value_of (suite, "root", "status"));
  g_assert_cmpint (cvm_suite_find_case (suite, "start")->timeout_ms, ==, 180000);
}

/* A copy outlives what it was made from. */
static void
test_copy_alone (Fixture       *f,
                 gconstpointer  data)
{
  g_autoptr(CvmSuite) suite = NULL;
  g_autoptr(CvmSuite) copy = NULL;
  g_autoptr(CvmSuite) again = NULL;

  put (f, "mask.txt", "");
  suite = load (f, whole);
  copy = resolve (suite, "slow-machine", NULL, NULL, NULL);
  g_assert_finalize_object (g_steal_pointer (&suite));

  again = resolve (copy, "other", NULL, NULL, NULL);
  g_assert_finalize_object (g_steal_pointer (&copy));
  g_assert_cmpstr (value_of (again, "root", "status"), ==, "3");
  g_assert_cmpstr (value_of (again, "again", "command"), ==, "sleep 1");
}

#define SUITE_ERROR(code) CVM_SUITE_ERROR_##code

static const struct
{
  const char *name, *preset, *set, *only;
  int code;      /* -1: of the file */
  const char *message;
} refusals[] = {
  { "unset", NULL, NULL, NULL, -1, "F:18: [Case again] does not say 'command'*--set again.command=…" },
  { "preset", "slow", NULL, NULL, SUITE_ERROR (NO_SUCH_ID), "--preset: there is no preset 'slow'*other" },
  { "set-case", NULL, "rot.status=1", NULL, SUITE_ERROR (NO_SUCH_ID),
    "--set: there is no case 'rot'; did you mean 'root'?*" },
  { "set-param", NULL, "root.statu=1", NULL, SUITE_ERROR (NO_SUCH_ID),
    "--set root: ssh.command has no parameter 'statu'; did you mean 'status'?*" },
  { "set-title", NULL, "root.Title=1", NULL, SUITE_ERROR (NO_SUCH_ID), "--set root: *'Title'*" },
  { "set-value", NULL, "root.status=many", NULL, SUITE_ERROR (BAD_VALUE),
    "--set root: status is 'many'; allowed: 0 to 255" },
  { "set-timeout", NULL, "root.Timeout=0", NULL, SUITE_ERROR (BAD_VALUE), "--set root: Timeout is '0'*" },
  { "set-file", NULL, "root.mask=no-such-file", NULL, SUITE_ERROR (BAD_VALUE), "--set root: mask is*" },
  { "set-word", NULL, "root", NULL, SUITE_ERROR (BAD_VALUE), "--set: 'root' is not understood*" },
  { "set-no-dot", NULL, "root=a.b", NULL, SUITE_ERROR (BAD_VALUE), "--set: 'root=a.b' is not*" },
  { "set-no-value", NULL, "root.status", NULL, SUITE_ERROR (BAD_VALUE), "--set: 'root.status' is not*" },
  { "only", "slow-machine", NULL, "roots", SUITE_ERROR (NO_SUCH_ID),
    "--only: there is no case 'roots'; did you mean 'root'?*" },
  { "only-subtest", "slow-machine", NULL, "x/1", SUITE_ERROR (NO_SUCH_ID), "--only: *'x'*" },
};

static void
test_refusal (Fixture       *f,
              gconstpointer  data)
{
  const typeof (refusals[0]) *c = data;
  g_autoptr(CvmSuite) suite = NULL;
  g_autoptr(GError) error = NULL;

  put (f, "mask.txt", "");
  suite = load (f, whole);
  g_assert_null (resolve (suite, c->preset, c->set, c->only, &error));
  assert_message (f, error, c->message);

  if (c->code < 0)
    g_assert_error (error, CVM_KEYFILE_ERROR, CVM_KEYFILE_ERROR_INVALID);
  else
    g_assert_error (error, CVM_SUITE_ERROR, c->code);
}

/* ONLY, and what is then selected: the id, and its subtests in brackets */
static const struct { const char *only, *selected; } selections[] = {
  { NULL, "start root again host " },
  { "start", "start " },
  { "root", "start root " },
  { "host", "start host " },
  { "again", "start root again " },
  { "again|host", "start root again host " },
  { "host/2", "start host[2] " },
  { "host/2|host/some name/x", "start host[2][some name/x] " },
  { "host/2|host", "start host " },
  { "host|host/2", "start host " },
  { "host/", "start host " },
  { "again|root/1", "start root again " },
};

static void
test_only (Fixture       *f,
           gconstpointer  data)
{
  g_autoptr(CvmSuite) suite = NULL;

  put (f, "mask.txt", "");
  suite = load (f, whole);

  for (gsize i = 0; i < G_N_ELEMENTS (selections); i++)
    {
      g_autoptr(CvmSuite) copy = resolve (suite, "slow-machine", NULL, selections[i].only, NULL);
      g_autoptr(GString) selected = g_string_new (NULL);

      for (guint j = 0; copy != NULL && j < cvm_suite_n_cases (copy); j++)
        {
          const CvmCase *item = cvm_suite_case (copy, j);

          if (!item->is_selected)
            continue;

          g_string_append (selected, item->id);
          for (gsize k = 0; item->only != NULL && item->only[k] != NULL; k++)
            g_string_append_printf (selected, "[%s]", item->only[k]);
          g_string_append_c (selected, ' ');
        }

      g_assert_cmpstr (copy != NULL ? selected->str : NULL, ==, selections[i].selected);
    }
}

static void
test_exec (Fixture       *f,
           gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(CvmSuite) suite = NULL;
  g_autoptr(CvmSuite) all = NULL;
  g_autoptr(CvmSuite) part = NULL;

  put (f, "mask.txt", "");
  suite = load (f, whole);
  all = resolve (suite, "slow-machine", NULL, NULL, NULL);
  part = resolve (suite, "slow-machine", NULL, "again", NULL);

  g_assert_true (cvm_suite_check_exec (part, FALSE, &error));
  g_assert_true (cvm_suite_check_exec (all, TRUE, &error));
  g_assert_false (cvm_suite_check_exec (all, FALSE, &error));
  g_assert_error (error, CVM_SUITE_ERROR, CVM_SUITE_ERROR_EXEC_DENIED);
  assert_message (f, error, "F:21: [host] runs 'true' on this host;*--allow-exec*suites");
}

/* In a suites folder of the program or the user it may run programs; below one it may not. */
static void
test_exec_trusted (Fixture       *f,
                   gconstpointer  data)
{
  static const char *const folders[] = { "suites", "suites/below", "suites-not" };

  g_setenv ("CVMTESTER_DATA_DIR", f->folder, TRUE);

  for (gsize i = 0; i < G_N_ELEMENTS (folders); i++)
    {
      g_autofree char *folder = g_build_filename (f->folder, folders[i], NULL);
      g_autofree char *path = g_build_filename (folder, "x.suite", NULL);
      g_autoptr(CvmSuite) suite = NULL;

      g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
      g_assert_true (g_file_set_contents (path, HEAD "[Case a]\nCheck=tap.exec\nargv=x\n", -1, NULL));
      suite = cvm_suite_load (path, lookup, NULL);
      g_assert_true (cvm_suite_check_exec (suite, FALSE, NULL) == (i == 0));
      g_unlink (path);
    }

  for (gsize i = G_N_ELEMENTS (folders); i-- > 0;)
    {
      g_autofree char *folder = g_build_filename (f->folder, folders[i], NULL);

      g_assert_cmpint (g_rmdir (folder), ==, 0);
    }

  g_unsetenv ("CVMTESTER_DATA_DIR");
}

static void
test_find (Fixture       *f,
           gconstpointer  data)
{
  g_autofree char *folder = g_build_filename (f->folder, "suites", NULL);
  g_autofree char *expected = g_build_filename (folder, "x.suite", NULL);
  g_autofree char *by_name = NULL;
  g_autofree char *by_path = cvm_suite_find ("some/where", NULL);
  g_autofree char *by_suffix = cvm_suite_find ("x.suite", NULL);
  g_autoptr(GError) error = NULL;

  g_setenv ("CVMTESTER_DATA_DIR", f->folder, TRUE);
  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  g_assert_true (g_file_set_contents (expected, "", -1, NULL));

  by_name = cvm_suite_find ("x", &error);
  g_assert_cmpstr (by_name, ==, expected);
  g_assert_cmpstr (by_path, ==, "some/where");
  g_assert_cmpstr (by_suffix, ==, "x.suite");

  g_assert_null (cvm_suite_find ("y", &error));
  g_assert_error (error, CVM_SUITE_ERROR, CVM_SUITE_ERROR_NO_SUCH_ID);
  g_assert_nonnull (strstr (error->message, folder));

  g_unlink (expected);
  g_rmdir (folder);
  g_unsetenv ("CVMTESTER_DATA_DIR");
}

static void
add (const char    *path,
     gconstpointer  data,
     void         (*test) (Fixture *, gconstpointer))
{
  g_test_add (path, Fixture, data, set_up, test, tear_down);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  add ("/suite/whole", NULL, test_whole);
  add ("/suite/noise", NULL, test_noise);
  add ("/suite/mutated", NULL, test_mutated);
  add ("/suite/precedence", NULL, test_precedence);
  add ("/suite/copy-alone", NULL, test_copy_alone);
  add ("/suite/only", NULL, test_only);
  add ("/suite/exec", NULL, test_exec);
  add ("/suite/exec-trusted", NULL, test_exec_trusted);
  add ("/suite/find", NULL, test_find);

  for (gsize i = 0; i < G_N_ELEMENTS (errors); i++)
    {
      g_autofree char *path = g_strdup_printf ("/suite/error/%s", errors[i].name);

      add (path, &errors[i], test_error);
    }

  for (gsize i = 0; i < G_N_ELEMENTS (refusals); i++)
    {
      g_autofree char *path = g_strdup_printf ("/suite/refusal/%s", refusals[i].name);

      add (path, &refusals[i], test_refusal);
    }

  return g_test_run ();
}
