/* cvm-check-image.c: the image on its way from a catalogue to the guest
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <glib/gi18n.h>
#include <string.h>

#include "cvm-alarm.h"
#include "cvm-check-families.h"
#include "cvm-image-fetch.h"

#define PAGE_LIMIT_MS 60000   /* a page that takes longer never comes */
#define TRY_AGAIN_MS  500

static const CvmParam image_params[] = {
  { "catalogue", CVM_PARAM_STRING, "",
    N_("Where images are listed: the URL of a release page or a directory page, or a folder") },
  { "name", CVM_PARAM_STRING, "", N_("The image's name, or a pattern with * and ?; empty: any") },
  { "version", CVM_PARAM_STRING, "", N_("Its version; empty: the newest") },
  { "type", CVM_PARAM_STRING, "", N_("Its type, such as basic or desktop; empty: any") },
  { "arch", CVM_PARAM_STRING, "", N_("Its architecture, such as x86_64; empty: any") },
  { "release-id", CVM_PARAM_STRING, "", N_("One release of a version; empty: the newest") },
  { "for", CVM_PARAM_STRING, "",
    N_("The hypervisor it is made for, such as kvm or vbox; empty: any") },
  { "ready", CVM_PARAM_PATTERN, "",
    N_("What its console says when it is up, of an image that does not tell itself") },
  { NULL }
};

static const CvmParam no_params[] = {
  { NULL }
};

/* Lists ------------------------------------------------------------------------------------ */

static CvmCatalogueFilter
filter_of (CvmContext *context)
{
  return (CvmCatalogueFilter) {
    .name = cvm_context_string_or_null (context, "name"),
    .version = cvm_context_string_or_null (context, "version"),
    .type = cvm_context_string_or_null (context, "type"),
    .arch = cvm_context_string_or_null (context, "arch"),
    .release_id = cvm_context_string_or_null (context, "release-id"),
    .hypervisor = cvm_context_string_or_null (context, "for"),
  };
}

/* What was passed over on the page is for who wonders why an image is not in it */
static void
log_warnings (CvmContext  *context,
              char       **warnings)
{
  for (gsize i = 0; warnings != NULL && warnings[i] != NULL; i++)
    cvm_context_log (context, "%s", warnings[i]);
}

static void
fail_no_match (CvmContext *context,
               GPtrArray  *entries)
{
  g_set_error (cvm_context_error (context), CVM_CATALOGUE_ERROR, CVM_CATALOGUE_ERROR_NO_MATCH,
               "%s lists %u images, and none as asked for",
               cvm_context_string (context, "catalogue"), entries->len);
}

static void
show_entry (CvmContext              *context,
            const CvmCatalogueEntry *entry)
{
  const struct { const char *key, *value; } details[] = {
    { "image", entry->name }, { "version", entry->version }, { "type", entry->type },
    { "arch", entry->arch }, { "release id", entry->release_id }, { "address", entry->url },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (details); i++)
    if (details[i].value != NULL)
      cvm_context_detail (context, details[i].key, "%s", details[i].value);

  /* The job's report tells which image it is about */
  if (entry->version != NULL)
    cvm_context_fact (context, "image version", entry->version);
  if (entry->release_id != NULL)
    cvm_context_fact (context, "image release", entry->release_id);
}

/* The newest that matches; NULL with the error in the context */
static CvmCatalogueEntry *
find_entry (CvmContext *context)
{
  const char *catalogue = cvm_context_string (context, "catalogue");
  CvmCatalogueFilter filter = filter_of (context);
  gint64 deadline_us = MIN (cvm_context_get_deadline (context), cvm_deadline_in_ms (PAGE_LIMIT_MS));
  g_auto(GStrv) warnings = NULL;
  g_autoptr(GPtrArray) entries = NULL;
  g_autoptr(GPtrArray) matches = NULL;

  if (*catalogue == '\0')
    {
      cvm_context_refuse (context, "there is no image: name one with --image, or say here in "
                          "which catalogue it is listed");
      return NULL;
    }

  cvm_context_waiting (context, "%s answers", catalogue);
  entries = cvm_catalogue_read (catalogue, deadline_us, cvm_context_get_cancellable (context),
                                &warnings, cvm_context_error (context));
  log_warnings (context, warnings);
  if (entries == NULL)
    return NULL;

  matches = cvm_catalogue_select (entries, &filter);
  if (matches->len == 0)
    {
      fail_no_match (context, entries);
      return NULL;
    }

  show_entry (context, matches->pdata[0]);

  return cvm_catalogue_entry_ref (matches->pdata[0]);
}

/* Checks ----------------------------------------------------------------------------------- */

/* With an image that the plan names there is nothing to look for */
static gboolean
has_image (CvmContext *context)
{
  return cvm_context_get_image (context) != NULL;
}

static CvmOutcome
pass_over_image (CvmContext *context)
{
  return cvm_context_pass_over (context, "the run was given the image %s",
                                cvm_context_get_image (context)->name);
}

static CvmOutcome
listed_run (CvmContext *context)
{
  g_autoptr(CvmCatalogueEntry) entry = NULL;

  if (has_image (context))
    return pass_over_image (context);

  entry = find_entry (context);

  return entry != NULL ? CVM_OUTCOME_PASS : cvm_context_fail (context);
}

static void
on_stage (CvmImageFetchStage  stage,
          CvmFetchStream     *stream,
          gpointer            data)
{
  static const char *const texts[] = {
    [CVM_IMAGE_FETCH_LOOKING_UP] = "the image's checksum is looked up",
    [CVM_IMAGE_FETCH_FETCHING] = "the image comes, and is unpacked",
    [CVM_IMAGE_FETCH_CHECKING] = "the image is checked",
    [CVM_IMAGE_FETCH_DONE] = "the image is put in its place",
  };

  cvm_context_waiting (data, "%s", texts[stage]);
}

static void
show_fetched (CvmContext            *context,
              const CvmImageFetched *fetched)
{
  if (fetched->sha256 != NULL)
    cvm_context_detail (context, "sha256", "%s", fetched->sha256);
  if (fetched->n_breaks > 0)
    cvm_context_detail (context, "breaks", "%u", fetched->n_breaks);
  cvm_context_detail (context, "fetched", fetched->was_here ? "not again: it was here" : "yes");
}

static void
ring (gpointer data)
{
  g_cancellable_cancel (data);
}

/* Another job, or another program, may fetch the same just now: then it is soon here */
static gboolean
fetch_in_turn (CvmContext           *context,
               CvmImageStore        *store,
               const CvmImageFetch  *wish,
               GCancellable         *stop,
               CvmImageFetched      *fetched)
{
  while (!cvm_image_fetch_run (store, wish, stop, fetched, cvm_context_error (context)))
    {
      if (!g_error_matches (cvm_context_last_error (context), G_IO_ERROR, G_IO_ERROR_BUSY))
        return FALSE;

      cvm_context_waiting (context, "another job fetches the same image");
      if (!cvm_wait_ms (TRY_AGAIN_MS, G_MAXINT64, stop, cvm_context_error (context)))
        return FALSE;
    }

  return TRUE;
}

/* The image's file; NULL with the error in the context */
static char *
fetch (CvmContext        *context,
       CvmCatalogueEntry *entry)
{
  g_autoptr(CvmImageStore) store = cvm_image_store_open (NULL, cvm_context_error (context));
  g_autoptr(GCancellable) stop = g_cancellable_new ();
  g_autoptr(CvmAlarm) alarm = cvm_alarm_new (ring, stop, cvm_context_get_deadline (context),
                                             cvm_context_get_cancellable (context));
  CvmImageFetch wish = { .entry = entry, .replaces = TRUE, .on_stage = on_stage, .data = context };
  CvmImageFetched fetched = { 0 };
  char *path = NULL;

  if (store == NULL || !fetch_in_turn (context, store, &wish, stop, &fetched))
    return NULL;

  show_fetched (context, &fetched);
  path = g_steal_pointer (&fetched.path);
  cvm_image_fetched_clear (&fetched);

  return path;
}

/* The alarm stops the fetch by a cancel, which was not the user's */
static CvmOutcome
fail_fetch (CvmContext *context)
{
  if (g_error_matches (cvm_context_last_error (context), G_IO_ERROR, G_IO_ERROR_CANCELLED)
      && !g_cancellable_is_cancelled (cvm_context_get_cancellable (context)))
    return cvm_context_fail_with (context, "the image did not come within the case's Timeout; what "
                                           "came is kept, and the next run goes on from there");

  return cvm_context_fail (context);
}

/* NULL with the error in the context */
static CvmImage *
load_image (CvmContext *context,
            const char *path)
{
  const char *ready = cvm_context_string (context, "ready");
  g_autoptr(CvmImage) image = cvm_image_load (path, cvm_context_error (context));

  if (image == NULL || image->ready != NULL || *ready == '\0')
    return g_steal_pointer (&image);

  return cvm_image_with_ready (image, ready);
}

static CvmOutcome
fetched_run (CvmContext *context)
{
  g_autoptr(CvmCatalogueEntry) entry = NULL;
  g_autoptr(CvmImage) image = NULL;
  g_autofree char *path = NULL;

  if (has_image (context))
    return pass_over_image (context);

  entry = find_entry (context);
  path = entry != NULL ? fetch (context, entry) : NULL;
  if (path == NULL)
    return fail_fetch (context);

  image = load_image (context, path);
  if (image == NULL)
    return cvm_context_fail (context);

  cvm_context_set_image (context, image);

  return CVM_OUTCOME_PASS;
}

static CvmOutcome
new_uuid_run (CvmContext *context)
{
  CvmHost *host = cvm_context_host (context);

  if (host == NULL)
    return cvm_context_fail (context);

  if (g_ascii_strcasecmp (cvm_host_get_facts (host)->driver, "vbox") != 0)
    return cvm_context_pass_over (context, "VirtualBox only");

  /* the job's own copy gets it when the guest is described */
  return cvm_context_describe_guest (context, NULL) != NULL ? CVM_OUTCOME_PASS
                                                            : cvm_context_fail (context);
}

const CvmCheck cvm_check_image[] = {
  {
    { "image.listed", N_("The catalogue lists the image"),
      N_("Reads the catalogue and looks for the newest image that is as asked for. Passed over "
         "where the run was given an image."),
      image_params, 2 * 60 * 1000, .makes_guest = TRUE },
    listed_run
  },
  {
    { "image.fetched", N_("The image is fetched and unpacked"),
      N_("Fetches the newest image that is as asked for, goes on after breaks, compares its "
         "checksum, unpacks it into the images folder, and boots the job's guest from it. An "
         "image that is there already is not fetched again. Passed over where the run was given "
         "an image."),
      image_params, 60 * 60 * 1000, .makes_guest = TRUE },
    fetched_run
  },
  {
    { "image.new-uuid", N_("The disk has a UUID of its own"),
      N_("Gives the disk that the guest boots from a new UUID, which VirtualBox asks of each; "
         "passed over with other hypervisors."),
      no_params, 60 * 1000, .makes_guest = TRUE },
    new_uuid_run
  },
  { { NULL } }
};
