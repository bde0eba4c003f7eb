/* cvm-cli-images-prepare.c: images prepare
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <glib/gi18n.h>

#include "cvm-cli-images.h"
#include "cvm-cli-worker.h"
#include "cvm-file.h"
#include "cvm-image-store.h"
#include "cvm-image.h"
#include "cvm-prepare.h"
#include "cvm-wait.h"

#define MAX_KEY       (16 * 1024)
#define MAX_USER_DATA (64 * 1024)   /* more than it may have: cvm-seed says how much */

typedef struct
{
  char        *hypervisor;
  char        *user;
  char        *key;         /* as given: the private key, or the public one */
  char        *host_name;
  char        *user_data;   /* a file */
  char        *output;

  CvmImage    *image;
  CvmPrepare   prepare;
  CvmPrepared *prepared;
} Preparing;

static void
preparing_clear (Preparing *self)
{
  g_free (self->hypervisor);
  g_free (self->user);
  g_free (self->key);
  g_free (self->host_name);
  g_free (self->user_data);
  g_free (self->output);
  g_clear_pointer (&self->image, cvm_image_unref);
  g_clear_pointer (&self->prepared, cvm_prepared_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Preparing, preparing_clear)

static void
set_string (char       **text,
            const char  *value)
{
  char *copy = g_strdup (value);

  g_free (*text);
  *text = copy;
}

/* The text of the public key: that of KEY.pub, unless KEY is it */
static char *
read_public_key (const char  *key,
                 GError     **error)
{
  g_autofree char *path = g_str_has_suffix (key, ".pub") ? g_strdup (key)
                                                         : g_strconcat (key, ".pub", NULL);
  gsize len;

  return cvm_file_read (path, MAX_KEY, &len, error);
}

/* The path of the private key, or NULL where it is not here */
static char *
private_key (const char *key)
{
  g_autofree char *path = g_canonicalize_filename (key, NULL);

  if (g_str_has_suffix (path, ".pub"))
    path[strlen (path) - strlen (".pub")] = '\0';

  return g_file_test (path, G_FILE_TEST_IS_REGULAR) ? g_steal_pointer (&path) : NULL;
}

/* Where NAME.image goes; the folder may be the image's own, which must not be overwritten */
static char *
new_image_path (const CvmPrepare  *prepare,
                GError           **error)
{
  g_autofree char *file = g_strconcat (prepare->name, ".image", NULL);
  g_autofree char *path = g_build_filename (prepare->dir, file, NULL);

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return g_canonicalize_filename (path, NULL);

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS,
               _("%s is there already: remove it, or have it made in another folder"), path);

  return NULL;
}

/* NAME.image in the folder: what `run` takes. QEMU's guests get an overlay of their own in each
 * run, so there it names the image's own disk. */
static gboolean
save_image (Preparing   *self,
            const char  *path,
            GError     **error)
{
  CvmImage *image = self->image;
  g_autofree char *key = self->key != NULL ? private_key (self->key) : NULL;

  set_string (&image->path, path);
  if (!g_str_equal (self->prepared->format, "qcow2"))
    {
      set_string (&image->disk, self->prepared->disk);
      set_string (&image->format, self->prepared->format);
      set_string (&image->disk_sha256, NULL);
    }

  if (self->prepared->seed != NULL)
    {
      set_string (&image->seed, self->prepared->seed);
      set_string (&image->user, self->prepare.seed->user);
      if (key != NULL)
        set_string (&image->key, key);
    }

  if (self->prepared->context != NULL)
    set_string (&image->context, self->prepared->context);

  return cvm_image_save (image, error);
}

static gboolean
prepare_in_worker (gpointer       data,
                   GCancellable  *cancellable,
                   GError       **error)
{
  Preparing *self = data;
  g_autofree char *path = new_image_path (&self->prepare, error);

  if (path != NULL)
    self->prepared = cvm_prepare_run (&self->prepare, CVM_DEADLINE_NEVER, cancellable, error);

  return self->prepared != NULL && save_image (self, path, error);
}

static void
print_prepared (const Preparing *self,
                gboolean         is_json)
{
  g_autoptr(JsonArray) list = json_array_new ();
  JsonObject *object = cvm_cli_list_add (list);

  json_object_set_string_member (object, "name", self->prepare.name);
  json_object_set_string_member (object, "hypervisor", self->prepare.hypervisor);
  json_object_set_string_member (object, "image", self->image->path);
  json_object_set_string_member (object, "disk", self->prepared->disk);
  json_object_set_string_member (object, "format", self->prepared->format);
  json_object_set_string_member (object, "seed", self->prepared->seed);
  json_object_set_string_member (object, "context", self->prepared->context);
  cvm_cli_list_print (list, is_json, NULL);
}

/* A seed is made where a user or a key is given; what is missing of the two is the image's */
static gboolean
read_seed (Preparing  *self,
           CvmSeed    *seed,
           char      **keys,
           GError    **error)
{
  if (self->user == NULL && self->key == NULL && self->host_name == NULL)
    return TRUE;

  if (self->key == NULL)
    self->key = g_strdup (self->image->key);

  if (self->key == NULL)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                           _("no key to log in with is given, and the image has none: give "
                             "--key=FILE"));
      return FALSE;
    }

  *keys = read_public_key (self->key, error);
  *seed = (CvmSeed) { self->user != NULL ? self->user : self->image->user, *keys,
                      self->host_name != NULL ? self->host_name : "cvmtester" };
  self->prepare.seed = seed;

  return *keys != NULL;
}

static gboolean
read_image (Preparing   *self,
            const char  *name,
            GError     **error)
{
  self->image = cvm_image_find (name, error);
  if (self->image == NULL)
    return FALSE;

  self->prepare.disk = self->image->disk;
  self->prepare.format = self->image->format;
  if (self->image->disk != NULL)
    return TRUE;

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
               _("%s has no disk: it boots from its kernel alone, and needs nothing to be "
                 "prepared"), name);

  return FALSE;
}

static int
run_prepare (Preparing  *self,
             const char *name,
             gboolean    is_json)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *keys = NULL;
  g_autofree char *file_name = NULL;
  g_autofree char *user_data = NULL;
  CvmSeed seed;

  if (!read_image (self, name, &error) || !read_seed (self, &seed, &keys, &error))
    return cvm_cli_images_fail (error);

  if (self->user_data != NULL)
    {
      user_data = cvm_file_read (self->user_data, MAX_USER_DATA, &self->prepare.user_data_len,
                                 &error);
      if (user_data == NULL)
        return cvm_cli_images_fail (error);
    }

  file_name = cvm_image_store_make_name (self->image->name);
  self->prepare.name = file_name;
  self->prepare.user_data = user_data;
  if (!cvm_cli_work (prepare_in_worker, self, &error))
    return cvm_cli_images_fail (error);

  print_prepared (self, is_json);

  return CVM_STATUS_PASSED;
}

int
cvm_cli_images_prepare (int    argc,
                        char **argv)
{
  g_auto(Preparing) self = { NULL };
  gboolean is_json = FALSE;
  const GOptionEntry entries[] = {
    { "for", 0, 0, G_OPTION_ARG_STRING, &self.hypervisor,
      N_("Hypervisor: kvm, qemu, hvf, vbox, vmware or xen (default: qemu)"), N_("TYPE") },
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &self.output,
      N_("Folder to make the files in (default: this one)"),
      N_("DIR") },
    { "user", 0, 0, G_OPTION_ARG_STRING, &self.user,
      N_("Seed for cloud-init: user to make (default: the image's)"),
      N_("NAME") },
    { "key", 0, 0, G_OPTION_ARG_FILENAME, &self.key,
      N_("Seed for cloud-init: key of that user; its FILE.pub goes to the guest"), N_("FILE") },
    { "host-name", 0, 0, G_OPTION_ARG_STRING, &self.host_name,
      N_("Seed for cloud-init: host name (default: cvmtester)"), N_("NAME") },
    { "user-data", 0, 0, G_OPTION_ARG_FILENAME, &self.user_data,
      N_("CernVM's contextualisation: its user-data"),
      N_("FILE") },
    { "json", 0, 0, G_OPTION_ARG_NONE, &is_json, N_("Print an array of one object"), NULL },
    { NULL }
  };
  CvmCliSyntax syntax = { CVM_CLI_IMAGES " prepare", "IMAGE",
                          _("Makes what a hypervisor boots from an image, which stays as it is: a "
                            "disk in its "
                            "format, CDs for the first boot, and an .image file that names them."),
                          NULL, entries, 1, 1 };

  if (!cvm_cli_parse (&syntax, &argc, &argv))
    return CVM_STATUS_USAGE;

  self.prepare.hypervisor = self.hypervisor != NULL ? self.hypervisor : "qemu";
  self.prepare.dir = self.output != NULL ? self.output : ".";

  return run_prepare (&self, argv[1], is_json);
}
