/* cvm-virt-error.h: what libvirt's errors mean to the engine
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   virt.
 * Threads: libvirt keeps its last error per thread: take it where the call failed, at once. */
#pragma once

#include <gio/gio.h>
#include <libvirt/virterror.h>

/**
 * cvm_virt_error_take:
 *
 * Sets "Cannot DOING: libvirt's words" with the CvmEngineError that fits, or
 * G_IO_ERROR_NOT_FOUND for an object that is not there, or G_IO_ERROR_FAILED
 */
void     cvm_virt_error_take    (const char  *doing,
                                 GError     **error);

/**
 * cvm_virt_error_take_open:
 *
 * The same for a connection that could not be opened: the host is lost, or refuses; with what
 * to do about it
 */
void     cvm_virt_error_take_open (const char  *uri,
                                   GError     **error);

/**
 * cvm_virt_error_is_gone:
 *
 * The last call failed since its domain or network is not there, or is off
 */
gboolean cvm_virt_error_is_gone (void);
