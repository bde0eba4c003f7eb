/* cvm-check-appliance.c: an appliance that is set up through its web interface
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <glib/gi18n.h>

#include "cvm-check-account.h"
#include "cvm-check-boot.h"
#include "cvm-check-families.h"
#include "cvm-check-restart.h"
#include "cvm-wait.h"
#include "cvm-web-admin.h"

#define TRY_AGAIN_MS 300
#define KEEP         "keep"   /* a choice that leaves a setting as it is */

#define PORT_PARAM \
  { "port", CVM_PARAM_INTEGER, "8004", N_("TCP port of the web interface"), 1, 65535 }

/* Who logs in to the web interface */
#define ADMIN_PARAMS(password) \
  PORT_PARAM, \
  { "admin", CVM_PARAM_STRING, "admin", N_("Account of the web interface") }, \
  { "password", CVM_PARAM_PASSWORD, password, N_("Where its password comes from") }

/* As the appliance takes names of users and groups */
#define USER_FORM(or_empty) \
  .form = or_empty "[A-Za-z]{1,31}", .form_help = N_("1 to 31 letters")

#define GROUP_PARAM \
  { "group", CVM_PARAM_STRING, "", N_("Its group; empty: one of its own name"), USER_FORM ("|") }

static const CvmParam present_params[] = {
  PORT_PARAM,
  { "title", CVM_PARAM_STRING, "CernVM Software Appliance", N_("How the page's title begins") },
  { "mark", CVM_PARAM_STRING, "<body id=\"page-login\">", N_("What the page must have in it") },
  { "start", CVM_PARAM_BOOLEAN, "false", N_("Whether to start the guest first if it is off") },
  { NULL }
};

static const CvmParam login_params[] = {
  ADMIN_PARAMS ("image-web"),
  { NULL }
};

static const CvmParam configure_params[] = {
  ADMIN_PARAMS ("image-web"),
  { "proxy", CVM_PARAM_STRING, KEEP, N_("HOST:PORT; “none”: without one; “keep”: as it is"),
    .form = "none|keep|[^:/\\s]+:[0-9]{1,5}", .form_help = N_("none, keep, or HOST:PORT") },
  { "admin-password", CVM_PARAM_PASSWORD, "",
    N_("Where the web account's new password comes from; empty: as it is") },
  { "user", CVM_PARAM_STRING, "", N_("User to make; empty: none"), USER_FORM ("|") },
  GROUP_PARAM,
  { "user-password", CVM_PARAM_PASSWORD, "generated", N_("Where the user's password comes from") },
  { "resolution", CVM_PARAM_CHOICE, KEEP, N_("Resolution of the desktop; “keep”: as it is"),
    .choices = "keep;640x480;800x600;1024x768;1152x864;1280x720;1280x800;1280x960;1280x1024;"
               "1440x900;1400x1050;1600x1024;1680x1050" },
  { "keyboard", CVM_PARAM_STRING, "us", N_("Keyboard of the desktop"),
    .form = "[A-Za-z0-9_-]{2,20}",
    .form_help = N_("2 to 20 letters, digits, - and _") },
  { "start-x", CVM_PARAM_BOOLEAN, "true", N_("Whether the desktop starts at boot") },
  { "experiment", CVM_PARAM_CHOICE, KEEP, N_("Experiment to serve; “keep”: as it is"),
    .choices = "keep;" CVM_WEB_EXPERIMENTS },
  { "apply", CVM_PARAM_BOOLEAN, "true",
    N_("Whether to apply it at the end and wait for the restart that follows") },
  { NULL }
};

static const CvmParam user_params[] = {
  ADMIN_PARAMS ("generated"),
  { "user", CVM_PARAM_STRING, NULL, N_("User to make"), USER_FORM ("") },
  GROUP_PARAM,
  { "user-password", CVM_PARAM_PASSWORD, "generated", N_("Where the user's password comes from") },
  { NULL }
};

static const CvmParam root_params[] = {
  ADMIN_PARAMS ("generated"),
  { "current", CVM_PARAM_PASSWORD, "",
    N_("Where root's present password comes from; empty: it has none") },
  { "root-password", CVM_PARAM_PASSWORD, "generated", N_("Where root's new password comes from") },
  { NULL }
};

static const CvmParam restart_params[] = {
  ADMIN_PARAMS ("generated"),
  { "errors", CVM_PARAM_BOOLEAN, "false",
    N_("Whether the logs of the new boot must be free of errors, as boot.errors looks for them") },
  CVM_CHECK_BOOT_PARAMS,
  { NULL }
};

static const CvmParam group_params[] = {
  ADMIN_PARAMS ("generated"),
  { "user", CVM_PARAM_STRING, NULL, N_("User whose group is changed") },
  { "group", CVM_PARAM_STRING, NULL, N_("Its new group"), USER_FORM ("") },
  { NULL }
};

static CvmBrowser *
open_browser (CvmContext *context)
{
  return cvm_browser_new (context, (guint16)cvm_context_integer (context, "port"));
}

/* NULL with the error in the context */
static CvmBrowser *
log_in (CvmContext *context)
{
  const char *admin = cvm_context_string (context, "admin");
  g_autofree char *account = cvm_check_web_account (admin);
  const char *password = cvm_context_password (context, account,
                                               cvm_context_string (context, "password"));
  g_autofree char *step = g_strconcat ("login as ", admin, NULL);
  g_autoptr(CvmBrowser) browser = open_browser (context);

  if (password == NULL)
    return NULL;

  if (cvm_web_admin_log_in (browser, admin, password))
    return g_steal_pointer (&browser);

  cvm_context_blame (context, step);

  return NULL;
}

static CvmOutcome
present_run (CvmContext *context)
{
  const char *mark = cvm_context_string (context, "mark");
  g_autoptr(CvmBrowser) browser = NULL;
  g_autoptr(CvmHttpReply) reply = NULL;

  if (cvm_context_boolean (context, "start") && cvm_context_guest (context) == NULL
      && !cvm_context_start_guest (context))
    return cvm_context_fail (context);

  browser = open_browser (context);
  reply = cvm_browser_get (browser, "/login");

  return cvm_web_admin_check_page (context, reply, cvm_context_string (context, "title"),
                                   *mark != '\0' ? mark : NULL)
           ? CVM_OUTCOME_PASS : cvm_context_fail (context);
}

static CvmOutcome
login_run (CvmContext *context)
{
  g_autoptr(CvmBrowser) browser = log_in (context);

  return browser != NULL ? CVM_OUTCOME_PASS : cvm_context_fail (context);
}

/* Steps: TRUE where there is nothing to be done ---------------------------------------------- */

static gboolean
set_proxy (CvmContext *context,
           CvmBrowser *browser)
{
  const char *proxy = cvm_context_string (context, "proxy");

  return g_str_equal (proxy, KEEP)
         || cvm_web_admin_set_proxy (browser, g_str_equal (proxy, "none") ? "" : proxy);
}

static gboolean
set_admin_password (CvmContext *context,
                    CvmBrowser *browser)
{
  const char *reference = cvm_context_string (context, "admin-password");
  g_autofree char *account = cvm_check_web_account (cvm_context_string (context, "admin"));
  const char *password;

  if (*reference == '\0')
    return TRUE;

  password = cvm_context_password (context, account, reference);

  return password != NULL && cvm_web_admin_set_password (browser, password);
}

static gboolean
set_user (CvmContext *context,
          CvmBrowser *browser)
{
  const char *user = cvm_context_string (context, "user");
  const char *group = cvm_context_string (context, "group");
  g_autofree char *account = cvm_check_account (context, user);
  const char *password;

  if (*user == '\0')
    return TRUE;

  password = cvm_context_password (context, account, cvm_context_string (context, "user-password"));

  return password != NULL
         && cvm_web_admin_set_user (browser, user, *group != '\0' ? group : user, password);
}

static gboolean
set_desktop (CvmContext *context,
             CvmBrowser *browser)
{
  const char *resolution = cvm_context_string (context, "resolution");

  return g_str_equal (resolution, KEEP)
         || cvm_web_admin_set_desktop (browser, resolution,
                                       cvm_context_string (context, "keyboard"),
                                       cvm_context_boolean (context, "start-x"));
}

static gboolean
set_experiment (CvmContext *context,
                CvmBrowser *browser)
{
  const char *experiment = cvm_context_string (context, "experiment");

  return g_str_equal (experiment, KEEP) || cvm_web_admin_set_experiment (browser, experiment);
}

/* An interface that is back answers its login page */
static gboolean
await_interface (CvmContext *context)
{
  g_autoptr(CvmBrowser) browser = open_browser (context);
  g_autoptr(CvmHttpReply) reply = cvm_browser_get (browser, "/login");

  return reply != NULL;
}

static gboolean
restart_by (CvmContext *context,
            CvmBrowser *browser,
            gboolean  (*ask) (CvmBrowser *browser))
{
  g_auto(CvmCheckRestart) restart = { NULL };

  return cvm_check_restart_begin (context, &restart) && ask (browser)
         && cvm_check_restart_await (context, &restart) && await_interface (context);
}

static gboolean
apply (CvmContext *context,
       CvmBrowser *browser)
{
  return !cvm_context_boolean (context, "apply")
         || restart_by (context, browser, cvm_web_admin_apply);
}

static CvmOutcome
configure_run (CvmContext *context)
{
  static const struct
  {
    const char *name;
    gboolean  (*run) (CvmContext *context, CvmBrowser *browser);
  } steps[] = {
    { "proxy", set_proxy },
    { "admin password", set_admin_password },
    { "user", set_user },
    { "desktop", set_desktop },
    { "experiment", set_experiment },
    { "apply", apply },
  };
  g_autoptr(CvmBrowser) browser = log_in (context);

  for (gsize i = 0; browser != NULL && i < G_N_ELEMENTS (steps); i++)
    {
      if (steps[i].run (context, browser))
        continue;

      cvm_context_blame (context, steps[i].name);
      return cvm_context_fail (context);
    }

  return browser != NULL ? CVM_OUTCOME_PASS : cvm_context_fail (context);
}

static CvmOutcome
user_run (CvmContext *context)
{
  g_autoptr(CvmBrowser) browser = log_in (context);

  return browser != NULL && set_user (context, browser) ? CVM_OUTCOME_PASS
                                                        : cvm_context_fail (context);
}

static CvmOutcome
root_run (CvmContext *context)
{
  const char *reference = cvm_context_string (context, "current");
  const char *current = "";
  const char *password = NULL;
  g_autoptr(CvmBrowser) browser = NULL;

  if (*reference != '\0')
    current = cvm_context_password (context, "root's present one", reference);
  if (current != NULL)
    password = cvm_context_password (context, "guest root",
                                     cvm_context_string (context, "root-password"));
  if (password != NULL)
    browser = log_in (context);

  return browser != NULL && cvm_web_admin_set_root_password (browser, current, password)
           ? CVM_OUTCOME_PASS : cvm_context_fail (context);
}

static CvmOutcome
restart_run (CvmContext *context)
{
  g_autoptr(CvmBrowser) browser = log_in (context);

  if (browser == NULL || !restart_by (context, browser, cvm_web_admin_restart))
    return cvm_context_fail (context);

  return cvm_context_boolean (context, "errors") ? cvm_check_boot_judge (context)
                                                 : CVM_OUTCOME_PASS;
}

/* Groups ------------------------------------------------------------------------------------ */

/* The interface may do what it was asked to a moment later */
static CvmOutcome
await_group (CvmContext *context,
             CvmSsh     *ssh,
             const char *user,
             const char *group)
{
  g_autofree char *quoted = g_shell_quote (user);
  g_autofree char *command = g_strconcat ("id -gn ", quoted, " 2>&1", NULL);

  cvm_context_waiting (context, "%s is in the group %s", user, group);
  for (;;)
    {
      int status;
      g_autofree char *text = cvm_context_guest_output (context, ssh, command, &status);
      g_autofree char *said = NULL;
      g_autofree char *blame = NULL;

      if (text == NULL)
        return cvm_context_fail (context);

      said = g_utf8_make_valid (g_strstrip (text), -1);
      if (status == 0 && g_str_equal (said, group))
        return CVM_OUTCOME_PASS;

      if (status != 0)
        return cvm_context_fail_with (context, "id ended with status %d: %s", status, said);

      if (cvm_wait_ms (TRY_AGAIN_MS, cvm_context_get_deadline (context),
                       cvm_context_get_cancellable (context), cvm_context_error (context)))
        continue;

      blame = g_strdup_printf ("%s is still in the group %s; expected: %s", user, said, group);
      cvm_context_blame (context, blame);
      return cvm_context_fail (context);
    }
}

static CvmOutcome
group_run (CvmContext *context)
{
  const char *user = cvm_context_string (context, "user");
  const char *group = cvm_context_string (context, "group");
  g_autoptr(CvmBrowser) browser = log_in (context);
  g_autoptr(CvmSsh) ssh = NULL;

  if (browser == NULL || !cvm_web_admin_set_user (browser, user, group, ""))
    return cvm_context_fail (context);

  ssh = cvm_context_ssh (context, "", NULL);

  return ssh != NULL ? await_group (context, ssh, user, group) : cvm_context_fail (context);
}

const CvmCheck cvm_check_appliance[] = {
  {
    { "web.present", N_("The web interface answers"),
      N_("Asks for the login page of the appliance's web interface, again while nothing answers, "
         "and passes when its title and what is in it are those of the appliance."),
      present_params, 2 * 60 * 1000 },
    present_run
  },
  {
    { "web.login", N_("Log in to the web interface"),
      N_("Logs in to the appliance's web interface and passes when that leads to one of the "
         "appliance's own pages. A generated password is that of an earlier case of the job."),
      login_params, 60 * 1000 },
    login_run
  },
  {
    { "web.configure", N_("Configure the appliance"),
      N_("Sets the appliance up through its web interface: proxy, the interface's password, a "
         "user, desktop and experiment, each only if it is given. Then applies it, and waits "
         "until the guest has restarted and the interface answers again. A failure names its "
         "step."),
      configure_params, 10 * 60 * 1000 },
    configure_run
  },
  {
    { "web.create-user", N_("Make a user through the web interface"),
      N_("Makes a user with a password and a group; whether it can log in is for ssh.login to "
         "see."),
      user_params, 60 * 1000 },
    user_run
  },
  {
    { "web.root-password", N_("Set root's password through the web interface"),
      N_("Sets the password of root; whether it is taken is for ssh.login or ssh.enable-key to "
         "see."),
      root_params, 60 * 1000 },
    root_run
  },
  {
    { "web.restart", N_("Restart through the web interface"),
      N_("Asks the web interface for a restart and waits until the guest is back: its console "
         "says the image's Ready again, its boot id is a new one, each where there is one, and "
         "the interface answers."),
      restart_params, 5 * 60 * 1000 },
    restart_run
  },
  {
    { "user.group", N_("Change a user's group"),
      N_("Changes the group of a user through the web interface and waits until the guest, asked "
         "over ssh as the image's user, says so."),
      group_params, 60 * 1000 },
    group_run
  },
  { { NULL } }
};
