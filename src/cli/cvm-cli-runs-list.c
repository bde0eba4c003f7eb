/* cvm-cli-runs-list.c: the verb runs list
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <glib/gi18n.h>

#include "cvm-cli-runs.h"
#include "cvm-cli-worker.h"
#include "cvm-cli.h"

#define PATH CVM_CLI_RUNS " list"

/* What was asked for, and what was found */
typedef struct
{
  CvmHistoryQuery  query;
  guint            limit;
  GPtrArray       *runs;
} Listing;

static gboolean
find_runs (gpointer       data,
           GCancellable  *cancellable,
           GError       **error)
{
  Listing *self = data;
  g_autoptr(CvmHistory) history = cvm_cli_runs_open (cancellable, error);

  if (history != NULL)
    self->runs = cvm_history_list (history, &self->query, self->limit, cancellable, error);

  return self->runs != NULL;
}

/* "11 of 12": what passed of what was planned */
static void
fill_for_people (JsonObject          *object,
                 const CvmHistoryRun *run)
{
  g_autofree char *points = g_strdup_printf (_("%u of %u"), run->passed, run->planned);
  g_autofree char *took = cvm_cli_runs_clock (run->took_ms);
  g_autofree char *more = run->n_jobs > 1 ? g_strdup_printf (" +%u", run->n_jobs - 1) : NULL;
  g_autofree char *image = g_strconcat (run->image != NULL ? run->image : "", more, NULL);

  json_object_set_string_member (object, "id", run->id);
  json_object_set_string_member (object, "state", cvm_cli_runs_state_name (run->state));
  json_object_set_string_member (object, "points", points);
  json_object_set_string_member (object, "took", took);
  json_object_set_string_member (object, "image", image);
  json_object_set_string_member (object, "suite", run->suite);
  json_object_set_string_member (object, "host", run->problem != NULL ? run->problem
                                                                       : run->host_uri);
  json_object_set_string_member (object, "strip", run->strip);
}

static void
print (GPtrArray *runs,
       gboolean   is_json)
{
  static const char *const columns[] = { "id", "state", "points", "took", "image", "suite", "host",
                                         "strip", NULL };
  g_autoptr(JsonArray) list = json_array_new ();

  for (guint i = 0; i < runs->len; i++)
    {
      JsonObject *object = cvm_cli_list_add (list);

      if (is_json)
        cvm_cli_runs_fill (object, runs->pdata[i]);
      else
        fill_for_people (object, runs->pdata[i]);
    }

  cvm_cli_list_print (list, is_json, columns);
}

static int
check_words (Listing    *self,
             const char *state,
             const char *since,
             int         limit)
{
  if (state != NULL && !cvm_cli_runs_state (state, &self->query.state))
    return cvm_cli_usage (PATH,
                          _("--state: there is no “%s”; allowed: passed, failed, error, cancelled, "
                            "running, dead, unreadable"), state);

  if (since != NULL && !cvm_cli_runs_parse_time (since, &self->query.since_us))
    return cvm_cli_usage (PATH,
                          _("--since: “%s” is no time; give one as 2026-11-21 or "
                            "2026-11-21T07:25, or how long ago as 30d or 12h"), since);

  if (limit < 0)
    return cvm_cli_usage (PATH, _("--limit: a number from 0 on, where 0 is all"));

  self->limit = (guint)limit;

  return CVM_STATUS_PASSED;
}

/* What GOption fills */
typedef struct
{
  char     *text, *image, *suite, *host, *state, *since;
  int       limit;
  gboolean  is_json;
} Words;

static void
words_clear (Words *words)
{
  g_free (words->text);
  g_free (words->image);
  g_free (words->suite);
  g_free (words->host);
  g_free (words->state);
  g_free (words->since);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Words, words_clear)

static gboolean
parse (Words   *words,
       int     *argc,
       char  ***argv)
{
  const GOptionEntry entries[] = {
    { "search", 's', 0, G_OPTION_ARG_STRING, &words->text,
      N_("Text in title, image, suite or host, or in a point that failed"), N_("TEXT") },
    { "image", 'i', 0, G_OPTION_ARG_STRING, &words->image, N_("With a job of this image"),
      N_("NAME") },
    { "suite", 'S', 0, G_OPTION_ARG_STRING, &words->suite, N_("With a job of this suite"),
      N_("NAME") },
    { "host", 'H', 0, G_OPTION_ARG_STRING, &words->host, N_("With a job on this host"), N_("URI") },
    { "state", 0, 0, G_OPTION_ARG_STRING, &words->state,
      N_("passed, failed, error, cancelled, running, dead or unreadable"), N_("STATE") },
    { "since", 0, 0, G_OPTION_ARG_STRING, &words->since,
      N_("Begun since then: 2026-11-21, 30d, 12h"), N_("TIME") },
    { "limit", 'n', 0, G_OPTION_ARG_INT, &words->limit, N_("At most so many; default: all"),
      N_("N") },
    { "json", 0, 0, G_OPTION_ARG_NONE, &words->is_json, N_("Print an array of objects"), NULL },
    { NULL }
  };
  CvmCliSyntax syntax = {
    PATH, NULL, _("Lists runs, newest first."),
    _("Of each: its id, how it ended, points that passed, how long it took, the first job's image,\n"
      "suite and host, and how the last runs of the same kind ended, oldest first: p passed,\n"
      "f failed, e error, c cancelled."),
    entries, 0, 0
  };

  return cvm_cli_parse (&syntax, argc, argv);
}

int
cvm_cli_runs_list (int    argc,
                   char **argv)
{
  g_auto(Words) words = { NULL };
  Listing listing = { CVM_HISTORY_QUERY_ALL };
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) runs = NULL;
  int status;

  if (!parse (&words, &argc, &argv))
    return CVM_STATUS_USAGE;

  listing.query.text = words.text;
  listing.query.image = words.image;
  listing.query.suite = words.suite;
  listing.query.host_uri = words.host;
  status = check_words (&listing, words.state, words.since, words.limit);
  if (status != CVM_STATUS_PASSED)
    return status;

  if (!cvm_cli_work (find_runs, &listing, &error))
    return cvm_cli_fail (error);

  runs = listing.runs;
  print (runs, words.is_json);

  return CVM_STATUS_PASSED;
}
