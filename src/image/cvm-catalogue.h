/* cvm-catalogue.h: places that list images
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   image.
 * Threads: blocks; entries are immutable.
 * Trust:   pages come from anywhere. A page has at most 4 MiB, an entry's texts are valid UTF-8
 *          without controls, its name is fit for a file, its URL is http, https or a local path. */
#pragma once

#include <gio/gio.h>

#define CVM_CATALOGUE_MAX_PAGE    (4 * 1024 * 1024)
#define CVM_CATALOGUE_MAX_ENTRIES 20000

/**
 * CvmCatalogueError:
 * @CVM_CATALOGUE_ERROR_NOT_ONE: what is there is no catalogue: correct the address
 * @CVM_CATALOGUE_ERROR_NO_MATCH: it lists nothing like what was asked for
 */
typedef enum
{
  CVM_CATALOGUE_ERROR_NOT_ONE,
  CVM_CATALOGUE_ERROR_NO_MATCH,
} CvmCatalogueError;

#define CVM_CATALOGUE_ERROR (cvm_catalogue_error_quark ())
GQuark cvm_catalogue_error_quark (void);

/* Where a text is not known it is NULL. */
typedef struct
{
  gatomicrefcount ref_count;
  char  *name;            /* the file's name without its suffixes: fit for NAME.image */
  char  *version;
  char  *type;            /* basic, desktop, micro… */
  char  *arch;            /* x86_64, i686, aarch64… as libvirt names them */
  char  *hypervisor;      /* kvm, vbox, vmware, xen, hyperv */
  char  *release_id;
  char  *url;             /* or an absolute path */
  char  *sha256;          /* of the file as it is at the URL */
  char  *sha256_url;      /* where it is told, if SHA256 is not known yet */
  char  *signature_url;   /* detached, of the file */
  char  *sums_url;        /* the list that SHA256 is from, and its detached signature */
  char  *sums_signature_url;
  char  *catalogue;       /* where it is listed */
  gint64 size;            /* bytes; -1: not known */
  gint64 number;          /* of a release page: orders releases of the same version; else 0 */
} CvmCatalogueEntry;

CvmCatalogueEntry *cvm_catalogue_entry_new   (void);
CvmCatalogueEntry *cvm_catalogue_entry_ref   (CvmCatalogueEntry *self);
void               cvm_catalogue_entry_unref (CvmCatalogueEntry *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvmCatalogueEntry, cvm_catalogue_entry_unref)

/* What must hold for an entry; NULL: anything */
typedef struct
{
  const char *name;         /* a pattern with * and ?; without them, a part of the name */
  const char *version;      /* a pattern, or the whole of it; the same below */
  const char *type;
  const char *arch;         /* amd64 and x86_64 are one, and so on */
  const char *hypervisor;   /* kvm and qemu are one */
  const char *release_id;
} CvmCatalogueFilter;

/**
 * cvm_catalogue_entry_for:
 *
 * An entry for what lies at a URL or path, described by its name alone
 */
CvmCatalogueEntry *cvm_catalogue_entry_for (const char              *location,
                                            GError                 **error);

/**
 * cvm_catalogue_read:
 * @location: http or https URL of a release page or a directory page; a folder or a file that
 *   holds such a page, as path or file URL; "osinfo:", the images that libosinfo knows (its
 *   database takes 0.2 s and 60 MB: only when it is asked for)
 * @warnings: (out): one "PLACE: what" for each line that was passed over, NULL-terminated
 *
 * All entries, newest first (element-type CvmCatalogueEntry). Reading ends at the deadline,
 * however the server behaves.
 */
GPtrArray         *cvm_catalogue_read    (const char                *location,
                                          gint64                     deadline_us,
                                          GCancellable              *cancellable,
                                          char                    ***warnings,
                                          GError                   **error);

/**
 * cvm_catalogue_select:
 *
 * Those that match, in the same order: the first is the newest
 */
GPtrArray         *cvm_catalogue_select  (GPtrArray                 *entries,
                                          const CvmCatalogueFilter  *filter);

/**
 * cvm_catalogue_resolve:
 *
 * Looks up what the entry's sums say, where that needs another request: fills SHA256.
 */
gboolean           cvm_catalogue_resolve (CvmCatalogueEntry         *entry,
                                          gint64                     deadline_us,
                                          GCancellable              *cancellable,
                                          GError                   **error);

/**
 * cvm_catalogue_compare_versions:
 *
 * Numbers by their value, 2.10 after 2.9; rc, beta and alpha before the release; NULL first
 */
int                cvm_catalogue_compare_versions (const char *a,
                                                   const char *b);

/* A catalogue of the user's settings: [Catalogue NAME] Location=, Keyring= */
typedef struct
{
  char *name;
  char *location;
  char *keyring;      /* or NULL */
} CvmCatalogue;

/**
 * cvm_catalogues_load:
 *
 * Those of settings.ini, in its order (element-type CvmCatalogue); none where there is no file.
 * Errors: CVM_KEYFILE_ERROR, with file:line
 */
GPtrArray         *cvm_catalogues_load   (GError                   **error);

/**
 * cvm_catalogues_find:
 *
 * The location of the catalogue NAME, or NULL; borrowed
 */
const CvmCatalogue *cvm_catalogues_find  (GPtrArray                 *catalogues,
                                          const char                *name);

/**
 * cvm_catalogues_check:
 *
 * Whether a catalogue can be called and found so; the error says what is wrong. Asks nobody.
 */
gboolean             cvm_catalogues_check (const char               *name,
                                           const char               *location,
                                           GError                  **error);

/**
 * cvm_catalogues_set:
 * @location: (nullable): NULL to forget it
 * @keyring: (nullable)
 *
 * Writes a catalogue into settings.ini; all other bytes of it stay. %G_IO_ERROR_INVALID_ARGUMENT
 * for what cvm_catalogues_check () refuses, CVM_KEYFILE_ERROR for a file that cannot be edited.
 */
gboolean             cvm_catalogues_set   (const char               *name,
                                           const char               *location,
                                           const char               *keyring,
                                           GError                  **error);
