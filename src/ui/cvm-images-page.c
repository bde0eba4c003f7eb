/* cvm-images-page.c: the place of the images
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-images-page.h"

#include <glib/gi18n.h>
#include <handy.h>

#include "cvm-catalogue-adder.h"
#include "cvm-image-details-page.h"
#include "cvm-image-group.h"
#include "cvm-image-import-page.h"
#include "cvm-image-loader.h"
#include "cvm-image-removal.h"
#include "cvm-image-room.h"
#include "cvm-image-worker.h"
#include "cvm-stage.h"

struct _CvmImagesPage
{
  GtkBox            parent_instance;

  GtkStack         *stack;
  GtkBox           *groups;
  GtkComboBoxText  *type;
  GtkComboBoxText  *arch;
  GtkToggleButton  *newest;
  GtkWidget        *room;
  GtkLabel         *room_text;
  GtkLevelBar      *room_bar;
  GtkWidget        *room_button;

  const CvmBackend *backend;
  CvmImageWorker   *worker;        /* of all pages */
  CvmImageGroup    *here;          /* a child of GROUPS; the others are catalogues */
  GHashTable       *catalogues;    /* of CvmImageGroup, by name; children of GROUPS */
  GPtrArray        *settings;      /* of CvmCatalogue: what these are */
  GPtrArray        *items;         /* of CvmImageItem: those here */
  char             *text;          /* that is searched for */
  gint64            bytes, free_bytes, budget;
  GCancellable     *cancellable;
  gboolean          is_loading;
  gboolean          is_stale;      /* it changed while it was loaded */
  gboolean          is_loaded;     /* once */
  gboolean          is_filling;    /* a choice */
};

static void page_init (CvmPageInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (CvmImagesPage, cvm_images_page, GTK_TYPE_BOX,
                               G_IMPLEMENT_INTERFACE (CVM_TYPE_PAGE, page_init))

/* What is shown ------------------------------------------------------------------------------ */

static const char *
get_choice (GtkComboBoxText *choice)
{
  const char *id = gtk_combo_box_get_active_id (GTK_COMBO_BOX (choice));

  return id != NULL && *id != '\0' ? id : NULL;
}

typedef struct
{
  CvmImagesPage *self;
  CvmImageWish   wish;
  guint          n_visible;
} Filtering;

static void
filter_group (GtkWidget *group,
              gpointer   data)
{
  Filtering *filtering = data;
  CvmImagesPage *self = filtering->self;
  gboolean is_newest = CVM_IMAGE_GROUP (group) != self->here &&
                       gtk_toggle_button_get_active (self->newest);

  cvm_image_group_filter (CVM_IMAGE_GROUP (group), &filtering->wish, is_newest);
  filtering->n_visible += gtk_widget_get_visible (group);
}

static void
show_items (CvmImagesPage *self)
{
  Filtering filtering = { self, { self->text, get_choice (self->type), get_choice (self->arch) } };
  gboolean is_empty = self->items->len == 0 && g_hash_table_size (self->catalogues) == 0;

  gtk_container_foreach (GTK_CONTAINER (self->groups), filter_group, &filtering);
  gtk_widget_set_visible (GTK_WIDGET (self->newest), g_hash_table_size (self->catalogues) > 0);
  gtk_stack_set_visible_child_name (self->stack, is_empty                  ? "empty"
                                                 : filtering.n_visible > 0 ? "list"
                                                                           : "none");
}

static void
on_wish_changed (CvmImagesPage *self)
{
  if (self->is_loaded && !self->is_filling)
    show_items (self);
}

static void
collect (GtkWidget *group,
         gpointer   data)
{
  GHashTable **words = data;
  GPtrArray *items = cvm_image_group_get_items (CVM_IMAGE_GROUP (group));

  for (guint i = 0; items != NULL && i < items->len; i++)
    {
      const char *type = cvm_image_item_get_type_name (items->pdata[i]);
      const char *arch = cvm_image_item_get_arch (items->pdata[i]);

      if (type != NULL)
        g_hash_table_add (words[0], (gpointer)type);
      if (arch != NULL)
        g_hash_table_add (words[1], (gpointer)arch);
    }
}

/* A choice of all there are; one that is left to choose from is none */
static void
fill_choice (GtkComboBoxText *choice,
             const char      *all,
             GHashTable      *words)
{
  g_autofree char *chosen = g_strdup (get_choice (choice));
  g_autoptr(GList) list = g_list_sort (g_hash_table_get_keys (words), (GCompareFunc)g_strcmp0);

  gtk_combo_box_text_remove_all (choice);
  gtk_combo_box_text_append (choice, "", all);
  for (GList *word = list; word != NULL; word = word->next)
    gtk_combo_box_text_append (choice, word->data, word->data);
  if (chosen == NULL || !gtk_combo_box_set_active_id (GTK_COMBO_BOX (choice), chosen))
    gtk_combo_box_set_active_id (GTK_COMBO_BOX (choice), "");
  gtk_widget_set_visible (GTK_WIDGET (choice), g_hash_table_size (words) > 1);
}

static void
fill_choices (CvmImagesPage *self)
{
  g_autoptr(GHashTable) types = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr(GHashTable) archs = g_hash_table_new (g_str_hash, g_str_equal);
  GHashTable *words[] = { types, archs };

  gtk_container_foreach (GTK_CONTAINER (self->groups), collect, words);
  self->is_filling = TRUE;
  fill_choice (self->type, _("All types"), types);
  fill_choice (self->arch, _("All architectures"), archs);
  self->is_filling = FALSE;
}

static void
refresh (CvmImagesPage *self)
{
  fill_choices (self);
  show_items (self);
}

/* Room --------------------------------------------------------------------------------------- */

static void
show_room (CvmImagesPage *self)
{
  g_autofree char *text = cvm_image_room_describe (self->bytes, self->free_bytes, self->budget);
  gint64 limit = self->budget > 0 ? self->budget : self->bytes + MAX (self->free_bytes, 0);

  gtk_label_set_text (self->room_text, text);
  gtk_level_bar_set_value (self->room_bar,
                           limit > 0 ? MIN ((double)self->bytes / (double)limit, 1) : 0);
  gtk_widget_set_visible (self->room_button, self->budget > 0 && self->bytes > self->budget);
  gtk_widget_set_visible (self->room, self->items->len > 0);
}

/* Removing ----------------------------------------------------------------------------------- */

static void
show_left (GtkWidget *page)
{
  show_items (CVM_IMAGES_PAGE (page));
}

static void
on_make_room (CvmImagesPage *self)
{
  g_autoptr(GPtrArray) items = cvm_image_room_choose (self->items, self->bytes - self->budget);

  if (items->len > 0)
    cvm_image_removal_offer (GTK_WIDGET (self), items, show_left);
  else
    cvm_stage_tell (GTK_WIDGET (self), _("There is no image that could be removed: those that are "
                                         "left are used by runs, or are not in your folder."));
}

/* What is asked of an image ------------------------------------------------------------------- */

static void
open_folder (CvmImagesPage *self,
             CvmImageItem  *item)
{
  g_autofree char *folder = g_path_get_dirname (cvm_image_item_get_here (item)->path);
  g_autofree char *uri = g_filename_to_uri (folder, NULL, NULL);
  g_autofree char *text = NULL;
  g_autoptr(GError) error = NULL;
  GtkWidget *toplevel = gtk_widget_get_toplevel (GTK_WIDGET (self));

  if (gtk_show_uri_on_window (GTK_WINDOW (toplevel), uri, gtk_get_current_event_time (), &error))
    return;

  text = g_strdup_printf (_("%s could not be opened here: %s"), folder, error->message);
  cvm_stage_tell (GTK_WIDGET (self), text);
}

static void
remove_one (CvmImagesPage *self,
            CvmImageItem  *item)
{
  g_autoptr(GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);

  if (cvm_image_item_get_here (item) == NULL)   /* an import that failed: nothing of it is here */
    {
      cvm_image_item_set_hidden (item, TRUE);
      cvm_image_item_set_state (item, CVM_IMAGE_STATE_AWAY, NULL);
      show_items (self);
      return;
    }

  g_ptr_array_add (items, g_object_ref (item));
  cvm_image_removal_offer (GTK_WIDGET (self), items, show_left);
}

static void
on_asked (CvmImagesPage *self,
          CvmImageItem  *item,
          int            what)
{
  GtkWidget *widget = GTK_WIDGET (self);

  switch ((CvmImageAsk)what)
    {
    case CVM_IMAGE_ASK_FETCH:
      cvm_image_worker_fetch (self->worker, item);
      break;
    case CVM_IMAGE_ASK_CANCEL:
      cvm_image_worker_cancel (self->worker, item);
      break;
    case CVM_IMAGE_ASK_CHECK:
      cvm_image_worker_check (self->worker, item);
      break;
    case CVM_IMAGE_ASK_RUN:
      cvm_stage_new_run (widget, cvm_image_item_get_name (item));
      break;
    case CVM_IMAGE_ASK_DETAILS:
      cvm_stage_push (widget, cvm_image_details_page_new (item),
                      cvm_image_item_get_here (item)->path);
      break;
    case CVM_IMAGE_ASK_FOLDER:
      open_folder (self, item);
      break;
    case CVM_IMAGE_ASK_REMOVE:
      remove_one (self, item);
      break;
    default:
      g_assert_not_reached ();
    }
}

/* Catalogues ---------------------------------------------------------------------------------- */

typedef struct
{
  CvmImagesPage *page;    /* owned */
  CvmImageGroup *group;   /* owned */
} Asking;

static const CvmShelfImage *
find_here (CvmImagesPage *self,
           const char    *name)
{
  for (guint i = 0; i < self->items->len; i++)
    {
      const CvmShelfImage *here = cvm_image_item_get_here (self->items->pdata[i]);

      if (here != NULL && g_strcmp0 (here->name, name) == 0)
        return here;
    }

  return NULL;
}

/* Those of a catalogue that are here say so */
static void
mark_listed (GtkWidget *group,
             gpointer   data)
{
  CvmImagesPage *self = data;
  GPtrArray *items = cvm_image_group_get_items (CVM_IMAGE_GROUP (group));

  for (guint i = 0; CVM_IMAGE_GROUP (group) != self->here && items != NULL && i < items->len; i++)
    {
      CvmImageItem *item = items->pdata[i];
      const CvmShelfImage *here = find_here (self, cvm_image_item_get_name (item));
      CvmImageState state = cvm_image_item_get_state (item);
      gboolean is_told_here = state == CVM_IMAGE_STATE_HERE;

      if (!cvm_image_item_is_busy (item) && is_told_here != (here != NULL)
          && (here != NULL || is_told_here))
        cvm_image_item_set_state (item, here != NULL ? CVM_IMAGE_STATE_HERE : CVM_IMAGE_STATE_AWAY,
                                  NULL);
    }
}

static void
on_listed (GObject      *source,
           GAsyncResult *result,
           gpointer      data)
{
  Asking *asking = data;
  CvmImagesPage *self = asking->page;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) items = cvm_images_listed_load_finish (result, &error);

  if (items != NULL)
    {
      cvm_image_group_set_items (asking->group, items);
      mark_listed (GTK_WIDGET (asking->group), self);
      refresh (self);
    }
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      cvm_image_group_set_problem (asking->group, error->message);
      show_items (self);
    }

  g_object_unref (asking->page);
  g_object_unref (asking->group);
  g_free (asking);
}

static void
ask_catalogue (CvmImagesPage *self,
               CvmImageGroup *group)
{
  const char *name = cvm_image_group_get_title (group);
  const CvmCatalogue *catalogue = cvm_catalogues_find (self->settings, name);
  GCancellable *cancellable = cvm_image_group_set_loading (group);
  Asking *asking = g_new0 (Asking, 1);

  asking->page = g_object_ref (self);
  asking->group = g_object_ref (group);
  cvm_images_listed_load_async (catalogue->location, catalogue->keyring, cancellable, on_listed,
                                asking);
}

/* Adding and removing them -------------------------------------------------------------------- */

typedef struct
{
  CvmImagesPage *page;       /* weak */
  char          *name;
  char          *location;   /* NULL: to be removed */
  char          *keyring;
} Setting;

static void
setting_free (gpointer data)
{
  Setting *self = data;

  g_clear_weak_pointer (&self->page);
  g_free (self->name);
  g_free (self->location);
  g_free (self->keyring);
  g_free (self);
}

static Setting *
setting_new (CvmImagesPage *page,
             const char    *name,
             const char    *location,
             const char    *keyring)
{
  Setting *self = g_new0 (Setting, 1);

  g_set_weak_pointer (&self->page, page);
  self->name = g_strdup (name);
  self->location = g_strdup (location);
  self->keyring = g_strdup (keyring);

  return self;
}

static void
set_in_thread (GTask        *task,
               gpointer      source,
               gpointer      data,
               GCancellable *cancellable)
{
  Setting *setting = data;
  g_autoptr(GError) error = NULL;

  if (cvm_catalogues_set (setting->name, setting->location, setting->keyring, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void load (CvmImagesPage *self);

static void
on_set (GObject      *source,
        GAsyncResult *result,
        gpointer      data)
{
  Setting *setting = g_task_get_task_data (G_TASK (result));
  CvmImagesPage *self = setting->page;
  g_autoptr(GError) error = NULL;
  gboolean is_set = g_task_propagate_boolean (G_TASK (result), &error);

  if (self == NULL || self->cancellable == NULL)
    return;

  if (!is_set)
    cvm_stage_tell (GTK_WIDGET (self), error->message);
  load (self);
}

/* Takes SETTING */
static void
set_catalogue (Setting *setting)
{
  g_autoptr(GTask) task = g_task_new (NULL, NULL, on_set, NULL);

  g_task_set_task_data (task, setting, setting_free);
  g_task_run_in_thread (task, set_in_thread);
}

static void
on_catalogue_added (CvmImagesPage *self,
                    const char    *name,
                    const char    *location)
{
  set_catalogue (setting_new (self, name, location, NULL));
}

static void
on_catalogue_removed (CvmImagesPage *self,
                      CvmImageGroup *group)
{
  const char *name = cvm_image_group_get_title (group);
  const CvmCatalogue *catalogue = cvm_catalogues_find (self->settings, name);
  g_autofree char *text = g_strdup_printf (_("Catalogue %s removed"), name);

  cvm_stage_offer_undo (GTK_WIDGET (self), text, (CvmUndoFunc)set_catalogue, setting_free,
                        setting_new (self, name, catalogue->location, catalogue->keyring));
  set_catalogue (setting_new (self, name, NULL, NULL));
}

static CvmImageGroup *
add_group (CvmImagesPage *self,
           const char    *title,
           gboolean       is_catalogue)
{
  GtkWidget *group = cvm_image_group_new (title, is_catalogue);

  g_signal_connect_object (group, "asked", G_CALLBACK (on_asked), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (group, "again", G_CALLBACK (ask_catalogue), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (group, "removed", G_CALLBACK (on_catalogue_removed), self,
                           G_CONNECT_SWAPPED);
  gtk_container_add (GTK_CONTAINER (self->groups), group);

  return CVM_IMAGE_GROUP (group);
}

static gboolean
is_forgotten (gpointer name,
              gpointer group,
              gpointer data)
{
  CvmImagesPage *self = data;

  if (cvm_catalogues_find (self->settings, name) != NULL)
    return FALSE;

  gtk_widget_destroy (group);
  return TRUE;
}

/* Those that are new are asked at once */
static void
take_catalogues (CvmImagesPage *self,
                 GPtrArray     *settings)
{
  g_clear_pointer (&self->settings, g_ptr_array_unref);
  self->settings = g_ptr_array_ref (settings);
  g_hash_table_foreach_remove (self->catalogues, is_forgotten, self);

  for (guint i = 0; i < settings->len; i++)
    {
      const CvmCatalogue *catalogue = settings->pdata[i];
      CvmImageGroup *group;

      if (g_hash_table_contains (self->catalogues, catalogue->name))
        continue;
      group = add_group (self, catalogue->name, TRUE);
      g_hash_table_insert (self->catalogues, g_strdup (catalogue->name), group);
      ask_catalogue (self, group);
    }
}

/* Here ---------------------------------------------------------------------------------------- */

static CvmImageItem *
find_item (CvmImagesPage *self,
           CvmImageItem  *fresh)
{
  const char *path = cvm_image_item_get_here (fresh)->path;

  for (guint i = 0; i < self->items->len; i++)
    {
      const CvmShelfImage *here = cvm_image_item_get_here (self->items->pdata[i]);

      if (here != NULL && g_str_equal (here->path, path))
        return self->items->pdata[i];
    }

  return NULL;
}

/* Rows stay where they are: what is known of an image is put into the item it has */
static void
take_items (CvmImagesPage *self,
            GPtrArray     *fresh)
{
  g_autoptr(GPtrArray) items = cvm_image_worker_list_imports (self->worker);

  for (guint i = 0; i < fresh->len; i++)
    {
      CvmImageItem *known = find_item (self, fresh->pdata[i]);

      if (known != NULL)
        cvm_image_item_take_here (known, cvm_image_item_steal_here (fresh->pdata[i]));
      g_ptr_array_add (items, g_object_ref (known != NULL ? known : fresh->pdata[i]));
    }

  for (guint i = 0; i < self->items->len; i++)   /* imports that failed say why */
    if (cvm_image_item_get_here (self->items->pdata[i]) == NULL &&
        cvm_image_item_get_problem (self->items->pdata[i]) != NULL)
      g_ptr_array_insert (items, 0, g_object_ref (self->items->pdata[i]));

  g_ptr_array_unref (self->items);
  self->items = g_steal_pointer (&items);
}

static void
tell_count (CvmImagesPage *self)
{
  guint n_here = 0, n_damaged = 0;

  for (guint i = 0; i < self->items->len; i++)
    n_here += cvm_image_item_get_here (self->items->pdata[i]) != NULL;
  for (guint i = 0; i < self->items->len; i++)
    n_damaged += cvm_image_item_get_state (self->items->pdata[i]) == CVM_IMAGE_STATE_DAMAGED;

  cvm_stage_set_count (GTK_WIDGET (self), CVM_PLACE_IMAGES, n_here, n_damaged > 0);
}

static void
take_here (CvmImagesPage *self,
           CvmImagesHere *here)
{
  take_items (self, here->items);
  self->bytes = here->bytes;
  self->free_bytes = here->free_bytes;
  self->budget = here->budget;
  cvm_image_group_set_items (self->here, self->items);
  if (here->catalogues != NULL)
    take_catalogues (self, here->catalogues);
  if (here->problem != NULL)
    cvm_stage_tell (GTK_WIDGET (self), here->problem);
  gtk_container_foreach (GTK_CONTAINER (self->groups), mark_listed, self);
}

static void
on_loaded (GObject      *source,
           GAsyncResult *result,
           gpointer      data)
{
  g_autoptr(CvmImagesPage) self = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(CvmImagesHere) here = cvm_images_here_load_finish (result, &error);

  self->is_loading = FALSE;
  if (here == NULL || self->cancellable == NULL)
    return;

  take_here (self, here);
  self->is_loaded = TRUE;
  refresh (self);
  show_room (self);
  tell_count (self);
  if (self->is_stale)
    load (self);
}

static void
load (CvmImagesPage *self)
{
  self->is_stale = self->is_loading;
  if (self->is_loading)
    return;

  self->is_loading = TRUE;
  cvm_images_here_load_async (self->cancellable, on_loaded, g_object_ref (self));
}

/* Import -------------------------------------------------------------------------------------- */

static void
on_importing (CvmImagesPage *self,
              CvmImageItem  *item)
{
  g_autoptr(GPtrArray) items = g_ptr_array_copy (self->items, (GCopyFunc)g_object_ref, NULL);

  g_ptr_array_set_free_func (items, g_object_unref);
  g_ptr_array_insert (items, 0, g_object_ref (item));
  g_ptr_array_unref (self->items);
  self->items = g_steal_pointer (&items);
  cvm_image_group_set_items (self->here, self->items);
  refresh (self);
}

static void
on_import (CvmImagesPage *self)
{
  cvm_image_import_page_choose (GTK_WIDGET (self));
}

/* The page ------------------------------------------------------------------------------------ */

static void
cvm_images_page_show (CvmPage *page)
{
  load (CVM_IMAGES_PAGE (page));
}

static void
cvm_images_page_search (CvmPage    *page,
                        const char *text)
{
  CvmImagesPage *self = CVM_IMAGES_PAGE (page);

  g_free (self->text);
  self->text = g_strdup (text);
  on_wish_changed (self);
}

static const char *
cvm_images_page_get_help (CvmPage *page)
{
  return "images-window";
}

static void
page_init (CvmPageInterface *iface)
{
  iface->show = cvm_images_page_show;
  iface->search = cvm_images_page_search;
  iface->get_help = cvm_images_page_get_help;
}

static void
cvm_images_page_dispose (GObject *object)
{
  CvmImagesPage *self = CVM_IMAGES_PAGE (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);

  G_OBJECT_CLASS (cvm_images_page_parent_class)->dispose (object);
}

static void
cvm_images_page_finalize (GObject *object)
{
  CvmImagesPage *self = CVM_IMAGES_PAGE (object);

  g_hash_table_unref (self->catalogues);
  g_clear_pointer (&self->settings, g_ptr_array_unref);
  g_ptr_array_unref (self->items);
  g_free (self->text);

  G_OBJECT_CLASS (cvm_images_page_parent_class)->finalize (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/cvmtester/CvmTester/ui/cvm-images-page.ui");
  gtk_widget_class_bind_template_child (widget_class, CvmImagesPage, stack);
  gtk_widget_class_bind_template_child (widget_class, CvmImagesPage, groups);
  gtk_widget_class_bind_template_child (widget_class, CvmImagesPage, type);
  gtk_widget_class_bind_template_child (widget_class, CvmImagesPage, arch);
  gtk_widget_class_bind_template_child (widget_class, CvmImagesPage, newest);
  gtk_widget_class_bind_template_child (widget_class, CvmImagesPage, room);
  gtk_widget_class_bind_template_child (widget_class, CvmImagesPage, room_text);
  gtk_widget_class_bind_template_child (widget_class, CvmImagesPage, room_bar);
  gtk_widget_class_bind_template_child (widget_class, CvmImagesPage, room_button);
  gtk_widget_class_bind_template_callback (widget_class, on_wish_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_import);
  gtk_widget_class_bind_template_callback (widget_class, on_make_room);
  gtk_widget_class_bind_template_callback (widget_class, on_catalogue_added);
}

static void
cvm_images_page_class_init (CvmImagesPageClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = cvm_images_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = cvm_images_page_finalize;

  g_type_ensure (CVM_TYPE_CATALOGUE_ADDER);
  bind_template (GTK_WIDGET_CLASS (klass));
}

static void
cvm_images_page_init (CvmImagesPage *self)
{
  static const char *const offsets[] = { GTK_LEVEL_BAR_OFFSET_LOW, GTK_LEVEL_BAR_OFFSET_HIGH,
                                         GTK_LEVEL_BAR_OFFSET_FULL };

  self->cancellable = g_cancellable_new ();
  self->items = g_ptr_array_new_with_free_func (g_object_unref);
  self->catalogues = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->worker = cvm_image_worker_get_default ();

  gtk_widget_init_template (GTK_WIDGET (self));
  for (guint i = 0; i < G_N_ELEMENTS (offsets); i++)   /* which have colours, and no meaning here */
    gtk_level_bar_remove_offset_value (self->room_bar, offsets[i]);
  self->here = add_group (self, _("Here"), FALSE);
  fill_choices (self);
  g_signal_connect_object (self->worker, "changed", G_CALLBACK (load), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->worker, "importing", G_CALLBACK (on_importing), self,
                           G_CONNECT_SWAPPED);
}

GtkWidget *
cvm_images_page_new (const CvmBackend *backend)
{
  CvmImagesPage *self = g_object_new (CVM_TYPE_IMAGES_PAGE, NULL);

  self->backend = backend;

  return GTK_WIDGET (self);
}
