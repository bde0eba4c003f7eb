/* cvm-image-fetch.h: from a catalogue's entry to an image that boots
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   image.
 * Threads: blocks; several may fetch at once, each with a store of its own. */
#pragma once

#include "cvm-catalogue.h"
#include "cvm-fetch.h"
#include "cvm-image-store.h"

typedef enum
{
  CVM_IMAGE_FETCH_LOOKING_UP,   /* sums and signatures */
  CVM_IMAGE_FETCH_FETCHING,     /* and unpacking, as it comes */
  CVM_IMAGE_FETCH_CHECKING,     /* signature, disk, sum of the disk */
  CVM_IMAGE_FETCH_DONE,
} CvmImageFetchStage;

/* Called in the fetching thread, when a stage begins. STREAM (not NULL while fetching) can be asked
 * for its progress from any thread as long as a reference is held. */
typedef void (*CvmImageFetchFunc) (CvmImageFetchStage  stage,
                                   CvmFetchStream     *stream,
                                   gpointer            data);

typedef struct
{
  CvmCatalogueEntry *entry;        /* at least its URL */
  const char        *name;         /* NULL: the entry's */
  const char        *keyring;      /* a good signature is wanted; NULL: none is looked at */
  gboolean           replaces;     /* an image of this name */
  gint64             patience_ms;  /* without a new byte; 0: CVM_FETCH_PATIENCE_MS */
  CvmImageFetchFunc  on_stage;     /* or NULL */
  gpointer           data;
} CvmImageFetch;

typedef struct
{
  char    *name;
  char    *path;         /* of NAME.image */
  char    *sha256;       /* of the file as it came; NULL where nothing had to be fetched */
  char    *signature;    /* who signed, or NULL */
  gboolean was_here;     /* nothing had to be fetched */
  gint64   bytes;        /* that are here, also where it failed */
  guint    n_breaks;
} CvmImageFetched;

void     cvm_image_fetched_clear (CvmImageFetched      *self);

/**
 * cvm_image_fetch_run:
 *
 * Looks the sum up, fetches and unpacks at once, compares sum and signature, and only then gives
 * the image its name. Nothing that was there before is touched when any of it fails.
 */
gboolean cvm_image_fetch_run     (CvmImageStore        *store,
                                  const CvmImageFetch  *fetch,
                                  GCancellable         *cancellable,
                                  CvmImageFetched      *fetched,
                                  GError              **error);
