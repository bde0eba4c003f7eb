/* cvm-tapper-submit-attach.c: a stored report's attachments, one by one
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-tapper-submit-private.h"

#include <gio/gunixinputstream.h>

#include "cvm-file.h"
#include "cvm-tapper-api.h"
#include "cvm-tapper-confirm.h"
#include "cvm-tapper-error.h"
#include "cvm-wait.h"

#define COPIES_MAX 64   /* of one name that are looked through */

/* Connections that told no id: the server may have made empty reports of them, and names their
 * ports. What cannot be found is told of too, once. */

static const char *const lost_why = "the connection was lost before the server told an id";

static gboolean
take_port (GArray  *ports,
           guint16  port)
{
  for (guint i = 0; i < ports->len; i++)
    {
      if (g_array_index (ports, guint16, i) == port)
        {
          g_array_remove_index (ports, i);
          return TRUE;
        }
    }

  return FALSE;
}

static gboolean
name_found (CvmTapperSubmit  *self,
            GArray           *found,
            GError          **error)
{
  CvmSpoolEntry *entry = self->entry;

  for (guint i = 0; i < found->len; i++)
    {
      const CvmTapperLost *lost = &g_array_index (found, CvmTapperLost, i);

      if (!take_port (entry->lost_ports, lost->port))
        continue;

      if (!cvm_spool_save_orphan (self->spool, entry, lost->id, lost->port, lost_why, error))
        return FALSE;

      entry->n_orphans++;
    }

  return TRUE;
}

/* FALSE: the disk or a cancel */
static gboolean
name_lost (CvmTapperSubmit  *self,
           GError          **error)
{
  CvmSpoolEntry *entry = self->entry;
  GError *cause = NULL;
  g_autoptr(GArray) found = cvm_tapper_find_lost (entry->server, entry->report_id,
                                                  entry->lost_ports,
                                                  cvm_deadline_in_ms (self->limits->connect_ms),
                                                  self->cancellable, &cause);

  if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_propagate_error (error, cause);
      return FALSE;
    }

  if (found != NULL && !name_found (self, found, error))
    return FALSE;

  /* Where the server could be asked and knows none, it made none. */
  for (guint i = 0; cause != NULL && i < entry->lost_ports->len; i++)
    {
      if (!cvm_spool_save_orphan (self->spool, entry, 0,
                                  g_array_index (entry->lost_ports, guint16, i), lost_why, error))
        break;
      entry->n_orphans++;
    }

  g_clear_error (&cause);
  g_array_set_size (entry->lost_ports, 0);

  return cvm_spool_save (self->spool, entry, error);
}

/* Attachments */

static void
on_progress (guint64  done,
             gpointer data)
{
  CvmTapperSubmit *self = data;

  for (guint i = 0; i < self->entry->attachments->len; i++)
    {
      const CvmSpoolAttachment *item = g_ptr_array_index (self->entry->attachments, i);

      if (item->state == CVM_SPOOL_FILE_BEGUN)
        {
          cvm_tapper_submit_progress (self, item->name, done, item->size);
          return;
        }
    }
}

/* Whatever copies of the name the server has, one that is ours to the byte is enough: so a file
 * whose upload was cut off after its last byte is not sent twice. */
static gboolean
is_on_server (CvmTapperSubmit           *self,
              const CvmSpoolAttachment  *item,
              gboolean                  *is_there,
              GError                   **error)
{
  const CvmSpoolEntry *entry = self->entry;
  guint64 len = 1;

  *is_there = FALSE;
  for (guint i = 0; i < COPIES_MAX && len > 0 && !*is_there; i++)
    {
      g_autofree char *sha256 = NULL;

      if (!cvm_tapper_api_download (entry->server, entry->report_id, item->name, i, NULL,
                                    G_MAXUINT64, &len, &sha256, self->limits->idle_ms,
                                    self->cancellable, error))
        return FALSE;

      *is_there = len == item->size && g_str_equal (sha256, item->sha256);
    }

  return TRUE;
}

static gboolean
upload (CvmTapperSubmit           *self,
        const CvmSpoolAttachment  *item,
        GError                   **error)
{
  const CvmSpoolEntry *entry = self->entry;
  g_autofree char *folder = cvm_spool_entry_folder (self->spool, entry->number);
  g_autofree char *path = g_build_filename (folder, "attachments", item->name, NULL);
  g_autofree char *sha256 = cvm_file_sha256 (path, self->cancellable, error);
  g_autoptr(GInputStream) file = NULL;
  gboolean is_there;
  int fd;

  if (sha256 == NULL)
    return FALSE;

  if (!g_str_equal (sha256, item->sha256))
    {
      g_set_error (error, CVM_TAPPER_ERROR, CVM_TAPPER_ERROR_BROKEN,
                   "%s was changed since it entered the spool", path);
      return FALSE;
    }

  fd = cvm_file_open (path, error);
  if (fd < 0)
    return FALSE;

  file = g_unix_input_stream_new (fd, TRUE);
  if (!cvm_tapper_api_upload (entry->server, entry->report_id, item->name, item->type, file,
                              self->limits->idle_ms, on_progress, self, self->cancellable, error) ||
      !is_on_server (self, item, &is_there, error))
    return FALSE;

  if (is_there)
    return TRUE;

  g_set_error (error, CVM_TAPPER_ERROR, CVM_TAPPER_ERROR_DIFFERS,
               "%s does not come back from the server as it was sent", item->name);

  return FALSE;
}

/* *CAUSE: what the server did wrong; FALSE: the disk */
static gboolean
attach (CvmTapperSubmit     *self,
        CvmSpoolAttachment  *item,
        GError             **cause,
        GError             **error)
{
  gboolean is_there = FALSE;

  if (item->state == CVM_SPOOL_FILE_BEGUN)
    {
      if (!is_on_server (self, item, &is_there, cause))
        return TRUE;
    }
  else
    {
      item->state = CVM_SPOOL_FILE_BEGUN;
      if (!cvm_spool_save (self->spool, self->entry, error))
        return FALSE;
    }

  if (!is_there && !upload (self, item, cause))
    return TRUE;

  item->state = CVM_SPOOL_FILE_DONE;

  return cvm_tapper_submit_enter (self, CVM_SPOOL_STORED, error);
}

gboolean
cvm_tapper_submit_attach (CvmTapperSubmit  *self,
                          GError          **error)
{
  CvmSpoolEntry *entry = self->entry;

  if (entry->lost_ports->len > 0 && !name_lost (self, error))
    return FALSE;

  for (guint i = 0; i < entry->attachments->len; i++)
    {
      CvmSpoolAttachment *item = g_ptr_array_index (entry->attachments, i);
      GError *cause = NULL;

      if (item->state == CVM_SPOOL_FILE_DONE || item->state == CVM_SPOOL_FILE_EMPTY)
        continue;

      if (!attach (self, item, &cause, error))
        return FALSE;

      if (cause != NULL)
        return cvm_tapper_submit_later (self, CVM_SPOOL_STORED, CVM_TAPPER_SUBMIT_LATER, cause,
                                        error);
    }

  return cvm_tapper_submit_enter (self, CVM_SPOOL_DONE, error);
}
