/* cvm-check-cvmfs.c: the guest's CernVM file system
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <glib/gi18n.h>
#include <string.h>

#include "cvm-check-families.h"
#include "cvm-check-output.h"

#define REPOSITORY_MAX 255

#define PROCESS_COMMAND "pgrep -x %s 2> /dev/null || pidof %s"

/* Today's tool has an underscore and wants the repository's name */
#define CACHE_COMMAND "if command -v cvmfs-talk > /dev/null; then cvmfs-talk cache list; " \
                      "else cvmfs_talk -i %s cache list; fi 2>&1"

static const CvmParam automount_params[] = {
  { "repository", CVM_PARAM_STRING, NULL, N_("Repository below /cvmfs, such as alice.cern.ch") },
  { "user", CVM_PARAM_STRING, "", N_("Account to look as; empty: the image's own") },
  { NULL }
};

static const CvmParam cache_params[] = {
  { "repository", CVM_PARAM_STRING, NULL, N_("Repository below /cvmfs, such as alice.cern.ch") },
  { "restart", CVM_PARAM_STRING, "service cvmfs restart",
    N_("What restarts the file system, for the guest's shell as the image's user") },
  { NULL }
};

/* It goes into commands for the guest's shell */
static gboolean
is_repository (const char *name)
{
  return g_ascii_isalnum (*name) && strlen (name) <= REPOSITORY_MAX
         && strspn (name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_")
              == strlen (name);
}

static const char *
get_repository (CvmContext *context)
{
  const char *name = cvm_context_string (context, "repository");

  if (is_repository (name))
    return name;

  cvm_context_refuse (context, "“%s” is no repository's name: letters, digits, dots and dashes", name);

  return NULL;
}

/* Stripped and valid UTF-8; NULL with the error in the context */
static char *
run (CvmContext *context,
     CvmSsh     *ssh,
     const char *command,
     int        *status)
{
  g_autofree char *text = cvm_context_guest_output (context, ssh, command, status);

  return text != NULL ? g_utf8_make_valid (g_strstrip (text), -1) : NULL;
}

/* Its first CVM_CHECK_EXCERPT bytes are enough to know it by */
static gboolean
enter (CvmContext *context,
       CvmSsh     *ssh,
       const char *repository)
{
  g_autofree char *path = g_strconcat ("/cvmfs/", repository, NULL);
  g_autofree char *command = g_strdup_printf ("cd %s 2>&1 && pwd -P", path);
  g_autofree char *said = NULL;
  int status;

  cvm_context_waiting (context, "%s is mounted", path);
  said = run (context, ssh, command, &status);
  if (said == NULL)
    return FALSE;

  if (status != 0)
    return cvm_context_refuse (context, "%s could not be entered: %.200s", path, said);

  return g_str_equal (said, path)
         || cvm_context_refuse (context, "%s leads to “%.200s”", path, said);
}

static gboolean
find_process (CvmContext *context,
              CvmSsh     *ssh)
{
  g_autofree char *command = g_strdup_printf (PROCESS_COMMAND, "cvmfs2", "cvmfs2");
  g_autofree char *said = NULL;
  int status;

  said = run (context, ssh, command, &status);

  return said != NULL && (status == 0 || cvm_context_refuse (context, "no cvmfs2 process runs"));
}

static CvmOutcome
automount_run (CvmContext *context)
{
  const char *repository = get_repository (context);
  g_autoptr(CvmSsh) ssh = NULL;

  if (repository != NULL)
    ssh = cvm_context_ssh (context, cvm_context_string (context, "user"), NULL);

  return ssh != NULL && enter (context, ssh, repository) && find_process (context, ssh)
           ? CVM_OUTCOME_PASS : cvm_context_fail (context);
}

/* WHEN: "before" or "after" */
static gboolean
list_cache (CvmContext *context,
            CvmSsh     *ssh,
            const char *repository,
            const char *when)
{
  g_autofree char *command = g_strdup_printf (CACHE_COMMAND, repository);
  g_autofree char *name = g_strdup_printf ("cache-%s.log", when);
  g_autofree char *said = NULL;
  int status;

  said = run (context, ssh, command, &status);
  if (said == NULL)
    return FALSE;

  cvm_context_evidence (context, name, "text/plain", said, strlen (said));
  if (status != 0)
    return cvm_context_refuse (context, "the cache could not be listed %s the restart: status %d: "
                               "%.200s", when, status, said);

  return *said != '\0'
         || cvm_context_refuse (context, "the cache was empty %s the restart", when);
}

static gboolean
restart_service (CvmContext *context,
                 CvmSsh     *ssh)
{
  const char *restart = cvm_context_string (context, "restart");
  g_autofree char *command = g_strconcat ("{ ", restart, "; } 2>&1", NULL);
  g_autofree char *said = NULL;
  int status;

  cvm_context_waiting (context, "cvmfs restarts");
  said = run (context, ssh, command, &status);

  return said != NULL
         && (status == 0 || cvm_context_refuse (context, "“%s” ended with status %d: %.200s",
                                                restart, status, said));
}

static CvmOutcome
cache_run (CvmContext *context)
{
  const char *repository = get_repository (context);
  g_autoptr(CvmSsh) ssh = repository != NULL ? cvm_context_ssh (context, "", NULL) : NULL;

  return ssh != NULL && enter (context, ssh, repository)
         && list_cache (context, ssh, repository, "before") && restart_service (context, ssh)
         && enter (context, ssh, repository) && list_cache (context, ssh, repository, "after")
           ? CVM_OUTCOME_PASS : cvm_context_fail (context);
}

const CvmCheck cvm_check_cvmfs[] = {
  {
    { "cvmfs.automount", N_("A repository is mounted when it is looked at"),
      N_("Enters the repository below /cvmfs over ssh and passes when that is where it leads, "
         "and a cvmfs2 process runs."),
      automount_params, 2 * 60 * 1000 },
    automount_run
  },
  {
    { "cvmfs.cache", N_("The cache of the file system can be listed"),
      N_("Lists the cache of CernVM-FS over ssh, restarts the service, and lists it again."),
      cache_params, 3 * 60 * 1000 },
    cache_run
  },
  { { NULL } }
};
