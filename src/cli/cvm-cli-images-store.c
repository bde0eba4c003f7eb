/* cvm-cli-images-store.c: images verify and images rm
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <glib/gi18n.h>

#include "cvm-cli-images.h"
#include "cvm-cli-worker.h"
#include "cvm-image-store.h"

/* images verify -------------------------------------------------------------------------------- */

typedef struct
{
  char      **names;      /* none: all */
  GPtrArray  *changes;
  guint       n_files;
} Verifying;

static gboolean
verify_one (CvmImageStore  *store,
            const char     *name,
            Verifying      *verifying,
            GCancellable   *cancellable,
            GError        **error)
{
  guint n_files;
  g_autoptr(GPtrArray) changes = cvm_image_store_verify (store, name, &n_files, cancellable, error);

  if (changes == NULL)
    {
      if (name != NULL)
        g_prefix_error (error, "%s: ", name);
      return FALSE;
    }

  verifying->n_files += n_files;
  g_ptr_array_extend_and_steal (verifying->changes, g_steal_pointer (&changes));

  return TRUE;
}

static gboolean
verify_in_worker (gpointer       data,
                  GCancellable  *cancellable,
                  GError       **error)
{
  Verifying *verifying = data;
  g_autoptr(CvmImageStore) store = cvm_image_store_open (NULL, error);

  if (store == NULL)
    return FALSE;

  if (verifying->names[0] == NULL)
    return verify_one (store, NULL, verifying, cancellable, error);

  for (gsize i = 0; verifying->names[i] != NULL; i++)
    {
      if (!verify_one (store, verifying->names[i], verifying, cancellable, error))
        return FALSE;
    }

  return TRUE;
}

static const char *
change_name (CvmImageChangeKind kind)
{
  static const char *const names[] = {
    [CVM_IMAGE_CHANGE_MISSING] = "missing",
    [CVM_IMAGE_CHANGE_EXTRA] = "extra",
    [CVM_IMAGE_CHANGE_SIZE] = "size",
    [CVM_IMAGE_CHANGE_SUM] = "sum",
    [CVM_IMAGE_CHANGE_UNREADABLE] = "unreadable",
  };

  return names[kind];
}

static void
fill_change (JsonObject           *object,
             const CvmImageChange *change)
{
  json_object_set_string_member (object, "image", change->image);
  json_object_set_string_member (object, "change", change_name (change->kind));
  json_object_set_string_member (object, "path", change->path);
  json_object_set_string_member (object, "expected", change->expected);
  json_object_set_string_member (object, "found", change->found);
}

/* What nobody has put down is told, and harms no image. */
static gboolean
is_harm (const CvmImageChange *change)
{
  return change->kind != CVM_IMAGE_CHANGE_EXTRA;
}

static int
report_changes (const Verifying *verifying,
                gboolean         is_json)
{
  static const char *const columns[] = { "change", "image", "path", "expected", "found", NULL };
  g_autoptr(JsonArray) list = json_array_new ();
  guint n_harmed = 0;

  for (guint i = 0; i < verifying->changes->len; i++)
    {
      fill_change (cvm_cli_list_add (list), verifying->changes->pdata[i]);
      n_harmed += is_harm (verifying->changes->pdata[i]);
    }

  cvm_cli_list_print (list, is_json, columns);
  cvm_cli_message (g_dngettext (GETTEXT_PACKAGE, "%u file was read", "%u files were read",
                                verifying->n_files),
                   verifying->n_files);

  return n_harmed > 0 ? CVM_STATUS_FAILED : CVM_STATUS_PASSED;
}

int
cvm_cli_images_verify (int    argc,
                       char **argv)
{
  g_autoptr(GPtrArray) changes =
    g_ptr_array_new_with_free_func ((GDestroyNotify)cvm_image_change_free);
  g_autoptr(GError) error = NULL;
  gboolean is_json = FALSE;
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &is_json, N_("Print an array of objects"), NULL },
    { NULL }
  };
  CvmCliSyntax syntax = { CVM_CLI_IMAGES " verify", "[IMAGE…]",
                          _("Reads the images of the user's folder again, and says what has "
                            "changed: missing, extra, size, sum, unreadable."),
                          NULL, entries, 0, -1 };
  Verifying verifying = { NULL, changes, 0 };

  if (!cvm_cli_parse (&syntax, &argc, &argv))
    return CVM_STATUS_USAGE;

  verifying.names = argv + 1;
  if (!cvm_cli_work (verify_in_worker, &verifying, &error))
    return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND)
             ? cvm_cli_usage (syntax.path, "%s", error->message) : cvm_cli_fail (error);

  return report_changes (&verifying, is_json);
}

/* images rm ------------------------------------------------------------------------------------ */

static int
remove_one (CvmImageStore *store,
            const char    *name,
            JsonArray     *list)
{
  g_autoptr(GError) error = NULL;
  gint64 freed_bytes = 0;
  gboolean is_removed = cvm_image_store_remove (store, name, &freed_bytes, &error);
  JsonObject *object = cvm_cli_list_add (list);

  json_object_set_string_member (object, "name", name);
  json_object_set_boolean_member (object, "removed", is_removed);
  json_object_set_int_member (object, "freed_bytes", freed_bytes);
  json_object_set_string_member (object, "error", error != NULL ? error->message : NULL);
  if (is_removed)
    return CVM_STATUS_PASSED;

  cvm_cli_message ("%s: %s", name, error != NULL ? error->message : _("it is still there"));

  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND) ? CVM_STATUS_USAGE
                                                                   : CVM_STATUS_ENVIRONMENT;
}

int
cvm_cli_images_rm (int    argc,
                   char **argv)
{
  g_autoptr(JsonArray) list = json_array_new ();
  g_autoptr(CvmImageStore) store = NULL;
  g_autoptr(GError) error = NULL;
  gboolean is_json = FALSE;
  int status = CVM_STATUS_PASSED;
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &is_json, N_("Print an array of objects"), NULL },
    { NULL }
  };
  CvmCliSyntax syntax = { CVM_CLI_IMAGES " rm", "IMAGE…",
                          _("Removes images of the user's folder, and their disks where no other "
                            "image of it needs them."),
                          NULL, entries, 1, -1 };

  if (!cvm_cli_parse (&syntax, &argc, &argv))
    return CVM_STATUS_USAGE;

  store = cvm_image_store_open (NULL, &error);
  if (store == NULL)
    return cvm_cli_fail (error);

  for (int i = 1; i < argc; i++)
    {
      int one = remove_one (store, argv[i], list);

      status = MAX (status, one);
    }
  if (is_json)
    cvm_cli_list_print_json (list);

  return status;
}
