/* cvm-cli-list.h: listings, for people and for programs
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   cli.
 * Threads: one thread at a time.
 *
 * A listing is an array of objects; for people some of their members are shown in columns. */
#pragma once

#include "cvm-json.h"

/**
 * cvm_cli_list_add:
 *
 * Appends an empty object and returns it (transfer none)
 */
JsonObject *cvm_cli_list_add     (JsonArray          *list);

/**
 * cvm_cli_list_strv:
 *
 * A list of strings as a member; NULL is an empty one
 */
void        cvm_cli_list_strv    (JsonObject         *object,
                                  const char         *name,
                                  const char *const  *strv);

/**
 * cvm_cli_list_print_json:
 *
 * The whole listing as JSON
 */
void        cvm_cli_list_print_json (JsonArray       *list);

/**
 * cvm_cli_list_print_columns:
 *
 * COLUMNS: names of members, ended by NULL; as wide as their widest value
 */
void        cvm_cli_list_print_columns (JsonArray          *list,
                                        const char *const  *columns);

/**
 * cvm_cli_list_print:
 * @columns: (nullable): for people; %NULL shows every member
 *
 * The listing as the user wants it
 */
void        cvm_cli_list_print       (JsonArray          *list,
                                      gboolean            is_json,
                                      const char *const  *columns);
