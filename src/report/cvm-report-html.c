/* cvm-report-html.c: a result as a page for a person
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * One file, without a script: it opens from a mail as well as from a server. */
#include "cvm-report-private.h"

#include <string.h>

#define FAILURES_MAX 500   /* told in full at the top; all stand in the tree */

static const char style[] =
  ":root{color-scheme:light dark;--bg:#fff;--fg:#1d1d20;--soft:#5e5c64;--line:#deddda;"
  "--card:#f6f5f4;--pass:#1a7f43;--fail:#c01c28;--skip:#7a5c00}\n"
  "@media(prefers-color-scheme:dark){:root{--bg:#1e1e1e;--fg:#f1f1f1;--soft:#a9a7ad;"
  "--line:#3d3d3d;--card:#2a2a2a;--pass:#57d98f;--fail:#ff7b7b;--skip:#e5c07b}}\n"
  "*{box-sizing:border-box}\n"
  "body{margin:0 auto;max-width:62rem;padding:1.5rem 1.25rem 4rem;background:var(--bg);"
  "color:var(--fg);font:16px/1.5 system-ui,sans-serif}\n"
  "h1{font-size:1.5rem;margin:.2rem 0}\n"
  "h2{font-size:1.15rem;margin:2.2rem 0 .6rem}\n"
  ".sum{display:flex;flex-wrap:wrap;gap:.25rem 1.5rem;padding:.8rem 1rem;margin:1rem 0;"
  "border-radius:8px;background:var(--card);border-left:6px solid var(--pass)}\n"
  ".sum.failed{border-color:var(--fail)}\n"
  ".sum.none{border-color:var(--skip)}\n"
  ".sum b{font-size:1.1rem}\n"
  "ul{list-style:none;margin:0;padding:0}\n"
  "li{padding:.12rem 0 .12rem 1.15rem}\n"
  "li>details{margin-left:-1.15rem}\n"
  "li>details>:not(summary){margin-left:1.15rem}\n"
  ".mark{display:inline-block;width:1.1rem;font-weight:700}\n"
  ".pass>.mark,.pass>details>summary>.mark{color:var(--pass)}\n"
  ".fail>.mark,.fail>summary>.mark,.fail>details>summary>.mark{color:var(--fail)}\n"
  ".skip>.mark,.skip>details>summary>.mark{color:var(--skip)}\n"
  ".soft{color:var(--soft);font-size:.9em}\n"
  ".why{color:var(--fail)}\n"
  ".card{border:1px solid var(--line);border-radius:8px;padding:.6rem .9rem;margin:.5rem 0}\n"
  "summary{cursor:pointer}\n"
  "summary::marker{color:var(--soft)}\n"
  "details>summary:focus-visible{outline:2px solid currentColor;outline-offset:2px}\n"
  "pre{background:var(--card);border-radius:6px;padding:.6rem .8rem;margin:.4rem 0;"
  "white-space:pre-wrap;overflow-wrap:anywhere;font:13px/1.45 ui-monospace,monospace;"
  "max-height:32rem;overflow:auto}\n"
  "dl{display:grid;grid-template-columns:max-content 1fr;gap:.1rem 1rem;margin:.4rem 0}\n"
  "dt{color:var(--soft)}dd{margin:0;overflow-wrap:anywhere}\n"
  "@media print{body{max-width:none;padding:0;font-size:11pt}pre{max-height:none;"
  "border:1px solid #999}.card,li{break-inside:avoid}summary{list-style:none}}\n";

typedef struct
{
  CvmReportOut out;
  guint        n_told;    /* failures at the top */
  guint        n_more;    /* failures that are not */
  guint        n_shown;   /* of a job's points */
} Html;

/* Markup ------------------------------------------------------------------------------------- */

static void
put (Html       *self,
     const char *markup)
{
  g_string_append (self->out.text, markup);
  cvm_report_out_settle (&self->out);
}

static void
put_text (Html       *self,
          const char *bytes)
{
  g_autofree char *plain = cvm_report_plain (bytes);
  g_autofree char *escaped = g_markup_escape_text (plain, -1);

  put (self, escaped);
}

static void put_format (Html       *self,
                        const char *format,
                        ...) G_GNUC_PRINTF (2, 3);

/* FORMAT is ours, its arguments numbers */
static void
put_format (Html       *self,
            const char *format,
            ...)
{
  va_list args;

  va_start (args, format);
  g_string_append_vprintf (self->out.text, format, args);
  va_end (args);
}

static void
put_pair (Html       *self,
          const char *name,
          const char *value)
{
  if (value == NULL || *value == '\0')
    return;

  put (self, "<dt>");
  put_text (self, name);
  put (self, "</dt><dd>");
  put_text (self, value);
  put (self, "</dd>\n");
}

static void
put_duration (Html   *self,
              gint64  ms)
{
  if (ms >= 60 * 1000)
    put_format (self, " <span class=\"soft\">%d min %d s</span>", (int)(ms / 60000),
                (int)(ms / 1000 % 60));
  else if (ms >= 1000)
    put_format (self, " <span class=\"soft\">%d.%d s</span>", (int)(ms / 1000),
                (int)(ms % 1000 / 100));
  else if (ms > 0)
    put_format (self, " <span class=\"soft\">%d ms</span>", (int)ms);
}

/* A point ------------------------------------------------------------------------------------ */

typedef struct
{
  const char *class;
  const char *mark;
  const char *word;
} State;

static const State states[] = {
  { "pass", "✔", "passed" },
  { "fail", "✘", "failed" },
  { "skip", "–", "skipped" },
  { "skip", "…", "to do" },
  { "fail", "✘", "cancelled" },
  { "fail", "?", "came to no end" },
};

static const State *
state_of (const CvmPoint *point)
{
  if (!point->is_ended)
    return &states[5];

  if (point->outcome == CVM_OUTCOME_CANCELLED)
    return &states[4];

  if (point->outcome == CVM_OUTCOME_FAIL)
    return &states[1];

  if (point->outcome == CVM_OUTCOME_SKIP)
    return &states[2];

  return point->directive == CVM_DIRECTIVE_TODO && !point->ok ? &states[3] : &states[0];
}

/* What the mark alone does not say, and why */
static void
put_remark (Html           *self,
            const CvmPoint *point,
            const State    *state)
{
  gboolean has_word = state != &states[0] && state != &states[1];
  gboolean has_reason = point->reason != NULL && *point->reason != '\0';

  if (!has_word && !has_reason)
    return;

  put (self, cvm_report_point_failed (point) ? " <span class=\"why\">" : " <span class=\"soft\">");
  put (self, has_word ? state->word : "");
  put (self, has_word && has_reason ? ": " : "");
  put_text (self, has_reason ? point->reason : "");
  put (self, "</span>");
}

static void
put_head (Html           *self,
          const CvmPoint *point)
{
  const State *state = state_of (point);
  g_autofree char *title = cvm_report_point_title (point);

  put_format (self, "<span class=\"mark\" title=\"%s\">%s</span> ", state->word, state->mark);
  put_text (self, title);
  put_duration (self, point->ms);
  put_remark (self, point, state);
}

static void
put_details (Html           *self,
             const CvmPoint *point)
{
  gboolean has_short = FALSE;

  for (guint i = 0; point->details != NULL && i < point->details->len; i++)
    {
      const CvmDetail *detail = point->details->pdata[i];

      if (strchr (detail->value, '\n') != NULL || strlen (detail->value) > 200)
        continue;

      put (self, has_short ? "" : "<dl>\n");
      has_short = TRUE;
      put_pair (self, detail->key, detail->value);
    }
  put (self, has_short ? "</dl>\n" : "");

  for (guint i = 0; point->details != NULL && i < point->details->len; i++)
    {
      const CvmDetail *detail = point->details->pdata[i];

      if (strchr (detail->value, '\n') == NULL && strlen (detail->value) <= 200)
        continue;

      put (self, "<div class=\"soft\">");
      put_text (self, detail->key);
      put (self, "</div><pre>");
      put_text (self, detail->value);
      put (self, "</pre>\n");
    }
}

/* What failed -------------------------------------------------------------------------------- */

static gboolean
is_bad (const CvmPoint *point)
{
  return !point->is_ended || cvm_report_point_failed (point);
}

static gboolean
has_bad (const CvmPoint *point)
{
  if (is_bad (point))
    return TRUE;

  for (guint i = 0; point->children != NULL && i < point->children->len; i++)
    if (has_bad (point->children->pdata[i]))
      return TRUE;

  return FALSE;
}

/* A point that failed only since one below it did says nothing new */
static gboolean
is_told_below (const CvmPoint *point)
{
  gboolean told = FALSE;

  for (guint i = 0; point->children != NULL && i < point->children->len; i++)
    told |= has_bad (point->children->pdata[i]);

  return told && point->details == NULL && (point->reason == NULL || *point->reason == '\0');
}

static void
put_failure (Html           *self,
             const CvmPoint *point,
             const char     *above)
{
  if (self->n_told == FAILURES_MAX)
    {
      self->n_more++;
      return;
    }

  self->n_told++;
  put (self, point->details != NULL ? "<details class=\"card fail\" open><summary>"
                                    : "<div class=\"card fail\">");
  put_head (self, point);
  put (self, point->details != NULL ? "</summary>\n" : "\n");
  if (*above != '\0')
    {
      put (self, "<div class=\"soft\">in ");
      put_text (self, above);
      put (self, "</div>\n");
    }
  put_details (self, point);
  put (self, point->details != NULL ? "</details>\n" : "</div>\n");
}

static void
put_failures (Html            *self,
              const GPtrArray *points,
              const char      *above)
{
  for (guint i = 0; points != NULL && i < points->len; i++)
    {
      const CvmPoint *point = points->pdata[i];
      g_autofree char *title = NULL;
      g_autofree char *below = NULL;

      if (!has_bad (point))
        continue;

      title = cvm_report_point_title (point);
      below = g_strdup_printf ("%s%s%s", above, *above != '\0' ? " › " : "", title);
      if (is_bad (point) && !is_told_below (point))
        put_failure (self, point, above);
      put_failures (self, point->children, below);
    }
}

static void
put_why (Html               *self,
         const CvmJobResult *job)
{
  if (job->why == NULL)
    return;

  put (self, "<p class=\"card why\">");
  put_text (self, job->why);
  put (self, "</p>\n");
}

static gboolean
job_has_bad (const CvmJobResult *job)
{
  gboolean bad = job->why != NULL;

  for (guint i = 0; !bad && i < job->points->len; i++)
    bad = has_bad (job->points->pdata[i]);

  return bad;
}

static void
put_what_failed (Html      *self,
                 CvmResult *result)
{
  gboolean is_begun = FALSE;

  for (guint i = 0; i < cvm_result_n_jobs (result); i++)
    {
      const CvmJobResult *job = cvm_result_job (result, i);
      g_autofree char *title = cvm_report_job_title (job);

      if (!job_has_bad (job))
        continue;

      put (self, is_begun ? "" : "<section>\n<h2>What failed</h2>\n");
      is_begun = TRUE;
      put_why (self, job);
      put_failures (self, job->points, cvm_result_n_jobs (result) > 1 ? title : "");
    }

  if (self->n_more > 0)
    put_format (self, "<p class=\"soft\">%u more are told below.</p>\n", self->n_more);
  put (self, is_begun ? "</section>\n" : "");
}

/* All ---------------------------------------------------------------------------------------- */

static void put_points (Html            *self,
                        const GPtrArray *points);

static void
put_point (Html           *self,
           const CvmPoint *point)
{
  gboolean is_leaf = point->children == NULL && point->details == NULL;

  put_format (self, "<li class=\"%s\">", state_of (point)->class);
  if (is_leaf)
    {
      put_head (self, point);
    }
  else
    {
      put (self, has_bad (point) ? "<details open><summary>" : "<details><summary>");
      put_head (self, point);
      put (self, "</summary>\n");
      put_details (self, point);
      put_points (self, point->children);
      put (self, "</details>");
    }
  put (self, "</li>\n");
}

static void
put_points (Html            *self,
            const GPtrArray *points)
{
  guint n_hidden = 0;

  if (points == NULL || points->len == 0)
    return;

  put (self, "<ul>\n");
  for (guint i = 0; i < points->len; i++)
    {
      const CvmPoint *point = points->pdata[i];

      if (self->n_shown++ < CVM_REPORT_HTML_MAX || has_bad (point))
        put_point (self, point);
      else
        n_hidden++;
    }
  if (n_hidden > 0)
    put_format (self, "<li class=\"soft\">and %u more, none of which failed</li>\n", n_hidden);
  put (self, "</ul>\n");
}

static void
put_facts (Html               *self,
           const CvmJobResult *job)
{
  put (self, "<dl>\n");
  put_pair (self, "image", job->image);
  put_pair (self, "host", job->host_uri);
  for (guint i = 0; i < job->facts->len; i++)
    {
      const CvmDetail *fact = job->facts->pdata[i];

      put_pair (self, fact->key, fact->value);
    }
  for (guint i = 0; i < job->evidence->len; i++)
    {
      const CvmRecord *record = job->evidence->pdata[i];

      put_pair (self, "evidence", record->path);
    }
  put (self, "</dl>\n");
}

static void
put_log (Html               *self,
         const CvmJobResult *job)
{
  if (job->log->len == 0)
    return;

  put_format (self, "<details><summary>Log: %u lines</summary><pre>", job->log->len);
  for (guint i = 0; i < job->log->len; i++)
    {
      const CvmRecord *record = job->log->pdata[i];

      put_text (self, record->text != NULL ? record->text : "");
      put (self, "\n");
    }
  put (self, "</pre></details>\n");
}

static void
put_job (Html               *self,
         const CvmJobResult *job)
{
  g_autofree char *title = cvm_report_job_title (job);

  self->n_shown = 0;
  put (self, "<section>\n<h2>");
  put_text (self, title);
  put_format (self, "</h2>\n<p class=\"soft\">%u passed, %u failed, %u skipped", job->passed,
              job->failed, job->skipped);
  if (job->n_subtests > 0)
    put_format (self, ", %u in subtests", job->n_subtests);
  put (self, "</p>\n");
  put_facts (self, job);
  put_points (self, job->points);
  put_log (self, job);
  put (self, "</section>\n");
}

/* The page ----------------------------------------------------------------------------------- */

static void
put_sum (Html      *self,
         CvmResult *result)
{
  CvmStatus status = cvm_result_get_status (result);
  guint passed = 0, failed = 0, skipped = 0;
  const char *word;

  for (guint i = 0; i < cvm_result_n_jobs (result); i++)
    {
      const CvmJobResult *job = cvm_result_job (result, i);

      passed += job->passed;
      failed += job->failed;
      skipped += job->skipped;
    }

  word = status == CVM_STATUS_CANCELLED ? "Cancelled"
         : status != CVM_STATUS_PASSED  ? "Failed"
         : passed == 0                  ? "Nothing was tested"
                                        : "Passed";
  put_format (self, "<div class=\"sum %s\"><b>%s</b>",
              status != CVM_STATUS_PASSED ? "failed" : passed == 0 ? "none" : "passed", word);
  put_format (self, "<span>%u passed</span><span>%u failed</span><span>%u skipped</span>", passed,
              failed, skipped);
  if (cvm_result_n_jobs (result) > 1)
    put_format (self, "<span>%u jobs</span>", cvm_result_n_jobs (result));
  put (self, cvm_result_is_ended (result) ? "</div>\n" : "<span>not ended yet</span></div>\n");
}

void
cvm_report_html_write (CvmResult      *result,
                       CvmReportWrite  write,
                       gpointer        data)
{
  Html self = { 0 };
  const char *title = cvm_result_get_title (result);

  if (title == NULL || *title == '\0')
    title = "Test report";

  cvm_report_out_init (&self.out, write, data);
  put (&self, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
              "<meta http-equiv=\"Content-Security-Policy\" "
              "content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
              "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>");
  put_text (&self, title);
  put (&self, "</title>\n<style>\n");
  put (&self, style);
  put (&self, "</style>\n</head>\n<body>\n<header><h1>");
  put_text (&self, title);
  put (&self, "</h1></header>\n<main>\n");
  put_sum (&self, result);
  put_what_failed (&self, result);
  for (guint i = 0; i < cvm_result_n_jobs (result); i++)
    put_job (&self, cvm_result_job (result, i));
  put (&self, "</main>\n</body>\n</html>\n");
  cvm_report_out_clear (&self.out);
}
