/* cvm-engine-error.h: what a port can tell the engine, each a decision
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   engine. */
#pragma once

#include <gio/gio.h>

/**
 * CvmEngineError:
 * @CVM_ENGINE_ERROR_HOST_LOST: the host does not answer, or stopped to; nothing more is asked of it
 * @CVM_ENGINE_ERROR_GUEST_LOST: the guest vanished or ended by itself; the run may be tried again
 * @CVM_ENGINE_ERROR_REFUSED: a permission, a password or a resource is missing; its message
 *   says which and what to do
 * @CVM_ENGINE_ERROR_UNAUTHORIZED: the host wants to know who one is, and nobody answered or the
 *   answer was wrong; ask the user, who may know
 * @CVM_ENGINE_ERROR_UNSUPPORTED: this host or hypervisor cannot do it; the case is skipped
 *
 * A failed test is a result and never an error. A limit that is over is always
 * %G_IO_ERROR_TIMED_OUT, a cancel %G_IO_ERROR_CANCELLED. All else is a failure whose message
 * is all there is to know.
 */
typedef enum
{
  CVM_ENGINE_ERROR_HOST_LOST,
  CVM_ENGINE_ERROR_GUEST_LOST,
  CVM_ENGINE_ERROR_REFUSED,
  CVM_ENGINE_ERROR_UNSUPPORTED,
  CVM_ENGINE_ERROR_UNAUTHORIZED,
} CvmEngineError;

#define CVM_ENGINE_ERROR (cvm_engine_error_quark ())
GQuark cvm_engine_error_quark (void);
