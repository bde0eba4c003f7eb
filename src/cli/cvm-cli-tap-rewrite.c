/* cvm-cli-tap-rewrite.c: TAP of any dialect as TAP 13 or 14
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-cli-tap.h"

#include <glib/gi18n.h>
#include <string.h>

#include "cvm-cli.h"
#include "cvm-report.h"
#include "cvm-tap-tree-write.h"

#define STREAM_MAX (1024 * 1024 * 1024)   /* bytes of all streams; their trees are kept whole */

typedef struct
{
  guint        version;
  CvmTapTree  *tree;       /* of the stream that comes now, or NULL */
  GPtrArray   *texts;      /* one a stream, NULL until it was read */
  gboolean    *oks;
  gsize        n_bytes;
  gboolean     is_too_large;
  int          status;
} Rewriting;

static void
rewrite_stream (Rewriting *self,
                guint      index)
{
  GString *text = g_string_new (NULL);

  cvm_tap_tree_end (self->tree);
  cvm_tap_tree_write (self->tree, self->version, text);
  self->texts->pdata[index] = g_string_free (text, FALSE);
  self->oks[index] = cvm_tap_tree_get_numbers (self->tree)->word != CVM_TAP_FAIL;
  if (!self->oks[index])
    self->status = CVM_STATUS_FAILED;
  g_clear_pointer (&self->tree, cvm_tap_tree_free);
}

static void
on_bytes (guint       index,
          const char *bytes,
          gsize       len,
          gpointer    data)
{
  Rewriting *self = data;

  if (self->tree == NULL)
    self->tree = cvm_tap_tree_new (STREAM_MAX);

  self->n_bytes += len;
  self->is_too_large |= self->n_bytes > STREAM_MAX;
  if (bytes == NULL)
    rewrite_stream (self, index);
  else if (!self->is_too_large)
    cvm_tap_tree_feed (self->tree, bytes, len);
}

/* Of several members each is a subtest, in the order in which they ran */
static char *
join (Rewriting      *self,
      CvmCliTapInput *input)
{
  g_autoptr(GPtrArray) titles = g_ptr_array_new_with_free_func (g_free);
  char *text;
  char *version;

  for (guint i = 0; i < self->texts->len; i++)
    g_ptr_array_add (titles, g_strdup (cvm_cli_tap_input_member (input, i)->name));

  text = cvm_report_tap_join ((const char *const *)self->texts->pdata,
                              (const char *const *)titles->pdata, self->oks, self->texts->len);
  version = strstr (text, "TAP version 13");
  if (version == text && self->version == 14)
    memcpy (version, "TAP version 14", strlen ("TAP version 14"));

  return text;
}

static void
rewriting_clear (Rewriting *self)
{
  g_clear_pointer (&self->tree, cvm_tap_tree_free);
  g_clear_pointer (&self->texts, g_ptr_array_unref);
  g_free (self->oks);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Rewriting, rewriting_clear)

int
cvm_cli_tap_rewrite (const char   *file,
                     guint         version,
                     CvmCliOutput *output)
{
  g_autoptr(CvmCliTapInput) input = cvm_cli_tap_input_open (file);
  g_auto(Rewriting) self = { .version = version };
  g_autofree char *joined = NULL;
  const char *text;
  guint n;

  if (input == NULL)
    return CVM_STATUS_USAGE;

  n = cvm_cli_tap_input_n_streams (input);
  self.texts = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_set_size (self.texts, (int)n);
  self.oks = g_new0 (gboolean, n);
  if (!cvm_cli_tap_input_read (input, on_bytes, &self))
    return CVM_STATUS_USAGE;

  if (self.is_too_large)
    {
      cvm_cli_message (_("%s is not converted: it has more than 1 GiB"), file);
      return CVM_STATUS_USAGE;
    }

  if (n > 1)
    joined = join (&self, input);
  text = joined != NULL ? joined : self.texts->pdata[0];
  cvm_cli_output_write (text, strlen (text), output);

  return self.status;
}
