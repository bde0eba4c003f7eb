/* cvm-web-admin.c: the acts of an appliance's web interface (rPath appliance agent)
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-web-admin.h"

#include <string.h>

#include "cvm-json.h"
#include "cvm-text.h"

#define TITLE       "CernVM Software Appliance"
#define JSON_MAX    (64 * 1024)
#define SHOWN_MAX   200          /* bytes of a reply that an error shows */
#define COMPLETED   "Completed Successfully"

#define PROXY       "/configure/Proxy"
#define PASSWORD    "/changepassword/ChangePassword"
#define ROOT        "/configure/RootPw"
#define CONFIG      "/cernvm/Config"
#define USER        "/cernvm/User"
#define RESTART     "/reboot/Reboot/rebootNow"

static const struct
{
  const char *experiment, *repositories;
} experiments[] = {
  { "ALICE", "alice" },
  { "ATLAS", "atlas+atlas-condb,grid" },
  { "CMS", "cms+grid" },
  { "LHCB", "lhcb+grid" },
  { "LCD", "lcd+grid+sft" },
  { "NA61", "na61+sft" },
  { "HONE", "hone+sft+grid" },
  { "HEPSOFT", "hepsoft+sft" },
  { "BOSS", "boss" },
  { "GEANT4", "geant4+grid+sft" },
};

/* Replies ---------------------------------------------------------------------------------- */

/* NULL, too, where the error is in the context already */
static gboolean
check_status (CvmContext         *context,
              const CvmHttpReply *reply)
{
  if (reply == NULL)
    return FALSE;

  if (reply->status == 403)
    return cvm_context_refuse (context, "HTTP status 403: the appliance refused it");

  return reply->status == 200
         || cvm_context_refuse (context, "HTTP status %u; expected: 200", reply->status);
}

static char *
quote_start (const char *bytes,
             gsize       len)
{
  g_autofree char *start = g_strndup (bytes != NULL ? bytes : "", MIN (len, SHOWN_MAX));

  return cvm_text_quote (g_strstrip (start));
}

/* The text of the first title element, without the white space around it */
static char *
find_title (const char *html,
            gsize       len)
{
  const char *open = g_strstr_len (html, len, "<title>");
  const char *close;

  if (open == NULL)
    return NULL;

  open += strlen ("<title>");
  close = g_strstr_len (open, MIN (len - (open - html), 1024), "</title>");

  return close != NULL ? g_strstrip (g_strndup (open, close - open)) : NULL;
}

gboolean
cvm_web_admin_check_page (CvmContext         *context,
                          const CvmHttpReply *reply,
                          const char         *title,
                          const char         *mark)
{
  g_autofree char *found = NULL;
  g_autofree char *shown = NULL;
  const char *html;
  gsize len;

  if (!check_status (context, reply))
    return FALSE;

  html = g_bytes_get_data (reply->body, &len);
  found = len > 0 ? find_title (html, len) : NULL;
  if (found == NULL)
    return cvm_context_refuse (context, "the page has no title");

  shown = quote_start (found, strlen (found));
  if (!g_str_has_prefix (found, title))
    return cvm_context_refuse (context, "the page's title is %s; expected: %s", shown, title);

  return mark == NULL || g_strstr_len (html, len, mark) != NULL
         || cvm_context_refuse (context, "the page has no %s", mark);
}

/* What OBJECT names first as an error, if anything, in quotes. FALSE: it names none. */
static gboolean
find_error (JsonObject  *object,
            char       **shown)
{
  JsonNode *errors = json_object_get_member (object, "errors");
  JsonNode *first = NULL;

  if (errors == NULL)
    return FALSE;

  if (JSON_NODE_HOLDS_ARRAY (errors))
    {
      if (json_array_get_length (json_node_get_array (errors)) == 0)
        return FALSE;

      first = json_array_get_element (json_node_get_array (errors), 0);
    }

  *shown = cvm_text_quote (first != NULL && json_node_get_value_type (first) == G_TYPE_STRING
                             ? json_node_get_string (first) : "something that is no text");

  return TRUE;
}

/* Takes REPLY; the error that the appliance gives, where it gives one */
static gboolean
check_json (CvmContext   *context,
            CvmHttpReply *taken,
            const char   *expected)
{
  g_autoptr(CvmHttpReply) reply = taken;
  g_autoptr(JsonNode) node = NULL;
  g_autofree char *shown = NULL;
  g_autofree char *said = NULL;
  g_autofree char *error = NULL;
  JsonObject *object = NULL;
  const char *text, *message;
  gsize len;

  if (!check_status (context, reply))
    return FALSE;

  text = g_bytes_get_data (reply->body, &len);
  shown = quote_start (text, len);
  node = len > 0 ? cvm_json_parse (text, len, JSON_MAX, NULL) : NULL;
  if (node != NULL && JSON_NODE_HOLDS_OBJECT (node))
    object = json_node_get_object (node);
  if (object == NULL)
    return cvm_context_refuse (context, "the reply is no JSON object: %s", shown);

  message = cvm_json_string (object, "message", "");
  said = cvm_text_quote (message);
  if (find_error (object, &error))
    return cvm_context_refuse (context, "the appliance says %s, and as an error %s", said, error);

  return g_str_equal (message, expected)
         || cvm_context_refuse (context, "the appliance says %s; expected: “%s”", said, expected);
}

/* The token that came with PAGE, as a field of FORM */
static gboolean
add_token (CvmBrowser *browser,
           const char *page,
           GString    *form)
{
  CvmContext *context = cvm_browser_get_context (browser);
  g_autoptr(CvmHttpReply) reply = cvm_browser_get (browser, page);
  const char *token;

  if (!check_status (context, reply))
    return FALSE;

  token = cvm_browser_cookie (browser, page, "CSRF_TOKEN");
  if (token == NULL)
    return cvm_context_refuse (context, "%s came without a CSRF_TOKEN cookie", page);

  cvm_browser_form_add (form, "csrf_token", token);

  return TRUE;
}

/* Acts ------------------------------------------------------------------------------------- */

gboolean
cvm_web_admin_log_in (CvmBrowser *browser,
                      const char *user,
                      const char *password)
{
  CvmContext *context = cvm_browser_get_context (browser);
  g_autoptr(CvmBrowserForm) form = g_string_new (NULL);
  g_autoptr(CvmHttpReply) page = cvm_browser_get (browser, "/login");
  g_autoptr(CvmHttpReply) reply = NULL;

  if (!check_status (context, page))
    return FALSE;

  cvm_browser_form_add (form, "user_name", user);
  cvm_browser_form_add (form, "password", password);
  cvm_browser_form_add (form, "login", "Login");
  reply = cvm_browser_post (browser, "/login", "/login", form);
  if (!cvm_web_admin_check_page (context, reply, TITLE, NULL))
    return FALSE;

  /* some tell of a wrong password by the same page once more */
  return g_strstr_len (g_bytes_get_data (reply->body, NULL), g_bytes_get_size (reply->body),
                       "<body id=\"page-login\">") == NULL
         || cvm_context_refuse (context, "the login page came back: the password is not accepted");
}

gboolean
cvm_web_admin_set_proxy (CvmBrowser *browser,
                         const char *proxy)
{
  static const char *const rest[] = {
    "httpUser", "httpPass", "httpsUser", "httpsPass",
  };
  g_autoptr(CvmBrowserForm) form = g_string_new (NULL);
  g_autoptr(CvmHttpReply) reply = NULL;
  const char *colon = strrchr (proxy, ':');
  g_autofree char *host = colon != NULL ? g_strndup (proxy, colon - proxy) : g_strdup (proxy);
  const char *port = colon != NULL ? colon + 1 : "";

  cvm_browser_form_add (form, "httpProxy", host);
  cvm_browser_form_add (form, "httpPort", port);
  cvm_browser_form_add (form, "httpsProxy", host);
  cvm_browser_form_add (form, "httpsPort", port);
  for (gsize i = 0; i < G_N_ELEMENTS (rest); i++)
    cvm_browser_form_add (form, rest[i], "");

  reply = cvm_browser_post (browser, PROXY, PROXY "/saveProxy", form);

  return check_status (cvm_browser_get_context (browser), reply);
}

gboolean
cvm_web_admin_set_password (CvmBrowser *browser,
                            const char *password)
{
  g_autoptr(CvmBrowserForm) form = g_string_new (NULL);

  cvm_browser_form_add (form, "pwd1", password);
  cvm_browser_form_add (form, "pwd2", password);

  return add_token (browser, PASSWORD, form)
         && check_json (cvm_browser_get_context (browser),
                        cvm_browser_post (browser, PASSWORD, PASSWORD "/changePassword", form),
                        "Password changed");
}

gboolean
cvm_web_admin_set_root_password (CvmBrowser *browser,
                                 const char *current,
                                 const char *password)
{
  g_autoptr(CvmBrowserForm) form = g_string_new (NULL);

  cvm_browser_form_add (form, "newpw", password);
  cvm_browser_form_add (form, "newpw2", password);
  cvm_browser_form_add (form, "currentpw", current);

  return add_token (browser, ROOT, form)
         && check_json (cvm_browser_get_context (browser),
                        cvm_browser_post (browser, ROOT, ROOT "/changePass", form), COMPLETED);
}

gboolean
cvm_web_admin_set_desktop (CvmBrowser *browser,
                           const char *resolution,
                           const char *keyboard,
                           gboolean    starts_x)
{
  g_autoptr(CvmBrowserForm) form = g_string_new (NULL);

  cvm_browser_form_add (form, "cernvmEdition", "Desktop");
  cvm_browser_form_add (form, "cernvmScreenRes", resolution);
  cvm_browser_form_add (form, "cernvmKeyboard", keyboard);
  cvm_browser_form_add (form, "cernvmStartXDM", starts_x ? "on" : "off");

  return check_json (cvm_browser_get_context (browser),
                     cvm_browser_post (browser, CONFIG, CONFIG "/editionUpdate", form),
                     COMPLETED);
}

gboolean
cvm_web_admin_set_experiment (CvmBrowser *browser,
                              const char *experiment)
{
  g_autoptr(CvmBrowserForm) form = g_string_new (NULL);
  const char *repositories = "";

  for (gsize i = 0; i < G_N_ELEMENTS (experiments); i++)
    if (g_str_equal (experiments[i].experiment, experiment))
      repositories = experiments[i].repositories;

  cvm_browser_form_add (form, "cernvmOrganisation", experiment);
  cvm_browser_form_add (form, "cernvmRepositories", repositories);

  return check_json (cvm_browser_get_context (browser),
                     cvm_browser_post (browser, CONFIG, CONFIG "/repositoriesUpdate", form),
                     COMPLETED);
}

gboolean
cvm_web_admin_set_user (CvmBrowser *browser,
                        const char *user,
                        const char *group,
                        const char *password)
{
  g_autoptr(CvmBrowserForm) form = g_string_new (NULL);

  cvm_browser_form_add (form, "cernvmUser", user);
  cvm_browser_form_add (form, "cernvmUserGroup", group);
  cvm_browser_form_add (form, "cernvmUserShell", "/bin/bash");
  cvm_browser_form_add (form, "newpass1", password);
  cvm_browser_form_add (form, "newpass2", password);

  return check_json (cvm_browser_get_context (browser),
                     cvm_browser_post (browser, USER, USER "/userUpdate", form), COMPLETED);
}

/* A guest that goes down at once may not come to answer: whether it restarts is what tells */
static gboolean
is_unanswered (CvmContext *context)
{
  const GError *error = cvm_context_peek_error (context);

  if (error->domain != G_IO_ERROR || error->code == G_IO_ERROR_CANCELLED)
    return FALSE;

  cvm_context_log (context, "no answer to the restart: %s", error->message);

  return TRUE;
}

gboolean
cvm_web_admin_apply (CvmBrowser *browser)
{
  CvmContext *context = cvm_browser_get_context (browser);
  g_autoptr(CvmHttpReply) reply = cvm_browser_act (browser, CONFIG "/applyUpdate");

  return reply != NULL ? check_status (context, reply) : is_unanswered (context);
}

gboolean
cvm_web_admin_restart (CvmBrowser *browser)
{
  CvmContext *context = cvm_browser_get_context (browser);
  CvmHttpReply *reply = cvm_browser_act (browser, RESTART);

  return reply != NULL ? check_json (context, reply, "Rebooting now.") : is_unanswered (context);
}
