/* cvm-virt-life.h: whether a guest is on, as far as is known without asking
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   virt.
 * Threads: any; reference counted. libvirt's events feed it on the main thread, calls in
 *          theirs; no function of it calls out. */
#pragma once

#include <gio/gio.h>

typedef struct _CvmVirtLife CvmVirtLife;

CvmVirtLife *cvm_virt_life_new         (void);
CvmVirtLife *cvm_virt_life_ref         (CvmVirtLife   *self);
void         cvm_virt_life_unref       (CvmVirtLife   *self);

/**
 * cvm_virt_life_begin_start:
 *
 * A start begins, and ends however it ends: also one that nobody waits for any more
 */
void         cvm_virt_life_begin_start (CvmVirtLife   *self);

void         cvm_virt_life_end_start   (CvmVirtLife   *self);

void         cvm_virt_life_set_on      (CvmVirtLife   *self,
                                        gboolean       is_on);
gboolean     cvm_virt_life_is_on       (CvmVirtLife   *self);

/**
 * cvm_virt_life_wait_still:
 *
 * Waits until no start is under way
 */
gboolean     cvm_virt_life_wait_still  (CvmVirtLife   *self,
                                        gint64         deadline_us,
                                        GCancellable  *cancellable,
                                        GError       **error);

/**
 * cvm_virt_life_wait_off:
 *
 * Waits until it is off
 */
gboolean     cvm_virt_life_wait_off    (CvmVirtLife   *self,
                                        gint64         deadline_us,
                                        GCancellable  *cancellable,
                                        GError       **error);
