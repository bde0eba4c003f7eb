/* cvm-iso.c: a few small files as a CD for a guest
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-iso.h"

#include <archive.h>
#include <archive_entry.h>
#include <string.h>

#include "cvm-file.h"

static la_ssize_t
on_write (struct archive *archive,
          void           *data,
          const void     *bytes,
          size_t          len)
{
  g_byte_array_append (data, bytes, len);

  return len;
}

static gboolean
add_file (struct archive    *archive,
          const CvmIsoFile  *file)
{
  struct archive_entry *entry = archive_entry_new ();
  gboolean is_added;

  archive_entry_set_pathname (entry, file->name);
  archive_entry_set_filetype (entry, AE_IFREG);
  archive_entry_set_perm (entry, 0444);
  archive_entry_set_size (entry, file->len);
  archive_entry_set_mtime (entry, 0, 0);
  is_added = archive_write_header (archive, entry) == ARCHIVE_OK
             && archive_write_data (archive, file->data, file->len) == (la_ssize_t)file->len;
  archive_entry_free (entry);

  return is_added;
}

static gboolean
write_archive (struct archive    *archive,
               GByteArray        *bytes,
               const char        *label,
               const CvmIsoFile  *files)
{
  if (archive_write_set_format_iso9660 (archive) != ARCHIVE_OK
      || archive_write_set_format_option (archive, "iso9660", "volume-id", label) != ARCHIVE_OK
      || archive_write_open (archive, bytes, NULL, on_write, NULL) != ARCHIVE_OK)
    return FALSE;

  for (; files->name != NULL; files++)
    if (!add_file (archive, files))
      return FALSE;

  return archive_write_close (archive) == ARCHIVE_OK;
}

/* Libarchive writes the time of day into what it makes itself: the descriptors of the volumes, the
 * root folder, and a sector about itself. Offsets are those of ECMA-119 8.4 and 9.1, TF is Rock
 * Ridge's (IEEE P1282 4.1.6). ------------------------------------------------------------------ */

#define SECTOR       2048
#define FIRST_VOLUME 16
#define LAST_VOLUME  255    /* a descriptor's type */
#define ROOT_RECORD  156
#define RECORD_TIME  18     /* 7 bytes */
#define RECORD_NAME  33     /* of one byte, in the root's own two records */

static void
set_record_time (guint8 *record)
{
  static const guint8 epoch[7] = { 70, 1, 1, 0, 0, 0, 0 };
  gsize len = record[0];

  if (len < RECORD_NAME + 1)
    return;

  memcpy (record + RECORD_TIME, epoch, sizeof epoch);

  for (gsize at = RECORD_NAME + 1; at + 5 <= len && record[at + 2] >= 5; at += record[at + 2])
    if (record[at] == 'T' && record[at + 1] == 'F')
      for (gsize time = at + 5; time + 7 <= MIN (at + record[at + 2], len); time += 7)
        memcpy (record + time, epoch, sizeof epoch);
}

static void
set_volume_time (GByteArray *iso,
                 guint8     *volume)
{
  /* made, changed, valid from: 16 digits and a time zone */
  static const guint dates[] = { 813, 830, 864 };
  const guint8 *extent = volume + ROOT_RECORD + 2;
  gsize root = (gsize)SECTOR * (extent[0] | extent[1] << 8 | extent[2] << 16);

  for (gsize i = 0; i < G_N_ELEMENTS (dates); i++)
    memcpy (volume + dates[i], "1970010100000000", 17);

  set_record_time (volume + ROOT_RECORD);
  if (root + SECTOR > iso->len)
    return;

  set_record_time (iso->data + root);
  set_record_time (iso->data + root + iso->data[root]);
}

static void
set_time (GByteArray *iso)
{
  for (gsize at = FIRST_VOLUME * SECTOR; at + 2 * SECTOR <= iso->len; at += SECTOR)
    {
      guint8 *volume = iso->data + at;

      if (volume[0] == LAST_VOLUME)
        {
          if (memcmp (volume + SECTOR, "INFO", 4) == 0)   /* the time, libarchive's version */
            memset (volume + SECTOR, 0, SECTOR);
          return;
        }

      set_volume_time (iso, volume);
    }
}

gboolean
cvm_iso_write (const char        *path,
               const char        *label,
               const CvmIsoFile  *files,
               int                mode,
               GError           **error)
{
  struct archive *archive = archive_write_new ();
  g_autoptr(GByteArray) bytes = g_byte_array_new ();
  gboolean is_written = write_archive (archive, bytes, label, files);

  if (is_written)
    set_time (bytes);

  if (is_written)
    is_written = cvm_file_write (path, (const char *)bytes->data, bytes->len, mode, error);
  else
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "Cannot make the CD %s: %s", path,
                 archive_error_string (archive));

  archive_write_free (archive);

  return is_written;
}
