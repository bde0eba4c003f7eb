/* cvm-host-kind.h: the kinds of hosts that there are, and their URIs
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui; needs no display.
 * Threads: no state. */
#pragma once

#include <glib.h>

typedef struct
{
  const char *id;
  const char *title;      /* N_() */
  const char *hint;       /* N_(): what it needs, in a sentence or two */
  const char *scheme;     /* "qemu+ssh"; NULL: the URI is written by hand */
  const char *path;       /* "/system" */
  gboolean    has_machine;
  guint       port;       /* the usual one, which need not be said; 0: none */
} CvmHostKind;

/**
 * cvm_host_kinds:
 *
 * Ended by a NULL id
 */
const CvmHostKind *cvm_host_kinds    (void);

/**
 * cvm_host_kind_uri:
 * @machine: of another computer: a name or an address
 * @user: (nullable): who to be there
 *
 * The URI (transfer full); NULL while the machine is not named
 */
char              *cvm_host_kind_uri (const CvmHostKind *kind,
                                      const char        *machine,
                                      const char        *user,
                                      guint              port);

/**
 * cvm_host_kind_title:
 *
 * What a host that is found is called, translated; NULL: by its URI
 */
const char        *cvm_host_kind_title (const char *uri);
