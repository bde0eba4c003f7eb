/* cvm-cli-server.h: the options that say which Tapper server is meant
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   cli.
 * Threads: main thread. */
#pragma once

#include <gio/gio.h>

#include "cvm-tapper-server.h"

typedef struct
{
  char *name;       /* --server */
  char *receiver;   /* the other three make a server for this one call */
  char *api;
  char *web;
} CvmCliServer;

/* Rows of a verb's GOptionEntry table that fill a CvmCliServer */
#define CVM_CLI_SERVER_ENTRIES(self) \
  { "server", 0, 0, G_OPTION_ARG_STRING, &(self).name, \
    N_("Server of servers.ini; default: the one that is its default"), N_("NAME") }, \
  { "receiver", 0, 0, G_OPTION_ARG_STRING, &(self).receiver, \
    N_("Receiver of a server for this call only"), N_("[tls://]HOST:PORT") }, \
  { "api", 0, 0, G_OPTION_ARG_STRING, &(self).api, N_("Its API, where it has one"), \
    N_("[tls://]HOST:PORT") }, \
  { "web", 0, 0, G_OPTION_ARG_STRING, &(self).web, N_("Its web pages, where it has them"), \
    N_("URL") }

/**
 * cvm_cli_server_find:
 *
 * The server that the options mean. An error is a wrong usage or a wrong servers.ini:
 * cvm_cli_fail () knows its exit status.
 */
CvmTapperServer *cvm_cli_server_find  (const CvmCliServer  *self,
                                       GError             **error);

void             cvm_cli_server_clear (CvmCliServer        *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CvmCliServer, cvm_cli_server_clear)
