/* cvm-image-item.c: an image in the list of images, here or in a catalogue
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-image-item.h"

#include <glib/gi18n.h>
#include <string.h>

#include "cvm-format.h"

struct _CvmImageItem
{
  GObject            parent_instance;

  CvmShelfImage     *here;       /* owned, or NULL */
  CvmCatalogueEntry *entry;      /* owned, or NULL */
  char              *keyring;
  char              *name;
  char              *title;
  char              *about;
  char              *type;
  char              *arch;
  char              *problem;
  CvmImageState      state;
  CvmFetchProgress   progress;
  gboolean           is_hidden;
};

enum { CHANGED, N_SIGNALS };

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (CvmImageItem, cvm_image_item, G_TYPE_OBJECT)

static void
cvm_image_item_finalize (GObject *object)
{
  CvmImageItem *self = CVM_IMAGE_ITEM (object);

  g_clear_pointer (&self->here, cvm_shelf_image_free);
  g_clear_pointer (&self->entry, cvm_catalogue_entry_unref);
  g_free (self->keyring);
  g_free (self->name);
  g_free (self->title);
  g_free (self->about);
  g_free (self->type);
  g_free (self->arch);
  g_free (self->problem);

  G_OBJECT_CLASS (cvm_image_item_parent_class)->finalize (object);
}

static void
cvm_image_item_class_init (CvmImageItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = cvm_image_item_finalize;

  signals[CHANGED] = g_signal_new ("changed", CVM_TYPE_IMAGE_ITEM, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
}

static void
cvm_image_item_init (CvmImageItem *self)
{
  self->progress.total = -1;
  self->progress.left_ms = -1;
}

/* What it is --------------------------------------------------------------------------------- */

static void
set_line (char       **place,
          const char  *text)
{
  char *line = text != NULL ? cvm_format_line (text) : NULL;

  g_free (*place);
  *place = line;
}

static void
append_part (GString    *text,
             const char *part)
{
  if (part == NULL || *part == '\0')
    return;

  if (text->len > 0)
    g_string_append (text, " · ");
  g_string_append (text, part);
}

static void
describe (CvmImageItem            *self,
          const CvmCatalogueEntry *entry,
          const char              *version,
          gint64                   bytes,
          const char              *description)
{
  g_autofree char *size = bytes > 0 ? g_format_size ((guint64)bytes) : NULL;
  g_autoptr(GString) about = g_string_new (NULL);

  set_line (&self->type, entry != NULL ? entry->type : NULL);
  if (entry != NULL && entry->arch != NULL)
    set_line (&self->arch, entry->arch);
  append_part (about, version != NULL ? version : entry != NULL ? entry->version : NULL);
  append_part (about, self->type);
  append_part (about, self->arch);
  append_part (about, entry != NULL ? entry->hypervisor : NULL);
  append_part (about, size);
  append_part (about, description);
  set_line (&self->about, about->str);
}

static CvmImageState
state_of_here (const CvmShelfImage *here)
{
  if (here->problem != NULL)
    return CVM_IMAGE_STATE_DAMAGED;

  return here->checked_us > 0 ? CVM_IMAGE_STATE_CHECKED : CVM_IMAGE_STATE_HERE;
}

static void
describe_here (CvmImageItem *self)
{
  const CvmShelfImage *here = self->here;
  const CvmImage *image = here->image;
  const char *origin = here->source != NULL ? here->source : here->path;
  g_autoptr(CvmCatalogueEntry) guess = cvm_catalogue_entry_for (origin, NULL);

  set_line (&self->name, here->name);
  set_line (&self->title, image != NULL && image->name != NULL ? image->name : here->name);
  set_line (&self->arch, image != NULL ? image->arch : NULL);
  describe (self, guess, image != NULL ? image->version : NULL, here->bytes,
            image != NULL ? image->description : NULL);
}

CvmImageItem *
cvm_image_item_new_here (CvmShelfImage *here)
{
  CvmImageItem *self = g_object_new (CVM_TYPE_IMAGE_ITEM, NULL);

  self->here = here;
  self->state = state_of_here (here);
  set_line (&self->problem, here->problem);
  describe_here (self);

  return self;
}

CvmImageItem *
cvm_image_item_new_entry (CvmCatalogueEntry *entry,
                          const char        *keyring)
{
  CvmImageItem *self = g_object_new (CVM_TYPE_IMAGE_ITEM, NULL);

  self->entry = cvm_catalogue_entry_ref (entry);
  self->keyring = g_strdup (keyring);
  self->state = CVM_IMAGE_STATE_AWAY;
  set_line (&self->name, entry->name);
  set_line (&self->title, entry->name);
  describe (self, entry, NULL, entry->size, NULL);

  return self;
}

CvmImageItem *
cvm_image_item_new_import (const char *name)
{
  CvmImageItem *self = g_object_new (CVM_TYPE_IMAGE_ITEM, NULL);

  self->state = CVM_IMAGE_STATE_IMPORTING;
  set_line (&self->name, name);
  set_line (&self->title, name);
  set_line (&self->about, "");

  return self;
}

const CvmShelfImage *
cvm_image_item_get_here (CvmImageItem *self)
{
  return self->here;
}

CvmCatalogueEntry *
cvm_image_item_get_entry (CvmImageItem *self)
{
  return self->entry;
}

const char *
cvm_image_item_get_keyring (CvmImageItem *self)
{
  return self->keyring;
}

const char *
cvm_image_item_get_name (CvmImageItem *self)
{
  return self->name;
}

const char *
cvm_image_item_get_title (CvmImageItem *self)
{
  return self->title;
}

const char *
cvm_image_item_get_about (CvmImageItem *self)
{
  return self->about;
}

const char *
cvm_image_item_get_type_name (CvmImageItem *self)
{
  return self->type;
}

const char *
cvm_image_item_get_arch (CvmImageItem *self)
{
  return self->arch;
}

/* How it is ---------------------------------------------------------------------------------- */

CvmImageState
cvm_image_item_get_state (CvmImageItem *self)
{
  return self->state;
}

gboolean
cvm_image_item_is_busy (CvmImageItem *self)
{
  return self->state >= CVM_IMAGE_STATE_WAITING && self->state <= CVM_IMAGE_STATE_CHECKING;
}

const char *
cvm_image_item_get_problem (CvmImageItem *self)
{
  return self->problem;
}

double
cvm_image_item_get_fraction (CvmImageItem *self)
{
  if (self->progress.total <= 0)
    return -1;

  return CLAMP ((double)self->progress.bytes / (double)self->progress.total, 0, 1);
}

/* "42 % · 18 MB/s · about 3 min left" */
static char *
dup_progress (CvmImageItem *self)
{
  const CvmFetchProgress *progress = &self->progress;
  double fraction = cvm_image_item_get_fraction (self);
  g_autoptr(GString) text = g_string_new (NULL);
  g_autofree char *part = fraction >= 0 ? g_strdup_printf (_("%d %%"), (int)(fraction * 100))
                                        : g_format_size ((guint64)MAX (progress->bytes, 0));
  g_autofree char *rate = g_format_size ((guint64)MAX (progress->bytes_per_s, 0));
  g_autofree char *pace = g_strdup_printf (_("%s/s"), rate);
  g_autofree char *left = cvm_format_left (progress->left_ms);

  append_part (text, part);
  append_part (text, progress->bytes_per_s > 0 ? pace : NULL);
  append_part (text, left);

  return g_string_free (g_steal_pointer (&text), FALSE);
}

static char *
dup_checked (CvmImageItem *self)
{
  g_autofree char *day = cvm_format_day (self->here->checked_us, g_get_real_time ());

  /* Translators: %s is "Today", "Yesterday", "Monday, 16 November" */
  return g_strdup_printf (_("Checked: %s"), day);
}

char *
cvm_image_item_dup_status (CvmImageItem *self)
{
  switch (self->state)
    {
    case CVM_IMAGE_STATE_AWAY:
      return g_strdup (self->entry != NULL ? _("Not here") : _("Not imported"));
    case CVM_IMAGE_STATE_PARTLY:
      return g_strdup (_("Partly here"));
    case CVM_IMAGE_STATE_WAITING:
      return g_strdup (_("Waits for its turn"));
    case CVM_IMAGE_STATE_FETCHING:
    case CVM_IMAGE_STATE_IMPORTING:
      return dup_progress (self);
    case CVM_IMAGE_STATE_CHECKING:
      return g_strdup (_("Being checked"));
    case CVM_IMAGE_STATE_DAMAGED:
      return g_strdup (self->here != NULL && self->here->image == NULL ? _("Cannot be read")
                                                                       : _("Damaged"));
    case CVM_IMAGE_STATE_CHECKED:
    case CVM_IMAGE_STATE_HERE:
    default:
      if (self->here == NULL)
        return g_strdup (_("Here"));
      if (self->here->is_in_use)
        return g_strdup (_("Used by a run"));

      if (self->here->checked_us > 0)
        return dup_checked (self);

      return g_strdup (self->entry != NULL ? _("Here") : "");    /* its list is called so */
    }
}

void
cvm_image_item_set_state (CvmImageItem  *self,
                          CvmImageState  state,
                          const char    *problem)
{
  self->state = state;
  set_line (&self->problem, problem);
  if (!cvm_image_item_is_busy (self))
    self->progress = (CvmFetchProgress) { .total = -1, .left_ms = -1 };

  g_signal_emit (self, signals[CHANGED], 0);
}

void
cvm_image_item_set_progress (CvmImageItem           *self,
                             const CvmFetchProgress *progress)
{
  self->progress = *progress;
  g_signal_emit (self, signals[CHANGED], 0);
}

void
cvm_image_item_take_here (CvmImageItem  *self,
                          CvmShelfImage *here)
{
  gboolean was_here = self->here != NULL;
  gboolean is_news = here == NULL || !was_here || self->problem == NULL
                     || g_strcmp0 (here->problem, self->here->problem) != 0;

  g_clear_pointer (&self->here, cvm_shelf_image_free);
  self->here = here;
  if (here != NULL && self->entry == NULL)
    describe_here (self);

  if (cvm_image_item_is_busy (self))
    g_signal_emit (self, signals[CHANGED], 0);
  else if (here != NULL)    /* what a step failed with stays told until there are news */
    cvm_image_item_set_state (self, state_of_here (here), is_news ? here->problem : self->problem);
  else if (was_here)
    cvm_image_item_set_state (self, CVM_IMAGE_STATE_AWAY, NULL);
}

CvmShelfImage *
cvm_image_item_steal_here (CvmImageItem *self)
{
  return g_steal_pointer (&self->here);
}

/* Which are shown ---------------------------------------------------------------------------- */

void
cvm_image_item_set_hidden (CvmImageItem *self,
                           gboolean      is_hidden)
{
  self->is_hidden = is_hidden;
}

static gboolean
has_text (const char *text,
          const char *folded)
{
  g_autofree char *low = text != NULL ? g_utf8_casefold (text, -1) : NULL;

  return low != NULL && strstr (low, folded) != NULL;
}

gboolean
cvm_image_item_matches (CvmImageItem       *self,
                        const CvmImageWish *wish)
{
  g_autofree char *folded = NULL;

  if (self->is_hidden ||
      (wish->type != NULL && g_strcmp0 (wish->type, self->type) != 0) ||
      (wish->arch != NULL && g_strcmp0 (wish->arch, self->arch) != 0))
    return FALSE;

  if (wish->text == NULL || *wish->text == '\0')
    return TRUE;

  folded = g_utf8_casefold (wish->text, -1);

  return has_text (self->title, folded) || has_text (self->name, folded) ||
         has_text (self->about, folded);
}

GPtrArray *
cvm_image_items_newest (GPtrArray *items)
{
  g_autoptr(GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GPtrArray *newest = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < items->len; i++)
    {
      CvmImageItem *item = items->pdata[i];
      const char *hypervisor = item->entry != NULL ? item->entry->hypervisor : NULL;
      int stem = (int)strcspn (item->name, "0123456789");
      char *kind = g_strdup_printf ("%.*s\n%s\n%s\n%s", stem, item->name,
                                    item->type != NULL ? item->type : "",
                                    item->arch != NULL ? item->arch : "",
                                    hypervisor != NULL ? hypervisor : "");

      if (g_hash_table_add (seen, kind))
        g_ptr_array_add (newest, g_object_ref (item));
    }

  return newest;
}
