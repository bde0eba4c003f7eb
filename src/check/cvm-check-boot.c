/* cvm-check-boot.c: what the guest said about its boot
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-check-boot.h"

#include <glib/gi18n.h>

#include "cvm-check-families.h"
#include "cvm-check-output.h"
#include "cvm-mask-file.h"
#include "cvm-mask.h"
#include "cvm-paths.h"

#define SHOWN_MAX 20   /* lines that a result shows; all of them are evidence */

/* An ordinary user may be kept from the kernel's log; sudo helps where it asks for no password.
 * What the system's log repeats of the kernel's is left out. */
#define DMESG_COMMAND    "dmesg || sudo -n dmesg"
#define FILE_COMMAND(file) "test ! -r " file " || grep -v ' kernel: ' " file " || :"

static const struct
{
  const char *name, *command;
} logs[] = {
  { "messages.log", FILE_COMMAND ("/var/log/messages") },
  { "boot.log", FILE_COMMAND ("/var/log/boot.log") },
  { "cernvm-update.log", FILE_COMMAND ("/var/log/cernvm-update.log") },
};

static const CvmParam errors_params[] = {
  CVM_CHECK_BOOT_PARAMS,
  { NULL }
};

typedef struct
{
  CvmContext *context;
  GRegex     *pattern;
  CvmMask    *mask;
  GString    *found;    /* lines, each with its newline */
  guint       n_found;
  guint       n_masked;
} Search;

static void
search_clear (Search *self)
{
  g_clear_pointer (&self->pattern, g_regex_unref);
  g_clear_pointer (&self->mask, cvm_mask_free);
  g_string_free (self->found, TRUE);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Search, search_clear)

/* The case's, the image's, or the one that has the image's name in a masks folder; else NULL */
static char *
mask_path (CvmContext *context)
{
  const CvmImage *image = cvm_context_get_image (context);
  g_autofree char *file = NULL;

  if (*cvm_context_string (context, "mask") != '\0')
    return cvm_context_file (context, "mask");

  if (image == NULL || image->mask != NULL)
    return image != NULL ? g_strdup (image->mask) : NULL;

  file = g_strconcat (image->name, ".mask", NULL);
  return cvm_paths_find ("masks", file);
}

static void
search_line (Search     *self,
             const char *line)
{
  if (!g_regex_match (self->pattern, line, 0, NULL))
    return;

  if (cvm_mask_covers (self->mask, line))
    {
      self->n_masked++;
      return;
    }

  if (self->n_found++ < SHOWN_MAX)
    cvm_context_detail (self->context, "line", "%s", line);
  g_string_append_printf (self->found, "%s\n", line);
}

static void
search_text (Search     *self,
             const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  g_auto(GStrv) lines = g_strsplit (valid, "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    search_line (self, lines[i]);
}

static gboolean
search_log (Search     *self,
            CvmSsh     *ssh,
            const char *name,
            const char *command,
            int        *status)
{
  g_autofree char *text = cvm_context_guest_output (self->context, ssh, command, status);

  if (text == NULL)
    return FALSE;

  if (*text == '\0')
    return TRUE;

  cvm_context_evidence (self->context, name, "text/plain", text, strlen (text));
  search_text (self, text);
  return TRUE;
}

static CvmOutcome
search_judge (Search *self)
{
  cvm_context_detail (self->context, "masked", "%u", self->n_masked);
  if (self->n_found == 0)
    return CVM_OUTCOME_PASS;

  cvm_context_evidence (self->context, "found.log", "text/plain", self->found->str,
                        self->found->len);
  return cvm_context_fail_with (self->context, self->n_found == 1
                                                 ? "%u line matches /%s/ and is not masked"
                                                 : "%u lines match /%s/ and none is masked",
                                self->n_found, cvm_context_string (self->context, "pattern"));
}

/* What the user has added for this image counts whatever mask is named; NULL: nothing */
static char *
users_mask (CvmContext *context,
            const char *named)
{
  const CvmImage *image = cvm_context_get_image (context);
  g_autofree char *path = image != NULL ? cvm_mask_file_path (image->name) : NULL;

  if (path == NULL || g_strcmp0 (path, named) == 0 || !g_file_test (path, G_FILE_TEST_EXISTS))
    return NULL;

  return g_steal_pointer (&path);
}

/* What the machine says of itself, and no image can help, is masked with each of them */
static CvmMask *
load_mask (CvmContext *context)
{
  g_autofree char *path = mask_path (context);
  g_autofree char *users = users_mask (context, path);
  g_autofree char *common = cvm_paths_find ("masks", "common.mask");
  g_autoptr(CvmMask) mask = cvm_mask_load (path, cvm_context_error (context));

  if (mask == NULL
      || (users != NULL && !cvm_mask_add (mask, users, cvm_context_error (context)))
      || (common != NULL && !cvm_mask_add (mask, common, cvm_context_error (context))))
    return NULL;

  return g_steal_pointer (&mask);
}

CvmOutcome
cvm_check_boot_judge (CvmContext *context)
{
  g_auto(Search) search = { .context = context, .found = g_string_new (NULL) };
  g_autoptr(CvmSsh) ssh = NULL;
  int status;

  search.pattern = cvm_context_pattern (context, "pattern");
  search.mask = load_mask (context);
  if (search.mask == NULL)
    return cvm_context_fail (context);

  ssh = cvm_context_ssh (context, "", NULL);
  if (ssh == NULL || !search_log (&search, ssh, "dmesg.log", DMESG_COMMAND, &status))
    return cvm_context_fail (context);

  if (status != 0)
    return cvm_context_fail_with (context, "the guest's dmesg ended with status %d: the image's "
                                           "user may not read the kernel's log", status);

  for (gsize i = 0; i < G_N_ELEMENTS (logs); i++)
    if (!search_log (&search, ssh, logs[i].name, logs[i].command, &status))
      return cvm_context_fail (context);

  return search_judge (&search);
}

const CvmCheck cvm_check_boot[] = {
  {
    { "boot.errors", N_("No errors at boot"),
      N_("Reads the kernel's messages over ssh, and messages, boot.log and cernvm-update.log of "
         "/var/log where they are, and fails when a line matches the pattern and is not covered "
         "by the mask, nor by the common one, which has what an emulated machine says of itself."),
      errors_params, 60 * 1000 },
    cvm_check_boot_judge
  },
  { { NULL } }
};
