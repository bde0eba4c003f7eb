/* cvm-qemu-img.c: qemu-img by its argv, and the formats it is asked for
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-qemu-img.h"

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

gboolean
cvm_qemu_img_run (const char *const  *argv,
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

gboolean
cvm_qemu_img_check_format (const char  *format,
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
