/* cvm-check-serial.c: the guest's serial console
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <glib/gi18n.h>

#include "cvm-check-families.h"

static const CvmParam expect_params[] = {
  { "pattern", CVM_PARAM_PATTERN, "", N_("What a line must match; empty: the image's Ready") },
  { "from", CVM_PARAM_CHOICE, "boot", N_("Where to look from: the last start, or this moment"),
    0, 0, "boot;now" },
  { NULL }
};

static const char *
wanted (CvmContext *context)
{
  const CvmImage *image = cvm_context_get_image (context);
  const char *pattern = cvm_context_string (context, "pattern");

  if (*pattern != '\0')
    return pattern;

  return image != NULL ? image->ready : NULL;
}

static CvmOutcome
expect_run (CvmContext *context)
{
  const char *text = wanted (context);
  CvmSerial *serial = cvm_context_serial (context);
  g_autoptr(GRegex) pattern = NULL;
  g_autofree char *line = NULL;
  guint64 from;

  if (text == NULL)
    return cvm_context_skip_with (context, "the image has no Ready, and the case no pattern: "
                                           "set one of them");

  pattern = g_regex_new (text, G_REGEX_OPTIMIZE, 0, cvm_context_error (context));
  if (pattern == NULL)
    return cvm_context_fail (context);

  from = g_str_equal (cvm_context_string (context, "from"), "boot")
           ? cvm_context_boot_offset (context)
           : cvm_serial_offset (serial);

  cvm_context_detail (context, "pattern", "%s", text);
  cvm_context_waiting (context, "the console says /%s/", text);
  if (!cvm_serial_wait (serial, pattern, from, cvm_context_get_deadline (context),
                        cvm_context_get_cancellable (context), &line, cvm_context_error (context)))
    return cvm_context_fail (context);

  cvm_context_detail (context, "line", "%s", line);
  return CVM_OUTCOME_PASS;
}

const CvmCheck cvm_check_serial[] = {
  {
    { "serial.expect", N_("Wait for a line on the serial console"),
      N_("Waits until a line of the guest's serial console matches a pattern. Terminal escapes "
         "are removed before the match."),
      expect_params, 3 * 60 * 1000 },
    expect_run
  },
  { { NULL } }
};
