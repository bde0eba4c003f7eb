/* cvm-image-loader.h: the images that are here and those of catalogues, read off the main thread
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui; needs no display. */
#pragma once

#include "cvm-image-item.h"

/* What is here */
typedef struct
{
  GPtrArray *items;        /* of CvmImageItem, by title */
  GPtrArray *catalogues;   /* of CvmCatalogue: those of the settings */
  char      *problem;      /* why these cannot be read, or NULL */
  char      *folder;       /* the user's images */
  gint64     bytes;        /* that it takes */
  gint64     free_bytes;   /* -1: nobody knows */
  gint64     budget;       /* bytes that it should take at most; 0: no limit */
} CvmImagesHere;

void           cvm_images_here_free        (CvmImagesHere        *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvmImagesHere, cvm_images_here_free)

void           cvm_images_here_load_async  (GCancellable         *cancellable,
                                            GAsyncReadyCallback   callback,
                                            gpointer              user_data);

CvmImagesHere *cvm_images_here_load_finish (GAsyncResult         *result,
                                            GError              **error);

/**
 * cvm_images_listed_load_async:
 * @location: of a catalogue
 * @keyring: (nullable)
 *
 * Asks a catalogue, for a minute at most. Each ask has a thread of its own: one that does not
 * answer keeps nobody else waiting. Of what was fetched in part before, the state is
 * %CVM_IMAGE_STATE_PARTLY.
 */
void           cvm_images_listed_load_async  (const char           *location,
                                              const char           *keyring,
                                              GCancellable         *cancellable,
                                              GAsyncReadyCallback   callback,
                                              gpointer              user_data);

/**
 * cvm_images_listed_load_finish:
 *
 * Returns: (transfer full) (element-type CvmImageItem): the newest first
 */
GPtrArray     *cvm_images_listed_load_finish (GAsyncResult         *result,
                                              GError              **error);
