/* cvm-cli-report.h: what is below the verb report, a file each
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   cli. */
#pragma once

int cvm_cli_report_submit (int argc, char **argv);
