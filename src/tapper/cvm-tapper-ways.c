/* cvm-tapper-ways.c: which way a server can be asked
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-tapper-browse-private.h"

#include <string.h>

#include "cvm-tapper-cache.h"
#include "cvm-wait.h"

#define ENTRY         "way"
#define REMEMBERED_US (G_USEC_PER_SEC * G_GINT64_CONSTANT (3600))   /* a worse way, until the better
                                                                       ones are tried again */

static const char *const names[] = { "none", "api", "web", "rss" };

const char *
cvm_tapper_way_name (CvmTapperWay way)
{
  return names[way];
}

gboolean
cvm_tapper_ways_has (const CvmTapperServer *server,
                     CvmTapperWay           way)
{
  switch (way)
    {
    case CVM_TAPPER_WAY_API:
      return server->api_host != NULL;
    case CVM_TAPPER_WAY_WEB:
    case CVM_TAPPER_WAY_RSS:
      return server->web != NULL;
    case CVM_TAPPER_WAY_NONE:
    default:
      return FALSE;
    }
}

static CvmTapperWay
read_way (CvmTapperBrowse *self)
{
  gint64 stored_us;
  g_autoptr(GBytes) bytes = cvm_tapper_cache_get (self->server, ENTRY, &stored_us);

  for (guint way = CVM_TAPPER_WAY_API; bytes != NULL && way < G_N_ELEMENTS (names); way++)
    {
      gsize len;
      const char *name = g_bytes_get_data (bytes, &len);

      if (len == strlen (names[way]) && memcmp (name, names[way], len) == 0 &&
          ABS (g_get_real_time () - stored_us) < REMEMBERED_US)
        return (CvmTapperWay)way;
    }

  return CVM_TAPPER_WAY_NONE;
}

static CvmTapperWay
remembered_way (CvmTapperBrowse *self)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  if (!self->is_read)
    self->way = read_way (self);
  self->is_read = TRUE;

  return cvm_tapper_ways_has (self->server, self->way) ? self->way : CVM_TAPPER_WAY_NONE;
}

static void
remember_way (CvmTapperBrowse *self,
              CvmTapperWay     way)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  g_autoptr(GBytes) bytes = NULL;

  if (self->way == way)
    return;

  self->way = way;
  bytes = g_bytes_new_static (names[way], strlen (names[way]));
  cvm_tapper_cache_put (self->server, ENTRY, bytes);
}

/* What no other way would change */
static gboolean
is_final (const GError *error,
          gint64        deadline_us,
          GCancellable *cancellable)
{
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) ||
         g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND) ||
         !cvm_deadline_check (deadline_us, cancellable, NULL);
}

/* A way that hangs leaves time for the others. */
static gint64
share_of (gint64   deadline_us,
          gboolean is_last)
{
  gint64 now_us = g_get_monotonic_time ();

  return is_last || deadline_us == CVM_DEADLINE_NEVER || deadline_us <= now_us
         ? deadline_us : now_us + (deadline_us - now_us) / 2;
}

/* In the order of trying: the remembered one, then the best */
static guint
order_ways (CvmTapperBrowse *self,
            CvmTapperWay     last,
            CvmTapperWay     order[CVM_TAPPER_WAY_RSS + 1])
{
  CvmTapperWay first = remembered_way (self);
  guint n = 0;

  if (first != CVM_TAPPER_WAY_NONE && first <= last)
    order[n++] = first;
  for (guint way = CVM_TAPPER_WAY_API; way <= last; way++)
    {
      if (way != first && cvm_tapper_ways_has (self->server, way))
        order[n++] = (CvmTapperWay)way;
    }

  return n;
}

/* What each of them said, in one message; the code is that of the first */
static void
join_errors (GError **joined,
             GError  *error)
{
  g_autofree char *message = NULL;

  if (*joined == NULL)
    {
      *joined = error;
      return;
    }

  message = g_strconcat ((*joined)->message, "; ", error->message, NULL);
  g_free ((*joined)->message);
  (*joined)->message = g_steal_pointer (&message);
  g_error_free (error);
}

/**
 * cvm_tapper_ways_try:
 * @last: the worst way that will do
 *
 * Tries what is remembered to work, else one way after the other, and remembers which did.
 * %G_IO_ERROR_NOT_FOUND is an answer, too, and ends it.
 */
gboolean
cvm_tapper_ways_try (CvmTapperBrowse  *browse,
                     CvmTapperWay      last,
                     CvmTapperTry      one_try,
                     gpointer          data,
                     gint64            deadline_us,
                     GCancellable     *cancellable,
                     GError          **error)
{
  CvmTapperWay order[CVM_TAPPER_WAY_RSS + 1];
  guint n = order_ways (browse, last, order);
  GError *joined = NULL;

  if (n == 0)
    {
      g_set_error (error, CVM_TAPPER_SERVER_ERROR, CVM_TAPPER_SERVER_ERROR_INVALID,
                   "the server %s cannot be asked: neither its API nor its web pages are known; "
                   "set them by 'report server add'", cvm_tapper_server_get_label (browse->server));
      return FALSE;
    }

  for (guint i = 0; i < n; i++)
    {
      GError *local = NULL;

      if (one_try (browse, order[i], data, share_of (deadline_us, i + 1 == n), cancellable, &local))
        {
          remember_way (browse, order[i]);
          g_clear_error (&joined);
          return TRUE;
        }

      if (is_final (local, deadline_us, cancellable))
        {
          g_clear_error (&joined);
          g_propagate_error (error, local);
          return FALSE;
        }

      join_errors (&joined, local);
    }

  g_propagate_error (error, joined);

  return FALSE;
}
