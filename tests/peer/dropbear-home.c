/* dropbear-home.c: preloaded into dropbear, gives it an account that lives in a test's folder
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Dropbear looks for authorized_keys in the home of the account database, for the password in
 * /etc/shadow, and tells syslog who came. With this, a test run by anybody has a real sshd and
 * touches none of them. */
#include <pwd.h>
#include <stdlib.h>
#include <unistd.h>

struct spwd;

struct passwd *getpwnam (const char *name);
struct spwd   *getspnam (const char *name);
void           syslog (int priority, const char *format, ...);
void           __syslog_chk (int priority, int flag, const char *format, ...);

void
syslog (int         priority,
        const char *format,
        ...)
{
}

void
__syslog_chk (int         priority,
              int         flag,
              const char *format,
              ...)
{
}

struct spwd *
getspnam (const char *name)
{
  return NULL;
}

struct passwd *
getpwnam (const char *name)
{
  static struct passwd account;
  static char shell[] = "/bin/sh";
  static char nobody[] = "";

  account.pw_name = (char *)name;
  account.pw_passwd = getenv ("TEST_CRYPTED_PASSWORD");
  account.pw_uid = geteuid ();
  account.pw_gid = getegid ();
  account.pw_gecos = nobody;
  account.pw_dir = getenv ("TEST_HOME");
  account.pw_shell = shell;

  return &account;
}
