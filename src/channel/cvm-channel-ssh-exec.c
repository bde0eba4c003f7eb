/* cvm-channel-ssh-exec.c: a command in the guest, its output as it arrives
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-channel-ssh-private.h"

#include <libssh/callbacks.h>

#define INPUT_BLOCK (32 * 1024)

typedef struct
{
  CvmOutputFunc  on_stdout;
  CvmOutputFunc  on_stderr;
  gpointer       data;

  const char    *input;
  gsize          input_left;
  gboolean       input_is_closed;

  int            exit_status;
  gboolean       is_closed;       /* by the guest: there will be no more of it */
} Exec;

static int
on_data (ssh_session  session,
         ssh_channel  channel,
         void        *bytes,
         uint32_t     len,
         int          is_stderr,
         void        *data)
{
  Exec *exec = data;
  CvmOutputFunc on_output = is_stderr ? exec->on_stderr : exec->on_stdout;

  if (on_output != NULL && len > 0)
    on_output (bytes, len, exec->data);

  return (int)len;
}

static int
on_unwanted_data (ssh_session  session,
                  ssh_channel  channel,
                  void        *bytes,
                  uint32_t     len,
                  int          is_stderr,
                  void        *data)
{
  return (int)len;
}

static void
on_exit_status (ssh_session  session,
                ssh_channel  channel,
                int          exit_status,
                void        *data)
{
  Exec *exec = data;

  exec->exit_status = exit_status >= 0 && exit_status <= 255 ? exit_status : 255;
}

static void
on_close (ssh_session  session,
          ssh_channel  channel,
          void        *data)
{
  Exec *exec = data;

  exec->is_closed = TRUE;
}

/* What still comes for a command that was given up goes nowhere. The channel itself stays until
 * its session is freed: libssh would keep the data of a freed one, as much as the guest sends. */
static void
abandon (ssh_channel           channel,
         ssh_channel_callbacks callbacks)
{
  static struct ssh_channel_callbacks_struct unwanted = {
    .size = sizeof unwanted,
    .channel_data_function = on_unwanted_data,
  };

  ssh_remove_channel_callbacks (channel, callbacks);
  ssh_set_channel_callbacks (channel, &unwanted);
  ssh_channel_close (channel);
}

static gboolean
start (const CvmSshWait  *wait,
       ssh_channel        channel,
       const char        *command,
       GError           **error)
{
  int rc;

  while ((rc = ssh_channel_open_session (channel)) == SSH_AGAIN)
    if (!cvm_channel_ssh_wait (wait, error))
      return FALSE;

  if (rc != SSH_OK)
    {
      cvm_channel_ssh_take (wait->session, "opening a channel for a command", error);
      return FALSE;
    }

  while ((rc = ssh_channel_request_exec (channel, command)) == SSH_AGAIN)
    if (!cvm_channel_ssh_wait (wait, error))
      return FALSE;

  if (rc != SSH_OK)
    cvm_channel_ssh_take (wait->session, "starting a command", error);

  return rc == SSH_OK;
}

/* As much of the input as the guest takes now, and the end of it */
static gboolean
feed (Exec         *exec,
      ssh_session   session,
      ssh_channel   channel,
      GError      **error)
{
  while (exec->input_left > 0 && ssh_channel_window_size (channel) > 0)
    {
      int n = ssh_channel_write (channel, exec->input, MIN (exec->input_left, INPUT_BLOCK));

      if (n < 0 && !exec->is_closed)
        {
          cvm_channel_ssh_take (session, "sending input to a command", error);
          return FALSE;
        }

      if (n <= 0)
        return TRUE;

      exec->input += n;
      exec->input_left -= n;
    }

  if (exec->input_left == 0 && !exec->input_is_closed)
    {
      exec->input_is_closed = TRUE;
      ssh_channel_send_eof (channel);
    }

  return TRUE;
}

static gboolean
run (Exec              *exec,
     const CvmSshWait  *wait,
     ssh_event          event,
     ssh_channel        channel,
     GError           **error)
{
  while (!exec->is_closed)
    {
      if (!feed (exec, wait->session, channel, error))
        return FALSE;

      if (exec->is_closed)
        break;

      if (!cvm_channel_ssh_wait (wait, error))
        {
          g_prefix_error (error, "a command was given up: ");
          return FALSE;
        }

      if (ssh_event_dopoll (event, 0) == SSH_ERROR || !ssh_is_connected (wait->session))
        {
          cvm_channel_ssh_take (wait->session, "a command ran", error);
          return FALSE;
        }
    }

  return TRUE;
}

gboolean
cvm_channel_ssh_exec (const CvmSshWait  *wait,
                      ssh_event          event,
                      const char        *command,
                      const char        *input,
                      gsize              input_len,
                      CvmOutputFunc      on_stdout,
                      CvmOutputFunc      on_stderr,
                      gpointer           data,
                      int               *exit_status,
                      GError           **error)
{
  Exec exec = { on_stdout, on_stderr, data, input, input != NULL ? input_len : 0,
                .exit_status = 255 };
  struct ssh_channel_callbacks_struct callbacks = {
    .userdata = &exec,
    .channel_data_function = on_data,
    .channel_exit_status_function = on_exit_status,
    .channel_close_function = on_close,
  };
  ssh_channel channel = ssh_channel_new (wait->session);

  if (channel == NULL)
    {
      cvm_channel_ssh_take (wait->session, "opening a channel for a command", error);
      return FALSE;
    }

  ssh_callbacks_init (&callbacks);
  ssh_set_channel_callbacks (channel, &callbacks);

  if (!start (wait, channel, command, error) || !run (&exec, wait, event, channel, error))
    {
      abandon (channel, &callbacks);
      return FALSE;
    }

  ssh_remove_channel_callbacks (channel, &callbacks);
  ssh_channel_free (channel);
  *exit_status = exec.exit_status;

  return TRUE;
}
