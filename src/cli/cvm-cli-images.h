/* cvm-cli-images.h: what the verbs of images share
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   cli. */
#pragma once

#include "cvm-catalogue.h"
#include "cvm-cli-list.h"
#include "cvm-cli.h"
#include "cvm-image.h"

#define CVM_CLI_IMAGES "cvmtester-cli images"

int cvm_cli_images_fetch  (int argc, char **argv);
int cvm_cli_images_verify (int argc, char **argv);
int cvm_cli_images_rm     (int argc, char **argv);
int cvm_cli_images_import  (int argc, char **argv);
int cvm_cli_images_prepare (int argc, char **argv);

/**
 * cvm_cli_images_fill:
 *
 * What a listing tells of an image
 */
void cvm_cli_images_fill  (JsonObject     *object,
                           const CvmImage *image);

/**
 * cvm_cli_images_fail:
 *
 * Tells ERROR; the exit status is 2 where a file or an option that the user gave is at fault
 */
int cvm_cli_images_fail   (const GError   *error);

/* Which entries of which catalogues: the options of list and fetch */
typedef struct
{
  char     **catalogues;    /* names, URLs, folders; NULL: those of the settings */
  char      *version;
  char      *type;
  char      *arch;
  char      *hypervisor;
  char      *release;
  char      *timeout;       /* for one catalogue, as it was typed */
} CvmCliCatalogueOptions;

/* Their GOptionEntries */
#define CVM_CLI_CATALOGUE_ENTRIES(options) \
  { "catalogue", 0, 0, G_OPTION_ARG_STRING_ARRAY, &(options).catalogues, \
    N_("Catalogue to look in, by name, URL or folder; may be given again"), N_("CATALOGUE") }, \
  { "version", 0, 0, G_OPTION_ARG_STRING, &(options).version, \
    N_("Only this version; * and ? stand for anything"), N_("VERSION") }, \
  { "type", 0, 0, G_OPTION_ARG_STRING, &(options).type, \
    N_("Only this type: basic, desktop…"), N_("TYPE") }, \
  { "arch", 0, 0, G_OPTION_ARG_STRING, &(options).arch, \
    N_("Only this architecture: x86_64, x86…"), N_("ARCH") }, \
  { "hypervisor", 0, 0, G_OPTION_ARG_STRING, &(options).hypervisor, \
    N_("Only for this hypervisor: kvm, vbox, vmware, xen…"), N_("TYPE") }, \
  { "release", 0, 0, G_OPTION_ARG_STRING, &(options).release, \
    N_("Only this release id"), N_("ID") }, \
  { "timeout", 0, 0, G_OPTION_ARG_STRING, &(options).timeout, \
    N_("How long reading a catalogue may take (default: 60s)"), N_("DURATION") }

void       cvm_cli_catalogue_options_clear (CvmCliCatalogueOptions *options);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CvmCliCatalogueOptions, cvm_cli_catalogue_options_clear)

/* What was read of the catalogues */
typedef struct
{
  GPtrArray *entries;    /* CvmCatalogueEntry */
  GPtrArray *keyrings;   /* of each entry, or NULL */
  GPtrArray *warnings;   /* lines */
} CvmCliCatalogueFound;

void       cvm_cli_catalogue_found_clear   (CvmCliCatalogueFound *found);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CvmCliCatalogueFound, cvm_cli_catalogue_found_clear)

/**
 * cvm_cli_catalogues_read:
 *
 * Blocks: for a worker. The entries of all, those of the first catalogue first.
 */
gboolean   cvm_cli_catalogues_read         (const CvmCliCatalogueOptions *options,
                                            const char                   *name,
                                            GCancellable                 *cancellable,
                                            CvmCliCatalogueFound         *found,
                                            GError                      **error);

/**
 * cvm_cli_catalogues_list:
 *
 * images list --catalogue
 */
int        cvm_cli_catalogues_list         (const CvmCliCatalogueOptions *options,
                                            const char                   *name,
                                            gboolean                      is_newest,
                                            gboolean                      is_json);

/**
 * cvm_cli_images_warn:
 *
 * Says so when the user's images take more than the settings allow them
 */
void cvm_cli_images_warn (void);
