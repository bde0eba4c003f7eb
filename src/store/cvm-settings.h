/* cvm-settings.h: what the user set for both programs, in settings.ini
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   store.
 * Threads: no state; reads and writes the disk, so not on the main thread of a window.
 * Trust:   what the user wrote. Groups that are not known here, such as [Catalogue NAME], are
 *          others' and stay as they are; in those that are, an unknown key is an error.
 *
 *   [Images]
 *   Folder=/srv/images           default: $XDG_DATA_HOME/cvmtester/images
 *   Budget=200G                  K, M, G, T: 1024s; none or 0: no limit
 *   [Runs]
 *   Jobs=4                       at a time, 1 to 64; default: 2
 *   KeepFailed=true              leave failed guests running
 *   Hypervisor=qemu              auto, kvm, hvf, qemu, xen, vbox, vmware, lxc, test
 *   [Window]
 *   Appearance=dark              system, light, dark
 *   Notifications=false          when a run ends and the window is not looked at
 *
 * The Tapper server that reports go to is the default of servers.ini. */
#pragma once

#include <gio/gio.h>

typedef enum
{
  CVM_APPEARANCE_SYSTEM,
  CVM_APPEARANCE_LIGHT,
  CVM_APPEARANCE_DARK,
} CvmAppearance;

typedef struct
{
  char          *images_folder;   /* absolute, also where it is the default */
  guint64        images_budget;   /* bytes; 0: no limit */
  guint          jobs;            /* at a time */
  gboolean       keep_failed;
  char          *hypervisor;      /* "auto" by default */
  CvmAppearance  appearance;
  gboolean       notifications;
} CvmSettings;

typedef enum
{
  CVM_SETTING_IMAGES_FOLDER,
  CVM_SETTING_IMAGES_BUDGET,
  CVM_SETTING_JOBS,
  CVM_SETTING_KEEP_FAILED,
  CVM_SETTING_HYPERVISOR,
  CVM_SETTING_APPEARANCE,
  CVM_SETTING_NOTIFICATIONS,
  CVM_N_SETTINGS
} CvmSetting;

/**
 * cvm_settings_load:
 *
 * NULL with CVM_KEYFILE_ERROR, "FILE:LINE: …", where a line is wrong
 */
CvmSettings *cvm_settings_load        (GError      **error);

/**
 * cvm_settings_new:
 *
 * All defaults: what to go on with when the file is wrong
 */
CvmSettings *cvm_settings_new         (void);
void         cvm_settings_free        (CvmSettings  *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvmSettings, cvm_settings_free)

/**
 * cvm_settings_set:
 * @value: (nullable): as it stands in the file; NULL for the default
 *
 * Writes this one; all other bytes of the file stay. G_IO_ERROR_INVALID_ARGUMENT says what is
 * allowed.
 */
gboolean     cvm_settings_set         (CvmSetting    setting,
                                       const char   *value,
                                       GError      **error);

/**
 * cvm_settings_dup_images_folder:
 *
 * Where the user's images lie: for cvm_paths_set_images ()
 */
char        *cvm_settings_dup_images_folder (GError **error);

/**
 * cvm_settings_parse_size:
 *
 * Bytes: "0", "500M", "1.5G" is not one
 */
gboolean     cvm_settings_parse_size  (const char   *text,
                                       guint64      *bytes);
