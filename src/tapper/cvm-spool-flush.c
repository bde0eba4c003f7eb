/* cvm-spool-flush.c: in which order, and when, the spool's reports are sent
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-spool-private.h"

#include <string.h>
#include <unistd.h>

#include "cvm-sent.h"
#include "cvm-tapper-error.h"
#include "cvm-tapper-submit.h"
#include "cvm-wait.h"

typedef struct
{
  CvmSpool            *spool;
  const CvmSpoolFlush *flush;
  GCancellable        *cancellable;
  char                *only;       /* the receiver's address, if only one report's server counts */
  GHashTable          *tried;      /* numbers: not again in this flush */
  GHashTable          *short_since; /* number → gint64: since when the server has it in part only */
  GHashTable          *blocked;    /* receivers that take no reports now; of one pass */
} Flush;

/* A clock that was set back must not make a pause longer than the longest. */
static gboolean
is_due (const Flush         *self,
        const CvmSpoolEntry *entry)
{
  gint64 now_s = g_get_real_time () / G_USEC_PER_SEC;
  gint64 left_s = entry->next_try_s - now_s;

  return self->flush->is_now || left_s <= 0
         || left_s > self->spool->limits.longest_pause_ms / 1000 + 1;
}

static gboolean
is_wanted (const Flush         *self,
           const CvmSpoolEntry *entry)
{
  g_autofree char *receiver = NULL;

  if (entry->state == CVM_SPOOL_BROKEN ||
      g_hash_table_contains (self->tried, &entry->number))
    return FALSE;

  if (self->only == NULL)
    return TRUE;

  receiver = cvm_tapper_server_dup_receiver (entry->server);

  return entry->number <= self->flush->only && g_str_equal (receiver, self->only);
}

/* A report goes where its server is now, as long as nothing of it is on the old one. */
static void
look_up_server (const Flush   *self,
                CvmSpoolEntry *entry)
{
  CvmTapperServer *server = NULL;

  if (self->flush->find_server != NULL && entry->server->name != NULL)
    server = self->flush->find_server (entry->server->name, self->flush->data);

  if (server == NULL)
    return;

  if (entry->report_id == 0 || (g_str_equal (server->receiver_host, entry->server->receiver_host) &&
                                server->receiver_port == entry->server->receiver_port))
    {
      CvmTapperServer *old = entry->server;

      entry->server = server;
      server = old;
    }

  cvm_tapper_server_free (server);
}

static void
add_number (GHashTable *set,
            guint64     number)
{
  g_hash_table_add (set, g_memdup2 (&number, sizeof number));
}

static gint64 *
short_since (Flush   *self,
             guint64  number)
{
  gint64 *since = g_hash_table_lookup (self->short_since, &number);

  if (since == NULL)
    {
      since = g_new0 (gint64, 1);
      g_hash_table_insert (self->short_since, g_memdup2 (&number, sizeof number), since);
    }

  return since;
}

static gboolean
submit (Flush               *self,
        CvmSpoolEntry       *entry,
        CvmTapperSubmitEnd  *end,
        GError             **error)
{
  if (!cvm_tapper_submit (self->spool, entry, self->flush, short_since (self, entry->number), end,
                          self->cancellable, error))
    return FALSE;

  if (*end != CVM_TAPPER_SUBMIT_SETTLING)
    add_number (self->tried, entry->number);

  if (*end != CVM_TAPPER_SUBMIT_DONE)
    return TRUE;

  /* Before it leaves, so that its number is known whenever the program dies; a run that is gone,
   * or cannot be written, keeps nothing back. */
  cvm_sent_add (entry, NULL);

  return cvm_spool_remove (self->spool, entry->number, error);
}

/* One report, unless its turn has not come. Those for one server go in order: behind one that
 * cannot be sent now the others wait, but not behind one that a person must decide about. */
static gboolean
take_turn (Flush          *self,
           CvmSpoolEntry  *entry,
           gboolean       *is_settling,
           gboolean       *has_tried,
           GError        **error)
{
  g_autofree char *receiver = NULL;
  CvmTapperSubmitEnd end = CVM_TAPPER_SUBMIT_LATER;
  gboolean is_unsent = entry->state == CVM_SPOOL_QUEUED;

  look_up_server (self, entry);
  receiver = cvm_tapper_server_dup_receiver (entry->server);

  if (is_unsent && g_hash_table_contains (self->blocked, receiver))
    return TRUE;

  if (is_due (self, entry))
    {
      *has_tried = TRUE;
      if (!submit (self, entry, &end, error))
        return FALSE;
    }
  else if (is_unsent)
    {
      end = CVM_TAPPER_SUBMIT_BLOCKED;
    }

  *is_settling |= end == CVM_TAPPER_SUBMIT_SETTLING;
  if (end == CVM_TAPPER_SUBMIT_BLOCKED || end == CVM_TAPPER_SUBMIT_SETTLING)
    g_hash_table_add (self->blocked, g_steal_pointer (&receiver));

  return TRUE;
}

static void
block_tried (Flush               *self,
             const CvmSpoolEntry *entry)
{
  if (entry->state == CVM_SPOOL_QUEUED && g_hash_table_contains (self->tried, &entry->number))
    g_hash_table_add (self->blocked, cvm_tapper_server_dup_receiver (entry->server));
}

static gboolean
pass (Flush     *self,
      gboolean  *is_settling,
      gboolean  *has_tried,
      GError   **error)
{
  g_autoptr(GPtrArray) entries = cvm_spool_list (self->spool, error);

  *is_settling = FALSE;
  *has_tried = FALSE;
  if (entries == NULL)
    return FALSE;

  g_hash_table_remove_all (self->blocked);
  for (guint i = 0; i < entries->len; i++)
    {
      CvmSpoolEntry *entry = g_ptr_array_index (entries, i);

      block_tried (self, entry);
      if (is_wanted (self, entry) && !take_turn (self, entry, is_settling, has_tried, error))
        return FALSE;
    }

  return TRUE;
}

/* Passes until nothing new has come and nothing is left to be settled. */
static gboolean
run (Flush   *self,
     GError **error)
{
  gboolean is_settling;
  gboolean has_tried;

  do
    {
      if (!pass (self, &is_settling, &has_tried, error))
        return FALSE;

      if (is_settling && !cvm_wait_ms (MIN (self->spool->limits.poll_ms,
                                            self->spool->limits.settle_ms / 4 + 1),
                                       CVM_DEADLINE_NEVER, self->cancellable, error))
        return FALSE;
    }
  while (has_tried);

  return TRUE;
}

/* "" for a report that is no longer there, whose server is nobody's */
static char *
find_only (CvmSpool *self,
           guint64   number)
{
  g_autoptr(CvmSpoolEntry) entry = NULL;

  if (number == 0)
    return NULL;

  entry = cvm_spool_find (self, number, NULL);

  return entry != NULL && entry->server != NULL ? cvm_tapper_server_dup_receiver (entry->server)
                                                : g_strdup ("");
}

/**
 * cvm_spool_flush:
 * @flush: what to do, and whom to tell
 *
 * Sends what can be sent now, in order, and finishes what an earlier process began. A report that
 * the server has in part only is waited for (a minute), so this may take that long.
 *
 * Returns: %TRUE when all was done that could be; what is left says why in its entry. %FALSE:
 *   %G_IO_ERROR_BUSY (another process flushes), %G_IO_ERROR_CANCELLED, or the disk failed; the
 *   state of every report is then as it was last told, and nothing is lost.
 */
gboolean
cvm_spool_flush (CvmSpool             *self,
                 const CvmSpoolFlush  *flush,
                 GCancellable         *cancellable,
                 GError              **error)
{
  Flush run_of = { .spool = self, .flush = flush, .cancellable = cancellable };
  int lock = cvm_spool_lock (self, flush->wait_ms, cancellable, error);
  gboolean is_done;

  if (lock < 0)
    return FALSE;

  cvm_spool_clean (self);
  run_of.only = find_only (self, flush->only);
  run_of.tried = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  run_of.short_since = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);
  run_of.blocked = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  is_done = run (&run_of, error);

  g_free (run_of.only);
  g_hash_table_unref (run_of.tried);
  g_hash_table_unref (run_of.short_since);
  g_hash_table_unref (run_of.blocked);
  close (lock);

  return is_done;
}
