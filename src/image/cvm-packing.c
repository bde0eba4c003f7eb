/* cvm-packing.c: how something is packed, by its first bytes
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-unpack-private.h"

#include <string.h>

typedef struct
{
  const char *name;
  CvmPacking  packing;
  const char *magic;
  gsize       len;
} Magic;

#define MAGIC(text) text, sizeof (text) - 1

static const Magic magics[] = {
  { "gz", CVM_PACKING_GZIP, MAGIC ("\x1f\x8b") },
  { "bz2", CVM_PACKING_BZIP2, MAGIC ("BZh") },
  { "xz", CVM_PACKING_XZ, MAGIC ("\xfd" "7zXZ\0") },
  { "zst", CVM_PACKING_ZSTD, MAGIC ("\x28\xb5\x2f\xfd") },
  { "zip", CVM_PACKING_ZIP, MAGIC ("PK\3\4") },
  { "zip", CVM_PACKING_ZIP, MAGIC ("PK\5\6") },   /* with nothing in it */
  { "zip", CVM_PACKING_ZIP, MAGIC ("PK\7\x8") },  /* in several parts */
  { "7z", CVM_PACKING_OTHER, MAGIC ("7z\xbc\xaf\x27\x1c") },
  { "rar", CVM_PACKING_OTHER, MAGIC ("Rar!\x1a\x7") },
  { "Z", CVM_PACKING_OTHER, MAGIC ("\x1f\x9d") },
  { "lz", CVM_PACKING_OTHER, MAGIC ("LZIP") },
  { "lz4", CVM_PACKING_OTHER, MAGIC ("\x04\x22\x4d\x18") },
  { "lzo", CVM_PACKING_OTHER, MAGIC ("\x89LZO\0\r\n\x1a\n") },
  { "cab", CVM_PACKING_OTHER, MAGIC ("MSCF\0\0\0\0") },
  { "cpio", CVM_PACKING_OTHER, MAGIC ("070701") },
  { "cpio", CVM_PACKING_OTHER, MAGIC ("070707") },
};

#define TAR_SUM     148   /* where the checksum of a tar's header is: 8 bytes, octal */
#define TAR_SUM_LEN   8

/* POSIX.1-1988, ustar: the sum of the header's bytes, its own counted as blanks. All kinds of tar
 * have it, the word "ustar" only some. */
static gboolean
is_tar (const guint8 *head,
        gsize         len)
{
  char digits[TAR_SUM_LEN + 1] = { 0 };
  guint sum = 0;

  if (len < CVM_PACKING_HEAD || head[0] == '\0')
    return FALSE;

  memcpy (digits, head + TAR_SUM, TAR_SUM_LEN);
  for (gsize i = 0; i < CVM_PACKING_HEAD; i++)
    sum += i >= TAR_SUM && i < TAR_SUM + TAR_SUM_LEN ? ' ' : head[i];

  return g_ascii_strtoull (digits, NULL, 8) == sum;
}

static const Magic *
find (const guint8 *head,
      gsize         len)
{
  static const Magic tar = { "tar", CVM_PACKING_TAR };
  static const Magic none = { "plain", CVM_PACKING_NONE };

  for (gsize i = 0; i < G_N_ELEMENTS (magics); i++)
    if (len >= magics[i].len && memcmp (head, magics[i].magic, magics[i].len) == 0)
      return &magics[i];

  return is_tar (head, len) ? &tar : &none;
}

CvmPacking
cvm_packing_of (const guint8 *head,
                gsize         len)
{
  return find (head, len)->packing;
}

const char *
cvm_packing_name (const guint8 *head,
                  gsize         len)
{
  return find (head, len)->name;
}
