/* fuzz-result-from-tap.c: what must hold for any file that is opened as TAP
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-result-from-tap.h"

#include <stdint.h>

#include "cvm-tap-archive.h"

int LLVMFuzzerTestOneInput (const uint8_t *data,
                            size_t         size);

static guint
check_points (const GPtrArray *points)
{
  guint n = 0;

  for (guint i = 0; points != NULL && i < points->len; i++)
    {
      const CvmPoint *point = points->pdata[i];

      g_assert_true (point->is_ended);
      g_assert_true (g_utf8_validate (point->path, -1, NULL));
      g_assert_true (g_utf8_validate (point->title, -1, NULL));
      g_assert_true (point->reason == NULL || g_utf8_validate (point->reason, -1, NULL));
      g_assert_cmpint (point->ms, >=, 0);
      n += 1 + check_points (point->children);
    }

  return n;
}

static void
check_job (const CvmJobResult *job)
{
  g_assert_nonnull (job->suite);   /* like facts: any bytes, which whoever shows them cleans */
  g_assert_cmpuint (job->passed + job->failed + job->skipped, ==, job->points->len);
  g_assert_cmpint (job->ended_us, >, 0);
  g_assert_true (job->why == NULL || g_utf8_validate (job->why, -1, NULL));
  g_assert_true (job->failed == 0 || job->status == CVM_STATUS_FAILED);
  g_assert_cmpuint (check_points (job->points), >=, job->points->len);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autoptr(GBytes) bytes = g_bytes_new_static (data, size);
  g_autoptr(GError) error = NULL;
  g_autoptr(CvmResult) result = cvm_result_from_tap_bytes (bytes, "fuzz", NULL, &error);

  if (result == NULL)
    {
      g_assert_true (cvm_tap_archive_detect ((const char *)data, MIN (size, 512)));
      g_assert_true (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA) ||
                     g_error_matches (error, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE));
      return 0;
    }

  g_assert_true (cvm_result_is_ended (result));
  g_assert_cmpuint (cvm_result_n_jobs (result), >, 0);
  for (guint i = 0; i < cvm_result_n_jobs (result); i++)
    check_job (cvm_result_job (result, i));

  return 0;
}
