/* cvm-param-field.h: what a parameter's value is typed or chosen in
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui.
 *
 * Knows how a value looks, not whether it is allowed: cvm-param-row.h does. */
#pragma once

#include <gtk/gtk.h>

#include "cvm-param.h"

/**
 * CvmParamField::changed: by the user, never by cvm_param_field_set_text ()
 */
#define CVM_TYPE_PARAM_FIELD (cvm_param_field_get_type ())
G_DECLARE_FINAL_TYPE (CvmParamField, cvm_param_field, CVM, PARAM_FIELD, GtkBox)

GtkWidget *cvm_param_field_new        (const CvmParam *param);

/**
 * cvm_param_field_dup_label:
 *
 * What people are shown for its name: "Command", "CPUs"; the key of a preset as it is
 */
char      *cvm_param_field_dup_label  (const CvmParam *param);

/**
 * cvm_param_field_set_text:
 *
 * TEXT as a suite holds it: a list as it stands in the file
 */
void       cvm_param_field_set_text   (CvmParamField  *self,
                                       const char     *text);
char      *cvm_param_field_dup_text   (CvmParamField  *self);

/**
 * cvm_param_field_get_input:
 *
 * The widget inside that takes the keys: for a label's mnemonic, and for its name
 */
GtkWidget *cvm_param_field_get_input  (CvmParamField  *self);
