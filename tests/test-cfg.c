/* test-cfg.c: what a shell file of settings says, and what of it is refused
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-cfg.h"

#include <glib/gstdio.h>
#include <string.h>

#include "cvm-keyfile.h"

typedef struct
{
  const char *name;
  const char *text;
  const char *value;   /* of A at the end */
} Good;

static const Good goods[] = {
  { "bare", "A=kvm\n", "kvm" },
  { "export", "export A=kvm\n", "kvm" },
  { "no last newline", "A=kvm", "kvm" },
  { "CR LF", "A=kvm\r\nB=2\r\n", "kvm" },
  { "empty", "A=\n", "" },
  { "empty quotes", "A=\"\"\n", "" },
  { "double quotes", "A=\"0 1 2\"\n", "0 1 2" },
  { "single quotes", "A='0 $B `x` \\'\n", "0 $B `x` \\" },
  { "pieces", "A=a\"b c\"'d e'f\n", "ab cd ef" },
  { "escapes in double quotes", "A=\"\\\"\\\\\\$\\`\\n\"\n", "\"\\$`\\n" },
  { "escaped blank", "A=a\\ b\n", "a b" },
  { "line in double quotes", "A=\"a\nb\"\n", "a\nb" },
  { "continuation", "A=a\\\nb\n", "ab" },
  { "continuation in quotes", "A=\"0 1 \\\n2 3\"\n", "0 1 2 3" },
  { "continuation with CR", "A=\"0 \\\r\n1\"\r\n", "0 1" },
  { "comment line", "# A=x\nA=y\n", "y" },
  { "comment with a quotation", "# it's \"\n\tA=y\n", "y" },
  { "comment behind", "A=y # or x\n", "y" },
  { "no comment within", "A=y#x\n", "y#x" },
  { "indented", "  \t A=y\n", "y" },
  { "semicolon", "A=y;\n", "y" },
  { "two on a line", "B=x A=$B\n", "x" },
  { "two by semicolon", "B=x;A=$B", "x" },
  { "export of two", "export B=x A=${B}y\n", "xy" },
  { "export of an earlier one", "A=x\nexport A\n", "x" },
  { "variable in quotes", "B=1\nA=\"$B.${B}\"\n", "1.1" },
  { "variable in single quotes", "B=1\nA='$B'\n", "$B" },
  { "its own last value", "A=1\nA=\"$A 2\"\n", "1 2" },
  { "later one counts", "A=1\nA=2\n", "2" },
  { "a dollar that is one", "A=\"5 $ \"$\n", "5 $ $" },
  { "URL", "A=http://127.0.0.1/r.cgi?x=1\\&y=%20\n", "http://127.0.0.1/r.cgi?x=1&y=%20" },
  { "no names of files", "A=*.[ch]?\n", "*.[ch]?" },
  { "equals sign", "A=b=c\n", "b=c" },
  { "UTF-8", "A=\"\xc3\xbc\"\n", "\xc3\xbc" },
};

typedef struct
{
  const char *name;
  const char *text;
  guint       line;
  const char *says;
} Bad;

static const Bad bads[] = {
  { "command", "A=1\nCVM_X=\"$(rm -rf ~)\"\n", 2, "a command to run" },
  { "bare command", "A=$(id)\n", 1, "a command to run" },
  { "backquotes", "A=\"`id`\"\n", 1, "a command to run" },
  { "arithmetic", "A=$((1+1))\n", 1, "a command to run" },
  { "C quotation", "A=$'x'\n", 1, "only some shells" },
  { "default value", "B=1\nA=${B:-2}\n", 2, "more than the name" },
  { "special variable", "A=$?\n", 1, "more than the name" },
  { "unset variable", "\n\nA=\"$HOME/x\"\n", 3, "$HOME is not set above" },
  { "variable of below", "A=$B\nB=1\n", 1, "$B is not set above" },
  { "other command", "A=1\n\nrm -rf ~\n", 3, "'rm' is no setting" },
  { "source", ". ./other.cfg\n", 1, "'.' is no setting" },
  { "command behind", "A=1 true\n", 1, "'true' is no setting" },
  { "and", "A=1&&id\n", 1, "'&'" },
  { "pipe", "A=1|id\n", 1, "'|'" },
  { "redirection", "A=1>x\n", 1, "'>'" },
  { "array", "A=(1 2)\n", 1, "'('" },
  { "function", "f() { :; }\n", 1, "is no setting" },
  { "home", "A=~/x\n", 1, "'~'" },
  { "home in a path", "A=/x:~/y\n", 1, "'~'" },
  { "blank before =", "A =1\n", 1, "'A' is no setting" },
  { "append", "A+=1\n", 1, "is no setting" },
  { "bad name", "1A=1\n", 1, "is no setting" },
  { "export of nothing known", "export A\n", 1, "'A' is no setting" },
  { "open single quotation", "B=1\nA='x\n\n", 2, "no end" },
  { "open double quotation", "B=1\nA=\"x\n\n", 2, "no end" },
  { "not UTF-8", "A=1\nB=\xff\n", 2, "UTF-8" },
};

static void
check_good (gconstpointer data)
{
  const Good *row = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(CvmCfg) cfg = cvm_cfg_new_from_data (row->text, strlen (row->text), "x.cfg", &error);

  g_assert_no_error (error);
  g_assert_cmpstr (cvm_cfg_find (cfg, "A")->value, ==, row->value);
}

static void
check_bad (gconstpointer data)
{
  const Bad *row = data;
  g_autoptr(GError) error = NULL;
  g_autofree char *where = g_strdup_printf ("x.cfg:%u: ", row->line);

  g_assert_null (cvm_cfg_new_from_data (row->text, strlen (row->text), "x.cfg", &error));
  g_assert_error (error, CVM_KEYFILE_ERROR, CVM_KEYFILE_ERROR_INVALID);
  g_assert_true (g_str_has_prefix (error->message, where));
  g_assert_nonnull (strstr (error->message, row->says));
}

static void
test_nul (void)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (cvm_cfg_new_from_data ("A=1\nB=\0\n", 8, "x.cfg", &error));
  g_assert_true (g_str_has_prefix (error->message, "x.cfg:2: "));
}

/* 14 lines, each twice the one before: no value may grow past its limit */
static void
test_doubling (void)
{
  g_autoptr(GString) text = g_string_new ("A=xxxxxxxxxxxxxxxx\n");
  g_autoptr(GError) error = NULL;

  for (guint i = 0; i < 14; i++)
    g_string_append (text, "A=$A$A\n");

  g_assert_null (cvm_cfg_new_from_data (text->str, text->len, "x.cfg", &error));
  g_assert_nonnull (strstr (error->message, "x.cfg:14: the value is longer"));
}

static void
test_lines (void)
{
  const char *text = "A=\"1\n2\"\nexport B=\\\n3\nC=4";
  g_autoptr(CvmCfg) cfg = cvm_cfg_new_from_data (text, strlen (text), "x.cfg", NULL);

  g_assert_cmpuint (cvm_cfg_n_settings (cfg), ==, 3);
  g_assert_cmpstr (cvm_cfg_setting (cfg, 1)->name, ==, "B");
  g_assert_cmpuint (cvm_cfg_setting (cfg, 1)->line, ==, 3);
  g_assert_true (cvm_cfg_setting (cfg, 1)->is_exported);
  g_assert_cmpuint (cvm_cfg_setting (cfg, 2)->line, ==, 5);
  g_assert_false (cvm_cfg_setting (cfg, 2)->is_exported);
  g_assert_null (cvm_cfg_find (cfg, "D"));
}

static void
test_load (void)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *path = NULL;
  int fd = g_file_open_tmp ("test-cfg-XXXXXX", &path, NULL);
  g_autoptr(CvmCfg) cfg = NULL;

  g_assert_cmpint (fd, >=, 0);
  g_close (fd, NULL);
  g_assert_true (g_file_set_contents (path, "A=1\n", -1, NULL));
  cfg = cvm_cfg_load (path, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (cvm_cfg_get_name (cfg), ==, path);
  g_unlink (path);

  g_assert_null (cvm_cfg_load (path, &error));
  g_assert_error (error, CVM_KEYFILE_ERROR, CVM_KEYFILE_ERROR_UNREADABLE);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (goods); i++)
    {
      g_autofree char *path = g_strconcat ("/cfg/good/", goods[i].name, NULL);

      g_test_add_data_func (path, &goods[i], check_good);
    }
  for (guint i = 0; i < G_N_ELEMENTS (bads); i++)
    {
      g_autofree char *path = g_strconcat ("/cfg/bad/", bads[i].name, NULL);

      g_test_add_data_func (path, &bads[i], check_bad);
    }
  g_test_add_func ("/cfg/bad/NUL", test_nul);
  g_test_add_func ("/cfg/bad/doubling", test_doubling);
  g_test_add_func ("/cfg/lines", test_lines);
  g_test_add_func ("/cfg/load", test_load);

  return g_test_run ();
}
