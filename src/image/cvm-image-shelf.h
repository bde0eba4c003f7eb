/* cvm-image-shelf.h: which images are here, and all that is known of each
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   image.
 * Threads: blocks on the disk; for workers. What is read is the caller's.
 * Trust:   what a check found is kept in notes.ini of the images' folder; a note about another disk
 *          than the image has now counts for nothing. */
#pragma once

#include "cvm-image-store.h"
#include "cvm-image.h"

typedef struct
{
  char     *name;           /* of NAME.image: what a run is told */
  char     *path;
  CvmImage *image;          /* NULL: its file cannot be read, and PROBLEM says why */
  char     *problem;        /* or what the last check found; NULL: nothing */
  gboolean  is_own;         /* in the user's folder: may be checked and removed */
  gint64    bytes;          /* that its disk, kernel and initrd take */
  char     *source;         /* URL or path that it came from, or NULL */
  char     *source_sha256;  /* of the file as it came, or NULL */
  char     *signature;      /* who signed that, or NULL */
  gint64    checked_us;     /* when all its bytes were read last; UTC, 0: never */
  gint64    used_us;        /* when the newest run with it was made; UTC, 0: none is here */
  guint     n_runs;         /* with it, of the newest CVM_SHELF_RUNS */
  gboolean  is_in_use;      /* one of these lives */
} CvmShelfImage;

typedef struct
{
  char      *folder;        /* the user's */
  GPtrArray *images;        /* of CvmShelfImage, by name */
  gint64     bytes;         /* that the user's folder takes: each disk once, and parts */
  gint64     free_bytes;    /* that its file system has left; -1: nobody knows */
} CvmShelf;

#define CVM_SHELF_RUNS 500

void       cvm_shelf_image_free (CvmShelfImage *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvmShelfImage, cvm_shelf_image_free)
void       cvm_shelf_free     (CvmShelf       *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvmShelf, cvm_shelf_free)

/**
 * cvm_shelf_read:
 *
 * Fails only when it is cancelled: an image that cannot be read says so itself.
 */
CvmShelf  *cvm_shelf_read     (GCancellable   *cancellable,
                               GError        **error);

/**
 * cvm_shelf_find_damage:
 * @path: of NAME.image
 *
 * Returns: (nullable) (transfer full): what is wrong with an image of the store: a file of its disk
 *   that is not as it was, or what the last check of all bytes found; NULL: nothing that is known
 */
char      *cvm_shelf_find_damage (CvmImageStore *store,
                               const char     *path);

/**
 * cvm_shelf_note:
 * @damage: (nullable): what a check of all its bytes found; NULL: all is as it was
 * @signature: (nullable): who signed it; NULL leaves what is noted
 *
 * Keeps that an image of the store was checked now
 */
gboolean   cvm_shelf_note     (CvmImageStore  *store,
                               const char     *name,
                               const char     *damage,
                               const char     *signature,
                               GError        **error);
