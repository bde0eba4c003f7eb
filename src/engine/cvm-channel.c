/* cvm-channel.c: the ports to what is in a guest
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-channel.h"

#include "cvm-file.h"

G_DEFINE_INTERFACE (CvmSsh, cvm_ssh, G_TYPE_OBJECT)
G_DEFINE_INTERFACE (CvmDisplay, cvm_display, G_TYPE_OBJECT)

static void
cvm_ssh_default_init (CvmSshInterface *iface)
{
}

static void
cvm_display_default_init (CvmDisplayInterface *iface)
{
}

gboolean
cvm_ssh_exec (CvmSsh         *self,
              const char     *command,
              const char     *input,
              gsize           input_len,
              CvmOutputFunc   on_stdout,
              CvmOutputFunc   on_stderr,
              gpointer        data,
              gint64          deadline_us,
              GCancellable   *cancellable,
              int            *exit_status,
              GError        **error)
{
  return CVM_SSH_GET_IFACE (self)->exec (self, command, input, input_len, on_stdout, on_stderr,
                                         data, deadline_us, cancellable, exit_status, error);
}

CvmHttpReply *
cvm_http_reply_new (void)
{
  CvmHttpReply *self = g_new0 (CvmHttpReply, 1);

  self->set_cookies = g_new0 (char *, 1);

  return self;
}

void
cvm_http_reply_free (CvmHttpReply *self)
{
  g_free (self->content_type);
  g_free (self->location);
  g_strfreev (self->set_cookies);
  g_clear_pointer (&self->body, g_bytes_unref);
  g_free (self);
}

gboolean
cvm_display_wait_frame (CvmDisplay    *self,
                        guint64        after,
                        guint64       *frame,
                        gint64         deadline_us,
                        GCancellable  *cancellable,
                        GError       **error)
{
  return CVM_DISPLAY_GET_IFACE (self)->wait_frame (self, after, frame, deadline_us, cancellable,
                                                   error);
}

GBytes *
cvm_display_dup_png (CvmDisplay  *self,
                     GError     **error)
{
  return CVM_DISPLAY_GET_IFACE (self)->dup_png (self, error);
}

gboolean
cvm_display_save_png (CvmDisplay  *self,
                      const char  *path,
                      GError     **error)
{
  g_autoptr(GBytes) png = cvm_display_dup_png (self, error);

  return png != NULL
         && cvm_file_write (path, g_bytes_get_data (png, NULL), g_bytes_get_size (png), 0644, error);
}

gboolean
cvm_display_type_text (CvmDisplay    *self,
                       const char    *text,
                       gint64         deadline_us,
                       GCancellable  *cancellable,
                       GError       **error)
{
  return CVM_DISPLAY_GET_IFACE (self)->type_text (self, text, deadline_us, cancellable, error);
}
