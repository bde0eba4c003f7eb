/* test-suite-edit.c: a suite's file is edited, and what is not touched stays to the byte
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-file.h"
#include "cvm-suite-edit.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define HEAD "[Suite]\nName=N\nVersion=1\n"

static const CvmParam command_params[] = {
  { "command", CVM_PARAM_STRING, NULL, "Command" },
  { "status", CVM_PARAM_INTEGER, "0", "Status", 0, 255 },
  { "mask", CVM_PARAM_FILE, "", "Mask" },
  { NULL }
};

static const CvmParam exec_params[] = {
  { "argv", CVM_PARAM_ARGV, NULL, "Program" },
  { NULL }
};

static const CvmParam no_params[] = { { NULL } };

static const CvmCheckInfo checks[] = {
  { "guest.start", "The guest starts", "", no_params, 60000, FALSE },
  { "ssh.command", "A command runs", "", command_params, 30000, FALSE },
  { "tap.exec", "A program of the host", "", exec_params, 30000, TRUE },
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

static CvmSuiteEdit *
edit_new (const char *text)
{
  return cvm_suite_edit_new (text, "/nowhere/f.suite", lookup);
}

/* One change of one text ------------------------------------------------------------------- */

typedef enum { SET, SET_SUITE, SET_PRESET, REMOVE_PRESET, ADD, ADD_PRECONDITION, DUPLICATE, REMOVE,
               MOVE, RENAME } Op;

typedef struct
{
  const char *name;
  const char *text;
  Op          op;
  int         item;       /* of ADD: behind which */
  const char *key;        /* of ADD: the check; of RENAME: the new id; of *_PRESET: "PRESET KEY" */
  const char *value;      /* of MOVE: the place */
  const char *expected;   /* NULL: it is refused, and nothing changes */
} Change;

#define TWO HEAD "\n[Precondition p]\nCheck=guest.start\n\n# about a\n[Case a]\nCheck=ssh.command\n" \
            "command=x\n\n[Case b]\nCheck=ssh.command\ncommand=y\nNeeds=a;p\n"

static const Change changes[] = {
  { "set", HEAD "[Case a]\nCheck=ssh.command\ncommand=x\n", SET, 0, "command", "uname -a",
    HEAD "[Case a]\nCheck=ssh.command\ncommand=uname -a\n" },
  { "set-spaced", HEAD "[Case a]\nCheck=ssh.command\ncommand =\tx  \n#end", SET, 0, "command", "y",
    HEAD "[Case a]\nCheck=ssh.command\ncommand =\ty  \n#end" },
  { "set-crlf", "[Suite]\r\nName=N\r\n[Case a]\r\nCheck=x\r\n", SET, 0, "Check", "y",
    "[Suite]\r\nName=N\r\n[Case a]\r\nCheck=y\r\n" },
  { "set-new-crlf", "[Suite]\r\nName=N\r\n[Case a]\r\nCheck=x\r\n", SET, 0, "Timeout", "3s",
    "[Suite]\r\nName=N\r\n[Case a]\r\nCheck=x\r\nTimeout=3s\r\n" },
  { "set-empty-crlf", "[Case a]\r\nCheck=\r\n", SET, 0, "Check", "y", "[Case a]\r\nCheck=y\r\n" },
  { "set-new", HEAD "[Case a]\nCheck=ssh.command\n\n[Case b]\n", SET, 0, "command", "x",
    HEAD "[Case a]\nCheck=ssh.command\ncommand=x\n\n[Case b]\n" },
  { "set-new-above-comment", HEAD "[Case a]\nCheck=x\n# end of a\n\n[Case b]\n", SET, 0, "user",
    "x", HEAD "[Case a]\nCheck=x\nuser=x\n# end of a\n\n[Case b]\n" },
  { "set-new-without-newline", HEAD "[Case a]\nCheck=x", SET, 0, "user", "x",
    HEAD "[Case a]\nCheck=x\nuser=x\n" },
  { "set-without-newline", HEAD "[Case a]\nCheck=x", SET, 0, "Check", "y", HEAD "[Case a]\nCheck=y" },
  { "set-title", HEAD "[Case a]\n# why\nCheck=x\n", SET, 0, "Title", "T",
    HEAD "[Case a]\nTitle=T\n# why\nCheck=x\n" },
  { "set-escaped", HEAD "[Case a]\nCheck=x\n", SET, 0, "user", " a\\b\n[Case c]\n",
    HEAD "[Case a]\nCheck=x\nuser=\\sa\\\\b\\n[Case c]\\n\n" },
  { "set-semicolon", HEAD "[Case a]\nCheck=ssh.command\ncommand=x\n", SET, 0, "command", "a;b",
    HEAD "[Case a]\nCheck=ssh.command\ncommand=a;b\n" },
  { "set-list", HEAD "[Case a]\nCheck=tap.exec\nargv=x\n", SET, 0, "argv", "sh;-c;a\\;b",
    HEAD "[Case a]\nCheck=tap.exec\nargv=sh;-c;a\\;b\n" },
  { "set-list-break", HEAD "[Case a]\nCheck=tap.exec\n", SET, 0, "argv", "x\n[Case b]", NULL },
  { "set-list-escape", HEAD "[Case a]\nCheck=tap.exec\n", SET, 0, "argv", "a\\d", NULL },
  { "set-key", HEAD "[Case a]\nCheck=x\n", SET, 0, "a=b\n", "c", NULL },
  { "set-no-key", HEAD "[Case a]\nCheck=x\n", SET, 0, "", "c", NULL },
  { "set-not-utf8", HEAD "[Case a]\nCheck=x\n", SET, 0, "user", "\xff", NULL },
  { "unset", HEAD "[Case a]\nCheck=x\n# c\nuser=y\n# d\n", SET, 0, "user", NULL,
    HEAD "[Case a]\nCheck=x\n# c\n# d\n" },
  { "unset-last", HEAD "[Case a]\nCheck=x\nuser=y", SET, 0, "user", NULL,
    HEAD "[Case a]\nCheck=x\n" },
  { "unset-nothing", HEAD "[Case a]\nCheck=x\n", SET, 0, "user", NULL, HEAD "[Case a]\nCheck=x\n" },
  { "set-unreadable", "oops\n[Case a]\n", SET, 0, "user", "x", NULL },

  { "suite", "# c\n" HEAD, SET_SUITE, 0, "Name", "Other", "# c\n[Suite]\nName=Other\nVersion=1\n" },
  { "suite-new", HEAD "\n[Case a]\n", SET_SUITE, 0, "Description", "D",
    HEAD "Description=D\n\n[Case a]\n" },
  { "suite-missing", "# top\n\n# of a\n[Case a]\n", SET_SUITE, 0, "Name", "N",
    "# top\n\n[Suite]\nName=N\n\n# of a\n[Case a]\n" },
  { "suite-none", "", SET_SUITE, 0, "Name", "N", "[Suite]\nName=N\n" },
  { "suite-only-comment", "# top", SET_SUITE, 0, "Name", "N", "# top\n[Suite]\nName=N\n" },

  { "preset", TWO "\n[Preset slow]\na.Timeout=1m\n", SET_PRESET, 0, "slow a.Timeout", "2m",
    TWO "\n[Preset slow]\na.Timeout=2m\n" },
  { "preset-new", TWO, SET_PRESET, 0, "slow a.Timeout", "2m", TWO "\n[Preset slow]\na.Timeout=2m\n" },
  { "preset-unset", TWO "\n[Preset slow]\na.Timeout=1m\nb.status=1\n", SET_PRESET, 0,
    "slow a.Timeout", NULL, TWO "\n[Preset slow]\nb.status=1\n" },
  { "preset-remove", TWO "\n# slow\n[Preset slow]\na.Timeout=1m\n", REMOVE_PRESET, 0, "slow", NULL,
    TWO },
  { "preset-remove-none", TWO, REMOVE_PRESET, 0, "slow", NULL, NULL },

  { "add", TWO, ADD, -1, "ssh.command", NULL, TWO "\n[Case command]\nCheck=ssh.command\n" },
  { "add-behind", TWO, ADD, 1, "ssh.command", NULL,
    HEAD "\n[Precondition p]\nCheck=guest.start\n\n# about a\n[Case a]\nCheck=ssh.command\n"
    "command=x\n\n[Case command]\nCheck=ssh.command\n\n[Case b]\nCheck=ssh.command\ncommand=y\n"
    "Needs=a;p\n" },
  { "add-above-presets", HEAD "[Case a]\nCheck=x\n\n[Preset s]\n", ADD, -1, "x.a", NULL,
    HEAD "[Case a]\nCheck=x\n\n[Case a-2]\nCheck=x.a\n\n[Preset s]\n" },
  { "add-precondition", TWO, ADD_PRECONDITION, 2, "guest.start", NULL,
    HEAD "\n[Precondition p]\nCheck=guest.start\n\n[Precondition start]\nCheck=guest.start\n\n"
    "# about a\n[Case a]\nCheck=ssh.command\ncommand=x\n\n[Case b]\nCheck=ssh.command\n"
    "command=y\nNeeds=a;p\n" },
  { "add-first-precondition", HEAD "\n# a\n[Case a]\nCheck=x\n", ADD_PRECONDITION, -1,
    "guest.start", NULL,
    HEAD "\n[Precondition start]\nCheck=guest.start\n\n# a\n[Case a]\nCheck=x\n" },
  { "add-case-behind-precondition", HEAD "[Precondition p]\nCheck=x\n", ADD, 0, "a", NULL,
    HEAD "[Precondition p]\nCheck=x\n\n[Case a]\nCheck=a\n" },
  { "add-to-nothing", "", ADD, -1, "ssh.command", NULL, "[Case command]\nCheck=ssh.command\n" },
  { "add-to-comment", "# c", ADD, -1, "ssh.command", NULL,
    "# c\n[Case command]\nCheck=ssh.command\n" },
  { "add-crlf", "[Suite]\r\nName=N", ADD, -1, "Odd id!", NULL,
    "[Suite]\r\nName=N\r\n\r\n[Case odd-id-]\r\nCheck=Odd id!\r\n" },
  { "add-no-id", HEAD, ADD, -1, "x.!", NULL, HEAD "\n[Case check]\nCheck=x.!\n" },
  { "add-unreadable", "oops", ADD, -1, "x", NULL, NULL },

  { "duplicate", HEAD "# c\n[Case a] \n# in\nCheck=x\n# end\n\n# tail\n", DUPLICATE, 0, NULL, NULL,
    HEAD "# c\n[Case a] \n# in\nCheck=x\n# end\n\n[Case a-2] \n# in\nCheck=x\n# end\n\n# tail\n" },
  { "duplicate-last", HEAD "[Case a]\nCheck=x", DUPLICATE, 0, NULL, NULL,
    HEAD "[Case a]\nCheck=x\n\n[Case a-2]\nCheck=x\n" },

  { "remove", TWO "\n[Preset s]\na.Timeout=1m\nb.Timeout=1m\n", REMOVE, 1, NULL, NULL,
    HEAD "\n[Precondition p]\nCheck=guest.start\n\n[Case b]\nCheck=ssh.command\ncommand=y\n"
    "Needs=p\n\n[Preset s]\nb.Timeout=1m\n" },
  { "remove-last", TWO, REMOVE, 2, NULL, NULL,
    HEAD "\n[Precondition p]\nCheck=guest.start\n\n# about a\n[Case a]\nCheck=ssh.command\n"
    "command=x\n" },
  { "remove-only-need", HEAD "[Case a]\n[Case b]\nCheck=x\nNeeds=a\n", REMOVE, 0, NULL, NULL,
    HEAD "[Case b]\nCheck=x\n" },
  { "remove-keeps-comments", HEAD "\n# section\n\n# a\n[Case a]\nCheck=x\n\n# other\n\n[Case b]\n",
    REMOVE, 0, NULL, NULL, HEAD "\n# section\n\n# other\n\n[Case b]\n" },
  { "remove-needs-itself", HEAD "[Case a]\nNeeds=a\n", REMOVE, 0, NULL, NULL, HEAD },
  { "remove-nothing", HEAD, REMOVE, 0, NULL, NULL, NULL },

  { "move-down", TWO, MOVE, 1, NULL, "2",
    HEAD "\n[Precondition p]\nCheck=guest.start\n\n[Case b]\nCheck=ssh.command\ncommand=y\nNeeds=a;p\n"
    "\n# about a\n[Case a]\nCheck=ssh.command\ncommand=x\n" },
  { "move-up", HEAD "[Case a]\n#1\nCheck=x\n# gap\n\n\n[Case b]\nCheck=y\n[Case c]\nCheck=z\n", MOVE,
    2, NULL, "0", HEAD "[Case c]\nCheck=z\n\n\n[Case a]\n#1\nCheck=x\n# gap\n[Case b]\nCheck=y\n" },
  { "move-over-preset", HEAD "[Case a]\nCheck=x\n\n[Preset s]\na.Timeout=1\n\n[Case b]\nCheck=y",
    MOVE, 0, NULL, "1",
    HEAD "[Case b]\nCheck=y\n\n[Preset s]\na.Timeout=1\n\n[Case a]\nCheck=x\n" },
  { "move-precondition", TWO, MOVE, 0, NULL, "2", TWO },
  { "move-case-up", TWO, MOVE, 1, NULL, "0", TWO },
  { "move-far", HEAD "[Case a]\n[Case b]\n", MOVE, 0, NULL, "99", HEAD "[Case b]\n[Case a]\n" },
  { "move-crlf", "[Case a]\r\nCheck=x\r\n[Case b]\r\nCheck=y", MOVE, 1, NULL, "0",
    "[Case b]\r\nCheck=y\r\n[Case a]\r\nCheck=x\r\n" },

  { "rename", TWO "\n[Preset s]\na.Timeout=1\nab.Timeout=1\n", RENAME, 1, "new", NULL,
    HEAD "\n[Precondition p]\nCheck=guest.start\n\n# about a\n[Case new]\nCheck=ssh.command\n"
    "command=x\n\n[Case b]\nCheck=ssh.command\ncommand=y\nNeeds=new;p\n"
    "\n[Preset s]\nnew.Timeout=1\nab.Timeout=1\n" },
  { "rename-same", TWO, RENAME, 1, "a", NULL, TWO },
  { "rename-taken", TWO, RENAME, 1, "p", NULL, NULL },
  { "rename-no-id", TWO, RENAME, 1, "A b]", NULL, NULL },
};

static gboolean
do_preset (CvmSuiteEdit *edit,
           const Change *c)
{
  g_auto(GStrv) words = g_strsplit (c->key, " ", 2);

  return cvm_suite_edit_set_preset (edit, words[0], words[1], c->value, NULL);
}

static gboolean
do_change (CvmSuiteEdit  *edit,
           const Change  *c,
           GError       **error)
{
  switch (c->op)
    {
    case SET:
      return cvm_suite_edit_set (edit, (guint)c->item, c->key, c->value, error);
    case SET_SUITE:
      return cvm_suite_edit_set_suite (edit, c->key, c->value, error);
    case SET_PRESET:
      return do_preset (edit, c);
    case REMOVE_PRESET:
      return cvm_suite_edit_remove_preset (edit, c->key, error);
    case ADD:
      return cvm_suite_edit_add (edit, c->key, FALSE, c->item, error) >= 0;
    case ADD_PRECONDITION:
      return cvm_suite_edit_add (edit, c->key, TRUE, c->item, error) >= 0;
    case DUPLICATE:
      return cvm_suite_edit_duplicate (edit, (guint)c->item, error) >= 0;
    case REMOVE:
      return cvm_suite_edit_remove (edit, (guint)c->item, error);
    case MOVE:
      return cvm_suite_edit_move (edit, (guint)c->item, (guint)atoi (c->value), error);
    case RENAME:
      return cvm_suite_edit_rename (edit, (guint)c->item, c->key, error);
    default:
      g_assert_not_reached ();
    }
}

static void
test_change (gconstpointer data)
{
  const Change *c = data;
  g_autoptr(CvmSuiteEdit) edit = edit_new (c->text);
  g_autoptr(GError) error = NULL;
  gboolean is_done = do_change (edit, c, &error);

  g_assert_cmpint (is_done, ==, c->expected != NULL);
  if (!is_done)
    g_assert_error (error, CVM_SUITE_EDIT_ERROR, CVM_SUITE_EDIT_ERROR_REFUSED);
  g_assert_cmpstr (cvm_suite_edit_get_text (edit), ==, is_done ? c->expected : c->text);

  if (is_done && !g_str_equal (c->text, c->expected))
    {
      g_assert_true (cvm_suite_edit_is_modified (edit));
      cvm_suite_edit_undo (edit);
      g_assert_cmpstr (cvm_suite_edit_get_text (edit), ==, c->text);
      cvm_suite_edit_redo (edit);
      g_assert_cmpstr (cvm_suite_edit_get_text (edit), ==, c->expected);
    }
}

/* What it says ----------------------------------------------------------------------------- */

static void
test_items (void)
{
  g_autoptr(CvmSuiteEdit) edit = edit_new (HEAD "Timeout=1h\n[Precondition p]\nCheck=guest.start\n"
                                           "[Case a]\nTitle=Own\nCheck=tap.exec\nargv=a;b\\;c;\n"
                                           "Tags=x;y\n[Case c]\nCheck=no.such\n[Case d]\n"
                                           "[Preset s]\na.argv=x;y\nd.Timeout=1m\n[Preset t]\n");
  CvmSuiteEditItem item;
  g_auto(GStrv) presets = NULL;
  g_auto(GStrv) keys = NULL;

  g_assert_true (cvm_suite_edit_is_readable (edit));
  g_assert_cmpuint (cvm_suite_edit_n_items (edit), ==, 4);
  g_assert_true (cvm_suite_edit_has_case (edit));
  item = cvm_suite_edit_item (edit, 0);
  g_assert_cmpstr (item.id, ==, "p");
  g_assert_true (item.is_precondition);
  g_assert_cmpstr (item.title, ==, "The guest starts");
  g_assert_cmpuint (item.line, ==, 5);
  item = cvm_suite_edit_item (edit, 1);
  g_assert_false (item.is_precondition);
  g_assert_cmpstr (item.title, ==, "Own");
  g_assert_true (item.check == &checks[2]);
  item = cvm_suite_edit_item (edit, 2);
  g_assert_cmpstr (item.check_id, ==, "no.such");
  g_assert_null (item.check);
  item = cvm_suite_edit_item (edit, 3);
  g_assert_cmpstr (item.check_id, ==, "");
  g_assert_cmpstr (item.title, ==, "");

  g_assert_cmpstr (cvm_suite_edit_get (edit, 1, "argv"), ==, "a;b\\;c;");
  g_assert_cmpstr (cvm_suite_edit_get (edit, 1, "Tags"), ==, "x;y");
  g_assert_null (cvm_suite_edit_get (edit, 1, "Needs"));
  g_assert_cmpstr (cvm_suite_edit_get_suite (edit, "Timeout"), ==, "1h");
  g_assert_cmpint (cvm_suite_edit_find (edit, "c"), ==, 2);
  g_assert_cmpint (cvm_suite_edit_find (edit, "s"), ==, -1);
  g_assert_cmpint (cvm_suite_edit_find_at (edit, 1), ==, CVM_SUITE_EDIT_SUITE);
  g_assert_cmpint (cvm_suite_edit_find_at (edit, 9), ==, 1);
  g_assert_cmpint (cvm_suite_edit_find_at (edit, 16), ==, CVM_SUITE_EDIT_OTHER);

  presets = cvm_suite_edit_dup_presets (edit);
  g_assert_cmpuint (g_strv_length (presets), ==, 2);
  keys = cvm_suite_edit_dup_preset_keys (edit, "s");
  g_assert_cmpuint (g_strv_length (keys), ==, 2);
  g_assert_cmpstr (keys[1], ==, "d.Timeout");
  g_assert_cmpstr (cvm_suite_edit_get_preset (edit, "s", "a.argv"), ==, "x;y");
  g_assert_null (cvm_suite_edit_get_preset (edit, "t", "a.argv"));
}

static const struct { const char *name, *text, *problems; } problems[] = {
  { "none", HEAD "[Case a]\nCheck=guest.start\n", "" },
  { "grammar", HEAD "oops\n[Case a]\n", "4: 'oops' is not*;" },
  { "bom", "\xef\xbb\xbf" HEAD, "1: *byte order mark*;" },
  { "empty", "", "1: there is no [Suite]*;" },
  { "needed", HEAD "[Case a]\nCheck=ssh.command\n", "4: *does not say 'command'*;" },
  { "several", HEAD "[Case a]\nCheck=ssh.command\nstatus=x\n[Case b]\nCheck=none\n"
    "[Case c]\nCheck=guest.start\nNeeds=a;b;d\n",
    "6: status is 'x'*;8: there is no check 'none'*;11: Needs names 'd'*;" },
  { "whole-first", "[Case a]\nCheck=none\n", "1: there is no [Suite]*;2: there is no check*;" },
  { "suite-is-there", "[Suite]\nVersion=1\n[Case a]\nCheck=guest.start\n", "1: *needs a Name*;" },
  { "preset", HEAD "[Case a]\nCheck=none\n[Case b]\nCheck=guest.start\n[Preset s]\na.x=1\nb.x=1\n"
    "c.x=1\n[Preset T]\n",
    "5: there is no check*;10: guest.start has no parameter*;11: *names no value*;12: a preset*;" },
  { "twice", HEAD "[Precondition a]\nCheck=guest.start\n[Case a]\nCheck=guest.start\n",
    "1: there is no case*;6: the id 'a' is taken*;" },
  { "file", HEAD "[Case a]\nCheck=ssh.command\ncommand=x\nmask=none\n", "7: mask is 'none'*;" },
};

static void
test_problems (gconstpointer data)
{
  const typeof (problems[0]) *c = data;
  g_autoptr(GPtrArray) found = cvm_suite_edit_find_problems (c->text, "/nowhere/f.suite", lookup);
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint i = 0; i < found->len; i++)
    {
      const CvmSuiteProblem *problem = found->pdata[i];

      g_string_append_printf (text, "%u: %s;", problem->line, problem->message);
    }

  g_test_message ("%s", text->str);
  g_assert_true (g_pattern_match_simple (c->problems, text->str));
}

static void
test_new (void)
{
  g_autoptr(CvmSuiteEdit) edit = edit_new (NULL);

  g_assert_true (cvm_suite_edit_is_readable (edit));
  g_assert_true (cvm_suite_edit_is_modified (edit));
  g_assert_null (cvm_suite_edit_get_saved (edit));
  g_assert_cmpuint (cvm_suite_edit_n_items (edit), ==, 1);
  g_assert_false (cvm_suite_edit_has_case (edit));
  g_assert_cmpstr (cvm_suite_edit_get_suite (edit, "Version"), ==, "1.0");
}

/* Undo ------------------------------------------------------------------------------------- */

static void
test_undo_joins (void)
{
  g_autoptr(CvmSuiteEdit) edit = edit_new (HEAD "[Case a]\nCheck=ssh.command\n");

  cvm_suite_edit_set (edit, 0, "command", "u", NULL);
  cvm_suite_edit_set (edit, 0, "command", "un", NULL);
  cvm_suite_edit_set (edit, 0, "status", "1", NULL);
  cvm_suite_edit_set (edit, 0, "command", "uname", NULL);
  cvm_suite_edit_undo (edit);
  g_assert_cmpstr (cvm_suite_edit_get (edit, 0, "command"), ==, "un");
  cvm_suite_edit_undo (edit);
  g_assert_null (cvm_suite_edit_get (edit, 0, "status"));
  cvm_suite_edit_undo (edit);
  g_assert_null (cvm_suite_edit_get (edit, 0, "command"));
  g_assert_false (cvm_suite_edit_can_undo (edit));
  g_assert_false (cvm_suite_edit_is_modified (edit));

  cvm_suite_edit_redo (edit);
  cvm_suite_edit_redo (edit);
  g_assert_cmpstr (cvm_suite_edit_get (edit, 0, "status"), ==, "1");
  cvm_suite_edit_set (edit, 0, "status", "2", NULL);
  g_assert_false (cvm_suite_edit_can_redo (edit));
}

static void
test_undo_text (void)
{
  g_autoptr(CvmSuiteEdit) edit = edit_new ("a\nb\n");

  cvm_suite_edit_set_text (edit, "ax\nb\n");
  cvm_suite_edit_set_text (edit, "axy\nb\n");
  cvm_suite_edit_set_text (edit, "axy\nbz\n");
  cvm_suite_edit_set_text (edit, "axy\nbz\nc\n");
  cvm_suite_edit_undo (edit);
  g_assert_cmpstr (cvm_suite_edit_get_text (edit), ==, "axy\nbz\n");
  cvm_suite_edit_undo (edit);
  g_assert_cmpstr (cvm_suite_edit_get_text (edit), ==, "axy\nb\n");
  cvm_suite_edit_undo (edit);
  g_assert_cmpstr (cvm_suite_edit_get_text (edit), ==, "a\nb\n");
  g_assert_false (cvm_suite_edit_is_readable (edit));
}

static void
test_undo_stops_at_save (void)
{
  g_autoptr(CvmSuiteEdit) edit = edit_new (HEAD "[Case a]\nCheck=ssh.command\n");

  cvm_suite_edit_set (edit, 0, "command", "u", NULL);
  cvm_suite_edit_set_saved (edit, cvm_suite_edit_get_text (edit));
  cvm_suite_edit_set (edit, 0, "command", "un", NULL);
  cvm_suite_edit_undo (edit);
  g_assert_cmpstr (cvm_suite_edit_get (edit, 0, "command"), ==, "u");
  g_assert_false (cvm_suite_edit_is_modified (edit));
}

/* Any changes in any order ----------------------------------------------------------------- */

static const char big[] =
  "# License\n\n[Suite]\nName = N \nVersion=1\n# of suite\n\n# section one\n\n"
  "# about p\n# more\n[Precondition p]\nCheck=guest.start\n\n[Precondition q]\n"
  "Check=guest.start\nNeeds=p\n# tail of q\n\n\n# section two\n\n[Case a]\n# inner\n"
  "Check=ssh.command\ncommand=\\sx \n\n# about b\n[Case b]\nCheck=tap.exec\nargv=sh;-c;\\;\n"
  "Needs=a;q;\n\n[Preset s]\na.status=1\n# in s\nb.Timeout=1m\n\n# the end";

static int
compare_lines (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

/* The lines that hold nothing but a comment, in any order */
static char *
comments_of (const char *text)
{
  g_auto(GStrv) lines = g_strsplit (text, "\n", -1);
  g_autoptr(GPtrArray) comments = g_ptr_array_new ();

  for (gsize i = 0; lines[i] != NULL; i++)
    {
      if (lines[i][0] == '#')
        g_ptr_array_add (comments, lines[i]);
    }
  g_ptr_array_sort (comments, compare_lines);
  g_ptr_array_add (comments, NULL);

  return g_strjoinv ("\n", (char **)comments->pdata);
}

static void
change_at_random (GRand        *rand,
                  CvmSuiteEdit *edit)
{
  static const char *const keys[] = { "command", "Title", "Timeout", "Needs", "argv", "Tags" };
  static const char *const values[] = { "x", " y;", "a;p;q", "", "\\d", NULL, "[Case z]\n", "ä" };
  guint n = cvm_suite_edit_n_items (edit);
  guint item = (guint)g_rand_int_range (rand, 0, (int)n);
  guint other = (guint)g_rand_int_range (rand, 0, (int)n);
  g_autofree char *id = g_strdup_printf ("id-%d", g_rand_int_range (rand, 0, 9));
  const char *key = keys[g_rand_int_range (rand, 0, G_N_ELEMENTS (keys))];
  const char *value = values[g_rand_int_range (rand, 0, G_N_ELEMENTS (values))];

  switch (g_rand_int_range (rand, 0, 8))
    {
    case 0:
      cvm_suite_edit_set (edit, item, key, value, NULL);
      break;
    case 1:
      cvm_suite_edit_move (edit, item, other, NULL);
      break;
    case 2:
      cvm_suite_edit_rename (edit, item, id, NULL);
      break;
    case 3:
      cvm_suite_edit_add (edit, "ssh.command", other % 2 == 0, (int)item - 1, NULL);
      break;
    case 4:
      cvm_suite_edit_set_suite (edit, "Description", value, NULL);
      break;
    case 5:
      cvm_suite_edit_set_preset (edit, "t", "p.Timeout", value, NULL);
      break;
    case 6:
      cvm_suite_edit_undo (edit);
      break;
    default:
      cvm_suite_edit_redo (edit);
      break;
    }
}

/* Whatever is done but removing and copying: it stays readable, and no comment is lost */
static void
test_any (void)
{
  guint32 seed = g_test_rand_int ();
  g_autoptr(GRand) rand = g_rand_new_with_seed (seed);
  g_autofree char *before = comments_of (big);

  g_test_message ("seed %u", seed);
  for (guint round = 0; round < 40; round++)
    {
      g_autoptr(CvmSuiteEdit) edit = edit_new (big);

      for (guint i = 0; i < 60; i++)
        {
          g_autofree char *after = NULL;

          change_at_random (rand, edit);
          g_assert_true (cvm_suite_edit_is_readable (edit));
          after = comments_of (cvm_suite_edit_get_text (edit));
          g_assert_cmpstr (after, ==, before);
        }

      while (cvm_suite_edit_can_undo (edit))
        cvm_suite_edit_undo (edit);
      g_assert_cmpstr (cvm_suite_edit_get_text (edit), ==, big);
    }
}

/* There and back again: the file is what it was */
static void
test_back (void)
{
  for (guint from = 0; from < 4; from++)
    {
      for (guint to = 0; to < 4; to++)
        {
          g_autoptr(CvmSuiteEdit) edit = edit_new (big);
          guint end = from < 2 ? MIN (to, 1) : MAX (to, 2);

          g_assert_true (cvm_suite_edit_move (edit, from, to, NULL));
          g_assert_true (cvm_suite_edit_move (edit, end, from, NULL));
          g_assert_cmpstr (cvm_suite_edit_get_text (edit), ==, big);
        }
    }
}

/* The file --------------------------------------------------------------------------------- */

typedef struct { char *folder, *path; } Fixture;

static void
set_up (Fixture       *f,
        gconstpointer  data)
{
  f->folder = g_dir_make_tmp ("cvm-suite-edit-XXXXXX", NULL);
  f->path = g_build_filename (f->folder, "my.suite", NULL);
}

static void
tear_down (Fixture       *f,
           gconstpointer  data)
{
  cvm_file_remove_tree (f->folder);
  g_free (f->folder);
  g_free (f->path);
}

static void
test_write (Fixture       *f,
            gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *found = NULL;
  struct stat info;

  g_assert_true (cvm_suite_edit_write (f->path, "one\n", NULL, &error));
  g_assert_false (cvm_suite_edit_write (f->path, "two\n", NULL, &error));
  g_assert_error (error, CVM_SUITE_EDIT_ERROR, CVM_SUITE_EDIT_ERROR_CHANGED);
  g_clear_error (&error);
  g_assert_false (cvm_suite_edit_write (f->path, "two\n", "zero\n", &error));
  g_assert_error (error, CVM_SUITE_EDIT_ERROR, CVM_SUITE_EDIT_ERROR_CHANGED);
  g_clear_error (&error);

  g_assert_cmpint (g_chmod (f->path, 0640), ==, 0);
  g_assert_true (cvm_suite_edit_write (f->path, "two\n", "one\n", &error));
  found = cvm_suite_edit_read (f->path, &error);
  g_assert_cmpstr (found, ==, "two\n");
  g_assert_cmpint (stat (f->path, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0640);

  g_assert_cmpint (g_unlink (f->path), ==, 0);
  g_assert_false (cvm_suite_edit_write (f->path, "three\n", "two\n", &error));
  g_assert_error (error, CVM_SUITE_EDIT_ERROR, CVM_SUITE_EDIT_ERROR_CHANGED);
}

static void
test_write_link (Fixture       *f,
                 gconstpointer  data)
{
  g_autofree char *link = g_build_filename (f->folder, "link.suite", NULL);
  g_autofree char *found = NULL;

  g_assert_true (cvm_suite_edit_write (f->path, "one\n", NULL, NULL));
  g_assert_cmpint (symlink ("my.suite", link), ==, 0);
  g_assert_true (cvm_suite_edit_write (link, "two\n", "one\n", NULL));
  g_assert_true (g_file_test (link, G_FILE_TEST_IS_SYMLINK));
  found = cvm_suite_edit_read (f->path, NULL);
  g_assert_cmpstr (found, ==, "two\n");
}

static void
test_read_binary (Fixture       *f,
                  gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  g_assert_true (g_file_set_contents (f->path, "a\nb\0c\n", 6, NULL));
  g_assert_null (cvm_suite_edit_read (f->path, &error));
  g_assert_nonnull (strstr (error->message, "my.suite:2: "));
}

static const struct
{
  const char        *name, *base, *ours, *theirs;
  CvmSuiteEditMerge  how;
  const char        *text;
} merges[] = {
  { "same", "a\nb\nc\n", "a\nB\nc\n", "a\nb\nc\n", CVM_SUITE_EDIT_SAME, "a\nB\nc\n" },
  { "taken", "a\nb\nc\n", "a\nb\nc\n", "# x\na\nb\nc\n", CVM_SUITE_EDIT_TAKEN, "# x\na\nb\nc\n" },
  { "both-the-same", "a\nb\n", "a\nB\n", "a\nB\n", CVM_SUITE_EDIT_TAKEN, "a\nB\n" },
  { "comment-above", "a\nb\nc\n", "a\nb\nC\n", "# x\na\nb\nc\n", CVM_SUITE_EDIT_MERGED,
    "# x\na\nb\nC\n" },
  { "comment-below", "a\nb\nc\n", "A\nb\nc\n", "a\nb\nc\n# x\n", CVM_SUITE_EDIT_MERGED,
    "A\nb\nc\n# x\n" },
  { "half-a-line", "aa\nab\nac\n", "aa\nab\nbac\n", "xaa\nab\nac\n", CVM_SUITE_EDIT_MERGED,
    "xaa\nab\nbac\n" },
  { "removed", "a\nb\nc\nd\n", "a\nc\nd\n", "a\nb\nc\nD\n", CVM_SUITE_EDIT_MERGED, "a\nc\nD\n" },
  { "same-line", "a\nb\nc\n", "a\nX\nc\n", "a\nY\nc\n", CVM_SUITE_EDIT_CONFLICT, "a\nX\nc\n" },
  { "next-line", "a\nb\nc\n", "a\nX\nc\n", "a\nb\nY\n", CVM_SUITE_EDIT_CONFLICT, "a\nX\nc\n" },
  { "all-gone", "a\nb\n", "a\nX\n", "", CVM_SUITE_EDIT_CONFLICT, "a\nX\n" },
};

static void
test_merge (gconstpointer data)
{
  const typeof (merges[0]) *c = data;
  g_autoptr(CvmSuiteEdit) edit = edit_new (c->base);

  cvm_suite_edit_set_text (edit, c->ours);
  g_assert_cmpint (cvm_suite_edit_merge (edit, c->theirs), ==, c->how);
  g_assert_cmpstr (cvm_suite_edit_get_text (edit), ==, c->text);
  g_assert_cmpstr (cvm_suite_edit_get_saved (edit), ==,
                   c->how == CVM_SUITE_EDIT_CONFLICT ? c->base : c->theirs);
  if (c->how == CVM_SUITE_EDIT_MERGED)
    {
      cvm_suite_edit_undo (edit);
      g_assert_cmpstr (cvm_suite_edit_get_text (edit), ==, c->ours);
    }
}

static void
add_tests_of_tables (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (changes); i++)
    {
      g_autofree char *path = g_strconcat ("/suite-edit/change/", changes[i].name, NULL);

      g_test_add_data_func (path, &changes[i], test_change);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (problems); i++)
    {
      g_autofree char *path = g_strconcat ("/suite-edit/problems/", problems[i].name, NULL);

      g_test_add_data_func (path, &problems[i], test_problems);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (merges); i++)
    {
      g_autofree char *path = g_strconcat ("/suite-edit/merge/", merges[i].name, NULL);

      g_test_add_data_func (path, &merges[i], test_merge);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  add_tests_of_tables ();
  g_test_add_func ("/suite-edit/items", test_items);
  g_test_add_func ("/suite-edit/new", test_new);
  g_test_add_func ("/suite-edit/undo/joins", test_undo_joins);
  g_test_add_func ("/suite-edit/undo/text", test_undo_text);
  g_test_add_func ("/suite-edit/undo/save", test_undo_stops_at_save);
  g_test_add_func ("/suite-edit/any", test_any);
  g_test_add_func ("/suite-edit/back", test_back);
  g_test_add ("/suite-edit/write", Fixture, NULL, set_up, test_write, tear_down);
  g_test_add ("/suite-edit/write-link", Fixture, NULL, set_up, test_write_link, tear_down);
  g_test_add ("/suite-edit/read-binary", Fixture, NULL, set_up, test_read_binary, tear_down);

  return g_test_run ();
}
