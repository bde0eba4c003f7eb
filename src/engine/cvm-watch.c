/* cvm-watch.c: does a guest look stuck?
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-watch.h"

#include <string.h>

#define LINE_MAX_BYTES 400   /* of a line that is looked at and shown; the rest is passed over */

struct _CvmWatch
{
  gint64        silent_us;
  gint64        moved_us;     /* the last sign of life */
  GString      *line;         /* the one that is being said, without escapes */
  char         *last;         /* the last whole one with something in it, or NULL */
  char         *telling;      /* the line that told FOUND, or NULL */
  gboolean      is_escaping;  /* within a terminal escape */
  CvmWatchNews  found;        /* by the console, not told yet */
  CvmWatchNews  told;
};

static const struct
{
  const char   *text;
  CvmWatchNews  news;
} signs[] = {
  { "Kernel panic - not syncing", CVM_WATCH_PANIC },
  { "panic: going nowhere without my init", CVM_WATCH_PANIC },
  { "(initramfs) ", CVM_WATCH_SHELL },
  { "You are in emergency mode", CVM_WATCH_SHELL },
  { "You are in rescue mode", CVM_WATCH_SHELL },
  { "Entering emergency mode", CVM_WATCH_SHELL },
  { "Give root password for maintenance", CVM_WATCH_SHELL },
  { "Press Enter for maintenance", CVM_WATCH_SHELL },
  { "dracut:/#", CVM_WATCH_SHELL },
  { "grub rescue>", CVM_WATCH_NO_BOOT },
  { "No bootable device", CVM_WATCH_NO_BOOT },
  { "no bootable medium found", CVM_WATCH_NO_BOOT },
  { "Boot failed: not a bootable disk", CVM_WATCH_NO_BOOT },
};

/* What a machine says when it starts anew: what was found of the boot before is over */
static const char *const beginnings[] = { "Linux version ", "SeaBIOS (version" };

static const char *const kinds[] = {
  [CVM_WATCH_NOTHING] = "info",
  [CVM_WATCH_PANIC]   = "guest-panic",
  [CVM_WATCH_SHELL]   = "guest-shell",
  [CVM_WATCH_NO_BOOT] = "guest-no-boot",
  [CVM_WATCH_SILENT]  = "guest-silent",
  [CVM_WATCH_MOVES]   = "guest-moves",
};

CvmWatch *
cvm_watch_new (gint64 silent_ms,
               gint64 now_us)
{
  CvmWatch *self = g_new0 (CvmWatch, 1);

  self->silent_us = silent_ms * 1000;
  self->moved_us = now_us;
  self->line = g_string_new (NULL);

  return self;
}

void
cvm_watch_free (CvmWatch *self)
{
  g_string_free (self->line, TRUE);
  g_free (self->last);
  g_free (self->telling);
  g_free (self);
}

static gboolean
is_beginning (const char *line)
{
  for (guint i = 0; i < G_N_ELEMENTS (beginnings); i++)
    if (strstr (line, beginnings[i]) != NULL)
      return TRUE;

  return FALSE;
}

static void
find (CvmWatch     *self,
      CvmWatchNews  news)
{
  self->found = news;
  g_free (self->telling);
  self->telling = g_strdup (self->line->str);
}

/* A prompt has no end of line: so a line is looked at also before it is whole. Of several that
 * tell the same the first is kept: it says why. */
static void
look (CvmWatch *self)
{
  if (is_beginning (self->line->str))
    {
      self->found = CVM_WATCH_NOTHING;
      if (self->told != CVM_WATCH_NOTHING && self->told != CVM_WATCH_MOVES)
        find (self, CVM_WATCH_MOVES);
      return;
    }

  for (guint i = 0; i < G_N_ELEMENTS (signs); i++)
    if (signs[i].news != self->told && strstr (self->line->str, signs[i].text) != NULL
        && (signs[i].news != self->found || g_str_has_prefix (self->line->str, self->telling)))
      find (self, signs[i].news);
}

static void
end_line (CvmWatch *self)
{
  look (self);
  if (strspn (self->line->str, " \t") < self->line->len)
    {
      g_free (self->last);
      self->last = g_strdup (self->line->str);
    }

  g_string_truncate (self->line, 0);
}

static void
hear_byte (CvmWatch *self,
           char      c)
{
  if (self->is_escaping)
    self->is_escaping = !g_ascii_isalpha (c);   /* the end of CSI; good enough for words */
  else if (c == '\033')
    self->is_escaping = TRUE;
  else if (c == '\n')
    end_line (self);
  else if ((guchar)c >= ' ' && self->line->len < LINE_MAX_BYTES)
    g_string_append_c (self->line, c);
}

void
cvm_watch_hear (CvmWatch   *self,
                const char *bytes,
                gsize       len,
                gint64      now_us)
{
  if (len == 0)
    return;

  for (gsize i = 0; i < len; i++)
    hear_byte (self, bytes[i]);
  look (self);
  cvm_watch_stir (self, now_us);
}

void
cvm_watch_stir (CvmWatch *self,
                gint64    now_us)
{
  self->moved_us = now_us;
  if (self->told == CVM_WATCH_SILENT && self->found == CVM_WATCH_NOTHING)
    self->found = CVM_WATCH_MOVES;
}

gboolean
cvm_watch_wants_activity (CvmWatch *self,
                          gint64    now_us)
{
  return now_us - self->moved_us >= self->silent_us / 2;
}

static char *
dup_last (CvmWatch *self)
{
  const char *line = self->line->len > 0 ? self->line->str : self->last;

  return g_utf8_make_valid (line != NULL ? line : "", -1);
}

static gboolean
is_silent (CvmWatch *self,
           gint64    now_us,
           gboolean  is_awaited)
{
  return is_awaited && now_us - self->moved_us >= self->silent_us
         && (self->told == CVM_WATCH_NOTHING || self->told == CVM_WATCH_MOVES);
}

CvmWatchNews
cvm_watch_step (CvmWatch  *self,
                gint64     now_us,
                gboolean   is_awaited,
                char     **line)
{
  CvmWatchNews news = self->found;

  if (news == CVM_WATCH_NOTHING && is_silent (self, now_us, is_awaited))
    news = CVM_WATCH_SILENT;
  if (news == CVM_WATCH_NOTHING)
    return news;

  *line = news == CVM_WATCH_SILENT || news == CVM_WATCH_MOVES || self->telling == NULL
          ? dup_last (self) : g_utf8_make_valid (self->telling, -1);
  self->told = news;
  self->found = CVM_WATCH_NOTHING;

  return news;
}

const char *
cvm_watch_news_kind (CvmWatchNews news)
{
  return kinds[news];
}

CvmWatchNews
cvm_watch_news_of_kind (const char *kind)
{
  for (guint i = CVM_WATCH_PANIC; i < G_N_ELEMENTS (kinds); i++)
    if (g_strcmp0 (kind, kinds[i]) == 0)
      return i;

  return CVM_WATCH_NOTHING;
}
