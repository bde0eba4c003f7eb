/* cvm-point-find.c: the points of a job that have a text in them
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-point-find.h"

#include <string.h>

#define LOOK_AT_CLOCK 64   /* points between two looks at it */

/* Where in the tree it is: the next to be looked at among the children of what is above */
typedef struct
{
  const GPtrArray *siblings;
  guint            next;
} Place;

struct _CvmPointFind
{
  CvmPointIndex  *index;
  CvmPointFilter  filter;
  char           *text;        /* folded */
  gsize           len;
  gboolean        is_ascii;

  Place           places[CVM_RESULT_MAX_CHAIN];
  const CvmPoint *chain[CVM_RESULT_MAX_CHAIN];
  guint           depth;       /* of PLACES that are used; 0: all was seen */

  GPtrArray      *links;       /* the chains of what was found, one after another */
  GArray         *ends;        /* of guint: where each of them ends */
};

static void
enter (CvmPointFind   *self,
       const CvmPoint *parent)
{
  const GPtrArray *siblings = cvm_point_index_children (self->index, self->filter, parent);

  if (siblings != NULL && self->depth < CVM_RESULT_MAX_CHAIN)
    self->places[self->depth++] = (Place) { siblings, 0 };
}

CvmPointFind *
cvm_point_find_new (CvmPointIndex  *index,
                    CvmPointFilter  filter,
                    const char     *text)
{
  CvmPointFind *self = g_new0 (CvmPointFind, 1);

  self->index = index;
  self->filter = filter;
  self->text = g_utf8_casefold (text, -1);
  self->len = strlen (self->text);
  self->is_ascii = g_str_is_ascii (self->text);
  self->links = g_ptr_array_new ();
  self->ends = g_array_new (FALSE, FALSE, sizeof (guint));
  if (self->len > 0)
    enter (self, NULL);

  return self;
}

void
cvm_point_find_free (CvmPointFind *self)
{
  g_ptr_array_unref (self->links);
  g_array_unref (self->ends);
  g_free (self->text);
  g_free (self);
}

/* Most texts are ASCII: those need no folded copy */
static gboolean
has_ascii (const CvmPointFind *self,
           const char         *in)
{
  char low = self->text[0];
  char high = g_ascii_toupper (low);

  for (; *in != '\0'; in++)
    if ((*in == low || *in == high) && g_ascii_strncasecmp (in, self->text, self->len) == 0)
      return TRUE;

  return FALSE;
}

static gboolean
has_text (const CvmPointFind *self,
          const char         *in)
{
  g_autofree char *valid = NULL;
  g_autofree char *folded = NULL;

  if (in == NULL)
    return FALSE;
  if (self->is_ascii)
    return has_ascii (self, in);

  valid = g_utf8_make_valid (in, -1);
  folded = g_utf8_casefold (valid, -1);

  return strstr (folded, self->text) != NULL;
}

static gboolean
is_in_details (const CvmPointFind *self,
               const CvmPoint     *point)
{
  for (guint i = 0; point->details != NULL && i < point->details->len; i++)
    {
      const CvmDetail *detail = point->details->pdata[i];

      if (has_text (self, detail->key) || has_text (self, detail->value))
        return TRUE;
    }

  return FALSE;
}

static gboolean
is_in_evidence (const CvmPointFind *self,
                const CvmPoint     *point)
{
  const GPtrArray *evidence = cvm_point_index_get_job (self->index)->evidence;

  for (guint i = 0; point->id != NULL && i < evidence->len; i++)
    {
      const CvmRecord *record = evidence->pdata[i];

      if (g_strcmp0 (record->id, point->id) == 0 && has_text (self, record->path))
        return TRUE;
    }

  return FALSE;
}

static gboolean
is_in (const CvmPointFind *self,
       const CvmPoint     *point)
{
  return has_text (self, point->title) || has_text (self, point->reason)
         || has_text (self, point->id) || has_text (self, point->waiting)
         || is_in_details (self, point) || is_in_evidence (self, point);
}

static void
keep (CvmPointFind *self)
{
  for (guint i = 0; i < self->depth; i++)
    g_ptr_array_add (self->links, (gpointer)self->chain[i]);
  g_array_append_val (self->ends, self->links->len);
}

static void
look_at_next (CvmPointFind *self)
{
  Place *place = &self->places[self->depth - 1];
  const CvmPoint *point;

  if (place->next >= place->siblings->len)
    {
      self->depth--;
      return;
    }

  point = place->siblings->pdata[place->next++];
  self->chain[self->depth - 1] = point;
  if (is_in (self, point))
    keep (self);
  enter (self, point);
}

gboolean
cvm_point_find_step (CvmPointFind *self,
                     gint64        budget_us)
{
  gint64 end_us = g_get_monotonic_time () + budget_us;

  for (guint i = 1; self->depth > 0 && self->ends->len < CVM_POINT_FIND_MAX; i++)
    {
      look_at_next (self);
      if (i % LOOK_AT_CLOCK == 0 && g_get_monotonic_time () >= end_us)
        return TRUE;
    }

  return FALSE;
}

guint
cvm_point_find_count (CvmPointFind *self)
{
  return self->ends->len;
}

guint
cvm_point_find_get (CvmPointFind   *self,
                    guint           index,
                    const CvmPoint *chain[CVM_RESULT_MAX_CHAIN])
{
  guint start = index > 0 ? g_array_index (self->ends, guint, index - 1) : 0;
  guint end = g_array_index (self->ends, guint, index);

  for (guint i = start; i < end; i++)
    chain[i - start] = self->links->pdata[i];

  return end - start;
}
