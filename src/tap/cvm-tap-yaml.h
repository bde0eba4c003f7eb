/* cvm-tap-yaml.h: the values of a diagnostics block
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   tap.  Needs GLib, and libyaml behind this header.
 * Threads: a document belongs to one thread at a time; any may read it.
 * Trust:   the bytes come from a guest. Depth, aliases and size are bounded; what is beyond is an
 *          error of that block only. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define CVM_TAP_YAML_DEPTH_MAX  64
#define CVM_TAP_YAML_VALUES_MAX 100000 /* with every alias counted as what it stands for */

/**
 * CvmTapYamlError:
 * @CVM_TAP_YAML_ERROR_SYNTAX: not YAML; show the raw text
 * @CVM_TAP_YAML_ERROR_LIMIT: too deep, too large or too many aliases; show the raw text's head
 */
typedef enum
{
  CVM_TAP_YAML_ERROR_SYNTAX,
  CVM_TAP_YAML_ERROR_LIMIT,
} CvmTapYamlError;

#define CVM_TAP_YAML_ERROR (cvm_tap_yaml_error_quark ())
GQuark cvm_tap_yaml_error_quark (void);

typedef enum
{
  CVM_TAP_VALUE_NULL,
  CVM_TAP_VALUE_BOOLEAN,
  CVM_TAP_VALUE_INT,
  CVM_TAP_VALUE_DOUBLE,
  CVM_TAP_VALUE_STRING,
  CVM_TAP_VALUE_LIST,
  CVM_TAP_VALUE_MAP,
} CvmTapValueType;

typedef struct _CvmTapYaml  CvmTapYaml;
typedef struct _CvmTapValue CvmTapValue;

CvmTapYaml        *cvm_tap_yaml_parse       (const char         *text,
                                             gsize               len,
                                             GError            **error);
void               cvm_tap_yaml_free        (CvmTapYaml         *self);
const CvmTapValue *cvm_tap_yaml_get_root    (const CvmTapYaml   *self);

CvmTapValueType    cvm_tap_value_get_type   (const CvmTapValue  *self);
const char        *cvm_tap_value_get_text   (const CvmTapValue  *self);
gboolean           cvm_tap_value_get_boolean (const CvmTapValue *self);
gint64             cvm_tap_value_get_int    (const CvmTapValue  *self);
double             cvm_tap_value_get_double (const CvmTapValue  *self);
guint              cvm_tap_value_get_size   (const CvmTapValue  *self);
const CvmTapValue *cvm_tap_value_get_item   (const CvmTapValue  *self,
                                             guint               index);
const CvmTapValue *cvm_tap_value_get_key    (const CvmTapValue  *self,
                                             guint               index);
const CvmTapValue *cvm_tap_value_get_member (const CvmTapValue  *self,
                                             const char         *key);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvmTapYaml, cvm_tap_yaml_free)

G_END_DECLS
