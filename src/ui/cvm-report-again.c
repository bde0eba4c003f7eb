/* cvm-report-again.c: what failed in a report of anybody, to be run here
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-report-again.h"

#include <glib/gi18n.h>
#include <string.h>

#include "cvm-format.h"
#include "cvm-rerun.h"

#define ONLY_MAX  1000   /* checks by name; beyond, the whole suite */
#define LINES_MAX 5      /* in the banner */

/* What the report says ---------------------------------------------------------------------- */

static gboolean
has_failed (const CvmJobResult *job)
{
  return job->status != CVM_STATUS_PASSED;
}

gboolean
cvm_report_again_has_failed (CvmResult *result)
{
  for (guint i = 0; i < cvm_result_n_jobs (result); i++)
    if (has_failed (cvm_result_job (result, i)))
      return TRUE;

  return FALSE;
}

static CvmOrderSuite *
find_suite (CvmOrder   *order,
            const char *name)
{
  for (guint i = 0; i < order->suites->len; i++)
    {
      CvmOrderSuite *suite = order->suites->pdata[i];

      if (g_str_equal (suite->suite, name))
        return suite;
    }

  return NULL;
}

static const char *
text_of (const char *text)
{
  return text != NULL ? text : "";
}

/* As the server is told it; what else there is may be the title of a stream */
static const char *
told (const CvmJobResult *job,
      const char         *header,
      const char         *otherwise)
{
  for (guint i = 0; i < job->facts->len; i++)
    {
      const CvmDetail *fact = job->facts->pdata[i];

      if (g_ascii_strcasecmp (fact->key, header) == 0 && text_of (fact->value)[0] != '\0')
        return fact->value;
    }

  return text_of (otherwise);
}

/* Of several jobs of a suite, what failed in any; all of it where one does not say what */
static void
add_suite (CvmOrder           *order,
           const CvmJobResult *job)
{
  const char *name = told (job, "Tapper-Suite-Name", job->suite);
  CvmOrderSuite *suite = find_suite (order, name);
  gboolean is_new = suite == NULL;
  g_auto(GStrv) only = cvm_rerun_list_failed (job);

  if (is_new)
    suite = cvm_order_add_suite (order, name);
  else if (suite->only[0] == NULL)
    return;

  if (only[0] == NULL || g_strv_length (only) + g_strv_length (suite->only) > ONLY_MAX)
    {
      g_strfreev (suite->only);
      suite->only = g_new0 (char *, 1);
      return;
    }

  for (gsize i = 0; only[i] != NULL; i++)
    if (!g_strv_contains ((const char *const *)suite->only, only[i]))
      cvm_order_suite_only (suite, only[i]);
}

static void
add_cell (CvmOrder           *order,
          const CvmJobResult *job)
{
  const char *image = told (job, "Tapper-CernVM-Name", job->image);
  const char *host = text_of (job->host_uri);

  for (guint i = 0; i < order->cells->len; i++)
    {
      const CvmOrderCell *cell = order->cells->pdata[i];

      if (g_str_equal (text_of (cell->image), image) && g_str_equal (text_of (cell->host_uri), host))
        return;
    }

  cvm_order_add_cell (order, *image != '\0' ? image : NULL, *host != '\0' ? host : NULL, NULL);
}

CvmOrder *
cvm_report_again_order (CvmResult *result)
{
  CvmOrder *order = cvm_order_new ();

  for (guint i = 0; i < cvm_result_n_jobs (result); i++)
    {
      const CvmJobResult *job = cvm_result_job (result, i);

      if (!has_failed (job))
        continue;
      add_suite (order, job);
      add_cell (order, job);
    }

  return order;
}

/* What is here ------------------------------------------------------------------------------ */

static gboolean
is_called (const CvmOption *option,
           const char      *name)
{
  const char *own = option->suite != NULL   ? cvm_suite_get_name (option->suite)
                    : option->image != NULL ? option->image->name : NULL;

  return g_str_equal (option->id, name) || g_strcmp0 (own, name) == 0;
}

static const CvmOption *
find_option (GPtrArray  *options,
             const char *name)
{
  for (guint i = 0; i < options->len; i++)
    {
      const CvmOption *option = options->pdata[i];

      if (option->is_usable && is_called (option, name))
        return option;
    }

  return NULL;
}

static gboolean
has_host (const CvmChoices *choices,
          const char       *uri)
{
  for (guint i = 0; i < choices->hosts->len; i++)
    if (g_strcmp0 (((const CvmHostOption *)choices->hosts->pdata[i])->uri, uri) == 0)
      return TRUE;

  return FALSE;
}

/* LINE is taken */
static void
add_line (GPtrArray *lines,
          char      *line)
{
  if (lines->len < LINES_MAX)
    g_ptr_array_add (lines, line);
  else
    g_free (line);
}

/* Checks that the suite has no more are left out; where none is left, it runs as a whole */
static void
keep_known (CvmOrderSuite *item,
            CvmSuite      *suite,
            GPtrArray     *lines)
{
  g_autoptr(GStrvBuilder) known = g_strv_builder_new ();

  for (gsize i = 0; item->only[i] != NULL; i++)
    {
      g_autofree char *id = g_strndup (item->only[i], strcspn (item->only[i], "/"));
      g_autofree char *shown = cvm_format_line (id);

      if (cvm_suite_find_case (suite, id) != NULL)
        g_strv_builder_add (known, item->only[i]);
      else
        add_line (lines, g_strdup_printf (_("The suite here has no check “%s”; it is left "
                                            "out."), shown));
    }

  g_strfreev (item->only);
  item->only = g_strv_builder_end (known);
}

static void
settle_suite (CvmOrder         *order,
              guint             index,
              const CvmChoices *choices,
              GPtrArray        *lines)
{
  CvmOrderSuite *item = order->suites->pdata[index];
  const CvmOption *option = find_option (choices->suites, item->suite);
  g_autofree char *shown = cvm_format_line (item->suite);

  if (option != NULL)
    {
      g_free (item->suite);
      item->suite = g_strdup (option->id);
      keep_known (item, option->suite, lines);
      return;
    }

  if (item->suite[0] == '\0')
    add_line (lines, g_strdup (_("The report does not say which suite it is of. Choose one.")));
  else
    add_line (lines, g_strdup_printf (_("The suite “%s” is not here. Put its file into Suites, "
                                               "or choose another one."), shown));
  g_ptr_array_remove_index (order->suites, index);
}

static gboolean
needs_image (const CvmOrder   *order,
             const CvmChoices *choices)
{
  for (guint i = 0; i < order->suites->len; i++)
    {
      const CvmOrderSuite *suite = order->suites->pdata[i];
      const CvmOption *option = find_option (choices->suites, suite->suite);

      if (option != NULL && option->need == CVM_IMAGE_NEED_MUST)
        return TRUE;
    }

  return FALSE;
}

static void
settle_cell (CvmOrder         *order,
             guint             index,
             const CvmChoices *choices,
             GPtrArray        *lines)
{
  CvmOrderCell *cell = order->cells->pdata[index];
  const CvmOption *option = cell->image != NULL ? find_option (choices->images, cell->image) : NULL;

  if (cell->image == NULL && needs_image (order, choices))
    add_line (lines, g_strdup (_("The report does not say which image it is of. Choose one.")));

  if (cell->image != NULL && option == NULL)
    {
      g_autofree char *shown = cvm_format_line (cell->image);

      add_line (lines, g_strdup_printf (_("The image “%s” is not here. Fetch or import it in "
                                                 "Images, or choose another one."), shown));
      g_ptr_array_remove_index (order->cells, index);
      return;
    }

  if (option != NULL)
    {
      g_free (cell->image);
      cell->image = g_strdup (option->id);
    }

  /* what ran elsewhere is run on the first host here */
  if (!has_host (choices, cell->host_uri))
    {
      const CvmHostOption *first = choices->hosts->len > 0 ? choices->hosts->pdata[0] : NULL;

      g_free (cell->host_uri);
      cell->host_uri = first != NULL ? g_strdup (first->uri) : NULL;
    }
}

char *
cvm_report_again_settle (CvmOrder         *order,
                         const CvmChoices *choices)
{
  g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);

  order->parallel = choices->parallel;
  order->keep_failed = choices->keep_failed;
  for (guint i = order->suites->len; i > 0; i--)
    settle_suite (order, i - 1, choices, lines);
  for (guint i = order->cells->len; i > 0; i--)
    settle_cell (order, i - 1, choices, lines);
  if (lines->len == 0)
    return NULL;

  g_ptr_array_add (lines, NULL);

  return g_strjoinv (" ", (char **)lines->pdata);
}
