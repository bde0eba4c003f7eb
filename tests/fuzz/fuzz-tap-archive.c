/* fuzz-tap-archive.c: what must hold for any bytes that come as a TAP archive
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-tap-archive.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput (const uint8_t *data,
                            size_t         size);

/* What the handler was given */
typedef struct
{
  CvmTapArchive *archive;
  guint64       *sizes;
  gboolean      *ended;
} Given;

static void
on_member (guint       index,
           const char *bytes,
           gsize       len,
           gpointer    data)
{
  Given *self = data;

  g_assert_cmpuint (index, <, cvm_tap_archive_n_members (self->archive));
  g_assert_false (self->ended[index]);
  g_assert_true ((bytes == NULL) == (len == 0));
  self->sizes[index] += len;
  self->ended[index] = bytes == NULL;
}

static void
check_name (const CvmTapMember *member)
{
  g_auto(GStrv) parts = g_strsplit (member->name, "/", -1);

  g_assert_true (g_utf8_validate (member->name, -1, NULL));
  g_assert_cmpuint (strlen (member->name), <=, CVM_TAP_ARCHIVE_NAME_MAX);
  for (guint i = 0; parts[i] != NULL; i++)
    g_assert_false (*parts[i] == '\0' || g_str_equal (parts[i], ".") || g_str_equal (parts[i], ".."));
}

static void
check_read (CvmTapArchive *archive)
{
  guint n = cvm_tap_archive_n_members (archive);
  g_autofree guint64 *sizes = g_new0 (guint64, n);
  g_autofree gboolean *ended = g_new0 (gboolean, n);
  Given given = { archive, sizes, ended };
  g_autoptr(GError) error = NULL;

  g_assert_cmpuint (n, >, 0);
  g_assert_cmpuint (n, <=, CVM_TAP_ARCHIVE_MEMBERS_MAX);
  g_assert_true (cvm_tap_archive_read (archive, on_member, &given, NULL, &error));
  g_assert_no_error (error);
  for (guint i = 0; i < n; i++)
    {
      const CvmTapMember *member = cvm_tap_archive_member (archive, i);

      check_name (member);
      g_assert_true (ended[i]);
      g_assert_cmpuint (sizes[i], ==, member->size);
      g_assert_true (!member->is_missing || member->size == 0);
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autoptr(GInputStream) stream = g_memory_input_stream_new_from_data (data, (gssize)size, NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(CvmTapArchive) archive = cvm_tap_archive_new (stream, NULL, &error);

  cvm_tap_archive_detect ((const char *)data, size);
  if (archive != NULL)
    {
      check_read (archive);
      return 0;
    }

  g_assert_true (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA) ||
                 g_error_matches (error, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE));
  g_assert_true (g_utf8_validate (error->message, -1, NULL));

  return 0;
}
