/* cvm-tap-archive.c: reads TAP archives
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-tap-archive-private.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <string.h>

struct _CvmTapArchive
{
  GInputStream *stream;
  GPtrArray    *members;   /* of CvmTapMember */
  gint64        start_us;
  gint64        stop_us;
};

/* One pass over the archive */
typedef struct
{
  CvmTapUnzip          *unzip;      /* of a tar */
  CvmTapZip            *zip;        /* or the zip */
  struct archive       *tar;
  GError               *error;      /* of the unzip; libarchive's own is told by fail () */

  GPtrArray            *members;    /* the first pass collects them … */
  GHashTable           *names;      /* name → index + 1; also those that are no tests */
  GString              *meta;       /* NULL: there is none */

  CvmTapArchiveHandler  handler;    /* … the second gives them */
  gpointer              data;
  GHashTable           *given;      /* indices + 1 */
} Pass;

typedef gboolean (*OnEntry) (Pass        *self,
                             const char  *name,
                             GError     **error);

CvmTapMember *
cvm_tap_member_new (const char *name)
{
  CvmTapMember *self = g_new0 (CvmTapMember, 1);

  self->name = g_strdup (name);

  return self;
}

void
cvm_tap_member_free (CvmTapMember *self)
{
  g_free (self->name);
  g_free (self);
}

char *
cvm_tap_archive_clean_name (const char *name)
{
  g_auto(GStrv) parts = NULL;
  g_autoptr(GString) clean = g_string_new (NULL);

  if (strlen (name) > CVM_TAP_ARCHIVE_NAME_MAX || !g_utf8_validate (name, -1, NULL))
    return NULL;

  parts = g_strsplit (name, "/", -1);
  for (gsize i = 0; parts[i] != NULL; i++)
    {
      if (g_str_equal (parts[i], ".."))
        return NULL;

      if (*parts[i] != '\0' && !g_str_equal (parts[i], "."))
        g_string_append_printf (clean, "%s%s", clean->len > 0 ? "/" : "", parts[i]);
    }

  return clean->len > 0 ? g_string_free (g_steal_pointer (&clean), FALSE) : NULL;
}

/* A pass ------------------------------------------------------------------------------------- */

static la_ssize_t
on_read (struct archive *tar,
         void           *data,
         const void    **buffer)
{
  Pass *self = data;
  const char *bytes = NULL;
  gssize n = self->zip != NULL ? cvm_tap_zip_next (self->zip, &bytes, &self->error)
                               : cvm_tap_unzip_next (self->unzip, &bytes, &self->error);

  *buffer = bytes;
  if (n < 0)
    archive_set_error (tar, EIO, "unzip");

  return n;
}

static la_int64_t
on_seek (struct archive *tar,
         void           *data,
         la_int64_t      offset,
         int             whence)
{
  Pass *self = data;
  GSeekType type = whence == SEEK_END ? G_SEEK_END : whence == SEEK_CUR ? G_SEEK_CUR : G_SEEK_SET;

  return cvm_tap_zip_seek (self->zip, offset, type, NULL);
}

static gboolean
fail (Pass    *self,
      GError **error)
{
  if (self->error != NULL)
    g_propagate_error (error, g_steal_pointer (&self->error));
  else
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "it is no TAP archive: %s",
                 archive_error_string (self->tar));

  return FALSE;
}

static gboolean
refuse (const char  *what,
        const char  *name,
        GError     **error)
{
  g_autofree char *shown = g_strescape (name, NULL);

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "it holds a file %s: “%.200s”", what,
               shown);

  return FALSE;
}

/* The entry's next bytes: FALSE at its end, and after an error */
static gboolean
next_block (Pass        *self,
            guint64     *done,
            const char **bytes,
            gsize       *len,
            GError     **error)
{
  const void *buffer = NULL;
  la_int64_t offset = 0;
  int status = archive_read_data_block (self->tar, &buffer, len, &offset);

  if (status == ARCHIVE_EOF)
    return FALSE;

  if (status != ARCHIVE_OK)
    return fail (self, error);

  if ((guint64)offset != *done)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                           "it holds a file with holes, which no TAP archive has");
      return FALSE;
    }

  *bytes = buffer;
  *done += *len;

  return self->zip == NULL || cvm_tap_zip_take (self->zip, *len, error);
}

static gboolean
take_entry (Pass                  *self,
            struct archive_entry  *entry,
            OnEntry                on_entry,
            GError               **error)
{
  const char *raw = archive_entry_pathname (entry);
  g_autofree char *name = NULL;

  if (raw == NULL)
    raw = archive_entry_pathname_utf8 (entry);

  name = raw != NULL && *raw != '/' ? cvm_tap_archive_clean_name (raw) : NULL;
  if (archive_entry_filetype (entry) == AE_IFDIR)
    return name != NULL || g_strcmp0 (raw, "./") == 0 || g_strcmp0 (raw, ".") == 0 ||
           refuse ("outside its folder", raw != NULL ? raw : "?", error);

  if (name == NULL)
    return refuse ("outside its folder", raw != NULL ? raw : "?", error);

  /* links and devices are no results; what meta.yml lists of them is missing */
  if (archive_entry_filetype (entry) != AE_IFREG || archive_entry_hardlink (entry) != NULL)
    return TRUE;

  return on_entry (self, name, error);
}

static gboolean
each_entry (Pass     *self,
            OnEntry   on_entry,
            GError  **error)
{
  struct archive_entry *entry;
  guint n = 0;
  int status;

  while ((status = archive_read_next_header (self->tar, &entry)) != ARCHIVE_EOF)
    {
      if (status != ARCHIVE_OK && status != ARCHIVE_WARN)
        return fail (self, error);

      if (++n > 2 * CVM_TAP_ARCHIVE_MEMBERS_MAX)
        {
          g_set_error (error, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE,
                       "it holds more than %d files", CVM_TAP_ARCHIVE_MEMBERS_MAX);
          return FALSE;
        }

      if (self->zip != NULL
          && !cvm_tap_zip_begin_file (self->zip, archive_format_name (self->tar), error))
        return FALSE;

      if (!take_entry (self, entry, on_entry, error))
        return FALSE;
    }

  return TRUE;
}

/* What follows the tar's end must be read as well: the checksum comes last */
static gboolean
drain (Pass    *self,
       GError **error)
{
  const char *bytes;
  gssize n;

  if (self->zip != NULL)
    return TRUE;

  do
    n = cvm_tap_unzip_next (self->unzip, &bytes, error);
  while (n > 0);

  return n == 0;
}

/* A zip has its list at its end */
static gboolean
begin_pass (Pass          *self,
            GInputStream  *stream,
            GCancellable  *cancellable,
            GError       **error)
{
  char head[4];
  gsize n = 0;

  if (!g_seekable_seek (G_SEEKABLE (stream), 0, G_SEEK_SET, cancellable, error)
      || !g_input_stream_read_all (stream, head, sizeof head, &n, cancellable, error)
      || !g_seekable_seek (G_SEEKABLE (stream), 0, G_SEEK_SET, cancellable, error))
    return FALSE;

  self->tar = archive_read_new ();
  if (cvm_tap_zip_is (head, n))
    {
      self->zip = cvm_tap_zip_new (stream, cancellable);
      archive_read_support_format_zip_seekable (self->tar);
      archive_read_set_seek_callback (self->tar, on_seek);
    }
  else
    {
      self->unzip = cvm_tap_unzip_new (stream, cancellable);
      archive_read_support_format_tar (self->tar);
    }

  return TRUE;
}

static gboolean
run_pass (Pass          *self,
          GInputStream  *stream,
          OnEntry        on_entry,
          GCancellable  *cancellable,
          GError       **error)
{
  gboolean is_done;

  if (!begin_pass (self, stream, cancellable, error))
    return FALSE;

  is_done = archive_read_open (self->tar, self, NULL, on_read, NULL) == ARCHIVE_OK
              ? each_entry (self, on_entry, error) && drain (self, error)
              : fail (self, error);

  archive_read_free (self->tar);
  g_clear_pointer (&self->unzip, cvm_tap_unzip_free);
  g_clear_pointer (&self->zip, cvm_tap_zip_free);
  g_clear_error (&self->error);

  return is_done;
}

/* The first pass ----------------------------------------------------------------------------- */

static gboolean
collect_meta (Pass    *self,
              GError **error)
{
  const char *bytes;
  guint64 done = 0;
  gsize len;
  g_autoptr(GError) local = NULL;

  self->meta = g_string_new (NULL);
  while (next_block (self, &done, &bytes, &len, &local))
    {
      if (done > CVM_TAP_ARCHIVE_META_MAX)
        {
          g_set_error (error, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE,
                       "its " CVM_TAP_ARCHIVE_META " is larger than 4 MiB");
          return FALSE;
        }
      g_string_append_len (self->meta, bytes, len);
    }

  if (local == NULL)
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&local));

  return FALSE;
}

static gboolean
collect (Pass        *self,
         const char  *name,
         GError     **error)
{
  g_autoptr(GError) local = NULL;
  const char *bytes;
  CvmTapMember *member;
  gsize len;

  if (!g_hash_table_add (self->names, g_strdup (name)))
    return refuse ("twice", name, error);

  if (g_str_equal (name, CVM_TAP_ARCHIVE_META))
    return collect_meta (self, error);

  if (self->members->len == CVM_TAP_ARCHIVE_MEMBERS_MAX)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE, "it holds more than %d files",
                   CVM_TAP_ARCHIVE_MEMBERS_MAX);
      return FALSE;
    }

  member = cvm_tap_member_new (name);
  g_ptr_array_add (self->members, member);
  while (next_block (self, &member->size, &bytes, &len, &local))
    ;

  if (local == NULL)
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&local));

  return FALSE;
}

static void
pass_clear (Pass *self)
{
  g_clear_pointer (&self->names, g_hash_table_unref);
  g_clear_pointer (&self->given, g_hash_table_unref);
  if (self->meta != NULL)
    g_string_free (self->meta, TRUE);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Pass, pass_clear)

CvmTapArchive *
cvm_tap_archive_new (GInputStream  *stream,
                     GCancellable  *cancellable,
                     GError       **error)
{
  g_autoptr(CvmTapArchive) self = g_new0 (CvmTapArchive, 1);
  g_auto(Pass) pass = { NULL };

  self->stream = g_object_ref (stream);
  self->members = g_ptr_array_new_with_free_func ((GDestroyNotify)cvm_tap_member_free);
  pass.members = self->members;
  pass.names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  if (!run_pass (&pass, stream, collect, cancellable, error))
    return NULL;

  if (pass.meta != NULL
      && !cvm_tap_archive_read_meta (pass.meta->str, pass.meta->len, self->members,
                                     &self->start_us, &self->stop_us, error))
    return NULL;

  if (self->members->len == 0)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                           "it is no TAP archive: it holds no test");
      return NULL;
    }

  return g_steal_pointer (&self);
}

void
cvm_tap_archive_free (CvmTapArchive *self)
{
  g_object_unref (self->stream);
  g_ptr_array_unref (self->members);
  g_free (self);
}

guint
cvm_tap_archive_n_members (CvmTapArchive *self)
{
  return self->members->len;
}

const CvmTapMember *
cvm_tap_archive_member (CvmTapArchive *self,
                        guint          index)
{
  g_return_val_if_fail (index < self->members->len, NULL);

  return self->members->pdata[index];
}

void
cvm_tap_archive_get_times (CvmTapArchive *self,
                           gint64        *start_us,
                           gint64        *stop_us)
{
  *start_us = self->start_us;
  *stop_us = self->stop_us;
}

/* The second pass ---------------------------------------------------------------------------- */

static gboolean
give (Pass        *self,
      const char  *name,
      GError     **error)
{
  guint index = GPOINTER_TO_UINT (g_hash_table_lookup (self->names, name));
  g_autoptr(GError) local = NULL;
  const char *bytes;
  guint64 done = 0;
  gsize len;

  /* the file may have been changed meanwhile */
  if (index == 0 || !g_hash_table_add (self->given, GUINT_TO_POINTER (index)))
    return TRUE;

  while (next_block (self, &done, &bytes, &len, &local))
    if (len > 0)
      self->handler (index - 1, bytes, len, self->data);

  if (local == NULL)
    {
      self->handler (index - 1, NULL, 0, self->data);
      return TRUE;
    }

  g_propagate_error (error, g_steal_pointer (&local));

  return FALSE;
}

gboolean
cvm_tap_archive_read (CvmTapArchive         *self,
                      CvmTapArchiveHandler   handler,
                      gpointer               user_data,
                      GCancellable          *cancellable,
                      GError               **error)
{
  g_auto(Pass) pass = { .handler = handler, .data = user_data };

  pass.names = g_hash_table_new (g_str_hash, g_str_equal);
  pass.given = g_hash_table_new (NULL, NULL);
  for (guint i = 0; i < self->members->len; i++)
    {
      CvmTapMember *member = self->members->pdata[i];

      if (!member->is_missing)
        g_hash_table_insert (pass.names, member->name, GUINT_TO_POINTER (i + 1));
    }

  if (!run_pass (&pass, self->stream, give, cancellable, error))
    return FALSE;

  for (guint i = 0; i < self->members->len; i++)
    if (!g_hash_table_contains (pass.given, GUINT_TO_POINTER (i + 1)))
      handler (i, NULL, 0, user_data);

  return TRUE;
}
