/* cvm-cli.h: what every verb of the command line needs
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   cli.
 * Threads: main thread, but for what says otherwise.
 *
 * Results go to standard output, by cvm_cli_print (); all else to standard error. */
#pragma once

#include <gio/gio.h>

#include "cvm-record.h"

/* ARGV[0] is the verb itself; returns the exit status */
typedef int (*CvmCliRun) (int    argc,
                          char **argv);

typedef struct
{
  const char *name;
  const char *summary;   /* N_() */
  CvmCliRun   run;
} CvmCliVerb;

/**
 * cvm_cli_dispatch:
 * @verbs: ended by a NULL name
 * @path: the words before the verb: "cvmtester-cli" or "cvmtester-cli suites"
 * @summary: what they are about, translated
 *
 * Runs the verb that ARGV[1] names; --help lists them.
 */
int       cvm_cli_dispatch    (const CvmCliVerb    *verbs,
                               const char          *path,
                               const char          *summary,
                               int                  argc,
                               char               **argv);

/* A verb's options and what its --help says about it */
typedef struct
{
  const char         *path;          /* "cvmtester-cli run" */
  const char         *arguments;     /* "FILE…", or NULL */
  const char         *summary;       /* translated */
  const char         *description;   /* translated, or NULL */
  const GOptionEntry *entries;
  int                 least, most;   /* arguments beside the options; most -1: any number */
} CvmCliSyntax;

/**
 * cvm_cli_parse:
 *
 * Reads the options; what is left of ARGV begins at 1. FALSE after a wrong usage was told:
 * return CVM_STATUS_USAGE then. Does not return from --help.
 */
gboolean  cvm_cli_parse       (const CvmCliSyntax  *syntax,
                               int                 *argc,
                               char              ***argv);

/**
 * cvm_cli_message:
 *
 * A line on standard error, after the program's name. Any thread.
 */
void      cvm_cli_message     (const char          *format,
                               ...) G_GNUC_PRINTF (1, 2);

/**
 * cvm_cli_usage:
 *
 * The message, and how to get help; returns CVM_STATUS_USAGE
 */
int       cvm_cli_usage       (const char          *path,
                               const char          *format,
                               ...) G_GNUC_PRINTF (2, 3);

/**
 * cvm_cli_fail:
 *
 * Tells ERROR and returns the exit status that it stands for
 */
int       cvm_cli_fail        (const GError        *error);

/**
 * cvm_cli_print:
 *
 * To standard output. What cannot be written is told once, at the end. Any thread.
 */
void      cvm_cli_print       (const char          *format,
                               ...) G_GNUC_PRINTF (1, 2);

void      cvm_cli_write       (const char          *bytes,
                               gsize                len);

/**
 * cvm_cli_flush:
 *
 * What was written so far is seen now
 */
void      cvm_cli_flush       (void);

/**
 * cvm_cli_finish:
 *
 * The exit status after all: STATUS, or CVM_STATUS_FAULT if standard output was not written
 */
int       cvm_cli_finish      (int                  status);

/**
 * cvm_cli_clean:
 *
 * TEXT of a guest or a host, fit for a terminal: one line, no controls
 */
char     *cvm_cli_clean       (const char          *text);
