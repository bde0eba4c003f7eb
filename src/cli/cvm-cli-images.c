/* cvm-cli-images.c: the verb images
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <glib/gi18n.h>

#include "cvm-cli-images.h"
#include "cvm-cli-verbs.h"
#include "cvm-image.h"
#include "cvm-image-shelf.h"
#include "cvm-paths.h"
#include "cvm-settings.h"

#define PATH   CVM_CLI_IMAGES
#define SUFFIX ".image"

void
cvm_cli_images_fill (JsonObject     *object,
                     const CvmImage *image)
{
  json_object_set_string_member (object, "name", image->name);
  json_object_set_string_member (object, "description", image->description);
  json_object_set_string_member (object, "path", image->path);
  json_object_set_string_member (object, "disk", image->disk);
  json_object_set_string_member (object, "format", image->format);
  json_object_set_string_member (object, "kernel", image->kernel);
  json_object_set_string_member (object, "initrd", image->initrd);
  json_object_set_string_member (object, "cmdline", image->cmdline);
  json_object_set_string_member (object, "arch", image->arch);
  json_object_set_int_member (object, "memory_mib", image->memory_mib);
  json_object_set_int_member (object, "cpus", image->cpus);
  json_object_set_string_member (object, "user", image->user);
  json_object_set_string_member (object, "seed", image->seed);
  json_object_set_string_member (object, "context", image->context);
  json_object_set_string_member (object, "ready", image->ready);
  json_object_set_string_member (object, "mask", image->mask);
  json_object_set_string_member (object, "error", NULL);
}

int
cvm_cli_images_fail (const GError *error)
{
  static const int users[] = { G_IO_ERROR_NOT_FOUND, G_IO_ERROR_EXISTS, G_IO_ERROR_INVALID_DATA,
                               G_IO_ERROR_INVALID_ARGUMENT, G_IO_ERROR_NOT_SUPPORTED,
                               G_IO_ERROR_INVALID_FILENAME, G_IO_ERROR_MESSAGE_TOO_LARGE };
  int status = cvm_cli_fail (error);

  for (gsize i = 0; i < G_N_ELEMENTS (users); i++)
    if (g_error_matches (error, G_IO_ERROR, users[i]))
      return CVM_STATUS_USAGE;

  return status;
}

static void
add_image (JsonArray  *list,
           const char *dir,
           const char *file)
{
  g_autofree char *path = g_build_filename (dir, file, NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(CvmImage) image = cvm_image_load (path, &error);
  JsonObject *object = cvm_cli_list_add (list);
  g_autofree char *name = g_strndup (file, strlen (file) - strlen (SUFFIX));

  if (image != NULL)
    {
      cvm_cli_images_fill (object, image);
      return;
    }

  json_object_set_string_member (object, "name", name);
  json_object_set_string_member (object, "path", path);
  json_object_set_string_member (object, "error", error->message);
}

/* The first folder that has a name is the one where it is found */
static void
add_images (JsonArray *list)
{
  g_auto(GStrv) dirs = cvm_paths_dirs ("images");
  g_autoptr(GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (gsize i = 0; dirs[i] != NULL; i++)
    {
      g_autoptr(GDir) dir = g_dir_open (dirs[i], 0, NULL);
      const char *file;

      while (dir != NULL && (file = g_dir_read_name (dir)) != NULL)
        if (g_str_has_suffix (file, SUFFIX) && g_hash_table_add (seen, g_strdup (file)))
          add_image (list, dirs[i], file);
    }
}

void
cvm_cli_images_warn (void)
{
  g_autoptr(CvmSettings) settings = cvm_settings_load (NULL);
  g_autoptr(CvmShelf) shelf = NULL;
  g_autofree char *taken = NULL;
  g_autofree char *budget = NULL;

  if (settings == NULL || settings->images_budget == 0)
    return;

  shelf = cvm_shelf_read (NULL, NULL);
  if (shelf == NULL || (guint64)MAX (shelf->bytes, 0) <= settings->images_budget)
    return;

  taken = g_format_size_full ((guint64)shelf->bytes, G_FORMAT_SIZE_IEC_UNITS);
  budget = g_format_size_full (settings->images_budget, G_FORMAT_SIZE_IEC_UNITS);
  cvm_cli_message (_("the images take %s, more than their budget of %s in settings.ini; “%s rm” "
                     "removes one"), taken, budget, PATH);
}

static int
list_here (gboolean is_json)
{
  static const char *const columns[] = { "name", "description", "path", "error", NULL };
  g_autoptr(JsonArray) list = json_array_new ();

  add_images (list);
  cvm_cli_list_print (list, is_json, columns);
  cvm_cli_images_warn ();

  return CVM_STATUS_PASSED;
}

static int
list_run (int    argc,
          char **argv)
{
  g_auto(CvmCliCatalogueOptions) options = { NULL };
  g_autofree char *name = NULL;
  gboolean is_available = FALSE, is_newest = FALSE, is_json = FALSE;
  const GOptionEntry entries[] = {
    { "available", 0, 0, G_OPTION_ARG_NONE, &is_available,
      N_("List what the catalogues of the settings have"), NULL },
    CVM_CLI_CATALOGUE_ENTRIES (options),
    { "name", 0, 0, G_OPTION_ARG_STRING, &name,
      N_("Only names that have this in them"), N_("NAME") },
    { "newest", 0, 0, G_OPTION_ARG_NONE, &is_newest, N_("Only the newest of these"), NULL },
    { "json", 0, 0, G_OPTION_ARG_NONE, &is_json, N_("Print an array of objects"), NULL },
    { NULL }
  };
  CvmCliSyntax syntax = { PATH " list", NULL,
                          _("Lists the images that can be booted by name; with --catalogue or "
                            "--available those that can be fetched, the newest first."),
                          NULL, entries, 0, 0 };
  gboolean is_filtered;

  if (!cvm_cli_parse (&syntax, &argc, &argv))
    return CVM_STATUS_USAGE;

  if (is_available || options.catalogues != NULL)
    return cvm_cli_catalogues_list (&options, name, is_newest, is_json);

  is_filtered = is_newest || name != NULL || options.version != NULL || options.type != NULL ||
                options.arch != NULL || options.hypervisor != NULL || options.release != NULL;

  return is_filtered ? cvm_cli_usage (syntax.path, _("what is listed of a catalogue needs "
                                                     "--catalogue or --available"))
                     : list_here (is_json);
}

static int
show_run (int    argc,
          char **argv)
{
  g_autoptr(JsonArray) list = json_array_new ();
  g_autoptr(CvmImage) image = NULL;
  g_autoptr(GError) error = NULL;
  gboolean is_json = FALSE;
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &is_json, N_("Print an array of one object"), NULL },
    { NULL }
  };
  CvmCliSyntax syntax = { PATH " show", "IMAGE", _("Shows what a guest boots from an image."), NULL,
                          entries, 1, 1 };

  if (!cvm_cli_parse (&syntax, &argc, &argv))
    return CVM_STATUS_USAGE;

  image = cvm_image_find (argv[1], &error);
  if (image == NULL)
    {
      cvm_cli_fail (error);
      return CVM_STATUS_USAGE;
    }

  cvm_cli_images_fill (cvm_cli_list_add (list), image);
  cvm_cli_list_print (list, is_json, NULL);

  return CVM_STATUS_PASSED;
}

int
cvm_cli_images (int    argc,
                char **argv)
{
  static const CvmCliVerb verbs[] = {
    { "list", N_("List the images that are here, or can be fetched"), list_run },
    { "show", N_("Show an image"), show_run },
    { "fetch", N_("Fetch images from a catalogue, a URL or a path"), cvm_cli_images_fetch },
    { "import", N_("Take an image from a file or folder of this machine"), cvm_cli_images_import },
    { "prepare", N_("Make the files that a hypervisor boots from an image"),
      cvm_cli_images_prepare },
    { "verify", N_("Read the images again, and say what has changed"), cvm_cli_images_verify },
    { "rm", N_("Remove images"), cvm_cli_images_rm },
    { NULL }
  };

  return cvm_cli_dispatch (verbs, PATH, _("Images: what guests boot from."), argc, argv);
}
