/* cvm-check-host.c: what this machine and its hypervisors can do
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What fails says in its detail "mend" how to mend it on this system, and in "command" what can be
 * run for it as it is. */
#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "cvm-check-families.h"
#include "cvm-check-mend.h"
#include "cvm-paths.h"
#include "cvm-process.h"

#define MIB         ((guint64)1024 * 1024)
#define VERSION_MAX 200   /* bytes of a program's answer to --version that are shown */

static const CvmParam no_params[] = {
  { NULL }
};

static const CvmParam guests_params[] = {
  { "hypervisor", CVM_PARAM_STRING, "qemu", N_("Type of guest that the host must offer") },
  { NULL }
};

static const CvmParam space_params[] = {
  { "folder", CVM_PARAM_FILE, "", N_("Where; empty: the folder of the runs") },
  { "least", CVM_PARAM_INTEGER, "1024", N_("MiB that must be free"), 1, G_MAXINT32 },
  { NULL }
};

static const CvmParam memory_params[] = {
  { "least", CVM_PARAM_INTEGER, "512", N_("MiB that must be free"), 1, G_MAXINT32 },
  { NULL }
};

static const CvmParam image_params[] = {
  { "image", CVM_PARAM_STRING, "demo", N_("Name of an image, or the path of its file") },
  { NULL }
};

/* libvirt ----------------------------------------------------------------------------------- */

static void
tell_install (CvmContext *context,
              CvmMend     what)
{
  g_autofree char *system = cvm_check_mend_system ();
  g_autofree char *mend = cvm_check_mend_for (what, system);
  g_autofree char *command = cvm_check_mend_command (what, system);

  cvm_context_detail (context, "mend", "%s", mend);
  if (command != NULL)
    cvm_context_detail (context, "command", "%s", command);
}

static CvmOutcome
answers_run (CvmContext *context)
{
  CvmHost *host = cvm_context_host (context);
  const CvmHostFacts *facts;

  if (host == NULL)
    {
      tell_install (context, CVM_MEND_LIBVIRT);
      return cvm_context_fail (context);
    }

  facts = cvm_host_get_facts (host);
  cvm_context_detail (context, "uri", "%s", facts->uri);
  cvm_context_detail (context, "driver", "%s", facts->driver);
  cvm_context_detail (context, "libvirt", "%s", facts->libvirt_version);

  return CVM_OUTCOME_PASS;
}

static CvmOutcome
guests_run (CvmContext *context)
{
  const char *wanted = cvm_context_string (context, "hypervisor");
  CvmHost *host = cvm_context_host (context);
  g_autofree char *offered = NULL;
  const CvmHostFacts *facts;

  if (host == NULL)
    return cvm_context_fail (context);

  facts = cvm_host_get_facts (host);
  offered = g_strjoinv (", ", facts->hypervisors);
  cvm_context_detail (context, "offered", "%s", offered);
  if (g_strv_contains ((const char *const *)facts->hypervisors, wanted))
    return CVM_OUTCOME_PASS;

  tell_install (context, CVM_MEND_QEMU);
  return cvm_context_fail_with (context, "the host offers no guests of type %s (it has: %s)",
                                wanted, *offered != '\0' ? offered : "none");
}

/* This machine ------------------------------------------------------------------------------- */

typedef struct
{
  char  text[VERSION_MAX];
  gsize len;
} Version;

static void
on_version (const char *bytes,
            gsize       len,
            gpointer    data)
{
  Version *version = data;
  gsize n = MIN (len, sizeof version->text - 1 - version->len);

  memcpy (version->text + version->len, bytes, n);
  version->len += n;
}

static CvmOutcome
qemu_img_run (CvmContext *context)
{
  static const char *const argv[] = { "qemu-img", "--version", NULL };
  Version version = { 0 };
  CvmProcess process = { .argv = argv, .on_stdout = on_version, .data = &version };
  g_autofree char *path = g_find_program_in_path (argv[0]);
  int status;

  if (path == NULL)
    {
      tell_install (context, CVM_MEND_QEMU_IMG);
      return cvm_context_fail_with (context,
                                    "qemu-img was not found: without it no guest gets a disk");
    }

  if (!cvm_process_run (&process, cvm_context_get_deadline (context),
                        cvm_context_get_cancellable (context), &status,
                        cvm_context_error (context)))
    return cvm_context_fail (context);

  if (status != 0)
    {
      tell_install (context, CVM_MEND_QEMU_IMG);
      return cvm_context_fail_with (context, "qemu-img does not work: it ends with status %d", status);
    }

  version.text[strcspn (version.text, "\n")] = '\0';
  cvm_context_detail (context, "version", "%s", version.text);
  return CVM_OUTCOME_PASS;
}

/* Without KVM guests are emulated: slower, and no failure */
static CvmOutcome
kvm_run (CvmContext *context)
{
#ifdef __APPLE__
  return cvm_context_skip_with (context, "macOS has its own (hvf)");
#else
  int fd = g_open ("/dev/kvm", O_RDWR | O_CLOEXEC, 0);
  const char *why = g_strerror (errno);

  if (fd >= 0)
    {
      close (fd);
      cvm_context_detail (context, "note", "only a boot shows whether a guest really runs with it");
      return CVM_OUTCOME_PASS;
    }

  if (errno == EACCES)
    {
      const char *name = g_get_user_name ();
      gboolean is_plain = name[strspn (name, G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS "_-.")] == '\0';
      g_autofree char *user = is_plain ? g_strdup (name) : g_shell_quote (name);

      cvm_context_detail (context, "mend", "sudo usermod -aG kvm %s, then log in again", user);
      cvm_context_detail (context, "command", "sudo usermod -aG kvm %s", user);
    }
  else
    cvm_context_detail (context, "mend", "turn virtualisation on in this machine's firmware, or, "
                                         "where it is a guest itself, nested virtualisation on its "
                                         "host");

  return cvm_context_skip_with (context, "/dev/kvm: %s; guests are emulated, which is slower", why);
#endif
}

/* The folder may not be there yet; its space is that of the nearest one above that is */
static char *
existing_folder (const char *path)
{
  g_autofree char *folder = g_canonicalize_filename (path, NULL);

  while (!g_file_test (folder, G_FILE_TEST_IS_DIR) && !g_str_equal (folder, "/"))
    {
      char *above = g_path_get_dirname (folder);

      g_free (folder);
      folder = above;
    }

  return g_steal_pointer (&folder);
}

static CvmOutcome
space_run (CvmContext *context)
{
  gint64 least = cvm_context_integer (context, "least");
  g_autofree char *path = *cvm_context_string (context, "folder") != '\0'
                            ? cvm_context_file (context, "folder")
                            : cvm_paths_runs ();
  g_autofree char *folder = existing_folder (path);
  g_autofree char *text = NULL, *wanted = NULL;
  struct statvfs info;
  guint64 bytes;

  if (statvfs (folder, &info) != 0)
    return cvm_context_fail_with (context, "%s: %s", folder, g_strerror (errno));

  bytes = (guint64)info.f_bavail * info.f_frsize;
  text = g_format_size_full (bytes, G_FORMAT_SIZE_IEC_UNITS);
  wanted = g_format_size_full ((guint64)least * MIB, G_FORMAT_SIZE_IEC_UNITS);
  cvm_context_detail (context, "folder", "%s", path);
  cvm_context_detail (context, "free", "%s", text);
  if (access (folder, W_OK) != 0)
    {
      cvm_context_detail (context, "mend", "set XDG_DATA_HOME to a folder that can be written");
      return cvm_context_fail_with (context, "%s cannot be written: %s", folder,
                                    g_strerror (errno));
    }

  if (bytes / MIB >= (guint64)least)
    return CVM_OUTCOME_PASS;

  cvm_context_detail (context, "mend", "remove old runs from %s", path);
  return cvm_context_fail_with (context, "only %s are free in %s; wanted: %s", text, folder, wanted);
}

/* MiB that a guest could get; -1 where this system does not say */
static gint64
available_memory (void)
{
  g_autofree char *text = NULL;
  const char *line;

  if (!g_file_get_contents ("/proc/meminfo", &text, NULL, NULL))
    return -1;

  line = strstr (text, "MemAvailable:");
  return line != NULL ? g_ascii_strtoll (line + strlen ("MemAvailable:"), NULL, 10) / 1024 : -1;
}

static CvmOutcome
memory_run (CvmContext *context)
{
  gint64 least = cvm_context_integer (context, "least");
  gint64 available = available_memory ();
  g_autofree char *text = NULL, *wanted = NULL;

  if (available < 0)
    return cvm_context_skip_with (context, "this system does not tell how much memory is free");

  text = g_format_size_full ((guint64)available * MIB, G_FORMAT_SIZE_IEC_UNITS);
  wanted = g_format_size_full ((guint64)least * MIB, G_FORMAT_SIZE_IEC_UNITS);
  cvm_context_detail (context, "free", "%s", text);
  if (available >= least)
    return CVM_OUTCOME_PASS;

  cvm_context_detail (context, "mend", "end other guests, or programs that use much memory");
  return cvm_context_fail_with (context, "only %s of memory are free; wanted: %s", text, wanted);
}

/* The first of the image's files that cannot be read, or NULL */
static const char *
unreadable_file (const CvmImage *image)
{
  const char *files[] = { image->disk, image->kernel, image->initrd, image->key };

  for (gsize i = 0; i < G_N_ELEMENTS (files); i++)
    if (files[i] != NULL && access (files[i], R_OK) != 0)
      return files[i];

  return NULL;
}

/* ERROR (taken) is of a command line that names an image, and tells all of one that is a path; of a
 * name that is only missing this tells more */
static CvmOutcome
tell_no_image (CvmContext *context,
               const char *name,
               GError     *error)
{
  g_autoptr(GError) taken = error;
  g_autofree char *file = g_strconcat (name, ".image", NULL);
  g_autofree char *path = cvm_paths_find ("images", file);
  g_auto(GStrv) folders = cvm_paths_dirs ("images");
  g_autofree char *places = g_strjoinv (", ", folders);

  if (path != NULL || strchr (name, '/') != NULL || g_str_has_suffix (name, ".image"))
    {
      g_propagate_error (cvm_context_error (context), g_steal_pointer (&taken));
      return cvm_context_fail (context);
    }

  cvm_context_detail (context, "mend", "put %s into the images folder; in the source tree, "
                                       "build-aux/run makes the demo image", file);
  return cvm_context_fail_with (context, "No %s image was found in %s", name, places);
}

static CvmOutcome
image_run (CvmContext *context)
{
  const char *name = cvm_context_string (context, "image");
  g_autoptr(GError) error = NULL;
  g_autoptr(CvmImage) image = cvm_image_find (name, &error);
  const char *missing;

  if (image == NULL)
    return tell_no_image (context, name, g_steal_pointer (&error));

  cvm_context_detail (context, "file", "%s", image->path);
  missing = unreadable_file (image);
  if (missing == NULL)
    return CVM_OUTCOME_PASS;

  cvm_context_detail (context, "mend", "make the image again, or correct its file");
  return cvm_context_fail_with (context, "%s names %s, which cannot be read: %s", image->path,
                                missing, g_strerror (errno));
}

const CvmCheck cvm_check_host[] = {
  {
    { "host.answers", N_("libvirt"),
      N_("Connects to the host and asks what it is."), no_params, 20 * 1000 },
    answers_run
  },
  {
    { "host.guests", N_("Hypervisor"),
      N_("Passes when the host offers guests of the type, as QEMU's emulation is one."),
      guests_params, 20 * 1000 },
    guests_run
  },
  {
    { "host.qemu-img", N_("qemu-img"),
      N_("Runs qemu-img, which makes the overlay that keeps an image from being written."),
      no_params, 20 * 1000 },
    qemu_img_run
  },
  {
    { "host.kvm", N_("Hardware virtualisation"),
      N_("Opens /dev/kvm. Without it guests are emulated, which works everywhere and is slower: "
         "then this is skipped with the reason."),
      no_params, 20 * 1000 },
    kvm_run
  },
  {
    { "host.space", N_("Disk space"),
      N_("Looks at the free space where the runs are kept, and whether it can be written."),
      space_params, 20 * 1000 },
    space_run
  },
  {
    { "host.memory", N_("Memory"),
      N_("Looks at the memory that this machine has available."), memory_params, 20 * 1000 },
    memory_run
  },
  {
    { "host.image", N_("Image"),
      N_("Finds an image by its name and looks whether its files can be read."), image_params,
      20 * 1000 },
    image_run
  },
  { { NULL } }
};
