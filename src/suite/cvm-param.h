/* cvm-param.h: what a case of a check can set
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   suite.
 * Threads: constant data.
 *
 * A check's parameter table is the only place where a parameter is described: the dialog, the
 * validation of suite files, the CLI's --set and the help are all made from it. */
#pragma once

#include <gio/gio.h>

typedef enum
{
  CVM_PARAM_STRING,     /* of the form, if there is one */
  CVM_PARAM_INTEGER,    /* within min and max, both inclusive */
  CVM_PARAM_BOOLEAN,    /* true or false */
  CVM_PARAM_DURATION,   /* 30, 30s, 5m, 1h */
  CVM_PARAM_PATTERN,    /* a Perl-compatible regular expression that compiles */
  CVM_PARAM_CHOICE,     /* one of choices */
  CVM_PARAM_FILE,       /* a path; relative to the suite's folder */
  CVM_PARAM_ARGV,       /* a list: a program and its arguments */
  CVM_PARAM_PASSWORD,   /* where one comes from, never itself: generated, image, image-web,
                           prompt, file:PATH or keyring:NAME; empty where the default is */
} CvmParamType;

typedef struct
{
  const char  *name;            /* lower case, as in the suite file; NULL ends a table */
  CvmParamType type;
  const char  *default_value;   /* NULL: a case must set it */
  const char  *help;            /* N_(): one sentence, without a full stop */
  gint64       min, max;        /* INTEGER; both 0: no limits */
  const char  *choices;         /* CHOICE: "a;b;c" */
  gint64       step;            /* INTEGER: what it must be a multiple of; 0: of nothing */
  const char  *form;            /* STRING: a regular expression that all of it matches; or NULL */
  const char  *form_help;       /* the form in words: "letters only" */
  const char  *label;           /* N_(): what a form calls it; NULL: its name, as a title */
} CvmParam;

/**
 * cvm_param_type_name:
 *
 * "integer"…
 */
const char     *cvm_param_type_name      (CvmParamType     type);

const CvmParam *cvm_param_find           (const CvmParam  *table,
                                          const char      *name);

/**
 * cvm_param_validate:
 *
 * Says what is wrong and what is allowed: "user-count is 0; allowed: 1 to 16"
 */
gboolean        cvm_param_validate       (const CvmParam  *param,
                                          const char      *value,
                                          GError         **error);

gboolean        cvm_param_parse_integer  (const char      *text,
                                          gint64          *value);
gboolean        cvm_param_parse_boolean  (const char      *text,
                                          gboolean        *value);

/**
 * cvm_param_parse_duration:
 *
 * Milliseconds; at most a week
 */
gboolean        cvm_param_parse_duration (const char      *text,
                                          gint64          *ms);

#define CVM_PASSWORD_FILE    "file:"
#define CVM_PASSWORD_KEYRING "keyring:"

/**
 * cvm_param_parse_list:
 *
 * ';'-separated with \; and \\, as in a suite file
 */
char          **cvm_param_parse_list     (const char      *text);

/* Of what a check is, all that a suite file, a dialog or a help page needs to know */
typedef struct
{
  const char     *id;             /* "ssh.login" */
  const char     *title;          /* N_() */
  const char     *help;           /* N_(): a paragraph */
  const CvmParam *params;         /* ended by a NULL name */
  gint64          timeout_ms;     /* when a case sets none */
  gboolean        runs_on_host;   /* starts programs of the host: needs the user's word */
  gboolean        makes_guest;    /* or what it is made of: a guest that runs is made already */
} CvmCheckInfo;

/* Whoever knows the checks; NULL for an unknown id */
typedef const CvmCheckInfo *(*CvmCheckLookup) (const char *id);
