/* cvm-cli-verbs.h: the verbs of the command line, a file each
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   cli. */
#pragma once

int cvm_cli_checks (int argc, char **argv);
int cvm_cli_doctor (int argc, char **argv);
int cvm_cli_hosts (int argc, char **argv);
int cvm_cli_images (int argc, char **argv);
int cvm_cli_report (int argc, char **argv);
int cvm_cli_run (int argc, char **argv);
int cvm_cli_runs (int argc, char **argv);
int cvm_cli_suites (int argc, char **argv);
int cvm_cli_sweep (int argc, char **argv);
int cvm_cli_tap (int argc, char **argv);
