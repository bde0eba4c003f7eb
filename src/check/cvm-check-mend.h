/* cvm-check-mend.h: how what is missing is installed on this system
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   check.
 * Threads: no state. */
#pragma once

#include <glib.h>

/* What a host check may find missing; each is a package by another name on each system */
typedef enum
{
  CVM_MEND_QEMU,       /* an emulator for this machine's own architecture */
  CVM_MEND_QEMU_IMG,
  CVM_MEND_LIBVIRT,
} CvmMend;

/**
 * cvm_check_mend_install:
 *
 * A command to type: "sudo apt install qemu-utils"; on a system that is not known, what to
 * look for
 */
char *cvm_check_mend_install (CvmMend     what);

/**
 * cvm_check_mend_command:
 *
 * The same where it is a command that can be run as it is; NULL on a system that is not known
 */
char *cvm_check_mend_command (CvmMend     what,
                              const char *os_ids);

/**
 * cvm_check_mend_system:
 *
 * The OS_IDS of this system
 */
char *cvm_check_mend_system  (void);

/**
 * cvm_check_mend_for:
 *
 * The same for OS_IDS, the words of ID and ID_LIKE in /etc/os-release, "macos", or NULL
 */
char *cvm_check_mend_for     (CvmMend     what,
                              const char *os_ids);
