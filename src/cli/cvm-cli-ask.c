/* cvm-cli-ask.c: passwords that the user types
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-cli-ask.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "cvm-wait.h"

#define PASSWORD_MAX 1024   /* bytes */

/* A line as the terminal gives it: whole, after the enter key. NULL with the error set. */
static char *
read_line (int            fd,
           gint64         deadline_us,
           GCancellable  *cancellable,
           GError       **error)
{
  char line[PASSWORD_MAX + 1];
  gssize n;

  if (!cvm_wait_fd (fd, G_IO_IN, deadline_us, cancellable, error))
    return NULL;

  n = read (fd, line, PASSWORD_MAX);
  line[MAX (n, 0)] = '\0';
  line[strcspn (line, "\r\n")] = '\0';
  if (n > 0 && *line != '\0')
    {
      char *answer = g_strdup (line);

      explicit_bzero (line, sizeof line);
      return answer;
    }

  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, _("no password was typed"));

  return NULL;
}

static char *
ask (int            fd,
     const char    *account,
     gint64         deadline_us,
     GCancellable  *cancellable,
     GError       **error)
{
  g_autofree char *question = g_strdup_printf (_("Password for %s: "), account);
  struct termios usual, silent;
  char *answer;

  if (tcgetattr (fd, &usual) < 0)
    {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno),
                   _("the terminal cannot be asked: %s"), g_strerror (errno));
      return NULL;
    }

  silent = usual;
  silent.c_lflag &= ~(tcflag_t)ECHO;
  tcsetattr (fd, TCSAFLUSH, &silent);
  if (write (fd, question, strlen (question)) < 0)
    g_debug ("the question was not seen: %s", g_strerror (errno));
  answer = read_line (fd, deadline_us, cancellable, error);
  tcsetattr (fd, TCSAFLUSH, &usual);
  if (write (fd, "\n", 1) < 0)
    g_debug ("nor its end: %s", g_strerror (errno));

  return answer;
}

char *
cvm_cli_ask_password (const char    *account,
                      gint64         deadline_us,
                      GCancellable  *cancellable,
                      GError       **error)
{
  static GMutex one_at_a_time;
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&one_at_a_time);
  int fd = open ("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
  char *answer;

  if (fd < 0)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                   _("there is no terminal to ask for the password of %s; name a file of mode 0600 "
                     "instead"), account);
      return NULL;
    }

  answer = ask (fd, account, deadline_us, cancellable, error);
  close (fd);

  return answer;
}
