/* cvm-sent.c: which reports of a run a server has, noted in the run's folder
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-sent.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "cvm-file.h"
#include "cvm-json.h"

#define NAME     "sent.jsonl"
#define FILE_MAX (4 * 1024 * 1024)
#define LINE_MAX_LEN (64 * 1024)

void
cvm_sent_free (CvmSent *self)
{
  g_free (self->job);
  g_free (self->server);
  g_free (self->url);
  g_free (self->told);
  g_free (self);
}

/* Reading */

static gboolean
is_web_page (const char *url)
{
  return url != NULL && (g_str_has_prefix (url, "http://") || g_str_has_prefix (url, "https://"));
}

static CvmSent *
parse_line (const char *line,
            gsize       len)
{
  g_autoptr(JsonNode) node = cvm_json_parse (line, len, LINE_MAX_LEN, NULL);
  JsonObject *object = node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node)
                                                                     : NULL;
  gint64 id = object != NULL ? cvm_json_int (object, "report", 0) : 0;
  const char *job = object != NULL ? cvm_json_string (object, "job", NULL) : NULL;
  const char *url;
  CvmSent *self;

  if (id <= 0 || job == NULL)
    return NULL;

  url = cvm_json_string (object, "url", NULL);
  self = g_new0 (CvmSent, 1);
  self->job = g_strdup (job);
  self->server = g_strdup (cvm_json_string (object, "server", ""));
  self->report_id = (guint64)id;
  self->url = is_web_page (url) ? g_strdup (url) : NULL;
  self->time_s = cvm_json_int (object, "time", 0);
  self->is_confirmed = cvm_json_boolean (object, "confirmed", FALSE);
  self->told = g_strdup (cvm_json_string (object, "told", ""));

  return self;
}

static int
by_job (gconstpointer a,
        gconstpointer b)
{
  return strcmp ((*(const CvmSent *const *)a)->job, (*(const CvmSent *const *)b)->job);
}

static void
take_latest (GPtrArray *found,
             CvmSent   *sent)
{
  for (guint i = 0; i < found->len; i++)
    {
      if (strcmp (((CvmSent *)found->pdata[i])->job, sent->job) == 0)
        {
          cvm_sent_free (found->pdata[i]);
          found->pdata[i] = sent;
          return;
        }
    }

  g_ptr_array_add (found, sent);
}

GPtrArray *
cvm_sent_read (const char *dir)
{
  g_autofree char *path = g_build_filename (dir, NAME, NULL);
  g_autofree char *text = cvm_file_read (path, FILE_MAX, NULL, NULL);
  GPtrArray *found = g_ptr_array_new_with_free_func ((GDestroyNotify)cvm_sent_free);

  for (const char *line = text; line != NULL && *line != '\0';)
    {
      gsize len = strcspn (line, "\n");
      CvmSent *sent = parse_line (line, len);

      if (sent != NULL)
        take_latest (found, sent);
      line += len + (line[len] != '\0');
    }

  g_ptr_array_sort (found, by_job);

  return found;
}

/* Writing */

static char *
make_line (const CvmSpoolEntry *entry)
{
  g_autoptr(JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *object = json_object_new ();
  g_autofree char *url = cvm_tapper_server_dup_report_url (entry->server, entry->report_id);
  g_autofree char *told = cvm_spool_entry_describe (entry);
  g_autofree char *line = NULL;

  json_object_set_string_member (object, "job", entry->job);
  json_object_set_string_member (object, "server", cvm_tapper_server_get_label (entry->server));
  json_object_set_int_member (object, "report", (gint64)entry->report_id);
  if (url != NULL)
    json_object_set_string_member (object, "url", url);
  json_object_set_int_member (object, "time", g_get_real_time () / G_USEC_PER_SEC);
  json_object_set_boolean_member (object, "confirmed", entry->has_stored || entry->is_same);
  json_object_set_string_member (object, "told", told);
  json_node_take_object (node, object);
  line = cvm_json_to_line (node);

  return g_strconcat ("\n", line, "\n", NULL);
}

/* A line goes out in one write, to the end: whoever adds meanwhile does not tear it. An empty line
 * before it ends one that a full disk tore. */
static gboolean
append (const char  *path,
        const char  *line,
        GError     **error)
{
  int fd = open (path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
  gsize len = strlen (line);
  gssize n = fd >= 0 ? write (fd, line, len) : -1;
  int code = errno;

  if (n >= 0 && (gsize)n < len)
    code = ENOSPC;
  if (n == (gssize)len && fdatasync (fd) != 0)
    {
      code = errno;
      n = -1;
    }
  if (fd >= 0)
    close (fd);
  if (n == (gssize)len)
    return TRUE;

  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), "Cannot write %s: %s", path,
               g_strerror (code));

  return FALSE;
}

static gboolean
is_noted (const CvmSpoolEntry *entry)
{
  g_autoptr(GPtrArray) found = cvm_sent_read (entry->run);

  for (guint i = 0; i < found->len; i++)
    {
      const CvmSent *sent = found->pdata[i];

      if (strcmp (sent->job, entry->job) == 0)
        return sent->report_id == entry->report_id &&
               strcmp (sent->server, cvm_tapper_server_get_label (entry->server)) == 0;
    }

  return FALSE;
}

gboolean
cvm_sent_add (const CvmSpoolEntry  *entry,
              GError              **error)
{
  g_autofree char *path = NULL;
  g_autofree char *journal = NULL;
  g_autofree char *line = NULL;

  if (entry->run == NULL || entry->server == NULL || entry->report_id == 0)
    return TRUE;

  journal = g_build_filename (entry->run, "journal.jsonl", NULL);
  if (!g_file_test (journal, G_FILE_TEST_IS_REGULAR))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "%s is no run any more", entry->run);
      return FALSE;
    }

  if (is_noted (entry))
    return TRUE;

  path = g_build_filename (entry->run, NAME, NULL);
  line = make_line (entry);

  return append (path, line, error);
}
