/* test-hosts.c: hosts.ini, and the hosts that are found
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-hosts.h"

#include <string.h>

#include "cvm-keyfile.h"
#include "cvm-test-home.h"

#define PLAIN "# mine\n[Host lab-3]\nTitle=Lab\nURI=qemu+ssh://me@lab-3/system\n# end\n"

static const char *const found[] = { "qemu:///session", "test:///default", NULL };

static GPtrArray *
load (void)
{
  g_autoptr(GError) error = NULL;
  GPtrArray *hosts = cvm_hosts_load (found, &error);

  g_assert_no_error (error);

  return hosts;
}

static char *
add (const char *uri,
     const char *title)
{
  g_autoptr(GError) error = NULL;
  char *id = cvm_hosts_add (uri, title, found, &error);

  g_assert_no_error (error);

  return id;
}

/* URIs and ids ---------------------------------------------------------------------------- */

static const struct { const char *name, *uri; gboolean is_valid; } uris[] = {
  { "session", "qemu:///session", TRUE },
  { "ssh", "qemu+ssh://root@lab-3.example:2222/system?keyfile=/home/a/k", TRUE },
  { "v6", "qemu+tcp://[::1]:16509/system", TRUE },
  { "user-v6", "qemu+ssh://root@[fe80::1]/system", TRUE },
  { "xen", "xen:///", TRUE },
  { "esx", "esx://root@esx.example/?no_verify=1", TRUE },
  { "test-file", "test:///home/a/node.xml", TRUE },
  { "one-slash", "test:/default", TRUE },
  { "empty", "", FALSE },
  { "word", "lab-3", FALSE },
  { "path", "/etc/passwd", FALSE },
  { "no-path", "qemu:", FALSE },
  { "upper", "QEMU:///system", FALSE },
  { "blank", "qemu+ssh://a b/system", FALSE },
  { "newline", "qemu:///session\n", FALSE },
  { "control", "qemu:///\001", FALSE },
  { "umlaut", "qemu+ssh://l\xc3\xa4" "b/system", FALSE },
  { "no-utf8", "qemu:///\xff", FALSE },
  { "password", "qemu+ssh://root:secret@lab/system", FALSE },
};

static void
test_uri (gconstpointer data)
{
  const typeof (uris[0]) *c = data;
  g_autoptr(GError) error = NULL;

  g_assert_cmpint (cvm_hosts_check_uri (c->uri, &error), ==, c->is_valid);
  if (c->is_valid)
    g_assert_no_error (error);
  else
    g_assert_error (error, CVM_HOSTS_ERROR, CVM_HOSTS_ERROR_INVALID);
}

static void
test_uri_long (void)
{
  g_autofree char *tail = g_strnfill (5000, 'a');
  g_autofree char *uri = g_strconcat ("qemu:///", tail, NULL);
  g_autoptr(GError) error = NULL;

  g_assert_false (cvm_hosts_check_uri (uri, &error));
  g_assert_cmpuint (strlen (error->message), <, 300);
}

static void
test_id (void)
{
  static const struct { const char *text, *id; } ids[] = {
    { "Lab 3, left", "lab-3-left" }, { "  --  ", "host" }, { "", "host" },
    { "qemu:///session", "qemu-session" }, { "\xc3\x84rger", "arger" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      g_autofree char *id = cvm_hosts_make_id (ids[i].text);

      g_assert_cmpstr (id, ==, ids[i].id);
    }
}

/* Reading --------------------------------------------------------------------------------- */

static const struct { const char *name, *text, *message; } wrong[] = {
  { "no-uri", "[Host a]\nTitle=x\n", "hosts.ini:1: " },
  { "no-uri-line", "\n\n[Host a]\n", "hosts.ini:3: " },
  { "uri", "[Host a]\nURI=lab\n", "hosts.ini:2: " },
  { "password", "[Host a]\nURI=qemu+ssh://u:p@h/system\n", "hosts.ini:2: " },
  { "key", "[Host a]\nURI=qemu:///x\nUrl=y\n", "hosts.ini:3: " },
  { "nearest", "[Host a]\nURl=qemu:///x\n", "did you mean URI" },
  { "hidden", "[Host a]\nURI=qemu:///x\nHidden=yes\n", "hosts.ini:3: " },
  { "group", "[Server a]\n", "hosts.ini:1: " },
  { "no-id", "[Host]\nURI=qemu:///x\n", "hosts.ini:1: " },
  { "id", "[Host A/b]\nURI=qemu:///x\n", "hosts.ini:1: " },
  { "found-uri", "[Host qemu-session]\nURI=qemu:///x\n", "hosts.ini:2: " },
  { "twice", "[Host a]\nURI=qemu:///x\n[Host a]\n", "hosts.ini:3: " },
  { "no-utf8", "[Host a]\nTitle=\xff\nURI=qemu:///x\n", "hosts.ini:2: " },
};

static void
test_wrong (gconstpointer data)
{
  const typeof (wrong[0]) *c = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) refused = NULL;
  g_autofree char *id = NULL;

  cvm_test_home_write ("hosts.ini", c->text);
  g_assert_null (cvm_hosts_load (found, &error));
  g_assert_error (error, CVM_KEYFILE_ERROR, CVM_KEYFILE_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, c->message));

  id = cvm_hosts_add ("qemu:///y", NULL, found, &refused);
  g_assert_null (id);
  g_assert_cmpstr (refused->message, ==, error->message);
  cvm_test_home_assert ("hosts.ini", c->text);
  cvm_test_home_clear ();
}

static void
test_found (void)
{
  g_autoptr(GPtrArray) hosts = load ();
  const CvmSavedHost *host = cvm_hosts_find (hosts, "test-default");

  g_assert_cmpuint (hosts->len, ==, 2);
  g_assert_cmpstr (host->uri, ==, "test:///default");
  g_assert_true (host->is_found);
  g_assert_true (host == cvm_hosts_find (hosts, "test:///default"));
  g_assert_null (cvm_hosts_find (hosts, "nobody"));
}

static void
test_saved (void)
{
  g_autoptr(GPtrArray) hosts = NULL;
  const CvmSavedHost *host;

  cvm_test_home_write ("hosts.ini", PLAIN "[Host qemu-session]\nTitle=Here\n");
  hosts = load ();
  g_assert_cmpuint (hosts->len, ==, 3);
  host = cvm_hosts_find (hosts, "lab-3");
  g_assert_cmpstr (host->title, ==, "Lab");
  g_assert_cmpstr (host->uri, ==, "qemu+ssh://me@lab-3/system");
  g_assert_false (host->is_found);
  g_assert_cmpstr (cvm_hosts_find (hosts, "qemu:///session")->title, ==, "Here");
  cvm_test_home_clear ();
}

static void
test_resolve (void)
{
  static const struct { const char *word, *uri; } words[] = {
    { "lab-3", "qemu+ssh://me@lab-3/system" }, { "qemu-session", "qemu:///session" },
    { "xen:///", "xen:///" }, { "lab-4", NULL }, { "", NULL }, { "../x", NULL },
  };

  cvm_test_home_write ("hosts.ini", PLAIN);
  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autofree char *uri = cvm_hosts_resolve (words[i].word, found, &error);

      g_assert_cmpstr (uri, ==, words[i].uri);
      if (uri == NULL)
        {
          g_assert_error (error, CVM_HOSTS_ERROR, CVM_HOSTS_ERROR_UNKNOWN);
          g_assert_nonnull (strstr (error->message, "lab-3"));
        }
    }
  cvm_test_home_clear ();
}

/* Writing --------------------------------------------------------------------------------- */

static void
test_add (void)
{
  g_autofree char *first = add ("qemu+ssh://lab/system", "Lab");
  g_autofree char *second = add ("qemu+ssh://me@lab:22/system", NULL);
  g_autofree char *third = add ("qemu+ssh://lab/session", "Lab");

  g_assert_cmpstr (first, ==, "lab");
  g_assert_cmpstr (second, ==, "lab-22");
  g_assert_cmpstr (third, ==, "lab-2");
  cvm_test_home_assert ("hosts.ini", "[Host lab]\nTitle=Lab\nURI=qemu+ssh://lab/system\n"
                        "\n[Host lab-22]\nURI=qemu+ssh://me@lab:22/system\n"
                        "\n[Host lab-2]\nTitle=Lab\nURI=qemu+ssh://lab/session\n");
  cvm_test_home_clear ();
}

static void
test_add_twice (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) found_error = NULL;

  cvm_test_home_write ("hosts.ini", PLAIN);
  g_assert_null (cvm_hosts_add ("qemu+ssh://me@lab-3/system", "x", found, &error));
  g_assert_error (error, CVM_HOSTS_ERROR, CVM_HOSTS_ERROR_EXISTS);
  g_assert_null (cvm_hosts_add ("qemu:///session", NULL, found, &found_error));
  g_assert_error (found_error, CVM_HOSTS_ERROR, CVM_HOSTS_ERROR_EXISTS);
  cvm_test_home_assert ("hosts.ini", PLAIN);
  cvm_test_home_clear ();
}

static void
test_title (void)
{
  g_autofree char *id = add ("qemu+ssh://h/system", "a\nURI=evil:///\t[Host x]\\");
  g_autoptr(GPtrArray) hosts = load ();

  g_assert_cmpuint (hosts->len, ==, 3);
  g_assert_cmpstr (cvm_hosts_find (hosts, id)->title, ==, "a\nURI=evil:///\t[Host x]\\");
  cvm_test_home_clear ();
}

static void
test_remove (void)
{
  g_autoptr(GError) error = NULL;

  cvm_test_home_write ("hosts.ini", PLAIN);
  g_assert_true (cvm_hosts_remove ("lab-3", found, &error));
  g_assert_no_error (error);
  cvm_test_home_assert ("hosts.ini", "# mine\n# end\n");
  g_assert_false (cvm_hosts_remove ("lab-3", found, &error));
  g_assert_error (error, CVM_HOSTS_ERROR, CVM_HOSTS_ERROR_UNKNOWN);
  cvm_test_home_clear ();
}

/* One that is found is put away, and comes back when it is added */
static void
test_hide (void)
{
  g_autoptr(GPtrArray) hidden = NULL;
  g_autoptr(GPtrArray) shown = NULL;
  g_autofree char *id = NULL;

  g_assert_true (cvm_hosts_remove ("test-default", found, NULL));
  hidden = load ();
  g_assert_true (cvm_hosts_find (hidden, "test-default")->is_hidden);

  id = add ("test:///default", "Pretend");
  shown = load ();
  g_assert_cmpstr (id, ==, "test-default");
  g_assert_false (cvm_hosts_find (shown, id)->is_hidden);
  g_assert_cmpstr (cvm_hosts_find (shown, id)->title, ==, "Pretend");
  cvm_test_home_clear ();
}

static void
test_change (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) taken = NULL;

  cvm_test_home_write ("hosts.ini", PLAIN);
  g_assert_true (cvm_hosts_change ("lab-3", "qemu+ssh://lab-4/system", "", found, &error));
  g_assert_no_error (error);
  cvm_test_home_assert ("hosts.ini", "# mine\n[Host lab-3]\nURI=qemu+ssh://lab-4/system\n# end\n");
  g_assert_false (cvm_hosts_change ("lab-3", "qemu:///session", "x", found, &taken));
  g_assert_error (taken, CVM_HOSTS_ERROR, CVM_HOSTS_ERROR_EXISTS);
  g_assert_true (cvm_hosts_change ("qemu-session", "qemu:///session", "Here", found, &error));
  cvm_test_home_assert ("hosts.ini", "# mine\n[Host lab-3]\nURI=qemu+ssh://lab-4/system\n# end\n"
                        "\n[Host qemu-session]\nTitle=Here\n");
  cvm_test_home_clear ();
}

/* Threads of one program, as processes do, each add a host at once: none is lost */
static gpointer
add_in_thread (gpointer data)
{
  g_autofree char *uri = g_strdup_printf ("qemu+ssh://h%u/system", GPOINTER_TO_UINT (data));

  return add (uri, NULL);
}

static void
test_at_once (void)
{
  GThread *threads[8];
  g_autoptr(GPtrArray) hosts = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("add", add_in_thread, GUINT_TO_POINTER (i));
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_free (g_thread_join (threads[i]));

  hosts = load ();
  g_assert_cmpuint (hosts->len, ==, 2 + G_N_ELEMENTS (threads));
  cvm_test_home_clear ();
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  cvm_test_home_enter ();

  for (gsize i = 0; i < G_N_ELEMENTS (uris); i++)
    {
      g_autofree char *path = g_strconcat ("/hosts/uri/", uris[i].name, NULL);

      g_test_add_data_func (path, &uris[i], test_uri);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autofree char *path = g_strconcat ("/hosts/wrong/", wrong[i].name, NULL);

      g_test_add_data_func (path, &wrong[i], test_wrong);
    }
  g_test_add_func ("/hosts/uri/long", test_uri_long);
  g_test_add_func ("/hosts/id", test_id);
  g_test_add_func ("/hosts/found", test_found);
  g_test_add_func ("/hosts/saved", test_saved);
  g_test_add_func ("/hosts/resolve", test_resolve);
  g_test_add_func ("/hosts/add", test_add);
  g_test_add_func ("/hosts/add-twice", test_add_twice);
  g_test_add_func ("/hosts/title", test_title);
  g_test_add_func ("/hosts/remove", test_remove);
  g_test_add_func ("/hosts/hide", test_hide);
  g_test_add_func ("/hosts/change", test_change);
  g_test_add_func ("/hosts/at-once", test_at_once);

  return cvm_test_home_run ();
}
