/* cvm-image-item.h: an image in the list of images, here or in a catalogue
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui; needs no display.
 * Threads: may be made in any thread; then the main one's.
 * Trust:   its texts are fit for any widget, whatever a catalogue or a file said. */
#pragma once

#include "cvm-catalogue.h"
#include "cvm-fetch.h"
#include "cvm-image-shelf.h"

typedef enum
{
  CVM_IMAGE_STATE_AWAY,       /* a catalogue lists it */
  CVM_IMAGE_STATE_PARTLY,     /* some of it came before: fetching goes on from there */
  CVM_IMAGE_STATE_WAITING,    /* for others that are fetched */
  CVM_IMAGE_STATE_FETCHING,
  CVM_IMAGE_STATE_IMPORTING,
  CVM_IMAGE_STATE_CHECKING,
  CVM_IMAGE_STATE_HERE,       /* and never checked */
  CVM_IMAGE_STATE_CHECKED,
  CVM_IMAGE_STATE_DAMAGED,    /* or its file cannot be read */
} CvmImageState;

/* What must hold for an item to be shown; NULL: anything */
typedef struct
{
  const char *text;           /* in its title, name or about; in any case */
  const char *type;
  const char *arch;
} CvmImageWish;

/* CvmImageItem::changed */
#define CVM_TYPE_IMAGE_ITEM (cvm_image_item_get_type ())
G_DECLARE_FINAL_TYPE (CvmImageItem, cvm_image_item, CVM, IMAGE_ITEM, GObject)

/**
 * cvm_image_item_new_here:
 * @here: (transfer full)
 */
CvmImageItem        *cvm_image_item_new_here     (CvmShelfImage       *here);

/**
 * cvm_image_item_new_entry:
 * @keyring: (nullable): of its catalogue
 */
CvmImageItem        *cvm_image_item_new_entry    (CvmCatalogueEntry   *entry,
                                                  const char          *keyring);

/**
 * cvm_image_item_new_import:
 *
 * What is being imported as NAME
 */
CvmImageItem        *cvm_image_item_new_import   (const char          *name);

/* Either may be NULL: of what is only listed, or only here */
const CvmShelfImage *cvm_image_item_get_here     (CvmImageItem        *self);
CvmCatalogueEntry   *cvm_image_item_get_entry    (CvmImageItem        *self);
const char          *cvm_image_item_get_keyring  (CvmImageItem        *self);

const char          *cvm_image_item_get_name     (CvmImageItem        *self);
const char          *cvm_image_item_get_title    (CvmImageItem        *self);
const char          *cvm_image_item_get_about    (CvmImageItem        *self);
const char          *cvm_image_item_get_type_name (CvmImageItem       *self);
const char          *cvm_image_item_get_arch     (CvmImageItem        *self);

CvmImageState        cvm_image_item_get_state    (CvmImageItem        *self);

/**
 * cvm_image_item_is_busy:
 *
 * Something is done with it that can be cancelled
 */
gboolean             cvm_image_item_is_busy      (CvmImageItem        *self);

/**
 * cvm_image_item_get_problem:
 *
 * What is wrong, and what to do; or NULL
 */
const char          *cvm_image_item_get_problem  (CvmImageItem        *self);

/**
 * cvm_image_item_dup_status:
 *
 * "42 % · 18 MB/s · about 3 min left", "checked on 21 November", "used by a run"
 */
char                *cvm_image_item_dup_status   (CvmImageItem        *self);

/**
 * cvm_image_item_get_fraction:
 *
 * 0 to 1; -1: nobody knows
 */
double               cvm_image_item_get_fraction (CvmImageItem        *self);

/**
 * cvm_image_item_set_state:
 * @problem: (nullable)
 */
void                 cvm_image_item_set_state    (CvmImageItem        *self,
                                                  CvmImageState        state,
                                                  const char          *problem);

void                 cvm_image_item_set_progress (CvmImageItem           *self,
                                                  const CvmFetchProgress *progress);

/**
 * cvm_image_item_take_here:
 * @here: (transfer full) (nullable): NULL: it is not here any more
 *
 * What the disk says now; what is being done with it goes on
 */
void                 cvm_image_item_take_here    (CvmImageItem        *self,
                                                  CvmShelfImage       *here);

/**
 * cvm_image_item_set_hidden:
 *
 * It matches nothing: it is about to be removed
 */
void                 cvm_image_item_set_hidden   (CvmImageItem        *self,
                                                  gboolean             is_hidden);

/**
 * cvm_image_item_steal_here:
 *
 * Of an item that is given up
 */
CvmShelfImage       *cvm_image_item_steal_here   (CvmImageItem        *self);

gboolean             cvm_image_item_matches      (CvmImageItem        *self,
                                                  const CvmImageWish  *wish);

/**
 * cvm_image_items_newest:
 * @items: (element-type CvmImageItem): of a catalogue, the newest first
 *
 * The first of those that differ only in their version
 */
GPtrArray           *cvm_image_items_newest      (GPtrArray           *items);
