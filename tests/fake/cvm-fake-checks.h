/* cvm-fake-checks.h: checks that do what their name says, for tests of the engine
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * fake.pass fake.fail fake.skip; fake.pass-over is skipped, and not missed; fake.start fake.stop fake.switch-off of a guest; fake.ssh runs a command;
 * fake.http gets port 80; fake.hang waits for its limit or a cancel; fake.tap (text=…) prints TAP,
 * fake.tap-hang and hangs then, fake.tap-flood prints more than is kept. */
#pragma once

#include "cvm-context.h"

const CvmCheck     *cvm_fake_checks_find   (const char *id);
const CvmCheckInfo *cvm_fake_checks_lookup (const char *id);
