/* cvm-image.h: what a guest boots from, as NAME.image describes it
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   suite. Only the description: overlays and downloads are image/'s.
 * Threads: immutable.
 * Trust:   the file may be anybody's. */
#pragma once

#include "cvm-keyfile.h"

typedef struct
{
  gatomicrefcount ref_count;
  char *name;
  char *description;       /* or NULL */
  char *version;           /* of what is in it, for its reports; or NULL */
  char *release_id;        /* tells releases of a version apart; or NULL */
  char *path;              /* of the .image file, or of the bare disk */
  char *disk;              /* absolute, or NULL: boots from kernel and initrd alone */
  char *disk_sha256;       /* or NULL */
  char *format;            /* raw, qcow2, vmdk, vdi… as qemu-img names them; never guessed from
                              content by the guest's hypervisor */
  char *kernel, *kernel_sha256;
  char *initrd, *initrd_sha256;
  char *cmdline;           /* or NULL */
  char *seed;              /* CD for cloud-init, or NULL */
  char *context;           /* CD for CernVM, or NULL */
  char *arch;              /* x86_64 … */
  guint memory_mib;
  guint cpus;
  char *user;              /* account that ssh checks use when a case names none; "root" */
  char *key;               /* private key file, or NULL */
  char *password_file;     /* mode 0600, or NULL; the password itself is never kept here */
  char *web_password_file; /* the same of the first one of its web interface */
  char *ready;             /* pattern on the serial console that says "booted", or NULL */
  char *mask;              /* file of known boot messages, or NULL */
} CvmImage;

/**
 * cvm_image_load:
 *
 * Errors: CVM_KEYFILE_ERROR, with file:line
 */
CvmImage *cvm_image_load       (const char  *path,
                                GError     **error);

/**
 * cvm_image_new_from_keyfile:
 *
 * The same of a file that may be edited and not written yet; its name is the path
 */
CvmImage *cvm_image_new_from_keyfile (CvmKeyfile  *file,
                                      GError     **error);

/**
 * cvm_image_find:
 *
 * NAME of an images folder, a path to an .image file, or a path to a bare disk, whose format is
 * told by its suffix (.raw .img .hdd .qcow2 .vmdk .vdi .vhd .vhdx)
 */
CvmImage *cvm_image_find       (const char  *name_or_path,
                                GError     **error);

/**
 * cvm_image_new:
 *
 * One to be described by setting its members, which it owns, and to be saved at PATH; what it
 * does not say has the same defaults as in a file.
 */
CvmImage *cvm_image_new        (const char  *path);

/**
 * cvm_image_save:
 *
 * Writes NAME.image at its path, at once or not at all, so that loading it gives the same
 */
gboolean  cvm_image_save       (const CvmImage  *self,
                                GError         **error);

CvmImage *cvm_image_ref        (CvmImage    *self);
void      cvm_image_unref      (CvmImage    *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvmImage, cvm_image_unref)

/**
 * cvm_image_with_ready:
 *
 * A copy whose console says this pattern when it is up: of an image without a Ready of its own
 */
CvmImage *cvm_image_with_ready (CvmImage    *self,
                                const char  *ready);

/**
 * cvm_image_with_args:
 *
 * A copy with this appended to the kernel command line: faults of the demo, installers…
 */
CvmImage *cvm_image_with_args  (CvmImage    *self,
                                const char  *kernel_args);
