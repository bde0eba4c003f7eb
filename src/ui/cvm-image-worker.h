/* cvm-image-worker.h: what is being done with images: fetched, imported, checked, removed
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui; needs no display.
 * Threads: the main one's. The work is done by CVM_IMAGE_WORKERS threads, and told to the items
 *          a few times a second.
 *
 * What is fetched and cancelled goes on from there when it is fetched again. */
#pragma once

#include "cvm-image-item.h"

#define CVM_IMAGE_WORKERS 3

/**
 * CvmImageWorker::changed: the images that are here are others now
 * CvmImageWorker::importing:
 * @item: a CvmImageItem: its import begins
 */
#define CVM_TYPE_IMAGE_WORKER (cvm_image_worker_get_type ())
G_DECLARE_FINAL_TYPE (CvmImageWorker, cvm_image_worker, CVM, IMAGE_WORKER, GObject)

/* What an import is told; NULL where the file tells it */
typedef struct
{
  char *path;
  char *name;
  char *description;
  char *arch;
  char **settings;      /* Key, value, … of NAME.image; ended by NULL */
} CvmImageWanted;

void            cvm_image_wanted_free    (CvmImageWanted  *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvmImageWanted, cvm_image_wanted_free)

CvmImageWorker *cvm_image_worker_new     (void);

/**
 * cvm_image_worker_get_default:
 *
 * That of all pages; it stops when the program's last window goes
 */
CvmImageWorker *cvm_image_worker_get_default (void);

/**
 * cvm_image_worker_stop:
 *
 * Cancels all that is done; what was fetched in part stays and can go on
 */
void            cvm_image_worker_stop    (CvmImageWorker  *self);

/* None of these does anything with an item that is busy */
void            cvm_image_worker_fetch   (CvmImageWorker  *self,
                                          CvmImageItem    *item);
void            cvm_image_worker_check   (CvmImageWorker  *self,
                                          CvmImageItem    *item);

/**
 * cvm_image_worker_import:
 * @item: cvm_image_item_new_import ()
 * @wanted: (transfer full)
 */
void            cvm_image_worker_import  (CvmImageWorker  *self,
                                          CvmImageItem    *item,
                                          CvmImageWanted  *wanted);

void            cvm_image_worker_cancel  (CvmImageWorker  *self,
                                          CvmImageItem    *item);

/**
 * cvm_image_worker_remove:
 *
 * From the disk, for good. The program does not end before it is done.
 */
void            cvm_image_worker_remove  (CvmImageWorker  *self,
                                          CvmImageItem    *item);

/**
 * cvm_image_worker_list_imports:
 *
 * Returns: (transfer full) (element-type CvmImageItem): those that are not done
 */
GPtrArray      *cvm_image_worker_list_imports (CvmImageWorker *self);

gboolean        cvm_image_worker_is_busy (CvmImageWorker  *self);
