/* fuzz-cfg.c: any bytes as a shell file of settings
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-cfg.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput (const uint8_t *data,
                            size_t         size);

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(CvmCfg) cfg = cvm_cfg_new_from_data ((const char *)data, size, "f", &error);
  guint line = 1;

  g_assert_true ((cfg == NULL) == (error != NULL));
  if (cfg == NULL)
    {
      g_assert_true (g_str_has_prefix (error->message, "f:"));
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      return 0;
    }

  for (guint i = 0; i < cvm_cfg_n_settings (cfg); i++)
    {
      const CvmCfgSetting *setting = cvm_cfg_setting (cfg, i);

      g_assert_cmpuint (setting->line, >=, line);
      g_assert_true (g_utf8_validate (setting->value, -1, NULL));
      g_assert_nonnull (cvm_cfg_find (cfg, setting->name));
      line = setting->line;
    }

  return 0;
}
