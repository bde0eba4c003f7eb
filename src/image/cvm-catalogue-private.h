/* cvm-catalogue-private.h: the kinds of catalogues, each a pure function of its page
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   image: for cvm-catalogue.c, its tests and fuzz targets.
 * Threads: no state.
 * Trust:   any bytes. Nothing is fetched here. What cannot be understood is passed over with a
 *          warning "PLACE:LINE: what"; at most CVM_CATALOGUE_MAX_WARNINGS are kept. */
#pragma once

#include "cvm-catalogue.h"

#define CVM_CATALOGUE_MAX_WARNINGS 20
#define CVM_CATALOGUE_MAX_LINE     8192

/**
 * cvm_catalogue_warn:
 *
 * "PLACE:LINE: message", or "PLACE: message" where LINE is 0
 */
void     cvm_catalogue_warn            (GPtrArray          *warnings,
                                        const char         *place,
                                        guint               line,
                                        const char         *format,
                                        ...) G_GNUC_PRINTF (4, 5);

/* Lines of a page: without their ends, from 1 */
typedef struct
{
  const char *next, *end;
  const char *text;      /* not terminated */
  gsize       len;
  guint       number;
} CvmPageLines;

void     cvm_page_lines_init           (CvmPageLines       *self,
                                        const char         *text,
                                        gsize               len);
gboolean cvm_page_lines_next           (CvmPageLines       *self);

/* Files and their names ------------------------------------------------------------------------ */

/**
 * cvm_catalogue_is_image:
 *
 * Whether a file of this name can hold a disk
 */
gboolean cvm_catalogue_is_image        (const char         *file_name);

/**
 * cvm_catalogue_describe:
 *
 * Fills name, and version, type, arch and hypervisor where they are still NULL, from words in the
 * file's name.
 */
void     cvm_catalogue_describe        (CvmCatalogueEntry  *entry,
                                        const char         *file_name);

/**
 * cvm_catalogue_file_name:
 *
 * The last segment of a URL's path, or of a path; NULL where that is no file's name
 */
char    *cvm_catalogue_file_name       (const char         *url_or_path);

/**
 * cvm_catalogue_unpacked_name:
 *
 * That without a suffix of packing; "disk" where it is no file's name
 */
char    *cvm_catalogue_unpacked_name   (const char         *url_or_path);

/**
 * cvm_catalogue_arch:
 *
 * As libvirt names it; NULL where it is none that is known
 */
const char *cvm_catalogue_arch         (const char         *word);

/**
 * cvm_catalogue_sort:
 *
 * Newest first
 */
void     cvm_catalogue_sort            (GPtrArray          *entries);

/* The CernVM release page ---------------------------------------------------------------------- */

gboolean cvm_releases_is_page          (const char         *text,
                                        gsize               len);
void     cvm_releases_parse            (const char         *text,
                                        gsize               len,
                                        const char         *place,
                                        GPtrArray          *entries,
                                        GPtrArray          *warnings);

/* Checksum files ------------------------------------------------------------------------------- */

/**
 * cvm_sums_parse:
 *
 * File name → SHA-256 in lower case; "" is a sum without a name. GNU, BSD and bare forms.
 */
GHashTable *cvm_sums_parse             (const char         *text,
                                        gsize               len,
                                        const char         *place,
                                        GPtrArray          *warnings);

/* Directory pages, and folders ----------------------------------------------------------------- */

typedef struct
{
  char *name;      /* of the file */
  char *url;       /* or path */
} CvmLink;

/* A list of sums among them */
typedef struct
{
  char *url;
  char *signature_url;   /* or NULL */
} CvmSumsLink;

void     cvm_link_free                 (CvmLink            *self);
void     cvm_sums_link_free            (CvmSumsLink        *self);
void     cvm_links_add                 (GPtrArray          *links,
                                        const char         *name,
                                        const char         *url);

gboolean cvm_directory_is_page         (const char         *text,
                                        gsize               len);

/**
 * cvm_directory_parse:
 *
 * The links of an HTML page to files (element-type CvmLink), each name once
 */
GPtrArray *cvm_directory_parse         (const char         *text,
                                        gsize               len,
                                        const char         *url,
                                        GPtrArray          *warnings);

/**
 * cvm_links_to_entries:
 * @sums: (out): those of LINKS that are lists of sums (element-type CvmSumsLink)
 *
 * An entry for each image, with what lies beside it
 */
GPtrArray *cvm_links_to_entries        (GPtrArray          *links,
                                        GPtrArray         **sums);

/* Lists of libosinfo --------------------------------------------------------------------------- */

#define CVM_OSINFO_LOCATION "osinfo:"

GPtrArray *cvm_osinfo_list             (GError            **error);
