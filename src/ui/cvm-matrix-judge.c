/* cvm-matrix-judge.c: whether an image can run on a host, why not, and what can be done
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-matrix.h"

#include <glib/gi18n.h>
#include <string.h>

void
cvm_cell_clear (CvmCell *self)
{
  g_clear_pointer (&self->brief, g_free);
  g_clear_pointer (&self->text, g_free);
}

/* Takes TEXT */
static CvmCell
cannot (const char  *brief,
        char        *text,
        CvmCellMend  mend)
{
  return (CvmCell) { CVM_CELL_CANNOT, mend, g_strdup (brief), text };
}

static gboolean
is_one_of (const char *hypervisor,
           const char *a,
           const char *b)
{
  return g_str_equal (hypervisor, a) || g_str_equal (hypervisor, b);
}

/* libvirt's way to say: the daemon of this computer */
static gboolean
is_here (const char *uri)
{
  return strstr (uri, ":///") != NULL;
}

static CvmCell
judge_connection (const CvmColumn *column)
{
  const CvmScouted *known = column->known;

  if (known == NULL)
    return (CvmCell) { CVM_CELL_ASKING, CVM_MEND_NONE, g_strdup (_("asking the host…")),
                       g_strdup (_("The host has not answered yet.")) };

  if (known->facts == NULL)
    return cannot (_("no connection"), g_strdup (known->problem),
                   is_here (column->uri) ? CVM_MEND_ASK_AGAIN | CVM_MEND_SETUP
                                         : CVM_MEND_ASK_AGAIN);

  return (CvmCell) { CVM_CELL_READY };
}

/* What the host must have for the image itself; READY where it has it all */
static CvmCell
judge_host (const CvmImage     *image,
            const CvmHostFacts *facts,
            const CvmColumn    *column)
{
  guint64 mib = facts->memory_kib / 1024;

  if (!facts->is_local)
    return cannot (_("on another computer"),
                   g_strdup_printf (_("Images run on this computer only, and “%s” is another one. "
                                      "It can run suites that need no image."), column->title),
                   CVM_MEND_NONE);

  if (facts->hypervisors == NULL || facts->hypervisors[0] == NULL)
    return cannot (_("no emulator"),
                   g_strdup_printf (_("“%s” answers, and can start no guest: it has no emulator."),
                                    column->title),
                   CVM_MEND_SETUP);

  if (mib > 0 && image->memory_mib > mib)
    return cannot (_("too little memory"),
                   g_strdup_printf (_("It needs %u MiB of memory, and the host has %u MiB. "
                                      "Its settings say how much it gets."),
                                    image->memory_mib, (guint)mib),
                   CVM_MEND_IMAGES);

  if (is_one_of (column->hypervisor, "kvm", "hvf") && facts->arch != NULL
      && g_strcmp0 (image->arch, facts->arch) != 0)
    return cannot (_("another processor"),
                   g_strdup_printf (_("It is for %s, and the host is %s: %s needs the same "
                                      "processor, qemu does not."), image->arch, facts->arch,
                                    column->hypervisor),
                   CVM_MEND_NONE);

  return (CvmCell) { CVM_CELL_READY };
}

static CvmCell
judge_disk (const CvmOption *option,
            const char      *hypervisor,
            CvmDiskFormat    disk_format)
{
  const CvmImage *image = option->image;
  const char *format = disk_format (hypervisor);
  g_autofree char *size = g_format_size (option->disk_bytes);

  /* what the fastest is a host tells later; all that this computer can choose from is QEMU's */
  if (g_str_equal (hypervisor, "auto"))
    return (CvmCell) { CVM_CELL_READY };

  if (format == NULL)
    return cannot (_("takes no disk"),
                   g_strdup_printf (_("%s starts no disk images."), hypervisor), CVM_MEND_NONE);

  if (image->disk == NULL && is_one_of (hypervisor, "vbox", "vmware"))
    return cannot (_("has no disk"),
                   g_strdup_printf (_("It boots from a kernel without a disk, which %s cannot."),
                                    hypervisor), CVM_MEND_NONE);

  if (image->disk == NULL || g_str_equal (format, "qcow2"))
    return (CvmCell) { CVM_CELL_READY };

  return (CvmCell) {
    CVM_CELL_COPIES, CVM_MEND_NONE, g_strdup_printf (_("copies %s"), size),
    g_strdup_printf (_("%s takes disks of the format %s: each job makes a copy first (%s)."),
                     hypervisor, format, size)
  };
}

CvmCell
cvm_matrix_judge (const CvmOption *image,
                  const CvmColumn *column,
                  CvmDiskFormat    disk_format)
{
  CvmCell cell;

  if (image != NULL && !image->is_usable)
    return cannot (_("damaged image"), g_strdup (image->about), CVM_MEND_IMAGES);

  cell = judge_connection (column);
  if (cell.state != CVM_CELL_READY || image == NULL)
    return cell;

  cell = judge_host (image->image, column->known->facts, column);

  return cell.state == CVM_CELL_READY ? judge_disk (image, column->hypervisor, disk_format) : cell;
}
