/* cvm-keyfile.h: a key file that knows its lines and forgets no byte
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   base.
 * Threads: no state outside the object.
 * Trust:   any bytes. Limits: 1 MiB, 10 000 groups, 64 KiB a line.
 *
 * The grammar of desktop entries: UTF-8, '#' comments at a line's start, [Kind id], Key=value,
 * escapes \s \n \t \r \\ \;, lists split at ';'; no quotes, no continuation. A duplicate group
 * or key is an error. GKeyFile gives no line in errors and takes duplicates silently; hence
 * our own. Every error reads "FILE:LINE: what, and what to do". */
#pragma once

#include <gio/gio.h>

#define CVM_KEYFILE_ERROR (cvm_keyfile_error_quark ())
GQuark cvm_keyfile_error_quark (void);

typedef enum
{
  CVM_KEYFILE_ERROR_UNREADABLE,   /* no such file, no permission, too large: nothing to edit */
  CVM_KEYFILE_ERROR_INVALID,      /* a line of it must be mended */
} CvmKeyfileError;

#define CVM_TYPE_KEYFILE (cvm_keyfile_get_type ())
G_DECLARE_FINAL_TYPE (CvmKeyfile, cvm_keyfile, CVM, KEYFILE, GObject)

typedef struct
{
  const char *kind;      /* "Case" of [Case root-login]; the whole header if it is one word */
  const char *id;        /* "root-login", or "" */
  guint       line;      /* from 1 */
} CvmKeyfileGroup;

typedef struct
{
  const char *key;
  const char *value;     /* escapes resolved */
  const char *raw;       /* as it stands in the file: what cvm_keyfile_split () takes */
  guint       line;
} CvmKeyfileEntry;

/**
 * cvm_keyfile_new_from_data:
 *
 * NAME is what errors call it
 */
CvmKeyfile            *cvm_keyfile_new_from_data (const char  *data,
                                                  gsize        len,
                                                  const char  *name,
                                                  GError     **error);

CvmKeyfile            *cvm_keyfile_load          (const char  *path,
                                                  GError     **error);
const char            *cvm_keyfile_get_name      (CvmKeyfile  *self);

guint                  cvm_keyfile_n_groups      (CvmKeyfile  *self);
const CvmKeyfileGroup *cvm_keyfile_group         (CvmKeyfile  *self,
                                                  guint        group);
guint                  cvm_keyfile_n_entries     (CvmKeyfile  *self,
                                                  guint        group);
const CvmKeyfileEntry *cvm_keyfile_entry         (CvmKeyfile  *self,
                                                  guint        group,
                                                  guint        entry);

/**
 * cvm_keyfile_find:
 *
 * NULL where there is none
 */
const CvmKeyfileEntry *cvm_keyfile_find          (CvmKeyfile  *self,
                                                  const char  *kind,
                                                  const char  *id,
                                                  const char  *key);

/**
 * cvm_keyfile_split:
 *
 * A list: split at ';' that is not escaped, empty last item dropped, escapes resolved
 */
char                 **cvm_keyfile_split         (CvmKeyfile            *self,
                                                  const CvmKeyfileEntry *entry);

/**
 * cvm_keyfile_split_text:
 *
 * The same for raw text from elsewhere; an escape it does not know stays as it is
 */
char                 **cvm_keyfile_split_text    (const char            *raw);

/**
 * cvm_keyfile_join:
 *
 * The raw text that splits into these items
 */
char                  *cvm_keyfile_join          (const char *const     *items);

/**
 * cvm_keyfile_escape:
 *
 * VALUE as it must be written, so that reading gives it back; ';' stays as it is
 */
char                  *cvm_keyfile_escape        (const char            *value);

/**
 * cvm_keyfile_set:
 *
 * Edits one value, or appends the key (and the group) where it is missing; VALUE NULL removes
 * the line. All other bytes stay as they are.
 * Groups and entries that were borrowed before are void after it.
 */
void                   cvm_keyfile_set           (CvmKeyfile  *self,
                                                  const char  *kind,
                                                  const char  *id,
                                                  const char  *key,
                                                  const char  *value);

/**
 * cvm_keyfile_set_list:
 *
 * The same of a list, which cvm_keyfile_split () takes apart again; an empty one removes the line
 */
void                   cvm_keyfile_set_list      (CvmKeyfile        *self,
                                                  const char        *kind,
                                                  const char        *id,
                                                  const char        *key,
                                                  const char *const *items);

/**
 * cvm_keyfile_remove_group:
 *
 * Removes the header, its entries and what stands between them; comments that follow its last
 * entry stay. Borrowed groups and entries are void after it.
 */
void                   cvm_keyfile_remove_group  (CvmKeyfile  *self,
                                                  const char  *kind,
                                                  const char  *id);

char                  *cvm_keyfile_to_data       (CvmKeyfile  *self,
                                                  gsize       *len);

/**
 * cvm_keyfile_error_at:
 *
 * Sets "NAME:LINE: message" as CVM_KEYFILE_ERROR_INVALID; for who finds a value wrong
 */
void                   cvm_keyfile_error_at      (CvmKeyfile  *self,
                                                  guint        line,
                                                  GError     **error,
                                                  const char  *format,
                                                  ...) G_GNUC_PRINTF (4, 5);
