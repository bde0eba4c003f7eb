/* cvm-fake-checks.c: checks that do what their name says
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-fake-checks.h"

#include <string.h>

#include "cvm-wait.h"

static CvmOutcome
pass (CvmContext *context)
{
  cvm_context_detail (context, "colour", "green");

  return CVM_OUTCOME_PASS;
}

static CvmOutcome
fail (CvmContext *context)
{
  return cvm_context_fail_with (context, "as it was told");
}

static CvmOutcome
skip (CvmContext *context)
{
  return cvm_context_skip_with (context, "not here");
}

static CvmOutcome
pass_over (CvmContext *context)
{
  return cvm_context_pass_over (context, "others only");
}

static CvmOutcome
start (CvmContext *context)
{
  return cvm_context_start_guest (context) ? CVM_OUTCOME_PASS : cvm_context_fail (context);
}

static CvmOutcome
stop (CvmContext *context)
{
  return cvm_context_stop_guest (context, FALSE) ? CVM_OUTCOME_PASS : cvm_context_fail (context);
}

static CvmOutcome
switch_off (CvmContext *context)
{
  return cvm_context_stop_guest (context, TRUE) ? CVM_OUTCOME_PASS : cvm_context_fail (context);
}

static CvmOutcome
ssh (CvmContext *context)
{
  g_autoptr(CvmSsh) session = cvm_context_ssh (context, "", NULL);
  g_autofree char *output = NULL;
  int status;

  if (session != NULL)
    output = cvm_context_guest_output (context, session, "true", &status);
  if (output == NULL)
    return cvm_context_fail (context);

  cvm_context_detail (context, "output", "%s", output);

  return status == 0 ? CVM_OUTCOME_PASS : cvm_context_fail_with (context, "status %d", status);
}

static CvmOutcome
http (CvmContext *context)
{
  g_autoptr(CvmHttpReply) reply = cvm_context_http_get (context,
                                                        cvm_context_integer (context, "port"), "/");

  if (reply == NULL)
    return cvm_context_fail (context);

  return reply->status == 200 ? CVM_OUTCOME_PASS : cvm_context_fail_with (context, "status %u",
                                                                          reply->status);
}

static CvmOutcome
hang (CvmContext *context)
{
  cvm_context_waiting (context, "nothing");
  while (cvm_wait_ms (1000, cvm_context_get_deadline (context),
                      cvm_context_get_cancellable (context),
                      cvm_context_error (context)))
    ;

  return cvm_context_fail (context);
}

static CvmOutcome
tap (CvmContext *context)
{
  const char *text = cvm_context_string (context, "text");

  cvm_context_tap_feed (context, text, strlen (text));

  return cvm_context_tap_end (context, cvm_context_integer (context, "status"));
}

static CvmOutcome
tap_hang (CvmContext *context)
{
  const char *text = cvm_context_string (context, "text");

  cvm_context_tap_feed (context, text, strlen (text));

  return hang (context);
}

/* Points with diagnostics of 60 KiB each, far more than is kept */
static CvmOutcome
tap_flood (CvmContext *context)
{
  g_autofree char *noise = g_strnfill (60 * 1024, 'x');

  for (int i = 0; i < 400; i++)
    {
      g_autofree char *text = g_strdup_printf ("ok\n  ---\n  noise: %s\n  ...\n", noise);

      cvm_context_tap_feed (context, text, strlen (text));
    }

  cvm_context_tap_feed (context, "1..400\n", 7);

  return cvm_context_tap_end (context, 0);
}

static const CvmParam no_params[] = { { NULL } };
static const CvmParam http_params[] = { { "port", CVM_PARAM_INTEGER, "80", "", 1, 65535 }, { NULL } };
static const CvmParam tap_params[] = {
  { "text", CVM_PARAM_STRING, "", "" },
  { "status", CVM_PARAM_INTEGER, "0", "", 0, 255 },
  { NULL }
};

static const CvmCheck checks[] = {
  { { "fake.pass", "Passes", "", no_params, 10000 }, pass },
  { { "fake.fail", "Fails", "", no_params, 10000 }, fail },
  { { "fake.skip", "Skips", "", no_params, 10000 }, skip },
  { { "fake.pass-over", "Skips", "", no_params, 10000, .makes_guest = TRUE }, pass_over },
  { { "fake.start", "Starts", "", no_params, 60000, .makes_guest = TRUE }, start },
  { { "fake.stop", "Stops", "", no_params, 10000 }, stop },
  { { "fake.switch-off", "Switches off", "", no_params, 10000 }, switch_off },
  { { "fake.ssh", "Logs in", "", no_params, 10000 }, ssh },
  { { "fake.http", "Gets a page", "", http_params, 10000 }, http },
  { { "fake.hang", "Hangs", "", no_params, 60000 }, hang },
  { { "fake.tap", "Prints TAP", "", tap_params, 10000 }, tap },
  { { "fake.tap-hang", "Prints TAP and hangs", "", tap_params, 10000 }, tap_hang },
  { { "fake.tap-flood", "Prints too much TAP", "", no_params, 60000 }, tap_flood },
};

const CvmCheck *
cvm_fake_checks_find (const char *id)
{
  for (gsize i = 0; i < G_N_ELEMENTS (checks); i++)
    if (strcmp (checks[i].info.id, id) == 0)
      return &checks[i];

  return NULL;
}

const CvmCheckInfo *
cvm_fake_checks_lookup (const char *id)
{
  const CvmCheck *check = cvm_fake_checks_find (id);

  return check != NULL ? &check->info : NULL;
}
