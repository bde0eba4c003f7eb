/* cvm-cli-report-browse.h: what the verbs that read a server's reports share
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   cli. */
#pragma once

#include "cvm-cli-server.h"
#include "cvm-json.h"
#include "cvm-tapper-browse.h"

#define CVM_CLI_BROWSE_MS 60000   /* for a server to answer a question */

/**
 * cvm_cli_browse_open:
 *
 * A browser of the server that the options mean; NULL after *STATUS was set and all was told
 */
CvmTapperBrowse *cvm_cli_browse_open   (const CvmCliServer    *options,
                                        CvmTapperServer      **server,
                                        int                   *status);

/**
 * cvm_cli_browse_id:
 *
 * Reads "1042", or "r1042" as the web pages write it; FALSE after a wrong usage was told
 */
gboolean         cvm_cli_browse_id     (const char            *path,
                                        const char            *text,
                                        guint64               *id);

/**
 * cvm_cli_browse_fill:
 *
 * The members of a report, as --json shows them
 */
void             cvm_cli_browse_fill   (JsonObject            *object,
                                        const CvmTapperReport *report,
                                        const CvmTapperServer *server);

/**
 * cvm_cli_browse_time:
 *
 * "2026-11-21 07:59" in the zone of whoever reads it; "" for 0
 */
char            *cvm_cli_browse_time   (gint64                 time_us);

/**
 * cvm_cli_browse_stamp:
 *
 * "2026-11-21T06:59:00Z", or NULL for 0
 */
char            *cvm_cli_browse_stamp  (gint64                 time_us);
