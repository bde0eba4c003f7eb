/* cvm-overlay.c: what a guest writes goes to an overlay, never to its image
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-overlay-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <unistd.h>

#include "cvm-engine-error.h"
#include "cvm-process.h"

#define STDOUT_MAX (1024 * 1024)
#define STDERR_MAX (4 * 1024)

typedef struct
{
  GString *out;
  GString *err;
} Output;

static void
append_within (GString    *text,
               const char *bytes,
               gsize       len,
               gsize       max)
{
  g_string_append_len (text, bytes, MIN (len, max - text->len));
}

static void
on_stdout (const char *bytes,
           gsize       len,
           gpointer    data)
{
  append_within (((Output *)data)->out, bytes, len, STDOUT_MAX);
}

static void
on_stderr (const char *bytes,
           gsize       len,
           gpointer    data)
{
  append_within (((Output *)data)->err, bytes, len, STDERR_MAX);
}

/* What qemu-img said to OUT; an error with what it said to stderr where it failed */
static gboolean
run_qemu_img (const char *const  *argv,
              GString            *out,
              gint64              deadline_us,
              GCancellable       *cancellable,
              GError            **error)
{
  g_autofree char *program = g_find_program_in_path (argv[0]);
  g_autoptr(GString) err = g_string_new (NULL);
  g_autofree char *said = NULL;
  Output output = { out, err };
  CvmProcess process = { .argv = argv, .on_stdout = on_stdout, .on_stderr = on_stderr,
                         .data = &output };
  int exit_status;

  if (program == NULL)
    {
      g_set_error (error, CVM_ENGINE_ERROR, CVM_ENGINE_ERROR_REFUSED,
                   "qemu-img is missing: install qemu-utils (Debian), qemu-img (Fedora) or "
                   "qemu (Homebrew)");
      return FALSE;
    }

  if (!cvm_process_run (&process, deadline_us, cancellable, &exit_status, error))
    {
      g_prefix_error (error, "qemu-img %s: ", argv[1]);
      return FALSE;
    }

  if (exit_status == 0)
    return TRUE;

  said = g_utf8_make_valid (err->str, err->len);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "qemu-img %s failed with status %d: %s",
               argv[1], exit_status, g_strstrip (said));

  return FALSE;
}

static gboolean
check_format (const char  *format,
              GError     **error)
{
  static const char *const formats[] = { "raw", "qcow2", "vmdk", "vdi", "vpc", "vhdx", NULL };

  if (format != NULL && g_strv_contains (formats, format))
    return TRUE;

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
               "'%s' is no format of a disk: raw, qcow2, vmdk, vdi, vpc and vhdx are",
               format != NULL ? format : "");

  return FALSE;
}

static gboolean
check_base (const char    *base,
            const char    *format,
            gint64         deadline_us,
            GCancellable  *cancellable,
            GError       **error)
{
  const char *argv[] = { "qemu-img", "info", "--output=json", "-f", format, base, NULL };
  g_autoptr(GString) info = g_string_new (NULL);

  if (!cvm_overlay_base_is_alone (base, format, error))
    return FALSE;

  return g_str_equal (format, "raw") ||
         (run_qemu_img (argv, info, deadline_us, cancellable, error) &&
          cvm_overlay_info_is_alone (base, info->str, info->len, error));
}

/* Qemu-img would overwrite whatever is there. */
static gboolean
reserve (const char  *path,
         GError     **error)
{
  int fd = open (path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  int code = errno;

  if (fd < 0)
    {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code),
                   "Cannot make the overlay %s: %s",
                   path, g_strerror (code));
      return FALSE;
    }

  close (fd);

  return TRUE;
}

/* Names are made absolute: qemu-img takes "json:…", "nbd:…" and "-…" for more than names. */
gboolean
cvm_image_overlay_make (const char    *base,
                        const char    *format,
                        const char    *path,
                        gint64         deadline_us,
                        GCancellable  *cancellable,
                        GError       **error)
{
  g_autofree char *base_file = g_canonicalize_filename (base, NULL);
  g_autofree char *file = g_canonicalize_filename (path, NULL);
  const char *argv[] = { "qemu-img", "create", "-q", "-f", "qcow2", "-F", format, "-b", base_file,
                         file, NULL };
  g_autoptr(GString) out = g_string_new (NULL);

  if (!check_format (format, error) ||
      !check_base (base_file, format, deadline_us, cancellable, error) ||
      !reserve (file, error))
    return FALSE;

  if (run_qemu_img (argv, out, deadline_us, cancellable, error))
    return TRUE;

  g_unlink (file);

  return FALSE;
}
