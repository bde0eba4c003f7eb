/* cvm-cli-tap-input.c: the streams that the verbs of TAP read
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A file of TAP is read in blocks as it comes, be it a pipe that never ends. An archive is read
 * twice, so one that comes from a pipe is put into a file without a name first. */
#include "cvm-cli-tap.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "cvm-cli.h"
#include "cvm-result-tap.h"

#define BLOCK     (256 * 1024)
#define PACKED_MAX (G_GUINT64_CONSTANT (1) << 30)   /* bytes of an archive that comes from a pipe */

struct _CvmCliTapInput
{
  char          *file;
  int            fd;
  gsize          len;       /* of the block that was read to see what it is */
  char          *block;
  GFileIOStream *copied;    /* an archive that came from a pipe */
  CvmTapArchive *archive;   /* NULL: a stream of TAP */
};

static gboolean
fail (CvmCliTapInput *self,
      const char     *why)
{
  g_autofree char *clean = cvm_cli_clean (why);

  cvm_cli_message (_("%s cannot be read: %s"), self->file, clean);

  return FALSE;
}

/* At least one byte but at the end; -1 after an error was told */
static gssize
read_some (CvmCliTapInput *self,
           char           *bytes,
           gsize           max)
{
  gssize n;

  do
    n = read (self->fd, bytes, max);
  while (n < 0 && errno == EINTR);

  if (n < 0)
    fail (self, g_strerror (errno));

  return n;
}

/* Enough to see an archive by, or all there is */
static gboolean
read_head (CvmCliTapInput *self)
{
  gssize n = 1;

  self->block = g_malloc (BLOCK);
  while (n > 0 && self->len < 512 && (self->len < 4 || cvm_tap_archive_detect (self->block, self->len) ||
                                      memchr (self->block, '\0', self->len) != NULL))
    {
      n = read_some (self, self->block + self->len, BLOCK - self->len);
      self->len += (gsize)MAX (n, 0);
    }

  return n >= 0;
}

static gboolean
copy (CvmCliTapInput  *self,
      GOutputStream   *out,
      GError         **error)
{
  guint64 total = 0;

  for (gssize n = (gssize)self->len; n > 0; n = read_some (self, self->block, BLOCK))
    {
      total += (guint64)n;
      if (total > PACKED_MAX)
        {
          g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE,
                               _("it is an archive of more than 1 GiB"));
          return FALSE;
        }

      if (!g_output_stream_write_all (out, self->block, (gsize)n, NULL, NULL, error))
        return FALSE;
    }

  return TRUE;
}

static GInputStream *
seekable (CvmCliTapInput  *self,
          GError         **error)
{
  g_autoptr(GFile) file = NULL;

  if (self->fd != STDIN_FILENO && lseek (self->fd, 0, SEEK_CUR) >= 0)
    {
      file = g_file_new_for_path (self->file);
      return G_INPUT_STREAM (g_file_read (file, NULL, error));
    }

  file = g_file_new_tmp ("cvmtester-XXXXXX.tgz", &self->copied, error);
  if (file == NULL)
    return NULL;

  g_file_delete (file, NULL, NULL);
  if (!copy (self, g_io_stream_get_output_stream (G_IO_STREAM (self->copied)), error))
    return NULL;

  return g_object_ref (g_io_stream_get_input_stream (G_IO_STREAM (self->copied)));
}

static gboolean
open_archive (CvmCliTapInput *self)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GInputStream) stream = seekable (self, &error);

  self->archive = stream != NULL ? cvm_tap_archive_new (stream, NULL, &error) : NULL;

  return self->archive != NULL || fail (self, error->message);
}

CvmCliTapInput *
cvm_cli_tap_input_open (const char *file)
{
  g_autoptr(CvmCliTapInput) self = g_new0 (CvmCliTapInput, 1);

  self->file = g_strdup (file);
  self->fd = g_str_equal (file, "-") ? STDIN_FILENO : g_open (file, O_RDONLY | O_CLOEXEC, 0);
  if (self->fd < 0)
    {
      fail (self, g_strerror (errno));
      return NULL;
    }

  if (!read_head (self) ||
      (cvm_tap_archive_detect (self->block, self->len) && !open_archive (self)))
    return NULL;

  return g_steal_pointer (&self);
}

void
cvm_cli_tap_input_free (CvmCliTapInput *self)
{
  if (self->fd > STDIN_FILENO)
    close (self->fd);
  g_clear_pointer (&self->archive, cvm_tap_archive_free);
  g_clear_object (&self->copied);
  g_free (self->block);
  g_free (self->file);
  g_free (self);
}

guint
cvm_cli_tap_input_n_streams (CvmCliTapInput *self)
{
  return self->archive != NULL ? cvm_tap_archive_n_members (self->archive) : 1;
}

const CvmTapMember *
cvm_cli_tap_input_member (CvmCliTapInput *self,
                          guint           index)
{
  return self->archive != NULL ? cvm_tap_archive_member (self->archive, index) : NULL;
}

char *
cvm_cli_tap_input_name (CvmCliTapInput *self,
                        guint           index)
{
  const CvmTapMember *member = cvm_cli_tap_input_member (self, index);

  return member != NULL ? g_strdup_printf ("%s:%s", self->file, member->name)
                        : g_strdup (self->file);
}

gboolean
cvm_cli_tap_input_read (CvmCliTapInput       *self,
                        CvmTapArchiveHandler  handler,
                        gpointer              data)
{
  g_autoptr(GError) error = NULL;
  gssize n;

  if (self->archive != NULL)
    return cvm_tap_archive_read (self->archive, handler, data, NULL, &error) ||
           fail (self, error->message);

  for (n = (gssize)self->len; n > 0; n = read_some (self, self->block, BLOCK))
    handler (0, self->block, (gsize)n, data);
  if (n == 0)
    handler (0, NULL, 0, data);

  return n == 0;
}

/* All of a file ------------------------------------------------------------------------------ */

static void
add_jobs (CvmCliTapInput *input,
          CvmResult      *result,
          const char     *title)
{
  for (guint i = 0; i < cvm_cli_tap_input_n_streams (input); i++)
    {
      const CvmTapMember *member = cvm_cli_tap_input_member (input, i);

      if (member != NULL)
        cvm_result_tap_add_job (result, member->name, member->start_us, member->end_us);
      else
        cvm_result_tap_add_job (result, title, 0, 0);
    }
}

CvmResult *
cvm_cli_tap_result (const char *file)
{
  g_autoptr(CvmCliTapInput) input = cvm_cli_tap_input_open (file);
  g_autoptr(CvmResult) result = cvm_result_new ();
  g_autofree char *title = g_str_equal (file, "-") ? g_strdup ("standard input")
                                                   : g_path_get_basename (file);
  g_auto(CvmResultTapStreams) streams = { .result = result };
  gboolean is_read;

  if (input == NULL)
    return NULL;

  add_jobs (input, result, title);
  is_read = cvm_cli_tap_input_read (input, cvm_result_tap_streams_take, &streams);
  cvm_result_tap_finish (result, title);

  return is_read ? g_steal_pointer (&result) : NULL;
}
