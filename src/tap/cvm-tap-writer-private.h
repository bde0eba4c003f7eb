/* cvm-tap-writer-private.h: what the writers share
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "cvm-tap-writer.h"
#include "cvm-tap-yaml.h"

G_BEGIN_DECLS

void     cvm_tap_append_quoted (GString           *out,
                                const char        *text);
gboolean cvm_tap_is_plain_key  (const char        *key);
gboolean cvm_tap_yaml_write    (const CvmTapYaml  *yaml,
                                guint              indent,
                                gsize              max_bytes,
                                GString           *out);

G_END_DECLS
