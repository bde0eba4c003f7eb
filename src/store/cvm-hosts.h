/* cvm-hosts.h: the hosts that the user wrote down, and those that are found
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   store.
 * Threads: no state; reads and writes hosts.ini, so not on the main thread of a window.
 * Trust:   what the user wrote.
 *
 *   [Host lab-3]
 *   Title=Lab, third rack
 *   URI=qemu+ssh://tester@lab-3.example/system
 *
 * Hosts that are found (the program's own connections) have an id made from their URI and need no
 * line; [Host qemu-session] with Hidden=true puts one away, with Title= renames it. Errors are
 * CVM_KEYFILE_ERROR, "FILE:LINE: …", where a line is wrong. */
#pragma once

#include <gio/gio.h>

/**
 * CvmHostsError:
 * @CVM_HOSTS_ERROR_INVALID: no URI: write another
 * @CVM_HOSTS_ERROR_UNKNOWN: no host has this id: name another, or add it
 * @CVM_HOSTS_ERROR_EXISTS: a host has this URI already: use that one
 */
typedef enum
{
  CVM_HOSTS_ERROR_INVALID,
  CVM_HOSTS_ERROR_UNKNOWN,
  CVM_HOSTS_ERROR_EXISTS,
} CvmHostsError;

#define CVM_HOSTS_ERROR (cvm_hosts_error_quark ())
GQuark cvm_hosts_error_quark (void);

typedef struct
{
  char     *id;
  char     *title;      /* NULL: the user gave none */
  char     *uri;
  gboolean  is_found;   /* it needs no line in the file */
  gboolean  is_hidden;  /* found, and put away by the user */
} CvmSavedHost;

void                cvm_saved_host_free   (CvmSavedHost        *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvmSavedHost, cvm_saved_host_free)

/**
 * cvm_hosts_load:
 * @found: URIs that are found, ended by NULL
 *
 * (element-type CvmSavedHost): the found ones, then the file's in its order, hidden ones too
 */
GPtrArray          *cvm_hosts_load        (const char *const   *found,
                                           GError             **error);

/**
 * cvm_hosts_find:
 *
 * By id, else by URI; NULL where there is none
 */
const CvmSavedHost *cvm_hosts_find        (GPtrArray           *hosts,
                                           const char          *id_or_uri);

/**
 * cvm_hosts_resolve:
 *
 * The URI of WORD: itself if it is one, else that of the host with this id.
 * CVM_HOSTS_ERROR_UNKNOWN names the ids there are.
 */
char               *cvm_hosts_resolve     (const char          *word,
                                           const char *const   *found,
                                           GError             **error);

/**
 * cvm_hosts_check_uri:
 *
 * FALSE with what is wrong. A password is refused: the host asks.
 */
gboolean            cvm_hosts_check_uri   (const char          *uri,
                                           GError             **error);

/**
 * cvm_hosts_make_id:
 *
 * An id out of a title or a URI: "lab-3-example", "qemu-session"
 */
char               *cvm_hosts_make_id     (const char          *text);

/**
 * cvm_hosts_add:
 * @title: (nullable): what to call it
 *
 * The new host's id; that of a hidden one with this URI, which is shown again.
 * CVM_HOSTS_ERROR_EXISTS where a host has this URI already.
 */
char               *cvm_hosts_add         (const char          *uri,
                                           const char          *title,
                                           const char *const   *found,
                                           GError             **error);

/**
 * cvm_hosts_change:
 *
 * Another URI (not of one that is found), another title; NULL title: none
 */
gboolean            cvm_hosts_change      (const char          *id,
                                           const char          *uri,
                                           const char          *title,
                                           const char *const   *found,
                                           GError             **error);

/**
 * cvm_hosts_remove:
 *
 * Forgets it; one that is found is hidden
 */
gboolean            cvm_hosts_remove      (const char          *id,
                                           const char *const   *found,
                                           GError             **error);
