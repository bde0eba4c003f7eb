/* cvm-unpack.c: what lies in a download, as files of one folder
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-unpack-private.h"

#include <locale.h>
#include <string.h>

#include "cvm-wait.h"

void
cvm_unpack_progress (const CvmUnpacking *self)
{
  if (self->unpack->on_progress != NULL)
    self->unpack->on_progress (cvm_unpack_source_n_packed (self->source),
                               cvm_unpack_folder_n_bytes (self->folder), self->unpack->data);
}

/* "disk.img" of disk.img.gz */
static char *
plain_name (const CvmUnpacking *self)
{
  const char *name = self->unpack->name;
  g_autofree char *suffix = g_strconcat (".", cvm_unpack_source_name (self->source), NULL);
  gsize len = strlen (name);

  if (g_str_has_suffix (name, suffix) && len > strlen (suffix))
    len -= strlen (suffix);

  return g_strndup (name, len);
}

/* A disk that is not archived, perhaps packed */
static gboolean
unpack_plain (const CvmUnpacking  *self,
              GError             **error)
{
  g_autofree char *name = plain_name (self);
  const guint8 *bytes;
  guint64 offset = 0;
  gssize n;

  if (!cvm_unpack_folder_begin (self->folder, name, 0, error))
    return FALSE;

  while ((n = cvm_unpack_source_pull (self->source, &bytes, error)) > 0)
    {
      if (!cvm_unpack_folder_write (self->folder, offset, bytes, n,
                                    cvm_unpack_source_n_packed (self->source),
                                    error)
          || !cvm_deadline_check (self->deadline_us, self->cancellable, error))
        return FALSE;

      offset += n;
      cvm_unpack_progress (self);
    }

  return n == 0 && cvm_unpack_folder_end (self->folder, error);
}

static gboolean
refuse (const char  *how,
        const char  *packing,
        GError     **error)
{
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
               "it is packed %s (%s): unpack it by hand, and take the disk", how, packing);

  return FALSE;
}

static gboolean
unpack_by_head (const CvmUnpacking  *self,
                const guint8        *head,
                gsize                len,
                GError             **error)
{
  const char *name = cvm_packing_name (head, len);

  switch (cvm_packing_of (head, len))
    {
    case CVM_PACKING_TAR:
      return cvm_unpack_tar (self, error);

    case CVM_PACKING_NONE:
      if (len > 0)
        return unpack_plain (self, error);
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                   "there is nothing in it; fetch it again");
      return FALSE;

    case CVM_PACKING_ZIP:
      return !cvm_unpack_source_is_packed (self->source) ? cvm_unpack_zip (self, error)
                                                         : refuse ("twice", name, error);

    case CVM_PACKING_OTHER:
      return refuse ("in a way that is not known here", name, error);

    case CVM_PACKING_GZIP:
    case CVM_PACKING_BZIP2:
    case CVM_PACKING_XZ:
    case CVM_PACKING_ZSTD:
    default:
      return refuse ("twice", name, error);
    }
}

static GPtrArray *
run (const CvmUnpack  *unpack,
     gint64            deadline_us,
     GCancellable     *cancellable,
     GError          **error)
{
  g_autoptr(CvmUnpackFolder) folder = cvm_unpack_folder_new (unpack->dir, &unpack->limits, error);
  g_autoptr(CvmUnpackSource) source = cvm_unpack_source_new (unpack->packed, deadline_us,
                                                             cancellable);
  CvmUnpacking self = { unpack, source, folder, deadline_us, cancellable };
  const guint8 *head;
  gsize len;

  if (folder == NULL || !cvm_unpack_source_peek (source, &head, &len, error)
      || !unpack_by_head (&self, head, len, error))
    return NULL;

  return cvm_unpack_folder_keep (folder);
}

/* Libarchive turns names into the locale's characters, and has none for what that cannot say. Where
 * there is no such locale, the user's own is as good as it gets. */
GPtrArray *
cvm_unpack_run (const CvmUnpack  *unpack,
                gint64            deadline_us,
                GCancellable     *cancellable,
                GError          **error)
{
  locale_t utf8 = newlocale (LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
  locale_t before = utf8 != (locale_t)0 ? uselocale (utf8) : (locale_t)0;
  GPtrArray *files = run (unpack, deadline_us, cancellable, error);

  if (utf8 != (locale_t)0)
    {
      uselocale (before);
      freelocale (utf8);
    }

  return files;
}
