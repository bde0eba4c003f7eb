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

  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, _("nothing was typed"));

  return NULL;
}

static void
say (int         fd,
     const char *text)
{
  if (write (fd, text, strlen (text)) < 0)
    g_debug ("the terminal does not take it: %s", g_strerror (errno));
}

/* The terminal shows what is typed, or not */
static char *
ask (int            fd,
     const char    *question,
     gboolean       is_shown,
     gint64         deadline_us,
     GCancellable  *cancellable,
     GError       **error)
{
  struct termios usual, silent;
  char *answer;

  if (tcgetattr (fd, &usual) < 0)
    {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno),
                   _("the terminal cannot be asked: %s"), g_strerror (errno));
      return NULL;
    }

  silent = usual;
  if (!is_shown)
    silent.c_lflag &= ~(tcflag_t)ECHO;
  tcsetattr (fd, TCSAFLUSH, &silent);
  say (fd, question);
  answer = read_line (fd, deadline_us, cancellable, error);
  tcsetattr (fd, TCSAFLUSH, &usual);
  if (!is_shown)
    say (fd, "\n");

  return answer;
}

static GMutex one_at_a_time;

/* -1 with the error set where there is nobody to ask about PLACE */
static int
open_terminal (const char  *place,
               GError     **error)
{
  int fd = open ("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);

  if (fd < 0)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                 _("there is no terminal to ask for the password of %s; name a file of mode 0600 "
                   "instead"), place);

  return fd;
}

char *
cvm_cli_ask_password (const char    *account,
                      gint64         deadline_us,
                      GCancellable  *cancellable,
                      GError       **error)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&one_at_a_time);
  g_autofree char *question = g_strdup_printf (_("Password for %s: "), account);
  int fd = open_terminal (account, error);
  char *answer;

  if (fd < 0)
    return NULL;

  answer = ask (fd, question, FALSE, deadline_us, cancellable, error);
  close (fd);

  return answer;
}

static gboolean
ask_both (int            fd,
          CvmLogin      *login,
          GCancellable  *cancellable,
          GError       **error)
{
  g_autofree char *for_name = g_strdup_printf (_("Name on %s: "), login->place);
  g_autofree char *for_password = g_strdup_printf (_("Password for %s: "), login->place);

  if (login->complaint != NULL)
    {
      say (fd, login->complaint);
      say (fd, "\n");
    }

  if (!login->has_user)
    {
      g_free (login->user);
      login->user = ask (fd, for_name, TRUE, CVM_DEADLINE_NEVER, cancellable, error);
    }

  if (login->user != NULL || login->has_user)
    login->password = ask (fd, for_password, FALSE, CVM_DEADLINE_NEVER, cancellable, error);

  return login->password != NULL;
}

gboolean
cvm_cli_ask_login (CvmLogin      *login,
                   gpointer       data,
                   GCancellable  *cancellable,
                   GError       **error)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&one_at_a_time);
  int fd = open_terminal (login->place, error);
  gboolean is_answered;

  if (fd < 0)
    return FALSE;

  is_answered = ask_both (fd, login, cancellable, error);
  close (fd);

  return is_answered;
}
