/* cvm-cli-output.c: where what a verb makes goes: a file, whole or not at all, or standard output
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-cli-output.h"

#include <gio/gunixoutputstream.h>
#include <glib/gi18n.h>
#include <unistd.h>

#include "cvm-cli.h"

struct _CvmCliOutput
{
  char          *path;      /* NULL: standard output */
  GOutputStream *stream;
  GError        *error;     /* the first */
  gboolean       is_closed;
};

static gboolean
fail (CvmCliOutput *self)
{
  cvm_cli_message (_("%s cannot be written: %s"),
                   self->path != NULL ? self->path : _("standard output"), self->error->message);

  return FALSE;
}

CvmCliOutput *
cvm_cli_output_open (const char *path)
{
  g_autoptr(CvmCliOutput) self = g_new0 (CvmCliOutput, 1);
  g_autoptr(GFile) file = path != NULL ? g_file_new_for_path (path) : NULL;

  self->path = g_strdup (path);
  if (file == NULL)
    self->stream = g_unix_output_stream_new (STDOUT_FILENO, FALSE);
  else
    self->stream = G_OUTPUT_STREAM (g_file_replace (file, NULL, FALSE, G_FILE_CREATE_NONE, NULL,
                                                    &self->error));

  if (self->stream != NULL)
    return g_steal_pointer (&self);

  fail (self);

  return NULL;
}

void
cvm_cli_output_free (CvmCliOutput *self)
{
  if (self->stream != NULL && !self->is_closed)
    {
      g_autoptr(GCancellable) cancelled = g_cancellable_new ();

      g_cancellable_cancel (cancelled);   /* GIO then throws away what it would have put in place */
      g_output_stream_close (self->stream, cancelled, NULL);
    }

  g_clear_object (&self->stream);
  g_clear_error (&self->error);
  g_free (self->path);
  g_free (self);
}

void
cvm_cli_output_write (const char *bytes,
                      gsize       len,
                      gpointer    output)
{
  CvmCliOutput *self = output;

  if (self->error == NULL)
    g_output_stream_write_all (self->stream, bytes, len, NULL, NULL, &self->error);
}

GOutputStream *
cvm_cli_output_get_stream (CvmCliOutput *self)
{
  return self->stream;
}

gboolean
cvm_cli_output_close (CvmCliOutput *self)
{
  if (self->error != NULL)
    return fail (self);

  self->is_closed = TRUE;

  return g_output_stream_close (self->stream, NULL, &self->error) || fail (self);
}
