/* cvm-fetch-note.c: what is noted beside a part file, so that another process can go on
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-fetch-private.h"

#include <glib/gstdio.h>

#include "cvm-file.h"
#include "cvm-keyfile.h"

static char *
note_path (const char *part)
{
  return g_strconcat (part, ".note", NULL);
}

/* A note that cannot be written costs a later process the bytes, and this one nothing. */
void
cvm_download_note (CvmDownload *self)
{
  g_autoptr(CvmKeyfile) file = cvm_keyfile_new_from_data ("", 0, "note", NULL);
  g_autofree char *path = note_path (self->part);
  g_autofree char *total = g_strdup_printf ("%" G_GINT64_FORMAT, self->total);
  g_autofree char *text = NULL;
  gsize len;

  if (self->validator == NULL || !g_utf8_validate (self->validator, -1, NULL))
    {
      g_unlink (path);
      return;
    }

  cvm_keyfile_set (file, "Part", "", "Url", self->url);
  cvm_keyfile_set (file, "Part", "", "Validator", self->validator);
  cvm_keyfile_set (file, "Part", "", "Total", total);
  text = cvm_keyfile_to_data (file, &len);
  cvm_file_write (path, text, (gssize)len, 0644, NULL);
}

static const char *
get (CvmKeyfile *file,
     const char *key)
{
  const CvmKeyfileEntry *entry = cvm_keyfile_find (file, "Part", "", key);

  return entry != NULL ? entry->value : NULL;
}

/* Without a note for this URL what lies in the part file is of unknown origin: it is not used. */
void
cvm_download_load_note (CvmDownload *self)
{
  g_autofree char *path = note_path (self->part);
  g_autoptr(CvmKeyfile) file = cvm_keyfile_load (path, NULL);
  const char *total;
  gint64 value;

  if (file != NULL && g_strcmp0 (get (file, "Url"), self->url) == 0 &&
      get (file, "Validator") != NULL && (total = get (file, "Total")) != NULL &&
      g_ascii_string_to_signed (total, 10, -1, G_MAXINT64, &value, NULL))
    {
      self->validator = g_strdup (get (file, "Validator"));
      self->total = value;
    }
  else
    {
      self->have = 0;
    }
}

void
cvm_fetch_part_remove (const char *part)
{
  g_autofree char *note = note_path (part);

  g_unlink (part);
  g_unlink (note);
}
