/* cvm-catalogue-adder.h: a popover that asks for a catalogue's name and address
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui. */
#pragma once

#include <gtk/gtk.h>

/**
 * CvmCatalogueAdder::added:
 * @name: a name and …
 * @location: … an address that cvm_catalogues_check () takes
 */
#define CVM_TYPE_CATALOGUE_ADDER (cvm_catalogue_adder_get_type ())
G_DECLARE_FINAL_TYPE (CvmCatalogueAdder, cvm_catalogue_adder, CVM, CATALOGUE_ADDER, GtkPopover)
