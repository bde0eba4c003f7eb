/* cvm-check-time.c: the guest's clock
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <glib/gi18n.h>

#include "cvm-check-families.h"
#include "cvm-param.h"

#define DAEMONS "chronyd ntpd ntpsec openntpd systemd-timesyncd VBoxService vmtoolsd"
#define DAEMONS_COMMAND \
  "for name in " DAEMONS "; do " \
  "pidof $name > /dev/null 2>&1 && echo $name; done; :"

static const CvmParam sync_params[] = {
  { "limit", CVM_PARAM_DURATION, "30s", N_("How far its clock may be from the host's") },
  { "daemon", CVM_PARAM_BOOLEAN, "false",
    N_("Whether a time daemon must run: chronyd, ntpd, systemd-timesyncd or a hypervisor's own") },
  { NULL }
};

/* FALSE with the error in the context, or with *SAID what the guest printed instead */
static gboolean
read_clock (CvmContext  *context,
            CvmSsh      *ssh,
            gint64      *difference_ms,
            char       **said)
{
  gint64 before = g_get_real_time ();
  g_autofree char *text = NULL;
  gint64 after, seconds;
  int status;

  text = cvm_context_guest_output (context, ssh, "date +%s", &status);
  after = g_get_real_time ();
  if (text == NULL)
    return FALSE;

  g_strstrip (text);
  if (status != 0 || !cvm_param_parse_integer (text, &seconds) || ABS (seconds) > G_MAXINT32 * 4LL)
    {
      *said = g_utf8_make_valid (text, -1);
      return FALSE;
    }

  /* date cuts the fraction off; half a second is what it was on average */
  *difference_ms = seconds * 1000 + 500 - (before + after) / 2000;
  return TRUE;
}

static char *
read_daemons (CvmContext *context,
              CvmSsh     *ssh)
{
  int status;
  char *text = cvm_context_guest_output (context, ssh, DAEMONS_COMMAND, &status);

  if (text == NULL)
    return NULL;

  g_strdelimit (g_strstrip (text), "\n", ' ');
  if (*text == '\0')
    {
      g_free (text);
      return g_strdup ("none");
    }

  return text;
}

static CvmOutcome
sync_run (CvmContext *context)
{
  gint64 limit_ms = cvm_context_duration_ms (context, "limit");
  g_autoptr(CvmSsh) ssh = cvm_context_ssh (context, "", NULL);
  g_autofree char *said = NULL;
  g_autofree char *daemons = NULL;
  gint64 difference_ms;
  gboolean has_daemon;

  if (ssh == NULL)
    return cvm_context_fail (context);

  if (!read_clock (context, ssh, &difference_ms, &said))
    return said == NULL ? cvm_context_fail (context)
                        : cvm_context_fail_with (context, "date +%%s printed “%s”", said);

  daemons = read_daemons (context, ssh);
  if (daemons == NULL)
    return cvm_context_fail (context);

  has_daemon = !g_str_equal (daemons, "none");
  cvm_context_detail (context, "difference", "%+.1f s", difference_ms / 1000.0);
  cvm_context_detail (context, "time daemon", "%s", daemons);
  if (ABS (difference_ms) <= limit_ms)
    return has_daemon || !cvm_context_boolean (context, "daemon")
             ? CVM_OUTCOME_PASS
             : cvm_context_fail_with (context, "the clock is right, but no time daemon runs to "
                                               "keep it so (looked for: " DAEMONS ")");

  return cvm_context_fail_with (context, "the guest's clock is %.1f s %s the host's; allowed: %s "
                                         "(time daemon: %s)",
                                ABS (difference_ms) / 1000.0,
                                difference_ms > 0 ? "ahead of" : "behind",
                                cvm_context_string (context, "limit"), daemons);
}

const CvmCheck cvm_check_time[] = {
  {
    { "time.sync", N_("The clock is right"),
      N_("Compares the guest's clock, read over ssh, with the host's at the middle of the call, "
         "and tells which time daemon runs there, or fails where none does and one must."),
      sync_params, 60 * 1000 },
    sync_run
  },
  { { NULL } }
};
