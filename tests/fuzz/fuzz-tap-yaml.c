/* fuzz-tap-yaml.c: what must hold for any bytes that come as a diagnostics block
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-tap-writer-private.h"

#include <stdint.h>
#include <string.h>

#define MAX_BYTES (256 * 1024)

int LLVMFuzzerTestOneInput (const uint8_t *data,
                            size_t         size);

static gboolean
is_inner (const CvmTapValue *value)
{
  return cvm_tap_value_get_size (value) > 0;
}

/* Text and type of scalars agree, and no value can be reached that was not counted. */
static guint
walk (const CvmTapValue *value,
      guint              depth)
{
  CvmTapValueType type = cvm_tap_value_get_type (value);
  guint n = 1;

  g_assert_cmpuint (depth, <=, CVM_TAP_YAML_DEPTH_MAX);
  g_assert_true ((cvm_tap_value_get_text (value) == NULL)
                 == (type == CVM_TAP_VALUE_LIST || type == CVM_TAP_VALUE_MAP)
                 || type == CVM_TAP_VALUE_NULL);
  if (cvm_tap_value_get_text (value) != NULL)
    g_assert_true (g_utf8_validate (cvm_tap_value_get_text (value), -1, NULL));

  for (guint i = 0; i < cvm_tap_value_get_size (value); i++)
    {
      if (type == CVM_TAP_VALUE_MAP)
        n += walk (cvm_tap_value_get_key (value, i), depth + 1);
      n += walk (cvm_tap_value_get_item (value, i), depth + 1);
    }

  return n;
}

static void
check_same (const CvmTapValue *a,
            const CvmTapValue *b)
{
  g_assert_cmpint (cvm_tap_value_get_type (a), ==, cvm_tap_value_get_type (b));
  g_assert_cmpuint (cvm_tap_value_get_size (a), ==, cvm_tap_value_get_size (b));
  if (cvm_tap_value_get_type (a) != CVM_TAP_VALUE_NULL)
    g_assert_cmpstr (cvm_tap_value_get_text (a), ==, cvm_tap_value_get_text (b));

  for (guint i = 0; i < cvm_tap_value_get_size (a); i++)
    {
      if (cvm_tap_value_get_type (a) == CVM_TAP_VALUE_MAP)
        g_assert_cmpstr (cvm_tap_value_get_text (cvm_tap_value_get_key (a, i)), ==,
                         cvm_tap_value_get_text (cvm_tap_value_get_key (b, i)));
      check_same (cvm_tap_value_get_item (a, i), cvm_tap_value_get_item (b, i));
    }
}

/* What is written is read back as the same values. */
static void
check_written (const CvmTapYaml *yaml)
{
  g_autoptr(GString) out = g_string_new (NULL);
  g_autoptr(CvmTapYaml) again = NULL;
  g_autoptr(GError) error = NULL;

  if (!cvm_tap_yaml_write (yaml, 2, MAX_BYTES, out))
    {
      g_assert_cmpuint (out->len, ==, 0);
      return;
    }

  g_assert_true (g_str_is_ascii (out->str));
  g_assert_true (g_str_has_prefix (out->str, "  ---"));
  g_assert_true (g_str_has_suffix (out->str, "\n  ...\n"));
  again = cvm_tap_yaml_parse (out->str, out->len, &error);
  g_assert_no_error (error);
  g_assert_true (is_inner (cvm_tap_yaml_get_root (again)) == is_inner (cvm_tap_yaml_get_root (yaml)));
  check_same (cvm_tap_yaml_get_root (yaml), cvm_tap_yaml_get_root (again));
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(CvmTapYaml) yaml = cvm_tap_yaml_parse ((const char *)data, size, &error);

  g_assert_true ((yaml == NULL) == (error != NULL));
  if (yaml == NULL)
    return 0;

  g_assert_cmpuint (walk (cvm_tap_yaml_get_root (yaml), 0), <=, CVM_TAP_YAML_VALUES_MAX);
  check_written (yaml);

  return 0;
}
