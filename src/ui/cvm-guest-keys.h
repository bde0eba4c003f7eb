/* cvm-guest-keys.h: chords that a keyboard here would take for itself, to be sent to a guest
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui. */
#pragma once

#include <gtk/gtk.h>

#define CVM_GUEST_CHORD_MAX 4

typedef struct
{
  const char *id;                              /* "ctrl-alt-del" */
  const char *label;                           /* to be translated */
  guint       keys[CVM_GUEST_CHORD_MAX + 1];   /* keysyms, ended by 0 */
} CvmGuestChord;

/**
 * cvm_guest_chord_find:
 *
 * NULL: there is none of that id
 */
const CvmGuestChord *cvm_guest_chord_find     (const char *id);

/**
 * cvm_guest_keys_new_menu:
 * @action: "display.send", whose target is a chord's id
 */
GMenuModel          *cvm_guest_keys_new_menu  (const char *action);
