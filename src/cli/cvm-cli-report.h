/* cvm-cli-report.h: what is below the verb report, a file each
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   cli. */
#pragma once

int cvm_cli_report_spool (int argc, char **argv);
int cvm_cli_report_submit (int argc, char **argv);
int cvm_cli_report_list   (int argc, char **argv);
int cvm_cli_report_show   (int argc, char **argv);
int cvm_cli_report_tap    (int argc, char **argv);
int cvm_cli_report_files  (int argc, char **argv);
int cvm_cli_report_fetch  (int argc, char **argv);
int cvm_cli_report_server (int argc, char **argv);
