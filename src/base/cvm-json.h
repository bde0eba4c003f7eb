/* cvm-json.h: the one door by which text becomes JSON nodes
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   base.
 * Threads: no state.
 * Trust:   the text may come from anywhere. Depth over CVM_JSON_MAX_DEPTH and size over the
 *          caller's limit are refused before json-glib sees them (1.6 overflows the stack on
 *          2 MB of '['). */
#pragma once

#include <json-glib/json-glib.h>

#define CVM_JSON_MAX_DEPTH 64

/**
 * cvm_json_parse:
 *
 * One object or array, in strict JSON: no comments, nothing behind it
 */
JsonNode   *cvm_json_parse      (const char  *text,
                                 gsize        len,
                                 gsize        max_len,
                                 GError     **error);

/**
 * cvm_json_to_line:
 *
 * One line, no newline at its end
 */
char       *cvm_json_to_line    (JsonNode    *node);

char       *cvm_json_to_pretty  (JsonNode    *node);

/**
 * cvm_json_string:
 *
 * The member as its type, or the fallback when it is missing or of another type: never a
 * critical, whatever the object holds. Strings are borrowed.
 */
const char *cvm_json_string     (JsonObject  *object,
                                 const char  *name,
                                 const char  *fallback);

gint64      cvm_json_int        (JsonObject  *object,
                                 const char  *name,
                                 gint64       fallback);
gboolean    cvm_json_boolean    (JsonObject  *object,
                                 const char  *name,
                                 gboolean     fallback);
JsonObject *cvm_json_object     (JsonObject  *object,
                                 const char  *name);   /* or NULL */
