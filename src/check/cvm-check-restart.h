/* cvm-check-restart.h: what tells that a guest restarted, whoever asked it to
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   check.
 * Threads: one thread at a time. */
#pragma once

#include "cvm-context.h"

/* What it was before */
typedef struct
{
  char *boot_id;   /* or NULL: it cannot be read */
} CvmCheckRestart;

void     cvm_check_restart_clear (CvmCheckRestart *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CvmCheckRestart, cvm_check_restart_clear)

/**
 * cvm_check_restart_begin:
 *
 * To be called before the guest is asked to restart. FALSE with the error in the context; it is
 * UNSUPPORTED where nothing would tell: no Ready of the image, and no boot id over ssh.
 */
gboolean cvm_check_restart_begin (CvmContext      *context,
                                  CvmCheckRestart *self);

/**
 * cvm_check_restart_await:
 *
 * Waits until the console says the image's Ready again and the boot id is a new one, each where
 * there is one
 */
gboolean cvm_check_restart_await (CvmContext      *context,
                                  CvmCheckRestart *self);

/**
 * cvm_check_restart_await_ready:
 * @pattern: what the console says when the guest is ready
 *
 * Waits for it in what came since the boot was marked; says what the console did instead
 */
gboolean cvm_check_restart_await_ready (CvmContext *context,
                                        const char *pattern);
