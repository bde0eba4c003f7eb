/* cvm-image-store-private.h: how the store keeps its disks
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   image, and only here. */
#pragma once

#include "cvm-image-store.h"

#define CVM_STORE_CONTENTS "contents.ini"
#define CVM_STORE_ADDING   "adding"   /* a link in a work folder: to the KEY that is being added */

/* contents.ini of a disk's folder -------------------------------------------------------------- */

typedef struct
{
  char  *name;
  char  *sha256;
  gint64 size;
} CvmDiskFile;

typedef struct
{
  char      *format;
  char      *source;          /* or NULL */
  char      *source_sha256;   /* or NULL */
  GPtrArray *files;           /* CvmDiskFile; the first one boots */
} CvmContents;

CvmContents *cvm_contents_new     (void);
void         cvm_contents_free    (CvmContents        *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvmContents, cvm_contents_free)

/* Takes the sum */
void         cvm_contents_add     (CvmContents        *self,
                                   const char         *name,
                                   gint64              size,
                                   char               *sha256);

/**
 * cvm_contents_key:
 *
 * The sum of the one file, or that of the list of all
 */
char        *cvm_contents_key     (const CvmContents  *self);
gboolean     cvm_contents_save    (const CvmContents  *self,
                                   const char         *dir,
                                   GError            **error);

/**
 * cvm_contents_load:
 *
 * Errors: CVM_KEYFILE_ERROR with file:line. Names are names of files of that folder.
 */
CvmContents *cvm_contents_load    (const char         *dir,
                                   GError            **error);

/**
 * cvm_contents_has_sizes:
 *
 * Whether the files lie in DIR with their sizes
 */
gboolean     cvm_contents_has_sizes (const CvmContents *self,
                                     const char        *dir);

/* The store ------------------------------------------------------------------------------------ */

/**
 * cvm_image_store_lock:
 *
 * A descriptor; closing it unlocks. Waits for others for half a minute.
 */
int          cvm_image_store_lock     (CvmImageStore  *self,
                                       GCancellable   *cancellable,
                                       GError        **error);

/**
 * cvm_image_store_build:
 *
 * FOLDER/A/B; B may be NULL
 */
char        *cvm_image_store_build    (CvmImageStore  *self,
                                       const char     *a,
                                       const char     *b);
char        *cvm_image_store_image    (CvmImageStore  *self,
                                       const char     *name);

/**
 * cvm_image_store_names:
 *
 * Of the NAME.image files, sorted
 */
char       **cvm_image_store_names    (CvmImageStore  *self);

/**
 * cvm_image_store_key_of:
 *
 * The KEY of the disk that an image's file names; NULL where that lies elsewhere or cannot be read.
 * @is_readable: (out): FALSE where nobody can tell
 */
char        *cvm_image_store_key_of   (CvmImageStore  *self,
                                       const char     *image_path,
                                       gboolean       *is_readable);

/**
 * cvm_image_store_drop_disk:
 *
 * Removes the disk KEY unless an image needs it: under the lock
 */
void         cvm_image_store_drop_disk (CvmImageStore *self,
                                        const char    *key,
                                        gint64        *freed_bytes);
