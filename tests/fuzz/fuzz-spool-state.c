/* fuzz-spool-state.c: any bytes as a report's state file in the spool, and as an orphan's
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-spool-entry.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput (const uint8_t *data,
                            size_t         size);

/* Whatever a state file says, no name in it leaves the folder of attachments. */
static void
check_attachments (const CvmSpoolEntry *entry)
{
  for (guint i = 0; i < entry->attachments->len; i++)
    {
      const CvmSpoolAttachment *item = g_ptr_array_index (entry->attachments, i);

      g_assert_null (strchr (item->name, '/'));
      g_assert_true (item->name[0] != '.' && item->name[0] != '\0');
      g_assert_cmpuint (strcspn (item->type, " \t\r\n"), ==, strlen (item->type));
      g_assert_cmpuint (strlen (item->type), >, 0);
    }
}

/* What was read is written so that it reads the same. */
static void
check_entry (const CvmSpoolEntry *entry)
{
  g_autofree char *text = cvm_spool_entry_to_json (entry);
  g_autoptr(GError) error = NULL;
  g_autoptr(CvmSpoolEntry) again = cvm_spool_entry_from_json (text, strlen (text), &error);
  g_autofree char *same = NULL;
  g_autofree char *words = cvm_spool_entry_describe (entry);

  g_assert_no_error (error);
  same = cvm_spool_entry_to_json (again);
  g_assert_cmpstr (text, ==, same);
  g_assert_cmpuint (strlen (words), >, 0);
  g_assert_nonnull (entry->server);
  g_assert_true (entry->report_id > 0 || entry->state <= CVM_SPOOL_SENDING ||
                 entry->state >= CVM_SPOOL_DONE);
  check_attachments (entry);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(CvmSpoolEntry) entry = cvm_spool_entry_from_json ((const char *)data, size, &error);
  g_autoptr(CvmSpoolOrphan) orphan = cvm_spool_orphan_from_json ((const char *)data, size, NULL);

  g_assert_true ((entry == NULL) == (error != NULL));
  if (entry != NULL)
    check_entry (entry);
  if (orphan != NULL)
    {
      g_autofree char *text = cvm_spool_orphan_to_json (orphan);

      g_assert_cmpuint (strlen (text), >, 0);
    }

  return 0;
}
