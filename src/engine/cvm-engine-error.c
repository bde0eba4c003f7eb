/* cvm-engine-error.c: what a port can tell the engine
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-engine-error.h"

G_DEFINE_QUARK (cvm-engine-error-quark, cvm_engine_error)
