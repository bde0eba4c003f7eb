/* cvm-check-web.c: the guest's web pages
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <glib/gi18n.h>

#include "cvm-check-families.h"
#include "cvm-check-output.h"

static const CvmParam get_params[] = {
  { "port", CVM_PARAM_INTEGER, "80", N_("TCP port of the guest"), 1, 65535 },
  { "path", CVM_PARAM_STRING, "/", N_("What to ask for; begins with a slash") },
  { "status", CVM_PARAM_INTEGER, "200", N_("HTTP status that is expected"), 100, 599 },
  { "pattern", CVM_PARAM_PATTERN, "", N_("Pattern that the page must match") },
  { NULL }
};

static void
show_reply (CvmContext   *context,
            CvmHttpReply *reply)
{
  gsize len;
  const char *bytes = g_bytes_get_data (reply->body, &len);
  g_autofree char *excerpt = g_utf8_make_valid (len > 0 ? bytes : "", MIN (len, CVM_CHECK_EXCERPT));

  cvm_context_detail (context, "status", "%u", reply->status);
  if (reply->content_type != NULL)
    cvm_context_detail (context, "type", "%s", reply->content_type);
  cvm_context_detail (context, "length", "%s%" G_GSIZE_FORMAT,
                      reply->is_cut ? "more than " : "", len);
  cvm_context_detail (context, "page", "%s", g_strchomp (excerpt));
}

static CvmOutcome
judge_reply (CvmContext   *context,
             CvmHttpReply *reply)
{
  guint expected = (guint)cvm_context_integer (context, "status");
  g_autoptr(GRegex) pattern = cvm_context_pattern (context, "pattern");
  g_autoptr(GError) error = NULL;
  gsize len;
  const char *bytes = g_bytes_get_data (reply->body, &len);

  if (reply->status != expected)
    return cvm_context_fail_with (context, "HTTP status %u; expected: %u", reply->status, expected);

  if (cvm_check_output_matches (pattern, len > 0 ? bytes : "", len, &error))
    return CVM_OUTCOME_PASS;

  if (error != NULL)
    return cvm_context_fail_with (context, "the page could not be searched: %s", error->message);

  return cvm_context_fail_with (context, "the page does not match /%s/%s",
                                cvm_context_string (context, "pattern"),
                                reply->is_cut ? " in the part that was read" : "");
}

static CvmOutcome
get_run (CvmContext *context)
{
  guint16 port = (guint16)cvm_context_integer (context, "port");
  const char *path = cvm_context_string (context, "path");
  g_autoptr(CvmHttpReply) reply = NULL;
  CvmOutcome outcome;

  if (*path != '/')
    return cvm_context_fail_with (context, "path is “%s”; it must begin with a slash", path);

  reply = cvm_context_http_get (context, port, path);
  if (reply == NULL)
    return cvm_context_fail (context);

  outcome = judge_reply (context, reply);
  if (outcome != CVM_OUTCOME_PASS)
    show_reply (context, reply);

  return outcome;
}

const CvmCheck cvm_check_web[] = {
  {
    { "http.get", N_("Get a web page"),
      N_("Asks a port of the guest for a page, again while nothing answers, and passes when the "
         "HTTP status is the expected one and the page matches the pattern."),
      get_params, 60 * 1000 },
    get_run
  },
  { { NULL } }
};
