/* cvm-import-rules.c: what becomes of each CVM_* setting
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-import-private.h"

#include <string.h>

#include "cvm-file.h"
#include "cvm-template.h"
#include "cvm-text.h"

#define RECEIVER_PORT  7357
#define PASSWORD_LEAST 6      /* characters; the appliance takes no shorter one */

/* Tests that one setting is for */
#define DOMAIN(key) \
  { "precondition-2." key, "precondition-3." key, "precondition-4." key, "precondition-5." key }
#define ADMIN(key) \
  "precondition-20." key, "precondition-22." key, "case-4." key, "case-6." key, "case-10." key, \
  "case-13." key

typedef struct _Rule Rule;

typedef gboolean (*Apply)   (CvmImport            *self,
                             const Rule           *rule,
                             const CvmCfgSetting  *setting,
                             GError              **error);
typedef char    *(*Convert) (const char *value);   /* NULL: it is none of the allowed */

struct _Rule
{
  const char *name;
  Apply       apply;
  const char *targets[8];
  Convert     convert;       /* or NULL: as it is */
  const char *text;          /* what is allowed; of a setting that is ignored: why */
};

/* Values ----------------------------------------------------------------------------------- */

static char *
kib_to_mib (const char *value)
{
  guint64 kib;

  if (!g_ascii_string_to_unsigned (value, 10, 1, G_MAXUINT32, &kib, NULL) || kib % 1024 != 0)
    return NULL;

  return g_strdup_printf ("%" G_GUINT64_FORMAT, kib / 1024);
}

static char *
switch_to_boolean (const char *value)
{
  if (g_str_equal (value, "on"))
    return g_strdup ("true");

  return g_str_equal (value, "off") ? g_strdup ("false") : NULL;
}

static char *
libvirt_arch (const char *value)
{
  if (g_str_equal (value, "x86"))
    return g_strdup ("i686");

  return g_str_equal (value, "x86_64") ? g_strdup (value) : NULL;
}

static char *
basic_or_desktop (const char *value)
{
  return g_str_equal (value, "basic") || g_str_equal (value, "desktop") ? g_strdup (value) : NULL;
}

static char *
lower_case (const char *value)
{
  return g_ascii_strdown (value, -1);
}

static char *
experiment_repository (const char *value)
{
  g_autofree char *lower = g_ascii_strdown (value, -1);

  return g_strconcat (lower, ".cern.ch", NULL);
}

/* Settings --------------------------------------------------------------------------------- */

static gboolean
ignore (CvmImport            *self,
        const Rule           *rule,
        const CvmCfgSetting  *setting,
        GError              **error)
{
  cvm_import_note (self, setting, CVM_IMPORT_IGNORED, "%s", rule->text);

  return TRUE;
}

static gboolean
change (CvmImport            *self,
        const Rule           *rule,
        const CvmCfgSetting  *setting,
        GError              **error)
{
  cvm_import_note (self, setting, CVM_IMPORT_CHANGED, "%s", rule->text);

  return TRUE;
}

static void
note_targets (CvmImport            *self,
              const Rule           *rule,
              const CvmCfgSetting  *setting,
              const char           *value)
{
  g_autoptr(GString) text = g_string_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (rule->targets) && rule->targets[i] != NULL; i++)
    if (cvm_import_is_listed (self, rule->targets[i]))
      g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "", rule->targets[i]);

  if (text->len == 0)
    cvm_import_note (self, setting, CVM_IMPORT_IGNORED, "no test of the lists uses it");
  else if (value == NULL || g_str_equal (value, setting->value))
    cvm_import_note (self, setting, CVM_IMPORT_TAKEN, "%s", text->str);
  else
    cvm_import_note (self, setting, CVM_IMPORT_CHANGED, "%s = %s", text->str, value);
}

static gboolean
set (CvmImport            *self,
     const Rule           *rule,
     const CvmCfgSetting  *setting,
     GError              **error)
{
  g_autofree char *value = rule->convert != NULL ? rule->convert (setting->value)
                                                 : g_strdup (setting->value);
  g_autofree char *shown = cvm_text_quote (setting->value);

  if (value == NULL)
    return cvm_import_refuse (self, setting, error, "%s is not allowed; allowed: %s",
                              shown, rule->text);

  for (gsize i = 0; i < G_N_ELEMENTS (rule->targets) && rule->targets[i] != NULL; i++)
    if (!cvm_import_set (self, setting, rule->targets[i], value, error))
      return FALSE;

  note_targets (self, rule, setting, value);

  return TRUE;
}

/* One name for the web interface, another for cvmfs */
static gboolean
set_experiment (CvmImport            *self,
                const Rule           *rule,
                const CvmCfgSetting  *setting,
                GError              **error)
{
  g_autofree char *repository = experiment_repository (setting->value);

  if (!cvm_import_set (self, setting, rule->targets[0], setting->value, error))
    return FALSE;

  for (gsize i = 1; i < G_N_ELEMENTS (rule->targets) && rule->targets[i] != NULL; i++)
    if (!cvm_import_set (self, setting, rule->targets[i], repository, error))
      return FALSE;

  note_targets (self, rule, setting, NULL);

  return TRUE;
}

/* Goes into a file of its own, and is never shown */
static gboolean
set_password (CvmImport            *self,
              const Rule           *rule,
              const CvmCfgSetting  *setting,
              GError              **error)
{
  g_autoptr(GPtrArray) targets = g_ptr_array_new ();
  CvmImportPassword *password;

  if (g_utf8_strlen (setting->value, -1) < PASSWORD_LEAST)
    return cvm_import_refuse (self, setting, error,
                              "the password is too short; allowed: %d characters or more",
                              PASSWORD_LEAST);

  for (gsize i = 0; i < G_N_ELEMENTS (rule->targets) && rule->targets[i] != NULL; i++)
    if (cvm_import_is_listed (self, rule->targets[i]))
      g_ptr_array_add (targets, g_strdup (rule->targets[i]));
  note_targets (self, rule, setting, NULL);
  if (targets->len == 0)
    return TRUE;

  g_ptr_array_add (targets, NULL);
  password = g_new (CvmImportPassword, 1);
  *password = (CvmImportPassword) {
    g_ascii_strdown (setting->name + strlen ("CVM_"), -1), g_strdup (setting->value),
    (char **)g_ptr_array_steal (targets, NULL)
  };
  g_ptr_array_add (self->passwords, password);

  return TRUE;
}

static gboolean
set_name (CvmImport            *self,
          const Rule           *rule,
          const CvmCfgSetting  *setting,
          GError              **error)
{
  char **field = g_str_has_suffix (setting->name, "VERSION") ? &self->version : &self->name;

  *field = g_strdup (setting->value);
  cvm_import_note (self, setting, CVM_IMPORT_TAKEN, "the suite's %s",
                   field == &self->name ? "Name" : "Version");

  return TRUE;
}

static gboolean
set_receiver (CvmImport            *self,
              const Rule           *rule,
              const CvmCfgSetting  *setting,
              GError              **error)
{
  if (strchr (setting->value, ':') != NULL)
    self->receiver = g_strdup (setting->value);
  else
    self->receiver = g_strdup_printf ("%s:%d", setting->value, RECEIVER_PORT);
  cvm_import_note (self, setting, CVM_IMPORT_TAKEN, "Receiver = %s", self->receiver);

  return TRUE;
}

static gboolean
set_list (CvmImport            *self,
          const Rule           *rule,
          const CvmCfgSetting  *setting,
          GError              **error)
{
  cvm_import_note (self, setting, CVM_IMPORT_TAKEN, "%s", rule->text);

  return TRUE;
}

static gboolean
set_hypervisor (CvmImport            *self,
                const Rule           *rule,
                const CvmCfgSetting  *setting,
                GError              **error)
{
  static const struct { const char *name, *uri, *hypervisor; } known[] = {
    { "kvm", "qemu:///session", "auto" },    { "qemu", "qemu:///session", "qemu" },
    { "vbox", "vbox:///session", "vbox" },   { "vmware", "vmwarews:///session", "vmware" },
    { "xen", "xen:///system", "xen" },
  };
  g_autofree char *shown = cvm_text_quote (setting->value);

  for (gsize i = 0; i < G_N_ELEMENTS (known); i++)
    {
      if (!g_str_equal (known[i].name, setting->value))
        continue;

      self->host = g_strdup (known[i].uri);
      self->hypervisor = g_strdup (known[i].hypervisor);
      cvm_import_note (self, setting, CVM_IMPORT_CHANGED, "%s, of the type %s", self->host,
                       i == 0 ? "kvm where it works, else qemu" : known[i].name);
      return cvm_import_set (self, setting, "precondition-0.for", setting->value, error)
             && cvm_import_set (self, setting, "precondition-1.for", setting->value, error);
    }

  return cvm_import_refuse (self, setting, error,
                            "%s is not allowed; allowed: kvm, qemu, vbox, vmware, xen", shown);
}

/* The template ----------------------------------------------------------------------------- */

/* What the configuration itself sets counts before its template */
static gboolean
set_from_template (CvmImport            *self,
                   const CvmCfgSetting  *setting,
                   const char           *own,
                   const char           *key,
                   const char           *value,
                   GError              **error)
{
  static const char *const ids[] = { "precondition-2", "precondition-3",
                                     "precondition-4", "precondition-5" };

  if (value == NULL || (own != NULL && cvm_cfg_find (self->cfg, own) != NULL))
    return TRUE;

  for (gsize i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      g_autofree char *target = g_strdup_printf ("%s.%s", ids[i], key);

      if (!cvm_import_set (self, setting, target, value, error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
take_template (CvmImport            *self,
               const CvmCfgSetting  *setting,
               const CvmTemplate    *template,
               GError              **error)
{
  g_autofree char *memory = template->memory_kib != NULL ? kib_to_mib (template->memory_kib) : NULL;
  g_autofree char *mac = template->mac != NULL ? lower_case (template->mac) : NULL;

  return set_from_template (self, setting, "CVM_VM_MEMORY", "memory", memory, error)
         && set_from_template (self, setting, "CVM_VM_CPUS", "cpus", template->cpus, error)
         && set_from_template (self, setting, "CVM_VM_VIDEO_MEMORY", "video-memory",
                               template->video_kib, error)
         && set_from_template (self, setting, "CVM_VM_MAC_ADDRESS", "mac", mac, error)
         && set_from_template (self, setting, NULL, "kernel", template->kernel, error)
         && set_from_template (self, setting, NULL, "initrd", template->initrd, error)
         && set_from_template (self, setting, NULL, "cmdline", template->cmdline, error);
}

static gboolean
set_template (CvmImport            *self,
              const Rule           *rule,
              const CvmCfgSetting  *setting,
              GError              **error)
{
  g_autofree char *path = cvm_file_beside (cvm_cfg_get_name (self->cfg), setting->value);
  g_autoptr(CvmTemplate) template = NULL;

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    {
      cvm_import_note (self, setting, CVM_IMPORT_CHANGED,
                       "%s is not there; the program describes the guest by itself", path);
      return TRUE;
    }

  template = cvm_template_load (path, error);
  if (template == NULL || !take_template (self, setting, template, error))
    return FALSE;

  cvm_import_note (self, setting, CVM_IMPORT_CHANGED,
                   "memory, CPUs, display, MAC and kernel are taken from it; the program "
                   "describes the rest by itself");

  return TRUE;
}

/* All -------------------------------------------------------------------------------------- */

#define DETECTED "the report says what this machine is"
#define JOURNAL  "the journal of a run keeps everything"
#define OWN_NAME "each guest and network has a name of its own, so that two runs never meet"
#define RUN_ID   "each run has an id of its own"

static const Rule rules[] = {
  { "CVM_TS_SUITENAME", set_name },
  { "CVM_TS_SUITEVERSION", set_name },
  { "CVM_TS_REPORT_SERVER", set_receiver },
  { "CVM_TS_DOWNLOAD_PAGE", set, { "precondition-0.catalogue", "precondition-1.catalogue" } },
  { "CVM_PRECONDITION_TEST_LIST", set_list, .text = "the suite's preconditions, in this order" },
  { "CVM_TEST_CASE_LIST", set_list, .text = "the suite's cases, in this order" },
  { "CVM_VM_HYPERVISOR", set_hypervisor },
  { "CVM_VM_TEMPLATE", set_template },
  { "CVM_VM_NET_TEMPLATE", change, .text = "the program describes the network by itself" },
  { "CVM_VM_IMAGE_VERSION", set, { "precondition-0.version", "precondition-1.version" } },
  { "CVM_VM_IMAGE_TYPE", set, { "precondition-0.type", "precondition-1.type" },
    basic_or_desktop, "basic, desktop" },
  { "CVM_VM_ARCH", set, { "precondition-0.arch", "precondition-1.arch" },
    libvirt_arch, "x86, x86_64" },
  { "CVM_VM_IMAGE_RELEASE_ID", set, { "precondition-0.release-id", "precondition-1.release-id" } },
  { "CVM_VM_CPUS", set, DOMAIN ("cpus") },
  { "CVM_VM_MEMORY", set, DOMAIN ("memory"), kib_to_mib, "a multiple of 4096, in KiB" },
  { "CVM_VM_VIDEO_MEMORY", set, DOMAIN ("video-memory") },
  { "CVM_VM_MAC_ADDRESS", set, DOMAIN ("mac"), lower_case },
  { "CVM_VM_NAME", ignore, .text = OWN_NAME },
  { "CVM_VM_NET_NAME", ignore, .text = OWN_NAME },
  { "CVM_VM_TEST_RUN_ID", ignore, .text = RUN_ID },
  { "CVM_VM_TEST_RUN_ID_FILE", ignore, .text = RUN_ID },
  { "CVM_TS_IMAGES_DIR", change, .text = "images are kept in the user's images folder, each once" },
  { "CVM_TS_OSTYPE", ignore, .text = DETECTED },
  { "CVM_TS_OSNAME", ignore, .text = DETECTED },
  { "CVM_TS_HOSTNAME", ignore, .text = DETECTED },
  { "CVM_TS_TRACE_VERBOSITY", ignore, .text = JOURNAL },
  { "CVM_TS_TRACE_LOGFILE", ignore, .text = JOURNAL },
  { "CVM_WEB_ADMIN_USERNAME", set,
    { "precondition-18.admin", "precondition-19.admin", ADMIN ("admin") } },
  { "CVM_WEB_ADMIN_DEFAULT_PASS", set_password,
    { "precondition-18.password", "precondition-19.password" } },
  { "CVM_WEB_ADMIN_PASS", set_password, { "precondition-19.admin-password", ADMIN ("password") } },
  { "CVM_WEB_USER_NAME", set,
    { "precondition-19.user", "precondition-21.user", "case-0.user", "case-13.user" } },
  { "CVM_WEB_USER_PASS", set_password,
    { "precondition-19.user-password", "precondition-21.password" } },
  { "CVM_WEB_USER_GROUP", set, { "precondition-19.group" } },
  { "CVM_WEB_ROOT_PASS", set_password,
    { "precondition-22.root-password", "precondition-23.password" } },
  { "CVM_WEB_STARTXONBOOT", set, { "precondition-19.start-x" }, switch_to_boolean, "on, off" },
  { "CVM_WEB_RESOLUTION", set, { "precondition-19.resolution" } },
  { "CVM_WEB_KEYBOARD_LOCALE", set, { "precondition-19.keyboard" } },
  { "CVM_WEB_EXPERIMENT_GROUP", set_experiment,
    { "precondition-19.experiment", "case-8.repository", "case-9.repository" } },
  { "CVM_TC_USER_NAME", set, { "case-4.user", "case-5.user" } },
  { "CVM_TC_USER_PASS", set_password, { "case-4.user-password", "case-5.password" } },
  { "CVM_TC_USER_GROUP", set, { "case-13.group" } },
  { "CVM_TC_EXPERIMENT_GROUP", set_experiment,
    { "case-10.experiment", "case-11.repository", "case-12.repository" } },
};

static void
note_unknown (CvmImport           *self,
              const CvmCfgSetting *setting)
{
  const char *names[G_N_ELEMENTS (rules) + 1] = { NULL };
  const char *nearest;

  if (!g_str_has_prefix (setting->name, "CVM_"))
    {
      cvm_import_note (self, setting, CVM_IMPORT_IGNORED, "only other settings of the file use it");
      return;
    }

  for (gsize i = 0; i < G_N_ELEMENTS (rules); i++)
    names[i] = rules[i].name;
  nearest = cvm_text_nearest (setting->name, names);
  if (nearest != NULL)
    cvm_import_note (self, setting, CVM_IMPORT_IGNORED, "there is no such setting; is it %s?",
                     nearest);
  else
    cvm_import_note (self, setting, CVM_IMPORT_IGNORED, "there is no such setting");
}

gboolean
cvm_import_apply (CvmImport            *self,
                  const CvmCfgSetting  *setting,
                  GError              **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rules); i++)
    {
      if (!g_str_equal (rules[i].name, setting->name))
        continue;

      if (*setting->value != '\0')
        return rules[i].apply (self, &rules[i], setting, error);

      cvm_import_note (self, setting, CVM_IMPORT_IGNORED, "it is empty");
      return TRUE;
    }

  note_unknown (self, setting);

  return TRUE;
}
