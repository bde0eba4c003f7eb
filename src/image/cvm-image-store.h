/* cvm-image-store.h: the user's images, each disk once
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   image.
 * Threads: blocks; one thread at a time for one store. Several stores, in one process or many,
 *          may be open on one folder: what they change, they change under its lock.
 * Trust:   files in the folder may have been changed by anybody who may write there.
 *
 *   FOLDER/NAME.image          what boots, as suite/cvm-image reads it
 *   FOLDER/disks/KEY/          one disk: its files, and contents.ini, which has their sizes and
 *                              sums. KEY is the SHA-256 of the disk, or that of the list of its
 *                              files.
 *   FOLDER/notes.ini           what checks of images found (cvm-image-shelf.h)
 *   FOLDER/parts/              downloads that can go on
 *   FOLDER/work/XXXXXX/        what is being made now; locked, and cleared away once its lock is
 *                              free
 */
#pragma once

#include <gio/gio.h>

#define CVM_TYPE_IMAGE_STORE (cvm_image_store_get_type ())
G_DECLARE_FINAL_TYPE (CvmImageStore, cvm_image_store, CVM, IMAGE_STORE, GObject)

/**
 * cvm_image_store_open:
 * @folder: (nullable): NULL for the user's own
 *
 * Makes the folder where it is missing, and clears away what dead processes left in it.
 */
CvmImageStore *cvm_image_store_open     (const char     *folder,
                                         GError        **error);
const char    *cvm_image_store_get_path (CvmImageStore  *self);

/**
 * cvm_image_store_is_name:
 *
 * [A-Za-z0-9][A-Za-z0-9._+-]{0,99}: what an image may be called
 */
gboolean       cvm_image_store_is_name  (const char     *name);

/**
 * cvm_image_store_make_name:
 *
 * A name out of any text
 */
char          *cvm_image_store_make_name (const char    *text);

/**
 * cvm_image_store_part:
 *
 * Where the bytes of this URL go while they are fetched
 */
char          *cvm_image_store_part     (CvmImageStore  *self,
                                         const char     *url);

/* A folder of one's own on the store's disk, gone when it is freed */
typedef struct _CvmImageWork CvmImageWork;

CvmImageWork  *cvm_image_work_new       (CvmImageStore  *store,
                                         GError        **error);
const char    *cvm_image_work_get_path  (CvmImageWork   *self);
void           cvm_image_work_free      (CvmImageWork   *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvmImageWork, cvm_image_work_free)

/* What is to be known of a new image; but for name, disk and format NULL where it is not known */
typedef struct
{
  const char *name;           /* cvm_image_store_is_name () */
  const char *folder;         /* in a work folder: what is added is moved out of it */
  const char *disk;           /* the file in it that boots: its name below the folder */
  const char *const *parts;   /* more files of the disk (extents of a split vmdk), or NULL */
  const char *disk_sha256;    /* if it is known already: spares reading the disk again */
  const char *format;         /* raw, qcow2… */
  const char *description;
  const char *arch;
  const char *source;         /* URL or path it came from */
  const char *source_sha256;  /* of the file as it came, packed */
  gboolean    replaces;       /* an image of this name may be there with another disk */
} CvmImageNew;

/**
 * cvm_image_store_add:
 *
 * Moves the disk into the store (or drops it, where the store has the same already, undamaged) and
 * writes NAME.image: first the one, then the other, each at once, so that a name never stands for
 * half a disk. The folder's files are moved away or left for the work folder's end.
 * G_IO_ERROR_EXISTS where the name is taken by another disk. Returns the path of NAME.image.
 */
char          *cvm_image_store_add      (CvmImageStore      *self,
                                         const CvmImageNew  *image,
                                         GCancellable       *cancellable,
                                         GError            **error);

/**
 * cvm_image_store_find_source:
 *
 * Names NAME.image after the disk that came from a file with this SHA-256, if the store has it
 * to the byte: it is read for that. NULL without an error where it has not.
 */
char          *cvm_image_store_find_source (CvmImageStore      *self,
                                            const char         *source_sha256,
                                            const CvmImageNew  *image,
                                            GCancellable       *cancellable,
                                            GError            **error);

typedef enum
{
  CVM_IMAGE_CHANGE_MISSING,
  CVM_IMAGE_CHANGE_EXTRA,      /* a file that nobody has put down */
  CVM_IMAGE_CHANGE_SIZE,
  CVM_IMAGE_CHANGE_SUM,
  CVM_IMAGE_CHANGE_UNREADABLE, /* what says how it should be cannot be read: FOUND says why */
} CvmImageChangeKind;

typedef struct
{
  CvmImageChangeKind kind;
  char *image;                 /* name, or NULL for a disk that has none */
  char *path;
  char *expected, *found;      /* size or sum; or NULL */
} CvmImageChange;

void           cvm_image_change_free    (CvmImageChange  *self);

/**
 * cvm_image_store_verify:
 * @name: (nullable): one image; NULL for all that is in the store
 * @n_files: (out) (optional): files that were read
 *
 * Reads every byte again. Returns what differs (element-type CvmImageChange), which may be
 * nothing. G_IO_ERROR_NOT_FOUND where there is no image of this name.
 */
GPtrArray     *cvm_image_store_verify   (CvmImageStore   *self,
                                         const char      *name,
                                         guint           *n_files,
                                         GCancellable    *cancellable,
                                         GError         **error);

/**
 * cvm_image_store_remove:
 * @freed_bytes: (out) (optional): what that gave back
 *
 * Removes NAME.image, and its disk if no other image of the store needs it. A disk that lies
 * outside the store stays where it is.
 */
gboolean       cvm_image_store_remove   (CvmImageStore   *self,
                                         const char      *name,
                                         gint64          *freed_bytes,
                                         GError         **error);
