/* cvm-cli-sweep.c: the verb sweep
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <glib/gi18n.h>

#include "cvm-cli-plan.h"
#include "cvm-cli-verbs.h"
#include "cvm-cli-worker.h"
#include "cvm-cli.h"
#include "cvm-sweep.h"
#include "cvm-wait.h"
#include "cvm-wiring.h"

#define LIMIT_MS (2 * 60 * 1000)

typedef struct
{
  const char *const *hosts;
  gboolean           is_dry_run;
  gboolean           is_clean;    /* nothing failed */
} Sweep;

static const char *const words[] = {
  [CVM_SWEPT_REMOVED] = N_("removed"),
  [CVM_SWEPT_WOULD_REMOVE] = N_("would remove"),
  [CVM_SWEPT_LEFT] = N_("left"),
  [CVM_SWEPT_FAILED] = N_("not removed"),
  [CVM_SWEPT_SETTLED] = N_("settled"),
};

/* In the worker */
static void
on_swept (CvmSwept    what,
          const char *kind,
          const char *name,
          const char *reason,
          gpointer    data)
{
  g_autofree char *shown = cvm_cli_clean (name);
  g_autofree char *why = reason != NULL ? cvm_cli_clean (reason) : NULL;

  cvm_cli_print ("%s %s %s%s%s\n", _(words[what]), kind, shown, why != NULL ? ": " : "",
                 why != NULL ? why : "");
}

static gboolean
work (gpointer       data,
      GCancellable  *cancellable,
      GError       **error)
{
  Sweep *self = data;

  self->is_clean = cvm_sweep (cvm_wiring_ports (), self->hosts, self->is_dry_run,
                              cvm_deadline_in_ms (LIMIT_MS), cancellable, on_swept, self);

  return !g_cancellable_set_error_if_cancelled (cancellable, error);
}

int
cvm_cli_sweep (int    argc,
               char **argv)
{
  g_autoptr(GError) error = NULL;
  g_auto(GStrv) hosts = NULL;
  g_auto(GStrv) uris = NULL;
  Sweep sweep = { 0 };
  const GOptionEntry entries[] = {
    { "host", 'H', 0, G_OPTION_ARG_STRING_ARRAY, &hosts,
      N_("Host to look at, by id or libvirt URI; may be given again; default: qemu:///session"),
      N_("HOST") },
    { "dry-run", 'n', 0, G_OPTION_ARG_NONE, &sweep.is_dry_run,
      N_("Only say what would be removed"), NULL },
    { NULL }
  };
  CvmCliSyntax syntax = {
    "cvmtester-cli sweep", NULL,
    _("Removes what a run that died has left on a host, and nothing else."),
    _("A run is dead when nobody holds the lock on its folder. What only has a name like ours is\n"
      "listed and left. Hosts that the dead runs' journals name are looked at too.\n"
      "Exit status: 0 all clean, 3 something could not be removed or looked at."),
    entries, 0, 0
  };

  if (!cvm_cli_parse (&syntax, &argc, &argv))
    return CVM_STATUS_USAGE;

  uris = cvm_cli_resolve_hosts (hosts, &error);
  if (uris == NULL)
    return cvm_cli_fail (error);

  sweep.hosts = (const char *const *)uris;
  if (!cvm_cli_work (work, &sweep, &error))
    return cvm_cli_fail (error);

  return sweep.is_clean ? CVM_STATUS_PASSED : CVM_STATUS_ENVIRONMENT;
}
