/* cvm-tapper-safe.c: what a Tapper server would lose
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-tapper-safe.h"

#include <archive.h>
#include <archive_entry.h>
#include <string.h>
#include <unistd.h>

#include "cvm-file.h"
#include "cvm-tap-yaml.h"
#include "cvm-tapper-error.h"
#include "cvm-tapper-lines.h"

#define SNIFFED  32              /* bytes by which the server tells text from archives */
#define HEAD     512             /* a tar's first block */
#define META_MAX (1024 * 1024)
#define BLOCK    (64 * 1024)

static gboolean
refuse (GError     **error,
        const char  *path,
        const char  *why)
{
  g_set_error (error, CVM_TAPPER_ERROR, CVM_TAPPER_ERROR_WOULD_LOSE,
               "%s is not sent, since the server would lose it: %s", path, why);

  return FALSE;
}

static gboolean
is_text (const char *bytes,
         gsize       len)
{
  for (gsize i = 0; i < len; i++)
    {
      if (!g_ascii_isprint (bytes[i]) && !g_ascii_isspace (bytes[i]))
        return FALSE;
    }

  return TRUE;
}

static const char *
find_fault_in_head (const char *head,
                    gsize       len)
{
  if (len == 0)
    return "it is empty";

  if (len >= 3 && memcmp (head, "BZh", 3) == 0)
    return "it is a .bz2; archives must be .tar.gz";

  if (len >= 262 && memcmp (head + 257, "ustar", 5) == 0)
    return "it is a plain .tar; archives must be .tar.gz";

  if (!is_text (head, MIN (len, SNIFFED)))
    return "its first 32 bytes are not all ASCII; begin with the plan (1..N) or \"TAP version 13\"";

  return NULL;
}

/* Headers that break the server */

static void
look_for_bad_header (const char *head,
                     gpointer    data)
{
  gboolean *is_bad = data;
  const char *value;

  if (cvm_tapper_line_is_header (head, "hardwaredb-systems-id", &value))
    *is_bad |= value[strspn (value, " \t\r")] != '\0';
}

static const char *const bad_header =
  "it has a header Tapper-Hardwaredb-Systems-Id, which the server cannot store";

static gboolean
check_text (const char    *path,
            const char    *name,
            GCancellable  *cancellable,
            GError       **error)
{
  gboolean is_bad = FALSE;

  if (!cvm_tapper_lines_read (path, look_for_bad_header, NULL, &is_bad, cancellable, error))
    return FALSE;

  return is_bad ? refuse (error, name, bad_header) : TRUE;
}

/* Archives */

static gboolean
has_file_order (const GString *meta)
{
  g_autoptr(CvmTapYaml) yaml = cvm_tap_yaml_parse (meta->str, meta->len, NULL);
  const CvmTapValue *root = yaml != NULL ? cvm_tap_yaml_get_root (yaml) : NULL;
  const CvmTapValue *order = NULL;

  if (root != NULL && cvm_tap_value_get_type (root) == CVM_TAP_VALUE_MAP)
    order = cvm_tap_value_get_member (root, "file_order");

  return order != NULL && cvm_tap_value_get_type (order) == CVM_TAP_VALUE_LIST
         && cvm_tap_value_get_size (order) > 0;
}

typedef struct
{
  GString  *meta;          /* the text of meta.yml, or NULL */
  gboolean  is_bad;
} Contents;

static gboolean
read_member (struct archive  *archive,
             const char      *name,
             Contents        *contents,
             GCancellable    *cancellable,
             GError         **error)
{
  g_autoptr(CvmTapperLines) lines = cvm_tapper_lines_new (look_for_bad_header, NULL,
                                                          &contents->is_bad);
  gboolean is_meta = g_str_equal (name, "meta.yml");
  g_autofree char *block = g_malloc (BLOCK);
  la_ssize_t n;

  if (is_meta && contents->meta == NULL)
    contents->meta = g_string_new (NULL);

  while ((n = archive_read_data (archive, block, BLOCK)) > 0)
    {
      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;

      cvm_tapper_lines_feed (lines, block, n);
      if (is_meta && contents->meta->len + n <= META_MAX)
        g_string_append_len (contents->meta, block, n);
    }

  cvm_tapper_lines_end (lines);

  return TRUE;   /* what is wrong with the archive, the next header tells too */
}

static gboolean
read_members (struct archive  *archive,
              const char      *label,
              Contents        *contents,
              GCancellable    *cancellable,
              GError         **error)
{
  struct archive_entry *entry;
  int status;

  while ((status = archive_read_next_header (archive, &entry)) == ARCHIVE_OK ||
         status == ARCHIVE_WARN)
    {
      const char *name = archive_entry_pathname (entry);

      if (!read_member (archive, name != NULL ? name : "", contents, cancellable, error))
        return FALSE;
    }

  return status == ARCHIVE_EOF ? TRUE : refuse (error, label, "its archive is damaged");
}

static gboolean
judge (const Contents  *contents,
       const char      *label,
       GError         **error)
{
  if (contents->meta == NULL)
    return refuse (error, label, "its archive has no member meta.yml (not ./meta.yml)");

  if (!has_file_order (contents->meta))
    return refuse (error, label, "the meta.yml of its archive has no file_order");

  return contents->is_bad ? refuse (error, label, bad_header) : TRUE;
}

static gboolean
check_archive (const char    *label,
               int            fd,
               GCancellable  *cancellable,
               GError       **error)
{
  struct archive *archive = archive_read_new ();
  Contents contents = { NULL };
  gboolean is_good = FALSE;

  archive_read_support_filter_gzip (archive);
  archive_read_support_format_tar (archive);

  if (archive_read_open_fd (archive, fd, BLOCK) != ARCHIVE_OK)
    refuse (error, label, "it is compressed, and no .tar.gz");
  else if (read_members (archive, label, &contents, cancellable, error))
    is_good = judge (&contents, label, error);

  archive_read_free (archive);
  if (contents.meta != NULL)
    g_string_free (contents.meta, TRUE);

  return is_good;
}

/**
 * cvm_tapper_safe_check:
 * @path: a report, TAP or archive, from anywhere
 * @name: what messages call it
 * @is_archive: (out): which of the two the server takes it for
 *
 * Fails with %CVM_TAPPER_ERROR_WOULD_LOSE and the reason when a real server would take the report
 * and then lose it (it tells nobody). Changes nothing.
 */
gboolean
cvm_tapper_safe_check (const char    *path,
                       const char    *name,
                       gboolean      *is_archive,
                       GCancellable  *cancellable,
                       GError       **error)
{
  char head[HEAD];
  const char *fault = NULL;
  int fd = cvm_file_open (path, error);
  gssize n;
  gboolean is_good;

  if (fd < 0)
    return FALSE;

  n = pread (fd, head, sizeof head, 0);
  *is_archive = n >= 2 && memcmp (head, "\x1f\x8b", 2) == 0;
  if (!*is_archive)
    fault = find_fault_in_head (head, MAX (n, 0));

  if (fault != NULL)
    is_good = refuse (error, name, fault);
  else if (*is_archive)
    is_good = check_archive (name, fd, cancellable, error);
  else
    is_good = check_text (path, name, cancellable, error);

  close (fd);

  return is_good;
}
