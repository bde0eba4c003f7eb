/* test-check-appliance.c: the checks of a web interface, against one that does what the row says
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <glib/gstdio.h>
#include <string.h>

#include "cvm-checks.h"
#include "cvm-fake-ports.h"
#include "cvm-file.h"
#include "cvm-run.h"
#include "cvm-test-home.h"

#define HEAD  "[Suite]\nName=Test\nVersion=1\n[Precondition start]\nCheck=guest.start\n[Case it]\n"
#define IMAGE "[Image]\nName=test\nDisk=base.raw\n"
#define KEY   IMAGE "Key=key\nWebPasswordFile=first\n"
#define FIRST "First0Password"

#define DONE    "{\"message\": \"Completed Successfully\", \"errors\": [], \"page\": \"\", \"schedId\": 1}"
#define REFUSED "{\"message\": \"Not completed\", \"errors\": [\"no & < such\"], \"schedId\": 2}"
#define ERRORS  "{\"message\": \"Completed Successfully\", \"errors\": [\"but\"]}"
#define PAGE(id) "<html><head><title> CernVM Software Appliance 2\n</title></head><body id=\"page-" id "\">"
#define HUGE    (50 * 1024 * 1024)

#define CONFIGURE "Check=web.configure\napply=false\n"
#define ALL       "Check=web.configure\nproxy=none\nadmin-password=generated\nuser=alice\n" \
                  "resolution=1024x768\nexperiment=ATLAS\n"

/* What a path is answered, instead of what an appliance would */
typedef struct
{
  const char *path;       /* "POST /login"; NULL: nothing is changed */
  guint       status;
  const char *body;       /* repeated up to HUGE bytes if it ends with the mark "*" */
  const char *cookie, *location;
} Answer;

typedef struct
{
  const char *name, *image, *item;
  Answer      answer;
  const char *output;         /* of a command in the guest */
  gboolean    ignores_restart;
  gboolean    web_fails;      /* the connection of every request breaks */
  gboolean    restart_is_cut; /* what restarts is heard, and its connection breaks */
  CvmOutcome  outcome;
  const char *reason;
  const char *seen;           /* a part of the log of requests */
} Row;

static const Row *current;   /* as cvm_fake_world, set before the run's threads are there */
static GString *requests;    /* "POST /login cookies referer form" a line; in the job's thread */

static const Row rows[] = {
  { "present", .item = "Check=web.present\n", .seen = "GET /login - -\n" },
  { "present-title", .item = "Check=web.present\n", .answer = { "GET /login", 200, "<title>Nginx</title>" },
    .outcome = CVM_OUTCOME_FAIL, .reason = "title is 'Nginx'; expected: CernVM Software Appliance" },
  { "present-untitled", .item = "Check=web.present\n", .answer = { "GET /login", 200, "<title>open" },
    .outcome = CVM_OUTCOME_FAIL, .reason = "the page has no title" },
  { "present-empty", .item = "Check=web.present\n", .answer = { "GET /login", 200, "" },
    .outcome = CVM_OUTCOME_FAIL, .reason = "the page has no title" },
  { "present-mark", .item = "Check=web.present\n", .answer = { "GET /login", 200, PAGE ("home") },
    .outcome = CVM_OUTCOME_FAIL, .reason = "the page has no <body id=\"page-login\">" },
  { "present-status", .item = "Check=web.present\n", .answer = { "GET /login", 500, "" },
    .outcome = CVM_OUTCOME_FAIL, .reason = "HTTP status 500; expected: 200" },
  { "present-huge", .item = "Check=web.present\n", .answer = { "GET /login", 200, "<title><title>*" },
    .outcome = CVM_OUTCOME_FAIL, .reason = "the page has no title" },
  { "present-silent", .item = "Check=web.present\nTimeout=1\n", .web_fails = TRUE,
    .outcome = CVM_OUTCOME_FAIL, .reason = "not within 1 s: http on the guest's port 8004: reset" },

  { "login", .item = "Check=web.login\n", .seen = "POST /login - http://127.0.0.1:40004/login "
    "user_name=admin&password=" FIRST "&login=Login\nGET / session=abc -\n" },
  { "login-refused", .item = "Check=web.login\n", .answer = { "POST /login", 403, "" },
    .outcome = CVM_OUTCOME_FAIL, .reason = "login as admin: HTTP status 403" },
  { "login-same-page", .item = "Check=web.login\n", .answer = { "POST /login", 200, PAGE ("login") },
    .outcome = CVM_OUTCOME_FAIL, .reason = "the login page came back" },
  { "login-wrong-home", .item = "Check=web.login\n", .answer = { "GET /", 200, "<title>Other</title>" },
    .outcome = CVM_OUTCOME_FAIL, .reason = "title is 'Other'" },
  { "login-no-file", IMAGE, .item = "Check=web.login\n",
    .outcome = CVM_OUTCOME_FAIL, .reason = "no password for web admin: the image names no such file" },
  { "login-no-keyring", .item = "Check=web.login\npassword=keyring:x\n",
    .outcome = CVM_OUTCOME_FAIL, .reason = "no password for web admin: there is no keyring" },
  { "login-nobody-to-ask", IMAGE, "Check=web.login\npassword=prompt\n",
    .outcome = CVM_OUTCOME_FAIL, .reason = "no password for web admin: there is nobody to ask" },
  { "login-elsewhere", .item = "Check=web.login\n",
    .answer = { "POST /login", 302, "", "session=abc", "http://192.0.2.1:81/?q=1" },
    .seen = "GET /?q=1 session=abc -\n" },
  { "login-loop", .item = "Check=web.login\n", .answer = { "GET /", 302, "", "x=y", "/" },
    .outcome = CVM_OUTCOME_FAIL, .reason = "/login redirects more than 5 times" },
  { "login-hostile-location", .item = "Check=web.login\n",
    .answer = { "POST /login", 302, "", "session=abc", "javascript:alert" },
    .outcome = CVM_OUTCOME_FAIL, .reason = "HTTP status 302" },
  { "login-hostile-cookie", .item = "Check=web.login\n",
    .answer = { "POST /login", 302, "", "session=a\rX: y", "/" },
    .outcome = CVM_OUTCOME_FAIL, .reason = "HTTP status 403", .seen = "GET / - -\n" },
  { "login-cookie-over", .item = "Check=web.login\n",
    .answer = { "POST /login", 302, "", "session=abc; Max-Age=0", "/" },
    .outcome = CVM_OUTCOME_FAIL, .reason = "HTTP status 403" },
  { "login-cookie-elsewhere", .item = "Check=web.login\n",
    .answer = { "POST /login", 302, "", "session=abc; Path=/cernvm", "/" },
    .outcome = CVM_OUTCOME_FAIL, .reason = "HTTP status 403" },

  { "all", .item = ALL, .seen = "GET /cernvm/Config/applyUpdate session=abc -\n" },
  { "all-proxy", .item = ALL, .seen = "POST /configure/Proxy/saveProxy session=abc "
    "http://127.0.0.1:40004/configure/Proxy httpProxy=&httpPort=&httpsProxy=&httpsPort=&" },
  { "all-token", .item = ALL, .seen = "POST /changepassword/ChangePassword/changePassword "
    "session=abc; CSRF_TOKEN=t0 http://127.0.0.1:40004/changepassword/ChangePassword pwd1=" },
  { "all-user", .item = ALL, .seen = "cernvmUser=alice&cernvmUserGroup=alice&cernvmUserShell=%2Fbin%2Fbash&" },
  { "all-desktop", .item = ALL, .seen = "cernvmEdition=Desktop&cernvmScreenRes=1024x768&cernvmKeyboard=us&"
    "cernvmStartXDM=on\n" },
  { "all-experiment", .item = ALL, .seen = "cernvmOrganisation=ATLAS&cernvmRepositories=atlas%2Batlas-condb%2Cgrid\n" },
  { "proxy-given", .item = CONFIGURE "proxy=squid.example:3128\n",
    .seen = "httpProxy=squid.example&httpPort=3128&httpsProxy=squid.example&httpsPort=3128&" },
  { "nothing", .item = CONFIGURE, .seen = "GET / session=abc -\n" },
  { "proxy-refused", .item = ALL, .answer = { "POST /configure/Proxy/saveProxy", 403, "" },
    .outcome = CVM_OUTCOME_FAIL, .reason = "proxy: HTTP status 403: the appliance refused it" },
  { "no-token", .item = ALL, .answer = { "GET /changepassword/ChangePassword", 200, PAGE ("x") },
    .outcome = CVM_OUTCOME_FAIL,
    .reason = "admin password: /changepassword/ChangePassword came without a CSRF_TOKEN cookie" },
  { "old-token", .item = ALL,
    .answer = { "GET /changepassword/ChangePassword", 200, PAGE ("x"), "CSRF_TOKEN=old; Path=/changepassword" },
    .outcome = CVM_OUTCOME_FAIL, .reason = "admin password: HTTP status 403" },
  { "password-message", .item = ALL, .answer = { "POST /changepassword/ChangePassword/changePassword", 200, DONE },
    .outcome = CVM_OUTCOME_FAIL, .reason = "expected: “Password changed”" },
  { "user-refused", .item = ALL, .answer = { "POST /cernvm/User/userUpdate", 200, REFUSED },
    .outcome = CVM_OUTCOME_FAIL, .reason = "user: the appliance says 'Not completed', and as an error 'no & < such'" },
  { "desktop-errors", .item = ALL, .answer = { "POST /cernvm/Config/editionUpdate", 200, ERRORS },
    .outcome = CVM_OUTCOME_FAIL, .reason = "desktop: the appliance says 'Completed Successfully', and as an error 'but'" },
  { "experiment-html", .item = ALL, .answer = { "POST /cernvm/Config/repositoriesUpdate", 200, "<html>" },
    .outcome = CVM_OUTCOME_FAIL, .reason = "experiment: the reply is no JSON object: '<html>'" },
  { "json-array", .item = ALL, .answer = { "POST /cernvm/User/userUpdate", 200, "[]" },
    .outcome = CVM_OUTCOME_FAIL, .reason = "user: the reply is no JSON object: '[]'" },
  { "json-deep", .item = ALL, .answer = { "POST /cernvm/User/userUpdate", 200, "[*" },
    .outcome = CVM_OUTCOME_FAIL, .reason = "user: the reply is no JSON object" },
  { "json-empty", .item = ALL, .answer = { "POST /cernvm/User/userUpdate", 200, "" },
    .outcome = CVM_OUTCOME_FAIL, .reason = "user: the reply is no JSON object: ''" },
  { "json-errors-type", .item = ALL,
    .answer = { "POST /cernvm/User/userUpdate", 200, "{\"message\": \"Completed Successfully\", \"errors\": {}}" },
    .outcome = CVM_OUTCOME_FAIL, .reason = "as an error 'something that is no text'" },
  { "json-message-type", .item = ALL, .answer = { "POST /cernvm/User/userUpdate", 200, "{\"message\": [1]}" },
    .outcome = CVM_OUTCOME_FAIL, .reason = "user: the appliance says " },
  { "apply-refused", .item = ALL, .answer = { "GET /cernvm/Config/applyUpdate", 403, "" },
    .outcome = CVM_OUTCOME_FAIL, .reason = "apply: HTTP status 403" },
  { "apply-ignored", .item = ALL "Timeout=1\n", .ignores_restart = TRUE,
    .outcome = CVM_OUTCOME_FAIL, .reason = "apply: the guest did not restart: its boot id is still" },
  { "apply-untold", IMAGE "WebPasswordFile=first\n", .item = ALL,
    .outcome = CVM_OUTCOME_SKIP, .reason = "apply: nothing would tell that the guest restarted" },

  { "create-user", .item = "Check=web.create-user\npassword=image-web\nuser=bob\ngroup=team\n",
    .seen = "cernvmUser=bob&cernvmUserGroup=team&" },
  { "create-user-refused", .item = "Check=web.create-user\npassword=image-web\nuser=bob\n",
    .answer = { "POST /cernvm/User/userUpdate", 200, REFUSED },
    .outcome = CVM_OUTCOME_FAIL, .reason = "the appliance says " },
  { "root-password", .item = "Check=web.root-password\npassword=image-web\n",
    .seen = "POST /configure/RootPw/changePass session=abc; CSRF_TOKEN=t0 http://127.0.0.1:40004/configure/RootPw newpw=" },
  { "root-password-current", .item = "Check=web.root-password\npassword=image-web\ncurrent=file:first\n",
    .seen = "&currentpw=" FIRST "&csrf_token=t0\n" },
  { "root-password-refused", .item = "Check=web.root-password\npassword=image-web\n",
    .answer = { "POST /configure/RootPw/changePass", 200, "{\"message\": \"Password changed\"}" },
    .outcome = CVM_OUTCOME_FAIL, .reason = "says 'Password changed'; expected: “Completed Successfully”" },
  { "restart", .item = "Check=web.restart\npassword=image-web\n", .seen = "GET /reboot/Reboot/rebootNow" },
  { "restart-cut", .item = "Check=web.restart\npassword=image-web\n", .restart_is_cut = TRUE,
    .seen = "GET /reboot/Reboot/rebootNow session=abc -\nGET /login " },
  { "apply-cut", .item = ALL, .restart_is_cut = TRUE,
    .seen = "GET /cernvm/Config/applyUpdate session=abc -\nGET /login " },
  { "restart-unheard", .item = "Check=web.restart\npassword=image-web\nTimeout=1\n", .restart_is_cut = TRUE,
    .ignores_restart = TRUE, .outcome = CVM_OUTCOME_FAIL, .reason = "the guest did not restart: its boot id" },
  { "restart-ignored", .item = "Check=web.restart\npassword=image-web\nTimeout=1\n", .ignores_restart = TRUE,
    .outcome = CVM_OUTCOME_FAIL, .reason = "not within 1 s: the guest did not restart" },
  { "restart-message", .item = "Check=web.restart\npassword=image-web\n",
    .answer = { "GET /reboot/Reboot/rebootNow", 200, DONE },
    .outcome = CVM_OUTCOME_FAIL, .reason = "expected: “Rebooting now.”" },
  { "restart-errors", .item = "Check=web.restart\npassword=image-web\nerrors=true\n", .output = "an error\n",
    .outcome = CVM_OUTCOME_FAIL, .reason = "lines match" },
  { "group", .item = "Check=user.group\npassword=image-web\nuser=alice\ngroup=lhcb\n", .output = "lhcb\n",
    .seen = "cernvmUser=alice&cernvmUserGroup=lhcb&cernvmUserShell=%2Fbin%2Fbash&newpass1=&newpass2=\n" },
  { "group-ignored", .item = "Check=user.group\npassword=image-web\nuser=alice\ngroup=lhcb\nTimeout=1\n",
    .output = "alice\n", .outcome = CVM_OUTCOME_FAIL,
    .reason = "not within 1 s: alice is still in the group alice; expected: lhcb" },
};

/* The interface ------------------------------------------------------------------------------ */

static CvmHttpReply *
make_reply (guint       status,
            const char *body,
            const char *cookie,
            const char *location,
            gsize       max_body)
{
  CvmHttpReply *reply = cvm_http_reply_new ();
  GString *text = g_string_new (body);

  if (g_str_has_suffix (body, "*"))
    {
      g_string_truncate (text, 0);
      while (text->len < MIN ((gsize)HUGE, max_body))
        g_string_append_len (text, body, strlen (body) - 1);
      reply->is_cut = TRUE;
    }

  g_string_truncate (text, MIN (text->len, max_body));
  reply->status = status;
  reply->location = g_strdup (location);
  reply->body = g_string_free_to_bytes (text);
  g_strfreev (reply->set_cookies);
  reply->set_cookies = g_new0 (char *, 2);
  reply->set_cookies[0] = g_strdup (cookie);

  return reply;
}

static gboolean
has (const char *text,
     const char *part)
{
  return text != NULL && strstr (text, part) != NULL;
}

/* What an appliance would say to it */
static Answer
usual_answer (const CvmHttpRequest *request,
              const char           *act)
{
  if (g_str_equal (act, "GET /login"))
    return (Answer) { act, 200, PAGE ("login") };
  if (g_str_equal (act, "POST /login"))
    return (Answer) { act, 302, "", "session=abc; Path=/; HttpOnly", "/" };
  if (!has (request->cookies, "session=abc"))
    return (Answer) { act, 403, "" };
  if (has (act, "/configure/RootPw/") || has (act, "/ChangePassword/"))
    return (Answer) { act, has (request->cookies, "CSRF_TOKEN=t0") && has (request->form, "csrf_token=t0") ? 200 : 403,
                      has (act, "/RootPw/") ? DONE : "{\"message\": \"Password changed\", \"page\": \"changePassword\"}" };
  if (has (act, "GET /configure/RootPw"))
    return (Answer) { act, 200, PAGE ("x"), "CSRF_TOKEN=t0; Path=/configure/RootPw" };
  if (has (act, "GET /changepassword"))
    return (Answer) { act, 200, PAGE ("x"), "CSRF_TOKEN=t0; Path=/changepassword/ChangePassword" };
  if (has (act, "/reboot/"))
    return (Answer) { act, 200, "{\"message\": \"Rebooting now.\", \"errors\": [], \"schedId\": 3, \"x\": 1}" };

  return (Answer) { act, 200, has (act, "Update") && request->form != NULL ? DONE : PAGE ("home") };
}

static CvmHttpReply *
web (const CvmHttpRequest  *request,
     GError               **error)
{
  const char *path = strchr (request->uri + strlen ("http://"), '/');
  g_autofree char *act = g_strconcat (request->form != NULL ? "POST " : "GET ", path, NULL);
  Answer answer = current->answer;

  if (current->web_fails)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED, "reset");
      return NULL;
    }

  g_string_append_printf (requests, "%s %s %s%s%s\n", act, request->cookies != NULL ? request->cookies : "-",
                          request->referer != NULL ? request->referer : "-", request->form != NULL ? " " : "",
                          request->form != NULL ? request->form : "");
  if (answer.path == NULL || !g_str_equal (answer.path, act))
    answer = usual_answer (request, act);

  if (answer.status == 200 && !current->ignores_restart && (has (act, "/applyUpdate") || has (act, "/rebootNow")))
    g_atomic_int_inc (&cvm_fake_world.n_boots);

  if (current->restart_is_cut && (has (act, "/applyUpdate") || has (act, "/rebootNow")))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED, "cut");
      return NULL;
    }

  return make_reply (answer.status, answer.body, answer.cookie, answer.location, request->max_body);
}

static int
guest_exec (const char *command,
            const char *input,
            GString    *out,
            GString    *err)
{
  if (strstr (command, "boot_id") != NULL)
    g_string_printf (out, "00000000-%04d-4000-8000-000000000000\n", g_atomic_int_get (&cvm_fake_world.n_boots));
  else
    g_string_assign (out, current->output != NULL ? current->output : "");

  return 0;
}

/* Runs --------------------------------------------------------------------------------------- */

static void
write_file (const char *dir,
            const char *name,
            const char *text)
{
  g_autofree char *path = g_build_filename (dir, name, NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  g_assert_cmpint (g_chmod (path, 0600), ==, 0);
}

static CvmPlan *
make_plan (const char *dir,
           const char *item,
           const char *image_text)
{
  g_autofree char *suite_path = g_build_filename (dir, "test.suite", NULL);
  g_autofree char *image_path = g_build_filename (dir, "test.image", NULL);
  g_autofree char *text = g_strconcat (HEAD, item, NULL);
  g_autoptr(CvmPlan) plan = cvm_plan_new ();
  g_autoptr(CvmSuite) suite = NULL;
  g_autoptr(CvmSuite) resolved = NULL;
  g_autoptr(CvmImage) image = NULL;
  g_autoptr(GError) error = NULL;

  write_file (dir, "base.raw", "the base");
  write_file (dir, "key", "a key");
  write_file (dir, "first", FIRST "\n");
  write_file (dir, "test.suite", text);
  write_file (dir, "test.image", image_text != NULL ? image_text : KEY);
  suite = cvm_suite_load (suite_path, cvm_checks_lookup, &error);
  g_assert_no_error (error);
  resolved = cvm_suite_resolve (suite, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  image = cvm_image_load (image_path, &error);
  g_assert_no_error (error);
  cvm_plan_add_job (plan, image, "fake:///world", "qemu", resolved);

  return g_steal_pointer (&plan);
}

/* The value of a field of any form that was sent */
static char *
find_sent (const char *field)
{
  g_autofree char *pattern = g_strdup_printf ("[ &]%s=([^&\n]+)", field);
  g_autoptr(GRegex) regex = g_regex_new (pattern, 0, 0, NULL);
  g_autoptr(GMatchInfo) match = NULL;

  return g_regex_match (regex, requests->str, 0, &match) ? g_match_info_fetch (match, 1) : NULL;
}

/* None of the files of FOLDER has SECRET in it */
static void
assert_hidden (const char *folder,
               const char *secret)
{
  g_autoptr(GDir) dir = g_dir_open (folder, 0, NULL);

  for (const char *name = g_dir_read_name (dir); name != NULL; name = g_dir_read_name (dir))
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_autofree char *text = NULL;
      gsize len = 0;

      if (g_file_test (path, G_FILE_TEST_IS_DIR))
        assert_hidden (path, secret);
      else if (g_file_get_contents (path, &text, &len, NULL) && memmem (text, len, secret, strlen (secret)) != NULL)
        g_error ("%s has the password in it", path);
    }
}

static void
assert_no_secrets (const char *out)
{
  static const char *const fields[] = { "pwd1", "newpass1", "newpw" };

  assert_hidden (out, FIRST);
  for (gsize i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      g_autofree char *sent = find_sent (fields[i]);

      if (sent == NULL)
        continue;

      g_assert_cmpuint (strlen (sent), >=, 16);
      assert_hidden (out, sent);
    }
}

static void
assert_part (const char *text,
             const char *part)
{
  if (part != NULL && !has (text, part))
    g_error ("“%s” is not in “%s”", part, text != NULL ? text : "(null)");
}

/* The points of a run of ITEM; the caller's to look at while RUN lives */
static CvmRun *
run_item (const char *dir,
          const char *out,
          const char *item,
          const char *image)
{
  g_autoptr(CvmPlan) plan = make_plan (dir, item, image);
  g_autoptr(GError) error = NULL;
  CvmRun *run;

  cvm_test_home_clear ();
  cvm_fake_world = (CvmFakeWorld) { .dir = dir, .exec = guest_exec, .http = web };
  g_string_truncate (requests, 0);
  run = cvm_run_new (plan, cvm_fake_ports (), cvm_checks_find, out, &error);
  g_assert_no_error (error);
  cvm_run_start (run);
  while (!cvm_run_is_finished (run))
    g_main_context_iteration (NULL, TRUE);

  return run;
}

static void
test_row (gconstpointer data)
{
  const Row *row = data;
  g_autofree char *dir = g_dir_make_tmp ("cvm-web-XXXXXX", NULL);
  g_autofree char *out = g_build_filename (dir, "out", NULL);
  const CvmPoint *point;
  CvmRun *run;

  current = row;
  run = run_item (dir, out, row->item, row->image);
  point = cvm_result_job (cvm_run_get_result (run), 0)->points->pdata[1];
  if (point->outcome != row->outcome)
    g_test_message ("reason: %s\n%s", point->reason, requests->str);
  g_assert_cmpint (point->outcome, ==, row->outcome);
  assert_part (point->reason, row->reason);
  assert_part (requests->str, row->seen);
  assert_no_secrets (out);
  g_assert_finalize_object (run);
  cvm_test_remove_tree (dir);
}

/* What is made up for an account is what later cases log in with, and no two are alike */
static void
test_generated (void)
{
  static const Row row = { "generated" };
  g_autofree char *dir = g_dir_make_tmp ("cvm-web-XXXXXX", NULL);
  g_autofree char *out = g_build_filename (dir, "out", NULL);
  g_autofree char *admin = NULL;
  g_autofree char *user = NULL;
  g_autofree char *again = NULL;
  CvmRun *run;

  current = &row;
  run = run_item (dir, out, ALL "[Case again]\nCheck=web.login\npassword=generated\n"
                  "[Case file]\nCheck=web.login\npassword=file:first\n", NULL);
  g_assert_cmpuint (cvm_result_job (cvm_run_get_result (run), 0)->passed, ==, 4);
  admin = find_sent ("pwd1");
  user = find_sent ("newpass1");
  g_assert_cmpstr (admin, !=, user);
  again = g_strconcat ("user_name=admin&password=", admin, "&", NULL);
  assert_part (requests->str, again);
  assert_no_secrets (out);
  g_assert_finalize_object (run);
  cvm_test_remove_tree (dir);
}

/* An appliance that tells what it was sent: the reason shows asterisks */
static void
test_echoed (void)
{
  static const Row row = { "echoed", .answer = { "POST /cernvm/User/userUpdate", 200, "{\"message\": \"" FIRST "\"}" } };
  g_autofree char *dir = g_dir_make_tmp ("cvm-web-XXXXXX", NULL);
  g_autofree char *out = g_build_filename (dir, "out", NULL);
  const CvmPoint *point;
  CvmRun *run;

  current = &row;
  run = run_item (dir, out, ALL, NULL);
  point = cvm_result_job (cvm_run_get_result (run), 0)->points->pdata[1];
  assert_part (point->reason, "the appliance says '**************'; expected");
  assert_no_secrets (out);
  g_assert_finalize_object (run);
  cvm_test_remove_tree (dir);
}

int
main (int    argc,
      char **argv)
{
  int status;

  cvm_test_home_enter ();
  g_test_init (&argc, &argv, NULL);
  requests = g_string_new (NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strconcat ("/check/appliance/", rows[i].name, NULL);

      g_test_add_data_func (path, &rows[i], test_row);
    }
  g_test_add_func ("/check/appliance/generated-passwords", test_generated);
  g_test_add_func ("/check/appliance/echoed-password", test_echoed);
  status = cvm_test_home_run ();
  g_string_free (requests, TRUE);

  return status;
}
