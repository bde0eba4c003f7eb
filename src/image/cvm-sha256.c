/* cvm-sha256.c: SHA-256 of bytes as they come, by the processor's own instructions
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-sha256.h"

#include <errno.h>
#include <fcntl.h>
#include <gnutls/crypto.h>
#include <sys/stat.h>
#include <unistd.h>

#define BLOCK (256 * 1024)
#define BYTES 32

struct _CvmSha256
{
  gnutls_hash_hd_t hash;
  char             text[2 * BYTES + 1];
};

CvmSha256 *
cvm_sha256_new (void)
{
  CvmSha256 *self = g_new0 (CvmSha256, 1);

  if (gnutls_hash_init (&self->hash, GNUTLS_DIG_SHA256) != 0)
    g_error ("GnuTLS has no SHA-256");

  return self;
}

void
cvm_sha256_free (CvmSha256 *self)
{
  gnutls_hash_deinit (self->hash, NULL);
  g_free (self);
}

void
cvm_sha256_update (CvmSha256  *self,
                   const void *bytes,
                   gsize       len)
{
  gnutls_hash (self->hash, bytes, len);
}

void
cvm_sha256_reset (CvmSha256 *self)
{
  guint8 digest[BYTES];

  gnutls_hash_output (self->hash, digest);   /* begins anew, too */
}

const char *
cvm_sha256_get_string (CvmSha256 *self)
{
  gnutls_hash_hd_t copy = gnutls_hash_copy (self->hash);
  guint8 digest[BYTES];

  gnutls_hash_deinit (copy, digest);
  for (guint i = 0; i < BYTES; i++)
    g_snprintf (self->text + 2 * i, 3, "%02x", digest[i]);

  return self->text;
}

static gboolean
sum_up (CvmSha256     *self,
        int            fd,
        const char    *path,
        GCancellable  *cancellable,
        GError       **error)
{
  g_autofree guint8 *block = g_malloc (BLOCK);
  gssize n;

  while ((n = read (fd, block, BLOCK)) != 0)
    {
      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        {
          g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "Cannot read %s: %s", path,
                       g_strerror (errno));
          return FALSE;
        }
      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;

      cvm_sha256_update (self, block, (gsize)n);
    }

  return TRUE;
}

char *
cvm_sha256_file (const char    *path,
                 GCancellable  *cancellable,
                 GError       **error)
{
  g_autoptr(CvmSha256) self = cvm_sha256_new ();
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  struct stat info;
  gboolean is_summed = FALSE;

  if (fd < 0 || fstat (fd, &info) != 0)
    g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "Cannot open %s: %s", path,
                 g_strerror (errno));
  else if (!S_ISREG (info.st_mode))
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE,
                 "Cannot read %s: it is not a regular file", path);
  else
    is_summed = sum_up (self, fd, path, cancellable, error);

  if (fd >= 0)
    close (fd);

  return is_summed ? g_strdup (cvm_sha256_get_string (self)) : NULL;
}
