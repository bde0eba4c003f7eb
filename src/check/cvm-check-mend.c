/* cvm-check-mend.c: how what is missing is installed on this system
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-check-mend.h"

typedef enum { APT, DNF, ZYPPER, PACMAN, BREW, N_MANAGERS } Manager;

static const char *const commands[N_MANAGERS] = {
  "sudo apt install", "sudo dnf install", "sudo zypper install", "sudo pacman -S", "brew install",
};

static const struct
{
  const char *os;
  Manager     manager;
} systems[] = {
  { "debian", APT }, { "ubuntu", APT },
  { "fedora", DNF }, { "rhel", DNF }, { "centos", DNF },
  { "suse", ZYPPER }, { "opensuse", ZYPPER },
  { "arch", PACMAN },
  { "macos", BREW },
};

static const char *const packages[][N_MANAGERS] = {
  [CVM_MEND_QEMU] = { "qemu-system-x86", "qemu-kvm", "qemu-x86", "qemu-system-x86", "qemu" },
  [CVM_MEND_QEMU_IMG] = { "qemu-utils", "qemu-img", "qemu-tools", "qemu-img", "qemu" },
  [CVM_MEND_LIBVIRT] = { "libvirt-daemon libvirt-daemon-driver-qemu libvirt-clients",
                         "libvirt-daemon-driver-qemu libvirt-client", "libvirt-daemon-qemu",
                         "libvirt", "libvirt" },
};

static const char *const words[] = {
  [CVM_MEND_QEMU] = "QEMU",
  [CVM_MEND_QEMU_IMG] = "qemu-img",
  [CVM_MEND_LIBVIRT] = "libvirt with its QEMU driver",
};

char *
cvm_check_mend_command (CvmMend     what,
                        const char *os_ids)
{
  g_auto(GStrv) ids = g_strsplit (os_ids != NULL ? os_ids : "", " ", -1);

  for (gsize i = 0; i < G_N_ELEMENTS (systems); i++)
    if (g_strv_contains ((const char *const *)ids, systems[i].os))
      return g_strdup_printf ("%s %s", commands[systems[i].manager],
                              packages[what][systems[i].manager]);

  return NULL;
}

char *
cvm_check_mend_for (CvmMend     what,
                    const char *os_ids)
{
  char *command = cvm_check_mend_command (what, os_ids);

  return command != NULL
           ? command
           : g_strdup_printf ("install %s with this system's package manager", words[what]);
}

char *
cvm_check_mend_system (void)
{
#ifdef __APPLE__
  return g_strdup ("macos");
#else
  g_autofree char *id = g_get_os_info (G_OS_INFO_KEY_ID);
  g_autofree char *like = g_get_os_info ("ID_LIKE");

  return g_strjoin (" ", id != NULL ? id : "", like != NULL ? like : "", NULL);
#endif
}

char *
cvm_check_mend_install (CvmMend what)
{
  g_autofree char *ids = cvm_check_mend_system ();

  return cvm_check_mend_for (what, ids);
}
